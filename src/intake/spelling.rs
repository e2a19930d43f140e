//! How the keys that are not fields are spelt, for schemas and advice.
//!
//! It does not read them.

use super::{known, office, waivers};
use crate::model::waiver::AuthorityLevel;

/// Keys that hold a list of projects.
pub const LISTS: [&str; 3] = ["project", "projects", "项目"];

/// The keys of a link to a goal, in files and in Chinese.
pub const LINK: &[(&str, &str)] = &[
    ("goal", "目标"),
    ("indicator", "指标"),
    ("contribution", "贡献"),
    ("evidence", "佐证"),
];

/// What replies are listed under.
pub const LETTER: (&str, &str) = office::LIST;

/// The keys of a reply, in files and in Chinese.
pub const OFFICE: &[(&str, &str)] = office::KEYS;

/// What waivers are listed under.
pub const WAIVERS: (&str, &str) = waivers::LIST;

/// The keys of a waiver, in files and in Chinese.
pub const WAIVER: &[(&str, &str)] = waivers::KEYS;

/// Kinds of document that can carry a decision.
pub const DECIDING: [&str; 3] = waivers::DECIDING;

/// The words for the levels of offices, those that files use first.
pub fn levels() -> impl Iterator<Item = (&'static str, AuthorityLevel)> {
    let ids = AuthorityLevel::ALL
        .into_iter()
        .map(|level| (level.id(), level));
    ids.chain(AuthorityLevel::WORDS)
}

/// The spellings of a key that every submission may hold, by the one used in files; none for another key.
pub fn of(key: &str) -> &'static [&'static str] {
    let found = known::BUILTINS
        .iter()
        .find(|(_, names)| names.first() == Some(&key));
    found.map_or(&[], |(_, names)| names)
}
