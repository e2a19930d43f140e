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
pub struct Deps(Vec<DepNode>);

impl Deps {
    fn push(&mut self, node: DepNode) -> Dep {
        self.0.push(node);
        Dep(u32::try_from(self.0.len()).unwrap_or(0))
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
    pub fn list(&self, dep: Dep) -> Vec<Lack> {
        if dep == Dep::NONE {
            return Vec::new();
        }
        let mut found: Vec<Lack> = Vec::with_capacity(8);
        let mut open = Vec::with_capacity(16);
        open.push((dep, false));
        // Sets share their parts, so each part is listed once for each way it counts.
        let mut visited = vec![0_u8; if dep.0 > 64 { dep.0 as usize } else { 0 }];
        while let Some((dep, settled)) = open.pop() {
            let way = if settled { 2 } else { 1 };
            if let Some(seen) = (dep.0 as usize)
                .checked_sub(1)
                .and_then(|i| visited.get_mut(i))
            {
                if *seen & way != 0 {
                    continue;
                }
                *seen |= way;
            }
            let Some(node) = dep.0.checked_sub(1).and_then(|i| self.0.get(i as usize)) else {
                continue;
            };
            match *node {
                DepNode::Leaf(lack) => {
                    let cause = if settled { Cause::Known } else { lack.cause };
                    found.push(Lack { cause, ..lack });
                }
                DepNode::Union(a, b) => open.extend([(a, settled), (b, settled)]),
                DepNode::Settled(inner) => open.push((inner, true)),
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
        found
    }

    /// The members of a set that are not known, sorted, each once.
    pub fn lacks(&self, dep: Dep) -> Vec<Lack> {
        let mut lacks = self.list(dep);
        lacks.retain(|lack| lack.cause != Cause::Known);
        lacks
    }

    /// Forgets every set.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}
