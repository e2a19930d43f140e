//! The rows of a decision table, kept so that a hundred thousand of them stay small.
//!
//! Equal cells, outputs and remarks are kept once for each column, and a row holds their numbers:
//! four bytes for each key and output, and seventeen for its confidence, line and place. The index
//! ([`super::row_index`]) adds four bytes for each key. An access list of 107,713 rows with four keys
//! and three outputs so takes about 7 MB, and its texts once.
//! It does not match rows.

use std::sync::OnceLock;

use crate::base::source::{Place, SourceId, Span};
use crate::model::parameter::Confidence;
use crate::model::project::{Value, Words};
use crate::model::row_index::RowIndex;
use crate::model::table::Cell;
use crate::model::texts::{TextColumn, Texts};

/// The distinct values of an output column.
#[derive(Clone, Debug)]
pub enum Values {
    /// Read when the table was loaded.
    Read(Vec<Option<Value>>),
    /// Texts, each made a value when it is first asked for: most of a long list never are.
    Texts(Texts, Vec<OnceLock<Box<Value>>>),
}

impl Values {
    /// Texts of which none was asked for.
    pub fn texts(texts: Texts) -> Self {
        let values = vec![OnceLock::new(); texts.len()];
        Self::Texts(texts, values)
    }

    fn len(&self) -> usize {
        match self {
            Self::Read(values) => values.len(),
            Self::Texts(_, values) => values.len(),
        }
    }

    /// The value of a number; none for an empty cell.
    pub fn get(&self, number: u32) -> Option<&Value> {
        match self {
            Self::Read(values) => values.get(number as usize)?.as_ref(),
            Self::Texts(texts, values) => {
                let text = texts.get(number);
                let value = values.get(number as usize)?;
                let make = || Box::new(Value::Text(Words::new(text)));
                (!text.is_empty()).then(|| &**value.get_or_init(make))
            }
        }
    }

    fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Read(values), Self::Read(more)) => values.extend(more),
            (Self::Texts(texts, values), Self::Texts(other, more)) => {
                texts.append(&other);
                values.extend(more);
            }
            // The rows of one table are all read by the same head.
            (Self::Read(_), Self::Texts(..)) | (Self::Texts(..), Self::Read(_)) => {}
        }
    }
}

/// The rows of one file.
#[derive(Clone, Debug)]
pub struct Part {
    /// The file.
    pub source: SourceId,
    /// The distinct cells of each key column.
    pub cells: Vec<Vec<Cell>>,
    /// Row by row, for each key the number of its cell.
    pub cell_of: Vec<u32>,
    /// The distinct values of each output column.
    pub outputs: Vec<Values>,
    /// Row by row, for each output the number of its value.
    pub output_of: Vec<u32>,
    /// How sure each row is.
    pub confidence: Vec<Confidence>,
    /// Where each row comes from.
    pub sources: TextColumn,
    /// The remarks of rows, in Chinese and English.
    pub notes: [TextColumn; 2],
    /// The number of each row in the file.
    pub lines: Vec<u32>,
    /// Where each row stands in the file.
    pub spans: Vec<Span>,
}

/// The rows of a table.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    cells: Vec<Vec<Cell>>,
    cell_of: Vec<u32>,
    outputs: Vec<Values>,
    output_of: Vec<u32>,
    confidence: Vec<Confidence>,
    sources: TextColumn,
    notes: [TextColumn; 2],
    lines: Vec<u32>,
    spans: Vec<Span>,
    /// The first row of each file.
    parts: Vec<(usize, SourceId)>,
    index: OnceLock<RowIndex>,
}

/// A row as it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    rows: &'a Rows,
    number: usize,
    /// How sure it is.
    pub confidence: Confidence,
    /// Where it comes from; empty for where the table comes from.
    pub source: &'a str,
    /// A remark shown with the row.
    pub note: Note<'a>,
    /// Its number in the file: the head is line 1.
    pub line: usize,
    /// Where it stands. The text of a file whose compiled form was taken is not at hand.
    pub place: Place,
}

/// A remark in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// Chinese.
    pub zh: &'a str,
    /// English.
    pub en: &'a str,
}

impl<'a> Row<'a> {
    /// One cell per key.
    pub fn cells(&self) -> impl Iterator<Item = &'a Cell> + use<'a> {
        let (rows, number) = (self.rows, self.number);
        (0..rows.cells.len()).filter_map(move |key| rows.cell(number, key))
    }

    /// One value per output; none where the cell is empty.
    pub fn outputs(&self) -> impl Iterator<Item = Option<&'a Value>> + use<'a> {
        let (rows, number) = (self.rows, self.number);
        (0..rows.outputs.len()).map(move |output| rows.output(number, output))
    }
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The row of a number.
    pub fn get(&self, row: usize) -> Option<Row<'_>> {
        let line = *self.lines.get(row)?;
        let span = self.spans.get(row).copied().unwrap_or_default();
        let part = self.parts.iter().rev().find(|(first, _)| *first <= row);
        let [zh, en] = &self.notes;
        Some(Row {
            rows: self,
            number: row,
            confidence: self.confidence(row)?,
            source: self.sources.get(row),
            note: Note {
                zh: zh.get(row),
                en: en.get(row),
            },
            line: line as usize,
            place: part.map_or(Place::Nowhere, |(_, source)| Place::Span(*source, span)),
        })
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).filter_map(|row| self.get(row))
    }

    /// How sure a row is.
    pub fn confidence(&self, row: usize) -> Option<Confidence> {
        self.confidence.get(row).copied()
    }

    /// The distinct cells of a key column.
    pub fn distinct(&self, key: usize) -> &[Cell] {
        self.cells.get(key).map_or(&[], Vec::as_slice)
    }

    /// For each key the number of a row's cell.
    pub fn numbers(&self, row: usize) -> &[u32] {
        let keys = self.cells.len();
        let start = row * keys;
        self.cell_of.get(start..start + keys).unwrap_or(&[])
    }

    /// A row's cell of a key column.
    pub fn cell(&self, row: usize, key: usize) -> Option<&Cell> {
        let number = *self.numbers(row).get(key)?;
        self.distinct(key).get(number as usize)
    }

    /// For each output the number of a row's value: equal numbers are equal values, not the reverse.
    pub fn output_numbers(&self, row: usize) -> &[u32] {
        let outputs = self.outputs.len();
        let start = row * outputs;
        self.output_of.get(start..start + outputs).unwrap_or(&[])
    }

    /// A row's value of an output column.
    pub fn output(&self, row: usize, output: usize) -> Option<&Value> {
        let number = *self.output_numbers(row).get(output)?;
        self.outputs.get(output)?.get(number)
    }

    /// True if two rows say the same.
    pub fn say_the_same(&self, a: usize, b: usize) -> bool {
        let outputs = || 0..self.outputs.len();
        self.output_numbers(a) == self.output_numbers(b)
            || outputs().all(|output| self.output(a, output) == self.output(b, output))
    }

    /// The index by the key columns, made when it is first asked for.
    pub fn index(&self) -> &RowIndex {
        self.index
            .get_or_init(|| RowIndex::new(&self.cells, &self.cell_of))
    }

    /// Adds the rows of a file.
    pub fn append(&mut self, part: Part) {
        let before = self.len();
        if !part.lines.is_empty() {
            self.parts.push((before, part.source));
        }
        self.index = OnceLock::new();
        if before == 0 {
            self.cells = part.cells;
            self.cell_of = part.cell_of;
            self.outputs = part.outputs;
            self.output_of = part.output_of;
            self.confidence = part.confidence;
            self.sources = part.sources;
            self.notes = part.notes;
            self.lines = part.lines;
            self.spans = part.spans;
            return;
        }
        let shifted = |numbers: &[u32], by: &[u32]| -> Vec<u32> {
            let by = by.iter().cycle();
            numbers.iter().zip(by).map(|(n, by)| n + by).collect()
        };
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let cells: Vec<u32> = self.cells.iter().map(|c| count(c.len())).collect();
        let outputs: Vec<u32> = self.outputs.iter().map(|o| count(o.len())).collect();
        self.cell_of.extend(shifted(&part.cell_of, &cells));
        self.output_of.extend(shifted(&part.output_of, &outputs));
        for (own, more) in self.cells.iter_mut().zip(part.cells) {
            own.extend(more);
        }
        for (own, more) in self.outputs.iter_mut().zip(part.outputs) {
            own.append(more);
        }
        self.sources.append(before, &part.sources);
        for (own, more) in self.notes.iter_mut().zip(&part.notes) {
            own.append(before, more);
        }
        self.confidence.extend(part.confidence);
        self.lines.extend(part.lines);
        self.spans.extend(part.spans);
    }

    /// The same rows without one.
    #[must_use]
    pub fn without(&self, row: usize) -> Self {
        let mut rest = self.clone();
        rest.index = OnceLock::new();
        if row >= self.len() {
            return rest;
        }
        let (keys, outputs) = (self.cells.len(), self.outputs.len());
        rest.cell_of.drain(row * keys..(row + 1) * keys);
        rest.output_of.drain(row * outputs..(row + 1) * outputs);
        rest.confidence.remove(row);
        rest.lines.remove(row);
        rest.spans.remove(row);
        rest.sources.remove(row);
        for note in &mut rest.notes {
            note.remove(row);
        }
        for (first, _) in &mut rest.parts {
            if *first > row {
                *first -= 1;
            }
        }
        rest
    }
}
