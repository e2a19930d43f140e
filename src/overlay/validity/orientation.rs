//! On which side of a line a point lies, without an error of rounding.
//!
//! A floating-point result decides where it is larger than its error can be (Shewchuk, *Adaptive precision
//! floating-point arithmetic*, 1997). Else products are compared with their rounding errors, if the differences of
//! the coordinates are exact, and fractions of whole numbers decide the rest.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::Ratio;

use crate::model::shape::Point;

/// `Greater` if `c` lies to the left of the line from `a` to `b`, `Equal` if it lies on it.
///
/// The coordinates are finite.
pub(in crate::overlay) fn side(a: Point, b: Point, c: Point) -> Ordering {
    let (ax, bx) = (a.x - c.x, b.x - c.x);
    let (ay, by) = (a.y - c.y, b.y - c.y);
    let (left, right) = (ax * by, ay * bx);
    let error = (3.0 + 16.0 * f64::EPSILON) * f64::EPSILON * (left.abs() + right.abs());
    let difference = left - right;
    if difference.abs() > error {
        return difference.total_cmp(&0.0);
    }
    let exact = is_exact(a.x, c.x, ax)
        && is_exact(b.x, c.x, bx)
        && is_exact(a.y, c.y, ay)
        && is_exact(b.y, c.y, by);
    // Products too small for their errors to be numbers are left to the fractions.
    let is_plain = |product: f64| product == 0.0 || product.abs() > 1e-250;
    if exact && is_plain(left) && is_plain(right) {
        // Rounding keeps order: unequal products differ as their exact values do.
        return left
            .partial_cmp(&right)
            .filter(|order| order.is_ne())
            .unwrap_or_else(|| {
                let tail = |x: f64, y: f64, product: f64| x.mul_add(y, -product);
                (tail(ax, by, left) - tail(ay, bx, right))
                    .partial_cmp(&0.0)
                    .unwrap_or(Ordering::Equal)
            });
    }
    let whole =
        |x: f64| Ratio::<BigInt>::from_float(x).unwrap_or_else(|| Ratio::from(BigInt::ZERO));
    let (cx, cy) = (whole(c.x), whole(c.y));
    let left = (whole(a.x) - &cx) * (whole(b.y) - &cy);
    let right = (whole(a.y) - &cy) * (whole(b.x) - &cx);
    left.cmp(&right)
}

/// True if `difference` is `a - b` without rounding.
fn is_exact(a: f64, b: f64, difference: f64) -> bool {
    let back = a - difference;
    (a - (difference + back)) + (back - b) == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By fractions alone.
    fn plain(a: Point, b: Point, c: Point) -> Ordering {
        let whole = |x: f64| Ratio::<BigInt>::from_float(x).unwrap();
        let left = (whole(a.x) - whole(c.x)) * (whole(b.y) - whole(c.y));
        let right = (whole(a.y) - whole(c.y)) * (whole(b.x) - whole(c.x));
        left.cmp(&right)
    }

    proptest! {
        #[test]
        fn the_side_is_exact_even_next_to_the_line(
            (x, y) in (29_500_000.0..29_600_000.0, 4_800_000.0..4_900_000.0_f64),
            (dx, dy) in (-500.0..500.0, -500.0..500.0_f64),
            t in -2.0..2.0_f64,
            nudge in -2..3_i64,
        ) {
            let a = Point { x, y };
            let b = Point { x: x + dx, y: y + dy };
            let on = y + t * dy;
            let moved = f64::from_bits(on.to_bits().wrapping_add_signed(nudge));
            let c = Point { x: x + t * dx, y: moved };
            prop_assert_eq!(side(a, b, c), plain(a, b, c));
        }

        #[test]
        fn the_side_is_exact_for_small_and_mixed_numbers(
            n in prop::array::uniform6(-3..4_i32),
            scale in prop::sample::select(vec![1e-200, 1e-3, 0.1, 1.0, 1e9]),
        ) {
            let p = |i: usize| Point { x: f64::from(n[i]) * scale, y: f64::from(n[i + 1]) * 0.1 };
            prop_assert_eq!(side(p(0), p(2), p(4)), plain(p(0), p(2), p(4)));
        }
    }
}
