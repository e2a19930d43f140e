//! The command line: which command runs, on which files, with which packs; what is printed, and the exit code.
//!
//! It knows no semantics: rules judge, reports write. Reports go to standard output, problems to standard error.

mod arguments;
mod cancel;
mod check;
mod config;
mod console;
mod explain;
mod gather;
mod list;
mod manual;
mod new;
mod packs;
mod plan;
mod run;
mod specs;
mod templates;
mod test;
mod trace;
mod usage;

use std::ffi::OsString;

use arguments::Command;
use config::Config;
use console::Console;

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
    cancel::watch();
    let code = match parsed.command {
        Command::Check(check) => check::run(&check, &config, sources, &mut console),
        Command::Trace(trace) => trace::run(&trace, &config, sources, &mut console),
        other => {
            // What judges reads all of the settings; the others are told when they cannot be read.
            console.problems(&config.problems, &sources);
            match other {
                Command::Explain(explain) => explain::run(&explain, &config, sources, &mut console),
                Command::List(list) => list::run(&list, &config, sources, &mut console),
                Command::Plan(plan) => plan::run(&plan, &config, sources, &mut console),
                Command::Test(test) => test::run(&test, &config, sources, &mut console),
                Command::New(new) => new::run(&new, &mut console),
                Command::Manual(topic) => manual::run(&topic, &mut console),
                Command::Check(_) | Command::Trace(_) => OK,
            }
        }
    };
    // A report that was lost is no answer, whatever it said.
    if console.lost { BROKEN } else { code }
}
