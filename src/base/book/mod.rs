//! Workbooks as cells: sheets, their cells with value and place, and what is merged.
//!
//! A workbook also has a text, one line for each row that holds anything, so that a place in a cell can be
//! shown and underlined like a place in a text. It does not know what the cells mean.

mod csv;
mod format;
mod number;
mod package;
mod sheet;
mod xml;

use std::fmt::Write as _;

use super::problem::Problem;
use super::source::{Place, SourceId, Span};

pub use csv::{decode as decode_csv, read as read_csv};
pub use package::read as read_xlsx;

/// Rows of a sheet at most; programs that write sheets know no more.
pub const ROWS: u32 = 1 << 20;
/// Columns of a sheet at most.
pub const COLUMNS: u32 = 1 << 14;

/// What stands between the cells of a row in the text of a workbook.
const BETWEEN: &str = " │ ";

/// A cell of a workbook; sheet, row and column are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The sheet.
    pub sheet: u16,
    /// The column.
    pub column: u16,
    /// The row.
    pub row: u32,
}

/// The name of a column: `A`, `Z`, `AA`.
pub fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number as it is shown, with the sign or unit that its format adds: `12.6`, `35%`, `12.6公顷`.
    Number(String),
    /// A number whose format shows another figure than the one that is stored.
    Scaled(String),
    /// A truth value.
    Bool(bool),
    /// A day: `2025-03-01`.
    Date(String),
    /// An error value: `#N/A`.
    Error(String),
    /// A formula without a stored result.
    Uncomputed(String),
}

impl Cell {
    /// The cell as it is shown.
    pub fn shown(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Number(text)
            | Self::Scaled(text)
            | Self::Date(text)
            | Self::Error(text)
            | Self::Uncomputed(text) => text,
            Self::Bool(true) => "TRUE",
            Self::Bool(false) => "FALSE",
        }
    }
}

/// A cell with its position.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its row, from 0.
    pub row: u32,
    /// Its column, from 0.
    pub column: u32,
    /// What stands there.
    pub cell: Cell,
    /// Where it stands.
    pub place: Place,
    /// Where its text stands in the text of the source.
    pub span: Span,
}

/// Merged cells, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merge {
    /// The first row and column; only this cell has a value.
    pub first: (u32, u32),
    /// The last row and column.
    pub last: (u32, u32),
}

/// A sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name; empty for a file that is one table.
    pub name: String,
    /// True if people do not see it.
    pub hidden: bool,
    /// The cells that hold something, by row and column.
    pub cells: Vec<Held>,
    /// What is merged.
    pub merges: Vec<Merge>,
}

impl Sheet {
    /// The cell of a row and column, if it holds anything.
    pub fn get(&self, row: u32, column: u32) -> Option<&Held> {
        let at = self
            .cells
            .binary_search_by_key(&(row, column), |held| (held.row, held.column))
            .ok()?;
        self.cells.get(at)
    }

    /// The cells of each row that holds any, in order.
    pub fn rows(&self) -> impl Iterator<Item = &[Held]> {
        self.cells.chunk_by(|a, b| a.row == b.row)
    }
}

/// A row in the text of a workbook.
#[derive(Clone, Copy, Debug)]
struct Line {
    sheet: u16,
    row: u32,
    start: u32,
}

/// A workbook.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The sheets, in order.
    pub sheets: Vec<Sheet>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    lines: Vec<Line>,
}

impl Book {
    /// A workbook of sheets whose cells have no place yet.
    pub fn new(sheets: Vec<Sheet>) -> Self {
        Self {
            sheets,
            ..Self::default()
        }
    }

    /// Gives every cell its place in a source, and makes the text of that source.
    pub(super) fn settle(&mut self, source: SourceId) -> String {
        let mut text = String::new();
        for (number, sheet) in self.sheets.iter_mut().enumerate() {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            let mut last = None;
            for held in &mut sheet.cells {
                if last == Some(held.row) {
                    text.push_str(BETWEEN);
                } else {
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    self.lines.push(Line {
                        sheet: number,
                        row: held.row,
                        start: Span::new(text.len()..text.len()).start,
                    });
                }
                last = Some(held.row);
                let start = text.len();
                let shown = held.cell.shown().trim();
                text.extend(shown.chars().map(|c| if c.is_control() { ' ' } else { c }));
                held.span = Span::new(start..text.len());
                held.place = Place::Cell(
                    source,
                    CellRef {
                        sheet: number,
                        column: u16::try_from(held.column).unwrap_or(u16::MAX),
                        row: held.row,
                    },
                );
            }
        }
        for label in self.problems.iter_mut().flat_map(|p| &mut p.labels) {
            // While the workbook was read it had no number yet.
            if let Place::Cell(own, _) = &mut label.place {
                *own = source;
            }
        }
        text
    }

    /// Where a cell stands in the text; for one that holds nothing, the start of its row.
    pub fn span(&self, cell: CellRef) -> Span {
        let held = self
            .sheets
            .get(usize::from(cell.sheet))
            .and_then(|sheet| sheet.get(cell.row, u32::from(cell.column)));
        if let Some(held) = held {
            return held.span;
        }
        let line = self
            .lines
            .partition_point(|line| (line.sheet, line.row) < (cell.sheet, cell.row));
        let start = self
            .lines
            .get(line)
            .or(self.lines.last())
            .map_or(0, |line| line.start);
        Span { start, end: start }
    }

    /// A cell as people name it: `项目表!F12`.
    pub fn name(&self, cell: CellRef) -> String {
        let mut name = String::new();
        if let Some(sheet) = self.sheets.get(usize::from(cell.sheet)) {
            name.extend(
                sheet
                    .name
                    .chars()
                    .map(|c| if c.is_control() { '\u{FFFD}' } else { c }),
            );
            name.push('!');
        }
        // Writing to a text does not fail.
        let _ = write!(
            name,
            "{}{}",
            column_name(u32::from(cell.column)),
            cell.row + 1
        );
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_sheets_name_them() {
        for (number, name) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16383, "XFD"),
        ] {
            assert_eq!(column_name(number), name);
        }
    }
}
