//! Sets of rules by their numbers, and which rules read a field.
//!
//! It does not know what a set is of.

use std::collections::BTreeMap;

use crate::model::field::FieldId;
use crate::rules::rule::Rule;

/// A set of rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RuleSet(Vec<u64>);

impl RuleSet {
    pub(super) fn empty(rules: usize) -> Self {
        Self(vec![0; rules.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, rule: usize) {
        if let Some(word) = self.0.get_mut(rule / 64) {
            *word |= 1 << (rule % 64);
        }
    }

    /// True if a rule is in the set.
    pub(super) fn contains(&self, rule: usize) -> bool {
        let word = self.0.get(rule / 64).copied().unwrap_or(0);
        word >> (rule % 64) & 1 == 1
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    /// Adds what is in `all` and not in `kept`.
    pub(super) fn add_difference(&mut self, all: &Self, kept: &Self) {
        for ((word, all), kept) in self.0.iter_mut().zip(&all.0).zip(&kept.0) {
            *word |= all & !kept;
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Makes it an empty set of so many rules, in the memory that it has.
    pub(super) fn reset(&mut self, rules: usize) {
        self.0.clear();
        self.0.resize(rules.div_ceil(64), 0);
    }
}

/// Which rules read a field.
#[derive(Debug)]
pub(super) struct Readers {
    rules: usize,
    of: BTreeMap<FieldId, RuleSet>,
}

impl Readers {
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut of = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            for field in &rule.reads {
                let readers = of
                    .entry(*field)
                    .or_insert_with(|| RuleSet::empty(rules.len()));
                readers.insert(number);
            }
        }
        Self {
            rules: rules.len(),
            of,
        }
    }

    /// The rules that read one of some fields.
    pub(super) fn of_any(&self, fields: &[FieldId], readers: &mut RuleSet) {
        readers.reset(self.rules);
        for own in fields.iter().filter_map(|field| self.of.get(field)) {
            readers.add(own);
        }
    }
}
