//! Answers of `hegui trace`, one file per format.
//!
//! It writes an answer whole and does not ask: the trace room found what stands in it.

mod csv;
mod dot;
mod form;
mod gaps;
mod goal;
mod graphml;
mod json;
pub(super) mod matrix;
mod mermaid;
mod picture;
mod project;
pub(super) mod serves;
pub(super) mod svg;
mod text;
mod tree;
mod words;

pub(super) use csv::safe as safe_cell;

use std::io::{self, Write};

use super::Assessment;
use super::page::Look;
use crate::trace::gaps::Gaps;
use crate::trace::graph::Node;
use crate::trace::impact::{Impact, Subject};
use crate::trace::paths::Paths;
use crate::trace::suggest::Suggestions;
use crate::trace::view::View;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
    /// For Graphviz.
    Dot,
    /// For Mermaid.
    Mermaid,
    /// For graph editors.
    GraphMl,
    /// A picture.
    Svg,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 7] = [
        Self::Text,
        Self::Json,
        Self::Csv,
        Self::Dot,
        Self::Mermaid,
        Self::GraphMl,
        Self::Svg,
    ];

    /// The word for it on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Dot => "dot",
            Self::Mermaid => "mermaid",
            Self::GraphMl => "graphml",
            Self::Svg => "svg",
        }
    }

    /// The format of a word.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What projects serve, with what is suggested for each.
    Projects(Vec<(usize, Suggestions)>),
    /// What holds a goal.
    Goal(usize),
    /// The ways between two nodes.
    Paths(Node, Node, Paths),
    /// What is missing or weak, with the projects for which claim and suggestion part.
    Gaps(Box<Gaps>, Vec<(usize, Suggestions)>),
    /// What would change.
    Impact(Box<Impact>),
    /// All goals and all projects.
    Matrix,
}

impl Answer {
    /// The word for its question.
    fn question(&self) -> &'static str {
        match self {
            Self::Projects(_) => "project",
            Self::Goal(_) => "goal",
            Self::Paths(..) => "path",
            Self::Gaps(..) => "gaps",
            Self::Impact(_) => "impact",
            Self::Matrix => "matrix",
        }
    }

    /// The nodes that were asked about.
    fn about(&self) -> Vec<Node> {
        match self {
            Self::Projects(projects) => projects.iter().map(|(p, _)| Node::project(*p)).collect(),
            Self::Goal(goal) => vec![Node::goal(*goal)],
            Self::Paths(from, to, _) => vec![*from, *to],
            Self::Impact(impact) => vec![match &impact.subject {
                Subject::Refused(project) => Node::project(*project),
                Subject::Dropped(goal) => Node::goal(*goal),
                Subject::Without(node, _) => *node,
            }],
            Self::Gaps(..) | Self::Matrix => Vec::new(),
        }
    }

    /// The part of the graph that shows it.
    fn view(&self, run: &Assessment<'_>) -> View {
        let graph = &run.trace.graph;
        match self {
            Self::Projects(projects) => {
                let mut view = View::default();
                for (project, _) in projects {
                    view.join(View::project(graph, *project));
                }
                view
            }
            Self::Goal(goal) => View::goal(graph, *goal),
            Self::Paths(_, _, paths) => View::paths(paths),
            Self::Gaps(gaps, _) => View::gaps(graph, gaps),
            Self::Impact(impact) => View::impact(graph, impact, self.about()),
            Self::Matrix => View::matrix(graph),
        }
    }
}

/// Writes an answer.
pub fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    format: Format,
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::write(run, answer, look, out),
        Format::Json => json::write(run, answer, out),
        Format::Csv => csv::write(run, answer, look.lang, out),
        Format::Dot => dot::write(run, answer, look.lang, out),
        Format::Mermaid => mermaid::write(run, answer, look.lang, out),
        Format::GraphMl => graphml::write(run, answer, look.lang, out),
        Format::Svg => svg::write(run, answer, look.lang, out),
    }
}
