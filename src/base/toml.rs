//! TOML text into the spanned tree, with every mistake of the file in one pass.
//!
//! The `toml` crate parses and recovers; its messages are reworded here in both languages,
//! and the original text goes into the advice.

use std::borrow::Cow;
use std::ops::Range;

use ::toml::Spanned;
use ::toml::de::{DeTable, DeValue};

use super::date::Date;
use super::mends::{Mends, ROUNDS};
use super::problem::{Problem, sorted};
use super::source::{Place, Source};
use super::text::Text;
use super::tree::{Datum, Entry, Node};
use crate::text;

/// A key that stands twice in one table; the tree holds both.
pub const DUPLICATE_KEY: &str = "hegui::toml::duplicate_key";
/// A key without quotes that needs them; the tree holds it.
pub const BARE_KEY: &str = "hegui::toml::bare_key";
/// A key with an equals sign and nothing behind it; the tree holds [`Datum::Null`].
pub const MISSING_VALUE: &str = "hegui::toml::missing_value";
/// A line without an equals sign; the tree does not hold it, but what follows it.
pub const NO_VALUE: &str = "hegui::toml::no_value";
/// A date that does not exist or is written in another way than TOML's.
pub const DATE: &str = "hegui::toml::date";
/// Anything else.
pub const SYNTAX: &str = "hegui::toml::syntax";

/// Parses a TOML source. The root is always a table; what could not be read is left out and reported.
///
/// A key that stands twice is kept twice, and a line that cannot be read does not take the rest with it.
pub fn parse(source: &Source) -> (Node, Vec<Problem>) {
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    let origin = Origin {
        source,
        mends: &Mends::default(),
    };
    if errors.is_empty() {
        return (origin.root(root.into_inner()), Vec::new());
    }
    drop(root);
    mended(source)
}

/// Parses a source with mistakes: those that would take the rest of the file with them are mended and
/// the text is parsed again, so that one run reports every mistake.
fn mended(source: &Source) -> (Node, Vec<Problem>) {
    let mut mends = Mends::default();
    let mut problems = Vec::new();
    for round in 1.. {
        let text = mends.apply(&source.text);
        let (root, errors) = DeTable::parse_recoverable(&text);
        let origin = Origin {
            source,
            mends: &mends,
        };
        let mut next = mends.clone();
        let mut rest = Vec::new();
        for error in &errors {
            let span = mends.back(error.span().unwrap_or(0..0));
            let problem = reworded(source, error.message(), span.clone());
            if next.add(&source.text, error.message(), span) {
                problems.push(problem);
            } else {
                rest.push(problem);
            }
        }
        if next.len() == mends.len() || round == ROUNDS {
            let node = origin.root(root.into_inner());
            problems.append(&mut rest);
            return (node, sorted(problems));
        }
        drop(root);
        mends = next;
    }
    (
        Node {
            datum: Datum::Table(Vec::new()),
            place: source.place(0..0),
        },
        problems,
    )
}

/// Where the parsed text comes from: the source, with the mends that were made before parsing.
struct Origin<'a> {
    source: &'a Source,
    mends: &'a Mends,
}

impl Origin<'_> {
    fn root(&self, table: DeTable<'_>) -> Node {
        Node {
            datum: Datum::Table(self.table(table)),
            place: self.source.place(0..0),
        }
    }

    fn table(&self, table: DeTable<'_>) -> Vec<Entry> {
        let entry = |(key, value): (Spanned<Cow<'_, str>>, Spanned<DeValue<'_>>)| {
            let place = self.source.place(self.mends.back(key.span()));
            let mut key = key.into_inner().into_owned();
            self.mends.unmark(&mut key);
            Entry {
                key,
                place,
                node: self.node(value),
            }
        };
        table.into_iter().map(entry).collect()
    }

    fn node(&self, value: Spanned<DeValue<'_>>) -> Node {
        let span = self.mends.back(value.span());
        let written = || self.source.text.get(span.clone()).unwrap_or("").to_owned();
        let datum = match value.into_inner() {
            DeValue::Table(inner) => Datum::Table(self.table(inner)),
            // A value that is missing is filled in by the parser, at an empty span.
            _ if span.is_empty() => Datum::Null,
            DeValue::String(text) => Datum::Text(text.into_owned()),
            // A radix other than ten is kept as written, so that it is refused as a number with its place.
            DeValue::Integer(number) if number.radix() == 10 => {
                Datum::Number(number.as_str().to_owned())
            }
            DeValue::Integer(_) => Datum::Text(written()),
            DeValue::Float(number) => Datum::Number(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Datum::Bool(truth),
            DeValue::Datetime(_) => Datum::Date(written()),
            DeValue::Array(items) => {
                Datum::List(items.into_iter().map(|item| self.node(item)).collect())
            }
        };
        Node {
            datum,
            place: self.source.place(span),
        }
    }
}

/// The crate's own wording and ours, by the start of its message.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "invalid unquoted key",
        "键名写法有误",
        "this key is not written in a way TOML reads",
    ),
    (
        "unquoted keys cannot be empty",
        "缺少键名",
        "a key is missing",
    ),
    (
        "missing value",
        "等号后面缺少值",
        "the value after the equals sign is missing",
    ),
    (
        "missing assignment",
        "键与值之间缺少等号",
        "the equals sign between key and value is missing",
    ),
    (
        "string values must be quoted",
        "文字值需要加引号",
        "a text value must be quoted",
    ),
    (
        "invalid multi-line",
        "文字值的引号没有闭合",
        "the text is not closed by quotes",
    ),
    (
        "missing opening quote",
        "引号没有成对",
        "a quote is not paired",
    ),
    (
        "invalid basic string",
        "文字值的引号没有闭合",
        "the text is not closed by a quote",
    ),
    (
        "invalid literal string",
        "文字值的引号没有闭合",
        "the text is not closed by a quote",
    ),
    ("unclosed", "括号没有闭合", "a bracket is not closed"),
    ("missing comma", "缺少逗号", "a comma is missing"),
    ("extra comma", "多了一个逗号", "there is one comma too many"),
    (
        "extra ",
        "多了一个等号",
        "there is one equals sign too many",
    ),
    ("cannot recurse", "嵌套层数过多", "the nesting is too deep"),
    ("recursion limit", "嵌套层数过多", "the nesting is too deep"),
    (
        "invalid fraction",
        "小数点后缺少数字",
        "a digit is missing after the decimal point",
    ),
    (
        "invalid mantissa",
        "小数点前缺少数字",
        "a digit is missing before the decimal point",
    ),
    (
        "unexpected key or value",
        "值的后面多出了内容",
        "something stands behind the value",
    ),
    (
        "missing escaped value",
        "反斜杠后面的写法有误",
        "the backslash is not followed by an escape TOML knows",
    ),
    (
        "unexpected leading zero",
        "数字前不能有多余的零",
        "a number may not start with a zero",
    ),
    (
        "carriage return",
        "换行符不完整",
        "a carriage return stands without a line feed",
    ),
    (
        "cannot extend value",
        "同一个键既当作值又当作组",
        "one key is used both as a value and as a group",
    ),
];

fn reworded(source: &Source, original: &str, span: Range<usize>) -> Problem {
    let before = source.text.get(..span.start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let head = source.text.get(line_start..span.start).unwrap_or("");
    let rest = source
        .text
        .get(span.start..)
        .unwrap_or("")
        .lines()
        .next()
        .unwrap_or("");
    let line = source
        .text
        .get(line_start..span.start + rest.len())
        .unwrap_or("");
    let indent = line.len() - line.trim_start().len();
    let whole_line = source.place(line_start + indent..line_start + indent + line.trim().len());
    let place = source.place(span.clone());
    let written = source.text.get(span.clone()).unwrap_or("");
    let parser = || text!("解析器原文：{original}", "the parser said: {original}");

    let quoted_or_missing = original.starts_with("string values must be quoted")
        || original.starts_with("invalid literal string");
    if quoted_or_missing && span.is_empty() && head.trim_end().ends_with('=') {
        return Problem::error(
            MISSING_VALUE,
            whole_line,
            text!(
                "等号后面缺少值",
                "the value after the equals sign is missing"
            ),
        )
        .help(text!(
            "请填写值；如确无此项，请删去这一行",
            "give a value, or delete the line"
        ));
    }
    if original.starts_with("key with no value") {
        let help = if line.contains(['＝', '：']) {
            text!(
                "等号须为半角 `=`（解析器原文：{original}）",
                "the equals sign must be a half-width `=` (the parser said: {original})"
            )
        } else {
            parser()
        };
        return Problem::error(
            NO_VALUE,
            whole_line,
            text!("键名后面缺少等号和值", "the key has no value"),
        )
        .help(help);
    }
    if original.starts_with("invalid date") || original.starts_with("invalid time") {
        return not_a_date(written, place, original);
    }
    if original.starts_with("duplicate key") {
        return Problem::error(
            DUPLICATE_KEY,
            place,
            text!(
                "键名 `{written}` 重复",
                "the key `{written}` is written twice"
            ),
        )
        .help(text!("请只保留一处", "keep only one of them"));
    }
    let words = WORDS.iter().find(|(start, ..)| original.starts_with(start));
    let message = match words {
        Some((_, zh, en)) => Text::new(*zh, *en),
        None => text!("此处不符合 TOML 写法", "this is not TOML"),
    };
    let ideograph = |text: &str| text.chars().any(|c| c as u32 >= 0x2E80);
    let bare_key = original.starts_with("invalid unquoted key");
    let bare_cjk_key =
        bare_key && ideograph(rest) || ideograph(head) && !head.contains(['"', '\'', '#', '=']);
    let help = if bare_cjk_key {
        text!(
            "中文键名需要加引号，例如 \"占地面积\" = \"12.6 公顷\"（解析器原文：{original}）",
            "a key in Chinese must be quoted, for example \"占地面积\" = \"12.6 公顷\" (the parser said: {original})"
        )
    } else if written.contains(['“', '”', '‘', '’', '＂']) {
        text!(
            "引号须为半角 `\"`（解析器原文：{original}）",
            "the quotes must be half-width `\"` (the parser said: {original})"
        )
    } else {
        parser()
    };
    Problem::error(if bare_key { BARE_KEY } else { SYNTAX }, place, message).help(help)
}

fn not_a_date(written: &str, place: Place, original: &str) -> Problem {
    let problem = |message| Problem::error(DATE, place, message);
    if let Some(date) = Date::parse(written) {
        return problem(text!(
            "日期 `{written}` 的写法有误",
            "the date `{written}` is not written as TOML wants it"
        ))
        .help(text!("请写成 {date}", "write {date}"));
    }
    if Date::is_shaped(written) {
        return problem(text!(
            "日期 `{written}` 不存在",
            "the day `{written}` does not exist"
        ))
        .help(text!("请核对年、月、日", "correct the year, month or day"));
    }
    problem(text!("`{written}` 不是日期", "`{written}` is not a date")).help(text!(
        "日期写作 2024-06-01（解析器原文：{original}）",
        "write a date as 2024-06-01 (the parser said: {original})"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    /// The tree and the problems in short: `key=value` and `text under the label｜code`.
    fn read(text: &str) -> (String, Vec<String>) {
        let mut sources = Sources::default();
        let id = sources.add("t.toml", text);
        let (node, problems) = parse(sources.get(id).unwrap());
        let at = |p: &Problem| {
            format!(
                "{}｜{}",
                sources.text_at(p.place()).unwrap(),
                p.code.rsplit(':').next().unwrap()
            )
        };
        (short(&node), problems.iter().map(at).collect())
    }

    fn short(node: &Node) -> String {
        match &node.datum {
            Datum::Table(entries) => {
                let all: Vec<String> = entries
                    .iter()
                    .map(|e| format!("{}={}", e.key, short(&e.node)))
                    .collect();
                format!("{{{}}}", all.join(" "))
            }
            Datum::List(items) => format!(
                "[{}]",
                items.iter().map(short).collect::<Vec<_>>().join(" ")
            ),
            Datum::Text(t) | Datum::Number(t) | Datum::Date(t) => t.clone(),
            Datum::Bool(b) => b.to_string(),
            Datum::Null => "null".to_owned(),
            Datum::Unread => "?".to_owned(),
        }
    }

    #[track_caller]
    fn check(text: &str, tree: &str, problems: &[&str]) {
        let (got, found) = read(text);
        assert_eq!(
            (
                got.as_str(),
                found.iter().map(String::as_str).collect::<Vec<_>>()
            ),
            (tree, problems.to_vec()),
            "{text}"
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_does_not_take_the_rest_with_it() {
        check(
            "a\nb = 2\n[c]\nd\ne = 3",
            "{b=2 c={e=3}}",
            &["a｜no_value", "d｜no_value"],
        );
        check("a ＝ 1\nb=1", "{b=1}", &["a ＝ 1｜no_value"]);
        check(
            "[land\na = 1\n[[b]\nc = 1\n[[b]]\nc=2",
            "{land={a=1} b=[{c=1} {c=2}]}",
            &["｜syntax", "｜syntax"],
        );
        check(
            "s = [\"x\"\n[land]\na = 1",
            "{s=[x] land={a=1}}",
            &["｜syntax"],
        );
        check("a = \nb = 2", "{a=null b=2}", &["a =｜missing_value"]);
        check(
            "a = {x = }\nb = 2",
            "{a={x=null} b=2}",
            &["a = {x = }｜missing_value"],
        );
    }

    #[test]
    fn a_key_that_stands_twice_is_kept_twice() {
        check(
            "a=1\na=2\na=3",
            "{a=1 a=2 a=3}",
            &["a｜duplicate_key", "a｜duplicate_key"],
        );
        check(
            "[x]\n\"面积\"=1\n[x]\n\"面积\"=2",
            "{x={面积=1} x={面积=2}}",
            &["x｜duplicate_key", "\"面积\"｜duplicate_key"],
        );
        check(
            "[[x]]\na=1\n[x]\na=2",
            "{x=[{a=1}] x={a=2}}",
            &["x｜duplicate_key"],
        );
        check("a = {b=1, b=2}", "{a={b=1 b=2}}", &["b｜duplicate_key"]);
    }

    #[test]
    fn a_date_that_does_not_exist_is_said_to_be_one() {
        check(
            "a = 2023-02-30\nb = 1",
            "{a=2023-02-30 b=1}",
            &["2023-02-30｜date"],
        );
        let mut sources = Sources::default();
        let id = sources.add("t.toml", "a = 2023-02-30\nb = 2023-2-3");
        let (_, problems) = parse(sources.get(id).unwrap());
        assert_eq!(problems[0].message.zh, "日期 `2023-02-30` 不存在");
        assert_eq!(problems[1].help.as_ref().unwrap().zh, "请写成 2023-02-03");
    }

    #[test]
    fn hostile_text_is_a_problem_and_not_a_crash() {
        for text in [
            "[".repeat(100_000),
            "a=".to_owned() + &"[".repeat(100_000),
            "a\n".repeat(20_000),
            "a=1\n".repeat(20_000),
            "a=\"\"\"".to_owned(),
            "\0".to_owned(),
            "[[a]\n".repeat(5000),
        ] {
            assert!(!read(&text).1.is_empty());
        }
        assert!(
            !read(&("a=".to_owned() + &"{a=".repeat(100_000)))
                .1
                .is_empty()
        );
    }
}
