//! Overlaps of many parcels with layers: as a list for people, and as CSV for programs and spreadsheets.
//!
//! It measures nothing.

use std::io::{self, Write};

use super::page::{Look, Page, Tone};
use super::site::{area, source};
use super::trace::safe_cell as cell;
use crate::base::text::{Lang, counted};
use crate::model::layer::Layer;
use crate::model::site::LayerFile;
use crate::text;

/// A parcel of the file.
#[derive(Clone, Debug)]
pub struct Plot {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its name, if the file gives one.
    pub name: String,
    /// Its area in m²; none if it cannot be measured.
    pub area: Option<f64>,
    /// True if it reaches beyond the districts that the layers are made for.
    pub beyond: bool,
}

/// What a parcel has in common with a feature.
#[derive(Clone, Debug)]
pub struct Row {
    /// The parcel, by its place in the list.
    pub plot: usize,
    /// The feature's number.
    pub feature: u64,
    /// The area in m²; none where the feature is invalid.
    pub area: Option<f64>,
    /// The attributes that are kept, in the order of the layer.
    pub attributes: Vec<Option<String>>,
}

/// The overlaps with one layer.
#[derive(Clone, Debug)]
pub struct Measured<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Its file; none if it could not be read.
    pub file: Option<LayerFile>,
    /// The overlaps, parcel by parcel.
    pub rows: Vec<Row>,
}

/// Writes CSV: a line for each overlap, one for each parcel or feature that cannot be measured, and one for each
/// parcel that reaches beyond the district of the layers.
///
/// The columns do not depend on the layers, so that files of several runs can be put together.
pub fn csv(
    plots: &[Plot],
    all: &[Measured<'_>],
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    // Excel takes a file without it for one in the local encoding.
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    let mut line = |cells: [&str; 11]| csv.write_record(cells).map_err(io::Error::other);
    line(match lang {
        Lang::Zh => [
            "地块号",
            "地块名称",
            "地块面积m2",
            "图层",
            "图斑号",
            "情形",
            "重叠面积m2",
            "公顷",
            "亩",
            "占地块%",
            "属性",
        ],
        Lang::En => [
            "parcel",
            "name",
            "parcel_m2",
            "layer",
            "feature",
            "status",
            "overlap_m2",
            "hectares",
            "mu",
            "share_percent",
            "attributes",
        ],
    })?;
    for plot in plots.iter().filter(|plot| plot.area.is_none()) {
        let status = lang.pick("地块无法量算", "parcel cannot be measured");
        let (number, name) = (plot.number.to_string(), cell(&plot.name));
        line([&number, &name, "", "", "", status, "", "", "", "", ""])?;
    }
    for plot in plots.iter().filter(|plot| plot.beyond) {
        let status = lang.pick("超出图层范围", "beyond the layers");
        let (number, name) = (plot.number.to_string(), cell(&plot.name));
        let area = format!("{:.4}", plot.area.unwrap_or(0.0));
        line([&number, &name, &area, "", "", status, "", "", "", "", ""])?;
    }
    for measured in all {
        let id = cell(&measured.layer.id);
        if measured.file.is_none() {
            let status = lang.pick("图层无法读取", "layer cannot be read");
            line(["", "", "", &id, "", status, "", "", "", "", ""])?;
        }
        for row in &measured.rows {
            let Some(plot) = plots.get(row.plot) else {
                continue;
            };
            let whole = plot.area.unwrap_or(0.0);
            let (number, name) = (plot.number.to_string(), cell(&plot.name));
            let (parcel, feature) = (format!("{whole:.4}"), row.feature.to_string());
            let named = measured.layer.attributes.iter().zip(&row.attributes);
            let named: Vec<String> = named
                .filter_map(|(own, value)| Some(format!("{}={}", own.name, value.as_ref()?)))
                .collect();
            let named = cell(&named.join("；"));
            let Some(own) = row.area else {
                let status = lang.pick("图斑图形有误", "feature is invalid");
                line([
                    &number, &name, &parcel, &id, &feature, status, "", "", "", "", &named,
                ])?;
                continue;
            };
            let share = if whole > 0.0 {
                own / whole * 100.0
            } else {
                0.0
            };
            line([
                &number,
                &name,
                &parcel,
                &id,
                &feature,
                lang.pick("重叠", "overlap"),
                &format!("{own:.4}"),
                &format!("{:.8}", own / 10_000.0),
                &format!("{:.7}", own * 0.0015),
                &format!("{share:.6}"),
                &named,
            ])?;
        }
    }
    csv.flush()
}

/// Writes a list for people.
pub fn text(
    plots: &[Plot],
    all: &[Measured<'_>],
    look: Look,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(look);
    let lang = look.lang;
    for measured in all {
        let layer = measured.layer;
        page.line(0, Tone::Strong, layer.label.get(lang));
        let Some(file) = &measured.file else {
            page.line(
                2,
                Tone::Bad,
                lang.pick("图层无法读取", "the layer cannot be read"),
            );
            continue;
        };
        page.line(2, Tone::Faint, source(file).get(lang));
        if measured.rows.is_empty() {
            page.line(2, Tone::Plain, lang.pick("没有重叠", "no overlap"));
        }
        for row in &measured.rows {
            let Some(plot) = plots.get(row.plot) else {
                continue;
            };
            let named = layer.attributes.iter().zip(&row.attributes);
            let named: Vec<String> = named
                .filter_map(|(own, value)| {
                    Some(format!("{} {}", own.label.get(lang), value.as_ref()?))
                })
                .collect();
            let (number, feature) = (plot.number, row.feature);
            let name = &plot.name;
            let words = text!(
                "地块 {number} {name} × 图斑 {feature}",
                "parcel {number} {name} × feature {feature}"
            );
            let what = match row.area {
                Some(own) => area(own).get(lang).to_owned(),
                None => lang
                    .pick(
                        "图斑图形有误，无法量算",
                        "the feature is invalid and cannot be measured",
                    )
                    .to_owned(),
            };
            let mut line = format!("{}{}{what}", words.get(lang), lang.pick("：", ": "));
            if !named.is_empty() {
                line.push_str(lang.pick("，", ", "));
                line.push_str(&named.join(lang.pick("，", ", ")));
            }
            page.line(2, Tone::Plain, &line);
        }
    }
    let broken = plots.iter().filter(|plot| plot.area.is_none()).count();
    let count = plots.len();
    let parcels = counted(count, "parcel");
    let summary = text!(
        "共 {count} 个地块，其中无法量算 {broken} 个",
        "{parcels}, of which {broken} cannot be measured"
    );
    page.line(0, Tone::Plain, summary.get(lang));
    let beyond = plots.iter().filter(|plot| plot.beyond).count();
    if beyond > 0 {
        let words = text!(
            "其中超出图层范围 {beyond} 个：没有重叠不等于不涉及",
            "{beyond} of them reach beyond the layers, where no overlap clears nothing"
        );
        page.line(0, Tone::Bad, words.get(lang));
    }
    out.write_all(page.out.as_bytes())
}
