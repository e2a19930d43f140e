//! The schema of a rule file, with the fields, instruments and sections of the packs in use.
//!
//! It does not know the language of conditions.

use serde_json::{Map, Value, json};

use super::{DRAFT, about, choice, day, ids, object, reference, submission};
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::model::field::FieldType;
use crate::model::stage::Stage;
use crate::rules::pack::Packs;
use crate::rules::rule::RuleKind;

/// The schema.
pub(super) fn schema(packs: &Packs, lang: Lang) -> Value {
    let mut definitions = submission::definitions(packs, lang);
    for name in [
        "given",
        "text",
        "basis",
        "due",
        "exception",
        "valid",
        "case",
        "portfolio-case",
    ] {
        let schema = match name {
            "given" => submission::project(packs, lang, false),
            "text" => members(&[("zh", words(), true), ("en", words(), true)]),
            "basis" => basis(packs, lang),
            "due" => due(lang),
            "exception" => exception(lang),
            "valid" => members(&[("from", day(), false), ("to", day(), false)]),
            "case" => case(lang),
            _ => portfolio_case(),
        };
        definitions.insert(format!("rule-{name}"), schema);
    }
    json!({
        "$schema": DRAFT,
        "title": lang.pick("hegui 规则文件", "hegui rule file"),
        "description": lang.pick(
            "一条规则：依据、适用、要求、说明、办法、用例",
            "a rule: its basis, when it applies, what it asks, its words, its cases",
        ),
        "anyOf": [rule(packs, lang), portfolio(lang)],
        "definitions": definitions,
    })
}

/// The reference to a part of a rule file.
fn part(name: &str) -> Value {
    reference(&format!("rule-{name}"))
}

fn words() -> Value {
    json!({ "type": "string" })
}

fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// A closed table with these keys, each with whether it must be there.
fn members(all: &[(&str, Value, bool)]) -> Value {
    let required: Vec<&str> = all.iter().filter(|m| m.2).map(|m| m.0).collect();
    let members = all
        .iter()
        .map(|(key, schema, _)| ((*key).to_owned(), schema.clone()));
    object(members.collect(), &required, true)
}

fn expression(zh: &str, en: &str, lang: Lang) -> Value {
    about(words(), lang.pick(zh, en))
}

/// What rules of both scopes have.
fn common(lang: Lang) -> Vec<(&'static str, Value, bool)> {
    vec![
        ("title", part("text"), true),
        ("basis", list(&part("basis")), true),
        (
            "remedy",
            about(
                json!({ "allOf": [part("text")] }),
                lang.pick("怎样改正、向谁办理", "what to do, and with whom"),
            ),
            true,
        ),
        (
            "why",
            expression(
                "说明页：条款的意思、怎样读、存疑之处、来源",
                "the manual page: what the clause says, how it was read, doubts, sources",
                lang,
            ),
            true,
        ),
        ("valid", part("valid"), false),
    ]
}

fn rule(packs: &Packs, lang: Lang) -> Value {
    let fields = packs.library.vocabulary.fields().iter();
    let anchors = fields
        .filter(|f| f.kind == FieldType::Date && f.procedure.is_some())
        .map(|f| (f.path.clone(), f.label.get(lang).to_owned()));
    let submitted = lang.pick("申报日期", "the day of submission");
    let anchors = anchors.chain([("submitted".to_owned(), submitted.to_owned())]);
    let levels = [
        "county", "city", "region", "state", "县级", "区级", "县", "市级", "地级", "市",
    ];
    let more = ["自治区级", "省级", "自治区", "国家级", "国家"];
    let levels: Vec<&str> = levels.into_iter().chain(more).collect();
    let mut all = common(lang);
    all.extend([
        ("scope", json!({ "enum": ["project"] }), false),
        (
            "kind",
            ids(&RuleKind::ALL, RuleKind::id, RuleKind::label, lang),
            true,
        ),
        ("due", part("due"), false),
        (
            "anchor",
            about(
                choice(anchors.collect()),
                lang.pick(
                    "由哪个日期决定适用的规定",
                    "the date that fixes the law in force",
                ),
            ),
            false,
        ),
        (
            "applies",
            expression(
                "何时适用；缺省为总是适用",
                "when it applies; else always",
                lang,
            ),
            false,
        ),
        (
            "require",
            expression("要求什么", "what it asks", lang),
            true,
        ),
        ("exception", list(&part("exception")), false),
        ("message", part("text"), true),
        ("waivable_by", list(&json!({ "enum": levels })), false),
        ("formerly", list(&words()), false),
        ("replaces", words(), false),
        ("reason", part("text"), false),
        ("case", list(&part("case")), false),
    ]);
    members(&all)
}

fn portfolio(lang: Lang) -> Value {
    let mut all = common(lang);
    all.extend([
        ("scope", json!({ "enum": ["portfolio"] }), true),
        ("where", words(), false),
        ("sum", words(), false),
        ("count", json!({ "enum": [true] }), false),
        ("share", words(), false),
        ("of", words(), false),
        ("unit", words(), false),
        ("by", list(&words()), false),
        ("limit", words(), false),
        ("target", words(), false),
        ("case", list(&part("portfolio-case")), false),
    ]);
    members(&all)
}

fn basis(packs: &Packs, lang: Lang) -> Value {
    let instruments = packs.library.instruments.iter();
    let instruments = instruments.map(|i| (i.id.clone(), i.title.get(lang).to_owned()));
    let sections = packs.sections.iter();
    let sections = sections.map(|(_, s)| (s.number.clone(), s.title.get(lang).to_owned()));
    let mut schema = members(&[
        ("instrument", choice(instruments.collect()), false),
        ("article", words(), false),
        ("section", choice(sections.collect()), false),
        ("clause", words(), false),
        ("carries", json!({ "type": "boolean" }), false),
    ]);
    if let Value::Object(schema) = &mut schema {
        let one = json!([{ "required": ["instrument"] }, { "required": ["section"] }]);
        schema.insert("oneOf".to_owned(), one);
    }
    schema
}

fn due(lang: Lang) -> Value {
    let stage = ids(&Stage::ALL, Stage::id, Stage::label, lang);
    // A stage may be written as people type it.
    let stage = json!({ "anyOf": [stage, words()] });
    let line = members(&[("when", words(), false), ("stage", stage.clone(), true)]);
    about(
        json!({ "anyOf": [stage, list(&line)] }),
        lang.pick("最迟办结环节", "the stage by which it can be asked"),
    )
}

fn exception(lang: Lang) -> Value {
    members(&[
        ("label", part("text"), true),
        (
            "when",
            expression("何时适用", "when it applies", lang),
            true,
        ),
        ("basis", list(&part("basis")), false),
    ])
}

fn case(lang: Lang) -> Value {
    members(&[
        ("name", words(), true),
        ("given", part("given"), false),
        (
            "verdict",
            ids(&Verdict::ALL, Verdict::id, Verdict::label, lang),
            true,
        ),
        ("missing", list(&words()), false),
        (
            "exception",
            json!({ "type": "integer", "minimum": 1 }),
            false,
        ),
        ("claims", list(&words()), false),
    ])
}

fn portfolio_case() -> Value {
    let mut project = json!({ "allOf": [{ "type": "object" }] });
    if let Value::Object(project) = &mut project {
        let decisions: Vec<&str> = Decision::ALL.into_iter().map(Decision::id).collect();
        let mut known = Map::new();
        known.insert("decision".to_owned(), json!({ "enum": decisions }));
        project.insert("properties".to_owned(), Value::Object(known));
    }
    let group = members(&[
        (
            "key",
            list(&json!({ "type": ["string", "number", "boolean"] })),
            false,
        ),
        (
            "verdict",
            json!({ "enum": Verdict::ALL.map(Verdict::id) }),
            true,
        ),
        ("total", json!({ "type": ["string", "number"] }), false),
        ("breaking", words(), false),
    ]);
    members(&[
        ("name", words(), true),
        ("projects", list(&project), true),
        ("figures", json!({ "type": "object" }), false),
        ("groups", list(&group), true),
    ])
}
