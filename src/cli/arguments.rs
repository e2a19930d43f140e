//! Arguments: from a line of words to a command.
//!
//! The parser is made from the table of commands; clap finds mistakes, and they are reworded.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;
use clap::error::ErrorKind;

use super::audit::{self, Audit};
use super::check::Check;
use super::completions;
use super::config::decisions;
use super::diff::Diff;
use super::explain::Explain;
use super::help::{help, overview};
use super::list::{self, List};
use super::manual;
use super::map::Draw;
use super::map_arguments::{draw, layers, overlay};
use super::new::{Kind, New};
use super::overlay::Overlay;
use super::parser::{command, lang_after_command};
use super::plan::{self, Plan};
use super::record::{self, Recording};
use super::run::Asked;
use super::schema::{self, Schema};
use super::specs::SPECS;
use super::test::Test;
use super::trace::{QUESTIONS, Trace};
use super::usage::{Stop, reworded, wrong};
use crate::base::date::Date;
use crate::base::files;
use crate::base::suggest::nearest;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::report::format::Format as Report;
use crate::report::trace::Format;
use crate::text;

/// A command with its options.
#[derive(Debug)]
pub(super) enum Command {
    /// Judge submissions.
    Check(Check),
    /// Ask what serves what.
    Trace(Trace),
    /// Verify or list records.
    Audit(Audit),
    /// Compare two runs.
    Diff(Diff),
    /// Explain names.
    Explain(Explain),
    /// List what packs hold.
    List(List),
    /// What plans hold.
    Plan(Plan),
    /// Run the cases of rules.
    Test(Test),
    /// Write a template.
    New(New),
    /// Measure parcels against layers.
    Overlay(Overlay),
    /// Draw a site.
    Map(Draw),
    /// Print a topic of the manual.
    Manual(String),
    /// Print a schema.
    Schema(Schema),
    /// Print a script for a shell.
    Completions(String),
    /// Print the manual page.
    Man,
}

/// How a command's answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// For a terminal.
    Text,
    /// For programs.
    Json,
    /// As a document.
    Markdown,
}

/// A parsed command line.
#[derive(Debug)]
pub(super) struct Parsed {
    /// What to run.
    pub command: Command,
    /// True for text without colour.
    pub no_color: bool,
    /// True to show no progress.
    pub quiet: bool,
    /// The width of a page.
    pub width: Option<usize>,
}

/// The language that the words ask for, before anything else is understood.
pub(super) fn lang_of(args: &[OsString]) -> Option<Lang> {
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    while let Some(word) = words.next() {
        if word == "--" {
            return None;
        }
        let value = if word == "--lang" {
            words.next()
        } else {
            word.strip_prefix("--lang=")
        };
        if let Some(value) = value {
            return Lang::named(value);
        }
    }
    None
}

/// The path from which `hegui.toml` is looked for: the first word that is one, else this folder.
pub(super) fn first_path(args: &[OsString]) -> PathBuf {
    let words = args.iter().skip(2);
    let is_option = |arg: &&OsString| !arg.to_string_lossy().starts_with('-');
    // The question of a trace and its ids are no paths, whatever stands in this folder.
    let mut asked = 0;
    if args.get(1).is_some_and(|command| command == "trace") {
        let question = words.clone().find(is_option);
        let question = QUESTIONS
            .iter()
            .find(|(name, _)| question.is_some_and(|q| q == name));
        asked = question.map_or(1, |(_, wanted)| 1 + wanted);
    }
    let words = words.filter(is_option).skip(asked);
    let found = words.map(PathBuf::from).find(|path| files::exists(path));
    found.unwrap_or_else(|| PathBuf::from("."))
}

/// Parses a line of words.
pub(super) fn parse(args: Vec<OsString>, lang: Lang) -> Result<Parsed, Stop> {
    let args = lang_after_command(args);
    let kept = record::command(&args);
    let matches = command(lang)
        .try_get_matches_from(args)
        .map_err(|error| match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Stop::Help(error.to_string()),
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Stop::Help(overview(lang)),
            _ => Stop::Wrong(reworded(&error)),
        })?;
    let Some((name, inner)) = matches.subcommand() else {
        return Err(Stop::Help(overview(lang)));
    };
    if let Some(word) = text(inner, "lang").filter(|word| Lang::named(word).is_none()) {
        return Err(bad("lang", word, "zh、en"));
    }
    let command = match name {
        "trace" => Command::Trace(trace(inner)?),
        "audit" => Command::Audit(audit(inner)?),
        "diff" => Command::Diff(diff(inner)?),
        "explain" => Command::Explain(explain(inner)?),
        "list" => Command::List(list(inner)?),
        "plan" => Command::Plan(plan(inner)?),
        "test" => Command::Test(Test {
            folders: paths(inner, "DIR"),
        }),
        "new" => Command::New(new(inner)?),
        "overlay" => Command::Overlay(overlay(inner)?),
        "map" => Command::Map(draw(inner)?),
        "help" => manual_topic(inner, lang)?,
        "schema" => Command::Schema(schema::arguments(inner)?),
        "completions" => Command::Completions(completions::arguments(inner)?),
        "man" => Command::Man,
        _ => Command::Check(check(inner, kept)?),
    };
    let width = text(inner, "width")
        .map(|w| w.parse().map_err(|_| bad("width", w, "80")))
        .transpose()?;
    Ok(Parsed {
        command,
        no_color: inner.get_flag("no-color"),
        quiet: flag(inner, "quiet"),
        width,
    })
}

fn check(m: &ArgMatches, command: Vec<String>) -> Result<Check, Stop> {
    let fail_on = text(m, "fail-on").map(|word| {
        Decision::named(word).ok_or_else(|| {
            let ids = decisions();
            let near = nearest(word, Decision::ALL.into_iter().map(Decision::id));
            let help = near.map_or_else(
                || text!("可用：{ids}", "known: {ids}"),
                |near| text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
            );
            Stop::Wrong(wrong(
                text!(
                    "`--fail-on` 没有 `{word}` 这个结论",
                    "`{word}` is not a decision for `--fail-on`"
                ),
                Some(help),
            ))
        })
    });
    let outputs = outputs(m)?;
    for narrowing in ["baseline", "since"] {
        // A record is done again by itself, and holds neither an earlier report nor a repository.
        if m.contains_id("record") && m.contains_id(narrowing) {
            return Err(Stop::Wrong(wrong(
                text!(
                    "`--record` 不能与 `--{narrowing}` 同时使用",
                    "`--record` does not go with `--{narrowing}`"
                ),
                Some(text!(
                    "留痕的核查应当完整、可单独重做",
                    "a recorded run is whole and can be done again by itself"
                )),
            )));
        }
    }
    let baseline = paths(m, "baseline").into_iter().next();
    Ok(Check {
        asked: asked(m, paths(m, "PATH"))?,
        format: text(m, "format").map_or(Ok(Report::Text), |word| report("format", word))?,
        outputs,
        baseline,
        since: text(m, "since").map(str::to_owned),
        fail_on: fail_on.transpose()?,
        verbose: m.get_flag("verbose"),
        recording: recording(m, command)?,
    })
}

/// What of a run is to be kept, and where.
fn recording(m: &ArgMatches, command: Vec<String>) -> Result<Option<Recording>, Stop> {
    let mask = text(m, "mask").unwrap_or("");
    let Some(folder) = paths(m, "record").into_iter().next() else {
        if mask.is_empty() {
            return Ok(None);
        }
        return Err(missing(
            "`--record`",
            "`--record`",
            text!(
                "--mask 只用于留痕：--record DIR --mask FIELDS",
                "only records are masked: --record DIR --mask FIELDS"
            ),
        ));
    };
    let words = mask.split([',', '，', '、']).map(str::trim);
    Ok(Some(Recording {
        folder,
        mask: words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        key: paths(m, "mask-key").into_iter().next(),
        command,
    }))
}

fn audit(m: &ArgMatches) -> Result<Audit, Stop> {
    let topics = words(m, "QUESTION");
    let all = audit::TOPICS.join("、");
    let topic = topics.first().ok_or_else(|| {
        missing(
            "要问的问题",
            "the question",
            text!("可用：{all}", "known: {all}"),
        )
    })?;
    let topic = one_of(topic, &audit::TOPICS)?;
    no_more(&topics, 2)?;
    let path = paths(m, "QUESTION").into_iter().nth(1).ok_or_else(|| {
        missing(
            "留痕文件夹或记录",
            "the folder of records, or a record",
            text!(
                "例如：hegui audit verify records",
                "for example: hegui audit verify records"
            ),
        )
    })?;
    Ok(Audit {
        verify: topic == "verify",
        path,
        newest: text(m, "newest").map(str::to_lowercase),
        inputs: paths(m, "inputs").into_iter().next(),
        key: paths(m, "mask-key").into_iter().next(),
        form: form(m, &["text", "json", "markdown"])?,
    })
}

fn diff(m: &ArgMatches) -> Result<Diff, Stop> {
    no_more(&words(m, "OLD"), 2)?;
    let sides = paths(m, "OLD");
    let mut sides = sides.into_iter();
    let (Some(old), Some(new)) = (sides.next(), sides.next()) else {
        return Err(missing(
            "要比较的两方",
            "what to compare",
            text!(
                "例如：hegui diff first/project.toml second/project.toml",
                "for example: hegui diff first/project.toml second/project.toml"
            ),
        ));
    };
    Ok(Diff {
        asked: asked(m, Vec::new())?,
        old,
        new,
        form: form(m, &["text", "json", "markdown"])?,
    })
}

/// The format of a word.
fn report(option: &str, word: &str) -> Result<Report, Stop> {
    Report::named(word).ok_or_else(|| bad(option, word, &Report::ALL.map(Report::id).join("、")))
}

/// The files that the report is written to as well, each in its format.
fn outputs(m: &ArgMatches) -> Result<Vec<(Report, PathBuf)>, Stop> {
    let mut all: Vec<(Report, PathBuf)> = Vec::new();
    for word in paths(m, "output") {
        // A name that is no text cannot be told from its format.
        let pair = word.to_str().and_then(|word| word.split_once('='));
        let (format, file) = match pair {
            Some((format, file)) if !file.is_empty() => {
                (report("output", format)?, PathBuf::from(file))
            }
            _ => return Err(bad("output", &files::shown(&word), "json=report.json")),
        };
        if all.iter().any(|(_, other)| *other == file) {
            let name = files::shown(&file);
            return Err(Stop::Wrong(wrong(
                text!(
                    "`--output` 两次写入同一个文件 `{name}`",
                    "`--output` names the file `{name}` twice"
                ),
                None,
            )));
        }
        all.push((format, file));
    }
    Ok(all)
}

/// What is to be judged; without a path, what stands in this folder.
pub(super) fn asked(m: &ArgMatches, mut paths: Vec<PathBuf>) -> Result<Asked, Stop> {
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    Ok(Asked {
        paths,
        rules: self::paths(m, "rules"),
        as_of: date(m, "as-of")?,
        on: date(m, "on")?,
        max_size: text(m, "max-size")
            .map(|word| size(word).ok_or_else(|| bad("max-size", word, "64MiB")))
            .transpose()?,
        no_cache: flag(m, "no-cache"),
        layers: layers(m)?,
    })
}

fn trace(m: &ArgMatches) -> Result<Trace, Stop> {
    let mut words = words(m, "QUESTION").into_iter();
    let names = QUESTIONS.map(|(name, _)| name);
    let all = names.join("、");
    let Some(word) = words.next() else {
        return Err(missing(
            "要问的问题",
            "the question",
            text!("可用：{all}", "known: {all}"),
        ));
    };
    let question = one_of(&word, &names)?;
    let wanted = QUESTIONS
        .iter()
        .find(|(name, _)| *name == question)
        .map_or(0, |(_, wanted)| *wanted);
    let ids: Vec<String> = words.by_ref().take(wanted).collect();
    if ids.len() < wanted {
        return Err(missing(
            "编号",
            "an id",
            text!(
                "例如：hegui trace goal G4.1-1；hegui trace path my-project G4.1-1",
                "for example: hegui trace goal G4.1-1; hegui trace path my-project G4.1-1"
            ),
        ));
    }
    let format = match text(m, "format") {
        None => Format::Text,
        Some(word) => Format::named(word)
            .ok_or_else(|| bad("format", word, &Format::ALL.map(Format::id).join("、")))?,
    };
    let rest = paths(m, "QUESTION").into_iter().skip(1 + wanted).collect();
    Ok(Trace {
        question,
        ids,
        asked: asked(m, rest)?,
        format,
        output: paths(m, "output").into_iter().next(),
        all: m.get_flag("all"),
    })
}

/// The words of a positional argument.
pub(super) fn words(m: &ArgMatches, name: &str) -> Vec<String> {
    paths(m, name)
        .into_iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect()
}

pub(super) fn missing(zh: &str, en: &str, help: Text) -> Stop {
    Stop::Wrong(wrong(text!("缺少{zh}", "{en} is missing"), Some(help)))
}

fn explain(m: &ArgMatches) -> Result<Explain, Stop> {
    let names = words(m, "NAME");
    let all = m.get_flag("all");
    if all {
        no_more(&names, 0)?;
    } else if names.is_empty() {
        return Err(missing(
            "要说明的名称",
            "the name to explain",
            text!(
                "例如：hegui explain energy/review",
                "for example: hegui explain energy/review"
            ),
        ));
    }
    let form = form(m, &["text", "markdown"])?;
    Ok(Explain {
        names,
        all,
        markdown: form == Form::Markdown,
        as_of: date(m, "as-of")?,
        rules: paths(m, "rules"),
    })
}

/// One of some words; a mistake says which they are.
pub(super) fn one_of(word: &str, known: &[&str]) -> Result<String, Stop> {
    if known.contains(&word) {
        return Ok(word.to_owned());
    }
    let all = known.join("、");
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
        None => text!("可用：{all}", "known: {all}"),
    };
    Err(Stop::Wrong(wrong(
        text!("没有 `{word}` 这一类", "there is no `{word}`"),
        Some(help),
    )))
}

/// The words beyond those that a command takes.
pub(super) fn no_more(words: &[String], most: usize) -> Result<(), Stop> {
    match words.get(most) {
        None => Ok(()),
        Some(word) => Err(Stop::Wrong(wrong(
            text!("多出了 `{word}`", "`{word}` is one too many"),
            None,
        ))),
    }
}

fn list(m: &ArgMatches) -> Result<List, Stop> {
    let topics = words(m, "TOPIC");
    no_more(&topics, 1)?;
    let all = list::TOPICS.join("、");
    let topic = topics.first().ok_or_else(|| {
        missing(
            "要列出的类别",
            "what to list",
            text!("可用：{all}", "known: {all}"),
        )
    })?;
    Ok(List {
        topic: one_of(topic, &list::TOPICS)?,
        rules: paths(m, "rules"),
        json: is_json(m)?,
    })
}

fn plan(m: &ArgMatches) -> Result<Plan, Stop> {
    let topics = words(m, "TOPIC");
    let all = plan::TOPICS.join("、");
    let topic = topics.first().ok_or_else(|| {
        missing(
            "要查的内容",
            "what to ask",
            text!("可用：{all}", "known: {all}"),
        )
    })?;
    let topic = one_of(topic, &plan::TOPICS)?;
    let rest: Vec<PathBuf> = paths(m, "TOPIC").into_iter().skip(1).collect();
    if topic == "coverage" {
        no_more(&topics, 1)?;
    }
    Ok(Plan {
        topic,
        asked: asked(m, rest)?,
        since: paths(m, "since").into_iter().next(),
        form: form(m, &["text", "json", "markdown"])?,
    })
}

fn new(m: &ArgMatches) -> Result<New, Stop> {
    let kinds = ["project", "workbook", "rule"];
    let words = words(m, "KIND");
    no_more(&words, 2)?;
    let kind = words.first().ok_or_else(|| {
        missing(
            "要生成的类别",
            "what to write",
            text!(
                "可用：project、workbook、rule",
                "known: project, workbook, rule"
            ),
        )
    })?;
    Ok(New {
        kind: match one_of(kind, &kinds)?.as_str() {
            "rule" => Kind::Rule,
            "workbook" => Kind::Workbook,
            _ => Kind::Project,
        },
        path: words.get(1).map(PathBuf::from),
        rules: paths(m, "rules"),
    })
}

fn manual_topic(m: &ArgMatches, lang: Lang) -> Result<Command, Stop> {
    let topics = words(m, "TOPIC");
    no_more(&topics, 1)?;
    let Some(topic) = topics.first() else {
        return Err(Stop::Help(overview(lang)));
    };
    if let Some(spec) = SPECS.iter().find(|s| s.name == topic) {
        return Err(Stop::Help(help(spec, lang)));
    }
    let known: Vec<&str> = manual::TOPICS
        .into_iter()
        .chain(SPECS.iter().map(|s| s.name))
        .collect();
    Ok(Command::Manual(one_of(topic, &known)?))
}

pub(super) fn text<'m>(m: &'m ArgMatches, name: &str) -> Option<&'m str> {
    m.try_get_one::<String>(name)
        .ok()
        .flatten()
        .map(String::as_str)
}

/// A flag, which not every command has.
pub(super) fn flag(m: &ArgMatches, name: &str) -> bool {
    m.try_get_one::<bool>(name)
        .ok()
        .flatten()
        .is_some_and(|given| *given)
}

pub(super) fn paths(m: &ArgMatches, name: &str) -> Vec<PathBuf> {
    m.try_get_many::<OsString>(name)
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .map(PathBuf::from)
        .collect()
}

fn is_json(m: &ArgMatches) -> Result<bool, Stop> {
    Ok(form(m, &["text", "json"])? == Form::Json)
}

/// The form that `--format` asks for, among those the command has.
fn form(m: &ArgMatches, known: &[&str]) -> Result<Form, Stop> {
    let word = text(m, "format").unwrap_or("text");
    let form = match word {
        "text" => Form::Text,
        "json" => Form::Json,
        "markdown" => Form::Markdown,
        _ => return Err(bad("format", word, &known.join("、"))),
    };
    if known.contains(&word) {
        Ok(form)
    } else {
        Err(bad("format", word, &known.join("、")))
    }
}

pub(super) fn bad(option: &str, word: &str, example: &str) -> Stop {
    Stop::Wrong(wrong(
        text!(
            "`{word}` 不能用作 `--{option}` 的值",
            "`{word}` is not a value of `--{option}`"
        ),
        Some(text!("例如：{example}", "for example: {example}")),
    ))
}

fn date(m: &ArgMatches, name: &str) -> Result<Option<Date>, Stop> {
    text(m, name)
        .map(|word| Date::parse(word).ok_or_else(|| bad(name, word, "2026-06-30")))
        .transpose()
}

/// A size such as `64MiB`, `64M`, `1GiB` or `100000`.
fn size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits)?.to_ascii_lowercase();
    let factor: u64 = match unit.trim_end_matches("ib").trim_end_matches('b') {
        "" => 1,
        "k" => 1 << 10,
        "m" => 1 << 20,
        "g" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn sizes_are_read_with_binary_units() {
        assert_eq!(
            ["64MiB", "64m", "2k", "100", "1GiB", "x", "3T"].map(size),
            [
                Some(64 << 20),
                Some(64 << 20),
                Some(2048),
                Some(100),
                Some(1 << 30),
                None,
                None
            ]
        );
    }

    #[test]
    fn mistakes_are_reworded_in_both_languages() {
        let stop = parse(words("hegui check --verbos"), Lang::Zh);
        let Err(Stop::Wrong(problem)) = stop else {
            panic!("{stop:?}")
        };
        assert_eq!(problem.message.zh, "没有选项 `--verbos`");
        assert!(
            problem
                .help
                .unwrap()
                .zh
                .starts_with("是不是想写 `--verbose`")
        );
        for (line, zh) in [
            ("hegui chek", "没有命令 `chek`"),
            (
                "hegui check --fail-on rejekt",
                "`--fail-on` 没有 `rejekt` 这个结论",
            ),
            (
                "hegui check --on tomorrow",
                "`tomorrow` 不能用作 `--on` 的值",
            ),
        ] {
            let Err(Stop::Wrong(problem)) = parse(words(line), Lang::Zh) else {
                panic!("{line}")
            };
            assert_eq!(problem.message.zh, zh);
        }
    }

    #[test]
    fn the_parser_is_well_formed() {
        command(Lang::Zh).debug_assert();
    }
}
