//! Evaluation of numbers, as intervals of what they may be.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::language::eval::lists::Item;
use crate::language::eval::{
    Atom, Blank, Cause, Dep, Derived, Evaluator, Num, Recorder, Seen, Silent, Subject, Within,
};
use crate::language::ir::{AtomKind, Get, NumExpr, NumKind, Root};
use crate::model::field::FieldId;
use crate::model::number::Number;
use crate::model::parameter::Confidence;
use crate::model::project::{FactRef, Record, Value};
use crate::model::value::{Interval, Tri};

/// How deep formulas may build on one another.
const FORMULA_DEPTH: u8 = 16;

impl<'a, R: Recorder> Evaluator<'a, R> {
    pub(super) fn number(&mut self, expr: &'a NumExpr) -> Num<'a> {
        let number = self.number_kind(expr);
        let record = self.record.map(|(index, _)| index);
        self.recorder.node(self.within, expr.id, record, || {
            Seen::Number(number.is.clone().into_owned())
        });
        number
    }

    fn number_kind(&mut self, expr: &'a NumExpr) -> Num<'a> {
        match &expr.kind {
            NumKind::Literal(number) => Num::new(Interval::Point(number.clone()), Dep::NONE),
            NumKind::Field(get) => self.number_fact(*get),
            NumKind::Parameter(parameter) => self.parameter(*parameter),
            NumKind::Neg(a) => {
                let a = self.number(a);
                Num::new(a.is.neg(), a.dep)
            }
            NumKind::Abs(a) => {
                let a = self.number(a);
                Num::new(a.is.abs(), a.dep)
            }
            NumKind::Add(a, b) => self.arithmetic(a, b, |a, b| Some(a.add(b))),
            NumKind::Sub(a, b) => self.arithmetic(a, b, |a, b| Some(a.sub(b))),
            NumKind::Mul(a, b) => self.arithmetic(a, b, |a, b| Some(a.mul(b))),
            NumKind::Div(a, b) => {
                let (dividend, divisor) = (self.number(a), self.number(b));
                let mut dep = self.union(dividend.dep, divisor.dep);
                if *divisor.is == Interval::ZERO {
                    let open = self.makes_zero(b);
                    dep = self.union(dep, open);
                }
                let quotient = dividend.is.div(&divisor.is).unwrap_or(Interval::ANY);
                self.narrowed(Cow::Owned(quotient), dep)
            }
            NumKind::Min(all) => self.extreme(all, Interval::min),
            NumKind::Max(all) => self.extreme(all, Interval::max),
            NumKind::If(c, a, b) => {
                let condition = self.bool(c);
                match condition.is {
                    Tri::True | Tri::False => {
                        let chosen = if condition.is == Tri::True {
                            self.number(a)
                        } else {
                            self.number(b)
                        };
                        Num {
                            is: chosen.is,
                            dep: self.union(condition.dep, chosen.dep),
                        }
                    }
                    Tri::Unknown => {
                        let (a, b) = (self.number(a), self.number(b));
                        let either = self.union(a.dep, b.dep);
                        let dep = self.union(condition.dep, either);
                        self.narrowed(Cow::Owned(a.is.hull(&b.is)), dep)
                    }
                }
            }
            NumKind::Size(list) => {
                let list = self.items(list);
                let Some(members) = list.members else {
                    return Num::new(at_least_zero(), list.dep);
                };
                let mut dep = list.dep;
                for item in members.iter() {
                    dep = self.union(dep, item.dep);
                }
                let is = Interval::new(Some(count(members.sure())), Some(count(members.len())));
                self.narrowed(Cow::Owned(is), dep)
            }
            NumKind::Count(get) => match self.known(*get) {
                Ok(Value::Texts(all)) => {
                    Num::new(Interval::Point(count(all.len())), self.known_leaf(*get))
                }
                Ok(Value::Codes(all)) => {
                    Num::new(Interval::Point(count(all.len())), self.known_leaf(*get))
                }
                Ok(_) => Num::new(at_least_zero(), self.leaf(*get, Cause::Unreadable)),
                Err(cause) => Num::new(at_least_zero(), self.leaf(*get, cause)),
            },
            NumKind::Sum(list, body) => self.sum(list, body),
            NumKind::Least(list, body) => self.fold_extreme(list, body, false),
            NumKind::Greatest(list, body) => self.fold_extreme(list, body, true),
            NumKind::Days(from, to) => {
                let (from, to) = (self.atom(from), self.atom(to));
                let dep = self.union(from.dep, to.dep);
                let is = match (from.is, to.is) {
                    (Some(Atom::Date(from)), Some(Atom::Date(to))) => {
                        Interval::Point(&Number::from(from.days_until(to)) * &Number::from(86_400))
                    }
                    _ => Interval::ANY,
                };
                Num::new(is, dep)
            }
            NumKind::Lookup(lookup) => match self.look_up(lookup) {
                (Some(Value::Number(number)), dep) => Num::of(number, dep),
                (_, dep) => Num::new(Interval::ANY, dep),
            },
        }
    }

    /// A number that depends on nothing unknown once it is a point.
    pub(super) fn narrowed(&mut self, is: Cow<'a, Interval>, dep: Dep) -> Num<'a> {
        let dep = if is.point().is_some() {
            self.settled(dep)
        } else {
            dep
        };
        Num { is, dep }
    }

    /// The number of a field, given or derived; a missing one is the field's domain.
    pub(super) fn number_fact(&mut self, get: Get) -> Num<'a> {
        if let Get::Derived(slot, field) = get {
            return self.derived(get, slot, field);
        }
        match self.known(get) {
            Ok(Value::Number(interval)) => {
                let dep = if interval.point().is_some() {
                    self.known_leaf(get)
                } else {
                    self.leaf(get, Cause::Imprecise)
                };
                Num::of(interval, dep)
            }
            other => {
                let cause = other.err().unwrap_or(Cause::Unreadable);
                let dep = self.leaf(get, cause);
                match self.library.vocabulary.field(get.field()) {
                    Some(field) => Num::of(&field.domain, dep),
                    None => Num::new(Interval::ANY, dep),
                }
            }
        }
    }

    fn derived(&mut self, get: Get, slot: u16, field: FieldId) -> Num<'a> {
        self.dated = true;
        let fresh = !R::ON && self.blank.is_none();
        let (version, trust_claims) = (
            self.library.formula_version(field, self.as_of),
            self.trust_claims,
        );
        let kept = |d: &&Derived<'a>| {
            d.slot == slot && d.version == version && d.trust_claims == trust_claims
        };
        if fresh && let Some(derived) = self.derived.iter().find(kept) {
            self.unverified.extend(&derived.unverified);
            return derived.number.clone();
        }
        let formula = self.library.formula(field).map(|p| &p.root);
        let (Some(Root::Number(root)), true) = (formula, self.depth < FORMULA_DEPTH) else {
            return Num::new(Interval::ANY, self.leaf(get, Cause::Missing));
        };
        let before = self.unverified.len();
        let outer = (self.within, self.record.take());
        self.within = Within::Formula(field);
        self.depth += 1;
        let number = self.number(root);
        self.depth -= 1;
        (self.within, self.record) = outer;
        if fresh {
            let unverified = self.unverified.get(before..).unwrap_or(&[]).to_vec();
            self.derived.push(Derived {
                slot,
                version,
                trust_claims,
                number: number.clone(),
                unverified,
            });
        }
        number
    }

    fn parameter(&mut self, index: u16) -> Num<'a> {
        self.dated = true;
        let version = self
            .library
            .parameters
            .get(usize::from(index))
            .and_then(|parameter| {
                let version = parameter.version(self.as_of)?;
                Some((version, parameter.versions.get(version)?))
            });
        let unknown = |eval: &mut Self| {
            Num::new(
                Interval::ANY,
                eval.deps.leaf(Subject::Parameter(index), Cause::Parameter),
            )
        };
        let Some((number, version)) = version else {
            return unknown(self);
        };
        let blank = Blank::Parameter(index, number);
        if self.blank == Some(blank) {
            return unknown(self);
        }
        if version.confidence == Confidence::Unverified {
            self.unverified.push(blank);
        }
        self.recorder.parameter(index, number);
        let dep = match version.value.point() {
            None => self.deps.leaf(Subject::Parameter(index), Cause::Imprecise),
            Some(_) if R::ON => self.deps.leaf(Subject::Parameter(index), Cause::Known),
            Some(_) => Dep::NONE,
        };
        Num::of(&version.value, dep)
    }

    /// What a divisor that is known to be zero is made of: that is what leaves the quotient open.
    fn makes_zero(&mut self, divisor: &'a NumExpr) -> Dep {
        match &divisor.kind {
            NumKind::Literal(_) => Dep::NONE,
            NumKind::Field(Get::Derived(_, field)) if self.depth < FORMULA_DEPTH => {
                let Some(Root::Number(formula)) = self.library.formula(*field).map(|p| &p.root)
                else {
                    return Dep::NONE;
                };
                self.depth += 1;
                let dep = self.makes_zero(formula);
                self.depth -= 1;
                dep
            }
            NumKind::Field(get) | NumKind::Count(get) => self.leaf(*get, Cause::Imprecise),
            NumKind::Parameter(index) => {
                self.deps.leaf(Subject::Parameter(*index), Cause::Parameter)
            }
            NumKind::Neg(a) | NumKind::Abs(a) => self.makes_zero(a),
            NumKind::Add(a, b)
            | NumKind::Sub(a, b)
            | NumKind::Mul(a, b)
            | NumKind::Div(a, b)
            | NumKind::If(_, a, b) => {
                let (a, b) = (self.makes_zero(a), self.makes_zero(b));
                self.union(a, b)
            }
            NumKind::Min(all) | NumKind::Max(all) => {
                let mut dep = Dep::NONE;
                for expr in all {
                    let one = self.makes_zero(expr);
                    dep = self.union(dep, one);
                }
                dep
            }
            NumKind::Size(list)
            | NumKind::Sum(list, _)
            | NumKind::Least(list, _)
            | NumKind::Greatest(list, _) => {
                let subject = Subject::Fact(FactRef::project(list.field()));
                self.deps.leaf(subject, Cause::Imprecise)
            }
            NumKind::Days(from, to) => {
                let mut dep = Dep::NONE;
                for date in [from, to] {
                    if let AtomKind::Field(get) = &date.kind {
                        let one = self.leaf(*get, Cause::Imprecise);
                        dep = self.union(dep, one);
                    }
                }
                dep
            }
            NumKind::Lookup(lookup) => self.table_lack(lookup.table),
        }
    }

    fn arithmetic(
        &mut self,
        a: &'a NumExpr,
        b: &'a NumExpr,
        op: fn(&Interval, &Interval) -> Option<Interval>,
    ) -> Num<'a> {
        let (a, b) = (self.number(a), self.number(b));
        let dep = self.union(a.dep, b.dep);
        // Zero times an unknown number is zero, whatever it turns out to be.
        self.narrowed(Cow::Owned(op(&a.is, &b.is).unwrap_or(Interval::ANY)), dep)
    }

    fn extreme(
        &mut self,
        all: &'a [NumExpr],
        pick: fn(&Interval, &Interval) -> Interval,
    ) -> Num<'a> {
        let mut result: Option<Interval> = None;
        let mut dep = Dep::NONE;
        for expr in all {
            let number = self.number(expr);
            dep = self.union(dep, number.dep);
            result = Some(
                result.map_or_else(|| number.is.clone().into_owned(), |r| pick(&r, &number.is)),
            );
        }
        self.narrowed(Cow::Owned(result.unwrap_or(Interval::ANY)), dep)
    }

    /// The body's interval on a record of which nothing is known.
    pub(super) fn blank_record(&mut self, list: FieldId, body: &'a NumExpr) -> Interval {
        // An absent record has no facts: every member reads as missing.
        static EMPTY: LazyLock<Record> = LazyLock::new(Record::default);
        debug_assert!(
            self.library.vocabulary.field(list).is_some(),
            "the checker resolved the list"
        );
        let item = Item {
            index: 0,
            record: &EMPTY,
            sure: true,
            dep: Dep::NONE,
        };
        let mut probe = Evaluator::new(self.library, self.project, self.as_of, Silent);
        probe.trust_claims = self.trust_claims;
        probe.blank = self.blank;
        let number = probe.in_record(item, |eval| eval.number(body).is.into_owned());
        self.dated |= probe.dated;
        number
    }
}

fn count(n: usize) -> Number {
    Number::from(i64::try_from(n).unwrap_or(i64::MAX))
}

fn at_least_zero() -> Interval {
    Interval::new(Some(Number::ZERO), None)
}
