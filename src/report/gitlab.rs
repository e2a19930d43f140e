//! The code quality report of GitLab: what is open, each with the line of its deciding fact and a fingerprint.
//!
//! The format lists degradations and has no word for what is in order, so passes and rules that do not apply are not
//! in it; what is waived or due later is, as `info`. Totals of many projects stand at the project that breaks them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::excerpt::Spot;
use super::issue::{Issues, fingerprint};
use super::page::Look;
use super::{Assessment, Entry, portfolio};
use crate::base::problem::Severity;
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;

/// What every report that is not empty begins with.
pub(super) const BEGINNING: &str = "[\n  {\n    \"description\": \"";

#[derive(Serialize)]
struct Degradation<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// Writes the report.
pub(super) fn write(run: &Assessment<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let list = List {
        run,
        issues: Issues::new(run, look.lang),
        seen: RefCell::default(),
    };
    serde_json::to_writer_pretty(&mut *out, &list)?;
    out.write_all(b"\n")
}

struct List<'a, 'r> {
    run: &'a Assessment<'r>,
    issues: Issues<'a, 'r>,
    /// Problems that say the same: GitLab shows one of several with one fingerprint.
    seen: RefCell<BTreeMap<String, usize>>,
}

impl Serialize for List<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = self.run.entries.iter();
        let all = self.problems().chain(entries.flat_map(|e| self.entry(e)));
        serializer.collect_seq(all.chain(self.totals()))
    }
}

impl<'a> List<'a, '_> {
    fn problems(&self) -> impl Iterator<Item = Degradation<'a>> {
        self.run.problems.iter().map(|problem| {
            let spot = self.issues.spot(problem.place());
            let file = spot.map_or("", |s| s.file);
            let mut seen = self.seen.borrow_mut();
            let key = format!("{}\0{file}\0{}", problem.code, problem.message.zh);
            let count = seen.entry(key.clone()).or_default();
            *count += 1;
            Degradation {
                description: self.issues.problem(problem),
                check_name: problem.code,
                fingerprint: fingerprint(&[&key, &count.to_string()]),
                severity: match problem.severity {
                    Severity::Error => "blocker",
                    Severity::Warning => "minor",
                },
                location: location(spot),
            }
        })
    }

    fn entry(&self, entry: &'a Entry) -> Vec<Degradation<'a>> {
        let label = Decision::Unassessed.label();
        let unassessed = |name: &str, id: &str, location: Location<'a>| Degradation {
            description: format!("{name}: {}", label.get(self.issues.lang)),
            check_name: Decision::Unassessed.id(),
            fingerprint: fingerprint(&[Decision::Unassessed.id(), id]),
            severity: severity(Decision::Unassessed),
            location,
        };
        match entry {
            Entry::Unread(file) => {
                let location = Location {
                    path: file,
                    lines: Lines { begin: 1, end: 1 },
                };
                vec![unassessed(file, file, location)]
            }
            Entry::Project(index) => {
                let project = self.run.projects.get(*index);
                let judged = self.run.judged.get(*index);
                let unassessed = judged.zip(project).and_then(|(judged, project)| {
                    let spot = self.issues.home(project).map(|(spot, _)| spot);
                    let name = super::issue::project_name(project);
                    (judged.decision == Decision::Unassessed)
                        .then(|| unassessed(&name, &project.id, location(spot)))
                });
                let open = self.issues.of(*index).filter(|issue| !issue.is_in_order());
                let open = open.map(|issue| {
                    let details = self.issues.details(&issue);
                    Degradation {
                        description: details.text,
                        check_name: &issue.rule.id,
                        fingerprint: issue.fingerprint(),
                        severity: severity(issue.finding.effective()),
                        location: location(details.spots.first().map(|(spot, _)| *spot)),
                    }
                });
                unassessed.into_iter().chain(open).collect()
            }
        }
    }

    fn totals(&self) -> impl Iterator<Item = Degradation<'a>> {
        let lang = self.issues.lang;
        let totals = portfolio::said(self.run).into_iter();
        let totals = totals.filter(|said| said.verdict != Verdict::Pass);
        let totals = totals.map(move |said| {
            let project = said
                .project
                .and_then(|number| self.run.projects.get(number));
            let spot = project.and_then(|project| self.issues.home(project));
            let lines: Vec<&str> = said.lines.iter().map(|line| line.get(lang)).collect();
            Degradation {
                description: format!("{}\n{}", said.rule.title.get(lang), lines.join("\n")),
                check_name: &said.rule.id,
                fingerprint: fingerprint(&[&said.rule.id]),
                severity: "info",
                location: location(spot.map(|(spot, _)| spot)),
            }
        });
        let splits = self.run.splits.iter().map(move |split| {
            let project = split
                .projects
                .first()
                .and_then(|p| self.run.projects.get(*p));
            let spot = project.and_then(|project| self.issues.home(project));
            let said = super::splits::said(self.run, split);
            Degradation {
                description: said.get(lang).to_owned(),
                check_name: "split",
                fingerprint: fingerprint(&["split", &said.zh]),
                severity: "info",
                location: location(spot.map(|(spot, _)| spot)),
            }
        });
        totals.chain(splits)
    }
}

/// GitLab's five words for what a finding drives.
fn severity(decision: Decision) -> &'static str {
    match decision {
        Decision::Reject => "blocker",
        Decision::Rectify => "critical",
        Decision::Supplement | Decision::Unassessed | Decision::Verify => "major",
        Decision::Refer => "minor",
        Decision::Explain | Decision::Clear => "info",
    }
}

/// A place, or the folder: GitLab takes nothing without one.
fn location(spot: Option<Spot<'_>>) -> Location<'_> {
    let (begin, end) = spot.map_or((1, 1), |spot| (spot.start.0, spot.end.0));
    Location {
        path: spot.map_or(".", |spot| spot.file),
        lines: Lines { begin, end },
    }
}
