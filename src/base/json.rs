//! JSON and NDJSON text into the spanned tree.
//!
//! `serde_json` parses; values are taken as raw slices of the source, so that each keeps its place
//! and each number its text. One syntax error ends a document (in NDJSON: a line).

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::problem::Problem;
use super::source::{Place, Source};
use super::tree::{Datum, Entry, Node};
use crate::text;

/// How deep values may be nested; deeper ones are a problem.
const DEPTH: usize = 64;

/// Parses one JSON document.
pub fn parse(source: &Source) -> (Option<Node>, Vec<Problem>) {
    let mut problems = Vec::new();
    let node = document(source, &source.text, &mut problems);
    (node, problems)
}

/// Parses a source with one JSON document per line; a broken line loses only itself.
/// Blank lines are skipped; each other line gives its document, if it is one, and its problems.
pub fn lines(source: &Source) -> impl Iterator<Item = (Option<Node>, Vec<Problem>)> {
    let lines = source.text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| {
        let mut problems = Vec::new();
        let node = document(source, line, &mut problems);
        (node, problems)
    })
}

fn document(source: &Source, text: &str, problems: &mut Vec<Problem>) -> Option<Node> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => Some(node(source, raw.get(), DEPTH, problems)),
        Err(error) => {
            problems.push(syntax(source, text, &error));
            None
        }
    }
}

/// The offset of a slice in its source.
fn offset(source: &Source, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(source.text.as_ptr() as usize)
}

fn place(source: &Source, part: &str) -> Place {
    let start = offset(source, part);
    source.place(start..start + part.len())
}

fn syntax(source: &Source, text: &str, error: &serde_json::Error) -> Problem {
    // serde_json counts lines and byte columns from 1 within the text it was given.
    let before: usize = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let mut at = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let end = text
        .get(at..)
        .and_then(|rest| rest.chars().next())
        .map_or(at, |c| at + c.len_utf8());
    let start = offset(source, text);
    let message = match error.classify() {
        serde_json::error::Category::Eof => text!("JSON 没有写完整", "the JSON ends too early"),
        _ => text!("此处不符合 JSON 写法", "this is not JSON"),
    };
    Problem::error(
        "hegui::json::syntax",
        source.place(start + at..start + end),
        message,
    )
    .help(text!("解析器原文：{error}", "the parser said: {error}"))
}

fn node(source: &Source, raw: &str, depth: usize, problems: &mut Vec<Problem>) -> Node {
    let place = place(source, raw);
    let datum = match raw.as_bytes().first() {
        Some(b'{' | b'[') if depth == 0 => {
            problems.push(Problem::error(
                "hegui::json::depth",
                source.place(place_start(place)..place_start(place) + 1),
                text!(
                    "嵌套层数过多（最多 {DEPTH} 层）",
                    "the nesting is too deep (at most {DEPTH} levels)"
                ),
            ));
            Datum::Null
        }
        Some(b'{') => match serde_json::from_str::<Pairs<'_>>(raw) {
            Ok(pairs) => Datum::Table(
                pairs
                    .0
                    .into_iter()
                    .map(|(key, value)| entry(source, key, value, depth, problems))
                    .collect(),
            ),
            Err(error) => broken(source, raw, &error, problems),
        },
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(raw) {
            Ok(items) => Datum::List(
                items
                    .iter()
                    .map(|item| node(source, item.get(), depth - 1, problems))
                    .collect(),
            ),
            Err(error) => broken(source, raw, &error, problems),
        },
        Some(b'"') => match serde_json::from_str::<String>(raw) {
            Ok(text) => Datum::Text(text),
            Err(error) => broken(source, raw, &error, problems),
        },
        Some(b't') => Datum::Bool(true),
        Some(b'f') => Datum::Bool(false),
        Some(b'n') | None => Datum::Null,
        Some(_) => Datum::Number(raw.to_owned()),
    };
    Node { datum, place }
}

fn place_start(place: Place) -> usize {
    match place {
        Place::Span(_, span) => span.start as usize,
        Place::Cell(..) | Place::Nowhere => 0,
    }
}

fn broken(
    source: &Source,
    raw: &str,
    error: &serde_json::Error,
    problems: &mut Vec<Problem>,
) -> Datum {
    problems.push(syntax(source, raw, error));
    Datum::Null
}

fn entry(
    source: &Source,
    key: &RawValue,
    value: &RawValue,
    depth: usize,
    problems: &mut Vec<Problem>,
) -> Entry {
    let name = serde_json::from_str::<String>(key.get()).unwrap_or_else(|_| key.get().to_owned());
    Entry {
        key: name,
        place: place(source, key.get()),
        node: node(source, value.get(), depth - 1, problems),
    }
}

/// The members of an object in the order of the text, duplicates included.
struct Pairs<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    fn read(text: &str) -> (Option<Node>, Vec<Problem>, Sources) {
        let mut sources = Sources::default();
        let id = sources.add("t.json", text);
        let (node, problems) = parse(sources.get(id).unwrap());
        (node, problems, sources)
    }

    #[test]
    fn every_value_and_key_keeps_its_place_and_numbers_their_text() {
        let (node, problems, sources) = read(r#" {"面积": 1.10, "b\u0041": ["x", true, null]} "#);
        assert!(problems.is_empty());
        let node = node.unwrap();
        let at = |place| sources.text_at(place).unwrap().to_owned();
        let entries = node.entries();
        assert_eq!(at(entries[0].place), "\"面积\"");
        assert_eq!(at(entries[0].node.place), "1.10");
        assert_eq!(entries[1].key, "bA");
        assert_eq!(at(entries[1].node.items()[0].place), "\"x\"");
    }

    #[test]
    fn duplicate_keys_are_both_kept() {
        let (node, ..) = read(r#"{"a":1,"a":2}"#);
        assert_eq!(node.unwrap().entries().len(), 2);
    }

    #[test]
    fn deep_nesting_is_a_problem_and_not_a_crash() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert!(!read(&deep).1.is_empty());
    }

    #[test]
    fn a_syntax_error_is_placed_on_its_character() {
        let (_, problems, sources) = read("{\"面积\": ，}");
        assert_eq!(sources.text_at(problems[0].place()), Some("，"));
    }
}
