//! Which law: the day, or the span of days, as of which a rule is judged on a project.
//!
//! If the project's stage lies before the anchor's procedure, that procedure has not happened and the
//! day of submission selects; a date given for it all the same is not used.
//! Otherwise an unknown anchor may be any day from the latest known earlier procedure to the earliest
//! known later one. Which come earlier is declared (`after`): stages do not tell, since land may well be
//! contracted for before the energy review that building waits for.

use crate::base::date::Date;
use crate::judge::finding::DaySource;
use crate::model::field::{FieldId, FieldType, Vocabulary};
use crate::model::project::Project;
use crate::model::stage::Stage;

/// The day or span of days for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The day judged first; the only one unless the source is a span in which the law changes.
    pub first: Date,
    /// Where it came from.
    pub source: DaySource,
}

/// A date field with the earliest stage at which its procedure can have happened, and the procedures before it.
#[derive(Clone, Debug)]
struct Procedure {
    field: FieldId,
    stage: Stage,
    earlier: Vec<FieldId>,
}

/// The procedures of a vocabulary.
#[derive(Clone, Debug)]
pub struct Procedures(Vec<Procedure>);

impl Procedures {
    /// The procedures of a vocabulary.
    pub fn of(vocabulary: &Vocabulary) -> Self {
        let dates = vocabulary
            .fields()
            .iter()
            .filter(|f| f.kind == FieldType::Date);
        Self(
            dates
                .filter_map(|f| {
                    Some(Procedure {
                        field: f.id,
                        stage: f.procedure?,
                        earlier: vocabulary.earlier(f.id),
                    })
                })
                .collect(),
        )
    }

    /// The days as of which a rule with this anchor is judged.
    pub fn days(
        &self,
        vocabulary: &Vocabulary,
        project: &Project,
        anchor: Option<FieldId>,
        submitted: Date,
        stage: Stage,
        trust_claims: bool,
    ) -> Days {
        // What only a department may state selects no law on the applicant's word.
        let date_of = |field: FieldId| {
            project
                .date(vocabulary, field)
                .filter(|_| trust_claims || !project.claims.contains(&field))
        };
        let on_submission = Days {
            first: submitted,
            source: DaySource::Submitted,
        };
        let procedure = anchor.and_then(|field| self.0.iter().find(|p| p.field == field));
        let Some(procedure) = procedure else {
            return on_submission;
        };
        let field = procedure.field;
        if stage < procedure.stage {
            return on_submission;
        }
        if let Some(date) = date_of(field) {
            return Days {
                first: date,
                source: DaySource::Anchor(field),
            };
        }
        let date = |field: &FieldId| date_of(*field);
        let mut from = procedure.earlier.iter().filter_map(date).max();
        let mut to = self
            .0
            .iter()
            .filter(|p| p.earlier.contains(&field))
            .filter_map(|p| date(&p.field))
            .min();
        // Dates that contradict one another say nothing about the one between them.
        if matches!((from, to), (Some(from), Some(to)) if from > to) {
            (from, to) = (None, None);
        }
        Days {
            first: from.or(to).unwrap_or(submitted),
            source: DaySource::Span(field, from, to),
        }
    }
}

impl Days {
    /// A day of every version of the law in the span, in order; none if there is no span.
    /// `changes` are the days on which the law changes.
    pub fn versions(&self, changes: &[Date]) -> Vec<Date> {
        let DaySource::Span(_, from, to) = self.source else {
            return Vec::new();
        };
        let inside = changes
            .iter()
            .copied()
            .filter(|day| from.is_none_or(|from| *day > from) && to.is_none_or(|to| *day <= to));
        let mut days: Vec<Date> = inside.collect();
        // The version before the first change in the span.
        let before = match from {
            Some(from) => Some(from),
            None => days
                .first()
                .and_then(|day| day.previous())
                .or(Some(self.first)),
        };
        days.extend(before);
        days.sort_unstable();
        days.dedup();
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_one_day_per_version() {
        let day = |y, m| Date::new(y, m, 1).unwrap();
        let span = |from, to| Days {
            first: day(2020, 1),
            source: DaySource::Span(FieldId(0), from, to),
        };
        let changes = [day(2023, 6), day(2025, 9)];
        assert_eq!(
            span(Some(day(2024, 1)), None).versions(&changes),
            [day(2024, 1), day(2025, 9)]
        );
        assert_eq!(
            span(Some(day(2024, 1)), Some(day(2025, 1))).versions(&changes),
            [day(2024, 1)]
        );
        assert_eq!(
            span(None, Some(day(2024, 1))).versions(&changes),
            [day(2023, 6).previous().unwrap(), day(2023, 6)]
        );
        assert_eq!(span(None, None).versions(&[]), [day(2020, 1)]);
    }
}
