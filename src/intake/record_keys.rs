//! Tables with fixed keys, such as an office reply or a waiver: each key once, unknown ones reported.
//!
//! It does not know what the values mean.

use crate::base::date::Date;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::suggest::nearest;
use crate::base::text::folded;
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::known::{comma_list, shown};
use crate::intake::reader::key_twice;
use crate::intake::value;
use crate::text;

/// A key by its spelling in files and in Chinese.
pub(super) type Key = (&'static str, &'static str);

/// The values of a table's fixed keys.
pub(super) struct Fixed<'n> {
    keys: &'static [Key],
    values: Vec<Option<&'n Entry>>,
    place: Place,
    /// False if a key was written twice or is unknown.
    pub(super) sound: bool,
}

impl<'n> Fixed<'n> {
    /// Reads a table's keys.
    pub(super) fn read(table: &'n Node, keys: &'static [Key], problems: &mut Vec<Problem>) -> Self {
        let mut fixed = Self {
            keys,
            values: vec![None; keys.len()],
            place: table.place,
            sound: true,
        };
        for entry in table.entries() {
            let key = folded(&entry.key);
            let index = keys.iter().position(|(en, zh)| *en == key || *zh == key);
            let Some(value) = index.and_then(|index| fixed.values.get_mut(index)) else {
                fixed.sound = false;
                let name = shown(&entry.key);
                let near = nearest(&key, keys.iter().flat_map(|(en, zh)| [*en, *zh]));
                let known = comma_list(&keys.iter().map(|(en, _)| *en).collect::<Vec<_>>(), true);
                let known_en =
                    comma_list(&keys.iter().map(|(en, _)| *en).collect::<Vec<_>>(), false);
                let help = match near {
                    Some(near) => text!("是否为 `{near}`？", "did you mean `{near}`?"),
                    None => text!("可填写：{known}", "keys: {known_en}"),
                };
                let message = text!("此处没有 `{name}` 这一项", "there is no key `{name}` here");
                problems.push(
                    Problem::error("hegui::intake::unknown_key", entry.place, message).help(help),
                );
                continue;
            };
            match value {
                Some(first) => {
                    fixed.sound = false;
                    problems.push(key_twice(first.place, entry));
                }
                None if matches!(entry.node.datum, Datum::Null) => {}
                None => *value = Some(entry),
            }
        }
        fixed
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        let index = self.keys.iter().position(|(en, _)| *en == key)?;
        self.values
            .get(index)
            .copied()
            .flatten()
            .map(|entry| &entry.node)
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() {
            let zh = self
                .keys
                .iter()
                .find(|(en, _)| *en == key)
                .map_or(key, |(_, zh)| *zh);
            let message = text!("缺少{zh} `{key}`", "`{key}` is missing");
            let help = text!("请补填 {key} = …", "add {key} = …");
            problems
                .push(Problem::error("hegui::intake::missing_key", self.place, message).help(help));
        }
        found
    }

    /// The text of a key that must be there and say something.
    pub(super) fn text(&self, key: &'static str, problems: &mut Vec<Problem>) -> Option<String> {
        let node = self.need(key, problems)?;
        match &node.datum {
            Datum::Text(text) | Datum::Number(text) if !text.trim().is_empty() => {
                if let Some(problem) = value::control_character(text, node.place) {
                    problems.push(*problem);
                    return None;
                }
                Some(text.trim().to_owned())
            }
            // A problem has told of it.
            Datum::Unread => None,
            _ => {
                let message = text!("`{key}` 应填文字", "`{key}` is a text that says something");
                problems.push(Problem::error(
                    "hegui::intake::wrong_type",
                    node.place,
                    message,
                ));
                None
            }
        }
    }

    /// The day of a key that must be there.
    pub(super) fn date(
        &self,
        key: &'static str,
        problems: &mut Vec<Problem>,
    ) -> Option<(Date, Place)> {
        let node = self.need(key, problems)?;
        if matches!(node.datum, Datum::Unread) {
            return None;
        }
        match value::date(node) {
            Ok(date) => Some((date, node.place)),
            Err(problem) => {
                problems.push(*problem);
                None
            }
        }
    }
}

/// The tables listed under one of the names at the top of a file; other keys are reported.
pub(super) fn tables<'n>(root: &'n Node, names: Key, problems: &mut Vec<Problem>) -> Vec<&'n Node> {
    let (en, zh) = names;
    let mut tables = Vec::new();
    for entry in root.entries() {
        let key = folded(&entry.key);
        let name = shown(&entry.key);
        let items = match &entry.node.datum {
            _ if key != en && key != zh => {
                let message = text!("此处没有 `{name}` 这一项", "there is no key `{name}` here");
                let help = text!("每项写一个 [[{en}]]", "write [[{en}]] for each");
                problems.push(
                    Problem::error("hegui::intake::unknown_key", entry.place, message).help(help),
                );
                continue;
            }
            Datum::List(items) => items.as_slice(),
            Datum::Table(_) => std::slice::from_ref(&entry.node),
            _ => &[],
        };
        if !matches!(entry.node.datum, Datum::List(_) | Datum::Table(_))
            || items.iter().any(|i| !matches!(i.datum, Datum::Table(_)))
        {
            let message = text!("每项应写一个 [[{en}]]", "each is written as [[{en}]]");
            problems.push(Problem::error(
                "hegui::intake::wrong_type",
                entry.node.place,
                message,
            ));
        }
        tables.extend(
            items
                .iter()
                .filter(|item| matches!(item.datum, Datum::Table(_))),
        );
    }
    tables
}
