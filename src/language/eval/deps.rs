//! Which facts decide a value, or would: sets kept as a graph, listed only when asked for.

use crate::model::project::FactRef;

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// It is known: it takes part in the evidence only.
    Known,
    /// It was not supplied.
    Missing,
    /// A range, or a code above the one asked for.
    Imprecise,
    /// It could not be read.
    Unreadable,
    /// The applicant states what only the office or a department may state.
    Unconfirmed,
    /// A parameter has no value as of the day.
    Parameter,
    /// No row of a table answers.
    TableGap,
    /// A map layer is not available.
    Layer,
    /// The office said that it does not have it.
    NotConfigured,
}

/// What is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A fact.
    Fact(FactRef),
    /// A parameter.
    Parameter(u16),
    /// A table.
    Table(u16),
}

/// Something that decides, or would decide, a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lack {
    /// What.
    pub subject: Subject,
    /// Why it is not known.
    pub cause: Cause,
}

/// A set of [`Lack`]s, kept as the root of a graph in [`Deps`]; zero is the empty set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dep(u32);

impl Dep {
    /// The empty set.
    pub const NONE: Self = Self(0);
}

#[derive(Clone, Copy, Debug)]
enum DepNode {
    Leaf(Lack),
    Union(Dep, Dep),
    /// Everything below has been decided: it counts as known.
    Settled(Dep),
}

/// The sets of one project, shared by all rules judged on it.
#[derive(Debug, Default)]
pub struct Deps {
    nodes: Vec<DepNode>,
    /// For each node the search that last reached it, unsettled and settled; and what a search has open.
    /// Kept from search to search, since there are many and each is short.
    visited: Vec<[u64; 2]>,
    search: u64,
    open: Vec<(Dep, bool)>,
}

impl Deps {
    fn push(&mut self, node: DepNode) -> Dep {
        self.nodes.push(node);
        Dep(u32::try_from(self.nodes.len()).unwrap_or(0))
    }

    pub(super) fn leaf(&mut self, subject: Subject, cause: Cause) -> Dep {
        self.push(DepNode::Leaf(Lack { subject, cause }))
    }

    /// The same set once everything in it has been decided.
    pub(super) fn settle(&mut self, dep: Dep) -> Dep {
        if dep == Dep::NONE {
            dep
        } else {
            self.push(DepNode::Settled(dep))
        }
    }

    /// The union of two sets.
    pub fn union(&mut self, a: Dep, b: Dep) -> Dep {
        match (a, b) {
            (Dep::NONE, other) | (other, Dep::NONE) => other,
            (a, b) if a == b => a,
            (a, b) => self.push(DepNode::Union(a, b)),
        }
    }

    /// The members of a set, sorted, each once; what lacks anywhere is not listed as known.
    pub fn list(&mut self, dep: Dep) -> Vec<Lack> {
        let mut found = Vec::new();
        self.list_into(dep, &mut found);
        found
    }

    /// The same, into a list that is emptied first.
    pub fn list_into(&mut self, dep: Dep, found: &mut Vec<Lack>) {
        found.clear();
        if dep == Dep::NONE {
            return;
        }
        self.search += 1;
        self.open.clear();
        self.open.push((dep, false));
        // Sets share their parts, so each part is listed once for each way it counts.
        if self.visited.len() < self.nodes.len() {
            self.visited.resize(self.nodes.len(), [0; 2]);
        }
        while let Some((dep, settled)) = self.open.pop() {
            let Some(index) = dep.0.checked_sub(1).map(|index| index as usize) else {
                continue;
            };
            let ways = self.visited.get_mut(index);
            if let Some(seen) = ways.and_then(|ways| ways.get_mut(usize::from(settled))) {
                if *seen == self.search {
                    continue;
                }
                *seen = self.search;
            }
            match self.nodes.get(index) {
                Some(DepNode::Leaf(lack)) => {
                    let cause = if settled { Cause::Known } else { lack.cause };
                    found.push(Lack { cause, ..*lack });
                }
                Some(DepNode::Union(a, b)) => self.open.extend([(*a, settled), (*b, settled)]),
                Some(DepNode::Settled(inner)) => self.open.push((*inner, true)),
                None => {}
            }
        }
        found.sort_unstable();
        // `Known` sorts before every lack of the same subject.
        found.dedup_by(|next, kept| {
            if next.subject == kept.subject && kept.cause == Cause::Known {
                *kept = *next;
            }
            next == kept
        });
    }

    /// The members of a set that are not known, sorted, each once.
    pub fn lacks(&mut self, dep: Dep) -> Vec<Lack> {
        let mut lacks = Vec::new();
        self.lacks_into(dep, &mut lacks);
        lacks
    }

    /// The same, into a list that is emptied first.
    pub fn lacks_into(&mut self, dep: Dep, lacks: &mut Vec<Lack>) {
        self.list_into(dep, lacks);
        lacks.retain(|lack| lack.cause != Cause::Known);
    }

    /// Forgets every set.
    pub fn clear(&mut self) {
        self.nodes.clear();
    }
}
