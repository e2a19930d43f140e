//! The trace (溯源): one typed graph from every project to the goals it serves, and back.
//!
//! It owns the graph of plan, rules and projects, the state of every support, and what is asked of them:
//! what a project serves, what holds a goal, paths, gaps, the impact of a change, and how a graph is drawn.
//! It does not judge, reads no files and writes no report; it is the only user of `petgraph`.
//!
//! Nothing here recurses and every pass over the whole graph is linear, so that deep chains and
//! complete layers cost what they hold. Nothing depends on the order of a hash.

pub mod drawing;
pub mod gaps;
pub mod graph;
pub mod impact;
pub mod names;
pub mod paths;
pub mod progress;
mod reading;
pub mod standing;
pub mod suggest;
pub mod view;

use std::sync::OnceLock;

use crate::judge::finding::Judged;
use crate::model::project::Project;
use crate::rules::pack::Packs;

pub use gaps::Blocked;
pub use graph::{Dangling, Edge, Graph, Node};
pub use standing::{GoalState, LinkState, Order, Standing, Tally};

/// The graph of a run with the state of every support in it.
#[derive(Debug)]
pub struct Trace<'a> {
    /// The graph.
    pub graph: Graph<'a>,
    /// The order in which projects depend on each other.
    pub order: Order,
    /// The states.
    pub standing: Standing,
    blocked: OnceLock<Vec<Blocked>>,
}

impl<'a> Trace<'a> {
    /// The trace of projects with their findings and decisions, one for each.
    pub fn new(packs: &'a Packs, projects: &'a [Project], judged: &'a [Judged]) -> Self {
        let graph = Graph::new(packs, projects, judged);
        let order = Order::of(&graph);
        let standing = Standing::of(&graph, &order, &standing::Changed::default());
        Self {
            graph,
            order,
            standing,
            blocked: OnceLock::new(),
        }
    }

    /// The projects that another holds back, in reading order; looked for once.
    pub fn blocked(&self) -> &[Blocked] {
        self.blocked.get_or_init(|| gaps::blocked(self))
    }
}
