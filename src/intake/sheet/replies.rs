//! Replies of the office and departments in a workbook: each row a letter, its further columns what it states.
//!
//! A sheet about a list has a row for each record; rows of the same letter and project are one list.

use std::collections::BTreeMap;

use super::heading::{About, Meaning};
use super::layout::{Reading, Table};
use super::projects::key_of;
use super::records::{listed, record};
use super::rows::data_rows;
use super::values::{self, For};
use super::{Parsed, document, sheets, tables};
use crate::base::problem::{Problem, any_error};
use crate::base::source::{Place, Source};
use crate::base::text::folded;
use crate::base::tree::{Datum, Entry, Node};
use crate::model::field::{FieldType, Slot, Vocabulary};
use crate::model::project::{FactRef, Project, State, Value};

/// Reads the replies of a workbook for some projects.
pub(crate) fn read(source: &Source, vocabulary: &Vocabulary, projects: &[Project]) -> Parsed {
    let (sheets, mut problems) = sheets(source);
    let lost = any_error(&problems);
    let reading = Reading {
        vocabulary,
        replies: true,
        records: source.book.is_some(),
    };
    let mut letters: Vec<Node> = Vec::new();
    // Where the records of a letter's list are.
    let mut lists: BTreeMap<[Option<String>; 5], usize> = BTreeMap::new();
    for table in tables(source, &sheets, reading, &mut problems) {
        for row in data_rows(&table, &mut problems) {
            match table.about {
                About::Records(list) => {
                    let Some(field) = vocabulary.field(list) else {
                        continue;
                    };
                    let item = record(vocabulary, &table, row, &mut problems);
                    let mut letter = head(&table, row, projects, vocabulary, &mut problems);
                    if let (Some(item), Datum::Table(entries)) = (item, &mut letter.datum) {
                        let key = head_of(entries, &field.path);
                        let same = lists.get(&key).and_then(|index| letters.get_mut(*index));
                        if let Some(items) = same.and_then(|other| items(other, &field.path)) {
                            items.push(item);
                        } else {
                            let list = listed(&field.path, item.place, vec![item]);
                            entries.push(values_of(vec![list]));
                            lists.insert(key, letters.len());
                            letters.push(letter);
                        }
                    }
                }
                About::Projects | About::Group(_) | About::Supports => {
                    letters.extend(letter(&table, row, projects, vocabulary, &mut problems));
                }
            }
        }
    }
    Parsed {
        node: document("fact", letters),
        problems,
        lost,
    }
}

fn place_of(table: &Table<'_>, row: u32) -> Place {
    table.start(row).map_or(Place::Nowhere, |held| held.place)
}

/// The project, department, number and date of a row.
fn head(
    table: &Table<'_>,
    row: u32,
    projects: &[Project],
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Node {
    let mut entries = Vec::new();
    for column in &table.columns {
        let Some(held) = table.at(row, column) else {
            continue;
        };
        let key = match &column.meaning {
            Meaning::Project => "project",
            Meaning::Word(word) => word,
            _ => continue,
        };
        let wanted = if key == "date" { For::Day } else { For::Text };
        let Some(mut node) = values::node(wanted, column, held, problems) else {
            continue;
        };
        if key == "project" {
            let written = key_of(held);
            let id = project_named(projects, vocabulary, &written);
            node.datum = Datum::Text(id.map_or(written, str::to_owned));
        }
        entries.push(Entry {
            key: key.to_owned(),
            place: column.place,
            node,
        });
    }
    Node {
        datum: Datum::Table(entries),
        place: place_of(table, row),
    }
}

/// The id of the one project of an id, name or code.
fn project_named<'p>(
    projects: &'p [Project],
    vocabulary: &Vocabulary,
    key: &str,
) -> Option<&'p str> {
    let code = vocabulary.by_path("code").map(|f| f.id);
    let is = |project: &&Project| {
        let same_code = || {
            let fact = project.find(vocabulary, FactRef::project(code?))?;
            match &fact.state {
                State::Known(Value::Text(words)) => Some(*words.folded == *key),
                _ => None,
            }
        };
        project.id == key || folded(&project.name) == key || same_code() == Some(true)
    };
    let by_id = projects.iter().find(|project| project.id == key);
    let mut named = projects.iter().filter(is);
    let found = by_id.or_else(|| named.next().filter(|_| named.next().is_none()))?;
    Some(&found.id)
}

fn letter(
    table: &Table<'_>,
    row: u32,
    projects: &[Project],
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let mut stated = Vec::new();
    for column in &table.columns {
        let Some(held) = table.at(row, column) else {
            continue;
        };
        let field = match &column.meaning {
            Meaning::Field(id) => vocabulary.field(*id),
            Meaning::Unknown if !column.text.is_empty() => {
                stated.push(Entry {
                    key: column.text.clone(),
                    place: column.place,
                    node: Node {
                        datum: Datum::Text(held.cell.shown().to_owned()),
                        place: held.place,
                    },
                });
                continue;
            }
            _ => continue,
        };
        let Some(field) = field.filter(|f| matches!(f.slot, Slot::Project(_))) else {
            continue;
        };
        let Some(mut node) = values::node(For::Field(vocabulary, field), column, held, problems)
        else {
            continue;
        };
        if field.kind == FieldType::Records {
            match &node.datum {
                Datum::Text(text) if values::is_none(&folded(text)) => {
                    node.datum = Datum::List(Vec::new());
                }
                // That there are some is said by the sheet that lists them.
                Datum::Text(text) if matches!(folded(text).as_ref(), "有" | "yes") => continue,
                _ => {}
            }
        }
        stated.push(Entry {
            key: field.path.clone(),
            place: column.place,
            node,
        });
    }
    if stated.is_empty() {
        return None;
    }
    let mut letter = head(table, row, projects, vocabulary, problems);
    if let Datum::Table(entries) = &mut letter.datum {
        entries.push(values_of(stated));
    }
    Some(letter)
}

fn values_of(stated: Vec<Entry>) -> Entry {
    let place = stated.first().map_or(Place::Nowhere, |e| e.place);
    Entry {
        key: "values".to_owned(),
        place,
        node: Node {
            datum: Datum::Table(stated),
            place,
        },
    }
}

/// What a letter that lists records is known by: its head, and the list.
fn head_of(head: &[Entry], path: &str) -> [Option<String>; 5] {
    let text = |key: &str| {
        let found = head.iter().find(|e| e.key == key)?;
        match &found.node.datum {
            Datum::Text(text) | Datum::Date(text) | Datum::Number(text) => {
                Some(folded(text).into_owned())
            }
            _ => None,
        }
    };
    let [project, department, reply, date] = ["project", "department", "reply", "date"].map(text);
    [Some(path.to_owned()), project, department, reply, date]
}

/// The records that a letter lists.
fn items<'n>(letter: &'n mut Node, path: &str) -> Option<&'n mut Vec<Node>> {
    let inner = |node: &'n mut Node, key: &str| match &mut node.datum {
        Datum::Table(entries) => entries
            .iter_mut()
            .find(|e| e.key == key)
            .map(|e| &mut e.node),
        _ => None,
    };
    match &mut inner(inner(letter, "values")?, path)?.datum {
        Datum::List(items) => Some(items),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::Sources;
    use crate::intake::fixture::{fact, found, with_expected};
    use crate::intake::sheet::fixture::{added, sheet};
    use crate::intake::{Format, read_office, read_projects};

    #[test]
    fn replies_of_a_workbook_are_letters_with_a_department_a_number_and_a_day() {
        let mut sources = Sources::default();
        let projects = added(
            vec![sheet(&(
                "项目表",
                &[
                    "项目编号|项目名称|申报日期|办理环节|占用永久基本农田面积",
                    "a|甲厂|@2024-06-01|备案|0",
                    "b|乙厂|@2024-06-01|备案|",
                ],
            ))],
            &mut sources,
            "申报.xlsx",
        );
        let replies = added(
            vec![sheet(&(
                "自然资源主管部门",
                &[
                    "项目|答复部门|文号|日期|占用永久基本农田面积（亩）|地块编号",
                    "甲厂|市自然资源局|〔2024〕1号|@2024-05-10|3|A1、A2",
                    "乙厂|市自然资源局||@2024-05-10|4|",
                    "丙厂|市自然资源局|〔2024〕3号|@2024-05-10|5|",
                ],
            ))],
            &mut sources,
            "office.xlsx",
        );
        let ((projects, mistakes), vocabulary) = with_expected(false, |expected| {
            let (mut projects, before) =
                read_projects(sources.get(projects).unwrap(), Format::Xlsx, "p", expected);
            assert_eq!(found(&sources, &before), [""; 0]);
            let mistakes = read_office(sources.get(replies).unwrap(), expected, &mut projects);
            (projects, mistakes)
        });
        assert_eq!(
            found(&sources, &mistakes),
            [
                "claim_differs｜0｜3",
                "missing_key｜乙厂",
                "which_project｜丙厂"
            ]
        );
        assert_eq!(
            fact(&vocabulary, &projects[0], "land.farmland"),
            "3 亩 〔2024〕1号"
        );
        assert_eq!(
            fact(&vocabulary, &projects[0], "land.plots"),
            "A1、A2 〔2024〕1号"
        );
        assert_eq!(fact(&vocabulary, &projects[1], "land.farmland"), "missing");
    }
}
