//! The shape of trace JSON `v1`: its own structs, which only grow by optional members.
//!
//! It knows no trace: the writer fills it.

use serde::Serialize;

/// A text in both languages.
#[derive(Serialize)]
pub(super) struct Both {
    pub zh: String,
    pub en: String,
}

impl From<crate::base::text::Text> for Both {
    fn from(text: crate::base::text::Text) -> Self {
        Self {
            zh: text.zh,
            en: text.en,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Report<'a> {
    pub version: &'static str,
    pub tool: Tool,
    pub disclaimer: Both,
    pub question: Question,
    pub title: Both,
    pub packs: Vec<Pack<'a>>,
    pub levels: Levels,
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<Paths>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gaps: Option<Vec<Gaps>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Impact>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestions>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Question {
    pub kind: &'static str,
    /// The keys of the nodes that were asked about.
    pub about: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Pack<'a> {
    pub id: &'a str,
    pub version: &'a str,
    pub hash: &'a str,
}

/// How far the plan is held; a whole of 0 means that the level does not apply.
#[derive(Serialize)]
pub(super) struct Levels {
    pub goals: Counts,
    pub chapters: Vec<Chapter>,
    pub indicators: Share,
    pub projects: Share,
}

#[derive(Serialize)]
pub(super) struct Counts {
    /// False if there is nothing to count.
    pub applicable: bool,
    /// The denominator.
    pub assessed: usize,
    pub supported: usize,
    pub pending: usize,
    pub at_risk: usize,
    pub unsupported: usize,
    pub not_assessed: usize,
}

#[derive(Serialize)]
pub(super) struct Chapter {
    pub key: String,
    pub title: Both,
    pub goals: Counts,
}

#[derive(Serialize)]
pub(super) struct Share {
    pub applicable: bool,
    pub part: usize,
    pub whole: usize,
}

#[derive(Serialize)]
pub(super) struct Node {
    pub key: String,
    pub kind: &'static str,
    pub id: String,
    pub title: Both,
    /// The state of a goal, or of a project's supports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<&'static str>,
    /// Why a project's supports are not effective.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_waivers: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supports: Option<Tally>,
}

#[derive(Serialize)]
pub(super) struct Tally {
    pub effective: usize,
    pub pending: usize,
    pub at_risk: usize,
    pub with_waivers: usize,
}

#[derive(Serialize)]
pub(super) struct Edge {
    pub from: String,
    pub to: String,
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Where a link is claimed: file and line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Paths {
    /// True if they lead from the second node to the first.
    pub backwards: bool,
    pub more: bool,
    /// The keys of the nodes along each.
    pub found: Vec<Vec<String>>,
}

#[derive(Serialize)]
pub(super) struct Gaps {
    pub kind: &'static str,
    pub title: Both,
    pub count: usize,
    pub found: Vec<Gap>,
}

#[derive(Serialize)]
pub(super) struct Gap {
    /// The keys of the nodes concerned.
    pub nodes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    pub about: Both,
}

#[derive(Serialize)]
pub(super) struct Impact {
    /// `refused`, `dropped` or `without`.
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    pub projects: Vec<ProjectChange>,
    pub goals: Vec<GoalChange>,
    pub released: Vec<String>,
    pub orphaned: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Change<T> {
    pub now: T,
    pub then: T,
}

#[derive(Serialize)]
pub(super) struct ProjectChange {
    pub key: String,
    pub decision: Change<&'static str>,
    pub state: Change<&'static str>,
}

#[derive(Serialize)]
pub(super) struct GoalChange {
    pub key: String,
    pub state: Change<&'static str>,
    pub supports: Change<Tally>,
}

#[derive(Serialize)]
pub(super) struct Suggestions {
    pub project: String,
    pub goals: Vec<Suggestion>,
    /// Goals that are claimed and that nothing suggests.
    pub unmatched: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Suggestion {
    pub goal: String,
    pub sure: bool,
    pub claimed: bool,
    /// Lines of the table's file.
    pub lines: Vec<usize>,
}
