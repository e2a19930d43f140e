//! The text of a pack's file, or the bytes of a large table whose text may not be needed.
//!
//! A table of which a compiled form is kept is never read again, so it need not be decoded either:
//! its hash alone says that the form is its own.

use std::borrow::Cow;

use crate::base::files;
use crate::base::hash::sha256;
use crate::base::problem::Problem;

/// The size of a table's file, in bytes, from which its compiled form is kept.
const LARGE: usize = 256 << 10;

/// What a file of a pack holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackText {
    /// A text.
    Text(Cow<'static, str>),
    /// A large table that was not decoded.
    Bytes(Vec<u8>),
}

impl PackText {
    /// What a file of a folder holds, by its path within the pack.
    pub fn of_file(path: &str, name: &str, bytes: Vec<u8>) -> Result<Self, Problem> {
        if is_large_table(path, bytes.len()) {
            Ok(Self::Bytes(bytes))
        } else {
            files::decode(name, bytes).map(Self::from)
        }
    }

    /// The text; empty if it was not decoded.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Bytes(_) => "",
        }
    }

    pub(super) fn digest(&self) -> [u8; 32] {
        match self {
            Self::Text(text) => sha256(text.as_bytes()),
            Self::Bytes(bytes) => sha256(bytes),
        }
    }
}

/// True for a file whose compiled form is kept.
pub(super) fn is_large_table(path: &str, length: usize) -> bool {
    length >= LARGE && path.starts_with("tables/") && path.strip_suffix(".csv").is_some()
}

impl From<String> for PackText {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&'static str> for PackText {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}
