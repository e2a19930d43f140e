//! The rows of a decision table: the texts of cells into conditions and outputs.
//!
//! Each distinct text of a column is read once, whatever the number of rows.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source, Span};
use crate::base::text::folded;
use crate::model::field::{FieldType, Vocabulary};
use crate::model::parameter::Confidence;
use crate::model::project::{Value, Words};
use crate::model::quantity::{self, Measure};
use crate::model::rows::{Part, Values};
use crate::model::table::{Bounds, Cell, Key, Match, Output, OutputType, Table};
use crate::model::texts::{TextColumn, Texts};
use crate::model::value::Interval;
use crate::rules::reader::unknown_word;
use crate::rules::sheet::Sheet;
use crate::text;

const REMARKS: [&str; 4] = ["source", "confidence", "note_zh", "note_en"];

/// The columns that a table's file may have: those of keys and outputs, which it must, and remarks.
pub(super) fn columns(table: &Table) -> Vec<&str> {
    let keys = table.keys.iter().map(|key| key.column.as_str());
    let outputs = table.outputs.iter().map(|output| output.column.as_str());
    keys.chain(outputs).chain(REMARKS).collect()
}

/// Adds the rows of a file to a table; `confidence` is how sure rows are that do not say it themselves.
pub(super) fn add_rows(
    source: &Source,
    sheet: Sheet,
    table: &mut Table,
    confidence: Confidence,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut columns = sheet.columns.into_iter();
    let (lines, spans) = (sheet.lines, sheet.spans);
    let rows = Origin {
        source,
        spans: &spans,
    };
    let mut cells = Vec::new();
    let mut cell_of = Vec::new();
    for (key, column) in table.keys.iter().zip(&mut columns) {
        let read = |written: &str| read_cell(written, key, vocabulary).ok();
        let wrong = |place: Place, written: &str| {
            Problem::error(
                "hegui::pack::cell",
                place,
                text!(
                    "`{written}` 不是列 `{}` 的条件",
                    "`{written}` is not a condition of column `{}`",
                    key.column
                ),
            )
        };
        let (distinct, of) = rows.read_each(column, read, Cell::Any, wrong, problems);
        cells.push(distinct);
        cell_of.push(of);
    }
    let mut outputs = Vec::new();
    let mut output_of = Vec::new();
    for (output, column) in table.outputs.iter().zip(&mut columns) {
        if output.kind == OutputType::Text {
            let (texts, of) = rows.texts_and_numbers(column);
            outputs.push(Values::texts(texts));
            output_of.push(of);
            continue;
        }
        let read = |written: &str| value_of(written, output, vocabulary);
        let wrong = |place: Place, written: &str| not_a_value(place, written, output);
        let (distinct, of) = rows.read_each(column, read, None, wrong, problems);
        outputs.push(Values::Read(distinct));
        output_of.push(of);
    }
    let mut remark = || columns.next().unwrap_or_default();
    let (sources, stated, zh, en) = (remark(), remark(), remark(), remark());
    let read = |written: &str| match written {
        "" => Some(confidence),
        written => Confidence::named(written),
    };
    let wrong = |place: Place, written: &str| {
        unknown_word(
            place,
            written,
            &["official", "secondary", "unverified", "local"],
        )
    };
    let (distinct, of) = rows.read_each(stated, read, Confidence::Unverified, wrong, problems);
    let sure = |number: &u32| distinct.get(*number as usize).copied();
    table.rows.append(Part {
        source: source.id,
        cells,
        cell_of: interleaved(&cell_of, lines.len()),
        outputs,
        output_of: interleaved(&output_of, lines.len()),
        confidence: of.iter().map(|n| sure(n).unwrap_or(confidence)).collect(),
        sources,
        notes: [zh, en],
        lines,
        spans,
    });
}

/// Where rows stand, for problems.
struct Origin<'a> {
    source: &'a Source,
    spans: &'a [Span],
}

impl Origin<'_> {
    /// The texts of a column, and for each row the number of its text; a column that the file does not have is
    /// one empty text everywhere.
    fn texts_and_numbers(&self, column: TextColumn) -> (Texts, Vec<u32>) {
        let TextColumn { mut texts, mut of } = column;
        of.resize(self.spans.len(), 0);
        if texts.is_empty() {
            texts.push("");
        }
        (texts, of)
    }

    /// Reads each distinct text of a column once, and reports every row that holds one that cannot be read.
    fn read_each<T: Clone>(
        &self,
        column: TextColumn,
        read: impl Fn(&str) -> Option<T>,
        instead: T,
        wrong: impl Fn(Place, &str) -> Problem,
        problems: &mut Vec<Problem>,
    ) -> (Vec<T>, Vec<u32>) {
        let (texts, of) = self.texts_and_numbers(column);
        let values: Vec<Option<T>> = texts.iter().map(read).collect();
        if values.iter().any(Option::is_none) {
            for (number, span) in of.iter().zip(self.spans) {
                if matches!(values.get(*number as usize), Some(None)) {
                    let written = texts.get(*number);
                    problems.push(wrong(self.cell(*span, written), written));
                }
            }
        }
        let value = |value: Option<T>| value.unwrap_or_else(|| instead.clone());
        (values.into_iter().map(value).collect(), of)
    }

    /// A cell is pointed at where its text first stands in the line.
    fn cell(&self, span: Span, written: &str) -> Place {
        let row = Place::Span(self.source.id, span);
        self.source
            .slice(span)
            .find(written)
            .filter(|_| !written.is_empty())
            .map_or(row, |at| row.part(at..at + written.len()))
    }
}

/// Columns of numbers as rows.
fn interleaved(columns: &[Vec<u32>], rows: usize) -> Vec<u32> {
    let mut joined = vec![0; columns.len() * rows];
    for (at, column) in columns.iter().enumerate() {
        let places = joined.iter_mut().skip(at).step_by(columns.len());
        for (place, number) in places.zip(column) {
            *place = *number;
        }
    }
    joined
}

/// A value of an output that does not stand in a file of rows.
pub(super) fn read_value(
    written: &str,
    output: &Output,
    vocabulary: &Vocabulary,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    let value = value_of(written, output, vocabulary);
    if value.is_none() {
        problems.push(not_a_value(place, written, output));
    }
    value.flatten()
}

fn not_a_value(place: Place, written: &str, output: &Output) -> Problem {
    Problem::error(
        "hegui::pack::cell",
        place,
        text!(
            "`{written}` 不是输出列 `{}` 的值",
            "`{written}` is not a value of output `{}`",
            output.column
        ),
    )
}

/// The value of an output cell, none inside if it is empty; none if it cannot be read.
#[expect(
    clippy::option_option,
    reason = "an empty cell and an unreadable one are not the same"
)]
fn value_of(written: &str, output: &Output, vocabulary: &Vocabulary) -> Option<Option<Value>> {
    if written.is_empty() {
        return Some(None);
    }
    let value = match &output.kind {
        OutputType::Text => Some(Value::Text(Words::new(written))),
        OutputType::Bool => match written {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        OutputType::Number(measure) => quantity::parse(written, measure).ok().map(Value::Number),
        OutputType::Enum(id) => vocabulary
            .enumeration(*id)
            .and_then(|e| e.by_id(written))
            .map(Value::Enum),
        OutputType::Code(list) => vocabulary
            .list(*list)
            .and_then(|l| l.find(written))
            .map(Value::Code),
    };
    value.map(Some)
}

fn read_cell(written: &str, key: &Key, vocabulary: &Vocabulary) -> Result<Cell, ()> {
    if written.is_empty() {
        return Ok(Cell::Any);
    }
    let parts = || written.split('|').map(str::trim);
    match key.matching {
        Match::Code(list) => {
            let list = vocabulary.list(list).ok_or(())?;
            let codes = parts().map(|part| list.find(part.trim_end_matches('*')).ok_or(()));
            codes.collect::<Result<_, ()>>().map(Cell::Codes)
        }
        Match::Names(list) => {
            let list = vocabulary.list(list).ok_or(())?;
            parts()
                .map(|part| list.find(part).ok_or(()))
                .collect::<Result<_, ()>>()
                .map(Cell::Codes)
        }
        Match::Range => parts()
            .map(|part| read_bounds(part, &key.measure))
            .collect::<Result<_, ()>>()
            .map(Cell::Ranges),
        Match::Exact | Match::Set => match vocabulary.field(key.field).map(|f| f.kind) {
            Some(FieldType::Bool) => match written {
                "true" => Ok(Cell::Bool(true)),
                "false" => Ok(Cell::Bool(false)),
                _ => Err(()),
            },
            Some(FieldType::Enum(id)) => {
                let answers = vocabulary.enumeration(id).ok_or(())?;
                parts()
                    .map(|part| answers.by_id(part).ok_or(()))
                    .collect::<Result<_, ()>>()
                    .map(Cell::Answers)
            }
            _ => Ok(Cell::Texts(
                parts().map(|part| folded(part).into_owned()).collect(),
            )),
        },
    }
}

/// Reads `[10, 100)`, `>= 10`, `< 5`, `= 3` or `3`.
fn read_bounds(written: &str, unit: &Measure) -> Result<Bounds, ()> {
    let number = |text: &str| match quantity::parse(text.trim(), unit) {
        Ok(Interval::Point(number)) => Ok(number),
        _ => Err(()),
    };
    let open = |text: &str| {
        if text.trim().is_empty() {
            Ok(None)
        } else {
            number(text).map(Some)
        }
    };
    if let Some(rest) = written.strip_prefix(['[', '(']) {
        let inner = rest.strip_suffix([']', ')']).ok_or(())?;
        let (low, high) = inner.split_once(',').ok_or(())?;
        let low = open(low)?.map(|n| (n, written.starts_with('[')));
        let high = open(high)?.map(|n| (n, written.ends_with(']')));
        return Ok(Bounds { low, high });
    }
    for (sign, low, closed) in [
        (">=", true, true),
        ("<=", false, true),
        (">", true, false),
        ("<", false, false),
        ("≥", true, true),
        ("≤", false, true),
    ] {
        if let Some(rest) = written.strip_prefix(sign) {
            let end = Some((number(rest)?, closed));
            return Ok(if low {
                Bounds {
                    low: end,
                    high: None,
                }
            } else {
                Bounds {
                    low: None,
                    high: end,
                }
            });
        }
    }
    let point = number(written.strip_prefix('=').unwrap_or(written))?;
    Ok(Bounds {
        low: Some((point.clone(), true)),
        high: Some((point, true)),
    })
}
