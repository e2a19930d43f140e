//! Records of lists, and links to goals: a row of a list's sheet, and what the project's own row says of the list.
//!
//! It does not know to which project a row belongs.

use std::collections::BTreeMap;

use super::heading::Meaning;
use super::layout::{Column, Table};
use super::values::{self, For};
use crate::base::book::{Held, column_name};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::value;
use crate::model::field::{Field, FieldId, Vocabulary};
use crate::text;

/// What is known of the lists of one project.
#[derive(Default)]
pub(super) struct Lists {
    /// Per list: its records.
    records: BTreeMap<FieldId, Vec<Node>>,
    /// Per list: the heading and cell in which the project's own row says whether there are any, and what it says.
    stated: BTreeMap<FieldId, (Place, Node, bool)>,
}

impl Lists {
    /// True if nothing is known of any.
    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.stated.is_empty()
    }

    /// Adds a record.
    pub(super) fn add(&mut self, list: FieldId, record: Option<Node>) {
        self.records.entry(list).or_default().extend(record);
    }

    /// Makes a list unreadable as a whole, because of something at a place.
    pub(super) fn doubt(&mut self, list: FieldId, place: Place) {
        let datum = Datum::Unread;
        self.add(list, Some(Node { datum, place }));
    }

    /// Reads what a project's own row says of a list: that there is nothing, or that records follow.
    pub(super) fn state(
        &mut self,
        field: &Field,
        column: &Column,
        held: &Held,
        problems: &mut Vec<Problem>,
    ) {
        let Some(node) = values::node(For::Any, column, held, problems) else {
            return;
        };
        let any = match &node.datum {
            // A problem has told of it.
            Datum::Unread => return self.doubt(field.id, held.place),
            Datum::Number(number) => Some(!number.trim_matches(['0', '.']).is_empty()),
            Datum::Text(text) if values::is_none(&folded(text)) => Some(false),
            Datum::Text(text) if folded(text).starts_with('见') => Some(true),
            _ => value::boolean(&node),
        };
        if let Some(any) = any {
            self.stated.insert(field.id, (column.place, node, any));
            return;
        }
        let (zh, en) = (&field.label.zh, &field.label.en);
        problems.push(
            Problem::error(
                "hegui::sheet::list_stated",
                held.place,
                text!(
                    "“{zh}”应填有或无",
                    "`{en}` is yes if there are any, or none"
                ),
            )
            .help(text!(
                "没有的填“无”；有的填“有”，并在工作表“{zh}”中逐项填写",
                "write none, or write yes and list them in the sheet `{en}`"
            )),
        );
        self.doubt(field.id, held.place);
    }

    /// The lists as entries of the project.
    pub(super) fn finish(
        mut self,
        vocabulary: &Vocabulary,
        problems: &mut Vec<Problem>,
    ) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (list, (place, node, any)) in std::mem::take(&mut self.stated) {
            if let Some(field) = vocabulary.field(list) {
                entries.extend(reconciled(
                    field,
                    place,
                    &node,
                    any,
                    &mut self.records,
                    problems,
                ));
            }
        }
        for (list, records) in self.records {
            let path = vocabulary.path(list);
            let place = records.first().map_or(Place::Nowhere, |r| r.place);
            entries.push(listed(path, place, records));
        }
        entries
    }
}

/// A list as an entry.
pub(super) fn listed(path: &str, place: Place, items: Vec<Node>) -> Entry {
    let of_node = items.first().map_or(place, |item| item.place);
    Entry {
        key: path.to_owned(),
        place,
        node: Node {
            datum: Datum::List(items),
            place: of_node,
        },
    }
}

/// A cell as an entry under its heading.
pub(super) fn entry(key: String, column: &Column, node: Node) -> Entry {
    Entry {
        key,
        place: column.place,
        node,
    }
}

/// What the project's row and the list's sheet say together. The records stay for the caller if they agree.
fn reconciled(
    field: &Field,
    heading: Place,
    node: &Node,
    any: bool,
    records: &mut BTreeMap<FieldId, Vec<Node>>,
    problems: &mut Vec<Problem>,
) -> Option<Entry> {
    let found = records.get(&field.id).map_or(0, Vec::len);
    let (zh, en) = (&field.label.zh, &field.label.en);
    let count = match &node.datum {
        Datum::Number(number) => number.parse::<usize>().ok(),
        _ => None,
    };
    match (any, found) {
        (false, 0) => Some(listed(&field.path, heading, Vec::new())),
        (true, found) if found > 0 && count.is_none_or(|count| count == found) => None,
        (any, found) => {
            let problem = if any && found == 0 {
                Problem::error(
                    "hegui::sheet::list_missing",
                    node.place,
                    text!(
                        "这里填有“{zh}”，但没有找到任何一项",
                        "`{en}` are said to exist here, but none is listed"
                    ),
                )
                .help(text!(
                    "请在工作表“{zh}”中逐项填写，并写明所属项目",
                    "list them in the sheet `{en}`, each with its project"
                ))
            } else {
                Problem::error(
                    "hegui::sheet::list_differs",
                    node.place,
                    text!(
                        "“{zh}”在此处与工作表中的 {found} 项不一致，按未知处理",
                        "what this says of `{en}` does not agree with the {found} that are listed; they count as unknown"
                    ),
                )
                .help(Text::new("请更正其中一处", "correct one of the two"))
            };
            problems.push(problem);
            // What could not be brought together is unreadable as a whole.
            records.remove(&field.id);
            let broken = Node {
                datum: Datum::Unread,
                place: node.place,
            };
            Some(listed(&field.path, heading, vec![broken]))
        }
    }
}

/// A row as a record of a list.
pub(super) fn record(
    vocabulary: &Vocabulary,
    table: &Table<'_>,
    row: u32,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let mut entries = Vec::new();
    for column in &table.columns {
        let Some(held) = table.at(row, column) else {
            continue;
        };
        match &column.meaning {
            Meaning::Field(id) => {
                let Some(field) = vocabulary.field(*id) else {
                    continue;
                };
                let segment = field.path.rsplit('.').next().unwrap_or(&field.path);
                if let Some(node) =
                    values::node(For::Field(vocabulary, field), column, held, problems)
                {
                    entries.push(entry(segment.to_owned(), column, node));
                }
            }
            Meaning::RecordComplete => {
                if let Some(node) = values::node(For::Any, column, held, problems) {
                    entries.push(entry("complete".to_owned(), column, node));
                }
            }
            Meaning::Unknown if column.text.is_empty() => {
                problems.push(no_heading(column, held.place));
            }
            Meaning::Unknown => entries.push(entry(
                column.text.clone(),
                column,
                Node {
                    datum: Datum::Text(held.cell.shown().to_owned()),
                    place: held.place,
                },
            )),
            _ => {}
        }
    }
    let place = entries.first().map(|e| e.node.place)?;
    Some(Node {
        datum: Datum::Table(entries),
        place,
    })
}

/// A row as a link to a goal.
pub(super) fn link(table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) -> Option<Node> {
    let mut entries = Vec::new();
    for column in &table.columns {
        let Some(held) = table.at(row, column) else {
            continue;
        };
        let (key, wanted) = match &column.meaning {
            Meaning::Word("contribution") => ("contribution".to_owned(), For::Figure),
            Meaning::Word(word) => ((*word).to_owned(), For::Text),
            Meaning::Unknown if !column.text.is_empty() => (column.text.clone(), For::Any),
            _ => continue,
        };
        if let Some(node) = values::node(wanted, column, held, problems) {
            entries.push(entry(key, column, node));
        }
    }
    let place = entries.first().map(|e| e.node.place)?;
    Some(Node {
        datum: Datum::Table(entries),
        place,
    })
}

/// Adds detailed links to ids; an id that has details is not listed twice.
pub(super) fn joined(items: &mut Vec<Node>, details: Vec<Node>) {
    let goal = |node: &Node| {
        let text = node.text().or_else(|| node.get("goal")?.text());
        text.map(|text| folded(text).into_owned())
    };
    items.retain(|item| !details.iter().any(|detail| goal(detail) == goal(item)));
    items.extend(details);
}

pub(super) fn no_heading(column: &Column, place: Place) -> Problem {
    let name = column_name(column.number);
    Problem::warning(
        "hegui::sheet::column_without_heading",
        place,
        text!(
            "{name} 列没有标题，未读取",
            "column {name} has no heading and was not read"
        ),
    )
    .help(Text::new(
        "请在标题行写上字段名称，或删去该列",
        "write the name of a field in the heading row, or delete the column",
    ))
}

#[cfg(test)]
mod tests {
    use crate::intake::sheet::fixture::book;

    #[test]
    fn what_the_project_says_of_a_list_must_agree_with_the_list() {
        for (said, rows, shown, problems) in [
            ("有", &["甲厂|6"][..], "1 项", &[][..]),
            ("1", &["甲厂|6"], "1 项", &[]),
            ("见附表", &["甲厂|6"], "1 项", &[]),
            ("2", &["甲厂|6"], "unreadable", &["list_differs｜2"]),
            ("无", &["甲厂|6"], "unreadable", &["list_differs｜无"]),
            ("有", &[], "unreadable", &["list_missing｜有"]),
            ("0", &[], "0 项", &[]),
            ("", &[], "missing", &[]),
            ("也许", &[], "unreadable", &["list_stated｜也许"]),
        ] {
            let head = format!("甲厂|@2024-06-01|备案|{said}");
            let mut boilers = vec!["所属项目|额定容量"];
            boilers.extend(rows);
            let read = book(&[
                ("项目表", &["项目名称|申报日期|办理环节|锅炉", &head]),
                ("锅炉", &boilers),
            ]);
            assert_eq!(read.found(), problems, "{said}");
            assert_eq!(read.fact("boilers"), shown, "{said}");
        }
    }

    #[test]
    fn goals_are_listed_in_the_row_or_in_a_sheet_of_their_own() {
        let read = book(&[
            (
                "项目表",
                &[
                    "项目名称|申报日期|办理环节|支撑目标|依赖项目",
                    "甲厂|@2024-06-01|备案|G4.1-1、G10.2-3|b",
                ],
            ),
            (
                "支撑目标",
                &["所属项目|目标|指标|贡献|佐证", "甲厂|G4.1-1|B1-7|3|可研"],
            ),
        ]);
        assert_eq!(read.found(), [""; 0]);
        let goals: Vec<&str> = read.projects[0].supports.iter().map(|s| &*s.goal).collect();
        assert_eq!(goals, ["G10.2-3", "G4.1-1"]);
        assert!(read.projects[0].supports[1].contribution.is_some());
        assert_eq!(read.projects[0].depends_on[0].project, "b");
    }
}
