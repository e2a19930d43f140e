//! What CI servers read: it agrees with the exit code, has the shape they expect, and nothing hostile gets through.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use serde_json::{Value, json};

use crate::program::{Ran, folder, run, run_in, write};

fn elements<'a>(node: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(move |n| n.has_tag_name(name))
}

/// Holds a document against the schema that Jenkins publishes for `JUnit` (junit-10.xsd).
fn assert_shape(xml: &str) {
    let document = Document::parse(xml).unwrap();
    for node in document.descendants().filter(Node::is_element) {
        let (parents, attributes, needed): (&[&str], &[&str], &[&str]) =
            match node.tag_name().name() {
                "testsuites" => (&[""], &["name", "tests", "failures", "errors"], &[]),
                "testsuite" => (
                    &["testsuites"],
                    &["name", "file", "tests", "failures", "errors", "skipped"],
                    &["name", "tests", "failures", "errors"],
                ),
                "properties" => (&["testsuite"], &[], &[]),
                "property" => (&["properties"], &["name", "value"], &["name", "value"]),
                "testcase" => (&["testsuite"], &["name", "classname"], &["name"]),
                "failure" | "error" => (&["testcase"], &["type", "message"], &["type"]),
                "skipped" => (&["testcase"], &["message"], &[]),
                "system-out" => (&["testcase"], &[], &[]),
                other => panic!("{other}"),
            };
        let parent = node.parent_element().map_or("", |p| p.tag_name().name());
        assert!(parents.contains(&parent), "{node:?} in {parent}");
        for attribute in node.attributes() {
            assert!(attributes.contains(&attribute.name()), "{attribute:?}");
        }
        for name in needed {
            assert!(node.has_attribute(*name), "{node:?} without {name}");
        }
    }
    for suite in elements(document.root(), "testsuite") {
        for (attribute, count) in [
            ("tests", elements(suite, "testcase").count()),
            ("failures", elements(suite, "failure").count()),
            ("errors", elements(suite, "error").count()),
            ("skipped", elements(suite, "skipped").count()),
        ] {
            assert_eq!(
                suite.attribute(attribute),
                Some(&*count.to_string()),
                "{attribute}"
            );
        }
    }
}

#[test]
fn junit_fails_exactly_where_the_run_does() {
    for (line, broken) in [
        ("check sample-projects", false),
        ("check sample-projects/park-road", false),
        ("check sample-projects/vegetable-field", false),
        (
            "check sample-projects/vegetable-greenhouse --fail-on explain",
            false,
        ),
        (
            "check sample-projects/cold-store-unknown-date --fail-on reject",
            false,
        ),
        ("check sample-projects/cold-store-unknown-date", false),
        ("check sample-projects/broken/no-stage.toml", true),
        ("check sample-projects/broken/not-toml.toml", true),
    ] {
        let ran = run(&format!("{line} --format junit"));
        assert_shape(&ran.out);
        let document = Document::parse(&ran.out).unwrap();
        let count = |name: &'static str| elements(document.root(), name).count();
        assert_eq!(count("error") > 0, broken, "{line}");
        assert_eq!(
            ran.code != 0,
            count("failure") + count("error") > 0,
            "{line}: {}",
            ran.code
        );
        let all = document.root_element();
        assert_eq!(
            all.attribute("failures"),
            Some(&*count("failure").to_string()),
            "{line}"
        );
        assert_eq!(
            all.attribute("tests"),
            Some(&*count("testcase").to_string()),
            "{line}"
        );
    }
}

#[test]
fn an_undetermined_finding_fails_by_the_gate_and_what_is_waived_or_later_is_skipped() {
    let json: Value =
        serde_json::from_str(&run("check sample-projects --format json").out).unwrap();
    let xml = run("check sample-projects --format junit").out;
    let document = Document::parse(&xml).unwrap();
    let case = |project: &str, rule: &str| {
        elements(document.root(), "testcase")
            .find(|n| {
                n.attribute("classname") == Some(project)
                    && n.attribute("name")
                        .is_some_and(|name| name.split(' ').next() == Some(rule))
            })
            .unwrap()
    };
    let mut seen = BTreeSet::new();
    for project in json["projects"].as_array().unwrap().iter().take(30) {
        let id = project["id"].as_str().unwrap();
        for finding in project["findings"].as_array().unwrap() {
            let verdict = finding["verdict"]["id"].as_str().unwrap();
            let effective = finding["effective"].as_str().unwrap();
            if verdict == "not_applicable" && seen.contains("not_applicable") {
                continue;
            }
            let case = case(id, finding["rule"].as_str().unwrap());
            let inner = case.children().find(Node::is_element);
            let inner = inner.map_or("", |node| node.tag_name().name());
            let wanted = match (verdict, effective) {
                ("pass", _) => continue,
                ("fail" | "undetermined", "clear" | "explain") => "skipped",
                ("fail" | "undetermined", _) => "failure",
                _ => "skipped",
            };
            assert_eq!(inner, wanted, "{id} {}", finding["rule"]);
            seen.insert(if finding["waiver"].is_object() {
                "waived"
            } else {
                verdict
            });
        }
    }
    assert!(
        seen.is_superset(&["fail", "undetermined", "upcoming", "not_applicable"].into()),
        "{seen:?}"
    );
}

#[test]
fn gitlab_gets_a_list_with_fingerprints_of_their_own() {
    let ran = run("check sample-projects --format gitlab");
    let list: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    let mut fingerprints = BTreeSet::new();
    let mut severities = BTreeSet::new();
    for issue in &list {
        let text = |name: &str| issue[name].as_str().unwrap();
        assert!(!text("description").is_empty() && !text("check_name").is_empty());
        assert!(fingerprints.insert(text("fingerprint")), "{issue:#}");
        severities.insert(text("severity"));
        assert!(
            !issue["location"]["path"]
                .as_str()
                .unwrap()
                .starts_with("./")
        );
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
    assert!(severities.is_subset(&["info", "minor", "major", "critical", "blocker"].into()));
    assert_eq!(severities.len(), 5);
    let json: Value =
        serde_json::from_str(&run("check sample-projects --format json").out).unwrap();
    let mut open: u64 = 0;
    for project in json["projects"].as_array().unwrap() {
        for verdict in ["fail", "undetermined", "upcoming"] {
            open += project["counts"][verdict].as_u64().unwrap();
        }
    }
    let rules = list
        .iter()
        .filter(|i| i["check_name"].as_str().unwrap().contains('/'));
    let rules = rules.filter(|i| !i["check_name"].as_str().unwrap().starts_with("portfolio"));
    assert!(rules.count() as u64 >= open);
}

#[test]
fn github_annotates_what_is_open_and_folds_the_rest() {
    let ran = run("check sample-projects/orchard-on-permanent-farmland --format github");
    let commands: Vec<&str> = ran.out.lines().filter(|l| l.starts_with("::")).collect();
    let count = |level: &str| commands.iter().filter(|c| c.starts_with(level)).count();
    assert_eq!(
        (count("::error "), count("::warning "), count("::group::")),
        (1, 1, 1)
    );
    assert_eq!(count("::notice "), 5 + 4, "{commands:#?}");
    let first = commands.iter().find(|c| c.starts_with("::error ")).unwrap();
    assert!(
        first.starts_with(
            "::error file=sample-projects/orchard-on-permanent-farmland/project.toml,line=36,col=19,endColumn=26,title="
        ),
        "{first}"
    );
    assert!(first.contains("%0A") && !first.contains('\r'));
    // Every rule is in it once.
    let listed = ran.out.lines().filter(|l| l.starts_with("- ")).count();
    assert!(listed > 200, "{listed}");
}

#[test]
fn the_same_run_gives_the_same_bytes_in_every_format() {
    for format in ["sarif", "code-scanning", "junit", "github", "gitlab"] {
        let line = format!(
            "check sample-projects/park-road sample-projects/broken/not-toml.toml --format {format}"
        );
        let (first, second) = (run(&line), run(&line));
        assert!(!first.out.is_empty());
        assert_eq!(first.out, second.out, "{format}");
    }
}

/// Names that nobody gives in good faith.
const NAMES: [&str; 8] = [
    "<script>alert(1)</script>]]><!--&amp;'\"",
    "=HYPERLINK(\"http://x\",\"y\")",
    "a\n::error file=x::forged\r\n::stop-commands::t",
    "[click](http://evil.example) {0} {{x}} \\",
    "::warning::forged",
    "tab\there %0A::error::y %25",
    "\u{202E}desrever \u{200B}\u{FEFF}\u{FFFE}\u{FFFF}",
    "@everyone #1 <img src=x onerror=alert(1)>",
];

fn hostile(folder: &std::path::Path, names: &[String], format: &str) -> Ran {
    let projects: Vec<Value> = names
        .iter()
        .map(|name| {
            json!({
                "name": name, "id": name, "submitted": "2024-03-01", "stage": "filing",
                "industry": { "code": "C3216" },
                "depends_on": [name],
            })
        })
        .collect();
    write(folder, "batch.json", serde_json::to_vec(&projects).unwrap());
    run_in(
        folder,
        ["check", "batch.json", "--format", format, "--lang", "en"],
        b"",
    )
}

#[test]
fn hostile_names_are_inert_in_every_format() {
    let folder = folder("ci-hostile");
    let mut names: Vec<String> = NAMES.iter().map(|&name| name.to_owned()).collect();
    names.push("x".repeat(10_000));
    // Control characters are refused when they are read, and then stand in a problem.
    names.push("\u{1b}[31mred\u{1b}]8;;http://x\u{7}link\u{0}".to_owned());
    for format in [
        "text",
        "json",
        "sarif",
        "code-scanning",
        "junit",
        "github",
        "gitlab",
    ] {
        let ran = hostile(&folder, &names, format);
        assert!(ran.out.len() > 1_000, "{format}");
        for c in ['\u{1b}', '\u{7}', '\u{0}', '\u{202E}'] {
            // An id is kept as it is where only programs read it; what is shown is clean.
            let is_data = format == "json" || (format != "text" && c == '\u{202E}');
            assert!(is_data || !ran.out.contains(c), "{format}: {c:?}");
        }
        match format {
            "junit" => {
                assert_shape(&ran.out);
                assert!(!ran.out.contains('\u{202E}'));
                assert!(!ran.out.contains("<script>") && !ran.out.contains('\u{FFFE}'));
                assert!(ran.out.contains("&lt;script&gt;"));
            }
            "github" => {
                for line in ran.out.lines().filter(|l| l.trim_start().starts_with("::")) {
                    let known = [
                        "::error ",
                        "::warning ",
                        "::notice ",
                        "::group::",
                        "::endgroup::",
                    ];
                    assert!(known.iter().any(|k| line.starts_with(k)), "{line}");
                    let properties = line.trim_start_matches("::").split("::").next().unwrap();
                    assert!(
                        !properties.contains("forged") || properties.contains("title="),
                        "{line}"
                    );
                }
                let forged = ran.out.lines().filter(|l| l.starts_with("::error file=x"));
                assert_eq!(forged.count(), 0);
                assert!(
                    ran.out.contains("%250A"),
                    "a percent sign is written as %25"
                );
            }
            "sarif" | "code-scanning" => {
                let log: Value = serde_json::from_str(&ran.out).unwrap();
                for result in log["runs"][0]["results"].as_array().unwrap() {
                    let text = result["message"]["text"].as_str().unwrap();
                    assert!(!text.replace("\\](", "").contains("]("), "{text}");
                    assert!(!text.replace("{{", "").contains('{'), "{text}");
                    assert!(!text.contains('\u{202E}'), "{text}");
                }
            }
            "gitlab" | "json" => {
                serde_json::from_str::<Value>(&ran.out).unwrap();
            }
            _ => {}
        }
        // A title does not run on for pages.
        let longest = ran.out.lines().map(str::len).max().unwrap_or(0);
        assert!(format == "json" || longest < 40_000, "{format}: {longest}");
    }
}
