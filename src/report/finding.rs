//! One finding that is not a pass, as text: the line that holds the deciding fact, the value against the
//! threshold, the basis, what to do, what is missing and who supplies it.
//!
//! It does not choose which findings are shown.

use super::Assessment;
use super::baseline::Standing;
use super::blocks::Target;
use super::compared::{Compared, Said};
use super::excerpt::{Excerpts, Mark};
use super::opinion::facts::Numbers;
use super::page::{Look, Page, Tone};
use super::reasons::{self, Reads, Reason};
use super::{phrases, site};
use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::evidence::{Clause, Evidence};
use crate::judge::finding::{DaySource, Finding, Reading, Verdict};
use crate::judge::wording;
use crate::language::eval::Subject;
use crate::model::field::Slot;
use crate::model::project::{FactRef, Origin, Project};
use crate::rules::rule::Rule;

/// What a finding says; its message is worded for a fail.
pub(super) fn message(evidence: &Evidence, verdict: Verdict) -> Text {
    let Text { zh, en } = &evidence.message;
    match verdict {
        Verdict::Undetermined => Text::new(
            format!("尚不能判定是否属于以下情形：{zh}"),
            format!("not known yet whether: {en}"),
        ),
        _ => evidence.message.clone(),
    }
}

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
/// The columns of a line that is not wrapped.
const UNWRAPPED: usize = 1 << 16;

/// How a reader gets from a number to where it was read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origins<'a> {
    /// The lines of the submission, underlined.
    Excerpts(&'a Excerpts<'a>),
    /// The numbers of the list of facts.
    Numbers(&'a Numbers<'a>),
    /// Not by what is written: whoever asks shows the places.
    Elsewhere,
}

impl Origins<'_> {
    /// Where the numbers of a sentence come from, for documents in which that can be followed.
    fn targets(self, said: &Said) -> Vec<Target> {
        match self {
            Self::Excerpts(_) | Self::Elsewhere => Vec::new(),
            Self::Numbers(numbers) => numbers.targets(said),
        }
    }
}

/// Writes a finding in full.
pub(super) fn write(
    page: &mut Page,
    run: &Assessment<'_>,
    origins: Origins<'_>,
    (project, finding): (&Project, &Finding),
    standing: Option<Standing>,
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
        origins,
    };
    let (sign, tone) = mark(finding.verdict);
    let label = verdict_label(finding);
    let waived = if finding.waiver().is_some() {
        page.pick("（已有人工认定）", " (waived)")
    } else {
        ""
    };
    let standing = standing.map_or_else(Text::default, |standing| {
        let label = phrases::standing(standing);
        Text::new(format!("〔{}〕", label.zh), format!(" [{}]", label.en))
    });
    let head = format!("{sign} {}{waived}{}", page.of(&label), page.of(&standing));
    let rest = match page.look.lang {
        Lang::Zh => format!("：{}  {}", rule.title.zh, rule.id),
        Lang::En => format!(": {}  {}", rule.title.en, rule.id),
    };
    page.lead(2, tone, &head, &rest);
    if let Origins::Excerpts(excerpts) = origins {
        writer.excerpt(page, excerpts, tone, &reasons);
    }
    writer.body(page, &reasons);
}

/// True if the law changed in the span and the verdicts differ: then each is shown with its own values.
pub(super) fn judged_apart(finding: &Finding) -> bool {
    finding
        .readings()
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.verdict != b.verdict))
}

/// A finding as it would be under one version of the law.
pub(super) fn under(finding: &Finding, reading: Reading) -> Finding {
    Finding {
        as_of: reading.day,
        verdict: reading.verdict,
        day_source: DaySource::Flag,
        ..finding.clone()
    }
}

/// What is said of a finding, for formats with a layout of their own.
pub(super) struct Told {
    /// Where the deciding facts stand, the most telling first.
    pub marks: Vec<Mark>,
    /// What the text report says below the title, a line for each item.
    pub body: String,
}

/// What the text report says of a finding that is not in order, unwrapped.
pub(super) fn told(
    run: &Assessment<'_>,
    project: &Project,
    finding: &Finding,
    lang: Lang,
) -> Option<Told> {
    let rule = run.engine.packs.rules.get(usize::from(finding.rule))?;
    let evidence = run.engine.evidence(project, finding);
    let reasons = reasons::of(rule, &evidence, finding.verdict, finding.exception());
    let writer = Writer {
        run,
        project,
        rule,
        finding,
        evidence: &evidence,
        origins: Origins::Elsewhere,
    };
    let mut page = Page::new(Look {
        lang,
        width: UNWRAPPED,
        colour: false,
    });
    writer.body(&mut page, &reasons);
    let lines = page.out.lines().map(str::trim_start);
    Some(Told {
        marks: writer.marks(lang, &reasons),
        body: lines.collect::<Vec<_>>().join("\n"),
    })
}

struct Writer<'a, 'r> {
    run: &'a Assessment<'r>,
    project: &'a Project,
    rule: &'a Rule,
    finding: &'a Finding,
    evidence: &'a Evidence,
    origins: Origins<'a>,
}

impl Writer<'_, '_> {
    /// The lines that hold the deciding facts.
    fn excerpt(
        &self,
        page: &mut Page,
        excerpts: &Excerpts<'_>,
        tone: Tone,
        reasons: &[Reason<'_>],
    ) {
        let mut look = page.look;
        look.width = look.width.saturating_sub(2);
        let drawn = excerpts.draw(look, tone, &self.marks(look.lang, reasons));
        for line in drawn.lines() {
            page.raw(&format!("  {line}\n"));
        }
    }

    fn item(page: &mut Page, zh: &str, en: &str, text: &str) {
        if !text.is_empty() {
            let label = page.pick(zh, en).to_owned();
            page.item(4, &label, text);
        }
    }

    fn body(&self, page: &mut Page, reasons: &[Reason<'_>]) {
        let lang = page.look.lang;
        let message = message(self.evidence, self.finding.verdict)
            .get(lang)
            .to_owned();
        let label = page.pick("说明", "message").to_owned();
        let said = Said::message(self.run, self.rule, self.evidence, message);
        page.item_from(4, &label, &said.text, self.origins.targets(&said));
        if judged_apart(self.finding) {
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
    fn marks(&self, lang: Lang, reasons: &[Reason<'_>]) -> Vec<Mark> {
        if self.finding.verdict != Verdict::Fail {
            let marks = self.lacking(lang);
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
                let note = field.map_or("", |f| f.label.get(lang)).to_owned();
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
    fn lacking(&self, lang: Lang) -> Vec<Mark> {
        let library = &self.run.engine.packs.library;
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
            let note = format!(
                "{}{}",
                lang.pick("缺少", "missing: "),
                labels.join(lang.pick("、", ", "))
            );
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
        let compared = Compared::of(
            self.run,
            self.project,
            self.evidence,
            reasons,
            page.look.lang,
        );
        let said = |page: &mut Page, zh: &str, en: &str, all: &[Said]| {
            for (number, said) in all.iter().enumerate() {
                let label = if number == 0 { page.pick(zh, en) } else { "" };
                let label = label.to_owned();
                page.item_from(4, &label, &said.text, self.origins.targets(said));
            }
        };
        said(page, "核对", "compared", &compared.lines);
        for formula in &compared.formulas {
            said(page, "算式", "formula", std::slice::from_ref(formula));
        }
        if page.makes_blocks() {
            said(page, "取值", "figures", &compared.figures);
        } else {
            let figures: Vec<&str> = compared.figures.iter().map(|f| f.text.as_str()).collect();
            Self::item(
                page,
                "取值",
                "figures",
                &figures.join(page.pick("；", "; ")),
            );
        }
        for row in &compared.rows {
            Self::item(page, "名录", "table", row);
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
        if judged_apart(self.finding) {
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

    /// Each reading of the law with the comparisons that decide it.
    fn readings(&self, page: &mut Page) {
        let lang = page.look.lang;
        for reading in self.finding.readings() {
            let under = under(self.finding, *reading);
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
