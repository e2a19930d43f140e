//! The checker: a syntax tree into the typed program, with every mistake at its place.
//!
//! It rejects unknown fields, wrong dimensions and periods, literals compared with dimensioned
//! values, comparisons that can never or always hold, and patterns that do not compile.

mod bounds;
mod calls;
mod lookups;
mod names;
mod operators;

use crate::base::problem::{Problem, any_error};
use crate::base::source::Span;
use crate::base::text::{Text, folded};
use crate::language::Snippet;
use crate::language::ast::{Expr, Kind};
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, Get, ListExpr, Literal, Node, NodeInfo, NumExpr,
    NumKind, Order, Program, Root,
};
use crate::language::parser;
use crate::language::types::{Library, Type};
use crate::model::field::{FieldId, Vocabulary};
use crate::model::quantity::Measure;
use crate::model::unit::{Dimension, Per};
use crate::text;

/// What an expression is expected to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A condition.
    Bool,
    /// The formula of a field of this dimension and period.
    Number(Dimension, Option<Per>),
    /// Anything: the part of a message.
    Any,
}

/// Parses and checks an expression.
pub fn compile(
    snippet: Snippet<'_>,
    library: &Library,
    expected: Expected,
) -> (Option<Program>, Vec<Problem>) {
    let (expr, mut problems) = parser::parse(snippet);
    // What could not be parsed is not checked further: the rest would be guesses.
    if any_error(&problems) {
        return (None, problems);
    }
    let mut checker = Checker {
        snippet,
        library,
        nodes: Vec::new(),
        fields: Vec::new(),
        parameters: Vec::new(),
        tables: Vec::new(),
        instruments: Vec::new(),
        variable: None,
        problems: Vec::new(),
    };
    let typed = checker.expr(&expr);
    let typed = typed.and_then(|typed| checker.expect(&expr, typed, expected));
    problems.append(&mut checker.problems);
    let Some(typed) = typed.filter(|_| !any_error(&problems)) else {
        return (None, problems);
    };
    let kind = typed.kind();
    let root = match typed {
        Typed::Bool(e) => Root::Bool(e),
        Typed::Number(e, _) => Root::Number(e),
        Typed::Atom(e, _) => Root::Atom(e),
        Typed::Records(e) => Root::List(e),
        Typed::Plain(get, _) => Root::Plain(get),
    };
    let sorted = |mut all: Vec<u16>| {
        all.sort_unstable();
        all.dedup();
        all
    };
    let mut fields = checker.fields;
    fields.sort_unstable();
    fields.dedup();
    let program = Program {
        text: snippet.text.to_owned(),
        place: snippet.place,
        exact: snippet.exact,
        root,
        kind,
        nodes: checker.nodes,
        fields,
        parameters: sorted(checker.parameters),
        tables: sorted(checker.tables),
        instruments: sorted(checker.instruments),
    };
    (Some(program), problems)
}

/// The dimension and period of a number, how it is shown, and whether it is a bare literal.
#[derive(Clone, Debug)]
struct NumType {
    dimension: Dimension,
    per: Option<Per>,
    measure: Measure,
    literal: bool,
    zero: bool,
}

/// A checked expression of any type.
enum Typed {
    Bool(BoolExpr),
    Number(NumExpr, NumType),
    Atom(AtomExpr, Type),
    Records(ListExpr),
    Plain(Get, Type),
}

impl Typed {
    pub(super) fn kind(&self) -> Type {
        match self {
            Self::Bool(_) => Type::Bool,
            Self::Number(_, t) => Type::Number(t.dimension, t.per),
            Self::Atom(_, kind) | Self::Plain(_, kind) => *kind,
            Self::Records(list) => Type::Records(list.field()),
        }
    }
}

struct Checker<'a> {
    snippet: Snippet<'a>,
    library: &'a Library,
    nodes: Vec<NodeInfo>,
    fields: Vec<FieldId>,
    parameters: Vec<u16>,
    tables: Vec<u16>,
    instruments: Vec<u16>,
    /// The macro variable in scope and the list whose records it names.
    variable: Option<(String, FieldId)>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    pub(super) fn vocabulary(&self) -> &'a Vocabulary {
        &self.library.vocabulary
    }

    pub(super) fn report(
        &mut self,
        code: &'static str,
        span: Span,
        message: Text,
        help: Option<Text>,
    ) {
        self.problems
            .push(Problem::error(code, self.snippet.at(span), message).maybe_help(help));
    }

    pub(super) fn mismatch(&mut self, span: Span, message: Text, help: Option<Text>) {
        self.report("hegui::language::type", span, message, help);
    }

    pub(super) fn id(&mut self, span: Span, kind: Type, measure: &Measure, leaf: bool) -> u32 {
        self.nodes.push(NodeInfo {
            span,
            kind,
            measure: measure.clone(),
            leaf,
        });
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn bool(&mut self, span: Span, kind: BoolKind) -> Typed {
        let leaf = matches!(kind, BoolKind::Field(_) | BoolKind::Lookup(_));
        Typed::Bool(Node {
            id: self.id(span, Type::Bool, &Measure::NONE, leaf),
            kind,
        })
    }

    pub(super) fn number(&mut self, span: Span, kind: NumKind, t: NumType) -> Typed {
        let leaf = matches!(
            kind,
            NumKind::Field(_) | NumKind::Parameter(_) | NumKind::Lookup(_)
        );
        Typed::Number(
            Node {
                id: self.id(span, Type::Number(t.dimension, t.per), &t.measure, leaf),
                kind,
            },
            t,
        )
    }

    pub(super) fn atom(&mut self, span: Span, kind: AtomKind, t: Type) -> Typed {
        let leaf = matches!(kind, AtomKind::Field(_) | AtomKind::Lookup(_));
        Typed::Atom(
            Node {
                id: self.id(span, t, &Measure::NONE, leaf),
                kind,
            },
            t,
        )
    }

    pub(super) fn expect(
        &mut self,
        expr: &Expr,
        typed: Typed,
        expected: Expected,
    ) -> Option<Typed> {
        match (expected, &typed) {
            (Expected::Any, _) | (Expected::Bool, Typed::Bool(_)) => Some(typed),
            (Expected::Number(dimension, per), Typed::Number(_, t))
                if (t.dimension == dimension && t.per == per) || t.zero =>
            {
                Some(typed)
            }
            (Expected::Number(dimension, per), _) => {
                let (is, should) = (
                    typed.kind().name(self.vocabulary()),
                    Type::Number(dimension, per).name(self.vocabulary()),
                );
                self.mismatch(
                    expr.span,
                    Text::new(
                        format!("公式得到{}，字段应为{}", is.zh, should.zh),
                        format!("the formula gives {}, the field is {}", is.en, should.en),
                    ),
                    None,
                );
                None
            }
            (Expected::Bool, _) => {
                let is = typed.kind().name(self.vocabulary());
                self.mismatch(
                    expr.span,
                    Text::new(
                        format!("这里应当是条件（真假值），得到的是{}", is.zh),
                        format!("a condition is expected here, not {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Option<Typed> {
        match &expr.kind {
            Kind::Number(number, _) => {
                let zero = number.is_zero();
                let t = NumType {
                    dimension: Dimension::NONE,
                    per: None,
                    measure: Measure::NONE,
                    literal: true,
                    zero,
                };
                Some(self.number(expr.span, NumKind::Literal(number.clone()), t))
            }
            Kind::Text(text) => {
                let literal = Literal::Text(folded(text).into());
                Some(self.atom(expr.span, AtomKind::Literal(literal), Type::Text))
            }
            Kind::Bool(value) => Some(self.bool(expr.span, BoolKind::Literal(*value))),
            Kind::List(_) => {
                self.mismatch(
                    expr.span,
                    text!(
                        "列表只能写在 in 的右边",
                        "a list may stand only at the right of `in`"
                    ),
                    None,
                );
                None
            }
            Kind::Path(names) => self.path(expr.span, names),
            Kind::Call {
                receiver,
                name,
                name_span,
                args,
            } => self.call(expr.span, receiver.as_deref(), name, *name_span, args),
            Kind::Unary(sign, inner) => self.unary(expr.span, sign, inner),
            Kind::Binary("&&" | "||", _, a, b) => {
                let (left, right) = (self.condition(a), self.condition(b));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let and = matches!(expr.kind, Kind::Binary("&&", ..));
                Some(self.bool(
                    expr.span,
                    if and {
                        BoolKind::And(left, right)
                    } else {
                        BoolKind::Or(left, right)
                    },
                ))
            }
            Kind::Binary("in", _, item, list) => self.member(expr.span, item, list),
            Kind::Binary(sign, sign_span, a, b) => match Order::of(sign) {
                Some(order) => self.comparison(expr.span, *sign_span, order, a, b),
                None => self.arithmetic(expr.span, *sign_span, sign, a, b),
            },
            Kind::Conditional(c, a, b) => self.conditional(expr.span, c, a, b),
            Kind::Broken => None,
        }
    }

    pub(super) fn condition(&mut self, expr: &Expr) -> Option<BoolExpr> {
        let typed = self.expr(expr)?;
        match self.expect(expr, typed, Expected::Bool)? {
            Typed::Bool(e) => Some(e),
            _ => None,
        }
    }

    pub(super) fn numeric(&mut self, expr: &Expr) -> Option<(NumExpr, NumType)> {
        match self.expr(expr)? {
            Typed::Number(e, t) => Some((e, t)),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    expr.span,
                    Text::new(
                        format!("这里应当是数值，得到的是{}", is.zh),
                        format!("a number is expected here, not {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }
}
