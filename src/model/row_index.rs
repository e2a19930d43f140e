//! The index of a table by its key columns: which distinct cells a value may match, and which rows hold a cell.
//!
//! It finds candidates and decides nothing: what it leaves out surely does not match,
//! what it names is still matched by Kleene's logic on the language floor.
//!
//! | cells | kept as | found by |
//! | --- | --- | --- |
//! | texts, answers, truth values | a sorted list | binary search |
//! | codes | a list sorted by the tree's numbers | the code and its ancestors, one by one; its descendants, a run |
//! | ranges | sorted by lower end, each with the highest upper end so far | backwards from the last that starts in time |

use crate::model::code::{CodeId, CodeList};
use crate::model::number::Number;
use crate::model::table::{Bounds, Cell};
use crate::model::value::Interval;

/// A value that cells are matched with.
#[derive(Clone, Copy, Debug)]
pub enum Probe<'a> {
    /// A number.
    Number(&'a Interval),
    /// A code of a list.
    Code(CodeId, &'a CodeList),
    /// A folded text.
    Text(&'a str),
    /// An answer.
    Answer(u16),
    /// A truth value.
    Bool(bool),
}

/// The index of a table.
#[derive(Clone, Debug, Default)]
pub struct RowIndex {
    columns: Vec<Column>,
}

/// The index of one key column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Where the rows of each cell start in `rows`, and after the last where they end.
    starts: Vec<u32>,
    /// The rows of each cell, in order.
    rows: Vec<u32>,
    /// The empty cells.
    any: Vec<u32>,
    finder: Finder,
}

/// How the cells of a column are found.
#[derive(Clone, Debug, Default)]
enum Finder {
    /// There are only empty cells.
    #[default]
    None,
    Codes(Vec<(CodeId, u32)>),
    Answers(Vec<(u16, u32)>),
    Bools(Vec<(bool, u32)>),
    /// Cell and the number of the text in it, sorted by the text.
    Texts(Vec<(u32, u32)>),
    /// Cell and the number of the range in it, sorted by the lower end; and the place in this list
    /// of the range that reaches highest up to here.
    Ranges(Vec<(u32, u32)>, Vec<u32>),
    /// Cells of several kinds, which no reader makes: every one is a candidate.
    Mixed,
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl RowIndex {
    /// The index of rows: the distinct cells of each key, and row by row their numbers.
    pub(super) fn new(cells: &[Vec<Cell>], cell_of: &[u32]) -> Self {
        let keys = cells.len().max(1);
        let columns = cells.iter().enumerate().map(|(key, cells)| {
            let own = cell_of.iter().skip(key).step_by(keys).copied();
            Column::new(cells, own)
        });
        Self {
            columns: columns.collect(),
        }
    }

    /// The index of a key column.
    pub fn column(&self, key: usize) -> Option<&Column> {
        self.columns.get(key)
    }
}

impl Column {
    fn new(cells: &[Cell], own: impl Iterator<Item = u32> + Clone) -> Self {
        // A counting sort: how many rows each cell has, where they start, then row by row into place.
        let mut starts = vec![0_u32; cells.len() + 1];
        for cell in own.clone() {
            if let Some(count) = starts.get_mut(cell as usize + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut rows = vec![0_u32; total as usize];
        for (row, cell) in (0_u32..).zip(own) {
            let Some(place) = next.get_mut(cell as usize) else {
                continue;
            };
            if let Some(slot) = rows.get_mut(*place as usize) {
                *slot = row;
            }
            *place += 1;
        }
        let any = cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| **cell == Cell::Any)
            .map(|(i, _)| number(i));
        Self {
            starts,
            rows,
            any: any.collect(),
            finder: Finder::new(cells),
        }
    }

    /// The rows that hold a cell, in order.
    pub fn rows(&self, cell: u32) -> &[u32] {
        let at = |cell: usize| self.starts.get(cell).map_or(0, |start| *start as usize);
        let cell = cell as usize;
        self.rows.get(at(cell)..at(cell + 1)).unwrap_or(&[])
    }

    /// Adds the cells that a value may match, each once, in order; empty cells match anything.
    pub fn candidates(&self, cells: &[Cell], probe: Probe<'_>, found: &mut Vec<u32>) {
        found.clear();
        found.extend(&self.any);
        match (&self.finder, probe) {
            (Finder::None, _) => {}
            (Finder::Codes(codes), Probe::Code(code, list)) => {
                let run = |from: CodeId, end: CodeId| {
                    let start = codes.partition_point(|(code, _)| *code < from);
                    let own = codes.get(start..).unwrap_or(&[]).iter();
                    own.take_while(move |(code, _)| *code < end)
                        .map(|(_, cell)| *cell)
                };
                // The code and what lies below it.
                found.extend(run(code, list.end(code)));
                for above in list.above(code) {
                    found.extend(run(above, CodeId(above.0.saturating_add(1))));
                }
            }
            (Finder::Answers(answers), Probe::Answer(answer)) => {
                equal(answers, |a| a.cmp(&answer), found);
            }
            (Finder::Bools(bools), Probe::Bool(value)) => equal(bools, |b| b.cmp(&value), found),
            (Finder::Texts(texts), Probe::Text(wanted)) => {
                let text = |place: &(u32, u32)| text_of(cells, *place);
                let start = texts.partition_point(|place| text(place) < wanted);
                let own = texts.get(start..).unwrap_or(&[]).iter();
                let own = own.take_while(|place| text(place) == wanted);
                found.extend(own.map(|(cell, _)| *cell));
            }
            (Finder::Ranges(ranges, highest), Probe::Number(interval)) => {
                in_reach(cells, ranges, highest, interval, found);
            }
            // What does not fit the column is not decided by it.
            _ => found.extend(0..number(cells.len())),
        }
        found.sort_unstable();
        found.dedup();
    }
}

fn equal<K>(sorted: &[(K, u32)], order: impl Fn(&K) -> std::cmp::Ordering, found: &mut Vec<u32>) {
    let start = sorted.partition_point(|(key, _)| order(key).is_lt());
    let own = sorted.get(start..).unwrap_or(&[]).iter();
    found.extend(
        own.take_while(|(key, _)| order(key).is_eq())
            .map(|(_, cell)| *cell),
    );
}

/// Adds the cells with a range that an interval may lie in.
fn in_reach(
    cells: &[Cell],
    ranges: &[(u32, u32)],
    highest: &[u32],
    interval: &Interval,
    found: &mut Vec<u32>,
) {
    let starts_in_time = |place: &(u32, u32)| {
        let low = range_of(cells, *place).and_then(low);
        match (low, interval.high()) {
            (Some(low), Some(high)) => low <= high,
            _ => true,
        }
    };
    let reaches = |place: (u32, u32)| {
        let high = range_of(cells, place).and_then(high);
        match (high, interval.low()) {
            (Some(high), Some(low)) => high >= low,
            _ => true,
        }
    };
    let end = ranges.partition_point(starts_in_time);
    for (place, highest) in ranges.iter().zip(highest).take(end).rev() {
        // Nothing before this reaches the interval.
        if !ranges.get(*highest as usize).copied().is_some_and(reaches) {
            break;
        }
        if reaches(*place) {
            found.push(place.0);
        }
    }
}

fn text_of(cells: &[Cell], (cell, part): (u32, u32)) -> &str {
    match cells.get(cell as usize) {
        Some(Cell::Texts(texts)) => texts.get(part as usize).map_or("", String::as_str),
        _ => "",
    }
}

fn range_of(cells: &[Cell], (cell, part): (u32, u32)) -> Option<&Bounds> {
    match cells.get(cell as usize) {
        Some(Cell::Ranges(ranges)) => ranges.get(part as usize),
        _ => None,
    }
}

fn low(bounds: &Bounds) -> Option<&Number> {
    bounds.low.as_ref().map(|(number, _)| number)
}

fn high(bounds: &Bounds) -> Option<&Number> {
    bounds.high.as_ref().map(|(number, _)| number)
}

impl Finder {
    fn new(cells: &[Cell]) -> Self {
        let mut finder = Self::None;
        for (cell, kind) in (0_u32..).zip(cells) {
            match (&mut finder, kind) {
                (_, Cell::Any) => {}
                (Self::None, _) => {
                    finder = match kind {
                        Cell::Codes(_) => Self::Codes(Vec::new()),
                        Cell::Answers(_) => Self::Answers(Vec::new()),
                        Cell::Bool(_) => Self::Bools(Vec::new()),
                        Cell::Texts(_) => Self::Texts(Vec::new()),
                        Cell::Ranges(_) | Cell::Any => Self::Ranges(Vec::new(), Vec::new()),
                    };
                    finder.add(cell, kind);
                }
                _ => finder.add(cell, kind),
            }
        }
        match &mut finder {
            Self::Codes(codes) => codes.sort_unstable(),
            Self::Answers(answers) => answers.sort_unstable(),
            Self::Bools(bools) => bools.sort_unstable(),
            Self::Texts(texts) => texts.sort_by(|a, b| text_of(cells, *a).cmp(text_of(cells, *b))),
            Self::Ranges(ranges, highest) => {
                let low = |place: &(u32, u32)| range_of(cells, *place).and_then(low);
                ranges.sort_by(|a, b| low(a).cmp(&low(b)));
                let high = |place: usize| {
                    let place = ranges.get(place)?;
                    Some(range_of(cells, *place).and_then(high))
                };
                let mut best = 0;
                for place in 0..ranges.len() {
                    // An open end reaches highest.
                    let higher = match (high(best), high(place)) {
                        (Some(Some(best)), Some(Some(own))) => own > best,
                        (Some(Some(_)), Some(None)) => true,
                        _ => false,
                    };
                    if higher {
                        best = place;
                    }
                    highest.push(number(best));
                }
            }
            Self::None | Self::Mixed => {}
        }
        finder
    }

    fn add(&mut self, cell: u32, kind: &Cell) {
        match (&mut *self, kind) {
            (Self::Codes(all), Cell::Codes(codes)) => all.extend(codes.iter().map(|c| (*c, cell))),
            (Self::Answers(all), Cell::Answers(own)) => all.extend(own.iter().map(|a| (*a, cell))),
            (Self::Bools(all), Cell::Bool(value)) => all.push((*value, cell)),
            (Self::Texts(all), Cell::Texts(own)) => {
                all.extend((0..number(own.len())).map(|part| (cell, part)));
            }
            (Self::Ranges(all, _), Cell::Ranges(own)) => {
                all.extend((0..number(own.len())).map(|part| (cell, part)));
            }
            _ => *self = Self::Mixed,
        }
    }
}
