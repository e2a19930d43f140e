//! The CSV file of a table as numbers into lists of texts: each column's texts once, and which of them a row has.
//!
//! It follows from the file and the names of the columns alone. It does not know what the texts mean.

use std::collections::HashMap;

use crate::base::problem::Problem;
use crate::base::source::{Source, Span};
use crate::model::texts::TextColumn;
use crate::rules::fields::csv_problem;
use crate::rules::reader::unknown_word;
use crate::text;

/// The rows of a CSV file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The columns that were asked for, in that order; one that the file does not have is empty.
    pub(super) columns: Vec<TextColumn>,
    /// The line of each row.
    pub(super) lines: Vec<u32>,
    /// Where each row stands.
    pub(super) spans: Vec<Span>,
}

/// A column that is being read.
struct Intake {
    /// Its place in the file.
    at: usize,
    column: TextColumn,
    numbers: HashMap<String, u32>,
}

impl Intake {
    fn add(&mut self, text: &str) {
        // Neighbours are often equal.
        let same = self.column.of.last().copied();
        let number = match same.filter(|last| self.column.texts.get(*last) == text) {
            Some(last) => last,
            None => match self.numbers.get(text) {
                Some(number) => *number,
                None => {
                    let number = self.column.texts.push(text);
                    self.numbers.insert(text.to_owned(), number);
                    number
                }
            },
        };
        self.column.of.push(number);
    }
}

impl Sheet {
    /// Reads a file for some columns, of which the first `needed` must be there.
    pub(super) fn read(
        source: &Source,
        wanted: &[&str],
        needed: usize,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut csv = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(false)
            .from_reader(source.text.as_bytes());
        let columns: Vec<String> = csv
            .headers()
            .map(|h| h.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        let first_line = source.text.lines().next().unwrap_or("");
        let place = source.place(0..first_line.len());
        for column in &columns {
            if !wanted.contains(&column.as_str()) {
                problems.push(unknown_word(place, column, wanted));
            }
        }
        let find = |name: &str| columns.iter().position(|column| column == name);
        for missing in wanted.iter().take(needed).filter(|w| find(w).is_none()) {
            problems.push(Problem::error(
                "hegui::pack::column",
                place,
                text!("缺少列 `{missing}`", "the column `{missing}` is missing"),
            ));
        }
        let mut intakes: Vec<Option<Intake>> = wanted
            .iter()
            .map(|name| {
                Some(Intake {
                    at: find(name)?,
                    column: TextColumn::default(),
                    numbers: HashMap::new(),
                })
            })
            .collect();
        let mut sheet = Self::default();
        let mut record = csv::StringRecord::new();
        loop {
            match csv.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    problems.push(csv_problem(source, &error));
                    continue;
                }
            }
            let at = record.position();
            let start = at.and_then(|p| usize::try_from(p.byte()).ok()).unwrap_or(0);
            let line = at.and_then(|p| u32::try_from(p.line()).ok()).unwrap_or(0);
            let rest = source.text.get(start..).unwrap_or("");
            let text = rest.lines().next().unwrap_or("");
            sheet.lines.push(line);
            sheet.spans.push(Span::new(start..start + text.len()));
            for intake in intakes.iter_mut().flatten() {
                intake.add(record.get(intake.at).unwrap_or(""));
            }
        }
        let column = |intake: Option<Intake>| intake.map(|i| i.column).unwrap_or_default();
        sheet.columns = intakes.into_iter().map(column).collect();
        sheet
    }
}
