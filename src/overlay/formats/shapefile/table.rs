//! The attribute table of a shapefile (`.dbf`), row by row, in the encoding it is in.
//!
//! The encoding is what the `.cpg` beside it says, else the language byte, else UTF-8 if all of the table is that, and
//! else GBK. A short text in GBK may look like UTF-8, so that the whole table is looked at before a row is read.

use std::io::{Read, Seek, SeekFrom};

use encoding_rs::{Encoding, GBK, UTF_8};

use super::super::decoding::{is_utf8, named};
use super::super::sink::{Sink, unreadable};
use super::{SIDE, little};
use crate::base::blob::{Blob, Stream};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::text;

/// The length of the head before the columns, and of a column.
const HEAD: usize = 32;

/// A column: where its values stand in a row.
struct Column {
    name: String,
    start: usize,
    length: usize,
}

/// A table while its rows are read.
pub(super) struct Table {
    name: String,
    stream: Stream,
    columns: Vec<Column>,
    encoding: &'static Encoding,
    row: Vec<u8>,
    rows: u64,
    taken: u64,
}

impl Table {
    /// Opens a table; one that cannot be read is a problem, and the shapes then have no attributes.
    pub(super) fn open(dbf: &Blob, cpg: Option<&Blob>, sink: &mut Sink<'_>) -> Option<Self> {
        let damaged = |sink: &mut Sink<'_>| {
            let why = text!("不是属性表的文件头", "it has not the head of a table");
            sink.problem(unreadable(dbf.name(), &why));
        };
        let mut stream = match dbf.open() {
            Ok(stream) => stream,
            Err(problem) => {
                sink.problem(problem);
                return None;
            }
        };
        let Some((head, row_length)) = head(&mut stream) else {
            damaged(sink);
            return None;
        };
        let rows = little(&head, 4).map_or(0, u64::from);
        let language = head.get(29).copied().unwrap_or_default();
        let encoding = encoding(dbf, cpg, language, &head, row_length, sink);
        let Some(columns) = columns(&head, row_length, encoding) else {
            damaged(sink);
            return None;
        };
        Some(Self {
            name: dbf.name().to_owned(),
            stream,
            columns,
            encoding,
            row: vec![0; row_length],
            rows,
            taken: 0,
        })
    }

    /// The next row; none of its values if the table has ended.
    pub(super) fn row(&mut self, sink: &mut Sink<'_>) -> Vec<(String, String)> {
        if self.taken >= self.rows {
            self.taken += 1;
            return Vec::new();
        }
        if self.stream.read_exact(&mut self.row).is_err() {
            let why = text!("第 {} 行起缺失", "it ends before row {}", self.taken + 1);
            sink.problem(unreadable(&self.name, &why));
            self.rows = self.taken;
            self.taken += 1;
            return Vec::new();
        }
        self.taken += 1;
        let value = |column: &Column| {
            let bytes = self
                .row
                .get(column.start..column.start + column.length)
                .unwrap_or_default();
            (column.name.clone(), decoded(bytes, self.encoding))
        };
        self.columns
            .iter()
            .map(value)
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// Says so if there are more or fewer rows than shapes.
    pub(super) fn finish(self, shapes: usize, sink: &mut Sink<'_>) {
        let (name, rows) = (self.name, self.rows);
        if rows != shapes as u64 {
            sink.problem(Problem::warning(
                "hegui::map::attributes",
                Place::Nowhere,
                text!(
                    "属性表 `{name}` 有 {rows} 行，图形有 {shapes} 个，按次序对应",
                    "table `{name}` has {rows} rows for {shapes} shapes; they were matched in order"
                ),
            ));
        }
    }
}

/// The head with its columns, and the length of a row; the stream then stands at the first row.
fn head(stream: &mut Stream) -> Option<(Vec<u8>, usize)> {
    let mut head = vec![0; HEAD];
    stream.read_exact(&mut head).ok()?;
    let word = |at: usize| {
        let two = head.get(at..at + 2)?;
        Some(usize::from(u16::from_le_bytes(two.try_into().ok()?)))
    };
    let (length, row) = (word(8)?, word(10)?);
    let mut columns = vec![0; length.checked_sub(HEAD)?];
    stream.read_exact(&mut columns).ok()?;
    head.append(&mut columns);
    (row > 0).then_some((head, row))
}

fn columns(head: &[u8], row: usize, encoding: &'static Encoding) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    // The first byte of a row tells whether it was deleted.
    let mut start = 1;
    for bytes in head.get(HEAD..)?.chunks_exact(HEAD) {
        if bytes.first() == Some(&0x0D) {
            break;
        }
        let name = bytes.get(..11)?;
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        // A text column may use the byte for decimals as the upper half of its length.
        let (kind, low, high) = (*bytes.get(11)?, *bytes.get(16)?, *bytes.get(17)?);
        let length = usize::from(low)
            + if kind == b'C' {
                usize::from(high) << 8
            } else {
                0
            };
        if start + length > row {
            return None;
        }
        columns.push(Column {
            name: decoded(name, encoding),
            start,
            length,
        });
        start += length;
    }
    Some(columns)
}

/// The text of some bytes without what pads them; a character cut off at the end is dropped.
fn decoded(bytes: &[u8], encoding: &'static Encoding) -> String {
    let end = bytes.iter().position(|byte| *byte == 0);
    let bytes = end.map_or(bytes, |end| bytes.get(..end).unwrap_or(bytes));
    let bytes = bytes.trim_ascii();
    let whole = match std::str::from_utf8(bytes) {
        Err(error) if encoding == UTF_8 && error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or(bytes)
        }
        _ => bytes,
    };
    let (text, _) = encoding.decode_without_bom_handling(whole);
    text.trim_end_matches('\u{FFFD}').trim().to_owned()
}

/// The encoding of a table.
fn encoding(
    dbf: &Blob,
    cpg: Option<&Blob>,
    language: u8,
    head: &[u8],
    row: usize,
    sink: &mut Sink<'_>,
) -> &'static Encoding {
    let said = cpg.and_then(|cpg| cpg.bytes(SIDE).ok());
    let said = said.and_then(|bytes| named(&String::from_utf8_lossy(&bytes)));
    let said = said.or(match language {
        0x4D | 0x7A => Some(GBK),
        0x4F | 0x78 => Some(encoding_rs::BIG5),
        _ => None,
    });
    if let Some(said) = said
        && said != UTF_8
    {
        return said;
    }
    let found = seen(dbf, head, row);
    if said.is_some() && found != UTF_8 {
        let name = dbf.name();
        sink.problem(Problem::warning(
            "hegui::map::encoding",
            Place::Nowhere,
            text!(
                "属性表 `{name}` 标明为 UTF-8，实际不是，已按 GBK 读取",
                "table `{name}` says it is UTF-8 and is not; it was read as GBK"
            ),
        ));
    }
    found
}

/// The encoding that the whole table looks like.
fn seen(dbf: &Blob, head: &[u8], row: usize) -> &'static Encoding {
    let mut proof = Proof::default();
    let names = head.get(HEAD..).unwrap_or_default().chunks_exact(HEAD);
    let Some(columns) = columns(head, row, UTF_8) else {
        return GBK;
    };
    for bytes in names.take(columns.len()) {
        let name = bytes.get(..11).unwrap_or_default();
        proof.add(name.split(|byte| *byte == 0).next().unwrap_or_default());
    }
    if let Ok(mut stream) = dbf.open()
        && stream.seek(SeekFrom::Start(head.len() as u64)).is_ok()
    {
        let mut bytes = vec![0; row];
        while !proof.is_gbk && stream.read_exact(&mut bytes).is_ok() {
            for column in &columns {
                let value = bytes.get(column.start..column.start + column.length);
                proof.add(value.unwrap_or_default().trim_ascii_end());
            }
        }
    }
    if proof.is_gbk || (proof.has_pairs && !proof.has_triples) {
        GBK
    } else {
        UTF_8
    }
}

/// What the values of a table show of its encoding.
#[derive(Default)]
struct Proof {
    /// A value is not UTF-8.
    is_gbk: bool,
    /// A value holds a character of two bytes, as UTF-8 seldom and GBK always has for Chinese.
    has_pairs: bool,
    /// A value holds a character of three bytes or more.
    has_triples: bool,
}

impl Proof {
    fn add(&mut self, value: &[u8]) {
        if value.is_ascii() {
            return;
        }
        if !is_utf8(value) {
            self.is_gbk = true;
            return;
        }
        for c in String::from_utf8_lossy(value).chars() {
            match c.len_utf8() {
                1 => {}
                2 => self.has_pairs = true,
                _ => self.has_triples |= c != '\u{FFFD}',
            }
        }
    }
}
