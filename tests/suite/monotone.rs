//! What may not change a verdict, and in which direction other things may: the properties of judging.
//!
//! Verdicts fall into three classes: met (pass, not applicable), not met (fail), open (undetermined, upcoming).
//! Removing a fact never moves a finding into the first two, refining one never moves it out of them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use hegui::base::date::Date;
use hegui::base::problem::any_error;
use hegui::base::source::Place;
use hegui::base::toml;
use hegui::base::tree::{Datum, Node};
use hegui::judge::cases::{self, Case};
use hegui::judge::engine::Scratch;
use hegui::judge::finding::{DaySource, Finding, Judged, Verdict};
use hegui::judge::{Engine, Settings};
use hegui::language::ir::{BoolExpr, BoolKind, NumExpr, NumKind, Order, Program, Root};
use hegui::model::field::{Field, FieldId, FieldType, Scope, Slot, Target, Vocabulary, WhenClosed};
use hegui::model::number::Number;
use hegui::model::project::{Fact, FactRef, Origin, Project, State, Value};
use hegui::model::value::Interval;
use hegui::rules::rule::Rule;

use crate::world::{Sample, parse_file, samples, settings, world};

/// The classes between which refining and removing may not move a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Met,
    NotMet,
    Open,
}

fn class(verdict: Verdict) -> Class {
    match verdict {
        Verdict::Pass | Verdict::NotApplicable => Class::Met,
        Verdict::Fail => Class::NotMet,
        Verdict::Undetermined | Verdict::Upcoming => Class::Open,
    }
}

fn vocabulary() -> &'static Vocabulary {
    &world().packs.library.vocabulary
}

/// Every fact of a project that says something, those of records included.
fn facts(project: &Project) -> Vec<FactRef> {
    let mut all = Vec::new();
    for (slot, fact) in project.facts.iter().enumerate() {
        let field = vocabulary().slots()[slot];
        if fact.state != State::Missing {
            all.push(FactRef::project(field));
        }
        if let Some(Value::Records(records)) = fact.value() {
            for (number, record) in (0_u32..).zip(records) {
                for (member, fact) in record.facts.iter().enumerate() {
                    if fact.state != State::Missing {
                        all.push(FactRef {
                            field: vocabulary().members(field)[member],
                            record: Some(number),
                        });
                    }
                }
            }
        }
    }
    all
}

fn fact_mut(project: &mut Project, fact: FactRef) -> &mut Fact {
    match vocabulary().field(fact.field).unwrap().slot {
        Slot::Project(slot) => project.facts.get_mut(usize::from(slot)).unwrap(),
        Slot::Member(list, index) => {
            let Slot::Project(slot) = vocabulary().field(list).unwrap().slot else {
                panic!("a list in a list")
            };
            let Fact {
                state: State::Known(Value::Records(records)),
                ..
            } = project.facts.get_mut(usize::from(slot)).unwrap()
            else {
                panic!("no records")
            };
            let record = &mut records[fact.record.unwrap() as usize];
            record.facts.get_mut(usize::from(index)).unwrap()
        }
    }
}

fn without(project: &Project, fact: FactRef) -> Project {
    let mut project = project.clone();
    *fact_mut(&mut project, fact) = Fact::default();
    project.note_claims(vocabulary());
    project
}

fn with(project: &Project, fact: FactRef, state: State) -> Project {
    let mut project = project.clone();
    *fact_mut(&mut project, fact) = Fact {
        state,
        origin: Origin::Declared(Place::Nowhere),
        claim: false,
    };
    project.note_claims(vocabulary());
    project
}

/// The facts that each `complete` line of a project closed.
fn closings(project: &Project) -> Vec<Vec<FactRef>> {
    let mut by_line: BTreeMap<Place, Vec<FactRef>> = BTreeMap::new();
    for fact in facts(project) {
        if let Some(Fact {
            origin: Origin::Closed(place),
            ..
        }) = project.find(vocabulary(), fact)
        {
            by_line.entry(*place).or_default().push(fact);
        }
    }
    by_line.into_values().collect()
}

/// The cases of every rule, with the rule's number.
fn all_cases() -> Vec<(u16, Case)> {
    let packs = &world().packs;
    let of = |(number, rule): (u16, &Rule)| {
        let source = world().sources.get(rule.source).unwrap();
        cases::read(packs, rule, source, &world().goals)
            .0
            .into_iter()
            .map(move |case| (number, case))
            .collect::<Vec<_>>()
    };
    (0_u16..).zip(&packs.rules).flat_map(of).collect()
}

/// Values that a field may take: those of all samples and cases, its answers, and the figures rules compare with.
struct Pool(BTreeMap<FieldId, Vec<State>>);

impl Pool {
    fn new(cases: &[(u16, Case)]) -> Self {
        let mut pool = Self(BTreeMap::new());
        for field in vocabulary().fields().iter().filter(|f| !f.derived) {
            for value in own_values(field) {
                pool.add(field.id, State::Known(value));
            }
            if field.when_closed == Some(WhenClosed::Silent) {
                pool.add(field.id, State::Silent);
            }
        }
        for project in samples()
            .iter()
            .flat_map(|s| &s.projects)
            .chain(cases.iter().map(|(_, c)| &c.project))
        {
            for fact in facts(project) {
                let state = project.find(vocabulary(), fact).unwrap().state.clone();
                if state != State::Unreadable {
                    pool.add(fact.field, state);
                }
            }
        }
        pool
    }

    fn add(&mut self, field: FieldId, state: State) {
        let states = self.0.entry(field).or_default();
        // Enough to meet every side of every comparison, and no more than is quick.
        if states.len() < 14 && !states.contains(&state) {
            states.push(state);
        }
    }

    fn of(&self, field: FieldId) -> &[State] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }
}

/// The values a field's own declaration names.
fn own_values(field: &Field) -> Vec<Value> {
    match field.kind {
        FieldType::Bool => vec![Value::Bool(true), Value::Bool(false)],
        FieldType::Enum(id) => (0..)
            .zip(&vocabulary().enumeration(id).unwrap().answers)
            .map(|(number, _)| Value::Enum(number))
            .collect(),
        FieldType::Number => {
            let ends = [field.domain.low(), field.domain.high()];
            let figures = world().packs.library.parameters.iter().filter(|p| {
                p.measure.unit.dimension == field.measure.unit.dimension
                    && p.measure.per == field.measure.per
            });
            let figures = figures
                .flat_map(|p| &p.versions)
                .filter_map(|v| v.value.point());
            let around = figures
                .flat_map(|n| [n - &Number::ONE, n.clone(), n + &Number::ONE])
                .filter(|n| field.domain.contains(n));
            ends.into_iter()
                .flatten()
                .cloned()
                .chain(around.take(6))
                .map(|n| Value::Number(Interval::Point(n)))
                .collect()
        }
        FieldType::Records | FieldType::Texts => vec![if field.kind == FieldType::Records {
            Value::Records(Vec::new())
        } else {
            Value::Texts(Vec::new())
        }],
        FieldType::Codes(_) => vec![Value::Codes(Vec::new())],
        FieldType::Date => ["2010-01-01", "2023-05-31", "2026-01-01"]
            .into_iter()
            .map(|d| Value::Date(Date::parse(d).unwrap()))
            .collect(),
        FieldType::Text | FieldType::Code(_) => Vec::new(),
    }
}

/// True if the known procedure dates of a project do not contradict their order.
fn dates_agree(project: &Project) -> bool {
    let date = |field: FieldId| project.date(vocabulary(), field);
    let in_order = |field: &Field| {
        let earlier = vocabulary()
            .earlier(field.id)
            .into_iter()
            .filter_map(date)
            .max();
        date(field.id).is_none_or(|date| earlier.is_none_or(|earlier| earlier <= date))
    };
    vocabulary()
        .fields()
        .iter()
        .filter(|f| f.procedure.is_some())
        .all(in_order)
}

fn is_procedure(field: FieldId) -> bool {
    vocabulary()
        .field(field)
        .is_some_and(|f| f.procedure.is_some())
}

/// The rules whose finding may depend on a fact.
fn readers(fact: FactRef) -> Vec<u16> {
    let rules = (0_u16..).zip(&world().packs.rules);
    // A procedure's date bounds the days of the procedures beside it.
    let reads = |rule: &Rule| {
        rule.reads.contains(&fact.field) || (is_procedure(fact.field) && rule.anchor.is_some())
    };
    let list = |rule: &Rule| match vocabulary().field(fact.field).unwrap().kind {
        FieldType::Records => vocabulary()
            .members(fact.field)
            .iter()
            .any(|m| rule.reads.contains(m)),
        _ => false,
    };
    rules
        .filter(|(_, rule)| reads(rule) || list(rule))
        .map(|(number, _)| number)
        .collect()
}

struct Check<'a> {
    engine: Engine<'a>,
    count: usize,
    /// How often a finding that was open became decided.
    refined: usize,
}

impl<'a> Check<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self {
            engine: Engine::new(&world().packs, settings),
            count: 0,
            refined: 0,
        }
    }

    fn verdict(&self, rule: u16, project: &Project) -> Verdict {
        self.engine.judge_one(rule, project).unwrap().verdict
    }

    /// What is decided with less known stays as it is with more known.
    fn ordered(
        &mut self,
        rules: &[u16],
        less: &Project,
        more: &Project,
        what: &dyn Fn() -> String,
    ) {
        for rule in rules {
            let (before, after) = (self.verdict(*rule, less), self.verdict(*rule, more));
            self.count += 1;
            self.refined +=
                usize::from(class(before) == Class::Open && class(after) != Class::Open);
            assert!(
                class(before) == Class::Open || class(before) == class(after),
                "{}: {} turns {} into {}",
                world().packs.rules[usize::from(*rule)].id,
                what(),
                before.id(),
                after.id()
            );
        }
    }

    /// Removes each fact and each `complete` line of a project, and puts other values in the place of each.
    fn project(&mut self, name: &str, project: &Project, pool: &Pool, only: Option<u16>) {
        let concerned = |fact: FactRef| {
            let rules = readers(fact);
            match only {
                Some(rule) => rules.into_iter().filter(|r| *r == rule).collect(),
                None => rules,
            }
        };
        let all = facts(project);
        for fact in &all {
            let rules: Vec<u16> = concerned(*fact);
            if rules.is_empty() {
                continue;
            }
            let path = fact.path(vocabulary());
            let less = without(project, *fact);
            self.ordered(&rules, &less, project, &|| {
                format!("{name}: knowing {path}")
            });
            let unreadable = with(project, *fact, State::Unreadable);
            self.ordered(&rules, &unreadable, project, &|| {
                format!("{name}: reading {path}")
            });
            for state in pool.of(fact.field) {
                let more = with(&less, *fact, state.clone());
                if is_procedure(fact.field) && !dates_agree(&more) {
                    continue;
                }
                self.ordered(&rules, &less, &more, &|| {
                    format!("{name}: {path} = {state:?}")
                });
            }
        }
        for closed in closings(project) {
            let mut less = project.clone();
            let mut rules: Vec<u16> = Vec::new();
            for fact in &closed {
                *fact_mut(&mut less, *fact) = Fact::default();
                rules.extend(concerned(*fact));
            }
            less.note_claims(vocabulary());
            rules.sort_unstable();
            rules.dedup();
            let paths: Vec<String> = closed.iter().map(|f| f.path(vocabulary())).collect();
            self.ordered(&rules, &less, project, &|| {
                format!("{name}: the line that closes {}", paths.join(", "))
            });
        }
        // Several facts at once: each project loses half, then three quarters, in a fixed scatter.
        for part in [2, 4] {
            for offset in 0..part {
                let mut less = project.clone();
                for (number, fact) in all.iter().enumerate().filter(|(_, f)| f.record.is_none()) {
                    if (number * 7 + offset) % part != 0 {
                        *fact_mut(&mut less, *fact) = Fact::default();
                    }
                }
                less.note_claims(vocabulary());
                let rules: Vec<u16> = only.map_or_else(
                    || (0..u16::try_from(world().packs.rules.len()).unwrap()).collect(),
                    |rule| vec![rule],
                );
                self.ordered(&rules, &less, project, &|| {
                    format!("{name}: knowing more (1 of {part}, {offset})")
                });
            }
        }
    }
}

#[test]
fn knowing_more_never_unsettles_a_finding_of_a_sample() {
    let cases = all_cases();
    let pool = Pool::new(&cases);
    for trust_claims in [false, true] {
        let settings = Settings {
            trust_claims,
            ..settings()
        };
        let mut check = Check::new(&settings);
        for sample in samples() {
            assert!(dates_agree(sample.project()), "{}", sample.name);
            check.project(&sample.name, sample.project(), &pool, None);
        }
        assert!(
            check.count > 20_000 && check.refined > 500,
            "{} {}",
            check.count,
            check.refined
        );
    }
}

#[test]
fn knowing_more_never_unsettles_a_finding_of_a_case() {
    let cases = all_cases();
    let pool = Pool::new(&cases);
    let settings = Settings::default();
    let mut check = Check::new(&settings);
    for (rule, case) in cases.iter().filter(|(_, c)| dates_agree(&c.project)) {
        let name = format!(
            "{} / {}",
            world().packs.rules[usize::from(*rule)].id,
            case.name
        );
        check.project(&name, &case.project, &pool, Some(*rule));
    }
    assert!(
        check.count > 20_000 && check.refined > 2_000,
        "{} {}",
        check.count,
        check.refined
    );
}

#[test]
fn removing_a_record_of_a_list_that_is_given_may_change_anything_but_the_list_itself_is_a_fact() {
    // An absent list is unknown, an empty one is none: the two are not the same.
    let vocabulary = vocabulary();
    let sample = samples()
        .iter()
        .find(|s| s.name == "boiler-retrofit")
        .unwrap()
        .project();
    let boilers = FactRef::project(vocabulary.by_path("boilers").unwrap().id);
    let settings = settings();
    let check = Check::new(&settings);
    let rule = u16::try_from(
        world()
            .packs
            .rules
            .iter()
            .position(|r| r.id == "boiler/nox-national")
            .unwrap(),
    )
    .unwrap();
    assert_eq!(check.verdict(rule, sample), Verdict::Fail);
    assert_eq!(
        check.verdict(rule, &without(sample, boilers)),
        Verdict::Undetermined
    );
    assert_eq!(
        check.verdict(
            rule,
            &with(sample, boilers, State::Known(Value::Records(Vec::new())))
        ),
        Verdict::NotApplicable
    );
}

#[test]
fn a_land_contract_does_not_say_under_which_law_the_energy_review_falls() {
    // Contracted before a change of law, accepted after it: leaving the acceptance out decides nothing.
    let sample = samples()
        .iter()
        .find(|s| s.name == "data-centre-2024")
        .unwrap()
        .project();
    let day = |project: &Project, path: &str, date: &str| {
        with(
            project,
            FactRef::project(vocabulary().by_path(path).unwrap().id),
            State::Known(Value::Date(Date::parse(date).unwrap())),
        )
    };
    let filed = day(
        &day(sample, "dates.filing", "2023-03-15"),
        "dates.contract",
        "2023-05-17",
    );
    let accepted = day(&filed, "dates.energy_accepted", "2023-06-11");
    let unknown = without(
        &filed,
        FactRef::project(vocabulary().by_path("dates.energy_accepted").unwrap().id),
    );
    let settings = settings();
    let check = Check::new(&settings);
    let rule = u16::try_from(
        world()
            .packs
            .rules
            .iter()
            .position(|r| r.id == "energy/review")
            .unwrap(),
    )
    .unwrap();
    assert_eq!(
        (
            check.verdict(rule, &accepted),
            check.verdict(rule, &unknown)
        ),
        (Verdict::Fail, Verdict::Undetermined)
    );
}

#[test]
fn a_claim_never_passes_a_rule_and_may_fail_one() {
    let settings = settings();
    let engine = Engine::new(&world().packs, &settings);
    let mut claims = 0;
    for sample in samples() {
        for (rule, finding) in world()
            .packs
            .rules
            .iter()
            .zip(&engine.judge(sample.project()).findings)
        {
            for field in &rule.reads {
                let fact = FactRef::project(*field);
                let known = sample
                    .project()
                    .find(vocabulary(), fact)
                    .is_some_and(|f| f.value().is_some());
                if !known || !vocabulary().field(*field).unwrap().provider.is_official() {
                    continue;
                }
                let mut claimed = sample.project().clone();
                fact_mut(&mut claimed, fact).claim = true;
                claimed.note_claims(vocabulary());
                let with_claim = engine.judge_one(finding.rule, &claimed).unwrap().verdict;
                let without_fact = engine
                    .judge_one(finding.rule, &without(sample.project(), fact))
                    .unwrap()
                    .verdict;
                let path = fact.path(vocabulary());
                match class(with_claim) {
                    Class::Met => assert_eq!(
                        class(without_fact),
                        Class::Met,
                        "{}: {}: a pass rests on the claim of {path}",
                        sample.name,
                        rule.id
                    ),
                    Class::NotMet => assert_eq!(
                        finding.verdict,
                        Verdict::Fail,
                        "{}: {}: {path}",
                        sample.name,
                        rule.id
                    ),
                    Class::Open => {}
                }
                claims += 1;
            }
        }
    }
    assert!(claims > 50, "{claims}");
}

#[test]
fn the_recording_evaluator_agrees_with_the_silent_one() {
    let mut compared = 0;
    let mut compare = |engine: &Engine<'_>, project: &Project, finding: &Finding, name: &str| {
        if matches!(finding.day_source, DaySource::Span(..)) && finding.readings().len() > 1 {
            return;
        }
        let rule = &world().packs.rules[usize::from(finding.rule)];
        let claimed = project
            .claims
            .iter()
            .any(|field| rule.reads.contains(field))
            && !engine.settings.trust_claims;
        let trusting = engine.recorded(project, finding, true);
        let recorded = if claimed && trusting.0 != Verdict::Fail {
            engine.recorded(project, finding, false)
        } else {
            trusting
        };
        let same = match finding.verdict {
            Verdict::Upcoming => class(recorded.0) == Class::Open || recorded.0 == Verdict::Fail,
            verdict => verdict == recorded.0,
        };
        assert!(
            same,
            "{name}: {}: {} is recorded as {}",
            rule.id,
            finding.verdict.id(),
            recorded.0.id()
        );
        assert_eq!(finding.lacks(), recorded.1, "{name}: {}", rule.id);
        let evidence = engine.evidence(project, finding);
        assert!(
            finding.verdict == Verdict::NotApplicable || !evidence.message.zh.is_empty(),
            "{name}: {}",
            rule.id
        );
        compared += 1;
    };
    for trust_claims in [false, true] {
        let settings = Settings {
            trust_claims,
            ..settings()
        };
        let engine = Engine::new(&world().packs, &settings);
        for sample in samples() {
            for finding in &engine.judge(sample.project()).findings {
                compare(&engine, sample.project(), finding, &sample.name);
            }
        }
    }
    let settings = Settings::default();
    let engine = Engine::new(&world().packs, &settings);
    for (rule, case) in all_cases() {
        compare(
            &engine,
            &case.project,
            &engine.judge_one(rule, &case.project).unwrap(),
            &case.name,
        );
    }
    assert!(compared > 2_000, "{compared}");
}

/// What is judged first and judged alone shares nothing; what is judged later shares what it can.
#[test]
fn judging_one_rule_is_judging_all_of_them_whatever_was_judged_before() {
    let cases = all_cases();
    let mut projects: Vec<&Project> = samples().iter().map(Sample::project).collect();
    projects.extend(cases.iter().map(|(_, case)| &case.project));
    let day = Date::new(2025, 3, 1);
    // Every project once, and under other settings some of them.
    for (trust_claims, as_of, step) in [(false, None, 1), (true, None, 8), (false, day, 8)] {
        let settings = Settings {
            trust_claims,
            as_of,
            ..settings()
        };
        let engine = Engine::new(&world().packs, &settings);
        let (mut place, mut scratch) = (Judged::default(), Scratch::default());
        let mut ruled = 0;
        for (number, project) in projects.iter().enumerate().step_by(step) {
            engine.judge_into(project, &mut place, &mut scratch);
            ruled += place.count(Verdict::NotApplicable);
            assert_eq!(engine.judge(project), place, "{}", project.id);
            // Judging each rule apart is slow: the samples and some of the cases.
            if number >= samples().len() && number % 41 != 0 {
                continue;
            }
            for finding in &place.findings {
                let alone = engine.judge_one(finding.rule, project);
                assert_eq!(alone.as_ref(), Some(finding), "{}", project.id);
            }
        }
        assert!(ruled > 5_000, "{ruled}");
    }
}

#[test]
fn a_fact_that_a_rule_does_not_read_changes_nothing_in_its_finding() {
    let pool = Pool::new(&all_cases());
    let settings = settings();
    let engine = Engine::new(&world().packs, &settings);
    for sample in samples() {
        let project = sample.project();
        let before = engine.judge(project).findings;
        for field in vocabulary()
            .fields()
            .iter()
            .filter(|f| matches!(f.slot, Slot::Project(_)) && !f.derived)
        {
            let fact = FactRef::project(field.id);
            let state = pool
                .of(field.id)
                .iter()
                .find(|s| Some(*s) != project.find(vocabulary(), fact).map(|f| &f.state));
            let Some(state) = state else { continue };
            let changed = with(project, fact, state.clone());
            let readers = readers(fact);
            for (finding, after) in before.iter().zip(&engine.judge(&changed).findings) {
                if !readers.contains(&finding.rule) {
                    assert_eq!(finding, after, "{}: {}", sample.name, field.path);
                }
            }
        }
    }
}

// ---- caps and floors

/// Whether raising a parameter makes a condition easier, by where it stands: `x <= cap` easier, `x >= floor` harder.
#[derive(Default)]
struct Sides(BTreeMap<u16, BTreeSet<bool>>);

impl Sides {
    /// The sides of a rule's parameters; `ok = !applies || require || exceptions`.
    fn of(rule: &Rule) -> Self {
        let mut sides = Self::default();
        let mut program = |program: &Program, positive: bool| {
            if let Root::Bool(root) = &program.root {
                sides.bool(root, positive);
            }
            // What is read but not understood has both sides.
            for parameter in &program.parameters {
                if !sides.0.contains_key(parameter) {
                    sides.both(*parameter);
                }
            }
        };
        program(&rule.applies, false);
        program(&rule.require, true);
        rule.exceptions.iter().for_each(|e| program(&e.when, true));
        for parameter in rule
            .due
            .iter()
            .filter_map(|l| l.when.as_ref())
            .flat_map(|p| &p.parameters)
        {
            sides.both(*parameter);
        }
        for formula in rule
            .reads
            .iter()
            .filter_map(|f| world().packs.library.formula(*f))
        {
            formula.parameters.iter().for_each(|p| sides.both(*p));
        }
        sides
    }

    fn both(&mut self, parameter: u16) {
        self.0.entry(parameter).or_default().extend([true, false]);
    }

    fn bool(&mut self, e: &BoolExpr, positive: bool) {
        match &e.kind {
            BoolKind::Not(inner) => self.bool(inner, !positive),
            BoolKind::And(a, b) | BoolKind::Or(a, b) | BoolKind::If(_, a, b) => {
                self.bool(a, positive);
                self.bool(b, positive);
            }
            BoolKind::All(_, body) | BoolKind::Exists(_, body) => self.bool(body, positive),
            BoolKind::Numbers(order, a, b) => {
                // True if a greater right side makes the comparison easier.
                let easier = match order {
                    Order::Less | Order::AtMost => true,
                    Order::Greater | Order::AtLeast => false,
                    Order::Equal | Order::Unequal => return,
                };
                let mut side = |e: &NumExpr, easier: bool| {
                    if let NumKind::Parameter(parameter) = e.kind {
                        self.0
                            .entry(parameter)
                            .or_default()
                            .insert(easier == positive);
                    }
                };
                side(b, easier);
                side(a, !easier);
            }
            _ => {}
        }
    }
}

#[test]
fn lowering_a_cap_or_raising_a_floor_never_turns_a_fail_into_a_pass() {
    let cases = all_cases();
    let settings = Settings::default();
    let mut tried = 0;
    for (number, rule) in (0_u16..).zip(&world().packs.rules) {
        for (parameter, sides) in Sides::of(rule).0 {
            let easier = match sides.iter().copied().collect::<Vec<_>>().as_slice() {
                [side] => *side,
                _ => continue,
            };
            for steps in [1, 3, 1_000] {
                let mut stricter = world().packs.clone();
                let parameter = &mut stricter.library.parameters[usize::from(parameter)];
                let by = &parameter.step * &Number::from(if easier { -steps } else { steps });
                for version in &mut parameter.versions {
                    version.value = version.value.add(&Interval::Point(by.clone()));
                }
                for (_, case) in cases.iter().filter(|(r, _)| *r == number) {
                    let is = |packs| {
                        Engine::new(packs, &settings)
                            .judge_one(number, &case.project)
                            .unwrap()
                            .verdict
                    };
                    let (before, after) = (is(&world().packs), is(&stricter));
                    assert!(
                        class(after) != Class::Met || class(before) == Class::Met,
                        "{}: {}: {} turns into {}",
                        rule.id,
                        case.name,
                        before.id(),
                        after.id()
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 300, "{tried}");
}

// ---- formats

/// A tree as JSON, with the keys of every table in reverse; `name` says what a key is called there.
fn json(
    node: &Node,
    scope: Scope,
    name: &dyn Fn(Scope, &str) -> (String, Scope),
    out: &mut String,
) {
    match &node.datum {
        Datum::Text(text) | Datum::Date(text) => {
            out.push_str(&serde_json::to_string(text).unwrap());
        }
        Datum::Number(number) => out.push_str(number),
        Datum::Bool(value) => write!(out, "{value}").unwrap(),
        Datum::Null | Datum::Unread => out.push_str("null"),
        Datum::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                json(item, scope, name, out);
            }
            out.push(']');
        }
        Datum::Table(entries) => {
            out.push('{');
            for (index, entry) in entries.iter().rev().enumerate() {
                let (key, inner) = name(scope, &entry.key);
                write!(
                    out,
                    "{}{}: ",
                    if index > 0 { ", " } else { "" },
                    serde_json::to_string(&key).unwrap()
                )
                .unwrap();
                json(&entry.node, inner, name, out);
            }
            out.push('}');
        }
    }
}

/// The key as it is, and the scope it opens.
fn as_written(scope: Scope, key: &str) -> (String, Scope) {
    let inner = match vocabulary().resolve(scope, key) {
        Some(Target::Group(group)) => Scope::Group(group),
        Some(Target::Field(field)) => Scope::Record(field),
        None => scope,
    };
    (key.to_owned(), inner)
}

/// The key's Chinese label, if it names the same.
fn in_chinese(scope: Scope, key: &str) -> (String, Scope) {
    let (_, inner) = as_written(scope, key);
    let built_in = [
        ("submitted", "申报日期"),
        ("stage", "办理环节"),
        ("sample", "演示数据"),
        ("complete", "填报完整"),
        ("supports", "支持目标"),
    ];
    let target = vocabulary().resolve(scope, key);
    let label = match target {
        Some(Target::Group(group)) => vocabulary().group(group).map(|g| g.label.zh.clone()),
        Some(Target::Field(field)) => vocabulary().field(field).map(|f| f.label.zh.clone()),
        None => built_in
            .into_iter()
            .find(|(id, _)| *id == key)
            .map(|(_, zh)| zh.to_owned()),
    };
    match label {
        Some(label) if target.is_none() || vocabulary().resolve(scope, &label) == target => {
            (label, inner)
        }
        _ => (key.to_owned(), inner),
    }
}

/// What is known, without where it stands.
fn stripped(project: &Project) -> Vec<(State, bool)> {
    fn value(value: &Value) -> Value {
        match value {
            Value::Records(records) => {
                let record = |r: &hegui::model::project::Record| {
                    let facts = r.facts.iter().map(|f| Fact {
                        state: state(&f.state),
                        origin: Origin::None,
                        claim: f.claim,
                    });
                    hegui::model::project::Record {
                        facts: facts.collect(),
                        place: None,
                    }
                };
                Value::Records(records.iter().map(record).collect())
            }
            other => other.clone(),
        }
    }
    fn state(state: &State) -> State {
        match state {
            State::Known(known) => State::Known(value(known)),
            other => other.clone(),
        }
    }
    project
        .facts
        .iter()
        .map(|f| (state(&f.state), f.claim))
        .collect()
}

#[test]
fn key_order_format_and_language_of_the_keys_change_nothing() {
    let settings = settings();
    let engine = Engine::new(&world().packs, &settings);
    for sample in samples() {
        let path = sample.folder.join("project.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let (toml_projects, problems, _) = world().read("p.toml", &text);
        assert!(!any_error(&problems));
        let (tree, _) = parse_file(&path);
        let mut chinese = 0;
        for name in [
            &as_written as &dyn Fn(Scope, &str) -> (String, Scope),
            &in_chinese,
        ] {
            let mut written = String::new();
            json(&tree, Scope::Root, name, &mut written);
            chinese = written
                .chars()
                .filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c))
                .count();
            let (json_projects, problems, sources) = world().read("p.json", &written);
            assert!(
                !any_error(&problems),
                "{}: {}",
                sample.name,
                crate::world::told(&sources, &problems)
            );
            let (a, b) = (&toml_projects[0], &json_projects[0]);
            assert_eq!(stripped(a), stripped(b), "{}", sample.name);
            assert_eq!(
                (&a.name, a.stage, a.sample, a.submitted.map(|d| d.date)),
                (&b.name, b.stage, b.sample, b.submitted.map(|d| d.date))
            );
            let goals = |p: &Project| {
                p.supports
                    .iter()
                    .map(|s| s.goal.clone())
                    .collect::<BTreeSet<_>>()
            };
            assert_eq!(goals(a), goals(b));
            assert_eq!(engine.judge(a), engine.judge(b), "{}", sample.name);
        }
        assert!(chinese > 100, "{}: the keys are Chinese", sample.name);
    }
}

#[test]
fn a_quantity_in_another_unit_is_the_same_fact() {
    let head = "submitted = 2024-06-01\nstage = \"filing\"\n";
    let read = |rest: &str| {
        let (projects, problems, sources) = world().read("p.toml", &format!("{head}{rest}"));
        assert!(
            !any_error(&problems),
            "{}",
            crate::world::told(&sources, &problems)
        );
        stripped(&projects[0])
    };
    for (a, b) in [
        ("[land]\narea = 189", "[land]\narea = \"12.6 公顷\""),
        (
            "[land]\narea = \"１８９ 亩\"",
            "[\"用地\"]\n\"用地面积\" = \"126,000 m²\"",
        ),
        (
            "[energy]\nelectricity = \"3200 万kWh\"",
            "[energy]\nelectricity = \"32000000 度/年\"",
        ),
        (
            "[[boilers]]\ncapacity = \"6 t/h\"",
            "[[boilers]]\ncapacity = \"4.2 MW\"",
        ),
        (
            "[land]\nuse_mode = \"construction\"",
            "[land]\nuse_mode = \"建设占用\"",
        ),
    ] {
        assert_eq!(read(a), read(b), "{a} / {b}");
    }
}

#[test]
fn a_text_is_read_the_same_from_every_tree() {
    // The tree of a text does not depend on what was read before it.
    let text = std::fs::read_to_string(samples()[0].folder.join("project.toml")).unwrap();
    let mut sources = hegui::base::source::Sources::default();
    let (a, b) = (sources.add("a", &*text), sources.add("b", &*text));
    let short = |id| {
        let (node, problems) = toml::parse(sources.get(id).unwrap());
        let mut out = String::new();
        json(&node, Scope::Root, &as_written, &mut out);
        (out, problems.len())
    };
    assert_eq!(short(a), short(b));
}
