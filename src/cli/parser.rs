//! The parser, made from the table of commands.
//!
//! It does not know what the words mean.

use std::ffi::OsString;

use clap::{Arg, ArgAction};

use super::help::{help, overview};
use super::specs::{Opt, SPECS};
use crate::base::text::Lang;

/// The parser.
pub(super) fn command(lang: Lang) -> clap::Command {
    let version: &'static str = concat!(env!("CARGO_PKG_VERSION"), "\n");
    let mut command = clap::Command::new("hegui")
        .version(version)
        .disable_help_subcommand(true)
        .override_help(overview(lang))
        .arg_required_else_help(true);
    for spec in SPECS {
        let mut sub = clap::Command::new(spec.name)
            .about(lang.pick(spec.about.0, spec.about.1))
            .override_help(help(spec, lang))
            .disable_version_flag(true);
        // All words go to the first of them; the command counts and names them.
        for (name, zh, en) in spec.words.iter().take(1) {
            sub = sub.arg(
                Arg::new(*name)
                    .help(lang.pick(zh, en))
                    .num_args(0..)
                    .value_parser(clap::value_parser!(OsString)),
            );
        }
        for option in spec.options {
            sub = sub.arg(argument(option, lang));
        }
        // Page width, for tests and for terminals that do not say.
        sub = sub.arg(Arg::new("width").long("width").num_args(1).hide(true));
        command = command.subcommand(sub);
    }
    command
}

fn argument(option: &Opt, lang: Lang) -> Arg {
    let arg = Arg::new(option.long)
        .long(option.long)
        .value_name(option.value)
        .help(lang.pick(option.zh, option.en));
    let arg = match option.short() {
        Some(letter) => arg.short(letter),
        None => arg,
    };
    match (option.value, option.many) {
        ("", _) => arg.action(ArgAction::SetTrue),
        ("FILE" | "DIR", false) => arg.num_args(1).value_parser(clap::value_parser!(OsString)),
        (_, true) => arg
            .action(ArgAction::Append)
            .num_args(1)
            .value_parser(clap::value_parser!(OsString)),
        (_, false) => arg.num_args(1),
    }
}

/// People write the language before the command as well as after it.
pub(super) fn lang_after_command(mut args: Vec<OsString>) -> Vec<OsString> {
    let first = args.get(1).map(|a| a.to_string_lossy().into_owned());
    let words = match first.as_deref() {
        Some("--lang") => 2,
        Some(word) if word.starts_with("--lang=") => 1,
        _ => return args,
    };
    // Without a command there is nothing to put it behind.
    if args.len() < words + 2 {
        return args;
    }
    let moved: Vec<OsString> = args.splice(1..=words, []).collect();
    args.splice(2..2, moved);
    args
}
