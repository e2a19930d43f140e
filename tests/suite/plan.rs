//! The plan pack accounts for the whole plan: every chapter and section of its outline, every clause.

use std::collections::BTreeMap;

use hegui::model::plan::PlanClause;
use hegui::model::project::Value;
use hegui::rules::coverage::{ClauseState, Coverage, SectionState, coverage};

use crate::program::{folder, run, run_in, write};
use crate::world::world;

/// How many sections each of the thirteen chapters of the Outline has.
const OUTLINE: [usize; 13] = [3, 3, 6, 4, 6, 4, 4, 5, 6, 4, 7, 2, 4];

fn outline() -> Coverage<'static> {
    let mut plans = coverage(&world().packs);
    assert_eq!(plans.len(), 1);
    plans.remove(0)
}

#[test]
fn every_section_of_every_chapter_is_accounted_for() {
    let plan = outline();
    assert_eq!(plan.missing, Vec::<String>::new());
    let mut chapters: BTreeMap<usize, usize> = BTreeMap::new();
    for cover in &plan.sections {
        let number = &cover.section.number;
        let chapter: usize = cover.section.chapter().parse().unwrap();
        *chapters.entry(chapter).or_default() += usize::from(!cover.chapter);
        assert_ne!(cover.state, Some(SectionState::Gap), "{number}");
        let (zh, en) = (&cover.section.title.zh, &cover.section.title.en);
        assert!(!zh.is_empty() && !en.is_empty(), "{number}");
        if cover.state == Some(SectionState::NotAssessed) {
            assert!(cover.rules.is_empty() && cover.goals.is_empty(), "{number}");
        }
    }
    let expected: BTreeMap<usize, usize> = (1..).zip(OUTLINE).collect();
    assert_eq!(chapters, expected);
    assert!(plan.is_complete());
}

#[test]
fn every_clause_is_a_rule_a_target_or_says_why_it_is_neither() {
    let plan = outline();
    for cover in plan.sections.iter().flat_map(|s| &s.clauses) {
        let id = &cover.clause.id;
        assert_ne!(cover.state, ClauseState::Gap, "{id}");
        assert!(!cover.clause.title.zh.is_empty(), "{id}");
        assert!(!cover.clause.title.en.is_empty(), "{id}");
    }
    assert!(plan.clauses(ClauseState::Rule) >= 25);
    assert!(plan.clauses(ClauseState::Target) >= 5);
    let packs = &world().packs;
    assert_eq!(
        plan.sections.iter().map(|s| s.clauses.len()).sum::<usize>(),
        packs.clauses.len(),
        "a clause stands in no section"
    );
}

#[test]
fn a_clause_that_no_project_is_held_to_has_a_reason_or_a_figure() {
    let packs = &world().packs;
    let alone = |clause: &&PlanClause| {
        let number = packs.clauses.iter().position(|c| c.id == clause.id);
        let cited = |basis: &[hegui::rules::rule::Basis]| basis.iter().any(|b| b.clause == number);
        !packs.rules.iter().any(|r| cited(&r.basis))
            && !packs.portfolio.iter().any(|r| cited(&r.basis))
            && clause.held_by.is_empty()
    };
    for clause in packs.clauses.iter().filter(alone) {
        let figure = packs.indicators.iter().any(|i| i.id == clause.id);
        assert!(figure || clause.not_checkable.is_some(), "{}", clause.id);
    }
}

#[test]
fn every_suggested_goal_exists_and_stands_in_an_assessed_section() {
    let packs = &world().packs;
    let table = packs.library.table("goal-suggestions").unwrap();
    let table = &packs.library.tables[usize::from(table)];
    let goal = table.output("goal").unwrap();
    for row in table.rows.iter() {
        let Some(Some(Value::Text(words))) = row.outputs().nth(goal) else {
            panic!("line {} suggests nothing", row.line)
        };
        let goal = packs.goal(&words.shown).unwrap();
        let section = packs
            .sections
            .iter()
            .find(|(_, s)| s.number == goal.section);
        assert!(section.unwrap().1.not_assessed.is_none(), "{}", goal.id);
    }
}

#[test]
fn a_status_needs_a_day_and_says_what_changed_since_an_earlier_one() {
    let without = folder("status-without-day");
    write(
        &without,
        "a.toml",
        "id = \"a\"\nsubmitted = 2024-06-01\nstage = \"filing\"\n",
    );
    let asked = run_in(&without, ["plan", "status", "a.toml"], b"");
    assert_eq!(asked.code, 2);
    assert!(asked.err.contains("--as-of"), "{}", asked.err);

    let line = "plan status sample-projects --as-of 2025-12-31";
    let (first, second) = (run(line), run(line));
    assert_eq!(first.out, second.out, "the same bytes");
    assert!(first.out.contains("无数据"), "{}", first.out);
    let json = run(&format!("{line} --format json"));
    write(&without, "same.json", &json.out);
    write(
        &without,
        "other.json",
        json.out
            .replacen("\"decision\": \"reject\"", "\"decision\": \"clear\"", 1),
    );
    let since = |file: &str| {
        let file = without.join(file);
        run(&format!("{line} --since {} --lang en", file.display()))
    };
    assert!(since("same.json").out.contains("nothing has changed"));
    let other = since("other.json").out;
    assert!(
        other.contains("nothing found against it → recommended not to be supported"),
        "{other}"
    );
    write(&without, "not.json", "{}");
    assert_eq!(since("not.json").code, 2);
}
