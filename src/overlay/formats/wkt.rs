//! Well-known text: `POLYGON ((…))` and `MULTIPOLYGON (((…)))`, also with `SRID=4490;`, several in one file.
//!
//! It does not know other geometry beyond its name: that has no area.

use std::sync::Arc;

use super::sink::{Draft, Other, RawRing, Sink};
use super::{Input, Part};
use crate::base::problem::Problem;
use crate::base::source::{Place, Span};
use crate::base::text::Text;
use crate::model::shape::Point;
use crate::overlay::claim::Claim;
use crate::text;

/// How a text in this format may start, in capital letters.
pub(super) const STARTS: &[&str] = &[
    "SRID=",
    "POLYGON",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
    "POINT",
    "MULTIPOINT",
    "LINESTRING",
    "MULTILINESTRING",
    "CURVEPOLYGON",
    "MULTISURFACE",
];

/// How deep collections may be nested.
const DEPTH: usize = 16;

/// What is wrong, and the bytes it is about.
struct Mistake {
    start: usize,
    end: usize,
    why: Text,
}

/// Reads a file of well-known text, one feature per geometry.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let text = super::whole_text(input)?;
    let mut cursor = Cursor {
        text: &text,
        at: 0,
        keeps_spans: input.source.is_some(),
    };
    let at = |start: usize, end: usize| {
        input
            .source
            .map_or(Place::Nowhere, |id| Place::span(id, start..end))
    };
    let mut number = 0;
    let mut last: Option<(Option<u32>, Arc<Part>)> = None;
    loop {
        cursor.skip(|c| c.is_whitespace() || c == ';');
        if cursor.rest().is_empty() || sink.is_stopped() {
            return Ok(());
        }
        number += 1;
        let start = cursor.at;
        let code = cursor.code();
        let part = match &last {
            Some((known, part)) if *known == code => Arc::clone(part),
            _ => Arc::new(Part {
                name: input.main.name().to_owned(),
                claim: code.map(|code| Claim::epsg(code, at(start, cursor.at.max(start + 1) - 1))),
            }),
        };
        last = Some((code, Arc::clone(&part)));
        let mut draft = Draft::new(number, Place::Nowhere, input.source);
        match cursor.geometry(&mut draft, DEPTH) {
            Ok(()) => {
                draft.place = at(start, cursor.at);
                sink.feature(&part, draft);
            }
            Err(mistake) => {
                sink.broken(&part, number, at(mistake.start, mistake.end), &mistake.why);
                // The next geometry starts on a line of its own.
                cursor.skip(|c| c != '\n');
            }
        }
    }
}

/// A position in the text.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    keeps_spans: bool,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Moves past the characters of a kind and gives them.
    fn skip(&mut self, kind: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !kind(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Moves past a character, if it is the next that is no space.
    fn take(&mut self, wanted: char) -> bool {
        self.skip(char::is_whitespace);
        let is_next = self.rest().starts_with(wanted);
        if is_next {
            self.at += wanted.len_utf8();
        }
        is_next
    }

    fn expect_mark(&mut self, wanted: char) -> Result<(), Mistake> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(self.mistake(text!("此处应为 `{wanted}`", "`{wanted}` should stand here")))
        }
    }

    /// A mistake at the next character.
    fn mistake(&self, why: Text) -> Mistake {
        let next = self.rest().chars().next().map_or(0, char::len_utf8);
        Mistake {
            start: self.at,
            end: self.at + next,
            why,
        }
    }

    /// The code after `SRID=`, if one stands here.
    fn code(&mut self) -> Option<u32> {
        let head = self.rest().get(..5)?;
        if !head.eq_ignore_ascii_case("SRID=") {
            return None;
        }
        self.at += 5;
        let digits = self.skip(|c| c.is_ascii_digit());
        self.take(';');
        // Zero stands for none.
        digits.parse().ok().filter(|code| *code != 0)
    }

    fn word(&mut self) -> String {
        self.skip(char::is_whitespace);
        self.skip(|c| c.is_ascii_alphabetic()).to_ascii_uppercase()
    }

    fn geometry(&mut self, draft: &mut Draft, depth: usize) -> Result<(), Mistake> {
        self.skip(char::is_whitespace);
        let start = self.at;
        let mut name = self.word();
        if name.is_empty() {
            return Err(self.mistake(text!(
                "此处应为图形类型，如 `POLYGON`",
                "a type of geometry such as `POLYGON` should stand here"
            )));
        }
        // `POLYGONZ` is written as well as `POLYGON Z`.
        let known = |name: &str| {
            ["POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"].contains(&name)
                || Other::by_name(&name.to_ascii_lowercase()) != Other::Unknown
        };
        let bare = ["ZM", "Z", "M"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix).filter(|bare| known(bare)));
        if let Some(bare) = bare {
            name = bare.to_owned();
        }
        let before = self.at;
        let mark = self.word();
        let is_empty = match mark.as_str() {
            "Z" | "M" | "ZM" => {
                let before = self.at;
                let is_empty = self.word() == "EMPTY";
                if !is_empty {
                    self.at = before;
                }
                is_empty
            }
            "EMPTY" => true,
            _ => {
                self.at = before;
                false
            }
        };
        if is_empty {
            return Ok(());
        }
        match name.as_str() {
            "POLYGON" => {
                let rings = self.rings()?;
                draft.polygon(rings);
            }
            "MULTIPOLYGON" => self.list(|cursor| {
                let rings = cursor.rings()?;
                draft.polygon(rings);
                Ok(())
            })?,
            "GEOMETRYCOLLECTION" => {
                let Some(deeper) = depth.checked_sub(1) else {
                    return Err(self.mistake(text!("嵌套层数过多", "the nesting is too deep")));
                };
                self.list(|cursor| cursor.geometry(draft, deeper))?;
            }
            other => {
                let known = Other::by_name(&other.to_ascii_lowercase());
                if known == Other::Unknown {
                    return Err(Mistake {
                        start,
                        end: start + other.len(),
                        why: text!(
                            "`{other}` 不是图形类型",
                            "`{other}` is not a type of geometry"
                        ),
                    });
                }
                draft.other(known);
                self.skip_brackets()?;
            }
        }
        Ok(())
    }

    /// A bracketed list of what `item` reads.
    fn list(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Mistake>,
    ) -> Result<(), Mistake> {
        self.expect_mark('(')?;
        loop {
            item(self)?;
            if !self.take(',') {
                return self.expect_mark(')');
            }
        }
    }

    fn rings(&mut self) -> Result<Vec<RawRing>, Mistake> {
        let mut rings = Vec::new();
        self.list(|cursor| {
            let mut ring = RawRing::default();
            cursor.list(|cursor| {
                let (point, span) = cursor.point()?;
                ring.points.push(point);
                if cursor.keeps_spans {
                    ring.spans.push(span);
                }
                Ok(())
            })?;
            rings.push(std::mem::take(&mut ring));
            Ok(())
        })?;
        Ok(rings)
    }

    /// A point; what follows its first two numbers is height or measure.
    fn point(&mut self) -> Result<(Point, Span), Mistake> {
        self.skip(char::is_whitespace);
        let start = self.at;
        let x = self.number()?;
        let y = self.number()?;
        let end = self.at;
        self.skip(|c| !matches!(c, ',' | ')' | '('));
        Ok((Point { x, y }, Span::new(start..end)))
    }

    fn number(&mut self) -> Result<f64, Mistake> {
        self.skip(char::is_whitespace);
        let start = self.at;
        let word = self.skip(|c| !c.is_whitespace() && !matches!(c, ',' | '(' | ')'));
        match word.parse() {
            Ok(number) => Ok(number),
            Err(_) if word.is_empty() => {
                Err(self.mistake(text!("此处缺少坐标", "a coordinate is missing here")))
            }
            Err(_) => Err(Mistake {
                start,
                end: self.at,
                why: text!(
                    "坐标 `{word}` 不是数字",
                    "the coordinate `{word}` is not a number"
                ),
            }),
        }
    }

    /// Moves past a bracket and all within it.
    fn skip_brackets(&mut self) -> Result<(), Mistake> {
        self.expect_mark('(')?;
        let mut depth = 1_usize;
        while depth > 0 {
            self.skip(|c| !matches!(c, '(' | ')'));
            if self.take('(') {
                depth += 1;
            } else if self.take(')') {
                depth -= 1;
            } else {
                return Err(self.mistake(text!("缺少 `)`", "a `)` is missing")));
            }
        }
        Ok(())
    }
}
