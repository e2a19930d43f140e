//! Evaluation of truth values, by Kleene's logic.

use crate::language::eval::{Atom, Cause, Dep, Evaluator, Recorder, Seen, Truth};
use crate::language::ir::{AtomExpr, AtomKind, BoolExpr, BoolKind, Get, Literal, Order};
use crate::model::code::{CodeId, Relation};
use crate::model::field::ListId;
use crate::model::project::Value;
use crate::model::value::{Interval, Tri};

impl<'a, R: Recorder> Evaluator<'a, R> {
    pub(super) fn bool(&mut self, expr: &'a BoolExpr) -> Truth {
        let truth = self.bool_kind(expr);
        let record = self.record.map(|(index, _)| index);
        self.recorder
            .node(self.within, expr.id, record, || Seen::Truth(truth.is));
        truth
    }

    pub(super) fn bool_kind(&mut self, expr: &'a BoolExpr) -> Truth {
        match &expr.kind {
            BoolKind::Literal(value) => Truth {
                is: Tri::from(*value),
                dep: Dep::NONE,
            },
            BoolKind::Field(get) => match self.known(*get) {
                Ok(Value::Bool(value)) => Truth {
                    is: Tri::from(*value),
                    dep: self.known_leaf(*get),
                },
                Ok(_) => Truth {
                    is: Tri::Unknown,
                    dep: self.leaf(*get, Cause::Unreadable),
                },
                Err(cause) => Truth {
                    is: Tri::Unknown,
                    dep: self.leaf(*get, cause),
                },
            },
            BoolKind::Not(inner) => {
                let inner = self.bool(inner);
                Truth {
                    is: inner.is.not(),
                    dep: inner.dep,
                }
            }
            BoolKind::And(a, b) => self.both(a, b, Tri::False),
            BoolKind::Or(a, b) => self.both(a, b, Tri::True),
            BoolKind::If(c, a, b) => {
                let condition = self.bool(c);
                match condition.is {
                    Tri::True | Tri::False => {
                        let chosen = if condition.is == Tri::True {
                            self.bool(a)
                        } else {
                            self.bool(b)
                        };
                        Truth {
                            is: chosen.is,
                            dep: self.union(condition.dep, chosen.dep),
                        }
                    }
                    Tri::Unknown => {
                        let (a, b) = (self.bool(a), self.bool(b));
                        let is = if a.is == b.is { a.is } else { Tri::Unknown };
                        let either = self.union(a.dep, b.dep);
                        let dep = self.union(condition.dep, either);
                        self.decided(is, dep)
                    }
                }
            }
            BoolKind::Same(equal, a, b) => {
                let (a, b) = (self.bool(a), self.bool(b));
                let is = match (a.is, b.is) {
                    (Tri::Unknown, _) | (_, Tri::Unknown) => Tri::Unknown,
                    (a, b) => Tri::from((a == b) == *equal),
                };
                Truth {
                    is,
                    dep: self.union(a.dep, b.dep),
                }
            }
            BoolKind::Numbers(order, a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                let is = compare(*order, &a.is, &b.is);
                let dep = self.union(a.dep, b.dep);
                self.decided(is, dep)
            }
            BoolKind::Atoms(order, a, b) => {
                // The commonest comparison by far: a known answer with a literal.
                if !R::ON
                    && let (AtomKind::Field(get), AtomKind::Literal(Literal::Enum(wanted))) =
                        (&a.kind, &b.kind)
                    && let (Ok(Value::Enum(answer)), Order::Equal | Order::Unequal) =
                        (self.known(*get), order)
                {
                    return Truth {
                        is: Tri::from((answer == wanted) == (*order == Order::Equal)),
                        dep: Dep::NONE,
                    };
                }
                let (a, b) = (self.atom(a), self.atom(b));
                let is = match (a.is, b.is) {
                    (Some(a), Some(b)) => Tri::from(match order {
                        Order::Equal => a == b,
                        Order::Unequal => a != b,
                        Order::Less => a < b,
                        Order::AtMost => a <= b,
                        Order::Greater => a > b,
                        Order::AtLeast => a >= b,
                    }),
                    _ => Tri::Unknown,
                };
                Truth {
                    is,
                    dep: self.union(a.dep, b.dep),
                }
            }
            BoolKind::Code(within, list, a, b) => {
                let truth = self.within_code(*list, a, b);
                if *within {
                    truth
                } else {
                    Truth {
                        is: truth.is.not(),
                        dep: truth.dep,
                    }
                }
            }
            BoolKind::In(item, options) => {
                let item = self.atom(item);
                let mut found = Truth {
                    is: Tri::False,
                    dep: item.dep,
                };
                for option in options {
                    let option = self.atom(option);
                    let is = match (item.is, option.is) {
                        (Some(a), Some(b)) => Tri::from(a == b),
                        _ => Tri::Unknown,
                    };
                    found = Truth {
                        is: found.is.or(is),
                        dep: self.union(found.dep, option.dep),
                    };
                    if found.is == Tri::True {
                        break;
                    }
                }
                found
            }
            BoolKind::InCodes(list, item, options) => {
                let mut found = Truth {
                    is: Tri::False,
                    dep: Dep::NONE,
                };
                for option in options {
                    let truth = self.within_code(*list, item, option);
                    found = self.combined(found, truth, Tri::True);
                    if found.is == Tri::True {
                        break;
                    }
                }
                found
            }
            BoolKind::Member(item, list, codes) => self.member(item, *list, *codes),
            BoolKind::Contains(text, part) => {
                self.texts(text, part, |text, part| text.contains(part))
            }
            BoolKind::StartsWith(text, part) => {
                self.texts(text, part, |text, part| text.starts_with(part))
            }
            BoolKind::Matches(text, pattern) => {
                let text = self.atom(text);
                let is = match text.is {
                    Some(Atom::Text(text)) => Tri::from(pattern.is_match(text)),
                    _ => Tri::Unknown,
                };
                Truth { is, dep: text.dep }
            }
            BoolKind::All(list, body) => self.quantified(list, body, Tri::False),
            BoolKind::Exists(list, body) => self.quantified(list, body, Tri::True),
            BoolKind::Agree(list, body, reference) => self.agree(list, body, reference.as_deref()),
            BoolKind::InForce(instrument) => {
                self.dated = true;
                let in_force = self
                    .library
                    .instruments
                    .get(usize::from(*instrument))
                    .map(|i| i.period.contains(self.as_of));
                Truth {
                    is: in_force.map_or(Tri::Unknown, Tri::from),
                    dep: Dep::NONE,
                }
            }
            BoolKind::Lookup(lookup) => {
                let (value, dep) = self.look_up(lookup);
                let is = match value {
                    Some(Value::Bool(value)) => Tri::from(*value),
                    _ => Tri::Unknown,
                };
                Truth { is, dep }
            }
        }
    }

    /// `a && b` (`absorbing` false) or `a || b` (`absorbing` true).
    pub(super) fn both(&mut self, a: &'a BoolExpr, b: &'a BoolExpr, absorbing: Tri) -> Truth {
        let left = self.bool(a);
        if left.is == absorbing && !R::ON {
            return left;
        }
        let right = self.bool(b);
        self.combined(left, right, absorbing)
    }

    /// Kleene's `and` or `or` of two values, with the facts that decide it: those of the absorbing
    /// operands if there is one, else those of the unknown ones and, as known, the rest.
    pub(super) fn combined(&mut self, left: Truth, right: Truth, absorbing: Tri) -> Truth {
        let is = if absorbing == Tri::False {
            left.is.and(right.is)
        } else {
            left.is.or(right.is)
        };
        let decides = |t: Truth| {
            if is == absorbing && t.is != absorbing {
                Dep::NONE
            } else {
                t.dep
            }
        };
        Truth {
            is,
            dep: self.union(decides(left), decides(right)),
        }
    }

    pub(super) fn within_code(&mut self, list: ListId, a: &'a AtomExpr, b: &'a AtomExpr) -> Truth {
        let (left, right) = (self.atom(a), self.atom(b));
        let dep = self.union(left.dep, right.dep);
        let (Some(Atom::Code(code)), Some(Atom::Code(other))) = (left.is, right.is) else {
            return Truth {
                is: Tri::Unknown,
                dep,
            };
        };
        match self
            .library
            .vocabulary
            .list(list)
            .map(|l| l.relation(code, other))
        {
            Some(Relation::Within) => Truth { is: Tri::True, dep },
            Some(Relation::Apart) => Truth {
                is: Tri::False,
                dep,
            },
            Some(Relation::Above) | None => {
                let imprecise = match a.kind {
                    AtomKind::Field(get) => self.leaf(get, Cause::Imprecise),
                    _ => dep,
                };
                Truth {
                    is: Tri::Unknown,
                    dep: imprecise,
                }
            }
        }
    }

    pub(super) fn texts(
        &mut self,
        text: &'a AtomExpr,
        part: &'a AtomExpr,
        test: fn(&str, &str) -> bool,
    ) -> Truth {
        let (text, part) = (self.atom(text), self.atom(part));
        let is = match (text.is, part.is) {
            (Some(Atom::Text(text)), Some(Atom::Text(part))) => Tri::from(test(text, part)),
            _ => Tri::Unknown,
        };
        Truth {
            is,
            dep: self.union(text.dep, part.dep),
        }
    }

    /// Whether an atom is in a list field of texts or codes.
    pub(super) fn member(&mut self, item: &'a AtomExpr, list: Get, codes: Option<ListId>) -> Truth {
        let item = self.atom(item);
        let value = match self.known(list) {
            Ok(value) => value,
            Err(cause) => {
                let dep = self.leaf(list, cause);
                return Truth {
                    is: Tri::Unknown,
                    dep: self.union(item.dep, dep),
                };
            }
        };
        let dep = self.known_leaf(list);
        let dep = self.union(item.dep, dep);
        let is = match (item.is, value) {
            (Some(Atom::Text(text)), Value::Texts(texts)) => {
                Tri::from(texts.iter().any(|t| *t.folded == *text))
            }
            (Some(Atom::Code(code)), Value::Codes(all)) => {
                let tree = codes.and_then(|id| self.library.vocabulary.list(id));
                let relation = |member: &CodeId| match tree.map(|t| t.relation(*member, code)) {
                    Some(Relation::Within) => Tri::True,
                    Some(Relation::Apart) => Tri::False,
                    Some(Relation::Above) | None => Tri::Unknown,
                };
                all.iter().map(relation).fold(Tri::False, Tri::or)
            }
            _ => Tri::Unknown,
        };
        if is == Tri::Unknown && item.is.is_some() {
            return Truth {
                is,
                dep: self.leaf(list, Cause::Imprecise),
            };
        }
        Truth { is, dep }
    }
}

/// A comparison of two sets of what may be.
pub fn compare(order: Order, a: &Interval, b: &Interval) -> Tri {
    match order {
        Order::Less => a.less(b),
        Order::AtLeast => a.less(b).not(),
        Order::Greater => b.less(a),
        Order::AtMost => b.less(a).not(),
        Order::Equal => a.equal(b),
        Order::Unequal => a.equal(b).not(),
    }
}
