//! `hegui list`: what the packs in use hold, as aligned columns or JSON.
//!
//! It shows one line for each; `hegui explain` shows the rest.

use std::path::PathBuf;

use serde::Serialize;

use super::config::Config;
use super::console::Console;
use super::explain::kind_of_field;
use super::{BROKEN, OK, packs};
use crate::base::problem::any_error;
use crate::base::source::Sources;
use crate::base::text::Text;
use crate::report::layout::Column;
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

/// A line: its id, its title, and further columns with their heads.
struct Line {
    id: String,
    title: Text,
    more: Vec<(Text, &'static str)>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    zh: String,
    en: String,
    #[serde(flatten)]
    more: std::collections::BTreeMap<&'static str, String>,
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
        let row = |line: Line| Row {
            id: line.id,
            zh: line.title.zh,
            en: line.title.en,
            more: line
                .more
                .into_iter()
                .map(|(text, key)| (key, text.en))
                .collect(),
        };
        let rows: Vec<Row> = lines.into_iter().map(row).collect();
        console.report(|out| {
            serde_json::to_writer_pretty(&mut *out, &rows)?;
            out.write_all(b"\n")
        });
        return OK;
    }
    let mut page = Page::new(console.look);
    let lang = console.look.lang;
    let mut head = vec!["id".to_owned(), lang.pick("名称", "title").to_owned()];
    head.extend(
        lines
            .first()
            .into_iter()
            .flat_map(|l| &l.more)
            .map(|(_, key)| heading(key).get(lang).to_owned()),
    );
    let mut columns = vec![Column::Fixed, Column::Flexible];
    columns.extend(std::iter::repeat_n(
        Column::Fixed,
        head.len().saturating_sub(2),
    ));
    let rows = lines.into_iter().map(|line| {
        let mut cells = vec![line.id, line.title.get(lang).to_owned()];
        cells.extend(
            line.more
                .into_iter()
                .map(|(text, _)| text.get(lang).to_owned()),
        );
        cells
    });
    let mut rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    // On a narrow page the names matter more than the rest.
    if console.look.width < 90 {
        columns.truncate(2);
        for row in &mut rows {
            row.truncate(2);
        }
    }
    page.table(0, &columns, &rows);
    console.print(&page.out);
    OK
}

fn heading(key: &str) -> Text {
    let (zh, en) = match key {
        "kind" => ("类别", "kind"),
        "pack" => ("规则包", "pack"),
        "type" => ("类型", "type"),
        "provider" => ("提供方", "provider"),
        "unit" => ("单位", "unit"),
        "versions" => ("版本", "versions"),
        "rows" => ("行数", "rows"),
        "level" => ("层级", "level"),
        "number" => ("文号", "number"),
        "confidence" => ("核实", "confidence"),
        _ => ("章节", "section"),
    };
    Text::new(zh, en)
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
