//! Problems of one kind, of which a large file may have thousands: the first are kept and the others counted.

use std::collections::BTreeMap;

use crate::base::problem::Problem;
use crate::base::text::Text;

/// How many problems of one kind are kept.
const KEPT: usize = 20;

/// Problems while they are collected.
#[derive(Debug, Default)]
pub(super) struct Tally {
    kept: Vec<Problem>,
    counts: BTreeMap<&'static str, usize>,
}

impl Tally {
    pub(super) fn push(&mut self, problem: Problem) {
        let count = self.counts.entry(problem.code).or_default();
        *count += 1;
        if *count <= KEPT {
            self.kept.push(problem);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The problems that were kept, in the order they came, and how many more of each kind there were.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for (code, count) in self.counts {
            let more = count.saturating_sub(KEPT);
            let last = self.kept.iter().rfind(|problem| problem.code == code);
            let Some(last) = last.filter(|_| more > 0) else {
                continue;
            };
            let message = Text::new(
                format!(
                    "同类问题另有 {more} 处，未逐一列出，最后列出的一处是：{}",
                    last.message.zh
                ),
                format!(
                    "{more} more like the last one listed are not shown: {}",
                    last.message.en
                ),
            );
            let rest = Problem {
                message,
                ..last.clone()
            };
            self.kept.push(rest);
        }
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Place;
    use crate::text;

    #[test]
    fn what_is_not_kept_is_counted() {
        let mut tally = Tally::default();
        for n in 0..50 {
            tally.push(Problem::error(
                "hegui::a",
                Place::Nowhere,
                text!("{n}", "{n}"),
            ));
        }
        tally.push(Problem::error("hegui::b", Place::Nowhere, text!("b", "b")));
        let problems = tally.finish();
        assert_eq!(problems.len(), 22);
        assert!(problems[21].message.en.starts_with("30 more"));
    }
}
