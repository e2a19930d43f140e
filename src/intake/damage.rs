//! What a file's syntax errors leave in doubt.
//!
//! A value that a mistake touches is unreadable, though the parser made something of it.
//! If lines may have been lost, an absent field is not an absent fact: no group is closed.
//! If whole records may have been lost, a given list is not known to be complete.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::toml::{BARE_KEY, DUPLICATE_KEY, MISSING_VALUE, NO_VALUE};
use crate::base::tree::{Datum, Node};

/// The doubts of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Damage {
    /// Where mistakes begin, in order.
    starts: Vec<u32>,
    /// True if fields may have been lost.
    pub(super) fields_lost: bool,
    /// True if records may have been lost.
    pub(super) records_lost: bool,
}

impl Damage {
    /// The doubts that the problems of parsing leave about a tree.
    pub(super) fn of(source: &Source, node: &Node, problems: &[Problem]) -> Self {
        if problems.is_empty() {
            return Self::default();
        }
        let mut starts = Vec::new();
        let mut damage = Self::default();
        for problem in problems {
            match (problem.code, problem.place()) {
                // The key and its value are in the tree.
                (BARE_KEY | DUPLICATE_KEY | MISSING_VALUE, _) => {}
                (NO_VALUE, _) => damage.fields_lost = true,
                (_, Place::Span(_, span)) => starts.push(span.start),
                (_, Place::Cell(..) | Place::Nowhere) => damage.records_lost = true,
            }
        }
        starts.sort_unstable();
        damage.starts = starts;
        let mut harmless = vec![false; damage.starts.len()];
        damage.mark(source, node, &mut harmless);
        // A mistake outside every value may have cost anything.
        damage.records_lost |= harmless.iter().any(|inside| !inside);
        damage.fields_lost |= damage.records_lost;
        damage
    }

    /// The doubts about a workbook or table, cells of which may have been lost.
    pub(super) fn of_cells(lost: bool) -> Self {
        Self {
            fields_lost: lost,
            records_lost: lost,
            ..Self::default()
        }
    }

    /// Marks the mistakes that lie in values.
    fn mark(&self, source: &Source, node: &Node, harmless: &mut [bool]) {
        match &node.datum {
            Datum::Table(entries) => entries
                .iter()
                .for_each(|entry| self.mark(source, &entry.node, harmless)),
            Datum::List(items) => items
                .iter()
                .for_each(|item| self.mark(source, item, harmless)),
            _ => {
                let range = self.inside(node, trailing(source, node));
                for mark in harmless.get_mut(range).unwrap_or_default() {
                    *mark = true;
                }
            }
        }
    }

    fn inside(&self, node: &Node, blanks: u32) -> std::ops::Range<usize> {
        let Place::Span(_, span) = node.place else {
            return 0..0;
        };
        let from = self.starts.partition_point(|start| *start < span.start);
        let to = self
            .starts
            .partition_point(|start| *start <= span.end.saturating_add(blanks));
        from..to
    }

    /// True if a mistake lies in a value or right behind it.
    pub(super) fn touches(&self, source: &Source, node: &Node) -> bool {
        !self.starts.is_empty() && !self.inside(node, trailing(source, node)).is_empty()
    }
}

/// The blanks behind a value on its line.
fn trailing(source: &Source, node: &Node) -> u32 {
    let Place::Span(_, span) = node.place else {
        return 0;
    };
    let rest = source.text.get(span.end as usize..).unwrap_or("");
    let blanks = rest
        .bytes()
        .take(80)
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    u32::try_from(blanks).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use crate::intake::fixture::{check, toml};

    #[test]
    fn a_value_with_a_syntax_error_is_unreadable_and_reported_once() {
        for (text, problem) in [
            ("land.area = 12.6 公顷\nname = \"甲\"", "syntax｜12.6 公顷"),
            ("land.area = 01\nname = \"甲\"", "syntax｜0"),
            ("land.area = \"12 亩\nname = \"甲\"", "syntax｜"),
            ("land.area = \"12 亩\" 左右\nname = \"甲\"", "syntax｜"),
        ] {
            let read = check(text, &[problem]);
            assert_eq!(
                (read.fact("land.area"), read.fact("name")),
                ("unreadable".into(), "甲".into()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_line_that_is_lost_leaves_the_rest() {
        let read = check(
            "land.area\nname = \"甲\"\n[[boilers]]\nfuel = \"gas\"",
            &["no_value｜land.area"],
        );
        assert_eq!(
            (
                read.fact("land.area"),
                read.fact("name"),
                read.fact("boilers[1].fuel")
            ),
            ("missing".into(), "甲".into(), "天然气".into())
        );
    }

    #[test]
    fn a_list_that_may_have_lost_records_is_unreadable() {
        let read = toml("[[boilers]]\nfuel = \"gas\"\n[[boilers]\nfuel = \"coal\"");
        assert_eq!(read.fact("boilers"), "unreadable");
    }

    #[test]
    fn a_chinese_key_without_quotes_is_reported_and_read() {
        let read = check("[land]\n用地面积 = 12", &["bare_key｜用地面积"]);
        assert_eq!(read.fact("land.area"), "12 亩");
    }
}
