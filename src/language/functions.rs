//! The table of functions, methods and macros: the checker, the manual and the tests read the same rows.

/// What may stand before the dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// Nothing: a function.
    None,
    /// A text.
    Text,
    /// A list of records; the first argument names the record.
    Records,
}

/// A function of the language.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it is called on.
    pub receiver: Receiver,
    /// Its arguments, in words.
    pub arguments: &'static str,
    /// Fewest and most arguments.
    pub arity: (usize, usize),
    /// What it gives, in Chinese and English.
    pub doc: (&'static str, &'static str),
    /// An example.
    pub example: &'static str,
    /// Whether it differs from CEL, and how.
    pub differs: Option<(&'static str, &'static str)>,
}

const OWN: Option<(&str, &str)> = Some(("CEL 没有此函数", "not in CEL"));

const fn row(
    name: &'static str,
    receiver: Receiver,
    arguments: &'static str,
    arity: (usize, usize),
    doc: (&'static str, &'static str),
    example: &'static str,
    differs: Option<(&'static str, &'static str)>,
) -> Function {
    Function {
        name,
        receiver,
        arguments,
        arity,
        doc,
        example,
        differs,
    }
}

/// All functions, in the order of the manual.
pub const FUNCTIONS: &[Function] = &[
    row(
        "all",
        Receiver::Records,
        "x, condition",
        (2, 2),
        (
            "每一项都满足条件；空表为真",
            "every record satisfies the condition; true for an empty list",
        ),
        "boilers.all(b, b.fuel == 'gas')",
        Some((
            "按三值逻辑求值，不可嵌套",
            "three-valued; macros are not nested",
        )),
    ),
    row(
        "exists",
        Receiver::Records,
        "x, condition",
        (2, 2),
        (
            "至少一项满足条件；空表为假",
            "some record satisfies the condition; false for an empty list",
        ),
        "documents.exists(d, d.kind == 'land_contract')",
        Some((
            "按三值逻辑求值，不可嵌套",
            "three-valued; macros are not nested",
        )),
    ),
    row(
        "filter",
        Receiver::Records,
        "x, condition",
        (2, 2),
        (
            "满足条件的各项；条件无法判定的项按“可能”保留",
            "the records that satisfy; one whose condition is unknown stays as possible",
        ),
        "boilers.filter(b, b.fuel == 'gas')",
        Some((
            "无法判定的项保留为可能，size 与 sum 给出上下界",
            "possible members are kept, so size and sum give bounds",
        )),
    ),
    row(
        "sum",
        Receiver::Records,
        "x, number",
        (2, 2),
        (
            "各项数值之和；空表为 0",
            "the sum over the records; 0 for an empty list",
        ),
        "boilers.sum(b, b.capacity)",
        OWN,
    ),
    row(
        "min",
        Receiver::Records,
        "x, number",
        (2, 2),
        (
            "各项数值的最小值；空表无法判定",
            "the least over the records; unknown for an empty list",
        ),
        "documents.min(d, d.land_area)",
        OWN,
    ),
    row(
        "max",
        Receiver::Records,
        "x, number",
        (2, 2),
        (
            "各项数值的最大值；空表无法判定",
            "the greatest over the records; unknown for an empty list",
        ),
        "boilers.max(b, b.nox)",
        OWN,
    ),
    row(
        "same",
        Receiver::Records,
        "x, value [, reference]",
        (2, 3),
        (
            "凡载明该值的各项一致（并与参照值一致）；未载明的项略过；有两个已知值不同即为假",
            "all records that state the value state the same (and the reference); records that state nothing are passed over; false as soon as two known values differ",
        ),
        "documents.same(d, d.land_area, land.area)",
        OWN,
    ),
    row(
        "size",
        Receiver::None,
        "list",
        (1, 1),
        ("列表的项数", "how many members a list has"),
        "size(boilers)",
        None,
    ),
    row(
        "min",
        Receiver::None,
        "a, b, …",
        (2, 16),
        ("几个数中最小的", "the least of several numbers"),
        "min(land.area, land.permanent_farmland)",
        OWN,
    ),
    row(
        "max",
        Receiver::None,
        "a, b, …",
        (2, 16),
        ("几个数中最大的", "the greatest of several numbers"),
        "max(land.area, land.permanent_farmland)",
        OWN,
    ),
    row(
        "abs",
        Receiver::None,
        "a",
        (1, 1),
        ("绝对值", "the absolute value"),
        "abs(energy.total - energy.total_declared)",
        OWN,
    ),
    row(
        "contains",
        Receiver::Text,
        "text",
        (1, 1),
        ("文字中含有另一段文字", "the text holds another"),
        "name.contains('扩建')",
        Some(("按 NFKC 规范化后比较", "compares after NFKC")),
    ),
    row(
        "startsWith",
        Receiver::Text,
        "text",
        (1, 1),
        ("文字以另一段文字开头", "the text starts with another"),
        "name.startsWith('6501')",
        Some(("按 NFKC 规范化后比较", "compares after NFKC")),
    ),
    row(
        "matches",
        Receiver::Text,
        "'pattern'",
        (1, 1),
        (
            "文字符合正则表达式；表达式必须是字面量，线性时间",
            "the text matches a pattern, which must be a literal; linear time",
        ),
        "name.matches('^20[0-9]{2}-')",
        Some(("表达式须为字面量", "the pattern must be a literal")),
    ),
    row(
        "lookup",
        Receiver::None,
        "'table', 'output' [, record]",
        (2, 3),
        (
            "查名录或决策表的一个输出；匹配各列的方式见表头；列表成员的列须给出记录",
            "an output of a table; its head says how columns match; columns of list members take a record",
        ),
        "lookup('eia-class', 'class')",
        OWN,
    ),
    row(
        "in_force",
        Receiver::None,
        "'instrument'",
        (1, 1),
        (
            "法规文件在适用时点有效",
            "the instrument is in force as of the day of judging",
        ),
        "in_force('ndrc-2025-31')",
        OWN,
    ),
    row(
        "date",
        Receiver::None,
        "'2025-09-01'",
        (1, 1),
        ("日期字面量", "a literal date"),
        "date('2025-09-01')",
        Some((
            "CEL 用 timestamp；这里只有日期，没有时刻",
            "CEL has timestamp; here there are days, not instants",
        )),
    ),
    row(
        "add_years",
        Receiver::None,
        "date, n",
        (2, 2),
        (
            "若干年之后的同一天；2 月 29 日遇平年为 28 日",
            "the same day n years later; 29 February becomes 28 in a common year",
        ),
        "add_years(as_of, 5)",
        OWN,
    ),
    row(
        "add_days",
        Receiver::None,
        "date, n",
        (2, 2),
        ("若干天之后", "n days later"),
        "add_days(as_of, 30)",
        OWN,
    ),
    row(
        "days_between",
        Receiver::None,
        "from, to",
        (2, 2),
        (
            "两个日期相差的天数（时间量）",
            "the days from one date to another, as a duration",
        ),
        "days_between(date('2025-01-01'), as_of)",
        OWN,
    ),
];

/// The function of a name and kind of receiver.
pub fn find(name: &str, on: Receiver) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .find(|f| f.name == name && f.receiver == on)
}
