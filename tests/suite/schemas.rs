//! The published schemas: what is shipped validates, what is broken does not, and what is written is described.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};

use hegui::base::source::Sources;
use hegui::base::toml;
use hegui::base::tree::{Datum, Node};
use jsonschema::Validator;
use serde_json::{Map, Value};

use crate::program::run;
use crate::world::{root, samples};

/// A schema as the program prints it.
fn schema(line: &str) -> Value {
    let ran = run(&format!("schema {line}"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    serde_json::from_str(&ran.out).unwrap()
}

/// What a schema says of a document, by the place.
pub(crate) fn mistakes(validator: &Validator, document: &Value) -> Vec<String> {
    let errors = validator.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// A TOML text as an editor hands it to a schema.
fn toml_value(text: &str) -> Value {
    let mut sources = Sources::default();
    let id = sources.add("test", text);
    let (node, problems) = toml::parse(sources.get(id).unwrap());
    assert!(problems.is_empty(), "{problems:?}");
    value(&node)
}

fn value(node: &Node) -> Value {
    match &node.datum {
        Datum::Bool(truth) => Value::Bool(*truth),
        Datum::Number(number) => serde_json::from_str(&number.replace(['_', '+'], ""))
            .unwrap_or_else(|_| panic!("{number}")),
        Datum::Text(text) | Datum::Date(text) => Value::String(text.clone()),
        Datum::List(items) => Value::Array(items.iter().map(value).collect()),
        Datum::Table(entries) => {
            let members = entries.iter().map(|e| (e.key.clone(), value(&e.node)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Datum::Null | Datum::Unread => Value::Null,
    }
}

/// The rule files below a folder.
fn rule_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rule_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "toml") {
            let text = fs::read_to_string(&path).unwrap();
            if text.lines().any(|line| line.starts_with("why")) {
                found.push(path);
            }
        }
    }
}

#[test]
fn every_sample_validates() {
    let schema = schema("submission --rules sample-projects/office-rules");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut count = 0;
    for sample in samples() {
        let folder = root().join("sample-projects").join(&sample.name);
        let text = fs::read_to_string(folder.join("project.toml")).unwrap();
        let found = mistakes(&validator, &toml_value(&text));
        assert!(found.is_empty(), "{}: {found:#?}", sample.name);
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[test]
fn every_reply_and_waiver_of_the_samples_validates() {
    for (topic, name, least) in [
        ("office", "office.toml", 50),
        ("waivers", "waivers.toml", 1),
    ] {
        let schema = schema(&format!("{topic} --rules sample-projects/office-rules"));
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut count = 0;
        for sample in samples() {
            let path = root().join("sample-projects").join(&sample.name).join(name);
            let Ok(text) = fs::read_to_string(path) else {
                continue;
            };
            let found = mistakes(&validator, &toml_value(&text));
            assert!(found.is_empty(), "{}: {found:#?}", sample.name);
            count += 1;
        }
        assert!(count >= least, "{name}: {count}");
    }
}

#[test]
fn a_broken_reply_does_not_validate() {
    let validator = jsonschema::validator_for(&schema("office")).unwrap();
    let head = "[[fact]]\ndepartment = \"某局\"\nreply = \"某函1号\"\ndate = 2025-03-05\n";
    let good = [
        "path = \"land.permanent_farmland\"\nvalue = 0",
        "path = \"占用永久基本农田面积\"\nvalue = \"0 亩\"\nproject = \"p\"",
        "[fact.values]\nland.permanent_farmland = 0\n\"redline.overlap\" = \"0 亩\"",
        "[fact.values]\ncontrol_units = []",
    ];
    for text in good {
        let found = mistakes(&validator, &toml_value(&format!("{head}{text}")));
        assert!(found.is_empty(), "{text}: {found:#?}");
    }
    let chinese = "[[\"事实\"]]\n\"部门\" = \"某局\"\n\"文号\" = \"1号\"\n\"日期\" = \"2025年3月5日\"\n\"字段\" = \"land.cultivated\"\n\"值\" = 0";
    assert_eq!(mistakes(&validator, &toml_value(chinese)), [""; 0]);
    let broken = [
        "path = \"land.permanent_farmland\"",
        "value = 0",
        "path = \"land.farmlnad\"\nvalue = 0",
        // The applicant's to state.
        "path = \"land.area\"\nvalue = 0",
        "[fact.values]\n\"land.area\" = 0",
        "[fact.values]\n\"land.permanent_farmland\" = \"无\"",
        "path = \"land.cultivated\"\nvalue = 0\n[fact.values]\n\"redline.overlap\" = 0",
        "path = \"land.cultivated\"\nvalue = 0\nsign = 1",
    ];
    for text in broken {
        let document = toml_value(&format!("{head}{text}"));
        assert!(!validator.is_valid(&document), "{text}");
    }
    let without =
        "[[fact]]\ndepartment = \"某局\"\ndate = 2025-03-05\npath = \"land.cultivated\"\nvalue = 0";
    assert!(!validator.is_valid(&toml_value(without)));
    assert!(!validator.is_valid(&toml_value("[[facts]]\npath = \"land.cultivated\"")));
}

#[test]
fn a_broken_waiver_does_not_validate() {
    let validator = jsonschema::validator_for(&schema("waivers --lang en")).unwrap();
    let path = root().join("sample-projects/park-road/waivers.toml");
    let good = fs::read_to_string(path).unwrap();
    assert_eq!(mistakes(&validator, &toml_value(&good)), [""; 0]);
    for (from, to) in [
        ("level         = \"city\"", "level = \"市级\""),
        ("\"2680 万元\"", "\"≥ 2680 万元\""),
        ("level ", "\"机关层级\" "),
    ] {
        assert!(good.contains(from), "{from}");
        let text = good.replacen(from, to, 1);
        assert_eq!(mistakes(&validator, &toml_value(&text)), [""; 0], "{to}");
    }
    for (from, to) in [
        // A prohibition of law cannot be waived.
        (
            "project/code-region",
            "land/permanent-farmland-construction",
        ),
        ("project/code-region", "project/code-regoin"),
        ("\"city\"", "\"village\""),
        ("\"复函\"", "\"会议纪要\""),
        ("= 2025-09-08", "= \"soon\""),
        ("reason ", "because "),
        ("\"jurisdiction\"", "\"jurisdicton\""),
        ("[[waiver]]", "[[waive]]"),
    ] {
        assert!(good.contains(from), "{from}");
        let text = good.replacen(from, to, 1);
        assert!(!validator.is_valid(&toml_value(&text)), "{to}");
    }
}

#[test]
fn every_rule_of_the_packs_validates() {
    let validator = jsonschema::validator_for(&schema("rule")).unwrap();
    let mut found = Vec::new();
    rule_files(&root().join("rules"), &mut found);
    assert!(found.len() > 250, "{}", found.len());
    for path in found {
        let document = toml_value(&fs::read_to_string(&path).unwrap());
        let mistakes = mistakes(&validator, &document);
        assert!(mistakes.is_empty(), "{}: {mistakes:#?}", path.display());
    }
}

#[test]
fn a_template_validates_and_a_broken_submission_does_not() {
    let validator = jsonschema::validator_for(&schema("submission")).unwrap();
    let head = "submitted = 2024-06-01\nstage = \"备案\"\n";
    let good = [
        "[land]\narea = 5",
        "[\"用地\"]\n\"用地面积\" = \"12.6 公顷\"",
        "\"用地面积\" = 5",
        "\"land.area\" = 5",
        "\"用地.用地面积\" = 5",
        "\"energy.complete\" = true",
        "boilers = []",
        "[[boilers]]\nfuel = \"煤炭\"",
        "supports = [\"G8.4-1\", { goal = \"G8.4-2\", \"佐证\" = \"可研\" }]",
    ];
    for text in good {
        let document = toml_value(&format!("{head}{text}"));
        let found = mistakes(&validator, &document);
        assert!(found.is_empty(), "{text}: {found:#?}");
    }
    let list = "[[project]]\nsubmitted = 2024-06-01\nstage = \"filing\"";
    assert!(validator.is_valid(&toml_value(list)));
    let broken = [
        "[land]\naera = 5",
        "aera = 5",
        "\"用地.用地面枳\" = 5",
        "[land]\narea = \"面议\"",
        "[land]\narea = true",
        "land = 5",
        "boilers = 5",
        "[[boilers]]\nfuel = \"brennholz\"",
        "supports = \"G8.4-1\"",
        "supports = [\"G99\"]",
        "[land]\ncomplete = \"perhaps\"",
    ];
    for text in broken {
        let document = toml_value(&format!("{head}{text}"));
        assert!(!validator.is_valid(&document), "{text}");
    }
    for text in [
        "",
        "submitted = 2024-06-01",
        "stage = \"filing\"\nsubmitted = \"soon\"",
    ] {
        assert!(!validator.is_valid(&toml_value(text)), "{text}");
    }
}

#[test]
fn a_broken_rule_does_not_validate() {
    let validator = jsonschema::validator_for(&schema("rule --lang en")).unwrap();
    let path = root().join("rules/national/land/permanent-farmland-planting.toml");
    let text = fs::read_to_string(path).unwrap();
    assert!(validator.is_valid(&toml_value(&text)));
    for (from, to) in [
        ("kind   = \"prohibition\"", "kind   = \"ban\""),
        ("require = ", "requires = "),
        ("land-administration-law", "land-administration-lwa"),
        ("waivable_by = []", "waivable_by = [\"mayor\"]"),
        ("verdict = \"fail\"", "verdict = \"failed\""),
        ("permanent_farmland = 86.5", "permanent_framland = 86.5"),
        ("why = ", "y = "),
    ] {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        assert!(!validator.is_valid(&toml_value(&broken)), "{to}");
    }
}

#[test]
fn labels_and_notes_stand_in_the_language_asked_for() {
    let chinese = schema("submission");
    let english = schema("submission --lang en");
    let title = |schema: &Value| schema["definitions"]["land.area"]["title"].clone();
    assert_eq!(title(&chinese), "用地面积");
    assert_eq!(title(&english), "land area");
    let fuel = &chinese["definitions"]["boilers.fuel"];
    let words = fuel["enum"].as_array().unwrap();
    assert!(
        words.contains(&"coal".into()) && words.contains(&"煤炭".into()),
        "{fuel:#}"
    );
    let meanings = fuel["x-taplo"]["docs"]["enumValues"].as_array().unwrap();
    assert_eq!(meanings.len(), words.len());
}

/// Forbids members that a schema does not describe.
fn closed(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("type").is_some_and(|t| t == "object") {
                members.insert("additionalProperties".into(), Value::Bool(false));
            }
            members.values_mut().for_each(closed);
        }
        Value::Array(items) => items.iter_mut().for_each(closed),
        _ => {}
    }
}

#[test]
fn the_json_report_is_described_whole() {
    let mut schema = schema("report");
    closed(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut all: Option<Value> = None;
    for line in [
        "check sample-projects",
        "check sample-projects/broken/no-stage.toml sample-projects/broken/not-toml.toml",
        "check sample-projects/broken/three-mistakes.toml --as-of 2025-01-01",
    ] {
        let ran = run(&format!("{line} --format json"));
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        let found = mistakes(&validator, &report);
        assert!(
            found.is_empty(),
            "{line}: {:#?}",
            found.iter().take(5).collect::<Vec<_>>()
        );
        all.get_or_insert(report);
    }
    // A report of another shape is noticed.
    let mut report = all.unwrap();
    assert!(
        report["portfolio"]
            .as_array()
            .is_some_and(|p| !p.is_empty())
    );
    report["projects"][0]["findings"][0]["verdict"]["id"] = "maybe".into();
    assert!(!validator.is_valid(&report));
    report["version"] = "v0".into();
    report.as_object_mut().unwrap().remove("packs");
    assert!(mistakes(&validator, &report).len() >= 3);
}
