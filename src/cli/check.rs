//! `hegui check`: judges submissions and writes the report.

use std::path::PathBuf;

use super::config::{Config, Word};
use super::console::Console;
use super::gather::{self, Gatherer};
use super::{BROKEN, OK, packs};
use crate::base::cache::Cache;
use crate::base::date::Date;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::Sources;
use crate::base::suggest::nearest;
use crate::intake::Expected;
use crate::judge::decision::Decision;
use crate::judge::engine::NotProvided;
use crate::judge::finding::Judged;
use crate::judge::{Engine, Scratch, Settings, waiving};
use crate::language::types::Library;
use crate::model::project::Project;
use crate::report::{Assessment, Entry, json as json_report, text as text_report};
use crate::text;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// Files, folders, `-`.
    pub paths: Vec<PathBuf>,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
    /// True for JSON.
    pub json: bool,
    /// The day as of which everything is judged.
    pub as_of: Option<Date>,
    /// The review date.
    pub on: Option<Date>,
    /// The gate.
    pub fail_on: Option<Decision>,
    /// The largest file that is read, in bytes.
    pub max_size: Option<u64>,
    /// True to list passes and rules that do not apply.
    pub verbose: bool,
    /// True to keep no compiled tables and use none.
    pub no_cache: bool,
}

/// Runs the command.
pub(super) fn run(
    check: &Check,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let mut chosen = packs::choose(&check.rules, config);
    if check.no_cache {
        chosen.cache = Cache::none();
    }
    let (packs, mut problems) = packs::load(&mut chosen, &mut sources);
    let broken = any_error(&problems);
    problems.extend(config.problems.iter().cloned());
    // Nothing is judged by rules that could not be read.
    if broken {
        console.problems(&sorted(problems), &sources);
        return BROKEN;
    }
    problems.extend(packs::overlooked(&check.paths, &packs.heads));
    let settings = Settings {
        as_of: check.as_of,
        on: check.on.or(config.review_date),
        trust_claims: config.trust_claims,
        not_provided: not_provided(config, &packs.library, &mut problems),
    };
    let goals: Vec<String> = packs.goals.iter().map(|goal| goal.id.clone()).collect();
    let expected = Expected {
        vocabulary: &packs.library.vocabulary,
        goals: &goals,
        trust_claims: settings.trust_claims,
    };
    let gatherer = Gatherer {
        expected,
        config,
        max_size: check.max_size,
    };
    let found = gatherer.gather(&check.paths, &mut sources);
    problems.extend(found.problems);
    if found.entries.is_empty() {
        problems.push(gather::nothing_found(&check.paths));
    }
    let engine = Engine::new(&packs, &settings);
    let mut scratch = Scratch::default();
    let judge = |project: &Project| {
        let mut judged = Judged::default();
        engine.judge_into(project, &mut judged, &mut scratch);
        judged
    };
    let mut judged: Vec<Judged> = found.projects.iter().map(judge).collect();
    problems.extend(waiving::apply(
        &engine,
        &found.projects,
        &mut judged,
        &found.waivers,
    ));
    let problems = sorted(problems);
    let gate = check.fail_on.or(config.fail_on).unwrap_or(Decision::Refer);
    let assessment = Assessment {
        engine: &engine,
        sources: &sources,
        entries: &found.entries,
        projects: &found.projects,
        judged: &judged,
        waivers: &found.waivers,
        problems: &problems,
        skipped: &found.skipped,
        exit: exit_code(&problems, &found.entries, &judged, gate),
    };
    // Problems first: the summary is what should stand last on a terminal.
    console.problems(&problems, &sources);
    let look = console.look;
    if check.json {
        console.report(|out| json_report::write(&assessment, out));
    } else if !found.entries.is_empty() {
        console.report(|out| text_report::write(&assessment, look, check.verbose, out));
    }
    assessment.exit
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

/// The fields and tables that the office said it does not have.
fn not_provided(
    config: &Config,
    library: &Library,
    problems: &mut Vec<Problem>,
) -> Vec<NotProvided> {
    let unknown =
        |word: &Word, known: &mut dyn Iterator<Item = &str>, problems: &mut Vec<Problem>| {
            let name = &word.text;
            let problem = Problem::error(
                "hegui::config::not_provided",
                word.place,
                text!("没有 `{name}`", "there is no `{name}`"),
            );
            let help = nearest(name, known)
                .map(|near| text!("是不是想写 `{near}`？", "did you mean `{near}`?"));
            problems.push(problem.maybe_help(help));
        };
    let mut all = Vec::new();
    for word in &config.no_fields {
        let fields = library.vocabulary.fields();
        match fields
            .iter()
            .find(|f| f.path == word.text || f.label.zh == word.text)
        {
            Some(field) if field.provider.is_applicant() => {
                let path = &field.path;
                problems.push(
                    Problem::error(
                        "hegui::config::not_provided",
                        word.place,
                        text!(
                            "`{path}` 由申请人提供，不能列入 not_provided",
                            "`{path}` is the applicant's to give and cannot be listed here"
                        ),
                    )
                    .help(text!(
                        "这里只列本单位或部门没有的数据",
                        "list only what the office or a department does not have"
                    )),
                );
            }
            Some(field) => all.push(NotProvided::Field(field.id)),
            None => unknown(word, &mut fields.iter().map(|f| f.path.as_str()), problems),
        }
    }
    for word in &config.no_tables {
        match library.table(&word.text) {
            Some(table) => all.push(NotProvided::Table(table)),
            None => unknown(
                word,
                &mut library.tables.iter().map(|t| t.id.as_str()),
                problems,
            ),
        }
    }
    all
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
