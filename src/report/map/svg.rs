//! A map as a drawing: the window with its grid, and beside or below it the legend and the table of overlaps.
//!
//! A drawing says all by itself. Its ids begin with a mark, so that a page may hold many.

use std::fmt::Write as _;

use super::frame::{Frame, HEIGHT, WIDTH, ticks, window};
use super::simplify::{FINEST, Pixel, simple};
use super::{Drawn, Map, Setting, middle};
use crate::base::text::Lang;
use crate::model::shape::{Point, Ring};
use crate::report::DISCLAIMER;
use crate::report::layout::{cut, wrap, xml};
use crate::report::opinion::SAMPLE;
use crate::report::site::{area, edition, missing, named, percent, plane};

/// Space around everything.
const MARGIN: f64 = 28.0;
/// Space at the left of the window for coordinates.
const LEFT: f64 = MARGIN + 14.0;
/// Space between the window and what stands beside it, and between columns.
const GAP: f64 = 24.0;
/// The width of a column of text.
const PANEL: f64 = 340.0;
/// Columns of text that fit it.
const COLUMNS: usize = 50;
/// The height of a line of text.
const LINE: f64 = 17.0;
/// The height of a line of the small print below the drawing, in pixels.
const FOOT_LINE: f64 = 15.0;
/// Overlaps listed, at most.
const LISTED: usize = 14;
/// Parcels named, at most; they keep clear of each other as long as there are few.
const NAMED: usize = 40;
/// Corners of all layers together, at most: with more, all are drawn coarser.
const CORNERS: usize = 8_000;

const FONT: &str = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif";

/// Where the parts of a drawing stand.
struct Plan {
    /// The top of the window.
    top: f64,
    /// The top left corner of the legend.
    legend: (f64, f64),
    /// That of the overlaps.
    overlaps: (f64, f64),
    /// The size of the drawing.
    size: (f64, f64),
}

impl Plan {
    fn of(setting: Setting<'_>, legend: &Column, overlaps: &Column, foot: f64) -> Self {
        // Coordinates stand below the window.
        let (axis, gap) = (20.0, LINE * 1.2);
        let foot = foot + MARGIN;
        match setting {
            Setting::Sheet => {
                let (top, left) = (92.0, LEFT + WIDTH + GAP);
                let below = top + legend.height + gap;
                let ends = (top + HEIGHT + axis).max(below + overlaps.height);
                Self {
                    top,
                    legend: (left, top),
                    overlaps: (left, below),
                    size: (left + PANEL + MARGIN, ends + foot),
                }
            }
            Setting::Page { .. } => {
                let top = 8.0;
                let below = top + HEIGHT + axis + LINE / 2.0;
                let ends = below + legend.height.max(overlaps.height);
                Self {
                    top,
                    legend: (LEFT, below),
                    overlaps: (LEFT + WIDTH - PANEL - GAP, below),
                    size: (LEFT + WIDTH + MARGIN, ends + foot),
                }
            }
        }
    }

    /// Columns of small text that fit the width of a drawing.
    fn foot(setting: Setting<'_>) -> usize {
        match setting {
            Setting::Sheet => 200,
            Setting::Page { .. } => 138,
        }
    }
}

/// Draws the map.
pub(super) fn draw(map: &Map<'_>, setting: Setting<'_>, lang: Lang) -> String {
    let drawn = map.drawn();
    let mark = match setting {
        Setting::Sheet => "",
        Setting::Page { mark } => mark,
    };
    let legend = legend(map, &drawn, mark, lang);
    let overlaps = overlaps(map, &drawn, lang);
    let foot = foot(map, &drawn, Plan::foot(setting), lang);
    let foot_height: f64 = foot.iter().map(|_| FOOT_LINE).sum();
    let plan = Plan::of(setting, &legend, &overlaps, foot_height);
    let frame = Frame {
        window: window(map.site),
        left: LEFT,
        top: plan.top,
    };
    let (all, height) = plan.size;
    let name = xml(&cut(&map.project.name, 60));
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"drawing\" width=\"{all:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {all:.0} {height:.0}\" role=\"img\" lang=\"{}\" font-family=\"{FONT}\">",
        lang.pick("zh-CN", "en")
    );
    let _ = writeln!(svg, "<title>{} {name}</title>", title(lang));
    let _ = writeln!(
        svg,
        "<rect width=\"{all:.0}\" height=\"{height:.0}\" fill=\"#ffffff\"/>"
    );
    patterns(&mut svg, &frame, &drawn, mark);
    if setting == Setting::Sheet {
        head(&mut svg, map, &name, lang);
    }
    let top = plan.top;
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT:.1}\" y=\"{top:.1}\" width=\"{WIDTH:.1}\" height=\"{HEIGHT:.1}\" fill=\"#f8fafc\"/>"
    );
    let _ = writeln!(svg, "<g clip-path=\"url(#{mark}window)\">");
    layers(&mut svg, &frame, &drawn, mark);
    for (colour, wide) in [("#ffffff", "5"), ("#111827", "2.4")] {
        let _ = writeln!(
            svg,
            "<g fill=\"none\" stroke=\"{colour}\" stroke-width=\"{wide}\" stroke-linejoin=\"round\">"
        );
        for parcel in &map.site.parcels {
            path(&mut svg, &shown(&frame, &parcel.outline, FINEST));
        }
        svg.push_str("</g>\n");
    }
    svg.push_str("</g>\n");
    grid(&mut svg, &frame);
    labels(&mut svg, &frame, map, &drawn, lang);
    north(&mut svg, &frame);
    scale_bar(&mut svg, &frame);
    if map.project.sample || drawn.iter().any(Drawn::is_synthetic) {
        let (x, y) = (LEFT + WIDTH / 2.0, top + HEIGHT / 2.0);
        let _ = writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{y:.0}\" font-size=\"76\" fill=\"#64748b\" fill-opacity=\"0.22\" text-anchor=\"middle\" transform=\"rotate(-28 {x:.0} {y:.0})\">{}</text>",
            lang.pick(SAMPLE.0, SAMPLE.1)
        );
    }
    for (column, (x, y)) in [(&legend, plan.legend), (&overlaps, plan.overlaps)] {
        let _ = writeln!(
            svg,
            "<g transform=\"translate({x:.1} {y:.1})\">\n{}</g>",
            column.svg
        );
    }
    let mut y = height - MARGIN / 2.0 - foot_height + FOOT_LINE;
    for line in foot {
        let _ = writeln!(
            svg,
            "<text x=\"{MARGIN:.0}\" y=\"{y:.1}\" font-size=\"11\" fill=\"#475569\">{}</text>",
            xml(&line)
        );
        y += FOOT_LINE;
    }
    svg.push_str("</svg>\n");
    svg
}

/// What the drawing is.
pub(super) fn title(lang: Lang) -> &'static str {
    lang.pick("用地边界套合图", "Boundary and overlaps")
}

/// The layers around, those that are touched on top, then the hatchings of what is touched.
fn layers(svg: &mut String, frame: &Frame, drawn: &[Drawn<'_>], mark: &str) {
    let all = |detail: f64| -> Vec<[Vec<Vec<Vec<Pixel>>>; 2]> {
        let simple = |outline: &Vec<Ring>| shown(frame, outline, detail);
        drawn
            .iter()
            .map(|one| {
                let touched = one.overlay.touched.iter().filter(|_| one.shaded);
                [
                    one.around.iter().map(|t| simple(&t.outline)).collect(),
                    touched.map(|t| simple(&t.outline)).collect(),
                ]
            })
            .collect()
    };
    let mut detail = FINEST;
    let mut outlines = all(detail);
    let corners = |outlines: &[[Vec<Vec<Vec<Pixel>>>; 2]]| -> usize {
        let rings = outlines.iter().flatten().flatten().flatten();
        rings.map(Vec::len).sum()
    };
    while corners(&outlines) > CORNERS && detail < WIDTH {
        detail *= 2.0;
        outlines = all(detail);
    }
    for (one, [around, _]) in drawn.iter().zip(&outlines).rev() {
        let _ = writeln!(
            svg,
            "<g fill=\"{0}\" fill-opacity=\"{1}\" stroke=\"{0}\" stroke-width=\"1.4\"{2}>",
            one.colour,
            if one.shaded { "0.10" } else { "0" },
            if one.shaded {
                ""
            } else {
                " stroke-dasharray=\"9 4\""
            }
        );
        for outline in around {
            path(svg, outline);
        }
        svg.push_str("</g>\n");
    }
    for (number, [_, touched]) in outlines.iter().enumerate() {
        if touched.is_empty() {
            continue;
        }
        let _ = writeln!(
            svg,
            "<g fill=\"url(#{mark}hatch{number})\" stroke=\"none\">"
        );
        for outline in touched {
            path(svg, outline);
        }
        svg.push_str("</g>\n");
    }
}

/// The window's outline for clipping, and a hatching in the colour of each layer.
fn patterns(svg: &mut String, frame: &Frame, drawn: &[Drawn<'_>], mark: &str) {
    let top = frame.top;
    let _ = writeln!(
        svg,
        "<defs><clipPath id=\"{mark}window\"><rect x=\"{LEFT:.1}\" y=\"{top:.1}\" width=\"{WIDTH:.1}\" height=\"{HEIGHT:.1}\"/></clipPath>"
    );
    for (number, one) in drawn.iter().enumerate() {
        // Hatchings of layers that overlap at one spot run at different angles.
        let angle = 20 + number * 37 % 160;
        let _ = writeln!(
            svg,
            "<pattern id=\"{mark}hatch{number}\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({angle})\"><rect width=\"9\" height=\"9\" fill=\"{0}\" fill-opacity=\"0.10\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"9\" stroke=\"{0}\" stroke-width=\"2\" stroke-opacity=\"0.7\"/></pattern>",
            one.colour
        );
    }
    svg.push_str("</defs>\n");
}

fn head(svg: &mut String, map: &Map<'_>, name: &str, lang: Lang) {
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN:.0}\" y=\"40\" font-size=\"22\" font-weight=\"bold\" fill=\"#111827\">{name}</text>"
    );
    let total = area(map.site.area);
    let line = format!(
        "{}{}{}",
        title(lang),
        lang.pick("　用地面积 ", " — site area "),
        total.get(lang)
    );
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN:.0}\" y=\"68\" font-size=\"14\" fill=\"#475569\">{}</text>",
        xml(&line)
    );
}

/// Rings as they are drawn, without what is finer than `detail` pixels.
fn shown(frame: &Frame, rings: &[Ring], detail: f64) -> Vec<Vec<Pixel>> {
    let pixels = rings.iter().map(|ring| {
        let ring: Vec<Pixel> = ring.iter().map(|point| frame.at(*point)).collect();
        simple(&ring, detail)
    });
    pixels.flatten().collect()
}

/// The outline of rings as one path; holes stay empty.
fn path(svg: &mut String, rings: &[Vec<Pixel>]) {
    if rings.is_empty() {
        return;
    }
    svg.push_str("<path fill-rule=\"evenodd\" d=\"");
    for ring in rings {
        for (number, (x, y)) in ring.iter().enumerate() {
            let sign = if number == 0 { 'M' } else { 'L' };
            let _ = write!(svg, "{sign}{x:.1} {y:.1}");
        }
        svg.push('Z');
    }
    svg.push_str("\"/>\n");
}

/// The frame with its coordinates in metres.
fn grid(svg: &mut String, frame: &Frame) {
    let top = frame.top;
    let (right, bottom) = (LEFT + WIDTH, top + HEIGHT);
    let window = frame.window;
    let step = frame.step();
    for east in ticks(window.west, window.east, step) {
        let (x, _) = frame.at(Point {
            x: east,
            y: window.south,
        });
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {top:.1}V{:.1}M{x:.1} {bottom:.1}V{:.1}\" stroke=\"#111827\" stroke-width=\"1\"/><text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"10\" fill=\"#475569\" text-anchor=\"middle\">{east:.0}</text>",
            top + 6.0,
            bottom - 6.0,
            bottom + 13.0
        );
    }
    for north in ticks(window.south, window.north, step) {
        let (_, y) = frame.at(Point {
            x: window.west,
            y: north,
        });
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT:.1} {y:.1}H{:.1}M{right:.1} {y:.1}H{:.1}\" stroke=\"#111827\" stroke-width=\"1\"/><text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"10\" fill=\"#475569\" text-anchor=\"middle\" transform=\"rotate(-90 {:.1} {y:.1})\">{north:.0}</text>",
            LEFT + 6.0,
            right - 6.0,
            LEFT - 5.0,
            LEFT - 5.0
        );
    }
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT:.1}\" y=\"{top:.1}\" width=\"{WIDTH:.1}\" height=\"{HEIGHT:.1}\" fill=\"none\" stroke=\"#111827\" stroke-width=\"1.2\"/>"
    );
}

/// Names of parcels, and the numbers under which the panel lists the overlaps.
fn labels(svg: &mut String, frame: &Frame, map: &Map<'_>, drawn: &[Drawn<'_>], lang: Lang) {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for (number, (one, touched)) in listed(drawn).enumerate().take(LISTED) {
        let (x, y) = frame.at(middle(&touched.outline));
        // Layers that cover the same ground have their numbers side by side.
        let mut at = (x, y);
        let mut turn = 0.0;
        while taken.iter().any(|(a, b)| (a - at.0).hypot(b - at.1) < 19.0) && turn < 24.0 {
            turn += 1.0;
            let (row, column) = ((turn / 5.0_f64).floor(), turn % 5.0);
            at = (x + column * 20.0, y + row * 20.0);
        }
        taken.push(at);
        let label = number + 1;
        let _ = writeln!(
            svg,
            "<circle cx=\"{0:.1}\" cy=\"{1:.1}\" r=\"9\" fill=\"#ffffff\" stroke=\"{2}\" stroke-width=\"1.6\"/><text x=\"{0:.1}\" y=\"{3:.1}\" font-size=\"11\" font-weight=\"bold\" fill=\"{2}\" text-anchor=\"middle\">{label}</text>",
            at.0,
            at.1,
            one.colour,
            at.1 + 4.0
        );
    }
    for parcel in map.site.parcels.iter().take(NAMED) {
        let extent = crate::overlay::rings::Extent::of_rings(&parcel.outline);
        let (x, y) = frame.at(Point {
            x: extent.middle().x,
            y: extent.north,
        });
        let number = parcel.number;
        let name = parcel.name.clone().unwrap_or_else(|| {
            lang.pick("地块{}", "parcel {}")
                .replace("{}", &number.to_string())
        });
        let words = format!("{} {:.2} m²", cut(&name, 24), parcel.area);
        let _ = writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"13\" font-weight=\"bold\" fill=\"#111827\" stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\" text-anchor=\"middle\">{}</text>",
            y - 8.0,
            xml(&words)
        );
    }
}

/// Every overlap with its layer, in the order of the panel.
fn listed<'m, 'a>(
    drawn: &'m [Drawn<'a>],
) -> impl Iterator<Item = (&'m Drawn<'a>, &'a crate::model::site::Touched)> {
    drawn.iter().flat_map(|one| {
        one.overlay
            .touched
            .iter()
            .map(move |touched| (one, touched))
    })
}

/// An arrow to the north of the plane.
fn north(svg: &mut String, frame: &Frame) {
    let (x, y) = (LEFT + WIDTH - 34.0, frame.top + 20.0);
    let _ = writeln!(
        svg,
        "<g><circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"25\" fill=\"#ffffff\" fill-opacity=\"0.85\"/><path d=\"M{x:.1} {:.1}l9 34l-9 -7l-9 7z\" fill=\"#111827\"/><text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"13\" font-weight=\"bold\" text-anchor=\"middle\" fill=\"#111827\">N</text></g>",
        y + 18.0,
        y + 6.0,
        y + 3.0
    );
}

fn scale_bar(svg: &mut String, frame: &Frame) {
    let bar = frame.bar();
    let (x, y, long) = (LEFT + 18.0, frame.top + HEIGHT - 22.0, bar * frame.scale());
    let half = long / 2.0;
    let words = if bar >= 1_000.0 {
        format!("{} km", bar / 1_000.0)
    } else {
        format!("{bar} m")
    };
    let (left, top, wide) = (x - 10.0, y - 19.0, long + 44.0);
    let (above, end) = (y - 5.0, x + long);
    let _ = writeln!(
        svg,
        "<g><rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{wide:.1}\" height=\"32\" fill=\"#ffffff\" fill-opacity=\"0.85\"/><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{long:.1}\" height=\"6\" fill=\"#ffffff\" stroke=\"#111827\"/><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{half:.1}\" height=\"6\" fill=\"#111827\"/><text x=\"{x:.1}\" y=\"{above:.1}\" font-size=\"11\" fill=\"#111827\" text-anchor=\"middle\">0</text><text x=\"{end:.1}\" y=\"{above:.1}\" font-size=\"11\" fill=\"#111827\" text-anchor=\"middle\">{words}</text></g>"
    );
}

/// A column of text with the marks that stand before its lines.
#[derive(Default)]
struct Column {
    svg: String,
    height: f64,
}

/// The legend.
fn legend(map: &Map<'_>, drawn: &[Drawn<'_>], mark: &str, lang: Lang) -> Column {
    let mut column = Column::default();
    column.title(lang.pick("图例", "Legend"));
    column.height += 4.0;
    column.swatch("fill=\"none\" stroke=\"#111827\" stroke-width=\"2.4\"");
    let words = lang.pick("用地边界", "site boundary");
    column.text(26.0, words, "#111827");
    for (number, one) in drawn.iter().enumerate() {
        let touched = !one.overlay.touched.is_empty();
        let fill = if touched && one.shaded {
            format!("url(#{mark}hatch{number})")
        } else {
            "none".to_owned()
        };
        let dashes = if one.shaded {
            ""
        } else {
            " stroke-dasharray=\"5 2\""
        };
        column.swatch(&format!(
            "fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1.4\"{dashes}",
            one.colour
        ));
        let mut words = one.layer.label.get(lang).to_owned();
        if !touched {
            words.push_str(lang.pick("（未重叠）", " (no overlap)"));
        }
        if one.is_synthetic() {
            words.push_str(lang.pick("〔演示数据〕", " [demonstration]"));
        }
        column.text(26.0, &words, "#111827");
    }
    let unmeasured = missing(map.packs, map.site);
    if let Some(words) = unmeasured {
        column.height += LINE * 0.4;
        column.text(0.0, words.get(lang), "#b91c1c");
    }
    column
}

/// The table of overlaps, by the numbers that stand in the window.
fn overlaps(map: &Map<'_>, drawn: &[Drawn<'_>], lang: Lang) -> Column {
    let mut column = Column::default();
    column.title(lang.pick("重叠", "Overlaps"));
    column.height += 4.0;
    let count = listed(drawn).count();
    if count == 0 {
        column.text(0.0, lang.pick("没有重叠", "none"), "#475569");
    }
    for (number, (one, touched)) in listed(drawn).enumerate().take(LISTED) {
        let name = cut(named(one.layer, touched).get(lang), 2 * COLUMNS);
        let first = format!("{} {}", number + 1, one.layer.label.get(lang));
        column.text(0.0, &first, one.colour);
        column.text(12.0, &name, "#475569");
        let share = percent(touched.share);
        let sliver = if one.layer.is_sliver(touched.area) {
            lang.pick("　疑似边界误差", "  may be a boundary error")
        } else {
            ""
        };
        let measured = format!("{}  {share}{sliver}", area(touched.area).get(lang));
        column.text(12.0, &measured, "#111827");
    }
    if count > LISTED {
        let more = lang
            .pick("另有 {} 处，见核查意见", "and {} more, see the report")
            .replace("{}", &(count - LISTED).to_string());
        column.text(0.0, &more, "#475569");
    }
    if map.site.broken {
        column.text(
            0.0,
            lang.pick("边界无法量算", "the boundary cannot be measured"),
            "#b91c1c",
        );
    }
    column
}

impl Column {
    fn title(&mut self, words: &str) {
        self.height += LINE;
        let _ = writeln!(
            self.svg,
            "<text x=\"0\" y=\"{:.1}\" font-size=\"15\" font-weight=\"bold\" fill=\"#111827\">{}</text>",
            self.height,
            xml(words)
        );
    }

    /// A mark before the next line.
    fn swatch(&mut self, look: &str) {
        let _ = writeln!(
            self.svg,
            "<rect x=\"0\" y=\"{:.1}\" width=\"18\" height=\"11\" {look}/>",
            self.height + LINE - 10.0
        );
    }

    /// A text on lines of its own.
    fn text(&mut self, x: f64, words: &str, colour: &str) {
        let columns = COLUMNS - if x > 20.0 { 4 } else { 2 };
        for line in wrap(words, columns, columns) {
            self.height += LINE;
            let _ = writeln!(
                self.svg,
                "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"12.5\" fill=\"{colour}\">{}</text>",
                self.height,
                xml(&line)
            );
        }
    }
}

/// The coordinate system, the dates and what the drawing is good for.
fn foot(map: &Map<'_>, drawn: &[Drawn<'_>], columns: usize, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let mut first = format!(
        "{}{}",
        lang.pick("坐标系：", "Coordinates: "),
        plane(map.site).get(lang)
    );
    if let Some(submitted) = map.project.submitted {
        first.push_str(lang.pick("　申报日期 ", " — submitted "));
        first.push_str(&submitted.date.to_string());
    }
    lines.push(first);
    let sources = drawn.iter().map(|one| {
        let edition = one.overlay.file.as_ref().map(edition);
        format!(
            "{}{}{}",
            one.layer.label.get(lang),
            lang.pick("：", ": "),
            edition.unwrap_or_default().get(lang)
        )
    });
    let sources: Vec<String> = sources.collect();
    if !sources.is_empty() {
        let words = format!(
            "{}{}",
            lang.pick("图层版本：", "Layers: "),
            sources.join(lang.pick("；", "; "))
        );
        lines.extend(wrap(&words, columns, columns).into_iter().take(4));
    }
    lines.extend(wrap(
        lang.pick(DISCLAIMER.0, DISCLAIMER.1),
        columns,
        columns,
    ));
    lines
}
