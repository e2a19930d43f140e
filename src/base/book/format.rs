//! Number formats: whether a number is shown as a day or a share, and which unit its format adds.
//!
//! `0.00"公顷"` shows 12.6 as 12.60公顷: who filled in the cell stated hectares, though only 12.6 is stored.

/// How a number is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is stored, give or take digits.
    #[default]
    Plain,
    /// As a day.
    Date,
    /// As a time of day or a duration.
    Time,
    /// Times a hundred, with a sign.
    Percent,
    /// With words before and behind it.
    With(String, String),
    /// Divided by thousands.
    Scaled,
}

/// The format of a built-in number; custom ones come with a code.
pub(super) fn built_in(id: u32) -> Shown {
    match id {
        14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Shown::Date,
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => Shown::Time,
        9 | 10 => Shown::Percent,
        _ => Shown::Plain,
    }
}

/// The format of a code such as `yyyy"年"m"月"d"日"` or `#,##0.0"亩"`.
pub(super) fn of_code(code: &str) -> Shown {
    if code.eq_ignore_ascii_case("general") {
        return Shown::Plain;
    }
    let mut sorts = Sorts::default();
    let general = ["General", "G/通用格式"]
        .iter()
        .find_map(|word| code.strip_prefix(word));
    sorts.digits = general.is_some();
    let mut chars = general.unwrap_or(code).chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // Positive numbers have the first section.
            ';' => break,
            '"' => {
                let quoted: String = chars.by_ref().take_while(|c| *c != '"').collect();
                sorts.word(&quoted);
            }
            '\\' | '!' => {
                if let Some(next) = chars.next() {
                    sorts.word(next.encode_utf8(&mut [0; 4]));
                }
            }
            // Room as wide as a character, and a character repeated to fill the cell.
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                if let Some(currency) = inner.strip_prefix('$') {
                    sorts.word(currency.split('-').next().unwrap_or(""));
                } else if inner
                    .chars()
                    .all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'))
                    && !inner.is_empty()
                {
                    sorts.time = true;
                }
            }
            'y' | 'Y' | 'd' | 'D' | 'e' | 'g' | 'G' | 'b' | 'B' => sorts.date = true,
            'E' => match chars.peek() {
                Some('+' | '-') => {
                    chars.next();
                }
                _ => sorts.date = true,
            },
            'h' | 'H' | 's' | 'S' => sorts.time = true,
            'm' | 'M' => sorts.month = true,
            '%' => sorts.percent = true,
            '0' | '#' | '?' => {
                sorts.digits = true;
                sorts.comma = false;
            }
            ',' => sorts.comma = sorts.digits,
            '.' | '@' | ' ' | '(' | ')' => {}
            other => sorts.word(other.encode_utf8(&mut [0; 4])),
        }
    }
    sorts.shown()
}

/// What was found in a code.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent marks, in any combination"
)]
struct Sorts {
    date: bool,
    month: bool,
    time: bool,
    percent: bool,
    digits: bool,
    /// A comma behind the last digit divides by a thousand.
    comma: bool,
    before: String,
    behind: String,
    /// A point or digit that is only drawn makes another figure of the number.
    drawn: bool,
}

impl Sorts {
    fn word(&mut self, word: &str) {
        self.drawn |= word.contains(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        if self.digits {
            self.behind.push_str(word);
        } else {
            self.before.push_str(word);
        }
    }

    fn shown(self) -> Shown {
        if self.date || (self.month && !self.time && !self.digits) {
            return Shown::Date;
        }
        if self.time || (self.month && !self.digits) {
            return Shown::Time;
        }
        if self.comma || self.drawn && self.digits {
            return Shown::Scaled;
        }
        if self.percent {
            return Shown::Percent;
        }
        let before = self.before.trim();
        // The sign of the yuan adds nothing to a figure in yuan.
        let before = before.trim_matches(['¥', '￥', '-', '+']).trim();
        let behind = self.behind.trim();
        if self.digits && !(before.is_empty() && behind.is_empty()) {
            return Shown::With(before.to_owned(), behind.to_owned());
        }
        Shown::Plain
    }
}

/// The day of a stored number, counted from 1900 or from 1904.
pub(super) fn day(stored: &str, from_1904: bool) -> Option<String> {
    let value: f64 = stored.trim().parse().ok()?;
    // The day itself counts, not the hour.
    let whole = value.floor();
    if !(0.0..2_958_466.0).contains(&whole) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range was checked above"
    )]
    let whole = whole as i64;
    let (year, month, day, days) = if from_1904 {
        (1904, 1, 1, whole)
    } else {
        match whole {
            // 1900 was no leap year, but sheets count a 29 February of it: day 60.
            0 | 60 => return None,
            1..=59 => (1899, 12, 31, whole),
            _ => (1899, 12, 30, whole),
        }
    };
    let start = crate::base::date::Date::new(year, month, day)?;
    start.add_days(days).map(|date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tell_days_shares_and_units() {
        let with = |a: &str, b: &str| Shown::With(a.to_owned(), b.to_owned());
        for (code, shown) in [
            ("General", Shown::Plain),
            ("0.00", Shown::Plain),
            ("@", Shown::Plain),
            ("#,##0.00_ ", Shown::Plain),
            ("0.00E+00", Shown::Plain),
            ("#,##0.00;[Red]-#,##0.00", Shown::Plain),
            ("yyyy-mm-dd", Shown::Date),
            ("yyyy\"年\"m\"月\"d\"日\";@", Shown::Date),
            ("[$-804]yyyy\\-mm\\-dd", Shown::Date),
            ("[DBNum1]yyyy\"年\"m\"月\"", Shown::Date),
            ("m/d", Shown::Date),
            ("h:mm", Shown::Time),
            ("[h]:mm:ss", Shown::Time),
            ("mm:ss", Shown::Time),
            ("0.0%", Shown::Percent),
            ("0.00\"公顷\"", with("", "公顷")),
            ("0.00公顷", with("", "公顷")),
            ("General\"亩\"", with("", "亩")),
            ("#,##0\\ \"万元\"", with("", "万元")),
            ("\"¥\"#,##0.00", Shown::Plain),
            ("_ ¥* #,##0.00_ ", Shown::Plain),
            ("[$¥-804]#,##0.00", Shown::Plain),
            ("[$$-409]#,##0.00", with("$", "")),
            ("0!.0,\"万\"", Shown::Scaled),
            ("0,", Shown::Scaled),
            ("#,##0,,\"M\"", Shown::Scaled),
        ] {
            assert_eq!(of_code(code), shown, "{code}");
        }
    }

    #[test]
    fn days_are_counted_as_sheets_count_them() {
        for (stored, from_1904, day_of) in [
            ("45717", false, Some("2025-03-01")),
            ("45717.75", false, Some("2025-03-01")),
            ("44255", true, Some("2025-03-01")),
            ("1", false, Some("1900-01-01")),
            ("59", false, Some("1900-02-28")),
            ("60", false, None),
            ("61", false, Some("1900-03-01")),
            ("0", true, Some("1904-01-01")),
            ("-1", false, None),
            ("1e300", false, None),
        ] {
            assert_eq!(day(stored, from_1904).as_deref(), day_of, "{stored}");
        }
    }
}
