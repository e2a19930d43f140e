//! Every figure, comparison, conjunct, disjunct, exception and table row of the shipped packs is held by a case.
//!
//! A mutant is a pack with one of them changed: a parameter version moved by its step, a comparison turned to its
//! neighbour (`<` ↔ `<=`, `==` ↔ `!=`) or its negation, `all` and `exists` exchanged, an operand, an option, a filter, an
//! exception or a row dropped.
//! It is killed if a case of a rule that reads what was changed no longer comes out as written.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::mem::take;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use hegui::judge::cases::{self, Case};
use hegui::judge::{Settings, portfolio_cases};
use hegui::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, ListExpr, ListKind, NumExpr, NumKind, Order, Program,
    Root, Stated,
};
use hegui::model::field::FieldId;
use hegui::model::number::Number;
use hegui::model::value::Interval;
use hegui::rules::pack::Packs;
use hegui::rules::portfolio::{Measured, PortfolioRule};
use hegui::rules::rule::Rule;

use crate::world::world;

/// One change of the packs.
#[derive(Clone, Copy, Debug)]
enum Mutant {
    /// The `nth` change of an expression.
    Change(Spot, usize),
    /// An exception of a rule is dropped.
    Exception(usize, usize),
    /// A row of a table is dropped.
    Row(usize, usize),
    /// An end of a version's value moves by a step: parameter, version, the upper end, upwards.
    Figure(usize, usize, bool, bool),
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug)]
enum Spot {
    Applies(usize),
    Require(usize),
    When(usize, usize),
    Due(usize, usize),
    Formula(FieldId),
    /// The condition, then what is added up, of a rule over many projects.
    Total(usize, usize),
}

/// The expressions of a rule over many projects, without its bound: figures are moved by themselves.
fn totals(rule: &mut PortfolioRule) -> Vec<&mut Program> {
    let measured: [Option<&mut Program>; 2] = match &mut rule.measured {
        Measured::Sum(program) => [Some(program), None],
        Measured::Count => [None, None],
        Measured::Share { part, of } => [Some(part), of.as_deref_mut()],
    };
    let own = rule.filter.as_mut().into_iter();
    own.chain(measured.into_iter().flatten()).collect()
}

fn program(packs: &mut Packs, spot: Spot) -> Option<&mut Program> {
    match spot {
        Spot::Applies(rule) => Some(&mut packs.rules[rule].applies),
        Spot::Require(rule) => Some(&mut packs.rules[rule].require),
        Spot::When(rule, exception) => Some(&mut packs.rules[rule].exceptions[exception].when),
        Spot::Due(rule, line) => packs.rules[rule].due[line].when.as_mut(),
        Spot::Formula(field) => packs.library.formulas[usize::from(field.0)].as_mut(),
        Spot::Total(rule, nth) => totals(&mut packs.portfolio[rule]).into_iter().nth(nth),
    }
}

/// Walks an expression up to the change that is asked for, and makes it.
struct Walk {
    /// How many changes are to be passed over.
    left: usize,
    /// The node and what was done to it.
    made: Option<(u32, String)>,
}

impl Walk {
    fn make(program: &mut Program, nth: usize) -> Self {
        let mut walk = Self {
            left: nth,
            made: None,
        };
        match &mut program.root {
            Root::Bool(e) => walk.bool(e),
            Root::Number(e) => walk.number(e),
            Root::Atom(e) => walk.atom(e),
            Root::List(e) => walk.list(e),
            Root::Plain(_) => {}
        }
        walk
    }

    /// How many changes an expression allows.
    fn count(program: &Program) -> usize {
        usize::MAX - Self::make(&mut program.clone(), usize::MAX).left
    }

    /// True if this is the change to make.
    fn here(&mut self, node: u32, what: impl Into<String>) -> bool {
        if self.made.is_some() {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        self.made = Some((node, what.into()));
        true
    }

    fn order(&mut self, node: u32, order: &mut Order) {
        for other in neighbours(*order) {
            if self.here(
                node,
                format!("`{}` becomes `{}`", order.sign(), other.sign()),
            ) {
                *order = *other;
                return;
            }
        }
    }

    fn negated(&mut self, e: &mut BoolExpr) {
        if self.here(e.id, "is negated") {
            let inner = e.clone();
            e.kind = BoolKind::Not(Box::new(inner));
        }
    }

    fn options(&mut self, node: u32, options: &mut Vec<AtomExpr>) {
        for index in 0..options.len() {
            if options.len() > 1 && self.here(node, format!("option {} is dropped", index + 1)) {
                options.remove(index);
                return;
            }
        }
    }

    fn bool(&mut self, e: &mut BoolExpr) {
        if self.made.is_some() {
            return;
        }
        let node = e.id;
        match &mut e.kind {
            BoolKind::Literal(_) => {}
            BoolKind::Field(_) | BoolKind::InForce(_) | BoolKind::Lookup(_) => self.negated(e),
            BoolKind::Not(inner) => self.bool(inner),
            BoolKind::And(a, b) | BoolKind::Or(a, b) => {
                if self.here(node, "the left operand is dropped") {
                    *e = (**b).clone();
                } else if self.here(node, "the right operand is dropped") {
                    *e = (**a).clone();
                } else {
                    self.bool(a);
                    self.bool(b);
                }
            }
            BoolKind::If(c, a, b) => [c, a, b].into_iter().for_each(|e| self.bool(e)),
            BoolKind::Same(equal, a, b) => {
                if self.here(node, "`==` and `!=` change places") {
                    *equal = !*equal;
                }
                self.bool(a);
                self.bool(b);
            }
            BoolKind::Numbers(order, a, b) => {
                self.order(node, order);
                self.number(a);
                self.number(b);
            }
            BoolKind::Atoms(order, a, b) => {
                self.order(node, order);
                self.atom(a);
                self.atom(b);
            }
            BoolKind::Code(within, _, a, b) => {
                if self.here(node, "`==` and `!=` change places") {
                    *within = !*within;
                }
                self.atom(a);
                self.atom(b);
            }
            BoolKind::In(item, options) | BoolKind::InCodes(_, item, options) => {
                self.options(node, options);
                self.atom(item);
                for option in options.iter_mut() {
                    self.atom(option);
                }
                self.negated(e);
            }
            BoolKind::Member(item, ..) | BoolKind::Matches(item, _) => {
                self.atom(item);
                self.negated(e);
            }
            BoolKind::Contains(a, b) | BoolKind::StartsWith(a, b) => {
                self.atom(a);
                self.atom(b);
                self.negated(e);
            }
            BoolKind::All(list, body) | BoolKind::Exists(list, body) => {
                self.list(list);
                self.bool(body);
                if self.here(node, "`all` and `exists` change places") {
                    e.kind = match e.kind.clone() {
                        BoolKind::All(list, body) => BoolKind::Exists(list, body),
                        BoolKind::Exists(list, body) => BoolKind::All(list, body),
                        other => other,
                    };
                }
            }
            BoolKind::Agree(list, body, reference) => {
                self.list(list);
                self.stated(body);
                if let Some(reference) = reference {
                    self.stated(reference);
                }
                self.negated(e);
            }
        }
    }

    fn stated(&mut self, stated: &mut Stated) {
        match stated {
            Stated::Number(e) => self.number(e),
            Stated::Atom(e) => self.atom(e),
        }
    }

    fn number(&mut self, e: &mut NumExpr) {
        if self.made.is_some() {
            return;
        }
        match &mut e.kind {
            NumKind::Literal(_)
            | NumKind::Field(_)
            | NumKind::Parameter(_)
            | NumKind::Count(_)
            | NumKind::Lookup(_) => {}
            NumKind::Neg(a) | NumKind::Abs(a) => self.number(a),
            NumKind::Add(a, b) | NumKind::Sub(a, b) | NumKind::Mul(a, b) | NumKind::Div(a, b) => {
                self.number(a);
                self.number(b);
            }
            NumKind::Min(all) | NumKind::Max(all) => all.iter_mut().for_each(|e| self.number(e)),
            NumKind::If(c, a, b) => {
                self.bool(c);
                self.number(a);
                self.number(b);
            }
            NumKind::Size(list) => self.list(list),
            NumKind::Sum(list, body)
            | NumKind::Least(list, body)
            | NumKind::Greatest(list, body) => {
                self.list(list);
                self.number(body);
            }
            NumKind::Days(a, b) => {
                self.atom(a);
                self.atom(b);
            }
        }
    }

    fn atom(&mut self, e: &mut AtomExpr) {
        match &mut e.kind {
            AtomKind::Literal(_) | AtomKind::Field(_) | AtomKind::AsOf | AtomKind::Lookup(_) => {}
            AtomKind::AddYears(date, count) | AtomKind::AddDays(date, count) => {
                self.atom(date);
                self.number(count);
            }
            AtomKind::If(c, a, b) => {
                self.bool(c);
                self.atom(a);
                self.atom(b);
            }
        }
    }

    fn list(&mut self, e: &mut ListExpr) {
        match &mut e.kind {
            ListKind::Field(..) => {}
            ListKind::Filter(inner, body) => {
                self.list(inner);
                self.bool(body);
                if self.here(e.id, "the filter is dropped") {
                    *e = (**inner).clone();
                }
            }
        }
    }
}

/// The neighbour and the negation of a comparison; of `==` and `!=` they are the same.
fn neighbours(order: Order) -> &'static [Order] {
    match order {
        Order::Less => &[Order::AtMost, Order::AtLeast],
        Order::AtMost => &[Order::Less, Order::Greater],
        Order::Greater => &[Order::AtLeast, Order::AtMost],
        Order::AtLeast => &[Order::Greater, Order::Less],
        Order::Equal => &[Order::Unequal],
        Order::Unequal => &[Order::Equal],
    }
}

/// Every mutant of the packs.
fn mutants(packs: &Packs) -> Vec<Mutant> {
    let mut all = Vec::new();
    let mut changes = |spot: Spot, program: &Program| {
        all.extend((0..Walk::count(program)).map(|nth| Mutant::Change(spot, nth)));
    };
    for (number, rule) in packs.rules.iter().enumerate() {
        changes(Spot::Applies(number), &rule.applies);
        changes(Spot::Require(number), &rule.require);
        for (index, exception) in rule.exceptions.iter().enumerate() {
            changes(Spot::When(number, index), &exception.when);
        }
        for (index, line) in rule.due.iter().enumerate() {
            if let Some(when) = &line.when {
                changes(Spot::Due(number, index), when);
            }
        }
    }
    for (number, formula) in (0..).zip(&packs.library.formulas) {
        if let Some(formula) = formula {
            changes(Spot::Formula(FieldId(number)), formula);
        }
    }
    for (number, rule) in packs.portfolio.clone().iter_mut().enumerate() {
        for (nth, program) in totals(rule).into_iter().enumerate() {
            changes(Spot::Total(number, nth), program);
        }
    }
    for (number, rule) in packs.rules.iter().enumerate() {
        all.extend((0..rule.exceptions.len()).map(|index| Mutant::Exception(number, index)));
    }
    for (number, table) in packs.library.tables.iter().enumerate() {
        all.extend((0..table.rows.len()).map(|index| Mutant::Row(number, index)));
    }
    for (number, parameter) in packs.library.parameters.iter().enumerate() {
        for (index, version) in parameter.versions.iter().enumerate() {
            // The two ends of a point move together.
            let ends: &[bool] = if version.value.point().is_some() {
                &[false]
            } else {
                &[false, true]
            };
            all.extend(ends.iter().flat_map(|upper| {
                [true, false].map(|up| Mutant::Figure(number, index, *upper, up))
            }));
        }
    }
    all
}

/// The rules whose verdict may depend on what a mutant changes.
fn readers(packs: &Packs, mutant: Mutant) -> Vec<usize> {
    let by_program = |reads: &dyn Fn(&Program) -> bool| {
        let formulas = |rule: &Rule| {
            rule.reads
                .iter()
                .filter_map(|f| packs.library.formula(*f))
                .any(reads)
        };
        let reads_it = |rule: &Rule| rule.programs().any(reads) || formulas(rule);
        packs
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| reads_it(rule))
            .map(|(number, _)| number)
            .collect()
    };
    match mutant {
        Mutant::Change(
            Spot::Applies(rule) | Spot::Require(rule) | Spot::When(rule, _) | Spot::Due(rule, _),
            _,
        )
        | Mutant::Exception(rule, _) => {
            vec![rule]
        }
        Mutant::Change(Spot::Formula(field), _) => packs
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| rule.reads.contains(&field))
            .map(|(number, _)| number)
            .collect(),
        // Its cases are of another shape and are run beside those of the rules.
        Mutant::Change(Spot::Total(..), _) => Vec::new(),
        Mutant::Row(table, _) => by_program(&|p| p.tables.iter().any(|t| usize::from(*t) == table)),
        Mutant::Figure(parameter, ..) => {
            by_program(&|p| p.parameters.iter().any(|i| usize::from(*i) == parameter))
        }
    }
}

/// Runs `judge` on the packs with a mutant made, and takes it back.
fn with_mutant<T>(packs: &mut Packs, mutant: Mutant, judge: impl FnOnce(&Packs) -> T) -> T {
    match mutant {
        Mutant::Change(spot, nth) => {
            let kept = program(packs, spot).unwrap().clone();
            assert!(
                Walk::make(program(packs, spot).unwrap(), nth)
                    .made
                    .is_some(),
                "no change was made"
            );
            let result = judge(packs);
            *program(packs, spot).unwrap() = kept;
            result
        }
        Mutant::Exception(rule, index) => {
            let kept = packs.rules[rule].exceptions.remove(index);
            let result = judge(packs);
            packs.rules[rule].exceptions.insert(index, kept);
            result
        }
        Mutant::Row(table, index) => {
            let rest = packs.library.tables[table].rows.without(index);
            let kept = std::mem::replace(&mut packs.library.tables[table].rows, rest);
            let result = judge(packs);
            packs.library.tables[table].rows = kept;
            result
        }
        Mutant::Figure(parameter, version, upper, up) => {
            let parameter_at = &mut packs.library.parameters[parameter];
            let step = if up {
                parameter_at.step.clone()
            } else {
                -&parameter_at.step
            };
            let value = &mut parameter_at.versions[version].value;
            let kept = value.clone();
            let moved = |end: Option<&Number>, moves: bool| {
                end.map(|n| if moves { n + &step } else { n.clone() })
            };
            let point = kept.point().is_some();
            *value = Interval::new(
                moved(kept.low(), point || !upper),
                moved(kept.high(), point || upper),
            );
            let result = judge(packs);
            packs.library.parameters[parameter].versions[version].value = kept;
            result
        }
    }
}

/// The cases of every rule.
struct Cases {
    rules: Vec<Vec<Case>>,
    totals: Vec<Vec<portfolio_cases::Case>>,
}

impl Cases {
    fn of(packs: &Packs) -> Self {
        let goals = &world().goals;
        let source = |id| world().sources.get(id).unwrap();
        let rules = packs.rules.iter();
        let totals = packs.portfolio.iter();
        Self {
            rules: rules
                .map(|rule| cases::read(packs, rule, source(rule.source), goals).0)
                .collect(),
            totals: totals
                .map(|rule| portfolio_cases::read(packs, rule, source(rule.source), goals).0)
                .collect(),
        }
    }
}

/// True if a case of a rule that reads what was changed comes out otherwise.
fn killed(packs: &Packs, mutant: Mutant, cases: &Cases, settings: &Settings) -> bool {
    if let Mutant::Change(Spot::Total(rule, _), _) = mutant {
        return cases.totals[rule]
            .iter()
            .any(|case| !portfolio_cases::run(packs, settings, rule, case).is_empty());
    }
    readers(packs, mutant).into_iter().any(|rule| {
        let number = u16::try_from(rule).expect("few rules");
        cases.rules[rule].iter().any(|case| {
            !cases::run(packs, settings, number, case)
                .unwrap()
                .meets(case)
        })
    })
}

/// A mutant in words.
fn described(packs: &Packs, mutant: Mutant) -> String {
    match mutant {
        Mutant::Change(spot, nth) => {
            let (owner, clause) = match spot {
                Spot::Applies(rule) => (packs.rules[rule].id.clone(), "applies".to_owned()),
                Spot::Require(rule) => (packs.rules[rule].id.clone(), "require".to_owned()),
                Spot::Total(rule, nth) => (packs.portfolio[rule].id.clone(), format!("part {nth}")),
                Spot::When(rule, index) => (
                    packs.rules[rule].id.clone(),
                    format!("exception {}", index + 1),
                ),
                Spot::Due(rule, index) => {
                    (packs.rules[rule].id.clone(), format!("due {}", index + 1))
                }
                Spot::Formula(field) => (
                    packs.library.vocabulary.path(field).to_owned(),
                    "formula".to_owned(),
                ),
            };
            let mut changed = program(&mut packs.clone(), spot).unwrap().clone();
            let (node, what) = Walk::make(&mut changed, nth).made.unwrap();
            format!(
                "{owner}: {clause}: {what} in\n    {}",
                changed.text_of(node)
            )
        }
        Mutant::Exception(rule, index) => format!(
            "{}: exception {} is dropped",
            packs.rules[rule].id,
            index + 1
        ),
        Mutant::Row(table, row) => {
            let table = &packs.library.tables[table];
            let row = table.rows.get(row).unwrap();
            format!(
                "table {}: line {} is dropped: {}",
                table.id,
                row.line,
                world().sources.text_at(row.place).unwrap_or_default()
            )
        }
        Mutant::Figure(parameter, version, upper, up) => {
            let parameter = &packs.library.parameters[parameter];
            let of = parameter.versions[version]
                .period
                .from
                .map(|d| d.to_string())
                .unwrap_or_default();
            let end = if parameter.versions[version].value.point().is_some() {
                "value"
            } else if upper {
                "upper end"
            } else {
                "lower end"
            };
            format!(
                "parameter {}: the {end} of the version from `{of}` is one step {}",
                parameter.id,
                if up { "greater" } else { "less" }
            )
        }
    }
}

#[test]
fn no_mutant_of_the_shipped_packs_survives_their_cases() {
    let settings = Settings::default();
    let packs = &world().packs;
    let cases = Cases::of(packs);
    let mutants = mutants(packs);
    assert!(mutants.len() > 4_000, "only {} mutants", mutants.len());
    let (next, survivors) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZeroUsize::get) {
            scope.spawn(|| {
                let mut packs = packs.clone();
                while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if !with_mutant(&mut packs, *mutant, |packs| {
                        killed(packs, *mutant, &cases, &settings)
                    }) {
                        survivors.lock().unwrap().push(described(&packs, *mutant));
                    }
                }
            });
        }
    });
    let mut survivors = take(&mut *survivors.lock().unwrap());
    survivors.sort();
    assert!(
        survivors.is_empty(),
        "{} of {} mutants survive:\n{}",
        survivors.len(),
        mutants.len(),
        survivors.join("\n")
    );
}
