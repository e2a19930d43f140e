//! What many projects add up to: order, unknown amounts, groups, shares, and parts that are merged.

#![expect(clippy::unwrap_used, reason = "test code")]

use proptest::prelude::*;

use hegui::base::date::Date;
use hegui::base::problem::Problem;
use hegui::base::source::{Place, Sources};
use hegui::judge::decision::Decision;
use hegui::judge::finding::Judged;
use hegui::judge::{Engine, Settings, portfolio, portfolio_cases};
use hegui::model::number::Number;
use hegui::model::project::{Dated, Fact, Origin, Project, Value};
use hegui::model::stage::Stage;
use hegui::model::value::Interval;
use hegui::rules::load;
use hegui::rules::pack::Packs;

use crate::world::{pack, told};

const HEAD: &str = r#"
id = "t"
version = "1"
title = { zh = "甲", en = "a" }
authority = { zh = "甲", en = "a" }
level = "law"
"#;

const FIELDS: &str = r#"
[enums.zone]
values = [{ id = "a", zh = "甲区", en = "zone a" }, { id = "b", zh = "乙区", en = "zone b" }]
[[field]]
path = "zone"
type = "enum"
enum = "zone"
label = { zh = "片区", en = "zone" }
[[field]]
path = "works"
type = "bool"
label = { zh = "民生", en = "livelihood" }
[[field]]
path = "energy"
type = "number"
unit = "tce"
per = "year"
min = "0"
label = { zh = "能耗", en = "energy" }
"#;

const PARAMETERS: &str = r#"
[[parameter]]
id = "quota"
label = { zh = "配额", en = "quota" }
unit = "tce"
per = "year"
step = "1"
[[parameter.version]]
value = "1000"
source = "law"
confidence = "official"
[[parameter]]
id = "least"
label = { zh = "下限", en = "least" }
unit = "%"
step = "1"
[[parameter.version]]
value = "70"
source = "law"
confidence = "official"
[[parameter]]
id = "most"
label = { zh = "件数", en = "most" }
unit = "个"
step = "1"
[[parameter.version]]
value = "2"
source = "law"
confidence = "official"
"#;

const INSTRUMENTS: &str = r#"
[[instrument]]
id = "law"
title = { zh = "法", en = "law" }
number = "2"
issuer = { zh = "甲", en = "a" }
level = "law"
from = 2011-01-01
confidence = "official"
"#;

const SHARED: &str = r#"
scope = "portfolio"
title = { zh = "总量", en = "total" }
basis = [{ instrument = "law", article = "1" }]
remedy = { zh = "调整", en = "change" }
why = "why"
"#;

fn loaded(rule: &str) -> (Packs, Vec<Problem>, Sources) {
    let rule = format!("{SHARED}{rule}");
    let files = [
        ("pack.toml", HEAD),
        ("fields.toml", FIELDS),
        ("parameters.toml", PARAMETERS),
        ("instruments.toml", INSTRUMENTS),
        ("a/total.toml", rule.as_str()),
    ];
    let mut sources = Sources::default();
    let (packs, problems) = load(vec![pack("t", &files)], &mut sources);
    (packs, problems, sources)
}

/// Every case of a rule comes out as written.
#[track_caller]
fn check(rule: &str) {
    let (packs, problems, sources) = loaded(rule);
    assert_eq!(told(&sources, &problems), "");
    let rule = packs.portfolio.first().unwrap();
    let source = sources.get(rule.source).unwrap();
    let (cases, problems) = portfolio_cases::read(&packs, rule, source, &[]);
    assert_eq!(told(&sources, &problems), "");
    assert!(!cases.is_empty());
    for case in &cases {
        let lines = portfolio_cases::run(&packs, &Settings::default(), 0, case);
        assert!(lines.is_empty(), "{}: {lines:?}", case.name);
    }
}

#[test]
fn the_first_project_over_the_limit_in_the_order_of_submission_breaks_it() {
    check(
        r#"
sum = "energy"
limit = "param.quota"
[[case]]
name = "at the limit"
projects = [{ id = "a", energy = "600 tce" }, { id = "b", energy = "400 tce" }]
groups = [{ verdict = "pass", total = "1000 tce" }]
[[case]]
name = "one above: the later submission breaks it, whatever the order in the file"
projects = [
  { id = "late", submitted = 2024-05-02, energy = "401 tce" },
  { id = "early", submitted = 2024-05-01, energy = "600 tce" },
]
groups = [{ verdict = "fail", total = "1001 tce", breaking = "late" }]
[[case]]
name = "on the same day the id decides"
projects = [{ id = "b", energy = "600 tce" }, { id = "a", energy = "401 tce" }]
groups = [{ verdict = "fail", breaking = "b" }]
[[case]]
name = "a rejected project takes nothing"
projects = [{ id = "a", energy = "600 tce" }, { id = "b", energy = "401 tce", decision = "reject" }]
groups = [{ verdict = "pass", total = "600 tce" }]
[[case]]
name = "what is not known may be anything"
projects = [{ id = "a", energy = "600 tce" }, { id = "b" }]
groups = [{ verdict = "undetermined" }]
[[case]]
name = "what is known is enough"
projects = [{ id = "a", energy = "1001 tce" }, { id = "b" }]
groups = [{ verdict = "fail", breaking = "a" }]
[[case]]
name = "a range that ends below the limit"
projects = [{ id = "a", energy = "600–900 tce" }]
groups = [{ verdict = "pass", total = "600–900 tce" }]
"#,
    );
}

#[test]
fn a_project_of_an_unknown_group_may_belong_to_each() {
    check(
        r#"
where = "works"
count = true
by = ["zone", "year"]
limit = "param.most"
[[case]]
name = "two groups, and one who may belong to either"
projects = [
  { id = "a", zone = "a", works = true },
  { id = "b", zone = "a", works = true },
  { id = "c", zone = "b", works = true },
  { id = "d", works = true },
  { id = "e", zone = "b", works = false },
]
groups = [{ key = ["甲区", "2024年"], verdict = "undetermined" }, { key = ["zone b", "2024"], verdict = "pass" }]
[[case]]
name = "three of one group"
projects = [
  { id = "a", zone = "a", works = true },
  { id = "b", zone = "a", works = true },
  { id = "c", zone = "a", works = true },
  { id = "d", zone = "a", works = true, submitted = 2025-01-01 },
]
groups = [
  { key = ["甲区", "2024年"], verdict = "fail", total = "3", breaking = "c" },
  { key = ["甲区", "2025年"], verdict = "pass", total = "1" },
]
[[case]]
name = "whether it counts is not known"
projects = [{ id = "a", zone = "a", works = true }, { id = "b", zone = "a", works = true }, { id = "c", zone = "a" }]
groups = [{ key = ["甲区"], verdict = "undetermined" }]
"#,
    );
}

#[test]
fn a_share_is_held_against_a_target() {
    check(
        r#"
share = "works"
of = "energy"
target = "param.least"
[[case]]
name = "at the target"
projects = [{ id = "a", energy = "70 tce", works = true }, { id = "b", energy = "30 tce", works = false }]
groups = [{ verdict = "pass", total = "70 %" }]
[[case]]
name = "below the target"
projects = [{ id = "a", energy = "69 tce", works = true }, { id = "b", energy = "31 tce", works = false }]
groups = [{ verdict = "fail", total = "69 %" }]
[[case]]
name = "a part that is not known is enough to be below"
projects = [{ id = "a", energy = "20 tce" }, { id = "b", energy = "80 tce", works = false }]
groups = [{ verdict = "fail" }]
[[case]]
name = "a part that is not known may reach it"
projects = [{ id = "a", energy = "80 tce" }, { id = "b", energy = "20 tce", works = false }]
groups = [{ verdict = "undetermined" }]
[[case]]
name = "nothing to divide by"
projects = [{ id = "a", energy = "0 tce", works = true }]
groups = [{ verdict = "not_applicable" }]
"#,
    );
}

#[test]
fn a_project_counts_under_each_goal_it_claims() {
    check(
        r#"
count = true
by = ["goal"]
limit = "param.most"
[[case]]
name = "two goals"
projects = [{ id = "a", supports = ["G1", "G2", "G1"] }, { id = "b", supports = ["G2"] }, { id = "c" }]
groups = [
  { key = ["G1"], verdict = "pass", total = "1" },
  { key = ["G2"], verdict = "pass", total = "2" },
  { key = ["未填支持目标"], verdict = "pass", total = "1" },
]
"#,
    );
}

#[test]
fn a_bound_that_differs_within_a_group_and_other_mistakes_are_problems() {
    for (rule, code) in [
        (
            "sum = \"energy\"\nlimit = \"zone == 'a' ? param.quota : 2 * param.quota\"",
            "portfolio",
        ),
        ("sum = \"energy\"", "type"),
        (
            "sum = \"energy\"\nlimit = \"param.quota\"\ntarget = \"param.quota\"",
            "type",
        ),
        (
            "sum = \"energy\"\ncount = true\nlimit = \"param.quota\"",
            "type",
        ),
        ("sum = \"zone\"\nlimit = \"param.quota\"", "type"),
        (
            "count = true\nby = [\"energy\"]\nlimit = \"param.most\"",
            "unknown_word",
        ),
    ] {
        let (packs, problems, _) = loaded(rule);
        assert!(
            problems.iter().any(|p| p.code.ends_with(code)),
            "{rule}: {problems:?}"
        );
        assert!(packs.portfolio.is_empty() || code == "portfolio" || code == "unknown_word");
    }
}

proptest! {
    #[test]
    fn parts_that_are_merged_give_what_one_run_gives(
        projects in prop::collection::vec((0_i8..28, 0_u8..30, prop::option::of(0_i64..500), 0_u8..3), 0..14),
        split in 0_usize..14,
    ) {
        let (packs, ..) = loaded("sum = \"energy\"\nby = [\"zone\"]\nlimit = \"param.quota\"\n");
        let settings = Settings::default();
        let engine = Engine::new(&packs, &settings);
        let rule = packs.portfolio.first().unwrap();
        let vocabulary = &packs.library.vocabulary;
        let projects: Vec<Project> = projects
            .into_iter()
            .map(|(day, id, energy, zone)| {
                let mut project = Project::empty(vocabulary);
                project.id = format!("p{id}");
                project.stage = Some(Stage::Existing);
                let date = Date::new(2024, 5, day + 1).unwrap();
                project.submitted = Some(Dated { date, place: Place::Nowhere });
                let mut set = |path: &str, value| {
                    let field = vocabulary.by_path(path).unwrap().id;
                    let slot = vocabulary.slots().iter().position(|f| *f == field).unwrap();
                    *project.facts.get_mut(slot).unwrap() = Fact::known(value, Origin::None);
                };
                if let Some(energy) = energy {
                    set("energy", Value::Number(Interval::Point(Number::from(energy))));
                }
                if zone < 2 {
                    set("zone", Value::Enum(u16::from(zone)));
                }
                project
            })
            .collect();
        let judged = vec![Judged { decision: Decision::Clear, ..Judged::default() }; projects.len()];
        let numbers: Vec<usize> = (0..projects.len()).collect();
        let (a, b) = numbers.split_at(split.min(numbers.len()));
        let part = |numbers: &[usize]| portfolio::part(&engine, rule, &projects, &judged, numbers);
        prop_assert_eq!(part(a).merge(part(b)), part(&numbers));
    }
}
