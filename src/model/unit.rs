//! Units and dimensions.
//!
//! A dimension is a vector of exponents over independent bases; nothing is equal unless listed.
//! Area is not length squared, and energy becomes standard coal only through a coefficient.
//! Canonical units are chosen so that every conversion is a finite decimal:
//! 亩 for area (1 m² = 0.0015 亩, 1 公顷 = 15 亩), MJ for energy (1 kWh = 3.6 MJ), kW for power.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::base::text::{Lang, Text, folded};
use crate::model::number::Number;

/// The bases, in the order of the exponent vector.
const BASES: [(&str, &str, &str); 12] = [
    ("长度", "length", "m"),
    ("面积", "area", "亩"),
    ("体积", "volume", "m³"),
    ("质量", "mass", "kg"),
    ("能量", "energy", "MJ"),
    ("标准煤", "standard coal", "kgce"),
    ("金额", "money", "元"),
    ("数量", "count", "个"),
    ("时间", "time", "s"),
    ("功率", "power", "kW"),
    ("电压", "voltage", "V"),
    ("声级", "sound level", "dB(A)"),
];

/// What a number measures: one exponent per base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension([i8; 12]);

impl Dimension {
    /// A pure factor.
    pub const NONE: Self = Self([0; 12]);
    /// An area.
    pub const AREA: Self = Self::base(1);
    /// A number of things; its literals need no unit.
    pub const COUNT: Self = Self::base(7);
    /// A duration.
    pub const TIME: Self = Self::base(8);
    /// A power; boiler capacities have it.
    pub const POWER: Self = Self::base(9);

    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time only")]
    const fn base(index: usize) -> Self {
        let mut exponents = [0; 12];
        exponents[index] = 1;
        Self(exponents)
    }

    /// The dimension of a product.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.combined(other, i8::saturating_add)
    }

    /// The dimension of a quotient.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        self.combined(other, i8::saturating_sub)
    }

    fn combined(self, other: Self, with: fn(i8, i8) -> i8) -> Self {
        let mut exponents = self.0;
        for (mine, theirs) in exponents.iter_mut().zip(other.0) {
            *mine = with(*mine, theirs);
        }
        Self(exponents)
    }

    /// True if a literal may be compared with it: counts and pure factors.
    pub fn takes_literals(self) -> bool {
        self == Self::NONE || self == Self::COUNT
    }

    /// The name of the dimension, such as 面积 or 质量/体积.
    pub fn name(self) -> Text {
        let part = |positive: bool, zh: bool| {
            let names: Vec<String> = self
                .0
                .iter()
                .zip(BASES)
                .filter(|(e, _)| if positive { **e > 0 } else { **e < 0 })
                .map(|(e, base)| {
                    let name = if zh { base.0 } else { base.1 };
                    if e.unsigned_abs() == 1 {
                        name.to_owned()
                    } else {
                        format!("{name}^{}", e.unsigned_abs())
                    }
                })
                .collect();
            names.join("·")
        };
        let whole = |zh: bool| match (part(true, zh), part(false, zh)) {
            (up, down) if up.is_empty() && down.is_empty() => {
                if zh {
                    "比值（无量纲）".to_owned()
                } else {
                    "a pure factor".to_owned()
                }
            }
            (up, down) if down.is_empty() => up,
            (up, down) if up.is_empty() => format!("1/{down}"),
            (up, down) => format!("{up}/{down}"),
        };
        Text::new(whole(true), whole(false))
    }

    /// The canonical unit, for numbers that have no declared unit.
    pub fn canonical_unit(self) -> Unit {
        let part = |positive: bool| {
            let names: Vec<String> = self
                .0
                .iter()
                .zip(BASES)
                .filter(|(e, _)| if positive { **e > 0 } else { **e < 0 })
                .map(|(e, base)| match e.unsigned_abs() {
                    1 => base.2.to_owned(),
                    n => format!("{}^{n}", base.2),
                })
                .collect();
            names.join("·")
        };
        let name = match (part(true), part(false)) {
            (up, down) if down.is_empty() => up,
            (up, down) if up.is_empty() => format!("1/{down}"),
            (up, down) => format!("{up}/{down}"),
        };
        Unit {
            name,
            dimension: self,
            factor: Number::ONE,
        }
    }

    /// Units of this dimension that a help text can offer.
    pub fn common_units(self, lang: Lang) -> Vec<String> {
        UNITS
            .iter()
            .filter(|(_, base, ..)| Self::of_base(*base) == self)
            .filter_map(|row| row.3.first().and_then(|name| parse(name)))
            .map(|unit| unit.label(lang))
            .collect()
    }

    fn of_base(base: Option<usize>) -> Self {
        base.map_or(Self::NONE, Self::base_at)
    }

    fn base_at(index: usize) -> Self {
        let mut exponents = [0; 12];
        if let Some(slot) = exponents.get_mut(index) {
            *slot = 1;
        }
        Self(exponents)
    }
}

/// The period a figure refers to. It is an attribute, checked for equality, not an exponent of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// A year.
    Year,
    /// A day.
    Day,
    /// An hour.
    Hour,
}

impl Per {
    /// The period named in a pack.
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "year" => Some(Self::Year),
            "day" => Some(Self::Day),
            "hour" => Some(Self::Hour),
            _ => None,
        }
    }

    /// The period after the slash of a written unit.
    fn written(text: &str) -> Option<Self> {
        match text {
            "a" | "年" | "yr" | "year" => Some(Self::Year),
            "d" | "日" | "天" | "day" => Some(Self::Day),
            "h" | "小时" | "时" | "hour" => Some(Self::Hour),
            _ => None,
        }
    }

    /// The suffix shown after a unit.
    pub fn suffix(self) -> Text {
        let (zh, en) = match self {
            Self::Year => ("/年", "/year"),
            Self::Day => ("/日", "/day"),
            Self::Hour => ("/小时", "/h"),
        };
        Text::new(zh, en)
    }
}

/// A unit: a dimension and its size in canonical units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// As shown.
    pub name: String,
    /// What it measures.
    pub dimension: Dimension,
    /// One of it in canonical units.
    pub factor: Number,
}

impl Unit {
    /// The unit of pure factors.
    pub const NONE: Self = Self {
        name: String::new(),
        dimension: Dimension::NONE,
        factor: Number::ONE,
    };
}

type Row = (Number, Option<usize>, bool, &'static [&'static str]);

const fn n(digits: i128, scale: u8) -> Number {
    Number::decimal(digits, scale)
}

/// Factor in canonical units, base, whether a Chinese multiple such as 万 may stand before it, spellings.
/// The first spelling is the one shown in advice.
static UNITS: &[Row] = &[
    (n(1, 0), Some(0), true, &["m", "米", "公尺"]),
    (n(1000, 0), Some(0), true, &["km", "千米", "公里"]),
    (n(1, 2), Some(0), false, &["cm", "厘米"]),
    (n(1, 3), Some(0), false, &["mm", "毫米"]),
    (n(1, 0), Some(1), true, &["亩", "mu"]),
    (n(15, 0), Some(1), true, &["公顷", "ha", "hm²", "hm2"]),
    (
        n(15, 4),
        Some(1),
        true,
        &["m²", "平方米", "m2", "㎡", "平米", "m^2"],
    ),
    (
        n(1500, 0),
        Some(1),
        true,
        &["km²", "平方公里", "km2", "平方千米", "km^2"],
    ),
    (
        n(1, 0),
        Some(2),
        true,
        &[
            "m³",
            "立方米",
            "m3",
            "方",
            "Nm³",
            "Nm3",
            "标方",
            "标立方米",
            "m^3",
        ],
    ),
    (n(1, 3), Some(2), true, &["L", "升", "l"]),
    (n(1, 0), Some(3), true, &["kg", "千克", "公斤"]),
    (n(1000, 0), Some(3), true, &["t", "吨"]),
    (n(1, 3), Some(3), false, &["g", "克"]),
    (n(1, 6), Some(3), false, &["mg", "毫克"]),
    (
        n(36, 1),
        Some(4),
        true,
        &["kWh", "千瓦时", "度", "kW·h", "kwh", "KWh", "KWH"],
    ),
    (n(3600, 0), Some(4), true, &["MWh", "兆瓦时"]),
    (n(3_600_000, 0), Some(4), true, &["GWh", "吉瓦时"]),
    (n(1, 0), Some(4), true, &["MJ", "兆焦"]),
    (n(1000, 0), Some(4), true, &["GJ", "吉焦"]),
    (n(1_000_000, 0), Some(4), true, &["TJ"]),
    (n(1, 3), Some(4), true, &["kJ", "千焦"]),
    (n(41868, 7), Some(4), true, &["kcal", "千卡", "大卡"]),
    (
        n(1, 0),
        Some(5),
        true,
        &["kgce", "千克标准煤", "千克标煤", "公斤标煤"],
    ),
    (n(1000, 0), Some(5), true, &["tce", "吨标准煤", "吨标煤"]),
    (n(1, 0), Some(6), true, &["元", "人民币元", "CNY", "yuan"]),
    (
        n(1, 0),
        Some(7),
        true,
        &[
            "个",
            "台",
            "头",
            "只",
            "床",
            "套",
            "户",
            "栋",
            "座",
            "间",
            "家",
            "件",
            "株",
            "辆",
            "处",
            "羽",
            "条",
            "项",
            "次",
            "head",
            "bed",
            "beds",
            "set",
            "sets",
            "household",
            "households",
            "building",
            "buildings",
            "room",
            "rooms",
            "enterprise",
            "enterprises",
            "item",
            "items",
            "plant",
            "plants",
            "vehicle",
            "vehicles",
            "place",
            "places",
            "use",
            "uses",
        ],
    ),
    (n(1, 0), Some(8), false, &["s", "秒"]),
    (n(60, 0), Some(8), false, &["min", "分钟"]),
    (n(3600, 0), Some(8), false, &["h", "小时"]),
    (
        n(86400, 0),
        Some(8),
        false,
        &["d", "日", "天", "day", "days"],
    ),
    // A year of 365 days and a month of a twelfth of it are a stated convention.
    (
        n(31_536_000, 0),
        Some(8),
        false,
        &["年", "a", "周年", "year", "years"],
    ),
    (
        n(2_628_000, 0),
        Some(8),
        false,
        &["月", "个月", "month", "months"],
    ),
    (n(1, 0), Some(9), true, &["kW", "千瓦", "kw", "KW"]),
    (n(1, 3), Some(9), true, &["W", "瓦"]),
    (n(1000, 0), Some(9), true, &["MW", "兆瓦"]),
    // 1 蒸吨/h = 0.7 MW is the convention of the boiler standards.
    (
        n(700, 0),
        Some(9),
        true,
        &[
            "蒸吨/h",
            "蒸吨/小时",
            "蒸吨",
            "t/h(蒸汽)",
            "t/h steam",
            "t/h of steam",
        ],
    ),
    (n(1, 0), Some(10), true, &["V", "伏"]),
    (n(1000, 0), Some(10), true, &["kV", "千伏", "KV"]),
    (n(1, 0), Some(11), false, &["dB(A)", "分贝", "dB", "dBA"]),
    (n(1, 2), None, false, &["%", "百分比"]),
    (n(1, 3), None, false, &["‰"]),
];

/// The units by folded spelling.
static BY_NAME: LazyLock<HashMap<String, &'static Row>> = LazyLock::new(|| {
    UNITS
        .iter()
        .flat_map(|row| {
            row.3
                .iter()
                .map(move |name| (folded(name).into_owned(), row))
        })
        .collect()
});

/// Multiples that may stand before a unit, in Chinese and in English, longer ones first.
const MULTIPLES: &[(&str, &str, i128)] = &[
    ("百万", "million", 1_000_000),
    ("千万", "ten million", 10_000_000),
    ("十万", "hundred thousand", 100_000),
    ("百亿", "ten billion", 10_000_000_000),
    ("千亿", "hundred billion", 100_000_000_000),
    ("万亿", "trillion", 1_000_000_000_000),
    ("万", "ten thousand", 10_000),
    ("亿", "hundred million", 100_000_000),
    ("十亿", "billion", 1_000_000_000),
    ("千", "thousand", 1_000),
    ("百", "hundred", 100),
    ("十", "ten", 10),
];

/// The multiple at the start of a unit's name, as an English word and a number, and the rest of the name.
pub(super) fn multiple(name: &str) -> Option<(&'static str, i128, &str)> {
    MULTIPLES.iter().find_map(|(zh, en, times)| {
        let english = || name.strip_prefix(en)?.strip_prefix(' ');
        let rest = name.strip_prefix(zh).or_else(english)?;
        Some((*en, *times, rest.trim()))
    })
}

/// True for a name that the table of units lists.
pub(super) fn is_listed(name: &str) -> bool {
    BY_NAME.contains_key(name)
}

/// The first spelling of a unit that is no Chinese word.
pub(super) fn sign(name: &str) -> Option<&'static str> {
    let row = BY_NAME.get(name)?;
    let is_sign = |name: &&&str| !name.chars().any(|c| ('\u{2e80}'..='\u{9fff}').contains(&c));
    row.3.iter().find(is_sign).copied()
}

/// All spellings.
#[cfg(test)]
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    UNITS.iter().flat_map(|row| row.3.iter().copied())
}

/// Reads a unit such as `公顷`, `万kWh`, `mg/m³`, `kgce/kWh`, without a period.
pub fn parse(text: &str) -> Option<Unit> {
    let name = folded(text);
    let name = name.trim();
    if name.is_empty() {
        return Some(Unit::NONE);
    }
    if let Some((dimension, factor)) = simple(name) {
        return Some(Unit {
            name: text.trim().to_owned(),
            dimension,
            factor,
        });
    }
    let (over, under) = name.split_once('/')?;
    let (top, bottom) = (simple(over)?, simple(under)?);
    let factor = top.1.checked_div(&bottom.1)?;
    Some(Unit {
        name: text.trim().to_owned(),
        dimension: top.0.over(bottom.0),
        factor,
    })
}

/// Reads a unit that may end in a period: `万m³/年`, `t/a`, `kgce/t`.
pub fn parse_with_period(text: &str) -> Option<(Unit, Option<Per>)> {
    if let Some((unit, period)) = folded(text).rsplit_once('/')
        && let Some(per) = Per::written(period.trim())
        && let Some(unit) = parse(unit)
        // `t/h` alone is a rate; 蒸吨/h is a unit of its own and was not split.
        && parse(text).is_none_or(|whole| whole.dimension != Dimension::POWER)
    {
        return Some((unit, Some(per)));
    }
    parse(text).map(|unit| (unit, None))
}

/// A unit without a slash, with a multiple before it or not; 蒸吨/h is listed whole.
fn simple(name: &str) -> Option<(Dimension, Number)> {
    let find = |name: &str| BY_NAME.get(name).copied();
    if let Some((factor, base, ..)) = find(name) {
        return Some((Dimension::of_base(*base), factor.clone()));
    }
    let (_, times, rest) = multiple(name)?;
    let (factor, base, takes_multiple, _) = find(rest)?;
    takes_multiple.then(|| (Dimension::of_base(*base), factor * &n(times, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(text: &str) -> String {
        parse(text).map_or_else(|| "none".to_owned(), |unit| unit.factor.to_string())
    }

    #[test]
    fn spellings_of_a_unit_agree_and_conversions_are_finite() {
        for (text, expected) in [
            ("公顷", "15"),
            ("m²", "0.0015"),
            ("㎡", "0.0015"),
            ("平方米", "0.0015"),
            ("万kWh", "36,000"),
            ("百万kJ", "1,000"),
            ("亿元", "100,000,000"),
            ("mg/m³", "0.000001"),
            ("kgce/kWh", "≈0.277777"),
            ("蒸吨/h", "700"),
            ("kW·h", "3.6"),
            ("ｋＷｈ", "3.6"),
            ("马力", "none"),
            ("万", "none"),
        ] {
            assert_eq!(factor(text), expected, "{text}");
        }
    }

    #[test]
    fn a_period_is_not_part_of_the_unit() {
        let read = |text: &str| parse_with_period(text).map(|(unit, per)| (unit.name, per));
        assert_eq!(read("万m³/年"), Some(("万m3".to_owned(), Some(Per::Year))));
        assert_eq!(read("t/d").unwrap().1, Some(Per::Day));
        assert_eq!(read("kgce/t").unwrap().1, None);
        assert_eq!(read("蒸吨/h").unwrap().1, None);
    }

    #[test]
    fn every_spelling_names_one_unit() {
        let mut seen = std::collections::BTreeMap::new();
        for (index, row) in UNITS.iter().enumerate() {
            for name in row.3 {
                assert!(
                    seen.insert(folded(name).into_owned(), index)
                        .is_none_or(|i| i == index),
                    "{name}"
                );
            }
        }
    }
}
