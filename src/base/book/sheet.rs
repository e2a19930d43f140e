//! The cells of one sheet's XML.
//!
//! Only cells that hold something are kept, however large the sheet says it is.

use std::io::Read;

use super::format::{self, Shown};
use super::number;
use super::package::Shared;
use super::xml::{Broken, Element, Next, Part};
use super::{COLUMNS, Cell, Held, Merge, ROWS, Sheet};
use crate::base::source::{Place, Span};

/// Cells that are kept of a sheet at most.
pub(super) const CELLS: usize = 2_000_000;
/// Merged ranges of a sheet at most.
const MERGES: usize = 100_000;
/// Characters of a cell at most; programs that write sheets know no more.
const CHARACTERS: usize = 32_767;

/// A cell that is being read.
#[derive(Default)]
struct Open {
    at: (u32, u32),
    kind: String,
    style: usize,
    value: Option<String>,
    formula: Option<String>,
}

/// Reads the cells and merges of a sheet.
pub(super) fn read<R: Read>(
    part: &mut Part<'_, R>,
    shared: &Shared,
    sheet: &mut Sheet,
) -> Result<(), Broken> {
    let mut row = 0;
    let mut column = 0;
    let mut open: Option<Open> = None;
    // Whether the data began, and whether it ended.
    let (mut begun_data, mut whole) = (false, false);
    let result = loop {
        let next = match part.next() {
            Ok(next) => next,
            Err(broken) => break Err(broken),
        };
        match next {
            Next::Start(element) => {
                let name = element.name();
                if name == "row" {
                    if let Some(number) = element.attribute("r").and_then(|r| r.parse::<u32>().ok())
                    {
                        row = number.saturating_sub(1);
                    }
                    column = 0;
                    if element.empty {
                        row = row.saturating_add(1);
                    }
                } else if name == "sheetData" {
                    begun_data = true;
                    whole = element.empty;
                } else if name == "c" {
                    let at = element
                        .attribute("r")
                        .and_then(|r| position(&r))
                        .unwrap_or((row, column));
                    column = at.1.saturating_add(1);
                    if !element.empty {
                        open = Some(begun(&element, at));
                    }
                } else if name == "mergeCell" {
                    let range = element.attribute("ref").and_then(|range| merge(&range));
                    if sheet.merges.len() >= MERGES {
                        break Err(Broken::TooLarge);
                    }
                    sheet.merges.extend(range);
                } else if let Some(cell) = &mut open {
                    let empty = element.empty;
                    let inner = if name == "v" {
                        Some("v")
                    } else if name == "is" {
                        Some("is")
                    } else if name == "f" {
                        Some("f")
                    } else {
                        None
                    };
                    let Some(inner) = inner else { continue };
                    let text = if empty {
                        Ok(String::new())
                    } else {
                        part.text_until(inner)
                    };
                    match text {
                        Ok(text) if inner == "f" => cell.formula = Some(text),
                        Ok(text) => cell.value = Some(text),
                        Err(broken) => break Err(broken),
                    }
                }
            }
            Next::End(name) => {
                if name == "c" {
                    if let Some(held) = open.take().and_then(|cell| finished(cell, shared)) {
                        if sheet.cells.len() >= CELLS {
                            break Err(Broken::TooLarge);
                        }
                        sheet.cells.push(held);
                    }
                } else if name == "row" {
                    row = row.saturating_add(1);
                } else if name == "sheetData" {
                    whole = true;
                }
            }
            Next::Over if whole => break Ok(()),
            Next::Over => {
                let part = if begun_data { "end of " } else { "" };
                break Err(Broken::Damaged(format!("no {part}<sheetData>")));
            }
            Next::Text(_) => {}
        }
    };
    // Files may hold cells in any order, and a position twice.
    sheet.cells.sort_by_key(|held| (held.row, held.column));
    sheet.cells.dedup_by_key(|held| (held.row, held.column));
    result
}

fn begun(element: &Element<'_>, at: (u32, u32)) -> Open {
    Open {
        at,
        kind: element.attribute("t").unwrap_or_default(),
        style: element
            .attribute("s")
            .and_then(|s| s.parse().ok())
            .unwrap_or(0),
        ..Open::default()
    }
}

fn finished(open: Open, shared: &Shared) -> Option<Held> {
    let (row, column) = open.at;
    if row >= ROWS || column >= COLUMNS {
        return None;
    }
    let cell = match (open.value, open.formula) {
        (value, Some(formula))
            if value.as_deref().is_none_or(str::is_empty) && open.kind != "str" =>
        {
            // A formula shared with a cell above is written without its text.
            Cell::Uncomputed(format!("={}", cut(formula)))
        }
        (None, _) => return None,
        (Some(value), _) => stored(&open.kind, value, open.style, shared)?,
    };
    Some(Held {
        row,
        column,
        cell,
        place: Place::Nowhere,
        span: Span::default(),
    })
}

fn cut(text: String) -> String {
    if text.len() <= CHARACTERS {
        return text;
    }
    text.chars().take(CHARACTERS).collect()
}

fn stored(kind: &str, value: String, style: usize, shared: &Shared) -> Option<Cell> {
    let words = |text: String| (!text.trim().is_empty()).then(|| Cell::Text(cut(text)));
    match kind {
        "s" => {
            let text = value
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|number| shared.strings.get(number));
            match text {
                Some(text) => words(text.clone()),
                None => Some(Cell::Error(format!("#{}", cut(value)))),
            }
        }
        "b" => match value.trim() {
            "1" | "true" => Some(Cell::Bool(true)),
            "0" | "false" => Some(Cell::Bool(false)),
            _ => words(value),
        },
        "e" => Some(Cell::Error(cut(value))),
        "d" => {
            let day = value.split('T').next().unwrap_or("").to_owned();
            (!day.is_empty()).then(|| Cell::Date(cut(day)))
        }
        "str" | "inlineStr" => words(value),
        _ => {
            let Some(plain) = number::plain(&value) else {
                return words(value);
            };
            let shown = shared.formats.get(style).unwrap_or(&Shown::Plain);
            Some(match shown {
                Shown::Plain => Cell::Number(plain),
                Shown::Date => match format::day(&value, shared.from_1904) {
                    Some(day) => Cell::Date(day),
                    None => Cell::Number(plain),
                },
                // A time is no figure: it is kept as something that no field takes for a number.
                Shown::Time => Cell::Text(format!("{plain} d")),
                Shown::Percent => {
                    let value = plain.parse().unwrap_or(0.0);
                    Cell::Number(format!("{}%", number::decimal(value, 2)))
                }
                Shown::With(before, behind) => Cell::Number(format!("{before}{plain}{behind}")),
                Shown::Scaled => Cell::Scaled(plain),
            })
        }
    }
}

/// The row and column of `F12`.
fn position(name: &str) -> Option<(u32, u32)> {
    let name = name.trim_start_matches('$');
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let (column, row) = name.split_at_checked(letters)?;
    let column = column.bytes().fold(0, |number, letter| {
        number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    let row: u32 = row.trim_start_matches('$').parse().ok()?;
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

fn merge(range: &str) -> Option<Merge> {
    let (first, last) = range.split_once(':')?;
    let (first, last) = (position(first)?, position(last)?);
    (first.0 <= last.0 && first.1 <= last.1 && first != last).then_some(Merge { first, last })
}

#[cfg(test)]
mod tests {
    use super::super::package::sheet_of;
    use super::*;

    fn shared() -> Shared {
        Shared {
            strings: vec!["项目名称".to_owned(), "  ".to_owned()],
            formats: vec![
                Shown::Plain,
                Shown::Date,
                Shown::Percent,
                Shown::With(String::new(), "公顷".to_owned()),
                Shown::Scaled,
            ],
            from_1904: false,
        }
    }

    #[track_caller]
    fn check(cells: &str, wanted: &[(&str, Cell)]) {
        let xml = format!("<worksheet><sheetData>{cells}</sheetData></worksheet>");
        let sheet = sheet_of(&xml, &shared()).unwrap();
        let found: Vec<(String, Cell)> = sheet
            .cells
            .iter()
            .map(|c| {
                let name = super::super::column_name(c.column);
                (format!("{name}{}", c.row + 1), c.cell.clone())
            })
            .collect();
        let wanted: Vec<(String, Cell)> = wanted
            .iter()
            .map(|(at, cell)| ((*at).to_owned(), cell.clone()))
            .collect();
        assert_eq!(found, wanted, "{cells}");
    }

    #[test]
    fn cells_are_read_with_their_kind() {
        let number = |text: &str| Cell::Number(text.to_owned());
        check(
            "<row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c><c><v>12.600000000000001</v></c></row>\
             <row><c t=\"inlineStr\"><is><r><t>甲</t></r><r><t>乙</t></r></is></c><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c s=\"7\"/></row>",
            &[
                ("B3", Cell::Text("项目名称".into())),
                ("D3", number("12.6")),
                ("A4", Cell::Text("甲乙".into())),
                ("B4", Cell::Bool(true)),
                ("C4", Cell::Error("#N/A".into())),
            ],
        );
        check(
            "<row r=\"1\"><c s=\"1\"><v>45717</v></c><c s=\"2\"><v>0.35</v></c><c s=\"3\"><v>12.6</v></c><c s=\"4\"><v>12345</v></c><c t=\"d\"><v>2025-03-01T00:00:00</v></c></row>",
            &[
                ("A1", Cell::Date("2025-03-01".into())),
                ("B1", number("35%")),
                ("C1", number("12.6公顷")),
                ("D1", Cell::Scaled("12345".into())),
                ("E1", Cell::Date("2025-03-01".into())),
            ],
        );
    }

    #[test]
    fn a_formula_without_a_result_is_not_an_empty_cell() {
        check(
            "<row r=\"1\"><c r=\"A1\"><f>B1*2</f><v></v></c><c r=\"B1\"><f>C1*2</f></c><c r=\"C1\"><f>D1</f><v>8</v></c><c r=\"D1\" t=\"str\"><f>\"\"</f><v></v></c><c r=\"E1\"><f t=\"shared\" si=\"99999999999999\"/><v/></c></row>",
            &[
                ("A1", Cell::Uncomputed("=B1*2".into())),
                ("B1", Cell::Uncomputed("=C1*2".into())),
                ("C1", Cell::Number("8".into())),
                ("E1", Cell::Uncomputed("=".into())),
            ],
        );
    }

    #[test]
    fn a_sheet_that_ends_too_early_is_damaged() {
        assert!(sheet_of("<worksheet><sheetData><row><c><v>1</v></c>", &shared()).is_err());
        assert!(sheet_of("<worksheet><sheetData/></worksheet>", &shared()).is_ok());
    }

    #[test]
    fn positions_and_merges_are_read_and_nonsense_is_not() {
        assert_eq!(position("XFD1048576"), Some((1_048_575, 16383)));
        for wrong in ["", "A", "12", "A0", "AAAA1", "A99999999999", "Ａ1"] {
            assert_eq!(position(wrong), None, "{wrong}");
        }
        assert_eq!(
            merge("A1:B2"),
            Some(Merge {
                first: (0, 0),
                last: (1, 1)
            })
        );
        assert_eq!(merge("B2:A1"), None);
    }
}
