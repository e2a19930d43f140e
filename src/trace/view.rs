//! Views: the part of the graph that answers a question, for drawing and for lists of links.
//!
//! A view is an induced part: with two nodes it holds the edges between them that it may show.

use std::collections::BTreeSet;

use super::gaps::Gaps;
use super::graph::{Edge, EdgeId, Graph, Node};
use super::impact::Impact;
use super::paths::Paths;

/// A part of the graph, in the order of its nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges among them.
    pub edges: Vec<EdgeId>,
}

impl View {
    /// The part of a graph that some nodes induce; `shows` says which kinds of edges belong to it.
    pub fn of(graph: &Graph<'_>, nodes: BTreeSet<Node>, shows: impl Fn(Edge) -> bool) -> Self {
        let mut edges = Vec::new();
        for node in &nodes {
            for (other, edge, id) in graph.out(*node) {
                if nodes.contains(&other) && shows(edge) {
                    edges.push(id);
                }
            }
        }
        Self {
            nodes: nodes.into_iter().collect(),
            edges,
        }
    }

    /// A project: the goals it serves with what contains them, their indicators that it names,
    /// everything it depends on, its direct dependents, and the rules it does not meet.
    pub fn project(graph: &Graph<'_>, project: usize) -> Self {
        let mut nodes = BTreeSet::new();
        let mut stack = vec![project];
        let mut projects = BTreeSet::from([project]);
        while let Some(here) = stack.pop() {
            for other in graph.dependencies(here) {
                if projects.insert(other) {
                    stack.push(other);
                }
            }
        }
        projects.extend(graph.dependents(project));
        nodes.extend(projects.into_iter().map(Node::project));
        add_goals(graph, project, &mut nodes);
        add_rules(graph, project, &mut nodes);
        Self::of(graph, nodes, |_| true)
    }

    /// A goal: what contains it, its indicators, the projects that serve it, what they depend on,
    /// the rules they do not meet, and the rules that guard its section.
    pub fn goal(graph: &Graph<'_>, goal: usize) -> Self {
        let node = Node::goal(goal);
        let mut nodes = BTreeSet::from([node]);
        nodes.extend(graph.above(node));
        nodes.extend(indicators(graph, node));
        let mut stack = graph.supporters(goal);
        while let Some(project) = stack.pop() {
            if nodes.insert(Node::project(project)) {
                stack.extend(graph.dependencies(project));
                add_rules(graph, project, &mut nodes);
            }
        }
        for section in graph.above(node).into_iter().take(1) {
            nodes.extend(graph.guards(section).into_iter().map(Node::rule));
        }
        Self::of(graph, nodes, |_| true)
    }

    /// The ways between two nodes, and nothing else.
    pub fn paths(paths: &Paths) -> Self {
        let (mut nodes, mut edges) = (BTreeSet::new(), BTreeSet::new());
        for path in &paths.found {
            nodes.insert(path.from);
            for step in &path.steps {
                nodes.insert(step.to);
                edges.insert(step.edge);
            }
        }
        Self {
            nodes: nodes.into_iter().collect(),
            edges: edges.into_iter().collect(),
        }
    }

    /// Some nodes with what contains them.
    pub fn among(graph: &Graph<'_>, some: impl IntoIterator<Item = Node>) -> Self {
        let mut nodes = BTreeSet::new();
        for node in some {
            nodes.insert(node);
            nodes.extend(graph.above(node));
        }
        Self::of(graph, nodes, |_| true)
    }

    /// Adds another view.
    pub fn join(&mut self, other: Self) {
        self.nodes.extend(other.nodes);
        self.nodes.sort_unstable();
        self.nodes.dedup();
        self.edges.extend(other.edges);
        self.edges.sort_unstable();
        self.edges.dedup();
    }

    /// What gaps are about: goals that are not safely supported, and the projects that are amiss.
    pub fn gaps(graph: &Graph<'_>, gaps: &Gaps) -> Self {
        let goals = gaps
            .unsupported
            .iter()
            .chain(&gaps.pending)
            .chain(&gaps.at_risk)
            .copied()
            .chain(gaps.sole.iter().map(|s| s.goal));
        let claims = gaps
            .pending
            .iter()
            .chain(&gaps.at_risk)
            .flat_map(|goal| graph.supporters(*goal));
        let projects = gaps
            .sole
            .iter()
            .map(|s| s.project)
            .chain(claims)
            .chain(gaps.orphans.iter().copied())
            .chain(gaps.cycles.iter().flatten().copied())
            .chain(gaps.blocked.iter().flat_map(|b| [b.project, b.next]))
            .chain(gaps.dangling.iter().map(|d| d.project()))
            .chain(gaps.redundant.iter().map(|r| r.project()));
        Self::among(
            graph,
            goals.map(Node::goal).chain(projects.map(Node::project)),
        )
    }

    /// What a change is about, and what it changes.
    pub fn impact(graph: &Graph<'_>, impact: &Impact, about: Vec<Node>) -> Self {
        let projects = impact
            .projects
            .iter()
            .map(|c| c.project)
            .chain(impact.released.iter().copied());
        let goals = impact.goals.iter().map(|c| Node::goal(c.goal));
        let nodes = about
            .into_iter()
            .chain(projects.map(Node::project))
            .chain(goals);
        Self::among(graph, nodes)
    }

    /// All goals with all projects; without the rules.
    pub fn matrix(graph: &Graph<'_>) -> Self {
        let goals = (0..graph.packs.goals.len()).map(Node::goal);
        let projects = (0..graph.projects.len()).map(Node::project);
        Self::among(graph, goals.chain(projects))
    }
}

fn indicators(graph: &Graph<'_>, goal: Node) -> Vec<Node> {
    let out = graph.out(goal).into_iter();
    out.filter(|(_, edge, _)| *edge == Edge::Measured)
        .map(|(node, ..)| node)
        .collect()
}

fn add_goals(graph: &Graph<'_>, project: usize, nodes: &mut BTreeSet<Node>) {
    for (goal, support) in graph.claims(project) {
        let goal = Node::goal(goal);
        nodes.insert(goal);
        nodes.extend(graph.above(goal));
        let named = |node: &Node| match node {
            Node::Indicator(number) => graph
                .packs
                .indicators
                .get(*number as usize)
                .is_some_and(|i| support.indicator.as_ref() == Some(&i.id)),
            _ => false,
        };
        nodes.extend(indicators(graph, goal).into_iter().filter(named));
    }
}

fn add_rules(graph: &Graph<'_>, project: usize, nodes: &mut BTreeSet<Node>) {
    for (node, edge, _) in graph.out(Node::project(project)) {
        if matches!(edge, Edge::Fails | Edge::Waived) {
            nodes.insert(node);
        }
    }
}
