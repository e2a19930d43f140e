//! Expressions in words: labels for paths, signs for operators, answers by their labels.
//!
//! With the values of an evaluation it writes each fact and parameter with its value.
//! It knows no layout.

use crate::base::date::Date;
use crate::base::text::Lang;
use crate::judge::evidence::{Clause, Evidence};
use crate::judge::wording;
use crate::language::eval::Seen;
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, Get, ListExpr, ListKind, Literal, Lookup, NumExpr,
    NumKind, Order, Program, Root, Stated,
};
use crate::language::types::{Library, Type};
use crate::model::field::FieldId;
use crate::model::number::Number;
use crate::model::value::Tri;

/// Writes the expressions of one program.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    library: &'a Library,
    program: &'a Program,
    lang: Lang,
    values: Option<(&'a Evidence, Clause, Option<u32>)>,
    as_of: Option<Date>,
}

/// The sign of a comparison as people write it.
pub fn sign(order: Order) -> &'static str {
    match order {
        Order::Less => "<",
        Order::AtMost => "≤",
        Order::Greater => ">",
        Order::AtLeast => "≥",
        Order::Equal => "=",
        Order::Unequal => "≠",
    }
}

impl<'a> Words<'a> {
    /// Without values.
    pub fn new(library: &'a Library, program: &'a Program, lang: Lang) -> Self {
        Self {
            library,
            program,
            lang,
            values: None,
            as_of: None,
        }
    }

    /// With the values that parameters have on a day.
    #[must_use]
    pub fn as_of(self, day: Date) -> Self {
        Self {
            as_of: Some(day),
            ..self
        }
    }

    /// With the values that an evaluation had, for a record or the project.
    #[must_use]
    pub fn with(self, evidence: &'a Evidence, clause: Clause, record: Option<u32>) -> Self {
        Self {
            values: Some((evidence, clause, record)),
            ..self
        }
    }

    /// Without values: the records of a list are not one by one.
    fn bare(self) -> Self {
        Self {
            values: None,
            ..self
        }
    }

    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.lang.pick(zh, en)
    }

    /// The whole program.
    pub fn program(&self) -> String {
        match &self.program.root {
            Root::Bool(e) => self.bool(e),
            Root::Number(e) => self.number(e),
            Root::Atom(e) => self.atom(e),
            Root::List(e) => self.list(e),
            Root::Plain(get) => self.field(get.field()),
        }
    }

    /// The value of a node, in words, if it was evaluated.
    pub fn value(&self, node: u32) -> Option<String> {
        let seen = self.seen(node)?;
        let info = self.program.nodes.get(node as usize)?;
        Some(wording::seen(
            self.library,
            info.kind,
            &info.measure,
            seen,
            self.lang,
        ))
    }

    fn field(&self, id: FieldId) -> String {
        let field = self.library.vocabulary.field(id);
        field.map_or_else(String::new, |field| field.label.get(self.lang).to_owned())
    }

    /// A fact with its value, if there is one.
    fn fact(&self, get: Get, node: u32) -> String {
        self.valued(self.field(get.field()), node)
    }

    fn valued(&self, words: String, node: u32) -> String {
        if self.is_open(node) {
            return format!("{words}{}", self.pick("（未知）", " (unknown)"));
        }
        match self.value(node) {
            Some(value) if !value.is_empty() => format!("{words} {value}"),
            Some(_) => format!("{words}{}", self.pick("（空）", " (empty)")),
            None => words,
        }
    }

    fn seen(&self, node: u32) -> Option<&'a Seen> {
        let (evidence, clause, record) = self.values?;
        super::reasons::seen_at(evidence, clause, node, record)
    }

    /// True if nothing bounds the value: it is not known at all.
    fn is_open(&self, node: u32) -> bool {
        match self.seen(node) {
            Some(Seen::Number(interval)) => interval.low().is_none() || interval.high().is_none(),
            Some(Seen::Truth(tri)) => *tri == Tri::Unknown,
            Some(Seen::Value(value)) => value.is_none(),
            Some(Seen::List(list)) => list.is_none(),
            None => false,
        }
    }

    /// True if the value is known, or at least between two bounds.
    pub(super) fn is_bounded(&self, node: u32) -> bool {
        self.seen(node).is_some() && !self.is_open(node)
    }

    /// True if the value is exactly zero.
    fn is_zero(&self, node: u32) -> bool {
        matches!(self.seen(node), Some(Seen::Number(interval)) if interval.point().is_some_and(Number::is_zero))
    }

    /// The addends of a sum, without those that are zero; and how many were left out.
    pub(super) fn addends<'e>(&self, e: &'e NumExpr) -> (Vec<&'e NumExpr>, usize) {
        let mut all = Vec::new();
        let mut open = vec![e];
        while let Some(next) = open.pop() {
            match &next.kind {
                NumKind::Add(a, b) => open.extend([&**b, &**a]),
                _ => all.push(next),
            }
        }
        let shown: Vec<&NumExpr> = all
            .iter()
            .copied()
            .filter(|e| !self.is_zero(e.id))
            .collect();
        if shown.is_empty() || all.len() - shown.len() < 2 {
            return (all, 0);
        }
        let left = all.len() - shown.len();
        (shown, left)
    }

    fn inside(&self, e: &BoolExpr) -> String {
        match e.kind {
            BoolKind::And(..) | BoolKind::Or(..) | BoolKind::If(..) => self.group(&self.bool(e)),
            _ => self.bool(e),
        }
    }

    fn group(&self, text: &str) -> String {
        match self.lang {
            Lang::Zh => format!("（{text}）"),
            Lang::En => format!("({text})"),
        }
    }

    fn number_inside(&self, e: &NumExpr) -> String {
        match e.kind {
            NumKind::Add(..) | NumKind::Sub(..) | NumKind::If(..) => self.group(&self.number(e)),
            _ => self.number(e),
        }
    }

    /// A choice; once its condition is known, the branch taken and why.
    fn choice(&self, condition: &BoolExpr, then: &str, other: &str) -> String {
        let words = self.bare().bool(condition);
        let taken = match self.seen(condition.id) {
            Some(Seen::Truth(Tri::True)) => Some((then, self.pick("成立", "true"))),
            Some(Seen::Truth(Tri::False)) => Some((other, self.pick("不成立", "false"))),
            _ => None,
        };
        match (taken, self.lang) {
            (Some((branch, truth)), Lang::Zh) => format!("{branch}（{words}：{truth}）"),
            (Some((branch, truth)), Lang::En) => format!("{branch} ({words}: {truth})"),
            (None, Lang::Zh) => format!("{words}时{then}，否则{other}"),
            (None, Lang::En) => format!("{then} if {words}, else {other}"),
        }
    }

    fn many(&self, all: &[String]) -> String {
        all.join(self.pick("、", ", "))
    }

    fn titled(&self, lookup: &Lookup) -> String {
        let table = self.library.tables.get(usize::from(lookup.table));
        let title = table.map_or("", |t| t.title.get(self.lang));
        let output = table
            .and_then(|t| t.outputs.get(lookup.output))
            .map_or("", |o| o.label.get(self.lang));
        match self.lang {
            Lang::Zh => format!("查「{title}」（{output}）"),
            Lang::En => format!("“{title}” ({output})"),
        }
    }

    /// A condition.
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each form of the language"
    )]
    pub fn bool(&self, e: &BoolExpr) -> String {
        let zh = self.lang == Lang::Zh;
        match &e.kind {
            BoolKind::Literal(true) => self.pick("始终成立", "always").to_owned(),
            BoolKind::Literal(false) => self.pick("始终不成立", "never").to_owned(),
            // Its value is how the condition comes out, which stands beside it.
            BoolKind::Field(get) => {
                let label = self.field(get.field());
                if zh {
                    format!("“{label}”为是")
                } else {
                    format!("“{label}” is yes")
                }
            }
            BoolKind::Not(a) => {
                let inner = self.bool(a);
                if zh {
                    format!("并非（{inner}）")
                } else {
                    format!("not ({inner})")
                }
            }
            BoolKind::And(a, b) => format!(
                "{}{}{}",
                self.or_inside(a),
                self.pick(" 且 ", " and "),
                self.or_inside(b)
            ),
            BoolKind::Or(a, b) => format!(
                "{}{}{}",
                self.and_inside(a),
                self.pick(" 或 ", " or "),
                self.and_inside(b)
            ),
            BoolKind::If(c, a, b) => self.choice(c, &self.inside(a), &self.inside(b)),
            BoolKind::Same(same, a, b) => format!(
                "{} {} {}",
                self.inside(a),
                if *same { "=" } else { "≠" },
                self.inside(b)
            ),
            BoolKind::Numbers(order, a, b) => {
                format!("{} {} {}", self.side(a), sign(*order), self.side(b))
            }
            BoolKind::Atoms(order, a, b) => {
                format!("{} {} {}", self.atom(a), sign(*order), self.atom(b))
            }
            BoolKind::Code(within, _, a, b) => {
                let sign = if *within {
                    self.pick("属于", "is within")
                } else {
                    self.pick("不属于", "is not within")
                };
                format!("{} {sign} {}", self.atom(a), self.atom(b))
            }
            BoolKind::In(a, all) | BoolKind::InCodes(_, a, all) => {
                let all: Vec<String> = all.iter().map(|e| self.atom(e)).collect();
                let sign = if all.len() == 1 {
                    "="
                } else {
                    self.pick("属于", "is one of")
                };
                format!("{} {sign} {}", self.atom(a), self.many(&all))
            }
            BoolKind::Member(a, get, _) => format!(
                "{} {} {}",
                self.fact(*get, e.id),
                self.pick("含有", "holds"),
                self.atom(a)
            ),
            BoolKind::Contains(a, b) => format!(
                "{} {} {}",
                self.atom(a),
                self.pick("含有", "holds"),
                self.atom(b)
            ),
            BoolKind::StartsWith(a, b) => format!(
                "{} {} {}",
                self.atom(a),
                self.pick("开头为", "starts with"),
                self.atom(b)
            ),
            BoolKind::Matches(a, pattern) => format!(
                "{} {} {pattern}",
                self.atom(a),
                self.pick("符合格式", "matches")
            ),
            BoolKind::All(list, body) => {
                let (list, body) = (self.list(list), self.bare().bool(body));
                if zh {
                    format!("每一项{list}都满足（{body}）")
                } else {
                    format!("each of {list} has ({body})")
                }
            }
            BoolKind::Exists(list, body) => {
                let (list, body) = (self.list(list), self.bare().bool(body));
                if zh {
                    format!("{list}中有一项满足（{body}）")
                } else {
                    format!("one of {list} has ({body})")
                }
            }
            BoolKind::Agree(list, stated, reference) => {
                let list = self.list(list);
                let stated = self.bare().stated(stated);
                let with = reference.as_ref().map(|r| self.stated(r));
                match (with, zh) {
                    (Some(with), true) => format!("{list}各项的{stated}与{with}一致"),
                    (None, true) => format!("{list}各项的{stated}一致"),
                    (Some(with), false) => {
                        format!("{stated} as stated by {list} agrees with {with}")
                    }
                    (None, false) => format!("{stated} as stated by {list} agrees"),
                }
            }
            BoolKind::InForce(index) => {
                let title = self
                    .library
                    .instruments
                    .get(usize::from(*index))
                    .map_or("", |i| i.title.get(self.lang));
                if zh {
                    format!("《{}》有效", title.trim_matches(['《', '》']))
                } else {
                    format!("{title} is in force")
                }
            }
            BoolKind::Lookup(lookup) => self.titled(lookup),
        }
    }

    fn or_inside(&self, e: &BoolExpr) -> String {
        if matches!(e.kind, BoolKind::Or(..) | BoolKind::If(..)) {
            self.group(&self.bool(e))
        } else {
            self.bool(e)
        }
    }

    fn and_inside(&self, e: &BoolExpr) -> String {
        if matches!(e.kind, BoolKind::And(..) | BoolKind::If(..)) {
            self.group(&self.bool(e))
        } else {
            self.bool(e)
        }
    }

    fn stated(&self, stated: &Stated) -> String {
        match stated {
            Stated::Number(e) => self.number(e),
            Stated::Atom(e) => self.atom(e),
        }
    }

    /// A side of a comparison: a compound one is followed by its value.
    pub fn side(&self, e: &NumExpr) -> String {
        let words = self.number(e);
        let simple = matches!(
            e.kind,
            NumKind::Literal(_) | NumKind::Field(_) | NumKind::Parameter(_) | NumKind::Lookup(_)
        );
        match self.value(e.id) {
            Some(_) if !simple && self.is_open(e.id) => {
                format!("{words}{}", self.pick("（未知）", " (unknown)"))
            }
            Some(value) if !simple => format!("{words} = {value}"),
            _ => words,
        }
    }

    /// A number.
    pub fn number(&self, e: &NumExpr) -> String {
        let join =
            |all: &[NumExpr]| self.many(&all.iter().map(|e| self.number(e)).collect::<Vec<_>>());
        let zh = self.lang == Lang::Zh;
        match &e.kind {
            NumKind::Literal(number) => number.to_string(),
            NumKind::Field(get) => self.fact(*get, e.id),
            NumKind::Parameter(index) => {
                let parameter = self.library.parameters.get(usize::from(*index));
                let label = parameter.map_or("", |p| p.label.get(self.lang));
                let version = parameter.zip(self.as_of).and_then(|(parameter, day)| {
                    let version = parameter.versions.get(parameter.version(day)?)?;
                    Some(parameter.measure.show_interval(&version.value, self.lang))
                });
                match version {
                    Some(value) => format!("{label} {value}"),
                    None => self.valued(label.to_owned(), e.id),
                }
            }
            NumKind::Neg(a) => format!("−{}", self.number_inside(a)),
            NumKind::Add(..) => {
                let (shown, zero) = self.addends(e);
                let mut all: Vec<String> = shown.into_iter().map(|e| self.number(e)).collect();
                if zero > 0 {
                    all.push(if zh {
                        format!("其余 {zero} 项为 0")
                    } else {
                        format!("{zero} others, all 0")
                    });
                }
                all.join(" + ")
            }
            NumKind::Sub(a, b) => format!("{} − {}", self.number(a), self.number_inside(b)),
            NumKind::Mul(a, b) => format!("{} × {}", self.number_inside(a), self.number_inside(b)),
            NumKind::Div(a, b) => format!("{} ÷ {}", self.number_inside(a), self.number_inside(b)),
            NumKind::Min(all) => format!(
                "{}{}",
                self.pick("最小值", "least of "),
                self.group(&join(all))
            ),
            NumKind::Max(all) => format!(
                "{}{}",
                self.pick("最大值", "greatest of "),
                self.group(&join(all))
            ),
            NumKind::Abs(a) => format!("|{}|", self.number(a)),
            NumKind::If(c, a, b) => self.choice(c, &self.number(a), &self.number(b)),
            NumKind::Size(list) => {
                let list = self.list(list);
                if zh {
                    format!("{list}项数")
                } else {
                    format!("number of {list}")
                }
            }
            NumKind::Count(get) => {
                let field = self.field(get.field());
                if zh {
                    format!("{field}项数")
                } else {
                    format!("number of {field}")
                }
            }
            NumKind::Sum(list, body) => self.over(list, body, "之和", "sum of"),
            NumKind::Least(list, body) => self.over(list, body, "的最小值", "least"),
            NumKind::Greatest(list, body) => self.over(list, body, "的最大值", "greatest"),
            NumKind::Days(a, b) => {
                let (a, b) = (self.atom(a), self.atom(b));
                if zh {
                    format!("{a}至{b}的天数")
                } else {
                    format!("days from {a} to {b}")
                }
            }
            NumKind::Lookup(lookup) => self.valued(self.titled(lookup), e.id),
        }
    }

    fn over(&self, list: &ListExpr, body: &NumExpr, zh: &str, en: &str) -> String {
        let (list, body) = (self.list(list), self.bare().number(body));
        match self.lang {
            Lang::Zh => format!("{list}各项{body}{zh}"),
            Lang::En => format!("{en} {body} over {list}"),
        }
    }

    /// A text, answer, date or code.
    pub fn atom(&self, e: &AtomExpr) -> String {
        match &e.kind {
            AtomKind::Literal(literal) => self.literal(literal, e.id),
            AtomKind::Field(get) => self.fact(*get, e.id),
            AtomKind::AsOf => self.valued(
                self.pick("适用时点", "the day as of which it is judged")
                    .to_owned(),
                e.id,
            ),
            AtomKind::AddYears(date, n) => self.later(date, n, "年", "years"),
            AtomKind::AddDays(date, n) => self.later(date, n, "天", "days"),
            AtomKind::If(c, a, b) => self.group(&self.choice(c, &self.atom(a), &self.atom(b))),
            AtomKind::Lookup(lookup) => self.valued(self.titled(lookup), e.id),
        }
    }

    fn later(&self, date: &AtomExpr, n: &NumExpr, zh: &str, en: &str) -> String {
        let (date, n) = (self.atom(date), self.number(n));
        match self.lang {
            Lang::Zh => format!("{date}之后{n}{zh}"),
            Lang::En => format!("{n} {en} after {date}"),
        }
    }

    fn literal(&self, literal: &Literal, node: u32) -> String {
        let vocabulary = &self.library.vocabulary;
        let kind = self.program.nodes.get(node as usize).map(|info| info.kind);
        match (literal, kind) {
            (Literal::Text(text), _) if text.is_empty() => self.pick("空", "empty").to_owned(),
            (Literal::Text(text), _) => format!("“{text}”"),
            (Literal::Date(date), _) => date.to_string(),
            (Literal::Enum(answer), Some(Type::Enum(id))) => vocabulary
                .enumeration(id)
                .map_or("", |e| e.label(*answer, self.lang))
                .to_owned(),
            (Literal::Code(code), Some(Type::Code(list))) => {
                crate::model::code_text(vocabulary, list, *code)
                    .get(self.lang)
                    .to_owned()
            }
            _ => self.program.text_of(node).to_owned(),
        }
    }

    /// A list of records.
    pub fn list(&self, e: &ListExpr) -> String {
        match &e.kind {
            ListKind::Field(_, field) => self.field(*field),
            ListKind::Filter(inner, body) => {
                let (inner, body) = (self.list(inner), self.bare().bool(body));
                match self.lang {
                    Lang::Zh => format!("{inner}（{body}）"),
                    Lang::En => format!("{inner} ({body})"),
                }
            }
        }
    }
}
