//! Where edges cross or run along each other, found among the pairs whose extents meet.
//!
//! Two lines that only touch do not cross: a touch at a corner is a crossing if the lines change sides there.
//! It does not know which ring is a hole of which.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rstar::{AABB, Envelope, RTree, RTreeObject};

use super::orientation::side;
use crate::model::shape::{Point, Ring};

/// Up to how many edges every pair is looked at: below that a tree does not pay.
const FEW: usize = 48;
/// How many pairs are looked at for each edge on average before the search is given up, and at least: seconds of
/// work. A surveyed ring has about four pairs for each edge.
const PAIRS: usize = 60;
pub(super) const LEAST: usize = 100_000_000;

/// An edge of a ring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edge {
    pub(super) from: Point,
    pub(super) to: Point,
    /// Its ring, and the number of its first point in that.
    pub(super) ring: usize,
    pub(super) index: usize,
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners([self.from.x, self.from.y], [self.to.x, self.to.y])
    }
}

/// Two edges that meet as they should not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meeting {
    pub(super) a: Edge,
    pub(super) b: Edge,
    pub(super) at: Point,
    /// True if they run along each other.
    pub(super) is_overlap: bool,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    pub(super) list: Vec<Meeting>,
    /// Points (ring and number) at which lines touch.
    pub(super) touched: BTreeSet<(usize, usize)>,
    /// True if there were too many pairs.
    pub(super) gave_up: bool,
}

/// All edges of some rings.
pub(in crate::overlay) struct Edges {
    rings: Vec<Ring>,
    list: Vec<Edge>,
    tree: Option<RTree<Edge>>,
}

impl Edges {
    pub(in crate::overlay) fn of<'a>(rings: impl Iterator<Item = &'a Ring>) -> Self {
        let rings: Vec<Ring> = rings.cloned().collect();
        let mut list = Vec::with_capacity(rings.iter().map(Vec::len).sum());
        for (ring, points) in rings.iter().enumerate() {
            let next = points.iter().cycle().skip(1);
            let edges = points.iter().zip(next).enumerate();
            list.extend(edges.map(|(index, (from, to))| Edge {
                from: *from,
                to: *to,
                ring,
                index,
            }));
        }
        let tree = (list.len() > FEW).then(|| RTree::bulk_load(list.clone()));
        Self { rings, list, tree }
    }

    /// The first meetings, at most `most`, in the order of their edges; so many pairs are looked at, or more
    /// if there are many edges.
    pub(super) fn meetings(&self, most: usize, pairs: usize) -> Meetings {
        let mut found = Meetings::default();
        match &self.tree {
            None => {
                for (index, a) in self.list.iter().enumerate() {
                    let extent = a.envelope();
                    for b in self.list.iter().skip(index + 1) {
                        if extent.intersects(&b.envelope()) {
                            self.meet(*a, *b, &mut found);
                        }
                    }
                }
            }
            Some(tree) => {
                let mut left = self.list.len().saturating_mul(PAIRS).max(pairs);
                for (a, b) in tree.intersection_candidates_with_other_tree(tree) {
                    // Each pair comes both ways round.
                    if (a.ring, a.index) >= (b.ring, b.index) {
                        continue;
                    }
                    left -= 1;
                    if left == 0 {
                        found.gave_up = found.list.is_empty();
                        break;
                    }
                    self.meet(*a, *b, &mut found);
                    // Enough to choose the first from, whatever the order of the tree.
                    if found.list.len() >= most.saturating_mul(50) {
                        break;
                    }
                }
            }
        }
        let key = |edge: Edge| (edge.ring, edge.index);
        found
            .list
            .sort_by_key(|meeting| (key(meeting.a), key(meeting.b)));
        found.list.truncate(most);
        found
    }

    /// The rings that a point lies in; it lies on none of them.
    pub(in crate::overlay) fn around(&self, point: Point) -> Vec<usize> {
        let mut crossed = BTreeSet::new();
        let mut cross = |edge: &Edge| {
            let (a, b) = (edge.from, edge.to);
            let (low, high) = if b.y > a.y { (a, b) } else { (b, a) };
            // The edge lies to the right if the point is to the left of its way up.
            let spans = (a.y > point.y) != (b.y > point.y);
            if spans && side(low, high, point).is_gt() && !crossed.remove(&edge.ring) {
                crossed.insert(edge.ring);
            }
        };
        match &self.tree {
            None => self.list.iter().for_each(&mut cross),
            Some(tree) => {
                let ray = AABB::from_corners([point.x, point.y], [f64::MAX, point.y]);
                tree.locate_in_envelope_intersecting(ray)
                    .for_each(&mut cross);
            }
        }
        crossed.into_iter().collect()
    }

    /// Looks at two different edges whose extents meet.
    fn meet(&self, a: Edge, b: Edge, found: &mut Meetings) {
        let (b_from, b_to) = (side(a.from, a.to, b.from), side(a.from, a.to, b.to));
        let (a_from, a_to) = (side(b.from, b.to, a.from), side(b.from, b.to, a.to));
        let mut meeting = |at, is_overlap| {
            found.list.push(Meeting {
                a,
                b,
                at,
                is_overlap,
            });
        };
        // Edges on one line that have no more than a corner in common may still be part of lines that cross there.
        if b_from.is_eq()
            && b_to.is_eq()
            && let Some(at) = shared(a, b)
        {
            meeting(at, true);
            return;
        }
        if b_from == b_to.reverse() && a_from == a_to.reverse() && b_from.is_ne() && a_from.is_ne()
        {
            meeting(crossing(a, b), false);
            return;
        }
        // Each corner is the first point of one edge: looking at first points sees every touch once.
        let is_corner = a.from == b.from;
        if is_corner {
            found.touched.insert((a.ring, a.index));
            found.touched.insert((b.ring, b.index));
            if self.corners_cross(a, b) {
                found.list.push(Meeting {
                    a,
                    b,
                    at: a.from,
                    is_overlap: false,
                });
            }
            return;
        }
        for (edge, corner, sides) in [(a, b, b_from), (b, a, a_from)] {
            if sides.is_eq() && corner.from != edge.to && lies_within(edge, corner.from) {
                found.touched.insert((corner.ring, corner.index));
                let before = self.point(corner.ring, corner.index, -1);
                let past = side(edge.from, edge.to, before);
                let next = side(edge.from, edge.to, corner.to);
                if past.is_ne() && past == next.reverse() {
                    found.list.push(Meeting {
                        a,
                        b,
                        at: corner.from,
                        is_overlap: false,
                    });
                }
            }
        }
    }

    /// A point of a ring, counted on from another, around the end.
    fn point(&self, ring: usize, index: usize, step: isize) -> Point {
        let points = self.rings.get(ring).map_or(&[][..], Vec::as_slice);
        let at = index
            .checked_add_signed(step)
            .unwrap_or(points.len().saturating_sub(1));
        points.get(at).copied().unwrap_or_default()
    }

    /// True if the lines through a corner that two rings, or two places of a ring, share change sides there.
    fn corners_cross(&self, a: Edge, b: Edge) -> bool {
        let corner = a.from;
        let (a_before, a_next) = (self.point(a.ring, a.index, -1), a.to);
        let within = |point: Point| {
            // Between the way on and the way back, counted against the clock.
            let (on, back) = (side(corner, a_next, point), side(corner, a_before, point));
            match side(corner, a_next, a_before) {
                Ordering::Greater => on.is_gt() && back.is_lt(),
                _ => on.is_gt() || back.is_lt(),
            }
        };
        within(self.point(b.ring, b.index, -1)) != within(b.to)
    }
}

/// True if a point on the line of an edge lies between its ends, not on one.
fn lies_within(edge: Edge, point: Point) -> bool {
    let between = |a: f64, b: f64, c: f64| a.min(b) <= c && c <= a.max(b);
    point != edge.from
        && point != edge.to
        && between(edge.from.x, edge.to.x, point.x)
        && between(edge.from.y, edge.to.y, point.y)
}

/// The middle of what two edges on one line have in common, if that is more than a point.
fn shared(a: Edge, b: Edge) -> Option<Point> {
    let is_flat = (a.to.x - a.from.x).abs() >= (a.to.y - a.from.y).abs();
    let along = |point: Point| if is_flat { point.x } else { point.y };
    let order = |edge: Edge| {
        if along(edge.from) <= along(edge.to) {
            (edge.from, edge.to)
        } else {
            (edge.to, edge.from)
        }
    };
    let ((a_low, a_high), (b_low, b_high)) = (order(a), order(b));
    let low = if along(a_low) >= along(b_low) {
        a_low
    } else {
        b_low
    };
    let high = if along(a_high) <= along(b_high) {
        a_high
    } else {
        b_high
    };
    (along(low) < along(high)).then(|| Point {
        x: f64::midpoint(low.x, high.x),
        y: f64::midpoint(low.y, high.y),
    })
}

/// Where two edges cross.
fn crossing(a: Edge, b: Edge) -> Point {
    let (dx, dy) = (a.to.x - a.from.x, a.to.y - a.from.y);
    let (ex, ey) = (b.to.x - b.from.x, b.to.y - b.from.y);
    let part = ((b.from.x - a.from.x) * ey - (b.from.y - a.from.y) * ex) / (dx * ey - dy * ex);
    Point {
        x: a.from.x + part * dx,
        y: a.from.y + part * dy,
    }
}
