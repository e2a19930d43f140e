//! The end of a text report: all projects in one table, how many came to each decision, what was left out.
//!
//! It does not decide what is listed.

use super::baseline::Comparison;
use super::layout::Column;
use super::page::{Page, Tone};
use super::{Assessment, Entry};
use crate::base::problem::Severity;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::text;

/// The tone of a decision.
pub(super) fn tone(decision: Decision) -> Tone {
    match decision {
        Decision::Reject | Decision::Rectify => Tone::Bad,
        Decision::Clear => Tone::Good,
        _ => Tone::Open,
    }
}

/// The short words for a decision, for tables.
pub(super) fn short(decision: Decision) -> crate::base::text::Text {
    let label = decision.label();
    match decision {
        Decision::Clear => text!("未发现不符情形", "nothing found against it"),
        _ => label,
    }
}

/// Writes the summary.
pub(super) fn write(page: &mut Page, run: &Assessment<'_>) {
    page.rule('═');
    page.line(0, Tone::Strong, page.look.lang.pick("汇总", "Summary"));
    table(page, run);
    page.blank();
    let lang = page.look.lang;
    page.line(0, Tone::Plain, &counted(run, lang));
    let errors = run
        .problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .count();
    let warnings = run.problems.len() - errors;
    if errors + warnings > 0 {
        let text = text!(
            "填报问题：错误 {errors}，警告 {warnings}（见标准错误输出）",
            "problems on standard error: errors {errors}, warnings {warnings}"
        );
        page.line(0, Tone::Plain, text.get(lang));
    }
    for skipped in run.skipped {
        let text = format!(
            "{}{}{}",
            skipped.path,
            lang.pick("：", ": "),
            skipped.why.get(lang)
        );
        page.lead(0, Tone::Faint, lang.pick("未读取 ", "skipped "), &text);
    }
    for line in baseline(run, lang) {
        page.line(0, Tone::Plain, &line);
    }
    page.line(0, Tone::Plain, exit(run).get(lang));
}

/// The end of a report in lines: how many came to what, what an earlier report knew, the exit code.
pub(super) fn lines(run: &Assessment<'_>, lang: Lang) -> Vec<String> {
    let mut lines = vec![counted(run, lang)];
    lines.extend(baseline(run, lang));
    lines.push(exit(run).get(lang).to_owned());
    lines
}

fn counted(run: &Assessment<'_>, lang: Lang) -> String {
    let counts = run.counts().into_iter().filter(|(_, n)| *n > 0);
    let counts: Vec<String> = counts
        .map(|(d, n)| format!("{} {n}", short(d).get(lang)))
        .collect();
    let total = run.entries.len();
    let counts = counts.join(lang.pick("，", ", "));
    text!("共 {total} 件：{counts}", "{total} in all: {counts}")
        .get(lang)
        .to_owned()
}

/// What is new, known and gone against an earlier report: growth is never silent, and neither is what is known.
fn baseline(run: &Assessment<'_>, lang: Lang) -> Vec<String> {
    let Some(comparison) = run.baseline else {
        return Vec::new();
    };
    let Comparison {
        new, graver, known, ..
    } = comparison;
    let gone = comparison.gone.len();
    let counts = text!(
        "与基准比较：新增 {new}，加重 {graver}，基准已有 {known}，已消除 {gone}；退出码只看新增和加重的",
        "against the baseline: new {new}, graver {graver}, known {known}, gone {gone}; the exit code looks at the new and graver ones only"
    );
    let mut lines = vec![counts.get(lang).to_owned()];
    if comparison.not_read > 0 {
        let not_read = comparison.not_read;
        let text = text!(
            "基准中另有 {not_read} 项属于本次未读入的项目",
            "the baseline has {not_read} more, of projects that were not read"
        );
        lines.push(text.get(lang).to_owned());
    }
    lines
}

/// The exit code and why.
pub(super) fn exit(run: &Assessment<'_>) -> Text {
    let exit = run.exit;
    let (zh, en) = exit_words(exit);
    text!("退出码 {exit}：{zh}", "exit code {exit}: {en}")
}

/// Why a run ends with this exit code.
fn exit_words(code: u8) -> (&'static str, &'static str) {
    match code {
        0 => (
            "没有达到 --fail-on 的结论",
            "no decision at or above --fail-on",
        ),
        1 => (
            "有项目建议不予支持或需修改完善",
            "a project is to be rejected or changed",
        ),
        2 => (
            "有内容无法读取或填报有误，优先于其他退出码",
            "something could not be read; outranks the other codes",
        ),
        3 => (
            "有项目需补正、待部门核查或未核查",
            "facts are to be supplied or verified",
        ),
        _ => (
            "有事项须认定或说明",
            "something is to be decided or explained",
        ),
    }
}

fn table(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    let heads = [
        ("结论", "decision"),
        ("项目", "project"),
        ("不符", "fail"),
        ("待定", "open"),
        ("后续", "later"),
        ("符合", "pass"),
        ("认定", "waived"),
    ];
    let mut rows = vec![
        heads
            .iter()
            .map(|(zh, en)| lang.pick(zh, en).to_owned())
            .collect::<Vec<_>>(),
    ];
    for entry in run.entries {
        rows.push(match entry {
            Entry::Unread(file) => {
                let mut row = vec![
                    short(Decision::Unassessed).get(lang).to_owned(),
                    file.clone(),
                ];
                row.extend(std::iter::repeat_n("–".to_owned(), 5));
                row
            }
            Entry::Project(index) => {
                let (Some(project), Some(judged)) =
                    (run.projects.get(*index), run.judged.get(*index))
                else {
                    continue;
                };
                let count = |verdict| judged.count(verdict).to_string();
                vec![
                    short(judged.decision).get(lang).to_owned(),
                    project.id.clone(),
                    count(Verdict::Fail),
                    count(Verdict::Undetermined),
                    count(Verdict::Upcoming),
                    count(Verdict::Pass),
                    judged.waived().to_string(),
                ]
            }
        });
    }
    let narrow = page.look.width < 70;
    if narrow {
        // Later procedures and passes give way; what stands beside a verdict does not.
        for row in &mut rows {
            row.drain(4..row.len().min(6));
        }
    }
    let mut columns = vec![Column::Flexible, Column::Flexible];
    columns.extend(std::iter::repeat_n(
        Column::Fixed,
        if narrow { 3 } else { 5 },
    ));
    page.table(0, &columns, &rows);
}
