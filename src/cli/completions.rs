//! `hegui completions`: scripts that complete commands, options and words in a shell.
//!
//! They are made from the parser, with the words that options and commands take.

use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, ValueHint};
use clap_complete::Shell;

use super::OK;
use super::arguments::{missing, no_more, one_of, words};
use super::console::Console;
use super::parser::command;
use super::usage::Stop;
use super::{list, manual, plan, trace};
use crate::judge::decision::Decision;
use crate::report::format::Format;
use crate::report::schema::Of;
use crate::report::trace::Format as TraceFormat;
use crate::text;

/// The shells.
const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "powershell"];

/// The shell that is named.
pub(super) fn arguments(m: &ArgMatches) -> Result<String, Stop> {
    let words = words(m, "SHELL");
    no_more(&words, 1)?;
    let all = SHELLS.join("、");
    let known = text!("可用：{all}", "known: {all}");
    let word = words
        .first()
        .ok_or_else(|| missing("命令行环境的名称", "the shell", known))?;
    one_of(word, &SHELLS)
}

/// Prints the script of a shell.
pub(super) fn run(shell: &str, console: &mut Console) -> u8 {
    let shell = match shell {
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        "powershell" => Shell::PowerShell,
        _ => Shell::Bash,
    };
    let mut parser = command(console.look.lang).mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        sub.mut_args(|arg| {
            let id = arg.get_id().as_str().to_owned();
            let known = known(&name, &id);
            match id.as_str() {
                _ if !known.is_empty() => arg.value_parser(PossibleValuesParser::new(known)),
                "rules" | "DIR" => arg.value_hint(ValueHint::DirPath),
                "PATH" | "output" | "baseline" | "since" | "QUESTION" | "TOPIC" | "KIND" => {
                    arg.value_hint(ValueHint::AnyPath)
                }
                _ => arg,
            }
        })
    });
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut parser, "hegui", &mut script);
    console.report(|out| out.write_all(&script));
    OK
}

/// The words that an option or the first word of a command takes; none where anything may stand.
fn known(command: &str, argument: &str) -> Vec<&'static str> {
    match (command, argument) {
        (_, "lang") => vec!["zh", "en"],
        (_, "fail-on") => Decision::ALL.map(Decision::id).to_vec(),
        ("check", "format") => Format::ALL.map(Format::id).to_vec(),
        ("trace", "format") => TraceFormat::ALL.map(TraceFormat::id).to_vec(),
        ("plan", "format") => vec!["text", "json", "markdown"],
        ("explain", "format") => vec!["text", "markdown"],
        (_, "format") => vec!["text", "json"],
        ("trace", "QUESTION") => trace::QUESTIONS.map(|(name, _)| name).to_vec(),
        ("list", "TOPIC") => list::TOPICS.to_vec(),
        ("plan", "TOPIC") => plan::TOPICS.to_vec(),
        ("help", "TOPIC") => manual::TOPICS.to_vec(),
        ("schema", "TOPIC") => Of::ALL.map(Of::id).to_vec(),
        ("new", "KIND") => vec!["project", "rule"],
        (_, "SHELL") => SHELLS.to_vec(),
        _ => Vec::new(),
    }
}
