//! A spanned tree in bytes, as the build script writes it, into a tree: what the parser would give for the same text.
//!
//! | a value | is |
//! | --- | --- |
//! | table | `{` span, count, then for each entry: span and text of the key, value |
//! | list | `[` span, count, values |
//! | text, number, date | `"` `#` `@` span, text |
//! | true, false | `+` `-` span |
//!
//! A span is its start and length. A text that stands in the source as it is has one more than its distance
//! from the start of its span, and its length; any other has a zero, its length and its bytes.
//! Numbers are written seven bits at a time, the lowest first.
//!
//! It does not parse, and knows no syntax.

use super::source::{Place, Source, Span};
use super::tree::{Datum, Entry, Node};

/// Reads a tree of a source; none if the bytes are not those of one.
pub fn read(bytes: &[u8], source: &Source) -> Option<Node> {
    let mut reader = Reader {
        rest: bytes,
        source,
    };
    let node = reader.node()?;
    reader.rest.is_empty().then_some(node)
}

struct Reader<'a> {
    rest: &'a [u8],
    source: &'a Source,
}

impl<'a> Reader<'a> {
    fn node(&mut self) -> Option<Node> {
        let kind = *self.rest.split_off_first()?;
        let span = self.span()?;
        let datum = match kind {
            b'{' => Datum::Table(self.entries()?),
            b'[' => {
                let count = self.count()?;
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.node()?);
                }
                Datum::List(items)
            }
            b'"' => Datum::Text(self.text(span)?.to_owned()),
            b'#' => Datum::Number(self.text(span)?.to_owned()),
            b'@' => Datum::Date(self.text(span)?.to_owned()),
            b'+' => Datum::Bool(true),
            b'-' => Datum::Bool(false),
            _ => return None,
        };
        let place = Place::Span(self.source.id, span);
        Some(Node { datum, place })
    }

    fn entries(&mut self) -> Option<Vec<Entry>> {
        let count = self.count()?;
        let mut entries = Vec::with_capacity(count);
        for _ in 0..count {
            let span = self.span()?;
            entries.push(Entry {
                key: self.text(span)?.to_owned(),
                place: Place::Span(self.source.id, span),
                node: self.node()?,
            });
        }
        Some(entries)
    }

    /// How many values follow: none of them is shorter than a byte.
    fn count(&mut self) -> Option<usize> {
        let count = self.number()? as usize;
        (count <= self.rest.len()).then_some(count)
    }

    fn span(&mut self) -> Option<Span> {
        let start = self.number()?;
        let end = start.checked_add(self.number()?)?;
        Some(Span { start, end })
    }

    fn text(&mut self, span: Span) -> Option<&'a str> {
        let before = self.number()?;
        let length = self.number()? as usize;
        match before.checked_sub(1) {
            Some(before) => {
                let start = span.start.checked_add(before)? as usize;
                self.source.text.get(start..start.checked_add(length)?)
            }
            None => std::str::from_utf8(self.rest.split_off(..length)?).ok(),
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..u32::BITS).step_by(7) {
            let byte = *self.rest.split_off_first()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    /// `{ ab = "x", c = [42] }`: texts that stand in the source, and one that does not.
    #[rustfmt::skip]
    const BYTES: &[u8] = &[
        b'{', 0, 0, 2,
        0, 2, 1, 2, b'"', 5, 3, 2, 1,
        9, 1, 1, 1, b'[', 11, 3, 1, b'#', 12, 1, 0, 2, b'4', b'2',
    ];

    fn source() -> Sources {
        let mut sources = Sources::default();
        sources.add("t.toml", "ab = \"x\"\nc=[7]");
        sources
    }

    #[test]
    fn bytes_become_a_tree() {
        let sources = source();
        let source = sources.locate(Place::span(Sources::default().add("", ""), 0..0));
        let node = read(BYTES, source.unwrap().0).unwrap();
        assert_eq!(node.get("ab").and_then(Node::text), Some("x"));
        let item = &node.get("c").unwrap().items()[0];
        assert!(matches!(&item.datum, Datum::Number(number) if number == "42"));
        assert_eq!(sources.text_at(item.place), Some("7"));
    }

    #[test]
    fn bytes_that_do_not_fit_are_no_tree() {
        let sources = source();
        let source = sources.locate(Place::span(Sources::default().add("", ""), 0..0));
        let source = source.unwrap().0;
        for length in 0..BYTES.len() {
            assert!(read(&BYTES[..length], source).is_none(), "length {length}");
        }
        for at in 0..BYTES.len() {
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut other = BYTES.to_vec();
                other[at] = byte;
                // It is another tree or none; reading it breaks nothing.
                let _ = read(&other, source);
            }
        }
    }
}
