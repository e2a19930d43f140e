//! Written quantities: a number or a range with a unit, read against what a field expects.
//!
//! It knows units and numbers, not fields or places; the caller adds those to what it returns.

use crate::base::text::{Lang, Text, folded};
use crate::model::number::{MAX_DIGITS, MAX_EXPONENT, NotANumber, Number};
use crate::model::unit::{Dimension, Per, Unit, parse_with_period};
use crate::model::value::Interval;
use crate::text;

/// What a quantity must be: the unit of bare numbers, and the period they refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The unit in which bare numbers are read and shown.
    pub unit: Unit,
    /// The period, if the figure is one per period.
    pub per: Option<Per>,
}

impl Measure {
    /// A pure factor.
    pub const NONE: Self = Self {
        unit: Unit::NONE,
        per: None,
    };

    /// The unit with its period, as shown.
    pub fn name(&self, lang: Lang) -> String {
        let suffix = self
            .per
            .map(|per| per.suffix().get(lang).to_owned())
            .unwrap_or_default();
        format!("{}{suffix}", self.unit.label(lang))
    }

    /// A canonical number in this unit, with the unit; `beside` is the number it is compared with.
    pub fn show(&self, number: &Number, beside: Option<&Number>, lang: Lang) -> String {
        let shown = self.unit.shown(lang);
        let scale = |n: &Number| n.checked_div(&shown.factor).unwrap_or(Number::ZERO);
        let scaled = scale(number);
        let other = beside.map_or_else(|| scaled.clone(), scale);
        let unit = if scaled == Number::ONE {
            shown.one
        } else {
            shown.many
        };
        let per = self.per.map(Per::suffix).unwrap_or_default();
        let gap = if unit.is_empty() || unit.starts_with('%') {
            ""
        } else {
            " "
        };
        format!(
            "{}{gap}{unit}{}",
            scaled.shown_beside(&other),
            per.get(lang)
        )
    }

    /// A canonical interval in this unit: a number, `a–b`, `≥ a`, `≤ b` or （未知）.
    pub fn show_interval(&self, interval: &Interval, lang: Lang) -> String {
        match (interval.low(), interval.high()) {
            (Some(low), Some(high)) if low == high => self.show(low, None, lang),
            (Some(low), Some(high)) => {
                let factor = self.unit.shown(lang).factor;
                let low = low.checked_div(&factor).unwrap_or(Number::ZERO);
                format!("{low}–{}", self.show(high, None, lang))
            }
            (Some(low), None) => format!("≥ {}", self.show(low, None, lang)),
            (None, Some(high)) => format!("≤ {}", self.show(high, None, lang)),
            // What nothing bounds is not known; it is not that anything would do.
            (None, None) => lang.pick("（未知）", "(unknown)").to_owned(),
        }
    }
}

/// Why a text is not the quantity expected, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAQuantity {
    /// What is wrong.
    pub message: Text,
    /// How to mend it.
    pub help: Option<Text>,
}

fn wrong(message: Text, help: Option<Text>) -> NotAQuantity {
    NotAQuantity { message, help }
}

/// The signs that join the ends of a range.
const JOINERS: [&str; 7] = ["–", "—", "~", "～", "至", "〜", "∼"];

/// Reads a quantity into canonical units: `12.6 公顷`, `3200 万kWh`, `1,200`, `800–900 万m³`, `5%`.
pub fn parse(text: &str, expected: &Measure) -> Result<Interval, NotAQuantity> {
    let folded = folded(text);
    let parts = split_range(&folded);
    let Some((low, high)) = parts else {
        let (number, unit) = number_and_unit(&folded)?;
        let factor = unit_factor(unit, expected)?;
        return Ok(Interval::Point(&number * &factor));
    };
    let (low_number, low_unit) = number_and_unit(low)?;
    let (high_number, high_unit) = number_and_unit(high)?;
    // A unit written once, at the end, is the unit of both ends.
    let low_unit = if low_unit.is_empty() {
        high_unit
    } else {
        low_unit
    };
    let low = &low_number * &unit_factor(low_unit, expected)?;
    let high = &high_number * &unit_factor(high_unit, expected)?;
    if low > high {
        return Err(wrong(
            text!(
                "范围 `{folded}` 的下限大于上限",
                "the range `{folded}` runs from the larger to the smaller number"
            ),
            Some(text!(
                "请按从小到大填写，例如 800–900 万m³",
                "write the smaller number first, for example 800–900 ha"
            )),
        ));
    }
    Ok(Interval::new(Some(low), Some(high)))
}

fn split_range(text: &str) -> Option<(&str, &str)> {
    let joined = JOINERS.iter().find_map(|joiner| text.split_once(joiner));
    // A hyphen joins only between two digits or a unit and a digit, never after an exponent.
    joined.or_else(|| {
        let at = text.match_indices('-').map(|(at, _)| at).find(|at| {
            let before = text.get(..*at).unwrap_or("").trim_end();
            *at > 0 && !before.ends_with(['e', 'E']) && !before.is_empty()
        })?;
        Some((text.get(..at)?, text.get(at + 1..)?))
    })
}

fn number_and_unit(text: &str) -> Result<(Number, &str), NotAQuantity> {
    let text = text.trim();
    let end = number_end(text);
    let (digits, unit) = text.split_at_checked(end).unwrap_or((text, ""));
    match Number::parse(digits.trim()) {
        Ok(number) => Ok((number, unit.trim())),
        Err(NotANumber::TooLong) => Err(wrong(
            text!(
                "数字过长（最多 {MAX_DIGITS} 位，指数不超过 ±{MAX_EXPONENT}）",
                "the number is too long (at most {MAX_DIGITS} digits, exponent within ±{MAX_EXPONENT})"
            ),
            None,
        )),
        Err(NotANumber::Malformed) => Err(wrong(
            text!("`{text}` 不是数字", "`{text}` is not a number"),
            Some(text!(
                "请填写数字，可带单位、千分位或范围，例如 1,200 亩、800–900 万m³",
                "write a number, with a unit, thousands separators or a range if you like, such as 1,200 mu or 800–900 ha"
            )),
        )),
    }
}

/// Where the number ends: after its digits, separators, sign and exponent.
fn number_end(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let next = || {
            text.get(at + c.len_utf8()..)
                .and_then(|rest| rest.chars().next())
        };
        let part = match c {
            '0'..='9' | '.' | ',' | '，' | '_' => true,
            '+' | '-' | '−' => at == 0 || text.get(..at).is_some_and(|t| t.ends_with(['e', 'E'])),
            'e' | 'E' => {
                at > 0 && next().is_some_and(|n| n.is_ascii_digit() || matches!(n, '+' | '-' | '−'))
            }
            _ => false,
        };
        if !part {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// The size of a written unit in canonical units, if it measures what is expected.
fn unit_factor(written: &str, expected: &Measure) -> Result<Number, NotAQuantity> {
    if written.is_empty() {
        return Ok(expected.unit.factor.clone());
    }
    // Boiler capacity is filed as t/h of steam.
    if expected.unit.dimension == Dimension::POWER
        && matches!(
            written,
            "t/h" | "吨/h" | "吨/小时" | "t/小时" | "T/h" | "T/H" | "t/H"
        )
    {
        return Ok(Number::from(700));
    }
    let wanted = || {
        let offered = |lang: Lang| {
            let mut all = vec![expected.name(lang)];
            all.extend(expected.unit.dimension.common_units(lang));
            all.dedup();
            let all = all.into_iter().filter(|u| !u.is_empty()).take(5);
            all.collect::<Vec<String>>()
        };
        let (list, comma) = (offered(Lang::Zh), offered(Lang::En));
        let name = expected.unit.dimension.name();
        let (zh, en) = (&name.zh, &name.en);
        if list.is_empty() {
            text!(
                "此处应填{zh}，不带单位",
                "{en} is expected here, without a unit"
            )
        } else {
            let (list, comma) = (list.join("、"), comma.join(", "));
            text!(
                "此处应填{zh}，可用单位：{list}",
                "{en} is expected here; units: {comma}"
            )
        }
    };
    let Some((unit, per)) = parse_with_period(written) else {
        return Err(wrong(
            text!("无法识别单位 `{written}`", "unknown unit `{written}`"),
            Some(wanted()),
        ));
    };
    if unit.dimension != expected.unit.dimension {
        let is = unit.dimension.name();
        return Err(wrong(
            Text::new(
                format!("单位 `{written}` 表示{}，与此处不符", is.zh),
                format!(
                    "the unit `{written}` measures {}, which does not belong here",
                    is.en
                ),
            ),
            Some(wanted()),
        ));
    }
    match (per, expected.per) {
        (None, _) => Ok(unit.factor),
        (Some(written_per), Some(per)) if written_per == per => Ok(unit.factor),
        (Some(_), Some(_)) => Err(wrong(
            text!(
                "`{written}` 的计量周期与此处不符",
                "`{written}` refers to another period than this figure"
            ),
            Some(Text::new(
                format!(
                    "请按年运行天数（小时数）换算后填写，单位 {}",
                    expected.name(Lang::Zh)
                ),
                format!(
                    "convert it with the operating days or hours of a year and write it in {}",
                    expected.name(Lang::En)
                ),
            )),
        )),
        (Some(_), None) => Err(wrong(
            text!(
                "此处不是按周期计量的数值，`{written}` 不适用",
                "this figure does not refer to a period, so `{written}` does not fit"
            ),
            Some(wanted()),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::unit;

    fn measure(unit: &str, per: Option<Per>) -> Measure {
        Measure {
            unit: unit::parse(unit).unwrap(),
            per,
        }
    }

    fn shown(text: &str, m: &Measure) -> String {
        match parse(text, m) {
            Ok(interval) => m.show_interval(&interval, Lang::Zh),
            Err(problem) => format!(
                "{}｜{}",
                problem.message.zh,
                problem.help.map(|h| h.zh).unwrap_or_default()
            ),
        }
    }

    #[test]
    fn a_quantity_that_nothing_bounds_is_said_to_be_unknown() {
        let mu = measure("亩", None);
        assert_eq!(mu.show_interval(&Interval::ANY, Lang::Zh), "（未知）");
        assert_eq!(mu.show_interval(&Interval::ANY, Lang::En), "(unknown)");
        let least = Interval::new(Some(Number::ZERO), None);
        assert_eq!(mu.show_interval(&least, Lang::Zh), "≥ 0 亩");
    }

    #[test]
    fn quantities_are_read_as_people_write_them() {
        let mu = measure("亩", None);
        assert_eq!(shown("12.6 公顷", &mu), "189 亩");
        assert_eq!(shown("１２．６公顷", &mu), "189 亩");
        assert_eq!(shown("1,200", &mu), "1,200 亩");
        assert_eq!(shown("8400㎡", &mu), "12.6 亩");
        let gas = measure("m³", Some(Per::Year));
        assert_eq!(shown("800–900 万m³", &gas), "8,000,000–9,000,000 m³/年");
        assert_eq!(
            shown("800万m³~900万m³/年", &gas),
            "8,000,000–9,000,000 m³/年"
        );
        assert_eq!(shown("1e3-2e3", &gas), "1,000–2,000 m³/年");
        assert_eq!(shown("-5", &mu), "-5 亩");
        assert_eq!(shown("6 t/h", &measure("蒸吨/h", None)), "6 蒸吨/h");
        assert_eq!(shown("4.2 MW", &measure("蒸吨/h", None)), "6 蒸吨/h");
        assert_eq!(shown("35%", &Measure::NONE), "0.35");
    }

    #[test]
    fn a_wrong_unit_names_the_expected_ones() {
        let mu = measure("亩", None);
        assert_eq!(
            shown("5 吨", &mu),
            "单位 `吨` 表示质量，与此处不符｜此处应填面积，可用单位：亩、公顷、m²、km²"
        );
        assert!(shown("5 斗", &mu).starts_with("无法识别单位 `斗`"));
        assert!(shown("900–800", &mu).contains("下限大于上限"));
        assert!(shown("3 t/d", &measure("t", Some(Per::Year))).contains("运行天数"));
        assert!(shown("很多", &mu).contains("不是数字"));
        assert!(shown(&"1".repeat(400), &mu).contains("数字过长"));
    }
}
