//! Text into tokens, each with its byte span.
//!
//! It recognises characters of a Chinese keyboard that look like operators and says what to type instead.
//! It does not know the grammar.

use crate::base::problem::Problem;
use crate::base::source::Span;
use crate::base::text::Text;
use crate::language::Snippet;
use crate::text;

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name; CJK names are allowed.
    Name(String),
    /// A number, as written.
    Number(String),
    /// A text, unescaped.
    Text(String),
    /// An operator or bracket.
    Sign(&'static str),
    /// The end.
    End,
}

/// Signs, longest first.
const SIGNS: [&str; 23] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", "(", ")",
    "[", "]", ",", ".", "=",
];

/// What a sign of a Chinese keyboard stands for.
const LOOKALIKES: [(&str, &str); 18] = [
    ("（", "("),
    ("）", ")"),
    ("，", ","),
    ("、", ","),
    ("。", "."),
    ("：", ":"),
    ("？", "?"),
    ("！", "!"),
    ("＞", ">"),
    ("＜", "<"),
    ("＝", "="),
    ("≥", ">="),
    ("≤", "<="),
    ("≠", "!="),
    ("＆", "&"),
    ("｜", "|"),
    ("×", "*"),
    ("÷", "/"),
];

/// Quotes that do not open a text.
const QUOTES: [char; 6] = ['“', '”', '‘', '’', '「', '」'];

/// The tokens of a text; the last is [`Token::End`].
pub fn tokens(snippet: Snippet<'_>, problems: &mut Vec<Problem>) -> Vec<(Token, Span)> {
    // Few texts have more tokens; growing step by step would cost more than reading them.
    let mut tokens = Vec::with_capacity(snippet.text.len() / 3 + 2);
    let mut rest = snippet.text;
    let mut report = |span: Span, message: Text, help: Option<Text>| {
        problems.push(
            Problem::error("hegui::language::syntax", snippet.at(span), message).maybe_help(help),
        );
    };
    loop {
        rest = rest.trim_start();
        let at = snippet.text.len() - rest.len();
        let span = |length: usize| Span::new(at..at + length);
        let Some(first) = rest.chars().next() else {
            tokens.push((Token::End, span(0)));
            return tokens;
        };
        let (token, length) = if first.is_ascii_digit() {
            number(rest)
        } else if first == '\'' || first == '"' {
            let (text, length, closed) = quoted(rest, first);
            if !closed {
                report(
                    span(length),
                    text!("文字没有用引号闭合", "the text is not closed by a quote"),
                    None,
                );
            }
            (Some(Token::Text(text)), length)
        } else if is_name_start(first) {
            let length = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
            let name = rest.get(..length).unwrap_or("");
            (Some(Token::Name(name.to_owned())), length)
        } else if let Some(sign) = SIGNS
            .iter()
            .find(|sign| sign.starts_with(first) && rest.starts_with(**sign))
        {
            if *sign == "=" {
                report(
                    span(1),
                    text!(
                        "比较是否相等要写两个等号",
                        "equality is written with two equals signs"
                    ),
                    Some(text!("请写 ==", "write ==")),
                );
                (Some(Token::Sign("==")), 1)
            } else {
                (Some(Token::Sign(sign)), sign.len())
            }
        } else if let Some((look, sign)) =
            LOOKALIKES.iter().find(|(look, _)| rest.starts_with(look))
        {
            report(
                span(look.len()),
                text!(
                    "`{look}` 是全角符号，表达式里要用半角",
                    "`{look}` is a full-width sign"
                ),
                Some(text!("请写 {sign}", "write {sign}")),
            );
            let token = SIGNS
                .iter()
                .find(|s| *s == sign)
                .map(|s| Token::Sign(if *s == "=" { "==" } else { s }));
            (token, look.len())
        } else if QUOTES.contains(&first) {
            report(
                span(first.len_utf8()),
                text!(
                    "引号 `{first}` 不能用来写文字",
                    "`{first}` does not quote a text"
                ),
                Some(text!("请用半角单引号 '…'", "use '…'")),
            );
            // The quoted part is taken as one text, so that one mistake is reported once.
            let length = rest
                .char_indices()
                .skip(1)
                .find(|(_, c)| QUOTES.contains(c))
                .map_or(rest.len(), |(i, c)| i + c.len_utf8());
            let inner = rest
                .get(first.len_utf8()..length)
                .unwrap_or("")
                .trim_end_matches(QUOTES);
            (Some(Token::Text(inner.to_owned())), length)
        } else {
            let help = matches!(first, '&' | '|')
                .then(|| text!("请写 {first}{first}", "write {first}{first}"));
            report(
                span(first.len_utf8()),
                text!(
                    "表达式里不能有 `{first}`",
                    "`{first}` does not belong in an expression"
                ),
                help,
            );
            (None, first.len_utf8())
        };
        if let Some(token) = token {
            tokens.push((token, span(length)));
        }
        rest = rest.get(length..).unwrap_or("");
    }
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || (c.is_alphabetic() && !c.is_ascii())
}

fn is_name_part(c: char) -> bool {
    is_name_start(c) || c.is_ascii_digit()
}

fn number(rest: &str) -> (Option<Token>, usize) {
    let bytes = rest.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while digit(end) {
        end += 1;
    }
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        end += 1;
        while digit(end) {
            end += 1;
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digit(end + 1 + signed) {
            end += 1 + signed;
            while digit(end) {
                end += 1;
            }
        }
    }
    (
        Some(Token::Number(rest.get(..end).unwrap_or("").to_owned())),
        end,
    )
}

/// The text after an opening quote, its length with quotes, and whether it was closed.
fn quoted(rest: &str, quote: char) -> (String, usize, bool) {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, other @ ('\\' | '\'' | '"'))) => text.push(other),
                // Patterns keep their own escapes.
                Some((_, other)) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            c if c == quote => return (text, at + c.len_utf8(), true),
            c => text.push(c),
        }
    }
    (text, rest.len(), false)
}
