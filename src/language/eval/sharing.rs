//! Sharing: conditions that stand in several programs are evaluated once for a project.
//!
//! A condition is taken apart at its `&&` and `||` into terms; equal terms of all programs have one
//! number, and what a term came to is kept for the project. It is kept for the day and for the way
//! claims count; for every day, if no dated thing was read: the same facts then lead the same way on
//! any day. A term that read an unverified figure is not kept, nor is any while something is taken as unknown.

use std::collections::HashMap;

use crate::base::date::Date;
use crate::language::eval::{Dep, Evaluator, Recorder, Truth};
use crate::language::ir::{BoolExpr, BoolKind};
use crate::model::value::Tri;

/// The shape of a condition: where it is taken apart, and the numbers of its terms.
#[derive(Clone, Debug)]
pub enum Form {
    /// A term.
    Term(u32),
    /// `a && b` or `a || b`.
    Both(Box<Self>, Box<Self>),
}

/// The terms of many programs.
#[derive(Debug, Default)]
pub struct Terms {
    /// For each term, true if it stands in more than one place.
    shared: Vec<bool>,
    /// Terms by how they are shown; looked up only, so the order of the map shows nowhere.
    numbers: HashMap<String, u32>,
}

impl Terms {
    /// The form of a condition, whose terms are added to these.
    pub fn form(&mut self, expr: &BoolExpr) -> Form {
        match &expr.kind {
            BoolKind::And(a, b) | BoolKind::Or(a, b) => {
                Form::Both(Box::new(self.form(a)), Box::new(self.form(b)))
            }
            kind => {
                // Nodes are shown without their numbers, so what is shown alike is alike.
                let shown = format!("{kind:?}");
                let next = u32::try_from(self.shared.len()).unwrap_or(u32::MAX);
                let number = *self.numbers.entry(shown).or_insert(next);
                match self.shared.get_mut(number as usize) {
                    Some(shared) => *shared = true,
                    None => self.shared.push(false),
                }
                Form::Term(number)
            }
        }
    }

    /// Forgets how terms are shown once no more conditions are added.
    pub fn close(&mut self) {
        self.numbers = HashMap::new();
    }
}

/// What terms came to for the project at hand.
#[derive(Debug, Default)]
pub struct Memo {
    kept: Vec<Kept>,
    /// The number of the project, so that nothing need be cleared.
    project: u32,
}

#[derive(Clone, Copy, Debug)]
struct Kept {
    project: u32,
    /// None if it holds on every day.
    day: Option<Date>,
    truth: Truth,
}

impl Memo {
    /// Starts with a new project.
    pub fn next_project(&mut self) {
        self.project = self.project.wrapping_add(1);
        if self.project == 0 {
            self.kept.clear();
            self.project = 1;
        }
    }

    /// For each term two places: for claims that count and for claims that do not.
    fn place(term: u32, trust_claims: bool) -> usize {
        term as usize * 2 + usize::from(trust_claims)
    }

    fn get(&self, term: u32, trust_claims: bool, day: Date) -> Option<Truth> {
        let kept = self.kept.get(Self::place(term, trust_claims))?;
        let holds = kept.project == self.project && kept.day.is_none_or(|own| own == day);
        holds.then_some(kept.truth)
    }

    fn keep(&mut self, term: u32, trust_claims: bool, day: Option<Date>, truth: Truth) {
        let place = Self::place(term, trust_claims);
        if self.kept.len() <= place {
            let none = Kept {
                project: 0,
                day: None,
                truth: Truth {
                    is: Tri::Unknown,
                    dep: Dep::NONE,
                },
            };
            self.kept.resize(place + 1, none);
        }
        if let Some(kept) = self.kept.get_mut(place) {
            *kept = Kept {
                project: self.project,
                day,
                truth,
            };
        }
    }
}

impl<'a, R: Recorder> Evaluator<'a, R> {
    /// The truth of a condition, its terms evaluated once for a project; `form` is the condition's own.
    pub fn shared_truth(&mut self, expr: &'a BoolExpr, form: &Form, terms: &Terms) -> Truth {
        let (a, b, absorbing) = match (&expr.kind, form) {
            (BoolKind::And(a, b), Form::Both(form_a, form_b)) => {
                ((a, form_a), (b, form_b), Tri::False)
            }
            (BoolKind::Or(a, b), Form::Both(form_a, form_b)) => {
                ((a, form_a), (b, form_b), Tri::True)
            }
            (_, Form::Term(number)) => return self.term(expr, *number, terms),
            (_, Form::Both(..)) => return self.bool(expr),
        };
        let left = self.shared_truth(a.0, a.1, terms);
        if left.is == absorbing && !R::ON {
            return left;
        }
        let right = self.shared_truth(b.0, b.1, terms);
        self.combined(left, right, absorbing)
    }

    fn term(&mut self, expr: &'a BoolExpr, number: u32, terms: &Terms) -> Truth {
        let shared = terms.shared.get(number as usize).copied().unwrap_or(false);
        if R::ON || !shared || self.blank.is_some() {
            return self.bool(expr);
        }
        let (trust_claims, day) = (self.trust_claims, self.as_of);
        if let Some(truth) = self.memo.get(number, trust_claims, day) {
            return truth;
        }
        let unverified = self.unverified.len();
        self.dated = false;
        let truth = self.bool(expr);
        if self.unverified.len() == unverified {
            let day = self.dated.then_some(day);
            self.memo.keep(number, trust_claims, day, truth);
        }
        truth
    }
}
