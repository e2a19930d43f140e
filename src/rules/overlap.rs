//! Overlaps and gaps of decision tables, with row numbers.
//!
//! Rows of a `unique` table may not match one case together.
//! Gaps are looked for where every key column is finite: answers and truth values.

use crate::base::problem::Problem;
use crate::model::code::Relation;
use crate::model::field::{FieldType, Vocabulary};
use crate::model::table::{Bounds, Cell, Hit, Key, Match, Otherwise, Row, Table};
use crate::text;

/// How many combinations of finite columns are tried.
const COMBINATIONS: usize = 20_000;

/// Reports overlapping rows of a `unique` table, and gaps of finite columns.
pub(super) fn check(table: &Table, vocabulary: &Vocabulary, problems: &mut Vec<Problem>) {
    if table.hit == Hit::Unique {
        for (index, row) in table.rows.iter().enumerate() {
            for other in table
                .rows
                .iter()
                .skip(index + 1)
                .filter(|other| overlap(table, row, other, vocabulary))
            {
                let (a, b, id) = (row.line, other.line, &table.id);
                problems.push(
                    Problem::error(
                        "hegui::pack::overlap",
                        other.place,
                        text!(
                            "表 `{id}` 的第 {a} 行与第 {b} 行可能同时命中",
                            "lines {a} and {b} of table `{id}` may match together"
                        ),
                    )
                    .also(row.place, text!("另一行", "the other line"))
                    .help(text!(
                        "请把两行的条件分开，或改用 hit = \"first\"",
                        "tell the two apart, or use hit = \"first\""
                    )),
                );
            }
        }
    }
    if table.otherwise == Otherwise::Gap
        && !table.fillable
        && let Some(gap) = first_gap(table, vocabulary)
    {
        let id = &table.id;
        problems.push(
            Problem::error(
                "hegui::pack::gap",
                table.place,
                text!(
                    "表 `{id}` 没有一行回答：{gap}",
                    "no line of table `{id}` answers: {gap}"
                ),
            )
            .help(text!(
                "请补一行，或写 otherwise",
                "add a line, or an `otherwise`"
            )),
        );
    }
}

fn overlap(table: &Table, a: &Row, b: &Row, vocabulary: &Vocabulary) -> bool {
    table
        .keys
        .iter()
        .zip(a.cells.iter().zip(&b.cells))
        .all(|(key, (a, b))| cells_meet(key, a, b, vocabulary))
}

fn cells_meet(key: &Key, a: &Cell, b: &Cell, vocabulary: &Vocabulary) -> bool {
    match (a, b) {
        (Cell::Codes(a), Cell::Codes(b)) => {
            let (Match::Code(list) | Match::Names(list)) = key.matching else {
                return true;
            };
            let Some(list) = vocabulary.list(list) else {
                return true;
            };
            a.iter()
                .any(|a| b.iter().any(|b| list.relation(*a, *b) != Relation::Apart))
        }
        (Cell::Ranges(a), Cell::Ranges(b)) => a.iter().any(|a| b.iter().any(|b| bounds_meet(a, b))),
        (Cell::Texts(a), Cell::Texts(b)) => a.iter().any(|a| b.contains(a)),
        (Cell::Answers(a), Cell::Answers(b)) => a.iter().any(|a| b.contains(a)),
        (Cell::Bool(a), Cell::Bool(b)) => a == b,
        // An empty cell meets anything.
        _ => true,
    }
}

fn bounds_meet(a: &Bounds, b: &Bounds) -> bool {
    let before = |a: &Bounds, b: &Bounds| match (&a.high, &b.low) {
        (Some((high, high_in)), Some((low, low_in))) => {
            high < low || (high == low && !(*high_in && *low_in))
        }
        _ => false,
    };
    !before(a, b) && !before(b, a)
}

/// The first combination of finite columns that no row matches.
fn first_gap(table: &Table, vocabulary: &Vocabulary) -> Option<String> {
    let values: Option<Vec<Vec<(Cell, String)>>> = table
        .keys
        .iter()
        .map(|key| finite(key, vocabulary))
        .collect();
    let values = values?;
    let total = values
        .iter()
        .map(Vec::len)
        .try_fold(1_usize, usize::checked_mul)?;
    if total > COMBINATIONS {
        return None;
    }
    (0..total).find_map(|mut number| {
        let mut chosen = Vec::with_capacity(values.len());
        for options in &values {
            chosen.push(options.get(number % options.len())?);
            number /= options.len();
        }
        let matched = table.rows.iter().any(|row| {
            table
                .keys
                .iter()
                .zip(row.cells.iter().zip(&chosen))
                .all(|(key, (cell, (value, _)))| cells_meet(key, cell, value, vocabulary))
        });
        let named = || {
            table
                .keys
                .iter()
                .zip(&chosen)
                .map(|(key, (_, name))| format!("{} = {name}", key.column))
                .collect::<Vec<_>>()
                .join(", ")
        };
        (!matched).then(named)
    })
}

fn finite(key: &Key, vocabulary: &Vocabulary) -> Option<Vec<(Cell, String)>> {
    match vocabulary.field(key.field)?.kind {
        FieldType::Bool => Some(
            [true, false]
                .map(|b| (Cell::Bool(b), b.to_string()))
                .to_vec(),
        ),
        FieldType::Enum(id) => {
            let answers = &vocabulary.enumeration(id)?.answers;
            Some(
                (0_u16..)
                    .zip(answers)
                    .map(|(i, a)| (Cell::Answers(vec![i]), a.id.clone()))
                    .collect(),
            )
        }
        _ => None,
    }
}
