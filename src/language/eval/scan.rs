//! The reference for table look-ups: every row is matched, one after another; and the property that
//! the index gives the same.

use proptest::prelude::*;

use std::borrow::Cow;

use crate::base::source::{Place, Sources, Span};
use crate::base::text::Text;
use crate::language::eval::deciding::{Decided, Outcome, decide};
use crate::language::eval::matching::{KeyValue, cell_matches};
use crate::model::code::{CodeId, CodeList};
use crate::model::field::{FieldId, ListId};
use crate::model::number::Number;
use crate::model::parameter::Confidence;
use crate::model::project::Value;
use crate::model::quantity::Measure;
use crate::model::rows::{Part, Rows, Values};
use crate::model::table::{Bounds, Cell, Hit, Key, Match, Otherwise, Table};
use crate::model::texts::TextColumn;
use crate::model::value::{Interval, Tri};

/// What a table answers, by matching all of its rows.
fn scan(table: &Table, keys: &[&KeyValue<'_>]) -> Outcome {
    let mut open = vec![false; keys.len()];
    let mut matches: Vec<(usize, Tri)> = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        let each: Vec<Tri> = row
            .cells()
            .zip(keys)
            .map(|(cell, value)| cell_matches(cell, value))
            .collect();
        let is = each.iter().copied().fold(Tri::True, Tri::and);
        if is == Tri::Unknown {
            for (open, is) in open.iter_mut().zip(&each) {
                *open |= *is == Tri::Unknown;
            }
        }
        if is != Tri::False {
            matches.push((index, is));
            if table.hit == Hit::First && is == Tri::True {
                break;
            }
        }
    }
    let decided = decisive(table, &matches);
    let rival = match decided {
        Decided::Row(row) => has_rival(table, &matches, row),
        Decided::None | Decided::Open => false,
    };
    Outcome {
        decided,
        rival,
        open,
    }
}

fn decisive(table: &Table, matches: &[(usize, Tri)]) -> Decided {
    let Some(first) = matches.first() else {
        return Decided::None;
    };
    match &table.hit {
        Hit::Unique => match matches {
            [(row, Tri::True)] => Decided::Row(*row),
            _ => Decided::Open,
        },
        Hit::First => {
            if first.1 == Tri::True {
                Decided::Row(first.0)
            } else {
                Decided::Open
            }
        }
        Hit::Strictest(..) => {
            let strictest = |sure: bool| {
                let rows = matches.iter().filter(|(_, is)| !sure || *is == Tri::True);
                rows.map(|(row, _)| (rank(table, *row), std::cmp::Reverse(*row)))
                    .max()
            };
            match (strictest(true), strictest(false)) {
                (Some((sure, row)), Some((possible, _))) if possible <= sure => Decided::Row(row.0),
                _ => Decided::Open,
            }
        }
    }
}

fn has_rival(table: &Table, matches: &[(usize, Tri)], decides: usize) -> bool {
    if !matches!(table.hit, Hit::Strictest(..)) {
        return false;
    }
    let outputs = |row: usize| -> Vec<Option<Value>> {
        let row = table.rows.get(row).unwrap();
        row.outputs().map(Option::<&Value>::cloned).collect()
    };
    matches.iter().any(|(number, is)| {
        *is == Tri::Unknown
            && *number < decides
            && rank(table, *number) == rank(table, decides)
            && outputs(*number) != outputs(decides)
    })
}

fn rank(table: &Table, row: usize) -> Option<usize> {
    let Hit::Strictest(output, order) = &table.hit else {
        return None;
    };
    match table.rows.output(row, *output)? {
        Value::Enum(answer) => order.iter().position(|o| o == answer),
        _ => None,
    }
}

fn codes() -> CodeList {
    let rows = [
        "A", "01", "011", "0111", "0112", "02", "C", "31", "311", "3110", "32", "321", "3211",
        "3216", "325",
    ];
    let rows = rows.map(|code| (code.to_owned(), Text::same(code)));
    CodeList::tree("t".into(), Text::default(), None, rows.into())
}

fn point(n: i64) -> Interval {
    Interval::Point(Number::from(n))
}

/// A cell of one of the kinds of key, drawn so that cells often meet.
fn cell(kind: usize) -> BoxedStrategy<Cell> {
    let filled = match kind {
        0 => prop::collection::vec((0..15_u32).prop_map(CodeId), 1..3)
            .prop_map(Cell::Codes)
            .boxed(),
        1 => prop::collection::vec(0..4_u16, 1..3)
            .prop_map(Cell::Answers)
            .boxed(),
        2 => prop::collection::vec("[a-c]", 1..3)
            .prop_map(Cell::Texts)
            .boxed(),
        3 => any::<bool>().prop_map(Cell::Bool).boxed(),
        _ => {
            let end = || prop::option::of((0..8_i64, any::<bool>()));
            let end =
                move || end().prop_map(|end| end.map(|(n, closed)| (Number::from(n), closed)));
            let range = (end(), end()).prop_map(|(low, high)| Bounds { low, high });
            prop::collection::vec(range, 1..3)
                .prop_map(Cell::Ranges)
                .boxed()
        }
    };
    prop_oneof![1 => Just(Cell::Any), 4 => filled].boxed()
}

/// What may be known of a key of a kind.
#[derive(Clone, Debug)]
enum Known {
    Nothing,
    Code(u32),
    Answer(u16),
    Text(String),
    Bool(bool),
    Number(Interval),
}

fn known(kind: usize) -> BoxedStrategy<Known> {
    let known = match kind {
        0 => (0..15_u32).prop_map(Known::Code).boxed(),
        1 => (0..5_u16).prop_map(Known::Answer).boxed(),
        2 => "[a-d]".prop_map(Known::Text).boxed(),
        3 => any::<bool>().prop_map(Known::Bool).boxed(),
        _ => prop_oneof![
            (-1..9_i64).prop_map(point),
            (-1..9_i64).prop_map(|n| Interval::new(Some(Number::from(n)), None)),
            (-1..9_i64).prop_map(|n| Interval::new(None, Some(Number::from(n)))),
            (-1..9_i64, 0..5_i64).prop_map(|(n, more)| Interval::new(
                Some(Number::from(n)),
                Some(Number::from(n + more))
            )),
            Just(Interval::ANY),
        ]
        .prop_map(Known::Number)
        .boxed(),
    };
    // Now and then a value of another kind, which nothing stops a vocabulary from giving.
    prop_oneof![3 => Just(Known::Nothing), 8 => known, 1 => Just(Known::Answer(0))].boxed()
}

impl Known {
    fn value<'a>(&'a self, list: &'a CodeList) -> KeyValue<'a> {
        match self {
            Self::Nothing => KeyValue::Unknown,
            Self::Code(code) => KeyValue::Code(CodeId(*code), list),
            Self::Answer(answer) => KeyValue::Answer(*answer),
            Self::Text(text) => KeyValue::Text(text),
            Self::Bool(value) => KeyValue::Bool(*value),
            Self::Number(interval) => KeyValue::Number(Cow::Borrowed(interval)),
        }
    }
}

/// The rows of a file, each distinct cell kept once.
fn part(rows: &[(Vec<Cell>, Option<u16>)], keys: usize) -> Part {
    let mut cells: Vec<Vec<Cell>> = vec![Vec::new(); keys];
    let mut cell_of = Vec::new();
    for (row, _) in rows {
        for (distinct, cell) in cells.iter_mut().zip(row) {
            let at = distinct.iter().position(|c| c == cell).unwrap_or_else(|| {
                distinct.push(cell.clone());
                distinct.len() - 1
            });
            cell_of.push(u32::try_from(at).unwrap());
        }
    }
    let answers = [None, Some(0), Some(1), Some(2)];
    let output_of = |(_, answer): &(Vec<Cell>, Option<u16>)| {
        u32::try_from(answers.iter().position(|a| a == answer).unwrap()).unwrap()
    };
    let count = u32::try_from(rows.len()).unwrap();
    Part {
        source: Sources::default().add("t.csv", ""),
        cells,
        cell_of,
        outputs: vec![Values::Read(answers.map(|a| a.map(Value::Enum)).to_vec())],
        output_of: rows.iter().map(output_of).collect(),
        confidence: vec![Confidence::Official; rows.len()],
        sources: TextColumn::default(),
        notes: Default::default(),
        lines: (2..count + 2).collect(),
        spans: vec![Span::default(); rows.len()],
    }
}

fn table(rows: &[(Vec<Cell>, Option<u16>)], cut: usize, hit: Hit, keys: usize) -> Table {
    let key = |column: usize| Key {
        column: column.to_string(),
        field: FieldId(0),
        matching: Match::Code(ListId(0)),
        measure: Measure::NONE,
    };
    let mut table = Table {
        id: "t".into(),
        title: Text::default(),
        keys: (0..keys).map(key).collect(),
        outputs: Vec::new(),
        rows: Rows::default(),
        hit,
        otherwise: Otherwise::Gap,
        confidence: Confidence::Official,
        fillable: true,
        source: String::new(),
        place: Place::Nowhere,
    };
    // A table may be filled from several files.
    let (first, later) = rows.split_at(cut.min(rows.len()));
    table.rows.append(part(first, keys));
    table.rows.append(part(later, keys));
    table
}

type Drawn = (Vec<(Vec<Cell>, Option<u16>)>, Vec<Known>);

fn drawn() -> impl Strategy<Value = Drawn> {
    prop::collection::vec(0..5_usize, 1..4).prop_flat_map(|kinds| {
        let cells: Vec<_> = kinds.iter().map(|kind| cell(*kind)).collect();
        let answer = prop::option::of(0..3_u16);
        let rows = prop::collection::vec((cells, answer), 0..24);
        let facts: Vec<_> = kinds.iter().map(|kind| known(*kind)).collect();
        (rows, facts)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_index_answers_what_a_scan_of_all_rows_answers((rows, facts) in drawn(), cut in 0..24_usize) {
        let list = codes();
        let values: Vec<KeyValue<'_>> = facts.iter().map(|fact| fact.value(&list)).collect();
        let values: Vec<&KeyValue<'_>> = values.iter().collect();
        // The answer 2 is not in the order, as a table with a mistake would have it.
        for hit in [Hit::Unique, Hit::First, Hit::Strictest(0, vec![1, 0])] {
            let table = table(&rows, cut, hit, facts.len());
            let (by_index, by_scan) = (decide(&table, &values), scan(&table, &values));
            // What leaves a decided table open is nobody's question.
            match by_scan.decided {
                Decided::Open => prop_assert_eq!(&by_index, &by_scan),
                _ => prop_assert_eq!((by_index.decided, by_index.rival), (by_scan.decided, by_scan.rival)),
            }
            if by_scan.rival {
                prop_assert_eq!(&by_index.open, &by_scan.open);
            }
        }
    }
}
