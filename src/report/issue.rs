//! A finding as tools list it: one title, one text, one place, one fingerprint, and whether the run fails for it.
//!
//! SARIF, `JUnit`, GitHub and GitLab are written from it, so that they agree. It leaves nothing out; what a format can
//! hold is for the format to say.

use std::collections::BTreeMap;

use super::Assessment;
use super::baseline::{self, Standing};
use super::excerpt::{Excerpts, Spot};
use super::finding::{self, verdict_label};
use super::layout::{clean, cut};
use super::phrases;
use crate::base::hash::{hex, sha256};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::finding::{Finding, Verdict};
use crate::model::project::Project;
use crate::rules::rule::Rule;
use crate::text;

/// Columns of a title or a name: what is longer is cut, and the JSON report has it whole.
const TITLE: usize = 160;

/// The findings of a run, one after another.
pub(super) struct Issues<'a, 'r> {
    pub run: &'a Assessment<'r>,
    pub lang: Lang,
    excerpts: Excerpts<'a>,
    /// How many projects before each have its id: ids of a run may repeat, fingerprints may not.
    repeats: Vec<usize>,
}

/// A finding.
pub(super) struct Issue<'a> {
    pub project: &'a Project,
    pub rule: &'a Rule,
    pub finding: &'a Finding,
    /// How it stands against an earlier report.
    pub standing: Option<Standing>,
    /// The clause that carries it.
    pub clause: String,
    lang: Lang,
    gate: Decision,
    repeat: usize,
}

/// Where and what of a finding.
pub(super) struct Details<'a> {
    /// Where the deciding facts stand, the most telling first, each with a note; at least one.
    pub spots: Vec<(Spot<'a>, String)>,
    /// The title, then a line for each item of the text report.
    pub text: String,
}

impl<'a, 'r> Issues<'a, 'r> {
    pub(super) fn new(run: &'a Assessment<'r>, lang: Lang) -> Self {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let repeat = |project: &'a Project| {
            let count = seen.entry(&project.id).or_default();
            *count += 1;
            *count - 1
        };
        Self {
            run,
            lang,
            excerpts: Excerpts::new(run.sources),
            repeats: run.projects.iter().map(repeat).collect(),
        }
    }

    /// The findings of a project, in the order of the rules.
    pub(super) fn of(&self, index: usize) -> impl Iterator<Item = Issue<'a>> {
        let run = self.run;
        let lang = self.lang;
        let repeat = self.repeats.get(index).copied().unwrap_or(0);
        let project = run.projects.get(index).zip(run.judged.get(index));
        project.into_iter().flat_map(move |(project, judged)| {
            let findings = judged.findings.iter().enumerate();
            findings.filter_map(move |(number, finding)| {
                let rule = run.engine.packs.rules.get(usize::from(finding.rule))?;
                Some(Issue {
                    project,
                    rule,
                    finding,
                    standing: run.baseline.and_then(|b| b.standing(index, number)),
                    clause: baseline::clause(run.engine, rule, finding.as_of),
                    lang,
                    gate: run.gate,
                    repeat,
                })
            })
        })
    }

    /// True if a project's decision alone, not a finding, makes the run fail.
    pub(super) fn fails_unassessed(&self, index: usize) -> bool {
        let Some(judged) = self.run.judged.get(index) else {
            return false;
        };
        let growth = self.run.baseline.map(|b| b.growth(index, judged));
        let decision = growth.unwrap_or(judged.decision);
        decision == Decision::Unassessed && decision.rank() >= self.run.gate.rank()
    }

    /// Everything that is said of a finding that is not in order.
    pub(super) fn details(&self, issue: &Issue<'a>) -> Details<'a> {
        let told = finding::told(self.run, issue.project, issue.finding, self.lang);
        let (marks, body) = told.map_or_else(Default::default, |t| (t.marks, t.body));
        let mut spots: Vec<(Spot<'a>, String)> = marks
            .into_iter()
            .filter_map(|mark| Some((self.spot(mark.place)?, self.noted(mark.place, &mark.note))))
            .collect();
        if spots.is_empty() {
            spots.extend(self.home(issue.project));
        }
        Details {
            spots,
            text: format!("{}\n{body}", issue.heading()),
        }
    }

    /// Where a project stands.
    pub(super) fn home(&self, project: &'a Project) -> Option<(Spot<'a>, String)> {
        Some((self.spot(project.place)?, String::new()))
    }

    /// What a place covers.
    pub(super) fn spot(&self, place: Place) -> Option<Spot<'a>> {
        self.excerpts.spot(place)
    }

    /// A note on a place; a cell is named, since a line and a column do not show it.
    fn noted(&self, place: Place, note: &str) -> String {
        match self.run.sources.cell_name(place) {
            Some(cell) if note.is_empty() => clean(&cell),
            Some(cell) => clean(&format!("{cell} {note}")),
            None => clean(note),
        }
    }

    /// The message and advice of a problem.
    pub(super) fn problem(&self, problem: &Problem) -> String {
        let message = self.noted(problem.place(), problem.message.get(self.lang));
        match &problem.help {
            Some(help) => format!("{message}\n{}", clean(help.get(self.lang))),
            None => message,
        }
    }
}

impl Issue<'_> {
    /// True if the run fails for it: it drives at least the gate, no waiver answers it, and it is not known from an
    /// earlier report.
    pub(super) fn fails(&self) -> bool {
        let effective = self.finding.effective();
        effective != Decision::Clear
            && effective.rank() >= self.gate.rank()
            && self.standing.is_none_or(Standing::is_growth)
    }

    /// True if nothing is to be said of it but that it is in order or does not apply.
    pub(super) fn is_in_order(&self) -> bool {
        matches!(self.finding.verdict, Verdict::Pass | Verdict::NotApplicable)
    }

    /// What came of it: `不符合本条（建议不予支持）`.
    pub(super) fn outcome(&self) -> String {
        let verdict = verdict_label(self.finding);
        let finding = self.finding;
        let more = if finding.waiver().is_some() {
            text!("已有人工认定，未计入结论", "waived, not counted")
        } else if finding.drives == Decision::Clear {
            return verdict.get(self.lang).to_owned();
        } else {
            finding.drives.label()
        };
        let standing = self.standing.filter(|_| finding.drives != Decision::Clear);
        let standing = standing.map_or_else(Text::default, |standing| {
            let label = phrases::standing(standing);
            Text::new(format!("，{}", label.zh), format!(", {}", label.en))
        });
        Text::new(
            format!("{}（{}{}）", verdict.zh, more.zh, standing.zh),
            format!("{} ({}{})", verdict.en, more.en, standing.en),
        )
        .get(self.lang)
        .to_owned()
    }

    /// The rule in words.
    pub(super) fn title(&self) -> String {
        one_line(self.rule.title.get(self.lang))
    }

    /// The project, the rule and what came of it.
    pub(super) fn heading(&self) -> String {
        let (name, title, outcome) = (project_name(self.project), self.title(), self.outcome());
        match self.lang {
            Lang::Zh => format!("{name}：{title}——{outcome}"),
            Lang::En => format!("{name}: {title} — {outcome}"),
        }
    }

    /// What it is recognised by: the project, the rule and the clause, never a place or a value.
    pub(super) fn fingerprint(&self) -> String {
        let repeat = self.repeat.to_string();
        fingerprint(&[&self.project.id, &self.rule.id, &self.clause, &repeat])
    }
}

/// The digits of what something is recognised by.
pub(super) fn fingerprint(parts: &[&str]) -> String {
    // A part may hold any character but this one.
    let hash = sha256(parts.join("\0").as_bytes());
    hex(hash.get(..16).unwrap_or(&hash))
}

/// A project in a title: its name and its id.
pub(super) fn project_name(project: &Project) -> String {
    let id = one_line(&project.id);
    if project.name.is_empty() || project.name == project.id {
        return id;
    }
    format!("{} [{id}]", one_line(&project.name))
}

/// A text on one line, without what would steer a reader's screen, cut to the length of a title.
pub(super) fn one_line(text: &str) -> String {
    cut(&clean(text).replace('\n', " "), TITLE)
}
