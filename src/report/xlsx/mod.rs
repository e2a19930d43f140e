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

/// Projects of a run at most for which all rows are held in memory. The rows of more go through a temporary file, which
/// has no name and is gone when the program ends, however it ends: ten thousand projects have a million rows.
const HELD: usize = 100;

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

/// The head of a sheet: its name, and its columns with their widths.
struct Head {
    name: &'static str,
    columns: Vec<(String, u16)>,
    /// True if the head of a column stands upright and narrow.
    narrow_heads: bool,
}

/// A sheet of few rows: its head and its rows.
struct Sheet {
    head: Head,
    rows: Vec<Vec<Value>>,
}

impl Sheet {
    fn new(name: &'static str, columns: &[(&str, u16)]) -> Self {
        Self {
            head: Head::new(name, columns),
            rows: Vec::new(),
        }
    }
}

impl Head {
    fn new(name: &'static str, columns: &[(&str, u16)]) -> Self {
        Self {
            name,
            columns: columns
                .iter()
                .map(|(head, width)| ((*head).to_owned(), *width))
                .collect(),
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
        self.sheet(&mut book, self.about())?;
        self.sheet(&mut book, self.projects())?;
        self.findings(&mut book)?;
        self.sheet(&mut book, self.missing())?;
        self.sheet(&mut book, self.goals())?;
        self.sheet(&mut book, self.totals())?;
        self.others(&mut book)?;
        self.sheet(&mut book, self.problems())?;
        book.save_to_buffer()
    }

    /// Writes a sheet whose rows are known.
    fn sheet(&self, book: &mut Workbook, sheet: Sheet) -> Result<(), XlsxError> {
        let rows = sheet.rows;
        let mut filling = Filling::new(self, book, sheet.head)?;
        for row in rows {
            filling.push(row)?;
        }
        filling.finish()
    }
}

/// A sheet that is being written, row by row: its head frozen and filtered, ready to be printed.
struct Filling<'b, 'a, 'r> {
    of: &'b Book<'a, 'r>,
    book: &'b mut Workbook,
    head: Head,
    looks: Looks,
    /// Sheets of the name so far.
    parts: usize,
    /// Rows of the last one, without its head.
    rows: usize,
    /// A row that is not written yet: the last of a sheet that goes through a file is written in another way.
    next: Option<Vec<Value>>,
}

/// How cells look.
struct Looks {
    cell: Format,
    head: Format,
    tones: [(Tone, Format); 3],
}

impl Looks {
    fn new() -> Self {
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
        Self { cell, head, tones }
    }
}

impl<'b, 'a, 'r> Filling<'b, 'a, 'r> {
    fn new(of: &'b Book<'a, 'r>, book: &'b mut Workbook, head: Head) -> Result<Self, XlsxError> {
        let mut filling = Self {
            of,
            book,
            head,
            looks: Looks::new(),
            parts: 0,
            rows: 0,
            next: None,
        };
        filling.begin()?;
        Ok(filling)
    }

    fn last(&mut self) -> Result<&mut Worksheet, XlsxError> {
        let last = self.book.worksheets().len().saturating_sub(1);
        self.book.worksheet_from_index(last)
    }

    /// True if its rows go through a file.
    fn is_long(&self) -> bool {
        self.of.run.projects.len() > HELD && !self.head.narrow_heads
    }

    fn begin(&mut self) -> Result<(), XlsxError> {
        if self.is_long() {
            self.book.add_worksheet_with_low_memory()?;
        } else {
            self.book.add_worksheet();
        }
        (self.parts, self.rows) = (self.parts + 1, 0);
        let name = match self.parts {
            1 => self.head.name.to_owned(),
            part => format!("{} {part}", self.head.name),
        };
        let (columns, is_narrow) = (self.head.columns.clone(), self.head.narrow_heads);
        let look = self.looks.head.clone();
        let worksheet = self.last()?;
        worksheet.set_name(name)?;
        if is_narrow {
            worksheet.set_row_height(0, 96)?;
        }
        for (at, (words, width)) in (0u16..).zip(&columns) {
            worksheet.set_column_width(at, f64::from(*width))?;
            worksheet.write_string_with_format(0, at, text_of(words), &look)?;
        }
        Ok(())
    }

    /// Writes a row below those before it.
    fn push(&mut self, values: Vec<Value>) -> Result<(), XlsxError> {
        if self.next.is_some() && self.rows + 1 >= ROWS {
            self.end()?;
            self.begin()?;
        }
        if let Some(before) = self.next.replace(values) {
            self.row(&before, true)?;
        }
        Ok(())
    }

    fn row(&mut self, values: &[Value], has_height: bool) -> Result<(), XlsxError> {
        self.rows += 1;
        let row = u32::try_from(self.rows).unwrap_or(u32::MAX);
        let height = height(values, &self.head.columns);
        let looks = &self.looks;
        let last = self.book.worksheets().len().saturating_sub(1);
        let worksheet = self.book.worksheet_from_index(last)?;
        if has_height {
            worksheet.set_row_height(row, height)?;
        }
        for (at, value) in (0u16..).zip(values) {
            match value {
                Value::Number(number) => {
                    let number = f64::from(u32::try_from(*number).unwrap_or(u32::MAX));
                    worksheet.write_number_with_format(row, at, number, &looks.cell)?;
                }
                Value::Text(text) => {
                    worksheet.write_string_with_format(row, at, text_of(text), &looks.cell)?;
                }
                Value::Toned(text, tone) => {
                    let look = looks.tones.iter().find(|(t, _)| t == tone);
                    let look = look.map_or(&looks.cell, |(_, look)| look);
                    worksheet.write_string_with_format(row, at, text_of(text), look)?;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), XlsxError> {
        self.end()
    }

    fn end(&mut self) -> Result<(), XlsxError> {
        if let Some(last) = self.next.take() {
            // A last row with a height would stand in the file twice, the second time without cells, and a program
            // that opens it might call it damaged. Without one, the program finds the height out.
            let has_height = !self.is_long();
            self.row(&last, has_height)?;
        }
        let last = u16::try_from(self.head.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let rows = u32::try_from(self.rows).unwrap_or(u32::MAX);
        let total: u16 = self.head.columns.iter().map(|(_, width)| width).sum();
        let of = self.of;
        let worksheet = self.last()?;
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.autofilter(0, 0, rows, last)?;
        worksheet.set_landscape();
        worksheet.set_paper_size(9);
        // A wide sheet takes several pages side by side: on one it could not be read.
        worksheet.set_print_fit_to_pages(total.div_ceil(PAGE).max(1), 0);
        if total > PAGE && last > 1 {
            worksheet.set_repeat_columns(0, 1)?;
        }
        worksheet.set_repeat_rows(0, 0)?;
        worksheet.set_margins(0.4, 0.4, 0.6, 0.7, 0.3, 0.3);
        let foot = of.pick(DISCLAIMER.0, DISCLAIMER.1);
        worksheet.set_header(format!(
            "&L{}&R&A",
            of.pick(opinion::TITLE.0, opinion::TITLE.1)
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
