//! 逐条对照表: one row for each rule that applies, what is not met first.
//!
//! It does not choose findings; every one it is given has a row.

use super::Opinion;
use super::demands::Kind;
use super::facts;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::evidence::Evidence;
use crate::judge::finding::{Finding, Verdict};
use crate::judge::wording;
use crate::model::project::FactRef;
use crate::report::blocks::{Cell, Grid, Size, Target};
use crate::report::compared::{Compared, Said};
use crate::report::page::Tone;
use crate::report::words::Words;
use crate::report::{finding, phrases, reasons};
use crate::rules::rule::Rule;
use crate::text;

/// A finding in the words of the table.
pub(in crate::report) struct Row {
    /// The rule.
    pub title: String,
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// The instruments and articles.
    pub basis: Vec<String>,
    /// What the rule asks, with the figures of the day.
    pub asked: String,
    /// Those figures: value, source, confidence.
    pub figures: Vec<String>,
    /// The facts, with their values; what is lacking, with who supplies it.
    pub facts: Vec<String>,
    /// The comparisons with their values, formulas and table rows.
    pub sums: Vec<String>,
    /// The verdict.
    pub verdict: String,
    /// What it drives, waivers considered; empty if nothing.
    pub drives: String,
    /// Remarks, waivers, exceptions.
    pub notes: Vec<String>,
    /// What it says.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// The day of the law.
    pub day: String,
    /// Who supplies what is lacking.
    pub lacks: Vec<String>,
    /// Where its numbers come from.
    pub targets: Vec<Target>,
    /// The facts themselves.
    pub read: Vec<FactRef>,
    /// How it stands out.
    pub tone: Tone,
}

impl Opinion<'_, '_> {
    /// A finding in words.
    pub(in crate::report) fn row(&self, finding: &Finding) -> Option<Row> {
        let (run, project, lang) = (self.run, self.project, self.lang);
        let rule = run.engine.packs.rules.get(usize::from(finding.rule))?;
        let evidence = run.engine.evidence(project, finding);
        let compared = self.compared(rule, finding, &evidence);
        let lacks = phrases::lack_lines(run, project, finding.lacks(), lang);
        let mut facts = self.fact_words(&compared.facts);
        facts.extend(lacks.iter().map(|lack| match lang {
            Lang::Zh => format!("缺：{lack}"),
            Lang::En => format!("missing: {lack}"),
        }));
        let lines = compared.lines.iter().chain(&compared.formulas);
        let mut sums: Vec<String> = lines.map(|said| said.text.clone()).collect();
        sums.extend(compared.rows.iter().cloned());
        let mut all = Said::default();
        for said in compared.lines.iter().chain(&compared.formulas) {
            all.facts.extend(&said.facts);
            all.figures.extend(&said.figures);
        }
        all.figures.sort_unstable();
        all.figures.dedup();
        let drives = match (finding.verdict, finding.effective()) {
            (_, Decision::Clear) => String::new(),
            (Verdict::Fail | Verdict::Undetermined, decision) => {
                decision.label().get(lang).to_owned()
            }
            _ => String::new(),
        };
        let (_, tone) = finding::mark(finding.verdict);
        let library = &run.engine.packs.library;
        let day = wording::day_source(library, finding.day_source, finding.as_of);
        Some(Row {
            title: rule.title.get(lang).to_owned(),
            id: rule.id.clone(),
            kind: rule.kind.label().get(lang).to_owned(),
            basis: phrases::bases(run, rule, finding)
                .iter()
                .map(|b| b.get(lang).to_owned())
                .collect(),
            asked: Words::new(library, &rule.require, lang)
                .as_of(finding.as_of)
                .program(),
            figures: compared.figures.iter().map(|f| f.text.clone()).collect(),
            facts,
            sums,
            verdict: finding::verdict_label(finding).get(lang).to_owned(),
            drives,
            notes: self.notes(rule, finding),
            message: self.with_short_name(finding::message(&evidence, finding.verdict).get(lang)),
            remedy: rule.remedy.get(lang).to_owned(),
            day: day.get(lang).to_owned(),
            lacks,
            targets: self.numbers.targets(&all),
            read: all.facts,
            tone,
        })
    }

    /// What decided a finding; where the law changed and the verdicts differ, under each version of it.
    fn compared(&self, rule: &Rule, finding: &Finding, evidence: &Evidence) -> Compared {
        let (run, project, lang) = (self.run, self.project, self.lang);
        let one = |finding: &Finding, evidence: &Evidence| {
            let reasons = reasons::of(rule, evidence, finding.verdict, finding.exception());
            Compared::of(run, project, evidence, &reasons, lang)
        };
        if !finding::judged_apart(finding) {
            return one(finding, evidence);
        }
        let mut all = Compared::default();
        for reading in finding.readings() {
            all.lines.push(Said {
                text: phrases::reading(*reading).get(lang).to_owned(),
                ..Said::default()
            });
            let under = finding::under(finding, *reading);
            if run.engine.in_force(rule, reading.day) {
                let compared = one(&under, &run.engine.evidence(project, &under));
                all.lines.extend(compared.lines);
                all.formulas.extend(compared.formulas);
                all.figures.extend(compared.figures);
                all.rows.extend(compared.rows);
                all.facts.extend(compared.facts);
            }
        }
        all
    }

    /// Facts with their values, each once.
    pub(in crate::report) fn fact_words(&self, facts: &[FactRef]) -> Vec<String> {
        let library = &self.run.engine.packs.library;
        let mut all: Vec<String> = Vec::new();
        for fact in facts {
            let Some(value) = wording::fact_value(library, self.project, *fact) else {
                continue;
            };
            let label = wording::fact_label(library, self.project, *fact);
            let value = facts::or_empty(value.get(self.lang), self.lang);
            let value = facts::beside(library, *fact, value);
            let words = format!("{} {value}", label.get(self.lang));
            if !all.contains(&words) {
                all.push(words);
            }
        }
        all
    }

    /// What stands beside a verdict: waivers, exceptions, readings of the law, remarks.
    fn notes(&self, rule: &Rule, finding: &Finding) -> Vec<String> {
        let (run, lang) = (self.run, self.lang);
        let mut notes: Vec<Text> = Vec::new();
        if let Some(waiver) = finding.waiver().and_then(|w| run.waivers.get(w)) {
            notes.push(phrases::waiver_text(waiver, finding.verdict));
        }
        if let Some(exception) = finding.exception().and_then(|e| rule.exceptions.get(e)) {
            let Text { zh, en } = &exception.label;
            notes.push(Text::new(
                format!("按例外符合：{zh}"),
                format!("by the exception: {en}"),
            ));
        }
        if !finding::judged_apart(finding) {
            notes.extend(finding.readings().iter().map(|r| phrases::reading(*r)));
        }
        notes.extend(phrases::notes(run, rule, finding, self.project));
        notes.iter().map(|n| n.get(lang).to_owned()).collect()
    }

    /// The table of some findings, numbered from a number on.
    pub(super) fn comparison(&self, findings: &[&Finding]) -> Grid {
        let lang = self.lang;
        let mut grid = Grid {
            size: Size::Wide,
            ..Grid::with(&[
                (lang.pick("序号", "no."), 3),
                (lang.pick("事项", "matter"), 12),
                (lang.pick("依据", "basis"), 16),
                (lang.pick("要求", "asked"), 16),
                (lang.pick("申报值、实测值", "stated or measured"), 15),
                (lang.pick("计算", "compared"), 19),
                (lang.pick("结论", "verdict"), 12),
                (lang.pick("事实序号", "facts"), 5),
            ])
        };
        let bar = lang.pick("｜", " | ");
        for (at, row) in findings.iter().filter_map(|f| self.row(f)).enumerate() {
            let asked = std::iter::once(self.short(&row.asked, &row.id)).chain(row.figures);
            let mut verdict = vec![row.verdict];
            if !row.drives.is_empty() {
                verdict.push(row.drives);
            }
            verdict.extend(row.notes);
            if !matches!(row.tone, Tone::Good) {
                verdict.push(match lang {
                    Lang::Zh => format!("适用时点 {}", row.day),
                    Lang::En => format!("as of {}", row.day),
                });
            }
            grid.rows.push(vec![
                Cell::new(&(at + 1).to_string()),
                Cell::lines([row.title, format!("{}{bar}{}", row.kind, row.id)]),
                Cell::lines(row.basis),
                Cell::lines(asked),
                Cell::lines(row.facts),
                Cell::lines(row.sums),
                Cell::lines(verdict).toned(row.tone),
                Cell::default().from(row.targets),
            ]);
        }
        grid
    }

    /// A condition that fills a page tells nobody anything: its whole text stands in the manual.
    fn short(&self, asked: &str, rule: &str) -> String {
        if asked.chars().count() <= ASKED {
            return asked.to_owned();
        }
        let kept: String = asked.chars().take(ASKED).collect();
        match self.lang {
            Lang::Zh => format!("{kept}……（全文见 hegui explain {rule}）"),
            Lang::En => format!("{kept}… (in full: hegui explain {rule})"),
        }
    }

    /// 补正、修改清单.
    pub(in crate::report) fn demand_grid(&self) -> Grid {
        let lang = self.lang;
        let mut grid = Grid {
            size: Size::Small,
            ..Grid::with(&[
                (lang.pick("序号", "no."), 3),
                (lang.pick("由谁办", "by whom"), 8),
                (lang.pick("事项", "matter"), 14),
                (lang.pick("存在问题", "problem"), 18),
                (lang.pick("要求", "what to do"), 18),
                (lang.pick("依据", "basis"), 18),
            ])
        };
        for (at, demand) in self.demands().iter().enumerate() {
            let kind = match demand.kind {
                Kind::Fact => demand.decision.label(),
                kind => kind.label(),
            };
            grid.rows.push(vec![
                Cell::new(&(at + 1).to_string()),
                Cell::lines([demand.who.label().get(lang), kind.get(lang)].map(str::to_owned)),
                Cell::new(demand.what.get(lang)),
                Cell::new(demand.problem.get(lang)),
                Cell::new(demand.ask.get(lang)),
                Cell::lines(bases(&demand.basis, lang)),
            ]);
        }
        grid
    }
}

/// Characters of a condition in the table.
const ASKED: usize = 140;

/// Bases named beside one demand; a fact may be needed by very many rules.
const BASES: usize = 3;

/// The bases of a demand, and how many more there are.
pub(super) fn bases(all: &[Text], lang: Lang) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().map(|b| b.get(lang).to_owned()).collect();
    if lines.len() > BASES {
        let more = text!("等共 {} 项", "{} in all", lines.len());
        lines.truncate(BASES);
        lines.push(more.get(lang).to_owned());
    }
    lines
}
