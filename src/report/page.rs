//! A page in a language: lines of a given width for a terminal, Markdown, or the blocks of a document.
//!
//! It does not know what it shows.

use super::blocks::{Block, Grid, Target};
pub use super::colour::Tone;
use super::layout::{Column, clean, pad, table, width, wrap};
use crate::base::text::{Lang, Text};

/// How text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language.
    pub lang: Lang,
    /// The columns of a line.
    pub width: usize,
    /// True if tones are shown as colours.
    pub colour: bool,
}

impl Look {
    /// Text that goes to a file: 100 columns, no colour.
    pub fn plain(lang: Lang) -> Self {
        Self {
            lang,
            width: 100,
            colour: false,
        }
    }
}

/// What a page is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    /// A terminal or a plain file.
    #[default]
    Text,
    /// A Markdown document, whose lines are wrapped by whoever shows it.
    Markdown,
    /// Blocks, which another format lays out.
    Blocks,
}

/// A text being written.
#[derive(Clone, Debug)]
pub struct Page {
    /// How it is shown.
    pub look: Look,
    /// What is written so far.
    pub out: String,
    form: Form,
    blocks: Vec<Block>,
}

impl Page {
    /// An empty page.
    pub fn new(look: Look) -> Self {
        Self {
            look,
            out: String::new(),
            form: Form::Text,
            blocks: Vec::new(),
        }
    }

    /// An empty Markdown document.
    pub fn markdown(lang: Lang) -> Self {
        Self {
            form: Form::Markdown,
            ..Self::new(Look::plain(lang))
        }
    }

    /// An empty document of blocks.
    pub(super) fn document(lang: Lang) -> Self {
        Self {
            form: Form::Blocks,
            ..Self::new(Look::plain(lang))
        }
    }

    /// True if blocks are made: other formats show where things stand in ways of their own.
    pub(super) fn makes_blocks(&self) -> bool {
        self.form == Form::Blocks
    }

    /// The blocks that were made.
    pub(super) fn into_blocks(self) -> Vec<Block> {
        self.blocks
    }

    /// A block as it is; on other pages it is written out.
    pub(super) fn block(&mut self, block: Block) {
        if self.form == Form::Blocks {
            self.blocks.push(block);
        } else {
            block.write(self);
        }
    }

    /// A table with shares of the width, if it has rows.
    pub(super) fn grid(&mut self, grid: Grid) {
        if !grid.rows.is_empty() {
            self.block(Block::Grid(grid));
        }
    }

    /// A heading of a document; the title of a page on a terminal.
    pub fn heading(&mut self, level: usize, text: &str) {
        match self.form {
            Form::Blocks => self.blocks.push(Block::Heading(level, clean(text))),
            Form::Text => self.line(0, Tone::Strong, text),
            Form::Markdown => {
                let marks = "#".repeat(level);
                self.paragraph(&format!("{marks} {}", escaped(text)));
            }
        }
    }

    /// A block of Markdown, apart from what stands before it.
    fn paragraph(&mut self, text: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        self.push(text);
        self.out.push('\n');
    }

    /// An expression as it stands in a file, beside an item.
    pub fn code(&mut self, text: &str) {
        match self.form {
            Form::Text | Form::Blocks => self.item(0, " ", text),
            Form::Markdown => {
                // A fence longer than any run of backticks within.
                let runs = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(runs + 1);
                let ticked = text.starts_with('`') || text.ends_with('`');
                let room = if ticked { " " } else { "" };
                self.push(&format!("  - {fence}{room}{text}{room}{fence}"));
            }
        }
    }

    /// One of two words, by language.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.look.lang.pick(zh, en)
    }

    /// One of two pairs of words, by language.
    pub(super) fn pick2<'a>(
        &self,
        zh: (&'a str, &'a str),
        en: (&'a str, &'a str),
    ) -> (&'a str, &'a str) {
        match self.look.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// A text in the page's language.
    pub fn of<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.look.lang)
    }

    /// Two words joined as the language joins them.
    pub fn joined(&self, words: &[String]) -> String {
        words.join(self.pick("、", ", "))
    }

    fn tone(&self, tone: Tone, text: &str) -> String {
        if self.look.colour {
            tone.paint(text)
        } else {
            text.to_owned()
        }
    }

    fn push(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// An empty line.
    pub fn blank(&mut self) {
        if self.form == Form::Blocks {
            return;
        }
        // One empty line parts blocks of Markdown; more mean nothing.
        if self.form == Form::Markdown && (self.out.is_empty() || self.out.ends_with("\n\n")) {
            return;
        }
        self.out.push('\n');
    }

    /// A text that is laid out already.
    pub fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A rule across the page.
    pub fn rule(&mut self, mark: char) {
        match self.form {
            Form::Text => {}
            Form::Markdown => return self.paragraph("---"),
            Form::Blocks => return,
        }
        let line: String = std::iter::repeat_n(mark, self.look.width.min(100)).collect();
        let line = self.tone(Tone::Faint, &line);
        self.push(&line);
    }

    /// A wrapped text.
    pub fn line(&mut self, indent: usize, tone: Tone, text: &str) {
        self.lead(indent, tone, text, "");
    }

    /// A wrapped text whose beginning has a tone of its own; the rest is plain, further lines are indented by two more.
    pub fn lead(&mut self, indent: usize, tone: Tone, lead: &str, rest: &str) {
        if self.form == Form::Blocks {
            let (lead, rest) = (clean(lead), clean(rest));
            return match (lead.is_empty(), rest.is_empty()) {
                (true, true) => {}
                (_, true) => self.blocks.push(Block::Line(tone, lead)),
                _ => self.blocks.push(Block::Lead(tone, lead, rest)),
            };
        }
        if self.form == Form::Markdown {
            let (lead, rest) = (escaped(lead), escaped(rest));
            return match (tone, rest.is_empty()) {
                (_, true) if lead.trim().is_empty() => self.blank(),
                (Tone::Strong, true) => self.paragraph(&format!("**{}**", lead.trim())),
                (_, true) => self.paragraph(&lead),
                (_, false) => self.push(&format!("- {lead}{rest}")),
            };
        }
        let (lead, rest) = (clean(lead), clean(rest));
        let columns = self.look.width.saturating_sub(indent);
        let hang = if rest.is_empty() { 0 } else { 2 };
        let text = if rest.is_empty() {
            lead.clone()
        } else {
            format!("{lead}{rest}")
        };
        let mut toned = lead.as_str();
        for (number, line) in wrap(&text, columns, columns.saturating_sub(hang))
            .into_iter()
            .enumerate()
        {
            let margin = " ".repeat(if number == 0 { indent } else { indent + hang });
            // The lead may run over several lines.
            let shown = match line.strip_prefix(toned.trim_end()) {
                Some(_) if toned.is_empty() => line,
                Some(after) => {
                    let shown = format!("{}{after}", self.tone(tone, toned.trim_end()));
                    toned = "";
                    shown
                }
                None => match toned.strip_prefix(line.as_str()) {
                    Some(left) => {
                        toned = left.trim_start();
                        self.tone(tone, &line)
                    }
                    None => line,
                },
            };
            self.push(&format!("{margin}{shown}"));
        }
    }

    /// The columns that labels of items take.
    fn label_columns(&self) -> usize {
        match self.look.lang {
            Lang::Zh => 6,
            Lang::En => 11,
        }
    }

    /// A label and a text beside it, wrapped under itself. An empty label continues the item above.
    pub fn item(&mut self, indent: usize, label: &str, text: &str) {
        self.item_from(indent, label, text, Vec::new());
    }

    /// An item that says where its numbers come from, on pages where that can be followed.
    pub(super) fn item_from(
        &mut self,
        indent: usize,
        label: &str,
        text: &str,
        targets: Vec<Target>,
    ) {
        if self.form == Form::Blocks {
            return self.blocks.push(Block::Item {
                label: clean(label.trim()),
                text: clean(text),
                targets,
            });
        }
        if self.form == Form::Markdown {
            let text = escaped(text);
            let line = match label.trim() {
                "" => format!("  - {text}"),
                label => format!("- **{}** {text}", escaped(label)),
            };
            return self.push(&line);
        }
        let beside = self.label_columns();
        // On a narrow page the text stands below its label, not in a thin column.
        let narrow = self.look.width < 60;
        let column = if narrow {
            2
        } else {
            beside.max(width(label) + 2)
        };
        let columns = self.look.width.saturating_sub(indent + column);
        let margin = " ".repeat(indent);
        if narrow && !label.is_empty() {
            let label = self.tone(Tone::Faint, label);
            self.push(&format!("{margin}{label}"));
        }
        for (number, line) in wrap(text, columns, columns).into_iter().enumerate() {
            let head = if number == 0 && !narrow { label } else { "" };
            let head = self.tone(Tone::Faint, &pad(head, column));
            self.push(&format!("{margin}{head}{line}"));
        }
    }

    /// A row of a tree, by depth, with further lines below it.
    pub(super) fn branch(&mut self, depth: usize, text: &str, notes: &[String]) {
        match self.form {
            Form::Blocks => {
                let notes = notes.iter().map(|note| clean(note)).collect();
                self.blocks.push(Block::Branch(depth, clean(text), notes));
            }
            Form::Markdown => {
                let margin = "  ".repeat(depth);
                self.out.push_str(&margin);
                self.push(&format!("- {}", escaped(text)));
                for note in notes {
                    self.out.push_str(&margin);
                    self.push(&format!("  - {}", escaped(note)));
                }
            }
            Form::Text => {
                self.line(2 * depth, Tone::Plain, text);
                for note in notes {
                    self.line(2 * depth + 2, Tone::Faint, note);
                }
            }
        }
    }

    /// A table whose first row is its head.
    pub fn table(&mut self, indent: usize, columns: &[Column], rows: &[Vec<String>]) {
        if self.form == Form::Blocks {
            return self.grid(Grid::of(columns, rows));
        }
        if self.form == Form::Markdown {
            self.blank();
            for (number, row) in rows.iter().enumerate() {
                let cells: Vec<String> = row.iter().map(|cell| cell_text(cell)).collect();
                self.push(&format!("| {} |", cells.join(" | ")));
                if number == 0 {
                    self.push(&format!("|{}", " --- |".repeat(row.len())));
                }
            }
            return self.blank();
        }
        let margin = " ".repeat(indent);
        let rows: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| clean(cell)).collect())
            .collect();
        let head = rows.first().map_or(0, |_| 1);
        for (number, line) in table(columns, &rows, self.look.width.saturating_sub(indent))
            .into_iter()
            .enumerate()
        {
            let line = if number < head {
                self.tone(Tone::Faint, &line)
            } else {
                line
            };
            self.push(&format!("{margin}{line}"));
        }
    }
}

/// A cell of a Markdown table: lines are parted inside it.
fn cell_text(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(escaped).collect();
    lines.join("<br>")
}

/// Text that Markdown shows as it is, on one line.
fn escaped(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len());
    for c in text.trim_start().chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '&' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    // A line may not begin a list of its own; a figure such as 0.6020 begins none.
    let digits = out.chars().take_while(char::is_ascii_digit).count();
    let mut behind = out.chars().skip(digits);
    match behind.next() {
        Some(mark @ ('.' | ')')) if digits > 0 && behind.next().is_none_or(char::is_whitespace) => {
            out.replacen(mark, &format!("\\{mark}"), 1)
        }
        Some('-' | '+') if digits == 0 => format!("\\{out}"),
        _ => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_keeps_its_tone_over_several_lines() {
        let mut page = Page::new(Look {
            lang: Lang::Zh,
            width: 8,
            colour: true,
        });
        page.lead(0, Tone::Bad, "不符合本条 ", "标题");
        assert_eq!(
            page.out,
            "\u{1b}[1;31m不符合本\u{1b}[0m\n  \u{1b}[1;31m条\u{1b}[0m 标\n  题\n"
        );
    }

    #[test]
    fn an_item_is_wrapped_under_itself() {
        let mut page = Page::new(Look {
            lang: Lang::Zh,
            width: 60,
            colour: false,
        });
        page.item(2, "依据", &"法".repeat(30));
        assert_eq!(
            page.out,
            format!("  依据  {}\n        {}\n", "法".repeat(26), "法".repeat(4))
        );
    }

    #[test]
    fn markdown_shows_hostile_text_as_it_is() {
        let mut page = Page::markdown(Lang::En);
        page.heading(2, "a # b");
        page.item(0, "kind", "<script>|x| *not* _this_");
        page.item(0, " ", "1. no list");
        page.code("a `b` ``c``");
        page.table(
            0,
            &[Column::Fixed],
            &[vec!["h".into()], vec!["a|b\nc".into()]],
        );
        assert_eq!(
            page.out,
            "## a \\# b\n\n- **kind** \\<script\\>\\|x\\| \\*not\\* \\_this\\_\n  - 1\\. no list\n  \
             - ``` a `b` ``c`` ```\n\n| h |\n| --- |\n| a\\|b<br>c |\n\n"
        );
    }
}
