//! Civil dates and inclusive periods. No clock, no time zones.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::{ToSpan, civil};

use crate::base::text::Text;
use crate::text;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date(civil::Date);

impl Ord for Date {
    /// By one comparison instead of one for year, month and day each: judging compares days all the time.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |day: civil::Date| {
            i32::from(day.year()) << 16 | i32::from(day.month()) << 8 | i32::from(day.day())
        };
        key(self.0).cmp(&key(other.0))
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Date {
    /// A day, for where any does.
    pub const ANY: Self = Self(civil::Date::constant(2000, 1, 1));

    /// The day of a year, month and day, if there is one.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads `2025-09-01`, `2025/9/1`, `2025.9.1` or `2025年9月1日`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month, day) = parts(text)?;
        Self::new(year, month, day)
    }

    /// The day of a text that says more or less than [`Self::parse`] reads, where no doubt is left which is meant:
    /// with a time of day (`2025-03-05 14:30`, `2025/3/5T0:00:00`), or in eight digits (`20250305`).
    ///
    /// A time of another zone than China's may belong to another day, so it leaves doubt.
    pub fn of_moment(text: &str) -> Option<Self> {
        let folded = super::text::folded(text);
        if folded.len() == 8 && folded.bytes().all(|b| b.is_ascii_digit()) {
            let (year, rest) = folded.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            let read = Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
            // Eight digits may be any number; a day of a submission is of these centuries.
            return (1900..2200).contains(&read.year()).then_some(read);
        }
        let at =
            folded.find(|c: char| c.is_whitespace() || matches!(c, 'T' | 't' | '日' | '号'))?;
        let (day, rest) = folded.split_at_checked(at)?;
        let rest = rest.trim_start_matches(['日', '号']).trim_start();
        let time = rest.strip_prefix(['T', 't']).unwrap_or(rest).trim_start();
        is_time(time).then(|| Self::parse(day)).flatten()
    }

    /// True if the text is written as a date, whether there is such a day or not.
    pub fn is_shaped(text: &str) -> bool {
        parts(text).is_some()
    }

    /// The day as a letter writes it: `2025年7月2日`.
    pub fn written(self) -> Text {
        let (year, month, day) = (self.0.year(), self.0.month(), self.0.day());
        Text::new(format!("{year}年{month}月{day}日"), self.to_string())
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The day after.
    pub fn next(self) -> Option<Self> {
        self.0.tomorrow().ok().map(Self)
    }

    /// The day before.
    pub fn previous(self) -> Option<Self> {
        self.0.yesterday().ok().map(Self)
    }

    /// The same day `years` later; 29 February becomes 28 February in a common year.
    pub fn add_years(self, years: i64) -> Option<Self> {
        let span = i32::try_from(years)
            .ok()
            .and_then(|y| 0.days().try_years(y).ok())?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// The day `days` later.
    pub fn add_days(self, days: i64) -> Option<Self> {
        let span = i32::try_from(days)
            .ok()
            .and_then(|d| 0.years().try_days(d).ok())?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// The number of days from this day to another.
    pub fn days_until(self, other: Self) -> i64 {
        self.0.duration_until(other.0).as_hours() / 24
    }
}

/// True for a time of day: `14:30`, `0:00:00`, `14:30:00.000+08:00`, `14时30分`.
fn is_time(text: &str) -> bool {
    let text = text.strip_suffix("+08:00").unwrap_or(text);
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = text
        .trim_end_matches(['分', '秒'])
        .split([':', '时', '分'])
        .collect();
    let below = |part: &str, limit: u8| {
        digits(part) && part.len() <= 2 && part.parse::<u8>().is_ok_and(|number| number < limit)
    };
    let whole = match parts.as_slice() {
        [hour, minute] => below(hour, 24) && below(minute, 60) && fraction == "0",
        [hour, minute, second] => below(hour, 24) && below(minute, 60) && below(second, 60),
        _ => false,
    };
    whole && digits(fraction)
}

/// The year, month and day of a written date.
fn parts(text: &str) -> Option<(i16, i8, i8)> {
    let folded = super::text::folded(text);
    let mut parts = folded
        .trim_end_matches(['日', '号'])
        .split(['-', '/', '.', '年', '月']);
    let year = parts.next()?;
    let (month, day) = (parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() > 2 || day.len() > 2 {
        return None;
    }
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    Some((
        i16::from_str(year).ok()?,
        i8::from_str(month).ok()?,
        i8::from_str(day).ok()?,
    ))
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A period, both ends inclusive; a missing end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Period {
    /// `2025-09-01 起`, `至 2025-08-31`, or both ends; empty without ends.
    pub fn words(self) -> Text {
        match (self.from, self.to) {
            (None, None) => Text::default(),
            (Some(from), None) => text!("{from} 起", "from {from}"),
            (None, Some(to)) => text!("至 {to}", "until {to}"),
            (Some(from), Some(to)) => text!("{from} 至 {to}", "{from} to {to}"),
        }
    }

    /// The period without ends.
    pub const ALWAYS: Self = Self {
        from: None,
        to: None,
    };

    /// True if the day lies in the period.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// True if the two periods share a day.
    pub fn overlaps(self, other: Self) -> bool {
        let before = |to: Option<Date>, from: Option<Date>| matches!((to, from), (Some(t), Some(f)) if t < f);
        !before(self.to, other.from) && !before(other.to, self.from)
    }

    /// The days that both periods share, if there are any.
    pub fn within(self, other: Self) -> Option<Self> {
        let to = match (self.to, other.to) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.overlaps(other).then_some(Self {
            from: self.from.max(other.from),
            to,
        })
    }

    /// The days on which what depends on this period changes: its first day and the day after its last.
    pub fn changes(self) -> impl Iterator<Item = Date> {
        [self.from, self.to.and_then(Date::next)]
            .into_iter()
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_spellings_people_type() {
        let day = Date::new(2025, 9, 1);
        for text in [
            "2025-09-01",
            "2025-9-1",
            "2025/9/1",
            "2025年9月1日",
            "２０２５．９．１",
        ] {
            assert_eq!(Date::parse(text), day, "{text}");
        }
        for text in [
            "2023-02-30",
            "2025-09",
            "25-9-1",
            "2025-9-1-1",
            "",
            "年月日",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
            assert_eq!(Date::is_shaped(text), text == "2023-02-30", "{text}");
        }
    }

    #[test]
    fn the_day_of_a_moment_is_read_where_no_other_may_be_meant() {
        let day = Date::new(2025, 3, 5);
        for text in [
            "2025-03-05 14:30",
            "2025-03-05T14:30:00",
            "2025-03-05T14:30:00.000+08:00",
            "2025/3/5 0:00",
            "2025.3.5  9:05:59",
            "２０２５-３-５　１４：３０",
            "2025年3月5日 14时30分",
            "2025年3月5日14:30",
            "20250305",
        ] {
            assert_eq!(Date::of_moment(text), day, "{text}");
            assert_eq!(Date::parse(text), None, "{text}");
        }
        for text in [
            "2025-03-05",
            "2025-02-30 14:30",
            "2025-03-05 24:00",
            "2025-03-05 14:60",
            "2025-03-05 14",
            "2025-03-05 下午",
            "2025-03-05T16:00:00Z",
            "2025-03-05T23:00:00-05:00",
            "3/5/2025 14:30",
            "20250230",
            "00010203",
            "2025030",
            "202503051430",
            "",
            "T",
            "日",
        ] {
            assert_eq!(Date::of_moment(text), None, "{text}");
        }
    }

    #[test]
    fn days_and_years_are_counted_on_the_calendar() {
        let leap = Date::new(2024, 2, 29).unwrap();
        assert_eq!(leap.add_years(1), Date::new(2025, 2, 28));
        assert_eq!(leap.days_until(Date::new(2024, 3, 1).unwrap()), 1);
        assert_eq!(leap.add_days(-29), Date::new(2024, 1, 31));
        assert_eq!(leap.add_years(i64::MAX), None);
    }
}
