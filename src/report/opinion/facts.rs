//! The list of a project's facts: every value that was read, numbered, with who states it and where.
//!
//! It does not know which of them decided anything.

use std::collections::BTreeMap;

use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::wording;
use crate::language::types::Library;
use crate::model::field::{Slot, Vocabulary};
use crate::model::project::{Fact, FactRef, Origin, Project, State, Value};
use crate::report::blocks::{Cell, Grid, Target};
use crate::report::compared::Said;
use crate::report::excerpt::Excerpts;
use crate::report::page::Tone;
use crate::text;

/// The numbers of a project's facts, from 1, in the order of the vocabulary.
#[derive(Clone, Debug, Default)]
pub(in crate::report) struct Numbers {
    list: Vec<FactRef>,
    of: BTreeMap<FactRef, usize>,
}

impl Numbers {
    /// The facts that a project states, records member by member.
    pub(in crate::report) fn of(vocabulary: &Vocabulary, project: &Project) -> Self {
        let mut numbers = Self::default();
        for field in vocabulary.slots() {
            let Some(fact) = project.find(vocabulary, FactRef::project(*field)) else {
                continue;
            };
            numbers.add(fact, FactRef::project(*field));
            let Some(Value::Records(records)) = fact.value() else {
                continue;
            };
            for number in (0..records.len()).filter_map(|n| u32::try_from(n).ok()) {
                for member in vocabulary.members(*field) {
                    let reference = FactRef {
                        field: *member,
                        record: Some(number),
                    };
                    if let Some(fact) = project.find(vocabulary, reference) {
                        numbers.add(fact, reference);
                    }
                }
            }
        }
        numbers
    }

    fn add(&mut self, fact: &Fact, reference: FactRef) {
        if matches!(fact.state, State::Known(_) | State::Unreadable) {
            self.list.push(reference);
            self.of.insert(reference, self.list.len());
        }
    }

    /// Where the numbers of a sentence come from.
    pub(in crate::report) fn targets(&self, said: &Said) -> Vec<Target> {
        let mut targets = self.facts(&said.facts);
        targets.extend(said.figures.iter().map(|(p, v)| Target::Figure(*p, *v)));
        targets
    }

    /// The facts that targets mean.
    pub(in crate::report) fn references(&self, targets: &[Target]) -> Vec<FactRef> {
        let facts = targets.iter().filter_map(|target| match target {
            Target::Fact(number) => self.list.get(number.checked_sub(1)?).copied(),
            Target::Figure(..) => None,
        });
        facts.collect()
    }

    /// The numbers of some facts, each once, in order.
    pub(in crate::report) fn facts(&self, facts: &[FactRef]) -> Vec<Target> {
        let mut numbers: Vec<usize> = facts
            .iter()
            .filter_map(|fact| self.of.get(fact).copied())
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(Target::Fact).collect()
    }
}

/// The list, as a table.
pub(super) fn grid(
    library: &Library,
    project: &Project,
    numbers: &Numbers,
    excerpts: &Excerpts<'_>,
    lang: Lang,
) -> Grid {
    let mut grid = Grid {
        facts: true,
        ..Grid::with(&[
            (lang.pick("序号", "no."), 2),
            (lang.pick("事实", "fact"), 10),
            (lang.pick("取值", "value"), 8),
            (lang.pick("由谁提供", "stated by"), 8),
            (lang.pick("出处", "where"), 6),
        ])
    };
    for (at, reference) in numbers.list.iter().enumerate() {
        let Some(fact) = project.find(&library.vocabulary, *reference) else {
            continue;
        };
        let label = wording::fact_label(library, project, *reference);
        let value = match wording::fact_value(library, project, *reference) {
            Some(value) => Cell::new(value.get(lang)),
            None => Cell::new(lang.pick("（填报有误）", "(could not be read)")).toned(Tone::Open),
        };
        grid.rows.push(vec![
            Cell::new(&(at + 1).to_string()),
            Cell::new(label.get(lang)),
            value,
            Cell::new(stated_by(fact).get(lang)),
            Cell::new(&place(excerpts, fact.origin.place())),
        ]);
    }
    grid
}

/// Who states a fact, and by which paper.
fn stated_by(fact: &Fact) -> Text {
    match &fact.origin {
        Origin::None => text!("给定", "given"),
        Origin::Closed(_) => text!(
            "按“填报完整”视为没有",
            "none, by the line that closes its group"
        ),
        Origin::Declared(_) if fact.claim => text!(
            "申请人自报，未经主管部门确认",
            "the applicant, not confirmed"
        ),
        Origin::Declared(_) => text!("申请人填报", "the applicant"),
        Origin::Replied(reply) => {
            let date = reply.date.map(|d| d.to_string()).unwrap_or_default();
            let words: Vec<&str> = [reply.department.as_str(), &reply.number, &date]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            Text::same(words.join(" "))
        }
    }
}

/// `project.toml:36`: the last part of the file's name; the whole name stands beside the list.
pub(in crate::report) fn place(excerpts: &Excerpts<'_>, place: Place) -> String {
    let Some((file, line, _)) = excerpts.describe(place) else {
        return String::new();
    };
    let name = file.rsplit(['/', '\\']).next().unwrap_or(&file);
    format!("{name}:{line}")
}

/// The files that a project's facts were read from, by their whole names.
pub(super) fn files(
    library: &Library,
    project: &Project,
    numbers: &Numbers,
    excerpts: &Excerpts<'_>,
) -> Vec<String> {
    let mut all = vec![project.file.clone()];
    for reference in &numbers.list {
        // A record's members stand where the record stands.
        let is_member = library
            .vocabulary
            .field(reference.field)
            .is_some_and(|f| matches!(f.slot, Slot::Member(..)));
        let fact = project.find(&library.vocabulary, *reference);
        if let Some(fact) = fact.filter(|_| !is_member)
            && let Some((file, ..)) = excerpts.describe(fact.origin.place())
            && !all.contains(&file)
        {
            all.push(file);
        }
    }
    all
}
