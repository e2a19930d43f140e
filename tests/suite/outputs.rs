//! Several reports in one run: each file whole or not there at all.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::program::{copy_sample, folder, run_in, write};

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn one_run_writes_many_reports_and_the_one_on_screen_is_unchanged() {
    let folder = folder("outputs-many");
    copy_sample("park-road", &folder.join("p"));
    let line = |more: &str| {
        let args = format!("check p {more}");
        run_in(&folder, args.split_whitespace(), b"")
    };
    let text = line("");
    let json = line("--format json");
    let both = line("--output json=out/报告.json -o text=out/report.txt");
    assert_eq!((both.code, &both.out), (text.code, &text.out));
    assert_eq!(both.err, text.err);
    assert_eq!(names(&folder.join("out")), ["report.txt", "报告.json"]);
    let read = |name: &str| fs::read_to_string(folder.join("out").join(name)).unwrap();
    assert_eq!(read("报告.json"), json.out);
    assert_eq!(read("report.txt"), text.out);
    // What stood there is replaced, whatever its length.
    write(&folder, "out/report.txt", vec![b'x'; 1 << 20]);
    line("-o text=out/report.txt");
    assert_eq!(read("report.txt"), text.out);
}

#[test]
fn a_report_that_cannot_be_written_is_said_and_the_others_are_written() {
    let folder = folder("outputs-lost");
    copy_sample("park-road", &folder.join("p"));
    write(&folder, "file", "");
    let args = ["check", "p", "-o", "json=file/a.json", "-o", "json=b.json"];
    let ran = run_in(&folder, args, b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`file/a.json` 无法写入"), "{}", ran.err);
    assert_eq!(names(&folder), ["b.json", "file", "p"]);
    assert!(ran.out.contains("汇总"));
}

#[test]
fn mistakes_in_an_output_are_found_before_anything_runs() {
    let folder = folder("outputs-wrong");
    for (word, says) in [
        ("report.json", "`report.json` 不能用作 `--output` 的值"),
        ("json=", "`json=` 不能用作 `--output` 的值"),
        ("jsno=a", "`jsno` 不能用作 `--output` 的值"),
    ] {
        let ran = run_in(&folder, ["check", ".", "--output", word], b"");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(says), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    let twice = ["check", ".", "-o", "json=a", "-o", "text=a"];
    let ran = run_in(&folder, twice, b"");
    assert!(ran.err.contains("两次写入同一个文件 `a`"), "{}", ran.err);
}

#[test]
fn a_report_never_takes_the_place_of_a_file_that_was_read() {
    let folder = folder("outputs-inputs");
    let submission = "name = \"甲\"\nsubmitted = 2024-03-01\nstage = \"filing\"\n";
    write(&folder, "p/project.toml", submission);
    write(&folder, "p/office.toml", "");
    for output in ["text=p/project.toml", "json=p/office.toml"] {
        let ran = run_in(&folder, ["check", "p", "-o", output], b"");
        assert_eq!(ran.code, 2, "{output}");
        assert!(
            ran.err.contains("hegui::cli::output_is_input"),
            "{}",
            ran.err
        );
    }
    let kept = std::fs::read_to_string(folder.join("p/project.toml")).unwrap();
    assert_eq!(kept, submission);
    // The report of the run before lies among the submissions and is replaced.
    for _ in 0..2 {
        let ran = run_in(&folder, ["check", "p", "-o", "json=p/report.json"], b"");
        assert_ne!(ran.code, 2, "{}", ran.err);
    }
}

#[test]
#[cfg(unix)]
fn a_cancelled_run_leaves_no_half_written_file() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let folder = folder("outputs-cancelled");
    let mut batch = String::new();
    for number in 0..1_000 {
        let _ = writeln!(
            batch,
            r#"{{"id":"p-{number}","name":"n","submitted":"2024-03-01","stage":"filing"}}"#
        );
    }
    write(&folder, "batch.ndjson", batch);
    write(&folder, "out/old.json", "an earlier report");
    let args = ["check", "batch.ndjson", "--output", "json=out/old.json"];
    let mut child = Command::new(crate::program::PROGRAM)
        .args(args)
        .current_dir(&folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    while names(&folder.join("out")).len() < 2 {
        assert!(start.elapsed() < Duration::from_secs(120), "no draft");
        assert!(
            child.try_wait().unwrap().is_none(),
            "ended before its draft was seen"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(names(&folder.join("out")), ["old.json"]);
    let old = fs::read_to_string(folder.join("out/old.json")).unwrap();
    assert_eq!(old, "an earlier report");
}
