//! Reports: what a run found, written for people or programs, one file per format.
//!
//! It writes an [`Assessment`] whole: it never judges, never filters, and does not know
//! which command runs or where the text goes.

pub mod audit;
pub mod baseline;
mod blocks;
mod colour;
mod compared;
pub mod coverage;
pub mod diff;
pub mod documents;
mod docx;
mod excerpt;
mod finding;
pub mod format;
mod github;
mod gitlab;
mod html;
mod issue;
pub mod json;
mod json_form;
mod json_head;
mod json_shared;
mod junit;
pub mod layout;
mod lines;
pub mod listing;
pub mod map;
mod markdown;
pub mod mask;
mod opinion;
pub mod overlaps;
pub mod page;
mod phrases;
mod portfolio;
pub mod problems;
mod reasons;
pub mod record;
mod sarif;
mod sarif_form;
mod sarif_rules;
pub mod schema;
mod site;
mod splits;
pub mod status;
mod summary;
pub mod text;
pub mod told;
pub mod trace;
pub mod words;
mod xlsx;

use self::baseline::Comparison;
use crate::base::files::Skipped;
use crate::base::problem::Problem;
use crate::base::source::Sources;
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::judge::finding::Judged;
use crate::judge::portfolio::PortfolioFinding;
use crate::judge::split::Split;
use crate::model::project::Project;
use crate::model::waiver::Waiver;
use crate::trace::Trace;

/// What a report opens with, in both languages.
pub const DISCLAIMER: (&str, &str) = (
    "由规则自动比对生成，仅供内部审查参考，不作为审批文件，不具有对外法律效力",
    "compared by rules, for internal review only; not an approval document and without legal effect",
);

/// One line of a run's results, in the order in which files were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A project, by number.
    Project(usize),
    /// A file without a readable project: not assessed.
    Unread(String),
}

/// All findings and decisions of one run (核查).
#[derive(Clone, Copy, Debug)]
pub struct Assessment<'a> {
    /// The packs and settings that judged.
    pub engine: &'a Engine<'a>,
    /// The texts that were read.
    pub sources: &'a Sources,
    /// What was assessed or could not be, in order.
    pub entries: &'a [Entry],
    /// The projects.
    pub projects: &'a [Project],
    /// Their findings and decisions, one for each project.
    pub judged: &'a [Judged],
    /// What the projects add up to.
    pub portfolio: &'a [PortfolioFinding],
    /// Projects that may be one.
    pub splits: &'a [Split],
    /// What the projects serve.
    pub trace: &'a Trace<'a>,
    /// The waivers that were read.
    pub waivers: &'a [Waiver],
    /// What could not be read or understood.
    pub problems: &'a [Problem],
    /// What a walk left out.
    pub skipped: &'a [Skipped],
    /// The decision from which the exit code is not 0.
    pub gate: Decision,
    /// Tells what lies around sites, where maps are to be drawn.
    pub ground: Option<&'a dyn map::Ground>,
    /// How the run differs from an earlier report, if one was given.
    pub baseline: Option<&'a Comparison>,
    /// The exit code of the run.
    pub exit: u8,
}

impl Assessment<'_> {
    /// How many entries have each decision, the gravest first.
    pub fn counts(&self) -> Vec<(Decision, usize)> {
        let decision = |entry: &Entry| match entry {
            Entry::Unread(_) => Some(Decision::Unassessed),
            Entry::Project(index) => self.judged.get(*index).map(|j| j.decision),
        };
        let all: Vec<Decision> = self.entries.iter().filter_map(decision).collect();
        let count = |decision: Decision| all.iter().filter(|d| **d == decision).count();
        Decision::ALL.into_iter().map(|d| (d, count(d))).collect()
    }
}
