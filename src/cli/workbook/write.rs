//! Writes a template: headings by topic, drop-downs, notes, a guide with links, and a list of all fields.
//!
//! It does not know which columns there are.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Url, Workbook, Worksheet,
    XlsxError,
};

use super::columns::{Column, Fill, Sheet};
use super::guide::Guide;
use crate::base::text::Lang;
use crate::report::layout::width;
use crate::rules::pack::Packs;

/// Rows for which drop-downs are made.
const ROWS: u32 = 2000;
/// The row of the title, of the topics and of the headings.
const TITLE: u32 = 0;
const TOPICS: u32 = 1;
const HEADINGS: u32 = 2;
/// The backgrounds of topics, one after the other.
const SHADES: [u32; 4] = [0x00DD_EBF7, 0x00E2_EFDA, 0x00FF_F2CC, 0x00ED_EDED];

struct Writer<'a> {
    lang: Lang,
    /// Where each list of answers stands in the hidden sheet: its reference.
    answers: BTreeMap<&'a [String], String>,
    answers_name: &'static str,
}

fn column_number(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// A workbook of these sheets.
pub(super) fn workbook(
    packs: &Packs,
    sheets: &[Sheet],
    guide: &Guide,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The day on which it is written would make each one different.
    let properties = DocProperties::new()
        .set_title(guide.title)
        .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    book.set_properties(&properties);
    let mut writer = Writer {
        lang,
        answers: BTreeMap::new(),
        answers_name: lang.pick("选项", "answers"),
    };
    let mut column = 0_u16;
    for planned in sheets.iter().flat_map(Sheet::columns) {
        if let Fill::Choice(answers) = &planned.fill
            && !writer.answers.contains_key(answers.as_slice())
        {
            let name = crate::base::book::column_name(u32::from(column));
            let last = answers.len() + 1;
            let reference = format!("={}!${name}$2:${name}${last}", writer.answers_name);
            writer.answers.insert(answers, reference);
            column += 1;
        }
    }
    guide_sheet(book.add_worksheet(), packs, sheets, guide, lang)?;
    for sheet in sheets {
        writer.sheet(book.add_worksheet(), sheet)?;
    }
    fields_sheet(book.add_worksheet(), sheets, lang)?;
    writer.answers_sheet(book.add_worksheet(), sheets)?;
    book.save_to_buffer()
}

impl Writer<'_> {
    fn sheet(&self, out: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
        out.set_name(&sheet.name)?;
        let title = Format::new().set_bold().set_font_size(12);
        out.write_string_with_format(TITLE, 0, &sheet.title, &title)?;
        out.set_row_height(TITLE, 22)?;
        out.set_row_height(HEADINGS, 64)?;
        let mut at = 0;
        let mut shades = SHADES.iter().cycle();
        for topic in &sheet.topics {
            let shade = Color::RGB(*shades.next().unwrap_or(&0x00ED_EDED));
            let first = column_number(at);
            for column in &topic.columns {
                self.column(out, column_number(at), column, shade)?;
                at += 1;
            }
            let last = column_number(at.saturating_sub(1));
            if topic.title.is_empty() {
                continue;
            }
            let banner = Format::new()
                .set_bold()
                .set_background_color(shade)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x00BF_BFBF));
            if last > first {
                out.merge_range(TOPICS, first, TOPICS, last, &topic.title, &banner)?;
                // The first column of a topic stays when the rest is folded away.
                if sheet.topics.len() > 2 && at > usize::from(sheet.frozen) && first > 0 {
                    out.group_columns(first + 1, last)?;
                }
            } else {
                out.write_string_with_format(TOPICS, first, &topic.title, &banner)?;
            }
        }
        out.group_symbols_to_left(true);
        out.set_freeze_panes(HEADINGS + 1, sheet.frozen)?;
        out.set_landscape();
        out.set_paper_size(8);
        out.set_repeat_rows(TOPICS, HEADINGS)?;
        Ok(())
    }

    fn column(
        &self,
        out: &mut Worksheet,
        number: u16,
        column: &Column,
        shade: Color,
    ) -> Result<(), XlsxError> {
        let mut heading = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(shade)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00BF_BFBF));
        if column.needed {
            heading = heading.set_font_color(Color::RGB(0x00C0_0000));
        }
        let cells = match column.fill {
            Fill::Words | Fill::Code | Fill::Goals => Format::new().set_num_format("@"),
            Fill::Day => Format::new().set_num_format("yyyy-mm-dd"),
            _ => Format::new(),
        };
        out.set_column_format(number, &cells)?;
        // The unit stands on a line of its own.
        let words = match column.heading.rsplit_once(self.lang.pick("（", " (")) {
            Some((label, unit)) => format!("{label}\n{}{unit}", self.lang.pick("（", "(")),
            None => column.heading.clone(),
        };
        let longest = words.lines().map(width).max().unwrap_or(0);
        let word = words.split_whitespace().map(width).max().unwrap_or(0);
        // Two or three lines, and no word of a Latin script is broken.
        let wide = (longest.div_ceil(2) + 4)
            .max(word.min(22) + 3)
            .clamp(10, 26);
        let wide = u32::try_from(wide).unwrap_or(10);
        out.set_column_width(number, wide)?;
        out.write_string_with_format(HEADINGS, number, words, &heading)?;
        if !column.note.is_empty() {
            let note = Note::new(&column.note)
                .add_author_prefix(false)
                .set_font_name("SimSun")
                .set_font_size(9)
                .set_width(260)
                .set_height(note_height(&column.note));
            out.insert_note(HEADINGS, number, &note)?;
        }
        if let Some(validation) = self.validation(column)? {
            out.add_data_validation(HEADINGS + 1, number, HEADINGS + ROWS, number, &validation)?;
        }
        Ok(())
    }

    /// The drop-down or the hint of a column.
    fn validation(&self, column: &Column) -> Result<Option<DataValidation>, XlsxError> {
        let new = DataValidation::new;
        let (yes, no) = (self.lang.pick("是", "yes"), self.lang.pick("否", "no"));
        let hint = match &column.fill {
            Fill::Figure(unit) if !unit.is_empty() => match self.lang {
                Lang::Zh => format!("不写单位的按{unit}；也可以写单位或范围。"),
                Lang::En => format!("In {unit} unless a unit is written; ranges are fine."),
            },
            _ => String::new(),
        };
        let validation = match &column.fill {
            Fill::Choice(answers) => {
                let reference = self.answers.get(answers.as_slice());
                reference.map(|reference| new().allow_list_formula(Formula::new(reference)))
            }
            Fill::YesNo => Some(new().allow_list_strings(&[yes, no])?),
            Fill::AnyNone => {
                let (any, none) = (self.lang.pick("有", "yes"), self.lang.pick("无", "none"));
                Some(new().allow_list_strings(&[any, none])?)
            }
            Fill::Day => {
                let first = ExcelDateTime::from_ymd(1950, 1, 1)?;
                let rule = DataValidationRule::GreaterThanOrEqualTo(first);
                let warning = DataValidationErrorStyle::Warning;
                Some(new().allow_date(rule).set_error_style(warning))
            }
            Fill::Figure(_) if !hint.is_empty() => Some(new().allow_any_value()),
            _ => None,
        };
        let Some(mut validation) = validation else {
            return Ok(None);
        };
        if matches!(column.fill, Fill::Choice(_) | Fill::YesNo | Fill::AnyNone) {
            validation = validation
                .set_error_title(self.lang.pick("请从列表中选择", "choose from the list"))?;
        }
        if !hint.is_empty() {
            validation = validation.set_input_message(hint)?;
        }
        Ok(Some(validation))
    }

    /// The lists of answers, on a sheet that people need not see.
    fn answers_sheet(&self, out: &mut Worksheet, sheets: &[Sheet]) -> Result<(), XlsxError> {
        out.set_name(self.answers_name)?;
        let mut written: Vec<&[String]> = Vec::new();
        for column in sheets.iter().flat_map(Sheet::columns) {
            let Fill::Choice(answers) = &column.fill else {
                continue;
            };
            if written.contains(&answers.as_slice()) {
                continue;
            }
            let number = column_number(written.len());
            out.write_string(0, number, &column.path)?;
            for (row, answer) in (1..).zip(answers) {
                out.write_string(row, number, answer)?;
            }
            written.push(answers);
        }
        out.set_hidden(true);
        Ok(())
    }
}

/// The height of a note in pixels.
fn note_height(note: &str) -> u32 {
    let lines = width(note).div_ceil(40).clamp(2, 20);
    u32::try_from(lines).unwrap_or(2) * 16 + 12
}

fn guide_sheet(
    out: &mut Worksheet,
    packs: &Packs,
    sheets: &[Sheet],
    guide: &Guide,
    lang: Lang,
) -> Result<(), XlsxError> {
    let name = lang.pick("填表说明", "guide");
    out.set_name(name)?;
    out.set_column_width(0, 24)?;
    out.set_column_width(1, 90)?;
    let title = Format::new().set_bold().set_font_size(16);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let bold = Format::new().set_bold();
    out.write_string_with_format(0, 0, guide.title, &title)?;
    out.set_row_height(0, 28)?;
    let mut row = 1;
    for line in guide.lines {
        out.merge_range(row, 0, row, 1, line, &wrap)?;
        let lines = width(line).div_ceil(104).max(1);
        out.set_row_height(row, u32::try_from(lines).unwrap_or(1) * 17)?;
        row += 1;
    }
    row += 1;
    out.write_string_with_format(row, 0, lang.pick("工作表", "sheet"), &bold)?;
    let fields = lang.pick("内容（点击前往）", "content (follow the links)");
    out.write_string_with_format(row, 1, fields, &bold)?;
    row += 1;
    for sheet in sheets {
        let mut at = 0;
        for (number, topic) in sheet.topics.iter().enumerate() {
            if number == 0 {
                let link = Url::new(format!("internal:'{}'!A1", sheet.name)).set_text(&sheet.name);
                out.write(row, 0, &link)?;
            }
            let words = if topic.title.is_empty() {
                &sheet.title
            } else {
                &topic.title
            };
            let column = crate::base::book::column_name(at);
            let link = Url::new(format!("internal:'{}'!{column}2", sheet.name)).set_text(words);
            out.write(row, 1, &link)?;
            at += u32::try_from(topic.columns.len()).unwrap_or(0);
            row += 1;
        }
    }
    out.set_print_fit_to_pages(1, 0);
    row += 1;
    for head in &packs.heads {
        let words = format!("{} {} · {}", head.id, head.version, head.title.get(lang));
        out.write_string(row, 0, lang.pick("规则包", "pack"))?;
        out.write_string(row, 1, words)?;
        row += 1;
    }
    Ok(())
}

/// Every column with its field, answers and note, for reading and printing.
fn fields_sheet(out: &mut Worksheet, sheets: &[Sheet], lang: Lang) -> Result<(), XlsxError> {
    out.set_name(lang.pick("字段说明", "fields"))?;
    let bold = Format::new()
        .set_bold()
        .set_background_color(Color::RGB(0x00DD_EBF7));
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let heads = [
        (lang.pick("工作表", "sheet"), 14),
        (lang.pick("主题", "topic"), 16),
        (lang.pick("列标题", "heading"), 34),
        (lang.pick("字段", "field"), 34),
        (lang.pick("填法", "how"), 46),
        (lang.pick("说明", "note"), 60),
    ];
    for (number, (head, wide)) in heads.into_iter().enumerate() {
        out.write_string_with_format(0, column_number(number), head, &bold)?;
        out.set_column_width(column_number(number), wide)?;
    }
    let mut row = 1;
    for sheet in sheets {
        for topic in &sheet.topics {
            for column in &topic.columns {
                let how = match &column.fill {
                    Fill::Words => lang.pick("文字", "text").to_owned(),
                    Fill::Figure(unit) if unit.is_empty() => lang.pick("数", "number").to_owned(),
                    Fill::Figure(unit) => match lang {
                        Lang::Zh => format!("数，单位 {unit}"),
                        Lang::En => format!("number in {unit}"),
                    },
                    Fill::Day => lang.pick("日期", "day").to_owned(),
                    Fill::Choice(answers) => answers.join(lang.pick("、", ", ")),
                    Fill::YesNo => lang.pick("是、否", "yes, no").to_owned(),
                    Fill::AnyNone => lang.pick("有、无", "yes, none").to_owned(),
                    Fill::Code => lang.pick("代码", "code").to_owned(),
                    Fill::Goals => lang.pick("编号", "ids").to_owned(),
                };
                let cells = [
                    &sheet.name,
                    &topic.title,
                    &column.heading,
                    &column.path,
                    &how,
                    &column.note,
                ];
                for (number, text) in cells.into_iter().enumerate() {
                    out.write_string_with_format(row, column_number(number), text, &wrap)?;
                }
                row += 1;
            }
        }
    }
    out.set_freeze_panes(1, 0)?;
    out.autofilter(0, 0, row.saturating_sub(1), 5)?;
    out.set_landscape();
    out.set_print_fit_to_pages(1, 0);
    Ok(())
}
