//! The law changes to the day: which instrument carries a rule, and what a plan may drive once it is over.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use std::collections::BTreeSet;

use hegui::base::date::Date;
use hegui::judge::decision::Decision;
use hegui::judge::{Engine, Settings, cases};
use hegui::rules::rule::{Cited, Rule};

use crate::world::world;

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

/// The instrument that carries a rule on a day, or the section; none if it is not in force.
fn carried(engine: &Engine<'_>, rule: &Rule, day: Date) -> Option<String> {
    let basis = engine.carrying(rule, day)?;
    if !engine.in_force(rule, day) {
        return None;
    }
    Some(match basis.cited {
        Cited::Instrument(number) => {
            let instrument = &engine.packs.library.instruments[usize::from(number)];
            assert!(instrument.period.contains(day), "{} on {day}", rule.id);
            instrument.id.clone()
        }
        Cited::Section(number) => engine.packs.sections[number].1.number.clone(),
    })
}

#[test]
fn one_law_carries_a_rule_on_every_day_from_2021_to_2027() {
    let (packs, settings) = (&world().packs, Settings::default());
    let engine = Engine::new(packs, &settings);
    let (first, last) = (day(2021, 1, 1), day(2027, 12, 31));
    for rule in &packs.rules {
        let changes = rule.changes.iter().copied();
        let days: BTreeSet<Date> = changes
            .flat_map(|day| [day.previous().unwrap(), day])
            .chain([first, last])
            .filter(|day| (first..=last).contains(day))
            .collect();
        // Once the law carries a rule it does so until the rule itself ends: no day falls between two laws.
        let in_force: Vec<bool> = days
            .iter()
            .filter(|day| rule.valid.contains(**day))
            .map(|day| carried(&engine, rule, *day).is_some())
            .collect();
        let begun = in_force.iter().skip_while(|holds| !**holds);
        assert!(begun.clone().all(|holds| *holds), "{}: {days:?}", rule.id);
        assert!(begun.count() > 0, "{} is never in force", rule.id);
    }
}

#[test]
fn laws_give_way_to_their_successors_on_the_day() {
    let (packs, settings) = (&world().packs, Settings::default());
    let engine = Engine::new(packs, &settings);
    for (rule, change, before, after) in [
        (
            "energy/review",
            day(2023, 6, 1),
            "ndrc-2016-44",
            "ndrc-2023-2",
        ),
        (
            "energy/review",
            day(2025, 9, 1),
            "ndrc-2023-2",
            "ndrc-2025-31",
        ),
        (
            "eia/class",
            day(2026, 8, 15),
            "eia-law",
            "ecological-environment-code",
        ),
        (
            "eia/document",
            day(2026, 8, 15),
            "eia-law",
            "ecological-environment-code",
        ),
        (
            "redline/development-ban",
            day(2026, 8, 15),
            "environmental-protection-law",
            "ecological-environment-code",
        ),
        (
            "chemicals/safety-conditions",
            day(2026, 5, 1),
            "hazardous-chemicals-regulation",
            "hazardous-chemicals-safety-law",
        ),
    ] {
        let rule = packs.rule(rule).unwrap();
        let on = |day| carried(&engine, rule, day).unwrap_or_default();
        assert_eq!(on(change.previous().unwrap()), before, "{}", rule.id);
        assert_eq!(on(change), after, "{}", rule.id);
    }
}

#[test]
fn a_plan_that_is_over_asks_for_an_explanation_at_most() {
    let packs = &world().packs;
    let settings = Settings {
        as_of: Some(day(2026, 1, 1)),
        ..Settings::default()
    };
    let engine = Engine::new(packs, &settings);
    let plan = packs.heads.iter().position(|h| h.period.is_some()).unwrap();
    let mut judged = 0;
    for (number, rule) in (0_u16..).zip(&packs.rules).filter(|(_, r)| r.pack == plan) {
        let source = world().sources.get(rule.source).unwrap();
        for case in cases::read(packs, rule, source, &world().goals).0 {
            let finding = engine.judge_one(number, &case.project).unwrap();
            let drives = finding.drives;
            assert!(drives <= Decision::Explain, "{}: {}", rule.id, case.name);
            assert!(finding.remarks.after_period, "{}: {}", rule.id, case.name);
            judged += 1;
        }
    }
    assert!(judged > 100, "{judged}");
}
