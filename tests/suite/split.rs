//! Applications of one proponent on one parcel that together cross a threshold none crosses alone.

#![expect(clippy::indexing_slicing, reason = "test code")]

use hegui::judge::finding::Verdict;
use hegui::judge::split::{Split, find};
use hegui::judge::{Engine, Settings};

use crate::world::world;

/// Two submissions of 2025-10 with a yearly energy use each, and what is found.
fn split(first: &str, second: &str, rest: [&str; 2]) -> Vec<Split> {
    let one = |id: &str, energy: &str, rest: &str| {
        format!(
            "[[project]]\nid = \"{id}\"\nsubmitted = 2025-10-0{}\nstage = \"construction\"\n\
             investment_kind = \"private\"\nconstruction_kind = \"new\"\ndocuments = []\ndates.energy_accepted = 2025-10-01\n\
             energy = {{ other_fuels = \"{energy}\", complete = true }}\n{rest}\n",
            if id == "a" { 2 } else { 1 }
        )
    };
    let text = one("a", first, rest[0]) + &one("b", second, rest[1]);
    let (projects, problems, _) = world().read("p.toml", &text);
    assert!(problems.is_empty(), "{problems:?}");
    let settings = Settings::default();
    let engine = Engine::new(&world().packs, &settings);
    let judged: Vec<_> = projects.iter().map(|p| engine.judge(p)).collect();
    find(&engine, &projects, &judged)
}

const HERE: &str = "proponent.name = \"示例公司\"\nsite.parcel = \"某地块\"";

fn review(splits: &[Split]) -> Option<Verdict> {
    let rules = splits.iter().flat_map(|s| &s.rules);
    let is = |rule: &u16| world().packs.rules[usize::from(*rule)].id == "energy/review";
    rules.clone().find(|(rule, _)| is(rule)).map(|(_, v)| *v)
}

#[test]
fn two_halves_of_a_project_that_needs_a_review_are_pointed_out() {
    let found = split("500 tce", "500 tce", [HERE, HERE]);
    assert_eq!(review(&found), Some(Verdict::Fail));
    assert_eq!(found[0].projects, [1, 0], "in the order of submission");
}

#[test]
fn one_step_below_the_threshold_nothing_is_split() {
    assert_eq!(review(&split("500 tce", "499.99 tce", [HERE, HERE])), None);
}

#[test]
fn a_rule_that_one_part_meets_alone_is_not_avoided() {
    assert_eq!(review(&split("1000 tce", "500 tce", [HERE, HERE])), None);
}

#[test]
fn another_firm_another_parcel_or_no_name_is_another_project() {
    for other in [
        "proponent.name = \"另一公司\"\nsite.parcel = \"某地块\"",
        "proponent.name = \"示例公司\"\nsite.parcel = \"另一地块\"",
        "site.parcel = \"某地块\"",
        "proponent.name = \"\"\nsite.parcel = \"某地块\"",
    ] {
        assert_eq!(split("500 tce", "500 tce", [HERE, other]), []);
    }
    let code = "proponent = { name = \"简称\", credit_code = \"9165\" }\nsite.parcel = \"某地块\"";
    let same = "proponent = { name = \"全称\", credit_code = \"9165\" }\nsite.parcel = \"某地块\"";
    let found = split("500 tce", "500 tce", [code, same]);
    assert_eq!(review(&found), Some(Verdict::Fail));
}

#[test]
fn what_is_not_known_of_one_part_is_not_known_of_the_whole() {
    let open = HERE.to_owned() + "\nland = { use_mode = \"construction\" }";
    let found = split("500 tce", "500 tce", [&open, HERE]);
    assert_eq!(review(&found), Some(Verdict::Fail));
}
