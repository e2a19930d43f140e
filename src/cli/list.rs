//! `hegui list`: what the packs in use hold, as aligned columns or JSON.
//!
//! It shows one line for each; `hegui explain` shows the rest.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::explain::kind_of_field;
use super::{BROKEN, OK, packs};
use crate::base::problem::any_error;
use crate::base::source::Sources;
use crate::base::text::Text;
use crate::report::listing::{self, Line};
use crate::report::page::Page;
use crate::rules::pack::Packs;

/// What can be listed.
pub(super) const TOPICS: [&str; 6] = [
    "rules",
    "fields",
    "parameters",
    "tables",
    "instruments",
    "goals",
];

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct List {
    /// One of [`TOPICS`].
    pub topic: String,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
    /// True for JSON.
    pub json: bool,
}

/// Runs the command.
pub(super) fn run(list: &List, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let mut chosen = packs::choose(&list.rules, config);
    let (packs, problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let lines = lines(&packs, &list.topic);
    if list.json {
        console.report(|out| listing::json(lines, out));
        return OK;
    }
    let mut page = Page::new(console.look);
    listing::text(&mut page, lines);
    console.print(&page.out);
    OK
}

fn lines(packs: &Packs, topic: &str) -> Vec<Line> {
    let library = &packs.library;
    match topic {
        "rules" => packs
            .rules
            .iter()
            .map(|rule| Line {
                id: rule.id.clone(),
                title: rule.title.clone(),
                more: vec![
                    (rule.kind.label(), "kind"),
                    (Text::same(packs.head(rule).map_or("", |h| &h.id)), "pack"),
                ],
            })
            .collect(),
        "fields" => library
            .vocabulary
            .fields()
            .iter()
            .map(|field| Line {
                id: field.path.clone(),
                title: field.label.clone(),
                more: vec![
                    (kind_of_field(packs, field), "type"),
                    (field.provider.name(), "provider"),
                ],
            })
            .collect(),
        "parameters" => library
            .parameters
            .iter()
            .map(|parameter| Line {
                id: parameter.id.clone(),
                title: parameter.label.clone(),
                more: vec![
                    (
                        Text::new(
                            parameter.measure.name(crate::base::text::Lang::Zh),
                            parameter.measure.name(crate::base::text::Lang::En),
                        ),
                        "unit",
                    ),
                    (Text::same(parameter.versions.len().to_string()), "versions"),
                ],
            })
            .collect(),
        "tables" => library
            .tables
            .iter()
            .map(|table| Line {
                id: table.id.clone(),
                title: table.title.clone(),
                more: vec![(Text::same(table.rows.len().to_string()), "rows")],
            })
            .collect(),
        "instruments" => library
            .instruments
            .iter()
            .map(|instrument| Line {
                id: instrument.id.clone(),
                title: instrument.title.clone(),
                more: vec![
                    (instrument.level.label(), "level"),
                    (instrument.confidence.label(), "confidence"),
                ],
            })
            .collect(),
        _ => packs
            .goals
            .iter()
            .map(|goal| Line {
                id: goal.id.clone(),
                title: goal.title.clone(),
                more: vec![(Text::same(goal.section.clone()), "section")],
            })
            .collect(),
    }
}
