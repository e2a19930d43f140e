//! FlatGeobuf: features in the order of the file, one at a time.
//!
//! The frames are read here, so that a length is held against what the file still has before memory is claimed;
//! the crate checks and opens what stands in a frame. The index is passed over.

use std::io::{BufRead, Read, Seek, SeekFrom};
use std::sync::Arc;

use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::{
    Column, ColumnType, Geometry, GeometryType, Header, size_prefixed_root_as_feature,
    size_prefixed_root_as_header,
};

use super::sink::{Draft, Other, RawRing, Sink, unreadable};
use super::{Input, Part};
use crate::base::blob::Stream;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::model::shape::Point;
use crate::overlay::claim::Claim;
use crate::text;

/// How long the head may be.
const HEAD: u64 = 16 << 20;
/// How many features an index may claim.
const INDEXED: u64 = 1 << 40;
/// How deep geometry may be nested.
const DEPTH: usize = 16;

/// Reads a FlatGeobuf file.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let short = || {
        let why = text!("文件不完整", "it ends too early");
        unreadable(name, &why)
    };
    let damaged = || {
        let why = text!("文件头无法识别", "its head cannot be read");
        unreadable(name, &why)
    };
    let mut stream = input.main.open()?;
    let mut left = input.main.length().checked_sub(8).ok_or_else(short)?;
    stream.seek(SeekFrom::Start(8)).map_err(|_| short())?;
    let mut frame = Vec::new();
    if !take(&mut stream, &mut left, HEAD, &mut frame) {
        return Err(short());
    }
    let head_bytes = std::mem::take(&mut frame);
    let head = size_prefixed_root_as_header(&head_bytes).map_err(|_| damaged())?;
    let part = Arc::new(Part {
        name: name.to_owned(),
        claim: claim(&head),
    });
    let columns: Vec<(String, ColumnType)> = columns(head.columns());
    if head.index_node_size() > 0 && head.features_count() > 0 {
        let size = index_size(head.features_count(), head.index_node_size()).ok_or_else(damaged)?;
        left = left.checked_sub(size).ok_or_else(short)?;
        let past = i64::try_from(size).map_err(|_| damaged())?;
        stream.seek(SeekFrom::Current(past)).map_err(|_| short())?;
    }
    let mut number = 0;
    while !sink.is_stopped() && stream.fill_buf().is_ok_and(|rest| !rest.is_empty()) {
        number += 1;
        let limit = left;
        if !take(&mut stream, &mut left, limit, &mut frame) {
            return Err(short());
        }
        let mut draft = Draft::new(number, Place::Nowhere, None);
        let Ok(feature) = size_prefixed_root_as_feature(&frame) else {
            let why = text!("记录损坏", "its record is damaged");
            sink.broken(&part, number, Place::Nowhere, &why);
            continue;
        };
        let own = self::columns(feature.columns());
        if let Some(bytes) = feature.properties() {
            let columns = if own.is_empty() { &columns } else { &own };
            draft.attributes = attributes(bytes.bytes(), columns);
        }
        if let Some(geometry) = feature.geometry() {
            let read = shape(&geometry, head.geometry_type(), &mut draft, DEPTH);
            if read.is_none() {
                let why = text!("坐标记录不完整", "its coordinates are incomplete");
                sink.broken(&part, number, Place::Nowhere, &why);
                continue;
            }
        }
        sink.feature(&part, draft);
    }
    let stated = head.features_count();
    if !sink.is_stopped() && stated > 0 && number as u64 != stated {
        return Err(short());
    }
    Ok(())
}

/// Takes a frame with its length before it; false if it is longer than `limit` or the file.
fn take(stream: &mut Stream, left: &mut u64, limit: u64, frame: &mut Vec<u8>) -> bool {
    frame.clear();
    let mut prefix = [0; 4];
    if stream.read_exact(&mut prefix).is_err() {
        return false;
    }
    let length = u64::from(u32::from_le_bytes(prefix));
    let Some(rest) = left
        .checked_sub(4)
        .and_then(|left| left.checked_sub(length))
    else {
        return false;
    };
    if length > limit {
        return false;
    }
    *left = rest;
    frame.extend_from_slice(&prefix);
    let read = stream.by_ref().take(length).read_to_end(frame);
    read.is_ok_and(|taken| taken as u64 == length)
}

/// The length of the index; none if no file could hold it.
fn index_size(features: u64, node: u16) -> Option<u64> {
    if node < 2 || features > INDEXED {
        return None;
    }
    let features = usize::try_from(features).ok()?;
    Some(PackedRTree::index_size(features, node) as u64)
}

fn claim(head: &Header<'_>) -> Option<Claim> {
    let crs = head.crs()?;
    let code = u32::try_from(crs.code()).ok().filter(|code| *code != 0);
    if let Some(code) = code
        && crs.org().is_none_or(|org| org.eq_ignore_ascii_case("EPSG"))
    {
        return Some(Claim::epsg(code, Place::Nowhere));
    }
    let words = crs.wkt().or(crs.code_string()).or(crs.name())?;
    Some(Claim::named(words, Place::Nowhere))
}

fn columns<'a>(list: Option<impl IntoIterator<Item = Column<'a>>>) -> Vec<(String, ColumnType)> {
    let list = list.into_iter().flatten();
    list.map(|column| (column.name().to_owned(), column.type_()))
        .collect()
}

/// Reads a geometry; none if its parts do not fit together.
fn shape(
    geometry: &Geometry<'_>,
    kind: GeometryType,
    draft: &mut Draft,
    depth: usize,
) -> Option<()> {
    // The head names one type for all features, or leaves it to each.
    let kind = match kind {
        GeometryType::Unknown => geometry.type_(),
        kind => kind,
    };
    match kind {
        GeometryType::Polygon => draft.polygon(rings(geometry)?),
        GeometryType::MultiPolygon | GeometryType::GeometryCollection => {
            let deeper = depth.checked_sub(1)?;
            let inner = if kind == GeometryType::MultiPolygon {
                GeometryType::Polygon
            } else {
                GeometryType::Unknown
            };
            for part in geometry.parts().into_iter().flatten() {
                shape(&part, inner, draft, deeper)?;
            }
        }
        other => draft.other(Other::by_number(u32::from(other.0))),
    }
    Some(())
}

fn rings(geometry: &Geometry<'_>) -> Option<Vec<RawRing>> {
    let Some(numbers) = geometry.xy() else {
        return Some(Vec::new());
    };
    let numbers: Vec<f64> = numbers.iter().collect();
    let (points, []) = numbers.as_chunks::<2>() else {
        return None;
    };
    let ends: Vec<usize> = match geometry.ends() {
        Some(ends) if !ends.is_empty() => ends.iter().map(|end| end as usize).collect(),
        _ => vec![points.len()],
    };
    let mut start = 0;
    let mut rings = Vec::with_capacity(ends.len());
    for end in ends {
        let points = points.get(start..end)?;
        rings.push(RawRing {
            points: points.iter().map(|[x, y]| Point { x: *x, y: *y }).collect(),
            spans: Vec::new(),
        });
        start = end;
    }
    (start == points.len()).then_some(rings)
}

/// The values of a feature as text; what cannot be read ends the list.
fn attributes(mut bytes: &[u8], columns: &[(String, ColumnType)]) -> Vec<(String, String)> {
    let mut list = Vec::new();
    while let Some((name, value)) = attribute(&mut bytes, columns) {
        if !value.is_empty() {
            list.push((name, value));
        }
    }
    list
}

fn attribute(bytes: &mut &[u8], columns: &[(String, ColumnType)]) -> Option<(String, String)> {
    let index = u16::from_le_bytes(number(bytes)?);
    let (name, kind) = columns.get(usize::from(index))?;
    let value = match *kind {
        ColumnType::Byte => i8::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::UByte => u8::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::Bool => (number::<1>(bytes)? != [0]).to_string(),
        ColumnType::Short => i16::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::UShort => u16::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::Int => i32::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::UInt => u32::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::Long => i64::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::ULong => u64::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::Float => f32::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::Double => f64::from_le_bytes(number(bytes)?).to_string(),
        ColumnType::String | ColumnType::Json | ColumnType::DateTime | ColumnType::Binary => {
            let length = u32::from_le_bytes(number(bytes)?) as usize;
            let (value, rest) = bytes.split_at_checked(length)?;
            *bytes = rest;
            if *kind == ColumnType::Binary {
                String::new()
            } else {
                String::from_utf8_lossy(value).into_owned()
            }
        }
        _ => return None,
    };
    Some((name.clone(), value))
}

/// The next bytes of a number.
fn number<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (value, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*value)
}
