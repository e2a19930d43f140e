//! An access list of 107,713 conditions: loading it without and with its compiled form, judging, and a whole process.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "bench code"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use common::access_list::{ROWS, pack, submission};
use divan::{Bencher, black_box};
use hegui::base::cache::Cache;
use hegui::base::source::Sources;
use hegui::intake::{self, Expected, Format};
use hegui::judge::finding::Judged;
use hegui::judge::{Engine, Scratch, Settings};
use hegui::model::field::Vocabulary;
use hegui::model::project::Project;
use hegui::rules::pack::Packs;
use hegui::rules::{PackFiles, embedded, load, load_with};

const HITS: [&str; 3] = ["strictest", "first", "unique"];

fn main() {
    let set = set();
    let table = set.packs.library.tables.last().unwrap();
    assert_eq!(table.rows.len(), ROWS);
    let text = &set.pack.files.last().unwrap().1;
    let engine = Engine::new(&set.packs, &set.settings);
    for project in &set.known {
        let judged = engine.judge(project);
        let list = judged.findings.last().unwrap();
        assert!(list.verdict != hegui::judge::finding::Verdict::NotApplicable);
    }
    println!(
        "{} rows in {} bytes of CSV",
        table.rows.len(),
        text.text().len()
    );
    divan::main();
}

struct Set {
    pack: PackFiles,
    packs: Packs,
    settings: Settings,
    /// Projects whose unit is known, and projects whose unit is not.
    known: Vec<Project>,
    unknown: Vec<Project>,
}

fn vocabulary() -> &'static Vocabulary {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    let packs = PACKS.get_or_init(|| load(embedded::packs(), &mut Sources::default()).0);
    &packs.library.vocabulary
}

fn set() -> &'static Set {
    static SET: OnceLock<Set> = OnceLock::new();
    SET.get_or_init(|| {
        let pack = pack(vocabulary(), "strictest");
        let (packs, problems) = load(with(&pack), &mut Sources::default());
        assert!(problems.is_empty(), "{:?}", problems.first());
        let projects = |known: bool| -> Vec<Project> {
            let expected = Expected {
                vocabulary: &packs.library.vocabulary,
                goals: &[],
                indicators: &[],
                trust_claims: true,
            };
            let read = |number: usize| {
                let mut sources = Sources::default();
                let id = sources.add("p.toml", submission(vocabulary(), number * 31, known));
                let source = sources.get(id).unwrap();
                let (mut projects, problems) =
                    intake::read_projects(source, Format::Toml, "p", &expected);
                assert!(problems.is_empty(), "{problems:?}");
                projects.remove(0)
            };
            (0..100).map(read).collect()
        };
        Set {
            known: projects(true),
            unknown: projects(false),
            pack,
            packs,
            settings: Settings::default(),
        }
    })
}

fn with(pack: &PackFiles) -> Vec<PackFiles> {
    let mut files = embedded::packs();
    files.push(pack.clone());
    files
}

/// A folder of this bench's own, emptied.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[divan::bench(sample_count = 5, args = HITS)]
fn load_cold(bencher: Bencher<'_, '_>, hit: &str) {
    let pack = pack(vocabulary(), hit);
    bencher
        .with_inputs(|| with(&pack))
        .bench_values(|packs| load(packs, &mut Sources::default()));
}

#[divan::bench(sample_count = 20, args = HITS)]
fn load_cached(bencher: Bencher<'_, '_>, hit: &str) {
    let pack = pack(vocabulary(), hit);
    let cache = Cache::at(folder(hit));
    let (_, problems) = load_with(with(&pack), &mut Sources::default(), &cache);
    assert!(problems.is_empty(), "{:?}", problems.first());
    bencher
        .with_inputs(|| with(&pack))
        .bench_values(|packs| load_with(packs, &mut Sources::default(), &cache));
}

/// One project by all rules, the list among them; its unit known or not.
#[divan::bench(sample_count = 100, args = [true, false])]
fn judge_one(bencher: Bencher<'_, '_>, known: bool) {
    let set = set();
    let engine = Engine::new(&set.packs, &set.settings);
    let projects = if known { &set.known } else { &set.unknown };
    let (mut judged, mut scratch) = (Judged::default(), Scratch::default());
    let mut next = projects.iter().cycle();
    bencher.bench_local(|| {
        engine.judge_into(next.next().unwrap(), &mut judged, &mut scratch);
        black_box(&judged);
    });
}

/// A whole process on one file with the list in an office pack, its compiled form kept.
#[divan::bench(sample_count = 30)]
fn whole_process_cached(bencher: Bencher<'_, '_>) {
    let folder = folder("whole");
    let office = folder.join("office-access");
    for (path, text) in &set().pack.files {
        let path = office.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.text()).unwrap();
    }
    let settings = "packs = [\"national\", \"office-access\"]\ncache = \"cache\"\n";
    fs::write(folder.join("hegui.toml"), settings).unwrap();
    let file = folder.join("project.toml");
    fs::write(&file, submission(vocabulary(), 31, true)).unwrap();
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hegui"));
        let status = command.arg("check").arg(&file).stdout(Stdio::null());
        status.stderr(Stdio::null()).status().unwrap()
    };
    assert_ne!(run().code(), Some(2));
    assert_eq!(fs::read_dir(folder.join("cache")).unwrap().count(), 1);
    bencher.bench_local(run);
}
