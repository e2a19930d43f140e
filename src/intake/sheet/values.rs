//! One cell as a node of the tree: what a sheet adds to a value, and what it takes from it.
//!
//! A cell that cannot be read is told of and becomes `Unread`: something stands there that is not known.

use super::heading::Unit;
use super::layout::Column;
use crate::base::book::{Cell, Held};
use crate::base::date::Date;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::folded;
use crate::base::tree::{Datum, Node};
use crate::intake::known::shown;
use crate::model::field::{Field, FieldType, Vocabulary};
use crate::text;

/// Digits that a sheet keeps of a number.
const DIGITS: usize = 15;

/// What a cell is read for.
#[derive(Clone, Copy)]
pub(super) enum For<'a> {
    /// A field.
    Field(&'a Vocabulary, &'a Field),
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// A figure with a unit of its own.
    Figure,
    /// A day.
    Day,
    /// Anything: its kind is not known.
    Any,
}

/// The node of a cell. None if the cell says nothing, which is not the same as saying that there is nothing.
pub(super) fn node(
    wanted: For<'_>,
    column: &Column,
    held: &Held,
    problems: &mut Vec<Problem>,
) -> Option<Node> {
    let place = held.place;
    let datum = match &held.cell {
        Cell::Uncomputed(formula) => {
            problems.push(uncomputed(formula, place));
            Datum::Unread
        }
        Cell::Error(error) => {
            problems.push(error_value(error, place));
            Datum::Unread
        }
        Cell::Scaled(number) => {
            problems.push(scaled(number, place));
            Datum::Unread
        }
        Cell::Bool(truth) => Datum::Bool(*truth),
        Cell::Date(day) => Datum::Date(day.clone()),
        Cell::Number(number) => from_number(wanted, column, number, place, problems),
        Cell::Text(text) => {
            if says_nothing(text) {
                problems.push(placeholder(text, place));
                return None;
            }
            from_text(wanted, column, text, place, problems)
        }
    };
    Some(Node { datum, place })
}

fn from_number(
    wanted: For<'_>,
    column: &Column,
    number: &str,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Datum {
    let bare = is_bare(number);
    let is_words = match wanted {
        For::Field(_, field) => matches!(
            field.kind,
            FieldType::Text | FieldType::Texts | FieldType::Code(_) | FieldType::Codes(_)
        ),
        For::Text | For::Texts => true,
        For::Figure | For::Day | For::Any => false,
    };
    if is_words {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if digits > DIGITS {
            problems.push(lost_digits(number, place));
            return Datum::Unread;
        }
        let one = Node {
            datum: Datum::Number(number.to_owned()),
            place,
        };
        return if is_list(wanted) {
            Datum::List(vec![one])
        } else {
            one.datum
        };
    }
    if !bare {
        return Datum::Text(number.to_owned());
    }
    if let Some(day) = moment(wanted, number) {
        return day;
    }
    match (&column.unit, is_figure(wanted)) {
        (Unit::Stated(unit), true) => Datum::Text(format!("{number} {unit}")),
        (Unit::Unclear(unit), true) => {
            problems.push(unclear(column, unit));
            Datum::Unread
        }
        _ => Datum::Number(number.to_owned()),
    }
}

fn from_text(
    wanted: For<'_>,
    column: &Column,
    text: &str,
    place: Place,
    problems: &mut Vec<Problem>,
) -> Datum {
    if is_list(wanted) {
        let wanted = folded(text);
        let none = is_none(&wanted);
        let items = text
            .split(['、', '，', ',', ';', '；', '\n', '\r'])
            .map(str::trim)
            .filter(|item| !item.is_empty() && !none)
            .map(|item| Node {
                datum: Datum::Text(item.to_owned()),
                place,
            });
        return Datum::List(items.collect());
    }
    if let Some(day) = moment(wanted, text) {
        return day;
    }
    if is_figure(wanted) && is_bare_figure(text) {
        match &column.unit {
            Unit::Stated(unit) => return Datum::Text(format!("{} {unit}", text.trim())),
            Unit::Unclear(unit) => {
                problems.push(unclear(column, unit));
                return Datum::Unread;
            }
            Unit::Own => {}
        }
    }
    if let For::Field(vocabulary, field) = wanted
        && let FieldType::Code(list) = field.kind
        && let Some(list) = vocabulary.list(list)
        && list.find_written(text).is_none()
    {
        // `3216 铝冶炼`: a code with its name.
        let folded = folded(text);
        if let Some((code, name)) = folded.split_once(char::is_whitespace)
            && let Some(entry) = list.find_written(code).and_then(|id| list.entry(id))
            && (entry.name.zh == name.trim() || entry.name.en == name.trim())
        {
            return Datum::Text(code.to_owned());
        }
    }
    Datum::Text(text.to_owned())
}

fn is_list(wanted: For<'_>) -> bool {
    match wanted {
        For::Field(_, field) => matches!(field.kind, FieldType::Texts | FieldType::Codes(_)),
        For::Texts => true,
        For::Text | For::Figure | For::Day | For::Any => false,
    }
}

fn is_figure(wanted: For<'_>) -> bool {
    match wanted {
        For::Field(_, field) => field.kind == FieldType::Number,
        For::Figure => true,
        For::Text | For::Texts | For::Day | For::Any => false,
    }
}

/// The day of a text that also tells the time, or of eight digits. As in a cell with a date format, the day counts.
fn moment(wanted: For<'_>, written: &str) -> Option<Datum> {
    let is_day = match wanted {
        For::Field(_, field) => field.kind == FieldType::Date,
        For::Day => true,
        For::Text | For::Texts | For::Figure | For::Any => false,
    };
    let day = is_day.then(|| Date::of_moment(written)).flatten()?;
    Some(Datum::Date(day.to_string()))
}

/// True for words that say that there is nothing.
pub(super) fn is_none(folded: &str) -> bool {
    matches!(folded.to_lowercase().as_str(), "无" | "没有" | "none")
}

/// True for digits without a unit.
fn is_bare(number: &str) -> bool {
    number
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'e' | b'E' | b'+'))
}

/// True for a figure or range to which a unit may be added: digits and their signs, and 万 or 亿.
fn is_bare_figure(text: &str) -> bool {
    let sign = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(
                c,
                '.' | ',' | '，' | '_' | '+' | '-' | '−' | '–' | '—' | '~' | '〜' | '∼' | '至'
            )
            || matches!(c, 'e' | 'E' | '万' | '亿')
    };
    let folded = folded(text);
    folded.chars().all(sign) && folded.contains(|c: char| c.is_ascii_digit())
}

/// True for strokes that people draw through a cell.
pub(super) fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.chars().all(|c| {
            matches!(
                c,
                '/' | '\\' | '-' | '—' | '–' | '―' | '－' | '／' | '＼' | '…' | '_'
            )
        })
}

fn uncomputed(formula: &str, place: Place) -> Problem {
    let formula = shown(formula);
    let message = text!(
        "公式 `{formula}` 没有保存计算结果，按未知处理",
        "the formula `{formula}` has no stored result and counts as unknown"
    );
    Problem::error("hegui::sheet::uncomputed", place, message).help(text!(
        "请用表格软件打开，重新计算并保存；或直接填写数值",
        "open the workbook in a spreadsheet program, recalculate and save it, or write the value"
    ))
}

fn error_value(error: &str, place: Place) -> Problem {
    let error = shown(error);
    let message = text!(
        "单元格是错误值 `{error}`，按未知处理",
        "the cell holds the error `{error}` and counts as unknown"
    );
    Problem::error("hegui::sheet::error_value", place, message).help(text!(
        "请更正公式，或直接填写数值",
        "correct the formula, or write the value"
    ))
}

fn scaled(number: &str, place: Place) -> Problem {
    let number = shown(number);
    let message = text!(
        "单元格的数字格式改变了显示的数值（实际保存的是 {number}），无法确定填报的是哪一个",
        "the number format shows another figure than the {number} that is stored, so which is meant is not known"
    );
    Problem::error("hegui::sheet::scaled_format", place, message).help(text!(
        "请把单元格格式改为“常规”，填写数值和单位",
        "set the cell's format to General and write the number with its unit"
    ))
}

fn placeholder(written: &str, place: Place) -> Problem {
    let written = shown(written);
    let message = text!(
        "`{written}` 看不出是“没有”还是“不清楚”，按未填处理",
        "`{written}` may mean none or not known, and counts as not filled in"
    );
    Problem::warning("hegui::sheet::placeholder", place, message).help(text!(
        "没有的填 0、否或“无”；不清楚的留空",
        "write 0, no or none if there is nothing, and leave the cell empty if it is not known"
    ))
}

fn lost_digits(number: &str, place: Place) -> Problem {
    let number = shown(number);
    let message = text!(
        "`{number}` 超过 {DIGITS} 位，表格按数值保存时已丢失末尾数字",
        "`{number}` has more than {DIGITS} digits, and as a number the sheet has lost the last of them"
    );
    Problem::error("hegui::sheet::lost_digits", place, message).help(text!(
        "请先把单元格格式设为“文本”，再重新填写",
        "set the cell's format to Text and type it again"
    ))
}

fn unclear(column: &Column, unit: &str) -> Problem {
    let unit = shown(unit);
    let message = text!(
        "列标题中的 `{unit}` 不是这一字段的单位，本列未带单位的数值按未知处理",
        "`{unit}` in the heading is no unit of this field, so figures without a unit count as unknown here"
    );
    Problem::error("hegui::sheet::heading_unit", column.place, message).help(text!(
        "请把标题中的单位改为字段的单位，或在单元格内写明单位",
        "write a unit of the field in the heading, or write the unit in each cell"
    ))
}

#[cfg(test)]
mod tests {
    use crate::intake::Format;
    use crate::intake::fixture;
    use crate::intake::sheet::fixture::{book, check, row};

    #[test]
    fn a_figure_takes_the_unit_of_its_cell_then_of_its_heading_then_of_the_field() {
        check("用地面积（公顷）", "12.6", "land.area", "189 亩", &[]);
        check("用地面积（公顷）", "'１２．６", "land.area", "189 亩", &[]);
        check("用地面积（公顷）", "12.6亩", "land.area", "12.6 亩", &[]);
        check("用地面积（公顷）", "10–12", "land.area", "150–180 亩", &[]);
        check("总投资（元）", "1.2万", "total_investment", "1.2 万元", &[]);
        check(
            "电力（万kWh/年）",
            "3",
            "energy.electricity",
            "30,000 kWh/年",
            &[],
        );
        check(
            "用地面积（公顷）",
            "'12.6 吨",
            "land.area",
            "unreadable",
            &["quantity｜12.6 吨"],
        );
    }

    #[test]
    fn values_are_read_as_people_write_them_in_cells() {
        for day in [
            "@2025-03-01",
            "2025年3月1日",
            "2025-03-01",
            "2025/3/1",
            "２０２５．３．１",
        ] {
            check("立项日期", day, "dates.filing", "2025-03-01", &[]);
        }
        for day in [
            "2025-03-01 14:30",
            "2025-03-01T14:30:00",
            "2025/3/1 0:00",
            "20250301",
            "'20250301",
        ] {
            check("立项日期", day, "dates.filing", "2025-03-01", &[]);
            let read = book(&[(
                "项目表",
                &["项目名称|申报日期|办理环节", &format!("甲厂|{day}|备案")],
            )]);
            let submitted = read.projects[0].submitted.unwrap();
            assert_eq!(
                (read.found(), submitted.date.to_string().as_str()),
                (vec![], "2025-03-01")
            );
        }
        for day in ["'20250230", "'2025-03-01T16:00:00Z", "'2025-02-30 14:30"] {
            let told = format!("not_a_date｜{}", day.trim_start_matches('\''));
            check("立项日期", day, "dates.filing", "unreadable", &[&told]);
        }
        for yes in ["是", "√", "有", "√√", "Y"] {
            check("绿电", yes, "energy.green", "是", &[]);
        }
        for no in ["否", "×", "无"] {
            check("绿电", no, "energy.green", "否", &[]);
        }
        check("主要燃料", "天然气", "energy.fuel", "天然气", &[]);
        check("行业代码", "3216", "industry.code", "3216 铝冶炼", &[]);
        check(
            "行业代码",
            "3216 铝冶炼",
            "industry.code",
            "3216 铝冶炼",
            &[],
        );
        check(
            "工艺",
            "熔铸、压延；热处理",
            "industry.processes",
            "熔铸、压延、热处理",
            &[],
        );
        check("工艺", "无", "industry.processes", "", &[]);
        check("其他行业代码", "3216", "industry.other_codes", "3216", &[]);
        check("项目代码", "2404", "code", "2404", &["project_code｜2404"]);
    }

    #[test]
    fn a_cell_that_cannot_be_read_is_unknown_and_its_place_is_told() {
        check(
            "用地面积",
            "=C2*2",
            "land.area",
            "unreadable",
            &["uncomputed｜=C2*2"],
        );
        check(
            "用地面积",
            "#N/A",
            "land.area",
            "unreadable",
            &["error_value｜#N/A"],
        );
        check("用地面积", "/", "land.area", "missing", &["placeholder｜/"]);
        check(
            "用地面积",
            "无",
            "land.area",
            "unreadable",
            &["quantity｜无"],
        );
        check(
            "项目代码",
            "2405201105650100000000",
            "code",
            "unreadable",
            &["lost_digits｜2405201105650100000000"],
        );
        check(
            "立项日期",
            "45717",
            "dates.filing",
            "unreadable",
            &["wrong_type｜45717"],
        );
        let read = row("用地面积", "#N/A");
        let place = read.sources.describe(read.problems[0].place());
        assert_eq!(place.as_deref(), Some("申报.xlsx:项目表!D2"));
        let read = book(&[(
            "项目表",
            &["项目名称|申报日期|办理环节", "甲厂|=TODAY()|备案"],
        )]);
        assert_eq!(read.found(), ["uncomputed｜=TODAY()"]);
        assert_eq!(read.projects[0].submitted, None);
    }

    #[test]
    fn an_unreadable_cell_of_a_closed_group_is_not_closed_to_nothing() {
        for cell in ["=A1", "#REF!"] {
            let read = row("原煤|电力|能源填报完整", &format!("{cell}||是"));
            assert_eq!(
                (
                    read.fact("energy.raw_coal"),
                    read.fact("energy.electricity")
                ),
                ("unreadable".into(), "0 kWh/年 closed".into())
            );
        }
        // A csv file has the same law.
        let csv = fixture::read(
            "项目名称,申报日期,办理环节,原煤（亩）,能源填报完整\n甲厂,2024-06-01,备案,5,是\n",
            Format::Csv,
        );
        assert_eq!(csv.fact("energy.raw_coal"), "unreadable");
        assert_eq!(csv.found(), ["heading_unit｜原煤（亩）"]);
    }
}
