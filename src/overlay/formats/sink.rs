//! Where the readers put features and problems, and how they build a feature.
//!
//! It does not know any format.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Feature, Part, Spots};
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Span};
use crate::base::text::Text;
use crate::model::shape::{Point, Polygon, Shape};
use crate::overlay::tally::Tally;
use crate::text;

/// Takes features and problems as they are read.
pub(super) struct Sink<'a> {
    visit: &'a mut dyn FnMut(Feature) -> ControlFlow<()>,
    problems: Tally,
    features: usize,
    stopped: bool,
}

impl<'a> Sink<'a> {
    pub(super) fn new(visit: &'a mut dyn FnMut(Feature) -> ControlFlow<()>) -> Self {
        Self {
            visit,
            problems: Tally::default(),
            features: 0,
            stopped: false,
        }
    }

    /// True once no more features are wanted.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// True if a feature or a problem came.
    pub(super) fn saw_anything(&self) -> bool {
        self.features > 0 || !self.problems.is_empty()
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// The problems.
    pub(super) fn finish(self) -> Vec<Problem> {
        self.problems.finish()
    }

    /// Gives a feature on; what of it has no area is a problem.
    pub(super) fn feature(&mut self, part: &Arc<Part>, draft: Draft) {
        self.features += 1;
        let (name, number) = (&part.name, draft.number);
        if draft.open > 0 {
            let open = draft.open;
            self.problem(Problem::warning(
                "hegui::map::unclosed",
                draft.place,
                text!(
                    "`{name}` 第 {number} 个图形有 {open} 个环首尾点不同，已按闭合读取",
                    "the ends of {open} rings of shape {number} in `{name}` differ; they were joined"
                ),
            ));
        }
        if let Some(other) = draft.other {
            let (zh, en) = other.words();
            self.problem(
                Problem::error(
                    "hegui::map::no_area",
                    draft.place,
                    Text::new(
                        format!("`{name}` 第 {number} 个图形含有{zh}，没有面积，未参与量算"),
                        format!("shape {number} in `{name}` holds {en}, which have no area and were left out"),
                    ),
                )
                .help(text!(
                    "请提供面（多边形）图形",
                    "give areas (polygons)"
                )),
            );
        }
        if draft.polygons.is_empty() {
            if draft.other.is_none() {
                self.problem(Problem::error(
                    "hegui::map::no_shape",
                    draft.place,
                    text!(
                        "`{name}` 第 {number} 个图形没有坐标",
                        "shape {number} in `{name}` has no coordinates"
                    ),
                ));
            }
            return;
        }
        let feature = Feature {
            part: Arc::clone(part),
            shape: Shape {
                number,
                polygons: draft.polygons,
                attributes: draft.attributes,
                place: draft.place,
            },
            spots: Spots {
                source: draft.source,
                rings: draft.spans,
            },
        };
        if !self.stopped && (self.visit)(feature).is_break() {
            self.stopped = true;
        }
    }

    /// Says that a feature cannot be read, and why.
    pub(super) fn broken(&mut self, part: &Part, number: usize, place: Place, why: &Text) {
        self.problem(broken(&part.name, number, place, why));
    }
}

/// A feature that cannot be read.
fn broken(name: &str, number: usize, place: Place, why: &Text) -> Problem {
    Problem::error(
        "hegui::map::broken",
        place,
        Text::new(
            format!("`{name}` 第 {number} 个图形无法读取：{}", why.zh),
            format!("shape {number} in `{name}` cannot be read: {}", why.en),
        ),
    )
}

/// A file that cannot be read, or not to its end.
pub(super) fn unreadable(name: &str, why: &Text) -> Problem {
    Problem::error(
        "hegui::map::damaged",
        Place::Nowhere,
        Text::new(
            format!("地图文件 `{name}` 损坏或不完整：{}", why.zh),
            format!("map file `{name}` is damaged or incomplete: {}", why.en),
        ),
    )
    .help(text!(
        "请重新导出该文件后再核查",
        "export the file again and run again"
    ))
}

/// Geometry without an area, or whose edges are not straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    Points,
    Lines,
    Curves,
    Unknown,
}

impl Other {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Points => ("点", "points"),
            Self::Lines => ("线", "lines"),
            Self::Curves => ("弧段或曲面", "curves or surfaces in space"),
            Self::Unknown => ("无法识别的图形类型", "geometry of an unknown type"),
        }
    }

    /// By the number of a geometry type in well-known binary, which FlatGeobuf shares.
    pub(super) fn by_number(number: u32) -> Self {
        match number {
            1 | 4 => Self::Points,
            2 | 5 => Self::Lines,
            8..=17 => Self::Curves,
            _ => Self::Unknown,
        }
    }

    /// By the name of a geometry type in small letters.
    pub(super) fn by_name(name: &str) -> Self {
        match name {
            "point" | "multipoint" => Self::Points,
            "linestring" | "multilinestring" | "linearring" | "track" => Self::Lines,
            "circularstring" | "compoundcurve" | "curvepolygon" | "multicurve" | "multisurface"
            | "curve" | "surface" | "polyhedralsurface" | "tin" | "triangle" | "model" => {
                Self::Curves
            }
            _ => Self::Unknown,
        }
    }
}

/// A ring as a file writes it, the first point perhaps repeated at the end.
#[derive(Clone, Debug, Default)]
pub(super) struct RawRing {
    pub(super) points: Vec<Point>,
    /// Where the points are written; empty if that is not kept.
    pub(super) spans: Vec<Span>,
}

impl RawRing {
    /// Drops the repeated first point; false if there was none.
    fn close(&mut self) -> bool {
        let closed = self.points.len() > 1 && self.points.first() == self.points.last();
        if closed {
            self.points.pop();
            self.spans.truncate(self.points.len());
        }
        closed
    }
}

/// A feature while it is read.
#[derive(Debug)]
pub(super) struct Draft {
    number: usize,
    pub(super) place: Place,
    source: Option<SourceId>,
    polygons: Vec<Polygon>,
    spans: Vec<Vec<Span>>,
    pub(super) attributes: Vec<(String, String)>,
    open: usize,
    other: Option<Other>,
}

impl Draft {
    pub(super) fn new(number: usize, place: Place, source: Option<SourceId>) -> Self {
        Self {
            number,
            place,
            source,
            polygons: Vec::new(),
            spans: Vec::new(),
            attributes: Vec::new(),
            open: 0,
            other: None,
        }
    }

    /// Notes geometry that has no area.
    pub(super) fn other(&mut self, other: Other) {
        self.other.get_or_insert(other);
    }

    /// Adds a polygon: its outer ring and its holes.
    pub(super) fn polygon(&mut self, rings: Vec<RawRing>) {
        let mut polygon = Polygon::default();
        for mut ring in rings {
            if !ring.close() && !ring.points.is_empty() {
                self.open += 1;
            }
            polygon.rings.push(ring.points);
            self.spans.push(ring.spans);
        }
        if !polygon.rings.is_empty() {
            self.polygons.push(polygon);
        }
    }

    /// Adds rings of which it is not said which are outer rings and which are holes: that follows from how they lie.
    pub(super) fn rings(&mut self, mut rings: Vec<RawRing>) {
        for ring in &mut rings {
            if !ring.close() && !ring.points.is_empty() {
                self.open += 1;
            }
        }
        let points: Vec<_> = rings
            .iter_mut()
            .map(|ring| std::mem::take(&mut ring.points))
            .collect();
        let groups = super::nesting::group(&points);
        let mut points: Vec<Option<Vec<Point>>> = points.into_iter().map(Some).collect();
        for group in groups {
            let mut polygon = Polygon::default();
            for index in group {
                if let Some(points) = points.get_mut(index).and_then(Option::take) {
                    polygon.rings.push(points);
                    let spans = rings
                        .get_mut(index)
                        .map(|ring| std::mem::take(&mut ring.spans));
                    self.spans.push(spans.unwrap_or_default());
                }
            }
            self.polygons.push(polygon);
        }
    }
}
