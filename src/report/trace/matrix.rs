//! The matrix: goals in rows, projects in columns, the state of each support where they meet.
//!
//! On a page the columns are numbered and come in blocks; a spreadsheet takes them all.

use super::{gaps, words};
use crate::report::Assessment;
use crate::report::layout::{cut, pad, width};
use crate::report::page::{Page, Tone};
use crate::text;
use crate::trace::graph::Node;
use crate::trace::{GoalState, LinkState};

/// Goals in the order of the plan.
pub(in crate::report) fn goals(run: &Assessment<'_>) -> Vec<usize> {
    let mut nodes: Vec<Node> = (0..run.engine.packs.goals.len()).map(Node::goal).collect();
    run.trace.graph.in_outline_order(&mut nodes);
    let number = |node: Node| match node {
        Node::Goal(number) => Some(number as usize),
        _ => None,
    };
    nodes.into_iter().filter_map(number).collect()
}

/// Writes the page.
pub(super) fn write(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    let trace = run.trace;
    page.rule('─');
    gaps::write_levels(page, run);
    page.blank();
    let signs = LinkState::ALL.map(|s| format!("{} {}", words::mark(s), s.label().get(lang)));
    page.line(
        0,
        Tone::Faint,
        &format!("{}  · {}", signs.join("  "), lang.pick("无关联", "no link")),
    );
    let shown: Vec<usize> = goals(run)
        .into_iter()
        .filter(|goal| trace.standing.tally(*goal).all() > 0)
        .collect();
    let mut projects: Vec<usize> = shown
        .iter()
        .flat_map(|goal| trace.graph.supporters(*goal))
        .collect();
    projects.sort_unstable();
    projects.dedup();
    let digits = projects.len().to_string().len().max(2);
    let name_room = (page.look.width / 2).clamp(16, 44);
    let block = ((page.look.width.saturating_sub(name_room + 2)) / (digits + 1)).max(1);
    for (number, part) in projects.chunks(block).enumerate() {
        let first = number * block;
        page.blank();
        for (at, project) in part.iter().enumerate() {
            let name = words::project(trace, *project);
            let at = (first + at + 1).to_string();
            page.line(0, Tone::Plain, &format!("{}  {name}", pad(&at, digits)));
        }
        let numbers: Vec<String> = (first..first + part.len())
            .map(|n| format!("{:>digits$}", n + 1))
            .collect();
        let head = pad(lang.pick("目标", "goal"), name_room);
        page.line(0, Tone::Faint, &format!("{head}  {}", numbers.join(" ")));
        for goal in &shown {
            let supporters = trace.graph.supporters(*goal);
            if !part.iter().any(|p| supporters.binary_search(p).is_ok()) {
                continue;
            }
            let cells: Vec<String> = part
                .iter()
                .map(|project| {
                    let mark = match supporters.binary_search(project) {
                        Ok(_) => words::mark(trace.standing.link(*project)),
                        Err(_) => "·",
                    };
                    format!("{}{mark}", " ".repeat(digits.saturating_sub(width(mark))))
                })
                .collect();
            let name = trace.graph.name(Node::goal(*goal));
            let name = pad(&cut(name.get(lang), name_room), name_room);
            page.raw(format!("{name}  {}", cells.join(" ")).trim_end());
            page.raw("\n");
        }
    }
    let all = trace.standing.counts(0..run.engine.packs.goals.len());
    let none = all.of(GoalState::Unsupported);
    let text = text!(
        "另有 {none} 个目标没有项目支撑，见 hegui trace gaps",
        "{none} more goals have no project: see `hegui trace gaps`"
    );
    page.blank();
    page.line(0, Tone::Faint, text.get(lang));
}
