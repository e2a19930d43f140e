//! Only what is new fails a run: against an earlier report, and against a revision of git.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{PROGRAM, Ran, copy_sample, folder, run_in, write};
use crate::reports::{as_v1, text_of_v1};

const SAMPLE: &str = "orchard-on-permanent-farmland";

fn check(folder: &Path, more: &str) -> Ran {
    let args = format!("check . {more}");
    run_in(folder, args.split_whitespace(), b"")
}

fn json(folder: &Path, more: &str) -> (i32, Value) {
    let ran = check(folder, &format!("--format json {more}"));
    (ran.code, serde_json::from_str(&ran.out).unwrap())
}

/// Changes a file by one text.
fn replace(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn what_is_known_does_not_fail_and_is_still_listed() {
    let folder = folder("baseline-known");
    copy_sample(SAMPLE, &folder.join("a"));
    let first = check(&folder, "-o json=base.json");
    assert_eq!(first.code, 1);
    // The report lies among the submissions; it is none.
    assert_eq!(check(&folder, "").code, 1);
    let again = check(&folder, "--baseline base.json");
    assert_eq!(again.code, 0, "{}", again.out);
    assert!(
        again.out.contains("base.json：是 hegui 写出的报告"),
        "{}",
        again.out
    );
    assert!(
        again
            .out
            .contains("不符合本条〔基准已有〕：永久基本农田上的林果业"),
        "{}",
        again.out
    );
    assert!(
        again.out.contains("新增 0，加重 0，基准已有 2，已消除 0"),
        "{}",
        again.out
    );
    let (_, report) = json(&folder, "--baseline base.json");
    assert_eq!(report["baseline"]["known"], 2);
    // A report of the version before serves as well, and is no submission either.
    let base = fs::read_to_string(folder.join("base.json")).unwrap();
    let before = as_v1(&serde_json::from_str(&base).unwrap());
    write(&folder, "base.json", text_of_v1(before));
    assert_eq!(json(&folder, "--baseline base.json"), (0, report));
    write(&folder, "base.json", base);
    // A place is no part of what a finding is known by.
    fs::rename(folder.join("a"), folder.join("b")).unwrap();
    replace(&folder.join("b/project.toml"), "\n", "\n\n\n");
    let moved = folder.join("b/project.toml");
    let text = fs::read_to_string(&moved).unwrap();
    // The id is the folder's name, unless the file gives one.
    write(&folder, "b/project.toml", format!("id = \"a\"\n{text}"));
    let (code, report) = json(&folder, "--baseline base.json");
    assert_eq!(
        (code, &report["baseline"]["known"]),
        (0, &2.into()),
        "{report:#}"
    );
}

#[test]
fn a_new_project_and_a_graver_finding_fail() {
    let folder = folder("baseline-new");
    copy_sample("park-road", &folder.join("a"));
    check(&folder, "-o json=base.json");
    let (code, report) = json(&folder, "--baseline base.json");
    assert_eq!((code, &report["baseline"]["new"]), (0, &0.into()));
    copy_sample(SAMPLE, &folder.join("b"));
    let (code, report) = json(&folder, "--baseline base.json");
    assert_eq!((code, &report["baseline"]["new"]), (1, &2.into()));
    // What was open and is now known to be bad is growth.
    let open = crate::program::folder("baseline-graver");
    copy_sample(SAMPLE, &open.join("b"));
    replace(
        &open.join("b/project.toml"),
        "\"其中位于永久基本农田的面积\" = \"86.5 亩\"",
        "# \"其中位于永久基本农田的面积\" = \"86.5 亩\"",
    );
    let (_, before) = json(&open, "-o json=base.json");
    let findings = before["projects"][0]["findings"].as_array().unwrap();
    let planting = findings
        .iter()
        .find(|f| f["rule"] == "land/permanent-farmland-planting")
        .unwrap();
    assert_eq!(planting["verdict"]["id"], "undetermined");
    replace(
        &open.join("b/project.toml"),
        "# \"其中位于永久基本农田的面积\"",
        "\"其中位于永久基本农田的面积\"",
    );
    let (code, after) = json(&open, "--baseline base.json");
    assert_eq!(code, 1);
    assert!(
        after["baseline"]["graver"].as_u64().unwrap() > 0,
        "{}",
        after["baseline"]
    );
}

#[test]
fn what_is_gone_is_counted_and_what_was_not_read_is_counted_apart() {
    let folder = folder("baseline-gone");
    copy_sample(SAMPLE, &folder.join("a"));
    copy_sample(SAMPLE, &folder.join("b"));
    check(&folder, "-o json=base.json");
    replace(
        &folder.join("a/project.toml"),
        "\"其中位于永久基本农田的面积\" = \"86.5 亩\"",
        "\"其中位于永久基本农田的面积\" = 0",
    );
    let ran = run_in(
        &folder,
        ["check", "a", "--baseline", "base.json", "--format", "json"],
        b"",
    );
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let gone = report["baseline"]["gone"].as_array().unwrap();
    assert!(
        gone.iter()
            .any(|g| g["rule"] == "land/permanent-farmland-planting" && g["drove"] == "reject"),
        "{gone:?}"
    );
    assert_eq!(report["baseline"]["not_read"], 2);
}

#[test]
fn a_baseline_that_is_none_is_told_so() {
    let folder = folder("baseline-wrong");
    copy_sample("park-road", &folder.join("a"));
    for (text, says) in [
        ("{}", "不是 hegui check --format json 的输出"),
        ("not json", "不是 hegui check --format json 的输出"),
        (r#"{"version":"v9","projects":[]}"#, "不认识 `v9` 版的报告"),
    ] {
        write(&folder, "base.json", text);
        let ran = check(&folder, "--baseline base.json");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains(says), "{}", ran.err);
    }
    let ran = check(&folder, "--baseline none.json");
    assert!(ran.err.contains("`none.json` 无法读取"), "{}", ran.err);
}

fn git(folder: &Path, args: &[&str]) {
    let own = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.org",
        "-c",
        "init.defaultBranch=main",
    ];
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(own).args(args);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(name);
    }
    let ran = command.output().unwrap();
    assert!(
        ran.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

/// The ids of the projects that a run lists.
fn listed(folder: &Path, more: &str) -> Vec<String> {
    let (_, report) = json(folder, more);
    let projects = report["projects"].as_array().unwrap();
    projects
        .iter()
        .map(|p| p["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn since_a_revision_only_what_changed_is_listed() {
    let folder = folder("since");
    for name in ["a", "申报 b", "c"] {
        copy_sample("park-road", &folder.join(name));
    }
    copy_sample(SAMPLE, &folder.join("bad"));
    write(&folder, "hegui.toml", "review_date = 2026-06-30\n");
    write(&folder, ".gitignore", "*.json\n");
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "one"]);
    assert_eq!(listed(&folder, "--since HEAD"), [""; 0]);
    let ran = check(&folder, "--since HEAD");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("4 件申报没有变化"), "{}", ran.out);
    // Edited, a companion beside it, and not yet known to git.
    replace(&folder.join("申报 b/project.toml"), "\n", "\n\n");
    write(&folder, "c/office.toml", "");
    copy_sample("park-road", &folder.join("d"));
    assert_eq!(listed(&folder, "--since HEAD"), ["c", "d", "申报 b"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "two"]);
    assert_eq!(listed(&folder, "--since HEAD"), [""; 0]);
    assert_eq!(listed(&folder, "--since HEAD~1"), ["c", "d", "申报 b"]);
    // A companion that was removed changes what is beside it.
    fs::remove_file(folder.join("bad/office.toml")).unwrap();
    assert_eq!(listed(&folder, "--since HEAD"), ["bad"]);
    // Settings change how everything comes out.
    write(&folder, "hegui.toml", "review_date = 2026-07-01\n");
    assert_eq!(listed(&folder, "--since HEAD").len(), 5);
}

#[test]
fn a_problem_of_what_did_not_change_does_not_fail_the_run() {
    let folder = folder("since-problems");
    copy_sample("park-road", &folder.join("a"));
    write(
        &folder,
        "broken/project.toml",
        "submitted = 2024-06-01\nstage = \"soon\"\n",
    );
    git(&folder, &["init", "-q"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "-qm", "one"]);
    assert_eq!(check(&folder, "").code, 2);
    assert_eq!(check(&folder, "--since HEAD").code, 0);
    replace(&folder.join("broken/project.toml"), "soon", "later");
    assert_eq!(check(&folder, "--since HEAD").code, 2);
}

#[test]
fn without_git_or_a_repository_or_the_revision_it_is_said() {
    let inside = folder("since-wrong");
    copy_sample("park-road", &inside.join("a"));
    git(&inside, &["init", "-q"]);
    git(&inside, &["add", "."]);
    git(&inside, &["commit", "-qm", "one"]);
    for revision in ["nowhere", "--output=x"] {
        let ran = run_in(&inside, ["check", ".", &format!("--since={revision}")], b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(
            ran.err.contains(&format!("没有版本 `{revision}`")),
            "{}",
            ran.err
        );
    }
    assert!(!inside.join("x").exists());
    let outside = std::env::temp_dir().join(format!("hegui-since-{}", std::process::id()));
    fs::create_dir_all(&outside).unwrap();
    copy_sample("park-road", &outside.join("a"));
    let ran = check(&outside, "--since HEAD");
    fs::remove_dir_all(&outside).unwrap();
    assert!(ran.err.contains("不在 git 仓库中"), "{}", ran.err);
    let ran = Command::new(PROGRAM)
        .args(["check", ".", "--since", "HEAD"])
        .current_dir(&inside)
        .env("PATH", "")
        .output()
        .unwrap();
    let err = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(2));
    assert!(err.contains("无法运行 git"), "{err}");
}
