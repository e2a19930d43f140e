//! Where the table of a sheet is: its heading row, what each column names, and which rows hold data.
//!
//! The heading row is the one in which most cells name something; a title may stand above it, and a row of
//! topics or of units beside it. It does not read values.

use std::collections::BTreeMap;

use super::heading::{self, About, Meaning, Unit};
use crate::base::book::{Cell, Held, Merge, Sheet};
use crate::base::source::Place;
use crate::model::field::{FieldType, Vocabulary};

/// Rows that are searched for headings at most.
const SEARCHED: usize = 60;
/// Cells that a row above the headings may hold beside topics: a title, who fills it in, a date.
const TITLE: usize = 3;
/// Characters of a heading at most.
const HEADING: usize = 120;
/// Cells of a row that are looked at to see whether it is the heading row.
const COUNTED: usize = 300;

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Its number in the sheet.
    pub(super) number: u32,
    /// The heading as written; empty if there is none.
    pub(super) text: String,
    /// Where the heading stands.
    pub(super) place: Place,
    /// What it names.
    pub(super) meaning: Meaning,
    /// The unit of its bare figures.
    pub(super) unit: Unit,
    /// The group above it.
    pub(super) group: Option<u16>,
}

/// A table found in a sheet.
pub(super) struct Table<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) about: About,
    pub(super) columns: Vec<Column>,
    /// Columns by their number in the sheet.
    by_number: BTreeMap<u32, usize>,
    /// Merged cells of one column, by column and first row.
    tall: BTreeMap<u32, Vec<Merge>>,
    /// The row of the headings.
    heading: u32,
    /// The first row below them.
    first: u32,
}

/// How the rows of a sheet are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) vocabulary: &'a Vocabulary,
    /// True for what the office and departments state.
    pub(super) replies: bool,
    /// True if a sheet may be about records; a file of separated values is always about projects.
    pub(super) records: bool,
}

/// The merges of one column, by column.
fn tall(sheet: &Sheet) -> BTreeMap<u32, Vec<Merge>> {
    let mut tall: BTreeMap<u32, Vec<Merge>> = BTreeMap::new();
    for merge in sheet.merges.iter().filter(|m| m.first.1 == m.last.1) {
        tall.entry(merge.first.1).or_default().push(*merge);
    }
    for merges in tall.values_mut() {
        merges.sort_unstable_by_key(|m| m.first);
    }
    tall
}

/// The cell that a row and column show: their own, or that of the merged cells they are part of.
fn shown_at<'a>(
    sheet: &'a Sheet,
    tall: &BTreeMap<u32, Vec<Merge>>,
    row: u32,
    column: u32,
) -> Option<&'a Held> {
    let own = sheet.get(row, column);
    if own.is_some() {
        return own;
    }
    let merges = tall.get(&column)?;
    let next = merges.partition_point(|m| m.first.0 <= row);
    let merge = merges.get(next.checked_sub(1)?)?;
    if row > merge.last.0 {
        return None;
    }
    sheet.get(merge.first.0, column)
}

/// A text that may be a heading.
fn words(held: &Held) -> Option<&str> {
    match &held.cell {
        Cell::Text(text) if text.chars().nth(HEADING).is_none() => Some(text),
        _ => None,
    }
}

/// Finds the table of a sheet.
pub(super) fn find<'a>(sheet: &'a Sheet, reading: Reading<'_>) -> Option<Table<'a>> {
    let vocabulary = reading.vocabulary;
    let named = heading::by_name(vocabulary, &sheet.name).filter(|_| reading.records);
    let lists = vocabulary
        .fields()
        .iter()
        .filter(|f| f.kind == FieldType::Records)
        .map(|f| About::Records(f.id));
    let mut all: Vec<About> = named.into_iter().chain([About::Projects]).collect();
    if reading.records {
        all.extend(lists);
        all.push(About::Supports);
    }
    let tall = tall(sheet);
    let rows: Vec<&[Held]> = sheet.rows().take(SEARCHED).collect();
    // Records whose sheet is not called after them must say to which project they belong.
    let has_key = |row: &[Held], about: About| {
        row.iter().take(COUNTED).filter_map(words).any(|text| {
            let found = heading::meaning(vocabulary, about, reading.replies, None, text);
            found.0 == Meaning::Project
        })
    };
    let count = |row: &[Held], about: About| {
        let row_number = row.first().map_or(0, |held| held.row);
        let own = row.iter().take(COUNTED).filter_map(words);
        let above = tall
            .iter()
            .filter(|(_, merges)| {
                merges
                    .iter()
                    .any(|m| m.first.0 < row_number && row_number <= m.last.0)
            })
            .filter_map(|(column, _)| shown_at(sheet, &tall, row_number, *column))
            .filter_map(words)
            .take(COUNTED);
        own.chain(above)
            .filter(|text| {
                let banner = None;
                let (meaning, _) =
                    heading::meaning(vocabulary, about, reading.replies, banner, text);
                is_heading(&meaning)
            })
            .count()
    };
    let mut best: Option<(usize, About, usize)> = None;
    for (index, row) in rows.iter().enumerate() {
        for about in &all {
            let mut found = count(row, *about);
            // The name of the sheet decides between tables that fit alike.
            let is_named = named == Some(*about);
            let of_projects = matches!(about, About::Projects | About::Group(_));
            let enough = match found {
                0 => false,
                1 => is_named && row.len() == 1,
                _ => is_named || of_projects || has_key(row, *about),
            };
            // A form with a label beside each value has no heading row.
            let cells = row.len().min(COUNTED);
            let most = found * 2 > cells || found >= 4 && found * 4 >= cells;
            if !enough || !most {
                continue;
            }
            found = found * 2 + usize::from(is_named) * found;
            if best.is_none_or(|(_, _, most)| found > most) {
                best = Some((index, *about, found));
            }
        }
    }
    let (index, about, _) = best?;
    let row = rows.get(index)?.first()?.row;
    Some(Table::of(sheet, reading, about, row, tall))
}

fn is_heading(meaning: &Meaning) -> bool {
    !matches!(meaning, Meaning::Unknown | Meaning::Ignored)
}

impl<'a> Table<'a> {
    fn of(
        sheet: &'a Sheet,
        reading: Reading<'_>,
        about: About,
        row: u32,
        tall: BTreeMap<u32, Vec<Merge>>,
    ) -> Self {
        let vocabulary = reading.vocabulary;
        let banners = banners(sheet, vocabulary, row);
        let mut numbers: Vec<u32> = sheet
            .cells
            .iter()
            .filter(|held| held.row >= row)
            .map(|held| held.column)
            .collect();
        numbers.extend(tall.keys());
        numbers.sort_unstable();
        numbers.dedup();
        let column = |number: u32| {
            let held = shown_at(sheet, &tall, row, number);
            let text = held.map_or("", |held| held.cell.shown()).trim();
            let banner = banners
                .iter()
                .rev()
                .find(|(first, last, _)| (*first..=*last).contains(&number))
                .map(|(_, _, group)| *group);
            let own = match about {
                About::Group(group) => Some(group),
                _ => None,
            };
            let (meaning, unit) = if text.is_empty() {
                (Meaning::Unknown, Unit::Own)
            } else {
                heading::meaning(vocabulary, about, reading.replies, banner, text)
            };
            Column {
                number,
                text: text.to_owned(),
                place: held.map_or(Place::Nowhere, |held| held.place),
                meaning,
                unit,
                group: banner.or(own),
            }
        };
        let columns: Vec<Column> = numbers.into_iter().map(column).collect();
        let by_number = columns
            .iter()
            .enumerate()
            .map(|(index, column)| (column.number, index))
            .collect();
        let mut table = Self {
            sheet,
            about,
            columns,
            by_number,
            tall,
            heading: row,
            first: row + 1,
        };
        table.units(vocabulary);
        table
    }

    /// Reads a row of units below the headings, if there is one.
    fn units(&mut self, vocabulary: &Vocabulary) {
        let Some(row) = self
            .sheet
            .rows()
            .find(|row| row.first().is_some_and(|held| held.row >= self.first))
        else {
            return;
        };
        let mut units = Vec::new();
        for held in row {
            let Some(column) = self.by_number.get(&held.column) else {
                return;
            };
            let field = match self.columns.get(*column).map(|c| &c.meaning) {
                Some(Meaning::Field(id)) => vocabulary.field(*id),
                _ => None,
            };
            let text = words(held).map(heading::plain).unwrap_or_default();
            match field.map(|field| heading::unit_of(field, text.trim_matches(['(', ')']))) {
                Some(Unit::Stated(unit)) => units.push((*column, unit)),
                _ if matches!(text.as_str(), "单位" | "unit" | "-" | "/" | "—") => {}
                _ => return,
            }
        }
        if units.is_empty() {
            return;
        }
        for (column, unit) in units {
            if let Some(column) = self.columns.get_mut(column) {
                column.unit = Unit::Stated(unit);
            }
        }
        self.first = row.first().map_or(self.first, |held| held.row + 1);
    }

    /// The rows above the headings that hold more than a title and topics: the start of each.
    pub(super) fn above(&self, vocabulary: &Vocabulary) -> impl Iterator<Item = &'a Held> {
        let heading = self.heading;
        let rows = self
            .sheet
            .rows()
            .take_while(move |row| row.first().is_some_and(|held| held.row < heading));
        rows.filter_map(move |row| {
            let topic = |held: &&Held| {
                words(held).is_some_and(|text| heading::group_of(vocabulary, text).is_some())
            };
            let reaches = |held: &&Held| {
                let merges = self.tall.get(&held.column).into_iter().flatten();
                merges
                    .filter(|m| m.first.0 == held.row)
                    .any(|m| m.last.0 >= heading)
            };
            let mut others = row.iter().filter(|held| !topic(held) && !reaches(held));
            let other = others.nth(TITLE);
            other.and(row.first())
        })
    }

    /// The columns that name something of a kind.
    pub(super) fn with(&self, is: impl Fn(&Meaning) -> bool) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |c| is(&c.meaning))
    }

    /// The rows that hold anything, by number.
    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        let own = self.sheet.rows().filter_map(|row| Some(row.first()?.row));
        own.filter(|row| *row >= self.first)
    }

    /// The cell that a row shows in a column.
    pub(super) fn at(&self, row: u32, column: &Column) -> Option<&'a Held> {
        shown_at(self.sheet, &self.tall, row, column.number)
    }

    /// The first cell of a row.
    pub(super) fn start(&self, row: u32) -> Option<&'a Held> {
        let at = self.sheet.cells.partition_point(|held| held.row < row);
        self.sheet.cells.get(at).filter(|held| held.row == row)
    }

    /// The cells of a row that are its own.
    pub(super) fn own(&self, row: u32) -> &'a [Held] {
        let from = self.sheet.cells.partition_point(|held| held.row < row);
        let to = self.sheet.cells.partition_point(|held| held.row <= row);
        self.sheet.cells.get(from..to).unwrap_or(&[])
    }

    /// True if a row says again what the headings say, as tables do at the top of each printed page.
    pub(super) fn repeats(&self, row: u32) -> bool {
        let own = self.own(row);
        let same = own.iter().all(|held| {
            self.by_number
                .get(&held.column)
                .and_then(|index| self.columns.get(*index))
                .is_some_and(|column| column.text == held.cell.shown().trim())
        });
        same && own.len() >= 2
    }

    /// The cells of data that are merged across columns: the columns behind the first show nothing of their own.
    pub(super) fn merged_across(&self) -> impl Iterator<Item = &'a Held> {
        let wide = self.sheet.merges.iter();
        wide.filter(|m| m.first.0 >= self.first && m.first.1 != m.last.1)
            .filter(|m| {
                let columns = self.by_number.range(m.first.1..=m.last.1);
                let columns = columns.filter_map(|(_, index)| self.columns.get(*index));
                columns.filter(|c| is_heading(&c.meaning)).nth(1).is_some()
            })
            .filter_map(|m| self.sheet.get(m.first.0, m.first.1))
    }
}

/// The groups that stand above the headings: first and last column, and the group.
fn banners(sheet: &Sheet, vocabulary: &Vocabulary, row: u32) -> Vec<(u32, u32, u16)> {
    let mut banners = Vec::new();
    for above in row.saturating_sub(3)..row {
        let cells = sheet.cells.iter().filter(|held| held.row == above);
        let cells: Vec<&Held> = cells.collect();
        let merged = |held: &Held| {
            let merge = sheet.merges.iter();
            let mut merge = merge.filter(|m| m.first == (held.row, held.column));
            merge.next().map(|m| m.last.1)
        };
        let any_merged = cells.iter().any(|held| merged(held).is_some());
        for (index, held) in cells.iter().enumerate() {
            let Some(group) = words(held).and_then(|text| heading::group_of(vocabulary, text))
            else {
                continue;
            };
            // Without merged cells a topic reaches to the next one.
            let next = cells
                .get(index + 1)
                .map_or(u32::MAX, |next| next.column - 1);
            let last = merged(held).unwrap_or(if any_merged { held.column } else { next });
            banners.push((held.column, last, group));
        }
    }
    banners
}

#[cfg(test)]
mod tests {
    use super::Merge;
    use crate::intake::sheet::fixture::{book, names, read_sheets, row, sheet};

    #[test]
    fn a_row_of_units_below_the_headings_is_read() {
        let read = book(&[(
            "项目表",
            &[
                "项目申报汇总表",
                "项目名称|申报日期|办理环节|用地面积|总投资",
                "|||公顷|亿元",
                "甲厂|2024/6/1|备案|2|1",
            ],
        )]);
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(
            (read.fact("land.area"), read.fact("total_investment")),
            ("30 亩".into(), "10,000 万元".into())
        );
    }

    #[test]
    fn topics_above_the_headings_say_which_group_is_meant() {
        let rows: &[&str] = &[
            "某区项目汇总",
            "|||能源|||用地",
            "项目名称|申报日期|办理环节|原煤|电力|填报完整|用地面积|填报完整",
            "甲厂|@2024-06-01|备案|3||是|5|是",
        ];
        let plain = book(&[("Sheet1", rows)]);
        let mut merged = sheet(&("Sheet1", rows));
        merged.merges = vec![
            Merge {
                first: (1, 3),
                last: (1, 5),
            },
            Merge {
                first: (1, 6),
                last: (1, 7),
            },
        ];
        for read in [plain, read_sheets(vec![merged])] {
            assert_eq!(read.found(), [""; 0]);
            assert_eq!(read.fact("energy.electricity"), "0 kWh/年 closed");
            assert_eq!(read.fact("land.farmland"), "0 亩 closed claim");
        }
    }

    #[test]
    fn headings_merged_over_two_rows_and_blank_rows_and_totals_are_seen_through() {
        let mut sheet = sheet(&(
            "汇总",
            &[
                "2024年项目汇总表",
                "",
                "序号|项目名称|申报日期|办理环节|用地|",
                "||||用地面积（亩）|用地方式",
                "1|甲厂|@2024-06-01|备案|5|天然气",
                "",
                "序号|项目名称|申报日期|办理环节|用地面积（亩）|用地方式",
                "2|乙厂|@2024-06-01|备案|6|",
                "合计||||11|",
                "注：面积以批复为准",
            ],
        ));
        for column in 0..4 {
            sheet.merges.push(Merge {
                first: (2, column),
                last: (3, column),
            });
        }
        sheet.merges.push(Merge {
            first: (2, 4),
            last: (2, 5),
        });
        let read = read_sheets(vec![sheet]);
        assert_eq!(
            read.found(),
            ["row_not_read｜合计", "row_not_read｜注：面积以批复为准"]
        );
        assert_eq!(names(&read), ["甲厂", "乙厂"]);
        assert_eq!(read.fact("land.area"), "5 亩");
    }

    #[test]
    fn a_form_with_labels_beside_values_is_not_taken_for_a_table() {
        let read = book(&[(
            "申报表",
            &[
                "项目名称|甲厂|项目代码|2404",
                "申报日期|@2024-06-01|办理环节|备案",
            ],
        )]);
        assert_eq!(read.projects.len(), 0);
        assert_eq!(read.found(), ["no_heading｜项目名称", "no_project｜∅"]);
    }

    #[test]
    fn a_cell_merged_across_columns_counts_for_the_first() {
        let mut main = sheet(&(
            "项目表",
            &[
                "项目名称|申报日期|办理环节|原煤|电力",
                "甲厂|@2024-06-01|备案|3|",
            ],
        ));
        main.merges.push(Merge {
            first: (1, 3),
            last: (1, 4),
        });
        let read = read_sheets(vec![main]);
        assert_eq!(read.found(), ["merged_across｜3"]);
        assert_eq!(read.fact("energy.electricity"), "missing");
    }

    #[test]
    fn a_column_without_a_heading_is_told_and_may_belong_to_its_topic() {
        let read = row("用地面积|", "5|已核");
        assert_eq!(read.found(), ["column_without_heading｜已核"]);
        let read = book(&[(
            "项目表",
            &[
                "|||能源||",
                "项目名称|申报日期|办理环节|原煤||填报完整",
                "甲厂|@2024-06-01|备案|3|4|是",
            ],
        )]);
        assert_eq!(read.found(), ["unknown_field｜4", "not_closed｜是"]);
        assert_eq!(read.fact("energy.electricity"), "missing");
    }
}
