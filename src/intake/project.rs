//! One project: its built-in keys, its facts, and what its facts must agree on among themselves.
//!
//! It does not know how the file is written nor how many projects it holds.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::Expected;
use crate::intake::known::{Builtin, field_name, shown};
use crate::intake::reader::{Reader, key_twice};
use crate::intake::value;
use crate::intake::{boundary, links};
use crate::model::field::{Field, FieldId, FieldType, ListId, Role, Slot, Vocabulary};
use crate::model::project::{Dated, Fact, FactRef, Project, State, Value};
use crate::model::stage::Stage;
use crate::text;

/// The fields that agree or disagree with each other, found once per file.
pub(super) struct Relations {
    /// Code fields with their list and the field that names the edition.
    editions: Vec<(FieldId, ListId, FieldId)>,
    /// Dates of procedures.
    procedures: Vec<FieldId>,
    name: Option<FieldId>,
    /// The slot of the field that says whether there is a boundary.
    boundary: Option<u16>,
}

impl Relations {
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let edition = |field: &Field| {
            let (FieldType::Code(list) | FieldType::Codes(list)) = field.kind else {
                return None;
            };
            let (group, _) = field.path.rsplit_once('.')?;
            let edition = vocabulary.by_path(&format!("{group}.edition"))?;
            Some((field.id, list, edition.id))
        };
        let fields = vocabulary.fields();
        Self {
            editions: fields.iter().filter_map(edition).collect(),
            procedures: fields
                .iter()
                .filter(|f| f.procedure.is_some() && f.kind == FieldType::Date)
                .map(|f| f.id)
                .collect(),
            name: vocabulary.by_path("name").map(|f| f.id),
            boundary: fields
                .iter()
                .find(|f| f.role == Some(Role::Boundary))
                .and_then(|field| match field.slot {
                    Slot::Project(slot) => Some(slot),
                    Slot::Member(..) => None,
                }),
        }
    }
}

/// Reads a table's facts into a project.
pub(super) fn read_facts(
    table: &Node,
    expected: &Expected<'_>,
    project: &mut Project,
) -> Vec<Problem> {
    let mut reader = Reader::new(expected, None);
    let relations = Relations::new(expected.vocabulary);
    reader.start();
    read_keys(&mut reader, table.entries(), project);
    reader.finish(project);
    relate(&mut reader, &relations, project);
    reader.into_problems(Vec::new())
}

/// Reads a project whose id is `id` unless it names another. Returns where it names it.
pub(super) fn read_project(
    reader: &mut Reader<'_>,
    relations: &Relations,
    node: &Node,
    id: String,
    file: &str,
) -> (Project, Option<Place>) {
    let vocabulary = reader.expected.vocabulary;
    let mut project = Project::empty(vocabulary);
    project.id = id;
    file.clone_into(&mut project.file);
    project.place = start(node);
    reader.start();
    let given = read_keys(reader, node.entries(), &mut project);
    reader.finish(&mut project);
    relate(reader, relations, &mut project);
    boundary::note(
        relations.boundary,
        given.place(Builtin::Boundary),
        &mut project,
    );
    project.note_claims(vocabulary);
    require(reader, &project, &given);
    let name = relations
        .name
        .and_then(|field| project.find(vocabulary, FactRef::project(field)));
    let (place, words) = match name {
        Some(Fact {
            state: State::Known(Value::Text(words)),
            origin,
            ..
        }) if !words.folded.is_empty() => (origin.place(), words.shown.trim().to_owned()),
        _ => (project.place, project.id.clone()),
    };
    // A project is pointed at by its name rather than by whatever key comes first.
    (project.place, project.name) = (place, words);
    (project, given.place(Builtin::Id))
}

/// Where a project starts: its header, its brace or, at the top of a TOML file, its first key.
fn start(node: &Node) -> Place {
    match (node.place, node.entries().first()) {
        (Place::Span(_, span), Some(first)) if span.start == span.end => first.place,
        (Place::Span(_, span), _)
            if span.end > span.start
                && matches!(node.entries().first().map(|e| e.place), Some(Place::Span(_, key)) if key.start < span.end) =>
        {
            node.place.part(0..1)
        }
        (place, _) => place,
    }
}

/// Where the built-in keys of a project stand: the key, and what says it for this project.
#[derive(Default)]
struct Given([Option<(Place, Place)>; 8]);

impl Given {
    /// The key in a file, the cell below its heading in a sheet.
    fn place(&self, key: Builtin) -> Option<Place> {
        let (_, place) = self.0.get(key as usize).copied().flatten()?;
        Some(place)
    }
}

fn read_keys(reader: &mut Reader<'_>, entries: &[Entry], project: &mut Project) -> Given {
    let mut given = Given::default();
    for entry in entries {
        let Some(key) = Builtin::named(&entry.key) else {
            reader.key(entry, project);
            continue;
        };
        // A null of JSON stands for nothing having been written.
        let is_null = matches!(entry.node.datum, Datum::Null);
        if is_null && matches!(entry.node.place, Place::Span(_, span) if span.end > span.start) {
            continue;
        }
        let said_at = reader.said_at(entry);
        let first = given.0.get_mut(key as usize).and_then(|place| {
            let first = place.map(|(key, _)| key);
            place.get_or_insert((entry.place, said_at));
            first
        });
        if let Some(first) = first {
            reader.problems.push(key_twice(first, entry));
            match key {
                Builtin::Submitted => project.submitted = None,
                Builtin::Stage => project.stage = None,
                _ => {}
            }
            continue;
        }
        match (&entry.node.datum, key) {
            (_, Builtin::Complete) => {
                let help = Text::new(
                    "“填报完整”只能写在各组之内",
                    "write `complete` inside the group it is about",
                );
                reader.problems.push(
                    Problem::error(
                        "hegui::intake::not_closable",
                        entry.place,
                        Text::new(
                            "申报整体不能填报完整",
                            "a whole submission cannot be declared complete",
                        ),
                    )
                    .help(help),
                );
            }
            // A missing value of TOML or a cell that was not read: a problem tells of it.
            (Datum::Null | Datum::Unread, _) => {}
            _ => builtin(reader, key, &entry.node, project),
        }
    }
    given
}

fn builtin(reader: &mut Reader<'_>, key: Builtin, node: &Node, project: &mut Project) {
    let wrong = |zh: &str, en: &str| {
        Problem::error("hegui::intake::wrong_type", node.place, Text::new(zh, en))
    };
    match key {
        Builtin::Id => match &node.datum {
            Datum::Text(text) | Datum::Number(text) if !text.trim().is_empty() => {
                match value::control_character(text, node.place) {
                    None => project.id = folded(text).into_owned(),
                    Some(problem) => reader.problems.push(*problem),
                }
            }
            _ => reader
                .problems
                .push(wrong("`id` 应填文字", "`id` is a text")),
        },
        Builtin::Submitted => match value::date(node) {
            // The parser has already said what is wrong with the date.
            _ if reader
                .source
                .is_some_and(|source| reader.damage.touches(source, node)) => {}
            Ok(date) => {
                project.submitted = Some(Dated {
                    date,
                    place: node.place,
                });
            }
            Err(problem) => reader.problems.push(*problem),
        },
        Builtin::Stage => match node.text().map(|text| Stage::named(&folded(text))) {
            Some(Some(stage)) => project.stage = Some(stage),
            Some(None) => {
                let written = shown(node.text().unwrap_or(""));
                let message = text!("`{written}` 不是办理环节", "`{written}` is not a stage");
                reader.problems.push(
                    Problem::error("hegui::intake::unknown_stage", node.place, message)
                        .help(stages()),
                );
            }
            None => reader
                .problems
                .push(wrong("办理环节应填文字", "`stage` is a text").help(stages())),
        },
        Builtin::Sample => match value::boolean(node) {
            Some(sample) => project.sample = sample,
            None => reader
                .problems
                .push(wrong("“演示数据”应填是或否", "`sample` is true or false")),
        },
        Builtin::Supports => links::supports(reader, node, project),
        Builtin::DependsOn => links::depends_on(reader, node, project),
        Builtin::Boundary => boundary::read(reader, node, project),
        Builtin::Complete => {}
    }
}

/// The stages, as advice.
pub(super) fn stages() -> Text {
    let list = |zh: bool| {
        let all: Vec<String> = Stage::ALL
            .iter()
            .map(|s| {
                if zh {
                    format!("{}（{}）", s.id(), s.label().zh)
                } else {
                    s.id().to_owned()
                }
            })
            .collect();
        all.join(if zh { "、" } else { ", " })
    };
    let (zh, en) = (list(true), list(false));
    text!("办理环节有：{zh}", "the stages are {en}")
}

/// Asks for what every project must state.
fn require(reader: &mut Reader<'_>, project: &Project, given: &Given) {
    let mut ask = |key: Builtin, help: Text| {
        let (name, zh) = key.name();
        // If something stands there, its own problem has been reported; the project still cannot be judged.
        if given.place(key).is_none() {
            let message = text!(
                "缺少{zh} `{name}`，无法核查",
                "`{name}` is missing, so the project cannot be judged"
            );
            reader.problems.push(
                Problem::error("hegui::intake::missing_required", project.place, message)
                    .help(help),
            );
        }
    };
    if project.submitted.is_none() {
        ask(
            Builtin::Submitted,
            Text::new(
                "请填写申报日期，例如 submitted = 2024-06-01",
                "write the day of submission, such as submitted = 2024-06-01",
            ),
        );
    }
    if project.stage.is_none() {
        ask(Builtin::Stage, stages());
    }
}

/// Compares facts that must agree with each other.
fn relate(reader: &mut Reader<'_>, relations: &Relations, project: &mut Project) {
    for (code, list, edition) in &relations.editions {
        compare_edition(reader, *code, *list, *edition, project);
    }
    let vocabulary = reader.expected.vocabulary;
    let dated = |field: FieldId| {
        let fact = project.find(vocabulary, FactRef::project(field))?;
        match fact.value()? {
            Value::Date(date) => Some((vocabulary.field(field)?, *date, fact.origin.place())),
            _ => None,
        }
    };
    if let Some(stage) = project.stage {
        for (field, _, place) in relations.procedures.iter().filter_map(|id| dated(*id)) {
            if field.procedure.is_some_and(|procedure| stage < procedure) {
                let (name, label) = (field_name(field), stage.label());
                let message = Text::new(
                    format!("办理环节为“{}”，不应已有{}", label.zh, name.zh),
                    format!(
                        "at the stage `{}` ({}) there cannot be a {} yet",
                        stage.id(),
                        label.en,
                        name.en
                    ),
                );
                let help = Text::new(
                    "请更正办理环节或删去该日期；选择适用的法规版本时不使用该日期",
                    "correct the stage or the date; the date is not used to select the law",
                );
                reader.problems.push(
                    Problem::warning("hegui::intake::date_beyond_stage", place, message).help(help),
                );
            }
        }
    }
    for later in relations.procedures.iter().filter_map(|id| dated(*id)) {
        // A far predecessor is compared only where the nearer ones are not known.
        let known: Vec<FieldId> = vocabulary
            .earlier(later.0.id)
            .into_iter()
            .filter(|id| dated(*id).is_some())
            .collect();
        let nearest = known.iter().filter(|id| {
            !known
                .iter()
                .any(|other| vocabulary.earlier(*other).contains(id))
        });
        for earlier in nearest
            .filter_map(|id| dated(*id))
            .filter(|earlier| later.1 < earlier.1)
        {
            let (first, second) = (field_name(earlier.0), field_name(later.0));
            let message = Text::new(
                format!("{}早于{}", second.zh, first.zh),
                format!("{} lies before {}", second.en, first.en),
            );
            reader.problems.push(
                Problem::warning("hegui::intake::dates_out_of_order", later.2, message)
                    .also(earlier.2, earlier.0.label.clone())
                    .help(Text::new("请核对两个日期", "correct one of the two dates")),
            );
        }
    }
}

/// A code of another edition than the list's cannot be read.
fn compare_edition(
    reader: &mut Reader<'_>,
    code: FieldId,
    list: ListId,
    edition: FieldId,
    project: &mut Project,
) {
    let vocabulary = reader.expected.vocabulary;
    let (Some(codes), Some(edition_field)) = (vocabulary.list(list), vocabulary.field(edition))
    else {
        return;
    };
    let Some(wanted) = codes.edition.as_deref() else {
        return;
    };
    let Some(given) = project
        .find(vocabulary, FactRef::project(edition))
        .and_then(Fact::value)
    else {
        return;
    };
    let same = match (given, edition_field.kind) {
        (Value::Enum(answer), FieldType::Enum(id)) => vocabulary
            .enumeration(id)
            .and_then(|answers| answers.answer(*answer))
            .is_none_or(|a| a.id.contains(wanted) || a.label.zh.contains(wanted)),
        (Value::Text(words), _) => words.folded.is_empty() || words.folded.contains(wanted),
        _ => true,
    };
    if same {
        return;
    }
    let shown = crate::model::field_text(vocabulary, edition_field, given);
    let Some(crate::model::field::Slot::Project(slot)) = vocabulary.field(code).map(|f| f.slot)
    else {
        return;
    };
    let Some(fact) = project.facts.get_mut(usize::from(slot)) else {
        return;
    };
    let is_empty = matches!(&fact.state, State::Known(Value::Codes(codes)) if codes.is_empty());
    if !matches!(fact.state, State::Known(_)) || is_empty {
        return;
    }
    fact.state = State::Unreadable;
    let (zh, en) = (&codes.title.zh, &codes.title.en);
    let (is_zh, is_en) = (&shown.zh, &shown.en);
    let message = text!(
        "代码按“{is_zh}”填写，与《{zh}》{wanted} 版不同",
        "the code is of {is_en}, not of the {wanted} edition of {en}"
    );
    let help = text!(
        "请按 {wanted} 版填写代码，并相应更正版本",
        "give the code of the {wanted} edition, and say so"
    );
    reader.problems.push(
        Problem::error("hegui::intake::other_edition", fact.origin.place(), message).help(help),
    );
}

#[cfg(test)]
mod tests {
    use crate::base::source::Sources;
    use crate::base::toml;
    use crate::intake::fixture::{check, fact, json, read, with_expected};
    use crate::intake::{Format, read_facts};
    use crate::model::project::Project;
    use crate::model::stage::Stage;

    #[test]
    fn a_project_without_day_or_stage_is_told_so_on_itself() {
        let found = read("name = \"甲\"", Format::Toml).found();
        assert_eq!(found, ["missing_required｜name", "missing_required｜name"]);
        let empty = read("{\"submitted\": null}", Format::Json);
        assert_eq!(
            empty.found(),
            ["missing_required｜{", "missing_required｜{"]
        );
        assert!(empty.problems.iter().any(|p| {
            p.help
                .as_ref()
                .unwrap()
                .zh
                .contains("siting（用地预审与选址）")
        }));
        let wrong = read("submitted = 2023-02-30\nstage = \"later\"", Format::Toml);
        assert_eq!(
            wrong.found(),
            ["date｜2023-02-30", "unknown_stage｜\"later\""]
        );
        assert_eq!(
            (wrong.projects[0].submitted, wrong.projects[0].stage),
            (None, None)
        );
        let twice = read(
            "submitted = 2024-01-01\nsubmitted = 2024-01-02\nstage = \"开工\"",
            Format::Toml,
        );
        assert_eq!(twice.found(), ["given_twice｜submitted｜submitted"]);
        assert_eq!(
            (twice.projects[0].submitted, twice.projects[0].stage),
            (None, Some(Stage::Construction))
        );
    }

    #[test]
    fn built_in_keys_are_read_in_chinese_and_english() {
        let read = read(
            "{\"收件日期\": \"2024-06-01\", \"办理环节\": \"备案\", \"演示数据\": \"是\", \"支撑目标\": [\"G4.1-1\"], \"id\": \"a\"}",
            Format::Json,
        );
        assert_eq!(read.found(), [""; 0]);
        let project = &read.projects[0];
        assert!(project.sample);
        assert_eq!(
            (project.id.as_str(), project.stage, project.supports.len()),
            ("a", Some(Stage::Filing), 1)
        );
    }

    #[test]
    fn a_procedure_beyond_the_stage_is_a_warning() {
        let read = read(
            "submitted = 2024-06-01\nstage = \"siting\"\n[dates]\nfiling = 2024-01-01\nstart_of_operation = 2024-02-01",
            Format::Toml,
        );
        assert_eq!(read.found(), ["date_beyond_stage｜2024-02-01"]);
        assert!(!crate::base::problem::any_error(&read.problems));
    }

    #[test]
    fn dates_out_of_order_are_a_warning() {
        check(
            "[dates]\nfiling = 2024-05-01\nstart_of_operation = 2024-02-01",
            &["dates_out_of_order｜2024-02-01｜2024-05-01"],
        );
        check(
            "[dates]\nfiling = 2024-02-01\nfirst_construction = 2024-02-01\nstart_of_operation = 2024-03-01",
            &[],
        );
    }

    #[test]
    fn a_code_of_another_edition_is_unreadable() {
        let read = check(
            "[industry]\ncode = \"3216\"\nedition = \"2011\"",
            &["other_edition｜\"3216\""],
        );
        assert_eq!(
            (read.fact("industry.code").as_str(), read.help()),
            ("unreadable", "请按 2017 版填写代码，并相应更正版本")
        );
        assert_eq!(
            check("[industry]\ncode = \"3216\"\nedition = \"2017\"", &[]).fact("industry.code"),
            "3216 铝冶炼"
        );
    }

    #[test]
    fn a_text_that_is_no_project_code_is_a_warning_and_stays() {
        let read = check("code = \"新发改2024\"", &["project_code｜\"新发改2024\""]);
        assert_eq!(read.fact("code"), "新发改2024");
        check(
            "code = \"2405-650104-04-01-123456\"\n[[papers]]\nproject_code = \"1\"",
            &["project_code｜\"1\""],
        );
    }

    #[test]
    fn facts_of_a_case_are_read_under_dotted_and_nested_keys() {
        let mut sources = Sources::default();
        let id = sources.add("c", "given = { stage = \"siting\", \"energy.raw_coal\" = \"1000 t\", energy.complete = true, boilers = [{ nox = 5 }], land.farmland = 3 }");
        let (node, problems) = toml::parse(sources.get(id).unwrap());
        assert!(problems.is_empty());
        let ((project, problems), vocabulary) = with_expected(true, |expected| {
            let mut project = Project::empty(expected.vocabulary);
            let problems = read_facts(node.get("given").unwrap(), expected, &mut project);
            (project, problems)
        });
        assert_eq!(problems, []);
        for (path, shown) in [
            ("energy.raw_coal", "1,000 t/年"),
            ("energy.electricity", "0 kWh/年 closed"),
            ("boilers[1].nox", "5 mg/m³"),
            ("land.farmland", "3 亩"),
        ] {
            assert_eq!(fact(&vocabulary, &project, path), shown);
        }
        assert_eq!(project.stage, Some(Stage::Siting));
    }

    #[test]
    fn an_official_fact_in_the_applicants_file_is_a_claim() {
        assert_eq!(
            json("\"land\": {\"farmland\": 0, \"area\": 5}").fact("land.farmland"),
            "0 亩 claim"
        );
        assert_eq!(
            json("\"land\": {\"farmland\": 0, \"area\": 5}").fact("land.area"),
            "5 亩"
        );
    }
}
