//! What a finding compares, in words: the value against the threshold, comparison by comparison, and the
//! formulas, figures and table rows behind them, each with what it was read from.
//!
//! It knows no layout.

use std::collections::BTreeSet;

use super::Assessment;
use super::phrases;
use super::reasons::{Reads, Reason};
use super::words::Words;
use crate::base::text::Lang;
use crate::judge::evidence::{Clause, Evidence};
use crate::judge::wording;
use crate::language::ir::{BoolKind, Get};
use crate::language::types::Library;
use crate::model::project::{FactRef, Project};
use crate::model::value::Tri;
use crate::rules::rule::{Part, Rule};
use crate::text;

/// Comparisons shown, at most.
const REASONS: usize = 8;

/// A sentence, with the facts and figures that stand in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// The sentence.
    pub text: String,
    /// The facts it was made from.
    pub facts: Vec<FactRef>,
    /// The parameter versions it was made from.
    pub figures: Vec<(u16, usize)>,
}

impl Said {
    fn new(text: String, reads: &Reads<'_>, evidence: &Evidence) -> Self {
        let facts = reads.fields.iter();
        let figures = evidence.parameters.iter().copied();
        Self {
            text,
            facts: facts
                .map(|(field, record)| FactRef {
                    field: *field,
                    record: *record,
                })
                .collect(),
            figures: figures
                .filter(|(p, _)| reads.parameters.contains(p))
                .collect(),
        }
    }

    /// The message of a finding, with what its values were read from.
    pub(super) fn message(
        run: &Assessment<'_>,
        rule: &Rule,
        evidence: &Evidence,
        text: String,
    ) -> Self {
        let mut reads = Reads::new(&run.engine.packs.library);
        for part in rule.message.parts(Lang::Zh) {
            if let Part::Value(program) = part {
                reads.program(evidence, program);
            }
        }
        Self::new(text, &reads, evidence)
    }
}

/// What a finding compares.
#[derive(Clone, Debug, Default)]
pub(super) struct Compared {
    /// The comparisons.
    pub lines: Vec<Said>,
    /// The formulas of derived values in them.
    pub formulas: Vec<Said>,
    /// The figures in them: value, source, confidence.
    pub figures: Vec<Said>,
    /// The table rows that answered.
    pub rows: Vec<String>,
    /// The facts that the comparisons read, in the order in which they are met.
    pub facts: Vec<FactRef>,
}

impl Compared {
    /// What the comparisons that decided a finding say.
    pub(super) fn of(
        run: &Assessment<'_>,
        project: &Project,
        evidence: &Evidence,
        reasons: &[Reason<'_>],
        lang: Lang,
    ) -> Self {
        let library = &run.engine.packs.library;
        let mut compared = Self::default();
        let mut reads = Reads::new(library);
        let mut seen = BTreeSet::new();
        for (number, reason) in reasons.iter().enumerate() {
            reads.add(evidence, reason);
            let mut line = comparison(library, project, evidence, reason, lang);
            line.push_str(&statements(library, project, evidence, reason, lang));
            if !seen.insert(line.clone()) {
                continue;
            }
            if seen.len() > REASONS {
                let more = reasons.len() - number;
                let text = text!("另有 {more} 处比较", "and {more} more comparisons");
                compared.lines.push(Said {
                    text: text.get(lang).to_owned(),
                    ..Said::default()
                });
                break;
            }
            let mut own = Reads::new(library);
            own.add(evidence, reason);
            compared.lines.push(Said::new(line, &own, evidence));
        }
        compared.formulas = formulas(library, evidence, &reads, lang);
        let figures = evidence
            .parameters
            .iter()
            .filter(|(p, _)| reads.parameters.contains(p));
        compared.figures = figures
            .filter_map(|(p, v)| {
                Some(Said {
                    text: phrases::figure(run, *p, *v)?.get(lang).to_owned(),
                    figures: vec![(*p, *v)],
                    ..Said::default()
                })
            })
            .collect();
        let rows = evidence.rows.iter();
        compared.rows = rows
            .filter_map(|(table, row)| phrases::row_text(run, *table, *row))
            .map(|text| text.get(lang).to_owned())
            .collect();
        compared.facts = Said::new(String::new(), &reads, evidence).facts;
        compared
    }
}

fn formulas(library: &Library, evidence: &Evidence, reads: &Reads<'_>, lang: Lang) -> Vec<Said> {
    let mut all = Vec::new();
    for field in &reads.derived {
        let Some(formula) = library.formula(*field) else {
            continue;
        };
        let Some(declared) = library.vocabulary.field(*field) else {
            continue;
        };
        let words =
            Words::new(library, formula, lang).with(evidence, Clause::Formula(*field), None);
        let root = formula
            .nodes
            .len()
            .checked_sub(1)
            .and_then(|n| u32::try_from(n).ok());
        // Of a sum that nothing bounds, the missing facts say all there is to say.
        let Some(value) = root
            .filter(|root| words.is_bounded(*root))
            .and_then(|root| words.value(root))
        else {
            continue;
        };
        let mut own = Reads::new(library);
        own.program(evidence, formula);
        let text = format!(
            "{} = {} = {value}",
            declared.label.get(lang),
            words.program()
        );
        all.push(Said::new(text, &own, evidence));
    }
    all
}

/// Which records state what, where records were asked to agree and do not.
fn statements(
    library: &Library,
    project: &Project,
    evidence: &Evidence,
    reason: &Reason<'_>,
    lang: Lang,
) -> String {
    let BoolKind::Agree(_, stated, _) = &reason.expr.kind else {
        return String::new();
    };
    let Some(field) = stated.get().map(Get::field) else {
        return String::new();
    };
    let facts = evidence.facts.iter().filter(|f| f.field == field);
    let named = facts.filter_map(|fact| {
        let label = wording::fact_label(library, project, *fact);
        let value = wording::fact_value(library, project, *fact)?;
        Some(format!("{} {}", label.get(lang), value.get(lang)))
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() {
        return String::new();
    }
    let list = named.join(lang.pick("；", "; "));
    match lang {
        Lang::Zh => format!("（{list}）"),
        Lang::En => format!(" ({list})"),
    }
}

/// A comparison with its values and how it came out.
fn comparison(
    library: &Library,
    project: &Project,
    evidence: &Evidence,
    reason: &Reason<'_>,
    lang: Lang,
) -> String {
    let words = Words::new(library, reason.program, lang)
        .with(evidence, reason.clause, reason.record)
        .bool(reason.expr);
    let record = reason
        .list
        .zip(reason.record)
        .map(|(list, record)| project.record_name(&library.vocabulary, list, record));
    let record = record
        .map(|name| format!("{}{}", name.get(lang), lang.pick("：", ": ")))
        .unwrap_or_default();
    let truth = match reason.truth {
        Tri::True => lang.pick("成立", "true"),
        Tri::False => lang.pick("不成立", "false"),
        Tri::Unknown => lang.pick("无法判定", "unknown"),
    };
    match lang {
        Lang::Zh => format!("{record}{words} —— {truth}"),
        Lang::En => format!("{record}{words} — {truth}"),
    }
}
