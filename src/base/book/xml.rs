//! The XML parts of a workbook, element by element, within what may be unpacked in all.
//!
//! Names are compared without their prefix: strict and transitional workbooks differ only there.

use std::cell::Cell;
use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Why a part could not be read.
#[derive(Debug)]
pub(super) enum Broken {
    /// More came out than may be unpacked.
    TooLarge,
    /// The XML or the packing is damaged; in the words of the parser.
    Damaged(String),
}

/// Text that may be unpacked from one workbook, in bytes, counted down.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        Self(Cell::new(bytes))
    }
}

/// What is read counts against the budget.
pub(super) struct Counted<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.0.get();
        if left == 0 {
            return Err(io::Error::other("budget"));
        }
        let read = self.inner.read(buffer)?;
        self.budget.0.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

/// An XML part.
pub(super) struct Part<'b, R: Read> {
    reader: Reader<BufReader<Counted<'b, R>>>,
    buffer: Vec<u8>,
    budget: &'b Budget,
}

/// What comes next in a part.
pub(super) enum Next<'a> {
    /// An element begins; an empty one also ends at once.
    Start(Element<'a>),
    /// An element of this local name ends.
    End(Name),
    /// Text.
    Text(String),
    /// The part is over.
    Over,
}

/// The local name of an element, of which only short ones matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name([u8; 16]);

impl Name {
    fn of(name: &str) -> Self {
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(name.bytes()) {
            *to = from;
        }
        // Longer names that begin alike are told apart by a byte that no name ends in.
        if name.len() > 16 {
            bytes = [1; 16];
        }
        Self(bytes)
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self == Self::of(other)
    }
}

/// An element that begins.
pub(super) struct Element<'a> {
    start: BytesStart<'a>,
    /// True if it holds nothing: no end follows.
    pub(super) empty: bool,
}

impl Element<'_> {
    pub(super) fn name(&self) -> Name {
        Name::of(self.start.local_name().as_ref())
    }

    /// An attribute by local name; none if it is absent or cannot be read.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut all = self.start.attributes();
        let all = all.with_checks(false);
        let found = all
            .filter_map(Result::ok)
            .find(|a| a.key.local_name().as_ref() == name)?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some(value.into_owned())
    }

    /// An attribute with a prefix, such as `r:id`.
    pub(super) fn prefixed(&self, name: &str) -> Option<String> {
        let mut all = self.start.attributes();
        let all = all.with_checks(false);
        let found = all
            .filter_map(Result::ok)
            .find(|a| a.key.prefix().is_some() && a.key.local_name().as_ref() == name)?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some(value.into_owned())
    }
}

impl<'b, R: Read> Part<'b, R> {
    pub(super) fn new(inner: R, budget: &'b Budget) -> Self {
        let mut reader = Reader::from_reader(BufReader::new(Counted { inner, budget }));
        reader.config_mut().check_end_names = false;
        Self {
            reader,
            buffer: Vec::new(),
            budget,
        }
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Result<Next<'_>, Broken> {
        self.buffer.clear();
        let event = self
            .reader
            .read_event_into(&mut self.buffer)
            .map_err(|error| {
                if self.budget.0.get() == 0 {
                    Broken::TooLarge
                } else {
                    Broken::Damaged(error.to_string())
                }
            })?;
        Ok(match event {
            Event::Start(start) => Next::Start(Element {
                start,
                empty: false,
            }),
            Event::Empty(start) => Next::Start(Element { start, empty: true }),
            Event::End(end) => Next::End(Name::of(end.local_name().as_ref())),
            Event::Text(text) => Next::Text(text.xml10_content().into_owned()),
            Event::CData(text) => Next::Text(text.xml10_content().into_owned()),
            Event::GeneralRef(reference) => Next::Text(resolved(&reference)),
            Event::Eof => Next::Over,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                Next::Text(String::new())
            }
        })
    }

    /// The text up to the end of an element, without what its notes on reading (`rPh`) hold.
    pub(super) fn text_until(&mut self, end: &str) -> Result<String, Broken> {
        let mut text = String::new();
        let mut in_text = true;
        let has_parts = end != "t" && end != "v" && end != "f";
        if has_parts {
            in_text = false;
        }
        let mut reading = false;
        loop {
            match self.next()? {
                Next::Start(element) => {
                    if element.name() == "rPh" && !element.empty {
                        reading = true;
                    } else if has_parts && element.name() == "t" && !element.empty {
                        in_text = true;
                    }
                }
                Next::End(name) if name == end => break,
                Next::End(name) => {
                    if name == "rPh" {
                        reading = false;
                    } else if has_parts && name == "t" {
                        in_text = false;
                    }
                }
                Next::Text(part) => {
                    if in_text && !reading {
                        text.push_str(&part);
                    }
                }
                Next::Over => return Err(Broken::Damaged(format!("no end of <{end}>"))),
            }
        }
        Ok(unescaped(text))
    }
}

fn resolved(reference: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name: &str = reference.as_ref();
    quick_xml::escape::resolve_predefined_entity(name)
        .unwrap_or("")
        .to_owned()
}

/// Characters that XML cannot hold are written `_x000D_` in sheets.
fn unescaped(text: String) -> String {
    if !text.contains("_x") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("_x") {
        out.push_str(before);
        let code = after
            .split_at_checked(4)
            .filter(|(_, tail)| tail.starts_with('_'))
            .and_then(|(hex, tail)| {
                let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
                Some((c, tail.strip_prefix('_')?))
            });
        match code {
            Some((c, tail)) => {
                out.push(c);
                rest = tail;
            }
            None => {
                out.push_str("_x");
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_joined_from_its_parts_without_notes_on_reading() {
        let xml = "<x:si><x:r><x:t>乌</x:t></x:r><x:r><x:t xml:space=\"preserve\"> 市&amp;区&#x4E00;</x:t></x:r><x:rPh><x:t>wu</x:t></x:rPh></x:si>";
        let budget = Budget::new(1000);
        let mut part = Part::new(xml.as_bytes(), &budget);
        assert!(matches!(part.next(), Ok(Next::Start(e)) if e.name() == "si"));
        assert_eq!(part.text_until("si").unwrap(), "乌 市&区一");
        assert_eq!(unescaped("a_x000D_b_x_c_x00_".to_owned()), "a\rb_x_c_x00_");
    }

    #[test]
    fn more_than_the_budget_is_not_unpacked() {
        let xml = format!("<si><t>{}</t></si>", "x".repeat(100_000));
        let budget = Budget::new(50_000);
        let mut part = Part::new(xml.as_bytes(), &budget);
        assert!(part.next().is_ok());
        assert!(matches!(part.text_until("si"), Err(Broken::TooLarge)));
    }
}
