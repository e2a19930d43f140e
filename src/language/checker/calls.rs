//! Calls in expressions: functions, methods of texts, macros over records, table look-ups.

use crate::base::date::Date;
use crate::base::source::Span;
use crate::base::suggest::nearest;
use crate::base::text::Text;
use crate::language::ast::{Expr, Kind};
use crate::language::checker::{Checker, NumType, Typed};
use crate::language::functions::{self, FUNCTIONS, Receiver};
use crate::language::ir::{
    AtomExpr, AtomKind, BoolKind, ListExpr, ListKind, Literal, Node, NumKind, Stated,
};
use crate::language::types::Type;
use crate::model::quantity::Measure;
use crate::model::unit::{Dimension, Unit};
use crate::text;
use regex::Regex;

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        span: Span,
        receiver: Option<&Expr>,
        name: &str,
        name_span: Span,
        args: &[Expr],
    ) -> Option<Typed> {
        let Some(receiver) = receiver else {
            return self.function(span, name, name_span, args);
        };
        let on_records = functions::find(name, Receiver::Records);
        let on_text = functions::find(name, Receiver::Text);
        let Some(function) = on_records.or(on_text) else {
            return self.unknown_function(name, name_span, &[Receiver::Records, Receiver::Text]);
        };
        self.arity(function, name_span, args)?;
        match self.expr(receiver)? {
            Typed::Records(list) if on_records.is_some() => self.macro_call(span, list, name, args),
            Typed::Atom(text, Type::Text) if on_text.is_some() => {
                self.text_call(span, text, name, args)
            }
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    receiver.span,
                    Text::new(
                        format!("`{name}` 不能用于{}", is.zh),
                        format!("`{name}` does not apply to {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn unknown_function(
        &mut self,
        name: &str,
        span: Span,
        on: &[Receiver],
    ) -> Option<Typed> {
        let known = FUNCTIONS
            .iter()
            .filter(|f| on.contains(&f.receiver))
            .map(|f| f.name);
        let help = if name == "has" {
            text!(
                "规则里没有 has()：缺少的事实不能变成通过",
                "there is no has() in rules: absence must not become a pass"
            )
        } else if let Some(near) = nearest(name, known.clone()) {
            text!("是不是想写 `{near}`？", "did you mean `{near}`?")
        } else {
            let known: Vec<&str> = known.collect();
            Text::new(
                format!("可用函数：{}", known.join("、")),
                format!("functions: {}", known.join(", ")),
            )
        };
        self.report(
            "hegui::language::unknown_function",
            span,
            text!("没有函数 `{name}`", "there is no function `{name}`"),
            Some(help),
        );
        None
    }

    pub(super) fn arity(
        &mut self,
        function: &functions::Function,
        span: Span,
        args: &[Expr],
    ) -> Option<()> {
        let (least, most) = function.arity;
        if (least..=most).contains(&args.len()) {
            return Some(());
        }
        let (name, arguments) = (function.name, function.arguments);
        let given = args.len();
        self.mismatch(
            span,
            text!(
                "`{name}` 的参数个数不对（给了 {given} 个）",
                "`{name}` has the wrong number of arguments ({given})"
            ),
            Some(text!(
                "写法：{name}({arguments})",
                "write {name}({arguments})"
            )),
        );
        None
    }

    pub(super) fn macro_call(
        &mut self,
        span: Span,
        list: ListExpr,
        name: &str,
        args: &[Expr],
    ) -> Option<Typed> {
        let (variable, body) = match args {
            [
                Expr {
                    kind: Kind::Path(names),
                    ..
                },
                body,
                ..,
            ] if names.len() == 1 => (names.first().map(|(n, _)| n.clone())?, body),
            [first, ..] => {
                self.mismatch(
                    first.span,
                    text!(
                        "第一个参数是记录的名称，例如 x",
                        "the first argument names the record, such as x"
                    ),
                    None,
                );
                return None;
            }
            [] => return None,
        };
        if self.variable.is_some() {
            self.mismatch(
                span,
                text!(
                    "`{name}` 不能嵌套在另一个列表运算里",
                    "`{name}` cannot be nested in another macro"
                ),
                Some(text!(
                    "请拆成两条规则，或用 filter 连写",
                    "use two rules, or chain with filter"
                )),
            );
            return None;
        }
        if self.vocabulary().by_path(&variable).is_some() {
            self.mismatch(
                span,
                text!(
                    "`{variable}` 是字段名，请换一个记录名称",
                    "`{variable}` is a field; name the record otherwise"
                ),
                None,
            );
            return None;
        }
        // The reference of `same` is read outside the record.
        let reference = match args.get(2) {
            Some(reference) => Some(self.stated(reference)?),
            None => None,
        };
        self.variable = Some((variable, list.field()));
        let typed = self.in_macro(span, list, name, body, reference);
        self.variable = None;
        typed
    }

    pub(super) fn in_macro(
        &mut self,
        span: Span,
        list: ListExpr,
        name: &str,
        body: &Expr,
        reference: Option<(Stated, Type, Option<NumType>)>,
    ) -> Option<Typed> {
        let list = Box::new(list);
        match name {
            "all" | "exists" | "filter" => {
                let condition = Box::new(self.condition(body)?);
                Some(match name {
                    "all" => self.bool(span, BoolKind::All(list, condition)),
                    "exists" => self.bool(span, BoolKind::Exists(list, condition)),
                    _ => {
                        let id = self.id(span, Type::Records(list.field()), &Measure::NONE, false);
                        Typed::Records(Node {
                            id,
                            kind: ListKind::Filter(list, condition),
                        })
                    }
                })
            }
            "same" => {
                let (stated, t, num) = self.stated(body)?;
                let reference = match reference {
                    None => None,
                    Some((reference, rt, rnum)) => {
                        if t != rt {
                            match (num, rnum) {
                                (Some(a), Some(b)) => drop(self.agree(body.span, &a, &b, true)?),
                                _ => {
                                    let (l, r) =
                                        (t.name(self.vocabulary()), rt.name(self.vocabulary()));
                                    self.mismatch(
                                        span,
                                        Text::new(
                                            format!("{}与{}不能比较", l.zh, r.zh),
                                            format!("{} and {} cannot be compared", l.en, r.en),
                                        ),
                                        None,
                                    );
                                    return None;
                                }
                            }
                        }
                        Some(Box::new(reference))
                    }
                };
                Some(self.bool(span, BoolKind::Agree(list, Box::new(stated), reference)))
            }
            _ => {
                let (number, t) = self.numeric(body)?;
                let number = Box::new(number);
                let kind = match name {
                    "sum" => NumKind::Sum(list, number),
                    "min" => NumKind::Least(list, number),
                    _ => NumKind::Greatest(list, number),
                };
                Some(self.number(span, kind, t))
            }
        }
    }

    pub(super) fn stated(&mut self, expr: &Expr) -> Option<(Stated, Type, Option<NumType>)> {
        match self.expr(expr)? {
            Typed::Number(e, t) => {
                Some((Stated::Number(e), Type::Number(t.dimension, t.per), Some(t)))
            }
            Typed::Atom(e, t) => Some((Stated::Atom(e), t, None)),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    expr.span,
                    Text::new(
                        format!("这里应当是数值、文字、日期或代码，得到的是{}", is.zh),
                        format!(
                            "a number, text, date or code is expected here, not {}",
                            is.en
                        ),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn text_call(
        &mut self,
        span: Span,
        text: AtomExpr,
        name: &str,
        args: &[Expr],
    ) -> Option<Typed> {
        let argument = args.first()?;
        if name == "matches" {
            let Kind::Text(pattern) = &argument.kind else {
                self.mismatch(
                    argument.span,
                    text!(
                        "matches 的参数必须是文字字面量",
                        "the pattern must be a literal text"
                    ),
                    None,
                );
                return None;
            };
            return match Regex::new(pattern) {
                Ok(pattern) => Some(self.bool(span, BoolKind::Matches(Box::new(text), pattern))),
                Err(error) => {
                    let original = error.to_string();
                    let reason = original.lines().last().unwrap_or("").trim().to_owned();
                    self.report(
                        "hegui::language::pattern",
                        argument.span,
                        text!("正则表达式不能编译", "the pattern does not compile"),
                        Some(text!("原文：{reason}", "the library said: {reason}")),
                    );
                    None
                }
            };
        }
        match self.expr(argument)? {
            Typed::Atom(part, Type::Text) => {
                let (text, part) = (Box::new(text), Box::new(part));
                Some(self.bool(
                    span,
                    if name == "contains" {
                        BoolKind::Contains(text, part)
                    } else {
                        BoolKind::StartsWith(text, part)
                    },
                ))
            }
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    argument.span,
                    Text::new(
                        format!("这里应当是文字，得到的是{}", is.zh),
                        format!("a text is expected here, not {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn function(
        &mut self,
        span: Span,
        name: &str,
        name_span: Span,
        args: &[Expr],
    ) -> Option<Typed> {
        let Some(function) = functions::find(name, Receiver::None) else {
            return self.unknown_function(name, name_span, &[Receiver::None]);
        };
        self.arity(function, name_span, args)?;
        match (name, args) {
            ("size", [list]) => self.size(span, list),
            ("abs", [a]) => {
                let (a, t) = self.numeric(a)?;
                Some(self.number(span, NumKind::Abs(Box::new(a)), t))
            }
            ("min" | "max", all) => {
                let mut numbers = Vec::new();
                let mut common: Option<NumType> = None;
                for argument in all {
                    let (number, t) = self.numeric(argument)?;
                    common = Some(match common {
                        None => t,
                        Some(common) => self.agree(argument.span, &common, &t, true)?,
                    });
                    numbers.push(number);
                }
                Some(self.number(
                    span,
                    if name == "min" {
                        NumKind::Min(numbers)
                    } else {
                        NumKind::Max(numbers)
                    },
                    common?,
                ))
            }
            (
                "date",
                [
                    Expr {
                        kind: Kind::Text(text),
                        span: at,
                    },
                ],
            ) => {
                let Some(date) = Date::parse(text) else {
                    self.mismatch(
                        *at,
                        text!("`{text}` 不是日期", "`{text}` is not a date"),
                        Some(text!("请写成 2025-09-01", "write it as 2025-09-01")),
                    );
                    return None;
                };
                Some(self.atom(span, AtomKind::Literal(Literal::Date(date)), Type::Date))
            }
            (
                "in_force",
                [
                    Expr {
                        kind: Kind::Text(id),
                        span: at,
                    },
                ],
            ) => {
                let Some(instrument) = self.library.instrument(id) else {
                    let near = nearest(id, self.library.instruments.iter().map(|i| i.id.as_str()));
                    let help =
                        near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
                    self.report(
                        "hegui::language::unknown_instrument",
                        *at,
                        text!("没有法规文件 `{id}`", "there is no instrument `{id}`"),
                        help,
                    );
                    return None;
                };
                self.instruments.push(instrument);
                Some(self.bool(span, BoolKind::InForce(instrument)))
            }
            ("add_years" | "add_days", [date, count]) => {
                let date = self.date(date)?;
                let (number, t) = self.numeric(count)?;
                if t.dimension != Dimension::NONE && t.dimension != Dimension::COUNT {
                    self.mismatch(
                        count.span,
                        text!(
                            "这里应当是不带单位的整数",
                            "a whole number without a unit is expected here"
                        ),
                        None,
                    );
                    return None;
                }
                let (date, number) = (Box::new(date), Box::new(number));
                Some(self.atom(
                    span,
                    if name == "add_years" {
                        AtomKind::AddYears(date, number)
                    } else {
                        AtomKind::AddDays(date, number)
                    },
                    Type::Date,
                ))
            }
            ("days_between", [from, to]) => {
                let (from, to) = (self.date(from), self.date(to));
                let measure = Measure {
                    unit: crate::model::unit::parse("日").unwrap_or(Unit::NONE),
                    per: None,
                };
                let t = NumType {
                    dimension: Dimension::TIME,
                    per: None,
                    measure,
                    literal: false,
                    zero: false,
                };
                Some(self.number(span, NumKind::Days(Box::new(from?), Box::new(to?)), t))
            }
            (
                "lookup",
                [
                    Expr {
                        kind: Kind::Text(table),
                        span: table_span,
                    },
                    Expr {
                        kind: Kind::Text(output),
                        span: output_span,
                    },
                    rest @ ..,
                ],
            ) => self.look_up(
                span,
                (table, *table_span),
                (output, *output_span),
                rest.first(),
            ),
            _ => {
                let arguments = function.arguments;
                self.mismatch(
                    span,
                    text!(
                        "`{name}` 的参数写法不对",
                        "the arguments of `{name}` are not as expected"
                    ),
                    Some(text!(
                        "写法：{name}({arguments})",
                        "write {name}({arguments})"
                    )),
                );
                None
            }
        }
    }

    pub(super) fn size(&mut self, span: Span, list: &Expr) -> Option<Typed> {
        let t = NumType {
            dimension: Dimension::COUNT,
            per: None,
            measure: Measure {
                unit: Unit {
                    name: String::new(),
                    ..Dimension::COUNT.canonical_unit()
                },
                per: None,
            },
            literal: false,
            zero: false,
        };
        match self.expr(list)? {
            Typed::Records(list) => Some(self.number(span, NumKind::Size(Box::new(list)), t)),
            Typed::Plain(get, _) => Some(self.number(span, NumKind::Count(get), t)),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    list.span,
                    Text::new(
                        format!("size 用于列表，得到的是{}", is.zh),
                        format!("size takes a list, not {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }

    pub(super) fn date(&mut self, expr: &Expr) -> Option<AtomExpr> {
        match self.expr(expr)? {
            Typed::Atom(e, Type::Date) => Some(e),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(
                    expr.span,
                    Text::new(
                        format!("这里应当是日期，得到的是{}", is.zh),
                        format!("a date is expected here, not {}", is.en),
                    ),
                    None,
                );
                None
            }
        }
    }
}
