//! Evaluation of lists: members that are surely or possibly in, and macros over them.

use std::borrow::Cow;

use crate::language::eval::{Atom, Cause, Dep, Evaluator, Num, Recorder, Seen, Subject, Truth};
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, Get, ListExpr, ListKind, NumExpr, NumKind, Stated,
};
use crate::model::field::WhenClosed;
use crate::model::number::Number;
use crate::model::project::{Fact, FactRef, Record, State, Value};
use crate::model::value::{Interval, Tri};

/// A member of a list: its number, its record, whether it is surely in the list, and what that depends on.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) index: u32,
    pub(super) record: &'a Record,
    pub(super) sure: bool,
    pub(super) dep: Dep,
}

/// The members of a list.
pub(super) enum Members<'a> {
    /// All records of a list field.
    All(&'a [Record]),
    /// The records that passed a filter.
    Kept(Vec<Item<'a>>),
}

impl<'a> Members<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::All(records) => records.len(),
            Self::Kept(items) => items.len(),
        }
    }

    pub(super) fn sure(&self) -> usize {
        match self {
            Self::All(records) => records.len(),
            Self::Kept(items) => items.iter().filter(|item| item.sure).count(),
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Item<'a>> {
        match self {
            Self::All(records) => {
                let record = records.get(index)?;
                Some(Item {
                    index: u32::try_from(index).unwrap_or(u32::MAX),
                    record,
                    sure: true,
                    dep: Dep::NONE,
                })
            }
            Self::Kept(items) => items.get(index).copied(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Item<'a>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// A list, none if it is not given.
pub(super) struct Items<'a> {
    pub(super) members: Option<Members<'a>>,
    pub(super) dep: Dep,
}

/// The body of a macro that takes a value of each record.
pub(super) enum Body<'e> {
    Number(&'e NumExpr),
    Atom(&'e AtomExpr),
}

/// What a record states.
pub(super) enum StatedValue<'a> {
    Number(Num<'a>),
    Atom(Option<Atom<'a>>),
}

/// What one record, or the reference, states.
struct Statement<'a> {
    value: StatedValue<'a>,
    dep: Dep,
    /// True if the statement is surely there.
    sure: bool,
    /// What its being there depends on.
    member: Dep,
}

/// Two statements that are surely there and surely differ.
///
/// Intervals that meet in pairs have a common number, so the highest lower end and the lowest upper
/// end decide for all pairs at once.
fn surely_differ<'s, 'a>(
    values: &'s [Statement<'a>],
) -> Option<(&'s Statement<'a>, &'s Statement<'a>)> {
    let mut sure = values.iter().filter(|v| v.sure);
    let first = sure
        .find(|v| v.value.is_known())
        .or_else(|| values.iter().find(|v| v.sure))?;
    let (mut highest, mut lowest) = (first, first);
    for value in values.iter().filter(|v| v.sure) {
        if value.value.equal(&first.value) == Tri::False {
            return Some((first, value));
        }
        if value.value.starts_after(&highest.value) {
            highest = value;
        }
        if value.value.ends_before(&lowest.value) {
            lowest = value;
        }
    }
    (highest.value.equal(&lowest.value) == Tri::False).then_some((highest, lowest))
}

impl StatedValue<'_> {
    fn is_known(&self) -> bool {
        match self {
            Self::Number(number) => number.is.point().is_some(),
            Self::Atom(atom) => atom.is_some(),
        }
    }

    /// True if its lower end lies above the other's.
    fn starts_after(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.is.low() > b.is.low(),
            _ => false,
        }
    }

    /// True if its upper end lies below the other's.
    fn ends_before(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => match (a.is.high(), b.is.high()) {
                (Some(a), Some(b)) => a < b,
                (high, None) => high.is_some(),
                (None, Some(_)) => false,
            },
            _ => false,
        }
    }

    fn equal(&self, other: &Self) -> Tri {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.is.equal(&b.is),
            (Self::Atom(Some(a)), Self::Atom(Some(b))) => Tri::from(a == b),
            _ => Tri::Unknown,
        }
    }
}

impl<'a, R: Recorder> Evaluator<'a, R> {
    pub(super) fn items(&mut self, list: &'a ListExpr) -> Items<'a> {
        let items = match &list.kind {
            ListKind::Field(slot, field) => {
                let get = Get::Project(*slot, *field);
                match self.known(get) {
                    Ok(Value::Records(records)) => Items {
                        members: Some(Members::All(records)),
                        dep: self.known_leaf(get),
                    },
                    Ok(_) => Items {
                        members: None,
                        dep: self.leaf(get, Cause::Unreadable),
                    },
                    Err(cause) => Items {
                        members: None,
                        dep: self.leaf(get, cause),
                    },
                }
            }
            ListKind::Filter(inner, body) => self.filtered(inner, body),
        };
        let record = self.record.map(|(index, _)| index);
        let seen = || {
            Seen::List(
                items
                    .members
                    .as_ref()
                    .map(|members| (members.sure(), members.len())),
            )
        };
        self.recorder.node(self.within, list.id, record, seen);
        items
    }

    fn filtered(&mut self, inner: &'a ListExpr, body: &'a BoolExpr) -> Items<'a> {
        let all = self.items(inner);
        let mut dep = all.dep;
        let Some(members) = all.members else {
            return Items { members: None, dep };
        };
        let mut kept = Vec::new();
        for item in members.iter() {
            let truth = self.in_record(item, |eval| eval.bool(body));
            match truth.is {
                // That a record is out is known, which matters to the evidence of the rest.
                Tri::False => dep = self.union(dep, truth.dep),
                Tri::True => kept.push(Item {
                    dep: self.union(item.dep, truth.dep),
                    ..item
                }),
                Tri::Unknown => kept.push(Item {
                    sure: false,
                    dep: self.union(item.dep, truth.dep),
                    ..item
                }),
            }
        }
        Items {
            members: Some(Members::Kept(kept)),
            dep,
        }
    }

    pub(super) fn in_record<T>(&mut self, item: Item<'a>, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.record.replace((item.index, item.record));
        let value = run(self);
        self.record = outer;
        value
    }

    /// `exists` (`absorbing` true) or `all` (`absorbing` false) of the records' conditions.
    pub(super) fn quantified(
        &mut self,
        list: &'a ListExpr,
        body: &'a BoolExpr,
        absorbing: Tri,
    ) -> Truth {
        let list = self.items(list);
        let Some(members) = list.members else {
            return Truth {
                is: Tri::Unknown,
                dep: list.dep,
            };
        };
        let mut result = Truth {
            is: absorbing.not(),
            dep: list.dep,
        };
        for item in members.iter() {
            let mut truth = self.in_record(item, |eval| eval.bool(body));
            // A member that is only possibly in the list decides nothing.
            if !item.sure && truth.is != absorbing.not() {
                let dep = if truth.is == absorbing {
                    item.dep
                } else {
                    self.union(item.dep, truth.dep)
                };
                truth = Truth {
                    is: Tri::Unknown,
                    dep,
                };
            }
            result = self.combined(result, truth, absorbing);
            if result.is == absorbing && !R::ON {
                break;
            }
        }
        result
    }

    /// Whether the record states a value of the expression: not if it is a member about which the record
    /// states nothing, and perhaps not if nothing is known of a member that records may leave unstated.
    pub(super) fn states(&self, body: &Body<'_>) -> Tri {
        let get = match body {
            Body::Number(NumExpr {
                kind: NumKind::Field(get),
                ..
            })
            | Body::Atom(AtomExpr {
                kind: AtomKind::Field(get),
                ..
            }) => *get,
            _ => return Tri::True,
        };
        if self
            .fact(get)
            .is_some_and(|fact: &Fact| fact.state == State::Silent)
        {
            return Tri::False;
        }
        let optional = || {
            self.library
                .vocabulary
                .field(get.field())
                .is_some_and(|f| f.when_closed == Some(WhenClosed::Silent))
        };
        if self.known(get).is_err() && optional() {
            Tri::Unknown
        } else {
            Tri::True
        }
    }

    /// The value that a record states, what it depends on, and whether it surely states one.
    fn stated(&mut self, stated: &'a Stated) -> Option<(StatedValue<'a>, Dep, bool)> {
        let states = match stated {
            Stated::Number(expr) => self.states(&Body::Number(expr)),
            Stated::Atom(expr) => self.states(&Body::Atom(expr)),
        };
        if states == Tri::False {
            return None;
        }
        let (value, dep) = match stated {
            Stated::Number(expr) => {
                let value = self.number(expr);
                let dep = value.dep;
                (StatedValue::Number(value), dep)
            }
            Stated::Atom(expr) => {
                let value = self.atom(expr);
                (StatedValue::Atom(value.is), value.dep)
            }
        };
        Some((value, dep, states == Tri::True))
    }

    pub(super) fn agree(
        &mut self,
        list: &'a ListExpr,
        body: &'a Stated,
        reference: Option<&'a Stated>,
    ) -> Truth {
        let list = self.items(list);
        let Some(members) = list.members else {
            return Truth {
                is: Tri::Unknown,
                dep: list.dep,
            };
        };
        let mut values: Vec<Statement<'a>> = Vec::with_capacity(members.len() + 1);
        if let Some((value, dep, sure)) = reference.and_then(|r| self.stated(r)) {
            let member = Dep::NONE;
            values.push(Statement {
                value,
                dep,
                sure,
                member,
            });
        }
        for item in members.iter() {
            if let Some((value, dep, sure)) = self.in_record(item, |eval| eval.stated(body)) {
                let (sure, member) = (sure && item.sure, item.dep);
                values.push(Statement {
                    value,
                    dep,
                    sure,
                    member,
                });
            }
        }
        let agreed = self.agreed(&values);
        Truth {
            is: agreed.is,
            dep: self.union(list.dep, agreed.dep),
        }
    }

    /// Whether statements agree, in one pass: two that surely differ make it false,
    /// and it is true only if every one is known and the same.
    fn agreed(&mut self, values: &[Statement<'a>]) -> Truth {
        if let Some((one, other)) = surely_differ(values) {
            let mut dep = self.union(one.dep, other.dep);
            if R::ON {
                // For evidence every statement that differs from the first of the two is named.
                for value in values
                    .iter()
                    .filter(|v| v.sure && v.value.equal(&one.value) == Tri::False)
                {
                    dep = self.union(dep, value.dep);
                }
            }
            return self.decided(Tri::False, dep);
        }
        // No two sure statements differ: any known one stands for all that are known.
        let known = values.iter().find(|v| v.sure && v.value.is_known());
        let known = known.or_else(|| values.iter().find(|v| v.value.is_known()));
        let mut result = Truth {
            is: Tri::True,
            dep: Dep::NONE,
        };
        for value in values {
            let is = known.map_or(Tri::Unknown, |known| value.value.equal(&known.value));
            // A statement that may not be there cannot break the agreement by itself.
            let (is, dep) = match is {
                Tri::True => (Tri::True, value.dep),
                _ => (Tri::Unknown, self.union(value.dep, value.member)),
            };
            let truth = self.decided(is, dep);
            result = self.combined(result, truth, Tri::False);
        }
        // A single unknown statement has nothing to disagree with.
        if values.len() < 2 {
            self.decided(Tri::True, result.dep)
        } else {
            result
        }
    }

    /// The number that a record states, and whether there surely is one.
    fn number_of(&mut self, item: Item<'a>, body: &'a NumExpr) -> Option<(Num<'a>, bool)> {
        let (states, number) =
            self.in_record(item, |eval| match eval.states(&Body::Number(body)) {
                Tri::False => (Tri::False, None),
                states => (states, Some(eval.number(body))),
            });
        number.map(|number| (number, item.sure && states == Tri::True))
    }

    pub(super) fn sum(&mut self, list: &'a ListExpr, body: &'a NumExpr) -> Num<'a> {
        let field = list.field();
        let list = self.items(list);
        let zero = Interval::ZERO;
        let Some(members) = list.members else {
            let one = self.blank_record(field, body);
            let low = one.low().filter(|n| !n.is_negative()).map(|_| Number::ZERO);
            let high = one
                .high()
                .filter(|n| n.is_negative() || n.is_zero())
                .map(|_| Number::ZERO);
            return Num::new(Interval::new(low, high), list.dep);
        };
        let mut total = Num::new(zero.clone(), list.dep);
        for item in members.iter() {
            let Some((number, sure)) = self.number_of(item, body) else {
                continue;
            };
            let mut is = number.is;
            let mut dep = self.union(number.dep, item.dep);
            if !sure {
                is = Cow::Owned(is.hull(&zero));
                if *is == zero {
                    dep = self.settled(dep);
                }
            }
            total = Num::new(total.is.add(&is), self.union(total.dep, dep));
        }
        self.narrowed(total.is, total.dep)
    }

    pub(super) fn fold_extreme(
        &mut self,
        list: &'a ListExpr,
        body: &'a NumExpr,
        greatest: bool,
    ) -> Num<'a> {
        let field = list.field();
        let list = self.items(list);
        // The list may be empty, and then there is no greatest.
        let Some(members) = list.members else {
            return Num::new(Interval::ANY, list.dep);
        };
        // Worked as a maximum; a minimum is the opposite of the maximum of the opposites.
        let turn = |i: &Interval| if greatest { i.clone() } else { i.neg() };
        let mut sure: Option<Interval> = None;
        let mut all: Option<Interval> = None;
        let mut dep = list.dep;
        for item in members.iter() {
            let Some((number, is_sure)) = self.number_of(item, body) else {
                continue;
            };
            dep = self.union(dep, number.dep);
            dep = self.union(dep, item.dep);
            let is = turn(&number.is);
            if is_sure {
                sure = Some(sure.map_or_else(|| is.clone(), |s| s.max(&is)));
            }
            all = Some(all.map_or_else(|| is.clone(), |a| a.max(&is)));
        }
        let is = match (sure, all) {
            // At least the greatest of the sure members, at most that of all.
            (Some(sure), Some(all)) => Interval::new(sure.low().cloned(), all.high().cloned()),
            // None may be there: what the list says is what leaves it open.
            _ => {
                let subject = Subject::Fact(FactRef::project(field));
                let open = self.deps.leaf(subject, Cause::Imprecise);
                dep = self.union(dep, open);
                Interval::ANY
            }
        };
        self.narrowed(Cow::Owned(turn(&is)), dep)
    }
}
