//! Submissions in workbooks and tables of separated values: from cells to the tree that all formats are read into.
//!
//! A table has a row for each project; further sheets hold topics and records, whose rows say to which project they
//! belong. It knows headings and cells; the values are read from the tree, as from every other format.

mod heading;
mod layout;
mod projects;
mod replies;
mod values;

use crate::base::book::{self, Sheet};
use crate::base::problem::{Problem, any_error};
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::tree::{Datum, Entry, Node};
use crate::model::field::Vocabulary;
use crate::text;

use heading::{About, Meaning};
use layout::{Reading, Table};

pub use heading::{complete_heading, heading_of};
pub(super) use replies::read as read_replies;

/// Sheets of our own templates that hold no submissions, by name.
pub const GUIDES: [&str; 6] = ["填表说明", "字段说明", "选项", "guide", "fields", "answers"];

/// What reading a workbook or table gives.
pub(super) struct Parsed {
    /// A table with the key `project`, or with the key `fact`.
    pub(super) node: Node,
    pub(super) problems: Vec<Problem>,
    /// True if cells may have been lost, so that what is absent may not be.
    pub(super) lost: bool,
}

/// The sheets of a source with what could not be read of them.
fn sheets(source: &Source) -> (Vec<Sheet>, Vec<Problem>) {
    match &source.book {
        Some(book) => {
            let mut problems = book.problems.clone();
            for problem in &mut problems {
                named(problem, source);
            }
            (book.sheets.clone(), problems)
        }
        None => {
            let (sheet, problems) = book::read_csv(source);
            (vec![sheet], problems)
        }
    }
}

/// A problem of a workbook that has no place names its file.
fn named(problem: &mut Problem, source: &Source) {
    if problem.place() == Place::Nowhere {
        let name = &source.name;
        for side in [&mut problem.message.zh, &mut problem.message.en] {
            *side = side.replacen("``", &format!("`{name}`"), 1);
        }
    }
}

/// The table of each sheet that has one. What is not read is a problem.
fn tables<'a>(
    source: &Source,
    sheets: &'a [Sheet],
    reading: Reading<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Table<'a>> {
    let mut tables = Vec::new();
    let filled = sheets.iter().filter(|sheet| !sheet.cells.is_empty());
    for sheet in filled.filter(|sheet| !GUIDES.contains(&sheet.name.as_str())) {
        let first = sheet
            .cells
            .first()
            .map_or(Place::Nowhere, |held| held.place);
        let name = &sheet.name;
        match layout::find(sheet, reading) {
            Some(table) if sheet.hidden => {
                if table.rows().next().is_some() {
                    problems.push(
                        Problem::warning(
                            "hegui::sheet::hidden",
                            first,
                            text!(
                                "工作表“{name}”已隐藏，未读取",
                                "the sheet `{name}` is hidden and was not read"
                            ),
                        )
                        .help(Text::new(
                            "需要核查的，请取消隐藏",
                            "unhide it if it belongs to the submission",
                        )),
                    );
                }
            }
            Some(table) => tables.push(table),
            None if sheet.hidden => {}
            None if source.book.is_some() => {
                let meant = heading::by_name(reading.vocabulary, name).is_some();
                let message = text!(
                    "工作表“{name}”中没有找到列标题，未读取",
                    "no heading row was found in the sheet `{name}`, so it was not read"
                );
                let help = Text::new(
                    "列标题应为字段名称，可用 hegui new workbook 生成样表",
                    "headings are names of fields; `hegui new workbook` writes a template",
                );
                let problem = if meant {
                    Problem::error("hegui::sheet::no_heading", first, message)
                } else {
                    Problem::warning("hegui::sheet::no_heading", first, message)
                };
                problems.push(problem.help(help));
            }
            None => {}
        }
    }
    tables
}

/// True if a source looks like one that holds projects: a table names them and says something of them.
/// One that is damaged may hold some.
pub(super) fn holds_projects(source: &Source, vocabulary: &Vocabulary) -> bool {
    let (sheets, problems) = sheets(source);
    if any_error(&problems) {
        return true;
    }
    let reading = Reading {
        vocabulary,
        replies: false,
        records: source.book.is_some(),
    };
    sheets
        .iter()
        .filter(|sheet| !GUIDES.contains(&sheet.name.as_str()))
        .filter_map(|sheet| layout::find(sheet, reading))
        .any(|table| names_projects(&table, vocabulary))
}

fn names_projects(table: &Table<'_>, vocabulary: &Vocabulary) -> bool {
    if matches!(table.about, About::Records(_) | About::Supports) {
        return false;
    }
    let builtin = table
        .with(|m| matches!(m, Meaning::Builtin(_)))
        .next()
        .is_some();
    let name = vocabulary.by_path("name").map(|f| f.id);
    let named = table
        .with(|m| matches!(m, Meaning::Field(id) if Some(*id) == name))
        .next()
        .is_some();
    let known = table
        .with(|m| !matches!(m, Meaning::Unknown | Meaning::Ignored))
        .count();
    (builtin && known >= 2) || (named && known >= 3)
}

/// The projects of a source as a tree.
pub(super) fn parse(source: &Source, vocabulary: &Vocabulary) -> Parsed {
    let (sheets, mut problems) = sheets(source);
    let lost = any_error(&problems);
    let reading = Reading {
        vocabulary,
        replies: false,
        records: source.book.is_some(),
    };
    let tables = tables(source, &sheets, reading, &mut problems);
    let items = projects::read(vocabulary, &tables, &mut problems);
    if items.is_empty() && !any_error(&problems) {
        let name = &source.name;
        let message = if tables.is_empty() {
            text!(
                "`{name}` 中没有以字段名称为列标题的表",
                "`{name}` holds no table with names of fields as headings"
            )
        } else {
            text!(
                "`{name}` 的表中没有填写项目",
                "the tables of `{name}` hold no project"
            )
        };
        problems.push(
            Problem::error("hegui::sheet::no_project", Place::Nowhere, message).help(Text::new(
                "每个项目一行；样表可用 hegui new workbook 生成",
                "write a row for each project; `hegui new workbook` writes a template",
            )),
        );
    }
    Parsed {
        node: document("project", items),
        problems,
        lost,
    }
}

/// A table with one key whose value is a list.
fn document(key: &str, items: Vec<Node>) -> Node {
    let list = Node {
        datum: Datum::List(items),
        place: Place::Nowhere,
    };
    Node {
        datum: Datum::Table(vec![Entry {
            key: key.to_owned(),
            place: Place::Nowhere,
            node: list,
        }]),
        place: Place::Nowhere,
    }
}

#[cfg(test)]
mod tests;
