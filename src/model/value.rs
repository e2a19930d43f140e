//! Values as sets of what may be: truth values, and intervals of numbers.
//!
//! The operations are sound: the result holds whatever the operands may be.
//! They are not complete: `x - x` of an interval stays wide.
//! It does not know which facts a value came from.

use super::number::Number;

/// Kleene's three truth values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tri {
    /// False whatever the unknown facts are.
    False,
    /// It depends on unknown facts.
    Unknown,
    /// True whatever the unknown facts are.
    True,
}

impl Tri {
    /// False only if either is false, true only if both are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// True only if either is true, false only if both are.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// True and false change places.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "a Kleene `not`, beside `and` and `or`"
    )]
    pub fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// A closed interval of numbers, possibly unbounded; a point is a known number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interval {
    /// One number.
    Point(Number),
    /// A number or more: what is missing of most fields, kept without a box.
    AtLeast(Number),
    /// Anything between two ends, both included.
    Range(Box<Ends>),
    /// Any number.
    Any,
}

/// The ends of a range; a missing one is unbounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    low: Option<Number>,
    high: Option<Number>,
}

use Interval::{Any, AtLeast, Point, Range};

impl Interval {
    /// Any number.
    pub const ANY: Self = Any;
    /// Zero.
    pub const ZERO: Self = Point(Number::ZERO);

    /// The interval between two ends; equal ends make a point.
    pub fn new(low: Option<Number>, high: Option<Number>) -> Self {
        match (low, high) {
            (Some(low), Some(high)) if low == high => Point(low),
            (None, None) => Any,
            (Some(low), None) => AtLeast(low),
            (low, high) => Range(Box::new(Ends { low, high })),
        }
    }

    /// The lower end, none if unbounded.
    pub fn low(&self) -> Option<&Number> {
        match self {
            Point(n) | AtLeast(n) => Some(n),
            Range(ends) => ends.low.as_ref(),
            Any => None,
        }
    }

    /// The upper end, none if unbounded.
    pub fn high(&self) -> Option<&Number> {
        match self {
            Point(n) => Some(n),
            Range(ends) => ends.high.as_ref(),
            AtLeast(_) | Any => None,
        }
    }

    /// The one number it can be.
    pub fn point(&self) -> Option<&Number> {
        match self {
            Point(n) => Some(n),
            AtLeast(_) | Range(_) | Any => None,
        }
    }

    /// True if the number lies in the interval.
    pub fn contains(&self, number: &Number) -> bool {
        self.low().is_none_or(|low| low <= number) && self.high().is_none_or(|high| number <= high)
    }

    /// True if every number of `other` lies in this interval.
    pub fn covers(&self, other: &Self) -> bool {
        let low = match (self.low(), other.low()) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a <= b,
        };
        let high = match (self.high(), other.high()) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(a), Some(b)) => a >= b,
        };
        low && high
    }

    /// The sum.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        match (self, other) {
            (Point(a), Point(b)) => return Point(a + b),
            (AtLeast(a), AtLeast(b) | Point(b)) | (Point(a), AtLeast(b)) => return AtLeast(a + b),
            _ => {}
        }
        let sum = |a: Option<&Number>, b: Option<&Number>| Some(a? + b?);
        Self::new(sum(self.low(), other.low()), sum(self.high(), other.high()))
    }

    /// The opposite.
    #[must_use]
    pub fn neg(&self) -> Self {
        match self {
            Point(n) => Point(-n),
            AtLeast(n) => Self::new(None, Some(-n)),
            Range(ends) => Self::new(
                ends.high.as_ref().map(|n| -n),
                ends.low.as_ref().map(|n| -n),
            ),
            Any => Any,
        }
    }

    /// The difference.
    #[must_use]
    pub fn sub(&self, other: &Self) -> Self {
        self.add(&other.neg())
    }

    /// The product. Zero times anything is zero, since unknown numbers are finite.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        match (self, other) {
            (Point(a), Point(b)) => return Point(a * b),
            (Point(a), _) => return other.scaled(a),
            (_, Point(b)) => return self.scaled(b),
            _ => {}
        }
        let (a, b, c, d) = (
            End::low(self),
            End::high(self),
            End::low(other),
            End::high(other),
        );
        let products = [a.times(&c), a.times(&d), b.times(&c), b.times(&d)];
        let low = products.iter().min().and_then(End::finite);
        let high = products.iter().max().and_then(End::finite);
        Self::new(low, high)
    }

    /// The product with a known factor.
    fn scaled(&self, factor: &Number) -> Self {
        if factor.is_zero() {
            return Self::ZERO;
        }
        if factor.is_negative() {
            return self.neg().scaled(&-factor);
        }
        match self {
            Point(n) => Point(n * factor),
            AtLeast(n) => AtLeast(n * factor),
            Range(ends) => Self::new(
                ends.low.as_ref().map(|n| n * factor),
                ends.high.as_ref().map(|n| n * factor),
            ),
            Any => Any,
        }
    }

    /// The quotient, none if the divisor may be zero.
    pub fn div(&self, other: &Self) -> Option<Self> {
        if other.contains(&Number::ZERO) {
            return None;
        }
        // The divisor has one sign, so its reciprocal runs between the reciprocals of its ends,
        // and the reciprocal of an unbounded end is zero.
        let reciprocal = |end: Option<&Number>| match end {
            Some(n) => Number::ONE.checked_div(n),
            None => Some(Number::ZERO),
        };
        if let (Point(a), Point(b)) = (self, other) {
            return a.checked_div(b).map(Point);
        }
        let inverse = Self::new(reciprocal(other.high()), reciprocal(other.low()));
        Some(self.mul(&inverse))
    }

    /// The absolute value.
    #[must_use]
    pub fn abs(&self) -> Self {
        match self {
            Point(n) => Point(n.abs()),
            AtLeast(_) | Range(_) if self.low().is_some_and(|n| !n.is_negative()) => self.clone(),
            Range(_) if self.high().is_some_and(|n| !(-n).is_negative()) => self.neg(),
            AtLeast(_) | Range(_) | Any => {
                let far = match (self.low(), self.high()) {
                    (Some(low), Some(high)) => Some(low.abs().max(high.abs())),
                    _ => None,
                };
                Self::new(Some(Number::ZERO), far)
            }
        }
    }

    /// The lesser of the two.
    #[must_use]
    pub fn min(&self, other: &Self) -> Self {
        let low = match (self.low(), other.low()) {
            (Some(a), Some(b)) => Some(a.min(b).clone()),
            _ => None,
        };
        let high = match (self.high(), other.high()) {
            (Some(a), Some(b)) => Some(a.min(b).clone()),
            (end, None) | (None, end) => end.cloned(),
        };
        Self::new(low, high)
    }

    /// The greater of the two.
    #[must_use]
    pub fn max(&self, other: &Self) -> Self {
        self.neg().min(&other.neg()).neg()
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        let low = match (self.low(), other.low()) {
            (Some(a), Some(b)) => Some(a.min(b).clone()),
            _ => None,
        };
        let high = match (self.high(), other.high()) {
            (Some(a), Some(b)) => Some(a.max(b).clone()),
            _ => None,
        };
        Self::new(low, high)
    }

    /// Whether this is less than the other.
    pub fn less(&self, other: &Self) -> Tri {
        if let (Point(a), Point(b)) = (self, other) {
            return Tri::from(a < b);
        }
        let surely =
            |a: Option<&Number>, b: Option<&Number>| matches!((a, b), (Some(a), Some(b)) if a < b);
        let never =
            |a: Option<&Number>, b: Option<&Number>| matches!((a, b), (Some(a), Some(b)) if a >= b);
        if surely(self.high(), other.low()) {
            Tri::True
        } else if never(self.low(), other.high()) {
            Tri::False
        } else {
            Tri::Unknown
        }
    }

    /// Whether the two are equal: true for equal points, false for disjoint intervals.
    pub fn equal(&self, other: &Self) -> Tri {
        match (self, other) {
            (Point(a), Point(b)) => Tri::from(a == b),
            _ if self.less(other) == Tri::True || other.less(self) == Tri::True => Tri::False,
            _ => Tri::Unknown,
        }
    }
}

/// An end of an interval, ordered with the infinities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Below,
    At(Number),
    Above,
}

impl End {
    fn low(interval: &Interval) -> Self {
        interval.low().cloned().map_or(Self::Below, Self::At)
    }

    fn high(interval: &Interval) -> Self {
        interval.high().cloned().map_or(Self::Above, Self::At)
    }

    fn finite(&self) -> Option<Number> {
        match self {
            Self::At(n) => Some(n.clone()),
            _ => None,
        }
    }

    fn sign(&self) -> i8 {
        match self {
            Self::Below => -1,
            Self::Above => 1,
            Self::At(n) if n.is_zero() => 0,
            Self::At(n) => {
                if n.is_negative() {
                    -1
                } else {
                    1
                }
            }
        }
    }

    fn times(&self, other: &Self) -> Self {
        if let (Self::At(a), Self::At(b)) = (self, other) {
            return Self::At(a * b);
        }
        match self.sign() * other.sign() {
            0 => Self::At(Number::ZERO),
            1 => Self::Above,
            _ => Self::Below,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn i(low: i64, high: i64) -> Interval {
        Interval::new(Some(low.into()), Some(high.into()))
    }
    fn from(low: i64) -> Interval {
        Interval::new(Some(low.into()), None)
    }

    #[test]
    fn arithmetic_holds_for_every_member() {
        assert_eq!(i(1, 2).add(&i(10, 20)), i(11, 22));
        assert_eq!(i(1, 2).sub(&i(10, 20)), i(-19, -8));
        assert_eq!(i(-2, 3).mul(&i(-5, 7)), i(-15, 21));
        assert_eq!(from(2).mul(&from(3)), from(6));
        assert_eq!(i(0, 0).mul(&Interval::ANY), i(0, 0));
        assert_eq!(i(4, 8).div(&i(2, 4)), Some(i(1, 4)));
        assert_eq!(i(4, 8).div(&i(-1, 4)), None);
        assert_eq!(i(4, 8).div(&from(4)), Some(i(0, 2)));
        assert_eq!(i(-3, 2).abs(), i(0, 3));
        assert_eq!(i(-3, -2).abs(), i(2, 3));
        assert_eq!(from(2).min(&i(1, 5)), i(1, 5));
        assert_eq!(from(2).max(&i(1, 5)), from(2));
    }

    #[test]
    fn a_comparison_is_decided_only_if_it_holds_for_every_member() {
        assert_eq!(i(1, 2).less(&i(3, 4)), Tri::True);
        assert_eq!(i(1, 3).less(&i(3, 4)), Tri::Unknown);
        assert_eq!(i(3, 4).less(&i(1, 3)), Tri::False);
        assert_eq!(from(3).less(&i(1, 3)), Tri::False);
        assert_eq!(i(1, 2).equal(&i(2, 3)), Tri::Unknown);
        assert_eq!(i(1, 2).equal(&i(3, 3)), Tri::False);
        assert_eq!(i(2, 2).equal(&i(2, 2)), Tri::True);
        assert_eq!(Interval::ANY.equal(&Interval::ANY), Tri::Unknown);
    }
}
