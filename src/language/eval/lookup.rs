//! Table look-ups: keys into an answer, with the facts that decide it or would.
//!
//! Which row decides is found in [`super::deciding`]; all that match, whatever the hit policy, in `all`.

mod all;

use crate::language::eval::deciding::{Decided, Outcome, decide};
use crate::language::eval::matching::KeyValue;
use crate::language::eval::{Blank, Cause, Dep, Evaluator, Recorder};
use crate::language::ir::{Get, Lookup};
use crate::model::field::Slot;
use crate::model::parameter::Confidence;
use crate::model::project::Value;
use crate::model::table::{Hit, Key, Match, Otherwise};

/// A key column's value; its set, and the set to use where a match is not decided.
struct KeyFact<'a> {
    value: KeyValue<'a>,
    dep: Dep,
    undecided: Dep,
}

/// What a table answers for a project or one of its records.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    table: u16,
    record: Option<u32>,
    version: usize,
    trust_claims: bool,
    decided: Decided,
    /// True if an equally strict row, not surely matched, would be taken instead and says something else.
    rival: bool,
    /// What the keys depend on, and what would decide between the rows.
    keys: Dep,
    open: Dep,
}

impl<'a, R: Recorder> Evaluator<'a, R> {
    /// The output of a table, none if it is not known, and what decides it.
    pub(super) fn look_up(&mut self, lookup: &'a Lookup) -> (Option<&'a Value>, Dep) {
        let Some(answer) = self.answer(lookup.table) else {
            return (None, Dep::NONE);
        };
        let table = self.library.tables.get(usize::from(lookup.table));
        let ordering = table
            .is_some_and(|t| matches!(t.hit, Hit::Strictest(output, _) if output == lookup.output));
        let row = match answer.decided {
            Decided::Row(row) if ordering || !answer.rival => Some(row),
            Decided::None => None,
            Decided::Row(_) | Decided::Open => {
                let dep = if answer.open == Dep::NONE {
                    self.table_lack(lookup.table)
                } else {
                    answer.open
                };
                return (None, dep);
            }
        };
        // A row, or what holds without one, may be an unverified figure.
        let blank = Blank::Row(lookup.table, row);
        if self.blank == Some(blank) {
            return (None, self.table_lack(lookup.table));
        }
        let confidence = table.map(|t| {
            row.and_then(|row| t.rows.confidence(row))
                .unwrap_or(t.confidence)
        });
        if confidence == Some(Confidence::Unverified) {
            self.unverified.push(blank);
        }
        let (value, answered) = match (row, table) {
            (Some(row), Some(table)) => (table.rows.output(row, lookup.output), true),
            (None, Some(table)) => match &table.otherwise {
                Otherwise::Values(values) => {
                    (values.get(lookup.output).and_then(Option::as_ref), true)
                }
                Otherwise::Gap => (None, false),
            },
            (_, None) => (None, false),
        };
        if answered {
            self.recorder.row(lookup.table, row);
        }
        let dep = if value.is_some() {
            self.closed(answer.keys)
        } else {
            self.table_lack(lookup.table)
        };
        (value, dep)
    }

    fn answer(&mut self, number: u16) -> Option<Answer> {
        self.dated = true;
        let record = self.record.map(|(index, _)| index);
        let trust_claims = self.trust_claims;
        // A blank parameter may reach a key through a formula, so only plain answers are kept.
        let plain = self.blank.is_none() && !R::ON;
        let table = self.library.tables.get(usize::from(number))?;
        // Only a derived key makes an answer depend on the day.
        let derived = |key: &Key| {
            self.library
                .vocabulary
                .field(key.field)
                .is_some_and(|f| f.derived)
        };
        let version = table
            .keys
            .iter()
            .filter(|key| derived(key))
            .map(|key| self.library.formula_version(key.field, self.as_of))
            .sum();
        let kept = |a: &&Answer| {
            a.table == number
                && a.record == record
                && a.version == version
                && a.trust_claims == trust_claims
        };
        if plain && let Some(answer) = self.memo.answers.iter().find(kept) {
            return Some(*answer);
        }
        let before = self.unverified.len();
        let facts: Vec<KeyFact<'a>> = table.keys.iter().map(|key| self.key_fact(key)).collect();
        let mut keys = Dep::NONE;
        for fact in &facts {
            keys = self.joined(keys, fact.dep);
        }
        let Outcome {
            decided,
            rival,
            open: undecided,
        } = decide(
            table,
            &facts.iter().map(|fact| &fact.value).collect::<Vec<_>>(),
        );
        let mut open = Dep::NONE;
        for (fact, _) in facts.iter().zip(undecided).filter(|(_, open)| *open) {
            open = self.joined(open, fact.undecided);
        }
        let answer = Answer {
            table: number,
            record,
            version,
            trust_claims,
            decided,
            rival,
            keys,
            open,
        };
        if plain && self.unverified.len() == before {
            self.memo.answers.push(answer);
        }
        Some(answer)
    }

    fn key_fact(&mut self, key: &'a Key) -> KeyFact<'a> {
        let Some(field) = self.library.vocabulary.field(key.field) else {
            return KeyFact {
                value: KeyValue::Unknown,
                dep: Dep::NONE,
                undecided: Dep::NONE,
            };
        };
        let get = match field.slot {
            Slot::Project(slot) if field.derived => Get::Derived(slot, key.field),
            Slot::Project(slot) => Get::Project(slot, key.field),
            Slot::Member(_, index) => Get::Member(index, key.field),
        };
        if key.matching == Match::Range {
            let number = self.number_fact(get);
            return KeyFact {
                value: KeyValue::Number(number.is),
                dep: number.dep,
                undecided: number.dep,
            };
        }
        let (value, dep) = self.key(get);
        let list = match key.matching {
            Match::Code(list) | Match::Names(list) => self.library.vocabulary.list(list),
            Match::Exact | Match::Range | Match::Set => None,
        };
        let value = match (value, list) {
            (Ok(Value::Code(code)), Some(list)) => {
                // A code above a row may turn out to match it.
                return KeyFact {
                    value: KeyValue::Code(*code, list),
                    dep,
                    undecided: self.lack(get, Cause::Imprecise),
                };
            }
            (Ok(Value::Text(words)), Some(list)) => match list.find(&words.folded) {
                Some(code) => KeyValue::Code(code, list),
                // A name that the list does not know may be any of them.
                None => {
                    return KeyFact {
                        value: KeyValue::Unknown,
                        dep,
                        undecided: self.lack(get, Cause::TableGap),
                    };
                }
            },
            (Ok(Value::Text(words)), None) => KeyValue::Text(&words.folded),
            (Ok(Value::Enum(answer)), _) => KeyValue::Answer(*answer),
            (Ok(Value::Bool(value)), _) => KeyValue::Bool(*value),
            _ => KeyValue::Unknown,
        };
        KeyFact {
            value,
            dep,
            undecided: dep,
        }
    }
}
