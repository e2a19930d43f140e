//! The workbook: projects, findings, what is lacking and from whom, goals, totals, problems; a row for each.
//!
//! Every word is written as text: nothing a submission says is a formula. Equal runs give equal bytes.
//! It does not choose findings: rules that do not apply have a sheet of their own.

mod sheets;

use std::io::{self, Write};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::excerpt::Excerpts;
use super::layout::{clean, width};
use super::page::Tone;
use super::{Assessment, DISCLAIMER, opinion};
use crate::base::text::Lang;

/// Characters that a cell holds at most; what is longer ends in `…`.
const LONGEST: usize = 32_000;
/// Rows of a sheet at most; further ones go on a sheet of the same name with a number.
const ROWS: usize = 1_000_000;

/// Columns of text that can be read beside each other on a printed page.
const PAGE: u16 = 190;
/// The height of a line, and the highest row, in points.
const LINE: u32 = 15;
const HIGHEST: u32 = 400;

/// Writes the workbook.
pub(super) fn write(run: &Assessment<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let bytes = Book::new(run, lang).write().map_err(io::Error::other)?;
    out.write_all(&bytes)
}

/// What stands in a cell.
enum Value {
    Text(String),
    Toned(String, Tone),
    Number(usize),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Value {
    fn from(lines: Vec<String>) -> Self {
        Self::Text(lines.join("\n"))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

/// A sheet: its name, its columns with their widths, its rows.
struct Sheet {
    name: &'static str,
    columns: Vec<(String, u16)>,
    rows: Vec<Vec<Value>>,
    /// True if the head of a column stands upright and narrow.
    narrow_heads: bool,
}

impl Sheet {
    fn new(name: &'static str, columns: &[(&str, u16)]) -> Self {
        Self {
            name,
            columns: columns
                .iter()
                .map(|(head, width)| ((*head).to_owned(), *width))
                .collect(),
            rows: Vec::new(),
            narrow_heads: false,
        }
    }
}

struct Book<'a, 'r> {
    run: &'a Assessment<'r>,
    excerpts: Excerpts<'a>,
    lang: Lang,
}

impl<'a, 'r> Book<'a, 'r> {
    fn new(run: &'a Assessment<'r>, lang: Lang) -> Self {
        Self {
            run,
            excerpts: Excerpts::new(run.sources),
            lang,
        }
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // The day on which a workbook was made is not part of what it says.
        let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let properties = DocProperties::new()
            .set_title(self.pick(opinion::TITLE.0, opinion::TITLE.1))
            .set_author("hegui")
            .set_comment(self.pick(DISCLAIMER.0, DISCLAIMER.1))
            .set_creation_datetime(&day);
        book.set_properties(&properties);
        let (findings, others) = self.findings();
        let sheets = [
            self.about(),
            self.projects(),
            findings,
            self.missing(),
            self.goals(),
            self.totals(),
            others,
            self.problems(),
        ];
        for sheet in &sheets {
            self.sheet(&mut book, sheet)?;
        }
        book.save_to_buffer()
    }

    /// Writes a sheet with its head frozen and filtered, ready to be printed.
    fn sheet(&self, book: &mut Workbook, sheet: &Sheet) -> Result<(), XlsxError> {
        let parts = sheet.rows.chunks(ROWS);
        let empty: &[Vec<Value>] = &[];
        let parts: Vec<&[Vec<Value>]> = if sheet.rows.is_empty() {
            vec![empty]
        } else {
            parts.collect()
        };
        for (number, rows) in parts.into_iter().enumerate() {
            let worksheet = book.add_worksheet();
            let name = if number == 0 {
                sheet.name.to_owned()
            } else {
                format!("{} {}", sheet.name, number + 1)
            };
            worksheet.set_name(name)?;
            self.fill(worksheet, sheet, rows)?;
        }
        Ok(())
    }

    fn fill(
        &self,
        worksheet: &mut Worksheet,
        sheet: &Sheet,
        rows: &[Vec<Value>],
    ) -> Result<(), XlsxError> {
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00C8_CDD3));
        let head = cell
            .clone()
            .set_bold()
            .set_background_color(Color::RGB(0x00E6_EAF0))
            .set_align(FormatAlign::VerticalCenter);
        let toned = |tone: Tone| {
            let (fill, text) = match tone {
                Tone::Bad => (0x00FD_E4E1, 0x005C_1010),
                Tone::Open => (0x00FF_F6D6, 0x004A_2F05),
                Tone::Good => (0x00E3_F4E6, 0x0012_391F),
                _ => return cell.clone(),
            };
            cell.clone()
                .set_background_color(Color::RGB(fill))
                .set_font_color(Color::RGB(text))
        };
        let tones = [Tone::Bad, Tone::Open, Tone::Good].map(|tone| (tone, toned(tone)));
        let last = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        for (at, (words, width)) in sheet.columns.iter().enumerate() {
            let Ok(at) = u16::try_from(at) else { break };
            worksheet.write_string_with_format(0, at, text_of(words), &head)?;
            worksheet.set_column_width(at, f64::from(*width))?;
        }
        if sheet.narrow_heads {
            worksheet.set_row_height(0, 96)?;
        }
        for (row, values) in (1u32..).zip(rows) {
            worksheet.set_row_height(row, height(values, &sheet.columns))?;
            for (at, value) in (0u16..).zip(values) {
                match value {
                    Value::Number(number) => {
                        let number = f64::from(u32::try_from(*number).unwrap_or(u32::MAX));
                        worksheet.write_number_with_format(row, at, number, &cell)?;
                    }
                    Value::Text(text) => {
                        worksheet.write_string_with_format(row, at, text_of(text), &cell)?;
                    }
                    Value::Toned(text, tone) => {
                        let look = tones.iter().find(|(t, _)| t == tone);
                        let look = look.map_or(&cell, |(_, look)| look);
                        worksheet.write_string_with_format(row, at, text_of(text), look)?;
                    }
                }
            }
        }
        let rows = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.autofilter(0, 0, rows, last)?;
        worksheet.set_landscape();
        worksheet.set_paper_size(9);
        // A wide sheet takes several pages side by side: on one it could not be read.
        let total: u16 = sheet.columns.iter().map(|(_, width)| width).sum();
        worksheet.set_print_fit_to_pages(total.div_ceil(PAGE).max(1), 0);
        if total > PAGE && last > 1 {
            worksheet.set_repeat_columns(0, 1)?;
        }
        worksheet.set_repeat_rows(0, 0)?;
        worksheet.set_margins(0.4, 0.4, 0.6, 0.7, 0.3, 0.3);
        let foot = self.pick(DISCLAIMER.0, DISCLAIMER.1);
        worksheet.set_header(format!(
            "&L{}&R&A",
            self.pick(opinion::TITLE.0, opinion::TITLE.1)
        ));
        worksheet.set_footer(format!("&L&8{foot}&R&P / &N"));
        Ok(())
    }
}

/// The height in which a row shows its words: not every program finds it out when it opens a workbook.
fn height(values: &[Value], columns: &[(String, u16)]) -> u32 {
    let lines = |(value, (_, columns)): (&Value, &(String, u16))| {
        let text = match value {
            Value::Text(text) | Value::Toned(text, _) => text,
            Value::Number(_) => return 1,
        };
        let room = usize::from(*columns).saturating_sub(1).max(1);
        // A line beyond the highest row does not make it higher.
        let most = (HIGHEST / LINE) as usize;
        let lines = text.lines().take(most);
        lines.map(|line| width(line).div_ceil(room).max(1)).sum()
    };
    let lines: usize = values.iter().zip(columns).map(lines).max().unwrap_or(1);
    let lines = u32::try_from(lines.max(1)).unwrap_or(u32::MAX);
    lines.saturating_mul(LINE).min(HIGHEST)
}

/// Text that a cell can hold.
fn text_of(text: &str) -> String {
    let text = clean(text);
    // Counted as the format counts: in units of UTF-16.
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return text;
    }
    let mut kept = String::new();
    let mut units = 0;
    for c in text.chars() {
        units += c.len_utf16();
        if units >= LONGEST {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}
