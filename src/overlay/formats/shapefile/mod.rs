//! Shapefiles: the polygons of a `.shp`, with the attributes of its `.dbf` and the system of its `.prj`.
//!
//! Records are read one at a time and each length is held against what the file still has, so that a damaged file
//! claims no memory. Which rings are holes follows from how they lie: not every program turns them as it should.

mod table;

use std::io::Read;
use std::sync::Arc;

use self::table::Table;
use super::sink::{Draft, Other, RawRing, Sink, unreadable};
use super::{Input, Part, decoding};
use crate::base::blob::Stream;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::shape::Point;
use crate::overlay::claim::Claim;
use crate::text;

/// The length of the head of a `.shp`.
const HEAD: usize = 100;
/// How long a `.prj` or `.cpg` may be.
const SIDE: u64 = 1 << 16;

/// Reads a shapefile.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let mut stream = input.main.open()?;
    let mut head = [0; HEAD];
    if stream.read_exact(&mut head).is_err() || big(&head, 0) != Some(9994) {
        let why = text!(
            "不是 Shapefile 的文件头",
            "it has not the head of a shapefile"
        );
        return Err(unreadable(name, &why));
    }
    let part = Arc::new(Part {
        name: name.to_owned(),
        claim: claim(input)?,
    });
    let mut table = match input.side("dbf") {
        Some(dbf) => Table::open(dbf, input.side("cpg"), sink),
        None => None,
    };
    // The length is in words of two bytes; a file may end before it, and records are padded after it.
    let stated = big(&head, 24).map_or(0, u64::from) * 2;
    let mut left = input.main.length().min(stated.max(HEAD as u64)) - HEAD as u64;
    if stated > input.main.length() {
        let why = text!("文件比文件头所写的短", "it is shorter than its head says");
        sink.problem(unreadable(name, &why));
    }
    let mut number = 0;
    let mut content = Vec::new();
    while left > 0 && !sink.is_stopped() {
        number += 1;
        match record(&mut stream, &mut left, &mut content) {
            Ok(()) => {}
            Err(why) => return Err(unreadable(name, &at_record(number, &why))),
        }
        let attributes = match &mut table {
            Some(table) => table.row(sink),
            None => Vec::new(),
        };
        let mut draft = Draft::new(number, Place::Nowhere, None);
        draft.attributes = attributes;
        match shape(&content, &mut draft) {
            Some(()) => sink.feature(&part, draft),
            None => {
                let why = text!("坐标记录不完整", "its record is incomplete");
                sink.broken(&part, number, Place::Nowhere, &why);
            }
        }
    }
    if let Some(table) = table
        && !sink.is_stopped()
    {
        table.finish(number, sink);
    }
    Ok(())
}

/// What the `.prj` beside it says.
fn claim(input: &Input) -> Result<Option<Claim>, Problem> {
    let Some(side) = input.side("prj") else {
        return Ok(None);
    };
    let text = decoding::text(&side.bytes(SIDE)?).unwrap_or_default();
    Ok((!text.trim().is_empty()).then(|| Claim::named(&text, Place::Nowhere)))
}

fn at_record(number: usize, why: &Text) -> Text {
    Text::new(
        format!("第 {number} 条记录{}", why.zh),
        format!("record {number} {}", why.en),
    )
}

/// Takes the next record into `content`; `left` is what the file still has.
fn record(stream: &mut Stream, left: &mut u64, content: &mut Vec<u8>) -> Result<(), Text> {
    let short = || text!("不完整", "is incomplete");
    let mut head = [0; 8];
    stream.read_exact(&mut head).map_err(|_| short())?;
    let length = big(&head, 4).map_or(0, u64::from) * 2;
    *left = left.checked_sub(8).ok_or_else(short)?;
    *left = left
        .checked_sub(length)
        .ok_or_else(|| text!("写明的长度超出文件", "is said to be longer than the file"))?;
    content.clear();
    let read = stream.by_ref().take(length).read_to_end(content);
    match read {
        Ok(taken) if taken as u64 == length => Ok(()),
        _ => Err(short()),
    }
}

/// Reads the shape of a record; none if the record is too short for what it claims.
fn shape(content: &[u8], draft: &mut Draft) -> Option<()> {
    match little(content, 0)? {
        0 => {}
        // Polygons, and with height or measure after the points.
        5 | 15 | 25 => {
            let parts = little(content, 36)? as usize;
            let points = little(content, 40)? as usize;
            let starts = content.get(44..)?.get(..parts.checked_mul(4)?)?;
            let start = parts.checked_mul(4)?.checked_add(44)?;
            let body = content.get(start..)?.get(..points.checked_mul(16)?)?;
            let mut bounds: Vec<usize> = starts
                .chunks_exact(4)
                .map(|bytes| little(bytes, 0).map_or(0, |start| start as usize))
                .collect();
            bounds.push(points);
            let mut rings = Vec::with_capacity(parts);
            for (from, to) in bounds.iter().zip(bounds.iter().skip(1)) {
                let bytes = body.get(from.checked_mul(16)?..to.checked_mul(16)?)?;
                rings.push(RawRing {
                    points: bytes.chunks_exact(16).filter_map(point).collect(),
                    spans: Vec::new(),
                });
            }
            draft.rings(rings);
        }
        1 | 8 | 11 | 18 | 21 | 28 => draft.other(Other::Points),
        3 | 13 | 23 => draft.other(Other::Lines),
        31 => draft.other(Other::Curves),
        _ => draft.other(Other::Unknown),
    }
    Some(())
}

fn point(bytes: &[u8]) -> Option<Point> {
    let (x, y) = bytes.split_at_checked(8)?;
    Some(Point {
        x: f64::from_le_bytes(x.try_into().ok()?),
        y: f64::from_le_bytes(y.try_into().ok()?),
    })
}

/// The whole number at an offset, the largest byte first.
fn big(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(four.try_into().ok()?))
}

/// The whole number at an offset, the smallest byte first.
fn little(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}
