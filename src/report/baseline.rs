//! An earlier JSON report, and how this run differs from it: what is new, graver, known and gone.
//!
//! A finding is known by its project, its rule and the clause that carries it, never by its place. It judges nothing:
//! the run's findings stand as they are.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::base::date::Date;
use crate::base::text::Text;
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::judge::finding::Judged;
use crate::model::project::Project;
use crate::rules::rule::{Cited, Rule};
use crate::text;

/// How a finding stands against the earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The earlier report does not have it.
    New,
    /// It drives more than it did.
    Graver,
    /// It drives what it did.
    Known,
    /// It drives less than it did.
    Lighter,
}

impl Standing {
    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Graver => "graver",
            Self::Known => "known",
            Self::Lighter => "lighter",
        }
    }

    /// True for what the gate looks at.
    pub fn is_growth(self) -> bool {
        matches!(self, Self::New | Self::Graver)
    }
}

/// What the earlier report asked for and this run does not ask for any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// The project.
    pub project: String,
    /// The rule.
    pub rule: String,
    /// What it drove.
    pub drove: Decision,
}

/// How a run differs from an earlier report. Counted is what drives anything, waivers considered.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The projects of the run, in order.
    projects: Vec<Compared>,
    /// Findings that the earlier report does not have.
    pub new: usize,
    /// Findings that drive more than they did.
    pub graver: usize,
    /// Findings that drive what they did, or less.
    pub known: usize,
    /// Findings that drive nothing any more.
    pub gone: Vec<Gone>,
    /// Findings of projects that were not read in this run.
    pub not_read: usize,
}

#[derive(Clone, Debug)]
struct Compared {
    standings: Vec<Standing>,
    was_unassessed: bool,
}

impl Comparison {
    /// How a finding of a project stands.
    pub fn standing(&self, project: usize, finding: usize) -> Option<Standing> {
        self.projects.get(project)?.standings.get(finding).copied()
    }

    /// What a project's growth alone would come to.
    pub fn growth(&self, project: usize, judged: &Judged) -> Decision {
        let Some(compared) = self.projects.get(project) else {
            return judged.decision;
        };
        if judged.decision == Decision::Unassessed && !compared.was_unassessed {
            return Decision::Unassessed;
        }
        let grown = judged
            .findings
            .iter()
            .zip(&compared.standings)
            .filter(|(_, standing)| standing.is_growth())
            .map(|(finding, _)| finding.effective());
        grown.max().unwrap_or(Decision::Clear)
    }
}

/// An earlier JSON report.
#[derive(Debug)]
pub struct Baseline(Document);

#[derive(Debug, Deserialize)]
struct Document {
    version: String,
    /// What the findings of each rule cite; none in `v1`, where every finding says so itself.
    #[serde(default)]
    rules: Vec<Cites>,
    projects: Vec<Before>,
}

#[derive(Debug, Deserialize)]
struct Cites {
    id: String,
    basis: Vec<Carrier>,
}

#[derive(Debug, Deserialize)]
struct Before {
    id: Option<String>,
    decision: Id,
    findings: Vec<Found>,
}

#[derive(Debug, Deserialize)]
struct Id {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Found {
    rule: String,
    effective: String,
    /// In `v1`.
    #[serde(default)]
    basis: Vec<Carrier>,
    /// Which basis of its rule carries it.
    #[serde(default)]
    carries: Option<usize>,
}

#[derive(Debug, Deserialize)]
struct Carrier {
    instrument: Option<String>,
    section: Option<String>,
    clause: Option<String>,
    article: String,
    /// In `v1`.
    #[serde(default)]
    carries: bool,
}

impl Baseline {
    /// Reads a JSON report.
    pub fn read(text: &str) -> Result<Self, Text> {
        let document: Document = serde_json::from_str(text).map_err(|error| {
            text!(
                "不是 hegui check --format json 的输出（{error}）",
                "it is not the output of hegui check --format json ({error})"
            )
        })?;
        if super::told::VERSIONS.contains(&document.version.as_str()) {
            Ok(Self(document))
        } else {
            let version = document.version;
            Err(text!(
                "不认识 `{version}` 版的报告",
                "a report of version `{version}` is not known"
            ))
        }
    }

    /// How a run's findings stand against this report.
    pub fn compare(
        &self,
        engine: &Engine<'_>,
        projects: &[Project],
        judged: &[Judged],
    ) -> Comparison {
        let (mut before, unassessed) = self.findings(engine);
        let mut comparison = Comparison::default();
        for (project, judged) in projects.iter().zip(judged) {
            let mut standings = Vec::with_capacity(judged.findings.len());
            for finding in &judged.findings {
                let now = finding.effective();
                let rule = engine.packs.rules.get(usize::from(finding.rule));
                let earlier = rule.and_then(|rule| {
                    let key = Key {
                        project: &project.id,
                        rule: &rule.id,
                        clause: clause(engine, rule, finding.as_of),
                    };
                    before.get_mut(&key)?.pop()
                });
                let standing =
                    earlier.map_or(Standing::New, |then| match now.rank().cmp(&then.rank()) {
                        Ordering::Less => Standing::Lighter,
                        Ordering::Equal => Standing::Known,
                        Ordering::Greater => Standing::Graver,
                    });
                if now != Decision::Clear {
                    match standing {
                        Standing::New => comparison.new += 1,
                        Standing::Graver => comparison.graver += 1,
                        Standing::Known | Standing::Lighter => comparison.known += 1,
                    }
                } else if let (Some(then), Some(rule)) = (earlier, rule) {
                    comparison.drop(&project.id, &rule.id, then);
                }
                standings.push(standing);
            }
            comparison.projects.push(Compared {
                standings,
                was_unassessed: unassessed.contains(project.id.as_str()),
            });
        }
        let read: BTreeSet<&str> = projects.iter().map(|p| p.id.as_str()).collect();
        for (key, left) in before {
            for then in left {
                if read.contains(key.project) {
                    comparison.drop(key.project, key.rule, then);
                } else if then != Decision::Clear {
                    comparison.not_read += 1;
                }
            }
        }
        comparison.gone.sort();
        comparison
    }

    /// What each finding drove, by what it is known by; and the projects that were not assessed.
    fn findings<'a>(
        &'a self,
        engine: &'a Engine<'_>,
    ) -> (BTreeMap<Key<'a>, Vec<Decision>>, BTreeSet<&'a str>) {
        let rules = engine.packs.rules.iter();
        let renamed: BTreeMap<&str, &str> = rules
            .flat_map(|rule| rule.formerly.iter().map(|old| (&**old, &*rule.id)))
            .collect();
        let mut before: BTreeMap<Key<'_>, Vec<Decision>> = BTreeMap::new();
        let mut unassessed = BTreeSet::new();
        let cites = self.0.rules.iter().map(|rule| (&*rule.id, &*rule.basis));
        let cites: BTreeMap<&str, &[Carrier]> = cites.collect();
        for project in &self.0.projects {
            let Some(id) = &project.id else { continue };
            if project.decision.id == Decision::Unassessed.id() {
                unassessed.insert(id.as_str());
            }
            for found in &project.findings {
                let now = renamed.get(found.rule.as_str()).copied();
                let key = Key {
                    project: id,
                    rule: now.unwrap_or(&found.rule),
                    clause: found.clause(&cites),
                };
                let drove = Decision::named(&found.effective).unwrap_or(Decision::Clear);
                before.entry(key).or_default().push(drove);
            }
        }
        // Several findings under one key, as of two projects with one id, answer each other in order.
        for all in before.values_mut() {
            all.reverse();
        }
        (before, unassessed)
    }
}

impl Comparison {
    fn drop(&mut self, project: &str, rule: &str, drove: Decision) {
        if drove != Decision::Clear {
            self.gone.push(Gone {
                project: project.to_owned(),
                rule: rule.to_owned(),
                drove,
            });
        }
    }
}

/// What a finding is known by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    project: &'a str,
    rule: &'a str,
    clause: String,
}

impl Found {
    fn clause(&self, cites: &BTreeMap<&str, &[Carrier]>) -> String {
        let own = self.basis.iter().find(|basis| basis.carries);
        let of_rule = || cites.get(&*self.rule)?.get(self.carries?);
        let carrier = own.or_else(of_rule);
        carrier.map_or_else(String::new, |basis| {
            let cited = [&basis.instrument, &basis.clause, &basis.section];
            let cited = cited.into_iter().flatten().next();
            joined(cited.map_or("", String::as_str), &basis.article)
        })
    }
}

/// The id of the clause that carries a rule on a day; empty if none does.
pub(super) fn clause(engine: &Engine<'_>, rule: &Rule, day: Date) -> String {
    let packs = engine.packs;
    let Some(basis) = engine.carrying(rule, day) else {
        return String::new();
    };
    let cited = match basis.cited {
        Cited::Instrument(index) => {
            let instrument = packs.library.instruments.get(usize::from(index));
            instrument.map(|instrument| instrument.id.as_str())
        }
        Cited::Section(index) => {
            let clause = basis.clause.and_then(|clause| packs.clauses.get(clause));
            let section = || packs.sections.get(index).map(|(_, s)| s.number.as_str());
            clause.map(|clause| clause.id.as_str()).or_else(section)
        }
    };
    joined(cited.unwrap_or(""), &basis.article)
}

fn joined(cited: &str, article: &str) -> String {
    format!("{cited} {article}").trim_end().to_owned()
}
