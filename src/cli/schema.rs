//! `hegui schema`: JSON Schemas of what is written and read, following the packs in use.
//!
//! The report floor writes them.

use std::path::PathBuf;

use clap::ArgMatches;

use super::arguments::{missing, no_more, one_of, paths, words};
use super::config::Config;
use super::console::Console;
use super::usage::Stop;
use super::{BROKEN, OK, packs};
use crate::base::problem::any_error;
use crate::base::source::Sources;
use crate::report::schema::{self, Of};
use crate::text;

/// What the command line says.
#[derive(Debug)]
pub(super) struct Schema {
    /// What the schema is of.
    pub of: Of,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
}

/// Its arguments.
pub(super) fn arguments(m: &ArgMatches) -> Result<Schema, Stop> {
    let topics = words(m, "TOPIC");
    no_more(&topics, 1)?;
    let known = Of::ALL.map(Of::id);
    let all = known.join("、");
    let known_words = text!("可用：{all}", "known: {all}");
    let topic = topics
        .first()
        .ok_or_else(|| missing("要输出的类别", "what the schema is of", known_words))?;
    let topic = one_of(topic, &known)?;
    Ok(Schema {
        of: Of::named(&topic).unwrap_or(Of::Report),
        rules: paths(m, "rules"),
    })
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
