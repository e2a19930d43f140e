//! Answers as text: the head, and for each question its own page.
//!
//! It does not know what stands in the pages of projects, goals, gaps and matrices.

use std::io::{self, Write};

use super::{Answer, gaps, goal, matrix, project, words};
use crate::base::text::{Lang, Text};
use crate::report::layout::Column;
use crate::report::page::{Look, Page, Tone};
use crate::report::summary::short;
use crate::report::{Assessment, DISCLAIMER};
use crate::text;
use crate::trace::graph::Node;
use crate::trace::impact::{Impact, Subject};
use crate::trace::paths::{MOST, Path, Paths};

/// Writes an answer as text.
pub(super) fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(look);
    head(&mut page, run, answer);
    match answer {
        Answer::Projects(projects) => {
            for (number, suggestions) in projects {
                page.rule('─');
                project::write(&mut page, run, *number, suggestions);
            }
        }
        Answer::Goal(number) => {
            page.rule('─');
            goal::write(&mut page, run, *number);
        }
        Answer::Paths(from, to, paths) => ways(&mut page, run, *from, *to, paths),
        Answer::Gaps(found, suggestions) => gaps::write(&mut page, run, found, suggestions),
        Answer::Impact(found) => impact(&mut page, run, found),
        Answer::Matrix => matrix::write(&mut page, run),
    }
    out.write_all(page.out.as_bytes())
}

/// What was asked, in words.
pub(super) fn title(run: &Assessment<'_>, answer: &Answer) -> Text {
    let graph = &run.trace.graph;
    let name = |node: Node| match node {
        Node::Project(number) => Text::same(words::project(run.trace, number as usize)),
        other => graph.name(other),
    };
    match answer {
        Answer::Projects(projects) => {
            let first = projects.first().map(|(p, _)| name(Node::project(*p)));
            let of = first.unwrap_or_default();
            Text::new(
                format!("项目溯源：{}", of.zh),
                format!("Trace of the project {}", of.en),
            )
        }
        Answer::Goal(goal) => {
            let of = name(Node::goal(*goal));
            Text::new(
                format!("目标溯源：{}", of.zh),
                format!("Trace of the goal {}", of.en),
            )
        }
        Answer::Paths(from, to, _) => {
            let (from, to) = (name(*from), name(*to));
            Text::new(
                format!("路径：{} → {}", from.zh, to.zh),
                format!("Paths: {} → {}", from.en, to.en),
            )
        }
        Answer::Gaps(..) => text!("溯源缺口", "Gaps of the trace"),
        Answer::Impact(impact) => asked(run, &impact.subject),
        Answer::Matrix => text!("目标与项目对照", "Goals and projects"),
    }
}

/// What is taken to be otherwise, in words.
fn asked(run: &Assessment<'_>, subject: &Subject) -> Text {
    let graph = &run.trace.graph;
    match subject {
        Subject::Refused(project) => {
            let name = words::project(run.trace, *project);
            text!(
                "影响：项目 {name} 不予支持",
                "Impact: the project {name} is refused"
            )
        }
        Subject::Dropped(goal) => {
            let name = graph.name(Node::goal(*goal));
            Text::new(
                format!("影响：取消目标 {}", name.zh),
                format!("Impact: the goal {} is dropped", name.en),
            )
        }
        Subject::Without(node, _) => {
            let (name, kind) = (graph.name(*node), node.kind_label());
            Text::new(
                format!("影响：有无{}“{}”", kind.zh, name.zh),
                format!("Impact: with and without the {} {}", kind.en, name.en),
            )
        }
    }
}

fn head(page: &mut Page, run: &Assessment<'_>, answer: &Answer) {
    let lang = page.look.lang;
    page.line(0, Tone::Strong, title(run, answer).get(lang));
    page.item(
        0,
        lang.pick("声明", "notice"),
        lang.pick(DISCLAIMER.0, DISCLAIMER.1),
    );
    crate::report::text::heads(page, run);
    let scope = scope(run);
    page.item(0, lang.pick("范围", "scope"), scope.get(lang));
}

/// How many projects and goals the answer rests on.
pub(super) fn scope(run: &Assessment<'_>) -> Text {
    let goals = 0..run.engine.packs.goals.len();
    let counts = run.trace.standing.counts(goals);
    let (projects, all) = (run.projects.len(), counts.all());
    let left_out = all - counts.assessed();
    let unread = run.entries.len() - projects.min(run.entries.len());
    let mut scope = text!(
        "项目 {projects} 件，目标 {all} 个",
        "{projects} projects, {all} goals"
    );
    if left_out > 0 {
        let more = text!(
            "（其中 {left_out} 个不作项目核查）",
            " ({left_out} of them are not assessed by projects)"
        );
        scope.zh.push_str(&more.zh);
        scope.en.push_str(&more.en);
    }
    if unread > 0 {
        let more = text!(
            "；另有 {unread} 个文件未读出项目",
            "; {unread} files without a readable project"
        );
        scope.zh.push_str(&more.zh);
        scope.en.push_str(&more.en);
    }
    scope
}

fn ways(page: &mut Page, run: &Assessment<'_>, from: Node, to: Node, paths: &Paths) {
    let lang = page.look.lang;
    page.rule('─');
    if paths.found.is_empty() {
        let graph = &run.trace.graph;
        let (from, to) = (graph.name(from), graph.name(to));
        let none = Text::new(
            format!("“{}”与“{}”之间没有路径", from.zh, to.zh),
            format!("there is no path between {} and {}", from.en, to.en),
        );
        page.line(0, Tone::Plain, none.get(lang));
        page.line(
            0,
            Tone::Faint,
            lang.pick(
                "路径只沿一个方向：项目 → 依赖的项目、支撑的目标、不符合的规则；规则 → 依据；目标 → 节 → 章 → 规划",
                "paths lead one way: project → what it depends on, supports or does not meet; rule → basis; goal → section → chapter → plan",
            ),
        );
        return;
    }
    if paths.backwards {
        page.line(
            0,
            Tone::Faint,
            lang.pick(
                "正向没有路径，以下为反向路径",
                "there is no path that way; these lead the other way",
            ),
        );
    }
    for (number, path) in paths.found.iter().enumerate() {
        let (number, steps) = (number + 1, path.steps.len());
        let title = text!(
            "路径 {number}（{steps} 步）",
            "path {number} ({steps} steps)"
        );
        page.line(0, Tone::Strong, title.get(lang));
        way(page, run, path);
    }
    if paths.more {
        let more = text!(
            "另有更长的路径未列出（最多列 {MOST} 条）",
            "longer paths are not listed (at most {MOST} are)"
        );
        page.line(0, Tone::Faint, more.get(lang));
    }
}

fn way(page: &mut Page, run: &Assessment<'_>, path: &Path) {
    let lang = page.look.lang;
    let graph = &run.trace.graph;
    let named = |node: Node| {
        let name = match node {
            Node::Project(number) => words::project(run.trace, number as usize),
            other => graph.name(other).get(lang).to_owned(),
        };
        let about = match node {
            Node::Project(number) => {
                let label = short(words::decision(run.trace, number as usize));
                match lang {
                    Lang::Zh => format!("〔{}〕", label.zh),
                    Lang::En => format!(" [{}]", label.en),
                }
            }
            _ => String::new(),
        };
        match node {
            // Their names say what they are.
            Node::Plan(_) | Node::Chapter(_) => name,
            _ => format!("{} {name}{about}", node.kind_label().get(lang)),
        }
    };
    page.line(2, Tone::Plain, &named(path.from));
    // A very long way is shown at its ends.
    let skipped = path.steps.len().saturating_sub(60);
    let mut here = path.from;
    for (number, step) in path.steps.iter().enumerate() {
        let Some((from, _, edge)) = graph.edge(step.edge) else {
            continue;
        };
        let before = here;
        here = step.to;
        if skipped > 0 && (30..30 + skipped).contains(&number) {
            if number == 30 {
                let text = text!("…… 略去 {skipped} 步", "… {skipped} steps left out");
                page.line(2, Tone::Faint, text.get(lang));
            }
            continue;
        }
        let label = if before == from {
            words::edge_label(edge)
        } else {
            words::edge_label_back(edge)
        };
        let claim = words::claim(run.trace, from, edge);
        let evidence = claim.and_then(|c| c.evidence.as_deref());
        let evidence = evidence.map(|e| text!("（佐证：{e}）", " (evidence: {e})"));
        let evidence = evidence.map(|e| e.get(lang).to_owned()).unwrap_or_default();
        let lead = format!("─ {}{evidence} → ", label.get(lang));
        page.lead(4, Tone::Faint, &lead, &named(step.to));
    }
}

/// Rows of a table shown in a text at most.
const ROWS: usize = 40;

fn impact(page: &mut Page, run: &Assessment<'_>, impact: &Impact) {
    let lang = page.look.lang;
    let trace = run.trace;
    let graph = &trace.graph;
    page.rule('─');
    if let Subject::Dropped(_) = impact.subject {
        dropped(page, run, impact);
        return;
    }
    if let Subject::Without(_, rules) = &impact.subject {
        let ids: Vec<&str> = rules
            .iter()
            .filter_map(|r| run.engine.packs.rules.get(*r))
            .map(|r| r.id.as_str())
            .collect();
        let label = lang.pick("规则", "rules");
        let ids = if ids.is_empty() {
            lang.pick("没有规则以此为依据", "no rule rests on it")
                .to_owned()
        } else {
            ids.join(lang.pick("、", ", "))
        };
        page.item(0, label, &ids);
    }
    let (now, then) = match impact.subject {
        Subject::Without(..) => (("有", "with"), ("无", "without")),
        _ => (("现在", "now"), ("之后", "then")),
    };
    let pick = |words: (&str, &str)| lang.pick(words.0, words.1).to_owned();
    let mut rows = vec![vec![
        pick(("项目", "project")),
        format!("{}{}", pick(("结论 · ", "decision ")), pick(now)),
        pick(then),
        format!("{}{}", pick(("支撑 · ", "support ")), pick(now)),
        pick(then),
    ]];
    let count = impact.projects.len();
    for change in impact.projects.iter().take(ROWS) {
        rows.push(vec![
            words::project(trace, change.project),
            short(change.decision.0).get(lang).to_owned(),
            short(change.decision.1).get(lang).to_owned(),
            change.state.0.label().get(lang).to_owned(),
            change.state.1.label().get(lang).to_owned(),
        ]);
    }
    let title = text!("受影响的项目（{count}）", "projects that change ({count})");
    table(page, title.get(lang), &rows, count);
    let mut rows = vec![vec![
        pick(("目标", "goal")),
        pick(now),
        pick(then),
        pick(("支撑数变化", "supports")),
    ]];
    let count = impact.goals.len();
    for change in impact.goals.iter().take(ROWS) {
        let all = |tally| words::tally(tally, lang);
        rows.push(vec![
            graph.name(Node::goal(change.goal)).get(lang).to_owned(),
            change.state.0.label().get(lang).to_owned(),
            change.state.1.label().get(lang).to_owned(),
            format!("{} → {}", all(change.tally.0), all(change.tally.1)),
        ]);
    }
    let moved = impact
        .goals
        .iter()
        .filter(|g| g.state.0 != g.state.1)
        .count();
    let title = text!(
        "受影响的目标（{count}，其中状态改变 {moved}）",
        "goals whose supports change ({count}; {moved} change their state)"
    );
    table(page, title.get(lang), &rows, count);
    if impact.projects.is_empty() && impact.goals.is_empty() {
        page.line(
            0,
            Tone::Plain,
            lang.pick(
                "结论和支撑状态均不改变",
                "no decision and no state of support changes",
            ),
        );
    }
}

fn table(page: &mut Page, title: &str, rows: &[Vec<String>], count: usize) {
    if count == 0 {
        return;
    }
    let lang = page.look.lang;
    page.line(0, Tone::Strong, title);
    let mut columns = vec![Column::Flexible];
    let columns_of = rows.first().map_or(1, Vec::len);
    columns.resize(columns_of, Column::Fixed);
    if columns_of == 4
        && let Some(last) = columns.last_mut()
    {
        *last = Column::Flexible;
    }
    page.table(2, &columns, rows);
    if count > ROWS {
        let more = text!(
            "另有 {} 项，见 --format csv 或 json",
            "{} more: see --format csv or json",
            count - ROWS
        );
        page.line(2, Tone::Faint, more.get(lang));
    }
    page.blank();
}

fn dropped(page: &mut Page, run: &Assessment<'_>, impact: &Impact) {
    let lang = page.look.lang;
    let count = impact.released.len();
    let title = text!(
        "支撑它的项目（{count}）",
        "projects that support it ({count})"
    );
    page.line(0, Tone::Strong, title.get(lang));
    for project in impact.released.iter().take(ROWS) {
        let alone = impact.orphaned.contains(project);
        let note = if alone {
            lang.pick("  不再支撑任何目标", "  would support no goal any more")
        } else {
            ""
        };
        let name = words::project(run.trace, *project);
        page.line(2, Tone::Plain, &format!("{name}{note}"));
    }
    if count == 0 {
        page.line(2, Tone::Plain, lang.pick("没有", "none"));
    } else if count > ROWS {
        let more = text!("另有 {} 项", "{} more", count - ROWS);
        page.line(2, Tone::Faint, more.get(lang));
    }
}
