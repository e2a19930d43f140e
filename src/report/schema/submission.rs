//! The schema of a submission: every field under every name by which it may be filled in.
//!
//! It does not know what rules read.

use serde_json::{Map, Value, json};

use super::{DRAFT, about, choice, escaped, object, reference};
use crate::base::text::Lang;
use crate::intake::spelling;
use crate::model::field::{Field, FieldType, Scope, Target, Vocabulary};
use crate::model::stage::Stage;
use crate::rules::pack::Packs;

/// The schema.
pub(super) fn schema(packs: &Packs, lang: Lang) -> Value {
    let mut definitions = definitions(packs, lang);
    definitions.insert("project".to_owned(), project(packs, lang, true));
    let title = lang.pick("hegui 项目申报", "hegui submission");
    let list = json!({ "type": "array", "items": reference("project") });
    let lists = spelling::LISTS.iter().map(|name| {
        let mut members = Map::new();
        members.insert((*name).to_owned(), list.clone());
        object(members, &[name], true)
    });
    let mut forms = vec![reference("project")];
    forms.extend(lists);
    forms.push(list.clone());
    json!({
        "$schema": DRAFT,
        "title": title,
        "description": lang.pick(
            "由使用中的规则包生成；一个项目，或项目的列表",
            "made from the packs in use; one project or a list of projects",
        ),
        "anyOf": forms,
        "definitions": definitions,
    })
}

/// What fields hold, by path.
pub(super) fn definitions(packs: &Packs, lang: Lang) -> Map<String, Value> {
    let vocabulary = &packs.library.vocabulary;
    let mut all = Map::new();
    for field in vocabulary.fields().iter().filter(|f| !f.derived) {
        all.insert(field.path.clone(), field_schema(packs, field, lang));
        if field.kind == FieldType::Records {
            let mut members = names(vocabulary, Scope::Record(field.id));
            complete(&mut members, field.closable, lang);
            all.insert(record_name(field), object(members, &[], true));
        }
    }
    for (number, group) in (0_u16..).zip(vocabulary.groups()) {
        let mut members = names(vocabulary, Scope::Group(number));
        complete(&mut members, group.closable, lang);
        let mut schema = object(members, &[], true);
        if let Value::Object(schema) = &mut schema {
            schema.insert("title".to_owned(), group.label.get(lang).into());
        }
        all.insert(group_name(&group.path), about(schema, group.note.get(lang)));
    }
    all
}

/// A project: the keys that every submission may hold, and the fields of the packs.
pub(super) fn project(packs: &Packs, lang: Lang, whole: bool) -> Value {
    let vocabulary = &packs.library.vocabulary;
    let mut members = names(vocabulary, Scope::Root);
    let mut required = Vec::new();
    for (key, schema) in builtins(packs, lang) {
        let spellings = spelling::of(key);
        for name in spellings {
            members.insert((*name).to_owned(), schema.clone());
        }
        if whole && matches!(key, "submitted" | "stage") {
            let any = spellings.iter().map(|name| json!({ "required": [name] }));
            required.push(json!({ "anyOf": any.collect::<Vec<_>>() }));
        }
    }
    let mut schema = object(members, &[], true);
    if let Value::Object(schema) = &mut schema {
        if !required.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(required));
        }
        let dotted = dotted(vocabulary);
        schema.insert("patternProperties".to_owned(), Value::Object(dotted));
    }
    schema
}

/// The keys that every submission may hold.
fn builtins(packs: &Packs, lang: Lang) -> Vec<(&'static str, Value)> {
    let stages = Stage::ALL.iter().flat_map(|stage| {
        let label = stage.label();
        let mut words = vec![stage.id().to_owned(), label.zh.clone(), label.en.clone()];
        words.extend(stage.aliases().iter().map(|&word| word.to_owned()));
        words
            .into_iter()
            .map(move |word| (word, label.get(lang).to_owned()))
    });
    let goals = packs
        .goals
        .iter()
        .map(|goal| (goal.id.clone(), goal.title.get(lang).to_owned()));
    let goal = choice(goals.collect());
    let indicators = packs
        .indicators
        .iter()
        .map(|i| (i.id.clone(), i.title.get(lang).to_owned()));
    let indicator = choice(indicators.collect());
    let number = json!({ "type": ["number", "string"] });
    let words = json!({ "type": "string" });
    let mut link = Map::new();
    for ((en, zh), schema) in spelling::LINK
        .iter()
        .zip([&goal, &indicator, &number, &words])
    {
        link.insert((*en).to_owned(), schema.clone());
        link.insert((*zh).to_owned(), schema.clone());
    }
    let name = json!({ "type": ["string", "integer"] });
    vec![
        (
            "id",
            about(
                name.clone(),
                lang.pick(
                    "项目编号；缺省用文件夹名",
                    "the project's id; else the folder's name",
                ),
            ),
        ),
        (
            "submitted",
            about(
                date(),
                lang.pick(
                    "申报日期，例如 2024-06-01",
                    "the day of submission, such as 2024-06-01",
                ),
            ),
        ),
        (
            "stage",
            about(
                choice(stages.collect()),
                lang.pick("办理环节", "where the project stands in its handling"),
            ),
        ),
        (
            "sample",
            about(
                truth(),
                lang.pick(
                    "演示数据，不代表真实项目",
                    "demonstration data, not a real project",
                ),
            ),
        ),
        (
            "supports",
            about(
                json!({
                    "type": "array",
                    "items": { "anyOf": [goal, object(link, &[], true)] },
                }),
                lang.pick("支撑的规划目标", "the goals of the plan that it serves"),
            ),
        ),
        ("boundary", boundary(lang)),
        (
            "depends_on",
            about(
                json!({ "type": "array", "items": name }),
                lang.pick(
                    "依赖的项目编号",
                    "the ids of the projects that it depends on",
                ),
            ),
        ),
    ]
}

/// A boundary: a file beside the submission, a table, or a list of such.
fn boundary(lang: Lang) -> Value {
    let words = json!({ "type": "string" });
    let mut table = Map::new();
    for name in ["file", "文件"] {
        table.insert(name.to_owned(), words.clone());
    }
    for name in ["crs", "坐标系"] {
        table.insert(name.to_owned(), json!({ "type": ["string", "integer"] }));
    }
    for name in ["coordinates", "坐标"] {
        table.insert(name.to_owned(), json!({ "type": "array" }));
    }
    let one = json!({ "anyOf": [words, object(table, &[], true)] });
    about(
        json!({ "anyOf": [one.clone(), { "type": "array", "items": one }] }),
        lang.pick(
            "用地边界：文件名，或者坐标",
            "the boundary: the name of a file, or coordinates",
        ),
    )
}

/// The line that closes a group or a record.
fn complete(members: &mut Map<String, Value>, closable: bool, lang: Lang) {
    let schema = if closable {
        about(
            truth(),
            lang.pick(
                "填报完整：没有列出的取零、空或否",
                "complete: what is not listed is zero, empty or no",
            ),
        )
    } else {
        json!({ "enum": [false, "否", "无", "false", "no"] })
    };
    for name in spelling::of("complete") {
        members.insert((*name).to_owned(), schema.clone());
    }
}

/// The names by which a field is known in a scope, as people write them.
pub(super) fn names_of(
    vocabulary: &Vocabulary,
    scope: Scope,
    target: Target,
    field: &Field,
) -> Vec<String> {
    let segment = field.path.rsplit('.').next().unwrap_or(&field.path);
    let labels = [segment, &field.path, &field.label.zh, &field.label.en];
    let names = labels
        .into_iter()
        .chain(field.aliases.iter().map(String::as_str));
    names
        .filter(|name| vocabulary.resolve(scope, name) == Some(target))
        .map(str::to_owned)
        .collect()
}

/// The keys of a scope, each with what it names.
fn names(vocabulary: &Vocabulary, scope: Scope) -> Map<String, Value> {
    let mut members = Map::new();
    let mut add = |name: &str, target: Target| {
        if let Some(schema) = target_schema(vocabulary, target) {
            members.insert(name.to_owned(), schema);
        }
    };
    // Keys are kept in the form in which they are compared; people write them as labels have them.
    for field in vocabulary.fields() {
        let target = Target::Field(field.id);
        for name in names_of(vocabulary, scope, target, field) {
            add(&name, target);
        }
    }
    for (number, group) in (0_u16..).zip(vocabulary.groups()) {
        let labels = [&group.path, &group.label.zh, &group.label.en];
        for name in labels.into_iter().chain(&group.aliases) {
            if vocabulary.resolve(scope, name) == Some(Target::Group(number)) {
                add(name, Target::Group(number));
            }
        }
    }
    for key in vocabulary.keys(scope) {
        if let Some(target) = vocabulary.resolve(scope, key) {
            add(key, target);
        }
    }
    members
}

fn target_schema(vocabulary: &Vocabulary, target: Target) -> Option<Value> {
    match target {
        Target::Field(id) => {
            let field = vocabulary.field(id).filter(|f| !f.derived)?;
            Some(reference(&field.path))
        }
        Target::Group(number) => Some(reference(&group_name(&vocabulary.group(number)?.path))),
    }
}

/// Paths in one key under other names than the field's own, such as `用地.用地面积`: by the names of the group and of
/// its fields, each with a pattern of its own.
fn dotted(vocabulary: &Vocabulary) -> Map<String, Value> {
    let mut patterns = Map::new();
    let any = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| escaped(name)).collect();
        format!("(?:{})", names.join("|"))
    };
    for (number, group) in (0_u16..).zip(vocabulary.groups()) {
        let groups = [&group.path, &group.label.zh, &group.label.en];
        let groups: Vec<&str> = groups
            .into_iter()
            .chain(&group.aliases)
            .map(String::as_str)
            .collect();
        let head = any(&groups);
        for field in vocabulary.group_fields(number).filter(|f| !f.derived) {
            let segment = field.path.rsplit('.').next().unwrap_or(&field.path);
            let names = [segment, &field.label.zh, &field.label.en];
            let names: Vec<&str> = names
                .into_iter()
                .chain(field.aliases.iter().map(String::as_str))
                .collect();
            let pattern = format!("^{head}[.．]{}$", any(&names));
            patterns.insert(pattern, reference(&field.path));
        }
        let complete = any(spelling::of("complete"));
        patterns.insert(format!("^{head}\\.{complete}$"), truth());
    }
    patterns
}

fn group_name(path: &str) -> String {
    format!("group-{path}")
}

fn record_name(field: &Field) -> String {
    format!("record-{}", field.path)
}

/// What a field holds.
fn field_schema(packs: &Packs, field: &Field, lang: Lang) -> Value {
    let vocabulary = &packs.library.vocabulary;
    let unit = field.measure.name(lang);
    let code = json!({ "type": ["string", "integer"] });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let words = json!({ "type": ["string", "number"] });
    let mut schema = match field.kind {
        FieldType::Bool => truth(),
        FieldType::Text => words,
        FieldType::Enum(id) => {
            let answers = vocabulary.enumeration(id);
            let words = answers.into_iter().flat_map(|e| &e.answers).flat_map(|a| {
                let spellings = [&a.id, &a.label.zh, &a.label.en];
                let spellings = spellings.into_iter().chain(&a.aliases).cloned();
                spellings.map(|word| (word, a.label.get(lang).to_owned()))
            });
            let words = choice(words.collect());
            if answers.is_some_and(|e| e.find("是").is_some()) {
                json!({ "anyOf": [words, { "type": "boolean" }] })
            } else {
                words
            }
        }
        FieldType::Date => date(),
        FieldType::Code(_) => code,
        // A quantity has a figure in it; its unit is for reading to judge.
        FieldType::Number => json!({ "type": ["number", "string"], "pattern": "[0-9０-９]" }),
        FieldType::Records => list(reference(&record_name(field))),
        FieldType::Texts => list(words),
        FieldType::Codes(_) => list(code),
    };
    let provider = field.provider.name();
    let mut notes = Vec::new();
    if !unit.is_empty() {
        notes.push(format!("{}{unit}", lang.pick("单位：", "unit: ")));
    }
    if !field.provider.is_applicant() {
        let provider = provider.get(lang);
        notes.push(format!("{}{provider}", lang.pick("提供方：", "from: ")));
    }
    notes.push(field.path.clone());
    if !field.note.get(lang).is_empty() {
        notes.insert(0, field.note.get(lang).to_owned());
    }
    if let Value::Object(schema) = &mut schema {
        schema.insert("title".to_owned(), field.label.get(lang).into());
    }
    about(schema, &notes.join(lang.pick("；", "; ")))
}

/// A truth value, as such or as a word.
fn truth() -> Value {
    json!({ "enum": [true, false, "是", "否", "有", "无", "true", "false", "yes", "no"] })
}

/// A day as it may be written.
pub(super) fn date() -> Value {
    json!({ "type": "string", "pattern": "[0-9０-９]{4}.*[0-9０-９]{1,2}.*[0-9０-９]{1,2}" })
}
