//! Exact numbers: decimals on a fast path, ratios after a division.
//!
//! Nothing is rounded before it is displayed.
//! It does not know units.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Digits accepted in one written number.
pub const MAX_DIGITS: usize = 40;
/// Largest absolute exponent accepted in one written number.
pub const MAX_EXPONENT: i32 = 30;
/// Digits shown of an expansion that does not end.
const SHOWN_DIGITS: usize = 6;

/// An exact rational number.
#[derive(Clone, Debug)]
pub struct Number(Repr);

#[derive(Clone, Debug)]
enum Repr {
    /// `digits / 10^scale`.
    Decimal { digits: i128, scale: u8 },
    /// A short ratio in lowest terms that is no decimal.
    Fraction { above: i128, below: u64 },
    /// Anything else, in lowest terms.
    Ratio(Box<BigRational>),
}

use Repr::{Decimal, Fraction, Ratio};

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotANumber {
    /// It is not written as a number.
    Malformed,
    /// It has more than [`MAX_DIGITS`] digits or an exponent beyond [`MAX_EXPONENT`].
    TooLong,
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Decimal {
        digits: 0,
        scale: 0,
    });
    /// One.
    pub const ONE: Self = Self(Decimal {
        digits: 1,
        scale: 0,
    });

    /// A decimal `digits / 10^scale`.
    pub const fn decimal(digits: i128, scale: u8) -> Self {
        Self(Decimal { digits, scale })
    }

    /// A short plain decimal such as `1234.50`, without allocating.
    fn parse_plain(text: &str) -> Option<Self> {
        let (negative, text) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = text
            .split_once('.')
            .map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
        let places = fraction.map_or(0, str::len);
        if whole.is_empty() || fraction == Some("") || whole.len() + places > 30 {
            return None;
        }
        let mut digits = 0_i128;
        for byte in whole.bytes().chain(fraction.unwrap_or("").bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits * 10 + i128::from(byte - b'0');
        }
        Some(Self::decimal(
            if negative { -digits } else { digits },
            u8::try_from(places).ok()?,
        ))
    }

    /// Reads `-1234.50`, `1.2e3`, `1,234`. Thousands separators must stand in groups of three.
    pub fn parse(text: &str) -> Result<Self, NotANumber> {
        if let Some(plain) = Self::parse_plain(text) {
            return Ok(plain);
        }
        let (negative, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if mantissa.contains('.') && fraction.is_empty() || whole.is_empty() {
            return Err(NotANumber::Malformed);
        }
        let whole = ungrouped(whole)?;
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let fraction: String = fraction.chars().filter(|c| *c != '_').collect();
        if !all_digits(&whole) || !all_digits(&fraction) {
            return Err(NotANumber::Malformed);
        }
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_start_matches('0');
        if significant.len() > MAX_DIGITS || digits.len() > 2 * MAX_DIGITS {
            return Err(NotANumber::TooLong);
        }
        let big: BigInt = if significant.is_empty() {
            BigInt::zero()
        } else {
            significant.parse().map_err(|_| NotANumber::Malformed)?
        };
        let big = if negative { -big } else { big };
        let scale = i32::try_from(fraction.len()).unwrap_or(i32::MAX) - exponent;
        Ok(Self::scaled(big, scale))
    }

    /// `digits / 10^scale` for any size and sign of the scale.
    fn scaled(digits: BigInt, scale: i32) -> Self {
        let power = BigInt::from(10).pow(scale.unsigned_abs());
        if scale <= 0 {
            return Self::ratio(BigRational::from_integer(digits * power));
        }
        match (digits.to_i128(), u8::try_from(scale)) {
            (Some(digits), Ok(scale)) if scale <= 36 => Self(Decimal { digits, scale }),
            _ => Self::ratio(BigRational::new(digits, power)),
        }
    }

    /// A ratio, back on the fast path if it is a short decimal.
    fn ratio(ratio: BigRational) -> Self {
        if ratio.is_integer()
            && let Some(digits) = ratio.numer().to_i128()
        {
            return Self(Decimal { digits, scale: 0 });
        }
        if let Some(scale) = decimal_places(ratio.denom())
            && scale <= 36
            && let Some(digits) =
                (ratio.numer() * (BigInt::from(10).pow(scale) / ratio.denom())).to_i128()
        {
            return Self(Decimal {
                digits,
                scale: u8::try_from(scale).unwrap_or(0),
            });
        }
        if let (Some(above), Some(below)) = (ratio.numer().to_i128(), ratio.denom().to_u64()) {
            return Self(Fraction { above, below });
        }
        Self(Ratio(Box::new(ratio)))
    }

    /// Numerator and denominator, if both are short.
    fn short(&self) -> Option<(i128, i128)> {
        match &self.0 {
            Decimal { digits, scale } => Some((*digits, power(*scale)?)),
            Fraction { above, below } => Some((*above, i128::from(*below))),
            Ratio(_) => None,
        }
    }

    /// `above / below` for a positive `below`, reduced; none if it does not stay short.
    fn reduced(above: i128, below: i128) -> Option<Self> {
        let shared = gcd(above.unsigned_abs(), below.unsigned_abs());
        let shared = i128::try_from(shared).ok().filter(|n| *n > 0)?;
        let (above, below) = (above / shared, below / shared);
        let (mut rest, mut twos, mut fives) = (below, 0_u8, 0_u8);
        while rest % 2 == 0 {
            rest /= 2;
            twos += 1;
        }
        while rest % 5 == 0 {
            rest /= 5;
            fives += 1;
        }
        if rest == 1 {
            let scale = twos.max(fives);
            let digits = above.checked_mul(power(scale)? / below)?;
            return (scale <= 36).then_some(Self(Decimal { digits, scale }));
        }
        Some(Self(Fraction {
            above,
            below: u64::try_from(below).ok()?,
        }))
    }

    fn to_ratio(&self) -> BigRational {
        match &self.0 {
            Decimal { digits, scale } => BigRational::new(
                BigInt::from(*digits),
                BigInt::from(10).pow(u32::from(*scale)),
            ),
            Fraction { above, below } => {
                BigRational::new_raw(BigInt::from(*above), BigInt::from(*below))
            }
            Ratio(ratio) => (**ratio).clone(),
        }
    }

    /// The quotient, none for a divisor of zero.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        if divisor.is_zero() {
            return None;
        }
        if let (Some((a, b)), Some((c, d))) = (self.short(), divisor.short())
            && let (Some(above), Some(below)) =
                (a.checked_mul(d), b.checked_mul(c.saturating_abs()))
            && let Some(quotient) =
                Self::reduced(if c < 0 { above.saturating_neg() } else { above }, below)
        {
            return Some(quotient);
        }
        Some(Self::ratio(self.to_ratio() / divisor.to_ratio()))
    }

    /// True for zero.
    pub fn is_zero(&self) -> bool {
        match &self.0 {
            Decimal { digits, .. } => *digits == 0,
            Fraction { .. } => false,
            Ratio(ratio) => ratio.is_zero(),
        }
    }

    /// True below zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Decimal { digits: above, .. } | Fraction { above, .. } => *above < 0,
            Ratio(ratio) => ratio.is_negative(),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() {
            -self
        } else {
            self.clone()
        }
    }

    /// The number as an integer, if it is one that fits.
    pub fn to_i64(&self) -> Option<i64> {
        let ratio = self.to_ratio();
        if ratio.is_integer() {
            ratio.numer().to_i64()
        } else {
            None
        }
    }

    /// The number written out with at most `places` decimals, cut and not rounded,
    /// and whether that is all of it.
    pub fn written(&self, places: usize) -> (String, bool) {
        let ratio = self.to_ratio();
        let sign = if ratio.is_negative() { "-" } else { "" };
        let ratio = ratio.abs();
        let mut text = format!("{sign}{}", grouped(&ratio.to_integer().to_string()));
        let mut rest = ratio.fract();
        if rest.is_zero() {
            return (text, true);
        }
        text.push('.');
        let ten = BigRational::from_integer(BigInt::from(10));
        for _ in 0..places {
            rest *= &ten;
            text.push_str(&rest.to_integer().to_string());
            rest = rest.fract();
            if rest.is_zero() {
                return (text, true);
            }
        }
        let text = text.trim_end_matches('.').to_owned();
        (text, false)
    }

    /// The number for display: all of it, or `≈` and as many digits as tell it from `other`.
    pub fn shown_beside(&self, other: &Self) -> String {
        let exact = decimal_places(self.to_ratio().denom()).is_some_and(|places| places <= 30);
        if exact {
            return self.written(30).0;
        }
        let mut places = SHOWN_DIGITS;
        while places < 60 && self != other && self.written(places).0 == other.written(places).0 {
            places += 1;
        }
        format!("≈{}", self.written(places).0)
    }
}

/// The number of decimals of `1/denominator`, if it ends.
fn decimal_places(denominator: &BigInt) -> Option<u32> {
    let mut rest = denominator.clone();
    let mut count = |prime: u8| {
        let prime = BigInt::from(prime);
        let mut n = 0_u32;
        while (&rest % &prime).is_zero() {
            rest /= &prime;
            n += 1;
        }
        n
    };
    let (twos, fives) = (count(2), count(5));
    rest.is_one().then_some(twos.max(fives))
}

fn parse_exponent(text: &str) -> Result<i32, NotANumber> {
    let digits = text.strip_prefix(['-', '+', '−']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NotANumber::Malformed);
    }
    let value: i32 = digits.parse().map_err(|_| NotANumber::TooLong)?;
    if value > MAX_EXPONENT {
        return Err(NotANumber::TooLong);
    }
    Ok(if text.starts_with(['-', '−']) {
        -value
    } else {
        value
    })
}

/// The digits of a whole number without `_` and thousands separators.
fn ungrouped(whole: &str) -> Result<String, NotANumber> {
    if !whole.contains([',', '，']) {
        return Ok(whole.chars().filter(|c| *c != '_').collect());
    }
    let mut groups = whole.split([',', '，']);
    let first = groups.next().unwrap_or("");
    let mut digits = first.to_owned();
    if !(1..=3).contains(&first.len()) {
        return Err(NotANumber::Malformed);
    }
    for group in groups {
        if group.len() != 3 {
            return Err(NotANumber::Malformed);
        }
        digits.push_str(group);
    }
    Ok(digits)
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The greatest common divisor, by Euclid; in 64 bits as soon as both fit.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if let (Ok(mut x), Ok(mut y)) = (u64::try_from(a), u64::try_from(b)) {
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return u128::from(x);
        }
        (a, b) = (b, a % b);
    }
    a
}

/// Powers of ten that fit the fast path.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time only")]
const POWERS: [i128; 39] = {
    let mut powers = [1; 39];
    let mut scale = 1;
    while scale < 39 {
        powers[scale] = powers[scale - 1] * 10;
        scale += 1;
    }
    powers
};

fn power(scale: u8) -> Option<i128> {
    POWERS.get(usize::from(scale)).copied()
}

/// Two decimals at one scale, if they fit.
fn aligned(a: (i128, u8), b: (i128, u8)) -> Option<(i128, i128, u8)> {
    if a.1 == b.1 {
        Some((a.0, b.0, a.1))
    } else if b.0 == 0 {
        Some((a.0, 0, a.1))
    } else if a.0 == 0 {
        Some((0, b.0, b.1))
    } else if a.1 > b.1 {
        Some((a.0, b.0.checked_mul(power(a.1 - b.1)?)?, a.1))
    } else {
        Some((a.0.checked_mul(power(b.1 - a.1)?)?, b.0, b.1))
    }
}

impl Add for &Number {
    type Output = Number;
    fn add(self, other: Self) -> Number {
        if let (
            Decimal {
                digits: a,
                scale: s,
            },
            Decimal {
                digits: b,
                scale: t,
            },
        ) = (&self.0, &other.0)
            && let Some((a, b, scale)) = aligned((*a, *s), (*b, *t))
            && let Some(digits) = a.checked_add(b)
        {
            return Number(Decimal { digits, scale });
        }
        let short = self
            .short()
            .zip(other.short())
            .and_then(|((a, b), (c, d))| {
                let above = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
                Number::reduced(above, b.checked_mul(d)?)
            });
        short.unwrap_or_else(|| Number::ratio(self.to_ratio() + other.to_ratio()))
    }
}

impl Neg for &Number {
    type Output = Number;
    fn neg(self) -> Number {
        match &self.0 {
            Decimal { digits, scale } if *digits != i128::MIN => Number(Decimal {
                digits: -digits,
                scale: *scale,
            }),
            Fraction { above, below } if *above != i128::MIN => Number(Fraction {
                above: -above,
                below: *below,
            }),
            _ => Number::ratio(-self.to_ratio()),
        }
    }
}

impl Sub for &Number {
    type Output = Number;
    fn sub(self, other: Self) -> Number {
        self + &-other
    }
}

impl Mul for &Number {
    type Output = Number;
    fn mul(self, other: Self) -> Number {
        if self.is_zero() || other.is_zero() {
            return Number::ZERO;
        }
        if let (
            Decimal {
                digits: a,
                scale: s,
            },
            Decimal {
                digits: b,
                scale: t,
            },
        ) = (&self.0, &other.0)
            && s + t <= 36
            && let Some(digits) = a.checked_mul(*b)
        {
            return Number(Decimal {
                digits,
                scale: s + t,
            });
        }
        let short = self
            .short()
            .zip(other.short())
            .and_then(|((a, b), (c, d))| Number::reduced(a.checked_mul(c)?, b.checked_mul(d)?));
        short.unwrap_or_else(|| Number::ratio(self.to_ratio() * other.to_ratio()))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Number {}
impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (
            Decimal {
                digits: a,
                scale: s,
            },
            Decimal {
                digits: b,
                scale: t,
            },
        ) = (&self.0, &other.0)
            && let Some((a, b, _)) = aligned((*a, *s), (*b, *t))
        {
            return a.cmp(&b);
        }
        if let (Some((a, b)), Some((c, d))) = (self.short(), other.short())
            && let (Some(left), Some(right)) = (a.checked_mul(d), c.checked_mul(b))
        {
            return left.cmp(&right);
        }
        self.to_ratio().cmp(&other.to_ratio())
    }
}

impl fmt::Display for Number {
    /// All of the number if its expansion ends, otherwise a cut expansion after `≈`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown_beside(self))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::decimal(i128::from(value), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn decimals_are_exact_and_shown_whole() {
        assert_eq!(&n("0.1") + &n("0.2"), n("0.3"));
        assert_eq!(n("1234567.50").to_string(), "1,234,567.5");
        assert_eq!(n("1,234.5"), n("1.2345e3"));
        assert_eq!((&n("8136000") * &n("0.0001229")).to_string(), "999.9144");
        assert_eq!(n("-0.05").to_string(), "-0.05");
    }

    #[test]
    fn a_division_stays_exact_and_a_cut_expansion_says_so() {
        let third = n("1").checked_div(&n("3")).unwrap();
        assert_eq!(third.to_string(), "≈0.333333");
        assert_eq!(&third * &n("3"), n("1"));
        assert_eq!(n("1").checked_div(&n("8")).unwrap().to_string(), "0.125");
        assert!(n("1").checked_div(&n("0.0")).is_none());
    }

    #[test]
    fn a_cut_expansion_shows_enough_digits_to_tell_it_from_its_threshold() {
        let close = &n("1").checked_div(&n("3")).unwrap() + &n("0.00000000001");
        let third = n("1").checked_div(&n("3")).unwrap();
        assert_eq!(close.shown_beside(&third), "≈0.33333333334");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "", ".", "1.", ".5", "1,23", "12,3456", "1e", "0x10", "一", "nan", "inf", "1e1.5",
            "--1",
        ] {
            assert_eq!(Number::parse(text), Err(NotANumber::Malformed), "{text}");
        }
        for text in ["1e31", "1e308", &"9".repeat(41), &"9".repeat(400)] {
            assert_eq!(Number::parse(text), Err(NotANumber::TooLong), "{text}");
        }
    }

    #[test]
    fn short_ratios_agree_with_long_ones() {
        let numbers = ["3", "7.5", "-1.25", "36000", "0.1229", "115200000", "1e20"].map(n);
        for a in &numbers {
            for b in &numbers {
                let quotient = a.checked_div(b).unwrap();
                assert_eq!(quotient.to_ratio(), a.to_ratio() / b.to_ratio());
                assert_eq!(&quotient * b, *a);
                for c in &numbers {
                    assert_eq!(
                        (&quotient + c).to_ratio(),
                        quotient.to_ratio() + c.to_ratio()
                    );
                    assert_eq!(
                        (&quotient * c).to_ratio(),
                        quotient.to_ratio() * c.to_ratio()
                    );
                    assert_eq!(quotient.cmp(c), quotient.to_ratio().cmp(&c.to_ratio()));
                }
            }
        }
    }

    #[test]
    fn beyond_the_fast_path_numbers_stay_exact() {
        let big = n(&"9".repeat(40));
        assert_eq!(&(&big * &big) - &(&big * &big), Number::ZERO);
        assert!(&big * &n("1e30") > big);
        assert_eq!(&n("1e-30") + &n("1e30"), &n("1e30") + &n("1e-30"));
    }
}
