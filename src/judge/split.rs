//! Split projects: applications of one proponent on one parcel that together cross a threshold none crosses alone.
//!
//! The projects are put together into one, whose additive figures are the sums of theirs, and judged once more.
//! A rule that applies to the whole and to none of its parts is what the split avoids. Whether there was one project
//! is for people to find: this changes no decision and no finding.

use std::collections::BTreeMap;

use crate::base::text::folded;
use crate::judge::engine::Engine;
use crate::judge::finding::{Judged, Verdict};
use crate::model::field::{FieldId, FieldType, Role, Slot};
use crate::model::project::{Fact, FactRef, Origin, Project, State, Value};
use crate::model::value::Interval;

/// Projects that may be one, and the rules that would apply if they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The projects, by number, in the order of (`submitted`, id).
    pub projects: Vec<usize>,
    /// The rules, by number, with the verdict on the whole.
    pub rules: Vec<(u16, Verdict)>,
}

/// Looks for splits among the projects of a run.
pub fn find(engine: &Engine<'_>, projects: &[Project], judged: &[Judged]) -> Vec<Split> {
    let fields = engine.packs.library.vocabulary.fields();
    let of = |role| {
        fields
            .iter()
            .filter(move |f| f.role == Some(role))
            .map(|f| f.id)
    };
    let parcels: Vec<FieldId> = of(Role::Parcel).collect();
    let mut splits: Vec<Split> = Vec::new();
    // A firm may be known by its code here and by its name there, so each is looked at.
    for proponent in of(Role::Proponent) {
        let mut together: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (number, project) in projects.iter().enumerate() {
            let parcel = parcels.iter().find_map(|f| text(engine, project, *f));
            let dated = project.submitted.is_some() && project.stage.is_some();
            if let (Some(firm), Some(parcel), true) =
                (text(engine, project, proponent), parcel, dated)
            {
                together.entry((firm, parcel)).or_default().push(number);
            }
        }
        let several = together.into_values().filter(|numbers| numbers.len() > 1);
        for found in several.filter_map(|numbers| split(engine, projects, judged, numbers)) {
            if !splits.contains(&found) {
                splits.push(found);
            }
        }
    }
    splits
}

/// A text that says something.
fn text(engine: &Engine<'_>, project: &Project, field: FieldId) -> Option<String> {
    let vocabulary = &engine.packs.library.vocabulary;
    match project.find(vocabulary, FactRef::project(field))?.value()? {
        Value::Text(words) if !words.folded.is_empty() => Some(folded(&words.folded).into_owned()),
        _ => None,
    }
}

fn split(
    engine: &Engine<'_>,
    projects: &[Project],
    judged: &[Judged],
    mut numbers: Vec<usize>,
) -> Option<Split> {
    let order = |number: &usize| {
        let project = projects.get(*number);
        project.map(|p| (p.submitted.map(|s| s.date), p.id.clone()))
    };
    numbers.sort_by_key(order);
    let parts: Vec<&Project> = numbers.iter().filter_map(|n| projects.get(*n)).collect();
    let whole = engine.judge(&whole(engine, &parts)?);
    let apart = |rule: u16| {
        let mut findings = numbers.iter().filter_map(|number| {
            let judged = judged.get(*number)?;
            judged.findings.get(usize::from(rule))
        });
        findings.all(|finding| {
            finding.verdict == Verdict::NotApplicable && !finding.remarks.not_in_force
        })
    };
    let rules: Vec<(u16, Verdict)> = whole
        .findings
        .iter()
        .filter(|finding| finding.verdict != Verdict::NotApplicable)
        .filter(|finding| apart(finding.rule))
        .map(|finding| (finding.rule, finding.verdict))
        .collect();
    (!rules.is_empty()).then_some(Split {
        projects: numbers,
        rules,
    })
}

/// The last submission with the sums of all: what is not known of one is not known of the whole.
fn whole(engine: &Engine<'_>, parts: &[&Project]) -> Option<Project> {
    let vocabulary = &engine.packs.library.vocabulary;
    let mut whole = (*parts.last()?).clone();
    let additive = vocabulary
        .fields()
        .iter()
        .filter(|field| field.additive && !field.derived && field.kind == FieldType::Number);
    for field in additive {
        let Slot::Project(slot) = field.slot else {
            continue;
        };
        let amount = |project: &&Project| match project.fact(slot)?.value()? {
            Value::Number(interval) => Some(interval.clone()),
            _ => None,
        };
        let total = parts.iter().try_fold(Interval::ZERO, |total, part| {
            amount(part).map(|amount| total.add(&amount))
        });
        if let Some(fact) = whole.facts.get_mut(usize::from(slot)) {
            *fact = match total {
                Some(total) => Fact {
                    claim: fact.claim,
                    ..Fact::known(Value::Number(total), Origin::None)
                },
                None => Fact {
                    state: State::Missing,
                    ..fact.clone()
                },
            };
        }
    }
    whole.note_claims(vocabulary);
    Some(whole)
}
