//! The help of the program and of its commands, made from the table of commands.
//!
//! It is laid out by hand: clap breaks Chinese only at spaces.

use super::audit_specs::exits;
use super::specs::{LANG, Opt, SPECS, Spec};
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::report::layout::{pad, width, wrap};

const PAGE: usize = 96;

/// Rows of a name and what it means.
type Rows = Vec<(String, String)>;

/// A heading with aligned rows below it, wrapped by hand: clap breaks Chinese only at spaces.
fn section(out: &mut String, heading: &str, rows: &Rows) {
    out.push('\n');
    out.push_str(heading);
    out.push('\n');
    let column = rows.iter().map(|(name, _)| width(name)).max().unwrap_or(0) + 2;
    let room = PAGE - column - 2;
    for (name, words) in rows {
        for (number, line) in wrap(words, room, room).into_iter().enumerate() {
            let name = if number == 0 { name.as_str() } else { "" };
            let line = format!("  {}{line}", pad(name, column));
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
}

fn row(name: impl Into<String>, words: &str) -> (String, String) {
    (name.into(), words.to_owned())
}

fn examples<'a>(
    all: impl Iterator<Item = &'a (&'static str, &'static str, &'static str)>,
    lang: Lang,
) -> Rows {
    all.map(|(line, zh, en)| row(*line, lang.pick(zh, en)))
        .collect()
}

/// The help of the whole program.
pub(super) fn overview(lang: Lang) -> String {
    let mut out = lang
        .pick(
            "hegui（合规）：按规划和法律的规则核查项目申报，说明理由。仅供内部审查参考，不作为审批文件。\n",
            "hegui (合规): judges project submissions by rules of a plan and the law, and shows its reasons.\nFor internal review only; not an approval document.\n",
        )
        .to_owned();
    section(
        &mut out,
        lang.pick("用法", "Usage"),
        &vec![row("hegui <COMMAND> [OPTIONS]", "")],
    );
    let commands = SPECS
        .iter()
        .map(|s| row(s.name, lang.pick(s.about.0, s.about.1)))
        .collect();
    section(&mut out, lang.pick("命令", "Commands"), &commands);
    let options = vec![
        row(
            format!("--{} {}", LANG.long, LANG.value),
            lang.pick(LANG.zh, LANG.en),
        ),
        row(
            "-h, --help",
            lang.pick(
                "显示帮助；用在命令之后显示该命令的帮助",
                "show this help; after a command, that command's",
            ),
        ),
        row("-V, --version", lang.pick("显示版本", "show the version")),
    ];
    section(&mut out, lang.pick("选项", "Options"), &options);
    let firsts = examples(SPECS.iter().filter_map(|s| s.examples.first()), lang);
    section(&mut out, lang.pick("示例", "Examples"), &firsts);
    section(
        &mut out,
        lang.pick("退出码（check）", "Exit codes (check)"),
        &examples(EXITS.iter(), lang),
    );
    out
}

/// What the exit codes of `check` say.
pub(super) const EXITS: [(&str, &str, &str); 6] = [
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
    (
        "130",
        "被取消（Ctrl-C 或终止信号）：没有结论，正在写的文件已删去",
        "cancelled (Ctrl-C, or told to end): no decision, and no half-written file is left",
    ),
];

/// The help of a command.
pub(super) fn help(spec: &Spec, lang: Lang) -> String {
    let mut out = format!("{}\n", lang.pick(spec.about.0, spec.about.1));
    section(
        &mut out,
        lang.pick("用法", "Usage"),
        &vec![row(format!("{} [OPTIONS]", spec.usage), "")],
    );
    section(
        &mut out,
        lang.pick("参数", "Arguments"),
        &examples(spec.words.iter(), lang),
    );
    let option = |option: &Opt| {
        let short = option.short();
        let short = short.map_or_else(String::new, |letter| format!("-{letter}, "));
        let name = format!("{short}--{} {}", option.long, option.value);
        row(name.trim_end(), lang.pick(option.zh, option.en))
    };
    let last = row("-h, --help", lang.pick("显示帮助", "show this help"));
    let options = spec.options.iter().map(option).chain([last]).collect();
    section(&mut out, lang.pick("选项", "Options"), &options);
    if spec.name == "check" {
        let decisions = Decision::ALL
            .into_iter()
            .map(|d| row(d.id(), d.label().get(lang)))
            .collect();
        section(
            &mut out,
            lang.pick(
                "结论（由重到轻，--fail-on 可用）",
                "Decisions (gravest first, for --fail-on)",
            ),
            &decisions,
        );
    }
    let exits = exits(spec.name);
    if !exits.is_empty() {
        let rows = examples(exits.iter(), lang);
        section(&mut out, lang.pick("退出码", "Exit codes"), &rows);
    }
    section(
        &mut out,
        lang.pick("示例", "Examples"),
        &examples(spec.examples.iter(), lang),
    );
    out
}
