//! Lists of what packs hold: one line for each, as aligned columns or JSON.
//!
//! It does not know what is listed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::layout::Column;
use super::page::{Page, Tone};
use crate::base::text::Text;

/// A line: its id, its title, and further columns under their keys.
#[derive(Clone, Debug)]
pub struct Line {
    /// The id.
    pub id: String,
    /// The title.
    pub title: Text,
    /// Further words, each with the key of its column.
    pub more: Vec<(Text, &'static str)>,
}

/// A line as JSON: its id, its title in both languages, and the words of its columns in English.
#[derive(Serialize)]
struct Row {
    id: String,
    zh: String,
    en: String,
    #[serde(flatten)]
    more: BTreeMap<&'static str, String>,
}

/// Writes lines as JSON.
pub fn json(lines: Vec<Line>, out: &mut dyn Write) -> io::Result<()> {
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
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    out.write_all(b"\n")
}

/// Writes each line with its further words below it.
pub fn entries(page: &mut Page, lines: Vec<Line>) {
    let lang = page.look.lang;
    for line in lines {
        page.lead(
            0,
            Tone::Strong,
            &line.id,
            &format!("  {}", line.title.get(lang)),
        );
        let more: Vec<&str> = line
            .more
            .iter()
            .map(|(text, _)| text.get(lang))
            .filter(|text| !text.is_empty())
            .collect();
        page.line(4, Tone::Faint, &more.join(lang.pick("｜", " | ")));
    }
}

/// Writes lines as a table with its head. On a narrow page only ids and titles: the names matter most.
pub fn text(page: &mut Page, lines: Vec<Line>) {
    let lang = page.look.lang;
    let mut head = vec!["id".to_owned(), lang.pick("名称", "title").to_owned()];
    let keys = lines.first().into_iter().flat_map(|line| &line.more);
    head.extend(keys.map(|(_, key)| heading(key).get(lang).to_owned()));
    let most = if page.look.width < 90 { 2 } else { head.len() };
    let mut columns = vec![Column::Fixed, Column::Flexible];
    columns.resize(head.len(), Column::Fixed);
    let cells = |line: Line| {
        let more = line
            .more
            .into_iter()
            .map(|(text, _)| text.get(lang).to_owned());
        let all = [line.id, line.title.get(lang).to_owned()]
            .into_iter()
            .chain(more);
        all.take(most).collect::<Vec<String>>()
    };
    head.truncate(most);
    columns.truncate(most);
    let rows: Vec<Vec<String>> = std::iter::once(head)
        .chain(lines.into_iter().map(cells))
        .collect();
    page.table(0, &columns, &rows);
}

/// The head of a column.
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
        "confidence" => ("核实", "confidence"),
        "basis" => ("依据", "basis"),
        "due" => ("最迟", "due"),
        "in_force" => ("有效", "in force"),
        _ => ("章节", "section"),
    };
    Text::new(zh, en)
}
