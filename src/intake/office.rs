//! Office replies: facts that the office or a department confirms (`office.toml`).
//!
//! A reply stands in place of what the applicant stated. Without department, number and date it confirms nothing.
//! It does not compare the reply with the applicant's figure; a rule may.

use std::path::Path;

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::damage::Damage;
use crate::intake::document::parse;
use crate::intake::known::{field_name, shown};
use crate::intake::reader::{Reader, merged};
use crate::intake::record_keys::{Fixed, Key, tables};
use crate::intake::references;
use crate::intake::sheet;
use crate::intake::{Expected, Format};
use crate::model::field::{Field, Slot, Vocabulary};
use crate::model::project::{Fact, FactRef, Origin, Project, Reply, State, Value};
use crate::text;

/// What replies are listed under.
pub(super) const LIST: Key = ("fact", "事实");

/// The keys of a reply.
pub(super) const KEYS: &[Key] = &[
    ("path", "字段"),
    ("value", "值"),
    ("values", "各项值"),
    ("department", "部门"),
    ("reply", "文号"),
    ("date", "日期"),
    ("project", "项目"),
];

/// Reads the replies of a file into the projects of its folder.
pub fn read_office(
    source: &Source,
    expected: &Expected<'_>,
    projects: &mut [Project],
) -> Vec<Problem> {
    let format = Format::of_path(Path::new(&source.name)).unwrap_or(Format::Toml);
    let (node, parsing, damage) = if source.book.is_some() {
        let parsed = sheet::read_replies(source, expected.vocabulary, projects);
        (parsed.node, parsed.problems, Damage::of_cells(parsed.lost))
    } else {
        let (node, parsing) = parse(source, format);
        let Some(node) = node else { return parsing };
        let damage = Damage::of(source, &node, &parsing);
        (node, parsing, damage)
    };
    // What the office states is no claim.
    let expected = Expected {
        trust_claims: true,
        ..*expected
    };
    let mut reader = Reader::new(&expected, Some(source));
    reader.damage = damage;
    let mut problems = Vec::new();
    let mut told: Vec<(usize, FactRef, Place)> = Vec::new();
    for table in tables(&node, LIST, &mut problems) {
        reply(&mut reader, table, projects, &mut told);
    }
    for project in projects {
        project.note_claims(expected.vocabulary);
    }
    problems.append(&mut reader.problems);
    merged(problems, parsing)
}

/// A fact that a reply states: the path with its place, and the value.
type Stated<'n> = (String, Place, &'n Node);

/// Reads one letter: one fact as `path` and `value`, or many as `values`.
fn reply(
    reader: &mut Reader<'_>,
    table: &Node,
    projects: &mut [Project],
    told: &mut Vec<(usize, FactRef, Place)>,
) {
    let mut problems = Vec::new();
    let fixed = Fixed::read(table, KEYS, &mut problems);
    let stated = stated(&fixed, &mut problems);
    let department = fixed.text("department", &mut problems);
    let number = fixed.text("reply", &mut problems);
    let date = fixed.date("date", &mut problems);
    let project = project_of(&fixed, table, projects, &mut problems);
    reader.problems.append(&mut problems);
    let letter = match (department, number, date) {
        (Some(department), Some(number), Some((date, _))) => Some(Reply {
            place: table.place,
            department,
            number,
            date: Some(date),
        }),
        _ => None,
    };
    let project = project.and_then(|index| Some((index, projects.get_mut(index)?)));
    let mut target = letter.zip(project);
    for (path, place, value) in stated {
        let field = official(
            reader.expected.vocabulary,
            &path,
            place,
            &mut reader.problems,
        );
        if let (Some((letter, (index, project))), Some((field, fact))) = (&mut target, field) {
            let reply = Reply {
                place: value.place,
                ..letter.clone()
            };
            confirm(
                reader,
                field,
                (*index, fact),
                place,
                value,
                reply,
                project,
                told,
            );
        }
    }
}

/// The facts that a letter states.
fn stated<'n>(fixed: &Fixed<'n>, problems: &mut Vec<Problem>) -> Vec<Stated<'n>> {
    let Some(values) = fixed.get("values") else {
        let path = fixed.need("path", problems);
        let value = fixed.need("value", problems);
        let path = path.and_then(|node| match node.text() {
            Some(path) => Some((path.to_owned(), node.place)),
            None => {
                problems.push(Problem::error(
                    "hegui::intake::wrong_type",
                    node.place,
                    Text::new("`path` 应填字段名", "`path` is the name of a field"),
                ));
                None
            }
        });
        let one = path.zip(value);
        return one
            .map(|((path, place), value)| (path, place, value))
            .into_iter()
            .collect();
    };
    if let Some(other) = fixed.get("path").or_else(|| fixed.get("value")) {
        problems.push(
            Problem::error(
                "hegui::intake::wrong_type",
                other.place,
                Text::new(
                    "`values` 与 `path`、`value` 不能并用",
                    "`values` stands in place of `path` and `value`",
                ),
            )
            .help(Text::new(
                "一件回复有多项事实时只写 values",
                "a letter with several facts has only `values`",
            )),
        );
    }
    if !matches!(values.datum, Datum::Table(_)) {
        problems.push(Problem::error(
            "hegui::intake::wrong_type",
            values.place,
            Text::new(
                "`values` 应写成 { \"字段\" = 值, … }",
                "`values` is a table of fields and their values",
            ),
        ));
    }
    // `land.cultivated = 0` without quotes is a table within a table.
    let mut stated = Vec::new();
    let mut open: Vec<(String, &Entry)> = Vec::new();
    let inner = |prefix: &str, node: &'n Node, open: &mut Vec<(String, &'n Entry)>| {
        let entries = node.entries().iter().rev();
        open.extend(entries.map(|entry| {
            let path = if prefix.is_empty() {
                entry.key.clone()
            } else {
                format!("{prefix}.{}", entry.key)
            };
            (path, entry)
        }));
    };
    inner("", values, &mut open);
    while let Some((path, entry)) = open.pop() {
        match entry.node.datum {
            Datum::Table(_) => inner(&path, &entry.node, &mut open),
            _ => stated.push((path, entry.place, &entry.node)),
        }
    }
    stated
}

/// Puts what a department replied in place of what the applicant stated.
#[expect(
    clippy::too_many_arguments,
    reason = "a reply is a value of a fact of a project, with its letter and both places"
)]
fn confirm(
    reader: &mut Reader<'_>,
    field: &Field,
    (index, fact): (usize, FactRef),
    path: Place,
    value: &Node,
    reply: Reply,
    project: &mut Project,
    told: &mut Vec<(usize, FactRef, Place)>,
) {
    let vocabulary = reader.expected.vocabulary;
    let first = told
        .iter()
        .find(|(i, f, _)| (*i, *f) == (index, fact))
        .map(|(_, _, place)| *place);
    let state = match first {
        Some(first) => {
            let Text { zh, en } = field_name(field);
            reader.problems.push(
                Problem::error(
                    "hegui::intake::given_twice",
                    first,
                    text!("{zh}有两份回复", "{en} is replied to twice"),
                )
                .note(Text::new("第一处", "here"))
                .also(value.place, Text::new("又一处", "and here"))
                .help(Text::new("请只保留有效的一份", "keep the one that holds")),
            );
            State::Unreadable
        }
        None => reader.read(field, value).state,
    };
    told.push((index, fact, value.place));
    let confirmed = Fact {
        state,
        origin: Origin::Replied(Box::new(reply)),
        claim: false,
    };
    if let Some(slot) = slot(vocabulary, project, fact) {
        // The reply stands; that the applicant stated otherwise should be seen.
        if let (State::Known(said), State::Known(replied)) = (&slot.state, &confirmed.state)
            && slot.claim
            && said != replied
        {
            let Text { zh, en } = field_name(field);
            reader.problems.push(
                Problem::warning(
                    "hegui::intake::claim_differs",
                    slot.origin.place(),
                    text!(
                        "{zh}：申报与部门回复不一致，以回复为准",
                        "{en} is stated otherwise than the department replied; the reply stands"
                    ),
                )
                .note(Text::new("申报", "stated here"))
                .also(value.place, Text::new("回复", "replied here")),
            );
        }
        *slot = confirmed;
    } else {
        let message = Text::new("申报中没有这一项记录", "the submission has no such record");
        let help = Text::new(
            "请核对项次，第一项写 [1]",
            "correct the record's number; the first is [1]",
        );
        reader
            .problems
            .push(Problem::error("hegui::intake::no_record", path, message).help(help));
    }
}

/// The field and fact of a path, if only the office or a department may state it.
fn official<'a>(
    vocabulary: &'a Vocabulary,
    path: &str,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Option<(&'a Field, FactRef)> {
    let (field, fact) = match references::find(vocabulary, path, place) {
        Ok(found) => found,
        Err(problem) => {
            problems.push(*problem);
            return None;
        }
    };
    if field.provider.is_official() && !field.derived {
        return Some((field, fact));
    }
    let Text { zh, en } = field_name(field);
    let provider = field.provider.name();
    let (by_zh, by_en) = (provider.zh, provider.en);
    let message = text!(
        "{zh}不由本机关或部门提供",
        "{en} is not a fact of the office or a department"
    );
    let help = text!(
        "该字段的提供方为{by_zh}，请在申报文件中填写",
        "it comes from {by_en}; write it in the submission"
    );
    problems.push(Problem::error("hegui::intake::not_official", place, message).help(help));
    None
}

fn project_of(
    fixed: &Fixed<'_>,
    table: &Node,
    projects: &[Project],
    problems: &mut Vec<Problem>,
) -> Option<usize> {
    let Some(node) = fixed.get("project") else {
        if projects.len() == 1 {
            return Some(0);
        }
        let message = Text::new(
            "未注明回复的是哪个项目",
            "it does not say which project is meant",
        );
        let ids: Vec<&str> = projects.iter().take(12).map(|p| p.id.as_str()).collect();
        let (zh, en) = (ids.join("、"), ids.join(", "));
        let help = text!("请补填 project = …（{zh}）", "add project = … ({en})");
        problems
            .push(Problem::error("hegui::intake::which_project", table.place, message).help(help));
        return None;
    };
    let id = node
        .text()
        .map(|text| folded(text).into_owned())
        .unwrap_or_default();
    let found = projects.iter().position(|p| p.id == id);
    if found.is_none() {
        let name = shown(&id);
        let near = nearest(&id, projects.iter().map(|p| p.id.as_str()));
        let help = near.map(|near| text!("是否为 `{near}`？", "did you mean `{near}`?"));
        let message = text!("没有编号为 `{name}` 的项目", "there is no project `{name}`");
        problems.push(
            Problem::error("hegui::intake::which_project", node.place, message).maybe_help(help),
        );
    }
    found
}

fn slot<'p>(
    vocabulary: &Vocabulary,
    project: &'p mut Project,
    fact: FactRef,
) -> Option<&'p mut Fact> {
    match vocabulary.field(fact.field)?.slot {
        Slot::Project(slot) => project.facts.get_mut(usize::from(slot)),
        Slot::Member(list, index) => {
            let Slot::Project(slot) = vocabulary.field(list)?.slot else {
                return None;
            };
            let State::Known(Value::Records(records)) =
                &mut project.facts.get_mut(usize::from(slot))?.state
            else {
                return None;
            };
            let record = records.get_mut(usize::try_from(fact.record?).ok()?)?;
            record.facts.get_mut(usize::from(index))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::source::Sources;
    use crate::intake::fixture::{fact, found, with_expected};
    use crate::intake::{Format, read_office, read_projects};

    const REST: &str =
        "\ndepartment = \"市自然资源局\"\nreply = \"乌自然资函〔2024〕1号\"\ndate = 2024-05-10\n";

    /// The problems, and a fact of the first project afterwards.
    #[track_caller]
    fn check(submission: &str, office: &str, path: &str, shown: &str, problems: &[&str]) {
        let mut sources = Sources::default();
        let head = "submitted = \"2024-06-01\"\nstage = \"existing\"\n";
        let submission = sources.add("p.toml", submission.replace("HEAD\n", head));
        let office = sources.add("office.toml", office);
        let ((projects, mistakes), vocabulary) = with_expected(false, |expected| {
            let (mut projects, before) = read_projects(
                sources.get(submission).unwrap(),
                Format::Toml,
                "p",
                expected,
            );
            assert_eq!(found(&sources, &before), [""; 0]);
            let mistakes = read_office(sources.get(office).unwrap(), expected, &mut projects);
            (projects, mistakes)
        });
        assert_eq!(found(&sources, &mistakes), problems);
        assert_eq!(fact(&vocabulary, &projects[0], path), shown);
    }

    #[test]
    fn a_reply_stands_in_place_of_the_claim_and_a_difference_is_told() {
        for (head, told) in [
            (
                "[[fact]]\npath = \"land.farmland\"\nvalue = \"3 亩\"",
                "claim_differs｜0｜\"3 亩\"",
            ),
            (
                "[[\"事实\"]]\n\"字段\" = \"占用永久基本农田面积\"\n\"值\" = 3",
                "claim_differs｜0｜3",
            ),
        ] {
            check(
                "HEAD\nland.farmland = 0",
                &format!("{head}{REST}"),
                "land.farmland",
                "3 亩 乌自然资函〔2024〕1号",
                &[told],
            );
        }
        check(
            "HEAD\nland.complete = true",
            &format!("[[fact]]\npath = \"用地.plots\"\nvalue = [\"a\", \"b\"]{REST}"),
            "land.plots",
            "a、b 乌自然资函〔2024〕1号",
            &[],
        );
    }

    #[test]
    fn a_reply_without_department_number_or_date_confirms_nothing() {
        check(
            "HEAD\nland.farmland = 0",
            "[[fact]]\npath = \"land.farmland\"\nvalue = 3",
            "land.farmland",
            "0 亩 claim",
            &["missing_key｜[[fact]]"; 3],
        );
        check(
            "HEAD\n",
            &format!(
                "[[fact]]\npath = \"land.farmland\"\nvalue = 3{}",
                REST.replace("date =", "dates =")
            ),
            "land.farmland",
            "missing",
            &["missing_key｜[[fact]]", "unknown_key｜dates"],
        );
    }

    #[test]
    fn only_official_facts_are_replied_to() {
        check(
            "HEAD\nland.area = 5",
            &format!("[[fact]]\npath = \"land.area\"\nvalue = 3{REST}"),
            "land.area",
            "5 亩",
            &["not_official｜\"land.area\""],
        );
        check(
            "HEAD\n",
            &format!("[[fact]]\npath = \"land.farmlnd\"\nvalue = 3{REST}"),
            "land.farmland",
            "missing",
            &["unknown_field｜\"land.farmlnd\""],
        );
    }

    #[test]
    fn one_letter_may_confirm_several_facts() {
        for values in [
            "values = { \"占用永久基本农田面积\" = 3, \"land.plots\" = [\"a\"] }",
            "values = { land = { farmland = 3, plots = [\"a\"] } }",
            "values.land.farmland = 3\nvalues.land.plots = [\"a\"]",
        ] {
            for (path, shown) in [("land.farmland", "3 亩"), ("land.plots", "a")] {
                let shown = format!("{shown} 乌自然资函〔2024〕1号");
                let office = format!("[[fact]]\n{values}{REST}");
                check("HEAD\n", &office, path, &shown, &[]);
            }
        }
        check(
            "HEAD\n",
            &format!("[[fact]]\nvalues = {{ land = {{ farmland = 3, area = 5 }}, x = 1 }}{REST}"),
            "land.farmland",
            "3 亩 乌自然资函〔2024〕1号",
            &["not_official｜area", "unknown_field｜x"],
        );
        check(
            "HEAD\n",
            &format!("[[fact]]\npath = \"land.farmland\"\nvalues = 3{REST}"),
            "land.farmland",
            "missing",
            &["wrong_type｜\"land.farmland\"", "wrong_type｜3"],
        );
    }

    #[test]
    fn an_unreadable_or_double_reply_is_unreadable() {
        check(
            "HEAD\nland.farmland = 0",
            &format!("[[fact]]\npath = \"land.farmland\"\nvalue = \"3 吨\"{REST}"),
            "land.farmland",
            "unreadable 乌自然资函〔2024〕1号",
            &["quantity｜\"3 吨\""],
        );
        let one = format!("[[fact]]\npath = \"land.farmland\"\nvalue = 3{REST}");
        check(
            "HEAD\n",
            &format!("{one}{one}"),
            "land.farmland",
            "unreadable 乌自然资函〔2024〕1号",
            &["given_twice｜3｜3"],
        );
    }

    #[test]
    fn a_reply_names_its_project_if_there_are_several() {
        let two = "[[project]]\nHEAD\n[[project]]\nid = \"b\"\nHEAD\n";
        let one = format!("[[fact]]\npath = \"land.farmland\"\nvalue = 3{REST}");
        check(
            two,
            &one,
            "land.farmland",
            "missing",
            &["which_project｜[[fact]]"],
        );
        check(
            two,
            &format!("{one}project = \"p\""),
            "land.farmland",
            "3 亩 乌自然资函〔2024〕1号",
            &[],
        );
        check(
            two,
            &format!("{one}project = \"c\""),
            "land.farmland",
            "missing",
            &["which_project｜\"c\""],
        );
    }
}
