//! Whether ground lies where the layers are made for, as told by the rough frames of the districts.
//!
//! It does not know what follows for what was measured.

use crate::base::text::Text;
use crate::model::layer::Layers;
use crate::model::shape::{Point, Ring};
use crate::overlay::planes::plane;
use crate::overlay::projection::to_geographic;
use crate::overlay::rings::Extent;

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
    let own = plane(meridian);
    let points = outline.iter().flatten();
    let degrees: Ring = points.map(|point| to_geographic(own, *point)).collect();
    let extent = Extent::of(&degrees);
    if layers.districts.is_empty() || frames.clone().any(|frame| frame.holds(&extent)) {
        return None;
    }
    Some(Beyond {
        wholly: !frames.clone().any(|frame| frame.touches(&extent)),
        middle: extent.middle(),
    })
}

/// The names of the districts of layers.
pub fn names(layers: &Layers) -> Text {
    let districts = layers.districts.iter();
    let zh: Vec<&str> = districts.clone().map(|d| d.name.zh.as_str()).collect();
    let en: Vec<&str> = districts.map(|d| d.name.en.as_str()).collect();
    Text::new(zh.join("、"), en.join(", "))
}
