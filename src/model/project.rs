//! A project as submitted: its facts, where each came from, and what it claims to support.
//!
//! It does not know rules. Facts sit in slots numbered by the vocabulary.

use crate::base::date::Date;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::code::CodeId;
use crate::model::facts::Facts;
use crate::model::field::{FieldId, Slot, Vocabulary};
use crate::model::site::{Boundary, Measured, NotMeasured, Site};
use crate::model::stage::Stage;
use crate::model::value::Interval;

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A text.
    Text(Words),
    /// An answer of the field's enumeration.
    Enum(u16),
    /// A day.
    Date(Date),
    /// A code of the field's list.
    Code(CodeId),
    /// A number or range, in canonical units.
    Number(Interval),
    /// Records.
    Records(Vec<Record>),
    /// Texts.
    Texts(Vec<Words>),
    /// Codes.
    Codes(Vec<CodeId>),
}

/// A text as written and as compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// As written.
    pub shown: Box<str>,
    /// After NFKC and trimming.
    pub folded: Box<str>,
}

impl Words {
    /// A text from how it was written.
    pub fn new(text: &str) -> Self {
        Self {
            shown: text.into(),
            folded: crate::base::text::folded(text).into(),
        }
    }
}

/// One record of a list: a fact per member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The facts, by member number.
    pub facts: Facts,
    /// Where the record stands.
    pub place: Option<Place>,
}

/// What is known of a fact.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// Nothing.
    #[default]
    Missing,
    /// Something stands there that could not be read.
    Unreadable,
    /// A value.
    Known(Value),
    /// The record says that it states nothing here.
    Silent,
    /// It is to be measured and could not be.
    Unmeasured(NotMeasured),
}

/// Where a fact comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Origin {
    /// It is missing.
    #[default]
    None,
    /// Declared at a place in the submission.
    Declared(Place),
    /// Confirmed by a reply of an office or department.
    Replied(Box<Reply>),
    /// Not listed in a group that a line at this place closed.
    Closed(Place),
    /// Measured from the boundary.
    Measured(Box<Measured>),
}

impl Origin {
    /// The place in a text.
    pub fn place(&self) -> Place {
        match self {
            Self::None | Self::Measured(_) => Place::Nowhere,
            Self::Declared(place) | Self::Closed(place) => *place,
            Self::Replied(reply) => reply.place,
        }
    }
}

/// A department's reply that confirms a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Where the confirmed value stands.
    pub place: Place,
    /// Who replied.
    pub department: String,
    /// The number of the reply.
    pub number: String,
    /// The day of the reply.
    pub date: Option<Date>,
}

/// A field's value for one project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fact {
    /// What is known.
    pub state: State,
    /// Where it comes from.
    pub origin: Origin,
    /// True if the applicant states what only the office or a department may state.
    pub claim: bool,
}

impl Fact {
    /// A known fact.
    pub fn known(value: Value, origin: Origin) -> Self {
        Self {
            state: State::Known(value),
            origin,
            claim: false,
        }
    }

    /// The value, if it is known.
    pub fn value(&self) -> Option<&Value> {
        match &self.state {
            State::Known(value) => Some(value),
            _ => None,
        }
    }
}

/// Which fact: a field of the project, or a member of a record (counted from 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactRef {
    /// The field.
    pub field: FieldId,
    /// The record, for members of lists.
    pub record: Option<u32>,
}

impl FactRef {
    /// The fact of a project-level field.
    pub fn project(field: FieldId) -> Self {
        Self {
            field,
            record: None,
        }
    }

    /// The path, such as `land.area` or `boilers[1].nox`; records are counted from 1, as people do.
    pub fn path(self, vocabulary: &Vocabulary) -> String {
        let path = vocabulary.path(self.field);
        match (self.record, path.rsplit_once('.')) {
            (Some(record), Some((list, member))) => format!("{list}[{}].{member}", record + 1),
            (Some(record), None) => format!("{path}[{}]", record + 1),
            (None, _) => path.to_owned(),
        }
    }
}

/// A goal that a project claims to serve.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// The goal's id, as written: the plan may not have it.
    pub goal: String,
    /// The indicator to which it contributes, as written.
    pub indicator: Option<String>,
    /// How much, in the indicator's canonical units.
    pub contribution: Option<Interval>,
    /// What shows it, in the applicant's words.
    pub evidence: Option<String>,
    /// Where it is claimed.
    pub place: Place,
}

/// A project on which another depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The project's id, as written: it may not have been read.
    pub project: String,
    /// Where it is named.
    pub place: Place,
}

/// A day with the place it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The day.
    pub date: Date,
    /// Where it stands.
    pub place: Place,
}

/// What is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// A short name that is unique in a run: the `id` key, else the folder or file name.
    pub id: String,
    /// The project's name.
    pub name: String,
    /// The name of the file it came from.
    pub file: String,
    /// Where it starts.
    pub place: Place,
    /// The day of submission.
    pub submitted: Option<Dated>,
    /// Where it stands in its handling.
    pub stage: Option<Stage>,
    /// True if the submission is a demonstration with synthetic data.
    pub sample: bool,
    /// The goals it claims to serve.
    pub supports: Vec<Support>,
    /// The projects it depends on.
    pub depends_on: Vec<Dependency>,
    /// The facts, by slot.
    pub facts: Facts,
    /// The fields in which the applicant states what only the office or a department may state,
    /// as [`Self::note_claims`] found them.
    pub claims: Vec<FieldId>,
    /// The boundary as it is given.
    pub boundary: Option<Box<Boundary>>,
    /// What was measured of it.
    pub site: Option<Box<Site>>,
    /// The fields that rest on overlaps so small that they may be errors of the boundary.
    pub slivers: Vec<FieldId>,
}

impl Project {
    /// A project without facts.
    pub fn empty(vocabulary: &Vocabulary) -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            file: String::new(),
            place: Place::Nowhere,
            submitted: None,
            stage: None,
            sample: false,
            supports: Vec::new(),
            depends_on: Vec::new(),
            facts: Facts::empty(vocabulary.slots().len()),
            claims: Vec::new(),
            boundary: None,
            site: None,
            slivers: Vec::new(),
        }
    }

    /// Lists the fields that hold claims. Whoever changes facts calls it when done.
    pub fn note_claims(&mut self, vocabulary: &Vocabulary) {
        self.claims.clear();
        for (field, fact) in vocabulary.slots().iter().zip(self.facts.iter()) {
            if fact.claim {
                self.claims.push(*field);
            }
            let Some(Value::Records(records)) = fact.value() else {
                continue;
            };
            for (index, member) in vocabulary.members(*field).iter().enumerate() {
                if records
                    .iter()
                    .any(|record| record.facts.get(index).is_some_and(|fact| fact.claim))
                {
                    self.claims.push(*member);
                }
            }
        }
    }

    /// The fact of a slot.
    pub fn fact(&self, slot: u16) -> Option<&Fact> {
        self.facts.get(usize::from(slot))
    }

    /// The fact of a reference.
    pub fn find(&self, vocabulary: &Vocabulary, fact: FactRef) -> Option<&Fact> {
        match vocabulary.field(fact.field)?.slot {
            Slot::Project(slot) => self.fact(slot),
            Slot::Member(list, index) => {
                let record = self.records(vocabulary, list)?.get(fact.record? as usize)?;
                record.facts.get(usize::from(index))
            }
        }
    }

    /// The records of a list field, none if the list is not given.
    pub fn records(&self, vocabulary: &Vocabulary, list: FieldId) -> Option<&[Record]> {
        let Slot::Project(slot) = vocabulary.field(list)?.slot else {
            return None;
        };
        match self.fact(slot)?.value()? {
            Value::Records(records) => Some(records),
            _ => None,
        }
    }

    /// The day of a date field, if it is known.
    pub fn date(&self, vocabulary: &Vocabulary, field: FieldId) -> Option<Date> {
        match self.find(vocabulary, FactRef::project(field))?.value()? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// The reading name of a record: the list's label, the record's number and, if it has one, its name.
    pub fn record_name(&self, vocabulary: &Vocabulary, list: FieldId, record: u32) -> Text {
        let Some(field) = vocabulary.field(list) else {
            return Text::default();
        };
        let number = record + 1;
        let named = field.named_by.map(|field| FactRef {
            field,
            record: Some(record),
        });
        let name = named.and_then(|fact| {
            let member = vocabulary.field(fact.field)?;
            let value = self.find(vocabulary, fact)?.value()?;
            Some(super::field_text(vocabulary, member, value))
        });
        let zh = &field.label.zh;
        let en = &field.label.en;
        match name {
            Some(name) => Text::new(
                format!("{zh}第{number}项“{}”", name.zh),
                format!("{en} {number} “{}”", name.en),
            ),
            None => Text::new(format!("{zh}第{number}项"), format!("{en} {number}")),
        }
    }
}
