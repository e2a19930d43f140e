//! A table of separated values as a sheet whose cells are spans of the text.
//!
//! The separator is found from the first line. A quoted value may hold line breaks and doubled quotes.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

use super::{COLUMNS, Cell, Held, Sheet};
use crate::base::problem::Problem;
use crate::base::source::{Place, Source, Span};
use crate::text;

/// The text of a table file: UTF-8, UTF-16 with its mark, or GBK as sheets in China save it.
pub fn decode(name: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    let wrong = |code, message| Err(Problem::error(code, Place::Nowhere, message));
    if let Some((encoding, _)) = Encoding::for_bom(&bytes) {
        let (text, _, damaged) = encoding.decode(&bytes);
        if !damaged {
            return Ok(text.into_owned());
        }
    } else if bytes.contains(&0) {
        return wrong(
            "hegui::files::binary",
            text!(
                "`{name}` 含有空字符（NUL），不是文本文件",
                "`{name}` holds NUL bytes and is not a text file"
            ),
        );
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let text = GB18030
                .decode_without_bom_handling_and_without_replacement(error.as_bytes())
                .map(Cow::into_owned);
            text.map_or_else(
                || {
                    wrong(
                        "hegui::files::encoding",
                        text!(
                            "`{name}` 既不是 UTF-8 也不是 GBK 文本",
                            "`{name}` is neither UTF-8 nor GBK text"
                        ),
                    )
                },
                Ok,
            )
        }
    }
}

/// Reads a source as one table.
pub fn read(source: &Source) -> (Sheet, Vec<Problem>) {
    let text = &*source.text;
    let separator = separator(text);
    let mut sheet = Sheet::default();
    let mut problems = Vec::new();
    let (mut row, mut column) = (0_u32, 0_u32);
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or("");
        let (value, length, open) = value(rest, separator);
        let place = source.place(at..at + length);
        if open {
            problems.push(
                Problem::error(
                    "hegui::csv::open_quote",
                    source.place(at..at + 1),
                    text!("引号没有结束", "the quote is not closed"),
                )
                .help(text!(
                    "请补上右引号；值内的引号写两次",
                    "close the quote; within a value, write it twice"
                )),
            );
        }
        if !value.trim().is_empty() && column < COLUMNS {
            sheet.cells.push(Held {
                row,
                column,
                cell: Cell::Text(value),
                place,
                span: Span::new(at..at + length),
            });
        }
        at += length;
        let end = text.get(at..).unwrap_or("");
        if let Some(next) = end.strip_prefix(separator) {
            at = text.len() - next.len();
            column = column.saturating_add(1);
        } else {
            let next = end.strip_prefix('\r').unwrap_or(end);
            let next = next.strip_prefix('\n').unwrap_or(next);
            at = text.len() - next.len();
            row = row.saturating_add(1);
            column = 0;
        }
    }
    (sheet, problems)
}

/// The separator that stands most often in the first line that holds any.
fn separator(text: &str) -> char {
    let count = |line: &str, c: char| line.chars().filter(|other| *other == c).count();
    let best = |line: &str| {
        [',', '\t', ';', '，']
            .into_iter()
            .rev()
            .max_by_key(|c| count(line, *c))
            .filter(|c| count(line, *c) > 0)
    };
    text.lines().take(50).find_map(best).unwrap_or(',')
}

/// A value, its length as written, and whether its quote stays open.
fn value(rest: &str, separator: char) -> (String, usize, bool) {
    let ends = [separator, '\n', '\r'];
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find(ends).unwrap_or(rest.len());
        return (rest.get(..end).unwrap_or("").to_owned(), end, false);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            value.push(c);
            continue;
        }
        if chars.next_if(|(_, next)| *next == '"').is_some() {
            value.push('"');
            continue;
        }
        // What stands between the closing quote and the separator belongs to the value.
        let after = quoted.get(at + 1..).unwrap_or("");
        let tail = after.find(ends).unwrap_or(after.len());
        value.push_str(after.get(..tail).unwrap_or(""));
        return (value, at + 2 + tail, false);
    }
    (value, rest.len(), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    fn cells(text: &str) -> (Vec<(u32, u32, String, String)>, usize) {
        let mut sources = Sources::default();
        let id = sources.add("a.csv", text);
        let source = sources.get(id).unwrap();
        let (sheet, problems) = read(source);
        let of = |held: &Held| {
            let written = sources.text_at(held.place).unwrap().to_owned();
            (held.row, held.column, held.cell.shown().to_owned(), written)
        };
        (sheet.cells.iter().map(of).collect(), problems.len())
    }

    #[test]
    fn values_keep_their_places_through_quotes_and_line_breaks() {
        let cell = |row, column, shown: &str, written: &str| {
            (row, column, shown.to_owned(), written.to_owned())
        };
        assert_eq!(
            cells("项目名称,面积\r\n\"甲\n\"\"乙\"\"\",12\r\n\r\n,3"),
            (
                vec![
                    cell(0, 0, "项目名称", "项目名称"),
                    cell(0, 1, "面积", "面积"),
                    cell(1, 0, "甲\n\"乙\"", "\"甲\n\"\"乙\"\"\""),
                    cell(1, 1, "12", "12"),
                    cell(3, 1, "3", "3"),
                ],
                0
            )
        );
        assert_eq!(cells("a\tb\n1\t2").0.len(), 4);
        assert_eq!(cells("a;b\n1,5;2").0[2].2, "1,5");
    }

    #[test]
    fn utf_8_gbk_and_utf_16_are_read_and_nonsense_is_not() {
        let read = |bytes: &[u8]| decode("f", bytes.to_vec()).map_err(|p| p.code);
        assert_eq!(read("\u{FEFF}项目".as_bytes()), Ok("项目".to_owned()));
        assert_eq!(read("项目".as_bytes()), Ok("项目".to_owned()));
        assert_eq!(read(b"\xCF\xEE\xC4\xBF"), Ok("项目".to_owned()));
        assert_eq!(read(b"\xFF\xFEa\0"), Ok("a".to_owned()));
        assert_eq!(read(b"\xFF\xFF\xFF"), Err("hegui::files::encoding"));
        assert_eq!(read(b"a\0b"), Err("hegui::files::binary"));
    }

    #[test]
    fn a_quote_that_stays_open_is_a_problem() {
        let (found, problems) = cells("a,b\n\"x,1\ny,2");
        assert_eq!((found.len(), problems), (3, 1));
    }
}
