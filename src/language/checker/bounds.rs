//! What a number may be whatever a project says, for refusing comparisons that are constant.

use crate::language::checker::Checker;
use crate::language::ir::{NumExpr, NumKind};
use crate::model::number::Number;
use crate::model::value::Interval;

impl Checker<'_> {
    /// What a number may be whatever the project says.
    pub(super) fn bounds(&self, expr: &NumExpr) -> Interval {
        let both = |a: &NumExpr, b: &NumExpr| (self.bounds(a), self.bounds(b));
        match &expr.kind {
            NumKind::Literal(number) => Interval::Point(number.clone()),
            NumKind::Field(get) => self
                .vocabulary()
                .field(get.field())
                .map_or(Interval::ANY, |f| f.domain.clone()),
            NumKind::Parameter(index) => {
                let versions = self
                    .library
                    .parameters
                    .get(usize::from(*index))
                    .map_or(&[][..], |p| &p.versions);
                let hull = versions
                    .iter()
                    .map(|v| v.value.clone())
                    .reduce(|a, b| a.hull(&b));
                // Another version may come, so a single value is no proof.
                hull.map_or(Interval::ANY, |_| {
                    Interval::new(
                        versions
                            .iter()
                            .all(|v| v.value.low().is_some_and(|n| !n.is_negative()))
                            .then_some(Number::ZERO),
                        None,
                    )
                })
            }
            NumKind::Neg(a) => self.bounds(a).neg(),
            NumKind::Abs(a) => self.bounds(a).abs(),
            NumKind::Add(a, b) => {
                let (a, b) = both(a, b);
                a.add(&b)
            }
            NumKind::Sub(a, b) => {
                let (a, b) = both(a, b);
                a.sub(&b)
            }
            NumKind::Mul(a, b) => {
                let (a, b) = both(a, b);
                a.mul(&b)
            }
            NumKind::Div(a, b) => {
                let (a, b) = both(a, b);
                a.div(&b).unwrap_or(Interval::ANY)
            }
            NumKind::Size(_) | NumKind::Count(_) => Interval::new(Some(Number::ZERO), None),
            NumKind::Sum(_, body) => {
                let zero = Interval::Point(Number::ZERO);
                let one = self.bounds(body);
                let low = one.low().filter(|n| !n.is_negative()).map(|_| Number::ZERO);
                let high = one
                    .high()
                    .filter(|n| !(-*n).is_negative())
                    .map(|_| Number::ZERO);
                Interval::new(low, high).hull(&zero)
            }
            NumKind::Least(_, body) | NumKind::Greatest(_, body) => self.bounds(body),
            NumKind::If(_, a, b) => {
                let (a, b) = both(a, b);
                a.hull(&b)
            }
            NumKind::Min(all) => all
                .iter()
                .map(|e| self.bounds(e))
                .reduce(|a, b| a.min(&b))
                .unwrap_or(Interval::ANY),
            NumKind::Max(all) => all
                .iter()
                .map(|e| self.bounds(e))
                .reduce(|a, b| a.max(&b))
                .unwrap_or(Interval::ANY),
            NumKind::Days(..) | NumKind::Lookup(_) => Interval::ANY,
        }
    }
}
