//! `hegui check`: judges submissions and writes the report.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::config::Config;
use super::console::Console;
use super::run::{self, Asked, Read};
use super::{BROKEN, OK};
use crate::base::draft;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::Sources;
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::judge::finding::Judged;
use crate::judge::{portfolio, split};
use crate::report::documents::{self, Part};
use crate::report::format::{Format, Style};
use crate::report::page::Look;
use crate::report::{Assessment, Entry};
use crate::trace::Trace;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// What is judged, by which rules and as of when.
    pub asked: Asked,
    /// The format on standard output.
    pub format: Format,
    /// The files that are written as well.
    pub outputs: Vec<(Format, PathBuf)>,
    /// The gate.
    pub fail_on: Option<Decision>,
    /// True to list passes and rules that do not apply.
    pub verbose: bool,
}

/// Runs the command.
pub(super) fn run(
    check: &Check,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let Some(read) = run::read(&check.asked, config, &mut sources, console) else {
        return BROKEN;
    };
    let Read {
        packs,
        settings,
        found,
        mut problems,
    } = read;
    let engine = Engine::new(&packs, &settings);
    let judged = run::judge(&engine, &found, &mut problems);
    let trace = Trace::new(&packs, &found.projects, &judged);
    let portfolio = portfolio::judge(&engine, &found.projects, &judged);
    let splits = split::find(&engine, &found.projects, &judged);
    let problems = sorted(problems);
    let gate = check.fail_on.or(config.fail_on).unwrap_or(Decision::Refer);
    let assessment = Assessment {
        engine: &engine,
        sources: &sources,
        entries: &found.entries,
        projects: &found.projects,
        judged: &judged,
        portfolio: &portfolio,
        splits: &splits,
        trace: &trace,
        waivers: &found.waivers,
        problems: &problems,
        skipped: &found.skipped,
        exit: exit_code(&problems, &found.entries, &judged, gate),
    };
    // Problems first: the summary is what should stand last on a terminal.
    console.problems(&problems, &sources);
    let look = console.look;
    let style = |look| Style {
        look,
        verbose: check.verbose,
    };
    let mut code = assessment.exit;
    for (format, file) in &check.outputs {
        let style = style(Look::plain(look.lang));
        for (file, part) in files(*format, file, &assessment) {
            let write = |out: &mut dyn Write| format.write_part(&assessment, part, style, out);
            if let Err(problem) = draft::write(&file, write) {
                console.problems(&[problem], &sources);
                code = BROKEN;
            }
        }
    }
    // On a terminal there is nothing to show of nothing; a program expects its document.
    if check.format != Format::Text || !found.entries.is_empty() {
        console.report(|out| check.format.write(&assessment, style(look), out));
    }
    code
}

/// The files of an output: one, or one for each project where the format has a document for each and a
/// folder is named.
fn files(format: Format, path: &Path, run: &Assessment<'_>) -> Vec<(PathBuf, Part)> {
    let named = path.as_os_str().to_string_lossy();
    let is_folder = named.ends_with(['/', '\\']) || path.is_dir();
    let Some(end) = format.per_project().filter(|_| is_folder) else {
        return vec![(path.to_path_buf(), Part::Whole)];
    };
    let names = documents::file_names(run).into_iter().enumerate();
    names
        .map(|(entry, name)| (path.join(format!("{name}.{end}")), Part::Entry(entry)))
        .collect()
}

/// The exit code of a run: errors outrank decisions, and of those the gravest at or above the gate counts.
fn exit_code(problems: &[Problem], entries: &[Entry], judged: &[Judged], gate: Decision) -> u8 {
    if any_error(problems) {
        return BROKEN;
    }
    let decisions = entries.iter().map(|entry| match entry {
        Entry::Unread(_) => Decision::Unassessed,
        Entry::Project(index) => judged
            .get(*index)
            .map_or(Decision::Unassessed, |j| j.decision),
    });
    let gravest = decisions
        .filter(|d| d.rank() >= gate.rank())
        .max_by_key(|d| d.rank());
    gravest.map_or(OK, Decision::exit_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_decision_at_the_gate_gives_the_exit_code() {
        let judged = |decision| Judged {
            findings: Vec::new(),
            decision,
        };
        let code = |decisions: &[Decision], gate| {
            let judged: Vec<Judged> = decisions.iter().map(|d| judged(*d)).collect();
            let entries: Vec<Entry> = (0..judged.len()).map(Entry::Project).collect();
            exit_code(&[], &entries, &judged, gate)
        };
        assert_eq!(
            code(&[Decision::Clear, Decision::Explain], Decision::Refer),
            0
        );
        assert_eq!(code(&[Decision::Explain], Decision::Explain), 4);
        assert_eq!(
            code(&[Decision::Refer, Decision::Verify], Decision::Refer),
            3
        );
        assert_eq!(
            code(&[Decision::Supplement, Decision::Rectify], Decision::Refer),
            1
        );
        assert_eq!(code(&[Decision::Unassessed], Decision::Supplement), 3);
        assert_eq!(
            exit_code(&[], &[Entry::Unread("x".into())], &[], Decision::Refer),
            3
        );
    }
}
