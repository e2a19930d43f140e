//! The rows of all tables as projects: which row belongs to which project, and what it says of it.
//!
//! A row that cannot be given to a project leaves the list that it belongs to unknown for all of them.

use std::collections::BTreeMap;

use super::absent::absent;
use super::heading::{About, Meaning};
use super::layout::{Column, Table};
use super::records::{Lists, entry, joined, link, listed, no_heading, record};
use super::rows::{above, data_rows, merged_across};
use super::values::{self, For};
use crate::base::book::{Held, column_name};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::known::{Builtin, shown};
use crate::model::field::{FieldId, FieldType, Vocabulary};
use crate::text;

/// Rows of unknown projects that get a did-you-mean; more are only named.
const ADVISED: usize = 200;

/// A project that is being put together.
struct Draft {
    place: Place,
    /// Its id, name and code, as they are compared.
    names: Vec<String>,
    entries: Vec<Entry>,
    lists: Lists,
    supports: Vec<Node>,
}

struct Builder<'a> {
    vocabulary: &'a Vocabulary,
    name: Option<FieldId>,
    code: Option<FieldId>,
    drafts: Vec<Draft>,
    /// The projects of each name.
    named: BTreeMap<String, Vec<usize>>,
    /// Rows of unknown projects so far.
    unknown: usize,
    /// Lists that may have lost a record, with the row that could not be given to a project.
    stray: BTreeMap<FieldId, Place>,
}

/// Reads the projects of all tables.
pub(super) fn read(
    vocabulary: &Vocabulary,
    tables: &[Table<'_>],
    problems: &mut Vec<Problem>,
) -> Vec<Node> {
    let field = |path| vocabulary.by_path(path).map(|f| f.id);
    let mut builder = Builder {
        vocabulary,
        name: field("name"),
        code: field("code"),
        drafts: Vec::new(),
        named: BTreeMap::new(),
        unknown: 0,
        stray: BTreeMap::new(),
    };
    for table in tables {
        for held in table.merged_across() {
            problems.push(merged_across(held.place));
        }
        for held in table.above(vocabulary) {
            problems.push(above(held.place));
        }
    }
    let is_main = |table: &&Table<'_>| {
        let wanted =
            |m: &Meaning| matches!(m, Meaning::Builtin(Builtin::Submitted | Builtin::Stage));
        of_projects(table) && table.with(wanted).next().is_some()
    };
    let mains: Vec<&Table<'_>> = tables.iter().filter(is_main).collect();
    // Without the columns that every project needs, the first table says which projects there are.
    let first = tables.iter().find(|table| of_projects(table));
    let mains = if mains.is_empty() {
        first.into_iter().collect()
    } else {
        mains
    };
    for table in &mains {
        let rows = data_rows(table, problems);
        let absent = absent(vocabulary, table, &rows);
        let before = builder.drafts.len();
        for row in rows {
            builder.project(table, row, problems);
        }
        let drafts = builder.drafts.get_mut(before..).unwrap_or_default();
        for column in absent {
            // What is said once of the table is not said again of each project.
            for draft in &mut *drafts {
                draft.entries.push(column.unread(draft.place));
            }
            problems.extend(column.problem(drafts.len()));
        }
    }
    for table in tables {
        if mains.iter().any(|main| std::ptr::eq(*main, table)) {
            continue;
        }
        for row in data_rows(table, problems) {
            builder.further(table, row, problems);
        }
    }
    builder.finish(problems)
}

fn of_projects(table: &Table<'_>) -> bool {
    matches!(table.about, About::Projects | About::Group(_))
}

impl Builder<'_> {
    /// Reads a row that is a project.
    fn project(&mut self, table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) {
        let mut draft = Draft {
            place: table.start(row).map_or(Place::Nowhere, |held| held.place),
            names: Vec::new(),
            entries: Vec::new(),
            lists: Lists::default(),
            supports: Vec::new(),
        };
        let names = table.with(|m| self.is_name(m));
        draft.names = names
            .filter_map(|column| Some(key_of(table.at(row, column)?)))
            .filter(|key| !key.is_empty())
            .collect();
        self.cells(table, row, true, &mut draft, problems);
        if draft.entries.is_empty() && draft.lists.is_empty() {
            return;
        }
        for name in &draft.names {
            let same = self.named.entry(name.clone()).or_default();
            if same.last() != Some(&self.drafts.len()) {
                same.push(self.drafts.len());
            }
        }
        self.drafts.push(draft);
    }

    fn is_name(&self, meaning: &Meaning) -> bool {
        match meaning {
            Meaning::Builtin(Builtin::Id) | Meaning::Project => true,
            Meaning::Field(id) => Some(*id) == self.name || Some(*id) == self.code,
            _ => false,
        }
    }

    /// Reads a row that belongs to a project of another table.
    fn further(&mut self, table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) {
        let has_data = table.own(row).iter().any(|held| {
            table
                .columns
                .iter()
                .any(|c| c.number == held.column && c.meaning != Meaning::Ignored)
        });
        if !has_data {
            return;
        }
        let Some(index) = self.owner(table, row, problems) else {
            if let About::Records(list) = table.about {
                let place = table.start(row).map_or(Place::Nowhere, |held| held.place);
                self.stray.entry(list).or_insert(place);
            }
            return;
        };
        match table.about {
            About::Projects | About::Group(_) => {
                let vacant = Draft {
                    place: Place::Nowhere,
                    names: Vec::new(),
                    entries: Vec::new(),
                    lists: Lists::default(),
                    supports: Vec::new(),
                };
                let Some(slot) = self.drafts.get_mut(index) else {
                    return;
                };
                let mut draft = std::mem::replace(slot, vacant);
                self.cells(table, row, false, &mut draft, problems);
                if let Some(slot) = self.drafts.get_mut(index) {
                    *slot = draft;
                }
            }
            About::Records(list) => {
                let record = record(self.vocabulary, table, row, problems);
                if let Some(draft) = self.drafts.get_mut(index) {
                    draft.lists.add(list, record);
                }
            }
            About::Supports => {
                let link = link(table, row, problems);
                if let Some(draft) = self.drafts.get_mut(index) {
                    draft.supports.extend(link);
                }
            }
        }
    }

    /// The project to which a row belongs.
    fn owner(&mut self, table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) -> Option<usize> {
        let is_records = !of_projects(table);
        let keys: Vec<&Held> = table
            .with(|m| *m == Meaning::Project || !is_records && self.is_name(m))
            .filter_map(|column| table.at(row, column))
            .collect();
        let place = table.start(row).map_or(Place::Nowhere, |held| held.place);
        if keys.is_empty() {
            if self.drafts.len() == 1 {
                return Some(0);
            }
            problems.push(
                Problem::error(
                    "hegui::sheet::which_project",
                    place,
                    Text::new(
                        "这一行没有写明属于哪个项目，未读取",
                        "this row does not say to which project it belongs and was not read",
                    ),
                )
                .help(Text::new(
                    "请在“所属项目”列填写项目的编号、名称或代码",
                    "write the project's id, name or code in the column `project`",
                )),
            );
            return None;
        }
        let key = keys.first()?;
        let matches = |index: &usize| {
            let draft = self.drafts.get(*index);
            draft.is_some_and(|draft| keys.iter().all(|held| draft.names.contains(&key_of(held))))
        };
        let named = self.named.get(&key_of(key)).into_iter().flatten();
        let mut found = named.copied().filter(matches);
        let (first, second) = (found.next(), found.next());
        let written = shown(key.cell.shown());
        match (first, second) {
            (Some(first), None) => Some(first),
            (Some(_), Some(_)) => {
                problems.push(
                    Problem::error(
                        "hegui::sheet::which_project",
                        key.place,
                        text!(
                            "有几个项目都叫 `{written}`，这一行未读取",
                            "several projects are called `{written}`, so this row was not read"
                        ),
                    )
                    .help(Text::new(
                        "请填写项目编号或项目代码",
                        "write the project's id or code instead",
                    )),
                );
                None
            }
            (None, _) => {
                self.unknown += 1;
                let names = self.named.keys().map(String::as_str);
                let near = (self.unknown <= ADVISED)
                    .then(|| nearest(&key_of(key), names))
                    .flatten();
                let help = near.map(|near| text!("是否为 `{near}`？", "did you mean `{near}`?"));
                problems.push(
                    Problem::error(
                        "hegui::sheet::which_project",
                        key.place,
                        text!(
                            "项目表中没有 `{written}`，这一行未读取",
                            "no project is called `{written}`, so this row was not read"
                        ),
                    )
                    .maybe_help(help),
                );
                None
            }
        }
    }

    /// Reads the cells of a row of a table of projects.
    fn cells(
        &self,
        table: &Table<'_>,
        row: u32,
        own_table: bool,
        draft: &mut Draft,
        problems: &mut Vec<Problem>,
    ) {
        let vocabulary = self.vocabulary;
        let mut grouped: BTreeMap<u16, Vec<Entry>> = BTreeMap::new();
        for column in &table.columns {
            let Some(held) = table.at(row, column) else {
                continue;
            };
            // What names the project in a further table says nothing new.
            if !own_table && self.is_name(&column.meaning) {
                continue;
            }
            match &column.meaning {
                Meaning::Field(id) => {
                    let Some(field) = vocabulary.field(*id) else {
                        continue;
                    };
                    if field.kind == FieldType::Records {
                        draft.lists.state(field, column, held, problems);
                    } else if let Some(node) =
                        values::node(For::Field(vocabulary, field), column, held, problems)
                    {
                        draft.entries.push(entry(field.path.clone(), column, node));
                    }
                }
                Meaning::Builtin(builtin) => {
                    let wanted = match builtin {
                        Builtin::Id => For::Text,
                        Builtin::Supports | Builtin::DependsOn => For::Texts,
                        Builtin::Submitted => For::Day,
                        _ => For::Any,
                    };
                    if let Some(node) = values::node(wanted, column, held, problems) {
                        let (name, _) = builtin.name();
                        draft.entries.push(entry(name.to_owned(), column, node));
                    }
                }
                Meaning::Complete(group) => {
                    let path = vocabulary.group(*group).map_or("", |g| g.path.as_str());
                    if let Some(node) = values::node(For::Any, column, held, problems) {
                        draft
                            .entries
                            .push(entry(format!("{path}.complete"), column, node));
                    }
                }
                Meaning::Project => {
                    // In the table that says which projects there are, it is the name of one.
                    if own_table && let Some(node) = values::node(For::Text, column, held, problems)
                    {
                        let name =
                            |m: &Meaning| matches!(m, Meaning::Field(id) if Some(*id) == self.name);
                        let has_name = table.with(name).next().is_some();
                        let key = if has_name { "id" } else { "name" };
                        draft.entries.push(entry(key.to_owned(), column, node));
                    }
                }
                Meaning::Unknown => unknown(column, held, &mut grouped, draft, problems),
                Meaning::Word(_) | Meaning::RecordComplete | Meaning::Ignored => {}
            }
        }
        for (group, entries) in grouped {
            let path = vocabulary.group(group).map_or("", |g| g.path.as_str());
            let place = entries.first().map_or(Place::Nowhere, |e| e.place);
            draft.entries.push(Entry {
                key: path.to_owned(),
                place,
                node: Node {
                    datum: Datum::Table(entries),
                    place,
                },
            });
        }
    }

    fn finish(self, problems: &mut Vec<Problem>) -> Vec<Node> {
        let Self {
            vocabulary,
            drafts,
            stray,
            ..
        } = self;
        let mut items = Vec::with_capacity(drafts.len());
        for mut draft in drafts {
            for (list, place) in &stray {
                // One row is missing somewhere: no project's list is known to be whole.
                draft.lists.doubt(*list, *place);
            }
            let lists = std::mem::take(&mut draft.lists);
            draft.entries.extend(lists.finish(vocabulary, problems));
            if !draft.supports.is_empty() {
                let place = draft.supports.first().map_or(Place::Nowhere, |n| n.place);
                let supports = std::mem::take(&mut draft.supports);
                let known = draft.entries.iter_mut().find(|e| e.key == "supports");
                match known.map(|e| &mut e.node.datum) {
                    // Ids in the project's row and details in a sheet of their own belong together.
                    Some(Datum::List(items)) => joined(items, supports),
                    _ => draft.entries.push(listed("supports", place, supports)),
                }
            }
            items.push(Node {
                datum: Datum::Table(draft.entries),
                place: draft.place,
            });
        }
        items
    }
}

/// A cell as a key is compared.
pub(super) fn key_of(held: &Held) -> String {
    folded(held.cell.shown()).into_owned()
}

fn unknown(
    column: &Column,
    held: &Held,
    grouped: &mut BTreeMap<u16, Vec<Entry>>,
    draft: &mut Draft,
    problems: &mut Vec<Problem>,
) {
    let node = Node {
        datum: Datum::Text(held.cell.shown().to_owned()),
        place: held.place,
    };
    if column.text.is_empty() && column.group.is_none() {
        problems.push(no_heading(column, held.place));
        return;
    }
    let key = if column.text.is_empty() {
        // A topic stands above it, of which it may be a field.
        column_name(column.number)
    } else {
        column.text.clone()
    };
    let place = if column.text.is_empty() {
        held.place
    } else {
        column.place
    };
    let entry = Entry { key, place, node };
    match column.group {
        Some(group) => grouped.entry(group).or_default().push(entry),
        None => draft.entries.push(entry),
    }
}

#[cfg(test)]
mod tests {
    use crate::base::book::Merge;
    use crate::intake::fixture::fact;
    use crate::intake::sheet::fixture::{Rows, book, read_sheets, sheet};

    #[test]
    fn records_belong_to_the_project_they_name() {
        let read = book(&[
            (
                "项目表",
                &[
                    "项目编号|项目名称|申报日期|办理环节|锅炉",
                    "a|甲厂|@2024-06-01|备案|有",
                    "b|乙厂|@2024-06-01|备案|无",
                    "c|丙厂|@2024-06-01|备案|",
                ],
            ),
            (
                "锅炉",
                &[
                    "所属项目|编号|额定容量|燃料|填报完整",
                    "甲厂|1号|6|天然气|是",
                    "a|2号|10 t/h||",
                ],
            ),
        ]);
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(read.projects[0].id, "a");
        assert_eq!(read.fact("boilers"), "2 项");
        assert_eq!(read.fact("boilers[1].nox"), "silent closed");
        assert_eq!(read.fact("boilers[2].capacity"), "10 蒸吨/h");
        let list = |index: usize| fact(&read.vocabulary, &read.projects[index], "boilers");
        assert_eq!((list(1), list(2)), ("0 项".into(), "missing".into()));
    }

    #[test]
    fn a_record_of_no_project_leaves_every_list_unknown() {
        let head: Rows<'_> = (
            "项目表",
            &[
                "项目名称|申报日期|办理环节",
                "甲厂区|@2024-06-01|备案",
                "乙厂区|@2024-06-01|备案",
            ],
        );
        let read = book(&[
            head,
            ("锅炉", &["所属项目|额定容量", "甲厂区|6", "乙厂曲|4"]),
        ]);
        assert_eq!(read.found(), ["which_project｜乙厂曲"]);
        assert_eq!(read.help(), "是否为 `乙厂区`？");
        for project in &read.projects {
            assert_eq!(fact(&read.vocabulary, project, "boilers"), "unreadable");
        }
        let read = book(&[head, ("锅炉", &["所属项目|额定容量", "甲厂区|6", "|4"])]);
        assert_eq!(read.found(), ["which_project｜4"]);
        assert_eq!(read.fact("boilers"), "unreadable");
    }

    #[test]
    fn a_merged_project_cell_counts_for_each_of_its_rows() {
        let mut boilers = sheet(&("锅炉", &["所属项目|额定容量", "甲厂|6", "|4", "乙厂|2"]));
        boilers.merges.push(Merge {
            first: (1, 0),
            last: (2, 0),
        });
        let head = sheet(&(
            "项目表",
            &[
                "项目名称|申报日期|办理环节",
                "甲厂|@2024-06-01|备案",
                "乙厂|@2024-06-01|备案",
            ],
        ));
        let read = read_sheets(vec![head, boilers]);
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(read.fact("boilers"), "2 项");
    }

    #[test]
    fn a_sheet_of_a_topic_adds_to_the_project_it_names() {
        let read = book(&[
            (
                "项目表",
                &[
                    "项目名称|申报日期|办理环节",
                    "甲厂|@2024-06-01|备案",
                    "乙厂|@2024-06-01|备案",
                ],
            ),
            (
                "能源情况",
                &[
                    "项目名称|原煤|电力（万kWh）|填报完整",
                    "乙厂|5||",
                    "甲厂||3|是",
                ],
            ),
        ]);
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(read.fact("energy.electricity"), "30,000 kWh/年");
        assert_eq!(read.fact("energy.raw_coal"), "0 t/年 closed");
    }
}
