//! Three thousand ordinary rules beside the embedded packs: loading them, and judging ten thousand varied projects.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "bench code"
)]

mod common;

use std::sync::OnceLock;

use common::many_rules::pack;
use common::samples::{PROJECTS, Set};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use hegui::base::source::Sources;
use hegui::judge::finding::Judged;
use hegui::judge::{Engine, Scratch};
use hegui::rules::{PackFiles, embedded, load};

fn main() {
    println!("{}", common::counts(set()));
    let set = set();
    let engine = Engine::new(&set.packs, &set.settings);
    let (mut judged, mut scratch) = (Judged::default(), Scratch::default());
    for project in set.projects.iter().step_by(97) {
        engine.judge_into(project, &mut judged, &mut scratch);
        for finding in &judged.findings {
            let alone = engine.judge_one(finding.rule, project);
            assert_eq!(alone.as_ref(), Some(finding), "sharing changes nothing");
        }
    }
    divan::main();
}

fn many() -> &'static PackFiles {
    static PACK: OnceLock<PackFiles> = OnceLock::new();
    PACK.get_or_init(|| {
        let (packs, _) = load(embedded::packs(), &mut Sources::default());
        pack(&packs.library.vocabulary)
    })
}

fn set() -> &'static Set {
    static SET: OnceLock<Set> = OnceLock::new();
    SET.get_or_init(|| Set::with(vec![many().clone()]))
}

#[divan::bench(sample_count = 5)]
fn load_many(bencher: Bencher<'_, '_>) {
    let files = || {
        let mut files = embedded::packs();
        files.push(many().clone());
        files
    };
    bencher
        .with_inputs(files)
        .bench_values(|packs| load(packs, &mut Sources::default()));
}

#[divan::bench(sample_count = 20)]
fn judge_two(bencher: Bencher<'_, '_>) {
    let set = set();
    bencher.bench(|| {
        // What is shared is made for the second project.
        let engine = Engine::new(&set.packs, &set.settings);
        let (mut judged, mut scratch) = (Judged::default(), Scratch::default());
        for project in set.projects.iter().take(2) {
            engine.judge_into(black_box(project), &mut judged, &mut scratch);
        }
        judged
    });
}

#[divan::bench(sample_count = 5)]
fn judge_by_many(bencher: Bencher<'_, '_>) {
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
