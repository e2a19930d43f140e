//! Waivers (人工认定): which authority decided on which finding, by which document, until when.
//!
//! It does not decide whether a waiver holds; judging does.

use crate::base::date::Date;
use crate::base::source::Place;
use crate::base::text::Text;

/// The level of an issuing office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AuthorityLevel {
    /// 县级.
    County,
    /// 地（州、市）级.
    City,
    /// 自治区（省）级.
    Region,
    /// 国家级.
    State,
}

impl AuthorityLevel {
    /// All levels, the lowest first.
    pub const ALL: [Self; 4] = [Self::County, Self::City, Self::Region, Self::State];

    /// The Chinese words by which files may name them.
    pub const WORDS: [(&str, Self); 11] = [
        ("县级", Self::County),
        ("区级", Self::County),
        ("县", Self::County),
        ("市级", Self::City),
        ("地级", Self::City),
        ("市", Self::City),
        ("自治区级", Self::Region),
        ("省级", Self::Region),
        ("自治区", Self::Region),
        ("国家级", Self::State),
        ("国家", Self::State),
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::County => "county",
            Self::City => "city",
            Self::Region => "region",
            Self::State => "state",
        }
    }

    /// The level of an id or a Chinese word.
    pub fn named(text: &str) -> Option<Self> {
        let ids = Self::ALL.into_iter().map(|level| (level.id(), level));
        let mut all = ids.chain(Self::WORDS);
        all.find(|(word, _)| *word == text).map(|(_, level)| level)
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::County => ("县级", "county"),
            Self::City => ("市级", "city"),
            Self::Region => ("自治区级", "region"),
            Self::State => ("国家级", "state"),
        };
        Text::new(zh, en)
    }
}

/// A fact that a waiver was granted for, as written.
#[derive(Clone, Debug)]
pub struct Pin {
    /// The path, as written.
    pub path: String,
    /// The value, as written.
    pub value: crate::base::tree::Node,
    /// Where it stands.
    pub place: Place,
}

/// One decision of an authority on one finding.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// The project's id, code or name.
    pub project: String,
    /// Who decided.
    pub office: String,
    /// At which level.
    pub level: AuthorityLevel,
    /// What kind of document: 批复, 认定意见, 复函.
    pub document_type: String,
    /// Its number.
    pub document: String,
    /// The day it was issued.
    pub issued: Date,
    /// The last day it holds.
    pub expires: Date,
    /// Why.
    pub reason: String,
    /// The facts it was granted for.
    pub pins: Vec<Pin>,
    /// Where it stands.
    pub place: Place,
}
