//! Lines of a source with parts underlined, drawn by miette from an excerpt.
//!
//! Only the lines concerned are given to the drawer, each cut to the page: a submission of many megabytes,
//! or one long line, costs no more than a short one. It knows places and notes, not what they mean.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity as Grade, SourceCode, SourceSpan, SpanContents,
};
use unicode_width::UnicodeWidthChar;

use super::layout::{cut, cut_start, safe, width};
use super::page::{Look, Tone};
use crate::base::book::CellRef;
use crate::base::source::{Place, Source, SourceId, Sources};

/// Bytes between two counts of characters.
const BLOCK: usize = 4096;

/// Where lines start, and how many characters stand before each block.
#[derive(Debug)]
struct Index {
    lines: Vec<usize>,
    characters: Vec<usize>,
}

fn is_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

impl Index {
    fn of(text: &str) -> Self {
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        let mut total = 0;
        let characters = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let before = total;
                total += block.iter().filter(|byte| is_character(**byte)).count();
                before
            })
            .collect();
        Self { lines, characters }
    }

    /// The number of characters before an offset.
    fn before(&self, text: &str, offset: usize) -> usize {
        let block = offset / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..offset).unwrap_or(&[]);
        let counted = self
            .characters
            .get(block)
            .or(self.characters.last())
            .copied()
            .unwrap_or(0);
        counted + rest.iter().filter(|byte| is_character(**byte)).count()
    }
}

/// Draws excerpts of the sources of a run.
#[derive(Debug)]
pub(super) struct Excerpts<'a> {
    sources: &'a Sources,
    indices: RefCell<BTreeMap<SourceId, Rc<Index>>>,
}

/// A part to be underlined, with the words under it.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Where.
    pub place: Place,
    /// What about it; may be empty.
    pub note: String,
}

/// What a place covers: lines and columns counted from 1, columns in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    /// The name of the source.
    pub file: &'a str,
    /// The line and column of the first character.
    pub start: (usize, usize),
    /// The line and column after the last character.
    pub end: (usize, usize),
}

/// A line of an excerpt.
#[derive(Debug)]
struct Line {
    /// Its number in the source, from 0.
    number: usize,
    /// Its bytes in the excerpt.
    start: usize,
    end: usize,
    /// Offsets in the excerpt of marks, with their columns in the source.
    columns: Vec<(usize, usize)>,
}

/// Some lines of a source.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    labels: Vec<LabeledSpan>,
    grade: Grade,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        Self {
            sources,
            indices: RefCell::default(),
        }
    }

    fn index(&self, source: &Source) -> Rc<Index> {
        let mut indices = self.indices.borrow_mut();
        Rc::clone(
            indices
                .entry(source.id)
                .or_insert_with(|| Rc::new(Index::of(&source.text))),
        )
    }

    /// The name, line and column of a place; of a cell its row and column.
    pub(super) fn describe(&self, place: Place) -> Option<(String, usize, usize)> {
        let (source, span) = self.sources.locate(place)?;
        let (line, column) = self.at(source, place, span.start as usize);
        Some((source.name.clone(), line, column))
    }

    /// The lines and columns that a place covers; of a cell its row and column.
    pub(super) fn spot(&self, place: Place) -> Option<Spot<'a>> {
        let (source, span) = self.sources.locate(place)?;
        let end = self.at(source, place, span.end.max(span.start) as usize);
        Some(Spot {
            file: &source.name,
            start: self.at(source, place, span.start as usize),
            // Ends are exclusive, and a cell is one column.
            end: match place {
                Place::Cell(..) => (end.0, end.1 + 1),
                Place::Span(..) | Place::Nowhere => end,
            },
        })
    }

    /// The line and column of an offset, or the row and column of a cell, all counted from 1.
    fn at(&self, source: &Source, place: Place, offset: usize) -> (usize, usize) {
        if let Place::Cell(_, cell) = place {
            let row = usize::try_from(cell.row).unwrap_or(usize::MAX);
            return (row.saturating_add(1), usize::from(cell.column) + 1);
        }
        let index = self.index(source);
        let at = offset.min(source.text.len());
        let line = index
            .lines
            .partition_point(|start| *start <= at)
            .saturating_sub(1);
        let start = index.lines.get(line).copied().unwrap_or(0);
        let column = index.before(&source.text, at) - index.before(&source.text, start);
        (line + 1, column + 1)
    }

    /// The lines that hold the marks, underlined; marks that stand nowhere are left out.
    pub(super) fn draw(&self, look: Look, tone: Tone, marks: &[Mark]) -> String {
        let mut drawn = String::new();
        let mut done: Vec<(SourceId, Option<u16>)> = Vec::new();
        for mark in marks {
            let Some((source, _)) = self.sources.locate(mark.place) else {
                continue;
            };
            // Each sheet of a workbook has rows of its own.
            let sheet = sheet_of(mark.place);
            if done.contains(&(source.id, sheet)) {
                continue;
            }
            done.push((source.id, sheet));
            let here: Vec<&Mark> = marks
                .iter()
                .filter(|m| {
                    sheet_of(m.place) == sheet
                        && self
                            .sources
                            .locate(m.place)
                            .is_some_and(|(s, _)| s.id == source.id)
                })
                .collect();
            let excerpt = self.excerpt(source, look, tone, &here).draw(look);
            drawn.push_str(&self.with_cell_names(&here, excerpt));
        }
        drawn
    }

    /// Heads say `:12:6]` for row and column; people say `:项目表!F12]`.
    fn with_cell_names(&self, marks: &[&Mark], mut drawn: String) -> String {
        for mark in marks {
            if let (Place::Cell(_, cell), Some(name)) =
                (mark.place, self.sources.cell_name(mark.place))
            {
                let head = format!(":{}:{}]", cell.row + 1, cell.column + 1);
                drawn = drawn.replace(&head, &format!(":{name}]"));
            }
        }
        drawn
    }

    /// The cell of a mark, with where its text starts.
    fn cell(&self, mark: &Mark) -> Option<(usize, CellRef)> {
        let Place::Cell(_, cell) = mark.place else {
            return None;
        };
        let (_, span) = self.sources.locate(mark.place)?;
        Some((span.start as usize, cell))
    }

    fn excerpt(&self, source: &Source, look: Look, tone: Tone, marks: &[&Mark]) -> Excerpt {
        let index = self.index(source);
        let text = &*source.text;
        let mut spans: Vec<(usize, usize, usize, &str)> = marks
            .iter()
            .filter_map(|mark| {
                let (_, span) = self.sources.locate(mark.place)?;
                let start = floor(text, (span.start as usize).min(text.len()));
                let line = index
                    .lines
                    .partition_point(|from| *from <= start)
                    .saturating_sub(1);
                let line_end = index
                    .lines
                    .get(line + 1)
                    .map_or(text.len(), |next| next - 1);
                // Only the first line of a long part is underlined.
                let end = floor(text, (span.end as usize).min(line_end).max(start));
                Some((line, start, end, mark.note.as_str()))
            })
            .collect();
        spans.sort_unstable();
        spans.dedup_by(|b, a| (a.0, a.1, a.2) == (b.0, b.1, b.2));
        let rows = marks.iter().filter_map(|m| self.cell(m));
        let last = rows.map(|(_, cell)| usize::try_from(cell.row).unwrap_or(0) + 1);
        let last = last.max().unwrap_or(index.lines.len() + 1);
        let digits = last.to_string().len();
        let room = look.width.saturating_sub(digits + 5).max(16);
        let grade = if tone == Tone::Open {
            Grade::Warning
        } else {
            Grade::Error
        };
        let mut excerpt = Excerpt {
            name: cut_start(&source.name, room.saturating_sub(8)),
            text: String::new(),
            lines: Vec::new(),
            labels: Vec::new(),
            grade,
        };
        while let Some((line, ..)) = spans.first().copied() {
            let count = spans.iter().take_while(|s| s.0 == line).count();
            let here: Vec<_> = spans.drain(..count).collect();
            let from = index.lines.get(line).copied().unwrap_or(0);
            let to = index
                .lines
                .get(line + 1)
                .map_or(text.len(), |next| next - 1);
            let cells: Vec<(usize, CellRef)> = marks.iter().filter_map(|m| self.cell(m)).collect();
            let column = |at: usize| match cells.iter().find(|(start, _)| *start == at) {
                Some((_, cell)) => usize::from(cell.column),
                None => index.before(text, at) - index.before(text, from),
            };
            let row = cells.iter().find(|(start, _)| (from..=to).contains(start));
            let number = row.map_or(line, |(_, cell)| usize::try_from(cell.row).unwrap_or(line));
            excerpt.add(text, number, (from, to), &here, room, column);
        }
        excerpt
    }
}

/// The sheet of a cell.
fn sheet_of(place: Place) -> Option<u16> {
    match place {
        Place::Cell(_, cell) => Some(cell.sheet),
        Place::Span(..) | Place::Nowhere => None,
    }
}

/// The last start of a character at or before an offset.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Excerpt {
    /// Adds a line, cut to `room` columns around its first mark.
    fn add(
        &mut self,
        text: &str,
        number: usize,
        (from, to): (usize, usize),
        marks: &[(usize, usize, usize, &str)],
        room: usize,
        column: impl Fn(usize) -> usize,
    ) {
        let to = from + text.get(from..to).map_or(0, |line| line.trim_end().len());
        let anchor = marks.first().map_or(from, |mark| mark.1).min(to);
        let (begin, end) = window(text, (from, to), anchor, room);
        let start = self.text.len();
        let mut line = Line {
            number,
            start,
            end: start,
            columns: Vec::new(),
        };
        if begin > from {
            self.text.push('…');
        }
        // Shown characters may take other bytes than written ones, so offsets are mapped one by one.
        let mut map = Vec::new();
        for (at, c) in text.get(begin..end).unwrap_or("").char_indices() {
            map.push((begin + at, self.text.len()));
            self.text.push(safe(c));
        }
        map.push((end, self.text.len()));
        if end < to {
            self.text.push('…');
        }
        line.end = self.text.len();
        self.text.push('\n');
        let place = |at: usize| {
            let next = map.partition_point(|(source, _)| *source < at);
            map.get(next)
                .or(map.last())
                .map_or(start, |(_, shown)| *shown)
        };
        for (_, mark_start, mark_end, note) in marks {
            let (a, b) = (place((*mark_start).max(begin)), place((*mark_end).min(end)));
            line.columns.push((a, column(*mark_start)));
            let left = width(self.text.get(start..a).unwrap_or(""));
            let under = width(self.text.get(a..b).unwrap_or("")) / 2;
            let left_over = room.saturating_sub(left + under + 4);
            let note = if left_over >= 6 {
                cut(note, left_over)
            } else {
                String::new()
            };
            self.labels.push(LabeledSpan::new(
                (!note.is_empty()).then_some(note),
                a,
                b.saturating_sub(a),
            ));
        }
        self.lines.push(line);
    }

    fn draw(&self, look: Look) -> String {
        let theme = if look.colour {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_width(look.width)
            .with_context_lines(1);
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, self).is_err() {
            return String::new();
        }
        // The head that miette draws is English; ours stands above already.
        let body = drawn.split_once('\n').map_or("", |(_, body)| body);
        let mut out = String::new();
        for line in body.lines().filter(|line| !line.trim().is_empty()) {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }
}

/// The part of a line that is shown: around the anchor, at most `room` columns.
fn window(text: &str, (from, to): (usize, usize), anchor: usize, room: usize) -> (usize, usize) {
    let columns = |c: char| safe(c).width().unwrap_or(0);
    let ahead = |start: usize, limit: usize| {
        let mut used = 0;
        for (at, c) in text.get(start..to).unwrap_or("").char_indices() {
            used += columns(c);
            if used > limit {
                return (start + at, used);
            }
        }
        (to, used)
    };
    // A line that fits is shown whole.
    let (whole, _) = ahead(from, room);
    if whole == to {
        return (from, to);
    }
    let mut begin = anchor;
    let mut used = 0;
    for (at, c) in text.get(from..anchor).unwrap_or("").char_indices().rev() {
        used += columns(c);
        if used > room / 3 {
            break;
        }
        begin = from + at;
    }
    let (end, _) = ahead(begin, room.saturating_sub(2));
    (begin, end)
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

impl Diagnostic for Excerpt {
    fn severity(&self) -> Option<Grade> {
        Some(self.grade)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl SourceCode for Excerpt {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let line_of = |at: usize| {
            self.lines
                .iter()
                .position(|line| line.start <= at && at <= line.end)
        };
        let (first, last) = (line_of(span.offset()), line_of(span.offset() + span.len()));
        let (Some(first), Some(last)) = (first, last) else {
            return Err(MietteError::OutOfBounds);
        };
        let lines = self.lines.get(first..=last).unwrap_or(&[]);
        let neighbours = lines
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.number + 1 == b.number));
        let (Some(from), Some(to)) = (lines.first(), lines.last()) else {
            return Err(MietteError::OutOfBounds);
        };
        if !neighbours {
            return Err(MietteError::OutOfBounds);
        }
        // Asked for no context, the contents begin at the span: their column is printed beside the file.
        let (start, column) = if before == 0 {
            let column = from
                .columns
                .iter()
                .find(|(at, _)| *at == span.offset())
                .map_or(0, |(_, column)| *column);
            (span.offset(), column)
        } else {
            (from.start, 0)
        };
        let data = self.text.as_bytes().get(start..to.end).unwrap_or(&[]);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            (start, data.len()).into(),
            from.number,
            column,
            lines.len(),
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Lang;

    fn draw(text: &str, marks: &[(&str, &str)], width: usize) -> String {
        let mut sources = Sources::default();
        let id = sources.add("申报.toml", text);
        let source = sources.get(id).unwrap();
        let mark = |(part, note): &(&str, &str)| {
            let at = text.find(part).unwrap();
            Mark {
                place: source.place(at..at + part.len()),
                note: (*note).to_owned(),
            }
        };
        let marks: Vec<Mark> = marks.iter().map(mark).collect();
        Excerpts::new(&sources).draw(
            Look {
                lang: Lang::Zh,
                width,
                colour: false,
            },
            Tone::Bad,
            &marks,
        )
    }

    #[test]
    fn an_underline_sits_under_the_characters_it_means() {
        let drawn = draw(
            "name = \"甲\"\n\"占地面积\" = \"12.6 公顷\"\n",
            &[("\"12.6 公顷\"", "占地面积")],
            60,
        );
        assert_eq!(
            drawn,
            "   ╭─[申报.toml:2:10]\n 2 │ \"占地面积\" = \"12.6 公顷\"\n   ·              ─────┬─────\n   ·                   ╰── 占地面积\n   ╰────\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark() {
        let text = format!("{}X{}", "甲".repeat(5000), "乙".repeat(5000));
        let drawn = draw(&text, &[("X", "此处")], 40);
        assert!(
            drawn.lines().all(|line| super::width(line) <= 40),
            "{drawn}"
        );
        assert!(drawn.contains(":1:5001]") && drawn.contains('X'), "{drawn}");
    }

    #[test]
    fn marks_on_distant_lines_keep_their_line_numbers() {
        let drawn = draw(
            "a = 1\nb = 2\nc = 3\nd = 4\n",
            &[("d", "丁"), ("a", "甲")],
            40,
        );
        assert!(
            drawn.contains(" 1 │ a = 1")
                && drawn.contains(" 4 │ d = 4")
                && !drawn.contains("b = 2"),
            "{drawn}"
        );
    }
}
