//! Stored numbers as people see them.
//!
//! A sheet stores binary fractions, with up to 17 digits of which programs show 15: `12.600000000000001` is 12.6.

/// Digits that a sheet's number really has.
pub(super) const DIGITS: usize = 15;

/// A stored number as a plain decimal of at most 15 digits; none if it is no finite number.
pub(super) fn plain(stored: &str) -> Option<String> {
    let stored = stored.trim();
    let value: f64 = stored.parse().ok().filter(|v: &f64| v.is_finite())?;
    let digits = stored.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = stored
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    let starts = stored.trim_start_matches('-');
    if is_plain
        && digits <= DIGITS
        && starts.starts_with(|c: char| c.is_ascii_digit())
        && !starts.ends_with('.')
    {
        return Some(stored.to_owned());
    }
    Some(decimal(value, 0))
}

/// A number times a power of ten, as a plain decimal of at most 15 digits.
pub(super) fn decimal(value: f64, shift: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let written = format!("{:.*e}", DIGITS - 1, value.abs());
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    // The point stands behind so many of the digits.
    let point = exponent.parse::<i32>().unwrap_or(0) + 1 + shift;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let sign = if value < 0.0 { "-" } else { "" };
    if !(-30..=40).contains(&point) {
        // Too far out to be written in full; whoever reads it refuses it.
        return format!("{sign}{mantissa}e{}", point - 1);
    }
    let zeros = |n: i32| "0".repeat(usize::try_from(n).unwrap_or(0));
    if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= count {
        format!("{sign}{digits}{}", zeros(point - count))
    } else {
        let at = usize::try_from(point).unwrap_or(0);
        let (whole, fraction) = digits.split_at_checked(at).unwrap_or((digits, ""));
        format!("{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_number_is_read_as_it_is_shown() {
        for (stored, shown) in [
            ("12.6", Some("12.6")),
            ("12.600000000000001", Some("12.6")),
            ("0.30000000000000004", Some("0.3")),
            ("1E-3", Some("0.001")),
            ("1.2E+3", Some("1200")),
            ("-4.0000000000000001E-2", Some("-0.04")),
            ("123456789012345", Some("123456789012345")),
            ("1234567890123456789", Some("1234567890123460000")),
            ("2.405201105650104E+21", Some("2405201105650100000000")),
            ("0", Some("0")),
            ("-0.0", Some("-0.0")),
            ("1e999", None),
            ("nan", None),
            ("x", None),
        ] {
            assert_eq!(plain(stored).as_deref(), shown, "{stored}");
        }
        assert_eq!(decimal(0.35, 2), "35");
        assert_eq!(decimal(0.0525, 2), "5.25");
        assert_eq!(decimal(1e200, 0), "1.00000000000000e200");
    }
}
