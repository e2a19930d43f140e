//! The typed graph, built in one pass from packs, projects and findings.
//!
//! It knows which ids name what, and which name nothing. It does not know what a support is worth.
//!
//! | edge | from → to |
//! | --- | --- |
//! | contains | plan → chapter → section → goal, clause, indicator without a goal |
//! | measured by | goal → indicator |
//! | cites | rule → instrument, section or clause |
//! | holds | rule → clause that names it |
//! | supports | project → goal |
//! | depends on | project → project |
//! | fails, waived from | project → rule |

use std::collections::HashMap;

use petgraph::graph::DiGraph;
pub use petgraph::graph::{EdgeIndex as EdgeId, NodeIndex as NodeId};

use crate::judge::finding::{Judged, Verdict};
use crate::model::plan::Section;
use crate::model::project::Project;
use crate::rules::pack::Packs;
use crate::rules::rule::Cited;

/// A node: what it stands for, by its number in the packs or the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A pack that holds a plan.
    Plan(u32),
    /// A chapter, by its number in [`Graph::chapters`].
    Chapter(u32),
    /// A section below a chapter.
    Section(u32),
    /// A goal.
    Goal(u32),
    /// A clause.
    Clause(u32),
    /// An indicator.
    Indicator(u32),
    /// A rule.
    Rule(u32),
    /// A law, regulation or standard.
    Instrument(u32),
    /// A project.
    Project(u32),
}

impl Node {
    /// The node of a project.
    pub fn project(number: usize) -> Self {
        Self::Project(short(number))
    }

    /// The node of a goal.
    pub fn goal(number: usize) -> Self {
        Self::Goal(short(number))
    }

    /// The node of a rule.
    pub fn rule(number: usize) -> Self {
        Self::Rule(short(number))
    }
}

/// An edge, with the number of what it stands for where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Edge {
    /// A part of the plan.
    Contains,
    /// A goal is measured by an indicator.
    Measured,
    /// A rule cites a basis, by its number in the rule.
    Cites(u32),
    /// A rule holds projects to a clause.
    Holds,
    /// A project claims to serve a goal, by the number of the claim.
    Supports(u32),
    /// A project depends on another, by the number of the dependency.
    Depends(u32),
    /// A project does not meet a rule.
    Fails,
    /// A waiver answers a finding.
    Waived,
}

/// A chapter of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Chapter<'a> {
    /// The number of its pack.
    pub pack: usize,
    /// Its number, such as `8`.
    pub number: &'a str,
    /// Its own entry in the outline, if it has one.
    pub section: Option<&'a Section>,
}

/// An id that names nothing, or more than one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dangling {
    /// A claim of a project names a goal that the plan does not have.
    Goal(u32, u32),
    /// A claim of a project names an indicator that the plan does not have.
    Indicator(u32, u32),
    /// A dependency of a project was not read.
    Project(u32, u32),
    /// A dependency of a project names several projects; each counts.
    Several(u32, u32),
}

impl Dangling {
    /// The project that names it.
    pub fn project(self) -> usize {
        match self {
            Self::Goal(project, _)
            | Self::Indicator(project, _)
            | Self::Project(project, _)
            | Self::Several(project, _) => project as usize,
        }
    }
}

/// Where the nodes of each kind begin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Firsts {
    pub(super) chapter: usize,
    pub(super) goal: usize,
    pub(super) clause: usize,
    pub(super) indicator: usize,
    pub(super) rule: usize,
    pub(super) instrument: usize,
    pub(super) project: usize,
}

/// The graph.
#[derive(Debug)]
pub struct Graph<'a> {
    /// The packs.
    pub packs: &'a Packs,
    /// The projects.
    pub projects: &'a [Project],
    /// Their findings and decisions.
    pub judged: &'a [Judged],
    /// The chapters, in the order of the plan.
    pub chapters: Vec<Chapter<'a>>,
    /// Ids that name nothing.
    pub dangling: Vec<Dangling>,
    /// True for projects of which a dependency was not read.
    pub(super) missing: Vec<bool>,
    /// True for projects with a finding that a waiver answers.
    pub(super) waived: Vec<bool>,
    pub(super) net: DiGraph<Node, Edge>,
    pub(super) firsts: Firsts,
    pub(super) sections: Vec<NodeId>,
    pub(super) ids: HashMap<&'a str, u32>,
    /// The next project of the same id.
    pub(super) same: Vec<Option<u32>>,
}

/// A count as a node number; more than four thousand million projects are not held in memory.
pub(super) fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Numbers such as `8.4` and `10.2` in the order of a plan.
pub fn outline_key(number: &str) -> Vec<(u64, &str)> {
    number
        .split('.')
        .map(|part| (part.parse().unwrap_or(u64::MAX), part))
        .collect()
}

fn chapters(packs: &Packs) -> Vec<Chapter<'_>> {
    let mut chapters: Vec<Chapter<'_>> = Vec::new();
    for (pack, section) in &packs.sections {
        let (pack, number) = (*pack, section.chapter());
        let known = chapters
            .iter_mut()
            .find(|c| c.pack == pack && c.number == number);
        let own = (section.number == number).then_some(section);
        match known {
            Some(chapter) => chapter.section = chapter.section.or(own),
            None => chapters.push(Chapter {
                pack,
                number,
                section: own,
            }),
        }
    }
    chapters.sort_by_cached_key(|c| (c.pack, outline_key(c.number)));
    chapters
}

impl<'a> Graph<'a> {
    /// Builds the graph; `judged` holds the findings of each project.
    pub fn new(packs: &'a Packs, projects: &'a [Project], judged: &'a [Judged]) -> Self {
        let links: usize = projects
            .iter()
            .map(|p| p.supports.len() + p.depends_on.len())
            .sum();
        let rest = packs.sections.len() + packs.goals.len() + packs.rules.len() * 4;
        let mut graph = Self {
            packs,
            projects,
            judged,
            chapters: chapters(packs),
            dangling: Vec::new(),
            missing: vec![false; projects.len()],
            waived: vec![false; projects.len()],
            net: DiGraph::with_capacity(projects.len() + rest, links + rest),
            firsts: Firsts::default(),
            sections: Vec::with_capacity(packs.sections.len()),
            ids: HashMap::with_capacity(projects.len()),
            same: vec![None; projects.len()],
        };
        graph.add_nodes();
        graph.link_plan();
        graph.link_rules();
        graph.link_projects();
        graph
    }

    fn add_many(&mut self, count: usize, node: fn(u32) -> Node) -> usize {
        let first = self.net.node_count();
        for number in 0..short(count) {
            self.net.add_node(node(number));
        }
        first
    }

    fn add_nodes(&mut self) {
        self.add_many(self.packs.heads.len(), Node::Plan);
        self.firsts.chapter = self.add_many(self.chapters.len(), Node::Chapter);
        for (number, (pack, section)) in self.packs.sections.iter().enumerate() {
            let chapter = self.chapters.iter().position(|c| {
                c.pack == *pack && c.number == section.number && section.number == section.chapter()
            });
            let node = match chapter {
                Some(chapter) => NodeId::new(self.firsts.chapter + chapter),
                None => self.net.add_node(Node::Section(short(number))),
            };
            self.sections.push(node);
        }
        self.firsts.goal = self.add_many(self.packs.goals.len(), Node::Goal);
        self.firsts.clause = self.add_many(self.packs.clauses.len(), Node::Clause);
        self.firsts.indicator = self.add_many(self.packs.indicators.len(), Node::Indicator);
        self.firsts.rule = self.add_many(self.packs.rules.len(), Node::Rule);
        self.firsts.instrument =
            self.add_many(self.packs.library.instruments.len(), Node::Instrument);
        self.firsts.project = self.add_many(self.projects.len(), Node::Project);
    }

    /// The plan in its own order, so that what is listed by walking edges is in that order.
    fn link_plan(&mut self) {
        for (number, chapter) in self.chapters.clone().iter().enumerate() {
            let plan = NodeId::new(chapter.pack);
            let node = NodeId::new(self.firsts.chapter + number);
            self.net.add_edge(plan, node, Edge::Contains);
        }
        let packs = self.packs;
        let mut sections: Vec<usize> = (0..packs.sections.len()).collect();
        sections.sort_by_cached_key(|number| {
            packs
                .sections
                .get(*number)
                .map(|(pack, s)| (*pack, outline_key(&s.number)))
        });
        for number in sections {
            let Some((pack, section)) = packs.sections.get(number) else {
                continue;
            };
            let chapter = self
                .chapters
                .iter()
                .position(|c| c.pack == *pack && c.number == section.chapter());
            if let (Some(chapter), Some(node)) = (chapter, self.sections.get(number)) {
                let chapter = NodeId::new(self.firsts.chapter + chapter);
                if chapter != *node {
                    self.net.add_edge(chapter, *node, Edge::Contains);
                }
            }
        }
        let mut of_number: HashMap<&str, NodeId> = HashMap::new();
        for ((_, section), node) in packs.sections.iter().zip(&self.sections) {
            of_number.entry(&section.number).or_insert(*node);
        }
        let mut contain = |section: &str, first: usize, number: usize| {
            if let Some(section) = of_number.get(section) {
                self.net
                    .add_edge(*section, NodeId::new(first + number), Edge::Contains);
            }
        };
        for (number, goal) in packs.goals.iter().enumerate() {
            contain(&goal.section, self.firsts.goal, number);
        }
        for (number, clause) in packs.clauses.iter().enumerate() {
            contain(&clause.section, self.firsts.clause, number);
        }
        for (number, indicator) in packs.indicators.iter().enumerate() {
            let goal = indicator.goal.as_deref().and_then(|id| self.goal(id));
            let node = NodeId::new(self.firsts.indicator + number);
            match goal {
                Some(goal) => {
                    let goal = NodeId::new(self.firsts.goal + goal);
                    self.net.add_edge(goal, node, Edge::Measured);
                }
                None => {
                    if let Some(section) = of_number.get(indicator.section.as_str()) {
                        self.net.add_edge(*section, node, Edge::Contains);
                    }
                }
            }
        }
    }

    fn link_rules(&mut self) {
        let packs = self.packs;
        for (number, rule) in packs.rules.iter().enumerate() {
            let from = NodeId::new(self.firsts.rule + number);
            for (basis_number, basis) in rule.basis.iter().enumerate() {
                let to = match (basis.cited, basis.clause) {
                    (Cited::Instrument(index), _) => {
                        Some(NodeId::new(self.firsts.instrument + usize::from(index)))
                    }
                    (Cited::Section(_), Some(clause)) => {
                        Some(NodeId::new(self.firsts.clause + clause))
                    }
                    (Cited::Section(section), None) => self.sections.get(section).copied(),
                };
                if let Some(to) = to.filter(|to| to.index() < self.net.node_count()) {
                    self.net
                        .add_edge(from, to, Edge::Cites(short(basis_number)));
                }
            }
        }
        for (number, clause) in packs.clauses.iter().enumerate() {
            let to = NodeId::new(self.firsts.clause + number);
            for id in &clause.held_by {
                if let Some(rule) = self.rule(id) {
                    let from = NodeId::new(self.firsts.rule + rule);
                    if self.net.find_edge(from, to).is_none() {
                        self.net.add_edge(from, to, Edge::Holds);
                    }
                }
            }
        }
    }

    fn link_projects(&mut self) {
        let (packs, projects) = (self.packs, self.projects);
        // The last of equal ids is entered first, so that each chain runs in reading order.
        for (number, project) in projects.iter().enumerate().rev() {
            let earlier = self.ids.insert(&project.id, short(number));
            if let Some(same) = self.same.get_mut(number) {
                *same = earlier;
            }
        }
        let goals: HashMap<&str, usize> = packs
            .goals
            .iter()
            .enumerate()
            .map(|(number, goal)| (goal.id.as_str(), number))
            .collect();
        let indicators: HashMap<&str, usize> = packs
            .indicators
            .iter()
            .enumerate()
            .map(|(number, indicator)| (indicator.id.as_str(), number))
            .collect();
        for (number, project) in (0_u32..).zip(projects) {
            let from = NodeId::new(self.firsts.project + number as usize);
            for (claim, support) in (0_u32..).zip(&project.supports) {
                match goals.get(support.goal.as_str()) {
                    Some(goal) => {
                        let goal = NodeId::new(self.firsts.goal + goal);
                        self.net.add_edge(from, goal, Edge::Supports(claim));
                    }
                    None => self.dangling.push(Dangling::Goal(number, claim)),
                }
                if let Some(id) = &support.indicator
                    && !indicators.contains_key(id.as_str())
                {
                    self.dangling.push(Dangling::Indicator(number, claim));
                }
            }
            for (place, dependency) in (0_u32..).zip(&project.depends_on) {
                let mut next = self.ids.get(dependency.project.as_str()).copied();
                match next {
                    None => {
                        self.dangling.push(Dangling::Project(number, place));
                        if let Some(missing) = self.missing.get_mut(number as usize) {
                            *missing = true;
                        }
                    }
                    Some(first) if self.next_of_same_id(first).is_some() => {
                        self.dangling.push(Dangling::Several(number, place));
                    }
                    Some(_) => {}
                }
                while let Some(other) = next {
                    let to = NodeId::new(self.firsts.project + other as usize);
                    self.net.add_edge(from, to, Edge::Depends(place));
                    next = self.next_of_same_id(other);
                }
            }
            let findings = self
                .judged
                .get(number as usize)
                .map_or(&[][..], |j| &j.findings);
            for finding in findings {
                let edge = if finding.waiver().is_some() {
                    Edge::Waived
                } else if finding.verdict == Verdict::Fail {
                    Edge::Fails
                } else {
                    continue;
                };
                if let (Edge::Waived, Some(waived)) = (edge, self.waived.get_mut(number as usize)) {
                    *waived = true;
                }
                let rule = NodeId::new(self.firsts.rule + usize::from(finding.rule));
                if usize::from(finding.rule) < packs.rules.len() {
                    self.net.add_edge(from, rule, edge);
                }
            }
        }
    }
}
