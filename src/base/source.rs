//! Where text comes from: a source, and a place in it.
//!
//! It does not open files: a source can be made from memory.

use std::borrow::Cow;
use std::ops::Range;

use super::book::{Book, CellRef};

/// The number of a source in its [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A named text, from a file, standard input, an embedded pack or a test.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its number.
    pub id: SourceId,
    /// Its name as shown to people: a path, `<stdin>`, `national/fields.toml`.
    pub name: String,
    /// Its text; what is built into the binary is not copied. A workbook has a line for each row that holds anything.
    pub text: Cow<'static, str>,
    /// Its cells, if it is a workbook.
    pub book: Option<Box<Book>>,
}

impl Source {
    /// The place of a byte range of this source.
    pub fn place(&self, range: Range<usize>) -> Place {
        Place::span(self.id, range)
    }

    /// The text of a span, empty if the span lies outside.
    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// The line and column (both from 1, the column in characters) of a byte offset.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        (line, column)
    }
}

/// A byte range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A span from a byte range; offsets beyond 4 GiB are clipped, which no accepted file reaches.
    pub fn new(range: Range<usize>) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            start: clip(range.start),
            end: clip(range.end),
        }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The span as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A span of bytes in a source.
    Span(SourceId, Span),
    /// A cell of a workbook.
    Cell(SourceId, CellRef),
    /// Nowhere in a text: given by a flag, a case or a default.
    Nowhere,
}

impl Place {
    /// A byte range of a source.
    pub fn span(source: SourceId, range: Range<usize>) -> Self {
        Self::Span(source, Span::new(range))
    }

    /// A part of this place, counted from its start.
    #[must_use]
    pub fn part(self, range: Range<usize>) -> Self {
        match self {
            Self::Span(source, span) => {
                let start = span.start as usize;
                Self::span(source, start + range.start..start + range.end)
            }
            Self::Cell(..) | Self::Nowhere => self,
        }
    }
}

/// All sources of a run.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// Adds a source and returns its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        self.add_text(name.into(), Cow::Owned(text.into()))
    }

    /// Adds a source whose text may be built into the binary.
    pub fn add_text(&mut self, name: String, text: Cow<'static, str>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Source {
            id,
            name,
            text,
            book: None,
        });
        id
    }

    /// Adds a workbook.
    pub fn add_book(&mut self, name: impl Into<String>, mut book: Book) -> SourceId {
        let id = self.add(name, "");
        if let Some(source) = self.list.get_mut(id.0 as usize) {
            source.text = Cow::Owned(book.settle(id));
            source.book = Some(Box::new(book));
        }
        id
    }

    /// Gives a source its text, where it was not at hand when it was added.
    pub fn set_text(&mut self, id: SourceId, text: String) {
        if let Some(source) = self.list.get_mut(id.0 as usize) {
            source.text = Cow::Owned(text);
        }
    }

    /// All of them, in the order in which they were added.
    pub fn all(&self) -> &[Source] {
        &self.list
    }

    /// The source of a number; numbers of another registry give none.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// The source and span of a place; a cell stands in the text of its workbook.
    pub fn locate(&self, place: Place) -> Option<(&Source, Span)> {
        match place {
            Place::Span(id, span) => self.get(id).map(|source| (source, span)),
            Place::Cell(id, cell) => {
                let source = self.get(id)?;
                Some((source, source.book.as_ref()?.span(cell)))
            }
            Place::Nowhere => None,
        }
    }

    /// The cell of a place as people name it, if it is one: `项目表!F12`.
    pub fn cell_name(&self, place: Place) -> Option<String> {
        match place {
            Place::Cell(id, cell) => Some(self.get(id)?.book.as_ref()?.name(cell)),
            Place::Span(..) | Place::Nowhere => None,
        }
    }

    /// The text at a place.
    pub fn text_at(&self, place: Place) -> Option<&str> {
        self.locate(place).map(|(source, span)| source.slice(span))
    }

    /// `name:line:column` of a place, or `name:sheet!F12` of a cell, for logs and one-line reports.
    pub fn describe(&self, place: Place) -> Option<String> {
        let (source, span) = self.locate(place)?;
        if let Some(cell) = self.cell_name(place) {
            return Some(format!("{}:{cell}", source.name));
        }
        let (line, column) = source.line_column(span.start as usize);
        Some(format!("{}:{line}:{column}", source.name))
    }
}
