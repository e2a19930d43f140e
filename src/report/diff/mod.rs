//! Two runs compared: what changed, what moved it, and the table of a resubmission (补正对照表).
//!
//! It is told what each run said, and, where both can be judged again, what exchanging one thing at a time did.
//! It judges nothing itself.

mod compare;
mod json;
mod law;
mod layers;
mod masked;
mod page;

pub use compare::{Detail, compare};
pub use json::json;
pub use page::page;

use std::collections::BTreeSet;

use super::told::Named;
use crate::base::text::Text;
use crate::judge::change::Change;

/// One of two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// Where it was read from, as shown to people.
    pub path: String,
    /// What it is: a submission, a record, a report.
    pub what: Text,
    /// True if it can be judged again.
    pub is_run: bool,
    /// The paths of the fields whose values a mask hides.
    pub masked: BTreeSet<String>,
}

/// Something of the rules or settings that is not the same in both runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// A stable word or id for programs.
    pub id: String,
    /// What it is.
    pub label: Text,
    /// What it was.
    pub old: Option<Text>,
    /// What it is.
    pub new: Option<Text>,
}

/// How a finding stands in one of the runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its verdict.
    pub verdict: Named,
    /// What it drives.
    pub drives: String,
    /// What it drives with waivers considered.
    pub effective: String,
    /// True if a waiver answers it.
    pub is_waived: bool,
    /// True if somebody has to act on it.
    pub is_open: bool,
    /// What it says.
    pub message: Text,
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Somebody had to act on it, and need not any more (已消除).
    Cleared,
    /// An authority decided on it (已作人工认定).
    Waived,
    /// Somebody still has to act on it (未消除).
    Remains,
    /// Nobody had to act on it, and somebody has to now (本次新提出).
    New,
    /// An authority had decided on it, and that no longer holds (认定不再适用).
    Lapsed,
    /// It moved, but nobody has to act on it in either run.
    Moved,
}

impl Fate {
    /// A stable word for programs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Waived => "waived",
            Self::Lapsed => "waiver_lapsed",
            Self::Remains => "remains",
            Self::New => "new",
            Self::Moved => "moved",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Cleared => ("已消除", "cleared"),
            Self::Waived => ("已作人工认定", "answered by a waiver"),
            Self::Lapsed => ("人工认定不再适用", "the waiver no longer holds"),
            Self::Remains => ("未消除", "not cleared"),
            Self::New => ("本次新提出", "new"),
            Self::Moved => ("有变化，无须处理", "moved, nothing to do"),
        };
        Text::new(zh, en)
    }
}

/// Why a finding moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What kind of cause: a stable word.
    pub kind: &'static str,
    /// The path or id of what changed.
    pub name: Option<String>,
    /// `suffices`, `needed`, `contributes`; `evidence` where it could only be seen, not tried.
    pub strength: &'static str,
    /// In words.
    pub text: Text,
}

/// A finding in both runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its rule.
    pub rule: String,
    /// The rule's title.
    pub title: Text,
    /// How it stood.
    pub old: Option<State>,
    /// How it stands.
    pub new: Option<State>,
    /// What became of it.
    pub fate: Fate,
    /// True if its verdict, or what it drives, is not what it was.
    pub moved: bool,
    /// True if it could have been raised on the old version already, and was not (前次应告知未告知).
    pub is_late: bool,
    /// What of the proposal that the rule reads was changed.
    pub response: Vec<Text>,
    /// Why it moved.
    pub reasons: Vec<Reason>,
    /// What of the law came with it: other versions, other rows.
    pub law: Vec<Text>,
}

/// A project in both runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Its id in the new run.
    pub id: String,
    /// Its id in the old run, if it was another.
    pub old_id: Option<String>,
    /// Its name.
    pub name: String,
    /// The decision, old and new.
    pub decision: (Named, Named),
    /// What of the proposal changed; none if that cannot be told.
    pub changes: Option<Vec<Change>>,
    /// The numbers of those changes that are to be pointed out although they moved no finding.
    pub silent: Vec<usize>,
    /// Findings that moved, and those that were open and still are.
    pub items: Vec<Item>,
}

/// Two runs compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The old run.
    pub old: End,
    /// The new run.
    pub new: End,
    /// The packs that are not the same.
    pub packs: Vec<Shift>,
    /// The layers that are not the same files, or of which not the same is said.
    pub layers: Vec<Shift>,
    /// The settings that are not the same.
    pub settings: Vec<Shift>,
    /// The projects of both.
    pub projects: Vec<Compared>,
    /// Projects that only the old run has.
    pub gone: Vec<String>,
    /// Projects that only the new run has.
    pub added: Vec<String>,
    /// What cannot be told, and why.
    pub untold: Vec<Text>,
}

impl Comparison {
    /// True if decisions, findings or the proposals themselves changed.
    pub fn is_changed(&self) -> bool {
        let changed = |project: &Compared| {
            project.decision.0.id != project.decision.1.id
                || project.changes.as_ref().is_some_and(|all| !all.is_empty())
                || project.items.iter().any(|item| item.moved)
        };
        !self.gone.is_empty() || !self.added.is_empty() || self.projects.iter().any(changed)
    }
}
