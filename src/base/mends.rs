//! Mends: insertions that let a TOML text with mistakes be parsed further.
//!
//! A line without an equals sign becomes a comment, a header without its bracket and a list that runs into the
//! next header are closed, and a key that stands twice is marked so that the parser keeps both.
//! Every place found in the mended text is mapped back to the text as written.
//! It does not parse.

use std::ops::Range;

/// How often a text is mended at most before what is left of its mistakes is reported as it is.
pub(super) const ROUNDS: usize = 8;

/// What marks a key that stands twice; a number follows it.
const MARK: &str = "-hegui-again-";

/// Insertions into a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Mends {
    /// Offset in the text as written and what is inserted there, by offset.
    list: Vec<(usize, String)>,
    /// Per insertion: its offset in the mended text and the length of all insertions up to and with it.
    shifts: Vec<(usize, usize)>,
    fresh: Vec<(usize, String)>,
}

impl Mends {
    /// The number of mends, those not yet applied included.
    pub(super) fn len(&self) -> usize {
        self.list.len() + self.fresh.len()
    }

    /// Adds the mend of a mistake, named by the parser's message and its place in the text as written.
    /// Returns false if there is none.
    pub(super) fn add(&mut self, text: &str, message: &str, span: Range<usize>) -> bool {
        let before = text.get(..span.start).unwrap_or("");
        if message.starts_with("duplicate key") {
            let quoted = text
                .get(span.clone())
                .is_some_and(|key| key.ends_with(['"', '\'']));
            let at = if quoted { span.end - 1 } else { span.end };
            let mark = format!("{MARK}{}", self.len());
            !span.is_empty() && self.insert(at, mark)
        } else if message.starts_with("key with no value") {
            self.insert(before.rfind('\n').map_or(0, |at| at + 1), "#".to_owned())
        } else if message.starts_with("unclosed table") {
            self.insert(span.start, "]".to_owned())
        } else if message.starts_with("unclosed array table") {
            let closer = if before.ends_with(']') { "]" } else { "]]" };
            self.insert(span.start, closer.to_owned())
        } else if message.starts_with("missing comma between array elements")
            || message.starts_with("unclosed array")
        {
            let at = before.trim_end().len();
            let rest = text.get(at..).unwrap_or("");
            let line = rest.trim_start().lines().next().unwrap_or("");
            let gap = rest.len() - rest.trim_start().len();
            let new_line = rest.get(..gap).is_some_and(|gap| gap.contains('\n'));
            // One bracket at a time: what follows it is read anew before the next mistake is mended.
            let first = !self.fresh.iter().any(|(_, mend)| mend == "]");
            first
                && new_line
                && (is_header(line) || is_assignment(line))
                && self.insert(at, "]".to_owned())
        } else {
            false
        }
    }

    fn insert(&mut self, at: usize, mend: String) -> bool {
        let known = self.list.binary_search_by_key(&at, |(at, _)| *at).is_ok();
        if known {
            return false;
        }
        self.fresh.push((at, mend));
        true
    }

    /// The text with the insertions.
    pub(super) fn apply(&mut self, text: &str) -> String {
        self.list.append(&mut self.fresh);
        self.list.sort_by_key(|(at, _)| *at);
        self.list.dedup_by_key(|(at, _)| *at);
        self.shifts.clear();
        let (mut mended, mut from) = (String::with_capacity(text.len() + 16 * self.list.len()), 0);
        for (at, mend) in &self.list {
            mended.push_str(text.get(from..*at).unwrap_or(""));
            let (start, total) = (mended.len(), mended.len() + mend.len() - at);
            mended.push_str(mend);
            self.shifts.push((start, total));
            from = *at;
        }
        mended.push_str(text.get(from..).unwrap_or(""));
        mended
    }

    /// A span of the mended text in the text as written.
    pub(super) fn back(&self, span: Range<usize>) -> Range<usize> {
        if self.shifts.is_empty() {
            return span;
        }
        self.offset(span.start)..self.offset(span.end)
    }

    fn offset(&self, offset: usize) -> usize {
        let index = self.shifts.partition_point(|(start, _)| *start < offset);
        let Some(index) = index.checked_sub(1) else {
            return offset;
        };
        match (self.shifts.get(index), self.list.get(index)) {
            // An offset inside an insertion is the offset at which it was made.
            (Some((_, total)), Some((at, _))) => offset.saturating_sub(*total).max(*at),
            _ => offset,
        }
    }

    /// Takes the mark of a key that stands twice off it.
    pub(super) fn unmark(&self, key: &mut String) {
        if !self.list.is_empty()
            && let Some(at) = key.rfind(MARK)
        {
            key.truncate(at);
        }
    }
}

/// True for `[land]` and `[[boilers]]`, but not for a list such as `["a", "b"]`.
fn is_header(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or("").trim();
    let inner = line.trim_start_matches('[').trim_end_matches(']');
    line.starts_with('[') && line.ends_with(']') && !inner.contains([',', '[', '=', '{'])
}

/// True for `key = …`.
fn is_assignment(line: &str) -> bool {
    line.split_once('=')
        .is_some_and(|(key, _)| !key.contains(['[', '{', ',', '#']) && !key.trim().is_empty())
}
