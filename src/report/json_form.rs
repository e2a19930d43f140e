//! The shape of JSON `v2`: its own structs, which only grow by optional members.
//!
//! What is the same for every project stands once: rules with their words and citations in `rules`, expressions in
//! `expressions`; what is the same for every finding of a project stands once in it: `days` and `facts`. Members that
//! would be empty are left out. It knows no assessment: the writer fills it.

use serde::{Serialize, Serializer};

/// A text in both languages.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Both {
    pub zh: String,
    pub en: String,
}

impl From<&crate::base::text::Text> for Both {
    fn from(text: &crate::base::text::Text) -> Self {
        Self {
            zh: text.zh.clone(),
            en: text.en.clone(),
        }
    }
}

impl From<crate::base::text::Text> for Both {
    fn from(text: crate::base::text::Text) -> Self {
        Self {
            zh: text.zh,
            en: text.en,
        }
    }
}

/// An id with its words.
#[derive(Serialize)]
pub(super) struct Named {
    pub id: &'static str,
    pub label: Both,
}

/// An id whose words stand elsewhere.
#[derive(Serialize)]
pub(super) struct Id {
    pub id: &'static str,
}

/// The whole report.
#[derive(Serialize)]
pub(super) struct Report<'a, P, L> {
    pub version: &'static str,
    pub tool: Tool,
    pub disclaimer: Both,
    pub packs: Vec<Pack<'a>>,
    pub replaced: Vec<Replaced<'a>>,
    pub settings: Settings<'a>,
    pub notices: Vec<Both>,
    /// Findings left out because the office said that it does not have what they need.
    pub not_assessed: Vec<LeftOut<'a>>,
    /// The words for verdicts.
    pub verdicts: Vec<Named>,
    /// Every rule in force.
    pub rules: Vec<Rule<'a>>,
    /// A list of [`Project`].
    pub projects: P,
    /// The expressions that the steps of evidence are about: a list of texts, which the projects fill.
    pub expressions: L,
    /// Their values, as far as they are words: a list of [`Both`].
    pub values: L,
    /// The parameters of evidence: a list of [`Parameter`].
    pub parameters: L,
    pub counts: Vec<Count>,
    /// What projects add up to; none where no rule is about many projects.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub portfolio: Vec<super::portfolio::Form<'a>>,
    /// Projects that may be one; none where none is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<super::splits::Form<'a>>,
    /// How the run differs from an earlier report; none if none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline<'a>>,
    pub problems: Vec<Problem<'a>>,
    pub skipped: Vec<Skipped<'a>>,
    pub exit_code: u8,
}

/// How a run differs from an earlier report.
#[derive(Serialize)]
pub(super) struct Baseline<'a> {
    pub new: usize,
    pub graver: usize,
    pub known: usize,
    pub gone: Vec<Gone<'a>>,
    pub not_read: usize,
}

#[derive(Serialize)]
pub(super) struct Gone<'a> {
    pub project: &'a str,
    pub rule: &'a str,
    pub drove: &'static str,
}

/// A finding that was left out.
#[derive(Serialize)]
pub(super) struct LeftOut<'a> {
    pub project: &'a str,
    pub rule: &'a str,
    pub lacks: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Serialize)]
pub(super) struct Pack<'a> {
    pub id: &'a str,
    pub version: &'a str,
    pub title: Both,
    pub level: &'static str,
    pub hash: &'a str,
    pub origin: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
}

#[derive(Serialize)]
pub(super) struct Period {
    pub from: Option<String>,
    pub to: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Replaced<'a> {
    pub old: &'a str,
    pub new: &'a str,
    pub reason: Both,
}

#[derive(Serialize)]
pub(super) struct Settings<'a> {
    pub as_of: Option<String>,
    pub on: Option<String>,
    pub trust_claims: bool,
    pub not_provided: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Count {
    pub decision: &'static str,
    pub count: usize,
}

#[derive(Serialize)]
pub(super) struct Project<'a> {
    /// None for a file without a readable project.
    pub id: Option<&'a str>,
    pub name: Option<&'a str>,
    pub file: &'a str,
    pub submitted: Option<String>,
    pub stage: Option<Named>,
    pub sample: bool,
    pub decision: Named,
    pub counts: Verdicts,
    pub supports: Vec<Support<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<&'a str>,
    /// What was measured of its boundary; none without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<super::site::Form<'a>>,
    /// Where the days came from as of which its findings were judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DaySource<'a>>,
    /// The facts that the evidence of its findings reads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact<'a>>,
    pub findings: Vec<Finding<'a>>,
}

/// What every finding of a rule has.
#[derive(Serialize)]
pub(super) struct Rule<'a> {
    pub id: &'a str,
    pub pack: &'a str,
    pub title: Both,
    pub kind: Named,
    pub basis: Vec<Basis<'a>>,
    pub remedy: Both,
}

#[derive(Serialize, Default)]
pub(super) struct Verdicts {
    pub fail: usize,
    pub undetermined: usize,
    pub upcoming: usize,
    pub pass: usize,
    pub not_applicable: usize,
    pub waived: usize,
    pub unverified_passes: usize,
}

#[derive(Serialize)]
pub(super) struct Support<'a> {
    pub goal: &'a str,
    /// None for a goal that the plan does not have.
    pub title: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indicator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contribution: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    pub rule: &'a str,
    pub verdict: Id,
    /// How it stands against an earlier report, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<&'static str>,
    /// What the verdict drives; a waiver does not change it.
    pub drives: &'static str,
    /// What it drives with waivers considered.
    pub effective: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Named>,
    pub as_of: String,
    /// Which of the project's days it is.
    pub day: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Both>,
    /// Which basis of the rule bounds what it may drive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carries: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Both>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver<'a>>,
}

#[derive(Serialize, PartialEq, Eq)]
pub(super) struct DaySource<'a> {
    pub kind: &'static str,
    pub field: Option<&'a str>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub text: Both,
}

#[derive(Serialize)]
pub(super) struct Basis<'a> {
    pub instrument: Option<&'a str>,
    pub section: Option<&'a str>,
    /// The clause of a plan's section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<&'a str>,
    pub article: &'a str,
    pub level: &'static str,
    pub text: Both,
}

#[derive(Serialize)]
pub(super) struct Missing {
    pub path: String,
    pub label: Both,
    pub cause: &'static str,
    pub provider: Both,
}

#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    /// The paths of the project's facts that decided it.
    pub read: Vec<String>,
    /// Which of the report's parameters, from 0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Steps>,
}

#[derive(Serialize)]
pub(super) struct Fact<'a> {
    pub path: String,
    pub label: Both,
    pub value: Option<Both>,
    pub origin: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Reply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<super::site::MeasuredForm<'a>>,
    pub claim: bool,
    pub place: Option<Place>,
}

#[derive(Serialize)]
pub(super) struct Reply<'a> {
    pub department: &'a str,
    pub number: &'a str,
    pub date: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Place {
    pub file: String,
    pub line: usize,
    pub column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Parameter<'a> {
    pub id: &'a str,
    pub label: Both,
    pub from: Option<String>,
    pub to: Option<String>,
    pub value: Both,
    pub source: &'a str,
    pub confidence: &'static str,
}

#[derive(Serialize)]
pub(super) struct Row<'a> {
    pub table: &'a str,
    /// The line of the table's file; none for what holds if no row matches.
    pub line: Option<usize>,
    pub source: &'a str,
    pub confidence: Option<&'static str>,
}

/// The values that a clause went through.
#[derive(Serialize)]
pub(super) struct Steps {
    pub clause: String,
    /// The record it was evaluated for, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u32>,
    pub values: Vec<Step>,
}

/// The value of an expression.
#[derive(Serialize)]
pub(super) struct Step {
    /// Which of the report's expressions, from 0.
    pub of: usize,
    pub is: Is,
}

/// A value: true, false, nothing if it is not known, or which of the report's values, from 0.
pub(super) enum Is {
    Truth(bool),
    Unknown,
    Words(usize),
}

impl Serialize for Is {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Truth(truth) => serializer.serialize_bool(*truth),
            Self::Unknown => serializer.serialize_none(),
            Self::Words(number) => number.serialize(serializer),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Reading {
    pub day: String,
    pub verdict: &'static str,
}

#[derive(Serialize)]
pub(super) struct Exception {
    /// Counted from 1.
    pub number: usize,
    pub label: Both,
}

#[derive(Serialize)]
pub(super) struct Waiver<'a> {
    pub office: &'a str,
    pub level: &'static str,
    pub document_type: &'a str,
    pub document: &'a str,
    pub issued: String,
    pub expires: String,
    pub reason: &'a str,
    pub place: Option<Place>,
}

#[derive(Serialize)]
pub(super) struct Problem<'a> {
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    pub code: &'a str,
    pub severity: &'static str,
    pub message: Both,
    pub help: Option<Both>,
}

#[derive(Serialize)]
pub(super) struct Skipped<'a> {
    pub path: &'a str,
    pub why: Both,
}
