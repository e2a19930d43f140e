//! The rows of a decision table: CSV cells into conditions and outputs.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::{Text, folded};
use crate::model::field::{FieldType, Vocabulary};
use crate::model::parameter::Confidence;
use crate::model::project::{Value, Words};
use crate::model::quantity::{self, Measure};
use crate::model::table::{Bounds, Cell, Key, Match, Output, OutputType, Row};
use crate::model::value::Interval;
use crate::rules::fields::csv_problem;
use crate::rules::reader::unknown_word;
use crate::rules::tables::HeadOf;
use crate::text;

const REMARKS: [&str; 4] = ["source", "confidence", "note_zh", "note_en"];

pub(super) fn read_value(
    written: &str,
    output: &Output,
    vocabulary: &Vocabulary,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<Value> {
    if written.is_empty() {
        return None;
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
    if value.is_none() {
        problems.push(Problem::error(
            "hegui::pack::cell",
            place,
            text!(
                "`{written}` 不是输出列 `{}` 的值",
                "`{written}` is not a value of output `{}`",
                output.column
            ),
        ));
    }
    value
}

pub(super) fn read_rows(
    source: &Source,
    head: &mut HeadOf,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut csv = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(false)
        .from_reader(source.text.as_bytes());
    let columns: Vec<String> = csv
        .headers()
        .map(|h| h.iter().map(str::to_owned).collect())
        .unwrap_or_default();
    let first_line = source.text.lines().next().unwrap_or("");
    let place = source.place(0..first_line.len());
    let known: Vec<&str> = head
        .table
        .keys
        .iter()
        .map(|k| k.column.as_str())
        .chain(head.table.outputs.iter().map(|o| o.column.as_str()))
        .chain(REMARKS)
        .collect();
    for column in &columns {
        if !known.contains(&column.as_str()) {
            problems.push(unknown_word(place, column, &known));
        }
    }
    let required = known
        .iter()
        .filter(|k| !REMARKS.contains(k) && !columns.iter().any(|c| c == *k));
    for missing in required {
        problems.push(Problem::error(
            "hegui::pack::column",
            place,
            text!("缺少列 `{missing}`", "the column `{missing}` is missing"),
        ));
    }
    for record in csv.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(csv_problem(source, &error));
                continue;
            }
        };
        let start = record
            .position()
            .and_then(|p| usize::try_from(p.byte()).ok())
            .unwrap_or(0);
        let line = record
            .position()
            .and_then(|p| usize::try_from(p.line()).ok())
            .unwrap_or(0);
        let text = source
            .text
            .get(start..)
            .and_then(|rest| rest.lines().next())
            .unwrap_or("");
        let row_place = source.place(start..start + text.len());
        let cell_text = |column: &str| {
            columns
                .iter()
                .position(|c| c == column)
                .and_then(|i| record.get(i))
                .unwrap_or("")
        };
        // A cell is pointed at where its text first stands in the line.
        let cell_place = |written: &str| {
            text.find(written)
                .filter(|_| !written.is_empty())
                .map_or(row_place, |at| row_place.part(at..at + written.len()))
        };
        let cells = head.table.keys.iter().map(|key| {
            let written = cell_text(&key.column);
            read_cell(written, key, vocabulary).unwrap_or_else(|()| {
                problems.push(Problem::error(
                    "hegui::pack::cell",
                    cell_place(written),
                    text!(
                        "`{written}` 不是列 `{}` 的条件",
                        "`{written}` is not a condition of column `{}`",
                        key.column
                    ),
                ));
                Cell::Any
            })
        });
        let cells: Vec<Cell> = cells.collect();
        let outputs = head.table.outputs.iter().map(|output| {
            let written = cell_text(&output.column);
            read_value(written, output, vocabulary, cell_place(written), problems)
        });
        let outputs: Vec<Option<Value>> = outputs.collect();
        let confidence = match cell_text("confidence") {
            "" => head.confidence,
            written => Confidence::named(written).unwrap_or_else(|| {
                problems.push(unknown_word(
                    cell_place(written),
                    written,
                    &["official", "secondary", "unverified", "local"],
                ));
                Confidence::Unverified
            }),
        };
        let from = cell_text("source");
        head.table.rows.push(Row {
            cells,
            outputs,
            confidence,
            source: if from.is_empty() {
                head.table.source.clone()
            } else {
                from.to_owned()
            },
            note: Text::new(cell_text("note_zh"), cell_text("note_en")),
            line,
            place: row_place,
        });
    }
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
