//! Decisions: a project's overall outcome, and what a finding drives.

use crate::base::text::Text;
use crate::rules::rule::RuleKind;

/// A recommendation for a project, in rising order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// 未发现不符情形.
    Clear,
    /// 需补充说明.
    Explain,
    /// 提请认定.
    Refer,
    /// 待部门核查.
    Verify,
    /// 未核查.
    #[default]
    Unassessed,
    /// 需补正.
    Supplement,
    /// 需修改完善.
    Rectify,
    /// 建议不予支持.
    Reject,
}

impl Decision {
    /// All decisions, the gravest first.
    pub const ALL: [Self; 8] = [
        Self::Reject,
        Self::Rectify,
        Self::Supplement,
        Self::Unassessed,
        Self::Verify,
        Self::Refer,
        Self::Explain,
        Self::Clear,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Explain => "explain",
            Self::Refer => "refer",
            Self::Verify => "verify",
            Self::Unassessed => "unassessed",
            Self::Supplement => "supplement",
            Self::Rectify => "rectify",
            Self::Reject => "reject",
        }
    }

    /// The decision of an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.id() == id)
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Clear => (
                "未发现不符情形（仅限本次已核查事项）",
                "nothing found against it (in what was assessed)",
            ),
            Self::Explain => ("需补充说明", "an explanation is needed"),
            Self::Refer => ("提请认定", "an authority must decide"),
            Self::Verify => ("待部门核查", "a department must verify"),
            Self::Unassessed => ("未核查", "not assessed"),
            Self::Supplement => ("需补正", "documents or facts are to be supplied"),
            Self::Rectify => ("需修改完善", "the proposal must be changed"),
            Self::Reject => ("建议不予支持", "recommended not to be supported"),
        };
        Text::new(zh, en)
    }

    /// How grave it is against the gate: not assessed ranks with supplement.
    pub fn rank(self) -> u8 {
        match self {
            Self::Clear => 0,
            Self::Explain => 1,
            Self::Refer => 2,
            Self::Verify => 3,
            Self::Unassessed | Self::Supplement => 4,
            Self::Rectify => 5,
            Self::Reject => 6,
        }
    }

    /// The exit code of a run in which this decision reaches the gate.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Reject | Self::Rectify => 1,
            Self::Supplement | Self::Unassessed | Self::Verify => 3,
            Self::Refer | Self::Explain => 4,
            Self::Clear => 0,
        }
    }

    /// What a fail of a rule of this kind drives.
    pub fn of_fail(kind: RuleKind) -> Self {
        match kind {
            RuleKind::Prohibition => Self::Reject,
            RuleKind::Limit => Self::Rectify,
            RuleKind::Requirement => Self::Supplement,
            RuleKind::Referral => Self::Refer,
            RuleKind::Guidance => Self::Explain,
        }
    }
}
