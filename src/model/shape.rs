//! Shapes on the ground: points, rings, polygons, features with attributes, and the coordinate system they are in.
//!
//! It does not know file formats, projections, areas or layers.

use crate::base::source::Place;

/// A position in the coordinates of its system.
///
/// `x` is always the easting or longitude and `y` the northing or latitude, whatever order a file writes them in
/// (the boundary text of land filings and EPSG both put the northing first).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Easting in metres, or longitude in degrees.
    pub x: f64,
    /// Northing in metres, or latitude in degrees.
    pub y: f64,
}

/// A closed line. The first point is not repeated at the end.
pub type Ring = Vec<Point>;

/// An area bounded by rings under the even-odd rule: the outer ring first, then its holes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Polygon {
    /// The rings; the first is the outer one.
    pub rings: Vec<Ring>,
}

/// A feature of a map file: one or more polygons with attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its number in the file, counted from 1.
    pub number: usize,
    /// Its polygons.
    pub polygons: Vec<Polygon>,
    /// Its attributes in the order of the file, as text.
    pub attributes: Vec<(String, String)>,
    /// Where it is written.
    pub place: Place,
}

/// How wide a Gauss–Krüger zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ZoneWidth {
    /// Three degrees (1:10,000 and larger).
    Three,
    /// Six degrees.
    Six,
}

/// A coordinate system that hegui can measure in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    /// CGCS2000 longitude and latitude (EPSG:4490).
    Cgcs2000,
    /// WGS 84 longitude and latitude (EPSG:4326), read as CGCS2000 with a note.
    Wgs84,
    /// CGCS2000 in a Gauss–Krüger plane (EPSG:4491–4554).
    GaussKruger {
        /// The width of the zone.
        width: ZoneWidth,
        /// The central meridian in degrees east.
        meridian: u16,
        /// Whether eastings carry the number of the zone before the false easting of 500 km.
        prefixed: bool,
    },
}
