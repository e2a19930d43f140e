//! The checker: a syntax tree into the typed program, with every mistake at its place.
//!
//! It rejects unknown fields, wrong dimensions and periods, literals compared with dimensioned
//! values, comparisons that can never or always hold, and patterns that do not compile.

use regex::Regex;

use crate::base::date::Date;
use crate::base::problem::{Problem, any_error};
use crate::base::source::Span;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::language::Snippet;
use crate::language::ast::{Expr, Kind};
use crate::language::eval::compare;
use crate::language::functions::{self, FUNCTIONS, Receiver};
use crate::language::ir::{
    AtomExpr, AtomKind, BoolExpr, BoolKind, Get, ListExpr, ListKind, Literal, Lookup, Node, NodeInfo, NumExpr, NumKind, Order, Program,
    Root, Stated,
};
use crate::language::parser;
use crate::language::types::{Library, Type};
use crate::model::field::{Field, FieldId, FieldType, Slot, Vocabulary};
use crate::model::number::Number;
use crate::model::quantity::Measure;
use crate::model::table::OutputType;
use crate::model::unit::{Dimension, Per, Unit};
use crate::model::value::{Interval, Tri};
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
pub fn compile(snippet: Snippet<'_>, library: &Library, expected: Expected) -> (Option<Program>, Vec<Problem>) {
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
    let Some(typed) = typed.filter(|_| !any_error(&problems)) else { return (None, problems) };
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
    fn kind(&self) -> Type {
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
    fn vocabulary(&self) -> &'a Vocabulary {
        &self.library.vocabulary
    }

    fn report(&mut self, code: &'static str, span: Span, message: Text, help: Option<Text>) {
        self.problems.push(Problem::error(code, self.snippet.at(span), message).maybe_help(help));
    }

    fn mismatch(&mut self, span: Span, message: Text, help: Option<Text>) {
        self.report("hegui::language::type", span, message, help);
    }

    fn id(&mut self, span: Span, kind: Type, measure: &Measure, leaf: bool) -> u32 {
        self.nodes.push(NodeInfo { span, kind, measure: measure.clone(), leaf });
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    fn bool(&mut self, span: Span, kind: BoolKind) -> Typed {
        let leaf = matches!(kind, BoolKind::Field(_) | BoolKind::Lookup(_));
        Typed::Bool(Node { id: self.id(span, Type::Bool, &Measure::NONE, leaf), kind })
    }

    fn number(&mut self, span: Span, kind: NumKind, t: NumType) -> Typed {
        let leaf = matches!(kind, NumKind::Field(_) | NumKind::Parameter(_) | NumKind::Lookup(_));
        Typed::Number(Node { id: self.id(span, Type::Number(t.dimension, t.per), &t.measure, leaf), kind }, t)
    }

    fn atom(&mut self, span: Span, kind: AtomKind, t: Type) -> Typed {
        let leaf = matches!(kind, AtomKind::Field(_) | AtomKind::Lookup(_));
        Typed::Atom(Node { id: self.id(span, t, &Measure::NONE, leaf), kind }, t)
    }

    fn expect(&mut self, expr: &Expr, typed: Typed, expected: Expected) -> Option<Typed> {
        match (expected, &typed) {
            (Expected::Any, _) | (Expected::Bool, Typed::Bool(_)) => Some(typed),
            (Expected::Number(dimension, per), Typed::Number(_, t)) if (t.dimension == dimension && t.per == per) || t.zero => Some(typed),
            (Expected::Number(dimension, per), _) => {
                let (is, should) = (typed.kind().name(self.vocabulary()), Type::Number(dimension, per).name(self.vocabulary()));
                self.mismatch(expr.span, Text::new(format!("公式得到{}，字段应为{}", is.zh, should.zh), format!("the formula gives {}, the field is {}", is.en, should.en)), None);
                None
            }
            (Expected::Bool, _) => {
                let is = typed.kind().name(self.vocabulary());
                self.mismatch(expr.span, Text::new(format!("这里应当是条件（真假值），得到的是{}", is.zh), format!("a condition is expected here, not {}", is.en)), None);
                None
            }
        }
    }

    fn expr(&mut self, expr: &Expr) -> Option<Typed> {
        match &expr.kind {
            Kind::Number(number, _) => {
                let zero = number.is_zero();
                let t = NumType { dimension: Dimension::NONE, per: None, measure: Measure::NONE, literal: true, zero };
                Some(self.number(expr.span, NumKind::Literal(number.clone()), t))
            }
            Kind::Text(text) => {
                let literal = Literal::Text(folded(text).into());
                Some(self.atom(expr.span, AtomKind::Literal(literal), Type::Text))
            }
            Kind::Bool(value) => Some(self.bool(expr.span, BoolKind::Literal(*value))),
            Kind::List(_) => {
                self.mismatch(expr.span, text!("列表只能写在 in 的右边", "a list may stand only at the right of `in`"), None);
                None
            }
            Kind::Path(names) => self.path(expr.span, names),
            Kind::Call { receiver, name, name_span, args } => self.call(expr.span, receiver.as_deref(), name, *name_span, args),
            Kind::Unary(sign, inner) => self.unary(expr.span, sign, inner),
            Kind::Binary("&&" | "||", _, a, b) => {
                let (left, right) = (self.condition(a), self.condition(b));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let and = matches!(expr.kind, Kind::Binary("&&", ..));
                Some(self.bool(expr.span, if and { BoolKind::And(left, right) } else { BoolKind::Or(left, right) }))
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

    fn condition(&mut self, expr: &Expr) -> Option<BoolExpr> {
        let typed = self.expr(expr)?;
        match self.expect(expr, typed, Expected::Bool)? {
            Typed::Bool(e) => Some(e),
            _ => None,
        }
    }

    fn numeric(&mut self, expr: &Expr) -> Option<(NumExpr, NumType)> {
        match self.expr(expr)? {
            Typed::Number(e, t) => Some((e, t)),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(expr.span, Text::new(format!("这里应当是数值，得到的是{}", is.zh), format!("a number is expected here, not {}", is.en)), None);
                None
            }
        }
    }

    // ---- names

    fn path(&mut self, span: Span, names: &[(String, Span)]) -> Option<Typed> {
        let texts: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
        if texts == ["as_of"] {
            return Some(self.atom(span, AtomKind::AsOf, Type::Date));
        }
        if let ["param", rest @ ..] = texts.as_slice() {
            return self.parameter(span, &rest.join("."));
        }
        if let (Some((variable, list)), Some(first)) = (self.variable.clone(), texts.first())
            && *first == variable
        {
            let member = texts.get(1..).unwrap_or(&[]).join(".");
            return self.member_field(span, list, &member);
        }
        let path = texts.join(".");
        let Some(field) = self.vocabulary().by_path(&path) else {
            return self.unknown_field(span, &path);
        };
        if let Slot::Member(list, _) = field.slot {
            let list = self.vocabulary().path(list);
            self.mismatch(
                span,
                text!("`{path}` 是列表 `{list}` 的成员，不能直接读取", "`{path}` is a member of the list `{list}`"),
                Some(text!("请写 {list}.all(x, …) 或 {list}.exists(x, …)", "write {list}.all(x, …) or {list}.exists(x, …)")),
            );
            return None;
        }
        Some(self.field(span, field))
    }

    fn unknown_field(&mut self, span: Span, path: &str) -> Option<Typed> {
        let by_label = self.vocabulary().fields().iter().find(|f| f.label.zh == path || f.label.en == path || f.aliases.iter().any(|a| a == path));
        let near = by_label.map(|f| f.path.as_str()).or_else(|| nearest(path, self.vocabulary().fields().iter().map(|f| f.path.as_str())));
        let help = near.map(|near| text!("是不是想写 `{near}`？", "did you mean `{near}`?"));
        self.report("hegui::language::unknown_field", span, text!("字段表中没有 `{path}`", "there is no field `{path}`"), help);
        None
    }

    fn member_field(&mut self, span: Span, list: FieldId, member: &str) -> Option<Typed> {
        let list_path = self.vocabulary().path(list).to_owned();
        if member.is_empty() {
            self.mismatch(span, text!("这里要写记录的一个成员，例如 x.{}", "name a member of the record, such as x.{}", self.first_member(list)), None);
            return None;
        }
        if let Some(field) = self.vocabulary().by_path(&format!("{list_path}.{member}")) {
            return Some(self.field(span, field));
        }
        let members = self.vocabulary().members(list).iter().filter_map(|id| self.vocabulary().field(*id));
        let names: Vec<&str> = members.filter_map(|f| f.path.rsplit('.').next()).collect();
        let help = match nearest(member, names.iter().copied()) {
            Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
            None => Text::new(format!("可用成员：{}", names.join("、")), format!("members: {}", names.join(", "))),
        };
        self.report("hegui::language::unknown_field", span, text!("列表 `{list_path}` 没有成员 `{member}`", "records of `{list_path}` have no member `{member}`"), Some(help));
        None
    }

    fn first_member(&self, list: FieldId) -> String {
        let first = self.vocabulary().members(list).first();
        first.and_then(|id| self.vocabulary().path(*id).rsplit('.').next()).unwrap_or("…").to_owned()
    }

    fn get(&mut self, field: &Field) -> Get {
        self.fields.push(field.id);
        match field.slot {
            Slot::Member(_, index) => Get::Member(index, field.id),
            Slot::Project(slot) if field.derived => Get::Derived(slot, field.id),
            Slot::Project(slot) => Get::Project(slot, field.id),
        }
    }

    fn field(&mut self, span: Span, field: &Field) -> Typed {
        let get = self.get(field);
        match field.kind {
            FieldType::Bool => self.bool(span, BoolKind::Field(get)),
            FieldType::Number => {
                let t = NumType {
                    dimension: field.measure.unit.dimension,
                    per: field.measure.per,
                    measure: field.measure.clone(),
                    literal: false,
                    zero: false,
                };
                self.number(span, NumKind::Field(get), t)
            }
            FieldType::Text => self.atom(span, AtomKind::Field(get), Type::Text),
            FieldType::Enum(id) => self.atom(span, AtomKind::Field(get), Type::Enum(id)),
            FieldType::Date => self.atom(span, AtomKind::Field(get), Type::Date),
            FieldType::Code(list) => self.atom(span, AtomKind::Field(get), Type::Code(list)),
            FieldType::Texts => Typed::Plain(get, Type::Texts),
            FieldType::Codes(list) => Typed::Plain(get, Type::Codes(list)),
            FieldType::Records => {
                let slot = match field.slot {
                    Slot::Project(slot) | Slot::Member(_, slot) => slot,
                };
                let id = self.id(span, Type::Records(field.id), &Measure::NONE, false);
                Typed::Records(Node { id, kind: ListKind::Field(slot, field.id) })
            }
        }
    }

    fn parameter(&mut self, span: Span, id: &str) -> Option<Typed> {
        let Some(index) = self.library.parameter(id) else {
            let near = nearest(id, self.library.parameters.iter().map(|p| p.id.as_str()));
            let help = near.map(|near| text!("是不是想写 `param.{near}`？", "did you mean `param.{near}`?"));
            self.report("hegui::language::unknown_parameter", span, text!("没有参数 `{id}`", "there is no parameter `{id}`"), help);
            return None;
        };
        self.parameters.push(index);
        let measure = self.library.parameters.get(usize::from(index)).map_or(Measure::NONE, |p| p.measure.clone());
        let t = NumType { dimension: measure.unit.dimension, per: measure.per, measure, literal: false, zero: false };
        Some(self.number(span, NumKind::Parameter(index), t))
    }

    // ---- operators

    fn unary(&mut self, span: Span, sign: &str, inner: &Expr) -> Option<Typed> {
        if sign == "!" {
            let inner = self.condition(inner)?;
            return Some(self.bool(span, BoolKind::Not(Box::new(inner))));
        }
        let (inner, t) = self.numeric(inner)?;
        Some(self.number(span, NumKind::Neg(Box::new(inner)), t))
    }

    /// The common type of two numbers that are added or compared.
    fn agree(&mut self, span: Span, a: &NumType, b: &NumType, compared: bool) -> Option<NumType> {
        let fits = |t: &NumType, other: &NumType| t.zero || (t.literal && other.dimension.takes_literals() && other.per.is_none());
        if a.dimension == b.dimension && a.per == b.per || fits(b, a) {
            return Some(NumType { literal: a.literal && b.literal, zero: false, ..a.clone() });
        }
        if fits(a, b) {
            return Some(NumType { literal: false, zero: false, ..b.clone() });
        }
        let name = |t: &NumType| Type::Number(t.dimension, t.per).name(&Vocabulary::default());
        if a.literal || b.literal {
            let other = name(if a.literal { b } else { a });
            self.mismatch(
                span,
                Text::new(format!("带单位的数值（{}）不能与裸数比较或相加减", other.zh), format!("{} cannot be compared with or added to a bare number", other.en)),
                Some(text!(
                    "请在 parameters.toml 中写一个参数，再写 param.名称",
                    "write the figure as a parameter in parameters.toml and use param.name"
                )),
            );
        } else {
            let (a, b) = (name(a), name(b));
            let (zh, en) = if compared { ("比较", "compared") } else { ("相加减", "added") };
            self.mismatch(span, Text::new(format!("{}与{}不能{zh}", a.zh, b.zh), format!("{} and {} cannot be {en}", a.en, b.en)), None);
        }
        None
    }

    fn arithmetic(&mut self, span: Span, sign_span: Span, sign: &str, a: &Expr, b: &Expr) -> Option<Typed> {
        let (left, right) = (self.numeric(a), self.numeric(b));
        let ((left, lt), (right, rt)) = (left?, right?);
        let (left, right) = (Box::new(left), Box::new(right));
        if matches!(sign, "+" | "-") {
            let t = self.agree(sign_span, &lt, &rt, false)?;
            return Some(self.number(span, if sign == "+" { NumKind::Add(left, right) } else { NumKind::Sub(left, right) }, t));
        }
        let times = sign == "*";
        let per = match (lt.per, rt.per) {
            (per, None) => Some(per),
            (None, per) if times => Some(per),
            (a, b) if !times && a == b => Some(None),
            _ => None,
        };
        let Some(per) = per else {
            self.mismatch(sign_span, text!("计量周期不同的数值不能这样相乘除", "figures per different periods cannot be multiplied or divided so"), None);
            return None;
        };
        let dimension = if times { lt.dimension.times(rt.dimension) } else { lt.dimension.over(rt.dimension) };
        // A factor keeps the unit of what it scales.
        let unit = if dimension == lt.dimension {
            lt.measure.unit.clone()
        } else if times && dimension == rt.dimension {
            rt.measure.unit.clone()
        } else {
            self.preferred_unit(dimension)
        };
        let t = NumType { dimension, per, measure: Measure { unit, per }, literal: lt.literal && rt.literal, zero: false };
        Some(self.number(span, if times { NumKind::Mul(left, right) } else { NumKind::Div(left, right) }, t))
    }

    /// The unit in which the pack's own parameters state a dimension, else the canonical one.
    fn preferred_unit(&self, dimension: Dimension) -> Unit {
        let parameters = self.library.parameters.iter().map(|p| &p.measure.unit);
        let fields = self.vocabulary().fields().iter().map(|f| &f.measure.unit);
        fields.chain(parameters).find(|u| u.dimension == dimension).cloned().unwrap_or_else(|| dimension.canonical_unit())
    }

    fn comparison(&mut self, span: Span, sign_span: Span, order: Order, a: &Expr, b: &Expr) -> Option<Typed> {
        let (left, right) = (self.expr(a), self.expr(b));
        let (left, right) = (left?, right?);
        let equality = matches!(order, Order::Equal | Order::Unequal);
        match (left, right) {
            (Typed::Number(left, lt), Typed::Number(right, rt)) => {
                self.agree(sign_span, &lt, &rt, true)?;
                let static_truth = compare(order, &self.bounds(&left), &self.bounds(&right));
                self.refuse_constant(span, static_truth)?;
                Some(self.bool(span, BoolKind::Numbers(order, Box::new(left), Box::new(right))))
            }
            (Typed::Bool(left), Typed::Bool(right)) if equality => {
                Some(self.bool(span, BoolKind::Same(order == Order::Equal, Box::new(left), Box::new(right))))
            }
            (Typed::Atom(left, lt), Typed::Atom(right, rt)) => {
                let (left, right, t) = self.unify(a, left, lt, b, right, rt)?;
                match t {
                    Type::Code(list) if equality => {
                        Some(self.bool(span, BoolKind::Code(order == Order::Equal, list, Box::new(left), Box::new(right))))
                    }
                    Type::Enum(id) if !equality && !self.vocabulary().enumeration(id).is_some_and(|e| e.ordered) => {
                        self.mismatch(sign_span, text!("这些选项没有高低次序，只能比较是否相同", "these answers have no order"), Some(text!("请用 == 或 !=", "use == or !=")));
                        None
                    }
                    Type::Text | Type::Code(_) if !equality => {
                        self.mismatch(sign_span, text!("文字和代码只能比较是否相同", "texts and codes can only be equal or not"), Some(text!("请用 == 或 !=", "use == or !=")));
                        None
                    }
                    _ => Some(self.bool(span, BoolKind::Atoms(order, Box::new(left), Box::new(right)))),
                }
            }
            (left, right) => {
                let (l, r) = (left.kind().name(self.vocabulary()), right.kind().name(self.vocabulary()));
                self.mismatch(sign_span, Text::new(format!("{}与{}不能比较", l.zh, r.zh), format!("{} and {} cannot be compared", l.en, r.en)), None);
                None
            }
        }
    }

    fn refuse_constant(&mut self, span: Span, truth: Tri) -> Option<()> {
        let (zh, en) = match truth {
            Tri::Unknown => return Some(()),
            Tri::True => ("总是成立", "always holds"),
            Tri::False => ("永远不成立", "can never hold"),
        };
        self.report(
            "hegui::language::constant",
            span,
            text!("按字段的取值范围，这个比较{zh}", "by the domain of its fields this comparison {en}"),
            Some(text!("请核对字段的 min、max 与参数", "look at min and max of the field and at the parameter")),
        );
        None
    }

    /// Gives a literal the type of what it stands beside.
    fn unify(&mut self, a: &Expr, left: AtomExpr, lt: Type, b: &Expr, right: AtomExpr, rt: Type) -> Option<(AtomExpr, AtomExpr, Type)> {
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
        self.mismatch(a.span.to(b.span), Text::new(format!("{}与{}不能比较", l.zh, r.zh), format!("{} and {} cannot be compared", l.en, r.en)), None);
        None
    }

    /// A text literal as an answer or code. The outer option is none if the type takes no literal,
    /// the inner one if the literal was wrong and reported.
    #[expect(clippy::option_option, reason = "not applicable and wrong are different outcomes")]
    fn adapt(&mut self, expr: &Expr, id: u32, to: Type) -> Option<Option<AtomExpr>> {
        let Kind::Text(text) = &expr.kind else { return None };
        let literal = match to {
            Type::Enum(enumeration) => {
                let answers = self.vocabulary().enumeration(enumeration)?;
                let Some(answer) = answers.by_id(text) else {
                    let near = answers.find(text).and_then(|i| answers.answer(i)).map(|a| a.id.as_str());
                    let near = near.or_else(|| nearest(text, answers.answers.iter().map(|a| a.id.as_str())));
                    let list: Vec<&str> = answers.answers.iter().map(|a| a.id.as_str()).collect();
                    let help = match near {
                        Some(near) => text!("是不是想写 '{near}'？", "did you mean '{near}'?"),
                        None => Text::new(format!("可用选项：{}", list.join("、")), format!("answers: {}", list.join(", "))),
                    };
                    let name = answers.id.clone();
                    self.report("hegui::language::unknown_answer", expr.span, text!("选项 `{name}` 中没有 '{text}'，比较永远不成立", "`{name}` has no answer '{text}', so the comparison can never hold"), Some(help));
                    return Some(None);
                };
                Literal::Enum(answer)
            }
            Type::Code(list) => {
                let codes = self.vocabulary().list(list)?;
                let Some(code) = codes.find(text) else {
                    let near = nearest(text, codes.entries().iter().map(|e| e.code.as_str()));
                    let help = near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
                    let name = codes.id.clone();
                    self.report("hegui::language::unknown_code", expr.span, text!("代码表 `{name}` 中没有 '{text}'", "`{name}` has no code '{text}'"), help);
                    return Some(None);
                };
                Literal::Code(code)
            }
            Type::Date => {
                self.mismatch(expr.span, text!("日期要写成 date('…')", "a date is written date('…')"), Some(text!("请写 date('{text}')", "write date('{text}')")));
                return Some(None);
            }
            _ => return None,
        };
        if let Some(info) = self.nodes.get_mut(id as usize) {
            info.kind = to;
        }
        Some(Some(Node { id, kind: AtomKind::Literal(literal) }))
    }

    fn member(&mut self, span: Span, item: &Expr, list: &Expr) -> Option<Typed> {
        let typed = self.expr(item)?;
        let Typed::Atom(atom, t) = typed else {
            let is = typed.kind().name(self.vocabulary());
            self.mismatch(item.span, Text::new(format!("in 的左边应当是文字、选项或代码，得到的是{}", is.zh), format!("a text, answer or code is expected at the left of `in`, not {}", is.en)), None);
            return None;
        };
        if let Kind::List(items) = &list.kind {
            let mut options = Vec::new();
            for option in items {
                let typed = self.expr(option)?;
                let Typed::Atom(other, ot) = typed else {
                    let is = typed.kind().name(self.vocabulary());
                    self.mismatch(option.span, Text::new(format!("列表里应当是文字、选项或代码，得到的是{}", is.zh), format!("the list should hold texts, answers or codes, not {}", is.en)), None);
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
                Type::Code(codes) => self.bool(span, BoolKind::InCodes(codes, Box::new(atom), options)),
                _ => self.bool(span, BoolKind::In(Box::new(atom), options)),
            });
        }
        match self.expr(list)? {
            Typed::Plain(get, Type::Texts) if t == Type::Text => Some(self.bool(span, BoolKind::Member(Box::new(atom), get, None))),
            Typed::Plain(get, Type::Codes(codes)) => {
                let atom = if t == Type::Code(codes) { atom } else { self.adapt(item, atom.id, Type::Code(codes))?? };
                Some(self.bool(span, BoolKind::Member(Box::new(atom), get, Some(codes))))
            }
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(list.span, Text::new(format!("in 的右边应当是列表，得到的是{}", is.zh), format!("a list is expected at the right of `in`, not {}", is.en)), None);
                None
            }
        }
    }

    fn conditional(&mut self, span: Span, c: &Expr, a: &Expr, b: &Expr) -> Option<Typed> {
        let condition = self.condition(c);
        let (yes, no) = (self.expr(a), self.expr(b));
        let (condition, yes, no) = (Box::new(condition?), yes?, no?);
        match (yes, no) {
            (Typed::Bool(yes), Typed::Bool(no)) => Some(self.bool(span, BoolKind::If(condition, Box::new(yes), Box::new(no)))),
            (Typed::Number(yes, yt), Typed::Number(no, nt)) => {
                let t = self.agree(span, &yt, &nt, false)?;
                Some(self.number(span, NumKind::If(condition, Box::new(yes), Box::new(no)), t))
            }
            (Typed::Atom(yes, yt), Typed::Atom(no, nt)) => {
                let (yes, no, t) = self.unify(a, yes, yt, b, no, nt)?;
                Some(self.atom(span, AtomKind::If(condition, Box::new(yes), Box::new(no)), t))
            }
            (yes, no) => {
                let (y, n) = (yes.kind().name(self.vocabulary()), no.kind().name(self.vocabulary()));
                self.mismatch(span, Text::new(format!("两个分支的类型不同：{}、{}", y.zh, n.zh), format!("the branches differ in type: {} and {}", y.en, n.en)), None);
                None
            }
        }
    }

    // ---- calls

    fn call(&mut self, span: Span, receiver: Option<&Expr>, name: &str, name_span: Span, args: &[Expr]) -> Option<Typed> {
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
            Typed::Atom(text, Type::Text) if on_text.is_some() => self.text_call(span, text, name, args),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(receiver.span, Text::new(format!("`{name}` 不能用于{}", is.zh), format!("`{name}` does not apply to {}", is.en)), None);
                None
            }
        }
    }

    fn unknown_function(&mut self, name: &str, span: Span, on: &[Receiver]) -> Option<Typed> {
        let known = FUNCTIONS.iter().filter(|f| on.contains(&f.receiver)).map(|f| f.name);
        let help = if name == "has" {
            text!("规则里没有 has()：缺少的事实不能变成通过", "there is no has() in rules: absence must not become a pass")
        } else if let Some(near) = nearest(name, known.clone()) {
            text!("是不是想写 `{near}`？", "did you mean `{near}`?")
        } else {
            let known: Vec<&str> = known.collect();
            Text::new(format!("可用函数：{}", known.join("、")), format!("functions: {}", known.join(", ")))
        };
        self.report("hegui::language::unknown_function", span, text!("没有函数 `{name}`", "there is no function `{name}`"), Some(help));
        None
    }

    fn arity(&mut self, function: &functions::Function, span: Span, args: &[Expr]) -> Option<()> {
        let (least, most) = function.arity;
        if (least..=most).contains(&args.len()) {
            return Some(());
        }
        let (name, arguments) = (function.name, function.arguments);
        let given = args.len();
        self.mismatch(span, text!("`{name}` 的参数个数不对（给了 {given} 个）", "`{name}` has the wrong number of arguments ({given})"), Some(text!("写法：{name}({arguments})", "write {name}({arguments})")));
        None
    }

    fn macro_call(&mut self, span: Span, list: ListExpr, name: &str, args: &[Expr]) -> Option<Typed> {
        let (variable, body) = match args {
            [Expr { kind: Kind::Path(names), .. }, body, ..] if names.len() == 1 => (names.first().map(|(n, _)| n.clone())?, body),
            [first, ..] => {
                self.mismatch(first.span, text!("第一个参数是记录的名称，例如 x", "the first argument names the record, such as x"), None);
                return None;
            }
            [] => return None,
        };
        if self.variable.is_some() {
            self.mismatch(span, text!("`{name}` 不能嵌套在另一个列表运算里", "`{name}` cannot be nested in another macro"), Some(text!("请拆成两条规则，或用 filter 连写", "use two rules, or chain with filter")));
            return None;
        }
        if self.vocabulary().by_path(&variable).is_some() {
            self.mismatch(span, text!("`{variable}` 是字段名，请换一个记录名称", "`{variable}` is a field; name the record otherwise"), None);
            return None;
        }
        // The reference of `same` is read outside the record.
        let reference = args.get(2).map(|r| self.stated(r));
        self.variable = Some((variable, list.field()));
        let typed = self.in_macro(span, list, name, body, reference);
        self.variable = None;
        typed
    }

    fn in_macro(&mut self, span: Span, list: ListExpr, name: &str, body: &Expr, reference: Option<Option<(Stated, Type, Option<NumType>)>>) -> Option<Typed> {
        let list = Box::new(list);
        match name {
            "all" | "exists" | "filter" => {
                let condition = Box::new(self.condition(body)?);
                Some(match name {
                    "all" => self.bool(span, BoolKind::All(list, condition)),
                    "exists" => self.bool(span, BoolKind::Exists(list, condition)),
                    _ => {
                        let id = self.id(span, Type::Records(list.field()), &Measure::NONE, false);
                        Typed::Records(Node { id, kind: ListKind::Filter(list, condition) })
                    }
                })
            }
            "same" => {
                let (stated, t, num) = self.stated(body)?;
                let reference = match reference {
                    None => None,
                    Some(reference) => {
                        let (reference, rt, rnum) = reference?;
                        if t != rt {
                            match (num, rnum) {
                                (Some(a), Some(b)) => drop(self.agree(body.span, &a, &b, true)?),
                                _ => {
                                    let (l, r) = (t.name(self.vocabulary()), rt.name(self.vocabulary()));
                                    self.mismatch(span, Text::new(format!("{}与{}不能比较", l.zh, r.zh), format!("{} and {} cannot be compared", l.en, r.en)), None);
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

    fn stated(&mut self, expr: &Expr) -> Option<(Stated, Type, Option<NumType>)> {
        match self.expr(expr)? {
            Typed::Number(e, t) => Some((Stated::Number(e), Type::Number(t.dimension, t.per), Some(t))),
            Typed::Atom(e, t) => Some((Stated::Atom(e), t, None)),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(expr.span, Text::new(format!("这里应当是数值、文字、日期或代码，得到的是{}", is.zh), format!("a number, text, date or code is expected here, not {}", is.en)), None);
                None
            }
        }
    }

    fn text_call(&mut self, span: Span, text: AtomExpr, name: &str, args: &[Expr]) -> Option<Typed> {
        let argument = args.first()?;
        if name == "matches" {
            let Kind::Text(pattern) = &argument.kind else {
                self.mismatch(argument.span, text!("matches 的参数必须是文字字面量", "the pattern must be a literal text"), None);
                return None;
            };
            return match Regex::new(pattern) {
                Ok(pattern) => Some(self.bool(span, BoolKind::Matches(Box::new(text), pattern))),
                Err(error) => {
                    let original = error.to_string();
                    let reason = original.lines().last().unwrap_or("").trim().to_owned();
                    self.report("hegui::language::pattern", argument.span, text!("正则表达式不能编译", "the pattern does not compile"), Some(text!("原文：{reason}", "the library said: {reason}")));
                    None
                }
            };
        }
        match self.expr(argument)? {
            Typed::Atom(part, Type::Text) => {
                let (text, part) = (Box::new(text), Box::new(part));
                Some(self.bool(span, if name == "contains" { BoolKind::Contains(text, part) } else { BoolKind::StartsWith(text, part) }))
            }
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(argument.span, Text::new(format!("这里应当是文字，得到的是{}", is.zh), format!("a text is expected here, not {}", is.en)), None);
                None
            }
        }
    }

    fn function(&mut self, span: Span, name: &str, name_span: Span, args: &[Expr]) -> Option<Typed> {
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
                Some(self.number(span, if name == "min" { NumKind::Min(numbers) } else { NumKind::Max(numbers) }, common?))
            }
            ("date", [Expr { kind: Kind::Text(text), span: at }]) => {
                let Some(date) = Date::parse(text) else {
                    self.mismatch(*at, text!("`{text}` 不是日期", "`{text}` is not a date"), Some(text!("请写成 2025-09-01", "write it as 2025-09-01")));
                    return None;
                };
                Some(self.atom(span, AtomKind::Literal(Literal::Date(date)), Type::Date))
            }
            ("in_force", [Expr { kind: Kind::Text(id), span: at }]) => {
                let Some(instrument) = self.library.instrument(id) else {
                    let near = nearest(id, self.library.instruments.iter().map(|i| i.id.as_str()));
                    let help = near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
                    self.report("hegui::language::unknown_instrument", *at, text!("没有法规文件 `{id}`", "there is no instrument `{id}`"), help);
                    return None;
                };
                self.instruments.push(instrument);
                Some(self.bool(span, BoolKind::InForce(instrument)))
            }
            ("add_years" | "add_days", [date, count]) => {
                let date = self.date(date)?;
                let (number, t) = self.numeric(count)?;
                if t.dimension != Dimension::NONE && t.dimension != Dimension::COUNT {
                    self.mismatch(count.span, text!("这里应当是不带单位的整数", "a whole number without a unit is expected here"), None);
                    return None;
                }
                let (date, number) = (Box::new(date), Box::new(number));
                Some(self.atom(span, if name == "add_years" { AtomKind::AddYears(date, number) } else { AtomKind::AddDays(date, number) }, Type::Date))
            }
            ("days_between", [from, to]) => {
                let (from, to) = (self.date(from), self.date(to));
                let measure = Measure { unit: crate::model::unit::parse("日").unwrap_or(Unit::NONE), per: None };
                let t = NumType { dimension: Dimension::TIME, per: None, measure, literal: false, zero: false };
                Some(self.number(span, NumKind::Days(Box::new(from?), Box::new(to?)), t))
            }
            ("lookup", [Expr { kind: Kind::Text(table), span: table_span }, Expr { kind: Kind::Text(output), span: output_span }, rest @ ..]) => {
                self.look_up(span, (table, *table_span), (output, *output_span), rest.first())
            }
            _ => {
                let arguments = function.arguments;
                self.mismatch(span, text!("`{name}` 的参数写法不对", "the arguments of `{name}` are not as expected"), Some(text!("写法：{name}({arguments})", "write {name}({arguments})")));
                None
            }
        }
    }

    fn size(&mut self, span: Span, list: &Expr) -> Option<Typed> {
        let t = NumType {
            dimension: Dimension::COUNT,
            per: None,
            measure: Measure { unit: Unit { name: String::new(), ..Dimension::COUNT.canonical_unit() }, per: None },
            literal: false,
            zero: false,
        };
        match self.expr(list)? {
            Typed::Records(list) => Some(self.number(span, NumKind::Size(Box::new(list)), t)),
            Typed::Plain(get, _) => Some(self.number(span, NumKind::Count(get), t)),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(list.span, Text::new(format!("size 用于列表，得到的是{}", is.zh), format!("size takes a list, not {}", is.en)), None);
                None
            }
        }
    }

    fn date(&mut self, expr: &Expr) -> Option<AtomExpr> {
        match self.expr(expr)? {
            Typed::Atom(e, Type::Date) => Some(e),
            other => {
                let is = other.kind().name(self.vocabulary());
                self.mismatch(expr.span, Text::new(format!("这里应当是日期，得到的是{}", is.zh), format!("a date is expected here, not {}", is.en)), None);
                None
            }
        }
    }

    fn look_up(&mut self, span: Span, table: (&str, Span), output: (&str, Span), record: Option<&Expr>) -> Option<Typed> {
        let (id, id_span) = table;
        let Some(index) = self.library.table(id) else {
            let near = nearest(id, self.library.tables.iter().map(|t| t.id.as_str()));
            let help = near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
            self.report("hegui::language::unknown_table", id_span, text!("没有名录或决策表 `{id}`", "there is no table `{id}`"), help);
            return None;
        };
        let table = self.library.tables.get(usize::from(index))?;
        let Some(column) = table.output(output.0) else {
            let near = nearest(output.0, table.outputs.iter().map(|o| o.column.as_str()));
            let help = near.map(|near| text!("是不是想写 '{near}'？", "did you mean '{near}'?"));
            self.report("hegui::language::unknown_output", output.1, text!("表 `{id}` 没有输出列 `{}`", "table `{id}` has no output `{}`", output.0), help);
            return None;
        };
        self.check_record(span, table, record)?;
        self.tables.push(index);
        for key in &table.keys {
            self.fields.push(key.field);
        }
        let lookup = Lookup { table: index, output: column };
        let kind = &table.outputs.get(column)?.kind;
        Some(match kind {
            OutputType::Bool => self.bool(span, BoolKind::Lookup(lookup)),
            OutputType::Text => self.atom(span, AtomKind::Lookup(lookup), Type::Text),
            OutputType::Enum(id) => self.atom(span, AtomKind::Lookup(lookup), Type::Enum(*id)),
            OutputType::Code(list) => self.atom(span, AtomKind::Lookup(lookup), Type::Code(*list)),
            OutputType::Number(measure) => {
                let t = NumType { dimension: measure.unit.dimension, per: measure.per, measure: measure.clone(), literal: false, zero: false };
                self.number(span, NumKind::Lookup(lookup), t)
            }
        })
    }

    /// A table with columns of list members takes a record of that list, and only such a table does.
    fn check_record(&mut self, span: Span, table: &crate::model::table::Table, record: Option<&Expr>) -> Option<()> {
        let list = table.record_list(self.vocabulary());
        let given = record.map(|record| match (&record.kind, &self.variable) {
            (Kind::Path(names), Some((variable, list))) if names.len() == 1 && names.first().is_some_and(|(n, _)| n == variable) => Some(*list),
            _ => None,
        });
        let path = |list: FieldId| self.vocabulary().path(list).to_owned();
        match (list, given) {
            (None, None) => Some(()),
            (Some(list), Some(Some(given))) if list == given => Some(()),
            (None, Some(_)) => {
                self.mismatch(span, text!("这张表不按记录查询，不需要第三个参数", "this table has no columns of records; drop the third argument"), None);
                None
            }
            (Some(list), _) => {
                let list = path(list);
                self.mismatch(span, text!("这张表按 `{list}` 的记录查询，第三个参数应是其中一条记录", "this table is looked up with a record of `{list}` as third argument"), Some(text!("例如 {list}.exists(x, lookup('…', '…', x))", "for example {list}.exists(x, lookup('…', '…', x))")));
                None
            }
        }
    }

    // ---- static bounds

    /// What a number may be whatever the project says.
    fn bounds(&self, expr: &NumExpr) -> Interval {
        let both = |a: &NumExpr, b: &NumExpr| (self.bounds(a), self.bounds(b));
        match &expr.kind {
            NumKind::Literal(number) => Interval::Point(number.clone()),
            NumKind::Field(get) => self.vocabulary().field(get.field()).map_or(Interval::ANY, |f| f.domain.clone()),
            NumKind::Parameter(index) => {
                let versions = self.library.parameters.get(usize::from(*index)).map_or(&[][..], |p| &p.versions);
                let hull = versions.iter().map(|v| v.value.clone()).reduce(|a, b| a.hull(&b));
                // Another version may come, so a single value is no proof.
                hull.map_or(Interval::ANY, |_| Interval::new(versions.iter().all(|v| v.value.low().is_some_and(|n| !n.is_negative())).then_some(Number::ZERO), None))
            }
            NumKind::Neg(a) => self.bounds(a).neg(),
            NumKind::Abs(a) => self.bounds(a).abs(),
            NumKind::Add(a, b) => {
                let (a, b) = both(a, b);
                a.add(&b)
            }
            NumKind::Sub(a, b) => {
                let (a, b) = both(a, b);
                a.sub(&b)
            }
            NumKind::Mul(a, b) => {
                let (a, b) = both(a, b);
                a.mul(&b)
            }
            NumKind::Div(a, b) => {
                let (a, b) = both(a, b);
                a.div(&b).unwrap_or(Interval::ANY)
            }
            NumKind::Size(_) | NumKind::Count(_) => Interval::new(Some(Number::ZERO), None),
            NumKind::Sum(_, body) => {
                let zero = Interval::Point(Number::ZERO);
                let one = self.bounds(body);
                let low = one.low().filter(|n| !n.is_negative()).map(|_| Number::ZERO);
                let high = one.high().filter(|n| !(-*n).is_negative()).map(|_| Number::ZERO);
                Interval::new(low, high).hull(&zero)
            }
            NumKind::Least(_, body) | NumKind::Greatest(_, body) => self.bounds(body),
            NumKind::If(_, a, b) => {
                let (a, b) = both(a, b);
                a.hull(&b)
            }
            NumKind::Min(all) => all.iter().map(|e| self.bounds(e)).reduce(|a, b| a.min(&b)).unwrap_or(Interval::ANY),
            NumKind::Max(all) => all.iter().map(|e| self.bounds(e)).reduce(|a, b| a.max(&b)).unwrap_or(Interval::ANY),
            NumKind::Days(..) | NumKind::Lookup(_) => Interval::ANY,
        }
    }
}
