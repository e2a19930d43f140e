//! `hegui plan`: what the plans in use hold. `coverage` accounts for every section of their outline.
//!
//! It does not read submissions.

use std::path::PathBuf;

use super::arguments::Form;
use super::config::Config;
use super::console::Console;
use super::{BROKEN, FAILED, OK, packs};
use crate::base::problem::any_error;
use crate::base::source::Sources;
use crate::report::coverage;
use crate::report::page::Page;
use crate::rules::coverage::{Coverage, coverage as covered};

/// What can be asked of plans.
pub(super) const TOPICS: [&str; 1] = ["coverage"];

/// What the command line says.
#[derive(Debug)]
pub(super) struct Plan {
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
    /// How it is written.
    pub form: Form,
}

/// Runs the command; the exit code tells whether every section is accounted for.
pub(super) fn run(plan: &Plan, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let mut chosen = packs::choose(&plan.rules, config);
    let (packs, problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let plans = covered(&packs);
    match plan.form {
        Form::Json => console.report(|out| coverage::json(&plans, out)),
        Form::Text | Form::Markdown => {
            let mut page = match plan.form {
                Form::Markdown => Page::markdown(console.look.lang),
                _ => Page::new(console.look),
            };
            coverage::text(&mut page, &plans);
            console.print(&page.out);
        }
    }
    if plans.iter().all(Coverage::is_complete) {
        OK
    } else {
        FAILED
    }
}
