//! JSON in lines that a person can page through and a comparison of texts can follow: a member of the head on each, a
//! finding on each. What stands deeper is written close together, since most of a large report would be indentation.
//!
//! It knows no report.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// Objects of this depth at most have a member on each line, and lists one below them an item.
const DEPTH: usize = 3;

/// Writes a value, and a line break behind it.
pub(super) fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Lines::default());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[derive(Default)]
struct Lines {
    depth: usize,
    /// True if the list or object that was ended last held anything.
    filled: bool,
}

impl Lines {
    fn new_line(&self, out: &mut (impl Write + ?Sized)) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }

    fn begin(&mut self, out: &mut (impl Write + ?Sized), sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(sign)
    }

    fn next(
        &self,
        out: &mut (impl Write + ?Sized),
        first: bool,
        is_broken: bool,
    ) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if is_broken {
            self.new_line(out)?;
        }
        Ok(())
    }

    fn end(
        &mut self,
        out: &mut (impl Write + ?Sized),
        sign: &[u8],
        is_broken: bool,
    ) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.filled && is_broken {
            self.new_line(out)?;
        }
        out.write_all(sign)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first, self.depth <= DEPTH + 1)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let is_broken = self.depth <= DEPTH + 1;
        self.end(out, b"]", is_broken)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first, self.depth <= DEPTH)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let sign: &[u8] = if self.depth <= DEPTH { b": " } else { b":" };
        out.write_all(sign)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        let is_broken = self.depth <= DEPTH;
        self.end(out, b"}", is_broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_the_head_and_findings_have_lines_and_the_rest_stands_close() {
        let value = serde_json::json!({
            "head": { "name": "甲", "none": [], "nothing": {} },
            "projects": [{ "counts": { "fail": 1 }, "findings": [{ "a": [1, 2] }, { "a": [] }] }],
        });
        let mut out = Vec::new();
        write(&value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
        let lines = [
            "{",
            "  \"head\": {",
            "    \"name\": \"甲\",",
            "    \"none\": [],",
            "    \"nothing\": {}",
            "  },",
            "  \"projects\": [",
            "    {",
            "      \"counts\": {\"fail\":1},",
            "      \"findings\": [",
            "        {\"a\":[1,2]},",
            "        {\"a\":[]}",
            "      ]",
            "    }",
            "  ]",
            "}",
            "",
        ];
        assert_eq!(text, lines.join("\n"));
    }
}
