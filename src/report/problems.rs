//! Problems as text: the line underlined, what is wrong, how to mend it.
//!
//! It does not decide which problems are shown.

use super::blocks::{Cell, Grid, Size};
use super::excerpt::{Excerpts, Mark};
use super::page::{Look, Page, Tone};
use crate::base::problem::{Problem, Severity};
use crate::base::source::Sources;
use crate::base::text::Lang;

/// Writes problems one under the other, each followed by an empty line.
pub fn write(problems: &[Problem], sources: &Sources, look: Look) -> String {
    let mut page = Page::new(look);
    let excerpts = Excerpts::new(sources);
    for problem in problems {
        one(&mut page, &excerpts, problem);
        page.blank();
    }
    page.out
}

/// Problems as a table: where, what, how to mend it, code.
pub(super) fn grid(problems: &[Problem], excerpts: &Excerpts<'_>, lang: Lang) -> Grid {
    let mut grid = Grid {
        size: Size::Small,
        ..Grid::with(&[
            (lang.pick("出处", "where"), 8),
            (lang.pick("问题", "problem"), 12),
            (lang.pick("办法", "how to mend it"), 12),
            (lang.pick("代码", "code"), 7),
        ])
    };
    for problem in problems {
        let tone = match problem.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Open,
        };
        let place = excerpts.describe(problem.place());
        let place = place.map(|(file, line, column)| format!("{file}:{line}:{column}"));
        grid.rows.push(vec![
            Cell::new(&place.unwrap_or_default()),
            Cell::new(problem.message.get(lang)).toned(tone),
            Cell::new(problem.help.as_ref().map_or("", |help| help.get(lang))),
            Cell::new(problem.code),
        ]);
    }
    grid
}

/// How many errors and warnings there are, in words; empty if there are none.
pub fn count(problems: &[Problem], look: Look) -> String {
    let errors = problems
        .iter()
        .filter(|p| p.severity == Severity::Error)
        .count();
    let warnings = problems.len() - errors;
    let words = |n: usize, zh: &str, one: &str, many: &str| match n {
        0 => None,
        1 => Some(
            look.lang
                .pick(&format!("1 个{zh}"), &format!("1 {one}"))
                .to_owned(),
        ),
        n => Some(
            look.lang
                .pick(&format!("{n} 个{zh}"), &format!("{n} {many}"))
                .to_owned(),
        ),
    };
    let parts = [
        words(errors, "错误", "error", "errors"),
        words(warnings, "警告", "warning", "warnings"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(look.lang.pick("，", ", "))
}

fn one(page: &mut Page, excerpts: &Excerpts<'_>, problem: &Problem) {
    let (tone, word) = match problem.severity {
        Severity::Error => (Tone::Bad, page.pick("错误", "error")),
        Severity::Warning => (Tone::Open, page.pick("警告", "warning")),
    };
    let lead = match page.look.lang {
        Lang::Zh => format!("{word}："),
        Lang::En => format!("{word}: "),
    };
    let message = page.of(&problem.message).to_owned();
    page.lead(0, tone, &lead, &message);
    let marks: Vec<Mark> = problem
        .labels
        .iter()
        .map(|label| Mark {
            place: label.place,
            note: page.of(&label.note).to_owned(),
        })
        .collect();
    let drawn = excerpts.draw(page.look, tone, &marks);
    page.raw(&drawn);
    if let Some(help) = &problem.help {
        let help = page.of(help).to_owned();
        let label = page.pick("办法", "help").to_owned();
        page.item(2, &label, &help);
    }
    let label = page.pick("代码", "code").to_owned();
    page.item(2, &label, problem.code);
}
