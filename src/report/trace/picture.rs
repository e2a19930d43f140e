//! A part of the graph as it is drawn: boxes with words and a look, and lines between them.
//!
//! Every drawn format starts from it. Beyond [`MOST`] boxes it folds: projects that serve the same goals
//! become one box, then goals are counted in their sections, then sections in their chapters; and it says so.
//! A folded picture shows no dependencies and no rules.

use std::collections::BTreeMap;

use super::{Answer, words};
use crate::base::text::{Lang, Text, counted};
use crate::report::Assessment;
use crate::text;
use crate::trace::graph::Node;
use crate::trace::view::View;
use crate::trace::{Edge, GoalState, LinkState};

/// Boxes that can still be read.
pub(super) const MOST: usize = 300;
/// Boxes of a folded picture: they stand for many and are to be taken in at once.
const FOLDED: usize = 160;

/// How a box looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// Plan, chapter, section.
    Outline,
    /// A goal, by its state.
    Goal(GoalState),
    /// A clause or indicator.
    Measure,
    /// A project, by the state of its supports.
    Project(LinkState),
    /// A rule.
    Rule,
    /// A law, regulation or standard.
    Instrument,
}

impl Look {
    /// The word for it in styles.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Outline => "outline",
            Self::Goal(GoalState::Supported) => "goal-supported",
            Self::Goal(GoalState::Pending) => "goal-pending",
            Self::Goal(GoalState::AtRisk) => "goal-at-risk",
            Self::Goal(GoalState::Unsupported) => "goal-unsupported",
            Self::Goal(GoalState::NotAssessed) => "goal-not-assessed",
            Self::Measure => "measure",
            Self::Project(LinkState::Effective) => "project-effective",
            Self::Project(LinkState::Pending) => "project-pending",
            Self::Project(LinkState::AtRisk) => "project-at-risk",
            Self::Rule => "rule",
            Self::Instrument => "instrument",
        }
    }

    /// Its fill, its line and its text. Text stands out from its fill by more than 7 to 1.
    pub(super) fn colours(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Outline => ("#eef1f5", "#7b8794", "#1f2933"),
            Self::Goal(GoalState::Supported) | Self::Project(LinkState::Effective) => {
                ("#e3f4e6", "#2f855a", "#12391f")
            }
            Self::Goal(GoalState::Pending) | Self::Project(LinkState::Pending) => {
                ("#fff6d6", "#b7791f", "#4a2f05")
            }
            Self::Goal(GoalState::AtRisk) | Self::Project(LinkState::AtRisk) => {
                ("#fde4e1", "#c53030", "#5c1010")
            }
            Self::Goal(GoalState::Unsupported) => ("#ffffff", "#c53030", "#5c1010"),
            Self::Goal(GoalState::NotAssessed) => ("#f5f5f5", "#a0a0a0", "#4a4a4a"),
            Self::Measure => ("#e6f0fb", "#3b6ea5", "#16324f"),
            Self::Rule => ("#f3ebfb", "#6b46a8", "#331a59"),
            Self::Instrument => ("#f7f3ec", "#8a6d3b", "#43331a"),
        }
    }

    /// True if its line is broken: something is not there or does not count.
    pub(super) fn dashed(self) -> bool {
        matches!(
            self,
            Self::Goal(GoalState::Unsupported | GoalState::NotAssessed)
        )
    }

    /// What the legend says of it.
    pub(super) fn label(self) -> Text {
        match self {
            Self::Outline => text!("章节", "outline"),
            Self::Goal(state) => {
                let label = state.label();
                Text::new(format!("目标：{}", label.zh), format!("goal: {}", label.en))
            }
            Self::Measure => text!("指标、条款", "indicator, clause"),
            Self::Project(state) => {
                let label = state.label();
                Text::new(
                    format!("项目：支撑{}", label.zh),
                    format!("project: support {}", label.en),
                )
            }
            Self::Rule => text!("规则", "rule"),
            Self::Instrument => text!("法规文件", "instrument"),
        }
    }
}

/// A box.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// Its key; unique in the picture.
    pub key: String,
    /// Its id, shown above the words; may be empty.
    pub id: String,
    /// Its words.
    pub words: String,
    /// Its state or decision, shown below; may be empty.
    pub state: String,
    /// Its look.
    pub look: Look,
}

/// A line between two boxes, by number, in the direction in which people read it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// The first box.
    pub from: usize,
    /// The second box.
    pub to: usize,
    /// What it stands for.
    pub edge: Edge,
    /// How many links it stands for.
    pub count: usize,
    /// The state of a support.
    pub state: Option<LinkState>,
}

impl Line {
    /// The colour of the line.
    pub(super) fn colour(&self) -> &'static str {
        match (self.edge, self.state) {
            (Edge::Supports(_), Some(LinkState::Effective)) => "#2f855a",
            (Edge::Supports(_), Some(LinkState::Pending)) => "#b7791f",
            (Edge::Supports(_), Some(LinkState::AtRisk)) | (Edge::Fails, _) => "#c53030",
            (Edge::Depends(_), _) => "#2c5282",
            (Edge::Waived, _) => "#6b46a8",
            _ => "#8a94a3",
        }
    }

    /// True if the second box stands left of the first: the plan is drawn left, what serves it right.
    pub(super) fn points_left(&self) -> bool {
        matches!(self.edge, Edge::Supports(_) | Edge::Holds) || matches!(self.edge, Edge::Cites(_))
    }
}

/// A picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture {
    /// What it shows.
    pub title: String,
    /// What was folded; may be empty.
    pub note: String,
    /// The boxes.
    pub shapes: Vec<Shape>,
    /// The lines.
    pub lines: Vec<Line>,
}

/// The picture of an answer.
pub(super) fn of(run: &Assessment<'_>, answer: &Answer, lang: Lang) -> Picture {
    let view = answer.view(run);
    let count = view.nodes.len();
    let mut picture = Picture {
        title: super::text::title(run, answer).get(lang).to_owned(),
        ..Picture::default()
    };
    let folds = [Fold::Nothing, Fold::Projects, Fold::Goals, Fold::Sections];
    for fold in folds {
        let groups = fold.groups(run, &view);
        let most = if fold == Fold::Nothing { MOST } else { FOLDED };
        if groups.len() > most && fold != Fold::Sections {
            continue;
        }
        draw(run, &view, &groups, lang, fold, &mut picture);
        if fold != Fold::Nothing {
            let shown = groups.len();
            let what = fold.label();
            let note = Text::new(
                format!(
                    "共 {count} 个节点，超过 {MOST} 个，已折叠{}，图中 {shown} 个，依赖和规则未画出",
                    what.zh
                ),
                format!(
                    "{count} nodes are more than {MOST}: {} are folded, {shown} boxes are drawn, without dependencies and rules",
                    what.en
                ),
            );
            note.get(lang).clone_into(&mut picture.note);
        }
        break;
    }
    picture
}

/// What is folded into one box.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fold {
    Nothing,
    Projects,
    Goals,
    Sections,
}

/// What a box stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// One node.
    Node(Node),
    /// Projects of a state that serve the same.
    Projects(Vec<Node>, LinkState),
}

impl Fold {
    fn label(self) -> Text {
        match self {
            Self::Nothing => Text::default(),
            Self::Projects => text!("支撑相同的项目", "projects that serve the same"),
            Self::Goals => text!("项目和目标", "projects and goals"),
            Self::Sections => text!("项目、目标和节", "projects, goals and sections"),
        }
    }

    /// The node that stands for a node of the plan.
    fn up(self, run: &Assessment<'_>, node: Node) -> Node {
        let folded = |node: Node| match node {
            Node::Goal(_) | Node::Indicator(_) | Node::Clause(_) => self != Self::Projects,
            Node::Section(_) => self == Self::Sections,
            _ => false,
        };
        if self == Self::Nothing || !folded(node) {
            return node;
        }
        let above = run.trace.graph.above(node);
        let kept = above.into_iter().find(|up| !folded(*up));
        kept.unwrap_or(node)
    }

    /// The nodes of each box.
    fn groups(self, run: &Assessment<'_>, view: &View) -> BTreeMap<Group, Vec<Node>> {
        let graph = &run.trace.graph;
        let mut groups: BTreeMap<Group, Vec<Node>> = BTreeMap::new();
        for node in &view.nodes {
            let group = match node {
                Node::Project(project) if self != Self::Nothing => {
                    let mut serves: Vec<Node> = graph
                        .claims(*project as usize)
                        .into_iter()
                        .map(|(goal, _)| self.up(run, Node::goal(goal)))
                        .collect();
                    serves.sort_unstable();
                    serves.dedup();
                    // Beyond the first step it is enough to know where a project mainly belongs.
                    if self != Self::Projects {
                        serves.truncate(1);
                    }
                    Group::Projects(serves, run.trace.standing.link(*project as usize))
                }
                Node::Rule(_) | Node::Instrument(_) if self != Self::Nothing => continue,
                other => Group::Node(self.up(run, *other)),
            };
            groups.entry(group).or_default().push(*node);
        }
        groups
    }
}

fn draw(
    run: &Assessment<'_>,
    view: &View,
    groups: &BTreeMap<Group, Vec<Node>>,
    lang: Lang,
    fold: Fold,
    picture: &mut Picture,
) {
    let graph = &run.trace.graph;
    let mut place: BTreeMap<Node, usize> = BTreeMap::new();
    for (number, (group, nodes)) in groups.iter().enumerate() {
        place.extend(nodes.iter().map(|node| (*node, number)));
        picture.shapes.push(match (group, nodes.as_slice()) {
            (Group::Node(node), _) => shape(run, *node, nodes, lang),
            (Group::Projects(..), [only]) => shape(run, *only, nodes, lang),
            (Group::Projects(_, state), all) => {
                let count = all.len();
                let words = Text::new(format!("{count} 个项目"), counted(count, "project"));
                let first = all.first().map(|n| graph.key(*n)).unwrap_or_default();
                Shape {
                    key: format!("{first} +{}", count - 1),
                    id: String::new(),
                    words: words.get(lang).to_owned(),
                    state: format!("{} {}", words::mark(*state), state.label().get(lang)),
                    look: Look::Project(*state),
                }
            }
        });
    }
    let mut lines: BTreeMap<(usize, usize, &str), Line> = BTreeMap::new();
    for (from, to, edge) in view.edges.iter().filter_map(|e| graph.edge(*e)) {
        let (Some(a), Some(b)) = (place.get(&from), place.get(&to)) else {
            continue;
        };
        // Dependencies between many are no dependency of one.
        if fold != Fold::Nothing && matches!(edge, Edge::Depends(_)) {
            continue;
        }
        // What is folded into one box is not linked to itself, unless a project depends on itself.
        if a == b && from != to {
            continue;
        }
        let state = match (from, edge) {
            (Node::Project(project), Edge::Supports(_)) => {
                Some(run.trace.standing.link(project as usize))
            }
            _ => None,
        };
        lines
            .entry((*a, *b, words::edge_id(edge)))
            .and_modify(|line| {
                line.count += 1;
                line.state = line.state.max(state);
            })
            .or_insert(Line {
                from: *a,
                to: *b,
                edge,
                count: 1,
                state,
            });
    }
    picture.lines = lines.into_values().collect();
}

fn shape(run: &Assessment<'_>, node: Node, stands_for: &[Node], lang: Lang) -> Shape {
    let trace = run.trace;
    let graph = &trace.graph;
    let mut shape = Shape {
        key: graph.key(node),
        id: graph.id_of(node).to_owned(),
        words: graph.title(node).get(lang).to_owned(),
        state: String::new(),
        look: Look::Outline,
    };
    match node {
        Node::Plan(_) => node.kind_label().get(lang).clone_into(&mut shape.id),
        Node::Chapter(_) => {
            let name = crate::model::plan::Section::chapter_name(&shape.id);
            name.get(lang).clone_into(&mut shape.id);
        }
        Node::Section(_) => {}
        Node::Goal(number) => {
            let state = trace.standing.goal(number as usize);
            shape.look = Look::Goal(state);
            shape.state = format!("{} {}", words::goal_mark(state), state.label().get(lang));
        }
        Node::Clause(_) | Node::Indicator(_) => shape.look = Look::Measure,
        Node::Project(number) => {
            let number = number as usize;
            let state = trace.standing.link(number);
            shape.look = Look::Project(state);
            shape.id = words::id(trace, number);
            if shape.words == shape.id {
                shape.id = String::new();
            }
            let decision = crate::report::summary::short(words::decision(trace, number));
            let waived = if trace.standing.rests_on_waiver(number) {
                lang.pick("（含人工认定）", " (with waivers)")
            } else {
                ""
            };
            shape.state = format!("{} {}{waived}", words::mark(state), decision.get(lang));
        }
        Node::Rule(_) => shape.look = Look::Rule,
        Node::Instrument(_) => shape.look = Look::Instrument,
    }
    // A box of the outline that stands for goals says how they are.
    let goals: Vec<usize> = stands_for
        .iter()
        .filter(|other| **other != node)
        .filter_map(|other| match other {
            Node::Goal(number) => Some(*number as usize),
            _ => None,
        })
        .collect();
    if !goals.is_empty() {
        let counts = trace.standing.counts(goals.into_iter());
        let (supported, assessed) = (counts.of(GoalState::Supported), counts.assessed());
        let words = super::gaps::share(supported, assessed, lang);
        let state = text!("目标已有支撑 {words}", "goals supported: {words}");
        state.get(lang).clone_into(&mut shape.state);
    }
    shape
}

/// The looks of a picture, each once.
pub(super) fn looks(picture: &Picture) -> Vec<Look> {
    let mut looks: Vec<Look> = picture.shapes.iter().map(|s| s.look).collect();
    looks.sort_unstable();
    looks.dedup();
    looks
}
