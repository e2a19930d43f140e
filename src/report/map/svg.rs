//! A map as a drawing: the window with its grid, and beside it the legend and the table of overlaps.

use std::fmt::Write as _;

use super::frame::{Frame, HEIGHT, WIDTH, ticks, window};
use super::{Drawn, Map, attributes, middle};
use crate::base::text::Lang;
use crate::model::shape::{Point, Ring};
use crate::report::DISCLAIMER;
use crate::report::layout::wrap;
use crate::report::layout::xml;
use crate::report::site::{area, plane};

/// Space around everything.
const MARGIN: f64 = 28.0;
/// The top of the window.
const TOP: f64 = 92.0;
/// Space at the left of the window for coordinates.
const LEFT: f64 = MARGIN + 14.0;
/// The width of the panel beside the window.
const PANEL: f64 = 340.0;
/// Columns of text that fit the panel.
const COLUMNS: usize = 50;
/// The height of a line of the panel.
const LINE: f64 = 17.0;
/// Overlaps listed, at most.
const LISTED: usize = 14;

const FONT: &str = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif";

/// Draws the map.
pub(super) fn draw(map: &Map<'_>, lang: Lang) -> String {
    let frame = Frame {
        window: window(map.site),
        left: LEFT,
        top: TOP,
    };
    let drawn = map.drawn();
    let panel = Panel::of(map, &drawn, lang);
    let height = TOP + HEIGHT.max(panel.height) + 96.0;
    let all = LEFT + WIDTH + 24.0 + PANEL + MARGIN;
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {all:.0} {height:.0}\" role=\"img\" lang=\"{}\" font-family=\"{FONT}\">",
        lang.pick("zh-CN", "en")
    );
    let _ = writeln!(svg, "<title>{}</title>", xml(&map.project.name));
    svg.push_str("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    patterns(&mut svg, &drawn);
    head(&mut svg, map, lang);
    let _ = writeln!(
        svg,
        "<rect x=\"{LEFT:.1}\" y=\"{TOP:.1}\" width=\"{WIDTH:.1}\" height=\"{HEIGHT:.1}\" fill=\"#f8fafc\"/>"
    );
    svg.push_str("<g clip-path=\"url(#window)\">\n");
    for one in drawn.iter().rev() {
        for touched in one.around {
            path(
                &mut svg,
                &frame,
                &touched.outline,
                &format!(
                    "fill=\"{0}\" fill-opacity=\"{1}\" stroke=\"{0}\" stroke-width=\"1.4\"{2}",
                    one.colour,
                    if one.shaded { "0.10" } else { "0" },
                    if one.shaded {
                        ""
                    } else {
                        " stroke-dasharray=\"9 4\""
                    }
                ),
            );
        }
    }
    for (number, one) in drawn.iter().enumerate().filter(|(_, one)| one.shaded) {
        for touched in &one.overlay.touched {
            path(
                &mut svg,
                &frame,
                &touched.outline,
                &format!("fill=\"url(#hatch{number})\" stroke=\"none\""),
            );
        }
    }
    for parcel in &map.site.parcels {
        path(
            &mut svg,
            &frame,
            &parcel.outline,
            "fill=\"none\" stroke=\"#ffffff\" stroke-width=\"5\" stroke-linejoin=\"round\"",
        );
        path(
            &mut svg,
            &frame,
            &parcel.outline,
            "fill=\"none\" stroke=\"#111827\" stroke-width=\"2.4\" stroke-linejoin=\"round\"",
        );
    }
    svg.push_str("</g>\n");
    grid(&mut svg, &frame);
    labels(&mut svg, &frame, map, &drawn, lang);
    north(&mut svg);
    scale_bar(&mut svg, &frame);
    if map.project.sample || drawn.iter().any(is_synthetic) {
        let (x, y) = (LEFT + WIDTH / 2.0, TOP + HEIGHT / 2.0);
        let _ = writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{y:.0}\" font-size=\"76\" fill=\"#64748b\" fill-opacity=\"0.22\" text-anchor=\"middle\" transform=\"rotate(-28 {x:.0} {y:.0})\">{}</text>",
            lang.pick("演示数据", "DEMONSTRATION DATA")
        );
    }
    svg.push_str(&panel.svg);
    foot(&mut svg, map, &drawn, height, lang);
    svg.push_str("</svg>\n");
    svg
}

fn is_synthetic(one: &Drawn<'_>) -> bool {
    one.overlay.file.as_ref().is_some_and(|file| file.synthetic)
}

/// The window's outline for clipping, and a hatching in the colour of each layer.
fn patterns(svg: &mut String, drawn: &[Drawn<'_>]) {
    let _ = writeln!(
        svg,
        "<defs><clipPath id=\"window\"><rect x=\"{LEFT:.1}\" y=\"{TOP:.1}\" width=\"{WIDTH:.1}\" height=\"{HEIGHT:.1}\"/></clipPath>"
    );
    for (number, one) in drawn.iter().enumerate() {
        // Hatchings of layers that overlap at one spot run at different angles.
        let angle = 20 + number * 37 % 160;
        let _ = writeln!(
            svg,
            "<pattern id=\"hatch{number}\" width=\"9\" height=\"9\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate({angle})\"><rect width=\"9\" height=\"9\" fill=\"{0}\" fill-opacity=\"0.10\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"9\" stroke=\"{0}\" stroke-width=\"2\" stroke-opacity=\"0.7\"/></pattern>",
            one.colour
        );
    }
    svg.push_str("</defs>\n");
}

fn head(svg: &mut String, map: &Map<'_>, lang: Lang) {
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN:.0}\" y=\"40\" font-size=\"22\" font-weight=\"bold\" fill=\"#111827\">{}</text>",
        xml(&map.project.name)
    );
    let total = area(map.site.area);
    let line = format!(
        "{}{}{}",
        lang.pick("用地边界套合图", "Boundary and overlaps"),
        lang.pick("　用地面积 ", " — site area "),
        total.get(lang)
    );
    let _ = writeln!(
        svg,
        "<text x=\"{MARGIN:.0}\" y=\"68\" font-size=\"14\" fill=\"#475569\">{}</text>",
        xml(&line)
    );
}

/// The outline of rings as one path; holes stay empty.
fn path(svg: &mut String, frame: &Frame, rings: &[Ring], style: &str) {
    let mut data = String::new();
    for ring in rings {
        for (number, point) in ring.iter().enumerate() {
            let (x, y) = frame.at(*point);
            let sign = if number == 0 { 'M' } else { 'L' };
            let _ = write!(data, "{sign}{x:.2} {y:.2}");
        }
        data.push('Z');
    }
    if !data.is_empty() {
        let _ = writeln!(svg, "<path d=\"{data}\" fill-rule=\"evenodd\" {style}/>");
    }
}

/// The frame with its coordinates in metres.
fn grid(svg: &mut String, frame: &Frame) {
    let (right, bottom) = (LEFT + WIDTH, TOP + HEIGHT);
    let window = frame.window;
    let step = frame.step();
    for east in ticks(window.west, window.east, step) {
        let (x, _) = frame.at(Point {
            x: east,
            y: window.south,
        });
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP:.1}V{:.1}M{x:.1} {bottom:.1}V{:.1}\" stroke=\"#111827\" stroke-width=\"1\"/><text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"10\" fill=\"#475569\" text-anchor=\"middle\">{east:.0}</text>",
            TOP + 6.0,
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
        "<rect x=\"{LEFT:.1}\" y=\"{TOP:.1}\" width=\"{WIDTH:.1}\" height=\"{HEIGHT:.1}\" fill=\"none\" stroke=\"#111827\" stroke-width=\"1.2\"/>"
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
    for parcel in &map.site.parcels {
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
        let words = format!("{name} {:.2} m²", parcel.area);
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
fn north(svg: &mut String) {
    let (x, y) = (LEFT + WIDTH - 34.0, TOP + 20.0);
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
    let (x, y, long) = (LEFT + 18.0, TOP + HEIGHT - 22.0, bar * frame.scale());
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

/// The legend and the table of overlaps.
struct Panel {
    svg: String,
    height: f64,
}

impl Panel {
    fn of(map: &Map<'_>, drawn: &[Drawn<'_>], lang: Lang) -> Self {
        let x = LEFT + WIDTH + 24.0;
        let mut panel = Self {
            svg: String::new(),
            height: 0.0,
        };
        panel.title(x, lang.pick("图例", "Legend"));
        panel.height += LINE;
        let _ = writeln!(
            panel.svg,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"18\" height=\"11\" fill=\"none\" stroke=\"#111827\" stroke-width=\"2.4\"/>",
            TOP + panel.height - 10.0
        );
        panel.words(x + 26.0, lang.pick("用地边界", "site boundary"), "#111827");
        for (number, one) in drawn.iter().enumerate() {
            panel.height += LINE;
            let touched = !one.overlay.touched.is_empty();
            let fill = if touched && one.shaded {
                format!("url(#hatch{number})")
            } else {
                "none".to_owned()
            };
            let dashes = if one.shaded {
                ""
            } else {
                " stroke-dasharray=\"5 2\""
            };
            let _ = writeln!(
                panel.svg,
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"18\" height=\"11\" fill=\"{fill}\" stroke=\"{}\" stroke-width=\"1.4\"{dashes}/>",
                TOP + panel.height - 10.0,
                one.colour
            );
            let mut words = one.layer.label.get(lang).to_owned();
            if !touched {
                words.push_str(lang.pick("（未重叠）", " (no overlap)"));
            }
            if is_synthetic(one) {
                words.push_str(lang.pick("〔演示数据〕", " [demonstration]"));
            }
            panel.words(x + 26.0, &words, "#111827");
        }
        panel.height += LINE * 1.6;
        panel.title(x, lang.pick("重叠", "Overlaps"));
        let count = listed(drawn).count();
        if count == 0 {
            panel.text(x, lang.pick("没有重叠", "none"), "#475569");
        }
        for (number, (one, touched)) in listed(drawn).enumerate().take(LISTED) {
            let name = attributes(one.layer, touched, lang);
            let first = format!("{} {}", number + 1, one.layer.label.get(lang));
            panel.text(x, &first, one.colour);
            panel.text(x + 12.0, &name, "#475569");
            let share = touched.share * 100.0;
            let measured = format!("{}  {share:.2}%", area(touched.area).get(lang));
            panel.text(x + 12.0, &measured, "#111827");
        }
        if count > LISTED {
            let more = lang
                .pick("另有 {} 处，见核查意见", "and {} more, see the report")
                .replace("{}", &(count - LISTED).to_string());
            panel.text(x, &more, "#475569");
        }
        let unmeasured = crate::report::site::missing(map.packs, map.site);
        if let Some(words) = unmeasured {
            panel.height += LINE * 0.6;
            panel.text(x, words.get(lang), "#b91c1c");
        }
        panel
    }

    fn title(&mut self, x: f64, words: &str) {
        self.height += LINE;
        let _ = writeln!(
            self.svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"15\" font-weight=\"bold\" fill=\"#111827\">{}</text>",
            TOP + self.height,
            xml(words)
        );
    }

    /// A text beside what was drawn on the line.
    fn words(&mut self, x: f64, words: &str, colour: &str) {
        let _ = writeln!(
            self.svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" font-size=\"12.5\" fill=\"{colour}\">{}</text>",
            TOP + self.height,
            xml(words)
        );
    }

    /// A text on lines of its own.
    fn text(&mut self, x: f64, words: &str, colour: &str) {
        for line in wrap(words, COLUMNS, COLUMNS) {
            self.height += LINE;
            self.words(x, &line, colour);
        }
    }
}

/// The coordinate system, the dates and what the drawing is good for.
fn foot(svg: &mut String, map: &Map<'_>, drawn: &[Drawn<'_>], height: f64, lang: Lang) {
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
    let mut sources: Vec<String> = Vec::new();
    for one in drawn {
        let file = one.overlay.file.as_ref();
        let edition = file.map(|file| {
            let edition = file.edition.get(lang);
            let date = file.date.map(|date| date.to_string()).unwrap_or_default();
            match (edition.is_empty(), date.is_empty()) {
                (true, true) => lang.pick("版本未注明", "edition not stated").to_owned(),
                (false, false) => format!("{edition}{}{date}", lang.pick("，", ", ")),
                _ => format!("{edition}{date}"),
            }
        });
        let words = format!(
            "{}{}{}",
            one.layer.label.get(lang),
            lang.pick("：", ": "),
            edition.unwrap_or_default()
        );
        sources.push(words);
    }
    if !sources.is_empty() {
        let words = format!(
            "{}{}",
            lang.pick("图层版本：", "Layers: "),
            sources.join(lang.pick("；", "; "))
        );
        lines.extend(wrap(&words, 205, 205).into_iter().take(2));
    }
    lines.push(lang.pick(DISCLAIMER.0, DISCLAIMER.1).to_owned());
    let mut y = lines.iter().skip(1).fold(height - 14.0, |y, _| y - 15.0);
    for line in lines {
        let _ = writeln!(
            svg,
            "<text x=\"{MARGIN:.0}\" y=\"{y:.1}\" font-size=\"11\" fill=\"#475569\">{}</text>",
            xml(&line)
        );
        y += 15.0;
    }
}
