//! Gauss–Krüger planes on the ellipsoid of CGCS2000, and areas in the plane and on the ellipsoid.
//!
//! It does not know files, or how a coordinate system was settled.
//!
//! The plane is the transverse Mercator projection with scale 1 on the central meridian, by the series of
//! Krüger to the sixth order in the third flattening (the coefficients of Karney, *Transverse Mercator with an
//! accuracy of a few nanometers*, 2011, equations 35 and 36), from longitude and latitude with
//! `ξ = ξ′ + Σ αⱼ sin 2jξ′ cosh 2jη′`, `η = η′ + Σ αⱼ cos 2jξ′ sinh 2jη′` and back with `−βⱼ`.
//! Within 40° of the meridian the error is below a micrometre.

use std::sync::LazyLock;

use geographiclib_rs::{Geodesic, PolygonArea, Winding};

use crate::model::shape::{Point, Polygon, Ring, System, ZoneWidth};

/// The semi-major axis of CGCS2000 in metres.
const MAJOR: f64 = 6_378_137.0;
/// The flattening of CGCS2000.
const FLATTENING: f64 = 1.0 / 298.257_222_101;
/// The easting of the central meridian.
const FALSE_EASTING: f64 = 500_000.0;
/// What the number of a zone is worth in a prefixed easting.
const PREFIX: f64 = 1_000_000.0;

/// The constants of the series.
struct Series {
    /// The first eccentricity, and its square.
    e: f64,
    e2: f64,
    /// The radius of the rectifying sphere.
    radius: f64,
    forward: [f64; 6],
    inverse: [f64; 6],
}

static SERIES: LazyLock<Series> = LazyLock::new(|| {
    let n = FLATTENING / (2.0 - FLATTENING);
    let (n2, n3) = (n * n, n * n * n);
    let (n4, n5, n6) = (n2 * n2, n2 * n3, n3 * n3);
    let e2 = FLATTENING * (2.0 - FLATTENING);
    Series {
        e: e2.sqrt(),
        e2,
        radius: MAJOR / (1.0 + n) * (1.0 + n2 / 4.0 + n4 / 64.0 + n6 / 256.0),
        forward: [
            n / 2.0 - 2.0 * n2 / 3.0 + 5.0 * n3 / 16.0 + 41.0 * n4 / 180.0 - 127.0 * n5 / 288.0
                + 7891.0 * n6 / 37_800.0,
            13.0 * n2 / 48.0 - 3.0 * n3 / 5.0 + 557.0 * n4 / 1440.0 + 281.0 * n5 / 630.0
                - 1_983_433.0 * n6 / 1_935_360.0,
            61.0 * n3 / 240.0 - 103.0 * n4 / 140.0
                + 15_061.0 * n5 / 26_880.0
                + 167_603.0 * n6 / 181_440.0,
            49_561.0 * n4 / 161_280.0 - 179.0 * n5 / 168.0 + 6_601_661.0 * n6 / 7_257_600.0,
            34_729.0 * n5 / 80_640.0 - 3_418_889.0 * n6 / 1_995_840.0,
            212_378_941.0 * n6 / 319_334_400.0,
        ],
        inverse: [
            n / 2.0 - 2.0 * n2 / 3.0 + 37.0 * n3 / 96.0 - n4 / 360.0 - 81.0 * n5 / 512.0
                + 96_199.0 * n6 / 604_800.0,
            n2 / 48.0 + n3 / 15.0 - 437.0 * n4 / 1440.0 + 46.0 * n5 / 105.0
                - 1_118_711.0 * n6 / 3_870_720.0,
            17.0 * n3 / 480.0 - 37.0 * n4 / 840.0 - 209.0 * n5 / 4480.0 + 5569.0 * n6 / 90_720.0,
            4397.0 * n4 / 161_280.0 - 11.0 * n5 / 504.0 - 830_251.0 * n6 / 7_257_600.0,
            4583.0 * n5 / 161_280.0 - 108_847.0 * n6 / 3_991_680.0,
            20_648_693.0 * n6 / 638_668_800.0,
        ],
    }
});

impl Series {
    /// The tangent of the conformal latitude from that of the latitude.
    fn conformal(&self, tan: f64) -> f64 {
        let secant = tan.hypot(1.0);
        let sigma = (self.e * (self.e * tan / secant).atanh()).sinh();
        tan * sigma.hypot(1.0) - sigma * secant
    }

    /// The inverse of [`Series::conformal`], by Newton's method, which doubles the digits with each step.
    fn geodetic(&self, conformal: f64) -> f64 {
        let mut tan = conformal / (1.0 - self.e2);
        for _ in 0..6 {
            let value = self.conformal(tan);
            let step = (conformal - value) / value.hypot(1.0) * (1.0 + (1.0 - self.e2) * tan * tan)
                / ((1.0 - self.e2) * tan.hypot(1.0));
            tan += step;
            if step.abs() <= f64::EPSILON * tan.abs() {
                break;
            }
        }
        tan
    }
}

/// The sums of a series at a position, `sin 2jξ cosh 2jη` and `cos 2jξ sinh 2jη` weighted by the coefficients.
fn sums(coefficients: &[f64; 6], xi: f64, eta: f64) -> (f64, f64) {
    let mut order = 0.0;
    let mut sum = (0.0, 0.0);
    for coefficient in coefficients {
        order += 2.0;
        let (sin, cos) = (order * xi).sin_cos();
        sum.0 += coefficient * sin * (order * eta).cosh();
        sum.1 += coefficient * cos * (order * eta).sinh();
    }
    sum
}

/// The plane position, easting counted from 500 km, of a longitude and latitude.
fn forward(meridian: u16, point: Point) -> Point {
    let series = &*SERIES;
    let (sin, cos) = (point.x - f64::from(meridian)).to_radians().sin_cos();
    let conformal = series.conformal(point.y.to_radians().tan());
    let xi = conformal.atan2(cos);
    let eta = (sin / conformal.hypot(cos)).asinh();
    let (north, east) = sums(&series.forward, xi, eta);
    Point {
        x: series.radius * (eta + east) + FALSE_EASTING,
        y: series.radius * (xi + north),
    }
}

/// The longitude and latitude of a plane position whose easting is counted from 500 km.
fn inverse(meridian: u16, point: Point) -> Point {
    let series = &*SERIES;
    let (xi, eta) = (
        point.y / series.radius,
        (point.x - FALSE_EASTING) / series.radius,
    );
    let (north, east) = sums(&series.inverse, xi, eta);
    let (xi, eta) = (xi - north, eta - east);
    let (sin, cos) = xi.sin_cos();
    let conformal = sin / eta.sinh().hypot(cos);
    Point {
        x: f64::from(meridian) + eta.sinh().atan2(cos).to_degrees(),
        y: series.geodetic(conformal).atan().to_degrees(),
    }
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
    let ellipsoid = Geodesic::new(MAJOR, FLATTENING);
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
