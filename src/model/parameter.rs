//! Parameters: thresholds with a unit, dated versions, a source and a confidence.

use crate::base::date::{Date, Period};
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::number::Number;
use crate::model::quantity::Measure;
use crate::model::value::Interval;

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Read in the official text.
    Official,
    /// Read in a copy or a secondary source.
    Secondary,
    /// Not confirmed.
    Unverified,
    /// Set by the office.
    Local,
}

impl Confidence {
    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Secondary => "secondary",
            Self::Unverified => "unverified",
            Self::Local => "local",
        }
    }

    /// The confidence of an id.
    pub fn named(id: &str) -> Option<Self> {
        [
            Self::Official,
            Self::Secondary,
            Self::Unverified,
            Self::Local,
        ]
        .into_iter()
        .find(|c| c.id() == id)
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Official => ("正式文本", "official text"),
            Self::Secondary => ("二手来源", "secondary source"),
            Self::Unverified => ("未核实", "unverified"),
            Self::Local => ("本单位设定", "set by the office"),
        };
        Text::new(zh, en)
    }
}

/// One dated value of a parameter.
#[derive(Clone, Debug)]
pub struct Version {
    /// The days on which it holds.
    pub period: Period,
    /// The value in canonical units; a range where the source gives one.
    pub value: Interval,
    /// Where it comes from.
    pub source: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it is declared.
    pub place: Place,
}

/// A threshold.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// Its unit and period.
    pub measure: Measure,
    /// The resolution at which it is stated, in canonical units.
    pub step: Number,
    /// Its versions, by first day, without overlap.
    pub versions: Vec<Version>,
    /// True if the office sets its values: it may ship without any.
    pub fillable: bool,
    /// Where it is declared.
    pub place: Place,
}

impl Parameter {
    /// The version in force on a day.
    pub fn version(&self, day: Date) -> Option<usize> {
        self.versions
            .iter()
            .position(|version| version.period.contains(day))
    }
}
