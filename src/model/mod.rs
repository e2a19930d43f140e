//! What there is: units, numbers, values, the vocabulary, projects, packs' data.
//!
//! It does not read files, evaluate expressions or judge.

pub mod article;
pub mod code;
pub mod facts;
pub mod field;
pub mod instrument;
pub mod layer;
pub mod number;
pub mod parameter;
pub mod plan;
pub mod project;
pub mod quantity;
pub mod row_index;
pub mod rows;
pub mod shape;
pub mod site;
pub mod stage;
pub mod table;
pub mod texts;
pub mod unit;
pub mod unit_words;
pub mod value;
pub mod waiver;

use crate::base::text::{Lang, Text, counted};
use field::{Field, FieldType, Vocabulary};
use project::Value;

/// A field's value as shown to people, with labels and units.
pub fn field_text(vocabulary: &Vocabulary, field: &Field, value: &Value) -> Text {
    let both = |show: &dyn Fn(Lang) -> String| Text::new(show(Lang::Zh), show(Lang::En));
    match value {
        Value::Bool(true) => Text::new("是", "yes"),
        Value::Bool(false) => Text::new("否", "no"),
        Value::Text(words) => Text::same(&*words.shown),
        Value::Date(date) => Text::same(date.to_string()),
        Value::Number(interval) => both(&|lang| field.measure.show_interval(interval, lang)),
        Value::Enum(answer) => match field.kind {
            FieldType::Enum(id) => vocabulary
                .enumeration(id)
                .and_then(|e| e.answer(*answer))
                .map(|a| a.label.clone())
                .unwrap_or_default(),
            _ => Text::default(),
        },
        Value::Code(code) => match field.kind {
            FieldType::Code(list) | FieldType::Codes(list) => code_text(vocabulary, list, *code),
            _ => Text::default(),
        },
        Value::Records(records) => {
            let count = records.len();
            Text::new(format!("{count} 项"), counted(count, "item"))
        }
        Value::Texts(texts) => {
            let list: Vec<&str> = texts.iter().map(|t| &*t.shown).collect();
            Text::new(list.join("、"), list.join(", "))
        }
        Value::Codes(codes) => match field.kind {
            FieldType::Codes(list) => {
                let all: Vec<&str> = codes
                    .iter()
                    .map(|code| vocabulary.code(list, *code))
                    .collect();
                Text::new(all.join("、"), all.join(", "))
            }
            _ => Text::default(),
        },
    }
}

/// A code with its name.
pub fn code_text(vocabulary: &Vocabulary, list: field::ListId, code: code::CodeId) -> Text {
    let Some(entry) = vocabulary.list(list).and_then(|l| l.entry(code)) else {
        return Text::default();
    };
    let name = |lang| {
        if entry.name.get(lang).is_empty() {
            &entry.name.zh
        } else {
            entry.name.get(lang)
        }
    };
    Text::new(
        format!("{} {}", entry.code, name(Lang::Zh)),
        format!("{} {}", entry.code, name(Lang::En)),
    )
}
