//! Reading the graph: ids to nodes, neighbours in the order in which they were linked, what contains what, who serves whom.
//!
//! It does not change the graph, and follows one step at a time.

use petgraph::Direction;
use petgraph::visit::EdgeRef;

use super::graph::{Edge, EdgeId, Graph, Node, NodeId};
use crate::model::plan::Goal;
use crate::model::project::Support;

impl<'a> Graph<'a> {
    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        self.net.node_count()
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.net.edge_count()
    }

    pub(super) fn next_of_same_id(&self, number: u32) -> Option<u32> {
        self.same.get(number as usize).copied().flatten()
    }

    /// The number of a goal.
    pub fn goal(&self, id: &str) -> Option<usize> {
        self.packs.goals.iter().position(|goal| goal.id == id)
    }

    /// The number of a rule, by its id or one it formerly had.
    pub fn rule(&self, id: &str) -> Option<usize> {
        let rules = &self.packs.rules;
        let formerly = || {
            rules
                .iter()
                .position(|rule| rule.formerly.iter().any(|f| f == id))
        };
        rules
            .iter()
            .position(|rule| rule.id == id)
            .or_else(formerly)
    }

    /// The projects of an id, in reading order.
    pub fn projects_of(&self, id: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut next = self.ids.get(id).copied();
        while let Some(number) = next {
            found.push(number as usize);
            next = self.next_of_same_id(number);
        }
        found
    }

    /// Where among the projects of its id a project stands, from 1; none if the id is its own.
    pub fn twin(&self, project: usize) -> Option<usize> {
        let id = &self.projects.get(project)?.id;
        let all = self.projects_of(id);
        let place = all.iter().position(|other| *other == project)?;
        (all.len() > 1).then_some(place + 1)
    }

    /// The id of a node in the graph.
    pub fn id(&self, node: Node) -> NodeId {
        let firsts = &self.firsts;
        let (first, number) = match node {
            Node::Plan(n) => (0, n),
            Node::Chapter(n) => (firsts.chapter, n),
            Node::Section(n) => {
                return self
                    .sections
                    .get(n as usize)
                    .copied()
                    .unwrap_or(NodeId::end());
            }
            Node::Goal(n) => (firsts.goal, n),
            Node::Clause(n) => (firsts.clause, n),
            Node::Indicator(n) => (firsts.indicator, n),
            Node::Rule(n) => (firsts.rule, n),
            Node::Instrument(n) => (firsts.instrument, n),
            Node::Project(n) => (firsts.project, n),
        };
        NodeId::new(first + number as usize)
    }

    /// What stands at an id.
    pub fn node(&self, id: NodeId) -> Option<Node> {
        self.net.node_weight(id).copied()
    }

    /// The ends of an edge and what it stands for.
    pub fn edge(&self, id: EdgeId) -> Option<(Node, Node, Edge)> {
        let (from, to) = self.net.edge_endpoints(id)?;
        Some((self.node(from)?, self.node(to)?, *self.net.edge_weight(id)?))
    }

    fn beside(&self, node: Node, way: Direction) -> Vec<(Node, Edge, EdgeId)> {
        let edges = self.net.edges_directed(self.id(node), way);
        let mut all: Vec<(Node, Edge, EdgeId)> = edges
            .filter_map(|edge| {
                let other = match way {
                    Direction::Outgoing => edge.target(),
                    Direction::Incoming => edge.source(),
                };
                Some((self.node(other)?, *edge.weight(), edge.id()))
            })
            .collect();
        // Edges are listed newest first.
        all.reverse();
        all
    }

    /// The edges that leave a node, in the order in which they were made.
    pub fn out(&self, node: Node) -> Vec<(Node, Edge, EdgeId)> {
        self.beside(node, Direction::Outgoing)
    }

    /// The edges that reach a node, in the order in which they were made.
    pub fn into(&self, node: Node) -> Vec<(Node, Edge, EdgeId)> {
        self.beside(node, Direction::Incoming)
    }

    /// What contains a node, the nearest first: section, chapter, plan.
    pub fn above(&self, node: Node) -> Vec<Node> {
        let mut chain = Vec::new();
        let mut here = node;
        // The plan is at most four deep: plan, chapter, section, goal, indicator.
        while chain.len() < 5 {
            let up = self
                .into(here)
                .into_iter()
                .find(|(_, edge, _)| matches!(edge, Edge::Contains | Edge::Measured));
            let Some((parent, ..)) = up else { break };
            chain.push(parent);
            here = parent;
        }
        chain
    }

    /// The chapter that a goal belongs to.
    pub fn chapter_of(&self, goal: usize) -> Option<u32> {
        let above = self.above(Node::goal(goal));
        above.into_iter().find_map(|node| match node {
            Node::Chapter(number) => Some(number),
            _ => None,
        })
    }

    /// Why no project is judged by a goal's section; none if it is assessed.
    pub fn not_assessed(&self, goal: &Goal) -> Option<&'a crate::base::text::Text> {
        let of = |number: &str| {
            let (_, section) = self
                .packs
                .sections
                .iter()
                .find(|(_, s)| s.number == number)?;
            section.not_assessed.as_ref()
        };
        let chapter = goal.section.split_once('.').map(|(chapter, _)| chapter);
        of(&goal.section).or_else(|| chapter.and_then(of))
    }

    /// The claims of a project on goals that the plan has: the goal's number and the claim.
    pub fn claims(&self, project: usize) -> Vec<(usize, &'a Support)> {
        let supports = self.projects.get(project).map_or(&[][..], |p| &p.supports);
        let out = self.out(Node::project(project));
        out.into_iter()
            .filter_map(|(node, edge, _)| match (node, edge) {
                (Node::Goal(goal), Edge::Supports(claim)) => {
                    Some((goal as usize, supports.get(claim as usize)?))
                }
                _ => None,
            })
            .collect()
    }

    /// The projects that claim to serve a goal, each once.
    pub fn supporters(&self, goal: usize) -> Vec<usize> {
        let mut all: Vec<usize> = self
            .into(Node::goal(goal))
            .into_iter()
            .filter_map(|(node, edge, _)| match (node, edge) {
                (Node::Project(project), Edge::Supports(_)) => Some(project as usize),
                _ => None,
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The projects on which a project depends, each once, in the order in which it names them.
    pub fn dependencies(&self, project: usize) -> Vec<usize> {
        self.projects_beside(project, Direction::Outgoing)
    }

    /// The projects that depend on a project, each once.
    pub fn dependents(&self, project: usize) -> Vec<usize> {
        self.projects_beside(project, Direction::Incoming)
    }

    fn projects_beside(&self, project: usize, way: Direction) -> Vec<usize> {
        let mut all: Vec<usize> = Vec::new();
        for (node, edge, _) in self.beside(Node::project(project), way) {
            if let (Node::Project(other), Edge::Depends(_)) = (node, edge)
                && !all.contains(&(other as usize))
            {
                all.push(other as usize);
            }
        }
        all
    }

    /// The rules that guard a node of the plan: those that cite or hold it.
    pub fn guards(&self, node: Node) -> Vec<usize> {
        let mut all: Vec<usize> = self
            .into(node)
            .into_iter()
            .filter_map(|(node, edge, _)| match (node, edge) {
                (Node::Rule(rule), Edge::Cites(_) | Edge::Holds) => Some(rule as usize),
                _ => None,
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
