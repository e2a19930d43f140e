//! Which polygons can be measured, where the others are wrong, and what may be mended.
//!
//! Mended is only what leaves no choice: points that stand twice in a row, and lines that run to a point and straight
//! back. A ring may touch itself or another at single points: its area is plain. Rings that cross or run along each
//! other, and holes that lie where no hole can be, leave the area open.
//! It does not know files or coordinate systems, and it does not round: signs are exact.

mod crossings;
mod orientation;

pub(super) use self::crossings::Edges;
use self::crossings::{Edge, LEAST};
pub(super) use self::orientation::side;
use crate::model::shape::{Point, Polygon, Ring};

/// How many flaws of a feature are told; the first ones are what a person mends.
const TOLD: usize = 20;

/// Something wrong with a polygon.
#[derive(Clone, Debug, PartialEq)]
pub struct Flaw {
    /// What is wrong.
    pub fault: Fault,
    /// The ring, counted from 0 through all polygons of the feature.
    pub ring: usize,
    /// The point or the first point of the edge, counted from 0 as the file has it.
    pub point: usize,
    /// Where on the ground.
    pub at: Point,
}

/// What can be wrong with a polygon.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A coordinate is not a finite number.
    NotFinite,
    /// Fewer than three different points.
    TooFewPoints,
    /// All points of the ring lie on one line.
    NoArea,
    /// A point stands twice in a row; it was dropped.
    Repeated,
    /// The line runs to a point and straight back; the point was dropped.
    Spike,
    /// Two edges cross: the other edge's ring and first point.
    Crossing(usize, usize),
    /// Two edges run along each other: the other edge's ring and first point.
    Overlap(usize, usize),
    /// The ring stands twice: the other one.
    Doubled(usize),
    /// A hole does not lie in its outer ring.
    HoleOutside,
    /// A hole lies in another hole: the ring of the outer one.
    HoleInHole(usize),
    /// A polygon of the feature lies in another: the ring of the outer one.
    Covered(usize),
    /// There are more pairs of edges near each other than are compared.
    TooTangled,
}

impl Fault {
    /// True if the polygon can be measured all the same, since the fault was mended.
    pub fn is_mended(&self) -> bool {
        matches!(self, Self::Repeated | Self::Spike)
    }
}

/// A ring without what could be mended, and which point of the file each of its points is.
struct Clean {
    points: Ring,
    numbers: Vec<usize>,
}

/// Checks the polygons of a feature together: gives them mended, if they can be measured, and what is wrong.
///
/// Takes the time of sorting the edges, plus the pairs of edges whose extents meet.
pub fn check(polygons: &[Polygon]) -> (Option<Vec<Polygon>>, Vec<Flaw>) {
    check_within(polygons, LEAST)
}

/// Checks polygons, giving up after so many pairs of edges.
fn check_within(polygons: &[Polygon], pairs: usize) -> (Option<Vec<Polygon>>, Vec<Flaw>) {
    let mut flaws = Vec::new();
    let mut rings = Vec::new();
    for ring in polygons.iter().flat_map(|polygon| &polygon.rings) {
        let clean = cleaned(rings.len(), ring, &mut flaws);
        rings.push(clean);
    }
    if flaws.iter().all(|flaw| flaw.fault.is_mended()) {
        meetings(&rings, polygons, pairs, &mut flaws);
    }
    let usable = flaws.iter().all(|flaw| flaw.fault.is_mended());
    if flaws.len() > TOLD {
        // What makes a feature unusable comes before what was mended.
        flaws.sort_by_key(|flaw| flaw.fault.is_mended());
        flaws.truncate(TOLD);
    }
    if !usable {
        return (None, flaws);
    }
    let mut clean = rings.into_iter().map(|ring| ring.points);
    let mended = polygons.iter().map(|polygon| Polygon {
        rings: clean.by_ref().take(polygon.rings.len()).collect(),
    });
    (Some(mended.collect()), flaws)
}

/// A ring without repeated points and spikes; what else is wrong with it alone.
fn cleaned(number: usize, ring: &Ring, flaws: &mut Vec<Flaw>) -> Clean {
    let mut flaw = |fault, point: usize, at| {
        flaws.push(Flaw {
            fault,
            ring: number,
            point,
            at,
        });
    };
    let mut clean = Clean {
        points: Vec::with_capacity(ring.len()),
        numbers: Vec::with_capacity(ring.len()),
    };
    for (index, point) in ring.iter().enumerate() {
        if !(point.x.is_finite() && point.y.is_finite()) {
            flaw(Fault::NotFinite, index, *point);
            return clean;
        }
        match clean.points.as_slice() {
            [.., last] if last == point => flaw(Fault::Repeated, index, *point),
            [.., before, last] if before == point => {
                flaw(Fault::Spike, index.saturating_sub(1), *last);
                clean.points.pop();
                clean.numbers.pop();
            }
            _ => {
                clean.points.push(*point);
                clean.numbers.push(index);
            }
        }
    }
    // The same where the ring closes: what is dropped at either end is counted, since a list is slow to shorten there.
    let (mut low, mut high) = (0, clean.points.len());
    loop {
        let kept = clean.points.get(low..high).unwrap_or_default();
        let (fault, index) = match kept {
            [first, .., last] if first == last => (Fault::Repeated, high - 1),
            [first, .., before, _] if first == before => (Fault::Spike, high - 1),
            [_, second, .., last] if second == last => (Fault::Spike, low),
            _ => break,
        };
        if let (Some(number), Some(point)) = (clean.numbers.get(index), clean.points.get(index)) {
            flaw(fault, *number, *point);
        }
        if index == low {
            low += 1;
        } else {
            high -= 1;
        }
    }
    clean.points.truncate(high);
    clean.points.drain(..low.min(high));
    clean.numbers.truncate(high);
    clean.numbers.drain(..low.min(high));
    let Some(first) = ring.first().copied() else {
        flaw(Fault::TooFewPoints, 0, Point::default());
        return clean;
    };
    if clean.points.len() < 3 {
        flaw(Fault::TooFewPoints, 0, first);
    } else if is_flat(&clean.points) {
        flaw(Fault::NoArea, 0, first);
    }
    clean
}

/// True if all points lie on one line.
fn is_flat(ring: &Ring) -> bool {
    let [first, second, rest @ ..] = ring.as_slice() else {
        return true;
    };
    rest.iter()
        .all(|point| orientation::side(*first, *second, *point).is_eq())
}

/// What is wrong with how the rings meet and lie in each other.
fn meetings(rings: &[Clean], polygons: &[Polygon], pairs: usize, flaws: &mut Vec<Flaw>) {
    let edges = Edges::of(rings.iter().map(|ring| &ring.points));
    let meetings = edges.meetings(TOLD, pairs);
    let number = |ring: usize, point: usize| {
        let found = rings.get(ring).and_then(|ring| ring.numbers.get(point));
        found.copied().unwrap_or(point)
    };
    if meetings.gave_up {
        flaws.push(Flaw {
            fault: Fault::TooTangled,
            ring: 0,
            point: 0,
            at: Point::default(),
        });
        return;
    }
    let mut doubled = Vec::new();
    for meeting in &meetings.list {
        let (a, b) = (meeting.a, meeting.b);
        if a.ring != b.ring && is_same(rings, a, b) {
            if !doubled.contains(&(a.ring, b.ring)) {
                doubled.push((a.ring, b.ring));
                flaws.push(Flaw {
                    fault: Fault::Doubled(a.ring),
                    ring: b.ring,
                    point: number(b.ring, b.index),
                    at: b.from,
                });
            }
            continue;
        }
        let other = (b.ring, number(b.ring, b.index));
        flaws.push(Flaw {
            fault: if meeting.is_overlap {
                Fault::Overlap(other.0, other.1)
            } else {
                Fault::Crossing(other.0, other.1)
            },
            ring: a.ring,
            point: number(a.ring, a.index),
            at: meeting.at,
        });
    }
    if meetings.list.is_empty() {
        nesting(rings, polygons, &edges, &meetings.touched, flaws);
    }
}

/// True if the rings of two edges have the same points.
fn is_same(rings: &[Clean], a: Edge, b: Edge) -> bool {
    let sorted = |edge: Edge| {
        let mut points: Vec<(u64, u64)> = rings
            .get(edge.ring)
            .map(|ring| &ring.points)
            .into_iter()
            .flatten()
            .map(|point| (point.x.to_bits(), point.y.to_bits()))
            .collect();
        points.sort_unstable();
        points
    };
    let lengths = |edge: Edge| rings.get(edge.ring).map(|ring| ring.points.len());
    lengths(a) == lengths(b) && sorted(a) == sorted(b)
}

/// What is wrong with how the rings lie in each other, given that they meet at single points at most.
fn nesting(
    rings: &[Clean],
    polygons: &[Polygon],
    edges: &Edges,
    touched: &std::collections::BTreeSet<(usize, usize)>,
    flaws: &mut Vec<Flaw>,
) {
    // The polygon of each ring, and the number of its outer ring.
    let mut owner = Vec::with_capacity(rings.len());
    for polygon in polygons {
        let shell = owner.len();
        owner.extend(polygon.rings.iter().map(|_| shell));
    }
    if rings.len() < 2 {
        return;
    }
    for (index, ring) in rings.iter().enumerate() {
        let free = (0..ring.points.len()).find(|point| !touched.contains(&(index, *point)));
        let Some(point) = free.or(Some(0)) else {
            continue;
        };
        let Some(at) = ring.points.get(point).copied() else {
            continue;
        };
        let probe = if free.is_some() {
            at
        } else {
            middle(&ring.points, at)
        };
        let around: Vec<usize> = edges
            .around(probe)
            .into_iter()
            .filter(|other| *other != index)
            .collect();
        let own = owner.get(index).copied().unwrap_or(index);
        let of = |other: &usize| owner.get(*other).copied().unwrap_or(*other);
        let fault = if own == index {
            let other = around
                .iter()
                .find(|other| {
                    let polygon = of(other);
                    polygon != own && around.iter().filter(|o| of(o) == polygon).count() % 2 == 1
                })
                .copied();
            other.map(Fault::Covered)
        } else if !around.contains(&own) {
            Some(Fault::HoleOutside)
        } else {
            let other = around
                .iter()
                .find(|other| **other != own && of(other) == own);
            other.copied().map(Fault::HoleInHole)
        };
        if let Some(fault) = fault {
            let point = ring.numbers.get(point).copied().unwrap_or(0);
            flaws.push(Flaw {
                fault,
                ring: index,
                point,
                at,
            });
        }
    }
}

/// The middle of the first edge.
fn middle(ring: &Ring, first: Point) -> Point {
    let second = ring.get(1).copied().unwrap_or(first);
    Point {
        x: f64::midpoint(first.x, second.x),
        y: f64::midpoint(first.y, second.y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> Ring {
        points.iter().map(|(x, y)| Point { x: *x, y: *y }).collect()
    }

    fn square(x: f64, y: f64, side: f64) -> Ring {
        ring(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)])
    }

    fn polygon(rings: &[Ring]) -> Polygon {
        Polygon {
            rings: rings.to_vec(),
        }
    }

    /// The faults, and whether the polygons can be measured. Also with other edges beside, which take the tree.
    #[track_caller]
    fn faults(polygons: &[Polygon]) -> (bool, Vec<(Fault, usize, usize)>) {
        let (usable, flaws) = check(polygons);
        let list = |flaws: &[Flaw]| -> Vec<(Fault, usize, usize)> {
            let flaw = |flaw: &Flaw| (flaw.fault.clone(), flaw.ring, flaw.point);
            flaws.iter().map(flaw).collect()
        };
        let mut more = polygons.to_vec();
        more.push(polygon(&[circle(1e6, 200)]));
        let (also, others) = check(&more);
        assert_eq!(usable.is_some(), also.is_some(), "with a tree");
        assert_eq!(list(&flaws), list(&others), "with a tree");
        (usable.is_some(), list(&flaws))
    }

    fn circle(x: f64, points: u32) -> Ring {
        let turn = |n: u32| std::f64::consts::TAU * f64::from(n) / f64::from(points);
        (0..points)
            .map(|n| Point {
                x: x + 100.0 * turn(n).cos(),
                y: x + 100.0 * turn(n).sin(),
            })
            .collect()
    }

    #[test]
    fn squares_with_holes_and_islands_are_fine() {
        let shell = polygon(&[square(0.0, 0.0, 10.0), square(2.0, 2.0, 6.0)]);
        let island = polygon(&[square(3.0, 3.0, 2.0)]);
        let beside = polygon(&[square(20.0, 0.0, 5.0)]);
        assert_eq!(faults(&[shell, island, beside]), (true, vec![]));
    }

    #[test]
    fn a_bow_tie_crosses_and_says_where() {
        let bow = polygon(&[ring(&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)])]);
        let (usable, flaws) = check(std::slice::from_ref(&bow));
        assert!(usable.is_none());
        assert_eq!(flaws[0].at, Point { x: 1.0, y: 1.0 });
        assert_eq!(faults(&[bow]).1, [(Fault::Crossing(0, 2), 0, 0)]);
    }

    #[test]
    fn a_crossing_at_a_corner_or_on_an_edge_is_found_and_a_touch_is_none() {
        // A figure of eight through one corner that stands twice.
        let eight = ring(&[
            (0.0, 0.0),
            (1.0, 1.0),
            (2.0, 2.0),
            (2.0, 0.0),
            (1.0, 1.0),
            (0.0, 2.0),
        ]);
        assert!(matches!(
            faults(&[polygon(&[eight])]).1.as_slice(),
            [(Fault::Crossing(..), _, _)]
        ));
        // The same where two of the edges at the corner lie on one line.
        let upright = ring(&[
            (1.0, 2.0),
            (2.0, 2.0),
            (1.0, 1.0),
            (1.0, 0.0),
            (4.0, 0.0),
            (1.0, 1.0),
        ]);
        assert!(matches!(
            faults(&[polygon(&[upright])]).1.as_slice(),
            [(Fault::Crossing(..), _, _)]
        ));
        // The same shape where the line comes back on its own side.
        let touch = ring(&[
            (0.0, 0.0),
            (1.0, 1.0),
            (2.0, 0.0),
            (2.0, 2.0),
            (1.0, 1.0),
            (0.0, 2.0),
        ]);
        assert_eq!(faults(&[polygon(&[touch])]), (true, vec![]));
        // A corner on an edge: through it, and only up to it.
        let through = ring(&[
            (0.0, 0.0),
            (4.0, 0.0),
            (4.0, 4.0),
            (2.0, 0.0),
            (1.0, -3.0),
            (0.0, 4.0),
        ]);
        assert!(!faults(&[polygon(&[through])]).0);
        let upto = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 0.0), (0.0, 4.0)]);
        assert_eq!(faults(&[polygon(&[upto])]), (true, vec![]));
        // A hole that touches its outer ring at one corner.
        let hole = ring(&[(0.0, 0.0), (2.0, 1.0), (1.0, 2.0)]);
        assert_eq!(
            faults(&[polygon(&[square(0.0, 0.0, 9.0), hole])]),
            (true, vec![])
        );
    }

    #[test]
    fn repeated_points_and_spikes_are_dropped_and_said() {
        let with = ring(&[
            (0.0, 0.0),
            (0.0, 0.0),
            (4.0, 0.0),
            (9.0, 0.0),
            (4.0, 0.0),
            (4.0, 4.0),
            (0.0, 4.0),
            (0.0, 0.0),
        ]);
        let (mended, flaws) = check(&[polygon(&[with])]);
        assert_eq!(mended, Some(vec![polygon(&[square(0.0, 0.0, 4.0)])]));
        let kinds: Vec<_> = flaws.iter().map(|f| (f.fault.clone(), f.point)).collect();
        assert_eq!(
            kinds,
            [
                (Fault::Repeated, 1),
                (Fault::Spike, 3),
                (Fault::Repeated, 7)
            ]
        );
        // A spike at the first point.
        let start = ring(&[
            (9.0, 9.0),
            (4.0, 4.0),
            (0.0, 4.0),
            (0.0, 0.0),
            (4.0, 0.0),
            (4.0, 4.0),
        ]);
        let (mended, _) = check(&[polygon(&[start])]);
        assert_eq!(mended.unwrap()[0].rings[0].len(), 4);
    }

    #[test]
    fn what_has_no_area_or_no_numbers_is_unusable() {
        let fault = |points: &[(f64, f64)]| faults(&[polygon(&[ring(points)])]).1[0].0.clone();
        assert_eq!(
            fault(&[(0.0, 0.0), (1.0, 1.0), (f64::NAN, 0.0)]),
            Fault::NotFinite
        );
        assert_eq!(
            fault(&[(0.0, 0.0), (1.0, f64::INFINITY), (2.0, 0.0)]),
            Fault::NotFinite
        );
        assert_eq!(fault(&[]), Fault::TooFewPoints);
        assert_eq!(fault(&[(0.0, 0.0), (1.0, 1.0)]), Fault::TooFewPoints);
        assert_eq!(
            fault(&[(0.0, 0.0), (1.0, 1.0), (3.0, 3.0), (2.0, 2.0)]),
            Fault::NoArea
        );
    }

    #[test]
    fn edges_that_run_along_each_other_are_found() {
        let back = ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (4.0, 1.0), (0.0, 1.0)]);
        assert!(matches!(
            faults(&[polygon(&[back])]).1.as_slice(),
            [(Fault::Overlap(0, 2), 0, 1)]
        ));
        let shell = square(0.0, 0.0, 4.0);
        let hole = square(0.0, 0.0, 2.0);
        assert!(!faults(&[polygon(&[shell.clone(), hole])]).0);
        assert_eq!(
            faults(&[polygon(&[shell.clone(), shell])]).1,
            [(Fault::Doubled(0), 1, 0)]
        );
    }

    #[test]
    fn holes_and_polygons_lie_where_they_may() {
        let shell = square(0.0, 0.0, 10.0);
        let out = faults(&[polygon(&[shell.clone(), square(20.0, 0.0, 2.0)])]);
        assert_eq!(out.1, [(Fault::HoleOutside, 1, 0)]);
        let nested = faults(&[polygon(&[
            shell.clone(),
            square(1.0, 1.0, 6.0),
            square(2.0, 2.0, 2.0),
        ])]);
        assert_eq!(nested.1, [(Fault::HoleInHole(1), 2, 0)]);
        let covered = faults(&[
            polygon(std::slice::from_ref(&shell)),
            polygon(&[square(2.0, 2.0, 2.0)]),
        ]);
        assert_eq!(covered.1, [(Fault::Covered(0), 1, 0)]);
        let crossing = faults(&[polygon(&[shell, square(8.0, 8.0, 5.0)])]);
        assert!(!crossing.0);
    }

    #[test]
    fn a_large_ring_with_one_crossing_is_found() {
        let mut round = circle(0.0, 100_000);
        assert_eq!(check(&[polygon(&[round.clone()])]).1, vec![]);
        round.swap(70_000, 70_001);
        let (usable, flaws) = check(&[polygon(&[round])]);
        assert!(usable.is_none());
        assert!(matches!(flaws[0].fault, Fault::Crossing(0, 70_001)));
    }

    #[test]
    fn a_ring_that_would_take_for_ever_is_given_up() {
        // Long thin teeth, all of whose extents meet, and none of which cross.
        let teeth = (0..4_000).flat_map(|n| {
            let x = f64::from(n);
            [(x, 0.0), (x + 1e6, 1e6)]
        });
        let mut points: Vec<_> = teeth.collect();
        points.push((1e6 - 10.0, 1e6 + 10.0));
        let teeth = [polygon(&[ring(&points)])];
        let (usable, flaws) = check_within(&teeth, 1_000_000);
        assert!(usable.is_none());
        assert_eq!(flaws[0].fault, Fault::TooTangled);
    }

    mod by_areas {
        use super::*;
        use crate::overlay::projection::ring_area;
        use proptest::prelude::*;

        /// What a ring encloses under the even-odd rule, by lines across it.
        fn enclosed(ring: &Ring) -> f64 {
            let lines = 2_000;
            let height = 4.0 / f64::from(lines);
            let width = |line: i32| {
                let y = (f64::from(line) + 0.5) * height;
                let mut xs: Vec<f64> = ring
                    .iter()
                    .zip(ring.iter().cycle().skip(1))
                    .filter(|(a, b)| (a.y > y) != (b.y > y))
                    .map(|(a, b)| a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y))
                    .collect();
                xs.sort_by(f64::total_cmp);
                xs.chunks(2).map(|pair| pair[1] - pair[0]).sum::<f64>()
            };
            (0..lines).map(|line| width(line) * height).sum()
        }

        proptest! {
            // A ring of few points on a small grid meets itself in every way there is.
            #[test]
            fn a_usable_ring_encloses_its_area(
                corners in prop::collection::vec((0..5_i32, 0..5_i32), 3..9),
            ) {
                let corner = |(x, y): &(i32, i32)| (f64::from(*x), f64::from(*y));
                let points: Vec<(f64, f64)> = corners.iter().map(corner).collect();
                let (usable, flaws) = check(&[polygon(&[ring(&points)])]);
                prop_assert!(usable.is_some() || !flaws.is_empty());
                if let Some(mended) = usable {
                    let clean = &mended[0].rings[0];
                    let (seen, area) = (enclosed(clean), ring_area(clean));
                    prop_assert!((seen - area).abs() < 0.01, "{} {} {:?}", seen, area, clean);
                }
            }
        }
    }
}
