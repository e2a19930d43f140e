//! The syntax tree as written: names are not resolved, nothing is typed.

use std::fmt;

use crate::base::source::Span;
use crate::model::number::Number;

/// An expression with its span.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Where it stands in the text.
    pub span: Span,
}

/// What an expression can be.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A number and how it was written.
    Number(Number, String),
    /// A text.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `land.area`: names with their spans.
    Path(Vec<(String, Span)>),
    /// `name(args)` or `receiver.name(args)`.
    Call {
        /// What it is called on.
        receiver: Option<Box<Expr>>,
        /// The function or macro.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// The arguments.
        args: Vec<Expr>,
    },
    /// `!a` or `-a`.
    Unary(&'static str, Box<Expr>),
    /// `a + b`; the span is the operator's.
    Binary(&'static str, Span, Box<Expr>, Box<Expr>),
    /// `c ? a : b`.
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Something that could not be parsed and was reported.
    Broken,
}

/// How tightly a binary operator binds; higher binds tighter.
pub fn binding(operator: &str) -> Option<u8> {
    match operator {
        "||" => Some(2),
        "&&" => Some(3),
        "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" => Some(4),
        "+" | "-" => Some(5),
        "*" | "/" => Some(6),
        _ => None,
    }
}

impl fmt::Display for Expr {
    /// Text that parses to the same tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| {
            text.replace('\\', "\\\\")
                .replace('\'', "\\'")
                .replace('\n', "\\n")
                .replace('\t', "\\t")
        };
        match &self.kind {
            Kind::Number(_, written) => f.write_str(written),
            Kind::Text(text) => write!(f, "'{}'", quoted(text)),
            Kind::Bool(value) => write!(f, "{value}"),
            Kind::List(items) => {
                f.write_str("[")?;
                commas(f, items)?;
                f.write_str("]")
            }
            Kind::Path(names) => {
                let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
                f.write_str(&names.join("."))
            }
            Kind::Call {
                receiver,
                name,
                args,
                ..
            } => {
                match receiver {
                    Some(receiver)
                        if matches!(
                            receiver.kind,
                            Kind::Path(_) | Kind::Call { .. } | Kind::Text(_) | Kind::List(_)
                        ) =>
                    {
                        write!(f, "{receiver}.")?;
                    }
                    Some(receiver) => write!(f, "({receiver}).")?,
                    None => {}
                }
                write!(f, "{name}(")?;
                commas(f, args)?;
                f.write_str(")")
            }
            Kind::Unary(sign, inner) => write!(f, "{sign}({inner})"),
            Kind::Binary(sign, _, left, right) => write!(f, "({left}) {sign} ({right})"),
            Kind::Conditional(c, a, b) => write!(f, "({c}) ? ({a}) : ({b})"),
            Kind::Broken => f.write_str("(?)"),
        }
    }
}

fn commas(f: &mut fmt::Formatter<'_>, items: &[Expr]) -> fmt::Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}
