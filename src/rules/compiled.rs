//! Compiled tables: the sheet of a large file, kept under the hash of everything that its reading depends on.
//!
//! The name of an entry is a hash of this form's version and of all files of vocabulary, codes and tables
//! that come before it, its own included. An entry so stands for a file that was read, and whose rows
//! were compared with one another, without a mistake.
//!
//! The form: little-endian `u32`s for the numbers of rows and columns, the lines, the starts and the
//! lengths of rows; then for each column its texts' count, bytes, ends and letters, and the rows'
//! numbers (none of either for a column that the file does not have).

use std::collections::BTreeMap;

use crate::base::cache::Cache;
use crate::base::files::Unread;
use crate::base::hash::{Hasher, hex};
use crate::base::problem::Problem;
use crate::base::source::{Source, SourceId, Span};
use crate::model::texts::{TextColumn, Texts};
use crate::rules::sheet::Sheet;

/// The engine that made the form: another one may take other things from a table.
const VERSION: &str = concat!("hegui table ", env!("HEGUI_SOURCE"));

/// Where compiled tables are kept, and those that were prepared.
pub(super) struct Compiled<'a> {
    cache: &'a Cache,
    entries: BTreeMap<SourceId, Entry>,
}

/// A large table.
pub(super) struct Entry {
    /// The name under which its compiled form is kept.
    pub(super) name: String,
    /// The compiled form, if it was kept.
    pub(super) sheet: Option<Sheet>,
    /// The file, where the form made reading it needless.
    unread: Option<Unread>,
}

impl Entry {
    /// The file as a source with its text, if that was not read so far.
    pub(super) fn read(&self, file: &Source, problems: &mut Vec<Problem>) -> Option<Source> {
        match self.unread.as_ref()?.read() {
            Ok(text) => Some(Source {
                text: text.into(),
                ..file.clone()
            }),
            Err(problem) => {
                problems.push(problem);
                None
            }
        }
    }
}

impl<'a> Compiled<'a> {
    pub(super) fn new(cache: &'a Cache) -> Self {
        Self {
            cache,
            entries: BTreeMap::new(),
        }
    }

    /// What was prepared for a table.
    pub(super) fn take(&mut self, source: SourceId) -> Option<Entry> {
        self.entries.remove(&source)
    }

    /// Adds what was prepared.
    pub(super) fn add(&mut self, source: SourceId, entry: Entry) {
        self.entries.insert(source, entry);
    }

    pub(super) fn put(&self, name: &str, sheet: &Sheet) {
        self.cache.put(name, &write(sheet));
    }
}

/// Looks for compiled tables by what their reading depends on.
pub(super) struct Finder<'a> {
    cache: &'a Cache,
    basis: Hasher,
}

impl<'a> Finder<'a> {
    pub(super) fn new(cache: &'a Cache) -> Self {
        let mut basis = Hasher::default();
        basis.update(VERSION);
        Self { cache, basis }
    }

    /// Adds a file that the reading of later tables depends on.
    pub(super) fn depends_on(&mut self, path: &str, digest: &[u8; 32]) {
        self.basis.update(format!("{path}\n"));
        self.basis.update(digest);
    }

    /// Looks for the form of a large table among the files that were added; where none is kept, the text
    /// is read if it was not.
    pub(super) fn find(&self, path: &str, unread: Option<&Unread>) -> (Entry, Option<LateText>) {
        let mut hash = self.basis.clone();
        hash.update(path);
        let name = hex(&hash.finish());
        let sheet = self.cache.get(&name, read);
        let (unread, text) = match sheet {
            Some(_) => (unread.cloned(), None),
            None => (None, unread.map(Unread::read)),
        };
        let entry = Entry {
            name,
            sheet,
            unread,
        };
        (entry, text)
    }
}

/// A text that had to be read after all.
pub(super) type LateText = Result<String, Problem>;

fn write(sheet: &Sheet) -> Vec<u8> {
    let mut body = Vec::new();
    let mut numbers = |numbers: &mut dyn Iterator<Item = u32>| {
        for number in numbers {
            body.extend(number.to_le_bytes());
        }
    };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    numbers(&mut [count(sheet.lines.len()), count(sheet.columns.len())].into_iter());
    numbers(&mut sheet.lines.iter().copied());
    numbers(&mut sheet.spans.iter().map(|span| span.start));
    numbers(&mut sheet.spans.iter().map(|span| span.end - span.start));
    for column in &sheet.columns {
        let (joined, ends) = column.texts.parts();
        let mut numbers = |numbers: &mut dyn Iterator<Item = u32>| {
            for number in numbers {
                body.extend(number.to_le_bytes());
            }
        };
        let sizes = [ends.len(), joined.len(), column.of.len()].map(count);
        numbers(&mut sizes.into_iter());
        numbers(&mut ends.iter().copied());
        numbers(&mut column.of.iter().copied());
        body.extend(joined.as_bytes());
    }
    body
}

/// Reads the form; none if anything in it does not fit.
fn read(body: &[u8]) -> Option<Sheet> {
    let mut rest = body;
    let (rows, columns) = (size(&mut rest)?, size(&mut rest)?);
    let lines = numbers(&mut rest, rows)?;
    let starts = words(&mut rest, rows)?;
    let lengths = words(&mut rest, rows)?;
    let spans = starts
        .zip(lengths)
        .map(|(start, length)| {
            let end = start.checked_add(length)?;
            Some(Span { start, end })
        })
        .collect::<Option<Vec<Span>>>()?;
    let mut sheet = Sheet {
        columns: Vec::new(),
        lines,
        spans,
    };
    for _ in 0..columns {
        let (texts, bytes, own) = (size(&mut rest)?, size(&mut rest)?, size(&mut rest)?);
        let ends = numbers(&mut rest, texts)?;
        let of = numbers(&mut rest, own)?;
        let joined = std::str::from_utf8(rest.split_off(..bytes)?).ok()?;
        let texts = Texts::from_parts(joined.to_owned(), ends)?;
        let fits = own == 0 || own == rows && of.iter().all(|n| (*n as usize) < texts.len());
        if !fits {
            return None;
        }
        sheet.columns.push(TextColumn { texts, of });
    }
    rest.is_empty().then_some(sheet)
}

fn numbers(rest: &mut &[u8], count: usize) -> Option<Vec<u32>> {
    words(rest, count).map(Iterator::collect)
}

/// So many numbers, as they are asked for.
fn words<'b>(rest: &mut &'b [u8], count: usize) -> Option<impl Iterator<Item = u32> + use<'b>> {
    let bytes = rest.split_off(..count.checked_mul(4)?)?;
    let (words, _) = bytes.as_chunks::<4>();
    Some(words.iter().map(|word| u32::from_le_bytes(*word)))
}

fn size(rest: &mut &[u8]) -> Option<usize> {
    let bytes = rest.split_off(..4)?;
    let (words, _) = bytes.as_chunks::<4>();
    words.first().map(|word| u32::from_le_bytes(*word) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    fn sheet() -> Sheet {
        let mut sources = Sources::default();
        let id = sources.add("t.csv", "a,b,c\n1,铝,x\n2,铝,\n1,,x\n");
        let mut problems = Vec::new();
        let sheet = Sheet::read(sources.get(id).unwrap(), &["b", "a", "d"], 2, &mut problems);
        assert_eq!(problems.len(), 1, "`c` is not a column");
        assert_eq!(sheet.lines, [2, 3, 4]);
        let column = |at: usize| -> Vec<&str> {
            let column: &TextColumn = &sheet.columns[at];
            (0..3).map(|row| column.get(row)).collect()
        };
        assert_eq!(
            [column(0), column(1), column(2)],
            [["铝", "铝", ""], ["1", "2", "1"], ["", "", ""]]
        );
        sheet
    }

    #[test]
    fn the_form_comes_back_as_the_sheet() {
        let sheet = sheet();
        assert_eq!(read(&write(&sheet)), Some(sheet));
    }

    #[test]
    fn a_form_that_does_not_fit_is_none() {
        let body = write(&sheet());
        for length in 0..body.len() {
            assert_eq!(read(&body[..length]), None, "length {length}");
        }
        for at in 0..body.len() {
            for bit in [1, 16, 128] {
                let mut other = body.clone();
                other[at] ^= bit;
                // It is another sheet or none; reading it breaks nothing.
                let _ = read(&other).map(|sheet| write(&sheet));
            }
        }
        let mut longer = body;
        longer.push(0);
        assert_eq!(read(&longer), None);
    }
}
