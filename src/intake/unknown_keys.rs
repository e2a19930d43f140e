//! The keys of a file that name no field: each is told once, however many rows stand under it.
//!
//! It does not know what is read elsewhere.

use std::collections::BTreeMap;

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::base::tree::Entry;
use crate::intake::known::unknown;
use crate::model::field::{FieldId, Scope, Vocabulary};
use crate::text;

/// Unknown keys of one file that get a did-you-mean; more are only named.
const ADVISED: usize = 200;

/// The unknown keys met so far.
#[derive(Default)]
pub(super) struct UnknownKeys {
    advised: usize,
    /// Those that may be met again: a heading is one key for many rows.
    told: BTreeMap<Place, Told>,
}

/// A key that was reported as unknown.
struct Told {
    /// The fields of which it was probably meant to be one.
    meant: Vec<FieldId>,
    /// How often something is stated under it.
    times: usize,
    /// Its problem, by number.
    problem: usize,
}

impl UnknownKeys {
    /// Reports a key, unless it was met before, with advice or what is found. Returns the fields that may be meant.
    pub(super) fn meet(
        &mut self,
        vocabulary: &Vocabulary,
        scope: Scope,
        entry: &Entry,
        help: Option<Text>,
        problems: &mut Vec<Problem>,
    ) -> Vec<FieldId> {
        if let Some(told) = self.told.get_mut(&entry.place) {
            told.times += 1;
            return told.meant.clone();
        }
        self.advised += 1;
        let advise = help.is_none() && self.advised <= ADVISED;
        let (problem, meant) = unknown(vocabulary, scope, entry, advise);
        // A cell without a heading is named by its column and stands for itself.
        if entry.place != Place::Nowhere && entry.place != entry.node.place {
            let told = Told {
                meant: meant.clone(),
                times: 1,
                problem: problems.len(),
            };
            self.told.insert(entry.place, told);
        }
        problems.push(problem.maybe_help(help));
        meant
    }

    /// Adds to each problem how many rows it costs.
    pub(super) fn count_rows(&self, problems: &mut [Problem]) {
        for told in self.told.values() {
            let times = told.times;
            if let Some(problem) = problems.get_mut(told.problem) {
                let more = text!(
                    "，这一列填写的 {times} 行均未读取",
                    ", so what {times} rows hold in this column was not read"
                );
                problem.message.zh.push_str(&more.zh);
                problem.message.en.push_str(&more.en);
            }
        }
    }
}
