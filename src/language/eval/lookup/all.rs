//! All rows of a table that surely or possibly match, whatever its hit policy.
//!
//! A table whose keys read records is asked once for each record of the project.

use super::KeyFact;
use crate::language::eval::matching::cell_matches;
use crate::language::eval::{Evaluator, Recorder};
use crate::model::field::Slot;
use crate::model::table::Cell;
use crate::model::value::Tri;

impl<'a, R: Recorder> Evaluator<'a, R> {
    /// The rows that are not surely out, in the order of the table: true if one record, or the project, surely
    /// matches, unknown if it may.
    pub fn rows_that_match(&mut self, table: u16) -> Vec<(usize, Tri)> {
        let library = self.library;
        let Some(table) = library.tables.get(usize::from(table)) else {
            return Vec::new();
        };
        let records = table
            .record_list(&library.vocabulary)
            .and_then(|list| self.project.records(&library.vocabulary, list));
        let before = self.record;
        let mut is = vec![Tri::False; table.rows.len()];
        let of_record: Vec<bool> = table
            .keys
            .iter()
            .map(|key| {
                let field = library.vocabulary.field(key.field);
                field.is_some_and(|f| matches!(f.slot, Slot::Member(..)))
            })
            .collect();
        let mut ask = |eval: &mut Self, empty: bool| {
            let facts: Vec<KeyFact<'a>> = table.keys.iter().map(|key| eval.key_fact(key)).collect();
            for (row, is) in table.rows.iter().zip(&mut is) {
                let cells = row.cells().zip(&facts).zip(&of_record);
                let here = cells.fold(Tri::True, |is, ((cell, key), of_record)| {
                    // Where there are no records, only a row that asks nothing of them holds.
                    if empty && *of_record {
                        is.and(Tri::from(*cell == Cell::Any))
                    } else {
                        is.and(cell_matches(cell, &key.value))
                    }
                });
                *is = is.or(here);
            }
        };
        match records {
            None => ask(self, false),
            Some([]) => {
                self.record = None;
                ask(self, true);
            }
            Some(records) => {
                for (number, record) in (0_u32..).zip(records) {
                    self.record = Some((number, record));
                    ask(self, false);
                }
            }
        }
        self.record = before;
        let all = is.into_iter().enumerate();
        all.filter(|(_, is)| *is != Tri::False).collect()
    }
}
