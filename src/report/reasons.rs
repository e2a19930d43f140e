//! The comparisons that decide a finding, picked from its evidence.
//!
//! A false conjunction is decided by its false members, a true one by all, an unknown one by the unknown;
//! disjunctions the other way round. It computes nothing: every value was recorded when the rule was judged.

use std::collections::BTreeSet;

use super::words::Words;
use crate::base::text::Lang;
use crate::judge::evidence::{Clause, Evidence, Step};
use crate::judge::finding::Verdict;
use crate::language::eval::Seen;
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, Get, ListExpr, ListKind, Lookup, NumExpr, NumKind,
    Program, Root, Stated,
};
use crate::language::types::Library;
use crate::model::field::{FieldId, Slot};
use crate::model::value::Tri;
use crate::rules::rule::Rule;

/// The value seen at a node of a clause, for a record or the project.
pub(super) fn seen_at(
    evidence: &Evidence,
    clause: Clause,
    node: u32,
    record: Option<u32>,
) -> Option<&Seen> {
    let key = |step: &Step| (step.clause, step.record, step.node);
    let found = |record: Option<u32>| {
        let at = evidence
            .steps
            .partition_point(|step| key(step) < (clause, record, node));
        evidence
            .steps
            .get(at)
            .filter(|step| key(step) == (clause, record, node))
            .map(|step| &step.seen)
    };
    // What a macro's body reads of the project is recorded with the record at hand.
    found(record)
}

/// A comparison that decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reason<'a> {
    /// The expression it stands in.
    pub clause: Clause,
    /// That expression.
    pub program: &'a Program,
    /// The comparison.
    pub expr: &'a BoolExpr,
    /// The record it was made for.
    pub record: Option<u32>,
    /// The list of that record.
    pub list: Option<FieldId>,
    /// How it came out.
    pub truth: Tri,
}

/// Walks the expressions of a rule.
struct Walk<'a, 'e> {
    evidence: &'e Evidence,
    found: Vec<Reason<'a>>,
}

/// Records of one list shown one by one; more are summed up by the condition on the list.
const RECORDS: usize = 4;

/// The comparisons that decided a finding, or that would.
pub(super) fn of<'a>(
    rule: &'a Rule,
    evidence: &Evidence,
    verdict: Verdict,
    exception: Option<usize>,
) -> Vec<Reason<'a>> {
    let mut walk = Walk {
        evidence,
        found: Vec::new(),
    };
    let applies = walk.clause(Clause::Applies, &rule.applies);
    let keep_applies = match verdict {
        Verdict::Undetermined | Verdict::Upcoming => {
            walk.truth(Clause::Applies, &rule.applies) == Some(Tri::Unknown)
        }
        // What a ban covers stands in `applies`.
        Verdict::Fail | Verdict::NotApplicable => true,
        Verdict::Pass => false,
    };
    if keep_applies {
        walk.found = applies;
    }
    if verdict == Verdict::NotApplicable {
        return walk.found;
    }
    let by_exception = exception.filter(|_| verdict == Verdict::Pass);
    if by_exception.is_none() {
        let require = walk.clause(Clause::Require, &rule.require);
        walk.found.extend(require);
    }
    for (index, other) in rule.exceptions.iter().enumerate() {
        if by_exception.is_none_or(|by| by == index) && verdict != Verdict::Fail {
            let shown = walk.clause(Clause::Exception(index), &other.when);
            walk.found.extend(shown);
        }
    }
    walk.found
}

impl<'a> Walk<'a, '_> {
    fn truth(&self, clause: Clause, program: &Program) -> Option<Tri> {
        let root = program.condition()?;
        self.at(clause, root.id, None)
    }

    fn at(&self, clause: Clause, node: u32, record: Option<u32>) -> Option<Tri> {
        match seen_at(self.evidence, clause, node, record)? {
            Seen::Truth(tri) => Some(*tri),
            _ => None,
        }
    }

    fn clause(&self, clause: Clause, program: &'a Program) -> Vec<Reason<'a>> {
        let mut found = Vec::new();
        if let Some(root) = program.condition() {
            self.decide((clause, program), root, (None, None), &mut found);
        }
        found
    }

    fn decide(
        &self,
        at: (Clause, &'a Program),
        e: &'a BoolExpr,
        of: (Option<FieldId>, Option<u32>),
        found: &mut Vec<Reason<'a>>,
    ) {
        let (clause, program) = at;
        let (list, record) = of;
        let Some(truth) = self.at(clause, e.id, record) else {
            return;
        };
        match &e.kind {
            BoolKind::And(a, b) | BoolKind::Or(a, b) => {
                // The side that suffices decides; otherwise both do.
                let both = matches!(
                    (&e.kind, truth),
                    (BoolKind::And(..), Tri::True) | (BoolKind::Or(..), Tri::False)
                );
                for part in [a, b] {
                    if both || self.at(clause, part.id, record) == Some(truth) {
                        self.decide(at, part, of, found);
                    }
                }
            }
            BoolKind::Not(a) => self.decide(at, a, of, found),
            BoolKind::If(c, a, b) => {
                self.decide(at, c, of, found);
                match self.at(clause, c.id, record) {
                    Some(Tri::True) => self.decide(at, a, of, found),
                    Some(Tri::False) => self.decide(at, b, of, found),
                    _ => {}
                }
            }
            BoolKind::All(items, body) | BoolKind::Exists(items, body) => {
                let all = matches!(e.kind, BoolKind::All(..));
                let records = self.records(clause, body.id);
                let deciding: Vec<u32> = records
                    .iter()
                    .copied()
                    .filter(|r| self.at(clause, body.id, Some(*r)) == Some(truth))
                    .collect();
                let every = matches!((all, truth), (true, Tri::True) | (false, Tri::False));
                if every || deciding.is_empty() || deciding.len() > RECORDS {
                    found.push(Reason {
                        clause,
                        program,
                        expr: e,
                        record,
                        list,
                        truth,
                    });
                }
                if every {
                    // Records that come near: the first conjunct holds, something after it does not.
                    let near = records
                        .iter()
                        .copied()
                        .filter(|r| truth == Tri::False && self.is_near(clause, body, *r));
                    for near in near.take(RECORDS) {
                        self.decide(at, body, (Some(items.field()), Some(near)), found);
                    }
                } else {
                    for one in deciding.into_iter().take(RECORDS) {
                        self.decide(at, body, (Some(items.field()), Some(one)), found);
                    }
                }
            }
            BoolKind::Literal(_) => {}
            _ => found.push(Reason {
                clause,
                program,
                expr: e,
                record,
                list,
                truth,
            }),
        }
    }

    fn is_near(&self, clause: Clause, body: &BoolExpr, record: u32) -> bool {
        let mut first = body;
        while let BoolKind::And(a, _) = &first.kind {
            first = a;
        }
        first.id != body.id && self.at(clause, first.id, Some(record)) == Some(Tri::True)
    }

    fn records(&self, clause: Clause, node: u32) -> Vec<u32> {
        let steps = self
            .evidence
            .steps
            .iter()
            .filter(|s| s.clause == clause && s.node == node);
        steps.filter_map(|s| s.record).collect()
    }
}

/// What the comparisons read.
#[derive(Debug)]
pub(super) struct Reads<'a> {
    library: &'a Library,
    /// Fields, with the record they were read of, in the order in which they are met.
    pub fields: Vec<(FieldId, Option<u32>)>,
    /// Parameters.
    pub parameters: BTreeSet<u16>,
    /// Derived fields, in the order in which they are met.
    pub derived: Vec<FieldId>,
    /// What records were asked to agree on.
    agreed: Vec<FieldId>,
}

impl<'a> Reads<'a> {
    pub(super) fn new(library: &'a Library) -> Self {
        Self {
            library,
            fields: Vec::new(),
            parameters: BTreeSet::new(),
            derived: Vec::new(),
            agreed: Vec::new(),
        }
    }

    /// What a comparison reads, formulas included.
    pub(super) fn add(&mut self, evidence: &Evidence, reason: &Reason<'_>) {
        let derived = self.derived.len();
        self.bool(reason.expr, reason.record);
        self.name_records(evidence);
        self.formulas(evidence, derived);
    }

    /// What an expression reads, formulas included.
    pub(super) fn program(&mut self, evidence: &Evidence, program: &Program) {
        let derived = self.derived.len();
        match &program.root {
            Root::Bool(e) => self.bool(e, None),
            Root::Number(e) => self.number(e, None),
            Root::Atom(e) => self.atom(e, None),
            Root::List(e) => self.list(e),
            Root::Plain(get) => self.get(*get, None),
        }
        self.formulas(evidence, derived);
    }

    /// What the formulas of derived fields read, from one of those fields on.
    fn formulas(&mut self, evidence: &Evidence, mut next: usize) {
        let library = self.library;
        while let Some(field) = self.derived.get(next).copied() {
            next += 1;
            let Some(formula) = library.formula(field) else {
                continue;
            };
            let Root::Number(root) = &formula.root else {
                continue;
            };
            // What is multiplied with zero decides nothing.
            let words =
                Words::new(library, formula, Lang::Zh).with(evidence, Clause::Formula(field), None);
            for addend in words.addends(root).0 {
                self.number(addend, None);
            }
        }
    }

    /// Where records were asked to agree, those that decided stand for all of them.
    fn name_records(&mut self, evidence: &Evidence) {
        let agreed = std::mem::take(&mut self.agreed);
        let open =
            |(field, record): &(FieldId, Option<u32>)| record.is_none() && agreed.contains(field);
        let open: Vec<FieldId> = self
            .fields
            .iter()
            .filter(|f| open(f))
            .map(|(f, _)| *f)
            .collect();
        self.fields
            .retain(|(f, record)| record.is_some() || !open.contains(f));
        for fact in evidence.facts.iter().filter(|f| open.contains(&f.field)) {
            self.field(fact.field, fact.record);
        }
    }

    fn field(&mut self, field: FieldId, record: Option<u32>) {
        if !self.fields.contains(&(field, record)) {
            self.fields.push((field, record));
        }
    }

    /// The fields that the key columns of a table match.
    fn lookup(&mut self, lookup: &Lookup, record: Option<u32>) {
        let Some(table) = self.library.tables.get(usize::from(lookup.table)) else {
            return;
        };
        for key in &table.keys {
            let member = self
                .library
                .vocabulary
                .field(key.field)
                .is_some_and(|f| matches!(f.slot, Slot::Member(..)));
            self.field(key.field, record.filter(|_| member));
        }
    }

    fn get(&mut self, get: Get, record: Option<u32>) {
        match get {
            Get::Project(_, field) => self.field(field, None),
            Get::Member(_, field) => self.field(field, record),
            Get::Derived(_, field) => {
                if !self.derived.contains(&field) {
                    self.derived.push(field);
                }
            }
        }
    }

    fn list(&mut self, list: &ListExpr) {
        match &list.kind {
            ListKind::Field(_, field) => self.field(*field, None),
            ListKind::Filter(inner, body) => {
                self.list(inner);
                self.bool(body, None);
            }
        }
    }

    fn bool(&mut self, e: &BoolExpr, record: Option<u32>) {
        match &e.kind {
            BoolKind::Literal(_) | BoolKind::InForce(_) => {}
            BoolKind::Lookup(lookup) => self.lookup(lookup, record),
            BoolKind::Field(get) => self.get(*get, record),
            BoolKind::Not(a) => self.bool(a, record),
            BoolKind::And(a, b) | BoolKind::Or(a, b) | BoolKind::Same(_, a, b) => {
                self.bool(a, record);
                self.bool(b, record);
            }
            BoolKind::If(c, a, b) => {
                for part in [c, a, b] {
                    self.bool(part, record);
                }
            }
            BoolKind::Numbers(_, a, b) => {
                self.number(a, record);
                self.number(b, record);
            }
            BoolKind::Atoms(_, a, b)
            | BoolKind::Code(_, _, a, b)
            | BoolKind::Contains(a, b)
            | BoolKind::StartsWith(a, b) => {
                self.atom(a, record);
                self.atom(b, record);
            }
            BoolKind::In(a, all) | BoolKind::InCodes(_, a, all) => {
                self.atom(a, record);
                for part in all {
                    self.atom(part, record);
                }
            }
            BoolKind::Member(a, get, _) => {
                self.atom(a, record);
                self.get(*get, record);
            }
            BoolKind::Matches(a, _) => self.atom(a, record),
            BoolKind::All(list, body) | BoolKind::Exists(list, body) => {
                self.list(list);
                self.bool(body, None);
            }
            BoolKind::Agree(list, stated, reference) => {
                self.list(list);
                self.stated(stated);
                self.agreed.extend(stated.get().map(Get::field));
                if let Some(reference) = reference {
                    self.stated(reference);
                }
            }
        }
    }

    fn stated(&mut self, stated: &Stated) {
        match stated {
            Stated::Number(e) => self.number(e, None),
            Stated::Atom(e) => self.atom(e, None),
        }
    }

    fn number(&mut self, e: &NumExpr, record: Option<u32>) {
        match &e.kind {
            NumKind::Literal(_) => {}
            NumKind::Lookup(lookup) => self.lookup(lookup, record),
            NumKind::Field(get) | NumKind::Count(get) => self.get(*get, record),
            NumKind::Parameter(index) => _ = self.parameters.insert(*index),
            NumKind::Neg(a) | NumKind::Abs(a) => self.number(a, record),
            NumKind::Add(a, b) | NumKind::Sub(a, b) | NumKind::Mul(a, b) | NumKind::Div(a, b) => {
                self.number(a, record);
                self.number(b, record);
            }
            NumKind::Min(all) | NumKind::Max(all) => {
                for part in all {
                    self.number(part, record);
                }
            }
            NumKind::If(c, a, b) => {
                self.bool(c, record);
                self.number(a, record);
                self.number(b, record);
            }
            NumKind::Size(list) => self.list(list),
            NumKind::Sum(list, body)
            | NumKind::Least(list, body)
            | NumKind::Greatest(list, body) => {
                self.list(list);
                self.number(body, None);
            }
            NumKind::Days(a, b) => {
                self.atom(a, record);
                self.atom(b, record);
            }
        }
    }

    fn atom(&mut self, e: &AtomExpr, record: Option<u32>) {
        match &e.kind {
            AtomKind::Literal(_) | AtomKind::AsOf => {}
            AtomKind::Lookup(lookup) => self.lookup(lookup, record),
            AtomKind::Field(get) => self.get(*get, record),
            AtomKind::AddYears(date, n) | AtomKind::AddDays(date, n) => {
                self.atom(date, record);
                self.number(n, record);
            }
            AtomKind::If(c, a, b) => {
                self.bool(c, record);
                self.atom(a, record);
                self.atom(b, record);
            }
        }
    }
}
