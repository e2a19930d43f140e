//! A finding: one rule × one project, whatever its verdict.

use crate::base::date::Date;
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::language::eval::Lack;
use crate::model::field::FieldId;
use crate::model::stage::Stage;

/// The outcome of a rule (单项结论).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// 不符合本条.
    Fail,
    /// 暂无法判定.
    Undetermined,
    /// 后续应办.
    Upcoming,
    /// 符合本条.
    Pass,
    /// 不涉及.
    NotApplicable,
}

impl Verdict {
    /// All verdicts, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::Fail,
        Self::Undetermined,
        Self::Upcoming,
        Self::Pass,
        Self::NotApplicable,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Undetermined => "undetermined",
            Self::Upcoming => "upcoming",
            Self::Pass => "pass",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// The verdict of an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.id() == id)
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Fail => ("不符合本条", "fail"),
            Self::Undetermined => ("暂无法判定", "undetermined"),
            Self::Upcoming => ("后续应办", "upcoming"),
            Self::Pass => ("符合本条", "pass"),
            Self::NotApplicable => ("不涉及", "not applicable"),
        };
        Text::new(zh, en)
    }
}

/// Where the day came from as of which a rule was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DaySource {
    /// The flag `--as-of`.
    Flag,
    /// The day of submission.
    Submitted,
    /// A procedure date of the submission.
    Anchor(FieldId),
    /// A procedure date that is not known: any day of a span.
    Span(FieldId, Option<Date>, Option<Date>),
}

/// A verdict under the law of some days of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// A day of the version judged.
    pub day: Date,
    /// The verdict.
    pub verdict: Verdict,
}

/// What a finding has besides its verdict; most findings have none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The facts that would decide it.
    pub lacks: Vec<Lack>,
    /// The verdicts of a span of days, if the law changed in it.
    pub readings: Vec<Reading>,
    /// The exception by which it passes.
    pub exception: Option<usize>,
    /// The waiver that answers it.
    pub waiver: Option<usize>,
}

/// Details of findings that are no longer needed.
pub(super) type Spare = Vec<Box<Details>>;

impl Details {
    /// Empties it, so that its memory can be used again.
    pub(super) fn clear(&mut self) {
        self.lacks.clear();
        self.readings.clear();
        self.exception = None;
        self.waiver = None;
    }

    fn is_empty(&self) -> bool {
        self.lacks.is_empty()
            && self.readings.is_empty()
            && self.exception.is_none()
            && self.waiver.is_none()
    }

    /// What a finding keeps: nothing, if there is nothing, and then the memory is spare again.
    pub(super) fn kept(self: Box<Self>, spare: &mut Spare) -> Option<Box<Self>> {
        if self.is_empty() {
            spare.push(self);
            None
        } else {
            Some(self)
        }
    }
}

/// Remarks on a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent remarks, each printed by itself"
)]
pub struct Remarks {
    /// The rule or its instrument is not in force.
    pub not_in_force: bool,
    /// It passes whether or not the rule applies (无论是否适用均符合).
    pub either_way: bool,
    /// It rests on an unverified figure or binding.
    pub unverified: bool,
    /// The plan's period is over.
    pub after_period: bool,
    /// A decisive fact is one that the office said it does not have.
    pub not_configured: bool,
    /// It rests on an overlap so small that it may be an error of the boundary (疑似边界误差).
    pub sliver: bool,
}

/// One rule × one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's number in its packs.
    pub rule: u16,
    /// The verdict.
    pub verdict: Verdict,
    /// What it drives, before waivers.
    pub drives: Decision,
    /// The stage by which it can be asked.
    pub due: Option<Stage>,
    /// The day as of which it was judged.
    pub as_of: Date,
    /// Where that day came from.
    pub day_source: DaySource,
    /// Remarks.
    pub remarks: Remarks,
    /// What else there is.
    pub details: Option<Box<Details>>,
}

impl Finding {
    /// The facts that would decide it.
    pub fn lacks(&self) -> &[Lack] {
        self.details.as_ref().map_or(&[], |d| &d.lacks)
    }

    /// The readings of a span.
    pub fn readings(&self) -> &[Reading] {
        self.details.as_ref().map_or(&[], |d| &d.readings)
    }

    /// The exception by which it passes.
    pub fn exception(&self) -> Option<usize> {
        self.details.as_ref().and_then(|d| d.exception)
    }

    /// The waiver that answers it.
    pub fn waiver(&self) -> Option<usize> {
        self.details.as_ref().and_then(|d| d.waiver)
    }

    /// What it drives, waivers considered.
    pub fn effective(&self) -> Decision {
        if self.waiver().is_some() {
            Decision::Clear
        } else {
            self.drives
        }
    }
}

/// A project's findings and decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// One finding per rule, in rule order; empty if the project could not be assessed.
    pub findings: Vec<Finding>,
    /// The decision.
    pub decision: Decision,
}

impl Judged {
    /// How many findings have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.findings
            .iter()
            .filter(|f| f.verdict == verdict)
            .count()
    }

    /// How many findings a waiver answers.
    pub fn waived(&self) -> usize {
        self.findings
            .iter()
            .filter(|f| f.waiver().is_some())
            .count()
    }

    /// How many passes rest on an unverified figure.
    pub fn unverified_passes(&self) -> usize {
        self.findings
            .iter()
            .filter(|f| f.verdict == Verdict::Pass && f.remarks.unverified)
            .count()
    }
}
