//! One finding that is not a pass, as text: the line that holds the deciding fact, the value against the
//! threshold, the basis, what to do, what is missing and who supplies it.
//!
//! It does not choose which findings are shown.

use std::collections::BTreeSet;

use super::Assessment;
use super::excerpt::{Excerpts, Mark};
use super::page::{Page, Tone};
use super::reasons::{self, Reads, Reason};
use super::words::Words;
use super::{phrases, site};
use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::evidence::{Clause, Evidence};
use crate::judge::finding::{DaySource, Finding, Verdict};
use crate::judge::wording;
use crate::language::eval::Subject;
use crate::language::ir::{BoolKind, Get};
use crate::model::field::Slot;
use crate::model::project::{FactRef, Origin, Project};
use crate::model::value::Tri;
use crate::rules::rule::Rule;
use crate::text;

/// The mark and tone of a verdict.
pub(super) fn mark(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Fail => ("✗", Tone::Bad),
        Verdict::Undetermined => ("?", Tone::Open),
        Verdict::Upcoming => ("→", Tone::Plain),
        Verdict::Pass => ("✓", Tone::Good),
        Verdict::NotApplicable => ("–", Tone::Faint),
    }
}

/// The label of a verdict, with the note on unverified figures.
pub(super) fn verdict_label(finding: &Finding) -> Text {
    let label = finding.verdict.label();
    if finding.verdict == Verdict::Pass && finding.remarks.unverified {
        return Text::new(
            format!("{}（依据未核实数值）", label.zh),
            format!("{} (on an unverified figure)", label.en),
        );
    }
    label
}

/// Underlined parts of the submission, at most.
const MARKS: usize = 3;
/// Comparisons shown, at most.
const REASONS: usize = 8;

/// Writes a finding in full.
pub(super) fn write(
    page: &mut Page,
    run: &Assessment<'_>,
    excerpts: &Excerpts<'_>,
    project: &Project,
    finding: &Finding,
) {
    let packs = run.engine.packs;
    let Some(rule) = packs.rules.get(usize::from(finding.rule)) else {
        return;
    };
    let evidence = run.engine.evidence(project, finding);
    let reasons = reasons::of(rule, &evidence, finding.verdict, finding.exception());
    let writer = Writer {
        run,
        project,
        rule,
        finding,
        evidence: &evidence,
    };
    let (sign, tone) = mark(finding.verdict);
    let label = verdict_label(finding);
    let waived = if finding.waiver().is_some() {
        page.pick("（已有人工认定）", " (waived)")
    } else {
        ""
    };
    let head = format!("{sign} {}{waived}", page.of(&label));
    let rest = match page.look.lang {
        Lang::Zh => format!("：{}  {}", rule.title.zh, rule.id),
        Lang::En => format!(": {}  {}", rule.title.en, rule.id),
    };
    page.lead(2, tone, &head, &rest);
    let mut inner = page.clone();
    inner.look.width = page.look.width.saturating_sub(2);
    let drawn = excerpts.draw(inner.look, tone, &writer.marks(page, &reasons));
    for line in drawn.lines() {
        page.raw(&format!("  {line}\n"));
    }
    writer.body(page, &reasons);
}

struct Writer<'a> {
    run: &'a Assessment<'a>,
    project: &'a Project,
    rule: &'a Rule,
    finding: &'a Finding,
    evidence: &'a Evidence,
}

impl Writer<'_> {
    fn item(page: &mut Page, zh: &str, en: &str, text: &str) {
        if !text.is_empty() {
            let label = page.pick(zh, en).to_owned();
            page.item(4, &label, text);
        }
    }

    fn body(&self, page: &mut Page, reasons: &[Reason<'_>]) {
        let lang = page.look.lang;
        let message = self.evidence.message.get(lang);
        // The message is worded for a fail.
        let message = match self.finding.verdict {
            Verdict::Undetermined => format!(
                "{}{message}",
                page.pick("尚不能判定是否属于以下情形：", "not known yet whether: ")
            ),
            _ => message.to_owned(),
        };
        Self::item(page, "说明", "message", &message);
        if self.judged_apart() {
            self.readings(page);
        } else {
            self.comparisons(page, reasons);
        }
        let mut label = page.pick("套合", "overlay").to_owned();
        for line in site::evidence(self.run.engine.packs, self.project, self.evidence) {
            page.item(4, &label, line.get(lang));
            label.clear();
        }
        self.missing(page);
        Self::item(
            page,
            "依据",
            "basis",
            phrases::basis(self.run, self.rule, self.finding).get(lang),
        );
        Self::item(page, "办法", "to do", self.rule.remedy.get(lang));
        self.time(page);
        for note in phrases::notes(self.run, self.rule, self.finding, self.project) {
            Self::item(page, "备注", "note", note.get(lang));
        }
        if let Some(waiver) = self.finding.waiver().and_then(|w| self.run.waivers.get(w)) {
            Self::item(
                page,
                "认定",
                "waiver",
                phrases::waiver_text(waiver, self.finding.verdict).get(lang),
            );
        }
    }

    /// Where the deciding facts stand; for missing ones, where they would.
    fn marks(&self, page: &Page, reasons: &[Reason<'_>]) -> Vec<Mark> {
        if self.finding.verdict != Verdict::Fail {
            let marks = self.lacking(page);
            if !marks.is_empty() {
                return marks;
            }
        }
        let library = &self.run.engine.packs.library;
        let mut ranked: Vec<(u8, usize, FactRef)> = Vec::new();
        for (part, is_applies) in [(0, false), (2, true)] {
            let mut reads = Reads::new(library);
            for reason in reasons
                .iter()
                .filter(|r| (r.clause == Clause::Applies) == is_applies)
            {
                reads.add(self.evidence, reason);
            }
            for (number, (field, record)) in reads.fields.iter().enumerate() {
                let fact = FactRef {
                    field: *field,
                    record: *record,
                };
                // Numbers say more than choices, and a list says least.
                let rank = if wording::is_list(library, *field) {
                    9
                } else {
                    part + u8::from(!self.is_number(fact))
                };
                ranked.push((rank, number, fact));
            }
        }
        let rest = self
            .evidence
            .facts
            .iter()
            .enumerate()
            .map(|(number, fact)| (8, number, *fact));
        ranked.extend(rest);
        ranked.sort_by_key(|(rank, number, _)| (*rank, *number));
        let mut marks: Vec<Mark> = Vec::new();
        let mut applied = false;
        let first = ranked.first().map_or(9, |(rank, ..)| *rank);
        for (rank, _, fact) in ranked {
            if marks.len() >= MARKS || (rank >= 8 && !marks.is_empty()) {
                break;
            }
            // The best facts of the requirement, and one number of what made it apply.
            if rank > first && (rank != 2 || applied) {
                continue;
            }
            applied |= rank == 2;
            let origin = self
                .project
                .find(&library.vocabulary, fact)
                .map(|f| &f.origin);
            if let Some(origin @ (Origin::Declared(_) | Origin::Replied(_))) = origin
                && let place = origin.place()
                && marks.iter().all(|m| m.place != place)
            {
                let field = library.vocabulary.field(fact.field);
                let note = field.map_or("", |f| f.label.get(page.look.lang)).to_owned();
                marks.push(Mark { place, note });
            }
        }
        if marks.is_empty() {
            marks.push(Mark {
                place: self.project.place,
                note: String::new(),
            });
        }
        marks
    }

    /// Where the facts that are lacking stand, or would: the record's or the project's first line.
    fn lacking(&self, page: &Page) -> Vec<Mark> {
        let library = &self.run.engine.packs.library;
        let lang = page.look.lang;
        let mut marks: Vec<Mark> = Vec::new();
        let mut absent: Vec<(Place, Vec<String>)> = Vec::new();
        for lack in self.finding.lacks() {
            let Subject::Fact(fact) = lack.subject else {
                continue;
            };
            let label = wording::fact_label(library, self.project, fact)
                .get(lang)
                .to_owned();
            let given = self
                .project
                .find(&library.vocabulary, fact)
                .map_or(Place::Nowhere, |f| f.origin.place());
            if given != Place::Nowhere {
                let cause = wording::cause(lack.cause);
                let note = format!("{label}{}{}", lang.pick("：", ": "), cause.get(lang));
                marks.push(Mark { place: given, note });
                continue;
            }
            let place = self.record_place(fact).unwrap_or(self.project.place);
            match absent.iter_mut().find(|(p, _)| *p == place) {
                Some((_, labels)) => labels.push(label),
                None => absent.push((place, vec![label])),
            }
        }
        for (place, labels) in absent {
            let note = format!("{}{}", lang.pick("缺少", "missing: "), page.joined(&labels));
            marks.push(Mark { place, note });
        }
        marks.retain(|mark| mark.place != Place::Nowhere);
        marks.truncate(MARKS);
        marks
    }

    fn is_number(&self, fact: FactRef) -> bool {
        let field = self.run.engine.packs.library.vocabulary.field(fact.field);
        field.is_some_and(|f| f.kind == crate::model::field::FieldType::Number)
    }

    fn record_place(&self, fact: FactRef) -> Option<Place> {
        let vocabulary = &self.run.engine.packs.library.vocabulary;
        let Slot::Member(list, _) = vocabulary.field(fact.field)?.slot else {
            return None;
        };
        self.project
            .records(vocabulary, list)?
            .get(fact.record? as usize)?
            .place
    }

    /// Which records state what, where records were asked to agree and do not.
    fn statements(&self, reason: &Reason<'_>, lang: Lang) -> String {
        let BoolKind::Agree(_, stated, _) = &reason.expr.kind else {
            return String::new();
        };
        let Some(field) = stated.get().map(Get::field) else {
            return String::new();
        };
        let library = &self.run.engine.packs.library;
        let facts = self.evidence.facts.iter().filter(|f| f.field == field);
        let named = facts.filter_map(|fact| {
            let label = wording::fact_label(library, self.project, *fact);
            let value = wording::fact_value(library, self.project, *fact)?;
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

    /// The value against the threshold, comparison by comparison, then the figures and formulas behind them.
    fn comparisons(&self, page: &mut Page, reasons: &[Reason<'_>]) {
        let library = &self.run.engine.packs.library;
        let lang = page.look.lang;
        let mut label = (page.pick("核对", "compared").to_owned(), true);
        let mut reads = Reads::new(library);
        let mut seen = BTreeSet::new();
        for (number, reason) in reasons.iter().enumerate() {
            reads.add(self.evidence, reason);
            let mut line = comparison(self.run, self.project, self.evidence, reason, lang);
            line.push_str(&self.statements(reason, lang));
            if !seen.insert(line.clone()) {
                continue;
            }
            if seen.len() > REASONS {
                let more = reasons.len() - number;
                let text = text!("另有 {more} 处比较", "and {more} more comparisons");
                page.item(4, "", text.get(lang));
                break;
            }
            page.item(4, if label.1 { &label.0 } else { "" }, &line);
            label.1 = false;
        }
        for field in &reads.derived {
            let Some(formula) = library.formula(*field) else {
                continue;
            };
            let Some(declared) = library.vocabulary.field(*field) else {
                continue;
            };
            let words = Words::new(library, formula, lang).with(
                self.evidence,
                Clause::Formula(*field),
                None,
            );
            let root = formula
                .nodes
                .len()
                .checked_sub(1)
                .and_then(|n| u32::try_from(n).ok());
            // Of a sum that nothing bounds, the missing facts below say all there is to say.
            let Some(value) = root
                .filter(|root| words.is_bounded(*root))
                .and_then(|root| words.value(root))
            else {
                continue;
            };
            let value = format!(" = {value}");
            let text = format!("{} = {}{value}", declared.label.get(lang), words.program());
            Self::item(page, "算式", "formula", &text);
        }
        let figures = self
            .evidence
            .parameters
            .iter()
            .filter(|(p, _)| reads.parameters.contains(p));
        let figures: Vec<String> = figures
            .filter_map(|(p, v)| Some(phrases::figure(self.run, *p, *v)?.get(lang).to_owned()))
            .collect();
        Self::item(
            page,
            "取值",
            "figures",
            &figures.join(page.pick("；", "; ")),
        );
        for (table, row) in &self.evidence.rows {
            if let Some(text) = phrases::row_text(self.run, *table, *row) {
                Self::item(page, "名录", "table", text.get(lang));
            }
        }
    }

    fn missing(&self, page: &mut Page) {
        let lang = page.look.lang;
        for line in phrases::lack_lines(self.run, self.project, self.finding.lacks(), lang) {
            Self::item(page, "缺少", "missing", &line);
        }
        for advice in phrases::department_advice(self.run, self.finding.lacks(), lang) {
            Self::item(page, "协查", "ask", &advice);
        }
    }

    fn time(&self, page: &mut Page) {
        let lang = page.look.lang;
        let library = &self.run.engine.packs.library;
        let source = wording::day_source(library, self.finding.day_source, self.finding.as_of);
        Self::item(page, "时点", "as of", source.get(lang));
        if self.finding.readings().is_empty() {
            return;
        }
        if self.judged_apart() {
            return;
        }
        let all: Vec<String> = self
            .finding
            .readings()
            .iter()
            .map(|r| phrases::reading(*r).get(lang).to_owned())
            .collect();
        Self::item(page, "读法", "readings", &all.join(page.pick("；", "; ")));
    }

    /// True if the law changed in the span and the verdicts differ: then each is shown with its own values.
    fn judged_apart(&self) -> bool {
        let readings = self.finding.readings();
        readings
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.verdict != b.verdict))
    }

    /// Each reading of the law with the comparisons that decide it.
    fn readings(&self, page: &mut Page) {
        let lang = page.look.lang;
        for reading in self.finding.readings() {
            let under = Finding {
                as_of: reading.day,
                verdict: reading.verdict,
                day_source: DaySource::Flag,
                ..self.finding.clone()
            };
            let evidence = self.run.engine.evidence(self.project, &under);
            let reasons = reasons::of(self.rule, &evidence, reading.verdict, None);
            Self::item(
                page,
                "读法",
                "reading",
                phrases::reading(*reading).get(lang),
            );
            let writer = Writer {
                finding: &under,
                evidence: &evidence,
                ..*self
            };
            if self.run.engine.in_force(self.rule, reading.day) {
                writer.comparisons(page, &reasons);
            }
        }
    }
}

/// A comparison with its values and how it came out.
pub(super) fn comparison(
    run: &Assessment<'_>,
    project: &Project,
    evidence: &Evidence,
    reason: &Reason<'_>,
    lang: Lang,
) -> String {
    let library = &run.engine.packs.library;
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
