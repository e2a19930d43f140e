//! The plan as data: its outline, clauses that bind projects, goals and indicators.
//!
//! It does not know rules: which rule holds a project to a clause is said by the rule.

use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::quantity::Measure;
use crate::model::value::Interval;

/// A section of a plan.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its number, such as `10.2`.
    pub number: String,
    /// Its title.
    pub title: Text,
    /// True if its wording is hard (严禁, 严格, 必须): it can carry a rejection while the plan runs.
    /// A rule that cites a clause goes by the clause's force instead.
    pub hard: bool,
    /// Why no project is judged by it; none if it is assessed.
    pub not_assessed: Option<Text>,
    /// Where it is declared.
    pub place: Place,
}

impl Section {
    /// The chapter it belongs to, or is.
    pub fn chapter(&self) -> &str {
        self.number
            .split_once('.')
            .map_or(self.number.as_str(), |(chapter, _)| chapter)
    }

    /// `第十章` or `Chapter 10`.
    pub fn chapter_name(number: &str) -> Text {
        Text::new(
            format!("第{}章", chinese_number(number)),
            format!("Chapter {number}"),
        )
    }

    /// `《纲要》第十章第二节` or `plan section 10.2`.
    pub fn citation(&self) -> Text {
        let mut parts = self.number.split('.').map(chinese_number);
        let chapter = parts.next().unwrap_or_default();
        let zh = match parts.next() {
            Some(section) => format!("《纲要》第{chapter}章第{section}节"),
            None => format!("《纲要》第{chapter}章"),
        };
        Text::new(zh, format!("plan section {}", self.number))
    }
}

/// How strongly a clause is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Force {
    /// 鼓励、支持、引导.
    Soft,
    /// 实施、全面推进、控制.
    Medium,
    /// 严禁、坚决、严格、必须: it can carry a rejection while the plan runs.
    Hard,
}

impl Force {
    /// All, from the weakest.
    pub const ALL: [Self; 3] = [Self::Soft, Self::Medium, Self::Hard];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Soft => "soft",
            Self::Medium => "medium",
            Self::Hard => "hard",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Soft => ("引导性措辞", "soft wording"),
            Self::Medium => ("一般要求", "medium wording"),
            Self::Hard => ("刚性措辞", "hard wording"),
        };
        Text::new(zh, en)
    }
}

/// A constraint that the plan states: a ban, a cap, a procedure, a zoning or a total.
#[derive(Clone, Debug)]
pub struct PlanClause {
    /// The number of its pack: two plans may number their sections alike.
    pub pack: usize,
    /// Its id, such as `C10.2-1`.
    pub id: String,
    /// Its section.
    pub section: String,
    /// What it says, in our words.
    pub title: Text,
    /// How strongly.
    pub force: Force,
    /// Rules of law that hold projects to the same thing, by id.
    pub held_by: Vec<String>,
    /// Why no single project can be held to it.
    pub not_checkable: Option<Text>,
    /// Where it is declared.
    pub place: Place,
}

/// What kind of figure an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// 约束性.
    Binding,
    /// 预期性.
    Expected,
    /// 定性: the plan gives no figure.
    Qualitative,
    /// The plan gives a figure and does not say which kind it is.
    Unstated,
}

impl Nature {
    /// All kinds.
    pub const ALL: [Self; 4] = [
        Self::Binding,
        Self::Expected,
        Self::Qualitative,
        Self::Unstated,
    ];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::Expected => "expected",
            Self::Qualitative => "qualitative",
            Self::Unstated => "unstated",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Binding => ("约束性", "binding"),
            Self::Expected => ("预期性", "expected"),
            Self::Qualitative => ("定性", "qualitative"),
            Self::Unstated => ("规划未注明属性", "nature not stated"),
        };
        Text::new(zh, en)
    }
}

/// Which side of a figure is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// At least the figure.
    AtLeast,
    /// At most the figure.
    AtMost,
    /// The figure.
    Equal,
}

impl Sense {
    /// All senses.
    pub const ALL: [Self; 3] = [Self::AtLeast, Self::AtMost, Self::Equal];

    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Equal => "equal",
        }
    }

    /// The sign shown to people.
    pub fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => "≥",
            Self::AtMost => "≤",
            Self::Equal => "=",
        }
    }
}

/// A figure of an indicator.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The year; none where the plan names none.
    pub year: Option<i16>,
    /// The value; none for an indicator in words.
    pub value: Option<Interval>,
    /// Which side of the value is meant.
    pub sense: Sense,
    /// A remark, such as what the plan leaves open.
    pub note: Text,
}

/// What shows how far a goal is reached: a baseline, a target, or both. It judges no single project.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// The number of its pack: two plans may number their sections alike.
    pub pack: usize,
    /// Its id, such as `C8.4-5` or `B1-7`.
    pub id: String,
    /// Its section.
    pub section: String,
    /// The goal it measures, if it measures one.
    pub goal: Option<String>,
    /// Its title.
    pub title: Text,
    /// Its unit.
    pub measure: Measure,
    /// What kind of figure it is.
    pub nature: Nature,
    /// Where it stood.
    pub baseline: Vec<Figure>,
    /// Where it is to stand.
    pub target: Vec<Figure>,
    /// Where it is to stand on the way; an office adds them.
    pub milestone: Vec<Figure>,
    /// Where it was found to stand; an office adds them.
    pub actual: Vec<Figure>,
    /// A remark.
    pub note: Text,
    /// Where it is declared.
    pub place: Place,
}

/// A goal of a plan.
#[derive(Clone, Debug)]
pub struct Goal {
    /// The number of its pack: two plans may number their sections alike.
    pub pack: usize,
    /// Its id, such as `G4.1-1`.
    pub id: String,
    /// Its section.
    pub section: String,
    /// Its title.
    pub title: Text,
    /// The department that leads (牵头单位); none if nobody was named.
    pub lead: Option<Text>,
    /// The departments that take part (责任单位).
    pub partners: Vec<Text>,
    /// Where it is declared.
    pub place: Place,
}

/// A number below one hundred in Chinese numerals; other texts unchanged.
pub fn chinese_number(text: &str) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let Ok(number) = text.parse::<usize>() else {
        return text.to_owned();
    };
    let digit = |n: usize| DIGITS.get(n).copied().unwrap_or("");
    match (number / 10, number % 10) {
        (0, unit) => digit(unit).to_owned(),
        (1, unit) => format!("十{}", digit(unit)),
        (ten, unit) if ten < 10 => format!("{}十{}", digit(ten), digit(unit)),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_cited_as_officials_write_them() {
        for (number, zh) in [
            ("10.2", "《纲要》第十章第二节"),
            ("8.4", "《纲要》第八章第四节"),
            ("13", "《纲要》第十三章"),
        ] {
            let section = Section {
                number: number.into(),
                title: Text::default(),
                hard: false,
                not_assessed: None,
                place: Place::Nowhere,
            };
            assert_eq!(section.citation().zh, zh);
        }
    }
}
