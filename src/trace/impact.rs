//! Impact: what would change if a project were refused, a goal dropped, or rules not there.
//!
//! States are computed twice and compared. A change travels one way only: from a rule to the decisions
//! it drives, from a project to those that depend on it, and from them to the goals they serve.

use super::graph::{Graph, Node};
use super::standing::{Changed, GoalState, LinkState, Standing, Tally};
use super::{Edge, Trace};
use crate::judge::decision::Decision;
use crate::judge::engine::decide;

/// What is taken to be otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A project is refused.
    Refused(usize),
    /// A goal is dropped from the plan.
    Dropped(usize),
    /// These rules are not there; the node is what was asked about.
    Without(Node, Vec<usize>),
}

/// A project whose decision or support changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProjectChange {
    /// The project.
    pub project: usize,
    /// Its decision now, and then.
    pub decision: (Decision, Decision),
    /// The state of its support now, and then.
    pub state: (LinkState, LinkState),
}

/// A goal whose supports change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalChange {
    /// The goal.
    pub goal: usize,
    /// Its state now, and then.
    pub state: (GoalState, GoalState),
    /// Its supports now, and then.
    pub tally: (Tally, Tally),
}

/// What would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impact {
    /// What is taken to be otherwise.
    pub subject: Subject,
    /// The projects that change, in reading order.
    pub projects: Vec<ProjectChange>,
    /// The goals whose supports change, in the order of the plan.
    pub goals: Vec<GoalChange>,
    /// Projects that would serve no goal any more.
    pub orphaned: Vec<usize>,
    /// Projects that would serve one goal less.
    pub released: Vec<usize>,
}

impl Impact {
    /// What would change in a trace.
    pub fn of(trace: &Trace<'_>, subject: Subject) -> Self {
        let changed = match &subject {
            Subject::Refused(project) => Changed {
                decisions: vec![(*project, Decision::Reject)],
            },
            Subject::Dropped(goal) => return dropped(trace, *goal),
            Subject::Without(_, rules) => without(&trace.graph, rules),
        };
        let then = Standing::of(&trace.graph, &trace.order, &changed);
        let now = &trace.standing;
        let unchanged = Changed::default();
        let project = |project: usize| ProjectChange {
            project,
            decision: (
                unchanged.decision(&trace.graph, project),
                changed.decision(&trace.graph, project),
            ),
            state: (now.link(project), then.link(project)),
        };
        let goal = |goal: usize| GoalChange {
            goal,
            state: (now.goal(goal), then.goal(goal)),
            tally: (now.tally(goal), then.tally(goal)),
        };
        Self {
            subject,
            projects: (0..trace.graph.projects.len())
                .map(project)
                .filter(|c| c.decision.0 != c.decision.1 || c.state.0 != c.state.1)
                .collect(),
            goals: (0..trace.graph.packs.goals.len())
                .map(goal)
                .filter(|c| c.tally.0 != c.tally.1 || c.state.0 != c.state.1)
                .collect(),
            orphaned: Vec::new(),
            released: Vec::new(),
        }
    }

    /// True if a goal changes its state.
    pub fn moves_a_goal(&self) -> bool {
        self.goals.iter().any(|goal| goal.state.0 != goal.state.1)
    }
}

/// The rules that rest on a node: itself if it is one, else those that cite or hold it.
pub fn rules_on(graph: &Graph<'_>, node: Node) -> Vec<usize> {
    match node {
        Node::Rule(rule) => vec![rule as usize],
        other => graph.guards(other),
    }
}

/// The decisions that the remaining findings drive.
fn without(graph: &Graph<'_>, rules: &[usize]) -> Changed {
    let mut changed = Changed::default();
    for (project, judged) in graph.judged.iter().enumerate() {
        let is_left_out = |rule: u16| rules.contains(&usize::from(rule));
        // A rule that drives nothing is missed only if nothing else applies.
        if !judged.findings.iter().any(|f| is_left_out(f.rule)) {
            continue;
        }
        let rest: Vec<_> = judged
            .findings
            .iter()
            .filter(|f| !is_left_out(f.rule))
            .cloned()
            .collect();
        let decision = decide(&rest);
        if decision != judged.decision {
            changed.decisions.push((project, decision));
        }
    }
    changed
}

fn dropped(trace: &Trace<'_>, goal: usize) -> Impact {
    let graph = &trace.graph;
    let released = graph.supporters(goal);
    let node = Node::goal(goal);
    let serves_another = |project: &usize| {
        graph
            .out(Node::project(*project))
            .iter()
            .any(|(other, edge, _)| matches!(edge, Edge::Supports(_)) && *other != node)
    };
    let orphaned = released
        .iter()
        .copied()
        .filter(|project| !serves_another(project))
        .collect();
    Impact {
        subject: Subject::Dropped(goal),
        projects: Vec::new(),
        goals: Vec::new(),
        orphaned,
        released,
    }
}
