//! JSON Schemas (draft 7, which editors know best) of the JSON report, of submissions with what lies beside them, and
//! of rule files.
//!
//! They follow the packs in use and the language: labels and notes are titles and descriptions. Reading is more
//! generous than they are, as with full-width characters; what they accept may still have problems that only reading
//! finds. They know no assessment.

mod beside;
mod finding;
mod report;
mod rule;
mod submission;

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::base::text::{Lang, Text};
use crate::rules::pack::Packs;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// What a schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The JSON report.
    Report,
    /// A submission.
    Submission,
    /// A rule file.
    Rule,
    /// Replies of departments.
    Office,
    /// Waivers.
    Waivers,
}

impl Of {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Report,
        Self::Submission,
        Self::Office,
        Self::Waivers,
        Self::Rule,
    ];

    /// The word for it on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Submission => "submission",
            Self::Rule => "rule",
            Self::Office => "office",
            Self::Waivers => "waivers",
        }
    }

    /// What a word means.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.id() == id)
    }
}

/// Writes a schema.
pub fn write(of: Of, packs: &Packs, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let schema = match of {
        Of::Report => report::schema(lang),
        Of::Submission => submission::schema(packs, lang),
        Of::Rule => rule::schema(packs, lang),
        Of::Office => beside::office(packs, lang),
        Of::Waivers => beside::waivers(packs, lang),
    };
    serde_json::to_writer_pretty(&mut *out, &schema)?;
    out.write_all(b"\n")
}

/// A description of a schema.
fn about(mut schema: Value, description: &str) -> Value {
    if let Value::Object(members) = &mut schema
        && !description.is_empty()
    {
        members.insert("description".to_owned(), description.into());
    }
    schema
}

/// A reference to a definition.
fn reference(name: &str) -> Value {
    // A name may hold what JSON pointers and URIs give a meaning.
    let name = name.replace('~', "~0").replace('/', "~1");
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// An object with these members and no others, if it is closed.
fn object(members: Map<String, Value>, required: &[&str], closed: bool) -> Value {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(members));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if closed {
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
    Value::Object(schema)
}

/// A choice among words, each with what it means; the first words are the ones that files use.
fn choice(words: Vec<(String, String)>) -> Value {
    let mut kept: Vec<(String, String)> = Vec::with_capacity(words.len());
    for (word, meaning) in words {
        if !word.is_empty() && kept.iter().all(|(known, _)| *known != word) {
            kept.push((word, meaning));
        }
    }
    let (words, meanings): (Vec<String>, Vec<String>) = kept.into_iter().unzip();
    // Editors that know the extension show a meaning beside each word.
    json!({ "enum": words, "x-taplo": { "docs": { "enumValues": meanings } } })
}

/// A choice among ids with their labels.
fn ids<T: Copy>(all: &[T], id: fn(T) -> &'static str, label: fn(T) -> Text, lang: Lang) -> Value {
    let word = |one: &T| (id(*one).to_owned(), label(*one).get(lang).to_owned());
    choice(all.iter().map(word).collect())
}

/// A text that a pattern takes as it is.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\^$.|?*+()[]{}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A day.
fn day() -> Value {
    json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}
