//! Loading both packs, judging ten thousand varied projects, evidence, and NDJSON text.
//!
//! Every figure is of one thread. The projects are the samples with every field varied
//! by a fixed generator, so that runs can be compared.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "bench code"
)]

mod common;

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use common::samples::{PROJECTS, Set, sample_files};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use hegui::base::source::{Source, Sources};
use hegui::intake::{self, Expected, Format};
use hegui::judge::finding::{Judged, Verdict};
use hegui::judge::{Engine, Scratch};

fn main() {
    println!("{}", common::counts(set()));
    divan::main();
}

fn set() -> &'static Set {
    static SET: OnceLock<Set> = OnceLock::new();
    SET.get_or_init(|| Set::with(Vec::new()))
}

fn source(text: &str) -> Sources {
    let mut sources = Sources::default();
    sources.add("bench.ndjson", text);
    sources
}

#[divan::bench(sample_count = 20)]
fn load_both_packs(bencher: Bencher<'_, '_>) {
    bencher
        .with_inputs(hegui::rules::embedded::packs)
        .bench_values(|packs| hegui::rules::load(packs, &mut Sources::default()));
}

#[divan::bench(sample_count = 10)]
fn judge(bencher: Bencher<'_, '_>) {
    let set = set();
    let engine = Engine::new(&set.packs, &set.settings);
    let (mut judged, mut scratch) = (Judged::default(), Scratch::default());
    bencher.counter(ItemsCount::new(PROJECTS)).bench_local(|| {
        for project in &set.projects {
            engine.judge_into(black_box(project), &mut judged, &mut scratch);
            black_box(&judged);
        }
    });
}

/// Evidence for every finding that is neither a pass nor not applicable.
#[divan::bench(sample_count = 3)]
fn judge_with_evidence(bencher: Bencher<'_, '_>) {
    let set = set();
    let engine = Engine::new(&set.packs, &set.settings);
    bencher.counter(ItemsCount::new(PROJECTS)).bench(|| {
        for project in &set.projects {
            for finding in engine.judge(project).findings {
                if !matches!(finding.verdict, Verdict::NotApplicable) {
                    black_box(engine.evidence(project, &finding));
                }
            }
        }
    });
}

#[divan::bench(sample_count = 5)]
fn read_ndjson(bencher: Bencher<'_, '_>) {
    let set = set();
    let expected = Expected {
        vocabulary: &set.packs.library.vocabulary,
        goals: &set.goals,
        indicators: &set.packs.indicators,
        trust_claims: true,
    };
    let sources = source(&set.text);
    let text: &Source = sources
        .locate(hegui::base::source::Place::span(first(&sources), 0..0))
        .unwrap()
        .0;
    bencher
        .counter(ItemsCount::new(PROJECTS))
        .bench(|| intake::read_projects(text, Format::Ndjson, "p", &expected));
}

fn first(_: &Sources) -> hegui::base::source::SourceId {
    // The first source of a registry always has the same number.
    Sources::default().add("", "")
}

#[divan::bench(sample_count = 5)]
fn read_and_judge_ndjson(bencher: Bencher<'_, '_>) {
    let set = set();
    let engine = Engine::new(&set.packs, &set.settings);
    let expected = Expected {
        vocabulary: &set.packs.library.vocabulary,
        goals: &set.goals,
        indicators: &set.packs.indicators,
        trust_claims: true,
    };
    let sources = source(&set.text);
    let text: &Source = sources
        .locate(hegui::base::source::Place::span(first(&sources), 0..0))
        .unwrap()
        .0;
    bencher.counter(ItemsCount::new(PROJECTS)).bench(|| {
        let (projects, _) = intake::read_projects(text, Format::Ndjson, "p", &expected);
        for project in &projects {
            black_box(engine.judge(project));
        }
    });
}

/// A whole process on one file: starting, loading both packs, reading, judging, writing.
#[divan::bench(sample_count = 50)]
fn whole_process_on_one_file(bencher: Bencher<'_, '_>) {
    let file = sample_files().remove(0);
    bencher.bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hegui"));
        command
            .arg("check")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap()
    });
}
