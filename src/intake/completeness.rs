//! Completeness: what the fields that are not listed take when a line `complete = true` closes their group.
//!
//! | when closed | the fact |
//! | --- | --- |
//! | zero, empty, false, an answer | known, with the closing line as its origin |
//! | silent | the record states nothing |
//! | not declared | stays missing |
//!
//! Absence alone never closes anything.

use crate::base::source::Place;
use crate::model::field::{Field, FieldType, WhenClosed};
use crate::model::number::Number;
use crate::model::project::{Fact, Origin, State, Value, Words};
use crate::model::value::Interval;

/// The fact of a field that a closing line at a place leaves unlisted; none if closing says nothing about it.
pub(super) fn closed(field: &Field, place: Place, trust_claims: bool) -> Option<Fact> {
    if field.derived {
        return None;
    }
    let state = match field.when_closed.as_ref()? {
        WhenClosed::Zero => State::Known(Value::Number(Interval::Point(Number::ZERO))),
        WhenClosed::EmptyText => State::Known(Value::Text(Words::new(""))),
        WhenClosed::False => State::Known(Value::Bool(false)),
        WhenClosed::EmptyList => State::Known(match field.kind {
            FieldType::Texts => Value::Texts(Vec::new()),
            FieldType::Codes(_) => Value::Codes(Vec::new()),
            _ => Value::Records(Vec::new()),
        }),
        WhenClosed::Answer(answer) => State::Known(Value::Enum(*answer)),
        WhenClosed::Silent => State::Silent,
    };
    let claim = field.provider.is_official() && !trust_claims;
    Some(Fact {
        state,
        origin: Origin::Closed(place),
        claim,
    })
}

#[cfg(test)]
mod tests {
    use crate::intake::fixture::{check, json, toml};

    #[test]
    fn only_its_own_line_closes_a_group() {
        let read = check("[energy]\nelectricity = 5\ncomplete = true", &[]);
        for (path, shown) in [
            ("energy.raw_coal", "0 t/年 closed"),
            ("energy.electricity", "5 kWh/年"),
            ("energy.green", "否 closed"),
            ("energy.fuel", "天然气 closed"),
            ("energy.total", "missing"),
            ("energy.total_declared", "missing"),
            ("land.farmland", "missing"),
        ] {
            assert_eq!(read.fact(path), shown, "{path}");
        }
        assert_eq!(
            check("[energy]\nelectricity = 5", &[]).fact("energy.raw_coal"),
            "missing"
        );
        assert_eq!(
            check("[energy]\ncomplete = false", &[]).fact("energy.raw_coal"),
            "missing"
        );
        assert_eq!(
            check("[\"能源\"]\n\"填报完整\" = \"是\"", &[]).fact("energy.raw_coal"),
            "0 t/年 closed"
        );
        assert_eq!(
            check("energy.complete = true", &[]).fact("energy.raw_coal"),
            "0 t/年 closed"
        );
        assert_eq!(
            check("\"energy.complete\" = true", &[]).fact("energy.raw_coal"),
            "0 t/年 closed"
        );
    }

    #[test]
    fn the_closing_line_is_the_origin() {
        let read = toml("energy.complete = true");
        let raw_coal = read.vocabulary.by_path("energy.raw_coal").unwrap();
        let fact = read.projects[0]
            .find(
                &read.vocabulary,
                crate::model::project::FactRef::project(raw_coal.id),
            )
            .unwrap();
        assert_eq!(
            read.sources.text_at(fact.origin.place()),
            Some("complete = true")
        );
    }

    #[test]
    fn a_closed_official_fact_is_a_claim() {
        assert_eq!(
            check("[land]\ncomplete = true", &[]).fact("land.farmland"),
            "0 亩 closed claim"
        );
    }

    #[test]
    fn a_group_that_cannot_be_closed_is_a_problem() {
        check(
            "[industry]\ncomplete = true",
            &["not_closable｜complete = true"],
        );
        check("complete = true", &["not_closable｜complete"]);
        check(
            "[[papers]]\ncomplete = true",
            &["not_closable｜complete = true"],
        );
        check("[energy]\ncomplete = \"也许\"", &["wrong_type｜\"也许\""]);
    }

    #[test]
    fn an_unreadable_member_of_a_closed_group_stays_unreadable() {
        let read = check(
            "[energy]\nraw_coal = \"很多\"\ncomplete = true",
            &["quantity｜\"很多\""],
        );
        assert_eq!(read.fact("energy.raw_coal"), "unreadable");
        assert_eq!(read.fact("energy.electricity"), "0 kWh/年 closed");
    }

    #[test]
    fn a_group_with_a_key_that_was_not_understood_is_not_closed() {
        for text in [
            "[energy]\nraw_coall = 5\ncomplete = true",
            "[energy]\nraw_coal\ncomplete = true",
            "[land]\nraw_coal = 5\n[energy]\ncomplete = true",
        ] {
            let read = toml(text);
            assert_eq!(read.fact("energy.raw_coal"), "missing", "{text}");
            assert!(
                read.found()
                    .contains(&"not_closed｜complete = true".to_owned()),
                "{text}"
            );
        }
        let read = check(
            "[energy]\nraw_coal =\ncomplete = true",
            &["missing_value｜raw_coal ="],
        );
        assert_eq!(
            (
                read.fact("energy.raw_coal"),
                read.fact("energy.electricity")
            ),
            ("unreadable".into(), "0 kWh/年 closed".into())
        );
    }

    #[test]
    fn two_closing_lines_close_nothing() {
        for (members, path) in [
            (
                "\"energy\": {\"complete\": true, \"填报完整\": false}",
                "energy.raw_coal",
            ),
            (
                "\"boilers\": [{\"complete\": true, \"complete\": true}]",
                "boilers[1].nox",
            ),
        ] {
            let read = json(members);
            assert_eq!(read.fact(path), "missing", "{members}");
            assert!(
                read.found().iter().any(|p| p.starts_with("given_twice")),
                "{members}"
            );
        }
    }

    #[test]
    fn a_closed_record_states_nothing_where_it_is_silent() {
        let read = json("\"boilers\": [{\"capacity\": 6, \"complete\": true}, {\"nox\": 30}]");
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(read.fact("boilers[1].nox"), "silent closed");
        assert_eq!(read.fact("boilers[1].number"), " closed");
        assert_eq!(read.fact("boilers[1].fuel"), "missing");
        assert_eq!(read.fact("boilers[2].number"), "missing");
    }

    #[test]
    fn null_is_not_given_and_may_be_closed() {
        let read = json("\"energy\": {\"raw_coal\": null, \"complete\": true}, \"boilers\": null");
        assert_eq!(read.found(), [""; 0]);
        assert_eq!(
            (read.fact("energy.raw_coal"), read.fact("boilers")),
            ("0 t/年 closed".into(), "missing".into())
        );
    }
}
