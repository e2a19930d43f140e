//! The shipped packs are whole, and a broken pack reports every mistake at its place.

#![expect(clippy::unwrap_used, reason = "test code")]

use std::collections::BTreeSet;
use std::fs;

use hegui::base::problem::{Problem, any_error};
use hegui::base::source::Sources;
use hegui::judge::finding::Verdict;
use hegui::judge::{Settings, cases, portfolio_cases};
use hegui::model::number::Number;
use hegui::model::parameter::Confidence;
use hegui::model::plan::Section;
use hegui::model::table::Cell;
use hegui::rules::PackFiles;
use hegui::rules::pack::{PackLevel, PackOrigin, Packs};
use hegui::rules::portfolio::PortfolioRule;
use hegui::rules::rule::{Cited, Rule, RuleKind};
use hegui::rules::{embedded, load};

use crate::world::{pack, root, told, world};

#[test]
fn the_embedded_packs_load_without_a_problem() {
    let world = world();
    assert_eq!(told(&world.sources, &world.problems), "");
    let ids: Vec<&str> = world.packs.heads.iter().map(|h| h.id.as_str()).collect();
    assert_eq!(
        ids,
        ["national", "gaoxin-2021-2025"],
        "a pack comes after those it extends"
    );
    assert!(world.packs.rules.len() >= 60);
    assert!(
        world
            .packs
            .heads
            .iter()
            .all(|h| h.hash.len() == 64 && h.origin == PackOrigin::Embedded)
    );
}

#[test]
fn every_case_of_every_rule_comes_out_as_written() {
    let (packs, settings) = (&world().packs, Settings::default());
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (number, rule) in (0_u16..).zip(&packs.rules) {
        let (read, problems) = cases::read(
            packs,
            rule,
            world().sources.get(rule.source).unwrap(),
            &world().goals,
        );
        assert_eq!(told(&world().sources, &problems), "", "{}", rule.id);
        let names: BTreeSet<&str> = read.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(
            names.len(),
            read.len(),
            "{}: two cases have one name",
            rule.id
        );
        for case in &read {
            let outcome = cases::run(packs, &settings, number, case).unwrap();
            if !outcome.meets(case) {
                let lines = cases::difference(case, &outcome)
                    .into_iter()
                    .map(|(a, b)| format!("{} / {}", a.en, b.en));
                wrong.push(format!(
                    "{}: {}: {}",
                    rule.id,
                    case.name,
                    lines.collect::<Vec<_>>().join("; ")
                ));
            }
            count += 1;
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_case_of_every_total_comes_out_as_written() {
    let packs = &world().packs;
    for (number, rule) in packs.portfolio.iter().enumerate() {
        let source = world().sources.get(rule.source).unwrap();
        let (read, problems) = portfolio_cases::read(packs, rule, source, &world().goals);
        assert_eq!(told(&world().sources, &problems), "", "{}", rule.id);
        for case in &read {
            let lines = portfolio_cases::run(packs, &Settings::default(), number, case);
            assert!(lines.is_empty(), "{}: {}: {lines:?}", rule.id, case.name);
        }
        for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Undetermined] {
            assert!(
                read.iter()
                    .any(|case| case.verdicts().any(|v| v == verdict)),
                "{} has no case that is {}",
                rule.id,
                verdict.id()
            );
        }
    }
}

#[test]
fn every_rule_shows_a_pass_a_fail_and_an_undetermined_case() {
    let packs = &world().packs;
    for rule in &packs.rules {
        let (read, _) = cases::read(
            packs,
            rule,
            world().sources.get(rule.source).unwrap(),
            &world().goals,
        );
        assert!(read.len() >= 4, "{}: {} cases", rule.id, read.len());
        for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Undetermined] {
            assert!(
                read.iter().any(|c| c.verdict == verdict),
                "{} has no case that is {}",
                rule.id,
                verdict.id()
            );
        }
        let open = read
            .iter()
            .filter(|c| matches!(c.verdict, Verdict::Undetermined));
        for case in open {
            assert!(
                case.missing.as_ref().is_some_and(|m| !m.is_empty()),
                "{}: {}: does not say what is missing",
                rule.id,
                case.name
            );
        }
        for index in 1..=rule.exceptions.len() {
            assert!(
                read.iter().any(|c| c.exception == Some(index)),
                "{}: no case passes by exception {index}",
                rule.id
            );
        }
    }
}

#[test]
fn every_rule_says_why_and_cites_what_exists() {
    let packs = &world().packs;
    for rule in &packs.rules {
        assert!(
            rule.why.chars().count() >= 40,
            "{}: why is too short",
            rule.id
        );
        for (what, text) in [("title", &rule.title), ("remedy", &rule.remedy)] {
            assert!(
                !text.zh.is_empty() && !text.en.is_empty(),
                "{}: {what} in both languages",
                rule.id
            );
        }
        assert!(
            !rule.message.zh.is_empty() && !rule.message.en.is_empty(),
            "{}: message",
            rule.id
        );
        assert!(!rule.basis.is_empty(), "{}: no basis", rule.id);
        for basis in rule
            .basis
            .iter()
            .chain(rule.exceptions.iter().flat_map(|e| &e.basis))
        {
            match basis.cited {
                Cited::Instrument(index) => {
                    assert!(
                        packs.library.instruments.get(usize::from(index)).is_some(),
                        "{}",
                        rule.id
                    );
                    assert!(
                        !basis.article.is_empty(),
                        "{}: an instrument without its article",
                        rule.id
                    );
                }
                Cited::Section(index) => {
                    assert!(packs.sections.get(index).is_some(), "{}", rule.id);
                }
            }
        }
        for exception in &rule.exceptions {
            assert!(
                !exception.label.zh.is_empty() && !exception.label.en.is_empty(),
                "{}: an exception without a label",
                rule.id
            );
            assert!(
                !exception.basis.is_empty(),
                "{}: an exception without a basis",
                rule.id
            );
        }
        assert_eq!(
            rule.kind == RuleKind::Prohibition,
            rule.due.is_empty(),
            "{}: due",
            rule.id
        );
        let law = packs.head(rule).unwrap().level == PackLevel::Law;
        assert!(
            !(law && rule.kind == RuleKind::Prohibition) || rule.waivable_by.is_empty(),
            "{}: a ban of the law cannot be waived",
            rule.id
        );
    }
}

/// The folders of a pack that hold no rules.
const PARTS: [&str; 7] = [
    "fields",
    "codes",
    "parameters",
    "instruments",
    "tables",
    "plan",
    "layers",
];

#[test]
fn the_id_of_a_rule_is_its_path() {
    let mut files = BTreeSet::new();
    for pack in &world().packs.heads {
        let folder = root().join("rules").join(&pack.id);
        for topic in fs::read_dir(&folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.is_dir() && !PARTS.iter().any(|part| p.ends_with(part)))
        {
            for file in fs::read_dir(&topic)
                .unwrap()
                .map(|e| e.unwrap().path())
                .filter(|p| p.extension().is_some_and(|e| e == "toml"))
            {
                let id = file.strip_prefix(&folder).unwrap().with_extension("");
                files.insert((pack.id.clone(), id.display().to_string().replace('\\', "/")));
            }
        }
    }
    let packs = &world().packs;
    let rules = packs.rules.iter().map(|r| (r.pack, r.id.clone()));
    let totals = packs.portfolio.iter().map(|r| (r.pack, r.id.clone()));
    let rules: BTreeSet<_> = rules
        .chain(totals)
        .map(|(pack, id)| (packs.heads[pack].id.clone(), id))
        .collect();
    assert_eq!(rules, files);
    let ids: BTreeSet<&str> = rules.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(ids.len(), rules.len(), "two packs share a rule id");
    let former = world().packs.rules.iter().flat_map(|r| &r.formerly);
    assert!(
        former.clone().all(|id| !ids.contains(id.as_str())),
        "a former id is in use"
    );
}

#[test]
fn every_parameter_has_a_source_and_is_read_by_a_rule() {
    let library = &world().packs.library;
    for (number, parameter) in (0_u16..).zip(&library.parameters) {
        assert!(
            !parameter.label.zh.is_empty() && !parameter.label.en.is_empty(),
            "{}: label",
            parameter.id
        );
        assert!(
            parameter.fillable || !parameter.versions.is_empty(),
            "{}: no version",
            parameter.id
        );
        for version in &parameter.versions {
            assert!(
                !version.source.is_empty(),
                "{}: a version without a source",
                parameter.id
            );
        }
        let rules = world().packs.rules.iter().flat_map(Rule::programs);
        let totals = world().packs.portfolio.iter();
        let rules = rules.chain(totals.flat_map(PortfolioRule::programs));
        let formulas = library.formulas.iter().flatten();
        assert!(
            rules
                .chain(formulas)
                .any(|p| p.parameters.contains(&number)),
            "nothing reads param.{}",
            parameter.id
        );
    }
}

#[test]
fn every_field_is_labelled_and_every_department_is_named() {
    for field in world().packs.library.vocabulary.fields() {
        assert!(
            !field.label.zh.is_empty() && !field.label.en.is_empty(),
            "{}: label",
            field.path
        );
        let person = [
            "person",
            "owner_name",
            "id_card",
            "nation",
            "religion",
            "ethnic",
        ];
        assert!(
            !person.iter().any(|word| field.path.contains(word)),
            "{}: hegui holds no field about a person",
            field.path
        );
    }
}

#[test]
fn hard_wording_is_marked_on_few_sections() {
    let hard = world()
        .packs
        .sections
        .iter()
        .filter(|(_, s): &&(usize, Section)| s.hard)
        .count();
    assert!(
        (1..=world().packs.sections.len() / 2).contains(&hard),
        "{hard}"
    );
}

// ---- broken packs

const HEAD: &str = "id = \"t\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"law\"\n";

const FIELDS: &str = r#"
[enums.fuel]
values = [{ id = "gas", zh = "气", en = "gas" }, { id = "coal", zh = "煤", en = "coal" }]
[[group]]
path = "land"
label = { zh = "用地", en = "land" }
[[field]]
path = "land.area"
type = "number"
unit = "亩"
label = { zh = "面积", en = "area" }
min = "0"
[[field]]
path = "land.fuel"
type = "enum"
enum = "fuel"
label = { zh = "燃料", en = "fuel" }
[[field]]
path = "land.remark"
type = "text"
label = { zh = "备注", en = "remark" }
"#;

const INSTRUMENTS: &str = r#"
[[instrument]]
id = "old-law"
title = { zh = "旧法", en = "old law" }
number = "1"
issuer = { zh = "甲", en = "a" }
level = "law"
from = 2000-01-01
to = 2010-12-31
confidence = "official"
[[instrument]]
id = "law"
title = { zh = "法", en = "law" }
number = "2"
issuer = { zh = "甲", en = "a" }
level = "law"
from = 2011-01-01
confidence = "official"
"#;

const PARAMETERS: &str = r#"
[[parameter]]
id = "limit"
label = { zh = "限值", en = "limit" }
unit = "t"
step = "1"
[[parameter.version]]
value = "10"
source = "law 1"
confidence = "official"
"#;

const TABLES: &str = r#"
[[table]]
id = "by-fuel"
title = { zh = "表", en = "table" }
hit = "unique"
keys = [{ column = "fuel", field = "land.fuel", match = "set" }]
outputs = [{ column = "listed", type = "bool" }]
source = "law 1"
confidence = "official"
"#;

fn rule(basis: &str, require: &str) -> String {
    format!(
        "title = {{ zh = \"题\", en = \"title\" }}\nkind = \"limit\"\ndue = \"filing\"\nbasis = [{{ instrument = \"{basis}\", article = \"1\" }}]\nrequire = \"{require}\"\nmessage = {{ zh = \"文\", en = \"text\" }}\nremedy = {{ zh = \"改\", en = \"mend\" }}\nwhy = \"why\"\nwaivable_by = []\n"
    )
}

fn loaded(packs: Vec<PackFiles>) -> (Packs, Vec<Problem>, Sources) {
    let mut sources = Sources::default();
    let (packs, problems) = load(packs, &mut sources);
    (packs, problems, sources)
}

/// The code, file and underlined text of each problem.
fn found(sources: &Sources, problems: &[Problem]) -> Vec<(String, String, String)> {
    let one = |p: &Problem| {
        let (source, span) = sources
            .locate(p.place())
            .unwrap_or_else(|| unreachable!("{} has no place", p.message.en));
        assert!(!p.message.zh.is_empty() && !p.message.en.is_empty());
        (
            p.code.rsplit("::").next().unwrap().to_owned(),
            source.name.clone(),
            source.slice(span).to_owned(),
        )
    };
    problems.iter().map(one).collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[(&str, &str, &str)]) {
    let (_, problems, sources) = loaded(vec![pack("t", files)]);
    let found = found(&sources, &problems);
    let found: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
        .collect();
    assert_eq!(found, expected, "{}", told(&sources, &problems));
}

fn whole<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut files = vec![
        ("pack.toml", HEAD),
        ("fields.toml", FIELDS),
        ("instruments.toml", INSTRUMENTS),
        ("parameters.toml", PARAMETERS),
        ("tables.toml", TABLES),
        ("tables/by-fuel.csv", "fuel,listed\ngas,false\ncoal,true\n"),
    ];
    for (path, text) in more {
        match files.iter_mut().find(|(p, _)| p == path) {
            Some(file) => file.1 = text,
            None => files.push((path, text)),
        }
    }
    files
}

#[test]
fn five_mistakes_in_five_files_are_all_reported_under_the_right_characters() {
    let misspelt = rule("law", "land.aera > 0");
    let unit = rule("law", "land.area <= param.limit");
    let pattern = rule("law", "land.remark.matches('[甲')");
    let expired = rule("old-law", "land.area > 0");
    check(
        &whole(&[
            (
                "tables/by-fuel.csv",
                "fuel,listed\ngas,false\ncoal|gas,true\n",
            ),
            ("a/expired.toml", &expired),
            ("a/misspelt.toml", &misspelt),
            ("a/pattern.toml", &pattern),
            ("a/unit.toml", &unit),
        ]),
        &[
            (
                "expired",
                "t/a/expired.toml",
                "{ instrument = \"old-law\", article = \"1\" }",
            ),
            ("unknown_field", "t/a/misspelt.toml", "land.aera"),
            ("pattern", "t/a/pattern.toml", "'[甲'"),
            ("type", "t/a/unit.toml", "<="),
            ("overlap", "t/tables/by-fuel.csv", "coal|gas,true"),
        ],
    );
}

#[test]
fn several_mistakes_in_one_rule_are_all_reported() {
    let text = rule("lwa", "land.aera > 0 && land.area <= param.limitt")
        .replace("remedy", "remedi")
        .replace("\"limit\"", "\"limmit\"");
    let (_, problems, sources) = loaded(vec![pack("t", &whole(&[("a/x.toml", &text)]))]);
    let found: Vec<String> = found(&sources, &problems)
        .into_iter()
        .map(|(code, _, text)| format!("{code}｜{text}"))
        .collect();
    for expected in [
        "unknown_word｜\"lwa\"",
        "unknown_field｜land.aera",
        "unknown_parameter｜param.limitt",
        "unknown_word｜\"limmit\"",
        "unknown_key｜remedi",
    ] {
        assert!(
            found.iter().any(|f| f == expected),
            "{expected} is not among\n{}",
            found.join("\n")
        );
    }
}

#[test]
fn a_whole_pack_has_no_problem() {
    check(&whole(&[("a/x.toml", &rule("law", "land.area > 0"))]), &[]);
}

#[test]
fn a_comparison_that_always_holds_is_a_problem() {
    check(
        &whole(&[("a/x.toml", &rule("law", "land.area >= 0"))]),
        &[("constant", "t/a/x.toml", "land.area >= 0")],
    );
}

#[test]
fn a_gap_of_a_finite_table_is_a_problem() {
    check(
        &whole(&[("tables/by-fuel.csv", "fuel,listed\ngas,false\n")]),
        &[("gap", "t/tables.toml", "\"by-fuel\"")],
    );
}

#[test]
fn packs_that_extend_each_other_in_a_circle_are_a_problem_and_the_rest_is_loaded() {
    let head = |id: &str, extends: &str| {
        HEAD.replace("\"t\"", &format!("\"{id}\"")) + &format!("extends = [\"{extends}\"]\n")
    };
    let (a, b, c) = (head("a", "b"), head("b", "a"), head("c", "c"));
    let whole = pack("t", &whole(&[("a/x.toml", &rule("law", "land.area > 0"))]));
    let (packs, problems, sources) = loaded(vec![
        pack("a", &[("pack.toml", &a)]),
        pack("b", &[("pack.toml", &b)]),
        pack("c", &[("pack.toml", &c)]),
        whole,
    ]);
    let found = found(&sources, &problems);
    let places: Vec<(&str, &str, &str)> = found
        .iter()
        .map(|(code, file, text)| (code.as_str(), file.as_str(), text.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            ("cycle", "a/pack.toml", "\"a\""),
            ("cycle", "b/pack.toml", "\"b\""),
            ("cycle", "c/pack.toml", "\"c\"")
        ]
    );
    assert_eq!((packs.heads.len(), packs.rules.len()), (1, 1));
}

#[test]
fn a_pack_that_extends_what_is_not_given_is_a_problem() {
    let head = format!("{HEAD}extends = [\"nothing\"]\n");
    check(
        &whole(&[("pack.toml", &head)]),
        &[("extends", "t/pack.toml", "\"t\"")],
    );
}

#[test]
fn a_prohibition_of_law_that_may_be_waived_is_refused_at_its_place() {
    let ban = rule("law", "land.area > 0")
        .replace("\"limit\"\ndue = \"filing\"", "\"prohibition\"")
        .replace("waivable_by = []", "waivable_by = [\"state\"]");
    check(
        &whole(&[("a/x.toml", &ban)]),
        &[("type", "t/a/x.toml", "[\"state\"]")],
    );
    // A plan's ban may be waived, and so may a limit of law.
    let plan = HEAD.replace("\"law\"", "\"plan\"");
    check(&whole(&[("pack.toml", &plan), ("a/x.toml", &ban)]), &[]);
    let limit =
        rule("law", "land.area > 0").replace("waivable_by = []", "waivable_by = [\"state\"]");
    check(&whole(&[("a/x.toml", &limit)]), &[]);
}

#[test]
fn rows_of_a_later_pack_are_read_in_the_tables_own_unit() {
    let tables = r#"
[[table]]
id = "by-area"
title = { zh = "表", en = "table" }
hit = "unique"
keys = [{ column = "area", field = "land.area", match = "range", unit = "公顷" }]
outputs = [{ column = "listed", type = "bool" }]
fillable = true
source = "law 1"
confidence = "official"
"#;
    let head = HEAD
        .replace("\"t\"", "\"u\"")
        .replace("\"law\"", "\"office\"")
        + "extends = [\"t\"]\n";
    let filled = |row: &str| {
        let first = whole(&[
            ("tables.toml", tables),
            ("tables/by-area.csv", "area,listed\n< 1,false\n"),
        ]);
        let rows = format!("area,listed\n{row},true\n");
        let second = [
            ("pack.toml", head.as_str()),
            ("tables.toml", "[[fill]]\ntable = \"by-area\"\n"),
            ("tables/by-area.csv", rows.as_str()),
        ];
        loaded(vec![pack("t", &first), pack("u", &second)])
    };
    let (packs, problems, sources) = filled(">= 1");
    assert_eq!(told(&sources, &problems), "");
    let table = &packs.library.tables[usize::from(packs.library.table("by-area").unwrap())];
    let from = |row: usize| match table.rows.cell(row, 0).unwrap() {
        Cell::Ranges(ranges) => (ranges[0].low.clone(), ranges[0].high.clone()),
        other => unreachable!("{other:?}"),
    };
    // One hectare is fifteen 亩, in which areas are kept.
    let hectare = Number::parse("15").unwrap();
    assert_eq!(from(0), (None, Some((hectare.clone(), false))));
    assert_eq!(from(1), (Some((hectare, true)), None));
    assert_eq!(
        (table.rows.confidence(0), table.rows.confidence(1)),
        (Some(Confidence::Official), Some(Confidence::Local))
    );
    let (_, problems, sources) = filled(">= 0.9");
    assert_eq!(
        found(&sources, &problems),
        [(
            "overlap".to_owned(),
            "u/tables/by-area.csv".to_owned(),
            ">= 0.9,true".to_owned()
        )]
    );
}

#[test]
fn formulas_that_read_each_other_are_a_problem() {
    let field = |path: &str, formula: &str| {
        format!(
            "[[field]]\npath = \"{path}\"\ntype = \"number\"\nunit = \"亩\"\nprovider = \"computed\"\nformula = \"{formula}\"\nlabel = {{ zh = \"{path}\", en = \"{path}\" }}\n"
        )
    };
    let fields = FIELDS.to_owned()
        + &field("land.a", "land.b + land.area")
        + &field("land.b", "land.a")
        + &field("land.c", "land.b");
    let (_, problems, sources) = loaded(vec![pack("t", &whole(&[("fields.toml", &fields)]))]);
    let found: Vec<(String, String)> = found(&sources, &problems)
        .into_iter()
        .map(|(code, _, text)| (code, text))
        .collect();
    let cycle = |path: &str| ("formula_cycle".to_owned(), format!("\"{path}\""));
    assert_eq!(found, [cycle("land.a"), cycle("land.b")]);
}

#[test]
fn a_later_pack_may_add_but_not_redefine() {
    let head = HEAD
        .replace("\"t\"", "\"u\"")
        .replace("\"law\"", "\"office\"")
        + "extends = [\"t\"]\n";
    let again = rule("law", "land.area > 0");
    let local = "[[version]]\nparameter = \"limit\"\nfrom = 2025-01-01\nvalue = \"9\"\nsource = \"x\"\nconfidence = \"official\"\n";
    let first = pack(
        "t",
        &whole(&[
            ("a/x.toml", &again),
            (
                "parameters.toml",
                &PARAMETERS.replace("value = \"10\"", "to = 2024-12-31\nvalue = \"10\""),
            ),
        ]),
    );
    let second = pack(
        "u",
        &[
            ("pack.toml", &head),
            ("a/x.toml", &again),
            ("parameters.toml", &(local.to_owned() + PARAMETERS)),
            (
                "fields.toml",
                "[[field]]\npath = \"land.area\"\ntype = \"bool\"\nlabel = { zh = \"x\", en = \"x\" }\n",
            ),
            (
                "a/y.toml",
                &(again.clone()
                    + "replaces = \"a/x\"\nreason = { zh = \"理由\", en = \"reason\" }\n"),
            ),
        ],
    );
    let (packs, problems, sources) = loaded(vec![first, second]);
    let found: Vec<(String, String, String)> = found(&sources, &problems);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(code, file, _)| (code.as_str(), file.as_str()))
        .collect();
    for expected in [
        ("redefined", "u/a/x.toml"),
        ("redefined", "u/fields.toml"),
        ("redefined", "u/parameters.toml"),
        ("replaces", "u/a/y.toml"),
        ("type", "u/parameters.toml"),
    ] {
        assert!(
            found.contains(&expected),
            "{expected:?} is not among {found:?}"
        );
    }
    assert!(
        packs.rule("a/x").is_some_and(|r| r.pack == 0),
        "the law's rule stays"
    );
}

#[test]
fn the_order_in_which_packs_are_given_changes_nothing() {
    let mut packs = embedded::packs();
    packs.reverse();
    let (reversed, problems, _) = loaded(packs);
    assert!(!any_error(&problems));
    let ids = |packs: &Packs| packs.rules.iter().map(|r| r.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&reversed), ids(&world().packs));
}
