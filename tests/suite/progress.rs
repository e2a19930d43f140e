//! How far long work has come is shown to a person or a log, and to nobody else.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{PROGRAM, folder, write};

/// A pack of one rule, so that many projects are judged in a moment.
const PACK: [(&str, &str); 4] = [
    (
        "pack.toml",
        "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"office\"\n",
    ),
    (
        "fields.toml",
        "[[field]]\npath = \"name\"\ntype = \"text\"\nlabel = { zh = \"名称\", en = \"name\" }\nprovider = \"applicant\"\n",
    ),
    (
        "instruments.toml",
        "[[instrument]]\nid = \"list\"\ntitle = { zh = \"清单\", en = \"list\" }\nnumber = \"1\"\nissuer = { zh = \"甲\", en = \"a\" }\nlevel = \"law\"\nfrom = 2000-01-01\nconfidence = \"official\"\n",
    ),
    (
        "name/given.toml",
        "title = { zh = \"名称\", en = \"name\" }\nkind = \"limit\"\ndue = \"filing\"\nbasis = [{ instrument = \"list\", article = \"1\" }]\nrequire = \"name != ''\"\nmessage = { zh = \"名称\", en = \"name\" }\nremedy = { zh = \"改\", en = \"mend\" }\nwhy = \"why\"\n",
    ),
];

/// A folder with so many projects in one file that judging them is long work.
fn many(name: &str) -> PathBuf {
    let folder = folder(name);
    for (path, text) in PACK {
        write(&folder, &format!("own/{path}"), text);
    }
    let mut lines = String::new();
    for number in 0..600 {
        let _ = writeln!(
            lines,
            "{{\"id\": \"p{number}\", \"name\": \"甲\", \"submitted\": \"2025-03-01\", \"stage\": \"filing\"}}"
        );
    }
    write(&folder, "all.ndjson", lines);
    write(
        &folder,
        "hegui.toml",
        "cache = false\npacks = [\"own\"]\nexclude = [\"own/\"]\n",
    );
    folder
}

/// What a run with its outputs piped says on standard error, under CI or not.
fn told(folder: &Path, ci: Option<&str>, more: &[&str]) -> String {
    let mut command = Command::new(PROGRAM);
    command
        .args(["check", "all.ndjson", "--format", "json"])
        .args(more)
        .current_dir(folder)
        .env_remove("CI");
    if let Some(value) = ci {
        command.env("CI", value);
    }
    let done = command.output().unwrap();
    assert!(!done.stdout.is_empty());
    String::from_utf8(done.stderr).unwrap()
}

#[test]
fn nothing_is_drawn_into_a_pipe_a_log_gets_lines_and_quiet_is_quiet() {
    let folder = many("progress");
    let plain = told(&folder, None, &[]);
    assert!(!plain.contains("/600"), "{plain}");
    assert!(!plain.contains(['\r', '\u{1b}']), "{plain:?}");
    // An empty CI is what some shells make of one that is unset.
    assert_eq!(told(&folder, Some(""), &[]), plain);
    for (lang, word) in [("zh", "核查 "), ("en", "judging ")] {
        let log = told(&folder, Some("true"), &["--lang", lang]);
        let lines: Vec<&str> = log
            .lines()
            .filter_map(|line| line.strip_prefix(word)?.strip_suffix("/600"))
            .collect();
        let tenths = [
            "60", "120", "180", "240", "300", "360", "420", "480", "540", "600",
        ];
        assert_eq!(lines, tenths, "{log}");
        assert!(!log.contains(['\r', '\u{1b}']), "{log:?}");
    }
    assert_eq!(told(&folder, Some("true"), &["--quiet"]), plain);
}
