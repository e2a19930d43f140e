//! Which rings are outer rings and which are holes, from how they lie in each other.
//!
//! A ring that lies in an even number of others is an outer ring, any other a hole of the smallest ring around it:
//! the even-odd rule. It does not know whether rings cross; `validity` does.

use crate::model::shape::{Point, Ring};
use crate::overlay::bounds::Bounds;
use crate::overlay::projection::ring_area;

/// Groups rings into polygons, as indices: the outer ring first, then its holes; both in the order given.
pub(super) fn group(rings: &[Ring]) -> Vec<Vec<usize>> {
    if rings.len() < 2 {
        return (0..rings.len()).map(|index| vec![index]).collect();
    }
    let bounds: Vec<Option<Bounds>> = rings
        .iter()
        .map(|ring| Bounds::of(ring.iter().copied()))
        .collect();
    let areas: Vec<f64> = rings.iter().map(ring_area).collect();
    let around: Vec<Vec<usize>> = (0..rings.len())
        .map(|inner| around(inner, rings, &bounds, &areas))
        .collect();
    let is_outer = |index: usize| around.get(index).is_none_or(|list| list.len() % 2 == 0);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut group_of = vec![None; rings.len()];
    for index in (0..rings.len()).filter(|index| is_outer(*index)) {
        if let Some(group) = group_of.get_mut(index) {
            *group = Some(groups.len());
        }
        groups.push(vec![index]);
    }
    for index in (0..rings.len()).filter(|index| !is_outer(*index)) {
        let area = |ring: &usize| areas.get(*ring).copied().unwrap_or(f64::INFINITY);
        let shell = around
            .get(index)
            .and_then(|list| list.iter().min_by(|a, b| area(a).total_cmp(&area(b))))
            .and_then(|shell| group_of.get(*shell).copied().flatten());
        match shell.and_then(|shell| groups.get_mut(shell)) {
            Some(group) => group.push(index),
            // Rings that cross may leave a hole without an outer ring; the check says so later.
            None => groups.push(vec![index]),
        }
    }
    groups
}

/// The rings that a ring lies in.
fn around(inner: usize, rings: &[Ring], bounds: &[Option<Bounds>], areas: &[f64]) -> Vec<usize> {
    let (Some(ring), Some(Some(own)), Some(area)) =
        (rings.get(inner), bounds.get(inner), areas.get(inner))
    else {
        return Vec::new();
    };
    let mut list = Vec::new();
    for (outer, ((other, bounds), size)) in rings.iter().zip(bounds).zip(areas).enumerate() {
        let larger = size > area;
        if outer != inner
            && larger
            && bounds.is_some_and(|bounds| bounds.holds(own))
            && lies_in(ring, other)
        {
            list.push(outer);
        }
    }
    list
}

/// True if most of a few points of a ring lie in another: one alone may lie on its line.
fn lies_in(inner: &Ring, outer: &Ring) -> bool {
    let step = (inner.len() / 3).max(1);
    let (mut within, mut without) = (0, 0);
    for (a, b) in inner.iter().zip(inner.iter().cycle().skip(1)).step_by(step) {
        let middle = Point {
            x: f64::midpoint(a.x, b.x),
            y: f64::midpoint(a.y, b.y),
        };
        if contains(outer, middle) {
            within += 1;
        } else {
            without += 1;
        }
    }
    within > without
}

/// True if a point lies in a ring, by the number of edges to its right.
fn contains(ring: &Ring, point: Point) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossed = ring.iter().zip(next).filter(|(a, b)| {
        (a.y > point.y) != (b.y > point.y)
            && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x
    });
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Ring {
        let corner = |dx: f64, dy: f64| Point {
            x: x + dx * side,
            y: y + dy * side,
        };
        vec![
            corner(0.0, 0.0),
            corner(1.0, 0.0),
            corner(1.0, 1.0),
            corner(0.0, 1.0),
        ]
    }

    #[test]
    fn islands_in_holes_are_polygons_of_their_own() {
        let rings = [
            square(2.0, 2.0, 6.0),
            square(0.0, 0.0, 10.0),
            square(4.0, 4.0, 2.0),
            square(20.0, 0.0, 5.0),
        ];
        assert_eq!(group(&rings), [vec![1, 0], vec![2], vec![3]]);
    }

    #[test]
    fn neighbours_that_share_an_edge_are_two_polygons() {
        let rings = [square(0.0, 0.0, 1.0), square(1.0, 0.0, 1.0)];
        assert_eq!(group(&rings), [vec![0], vec![1]]);
    }
}
