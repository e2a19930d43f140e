//! The arguments of the commands that measure and draw.
//!
//! It does not know what they do.

use std::path::PathBuf;

use clap::ArgMatches;

use super::arguments::{asked, bad, missing, no_more, paths, text, words};
use super::layers::LayerFlag;
use super::map::Draw;
use super::overlay::Overlay;
use super::usage::Stop;
use crate::text;

/// The files of layers: `id=path`, each.
pub(super) fn layers(m: &ArgMatches) -> Result<Vec<LayerFlag>, Stop> {
    let words = paths(m, "layer").into_iter();
    words
        .map(|word| {
            let written = word.to_string_lossy();
            match written.split_once('=') {
                Some((id, file)) if !id.trim().is_empty() && !file.trim().is_empty() => {
                    Ok(LayerFlag {
                        id: id.trim().to_owned(),
                        file: PathBuf::from(file.trim()),
                    })
                }
                _ => Err(bad("layer", &written, "permanent-farmland=data/pbf.shp")),
            }
        })
        .collect()
}

pub(super) fn overlay(m: &ArgMatches) -> Result<Overlay, Stop> {
    let mut files = paths(m, "PARCELS").into_iter();
    let Some(parcels) = files.next() else {
        return Err(missing(
            "地块文件",
            "the file of parcels",
            text!(
                "例如：hegui overlay parcels.geojson --layer redline=redline.shp",
                "for example: hegui overlay parcels.geojson --layer redline=redline.shp"
            ),
        ));
    };
    no_more(&words(m, "PARCELS"), 1)?;
    let csv = match text(m, "format").unwrap_or("text") {
        "csv" => true,
        "text" => false,
        other => return Err(bad("format", other, "text、csv")),
    };
    Ok(Overlay {
        parcels,
        crs: text(m, "crs").map(str::to_owned),
        layer_crs: text(m, "layer-crs").map(str::to_owned),
        layers: layers(m)?,
        rules: paths(m, "rules"),
        csv,
        output: paths(m, "output").into_iter().next(),
        no_cache: m.get_flag("no-cache"),
    })
}

pub(super) fn draw(m: &ArgMatches) -> Result<Draw, Stop> {
    Ok(Draw {
        asked: asked(m, paths(m, "PROJECT"))?,
        project: text(m, "project").map(str::to_owned),
        output: paths(m, "output").into_iter().next(),
    })
}
