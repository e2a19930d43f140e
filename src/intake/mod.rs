//! Submissions, office replies and waivers: from text to projects.
//!
//! It reads facts under the names of the vocabulary and reports every mistake on its place.
//! A value that cannot be read is a problem and an unreadable fact; nothing is ever guessed.
//! It does not know rules or expressions, and does not open files.

mod boundary;
mod completeness;
mod damage;
mod document;
mod known;
mod links;
mod office;
mod project;
mod project_code;
mod reader;
mod record_keys;
mod references;
pub mod sheet;
pub mod spelling;
mod unknown_keys;
mod value;
mod waivers;

#[cfg(test)]
mod fixture;

use std::path::Path;

use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::tree::Node;
use crate::model::field::Vocabulary;
use crate::model::plan::Indicator;
use crate::model::project::Project;

pub use office::read_office;
pub use project_code::{CodeForm, project_code};
pub use references::read_pin;
pub use waivers::read_waivers;

/// The name in files of a key that every submission may hold beside its fields, such as `stage`, from any spelling.
pub fn built_in(key: &str) -> Option<&'static str> {
    known::Builtin::named(key).map(|key| key.name().0)
}

/// What a submission may name, and whose word is taken.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The fields.
    pub vocabulary: &'a Vocabulary,
    /// The ids of the plan's goals.
    pub goals: &'a [String],
    /// The plan's indicators.
    pub indicators: &'a [Indicator],
    /// True if what the applicant states of the office's and departments' facts is taken as confirmed.
    pub trust_claims: bool,
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML.
    Toml,
    /// One JSON document: a project or a list of projects.
    Json,
    /// One JSON document per line, each a project.
    Ndjson,
    /// A workbook: sheets with a row for each project, and for each record of a list.
    Xlsx,
    /// Separated values: one table with a row for each project.
    Csv,
}

impl Format {
    /// The format of a file name.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The format of a text without a name. `[` begins a list in JSON and a header in TOML.
    pub fn sniff(text: &str) -> Self {
        let mut lines = text
            .lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty());
        let first = lines
            .next()
            .unwrap_or("")
            .trim_start_matches('\u{FEFF}')
            .trim_start();
        let is_json = match first.strip_prefix('[') {
            Some(rest) => {
                let next = rest.trim_start().chars().next();
                let next = next.or_else(|| {
                    lines
                        .clone()
                        .find_map(|line| line.trim_start().chars().next())
                });
                next.is_none_or(|c| matches!(c, '{' | ']'))
            }
            None => first.starts_with('{'),
        };
        let starts_document = |line: &str| line.starts_with(['{', '[']);
        match (is_json, lines.next()) {
            (true, Some(second)) if first.ends_with(['}', ']']) && starts_document(second) => {
                Self::Ndjson
            }
            (true, _) => Self::Json,
            (false, _) => Self::Toml,
        }
    }
}

/// Reads the projects of a source: one, a list, or one per line.
///
/// A project without the key `id` is called `default_id`, and `default_id#2` and so on from the second of a file.
/// What cannot be read is reported and left unknown; the rest stands.
pub fn read_projects(
    source: &Source,
    format: Format,
    default_id: &str,
    expected: &Expected<'_>,
) -> (Vec<Project>, Vec<Problem>) {
    document::read_projects(source, format, default_id, expected)
}

/// True if a workbook or table looks like one that holds submissions; others lie in the same folders.
pub fn holds_projects(source: &Source, expected: &Expected<'_>) -> bool {
    sheet::holds_projects(source, expected.vocabulary)
}

/// Reads the facts of a table into a project, under the same keys as in a submission.
///
/// `submitted` and `stage` are read if they are there and not asked for if they are not.
pub fn read_facts(table: &Node, expected: &Expected<'_>, project: &mut Project) -> Vec<Problem> {
    let problems = project::read_facts(table, expected, project);
    project.note_claims(expected.vocabulary);
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_of_a_text_is_found_by_its_first_characters() {
        for (text, format) in [
            ("{\"a\": 1}", Format::Json),
            ("{\n  \"a\": 1\n}", Format::Json),
            ("[{\"a\": 1},\n{\"a\": 2}]", Format::Json),
            ("[\n{\"a\": 1},\n{\"a\": 2}]", Format::Json),
            ("{\"a\": 1}\n\n{\"a\": 2}\n", Format::Ndjson),
            ("[[project]]\nname = 1", Format::Toml),
            ("[land]\narea = 1", Format::Toml),
            ("name = \"x\"", Format::Toml),
            ("", Format::Toml),
        ] {
            assert_eq!(Format::sniff(text), format, "{text}");
        }
        assert_eq!(
            Format::of_path(Path::new("a/b.JSONL")),
            Some(Format::Ndjson)
        );
        assert_eq!(Format::of_path(Path::new("a/b.xlsx")), Some(Format::Xlsx));
        assert_eq!(Format::of_path(Path::new("a/b.xls")), None);
    }
}
