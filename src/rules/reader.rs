//! Reads a table of a pack file key by key, and reports wrong types, missing keys and unknown keys.
//!
//! It does not know what the keys mean.

use crate::base::date::{Date, Period};
use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::suggest::nearest;
use crate::base::text::Text;
use crate::base::tree::{Datum, Entry, Node};
use crate::language::Snippet;
use crate::text;

/// A table being read.
pub(super) struct Reader<'a> {
    source: &'a Source,
    entries: &'a [Entry],
    place: Place,
    used: Vec<&'static str>,
}

impl<'a> Reader<'a> {
    /// A reader of a table node; anything else reads as an empty table and is reported.
    pub(super) fn new(source: &'a Source, node: &'a Node, problems: &mut Vec<Problem>) -> Self {
        if !matches!(node.datum, Datum::Table(_)) {
            problems.push(Problem::error(
                "hegui::pack::type",
                node.place,
                text!("这里应当是一个表", "a table is expected here"),
            ));
        }
        Self {
            source,
            entries: node.entries(),
            place: node.place,
            used: Vec::new(),
        }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn source(&self) -> &'a Source {
        self.source
    }

    /// The place of a key, or of the table.
    pub(super) fn place_of(&self, key: &str) -> Place {
        self.entries
            .iter()
            .find(|e| e.key == key)
            .map_or(self.place, |e| e.node.place)
    }

    pub(super) fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.used.push(key);
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.node)
    }

    pub(super) fn wrong(problems: &mut Vec<Problem>, place: Place, message: Text) {
        problems.push(Problem::error("hegui::pack::type", place, message));
    }

    fn missing(&self, key: &str, problems: &mut Vec<Problem>) {
        problems.push(Problem::error(
            "hegui::pack::missing",
            self.place,
            text!("缺少 `{key}`", "`{key}` is missing"),
        ));
    }

    pub(super) fn text(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<&'a str> {
        let node = self.node(key)?;
        let text = node.text();
        if text.is_none() {
            Self::wrong(
                problems,
                node.place,
                text!("`{key}` 应当是文字", "`{key}` should be a text"),
            );
        }
        text
    }

    pub(super) fn need_text(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<&'a str> {
        if self.node(key).is_none() {
            self.missing(key, problems);
        }
        self.text(key, problems)
    }

    /// A number or a text, as written.
    pub(super) fn written(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<&'a str> {
        let node = self.node(key)?;
        match &node.datum {
            Datum::Text(text) | Datum::Number(text) => Some(text),
            _ => {
                Self::wrong(
                    problems,
                    node.place,
                    text!(
                        "`{key}` 应当是数值或文字",
                        "`{key}` should be a number or a text"
                    ),
                );
                None
            }
        }
    }

    pub(super) fn flag(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> bool {
        match self.node(key).map(|node| (&node.datum, node.place)) {
            None => false,
            Some((Datum::Bool(value), _)) => *value,
            Some((_, place)) => {
                Self::wrong(
                    problems,
                    place,
                    text!(
                        "`{key}` 应当是 true 或 false",
                        "`{key}` should be true or false"
                    ),
                );
                false
            }
        }
    }

    pub(super) fn date(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<Date> {
        let node = self.node(key)?;
        let date = match &node.datum {
            Datum::Date(text) | Datum::Text(text) => Date::parse(text),
            _ => None,
        };
        if date.is_none() {
            Self::wrong(
                problems,
                node.place,
                text!(
                    "`{key}` 应当是日期，例如 2025-09-01",
                    "`{key}` should be a date such as 2025-09-01"
                ),
            );
        }
        date
    }

    /// `from` and `to` of this table.
    pub(super) fn period(&mut self, problems: &mut Vec<Problem>) -> Period {
        let period = Period {
            from: self.date("from", problems),
            to: self.date("to", problems),
        };
        if let (Some(from), Some(to)) = (period.from, period.to)
            && from > to
        {
            Self::wrong(
                problems,
                self.place_of("to"),
                text!("止期早于起期", "the period ends before it begins"),
            );
        }
        period
    }

    /// A text in both languages: `{ zh = "…", en = "…" }`.
    pub(super) fn bilingual(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Text {
        let Some(node) = self.node(key) else {
            return Text::default();
        };
        let part = |lang: &str| {
            node.get(lang)
                .and_then(Node::text)
                .map(str::trim)
                .unwrap_or_default()
        };
        let text = Text::new(part("zh"), part("en"));
        if text.zh.is_empty() || text.en.is_empty() {
            Self::wrong(
                problems,
                node.place,
                text!(
                    "`{key}` 需要中文和英文：{{ zh = \"…\", en = \"…\" }}",
                    "`{key}` needs Chinese and English: {{ zh = \"…\", en = \"…\" }}"
                ),
            );
        }
        text
    }

    pub(super) fn need_bilingual(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Text {
        if self.node(key).is_none() {
            self.missing(key, problems);
        }
        self.bilingual(key, problems)
    }

    pub(super) fn texts(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<String> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        match &node.datum {
            Datum::List(items) => {
                for item in items {
                    match item.text() {
                        Some(text) => texts.push(text.to_owned()),
                        None => Self::wrong(
                            problems,
                            item.place,
                            text!(
                                "`{key}` 的每一项应当是文字",
                                "each of `{key}` should be a text"
                            ),
                        ),
                    }
                }
            }
            _ => Self::wrong(
                problems,
                node.place,
                text!(
                    "`{key}` 应当是文字列表",
                    "`{key}` should be a list of texts"
                ),
            ),
        }
        texts
    }

    /// One of a fixed set of words.
    pub(super) fn choice<T>(
        &mut self,
        key: &'static str,
        named: impl Fn(&str) -> Option<T>,
        known: &[&str],
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.text(key, problems)?;
        let found = named(text);
        if found.is_none() {
            problems.push(unknown_word(self.place_of(key), text, known));
        }
        found
    }

    /// The tables of a list of tables.
    pub(super) fn tables(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> &'a [Node] {
        match self.node(key) {
            None => &[],
            Some(Node {
                datum: Datum::List(items),
                ..
            }) => items,
            Some(node) => {
                Self::wrong(
                    problems,
                    node.place,
                    text!("`{key}` 应当是列表", "`{key}` should be a list"),
                );
                &[]
            }
        }
    }

    /// An expression, with the place of its text inside the quotes.
    pub(super) fn snippet(
        &mut self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<Snippet<'a>> {
        let node = self.node(key)?;
        let Some(text) = node.text() else {
            Self::wrong(
                problems,
                node.place,
                text!(
                    "`{key}` 应当是表达式（文字）",
                    "`{key}` should be an expression (a text)"
                ),
            );
            return None;
        };
        Some(snippet_in(self.source, node.place, text))
    }

    /// Reports the keys that nothing asked for.
    pub(super) fn finish(self, problems: &mut Vec<Problem>) {
        for entry in self.entries {
            if !self.used.contains(&entry.key.as_str()) {
                let mut problem = unknown_word(entry.place, &entry.key, &self.used);
                problem.code = "hegui::pack::unknown_key";
                problem.message =
                    text!("这里没有 `{}` 这个键", "`{}` is not a key here", entry.key);
                problems.push(problem);
            }
        }
    }
}

/// The place of a text value inside its quotes; exact unless it holds escapes.
pub(super) fn snippet_in<'a>(source: &Source, place: Place, text: &'a str) -> Snippet<'a> {
    if let Place::Span(_, span) = place
        && let Some(at) = found_in(source.slice(span), text)
    {
        return Snippet {
            text,
            place: place.part(at..at + text.len()),
            exact: true,
        };
    }
    Snippet {
        text,
        place,
        exact: false,
    }
}

/// Where a text stands in what is written with its quotes; most stand right behind them.
fn found_in(written: &str, text: &str) -> Option<usize> {
    let behind = |at: &usize| {
        written
            .get(*at..)
            .is_some_and(|rest| rest.starts_with(text))
    };
    [1, 3, 4]
        .into_iter()
        .find(behind)
        .or_else(|| written.find(text))
}

/// A problem about a word that is not one of those known.
pub(super) fn unknown_word(place: Place, word: &str, known: &[&str]) -> Problem {
    let help = match nearest(word, known.iter().copied()) {
        Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
        None => Text::new(
            format!("可用：{}", known.join("、")),
            format!("known: {}", known.join(", ")),
        ),
    };
    Problem::error(
        "hegui::pack::unknown_word",
        place,
        text!("无法识别 `{word}`", "`{word}` is not known here"),
    )
    .help(help)
}
