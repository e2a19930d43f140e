//! The schemas of what lies beside a submission: replies of departments (`office.toml`) and waivers (`waivers.toml`).
//!
//! They name facts as the packs in use do. They do not know projects, so an id of one is any text.

use serde_json::{Map, Value, json};

use super::submission::{definitions, names_of};
use super::{DRAFT, about, choice, escaped, reference};
use crate::base::text::Lang;
use crate::intake::spelling;
use crate::model::field::{Field, FieldType, Scope, Slot, Target, Vocabulary};
use crate::rules::pack::Packs;

/// The schema of `office.toml`.
pub(super) fn office(packs: &Packs, lang: Lang) -> Value {
    let vocabulary = &packs.library.vocabulary;
    let facts = Facts::of(vocabulary, |field| {
        field.provider.is_official() && !field.derived
    });
    let values = about(
        facts.table(),
        lang.pick(
            "一件回复的各项事实：字段和值",
            "the facts of one letter: fields with their values",
        ),
    );
    let given = json!({ "not": { "type": "null" } });
    let letter = record(
        spelling::OFFICE,
        &["department", "reply", "date"],
        |key| match key {
            "path" => facts.path(),
            "value" => given.clone(),
            "values" => values.clone(),
            "date" => day(),
            _ => words(),
        },
    );
    // One fact, or many of one letter.
    let of = |key: &str| required(spelling::OFFICE, key);
    let one = json!({ "allOf": [of("path"), of("value")], "not": of("values") });
    let many = json!({ "allOf": [of("values")], "not": { "anyOf": [of("path"), of("value")] } });
    let letter = json!({ "allOf": [letter, { "anyOf": [one, many] }] });
    file(
        packs,
        spelling::LETTER,
        &letter,
        lang,
        lang.pick("hegui 部门回复", "hegui replies of departments"),
    )
}

/// The schema of `waivers.toml`.
pub(super) fn waivers(packs: &Packs, lang: Lang) -> Value {
    let facts = Facts::of(&packs.library.vocabulary, |field| {
        field.kind != FieldType::Records && !field.derived
    });
    let mut rules = Vec::new();
    for rule in packs
        .rules
        .iter()
        .filter(|rule| !rule.waivable_by.is_empty())
    {
        let title = rule.title.get(lang).to_owned();
        let ids = std::iter::once(&rule.id).chain(&rule.formerly);
        rules.extend(ids.map(|id| (id.clone(), title.clone())));
    }
    let rule = about(
        choice(rules),
        lang.pick(
            "可以作人工认定的规则；法律的禁止性规定不在其中",
            "rules that can be waived; prohibitions of law are not among them",
        ),
    );
    let levels = spelling::levels();
    let levels = levels.map(|(word, level)| (word.to_owned(), level.label().get(lang).to_owned()));
    let level = choice(levels.collect());
    let pins = about(
        facts.table(),
        lang.pick(
            "认定时的事实：事实变了，认定即不再适用",
            "the facts it was granted for: it lapses when they change",
        ),
    );
    let needed = [
        "rule",
        "project",
        "office",
        "level",
        "document_type",
        "document",
        "issued",
        "expires",
        "reason",
    ];
    let waiver = record(spelling::WAIVER, &needed, |key| match key {
        "rule" => rule.clone(),
        "level" => level.clone(),
        "document_type" => json!({ "enum": spelling::DECIDING }),
        "issued" | "expires" => day(),
        "pins" => pins.clone(),
        _ => words(),
    });
    file(
        packs,
        spelling::WAIVERS,
        &waiver,
        lang,
        lang.pick("hegui 人工认定", "hegui waivers"),
    )
}

/// A file that lists records under one of two names.
fn file(packs: &Packs, (en, zh): (&str, &str), one: &Value, lang: Lang, title: &str) -> Value {
    let mut definitions = definitions(packs, lang);
    definitions.insert("one".to_owned(), one.clone());
    let one = reference("one");
    let all = json!({ "anyOf": [{ "type": "array", "items": one.clone() }, one] });
    json!({
        "$schema": DRAFT,
        "title": title,
        "description": lang.pick("由使用中的规则包生成", "made from the packs in use"),
        "type": "object",
        "properties": { en: all.clone(), zh: all },
        "additionalProperties": false,
        "definitions": definitions,
    })
}

/// A table of fixed keys, each of which may be spelt in Chinese.
fn record(
    keys: &'static [(&'static str, &'static str)],
    needed: &[&str],
    schema: impl Fn(&str) -> Value,
) -> Value {
    let mut members = Map::new();
    for (en, zh) in keys {
        for name in [en, zh] {
            members.insert((*name).to_owned(), schema(en));
        }
    }
    let needed: Vec<Value> = needed.iter().map(|key| required(keys, key)).collect();
    json!({
        "type": "object",
        "properties": members,
        "additionalProperties": false,
        "allOf": needed,
    })
}

/// That a key is there, however it is spelt.
fn required(keys: &[(&str, &str)], key: &str) -> Value {
    let found = keys.iter().find(|(en, _)| *en == key);
    let zh = found.map_or(key, |(_, zh)| *zh);
    json!({ "anyOf": [{ "required": [key] }, { "required": [zh] }] })
}

/// A text that says something.
fn words() -> Value {
    json!({ "type": ["string", "number"], "pattern": "\\S" })
}

/// A day as it may be written.
fn day() -> Value {
    super::submission::date()
}

/// The facts that a file may name, under every name.
struct Facts {
    /// The facts of projects, by name, with the paths of their fields.
    own: Vec<(String, String)>,
    /// Those of records, by pattern.
    members: Vec<(String, String)>,
    /// The members of groups, which may be written as tables within the table.
    groups: Vec<(String, Vec<(String, String)>)>,
}

impl Facts {
    /// The facts of the fields that are wanted.
    fn of(vocabulary: &Vocabulary, is_wanted: impl Fn(&Field) -> bool) -> Self {
        let mut facts = Self {
            own: Vec::new(),
            members: Vec::new(),
            groups: Vec::new(),
        };
        let wanted = |field: &&Field| is_wanted(field);
        for field in vocabulary.fields().iter().filter(wanted) {
            let named = |scope: Scope| names_of(vocabulary, scope, Target::Field(field.id), field);
            match field.slot {
                Slot::Project(_) => {
                    let names = std::iter::once(field.path.clone()).chain(named(Scope::Root));
                    facts
                        .own
                        .extend(names.map(|name| (name, field.path.clone())));
                }
                Slot::Member(list, _) => {
                    let Some(of) = vocabulary.field(list) else {
                        continue;
                    };
                    let lists = names_of(vocabulary, Scope::Root, Target::Field(list), of);
                    let lists = std::iter::once(of.path.clone()).chain(lists);
                    let pattern = format!(
                        "^{}\\[[1-9][0-9]*\\]\\.{}$",
                        any(lists),
                        any(named(Scope::Record(list)))
                    );
                    facts.members.push((pattern, field.path.clone()));
                }
            }
        }
        for (number, group) in (0_u16..).zip(vocabulary.groups()) {
            let fields = vocabulary.group_fields(number).filter(wanted);
            let fields: Vec<(String, String)> = fields
                .map(|field| {
                    let segment = field.path.rsplit('.').next().unwrap_or(&field.path);
                    (segment.to_owned(), field.path.clone())
                })
                .collect();
            if !fields.is_empty() {
                facts.groups.push((group.path.clone(), fields));
            }
        }
        facts
    }

    /// A table of facts with their values.
    fn table(&self) -> Value {
        let referred = |all: &[(String, String)]| -> Map<String, Value> {
            let all = all.iter();
            all.map(|(name, path)| (name.clone(), reference(path)))
                .collect()
        };
        let mut members = referred(&self.own);
        for (name, fields) in &self.groups {
            let inner = json!({
                "type": "object",
                "properties": referred(fields),
                "additionalProperties": false,
            });
            members.entry(name.clone()).or_insert(inner);
        }
        json!({
            "type": "object",
            "properties": members,
            "patternProperties": referred(&self.members),
            "additionalProperties": false,
        })
    }

    /// The name of a fact.
    fn path(&self) -> Value {
        let names: Vec<&str> = self.own.iter().map(|(name, _)| name.as_str()).collect();
        let mut known = names.clone();
        known.sort_unstable();
        known.dedup();
        let patterns = self.members.iter();
        let patterns = patterns.map(|(pattern, _)| json!({ "pattern": pattern }));
        let mut all = vec![json!({ "enum": known })];
        all.extend(patterns);
        json!({ "type": "string", "anyOf": all })
    }
}

/// A pattern of any of some names.
fn any(names: impl IntoIterator<Item = String>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| escaped(&name)).collect();
    format!("(?:{})", names.join("|"))
}
