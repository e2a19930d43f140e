//! `hegui overlay`: the overlaps of parcels with layers, without judging anything.
//!
//! It does not know what an overlap means.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::layers::{self, LayerFlag};
use super::packs;
use super::{BROKEN, OK};
use crate::base::cache::Cache;
use crate::base::draft;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::base::text::Text;
use crate::model::layer::{Layer, Layers};
use crate::overlay::bulk::{self, Plot};
use crate::overlay::claim::Claim;
use crate::overlay::district::{self, beyond};
use crate::overlay::formats::Input;
use crate::overlay::reading;
use crate::overlay::stated::area_problem;
use crate::overlay::survey::name_of;
use crate::report::overlaps::{self, Measured, Row};
use crate::text;

/// The largest text that is underlined.
const SHOWN_LIMIT: u64 = 4 << 20;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    /// The file of parcels.
    pub parcels: PathBuf,
    /// The coordinate system of the parcels.
    pub crs: Option<String>,
    /// The coordinate system of the layers on the command line.
    pub layer_crs: Option<String>,
    /// The files of layers.
    pub layers: Vec<LayerFlag>,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
    /// True for CSV.
    pub csv: bool,
    /// The file it is written to.
    pub output: Option<PathBuf>,
    /// True to keep no cut layers and use none.
    pub no_cache: bool,
}

/// How many parcels a message names.
const NAMED: usize = 10;

/// Says which parcels lie elsewhere than where the layers are made for.
fn beyond_district(plots: &[overlaps::Plot], layers: &Layers) -> Option<Problem> {
    let beyond = || plots.iter().filter(|plot| plot.beyond);
    let count = beyond().count();
    let named = beyond().take(NAMED).map(|plot| plot.number.to_string());
    let named: Vec<String> = named.collect();
    let more = if count > NAMED { "…" } else { "" };
    let (zh, en) = (named.join("、"), named.join(", "));
    let Text {
        zh: within,
        en: inside,
    } = district::names(layers);
    let message = text!(
        "有 {count} 个地块不在{within}范围内，或有一部分超出（地块 {zh}{more}）",
        "parcels that are not within {inside}, or reach beyond: {count} ({en}{more})"
    );
    (count > 0).then(|| {
        Problem::warning("hegui::overlay::outside_district", Place::Nowhere, message).help(text!(
            "图层在范围外可能没有数据，没有重叠不等于不涉及；请核对坐标、投影带和坐标顺序",
            "beyond it layers may hold nothing, so no overlap clears nothing; check coordinates, zone and their order"
        ))
    })
}

/// Runs the command.
pub(super) fn run(
    asked: &Overlay,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let mut chosen = packs::choose(&asked.rules, config);
    if asked.no_cache {
        chosen.cache = Cache::none();
    }
    let (packs, mut problems) = packs::load_layers(&mut chosen, &mut sources);
    problems.extend(config.problems.iter().cloned());
    if any_error(&problems) {
        console.problems(&sorted(problems), &sources);
        return BROKEN;
    }
    let input = match Input::file(&asked.parcels, u64::MAX) {
        Ok(input) => input.with_source(&mut sources, SHOWN_LIMIT),
        Err(problem) => {
            console.problems(&[problem], &sources);
            return BROKEN;
        }
    };
    let claim = |crs: &Option<String>| {
        let words = crs.as_ref()?;
        Some(Claim::named(words, Place::Nowhere))
    };
    let mut plots = Vec::new();
    let mut shown: Vec<overlaps::Plot> = Vec::new();
    // The places in the list of those that can be measured.
    let mut places = Vec::new();
    let mut wrong_areas = Vec::new();
    let stated = claim(&asked.crs);
    let outcome = reading::each(&input, stated.as_ref(), Place::Nowhere, &mut |usable| {
        let plot = (!usable.faulty).then(|| Plot::new(&usable));
        let measured = plot.as_ref().map(Plot::area);
        wrong_areas.extend(measured.and_then(|area| area_problem(&usable.shape, area)));
        shown.push(overlaps::Plot {
            number: usable.shape.number,
            name: name_of(&usable.shape).unwrap_or_default(),
            area: measured,
            beyond: false,
        });
        if let Some(plot) = plot {
            places.push(shown.len() - 1);
            plots.push(plot);
        }
        std::ops::ControlFlow::Continue(())
    });
    problems.extend(outcome.problems);
    problems.extend(wrong_areas);
    // A file of a layer that packs do not know is measured against all the same.
    let (known, own): (Vec<LayerFlag>, Vec<LayerFlag>) = asked
        .layers
        .iter()
        .cloned()
        .partition(|flag| packs.layers.find(&flag.id).is_some());
    let mut files = layers::sources(&packs, &known, config, &mut problems);
    for source in files.iter_mut().flatten() {
        let named = source.data.pack.is_none() && source.data.crs.is_none();
        if let (true, Some(words)) = (named, &asked.layer_crs) {
            source.data.crs = Some((words.clone(), Place::Nowhere));
        }
    }
    let own: Vec<_> = own
        .iter()
        .map(|flag| layers::unknown(flag, asked.layer_crs.as_deref(), &mut problems))
        .collect();
    let wanted = |layer: &Layer| asked.layers.is_empty() || known.iter().any(|f| f.id == layer.id);
    let of_packs = packs.layers.all.iter().zip(&files);
    let of_packs = of_packs.filter_map(|(layer, source)| Some((layer, source.as_ref()?)));
    let of_packs: Vec<_> = of_packs.filter(|(layer, _)| wanted(layer)).collect();
    // A file that packs do not know may be of any place.
    if !of_packs.is_empty() {
        for (place, plot) in places.iter().zip(&plots) {
            if let Some(shown) = shown.get_mut(*place) {
                let layers = &packs.layers;
                shown.beyond = beyond(layers, plot.meridian(), plot.outline()).is_some();
            }
        }
        problems.extend(beyond_district(&shown, &packs.layers));
    }
    let own = own.iter().map(|(layer, source)| (layer, source));
    let all = of_packs.into_iter().chain(own);
    let mut measured = Vec::new();
    for (layer, source) in all {
        let mut rows = Vec::new();
        let file = bulk::measure(
            layer,
            source,
            &chosen.cache,
            &plots,
            &mut problems,
            &mut |hit| {
                rows.push(Row {
                    plot: places.get(hit.plot).copied().unwrap_or(usize::MAX),
                    feature: hit.feature,
                    area: hit.area,
                    attributes: hit.attributes,
                });
            },
        );
        measured.push(Measured { layer, file, rows });
    }
    let problems = sorted(problems);
    console.problems(&problems, &sources);
    let code = if any_error(&problems) { BROKEN } else { OK };
    let look = console.look;
    let Some(file) = &asked.output else {
        console.report(|out| {
            if asked.csv {
                overlaps::csv(&shown, &measured, look.lang, out)
            } else {
                overlaps::text(&shown, &measured, look, out)
            }
        });
        return code;
    };
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let _ = if asked.csv {
        overlaps::csv(&shown, &measured, look.lang, &mut bytes)
    } else {
        let mut plain = look;
        plain.colour = false;
        overlaps::text(&shown, &measured, plain, &mut bytes)
    };
    if let Err(problem) = draft::write(file, |out| out.write_all(&bytes)) {
        console.problems(&[problem], &sources);
        return BROKEN;
    }
    code
}
