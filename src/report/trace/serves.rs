//! The goals of one project as a tree: chapter, section, goal, with the state of its support.
//!
//! It does not know what else is said of the project.

use super::tree::{self, Row, row};
use super::words;
use crate::judge::decision::Decision;
use crate::judge::wording;
use crate::model::project::Support;
use crate::report::Assessment;
use crate::report::page::Page;
use crate::text;
use crate::trace::graph::Node;

/// Writes the short tree of `hegui check`; beside a ban, support is shown and not weighed.
pub(in crate::report) fn goals(page: &mut Page, run: &Assessment<'_>, project: usize) {
    let rows = rows(run, project, page.look.lang, false);
    if rows.is_empty() {
        return;
    }
    let lang = page.look.lang;
    let rejected = words::decision(run.trace, project) == Decision::Reject;
    let label = lang.pick("支撑的规划目标", "Goals of the plan that it supports");
    let note = if rejected {
        lang.pick(
            "（支撑规划目标不抵消禁止性规定）",
            " (serving a goal does not offset a ban)",
        )
    } else {
        ""
    };
    page.line(
        2,
        crate::report::page::Tone::Plain,
        &format!("{label}{note}"),
    );
    tree::write(page, 4, &rows);
}

/// The rows of a project's goals; `whole` adds the plan and everything that is known of each link.
pub(super) fn rows(
    run: &Assessment<'_>,
    project: usize,
    lang: crate::base::text::Lang,
    whole: bool,
) -> Vec<Row> {
    let graph = &run.trace.graph;
    let mut goals: Vec<Node> = Vec::new();
    for (goal, _) in graph.claims(project) {
        let goal = Node::goal(goal);
        if !goals.contains(&goal) {
            goals.push(goal);
        }
    }
    graph.in_outline_order(&mut goals);
    let mut rows: Vec<Row> = Vec::new();
    let mut open: Vec<Node> = Vec::new();
    for goal in goals {
        let mut chain = graph.above(goal);
        chain.reverse();
        if !whole {
            chain.retain(|node| !matches!(node, Node::Plan(_)));
        }
        chain.push(goal);
        let shared = open.iter().zip(&chain).take_while(|(a, b)| a == b).count();
        for (depth, node) in chain.iter().enumerate().skip(shared) {
            let mut row = row(depth, graph.name(*node).get(lang));
            if let Node::Goal(number) = node {
                about_goal(run, project, *number as usize, &mut row, lang, whole);
            }
            rows.push(row);
        }
        open = chain;
    }
    let unknown = run.projects.get(project).map_or(&[][..], |p| &p.supports);
    for support in unknown.iter().filter(|s| graph.goal(&s.goal).is_none()) {
        let words = text!(
            "{}（规划中没有这一目标）",
            "{} (the plan has no such goal)",
            support.goal
        );
        rows.push(row(0, words.get(lang)));
    }
    rows
}

fn about_goal(
    run: &Assessment<'_>,
    project: usize,
    goal: usize,
    row: &mut Row,
    lang: crate::base::text::Lang,
    whole: bool,
) {
    let trace = run.trace;
    if !whole {
        // The project's own decision stands right above.
        let state = if words::by_own_decision(trace, project) {
            words::state_alone(trace, project, lang)
        } else {
            words::state(trace, project, lang)
        };
        row.text = format!("{}  {state}", row.text);
        return;
    }
    let state = words::state(trace, project, lang);
    let colon = lang.pick("：", ": ");
    let mut note = |label: &str, text: &str| row.notes.push(format!("{label}{colon}{text}"));
    note(lang.pick("支撑", "support"), &state);
    let tally = trace.standing.tally(goal);
    let goal_state = trace.standing.goal(goal);
    let counts = words::tally(tally, lang);
    let alone = if tally.all() == 1 {
        lang.pick("；本项目是唯一支撑", "; this project alone")
    } else {
        ""
    };
    let of_goal = match lang {
        crate::base::text::Lang::Zh => {
            format!("{}（{counts}）{alone}", goal_state.label().zh)
        }
        crate::base::text::Lang::En => format!("{} ({counts}){alone}", goal_state.label().en),
    };
    note(lang.pick("目标", "goal"), &of_goal);
    let claims: Vec<&Support> = trace
        .graph
        .claims(project)
        .into_iter()
        .filter(|(of, _)| *of == goal)
        .map(|(_, support)| support)
        .collect();
    for support in claims {
        if let Some(indicator) = &support.indicator {
            let named = run.engine.packs.indicator(indicator);
            let title = named.map_or("", |i| i.title.get(lang));
            let adds = wording::contribution(run.engine.packs, support);
            let adds = adds.map(|c| text!("，贡献 {}", ", adds {}", c.get(lang)));
            let adds = adds.map(|t| t.get(lang).to_owned()).unwrap_or_default();
            note(
                lang.pick("指标", "indicator"),
                &format!("{indicator} {title}{adds}"),
            );
        }
        if let Some(evidence) = &support.evidence {
            note(lang.pick("佐证", "evidence"), evidence);
        }
        if let Some(place) = words::place(run, support.place) {
            note(lang.pick("填报", "claimed at"), &place);
        }
    }
}
