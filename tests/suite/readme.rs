//! What the README shows is what the program does.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fs;

use regex::Regex;

use crate::program::{copy_sample, folder, run, run_in, write};
use crate::world::root;

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The code blocks of a language.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let fence = format!("```{language}\n");
    let blocks = readme.split(&fence).skip(1);
    blocks
        .map(|rest| rest.split("\n```").next().unwrap().to_owned())
        .collect()
}

/// Hashes of packs change with every rule.
fn without_hashes(text: &str) -> String {
    Regex::new(r"摘要 [0-9a-f]{8}")
        .unwrap()
        .replace_all(text, "摘要")
        .into_owned()
}

#[test]
fn the_report_in_the_readme_is_the_programs_own() {
    let shown = blocks("text");
    let report = run("check sample-projects/orchard-on-permanent-farmland --width 100");
    assert_eq!(
        without_hashes(shown[0].trim()),
        without_hashes(report.out.trim())
    );
    let mistakes = run("check sample-projects/broken/three-mistakes.toml");
    assert!(mistakes.err.contains(shown[1].trim()), "{}", mistakes.err);
    let folder = folder("readme-baseline");
    copy_sample("orchard-on-permanent-farmland", &folder.join("p"));
    run_in(&folder, ["check", "p", "-o", "json=base.json"], b"");
    let known = run_in(&folder, ["check", "p", "--baseline", "base.json"], b"");
    assert!(
        known.out.ends_with(&format!("{}\n", shown[2])),
        "{}",
        known.out
    );
    let goal = run("trace goal G5.3-5 sample-projects --width 100");
    let trace = shown.iter().find(|block| block.starts_with("目标溯源"));
    assert_eq!(
        without_hashes(trace.unwrap().trim()),
        without_hashes(goal.out.trim())
    );
}

#[test]
fn the_comparison_in_the_readme_is_the_programs_own() {
    let folder = folder("readme-diff");
    copy_sample("park-road", &folder.join("submissions/park-road"));
    for (day, records) in [("2027-09-07", "records-a"), ("2027-09-08", "records-b")] {
        let line = format!("check submissions --on {day} --record {records}");
        run_in(&folder, line.split(' '), b"");
    }
    let line = "diff records-a records-b --width 100";
    let ran = run_in(&folder, line.split(' '), b"");
    let shown = blocks("text");
    let comparison = shown.iter().find(|block| block.starts_with("核查比较"));
    assert_eq!(comparison.unwrap().trim(), ran.out.trim());
}

#[test]
fn the_first_command_of_the_readme_ends_as_it_says() {
    assert!(
        readme().contains(
            "check sample-projects   # judges the sample proposals; ends with exit code 1"
        )
    );
    assert_eq!(run("check sample-projects").code, 1);
}

#[test]
fn every_command_of_the_readme_runs() {
    let mut count = 0;
    for line in blocks("sh").iter().flat_map(|block| block.lines()) {
        let Some(line) = line.strip_prefix("hegui ") else {
            continue;
        };
        let line = line.split(" #").next().unwrap().trim();
        let ran = if line.starts_with("new ") {
            let folder = folder(&format!("readme-{count}"));
            run_in(&folder, line.split(' '), b"")
        } else {
            run(line)
        };
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "hegui {line}");
        count += 1;
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn the_rule_of_the_readme_loads_and_its_case_passes() {
    let rules: Vec<String> = blocks("toml")
        .into_iter()
        .filter(|b| b.contains("[[case]]"))
        .collect();
    let [rule] = rules.as_slice() else {
        panic!("{} rules", rules.len())
    };
    let folder = folder("readme-rule");
    let head = "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"office\"\nextends = [\"national\"]\n";
    write(&folder, "own/pack.toml", head);
    write(&folder, "own/land/term.toml", rule);
    let ran = run_in(&folder, ["test", "own", "--lang", "en"], b"");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn every_decision_stands_in_the_readme_with_its_exit_code() {
    let readme = readme();
    for decision in hegui::judge::decision::Decision::ALL {
        let row = readme
            .lines()
            .find(|line| line.starts_with(&format!("| `{}` |", decision.id())));
        let row = row.unwrap_or_else(|| panic!("{} is not in the table", decision.id()));
        assert!(
            row.ends_with(&format!("| {} |", decision.exit_code())),
            "{row}"
        );
    }
}
