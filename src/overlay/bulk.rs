//! Many parcels against one layer: areas only, parcel by parcel, in the order of their file.
//!
//! It does not know projects or facts.

use crate::base::cache::Cache;
use crate::base::problem::Problem;
use crate::base::shares;
use crate::model::layer::Layer;
use crate::model::shape::{Ring, System};
use crate::model::site::LayerFile;
use crate::overlay::index::{Feature, Index, Stop};
use crate::overlay::measure::Ground;
use crate::overlay::meet::Meeting;
use crate::overlay::open;
use crate::overlay::projection::meridian_near;
use crate::overlay::reading::Usable;
use crate::overlay::rings::Extent;
use crate::overlay::survey::LayerSource;
use crate::text;

/// A parcel, to be measured against layers.
#[derive(Clone, Debug)]
pub struct Plot {
    ground: Ground,
}

impl Plot {
    /// A parcel out of a map file, to be measured in the plane of its own zone.
    pub fn new(usable: &Usable) -> Self {
        let meridian = match usable.system {
            System::GaussKruger { meridian, .. } => meridian,
            System::Cgcs2000 | System::Wgs84 => {
                let rings = usable.shape.polygons.iter().flat_map(|p| &p.rings);
                meridian_near(Extent::of(rings.flatten()).middle().x)
            }
        };
        let polygons = &usable.shape.polygons;
        Self {
            ground: Ground::new(meridian, usable.system, polygons, &mut Meeting::default()),
        }
    }

    /// Its area in the plane, in m².
    pub fn area(&self) -> f64 {
        self.ground.area()
    }

    /// The central meridian of its plane.
    pub fn meridian(&self) -> u16 {
        self.ground.meridian()
    }

    /// Its outline in the plane.
    pub fn outline(&self) -> &[Ring] {
        self.ground.outline()
    }
}

/// What a parcel has in common with a feature, or that it cannot be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The parcel, by its place in the list.
    pub plot: usize,
    /// The feature's number in its file.
    pub feature: u64,
    /// The area in common in m²; none where the feature is invalid.
    pub area: Option<f64>,
    /// The attributes of the feature that are kept, in the order of their names.
    pub attributes: Vec<Option<String>>,
}

/// Measures parcels against a layer and visits what they have in common; none if the layer cannot be read.
pub fn measure(
    layer: &Layer,
    source: &LayerSource,
    cache: &Cache,
    plots: &[Plot],
    problems: &mut Vec<Problem>,
    visit: &mut dyn FnMut(Hit),
) -> Option<LayerFile> {
    let input = source.input.as_ref()?;
    let mut opened = open::open(layer, &source.data, input, cache, problems)?;
    let mut found = all(&opened.index, plots);
    if found.is_err() {
        // A kept form that proves damaged is made anew, once.
        opened.forget(cache);
        opened = open::open(layer, &source.data, input, cache, &mut Vec::new())?;
        found = all(&opened.index, plots);
    }
    let Ok(found) = found else {
        let file = input.main.name();
        problems.push(Problem::error(
            "hegui::overlay::damaged",
            source.data.place,
            text!(
                "图层文件 `{file}` 的缓存损坏且无法重建",
                "the cached form of the layer file `{file}` is damaged and cannot be made anew"
            ),
        ));
        return None;
    };
    for (number, (areas, faulty)) in found.into_iter().enumerate() {
        for (feature, area, attributes) in areas {
            visit(Hit {
                plot: number,
                feature,
                area: Some(area),
                attributes,
            });
        }
        for feature in faulty {
            visit(Hit {
                plot: number,
                feature,
                area: None,
                attributes: Vec::new(),
            });
        }
    }
    Some(opened.file)
}

/// For each parcel the features it overlaps, each with the area and the attributes, and the faulty ones near it.
type Found = (Vec<(u64, f64, Vec<Option<String>>)>, Vec<u64>);

fn all(index: &Index, plots: &[Plot]) -> Result<Vec<Found>, Stop> {
    let make = || (index.another(), Meeting::default(), Vec::new());
    let found = shares::each_with(plots, make, |(index, meeting, areas), plot| {
        let mut known: Vec<Feature> = Vec::new();
        let mut keep = |feature: &Feature| {
            if known
                .last()
                .is_none_or(|last| last.number != feature.number)
            {
                known.push(feature.clone());
            }
        };
        let faulty = plot.ground.areas(index, meeting, areas, &mut keep)?;
        let attributes = |number: u64| {
            let of = known.iter().find(|feature| feature.number == number);
            of.map_or_else(Vec::new, |feature| feature.attributes.clone())
        };
        let areas = areas.iter().map(|(n, area)| (*n, *area, attributes(*n)));
        Ok((areas.collect(), faulty))
    });
    found.into_iter().collect()
}
