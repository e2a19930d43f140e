//! What every sample's report looks like: text in Chinese, and of some also in English and JSON; and the answers of
//! the trace.
//!
//! After a change that is meant, run `INSTA_UPDATE=always cargo test snapshots` and read the difference.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::path::Path;

use regex::Regex;
use serde_json::Value;

use crate::program::run;
use crate::reports::as_v1;
use crate::world::{root, samples};

/// The samples that are also shown in English and as JSON; of the others the Chinese text is enough to review.
const IN_FULL: [&str; 18] = [
    "aluminium-smelter",
    "bakery-gas-range",
    "boiler-retrofit",
    "cold-store-unknown-date",
    "dairy-estate",
    "data-centre-2024",
    "data-centre-2025",
    "documents-disagree",
    "equipment-plant-2026",
    "farm-processing-plant",
    "gas-heating-station",
    "orchard-on-permanent-farmland",
    "park-road",
    "pharma-filing",
    "primary-school",
    "temporary-stockyard",
    "vegetable-greenhouse",
    "water-pipeline-red-line",
];

/// A run as a page: what it wrote to each stream, and its exit code. The hashes of packs change with every rule.
fn page(line: &str) -> String {
    let ran = run(line);
    let hashes = Regex::new(r"\b[0-9a-f]{64}\b").unwrap();
    let short = Regex::new(r"(摘\s*要\s+|hash\s+)[0-9a-f]{8}\b").unwrap();
    let out = hashes.replace_all(&ran.out, "<hash>");
    let out = short.replace_all(&out, "${1}<hash>");
    let mut page = format!("$ hegui {line}\n{out}");
    if !ran.err.is_empty() {
        page = page + "--- standard error\n" + &ran.err;
    }
    page + &format!("--- exit code {}\n", ran.code)
}

/// The JSON of a run, with the findings that are not met or open; of the others only what they are called.
fn json_page(line: &str) -> String {
    let page = page(line);
    let (head, rest) = page.split_once('\n').unwrap();
    let (report, end) = rest.split_once("\n--- ").unwrap();
    // Read as what it says of each finding, not as where it says it.
    let mut report = as_v1(&serde_json::from_str(report).unwrap());
    for project in report["projects"].as_array_mut().unwrap() {
        for finding in project["findings"].as_array_mut().unwrap() {
            let verdict = finding["verdict"]["id"].clone();
            if verdict == "pass" || verdict == "not_applicable" {
                *finding = Value::String(format!(
                    "{}: {}",
                    finding["rule"].as_str().unwrap(),
                    verdict.as_str().unwrap()
                ));
            }
        }
    }
    format!("{head}\n{report:#}\n--- {end}")
}

fn check(name: &str, line: &str) {
    check_page(name, &page(line));
}

fn check_page(name: &str, page: &str) {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(Path::new("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name.to_owned(), page));
}

#[test]
fn every_sample_in_chinese() {
    for sample in samples() {
        check(
            &format!("{}.zh", sample.name),
            &format!(
                "check sample-projects/{} --width 100 --lang zh",
                sample.name
            ),
        );
    }
}

#[test]
fn some_samples_in_english() {
    for sample in samples()
        .iter()
        .filter(|s| IN_FULL.contains(&s.name.as_str()))
    {
        check(
            &format!("{}.en", sample.name),
            &format!(
                "check sample-projects/{} --width 100 --lang en",
                sample.name
            ),
        );
    }
}

#[test]
fn some_samples_in_json() {
    for sample in samples()
        .iter()
        .filter(|s| IN_FULL.contains(&s.name.as_str()))
    {
        let line = format!("check sample-projects/{} --format json", sample.name);
        check_page(&format!("{}.json", sample.name), &json_page(&line));
    }
}

#[test]
fn the_json_of_one_sample_in_full() {
    check(
        "full.json",
        "check sample-projects/orchard-on-permanent-farmland --format json",
    );
}

/// The lines of a report for CI servers, without what is in order or does not apply, and without the rules' help.
fn ci_page(format: &str, line: &str) -> String {
    let page = page(&format!("{line} --format {format}"));
    let (head, rest) = page.split_once('\n').unwrap();
    let (report, end) = rest.split_once("\n--- ").unwrap();
    let report = match format {
        "sarif" => {
            let mut log: Value = serde_json::from_str(report).unwrap();
            let run = &mut log["runs"][0];
            let quiet = |r: &Value| r["kind"] == "pass" || r["kind"] == "notApplicable";
            run["results"].as_array_mut().unwrap().retain(|r| !quiet(r));
            let used: Vec<Value> = run["results"]
                .as_array()
                .unwrap()
                .iter()
                .map(|r| r["ruleId"].clone())
                .collect();
            let rules = run["tool"]["driver"]["rules"].as_array_mut().unwrap();
            rules.retain(|rule| used.contains(&rule["id"]));
            rules.truncate(2);
            format!("{log:#}")
        }
        "junit" => {
            let mut kept = String::new();
            for case in report.split_inclusive("</testcase>\n") {
                if !case.contains("<skipped message=\"不涉及") && !case.contains("<system-out>")
                {
                    kept.push_str(case);
                }
            }
            kept
        }
        "github" => {
            let lines = report.lines().filter(|l| !l.starts_with("- 不涉及"));
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => report.to_owned(),
    };
    format!("{head}\n{report}\n--- {end}")
}

#[test]
fn what_ci_servers_read_of_some_samples() {
    for format in ["sarif", "junit", "github", "gitlab"] {
        for sample in ["park-road", "orchard-on-permanent-farmland"] {
            let line = format!("check sample-projects/{sample}");
            check_page(&format!("{sample}.{format}"), &ci_page(format, &line));
        }
    }
}

#[test]
fn the_whole_folder_and_a_narrow_page() {
    check("all.zh", "check sample-projects --width 80");
    check(
        "narrow.zh",
        "check sample-projects/boiler-retrofit --width 48 --verbose",
    );
    check(
        "narrow.en",
        "check sample-projects/boiler-retrofit --width 48 --lang en",
    );
}

#[test]
fn every_broken_file_in_both_languages() {
    for name in ["no-stage", "not-toml", "three-mistakes"] {
        for lang in ["zh", "en"] {
            check(
                &format!("broken-{name}.{lang}"),
                &format!("check sample-projects/broken/{name}.toml --width 100 --lang {lang}"),
            );
        }
    }
}

#[test]
fn every_answer_of_the_trace() {
    for (name, question) in [
        ("project.zh", "project orchard-on-permanent-farmland"),
        ("project.en", "project data-centre-2024 --lang en"),
        ("goal.zh", "goal G5.3-5"),
        ("goal.en", "goal G8.4-1 --lang en"),
        ("path.zh", "path data-centre-2024 5 --all"),
        ("path.en", "path 5 data-centre-2024 --lang en"),
        ("gaps.zh", "gaps"),
        ("gaps.en", "gaps --lang en"),
        ("impact.zh", "impact land/permanent-farmland-planting"),
        ("impact.en", "impact data-centre-2025 --lang en"),
        ("matrix.zh", "matrix"),
        ("matrix.en", "matrix --lang en --width 60"),
    ] {
        let width = if question.contains("--width") {
            ""
        } else {
            " --width 100"
        };
        check(
            &format!("trace-{name}"),
            &format!("trace {question} sample-projects{width}"),
        );
    }
    for format in ["json", "csv", "dot", "mermaid", "graphml", "svg"] {
        check(
            &format!("trace-{format}"),
            &format!("trace goal G5.3-5 sample-projects --format {format}"),
        );
    }
}

#[test]
fn no_snapshot_is_left_of_a_sample_that_is_gone() {
    let names: Vec<String> = samples().iter().map(|s| s.name.clone()).collect();
    for entry in std::fs::read_dir(root().join("tests/suite/snapshots")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.split('.').next().unwrap();
        assert!(
            names.iter().any(|n| n == name)
                || name.starts_with("broken-")
                || name.starts_with("trace-")
                || name.starts_with("documents-")
                || ["all", "full", "narrow"].contains(&name),
            "{file}"
        );
        assert!(
            Path::new(&file).extension().is_some_and(|e| e == "snap"),
            "{file}: read it, then accept or delete it"
        );
    }
}
