//! Evaluation of texts, answers, dates and codes; and what table look-ups ask of facts.

use crate::base::date::Date;
use crate::language::eval::{Atom, Cause, Dep, Evaluator, MaybeAtom, Recorder, Seen, Subject};
use crate::language::ir::{AtomExpr, AtomKind, Get, Literal, NumExpr};
use crate::model::number::Number;
use crate::model::project::{Value, Words};
use crate::model::value::Tri;

impl<'a, R: Recorder> Evaluator<'a, R> {
    /// The value of an atom expression.
    pub fn atom(&mut self, expr: &'a AtomExpr) -> MaybeAtom<'a> {
        let atom = self.atom_kind(expr);
        let record = self.record.map(|(index, _)| index);
        self.recorder.node(self.within, expr.id, record, || {
            Seen::Value(atom.is.map(value_of))
        });
        atom
    }

    pub(super) fn atom_kind(&mut self, expr: &'a AtomExpr) -> MaybeAtom<'a> {
        match &expr.kind {
            AtomKind::Literal(literal) => MaybeAtom {
                is: Some(match literal {
                    Literal::Text(text) => Atom::Text(text),
                    Literal::Enum(answer) => Atom::Enum(*answer),
                    Literal::Date(date) => Atom::Date(*date),
                    Literal::Code(code) => Atom::Code(*code),
                }),
                dep: Dep::NONE,
            },
            AtomKind::Field(get) => match self.known(*get) {
                Ok(value) => MaybeAtom {
                    is: atom_of(value),
                    dep: self.known_leaf(*get),
                },
                Err(cause) => MaybeAtom {
                    is: None,
                    dep: self.leaf(*get, cause),
                },
            },
            AtomKind::AsOf => {
                self.dated = true;
                MaybeAtom {
                    is: Some(Atom::Date(self.as_of)),
                    dep: Dep::NONE,
                }
            }
            AtomKind::AddYears(date, count) => self.shifted(date, count, Date::add_years),
            AtomKind::AddDays(date, count) => self.shifted(date, count, Date::add_days),
            AtomKind::If(c, a, b) => {
                let condition = self.bool(c);
                match condition.is {
                    Tri::True | Tri::False => {
                        let chosen = if condition.is == Tri::True {
                            self.atom(a)
                        } else {
                            self.atom(b)
                        };
                        MaybeAtom {
                            is: chosen.is,
                            dep: self.union(condition.dep, chosen.dep),
                        }
                    }
                    Tri::Unknown => {
                        let (a, b) = (self.atom(a), self.atom(b));
                        let either = self.union(a.dep, b.dep);
                        let dep = self.union(condition.dep, either);
                        match (a.is, b.is) {
                            (Some(a), Some(b)) if a == b => MaybeAtom {
                                is: Some(a),
                                dep: self.settled(dep),
                            },
                            _ => MaybeAtom { is: None, dep },
                        }
                    }
                }
            }
            AtomKind::Lookup(lookup) => {
                let (value, dep) = self.look_up(lookup);
                MaybeAtom {
                    is: value.and_then(atom_of),
                    dep,
                }
            }
        }
    }

    pub(super) fn shifted(
        &mut self,
        date: &'a AtomExpr,
        count: &'a NumExpr,
        by: fn(Date, i64) -> Option<Date>,
    ) -> MaybeAtom<'a> {
        let (date, count) = (self.atom(date), self.number(count));
        let is = match (date.is, count.is.point().and_then(Number::to_i64)) {
            (Some(Atom::Date(date)), Some(count)) => by(date, count).map(Atom::Date),
            _ => None,
        };
        MaybeAtom {
            is,
            dep: self.union(date.dep, count.dep),
        }
    }

    // ---- for table look-ups

    /// The value of a key column's field, or why it is not known; and its set.
    pub(super) fn key(&mut self, get: Get) -> (Result<&'a Value, Cause>, Dep) {
        let value = self.known(get);
        let dep = match value {
            Ok(Value::Number(interval)) if interval.point().is_none() => {
                self.leaf(get, Cause::Imprecise)
            }
            Ok(_) => self.known_leaf(get),
            Err(cause) => self.leaf(get, cause),
        };
        (value, dep)
    }

    pub(super) fn lack(&mut self, get: Get, cause: Cause) -> Dep {
        self.leaf(get, cause)
    }

    pub(super) fn table_lack(&mut self, table: u16) -> Dep {
        self.deps.leaf(Subject::Table(table), Cause::TableGap)
    }

    pub(super) fn joined(&mut self, a: Dep, b: Dep) -> Dep {
        self.union(a, b)
    }

    pub(super) fn closed(&mut self, dep: Dep) -> Dep {
        self.settled(dep)
    }
}

pub(super) fn atom_of(value: &Value) -> Option<Atom<'_>> {
    match value {
        Value::Text(words) => Some(Atom::Text(&words.folded)),
        Value::Enum(answer) => Some(Atom::Enum(*answer)),
        Value::Date(date) => Some(Atom::Date(*date)),
        Value::Code(code) => Some(Atom::Code(*code)),
        _ => None,
    }
}

pub(super) fn value_of(atom: Atom<'_>) -> Value {
    match atom {
        Atom::Text(text) => Value::Text(Words::new(text)),
        Atom::Enum(answer) => Value::Enum(answer),
        Atom::Date(date) => Value::Date(date),
        Atom::Code(code) => Value::Code(code),
    }
}
