//! What the JSON report says once, for findings to refer to.
//!
//! It knows no assessment: the writer hands it what it has made.

use std::collections::BTreeMap;

use super::json_form as form;
use crate::base::text::Text;

/// What the projects written so far refer to, each list in the order of the first reference.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// Expressions.
    pub(super) expressions: Numbered<&'a str>,
    /// Their values in words.
    pub(super) values: Numbered<Text>,
    /// Versions of parameters, by parameter and version.
    pub(super) parameters: Numbered<(u16, usize)>,
}

/// Things by number.
pub(super) struct Numbered<T> {
    all: Vec<T>,
    numbers: BTreeMap<T, usize>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }
}

impl<T: Clone + Ord> Numbered<T> {
    /// The number of a thing.
    pub(super) fn number(&mut self, thing: T) -> usize {
        if let Some(known) = self.numbers.get(&thing) {
            return *known;
        }
        let next = self.all.len();
        self.all.push(thing.clone());
        self.numbers.insert(thing, next);
        next
    }

    /// Everything, by number.
    pub(super) fn all(&self) -> &[T] {
        &self.all
    }
}

/// What the findings of a project share.
#[derive(Default)]
pub(super) struct Shared<'a> {
    /// Where days came from.
    pub(super) days: Vec<form::DaySource<'a>>,
    /// Facts by their path.
    pub(super) facts: BTreeMap<String, form::Fact<'a>>,
}

impl<'a> Shared<'a> {
    /// The number of the day that came from a source.
    pub(super) fn day(&mut self, source: form::DaySource<'a>) -> usize {
        let same = self.days.iter().position(|day| *day == source);
        same.unwrap_or_else(|| {
            self.days.push(source);
            self.days.len() - 1
        })
    }

    /// The path of a fact, which is made if it was not read before.
    pub(super) fn fact(&mut self, path: String, make: impl FnOnce() -> form::Fact<'a>) -> String {
        self.facts.entry(path.clone()).or_insert_with(make);
        path
    }
}
