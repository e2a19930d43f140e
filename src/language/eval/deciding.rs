//! Which row of a table decides: by an index over its keys, never by reading every row.
//!
//! *unique* is decided when one row is true and all others false; *first* when the first row that is
//! not false is true; *strictest* when no row that may match is stricter than the strictest true one.
//! Without a row that may match, the table's `otherwise` holds, or the table has a gap.
//!
//! For each key the index names the cells that may match, and each of them is matched once, whatever
//! the number of rows that hold it. The rows of the key that leaves fewest are then taken in order.
//! An unknown key leaves every row possible. The answer is the one that a scan of all rows gives
//! (`scan`, in the tests), with the keys that leave it open.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::language::eval::matching::{KeyValue, cell_matches};
use crate::model::project::Value;
use crate::model::table::{Cell, Hit, Table};
use crate::model::value::Tri;

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decided {
    /// A row.
    Row(usize),
    /// No row matches.
    None,
    /// It is not decided between rows.
    Open,
}

/// What a table answers to keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) decided: Decided,
    /// True if an equally strict row, not surely matched, would be taken instead and says something else.
    pub(super) rival: bool,
    /// For each key, true if it leaves a row open.
    pub(super) open: Vec<bool>,
}

/// How the cells of a key column match what is known of the key.
enum Matched {
    /// Nothing is known: empty cells match, any other may.
    Unknown,
    /// The cells that match or may, by number; all others do not.
    Cells(Vec<(u32, Tri)>),
}

impl Matched {
    fn of(&self, cell: u32, distinct: &[Cell]) -> Tri {
        match self {
            Self::Unknown => match distinct.get(cell as usize) {
                Some(Cell::Any) => Tri::True,
                _ => Tri::Unknown,
            },
            Self::Cells(cells) => match cells.binary_search_by_key(&cell, |(cell, _)| *cell) {
                Ok(at) => cells.get(at).map_or(Tri::False, |(_, is)| *is),
                Err(_) => Tri::False,
            },
        }
    }

    /// True if the key may leave a row open.
    fn may_leave_open(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Cells(cells) => cells.iter().any(|(_, is)| *is == Tri::Unknown),
        }
    }
}

/// The row that decides, by the table's hit policy.
pub(super) fn decide(table: &Table, keys: &[&KeyValue<'_>]) -> Outcome {
    let rows = &table.rows;
    let index = rows.index();
    let mut found = Vec::new();
    let mut matched = Vec::with_capacity(keys.len());
    // The key that leaves fewest rows.
    let mut fewest: Option<(usize, usize)> = None;
    for (key, value) in keys.iter().enumerate() {
        let (Some(column), Some(probe)) = (index.column(key), value.probe()) else {
            matched.push(Matched::Unknown);
            continue;
        };
        let cells = rows.distinct(key);
        column.candidates(cells, probe, &mut found);
        let truth = |number: &u32| {
            let is = cell_matches(cells.get(*number as usize)?, value);
            (is != Tri::False).then_some((*number, is))
        };
        let own: Vec<(u32, Tri)> = found.iter().filter_map(truth).collect();
        let count = own.iter().map(|(cell, _)| column.rows(*cell).len()).sum();
        if fewest.is_none_or(|(_, least)| count < least) {
            fewest = Some((key, count));
        }
        matched.push(Matched::Cells(own));
    }
    let mut tally = Tally::new(table, &matched);
    let mut each = |row: usize| {
        let numbers = rows.numbers(row);
        let mut is = Tri::True;
        for (key, (matched, number)) in matched.iter().zip(numbers).enumerate() {
            is = is.and(matched.of(*number, rows.distinct(key)));
            if is == Tri::False {
                return true;
            }
        }
        if is == Tri::Unknown {
            for (key, (matched, number)) in matched.iter().zip(numbers).enumerate() {
                if matched.of(*number, rows.distinct(key)) == Tri::Unknown {
                    tally.leaves_open(key);
                }
            }
        }
        tally.add(row, is)
    };
    match fewest {
        None => {
            (0..rows.len()).all(&mut each);
        }
        Some((key, _)) => {
            let cells = match matched.get(key) {
                Some(Matched::Cells(cells)) => cells.as_slice(),
                Some(Matched::Unknown) | None => &[],
            };
            candidate_rows(table, key, cells)
                .iter()
                .all(|row| each(*row as usize));
        }
    }
    tally.outcome()
}

/// The rows that hold one of some cells, in order.
fn candidate_rows<'t>(table: &'t Table, key: usize, cells: &[(u32, Tri)]) -> Cow<'t, [u32]> {
    let Some(column) = table.rows.index().column(key) else {
        return Cow::Borrowed(&[]);
    };
    match cells {
        [(only, _)] => Cow::Borrowed(column.rows(*only)),
        cells => {
            let mut rows: Vec<u32> = Vec::new();
            for (cell, _) in cells {
                rows.extend(column.rows(*cell));
            }
            rows.sort_unstable();
            Cow::Owned(rows)
        }
    }
}

/// What the rows that are not false come to, in their order.
struct Tally<'t> {
    table: &'t Table,
    open: Vec<bool>,
    /// How many keys may yet turn out to leave a row open.
    closed: usize,
    may_leave_open: Vec<bool>,
    first: Option<(usize, Tri)>,
    more: bool,
    /// The strictest row that surely matches, and the strictest that may.
    sure: Option<Strict>,
    possible: Option<Strict>,
    /// The rows that only may match and are as strict as the strictest that may.
    rivals: Vec<usize>,
}

/// A row's strictness; the earlier of two equally strict rows decides, so that evidence is stable.
type Strict = (Option<usize>, Reverse<usize>);

impl<'t> Tally<'t> {
    fn new(table: &'t Table, matched: &[Matched]) -> Self {
        let may_leave_open: Vec<bool> = matched.iter().map(Matched::may_leave_open).collect();
        Self {
            table,
            open: vec![false; matched.len()],
            closed: may_leave_open.iter().filter(|may| **may).count(),
            may_leave_open,
            first: None,
            more: false,
            sure: None,
            possible: None,
            rivals: Vec::new(),
        }
    }

    fn leaves_open(&mut self, key: usize) {
        if let (Some(open), Some(true)) = (self.open.get_mut(key), self.may_leave_open.get(key))
            && !*open
        {
            *open = true;
            self.closed -= 1;
        }
    }

    /// Takes a row that is not false; returns false once no further row can change the outcome.
    fn add(&mut self, row: usize, is: Tri) -> bool {
        self.more |= self.first.is_some();
        let (_, first) = *self.first.get_or_insert((row, is));
        match &self.table.hit {
            Hit::Unique => self.closed > 0 || (first == Tri::True && !self.more),
            // Later rows cannot change what the first sure row decides.
            Hit::First => is != Tri::True && self.closed > 0,
            Hit::Strictest(output, order) => {
                let rank = match self.table.rows.output(row, *output) {
                    Some(Value::Enum(answer)) => order.iter().position(|o| o == answer),
                    _ => None,
                };
                let strict = Some((rank, Reverse(row)));
                if self.possible.is_none_or(|(highest, _)| rank > highest) {
                    self.rivals.clear();
                }
                if is == Tri::True {
                    self.sure = self.sure.max(strict);
                } else if self.possible.is_none_or(|(highest, _)| rank >= highest) {
                    self.rivals.push(row);
                }
                self.possible = self.possible.max(strict);
                true
            }
        }
    }

    fn outcome(self) -> Outcome {
        let decided = match (&self.table.hit, self.first) {
            (_, None) => Decided::None,
            (Hit::Unique, Some((row, Tri::True))) if !self.more => Decided::Row(row),
            (Hit::First, Some((row, Tri::True))) => Decided::Row(row),
            (Hit::Unique | Hit::First, _) => Decided::Open,
            (Hit::Strictest(..), _) => match (self.sure, self.possible) {
                (Some((sure, row)), Some((possible, _))) if possible <= sure => Decided::Row(row.0),
                _ => Decided::Open,
            },
        };
        let rival = match decided {
            Decided::Row(row) => {
                let other =
                    |rival: &usize| *rival < row && !self.table.rows.say_the_same(*rival, row);
                self.rivals.iter().any(other)
            }
            Decided::None | Decided::Open => false,
        };
        Outcome {
            decided,
            rival,
            open: self.open,
        }
    }
}
