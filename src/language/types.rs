//! What an expression can read: the library of a pack; and the types of expressions.

use crate::base::date::Date;
use crate::base::text::Text;
use crate::language::ir::Program;
use crate::model::field::{EnumId, FieldId, ListId, Vocabulary};
use crate::model::instrument::Instrument;
use crate::model::parameter::Parameter;
use crate::model::table::Table;
use crate::model::unit::{Dimension, Per};

/// Everything an expression can name.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// The fields, enumerations and code lists.
    pub vocabulary: Vocabulary,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The decision tables.
    pub tables: Vec<Table>,
    /// The instruments.
    pub instruments: Vec<Instrument>,
    /// The formulas of derived fields, by field number.
    pub formulas: Vec<Option<Program>>,
    /// The days on which what a formula reads changes, by field number.
    pub formula_changes: Vec<Vec<Date>>,
}

impl Library {
    /// The formula of a derived field.
    pub fn formula(&self, field: FieldId) -> Option<&Program> {
        self.formulas
            .get(usize::from(field.0))
            .and_then(Option::as_ref)
    }

    /// Which version of a derived field holds on a day: how many of its changes lie behind.
    pub fn formula_version(&self, field: FieldId, day: Date) -> usize {
        self.formula_changes
            .get(usize::from(field.0))
            .map_or(0, |changes| {
                changes.partition_point(|change| *change <= day)
            })
    }

    /// The number of a parameter.
    pub fn parameter(&self, id: &str) -> Option<u16> {
        index_of(self.parameters.iter().map(|p| p.id.as_str()), id)
    }

    /// The number of a table.
    pub fn table(&self, id: &str) -> Option<u16> {
        index_of(self.tables.iter().map(|t| t.id.as_str()), id)
    }

    /// The number of an instrument.
    pub fn instrument(&self, id: &str) -> Option<u16> {
        index_of(self.instruments.iter().map(|i| i.id.as_str()), id)
    }

    /// The instrument of an id.
    pub fn instrument_of(&self, id: &str) -> Option<&Instrument> {
        self.instruments
            .iter()
            .find(|instrument| instrument.id == id)
    }
}

fn index_of<'a>(mut ids: impl Iterator<Item = &'a str>, id: &str) -> Option<u16> {
    ids.position(|other| other == id)
        .and_then(|i| u16::try_from(i).ok())
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// Free text.
    Text,
    /// An answer of an enumeration.
    Enum(EnumId),
    /// A day.
    Date,
    /// A code of a list.
    Code(ListId),
    /// A number with its dimension and period.
    Number(Dimension, Option<Per>),
    /// The records of a list field.
    Records(FieldId),
    /// A list of texts.
    Texts,
    /// A list of codes.
    Codes(ListId),
}

impl Type {
    /// The words for it in messages.
    pub fn name(self, vocabulary: &Vocabulary) -> Text {
        let same = |zh: &str, en: &str| Text::new(zh, en);
        match self {
            Self::Bool => same("真假值", "a truth value"),
            Self::Text => same("文字", "a text"),
            Self::Date => same("日期", "a date"),
            Self::Texts => same("文字列表", "a list of texts"),
            Self::Codes(_) => same("代码列表", "a list of codes"),
            Self::Enum(id) => {
                let id = vocabulary.enumeration(id).map_or("", |e| e.id.as_str());
                Text::new(format!("选项（{id}）"), format!("an answer of `{id}`"))
            }
            Self::Code(list) => {
                let id = vocabulary.list(list).map_or("", |l| l.id.as_str());
                Text::new(format!("代码（{id}）"), format!("a code of `{id}`"))
            }
            Self::Number(dimension, per) => {
                let name = dimension.name();
                let per = per.map(Per::suffix).unwrap_or_default();
                Text::new(
                    format!("{}{}", name.zh, per.zh),
                    format!("{}{}", name.en, per.en),
                )
            }
            Self::Records(list) => {
                let path = vocabulary.path(list);
                Text::new(format!("{path} 列表"), format!("the list `{path}`"))
            }
        }
    }
}
