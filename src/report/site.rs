//! What was measured, in words and as JSON: parcels, overlaps feature by feature, layers with edition and hash.
//!
//! It measures nothing.

use serde::Serialize;

use super::blocks::{Cell, Grid, Size};
use super::json_form::Both;
use crate::base::text::{Lang, Text, counted};
use crate::judge::evidence::Evidence;
use crate::language::eval::{Lack, Subject};
use crate::model::layer::Layer;
use crate::model::project::{FactRef, Origin, Project};
use crate::model::site::{LayerFile, Overlay, Site, Touched, Unmeasured};
use crate::overlay::settle;
use crate::overlay::survey::why;
use crate::rules::pack::Packs;
use crate::text;

/// Features listed of a layer, at most.
const LISTED: usize = 8;
/// Digits of a hash that are shown.
const DIGITS: usize = 8;

/// An area in m², hectares and mu.
pub(super) fn area(square_metres: f64) -> Text {
    let (metres, hectares, mu) = figures(square_metres);
    text!(
        "{metres} m²（{hectares} 公顷，{mu} 亩）",
        "{metres} m² ({hectares} ha, {mu} mu)"
    )
}

/// An area in m², hectares and mu, as numbers.
fn figures(square_metres: f64) -> (String, String, String) {
    let (hectares, mu) = (square_metres / 10_000.0, square_metres * 0.0015);
    // A sliver is not to be shown as nothing.
    let (h, m) = if square_metres < 10.0 { (7, 6) } else { (4, 2) };
    (
        grouped(square_metres),
        format!("{hectares:.h$}"),
        format!("{mu:.m$}"),
    )
}

/// A share in percent. That of a sliver is not to be shown as nothing.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let places = if percent < 0.01 { 6 } else { 2 };
    format!("{percent:.places$}%")
}

/// A number to two places with its thousands apart; a small one with as many places as it needs.
fn grouped(number: f64) -> String {
    let places = if number.abs() < 1.0 { 4 } else { 2 };
    let written = format!("{number:.places$}");
    let (whole, rest) = written.split_once('.').unwrap_or((&written, ""));
    let count = whole.len();
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (count - at) % 3 == 0 && digit.is_ascii_digit() {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{rest}")
}

/// The plane of a site.
pub(super) fn plane(site: &Site) -> Text {
    let meridian = site.meridian;
    text!(
        "CGCS2000 高斯-克吕格平面（中央经线 {meridian}°）",
        "CGCS2000 Gauss–Krüger plane (central meridian {meridian}°E)"
    )
}

/// The edition of a layer's file with its date.
pub(super) fn edition(file: &LayerFile) -> Text {
    let LayerFile { edition, date, .. } = file;
    let of = |edition: &str, none: &str, open: &str, close: &str| match (edition, date) {
        ("", None) => none.to_owned(),
        ("", Some(date)) => date.to_string(),
        (edition, None) => edition.to_owned(),
        (edition, Some(date)) => format!("{edition}{open}{date}{close}"),
    };
    Text::new(
        of(&edition.zh, "版本未注明", "（", "）"),
        of(&edition.en, "edition not stated", " (", ")"),
    )
}

/// A layer's file: who provides it, its edition, hash and where it was read.
pub(super) fn source(file: &LayerFile) -> Text {
    let hash: String = file.hash.chars().take(DIGITS).collect();
    let LayerFile { provider, name, .. } = file;
    let Text { zh, en } = edition(file);
    let (by_zh, by_en) = (&provider.zh, &provider.en);
    let (made_zh, made_en) = if file.synthetic {
        ("，演示数据", ", demonstration data")
    } else {
        ("", "")
    };
    text!(
        "{by_zh}，{zh}，{name}，摘要 {hash}{made_zh}",
        "{by_en}, {en}, {name}, hash {hash}{made_en}"
    )
}

/// A feature by its attributes, or its number.
pub(super) fn named(layer: &Layer, one: &Touched) -> Text {
    let words = |zh: bool| {
        let named = one.attributes.iter().map(|(name, value)| {
            let label = layer.attribute_label(name);
            format!("{} {value}", if zh { &label.zh } else { &label.en })
        });
        let all: Vec<String> = named.collect();
        let number = one.number;
        match (all.is_empty(), zh) {
            (true, true) => format!("第 {number} 号图斑"),
            (true, false) => format!("feature {number}"),
            (false, true) => all.join("，"),
            (false, false) => all.join(", "),
        }
    };
    Text::new(words(true), words(false))
}

/// A feature that is touched.
fn feature(layer: &Layer, one: &Touched) -> Text {
    let Text { zh, en } = named(layer, one);
    let area = area(one.area);
    let (share, round) = (percent(one.share), grouped(one.ellipsoid));
    let (area_zh, area_en) = (area.zh, area.en);
    text!(
        "{zh}：{area_zh}，占用地 {share}；椭球面积 {round} m²",
        "{en}: {area_en}, {share} of the site; on the ellipsoid {round} m²"
    )
}

/// What was measured against a layer, line by line; the first line names it.
fn overlay(site: &Site, layer: &Layer, overlay: &Overlay) -> Vec<Text> {
    let (zh, en) = (&layer.label.zh, &layer.label.en);
    if let Some(unmeasured) = &overlay.unmeasured {
        let Text {
            zh: why_zh,
            en: why_en,
        } = why(unmeasured);
        return vec![text!(
            "{zh}：未量算，{why_zh}",
            "{en}: not measured, {why_en}"
        )];
    }
    let mut lines = Vec::new();
    let count = overlay.touched.len();
    let total = area(overlay.area);
    let share = percent(if site.area > 0.0 {
        overlay.area / site.area
    } else {
        0.0
    });
    let (total_zh, total_en) = (total.zh, total.en);
    let features = match count {
        1 => "1 feature".to_owned(),
        count => format!("{count} features"),
    };
    lines.push(if count == 0 {
        text!("{zh}：没有重叠", "{en}: no overlap")
    } else {
        text!(
            "{zh}：{count} 个图斑，合计 {total_zh}，占用地 {share}",
            "{en}: {features}, together {total_en}, {share} of the site"
        )
    });
    lines.extend(
        overlay
            .touched
            .iter()
            .take(LISTED)
            .map(|one| feature(layer, one)),
    );
    if count > LISTED {
        let more = count - LISTED;
        lines.push(text!("另有 {more} 个图斑", "and {more} more features"));
    }
    if let Some((distance, _)) = &overlay.nearest {
        lines.push(text!(
            "最近的图斑距用地 {distance:.1} m",
            "the nearest feature is {distance:.1} m from the site"
        ));
    }
    if let Some(file) = &overlay.file {
        let Text { zh, en } = source(file);
        lines.push(text!("图层：{zh}", "layer: {en}"));
    }
    lines
}

/// The lines on what a finding rests on or lacks that was, or was to be, measured.
pub(super) fn evidence(packs: &Packs, project: &Project, evidence: &Evidence) -> Vec<Text> {
    let Some(site) = &project.site else {
        return Vec::new();
    };
    let lacking = |lack: &Lack| match lack.subject {
        Subject::Fact(fact) => Some(fact),
        _ => None,
    };
    let known = evidence.facts.iter().copied();
    let facts = known.chain(evidence.lacks.iter().filter_map(lacking));
    let mut shown = Vec::new();
    let mut lines = Vec::new();
    for fact in facts {
        let filled = |layer: &Layer| layer.fills.iter().any(|fill| fill.field == fact.field);
        let number = packs.layers.all.iter().position(filled);
        let is_site = packs.layers.site.area == Some(fact.field);
        if shown.contains(&(number, is_site)) || (number.is_none() && !is_site) {
            continue;
        }
        shown.push((number, is_site));
        if is_site && !site.broken {
            lines.extend(about(site));
            continue;
        }
        let found = number.and_then(|number| {
            let layer = packs.layers.all.get(number)?;
            let own = site.overlays.get(number)?;
            Some((layer, own))
        });
        let Some((layer, own)) = found else { continue };
        // A reply that stands where there is no layer is shown as a reply.
        let origin = project
            .find(&packs.library.vocabulary, fact)
            .map(|f| &f.origin);
        if own.unmeasured.is_some() && matches!(origin, Some(Origin::Replied(_))) {
            continue;
        }
        lines.extend(overlay(site, layer, own));
        if let Some(Origin::Measured(measured)) = origin
            && let Some(stated) = &measured.instead_of
        {
            let (zh, en) = (&stated.zh, &stated.en);
            lines.push(text!(
                "填报或回复为“{zh}”，以套合结果为准",
                "stated as “{en}”; the measured value stands"
            ));
        }
        if own.unmeasured.is_none() {
            let Text { zh, en } = plane(site);
            lines.push(text!("面积在{zh}中量算", "areas are those of the {en}"));
        }
    }
    lines
}

/// Overlaps of one project that a table lists, at most; the JSON report has all of them.
const ROWS: usize = 100;

/// The table of overlaps: a row for each feature that a site overlaps, and how many rows there was no room for.
pub(super) fn overlap_grid(packs: &Packs, site: &Site, lang: Lang) -> (Grid, usize) {
    let mut grid = Grid {
        size: Size::Small,
        ..Grid::with(&[
            (lang.pick("图层", "layer"), 6),
            (lang.pick("图斑", "feature"), 9),
            (lang.pick("重叠 m²", "overlap, m²"), 6),
            (lang.pick("公顷", "ha"), 5),
            (lang.pick("亩", "mu"), 5),
            (lang.pick("占用地", "of the site"), 5),
            (lang.pick("图层版本", "edition of the layer"), 7),
            (lang.pick("说明", "remarks"), 6),
        ])
    };
    let layers = packs.layers.all.iter().zip(&site.overlays);
    let pairs =
        layers.flat_map(|(layer, own)| own.touched.iter().map(move |one| (layer, own, one)));
    let count = pairs.clone().count();
    for (layer, own, one) in pairs.take(ROWS) {
        let (metres, hectares, mu) = figures(one.area);
        let file = own.file.as_ref();
        let mut remarks = Vec::new();
        if layer.is_sliver(one.area) {
            let doubt = text!(
                "疑似边界误差，需复核",
                "may be an error of the boundary, to be checked again"
            );
            remarks.push(doubt.get(lang).to_owned());
        }
        if file.is_some_and(|file| file.synthetic) {
            remarks.push(lang.pick("演示数据", "demonstration data").to_owned());
        }
        grid.rows.push(vec![
            Cell::new(layer.label.get(lang)),
            Cell::new(named(layer, one).get(lang)),
            Cell::number(&metres),
            Cell::number(&hectares),
            Cell::number(&mu),
            Cell::number(&percent(one.share)),
            Cell::new(file.map(edition).unwrap_or_default().get(lang)),
            Cell::lines(remarks),
        ]);
    }
    (grid, count.saturating_sub(ROWS))
}

/// What is said of overlaps that a table has no room for.
pub(super) fn unlisted(more: usize) -> Text {
    text!(
        "另有 {more} 处重叠未列出，JSON 报告中列有全部",
        "{more} more overlaps are not listed here; the JSON report has all of them"
    )
}

/// A site in a few lines: parcels, areas, system and file.
pub(super) fn about(site: &Site) -> Vec<Text> {
    if site.broken {
        return vec![text!("用地边界无法量算", "the boundary cannot be measured")];
    }
    let (count, total, round) = (site.parcels.len(), area(site.area), grouped(site.ellipsoid));
    let (zh, en, on) = (total.zh, total.en, plane(site));
    let (on_zh, on_en) = (on.zh, on.en);
    let parcels = counted(count, "parcel");
    let mut lines = vec![text!(
        "{count} 个地块，{zh}；椭球面积 {round} m²；在{on_zh}中量算",
        "{parcels}, {en}; on the ellipsoid {round} m²; measured in the {on_en}"
    )];
    if site.parcels.len() > 1 {
        for parcel in site.parcels.iter().take(LISTED) {
            let number = parcel.number;
            let name = parcel.name.clone();
            let (zh, en) = (
                name.clone().unwrap_or_else(|| format!("地块{number}")),
                name.unwrap_or_else(|| format!("parcel {number}")),
            );
            let own = area(parcel.area);
            let (own_zh, own_en) = (own.zh, own.en);
            lines.push(text!("{zh}：{own_zh}", "{en}: {own_en}"));
        }
    }
    let written = site.written.map(settle::name);
    for (file, hash) in &site.files {
        let hash: String = hash.chars().take(DIGITS).collect();
        let system = written.clone().unwrap_or_default();
        let (zh, en) = (system.zh, system.en);
        lines.push(text!(
            "边界文件 {file}（{zh}，摘要 {hash}）",
            "boundary {file} ({en}, hash {hash})"
        ));
    }
    lines.extend(site.notes.iter().cloned());
    lines
}

/// The layers of a run that could not be used for a site, as one line each.
pub(super) fn missing(packs: &Packs, site: &Site) -> Option<Text> {
    let without = |zh: bool| {
        let layers = packs.layers.all.iter().zip(&site.overlays);
        let names = layers.filter(|(_, own)| own.unmeasured.is_some());
        let names: Vec<&str> = names
            .map(|(layer, _)| {
                if zh {
                    layer.label.zh.as_str()
                } else {
                    layer.label.en.as_str()
                }
            })
            .collect();
        names.join(if zh { "、" } else { ", " })
    };
    let (zh, en) = (without(true), without(false));
    (!zh.is_empty() && !site.broken)
        .then(|| text!("未套合的图层：{zh}", "layers that were not measured: {en}"))
}

/// A site in JSON.
#[derive(Serialize)]
pub(super) struct Form<'a> {
    /// False if the boundary cannot be measured.
    measured: bool,
    files: Vec<FileForm<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<Both>,
    central_meridian: u16,
    area_m2: f64,
    ellipsoid_m2: f64,
    parcels: Vec<ParcelForm<'a>>,
    layers: Vec<LayerForm<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Both>,
}

#[derive(Serialize)]
struct FileForm<'a> {
    name: &'a str,
    hash: &'a str,
}

#[derive(Serialize)]
struct ParcelForm<'a> {
    number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    area_m2: f64,
    ellipsoid_m2: f64,
}

#[derive(Serialize)]
struct LayerForm<'a> {
    id: &'a str,
    label: Both,
    fields: Vec<&'a str>,
    /// Why it was not measured; none if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    unmeasured: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<LayerFileForm<'a>>,
    area_m2: f64,
    share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance_m: Option<f64>,
    features: Vec<FeatureForm<'a>>,
}

#[derive(Serialize)]
struct LayerFileForm<'a> {
    name: &'a str,
    hash: &'a str,
    provider: Both,
    edition: Both,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    synthetic: bool,
    system: Both,
    features: u64,
}

#[derive(Serialize)]
struct FeatureForm<'a> {
    number: u64,
    attributes: std::collections::BTreeMap<&'a str, &'a str>,
    area_m2: f64,
    ellipsoid_m2: f64,
    share: f64,
}

/// A figure to the ten-thousandth: finer digits are the rounding of coordinates.
fn round(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0 + 0.0
}

/// A share of the site, to the millionth.
fn share(number: f64) -> f64 {
    (number * 1_000_000.0).round() / 1_000_000.0 + 0.0
}

/// A site as JSON.
pub(super) fn form<'a>(packs: &'a Packs, site: &'a Site) -> Form<'a> {
    let layers = packs.layers.all.iter().zip(&site.overlays);
    Form {
        measured: !site.broken,
        files: site
            .files
            .iter()
            .map(|(name, hash)| FileForm { name, hash })
            .collect(),
        system: site.written.map(|system| settle::name(system).into()),
        central_meridian: site.meridian,
        area_m2: round(site.area),
        ellipsoid_m2: round(site.ellipsoid),
        parcels: site
            .parcels
            .iter()
            .map(|parcel| ParcelForm {
                number: parcel.number,
                name: parcel.name.as_deref(),
                area_m2: round(parcel.area),
                ellipsoid_m2: round(parcel.ellipsoid),
            })
            .collect(),
        layers: layers
            .map(|(layer, own)| layer_form(packs, site, layer, own))
            .collect(),
        notes: site.notes.iter().map(Both::from).collect(),
    }
}

fn layer_form<'a>(
    packs: &'a Packs,
    site: &Site,
    layer: &'a Layer,
    own: &'a Overlay,
) -> LayerForm<'a> {
    let vocabulary = &packs.library.vocabulary;
    let feature = |one: &'a Touched| FeatureForm {
        number: one.number,
        attributes: one
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect(),
        area_m2: round(one.area),
        ellipsoid_m2: round(one.ellipsoid),
        share: share(one.share),
    };
    LayerForm {
        id: &layer.id,
        label: (&layer.label).into(),
        fields: layer
            .fills
            .iter()
            .map(|fill| vocabulary.path(fill.field))
            .collect(),
        unmeasured: own.unmeasured.as_ref().map(|u: &Unmeasured| why(u).into()),
        file: own.file.as_ref().map(|file| LayerFileForm {
            name: &file.name,
            hash: &file.hash,
            provider: (&file.provider).into(),
            edition: (&file.edition).into(),
            date: file.date.map(|date| date.to_string()),
            synthetic: file.synthetic,
            system: settle::name(file.written).into(),
            features: file.features,
        }),
        area_m2: round(own.area),
        share: if site.area > 0.0 {
            share(own.area / site.area)
        } else {
            0.0
        },
        distance_m: own.nearest.as_ref().map(|(distance, _)| round(*distance)),
        features: own.touched.iter().map(feature).collect(),
    }
}

/// What a fact says of its measuring, in JSON.
#[derive(Serialize)]
pub(super) struct MeasuredForm<'a> {
    /// The layer; none for the site itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'a str>,
    sliver: bool,
    /// What was stated in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead_of: Option<Both>,
}

/// What a fact says of its measuring; none for a fact that was not measured.
pub(super) fn measured<'a>(
    packs: &'a Packs,
    project: &Project,
    fact: FactRef,
) -> Option<MeasuredForm<'a>> {
    let found = project.find(&packs.library.vocabulary, fact)?;
    let Origin::Measured(measured) = &found.origin else {
        return None;
    };
    let layer = measured
        .layer
        .and_then(|number| packs.layers.all.get(usize::from(number)));
    Some(MeasuredForm {
        layer: layer.map(|layer| layer.id.as_str()),
        sliver: measured.sliver,
        instead_of: measured.instead_of.as_ref().map(Both::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_written_in_three_units() {
        assert_eq!(
            area(1_234_567.891).zh,
            "1,234,567.89 m²（123.4568 公顷，1851.85 亩）"
        );
        assert_eq!(area(0.1234).en, "0.1234 m² (0.0000123 ha, 0.000185 mu)");
    }
}
