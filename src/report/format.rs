//! The formats of an assessment: their words, and which file writes each.
//!
//! No format judges or leaves anything out; a new one is a file, a variant and a line in each list below.

use std::io::{self, Write};

use super::documents::{Kind, Part};
use super::page::Look;
use super::sarif::{self, Results};
use super::{
    Assessment, DISCLAIMER, docx, github, gitlab, html, json, junit, markdown, text, xlsx,
};
use crate::base::book::Book;
use crate::base::source::Source;

/// How an assessment is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For programs: `v2`.
    Json,
    /// One page for a browser, with everything in it.
    Html,
    /// A workbook.
    Xlsx,
    /// 核查意见, to be filed.
    Docx,
    /// 核查意见 in Markdown.
    Markdown,
    /// 补正通知书, to be signed.
    Notice,
    /// 补正通知书 in Markdown.
    NoticeMarkdown,
    /// SARIF 2.1.0 with every finding.
    Sarif,
    /// SARIF 2.1.0 for code scanning on GitHub: what drives a decision.
    CodeScanning,
    /// `JUnit` XML.
    Junit,
    /// Annotations of GitHub Actions.
    Github,
    /// The code quality report of GitLab.
    Gitlab,
}

/// What a format may take from the one who asked.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Language, width and colour.
    pub look: Look,
    /// True for the passes and the rules that do not apply, too; only text leaves them to be asked for.
    pub verbose: bool,
}

/// How many cells of a workbook may stand before the disclaimer of one that hegui wrote.
const OWN_CELLS: usize = 40;

/// True for a report that hegui wrote, in JSON or as a workbook: then it is no submission, wherever it lies.
pub fn is_own(source: &Source) -> bool {
    match &source.book {
        Some(book) => is_own_book(book),
        None => json::BEGINNINGS
            .into_iter()
            .chain([sarif::BEGINNING, gitlab::BEGINNING])
            .any(|beginning| source.text.starts_with(beginning)),
    }
}

/// True if a workbook is one that hegui writes: a cell near its beginning is the disclaimer, word for word.
fn is_own_book(book: &Book) -> bool {
    let cells = book.sheets.iter().take(1).flat_map(|sheet| &sheet.cells);
    cells.take(OWN_CELLS).any(|held| {
        let text = held.cell.shown();
        text == DISCLAIMER.0 || text == DISCLAIMER.1
    })
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::Json,
        Self::Html,
        Self::Xlsx,
        Self::Docx,
        Self::Markdown,
        Self::Notice,
        Self::NoticeMarkdown,
        Self::Sarif,
        Self::CodeScanning,
        Self::Junit,
        Self::Github,
        Self::Gitlab,
    ];

    /// The word for it on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Docx => "docx",
            Self::Markdown => "md",
            Self::Notice => "notice",
            Self::NoticeMarkdown => "notice-md",
            Self::Sarif => "sarif",
            Self::CodeScanning => "code-scanning",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
        }
    }

    /// The format of a word.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }

    /// Writes an assessment.
    pub fn write(self, run: &Assessment<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Text => text::write(run, style.look, style.verbose, out),
            Self::Json => json::write(run, out),
            Self::Html => html::write(run, style.look.lang, out),
            Self::Xlsx => xlsx::write(run, style.look.lang, out),
            Self::Sarif => sarif::write(run, style.look, Results::All, out),
            Self::CodeScanning => sarif::write(run, style.look, Results::Driving, out),
            Self::Junit => junit::write(run, style.look, out),
            Self::Github => github::write(run, style.look, out),
            Self::Gitlab => gitlab::write(run, style.look, out),
            Self::Docx | Self::Markdown | Self::Notice | Self::NoticeMarkdown => {
                self.write_part(run, Part::Whole, style, out)
            }
        }
    }

    /// True if it has maps of sites in it.
    pub fn has_maps(self) -> bool {
        self == Self::Html
    }

    /// The end of the names of its files, for a format that has a document for each project.
    pub fn per_project(self) -> Option<&'static str> {
        match self {
            Self::Docx | Self::Notice => Some("docx"),
            Self::Markdown | Self::NoticeMarkdown => Some("md"),
            _ => None,
        }
    }

    /// Writes the documents of a part of the run; a format that has none for single projects writes the whole.
    pub fn write_part(
        self,
        run: &Assessment<'_>,
        part: Part,
        style: Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let lang = style.look.lang;
        match self {
            Self::Docx => docx::write(run, Kind::Opinion, part, lang, out),
            Self::Notice => docx::write(run, Kind::Notice, part, lang, out),
            Self::Markdown => markdown::write(run, Kind::Opinion, part, lang, out),
            Self::NoticeMarkdown => markdown::write(run, Kind::Notice, part, lang, out),
            _ => self.write(run, style, out),
        }
    }
}
