//! Gaps: goals without support or with a single one, orphans, broken ids, redundant links, cycles, blocked chains.
//!
//! Each list comes from a pass of its own and in reading order. It does not know how gaps are closed.

use std::collections::VecDeque;

use petgraph::Direction;
use petgraph::visit::EdgeRef;

use super::graph::{Dangling, Edge, Graph, Node, NodeId, short};
use super::standing::{Changed, GoalState, LinkState, Order, own};
use super::{Standing, Trace};

/// Steps that the search for shortest cycles takes at most in one component.
const CYCLE_STEPS: usize = 2_000_000;
/// Steps that the search for redundant links takes at most.
const REDUNDANT_STEPS: usize = 5_000_000;

/// A link that says nothing new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Redundant {
    /// The same goal and indicator claimed again: the project, and the number of the later claim.
    Claim(usize, u32),
    /// The same dependency named again.
    Again(usize, u32),
    /// A dependency that another dependency already implies: the project, the number of the
    /// dependency, and the project through which it follows.
    Implied(usize, u32, usize),
}

impl Redundant {
    /// The project that says it.
    pub fn project(self) -> usize {
        match self {
            Self::Claim(project, _) | Self::Again(project, _) | Self::Implied(project, ..) => {
                project
            }
        }
    }
}

/// A goal that stands or falls with one project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sole {
    /// The goal.
    pub goal: usize,
    /// The project.
    pub project: usize,
    /// How many projects claim to serve the goal: with more than one, only this one's support is effective.
    pub claims: usize,
}

/// What is missing or weak in a trace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Assessed goals that no project claims to serve.
    pub unsupported: Vec<usize>,
    /// Goals whose best support is pending.
    pub pending: Vec<usize>,
    /// Goals whose best support is at risk.
    pub at_risk: Vec<usize>,
    /// Goals that one project holds.
    pub sole: Vec<Sole>,
    /// Projects that serve no goal, neither themselves nor through those that depend on them.
    pub orphans: Vec<usize>,
    /// Ids that name nothing or several things.
    pub dangling: Vec<Dangling>,
    /// Links that say nothing new.
    pub redundant: Vec<Redundant>,
    /// False if the search for implied dependencies was cut short.
    pub redundant_complete: bool,
    /// A shortest cycle of each component of projects that depend on each other, closed:
    /// the first project is also the last.
    pub cycles: Vec<Vec<usize>>,
    /// The projects that another holds back.
    pub blocked: Vec<Blocked>,
}

/// A project held back by one on which it depends, directly or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The project.
    pub project: usize,
    /// The next project on the way to what holds it back.
    pub next: usize,
    /// The nearest project that is in the same state by itself.
    pub cause: usize,
    /// How many steps it is away.
    pub steps: usize,
}

impl Gaps {
    /// The gaps of a trace.
    pub fn of(trace: &Trace<'_>) -> Self {
        let (graph, order, standing) = (&trace.graph, &trace.order, &trace.standing);
        let goals = |state: GoalState| -> Vec<usize> {
            (0..graph.packs.goals.len())
                .filter(|goal| standing.goal(*goal) == state)
                .collect()
        };
        let (redundant, redundant_complete) = redundant(graph, order);
        Self {
            unsupported: goals(GoalState::Unsupported),
            pending: goals(GoalState::Pending),
            at_risk: goals(GoalState::AtRisk),
            sole: sole(graph, standing),
            orphans: orphans(graph, order),
            dangling: graph.dangling.clone(),
            redundant,
            redundant_complete,
            cycles: cycles(graph, order),
            blocked: trace.blocked().to_vec(),
        }
    }

    /// How many there are of all kinds.
    pub fn count(&self) -> usize {
        self.unsupported.len()
            + self.pending.len()
            + self.at_risk.len()
            + self.sole.len()
            + self.orphans.len()
            + self.dangling.len()
            + self.redundant.len()
            + self.cycles.len()
            + self.blocked.len()
    }
}

/// Goals that are lost if one project falls: its only effective support, or else its only claim.
pub fn sole(graph: &Graph<'_>, standing: &Standing) -> Vec<Sole> {
    let mut found = Vec::new();
    for goal in 0..graph.packs.goals.len() {
        let tally = standing.tally(goal);
        let assessed = standing.goal(goal) != GoalState::NotAssessed;
        if !assessed || (tally.effective != 1 && tally.all() != 1) {
            continue;
        }
        let holds = |project: &usize| {
            tally.effective == 0 || standing.link(*project) == LinkState::Effective
        };
        let project = graph.supporters(goal).into_iter().find(holds);
        found.extend(project.map(|project| Sole {
            goal,
            project,
            claims: tally.all(),
        }));
    }
    found
}

/// Projects that serve no goal of the plan, and on which none that serves one depends.
pub fn orphans(graph: &Graph<'_>, order: &Order) -> Vec<usize> {
    let first = graph.id(Node::Project(0)).index();
    let mut serves = vec![false; graph.projects.len()];
    // Dependents come after what they depend on, so the order is walked backwards.
    for component in order.components.iter().rev() {
        let mut any = false;
        for node in component {
            any |= serves.get(node.index() - first).copied().unwrap_or(false);
            any |= graph
                .net
                .edges(*node)
                .any(|edge| matches!(edge.weight(), Edge::Supports(_)));
        }
        if !any {
            continue;
        }
        for node in component {
            let mut mark = |node: NodeId| {
                if let Some(serves) = serves.get_mut(node.index() - first) {
                    *serves = true;
                }
            };
            mark(*node);
            for edge in graph.net.edges(*node) {
                if matches!(edge.weight(), Edge::Depends(_)) {
                    mark(edge.target());
                }
            }
        }
    }
    let orphan = |(project, serves): (usize, bool)| (!serves).then_some(project);
    serves.into_iter().enumerate().filter_map(orphan).collect()
}

/// A shortest cycle of each cyclic component, closed. In a very large component the search stops
/// after so many steps; what it found by then is a real cycle, the shortest through the first projects.
pub fn cycles(graph: &Graph<'_>, order: &Order) -> Vec<Vec<usize>> {
    let first = graph.id(Node::Project(0)).index();
    let mut found = Vec::new();
    let mut search = Search::new(graph.projects.len());
    for (number, component) in order.components.iter().enumerate() {
        if !order.cyclic.get(number).copied().unwrap_or(false) {
            continue;
        }
        let mut best: Option<Vec<usize>> = None;
        let mut steps = 0;
        for node in component {
            let shortest = best.as_ref().map_or(usize::MAX, |best| best.len() - 1);
            // No cycle is shorter than that of a project on itself.
            if shortest == 1 {
                break;
            }
            let start = node.index() - first;
            let cycle = search.cycle_through(graph, order, start, shortest, &mut steps);
            best = cycle.or(best);
            if steps > CYCLE_STEPS {
                break;
            }
        }
        found.extend(best);
    }
    found.sort();
    found
}

/// Breadth-first searches that share their memory.
struct Search {
    came: Vec<u32>,
    seen: Vec<u32>,
    depth: Vec<u32>,
    run: u32,
}

impl Search {
    fn new(count: usize) -> Self {
        Self {
            came: vec![u32::MAX; count],
            seen: vec![0; count],
            depth: vec![0; count],
            run: 0,
        }
    }

    /// The shortest cycle through a project that is shorter than `below`, closed.
    fn cycle_through(
        &mut self,
        graph: &Graph<'_>,
        order: &Order,
        start: usize,
        below: usize,
        steps: &mut usize,
    ) -> Option<Vec<usize>> {
        self.run += 1;
        let first = graph.id(Node::Project(0)).index();
        let component = order.of.get(start)?;
        let mut queue = VecDeque::from([start]);
        *self.seen.get_mut(start)? = self.run;
        *self.depth.get_mut(start)? = 0;
        while let Some(here) = queue.pop_front() {
            let depth = *self.depth.get(here)?;
            if depth as usize + 1 >= below {
                return None;
            }
            let mut next: Vec<usize> = graph
                .net
                .edges(NodeId::new(first + here))
                .filter(|edge| matches!(edge.weight(), Edge::Depends(_)))
                .map(|edge| edge.target().index() - first)
                .collect();
            next.sort_unstable();
            for other in next {
                *steps += 1;
                if other == start {
                    let mut cycle = vec![start];
                    let mut back = here;
                    while back != start {
                        cycle.push(back);
                        back = *self.came.get(back)? as usize;
                    }
                    cycle.push(start);
                    cycle.reverse();
                    return Some(cycle);
                }
                if order.of.get(other) != Some(component) || *self.seen.get(other)? == self.run {
                    continue;
                }
                *self.seen.get_mut(other)? = self.run;
                *self.depth.get_mut(other)? = depth + 1;
                *self.came.get_mut(other)? = short(here);
                queue.push_back(other);
            }
        }
        None
    }
}

/// Links that say nothing new, and whether all were looked for.
fn redundant(graph: &Graph<'_>, order: &Order) -> (Vec<Redundant>, bool) {
    let mut found = Vec::new();
    let mut steps = 0;
    // The project from whose search each one was last reached.
    let mut reached: Vec<u32> = vec![u32::MAX; graph.projects.len()];
    for (number, project) in graph.projects.iter().enumerate() {
        for (claim, support) in (0_u32..).zip(&project.supports) {
            let same = project
                .supports
                .iter()
                .take(claim as usize)
                .any(|s| s.goal == support.goal && s.indicator == support.indicator);
            if same {
                found.push(Redundant::Claim(number, claim));
            }
        }
        for (place, dependency) in (0_u32..).zip(&project.depends_on) {
            let mut earlier = project.depends_on.iter().take(place as usize);
            if earlier.any(|d| d.project == dependency.project) {
                found.push(Redundant::Again(number, place));
            }
        }
        if project.depends_on.len() > 1 && steps < REDUNDANT_STEPS {
            implied(graph, order, number, &mut reached, &mut steps, &mut found);
        }
    }
    (found, steps < REDUNDANT_STEPS)
}

/// Dependencies that follow from others: one search from all of them, which meets one of them again.
/// What lies beyond the last of them in the order of dependencies leads to none of them.
fn implied(
    graph: &Graph<'_>,
    order: &Order,
    project: usize,
    reached: &mut [u32],
    steps: &mut usize,
    found: &mut Vec<Redundant>,
) {
    let component = |project: usize| order.of.get(project).copied().unwrap_or(0);
    let mut direct = graph.dependencies(project);
    // Within a cycle every dependency follows from every other: that is reported as the cycle.
    direct.retain(|other| component(*other) != component(project));
    direct.sort_unstable();
    let Some(lowest) = direct.iter().map(|d| component(*d)).min() else {
        return;
    };
    let mut told: Vec<usize> = Vec::new();
    let mut stack: Vec<(usize, usize)> = direct.iter().map(|d| (*d, *d)).collect();
    while let Some((here, through)) = stack.pop() {
        for other in graph.dependencies(here) {
            *steps += 1;
            if component(other) < lowest {
                continue;
            }
            if direct.binary_search(&other).is_ok()
                && component(other) != component(through)
                && !told.contains(&other)
            {
                told.push(other);
                let id = graph.projects.get(other).map(|p| &p.id);
                let own = graph
                    .projects
                    .get(project)
                    .map_or(&[][..], |p| &p.depends_on);
                let place = own.iter().position(|d| Some(&d.project) == id);
                let place = place.map(short);
                found.extend(place.map(|place| Redundant::Implied(project, place, through)));
            }
            if let Some(last) = reached.get_mut(other).filter(|l| **l != short(project)) {
                *last = short(project);
                stack.push((other, through));
            }
        }
        if *steps >= REDUNDANT_STEPS {
            return;
        }
    }
}

/// The projects that another holds back, in reading order.
/// One search backwards from all that are bad by themselves gives the next step of each.
pub(super) fn blocked(trace: &Trace<'_>) -> Vec<Blocked> {
    let risk = towards(trace, LinkState::AtRisk);
    let open = towards(trace, LinkState::Pending);
    let of = |project: usize| match trace.standing.link(project) {
        LinkState::Effective => None,
        LinkState::Pending => open.get(project).copied().flatten(),
        LinkState::AtRisk => risk.get(project).copied().flatten(),
    };
    (0..trace.graph.projects.len()).filter_map(of).collect()
}

/// The way of a blocked project to what holds it back, at most so many projects of it.
pub fn way(blocked: &[Blocked], from: usize, most: usize) -> Vec<usize> {
    let mut way = vec![from];
    let mut here = from;
    while way.len() < most {
        let Ok(at) = blocked.binary_search_by_key(&here, |b| b.project) else {
            break;
        };
        let Some(next) = blocked.get(at).map(|b| b.next) else {
            break;
        };
        way.push(next);
        here = next;
    }
    way
}

/// True if a project is in a state by itself and not through what it depends on.
fn is_cause(trace: &Trace<'_>, project: usize, state: LinkState) -> bool {
    let by_itself = own(&trace.graph, &Changed::default(), project) == state;
    by_itself || (state == LinkState::AtRisk && trace.order.in_cycle(project))
}

/// For each project the next step on its shortest way to one that is in a state by itself.
fn towards(trace: &Trace<'_>, state: LinkState) -> Vec<Option<Blocked>> {
    let graph = &trace.graph;
    let first = graph.id(Node::Project(0)).index();
    let count = graph.projects.len();
    let mut found: Vec<Option<Blocked>> = vec![None; count];
    let mut seen = vec![false; count];
    // The project, what holds it back, and how far that is.
    let mut queue: VecDeque<(usize, usize, usize)> = VecDeque::new();
    for (project, seen) in seen.iter_mut().enumerate() {
        if is_cause(trace, project, state) {
            *seen = true;
            queue.push_back((project, project, 0));
        }
    }
    while let Some((here, cause, steps)) = queue.pop_front() {
        let node = NodeId::new(first + here);
        let mut dependents: Vec<usize> = graph
            .net
            .edges_directed(node, Direction::Incoming)
            .filter(|edge| matches!(edge.weight(), Edge::Depends(_)))
            .map(|edge| edge.source().index() - first)
            .collect();
        dependents.sort_unstable();
        for project in dependents {
            if let Some(seen) = seen.get_mut(project).filter(|seen| !**seen) {
                *seen = true;
                let blocked = Blocked {
                    project,
                    next: here,
                    cause,
                    steps: steps + 1,
                };
                if let Some(slot) = found.get_mut(project) {
                    *slot = Some(blocked);
                }
                queue.push_back((project, cause, steps + 1));
            }
        }
    }
    found
}
