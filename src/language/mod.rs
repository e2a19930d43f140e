//! The expression language: text → tokens → syntax tree → checked, typed program → value.
//!
//! It knows the vocabulary, parameters, tables and instruments it is given,
//! not the files they stand in and not what a verdict is.

pub mod ast;
pub mod checker;
pub mod eval;
pub mod functions;
pub mod ir;
pub mod lexer;
pub mod manual;
pub mod parser;
pub mod types;

use crate::base::source::Place;

/// The text of an expression and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Snippet<'a> {
    /// The text.
    pub text: &'a str,
    /// Where it stands.
    pub place: Place,
    /// True if the bytes at the place are those of the text, so that parts can be pointed at.
    pub exact: bool,
}

impl<'a> Snippet<'a> {
    /// An expression that stands nowhere, for tests.
    pub fn bare(text: &'a str) -> Self {
        Self {
            text,
            place: Place::Nowhere,
            exact: false,
        }
    }

    /// The place of a part.
    pub fn at(&self, span: crate::base::source::Span) -> Place {
        if self.exact {
            self.place.part(span.range())
        } else {
            self.place
        }
    }
}
