//! SARIF is what the standard says, carries every finding, and recognises a finding wherever it stands.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::program::{copy_sample, folder, run, run_in, write};
use crate::schemas::mistakes;
use crate::world::root;

fn sarif(line: &str) -> Value {
    let ran = run(&format!("{line} --format sarif"));
    serde_json::from_str(&ran.out).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

/// The results by rule and project.
fn fingerprints(log: &Value) -> BTreeMap<(String, String), String> {
    let one = |result: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let key = (
            text(&result["ruleId"]),
            text(&result["properties"]["project"]),
        );
        (key, text(&result["partialFingerprints"]["heguiFinding/v1"]))
    };
    results(log).iter().map(one).collect()
}

/// Runs with waivers, problems, files that cannot be read, and none of them.
const LINES: [&str; 4] = [
    "check sample-projects",
    "check sample-projects/silicon-plant-without-papers --lang en",
    "check sample-projects/broken/not-toml.toml sample-projects/broken/three-mistakes.toml",
    "check sample-projects --format code-scanning",
];

#[test]
fn every_log_validates_against_the_schema_of_the_standard() {
    let schema = fs::read_to_string(root().join("tests/suite/schemas/sarif-2.1.0.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for line in LINES {
        let form = if line.contains("--format") {
            ""
        } else {
            " --format sarif"
        };
        let log: Value = serde_json::from_str(&run(&format!("{line}{form}")).out).unwrap();
        let found = mistakes(&validator, &log);
        assert!(
            found.is_empty(),
            "{line}: {:#?}",
            found.iter().take(5).collect::<Vec<_>>()
        );
    }
    let mut log = sarif(LINES[1]);
    log["runs"][0]["results"][0]["kind"] = "undetermined".into();
    assert!(!validator.is_valid(&log));
}

#[test]
fn each_finding_of_the_json_report_is_one_result_of_the_kind_that_fits() {
    let json: Value =
        serde_json::from_str(&run("check sample-projects --format json").out).unwrap();
    let log = sarif("check sample-projects");
    let mut found: BTreeMap<(&str, &str), &Value> = BTreeMap::new();
    for result in results(&log)
        .iter()
        .filter(|r| r["properties"]["project"].is_string())
    {
        let key = (
            result["properties"]["project"].as_str().unwrap(),
            result["ruleId"].as_str().unwrap(),
        );
        assert!(found.insert(key, result).is_none(), "{key:?} twice");
    }
    let mut kinds = BTreeSet::new();
    let mut waived = 0;
    for project in json["projects"].as_array().unwrap() {
        for finding in project["findings"].as_array().unwrap() {
            let key = (
                project["id"].as_str().unwrap(),
                finding["rule"].as_str().unwrap(),
            );
            let result = found.remove(&key).unwrap();
            let verdict = finding["verdict"]["id"].as_str().unwrap();
            let drives = finding["drives"].as_str().unwrap();
            let (kind, level) = match (verdict, drives) {
                ("fail", "refer") => ("review", None),
                ("fail", "reject" | "rectify") => ("fail", Some("error")),
                ("fail", "supplement") => ("fail", Some("warning")),
                ("fail", "explain") => ("fail", Some("note")),
                ("undetermined", _) => ("open", None),
                ("upcoming", _) => ("informational", None),
                ("pass", _) => ("pass", Some("none")),
                _ => ("notApplicable", Some("none")),
            };
            kinds.insert(kind);
            assert_eq!(result["kind"], kind, "{key:?}");
            assert_eq!(
                result.get("level").and_then(Value::as_str),
                level,
                "{key:?}"
            );
            let is_waived = finding["waiver"].is_object();
            waived += usize::from(is_waived);
            let suppressions = result["suppressions"].as_array().unwrap();
            assert_eq!(suppressions.len(), usize::from(is_waived), "{key:?}");
        }
    }
    assert!(found.is_empty(), "{:?}", found.keys());
    assert_eq!(kinds.len(), 6, "{kinds:?}");
    assert!(waived > 0);
}

#[test]
fn rules_are_described_in_both_languages_and_results_point_at_them() {
    let log = sarif("check sample-projects/park-road");
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in results(&log) {
        let index = result["ruleIndex"].as_u64().unwrap();
        assert_eq!(
            rules[usize::try_from(index).unwrap()]["id"],
            result["ruleId"]
        );
    }
    let ids: BTreeSet<_> = rules.iter().map(|rule| rule["id"].to_string()).collect();
    assert_eq!(ids.len(), rules.len());
    let planting = rules
        .iter()
        .find(|rule| rule["id"] == "land/permanent-farmland-planting")
        .unwrap();
    for form in ["text", "markdown"] {
        let help = planting["help"][form].as_str().unwrap();
        for words in [
            "永久基本农田上的林果业",
            "Fruit, forestry and fish ponds",
            "第三十七条",
        ] {
            assert!(help.contains(words), "{form}: {help}");
        }
    }
}

#[test]
fn fingerprints_follow_what_a_finding_is_and_not_where_it_stands() {
    let folder = folder("sarif-moved");
    copy_sample("orchard-on-permanent-farmland", &folder.join("orchard"));
    let run = |args: &[&str]| {
        let all = ["check", ".", "--format", "sarif"];
        let ran = run_in(&folder, all.iter().chain(args), b"");
        serde_json::from_str::<Value>(&ran.out).unwrap()
    };
    let before = run(&[]);
    // The project moves to another folder and its lines further down; its words are read in English.
    fs::create_dir(folder.join("moved")).unwrap();
    fs::rename(folder.join("orchard"), folder.join("moved/orchard")).unwrap();
    let path = folder.join("moved/orchard/project.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("# moved\n\n\n{text}")).unwrap();
    let after = run(&["--lang", "en"]);
    assert_eq!(fingerprints(&before), fingerprints(&after));
    let all: BTreeSet<String> = fingerprints(&before).into_values().collect();
    assert_eq!(all.len(), fingerprints(&before).len());
    let line = |log: &Value| {
        let of_planting = |r: &&Value| r["ruleId"] == "land/permanent-farmland-planting";
        let result = results(log).iter().find(of_planting).unwrap();
        result["locations"][0]["physicalLocation"]["region"]["startLine"].clone()
    };
    assert_ne!(line(&before), line(&after));
}

#[test]
fn a_chinese_path_is_encoded_and_a_place_counts_characters() {
    let folder = folder("sarif-path");
    copy_sample("orchard-on-permanent-farmland", &folder.join("申 报"));
    let ran = run_in(&folder, ["check", "申 报", "--format", "sarif"], b"");
    let log: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
    let of_planting = |r: &&Value| r["ruleId"] == "land/permanent-farmland-planting";
    let result = results(&log).iter().find(of_planting).unwrap();
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "%E7%94%B3%20%E6%8A%A5/project.toml"
    );
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    let region = &place["region"];
    let text = fs::read_to_string(folder.join("申 报/project.toml")).unwrap();
    let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
    let line = text.lines().nth(number("startLine") - 1).unwrap();
    let part: String = line
        .chars()
        .skip(number("startColumn") - 1)
        .take(number("endColumn") - number("startColumn"))
        .collect();
    assert_eq!(part, "\"86.5 亩\"");
}

#[test]
fn problems_are_notifications_of_a_run_that_did_not_succeed() {
    let log = sarif("check sample-projects/broken/three-mistakes.toml");
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["exitCode"], 2);
    let all = invocation["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(all.len(), 3);
    let known = log["runs"][0]["tool"]["driver"]["notifications"]
        .as_array()
        .unwrap();
    for notification in all {
        let index = notification["descriptor"]["index"].as_u64().unwrap();
        let descriptor = &known[usize::try_from(index).unwrap()];
        assert_eq!(descriptor["id"], notification["descriptor"]["id"]);
        assert!(notification["locations"][0]["physicalLocation"]["region"]["startLine"].is_u64());
    }
    let sound = sarif("check sample-projects/park-road");
    assert_eq!(
        sound["runs"][0]["invocations"][0]["executionSuccessful"],
        true
    );
}

#[test]
fn code_scanning_gets_what_drives_a_decision_and_is_told_how_much_it_does_not_get() {
    let all = sarif("check sample-projects");
    let ran = run("check sample-projects --format code-scanning");
    let some: Value = serde_json::from_str(&ran.out).unwrap();
    let driving = |r: &&Value| {
        r["properties"]["effective"]
            .as_str()
            .is_some_and(|e| e != "clear")
    };
    let wanted: Vec<_> = results(&all).iter().filter(driving).collect();
    assert_eq!(results(&some).len(), wanted.len());
    for result in results(&some) {
        // It takes no result without a place.
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string(), "{result:#}");
        let line = result["partialFingerprints"]["primaryLocationLineHash"].as_str();
        assert!(line.is_some_and(|line| line.ends_with(":1")));
    }
    let left = some["runs"][0]["properties"]["leftOut"]
        .as_object()
        .unwrap();
    let left: u64 = left.values().map(|n| n.as_u64().unwrap()).sum();
    let findings = results(&all)
        .iter()
        .filter(|r| r["properties"]["project"].is_string());
    assert_eq!(
        usize::try_from(left).unwrap() + results(&some).len(),
        findings.count()
    );
}

#[test]
fn what_a_baseline_had_is_absent_and_what_it_did_not_have_is_new() {
    let folder = folder("sarif-baseline");
    copy_sample("orchard-on-permanent-farmland", &folder.join("p"));
    run_in(&folder, ["check", "p", "-o", "json=base.json"], b"");
    let path = folder.join("p/project.toml");
    let text = fs::read_to_string(&path).unwrap();
    let moved = text.replace(
        "\"其中位于永久基本农田的面积\" = \"86.5 亩\"",
        "\"其中位于永久基本农田的面积\" = 0",
    );
    assert_ne!(text, moved);
    write(&folder, "p/project.toml", moved);
    let args = ["check", "p", "--baseline", "base.json", "--format", "sarif"];
    let log: Value = serde_json::from_str(&run_in(&folder, args, b"").out).unwrap();
    let states: BTreeSet<&str> = results(&log)
        .iter()
        .map(|r| r["baselineState"].as_str().unwrap())
        .collect();
    assert!(
        states.contains("absent") && states.contains("unchanged"),
        "{states:?}"
    );
    let absent = results(&log)
        .iter()
        .find(|r| r["baselineState"] == "absent")
        .unwrap();
    assert_eq!(absent["ruleId"], "land/permanent-farmland-planting");
}
