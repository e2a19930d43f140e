//! One value: what stands in the tree, read as a field's type.
//!
//! It knows fields and their answers, codes and units, but no records and no project.

use crate::base::date::Date;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Node};
use crate::intake::known::{comma_list, shown};
use crate::model::code::{CodeId, CodeList};
use crate::model::field::{Enumeration, Field, FieldType, ListId, Vocabulary};
use crate::model::number::Number;
use crate::model::project::{Value, Words};
use crate::model::quantity::{self, Measure};
use crate::model::value::Interval;
use crate::text;

/// Answers listed in advice at most.
const LISTED: usize = 12;

/// Reads a value of any type but records, with every mistake in it.
pub(super) fn read(
    vocabulary: &Vocabulary,
    field: &Field,
    node: &Node,
) -> Result<Value, Vec<Problem>> {
    let one = |result: Result<Value, Box<Problem>>| result.map_err(|problem| vec![*problem]);
    let read = match field.kind {
        FieldType::Bool => one(boolean(node)
            .map(Value::Bool)
            .ok_or_else(|| unfit(field, node))),
        FieldType::Text => one(words(field, node).map(Value::Text)),
        FieldType::Enum(id) => one(match vocabulary.enumeration(id) {
            Some(answers) => answer(answers, field, node),
            None => Err(unfit(field, node)),
        }),
        FieldType::Date => one(date(node).map(Value::Date)),
        FieldType::Code(id) => one(code(vocabulary, id, field, node).map(Value::Code)),
        FieldType::Number => one(number(field, node).map(Value::Number)),
        FieldType::Texts => items(field, node, |item| words(field, item)).map(Value::Texts),
        FieldType::Codes(id) => {
            items(field, node, |item| code(vocabulary, id, field, item)).map(Value::Codes)
        }
        FieldType::Records => Err(vec![*unfit(field, node)]),
    };
    read.map_err(|problems| {
        problems
            .into_iter()
            .map(|p| p.note(field.label.clone()))
            .collect()
    })
}

fn problem(code: &'static str, place: Place, message: Text) -> Box<Problem> {
    Box::new(Problem::error(code, place, message))
}

fn with_help(mut problem: Box<Problem>, help: Option<Text>) -> Box<Problem> {
    problem.help = help;
    problem
}

/// The problem of a value of another type than the field's.
pub(super) fn unfit(field: &Field, node: &Node) -> Box<Problem> {
    let is = match &node.datum {
        Datum::Text(text) => {
            let text = shown(text);
            text!("文字 `{text}`", "the text `{text}`")
        }
        Datum::Number(number) => {
            let number = shown(number);
            text!("数字 `{number}`", "the number `{number}`")
        }
        Datum::Bool(truth) => text!("`{truth}`", "`{truth}`"),
        Datum::Date(date) => text!("日期 `{date}`", "the date `{date}`"),
        Datum::List(_) => Text::new("列表", "a list"),
        Datum::Table(_) => Text::new("一组字段", "a group of fields"),
        Datum::Null | Datum::Unread => Text::new("空值", "nothing"),
    };
    let (wanted, help) = match field.kind {
        FieldType::Bool => (
            Text::new("是或否", "yes or no"),
            Text::new("请填写 true 或 false，或“是”“否”", "write true or false"),
        ),
        FieldType::Text => (
            Text::new("文字", "a text"),
            Text::new("请填写文字，并加引号", "write a text in quotes"),
        ),
        FieldType::Enum(_) => (
            Text::new("选项", "one of the answers"),
            Text::new(
                "请填写选项名称，并加引号",
                "write one of the answers in quotes",
            ),
        ),
        FieldType::Date => (
            Text::new("日期", "a date"),
            Text::new("日期写作 2024-06-01", "write a date as 2024-06-01"),
        ),
        FieldType::Code(_) => (
            Text::new("代码", "a code"),
            Text::new(
                "请填写代码，例如 \"C3216\"",
                "write a code such as \"C3216\"",
            ),
        ),
        FieldType::Number => (
            Text::new("数字", "a number"),
            Text::new(
                "请填写数字，可带单位，例如 \"12.6 公顷\"",
                "write a number, with a unit if you like, such as \"12.6 公顷\"",
            ),
        ),
        FieldType::Records => {
            let path = &field.path;
            (
                Text::new("列表", "a list of records"),
                text!(
                    "每项写一个 [[{path}]]；没有的，写 {path} = []",
                    "write [[{path}]] for each record, or {path} = [] if there are none"
                ),
            )
        }
        FieldType::Texts => (
            Text::new("列表", "a list"),
            Text::new(
                "请写成列表，例如 [\"甲\", \"乙\"]",
                "write a list such as [\"a\", \"b\"]",
            ),
        ),
        FieldType::Codes(_) => (
            Text::new("列表", "a list"),
            Text::new(
                "请写成列表，例如 [\"C3216\", \"C3252\"]",
                "write a list such as [\"C3216\", \"C3252\"]",
            ),
        ),
    };
    let message = Text::new(
        format!("此处应填{}，填写的是{}", wanted.zh, is.zh),
        format!("{} is expected here, not {}", wanted.en, is.en),
    );
    with_help(
        problem("hegui::intake::wrong_type", node.place, message),
        Some(help),
    )
}

/// A truth value, as such or as a word.
pub(super) fn boolean(node: &Node) -> Option<bool> {
    match &node.datum {
        Datum::Bool(truth) => Some(*truth),
        Datum::Text(text) => match folded(text).to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "是" | "有" | "√" | "✓" | "✔" | "☑" => Some(true),
            "false" | "no" | "n" | "否" | "无" | "×" | "✗" | "✘" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn words(field: &Field, node: &Node) -> Result<Words, Box<Problem>> {
    match &node.datum {
        Datum::Text(text) | Datum::Number(text) => match control_character(text, node.place) {
            Some(problem) => Err(problem),
            None => Ok(Words::new(text)),
        },
        _ => Err(unfit(field, node)),
    }
}

/// The problem of a text with characters that cannot be seen.
pub(super) fn control_character(text: &str, place: Place) -> Option<Box<Problem>> {
    let found = text
        .chars()
        .find(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))?;
    let point = format!("U+{:04X}", found as u32);
    let message = text!(
        "文字中含有不可见的控制字符（{point}）",
        "the text holds the control character {point}"
    );
    Some(with_help(
        problem("hegui::intake::control_character", place, message),
        Some(Text::new("请删去该字符", "delete it")),
    ))
}

fn answer(answers: &Enumeration, field: &Field, node: &Node) -> Result<Value, Box<Problem>> {
    let text = match &node.datum {
        Datum::Text(text) | Datum::Number(text) => text.as_str(),
        Datum::Bool(truth) => {
            // An enumeration may hold plain yes and no.
            let found = if *truth {
                answers.find("是")
            } else {
                answers.find("否")
            };
            return found.map(Value::Enum).ok_or_else(|| unfit(field, node));
        }
        _ => return Err(unfit(field, node)),
    };
    let exact = answers
        .answers
        .iter()
        .position(|a| a.id == text || a.label.zh == text);
    let exact = exact.and_then(|index| u16::try_from(index).ok());
    if let Some(found) = exact.or_else(|| answers.find(text)) {
        return Ok(Value::Enum(found));
    }
    let name = shown(text);
    let (zh, en) = (&field.label.zh, &field.label.en);
    let message = text!(
        "`{name}` 不在“{zh}”的选项内",
        "`{name}` is not an answer to “{en}”"
    );
    let spellings = || {
        answers.answers.iter().flat_map(|a| {
            [&a.id, &a.label.zh, &a.label.en]
                .into_iter()
                .chain(&a.aliases)
        })
    };
    let near = nearest(&folded(text), spellings().map(String::as_str));
    let near = near
        .and_then(|near| answers.find(near))
        .and_then(|index| answers.answer(index));
    let help = if let Some(near) = near {
        let (id, zh, en) = (&near.id, &near.label.zh, &near.label.en);
        text!("是否为“{zh}”（{id}）？", "did you mean `{id}` ({en})?")
    } else {
        let more = answers.answers.len().saturating_sub(LISTED);
        let list = |zh: bool| {
            let labels: Vec<&str> = answers
                .answers
                .iter()
                .take(LISTED)
                .map(|a| {
                    if zh {
                        a.label.zh.as_str()
                    } else {
                        a.id.as_str()
                    }
                })
                .collect();
            comma_list(&labels, zh)
        };
        let (zh, en) = (list(true), list(false));
        if more == 0 {
            text!("可填：{zh}", "answers: {en}")
        } else {
            text!(
                "可填：{zh}等（另有 {more} 项）",
                "answers: {en} and {more} more"
            )
        }
    };
    Err(with_help(
        problem("hegui::intake::unknown_answer", node.place, message),
        Some(help),
    ))
}

/// Reads a day from a date or a text.
pub(super) fn date(node: &Node) -> Result<Date, Box<Problem>> {
    let (Datum::Date(text) | Datum::Text(text)) = &node.datum else {
        let message = Text::new("此处应填日期", "a date is expected here");
        let written = match &node.datum {
            Datum::Number(number) => number.as_str(),
            _ => "",
        };
        return Err(with_help(
            problem("hegui::intake::wrong_type", node.place, message),
            Some(date_help(written)),
        ));
    };
    if let Some(date) = Date::parse(text) {
        return Ok(date);
    }
    let name = shown(text);
    Err(if Date::is_shaped(text) {
        let help = Text::new("请核对年、月、日", "correct the year, month or day");
        let message = text!("日期 `{name}` 不存在", "the day `{name}` does not exist");
        with_help(
            problem("hegui::intake::impossible_date", node.place, message),
            Some(help),
        )
    } else {
        let message = text!("`{name}` 不是日期", "`{name}` is not a date");
        with_help(
            problem("hegui::intake::not_a_date", node.place, message),
            Some(date_help(text)),
        )
    })
}

fn date_help(written: &str) -> Text {
    if let Some(day) = Date::of_moment(written) {
        return text!(
            "请写作 {day}，不写时刻",
            "write it as {day}, without a time"
        );
    }
    Text::new(
        "日期写作 2024-06-01，不写时刻",
        "write a date as 2024-06-01, without a time",
    )
}

fn code(
    vocabulary: &Vocabulary,
    id: ListId,
    field: &Field,
    node: &Node,
) -> Result<CodeId, Box<Problem>> {
    let (Datum::Text(text) | Datum::Number(text)) = &node.datum else {
        return Err(unfit(field, node));
    };
    let Some(list) = vocabulary.list(id) else {
        return Err(unfit(field, node));
    };
    if let Some(found) = list.find_written(text) {
        return Ok(found);
    }
    let name = shown(text);
    let title = &list.title;
    let edition = list.edition.as_deref().unwrap_or("");
    let zh = if edition.is_empty() {
        title.zh.clone()
    } else {
        format!("{}（{edition}）", title.zh)
    };
    let en = if edition.is_empty() {
        title.en.clone()
    } else {
        format!("{} ({edition})", title.en)
    };
    let message = text!("`{name}` 不在《{zh}》内", "`{name}` is not in {en}");
    let help = near_code(list, text).map(|found| {
        let label = crate::model::code_text(vocabulary, id, found);
        let (zh, en) = (label.zh, label.en);
        text!("是否为 `{zh}`？", "did you mean `{en}`?")
    });
    Err(with_help(
        problem("hegui::intake::unknown_code", node.place, message),
        help,
    ))
}

/// The code meant by a text that is a code with its name, a name, or nearly one of them.
fn near_code(list: &CodeList, text: &str) -> Option<CodeId> {
    let text = folded(text);
    let first = text.split_whitespace().next().unwrap_or("");
    if let Some(found) = list.find_written(first) {
        return Some(found);
    }
    let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    // A code of the same length is meant before one above it.
    let by_code = || {
        let codes = || {
            list.entries()
                .iter()
                .map(|e| e.code.as_str())
                .filter(|c| c.len() > 1)
        };
        nearest(digits, codes().filter(|c| c.len() == digits.len()))
            .or_else(|| nearest(digits, codes()))
    };
    let names = list
        .entries()
        .iter()
        .flat_map(|e| [e.name.zh.as_str(), e.name.en.as_str()]);
    let near = nearest(&text, names.filter(|name| !name.is_empty())).or_else(by_code)?;
    let found = list
        .entries()
        .iter()
        .find(|e| e.code == near || e.name.zh == near || e.name.en == near)?;
    list.find(&found.code)
}

/// A number or range in the unit of a measure; none if neither a number nor a text stands there.
pub(super) fn measured(measure: &Measure, node: &Node) -> Option<Result<Interval, Box<Problem>>> {
    let read = match &node.datum {
        Datum::Number(text) => match Number::parse(text) {
            Ok(number) => Ok(Interval::Point(&number * &measure.unit.factor)),
            Err(_) => quantity::parse(text, measure),
        },
        Datum::Text(text) => quantity::parse(text, measure),
        _ => return None,
    };
    Some(read.map_err(|wrong| {
        let cut = |text: Text| {
            if text.zh.chars().count() > 200 {
                Text::new("此处不是数字", "this is not a number")
            } else {
                text
            }
        };
        with_help(
            problem("hegui::intake::quantity", node.place, cut(wrong.message)),
            wrong.help.map(cut),
        )
    }))
}

fn number(field: &Field, node: &Node) -> Result<Interval, Box<Problem>> {
    let value = measured(&field.measure, node).unwrap_or_else(|| Err(unfit(field, node)))?;
    if field.domain.covers(&value) {
        return Ok(value);
    }
    let show = |interval: &Interval| {
        let show = |lang| field.measure.show_interval(interval, lang);
        (
            show(crate::base::text::Lang::Zh),
            show(crate::base::text::Lang::En),
        )
    };
    let ((zh, en), (domain_zh, domain_en)) = (show(&value), show(&field.domain));
    let message = text!(
        "{zh} 超出该字段的取值范围",
        "{en} lies outside what this field can be"
    );
    let help = text!(
        "取值范围为 {domain_zh}，请核对数值和单位",
        "it can be {domain_en}; correct the number or its unit"
    );
    Err(with_help(
        problem("hegui::intake::out_of_domain", node.place, message),
        Some(help),
    ))
}

fn items<T>(
    field: &Field,
    node: &Node,
    read: impl Fn(&Node) -> Result<T, Box<Problem>>,
) -> Result<Vec<T>, Vec<Problem>> {
    let Datum::List(list) = &node.datum else {
        return Err(vec![*unfit(field, node)]);
    };
    let mut problems = Vec::new();
    let mut values = Vec::with_capacity(list.len());
    for item in list {
        match read(item) {
            Ok(value) => values.push(value),
            Err(problem) => problems.push(*problem),
        }
    }
    if problems.is_empty() {
        Ok(values)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use crate::intake::fixture::{check, json};

    #[test]
    fn numbers_are_read_bare_or_with_a_unit() {
        for (written, shown) in [
            ("12.6", "12.6 亩"),
            ("\"12.6 公顷\"", "189 亩"),
            ("\"1,200 亩\"", "1,200 亩"),
            ("\"80–90\"", "80–90 亩"),
            ("\"８０至９０ 亩\"", "80–90 亩"),
            ("1e3", "1,000 亩"),
            ("0", "0 亩"),
        ] {
            assert_eq!(
                check(&format!("land.area = {written}"), &[]).fact("land.area"),
                shown,
                "{written}"
            );
        }
    }

    #[test]
    fn a_number_that_cannot_be_read_is_a_problem_on_it_and_unreadable() {
        for (written, problem) in [
            ("\"12 吨\"", "quantity｜\"12 吨\""),
            ("\"很大\"", "quantity｜\"很大\""),
            ("\"90–80\"", "quantity｜\"90–80\""),
            ("-1", "out_of_domain｜-1"),
            ("\"-1–5\"", "out_of_domain｜\"-1–5\""),
            ("1e308", "quantity｜1e308"),
            ("inf", "quantity｜inf"),
            ("0x1F", "quantity｜0x1F"),
            ("true", "wrong_type｜true"),
            ("[1]", "wrong_type｜[1]"),
            ("2024-01-01", "wrong_type｜2024-01-01"),
            (&"9".repeat(400), &format!("quantity｜{}", "9".repeat(400))),
        ] {
            assert_eq!(
                check(&format!("land.area = {written}"), &[problem]).fact("land.area"),
                "unreadable",
                "{written}"
            );
        }
        let read = check("land.area = -1", &["out_of_domain｜-1"]);
        assert_eq!(read.help(), "取值范围为 ≥ 0 亩，请核对数值和单位");
        assert_eq!(read.problems[0].labels[0].note.zh, "用地面积");
        let long = check(
            &format!("land.area = \"{}\"", "长".repeat(9000)),
            &[&format!("quantity｜\"{}\"", "长".repeat(9000))],
        );
        assert!(long.problems[0].message.zh.len() < 600);
    }

    #[test]
    fn truth_values_are_read_as_people_write_them() {
        for (written, shown) in [
            ("true", "是"),
            ("\"有\"", "是"),
            ("\"Yes\"", "是"),
            ("\"否\"", "否"),
            ("\"无\"", "否"),
        ] {
            assert_eq!(
                check(&format!("energy.green = {written}"), &[]).fact("energy.green"),
                shown
            );
        }
        assert_eq!(
            check("energy.green = \"也许\"", &["wrong_type｜\"也许\""]).fact("energy.green"),
            "unreadable"
        );
        check("energy.green = 1", &["wrong_type｜1"]);
    }

    #[test]
    fn an_answer_is_found_by_id_or_label_and_a_wrong_one_gets_the_nearest() {
        assert_eq!(
            check("energy.fuel = \"gas\"", &[]).fact("energy.fuel"),
            "天然气"
        );
        assert_eq!(
            check("energy.fuel = \" 煤 \"", &[]).fact("energy.fuel"),
            "煤"
        );
        let read = check("energy.fuel = \"天燃气\"", &["unknown_answer｜\"天燃气\""]);
        assert_eq!(
            (read.fact("energy.fuel").as_str(), read.help()),
            ("unreadable", "是否为“天然气”（gas）？")
        );
        assert_eq!(
            check("energy.fuel = \"薪柴\"", &["unknown_answer｜\"薪柴\""]).help(),
            "可填：天然气、煤、电"
        );
        assert_eq!(
            check("industry.edition = 2017", &[]).fact("industry.edition"),
            "GB/T 4754—2017"
        );
    }

    #[test]
    fn a_code_is_read_in_its_spellings_and_a_wrong_one_gets_the_nearest() {
        for (written, shown) in [
            ("3216", "3216 铝冶炼"),
            ("\"C3216\"", "3216 铝冶炼"),
            ("\"C3200\"", "32 有色金属冶炼"),
            ("\"c32\"", "32 有色金属冶炼"),
        ] {
            assert_eq!(
                check(&format!("industry.code = {written}"), &[]).fact("industry.code"),
                shown
            );
        }
        for (written, help) in [
            ("3215", "是否为 `3216 铝冶炼`？"),
            ("\"3216 铝冶炼\"", "是否为 `3216 铝冶炼`？"),
            ("\"铝冶练\"", "是否为 `3216 铝冶炼`？"),
            ("\"铝\"", ""),
        ] {
            let read = check(
                &format!("industry.code = {written}"),
                &[&format!("unknown_code｜{written}")],
            );
            assert_eq!(
                (read.fact("industry.code").as_str(), read.help()),
                ("unreadable", help),
                "{written}"
            );
        }
    }

    #[test]
    fn a_list_with_one_wrong_item_is_unreadable_as_a_whole() {
        assert_eq!(
            check("industry.other_codes = [\"3216\", 3252]", &[]).fact("industry.other_codes"),
            "3216、3252"
        );
        let read = check(
            "industry.other_codes = [\"3216\", \"x\", true]",
            &["unknown_code｜\"x\"", "wrong_type｜true"],
        );
        assert_eq!(read.fact("industry.other_codes"), "unreadable");
        assert_eq!(
            check("industry.processes = []", &[]).fact("industry.processes"),
            ""
        );
        check("industry.processes = \"熔铸\"", &["wrong_type｜\"熔铸\""]);
    }

    #[test]
    fn a_day_that_does_not_exist_is_said_to_be_one() {
        let read = json("\"dates\": {\"filing\": \"2023-02-30\"}");
        assert_eq!(read.found(), ["impossible_date｜\"2023-02-30\""]);
        assert_eq!(read.fact("dates.filing"), "unreadable");
        let read = check("dates.filing = 2023-02-30", &["date｜2023-02-30"]);
        assert_eq!(
            (
                read.fact("dates.filing").as_str(),
                read.problems[0].message.zh.as_str()
            ),
            ("unreadable", "日期 `2023-02-30` 不存在")
        );
        assert_eq!(
            check("dates.filing = \"2023年2月3日\"", &[]).fact("dates.filing"),
            "2023-02-03"
        );
        check(
            "dates.filing = 2023-02-03T10:00:00Z",
            &["not_a_date｜2023-02-03T10:00:00Z"],
        );
        check("dates.filing = 2023", &["wrong_type｜2023"]);
        // A file is held to one spelling, and told which it is.
        for written in [
            "2023-02-03T10:00:00",
            "\"2023/2/3 0:00\"",
            "\"20230203\"",
            "20230203",
        ] {
            let read = crate::intake::fixture::toml(&format!("dates.filing = {written}"));
            assert_eq!(read.fact("dates.filing"), "unreadable", "{written}");
            assert_eq!(read.help(), "请写作 2023-02-03，不写时刻", "{written}");
        }
    }

    #[test]
    fn a_text_with_control_characters_is_refused() {
        let read = json("\"name\": \"a\\u0000b\"");
        assert_eq!(read.found(), ["control_character｜\"a\\u0000b\""]);
        assert_eq!(
            (read.fact("name").as_str(), read.projects[0].name.as_str()),
            ("unreadable", "p")
        );
    }
}
