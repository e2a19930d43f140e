//! Code lists: a tree of industry codes, or a list of product names with their aliases.
//!
//! It does not read files; the rules floor builds the lists.

use std::collections::HashMap;

use crate::base::text::{Text, folded};

/// The number of an entry in its list; entries of a tree are numbered so that descendants follow their ancestor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CodeId(pub u32);

/// One code.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The code, such as `3216`.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The number after its last descendant.
    end: u32,
    /// The number of the code directly above it.
    up: Option<u32>,
}

/// A list of codes.
#[derive(Clone, Debug)]
pub struct CodeList {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its edition, such as `2017`.
    pub edition: Option<String>,
    entries: Vec<Entry>,
    by_name: HashMap<String, CodeId>,
}

/// How one code of a tree stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same, or below it.
    Within,
    /// Above it: it may turn out to be within.
    Above,
    /// Neither.
    Apart,
}

impl CodeList {
    /// A tree from `(code, name)` in the order of the standard: a letter starts a section,
    /// and a code lies below the longest code that begins it.
    pub fn tree(
        id: String,
        title: Text,
        edition: Option<String>,
        rows: Vec<(String, Text)>,
    ) -> Self {
        let mut entries: Vec<Entry> = rows
            .into_iter()
            .map(|(code, name)| Entry {
                code,
                name,
                end: 0,
                up: None,
            })
            .collect();
        let is_section = |code: &str| code.starts_with(|c: char| c.is_ascii_alphabetic());
        let codes: Vec<String> = entries.iter().map(|e| e.code.clone()).collect();
        for (index, entry) in entries.iter_mut().enumerate() {
            let below = |code: &&String| {
                if is_section(&entry.code) {
                    !is_section(code)
                } else {
                    code.starts_with(&entry.code)
                }
            };
            let descendants = codes.iter().skip(index + 1).take_while(below).count();
            entry.end = number(index + 1 + descendants);
        }
        // Each lies below the last that is still open.
        let mut open: Vec<(u32, u32)> = Vec::new();
        for (index, entry) in (0_u32..).zip(&mut entries) {
            while open.last().is_some_and(|(_, end)| *end <= index) {
                open.pop();
            }
            entry.up = open.last().map(|(above, _)| *above);
            open.push((index, entry.end));
        }
        let by_name = codes
            .into_iter()
            .enumerate()
            .map(|(i, code)| (code, CodeId(number(i))))
            .collect();
        Self {
            id,
            title,
            edition,
            entries,
            by_name,
        }
    }

    /// A flat list of names from `(code, name, aliases)`; codes, names and aliases all find the entry.
    pub fn names(id: String, title: Text, rows: Vec<(String, Text, Vec<String>)>) -> Self {
        let mut entries = Vec::new();
        let mut by_name = HashMap::new();
        for (index, (code, name, aliases)) in rows.into_iter().enumerate() {
            let spellings = [&code, &name.zh, &name.en].into_iter().chain(&aliases);
            for spelling in spellings.filter(|s| !s.is_empty()) {
                by_name
                    .entry(folded(spelling).into_owned())
                    .or_insert(CodeId(number(index)));
            }
            entries.push(Entry {
                code,
                name,
                end: number(index + 1),
                up: None,
            });
        }
        Self {
            id,
            title,
            edition: None,
            entries,
            by_name,
        }
    }

    /// All entries in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a number.
    pub fn entry(&self, id: CodeId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    /// The code of a number, empty if there is none.
    pub fn code(&self, id: CodeId) -> &str {
        self.entry(id).map_or("", |entry| &entry.code)
    }

    /// The entry of a code or, in a list of names, of a name or alias.
    pub fn find(&self, text: &str) -> Option<CodeId> {
        self.by_name.get(folded(text).as_ref()).copied()
    }

    /// The entry of a code as people write it: `3216`, `C3216`, `C32`, and `C3200`,
    /// whose trailing zeros are padding only if there is no class of that code.
    pub fn find_written(&self, text: &str) -> Option<CodeId> {
        let text = folded(text);
        if let Some(found) = self.by_name.get(text.as_ref()) {
            return Some(*found);
        }
        let digits = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letter = text.get(..text.len() - digits.len()).unwrap_or("");
        if digits.is_empty() || letter.len() > 1 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return self.by_name.get(&text.to_ascii_uppercase()).copied();
        }
        let mut code = digits;
        let found = loop {
            match self.by_name.get(code) {
                Some(found) => break *found,
                None if code.len() > 2 => code = code.strip_suffix('0')?,
                None => return None,
            }
        };
        if letter.is_empty() {
            return Some(found);
        }
        // The section letter must be the code's own.
        let section = self.by_name.get(&letter.to_ascii_uppercase())?;
        (self.relation(found, *section) == Relation::Within).then_some(found)
    }

    /// The uppermost code above one, sections apart: the division of a class (大类), or the code itself.
    pub fn uppermost(&self, id: CodeId) -> CodeId {
        let is_section = |id: &CodeId| self.code(*id).starts_with(|c: char| c.is_alphabetic());
        let above = self.above(id).filter(|id| !is_section(id));
        above.last().unwrap_or(id)
    }

    /// The number after the last code below one.
    pub fn end(&self, id: CodeId) -> CodeId {
        CodeId(self.entry(id).map_or(0, |entry| entry.end))
    }

    /// The codes above one, from the nearest up.
    pub fn above(&self, id: CodeId) -> impl Iterator<Item = CodeId> {
        let up = |id: &CodeId| self.entry(*id)?.up.map(CodeId);
        std::iter::successors(up(&id), up)
    }

    /// How `code` stands to `other`.
    pub fn relation(&self, code: CodeId, other: CodeId) -> Relation {
        if other <= code && code < self.end(other) {
            Relation::Within
        } else if code < other && other < self.end(code) {
            Relation::Above
        } else {
            Relation::Apart
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> CodeList {
        let rows = [
            "B", "06", "061", "0610", "C", "31", "311", "3110", "32", "321", "3211", "3216", "325",
            "3252",
        ];
        let rows = rows
            .into_iter()
            .map(|c| (c.to_owned(), Text::same(c)))
            .collect();
        CodeList::tree("t".into(), Text::default(), None, rows)
    }

    #[test]
    fn padding_is_dropped_only_if_the_class_does_not_exist() {
        let list = list();
        let find = |text: &str| list.find_written(text).map(|id| list.code(id).to_owned());
        for (text, code) in [
            ("C3216", "3216"),
            ("3216", "3216"),
            ("C3200", "32"),
            ("3110", "3110"),
            ("c32", "32"),
            ("C", "C"),
            ("Ｃ３２５２", "3252"),
            ("3210", "321"),
        ] {
            assert_eq!(find(text).as_deref(), Some(code), "{text}");
        }
        for text in ["B3216", "9999", "CC32", "", "铝", "3299", "0"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_above_may_turn_out_to_be_within() {
        let list = list();
        let id = |c| list.find(c).unwrap();
        assert_eq!(list.relation(id("3216"), id("32")), Relation::Within);
        assert_eq!(list.relation(id("32"), id("3216")), Relation::Above);
        assert_eq!(list.relation(id("32"), id("C")), Relation::Within);
        assert_eq!(list.relation(id("3252"), id("321")), Relation::Apart);
        assert_eq!(list.relation(id("C"), id("B")), Relation::Apart);
        assert_eq!(list.uppermost(id("3216")), id("32"));
        assert_eq!(list.uppermost(id("32")), id("32"));
        assert_eq!(list.uppermost(id("C")), id("C"));
        let above: Vec<&str> = list.above(id("3216")).map(|c| list.code(c)).collect();
        assert_eq!(above, ["321", "32", "C"]);
    }
}
