//! Evaluation: a program and a project into a value, with the facts that decide it.
//!
//! It is total and knows no verdicts. A missing number is its field's domain, any other missing
//! value is unknown; whatever depends on what is not known carries the facts concerned.
//! One evaluator serves judging and evidence: it is generic over a [`Recorder`],
//! and with [`Silent`] nothing is recorded and known facts are not tracked.

use crate::base::date::Date;
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, Get, ListExpr, ListKind, Literal, NumExpr, NumKind, Order, Program, Root, Stated,
};
use crate::language::types::Library;
use crate::model::code::{CodeId, Relation};
use crate::model::field::{FieldId, ListId};
use crate::model::number::Number;
use crate::model::parameter::Confidence;
use crate::model::project::{Fact, FactRef, Project, Record, State, Value};
use crate::model::value::{Interval, Tri};

/// Why something is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// It is known: it takes part in the evidence only.
    Known,
    /// It was not supplied.
    Missing,
    /// A range, or a code above the one asked for.
    Imprecise,
    /// It could not be read.
    Unreadable,
    /// The applicant states what only the office or a department may state.
    Unconfirmed,
    /// A parameter has no value as of the day.
    Parameter,
    /// No row of a table answers.
    TableGap,
    /// A map layer is not available.
    Layer,
    /// The office said that it does not have it.
    NotConfigured,
}

/// What is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// A fact.
    Fact(FactRef),
    /// A parameter.
    Parameter(u16),
    /// A table.
    Table(u16),
}

/// Something that decides, or would decide, a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lack {
    /// What.
    pub subject: Subject,
    /// Why it is not known.
    pub cause: Cause,
}

/// A set of [`Lack`]s, kept as the root of a graph in [`Deps`]; zero is the empty set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dep(u32);

impl Dep {
    /// The empty set.
    pub const NONE: Self = Self(0);
}

#[derive(Clone, Copy, Debug)]
enum DepNode {
    Leaf(Lack),
    Union(Dep, Dep),
    /// Everything below has been decided: it counts as known.
    Settled(Dep),
}

/// The sets of one project, shared by all rules judged on it.
#[derive(Debug, Default)]
pub struct Deps(Vec<DepNode>);

impl Deps {
    fn push(&mut self, node: DepNode) -> Dep {
        self.0.push(node);
        Dep(u32::try_from(self.0.len()).unwrap_or(0))
    }

    fn leaf(&mut self, subject: Subject, cause: Cause) -> Dep {
        self.push(DepNode::Leaf(Lack { subject, cause }))
    }

    /// The union of two sets.
    pub fn union(&mut self, a: Dep, b: Dep) -> Dep {
        match (a, b) {
            (Dep::NONE, other) | (other, Dep::NONE) => other,
            (a, b) if a == b => a,
            (a, b) => self.push(DepNode::Union(a, b)),
        }
    }

    /// The members of a set, sorted, each once; what is known once is listed as known only if nothing else says it lacks.
    pub fn list(&self, dep: Dep) -> Vec<Lack> {
        let mut found = Vec::new();
        let mut open = vec![(dep, false)];
        while let Some((dep, settled)) = open.pop() {
            let Some(node) = dep.0.checked_sub(1).and_then(|i| self.0.get(i as usize)) else { continue };
            match *node {
                DepNode::Leaf(lack) => {
                    let cause = if settled { Cause::Known } else { lack.cause };
                    found.push(Lack { cause, ..lack });
                }
                DepNode::Union(a, b) => open.extend([(a, settled), (b, settled)]),
                DepNode::Settled(inner) => open.push((inner, true)),
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut lacking: Vec<Lack> = Vec::with_capacity(found.len());
        for lack in found {
            match lacking.last() {
                Some(last) if last.subject == lack.subject && last.cause == Cause::Known => {
                    lacking.pop();
                    lacking.push(lack);
                }
                _ => lacking.push(lack),
            }
        }
        lacking
    }
}

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
pub struct Num {
    /// The value.
    pub is: Interval,
    /// What decides it, or would.
    pub dep: Dep,
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

/// A member of a list: its number, its record, and whether it is surely in the list.
struct Item<'a> {
    index: u32,
    record: &'a Record,
    sure: bool,
    dep: Dep,
}

/// A list, none if it is not given.
struct Items<'a> {
    items: Option<Vec<Item<'a>>>,
    dep: Dep,
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
    /// A row of a table.
    Row(u16, usize),
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
    /// What watches.
    pub recorder: R,
    record: Option<(u32, &'a Record)>,
    within: Within,
    depth: u8,
    /// Derived numbers by slot, with the day and claim mode they hold for.
    derived: Vec<Option<(Date, bool, Num, Vec<Blank>)>>,
}

/// How deep formulas may build on one another.
const FORMULA_DEPTH: u8 = 16;

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
            recorder,
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
            _ => Truth { is: Tri::Unknown, dep: Dep::NONE },
        }
    }

    /// The value of a program of any type, for showing it.
    pub fn seen(&mut self, program: &'a Program) -> Seen {
        match &program.root {
            Root::Bool(root) => Seen::Truth(self.bool(root).is),
            Root::Number(root) => Seen::Number(self.number(root).is),
            Root::Atom(root) => Seen::Value(self.atom(root).is.map(value_of)),
            Root::List(root) => {
                let items = self.items(root);
                Seen::List(items.items.map(|items| (items.iter().filter(|i| i.sure).count(), items.len())))
            }
            Root::Plain(get) => Seen::Value(self.fact(*get).and_then(Fact::value).cloned()),
        }
    }

    // ---- facts

    fn fact(&self, get: Get) -> Option<&'a Fact> {
        match get {
            Get::Project(slot, _) | Get::Derived(slot, _) => self.project.fact(slot),
            Get::Member(index, _) => self.record.and_then(|(_, record)| record.facts.get(usize::from(index))),
        }
    }

    fn subject(&self, get: Get) -> Subject {
        let record = match get {
            Get::Member(..) => self.record.map(|(index, _)| index),
            Get::Project(..) | Get::Derived(..) => None,
        };
        Subject::Fact(FactRef { field: get.field(), record })
    }

    /// The value of a fact, or why there is none.
    fn known(&self, get: Get) -> Result<&'a Value, Cause> {
        let Some(fact) = self.fact(get) else { return Err(Cause::Missing) };
        match &fact.state {
            State::Known(_) if fact.claim && !self.trust_claims => Err(Cause::Unconfirmed),
            State::Known(value) => Ok(value),
            State::Unreadable => Err(Cause::Unreadable),
            State::Missing | State::Silent => Err(Cause::Missing),
        }
    }

    fn leaf(&mut self, get: Get, cause: Cause) -> Dep {
        let subject = self.subject(get);
        self.deps.leaf(subject, cause)
    }

    /// The set for a fact that is known: tracked only for evidence.
    fn known_leaf(&mut self, get: Get) -> Dep {
        if R::ON { self.leaf(get, Cause::Known) } else { Dep::NONE }
    }

    /// The set of a value that no longer depends on what was unknown.
    fn settled(&mut self, dep: Dep) -> Dep {
        if R::ON && dep != Dep::NONE { self.deps.push(DepNode::Settled(dep)) } else { Dep::NONE }
    }

    fn union(&mut self, a: Dep, b: Dep) -> Dep {
        self.deps.union(a, b)
    }

    /// The set of a result computed from a set: settled if the result is decided.
    fn decided(&mut self, is: Tri, dep: Dep) -> Truth {
        let dep = if is == Tri::Unknown { dep } else { self.settled(dep) };
        Truth { is, dep }
    }

    // ---- truth values

    fn bool(&mut self, expr: &'a BoolExpr) -> Truth {
        let truth = self.bool_kind(expr);
        let record = self.record.map(|(index, _)| index);
        self.recorder.node(self.within, expr.id, record, || Seen::Truth(truth.is));
        truth
    }

    fn bool_kind(&mut self, expr: &'a BoolExpr) -> Truth {
        match &expr.kind {
            BoolKind::Literal(value) => Truth { is: Tri::from(*value), dep: Dep::NONE },
            BoolKind::Field(get) => match self.known(*get) {
                Ok(Value::Bool(value)) => Truth { is: Tri::from(*value), dep: self.known_leaf(*get) },
                Ok(_) => Truth { is: Tri::Unknown, dep: self.leaf(*get, Cause::Unreadable) },
                Err(cause) => Truth { is: Tri::Unknown, dep: self.leaf(*get, cause) },
            },
            BoolKind::Not(inner) => {
                let inner = self.bool(inner);
                Truth { is: inner.is.not(), dep: inner.dep }
            }
            BoolKind::And(a, b) => self.both(a, b, Tri::False),
            BoolKind::Or(a, b) => self.both(a, b, Tri::True),
            BoolKind::If(c, a, b) => {
                let condition = self.bool(c);
                match condition.is {
                    Tri::True | Tri::False => {
                        let chosen = if condition.is == Tri::True { self.bool(a) } else { self.bool(b) };
                        Truth { is: chosen.is, dep: self.union(condition.dep, chosen.dep) }
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
                Truth { is, dep: self.union(a.dep, b.dep) }
            }
            BoolKind::Numbers(order, a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                let is = compare(*order, &a.is, &b.is);
                let dep = self.union(a.dep, b.dep);
                self.decided(is, dep)
            }
            BoolKind::Atoms(order, a, b) => {
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
                Truth { is, dep: self.union(a.dep, b.dep) }
            }
            BoolKind::Code(within, list, a, b) => {
                let truth = self.within_code(*list, a, b);
                if *within { truth } else { Truth { is: truth.is.not(), dep: truth.dep } }
            }
            BoolKind::In(item, options) => {
                let item = self.atom(item);
                let mut found = Truth { is: Tri::False, dep: item.dep };
                for option in options {
                    let option = self.atom(option);
                    let is = match (item.is, option.is) {
                        (Some(a), Some(b)) => Tri::from(a == b),
                        _ => Tri::Unknown,
                    };
                    found = Truth { is: found.is.or(is), dep: self.union(found.dep, option.dep) };
                    if found.is == Tri::True {
                        break;
                    }
                }
                found
            }
            BoolKind::InCodes(list, item, options) => {
                let mut found = Truth { is: Tri::False, dep: Dep::NONE };
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
            BoolKind::Contains(text, part) => self.texts(text, part, |text, part| text.contains(part)),
            BoolKind::StartsWith(text, part) => self.texts(text, part, |text, part| text.starts_with(part)),
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
                let in_force = self.library.instruments.get(usize::from(*instrument)).map(|i| i.period.contains(self.as_of));
                Truth { is: in_force.map_or(Tri::Unknown, Tri::from), dep: Dep::NONE }
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
    fn both(&mut self, a: &'a BoolExpr, b: &'a BoolExpr, absorbing: Tri) -> Truth {
        let left = self.bool(a);
        if left.is == absorbing && !R::ON {
            return left;
        }
        let right = self.bool(b);
        self.combined(left, right, absorbing)
    }

    /// Kleene's `and` or `or` of two values, with the facts that decide it: those of the absorbing
    /// operands if there is one, else those of the unknown ones and, as known, the rest.
    fn combined(&mut self, left: Truth, right: Truth, absorbing: Tri) -> Truth {
        let is = if absorbing == Tri::False { left.is.and(right.is) } else { left.is.or(right.is) };
        let decides = |t: Truth| if is == absorbing && t.is != absorbing { Dep::NONE } else { t.dep };
        Truth { is, dep: self.union(decides(left), decides(right)) }
    }

    fn within_code(&mut self, list: ListId, a: &'a AtomExpr, b: &'a AtomExpr) -> Truth {
        let (left, right) = (self.atom(a), self.atom(b));
        let dep = self.union(left.dep, right.dep);
        let (Some(Atom::Code(code)), Some(Atom::Code(other))) = (left.is, right.is) else {
            return Truth { is: Tri::Unknown, dep };
        };
        match self.library.vocabulary.list(list).map(|l| l.relation(code, other)) {
            Some(Relation::Within) => Truth { is: Tri::True, dep },
            Some(Relation::Apart) => Truth { is: Tri::False, dep },
            Some(Relation::Above) | None => {
                let imprecise = match a.kind {
                    AtomKind::Field(get) => self.leaf(get, Cause::Imprecise),
                    _ => dep,
                };
                Truth { is: Tri::Unknown, dep: imprecise }
            }
        }
    }

    fn texts(&mut self, text: &'a AtomExpr, part: &'a AtomExpr, test: fn(&str, &str) -> bool) -> Truth {
        let (text, part) = (self.atom(text), self.atom(part));
        let is = match (text.is, part.is) {
            (Some(Atom::Text(text)), Some(Atom::Text(part))) => Tri::from(test(text, part)),
            _ => Tri::Unknown,
        };
        Truth { is, dep: self.union(text.dep, part.dep) }
    }

    /// Whether an atom is in a list field of texts or codes.
    fn member(&mut self, item: &'a AtomExpr, list: Get, codes: Option<ListId>) -> Truth {
        let item = self.atom(item);
        let value = match self.known(list) {
            Ok(value) => value,
            Err(cause) => {
                let dep = self.leaf(list, cause);
                return Truth { is: Tri::Unknown, dep: self.union(item.dep, dep) };
            }
        };
        let dep = self.known_leaf(list);
        let dep = self.union(item.dep, dep);
        let is = match (item.is, value) {
            (Some(Atom::Text(text)), Value::Texts(texts)) => Tri::from(texts.iter().any(|t| *t.folded == *text)),
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
            return Truth { is, dep: self.leaf(list, Cause::Imprecise) };
        }
        Truth { is, dep }
    }

    // ---- lists

    fn items(&mut self, list: &'a ListExpr) -> Items<'a> {
        let items = match &list.kind {
            ListKind::Field(slot, field) => {
                let get = Get::Project(*slot, *field);
                match self.known(get) {
                    Ok(Value::Records(records)) => {
                        let item = |(index, record)| Item { index, record, sure: true, dep: Dep::NONE };
                        let items = (0_u32..).zip(records).map(item).collect();
                        Items { items: Some(items), dep: self.known_leaf(get) }
                    }
                    Ok(_) => Items { items: None, dep: self.leaf(get, Cause::Unreadable) },
                    Err(cause) => Items { items: None, dep: self.leaf(get, cause) },
                }
            }
            ListKind::Filter(inner, body) => {
                let all = self.items(inner);
                let mut dep = all.dep;
                let kept = all.items.map(|items| {
                    let mut kept = Vec::with_capacity(items.len());
                    for item in items {
                        let truth = self.in_record(&item, |eval| eval.bool(body));
                        match truth.is {
                            // That a record is out is known, which matters to the evidence of the rest.
                            Tri::False => dep = self.union(dep, truth.dep),
                            Tri::True => kept.push(Item { dep: self.union(item.dep, truth.dep), ..item }),
                            Tri::Unknown => kept.push(Item { sure: false, dep: self.union(item.dep, truth.dep), ..item }),
                        }
                    }
                    kept
                });
                Items { items: kept, dep }
            }
        };
        let record = self.record.map(|(index, _)| index);
        self.recorder.node(self.within, list.id, record, || {
            Seen::List(items.items.as_ref().map(|items| (items.iter().filter(|i| i.sure).count(), items.len())))
        });
        items
    }

    fn in_record<T>(&mut self, item: &Item<'a>, run: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.record.replace((item.index, item.record));
        let value = run(self);
        self.record = outer;
        value
    }

    /// `exists` (`absorbing` true) or `all` (`absorbing` false) of the records' conditions.
    fn quantified(&mut self, list: &'a ListExpr, body: &'a BoolExpr, absorbing: Tri) -> Truth {
        let list = self.items(list);
        let Some(items) = list.items else { return Truth { is: Tri::Unknown, dep: list.dep } };
        let mut result = Truth { is: absorbing.not(), dep: list.dep };
        for item in &items {
            let mut truth = self.in_record(item, |eval| eval.bool(body));
            // A member that is only possibly in the list decides nothing.
            if !item.sure && truth.is == absorbing {
                truth = Truth { is: Tri::Unknown, dep: item.dep };
            }
            result = self.combined(result, truth, absorbing);
            if result.is == absorbing && !R::ON {
                break;
            }
        }
        result
    }

    /// True if the expression reads a member about which the record states nothing.
    fn silent(&self, body: &NumOrAtom<'_>) -> bool {
        let get = match body {
            NumOrAtom::Num(NumExpr { kind: NumKind::Field(get), .. }) | NumOrAtom::Atom(AtomExpr { kind: AtomKind::Field(get), .. }) => *get,
            _ => return false,
        };
        self.fact(get).is_some_and(|fact| fact.state == State::Silent)
    }

    fn stated(&mut self, stated: &'a Stated) -> Option<(StatedValue<'a>, Dep)> {
        match stated {
            Stated::Number(expr) => {
                if self.silent(&NumOrAtom::Num(expr)) {
                    return None;
                }
                let value = self.number(expr);
                Some((StatedValue::Number(value.is), value.dep))
            }
            Stated::Atom(expr) => {
                if self.silent(&NumOrAtom::Atom(expr)) {
                    return None;
                }
                let value = self.atom(expr);
                Some((StatedValue::Atom(value.is), value.dep))
            }
        }
    }

    fn agree(&mut self, list: &'a ListExpr, body: &'a Stated, reference: Option<&'a Stated>) -> Truth {
        let list = self.items(list);
        let Some(items) = list.items else { return Truth { is: Tri::Unknown, dep: list.dep } };
        let mut values: Vec<(StatedValue<'a>, Dep, bool, Dep)> = Vec::with_capacity(items.len() + 1);
        if let Some((value, dep)) = reference.and_then(|r| self.stated(r)) {
            values.push((value, dep, true, Dep::NONE));
        }
        for item in &items {
            if let Some((value, dep)) = self.in_record(item, |eval| eval.stated(body)) {
                values.push((value, dep, item.sure, item.dep));
            }
        }
        // With a reference and no statements there is nothing to compare.
        let mut result = Truth { is: Tri::True, dep: list.dep };
        for (index, (value, dep, sure, in_list)) in values.iter().enumerate() {
            for (other, other_dep, other_sure, other_in_list) in values.iter().skip(index + 1) {
                let mut is = value.equal(other);
                let mut dep = self.union(*dep, *other_dep);
                if is == Tri::False && !(*sure && *other_sure) {
                    is = Tri::Unknown;
                    let membership = self.union(*in_list, *other_in_list);
                    dep = self.union(dep, membership);
                }
                let truth = self.decided(is, dep);
                result = self.combined(result, truth, Tri::False);
            }
        }
        result
    }

    // ---- numbers

    fn number(&mut self, expr: &'a NumExpr) -> Num {
        let number = self.number_kind(expr);
        let record = self.record.map(|(index, _)| index);
        self.recorder.node(self.within, expr.id, record, || Seen::Number(number.is.clone()));
        number
    }

    fn number_kind(&mut self, expr: &'a NumExpr) -> Num {
        match &expr.kind {
            NumKind::Literal(number) => Num { is: Interval::Point(number.clone()), dep: Dep::NONE },
            NumKind::Field(get @ Get::Derived(slot, field)) => self.derived(*get, *slot, *field),
            NumKind::Field(get) => self.number_fact(*get),
            NumKind::Parameter(parameter) => self.parameter(*parameter),
            NumKind::Neg(a) => {
                let a = self.number(a);
                Num { is: a.is.neg(), dep: a.dep }
            }
            NumKind::Abs(a) => {
                let a = self.number(a);
                Num { is: a.is.abs(), dep: a.dep }
            }
            NumKind::Add(a, b) => self.arithmetic(a, b, |a, b| Some(a.add(b))),
            NumKind::Sub(a, b) => self.arithmetic(a, b, |a, b| Some(a.sub(b))),
            NumKind::Mul(a, b) => self.arithmetic(a, b, |a, b| Some(a.mul(b))),
            NumKind::Div(a, b) => self.arithmetic(a, b, Interval::div),
            NumKind::Min(all) => self.extreme(all, Interval::min),
            NumKind::Max(all) => self.extreme(all, Interval::max),
            NumKind::If(c, a, b) => {
                let condition = self.bool(c);
                match condition.is {
                    Tri::True | Tri::False => {
                        let chosen = if condition.is == Tri::True { self.number(a) } else { self.number(b) };
                        Num { is: chosen.is, dep: self.union(condition.dep, chosen.dep) }
                    }
                    Tri::Unknown => {
                        let (a, b) = (self.number(a), self.number(b));
                        let either = self.union(a.dep, b.dep);
                        let dep = self.union(condition.dep, either);
                        self.narrowed(a.is.hull(&b.is), dep)
                    }
                }
            }
            NumKind::Size(list) => {
                let list = self.items(list);
                let Some(items) = list.items else {
                    return Num { is: Interval::new(Some(Number::ZERO), None), dep: list.dep };
                };
                let count = |n: usize| Number::from(i64::try_from(n).unwrap_or(i64::MAX));
                let sure = items.iter().filter(|item| item.sure).count();
                let mut dep = list.dep;
                for item in &items {
                    dep = self.union(dep, item.dep);
                }
                self.narrowed(Interval::new(Some(count(sure)), Some(count(items.len()))), dep)
            }
            NumKind::Count(get) => match self.known(*get) {
                Ok(Value::Texts(all)) => self.counted(*get, all.len()),
                Ok(Value::Codes(all)) => self.counted(*get, all.len()),
                Ok(_) => Num { is: Interval::new(Some(Number::ZERO), None), dep: self.leaf(*get, Cause::Unreadable) },
                Err(cause) => Num { is: Interval::new(Some(Number::ZERO), None), dep: self.leaf(*get, cause) },
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
                Num { is, dep }
            }
            NumKind::Lookup(lookup) => {
                let (value, dep) = self.look_up(lookup);
                match value {
                    Some(Value::Number(number)) => Num { is: number.clone(), dep },
                    _ => Num { is: Interval::ANY, dep },
                }
            }
        }
    }

    /// A number that depends on nothing unknown once it is a point.
    fn narrowed(&mut self, is: Interval, dep: Dep) -> Num {
        let dep = if is.point().is_some() { self.settled(dep) } else { dep };
        Num { is, dep }
    }

    fn counted(&mut self, get: Get, count: usize) -> Num {
        let number = Number::from(i64::try_from(count).unwrap_or(i64::MAX));
        Num { is: Interval::Point(number), dep: self.known_leaf(get) }
    }

    fn number_fact(&mut self, get: Get) -> Num {
        match self.known(get) {
            Ok(Value::Number(interval)) => {
                let dep = if interval.point().is_some() { self.known_leaf(get) } else { self.leaf(get, Cause::Imprecise) };
                Num { is: interval.clone(), dep }
            }
            other => {
                let cause = other.err().unwrap_or(Cause::Unreadable);
                let domain = self.library.vocabulary.field(get.field()).map_or(Interval::ANY, |f| f.domain.clone());
                Num { is: domain, dep: self.leaf(get, cause) }
            }
        }
    }

    fn derived(&mut self, get: Get, slot: u16, field: FieldId) -> Num {
        let index = usize::from(slot);
        let fresh = !R::ON && self.blank.is_none();
        if fresh
            && let Some(Some((day, trust, number, unverified))) = self.derived.get(index)
            && (*day, *trust) == (self.as_of, self.trust_claims)
        {
            self.unverified.extend(unverified);
            return number.clone();
        }
        let formula = self.library.formula(field).map(|p| &p.root);
        let (Some(Root::Number(root)), true) = (formula, self.depth < FORMULA_DEPTH) else {
            return Num { is: Interval::ANY, dep: self.leaf(get, Cause::Missing) };
        };
        let before = self.unverified.len();
        let outer = (self.within, self.record.take());
        self.within = Within::Formula(field);
        self.depth += 1;
        let number = self.number(root);
        self.depth -= 1;
        (self.within, self.record) = outer;
        if fresh {
            if self.derived.len() <= index {
                self.derived.resize_with(self.project.facts.len().max(index + 1), || None);
            }
            let unverified = self.unverified.get(before..).unwrap_or(&[]).to_vec();
            if let Some(cell) = self.derived.get_mut(index) {
                *cell = Some((self.as_of, self.trust_claims, number.clone(), unverified));
            }
        }
        number
    }

    fn parameter(&mut self, index: u16) -> Num {
        let version = self.library.parameters.get(usize::from(index)).and_then(|parameter| {
            let version = parameter.version(self.as_of)?;
            Some((version, parameter.versions.get(version)?))
        });
        let unknown = |eval: &mut Self| Num { is: Interval::ANY, dep: eval.deps.leaf(Subject::Parameter(index), Cause::Parameter) };
        let Some((number, version)) = version else { return unknown(self) };
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
        Num { is: version.value.clone(), dep }
    }

    fn arithmetic(&mut self, a: &'a NumExpr, b: &'a NumExpr, op: fn(&Interval, &Interval) -> Option<Interval>) -> Num {
        let (a, b) = (self.number(a), self.number(b));
        let dep = self.union(a.dep, b.dep);
        let is = op(&a.is, &b.is).unwrap_or(Interval::ANY);
        // Zero times an unknown number is zero, whatever it turns out to be.
        if is.point().is_some() && !R::ON {
            return Num { is, dep: Dep::NONE };
        }
        self.narrowed(is, dep)
    }

    fn extreme(&mut self, all: &'a [NumExpr], pick: fn(&Interval, &Interval) -> Interval) -> Num {
        let mut result: Option<Interval> = None;
        let mut dep = Dep::NONE;
        for expr in all {
            let number = self.number(expr);
            dep = self.union(dep, number.dep);
            result = Some(result.map_or_else(|| number.is.clone(), |r| pick(&r, &number.is)));
        }
        self.narrowed(result.unwrap_or(Interval::ANY), dep)
    }

    /// The body's interval on a record of which nothing is known.
    fn blank_record(&mut self, list: FieldId, body: &'a NumExpr) -> Interval {
        // An absent record has no facts: every member reads as missing.
        static EMPTY: Record = Record { facts: Vec::new(), place: None };
        let item = Item { index: 0, record: &EMPTY, sure: true, dep: Dep::NONE };
        debug_assert!(self.library.vocabulary.field(list).is_some(), "the checker resolved the list");
        let mut probe = Evaluator::new(self.library, self.project, self.as_of, Silent);
        probe.trust_claims = self.trust_claims;
        probe.blank = self.blank;
        probe.in_record(&item, |eval| eval.number(body).is)
    }

    fn sum(&mut self, list: &'a ListExpr, body: &'a NumExpr) -> Num {
        let field = list.field();
        let list = self.items(list);
        let zero = Interval::Point(Number::ZERO);
        let Some(items) = list.items else {
            let one = self.blank_record(field, body);
            let low = one.low().filter(|n| !n.is_negative()).map(|_| Number::ZERO);
            let high = one.high().filter(|n| n.is_negative() || n.is_zero()).map(|_| Number::ZERO);
            return Num { is: Interval::new(low, high), dep: list.dep };
        };
        let mut total = Num { is: zero.clone(), dep: list.dep };
        for item in &items {
            let number = self.in_record(item, |eval| {
                if eval.silent(&NumOrAtom::Num(body)) { None } else { Some(eval.number(body)) }
            });
            let Some(number) = number else { continue };
            let mut is = number.is;
            let mut dep = self.union(number.dep, item.dep);
            if !item.sure {
                is = is.hull(&zero);
                if is == zero {
                    dep = self.settled(dep);
                }
            }
            total = Num { is: total.is.add(&is), dep: self.union(total.dep, dep) };
        }
        self.narrowed(total.is, total.dep)
    }

    fn fold_extreme(&mut self, list: &'a ListExpr, body: &'a NumExpr, greatest: bool) -> Num {
        let field = list.field();
        let list = self.items(list);
        let Some(items) = list.items else {
            return Num { is: self.blank_record(field, body), dep: list.dep };
        };
        // Worked as a maximum; a minimum is the opposite of the maximum of the opposites.
        let turn = |i: Interval| if greatest { i } else { i.neg() };
        let mut sure: Option<Interval> = None;
        let mut all: Option<Interval> = None;
        let mut dep = list.dep;
        for item in &items {
            let number = self.in_record(item, |eval| {
                if eval.silent(&NumOrAtom::Num(body)) { None } else { Some(eval.number(body)) }
            });
            let Some(number) = number else { continue };
            dep = self.union(dep, number.dep);
            dep = self.union(dep, item.dep);
            let is = turn(number.is);
            if item.sure {
                sure = Some(sure.map_or_else(|| is.clone(), |s| s.max(&is)));
            }
            all = Some(all.map_or_else(|| is.clone(), |a| a.max(&is)));
        }
        let is = match (sure, all) {
            // At least the greatest of the sure members, at most that of all.
            (Some(sure), Some(all)) => Interval::new(sure.low().cloned(), all.high().cloned()),
            // The list may be empty, and then there is no greatest.
            _ => Interval::ANY,
        };
        self.narrowed(turn(is), dep)
    }

    // ---- texts, answers, dates, codes

    /// The value of an atom expression.
    pub fn atom(&mut self, expr: &'a AtomExpr) -> MaybeAtom<'a> {
        let atom = self.atom_kind(expr);
        let record = self.record.map(|(index, _)| index);
        self.recorder.node(self.within, expr.id, record, || Seen::Value(atom.is.map(value_of)));
        atom
    }

    fn atom_kind(&mut self, expr: &'a AtomExpr) -> MaybeAtom<'a> {
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
                Ok(value) => MaybeAtom { is: atom_of(value), dep: self.known_leaf(*get) },
                Err(cause) => MaybeAtom { is: None, dep: self.leaf(*get, cause) },
            },
            AtomKind::AsOf => MaybeAtom { is: Some(Atom::Date(self.as_of)), dep: Dep::NONE },
            AtomKind::AddYears(date, count) => self.shifted(date, count, Date::add_years),
            AtomKind::AddDays(date, count) => self.shifted(date, count, Date::add_days),
            AtomKind::If(c, a, b) => {
                let condition = self.bool(c);
                match condition.is {
                    Tri::True | Tri::False => {
                        let chosen = if condition.is == Tri::True { self.atom(a) } else { self.atom(b) };
                        MaybeAtom { is: chosen.is, dep: self.union(condition.dep, chosen.dep) }
                    }
                    Tri::Unknown => {
                        let (a, b) = (self.atom(a), self.atom(b));
                        let either = self.union(a.dep, b.dep);
                        let dep = self.union(condition.dep, either);
                        match (a.is, b.is) {
                            (Some(a), Some(b)) if a == b => MaybeAtom { is: Some(a), dep: self.settled(dep) },
                            _ => MaybeAtom { is: None, dep },
                        }
                    }
                }
            }
            AtomKind::Lookup(lookup) => {
                let (value, dep) = self.look_up(lookup);
                MaybeAtom { is: value.and_then(atom_of), dep }
            }
        }
    }

    fn shifted(&mut self, date: &'a AtomExpr, count: &'a NumExpr, by: fn(Date, i64) -> Option<Date>) -> MaybeAtom<'a> {
        let (date, count) = (self.atom(date), self.number(count));
        let is = match (date.is, count.is.point().and_then(Number::to_i64)) {
            (Some(Atom::Date(date)), Some(count)) => by(date, count).map(Atom::Date),
            _ => None,
        };
        MaybeAtom { is, dep: self.union(date.dep, count.dep) }
    }

    // ---- for table look-ups

    /// The value of a key column's field, or why it is not known; and its set.
    pub(super) fn key(&mut self, get: Get) -> (Result<&'a Value, Cause>, Dep) {
        let value = self.known(get);
        let dep = match value {
            Ok(Value::Number(interval)) if interval.point().is_none() => self.leaf(get, Cause::Imprecise),
            Ok(_) => self.known_leaf(get),
            Err(cause) => self.leaf(get, cause),
        };
        (value, dep)
    }

    /// The number of a derived key column.
    pub(super) fn derived_key(&mut self, get: Get) -> Num {
        match get {
            Get::Derived(slot, field) => self.derived(get, slot, field),
            Get::Project(..) | Get::Member(..) => self.number_fact(get),
        }
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

enum NumOrAtom<'e> {
    Num(&'e NumExpr),
    Atom(&'e AtomExpr),
}

enum StatedValue<'a> {
    Number(Interval),
    Atom(Option<Atom<'a>>),
}

impl StatedValue<'_> {
    fn equal(&self, other: &Self) -> Tri {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.equal(b),
            (Self::Atom(Some(a)), Self::Atom(Some(b))) => Tri::from(a == b),
            _ => Tri::Unknown,
        }
    }
}

fn atom_of(value: &Value) -> Option<Atom<'_>> {
    match value {
        Value::Text(words) => Some(Atom::Text(&words.folded)),
        Value::Enum(answer) => Some(Atom::Enum(*answer)),
        Value::Date(date) => Some(Atom::Date(*date)),
        Value::Code(code) => Some(Atom::Code(*code)),
        _ => None,
    }
}

fn value_of(atom: Atom<'_>) -> Value {
    match atom {
        Atom::Text(text) => Value::Text(crate::model::project::Words::new(text)),
        Atom::Enum(answer) => Value::Enum(answer),
        Atom::Date(date) => Value::Date(date),
        Atom::Code(code) => Value::Code(code),
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
