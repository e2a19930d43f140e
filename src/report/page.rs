//! A page of text: lines of a given width, in a language, with or without colour.
//!
//! It does not know what it shows.

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

/// A text being written.
#[derive(Clone, Debug)]
pub struct Page {
    /// How it is shown.
    pub look: Look,
    /// What is written so far.
    pub out: String,
}

impl Page {
    /// An empty page.
    pub fn new(look: Look) -> Self {
        Self {
            look,
            out: String::new(),
        }
    }

    /// One of two words, by language.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.look.lang.pick(zh, en)
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
        self.out.push('\n');
    }

    /// A text that is laid out already.
    pub fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A rule across the page.
    pub fn rule(&mut self, mark: char) {
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

    /// A table whose first row is its head.
    pub fn table(&mut self, indent: usize, columns: &[Column], rows: &[Vec<String>]) {
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
}
