//! What hegui could not read or understand: a problem on a place, in both languages.
//!
//! It does not render: the report floor does. A problem is never a failed rule.

use super::source::Place;
use super::text::Text;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something was not read: exit code 2.
    Error,
    /// Everything was read, but something looks wrong.
    Warning,
}

/// A place with a note.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What about it; may be empty.
    pub note: Text,
}

/// Something hegui could not read or understand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// A stable name such as `hegui::intake::unknown_field`.
    pub code: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// One lower-case sentence without a full stop.
    pub message: Text,
    /// How to mend it.
    pub help: Option<Text>,
}

impl Problem {
    /// An error at a place.
    pub fn error(code: &'static str, place: Place, message: Text) -> Self {
        Self {
            labels: vec![Label {
                place,
                note: Text::default(),
            }],
            code,
            severity: Severity::Error,
            message,
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &'static str, place: Place, message: Text) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, place, message)
        }
    }

    /// The same problem with advice.
    #[must_use]
    pub fn help(mut self, help: Text) -> Self {
        self.help = Some(help);
        self
    }

    /// The same problem with advice, if there is any.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<Text>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The same problem with the note under its main place.
    #[must_use]
    pub fn note(mut self, note: Text) -> Self {
        if let Some(first) = self.labels.first_mut() {
            first.note = note;
        }
        self
    }

    /// The same problem with a further place.
    #[must_use]
    pub fn also(mut self, place: Place, note: Text) -> Self {
        self.labels.push(Label { place, note });
        self
    }

    /// The main place.
    pub fn place(&self) -> Place {
        self.labels
            .first()
            .map_or(Place::Nowhere, |label| label.place)
    }
}

/// Problems in the order of their places, each once.
pub fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}

/// True if any problem is an error.
pub fn any_error(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}
