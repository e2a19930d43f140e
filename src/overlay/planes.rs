//! Rings moved between coordinate systems, their edges divided so that they stay straight.
//!
//! It does not know layers or sites.

use crate::model::shape::{Point, Polygon, Ring, System, ZoneWidth};
use crate::overlay::projection::{ellipsoid_area, signed_area, to_geographic, to_plane};

/// Edges are divided to this length in metres before they are moved: over 50 m a line that is straight in degrees
/// leaves the straight line of a plane by less than a tenth of a millimetre.
const STRAIGHT: f64 = 50.0;
/// The same in degrees of latitude.
const STRAIGHT_DEGREES: f64 = 0.000_5;

/// The plane of a meridian, eastings without the number of the zone.
pub(super) fn plane(meridian: u16) -> System {
    System::GaussKruger {
        width: ZoneWidth::Three,
        meridian,
        prefixed: false,
    }
}

/// The system in which coordinates are kept that are written in a system: planes without zone numbers, and degrees.
pub(super) fn normal(system: System) -> System {
    match system {
        System::GaussKruger { meridian, .. } => plane(meridian),
        System::Cgcs2000 | System::Wgs84 => System::Cgcs2000,
    }
}

/// A point of a system as it is kept.
pub(super) fn plain(system: System, point: Point) -> Point {
    match system {
        System::GaussKruger { meridian, .. } => to_plane(system, meridian, point),
        System::Cgcs2000 | System::Wgs84 => point,
    }
}

/// A point of a system in another.
pub(super) fn point(point: Point, from: System, to: System) -> Point {
    match to {
        System::GaussKruger { meridian, .. } => to_plane(from, meridian, point),
        System::Cgcs2000 | System::Wgs84 => to_geographic(from, point),
    }
}

/// Rings of a system in another, their edges divided so that they stay straight.
pub(super) fn moved(rings: &[Ring], from: System, to: System) -> Vec<Ring> {
    if from == to {
        return rings.to_vec();
    }
    let step = match from {
        System::GaussKruger { .. } => STRAIGHT,
        System::Cgcs2000 | System::Wgs84 => STRAIGHT_DEGREES,
    };
    let ring = |ring: &Ring| {
        let fine = divided(ring, step);
        fine.into_iter().map(|p| point(p, from, to)).collect()
    };
    rings.iter().map(ring).collect()
}

/// A ring whose edges are no longer than a step.
pub(super) fn divided(ring: &[Point], step: f64) -> Ring {
    let mut all = Ring::with_capacity(ring.len());
    for (a, b) in ring.iter().zip(ring.iter().skip(1).chain(ring.first())) {
        all.push(*a);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let parts = (dx.hypot(dy) / step).ceil().min(10_000.0);
        let mut part = 1.0;
        while part < parts {
            all.push(Point {
                x: a.x + dx * part / parts,
                y: a.y + dy * part / parts,
            });
            part += 1.0;
        }
    }
    all
}

/// The area on the ellipsoid of rings of a plane that run counter-clockwise around what they hold.
pub(super) fn on_ellipsoid(rings: &[Ring], meridian: u16) -> f64 {
    let own = plane(meridian);
    let one = |ring: &Ring| {
        let degrees = ring.iter().map(|point| to_geographic(own, *point));
        let area = ellipsoid_area(&Polygon {
            rings: vec![degrees.collect()],
        });
        area * signed_area(ring).signum()
    };
    rings.iter().map(one).sum()
}
