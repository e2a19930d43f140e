//! Submissions in workbooks and tables of separated values: from cells to the tree that all formats are read into.
//!
//! A table has a row for each project; further sheets hold topics and records, whose rows say to which project they
//! belong. It knows headings and cells; the values are read from the tree, as from every other format.

mod absent;
#[cfg(test)]
mod fixture;
mod heading;
mod layout;
mod projects;
mod records;
mod replies;
mod rows;
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
            Some(table) if !sheet.hidden => tables.push(table),
            Some(table) if table.rows().next().is_some() => problems.push(
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
            ),
            None if !sheet.hidden && source.book.is_some() => {
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
            Some(_) | None => {}
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
mod tests {
    use super::fixture::{Rows, added, book, names, read_sheets, sheet};
    use crate::base::source::Sources;
    use crate::intake::Format;
    use crate::intake::fixture::{self, with_expected};

    #[test]
    fn hidden_sheets_and_sheets_without_headings_are_told_and_guides_are_not() {
        let mut hidden = sheet(&(
            "旧表",
            &["项目名称|申报日期|办理环节", "丙|@2024-06-01|备案"],
        ));
        hidden.hidden = true;
        let main = sheet(&(
            "项目表",
            &["项目名称|申报日期|办理环节", "甲厂|@2024-06-01|备案"],
        ));
        let other = sheet(&("联系方式", &["电话", "123"]));
        let boilers = sheet(&("锅炉", &["容量大小|甲|乙", "6|1|1"]));
        let guide = sheet(&("填表说明", &["每个项目一行"]));
        let read = read_sheets(vec![main, hidden, other, boilers, guide]);
        assert_eq!(
            read.found(),
            [
                "hidden｜项目名称",
                "no_heading｜电话",
                "no_heading｜容量大小"
            ]
        );
        assert_eq!(names(&read), ["甲厂"]);
    }

    #[test]
    fn a_workbook_without_projects_is_a_problem() {
        assert_eq!(book(&[]).found(), ["no_project｜∅"]);
        assert_eq!(
            book(&[("项目表", &["项目名称|申报日期|办理环节"])]).found(),
            ["no_project｜∅"]
        );
        let read = book(&[("项目表", &["项目名称|用地面积", "甲厂|5"])]);
        assert_eq!(read.found(), ["missing_column｜项目名称"; 2]);
    }

    #[test]
    fn an_id_used_twice_names_the_cells_of_both_rows() {
        let table = sheet(&(
            "项目表",
            &[
                "项目编号|项目名称|申报日期|办理环节",
                "a|甲厂|@2024-06-01|备案",
                "b|乙厂|@2024-06-01|备案",
                "a|丙厂|@2024-06-01|备案",
                "a|丁厂|@2024-06-01|备案",
            ],
        ));
        let read = read_sheets(vec![table]);
        let places = |labels: &[crate::base::problem::Label]| -> Vec<String> {
            let named = labels.iter().map(|l| read.sources.describe(l.place));
            named.map(Option::unwrap_or_default).collect()
        };
        let twice: Vec<_> = read
            .problems
            .iter()
            .filter(|p| p.code == "hegui::intake::duplicate_id")
            .map(|p| (places(&p.labels), p.message.zh.as_str()))
            .collect();
        let at = |cell: &str| format!("申报.xlsx:项目表!{cell}");
        assert_eq!(
            twice,
            [
                (
                    vec![at("A4"), at("A2")],
                    "项目编号 `a` 重复：项目表!A2 和 项目表!A4"
                ),
                (
                    vec![at("A5"), at("A2")],
                    "项目编号 `a` 重复：项目表!A2 和 项目表!A5"
                ),
            ]
        );
        let text =
            "项目编号,项目名称,申报日期,办理环节\na,甲厂,2024-06-01,备案\na,乙厂,2024-06-01,备案\n";
        let read = fixture::read(text, Format::Csv);
        let labels = read.problems[0].labels.iter();
        let places: Vec<_> = labels
            .filter_map(|l| read.sources.describe(l.place))
            .collect();
        assert_eq!(places, ["p:3:1", "p:2:1"]);
    }

    #[test]
    fn a_csv_file_is_one_table_with_places_by_line() {
        let text = "2024年项目\n项目名称,申报日期,办理环节,用地面积（公顷）,备注\n甲厂,2024年6月1日,备案,\"1,2\",好\n乙厂,2024-06-01,开工,吨,\n";
        let read = fixture::read(text, Format::Csv);
        assert_eq!(read.found(), ["quantity｜\"1,2\"", "quantity｜吨"]);
        assert_eq!(names(&read), ["甲厂", "乙厂"]);
        assert_eq!(
            read.sources.describe(read.problems[1].place()).as_deref(),
            Some("p:4:18")
        );
    }

    #[test]
    fn a_workbook_and_toml_of_the_same_content_give_equal_facts() {
        let toml = fixture::toml(
            "name = \"甲\"\n[land]\narea = \"1 公顷\"\nfarmland = 0\n[energy]\ncomplete = true\n[[boilers]]\ncapacity = 6\nfuel = \"煤\"\n[[boilers]]\nnox = 30.0\ncomplete = true\n[industry]\ncode = \"C3216\"\nother_codes = [\"3252\"]\n[dates]\nfiling = 2024-01-02",
        );
        let book = book(&[
            (
                "项目表",
                &[
                    "项目名称|申报日期|办理环节|用地面积（公顷）|占用永久基本农田面积|能源填报完整|行业代码|其他行业代码|立项日期",
                    "甲|@2024-06-01|existing|1|0|√|C3216|3252|2024/1/2",
                ],
            ),
            (
                "锅炉",
                &[
                    "所属项目|额定容量|燃料|氮氧化物浓度|填报完整",
                    "甲|6|煤||",
                    "甲|||30|是",
                ],
            ),
        ]);
        assert_eq!((toml.found(), book.found()), (vec![], vec![]));
        assert_eq!(toml.facts(), book.facts());
    }

    #[test]
    fn only_tables_of_projects_look_like_submissions() {
        let looks = |sheets: &[Rows<'_>]| {
            let mut sources = Sources::default();
            let id = added(sheets.iter().map(sheet).collect(), &mut sources, "x.xlsx");
            with_expected(false, |expected| {
                crate::intake::holds_projects(sources.get(id).unwrap(), expected)
            })
            .0
        };
        assert!(looks(&[("x", &["项目名称|申报日期|办理环节", "a|b|c"])]));
        assert!(looks(&[("x", &["项目名称|用地面积|行业代码", "a|b|c"])]));
        assert!(!looks(&[("x", &["项目名称|电话", "a|b"])]));
        assert!(!looks(&[("x", &["industry.code|result", "a|b"])]));
        assert!(!looks(&[("锅炉", &["所属项目|额定容量|燃料", "a|b|c"])]));
        // Without a project, two words that are also headings make no list.
        assert_eq!(
            book(&[("x", &["燃料|编号", "煤|1"])]).found(),
            ["no_heading｜燃料", "no_project｜∅"]
        );
    }
}
