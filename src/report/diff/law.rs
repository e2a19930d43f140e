//! What of the facts and the law is not the same for a finding in two runs, in words.
//!
//! From the evidence of two reports, or from a rule and two days. It knows no causes.

use std::collections::BTreeSet;

use super::super::told::{Both, Evidence, Finding, Parameter, Waiver};
use crate::base::date::Date;
use crate::base::text::{Lang, Text};
use crate::language::ir::Program;
use crate::language::types::Library;
use crate::rules::rule::{Cited, Rule};
use crate::text;

/// A text from one value to another.
pub(super) fn from_to(label: &Text, old: Option<&Text>, new: Option<&Text>) -> Text {
    let none = text!("（未填）", "(not given)");
    let (a, b) = (old.unwrap_or(&none), new.unwrap_or(&none));
    Text::new(
        format!("{}：{} → {}", label.zh, a.zh, b.zh),
        format!("{}: {} → {}", label.en, a.en, b.en),
    )
}

/// The facts of evidence that are not the same, by path.
pub(super) fn facts((old, new): (Option<&Evidence>, Option<&Evidence>)) -> Vec<(String, Text)> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for fact in &old.facts {
        let Some(twin) = new.facts.iter().find(|twin| twin.path == fact.path) else {
            continue;
        };
        let is_masked = |value: &Option<Both>| value.as_ref().is_some_and(Both::is_masked);
        if twin.value != fact.value && !is_masked(&twin.value) && !is_masked(&fact.value) {
            let value = |value: &Option<_>| value.as_ref().map(Text::from);
            let (a, b) = (value(&fact.value), value(&twin.value));
            let text = from_to(&Text::from(&fact.label), a.as_ref(), b.as_ref());
            all.push((fact.path.clone(), text));
        }
    }
    all
}

/// What of the law is not the same in the evidence of both: versions of parameters, rows of tables, being in force.
pub(super) fn law(old: Option<&Finding>, new: Option<&Finding>) -> Vec<Text> {
    let (Some(old), Some(new)) = (old, new) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    let force = |finding: &Finding| !finding.remarks.iter().any(|r| r == "not_in_force");
    if force(old) != force(new) {
        let state = |yes: bool| {
            if yes {
                text!("已施行", "in force")
            } else {
                text!("未施行", "not in force")
            }
        };
        let basis = new.basis.first().or(old.basis.first());
        let label = basis.map_or_else(|| text!("规则", "the rule"), |b| Text::from(&b.text));
        all.push(from_to(
            &label,
            Some(&state(force(old))),
            Some(&state(force(new))),
        ));
    }
    let state = |waiver: &Option<Waiver>| match waiver {
        Some(_) => text!("采用", "it holds"),
        None => text!("未采用", "it does not hold"),
    };
    if let (Some(waiver), None) | (None, Some(waiver)) = (&old.waiver, &new.waiver) {
        let (document, issued, expires) = (&waiver.document, &waiver.issued, &waiver.expires);
        let label = text!(
            "人工认定 {document}（{issued} 至 {expires}）",
            "waiver {document} ({issued} to {expires})"
        );
        all.push(from_to(
            &label,
            Some(&state(&old.waiver)),
            Some(&state(&new.waiver)),
        ));
    }
    let (Some(a), Some(b)) = (&old.evidence, &new.evidence) else {
        return all;
    };
    for parameter in &a.parameters {
        let Some(twin) = b.parameters.iter().find(|twin| twin.id == parameter.id) else {
            continue;
        };
        // A mask hides a value wherever it stands, in the law too.
        let masked = parameter.value.is_masked() || twin.value.is_masked();
        if !masked
            && (&twin.value, &twin.from, &twin.source)
                != (&parameter.value, &parameter.from, &parameter.source)
        {
            let text = from_to(
                &Text::from(&parameter.label),
                Some(&version(parameter)),
                Some(&version(twin)),
            );
            all.push(text);
        }
    }
    for row in &a.rows {
        let twins: Vec<_> = b
            .rows
            .iter()
            .filter(|twin| twin.table == row.table)
            .collect();
        let only = a.rows.iter().filter(|r| r.table == row.table).count() == 1;
        if let ([twin], true) = (twins.as_slice(), only)
            && (twin.line, &twin.source) != (row.line, &row.source)
        {
            let table = &row.table;
            let line = |line: Option<usize>| match line {
                Some(line) => text!("第 {line} 行", "line {line}"),
                None => text!("无匹配行", "no row"),
            };
            let label = text!("名录 {table}", "table {table}");
            all.push(from_to(
                &label,
                Some(&line(row.line)),
                Some(&line(twin.line)),
            ));
        }
    }
    all
}

/// What of the law that a rule reads is not the same on two days: instruments in force, versions of parameters.
pub(super) fn passed(library: &Library, rule: &Rule, from: Date, to: Date) -> Vec<Text> {
    let formulas = rule
        .reads
        .iter()
        .filter_map(|field| library.formula(*field));
    let programs: Vec<&Program> = rule.programs().chain(formulas).collect();
    let cited = rule.basis.iter().filter_map(|basis| match basis.cited {
        Cited::Instrument(index) => Some(index),
        Cited::Section(_) => None,
    });
    let asked = programs.iter().flat_map(|p| p.instruments.iter().copied());
    let instruments: BTreeSet<u16> = cited.chain(asked).collect();
    let parameters: BTreeSet<u16> = programs
        .iter()
        .flat_map(|p| p.parameters.iter().copied())
        .collect();
    let mut all = Vec::new();
    for index in instruments {
        let Some(instrument) = library.instruments.get(usize::from(index)) else {
            continue;
        };
        let state = |day: Date| {
            if instrument.period.contains(day) {
                text!("施行中", "in force")
            } else if instrument.period.from.is_some_and(|first| day < first) {
                text!("尚未施行", "not yet in force")
            } else {
                text!("已不施行", "no longer in force")
            }
        };
        let (a, b) = (state(from), state(to));
        if a != b {
            let number = &instrument.number;
            let label = Text::new(
                format!("《{}》（{number}）", instrument.title.zh),
                format!("{} ({number})", instrument.title.en),
            );
            all.push(from_to(&label, Some(&a), Some(&b)));
        }
    }
    for index in parameters {
        let Some(parameter) = library.parameters.get(usize::from(index)) else {
            continue;
        };
        let (a, b) = (parameter.version(from), parameter.version(to));
        if a == b {
            continue;
        }
        let shown = |version: Option<usize>| {
            let version = parameter.versions.get(version?)?;
            let value = |lang| parameter.measure.show_interval(&version.value, lang);
            Some(Text::new(value(Lang::Zh), value(Lang::En)))
        };
        let none = text!("（无规定）", "(none)");
        let (a, b) = (shown(a), shown(b));
        if a != b {
            all.push(from_to(
                &parameter.label,
                Some(a.as_ref().unwrap_or(&none)),
                Some(b.as_ref().unwrap_or(&none)),
            ));
        }
    }
    all
}

/// A version of a parameter in words.
fn version(parameter: &Parameter) -> Text {
    let value = &parameter.value;
    match &parameter.from {
        Some(from) => Text::new(
            format!("{}（{from} 起）", value.zh),
            format!("{} (from {from})", value.en),
        ),
        None => Text::from(value),
    }
}
