//! Rings in a plane: extents, areas, cutting along lines that run with the axes, and cutting into small pieces.
//!
//! Cutting is that of Sutherland and Hodgman, one line at a time. Where a ring leaves and comes back it
//! leaves an edge upon the line, run through both ways: its area is zero, and under the even-odd rule it
//! changes nothing. So concave rings and holes may be cut, each ring by itself.
//! It does not know layers, projects or coordinate systems.

use crate::model::shape::{Point, Ring};

/// The most vertices of a piece.
pub(super) const MOST: usize = 256;
/// By how many times its own vertices cutting may enlarge a polygon; what is then left stays as it is.
const GROWTH: usize = 4;
/// A piece this small is not cut any further, whatever it holds.
const FINEST: f64 = 1e-9;

/// A box with sides along the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// The least easting or longitude.
    pub west: f64,
    /// The least northing or latitude.
    pub south: f64,
    /// The greatest easting or longitude.
    pub east: f64,
    /// The greatest northing or latitude.
    pub north: f64,
}

impl Extent {
    /// The box of nothing.
    pub const NONE: Self = Self {
        west: f64::INFINITY,
        south: f64::INFINITY,
        east: f64::NEG_INFINITY,
        north: f64::NEG_INFINITY,
    };

    /// The box of some points.
    pub fn of<'a>(points: impl IntoIterator<Item = &'a Point>) -> Self {
        let mut extent = Self::NONE;
        for point in points {
            extent.add(*point);
        }
        extent
    }

    /// The box of some rings.
    pub fn of_rings(rings: &[Ring]) -> Self {
        Self::of(rings.iter().flatten())
    }

    /// Takes a point in.
    pub fn add(&mut self, point: Point) {
        self.west = self.west.min(point.x);
        self.south = self.south.min(point.y);
        self.east = self.east.max(point.x);
        self.north = self.north.max(point.y);
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// True if the two have a point in common.
    pub fn touches(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// True if the other lies within this one.
    pub fn holds(&self, other: &Self) -> bool {
        self.west <= other.west
            && self.south <= other.south
            && self.east >= other.east
            && self.north >= other.north
    }

    /// The box enlarged on every side.
    #[must_use]
    pub fn grown(self, by: f64) -> Self {
        Self {
            west: self.west - by,
            south: self.south - by,
            east: self.east + by,
            north: self.north + by,
        }
    }

    /// How wide it is.
    pub fn width(&self) -> f64 {
        self.east - self.west
    }

    /// How high it is.
    pub fn height(&self) -> f64 {
        self.north - self.south
    }

    /// Its area.
    pub fn area(&self) -> f64 {
        self.width() * self.height()
    }

    /// Its middle.
    pub fn middle(&self) -> Point {
        Point {
            x: f64::midpoint(self.west, self.east),
            y: f64::midpoint(self.south, self.north),
        }
    }

    /// True if it holds something and every bound is a number.
    pub fn is_finite(&self) -> bool {
        self.width().is_finite() && self.height().is_finite() && self.width() >= 0.0
    }

    /// Its outline, counter-clockwise.
    pub fn ring(&self) -> Ring {
        let corner = |x, y| Point { x, y };
        vec![
            corner(self.west, self.south),
            corner(self.east, self.south),
            corner(self.east, self.north),
            corner(self.west, self.north),
        ]
    }

    /// How far apart the two are; 0 if they touch.
    pub fn distance(&self, other: &Self) -> f64 {
        let apart = |low: f64, high: f64| low.max(high).max(0.0);
        let dx = apart(other.west - self.east, self.west - other.east);
        let dy = apart(other.south - self.north, self.south - other.north);
        dx.hypot(dy)
    }
}

/// Which way a line runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// North to south: it bounds eastings.
    Meridian,
    /// West to east: it bounds northings.
    Parallel,
}

/// The part of a ring on one side of a line.
fn cut(ring: &[Point], line: Line, at: f64, below: bool, out: &mut Ring) {
    out.clear();
    let of = |point: &Point| match line {
        Line::Meridian => point.x,
        Line::Parallel => point.y,
    };
    let inside = |point: &Point| {
        if below {
            of(point) <= at
        } else {
            of(point) >= at
        }
    };
    let Some(mut before) = ring.last() else {
        return;
    };
    let mut before_in = inside(before);
    for point in ring {
        let point_in = inside(point);
        if before_in != point_in {
            // Both sides compute the crossing from the same ends in the same order: their edges meet exactly.
            let share = (at - of(before)) / (of(point) - of(before));
            let crossing = match line {
                Line::Meridian => Point {
                    x: at,
                    y: before.y + (point.y - before.y) * share,
                },
                Line::Parallel => Point {
                    x: before.x + (point.x - before.x) * share,
                    y: at,
                },
            };
            push(out, crossing, line, at);
        }
        if point_in {
            push(out, *point, line, at);
        }
        (before, before_in) = (point, point_in);
    }
}

/// Adds a point; of a run along the line only the ends stay, since it bounds nothing.
fn push(out: &mut Ring, point: Point, line: Line, at: f64) {
    #[expect(
        clippy::float_cmp,
        reason = "points on the line were put exactly there"
    )]
    let on = |point: &Point| match line {
        Line::Meridian => point.x == at,
        Line::Parallel => point.y == at,
    };
    if let [.., a, b] = out.as_mut_slice()
        && on(a)
        && on(b)
        && on(&point)
    {
        *b = point;
    } else {
        out.push(point);
    }
}

/// The part of some rings on one side of a line; rings that come to nothing are left out.
fn cut_all(rings: &[Ring], line: Line, at: f64, below: bool) -> Vec<Ring> {
    let mut left = Vec::with_capacity(rings.len());
    for ring in rings {
        let mut out = Ring::with_capacity(ring.len() + 4);
        cut(ring, line, at, below, &mut out);
        if out.len() >= 3 {
            left.push(out);
        }
    }
    left
}

/// Memory for cutting rings to a box, used again from one to the next.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    one: Ring,
    other: Ring,
}

impl Cutter {
    /// The part of a ring within a box.
    pub(super) fn within(&mut self, ring: &[Point], extent: &Extent) -> &[Point] {
        let Self { one, other } = self;
        cut(ring, Line::Meridian, extent.west, false, one);
        cut(one, Line::Meridian, extent.east, true, other);
        cut(other, Line::Parallel, extent.south, false, one);
        cut(one, Line::Parallel, extent.north, true, other);
        other
    }
}

/// Cuts the rings of a polygon into pieces of at most [`MOST`] vertices, which together are the polygon.
///
/// # Complexity
/// O(n log n) for n vertices: each halving looks at every vertex once.
pub(super) fn pieces(rings: &[Ring], take: &mut impl FnMut(&[Ring])) {
    let vertices = |rings: &[Ring]| rings.iter().map(Vec::len).sum::<usize>();
    if vertices(rings) <= MOST {
        if !rings.is_empty() {
            take(rings);
        }
        return;
    }
    // Rings that run to and fro across the lines would grow without end.
    let mut growth = vertices(rings) * GROWTH;
    let mut open = vec![rings.to_vec()];
    while let Some(rings) = open.pop() {
        let own = vertices(&rings);
        let parts = (own > MOST && growth > 0).then(|| halves(&rings)).flatten();
        match parts {
            Some(parts) => {
                let after: usize = parts.iter().map(|part| vertices(part)).sum();
                growth = growth.saturating_sub(after.saturating_sub(own));
                open.extend(parts);
            }
            None if rings.is_empty() => {}
            None => take(&rings),
        }
    }
}

/// Rings cut in two across the longer side of their box; none if that is too small to cut.
fn halves(rings: &[Ring]) -> Option<[Vec<Ring>; 2]> {
    let extent = Extent::of_rings(rings);
    if !extent.is_finite() || extent.width().max(extent.height()) < FINEST {
        return None;
    }
    let middle = extent.middle();
    let (line, at) = if extent.width() >= extent.height() {
        (Line::Meridian, middle.x)
    } else {
        (Line::Parallel, middle.y)
    };
    Some([false, true].map(|below| cut_all(rings, line, at, below)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::cast_precision_loss, reason = "counts of a test are small")]

    use super::*;
    use crate::overlay::projection::signed_area;

    fn point(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// A star with a wavy edge, far from the origin as eastings and northings are.
    fn star(vertices: usize, radius: f64) -> Ring {
        (0..vertices)
            .map(|i| {
                let angle = i as f64 / vertices as f64 * std::f64::consts::TAU;
                let r = radius * (1.0 + 0.3 * (angle * 41.0).sin());
                point(541_000.0 + r * angle.cos(), 4_867_000.0 + r * angle.sin())
            })
            .collect()
    }

    fn even_odd(rings: &[Ring]) -> f64 {
        // Pieces of an outer ring and of a hole run in opposite directions here.
        rings.iter().map(signed_area).sum()
    }

    #[test]
    fn pieces_are_small_and_make_up_the_polygon() {
        let outer = star(50_000, 9_000.0);
        let mut hole = star(3_000, 2_000.0);
        hole.reverse();
        let rings = vec![outer, hole];
        let mut total = 0.0;
        let mut count = 0;
        pieces(&rings, &mut |piece| {
            assert!(piece.iter().map(Vec::len).sum::<usize>() <= MOST);
            total += even_odd(piece);
            count += 1;
        });
        let whole = even_odd(&rings);
        assert!((total - whole).abs() < 1e-3, "{total} {whole}");
        assert!((200..2_000).contains(&count), "{count}");
    }

    #[test]
    fn a_small_polygon_is_one_piece_as_it_stands() {
        let square = vec![vec![
            point(0.0, 0.0),
            point(4.0, 0.0),
            point(4.0, 4.0),
            point(0.0, 4.0),
        ]];
        let mut seen = Vec::new();
        pieces(&square, &mut |piece| seen.push(piece.to_vec()));
        assert_eq!(seen, [square]);
        pieces(&[], &mut |_| panic!("nothing has no pieces"));
    }

    #[test]
    fn vertices_on_one_spot_end() {
        let ring: Ring = (0..5_000)
            .map(|i| point(f64::from(i % 2), f64::from(i % 3 / 2)))
            .collect();
        let mut vertices = 0;
        pieces(&[ring], &mut |piece| {
            vertices += piece.iter().map(Vec::len).sum::<usize>();
        });
        assert!(vertices >= 5_000);
    }

    #[test]
    fn a_ring_is_cut_to_a_box() {
        let mut cutter = Cutter::default();
        let extent = Extent {
            west: 1.0,
            south: 1.0,
            east: 3.0,
            north: 3.0,
        };
        let concave = [
            point(0.0, 0.0),
            point(4.0, 0.0),
            point(4.0, 4.0),
            point(2.0, 2.0),
            point(0.0, 4.0),
        ];
        let area = signed_area(&cutter.within(&concave, &extent).to_vec());
        assert!((area - 3.0).abs() < 1e-12, "{area}");
        assert!(cutter.within(&[], &extent).is_empty());
    }

    #[test]
    fn boxes_know_how_far_apart_they_are() {
        let a = Extent::of(&[point(0.0, 0.0), point(1.0, 1.0)]);
        let b = Extent::of(&[point(4.0, 5.0), point(6.0, 6.0)]);
        assert!((a.distance(&b) - 5.0).abs() < 1e-12);
        assert!(!a.touches(&b) && a.grown(4.0).touches(&b));
        assert!((a.distance(&a.grown(1.0))).abs() < 1e-12);
    }
}
