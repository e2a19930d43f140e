//! Trees on a page: rows with branches before them, wrapped under themselves.
//!
//! It does not know what stands in the rows.

use crate::report::layout::{clean, width, wrap};
use crate::report::page::Page;

/// A row of a tree.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// How deep it stands; rows of depth 0 are roots.
    pub depth: usize,
    /// What stands there.
    pub text: String,
    /// Further lines below it.
    pub notes: Vec<String>,
}

/// A row.
pub(super) fn row(depth: usize, text: impl Into<String>) -> Row {
    Row {
        depth,
        text: text.into(),
        notes: Vec::new(),
    }
}

/// Writes the rows of trees.
pub(super) fn write(page: &mut Page, indent: usize, rows: &[Row]) {
    if page.makes_blocks() {
        for row in rows {
            page.branch(row.depth, &row.text, &row.notes);
        }
        return;
    }
    // Whether a further sibling follows at each depth is seen from below.
    let mut follows: Vec<bool> = Vec::new();
    let mut branches: Vec<(String, String)> = Vec::with_capacity(rows.len());
    for (number, row) in rows.iter().enumerate().rev() {
        follows.resize(row.depth + 1, false);
        let mut first = String::new();
        let mut rest = String::new();
        for (depth, follows) in follows.iter().enumerate().skip(1) {
            let is_own = depth == row.depth;
            first.push_str(match (is_own, follows) {
                (true, true) => "├─ ",
                (true, false) => "└─ ",
                (false, true) => "│  ",
                (false, false) => "   ",
            });
            rest.push_str(if *follows { "│  " } else { "   " });
        }
        if let Some(own) = follows.get_mut(row.depth) {
            *own = true;
        }
        // Lines below a row lead to its own branch, if it has one.
        let has_branch = rows
            .get(number + 1)
            .is_some_and(|next| next.depth > row.depth);
        if !row.notes.is_empty() && has_branch {
            rest.push_str("│  ");
        }
        branches.push((first, rest));
    }
    let margin = " ".repeat(indent);
    for (row, (first, rest)) in rows.iter().zip(branches.into_iter().rev()) {
        let room = |before: &str| page.look.width.saturating_sub(indent + width(before));
        let below = if row.notes.is_empty() {
            format!("{rest}  ")
        } else {
            rest.clone()
        };
        let mut lines: Vec<String> = Vec::new();
        for (number, line) in wrap(&clean(&row.text), room(&first), room(&below))
            .into_iter()
            .enumerate()
        {
            let before = if number == 0 { &first } else { &below };
            lines.push(format!("{margin}{before}{line}"));
        }
        for note in &row.notes {
            let hang = format!("{rest}  ");
            for (number, line) in wrap(&clean(note), room(&rest), room(&hang))
                .into_iter()
                .enumerate()
            {
                let before = if number == 0 { &rest } else { &hang };
                lines.push(format!("{margin}{before}{line}"));
            }
        }
        for line in lines {
            page.raw(line.trim_end());
            page.raw("\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Lang;
    use crate::report::page::Look;

    #[test]
    fn branches_end_where_the_last_sibling_stands() {
        let mut page = Page::new(Look {
            lang: Lang::Zh,
            width: 16,
            colour: false,
        });
        let mut with_note = row(2, "丙");
        with_note.notes.push("注释文字很长的一行".into());
        let rows = [
            row(0, "甲"),
            row(1, "乙"),
            with_note,
            row(2, "丁"),
            row(1, "戊"),
        ];
        write(&mut page, 0, &rows);
        assert_eq!(
            page.out,
            "甲\n├─ 乙\n│  ├─ 丙\n│  │  注释文字很\n│  │    长的一行\n│  └─ 丁\n└─ 戊\n"
        );
    }
}
