//! `hegui plan`: the plans in use. `coverage` accounts for every section of their outline, `status` says how
//! they are being carried out as of a day.
//!
//! It reads what is asked for and decides nothing.

use std::path::{Path, PathBuf};

use super::arguments::Form;
use super::config::Config;
use super::console::Console;
use super::run::{self, Asked, Read};
use super::usage::wrong;
use super::{BROKEN, FAILED, OK, packs};
use crate::base::date::Date;
use crate::base::files;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::judge::decision::Decision;
use crate::judge::{Engine, portfolio};
use crate::report::status::{self, Earlier, Status};
use crate::report::{Assessment, coverage};
use crate::rules::coverage::{Coverage, coverage as covered};
use crate::text;
use crate::trace::{Trace, progress};

/// What can be asked of plans.
pub(super) const TOPICS: [&str; 2] = ["coverage", "status"];

/// The largest status of an earlier run that is read, in bytes.
const LIMIT: u64 = 64 << 20;

/// What the command line says.
#[derive(Debug)]
pub(super) struct Plan {
    /// One of [`TOPICS`].
    pub topic: String,
    /// What is judged, by which rules and as of when.
    pub asked: Asked,
    /// The status of an earlier run, to compare with.
    pub since: Option<PathBuf>,
    /// How it is written.
    pub form: Form,
}

/// Runs the command.
pub(super) fn run(plan: &Plan, config: &Config, sources: Sources, console: &mut Console) -> u8 {
    match plan.topic.as_str() {
        "status" => status(plan, config, sources, console),
        _ => coverage(plan, config, sources, console),
    }
}

/// The exit code tells whether every section is accounted for.
fn coverage(plan: &Plan, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let mut chosen = packs::choose(&plan.asked.rules, config);
    let (packs, problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let plans = covered(&packs);
    match plan.form {
        Form::Json => console.report(|out| coverage::json(&plans, out)),
        form => console.page(form, |page| coverage::text(page, &plans)),
    }
    if plans.iter().all(Coverage::is_complete) {
        OK
    } else {
        FAILED
    }
}

fn status(plan: &Plan, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let Some(day) = plan.asked.as_of.or(config.review_date) else {
        let problem = wrong(
            text!("缺少截至日期", "the day is missing"),
            Some(text!(
                "请写 --as-of 2025-12-31，或在 hegui.toml 中写 review_date",
                "add --as-of 2025-12-31, or set review_date in hegui.toml"
            )),
        );
        console.problems(&[problem], &sources);
        return BROKEN;
    };
    let earlier = match plan.since.as_deref().map(earlier).transpose() {
        Ok(earlier) => earlier,
        Err(problem) => {
            console.problems(&[*problem], &sources);
            return BROKEN;
        }
    };
    // The day is that of the status: each project is still judged by the law of its own dates.
    let asked = Asked {
        as_of: None,
        on: plan.asked.on.or(Some(day)),
        ..plan.asked.clone()
    };
    let Some(read) = run::read(&asked, config, &mut sources, console) else {
        return BROKEN;
    };
    let Read {
        packs,
        settings,
        mut found,
        mut problems,
    } = read;
    problems.extend(not_yet(&mut found, day));
    let engine = Engine::new(&packs, &settings);
    let judged = run::judge(&engine, &found, &mut problems, console.progress);
    let trace = Trace::new(&packs, &found.projects, &judged);
    let totals = portfolio::judge(&engine, &found.projects, &judged);
    let problems = sorted(problems);
    console.problems(&problems, &sources);
    let exit = if any_error(&problems) { BROKEN } else { OK };
    let assessment = Assessment {
        engine: &engine,
        sources: &sources,
        entries: &found.entries,
        projects: &found.projects,
        judged: &judged,
        portfolio: &totals,
        splits: &[],
        trace: &trace,
        waivers: &found.waivers,
        problems: &problems,
        skipped: &found.skipped,
        gate: Decision::Refer,
        ground: None,
        baseline: None,
        exit,
    };
    let status = Status {
        run: &assessment,
        day,
        progress: progress::progress(&trace, &packs.indicators, &found.projects, day),
        earlier,
    };
    match plan.form {
        Form::Json => console.report(|out| status::json(&status, out)),
        form => console.page(form, |page| status::text(page, &status)),
    }
    exit
}

fn earlier(path: &Path) -> Result<Earlier, Box<Problem>> {
    let text = files::read(path, LIMIT).map_err(Box::new)?;
    Earlier::read(&text).map_err(|message| {
        let name = files::shown(path);
        let problem = Problem::error("hegui::cli::since", Place::Nowhere, message);
        Box::new(problem.help(text!("文件 {name}", "file {name}")))
    })
}

/// Projects submitted after the day do not belong to it; they are named and left out.
fn not_yet(found: &mut super::gather::Gathered, day: Date) -> Vec<Problem> {
    let mut problems = Vec::new();
    for project in &mut found.projects {
        if let Some(submitted) = project.submitted.filter(|s| s.date > day) {
            let (id, date) = (&project.id, submitted.date);
            problems.push(Problem::warning(
                "hegui::cli::later",
                submitted.place,
                text!(
                    "项目 `{id}` 于 {date} 申报，晚于截至日期，按未核查计",
                    "the project `{id}` was submitted on {date}, after the day, and counts as not assessed"
                ),
            ));
            project.submitted = None;
        }
    }
    problems
}
