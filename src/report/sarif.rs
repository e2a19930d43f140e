//! SARIF 2.1.0: every finding of every rule as a result, with what it is, where its facts stand and by what it is
//! recognised.
//!
//! | finding | kind | level |
//! | --- | --- | --- |
//! | fail | `fail` | by what it drives: `error` reject, rectify; `warning` supplement; `note` explain |
//! | fail that drives `refer`: an authority must find whether it is one | `review` | |
//! | undetermined | `open` | |
//! | upcoming | `informational` | |
//! | pass, not applicable | `pass`, `notApplicable` | `none` |
//!
//! A level stands only with `fail` and `none`: of the others the standard says that it is `none`. What is waived keeps
//! its kind and has a suppression. Intake problems are notifications of the invocation. Code scanning of GitHub shows
//! every result as an alert, whatever its kind: for it, only what drives a decision is written, and how much is not.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::baseline::{Gone, Standing};
use super::excerpt::Spot;
use super::issue::{Issue, Issues, fingerprint, one_line, project_name};
use super::page::Look;
use super::sarif_form as form;
use super::sarif_form::Properties;
use super::sarif_rules::{self, SPLIT};
use super::{Assessment, DISCLAIMER, Entry, phrases, portfolio, splits, summary};
use crate::base::problem::{Problem, Severity};
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::model::project::Project;

/// What every log begins with.
pub(super) const BEGINNING: &str =
    "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\"";

/// Which results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Results {
    /// All.
    All,
    /// Those that drive a decision.
    Driving,
}

/// Writes the report.
pub(super) fn write(
    run: &Assessment<'_>,
    look: Look,
    results: Results,
    out: &mut dyn Write,
) -> io::Result<()> {
    let writer = Writer {
        run,
        results,
        issues: Issues::new(run, look.lang),
        has_waivers: run.judged.iter().any(|j| j.waived() > 0),
        rules: sarif_rules::numbers(run),
    };
    serde_json::to_writer_pretty(&mut *out, &writer.log())?;
    out.write_all(b"\n")
}

struct Writer<'a, 'r> {
    run: &'a Assessment<'r>,
    results: Results,
    issues: Issues<'a, 'r>,
    /// If one result says whether it is suppressed, all have to.
    has_waivers: bool,
    rules: BTreeMap<&'a str, usize>,
}

/// The results, made one by one while they are written: a run may have very many.
struct List<'a, 'r>(&'a Writer<'a, 'r>);

impl Serialize for List<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let writer = self.0;
        let entries = writer.run.entries.iter().filter_map(|entry| match entry {
            Entry::Project(index) => Some(*index),
            Entry::Unread(_) => None,
        });
        let findings = entries.flat_map(|index| {
            let issues = writer.issues.of(index);
            issues
                .filter(|issue| writer.is_written(issue))
                .map(|issue| writer.result(&issue))
        });
        let all = writer.results == Results::All;
        let gone = writer.run.baseline.filter(|_| all);
        let gone = gone.into_iter().flat_map(|b| &b.gone);
        let totals = all.then(|| writer.totals()).into_iter().flatten();
        serializer.collect_seq(findings.chain(gone.map(|g| writer.gone(g))).chain(totals))
    }
}

impl<'a, 'r> Writer<'a, 'r> {
    fn log(&'a self) -> form::Log<form::Run<'a, List<'a, 'r>>> {
        let run = self.run;
        let lang = self.issues.lang;
        let mut codes: Vec<&'static str> = run.problems.iter().map(|p| p.code).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut files: Vec<&str> = run.projects.iter().map(|p| &*p.file).collect();
        files.sort_unstable();
        files.dedup();
        let is_error = |p: &&Problem| p.severity == Severity::Error;
        form::Log {
            schema: "https://json.schemastore.org/sarif-2.1.0.json",
            version: "2.1.0",
            runs: [form::Run {
                tool: form::Tool {
                    driver: sarif_rules::driver(run, lang, &codes),
                },
                language: lang.pick("zh-CN", "en"),
                column_kind: "unicodeCodePoints",
                original_uri_base_ids: form::Bases {
                    root: form::Base {
                        description: message(
                            lang.pick("运行 hegui 的文件夹", "The folder in which hegui was run."),
                        ),
                    },
                },
                invocations: [form::Invocation {
                    execution_successful: !run.problems.iter().any(|p| is_error(&p)),
                    exit_code: run.exit,
                    exit_code_description: summary::exit(run).get(lang).to_owned(),
                    tool_execution_notifications: run
                        .problems
                        .iter()
                        .map(|p| self.notification(p, &codes))
                        .collect(),
                }],
                artifacts: files
                    .into_iter()
                    .map(|file| form::Artifact {
                        location: artifact(file),
                    })
                    .collect(),
                results: List(self),
                properties: self.properties(),
            }],
        }
    }

    /// What belongs to the run as a whole.
    fn properties(&self) -> Properties {
        let run = self.run;
        let lang = self.issues.lang;
        let packs = run.engine.packs.heads.iter();
        let packs = packs.map(|h| json!({ "id": h.id, "version": h.version, "hash": h.hash }));
        let projects = run.entries.iter().filter_map(|entry| match entry {
            Entry::Unread(file) => Some(json!({
                "file": file,
                "decision": Decision::Unassessed.id(),
            })),
            Entry::Project(index) => {
                let (project, judged) = (run.projects.get(*index)?, run.judged.get(*index)?);
                let verdicts = Verdict::ALL.map(|v| (v.id().to_owned(), judged.count(v).into()));
                let mut counts: Properties = verdicts.into_iter().collect();
                counts.insert("waived".to_owned(), judged.waived().into());
                Some(json!({
                    "id": project.id,
                    "name": project.name,
                    "file": project.file,
                    "sample": project.sample,
                    "decision": judged.decision.id(),
                    "counts": counts,
                }))
            }
        });
        let mut properties = object(json!({
            "disclaimer": lang.pick(DISCLAIMER.0, DISCLAIMER.1),
            "notices": super::text::notices(run).iter().map(|n| n.get(lang)).collect::<Vec<_>>(),
            "packs": packs.collect::<Vec<_>>(),
            "gate": run.gate.id(),
            "projects": projects.collect::<Vec<_>>(),
        }));
        if let Some(baseline) = run.baseline {
            properties.insert(
                "baseline".to_owned(),
                json!({
                    "new": baseline.new,
                    "graver": baseline.graver,
                    "known": baseline.known,
                    "gone": baseline.gone.len(),
                    "notRead": baseline.not_read,
                }),
            );
        }
        if self.results == Results::Driving {
            properties.insert("leftOut".to_owned(), self.left_out().into());
        }
        properties
    }

    /// How many findings are not written, by verdict; waived ones apart.
    fn left_out(&self) -> Properties {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for index in 0..self.run.projects.len() {
            for issue in self.issues.of(index).filter(|i| !self.is_written(i)) {
                let key = match issue.finding.waiver() {
                    Some(_) => "waived",
                    None => issue.finding.verdict.id(),
                };
                *counts.entry(key).or_default() += 1;
            }
        }
        let counts = counts.into_iter();
        counts.map(|(k, n)| (k.to_owned(), n.into())).collect()
    }

    fn is_written(&self, issue: &Issue<'_>) -> bool {
        self.results == Results::All || issue.finding.effective() != Decision::Clear
    }

    fn notification(&self, problem: &Problem, codes: &[&'static str]) -> form::Notification<'a> {
        let spot = self.issues.spot(problem.place());
        form::Notification {
            descriptor: form::Reference {
                id: problem.code,
                index: codes.binary_search(&problem.code).unwrap_or(0),
            },
            level: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: message(&self.issues.problem(problem)),
            locations: spot.map(|spot| place(&spot)).into_iter().collect(),
        }
    }

    fn result(&self, issue: &Issue<'a>) -> form::Result<'a> {
        let finding = issue.finding;
        let (kind, level) = kind(issue);
        let (spots, text) = if issue.is_in_order() {
            let notes = phrases::notes(self.run, issue.rule, finding, issue.project);
            let mut lines = vec![issue.heading()];
            lines.extend(notes.iter().map(|n| n.get(self.issues.lang).to_owned()));
            let home = self.issues.home(issue.project);
            (home.into_iter().collect(), lines.join("\n"))
        } else {
            let details = self.issues.details(issue);
            (details.spots, details.text)
        };
        let mut places = spots.iter().enumerate().map(|(number, (spot, note))| {
            let message = (!note.is_empty()).then(|| message(note));
            form::Location {
                id: (number > 0).then_some(number),
                message,
                ..place(spot)
            }
        });
        let first = places.next().unwrap_or(form::Location {
            id: None,
            physical_location: None,
            logical_locations: Vec::new(),
            message: None,
        });
        let main = form::Location {
            logical_locations: vec![logical(issue.project)],
            ..first
        };
        let waiver = finding.waiver().and_then(|w| self.run.waivers.get(w));
        let suppression = waiver.map(|waiver| form::Suppression {
            kind: "external",
            status: "accepted",
            justification: phrases::waiver_text(waiver, finding.verdict)
                .get(self.issues.lang)
                .to_owned(),
        });
        form::Result {
            rule_id: &issue.rule.id,
            rule_index: self.rules.get(issue.rule.id.as_str()).copied(),
            kind,
            level,
            message: message(&text),
            locations: vec![main],
            related_locations: places.collect(),
            partial_fingerprints: self.fingerprints(&issue.fingerprint()),
            suppressions: self.has_waivers.then(|| suppression.into_iter().collect()),
            baseline_state: issue.standing.map(|standing| match standing {
                Standing::New => "new",
                Standing::Known => "unchanged",
                Standing::Graver | Standing::Lighter => "updated",
            }),
            properties: properties(issue),
        }
    }

    fn fingerprints(&self, digits: &str) -> Properties {
        let mut all = Properties::new();
        all.insert("heguiFinding/v1".to_owned(), digits.into());
        if self.results == Results::Driving {
            // The only one by which code scanning recognises an alert; it must not follow the line.
            let line = format!("{digits}:1");
            all.insert("primaryLocationLineHash".to_owned(), line.into());
        }
        all
    }

    fn gone(&self, gone: &'a Gone) -> form::Result<'a> {
        let lang = self.issues.lang;
        let words = lang.pick("基准中有，本次已消除", "in the baseline, and gone");
        let text = format!("{}: {} — {words}", one_line(&gone.project), gone.rule);
        form::Result {
            rule_id: &gone.rule,
            rule_index: self.rules.get(gone.rule.as_str()).copied(),
            kind: "pass",
            level: Some("none"),
            message: message(&text),
            locations: vec![form::Location {
                id: None,
                physical_location: None,
                logical_locations: vec![form::LogicalLocation {
                    name: one_line(&gone.project),
                    fully_qualified_name: gone.project.clone(),
                    kind: "project",
                }],
                message: None,
            }],
            related_locations: Vec::new(),
            partial_fingerprints: self.fingerprints(&fingerprint(&[
                "gone",
                &gone.project,
                &gone.rule,
            ])),
            suppressions: self.has_waivers.then(Vec::new),
            baseline_state: Some("absent"),
            properties: object(json!({ "drove": gone.drove.id() })),
        }
    }

    /// What many projects add up to, and applications that may be one: they change no decision.
    fn totals(&self) -> Vec<form::Result<'a>> {
        let lang = self.issues.lang;
        let run = self.run;
        let result = |id: &'a str, kind, text: &str, key: &[&str], project: Option<usize>| {
            let project = project.and_then(|number| run.projects.get(number));
            let location = project.and_then(|project| {
                let (spot, _) = self.issues.home(project)?;
                Some(form::Location {
                    logical_locations: vec![logical(project)],
                    ..place(&spot)
                })
            });
            form::Result {
                rule_id: id,
                rule_index: self.rules.get(id).copied(),
                kind,
                level: matches!(kind, "pass" | "notApplicable").then_some("none"),
                message: message(text),
                locations: location.into_iter().collect(),
                related_locations: Vec::new(),
                partial_fingerprints: self.fingerprints(&fingerprint(key)),
                suppressions: self.has_waivers.then(Vec::new),
                baseline_state: run.baseline.map(|_| "unchanged"),
                properties: Properties::new(),
            }
        };
        let totals = portfolio::said(run).into_iter().map(|said| {
            let kind = match said.verdict {
                Verdict::Fail => "review",
                Verdict::Undetermined | Verdict::Upcoming => "open",
                Verdict::Pass => "pass",
                Verdict::NotApplicable => "notApplicable",
            };
            let lines: Vec<&str> = said.lines.iter().map(|line| line.get(lang)).collect();
            let text = format!("{}\n{}", said.rule.title.get(lang), lines.join("\n"));
            result(&said.rule.id, kind, &text, &[&said.rule.id], said.project)
        });
        let splits = run.splits.iter().map(|split| {
            let said = splits::said(run, split);
            let first = split.projects.first().copied();
            result(SPLIT, "review", said.get(lang), &[SPLIT, &said.zh], first)
        });
        totals.chain(splits).collect()
    }
}

/// What a finding is, and how grave.
fn kind(issue: &Issue<'_>) -> (&'static str, Option<&'static str>) {
    match (issue.finding.verdict, issue.finding.drives) {
        (Verdict::Fail, Decision::Refer) => ("review", None),
        (Verdict::Fail, drives) => ("fail", Some(level(drives))),
        (Verdict::Undetermined, _) => ("open", None),
        (Verdict::Upcoming, _) => ("informational", None),
        (Verdict::Pass, _) => ("pass", Some("none")),
        (Verdict::NotApplicable, _) => ("notApplicable", Some("none")),
    }
}

/// The level of what a decision asks for.
pub(super) fn level(decision: Decision) -> &'static str {
    match decision {
        Decision::Reject | Decision::Rectify => "error",
        Decision::Supplement | Decision::Unassessed | Decision::Verify | Decision::Refer => {
            "warning"
        }
        Decision::Explain | Decision::Clear => "note",
    }
}

fn properties(issue: &Issue<'_>) -> Properties {
    let finding = issue.finding;
    let mut all = object(json!({
        "project": issue.project.id,
        "verdict": finding.verdict.id(),
        "drives": finding.drives.id(),
        "effective": finding.effective().id(),
        "asOf": finding.as_of.to_string(),
    }));
    if !issue.clause.is_empty() {
        all.insert("clause".to_owned(), issue.clause.as_str().into());
    }
    if let Some(due) = finding.due {
        all.insert("due".to_owned(), due.id().into());
    }
    if let Some(standing) = issue.standing {
        all.insert("standing".to_owned(), standing.id().into());
    }
    all
}

fn object(value: Value) -> Properties {
    match value {
        Value::Object(members) => members,
        _ => Properties::new(),
    }
}

/// A text in which nothing is a placeholder or a link.
pub(super) fn plain(text: &str) -> String {
    super::layout::clean(text)
        .replace('{', "{{")
        .replace('}', "}}")
        .replace("](", "\\](")
}

/// A message that says a text as it is.
pub(super) fn message(text: &str) -> form::Message {
    form::Message {
        text: plain(text),
        markdown: None,
    }
}

fn logical(project: &Project) -> form::LogicalLocation {
    form::LogicalLocation {
        name: project_name(project),
        fully_qualified_name: project.id.clone(),
        kind: "project",
    }
}

fn place(spot: &Spot<'_>) -> form::Location {
    let ((start_line, start_column), (end_line, end_column)) = (spot.start, spot.end);
    form::Location {
        id: None,
        physical_location: Some(form::PhysicalLocation {
            artifact_location: artifact(spot.file),
            region: form::Region {
                start_line,
                start_column,
                end_line,
                end_column,
            },
        }),
        logical_locations: Vec::new(),
        message: None,
    }
}

/// A file by its URI: what lies below the folder of the run is relative to it.
fn artifact(file: &str) -> form::ArtifactLocation {
    let normal = normal(file);
    let file = normal.as_str();
    let drive = file.as_bytes().get(1) == Some(&b':');
    let (before, base) = match file {
        _ if file.starts_with('/') => ("file://", None),
        _ if drive => ("file:///", None),
        _ if file == ".." || file.starts_with("../") => ("", None),
        _ => ("", Some("%SRCROOT%")),
    };
    form::ArtifactLocation {
        uri: format!("{before}{}", encoded(file)),
        uri_base_id: base,
    }
}

/// A path without `.` and without `..` behind a name, as far as its letters tell; what leads above the folder of the
/// run or above the root's own folders stays, or has nowhere to lead.
fn normal(path: &str) -> String {
    let root = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let last = parts.last().copied();
        match (part, last) {
            ("..", Some(last)) if last != ".." && !(parts.len() == 1 && last.ends_with(':')) => {
                parts.pop();
            }
            ("..", Some(last)) if last.ends_with(':') => {}
            ("..", None) if root => {}
            _ => parts.push(part),
        }
    }
    match (root, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// A path with every byte but letters, digits, slashes and `-._~` written as `%XX`.
fn encoded(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_uri_that_every_reader_resolves() {
        let uri = |path: &str| {
            let artifact = artifact(path);
            (artifact.uri, artifact.uri_base_id.is_some())
        };
        assert_eq!(
            uri("./申报/a b.toml"),
            ("%E7%94%B3%E6%8A%A5/a%20b.toml".to_owned(), true)
        );
        assert_eq!(
            uri("/data/x#1?.toml"),
            ("file:///data/x%231%3F.toml".to_owned(), false)
        );
        assert_eq!(uri("C:/申"), ("file:///C%3A/%E7%94%B3".to_owned(), false));
        assert_eq!(uri("../a"), ("../a".to_owned(), false));
        // However the path was written, a file has one URI.
        for (path, expected, below) in [
            ("a/../b.toml", "b.toml", true),
            ("./a/./c/../../b//d.toml", "b/d.toml", true),
            ("a/../../b.toml", "../b.toml", false),
            ("../../b.toml", "../../b.toml", false),
            ("../a/../b.toml", "../b.toml", false),
            ("/data/../etc/./b.toml", "file:///etc/b.toml", false),
            ("/../b.toml", "file:///b.toml", false),
            ("C:/a/../../b.toml", "file:///C%3A/b.toml", false),
            ("a/..", ".", true),
            ("a..b/...", "a..b/...", true),
        ] {
            assert_eq!(uri(path), (expected.to_owned(), below), "{path}");
        }
        assert_eq!(uri("<stdin>"), ("%3Cstdin%3E".to_owned(), true));
    }

    #[test]
    fn nothing_in_a_text_is_a_link_or_a_placeholder() {
        assert_eq!(plain("[click](http://x) {0}"), "[click\\](http://x) {{0}}");
    }
}
