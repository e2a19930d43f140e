//! Answers as CSV, for spreadsheets: in the reader's language, with a byte order mark so that Excel reads Chinese.
//!
//! A cell that a spreadsheet would take for a formula is given an apostrophe: names come from anyone.

use std::io::{self, Write};

use super::{Answer, gaps, matrix, words};
use crate::base::text::{Lang, counted};
use crate::judge::wording;
use crate::report::Assessment;
use crate::report::summary::short;
use crate::trace::graph::Node;
use crate::trace::impact::Impact;

/// Writes an answer.
pub(super) fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = match answer {
        Answer::Matrix => matrix(run, lang),
        Answer::Gaps(found, suggestions) => {
            let mut rows = vec![head(
                lang,
                &[
                    ("类别", "kind"),
                    ("编号", "id"),
                    ("名称", "name"),
                    ("说明", "about"),
                    ("所写编号", "written"),
                ],
            )];
            for group in gaps::groups(run, found, suggestions) {
                for row in group.rows {
                    let first = row.nodes.first().copied();
                    let graph = &run.trace.graph;
                    rows.push(vec![
                        group.title.get(lang).to_owned(),
                        first.map(|n| own_id(run, n)).unwrap_or_default(),
                        first
                            .map(|n| graph.title(n).get(lang).to_owned())
                            .unwrap_or_default(),
                        match row.nodes.as_slice() {
                            [_, _, ..] if row.about.get(lang).is_empty() => {
                                row.subject.get(lang).to_owned()
                            }
                            [Node::Project(_), Node::Project(_), ..] if row.written.is_none() => {
                                format!("{}  {}", row.subject.get(lang), row.about.get(lang))
                            }
                            _ => row.about.get(lang).to_owned(),
                        },
                        row.written.unwrap_or_default(),
                    ]);
                }
            }
            rows
        }
        Answer::Impact(found) => impact(run, found, lang),
        Answer::Projects(_) | Answer::Goal(_) | Answer::Paths(..) => links(run, answer, lang),
    };
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    for row in rows {
        csv.write_record(row.iter().map(|cell| safe(cell)))
            .map_err(io::Error::other)?;
    }
    csv.flush()
}

/// A cell that no spreadsheet computes.
pub(in crate::report) fn safe(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn head(lang: Lang, words: &[(&str, &str)]) -> Vec<String> {
    words
        .iter()
        .map(|(zh, en)| lang.pick(zh, en).to_owned())
        .collect()
}

/// The id of a node; twins are numbered.
fn own_id(run: &Assessment<'_>, node: Node) -> String {
    match node {
        Node::Project(number) => words::id(run.trace, number as usize),
        other => run.trace.graph.id_of(other).to_owned(),
    }
}

fn matrix(run: &Assessment<'_>, lang: Lang) -> Vec<Vec<String>> {
    let trace = run.trace;
    let mut first = head(
        lang,
        &[("目标", "goal"), ("名称", "title"), ("状态", "state")],
    );
    first.extend((0..run.projects.len()).map(|p| words::id(trace, p)));
    let mut rows = vec![first];
    for goal in matrix::goals(run) {
        let node = Node::goal(goal);
        let mut row = vec![
            trace.graph.id_of(node).to_owned(),
            trace.graph.title(node).get(lang).to_owned(),
            trace.standing.goal(goal).label().get(lang).to_owned(),
        ];
        let supporters = trace.graph.supporters(goal);
        row.extend((0..run.projects.len()).map(|project| {
            if supporters.binary_search(&project).is_ok() {
                trace.standing.link(project).label().get(lang).to_owned()
            } else {
                String::new()
            }
        }));
        rows.push(row);
    }
    rows
}

fn impact(run: &Assessment<'_>, impact: &Impact, lang: Lang) -> Vec<Vec<String>> {
    let graph = &run.trace.graph;
    let mut rows = vec![head(
        lang,
        &[
            ("类别", "kind"),
            ("编号", "id"),
            ("名称", "title"),
            ("现在", "now"),
            ("之后", "then"),
            ("支撑现在", "support now"),
            ("支撑之后", "support then"),
        ],
    )];
    let mut push = |node: Node, cells: [String; 4]| {
        let mut row = vec![
            node.kind_label().get(lang).to_owned(),
            own_id(run, node),
            graph.title(node).get(lang).to_owned(),
        ];
        row.extend(cells);
        rows.push(row);
    };
    for change in &impact.projects {
        let decision = |d| short(d).get(lang).to_owned();
        push(
            Node::project(change.project),
            [
                decision(change.decision.0),
                decision(change.decision.1),
                change.state.0.label().get(lang).to_owned(),
                change.state.1.label().get(lang).to_owned(),
            ],
        );
    }
    for change in &impact.goals {
        push(
            Node::goal(change.goal),
            [
                change.state.0.label().get(lang).to_owned(),
                change.state.1.label().get(lang).to_owned(),
                words::tally(change.tally.0, lang),
                words::tally(change.tally.1, lang),
            ],
        );
    }
    for project in &impact.released {
        let goals = |count: usize| match lang {
            Lang::Zh => format!("支撑 {count} 个目标"),
            Lang::En => format!("serves {}", counted(count, "goal")),
        };
        let mut all: Vec<usize> = graph.claims(*project).into_iter().map(|(g, _)| g).collect();
        all.sort_unstable();
        all.dedup();
        push(
            Node::project(*project),
            [
                goals(all.len()),
                goals(all.len().saturating_sub(1)),
                String::new(),
                String::new(),
            ],
        );
    }
    rows
}

/// The links of an answer, one a row.
fn links(run: &Assessment<'_>, answer: &Answer, lang: Lang) -> Vec<Vec<String>> {
    let trace = run.trace;
    let graph = &trace.graph;
    let mut rows = vec![head(
        lang,
        &[
            ("类别", "kind"),
            ("编号", "id"),
            ("名称", "title"),
            ("关系", "link"),
            ("对象类别", "to kind"),
            ("对象编号", "to id"),
            ("对象名称", "to title"),
            ("支撑状态", "state"),
            ("指标", "indicator"),
            ("贡献", "contribution"),
            ("佐证", "evidence"),
        ],
    )];
    for (from, to, edge) in answer
        .view(run)
        .edges
        .into_iter()
        .filter_map(|e| graph.edge(e))
    {
        let mut row = Vec::new();
        for (number, node) in [from, to].into_iter().enumerate() {
            if number == 1 {
                row.push(words::edge_label(edge).get(lang).to_owned());
            }
            row.push(node.kind_label().get(lang).to_owned());
            row.push(own_id(run, node));
            row.push(graph.title(node).get(lang).to_owned());
        }
        let claim = words::claim(trace, from, edge);
        let state = match from {
            Node::Project(project) if claim.is_some() => {
                let state = trace.standing.link(project as usize).label();
                state.get(lang).to_owned()
            }
            _ => String::new(),
        };
        let adds = claim.and_then(|c| wording::contribution(run.engine.packs, c));
        row.push(state);
        row.push(claim.and_then(|c| c.indicator.clone()).unwrap_or_default());
        row.push(adds.map(|a| a.get(lang).to_owned()).unwrap_or_default());
        row.push(claim.and_then(|c| c.evidence.clone()).unwrap_or_default());
        rows.push(row);
    }
    rows
}
