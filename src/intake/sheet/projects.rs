//! The rows of all tables as projects: which row belongs to which project, and what it says of it.
//!
//! A row that cannot be given to a project leaves the list that it belongs to unknown for all of them.

use std::collections::BTreeMap;

use super::heading::{About, Meaning};
use super::layout::{Column, Table};
use super::values::{self, For};
use crate::base::book::{Cell, Held, column_name};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::known::{Builtin, shown};
use crate::intake::value;
use crate::model::field::{Field, FieldId, FieldType, Vocabulary};
use crate::text;

/// A project that is being put together.
struct Draft {
    place: Place,
    /// Its id, name and code, as they are compared.
    names: Vec<String>,
    entries: Vec<Entry>,
    /// Per list: its records.
    records: BTreeMap<FieldId, Vec<Node>>,
    /// Per list: where the project's own row says whether there are any, and what it says.
    stated: BTreeMap<FieldId, (Place, Node, bool)>,
    supports: Vec<Node>,
}

struct Builder<'a> {
    vocabulary: &'a Vocabulary,
    name: Option<FieldId>,
    code: Option<FieldId>,
    drafts: Vec<Draft>,
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
        stray: BTreeMap::new(),
    };
    for table in tables {
        for held in table.merged_across() {
            problems.push(merged_across(held.place));
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
        for row in data_rows(table, problems) {
            builder.project(table, row, problems);
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

/// The rows that hold data; totals, notes and repeated headings are not.
pub(super) fn data_rows(table: &Table<'_>, problems: &mut Vec<Problem>) -> Vec<u32> {
    let mut rows = Vec::new();
    for row in table.rows() {
        if table.repeats(row) {
            continue;
        }
        match not_data(table, row) {
            Some(place) => problems.push(
                Problem::warning(
                    "hegui::sheet::row_not_read",
                    place,
                    Text::new(
                        "这一行像是合计或附注，未读取",
                        "this row looks like a total or a note and was not read",
                    ),
                )
                .help(Text::new(
                    "如果是项目，请改写首列",
                    "if it is a project, rename it",
                )),
            ),
            None => rows.push(row),
        }
    }
    rows
}

fn not_data(table: &Table<'_>, row: u32) -> Option<Place> {
    let own = table.own(row);
    let first = own.first()?;
    let Cell::Text(text) = &first.cell else {
        return None;
    };
    let text = folded(text);
    let total = ["合计", "总计", "小计", "total"].contains(&text.to_lowercase().as_str());
    let begins = [
        "注:",
        "注 ",
        "备注:",
        "说明:",
        "填表说明",
        "填表人",
        "note:",
    ];
    let lower = text.to_lowercase();
    let note = own.len() == 1 && begins.iter().any(|word| lower.starts_with(word));
    (total || note).then_some(first.place)
}

impl Builder<'_> {
    /// Reads a row that is a project.
    fn project(&mut self, table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) {
        let mut draft = Draft {
            place: table.start(row).map_or(Place::Nowhere, |held| held.place),
            names: Vec::new(),
            entries: Vec::new(),
            records: BTreeMap::new(),
            stated: BTreeMap::new(),
            supports: Vec::new(),
        };
        let names = table.with(|m| self.is_name(m));
        draft.names = names
            .filter_map(|column| Some(key_of(table.at(row, column)?)))
            .filter(|key| !key.is_empty())
            .collect();
        self.cells(table, row, true, &mut draft, problems);
        if draft.entries.is_empty() && draft.stated.is_empty() {
            return;
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
                    records: BTreeMap::new(),
                    stated: BTreeMap::new(),
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
                    draft.records.entry(list).or_default().extend(record);
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
    fn owner(&self, table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) -> Option<usize> {
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
        let matches = |draft: &Draft| keys.iter().all(|held| draft.names.contains(&key_of(held)));
        let mut found = (0..self.drafts.len()).filter(|i| self.drafts.get(*i).is_some_and(matches));
        let (first, second) = (found.next(), found.next());
        let key = keys.first()?;
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
                let names = self.drafts.iter().flat_map(|d| &d.names);
                let near = nearest(&key_of(key), names.map(String::as_str));
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
                        stated(field, column, held, draft, problems);
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
                        draft.entries.push(entry("id".to_owned(), column, node));
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
                draft.records.entry(*list).or_default().push(Node {
                    datum: Datum::Unread,
                    place: *place,
                });
            }
            for (list, (place, node, any)) in std::mem::take(&mut draft.stated) {
                let Some(field) = vocabulary.field(list) else {
                    continue;
                };
                if let Some(list_entry) =
                    reconciled(field, place, node, any, &mut draft.records, problems)
                {
                    draft.entries.push(list_entry);
                }
            }
            for (list, records) in draft.records {
                let Some(field) = vocabulary.field(list) else {
                    continue;
                };
                let place = records.first().map_or(Place::Nowhere, |r| r.place);
                draft.entries.push(Entry {
                    key: field.path.clone(),
                    place,
                    node: Node {
                        datum: Datum::List(records),
                        place,
                    },
                });
            }
            if !draft.supports.is_empty() {
                let place = draft.supports.first().map_or(Place::Nowhere, |n| n.place);
                let supports = std::mem::take(&mut draft.supports);
                let known = draft.entries.iter_mut().find(|e| e.key == "supports");
                match known.map(|e| &mut e.node.datum) {
                    // Ids in the project's row and details in a sheet of their own belong together.
                    Some(Datum::List(items)) => joined(items, supports),
                    _ => draft.entries.push(Entry {
                        key: "supports".to_owned(),
                        place,
                        node: Node {
                            datum: Datum::List(supports),
                            place,
                        },
                    }),
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

/// Adds detailed links to ids; an id that has details is not listed twice.
fn joined(items: &mut Vec<Node>, details: Vec<Node>) {
    let goal = |node: &Node| {
        let text = node.text().or_else(|| node.get("goal")?.text());
        text.map(|text| folded(text).into_owned())
    };
    items.retain(|item| !details.iter().any(|detail| goal(detail) == goal(item)));
    items.extend(details);
}

fn entry(key: String, column: &Column, node: Node) -> Entry {
    Entry {
        key,
        place: column.place,
        node,
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

/// What a project's own row says of a list: that there is nothing, or that records follow.
fn stated(
    field: &Field,
    column: &Column,
    held: &Held,
    draft: &mut Draft,
    problems: &mut Vec<Problem>,
) {
    let Some(node) = values::node(For::Any, column, held, problems) else {
        return;
    };
    let any = match &node.datum {
        Datum::Unread => None,
        Datum::Number(number) => Some(number.trim_matches(['0', '.']) != ""),
        Datum::Text(text) if values::is_none(&folded(text)) => Some(false),
        Datum::Text(text) if folded(text).starts_with('见') => Some(true),
        _ => value::boolean(&node),
    };
    let Some(any) = any else {
        // What could not be read was told of.
        if !matches!(node.datum, Datum::Unread) {
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
        }
        let broken = Node {
            datum: Datum::Unread,
            place: held.place,
        };
        draft.records.entry(field.id).or_default().push(broken);
        return;
    };
    draft.stated.insert(field.id, (column.place, node, any));
}

/// What the project's row and the list's sheet say together. The records stay for the caller if they agree.
fn reconciled(
    field: &Field,
    heading: Place,
    node: Node,
    any: bool,
    records: &mut BTreeMap<FieldId, Vec<Node>>,
    problems: &mut Vec<Problem>,
) -> Option<Entry> {
    let found = records.get(&field.id).map_or(0, Vec::len);
    let (zh, en) = (&field.label.zh, &field.label.en);
    let list = |items: Vec<Node>| Entry {
        key: field.path.clone(),
        place: heading,
        node: Node {
            datum: Datum::List(items),
            place: node.place,
        },
    };
    let count = match &node.datum {
        Datum::Number(number) => number.parse::<usize>().ok(),
        _ => None,
    };
    match (any, found) {
        (false, 0) => Some(list(Vec::new())),
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
            Some(list(vec![Node {
                datum: Datum::Unread,
                place: node.place,
            }]))
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
fn link(table: &Table<'_>, row: u32, problems: &mut Vec<Problem>) -> Option<Node> {
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

fn no_heading(column: &Column, place: Place) -> Problem {
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

fn merged_across(place: Place) -> Problem {
    Problem::warning(
        "hegui::sheet::merged_across",
        place,
        Text::new(
            "合并单元格横跨几列，只算作首列的值，其余各列按未填处理",
            "the merged cell spans several columns; it counts for the first of them, and the others are not filled in",
        ),
    )
    .help(Text::new(
        "请取消合并，逐列填写",
        "unmerge it and fill in each column",
    ))
}
