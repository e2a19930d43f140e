//! Workbooks and tables as submissions: what other programs write, what else lies in folders, and hostile files.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use hegui::base::book::{self, Cell};
use hegui::base::source::Sources;
use hegui::intake::{self, Format};
use hegui::judge::Engine;
use hegui::model::project::{Project, State, Value};
use rust_xlsxwriter::{Format as CellFormat, Formula, Workbook};
use zip::write::SimpleFileOptions;

use crate::program::{copy_sample, folder, run_in, write};
use crate::world::{root, samples, samples_world, settings};

/// How long a hostile workbook may take in an unoptimised program beside others.
const SOON: Duration = Duration::from_secs(30);

/// What a project states, without where it states it.
fn stated(project: &Project) -> Vec<String> {
    fn plain(state: &State) -> String {
        let State::Known(Value::Records(records)) = state else {
            return format!("{state:?}");
        };
        let mut all = String::from("records");
        for record in records {
            for fact in record.facts.iter() {
                write!(all, " {} {}", plain(&fact.state), fact.claim).unwrap();
            }
            all.push(';');
        }
        all
    }
    let vocabulary = &samples_world().packs.library.vocabulary;
    let mut all: Vec<String> = vocabulary
        .slots()
        .iter()
        .zip(project.facts.iter())
        .map(|(id, fact)| {
            let path = vocabulary.path(*id);
            format!("{path}: {} {}", plain(&fact.state), fact.claim)
        })
        .collect();
    let goals: Vec<&str> = project.supports.iter().map(|s| s.goal.as_str()).collect();
    all.push(format!(
        "{} {:?} {:?} {} {goals:?}",
        project.name,
        project.submitted.map(|s| s.date),
        project.stage,
        project.sample
    ));
    all
}

/// A sample's project as a workbook of `tests/workbooks` states it, and the problems.
fn project_of(sample: &str, tool: &str) -> (Project, Vec<String>) {
    let expected = samples_world().expected();
    let mut sources = Sources::default();
    let mut add = |name: String| {
        let bytes = fs::read(root().join("tests/workbooks").join(&name)).unwrap();
        let book = book::read_xlsx(&name, &bytes).unwrap();
        sources.add_book(name, book)
    };
    let submission = add(format!("{sample}.{tool}.xlsx"));
    let office = add(format!("{sample}.office.{tool}.xlsx"));
    let submission = sources.get(submission).unwrap();
    let (mut projects, mut problems) =
        intake::read_projects(submission, Format::Xlsx, sample, &expected);
    problems.extend(intake::read_office(
        sources.get(office).unwrap(),
        &expected,
        &mut projects,
    ));
    let told = problems
        .iter()
        .map(|p| format!("{} {}", p.code, p.message.en));
    (projects.remove(0), told.collect())
}

#[test]
fn workbooks_of_other_programs_are_judged_as_the_text_of_the_same_content() {
    let settings = settings();
    let engine = Engine::new(&samples_world().packs, &settings);
    for name in [
        "dairy-estate",
        "gas-heating-station",
        "silicon-plant-without-papers",
    ] {
        let sample = samples().iter().find(|s| s.name == name).unwrap();
        let text = sample.project();
        for tool in ["openpyxl", "libreoffice"] {
            let (project, told) = project_of(name, tool);
            let wanted: Vec<String> = sample
                .problems
                .iter()
                .map(|p| format!("{} {}", p.code, p.message.en))
                .collect();
            assert_eq!(told, wanted, "{name} {tool}");
            assert_eq!(stated(&project), stated(text), "{name} {tool}");
            let verdicts = |project: &Project| {
                let judged = engine.judge(project);
                let findings: Vec<_> = judged
                    .findings
                    .iter()
                    .map(|f| (usize::from(f.rule), f.verdict))
                    .collect();
                (judged.decision, findings)
            };
            assert_eq!(verdicts(&project), verdicts(text), "{name} {tool}");
        }
    }
}

/// A workbook of one sheet from rows of words.
fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("项目表").unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if let Some(formula) = cell.strip_prefix('=') {
                // As programs write it that do not calculate.
                let formula = Formula::new(formula).set_result("");
                sheet.write_formula(row, column, formula).unwrap();
            } else if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(row, column, number).unwrap();
            } else {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const HEAD: [&str; 4] = ["项目名称", "申报日期", "办理环节", "用地面积（亩）"];

#[test]
fn a_problem_in_a_cell_names_it_and_underlines_it() {
    let folder = folder("workbook-cells");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("项目表").unwrap();
    for (column, head) in (0..).zip(HEAD) {
        sheet.write_string(0, column, head).unwrap();
    }
    let date = CellFormat::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
    let hectares = CellFormat::new().set_num_format("0.0\"公顷\"");
    sheet.write_string(1, 0, "甲厂").unwrap();
    sheet
        .write_number_with_format(1, 1, 45809.0, &date)
        .unwrap();
    sheet.write_string(1, 2, "备案").unwrap();
    sheet.write_string(1, 3, "12 吨").unwrap();
    sheet.write_string(2, 0, "乙厂").unwrap();
    sheet
        .write_number_with_format(2, 1, 45809.0, &date)
        .unwrap();
    sheet.write_string(2, 2, "备案").unwrap();
    sheet
        .write_number_with_format(2, 3, 2.0, &hectares)
        .unwrap();
    write(&folder, "a.xlsx", book.save_to_buffer().unwrap());
    let ran = run_in(&folder, ["check", "a.xlsx", "--width", "60"], b"");
    assert_eq!(ran.code, 2);
    insta::assert_snapshot!(ran.err, @r"
    错误：单位 `吨` 表示质量，与此处不符
       ╭─[a.xlsx:项目表!D2]
     2 │ 甲厂 │ 2025-06-01 │ 备案 │ 12 吨
       ·                            ──┬──
       ·                              ╰── 用地面积
       ╰────
      办法  此处应填面积，可用单位：亩、公顷、m²、km²
      代码  hegui::intake::quantity
    ");
    let ran = run_in(&folder, ["check", "a.xlsx", "--format", "json"], b"");
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let problem = &report["problems"][0];
    assert_eq!(
        (
            problem["cell"].as_str(),
            problem["line"].as_u64(),
            problem["column"].as_u64()
        ),
        (Some("项目表!D2"), Some(2), Some(4))
    );
    assert_eq!(report["projects"][1]["submitted"], "2025-06-01");
}

#[test]
fn a_walk_reads_submissions_and_says_which_other_tables_it_left_out() {
    let folder = folder("workbook-walk");
    copy_sample("vegetable-greenhouse", &folder.join("sound"));
    let project: &[&[&str]] = &[&HEAD, &["甲厂", "2025年3月1日", "备案", "12"]];
    write(&folder, "批次/申报.xlsx", workbook(project));
    write(&folder, "批次/~$申报.xlsx", b"\x05user");
    write(
        &folder,
        "批次/预算.xlsx",
        workbook(&[&["科目", "金额"], &["设备", "12"]]),
    );
    let gbk = "项目名称,申报日期,办理环节,用地面积（公顷）\n乙厂,2025-03-01,备案,1.2\n";
    write(&folder, "批次/汇总.csv", encoding_rs::GBK.encode(gbk).0);
    write(&folder, "批次/电表读数.csv", "月份,读数\n1,2\n");
    write(&folder, "批次/旧表.xls", b"\xD0\xCF\x11\xE0");
    let ran = run_in(&folder, ["check", ".", "--lang", "zh"], b"");
    for words in [
        "【",
        "甲厂",
        "乙厂",
        "预算.xlsx",
        "电表读数.csv",
        "旧表.xls",
    ] {
        assert!(ran.out.contains(words), "{words}\n{}", ran.out);
    }
    assert!(!ran.out.contains("~$") && !ran.err.contains("~$"));
    assert_eq!(ran.err, "", "{}", ran.err);
    // Named by itself, a table without projects is a problem.
    let ran = run_in(&folder, ["check", "批次/预算.xlsx", "批次/旧表.xls"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hegui::sheet::no_project"), "{}", ran.err);
    assert!(ran.err.contains("hegui::gather::sheet"), "{}", ran.err);
}

#[test]
fn a_template_that_is_made_is_read_and_existing_files_are_left_alone() {
    let folder = folder("workbook-new");
    for (lang, file) in [("zh", "申报.xlsx"), ("en", "en/submission.xlsx")] {
        let ran = run_in(&folder, ["new", "workbook", file, "--lang", lang], b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("office.xlsx"), "{}", ran.out);
        let again = run_in(&folder, ["new", "workbook", file, "--lang", lang], b"");
        assert_eq!(again.code, 2);
        // It holds no project yet.
        let ran = run_in(&folder, ["check", file], b"");
        assert!(ran.err.contains("hegui::sheet::no_project"), "{}", ran.err);
    }
}

/// A package from its parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in parts {
        zip.start_file(*path, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const WORKBOOK: &str =
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"项目表\" r:id=\"a\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"s.xml\"/><Relationship Id=\"b\" Type=\"x/sharedStrings\" Target=\"t.xml\"/></Relationships>";

/// A workbook of one sheet and its shared strings, as XML.
fn raw(sheet: &str, strings: &str) -> Vec<u8> {
    package(&[
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/s.xml", sheet),
        ("xl/t.xml", strings),
    ])
}

fn sheet_xml(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

#[test]
fn hostile_workbooks_give_a_problem_soon() {
    let sound = workbook(&[&HEAD, &["甲厂", "2025-03-01", "备案", "12"]]);
    let half = sound.get(..sound.len() / 2).unwrap().to_vec();
    let mut blank_rows = String::new();
    for n in 1..=1_048_576 {
        write!(blank_rows, "<row r=\"{n}\"/>").unwrap();
    }
    let far = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    let huge = format!(
        "<worksheet><dimension ref=\"XFD1048576:A1\"/><sheetData>{far}</sheetData></worksheet>"
    );
    let formula = format!(
        "<row r=\"1\"><c r=\"A1\"><f>{}1{}</f></c></row>",
        "(".repeat(100_000),
        ")".repeat(100_000)
    );
    let deep = format!("<worksheet><sheetData>{}", "<row>".repeat(200_000));
    let counted =
        "<sst uniqueCount=\"99999999999999\" count=\"99999999999999\"><si><t>x</t></si></sst>";
    let index = sheet_xml("<row><c t=\"s\"><v>18446744073709551615</v></c></row>");
    let positions = sheet_xml(
        "<row r=\"99999999999\"><c r=\"ZZZZ99999999999\"><v>1</v></c><c r=\"A0\"><v>1</v></c></row>",
    );
    let shared =
        sheet_xml("<row><c><f t=\"shared\" si=\"99999999999999\" ref=\"A1:A9\">B1</f></c></row>");
    let bomb = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(257 << 20));
    let none = "<sst/>";
    let files: Vec<(&str, Vec<u8>, &str)> = vec![
        ("half", half, "hegui::workbook::unreadable"),
        ("text", b"name,x\n".to_vec(), "hegui::workbook::unreadable"),
        ("empty", Vec::new(), "hegui::workbook::unreadable"),
        (
            "package",
            package(&[("x.xml", "<a/>")]),
            "hegui::workbook::damaged",
        ),
        ("blank", raw(&sheet_xml(&blank_rows), none), ""),
        ("far", raw(&huge, none), ""),
        ("formula", raw(&sheet_xml(&formula), none), ""),
        ("deep", raw(&deep, none), "hegui::workbook::damaged"),
        ("counted", raw(&sheet_xml(far), counted), ""),
        ("index", raw(&index, none), ""),
        ("positions", raw(&positions, none), ""),
        ("shared", raw(&shared, none), ""),
        (
            "bomb",
            raw(&sheet_xml(far), &bomb),
            "hegui::workbook::too_large",
        ),
    ];
    let folder = folder("workbook-hostile");
    for (name, bytes, _) in &files {
        write(&folder, &format!("{name}.xlsx"), bytes);
    }
    let ran = run_in(&folder, ["check", "."], b"");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.took < SOON, "took {:?}", ran.took);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let told: Vec<&str> = ran.err.split("\n\n").collect();
    for (name, _, code) in &files {
        let named = format!("{name}.xlsx");
        if code.is_empty() {
            // Nothing in it looks like a submission, and a walk says so.
            assert!(ran.out.contains(&named), "{name}\n{}", ran.out);
            continue;
        }
        let problem = told.iter().find(|problem| problem.contains(&named));
        let problem = problem.unwrap_or_else(|| panic!("{name}\n{}", ran.err));
        assert!(problem.contains(code) && problem.len() < 2000, "{problem}");
    }
}

#[test]
fn no_change_of_a_byte_crashes_the_reader() {
    let sheet = "<worksheet xmlns:x=\"y\"><dimension ref=\"A1:D4\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"inlineStr\"><is><t>申报日期</t></is></c><c r=\"C1\" t=\"str\"><f>\"办理\"&amp;\"环节\"</f><v>办理环节</v></c></row><row r=\"2\"><c r=\"A2\" t=\"b\"><v>1</v></c><c r=\"B2\" s=\"1\"><v>45717</v></c><c r=\"C2\" t=\"e\"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells></worksheet>";
    let strings = "<sst><si><r><t>项目</t></r><r><t>名称</t></r><rPh><t>x</t></rPh></si></sst>";
    let expected = samples_world().expected();
    let start = Instant::now();
    let mut seed = 1_u64;
    let mut next = |limit: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % limit
    };
    for _ in 0..400 {
        let mut bytes = sheet.as_bytes().to_vec();
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            let byte = b"<>/\"=&;!0129AZaz\xE4\x00 "[next(19)];
            match next(3) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => {
                    bytes.remove(at);
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Ok(book) = book::read_xlsx("m.xlsx", &raw(&text, strings)) else {
            continue;
        };
        let mut sources = Sources::default();
        let id = sources.add_book("m.xlsx", book);
        let (_, problems) =
            intake::read_projects(sources.get(id).unwrap(), Format::Xlsx, "m", &expected);
        for problem in &problems {
            let _ = sources.describe(problem.place());
        }
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn both_date_systems_and_stored_results_of_formulas_are_read() {
    let sheet = "<worksheet><sheetData><row><c s=\"1\"><v>44255</v></c><c><f>1+1</f><v>2</v></c><c><f>1+1</f></c></row></sheetData></worksheet>";
    let bytes = package(&[
        (
            "xl/workbook.xml",
            "<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" r:id=\"a\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"a\" Type=\"x/worksheet\" Target=\"/xl/s.xml\"/><Relationship Id=\"s\" Type=\"x/styles\" Target=\"st.xml\"/></Relationships>",
        ),
        ("xl/s.xml", sheet),
        (
            "xl/st.xml",
            "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
        ),
    ]);
    let book = book::read_xlsx("a.xlsx", &bytes).unwrap();
    let cells: Vec<&Cell> = book.sheets[0].cells.iter().map(|held| &held.cell).collect();
    assert_eq!(
        cells,
        [
            &Cell::Date("2025-03-01".into()),
            &Cell::Number("2".into()),
            &Cell::Uncomputed("=1+1".into())
        ]
    );
}
