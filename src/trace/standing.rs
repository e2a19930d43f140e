//! What each support is worth: one pass over the strongly connected projects, one from dependencies to dependents.
//!
//! | a support is | if the project and everything it depends on |
//! | --- | --- |
//! | effective | is clear or explain |
//! | pending | is at worst supplement, verify, refer, rectify or unassessed |
//! | at risk | holds one that is rejected, missing or in a dependency cycle |
//!
//! A goal is as good as its best support. It does not know why a project was decided as it was.

use petgraph::algo::kosaraju_scc;
use petgraph::visit::EdgeFiltered;

use super::graph::{Edge, Graph, Node, NodeId, short};
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::text;

/// The state of a support, in rising gravity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkState {
    /// The project and all it depends on is clear or explain.
    #[default]
    Effective,
    /// Something is open.
    Pending,
    /// Something is rejected, missing or in a cycle.
    AtRisk,
}

impl LinkState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Effective, Self::Pending, Self::AtRisk];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::Pending => "pending",
            Self::AtRisk => "at_risk",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        match self {
            Self::Effective => text!("有效", "effective"),
            Self::Pending => text!("待定", "pending"),
            Self::AtRisk => text!("有风险", "at risk"),
        }
    }

    /// What a decision makes of a project's own support.
    pub fn of(decision: Decision) -> Self {
        match decision {
            Decision::Clear | Decision::Explain => Self::Effective,
            Decision::Reject => Self::AtRisk,
            Decision::Refer
            | Decision::Verify
            | Decision::Unassessed
            | Decision::Supplement
            | Decision::Rectify => Self::Pending,
        }
    }
}

/// The state of a goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoalState {
    /// At least one support is effective.
    Supported,
    /// The best support is pending.
    Pending,
    /// The best support is at risk.
    AtRisk,
    /// No project claims to serve it.
    Unsupported,
    /// No project is judged by its section.
    NotAssessed,
}

impl GoalState {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::Supported,
        Self::Pending,
        Self::AtRisk,
        Self::Unsupported,
        Self::NotAssessed,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Pending => "pending",
            Self::AtRisk => "at_risk",
            Self::Unsupported => "unsupported",
            Self::NotAssessed => "not_assessed",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        match self {
            Self::Supported => text!("已有支撑", "supported"),
            Self::Pending => text!("支撑待定", "pending"),
            Self::AtRisk => text!("支撑有风险", "at risk"),
            Self::Unsupported => text!("无项目支撑", "unsupported"),
            Self::NotAssessed => text!("不作项目核查", "not assessed"),
        }
    }
}

/// How many projects serve a goal, by the state of their support.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Effective supports.
    pub effective: usize,
    /// Pending supports.
    pub pending: usize,
    /// Supports at risk.
    pub at_risk: usize,
    /// Those of all of them that rest on a waiver.
    pub waived: usize,
}

impl Tally {
    /// How many projects claim to serve the goal.
    pub fn all(self) -> usize {
        self.effective + self.pending + self.at_risk
    }

    /// How many are in a state.
    pub fn of(self, state: LinkState) -> usize {
        match state {
            LinkState::Effective => self.effective,
            LinkState::Pending => self.pending,
            LinkState::AtRisk => self.at_risk,
        }
    }
}

/// The projects in the order of their dependencies: what they depend on comes first.
#[derive(Debug)]
pub struct Order {
    /// The strongly connected projects, those on which others depend before them.
    pub(super) components: Vec<Vec<NodeId>>,
    /// The component of each project.
    pub(super) of: Vec<u32>,
    /// True for components that are cycles.
    pub(super) cyclic: Vec<bool>,
}

impl Order {
    /// The order of a graph.
    pub fn of(graph: &Graph<'_>) -> Self {
        let depends = |edge: petgraph::graph::EdgeReference<'_, Edge>| {
            matches!(edge.weight(), Edge::Depends(_))
        };
        let projects = EdgeFiltered::from_fn(&graph.net, depends);
        let mut components = kosaraju_scc(&projects);
        let first = graph.id(Node::Project(0));
        components.retain(|component| component.first().is_some_and(|node| *node >= first));
        let mut of = vec![0; graph.projects.len()];
        let mut cyclic = Vec::with_capacity(components.len());
        for (number, component) in components.iter_mut().enumerate() {
            component.sort_unstable();
            for node in component.iter() {
                if let Some(of) = of.get_mut(node.index() - first.index()) {
                    *of = short(number);
                }
            }
            cyclic.push(match component.as_slice() {
                // A project that depends on itself is a cycle of one.
                [one] => graph.net.find_edge(*one, *one).is_some(),
                _ => true,
            });
        }
        Self {
            components,
            of,
            cyclic,
        }
    }

    /// True if a project is in a dependency cycle.
    pub fn in_cycle(&self, project: usize) -> bool {
        let component = self.of.get(project);
        component.is_some_and(|c| self.cyclic.get(*c as usize).copied().unwrap_or(false))
    }
}

/// What is taken to be otherwise, to see what changes.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Other decisions of projects, by number, sorted.
    pub decisions: Vec<(usize, Decision)>,
}

impl Changed {
    /// The decision of a project.
    pub fn decision(&self, graph: &Graph<'_>, project: usize) -> Decision {
        let other = self.decisions.binary_search_by_key(&project, |(p, _)| *p);
        let other = other.ok().and_then(|at| self.decisions.get(at));
        match other {
            Some((_, decision)) => *decision,
            None => graph
                .judged
                .get(project)
                .map_or(Decision::Unassessed, |j| j.decision),
        }
    }
}

/// The states of all supports and goals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The state of each project's supports.
    pub projects: Vec<LinkState>,
    /// True for projects whose support rests on a waiver, their own or of what they depend on.
    pub waived: Vec<bool>,
    /// The supports of each goal.
    pub tallies: Vec<Tally>,
    /// The state of each goal.
    pub goals: Vec<GoalState>,
}

impl Standing {
    /// The states of a graph, with what is taken to be otherwise.
    pub fn of(graph: &Graph<'_>, order: &Order, changed: &Changed) -> Self {
        let count = graph.projects.len();
        let mut standing = Self {
            projects: vec![LinkState::Effective; count],
            waived: vec![false; count],
            tallies: vec![Tally::default(); graph.packs.goals.len()],
            goals: Vec::with_capacity(graph.packs.goals.len()),
        };
        let first = graph.id(Node::Project(0)).index();
        for (component, cyclic) in order.components.iter().zip(&order.cyclic) {
            let mut worst = if *cyclic {
                LinkState::AtRisk
            } else {
                LinkState::Effective
            };
            let mut waived = false;
            for node in component {
                let project = node.index() - first;
                worst = worst.max(own(graph, changed, project));
                waived |= graph.waived.get(project).copied().unwrap_or(false);
                for edge in graph.net.edges(*node) {
                    if matches!(edge.weight(), Edge::Depends(_)) {
                        let other = petgraph::visit::EdgeRef::target(&edge).index() - first;
                        worst = worst.max(standing.link(other));
                        waived |= standing.rests_on_waiver(other);
                    }
                }
            }
            for node in component {
                let project = node.index() - first;
                if let Some(state) = standing.projects.get_mut(project) {
                    *state = worst;
                }
                if let Some(is) = standing.waived.get_mut(project) {
                    *is = waived;
                }
            }
        }
        standing.count(graph, first);
        for (number, goal) in graph.packs.goals.iter().enumerate() {
            let tally = standing.tally(number);
            standing.goals.push(if graph.not_assessed(goal).is_some() {
                GoalState::NotAssessed
            } else {
                state_of(tally)
            });
        }
        standing
    }

    fn count(&mut self, graph: &Graph<'_>, first: usize) {
        let goal_first = graph.id(Node::Goal(0)).index();
        let mut last: Vec<u32> = vec![u32::MAX; self.tallies.len()];
        for project in 0..graph.projects.len() {
            let (state, waived) = (self.link(project), self.rests_on_waiver(project));
            for edge in graph.net.edges(NodeId::new(first + project)) {
                if !matches!(edge.weight(), Edge::Supports(_)) {
                    continue;
                }
                let goal = petgraph::visit::EdgeRef::target(&edge).index() - goal_first;
                let (Some(tally), Some(last)) = (self.tallies.get_mut(goal), last.get_mut(goal))
                else {
                    continue;
                };
                // A goal named twice is served once.
                if *last == short(project) {
                    continue;
                }
                *last = short(project);
                match state {
                    LinkState::Effective => tally.effective += 1,
                    LinkState::Pending => tally.pending += 1,
                    LinkState::AtRisk => tally.at_risk += 1,
                }
                tally.waived += usize::from(waived);
            }
        }
    }

    /// The state of a project's supports.
    pub fn link(&self, project: usize) -> LinkState {
        self.projects.get(project).copied().unwrap_or_default()
    }

    /// True if a project's support rests on a waiver.
    pub fn rests_on_waiver(&self, project: usize) -> bool {
        self.waived.get(project).copied().unwrap_or(false)
    }

    /// The supports of a goal.
    pub fn tally(&self, goal: usize) -> Tally {
        self.tallies.get(goal).copied().unwrap_or_default()
    }

    /// The state of a goal.
    pub fn goal(&self, goal: usize) -> GoalState {
        self.goals
            .get(goal)
            .copied()
            .unwrap_or(GoalState::Unsupported)
    }

    /// How many of some goals are in each state.
    pub fn counts(&self, goals: impl Iterator<Item = usize>) -> Counts {
        let mut counts = Counts::default();
        for goal in goals {
            if let Some(count) = counts.0.get_mut(self.goal(goal) as usize) {
                *count += 1;
            }
        }
        counts
    }
}

/// How many goals of a level are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; 5]);

impl Counts {
    /// How many are in a state.
    pub fn of(self, state: GoalState) -> usize {
        self.0.get(state as usize).copied().unwrap_or(0)
    }

    /// How many are assessed: the denominator.
    pub fn assessed(self) -> usize {
        self.all() - self.of(GoalState::NotAssessed)
    }

    /// How many there are.
    pub fn all(self) -> usize {
        self.0.iter().sum()
    }
}

/// What a project's own decision, and what it names, make of its support.
pub fn own(graph: &Graph<'_>, changed: &Changed, project: usize) -> LinkState {
    if graph.missing.get(project).copied().unwrap_or(false) {
        return LinkState::AtRisk;
    }
    LinkState::of(changed.decision(graph, project))
}

fn state_of(tally: Tally) -> GoalState {
    match tally {
        Tally { effective: 1.., .. } => GoalState::Supported,
        Tally { pending: 1.., .. } => GoalState::Pending,
        Tally { at_risk: 1.., .. } => GoalState::AtRisk,
        _ => GoalState::Unsupported,
    }
}
