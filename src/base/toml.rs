//! TOML text into the spanned tree, with every mistake of the file in one pass.
//!
//! The `toml` crate parses and recovers; its messages are reworded here in both languages,
//! and the original text goes into the advice.

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::problem::Problem;
use super::source::{Place, Source};
use super::text::Text;
use super::tree::{Datum, Entry, Node};
use crate::text;

/// Parses a TOML source. The root is always a table; what could not be read is left out and reported.
pub fn parse(source: &Source) -> (Node, Vec<Problem>) {
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    let problems = errors.iter().map(|error| reworded(source, error)).collect();
    let node = Node { datum: Datum::Table(table(source, root.into_inner())), place: source.place(0..0) };
    (node, problems)
}

fn table(source: &Source, table: DeTable<'_>) -> Vec<Entry> {
    table
        .into_iter()
        .map(|(key, value)| Entry {
            place: source.place(key.span()),
            key: key.into_inner().into_owned(),
            node: node(source, value),
        })
        .collect()
}

fn node(source: &Source, value: Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let written = || source.text.get(span.clone()).unwrap_or("").to_owned();
    let datum = match value.into_inner() {
        DeValue::String(text) => Datum::Text(text.into_owned()),
        // A radix other than ten is kept as written, so that it is refused as a number with its place.
        DeValue::Integer(number) if number.radix() == 10 => Datum::Number(number.as_str().to_owned()),
        DeValue::Integer(_) => Datum::Text(written()),
        DeValue::Float(number) => Datum::Number(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Datum::Bool(truth),
        DeValue::Datetime(_) => Datum::Date(written()),
        DeValue::Array(items) => Datum::List(items.into_iter().map(|item| node(source, item)).collect()),
        DeValue::Table(inner) => Datum::Table(table(source, inner)),
    };
    Node { datum, place: Place::span(source.id, span) }
}

/// The crate's own wording and ours, by the start of its message.
const WORDS: &[(&str, &str, &str)] = &[
    ("duplicate key", "键名重复", "this key is written twice"),
    ("invalid unquoted key", "键名写法有误", "this key is not written in a way TOML reads"),
    ("unquoted keys cannot be empty", "缺少键名", "a key is missing"),
    ("missing value", "等号后面缺少值", "the value after the equals sign is missing"),
    ("key with no value", "键名后面缺少等号和值", "the key has no value"),
    ("missing assignment", "键与值之间缺少等号", "the equals sign between key and value is missing"),
    ("string values must be quoted", "文字值需要加引号", "a text value must be quoted"),
    ("missing opening quote", "引号没有成对", "a quote is not paired"),
    ("invalid basic string", "文字值的引号没有闭合", "the text is not closed by a quote"),
    ("invalid literal string", "文字值的引号没有闭合", "the text is not closed by a quote"),
    ("unclosed", "括号没有闭合", "a bracket is not closed"),
    ("missing comma", "缺少逗号", "a comma is missing"),
    ("extra comma", "多了一个逗号", "there is one comma too many"),
    ("extra ", "多了一个等号", "there is one equals sign too many"),
    ("cannot recurse", "嵌套层数过多", "the nesting is too deep"),
    ("recursion limit", "嵌套层数过多", "the nesting is too deep"),
    ("invalid datetime", "日期写法有误", "this is not a date"),
    ("unexpected leading zero", "数字前不能有多余的零", "a number may not start with a zero"),
    ("carriage return", "换行符不完整", "a carriage return stands without a line feed"),
    ("cannot extend value", "同一个键既当作值又当作组", "one key is used both as a value and as a group"),
];

fn reworded(source: &Source, error: &::toml::de::Error) -> Problem {
    let original = error.message();
    let span = error.span().unwrap_or(0..0);
    let place = source.place(span.clone());
    let words = WORDS.iter().find(|(start, ..)| original.starts_with(start));
    let message = match words {
        Some((_, zh, en)) => Text::new(*zh, *en),
        None => text!("此处不符合 TOML 写法", "this is not TOML"),
    };
    let line = source.text.get(..span.start).map_or("", |before| before.rsplit('\n').next().unwrap_or(""));
    let rest = source.text.get(span.start..).unwrap_or("").lines().next().unwrap_or("");
    let ideograph = |text: &str| text.chars().any(|c| c as u32 >= 0x2E80);
    let bare_cjk_key = original.starts_with("invalid unquoted key") && ideograph(rest)
        || ideograph(line) && !line.contains(['"', '\'', '#', '=']);
    let help = if bare_cjk_key {
        text!(
            "中文键名需要加引号，例如 \"占地面积\" = \"12.6 公顷\"（解析器原文：{original}）",
            "a key in Chinese must be quoted, for example \"占地面积\" = \"12.6 公顷\" (the parser said: {original})"
        )
    } else {
        text!("解析器原文：{original}", "the parser said: {original}")
    };
    Problem::error("hegui::toml::syntax", place, message).help(help)
}
