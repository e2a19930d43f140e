//! A JSON report read back, `v1` or `v2`: what of it can be compared with another.
//!
//! It reads no more than it compares, so that reports of later versions are read too. It judges nothing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::mask::{self, is_masked};
use crate::base::text::{Lang, Text};
use crate::text;

/// The versions that are read.
pub(super) const VERSIONS: [&str; 2] = ["v1", super::json::VERSION];

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Both {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<&Both> for Text {
    fn from(both: &Both) -> Self {
        Self::new(
            mask::in_words(&both.zh, Lang::Zh),
            mask::in_words(&both.en, Lang::En),
        )
    }
}

impl Both {
    /// True if a mask hides what it says: it cannot be held against another.
    pub fn is_masked(&self) -> bool {
        is_masked(&self.zh) || is_masked(&self.en)
    }
}

/// An id with its words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The words.
    #[serde(default)]
    pub label: Both,
}

/// A report.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Report {
    /// One of [`VERSIONS`].
    pub version: String,
    /// What wrote it.
    pub tool: Tool,
    /// The packs in force.
    pub packs: Vec<Pack>,
    /// The settings of the run.
    pub settings: Settings,
    /// The rules; none in `v1`, where every finding says what they say.
    #[serde(default)]
    rules: Vec<Rule>,
    /// The words for verdicts; none in `v1`, likewise.
    #[serde(default)]
    verdicts: Vec<Named>,
    /// The parameters of evidence; none in `v1`, likewise.
    #[serde(default)]
    parameters: Vec<Parameter>,
    /// The projects.
    pub projects: Vec<Project>,
}

/// A rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Rule {
    id: String,
    title: Both,
    basis: Vec<Basis>,
}

/// What wrote a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Tool {
    /// Its version.
    pub version: String,
}

/// A pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Pack {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The hash of its files.
    pub hash: String,
}

/// The settings of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Settings {
    /// The day as of which everything was judged.
    pub as_of: Option<String>,
    /// The review date.
    pub on: Option<String>,
    /// True if claims counted as facts.
    pub trust_claims: bool,
    /// What the office said it does not have.
    pub not_provided: Vec<String>,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Project {
    /// Its id; none for a file without a readable project.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its file.
    pub file: String,
    /// The day of submission.
    pub submitted: Option<String>,
    /// Where it stands in its handling.
    pub stage: Option<Named>,
    /// Its decision.
    pub decision: Named,
    /// The facts that its findings read; none in `v1`, where they stand in the findings.
    #[serde(default)]
    facts: Vec<Fact>,
    /// Its findings.
    pub findings: Vec<Finding>,
    /// What was measured of its boundary; none for a project without one.
    #[serde(default)]
    pub site: Option<Site>,
}

/// What was measured of a boundary.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Site {
    /// The files of the boundary.
    pub files: Vec<SiteFile>,
    /// The parcels.
    pub parcels: Vec<Parcel>,
    /// What was measured against each layer.
    pub layers: Vec<Layer>,
}

/// A file of a boundary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct SiteFile {
    /// The hash of its bytes.
    pub hash: String,
}

/// A parcel.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Parcel {
    /// Its area.
    pub area_m2: f64,
}

/// A layer.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Layer {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Both,
    /// The paths of the fields that it fills.
    pub fields: Vec<String>,
    /// The file that was measured against.
    #[serde(default)]
    pub file: Option<LayerFile>,
    /// The area of the site within its polygons.
    pub area_m2: f64,
}

/// The file of a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct LayerFile {
    /// The hash of its bytes.
    pub hash: String,
    /// Its edition.
    pub edition: Both,
    /// The day it was issued or holds from.
    #[serde(default)]
    pub date: Option<String>,
    /// True if it is made up for demonstration.
    pub synthetic: bool,
}

/// A finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Finding {
    /// Its rule.
    pub rule: String,
    /// The rule's title.
    #[serde(default)]
    pub title: Both,
    /// Its verdict.
    pub verdict: Named,
    /// What the verdict drives.
    pub drives: String,
    /// What it drives with waivers considered.
    pub effective: String,
    /// The day as of which it was judged.
    pub as_of: String,
    /// Remarks.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// What it rests on.
    #[serde(default)]
    pub basis: Vec<Basis>,
    /// What it says.
    #[serde(default)]
    pub message: Both,
    /// The facts that would decide it.
    #[serde(default)]
    pub missing: Vec<Missing>,
    /// The waiver that answers it.
    #[serde(default)]
    pub waiver: Option<Waiver>,
    /// What decided it; none where the rule does not apply.
    #[serde(default)]
    pub evidence: Option<Evidence>,
}

/// A waiver.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Waiver {
    /// The number of its document.
    pub document: String,
    /// The day it was issued.
    pub issued: String,
    /// The last day it holds.
    pub expires: String,
}

/// What a finding rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Basis {
    /// An instrument.
    pub instrument: Option<String>,
    /// In words.
    pub text: Both,
}

/// A fact that would decide a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Missing {
    /// Its path.
    pub path: String,
    /// Its label.
    pub label: Both,
}

/// What decided a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Evidence {
    /// The paths of the facts that it read; none in `v1`.
    #[serde(default)]
    read: Vec<String>,
    /// Facts.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Which of the report's parameters it rests on; none in `v1`.
    #[serde(default)]
    figures: Vec<usize>,
    /// Versions of parameters.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// Rows of tables.
    #[serde(default)]
    pub rows: Vec<Row>,
}

/// A fact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Fact {
    /// Its path.
    pub path: String,
    /// Its label.
    pub label: Both,
    /// Its value.
    pub value: Option<Both>,
}

/// A version of a parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Parameter {
    /// The parameter.
    pub id: String,
    /// Its label.
    pub label: Both,
    /// The first day of the version.
    pub from: Option<String>,
    /// Its value.
    pub value: Both,
    /// Where it comes from.
    pub source: String,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// The table.
    pub table: String,
    /// The line of its file; none for what holds if no row matches.
    pub line: Option<usize>,
    /// Where it comes from.
    pub source: String,
}

impl Report {
    /// Reads a report.
    pub fn read(bytes: &[u8]) -> Result<Self, Text> {
        let mut report: Self = serde_json::from_slice(bytes).map_err(|error| {
            text!(
                "不是 hegui check --format json 的报告（原文：{error}）",
                "this is no report of `hegui check --format json` ({error})"
            )
        })?;
        if VERSIONS.contains(&report.version.as_str()) {
            report.spread();
            Ok(report)
        } else {
            Err(text!(
                "报告版本 `{}` 不能比较，应为 v1 或 v2",
                "a report of version `{}` cannot be compared; v1 or v2 is expected",
                report.version
            ))
        }
    }
}

impl Report {
    /// Gives findings what their rule, their project and the report say for them.
    fn spread(&mut self) {
        let labels = self.verdicts.iter().map(|v| (v.id.as_str(), &v.label));
        let labels: BTreeMap<&str, &Both> = labels.collect();
        let rules = self.rules.iter().map(|rule| (rule.id.as_str(), rule));
        let rules: BTreeMap<&str, &Rule> = rules.collect();
        for project in &mut self.projects {
            let facts = project.facts.iter().map(|fact| (fact.path.as_str(), fact));
            let facts: BTreeMap<&str, &Fact> = facts.collect();
            for finding in &mut project.findings {
                if let Some(rule) = rules.get(finding.rule.as_str()) {
                    finding.title.clone_from(&rule.title);
                    finding.basis.clone_from(&rule.basis);
                }
                if let Some(label) = labels.get(finding.verdict.id.as_str()) {
                    finding.verdict.label.clone_from(label);
                }
                if let Some(evidence) = &mut finding.evidence {
                    let figures = evidence.figures.iter();
                    let figures = figures.filter_map(|number| self.parameters.get(*number));
                    evidence.parameters.extend(figures.cloned());
                    let read = evidence
                        .read
                        .iter()
                        .filter_map(|path| facts.get(path.as_str()));
                    evidence.facts.extend(read.map(|fact| (*fact).clone()));
                }
            }
        }
    }
}

impl Project {
    /// What it is called, wherever it has no id.
    pub fn called(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.file)
    }

    /// True if nobody can tell by its name which project it is.
    pub fn is_nameless(&self) -> bool {
        self.name.as_deref().is_none_or(is_masked)
    }

    /// The finding of a rule.
    pub fn finding(&self, rule: &str) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.rule == rule)
    }
}

impl Finding {
    /// True if somebody has to act on it.
    pub fn is_open(&self) -> bool {
        self.effective != "clear" && matches!(self.verdict.id.as_str(), "fail" | "undetermined")
    }

    /// What of a finding counts when it is compared: its verdict, and what it drives.
    pub fn outcome(&self) -> (&str, &str, &str) {
        (&self.verdict.id, &self.drives, &self.effective)
    }
}
