//! `hegui help language` and `hegui help functions`: the manual of the language, laid out.
//!
//! What it says comes from the tables of the language floor.

use super::OK;
use super::console::Console;
use crate::language::manual::{self, Section};
use crate::report::layout::Column;
use crate::report::page::{Page, Tone};

/// The topics of `hegui help`.
pub(super) const TOPICS: [&str; 2] = ["language", "functions"];

/// Prints a topic.
pub(super) fn run(topic: &str, console: &mut Console) -> u8 {
    let mut page = Page::new(console.look);
    let sections = if topic == "functions" {
        manual::functions()
    } else {
        manual::language()
    };
    for section in &sections {
        write(&mut page, section, topic == "functions");
    }
    console.print(&page.out);
    OK
}

fn write(page: &mut Page, section: &Section, function: bool) {
    let lang = page.look.lang;
    page.line(0, Tone::Strong, section.title.get(lang));
    if !section.intro.is_empty() {
        page.line(2, Tone::Plain, section.intro.get(lang));
    }
    if function {
        for (text, label) in &section.rows {
            // The example, then how it differs.
            let (label, text) = if text == "CEL" {
                ("CEL", label.get(lang))
            } else {
                (label.get(lang), text.as_str())
            };
            page.item(2, label, text);
        }
    } else if !section.rows.is_empty() {
        let rows: Vec<Vec<String>> = section
            .rows
            .iter()
            .map(|(sign, text)| vec![sign.clone(), text.get(lang).to_owned()])
            .collect();
        let mut plain = Page::new(page.look);
        plain.look.colour = false;
        plain.table(2, &[Column::Fixed, Column::Flexible], &rows);
        page.raw(&plain.out);
    }
    page.blank();
}
