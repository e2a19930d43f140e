//! What two polygons have in common: its area and its outline.
//!
//! Both are cut to the box they share, moved to an origin of their own and put on a grid of 64-bit
//! integers, finer than the coordinates themselves; their crossing points are then found exactly on it.
//! It does not know layers, and does not judge whether a polygon is valid.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::float::overlay::{FloatOverlay, OverlayOptions};
use i_overlay::i_shape::flat::float::FloatFlatContoursBuffer;

use crate::model::shape::{Point, Ring};
use crate::overlay::index::{edges, holds};
use crate::overlay::projection::signed_area;
use crate::overlay::rings::{Cutter, Extent};
use crate::overlay::validity::side;

/// A position as the engine takes it.
type Spot = [f64; 2];

/// Finds what polygons have in common; its memory is used again from pair to pair.
pub(super) struct Meeting {
    engine: FloatOverlay<Spot, i64>,
    cutter: Cutter,
    subject: Contours,
    clip: Contours,
    result: FloatFlatContoursBuffer<Spot>,
}

/// Some contours one after the other.
#[derive(Debug, Default)]
struct Contours {
    contours: Vec<Vec<Spot>>,
    used: usize,
}

impl Contours {
    fn clear(&mut self) {
        self.used = 0;
    }

    /// Adds a ring as seen from an origin; fewer than three points bound nothing.
    fn add(&mut self, ring: &[Point], origin: Point) {
        if ring.len() < 3 {
            return;
        }
        if self.used == self.contours.len() {
            self.contours.push(Vec::new());
        }
        let Some(contour) = self.contours.get_mut(self.used) else {
            return;
        };
        contour.clear();
        contour.extend(ring.iter().map(|p| [p.x - origin.x, p.y - origin.y]));
        self.used += 1;
    }

    fn all(&self) -> &[Vec<Spot>] {
        self.contours.get(..self.used).unwrap_or(&[])
    }

    /// The only contour there is.
    fn only(&self) -> Option<&[Spot]> {
        match self.all() {
            [one] => Some(one),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Meeting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meeting").finish_non_exhaustive()
    }
}

impl Default for Meeting {
    fn default() -> Self {
        Self {
            engine: FloatOverlay::new_empty(OverlayOptions::default(), Solver::default(), 64),
            cutter: Cutter::default(),
            subject: Contours::default(),
            clip: Contours::default(),
            result: FloatFlatContoursBuffer::default(),
        }
    }
}

impl Meeting {
    /// The area that two polygons have in common.
    ///
    /// # Arguments
    /// The rings of both, each under the even-odd rule, with their boxes. Every coordinate is finite.
    pub(super) fn area(&mut self, parcel: (&[Ring], &Extent), piece: (&[Ring], &Extent)) -> f64 {
        // A third of the pairs whose boxes meet have borders that do not: they need no engine.
        match uncrossed(parcel, piece) {
            Some(Nested::Apart) => return 0.0,
            Some(Nested::Parcel) => return oriented_area(parcel.0).abs(),
            Some(Nested::Piece) => return oriented_area(piece.0).abs(),
            None => {}
        }
        match self.prepare(parcel, piece) {
            Prepared::Apart => 0.0,
            Prepared::Whole => self.subject_area(),
            Prepared::Cross => {
                self.intersect();
                self.result_area()
            }
        }
    }

    /// The outline of what two polygons have in common: rings that run counter-clockwise, holes clockwise.
    pub(super) fn outline(
        &mut self,
        parcel: (&[Ring], &Extent),
        piece: (&[Ring], &Extent),
    ) -> Vec<Ring> {
        match self.prepare(parcel, piece) {
            Prepared::Apart => Vec::new(),
            Prepared::Whole | Prepared::Cross => {
                let origin = shared(parcel.1, piece.1).middle();
                self.intersect();
                self.rings(origin)
            }
        }
    }

    /// The outline of what any of some rings covers; rings run counter-clockwise, their holes clockwise.
    pub(super) fn union(&mut self, rings: &[Ring]) -> Vec<Ring> {
        let origin = Extent::of_rings(rings).middle();
        self.subject.clear();
        for ring in rings {
            self.subject.add(ring, origin);
        }
        if self.subject.used == 0 {
            return Vec::new();
        }
        self.engine.reinit_with_subj(self.subject.all());
        let rule = OverlayRule::Subject;
        self.engine
            .overlay_into(rule, FillRule::NonZero, &mut self.result);
        self.rings(origin)
    }

    /// Cuts both to the box they share.
    fn prepare(&mut self, parcel: (&[Ring], &Extent), piece: (&[Ring], &Extent)) -> Prepared {
        let common = shared(parcel.1, piece.1);
        if !common.is_finite() || common.width() <= 0.0 || common.height() <= 0.0 {
            return Prepared::Apart;
        }
        let origin = common.middle();
        let Self {
            cutter,
            subject,
            clip,
            ..
        } = self;
        let mut load = |(rings, extent): (&[Ring], &Extent), to: &mut Contours| {
            to.clear();
            let whole = common.holds(extent);
            for ring in rings {
                if whole {
                    to.add(ring, origin);
                } else {
                    to.add(cutter.within(ring, &common), origin);
                }
            }
        };
        load(piece, clip);
        if clip.used == 0 {
            return Prepared::Apart;
        }
        load(parcel, subject);
        if subject.used == 0 {
            return Prepared::Apart;
        }
        // Most parcels that meet a large polygon lie well inside it.
        let covers = |contours: &Contours| {
            contours
                .only()
                .is_some_and(|one| (contour_area(one).abs() / common.area() - 1.0).abs() < 1e-15)
        };
        if covers(clip) && subject.used == 1 {
            return Prepared::Whole;
        }
        Prepared::Cross
    }

    fn intersect(&mut self) {
        self.engine
            .reinit_with_subj_and_clip(self.subject.all(), self.clip.all());
        let rule = OverlayRule::Intersect;
        self.engine
            .overlay_into(rule, FillRule::EvenOdd, &mut self.result);
    }

    fn subject_area(&self) -> f64 {
        self.subject
            .only()
            .map_or(0.0, |one| contour_area(one).abs())
    }

    fn result_area(&self) -> f64 {
        let contours = self.result.ranges.iter();
        contours
            .filter_map(|range| self.result.points.get(range.clone()))
            .map(contour_area)
            .sum()
    }

    fn rings(&self, origin: Point) -> Vec<Ring> {
        let ring = |contour: &[Spot]| -> Ring {
            let point = |[x, y]: &Spot| Point {
                x: x + origin.x,
                y: y + origin.y,
            };
            contour.iter().map(point).collect()
        };
        let contours = self.result.ranges.iter();
        contours
            .filter_map(|range| self.result.points.get(range.clone()))
            .map(ring)
            .collect()
    }
}

/// How two polygons lie to each other, as far as their boxes tell.
enum Prepared {
    /// They have no area in common.
    Apart,
    /// The second covers the box of the first.
    Whole,
    /// They may cross.
    Cross,
}

/// How two rings lie to each other whose borders have no point in common.
enum Nested {
    /// Neither holds the other.
    Apart,
    /// The parcel lies within the piece.
    Parcel,
    /// The piece lies within the parcel.
    Piece,
}

/// How two single rings lie to each other, if their borders have no point in common.
fn uncrossed(parcel: (&[Ring], &Extent), piece: (&[Ring], &Extent)) -> Option<Nested> {
    let ([one], [other]) = (parcel.0, piece.0) else {
        return None;
    };
    let common = shared(parcel.1, piece.1);
    for (a, b) in edges(one) {
        let own = Extent::of([&a, &b]);
        if !own.touches(&common) {
            continue;
        }
        for (c, d) in edges(other) {
            let away = (c.x < own.west && d.x < own.west)
                || (c.x > own.east && d.x > own.east)
                || (c.y < own.south && d.y < own.south)
                || (c.y > own.north && d.y > own.north);
            if !away && !is_apart((a, b), (c, d)) {
                return None;
            }
        }
    }
    Some(if holds(piece.0, *one.first()?) {
        Nested::Parcel
    } else if holds(parcel.0, *other.first()?) {
        Nested::Piece
    } else {
        Nested::Apart
    })
}

/// True if one edge lies on one side of the line of the other.
fn is_apart(one: (Point, Point), other: (Point, Point)) -> bool {
    let apart = |(a, b): (Point, Point), (c, d): (Point, Point)| {
        let (first, second) = (side(a, b, c), side(a, b, d));
        first == second && first.is_ne()
    };
    apart(one, other) || apart(other, one)
}

/// The box that two boxes share.
fn shared(a: &Extent, b: &Extent) -> Extent {
    Extent {
        west: a.west.max(b.west),
        south: a.south.max(b.south),
        east: a.east.min(b.east),
        north: a.north.min(b.north),
    }
}

fn contour_area(contour: &[Spot]) -> f64 {
    let mut sum = 0.0;
    let Some(mut before) = contour.last() else {
        return 0.0;
    };
    for here in contour {
        sum += before[0] * here[1] - here[0] * before[1];
        before = here;
    }
    sum / 2.0
}

/// The area of rings that run counter-clockwise around what they hold, and clockwise around holes.
pub(super) fn oriented_area(rings: &[Ring]) -> f64 {
    rings.iter().map(signed_area).sum()
}
