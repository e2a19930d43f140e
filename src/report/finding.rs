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
use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::evidence::{Clause, Evidence};
use crate::judge::finding::{DaySource, Finding, Verdict};
use crate::judge::wording;
use crate::language::eval::{Cause, Lack, Subject};
use crate::model::field::Slot;
use crate::model::project::{FactRef, Origin, Project};
use crate::model::value::Tri;
use crate::model::waiver::Waiver;
use crate::rules::rule::{Basis, Cited, Rule};
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
        self.comparisons(page, reasons);
        self.missing(page);
        Self::item(
            page,
            "依据",
            "basis",
            basis(self.run, self.rule, self.finding).get(lang),
        );
        Self::item(page, "办法", "to do", self.rule.remedy.get(lang));
        self.time(page);
        for note in notes(self.run, self.rule, self.finding, self.project) {
            Self::item(page, "备注", "note", note.get(lang));
        }
        if let Some(waiver) = self.finding.waiver().and_then(|w| self.run.waivers.get(w)) {
            Self::item(page, "认定", "waiver", waiver_text(waiver).get(lang));
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
        let first = ranked.first().map_or(9, |(rank, ..)| *rank);
        for (rank, _, fact) in ranked {
            // The facts of the requirement, and of what made it apply only the first.
            if marks.len() >= MARKS
                || (rank > 1 && first <= 1 && marks.len() > 1)
                || (rank >= 8 && !marks.is_empty())
            {
                break;
            }
            let origin = self
                .project
                .find(&library.vocabulary, fact)
                .map(|f| &f.origin);
            if let Some(origin @ (Origin::Declared(_) | Origin::Replied(_))) = origin
                && let place = origin.place()
                && marks.iter().all(|m| m.place != place)
            {
                let note = wording::fact_label(library, self.project, fact)
                    .get(page.look.lang)
                    .to_owned();
                marks.push(Mark {
                    place,
                    note,
                });
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

    /// The value against the threshold, comparison by comparison, then the figures and formulas behind them.
    fn comparisons(&self, page: &mut Page, reasons: &[Reason<'_>]) {
        let library = &self.run.engine.packs.library;
        let lang = page.look.lang;
        let mut label = (page.pick("核对", "compared").to_owned(), true);
        let mut reads = Reads::new(library);
        let mut seen = BTreeSet::new();
        for (number, reason) in reasons.iter().enumerate() {
            reads.add(self.evidence, reason);
            let line = comparison(self.run, self.project, self.evidence, reason, lang);
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
            .filter_map(|(p, v)| Some(figure(self.run, *p, *v)?.get(lang).to_owned()))
            .collect();
        Self::item(
            page,
            "取值",
            "figures",
            &figures.join(page.pick("；", "; ")),
        );
        for (table, row) in &self.evidence.rows {
            if let Some(text) = row_text(self.run, *table, *row) {
                Self::item(page, "名录", "table", text.get(lang));
            }
        }
    }

    fn missing(&self, page: &mut Page) {
        let lang = page.look.lang;
        for line in lack_lines(self.run, self.project, self.finding.lacks(), lang) {
            Self::item(page, "缺少", "missing", &line);
        }
        for advice in department_advice(self.run, self.finding.lacks(), lang) {
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
        let reading = |r: &crate::judge::finding::Reading| {
            let verdict = r.verdict.label();
            Text::new(
                format!("按 {} 的规定：{}", r.day, verdict.zh),
                format!("under the law of {}: {}", r.day, verdict.en),
            )
        };
        let all: Vec<String> = self
            .finding
            .readings()
            .iter()
            .map(|r| reading(r).get(lang).to_owned())
            .collect();
        Self::item(page, "读法", "readings", &all.join(page.pick("；", "; ")));
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

/// A parameter version in words: value, source, confidence, period.
pub(super) fn figure(run: &Assessment<'_>, parameter: u16, version: usize) -> Option<Text> {
    let parameter = run
        .engine
        .packs
        .library
        .parameters
        .get(usize::from(parameter))?;
    let version = parameter.versions.get(version)?;
    let one = |lang: Lang| {
        let value = parameter.measure.show_interval(&version.value, lang);
        let confidence = version.confidence.label();
        let period = period(version.period, lang);
        match lang {
            Lang::Zh => format!(
                "{} {value}（{}，{}{period}）",
                parameter.label.zh, version.source, confidence.zh
            ),
            Lang::En => format!(
                "{} {value} ({}, {}{period})",
                parameter.label.en, version.source, confidence.en
            ),
        }
    };
    Some(Text::new(one(Lang::Zh), one(Lang::En)))
}

/// A period in words, with a comma before it; empty if it is open on both sides.
pub(super) fn period(period: crate::base::date::Period, lang: Lang) -> String {
    match (period.from, period.to, lang) {
        (None, None, _) => String::new(),
        (Some(from), None, Lang::Zh) => format!("，{from} 起"),
        (Some(from), None, Lang::En) => format!(", from {from}"),
        (None, Some(to), Lang::Zh) => format!("，至 {to}"),
        (None, Some(to), Lang::En) => format!(", until {to}"),
        (Some(from), Some(to), Lang::Zh) => format!("，{from} 至 {to}"),
        (Some(from), Some(to), Lang::En) => format!(", {from} to {to}"),
    }
}

/// A table row that answered, in words.
pub(super) fn row_text(run: &Assessment<'_>, table: u16, row: Option<usize>) -> Option<Text> {
    let table = run.engine.packs.library.tables.get(usize::from(table))?;
    let Some(row) = row else {
        return Some(Text::new(
            format!("「{}」没有对应的行，按表的默认结果", table.title.zh),
            format!("“{}”: no row matches; its default holds", table.title.en),
        ));
    };
    let row = table.rows.get(row)?;
    let source = if row.source.is_empty() {
        &table.source
    } else {
        &row.source
    };
    let confidence = row.confidence.label();
    let note = |note: &str, joint: &str| {
        if note.is_empty() {
            String::new()
        } else {
            format!("{joint}{note}")
        }
    };
    Some(Text::new(
        format!(
            "「{}」第 {} 行（{source}，{}{}）",
            table.title.zh,
            row.line,
            confidence.zh,
            note(&row.note.zh, "；")
        ),
        format!(
            "“{}” row {} ({source}, {}{})",
            table.title.en,
            row.line,
            confidence.en,
            note(&row.note.en, "; ")
        ),
    ))
}

/// The instruments and sections behind a finding: what carries it first, then the others in force.
pub(super) fn basis(run: &Assessment<'_>, rule: &Rule, finding: &Finding) -> Text {
    let packs = run.engine.packs;
    let carrying = run.engine.carrying(rule, finding.as_of);
    let in_force = |basis: &&Basis| match basis.cited {
        Cited::Instrument(index) => {
            let instrument = packs.library.instruments.get(usize::from(index));
            instrument.is_some_and(|i| i.period.contains(finding.as_of))
        }
        Cited::Section(_) => true,
    };
    let mut listed: Vec<&Basis> = carrying.into_iter().collect();
    listed.extend(rule.basis.iter().filter(|b| !b.carries).filter(in_force));
    if finding.verdict == Verdict::Pass
        && let Some(exception) = finding.exception().and_then(|e| rule.exceptions.get(e))
    {
        listed.extend(&exception.basis);
    }
    if listed.is_empty() {
        listed = rule.basis.iter().collect();
    }
    let all: Vec<Text> = listed.into_iter().map(|b| cited(run, b)).collect();
    let join = |pick: fn(&Text) -> &String, joint: &str| {
        all.iter()
            .map(|t| pick(t).as_str())
            .collect::<Vec<_>>()
            .join(joint)
    };
    Text::new(join(|t| &t.zh, "；"), join(|t| &t.en, "; "))
}

/// A basis with the rank of its instrument.
pub(super) fn cited(run: &Assessment<'_>, basis: &Basis) -> Text {
    let words = wording::basis(run.engine.packs, basis);
    let Cited::Instrument(index) = basis.cited else {
        return words;
    };
    let Some(instrument) = run.engine.packs.library.instruments.get(usize::from(index)) else {
        return words;
    };
    let level = instrument.level.label();
    let sure = instrument.confidence == crate::model::parameter::Confidence::Unverified;
    let (zh, en) = if sure {
        ("，未核实", ", unverified")
    } else {
        ("", "")
    };
    Text::new(
        format!("{}〔{}{zh}〕", words.zh, level.zh),
        format!("{} [{}{en}]", words.en, level.en),
    )
}

/// What is lacking, grouped by who supplies it and why: `申请人：甲、乙（未提供）`.
pub(super) fn lack_lines(
    run: &Assessment<'_>,
    project: &Project,
    lacks: &[Lack],
    lang: Lang,
) -> Vec<String> {
    let library = &run.engine.packs.library;
    let mut groups: Vec<((String, Cause), Vec<String>)> = Vec::new();
    for lack in lacks {
        let key = (
            wording::supplier(library, lack).get(lang).to_owned(),
            lack.cause,
        );
        let label = wording::lack_label(library, project, lack)
            .get(lang)
            .to_owned();
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, labels)) => labels.push(label),
            None => groups.push((key, vec![label])),
        }
    }
    let line = |((supplier, cause), labels): ((String, Cause), Vec<String>)| {
        let cause = wording::cause(cause);
        match lang {
            Lang::Zh => format!("{}（{}，由{supplier}提供）", labels.join("、"), cause.zh),
            Lang::En => format!("{} ({}; from {supplier})", labels.join(", "), cause.en),
        }
    };
    groups.into_iter().map(line).collect()
}

/// Advice on facts that departments hold, each once.
pub(super) fn department_advice(run: &Assessment<'_>, lacks: &[Lack], lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for lack in lacks {
        let Subject::Fact(fact) = lack.subject else {
            continue;
        };
        let advice = wording::ask_department(&run.engine.packs.library, fact.field);
        if let Some(advice) = advice.map(|a| a.get(lang).to_owned())
            && !all.contains(&advice)
        {
            all.push(advice);
        }
    }
    all
}

/// Remarks of a finding in words: ceilings, unverified figures, the plan's period.
pub(super) fn notes(
    run: &Assessment<'_>,
    rule: &Rule,
    finding: &Finding,
    project: &Project,
) -> Vec<Text> {
    let mut notes = Vec::new();
    let remarks = finding.remarks;
    if remarks.not_in_force {
        notes.push(text!(
            "适用时点上本条或其依据不在有效期内",
            "the rule or its basis is not in force on that day"
        ));
    }
    if remarks.either_way {
        notes.push(text!(
            "无论是否适用均符合",
            "it is met whether or not the rule applies"
        ));
    }
    if remarks.unverified {
        notes.push(text!(
            "所依据的数值或约束力尚未核实，最多提请认定",
            "it rests on an unverified figure or binding, so an authority must decide at most"
        ));
    }
    if remarks.after_period
        && let Some(head) = run.engine.packs.head(rule)
    {
        notes.push(head.period_notice.clone());
    }
    if remarks.not_configured {
        notes.push(text!(
            "本单位声明没有所需数据，列入未核查事项",
            "the office said that it does not have the data; listed as not assessed"
        ));
    }
    let open = matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined);
    if open && finding.verdict == Verdict::Fail && !remarks.after_period && !remarks.unverified {
        let full = Decision::of_fail(rule.kind);
        if finding.drives < full {
            let (full, most) = (full.label(), finding.drives.label());
            notes.push(Text::new(
                format!(
                    "所依据文件的效力有限，本条不作为“{}”的依据，最多“{}”",
                    full.zh, most.zh
                ),
                format!(
                    "the rank of its basis carries at most “{}”, not “{}”",
                    most.en, full.en
                ),
            ));
        }
    }
    if open
        && let DaySource::Span(field, ..) = finding.day_source
        && finding.readings().len() > 1
    {
        let label = run
            .engine
            .packs
            .library
            .vocabulary
            .field(field)
            .map(|f| f.label.clone())
            .unwrap_or_default();
        notes.push(Text::new(
            format!("期间规定有变化，补充{}后可以判定", label.zh),
            format!("the law changed in that span; {} would settle it", label.en),
        ));
    }
    for fact in claims(run, project, rule, finding) {
        notes.push(Text::new(
            format!("{}为申请人自报，未经主管部门确认", fact.zh),
            format!("{} is stated by the applicant and not confirmed", fact.en),
        ));
    }
    notes
}

/// The claims of the applicant that a fail rests on.
fn claims(run: &Assessment<'_>, project: &Project, rule: &Rule, finding: &Finding) -> Vec<Text> {
    if finding.verdict != Verdict::Fail {
        return Vec::new();
    }
    let library = &run.engine.packs.library;
    let claimed = |field: &&crate::model::field::FieldId| {
        project
            .find(&library.vocabulary, FactRef::project(**field))
            .is_some_and(|f| f.claim)
    };
    rule.reads
        .iter()
        .filter(claimed)
        .map(|f| wording::fact_label(library, project, FactRef::project(*f)))
        .collect()
}

/// A waiver in words: the rule is still not met.
pub(super) fn waiver_text(waiver: &Waiver) -> Text {
    let (office, document, reason) = (&waiver.office, &waiver.document, &waiver.reason);
    let (kind, issued, expires) = (&waiver.document_type, waiver.issued, waiver.expires);
    let level = waiver.level.label();
    Text::new(
        format!(
            "本条不符合；{office}（{}）{issued} 以{kind}{document}认定（有效期至 {expires}）：{reason} 未计入结论",
            level.zh
        ),
        format!(
            "the rule is not met; {office} ({} level) decided on {issued} by {document} (until {expires}): {reason} Not counted in the decision",
            level.en
        ),
    )
}
