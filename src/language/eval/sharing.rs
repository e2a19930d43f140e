//! Sharing: conditions that stand in several programs are evaluated once for a project.
//!
//! A condition is taken apart at its `&&` and `||` into terms; equal terms of all programs have one
//! number, and what a term came to is kept for the project. It is kept for the day and for the way
//! claims count; for every day, if no dated thing was read: the same facts then lead the same way on
//! any day. A term that read an unverified figure is not kept, nor is any while something is taken as unknown.

use std::collections::HashMap;

use crate::base::date::Date;
use crate::language::eval::lookup::Answer;
use crate::language::eval::{Dep, Evaluator, Recorder, Truth};
use crate::language::ir::{BoolExpr, BoolKind};
use crate::model::value::Tri;

/// A step of a condition, written before its operands: all conditions stand in one list, since most
/// rules are decided by terms that are kept, without a look at the programs they were made from.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A term, and whether it stands in more than one place.
    Term(u32, bool),
    /// `a && b`, and the step at which `b` begins.
    And(u32),
    /// `a || b`, and the step at which `b` begins.
    Or(u32),
}

/// A condition among the steps of all conditions.
#[derive(Clone, Copy, Debug)]
pub struct Form(u32);

/// The terms of many programs.
#[derive(Debug, Default)]
pub struct Terms<'p> {
    steps: Vec<Step>,
    /// The expression of each step.
    exprs: Vec<&'p BoolExpr>,
    /// How many terms there are.
    count: u32,
    /// Terms by how they are shown, with the step where each first stands; looked up only, so the
    /// order of the map shows nowhere.
    numbers: HashMap<String, (u32, usize)>,
}

impl<'p> Terms<'p> {
    /// The form of a condition, whose terms are added to these.
    pub fn form(&mut self, expr: &'p BoolExpr) -> Form {
        let start = self.steps.len();
        self.add(expr);
        Form(step_number(start))
    }

    fn add(&mut self, expr: &'p BoolExpr) {
        let here = self.steps.len();
        self.exprs.push(expr);
        match &expr.kind {
            BoolKind::And(a, b) | BoolKind::Or(a, b) => {
                self.steps.push(Step::And(0));
                self.add(a);
                let next = step_number(self.steps.len());
                if let Some(step) = self.steps.get_mut(here) {
                    *step = match &expr.kind {
                        BoolKind::And(..) => Step::And(next),
                        _ => Step::Or(next),
                    };
                }
                self.add(b);
            }
            kind => {
                // Nodes are shown without their numbers, so what is shown alike is alike.
                let shown = format!("{kind:?}");
                let (number, first) = *self.numbers.entry(shown).or_insert((self.count, here));
                let shared = first != here;
                if shared && let Some(Step::Term(_, shared)) = self.steps.get_mut(first) {
                    *shared = true;
                }
                self.count += u32::from(!shared);
                self.steps.push(Step::Term(number, shared));
            }
        }
    }

    /// Forgets how terms are shown once no more conditions are added.
    pub fn close(&mut self) {
        self.numbers = HashMap::new();
    }
}

fn step_number(step: usize) -> u32 {
    u32::try_from(step).unwrap_or(u32::MAX)
}

/// What terms came to for the project at hand, and tables answered.
#[derive(Debug, Default)]
pub struct Memo {
    kept: Vec<Kept>,
    /// The number of the project, so that nothing need be cleared.
    project: u32,
    /// Table answers that do not depend on a blank, for the rules that ask again.
    pub(super) answers: Vec<Answer>,
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
        self.answers.clear();
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
    /// The truth of a condition by its form, each term evaluated once for a project.
    pub fn shared_truth(&mut self, form: Form, terms: &Terms<'a>) -> Truth {
        self.step(form.0, terms)
    }

    fn step(&mut self, at: u32, terms: &Terms<'a>) -> Truth {
        let (second, absorbing) = match terms.steps.get(at as usize) {
            Some(Step::And(second)) => (*second, Tri::False),
            Some(Step::Or(second)) => (*second, Tri::True),
            Some(Step::Term(number, true)) if !R::ON && self.blank.is_none() => {
                return self.shared_term(at, *number, terms);
            }
            Some(Step::Term(..)) | None => return self.own_term(at, terms),
        };
        let left = self.step(at + 1, terms);
        if left.is == absorbing && !R::ON {
            return left;
        }
        let right = self.step(second, terms);
        self.combined(left, right, absorbing)
    }

    fn shared_term(&mut self, at: u32, number: u32, terms: &Terms<'a>) -> Truth {
        let (trust_claims, day) = (self.trust_claims, self.as_of);
        if let Some(truth) = self.memo.get(number, trust_claims, day) {
            return truth;
        }
        let unverified = self.unverified.len();
        self.dated = false;
        let truth = self.own_term(at, terms);
        if self.unverified.len() == unverified {
            let day = self.dated.then_some(day);
            self.memo.keep(number, trust_claims, day, truth);
        }
        truth
    }

    fn own_term(&mut self, at: u32, terms: &Terms<'a>) -> Truth {
        match terms.exprs.get(at as usize) {
            Some(expr) => self.bool(expr),
            // No form leads beyond the last step.
            None => Truth {
                is: Tri::Unknown,
                dep: Dep::NONE,
            },
        }
    }
}
