//! The text of a pack's file, or a large table whose text may not be needed.
//!
//! A table of which a compiled form is kept need not be read: its hash says that the form is its own.

use std::borrow::Cow;
use std::path::Path;

use crate::base::files::{self, Unread};
use crate::base::hash::sha256;
use crate::base::problem::Problem;
use crate::rules::embedded::BuiltIn;

/// The size of a table's file, in bytes, from which its compiled form is kept.
const LARGE: u64 = 256 << 10;

/// What a file of a pack holds.
#[derive(Clone, Debug)]
pub enum PackText {
    /// A text.
    Text(Cow<'static, str>),
    /// The text of a file that was built into the binary.
    BuiltIn(&'static BuiltIn),
    /// A large table that was not read.
    Unread(Unread),
}

impl PackText {
    /// What a file of a folder holds, by its path within the pack and on the disk.
    pub fn of_file(path: &str, file: &Path, limit: u64) -> Result<Self, Problem> {
        if is_large_table(path, files::length(file)) {
            Unread::of(file, limit).map(Self::Unread)
        } else {
            files::read(file, limit).map(Self::from)
        }
    }

    /// The text; empty if it was not read.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::BuiltIn(file) => file.text,
            Self::Unread(_) => "",
        }
    }

    /// The hash of its bytes.
    pub(super) fn digest(&self) -> Result<[u8; 32], Problem> {
        match self {
            Self::Text(text) => Ok(sha256(text.as_bytes())),
            Self::BuiltIn(file) => Ok(file.digest),
            Self::Unread(file) => file.hash(),
        }
    }
}

/// True for a file whose compiled form is kept.
pub(super) fn is_large_table(path: &str, length: u64) -> bool {
    length >= LARGE && path.starts_with("tables/") && path.strip_suffix(".csv").is_some()
}

impl From<String> for PackText {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<&'static BuiltIn> for PackText {
    fn from(file: &'static BuiltIn) -> Self {
        Self::BuiltIn(file)
    }
}

impl From<&'static str> for PackText {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}
