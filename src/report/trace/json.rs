//! Answers as JSON `v1`, in both languages. Equal runs give equal bytes.
//!
//! It does not decide what an answer holds.

use std::io::{self, Write};

use super::form::{self, Both, Change};
use super::{Answer, gaps, text, words};
use crate::base::text::Text;
use crate::judge::wording;
use crate::report::excerpt::Excerpts;
use crate::report::{Assessment, DISCLAIMER};
use crate::trace::graph::{Edge, Node};
use crate::trace::impact::{Impact, Subject};
use crate::trace::standing::{Counts, GoalState, Tally};
use crate::trace::suggest::Suggestions;

/// Writes an answer.
pub(super) fn write(run: &Assessment<'_>, answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let graph = &run.trace.graph;
    let packs = run.engine.packs;
    let view = answer.view(run);
    let excerpts = Excerpts::new(run.sources);
    let key = |node: Node| graph.key(node);
    let chapters = gaps::levels(run).into_iter().map(|level| form::Chapter {
        key: key(level.node),
        title: graph.name(level.node).into(),
        goals: counts(level.counts),
    });
    let all = run.trace.standing.counts(0..packs.goals.len());
    let share = |(part, whole): (usize, usize)| form::Share {
        applicable: whole > 0,
        part,
        whole,
    };
    let (paths, found, changed, suggested) = match answer {
        Answer::Paths(_, _, paths) => {
            let way = |path: &crate::trace::paths::Path| {
                let first = std::iter::once(path.from);
                let rest = path.steps.iter().map(|s| s.to);
                first.chain(rest).map(key).collect()
            };
            let paths = form::Paths {
                backwards: paths.backwards,
                more: paths.more,
                found: paths.found.iter().map(way).collect(),
            };
            (Some(paths), None, None, Vec::new())
        }
        Answer::Gaps(found, suggestions) => {
            let groups = gaps::groups(run, found, suggestions);
            let groups = groups.into_iter().map(|group| form::Gaps {
                kind: group.id,
                title: group.title.into(),
                count: group.rows.len(),
                found: group
                    .rows
                    .into_iter()
                    .map(|row| form::Gap {
                        nodes: row.nodes.into_iter().map(key).collect(),
                        written: row.written,
                        about: row.about.into(),
                    })
                    .collect(),
            });
            (
                None,
                Some(groups.collect()),
                None,
                suggested(run, suggestions),
            )
        }
        Answer::Impact(found) => (None, None, Some(impact(run, found)), Vec::new()),
        Answer::Projects(projects) => (None, None, None, suggested(run, projects)),
        Answer::Goal(_) | Answer::Matrix => (None, None, None, Vec::new()),
    };
    let report = form::Report {
        version: "v1",
        tool: form::Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        disclaimer: Text::new(DISCLAIMER.0, DISCLAIMER.1).into(),
        question: form::Question {
            kind: answer.question(),
            about: answer.about().into_iter().map(key).collect(),
        },
        title: text::title(run, answer).into(),
        packs: packs
            .heads
            .iter()
            .map(|head| form::Pack {
                id: &head.id,
                version: &head.version,
                hash: &head.hash,
            })
            .collect(),
        levels: form::Levels {
            goals: counts(all),
            chapters: chapters.collect(),
            indicators: share(gaps::indicators(run)),
            projects: share(gaps::serving(run)),
        },
        nodes: view.nodes.iter().map(|n| node(run, *n)).collect(),
        edges: view
            .edges
            .iter()
            .filter_map(|e| graph.edge(*e))
            .map(|link| edge(run, &excerpts, link))
            .collect(),
        paths,
        gaps: found,
        impact: changed,
        suggestions: suggested,
    };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    out.write_all(b"\n")
}

fn counts(counts: Counts) -> form::Counts {
    form::Counts {
        applicable: counts.assessed() > 0,
        assessed: counts.assessed(),
        supported: counts.of(GoalState::Supported),
        pending: counts.of(GoalState::Pending),
        at_risk: counts.of(GoalState::AtRisk),
        unsupported: counts.of(GoalState::Unsupported),
        not_assessed: counts.of(GoalState::NotAssessed),
    }
}

fn tally(tally: Tally) -> form::Tally {
    form::Tally {
        effective: tally.effective,
        pending: tally.pending,
        at_risk: tally.at_risk,
        with_waivers: tally.waived,
    }
}

fn node(run: &Assessment<'_>, node: Node) -> form::Node {
    let trace = run.trace;
    let mut form = form::Node {
        key: trace.graph.key(node),
        kind: node.kind(),
        id: trace.graph.id_of(node).to_owned(),
        title: trace.graph.title(node).into(),
        state: None,
        decision: None,
        reason: None,
        with_waivers: None,
        supports: None,
    };
    match node {
        Node::Goal(number) => {
            form.state = Some(trace.standing.goal(number as usize).id());
            form.supports = Some(tally(trace.standing.tally(number as usize)));
        }
        Node::Project(number) => {
            let number = number as usize;
            form.state = Some(trace.standing.link(number).id());
            form.decision = Some(words::decision(trace, number).id());
            form.reason = words::reason(trace, number).map(Both::from);
            form.with_waivers = Some(trace.standing.rests_on_waiver(number));
        }
        _ => {}
    }
    form
}

fn edge(
    run: &Assessment<'_>,
    excerpts: &Excerpts<'_>,
    (from, to, kind): (Node, Node, Edge),
) -> form::Edge {
    let trace = run.trace;
    let claim = words::claim(trace, from, kind);
    let state = match (from, kind) {
        (Node::Project(project), Edge::Supports(_)) => {
            Some(trace.standing.link(project as usize).id())
        }
        _ => None,
    };
    let place = match (from, kind) {
        (_, Edge::Supports(_)) => claim.map(|c| c.place),
        (Node::Project(project), Edge::Depends(place)) => run
            .projects
            .get(project as usize)
            .and_then(|p| p.depends_on.get(place as usize))
            .map(|d| d.place),
        _ => None,
    };
    form::Edge {
        from: trace.graph.key(from),
        to: trace.graph.key(to),
        kind: words::edge_id(kind),
        state,
        indicator: claim.and_then(|c| c.indicator.clone()),
        contribution: claim
            .and_then(|c| wording::contribution(run.engine.packs, c))
            .map(Both::from),
        evidence: claim.and_then(|c| c.evidence.clone()),
        place: place
            .and_then(|p| excerpts.describe(p))
            .map(|(file, line, _)| format!("{file}:{line}")),
    }
}

fn impact(run: &Assessment<'_>, impact: &Impact) -> form::Impact {
    let graph = &run.trace.graph;
    let projects = |numbers: &[usize]| {
        let key = |number: &usize| graph.key(Node::project(*number));
        numbers.iter().map(key).collect()
    };
    let (kind, rules) = match &impact.subject {
        Subject::Refused(_) => ("refused", Vec::new()),
        Subject::Dropped(_) => ("dropped", Vec::new()),
        Subject::Without(_, rules) => {
            let key = |rule: &usize| graph.key(Node::rule(*rule));
            ("without", rules.iter().map(key).collect())
        }
    };
    form::Impact {
        kind,
        rules,
        projects: impact
            .projects
            .iter()
            .map(|change| form::ProjectChange {
                key: graph.key(Node::project(change.project)),
                decision: Change {
                    now: change.decision.0.id(),
                    then: change.decision.1.id(),
                },
                state: Change {
                    now: change.state.0.id(),
                    then: change.state.1.id(),
                },
            })
            .collect(),
        goals: impact
            .goals
            .iter()
            .map(|change| form::GoalChange {
                key: graph.key(Node::goal(change.goal)),
                state: Change {
                    now: change.state.0.id(),
                    then: change.state.1.id(),
                },
                supports: Change {
                    now: tally(change.tally.0),
                    then: tally(change.tally.1),
                },
            })
            .collect(),
        released: projects(&impact.released),
        orphaned: projects(&impact.orphaned),
    }
}

fn suggested(run: &Assessment<'_>, all: &[(usize, Suggestions)]) -> Vec<form::Suggestions> {
    let graph = &run.trace.graph;
    all.iter()
        .filter_map(|(project, of)| {
            let table = run
                .engine
                .packs
                .library
                .tables
                .get(usize::from(of.table?))?;
            let line = |row: &usize| table.rows.get(*row).map(|r| r.line);
            Some(form::Suggestions {
                project: graph.key(Node::project(*project)),
                goals: of
                    .goals
                    .iter()
                    .map(|s| form::Suggestion {
                        goal: graph.key(Node::goal(s.goal)),
                        sure: s.sure,
                        claimed: s.claimed,
                        lines: s.rows.iter().filter_map(line).collect(),
                    })
                    .collect(),
                unmatched: of
                    .unmatched
                    .iter()
                    .map(|goal| graph.key(Node::goal(*goal)))
                    .collect(),
            })
        })
        .collect()
}
