//! What workbooks and tables are read as, and what is said of their mistakes.

use super::*;
use crate::base::book::{Book, Cell, Held, Merge};
use crate::base::source::{SourceId, Sources, Span};
use crate::intake::fixture::{self, Read, fact, found, with_expected};
use crate::intake::{Format, read_office, read_projects};

type Rows<'a> = (&'a str, &'a [&'a str]);

/// A sheet from rows with `|` between cells: `=x` has no result, `#x` is an error, `@x` a day, `'x` a text, digits a number.
fn sheet((name, rows): &Rows<'_>) -> Sheet {
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
                Some('@') => Cell::Date(cell[1..].to_owned()),
                Some('\'') => Cell::Text(cell[1..].to_owned()),
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

fn added(sheets: Vec<Sheet>, sources: &mut Sources, name: &str) -> SourceId {
    sources.add_book(name, Book::new(sheets))
}

fn read_sheets(sheets: Vec<Sheet>) -> Read {
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

fn book(sheets: &[Rows<'_>]) -> Read {
    read_sheets(sheets.iter().map(sheet).collect())
}

/// One row under the required headings and others.
fn row(headings: &str, cells: &str) -> Read {
    book(&[(
        "项目表",
        &[
            &format!("项目名称|申报日期|办理环节|{headings}"),
            &format!("甲厂|@2024-06-01|开工前|{cells}"),
        ],
    )])
}

#[track_caller]
fn check(headings: &str, cells: &str, path: &str, shown: &str, problems: &[&str]) {
    let read = row(headings, cells);
    assert_eq!(read.found(), problems, "{headings} / {cells}");
    assert_eq!(read.fact(path), shown, "{headings} / {cells}");
}

fn names(read: &Read) -> Vec<&str> {
    read.projects.iter().map(|p| p.name.as_str()).collect()
}

#[test]
fn headings_are_known_by_label_path_alias_and_in_both_languages() {
    for heading in [
        "用地面积",
        "land.area",
        "用地.用地面积",
        "用地·用地面积",
        "land area",
        "*用地面积：",
        "用 地\n面 积",
        "用地面积（必填）",
        "用地面积（亩）",
        "用地面积(亩，必填)",
        "用地面积[单位：亩]",
        "用地面积/亩",
    ] {
        check(heading, "12.6", "land.area", "12.6 亩", &[]);
    }
}

#[test]
fn a_figure_takes_the_unit_of_its_cell_then_of_its_heading_then_of_the_field() {
    check("用地面积（公顷）", "12.6", "land.area", "189 亩", &[]);
    check("用地面积（公顷）", "'１２．６", "land.area", "189 亩", &[]);
    check("用地面积（公顷）", "12.6亩", "land.area", "12.6 亩", &[]);
    check("用地面积（公顷）", "10–12", "land.area", "150–180 亩", &[]);
    check("总投资（元）", "1.2万", "total_investment", "1.2 万元", &[]);
    check(
        "电力（万kWh/年）",
        "3",
        "energy.electricity",
        "30,000 kWh/年",
        &[],
    );
    check(
        "用地面积（公顷）",
        "'12.6 吨",
        "land.area",
        "unreadable",
        &["quantity｜12.6 吨"],
    );
}

#[test]
fn a_heading_with_something_that_is_no_unit_leaves_bare_figures_unknown() {
    for heading in ["用地面积（吨）", "总投资（万美元）"] {
        let path = if heading.starts_with('用') {
            "land.area"
        } else {
            "total_investment"
        };
        check(
            heading,
            "12",
            path,
            "unreadable",
            &[&format!("heading_unit｜{heading}")],
        );
    }
    check("用地面积（吨）", "12 亩", "land.area", "12 亩", &[]);
}

#[test]
fn a_row_of_units_below_the_headings_is_read() {
    let read = book(&[(
        "项目表",
        &[
            "项目申报汇总表",
            "项目名称|申报日期|办理环节|用地面积|总投资",
            "|||公顷|亿元",
            "甲厂|2024/6/1|备案|2|1",
        ],
    )]);
    assert_eq!(read.found(), [""; 0]);
    assert_eq!(
        (read.fact("land.area"), read.fact("total_investment")),
        ("30 亩".into(), "10,000 万元".into())
    );
}

#[test]
fn values_are_read_as_people_write_them_in_cells() {
    for day in [
        "@2025-03-01",
        "2025年3月1日",
        "2025-03-01",
        "2025/3/1",
        "２０２５．３．１",
    ] {
        check("立项日期", day, "dates.filing", "2025-03-01", &[]);
    }
    for yes in ["是", "√", "有", "√√", "Y"] {
        check("绿电", yes, "energy.green", "是", &[]);
    }
    for no in ["否", "×", "无"] {
        check("绿电", no, "energy.green", "否", &[]);
    }
    check("主要燃料", "天然气", "energy.fuel", "天然气", &[]);
    check("行业代码", "3216", "industry.code", "3216 铝冶炼", &[]);
    check(
        "行业代码",
        "3216 铝冶炼",
        "industry.code",
        "3216 铝冶炼",
        &[],
    );
    check(
        "工艺",
        "熔铸、压延；热处理",
        "industry.processes",
        "熔铸、压延、热处理",
        &[],
    );
    check("工艺", "无", "industry.processes", "", &[]);
    check("其他行业代码", "3216", "industry.other_codes", "3216", &[]);
    check("项目代码", "2404", "code", "2404", &["project_code｜2404"]);
}

#[test]
fn a_cell_that_cannot_be_read_is_unknown_and_its_place_is_told() {
    check(
        "用地面积",
        "=C2*2",
        "land.area",
        "unreadable",
        &["uncomputed｜=C2*2"],
    );
    check(
        "用地面积",
        "#N/A",
        "land.area",
        "unreadable",
        &["error_value｜#N/A"],
    );
    check("用地面积", "/", "land.area", "missing", &["placeholder｜/"]);
    check(
        "用地面积",
        "无",
        "land.area",
        "unreadable",
        &["quantity｜无"],
    );
    check(
        "项目代码",
        "2405201105650100000000",
        "code",
        "unreadable",
        &["lost_digits｜2405201105650100000000"],
    );
    check(
        "立项日期",
        "45717",
        "dates.filing",
        "unreadable",
        &["wrong_type｜45717"],
    );
    let read = row("用地面积", "#N/A");
    let place = read.sources.describe(read.problems[0].place());
    assert_eq!(place.as_deref(), Some("申报.xlsx:项目表!D2"));
    let read = book(&[(
        "项目表",
        &["项目名称|申报日期|办理环节", "甲厂|=TODAY()|备案"],
    )]);
    assert_eq!(read.found(), ["uncomputed｜=TODAY()"]);
    assert_eq!(read.projects[0].submitted, None);
}

#[test]
fn an_unreadable_cell_of_a_closed_group_is_not_closed_to_nothing() {
    for cell in ["=A1", "#REF!"] {
        let read = row("原煤|电力|能源填报完整", &format!("{cell}||是"));
        assert_eq!(
            (
                read.fact("energy.raw_coal"),
                read.fact("energy.electricity")
            ),
            ("unreadable".into(), "0 kWh/年 closed".into())
        );
    }
    // A csv file has the same law.
    let csv = fixture::read(
        "项目名称,申报日期,办理环节,原煤（亩）,能源填报完整\n甲厂,2024-06-01,备案,5,是\n",
        Format::Csv,
    );
    assert_eq!(csv.fact("energy.raw_coal"), "unreadable");
    assert_eq!(csv.found(), ["heading_unit｜原煤（亩）"]);
}

#[test]
fn groups_are_closed_by_their_own_column() {
    for heading in ["能源填报完整", "energy.complete", "energy group complete"] {
        check(heading, "是", "energy.raw_coal", "0 t/年 closed", &[]);
        check(heading, "否", "energy.raw_coal", "missing", &[]);
    }
    let read = row("能源填报完整", "是");
    let field = read.vocabulary.by_path("energy.raw_coal").unwrap().id;
    let fact = crate::model::project::FactRef::project(field);
    let origin = read.projects[0].find(&read.vocabulary, fact).unwrap();
    let place = read.sources.describe(origin.origin.place());
    assert_eq!(place.as_deref(), Some("申报.xlsx:项目表!D2"));
}

#[test]
fn an_unknown_heading_is_told_once_and_its_group_is_not_closed() {
    let read = book(&[(
        "项目表",
        &[
            "项目名称|申报日期|办理环节|原煤炭|能源填报完整",
            "甲厂|@2024-06-01|备案|3|是",
            "乙厂|@2024-06-01|备案||是",
            "丙厂|@2024-06-01|备案|4|是",
        ],
    )]);
    assert_eq!(
        read.found(),
        ["unknown_field｜原煤炭", "not_closed｜是", "not_closed｜是"]
    );
    let help = read.problems[0].help.as_ref().unwrap();
    assert_eq!(help.zh, "是否为 `energy.raw_coal`（原煤）？");
    let shown = |index: usize| fact(&read.vocabulary, &read.projects[index], "energy.raw_coal");
    assert_eq!(
        [shown(0), shown(1), shown(2)],
        ["missing", "0 t/年 closed", "missing"]
    );
}

#[test]
fn a_heading_that_stands_twice_is_told_and_unreadable() {
    check(
        "用地面积|用地面积（亩）",
        "5|6",
        "land.area",
        "unreadable",
        &["given_twice｜用地面积｜用地面积（亩）"],
    );
    check("用地面积|用地面积（亩）", "5|", "land.area", "5 亩", &[]);
}

#[test]
fn topics_above_the_headings_say_which_group_is_meant() {
    let rows: &[&str] = &[
        "某区项目汇总",
        "|||能源|||用地",
        "项目名称|申报日期|办理环节|原煤|电力|填报完整|用地面积|填报完整",
        "甲厂|@2024-06-01|备案|3||是|5|是",
    ];
    let plain = book(&[("Sheet1", rows)]);
    let mut merged = sheet(&("Sheet1", rows));
    merged.merges = vec![
        Merge {
            first: (1, 3),
            last: (1, 5),
        },
        Merge {
            first: (1, 6),
            last: (1, 7),
        },
    ];
    for read in [plain, read_sheets(vec![merged])] {
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(read.fact("energy.electricity"), "0 kWh/年 closed");
        assert_eq!(read.fact("land.farmland"), "0 亩 closed claim");
    }
}

#[test]
fn headings_merged_over_two_rows_and_blank_rows_and_totals_are_seen_through() {
    let mut sheet = sheet(&(
        "汇总",
        &[
            "2024年项目汇总表",
            "",
            "序号|项目名称|申报日期|办理环节|用地|",
            "||||用地面积（亩）|用地方式",
            "1|甲厂|@2024-06-01|备案|5|天然气",
            "",
            "序号|项目名称|申报日期|办理环节|用地面积（亩）|用地方式",
            "2|乙厂|@2024-06-01|备案|6|",
            "合计||||11|",
            "注：面积以批复为准",
        ],
    ));
    for column in 0..4 {
        sheet.merges.push(Merge {
            first: (2, column),
            last: (3, column),
        });
    }
    sheet.merges.push(Merge {
        first: (2, 4),
        last: (2, 5),
    });
    let read = read_sheets(vec![sheet]);
    assert_eq!(
        read.found(),
        ["row_not_read｜合计", "row_not_read｜注：面积以批复为准"]
    );
    assert_eq!(names(&read), ["甲厂", "乙厂"]);
    assert_eq!(read.fact("land.area"), "5 亩");
}

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
fn a_column_without_a_heading_is_told_and_may_belong_to_its_topic() {
    let read = row("用地面积|", "5|已核");
    assert_eq!(read.found(), ["column_without_heading｜已核"]);
    let read = book(&[(
        "项目表",
        &[
            "|||能源||",
            "项目名称|申报日期|办理环节|原煤||填报完整",
            "甲厂|@2024-06-01|备案|3|4|是",
        ],
    )]);
    assert_eq!(read.found(), ["unknown_field｜4", "not_closed｜是"]);
    assert_eq!(read.fact("energy.electricity"), "missing");
}

#[test]
fn a_cell_merged_across_columns_counts_for_the_first() {
    let mut main = sheet(&(
        "项目表",
        &[
            "项目名称|申报日期|办理环节|原煤|电力",
            "甲厂|@2024-06-01|备案|3|",
        ],
    ));
    main.merges.push(Merge {
        first: (1, 3),
        last: (1, 4),
    });
    let read = read_sheets(vec![main]);
    assert_eq!(read.found(), ["merged_across｜3"]);
    assert_eq!(read.fact("energy.electricity"), "missing");
}

#[test]
fn a_workbook_without_projects_is_a_problem() {
    assert_eq!(book(&[]).found(), ["no_project｜∅"]);
    assert_eq!(
        book(&[("项目表", &["项目名称|申报日期|办理环节"])]).found(),
        ["no_project｜∅"]
    );
    let read = book(&[("项目表", &["项目名称|用地面积", "甲厂|5"])]);
    assert_eq!(read.found(), ["missing_required｜甲厂"; 2]);
}

#[test]
fn a_form_with_labels_beside_values_is_not_taken_for_a_table() {
    let read = book(&[(
        "申报表",
        &[
            "项目名称|甲厂|项目代码|2404",
            "申报日期|@2024-06-01|办理环节|备案",
        ],
    )]);
    assert_eq!(read.projects.len(), 0);
    assert_eq!(read.found(), ["no_heading｜项目名称", "no_project｜∅"]);
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
}
