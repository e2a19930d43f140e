//! `fields.toml` and `codes.toml` into the vocabulary.
//!
//! It does not compile formulas: it returns their texts, since a formula may read parameters.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::tree::{Datum, Entry, Node};
use crate::language::Snippet;
use crate::model::code::CodeList;
use crate::model::field::{
    Answer, Enumeration, Field, FieldId, FieldType, Group, Provider, Role, Slot, Vocabulary,
    WhenClosed,
};
use crate::model::number::Number;
use crate::model::quantity::{self, Measure};
use crate::model::stage::Stage;
use crate::model::unit::{self, Per};
use crate::model::value::Interval;
use crate::rules::reader::{Reader, unknown_word};
use crate::text;

/// The formula of a field, not yet compiled.
pub(super) struct Formula<'a> {
    pub(super) field: FieldId,
    pub(super) snippet: Snippet<'a>,
}

const TYPES: [&str; 9] = [
    "bool", "text", "enum", "date", "code", "number", "list", "texts", "codes",
];

/// Adds the field files of a pack to the vocabulary.
///
/// The order of files and of entries does not matter: answers come before the fields that have
/// them, and lists before their members.
pub(super) fn read<'a>(
    files: &'a [(&'a Source, Node)],
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) -> Vec<Formula<'a>> {
    let mut enums: Vec<(&Source, &Entry)> = Vec::new();
    let mut fields: Vec<(&Source, &Node)> = Vec::new();
    for (source, root) in files {
        let mut reader = Reader::new(source, root, problems);
        let found = reader.node("enums").map(Node::entries).unwrap_or_default();
        enums.extend(found.iter().map(|entry| (*source, entry)));
        for node in reader.tables("group", problems) {
            read_group(source, node, vocabulary, problems);
        }
        let found = reader.tables("field", problems);
        fields.extend(found.iter().map(|node| (*source, node)));
        reader.finish(problems);
    }
    let (more, enums): (Vec<_>, Vec<_>) = enums
        .into_iter()
        .partition(|(_, entry)| entry.node.get("add").is_some());
    for (source, entry) in enums {
        read_enum(source, entry, vocabulary, problems);
    }
    for (source, entry) in more {
        add_answers(source, entry, vocabulary, problems);
    }
    let is_list =
        |(_, node): &(&Source, &Node)| node.get("type").and_then(Node::text) == Some("list");
    let (lists, others): (Vec<_>, Vec<_>) = fields.into_iter().partition(is_list);
    let mut formulas = Vec::new();
    let mut names = Vec::new();
    for (source, node) in lists.into_iter().chain(others) {
        formulas.extend(read_field(source, node, vocabulary, &mut names, problems));
    }
    for (list, member, place) in names {
        let path = format!("{}.{member}", vocabulary.path(list));
        match vocabulary.by_path(&path).map(|f| f.id) {
            Some(member) => vocabulary.set_named_by(list, member),
            None => problems.push(Problem::error(
                "hegui::pack::unknown_field",
                place,
                text!(
                    "列表没有成员 `{member}`",
                    "the list has no member `{member}`"
                ),
            )),
        }
    }
    formulas
}

fn read_enum(
    source: &Source,
    entry: &Entry,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, &entry.node, problems);
    let ordered = reader.flag("ordered", problems);
    let answers = read_answers(source, reader.tables("values", problems), problems);
    reader.finish(problems);
    if vocabulary.enum_by_id(&entry.key).is_some() {
        problems.push(redefined(entry.place, &entry.key));
        return;
    }
    vocabulary.add_enum(Enumeration {
        id: entry.key.clone(),
        ordered,
        answers,
    });
}

/// `[enums.doc_kind] add = [...]`: more answers to a question that an earlier file or pack asks.
fn add_answers(
    source: &Source,
    entry: &Entry,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, &entry.node, problems);
    let answers = read_answers(source, reader.tables("add", problems), problems);
    reader.finish(problems);
    let known: Vec<String> = vocabulary.enums().iter().map(|e| e.id.clone()).collect();
    let Some(enumeration) = vocabulary.enum_mut(&entry.key) else {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        problems.push(unknown_word(entry.place, &entry.key, &known));
        return;
    };
    if enumeration.ordered {
        Reader::wrong(
            problems,
            entry.place,
            text!(
                "`{}` 的取值有高低次序，不能追加",
                "the answers of `{}` have an order, so none can be added",
                entry.key
            ),
        );
        return;
    }
    for answer in answers {
        let taken = [&answer.id, &answer.label.zh, &answer.label.en]
            .into_iter()
            .chain(&answer.aliases)
            .any(|word| enumeration.find(word).is_some());
        if taken {
            problems.push(redefined(entry.place, &answer.id));
        } else {
            enumeration.answers.push(answer);
        }
    }
}

fn read_answers(source: &Source, nodes: &[Node], problems: &mut Vec<Problem>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for node in nodes {
        let mut reader = Reader::new(source, node, problems);
        let id = reader
            .need_text("id", problems)
            .unwrap_or_default()
            .to_owned();
        let zh = reader
            .need_text("zh", problems)
            .unwrap_or_default()
            .to_owned();
        let en = reader
            .need_text("en", problems)
            .unwrap_or_default()
            .to_owned();
        let aliases = reader.texts("alias", problems);
        reader.finish(problems);
        answers.push(Answer {
            id,
            label: Text { zh, en },
            aliases,
        });
    }
    answers
}

fn read_group(
    source: &Source,
    node: &Node,
    vocabulary: &mut Vocabulary,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, node, problems);
    let path = reader
        .need_text("path", problems)
        .unwrap_or_default()
        .to_owned();
    let label = reader.need_bilingual("label", problems);
    let aliases = reader.texts("alias", problems);
    let closable = reader.flag("closable", problems);
    let note = reader.bilingual("note", problems);
    if vocabulary.group_by_path(&path).is_some() {
        problems.push(redefined(reader.place_of("path"), &path));
    } else {
        vocabulary.add_group(Group {
            path,
            label,
            aliases,
            closable,
            note,
        });
    }
    reader.finish(problems);
}

/// A problem about an id that an earlier file already defines.
pub(super) fn redefined(place: Place, id: &str) -> Problem {
    Problem::error(
        "hegui::pack::redefined",
        place,
        text!("`{id}` 已经定义过", "`{id}` is already defined"),
    )
    .help(text!(
        "后续规则包只能增加，不能改写；请换一个 id",
        "later packs may add but not redefine; use another id"
    ))
}

/// The unit and period of a field, parameter or output.
pub(super) fn read_measure(reader: &mut Reader<'_>, problems: &mut Vec<Problem>) -> Measure {
    let written = reader.text("unit", problems).unwrap_or_default();
    let per = reader.choice("per", Per::named, &["year", "day", "hour"], problems);
    match unit::parse(written) {
        Some(unit) => Measure { unit, per },
        None => {
            problems.push(Problem::error(
                "hegui::pack::unit",
                reader.place_of("unit"),
                text!("无法识别单位 `{written}`", "unknown unit `{written}`"),
            ));
            Measure::NONE
        }
    }
}

/// A number in the given measure, from a number or text.
pub(super) fn read_number(
    reader: &mut Reader<'_>,
    key: &'static str,
    measure: &Measure,
    problems: &mut Vec<Problem>,
) -> Option<Interval> {
    let written = reader.written(key, problems)?;
    match quantity::parse(written, measure) {
        Ok(number) => Some(number),
        Err(error) => {
            problems.push(
                Problem::error("hegui::pack::quantity", reader.place_of(key), error.message)
                    .maybe_help(error.help),
            );
            None
        }
    }
}

fn point(interval: Option<Interval>) -> Option<Number> {
    interval.and_then(|i| i.point().cloned())
}

fn read_field<'a>(
    source: &'a Source,
    node: &'a Node,
    vocabulary: &mut Vocabulary,
    names: &mut Vec<(FieldId, String, Place)>,
    problems: &mut Vec<Problem>,
) -> Option<Formula<'a>> {
    let mut reader = Reader::new(source, node, problems);
    let path = reader.need_text("path", problems)?.to_owned();
    let place = reader.place_of("path");
    let kind = reader.need_text("type", problems)?;
    let enumeration = reader.text("enum", problems);
    let codes = reader.text("codes", problems);
    let measure = read_measure(&mut reader, problems);
    let kind = match field_type(kind, enumeration, codes, vocabulary) {
        Ok(kind) => kind,
        Err((key, word, known)) => {
            problems.push(unknown_word(
                reader.place_of(key),
                &word,
                &known.iter().map(String::as_str).collect::<Vec<_>>(),
            ));
            return None;
        }
    };
    let low = point(read_number(&mut reader, "min", &measure, problems));
    let high = point(read_number(&mut reader, "max", &measure, problems));
    let step = point(read_number(&mut reader, "step", &measure, problems));
    let provider = read_provider(&mut reader, problems);
    let formula = reader.snippet("formula", problems);
    let when_closed = read_when_closed(&mut reader, kind, vocabulary, problems);
    let named_by = reader.text("named_by", problems).map(str::to_owned);
    let field = Field {
        id: vocabulary.next_id(),
        slot: vocabulary.next_slot(&path),
        label: reader.need_bilingual("label", problems),
        aliases: reader.texts("alias", problems),
        note: reader.bilingual("note", problems),
        kind,
        measure,
        domain: Interval::new(low, high),
        step,
        provider,
        editable: reader.flag("editable", problems),
        role: reader.choice("role", Role::named, &Role::IDS, problems),
        additive: reader.flag("additive", problems),
        when_closed,
        derived: formula.is_some(),
        procedure: reader.choice(
            "procedure",
            Stage::named,
            &Stage::ALL.map(Stage::id),
            problems,
        ),
        after: read_after(&mut reader, vocabulary, problems),
        closable: reader.flag("closable", problems),
        named_by: None,
        place,
        path: path.clone(),
    };
    let named_place = reader.place_of("named_by");
    check_field(&field, vocabulary, problems);
    reader.finish(problems);
    if vocabulary.by_path(&path).is_some() {
        problems.push(redefined(place, &path));
        return None;
    }
    let id = field.id;
    if let Some(other) = vocabulary.add_field(field) {
        let other = vocabulary.path(other);
        problems.push(Problem::error(
            "hegui::pack::ambiguous",
            place,
            text!("`{path}` 与 `{other}` 的名称或别名相同，填报时无法区分", "`{path}` and `{other}` share a label or alias, so a submission cannot tell them apart"),
        ));
    }
    if let Some(member) = named_by {
        names.push((id, member, named_place));
    }
    formula.map(|snippet| Formula { field: id, snippet })
}

type UnknownWord = (&'static str, String, Vec<String>);

fn field_type(
    kind: &str,
    enumeration: Option<&str>,
    codes: Option<&str>,
    vocabulary: &Vocabulary,
) -> Result<FieldType, UnknownWord> {
    let list = || {
        let codes = codes.unwrap_or_default();
        let known = || vocabulary.lists().iter().map(|l| l.id.clone()).collect();
        vocabulary
            .list_by_id(codes)
            .ok_or_else(|| ("codes", codes.to_owned(), known()))
    };
    match kind {
        "bool" => Ok(FieldType::Bool),
        "text" => Ok(FieldType::Text),
        "date" => Ok(FieldType::Date),
        "number" => Ok(FieldType::Number),
        "list" => Ok(FieldType::Records),
        "texts" => Ok(FieldType::Texts),
        "code" => list().map(FieldType::Code),
        "codes" => list().map(FieldType::Codes),
        "enum" => {
            let id = enumeration.unwrap_or_default();
            vocabulary
                .enum_by_id(id)
                .map(FieldType::Enum)
                .ok_or_else(|| ("enum", id.to_owned(), Vec::new()))
        }
        other => Err(("type", other.to_owned(), TYPES.map(str::to_owned).to_vec())),
    }
}

/// The procedures before this one; naming only what is declared above keeps them free of circles.
fn read_after(
    reader: &mut Reader<'_>,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Vec<FieldId> {
    let mut after = Vec::new();
    for path in reader.texts("after", problems) {
        match vocabulary.by_path(&path).filter(|f| f.procedure.is_some()) {
            Some(field) => after.push(field.id),
            None => {
                let known: Vec<&str> = vocabulary
                    .fields()
                    .iter()
                    .filter(|f| f.procedure.is_some())
                    .map(|f| f.path.as_str())
                    .collect();
                problems.push(unknown_word(reader.place_of("after"), &path, &known));
            }
        }
    }
    after
}

fn read_provider(reader: &mut Reader<'_>, problems: &mut Vec<Problem>) -> Provider {
    let department = reader.bilingual("department", problems);
    let known = ["applicant", "office", "department", "computed"];
    match reader.text("provider", problems) {
        None | Some("applicant") => Provider::Applicant,
        Some("office") => Provider::Office,
        Some("department") => {
            if department.is_empty() {
                Reader::wrong(
                    problems,
                    reader.place_of("provider"),
                    text!(
                        "由部门提供的字段要写明 department",
                        "a field supplied by a department names it in `department`"
                    ),
                );
            }
            Provider::Department(department)
        }
        Some("computed") => Provider::Computed,
        Some(other) => {
            problems.push(unknown_word(reader.place_of("provider"), other, &known));
            Provider::Applicant
        }
    }
}

fn read_when_closed(
    reader: &mut Reader<'_>,
    kind: FieldType,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<WhenClosed> {
    let node = reader.node("when_closed")?;
    let closed = match (&node.datum, kind) {
        (Datum::Text(text), _) if text == "none" && !matches!(kind, FieldType::Enum(_)) => {
            Some(WhenClosed::Silent)
        }
        (Datum::Number(number), FieldType::Number)
            if Number::parse(number).is_ok_and(|n| n.is_zero()) =>
        {
            Some(WhenClosed::Zero)
        }
        (Datum::Text(text), FieldType::Text) if text.is_empty() => Some(WhenClosed::EmptyText),
        (Datum::Bool(false), FieldType::Bool) => Some(WhenClosed::False),
        (Datum::List(items), FieldType::Records | FieldType::Texts | FieldType::Codes(_))
            if items.is_empty() =>
        {
            Some(WhenClosed::EmptyList)
        }
        (Datum::Text(text), FieldType::Enum(id)) => {
            let answer = vocabulary.enumeration(id).and_then(|e| e.by_id(text));
            answer
                .map(WhenClosed::Answer)
                .or_else(|| (text == "none").then_some(WhenClosed::Silent))
        }
        _ => None,
    };
    if closed.is_none() {
        Reader::wrong(
            problems,
            node.place,
            text!(
                "when_closed 应是零、空文字、false、空列表、一个选项或 \"none\"",
                "when_closed is zero, an empty text, false, an empty list, an answer or \"none\""
            ),
        );
    }
    closed
}

fn check_field(field: &Field, vocabulary: &Vocabulary, problems: &mut Vec<Problem>) {
    let wrong =
        |zh: &str, en: &str| Problem::error("hegui::pack::field", field.place, Text::new(zh, en));
    if field.derived && field.kind != FieldType::Number {
        problems.push(wrong(
            "只有数值字段可以有公式",
            "only a number can have a formula",
        ));
    }
    if field.derived != (field.provider == Provider::Computed) {
        problems.push(wrong(
            "有公式的字段由程序计算（provider = \"computed\"），反之亦然",
            "a field has a formula exactly if its provider is computed",
        ));
    }
    if field.kind != FieldType::Number
        && (field.domain != Interval::ANY
            || field.step.is_some()
            || !field.measure.unit.name.is_empty())
    {
        problems.push(wrong(
            "只有数值字段可以有单位、取值范围和步长",
            "only a number has a unit, a domain and a step",
        ));
    }
    if matches!(field.slot, Slot::Member(..)) && field.kind == FieldType::Records {
        problems.push(wrong("列表里不能再有列表", "a list may not hold a list"));
    }
    if !field.after.is_empty() && field.procedure.is_none() {
        problems.push(wrong(
            "写了 after 的字段要写明 procedure",
            "a field with `after` states its `procedure`",
        ));
    }
    if field.when_closed == Some(WhenClosed::Silent) && matches!(field.slot, Slot::Project(_)) {
        problems.push(wrong(
            "when_closed = \"none\" 只用于列表成员",
            "when_closed = \"none\" is for members of lists",
        ));
    }
    let parent = field.path.rsplit_once('.').map(|(parent, _)| parent);
    if let Some(parent) = parent
        && matches!(field.slot, Slot::Project(_))
        && vocabulary.group_by_path(parent).is_none()
    {
        problems.push(wrong(
            &format!("没有声明组 `{parent}`"),
            &format!("the group `{parent}` is not declared"),
        ));
    }
}

/// Adds a `codes.toml` and its files to the vocabulary.
pub(super) fn read_codes<'a>(
    source: &'a Source,
    root: &'a Node,
    vocabulary: &mut Vocabulary,
    file: impl Fn(&str) -> Option<&'a Source>,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, root, problems);
    for node in reader.tables("codes", problems) {
        let mut reader = Reader::new(source, node, problems);
        let id = reader
            .need_text("id", problems)
            .unwrap_or_default()
            .to_owned();
        let title = reader.need_bilingual("title", problems);
        let names = reader.text("kind", problems) == Some("names");
        let edition = reader.written("edition", problems).map(str::to_owned);
        let path = reader.need_text("file", problems).unwrap_or_default();
        let place = reader.place_of("file");
        reader.finish(problems);
        let Some(rows) = file(path) else {
            problems.push(Problem::error(
                "hegui::pack::file",
                place,
                text!("规则包里没有文件 `{path}`", "the pack has no file `{path}`"),
            ));
            continue;
        };
        let rows = read_code_rows(rows, problems);
        let list = if names {
            CodeList::names(id, title, rows)
        } else {
            CodeList::tree(
                id,
                title,
                edition,
                rows.into_iter()
                    .map(|(code, name, _)| (code, name))
                    .collect(),
            )
        };
        if vocabulary.list_by_id(&list.id).is_some() {
            problems.push(redefined(place, &list.id));
        } else {
            vocabulary.add_list(list);
        }
    }
    reader.finish(problems);
}

fn read_code_rows(
    source: &Source,
    problems: &mut Vec<Problem>,
) -> Vec<(String, Text, Vec<String>)> {
    let mut rows = Vec::new();
    let mut csv = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    let headers: Vec<String> = csv
        .headers()
        .map(|h| h.iter().map(str::to_owned).collect())
        .unwrap_or_default();
    let column = |name: &str| headers.iter().position(|h| h == name);
    let (zh, en, aliases) = (
        column("name_zh").or(column("name")),
        column("name_en"),
        column("aliases"),
    );
    for record in csv.records() {
        match record {
            Ok(record) => {
                let cell = |index: Option<usize>| {
                    index.and_then(|i| record.get(i)).unwrap_or("").to_owned()
                };
                let aliases = cell(aliases)
                    .split('|')
                    .map(str::trim)
                    .filter(|a| !a.is_empty())
                    .map(str::to_owned)
                    .collect();
                rows.push((cell(Some(0)), Text::new(cell(zh), cell(en)), aliases));
            }
            Err(error) => problems.push(csv_problem(source, &error)),
        }
    }
    rows
}

/// A problem about a CSV line that could not be read.
pub(super) fn csv_problem(source: &Source, error: &csv::Error) -> Problem {
    let start = error
        .position()
        .and_then(|p| usize::try_from(p.byte()).ok())
        .unwrap_or(0);
    let rest = source.text.get(start..).unwrap_or("");
    let length = rest.trim_end().lines().next().map_or(0, str::len);
    Problem::error(
        "hegui::pack::csv",
        source.place(start..start + length),
        text!(
            "这一行的列数或引号不对",
            "this line has the wrong number of columns or an open quote"
        ),
    )
    .help(text!("解析器原文：{error}", "the parser said: {error}"))
}
