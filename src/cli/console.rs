//! The two streams: reports to standard output, problems to standard error.
//!
//! A closed pipe is quiet: who stops reading has read enough.

use std::io::{self, BufWriter, IsTerminal, Write};

use super::arguments::Form;
use super::progress::Progress;
use crate::base::problem::Problem;
use crate::base::source::Sources;
use crate::base::text::{Lang, Text};
use crate::report::page::{Look, Page};
use crate::report::problems;

/// The widest page, also on wide terminals: longer lines are hard to read.
const WIDEST: usize = 110;
/// The narrowest page.
const NARROWEST: usize = 24;

/// Where a command writes.
#[derive(Debug)]
pub(super) struct Console {
    /// How reports look.
    pub look: Look,
    /// How problems look.
    error_look: Look,
    /// How far long work has come.
    pub progress: Progress,
    /// True if nothing is said.
    is_mute: bool,
    /// True once a report could not be written.
    pub lost: bool,
}

impl Console {
    /// A console; `width` overrides what the terminals say.
    pub(super) fn new(lang: Lang, no_color: bool, width: Option<usize>) -> Self {
        // https://no-color.org: any value but the empty one.
        let no_color =
            no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let look = |is_terminal: bool, columns: Option<usize>| Look {
            lang,
            width: width
                .or(columns.map(|c| c.min(WIDEST)))
                .unwrap_or(100)
                .max(NARROWEST),
            colour: is_terminal && !no_color,
        };
        let columns = |size: Option<(terminal_size::Width, terminal_size::Height)>| {
            size.map(|(w, _)| usize::from(w.0))
        };
        let (out, err) = (io::stdout(), io::stderr());
        Self {
            look: look(
                out.is_terminal(),
                columns(terminal_size::terminal_size_of(&out)),
            ),
            error_look: look(
                err.is_terminal(),
                columns(terminal_size::terminal_size_of(&err)),
            ),
            progress: Progress::none(),
            is_mute: false,
            lost: false,
        }
    }

    /// One of two words, by language.
    pub(super) fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.look.lang.pick(zh, en)
    }

    /// Writes to standard output what `write` writes.
    pub(super) fn report(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        let mut out = BufWriter::new(io::stdout().lock());
        let written = write(&mut out).and_then(|()| out.flush());
        // A reader that went away has what it wanted; any other loss must not look like success.
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.lost = true;
            let message = self.pick(
                "错误：报告未能写出",
                "error: the report could not be written",
            );
            let _ = writeln!(io::stderr().lock(), "{message}（{error}）");
        }
    }

    /// Writes a page, or a document, that `write` fills.
    pub(super) fn page(&mut self, form: Form, write: impl FnOnce(&mut Page)) {
        let mut page = match form {
            Form::Markdown => Page::markdown(self.look.lang),
            Form::Text | Form::Json => Page::new(self.look),
        };
        write(&mut page);
        self.print(&page.out);
    }

    /// Writes a text to standard output.
    pub(super) fn print(&mut self, text: &str) {
        self.report(|out| out.write_all(text.as_bytes()));
    }

    /// Writes a remark to standard error.
    pub(super) fn remark(&mut self, text: &Text) {
        let text = text.get(self.look.lang);
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// A console that says nothing: for what is done again to be compared.
    pub(super) fn mute() -> Self {
        Self {
            is_mute: true,
            ..Self::new(Lang::Zh, true, None)
        }
    }

    /// Writes problems to standard error, with their number if there are several.
    pub(super) fn problems(&mut self, problems: &[Problem], sources: &Sources) {
        if problems.is_empty() || self.is_mute {
            return;
        }
        let mut text = problems::write(problems, sources, self.error_look);
        if problems.len() > 1 {
            text.push_str(&problems::count(problems, self.error_look));
            text.push('\n');
        }
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}
