//! Arguments: the commands with their options, and from a line of words to one of them.
//!
//! One table of options makes both the parser and the help, so that neither can drift.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches};

use super::check::Check;
use super::config::decisions;
use super::usage::{Stop, reworded, wrong};
use crate::base::date::Date;
use crate::base::suggest::nearest;
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::report::layout::{pad, width, wrap};
use crate::text;

/// A command with its options.
#[derive(Debug)]
pub(super) enum Command {
    /// Judge submissions.
    Check(Check),
}

/// A parsed command line.
#[derive(Debug)]
pub(super) struct Parsed {
    /// What to run.
    pub command: Command,
    /// True for text without colour.
    pub no_color: bool,
    /// The width of a page.
    pub width: Option<usize>,
}

/// An option: its name, the word for its value (empty for a flag), what it does.
struct Opt {
    long: &'static str,
    value: &'static str,
    zh: &'static str,
    en: &'static str,
    many: bool,
}

const fn opt(long: &'static str, value: &'static str, zh: &'static str, en: &'static str) -> Opt {
    Opt {
        long,
        value,
        zh,
        en,
        many: false,
    }
}

const RULES: Opt = Opt {
    many: true,
    ..opt(
        "rules",
        "DIR",
        "规则包文件夹，可多次给出；缺省用 hegui.toml 的 packs，再缺省用内置规则包",
        "a pack's folder; may be repeated; else packs of hegui.toml, else the built-in packs",
    )
};
const FORMAT: Opt = opt(
    "format",
    "FORMAT",
    "输出格式：text（缺省）或 json",
    "output format: text (default) or json",
);
const LANG: Opt = opt(
    "lang",
    "LANG",
    "语言：zh（缺省）或 en",
    "language: zh (default) or en",
);
const NO_COLOR: Opt = opt(
    "no-color",
    "",
    "不用颜色（环境变量 NO_COLOR 同样有效）",
    "no colour (the variable NO_COLOR works too)",
);
const AS_OF: Opt = opt(
    "as-of",
    "DATE",
    "全部按这一天的规定核查，不看项目自身的日期",
    "judge everything by the law of this day, whatever dates the projects have",
);
const ON: Opt = opt(
    "on",
    "DATE",
    "核查日期：决定人工认定是否有效，缺省用 hegui.toml 的 review_date",
    "the review date: decides which waivers hold; else review_date of hegui.toml",
);
const FAIL_ON: Opt = opt(
    "fail-on",
    "DECISION",
    "结论达到此级时退出码不为 0（缺省 refer）",
    "the decision from which the exit code is not 0 (default: refer)",
);
const MAX_SIZE: Opt = opt(
    "max-size",
    "SIZE",
    "单个文件大小上限，如 64MiB（缺省 TOML 32MiB、JSON 256MiB）",
    "the largest file that is read, such as 64MiB (default: TOML 32MiB, JSON 256MiB)",
);
const VERBOSE: Opt = opt(
    "verbose",
    "",
    "同时列出符合和不涉及的规则",
    "also list the rules that are met or do not apply",
);

/// A command as the table knows it.
struct Spec {
    name: &'static str,
    about: (&'static str, &'static str),
    usage: &'static str,
    words: &'static [(&'static str, &'static str, &'static str)],
    options: &'static [Opt],
    examples: &'static [(&'static str, &'static str, &'static str)],
}

const SPECS: &[Spec] = &[Spec {
    name: "check",
    about: (
        "核查项目申报，给出结论（建议）和理由",
        "judge submissions and give a decision with its reasons",
    ),
    usage: "hegui check [PATH…]",
    words: &[(
        "PATH",
        "申报文件、文件夹，或 - 表示标准输入（缺省为当前文件夹）",
        "submissions, folders, or - for standard input (default: this folder)",
    )],
    options: &[
        RULES, FORMAT, AS_OF, ON, FAIL_ON, MAX_SIZE, VERBOSE, LANG, NO_COLOR,
    ],
    examples: &[
        (
            "hegui check sample-projects",
            "核查文件夹下的所有申报",
            "judge all submissions in a folder",
        ),
        (
            "hegui check project.toml --on 2026-06-30",
            "给出核查日期，人工认定据此判断",
            "give the review date, which decides waivers",
        ),
        (
            "hegui check . --format json > report.json",
            "输出 JSON，供程序使用",
            "write JSON for programs",
        ),
        (
            "cat batch.ndjson | hegui check -",
            "从标准输入读取",
            "read standard input",
        ),
    ],
}];

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
    let words = args
        .iter()
        .skip(2)
        .filter(|arg| !arg.to_string_lossy().starts_with('-'));
    let found = words.map(PathBuf::from).find(|path| path.exists());
    found.unwrap_or_else(|| PathBuf::from("."))
}

/// Parses a line of words.
pub(super) fn parse(args: Vec<OsString>, lang: Lang) -> Result<Parsed, Stop> {
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
    let command = match name {
        _ => Command::Check(check(inner)?),
    };
    let width = text(inner, "width")
        .map(|w| w.parse().map_err(|_| bad("width", w, "80")))
        .transpose()?;
    Ok(Parsed {
        command,
        no_color: inner.get_flag("no-color"),
        width,
    })
}

fn check(m: &ArgMatches) -> Result<Check, Stop> {
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
    let mut paths = paths(m, "PATH");
    if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    Ok(Check {
        paths,
        rules: self::paths(m, "rules"),
        json: is_json(m)?,
        as_of: date(m, "as-of")?,
        on: date(m, "on")?,
        fail_on: fail_on.transpose()?,
        max_size: text(m, "max-size")
            .map(|word| size(word).ok_or_else(|| bad("max-size", word, "64MiB")))
            .transpose()?,
        verbose: m.get_flag("verbose"),
    })
}

fn text<'m>(m: &'m ArgMatches, name: &str) -> Option<&'m str> {
    m.try_get_one::<String>(name)
        .ok()
        .flatten()
        .map(String::as_str)
}

fn paths(m: &ArgMatches, name: &str) -> Vec<PathBuf> {
    m.try_get_many::<OsString>(name)
        .ok()
        .flatten()
        .into_iter()
        .flatten()
        .map(PathBuf::from)
        .collect()
}

fn is_json(m: &ArgMatches) -> Result<bool, Stop> {
    match text(m, "format") {
        None | Some("text") => Ok(false),
        Some("json") => Ok(true),
        Some(other) => Err(bad("format", other, "text、json")),
    }
}

fn bad(option: &str, word: &str, example: &str) -> Stop {
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

/// The parser.
fn command(lang: Lang) -> clap::Command {
    let version: &'static str = concat!(env!("CARGO_PKG_VERSION"), "\n");
    let mut command = clap::Command::new("hegui")
        .version(version)
        .disable_help_subcommand(true)
        .override_help(overview(lang))
        .arg_required_else_help(true);
    for spec in SPECS {
        let mut sub = clap::Command::new(spec.name)
            .override_help(help(spec, lang))
            .disable_version_flag(true);
        for (name, ..) in spec.words {
            sub = sub.arg(
                Arg::new(*name)
                    .num_args(0..)
                    .value_parser(clap::value_parser!(OsString)),
            );
        }
        for option in spec.options {
            sub = sub.arg(argument(option));
        }
        // Page width, for tests and for terminals that do not say.
        sub = sub.arg(Arg::new("width").long("width").num_args(1).hide(true));
        command = command.subcommand(sub);
    }
    command
}

fn argument(option: &Opt) -> Arg {
    let arg = Arg::new(option.long).long(option.long);
    let arg = if option.long == "verbose" {
        arg.short('v')
    } else {
        arg
    };
    match (option.value, option.many) {
        ("", _) => arg.action(ArgAction::SetTrue),
        (_, true) => arg
            .action(ArgAction::Append)
            .num_args(1)
            .value_parser(clap::value_parser!(OsString)),
        (_, false) => arg.num_args(1),
    }
}

const PAGE: usize = 96;

/// Rows of a name and what it means, aligned and wrapped by hand: clap breaks Chinese only at spaces.
fn rows(rows: &[(String, &str)]) -> String {
    let column = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0) + 2;
    let mut out = String::new();
    for (name, words) in rows {
        let room = PAGE - column - 2;
        for (number, line) in wrap(words, room, room).into_iter().enumerate() {
            let name = if number == 0 { name.as_str() } else { "" };
            out.push_str(&format!("  {}{line}\n", pad(name, column)));
        }
    }
    out
}

/// The help of the whole program.
fn overview(lang: Lang) -> String {
    let commands: Vec<(String, &str)> = SPECS
        .iter()
        .map(|s| (s.name.to_owned(), lang.pick(s.about.0, s.about.1)))
        .collect();
    let options = [
        (
            format!("--{} {}", LANG.long, LANG.value),
            lang.pick(LANG.zh, LANG.en),
        ),
        (
            "-h, --help".to_owned(),
            lang.pick(
                "显示帮助；用在命令之后显示该命令的帮助",
                "show this help; after a command, that command's",
            ),
        ),
        (
            "-V, --version".to_owned(),
            lang.pick("显示版本", "show the version"),
        ),
    ];
    let exits = [
        (
            "0",
            "没有达到 --fail-on 的结论",
            "no decision at or above --fail-on",
        ),
        (
            "1",
            "有项目建议不予支持或需修改完善",
            "a project is to be rejected or changed",
        ),
        (
            "2",
            "有内容无法读取、填报有误、命令有误或没有找到项目",
            "something could not be read, the command line is wrong, or no project was found",
        ),
        (
            "3",
            "有项目需补正、待部门核查或未核查",
            "facts are to be supplied or verified, or a project was not assessed",
        ),
        (
            "4",
            "有事项须认定或说明",
            "something is to be decided or explained",
        ),
    ];
    let exits: Vec<(String, &str)> = exits
        .iter()
        .map(|(code, zh, en)| ((*code).to_owned(), lang.pick(zh, en)))
        .collect();
    let mut out = String::new();
    out.push_str(lang.pick(
        "hegui（合规）：按规划和法律的规则核查项目申报，说明理由。仅供内部审查参考，不作为审批文件。\n",
        "hegui (合规): judges project submissions by rules of a plan and the law, and shows its reasons.\nFor internal review only; not an approval document.\n",
    ));
    let section = |out: &mut String, zh: &str, en: &str, body: &str| {
        out.push_str(&format!("\n{}\n{body}", lang.pick(zh, en)));
    };
    section(&mut out, "用法", "Usage", "  hegui <COMMAND> [OPTIONS]\n");
    section(&mut out, "命令", "Commands", &rows(&commands));
    section(&mut out, "选项", "Options", &rows(&options));
    let examples: Vec<(String, &str)> = SPECS
        .iter()
        .filter_map(|s| s.examples.first())
        .map(|(line, zh, en)| ((*line).to_owned(), lang.pick(zh, en)))
        .collect();
    section(&mut out, "示例", "Examples", &rows(&examples));
    section(
        &mut out,
        "退出码（check）",
        "Exit codes (check)",
        &rows(&exits),
    );
    out
}

/// The help of a command.
fn help(spec: &Spec, lang: Lang) -> String {
    let mut out = format!("{}\n", lang.pick(spec.about.0, spec.about.1));
    let usage = format!("  {} {}\n", spec.usage, "[OPTIONS]");
    out.push_str(&format!("\n{}\n{usage}", lang.pick("用法", "Usage")));
    let words: Vec<(String, &str)> = spec
        .words
        .iter()
        .map(|(name, zh, en)| ((*name).to_owned(), lang.pick(zh, en)))
        .collect();
    if !words.is_empty() {
        out.push_str(&format!(
            "\n{}\n{}",
            lang.pick("参数", "Arguments"),
            rows(&words)
        ));
    }
    let mut options: Vec<(String, &str)> = Vec::new();
    for option in spec.options {
        let short = if option.long == "verbose" { "-v, " } else { "" };
        options.push((
            format!("{short}--{} {}", option.long, option.value)
                .trim_end()
                .to_owned(),
            lang.pick(option.zh, option.en),
        ));
    }
    options.push((
        "-h, --help".to_owned(),
        lang.pick("显示帮助", "show this help"),
    ));
    out.push_str(&format!(
        "\n{}\n{}",
        lang.pick("选项", "Options"),
        rows(&options)
    ));
    if spec.name == "check" {
        let ids: Vec<(String, String)> = Decision::ALL
            .into_iter()
            .map(|d| (d.id().to_owned(), d.label().get(lang).to_owned()))
            .collect();
        let ids: Vec<(String, &str)> = ids
            .iter()
            .map(|(id, label)| (id.clone(), label.as_str()))
            .collect();
        out.push_str(&format!(
            "\n{}\n{}",
            lang.pick(
                "结论（由重到轻，--fail-on 可用）",
                "Decisions (gravest first, for --fail-on)"
            ),
            rows(&ids)
        ));
    }
    let examples: Vec<(String, &str)> = spec
        .examples
        .iter()
        .map(|(line, zh, en)| ((*line).to_owned(), lang.pick(zh, en)))
        .collect();
    out.push_str(&format!(
        "\n{}\n{}",
        lang.pick("示例", "Examples"),
        rows(&examples)
    ));
    out
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
