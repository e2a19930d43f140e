//! How the keys that are not fields are spelt, for schemas and advice.
//!
//! It does not read them.

use super::known;

/// Keys that hold a list of projects.
pub const LISTS: [&str; 3] = ["project", "projects", "项目"];

/// The keys of a link to a goal, in files and in Chinese.
pub const LINK: &[(&str, &str)] = &[
    ("goal", "目标"),
    ("indicator", "指标"),
    ("contribution", "贡献"),
    ("evidence", "佐证"),
];

/// The spellings of a key that every submission may hold, by the one used in files; none for another key.
pub fn of(key: &str) -> &'static [&'static str] {
    let found = known::BUILTINS
        .iter()
        .find(|(_, names)| names.first() == Some(&key));
    found.map_or(&[], |(_, names)| names)
}
