//! The expression language: printing and parsing, Kleene's laws, a second evaluator, and where mistakes are underlined.
//!
//! The second evaluator knows only complete facts: what the real one decides on incomplete facts must hold for every
//! way of completing them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::fmt;
use std::sync::OnceLock;

use hegui::base::date::Date;
use hegui::base::source::{Place, Sources, Span};
use hegui::language::Snippet;
use hegui::language::ast::{Expr, Kind};
use hegui::language::checker::{Expected, compile};
use hegui::language::eval::{Evaluator, Silent};
use hegui::language::functions::FUNCTIONS;
use hegui::language::parser::parse;
use hegui::language::types::Library;
use hegui::model::field::Slot;
use hegui::model::number::Number;
use hegui::model::project::{Fact, Origin, Project, Record, State, Value, Words};
use hegui::model::value::{Interval, Tri};
use hegui::rules::pack::PackOrigin;
use hegui::rules::{PackFiles, load};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::{told, world};

/// Choices drawn from bytes, so that shrinking the bytes shrinks what is built; without bytes the first choice is taken.
struct Tape<'a>(&'a [u8]);

impl Tape<'_> {
    fn pick(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first) % count
    }

    fn flip(&mut self) -> bool {
        self.pick(2) == 1
    }
}

// ---- printing and parsing

const NAMES: [&str; 8] = [
    "a",
    "land",
    "area",
    "锅炉",
    "用地面积",
    "x_1",
    "inside",
    "param",
];
const SIGNS: [&str; 13] = [
    "&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/",
];

fn tree(tape: &mut Tape<'_>, depth: usize) -> Expr {
    let sub = |tape: &mut Tape<'_>| Box::new(tree(tape, depth.saturating_sub(1)));
    let kinds = if depth == 0 { 4 } else { 9 };
    let kind = match tape.pick(kinds) {
        0 => Kind::Path(
            (0..=tape.pick(3))
                .map(|_| (NAMES[tape.pick(NAMES.len())].to_owned(), Span::default()))
                .collect(),
        ),
        1 => {
            let written = [
                "0",
                "1",
                "12.50",
                "3e4",
                "0.001",
                "123456789012345678901234567890",
            ][tape.pick(6)];
            Kind::Number(Number::parse(written).unwrap(), written.to_owned())
        }
        2 => Kind::Bool(tape.flip()),
        3 => Kind::Text(
            (0..tape.pick(5))
                .map(|_| ["a", "'", "\\", "\n", "“", "地", "\\d", "\"", "\t", "{"][tape.pick(10)])
                .collect(),
        ),
        4 => Kind::Unary(["!", "-"][tape.pick(2)], sub(tape)),
        5 => Kind::Conditional(sub(tape), sub(tape), sub(tape)),
        6 => Kind::List((0..tape.pick(3)).map(|_| *sub(tape)).collect()),
        7 => {
            let receiver = tape.flip().then(|| sub(tape));
            let args = (0..tape.pick(3)).map(|_| *sub(tape)).collect();
            Kind::Call {
                receiver,
                name: NAMES[tape.pick(NAMES.len())].to_owned(),
                name_span: Span::default(),
                args,
            }
        }
        _ => Kind::Binary(
            SIGNS[tape.pick(SIGNS.len())],
            Span::default(),
            sub(tape),
            sub(tape),
        ),
    };
    Expr {
        kind,
        span: Span::default(),
    }
}

/// True if two trees differ in spans only.
fn same(a: &Expr, b: &Expr) -> bool {
    let all =
        |a: &[Expr], b: &[Expr]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (&a.kind, &b.kind) {
        (Kind::Number(a, x), Kind::Number(b, y)) => a == b && x == y,
        (Kind::Text(a), Kind::Text(b)) => a == b,
        (Kind::Bool(a), Kind::Bool(b)) => a == b,
        (Kind::List(a), Kind::List(b)) => all(a, b),
        (Kind::Path(a), Kind::Path(b)) => a.iter().map(|(n, _)| n).eq(b.iter().map(|(n, _)| n)),
        (
            Kind::Call {
                receiver: r,
                name: n,
                args: a,
                ..
            },
            Kind::Call {
                receiver: s,
                name: m,
                args: b,
                ..
            },
        ) => {
            let receivers = match (r, s) {
                (Some(r), Some(s)) => same(r, s),
                (None, None) => true,
                _ => false,
            };
            receivers && n == m && all(a, b)
        }
        (Kind::Unary(x, a), Kind::Unary(y, b)) => x == y && same(a, b),
        (Kind::Binary(x, _, a, b), Kind::Binary(y, _, c, d)) => x == y && same(a, c) && same(b, d),
        (Kind::Conditional(a, b, c), Kind::Conditional(x, y, z)) => {
            same(a, x) && same(b, y) && same(c, z)
        }
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn parsing_what_is_printed_gives_the_same_tree(bytes in vec(any::<u8>(), 0..120)) {
        let expr = tree(&mut Tape(&bytes), 5);
        let text = expr.to_string();
        let (read, problems) = parse(Snippet::bare(&text));
        prop_assert!(problems.is_empty(), "{text}: {problems:?}");
        prop_assert!(same(&expr, &read), "{text}\n{read}");
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn any_text_gives_a_tree_or_problems_inside_it(text in "\\PC{0,60}") {
        let mut sources = Sources::default();
        let id = sources.add("t", &*text);
        let place = sources.get(id).unwrap().place(0..text.len());
        let (_, problems) = parse(Snippet { text: &text, place, exact: true });
        for problem in &problems {
            prop_assert!(sources.text_at(problem.place()).is_some());
            prop_assert!(text.get(sources.locate(problem.place()).unwrap().1.range()).is_some(), "an underline ends inside a character");
        }
        let (program, problems) = compile(Snippet { text: &text, place, exact: true }, library(), Expected::Any);
        prop_assert!(program.is_some() != hegui::base::problem::any_error(&problems));
    }

    #[test]
    fn intervals_hold_every_result_of_what_they_hold(ends in vec((-6_i64..6, 0_i64..5), 2), bits in 0_u8..16) {
        let interval = |at: usize| {
            let (low, width) = ends[at];
            let (open_low, open_high) = (bits & (1 << (2 * at)) != 0, bits & (2 << (2 * at)) != 0);
            Interval::new((!open_low).then(|| Number::from(low)), (!open_high).then(|| Number::from(low + width)))
        };
        let (a, b) = (interval(0), interval(1));
        for (x, y) in (-9..12).flat_map(|x| (-9..12).map(move |y| (x, y))) {
            let (p, q) = (Number::from(x), Number::from(y));
            if !a.contains(&p) || !b.contains(&q) {
                continue;
            }
            let point = |n: i64| Number::from(n);
            prop_assert!(a.add(&b).contains(&point(x + y)));
            prop_assert!(a.sub(&b).contains(&point(x - y)));
            prop_assert!(a.mul(&b).contains(&point(x * y)));
            prop_assert!(a.min(&b).contains(&point(x.min(y))));
            prop_assert!(a.max(&b).contains(&point(x.max(y))));
            prop_assert!(a.hull(&b).contains(&p) && a.hull(&b).contains(&q));
            prop_assert!(a.abs().contains(&point(x.abs())) && a.neg().contains(&point(-x)));
            match a.div(&b) {
                Some(quotient) => prop_assert!(quotient.contains(&p.checked_div(&q).unwrap())),
                None => prop_assert!(b.contains(&Number::ZERO)),
            }
            let holds = |is: Tri, really: bool| is == Tri::Unknown || is == Tri::from(really);
            prop_assert!(holds(a.less(&b), x < y) && holds(a.equal(&b), x == y));
        }
    }
}

#[test]
fn the_connectives_obey_kleenes_laws() {
    const ALL: [Tri; 3] = [Tri::False, Tri::Unknown, Tri::True];
    for a in ALL {
        assert_eq!(a.not().not(), a);
        assert_eq!((a.and(Tri::True), a.or(Tri::False)), (a, a));
        assert_eq!(
            (a.and(Tri::False), a.or(Tri::True)),
            (Tri::False, Tri::True)
        );
        assert_eq!((a.and(a), a.or(a)), (a, a));
        for b in ALL {
            assert_eq!((a.and(b), a.or(b)), (b.and(a), b.or(a)));
            assert_eq!((a.and(b)).not(), a.not().or(b.not()));
            assert_eq!((a.or(a.and(b)), a.and(a.or(b))), (a, a));
            for c in ALL {
                assert_eq!(a.and(b).and(c), a.and(b.and(c)));
                assert_eq!(a.or(b).or(c), a.or(b.or(c)));
                assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
            }
        }
    }
    // Whatever is decided with an unknown operand is decided the same with either value in its place.
    for (a, b) in ALL.into_iter().flat_map(|a| ALL.map(|b| (a, b))) {
        for value in [Tri::False, Tri::True] {
            let filled = if b == Tri::Unknown { value } else { b };
            for (less, more) in [(a.and(b), a.and(filled)), (a.or(b), a.or(filled))] {
                assert!(less == Tri::Unknown || less == more);
            }
        }
    }
}

// ---- the second evaluator

const FIELDS: &str = r#"
[enums.e]
ordered = true
values = [{ id = "a", zh = "甲", en = "a" }, { id = "b", zh = "乙", en = "b" }, { id = "c", zh = "丙", en = "c" }]
[[group]]
path = "f"
label = { zh = "组", en = "group" }
[[field]]
path = "f.p"
type = "bool"
label = { zh = "真假一", en = "p" }
[[field]]
path = "f.q"
type = "bool"
label = { zh = "真假二", en = "q" }
[[field]]
path = "f.n"
type = "number"
min = "0"
max = "3"
label = { zh = "数一", en = "n" }
[[field]]
path = "f.m"
type = "number"
label = { zh = "数二", en = "m" }
[[field]]
path = "f.e"
type = "enum"
enum = "e"
label = { zh = "选项", en = "e" }
[[field]]
path = "f.t"
type = "text"
label = { zh = "文字", en = "t" }
[[field]]
path = "f.twice"
type = "number"
provider = "computed"
formula = "f.n * 2"
label = { zh = "两倍", en = "twice" }
[[field]]
path = "rows"
type = "list"
closable = true
label = { zh = "各项", en = "rows" }
[[field]]
path = "rows.k"
type = "number"
min = "0"
max = "3"
when_closed = "none"
label = { zh = "数", en = "k" }
[[field]]
path = "rows.f"
type = "bool"
label = { zh = "真假", en = "f" }
[[field]]
path = "rows.e"
type = "enum"
enum = "e"
label = { zh = "选", en = "e" }
"#;

const PARAMETERS: &str = r#"
[[parameter]]
id = "cap"
label = { zh = "限", en = "cap" }
step = "1"
[[parameter.version]]
value = "2"
source = "s"
confidence = "official"
[[parameter]]
id = "band"
label = { zh = "带", en = "band" }
step = "1"
[[parameter.version]]
value = "1–2"
source = "s"
confidence = "official"
"#;

const TABLES: &str = r#"
[[table]]
id = "first"
title = { zh = "一", en = "first" }
hit = "first"
keys = [{ column = "e", field = "f.e", match = "set" }, { column = "n", field = "f.n", match = "range" }]
outputs = [{ column = "value", type = "number" }, { column = "listed", type = "bool" }]
otherwise = { value = 0, listed = false }
source = "s"
confidence = "official"
[[table]]
id = "unique"
title = { zh = "二", en = "unique" }
hit = "unique"
keys = [{ column = "e", field = "rows.e", match = "set" }]
outputs = [{ column = "value", type = "number" }]
otherwise = { value = 5 }
source = "s"
confidence = "official"
[[table]]
id = "strictest"
title = { zh = "三", en = "strictest" }
hit = "strictest"
order = { output = "rank", ranks = ["a", "b", "c"] }
keys = [{ column = "p", field = "f.p", match = "exact" }, { column = "e", field = "f.e", match = "set" }]
outputs = [{ column = "rank", type = "enum", enum = "e" }]
otherwise = { rank = "a" }
source = "s"
confidence = "official"
"#;

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let head = "id = \"t\"\nversion = \"1\"\ntitle = { zh = \"甲\", en = \"a\" }\nauthority = { zh = \"甲\", en = \"a\" }\nlevel = \"law\"\n";
        let files = [
            ("fields.toml", FIELDS),
            ("pack.toml", head),
            ("parameters.toml", PARAMETERS),
            ("tables.toml", TABLES),
            ("tables/first.csv", "e,n,value,listed\na,\"[0, 1]\",1,true\n,>= 2,2,false\nb,,3,true\n"),
            ("tables/strictest.csv", "p,e,rank\ntrue,,b\n,a,c\nfalse,b|c,a\n"),
            ("tables/unique.csv", "e,value\na,1\nb,2\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned().into())).to_vec();
        let pack = PackFiles { name: "t".into(), prefix: "t".into(), origin: PackOrigin::Embedded, files };
        let mut sources = Sources::default();
        let (packs, problems) = load(vec![pack], &mut sources);
        assert!(problems.is_empty(), "{}", told(&sources, &problems));
        packs.library
    })
}

/// A number of the second evaluator: a fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fraction(i128, i128);

impl Fraction {
    fn new(top: i128, bottom: i128) -> Self {
        let (mut a, mut b) = (top.abs(), bottom.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = if bottom < 0 { -1 } else { 1 };
        Self(sign * top / a.max(1), sign * bottom / a.max(1))
    }

    fn cmp(self, other: Self) -> std::cmp::Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

/// The texts of the text field.
const TEXTS: [&str; 3] = ["x", "xy", "甲 y"];
const ENUM: [&str; 3] = ["a", "b", "c"];

/// A condition.
#[derive(Clone, Debug)]
enum B {
    Is(bool),
    Field(usize),
    RowF,
    Not(Box<Self>),
    Both(bool, Box<Self>, Box<Self>),
    If(Box<Self>, Box<Self>, Box<Self>),
    Same(bool, Box<Self>, Box<Self>),
    Numbers(usize, Box<N>, Box<N>),
    Answers(usize, Box<E>, Box<E>),
    In(Box<E>, Vec<usize>),
    Text(usize, usize),
    Each(bool, Box<L>, Box<Self>),
    Agree(Box<L>, Option<Box<N>>),
    Size(usize, Box<L>, i64),
    Listed,
}

/// A number.
#[derive(Clone, Debug)]
enum N {
    Is(i64),
    Field(usize),
    RowK,
    Cap,
    Band,
    Twice,
    Turned(bool, Box<Self>),
    Of(usize, Box<Self>, Box<Self>),
    If(Box<B>, Box<Self>, Box<Self>),
    Over(usize, Box<L>, Box<Self>),
    Value,
    RowValue,
}

/// An answer.
#[derive(Clone, Debug)]
#[expect(
    clippy::enum_variant_names,
    reason = "`E` is no word that a variant repeats"
)]
enum E {
    Is(usize),
    Field,
    RowE,
    If(Box<B>, Box<Self>, Box<Self>),
    Rank,
}

/// The records, filtered or not.
#[derive(Clone, Debug)]
struct L(Option<B>);

const ORDERS: [&str; 6] = ["<", "<=", ">", ">=", "==", "!="];
const OPERATIONS: [&str; 6] = ["+", "-", "*", "/", "min", "max"];

/// Builds expressions, boxed since they stand in one another; macros are not nested, so `row` is true inside one.
struct Build<'a, 't> {
    tape: &'a mut Tape<'t>,
    row: bool,
}

#[expect(clippy::unnecessary_box_returns, reason = "every use is a box")]
impl Build<'_, '_> {
    fn b(&mut self, depth: usize) -> Box<B> {
        let d = depth.saturating_sub(1);
        let kinds = if depth == 0 {
            4
        } else if self.row {
            11
        } else {
            15
        };
        Box::new(match self.tape.pick(kinds) {
            0 if self.row => B::RowF,
            0 | 1 => B::Field(self.tape.pick(2)),
            2 => B::Text(self.tape.pick(4), self.tape.pick(3)),
            3 => {
                if self.tape.flip() {
                    B::Is(self.tape.flip())
                } else {
                    B::Listed
                }
            }
            4 | 5 => B::Numbers(self.tape.pick(6), self.n(d), self.n(d)),
            6 | 7 => B::Both(self.tape.flip(), self.b(d), self.b(d)),
            8 => B::Not(self.b(d)),
            9 => B::Answers(
                self.tape.pick(6),
                self.e(d),
                if self.tape.flip() {
                    Box::new(E::Is(self.tape.pick(3)))
                } else {
                    self.e(d)
                },
            ),
            10 => match self.tape.pick(3) {
                0 => B::If(self.b(d), self.b(d), self.b(d)),
                1 => B::Same(self.tape.flip(), self.b(d), self.b(d)),
                _ => B::In(
                    self.e(d),
                    (0..=self.tape.pick(2)).map(|_| self.tape.pick(3)).collect(),
                ),
            },
            11 | 12 => {
                let (all, list) = (self.tape.flip(), self.list());
                B::Each(all, list, self.inside(|build| build.b(d)))
            }
            13 => B::Size(
                self.tape.pick(6),
                self.list(),
                self.tape.pick(3).try_into().unwrap(),
            ),
            _ => {
                let list = self.list();
                B::Agree(list, self.tape.flip().then(|| self.n(0)))
            }
        })
    }

    fn n(&mut self, depth: usize) -> Box<N> {
        let d = depth.saturating_sub(1);
        let kinds = if depth == 0 {
            5
        } else if self.row {
            8
        } else {
            10
        };
        Box::new(match self.tape.pick(kinds) {
            0 if self.row => N::RowK,
            0 | 1 => N::Field(self.tape.pick(2)),
            2 => N::Is(self.tape.pick(5).try_into().unwrap()),
            3 => [N::Cap, N::Band, N::Twice][self.tape.pick(3)].clone(),
            4 if self.row => N::RowValue,
            4 => N::Value,
            5 | 6 => N::Of(self.tape.pick(6), self.n(d), self.n(d)),
            7 => {
                if self.tape.flip() {
                    N::Turned(self.tape.flip(), self.n(d))
                } else {
                    N::If(self.b(d), self.n(d), self.n(d))
                }
            }
            _ => {
                let (what, list) = (self.tape.pick(3), self.list());
                N::Over(what, list, self.inside(|build| build.n(d.min(1))))
            }
        })
    }

    fn e(&mut self, depth: usize) -> Box<E> {
        let d = depth.saturating_sub(1);
        // Two literals would be texts, so a literal stands only beside something else.
        Box::new(match self.tape.pick(if depth == 0 { 3 } else { 4 }) {
            0 if self.row => E::RowE,
            0 | 1 => E::Field,
            2 => E::Rank,
            _ => E::If(self.b(d), self.e(d), self.e(d)),
        })
    }

    fn list(&mut self) -> Box<L> {
        Box::new(L(self
            .tape
            .flip()
            .then(|| *self.inside(|build| build.b(1)))))
    }

    fn inside<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.row = true;
        let made = run(self);
        self.row = false;
        made
    }
}

impl fmt::Display for B {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => write!(f, "{value}"),
            Self::Field(which) => write!(f, "f.{}", ["p", "q"][*which]),
            Self::RowF => f.write_str("r.f"),
            Self::Not(a) => write!(f, "!({a})"),
            Self::Both(and, a, b) => write!(f, "({a} {} {b})", if *and { "&&" } else { "||" }),
            Self::If(c, a, b) => write!(f, "({c} ? {a} : {b})"),
            Self::Same(equal, a, b) => {
                write!(f, "(({a}) {} ({b}))", if *equal { "==" } else { "!=" })
            }
            Self::Numbers(order, a, b) => write!(f, "({a} {} {b})", ORDERS[*order]),
            Self::Answers(order, a, b) => write!(f, "({a} {} {b})", ORDERS[*order]),
            Self::In(a, options) => {
                let options: Vec<String> =
                    options.iter().map(|o| format!("'{}'", ENUM[*o])).collect();
                write!(f, "({a} in [{}])", options.join(", "))
            }
            Self::Text(how, which) => {
                let text = TEXTS[*which];
                match how {
                    0 => write!(f, "f.t == '{text}'"),
                    1 => write!(f, "f.t.contains('{text}')"),
                    2 => write!(f, "f.t.startsWith('{text}')"),
                    _ => write!(f, "f.t.matches('^{text}$')"),
                }
            }
            Self::Each(all, list, body) => write!(
                f,
                "{list}.{}(r, {body})",
                if *all { "all" } else { "exists" }
            ),
            Self::Agree(list, None) => write!(f, "{list}.same(r, r.k)"),
            Self::Agree(list, Some(reference)) => write!(f, "{list}.same(r, r.k, {reference})"),
            Self::Size(order, list, count) => {
                write!(f, "(size({list}) {} {count})", ORDERS[*order])
            }
            Self::Listed => f.write_str("lookup('first', 'listed')"),
        }
    }
}

impl fmt::Display for N {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => write!(f, "{value}"),
            Self::Field(which) => write!(f, "f.{}", ["n", "m"][*which]),
            Self::RowK => f.write_str("r.k"),
            Self::Cap => f.write_str("param.cap"),
            Self::Band => f.write_str("param.band"),
            Self::Twice => f.write_str("f.twice"),
            Self::Turned(false, a) => write!(f, "-({a})"),
            Self::Turned(true, a) => write!(f, "abs({a})"),
            Self::Of(operation, a, b) if *operation < 4 => {
                write!(f, "({a} {} {b})", OPERATIONS[*operation])
            }
            Self::Of(operation, a, b) => write!(f, "{}({a}, {b})", OPERATIONS[*operation]),
            Self::If(c, a, b) => write!(f, "({c} ? {a} : {b})"),
            Self::Over(what, list, body) => {
                write!(f, "{list}.{}(r, {body})", ["sum", "min", "max"][*what])
            }
            Self::Value => f.write_str("lookup('first', 'value')"),
            Self::RowValue => f.write_str("lookup('unique', 'value', r)"),
        }
    }
}

impl fmt::Display for E {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(which) => write!(f, "'{}'", ENUM[*which]),
            Self::Field => f.write_str("f.e"),
            Self::RowE => f.write_str("r.e"),
            Self::If(c, a, b) => write!(f, "({c} ? {a} : {b})"),
            Self::Rank => f.write_str("lookup('strictest', 'rank')"),
        }
    }
}

impl fmt::Display for L {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("rows"),
            Some(body) => write!(f, "rows.filter(r, {body})"),
        }
    }
}

/// A record of which everything is known; without a `k` it says that it states none.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    k: Option<i64>,
    f: bool,
    e: usize,
}

/// Facts of which everything is known.
#[derive(Clone, Debug, PartialEq)]
struct Complete {
    bools: [bool; 2],
    numbers: [i64; 2],
    e: usize,
    t: usize,
    rows: Vec<Row>,
    band: i64,
}

/// Kleene's `and` over what may be undefined.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|is| !is)
}

fn ordered(order: usize, is: std::cmp::Ordering) -> bool {
    match order {
        0 => is.is_lt(),
        1 => is.is_le(),
        2 => is.is_gt(),
        3 => is.is_ge(),
        4 => is.is_eq(),
        _ => is.is_ne(),
    }
}

/// The second evaluator: none stands for what has no value, such as a quotient by zero or the greatest of nothing.
impl Complete {
    fn b(&self, expr: &B, row: Option<&Row>) -> Option<bool> {
        match expr {
            B::Is(value) => Some(*value),
            B::Field(which) => Some(self.bools[*which]),
            B::RowF => row.map(|r| r.f),
            B::Not(a) => self.b(a, row).map(|a| !a),
            B::Both(true, a, b) => and(self.b(a, row), self.b(b, row)),
            B::Both(false, a, b) => or(self.b(a, row), self.b(b, row)),
            B::If(c, a, b) => chosen(self.b(c, row), self.b(a, row), self.b(b, row)),
            B::Same(equal, a, b) => Some((self.b(a, row)? == self.b(b, row)?) == *equal),
            B::Numbers(order, a, b) => Some(ordered(*order, self.n(a, row)?.cmp(self.n(b, row)?))),
            B::Answers(order, a, b) => Some(ordered(*order, self.e(a, row)?.cmp(&self.e(b, row)?))),
            B::In(a, options) => self.e(a, row).map(|a| options.contains(&a)),
            B::Text(how, which) => {
                let (is, text) = (TEXTS[self.t], TEXTS[*which]);
                Some(match how {
                    0 | 3 => is == text,
                    1 => is.contains(text),
                    _ => is.starts_with(text),
                })
            }
            B::Each(all, list, body) => {
                let one = |row: &Row| {
                    let (kept, holds) = (self.kept(list, row), self.b(body, Some(row)));
                    if *all {
                        or(kept.map(|k| !k), holds)
                    } else {
                        and(kept, holds)
                    }
                };
                let results = self.rows.iter().map(one);
                if *all {
                    results.fold(Some(true), and)
                } else {
                    results.fold(Some(false), or)
                }
            }
            B::Agree(list, reference) => {
                let mut stated: Vec<(Option<bool>, Fraction)> = Vec::new();
                if let Some(reference) = reference {
                    stated.push((Some(true), self.n(reference, row)?));
                }
                for row in &self.rows {
                    let kept = self.kept(list, row);
                    if let (Some(k), true) = (row.k, kept != Some(false)) {
                        stated.push((kept, Fraction(k.into(), 1)));
                    }
                }
                let pairs =
                    (0..stated.len()).flat_map(|i| (i + 1..stated.len()).map(move |j| (i, j)));
                let differ = |(i, j): (usize, usize)| {
                    and(
                        and(stated[i].0, stated[j].0),
                        Some(stated[i].1 != stated[j].1),
                    )
                };
                pairs
                    .map(differ)
                    .fold(Some(false), or)
                    .map(|differ| !differ)
            }
            B::Size(order, list, count) => {
                let kept: Option<Vec<bool>> =
                    self.rows.iter().map(|row| self.kept(list, row)).collect();
                let size = i64::try_from(kept?.into_iter().filter(|k| *k).count()).unwrap();
                Some(ordered(*order, size.cmp(count)))
            }
            B::Listed => Some(self.first().1),
        }
    }

    fn kept(&self, list: &L, row: &Row) -> Option<bool> {
        list.0
            .as_ref()
            .map_or(Some(true), |body| self.b(body, Some(row)))
    }

    fn n(&self, expr: &N, row: Option<&Row>) -> Option<Fraction> {
        let whole = |n: i64| Some(Fraction(n.into(), 1));
        match expr {
            N::Is(value) => whole(*value),
            N::Field(which) => whole(self.numbers[*which]),
            N::RowK => row.and_then(|r| r.k).and_then(whole),
            N::Cap => whole(2),
            N::Band => whole(self.band),
            N::Twice => whole(2 * self.numbers[0]),
            N::Turned(absolute, a) => self
                .n(a, row)
                .map(|a| Fraction(if *absolute { a.0.abs() } else { -a.0 }, a.1)),
            N::Of(operation, a, b) => {
                let (a, b) = (self.n(a, row)?, self.n(b, row)?);
                match operation {
                    0 => Some(Fraction::new(a.0 * b.1 + b.0 * a.1, a.1 * b.1)),
                    1 => Some(Fraction::new(a.0 * b.1 - b.0 * a.1, a.1 * b.1)),
                    2 => Some(Fraction::new(a.0 * b.0, a.1 * b.1)),
                    3 => (b.0 != 0).then(|| Fraction::new(a.0 * b.1, a.1 * b.0)),
                    4 => Some(if a.cmp(b).is_le() { a } else { b }),
                    _ => Some(if a.cmp(b).is_ge() { a } else { b }),
                }
            }
            N::If(c, a, b) => chosen(self.b(c, row), self.n(a, row), self.n(b, row)),
            N::Over(what, list, body) => {
                let mut all: Option<Fraction> = (*what == 0).then_some(Fraction(0, 1));
                for row in &self.rows {
                    let silent = matches!(**body, N::RowK) && row.k.is_none();
                    if !self.kept(list, row)? || silent {
                        continue;
                    }
                    let one = self.n(body, Some(row))?;
                    all = Some(match (what, all) {
                        (0, Some(all)) => {
                            Fraction::new(all.0 * one.1 + one.0 * all.1, all.1 * one.1)
                        }
                        (1, Some(all)) if all.cmp(one).is_le() => all,
                        (2, Some(all)) if all.cmp(one).is_ge() => all,
                        _ => one,
                    });
                }
                all
            }
            N::Value => whole(self.first().0),
            N::RowValue => row.and_then(|r| whole([1, 2, 5][r.e])),
        }
    }

    fn e(&self, expr: &E, row: Option<&Row>) -> Option<usize> {
        match expr {
            E::Is(which) => Some(*which),
            E::Field => Some(self.e),
            E::RowE => row.map(|r| r.e),
            E::If(c, a, b) => chosen(self.b(c, row), self.e(a, row), self.e(b, row)),
            E::Rank => {
                let rows = [
                    (self.bools[0], 1),
                    (self.e == 0, 2),
                    (!self.bools[0] && self.e > 0, 0),
                ];
                Some(
                    rows.into_iter()
                        .filter(|(is, _)| *is)
                        .map(|(_, rank)| rank)
                        .max()
                        .unwrap_or(0),
                )
            }
        }
    }

    /// The table `first`.
    fn first(&self) -> (i64, bool) {
        match (self.e, self.numbers[0]) {
            (0, 0..=1) => (1, true),
            (_, n) if n >= 2 => (2, false),
            (1, _) => (3, true),
            _ => (0, false),
        }
    }
}

fn chosen<T: PartialEq>(c: Option<bool>, a: Option<T>, b: Option<T>) -> Option<T> {
    match c {
        Some(true) => a,
        Some(false) => b,
        None => a.filter(|a| b.as_ref() == Some(a)),
    }
}

/// What is known of a fact: the values it may have.
type May<T> = Vec<T>;
/// What is known of a record.
type MayRow = (May<Option<i64>>, May<bool>, May<usize>);

/// Facts of which not everything is known.
#[derive(Clone, Debug)]
struct Partial {
    bools: [May<bool>; 2],
    numbers: [May<i64>; 2],
    /// True where the values stand for a range and not for a missing number.
    range: [bool; 2],
    e: May<usize>,
    t: May<usize>,
    /// The records, none if the list is missing.
    rows: Option<Vec<MayRow>>,
}

const BOOLS: [bool; 2] = [true, false];

impl Partial {
    fn draw(tape: &mut Tape<'_>) -> Self {
        fn may<T: Copy>(tape: &mut Tape<'_>, all: &[T]) -> May<T> {
            if tape.pick(3) == 2 {
                all.to_vec()
            } else {
                vec![all[tape.pick(all.len())]]
            }
        }
        let mut range = [false; 2];
        let mut number = |tape: &mut Tape<'_>, which: usize, least: i64| match tape.pick(4) {
            0 => (least..=3).collect(),
            1 => {
                range[which] = true;
                let low = least + i64::try_from(tape.pick(3)).unwrap();
                (low..=low + 1).collect()
            }
            _ => vec![least + i64::try_from(tape.pick(4)).unwrap()],
        };
        let numbers = [number(tape, 0, 0), number(tape, 1, -1)];
        let rows = (tape.pick(4) > 0).then(|| {
            let ks = [Some(0), Some(1), Some(2), Some(3), None];
            (0..tape.pick(3))
                .map(|_| (may(tape, &ks), may(tape, &BOOLS), may(tape, &[0, 1, 2])))
                .collect()
        });
        Self {
            bools: [may(tape, &BOOLS), may(tape, &BOOLS)],
            numbers,
            range,
            e: may(tape, &[0, 1, 2]),
            t: may(tape, &[0, 1, 2]),
            rows,
        }
    }

    /// Ways of completing the facts: all of them, or an even scatter of some thousands.
    fn completions(&self) -> Vec<Complete> {
        let lists: Vec<Vec<Row>> = match &self.rows {
            None => {
                let (a, b) = (
                    Row {
                        k: Some(3),
                        f: true,
                        e: 0,
                    },
                    Row {
                        k: Some(0),
                        f: false,
                        e: 2,
                    },
                );
                vec![
                    vec![],
                    vec![a],
                    vec![b],
                    vec![Row { k: None, ..a }],
                    vec![a, b],
                    vec![b, a],
                    vec![a, a, b],
                ]
            }
            Some(rows) => rows.iter().fold(vec![vec![]], |lists, (k, f, e)| {
                let row = |list: &Vec<Row>| {
                    let all = k.iter().flat_map(|k| {
                        f.iter().flat_map(move |f| {
                            e.iter().map(move |e| Row {
                                k: *k,
                                f: *f,
                                e: *e,
                            })
                        })
                    });
                    all.map(|row| [list.as_slice(), &[row]].concat())
                        .collect::<Vec<_>>()
                };
                lists.iter().flat_map(row).collect()
            }),
        };
        let sizes = [
            self.bools[0].len(),
            self.bools[1].len(),
            self.numbers[0].len(),
            self.numbers[1].len(),
            self.e.len(),
            self.t.len(),
            lists.len(),
            2,
        ];
        let total: usize = sizes.iter().product();
        // A step prime to every size visits all parts of the space.
        let step = (total / 3_000).max(1) | 1;
        (0..total)
            .step_by(step)
            .map(|number| {
                let mut number = number;
                let mut digit = |size: usize| {
                    let digit = number % size;
                    number /= size;
                    digit
                };
                let at = sizes.map(&mut digit);
                Complete {
                    bools: [self.bools[0][at[0]], self.bools[1][at[1]]],
                    numbers: [self.numbers[0][at[2]], self.numbers[1][at[3]]],
                    e: self.e[at[4]],
                    t: self.t[at[5]],
                    rows: lists[at[6]].clone(),
                    band: i64::try_from(at[7]).unwrap() + 1,
                }
            })
            .collect()
    }

    fn project(&self) -> Project {
        let rows = self.rows.as_ref().map(|rows| {
            let k = |k: &May<Option<i64>>| match k.as_slice() {
                [Some(k)] => State::Known(number(*k)),
                [None] => State::Silent,
                _ => State::Missing,
            };
            rows.iter()
                .map(|(k_may, f, e)| {
                    [
                        k(k_may),
                        one(f, |f| Value::Bool(*f)),
                        one(e, |e| answer(*e)),
                    ]
                })
                .collect()
        });
        let of = |which: usize| match (self.range[which], self.numbers[which].as_slice()) {
            (_, [n]) => State::Known(number(*n)),
            (true, [low, .., high]) => State::Known(Value::Number(Interval::new(
                Some(Number::from(*low)),
                Some(Number::from(*high)),
            ))),
            _ => State::Missing,
        };
        let text = one(&self.t, |t| Value::Text(Words::new(TEXTS[*t])));
        project(
            [
                one(&self.bools[0], |b| Value::Bool(*b)),
                one(&self.bools[1], |b| Value::Bool(*b)),
                of(0),
                of(1),
                one(&self.e, |e| answer(*e)),
                text,
            ],
            rows,
        )
    }
}

impl Complete {
    fn project(&self) -> Project {
        let known = State::Known;
        let row = |row: &Row| {
            [
                row.k.map_or(State::Silent, |k| known(number(k))),
                known(Value::Bool(row.f)),
                known(answer(row.e)),
            ]
        };
        let rows = self.rows.iter().map(row).collect();
        let facts = [
            Value::Bool(self.bools[0]),
            Value::Bool(self.bools[1]),
            number(self.numbers[0]),
            number(self.numbers[1]),
            answer(self.e),
            Value::Text(Words::new(TEXTS[self.t])),
        ];
        project(facts.map(known), Some(rows))
    }
}

fn one<T>(may: &[T], value: impl Fn(&T) -> Value) -> State {
    match may {
        [only] => State::Known(value(only)),
        _ => State::Missing,
    }
}

fn number(n: i64) -> Value {
    Value::Number(Interval::Point(Number::from(n)))
}

fn answer(e: usize) -> Value {
    Value::Enum(e.try_into().unwrap())
}

fn project(facts: [State; 6], rows: Option<Vec<[State; 3]>>) -> Project {
    let vocabulary = &library().vocabulary;
    let mut project = Project::empty(vocabulary);
    let fact = |state: State| Fact {
        state,
        origin: Origin::Declared(Place::Nowhere),
        claim: false,
    };
    let mut set = |path: &str, state: State| {
        let Slot::Project(slot) = vocabulary.by_path(path).unwrap().slot else {
            panic!("{path}")
        };
        *project.facts.get_mut(usize::from(slot)).unwrap() = fact(state);
    };
    for (path, state) in ["f.p", "f.q", "f.n", "f.m", "f.e", "f.t"]
        .into_iter()
        .zip(facts)
    {
        set(path, state);
    }
    if let Some(rows) = rows {
        let records = rows
            .into_iter()
            .map(|members| Record {
                facts: members.map(fact).into_iter().collect(),
                place: None,
            })
            .collect();
        set("rows", State::Known(Value::Records(records)));
    }
    project
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_holds_for_every_way_of_completing_the_facts(bytes in vec(any::<u8>(), 20..140)) {
        let mut tape = Tape(&bytes);
        let partial = Partial::draw(&mut tape);
        let expr = Build { tape: &mut tape, row: false }.b(4);
        let text = expr.to_string();
        let (program, problems) = compile(Snippet::bare(&text), library(), Expected::Bool);
        let Some(program) = program else {
            // A comparison that can never or always hold is refused; nothing else may be.
            let codes: Vec<&str> = problems.iter().map(|p| p.code).collect();
            prop_assert!(codes.iter().all(|c| *c == "hegui::language::constant"), "{text}: {}", told(&Sources::default(), &problems));
            return Ok(());
        };
        let day = Date::parse("2024-01-01").unwrap();
        let project = partial.project();
        let is = |project: &Project| Evaluator::new(library(), project, day, Silent).truth(&program).is;
        let decided = is(&project);
        let completions = partial.completions();
        for (number, complete) in completions.iter().enumerate() {
            let naive = complete.b(&expr, None);
            if let (Some(naive), true) = (naive, decided != Tri::Unknown) {
                prop_assert!(decided == Tri::from(naive), "{text}\n{partial:?}\nis {decided:?} but {naive} for {complete:?}");
            }
            if number % (completions.len() / 12 + 1) == 0 {
                let known = is(&complete.project());
                prop_assert!(decided == Tri::Unknown || decided == known, "{text}\n{partial:?}\nis {decided:?} but {known:?} for {complete:?}");
                if let (Some(naive), false) = (naive, text.contains("param.band")) {
                    prop_assert!(known == Tri::from(naive), "{text}\nis {known:?}, not {naive} for {complete:?}");
                }
            }
        }
        // What is not known says which facts would decide it, and only facts that are not known.
        let mut eval = Evaluator::new(library(), &project, day, Silent);
        let truth = eval.truth(&program);
        let lacks = eval.deps.list(truth.dep);
        if truth.is == Tri::Unknown && !completions.iter().all(|c| c.b(&expr, None).is_none()) {
            prop_assert!(!lacks.is_empty(), "{text}\n{partial:?}\nis unknown and says not why");
        }
    }
}

#[test]
fn the_greatest_of_a_list_that_may_be_empty_is_not_known() {
    let (program, _) = compile(
        Snippet::bare("rows.max(r, r.k) <= f.m + 9 && rows.min(r, r.k) >= f.m"),
        library(),
        Expected::Bool,
    );
    let program = program.unwrap();
    let day = Date::parse("2024-01-01").unwrap();
    let known = |m: i64| {
        [
            State::Missing,
            State::Missing,
            State::Missing,
            State::Known(number(m)),
            State::Missing,
            State::Missing,
        ]
    };
    let is = |rows: Option<Vec<[State; 3]>>| {
        Evaluator::new(library(), &project(known(0), rows), day, Silent)
            .truth(&program)
            .is
    };
    assert_eq!(is(None), Tri::Unknown, "the list may be empty");
    assert_eq!(is(Some(vec![])), Tri::Unknown);
    assert_eq!(
        is(Some(vec![[State::Silent, State::Missing, State::Missing]])),
        Tri::Unknown
    );
    assert_eq!(
        is(Some(vec![[State::Missing, State::Missing, State::Missing]])),
        Tri::Unknown,
        "the record may state nothing"
    );
    assert_eq!(
        is(Some(vec![[
            State::Known(number(3)),
            State::Missing,
            State::Missing
        ]])),
        Tri::True
    );
}

// ---- mistakes

/// The code and underlined text of each mistake in an expression over the shipped vocabulary.
#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let place = sources.get(id).unwrap().place(0..text.len());
    let (program, problems) = compile(
        Snippet {
            text,
            place,
            exact: true,
        },
        &world().packs.library,
        Expected::Bool,
    );
    let problems = hegui::base::problem::sorted(problems);
    let found: Vec<(&str, &str)> = problems
        .iter()
        .map(|p| {
            (
                p.code.rsplit("::").next().unwrap(),
                sources.text_at(p.place()).unwrap(),
            )
        })
        .collect();
    assert_eq!(found, expected, "{text}\n{}", told(&sources, &problems));
    assert!(program.is_none() || expected.is_empty(), "{text}");
    for problem in &problems {
        for text in [&problem.message.zh, &problem.message.en] {
            assert!(!text.is_empty() && !text.ends_with(['.', '。']), "{text}");
        }
    }
}

#[test]
fn mistakes_are_reported_under_the_right_characters() {
    for (text, expected) in [
        ("land.area > param.eia_boiler_gas", vec![("type", ">")]),
        ("land.area > 5", vec![("type", ">")]),
        ("land.area > 0", vec![]),
        (
            "land.aera > 0 && energy.raw_cole > 0",
            vec![
                ("unknown_field", "land.aera"),
                ("unknown_field", "energy.raw_cole"),
            ],
        ),
        ("用地.area > 0", vec![("unknown_field", "用地.area")]),
        (
            "land.use_mode == 'constuction'",
            vec![("unknown_answer", "'constuction'")],
        ),
        (
            "land.use_mode in ['construction', 'fcility']",
            vec![("unknown_answer", "'fcility'")],
        ),
        (
            "industry.code == '99999'",
            vec![("unknown_code", "'99999'")],
        ),
        (
            "boilers.all(b, b.noxx <= param.nox_city_new)",
            vec![("unknown_field", "b.noxx")],
        ),
        ("boilers.nox > 0", vec![("type", "boilers.nox")]),
        (
            "boilers.every(b, b.nox > 0)",
            vec![("unknown_function", "every")],
        ),
        (
            "lookup('nothing', 'x')",
            vec![("unknown_table", "'nothing'")],
        ),
        (
            "lookup('eia-class', 'clas') == 'table'",
            vec![("unknown_output", "'clas'")],
        ),
        (
            "in_force('nothing')",
            vec![("unknown_instrument", "'nothing'")],
        ),
        (
            "param.nothing > 0",
            vec![("unknown_parameter", "param.nothing")],
        ),
        ("name.matches('(')", vec![("pattern", "'('")]),
        ("land.area >= 0", vec![("constant", "land.area >= 0")]),
        ("land.area", vec![("type", "land.area")]),
        ("land.area > 0 &&", vec![("syntax", "")]),
        (
            "land.area ＞ 0 且 true",
            vec![("syntax", "＞"), ("syntax", "且")],
        ),
        ("land.area = 0", vec![("syntax", "=")]),
        ("has(land.area)", vec![("unknown_function", "has")]),
        ("energy.electricity > land.area", vec![("type", ">")]),
        (
            "dates.filing < '2025-01-01'",
            vec![("type", "'2025-01-01'")],
        ),
    ] {
        check(text, &expected);
    }
}

#[test]
fn macros_are_not_nested() {
    check(
        "boilers.all(b, boilers.exists(c, c.nox > 0))",
        &[("type", "boilers.exists(c, c.nox > 0)")],
    );
}

#[test]
fn every_function_has_words_and_an_example_that_compiles() {
    for function in FUNCTIONS {
        assert!(
            !function.doc.0.is_empty()
                && !function.doc.1.is_empty()
                && !function.arguments.is_empty(),
            "{}",
            function.name
        );
        let (program, problems) = compile(
            Snippet::bare(function.example),
            &world().packs.library,
            Expected::Any,
        );
        assert!(
            program.is_some(),
            "{}: {}",
            function.example,
            told(&Sources::default(), &problems)
        );
        assert!(function.example.contains(function.name));
    }
}

#[test]
fn depth_and_length_of_an_expression_are_limited() {
    for text in [
        "(".repeat(10_000),
        "!".repeat(10_000),
        "-".repeat(10_000),
        "[".repeat(10_000),
        "true && ".repeat(5_000) + "true",
        "a.".repeat(10_000),
        "size(".repeat(10_000),
    ] {
        let (program, problems) = compile(Snippet::bare(&text), library(), Expected::Bool);
        assert!(program.is_none() && !problems.is_empty());
        assert!(problems.len() < 50, "{} problems", problems.len());
    }
}
