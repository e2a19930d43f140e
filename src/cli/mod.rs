//! The command line: which command runs, on which files, with which packs; what is printed, and the exit code.
//!
//! It knows no semantics: rules judge, reports write. Reports go to standard output, problems to standard error.

mod arguments;
mod audit;
mod audit_specs;
mod cancel;
mod check;
mod completions;
mod config;
mod console;
mod diff;
mod explain;
mod gather;
mod help;
mod layers;
mod list;
mod man;
mod manual;
mod map;
mod map_arguments;
mod masking;
mod new;
mod overlay;
mod packs;
mod parser;
mod plan;
mod progress;
mod record;
mod replay;
mod run;
mod schema;
mod since;
mod specs;
mod templates;
mod test;
mod trace;
mod usage;
mod verifier;
mod workbook;

use std::ffi::OsString;

use arguments::Command;
use config::Config;
use console::Console;
use progress::Progress;

use crate::base::disk;
use crate::base::source::Sources;

/// The run ended as it should.
pub const OK: u8 = 0;
/// Cases of rules failed.
pub const FAILED: u8 = 1;
/// Something could not be read or understood, or the command line is wrong.
pub const BROKEN: u8 = 2;

/// Runs the command of an argument list, whose first member is the program's name; returns the exit code.
pub fn run(args: Vec<OsString>) -> u8 {
    let mut sources = Sources::default();
    if record::is_asked(&args) {
        disk::watch();
    }
    let lang = arguments::lang_of(&args);
    let config = Config::find(&arguments::first_path(&args), &mut sources);
    let lang = lang.or(config.lang).unwrap_or_default();
    let parsed = match arguments::parse(args, lang) {
        Ok(parsed) => parsed,
        Err(usage::Stop::Help(text)) => {
            let mut console = Console::new(lang, false, None);
            console.print(&text);
            return OK;
        }
        Err(usage::Stop::Wrong(problem)) => {
            let mut console = Console::new(lang, false, None);
            console.problems(&[problem], &sources);
            return BROKEN;
        }
    };
    let mut console = Console::new(lang, parsed.no_color, parsed.width);
    console.progress = Progress::new(lang, parsed.quiet);
    cancel::watch();
    let code = match parsed.command {
        Command::Check(check) => check::run(&check, &config, sources, &mut console),
        Command::Trace(trace) => trace::run(&trace, &config, sources, &mut console),
        Command::Overlay(asked) => overlay::run(&asked, &config, sources, &mut console),
        Command::Map(draw) => map::run(&draw, &config, sources, &mut console),
        Command::Diff(diff) => diff::run(&diff, &mut console),
        other => {
            // What judges reads all of the settings; the others are told when they cannot be read.
            console.problems(&config.problems, &sources);
            match other {
                Command::Audit(audit) => audit::run(&audit, &mut console),
                Command::Explain(explain) => explain::run(&explain, &config, sources, &mut console),
                Command::List(list) => list::run(&list, &config, sources, &mut console),
                Command::Plan(plan) => plan::run(&plan, &config, sources, &mut console),
                Command::Test(test) => test::run(&test, &config, sources, &mut console),
                Command::New(new) => new::run(&new, &config, &mut console),
                Command::Manual(topic) => manual::run(&topic, &mut console),
                Command::Schema(schema) => schema::run(&schema, &config, sources, &mut console),
                Command::Completions(shell) => completions::run(&shell, &mut console),
                Command::Man => man::run(&mut console),
                Command::Check(_)
                | Command::Trace(_)
                | Command::Overlay(_)
                | Command::Map(_)
                | Command::Diff(_) => OK,
            }
        }
    };
    // A report that was lost is no answer, whatever it said.
    if console.lost { BROKEN } else { code }
}
