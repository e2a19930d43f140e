//! What of rules does not depend on the project: when each holds, its stage and anchor, and what rules share.
//!
//! It is kept apart from the rules because judging asks every rule for it, and most rules for no more.

use std::collections::BTreeMap;

use crate::base::date::{Date, Period};
use crate::language::eval::{Evaluator, Form, Recorder, Terms, Truth};
use crate::language::ir::Program;
use crate::model::field::FieldId;
use crate::model::parameter::Confidence;
use crate::model::stage::Stage;
use crate::rules::pack::Packs;
use crate::rules::rule::{Basis, Cited, Rule, RuleKind};

/// When and where a rule stands.
#[derive(Debug)]
pub(super) struct Standing {
    /// The period in which it is in force, and more if several bases carry it.
    period: Option<Period>,
    more: Box<[Period]>,
    /// What a fail of it means.
    pub(super) kind: RuleKind,
    /// True if the end of a plan's period may concern it.
    pub(super) planned: bool,
    /// The stage by which it can be asked; none if that depends on the project.
    pub(super) due: Option<Asked>,
    /// The number of its course among those of all rules.
    pub(super) course: usize,
    /// Whether what carries it is unverified while it is in force; none if that depends on the day.
    pub(super) unverified: Option<bool>,
    /// Whether what carries it binds while it is in force; none if that depends on the day.
    pub(super) binds: Option<bool>,
}

/// What fixes the law under which a rule is judged: rules of one course are judged as of the same days.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course<'a> {
    /// The date that fixes it; none for the day of submission.
    pub(super) anchor: Option<FieldId>,
    /// The days on which the law changes.
    pub(super) changes: &'a [Date],
}

impl<'a> Course<'a> {
    pub(super) fn of(rule: &'a Rule) -> Self {
        Self {
            anchor: rule.anchor,
            changes: &rule.changes,
        }
    }
}

/// The stage by which a rule can be asked; none for a prohibition, which is asked at any.
pub(super) type Asked = Option<Stage>;

/// The standings of all rules, and of which of them the findings are alike where a rule does not apply.
#[derive(Debug)]
pub(super) struct Standings<'a> {
    /// The standing of each rule.
    pub(super) of: Vec<Standing>,
    /// The courses of rules, each once.
    pub(super) courses: Vec<Course<'a>>,
    /// For each rule the number of its likes; [`Standings::ALONE`] if it has none.
    likes: Vec<u16>,
    /// A rule of each number.
    pub(super) examples: Vec<u16>,
}

/// What findings depend on where a rule surely does not apply: rules that are equal in it are alike.
type Likeness = (usize, Asked, Vec<Period>);

impl<'a> Standings<'a> {
    /// What is said of a rule of which no other is like it.
    const ALONE: u16 = u16::MAX;

    /// The standings of all rules.
    pub(super) fn of(packs: &'a Packs) -> Self {
        let mut numbers: BTreeMap<(Option<FieldId>, &[Date]), usize> = BTreeMap::new();
        let mut alike: BTreeMap<Likeness, u16> = BTreeMap::new();
        let mut all = Self {
            of: Vec::with_capacity(packs.rules.len()),
            courses: Vec::new(),
            likes: Vec::with_capacity(packs.rules.len()),
            examples: Vec::new(),
        };
        for (rule_number, rule) in (0_u16..).zip(&packs.rules) {
            let key = (rule.anchor, rule.changes.as_slice());
            let number = *numbers.entry(key).or_insert_with(|| {
                all.courses.push(Course::of(rule));
                all.courses.len() - 1
            });
            let standing = Standing::of(rule, number, packs);
            let like = standing.likeness().map(|likeness| {
                *alike.entry(likeness).or_insert_with(|| {
                    all.examples.push(rule_number);
                    u16::try_from(all.examples.len() - 1).unwrap_or(Self::ALONE)
                })
            });
            all.likes.push(like.unwrap_or(Self::ALONE));
            all.of.push(standing);
        }
        all
    }

    /// The number of the likes of a rule, an index into the examples or beyond.
    pub(super) fn like(&self, rule: u16) -> usize {
        let like = self.likes.get(usize::from(rule)).copied();
        usize::from(like.unwrap_or(Self::ALONE))
    }
}

impl Standing {
    /// What the finding depends on if the rule does not apply; none if that is more than what can be
    /// compared without the project.
    fn likeness(&self) -> Option<Likeness> {
        let asked = self.due.filter(|_| !self.planned)?;
        let periods = self.period.iter().chain(&self.more).copied();
        Some((self.course, asked, periods.collect()))
    }

    fn of(rule: &Rule, course: usize, packs: &Packs) -> Self {
        let instruments = &packs.library.instruments;
        let carrying = rule.basis.iter().filter(|basis| basis.carries);
        let periods = carrying.filter_map(|basis| match basis.cited {
            Cited::Instrument(index) => instruments.get(usize::from(index)).map(|i| i.period),
            Cited::Section(_) => Some(Period::ALWAYS),
        });
        let mut periods = periods.filter_map(|period| period.within(rule.valid));
        let section = |basis: &Basis| matches!(basis.cited, Cited::Section(_));
        let head = packs.head(rule);
        // With one instrument that no other makes binding, nothing depends on the day.
        let carrying: Vec<_> = rule.basis.iter().filter(|basis| basis.carries).collect();
        let sole = match carrying.as_slice() {
            [basis] => match basis.cited {
                Cited::Instrument(index) => instruments.get(usize::from(index)),
                Cited::Section(_) => None,
            },
            _ => None,
        };
        let sole = sole.filter(|i| i.level.binds() || i.binding_by.is_none());
        Self {
            kind: rule.kind,
            unverified: sole.map(|i| i.confidence == Confidence::Unverified),
            binds: sole.map(|i| i.level.binds()),
            period: periods.next(),
            more: periods.collect(),
            planned: rule.basis.iter().any(section) || head.is_none_or(|h| h.period.is_some()),
            due: match rule.due.as_slice() {
                [] => Some(None),
                [only] => Some(Some(only.stage)),
                _ => None,
            },
            course,
        }
    }

    /// True if the rule and a basis that carries it are in force on a day.
    pub(super) fn in_force(&self, day: Date) -> bool {
        self.period.is_some_and(|period| period.contains(day))
            || self.more.iter().any(|period| period.contains(day))
    }
}

/// The conditions of all rules over terms that are evaluated once for a project.
#[derive(Debug)]
pub(super) struct Shared<'a> {
    terms: Terms<'a>,
    rules: Vec<Forms>,
}

/// A rule's conditions; none where a program is no condition.
#[derive(Debug)]
pub(super) struct Forms {
    pub(super) applies: Option<Form>,
    pub(super) require: Option<Form>,
    pub(super) exceptions: Vec<Option<Form>>,
}

/// A rule's conditions with the terms they are over.
pub(super) type Over<'s, 'a> = (&'s Forms, &'s Terms<'a>);

impl<'a> Shared<'a> {
    pub(super) fn of(rules: &'a [Rule]) -> Self {
        let mut terms = Terms::default();
        let mut form = |program: &'a Program| program.condition().map(|root| terms.form(root));
        let mut forms = |rule: &'a Rule| Forms {
            applies: form(&rule.applies),
            require: form(&rule.require),
            exceptions: rule.exceptions.iter().map(|e| form(&e.when)).collect(),
        };
        let rules = rules.iter().map(&mut forms).collect();
        terms.close();
        Self { terms, rules }
    }

    /// The conditions of a rule.
    pub(super) fn over(&self, rule: u16) -> Option<Over<'_, 'a>> {
        Some((self.rules.get(usize::from(rule))?, &self.terms))
    }
}

/// The truth of a program, by its form over shared terms if it has one.
pub(super) fn truth<'p, R: Recorder>(
    eval: &mut Evaluator<'p, R>,
    program: &'p Program,
    over: Option<Over<'_, 'p>>,
    form: impl Fn(&Forms) -> Option<Form>,
) -> Truth {
    let form = over.and_then(|(forms, terms)| Some((form(forms)?, terms)));
    match form {
        Some((form, terms)) => eval.shared_truth(form, terms),
        None => eval.truth(program),
    }
}
