//! The house keeps its order: floors, first lines, who opens files, who prints, and how long a file may be.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::world::root;

/// Files that are longer than a file should be, and may be until they are split.
const LONG: &[&str] = &[];
/// How long a file may be.
const LINES: usize = 700;

/// A file of the repository: its path with forward slashes, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The room of a source file: its folder below `src`, none for `lib.rs` and `main.rs`.
    fn room(&self) -> Option<&str> {
        self.path
            .strip_prefix("src/")?
            .split_once('/')
            .map(|(room, _)| room)
    }

    /// The text before the tests at the bottom, without comments.
    fn code(&self) -> String {
        // Rooms that only tests see.
        if self.path.ends_with("/fixture.rs") || self.path.ends_with("/eval/scan.rs") {
            return String::new();
        }
        let code = self
            .text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        let lines = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The files below a folder with an extension, in the order of their paths.
fn files(folder: &str, extension: &str) -> Vec<File> {
    fn list(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                list(&path, extension, found);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    list(&root().join(folder), extension, &mut found);
    found.sort();
    let file = |path: PathBuf| File {
        path: path
            .strip_prefix(root())
            .unwrap()
            .display()
            .to_string()
            .replace('\\', "/"),
        text: fs::read_to_string(&path).unwrap(),
    };
    found.into_iter().map(file).collect()
}

fn sources() -> Vec<File> {
    let files = files("src", "rs");
    assert!(files.len() > 50, "only {} files were found", files.len());
    files
}

/// The floor of a room, as the table in `lib.rs` has it.
fn floor(room: &str) -> u8 {
    match room {
        "base" => 0,
        "model" => 1,
        "language" | "rules" | "intake" | "overlay" => 2,
        "judge" => 3,
        "trace" => 4,
        "report" => 5,
        "cli" => 6,
        other => panic!("the room `{other}` has no floor"),
    }
}

/// True if code in one room may name another.
fn may_use(room: &str, other: &str) -> bool {
    match (room, other) {
        (a, b) if a == b => true,
        // Within the second floor only rules know the language; intake and overlay know neither.
        ("rules", "language") => true,
        (a, b) => floor(b) < floor(a),
    }
}

#[test]
fn arrows_point_down_only() {
    let named = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let climbing = Regex::new(r"super::super::super::([a-z_]+)").unwrap();
    let grouped = Regex::new(r"(?s)use crate::\{(.*?)\};").unwrap();
    let mut wrong = BTreeSet::new();
    for file in sources() {
        let Some(room) = file.room() else { continue };
        let code = file
            .text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect::<Vec<_>>()
            .join("\n");
        let mut others: Vec<String> = named
            .captures_iter(&code)
            .map(|c| c[1].to_owned())
            .collect();
        for group in grouped.captures_iter(&code) {
            others.extend(group[1].split(',').map(|part| {
                part.trim()
                    .split("::")
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            }));
        }
        // The macro that makes bilingual texts lives at the root.
        others.retain(|other| !other.is_empty() && other != "text" && other != "self");
        for other in others {
            if !may_use(room, &other) {
                wrong.insert(format!("{} names {other}", file.path));
            }
        }
        for other in climbing.captures_iter(&code) {
            wrong.insert(format!("{} climbs to {}", file.path, &other[1]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_rooms_of_the_map_are_the_folders() {
    let map = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let folders: BTreeSet<String> = sources()
        .iter()
        .filter_map(|f| f.room().map(str::to_owned))
        .collect();
    for folder in &folders {
        assert!(
            map.contains(&format!("pub mod {folder};")) && map.contains(&format!("[`{folder}`]")),
            "{folder} is not on the map of lib.rs"
        );
        assert!(
            root().join(format!("src/{folder}/mod.rs")).is_file(),
            "{folder} has no mod.rs"
        );
        floor(folder);
    }
}

#[test]
fn every_file_opens_with_what_it_owns() {
    for file in sources()
        .into_iter()
        .chain(files("tests", "rs"))
        .chain(files("benches", "rs"))
    {
        let first = file.text.lines().next().unwrap_or_default();
        assert!(
            first.starts_with("//! ") && first.len() > 20,
            "{} does not open with a sentence: {first}",
            file.path
        );
    }
}

#[test]
fn only_base_opens_files() {
    let opens =
        Regex::new(r"\bstd::fs\b|\bfs::|\bFile::|\bOpenOptions\b|\bread_to_string\(|\bread_dir\(")
            .unwrap();
    // The build script lists the packs before there is a base.
    for file in sources()
        .iter()
        .filter(|f| f.room() != Some("base") && f.path != "src/build.rs")
    {
        assert!(
            !opens.is_match(&file.code()),
            "{} opens files: {}",
            file.path,
            opens.find(&file.code()).unwrap().as_str()
        );
    }
}

#[test]
fn only_one_place_asks_the_disk() {
    // A record holds what base::disk saw: whoever asks the disk elsewhere reads what no record holds.
    let asks = Regex::new(
        r"\.is_dir\(\)|\.is_file\(\)|\.exists\(\)|\.canonicalize\(|\bcanonicalize\(|path::absolute|\.metadata\(|\bmetadata\(|current_dir|\bfs::read|\bread_dir\(|File::open|stdin\(\)",
    )
    .unwrap();
    // The archive, the cache and reports are what runs leave, not what they read.
    let own = [
        "src/base/disk.rs",
        "src/base/draft.rs",
        "src/base/archive.rs",
        "src/base/cache.rs",
        "src/build.rs",
    ];
    for file in sources().iter().filter(|f| !own.contains(&f.path.as_str())) {
        if let Some(found) = asks.find(&file.code()) {
            panic!("{} asks the disk: {}", file.path, found.as_str());
        }
    }
}

#[test]
fn only_the_command_line_prints_and_exits() {
    let prints = Regex::new(
        r"\be?println?!|\bdbg!|\bstdout\(|\bstderr\(|process::exit|ExitCode|process::abort",
    )
    .unwrap();
    for file in sources().iter().filter(|f| {
        !matches!(f.path.as_str(), "src/main.rs" | "src/build.rs") && f.room() != Some("cli")
    }) {
        assert!(
            !prints.is_match(&file.code()),
            "{} prints or exits: {}",
            file.path,
            prints.find(&file.code()).unwrap().as_str()
        );
    }
}

#[test]
fn no_code_reads_the_clock_or_draws_at_random() {
    let clock = Regex::new(
        r"\bSystemTime\b|\bInstant\b|\bZoned::now|\bTimestamp::now|\brand::|\bRandomState\b",
    )
    .unwrap();
    for file in sources() {
        assert!(!clock.is_match(&file.code()), "{}", file.path);
    }
}

#[test]
fn core_types_are_not_serialised() {
    // Every wire format has its own structs, on the floors that write.
    let serialised = Regex::new(r"\bSerialize\b").unwrap();
    for file in sources()
        .iter()
        .filter(|f| f.room().is_some_and(|room| floor(room) < 5))
    {
        assert!(!serialised.is_match(&file.code()), "{}", file.path);
    }
}

#[test]
fn nothing_outside_tests_panics() {
    // `self.expect("]")` is the parser's own.
    let panics = Regex::new(r#"\.unwrap\(\)|(?:[^f]|[^l]f)\.expect\("|\bpanic!|\bunreachable!|\btodo!|\bunimplemented!"#).unwrap();
    for file in sources() {
        let code = file.code();
        assert!(
            !panics.is_match(&code),
            "{}: {}",
            file.path,
            panics.find(&code).unwrap().as_str()
        );
    }
}

#[test]
fn no_file_is_too_long() {
    for file in sources().iter().chain(&files("tests", "rs")) {
        let (lines, listed) = (
            file.text.lines().count(),
            LONG.contains(&file.path.as_str()),
        );
        assert!(
            lines <= LINES || listed || file.path.starts_with("tests/"),
            "{} has {lines} lines",
            file.path
        );
        assert!(
            lines > LINES || !listed,
            "{} is no longer long: take it off the list",
            file.path
        );
    }
}

#[test]
fn the_repository_names_no_place_outside_itself() {
    let outside = [
        concat!("/work", "/"),
        concat!("../", "shared"),
        concat!("/tmp/", "h/"),
    ];
    let all = ["src", "rules", "sample-projects", "tests", "benches"]
        .into_iter()
        .flat_map(|folder| ["rs", "toml", "md", "csv", "snap"].map(|e| files(folder, e)));
    for file in all.flatten() {
        for word in outside {
            assert!(!file.text.contains(word), "{} names {word}", file.path);
        }
    }
}

#[test]
fn every_module_of_the_suite_says_what_belongs_there() {
    let main = fs::read_to_string(root().join("tests/suite/main.rs")).unwrap();
    for line in main.lines().filter(|line| line.starts_with("mod ")) {
        let (name, words) = line.split_once(';').unwrap();
        assert!(
            words.trim_start().starts_with("// ") && words.trim_end().ends_with('.'),
            "{name}"
        );
    }
    let skipped = Regex::new(concat!(r"#\[ig", r"nore|#\[should_", "panic")).unwrap();
    for file in files("tests", "rs").iter().chain(&sources()) {
        assert!(!skipped.is_match(&file.text), "{} skips a test", file.path);
    }
}
