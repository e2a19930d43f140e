//! The columns that every project needs and a table does not have: told once for the table, not for each row.
//!
//! It does not read rows.

use super::heading::Meaning;
use super::layout::Table;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::known::{Builtin, may_mean};
use crate::intake::project::stages;
use crate::model::field::Vocabulary;
use crate::text;

/// A column that a table of projects should have and does not.
pub(super) struct Absent {
    key: Builtin,
    /// The first heading.
    place: Place,
    /// True if another heading was probably meant to be it: the problem of that heading says so.
    told: bool,
}

/// The columns that every project needs and a table does not have.
pub(super) fn absent(vocabulary: &Vocabulary, table: &Table<'_>, rows: &[u32]) -> Vec<Absent> {
    let heading = table.columns.iter().find(|c| !c.text.is_empty());
    let place = heading.map_or(Place::Nowhere, |column| column.place);
    let of = |key: Builtin| {
        let given = table.with(|m| *m == Meaning::Builtin(key)).next().is_some();
        let told = || {
            let unknown = table.with(|m| *m == Meaning::Unknown);
            unknown
                .filter(|column| may_mean(vocabulary, &column.text, key))
                .any(|column| rows.iter().any(|row| table.at(*row, column).is_some()))
        };
        (!given).then(|| Absent {
            key,
            place,
            told: told(),
        })
    };
    [Builtin::Submitted, Builtin::Stage]
        .into_iter()
        .filter_map(of)
        .collect()
}

impl Absent {
    /// What a project of the table says: something that was not read.
    pub(super) fn unread(&self, place: Place) -> Entry {
        let (key, _) = self.key.name();
        Entry {
            key: key.to_owned(),
            place,
            node: Node {
                datum: Datum::Unread,
                place,
            },
        }
    }

    /// The problem of the table, unless another tells of it or no project lacks anything.
    pub(super) fn problem(&self, projects: usize) -> Option<Problem> {
        if self.told || projects == 0 {
            return None;
        }
        let (en, zh) = self.key.name();
        let Text {
            zh: more,
            en: more_en,
        } = match self.key {
            Builtin::Stage => stages(),
            _ => Text::new("日期写作 2024-06-01", "write a date as 2024-06-01"),
        };
        let problem = Problem::error(
            "hegui::sheet::missing_column",
            self.place,
            text!(
                "表中没有“{zh}”列，{projects} 个项目无法核查",
                "the table has no column `{en}`, so its {projects} projects cannot be judged"
            ),
        )
        .help(text!(
            "请增加“{zh}”列并逐行填写；{more}",
            "add the column and fill it in for each row; {more_en}"
        ));
        Some(problem)
    }
}
