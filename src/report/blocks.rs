//! The parts of a document in order: what a page says before it has a form.
//!
//! Every document format is written from them, so that no sentence is made twice.
//! It does not know what the parts mean or how they will look.

use super::layout::{Column, clean};
use super::page::{Page, Tone};

/// Where a number comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// A fact, by its number in the project's list of facts, counted from 1.
    Fact(usize),
    /// A version of a parameter.
    Figure(u16, usize),
}

/// How much room a table needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Size {
    /// A few columns.
    #[default]
    Normal,
    /// A long list, set small.
    Small,
    /// Many long columns, set small on pages that lie across.
    Wide,
}

/// A table of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    /// Its columns: the head, and its share of the width.
    pub columns: Vec<(String, u16)>,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// How much room it needs.
    pub size: Size,
    /// True for a list of facts: its rows are what targets mean, by the numbers in their first cells.
    pub facts: bool,
}

impl Grid {
    /// A table whose first row is its head; what may wrap gets more of the width.
    pub(super) fn of(columns: &[Column], rows: &[Vec<String>]) -> Self {
        let share = |at: usize| match columns.get(at) {
            Some(Column::Flexible) => 4,
            _ => 1,
        };
        let (head, rows) = rows.split_first().map_or((&[][..], rows), |(h, r)| (h, r));
        let head = head.iter().enumerate();
        Self {
            columns: head.map(|(at, text)| (clean(text), share(at))).collect(),
            rows: rows
                .iter()
                .map(|row| row.iter().map(|cell| Cell::new(cell)).collect())
                .collect(),
            ..Self::default()
        }
    }

    /// Named columns with their shares of the width.
    pub(super) fn with(columns: &[(&str, u16)]) -> Self {
        Self {
            columns: columns
                .iter()
                .map(|(head, s)| ((*head).to_owned(), *s))
                .collect(),
            ..Self::default()
        }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    /// Its lines.
    pub lines: Vec<String>,
    /// Where its numbers come from.
    pub targets: Vec<Target>,
    /// How it stands out.
    pub tone: Option<Tone>,
    /// True for a number: it is not broken, and stands at the right.
    pub is_number: bool,
}

impl Cell {
    /// A cell of one text, whose line breaks part its lines.
    pub(super) fn new(text: &str) -> Self {
        Self::lines(text.lines().map(str::to_owned))
    }

    /// A cell of several lines.
    pub(super) fn lines(lines: impl IntoIterator<Item = String>) -> Self {
        Self {
            lines: lines.into_iter().map(|line| clean(&line)).collect(),
            ..Self::default()
        }
    }

    /// A cell of one number.
    pub(super) fn number(text: &str) -> Self {
        Self {
            is_number: true,
            ..Self::new(text)
        }
    }

    /// The same cell, standing out.
    #[must_use]
    pub(super) fn toned(self, tone: Tone) -> Self {
        Self {
            tone: Some(tone),
            ..self
        }
    }

    /// The same cell, with where its numbers come from.
    #[must_use]
    pub(super) fn from(self, targets: Vec<Target>) -> Self {
        Self { targets, ..self }
    }

    /// Its words where nothing can be followed: the numbers of facts stand for themselves.
    pub(super) fn plain(&self) -> String {
        let mut lines = self.lines.clone();
        let numbers = facts(&self.targets);
        if !numbers.is_empty() {
            lines.push(numbers);
        }
        lines.join("\n")
    }
}

/// The numbers of facts in a row: `1, 3`.
pub(super) fn facts(targets: &[Target]) -> String {
    let numbers = targets.iter().filter_map(|target| match target {
        Target::Fact(number) => Some(number.to_string()),
        Target::Figure(..) => None,
    });
    numbers.collect::<Vec<_>>().join(", ")
}

/// A part of a document.
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// The title of a document.
    Title(String),
    /// A heading, by level.
    Heading(usize, String),
    /// A paragraph.
    Line(Tone, String),
    /// A paragraph whose beginning stands out.
    Lead(Tone, String, String),
    /// A label and a text beside it; an empty label continues the item above.
    Item {
        /// The label.
        label: String,
        /// The text.
        text: String,
        /// Where its numbers come from.
        targets: Vec<Target>,
    },
    /// A row of a tree, by depth, with further lines below it.
    Branch(usize, String, Vec<String>),
    /// A table.
    Grid(Grid),
    /// A line to be filled in by hand: what is asked.
    Blank(Vec<String>),
    /// From here on pages lie across, or stand again.
    Across(bool),
    /// The next page.
    Break,
}

impl Block {
    /// Writes it on a page of text or Markdown.
    pub(super) fn write(&self, page: &mut Page) {
        match self {
            Self::Title(text) => page.heading(1, text),
            Self::Heading(level, text) => {
                page.blank();
                page.heading(level + 1, text);
            }
            Self::Line(tone, text) => page.line(0, *tone, text),
            Self::Lead(tone, lead, rest) => page.lead(0, *tone, lead, rest),
            Self::Item {
                label,
                text,
                targets,
            } => {
                let numbers = facts(targets);
                let numbers = if numbers.is_empty() {
                    numbers
                } else {
                    let (open, close) = page.pick2(("〔事实 ", "〕"), (" [facts ", "]"));
                    format!("{open}{numbers}{close}")
                };
                page.item(0, label, &format!("{text}{numbers}"));
            }
            Self::Branch(depth, text, notes) => page.branch(*depth, text, notes),
            Self::Grid(grid) => {
                let columns = vec![Column::Flexible; grid.columns.len()];
                let head = grid.columns.iter().map(|(head, _)| head.clone()).collect();
                let rows = grid.rows.iter();
                let rows = rows.map(|row| row.iter().map(Cell::plain).collect());
                let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
                page.table(0, &columns, &rows);
            }
            Self::Blank(asked) => {
                let colon = page.pick("：", ": ").to_owned();
                let all: Vec<String> = asked
                    .iter()
                    .map(|words| format!("{words}{colon}＿＿＿＿＿＿＿＿"))
                    .collect();
                page.line(0, Tone::Plain, &all.join("　"));
            }
            Self::Across(_) => {}
            Self::Break => page.rule('─'),
        }
    }
}
