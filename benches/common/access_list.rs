//! An office pack with an access list of real size: control units × industries × dimensions.

use std::fmt::Write as _;

use hegui::model::field::Vocabulary;
use hegui::rules::PackFiles;
use hegui::rules::pack::PackOrigin;

/// How many conditions one real city's list has.
pub(crate) const ROWS: usize = 107_713;
const UNITS: usize = 239;
const INDUSTRIES: usize = 437;
const DIMENSIONS: [(&str, &str); 4] = [
    ("layout", "空间布局约束"),
    ("emission", "污染物排放管控"),
    ("risk", "环境风险防控"),
    ("resource", "资源利用效率要求"),
];
const LEVELS: [&str; 4] = ["permitted", "conditional", "suspected", "banned"];

const PACK: &str = r#"
id = "office-access"
version = "1"
title = { zh = "准入清单", en = "access list" }
authority = { zh = "某市生态环境局", en = "a city's ecology office" }
level = "office"
extends = ["national"]
"#;

const FIELDS: &str = r#"
[enums.bench_dimension]
values = [
  { id = "layout", zh = "空间布局约束", en = "layout" },
  { id = "emission", zh = "污染物排放管控", en = "emission" },
  { id = "risk", zh = "环境风险防控", en = "risk" },
  { id = "resource", zh = "资源利用效率要求", en = "resource" },
]
[enums.bench_level]
values = [
  { id = "permitted", zh = "准入", en = "permitted" },
  { id = "conditional", zh = "有条件准入", en = "conditional" },
  { id = "suspected", zh = "疑似禁止", en = "suspected" },
  { id = "banned", zh = "禁止准入", en = "banned" },
]
[[group]]
path = "bench_site"
label = { zh = "选址", en = "site" }
[[field]]
path = "bench_site.unit"
type = "text"
label = { zh = "环境管控单元编码", en = "control unit" }
provider = "applicant"
[[field]]
path = "bench_access"
type = "list"
label = { zh = "准入维度", en = "access" }
provider = "applicant"
[[field]]
path = "bench_access.dimension"
type = "enum"
enum = "bench_dimension"
label = { zh = "维度", en = "dimension" }
provider = "applicant"
"#;

const INSTRUMENTS: &str = r#"
[[instrument]]
id = "bench-list-office"
title = { zh = "某市生态环境准入清单", en = "access list of a city" }
number = "某环发〔2024〕1号"
issuer = { zh = "某市人民政府", en = "a city" }
level = "normative_document"
from = 2024-01-01
confidence = "official"

"#;

const TABLES: &str = r#"
[[table]]
id = "bench-access-list"
title = { zh = "生态环境准入清单", en = "access list" }
hit = "HIT"
ORDER
keys = [
  { column = "unit", field = "bench_site.unit", match = "exact" },
  { column = "industry", field = "industry.code", match = "code" },
  { column = "dimension", field = "bench_access.dimension", match = "exact" },
  { column = "nature", field = "construction_kind", match = "set" },
]
outputs = [
  { column = "level", type = "enum", enum = "bench_level" },
  { column = "condition", type = "text" },
  { column = "clause", type = "text" },
]
otherwise = "gap"
fillable = true
source = "bench-list-office"
confidence = "official"
"#;

const RULE: &str = r#"
title = { zh = "准入清单", en = "access list" }
kind = "referral"
due = "filing"
basis = [{ instrument = "bench-list-office", article = "一" }]
applies = "bench_access.exists(a, lookup('bench-access-list', 'level', a) != 'permitted')"
require = "bench_access.all(a, lookup('bench-access-list', 'level', a) != 'banned')"
message = { zh = "不符合准入清单", en = "not in line with the access list" }
remedy = { zh = "调整", en = "change it" }
why = """bench"""
"#;

/// The industries of the list: classes of the national standard, spread over it.
fn industries(vocabulary: &Vocabulary) -> Vec<String> {
    let list = vocabulary
        .list(vocabulary.list_by_id("gbt4754").unwrap())
        .unwrap();
    let classes: Vec<&str> = list
        .entries()
        .iter()
        .map(|entry| entry.code.as_str())
        .filter(|code| code.len() == 4)
        .collect();
    let class = |number: usize| classes[number * classes.len() / INDUSTRIES].to_owned();
    (0..INDUSTRIES).map(class).collect()
}

/// The code of a control unit.
pub(crate) fn unit(number: usize) -> String {
    format!("ZH6501{:02}{:05}", number % 12 + 1, 20_000 + number)
}

/// The rows as CSV.
pub(crate) fn rows(vocabulary: &Vocabulary) -> String {
    let industries = industries(vocabulary);
    let mut csv = String::from("unit,industry,dimension,nature,level,condition,clause\n");
    let mut written = 0;
    // One dimension for each unit and industry, then a second until the list is full.
    for round in 0..DIMENSIONS.len() {
        for unit_number in 0..UNITS {
            let unit = unit(unit_number);
            for (number, industry) in industries.iter().enumerate() {
                if written == ROWS {
                    return csv;
                }
                let (dimension, words) = DIMENSIONS[(unit_number * 7 + number * 3 + round) % 4];
                let level = LEVELS[(unit_number + number * 5) % 4];
                let kind = number % 4;
                writeln!(
                    csv,
                    "{unit},{industry},{dimension},,{level},第{unit_number}号单元{words}第{kind}款：\
                     新建、改建、扩建项目须符合园区规划环评、总量控制和清洁生产要求，\
                     不得突破资源利用上线和环境质量底线,{unit_number}-{dimension}-{kind}"
                )
                .unwrap();
                written += 1;
            }
        }
    }
    csv
}

/// The pack's files, with the list under a hit policy.
pub(crate) fn pack(vocabulary: &Vocabulary, hit: &str) -> PackFiles {
    let order = "order = { output = \"level\", ranks = [\"permitted\", \"conditional\", \"suspected\", \"banned\"] }";
    let order = if hit == "strictest" { order } else { "" };
    let tables = TABLES.replace("HIT", hit).replace("ORDER", order);
    let files = [
        ("access/list.toml", RULE.to_owned()),
        ("fields.toml", FIELDS.to_owned()),
        ("instruments.toml", INSTRUMENTS.to_owned()),
        ("pack.toml", PACK.to_owned()),
        ("tables.toml", tables),
        ("tables/bench-access-list.csv", rows(vocabulary)),
    ];
    PackFiles {
        name: "office-access".to_owned(),
        prefix: "office-access".to_owned(),
        origin: PackOrigin::Embedded,
        files: files
            .map(|(path, text)| (path.to_owned(), text.into()))
            .to_vec(),
    }
}

/// A submission in a unit of the list, one file of TOML.
pub(crate) fn submission(vocabulary: &Vocabulary, number: usize, known: bool) -> String {
    let industry = &industries(vocabulary)[number % INDUSTRIES];
    let unit = unit(number % UNITS);
    let unit = if known {
        format!("unit = \"{unit}\"")
    } else {
        String::new()
    };
    let dimensions = DIMENSIONS
        .map(|(id, _)| format!("[[bench_access]]\ndimension = \"{id}\"\n"))
        .concat();
    format!(
        "name = \"{number}号项目\"\nsubmitted = 2025-03-12\nstage = \"filing\"\nconstruction_kind = \"new\"\n\
         [industry]\ncode = \"{industry}\"\n[bench_site]\n{unit}\n{dimensions}"
    )
}
