//! The plan as data: its sections and goals.

use crate::base::source::Place;
use crate::base::text::Text;

/// A section of a plan.
#[derive(Clone, Debug)]
pub struct Section {
    /// Its number, such as `10.2`.
    pub number: String,
    /// Its title.
    pub title: Text,
    /// True if its wording is hard (严禁, 严格, 必须): it can carry a rejection while the plan runs.
    pub hard: bool,
    /// Where it is declared.
    pub place: Place,
}

impl Section {
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

/// A goal of a plan.
#[derive(Clone, Debug)]
pub struct Goal {
    /// Its id, such as `G4.1-1`.
    pub id: String,
    /// Its section.
    pub section: String,
    /// Its title.
    pub title: Text,
    /// Where it is declared.
    pub place: Place,
}

/// A number below one hundred in Chinese numerals; other texts unchanged.
fn chinese_number(text: &str) -> String {
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
                place: Place::Nowhere,
            };
            assert_eq!(section.citation().zh, zh);
        }
    }
}
