//! The manual of the language, from the tables that the checker uses; it cannot drift from them.
//!
//! It knows no layout: the command line prints the sections.

use super::functions::{FUNCTIONS, Receiver};
use super::ir::Order;
use crate::base::text::Text;
use crate::text;

/// A part of the manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: Text,
    /// What it says first.
    pub intro: Text,
    /// Signs or forms with what they mean.
    pub rows: Vec<(String, Text)>,
}

fn section(title: Text, intro: Text, rows: Vec<(&str, Text)>) -> Section {
    let rows = rows
        .into_iter()
        .map(|(sign, text)| (sign.to_owned(), text))
        .collect();
    Section { title, intro, rows }
}

/// What an order comparison means.
fn order(order: Order) -> Text {
    match order {
        Order::Less => text!("小于", "less than"),
        Order::AtMost => text!("不大于", "at most"),
        Order::Greater => text!("大于", "greater than"),
        Order::AtLeast => text!("不小于", "at least"),
        Order::Equal => text!(
            "等于；代码列表中表示“是该代码或其下级”",
            "equal; for codes: that code or one below it"
        ),
        Order::Unequal => text!("不等于", "not equal"),
    }
}

/// The manual of expressions.
#[expect(clippy::too_many_lines, reason = "a text, not an algorithm")]
pub fn language() -> Vec<Section> {
    let orders = [
        Order::Equal,
        Order::Unequal,
        Order::Less,
        Order::AtMost,
        Order::Greater,
        Order::AtLeast,
    ];
    let mut operators: Vec<(&str, Text)> =
        orders.into_iter().map(|o| (o.sign(), order(o))).collect();
    operators.extend([
        (
            "in",
            text!(
                "属于所列之一；右边是列表字段时表示列表中有此项",
                "one of those listed; with a list field: a member of it"
            ),
        ),
        ("&&", text!("且", "and")),
        ("||", text!("或", "or")),
        ("!", text!("非", "not")),
        (
            "+ - * /",
            text!(
                "四则运算；加减要求量纲相同，乘除得到新的量纲",
                "arithmetic; sums need one dimension, products make a new one"
            ),
        ),
        (
            "c ? a : b",
            text!(
                "c 成立取 a，否则取 b；c 未知时取两者的范围",
                "a if c holds, else b; the range of both if c is unknown"
            ),
        ),
    ]);
    vec![
        section(
            text!("表达式", "Expressions"),
            text!(
                "规则的 applies、require、exception.when 和 due.when 是真假表达式；message 里的 {{…}} 可以是任何表达式。语言是 CEL（Common Expression Language）的一个子集，每个记号都带出处，一次载入报告全部错误。没有 has()：缺少的事实使表达式未知，而不会变成“符合”。",
                "applies, require, exception.when and due.when of a rule are conditions; {{…}} in a message may be any expression. The language is a subset of CEL (Common Expression Language); one load reports every mistake with its place. There is no has(): a missing fact makes an expression unknown and never a pass."
            ),
            vec![],
        ),
        section(
            text!("写法", "Forms"),
            Text::default(),
            vec![
                (
                    "land.area",
                    text!(
                        "字段；路径见 hegui list fields",
                        "a field; see hegui list fields"
                    ),
                ),
                (
                    "param.id",
                    text!(
                        "参数，取适用时点的版本；见 hegui list parameters",
                        "a parameter in its version of the day; see hegui list parameters"
                    ),
                ),
                (
                    "as_of",
                    text!(
                        "适用时点：规则按这一天的规定判断",
                        "the day as of which the rule is judged"
                    ),
                ),
                (
                    "1  0.5  1e3",
                    text!(
                        "数字，精确运算，不作舍入",
                        "numbers, exact, without rounding"
                    ),
                ),
                (
                    "'text'",
                    text!(
                        "文字、选项的 id、代码；按 NFKC 规范化后比较",
                        "a text, the id of an answer, a code; compared after NFKC"
                    ),
                ),
                ("true  false", text!("真、假", "truth values")),
                (
                    "['a', 'b']",
                    text!("列表，用在 in 的右边", "a list, on the right of `in`"),
                ),
                ("date('2025-09-01')", text!("日期", "a day")),
                (
                    "list.all(x, …)",
                    text!(
                        "对列表的每一项；宏不可嵌套，filter 之后可再接一个",
                        "over the records of a list; macros are not nested, but one may follow filter"
                    ),
                ),
            ],
        ),
        section(text!("运算", "Operators"), Text::default(), operators),
        section(
            text!("类型与量纲", "Types and dimensions"),
            text!(
                "载入规则包时检查：字段是否存在、量纲是否相同、比较是否可能成立、正则能否编译。",
                "Checked when a pack loads: fields exist, dimensions agree, a comparison can hold and can fail, patterns compile."
            ),
            vec![
                ("bool", text!("真假", "truth values")),
                ("text", text!("文字", "texts")),
                (
                    "enum",
                    text!(
                        "选项，写 id；有序的可以比大小",
                        "answers, by id; ordered ones compare"
                    ),
                ),
                ("date", text!("日期，可以比大小", "days; they compare")),
                (
                    "code",
                    text!(
                        "代码树中的一项；'32' 含其下各级，上级代码为未知",
                        "a code of a tree; '32' holds all below it, a code above is unknown"
                    ),
                ),
                (
                    "number",
                    text!(
                        "带量纲的数；面积、长度、体积、质量、能量、标准煤、金额、个数、时间、功率、电压、声级互不相等",
                        "a number with its dimension; area, length, volume, mass, energy, standard coal, money, count, time, power, voltage and sound level are all apart"
                    ),
                ),
                (
                    "list",
                    text!(
                        "记录的列表，或文字、代码的列表",
                        "a list of records, or of texts or codes"
                    ),
                ),
            ],
        ),
        section(
            text!("未知与范围", "The unknown and ranges"),
            text!(
                "一个值是它可能取的全部值。已知数是一点，范围是区间，缺少的数是字段的值域，其他缺少的值为未知。比较只有在所有可能值下都成立（都不成立）才为真（假），否则未知；且、或、非按三值逻辑。结果可靠但不求最精：x - x 仍是一个区间。",
                "A value is the set of what it may be. A known number is a point, a range an interval, a missing number its field's domain; other missing values are unknown. A comparison is true (false) only if it holds (fails) for every possible value, otherwise unknown; and, or, not are three-valued. This is sound, not complete: x - x stays an interval."
            ),
            vec![
                (
                    "[]",
                    text!(
                        "空表：all 为真，exists 为假，sum 为 0，min、max 未知",
                        "of an empty list: all true, exists false, sum 0, min and max unknown"
                    ),
                ),
                ("a / b", text!("b 可能为 0 时未知", "unknown if b may be 0")),
            ],
        ),
        section(
            text!("与 CEL 的不同", "Differences from CEL"),
            Text::default(),
            vec![
                ("has()", text!("没有", "absent")),
                ("null, bytes, map", text!("没有", "absent")),
                (
                    "int, double",
                    text!("只有一种精确的数", "one kind of number, exact"),
                ),
                ("timestamp", text!("只有日期", "days only")),
                (
                    "error",
                    text!(
                        "求值不会出错：除以可能为 0 的数等为未知",
                        "evaluation cannot fail: what would be an error is unknown"
                    ),
                ),
                ("list + list", text!("没有", "absent")),
                (
                    "5 > land.area",
                    text!(
                        "除 0 以外，带量纲或周期的值不能与字面数比较、相加：用参数",
                        "but for 0, a literal may not be compared with or added to a value with a dimension or period: use a parameter"
                    ),
                ),
            ],
        ),
    ]
}

/// How a function is written, with the words for its arguments.
pub fn form(function: &super::functions::Function) -> String {
    let (name, arguments) = (function.name, function.arguments);
    match function.receiver {
        Receiver::None => format!("{name}({arguments})"),
        Receiver::Text => format!("text.{name}({arguments})"),
        Receiver::Records => format!("list.{name}({arguments})"),
    }
}

/// The manual of functions: one section for each, in the order of the table.
pub fn functions() -> Vec<Section> {
    let one = |function: &super::functions::Function| {
        let mut rows = vec![(function.example.to_owned(), text!("示例", "example"))];
        if let Some((zh, en)) = function.differs {
            rows.push(("CEL".to_owned(), Text::new(zh, en)));
        }
        Section {
            title: Text::same(form(function)),
            intro: Text::new(function.doc.0, function.doc.1),
            rows,
        }
    };
    FUNCTIONS.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_in_the_manual_in_both_languages() {
        let manual = functions();
        assert_eq!(manual.len(), FUNCTIONS.len());
        for section in language().iter().chain(&manual) {
            assert!(!section.title.zh.is_empty() && !section.title.en.is_empty());
            assert!(
                section
                    .rows
                    .iter()
                    .all(|(_, text)| !text.zh.is_empty() && !text.en.is_empty())
            );
        }
    }
}
