//! Decision tables: rows of cells matched against facts, with outputs and a hit policy.
//!
//! It does not look anything up: the language floor matches rows, the rules floor reads them.

use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::code::CodeId;
use crate::model::field::{EnumId, FieldId, ListId};
use crate::model::number::Number;
use crate::model::parameter::Confidence;
use crate::model::project::Value;
use crate::model::quantity::Measure;
use crate::model::rows::Rows;

/// How a key column matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// The same text, answer or truth value.
    Exact,
    /// The code or one below it.
    Code(ListId),
    /// A number in a range.
    Range,
    /// One of several texts or answers.
    Set,
    /// One of several products of a list of names.
    Names(ListId),
}

/// A key column.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its column.
    pub column: String,
    /// The field it is matched against.
    pub field: FieldId,
    /// How.
    pub matching: Match,
    /// The unit of its numbers.
    pub measure: Measure,
}

/// What an output holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// True or false.
    Bool,
    /// Text.
    Text,
    /// An answer of an enumeration.
    Enum(EnumId),
    /// A number.
    Number(Measure),
    /// A code.
    Code(ListId),
}

/// An output column.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its column.
    pub column: String,
    /// The words for it; the column's name where the head gives none.
    pub label: Text,
    /// What it holds.
    pub kind: OutputType,
}

/// A range of numbers in canonical units; a missing end is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Lower end and whether it is included.
    pub low: Option<(Number, bool)>,
    /// Upper end and whether it is included.
    pub high: Option<(Number, bool)>,
}

/// A cell of a key column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Anything.
    Any,
    /// These codes or names.
    Codes(Vec<CodeId>),
    /// Any of these ranges.
    Ranges(Vec<Bounds>),
    /// Any of these folded texts.
    Texts(Vec<String>),
    /// Any of these answers.
    Answers(Vec<u16>),
    /// This truth value.
    Bool(bool),
}

/// How rows that match decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// At most one row may match.
    Unique,
    /// The first row that matches.
    First,
    /// The strictest row that matches: the output's number and the answers in rising strictness.
    Strictest(usize, Vec<u16>),
}

/// What holds if no row matches.
#[derive(Clone, Debug, PartialEq)]
pub enum Otherwise {
    /// Unknown: the table has a gap.
    Gap,
    /// These outputs.
    Values(Vec<Option<Value>>),
}

/// A decision table.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Its key columns.
    pub keys: Vec<Key>,
    /// Its output columns.
    pub outputs: Vec<Output>,
    /// Its rows.
    pub rows: Rows,
    /// How rows decide.
    pub hit: Hit,
    /// What holds without a row.
    pub otherwise: Otherwise,
    /// How sure the whole is, and `otherwise` with it.
    pub confidence: Confidence,
    /// True if a later pack may add rows.
    pub fillable: bool,
    /// Where the whole comes from.
    pub source: String,
    /// Where it is declared.
    pub place: Place,
}

impl Table {
    /// The number of an output column.
    pub fn output(&self, column: &str) -> Option<usize> {
        self.outputs
            .iter()
            .position(|output| output.column == column)
    }

    /// The list whose records the keys read, if any does.
    pub fn record_list(&self, vocabulary: &crate::model::field::Vocabulary) -> Option<FieldId> {
        self.keys
            .iter()
            .find_map(|key| match vocabulary.field(key.field)?.slot {
                crate::model::field::Slot::Member(list, _) => Some(list),
                crate::model::field::Slot::Project(_) => None,
            })
    }
}
