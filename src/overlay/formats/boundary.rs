//! The boundary text of land filings (拐点坐标 TXT): parcels with their corner points, northing first.
//!
//! ```text
//! [属性描述]
//! 坐标系=2000国家大地坐标系
//! 几度分带=3
//! 带号=29
//! [地块坐标]
//! 界址点数,面积(公顷),地块编号,地块名称,图形属性,图幅号,地块用途,地类编码,@
//! 点号,圈号,X(北),Y(东)
//! ```
//!
//! Commas may be full-width, lines may end in any way, rings may be closed or not, points may be numbered on or anew
//! and counted with or without the closing one. Which rings are holes follows from how they lie, since some
//! programs number outer rings on. It does not know whether the coordinates fit the head.

use std::sync::Arc;

use super::sink::{Draft, Other, RawRing, Sink};
use super::{Input, Part};
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Span};
use crate::base::text::folded;
use crate::model::shape::{Point, Shape, ZoneWidth};
use crate::overlay::claim::{Claim, Says, said, width_of};
use crate::overlay::projection::meridian_of;
use crate::text;

/// The attribute that holds the area a parcel declares, in hectares unless it names another unit.
pub const AREA: &str = "地块面积";

/// The names of the fields of a parcel line, in order; later ones have no name.
const FIELDS: [&str; 8] = [
    "界址点数",
    AREA,
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
];

/// The area that a parcel declares in square metres, if it states one that can be read.
pub fn declared_area(shape: &Shape) -> Option<f64> {
    let (_, value) = shape.attributes.iter().find(|(name, _)| name == AREA)?;
    let value = folded(value).replace(',', "");
    let end = value
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(value.len());
    let (number, unit) = value.split_at_checked(end)?;
    let number: f64 = number.parse().ok()?;
    match unit.trim().to_lowercase().as_str() {
        "" | "公顷" | "ha" | "hm2" => Some(number * 10_000.0),
        "平方米" | "m2" => Some(number),
        "亩" => Some(number * 2_000.0 / 3.0),
        _ => None,
    }
}

/// A field of a line, or a line, with where it stands.
#[derive(Clone, Copy)]
struct Cut<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Cut<'a> {
    fn new(text: &'a str, start: usize) -> Self {
        let left = text.len() - text.trim_start().len();
        Self {
            text: text.trim(),
            start: start + left,
        }
    }

    fn span(self) -> Span {
        Span::new(self.start..self.start + self.text.len())
    }

    /// Its fields: at commas of either width, else at tabs and spaces.
    fn fields(self) -> Vec<Self> {
        let comma = |c: char| matches!(c, ',' | '，' | '､');
        let split: Vec<(usize, &str)> = if self.text.contains(comma) {
            pieces(self.text, comma)
        } else {
            let mut list = pieces(self.text, char::is_whitespace);
            list.retain(|(_, piece)| !piece.is_empty());
            list
        };
        split
            .into_iter()
            .map(|(at, piece)| Self::new(piece, self.start + at))
            .collect()
    }
}

/// The pieces of a text between separators, with their offsets.
fn pieces(text: &str, separator: impl Fn(char) -> bool) -> Vec<(usize, &str)> {
    let mut list = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| separator(*c)) {
        list.push((start, text.get(start..at).unwrap_or_default()));
        start = at + c.len_utf8();
    }
    list.push((start, text.get(start..).unwrap_or_default()));
    list
}

/// What the head says of the coordinate system.
#[derive(Default)]
struct Head<'a> {
    /// The lines that say it, in order.
    lines: Vec<Cut<'a>>,
    system: Option<String>,
    width: Option<ZoneWidth>,
    zone: Option<u16>,
    projection: Option<String>,
    /// The unit of the coordinates, where it is not the metre.
    unit: Option<String>,
}

impl<'a> Head<'a> {
    /// Takes a line `key=value`.
    fn line(&mut self, line: Cut<'a>) {
        let Some((key, value)) = line.text.split_once(['=', '＝', '：', ':']) else {
            return;
        };
        let value = folded(value).into_owned();
        if value.is_empty() {
            return;
        }
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        match folded(key).as_ref() {
            "坐标系" | "坐标系统" | "坐标系名称" => self.system = Some(value),
            "几度分带" | "分带" => {
                self.width = match digits.as_str() {
                    "3" => Some(ZoneWidth::Three),
                    "6" => Some(ZoneWidth::Six),
                    _ if value.contains('三') => Some(ZoneWidth::Three),
                    _ if value.contains('六') => Some(ZoneWidth::Six),
                    _ => None,
                }
            }
            "带号" => self.zone = digits.parse().ok(),
            "投影类型" => self.projection = Some(value),
            "计量单位" if ["米", "m", "公尺"].contains(&value.to_lowercase().as_str()) => {
                return;
            }
            "计量单位" => self.unit = Some(value),
            _ => return,
        }
        self.lines.push(line);
    }

    fn claim(&self, source: Option<SourceId>) -> Option<Claim> {
        let system = self.system.as_deref()?;
        let words: Vec<&str> = self.lines.iter().map(|line| line.text).collect();
        let named = |key: &str| self.lines.iter().find(|line| line.text.starts_with(key));
        let line = named("坐标系").or(self.lines.first())?;
        Some(Claim {
            words: words.join("，"),
            place: source.map_or(Place::Nowhere, |id| Place::Span(id, line.span())),
            says: self.says(said(system)),
            by_format: false,
        })
    }

    /// The system by its name, made narrower by the zone.
    fn says(&self, system: Says) -> Says {
        let projection = self.projection.as_deref().unwrap_or_default();
        if !matches!(system, Says::Cgcs2000 | Says::Plane { .. }) {
            return system;
        }
        if ["墨卡托", "UTM", "兰伯特", "阿尔伯斯"]
            .iter()
            .any(|other| projection.contains(other))
        {
            return Says::Other;
        }
        match self.unit.as_deref() {
            Some(unit) if unit.contains('度') => return Says::Degrees,
            Some(_) => return Says::Other,
            None => {}
        }
        let (width, meridian, prefixed) = match system {
            Says::Plane {
                width,
                meridian,
                prefixed,
            } => (width, meridian, prefixed),
            _ => (None, None, None),
        };
        let width = width.or(self.width);
        // Some write the central meridian where the zone belongs.
        let own = self.zone.and_then(|zone| match (width, zone) {
            (Some(width), 13..=45) => Some(meridian_of(width, zone)),
            (None, 13..=45) => width_of(zone).map(|width| meridian_of(width, zone)),
            (_, 72..=138) if zone % 3 == 0 => Some(zone),
            _ => None,
        });
        if width.is_none() && own.is_none() && meridian.is_none() && projection.is_empty() {
            return system;
        }
        if let (Some(a), Some(b)) = (own, meridian)
            && a != b
        {
            return Says::Other;
        }
        Says::Plane {
            width,
            meridian: meridian.or(own),
            prefixed,
        }
    }
}

/// A parcel while its points are read.
struct Parcel<'a> {
    line: Cut<'a>,
    fields: Vec<Cut<'a>>,
    number: usize,
    rings: Vec<RawRing>,
    /// The ring number of the last point, as written.
    ring: Option<&'a str>,
    /// True if the last ring came back to its first point.
    is_closed: bool,
    points: usize,
    is_broken: bool,
}

/// Reads a boundary text.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let text = super::whole_text(input)?;
    let mut head = Head::default();
    let mut section = Section::Head;
    let mut part: Option<Arc<Part>> = None;
    let mut parcel: Option<Parcel<'_>> = None;
    let mut number = 0;
    let mut start = 0;
    for full in text.split_inclusive(['\n', '\r']) {
        let line = Cut::new(full, start);
        start += full.len();
        if sink.is_stopped() {
            return Ok(());
        }
        if line.text.is_empty() {
            continue;
        }
        if let Some(next) = Section::named(line.text) {
            section = next;
            continue;
        }
        if !matches!(section, Section::Parcels) && !is_parcel(line.text) {
            if matches!(section, Section::Head) {
                head.line(line);
            }
            continue;
        }
        section = Section::Parcels;
        let part = part.get_or_insert_with(|| {
            Arc::new(Part {
                name: name.to_owned(),
                claim: head.claim(input.source),
            })
        });
        if is_parcel(line.text) {
            if let Some(parcel) = parcel.take() {
                parcel.finish(part, input.source, sink);
            }
            number += 1;
            parcel = Some(Parcel::new(line, number));
        } else if let Some(parcel) = &mut parcel {
            parcel.point(line, part, input.source, sink);
        } else {
            sink.problem(no_parcel(name, place(input.source, line)));
        }
    }
    if let (Some(parcel), Some(part)) = (parcel, &part) {
        parcel.finish(part, input.source, sink);
    }
    Ok(())
}

/// The parts of a boundary text.
enum Section {
    /// `[属性描述]`, and whatever stands before the first part.
    Head,
    /// `[地块坐标]`.
    Parcels,
    /// `[项目信息]`, `[扩展信息]` and others, which say nothing of the ground.
    Other,
}

impl Section {
    /// The part that a line in brackets opens.
    fn named(line: &str) -> Option<Self> {
        let inner = line
            .strip_prefix(['[', '【', '［'])?
            .strip_suffix([']', '】', '］'])?;
        Some(match inner.trim() {
            "属性描述" => Self::Head,
            "地块坐标" => Self::Parcels,
            _ => Self::Other,
        })
    }
}

/// True if a line opens a parcel.
fn is_parcel(line: &str) -> bool {
    line.ends_with(['@', '＠'])
}

fn place(source: Option<SourceId>, cut: Cut<'_>) -> Place {
    source.map_or(Place::Nowhere, |id| Place::Span(id, cut.span()))
}

fn no_parcel(name: &str, place: Place) -> Problem {
    Problem::error(
        "hegui::boundary::no_parcel",
        place,
        text!(
            "`{name}` 中的坐标行之前没有地块行",
            "there is no parcel line before this point in `{name}`"
        ),
    )
    .help(text!(
        "每个地块先写一行 `界址点数,面积,地块编号,地块名称,面,图幅号,用途,地类编码,@`，以 @ 结尾",
        "each parcel starts with a line of its own, `points,area,number,name,面,sheet,use,class,@`, that ends in @"
    ))
}

impl<'a> Parcel<'a> {
    fn new(line: Cut<'a>, number: usize) -> Self {
        let mut fields = line.fields();
        // The last field is the mark that ends the line.
        if let Some(last) = fields.last_mut() {
            last.text = last.text.trim_end_matches(['@', '＠']).trim_end();
            if last.text.is_empty() {
                fields.pop();
            }
        }
        Self {
            line,
            fields,
            number,
            rings: Vec::new(),
            ring: None,
            is_closed: true,
            points: 0,
            is_broken: false,
        }
    }

    /// Takes a line with a point.
    fn point(&mut self, line: Cut<'a>, part: &Part, source: Option<SourceId>, sink: &mut Sink<'_>) {
        let fields = line.fields();
        let (ring, north, east) = match fields.as_slice() {
            [_, ring, north, east, ..] => (ring.text, *north, *east),
            [_, north, east] => ("1", *north, *east),
            _ => {
                let why = text!(
                    "此行应为 `点号,圈号,X,Y`",
                    "this line should be `point,ring,X,Y`"
                );
                self.is_broken = true;
                return sink.broken(part, self.number, place(source, line), &why);
            }
        };
        self.points += 1;
        let (Some(y), Some(x)) = (coordinate(north), coordinate(east)) else {
            let wrong = if coordinate(north).is_none() {
                north
            } else {
                east
            };
            let text = wrong.text;
            let why = text!(
                "坐标 `{text}` 不是数字",
                "the coordinate `{text}` is not a number"
            );
            self.is_broken = true;
            let at = if text.is_empty() { line } else { wrong };
            return sink.broken(part, self.number, place(source, at), &why);
        };
        if self.is_closed || self.ring != Some(ring) {
            self.rings.push(RawRing::default());
            self.ring = Some(ring);
        }
        let point = Point { x, y };
        if let Some(current) = self.rings.last_mut() {
            current.points.push(point);
            if source.is_some() {
                current.spans.push(line.span());
            }
            self.is_closed = current.points.len() > 3 && current.points.first() == Some(&point);
        }
    }

    fn field(&self, name: &str) -> Option<Cut<'a>> {
        let index = FIELDS.iter().position(|field| *field == name)?;
        self.fields.get(index).copied()
    }

    /// Gives the parcel on, with what its line says of it.
    fn finish(self, part: &Arc<Part>, source: Option<SourceId>, sink: &mut Sink<'_>) {
        let at = place(source, self.line);
        let (name, number) = (&part.name, self.number);
        if let Some(count) = self.field("界址点数")
            && let Ok(said) = count.text.parse::<usize>()
        {
            let closing = self
                .rings
                .iter()
                .filter(|ring| ring.points.len() > 1 && ring.points.first() == ring.points.last());
            let fewest = self.points - closing.count().min(self.points);
            if !self.is_broken && !(fewest..=self.points).contains(&said) {
                let found = self.points;
                sink.problem(
                    Problem::warning(
                        "hegui::boundary::count",
                        place(source, count),
                        text!(
                            "`{name}` 第 {number} 个地块写明 {said} 个界址点，实有 {found} 个",
                            "parcel {number} of `{name}` says it has {said} points and has {found}"
                        ),
                    )
                    .help(text!(
                        "请核对是否漏写或多写了界址点",
                        "check whether a point is missing or too many"
                    )),
                );
            }
        }
        if self.is_broken {
            return;
        }
        let mut draft = Draft::new(number, at, source);
        draft.attributes = self.attributes();
        match self.field("图形属性").map_or("", |kind| kind.text) {
            "点" => draft.other(Other::Points),
            "线" => draft.other(Other::Lines),
            _ => draft.rings(self.rings),
        }
        sink.feature(part, draft);
    }

    fn attributes(&self) -> Vec<(String, String)> {
        let named = self.fields.iter().enumerate().map(|(index, field)| {
            let name = FIELDS
                .get(index)
                .map_or_else(|| format!("字段{}", index + 1), |name| (*name).to_owned());
            (name, field.text.to_owned())
        });
        named.filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// A coordinate; spaces of any width around it are allowed, a unit is not.
fn coordinate(cut: Cut<'_>) -> Option<f64> {
    let text = folded(cut.text);
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if !text.chars().all(plain) {
        return None;
    }
    text.parse().ok()
}
