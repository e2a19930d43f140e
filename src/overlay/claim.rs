//! What a file, or the words beside it, say of a coordinate system; perhaps only a part of it.
//!
//! It does not know whether the coordinates agree: `settle` does.

use crate::base::source::Place;
use crate::model::shape::ZoneWidth;

/// Words about a coordinate system, and what they say.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The words, as written.
    pub words: String,
    /// Where they stand.
    pub place: Place,
    /// What they say.
    pub says: Says,
}

/// What can be said of a coordinate system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// CGCS2000, but not whether as degrees or in which plane.
    Cgcs2000,
    /// Degrees of CGCS2000.
    Degrees,
    /// Degrees of WGS 84.
    Wgs84,
    /// A Gauss–Krüger plane of CGCS2000, as far as it is stated.
    Plane {
        /// The width of its zones.
        width: Option<ZoneWidth>,
        /// Its central meridian.
        meridian: Option<u16>,
        /// Whether eastings carry the number of the zone.
        prefixed: Option<bool>,
    },
    /// A system before CGCS2000, which takes seven parameters that are not public.
    Old,
    /// Coordinates shifted for web maps: GCJ-02, BD-09.
    Shifted,
    /// A system that hegui does not measure in, or words that name none.
    Other,
}

impl Claim {
    /// What some words say: `EPSG:4517`, `CGCS2000 / 3-degree Gauss-Kruger zone 29`,
    /// `2000国家大地坐标系 3度带 29`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
    pub fn named(words: &str, place: Place) -> Self {
        Self {
            words: words.to_owned(),
            place,
            says: Says::Other,
        }
    }
}
