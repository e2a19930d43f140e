//! The formats of an assessment: their words, and which file writes each.
//!
//! No format judges or leaves anything out; a new one is a file, a variant and a line in each list below.

use std::io::{self, Write};

use super::page::Look;
use super::{Assessment, json, text};

/// How an assessment is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people, on a terminal.
    #[default]
    Text,
    /// For programs: `v1`.
    Json,
}

/// What a format may take from the one who asked.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Language, width and colour.
    pub look: Look,
    /// True for the passes and the rules that do not apply, too; only text leaves them to be asked for.
    pub verbose: bool,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 2] = [Self::Text, Self::Json];

    /// The word for it on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
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
        }
    }
}
