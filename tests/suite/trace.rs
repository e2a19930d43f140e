//! The trace: states of supports and goals, gaps, paths, impact, on small graphs and against a naive oracle.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "test code"
)]

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
use serde_json::Value as Json;

use crate::program::{Ran, folder, run, run_in, write};

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
            pack: 0,
            lead: None,
            partners: Vec::new(),
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

/// The state that the trace of the samples gives a goal, and its supports.
fn sample_goal(samples: &Json, goal: &str) -> (String, u64, u64, u64) {
    let nodes = samples["nodes"].as_array().unwrap();
    let node = nodes
        .iter()
        .find(|n| n["key"] == format!("goal:{goal}"))
        .unwrap_or_else(|| panic!("{goal}"));
    let count = |state: &str| node["supports"][state].as_u64().unwrap();
    (
        node["state"].as_str().unwrap().to_owned(),
        count("effective"),
        count("pending"),
        count("at_risk"),
    )
}

#[test]
fn the_samples_hold_the_goals_that_their_decisions_allow() {
    let ran = run("trace matrix sample-projects --format json");
    let samples: Json = serde_json::from_str(&ran.out).unwrap();
    let check = run("check sample-projects --format json");
    let check: Json = serde_json::from_str(&check.out).unwrap();
    // What each sample claims, and how it and all it depends on was decided, gives every goal's state.
    let projects = check["projects"].as_array().unwrap();
    let depends = |project: &Json| -> Vec<Json> {
        let all = project.get("depends_on").and_then(Json::as_array).cloned();
        all.unwrap_or_default()
    };
    let reach = |from: &Json| -> Vec<Json> {
        let mut found = depends(from);
        let mut at = 0;
        while let Some(id) = found.get(at).cloned() {
            let next = projects.iter().find(|p| p["id"] == id).map(depends);
            for id in next.unwrap_or_default() {
                if !found.contains(&id) {
                    found.push(id);
                }
            }
            at += 1;
        }
        found
    };
    let of_id = |id: &Json| {
        let Some(project) = projects.iter().find(|p| p["id"] == *id) else {
            return 2;
        };
        match project["decision"]["id"].as_str().unwrap() {
            _ if reach(project).contains(id) => 2,
            "clear" | "explain" => 0,
            "reject" => 2,
            _ => 1,
        }
    };
    let mut by_goal = std::collections::BTreeMap::<String, [u64; 3]>::new();
    for project in projects.iter().filter(|p| !p["id"].is_null()) {
        let all = std::iter::once(project["id"].clone()).chain(reach(project));
        let state = all.map(|id| of_id(&id)).max().unwrap();
        for support in project["supports"].as_array().unwrap() {
            let goal = support["goal"].as_str().unwrap();
            by_goal.entry(goal.to_owned()).or_default()[state] += 1;
        }
    }
    assert!(by_goal.len() >= 15);
    for (goal, [effective, pending, at_risk]) in &by_goal {
        let state = match (effective, pending) {
            (1.., _) => "supported",
            (0, 1..) => "pending",
            _ => "at_risk",
        };
        assert_eq!(
            sample_goal(&samples, goal),
            (state.to_owned(), *effective, *pending, *at_risk),
            "{goal}"
        );
    }
    let goals = &samples["levels"]["goals"];
    let held = by_goal.len() as u64;
    assert_eq!(
        goals["assessed"].as_u64().unwrap() - goals["unsupported"].as_u64().unwrap(),
        held
    );
}

/// A folder of projects that depend on each other: a chain to a broken id, a cycle, markup in a name.
fn linked(name: &str) -> std::path::PathBuf {
    let folder = folder(name);
    let head = "submitted = 2024-06-01\nstage = \"filing\"\n";
    let project = |id: &str, rest: &str| format!("[[project]]\nid = \"{id}\"\n{head}{rest}\n");
    let all = [
        project(
            "heat",
            "name = \"热源厂<&\\\"']]>\"\nsupports = [{ goal = \"G8.2-1\", evidence = \"可研<3>\" }]\ndepends_on = [\"grid\"]",
        ),
        project(
            "grid",
            "name = \"=1+1\"\ndepends_on = [\"water\", \"nobody\"]",
        ),
        project("water", "supports = [\"G8.4-7\"]\ndepends_on = [\"pipe\"]"),
        project("pipe", "depends_on = [\"water\"]"),
        project("idle", ""),
    ];
    write(&folder, "all.toml", all.concat());
    folder
}

fn ask(folder: &std::path::Path, line: &str) -> Ran {
    run_in(folder, line.split(' '), b"")
}

const QUESTIONS: [&str; 8] = [
    "project heat",
    "goal G8.2-1",
    "path heat 8",
    "path heat pipe --all",
    "gaps",
    "impact grid",
    "impact G8.2-1",
    "matrix",
];

#[test]
fn every_answer_has_the_same_bytes_every_run_and_every_format_is_well_formed() {
    let folder = linked("trace-formats");
    for question in QUESTIONS {
        for lang in ["zh", "en"] {
            let of = |format: &str| {
                let line = format!("trace {question} --format {format} --lang {lang}");
                let (a, b) = (ask(&folder, &line), ask(&folder, &line));
                // A project that was not read is a warning, and nothing else is amiss.
                assert_eq!((a.code, &a.out), (0, &b.out), "{line}\n{}", a.err);
                assert!(!a.out.is_empty(), "{line}");
                a.out
            };
            for format in ["svg", "graphml"] {
                let text = of(format);
                let xml = roxmltree::Document::parse(&text)
                    .unwrap_or_else(|e| panic!("{question} {format}: {e}\n{text}"));
                assert!(xml.descendants().count() > 3, "{question} {format}");
            }
            let json: Json = serde_json::from_str(&of("json")).unwrap();
            let keys: BTreeSet<&str> = json["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|n| n["key"].as_str().unwrap())
                .collect();
            for edge in json["edges"].as_array().unwrap() {
                let has = |end: &str| keys.contains(edge[end].as_str().unwrap());
                assert!(has("from") && has("to"), "{question}: {edge}");
            }
            let table = of("csv");
            let rows = csv_rows(&table);
            assert!(rows.iter().all(|row| row.len() == rows[0].len()));
            // No cell is a formula.
            let formula = |cell: &String| cell.starts_with(['=', '+', '-', '@']);
            assert!(!rows.iter().flatten().any(formula), "{table}");
            assert!(of("dot").ends_with("}\n") && of("mermaid").contains("flowchart RL"));
            of("text");
        }
    }
}

/// The cells of a CSV text without line breaks in cells.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let row = |line: &str| {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        cells
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap();
    text.lines().map(row).collect()
}

#[test]
fn words_of_people_stay_words_in_every_format() {
    let folder = linked("trace-escapes");
    let svg = ask(&folder, "trace project heat --format svg").out;
    assert!(svg.contains("热源厂&lt;&amp;&quot;&#39;]]&gt;"), "{svg}");
    let xml = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> = xml
        .descendants()
        .filter(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "text")))
        .filter_map(|n| n.text())
        .collect();
    assert!(
        texts.iter().any(|t| t.starts_with("热源厂<&\"']]>")),
        "{texts:?}"
    );
    let mermaid = ask(&folder, "trace project heat --format mermaid").out;
    assert!(
        mermaid.contains("热源厂#60;#38;#34;'#93;#93;#62;"),
        "{mermaid}"
    );
    let dot = ask(&folder, "trace project heat --format dot").out;
    assert!(dot.contains("热源厂<&\\\"']]>"), "{dot}");
}

#[test]
fn what_holds_a_project_back_is_named_from_both_ends() {
    let folder = linked("trace-reasons");
    let project = ask(&folder, "trace project heat");
    assert!(
        project
            .out
            .contains("支撑：✗ 有风险：依赖的 grid 所依赖的 nobody 未读入"),
        "{}",
        project.out
    );
    assert!(project.err.contains("依赖的项目 `nobody` 未在本次读入"));
    let gaps = ask(&folder, "trace gaps").out;
    for line in [
        "  G8.2-1 市政管网、充电设施和城市道路  只有 heat 热源厂<&\"']]>（有风险）",
        "  heat → grid  有风险：依赖的 grid 所依赖的 nobody 未读入",
        "  water → pipe → water  共 2 个项目",
        "  grid =1+1  nobody：依赖的项目未读入",
        "不支撑任何目标的项目（1）\n  idle",
    ] {
        assert!(gaps.contains(line), "{line}\n{gaps}");
    }
    let check = ask(&folder, "check --format json").out;
    let check: Json = serde_json::from_str(&check).unwrap();
    assert_eq!(
        check["projects"][0]["depends_on"],
        serde_json::json!(["grid"])
    );
    assert_eq!(check["projects"][0]["supports"][0]["evidence"], "可研<3>");
}

#[test]
fn an_empty_level_is_not_applicable_and_never_all_or_none() {
    let folder = folder("trace-levels");
    let text = "id = \"a\"\nsubmitted = 2024-06-01\nstage = \"filing\"\nsupports = [\"G1\"]\n";
    write(&folder, "a.toml", text);
    let head = "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"规划\", en = \"plan\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"plan\"\nextends = [\"national\"]\nperiod = { from = 2021-01-01, to = 2025-12-31 }\nperiod_notice = { zh = \"已届满\", en = \"over\" }\n";
    write(&folder, "own/pack.toml", head);
    let plan = "[[section]]\nnumber = \"1\"\ntitle = { zh = \"有目标\", en = \"with goals\" }\n[[section]]\nnumber = \"2\"\ntitle = { zh = \"没有目标\", en = \"without\" }\n[[section]]\nnumber = \"3\"\ntitle = { zh = \"人\", en = \"persons\" }\nnot_assessed = { zh = \"不涉及项目\", en = \"not about projects\" }\n[[goal]]\nid = \"G1\"\nsection = \"1\"\ntitle = { zh = \"目标一\", en = \"goal one\" }\n[[goal]]\nid = \"G3\"\nsection = \"3\"\ntitle = { zh = \"目标三\", en = \"goal three\" }\n";
    write(&folder, "own/plan.toml", plan);
    let gaps = ask(&folder, "trace gaps a.toml --rules own");
    assert_eq!(gaps.code, 0, "{}", gaps.err);
    let line = |name: &str| {
        let line = gaps.out.lines().find(|l| l.starts_with(name));
        line.unwrap_or_else(|| panic!("{}", gaps.out))
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(line("第一章")[2..], ["0/1", "1", "0", "0", "0"]);
    assert_eq!(line("第二章")[2..], ["不适用", "–", "–", "–", "0"]);
    assert_eq!(line("第三章")[2..], ["不适用", "–", "–", "–", "1"]);
    assert_eq!(line("合计")[1..], ["0/1", "1", "0", "0", "1"]);
    assert!(gaps.out.contains("有项目对应的指标 不适用"));
    let goal = ask(&folder, "trace goal G3 a.toml --rules own").out;
    assert!(
        goal.contains("【不作项目核查】") && goal.contains("不涉及项目"),
        "{goal}"
    );
}

#[test]
fn rows_of_a_suggestion_table_all_count_and_claims_are_set_beside_them() {
    let folder = folder("trace-suggestions");
    // A plan of its own: the shipped one has a table of suggestions already.
    let head = "id = \"own\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"plan\"\nextends = [\"national\"]\n";
    write(&folder, "own/pack.toml", head);
    let goals = [
        ("G4-0d", "培育生物基、氢能源、铝基、碳基等未来产业"),
        ("G4.1-1", "新材料产业集群"),
        ("G4.1-2", "生物医药与大健康产业集群"),
        ("G5.3-4", "现代物流和冷链"),
        ("G8.2-1", "市政管网、充电设施和城市道路"),
        ("G10.1-1", "园区循环化改造"),
    ];
    let goal = |(id, title): &(&str, &str)| {
        format!(
            "[[goal]]\nid = \"{id}\"\nsection = \"1\"\ntitle = {{ zh = \"{title}\", en = \"{id}\" }}\n"
        )
    };
    let section = "[[section]]\nnumber = \"1\"\ntitle = { zh = \"一\", en = \"one\" }\n";
    let plan = section.to_owned() + &goals.iter().map(goal).collect::<String>();
    write(&folder, "own/plan.toml", &plan);
    let tables = "[[table]]\nid = \"goal-suggestions\"\ntitle = { zh = \"目标建议\", en = \"goal suggestions\" }\nhit = \"first\"\nkeys = [{ column = \"industry\", field = \"industry.code\", match = \"code\" }, { column = \"process\", field = \"products.process\", match = \"set\" }]\noutputs = [{ column = \"goal\", type = \"text\" }]\notherwise = \"gap\"\nsource = \"test\"\nconfidence = \"official\"\n";
    write(&folder, "own/tables.toml", tables);
    let rows = "industry,process,goal\n32,,G4.1-1\n3216,,G4-0d\n26,,G4.1-2\n,electrolysis,G10.1-1\n15,,G5.3-4\n";
    write(&folder, "own/tables/goal-suggestions.csv", rows);
    let text = "id = \"a\"\nsubmitted = 2024-06-01\nstage = \"filing\"\nsupports = [\"G4.1-1\", \"G4.1-2\", \"G8.2-1\"]\nproducts = []\n[industry]\ncode = \"3216\"\n";
    write(&folder, "a.toml", text);
    let project = ask(&folder, "trace project a a.toml --rules own");
    assert_eq!(project.code, 0, "{}", project.err);
    let (_, found) = project.out.split_once("声称与事实的对应\n").unwrap();
    let lines: Vec<&str> = found.lines().map(str::trim).collect();
    // G8.2-1 is in no row: the table says nothing of it.
    assert_eq!(
        lines,
        [
            "→ 建议、未声称  G4-0d 培育生物基、氢能源、铝基、碳基等未来产业（「目标建议」第 3 行）",
            "✓ 声称、有对应  G4.1-1 新材料产业集群（「目标建议」第 2 行）",
            "✗ 声称、未见对应  G4.1-2 生物医药与大健康产业集群",
        ]
    );
    // Without the industry nothing is sure, and nothing is out.
    let text = text.replace("[industry]\ncode = \"3216\"\n", "").replace(
        "products = []\n",
        "[[products]]\nprocess = \"electrolysis\"\n",
    );
    write(&folder, "a.toml", text);
    let json = ask(&folder, "trace project a a.toml --rules own --format json").out;
    let json: Json = serde_json::from_str(&json).unwrap();
    let goals = json["suggestions"][0]["goals"].as_array().unwrap();
    let sure: Vec<(&str, bool)> = goals
        .iter()
        .map(|g| (g["goal"].as_str().unwrap(), g["sure"].as_bool().unwrap()))
        .collect();
    assert!(sure.contains(&("goal:G10.1-1", true)) && sure.contains(&("goal:G4.1-2", false)));
    assert_eq!(json["suggestions"][0]["unmatched"], serde_json::json!([]));
}

#[test]
fn mistakes_in_a_question_are_told_with_the_nearest() {
    let folder = linked("trace-mistakes");
    for (line, told) in [
        ("trace project heet", "是不是想写 `heat`？"),
        ("trace goal G8.2-9", "是不是想写"),
        ("trace gap", "是不是想写 `gaps`？"),
        ("trace", "缺少要问的问题"),
        ("trace path heat", "缺少编号"),
        ("trace gaps --format pdf", "不能用作 `--format` 的值"),
        ("trace impact gaoxin-2021-2025", "不能用于 impact"),
    ] {
        let ran = ask(&folder, line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}");
        assert!(ran.err.contains(told), "{line}: {}", ran.err);
    }
    let ran = ask(&folder, "trace goal G8.2-1 --format svg -o out.svg");
    assert_eq!((ran.code, ran.out.as_str()), (0, "已写入 out.svg\n"));
    let again = ask(&folder, "trace goal G8.2-1 --format svg --output out.svg");
    assert_eq!(again.code, 0);
    let written = std::fs::read_to_string(folder.join("out.svg")).unwrap();
    assert_eq!(written, ask(&folder, "trace goal G8.2-1 --format svg").out);
    let ran = ask(&folder, "trace gaps -o out.svg/below-a-file.txt");
    assert_eq!(ran.code, 2);
}

#[test]
fn a_rule_that_is_taken_away_changes_what_it_decided_and_no_more() {
    let ran = run("trace impact land/permanent-farmland-planting sample-projects --format json");
    let json: Json = serde_json::from_str(&ran.out).unwrap();
    let projects = json["impact"]["projects"].as_array().unwrap();
    let keys: Vec<&str> = projects
        .iter()
        .map(|p| p["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["project:orchard-on-permanent-farmland"]);
    assert_eq!(projects[0]["decision"]["now"], "reject");
    assert_ne!(projects[0]["decision"]["then"], "reject");
    let goals = json["impact"]["goals"].as_array().unwrap();
    assert_eq!(
        (goals.len(), goals[0]["key"].as_str()),
        (1, Some("goal:G8.4-1"))
    );
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
