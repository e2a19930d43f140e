//! `hegui check`: judges submissions and writes the report.

use std::path::{Path, PathBuf};

use super::config::Config;
use super::console::Console;
use super::run::{self, Asked, Read};
use super::since::Changes;
use super::{BROKEN, OK};
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::base::{draft, files};
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::judge::finding::Judged;
use crate::judge::{portfolio, split};
use crate::report::baseline::{Baseline, Comparison};
use crate::report::format::{Format, Style};
use crate::report::page::Look;
use crate::report::{Assessment, Entry};
use crate::text;
use crate::trace::Trace;

/// The largest baseline that is read: a JSON report of some ten thousand projects.
const LIMIT: u64 = 4 << 30;

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
    /// An earlier JSON report: the run fails only for what it does not have.
    pub baseline: Option<PathBuf>,
    /// A revision of git: only what changed since is reported.
    pub since: Option<String>,
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
    let baseline = check.baseline.as_deref().map(earlier).transpose();
    let paths = &check.asked.paths;
    let since = check.since.as_ref();
    let since = since.map(|revision| Changes::since(revision, paths).map_err(Box::new));
    let (baseline, since) = match (baseline, since.transpose()) {
        (Ok(baseline), Ok(since)) => (baseline, since),
        (Err(problem), _) | (_, Err(problem)) => {
            console.problems(&[*problem], &sources);
            return BROKEN;
        }
    };
    let Some(read) = run::read(&check.asked, config, &mut sources, console) else {
        return BROKEN;
    };
    let Read {
        packs,
        settings,
        mut found,
        mut problems,
    } = read;
    let engine = Engine::new(&packs, &settings);
    let judged = run::judge(&engine, &found, &mut problems, console.progress);
    let trace = Trace::new(&packs, &found.projects, &judged);
    let portfolio = portfolio::judge(&engine, &found.projects, &judged);
    let splits = split::find(&engine, &found.projects, &judged);
    if let Some(since) = &since {
        let ground = (config, &packs);
        let problems = (&mut problems, &sources);
        let unchanged = since.keep(&mut found.entries, &found.projects, ground, problems);
        found.skipped.extend(unchanged);
    }
    let baseline = baseline.map(|b| b.compare(&engine, &found.projects, &judged));
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
        gate,
        baseline: baseline.as_ref(),
        exit: exit_code(&problems, &found.entries, &judged, baseline.as_ref(), gate),
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
        let name = files::shown(file);
        let _work = console
            .progress
            .begin(&text!("写出 {name}", "writing {name}"), None);
        let style = style(Look::plain(look.lang));
        let written = draft::write(file, |out| format.write(&assessment, style, out));
        if let Err(problem) = written {
            console.problems(&[problem], &sources);
            code = BROKEN;
        }
    }
    // On a terminal there is nothing to show of nothing; a program expects its document.
    if check.format != Format::Text || !found.entries.is_empty() || since.is_some() {
        console.report(|out| check.format.write(&assessment, style(look), out));
    }
    code
}

/// Reads an earlier report.
fn earlier(path: &Path) -> Result<Baseline, Box<Problem>> {
    let text = files::read(path, LIMIT).map_err(Box::new)?;
    Baseline::read(&text).map_err(|message| {
        let name = files::shown(path);
        let problem = Problem::error("hegui::cli::baseline", Place::Nowhere, message);
        Box::new(problem.help(text!(
            "文件 {name}；基准用 hegui check --output json={name} 生成",
            "file {name}; write a baseline with hegui check --output json={name}"
        )))
    })
}

/// The exit code of a run: errors outrank decisions, and of those the gravest at or above the gate counts.
/// With a baseline, only what grew counts.
fn exit_code(
    problems: &[Problem],
    entries: &[Entry],
    judged: &[Judged],
    baseline: Option<&Comparison>,
    gate: Decision,
) -> u8 {
    if any_error(problems) {
        return BROKEN;
    }
    let decisions = entries.iter().map(|entry| match entry {
        Entry::Unread(_) => Decision::Unassessed,
        Entry::Project(index) => match (judged.get(*index), baseline) {
            (None, _) => Decision::Unassessed,
            (Some(judged), None) => judged.decision,
            (Some(judged), Some(baseline)) => baseline.growth(*index, judged),
        },
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
            exit_code(&[], &entries, &judged, None, gate)
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
            exit_code(
                &[],
                &[Entry::Unread("x".into())],
                &[],
                None,
                Decision::Refer
            ),
            3
        );
    }
}
