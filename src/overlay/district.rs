//! Whether ground lies where the layers are made for, as told by the rough frames of the districts.
//!
//! It does not know what follows for what was measured.

use crate::base::text::Text;
use crate::model::layer::Layers;
use crate::model::shape::{Point, Ring};
use crate::overlay::planes::plane;
use crate::overlay::projection::to_geographic;
use crate::overlay::rings::Extent;

/// The easting of a central meridian.
const MERIDIAN_EASTING: f64 = 500_000.0;

/// Ground that reaches beyond every district.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beyond {
    /// True if none of it lies within one.
    pub wholly: bool,
    /// Its middle, in degrees.
    pub middle: Point,
}

/// Tells whether an outline in the plane of a meridian reaches beyond the districts of layers; none if it lies within
/// one of them, or if there are none.
pub fn beyond(layers: &Layers, meridian: u16, outline: &[Ring]) -> Option<Beyond> {
    let frames = layers.districts.iter().map(|district| {
        let [west, south, east, north] = district.bounds;
        Extent {
            west,
            south,
            east,
            north,
        }
    });
    let within = |extent: &Extent| frames.clone().any(|frame| frame.holds(extent));
    if layers.districts.is_empty() || within(&degrees(meridian, &extremes(outline))) {
        return None;
    }
    let extent = degrees(meridian, outline.iter().flatten());
    if within(&extent) {
        return None;
    }
    Some(Beyond {
        wholly: !frames.clone().any(|frame| frame.touches(&extent)),
        middle: extent.middle(),
    })
}

/// The box in degrees of points in the plane of a meridian.
fn degrees<'a>(meridian: u16, points: impl IntoIterator<Item = &'a Point>) -> Extent {
    let own = plane(meridian);
    let mut extent = Extent::NONE;
    for point in points {
        extent.add(to_geographic(own, *point));
    }
    extent
}

/// Points between whose longitudes and latitudes an outline of the northern half lies: the corners of its box, and where
/// the box is nearest to the meridian, since a line of one northing is furthest north there. Most outlines lie well
/// within a district, and moving every vertex lasts longer than measuring them.
fn extremes(outline: &[Ring]) -> [Point; 6] {
    let own = Extent::of_rings(outline);
    let nearest = MERIDIAN_EASTING.max(own.west).min(own.east);
    let at = |x, y| Point { x, y };
    [
        at(own.west, own.south),
        at(own.east, own.south),
        at(own.west, own.north),
        at(own.east, own.north),
        at(nearest, own.south),
        at(nearest, own.north),
    ]
}

/// The names of the districts of layers.
pub fn names(layers: &Layers) -> Text {
    let districts = layers.districts.iter();
    let zh: Vec<&str> = districts.clone().map(|d| d.name.zh.as_str()).collect();
    let en: Vec<&str> = districts.map(|d| d.name.en.as_str()).collect();
    Text::new(zh.join("、"), en.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extremes_of_a_box_hold_every_point_of_it_in_degrees() {
        let spread = |west: f64, width: f64| {
            let (south, height) = (4_850_000.0, 90_000.0);
            let at = |i: i32, j: i32| Point {
                x: west + width * f64::from(i) / 40.0,
                y: south + height * f64::from(j) / 40.0,
            };
            let outline: Vec<Ring> = vec![vec![at(0, 0), at(40, 0), at(40, 40), at(0, 40)]];
            let held = degrees(87, &extremes(&outline));
            let all = (0..=40).flat_map(|i| (0..=40).map(move |j| at(i, j)));
            let all = degrees(87, &all.collect::<Vec<Point>>());
            let more = 1e-12;
            let held = Extent {
                west: held.west - more,
                south: held.south - more,
                east: held.east + more,
                north: held.north + more,
            };
            assert!(held.holds(&all), "{held:?} {all:?}");
        };
        for (west, width) in [
            (400_000.0, 60_000.0),
            (470_000.0, 90_000.0),
            (540_000.0, 80_000.0),
        ] {
            spread(west, width);
        }
    }
}
