//! Many parcels against one layer: areas only, parcel by parcel, in the order of their file.
//!
//! It does not know projects or facts.

use std::collections::HashMap;

use crate::base::cache::Cache;
use crate::base::problem::Problem;
use crate::model::layer::Layer;
use crate::model::shape::{Ring, System};
use crate::model::site::LayerFile;
use crate::overlay::index::Stop;
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

    /// Its outline in the plane.
    pub fn outline(&self) -> &[Ring] {
        self.ground.outline()
    }
}

/// What a parcel has in common with a feature, or that it cannot be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit<'a> {
    /// The parcel, by its place in the list.
    pub plot: usize,
    /// The feature's number in its file.
    pub feature: u64,
    /// The area in common in m²; none where the feature is invalid.
    pub area: Option<f64>,
    /// The attributes of the feature that are kept, in the order of their names.
    pub attributes: &'a [Option<String>],
}

/// Measures parcels against a layer and visits what they have in common; none if the layer cannot be read.
pub fn measure(
    layer: &Layer,
    source: &LayerSource,
    cache: &Cache,
    plots: &[Plot],
    problems: &mut Vec<Problem>,
    visit: &mut dyn FnMut(Hit<'_>),
) -> Option<LayerFile> {
    let input = source.input.as_ref()?;
    let open = || open::open(layer, &source.data, input, cache, &mut Vec::new());
    let mut opened = open::open(layer, &source.data, input, cache, problems)?;
    let mut meeting = Meeting::default();
    let mut areas = Vec::new();
    let mut known: HashMap<u64, Vec<Option<String>>> = HashMap::new();
    for (number, plot) in plots.iter().enumerate() {
        let mut keep = |feature: &super::index::Feature| {
            known
                .entry(feature.number)
                .or_insert_with(|| feature.attributes.clone());
        };
        let ground = &plot.ground;
        let mut faulty = ground.areas(&mut opened.index, &mut meeting, &mut areas, &mut keep);
        if let Err(Stop) = faulty {
            // A kept form that proves damaged is made anew, once.
            opened.forget(cache);
            opened = open()?;
            faulty = ground.areas(&mut opened.index, &mut meeting, &mut areas, &mut keep);
        }
        let Ok(faulty) = faulty else {
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
        for (feature, area) in &areas {
            visit(Hit {
                plot: number,
                feature: *feature,
                area: Some(*area),
                attributes: known.get(feature).map_or(&[], Vec::as_slice),
            });
        }
        for feature in faulty {
            visit(Hit {
                plot: number,
                feature,
                area: None,
                attributes: &[],
            });
        }
    }
    Some(opened.file)
}
