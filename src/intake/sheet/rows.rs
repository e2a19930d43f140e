//! Which rows of a table hold data, and what is said of the rows and cells that are passed over.
//!
//! It does not know what the rows are about.

use super::layout::Table;
use crate::base::book::Cell;
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::{Text, folded};

/// The rows that hold data; totals, notes and repeated headings are not.
pub(super) fn data_rows(table: &Table<'_>, problems: &mut Vec<Problem>) -> Vec<u32> {
    let mut rows = Vec::new();
    for row in table.rows() {
        if table.repeats(row) {
            continue;
        }
        match not_data(table, row) {
            Some(place) => problems.push(
                Problem::warning(
                    "hegui::sheet::row_not_read",
                    place,
                    Text::new(
                        "这一行像是合计或附注，未读取",
                        "this row looks like a total or a note and was not read",
                    ),
                )
                .help(Text::new(
                    "如果是项目，请改写首列",
                    "if it is a project, rename it",
                )),
            ),
            None => rows.push(row),
        }
    }
    rows
}

fn not_data(table: &Table<'_>, row: u32) -> Option<Place> {
    let own = table.own(row);
    let first = own.first()?;
    let Cell::Text(text) = &first.cell else {
        return None;
    };
    let text = folded(text);
    let total = ["合计", "总计", "小计", "total"].contains(&text.to_lowercase().as_str());
    let begins = [
        "注:",
        "注 ",
        "备注:",
        "说明:",
        "填表说明",
        "填表人",
        "note:",
    ];
    let lower = text.to_lowercase();
    let note = own.len() == 1 && begins.iter().any(|word| lower.starts_with(word));
    (total || note).then_some(first.place)
}

/// What is said of a row above the headings.
pub(super) fn above(place: Place) -> Problem {
    Problem::warning(
        "hegui::sheet::above_heading",
        place,
        Text::new(
            "标题行以上的这一行未读取",
            "this row stands above the headings and was not read",
        ),
    )
    .help(Text::new(
        "一个工作表只放一张表；数据请写在标题行以下",
        "a sheet holds one table, with its rows below the headings",
    ))
}

/// What is said of a cell that spans several columns.
pub(super) fn merged_across(place: Place) -> Problem {
    Problem::warning(
        "hegui::sheet::merged_across",
        place,
        Text::new(
            "合并单元格横跨几列，只算作首列的值，其余各列按未填处理",
            "the merged cell spans several columns; it counts for the first of them, and the others are not filled in",
        ),
    )
    .help(Text::new(
        "请取消合并，逐列填写",
        "unmerge it and fill in each column",
    ))
}
