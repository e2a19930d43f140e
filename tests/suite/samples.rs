//! Every sample project comes out as its README says.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use hegui::base::problem::any_error;
use hegui::base::tree::Node;
use hegui::judge::decision::Decision;
use hegui::judge::finding::{Finding, Judged, Verdict};
use hegui::judge::wording;
use hegui::judge::{Engine, Settings};

use crate::world::{Sample, parse_text, root, samples, samples_world, settings, told, world};
use hegui::model::project::Value;
use hegui::model::table::{Hit, Otherwise, OutputType, Table};

/// The lists of an outcome.
const LISTS: [&str; 6] = [
    "fail",
    "undetermined",
    "upcoming",
    "waived",
    "exception",
    "missing",
];

/// An outcome: the decision, and the lists by name.
type Outcome = (String, BTreeMap<&'static str, BTreeSet<String>>);

/// What a README says of its sample.
fn promised(sample: &Sample) -> Outcome {
    let readme = fs::read_to_string(sample.folder.join("README.md")).unwrap();
    let block = readme
        .split("```outcome\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let block = block.unwrap_or_else(|| panic!("{} has no outcome block", sample.name));
    let (node, _) = parse_text(&format!("{}/README.md", sample.name), block);
    let keys: BTreeSet<&str> = node.entries().iter().map(|e| e.key.as_str()).collect();
    assert_eq!(
        keys,
        LISTS.into_iter().chain(["decision"]).collect(),
        "{}: keys of the outcome",
        sample.name
    );
    let texts = |key: &str| {
        node.get(key)
            .unwrap()
            .items()
            .iter()
            .map(|n| n.text().unwrap().to_owned())
            .collect()
    };
    (
        node.get("decision")
            .and_then(Node::text)
            .unwrap()
            .to_owned(),
        LISTS.into_iter().map(|key| (key, texts(key))).collect(),
    )
}

/// What judging says of a sample.
fn outcome(sample: &Sample, judged: &Judged) -> Outcome {
    let packs = &samples_world().packs;
    let rules = |keep: &dyn Fn(&Finding) -> bool| {
        let kept = judged.findings.iter().filter(|f| keep(f));
        kept.map(|f| packs.rules[usize::from(f.rule)].id.clone())
            .collect::<BTreeSet<_>>()
    };
    let open = judged
        .findings
        .iter()
        .filter(|f| matches!(f.verdict, Verdict::Undetermined | Verdict::Upcoming));
    let missing = open
        .flat_map(Finding::lacks)
        .map(|lack| wording::lack_path(&packs.library, lack))
        .collect();
    assert!(!sample.project().name.is_empty());
    let lists = BTreeMap::from([
        ("fail", rules(&|f| f.verdict == Verdict::Fail)),
        (
            "undetermined",
            rules(&|f| f.verdict == Verdict::Undetermined),
        ),
        ("upcoming", rules(&|f| f.verdict == Verdict::Upcoming)),
        ("waived", rules(&|f| f.waiver().is_some())),
        ("exception", rules(&|f| f.exception().is_some())),
        ("missing", missing),
    ]);
    (judged.decision.id().to_owned(), lists)
}

#[test]
fn every_sample_comes_out_as_its_readme_says() {
    let mut wrong = Vec::new();
    for sample in samples() {
        let (judged, _) = sample.judged();
        let (promised, found) = (promised(sample), outcome(sample, &judged[0]));
        if promised.0 != found.0 {
            wrong.push(format!(
                "{}: decision is {}, the README says {}",
                sample.name, found.0, promised.0
            ));
        }
        for key in LISTS {
            let more: Vec<_> = found.1[key].difference(&promised.1[key]).collect();
            let less: Vec<_> = promised.1[key].difference(&found.1[key]).collect();
            if !more.is_empty() || !less.is_empty() {
                wrong.push(format!(
                    "{}: {key} also holds {more:?}, does not hold {less:?}",
                    sample.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_sample_is_one_demonstration_project_that_is_read_without_an_error() {
    assert!(samples().len() >= 14, "{} samples", samples().len());
    for sample in samples() {
        assert_eq!(sample.projects.len(), 1, "{}", sample.name);
        assert!(
            sample.project().sample,
            "{} does not say sample = true",
            sample.name
        );
        assert_eq!(
            told(&sample.sources, &errors(&sample.problems)),
            "",
            "{}",
            sample.name
        );
        let (_, refused) = sample.judged();
        assert_eq!(
            told(&sample.sources, &refused),
            "",
            "{}: waivers",
            sample.name
        );
    }
}

#[test]
fn the_samples_show_every_decision_but_unassessed_and_every_verdict() {
    let judged: Vec<Judged> = samples().iter().flat_map(|s| s.judged().0).collect();
    let decisions: BTreeSet<Decision> = judged.iter().map(|j| j.decision).collect();
    let all: BTreeSet<Decision> = Decision::ALL
        .into_iter()
        .filter(|d| *d != Decision::Unassessed)
        .collect();
    assert_eq!(decisions, all);
    for verdict in Verdict::ALL {
        assert!(
            judged.iter().any(|j| j.count(verdict) > 0),
            "no sample has a finding that is {}",
            verdict.id()
        );
    }
    assert!(judged.iter().any(|j| j.waived() > 0), "no waiver");
    assert!(
        judged
            .iter()
            .any(|j| j.findings.iter().any(|f| f.exception().is_some())),
        "no exception"
    );
    assert!(
        judged
            .iter()
            .any(|j| j.findings.iter().any(|f| f.remarks.after_period)),
        "none after the plan's period"
    );
    assert!(
        judged
            .iter()
            .any(|j| j.findings.iter().any(|f| f.readings().len() > 1)),
        "no procedure of unknown date across a change of law"
    );
}

#[test]
fn the_sample_office_s_pack_loads_without_a_problem() {
    let world = samples_world();
    assert_eq!(told(&world.sources, &world.problems), "");
}

#[test]
fn every_rule_is_not_met_or_open_in_some_sample() {
    let packs = &samples_world().packs;
    let mut quiet: BTreeSet<&str> = packs.rules.iter().map(|r| r.id.as_str()).collect();
    for judged in samples().iter().flat_map(|s| s.judged().0) {
        for finding in &judged.findings {
            if !matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable) {
                quiet.remove(packs.rules[usize::from(finding.rule)].id.as_str());
            }
        }
    }
    assert!(quiet.is_empty(), "these rules say nothing: {quiet:?}");
}

/// The output that decides what a table's row means: that of its order, else the first answer.
fn deciding(table: &Table) -> Option<usize> {
    if let Hit::Strictest(output, _) = &table.hit {
        return Some(*output);
    }
    let answers = |kind: &OutputType| matches!(kind, OutputType::Bool | OutputType::Enum(_));
    table.outputs.iter().position(|o| answers(&o.kind))
}

/// Tables whose every value the rules that read them ask for has a row, so that their gap cannot be reached.
const WITHOUT_A_GAP: [&str; 2] = ["benchmark-electricity", "benchmark-oil"];

#[test]
fn every_table_gives_each_of_its_outcomes_in_some_sample() {
    let packs = &samples_world().packs;
    let settings = settings();
    let engine = Engine::new(packs, &settings);
    let mut answered: BTreeSet<(usize, Option<usize>)> = BTreeSet::new();
    // A table that has no row for a project is the missing fact of the finding.
    let mut gaps: BTreeSet<String> = BTreeSet::new();
    for sample in samples() {
        for finding in &sample.judged().0[0].findings {
            let lacks = finding.lacks().iter();
            gaps.extend(lacks.map(|lack| wording::lack_path(&packs.library, lack)));
            let rows = engine.evidence(sample.project(), finding).rows;
            answered.extend(rows.into_iter().map(|(t, row)| (usize::from(t), row)));
        }
    }
    let mut quiet = Vec::new();
    for (number, table) in packs.library.tables.iter().enumerate() {
        let deciding = deciding(table);
        let of_row = |row: Option<usize>| {
            let columns = 0..table.outputs.len();
            let values: Vec<Option<&Value>> = match (row, &table.otherwise) {
                (Some(row), _) => columns.map(|c| table.rows.output(row, c)).collect(),
                (None, Otherwise::Values(values)) => values.iter().map(Option::as_ref).collect(),
                (None, Otherwise::Gap) => return "gap".to_owned(),
            };
            match (deciding, row) {
                (Some(output), _) => format!("{:?}", values[output]),
                (None, Some(_)) => "a value".to_owned(),
                (None, None) => "otherwise".to_owned(),
            }
        };
        let mut wanted: BTreeSet<String> =
            (0..table.rows.len()).map(|row| of_row(Some(row))).collect();
        let reachable = !WITHOUT_A_GAP.contains(&table.id.as_str());
        if reachable && (deciding.is_none() || table.otherwise != Otherwise::Gap) {
            wanted.insert(of_row(None));
        }
        let given = answered.iter().filter(|(t, _)| *t == number);
        for outcome in given.map(|(_, row)| of_row(*row)) {
            wanted.remove(&outcome);
        }
        if gaps.contains(&format!("table.{}", table.id)) {
            wanted.remove("gap");
        }
        if !wanted.is_empty() {
            quiet.push(format!("{}: {wanted:?}", table.id));
        }
    }
    assert!(quiet.is_empty(), "\n{}", quiet.join("\n"));
}

#[test]
fn every_readme_has_a_paragraph_in_both_languages() {
    for sample in samples() {
        let readme = fs::read_to_string(sample.folder.join("README.md")).unwrap();
        let body = readme.split("```outcome").next().unwrap();
        let paragraphs: Vec<&str> = body
            .split("\n\n")
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .collect();
        assert!(
            paragraphs[0].starts_with("# "),
            "{} has no title",
            sample.name
        );
        let chinese = |p: &&str| p.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        assert!(
            paragraphs[1..].iter().any(&chinese),
            "{}: no Chinese paragraph",
            sample.name
        );
        assert!(
            paragraphs[1..].iter().any(|p| p.is_ascii() || !chinese(p)),
            "{}: no English paragraph",
            sample.name
        );
    }
}

#[test]
fn the_broken_folder_gives_problems_and_what_has_no_stage_is_unassessed() {
    let folder = root().join("sample-projects/broken");
    let settings = Settings::default();
    let engine = Engine::new(&world().packs, &settings);
    let mut unassessed = 0;
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (projects, problems, sources) =
            world().read("p.toml", &fs::read_to_string(&path).unwrap());
        assert!(any_error(&problems), "{} has no mistake", path.display());
        assert!(
            problems
                .iter()
                .all(|p| sources.text_at(p.place()).is_some()),
            "{}: a problem without a place",
            path.display()
        );
        let without = projects
            .iter()
            .filter(|p| p.stage.is_none() || p.submitted.is_none());
        for project in without {
            let judged = engine.judge(project);
            assert_eq!(
                (judged.decision, judged.findings.len()),
                (Decision::Unassessed, 0),
                "{}",
                path.display()
            );
            unassessed += 1;
        }
        files += 1;
    }
    assert!(files >= 3 && unassessed >= 1);
}

#[test]
fn a_file_with_three_mistakes_shows_all_three_at_the_right_characters() {
    let text =
        fs::read_to_string(root().join("sample-projects/broken/three-mistakes.toml")).unwrap();
    let (projects, problems, sources) = world().read("p.toml", &text);
    let found: Vec<_> = problems
        .iter()
        .map(|p| (p.code, sources.text_at(p.place()).unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("hegui::intake::unknown_field", "aera"),
            ("hegui::intake::quantity", "\"80 tce\""),
            ("hegui::intake::impossible_date", "\"2025-02-30\"")
        ]
    );
    assert_eq!(projects.len(), 1, "the project is still judged on the rest");
    let settings = Settings::default();
    assert_ne!(
        Engine::new(&world().packs, &settings)
            .judge(&projects[0])
            .decision,
        Decision::Unassessed
    );
}

/// The problems that are errors: a sample may show a warning.
fn errors(problems: &[hegui::base::problem::Problem]) -> Vec<hegui::base::problem::Problem> {
    let is_error =
        |p: &&hegui::base::problem::Problem| p.severity == hegui::base::problem::Severity::Error;
    problems.iter().filter(is_error).cloned().collect()
}
