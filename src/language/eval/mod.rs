//! Evaluation: a program and a project into a value, with the facts that decide it.
//!
//! It is total and knows no verdicts. A missing number is its field's domain, any other missing
//! value is unknown; whatever depends on what is not known carries the facts concerned.
//! One evaluator serves judging and evidence: it is generic over a [`Recorder`],
//! and with [`Silent`] nothing is recorded and known facts are not tracked.

mod atoms;
mod deciding;
mod deps;
mod lists;
mod lookup;
mod matching;
mod numbers;
#[cfg(test)]
mod scan;
mod sharing;
mod truth;

use std::borrow::Cow;

use crate::base::date::Date;
use crate::language::ir::{Get, Program, Root};
use crate::language::types::Library;
use crate::model::code::CodeId;
use crate::model::field::FieldId;
use crate::model::project::{Fact, FactRef, Project, Record, State, Value};
use crate::model::site::NotMeasured;
use crate::model::value::{Interval, Tri};

use atoms::value_of;
pub use deps::{Cause, Dep, Deps, Lack, Subject};
pub use sharing::{Form, Memo, Terms};
pub use truth::compare;

/// A truth value and what it depends on.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// The value.
    pub is: Tri,
    /// What decides it, or would.
    pub dep: Dep,
}

/// A number and what it depends on.
#[derive(Clone, Debug)]
pub struct Num<'a> {
    /// The value; facts and parameters are borrowed.
    pub is: Cow<'a, Interval>,
    /// What decides it, or would.
    pub dep: Dep,
}

impl<'a> Num<'a> {
    fn new(is: Interval, dep: Dep) -> Self {
        Self {
            is: Cow::Owned(is),
            dep,
        }
    }

    fn of(is: &'a Interval, dep: Dep) -> Self {
        Self {
            is: Cow::Borrowed(is),
            dep,
        }
    }
}

/// A text, answer, date or code.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub enum Atom<'a> {
    /// A folded text.
    Text(&'a str),
    /// An answer.
    Enum(u16),
    /// A day.
    Date(Date),
    /// A code.
    Code(CodeId),
}

/// An atom, none if unknown, and what it depends on.
#[derive(Clone, Copy, Debug)]
pub struct MaybeAtom<'a> {
    /// The value.
    pub is: Option<Atom<'a>>,
    /// What decides it, or would.
    pub dep: Dep,
}

/// A value that was seen at a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// A truth value.
    Truth(Tri),
    /// A number.
    Number(Interval),
    /// A text, answer, date or code.
    Value(Option<Value>),
    /// A list: surely and possibly so many.
    List(Option<(usize, usize)>),
}

/// Which program a node belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// The rule's own expression.
    Rule,
    /// The formula of a derived field.
    Formula(FieldId),
}

/// What watches an evaluation.
pub trait Recorder {
    /// True if known facts are to be tracked too.
    const ON: bool;
    /// A node was evaluated, for a record or not.
    fn node(&mut self, within: Within, node: u32, record: Option<u32>, seen: impl FnOnce() -> Seen);
    /// A parameter version was read.
    fn parameter(&mut self, parameter: u16, version: usize);
    /// A table answered with a row, or with its `otherwise`.
    fn row(&mut self, table: u16, row: Option<usize>);
}

/// Records nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Recorder for Silent {
    const ON: bool = false;
    fn node(&mut self, _: Within, _: u32, _: Option<u32>, _: impl FnOnce() -> Seen) {}
    fn parameter(&mut self, _: u16, _: usize) {}
    fn row(&mut self, _: u16, _: Option<usize>) {}
}

/// Something taken as unknown, to see whether a verdict rests on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blank {
    /// A version of a parameter.
    Parameter(u16, usize),
    /// A row of a table, or what the table says without one.
    Row(u16, Option<usize>),
}

/// Evaluates programs on one project.
pub struct Evaluator<'a, R> {
    /// What the programs name.
    pub library: &'a Library,
    /// The project.
    pub project: &'a Project,
    /// The day as of which the law is read.
    pub as_of: Date,
    /// True if claims count as facts.
    pub trust_claims: bool,
    /// What is taken as unknown.
    pub blank: Option<Blank>,
    /// Unverified figures that were read since the list was last emptied.
    pub unverified: Vec<Blank>,
    /// The sets of this project.
    pub deps: Deps,
    /// What shared terms came to for this project, and tables answered.
    pub memo: Memo,
    /// What watches.
    pub recorder: R,
    /// True if something that depends on the day was read since this was last set to false.
    dated: bool,
    record: Option<(u32, &'a Record)>,
    within: Within,
    depth: u8,
    /// Derived numbers by slot, with the day and claim mode they hold for.
    derived: Vec<Derived<'a>>,
}

/// A derived number, and the version of its formula and claim mode it holds for.
struct Derived<'a> {
    slot: u16,
    version: usize,
    trust_claims: bool,
    number: Num<'a>,
    unverified: Vec<Blank>,
}
impl<'a, R: Recorder> Evaluator<'a, R> {
    /// An evaluator of a project.
    pub fn new(library: &'a Library, project: &'a Project, as_of: Date, recorder: R) -> Self {
        Self {
            library,
            project,
            as_of,
            trust_claims: true,
            blank: None,
            unverified: Vec::new(),
            deps: Deps::default(),
            memo: Memo::default(),
            recorder,
            dated: false,
            record: None,
            within: Within::Rule,
            depth: 0,
            derived: Vec::new(),
        }
    }

    /// The truth of a program; a program of another type is unknown.
    pub fn truth(&mut self, program: &'a Program) -> Truth {
        match &program.root {
            Root::Bool(root) => self.bool(root),
            _ => Truth {
                is: Tri::Unknown,
                dep: Dep::NONE,
            },
        }
    }

    /// The number of a program; a program of another type is any number.
    pub fn quantity(&mut self, program: &'a Program) -> Num<'a> {
        match &program.root {
            Root::Number(root) => self.number(root),
            _ => Num::new(Interval::ANY, Dep::NONE),
        }
    }

    /// The value of a program of any type, for showing it.
    pub fn seen(&mut self, program: &'a Program) -> Seen {
        match &program.root {
            Root::Bool(root) => Seen::Truth(self.bool(root).is),
            Root::Number(root) => Seen::Number(self.number(root).is.into_owned()),
            Root::Atom(root) => Seen::Value(self.atom(root).is.map(value_of)),
            Root::List(root) => {
                let items = self.items(root);
                Seen::List(items.members.map(|members| (members.sure(), members.len())))
            }
            Root::Plain(get) => Seen::Value(self.fact(*get).and_then(Fact::value).cloned()),
        }
    }

    // ---- facts

    pub(super) fn fact(&self, get: Get) -> Option<&'a Fact> {
        match get {
            Get::Project(slot, _) | Get::Derived(slot, _) => self.project.fact(slot),
            Get::Member(index, _) => self
                .record
                .and_then(|(_, record)| record.facts.get(usize::from(index))),
        }
    }

    pub(super) fn subject(&self, get: Get) -> Subject {
        let record = match get {
            Get::Member(..) => self.record.map(|(index, _)| index),
            Get::Project(..) | Get::Derived(..) => None,
        };
        Subject::Fact(FactRef {
            field: get.field(),
            record,
        })
    }

    /// The value of a fact, or why there is none.
    pub(super) fn known(&self, get: Get) -> Result<&'a Value, Cause> {
        let Some(fact) = self.fact(get) else {
            return Err(Cause::Missing);
        };
        match &fact.state {
            State::Known(_) if fact.claim && !self.trust_claims => Err(Cause::Unconfirmed),
            State::Known(value) => Ok(value),
            State::Unreadable | State::Unmeasured(NotMeasured::Boundary) => Err(Cause::Unreadable),
            State::Missing | State::Silent => Err(Cause::Missing),
            State::Unmeasured(NotMeasured::Layer) => Err(Cause::Layer),
            State::Unmeasured(NotMeasured::Several) => Err(Cause::Imprecise),
        }
    }

    pub(super) fn leaf(&mut self, get: Get, cause: Cause) -> Dep {
        let subject = self.subject(get);
        self.deps.leaf(subject, cause)
    }

    /// The set for a fact that is known: tracked only for evidence.
    pub(super) fn known_leaf(&mut self, get: Get) -> Dep {
        if R::ON {
            self.leaf(get, Cause::Known)
        } else {
            Dep::NONE
        }
    }

    /// The set of a value that no longer depends on what was unknown.
    pub(super) fn settled(&mut self, dep: Dep) -> Dep {
        if R::ON {
            self.deps.settle(dep)
        } else {
            Dep::NONE
        }
    }

    pub(super) fn union(&mut self, a: Dep, b: Dep) -> Dep {
        self.deps.union(a, b)
    }

    /// The set of a result computed from a set: settled if the result is decided.
    pub(super) fn decided(&mut self, is: Tri, dep: Dep) -> Truth {
        let dep = if is == Tri::Unknown {
            dep
        } else {
            self.settled(dep)
        };
        Truth { is, dep }
    }
}
