//! The few tones of a report on a terminal.
//!
//! It does not know when colour is wanted: the page does.

/// How a text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// A heading.
    Strong,
    /// Something that stands in the way.
    Bad,
    /// Something that is open.
    Open,
    /// Something in order.
    Good,
    /// Something by the way.
    Faint,
}

impl Tone {
    /// The text in this tone, for a terminal.
    pub(super) fn paint(self, text: &str) -> String {
        let code = match self {
            Self::Plain => return text.to_owned(),
            Self::Strong => "1",
            Self::Bad => "1;31",
            Self::Open => "1;33",
            Self::Good => "32",
            Self::Faint => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
