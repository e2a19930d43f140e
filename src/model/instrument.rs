//! Instruments: laws, regulations, standards and plans, with their dates in force and what they can carry.

use crate::base::date::Period;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::parameter::Confidence;

/// The rank of an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 法律.
    Law,
    /// 行政法规、地方性法规.
    Regulation,
    /// 规章.
    Rule,
    /// 强制性标准.
    MandatoryStandard,
    /// 推荐性标准.
    RecommendedStandard,
    /// 规范性文件.
    NormativeDocument,
    /// 规划.
    Plan,
    /// 通知.
    Notice,
}

impl Level {
    const ALL: [Self; 8] = [
        Self::Law,
        Self::Regulation,
        Self::Rule,
        Self::MandatoryStandard,
        Self::RecommendedStandard,
        Self::NormativeDocument,
        Self::Plan,
        Self::Notice,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Regulation => "regulation",
            Self::Rule => "rule",
            Self::MandatoryStandard => "mandatory_standard",
            Self::RecommendedStandard => "recommended_standard",
            Self::NormativeDocument => "normative_document",
            Self::Plan => "plan",
            Self::Notice => "notice",
        }
    }

    /// The level of an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.id() == id)
    }

    /// All ids, for did-you-mean.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::id)
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Law => ("法律", "law"),
            Self::Regulation => ("法规", "regulation"),
            Self::Rule => ("规章", "departmental rule"),
            Self::MandatoryStandard => ("强制性标准", "mandatory standard"),
            Self::RecommendedStandard => ("推荐性标准", "recommended standard"),
            Self::NormativeDocument => ("规范性文件", "normative document"),
            Self::Plan => ("规划", "plan"),
            Self::Notice => ("通知", "notice"),
        };
        Text::new(zh, en)
    }

    /// True if a finding on it may reject or ask for changes.
    pub fn binds(self) -> bool {
        matches!(
            self,
            Self::Law | Self::Regulation | Self::Rule | Self::MandatoryStandard
        )
    }
}

/// A higher norm that makes an instrument binding.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The higher instrument's id.
    pub instrument: String,
    /// Its article.
    pub article: String,
    /// How sure the binding is.
    pub confidence: Confidence,
}

/// A law, regulation, standard, document or plan.
#[derive(Clone, Debug)]
pub struct Instrument {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its number, such as 自然资发〔2022〕142号.
    pub number: String,
    /// Who issued it.
    pub issuer: Text,
    /// Its rank.
    pub level: Level,
    /// The days on which it is in force.
    pub period: Period,
    /// The id of what replaced it.
    pub successor: Option<String>,
    /// How sure this entry is.
    pub confidence: Confidence,
    /// What makes it binding, if it does not bind by itself.
    pub binding_by: Option<Binding>,
    /// Where it is declared.
    pub place: Place,
}
