//! The extent of coordinates, and what coordinates of that extent look like.
//!
//! It does not know what was said of them.

use crate::base::text::Text;
use crate::model::shape::Point;
use crate::text;

/// How far from its central meridian, in metres, a shape in a plane may reach.
const REACH: f64 = 950_000.0;
/// How far the middle of a shape in a plane may lie from the central meridian without doubt about the zone.
const MIDDLE: f64 = 450_000.0;

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

/// What coordinates look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Look {
    /// Longitude and latitude in China.
    Degrees,
    /// Longitude and latitude elsewhere.
    DegreesAbroad,
    /// A plane, with the number of the zone in the eastings or without.
    Plane(Option<u16>),
    /// Longitude and latitude the other way round.
    DegreesSwapped,
    /// A plane, northing first.
    PlaneSwapped(Option<u16>),
    /// Nothing that is known.
    Strange,
}

impl Look {
    pub(super) fn of(bounds: Bounds) -> Self {
        let turned = bounds.turned();
        if bounds.within_china() {
            Self::Degrees
        } else if turned.within_china() {
            Self::DegreesSwapped
        } else if bounds.low.x >= -180.0
            && bounds.high.x <= 180.0
            && bounds.low.y >= -90.0
            && bounds.high.y <= 90.0
        {
            Self::DegreesAbroad
        } else {
            bounds
                .plane(Self::Plane)
                .or_else(|| turned.plane(Self::PlaneSwapped))
                .unwrap_or(Self::Strange)
        }
    }

    /// What it is, in words.
    pub(super) fn words(self) -> Text {
        match self {
            Self::Degrees | Self::DegreesAbroad => text!("经纬度", "longitude and latitude"),
            Self::Plane(Some(zone)) => text!(
                "东坐标带有 {zone} 带带号的平面坐标",
                "plane coordinates with zone {zone} in the eastings"
            ),
            Self::Plane(None) => text!(
                "东坐标不带带号的平面坐标",
                "plane coordinates without a zone number in the eastings"
            ),
            Self::DegreesSwapped => text!(
                "纬度在前、经度在后的坐标",
                "latitude and longitude the wrong way round"
            ),
            Self::PlaneSwapped(_) => text!(
                "北坐标与东坐标颠倒的平面坐标",
                "plane coordinates with northing and easting the wrong way round"
            ),
            Self::Strange => text!(
                "既不是经纬度也不是同一投影带的平面坐标",
                "neither degrees nor one plane"
            ),
        }
    }
}

impl Bounds {
    /// True if another lies within it, touching allowed.
    pub fn holds(&self, other: &Self) -> bool {
        self.low.x <= other.low.x
            && self.low.y <= other.low.y
            && self.high.x >= other.high.x
            && self.high.y >= other.high.y
    }

    fn turned(self) -> Self {
        let turn = |point: Point| Point {
            x: point.y,
            y: point.x,
        };
        Self {
            low: turn(self.low),
            high: turn(self.high),
        }
    }

    fn within_china(self) -> bool {
        self.low.x >= 72.0 && self.high.x <= 137.0 && self.low.y >= 2.0 && self.high.y <= 55.0
    }

    /// The look of a plane with the zone number in its eastings, if these are plane coordinates in China at all.
    fn plane(self, look: fn(Option<u16>) -> Look) -> Option<Look> {
        if self.low.y < 200_000.0 || self.high.y > 6_300_000.0 {
            return None;
        }
        let near = |false_easting: f64| {
            let middle = f64::midpoint(self.low.x, self.high.x) - false_easting;
            middle.abs() <= MIDDLE
                && self.low.x >= false_easting - REACH
                && self.high.x <= false_easting + REACH
        };
        if near(500_000.0) {
            return Some(look(None));
        }
        let zone = (13..=45_u16).find(|zone| near(f64::from(*zone) * 1e6 + 500_000.0))?;
        Some(look(Some(zone)))
    }
}
