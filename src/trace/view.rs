//! Views: the part of the graph that answers a question, for drawing and for lists of links.
//!
//! A view is an induced part: with two nodes it holds the edges between them that it may show.

use std::collections::BTreeSet;

use super::graph::{Edge, EdgeId, Graph, Node, short};
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
        nodes.extend(projects.into_iter().map(|p| Node::Project(short(p))));
        add_goals(graph, project, &mut nodes);
        add_rules(graph, project, &mut nodes);
        Self::of(graph, nodes, |_| true)
    }

    /// A goal: what contains it, its indicators, the projects that serve it, what they depend on,
    /// the rules they do not meet, and the rules that guard its section.
    pub fn goal(graph: &Graph<'_>, goal: usize) -> Self {
        let node = Node::Goal(short(goal));
        let mut nodes = BTreeSet::from([node]);
        nodes.extend(graph.above(node));
        nodes.extend(indicators(graph, node));
        let mut stack = graph.supporters(goal);
        while let Some(project) = stack.pop() {
            if nodes.insert(Node::Project(short(project))) {
                stack.extend(graph.dependencies(project));
                add_rules(graph, project, &mut nodes);
            }
        }
        for section in graph.above(node).into_iter().take(1) {
            nodes.extend(
                graph
                    .guards(section)
                    .into_iter()
                    .map(|r| Node::Rule(short(r))),
            );
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

    /// All goals with all projects; without the rules.
    pub fn matrix(graph: &Graph<'_>) -> Self {
        let goals = (0..graph.packs.goals.len()).map(|g| Node::Goal(short(g)));
        let projects = (0..graph.projects.len()).map(|p| Node::Project(short(p)));
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
        let goal = Node::Goal(short(goal));
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
    for (node, edge, _) in graph.out(Node::Project(short(project))) {
        if matches!(edge, Edge::Fails | Edge::Waived) {
            nodes.insert(node);
        }
    }
}
