//! `tables.toml` and its CSV files into decision tables.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::tree::{Datum, Node};
use crate::model::field::{FieldType, Vocabulary};
use crate::model::parameter::Confidence;
use crate::model::rows::Rows;
use crate::model::table::{Hit, Key, Match, Otherwise, Output, OutputType, Table};
use crate::model::unit;
use crate::rules::compiled::Compiled;
use crate::rules::fields::{read_measure, redefined};
use crate::rules::overlap;
use crate::rules::reader::{Reader, unknown_word};
use crate::rules::sheet::Sheet;
use crate::rules::table_rows::{add_rows, columns, read_value};
use crate::text;

const MATCHES: [&str; 4] = ["exact", "code", "range", "set"];
const HITS: [&str; 3] = ["unique", "first", "strictest"];
const OUTPUTS: [&str; 5] = ["bool", "text", "enum", "number", "code"];

/// Adds a `tables.toml` and its files; `file` finds a file of the pack.
pub(super) fn read<'a>(
    source: &'a Source,
    root: &'a Node,
    vocabulary: &Vocabulary,
    tables: &mut Vec<Table>,
    file: impl Fn(&str) -> Option<&'a Source>,
    compiled: &mut Compiled<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, root, problems);
    for node in reader.tables("table", problems) {
        let Some(mut table) = read_head(source, node, vocabulary, problems) else {
            continue;
        };
        let path = format!("tables/{}.csv", table.id);
        match file(&path) {
            Some(csv) => {
                let sure = table.confidence;
                add_file(csv, &mut table, sure, vocabulary, compiled, problems);
            }
            None => {
                problems.push(Problem::error(
                    "hegui::pack::file",
                    table.place,
                    text!("规则包里没有文件 `{path}`", "the pack has no file `{path}`"),
                ));
                overlap::check(&table, vocabulary, problems);
            }
        }
        if tables.iter().any(|t| t.id == table.id) {
            problems.push(redefined(table.place, &table.id));
        } else {
            tables.push(table);
        }
    }
    for node in reader.tables("fill", problems) {
        fill(source, node, vocabulary, tables, &file, compiled, problems);
    }
    reader.finish(problems);
}

/// Adds the rows of a file, from its compiled form if there is one, and looks for overlaps and gaps.
fn add_file(
    csv: &Source,
    table: &mut Table,
    confidence: Confidence,
    vocabulary: &Vocabulary,
    compiled: &mut Compiled<'_>,
    problems: &mut Vec<Problem>,
) {
    let columns = columns(table);
    let mut entry = compiled.take(csv.id);
    let kept = entry.as_mut().and_then(|entry| entry.sheet.take());
    let (fits, kept) = match kept {
        Some(sheet) if sheet.columns.len() == columns.len() => (true, Some(sheet)),
        other => (other.is_none(), None),
    };
    if let Some(sheet) = kept {
        // It was kept because nothing was wrong with it.
        add_rows(csv, sheet, table, confidence, vocabulary, problems);
        return;
    }
    // A form that does not fit stands for nothing, and then the text is needed after all.
    let before = problems.len();
    let late = entry.as_ref().filter(|_| !fits);
    let late = late.and_then(|entry| entry.read(csv, problems));
    let csv = late.as_ref().unwrap_or(csv);
    let needed = table.keys.len() + table.outputs.len();
    let sheet = Sheet::read(csv, &columns, needed, problems);
    let copy = entry.as_ref().map(|_| sheet.clone());
    add_rows(csv, sheet, table, confidence, vocabulary, problems);
    overlap::check(table, vocabulary, problems);
    if let (Some(entry), Some(sheet)) = (entry, copy)
        && problems.len() == before
    {
        compiled.put(&entry.name, &sheet);
    }
}

/// Rows that a later pack adds to a fillable table.
fn fill<'a>(
    source: &'a Source,
    node: &'a Node,
    vocabulary: &Vocabulary,
    tables: &mut [Table],
    file: &impl Fn(&str) -> Option<&'a Source>,
    compiled: &mut Compiled<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, node, problems);
    let id = reader.need_text("table", problems).unwrap_or_default();
    let place = reader.place_of("table");
    reader.finish(problems);
    let known: Vec<String> = tables.iter().map(|t| t.id.clone()).collect();
    let Some(table) = tables.iter_mut().find(|t| t.id == id) else {
        problems.push(unknown_word(
            place,
            id,
            &known.iter().map(String::as_str).collect::<Vec<_>>(),
        ));
        return;
    };
    if !table.fillable {
        problems.push(Problem::error(
            "hegui::pack::fill",
            place,
            text!("表 `{id}` 不允许补充", "table `{id}` is not fillable"),
        ));
        return;
    }
    let path = format!("tables/{id}.csv");
    let Some(csv) = file(&path) else {
        problems.push(Problem::error(
            "hegui::pack::file",
            place,
            text!("规则包里没有文件 `{path}`", "the pack has no file `{path}`"),
        ));
        return;
    };
    let sure = Confidence::Local;
    add_file(csv, table, sure, vocabulary, compiled, problems);
}

fn read_head(
    source: &Source,
    node: &Node,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<Table> {
    let mut reader = Reader::new(source, node, problems);
    let id = reader.need_text("id", problems)?.to_owned();
    let place = reader.place_of("id");
    let title = reader.need_bilingual("title", problems);
    let mut keys = Vec::new();
    for node in reader.tables("keys", problems) {
        keys.extend(read_key(source, node, vocabulary, problems));
    }
    let mut outputs = Vec::new();
    for node in reader.tables("outputs", problems) {
        outputs.extend(read_output(source, node, vocabulary, problems));
    }
    let hit = reader.choice(
        "hit",
        |h| HITS.contains(&h).then(|| h.to_owned()),
        &HITS,
        problems,
    );
    let order = reader.node("order");
    let hit = match hit.as_deref() {
        Some("first") => Hit::First,
        Some("strictest") => strictest(source, order, &outputs, vocabulary, place, problems),
        _ => Hit::Unique,
    };
    let otherwise = match reader.node("otherwise") {
        None => Otherwise::Gap,
        Some(node) if node.text() == Some("gap") => Otherwise::Gap,
        Some(node) => read_otherwise(node, &outputs, vocabulary, problems),
    };
    let confidence = reader.choice(
        "confidence",
        Confidence::named,
        &["official", "secondary", "unverified", "local"],
        problems,
    );
    let table = Table {
        id,
        title,
        keys,
        outputs,
        rows: Rows::default(),
        hit,
        otherwise,
        confidence: confidence.unwrap_or(Confidence::Unverified),
        fillable: reader.flag("fillable", problems),
        source: reader
            .text("source", problems)
            .unwrap_or_default()
            .to_owned(),
        place,
    };
    reader.finish(problems);
    Some(table)
}

fn read_key(
    source: &Source,
    node: &Node,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<Key> {
    let mut reader = Reader::new(source, node, problems);
    let column = reader.need_text("column", problems)?.to_owned();
    let path = reader.need_text("field", problems)?;
    let matching = reader.choice(
        "match",
        |m| MATCHES.contains(&m).then(|| m.to_owned()),
        &MATCHES,
        problems,
    )?;
    let list = reader.text("list", problems);
    let unit = reader.text("unit", problems);
    let (field_place, list_place, unit_place, place) = (
        reader.place_of("field"),
        reader.place_of("list"),
        reader.place_of("unit"),
        reader.place(),
    );
    reader.finish(problems);
    let Some(field) = vocabulary.by_path(path) else {
        let known: Vec<&str> = vocabulary
            .fields()
            .iter()
            .map(|f| f.path.as_str())
            .collect();
        problems.push(unknown_word(field_place, path, &known));
        return None;
    };
    let mut measure = field.measure.clone();
    if let Some(unit) = unit {
        match unit::parse(unit) {
            Some(unit) if unit.dimension == measure.unit.dimension => measure.unit = unit,
            _ => problems.push(Problem::error(
                "hegui::pack::unit",
                unit_place,
                text!(
                    "单位 `{unit}` 与字段 `{path}` 不符",
                    "the unit `{unit}` does not fit `{path}`"
                ),
            )),
        }
    }
    let matching = match (matching.as_str(), field.kind) {
        ("code", FieldType::Code(list)) => Match::Code(list),
        ("range", FieldType::Number) => Match::Range,
        ("exact", FieldType::Bool | FieldType::Enum(_) | FieldType::Text) => Match::Exact,
        ("set", FieldType::Text) if list.is_some() => {
            let Some(list) = list.and_then(|l| vocabulary.list_by_id(l)) else {
                let known: Vec<&str> = vocabulary.lists().iter().map(|l| l.id.as_str()).collect();
                problems.push(unknown_word(list_place, list.unwrap_or_default(), &known));
                return None;
            };
            Match::Names(list)
        }
        ("set", FieldType::Text | FieldType::Enum(_)) => Match::Set,
        (other, _) => {
            problems.push(Problem::error(
                "hegui::pack::match",
                place,
                text!(
                    "字段 `{path}` 不能用 match = \"{other}\"",
                    "`{path}` cannot be matched by \"{other}\""
                ),
            ));
            return None;
        }
    };
    Some(Key {
        column,
        field: field.id,
        matching,
        measure,
    })
}

fn read_output(
    source: &Source,
    node: &Node,
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<Output> {
    let mut reader = Reader::new(source, node, problems);
    let column = reader.need_text("column", problems)?.to_owned();
    let kind = reader.choice(
        "type",
        |t| OUTPUTS.contains(&t).then(|| t.to_owned()),
        &OUTPUTS,
        problems,
    )?;
    let enumeration = reader
        .text("enum", problems)
        .and_then(|e| vocabulary.enum_by_id(e));
    let codes = reader
        .text("codes", problems)
        .and_then(|c| vocabulary.list_by_id(c));
    let measure = read_measure(&mut reader, problems);
    let label = reader.bilingual("label", problems);
    let label = if label.is_empty() {
        Text::same(&column)
    } else {
        label
    };
    let kind = match kind.as_str() {
        "bool" => Some(OutputType::Bool),
        "text" => Some(OutputType::Text),
        "number" => Some(OutputType::Number(measure)),
        "enum" => enumeration.map(OutputType::Enum),
        _ => codes.map(OutputType::Code),
    };
    if kind.is_none() {
        Reader::wrong(
            problems,
            reader.place(),
            text!(
                "输出列 `{column}` 的选项或代码表不存在",
                "the enumeration or code list of output `{column}` does not exist"
            ),
        );
    }
    reader.finish(problems);
    Some(Output {
        column,
        label,
        kind: kind?,
    })
}

fn strictest(
    source: &Source,
    order: Option<&Node>,
    outputs: &[Output],
    vocabulary: &Vocabulary,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Hit {
    let Some(node) = order else {
        Reader::wrong(
            problems,
            place,
            text!(
                "hit = \"strictest\" 需要 order",
                "hit = \"strictest\" needs an `order`"
            ),
        );
        return Hit::Unique;
    };
    let mut reader = Reader::new(source, node, problems);
    let column = reader.need_text("output", problems).unwrap_or_default();
    let ranks = reader.texts("ranks", problems);
    reader.finish(problems);
    let output = outputs.iter().position(|o| o.column == column);
    let answers = output
        .and_then(|i| outputs.get(i))
        .and_then(|o| match &o.kind {
            OutputType::Enum(id) => vocabulary.enumeration(*id),
            _ => None,
        });
    let (Some(output), Some(answers)) = (output, answers) else {
        problems.push(unknown_word(
            node.place,
            column,
            &outputs
                .iter()
                .map(|o| o.column.as_str())
                .collect::<Vec<_>>(),
        ));
        return Hit::Unique;
    };
    let known: Vec<&str> = answers.answers.iter().map(|a| a.id.as_str()).collect();
    let ranks = ranks.iter().filter_map(|rank| {
        let answer = answers.by_id(rank);
        if answer.is_none() {
            problems.push(unknown_word(node.place, rank, &known));
        }
        answer
    });
    Hit::Strictest(output, ranks.collect())
}

fn read_otherwise(
    node: &Node,
    outputs: &[Output],
    vocabulary: &Vocabulary,
    problems: &mut Vec<Problem>,
) -> Otherwise {
    if !matches!(node.datum, Datum::Table(_)) {
        Reader::wrong(
            problems,
            node.place,
            text!(
                "otherwise 应是 \"gap\" 或各输出的值",
                "otherwise is \"gap\" or a value for each output"
            ),
        );
        return Otherwise::Gap;
    }
    for entry in node.entries() {
        if !outputs.iter().any(|o| o.column == entry.key) {
            problems.push(unknown_word(
                entry.place,
                &entry.key,
                &outputs
                    .iter()
                    .map(|o| o.column.as_str())
                    .collect::<Vec<_>>(),
            ));
        }
    }
    let value = |output: &Output| {
        let node = node.get(&output.column)?;
        let written = match &node.datum {
            Datum::Text(text) | Datum::Number(text) => text.clone(),
            Datum::Bool(value) => value.to_string(),
            _ => String::new(),
        };
        Some((written, node.place))
    };
    let values = outputs
        .iter()
        .map(|output| {
            value(output).and_then(|(written, place)| {
                read_value(&written, output, vocabulary, place, problems)
            })
        })
        .collect();
    Otherwise::Values(values)
}
