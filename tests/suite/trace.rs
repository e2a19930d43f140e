//! The trace: states of supports and goals, gaps, paths, impact, on small graphs and against a naive oracle.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::collections::BTreeSet;
use std::fmt::Write as _;

use hegui::base::source::Place;
use hegui::base::text::Text;
use hegui::judge::decision::Decision;
use hegui::judge::finding::Judged;
use hegui::model::field::Vocabulary;
use hegui::model::plan::{Goal, Section};
use hegui::model::project::{Dependency, Project, Support};
use hegui::rules::pack::Packs;
use hegui::trace::gaps::{self, Gaps, Redundant};
use hegui::trace::impact::{Impact, Subject};
use hegui::trace::{Dangling, GoalState, LinkState, Node, Trace, paths};
use proptest::prelude::*;

/// A small plan with projects: `goals` are `8.1/G1`; a project is `id decision goals… > dependencies…`.
struct Small {
    packs: Packs,
    projects: Vec<Project>,
    judged: Vec<Judged>,
}

fn section(number: &str, not_assessed: bool) -> (usize, Section) {
    let section = Section {
        number: number.into(),
        title: Text::same(number),
        hard: false,
        not_assessed: not_assessed.then(|| Text::same("persons")),
        place: Place::Nowhere,
    };
    (0, section)
}

fn project(line: &str) -> (Project, Judged) {
    let mut words = line.split_whitespace();
    let mut project = Project::empty(&Vocabulary::default());
    project.id = words.next().unwrap().into();
    project.name.clone_from(&project.id);
    let decision = Decision::named(words.next().unwrap()).unwrap();
    let mut depends = false;
    for word in words {
        if word == ">" {
            depends = true;
        } else if depends {
            project.depends_on.push(Dependency {
                project: word.into(),
                place: Place::Nowhere,
            });
        } else {
            project.supports.push(Support {
                goal: word.into(),
                indicator: None,
                contribution: None,
                evidence: None,
                place: Place::Nowhere,
            });
        }
    }
    let judged = Judged {
        findings: Vec::new(),
        decision,
    };
    (project, judged)
}

/// Sections end in `!` where no project is judged by them.
fn small(goals: &[&str], projects: &[impl AsRef<str>]) -> Small {
    let mut packs = Packs::default();
    for goal in goals {
        let (number, id) = goal.split_once('/').unwrap();
        let (number, not_assessed) = match number.strip_suffix('!') {
            Some(number) => (number, true),
            None => (number, false),
        };
        if !packs.sections.iter().any(|(_, s)| s.number == number) {
            packs.sections.push(section(number, not_assessed));
        }
        packs.goals.push(Goal {
            id: id.into(),
            section: number.into(),
            title: Text::same(id),
            place: Place::Nowhere,
        });
    }
    let (projects, judged) = projects.iter().map(|line| project(line.as_ref())).unzip();
    Small {
        packs,
        projects,
        judged,
    }
}

impl Small {
    fn trace(&self) -> Trace<'_> {
        Trace::new(&self.packs, &self.projects, &self.judged)
    }

    /// The ways of blocked projects to what holds them back.
    fn ways(&self, gaps: &Gaps) -> Vec<String> {
        let way = |b: &gaps::Blocked| self.ids(&gaps::way(&gaps.blocked, b.project, 20));
        gaps.blocked.iter().map(way).collect()
    }

    fn number(&self, id: &str) -> usize {
        self.projects.iter().position(|p| p.id == id).unwrap()
    }

    fn ids(&self, numbers: &[usize]) -> String {
        let ids: Vec<&str> = numbers
            .iter()
            .map(|n| self.projects[*n].id.as_str())
            .collect();
        ids.join(" ")
    }
}

/// `clear a` and so on: the state of each project's support.
fn links(small: &Small) -> String {
    let trace = small.trace();
    let all = small.projects.iter().enumerate();
    all.map(|(n, p)| format!("{}={}", p.id, trace.standing.link(n).id()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn goals(small: &Small) -> String {
    let trace = small.trace();
    let all = small.packs.goals.iter().enumerate();
    all.map(|(n, g)| format!("{}={}", g.id, trace.standing.goal(n).id()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_support_is_as_good_as_the_worst_it_depends_on() {
    for (decision, state) in [
        ("clear", "effective"),
        ("explain", "effective"),
        ("refer", "pending"),
        ("verify", "pending"),
        ("unassessed", "pending"),
        ("supplement", "pending"),
        ("rectify", "pending"),
        ("reject", "at_risk"),
    ] {
        let own = small(&["8.1/G1"], &[format!("a {decision} G1")]);
        assert_eq!(links(&own), format!("a={state}"));
        // Through two others, the second of which is fine.
        let far = small(
            &["8.1/G1"],
            &[
                "a clear G1 > b".to_owned(),
                "b explain > c".to_owned(),
                format!("c {decision}"),
            ],
        );
        assert_eq!(links(&far), format!("a={state} b={state} c={state}"));
    }
    let missing = small(&["8.1/G1"], &["a clear G1 > nobody", "b clear > a"]);
    assert_eq!(links(&missing), "a=at_risk b=at_risk");
}

#[test]
fn a_goal_is_as_good_as_its_best_support() {
    let world = small(
        &["8.1/G1", "8.1/G2", "8.2/G3", "8.2/G4", "9!/G5", "8.2/G6"],
        &[
            "a clear G1 G5",
            "b reject G1 G3",
            "c refer G2 G3",
            "d reject G2 G4",
        ],
    );
    assert_eq!(
        goals(&world),
        "G1=supported G2=pending G3=pending G4=at_risk G5=not_assessed G6=unsupported"
    );
    let trace = world.trace();
    let counts = trace.standing.counts(0..world.packs.goals.len());
    assert_eq!((counts.all(), counts.assessed()), (6, 5));
    // A goal named twice by a project is served once.
    let twice = small(&["8.1/G1"], &["a clear G1 G1"]);
    assert_eq!(twice.trace().standing.tally(0).all(), 1);
}

#[test]
fn an_item_above_a_cycle_it_is_not_part_of_is_at_risk_and_not_in_the_cycle() {
    let world = small(
        &["8.1/G1"],
        &["g clear G1 > b", "b clear > c", "c clear > b", "d clear"],
    );
    assert_eq!(links(&world), "g=at_risk b=at_risk c=at_risk d=effective");
    let trace = world.trace();
    let gaps = Gaps::of(&trace);
    assert_eq!(gaps.cycles.len(), 1);
    assert_eq!(world.ids(&gaps.cycles[0]), "b c b");
    assert!(!trace.order.in_cycle(0) && trace.order.in_cycle(1));
    assert_eq!(world.ways(&gaps), ["g b"]);
    // What a cycle leans on is not held back by it.
    let below = small(&["8.1/G1"], &["a clear > b", "b clear > a c", "c clear G1"]);
    assert_eq!(links(&below), "a=at_risk b=at_risk c=effective");
    let alone = small(&["8.1/G1"], &["a clear G1 > a"]);
    assert_eq!(alone.ids(&Gaps::of(&alone.trace()).cycles[0]), "a a");
}

#[test]
fn a_complete_layered_graph_of_six_by_ten_is_one_pass() {
    let mut lines = Vec::new();
    for layer in 0..10 {
        for at in 0..6 {
            let below: Vec<String> = (0..6)
                .filter(|_| layer < 9)
                .map(|other| format!("p{}-{other}", layer + 1))
                .collect();
            let goal = if layer == 0 { " G1" } else { "" };
            let decision = if layer == 9 && at == 5 {
                "reject"
            } else {
                "clear"
            };
            lines.push(format!(
                "p{layer}-{at} {decision}{goal} > {}",
                below.join(" ")
            ));
        }
    }
    let world = small(&["8.1/G1"], &lines);
    let start = std::time::Instant::now();
    let trace = world.trace();
    assert_eq!(trace.standing.goal(0), GoalState::AtRisk);
    assert_eq!(trace.graph.edge_count(), 9 * 36 + 6 + 3);
    let gaps = Gaps::of(&trace);
    assert_eq!(gaps.blocked.len(), 54);
    assert_eq!(world.ways(&gaps)[0].split(' ').count(), 10);
    let found = paths::between(&trace.graph, Node::Project(0), Node::Project(59), true);
    assert_eq!((found.found.len(), found.more), (paths::MOST, true));
    assert!(start.elapsed().as_secs() < 2);
}

#[test]
fn a_chain_of_a_hundred_thousand_projects_is_followed_to_its_end() {
    let count = 100_000;
    let lines: Vec<String> = (0..count)
        .map(|n| {
            let goal = if n == 0 { " G1" } else { "" };
            let decision = if n == count - 1 { "refer" } else { "clear" };
            format!(
                "p{n} {decision}{goal} > {}",
                if n == count - 1 {
                    String::new()
                } else {
                    format!("p{}", n + 1)
                }
            )
        })
        .collect();
    let world = small(&["8.1/G1"], &lines);
    let trace = world.trace();
    assert_eq!(trace.standing.goal(0), GoalState::Pending);
    let gaps = Gaps::of(&trace);
    assert!(gaps.cycles.is_empty());
    assert_eq!(
        (gaps.blocked.len(), gaps.blocked[0].steps),
        (count - 1, count - 1)
    );
    let way = paths::between(&trace.graph, Node::Project(0), Node::Project(99_999), false);
    assert_eq!(way.found[0].steps.len(), 99_999);
    // Closed into one cycle, it is found and printed whole.
    let mut lines = lines;
    *lines.last_mut().unwrap() = format!("p{} clear > p0", count - 1);
    let world = small(&["8.1/G1"], &lines);
    let trace = world.trace();
    assert_eq!(trace.standing.goal(0), GoalState::AtRisk);
    let cycles = hegui::trace::gaps::cycles(&trace.graph, &trace.order);
    assert_eq!(cycles[0].len(), count + 1);
}

#[test]
fn each_gap_is_found_where_it_is() {
    let world = small(
        &["8.1/G1", "8.1/G2", "8.2/G3", "8.2/G4"],
        &[
            "a clear G1 G1",
            "b clear G2",
            "c reject G2 G9",
            "d clear G3 > e f e nobody",
            "e clear > f",
            "f clear",
            "g clear",
            "h clear > g",
        ],
    );
    let trace = world.trace();
    let gaps = Gaps::of(&trace);
    let names = |goals: &[usize]| -> Vec<&str> {
        goals
            .iter()
            .map(|g| world.packs.goals[*g].id.as_str())
            .collect()
    };
    assert_eq!(names(&gaps.unsupported), ["G4"]);
    assert_eq!(names(&gaps.at_risk), ["G3"]);
    let sole: Vec<(&str, &str, usize)> = gaps
        .sole
        .iter()
        .map(|s| {
            let goal = world.packs.goals[s.goal].id.as_str();
            (goal, world.projects[s.project].id.as_str(), s.claims)
        })
        .collect();
    assert_eq!(sole, [("G1", "a", 1), ("G2", "b", 2), ("G3", "d", 1)]);
    // `e` and `f` serve through `d`; `g` only through `h`, which serves nothing.
    assert_eq!(world.ids(&gaps.orphans), "g h");
    let (c, d) = (world.number("c"), world.number("d"));
    assert_eq!(
        gaps.dangling,
        [
            Dangling::Goal(u32::try_from(c).unwrap(), 1),
            Dangling::Project(u32::try_from(d).unwrap(), 3)
        ]
    );
    assert_eq!(
        gaps.redundant,
        [
            Redundant::Claim(0, 1),
            Redundant::Again(d, 2),
            Redundant::Implied(d, 1, world.number("e"))
        ]
    );
    assert!(gaps.redundant_complete && gaps.cycles.is_empty());
}

#[test]
fn two_projects_of_one_id_both_count_for_what_depends_on_them() {
    let world = small(&["8.1/G1"], &["a clear G1 > x", "x clear", "x reject"]);
    let trace = world.trace();
    assert_eq!(trace.standing.link(0), LinkState::AtRisk);
    assert_eq!(Gaps::of(&trace).dangling, [Dangling::Several(0, 0)]);
    assert_eq!(trace.graph.projects_of("x"), [1, 2]);
    assert_eq!((trace.graph.twin(0), trace.graph.twin(2)), (None, Some(2)));
}

#[test]
fn ways_lead_upwards_and_never_over_siblings() {
    let world = small(
        &["8.1/G1", "8.2/G2"],
        &["a clear G1 > b", "b clear G1 G2", "c clear G2"],
    );
    let trace = world.trace();
    let graph = &trace.graph;
    let names = |from: Node, to: Node, all: bool| -> Vec<String> {
        let found = paths::between(graph, from, to, all);
        let name = |node: Node| match node {
            Node::Project(n) => world.projects[n as usize].id.clone(),
            Node::Goal(n) => world.packs.goals[n as usize].id.clone(),
            Node::Section(n) => world.packs.sections[n as usize].1.number.clone(),
            other => format!("{other:?}"),
        };
        let sign = if found.backwards { "←" } else { "" };
        found
            .found
            .iter()
            .map(|path| {
                let mut words = vec![name(path.from)];
                words.extend(path.steps.iter().map(|s| name(s.to)));
                format!("{sign}{}", words.join(" "))
            })
            .collect()
    };
    let (a, b, c) = (Node::Project(0), Node::Project(1), Node::Project(2));
    let (g1, g2) = (Node::Goal(0), Node::Goal(1));
    assert_eq!(names(a, g1, false), ["a G1"]);
    assert_eq!(names(a, g1, true), ["a G1", "a b G1"]);
    assert_eq!(names(a, g2, true), ["a b G2"]);
    assert_eq!(names(g2, a, true), ["←a b G2"]);
    assert_eq!(names(a, Node::Chapter(0), false), ["a G1 8.1 Chapter(0)"]);
    assert_eq!(names(a, c, true), [""; 0]);
    assert_eq!(names(c, b, true), [""; 0]);
    assert_eq!(names(a, a, true), ["a"]);
}

#[test]
fn a_refused_project_takes_its_dependents_and_their_goals_with_it_and_nothing_else() {
    let world = small(
        &["8.1/G1", "8.1/G2", "8.2/G3"],
        &[
            "a clear G1 > b",
            "b clear",
            "c clear G2 G1",
            "d clear G3 > c",
        ],
    );
    let trace = world.trace();
    let impact = Impact::of(&trace, Subject::Refused(world.number("b")));
    let changed: Vec<&str> = impact
        .projects
        .iter()
        .map(|c| world.projects[c.project].id.as_str())
        .collect();
    assert_eq!(changed, ["a", "b"]);
    assert_eq!(impact.goals.len(), 1);
    assert_eq!(
        impact.goals[0].state,
        (GoalState::Supported, GoalState::Supported)
    );
    assert!(!impact.moves_a_goal());
    let impact = Impact::of(&trace, Subject::Refused(world.number("c")));
    let goals: Vec<(usize, GoalState)> = impact.goals.iter().map(|g| (g.goal, g.state.1)).collect();
    assert_eq!(
        goals,
        [
            (0, GoalState::Supported),
            (1, GoalState::AtRisk),
            (2, GoalState::AtRisk)
        ]
    );
    let dropped = Impact::of(&trace, Subject::Dropped(1));
    assert_eq!(
        (world.ids(&dropped.released), dropped.orphaned.len()),
        ("c".into(), 0)
    );
    let dropped = Impact::of(&trace, Subject::Dropped(2));
    assert_eq!(world.ids(&dropped.orphaned), "d");
}

/// What the naive oracle says of a project: everything reachable, looked at one by one.
fn oracle(small: &Small, project: usize) -> LinkState {
    let of = |id: &str| small.projects.iter().position(|p| p.id == id);
    let reach = |from: usize| {
        let mut seen = BTreeSet::new();
        let mut stack = vec![from];
        while let Some(here) = stack.pop() {
            for dependency in &small.projects[here].depends_on {
                if let Some(other) = of(&dependency.project)
                    && seen.insert(other)
                {
                    stack.push(other);
                }
            }
        }
        seen
    };
    let mut all = reach(project);
    all.insert(project);
    let worst = |p: &usize| {
        let missing = small.projects[*p]
            .depends_on
            .iter()
            .any(|d| of(&d.project).is_none());
        match small.judged[*p].decision {
            _ if missing || reach(*p).contains(p) => LinkState::AtRisk,
            Decision::Reject => LinkState::AtRisk,
            Decision::Clear | Decision::Explain => LinkState::Effective,
            _ => LinkState::Pending,
        }
    };
    all.iter().map(worst).max().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn states_agree_with_naive_reachability(
        decisions in prop::collection::vec(0_usize..12, 1..14),
        edges in prop::collection::vec((0_usize..14, 0_usize..15), 0..30),
        claims in prop::collection::vec((0_usize..14, 0_usize..5), 0..20),
    ) {
        let ids = ["clear", "explain", "refer", "reject", "supplement"];
        let count = decisions.len();
        let mut lines: Vec<String> = decisions
            .iter()
            .enumerate()
            .map(|(n, d)| format!("p{n} {}", ids.get(*d).unwrap_or(&"clear")))
            .collect();
        for (project, goal) in &claims {
            if let Some(line) = lines.get_mut(*project) {
                write!(line, " G{goal}").unwrap();
            }
        }
        for line in &mut lines {
            line.push_str(" >");
        }
        for (from, to) in &edges {
            if let Some(line) = lines.get_mut(*from) {
                write!(line, " p{to}").unwrap();
            }
        }
        let world = small(&["8.1/G0", "8.1/G1", "8.2/G2", "9!/G3"], &lines);
        let trace = world.trace();
        for project in 0..count {
            prop_assert_eq!(trace.standing.link(project), oracle(&world, project));
        }
        for (goal, is) in trace.standing.goals.iter().enumerate() {
            let best = (0..count)
                .filter(|p| world.projects[*p].supports.iter().any(|s| s.goal == format!("G{goal}")))
                .map(|p| oracle(&world, p))
                .min();
            let wanted = match best {
                _ if goal == 3 => GoalState::NotAssessed,
                None => GoalState::Unsupported,
                Some(LinkState::Effective) => GoalState::Supported,
                Some(LinkState::Pending) => GoalState::Pending,
                Some(LinkState::AtRisk) => GoalState::AtRisk,
            };
            prop_assert_eq!(*is, wanted);
        }
        let gaps = Gaps::of(&trace);
        let depends = |from: usize, to: usize| {
            world.projects[from].depends_on.iter().any(|d| d.project == world.projects[to].id)
        };
        // A printed cycle is a real, closed path without a repeated project; each cyclic project has one near.
        for cycle in &gaps.cycles {
            prop_assert_eq!(cycle.first(), cycle.last());
            prop_assert!(cycle.len() > 1);
            prop_assert!(cycle.windows(2).all(|pair| depends(pair[0], pair[1])));
            let inner: BTreeSet<&usize> = cycle.iter().skip(1).collect();
            prop_assert_eq!(inner.len(), cycle.len() - 1);
        }
        let cyclic = (0..count).any(|p| trace.order.in_cycle(p));
        prop_assert_eq!(cyclic, !gaps.cycles.is_empty());
        // A blocked chain is a real path to something that is bad by itself.
        for blocked in &gaps.blocked {
            let chain = gaps::way(&gaps.blocked, blocked.project, usize::MAX);
            prop_assert_eq!((chain.len() - 1, chain.last()), (blocked.steps, Some(&blocked.cause)));
            prop_assert!(chain.windows(2).all(|pair| depends(pair[0], pair[1])));
            let state = trace.standing.link(chain[0]);
            prop_assert!(chain.iter().all(|p| trace.standing.link(*p) == state));
        }
        // An implied dependency can be reached without the link itself.
        for redundant in &gaps.redundant {
            if let Redundant::Implied(project, place, through) = redundant {
                let to = &world.projects[*project].depends_on[*place as usize].project;
                prop_assert!(&world.projects[*through].id != to);
                let way = paths::between(
                    &trace.graph,
                    Node::Project(u32::try_from(*through).unwrap()),
                    Node::Project(u32::try_from(world.number(to)).unwrap()),
                    false,
                );
                prop_assert!(!way.found.is_empty() && !way.backwards);
            }
        }
    }
}
