//! Which rings are outer rings and which are holes, from how they lie in each other.
//!
//! A ring that lies in an even number of others is an outer ring, any other a hole of the smallest ring around it:
//! the even-odd rule. It does not know whether rings cross; `validity` does.

use crate::model::shape::{Point, Ring};
use crate::overlay::bounds::Bounds;
use crate::overlay::projection::ring_area;
use crate::overlay::validity::Edges;

/// How many points of a ring are looked at: one alone may lie on the line of another.
const PROBES: usize = 3;

/// Groups rings into polygons, as indices: the outer ring first, then its holes; both in the order given.
///
/// Takes the time of sorting the edges.
pub(super) fn group(rings: &[Ring]) -> Vec<Vec<usize>> {
    if rings.len() < 2 {
        return (0..rings.len()).map(|index| vec![index]).collect();
    }
    // A ring with a coordinate that is no number lies nowhere.
    let finite: Vec<Ring> = rings
        .iter()
        .map(|ring| match Bounds::of(ring.iter().copied()) {
            Some(_) => ring.clone(),
            None => Ring::new(),
        })
        .collect();
    let areas: Vec<f64> = finite.iter().map(ring_area).collect();
    let edges = Edges::of(finite.iter());
    let around: Vec<Vec<usize>> = (0..finite.len())
        .map(|inner| around(inner, &finite, &areas, &edges))
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

/// The larger rings that most of a few points of a ring lie in.
fn around(inner: usize, rings: &[Ring], areas: &[f64], edges: &Edges) -> Vec<usize> {
    let (Some(ring), Some(area)) = (rings.get(inner), areas.get(inner)) else {
        return Vec::new();
    };
    let step = (ring.len() / PROBES).max(1);
    let mut hits = Vec::new();
    let mut probes = 0;
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)).step_by(step) {
        let middle = Point {
            x: f64::midpoint(a.x, b.x),
            y: f64::midpoint(a.y, b.y),
        };
        probes += 1;
        hits.extend(edges.around(middle));
    }
    hits.sort_unstable();
    hits.chunk_by(|a, b| a == b)
        .filter(|hits| hits.len() * 2 > probes)
        .filter_map(|hits| hits.first().copied())
        .filter(|outer| *outer != inner && areas.get(*outer).is_some_and(|size| size > area))
        .collect()
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
