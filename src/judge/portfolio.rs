//! Portfolio rules: what many projects add up to, held against limits and targets.
//!
//! Stage 1 is over when it starts: project decisions are final, and nothing here changes one.
//! Projects that are not rejected stand in the order of (`submitted`, id). What a project adds is
//! an interval; a condition or a group that is not known makes it reach down to zero, so that a
//! total is never surer than its parts. The project that breaks a limit is the first whose running
//! lower bound exceeds it.
//!
//! Parts of a run can be added up apart: a [`Part`] holds sorted runs, and merging two gives what
//! one run over all their projects would have given.

use std::collections::BTreeMap;

use crate::base::date::Date;
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::judge::engine::Engine;
use crate::judge::finding::{Judged, Verdict};
use crate::language::eval::{Evaluator, Lack, Silent};
use crate::language::ir::Program;
use crate::model::field::{FieldId, FieldType};
use crate::model::field_text;
use crate::model::number::Number;
use crate::model::project::{Fact, FactRef, Project, Value};
use crate::model::value::{Interval, Tri};
use crate::rules::portfolio::{Axis, Bound, Measured, PortfolioRule};

/// What tells a group from others on one axis, in the order of reports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// An answer of the field's enumeration.
    Answer(u16),
    /// A code of the field's list.
    Code(u32),
    /// A truth value.
    Bool(bool),
    /// A folded text.
    Text(String),
    /// A year of submission.
    Year(i16),
    /// A goal.
    Goal(String),
    /// Projects that claim no goal.
    NoGoal,
    /// Not known.
    Unknown,
}

/// What a project adds to a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The project, by number.
    pub project: usize,
    /// What it adds.
    pub amount: Interval,
    /// For a share: what it adds to the rest, so that the whole is `amount + rest`.
    pub rest: Interval,
    /// The facts that would make it surer.
    pub lacks: Vec<Lack>,
    order: (Date, String),
}

/// Contributions by group, each run in the order of (`submitted`, id).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    groups: BTreeMap<Vec<Key>, Vec<Contribution>>,
}

impl Part {
    fn add(&mut self, key: Vec<Key>, contribution: Contribution) {
        self.groups.entry(key).or_default().push(contribution);
    }

    /// Adds another part's runs to this one's.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        for (key, run) in other.groups {
            let own = self.groups.entry(key).or_default();
            let mut merged = Vec::with_capacity(own.len() + run.len());
            let (mut a, mut b) = (own.drain(..).peekable(), run.into_iter().peekable());
            while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
                let next = if x.order <= y.order {
                    a.next()
                } else {
                    b.next()
                };
                merged.extend(next);
            }
            merged.extend(a.by_ref());
            merged.extend(b);
            drop(a);
            *own = merged;
        }
        self
    }
}

/// A group of projects, added up.
#[derive(Clone, Debug)]
pub struct Group {
    /// What tells it from others, one for each axis of the rule.
    pub key: Vec<Key>,
    /// What each project adds, in the order of (`submitted`, id).
    pub members: Vec<Contribution>,
    /// The total; for a share the quotient, none if the whole is zero.
    pub total: Option<Interval>,
    /// What it is held against.
    pub bound: Interval,
    /// Pass, fail, undetermined, or not applicable if there is nothing to divide by.
    pub verdict: Verdict,
    /// The first project with which the total is surely over its limit.
    pub breaking: Option<usize>,
    /// The facts, figures and rows that would decide it.
    pub lacks: Vec<(Option<usize>, Lack)>,
}

/// A portfolio rule and its groups.
#[derive(Clone, Debug)]
pub struct PortfolioFinding {
    /// The rule's number among the portfolio rules.
    pub rule: usize,
    /// The groups, in the order of their keys.
    pub groups: Vec<Group>,
    /// True if the period of the rule's plan was over for every project that counts.
    pub after_period: bool,
}

/// Judges every portfolio rule over the projects of a run.
pub fn judge(
    engine: &Engine<'_>,
    projects: &[Project],
    judged: &[Judged],
) -> Vec<PortfolioFinding> {
    let rules = engine.packs.portfolio.iter().enumerate();
    rules
        .map(|(number, rule)| {
            let all: Vec<usize> = (0..projects.len()).collect();
            let part = part(engine, rule, projects, judged, &all);
            finish(engine, number, rule, projects, part)
        })
        .collect()
}

/// What some projects of a run contribute to a rule.
pub fn part(
    engine: &Engine<'_>,
    rule: &PortfolioRule,
    projects: &[Project],
    judged: &[Judged],
    numbers: &[usize],
) -> Part {
    let mut part = Part::default();
    for number in numbers {
        let (Some(project), Some(judged)) = (projects.get(*number), judged.get(*number)) else {
            continue;
        };
        let counts = judged.decision != Decision::Reject && project.stage.is_some();
        if let Some(submitted) = project.submitted.filter(|_| counts) {
            let day = engine.settings.as_of.unwrap_or(submitted.date);
            if rule.valid.contains(day) {
                let order = (submitted.date, project.id.clone());
                contribute(engine, rule, project, (*number, day, order), &mut part);
            }
        }
    }
    for run in part.groups.values_mut() {
        run.sort_by(|a, b| a.order.cmp(&b.order));
    }
    part
}

fn evaluator<'p>(engine: &'p Engine<'_>, project: &'p Project, day: Date) -> Evaluator<'p, Silent> {
    let mut eval = Evaluator::new(&engine.packs.library, project, day, Silent);
    eval.trust_claims = engine.settings.trust_claims;
    eval
}

fn contribute(
    engine: &Engine<'_>,
    rule: &PortfolioRule,
    project: &Project,
    (number, day, order): (usize, Date, (Date, String)),
    part: &mut Part,
) {
    let mut eval = evaluator(engine, project, day);
    let mut lacks = Vec::new();
    let mut counts = Tri::True;
    if let Some(filter) = &rule.filter {
        let truth = eval.truth(filter);
        counts = truth.is;
        if counts == Tri::Unknown {
            lacks.extend(eval.deps.lacks(truth.dep));
        }
    }
    if counts == Tri::False {
        return;
    }
    let (mut amount, mut rest) = match &rule.measured {
        Measured::Count => (number_of(&mut eval, None, &mut lacks), Interval::ZERO),
        Measured::Sum(program) => (
            number_of(&mut eval, Some(program), &mut lacks),
            Interval::ZERO,
        ),
        Measured::Share { part, of } => {
            let whole = number_of(&mut eval, of.as_deref(), &mut lacks);
            let truth = eval.truth(part);
            match truth.is {
                Tri::True => (whole, Interval::ZERO),
                Tri::False => (Interval::ZERO, whole),
                Tri::Unknown => {
                    lacks.extend(eval.deps.lacks(truth.dep));
                    // One part or the other, and never both: the hulls are wider than that, and sound.
                    let open = whole.hull(&Interval::ZERO);
                    (open.clone(), open)
                }
            }
        }
    };
    if counts == Tri::Unknown {
        amount = amount.hull(&Interval::ZERO);
        rest = rest.hull(&Interval::ZERO);
    }
    lacks.sort_unstable();
    lacks.dedup();
    let contribution = Contribution {
        project: number,
        amount,
        rest,
        lacks,
        order,
    };
    for key in keys(engine, rule, project) {
        part.add(key, contribution.clone());
    }
}

/// The number of a project, or one for the project itself.
fn number_of<'p>(
    eval: &mut Evaluator<'p, Silent>,
    program: Option<&'p Program>,
    lacks: &mut Vec<Lack>,
) -> Interval {
    let Some(program) = program else {
        return Interval::Point(Number::ONE);
    };
    let number = eval.quantity(program);
    if number.is.point().is_none() {
        lacks.extend(eval.deps.lacks(number.dep));
    }
    number.is.into_owned()
}

/// The groups a project belongs to: one, or one for each goal it claims to serve.
fn keys(engine: &Engine<'_>, rule: &PortfolioRule, project: &Project) -> Vec<Vec<Key>> {
    let mut all = vec![Vec::new()];
    for axis in &rule.by {
        let on_axis = match axis {
            Axis::Year => {
                let year = project.submitted.map(|s| Key::Year(s.date.year()));
                vec![year.unwrap_or(Key::Unknown)]
            }
            Axis::Goal if project.supports.is_empty() => vec![Key::NoGoal],
            Axis::Goal => {
                let mut goals: Vec<Key> = project
                    .supports
                    .iter()
                    .map(|support| Key::Goal(support.goal.clone()))
                    .collect();
                goals.sort_unstable();
                goals.dedup();
                goals
            }
            Axis::Field(field) => vec![field_key(engine, *field, project)],
        };
        all = all
            .into_iter()
            .flat_map(|key: Vec<Key>| {
                on_axis.iter().map(move |last| {
                    let mut key = key.clone();
                    key.push(last.clone());
                    key
                })
            })
            .collect();
    }
    all
}

fn field_key(engine: &Engine<'_>, field: FieldId, project: &Project) -> Key {
    let vocabulary = &engine.packs.library.vocabulary;
    let fact = project.find(vocabulary, FactRef::project(field));
    let stands = |fact: &&Fact| engine.settings.trust_claims || !fact.claim;
    let value = fact.filter(stands).and_then(Fact::value);
    match (value, vocabulary.field(field).map(|f| f.kind)) {
        (Some(Value::Enum(answer)), _) => Key::Answer(*answer),
        (Some(Value::Bool(value)), _) => Key::Bool(*value),
        (Some(Value::Text(words)), _) => Key::Text(words.folded.to_string()),
        (Some(Value::Code(code)), Some(FieldType::Code(list))) => vocabulary
            .list(list)
            .map_or(Key::Unknown, |list| Key::Code(list.uppermost(*code).0)),
        _ => Key::Unknown,
    }
}

/// True if a project of one key may belong to the group of another.
fn may_be(key: &[Key], group: &[Key]) -> bool {
    key.iter()
        .zip(group)
        .all(|(key, group)| *key == Key::Unknown || key == group)
}

/// Totals and verdicts of a rule, from the runs of all its projects.
pub fn finish(
    engine: &Engine<'_>,
    number: usize,
    rule: &PortfolioRule,
    projects: &[Project],
    part: Part,
) -> PortfolioFinding {
    let (mut open, mut known) = (Vec::new(), BTreeMap::new());
    for (key, run) in part.groups {
        if key.contains(&Key::Unknown) {
            open.push((key, run));
        } else {
            known.insert(key, run);
        }
    }
    // Who may belong to a group may add to it: anything from nothing to all of its amount.
    let mut homeless = Vec::new();
    for (key, run) in open {
        let mut placed = false;
        for (group, members) in &mut known {
            if may_be(&key, group) {
                placed = true;
                members.extend(run.iter().map(|contribution| Contribution {
                    amount: contribution.amount.hull(&Interval::ZERO),
                    rest: contribution.rest.hull(&Interval::ZERO),
                    ..contribution.clone()
                }));
                members.sort_by(|a, b| a.order.cmp(&b.order));
            }
        }
        if !placed {
            homeless.push((key, run));
        }
    }
    known.extend(homeless);
    let groups: Vec<Group> = known
        .into_iter()
        .filter_map(|(key, members)| group(engine, rule, projects, key, members))
        .collect();
    let days = groups.iter().flat_map(|group| &group.members);
    let over = |contribution: &Contribution| {
        let day = engine.settings.as_of.unwrap_or(contribution.order.0);
        let period = engine.packs.heads.get(rule.pack).and_then(|h| h.period);
        period.and_then(|p| p.to).is_some_and(|end| day > end)
    };
    PortfolioFinding {
        rule: number,
        after_period: !groups.is_empty() && days.clone().all(over),
        groups,
    }
}

fn group(
    engine: &Engine<'_>,
    rule: &PortfolioRule,
    projects: &[Project],
    key: Vec<Key>,
    members: Vec<Contribution>,
) -> Option<Group> {
    // The bound reads only what the group has in common, so any member will do; the last one to
    // be submitted selects the figures in force.
    let last = members.last()?;
    let day = engine.settings.as_of.unwrap_or(last.order.0);
    let mut eval = evaluator(engine, projects.get(last.project)?, day);
    let bound = eval.quantity(rule.bound.program());
    let mut lacks: Vec<(Option<usize>, Lack)> = Vec::new();
    if bound.is.point().is_none() {
        let of_bound = eval.deps.lacks(bound.dep);
        lacks.extend(of_bound.into_iter().map(|lack| (None, lack)));
    }
    let bound = bound.is.into_owned();
    let add = |of: fn(&Contribution) -> &Interval| {
        members
            .iter()
            .fold(Interval::ZERO, |total, member| total.add(of(member)))
    };
    let total = match rule.measured {
        Measured::Sum(_) | Measured::Count => Some(add(|c| &c.amount)),
        Measured::Share { .. } => share(&add(|c| &c.amount), &add(|c| &c.rest)),
    };
    let (verdict, breaking) = match (&rule.bound, &total) {
        (_, None) => (Verdict::NotApplicable, None),
        (Bound::Limit(_), Some(total)) => {
            let verdict = verdict(bound.less(total).not());
            let counted = !matches!(rule.measured, Measured::Share { .. });
            (verdict, breaking(&members, &bound).filter(|_| counted))
        }
        (Bound::Target(_), Some(total)) => (verdict(total.less(&bound).not()), None),
    };
    if verdict == Verdict::Undetermined {
        for member in &members {
            let own = member
                .lacks
                .iter()
                .map(|lack| (Some(member.project), *lack));
            lacks.extend(own);
        }
    } else {
        lacks.clear();
    }
    Some(Group {
        key,
        members,
        total,
        bound,
        verdict,
        breaking,
        lacks,
    })
}

fn verdict(holds: Tri) -> Verdict {
    match holds {
        Tri::True => Verdict::Pass,
        Tri::False => Verdict::Fail,
        Tri::Unknown => Verdict::Undetermined,
    }
}

/// `part / (part + rest)`: it rises with the part and falls with the rest.
fn share(part: &Interval, rest: &Interval) -> Option<Interval> {
    let whole = part.add(rest);
    if whole == Interval::ZERO {
        return None;
    }
    let quotient = |part: &Number, rest: &Number| {
        let whole = part + rest;
        part.checked_div(&whole)
    };
    let low = match (part.low(), rest.high()) {
        (Some(part), Some(rest)) => quotient(part, rest),
        _ => None,
    };
    let high = match (part.high(), rest.low()) {
        (Some(part), Some(rest)) => quotient(part, rest),
        _ => None,
    };
    // A share lies between nothing and all, whatever is not known.
    Some(Interval::new(
        low.or(Some(Number::ZERO)),
        high.or(Some(Number::ONE)),
    ))
}

/// The first project whose running lower bound exceeds the limit.
fn breaking(members: &[Contribution], limit: &Interval) -> Option<usize> {
    let mut running = Interval::ZERO;
    members.iter().find_map(|member| {
        running = running.add(&member.amount);
        let low = running.low().map(|low| Interval::Point(low.clone()))?;
        (limit.less(&low) == Tri::True).then_some(member.project)
    })
}

/// A key in words.
pub fn key_text(engine: &Engine<'_>, axis: Axis, key: &Key) -> Text {
    let vocabulary = &engine.packs.library.vocabulary;
    let field = match axis {
        Axis::Field(field) => vocabulary.field(field),
        Axis::Year | Axis::Goal => None,
    };
    let value = match key {
        Key::Answer(answer) => Some(Value::Enum(*answer)),
        Key::Bool(value) => Some(Value::Bool(*value)),
        _ => None,
    };
    match (key, field, value) {
        (_, Some(field), Some(value)) => field_text(vocabulary, field, &value),
        (Key::Code(code), Some(field), None) => match field.kind {
            FieldType::Code(list) => code_text(engine, list, *code),
            _ => Text::default(),
        },
        (Key::Text(text), ..) => Text::same(text.clone()),
        (Key::Year(year), ..) => Text::new(format!("{year}年"), year.to_string()),
        (Key::Goal(goal), ..) => {
            let title = engine.packs.goal(goal).map(|g| g.title.clone());
            let title = title.unwrap_or_default();
            Text::new(
                format!("{goal} {}", title.zh).trim_end().to_owned(),
                format!("{goal} {}", title.en).trim_end().to_owned(),
            )
        }
        (Key::NoGoal, ..) => Text::new("未填支持目标", "no goal claimed"),
        _ => Text::new("未知", "unknown"),
    }
}

fn code_text(engine: &Engine<'_>, list: crate::model::field::ListId, code: u32) -> Text {
    let list = engine.packs.library.vocabulary.list(list);
    list.map_or_else(Text::default, |list| {
        let entry = list.entry(crate::model::code::CodeId(code));
        let name = entry.map(|entry| entry.name.clone()).unwrap_or_default();
        let code = entry.map_or("", |entry| &entry.code);
        Text::new(format!("{code} {}", name.zh), format!("{code} {}", name.en))
    })
}
