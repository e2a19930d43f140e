//! A rule: one checkable reading of a basis.

use crate::base::date::{Date, Period};
use crate::base::source::{Place, SourceId};
use crate::base::text::{Lang, Text};
use crate::language::ir::Program;
use crate::model::field::FieldId;
use crate::model::stage::Stage;
use crate::model::waiver::AuthorityLevel;

/// What a fail means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RuleKind {
    /// 禁止性规定: it may not proceed as proposed.
    Prohibition,
    /// 限制性指标: a value must change.
    Limit,
    /// 程序性要件: a document due by now is missing.
    Requirement,
    /// 须认定事项: an authority must decide.
    Referral,
    /// 引导性要求: the plan would rather have it otherwise.
    Guidance,
}

impl RuleKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Prohibition,
        Self::Limit,
        Self::Requirement,
        Self::Referral,
        Self::Guidance,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Prohibition => "prohibition",
            Self::Limit => "limit",
            Self::Requirement => "requirement",
            Self::Referral => "referral",
            Self::Guidance => "guidance",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Prohibition => ("禁止性规定", "prohibition"),
            Self::Limit => ("限制性指标", "limit"),
            Self::Requirement => ("程序性要件", "requirement"),
            Self::Referral => ("须认定事项", "referral"),
            Self::Guidance => ("引导性要求", "guidance"),
        };
        Text::new(zh, en)
    }
}

/// What a basis cites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cited {
    /// An instrument, by number.
    Instrument(u16),
    /// A plan section, by number.
    Section(usize),
}

/// What a rule cites (依据条款).
#[derive(Clone, Debug)]
pub struct Basis {
    /// The instrument or section.
    pub cited: Cited,
    /// The article of an instrument.
    pub article: String,
    /// The clause of a plan section, by number.
    pub clause: Option<usize>,
    /// True if this basis bounds what a finding may drive.
    pub carries: bool,
    /// Where it stands.
    pub place: Place,
}

/// An exception written in the law.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Its label.
    pub label: Text,
    /// When it applies.
    pub when: Program,
    /// What it rests on.
    pub basis: Vec<Basis>,
}

/// One line of a rule's due stage.
#[derive(Clone, Debug)]
pub struct DueLine {
    /// When this line holds; the last line has none.
    pub when: Option<Program>,
    /// The stage by which it can be asked.
    pub stage: Stage,
}

/// A part of a message.
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text.
    Text(String),
    /// The value of an expression.
    Value(Box<Program>),
}

/// A message in both languages, with the values of expressions.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Chinese parts.
    pub zh: Vec<Part>,
    /// English parts.
    pub en: Vec<Part>,
}

impl Message {
    /// The parts in one language.
    pub fn parts(&self, lang: Lang) -> &[Part] {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// One checkable reading of a basis.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id: the path of its file within the pack.
    pub id: String,
    /// The number of its pack.
    pub pack: usize,
    /// Its title.
    pub title: Text,
    /// What a fail means.
    pub kind: RuleKind,
    /// The stage by which it can be asked; empty for prohibitions.
    pub due: Vec<DueLine>,
    /// The date that fixes the law in force; none for the day of submission.
    pub anchor: Option<FieldId>,
    /// What it cites.
    pub basis: Vec<Basis>,
    /// When it applies.
    pub applies: Program,
    /// What it asks.
    pub require: Program,
    /// The exceptions written in the law.
    pub exceptions: Vec<Exception>,
    /// What a finding says.
    pub message: Message,
    /// What to do.
    pub remedy: Text,
    /// The manual page.
    pub why: String,
    /// The levels of office whose decision can waive it.
    pub waivable_by: Vec<AuthorityLevel>,
    /// The days on which the rule itself holds.
    pub valid: Period,
    /// Ids it formerly had.
    pub formerly: Vec<String>,
    /// Where it stands.
    pub place: Place,
    /// Its file.
    pub source: SourceId,
    /// The days on which the law it reads changes, sorted.
    pub changes: Vec<Date>,
    /// Every field it reads, formulas included, sorted.
    pub reads: Vec<FieldId>,
}

impl Rule {
    /// Every program that decides a verdict: conditions, exceptions and due stages.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        let due = self.due.iter().filter_map(|line| line.when.as_ref());
        [&self.applies, &self.require]
            .into_iter()
            .chain(self.exceptions.iter().map(|e| &e.when))
            .chain(due)
    }
}
