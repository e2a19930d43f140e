//! Table look-ups: Kleene matching of rows, and the hit policies.
//!
//! *unique* is decided when one row is true and all others false; *first* when the first row that is
//! not false is true; *strictest* when no row that may match is stricter than the strictest true one.
//! Without a row that may match, the table's `otherwise` holds, or the table has a gap.

mod all;

use std::borrow::Cow;

use crate::language::eval::{Blank, Cause, Dep, Evaluator, Recorder};
use crate::language::ir::{Get, Lookup};
use crate::model::code::{CodeId, CodeList, Relation};
use crate::model::field::Slot;
use crate::model::number::Number;
use crate::model::parameter::Confidence;
use crate::model::project::Value;
use crate::model::table::{Bounds, Cell, Hit, Key, Match, Otherwise, Row, Table};
use crate::model::value::{Interval, Tri};

/// The value of a key column's field, as far as it is known.
enum KeyValue<'a> {
    Unknown,
    Number(Cow<'a, Interval>),
    Code(CodeId, &'a CodeList),
    Text(&'a str),
    Answer(u16),
    Bool(bool),
}

/// A key column's value; its set, and the set to use where a match is not decided.
struct KeyFact<'a> {
    value: KeyValue<'a>,
    dep: Dep,
    undecided: Dep,
}

/// What a table answers for a project or one of its records.
#[derive(Clone, Copy)]
pub(super) struct Answer<'a> {
    table: u16,
    record: Option<u32>,
    version: usize,
    trust_claims: bool,
    decided: Decided,
    /// True if an equally strict row, not surely matched, would be taken instead and says something else.
    rival: bool,
    /// The row's or `otherwise`'s outputs.
    outputs: Option<&'a [Option<Value>]>,
    /// What the keys depend on, and what would decide between the rows.
    keys: Dep,
    open: Dep,
}

impl<'a, R: Recorder> Evaluator<'a, R> {
    /// The output of a table, none if it is not known, and what decides it.
    pub(super) fn look_up(&mut self, lookup: &'a Lookup) -> (Option<&'a Value>, Dep) {
        let Some(answer) = self.answer(lookup.table) else {
            return (None, Dep::NONE);
        };
        let table = self.library.tables.get(usize::from(lookup.table));
        let ordering = table
            .is_some_and(|t| matches!(t.hit, Hit::Strictest(output, _) if output == lookup.output));
        let row = match answer.decided {
            Decided::Row(row) if ordering || !answer.rival => Some(row),
            Decided::None => None,
            Decided::Row(_) | Decided::Open => {
                let dep = if answer.open == Dep::NONE {
                    self.table_lack(lookup.table)
                } else {
                    answer.open
                };
                return (None, dep);
            }
        };
        // A row, or what holds without one, may be an unverified figure.
        let blank = Blank::Row(lookup.table, row);
        if self.blank == Some(blank) {
            return (None, self.table_lack(lookup.table));
        }
        let confidence = table.map(|t| match row.and_then(|row| t.rows.get(row)) {
            Some(row) => row.confidence,
            None => t.confidence,
        });
        if confidence == Some(Confidence::Unverified) {
            self.unverified.push(blank);
        }
        let value = answer
            .outputs
            .and_then(|outputs| outputs.get(lookup.output))
            .and_then(Option::as_ref);
        if answer.outputs.is_some() {
            self.recorder.row(lookup.table, row);
        }
        let dep = if value.is_some() {
            self.closed(answer.keys)
        } else {
            self.table_lack(lookup.table)
        };
        (value, dep)
    }

    fn answer(&mut self, number: u16) -> Option<Answer<'a>> {
        let record = self.record.map(|(index, _)| index);
        let trust_claims = self.trust_claims;
        // A blank parameter may reach a key through a formula, so only plain answers are kept.
        let plain = self.blank.is_none() && !R::ON;
        let table = self.library.tables.get(usize::from(number))?;
        // Only a derived key makes an answer depend on the day.
        let derived = |key: &Key| {
            self.library
                .vocabulary
                .field(key.field)
                .is_some_and(|f| f.derived)
        };
        let version = table
            .keys
            .iter()
            .filter(|key| derived(key))
            .map(|key| self.library.formula_version(key.field, self.as_of))
            .sum();
        let kept = |a: &&Answer<'a>| {
            a.table == number
                && a.record == record
                && a.version == version
                && a.trust_claims == trust_claims
        };
        if plain && let Some(answer) = self.answers.iter().find(kept) {
            return Some(*answer);
        }
        let before = self.unverified.len();
        let facts: Vec<KeyFact<'a>> = table.keys.iter().map(|key| self.key_fact(key)).collect();
        let mut keys = Dep::NONE;
        for fact in &facts {
            keys = self.joined(keys, fact.dep);
        }
        let mut open = Dep::NONE;
        let mut matches: Vec<(usize, Tri)> = Vec::new();
        for (index, row) in table.rows.iter().enumerate() {
            let is = row
                .cells
                .iter()
                .zip(&facts)
                .fold(Tri::True, |is, (cell, key)| {
                    if is == Tri::False {
                        is
                    } else {
                        is.and(cell_matches(cell, &key.value))
                    }
                });
            if is == Tri::Unknown {
                for (cell, key) in row.cells.iter().zip(&facts) {
                    if cell_matches(cell, &key.value) == Tri::Unknown {
                        open = self.joined(open, key.undecided);
                    }
                }
            }
            if is != Tri::False {
                matches.push((index, is));
                // Later rows cannot change what the first sure row decides.
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
        let outputs = match (decided, &table.otherwise) {
            (Decided::Row(row), _) => table.rows.get(row).map(|row| row.outputs.as_slice()),
            (Decided::None, Otherwise::Values(values)) => Some(values.as_slice()),
            (Decided::None, Otherwise::Gap) | (Decided::Open, _) => None,
        };
        let answer = Answer {
            table: number,
            record,
            version,
            trust_claims,
            decided,
            rival,
            outputs,
            keys,
            open,
        };
        if plain && self.unverified.len() == before {
            self.answers.push(answer);
        }
        Some(answer)
    }

    fn key_fact(&mut self, key: &'a Key) -> KeyFact<'a> {
        let Some(field) = self.library.vocabulary.field(key.field) else {
            return KeyFact {
                value: KeyValue::Unknown,
                dep: Dep::NONE,
                undecided: Dep::NONE,
            };
        };
        let get = match field.slot {
            Slot::Project(slot) if field.derived => Get::Derived(slot, key.field),
            Slot::Project(slot) => Get::Project(slot, key.field),
            Slot::Member(_, index) => Get::Member(index, key.field),
        };
        if key.matching == Match::Range {
            let number = self.number_fact(get);
            return KeyFact {
                value: KeyValue::Number(number.is),
                dep: number.dep,
                undecided: number.dep,
            };
        }
        let (value, dep) = self.key(get);
        let list = match key.matching {
            Match::Code(list) | Match::Names(list) => self.library.vocabulary.list(list),
            Match::Exact | Match::Range | Match::Set => None,
        };
        let value = match (value, list) {
            (Ok(Value::Code(code)), Some(list)) => {
                // A code above a row may turn out to match it.
                return KeyFact {
                    value: KeyValue::Code(*code, list),
                    dep,
                    undecided: self.lack(get, Cause::Imprecise),
                };
            }
            (Ok(Value::Text(words)), Some(list)) => match list.find(&words.folded) {
                Some(code) => KeyValue::Code(code, list),
                // A name that the list does not know may be any of them.
                None => {
                    return KeyFact {
                        value: KeyValue::Unknown,
                        dep,
                        undecided: self.lack(get, Cause::TableGap),
                    };
                }
            },
            (Ok(Value::Text(words)), None) => KeyValue::Text(&words.folded),
            (Ok(Value::Enum(answer)), _) => KeyValue::Answer(*answer),
            (Ok(Value::Bool(value)), _) => KeyValue::Bool(*value),
            _ => KeyValue::Unknown,
        };
        KeyFact {
            value,
            dep,
            undecided: dep,
        }
    }
}

fn cell_matches(cell: &Cell, value: &KeyValue<'_>) -> Tri {
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

#[derive(Clone, Copy)]
enum Decided {
    Row(usize),
    None,
    Open,
}

/// The row that decides, by the table's hit policy; `matches` holds the rows that are not false.
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
        Hit::Strictest(output, order) => {
            let rank = |row: usize| {
                table
                    .rows
                    .get(row)
                    .and_then(|row| rank(row, *output, order))
            };
            let strictest = |sure: bool| {
                let rows = matches.iter().filter(|(_, is)| !sure || *is == Tri::True);
                // The earlier of two equally strict rows decides, so that evidence is stable.
                rows.map(|(row, _)| (rank(*row), std::cmp::Reverse(*row)))
                    .max()
            };
            match (strictest(true), strictest(false)) {
                (Some((sure, row)), Some((possible, _))) if possible <= sure => Decided::Row(row.0),
                _ => Decided::Open,
            }
        }
    }
}

/// True if an earlier row that may match is as strict as the one that decides, and says something else.
fn has_rival(table: &Table, matches: &[(usize, Tri)], decides: usize) -> bool {
    let Hit::Strictest(output, order) = &table.hit else {
        return false;
    };
    let Some(row) = table.rows.get(decides) else {
        return false;
    };
    matches.iter().any(|(number, is)| {
        *is == Tri::Unknown
            && *number < decides
            && table.rows.get(*number).is_some_and(|other| {
                rank(other, *output, order) == rank(row, *output, order)
                    && other.outputs != row.outputs
            })
    })
}

/// The strictness of a row, from the order of its answers.
fn rank(row: &Row, output: usize, order: &[u16]) -> Option<usize> {
    match row.outputs.get(output)? {
        Some(Value::Enum(answer)) => order.iter().position(|o| o == answer),
        _ => None,
    }
}
