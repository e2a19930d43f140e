//! Large tables: a compiled form changes nothing but the time, and its cache is never an error.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::program::{Ran, folder, run_in, write};
use hegui::base::cache::Cache;
use hegui::base::source::Sources;
use hegui::rules::pack::{PackOrigin, Packs};
use hegui::rules::{PackFiles, PackText, load, load_with};

const PACK: &str = r#"
id = "access"
version = "1"
title = { zh = "准入", en = "access" }
authority = { zh = "某局", en = "an office" }
level = "office"
"#;

const FIELDS: &str = r#"
[[field]]
path = "unit"
type = "text"
label = { zh = "单元", en = "unit" }
provider = "applicant"
[[field]]
path = "area"
type = "number"
unit = "亩"
label = { zh = "面积", en = "area" }
provider = "applicant"
"#;

const INSTRUMENTS: &str = r#"
[[instrument]]
id = "list"
title = { zh = "清单", en = "list" }
number = "1"
issuer = { zh = "甲", en = "a" }
level = "law"
from = 2000-01-01
confidence = "official"
"#;

const TABLES: &str = r#"
[[table]]
id = "access-list"
title = { zh = "准入清单", en = "access list" }
hit = "unique"
keys = [
  { column = "unit", field = "unit", match = "exact" },
  { column = "area", field = "area", match = "range", unit = "亩" },
]
outputs = [
  { column = "allowed", type = "bool" },
  { column = "condition", type = "text" },
]
otherwise = "gap"
fillable = true
source = "list"
confidence = "official"
"#;

const RULE: &str = r#"
title = { zh = "准入", en = "access" }
kind = "limit"
due = "filing"
basis = [{ instrument = "list", article = "1" }]
require = "lookup('access-list', 'allowed')"
message = { zh = "不准入：{lookup('access-list', 'condition')}", en = "not allowed: {lookup('access-list', 'condition')}" }
remedy = { zh = "改", en = "mend" }
why = "why"
waivable_by = []
"#;

const ROWS: usize = 6_000;

/// Two rows for each unit, by area.
fn rows() -> String {
    let mut csv = String::from("unit,area,allowed,condition,note_zh\n");
    for number in 0..ROWS {
        let (unit, allowed) = (number / 2, number % 2 == 0);
        let area = if allowed { "\"[0, 10)\"" } else { ">= 10" };
        writeln!(
            csv,
            "U{unit:05},{area},{allowed},须符合园区规划环评要求 {unit},见第{number}条"
        )
        .unwrap();
    }
    csv
}

fn files(rows: impl Into<PackText>) -> Vec<PackFiles> {
    let files = [
        ("access.toml", RULE.into()),
        ("fields.toml", FIELDS.into()),
        ("instruments.toml", INSTRUMENTS.into()),
        ("pack.toml", PACK.into()),
        ("tables.toml", TABLES.into()),
        ("tables/access-list.csv", rows.into()),
    ];
    vec![PackFiles {
        name: "access".to_owned(),
        prefix: "access".to_owned(),
        origin: PackOrigin::Folder("access".to_owned()),
        files: files.map(|(path, text)| (path.to_owned(), text)).to_vec(),
    }]
}

/// Everything that the rows of the table say.
fn said(packs: &Packs) -> Vec<String> {
    let table = packs.library.tables.first().unwrap();
    let row = |row: hegui::model::rows::Row<'_>| {
        let (cells, outputs): (Vec<_>, Vec<_>) = (row.cells().collect(), row.outputs().collect());
        let note = row.note.zh;
        format!(
            "{} {cells:?} {outputs:?} {} {note} {:?} {:?}",
            row.line, row.source, row.confidence, row.place
        )
    };
    table.rows.iter().map(row).collect()
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_table_from_its_compiled_form_is_the_table_of_the_file() {
    let folder = folder("compiled");
    let kept = folder.join("kept");
    let cache = Cache::at(kept.clone());
    let (read, problems) = load(files(rows()), &mut Sources::default());
    assert_eq!(problems, []);
    let read = said(&read);
    assert_eq!(read.len(), ROWS);
    let file = write(&folder, "files/access-list.csv", rows());
    let unread = || PackText::of_file("tables/access-list.csv", &file, 1 << 20).unwrap();
    assert!(matches!(unread(), PackText::Unread(_)));
    for again in 0..3 {
        for text in [PackText::from(rows()), unread()] {
            let (packs, problems) = load_with(files(text), &mut Sources::default(), &cache);
            assert_eq!(problems, []);
            assert_eq!(said(&packs), read, "round {again}");
            assert_eq!(entries(&kept).len(), 1);
        }
        // A damaged entry is made again.
        let entry = &entries(&kept)[0];
        let mut body = fs::read(entry).unwrap();
        body.truncate(body.len() / 2);
        fs::write(entry, body).unwrap();
    }
    // Another file, or another head, has another form.
    let other = rows().replace("U00007", "U99999");
    let (packs, _) = load_with(files(other), &mut Sources::default(), &cache);
    assert_ne!(said(&packs), read);
    assert_eq!(entries(&kept).len(), 2);
}

#[test]
fn a_mistake_in_a_large_table_is_told_every_time() {
    let folder = folder("compiled-mistakes");
    let kept = folder.join("kept");
    let cache = Cache::at(kept.clone());
    for (from, to, code) in [
        ("U00007,>= 10", "U00007,>= 9", "hegui::pack::overlap"),
        ("U00007,>= 10,false", "U00007,>= 10,no", "hegui::pack::cell"),
        (
            "U00007,>= 10,false",
            "U00007,>= 10,\u{0}",
            "hegui::files::binary",
        ),
    ] {
        let mut told = Vec::new();
        for _ in 0..2 {
            let file = write(&folder, "access-list.csv", rows().replace(from, to));
            let text = PackText::of_file("tables/access-list.csv", &file, 1 << 20).unwrap();
            let (_, problems) = load_with(files(text), &mut Sources::default(), &cache);
            told.push(problems.iter().map(|p| p.code).collect::<Vec<_>>());
        }
        assert!(told[0].contains(&code), "{told:?}");
        assert_eq!(told[0], told[1]);
        assert_eq!(entries(&kept).len(), 0, "nothing is kept of it");
    }
}

#[test]
fn a_file_that_changes_after_its_hash_was_taken_is_told() {
    let folder = folder("compiled-changed");
    let file = write(&folder, "access-list.csv", rows());
    let text = PackText::of_file("tables/access-list.csv", &file, 1 << 20).unwrap();
    let packs = files(text);
    packs[0].hash();
    write(
        &folder,
        "access-list.csv",
        rows().replace("U00007", "U99999"),
    );
    let (_, problems) = load(packs, &mut Sources::default());
    let codes: Vec<&str> = problems.iter().map(|p| p.code).collect();
    assert!(codes.contains(&"hegui::files::changed"), "{codes:?}");
}

#[test]
fn the_cache_is_kept_where_the_office_says_or_not_at_all() {
    let folder = folder("cache-setting");
    for (path, text) in &files(rows())[0].files {
        write(&folder, &format!("access/{path}"), text.text());
    }
    let project = "submitted = 2025-01-01\nstage = \"filing\"\nunit = \"U00007\"\narea = 12\n";
    write(&folder, "project.toml", project);
    let check = |settings: &str, more: &[&str]| -> Ran {
        let settings = format!("packs = [\"access\"]\n{settings}\n");
        write(&folder, "hegui.toml", settings);
        let args = ["check", "project.toml", "--lang", "en"];
        run_in(&folder, args.iter().chain(more), b"")
    };
    let plain = check("cache = false", &[]);
    assert_eq!(plain.code, 1, "{}{}", plain.out, plain.err);
    assert!(
        plain.out.contains("not allowed: 须符合园区规划环评要求 7"),
        "{}",
        plain.out
    );
    assert!(plain.out.contains("row 17 "), "{}", plain.out);
    let untouched = check("cache = \"kept\"", &["--no-cache"]);
    assert_eq!((&untouched.out, untouched.code), (&plain.out, 1));
    assert!(!folder.join("kept").exists());
    for _ in 0..2 {
        let kept = check("cache = \"kept\"", &[]);
        assert_eq!((&kept.out, &kept.err), (&plain.out, &plain.err));
        assert_eq!(entries(&folder.join("kept")).len(), 1);
    }
    // A file stands where the folder should be.
    let unwritable = check("cache = \"project.toml\"", &[]);
    assert_eq!((&unwritable.out, &unwritable.err), (&plain.out, &plain.err));
    let wrong = check("cache = 3", &[]);
    assert!(
        wrong.err.contains("cache should be a folder"),
        "{}",
        wrong.err
    );
    assert_eq!(wrong.code, 2);
}
