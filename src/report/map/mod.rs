//! A site on a map: its parcels, the layers around it and what overlaps, as a drawing, a page or map data.
//!
//! It measures nothing and judges nothing. The same input gives the same bytes: dates are those of the
//! submission and of the layers.

mod frame;
mod geojson;
mod simplify;
mod svg;

use std::fmt;
use std::io::{self, Write};

use maud::{DOCTYPE, PreEscaped, html};

use super::layout::clean;
use super::page::Look;
use super::site::{about, overlap_grid, unlisted};
use crate::base::text::Lang;
use crate::model::layer::{Layer, Takes};
use crate::model::project::Project;
use crate::model::shape::Point;
use crate::model::site::{Overlay, Site, Touched};
use crate::overlay::projection::ring_area;
use crate::overlay::rings::Extent;
use crate::rules::pack::Packs;

pub use frame::surroundings;

/// What is drawn.
#[derive(Debug)]
pub struct Map<'a> {
    /// The packs, for the names of layers.
    pub packs: &'a Packs,
    /// The project.
    pub project: &'a Project,
    /// Its site.
    pub site: &'a Site,
    /// What lies in the window, layer by layer in the order of the packs.
    pub around: Vec<Vec<Touched>>,
}

/// Tells what lies around a site: it is asked only when a map is drawn.
pub trait Ground: fmt::Debug {
    /// What of every layer lies around a project's site, in the order of the packs.
    fn around(&self, project: &Project, site: &Site) -> Vec<Vec<Touched>>;
}

/// Where a drawing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting<'a> {
    /// By itself, on a sheet that lies across.
    Sheet,
    /// Among others on a page, as wide as a page that stands.
    Page {
        /// What its ids begin with.
        mark: &'a str,
    },
}

/// How a map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A drawing.
    Svg,
    /// A page with the drawing and the table of overlaps.
    Html,
    /// Map data, in degrees of CGCS2000.
    GeoJson,
}

impl Format {
    /// The format of a file's extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        match extension.to_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "html" | "htm" => Some(Self::Html),
            "geojson" | "json" => Some(Self::GeoJson),
            _ => None,
        }
    }
}

/// A layer with what the site has in common with it.
struct Drawn<'a> {
    layer: &'a Layer,
    /// True if its polygons are land that is taken; false if they only divide the ground into zones.
    shaded: bool,
    overlay: &'a Overlay,
    around: &'a [Touched],
    colour: &'static str,
}

impl Drawn<'_> {
    fn is_synthetic(&self) -> bool {
        self.overlay
            .file
            .as_ref()
            .is_some_and(|file| file.synthetic)
    }
}

/// Colours that are told apart by most eyes, also in print.
const COLOURS: [&str; 9] = [
    "#b45309", "#a16207", "#b91c1c", "#0e7490", "#15803d", "#475569", "#7c3aed", "#1d4ed8",
    "#be185d",
];

impl<'a> Map<'a> {
    /// The layers that have something in the window, those that the site touches first.
    fn drawn(&'a self) -> Vec<Drawn<'a>> {
        let layers = self.packs.layers.all.iter().zip(&self.site.overlays);
        let mut drawn: Vec<Drawn<'_>> = layers
            .zip(&self.around)
            .zip(COLOURS.iter().cycle())
            .map(|(((layer, overlay), around), colour)| Drawn {
                layer,
                shaded: (layer.fills.iter())
                    .any(|fill| matches!(fill.takes, Takes::Inside | Takes::Any)),
                overlay,
                around,
                colour,
            })
            .filter(|one| !one.around.is_empty())
            .collect();
        drawn.sort_by_key(|one| one.overlay.touched.is_empty());
        drawn
    }
}

/// What a map is called.
pub(super) fn title(lang: Lang) -> &'static str {
    svg::title(lang)
}

/// A map as a drawing.
pub(super) fn draw(map: &Map<'_>, setting: Setting<'_>, lang: Lang) -> String {
    svg::draw(map, setting, lang)
}

/// Writes a map.
pub fn write(map: &Map<'_>, format: Format, look: Look, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Svg => out.write_all(svg::draw(map, Setting::Sheet, look.lang).as_bytes()),
        Format::Html => out.write_all(page(map, look.lang).as_bytes()),
        Format::GeoJson => geojson::write(map, look.lang, out),
    }
}

/// The look of the page.
const STYLE: &str = "body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif;\
margin:24px;color:#1f2933}svg{max-width:100%;height:auto}table{border-collapse:collapse;font-size:14px}\
td,th{border:1px solid #cbd5e1;padding:4px 8px;text-align:left;vertical-align:top}td.number{text-align:right;white-space:nowrap}p{font-size:14px;margin:4px 0}";

/// A page that needs nothing but itself.
fn page(map: &Map<'_>, lang: Lang) -> String {
    let (grid, more) = overlap_grid(map.packs, map.site, lang);
    html! {
        (DOCTYPE)
        html lang=(lang.pick("zh-CN", "en")) {
            head {
                meta charset="utf-8";
                title { (clean(&map.project.name)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (PreEscaped(svg::draw(map, Setting::Sheet, lang)))
                @for line in about(map.site) {
                    p { (clean(line.get(lang))) }
                }
                table {
                    tr { @for (head, _) in &grid.columns { th { (head) } } }
                    @for row in &grid.rows {
                        tr { @for cell in row { td class=[cell.is_number.then_some("number")] { (cell.lines.join(lang.pick("；", "; "))) } } }
                    }
                }
                @if more > 0 { p { (unlisted(more).get(lang)) } }
            }
        }
    }
    .into_string()
}

/// A point within an outline, where a label may stand: the middle of the longest stretch half-way up its largest
/// ring. Half-way up all of it there may be nothing but the gap between two parts.
fn middle(outline: &[Vec<Point>]) -> Point {
    let sized = outline.iter().map(|ring| (ring_area(ring), ring));
    let largest = sized.max_by(|a, b| a.0.total_cmp(&b.0));
    let middle = largest
        .map_or(Extent::NONE, |(_, ring)| Extent::of(ring))
        .middle();
    let mut crossings: Vec<f64> = Vec::new();
    for ring in outline {
        for (a, b) in ring.iter().zip(ring.iter().skip(1).chain(ring.first())) {
            if (a.y > middle.y) != (b.y > middle.y) {
                crossings.push(a.x + (middle.y - a.y) / (b.y - a.y) * (b.x - a.x));
            }
        }
    }
    crossings.sort_by(f64::total_cmp);
    let stretches = crossings.chunks_exact(2).filter_map(|pair| match pair {
        [from, to] => Some((to - from, f64::midpoint(*from, *to))),
        _ => None,
    });
    let longest = stretches.max_by(|a, b| a.0.total_cmp(&b.0));
    Point {
        x: longest.map_or(middle.x, |(_, x)| x),
        y: middle.y,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stands_within_the_outline_and_not_in_its_hole() {
        let ring = |west: f64, south: f64, side: f64| {
            let extent = Extent {
                west,
                south,
                east: west + side,
                north: south + side,
            };
            extent.ring()
        };
        let outline = vec![ring(0.0, 0.0, 100.0), ring(10.0, 30.0, 40.0)];
        let spot = middle(&outline);
        assert!((spot.x - 75.0).abs() < 1e-9 && (spot.y - 50.0).abs() < 1e-9);
        assert!(crate::overlay::holds(&outline, spot));
        let apart = vec![ring(0.0, 0.0, 100.0), ring(0.0, 500.0, 40.0)];
        assert!(crate::overlay::holds(&apart, middle(&apart)));
    }
}
