//! `hegui check`: judges submissions and writes the report.

use super::config::Config;
use super::console::Console;
use super::record::{self, Recording};
use super::run::{self, Asked, Read};
use super::{BROKEN, OK};
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::Sources;
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::judge::finding::Judged;
use crate::judge::{portfolio, split};
use crate::report::{Assessment, Entry, json as json_report, text as text_report};
use crate::trace::Trace;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// What is judged, by which rules and as of when.
    pub asked: Asked,
    /// True for JSON.
    pub json: bool,
    /// The gate.
    pub fail_on: Option<Decision>,
    /// True to list passes and rules that do not apply.
    pub verbose: bool,
    /// What is to be kept of the run, and where.
    pub recording: Option<Recording>,
}

/// Runs the command.
pub(super) fn run(
    check: &Check,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let mut asked = check.asked.clone();
    // A record rests on nothing that is not in it.
    asked.no_cache |= check.recording.is_some();
    let Some(read) = run::read(&asked, config, &mut sources, console) else {
        return BROKEN;
    };
    // The process ends with this run: giving the packs' memory back piece by piece would only delay that.
    let read: &Read = Box::leak(Box::new(read));
    assess(read, check.gate(config), &sources, |assessment| {
        // Problems first: the summary is what should stand last on a terminal.
        console.problems(assessment.problems, &sources);
        let look = console.look;
        if check.json {
            console.report(|out| json_report::write(assessment, out));
        } else if !assessment.entries.is_empty() {
            console.report(|out| text_report::write(assessment, look, check.verbose, out));
        }
        let kept = check.recording.as_ref();
        match kept.map(|recording| record::keep(recording, config, assessment)) {
            None => assessment.exit,
            Some(Ok(remark)) => {
                console.remark(&remark);
                assessment.exit
            }
            // Who asked for a record and has none must not go on as if there were one.
            Some(Err(problem)) => {
                console.problems(&[problem], &sources);
                BROKEN
            }
        }
    })
}

/// Judges what was read; `then` does something with the assessment.
pub(super) fn assess<T>(
    read: &Read,
    gate: Decision,
    sources: &Sources,
    then: impl FnOnce(&Assessment<'_>) -> T,
) -> T {
    let Read {
        packs,
        settings,
        found,
        problems,
    } = read;
    let mut problems = problems.clone();
    let engine = Engine::new(packs, settings);
    let judged = run::judge(&engine, found, &mut problems);
    let trace = Trace::new(packs, &found.projects, &judged);
    let portfolio = portfolio::judge(&engine, &found.projects, &judged);
    let splits = split::find(&engine, &found.projects, &judged);
    let problems = sorted(problems);
    then(&Assessment {
        engine: &engine,
        sources,
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
    })
}

impl Check {
    /// The decision from which the exit code is not 0.
    pub(super) fn gate(&self, config: &Config) -> Decision {
        self.fail_on.or(config.fail_on).unwrap_or(Decision::Refer)
    }
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
