//! What is filed: the page, the workbook, opinions and notices; whole, inert, and the same bytes every time.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value as Json;

use crate::program::{Ran, copy_sample, folder, run_in, write};
use crate::reports::as_v1;
use crate::world::root;

/// All formats of files, with the ends of their names.
const FORMATS: [(&str, &str); 6] = [
    ("html", "html"),
    ("xlsx", "xlsx"),
    ("docx", "docx"),
    ("md", "md"),
    ("notice", "docx"),
    ("notice-md", "md"),
];

/// Runs `check` on some paths in a folder and writes every format to `to`.
fn file_all(folder: &Path, paths: &str, to: &str) -> Ran {
    let outputs = FORMATS.map(|(format, end)| format!("-o {format}={to}/{format}.{end}"));
    let line = format!("check {paths} --format json {}", outputs.join(" "));
    run_in(folder, line.split_whitespace(), b"")
}

/// The parts of a package with their texts, in the order of the file; each is XML.
fn parts(path: &Path) -> Vec<(String, String)> {
    let bytes = fs::read(path).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let name = file.name().unwrap().into_owned();
        drop(file);
        roxmltree::Document::parse(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        parts.push((name, text));
    }
    parts
}

fn part(path: &Path, name: &str) -> String {
    let found = parts(path).into_iter().find(|(n, _)| n == name);
    found.unwrap_or_else(|| panic!("no {name}")).1
}

/// The words of a Word document, a paragraph or a row a line.
fn words_of_docx(path: &Path) -> String {
    let text = part(path, "word/document.xml");
    let xml = roxmltree::Document::parse(&text).unwrap();
    let is = |node: &roxmltree::Node<'_, '_>, name: &str| node.tag_name().name() == name;
    let words = |node: roxmltree::Node<'_, '_>| -> String {
        let runs = node.descendants().filter(|n| is(n, "t"));
        runs.filter_map(|n| n.text()).collect()
    };
    let body = xml.root_element().first_element_child().unwrap();
    let mut lines = Vec::new();
    for block in body.children() {
        if is(&block, "tbl") {
            for row in block.children().filter(|n| is(n, "tr")) {
                let cell = |c| {
                    let lines = roxmltree::Node::children(&c).filter(|n| is(n, "p"));
                    lines.map(words).collect::<Vec<_>>().join(" / ")
                };
                let cells = row.children().filter(|n| is(n, "tc"));
                lines.push(cells.map(cell).collect::<Vec<_>>().join(" | "));
            }
        } else {
            lines.push(words(block));
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n") + "\n"
}

/// The sheets of a workbook: name and rows of texts.
fn sheets(path: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    let parts = parts(path);
    let text = |name: &str| parts.iter().find(|(n, _)| n == name).unwrap().1.clone();
    let strings = text("xl/sharedStrings.xml");
    let strings = roxmltree::Document::parse(&strings).unwrap();
    let shared: Vec<String> = strings
        .root_element()
        .children()
        .filter(|n| n.tag_name().name() == "si")
        .map(|si| {
            let words = si.descendants().filter(|n| n.tag_name().name() == "t");
            words.filter_map(|n| n.text()).collect()
        })
        .collect();
    let book = text("xl/workbook.xml");
    let book = roxmltree::Document::parse(&book).unwrap();
    let named = book
        .descendants()
        .filter(|n| n.tag_name().name() == "sheet");
    let mut all = Vec::new();
    for (at, sheet) in named.enumerate() {
        let text = text(&format!("xl/worksheets/sheet{}.xml", at + 1));
        let xml = roxmltree::Document::parse(&text).unwrap();
        // Nothing that a submission says is a formula.
        assert!(xml.descendants().all(|n| n.tag_name().name() != "f"));
        let rows = xml.descendants().filter(|n| n.tag_name().name() == "row");
        let cell = |c: roxmltree::Node<'_, '_>| {
            let value = c.descendants().find(|n| n.tag_name().name() == "v");
            let value = value.and_then(|v| v.text()).unwrap_or_default().to_owned();
            match c.attribute("t") {
                Some("s") => shared[value.parse::<usize>().unwrap()].clone(),
                None => value,
                other => panic!("a cell of type {other:?}"),
            }
        };
        let rows = rows.map(|row| {
            let cells = row.children().filter(|n| n.tag_name().name() == "c");
            cells.map(cell).collect::<Vec<String>>()
        });
        all.push((sheet.attribute("name").unwrap().to_owned(), rows.collect()));
    }
    all
}

// ---- a small office: one rule of each fate

const SMALL_FIELDS: &str = r#"
[[group]]
path = "land"
label = { zh = "用地", en = "land" }
[[field]]
path = "name"
type = "text"
label = { zh = "项目名称", en = "project name" }
[[field]]
path = "code"
type = "text"
label = { zh = "项目代码", en = "project code" }
[[field]]
path = "firm"
type = "text"
label = { zh = "单位名称", en = "firm" }
role = "proponent"
[[field]]
path = "land.area"
type = "number"
unit = "亩"
label = { zh = "用地面积", en = "land area" }
min = "0"
[[field]]
path = "land.built"
type = "number"
unit = "亩"
label = { zh = "建筑占地", en = "built area" }
min = "0"
[[field]]
path = "land.permit"
type = "text"
label = { zh = "许可证号", en = "permit number" }
[[field]]
path = "land.overlap"
type = "number"
unit = "亩"
label = { zh = "占用红线面积", en = "overlap with the red line" }
min = "0"
provider = "department"
department = { zh = "某自然资源局", en = "a bureau of natural resources" }
[[field]]
path = "land.slope"
type = "number"
unit = "亩"
label = { zh = "坡地面积", en = "sloping land" }
min = "0"
provider = "department"
department = { zh = "某水务局", en = "a bureau of water" }
"#;

const SMALL_PARAMETERS: &str = r#"
[[parameter]]
id = "most"
label = { zh = "面积上限", en = "area limit" }
unit = "亩"
step = "1"
[[parameter.version]]
value = "10"
source = "law 第三条"
confidence = "official"
"#;

const SMALL_INSTRUMENTS: &str = r#"
[[instrument]]
id = "law"
title = { zh = "某法", en = "a law" }
number = "令1号"
issuer = { zh = "某机关", en = "an authority" }
level = "law"
confidence = "official"
"#;

const SMALL_PLAN: &str = r#"
[[section]]
number = "1"
title = { zh = "产业", en = "industry" }
[[goal]]
id = "G1"
section = "1"
title = { zh = "做强产业", en = "a strong industry" }
"#;

fn small_rule(title: &str, kind: &str, article: &str, body: &str) -> String {
    let due = if kind == "prohibition" || body.contains("due = ") {
        ""
    } else {
        "due = \"filing\"\n"
    };
    format!(
        "title = {{ zh = \"{title}\", en = \"{kind} {article}\" }}\nkind = \"{kind}\"\n{due}basis = [{{ instrument = \"law\", article = \"{article}\" }}]\nremedy = {{ zh = \"改正{article}\", en = \"mend {article}\" }}\nwhy = \"why\"\n{body}\n"
    )
}

/// A folder with a pack of one rule of each fate, and two projects, of which the second is what `hostile` says.
fn small(name: &str, hostile: &str) -> PathBuf {
    let folder = folder(name);
    let pack = "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"小包\", en = \"small\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"law\"\n";
    let message = |zh: &str| format!("message = {{ zh = \"{zh}\", en = \"says {{land.area}}\" }}");
    let rules = [
        (
            "ban",
            "禁占红线",
            "prohibition",
            "第一条",
            format!(
                "applies = \"land.overlap > 0\"\nrequire = \"land.overlap <= 0\"\n{}",
                message("占用红线{land.overlap}")
            ),
        ),
        (
            "most",
            "面积上限",
            "limit",
            "第三条",
            format!(
                "applies = \"land.area > 0\"\nrequire = \"land.area <= param.most\"\n{}",
                message("面积{land.area}，超过{param.most}")
            ),
        ),
        (
            "permit",
            "取得许可",
            "requirement",
            "第四条",
            format!(
                "applies = \"land.area > 0\"\nrequire = \"land.permit != ''\"\n{}",
                message("未见许可证号")
            ),
        ),
        (
            "built",
            "建筑占地不超过用地",
            "limit",
            "第五条",
            format!(
                "applies = \"land.area > 0\"\nrequire = \"land.built <= land.area\"\n{}",
                message("建筑占地{land.built}")
            ),
        ),
        (
            "slope",
            "坡地从严",
            "limit",
            "第六条",
            format!(
                "applies = \"land.area > 0\"\nrequire = \"land.slope <= 0\"\n{}",
                message("坡地{land.slope}")
            ),
        ),
        (
            "later",
            "验收",
            "requirement",
            "第七条",
            format!(
                "due = \"operation\"\napplies = \"land.area > 0\"\nrequire = \"land.permit != ''\"\n{}",
                message("未验收")
            ),
        ),
        (
            "waived",
            "面积宜小",
            "guidance",
            "第八条",
            format!(
                "applies = \"land.area > 0\"\nrequire = \"land.area <= 1 * param.most\"\nwaivable_by = [\"county\"]\n{}",
                message("面积{land.area}偏大")
            ),
        ),
        (
            "met",
            "面积下限",
            "limit",
            "第九条",
            format!(
                "applies = \"land.area > 0\"\nrequire = \"land.area >= 0.1 * param.most\"\n{}",
                message("面积{land.area}")
            ),
        ),
        (
            "other",
            "大地块另议",
            "limit",
            "第十条",
            format!(
                "applies = \"land.area > 100 * param.most\"\nrequire = \"land.area <= param.most\"\n{}",
                message("面积{land.area}")
            ),
        ),
    ];
    write(&folder, "own/pack.toml", pack);
    write(&folder, "own/fields.toml", SMALL_FIELDS);
    write(&folder, "own/parameters.toml", SMALL_PARAMETERS);
    write(&folder, "own/instruments.toml", SMALL_INSTRUMENTS);
    write(&folder, "own/plan.toml", SMALL_PLAN);
    for (id, title, kind, article, body) in &rules {
        let text = small_rule(title, kind, article, body);
        write(&folder, &format!("own/land/{id}.toml"), text);
    }
    write(
        &folder,
        "hegui.toml",
        "review_date = 2025-06-30\npacks = [\"own\"]\nexclude = [\"own/\"]\n",
    );
    write(
        &folder,
        "a/project.toml",
        "id = \"alpha\"\nname = \"甲厂\"\nsubmitted = 2025-03-01\nstage = \"filing\"\nsupports = [\"G1\"]\ncode = \"2503-01\"\nfirm = \"甲公司\"\n[land]\narea = \"12 亩\"\npermit = \"\"\n",
    );
    write(
        &folder,
        "a/office.toml",
        "[[fact]]\ndepartment = \"某自然资源局\"\nreply = \"复1号\"\ndate = 2025-03-05\n[fact.values]\n\"land.overlap\" = \"2 亩\"\n",
    );
    write(
        &folder,
        "a/waivers.toml",
        "[[waiver]]\nrule = \"land/waived\"\nproject = \"alpha\"\noffice = \"某县政府\"\nlevel = \"county\"\ndocument_type = \"批复\"\ndocument = \"某政〔2025〕1号\"\nissued = 2025-03-10\nexpires = 2026-03-09\nreason = \"已论证\"\n[waiver.pins]\n\"land.area\" = \"12 亩\"\n",
    );
    write(&folder, "b/project.toml", hostile);
    folder
}

const PLAIN: &str = "id = \"beta\"\nname = \"乙厂\"\nsample = true\nsubmitted = 2025-03-01\nstage = \"filing\"\ncode = 7\n[land]\narea = \"2 亩\"\nbuilt = \"1 tce\"\npermit = \"证1\"\n";

/// All samples in every format, and what the run said in JSON, with every finding whole.
fn filed_samples() -> &'static (PathBuf, Json) {
    static FILED: OnceLock<(PathBuf, Json)> = OnceLock::new();
    FILED.get_or_init(|| {
        let folder = folder("documents-samples");
        let samples = root().join("sample-projects");
        let ran = file_all(&samples, ".", &folder.display().to_string());
        (folder, as_v1(&serde_json::from_str(&ran.out).unwrap()))
    })
}

/// Hashes of packs change with every letter of them.
fn without_hashes(text: &str) -> String {
    let short = Regex::new(r"(摘要 |hash )[0-9a-f]{8}").unwrap();
    short.replace_all(text, "${1}<hash>").into_owned()
}

#[track_caller]
fn check(name: &str, text: &str) {
    insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, without_hashes(text));
    });
}

#[test]
fn what_each_format_says_of_two_small_projects() {
    let folder = small("documents-small", PLAIN);
    for lang in ["zh", "en"] {
        let ran = file_all(&folder, &format!("a b --lang {lang}"), lang);
        assert_eq!(ran.code, 2, "{}", ran.err);
        let file = |name: &str| folder.join(lang).join(name);
        check(
            &format!("documents-docx.{lang}"),
            &words_of_docx(&file("docx.docx")),
        );
        check(
            &format!("documents-notice.{lang}"),
            &words_of_docx(&file("notice.docx")),
        );
        let mut book = String::new();
        for (name, rows) in sheets(&file("xlsx.xlsx")) {
            book += "# ";
            book += &name;
            book.push('\n');
            for row in rows {
                book += &(row.join(" | ").replace('\n', " / ") + "\n");
            }
        }
        check(&format!("documents-xlsx.{lang}"), &book);
    }
    let text = |name: &str| fs::read_to_string(folder.join("zh").join(name)).unwrap();
    check("documents-md.zh", &text("md.md"));
    check("documents-notice-md.zh", &text("notice-md.md"));
    // The page without what is the same on every page.
    let page = text("html.html");
    let (_, body) = page.split_once("<body>").unwrap();
    let (body, _) = body.split_once("<script>").unwrap();
    let lines =
        Regex::new(r"(</(tr|p|h[1-4]|article|section|figure|details|dl|li|g|text)>)").unwrap();
    check("documents-html.zh", &lines.replace_all(body, "$1\n"));
}

#[test]
fn equal_runs_give_equal_bytes_in_every_format() {
    let folder = small("documents-equal", PLAIN);
    copy_sample("park-road", &folder.join("c"));
    file_all(&folder, "a b c", "one");
    file_all(&folder, "a b c", "two");
    for (format, end) in FORMATS {
        let read = |to: &str| fs::read(folder.join(to).join(format!("{format}.{end}"))).unwrap();
        let (one, two) = (read("one"), read("two"));
        assert!(one.len() > 500 && one == two, "{format}");
    }
}

/// What nobody names a project in good faith.
fn hostile_name(marks: &str) -> String {
    let long = "长".repeat(10_000);
    format!(
        "=cmd|'/c calc'!A0 <script>alert(1)</script> \"><img src=x onerror=alert(1)> ]]> &amp; _x0041_ {{{{1}}}} {marks} {long}"
    )
}

#[test]
fn hostile_names_are_inert_in_every_format() {
    let folder = small("documents-hostile", PLAIN);
    // What no text may hold is a mistake in the submission; the rest of it is judged and shown.
    for (name, marks) in [
        ("d", ""),
        ("e", "\u{202e}\u{fffe}\u{ffff}"),
        ("f", "\u{1}\u{b}\u{1b}[31m"),
    ] {
        let quoted = serde_json::to_string(&hostile_name(marks)).unwrap();
        let id = serde_json::to_string(&format!("../../=1+1<b>/a:{name}")).unwrap();
        let json = format!(
            "{{\"id\": {id}, \"name\": {quoted}, \"submitted\": \"2025-03-01\", \"stage\": \"filing\", \"firm\": {quoted}, \"code\": {quoted}, \"supports\": [{{\"goal\": {quoted}, \"evidence\": {quoted}}}], \"land\": {{\"area\": \"2 亩\", \"permit\": {quoted}}}}}"
        );
        write(&folder, &format!("{name}/project.json"), json);
    }
    let ran = file_all(&folder, "a b d e f", "out");
    assert!(ran.out.contains("alert(1)"), "{}", ran.err);
    let out = folder.join("out");
    let control = |text: &str| {
        text.chars().find(|c| {
            (c.is_control() && !matches!(c, '\n' | '\r')) || "\u{202e}\u{fffe}\u{ffff}".contains(*c)
        })
    };
    let page = fs::read_to_string(out.join("html.html")).unwrap();
    assert_eq!(page.matches("<script").count(), 1);
    assert!(!page.contains("<img") && !page.contains("<b>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_eq!(control(&page), None);
    for (format, end) in [("docx", "docx"), ("notice", "docx"), ("xlsx", "xlsx")] {
        for (part, text) in parts(&out.join(format!("{format}.{end}"))) {
            assert_eq!(control(&text), None, "{format} {part}");
        }
    }
    let shown =
        "=cmd|'/c calc'!A0 <script>alert(1)</script> \"><img src=x onerror=alert(1)> ]]> &amp; ";
    assert!(words_of_docx(&out.join("docx.docx")).contains(shown));
    let sheets = sheets(&out.join("xlsx.xlsx"));
    let cells = sheets.iter().flat_map(|(_, rows)| rows).flatten();
    let named: Vec<&String> = cells.filter(|c| c.starts_with("=cmd")).collect();
    assert!(named.len() > 5, "{}", named.len());
    assert!(named.iter().all(|c| c.starts_with(shown)), "{named:?}");
    // What would be read as an escape is escaped, so that it is read as it was written.
    let strings = part(&out.join("xlsx.xlsx"), "xl/sharedStrings.xml");
    assert!(strings.contains("_x005F_x0041_") && !strings.contains(" _x0041_"));
    let escaped = Regex::new(r"(?s)\\.").unwrap();
    for name in ["md.md", "notice-md.md"] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        // What stands behind a backslash is itself; of what is left, only our own breaks are tags.
        let left = escaped.replace_all(&text, "").replace("<br>", "");
        assert!(
            left.contains("script") && !left.contains(['<', '&']),
            "{name}"
        );
        assert_eq!(control(&text), None, "{name}");
    }
    // A project's file has a name that leads nowhere else.
    let ran = run_in(&folder, ["check", "d", "-o", "docx=each/"], b"");
    assert_eq!(ran.code, 2, "{}", ran.err);
    let names: Vec<String> = fs::read_dir(folder.join("each"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names, ["=1+1_b__a_d.docx"]);
    // Nor is a file called as a device of Windows is, whatever stands behind the dot.
    let ids = [
        "con", "NUL", "aux.b", "com1", "lpt²", "con_", "console", "com10",
    ];
    for (number, id) in ids.iter().enumerate() {
        let text =
            format!("id = \"{id}\"\nname = \"甲\"\nsubmitted = 2025-01-01\nstage = \"filing\"\n");
        write(&folder, &format!("devices/{number}/project.toml"), text);
    }
    run_in(
        &folder,
        ["check", "devices", "-o", "docx=devices-out/"],
        b"",
    );
    let mut names: Vec<String> = std::fs::read_dir(folder.join("devices-out"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    // An id is folded when it is read.
    let expected = [
        "NUL_.docx",
        "aux_.b.docx",
        "com10.docx",
        "com1_.docx",
        "con_.docx",
        "con_~2.docx",
        "console.docx",
        "lpt2_.docx",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_page_sends_for_nothing_and_every_link_has_its_target() {
    let folder = small("documents-links", PLAIN);
    run_in(&folder, ["check", "a", "b", "-o", "html=own.html"], b"");
    let own = folder.join("own.html");
    for file in [&own, &filed_samples().0.join("html.html")] {
        let page = fs::read_to_string(file).unwrap();
        let file = file.display();
        let all = |pattern: &str| -> Vec<String> {
            let pattern = Regex::new(pattern).unwrap();
            let found = pattern.captures_iter(&page);
            found.map(|c| c[1].to_owned()).collect()
        };
        let ids = all(r#" id="([^"]*)""#);
        let unique: BTreeSet<&String> = ids.iter().collect();
        // Drawings share the heads of their arrows.
        assert_eq!(unique.len(), ids.len(), "{file}");
        let links = all(r#"href="([^"]*)""#);
        assert!(links.len() > 20, "{file}");
        for link in &links {
            let id = link
                .strip_prefix('#')
                .unwrap_or_else(|| panic!("{file}: {link}"));
            assert!(ids.iter().any(|i| i == id), "{file}: {link}");
        }
        assert_eq!(
            all(r#"\b(src|srcset|action|@import|data-src)\s*=?\s*["(]"#),
            [""; 0],
            "{file}"
        );
        let addresses = all(r#"(https?://[^"'\s<]*)"#);
        assert!(
            addresses.iter().all(|a| a == "http://www.w3.org/2000/svg"),
            "{addresses:?}"
        );
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"zh-CN\">"));
        // The page lets this script run, and no other.
        let script = page
            .split_once("<script>")
            .unwrap()
            .1
            .split_once("</script>")
            .unwrap()
            .0;
        assert!(page.contains("script-src 'sha256-") && !script.contains('\u{0}'));
    }
}

#[test]
fn the_page_draws_every_site_and_the_documents_list_what_was_measured() {
    let (folder, report) = filed_samples();
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let page = text("html.html");
    let projects = report["projects"].as_array().unwrap();
    let sites: Vec<(usize, &Json)> = (1..)
        .zip(projects)
        .filter(|(_, project)| project["site"]["measured"] == true)
        .collect();
    assert!(sites.len() >= 5);
    let maps = Regex::new(r#"<clipPath id="p(\d+)-window">"#).unwrap();
    let drawn: Vec<usize> = maps
        .captures_iter(&page)
        .map(|c| c[1].parse().unwrap())
        .collect();
    let wanted: Vec<usize> = sites.iter().map(|(number, _)| *number).collect();
    assert_eq!(drawn, wanted);
    let documents = [
        page,
        text("md.md"),
        words_of_docx(&folder.join("docx.docx")),
    ];
    for (_, project) in &sites {
        for layer in project["site"]["layers"].as_array().unwrap() {
            for feature in layer["features"].as_array().unwrap() {
                let area = feature["area_m2"].as_f64().unwrap();
                let places = if area < 1.0 { 4 } else { 2 };
                let mut digits = format!("{area:.places$}");
                if area >= 1000.0 {
                    digits.insert(digits.len() - 6, ',');
                }
                for document in &documents {
                    assert!(document.contains(&digits), "{digits}");
                    assert!(document.contains(layer["label"]["zh"].as_str().unwrap()));
                }
            }
        }
    }
    for document in &documents {
        assert!(document.contains("疑似边界误差，需复核"));
    }
    assert!(documents[1].contains("hegui map") && documents[2].contains("hegui map"));
}

/// The findings of a project in JSON.
fn findings(project: &Json) -> &Vec<Json> {
    project["findings"].as_array().unwrap()
}

#[test]
fn no_format_hides_a_finding() {
    let (folder, json) = filed_samples();
    let projects = json["projects"].as_array().unwrap();
    let sheets = sheets(&folder.join("xlsx.xlsx"));
    let sheet = |name: &str| &sheets.iter().find(|(n, _)| n == name).unwrap().1[1..];
    let is = |finding: &Json, verdict: &str| finding["verdict"]["id"] == verdict;
    let all = || {
        projects
            .iter()
            .flat_map(|p| findings(p).iter().map(move |f| (p, f)))
    };
    let applied = all().filter(|(_, f)| !is(f, "not_applicable")).count();
    assert_eq!(sheet("核查结果").len(), applied);
    assert_eq!(sheet("不涉及").len(), all().count() - applied);
    assert_eq!(sheet("项目").len(), projects.len());
    let key =
        |p: &Json, f: &Json| format!("{} {} {}", p["id"], f["rule"], f["verdict"]["label"]["zh"]);
    let told: BTreeSet<String> = sheet("核查结果")
        .iter()
        .map(|row| {
            format!(
                "\"{}\" \"{}\" \"{}\"",
                row[1],
                row[5],
                row[2].trim_end_matches("（依据未核实数值）")
            )
        })
        .collect();
    let meant = all().filter(|(_, f)| !is(f, "not_applicable"));
    let meant: BTreeSet<String> = meant.map(|(p, f)| key(p, f)).collect();
    let apart: Vec<&String> = told.symmetric_difference(&meant).take(3).collect();
    assert!(apart.is_empty(), "{apart:?}");
    // Each project's own part of the page and of the opinions names every finding of it.
    let page = fs::read_to_string(folder.join("html.html")).unwrap();
    let articles: Vec<&str> = page.split("<article class=\"project\"").skip(1).collect();
    let words = words_of_docx(&folder.join("docx.docx"));
    let opinions: Vec<&str> = words.split("项目合规性辅助核查意见\n").skip(1).collect();
    let text = fs::read_to_string(folder.join("md.md")).unwrap();
    let pages: Vec<&str> = text.split("# 项目合规性辅助核查意见\n").skip(1).collect();
    assert_eq!(
        [articles.len(), opinions.len(), pages.len()],
        [projects.len(); 3]
    );
    for (at, project) in projects.iter().enumerate() {
        for finding in findings(project) {
            let (rule, title) = (
                finding["rule"].as_str().unwrap(),
                finding["title"]["zh"].as_str().unwrap(),
            );
            let shown = if is(finding, "not_applicable") {
                title
            } else {
                rule
            };
            let escaped = shown.replace('_', "\\_");
            assert!(articles[at].contains(shown), "{} {shown}", project["id"]);
            assert!(opinions[at].contains(shown), "{} {shown}", project["id"]);
            assert!(
                pages[at].contains(&escaped) || pages[at].contains(shown),
                "{} {shown}",
                project["id"]
            );
            if let Some(document) = finding["waiver"]["document"].as_str() {
                for part in [articles[at], opinions[at], pages[at]] {
                    assert!(part.contains(document), "{document}");
                }
            }
        }
    }
}

#[test]
fn a_workbook_of_very_many_rows_holds_what_one_of_few_does() {
    let folder = folder("documents-many-rows");
    let list = |count: usize| {
        let one = |n: usize| {
            format!(
                "{{\"id\": \"p{n}\", \"name\": \"甲\", \"submitted\": \"2025-03-01\", \"stage\": \"filing\"}}\n"
            )
        };
        (0..count).map(one).collect::<String>()
    };
    let book = |name: &str, count: usize| {
        let file = format!("{name}.ndjson");
        write(&folder, &file, list(count));
        let output = format!("xlsx={name}.xlsx");
        run_in(&folder, ["check", &file, "-o", &output], b"");
        let (path, text) = (
            folder.join(format!("{name}.xlsx")),
            format!("{name}.ndjson"),
        );
        let mut all = sheets(&path);
        for cell in all.iter_mut().flat_map(|(_, rows)| rows).flatten() {
            *cell = cell.replace(&text, "…");
        }
        all
    };
    let (few, many) = (book("few", 1), book("many", 101));
    for name in ["核查结果", "不涉及"] {
        let rows = |book: &[(String, Vec<Vec<String>>)]| {
            let found = book.iter().find(|(n, _)| n == name).unwrap();
            found.1.clone()
        };
        let (few, many) = (rows(&few), rows(&many));
        assert_eq!(many.len() - 1, 101 * (few.len() - 1), "{name}");
        assert!(few.len() > 2 && many.starts_with(&few), "{name}");
    }
}

#[test]
fn a_very_long_name_stands_once_in_a_document_and_is_cut_elsewhere() {
    let folder = folder("documents-long-name");
    let name = "甲".repeat(10_000);
    write(
        &folder,
        "project.toml",
        format!("name = \"{name}\"\nsubmitted = 2025-03-01\nstage = \"filing\"\n"),
    );
    let args = [
        "check",
        "project.toml",
        "-o",
        "docx=o.docx",
        "-o",
        "xlsx=o.xlsx",
    ];
    run_in(&folder, args.into_iter().chain(["-o", "md=o.md"]), b"");
    let cut = format!("{}…", "甲".repeat(79));
    let docx = words_of_docx(&folder.join("o.docx"));
    let md = fs::read_to_string(folder.join("o.md")).unwrap();
    for text in [docx, md] {
        assert_eq!(text.matches(&name).count(), 1);
        assert!(text.matches(&cut).count() >= 2);
    }
    let mut whole = 0;
    for (sheet, rows) in sheets(&folder.join("o.xlsx")) {
        for cell in rows.iter().flatten().filter(|cell| cell.contains("甲甲")) {
            let is_whole = *cell == name;
            assert!(is_whole || cell.contains(&cut), "{sheet}");
            whole += usize::from(is_whole);
        }
    }
    assert_eq!(whole, 1);
}

#[test]
fn a_notice_asks_the_applicant_for_all_that_is_owed_now_and_for_nothing_else() {
    let (folder, json) = filed_samples();
    let projects = json["projects"].as_array().unwrap();
    let words = words_of_docx(&folder.join("notice.docx"));
    let notices: Vec<&str> = words.split("补正通知书（一次性告知）\n").skip(1).collect();
    assert_eq!(notices.len(), projects.len());
    let mut asked_in_all = 0;
    for (notice, project) in notices.iter().zip(projects) {
        let rows = notice
            .lines()
            .filter(|line| line.split(" | ").count() == 6)
            .skip(1);
        let asked: Vec<String> = rows
            .map(|row| row.split(" | ").nth(1).unwrap().to_owned())
            .collect();
        let mut owed: BTreeSet<String> = BTreeSet::new();
        for finding in findings(project) {
            // Waived findings drive nothing, later ones are not due.
            if finding["effective"] != "supplement" {
                continue;
            }
            match finding["verdict"]["id"].as_str().unwrap() {
                "fail" => _ = owed.insert(finding["title"]["zh"].as_str().unwrap().to_owned()),
                "undetermined" => {
                    let missing = finding["missing"].as_array().unwrap().iter();
                    let own = missing.filter(|m| {
                        m["provider"]["zh"] == "申请人"
                            && ["missing", "imprecise", "unreadable"]
                                .contains(&m["cause"].as_str().unwrap())
                    });
                    owed.extend(own.map(|m| m["label"]["zh"].as_str().unwrap().to_owned()));
                }
                _ => {}
            }
        }
        assert_eq!(
            asked.len(),
            owed.len(),
            "{}: {asked:?} {owed:?}",
            project["id"]
        );
        assert_eq!(
            asked.iter().cloned().collect::<BTreeSet<_>>(),
            owed,
            "{}",
            project["id"]
        );
        assert_eq!(asked.is_empty(), notice.contains("不必发出补正通知书"));
        assert!(!notice.contains("部门协查"));
        asked_in_all += asked.len();
    }
    assert!(asked_in_all > 30, "{asked_in_all}");
}

#[test]
fn a_folder_gets_one_document_for_each_project() {
    let folder = small("documents-each", PLAIN);
    write(&folder, "c/broken.json", "{]");
    let line = "check a b c -o docx=意见/ -o notice-md=补正/ -o docx=all.docx";
    let ran = run_in(&folder, line.split(' '), b"");
    assert_eq!(ran.code, 2);
    let names = |of: &str| {
        let entries = fs::read_dir(folder.join(of)).unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(
        names("意见"),
        ["alpha.docx", "beta.docx", "c_broken.json.docx"]
    );
    assert_eq!(names("补正"), ["alpha.md", "beta.md", "c_broken.json.md"]);
    let all = words_of_docx(&folder.join("all.docx"));
    let each = names("意见")
        .iter()
        .map(|n| words_of_docx(&folder.join("意见").join(n)))
        .collect::<String>();
    assert_eq!(all, each);
    // Only what is synthetic is marked, on every page of it.
    let mark =
        |name: &str| part(&folder.join("意见").join(name), "word/document.xml").contains("rId3");
    assert!(mark("beta.docx") && !mark("alpha.docx"));
    assert!(part(&folder.join("意见/beta.docx"), "word/header1.xml").contains("演示数据"));
}
