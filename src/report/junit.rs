//! `JUnit` XML, for CI servers: a suite for each project, a case for each finding.
//!
//! A case fails exactly where the run does: the finding drives at least the gate, no waiver answers it, and it is not
//! known from a baseline. An undetermined finding is a failure under the same condition, since nothing unknown
//! passes. What is open but does not fail the run, is due later or does not apply is skipped, with its words.
//! There are no times: hegui reads no clock.

use std::io::{self, Write};

use super::issue::{Issue, Issues, one_line, project_name};
use super::layout::xml;
use super::page::Look;
use super::{Assessment, DISCLAIMER, Entry, phrases, portfolio, splits};
use crate::base::problem::{Problem, Severity};
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::text;

/// What came of a case.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Skipped,
    Failed,
    /// Something could not be read.
    Error,
}

/// How many cases of a suite came to what.
#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, outcome: Outcome) {
        self.tests += 1;
        match outcome {
            Outcome::Passed => {}
            Outcome::Skipped => self.skipped += 1,
            Outcome::Failed => self.failures += 1,
            Outcome::Error => self.errors += 1,
        }
    }
}

/// A case as it is written.
struct Case<'a> {
    class: &'a str,
    name: String,
    outcome: Outcome,
    /// What a failure is of.
    kind: &'a str,
    message: String,
    body: String,
}

/// Writes the report.
pub(super) fn write(run: &Assessment<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let writer = Writer {
        issues: Issues::new(run, look.lang),
        run,
    };
    writer.write(out)
}

struct Writer<'a, 'r> {
    issues: Issues<'a, 'r>,
    run: &'a Assessment<'r>,
}

impl<'a> Writer<'a, '_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut all = Counts::default();
        let suites = self.run.entries.iter().map(|entry| self.count(entry));
        let others = [self.problems(), self.totals()];
        let other = |cases: &Vec<Case<'_>>| count(cases.iter().map(|case| case.outcome));
        for counts in suites.chain(others.iter().map(other)) {
            all.tests += counts.tests;
            all.failures += counts.failures;
            all.errors += counts.errors;
        }
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        let lang = self.issues.lang;
        writeln!(
            out,
            "<!-- {} -->",
            xml(lang.pick(DISCLAIMER.0, DISCLAIMER.1))
        )?;
        let Counts {
            tests,
            failures,
            errors,
            ..
        } = all;
        writeln!(
            out,
            "<testsuites name=\"hegui\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
        )?;
        for entry in self.run.entries {
            match entry {
                Entry::Unread(file) => {
                    head(out, &one_line(file), file, self.count(entry))?;
                    case(out, &self.unread(file))?;
                    writeln!(out, "  </testsuite>")?;
                }
                Entry::Project(index) => self.project(*index, out)?,
            }
        }
        let names = [("填报问题", "problems"), ("总量核查", "totals")];
        for (cases, (zh, en)) in others.iter().zip(names) {
            if !cases.is_empty() {
                head(out, lang.pick(zh, en), "", other(cases))?;
                for one in cases {
                    case(out, one)?;
                }
                writeln!(out, "  </testsuite>")?;
            }
        }
        writeln!(out, "</testsuites>")
    }

    fn count(&self, entry: &Entry) -> Counts {
        match entry {
            Entry::Unread(_) => count([Outcome::Error]),
            Entry::Project(index) => {
                let findings = self.issues.of(*index).map(|issue| outcome(&issue));
                count(findings.chain(self.unassessed(*index).map(|case| case.outcome)))
            }
        }
    }

    fn project(&self, index: usize, out: &mut dyn Write) -> io::Result<()> {
        let (Some(project), Some(judged)) =
            (self.run.projects.get(index), self.run.judged.get(index))
        else {
            return Ok(());
        };
        let lang = self.issues.lang;
        let counts = self.count(&Entry::Project(index));
        head(out, &project_name(project), &project.file, counts)?;
        writeln!(out, "    <properties>")?;
        let submitted = project.submitted.map(|s| s.date.to_string());
        let properties = [
            ("decision", judged.decision.id().to_owned()),
            (
                "decision_text",
                judged.decision.label().get(lang).to_owned(),
            ),
            ("submitted", submitted.unwrap_or_default()),
            ("stage", project.stage.map_or("", |s| s.id()).to_owned()),
            ("sample", project.sample.to_string()),
            ("gate", self.run.gate.id().to_owned()),
        ];
        for (name, value) in properties {
            let value = xml(&value);
            writeln!(out, "      <property name=\"{name}\" value=\"{value}\"/>")?;
        }
        writeln!(out, "    </properties>")?;
        let class = one_line(&project.id);
        if let Some(unassessed) = self.unassessed(index) {
            case(out, &unassessed)?;
        }
        for issue in self.issues.of(index) {
            case(out, &self.case(&issue, &class))?;
        }
        writeln!(out, "  </testsuite>")
    }

    fn case<'c>(&self, issue: &Issue<'a>, class: &'c str) -> Case<'c>
    where
        'a: 'c,
    {
        let outcome = outcome(issue);
        let plain = outcome == Outcome::Passed || issue.finding.verdict == Verdict::NotApplicable;
        Case {
            class,
            name: format!("{} {}", issue.rule.id, issue.title()),
            outcome,
            kind: issue.finding.drives.id(),
            message: match self.notes(issue) {
                notes if notes.is_empty() => issue.outcome(),
                notes => format!("{}: {notes}", issue.outcome()),
            },
            body: if plain {
                String::new()
            } else {
                let details = self.issues.details(issue);
                let spots = details.spots.iter();
                let spots = spots.map(|(s, _)| format!("{}:{}:{}\n", s.file, s.start.0, s.start.1));
                spots.collect::<String>() + &details.text
            },
        }
    }

    /// What stands beside a verdict that is in order.
    fn notes(&self, issue: &Issue<'_>) -> String {
        if !issue.is_in_order() {
            return String::new();
        }
        let notes = phrases::notes(self.run, issue.rule, issue.finding, issue.project);
        let lang = self.issues.lang;
        let notes: Vec<&str> = notes.iter().map(|note| note.get(lang)).collect();
        notes.join(lang.pick("；", "; "))
    }

    /// The case of a project of which nothing could be judged.
    fn unassessed(&self, index: usize) -> Option<Case<'_>> {
        let judged = self.run.judged.get(index)?;
        if judged.decision != Decision::Unassessed {
            return None;
        }
        let label = Decision::Unassessed.label();
        Some(Case {
            class: Decision::Unassessed.id(),
            name: label.get(self.issues.lang).to_owned(),
            outcome: if self.issues.fails_unassessed(index) {
                Outcome::Failed
            } else {
                Outcome::Skipped
            },
            kind: Decision::Unassessed.id(),
            message: label.get(self.issues.lang).to_owned(),
            body: String::new(),
        })
    }

    fn unread(&self, file: &str) -> Case<'_> {
        let message = text!(
            "{file} 中没有可读的项目，未核查",
            "{file} holds no readable project and was not assessed"
        );
        let message = message.get(self.issues.lang).to_owned();
        Case {
            class: Decision::Unassessed.id(),
            name: one_line(&message),
            outcome: Outcome::Error,
            kind: Decision::Unassessed.id(),
            message,
            body: String::new(),
        }
    }

    fn problems(&self) -> Vec<Case<'_>> {
        let case = |problem: &Problem| {
            let text = self.issues.problem(problem);
            let spot = self.issues.spot(problem.place());
            let place = spot.map_or_else(String::new, |s| {
                format!("{}:{}:{} ", s.file, s.start.0, s.start.1)
            });
            let message = text.lines().next().unwrap_or("").to_owned();
            Case {
                class: problem.code,
                name: one_line(&format!("{place}{message}")),
                outcome: match problem.severity {
                    Severity::Error => Outcome::Error,
                    Severity::Warning => Outcome::Skipped,
                },
                kind: problem.code,
                body: format!("{place}\n{text}"),
                message,
            }
        };
        self.run.problems.iter().map(case).collect()
    }

    /// What many projects add up to, and applications that may be one: they change no decision, so nothing fails.
    fn totals(&self) -> Vec<Case<'_>> {
        let lang = self.issues.lang;
        let totals = portfolio::said(self.run).into_iter().map(|said| {
            let lines: Vec<&str> = said.lines.iter().map(|line| line.get(lang)).collect();
            Case {
                class: "portfolio",
                name: format!("{} {}", said.rule.id, one_line(said.rule.title.get(lang))),
                outcome: match said.verdict {
                    Verdict::Pass => Outcome::Passed,
                    _ => Outcome::Skipped,
                },
                kind: "portfolio",
                message: said.verdict.label().get(lang).to_owned(),
                body: lines.join("\n"),
            }
        });
        let splits = self.run.splits.iter().map(|split| {
            let said = splits::said(self.run, split).get(lang).to_owned();
            Case {
                class: "split",
                name: one_line(&said),
                outcome: Outcome::Skipped,
                kind: "split",
                message: lang
                    .pick("疑似拆分申报", "applications that may be one project")
                    .to_owned(),
                body: said,
            }
        });
        totals.chain(splits).collect()
    }
}

fn outcome(issue: &Issue<'_>) -> Outcome {
    if issue.fails() {
        Outcome::Failed
    } else if issue.finding.verdict == Verdict::Pass {
        Outcome::Passed
    } else {
        Outcome::Skipped
    }
}

fn count(outcomes: impl IntoIterator<Item = Outcome>) -> Counts {
    let mut counts = Counts::default();
    for outcome in outcomes {
        counts.add(outcome);
    }
    counts
}

fn head(out: &mut dyn Write, name: &str, file: &str, counts: Counts) -> io::Result<()> {
    write!(out, "  <testsuite name=\"{}\"", xml(name))?;
    if !file.is_empty() {
        write!(out, " file=\"{}\"", xml(file))?;
    }
    let Counts {
        tests,
        failures,
        errors,
        skipped,
    } = counts;
    writeln!(
        out,
        " tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    )
}

fn case(out: &mut dyn Write, case: &Case<'_>) -> io::Result<()> {
    let (class, name) = (xml(case.class), xml(&case.name));
    let (message, body) = (xml(&case.message), xml(&case.body));
    write!(out, "    <testcase classname=\"{class}\" name=\"{name}\"")?;
    let kind = xml(case.kind);
    let (element, kind) = match case.outcome {
        Outcome::Passed if body.is_empty() && case.message.is_empty() => {
            return writeln!(out, "/>");
        }
        Outcome::Passed => {
            let body = if body.is_empty() { message } else { body };
            return writeln!(out, "><system-out>{body}</system-out></testcase>");
        }
        Outcome::Skipped => ("skipped", String::new()),
        Outcome::Failed => ("failure", format!(" type=\"{kind}\"")),
        Outcome::Error => ("error", format!(" type=\"{kind}\"")),
    };
    write!(out, ">\n      <{element}{kind} message=\"{message}\"")?;
    if body.is_empty() {
        writeln!(out, "/>")?;
    } else {
        writeln!(out, ">{body}</{element}>")?;
    }
    writeln!(out, "    </testcase>")
}
