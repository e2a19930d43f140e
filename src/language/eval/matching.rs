//! Kleene's matching of one cell of a table with what is known of its key.
//!
//! It does not know rows or hit policies.

use std::borrow::Cow;

use crate::model::code::{CodeId, CodeList, Relation};
use crate::model::number::Number;
use crate::model::row_index::Probe;
use crate::model::table::{Bounds, Cell};
use crate::model::value::{Interval, Tri};

/// The value of a key column's field, as far as it is known.
#[derive(Clone, Debug)]
pub(super) enum KeyValue<'a> {
    Unknown,
    Number(Cow<'a, Interval>),
    Code(CodeId, &'a CodeList),
    Text(&'a str),
    Answer(u16),
    Bool(bool),
}

impl KeyValue<'_> {
    /// What the index is asked for; none if nothing is known.
    pub(super) fn probe(&self) -> Option<Probe<'_>> {
        Some(match self {
            Self::Unknown => return None,
            Self::Number(interval) => Probe::Number(interval),
            Self::Code(code, list) => Probe::Code(*code, list),
            Self::Text(text) => Probe::Text(text),
            Self::Answer(answer) => Probe::Answer(*answer),
            Self::Bool(value) => Probe::Bool(*value),
        })
    }
}

pub(super) fn cell_matches(cell: &Cell, value: &KeyValue<'_>) -> Tri {
    match (cell, value) {
        (Cell::Any, _) => Tri::True,
        (Cell::Codes(codes), KeyValue::Code(code, list)) => codes
            .iter()
            .map(|row| match list.relation(*code, *row) {
                Relation::Within => Tri::True,
                Relation::Above => Tri::Unknown,
                Relation::Apart => Tri::False,
            })
            .fold(Tri::False, Tri::or),
        (Cell::Ranges(ranges), KeyValue::Number(number)) => {
            let any = ranges
                .iter()
                .map(|range| in_bounds(range, number))
                .fold(Tri::False, Tri::or);
            // Two ranges may together hold all of an interval that neither holds alone.
            if any == Tri::Unknown && covered(ranges, number) {
                Tri::True
            } else {
                any
            }
        }
        (Cell::Texts(texts), KeyValue::Text(text)) => Tri::from(texts.iter().any(|t| t == text)),
        (Cell::Answers(answers), KeyValue::Answer(answer)) => Tri::from(answers.contains(answer)),
        (Cell::Bool(wanted), KeyValue::Bool(value)) => Tri::from(wanted == value),
        _ => Tri::Unknown,
    }
}

/// Whether a number lies within bounds.
fn in_bounds(bounds: &Bounds, number: &Interval) -> Tri {
    let above = match &bounds.low {
        None => Tri::True,
        Some((low, true)) => number.less(&Interval::Point(low.clone())).not(),
        Some((low, false)) => Interval::Point(low.clone()).less(number),
    };
    let below = match &bounds.high {
        None => Tri::True,
        Some((high, true)) => Interval::Point(high.clone()).less(number).not(),
        Some((high, false)) => number.less(&Interval::Point(high.clone())),
    };
    above.and(below)
}

/// True if adjoining ranges leave no number of the interval out.
fn covered(ranges: &[Bounds], number: &Interval) -> bool {
    let mut sorted: Vec<&Bounds> = ranges.iter().collect();
    sorted.sort_by(|a, b| low_key(a).cmp(&low_key(b)));
    let mut joined: Vec<Bounds> = Vec::new();
    for range in sorted {
        match joined.last_mut() {
            Some(last) if adjoins(last, range) => {
                let further = match (&last.high, &range.high) {
                    (None, _) | (_, None) => None,
                    (Some(a), Some(b)) => Some(a.max(b).clone()),
                };
                last.high = further;
            }
            _ => joined.push(range.clone()),
        }
    }
    joined
        .iter()
        .any(|range| in_bounds(range, number) == Tri::True)
}

fn low_key(bounds: &Bounds) -> Option<(&Number, bool)> {
    bounds.low.as_ref().map(|(n, closed)| (n, !closed))
}

fn adjoins(before: &Bounds, after: &Bounds) -> bool {
    match (&before.high, &after.low) {
        (None, _) | (_, None) => true,
        (Some((high, high_in)), Some((low, low_in))) => {
            low < high || (low == high && (*high_in || *low_in))
        }
    }
}
