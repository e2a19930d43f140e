//! Answers as a picture: our own drawing in layers, with title, legend and words wrapped in their boxes.
//!
//! It needs no other program and no script. It does not know how boxes are placed.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Answer;
use super::picture::{self, Look, Picture, Shape, looks};
use crate::base::text::Lang;
use crate::report::layout::{cut, width, wrap, xml};
use crate::report::{Assessment, DISCLAIMER};
use crate::trace::Edge;
use crate::trace::drawing::{self, Rect, Route, Size};
use crate::trace::suggest::Suggestions;

/// The width of one column of text, and the height of a line.
const COLUMN: f64 = 6.9;
const LINE: f64 = 17.0;
/// Columns of text in a box at most, and lines of its title.
const COLUMNS: usize = 26;
const LINES: usize = 3;
const PAD: f64 = 9.0;
/// The space around the picture.
const MARGIN: f64 = 28.0;

/// A box with its words laid out.
struct Laid {
    lines: Vec<(String, &'static str)>,
    size: Size,
}

fn columns(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * COLUMN
}

fn lines(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) * LINE
}

fn lay(shape: &Shape) -> Laid {
    let mut all: Vec<(String, &'static str)> = Vec::new();
    if !shape.id.is_empty() {
        all.push((cut(&shape.id, COLUMNS), "id"));
    }
    let mut words = wrap(&shape.words, COLUMNS, COLUMNS);
    if words.len() > LINES {
        words.truncate(LINES);
        if let Some(last) = words.last_mut() {
            *last = format!("{}…", cut(last, COLUMNS - 1).trim_end_matches('…'));
        }
    }
    all.extend(
        words
            .into_iter()
            .filter(|w| !w.is_empty())
            .map(|w| (w, "words")),
    );
    if !shape.state.is_empty() {
        all.push((cut(&shape.state, COLUMNS), "state"));
    }
    let widest = all.iter().map(|(line, _)| width(line)).max().unwrap_or(0);
    let size = Size {
        width: columns(widest) + 2.0 * PAD,
        height: lines(all.len()) + 2.0 * PAD - 4.0,
    };
    Laid { lines: all, size }
}

/// Writes an answer.
pub(super) fn write(
    run: &Assessment<'_>,
    answer: &Answer,
    lang: Lang,
    out: &mut dyn Write,
) -> io::Result<()> {
    let picture = picture::of(run, answer, lang);
    let drawn = draw(&picture, lang);
    let mut svg = String::new();
    let head = head(&picture, lang, drawn.width.max(560.0));
    let (all_width, all_height) = (
        head.width.max(drawn.width) + 2.0 * MARGIN,
        head.height + drawn.height + 2.0 * MARGIN + 30.0,
    );
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all_width:.0}\" height=\"{all_height:.0}\" viewBox=\"0 0 {all_width:.0} {all_height:.0}\" role=\"img\" lang=\"{}\" font-family=\"'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif\">",
        lang.pick("zh-CN", "en")
    );
    let _ = writeln!(svg, "<title>{}</title>", xml(&picture.title));
    let _ = writeln!(svg, "<style>\n{STYLE}\n</style>");
    arrows(&mut svg);
    let _ = writeln!(
        svg,
        "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    );
    svg.push_str(&head.svg);
    let top = head.height + MARGIN;
    let _ = writeln!(svg, "<g transform=\"translate({MARGIN:.0},{top:.0})\">");
    svg.push_str(&drawn.svg);
    let _ = writeln!(svg, "</g>");
    let _ = writeln!(
        svg,
        "<text class=\"note\" x=\"{MARGIN:.0}\" y=\"{:.0}\">{}</text>",
        all_height - 16.0,
        xml(lang.pick(DISCLAIMER.0, DISCLAIMER.1))
    );
    svg.push_str("</svg>\n");
    out.write_all(svg.as_bytes())
}

/// The goals that a project serves, for a page that holds [`STYLE`] and [`shared`]; none if it claims none.
pub(in crate::report) fn of_project(
    run: &Assessment<'_>,
    project: usize,
    lang: Lang,
) -> Option<String> {
    if run.trace.graph.claims(project).is_empty() {
        return None;
    }
    let answer = Answer::Projects(vec![(project, Suggestions::default())]);
    let picture = picture::of(run, &answer, lang);
    let drawn = draw(&picture, lang);
    let (width, height) = (drawn.width + 4.0, drawn.height + 4.0);
    Some(format!(
        "<svg class=\"drawing\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"-2 -2 {width:.0} {height:.0}\" role=\"img\"><title>{}</title>\n{}</svg>",
        xml(&picture.title),
        drawn.svg
    ))
}

/// The heads of arrows, once for all drawings of a page.
pub(in crate::report) fn shared() -> String {
    let mut svg = String::from("<svg width=\"0\" height=\"0\" aria-hidden=\"true\">\n");
    arrows(&mut svg);
    svg.push_str("</svg>");
    svg
}

/// Boxes and lines without anything around them.
struct Drawn {
    svg: String,
    width: f64,
    height: f64,
}

fn draw(picture: &Picture, lang: Lang) -> Drawn {
    let laid: Vec<Laid> = picture.shapes.iter().map(lay).collect();
    let sizes: Vec<Size> = laid.iter().map(|l| l.size).collect();
    // What a line points to stands left of it where that is the plan.
    let sides: Vec<(usize, usize)> = picture
        .lines
        .iter()
        .map(|line| {
            if line.points_left() {
                (line.to, line.from)
            } else {
                (line.from, line.to)
            }
        })
        .collect();
    let drawing = drawing::draw(&sizes, &sides);
    let mut svg = String::new();
    for ((line, route), (left, _)) in picture.lines.iter().zip(&drawing.routes).zip(&sides) {
        // A route runs from its left end; a line that points left is drawn from its own first box.
        let route = if line.points_left() && *left == line.to {
            route.reversed()
        } else {
            route.clone()
        };
        path(&mut svg, line, &route);
    }
    for ((shape, laid), at) in picture.shapes.iter().zip(&laid).zip(&drawing.boxes) {
        boxed(&mut svg, shape, laid, at);
    }
    if picture.shapes.is_empty() {
        let _ = writeln!(
            svg,
            "<text class=\"words\" x=\"0\" y=\"20\" fill=\"#1f2933\">{}</text>",
            lang.pick("没有可以画出的内容", "there is nothing to draw")
        );
    }
    Drawn {
        svg,
        width: drawing.width,
        height: drawing.height,
    }
}

/// How words and lines look.
pub(in crate::report) const STYLE: &str = ".id{font-size:11px;font-weight:600}.words{font-size:13px}.state{font-size:11px}.title{font-size:18px;font-weight:600;fill:#1f2933}.note{font-size:11px;fill:#52606d}.legend{font-size:12px;fill:#1f2933}.line{fill:none;stroke-width:1.4}.count{font-size:11px;fill:#1f2933;paint-order:stroke;stroke:#ffffff;stroke-width:3px}";

/// The kinds of lines of a legend, with their colours.
const LINES_OF: [(&str, &str, &str); 6] = [
    ("supports", "支撑", "supports"),
    ("depends_on", "依赖", "depends on"),
    ("fails", "不符合", "does not meet"),
    ("waived_from", "经人工认定", "is waived from"),
    ("contains", "包含、衡量", "contains, measured by"),
    ("cites", "依据、落实", "rests on, holds"),
];

fn arrows(svg: &mut String) {
    svg.push_str("<defs>\n");
    for colour in [
        "#2f855a", "#b7791f", "#c53030", "#2c5282", "#6b46a8", "#8a94a3",
    ] {
        let id = colour.trim_start_matches('#');
        let _ = writeln!(
            svg,
            "<marker id=\"a{id}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0,0.8L7.4,4L0,7.2z\" fill=\"{colour}\"/></marker>"
        );
    }
    svg.push_str("</defs>\n");
}

/// A heading with its size.
struct Head {
    svg: String,
    width: f64,
    height: f64,
}

fn head(picture: &Picture, lang: Lang, room: f64) -> Head {
    let mut svg = String::new();
    let mut y = MARGIN + 14.0;
    let title = cut(&picture.title, 120);
    let mut widest = columns(width(&title)) * 1.38;
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"{MARGIN:.0}\" y=\"{y:.0}\">{}</text>",
        xml(&title)
    );
    if !picture.note.is_empty() {
        y += 22.0;
        widest = widest.max(columns(width(&picture.note)));
        let _ = writeln!(
            svg,
            "<text class=\"note\" x=\"{MARGIN:.0}\" y=\"{y:.0}\">{}</text>",
            xml(&picture.note)
        );
    }
    y += 26.0;
    let mut x = MARGIN;
    let mut entry = |svg: &mut String, words: &str, sign: &dyn Fn(f64, f64) -> String| {
        let needs = 30.0 + columns(width(words)) + 18.0;
        if x + needs > room + MARGIN && x > MARGIN {
            x = MARGIN;
            y += 22.0;
        }
        svg.push_str(&sign(x, y));
        let _ = writeln!(
            svg,
            "<text class=\"legend\" x=\"{:.0}\" y=\"{y:.0}\">{}</text>",
            x + 30.0,
            xml(words)
        );
        x += needs;
        widest = widest.max(x - MARGIN);
    };
    for look in looks(picture) {
        entry(&mut svg, look.label().get(lang), &|x, y| {
            rect(
                look,
                &Rect {
                    x,
                    y: y - 11.0,
                    width: 22.0,
                    height: 14.0,
                },
            )
        });
    }
    for (ids, zh, en) in LINES_OF {
        let mut of_kind = picture.lines.iter().filter(|line| {
            let id = super::words::edge_id(line.edge);
            let id = match line.edge {
                Edge::Measured => "contains",
                Edge::Holds => "cites",
                _ => id,
            };
            id == ids
        });
        if let Some(line) = of_kind.next() {
            let colour = line.colour();
            let arrow = line.clone();
            entry(&mut svg, lang.pick(zh, en), &|x, y| {
                stroke(
                    &arrow,
                    colour,
                    &format!("M{x:.0},{0:.0}L{1:.0},{0:.0}", y - 4.0, x + 22.0),
                )
            });
        }
    }
    Head {
        svg,
        width: widest,
        height: y + 6.0,
    }
}

fn rect(look: Look, at: &Rect) -> String {
    let (fill, line, _) = look.colours();
    let dash = if look.dashed() {
        " stroke-dasharray=\"5 3\""
    } else {
        ""
    };
    // Projects are round, rules angular: what a box is can be told without its colour.
    let round = match look {
        Look::Project(_) => 10.0,
        Look::Goal(_) | Look::Outline => 4.0,
        Look::Measure | Look::Rule | Look::Instrument => 0.0,
    };
    let round = f64::min(round, at.height / 2.0);
    format!(
        "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{round:.0}\" fill=\"{fill}\" stroke=\"{line}\" stroke-width=\"1.3\"{dash}/>\n",
        at.x, at.y, at.width, at.height
    )
}

fn boxed(svg: &mut String, shape: &Shape, laid: &Laid, at: &Rect) {
    let (_, _, colour) = shape.look.colours();
    let whole = [&shape.key, &shape.words, &shape.state];
    let whole: Vec<&str> = whole
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    let _ = write!(svg, "<g><title>{}</title>", xml(&whole.join("\n")));
    svg.push_str(&rect(shape.look, at));
    let mut y = at.y + PAD + 10.0;
    for (line, class) in &laid.lines {
        let _ = writeln!(
            svg,
            "<text class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" fill=\"{colour}\">{}</text>",
            at.x + PAD,
            xml(line)
        );
        y += LINE;
    }
    svg.push_str("</g>\n");
}

/// A line along a path, with its arrow; the outline has none.
fn stroke(line: &picture::Line, colour: &str, d: &str) -> String {
    let arrow = if matches!(line.edge, Edge::Contains | Edge::Measured) {
        String::new()
    } else {
        format!(" marker-end=\"url(#a{})\"", colour.trim_start_matches('#'))
    };
    let dash = match line.edge {
        Edge::Depends(_) => " stroke-dasharray=\"6 3\"",
        Edge::Waived | Edge::Holds => " stroke-dasharray=\"2 3\"",
        _ => "",
    };
    format!("<path class=\"line\" d=\"{d}\" stroke=\"{colour}\"{arrow}{dash}/>\n")
}

fn path(svg: &mut String, line: &picture::Line, route: &Route) {
    let mut d = format!("M{:.1},{:.1}", route.start.0, route.start.1);
    for [a, b, end] in &route.curves {
        let _ = write!(
            d,
            "C{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}",
            a.0, a.1, b.0, b.1, end.0, end.1
        );
    }
    svg.push_str(&stroke(line, line.colour(), &d));
    if line.count > 1
        && let Some([a, b, _]) = route.curves.first()
    {
        let _ = writeln!(
            svg,
            "<text class=\"count\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            f64::midpoint(a.0, b.0),
            f64::midpoint(a.1, b.1) + 4.0,
            line.count
        );
    }
}
