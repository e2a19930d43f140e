//! The list of a project's facts: every value that was read, numbered, with who states it and where.
//!
//! It does not know which of them decided anything.

use crate::report::layout::{NAME, cut};
use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::wording;
use crate::language::types::Library;
use crate::model::field::Vocabulary;
use crate::model::project::{Fact, FactRef, Origin, Project, State};
use crate::report::blocks::{Cell, Grid, Size, Target};
use crate::report::compared::Said;
use crate::report::excerpt::Excerpts;
use crate::report::page::Tone;
use crate::report::site;
use crate::text;

/// The numbers of a project's facts: each has the next one when it is first cited, as notes have.
#[derive(Debug)]
pub(in crate::report) struct Numbers<'a> {
    vocabulary: &'a Vocabulary,
    project: &'a Project,
    cited: RefCell<Cited>,
}

#[derive(Debug, Default)]
struct Cited {
    list: Vec<FactRef>,
    of: BTreeMap<FactRef, usize>,
}

impl<'a> Numbers<'a> {
    /// No fact is cited yet.
    pub(in crate::report) fn new(vocabulary: &'a Vocabulary, project: &'a Project) -> Self {
        Self {
            vocabulary,
            project,
            cited: RefCell::default(),
        }
    }

    /// The facts that were cited, in the order of their numbers.
    pub(in crate::report) fn cited(&self) -> Vec<FactRef> {
        self.cited.borrow().list.clone()
    }

    /// The other facts that the project states, in the order of the vocabulary.
    pub(in crate::report) fn uncited(&self) -> Vec<FactRef> {
        let cited = self.cited.borrow();
        let mut all = stated(self.vocabulary, self.project);
        all.retain(|fact| !cited.of.contains_key(fact));
        all
    }

    /// Where the numbers of a sentence come from.
    pub(in crate::report) fn targets(&self, said: &Said) -> Vec<Target> {
        let mut targets = self.facts(&said.facts);
        targets.extend(said.figures.iter().map(|(p, v)| Target::Figure(*p, *v)));
        targets
    }

    /// The numbers of some facts, each once, in order; what the project does not state has none.
    pub(in crate::report) fn facts(&self, facts: &[FactRef]) -> Vec<Target> {
        let mut cited = self.cited.borrow_mut();
        let mut numbers: Vec<usize> = Vec::new();
        for reference in facts {
            let fact = self.project.find(self.vocabulary, *reference);
            if !fact.is_some_and(is_stated) {
                continue;
            }
            let next = cited.list.len() + 1;
            let number = *cited.of.entry(*reference).or_insert(next);
            if number == next {
                cited.list.push(*reference);
            }
            numbers.push(number);
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(Target::Fact).collect()
    }
}

fn is_stated(fact: &Fact) -> bool {
    matches!(fact.state, State::Known(_) | State::Unreadable)
}

/// The facts that a project states, records member by member.
fn stated(vocabulary: &Vocabulary, project: &Project) -> Vec<FactRef> {
    let mut all = Vec::new();
    let mut add = |reference: FactRef| {
        let fact = project.find(vocabulary, reference);
        if fact.is_some_and(is_stated) {
            all.push(reference);
        }
    };
    for field in vocabulary.slots() {
        add(FactRef::project(*field));
        let records = project.records(vocabulary, *field).map_or(0, <[_]>::len);
        for number in (0..records).filter_map(|n| u32::try_from(n).ok()) {
            for member in vocabulary.members(*field) {
                add(FactRef {
                    field: *member,
                    record: Some(number),
                });
            }
        }
    }
    all
}

/// The facts that were cited, as a table in the order of their numbers.
pub(super) fn grid(
    library: &Library,
    project: &Project,
    facts: &[FactRef],
    excerpts: &Excerpts<'_>,
    lang: Lang,
) -> Grid {
    let mut grid = Grid {
        facts: true,
        size: Size::Small,
        ..Grid::with(&[
            (lang.pick("序号", "no."), 2),
            (lang.pick("事实", "fact"), 10),
            (lang.pick("取值", "value"), 8),
            (lang.pick("由谁提供", "stated by"), 8),
            (lang.pick("出处", "where"), 6),
        ])
    };
    for (at, reference) in facts.iter().enumerate() {
        let Some(fact) = project.find(&library.vocabulary, *reference) else {
            continue;
        };
        let label = wording::fact_label(library, project, *reference);
        let value = match wording::fact_value(library, project, *reference) {
            Some(value) => {
                let value = or_empty(value.get(lang), lang);
                Cell::new(&beside(library, *reference, value))
            }
            None => Cell::new(lang.pick("（填报有误）", "(could not be read)")).toned(Tone::Open),
        };
        grid.rows.push(vec![
            Cell::new(&(at + 1).to_string()),
            Cell::new(label.get(lang)),
            value,
            Cell::new(stated_by(project, fact).get(lang)),
            Cell::new(&place(excerpts, fact.origin.place())),
        ]);
    }
    grid
}

/// A fact's value as it stands among others: a project's name, which has a cell of its own, may be cut.
pub(super) fn beside(library: &Library, fact: FactRef, value: &str) -> String {
    let name = library.vocabulary.by_path("name");
    if name.is_some_and(|name| fact == FactRef::project(name.id)) {
        return cut(value, NAME);
    }
    value.to_owned()
}

/// A value, or the word for one that was given empty.
pub(super) fn or_empty(value: &str, lang: Lang) -> &str {
    if value.is_empty() {
        lang.pick("（空）", "(empty)")
    } else {
        value
    }
}

/// Who states a fact, and by which paper.
fn stated_by(project: &Project, fact: &Fact) -> Text {
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
        Origin::Measured(measured) => {
            let site = project.site.as_ref();
            let overlay = measured
                .layer
                .and_then(|layer| site?.overlays.get(usize::from(layer)));
            match overlay.and_then(|o| o.file.as_ref()) {
                Some(file) => {
                    let Text { zh, en } = site::source(file);
                    text!("套合量算：{zh}", "measured: {en}")
                }
                None => text!("由用地边界量算", "measured from the boundary"),
            }
        }
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
pub(super) fn files(library: &Library, project: &Project, excerpts: &Excerpts<'_>) -> Vec<String> {
    let mut all = vec![project.file.clone()];
    // A record's members stand where the record stands.
    let facts = library.vocabulary.slots().iter();
    for fact in facts.filter_map(|f| project.find(&library.vocabulary, FactRef::project(*f))) {
        if let Some((file, ..)) = excerpts.describe(fact.origin.place())
            && !all.contains(&file)
        {
            all.push(file);
        }
    }
    all
}
