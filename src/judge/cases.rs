//! The cases of rules: a rule's own examples, run against it.
//!
//! It knows how submissions are read, so that a case is written like one.

use crate::base::date::Date;
use crate::base::problem::{Problem, Severity};
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::{self, Expected};
use crate::judge::engine::{Engine, Settings};
use crate::judge::finding::{Finding, Verdict};
use crate::judge::wording;
use crate::model::field::{FieldId, Slot};
use crate::model::project::{Dated, Fact, Origin, Project, State, Value};
use crate::model::stage::Stage;
use crate::rules::pack::Packs;
use crate::rules::rule::{Cited, Rule};
use crate::text;

/// A case of a rule, read.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// The project it describes.
    pub project: Project,
    /// The verdict it expects.
    pub verdict: Verdict,
    /// The facts it expects to be missing, sorted; none if it does not say.
    pub missing: Option<Vec<String>>,
    /// The exception it expects to pass by, counted from 1.
    pub exception: Option<usize>,
}

/// How a case came out.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The missing facts, sorted.
    pub missing: Vec<String>,
    /// The exception, counted from 1.
    pub exception: Option<usize>,
    /// The finding.
    pub finding: Finding,
}

impl Outcome {
    /// True if it is what the case expects.
    pub fn meets(&self, case: &Case) -> bool {
        self.verdict == case.verdict
            && case
                .missing
                .as_ref()
                .is_none_or(|missing| *missing == self.missing)
            && case
                .exception
                .is_none_or(|exception| self.exception == Some(exception))
    }
}

/// The first day of the newest version of what a rule depends on.
pub fn newest_day(packs: &Packs, rule: &Rule) -> Option<Date> {
    let library = &packs.library;
    let programs = [&rule.applies, &rule.require]
        .into_iter()
        .chain(rule.exceptions.iter().map(|e| &e.when));
    let formulas = rule.reads.iter().filter_map(|f| library.formula(*f));
    let all: Vec<_> = programs.chain(formulas).collect();
    let parameters = all
        .iter()
        .flat_map(|p| &p.parameters)
        .filter_map(|i| library.parameters.get(usize::from(*i)));
    let versions = parameters.flat_map(|p| p.versions.iter().map(|v| v.period.from));
    let cited = rule.basis.iter().filter_map(|b| match b.cited {
        Cited::Instrument(index) => Some(index),
        Cited::Section(_) => None,
    });
    let instruments = all
        .iter()
        .flat_map(|p| p.instruments.iter().copied())
        .chain(cited);
    let instruments = instruments
        .filter_map(|i| library.instruments.get(usize::from(i)))
        .map(|i| i.period.from);
    let period = packs
        .head(rule)
        .and_then(|head| head.period)
        .and_then(|p| p.from);
    let newest = versions
        .chain(instruments)
        .chain([rule.valid.from, period])
        .flatten()
        .max();
    // A rule that ended before the newest part began is tried on its last day.
    match (newest, rule.valid.to) {
        (Some(day), Some(to)) => Some(day.min(to)),
        (day, to) => day.or(to),
    }
}

/// A day on which nothing in particular changed, for rules without dated parts.
pub(super) fn ordinary_day() -> Option<Date> {
    Date::new(2024, 7, 1)
}

/// Reads the cases of a rule.
pub fn read(
    packs: &Packs,
    rule: &Rule,
    source: &Source,
    goals: &[String],
) -> (Vec<Case>, Vec<Problem>) {
    let (nodes, mut problems) = crate::rules::cases(source);
    let expected = Expected {
        vocabulary: &packs.library.vocabulary,
        goals,
        indicators: &packs.indicators,
        trust_claims: true,
    };
    let day = newest_day(packs, rule).or_else(ordinary_day);
    let cases = nodes
        .iter()
        .filter_map(|node| read_case(packs, rule, node, &expected, day, &mut problems))
        .collect();
    // A case may describe a doubtful submission on purpose.
    problems.retain(|problem| problem.severity == Severity::Error);
    (cases, problems)
}

const KEYS: [&str; 6] = ["name", "given", "verdict", "missing", "exception", "claims"];

fn read_case(
    packs: &Packs,
    rule: &Rule,
    node: &Node,
    expected: &Expected<'_>,
    day: Option<Date>,
    problems: &mut Vec<Problem>,
) -> Option<Case> {
    for entry in node
        .entries()
        .iter()
        .filter(|e| !KEYS.contains(&e.key.as_str()))
    {
        problems.push(Problem::error(
            "hegui::case::unknown_key",
            entry.place,
            text!(
                "用例里没有 `{}` 这个键",
                "`{}` is not a key of a case",
                entry.key
            ),
        ));
    }
    let name = node
        .get("name")
        .and_then(Node::text)
        .unwrap_or_default()
        .to_owned();
    let verdict = node
        .get("verdict")
        .and_then(Node::text)
        .and_then(Verdict::named);
    let Some(verdict) = verdict else {
        problems.push(
            Problem::error(
                "hegui::case::verdict",
                node.place,
                text!("用例缺少 verdict", "the case has no `verdict`"),
            )
            .help(text!(
                "可用：pass、fail、undetermined、not_applicable、upcoming",
                "known: pass, fail, undetermined, not_applicable, upcoming"
            )),
        );
        return None;
    };
    let texts = |key: &str| {
        node.get(key).map(|n| {
            n.items()
                .iter()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
    };
    let missing = texts("missing").map(|mut missing| {
        missing.sort();
        missing
    });
    let exception = node.get("exception").and_then(|n| match &n.datum {
        Datum::Number(written) => written.parse().ok(),
        _ => None,
    });
    let mut project = Project::empty(expected.vocabulary);
    project.name.clone_from(&name);
    project.place = node.place;
    project.submitted = day.map(|date| Dated {
        date,
        place: Place::Nowhere,
    });
    project.stage = Some(Stage::Existing);
    let mut facts = Vec::new();
    if let Some(given) = node.get("given") {
        for entry in given.entries() {
            read_built_in(entry, &mut project, &mut facts, problems);
        }
        let table = Node {
            datum: Datum::Table(facts),
            place: given.place,
        };
        problems.extend(intake::read_facts(&table, expected, &mut project));
    }
    if let (Some(anchor), Some(day)) = (rule.anchor, day) {
        let given = node
            .get("given")
            .is_some_and(|g| names_date(g, &packs.library.vocabulary, anchor));
        if !given {
            let day = project.submitted.map_or(day, |s| {
                if node.get("given").and_then(|g| g.get("submitted")).is_some() {
                    s.date
                } else {
                    day
                }
            });
            set_date(&packs.library.vocabulary, &mut project, anchor, day);
        }
    }
    for path in texts("claims").unwrap_or_default() {
        claim(packs, &mut project, &path);
    }
    project.note_claims(expected.vocabulary);
    Some(Case {
        name,
        place: node.place,
        project,
        verdict,
        missing,
        exception,
    })
}

/// `submitted`, `stage` and `sample` of a case; everything else is a fact.
pub(super) fn read_built_in(
    entry: &Entry,
    project: &mut Project,
    facts: &mut Vec<Entry>,
    problems: &mut Vec<Problem>,
) {
    match (entry.key.as_str(), &entry.node.datum) {
        ("submitted", Datum::Date(text) | Datum::Text(text)) => match Date::parse(text) {
            Some(date) => {
                project.submitted = Some(Dated {
                    date,
                    place: entry.node.place,
                });
            }
            None => problems.push(Problem::error(
                "hegui::case::date",
                entry.node.place,
                text!("不是日期", "this is not a date"),
            )),
        },
        ("stage", Datum::Text(text)) => match Stage::named(text) {
            Some(stage) => project.stage = Some(stage),
            None => problems.push(Problem::error(
                "hegui::case::stage",
                entry.node.place,
                text!("没有这个办理环节", "there is no such stage"),
            )),
        },
        ("sample", Datum::Bool(value)) => project.sample = *value,
        _ => facts.push(entry.clone()),
    }
}

/// True if the case says something about a date: a value, or that it is not known (an empty text).
fn names_date(given: &Node, vocabulary: &crate::model::field::Vocabulary, field: FieldId) -> bool {
    let path = vocabulary.path(field);
    let dotted = given.get(path).is_some();
    let nested = path
        .split_once('.')
        .and_then(|(group, member)| given.get(group)?.get(member))
        .is_some();
    // `dates = {}` says that no date is known.
    let group = path.split_once('.').and_then(|(group, _)| given.get(group));
    dotted || nested || group.is_some()
}

fn set_date(
    vocabulary: &crate::model::field::Vocabulary,
    project: &mut Project,
    field: FieldId,
    day: Date,
) {
    if let Some(Slot::Project(slot)) = vocabulary.field(field).map(|f| f.slot)
        && let Some(fact) = project.facts.get_mut(usize::from(slot))
        && fact.state == State::Missing
    {
        *fact = Fact::known(Value::Date(day), Origin::None);
    }
}

fn claim(packs: &Packs, project: &mut Project, path: &str) {
    let slot = packs.library.vocabulary.by_path(path).map(|f| f.slot);
    if let Some(Slot::Project(slot)) = slot
        && let Some(fact) = project.facts.get_mut(usize::from(slot))
    {
        fact.claim = true;
    }
}

/// Runs a case.
pub fn run(packs: &Packs, settings: &Settings, number: u16, case: &Case) -> Option<Outcome> {
    let engine = Engine::new(packs, settings);
    let finding = engine.judge_one(number, &case.project)?;
    let mut missing: Vec<String> = finding
        .lacks()
        .iter()
        .map(|lack| wording::lack_path(&packs.library, lack))
        .collect();
    missing.sort();
    missing.dedup();
    Some(Outcome {
        verdict: finding.verdict,
        missing,
        exception: finding.exception().map(|i| i + 1),
        finding,
    })
}

/// The words for what a case expected and what came out.
pub fn difference(case: &Case, outcome: &Outcome) -> Vec<(Text, Text)> {
    let side = |verdict: Verdict, missing: Option<&Vec<String>>, exception: Option<usize>| {
        let label = verdict.label();
        let missing = missing.map(|m| m.join(", ")).unwrap_or_default();
        let exception = exception.map(|e| e.to_string()).unwrap_or_default();
        [(label, missing, exception)]
    };
    let expected = side(case.verdict, case.missing.as_ref(), case.exception);
    let actual = side(outcome.verdict, Some(&outcome.missing), outcome.exception);
    let mut lines = Vec::new();
    for ((verdict, missing, exception), (is, lacks, by)) in expected.into_iter().zip(actual) {
        if verdict != is {
            lines.push((
                Text::new(
                    format!("结论 {}", verdict.zh),
                    format!("verdict {}", verdict.en),
                ),
                Text::new(format!("结论 {}", is.zh), format!("verdict {}", is.en)),
            ));
        }
        if case.missing.is_some() && missing != lacks {
            lines.push((
                Text::new(format!("缺少 {missing}"), format!("missing {missing}")),
                Text::new(format!("缺少 {lacks}"), format!("missing {lacks}")),
            ));
        }
        if case.exception.is_some() && exception != by {
            lines.push((
                Text::new(
                    format!("例外 {exception}"),
                    format!("exception {exception}"),
                ),
                Text::new(format!("例外 {by}"), format!("exception {by}")),
            ));
        }
    }
    lines
}
