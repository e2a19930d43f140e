//! Ways through the graph: the shortest, or several, from one node to another.
//!
//! Ways lead upwards only, so that siblings of siblings are no relation: from a project to what it
//! depends on, the goals it serves and the rules it meets; from a rule to its basis; from a part of
//! the plan to what contains it; between a goal and its indicators both ways.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::visit::EdgeRef;

use super::graph::{Edge, EdgeId, Graph, Node, NodeId};

/// Ways listed at most.
pub const MOST: usize = 20;
/// Steps that the search for further ways takes at most.
const STEPS: usize = 2_000_000;

/// A step: the edge, and the node it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The edge.
    pub edge: EdgeId,
    /// Where it leads.
    pub to: Node,
}

/// A way: where it begins, and its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The first node.
    pub from: Node,
    /// The steps.
    pub steps: Vec<Step>,
}

/// The ways between two nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    /// The ways, the shortest first.
    pub found: Vec<Path>,
    /// True if the ways lead from the second node to the first.
    pub backwards: bool,
    /// True if there may be more.
    pub more: bool,
}

/// The ways from one node to another, or, if there is none, from the other to the one.
pub fn between(graph: &Graph<'_>, from: Node, to: Node, all: bool) -> Paths {
    let most = if all { MOST } else { 1 };
    let (found, more) = ways(graph, from, to, most);
    if !found.is_empty() {
        return Paths {
            found,
            backwards: false,
            more: all && more,
        };
    }
    let (found, more) = ways(graph, to, from, most);
    Paths {
        found,
        backwards: true,
        more: all && more,
    }
}

/// The steps that lead up from a node.
fn up(graph: &Graph<'_>, from: NodeId) -> Vec<(EdgeId, NodeId)> {
    let mut steps = Vec::new();
    for edge in graph.net.edges_directed(from, Direction::Outgoing) {
        if !matches!(edge.weight(), Edge::Contains) {
            steps.push((edge.id(), edge.target()));
        }
    }
    for edge in graph.net.edges_directed(from, Direction::Incoming) {
        if matches!(edge.weight(), Edge::Contains | Edge::Measured) {
            steps.push((edge.id(), edge.source()));
        }
    }
    steps.sort_unstable();
    steps
}

/// The steps that lead up to a node, backwards.
fn down(graph: &Graph<'_>, to: NodeId) -> Vec<NodeId> {
    let mut steps = Vec::new();
    for edge in graph.net.edges_directed(to, Direction::Incoming) {
        if !matches!(edge.weight(), Edge::Contains) {
            steps.push(edge.source());
        }
    }
    for edge in graph.net.edges_directed(to, Direction::Outgoing) {
        if matches!(edge.weight(), Edge::Contains | Edge::Measured) {
            steps.push(edge.target());
        }
    }
    steps
}

/// How far each node is from the goal of a search; none for those that do not reach it.
fn distances(graph: &Graph<'_>, to: NodeId) -> Vec<Option<u32>> {
    let mut far = vec![None; graph.net.node_count()];
    let mut queue = VecDeque::new();
    if let Some(slot) = far.get_mut(to.index()) {
        *slot = Some(0);
        queue.push_back((to, 0_u32));
    }
    while let Some((here, distance)) = queue.pop_front() {
        for other in down(graph, here) {
            if let Some(slot) = far.get_mut(other.index()).filter(|slot| slot.is_none()) {
                *slot = Some(distance + 1);
                queue.push_back((other, distance + 1));
            }
        }
    }
    far
}

/// A way begun: its last node, and how it came there.
struct Begun {
    node: NodeId,
    by: Option<(EdgeId, usize)>,
    length: u32,
}

/// The shortest ways without a repeated node, at most so many, and whether the search was cut short.
fn ways(graph: &Graph<'_>, from: Node, to: Node, most: usize) -> (Vec<Path>, bool) {
    let (start, end) = (graph.id(from), graph.id(to));
    if start == end {
        let here = Path {
            from,
            steps: Vec::new(),
        };
        return (vec![here], false);
    }
    let far = distances(graph, end);
    let distance = |node: NodeId| far.get(node.index()).copied().flatten();
    let Some(shortest) = distance(start) else {
        return (Vec::new(), false);
    };
    // Ways are begun in the order of the length they can have, so that shorter ones are found first.
    let mut begun = vec![Begun {
        node: start,
        by: None,
        length: 0,
    }];
    let mut waiting: Vec<VecDeque<usize>> = vec![VecDeque::from([0])];
    let mut found = Vec::new();
    let mut steps = 0;
    let mut detour = 0;
    while detour < waiting.len() {
        let Some(at) = waiting.get_mut(detour).and_then(VecDeque::pop_back) else {
            detour += 1;
            continue;
        };
        let Some((node, length)) = begun.get(at).map(|b| (b.node, b.length)) else {
            break;
        };
        if node == end {
            if found.len() == most {
                return (found, true);
            }
            found.push(finish(graph, from, &begun, at));
            if most == 1 {
                return (found, true);
            }
            continue;
        }
        // The last one begun is taken first: the first step must be begun last.
        for (edge, other) in up(graph, node).into_iter().rev() {
            steps += 1;
            let Some(rest) = distance(other) else {
                continue;
            };
            let extra = (length + 1 + rest - shortest) as usize;
            // Without a detour every step comes nearer, so that no node can come twice.
            if extra > 0 && (most == 1 || visited(&begun, at, other, &mut steps)) {
                continue;
            }
            while waiting.len() <= extra {
                waiting.push(VecDeque::new());
            }
            if let Some(queue) = waiting.get_mut(extra) {
                queue.push_back(begun.len());
            }
            begun.push(Begun {
                node: other,
                by: Some((edge, at)),
                length: length + 1,
            });
        }
        if steps > STEPS {
            return (found, true);
        }
    }
    (found, false)
}

fn visited(begun: &[Begun], at: usize, node: NodeId, steps: &mut usize) -> bool {
    let mut next = Some(at);
    while let Some(here) = next.and_then(|at| begun.get(at)) {
        *steps += 1;
        if here.node == node {
            return true;
        }
        next = here.by.map(|(_, before)| before);
    }
    false
}

fn finish(graph: &Graph<'_>, from: Node, begun: &[Begun], at: usize) -> Path {
    let mut steps = Vec::new();
    let mut next = begun.get(at);
    while let Some(here) = next {
        let Some((edge, before)) = here.by else { break };
        if let Some(to) = graph.node(here.node) {
            steps.push(Step { edge, to });
        }
        next = begun.get(before);
    }
    steps.reverse();
    Path { from, steps }
}
