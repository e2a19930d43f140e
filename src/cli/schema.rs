//! `hegui schema`: JSON Schemas of what is written and read, following the packs in use.
//!
//! The report floor writes them.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::{BROKEN, OK, packs};
use crate::base::problem::any_error;
use crate::base::source::Sources;
use crate::report::schema::{self, Of};

/// What the command line says.
#[derive(Debug)]
pub(super) struct Schema {
    /// What the schema is of.
    pub of: Of,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
}

/// Runs the command.
pub(super) fn run(
    asked: &Schema,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let mut chosen = packs::choose(&asked.rules, config);
    let (packs, problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let lang = console.look.lang;
    console.report(|out| schema::write(asked.of, &packs, lang, out));
    OK
}
