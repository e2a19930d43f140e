//! Workbooks from rows of words, for the tests of this room.

use crate::base::book::{Book, Cell, Held, Sheet};
use crate::base::source::{Place, SourceId, Sources, Span};
use crate::intake::fixture::{Read, with_expected};
use crate::intake::{Format, read_projects};

pub(super) type Rows<'a> = (&'a str, &'a [&'a str]);

/// A sheet from rows with `|` between cells: `=x` has no result, `#x` is an error, `@x` a day, `'x` a text, digits a number.
pub(super) fn sheet((name, rows): &Rows<'_>) -> Sheet {
    let mut sheet = Sheet {
        name: (*name).to_owned(),
        ..Sheet::default()
    };
    for (row, text) in rows.iter().enumerate() {
        for (column, cell) in text.split('|').enumerate() {
            let cell = cell.trim();
            let numeric = cell.trim_end_matches('%').parse::<f64>().is_ok();
            let cell = match cell.chars().next() {
                None => continue,
                Some('=') => Cell::Uncomputed(cell.to_owned()),
                Some('#') => Cell::Error(cell.to_owned()),
                Some('@') => Cell::Date(cell.trim_start_matches('@').to_owned()),
                Some('\'') => Cell::Text(cell.trim_start_matches('\'').to_owned()),
                Some('√') if cell == "√√" => Cell::Bool(true),
                _ if numeric => Cell::Number(cell.to_owned()),
                _ => Cell::Text(cell.to_owned()),
            };
            sheet.cells.push(Held {
                row: u32::try_from(row).unwrap(),
                column: u32::try_from(column).unwrap(),
                cell,
                place: Place::Nowhere,
                span: Span::default(),
            });
        }
    }
    sheet
}

pub(super) fn added(sheets: Vec<Sheet>, sources: &mut Sources, name: &str) -> SourceId {
    sources.add_book(name, Book::new(sheets))
}

pub(super) fn read_sheets(sheets: Vec<Sheet>) -> Read {
    let mut sources = Sources::default();
    let id = added(sheets, &mut sources, "申报.xlsx");
    let ((projects, problems), vocabulary) = with_expected(false, |expected| {
        read_projects(sources.get(id).unwrap(), Format::Xlsx, "p", expected)
    });
    Read {
        vocabulary,
        sources,
        projects,
        problems,
    }
}

pub(super) fn book(sheets: &[Rows<'_>]) -> Read {
    read_sheets(sheets.iter().map(sheet).collect())
}

/// One row under the required headings and others.
pub(super) fn row(headings: &str, cells: &str) -> Read {
    book(&[(
        "项目表",
        &[
            &format!("项目名称|申报日期|办理环节|{headings}"),
            &format!("甲厂|@2024-06-01|开工前|{cells}"),
        ],
    )])
}

#[track_caller]
pub(super) fn check(headings: &str, cells: &str, path: &str, shown: &str, problems: &[&str]) {
    let read = row(headings, cells);
    assert_eq!(read.found(), problems, "{headings} / {cells}");
    assert_eq!(read.fact(path), shown, "{headings} / {cells}");
}

pub(super) fn names(read: &Read) -> Vec<&str> {
    read.projects.iter().map(|p| p.name.as_str()).collect()
}
