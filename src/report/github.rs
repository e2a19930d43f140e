//! Workflow commands of GitHub Actions: each open finding becomes an annotation on the line of its deciding fact.
//!
//! An error is what the run fails for, a warning what else is open, a notice what is waived, due later or rests on a
//! figure nobody checked. What is in order or does not apply stands in a folded group of the log. Nothing that a
//! submission says can begin a command.

use std::io::{self, Write};

use super::issue::{Issues, one_line, project_name};
use super::page::Look;
use super::{Assessment, DISCLAIMER, Entry, portfolio, splits, summary};
use crate::base::problem::Severity;
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::text;

/// The lines of an annotation that are written: GitHub keeps 64 KiB of a message.
const LINES: usize = 60;

/// Writes the report.
pub(super) fn write(run: &Assessment<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let lang = look.lang;
    let issues = Issues::new(run, lang);
    writeln!(out, "{}", lang.pick(DISCLAIMER.0, DISCLAIMER.1))?;
    for notice in super::text::notices(run) {
        writeln!(out, "- {}", one_line(notice.get(lang)))?;
    }
    for problem in run.problems {
        let level = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = issues.spot(problem.place());
        annotate(
            out,
            level,
            place.as_ref(),
            problem.code,
            &issues.problem(problem),
        )?;
    }
    for entry in run.entries {
        match entry {
            Entry::Unread(file) => {
                let label = Decision::Unassessed.label();
                let message = text!(
                    "{file} 中没有可读的项目",
                    "{file} holds no readable project"
                );
                annotate(out, "error", None, label.get(lang), message.get(lang))?;
            }
            Entry::Project(index) => project(run, &issues, *index, out)?,
        }
    }
    for said in portfolio::said(run) {
        let lines: Vec<&str> = said.lines.iter().map(|line| line.get(lang)).collect();
        let level = match said.verdict {
            Verdict::Fail => "warning",
            _ => "notice",
        };
        let project = said.project.and_then(|number| run.projects.get(number));
        let place = project.and_then(|project| issues.home(project));
        let title = format!("{} {}", said.rule.title.get(lang), said.rule.id);
        let place = place.as_ref().map(|(spot, _)| spot);
        annotate(out, level, place, &title, &lines.join("\n"))?;
    }
    for split in run.splits {
        let title = lang.pick("疑似拆分申报", "applications that may be one project");
        let message = splits::said(run, split);
        annotate(out, "warning", None, title, message.get(lang))?;
    }
    for line in summary::lines(run, lang) {
        writeln!(out, "= {}", super::layout::clean(&line))?;
    }
    Ok(())
}

fn project<'a>(
    run: &'a Assessment<'_>,
    issues: &Issues<'a, '_>,
    index: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (Some(project), Some(judged)) = (run.projects.get(index), run.judged.get(index)) else {
        return Ok(());
    };
    let lang = issues.lang;
    let name = project_name(project);
    if judged.decision == Decision::Unassessed {
        let level = if issues.fails_unassessed(index) {
            "error"
        } else {
            "warning"
        };
        let place = issues.home(project);
        let place = place.as_ref().map(|(spot, _)| spot);
        let label = Decision::Unassessed.label();
        annotate(out, level, place, label.get(lang), &name)?;
    }
    let mut in_order = Vec::new();
    for issue in issues.of(index) {
        let finding = issue.finding;
        if issue.is_in_order() && !(finding.verdict == Verdict::Pass && finding.remarks.unverified)
        {
            in_order.push(format!(
                "{} {}  {}",
                issue.outcome(),
                issue.title(),
                issue.rule.id
            ));
            continue;
        }
        let level = if issue.fails() {
            "error"
        } else if finding.effective() == Decision::Clear {
            "notice"
        } else {
            "warning"
        };
        let details = issues.details(&issue);
        let spot = details.spots.first().map(|(spot, _)| spot);
        let title = format!("{} {}", issue.title(), issue.rule.id);
        annotate(out, level, spot, &title, &details.text)?;
    }
    let label = judged.decision.label();
    let label = label.get(lang);
    writeln!(out, "::group::{}", data(&format!("{name}: {label}")))?;
    for line in in_order {
        writeln!(out, "- {}", one_line(&line))?;
    }
    writeln!(out, "::endgroup::")
}

/// Writes an annotation.
fn annotate(
    out: &mut dyn Write,
    level: &str,
    spot: Option<&super::excerpt::Spot<'_>>,
    title: &str,
    message: &str,
) -> io::Result<()> {
    write!(out, "::{level} ")?;
    if let Some(spot) = spot {
        let ((line, column), (end_line, end_column)) = (spot.start, spot.end);
        write!(out, "file={},line={line}", property(spot.file))?;
        // Columns count only within one line, and the last one belongs to the part.
        if end_line == line && end_column > column {
            write!(out, ",col={column},endColumn={}", end_column - 1)?;
        }
        write!(out, ",")?;
    }
    let kept: Vec<&str> = message.lines().take(LINES).collect();
    writeln!(
        out,
        "title={}::{}",
        property(&one_line(title)),
        data(&kept.join("\n"))
    )
}

/// A message of a command.
fn data(text: &str) -> String {
    super::layout::clean(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
