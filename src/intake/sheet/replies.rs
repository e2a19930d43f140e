//! Replies of the office and departments in a workbook: each row a letter, its further columns what it states.
//!
//! A sheet about a list has a row for each record; rows of the same letter and project are one list.

use super::heading::{About, Meaning};
use super::layout::{Reading, Table};
use super::projects::{data_rows, key_of, record};
use super::values::{self, For};
use super::{Parsed, document, sheets, tables};
use crate::base::problem::{Problem, any_error};
use crate::base::source::{Place, Source};
use crate::base::text::folded;
use crate::base::tree::{Datum, Entry, Node};
use crate::model::field::{Field, FieldType, Slot, Vocabulary};
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
                        let same = letters
                            .iter_mut()
                            .find(|other| is_same(other, entries, &field.path));
                        if let Some(items) = same.and_then(|other| items(other, &field.path)) {
                            items.push(item);
                        } else {
                            entries.push(values_of(vec![listed(field, vec![item])]));
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
        let wanted = if key == "date" { For::Any } else { For::Text };
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

fn listed(field: &Field, items: Vec<Node>) -> Entry {
    let place = items.first().map_or(Place::Nowhere, |item| item.place);
    Entry {
        key: field.path.clone(),
        place,
        node: Node {
            datum: Datum::List(items),
            place,
        },
    }
}

/// True if a letter has the same head and already lists records of a list.
fn is_same(letter: &Node, head: &[Entry], path: &str) -> bool {
    let text = |entries: &[Entry], key: &str| {
        let found = entries.iter().find(|e| e.key == key)?;
        match &found.node.datum {
            Datum::Text(text) | Datum::Date(text) | Datum::Number(text) => {
                Some(folded(text).into_owned())
            }
            _ => None,
        }
    };
    let same = |key| text(letter.entries(), key) == text(head, key);
    let lists = letter
        .get("values")
        .is_some_and(|values| values.get(path).is_some());
    lists
        && ["project", "department", "reply", "date"]
            .into_iter()
            .all(same)
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
