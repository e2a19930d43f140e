//! Days, packs and the comparison with a baseline, as the JSON report writes them.
//!
//! It knows no project.

use super::baseline::Comparison;
use super::json_form as form;
use crate::base::date::{Date, Period};
use crate::rules::pack::PackOrigin;

pub(super) fn day(date: Date) -> String {
    date.to_string()
}

pub(super) fn ends(period: Period) -> (Option<String>, Option<String>) {
    (period.from.map(day), period.to.map(day))
}

pub(super) fn baseline(comparison: &Comparison) -> form::Baseline<'_> {
    form::Baseline {
        new: comparison.new,
        graver: comparison.graver,
        known: comparison.known,
        gone: comparison
            .gone
            .iter()
            .map(|gone| form::Gone {
                project: &gone.project,
                rule: &gone.rule,
                drove: gone.drove.id(),
            })
            .collect(),
        not_read: comparison.not_read,
    }
}

pub(super) fn pack(head: &crate::rules::pack::Head) -> form::Pack<'_> {
    form::Pack {
        id: &head.id,
        version: &head.version,
        title: (&head.title).into(),
        level: head.level.id(),
        hash: &head.hash,
        origin: match &head.origin {
            PackOrigin::Embedded => "embedded",
            PackOrigin::Folder(folder) => folder,
        },
        period: head.period.map(|period| {
            let (from, to) = ends(period);
            form::Period { from, to }
        }),
    }
}
