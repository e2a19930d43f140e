//! Masking: values that a report shall not show are replaced wherever it shows them.
//!
//! It knows no facts: it is told what to hide. What follows from a hidden value, such as a sum or a verdict, stays.

use crate::base::text::{Lang, Text};
use crate::text;

/// What a mark begins with.
const MARK: &str = "[masked: ";

/// A value that is not to be shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden {
    /// The path of its field.
    pub field: String,
    /// The forms in which it may be written.
    pub forms: Vec<String>,
}

/// What stands instead of a value of a field, in every language: programs know it by this.
fn mark(field: &str) -> String {
    format!("{MARK}{field}]")
}

/// The fields whose marks stand in a text of a report that was read back.
pub fn marks(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split(MARK).skip(1);
    after.filter_map(|rest| rest.split_once(']').map(|(field, _)| field))
}

/// True if a text does not show all that it says: it cannot be held against another.
pub fn is_masked(text: &str) -> bool {
    marks(text).next().is_some()
}

/// A text read back, its marks in words of a language.
pub fn in_words(text: &str, lang: Lang) -> String {
    let mut out = text.to_owned();
    for field in marks(text) {
        let words = text!("［已遮盖：{field}］", "[masked: {field}]");
        out = out.replace(&mark(field), words.get(lang));
    }
    out
}

/// Such a text in both languages.
pub fn in_both(text: &str) -> Text {
    Text::new(in_words(text, Lang::Zh), in_words(text, Lang::En))
}

/// A JSON text whose string values show none of the hidden values. Names of members are left alone.
pub fn masked(json: &str, hidden: &[Hidden]) -> String {
    // The longest first, so that no part of a value is replaced before the whole.
    let mut forms: Vec<(String, String)> = Vec::new();
    for value in hidden {
        for form in value.forms.iter().filter(|form| !form.trim().is_empty()) {
            forms.push((quoted(form.trim()), quoted(&mark(&value.field))));
        }
    }
    forms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    forms.dedup_by(|a, b| a.0 == b.0);
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('"') {
        out.push_str(before);
        out.push('"');
        let end = end_of_string(after);
        let (text, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        let is_name = behind
            .strip_prefix('"')
            .is_some_and(|b| b.trim_start().starts_with(':'));
        if is_name {
            out.push_str(text);
        } else {
            out.push_str(&replaced(text, &forms));
        }
        if let Some(behind) = behind.strip_prefix('"') {
            out.push('"');
            rest = behind;
        } else {
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// Where a string ends that begins here.
fn end_of_string(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    text.len()
}

/// A text as it stands within a JSON string.
fn quoted(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted
        .strip_prefix('"')
        .and_then(|q| q.strip_suffix('"'))
        .unwrap_or(&quoted)
        .to_owned()
}

/// A text with each form replaced by its mark, in one pass: a mark is never looked at again.
fn replaced(text: &str, forms: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = text;
    let held: Vec<_> = forms
        .iter()
        .filter(|(form, _)| text.contains(form))
        .collect();
    while !rest.is_empty() && !held.is_empty() {
        let fits = held.iter().find_map(|(form, mark)| {
            let after = rest.strip_prefix(form.as_str())?;
            let joined = clings(out.chars().next_back(), form.chars().next())
                || clings(after.chars().next(), form.chars().next_back());
            (!joined).then_some((mark, after))
        });
        if let Some((mark, after)) = fits {
            out.push_str(mark);
            rest = after;
        } else {
            let mut chars = rest.chars();
            out.extend(chars.next());
            rest = chars.as_str();
        }
    }
    out.push_str(rest);
    out
}

/// True if a character makes one word or number with the edge of a value: `15` is no `5`.
fn clings(beside: Option<char>, edge: Option<char>) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
    beside.is_some_and(part) && edge.is_some_and(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_and_names_and_larger_numbers_stay() {
        let hidden = [
            Hidden {
                field: "name".to_owned(),
                forms: vec!["name".to_owned(), "甲“\"”厂".to_owned()],
            },
            Hidden {
                field: "money".to_owned(),
                forms: vec!["268 万元".to_owned(), "268".to_owned()],
            },
        ];
        let json = r#"{"name": "name", "a": ["268 万元，1268", "甲“\"”厂的 268。", "rule/name"], "n": 268}"#;
        assert_eq!(
            masked(json, &hidden),
            r#"{"name": "[masked: name]", "a": ["[masked: money]，1268", "[masked: name]的 [masked: money]。", "rule/name"], "n": 268}"#
        );
    }

    #[test]
    fn marks_are_known_again_and_told_in_the_language_of_the_reader() {
        let text = "[masked: name]的 [masked: boilers.nox]，[1]";
        assert_eq!(marks(text).collect::<Vec<_>>(), ["name", "boilers.nox"]);
        assert_eq!(
            in_words(text, Lang::Zh),
            "［已遮盖：name］的 ［已遮盖：boilers.nox］，[1]"
        );
        assert_eq!(in_words(text, Lang::En), text);
        assert!(!is_masked("[masked: without an end") && !is_masked("[1]"));
    }
}
