//! The typed program: names resolved to slots, macros kept, a number for every node.
//!
//! Evaluation, explanation and analysis read only this.
//! Its shape makes type errors unrepresentable: a comparison of numbers holds two numbers.

use std::fmt;

use regex::Regex;

use crate::base::date::Date;
use crate::base::source::{Place, Span};
use crate::language::types::Type;
use crate::model::code::CodeId;
use crate::model::field::{FieldId, ListId};
use crate::model::number::Number;
use crate::model::quantity::Measure;

/// A node with its number in the program.
#[derive(Clone)]
pub struct Node<K> {
    /// Its number, an index into [`Program::nodes`].
    pub id: u32,
    /// What it does.
    pub kind: K,
}

/// Shown without its number, so that equal expressions of different programs are shown alike.
impl<K: fmt::Debug> fmt::Debug for Node<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

/// An expression that is true or false.
pub type BoolExpr = Node<BoolKind>;
/// An expression that is a number.
pub type NumExpr = Node<NumKind>;
/// An expression that is a text, answer, date or code.
pub type AtomExpr = Node<AtomKind>;
/// An expression that is a list of records.
pub type ListExpr = Node<ListKind>;

/// The order comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Order {
    /// The order of an operator.
    pub fn of(sign: &str) -> Option<Self> {
        match sign {
            "<" => Some(Self::Less),
            "<=" => Some(Self::AtMost),
            ">" => Some(Self::Greater),
            ">=" => Some(Self::AtLeast),
            "==" => Some(Self::Equal),
            "!=" => Some(Self::Unequal),
            _ => None,
        }
    }

    /// The operator.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::Unequal => "!=",
        }
    }
}

/// Which fact is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Get {
    /// A slot of the project.
    Project(u16, FieldId),
    /// A member of the record at hand.
    Member(u16, FieldId),
    /// A derived field.
    Derived(u16, FieldId),
}

impl Get {
    /// The field.
    pub fn field(self) -> FieldId {
        match self {
            Self::Project(_, field) | Self::Member(_, field) | Self::Derived(_, field) => field,
        }
    }
}

/// A look-up in a table.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The table's number.
    pub table: u16,
    /// The output's number.
    pub output: usize,
}

/// What is true or false.
#[derive(Clone, Debug)]
pub enum BoolKind {
    /// `true` or `false`.
    Literal(bool),
    /// A fact.
    Field(Get),
    /// `!a`.
    Not(Box<BoolExpr>),
    /// `a && b`.
    And(Box<BoolExpr>, Box<BoolExpr>),
    /// `a || b`.
    Or(Box<BoolExpr>, Box<BoolExpr>),
    /// `c ? a : b`.
    If(Box<BoolExpr>, Box<BoolExpr>, Box<BoolExpr>),
    /// Two truth values are equal, or not.
    Same(bool, Box<BoolExpr>, Box<BoolExpr>),
    /// Two numbers compared.
    Numbers(Order, Box<NumExpr>, Box<NumExpr>),
    /// Two texts, answers or dates compared.
    Atoms(Order, Box<AtomExpr>, Box<AtomExpr>),
    /// The first code is the second or below it, or not.
    Code(bool, ListId, Box<AtomExpr>, Box<AtomExpr>),
    /// One of several texts or answers.
    In(Box<AtomExpr>, Vec<AtomExpr>),
    /// Within one of several codes.
    InCodes(ListId, Box<AtomExpr>, Vec<AtomExpr>),
    /// A member of a list field of texts or codes.
    Member(Box<AtomExpr>, Get, Option<ListId>),
    /// The text holds another.
    Contains(Box<AtomExpr>, Box<AtomExpr>),
    /// The text starts with another.
    StartsWith(Box<AtomExpr>, Box<AtomExpr>),
    /// The text matches a pattern.
    Matches(Box<AtomExpr>, Regex),
    /// Every record satisfies.
    All(Box<ListExpr>, Box<BoolExpr>),
    /// Some record satisfies.
    Exists(Box<ListExpr>, Box<BoolExpr>),
    /// Every record that states a value states the same.
    Agree(Box<ListExpr>, Box<Stated>, Option<Box<Stated>>),
    /// The instrument is in force.
    InForce(u16),
    /// A table's output.
    Lookup(Lookup),
}

/// What records are asked to agree on.
#[derive(Clone, Debug)]
pub enum Stated {
    /// A number.
    Number(NumExpr),
    /// A text, answer, date or code.
    Atom(AtomExpr),
}

impl Stated {
    /// The fact it is, if it is one as it stands.
    pub fn get(&self) -> Option<Get> {
        match self {
            Self::Number(Node {
                kind: NumKind::Field(get),
                ..
            })
            | Self::Atom(Node {
                kind: AtomKind::Field(get),
                ..
            }) => Some(*get),
            _ => None,
        }
    }
}

/// What is a number.
#[derive(Clone, Debug)]
pub enum NumKind {
    /// A literal.
    Literal(Number),
    /// A fact.
    Field(Get),
    /// A parameter.
    Parameter(u16),
    /// `-a`.
    Neg(Box<NumExpr>),
    /// `a + b`.
    Add(Box<NumExpr>, Box<NumExpr>),
    /// `a - b`.
    Sub(Box<NumExpr>, Box<NumExpr>),
    /// `a * b`.
    Mul(Box<NumExpr>, Box<NumExpr>),
    /// `a / b`.
    Div(Box<NumExpr>, Box<NumExpr>),
    /// The least.
    Min(Vec<NumExpr>),
    /// The greatest.
    Max(Vec<NumExpr>),
    /// The absolute value.
    Abs(Box<NumExpr>),
    /// `c ? a : b`.
    If(Box<BoolExpr>, Box<NumExpr>, Box<NumExpr>),
    /// How many records.
    Size(Box<ListExpr>),
    /// How many texts or codes.
    Count(Get),
    /// The sum over records.
    Sum(Box<ListExpr>, Box<NumExpr>),
    /// The least over records.
    Least(Box<ListExpr>, Box<NumExpr>),
    /// The greatest over records.
    Greatest(Box<ListExpr>, Box<NumExpr>),
    /// The days from one date to another.
    Days(Box<AtomExpr>, Box<AtomExpr>),
    /// A table's output.
    Lookup(Lookup),
}

/// What is a text, answer, date or code.
#[derive(Clone, Debug)]
pub enum AtomKind {
    /// A literal.
    Literal(Literal),
    /// A fact.
    Field(Get),
    /// The day as of which the rule is judged.
    AsOf,
    /// A date and a number of years.
    AddYears(Box<AtomExpr>, Box<NumExpr>),
    /// A date and a number of days.
    AddDays(Box<AtomExpr>, Box<NumExpr>),
    /// `c ? a : b`.
    If(Box<BoolExpr>, Box<AtomExpr>, Box<AtomExpr>),
    /// A table's output.
    Lookup(Lookup),
}

/// A literal text, answer, date or code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A folded text.
    Text(Box<str>),
    /// An answer.
    Enum(u16),
    /// A day.
    Date(Date),
    /// A code.
    Code(CodeId),
}

/// A list of records.
#[derive(Clone, Debug)]
pub enum ListKind {
    /// A list field: slot and field.
    Field(u16, FieldId),
    /// The records that satisfy.
    Filter(Box<ListExpr>, Box<BoolExpr>),
}

impl ListExpr {
    /// The list field whose records these are.
    pub fn field(&self) -> FieldId {
        match &self.kind {
            ListKind::Field(_, field) => *field,
            ListKind::Filter(inner, _) => inner.field(),
        }
    }
}

/// A typed root.
#[derive(Clone, Debug)]
pub enum Root {
    /// True or false.
    Bool(BoolExpr),
    /// A number.
    Number(NumExpr),
    /// A text, answer, date or code.
    Atom(AtomExpr),
    /// A list of records.
    List(ListExpr),
    /// A list field of texts or codes.
    Plain(Get),
}

/// What a node is, for showing it.
#[derive(Clone, Debug)]
pub struct NodeInfo {
    /// Where it stands in the expression.
    pub span: Span,
    /// Its type.
    pub kind: Type,
    /// The unit in which its numbers are shown.
    pub measure: Measure,
    /// True for a fact or parameter: its value belongs in the evidence.
    pub leaf: bool,
}

/// A checked expression.
#[derive(Clone, Debug)]
pub struct Program {
    /// The expression's text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
    /// True if parts of it can be pointed at.
    pub exact: bool,
    /// The typed tree.
    pub root: Root,
    /// The type of the root.
    pub kind: Type,
    /// What each node is.
    pub nodes: Vec<NodeInfo>,
    /// The fields it reads, each once, in order; derived fields are listed themselves.
    pub fields: Vec<FieldId>,
    /// The parameters it reads.
    pub parameters: Vec<u16>,
    /// The tables it looks up.
    pub tables: Vec<u16>,
    /// The instruments whose force it asks for.
    pub instruments: Vec<u16>,
}

impl Program {
    /// The text of a node.
    pub fn text_of(&self, node: u32) -> &str {
        let span = self
            .nodes
            .get(node as usize)
            .map_or(Span::default(), |info| info.span);
        self.text.get(span.range()).unwrap_or("")
    }

    /// The condition, if the program is one.
    pub fn condition(&self) -> Option<&BoolExpr> {
        match &self.root {
            Root::Bool(root) => Some(root),
            _ => None,
        }
    }
}
