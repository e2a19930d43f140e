//! Ten thousand varied projects: the samples with every field varied by a fixed generator.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use hegui::base::source::Sources;
use hegui::base::tree::{Datum, Entry, Node};
use hegui::base::{files, toml};
use hegui::intake::{self, Expected, Format};
use hegui::judge::Settings;
use hegui::model::field::{FieldType, Scope, Target, Vocabulary};
use hegui::model::project::Project;
use hegui::rules::PackFiles;
use hegui::rules::pack::Packs;

use super::Chance;

pub(crate) const PROJECTS: usize = 10_000;

/// Packs and projects that read by them.
pub(crate) struct Set {
    pub(crate) packs: Packs,
    pub(crate) settings: Settings,
    pub(crate) goals: Vec<String>,
    pub(crate) text: String,
    pub(crate) projects: Vec<Project>,
}

impl Set {
    /// The projects by the embedded packs and more.
    pub(crate) fn with(more: Vec<PackFiles>) -> Self {
        let mut sources = Sources::default();
        let mut files = hegui::rules::embedded::packs();
        files.extend(more);
        let (packs, problems) = hegui::rules::load(files, &mut sources);
        assert!(problems.is_empty(), "{:?}", problems.first());
        let goals: Vec<String> = packs.goals.iter().map(|g| g.id.clone()).collect();
        let text = varied(&packs.library.vocabulary);
        let expected = Expected {
            vocabulary: &packs.library.vocabulary,
            goals: &goals,
            indicators: &packs.indicators,
            trust_claims: true,
        };
        let id = sources.add("bench.ndjson", text.clone());
        let (projects, _) =
            intake::read_projects(sources.get(id).unwrap(), Format::Ndjson, "p", &expected);
        assert_eq!(projects.len(), PROJECTS);
        Self {
            packs,
            settings: Settings::default(),
            goals,
            text,
            projects,
        }
    }
}

/// The `project.toml` of each sample.
pub(crate) fn sample_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-projects");
    let walk = files::walk(&root, &root, &[]);
    walk.files
        .into_iter()
        .filter(|f| f.ends_with("project.toml"))
        .collect()
}

/// NDJSON of the samples with every field varied.
fn varied(vocabulary: &Vocabulary) -> String {
    let mut sources = Sources::default();
    let mut parse = |path: &Path| {
        let text = files::read(path, 1 << 20).unwrap();
        let id = sources.add(path.display().to_string(), text);
        toml::parse(sources.get(id).unwrap()).0
    };
    let mut samples = Vec::new();
    for path in sample_files() {
        let mut project = parse(&path);
        let office = path.with_file_name("office.toml");
        if office.is_file() {
            add_replies(&mut project, &parse(&office), vocabulary);
        }
        samples.push(project);
    }
    let mut chance = Chance(20_250_901);
    let mut text = String::new();
    for number in 0..PROJECTS {
        let sample = &samples[number % samples.len()];
        let mut copy = sample.clone();
        vary(&mut copy, Scope::Root, vocabulary, &mut chance);
        write_json(&copy, &mut text);
        text.push('\n');
    }
    text
}

/// Adds what departments replied as if the project stated it.
fn add_replies(project: &mut Node, office: &Node, vocabulary: &Vocabulary) {
    let Datum::Table(entries) = &mut project.datum else {
        return;
    };
    let mut stated: Vec<(String, Node)> = Vec::new();
    for fact in office.get("fact").map(Node::items).unwrap_or_default() {
        match fact.get("values") {
            Some(values) => {
                let all = values.entries().iter();
                stated.extend(all.map(|entry| (entry.key.clone(), entry.node.clone())));
            }
            None => {
                let path = fact.get("path").and_then(Node::text).unwrap_or_default();
                stated.push((path.to_owned(), fact.get("value").unwrap().clone()));
            }
        }
    }
    for (path, node) in stated {
        let path = match vocabulary.resolve(Scope::Root, &path) {
            Some(Target::Field(id)) => vocabulary.path(id).to_owned(),
            _ => path,
        };
        let Some((group, key)) = path.split_once('.') else {
            entries.push(Entry {
                key: path,
                place: node.place,
                node,
            });
            continue;
        };
        // A fact of one record would be varied away with its list.
        if group.contains('[') {
            continue;
        }
        let found = entries.iter_mut().find(|e| matches!(vocabulary.resolve(Scope::Root, &e.key), Some(Target::Group(g)) if vocabulary.group(g).unwrap().path == group));
        let entry = Entry {
            key: key.to_owned(),
            place: node.place,
            node,
        };
        match found {
            Some(Entry {
                node:
                    Node {
                        datum: Datum::Table(members),
                        ..
                    },
                ..
            }) => members.push(entry),
            _ => {
                let place = entry.place;
                let table = Node {
                    datum: Datum::Table(vec![entry]),
                    place,
                };
                entries.push(Entry {
                    key: group.to_owned(),
                    place,
                    node: table,
                });
            }
        }
    }
}

fn vary(node: &mut Node, scope: Scope, vocabulary: &Vocabulary, chance: &mut Chance) {
    let Datum::Table(entries) = &mut node.datum else {
        return;
    };
    let built_in = |key: &str| {
        [
            "stage",
            "submitted",
            "sample",
            "supports",
            "complete",
            "填报完整",
            "申报日期",
            "办理环节",
            "支持目标",
            "name",
            "项目名称",
        ]
        .contains(&key)
    };
    entries.retain(|entry| built_in(&entry.key) || chance.below(100) >= 4);
    for entry in entries {
        match vocabulary.resolve(scope, &entry.key) {
            Some(Target::Group(group)) => {
                vary(&mut entry.node, Scope::Group(group), vocabulary, chance);
            }
            Some(Target::Field(id)) => {
                let field = vocabulary.field(id).unwrap();
                if let (FieldType::Records, Datum::List(items)) =
                    (field.kind, &mut entry.node.datum)
                {
                    items.retain(|_| chance.below(100) >= 10);
                    for item in items {
                        vary(item, Scope::Record(id), vocabulary, chance);
                    }
                } else {
                    vary_value(&mut entry.node, field.kind, vocabulary, chance);
                }
            }
            None => {}
        }
    }
}

fn vary_value(node: &mut Node, kind: FieldType, vocabulary: &Vocabulary, chance: &mut Chance) {
    match (&mut node.datum, kind) {
        (Datum::Bool(value), _) => *value ^= chance.below(100) < 10,
        (Datum::Text(text), FieldType::Enum(id)) if chance.below(100) < 9 => {
            let answers = &vocabulary.enumeration(id).unwrap().answers;
            let answer = chance.below(answers.len() as u64);
            answers[usize::try_from(answer).unwrap()]
                .id
                .clone_into(text);
        }
        (Datum::Number(text) | Datum::Text(text), FieldType::Number) => {
            let end = text
                .find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','))
                .unwrap_or(text.len());
            let (digits, unit) = text.split_at(end);
            if let Ok(number) = digits.replace(',', "").parse::<f64>() {
                let percent = [50, 90, 99, 100, 101, 110, 150, 200, 400]
                    [usize::try_from(chance.below(9)).unwrap()];
                *text = format!("{:.4}{unit}", number * f64::from(percent) / 100.0);
                node.datum = Datum::Text(text.clone());
            }
        }
        (Datum::Date(text), _) => {
            let year = 2022 + chance.below(5);
            text.replace_range(0..4, &year.to_string());
        }
        (Datum::Text(text), FieldType::Code(list)) if chance.below(100) < 15 => {
            let entries = vocabulary.list(list).unwrap().entries();
            let entry = chance.below(entries.len() as u64);
            entries[usize::try_from(entry).unwrap()]
                .code
                .clone_into(text);
        }
        _ => {}
    }
}

fn write_json(node: &Node, out: &mut String) {
    match &node.datum {
        Datum::Text(text) | Datum::Date(text) => {
            out.push_str(&serde_json::to_string(text).unwrap());
        }
        Datum::Number(text) => out.push_str(&text.replace('_', "")),
        Datum::Bool(value) => write!(out, "{value}").unwrap(),
        Datum::Null | Datum::Unread => out.push_str("null"),
        Datum::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Datum::Table(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::to_string(&entry.key).unwrap());
                out.push(':');
                write_json(&entry.node, out);
            }
            out.push('}');
        }
    }
}
