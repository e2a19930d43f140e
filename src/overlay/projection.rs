//! Gauss–Krüger planes on the ellipsoid of CGCS2000, and areas in the plane and on the ellipsoid.
//!
//! It does not know files, or how a coordinate system was settled.
//!
//! The plane is the transverse Mercator projection with scale 1 on the central meridian.

use std::cell::RefCell;
use std::collections::BTreeMap;

use geographiclib_rs::{Geodesic, PolygonArea, Winding};
use proj4rs::Proj;
use proj4rs::adaptors::transform_xy;

use crate::model::shape::{Point, Polygon, Ring, System, ZoneWidth};

/// The semi-major axis of CGCS2000 in metres.
const MAJOR: f64 = 6_378_137.0;
/// The inverse of the flattening of CGCS2000.
const INVERSE_FLATTENING: f64 = 298.257_222_101;
/// The easting of the central meridian.
const FALSE_EASTING: f64 = 500_000.0;
/// What the number of a zone is worth in a prefixed easting.
const PREFIX: f64 = 1_000_000.0;

/// Longitude and latitude on the ellipsoid of CGCS2000, and its planes met so far.
struct Planes {
    geographic: Option<Proj>,
    of: BTreeMap<u16, Option<Proj>>,
}

thread_local! {
    /// Setting a plane up costs as much as moving many points.
    static PLANES: RefCell<Planes> = RefCell::new(Planes {
        geographic: projection("+proj=longlat"),
        of: BTreeMap::new(),
    });
}

fn projection(kind: &str) -> Option<Proj> {
    let ellipsoid = format!("+a={MAJOR} +rf={INVERSE_FLATTENING} +no_defs");
    Proj::from_proj_string(&format!("{kind} {ellipsoid}")).ok()
}

/// What a plane and longitude and latitude make of a position; not a number where they cannot be had or do not
/// reach, which no check of a polygon lets pass.
fn between(
    meridian: u16,
    point: Point,
    act: impl Fn(&Proj, &Proj, Point) -> Option<Point>,
) -> Point {
    let moved = PLANES.with_borrow_mut(|planes| {
        let plane = planes.of.entry(meridian).or_insert_with(|| {
            projection(&format!(
                "+proj=etmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={FALSE_EASTING} +y_0=0 +units=m"
            ))
        });
        act(planes.geographic.as_ref()?, plane.as_ref()?, point)
    });
    moved.unwrap_or(Point {
        x: f64::NAN,
        y: f64::NAN,
    })
}

/// The plane position, easting counted from 500 km, of a longitude and latitude.
fn forward(meridian: u16, point: Point) -> Point {
    between(meridian, point, |geographic, plane, point| {
        let (x, y) = (point.x.to_radians(), point.y.to_radians());
        let (x, y) = transform_xy(geographic, plane, x, y).ok()?;
        Some(Point { x, y })
    })
}

/// The longitude and latitude of a plane position whose easting is counted from 500 km.
fn inverse(meridian: u16, point: Point) -> Point {
    between(meridian, point, |geographic, plane, point| {
        let (x, y) = transform_xy(plane, geographic, point.x, point.y).ok()?;
        Some(Point {
            x: x.to_degrees(),
            y: y.to_degrees(),
        })
    })
}

/// The number of the zone of a central meridian.
pub fn zone_of(width: ZoneWidth, meridian: u16) -> u16 {
    match width {
        ZoneWidth::Three => meridian / 3,
        ZoneWidth::Six => (meridian + 3) / 6,
    }
}

/// The central meridian of a zone.
pub fn meridian_of(width: ZoneWidth, zone: u16) -> u16 {
    match width {
        ZoneWidth::Three => zone.saturating_mul(3),
        ZoneWidth::Six => zone.saturating_mul(6).saturating_sub(3),
    }
}

/// The central meridian of the three-degree zone that a longitude lies in.
pub fn meridian_near(longitude: f64) -> u16 {
    // A longitude that is not a number gives 0; it never gets past the check of a polygon.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, and the range is that of a longitude"
    )]
    let zone = (longitude / 3.0).round().clamp(0.0, 120.0) as u16;
    zone * 3
}

/// What is added to an easting counted from 500 km in a system.
fn offset(width: ZoneWidth, meridian: u16, prefixed: bool) -> f64 {
    if prefixed {
        f64::from(zone_of(width, meridian)) * PREFIX
    } else {
        0.0
    }
}

/// The longitude and latitude of a position.
pub fn to_geographic(system: System, point: Point) -> Point {
    match system {
        System::Cgcs2000 | System::Wgs84 => point,
        System::GaussKruger {
            width,
            meridian,
            prefixed,
        } => inverse(
            meridian,
            Point {
                x: point.x - offset(width, meridian, prefixed),
                y: point.y,
            },
        ),
    }
}

/// The position in the plane of a central meridian, its easting counted from 500 km without a zone number.
///
/// A position that is already in that plane is only shifted, so that it keeps its digits.
pub fn to_plane(system: System, meridian: u16, point: Point) -> Point {
    match system {
        System::GaussKruger {
            width,
            meridian: own,
            prefixed,
        } if own == meridian => Point {
            x: point.x - offset(width, meridian, prefixed),
            y: point.y,
        },
        _ => forward(meridian, to_geographic(system, point)),
    }
}

/// A polygon with every point moved.
#[must_use]
pub fn moved(polygon: &Polygon, to: impl Fn(Point) -> Point) -> Polygon {
    let ring = |ring: &Ring| ring.iter().copied().map(&to).collect();
    Polygon {
        rings: polygon.rings.iter().map(ring).collect(),
    }
}

/// The area of a valid polygon in the plane of its coordinates: the outer ring less its holes.
pub fn plane_area(polygon: &Polygon) -> f64 {
    less_holes(polygon, ring_area)
}

/// The area of a ring in the plane, whichever way it runs.
pub fn ring_area(ring: &Ring) -> f64 {
    signed_area(ring).abs()
}

/// Twice the area is what the cross products add up to; positive if the ring runs against the clock.
pub fn signed_area(ring: &Ring) -> f64 {
    // Counted from the first point: products of whole northings and eastings would lose square decimetres.
    let Some(first) = ring.first() else {
        return 0.0;
    };
    let cross = |a: &Point, b: &Point| {
        (a.x - first.x) * (b.y - first.y) - (b.x - first.x) * (a.y - first.y)
    };
    let pairs = ring.iter().zip(ring.iter().skip(1));
    pairs.map(|(a, b)| cross(a, b)).sum::<f64>() / 2.0
}

/// The area of a valid polygon on the ellipsoid of CGCS2000, its edges the shortest lines between its points.
///
/// The points are longitudes and latitudes.
pub fn ellipsoid_area(polygon: &Polygon) -> f64 {
    let ellipsoid = Geodesic::new(MAJOR, 1.0 / INVERSE_FLATTENING);
    less_holes(polygon, |ring| {
        let mut area = PolygonArea::new(&ellipsoid, Winding::CounterClockwise);
        for point in ring {
            area.add_point(point.y, point.x);
        }
        let (_, area, _) = area.compute(true);
        area.abs()
    })
}

fn less_holes(polygon: &Polygon, area: impl Fn(&Ring) -> f64) -> f64 {
    let mut rings = polygon.rings.iter();
    let outer = rings.next().map_or(0.0, &area);
    outer - rings.map(area).sum::<f64>()
}
