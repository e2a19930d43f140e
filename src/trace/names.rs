//! Names of nodes: a key that is unique in a run, a title for people, and what a written word may mean.
//!
//! It does not know which question asks.

use super::graph::{Graph, Node, outline_key};
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::model::plan::Section;

impl Node {
    /// The word for its kind in files and keys.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Plan(_) => "plan",
            Self::Chapter(_) => "chapter",
            Self::Section(_) => "section",
            Self::Goal(_) => "goal",
            Self::Clause(_) => "clause",
            Self::Indicator(_) => "indicator",
            Self::Rule(_) => "rule",
            Self::Instrument(_) => "instrument",
            Self::Project(_) => "project",
        }
    }

    /// The word for its kind shown to people.
    pub fn kind_label(self) -> Text {
        let (zh, en) = match self {
            Self::Plan(_) => ("规划", "plan"),
            Self::Chapter(_) => ("章", "chapter"),
            Self::Section(_) => ("节", "section"),
            Self::Goal(_) => ("目标任务", "goal"),
            Self::Clause(_) => ("条款", "clause"),
            Self::Indicator(_) => ("指标", "indicator"),
            Self::Rule(_) => ("规则", "rule"),
            Self::Instrument(_) => ("法规文件", "instrument"),
            Self::Project(_) => ("项目", "project"),
        };
        Text::new(zh, en)
    }
}

impl Graph<'_> {
    /// The id of a node as its owner wrote it.
    pub fn id_of(&self, node: Node) -> &str {
        let packs = self.packs;
        let found = match node {
            Node::Plan(n) => packs.heads.get(n as usize).map(|h| h.id.as_str()),
            Node::Chapter(n) => self.chapters.get(n as usize).map(|c| c.number),
            Node::Section(n) => packs
                .sections
                .get(n as usize)
                .map(|(_, s)| s.number.as_str()),
            Node::Goal(n) => packs.goals.get(n as usize).map(|g| g.id.as_str()),
            Node::Clause(n) => packs.clauses.get(n as usize).map(|c| c.id.as_str()),
            Node::Indicator(n) => packs.indicators.get(n as usize).map(|i| i.id.as_str()),
            Node::Rule(n) => packs.rules.get(n as usize).map(|r| r.id.as_str()),
            Node::Instrument(n) => packs
                .library
                .instruments
                .get(n as usize)
                .map(|i| i.id.as_str()),
            Node::Project(n) => self.projects.get(n as usize).map(|p| p.id.as_str()),
        };
        found.unwrap_or("")
    }

    /// A key that is unique in the run, such as `goal:G8.4-1`; twins of one id are numbered.
    pub fn key(&self, node: Node) -> String {
        let key = format!("{}:{}", node.kind(), self.id_of(node));
        let twin = match node {
            Node::Project(number) => self.twin(number as usize),
            // Two plans may number their sections alike.
            Node::Section(number) => {
                let sections = &self.packs.sections;
                let own = sections.get(number as usize).map(|(_, s)| &s.number);
                let mut earlier = sections.iter().take(number as usize);
                let many = earlier
                    .clone()
                    .filter(|(_, s)| Some(&s.number) == own)
                    .count();
                (earlier.any(|(_, s)| Some(&s.number) == own)).then_some(many + 1)
            }
            Node::Chapter(number) => {
                let own = self.chapters.get(number as usize).map(|c| c.number);
                let earlier = self.chapters.iter().take(number as usize);
                let many = earlier.filter(|c| Some(c.number) == own).count();
                (many > 0).then_some(many + 1)
            }
            _ => None,
        };
        match twin {
            Some(number) => format!("{key}#{number}"),
            None => key,
        }
    }

    /// The title of a node; empty where it has none.
    pub fn title(&self, node: Node) -> Text {
        let packs = self.packs;
        let found = match node {
            Node::Plan(n) => packs.heads.get(n as usize).map(|h| h.title.clone()),
            Node::Chapter(n) => self
                .chapters
                .get(n as usize)
                .and_then(|c| c.section.map(|s| s.title.clone())),
            Node::Section(n) => packs.sections.get(n as usize).map(|(_, s)| s.title.clone()),
            Node::Goal(n) => packs.goals.get(n as usize).map(|g| g.title.clone()),
            Node::Clause(n) => packs.clauses.get(n as usize).map(|c| c.title.clone()),
            Node::Indicator(n) => packs.indicators.get(n as usize).map(|i| i.title.clone()),
            Node::Rule(n) => packs.rules.get(n as usize).map(|r| r.title.clone()),
            Node::Instrument(n) => packs
                .library
                .instruments
                .get(n as usize)
                .map(|i| i.title.clone()),
            Node::Project(n) => self
                .projects
                .get(n as usize)
                .map(|p| Text::same(p.name.clone())),
        };
        found.unwrap_or_default()
    }

    /// The number of a node with its title: `第八章 …`, `8.4 …`, `G8.4-1 …`.
    pub fn name(&self, node: Node) -> Text {
        let title = self.title(node);
        let id = self.id_of(node);
        let lead = match node {
            Node::Chapter(_) => Section::chapter_name(id),
            Node::Plan(_) => return title,
            Node::Project(_) if title.zh == id => return title,
            _ => Text::same(id),
        };
        let join = |lead: &str, title: &str| format!("{lead} {title}").trim_end().to_owned();
        Text::new(join(&lead.zh, &title.zh), join(&lead.en, &title.en))
    }

    /// The nodes that a written word may mean, those of `kind` if one is given.
    /// A word may begin with a kind, as in `rule:energy/review`.
    pub fn find(&self, written: &str, kind: Option<&str>) -> Vec<Node> {
        let word = folded(written);
        let (kind, word) = match word.split_once(':') {
            Some((prefix, rest)) if kind.is_none_or(|kind| kind == prefix) && is_kind(prefix) => {
                (Some(prefix), rest)
            }
            _ => (kind, word.as_ref()),
        };
        let wanted = |node: Node| kind.is_none_or(|kind| node.kind() == kind);
        let mut found: Vec<Node> = self
            .projects_of(word)
            .into_iter()
            .map(Node::project)
            .filter(|node| wanted(*node))
            .collect();
        // `x#2` is the second project of the id.
        if found.is_empty()
            && let Some((id, number)) = word.rsplit_once('#')
            && let Some(number) = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1))
            && wanted(Node::Project(0))
        {
            let twin = self.projects_of(id).get(number).copied();
            found.extend(twin.map(Node::project));
        }
        let plan = self
            .plan_nodes()
            .filter(|node| wanted(*node) && self.id_of(*node) == word);
        found.extend(plan);
        if found.is_empty() {
            if let Some(rule) = self.rule(word).filter(|_| wanted(Node::Rule(0))) {
                found.push(Node::rule(rule));
            }
            let named = |p: &(u32, &crate::model::project::Project)| p.1.name == word;
            if wanted(Node::Project(0)) {
                let projects = (0_u32..).zip(self.projects).filter(named);
                found.extend(projects.map(|(number, _)| Node::Project(number)));
            }
        }
        found
    }

    /// Every node but the projects.
    fn plan_nodes(&self) -> impl Iterator<Item = Node> {
        self.net
            .node_weights()
            .copied()
            .take_while(|node| !matches!(node, Node::Project(_)))
    }

    /// The known id nearest to a written word.
    pub fn near(&self, written: &str, kind: Option<&str>) -> Option<String> {
        let word = folded(written);
        let wanted = |node: &Node| kind.is_none_or(|kind| node.kind() == kind);
        let nodes = self.net.node_weights().copied().filter(wanted);
        nearest(&word, nodes.map(|node| self.id_of(node))).map(str::to_owned)
    }

    /// Nodes of the plan in the order of its outline, goals and indicators by their section.
    pub fn in_outline_order(&self, nodes: &mut [Node]) {
        nodes.sort_by_cached_key(|node| {
            let section = match node {
                Node::Goal(n) => self
                    .packs
                    .goals
                    .get(*n as usize)
                    .map_or("", |g| g.section.as_str()),
                other => self.id_of(*other),
            };
            let key: Vec<(u64, String)> = outline_key(section)
                .into_iter()
                .map(|(number, text)| (number, text.to_owned()))
                .collect();
            (key, *node)
        });
    }
}

fn is_kind(word: &str) -> bool {
    [
        "plan",
        "chapter",
        "section",
        "goal",
        "clause",
        "indicator",
        "rule",
        "instrument",
        "project",
    ]
    .contains(&word)
}
