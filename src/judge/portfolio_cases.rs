//! The cases of portfolio rules: a few projects, and what they add up to.
//!
//! ```toml
//! [[case]]
//! name     = "the second project breaks the quota"
//! projects = [{ id = "a", energy = { total = "600 tce" } }, { id = "b", energy = { total = "500 tce" } }]
//! figures  = { quota_energy = "1000 tce" }
//! groups   = [{ key = ["district"], verdict = "fail", total = "1100 tce", breaking = "b" }]
//! ```
//!
//! `figures` stand in for what the office sets: parameters that ship without a value.

use std::borrow::Cow;

use crate::base::date::Period;
use crate::base::problem::{Problem, Severity};
use crate::base::source::{Place, Source};
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::{self, Expected};
use crate::judge::cases::{ordinary_day, read_built_in};
use crate::judge::decision::Decision;
use crate::judge::engine::{Engine, Settings};
use crate::judge::finding::{Judged, Verdict};
use crate::judge::portfolio::{self, Group, key_text};
use crate::model::parameter::{Confidence, Version};
use crate::model::project::{Dated, Project, Support};
use crate::model::quantity;
use crate::model::stage::Stage;
use crate::model::value::Interval;
use crate::rules::pack::Packs;
use crate::rules::portfolio::PortfolioRule;
use crate::text;

/// A case, read.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    projects: Vec<Project>,
    judged: Vec<Judged>,
    figures: Vec<(u16, Interval)>,
    groups: Vec<Promise>,
}

/// What a case says of a group.
#[derive(Clone, Debug)]
struct Promise {
    key: Vec<String>,
    verdict: Option<Verdict>,
    total: Option<Interval>,
    breaking: Option<String>,
}

impl Case {
    /// The verdicts it expects.
    pub fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        self.groups.iter().filter_map(|group| group.verdict)
    }
}

/// Reads the cases of a portfolio rule.
pub fn read(
    packs: &Packs,
    rule: &PortfolioRule,
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
    let cases = nodes
        .iter()
        .map(|node| read_case(packs, rule, node, &expected, &mut problems))
        .collect();
    problems.retain(|problem| problem.severity == Severity::Error);
    (cases, problems)
}

fn words(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::text).map(str::to_owned)
}

fn read_case(
    packs: &Packs,
    rule: &PortfolioRule,
    node: &Node,
    expected: &Expected<'_>,
    problems: &mut Vec<Problem>,
) -> Case {
    let mut case = Case {
        name: words(node, "name").unwrap_or_default(),
        place: node.place,
        projects: Vec::new(),
        judged: Vec::new(),
        figures: Vec::new(),
        groups: Vec::new(),
    };
    for entry in node.entries() {
        if !["name", "projects", "figures", "groups"].contains(&entry.key.as_str()) {
            problems.push(Problem::error(
                "hegui::case::unknown_key",
                entry.place,
                text!(
                    "总量规则的用例里没有 `{}` 这个键",
                    "`{}` is not a key of a portfolio rule's case",
                    entry.key
                ),
            ));
        }
    }
    for given in node.get("projects").map(Node::items).unwrap_or_default() {
        let (project, judged) = read_project(given, expected, problems);
        case.projects.push(project);
        case.judged.push(judged);
    }
    for entry in node.get("figures").map(Node::entries).unwrap_or_default() {
        case.figures.extend(read_figure(packs, entry, problems));
    }
    for given in node.get("groups").map(Node::items).unwrap_or_default() {
        case.groups.push(read_group(rule, given, problems));
    }
    case
}

fn read_project(
    given: &Node,
    expected: &Expected<'_>,
    problems: &mut Vec<Problem>,
) -> (Project, Judged) {
    let mut project = Project::empty(expected.vocabulary);
    project.place = given.place;
    project.stage = Some(Stage::Existing);
    project.submitted = ordinary_day().map(|date| Dated {
        date,
        place: Place::Nowhere,
    });
    let mut judged = Judged {
        decision: Decision::Clear,
        ..Judged::default()
    };
    let mut facts = Vec::new();
    for entry in given.entries() {
        match (entry.key.as_str(), &entry.node.datum) {
            ("id", Datum::Text(id)) => project.id.clone_from(id),
            ("decision", Datum::Text(word)) => match Decision::named(word) {
                Some(decision) => judged.decision = decision,
                None => problems.push(Problem::error(
                    "hegui::case::decision",
                    entry.node.place,
                    text!("没有 `{word}` 这个结论", "`{word}` is not a decision"),
                )),
            },
            ("supports", Datum::List(goals)) => {
                let goals = goals.iter().filter_map(|goal| {
                    Some(Support {
                        goal: goal.text()?.to_owned(),
                        indicator: None,
                        contribution: None,
                        evidence: None,
                        place: goal.place,
                    })
                });
                project.supports.extend(goals);
            }
            _ => read_built_in(entry, &mut project, &mut facts, problems),
        }
    }
    let table = Node {
        datum: Datum::Table(facts),
        place: given.place,
    };
    problems.extend(intake::read_facts(&table, expected, &mut project));
    (project, judged)
}

/// The value that a case gives to a parameter of the office.
fn read_figure(
    packs: &Packs,
    entry: &Entry,
    problems: &mut Vec<Problem>,
) -> Option<(u16, Interval)> {
    let library = &packs.library;
    let number = library.parameter(&entry.key)?;
    let parameter = library.parameters.get(usize::from(number))?;
    let (Datum::Text(written) | Datum::Number(written)) = &entry.node.datum else {
        return None;
    };
    match quantity::parse(written, &parameter.measure) {
        Ok(value) => Some((number, value)),
        Err(error) => {
            let problem = Problem::error("hegui::case::quantity", entry.node.place, error.message);
            problems.push(problem.maybe_help(error.help));
            None
        }
    }
}

fn read_group(rule: &PortfolioRule, given: &Node, problems: &mut Vec<Problem>) -> Promise {
    let keys = given.get("key").map(Node::items).unwrap_or_default();
    let verdict = words(given, "verdict").and_then(|word| Verdict::named(&word));
    let total = given.get("total").and_then(|node| match &node.datum {
        Datum::Text(text) | Datum::Number(text) => Some((text, node.place)),
        _ => None,
    });
    let total = total.and_then(|(text, place)| match quantity::parse(text, &rule.measure) {
        Ok(total) => Some(total),
        Err(error) => {
            problems.push(
                Problem::error("hegui::case::quantity", place, error.message)
                    .maybe_help(error.help),
            );
            None
        }
    });
    if verdict.is_none() {
        problems.push(Problem::error(
            "hegui::case::verdict",
            given.place,
            text!("用例缺少 verdict", "the case has no `verdict`"),
        ));
    }
    Promise {
        key: keys
            .iter()
            .filter_map(Node::text)
            .map(|text| folded(text).into_owned())
            .collect(),
        verdict,
        total,
        breaking: words(given, "breaking"),
    }
}

/// Runs a case; the differences between what it expects and what comes out, none if it is met.
pub fn run(packs: &Packs, settings: &Settings, number: usize, case: &Case) -> Vec<(Text, Text)> {
    let mut packs = Cow::Borrowed(packs);
    for (number, value) in &case.figures {
        let parameters = &mut packs.to_mut().library.parameters;
        if let Some(parameter) = parameters.get_mut(usize::from(*number)) {
            parameter.versions = vec![Version {
                period: Period::ALWAYS,
                value: value.clone(),
                source: case.name.clone(),
                confidence: Confidence::Local,
                place: case.place,
            }];
        }
    }
    let packs = packs.as_ref();
    let engine = Engine::new(packs, settings);
    let findings = portfolio::judge(&engine, &case.projects, &case.judged);
    let (Some(rule), Some(finding)) = (
        packs.portfolio.get(number),
        findings.iter().find(|finding| finding.rule == number),
    ) else {
        return Vec::new();
    };
    let mut differences = Vec::new();
    let (wanted, came) = (case.groups.len(), finding.groups.len());
    if wanted != came {
        differences.push((
            text!("{wanted} 组", "{wanted} groups"),
            text!("{came} 组", "{came} groups"),
        ));
    }
    for promise in &case.groups {
        let named = |group: &&Group| {
            rule.by
                .iter()
                .zip(&group.key)
                .map(|(axis, key)| key_text(&engine, *axis, key))
                .zip(&promise.key)
                .all(|(text, key)| {
                    let of_code = |text: &str| text.split(' ').next() == Some(key.as_str());
                    *key == text.zh || *key == text.en || of_code(&text.zh)
                })
        };
        match finding.groups.iter().find(named) {
            Some(group) => compare(rule, promise, group, &case.projects, &mut differences),
            None => differences.push((
                Text::same(promise.key.join("｜")),
                text!("没有这一组", "there is no such group"),
            )),
        }
    }
    differences
}

fn compare(
    rule: &PortfolioRule,
    promise: &Promise,
    group: &Group,
    projects: &[Project],
    differences: &mut Vec<(Text, Text)>,
) {
    if let Some(verdict) = promise.verdict.filter(|verdict| *verdict != group.verdict) {
        differences.push((verdict.label(), group.verdict.label()));
    }
    if promise.total.is_some() && promise.total != group.total {
        let shown = |total: &Option<Interval>| {
            let total = total.as_ref();
            total.map_or_else(Text::default, |total| {
                Text::same(
                    rule.measure
                        .show_interval(total, crate::base::text::Lang::Zh),
                )
            })
        };
        differences.push((shown(&promise.total), shown(&group.total)));
    }
    let breaking = group
        .breaking
        .and_then(|number| projects.get(number))
        .map(|project| project.id.clone());
    if promise.breaking != breaking {
        let shown = |id: &Option<String>| Text::same(id.clone().unwrap_or_else(|| "–".into()));
        differences.push((shown(&promise.breaking), shown(&breaking)));
    }
}
