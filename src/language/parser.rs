//! Tokens into a syntax tree: a Pratt parser that recovers, so that one load reports every mistake.
//!
//! Depth and size are limited, so that later passes may recurse.

use crate::base::problem::Problem;
use crate::base::source::Span;
use crate::base::text::Text;
use crate::language::Snippet;
use crate::language::ast::{Expr, Kind, binding};
use crate::language::lexer::{Token, tokens};
use crate::model::number::Number;
use crate::text;

/// How deep an expression may be nested.
const DEPTH: usize = 60;
/// How many nodes an expression may have.
const NODES: usize = 2_000;

/// Parses an expression. A tree with problems is not fit for checking.
pub fn parse(snippet: Snippet<'_>) -> (Expr, Vec<Problem>) {
    let mut problems = Vec::new();
    let tokens = tokens(snippet, &mut problems);
    let mut parser = Parser {
        snippet,
        tokens,
        at: 0,
        depth: 0,
        nodes: 0,
        full: false,
        problems,
    };
    let expr = parser.expression(0);
    if !matches!(parser.peek(), Token::End) && !parser.full {
        let span = parser.span();
        parser.report(
            span,
            text!("表达式到这里应当结束", "the expression should end here"),
            parser.word_hint(),
        );
    }
    (expr, parser.problems)
}

struct Parser<'a> {
    snippet: Snippet<'a>,
    tokens: Vec<(Token, Span)>,
    at: usize,
    depth: usize,
    nodes: usize,
    full: bool,
    problems: Vec<Problem>,
}

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens
            .get(self.at)
            .map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Span {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(Span::default(), |(_, span)| *span)
    }

    fn bump(&mut self) -> Span {
        let span = self.span();
        self.at += 1;
        span
    }

    fn eat(&mut self, sign: &str) -> Option<Span> {
        if *self.peek() == Token::Sign("") {
            return None;
        }
        matches!(self.peek(), Token::Sign(s) if *s == sign).then(|| self.bump())
    }

    fn report(&mut self, span: Span, message: Text, help: Option<Text>) {
        // One mistake per place: what follows a mistake is seldom a second one.
        let place = self.snippet.at(span);
        if self.snippet.exact && self.problems.iter().any(|p| p.place() == place) {
            return;
        }
        self.problems
            .push(Problem::error("hegui::language::syntax", place, message).maybe_help(help));
    }

    fn expect(&mut self, sign: &'static str, opened: Span) -> Span {
        if let Some(span) = self.eat(sign) {
            return span;
        }
        let span = self.span();
        if !self.full {
            let message = text!("这里缺少 `{sign}`", "`{sign}` is missing here");
            let problem = Problem::error("hegui::language::syntax", self.snippet.at(span), message)
                .also(
                    self.snippet.at(opened),
                    text!("与这里对应", "to close this"),
                );
            self.problems.push(problem);
        }
        span
    }

    /// Words of other languages that people type for operators.
    fn word_hint(&self) -> Option<Text> {
        let Token::Name(word) = self.peek() else {
            return None;
        };
        let sign = match word.to_lowercase().as_str() {
            "and" | "且" | "并且" => "&&",
            "or" | "或" | "或者" => "||",
            "not" | "非" => "!",
            "is" | "等于" => "==",
            "大于" => ">",
            "小于" => "<",
            _ => return None,
        };
        Some(text!("请写 {sign}", "write {sign}"))
    }

    fn node(&mut self, kind: Kind, span: Span) -> Expr {
        self.nodes += 1;
        if self.nodes > NODES && !self.full {
            self.report(
                span,
                text!(
                    "表达式过长（最多 {NODES} 个部分）",
                    "the expression is too long (at most {NODES} parts)"
                ),
                None,
            );
            self.full = true;
            self.at = self.tokens.len();
        }
        Expr { kind, span }
    }

    fn expression(&mut self, least: u8) -> Expr {
        self.depth += 1;
        let expr = if self.depth > DEPTH {
            let span = self.span();
            if !self.full {
                self.report(
                    span,
                    text!(
                        "嵌套层数过多（最多 {DEPTH} 层）",
                        "the nesting is too deep (at most {DEPTH} levels)"
                    ),
                    None,
                );
            }
            self.full = true;
            self.at = self.tokens.len();
            Expr {
                kind: Kind::Broken,
                span,
            }
        } else {
            self.climb(least)
        };
        self.depth -= 1;
        expr
    }

    fn climb(&mut self, least: u8) -> Expr {
        let mut left = self.prefix();
        loop {
            let operator = match self.peek() {
                Token::Sign(sign) => *sign,
                Token::Name(name) if name == "in" => "in",
                _ => return left,
            };
            if operator == "?" && least <= 1 {
                left = self.conditional(left);
                continue;
            }
            let Some(power) = binding(operator) else {
                return left;
            };
            if power < least {
                return left;
            }
            let sign_span = self.bump();
            let right = self.expression(power + 1);
            // Comparisons do not chain: `a < b < c` would compare a truth value.
            if power == 4 && matches!(self.peek(), Token::Sign(s) if binding(s) == Some(4)) {
                let span = self.span();
                self.report(
                    span,
                    text!("比较不能连写", "comparisons do not chain"),
                    Some(text!("请写成 a < b && b < c", "write a < b && b < c")),
                );
            }
            let span = left.span.to(right.span);
            left = self.node(
                Kind::Binary(operator, sign_span, Box::new(left), Box::new(right)),
                span,
            );
        }
    }

    fn conditional(&mut self, condition: Expr) -> Expr {
        let opened = self.bump();
        let yes = self.expression(1);
        self.expect(":", opened);
        let no = self.expression(1);
        let span = condition.span.to(no.span);
        self.node(
            Kind::Conditional(Box::new(condition), Box::new(yes), Box::new(no)),
            span,
        )
    }

    fn prefix(&mut self) -> Expr {
        for sign in ["!", "-"] {
            if let Some(start) = self.eat(sign) {
                let inner = self.expression(7);
                let span = start.to(inner.span);
                return self.node(Kind::Unary(sign, Box::new(inner)), span);
            }
        }
        let mut expr = self.primary();
        // Chained calls: boilers.filter(…).sum(…).
        while let Some(dot) = self.eat(".") {
            match self.peek().clone() {
                Token::Name(name) => {
                    let name_span = self.bump();
                    if matches!(self.peek(), Token::Sign("(")) {
                        expr = self.call(Some(expr), name, name_span);
                    } else {
                        self.report(
                            name_span,
                            text!(
                                "只有字段路径可以带 `.{name}`",
                                "only a field path can be followed by `.{name}`"
                            ),
                            None,
                        );
                    }
                }
                _ => self.report(
                    dot,
                    text!("`.` 后面缺少名称", "a name is missing after `.`"),
                    None,
                ),
            }
        }
        expr
    }

    fn primary(&mut self) -> Expr {
        let span = self.span();
        match self.peek().clone() {
            Token::Number(written) => {
                self.bump();
                match Number::parse(&written) {
                    Ok(number) => self.node(Kind::Number(number, written), span),
                    Err(_) => {
                        self.report(span, text!("数字过长", "the number is too long"), None);
                        self.node(Kind::Broken, span)
                    }
                }
            }
            Token::Text(text) => {
                self.bump();
                self.node(Kind::Text(text), span)
            }
            Token::Name(name) => self.name(name),
            Token::Sign("(") => {
                let opened = self.bump();
                let inner = self.expression(0);
                let closed = self.expect(")", opened);
                Expr {
                    kind: inner.kind,
                    span: opened.to(closed),
                }
            }
            Token::Sign("[") => {
                let opened = self.bump();
                let (items, closed) = self.items("]", opened);
                self.node(Kind::List(items), opened.to(closed))
            }
            _ => {
                let message = if matches!(self.peek(), Token::End) {
                    text!("表达式没有写完", "the expression ends too early")
                } else {
                    text!("这里应当是一个值", "a value is expected here")
                };
                self.report(span, message, None);
                // Skip stray operators, so that the value after them is still read.
                let mut skipped = false;
                while matches!(self.peek(), Token::Sign(sign) if !matches!(*sign, "(" | "[" | ")" | "]" | "," | ":" | "!" | "-"))
                {
                    self.bump();
                    skipped = true;
                }
                if skipped && !matches!(self.peek(), Token::End | Token::Sign(_)) {
                    return self.expression(7);
                }
                self.node(Kind::Broken, span)
            }
        }
    }

    fn name(&mut self, name: String) -> Expr {
        let mut span = self.bump();
        match name.as_str() {
            "true" | "false" => return self.node(Kind::Bool(name == "true"), span),
            _ => {}
        }
        if matches!(self.peek(), Token::Sign("(")) {
            return self.call(None, name, span);
        }
        let mut names = vec![(name, span)];
        while matches!(self.peek(), Token::Sign(".")) {
            let Some((Token::Name(next), next_span)) = self.tokens.get(self.at + 1).cloned() else {
                break;
            };
            // A name before a bracket is a method, which the caller takes.
            if matches!(self.tokens.get(self.at + 2), Some((Token::Sign("("), _))) {
                break;
            }
            self.at += 2;
            span = span.to(next_span);
            names.push((next, next_span));
        }
        self.node(Kind::Path(names), span)
    }

    fn call(&mut self, receiver: Option<Expr>, name: String, name_span: Span) -> Expr {
        let opened = self.bump();
        let (args, closed) = self.items(")", opened);
        let start = receiver.as_ref().map_or(name_span, |r| r.span);
        self.node(
            Kind::Call {
                receiver: receiver.map(Box::new),
                name,
                name_span,
                args,
            },
            start.to(closed),
        )
    }

    fn items(&mut self, close: &'static str, opened: Span) -> (Vec<Expr>, Span) {
        let mut items = Vec::new();
        loop {
            if let Some(closed) = self.eat(close) {
                return (items, closed);
            }
            let before = self.at;
            items.push(self.expression(0));
            if self.eat(",").is_some() {
                continue;
            }
            let closed = self.expect(close, opened);
            if self.at == before {
                self.at += 1;
            }
            return (items, closed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    fn tree(text: &str) -> String {
        let (expr, problems) = parse(Snippet::bare(text));
        assert!(problems.is_empty(), "{text}: {problems:?}");
        expr.to_string()
    }

    /// The texts that the problems of an expression point at.
    fn marks(text: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        let place = sources.get(id).unwrap().place(0..text.len());
        let (_, problems) = parse(Snippet {
            text,
            place,
            exact: true,
        });
        let problems = crate::base::problem::sorted(problems);
        problems
            .iter()
            .map(|p| sources.text_at(p.place()).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn operators_bind_as_in_cel() {
        assert_eq!(
            tree("a || b && c == 1 + 2 * 3"),
            "(a) || ((b) && ((c) == ((1) + ((2) * (3)))))"
        );
        assert_eq!(tree("!a.b && -1 < 2"), "(!(a.b)) && ((-(1)) < (2))");
        assert_eq!(tree("a ? b : c ? d : e"), "(a) ? (b) : ((c) ? (d) : (e))");
        assert_eq!(tree("x in ['a', 'b']"), "(x) in (['a', 'b'])");
        assert_eq!(
            tree("锅炉.filter(b, b.用途 == '供暖').sum(b, b.容量)"),
            "锅炉.filter(b, (b.用途) == ('供暖')).sum(b, b.容量)"
        );
        assert_eq!(tree("a - b - c"), "((a) - (b)) - (c)");
    }

    #[test]
    fn every_mistake_is_reported_at_its_characters() {
        assert_eq!(marks("a ＞ 1 && b == “x” && c = 2"), ["＞", "“", "="]);
        assert_eq!(marks("a && && b"), ["&&"]);
        assert_eq!(marks("(a || b"), [""]);
        assert_eq!(marks("a and b"), ["and"]);
        assert_eq!(marks("a < b < c"), ["<"]);
        assert_eq!(marks("size(, a) + @"), [",", "@", ""]);
        assert_eq!(marks("'abc"), ["'abc"]);
    }

    #[test]
    fn depth_and_length_are_limited() {
        for text in [
            "(".repeat(10_000),
            "!".repeat(10_000),
            "a ? ".repeat(10_000),
            "[".repeat(10_000),
            "1+".repeat(10_000),
            "f(".repeat(10_000),
        ] {
            assert!(!parse(Snippet::bare(&text)).1.is_empty());
        }
    }
}
