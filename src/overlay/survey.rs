//! Surveying projects: boundaries into sites, sites against every layer, and the results into facts.
//!
//! A layer is opened when the first site is measured against it, and stays open.
//! It does not open files by itself and does not know rules.

use crate::base::cache::Cache;
use crate::base::hash::hex;
use crate::base::problem::{Problem, any_error};
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::field::Vocabulary;
use crate::model::layer::{Layer, LayerData, Layers, Takes};
use crate::model::project::Project;
use crate::model::shape::{Polygon, Shape, System};
use crate::model::site::{
    BoundaryPart, Drawn, LayerFile, Overlay, Parcel, Site, Touched, Unmeasured,
};
use crate::overlay::claim::Claim;
use crate::overlay::district;
use crate::overlay::facts;
use crate::overlay::formats::Input;
use crate::overlay::index::Stop;
use crate::overlay::measure::{FLOOR, Ground, covered};
use crate::overlay::meet::Meeting;
use crate::overlay::open::{self, Open};
use crate::overlay::planes::{normal, plane};
use crate::overlay::projection::{meridian_near, moved, to_plane};
use crate::overlay::reading::{self, Usable};
use crate::overlay::rings::Extent;
use crate::overlay::stated::area_problem;
use crate::text;

/// Attributes that name a parcel, the most telling first.
const NAMES: [&str; 8] = [
    "地块名称",
    "DKMC",
    "名称",
    "name",
    "NAME",
    "Name",
    "地块编号",
    "DKBH",
];

/// The file that a layer is measured from.
#[derive(Clone, Debug)]
pub struct LayerSource {
    /// What is said of it.
    pub data: LayerData,
    /// Its bytes; none if they could not be had, which has then been said.
    pub input: Option<Input>,
}

/// Surveys the projects of a run.
#[derive(Debug)]
pub struct Survey<'a> {
    layers: &'a Layers,
    vocabulary: &'a Vocabulary,
    cache: &'a Cache,
    sources: &'a [Option<LayerSource>],
    opened: Vec<Standing>,
    meeting: Meeting,
}

/// How it stands with a layer.
#[derive(Debug)]
enum Standing {
    /// No site was measured against it.
    Closed,
    /// It is open.
    Open(Box<Open>),
    /// It cannot be read, which has been said.
    Broken,
}

impl<'a> Survey<'a> {
    /// A survey against layers; `sources` holds the file of each, in their order.
    pub fn new(
        layers: &'a Layers,
        vocabulary: &'a Vocabulary,
        sources: &'a [Option<LayerSource>],
        cache: &'a Cache,
    ) -> Self {
        Self {
            layers,
            vocabulary,
            cache,
            sources,
            opened: layers.all.iter().map(|_| Standing::Closed).collect(),
            meeting: Meeting::default(),
        }
    }

    /// Measures a project that gives a boundary; `inputs` holds the file of each of its parts that is one.
    /// Gives what is wrong.
    pub fn measure(&mut self, project: &mut Project, inputs: &[Option<Input>]) -> Vec<Problem> {
        let Some(boundary) = project.boundary.clone() else {
            return Vec::new();
        };
        let mut problems = Vec::new();
        let mut site = Site {
            place: boundary.place,
            broken: boundary.parts.is_empty(),
            ..Site::default()
        };
        let mut drawn = Vec::new();
        let none = None;
        for (number, part) in boundary.parts.iter().enumerate() {
            let input = inputs.get(number).unwrap_or(&none);
            let found = read_part(part, input.as_ref(), &mut site, &mut problems);
            site.broken |= found.is_none();
            drawn.extend(found.into_iter().flatten());
        }
        let place = boundary.place.unwrap_or(Place::Nowhere);
        let ground = if site.broken || drawn.is_empty() {
            site.broken = true;
            None
        } else {
            Some(self.parcels(&drawn, &mut site, place, &mut problems))
        };
        let is_outside = ground.is_some() && self.outside_district(&mut site, place, &mut problems);
        for (number, layer) in (0_u16..).zip(&self.layers.all) {
            let mut overlay = match &ground {
                Some(ground) => self.overlay(number, layer, ground, project.sample, &mut problems),
                None => unmeasured(number, Unmeasured::Boundary),
            };
            // Layers are made for the district: where they hold nothing beyond it, nothing is known.
            if is_outside && overlay.unmeasured.is_none() && overlay.touched.is_empty() {
                overlay = Overlay {
                    file: overlay.file,
                    ..unmeasured(number, Unmeasured::Outside)
                };
            }
            site.overlays.push(overlay);
        }
        facts::state(
            self.layers,
            self.vocabulary,
            &site,
            project,
            &mut self.meeting,
            &mut problems,
        );
        project.site = Some(Box::new(site));
        problems
    }

    /// What of every layer lies within a box of the plane of a meridian, in the order of the layers.
    pub fn around(&mut self, meridian: u16, window: Extent, sample: bool) -> Vec<Vec<Touched>> {
        let frame = Polygon {
            rings: vec![window.ring()],
        };
        let own = plane(meridian);
        let ground = Ground::new(meridian, own, &[frame], &mut self.meeting);
        let layers = (0_u16..).zip(&self.layers.all);
        layers
            .map(|(number, layer)| {
                let mut unsaid = Vec::new();
                let overlay = self.overlay(number, layer, &ground, sample, &mut unsaid);
                overlay.touched
            })
            .collect()
    }

    /// The parcels of a site, and its ground.
    fn parcels(
        &mut self,
        drawn: &[Usable],
        site: &mut Site,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Ground {
        let first = drawn.first().map_or(System::Cgcs2000, |one| one.system);
        let all = drawn.iter().flat_map(|one| &one.shape.polygons);
        let meridian = match first {
            System::GaussKruger { meridian, .. } => meridian,
            System::Cgcs2000 | System::Wgs84 => {
                let rings = all.clone().flat_map(|polygon| &polygon.rings);
                meridian_near(Extent::of(rings.flatten()).middle().x)
            }
        };
        let one_system = drawn.iter().all(|one| normal(one.system) == normal(first));
        let (system, polygons): (System, Vec<Polygon>) = if one_system {
            (first, all.cloned().collect())
        } else {
            let in_plane = drawn.iter().flat_map(|one| {
                let own = one.system;
                let here = move |point| to_plane(own, meridian, point);
                one.shape.polygons.iter().map(move |p| moved(p, here))
            });
            (plane(meridian), in_plane.collect())
        };
        let ground = Ground::new(meridian, system, &polygons, &mut self.meeting);
        for one in drawn {
            let own = Ground::new(meridian, one.system, &one.shape.polygons, &mut self.meeting);
            problems.extend(area_problem(&one.shape, own.area()));
            site.parcels.push(Parcel {
                number: one.shape.number as u64,
                name: name_of(&one.shape),
                outline: own.outline().to_vec(),
                area: own.area(),
                ellipsoid: own.ellipsoid(),
            });
        }
        site.meridian = meridian;
        site.written = Some(first);
        site.outline = ground.outline().to_vec();
        site.area = ground.area();
        site.ellipsoid = ground.ellipsoid();
        let sum: f64 = site.parcels.iter().map(|parcel| parcel.area).sum();
        if sum - site.area > FLOOR.max(site.area * 1e-9) {
            let twice = format!("{:.2}", sum - site.area);
            problems.push(
                Problem::warning(
                    "hegui::overlay::parcels_overlap",
                    place,
                    text!(
                        "地块互相重叠 {twice} m²，重叠部分只计一次",
                        "parcels overlap by {twice} m², which counts once"
                    ),
                )
                .help(text!("请核对界址点", "check the boundary points")),
            );
        }
        ground
    }

    /// A site against one layer.
    fn overlay(
        &mut self,
        number: u16,
        layer: &Layer,
        ground: &Ground,
        sample: bool,
        problems: &mut Vec<Problem>,
    ) -> Overlay {
        let Some(Some(source)) = self.sources.get(usize::from(number)) else {
            return unmeasured(number, Unmeasured::NoLayer);
        };
        if source.data.synthetic && !sample {
            return unmeasured(number, Unmeasured::Synthetic);
        }
        // A kept form that proves damaged is made anew, once.
        for _ in 0..2 {
            let standing = self.opened.get_mut(usize::from(number));
            let Some(standing) = standing else {
                break;
            };
            if matches!(standing, Standing::Closed) {
                let input = source.input.as_ref();
                let open = input
                    .and_then(|input| open::open(layer, &source.data, input, self.cache, problems));
                *standing = open.map_or(Standing::Broken, |open| Standing::Open(Box::new(open)));
            }
            let Standing::Open(open) = standing else {
                break;
            };
            match against(number, layer, ground, open, &mut self.meeting) {
                Ok(overlay) => return overlay,
                Err(Stop) => {
                    if let Standing::Open(open) = std::mem::replace(standing, Standing::Closed) {
                        open.forget(self.cache);
                    }
                }
            }
        }
        unmeasured(number, Unmeasured::Unreadable)
    }

    /// Says that a site lies elsewhere than where the packs are made for, wholly or with a part; true if so.
    fn outside_district(&self, site: &mut Site, place: Place, problems: &mut Vec<Problem>) -> bool {
        let Some(beyond) = district::beyond(self.layers, site.meridian, &site.outline) else {
            return false;
        };
        let Text { zh, en } = district::names(self.layers);
        let spot = beyond.middle;
        let at = format!("{:.4}°E, {:.4}°N", spot.x, spot.y);
        let message = if beyond.wholly {
            text!(
                "用地边界（{at}）不在{zh}范围内",
                "the boundary ({at}) is not within {en}"
            )
        } else {
            text!(
                "用地边界（{at}）有一部分超出{zh}范围",
                "the boundary ({at}) reaches beyond {en}"
            )
        };
        site.notes.push(message.clone());
        problems.push(
            Problem::warning("hegui::overlay::outside_district", place, message).help(text!(
                "如为飞地，请填写属地；否则请核对坐标、投影带和坐标顺序。范围为大致外框，以勘界为准",
                "say so if it is an enclave; otherwise check coordinates, zone and their order. The bounds are a rough frame"
            )),
        );
        true
    }
}

/// The name of a parcel, if its file gives one.
pub fn name_of(shape: &Shape) -> Option<String> {
    let value = |name: &&str| {
        let found = shape.attributes.iter().find(|(own, _)| own == name);
        found
            .map(|(_, value)| value.clone())
            .filter(|value| !value.is_empty())
    };
    NAMES.iter().find_map(value)
}

/// The shapes of a part; none if it cannot be measured.
fn read_part(
    part: &BoundaryPart,
    input: Option<&Input>,
    site: &mut Site,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Usable>> {
    let claim = part.crs.as_ref();
    let claim = claim.map(|(words, place)| Claim::named(words, *place));
    let (shapes, outcome) = match &part.drawn {
        Drawn::File(_) => {
            let input = input?;
            let hash = open::hash(input).map_err(|p| problems.push(p)).ok()?;
            site.files.push((input.main.name().to_owned(), hex(&hash)));
            reading::read(input, claim.as_ref(), part.place)
        }
        Drawn::Inline(node) => {
            let name = text!("申报中的坐标", "coordinates of the submission");
            let (shape, outcome) = reading::inline(&name.zh, node, claim.as_ref());
            (shape.into_iter().collect(), outcome)
        }
    };
    site.notes.extend(outcome.notes);
    let broken = any_error(&outcome.problems)
        || outcome.unusable > 0
        || shapes.iter().any(|shape| shape.faulty);
    if broken && !any_error(&outcome.problems) || shapes.is_empty() && outcome.problems.is_empty() {
        problems.push(Problem::error(
            "hegui::overlay::boundary",
            part.place,
            text!(
                "用地边界中没有可以量算的地块",
                "the boundary has no parcel that can be measured"
            ),
        ));
    }
    problems.extend(outcome.problems);
    (!broken && !shapes.is_empty()).then_some(shapes)
}

fn unmeasured(layer: u16, why: Unmeasured) -> Overlay {
    Overlay {
        layer,
        file: None,
        unmeasured: Some(why),
        touched: Vec::new(),
        area: 0.0,
        nearest: None,
    }
}

/// Measures a site against an open layer.
fn against(
    number: u16,
    layer: &Layer,
    ground: &Ground,
    open: &mut Open,
    meeting: &mut Meeting,
) -> Result<Overlay, Stop> {
    let (touched, faulty) = ground.touched(&mut open.index, meeting)?;
    let file: LayerFile = open.file.clone();
    let mut overlay = Overlay {
        layer: number,
        file: Some(file),
        unmeasured: (!faulty.is_empty()).then_some(Unmeasured::Faulty(faulty)),
        area: covered(touched.iter(), meeting),
        touched,
        nearest: None,
    };
    let fill = layer
        .fills
        .iter()
        .find(|fill| fill.takes == Takes::Distance);
    if let Some(fill) = fill {
        let names = open.index.head().attributes.clone();
        let value = |values: &[Option<String>], name: &str| {
            let at = names.iter().position(|own| own == name)?;
            values.get(at).cloned().flatten()
        };
        let nearest = ground.nearest(&mut open.index, &|feature| {
            feature.faulty || fill.counts(|name| value(&feature.attributes, name))
        })?;
        if let Some((distance, feature)) = nearest {
            if feature.faulty && overlay.unmeasured.is_none() {
                overlay.unmeasured = Some(Unmeasured::Faulty(vec![feature.number]));
            }
            let named = names.iter().cloned().zip(feature.attributes);
            let touched = Touched {
                number: feature.number,
                attributes: named.filter_map(|(n, value)| Some((n, value?))).collect(),
                ..Touched::default()
            };
            overlay.nearest = Some((distance, touched));
        }
    }
    Ok(overlay)
}

/// Why a layer was not measured, in words.
pub fn why(unmeasured: &Unmeasured) -> Text {
    match unmeasured {
        Unmeasured::NoLayer => text!("没有该图层的数据", "there is no data for this layer"),
        Unmeasured::Synthetic => text!(
            "只有演示数据，非演示项目视为缺少图层",
            "there is only demonstration data, which counts as missing but for demonstrations"
        ),
        Unmeasured::Unreadable => text!("图层文件无法读取", "the layer's file cannot be read"),
        Unmeasured::Boundary => text!("用地边界无法量算", "the boundary cannot be measured"),
        Unmeasured::Outside => text!(
            "用地边界超出图层适用的区域，图上未见重叠不能视为不涉及",
            "the boundary reaches beyond the area that the layers cover: no overlap there shows nothing"
        ),
        Unmeasured::Faulty(numbers) => {
            let list: Vec<String> = numbers.iter().map(u64::to_string).collect();
            let (zh, en) = (list.join("、"), list.join(", "));
            text!(
                "边界处的第 {zh} 号图斑图形有误",
                "the features {en} at the boundary have invalid shapes"
            )
        }
    }
}
