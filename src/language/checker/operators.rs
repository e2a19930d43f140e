//! Operators in expressions: which types they join, and what a literal stands for beside them.

use crate::base::source::Span;
use crate::base::suggest::nearest;
use crate::base::text::Text;
use crate::language::ast::{Expr, Kind};
use crate::language::checker::{Checker, NumType, Typed};
use crate::language::eval::compare;
use crate::language::ir::{AtomExpr, AtomKind, BoolKind, Literal, Node, NumKind, Order};
use crate::language::types::Type;
use crate::model::field::Vocabulary;
use crate::model::quantity::Measure;
use crate::model::unit::{Dimension, Unit};
use crate::model::value::Tri;
use crate::text;

impl Checker<'_> {
    pub(super) fn unary(&mut self, span: Span, sign: &str, inner: &Expr) -> Option<Typed> {
        if sign == "!" {
            let inner = self.condition(inner)?;
            return Some(self.bool(span, BoolKind::Not(Box::new(inner))));
        }
        let (inner, t) = self.numeric(inner)?;
        Some(self.number(span, NumKind::Neg(Box::new(inner)), t))
    }

    /// The common type of two numbers that are added or compared.
    pub(super) fn agree(
        &mut self,
        span: Span,
        a: &NumType,
        b: &NumType,
        compared: bool,
    ) -> Option<NumType> {
        let fits = |t: &NumType, other: &NumType| {
            t.zero || (t.literal && other.dimension.takes_literals() && other.per.is_none())
        };
        if a.dimension == b.dimension && a.per == b.per || fits(b, a) {
            return Some(NumType {
                literal: a.literal && b.literal,
                zero: false,
                ..a.clone()
            });
        }
        if fits(a, b) {
            return Some(NumType {
                literal: false,
                zero: false,
                ..b.clone()
            });
        }
        let name = |t: &NumType| Type::Number(t.dimension, t.per).name(&Vocabulary::default());
        if a.literal || b.literal {
            let other = name(if a.literal { b } else { a });
            self.mismatch(
                span,
                Text::new(
                    format!("带单位的数值（{}）不能与裸数比较或相加减", other.zh),
                    format!(
                        "{} cannot be compared with or added to a bare number",
                        other.en
                    ),
                ),
                Some(text!(
                    "请在 parameters.toml 中写一个参数，再写 param.名称",
                    "write the figure as a parameter in parameters.toml and use param.name"
                )),
            );
        } else {
            let (a, b) = (name(a), name(b));
            let (zh, en) = if compared {
                ("比较", "compared")
            } else {
                ("相加减", "added")
            };
            self.mismatch(
                span,
                Text::new(
                    format!("{}与{}不能{zh}", a.zh, b.zh),
                    format!("{} and {} cannot be {en}", a.en, b.en),
                ),
                None,
            );
        }
        None
    }

    pub(super) fn arithmetic(
        &mut self,
        span: Span,
        sign_span: Span,
        sign: &str,
        a: &Expr,
        b: &Expr,
    ) -> Option<Typed> {
        let (left, right) = (self.numeric(a), self.numeric(b));
        let ((left, lt), (right, rt)) = (left?, right?);
        let (left, right) = (Box::new(left), Box::new(right));
        if matches!(sign, "+" | "-") {
            let t = self.agree(sign_span, &lt, &rt, false)?;
            return Some(self.number(
                span,
                if sign == "+" {
                    NumKind::Add(left, right)
                } else {
                    NumKind::Sub(left, right)
                },
                t,
            ));
        }
        let times = sign == "*";
        let per = match (lt.per, rt.per) {
            (per, None) => Some(per),
            (None, per) if times => Some(per),
            (a, b) if !times && a == b => Some(None),
            _ => None,
        };
        let Some(per) = per else {
            self.mismatch(
                sign_span,
                text!(
                    "计量周期不同的数值不能这样相乘除",
                    "figures per different periods cannot be multiplied or divided so"
                ),
                None,
            );
            return None;
        };
        let dimension = if times {
            lt.dimension.times(rt.dimension)
        } else {
            lt.dimension.over(rt.dimension)
        };
        // A factor keeps the unit of what it scales.
        let unit = if dimension == lt.dimension {
            lt.measure.unit.clone()
        } else if times && dimension == rt.dimension {
            rt.measure.unit.clone()
        } else {
            self.preferred_unit(dimension)
        };
        let t = NumType {
            dimension,
            per,
            measure: Measure { unit, per },
            literal: lt.literal && rt.literal,
            zero: false,
        };
        Some(self.number(
            span,
            if times {
                NumKind::Mul(left, right)
            } else {
                NumKind::Div(left, right)
            },
            t,
        ))
    }

    /// The unit in which the pack's own parameters state a dimension, else the canonical one.
    pub(super) fn preferred_unit(&self, dimension: Dimension) -> Unit {
        let parameters = self.library.parameters.iter().map(|p| &p.measure.unit);
        let fields = self.vocabulary().fields().iter().map(|f| &f.measure.unit);
        fields
            .chain(parameters)
            .find(|u| u.dimension == dimension)
            .cloned()
            .unwrap_or_else(|| dimension.canonical_unit())
    }

    pub(super) fn comparison(
        &mut self,
        span: Span,
        sign_span: Span,
        order: Order,
        a: &Expr,
        b: &Expr,
    ) -> Option<Typed> {
        let (left, right) = (self.expr(a), self.expr(b));
        let (left, right) = (left?, right?);
        let equality = matches!(order, Order::Equal | Order::Unequal);
        match (left, right) {
            (Typed::Number(left, lt), Typed::Number(right, rt)) => {
                self.agree(sign_span, &lt, &rt, true)?;
                let static_truth = compare(order, &self.bounds(&left), &self.bounds(&right));
                self.refuse_constant(span, static_truth)?;
                Some(self.bool(
                    span,
                    BoolKind::Numbers(order, Box::new(left), Box::new(right)),
                ))
            }
            (Typed::Bool(left), Typed::Bool(right)) if equality => Some(self.bool(
                span,
                BoolKind::Same(order == Order::Equal, Box::new(left), Box::new(right)),
            )),
            (Typed::Atom(left, lt), Typed::Atom(right, rt)) => {
                let (left, right, t) = self.unify(a, left, lt, b, right, rt)?;
                match t {
                    Type::Code(list) if equality => Some(self.bool(
                        span,
                        BoolKind::Code(
                            order == Order::Equal,
                            list,
                            Box::new(left),
                            Box::new(right),
                        ),
                    )),
                    Type::Enum(id)
                        if !equality
                            && !self.vocabulary().enumeration(id).is_some_and(|e| e.ordered) =>
                    {
                        self.mismatch(
                            sign_span,
                            text!(
                                "这些选项没有高低次序，只能比较是否相同",
                                "these answers have no order"
                            ),
                            Some(text!("请用 == 或 !=", "use == or !=")),
                        );
                        None
                    }
                    Type::Text | Type::Code(_) if !equality => {
                        self.mismatch(
                            sign_span,
                            text!(
                                "文字和代码只能比较是否相同",
                                "texts and codes can only be equal or not"
                            ),
                            Some(text!("请用 == 或 !=", "use == or !=")),
                        );
                        None
                    }
                    _ => Some(self.bool(
                        span,
                        BoolKind::Atoms(order, Box::new(left), Box::new(right)),
                    )),
                }
            }
            (left, right) => {
                let (l, r) = (
                    left.kind().name(self.vocabulary()),
                    right.kind().name(self.vocabulary()),
                );
                self.mismatch(
                    sign_span,
                    Text::new(
                        format!("{}与{}不能比较", l.zh, r.zh),
                        format!("{} and {} cannot be compared", l.en, r.en),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn refuse_constant(&mut self, span: Span, truth: Tri) -> Option<()> {
        let (zh, en) = match truth {
            Tri::Unknown => return Some(()),
            Tri::True => ("总是成立", "always holds"),
            Tri::False => ("永远不成立", "can never hold"),
        };
        self.report(
            "hegui::language::constant",
            span,
            text!(
                "按字段的取值范围，这个比较{zh}",
                "by the domain of its fields this comparison {en}"
            ),
            Some(text!(
                "请核对字段的 min、max 与参数",
                "look at min and max of the field and at the parameter"
            )),
        );
        None
    }

    /// Gives a literal the type of what it stands beside.
    pub(super) fn unify(
        &mut self,
        a: &Expr,
        left: AtomExpr,
        lt: Type,
        b: &Expr,
        right: AtomExpr,
        rt: Type,
    ) -> Option<(AtomExpr, AtomExpr, Type)> {
        if lt == rt {
            return Some((left, right, lt));
        }
        if let AtomKind::Literal(Literal::Text(_)) = right.kind
            && let Some(right) = self.adapt(b, right.id, lt)
        {
            return Some((left, right?, lt));
        }
        if let AtomKind::Literal(Literal::Text(_)) = left.kind
            && let Some(left) = self.adapt(a, left.id, rt)
        {
            return Some((left?, right, rt));
        }
        let (l, r) = (lt.name(self.vocabulary()), rt.name(self.vocabulary()));
        self.mismatch(
            a.span.to(b.span),
            Text::new(
                format!("{}与{}不能比较", l.zh, r.zh),
                format!("{} and {} cannot be compared", l.en, r.en),
            ),
            None,
        );
        None
    }

    /// A text literal as an answer or code. The outer option is none if the type takes no literal,
    /// the inner one if the literal was wrong and reported.
    #[expect(
        clippy::option_option,
        reason = "not applicable and wrong are different outcomes"
    )]
    pub(super) fn adapt(&mut self, expr: &Expr, id: u32, to: Type) -> Option<Option<AtomExpr>> {
        let Kind::Text(text) = &expr.kind else {
            return None;
        };
        let literal = match to {
            Type::Enum(enumeration) => {
                let answers = self.vocabulary().enumeration(enumeration)?;
                let Some(answer) = answers.by_id(text) else {
                    let near = answers
                        .find(text)
                        .and_then(|i| answers.answer(i))
                        .map(|a| a.id.as_str());
                    let near = near
                        .or_else(|| nearest(text, answers.answers.iter().map(|a| a.id.as_str())));
                    let list: Vec<&str> = answers.answers.iter().map(|a| a.id.as_str()).collect();
                    let help = match near {
                        Some(near) => text!("是不是想写 '{near}'？", "did you mean '{near}'?"),
                        None => Text::new(
                            format!("可用选项：{}", list.join("、")),
                            format!("answers: {}", list.join(", ")),
                        ),
                    };
                    let name = answers.id.clone();
                    self.report(
                        "hegui::language::unknown_answer",
                        expr.span,
                        text!(
                            "选项 `{name}` 中没有 '{text}'，比较永远不成立",
                            "`{name}` has no answer '{text}', so the comparison can never hold"
                        ),
                        Some(help),
                    );
                    return Some(None);
                };
                Literal::Enum(answer)
            }
            Type::Code(list) => {
                let codes = self.vocabulary().list(list)?;
                let Some(code) = codes.find(text) else {
                    let near = nearest(text, codes.entries().iter().map(|e| e.code.as_str()));
                    let help =
                        near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
                    let name = codes.id.clone();
                    self.report(
                        "hegui::language::unknown_code",
                        expr.span,
                        text!(
                            "代码表 `{name}` 中没有 '{text}'",
                            "`{name}` has no code '{text}'"
                        ),
                        help,
                    );
                    return Some(None);
                };
                Literal::Code(code)
            }
            Type::Date => {
                self.mismatch(
                    expr.span,
                    text!("日期要写成 date('…')", "a date is written date('…')"),
                    Some(text!("请写 date('{text}')", "write date('{text}')")),
                );
                return Some(None);
            }
            _ => return None,
        };
        if let Some(info) = self.nodes.get_mut(id as usize) {
            info.kind = to;
        }
        Some(Some(Node {
            id,
            kind: AtomKind::Literal(literal),
        }))
    }

    pub(super) fn member(&mut self, span: Span, item: &Expr, list: &Expr) -> Option<Typed> {
        let typed = self.expr(item)?;
        let Typed::Atom(atom, t) = typed else {
            let is = typed.kind().name(self.vocabulary());
            self.mismatch(
                item.span,
                Text::new(
                    format!("in 的左边应当是文字、选项或代码，得到的是{}", is.zh),
                    format!(
                        "a text, answer or code is expected at the left of `in`, not {}",
                        is.en
                    ),
                ),
                None,
            );
            return None;
        };
        if let Kind::List(items) = &list.kind {
            let mut options = Vec::new();
            for option in items {
                let typed = self.expr(option)?;
                let Typed::Atom(other, ot) = typed else {
                    let is = typed.kind().name(self.vocabulary());
                    self.mismatch(
                        option.span,
                        Text::new(
                            format!("列表里应当是文字、选项或代码，得到的是{}", is.zh),
                            format!(
                                "the list should hold texts, answers or codes, not {}",
                                is.en
                            ),
                        ),
                        None,
                    );
                    return None;
                };
                let (_, other, _) = self.unify(item, atom.clone(), t, option, other, ot)?;
                options.push(other);
            }
            if options.is_empty() {
                self.refuse_constant(span, Tri::False);
                return None;
            }
            return Some(match t {
                Type::Code(codes) => {
                    self.bool(span, BoolKind::InCodes(codes, Box::new(atom), options))
                }
                _ => self.bool(span, BoolKind::In(Box::new(atom), options)),
            });
        }
        match self.expr(list)? {
            Typed::Plain(get, Type::Texts) if t == Type::Text => {
                Some(self.bool(span, BoolKind::Member(Box::new(atom), get, None)))
            }
            Typed::Plain(get, Type::Codes(codes)) => {
                let atom = if t == Type::Code(codes) {
                    atom
                } else {
                    self.adapt(item, atom.id, Type::Code(codes))??
                };
                Some(self.bool(span, BoolKind::Member(Box::new(atom), get, Some(codes))))
            }
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    list.span,
                    Text::new(
                        format!("in 的右边应当是列表，得到的是{}", is.zh),
                        format!("a list is expected at the right of `in`, not {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn conditional(
        &mut self,
        span: Span,
        c: &Expr,
        a: &Expr,
        b: &Expr,
    ) -> Option<Typed> {
        let condition = self.condition(c);
        let (yes, no) = (self.expr(a), self.expr(b));
        let (condition, yes, no) = (Box::new(condition?), yes?, no?);
        match (yes, no) {
            (Typed::Bool(yes), Typed::Bool(no)) => {
                Some(self.bool(span, BoolKind::If(condition, Box::new(yes), Box::new(no))))
            }
            (Typed::Number(yes, yt), Typed::Number(no, nt)) => {
                let t = self.agree(span, &yt, &nt, false)?;
                Some(self.number(span, NumKind::If(condition, Box::new(yes), Box::new(no)), t))
            }
            (Typed::Atom(yes, yt), Typed::Atom(no, nt)) => {
                let (yes, no, t) = self.unify(a, yes, yt, b, no, nt)?;
                Some(self.atom(
                    span,
                    AtomKind::If(condition, Box::new(yes), Box::new(no)),
                    t,
                ))
            }
            (yes, no) => {
                let (y, n) = (
                    yes.kind().name(self.vocabulary()),
                    no.kind().name(self.vocabulary()),
                );
                self.mismatch(
                    span,
                    Text::new(
                        format!("两个分支的类型不同：{}、{}", y.zh, n.zh),
                        format!("the branches differ in type: {} and {}", y.en, n.en),
                    ),
                    None,
                );
                None
            }
        }
    }
}
