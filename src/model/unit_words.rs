//! Units in English: their names, one and many, and the multiples that English has no sign for.
//!
//! A unit that has a sign of its own (m², kWh) keeps it. The words are spellings of the units too, so that what is
//! shown can be written.

use crate::base::text::{Lang, folded};
use crate::model::number::Number;
use crate::model::unit::{Unit, is_listed, multiple, sign};

/// English words for Chinese spellings whose unit has no sign of its own: one, and many.
const WORDS: &[(&str, &str, &str)] = &[
    ("亩", "mu", "mu"),
    ("元", "yuan", "yuan"),
    ("人民币元", "yuan", "yuan"),
    // A mere number of things, such as parking spaces, has no unit in English.
    ("个", "", ""),
    ("台", "set", "sets"),
    ("头", "head", "head"),
    ("只", "head", "head"),
    ("羽", "head", "head"),
    ("床", "bed", "beds"),
    ("套", "set", "sets"),
    ("户", "household", "households"),
    ("栋", "building", "buildings"),
    ("座", "item", "items"),
    ("间", "room", "rooms"),
    ("家", "enterprise", "enterprises"),
    ("件", "item", "items"),
    ("株", "plant", "plants"),
    ("辆", "vehicle", "vehicles"),
    ("处", "place", "places"),
    ("条", "item", "items"),
    ("项", "item", "items"),
    ("次", "use", "uses"),
    ("日", "day", "days"),
    ("天", "day", "days"),
    ("d", "day", "days"),
    ("年", "year", "years"),
    ("a", "year", "years"),
    ("周年", "year", "years"),
    ("月", "month", "months"),
    ("个月", "month", "months"),
    ("蒸吨/h", "t/h steam", "t/h steam"),
    ("蒸吨/小时", "t/h steam", "t/h steam"),
    ("蒸吨", "t/h steam", "t/h steam"),
    ("t/h(蒸汽)", "t/h steam", "t/h steam"),
    ("百分比", "%", "%"),
];

/// A unit as figures are shown in it: the names, and its size in canonical units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The name behind a 1.
    pub one: String,
    /// The name behind any other number.
    pub many: String,
    /// One of it in canonical units.
    pub factor: Number,
}

/// One side of a unit's slash: its multiple as a word and a number, and what the multiple is of.
struct Part {
    multiple: Option<(&'static str, i128)>,
    one: String,
    many: String,
}

impl Part {
    fn of(name: &str) -> Self {
        let (multiple, rest) = match multiple(name) {
            Some((word, times, rest)) if !is_listed(name) => (Some((word, times)), rest),
            _ => (None, name),
        };
        let words = WORDS.iter().find(|(spelling, ..)| *spelling == rest);
        let (one, many) = match words {
            Some((_, one, many)) => (*one, *many),
            None => (sign(rest).unwrap_or(rest), sign(rest).unwrap_or(rest)),
        };
        Self {
            multiple,
            one: one.to_owned(),
            many: many.to_owned(),
        }
    }

    /// The name with its multiple.
    fn whole(&self, name: &str) -> String {
        match self.multiple {
            Some((word, _)) => format!("{word} {name}").trim().to_owned(),
            None => name.to_owned(),
        }
    }
}

/// The sides of a unit's slash.
fn parts(unit: &Unit) -> (Part, Option<Part>) {
    let name = folded(&unit.name);
    match name.split_once('/') {
        Some((over, under)) if !is_listed(&name) => (Part::of(over), Some(Part::of(under))),
        _ => (Part::of(&name), None),
    }
}

impl Unit {
    /// Its name: the unit in which bare numbers are read.
    pub fn label(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.name.clone(),
            Lang::En => {
                let (over, under) = parts(self);
                let over = over.whole(&over.many);
                match under {
                    Some(under) => format!("{over}/{}", below(&under)),
                    None => over,
                }
            }
        }
    }

    /// How figures are shown in it. English has no 万 and 亿: what they count is shown in full.
    pub fn shown(&self, lang: Lang) -> Shown {
        if lang == Lang::Zh {
            return Shown {
                one: self.name.clone(),
                many: self.name.clone(),
                factor: self.factor.clone(),
            };
        }
        let (over, under) = parts(self);
        let times = Number::decimal(over.multiple.map_or(1, |(_, times)| times), 0);
        let below = under.map_or_else(String::new, |under| format!("/{}", below(&under)));
        Shown {
            one: format!("{}{below}", over.one),
            many: format!("{}{below}", over.many),
            factor: self.factor.checked_div(&times).unwrap_or(Number::ONE),
        }
    }
}

/// What stands below a slash: one of it.
fn below(under: &Part) -> String {
    let one = if under.one.is_empty() {
        "item"
    } else {
        &under.one
    };
    under.whole(one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::unit::{parse, spellings};

    fn is_han(c: char) -> bool {
        ('\u{2e80}'..='\u{9fff}').contains(&c)
    }

    #[test]
    fn every_unit_has_an_english_name_that_is_read_as_the_same_unit() {
        let compound = [
            "万元",
            "亿元",
            "万m²",
            "万元/公顷",
            "L/次",
            "kgce/万元",
            "t/头",
        ];
        for spelling in spellings().chain(compound) {
            let unit = parse(spelling).unwrap();
            let label = unit.label(Lang::En);
            assert!(!label.chars().any(is_han), "{spelling}: {label}");
            if label.is_empty() {
                continue;
            }
            let read = parse(&label).unwrap_or_else(|| panic!("{spelling}: {label}"));
            assert_eq!(
                (read.dimension, &read.factor),
                (unit.dimension, &unit.factor),
                "{spelling}: {label}"
            );
            for name in [unit.shown(Lang::En).one, unit.shown(Lang::En).many] {
                let read = parse(&name).unwrap_or_else(|| panic!("{spelling}: {name}"));
                assert_eq!(
                    read.factor,
                    unit.shown(Lang::En).factor,
                    "{spelling}: {name}"
                );
            }
        }
    }

    #[test]
    fn multiples_are_words_of_a_unit_and_digits_of_a_figure() {
        let unit = parse("万元/公顷").unwrap();
        assert_eq!(unit.label(Lang::En), "ten thousand yuan/ha");
        let shown = unit.shown(Lang::En);
        assert_eq!(shown.many, "yuan/ha");
        assert_eq!(
            unit.factor.checked_div(&shown.factor),
            Some(Number::from(10_000))
        );
        assert_eq!(unit.shown(Lang::Zh).factor, unit.factor);
    }
}
