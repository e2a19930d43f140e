//! The written forms of a project code (项目代码).
//!
//! | form | written |
//! | --- | --- |
//! | GB/T 40058-2021 | `YYMM-RRRRRR-DD-TT-SSSSSS`: month, region, guiding department, type, random with check |
//! | before it | `YYYY-RRRRRR-II-TT-SSSSSS`: year, region, industry, type, number |
//! | on certificates | 22 digits without hyphens |
//!
//! The third and fourth digit tell the first two apart: a month, or a year from 2013.
//! The check algorithm is not public, so it is not checked; nor does it know which regions are meant.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::{Text, folded};
use crate::intake::known::shown;
use crate::text;

/// The form of a project code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeForm {
    /// The form of GB/T 40058-2021.
    Current,
    /// The form used before it.
    Earlier,
    /// 22 digits without hyphens.
    Digits,
    /// None of them.
    Other,
}

/// The lengths of the parts between hyphens.
const PARTS: [usize; 5] = [4, 6, 2, 2, 6];

/// The form in which a project code is written.
pub fn project_code(text: &str) -> CodeForm {
    let text = folded(text);
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if text.len() == 22 && digits(&text) {
        return CodeForm::Digits;
    }
    let parts: Vec<&str> = text.split('-').take(PARTS.len() + 1).collect();
    let fits = parts.len() == PARTS.len()
        && parts
            .iter()
            .zip(PARTS)
            .all(|(part, length)| part.len() == length && digits(part));
    if !fits {
        return CodeForm::Other;
    }
    let first = parts.first().copied().unwrap_or("");
    let month: u32 = first
        .get(2..)
        .and_then(|part| part.parse().ok())
        .unwrap_or(0);
    match month {
        1..=12 => CodeForm::Current,
        13..=21 if first.starts_with("20") => CodeForm::Earlier,
        _ => CodeForm::Other,
    }
}

/// The warning on a text that is none of the forms.
pub(super) fn warning(written: &str, place: Place) -> Problem {
    let written = shown(written);
    let message = text!(
        "`{written}` 不像项目代码",
        "`{written}` does not look like a project code"
    );
    let help = Text::new(
        "请核对赋码：年月4位-地区6位-部门2位-类型2位-序号6位，例如 2405-650104-04-01-123456；也可为旧式代码或22位数字",
        "it is written as month, region, department, type and number, such as 2405-650104-04-01-123456; earlier codes and 22 digits are known too",
    );
    Problem::warning("hegui::intake::project_code", place, message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_project_code_are_told_apart_by_the_month() {
        for (text, form) in [
            ("2405-650104-04-01-123456", CodeForm::Current),
            ("２４０５-650104-04-01-123456 ", CodeForm::Current),
            ("2020-650109-17-03-034704", CodeForm::Earlier),
            ("2403251438650100000056", CodeForm::Digits),
            ("2413-650104-04-01-123456", CodeForm::Other),
            ("2400-650104-04-01-123456", CodeForm::Other),
            ("2405-65010-04-01-123456", CodeForm::Other),
            ("2405-650104-04-01-12345x", CodeForm::Other),
            ("2405-650104-04-01-123456-1", CodeForm::Other),
            ("乌发改备2024", CodeForm::Other),
            ("", CodeForm::Other),
        ] {
            assert_eq!(project_code(text), form, "{text}");
        }
    }
}
