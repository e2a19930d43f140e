//! Packs in force: their heads, the library their expressions read, and their rules.

use crate::base::date::Period;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::language::types::Library;
use crate::model::layer::Layers;
use crate::model::plan::{Goal, Indicator, PlanClause, Section};
use crate::rules::portfolio::PortfolioRule;
use crate::rules::rule::Rule;

/// The rank of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackLevel {
    /// Law and standards.
    Law,
    /// A plan.
    Plan,
    /// An office's own additions.
    Office,
}

impl PackLevel {
    /// The level of an id.
    pub fn named(id: &str) -> Option<Self> {
        match id {
            "law" => Some(Self::Law),
            "plan" => Some(Self::Plan),
            "office" => Some(Self::Office),
            _ => None,
        }
    }

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Plan => "plan",
            Self::Office => "office",
        }
    }
}

/// Where a pack was taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackOrigin {
    /// Built into the binary.
    Embedded,
    /// Read from a folder.
    Folder(String),
}

/// The head of a pack.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Text,
    /// Who answers for it.
    pub authority: Text,
    /// Its rank.
    pub level: PackLevel,
    /// The packs it builds on.
    pub extends: Vec<String>,
    /// The period of its plan.
    pub period: Option<Period>,
    /// What findings say after the period.
    pub period_notice: Text,
    /// The hash of its files.
    pub hash: String,
    /// Where it was taken from.
    pub origin: PackOrigin,
    /// Where it is declared.
    pub place: Place,
}

/// A rule that another pack replaced.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The rule that is no longer judged.
    pub old: String,
    /// The rule judged instead.
    pub new: String,
    /// Why.
    pub reason: Text,
}

/// One or more packs, ready for judging.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// The heads, each after those it extends.
    pub heads: Vec<Head>,
    /// What expressions read.
    pub library: Library,
    /// The map layers.
    pub layers: Layers,
    /// The plan sections of all packs.
    pub sections: Vec<(usize, Section)>,
    /// The clauses of all packs' plans.
    pub clauses: Vec<PlanClause>,
    /// The indicators of all packs' plans.
    pub indicators: Vec<Indicator>,
    /// The goals of all packs.
    pub goals: Vec<Goal>,
    /// The rules, by id within their pack.
    pub rules: Vec<Rule>,
    /// The rules over many projects.
    pub portfolio: Vec<PortfolioRule>,
    /// Rules that were replaced.
    pub replaced: Vec<Replacement>,
}

impl Packs {
    /// The rule of an id, or of an id it formerly had.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id).or_else(|| {
            self.rules
                .iter()
                .find(|rule| rule.formerly.iter().any(|f| f == id))
        })
    }

    /// True if a rule of any scope has this id.
    pub(super) fn has_rule(&self, id: &str) -> bool {
        self.rules.iter().any(|rule| rule.id == id)
            || self.portfolio.iter().any(|rule| rule.id == id)
    }

    /// The head of a rule's pack.
    pub fn head(&self, rule: &Rule) -> Option<&Head> {
        self.heads.get(rule.pack)
    }

    /// The clause of an id.
    pub fn clause(&self, id: &str) -> Option<&PlanClause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The indicator of an id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// The goal of an id.
    pub fn goal(&self, id: &str) -> Option<&Goal> {
        self.goals.iter().find(|goal| goal.id == id)
    }
}
