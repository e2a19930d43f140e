//! The trace of many projects: building the graph, its order, the state of every support and goal, orphans, gaps.
//!
//! Every figure is of one thread. Projects link by a fixed generator, so that runs can be compared.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "bench code"
)]

use std::sync::OnceLock;

use divan::{Bencher, black_box};
use hegui::base::source::Place;
use hegui::base::text::Text;
use hegui::judge::decision::Decision;
use hegui::judge::finding::Judged;
use hegui::model::field::Vocabulary;
use hegui::model::plan::{Goal, Section};
use hegui::model::project::{Dependency, Project, Support};
use hegui::rules::pack::Packs;
use hegui::trace::drawing::{self, Size};
use hegui::trace::gaps::{self, Gaps};
use hegui::trace::standing::Changed;
use hegui::trace::{Graph, Order, Standing, Trace};

fn main() {
    for size in SIZES {
        let set = set(size);
        let trace = set.trace();
        let counts = trace.standing.counts(0..set.packs.goals.len());
        println!(
            "{size}: {} nodes, {} edges, {} of {} goals supported",
            trace.graph.node_count(),
            trace.graph.edge_count(),
            counts.of(hegui::trace::GoalState::Supported),
            counts.all()
        );
    }
    for (count, lines) in PICTURES {
        let (sizes, lines) = picture(count, lines);
        let drawing = drawing::draw(&sizes, &lines);
        println!(
            "{count} boxes, {} lines: {} crossings, {:.0} × {:.0}",
            lines.len(),
            drawing.crossings,
            drawing.width,
            drawing.height
        );
    }
    divan::main();
}

/// Projects; the plan has 500 goals.
const SIZES: [usize; 2] = [9_400, 100_000];
const GOALS: usize = 500;

struct Set {
    packs: Packs,
    projects: Vec<Project>,
    judged: Vec<Judged>,
}

impl Set {
    fn trace(&self) -> Trace<'_> {
        Trace::new(&self.packs, &self.projects, &self.judged)
    }

    fn graph(&self) -> Graph<'_> {
        Graph::new(&self.packs, &self.projects, &self.judged)
    }
}

/// A small linear congruential generator: the same projects in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

fn set(size: usize) -> &'static Set {
    static SETS: [OnceLock<Set>; 2] = [OnceLock::new(), OnceLock::new()];
    let at = SIZES.iter().position(|s| *s == size).unwrap();
    SETS[at].get_or_init(|| make(size))
}

/// Two goals and two earlier projects for each; a small one has fewer links. Some are open, few are rejected.
fn make(size: usize) -> Set {
    let mut packs = Packs::default();
    for number in 0..GOALS {
        let section = format!("{}.{}", 1 + number / 50, 1 + number / 10 % 5);
        if packs
            .sections
            .last()
            .is_none_or(|(_, s)| s.number != section)
        {
            let section = Section {
                number: section.clone(),
                title: Text::same("section"),
                hard: false,
                not_assessed: None,
                place: Place::Nowhere,
            };
            packs.sections.push((0, section));
        }
        packs.goals.push(Goal {
            pack: 0,
            lead: None,
            partners: Vec::new(),
            id: format!("G{number}"),
            section,
            title: Text::same("goal"),
            place: Place::Nowhere,
        });
    }
    let mut chance = Chance(20_250_901);
    let vocabulary = Vocabulary::default();
    let mut projects = Vec::with_capacity(size);
    let mut judged = Vec::with_capacity(size);
    for number in 0..size {
        let mut project = Project::empty(&vocabulary);
        project.id = format!("project-{number}");
        let many = size > 50_000;
        for _ in 0..if many { 2 } else { 1 + chance.below(2) } {
            project.supports.push(Support {
                goal: format!("G{}", chance.below(GOALS)),
                indicator: None,
                contribution: None,
                evidence: None,
                place: Place::Nowhere,
            });
        }
        for _ in 0..if many {
            2 + chance.below(10) / 9
        } else {
            1 + chance.below(2)
        } {
            if number > 0 {
                // Projects depend on nearby ones, so that chains are long; every thousandth closes a cycle.
                let other = if number % 1_000 == 999 {
                    number - 999
                } else {
                    number - 1 - chance.below(number.min(50))
                };
                project.depends_on.push(Dependency {
                    project: format!("project-{other}"),
                    place: Place::Nowhere,
                });
            }
        }
        projects.push(project);
        judged.push(Judged {
            findings: Vec::new(),
            decision: match chance.below(20) {
                0 => Decision::Supplement,
                1 if chance.below(50) == 0 => Decision::Reject,
                _ => Decision::Clear,
            },
        });
    }
    Set {
        packs,
        projects,
        judged,
    }
}

#[divan::bench(args = SIZES)]
fn build(bencher: Bencher, size: usize) {
    let set = set(size);
    bencher.bench_local(|| black_box(set.graph()));
}

#[divan::bench(args = SIZES)]
fn order(bencher: Bencher, size: usize) {
    let graph = set(size).graph();
    bencher.bench_local(|| black_box(Order::of(&graph)));
}

#[divan::bench(args = SIZES)]
fn states(bencher: Bencher, size: usize) {
    let graph = set(size).graph();
    let order = Order::of(&graph);
    bencher.bench_local(|| black_box(Standing::of(&graph, &order, &Changed::default())));
}

#[divan::bench(args = SIZES)]
fn orphans(bencher: Bencher, size: usize) {
    let graph = set(size).graph();
    let order = Order::of(&graph);
    bencher.bench_local(|| black_box(gaps::orphans(&graph, &order)));
}

/// Graph, order, states and orphans together.
#[divan::bench(args = SIZES)]
fn all_of_it(bencher: Bencher, size: usize) {
    let set = set(size);
    bencher.bench_local(|| {
        let trace = set.trace();
        black_box(gaps::orphans(&trace.graph, &trace.order))
    });
}

/// Every kind of gap; the search for implied dependencies is bounded.
#[divan::bench(args = SIZES, sample_count = 10)]
fn all_gaps(bencher: Bencher, size: usize) {
    let set = set(size);
    bencher.bench_local(|| black_box(Gaps::of(&set.trace())));
}

/// Boxes and random lines that close no cycle.
fn picture(count: usize, lines: usize) -> (Vec<Size>, Vec<(usize, usize)>) {
    let mut chance = Chance(7);
    let size = Size {
        width: 164.0,
        height: 48.0,
    };
    let line = |_| {
        let (a, b) = (chance.below(count), chance.below(count));
        (a.min(b), a.max(b))
    };
    (vec![size; count], (0..lines).map(line).collect())
}

const PICTURES: [(usize, usize); 3] = [(50, 67), (200, 290), (500, 754)];

#[divan::bench(args = PICTURES)]
fn draw(bencher: Bencher, (count, lines): (usize, usize)) {
    let (sizes, lines) = picture(count, lines);
    bencher.bench_local(|| black_box(drawing::draw(&sizes, &lines)));
}
