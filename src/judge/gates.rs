//! Gates: which rules surely do not apply to a project, found for all rules together.
//!
//! A rule applies only if every part of the conjunction in its `applies` may hold. Parts of a few cheap
//! shapes are taken out of all rules once and kept by the field they read: a truth value; an answer;
//! a code; a number beside a literal; a record with an answer in a list. For a project each such
//! field is read once, and gives the set of rules whose part may still hold.
//!
//! A part counts only where it is false by known facts, on every day and whether or not claims are
//! trusted. So a rule that is ruled out here is one whose `applies` evaluates to false, which is *not
//! applicable*, without a missing fact. What is not ruled out is evaluated as ever.

use std::collections::BTreeMap;

use crate::judge::rule_set::RuleSet;
use crate::language::eval::compare;
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, Get, ListKind, Literal, NumKind, Order,
};
use crate::model::code::{CodeId, CodeList};
use crate::model::field::{ListId, Vocabulary};
use crate::model::project::{Fact, Project, State, Value};
use crate::model::value::{Interval, Tri};
use crate::rules::rule::Rule;

/// A part of a condition that is cheap to find false.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// One of these truth values (0, 1) or answers.
    Answer(u16, Vec<u16>),
    /// Not one of these.
    OtherAnswer(u16, Vec<u16>),
    /// Within one of these codes.
    Code(u16, ListId, Vec<CodeId>),
    /// A number beside a literal.
    Number(u16, Order, Interval),
    /// A list with a record that has one of these answers.
    Record(u16, u16, Vec<u16>),
    /// A list with a record.
    SomeRecord(u16),
}

/// A part of each of some rules.
type ByRule<T> = Vec<(usize, T)>;
/// A member of a record, and the answers one of which it is asked for.
type Asked = (u16, Vec<u16>);

/// The gates of all rules.
#[derive(Debug, Default)]
pub(super) struct Gates {
    rules: usize,
    answers: Vec<AnswerGate>,
    codes: Vec<CodeGate>,
    numbers: Vec<NumberGate>,
    lists: Vec<ListGate>,
}

/// The rules with a part on one answer field.
#[derive(Debug)]
struct AnswerGate {
    slot: u16,
    all: RuleSet,
    /// For each answer named the rules whose part it leaves open.
    open: Vec<(u16, RuleSet)>,
    /// The rules whose part any other answer leaves open.
    other: RuleSet,
}

/// The rules with a part on one code field.
#[derive(Debug)]
struct CodeGate {
    slot: u16,
    list: ListId,
    all: RuleSet,
    /// For each code named its rules, by the code.
    open: Vec<(CodeId, RuleSet)>,
}

/// The rules with a comparison of one number field.
#[derive(Debug)]
struct NumberGate {
    slot: u16,
    tests: Vec<(Order, Interval, RuleSet)>,
}

/// The rules that ask for a record of one list.
#[derive(Debug)]
struct ListGate {
    slot: u16,
    all: RuleSet,
    /// By the member asked for.
    members: Vec<MemberGate>,
}

/// The rules that ask for an answer of one member.
#[derive(Debug)]
struct MemberGate {
    member: u16,
    all: RuleSet,
    /// For each answer named its rules.
    open: Vec<(u16, RuleSet)>,
}

impl Gates {
    /// The gates of rules.
    pub(super) fn of(rules: &[Rule]) -> Self {
        let mut answers: BTreeMap<u16, Vec<(usize, bool, Vec<u16>)>> = BTreeMap::new();
        let mut codes: BTreeMap<(u16, u16), ByRule<Vec<CodeId>>> = BTreeMap::new();
        let mut numbers: BTreeMap<u16, Vec<(usize, Order, Interval)>> = BTreeMap::new();
        let mut lists: BTreeMap<u16, ByRule<Option<Asked>>> = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            let mut parts = Vec::new();
            if let Some(condition) = rule.applies.condition() {
                collect(condition, &mut parts);
            }
            for part in parts {
                match part {
                    Part::Answer(slot, own) => {
                        answers.entry(slot).or_default().push((number, true, own));
                    }
                    Part::OtherAnswer(slot, own) => {
                        answers.entry(slot).or_default().push((number, false, own));
                    }
                    Part::Code(slot, list, own) => {
                        codes.entry((slot, list.0)).or_default().push((number, own));
                    }
                    Part::Number(slot, order, literal) => {
                        let own = numbers.entry(slot).or_default();
                        own.push((number, order, literal));
                    }
                    Part::Record(slot, member, own) => {
                        let own = Some((member, own));
                        lists.entry(slot).or_default().push((number, own));
                    }
                    Part::SomeRecord(slot) => lists.entry(slot).or_default().push((number, None)),
                }
            }
        }
        let count = rules.len();
        Self {
            rules: count,
            answers: (answers.into_iter())
                .map(|(slot, parts)| AnswerGate::of(slot, &parts, count))
                .collect(),
            codes: (codes.into_iter())
                .map(|((slot, list), parts)| CodeGate::of(slot, ListId(list), &parts, count))
                .collect(),
            numbers: (numbers.into_iter())
                .map(|(slot, parts)| NumberGate::of(slot, parts, count))
                .collect(),
            lists: (lists.into_iter())
                .map(|(slot, parts)| ListGate::of(slot, &parts, count))
                .collect(),
        }
    }

    /// The rules that surely do not apply to a project.
    pub(super) fn ruled_out(
        &self,
        vocabulary: &Vocabulary,
        project: &Project,
        trust_claims: bool,
        out: &mut RuleSet,
        kept: &mut RuleSet,
    ) {
        out.reset(self.rules);
        kept.reset(self.rules);
        let known = |slot: u16| project.fact(slot).and_then(|fact| sure(fact, trust_claims));
        for gate in &self.answers {
            let answer = match known(gate.slot) {
                Some(Value::Enum(answer)) => *answer,
                Some(Value::Bool(value)) => u16::from(*value),
                _ => continue,
            };
            let open = gate.open.iter().find(|(own, _)| *own == answer);
            out.add_difference(&gate.all, open.map_or(&gate.other, |(_, open)| open));
        }
        for gate in &self.codes {
            let (Some(Value::Code(code)), Some(list)) =
                (known(gate.slot), vocabulary.list(gate.list))
            else {
                continue;
            };
            kept.clear();
            gate.meeting(*code, list, |rules| kept.add(rules));
            out.add_difference(&gate.all, kept);
        }
        for gate in &self.numbers {
            let Some(Value::Number(number)) = known(gate.slot) else {
                continue;
            };
            for (order, literal, rules) in &gate.tests {
                if compare(*order, number, literal) == Tri::False {
                    out.add(rules);
                }
            }
        }
        for gate in &self.lists {
            let Some(Value::Records(records)) = known(gate.slot) else {
                continue;
            };
            if records.is_empty() {
                out.add(&gate.all);
                continue;
            }
            for member in &gate.members {
                kept.clear();
                let index = usize::from(member.member);
                let settled = records.iter().all(|record| {
                    let value = record.facts.get(index);
                    let Some(Value::Enum(answer)) = value.and_then(|f| sure(f, trust_claims))
                    else {
                        return false;
                    };
                    if let Some((_, open)) = member.open.iter().find(|(own, _)| own == answer) {
                        kept.add(open);
                    }
                    true
                });
                // A record of which the answer is not known may be the one that is asked for.
                if settled {
                    out.add_difference(&member.all, kept);
                }
            }
        }
    }
}

/// The value of a fact, if nothing can take it away.
fn sure(fact: &Fact, trust_claims: bool) -> Option<&Value> {
    match &fact.state {
        State::Known(value) if trust_claims || !fact.claim => Some(value),
        _ => None,
    }
}

/// The set under a key, made if it is not there.
fn set_of<K: PartialEq + Copy>(
    sets: &mut Vec<(K, RuleSet)>,
    key: K,
    rules: usize,
) -> Option<&mut RuleSet> {
    let at = sets.iter().position(|(own, _)| *own == key);
    let at = at.unwrap_or_else(|| {
        sets.push((key, RuleSet::empty(rules)));
        sets.len() - 1
    });
    sets.get_mut(at).map(|(_, set)| set)
}

impl AnswerGate {
    fn of(slot: u16, parts: &[(usize, bool, Vec<u16>)], rules: usize) -> Self {
        let mut gate = Self {
            slot,
            all: RuleSet::empty(rules),
            open: Vec::new(),
            other: RuleSet::empty(rules),
        };
        for answer in parts.iter().flat_map(|(_, _, own)| own) {
            set_of(&mut gate.open, *answer, rules);
        }
        for (rule, positive, own) in parts {
            gate.all.insert(*rule);
            for (answer, open) in &mut gate.open {
                if own.contains(answer) == *positive {
                    open.insert(*rule);
                }
            }
            if !positive {
                gate.other.insert(*rule);
            }
        }
        gate
    }
}

impl CodeGate {
    fn of(slot: u16, list: ListId, parts: &[(usize, Vec<CodeId>)], rules: usize) -> Self {
        let mut open: BTreeMap<CodeId, RuleSet> = BTreeMap::new();
        let mut all = RuleSet::empty(rules);
        for (rule, own) in parts {
            all.insert(*rule);
            for code in own {
                let set = open.entry(*code).or_insert_with(|| RuleSet::empty(rules));
                set.insert(*rule);
            }
        }
        Self {
            slot,
            list,
            all,
            open: open.into_iter().collect(),
        }
    }

    /// The rules of the code, of those above it and of those below it: the others' lie apart.
    fn meeting<'g>(&'g self, code: CodeId, list: &CodeList, mut take: impl FnMut(&'g RuleSet)) {
        let start = self.open.partition_point(|(own, _)| *own < code);
        let end = list.end(code);
        let below = self.open.get(start..).unwrap_or(&[]).iter();
        for (_, rules) in below.take_while(|(own, _)| *own < end) {
            take(rules);
        }
        for above in list.above(code) {
            if let Ok(at) = self.open.binary_search_by_key(&above, |(own, _)| *own)
                && let Some((_, rules)) = self.open.get(at)
            {
                take(rules);
            }
        }
    }
}

impl NumberGate {
    fn of(slot: u16, parts: Vec<(usize, Order, Interval)>, rules: usize) -> Self {
        let mut tests: Vec<(Order, Interval, RuleSet)> = Vec::new();
        for (rule, order, literal) in parts {
            let same =
                |test: &&mut (Order, Interval, RuleSet)| test.0 == order && test.1 == literal;
            match tests.iter_mut().find(same) {
                Some((_, _, own)) => own.insert(rule),
                None => {
                    let mut own = RuleSet::empty(rules);
                    own.insert(rule);
                    tests.push((order, literal, own));
                }
            }
        }
        Self { slot, tests }
    }
}

impl ListGate {
    fn of(slot: u16, parts: &[(usize, Option<Asked>)], rules: usize) -> Self {
        let mut gate = Self {
            slot,
            all: RuleSet::empty(rules),
            members: Vec::new(),
        };
        for (rule, asked) in parts {
            gate.all.insert(*rule);
            let Some((member, own)) = asked else { continue };
            let at = gate.members.iter().position(|m| m.member == *member);
            let at = at.unwrap_or_else(|| {
                gate.members.push(MemberGate {
                    member: *member,
                    all: RuleSet::empty(rules),
                    open: Vec::new(),
                });
                gate.members.len() - 1
            });
            let Some(gate) = gate.members.get_mut(at) else {
                continue;
            };
            gate.all.insert(*rule);
            for answer in own {
                if let Some(set) = set_of(&mut gate.open, *answer, rules) {
                    set.insert(*rule);
                }
            }
        }
        gate
    }
}

/// The cheap parts of a conjunction.
fn collect(condition: &BoolExpr, parts: &mut Vec<Part>) {
    match &condition.kind {
        BoolKind::And(a, b) => {
            collect(a, parts);
            collect(b, parts);
        }
        BoolKind::Exists(list, body) => {
            let ListKind::Field(slot, _) = list.kind else {
                return;
            };
            parts.push(Part::SomeRecord(slot));
            let mut asked = Vec::new();
            members(body, &mut asked);
            let records = asked.into_iter();
            parts.extend(records.map(|(member, own)| Part::Record(slot, member, own)));
        }
        _ => parts.extend(part(condition)),
    }
}

/// What a condition on a record asks of its members' answers.
fn members(condition: &BoolExpr, asked: &mut Vec<Asked>) {
    match &condition.kind {
        BoolKind::And(a, b) => {
            members(a, asked);
            members(b, asked);
        }
        _ => {
            if let Some((Get::Member(member, _), true, own)) = answers(condition) {
                asked.push((member, own));
            }
        }
    }
}

fn part(condition: &BoolExpr) -> Option<Part> {
    match &condition.kind {
        BoolKind::Field(Get::Project(slot, _)) => Some(Part::Answer(*slot, vec![1])),
        BoolKind::Not(inner) => match &inner.kind {
            BoolKind::Field(Get::Project(slot, _)) => Some(Part::Answer(*slot, vec![0])),
            _ => None,
        },
        BoolKind::Numbers(order, a, b) => match (&a.kind, &b.kind) {
            (NumKind::Field(Get::Project(slot, _)), NumKind::Literal(literal)) => {
                let literal = Interval::Point(literal.clone());
                Some(Part::Number(*slot, *order, literal))
            }
            _ => None,
        },
        BoolKind::Code(true, list, a, b) => match (&a.kind, &b.kind) {
            (AtomKind::Field(Get::Project(slot, _)), AtomKind::Literal(Literal::Code(code))) => {
                Some(Part::Code(*slot, *list, vec![*code]))
            }
            _ => None,
        },
        BoolKind::InCodes(list, item, options) => {
            let AtomKind::Field(Get::Project(slot, _)) = item.kind else {
                return None;
            };
            let code = |option: &AtomExpr| match &option.kind {
                AtomKind::Literal(Literal::Code(code)) => Some(*code),
                _ => None,
            };
            let codes: Option<Vec<CodeId>> = options.iter().map(code).collect();
            Some(Part::Code(slot, *list, codes?))
        }
        BoolKind::Or(a, b) => match (part(a)?, part(b)?) {
            (Part::Answer(slot, mut own), Part::Answer(other, more)) if slot == other => {
                own.extend(more);
                Some(Part::Answer(slot, own))
            }
            (Part::Code(slot, list, mut own), Part::Code(other, same, more))
                if slot == other && list == same =>
            {
                own.extend(more);
                Some(Part::Code(slot, list, own))
            }
            _ => None,
        },
        _ => match answers(condition)? {
            (Get::Project(slot, _), true, own) => Some(Part::Answer(slot, own)),
            (Get::Project(slot, _), false, own) => Some(Part::OtherAnswer(slot, own)),
            _ => None,
        },
    }
}

/// A fact that is asked to be, or not to be, one of some answers.
fn answers(condition: &BoolExpr) -> Option<(Get, bool, Vec<u16>)> {
    let answer = |atom: &AtomExpr| match &atom.kind {
        AtomKind::Literal(Literal::Enum(answer)) => Some(*answer),
        _ => None,
    };
    let field = |atom: &AtomExpr| match &atom.kind {
        AtomKind::Field(get) => Some(*get),
        _ => None,
    };
    match &condition.kind {
        BoolKind::Atoms(order, a, b) => {
            let positive = match order {
                Order::Equal => true,
                Order::Unequal => false,
                Order::Less | Order::AtMost | Order::Greater | Order::AtLeast => return None,
            };
            Some((field(a)?, positive, vec![answer(b)?]))
        }
        BoolKind::In(item, options) => {
            let options: Option<Vec<u16>> = options.iter().map(answer).collect();
            Some((field(item)?, true, options?))
        }
        _ => None,
    }
}
