//! Portfolio rules: totals, counts and shares over many projects, held against a limit or a target.
//!
//! It reads them from rule files that say `scope = "portfolio"`. It adds nothing up itself.

use crate::base::date::Period;
use crate::base::problem::Problem;
use crate::base::source::{Place, Source, SourceId};
use crate::base::text::Text;
use crate::language::checker::{Expected, compile};
use crate::language::ir::{Program, Root};
use crate::language::types::Type;
use crate::model::field::{FieldId, FieldType, Slot};
use crate::model::quantity::Measure;
use crate::model::unit::{self, Dimension};
use crate::rules::reader::{Reader, unknown_word};
use crate::rules::rule::Basis;
use crate::rules::rule_file::{Context, read_bases, read_valid};
use crate::text;

/// What is added up.
#[derive(Clone, Debug)]
pub enum Measured {
    /// A number of each project.
    Sum(Box<Program>),
    /// The projects.
    Count,
    /// The part of a number, or of the projects, for which a condition holds.
    Share {
        /// The condition.
        part: Box<Program>,
        /// The number; none to count projects.
        of: Option<Box<Program>>,
    },
}

/// How projects are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// The answer, text, truth value or code of a field; a code by the uppermost code above it.
    Field(FieldId),
    /// The year of submission.
    Year,
    /// The goals a project claims to serve; it counts under each of them.
    Goal,
}

/// What the total is held against. It reads only fields of the axes, so that it is one for each group.
#[derive(Clone, Debug)]
pub enum Bound {
    /// At most this.
    Limit(Program),
    /// At least this.
    Target(Program),
}

impl Bound {
    /// The expression.
    pub fn program(&self) -> &Program {
        match self {
            Self::Limit(program) | Self::Target(program) => program,
        }
    }
}

/// A rule over many projects. Its findings change no project's decision.
#[derive(Clone, Debug)]
pub struct PortfolioRule {
    /// Its id: the path of its file within the pack.
    pub id: String,
    /// The number of its pack.
    pub pack: usize,
    /// Its title.
    pub title: Text,
    /// What it cites.
    pub basis: Vec<Basis>,
    /// Which projects count; none for all.
    pub filter: Option<Program>,
    /// What is added up.
    pub measured: Measured,
    /// How totals are shown.
    pub measure: Measure,
    /// How projects are told apart; one group if empty.
    pub by: Vec<Axis>,
    /// What the totals are held against.
    pub bound: Bound,
    /// What to do.
    pub remedy: Text,
    /// The manual page.
    pub why: String,
    /// The days on which the rule holds.
    pub valid: Period,
    /// Where it stands.
    pub place: Place,
    /// Its file.
    pub source: SourceId,
}

impl PortfolioRule {
    /// Every program that decides a verdict.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        let measured: [Option<&Program>; 2] = match &self.measured {
            Measured::Sum(program) => [Some(program), None],
            Measured::Count => [None, None],
            Measured::Share { part, of } => [Some(part), of.as_deref()],
        };
        let own = self.filter.iter().chain(measured.into_iter().flatten());
        own.chain([self.bound.program()])
    }
}

/// True if a rule file is about many projects.
pub(super) fn is_portfolio(reader: &mut Reader<'_>, problems: &mut Vec<Problem>) -> bool {
    let scope = reader.choice(
        "scope",
        |s| match s {
            "project" => Some(false),
            "portfolio" => Some(true),
            _ => None,
        },
        &["project", "portfolio"],
        problems,
    );
    scope.unwrap_or(false)
}

/// Reads a portfolio rule.
pub(super) fn read(
    reader: &mut Reader<'_>,
    source: &Source,
    id: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<PortfolioRule> {
    let title = reader.need_bilingual("title", problems);
    let basis = read_bases(reader, context, problems);
    let filter = program(reader, "where", Expected::Bool, context, problems);
    let (measured, measure) = measured(reader, context, problems)?;
    let expected = Expected::Number(measure.unit.dimension, measure.per);
    let by = axes(reader, context, problems);
    let limit = program(reader, "limit", expected, context, problems);
    let target = program(reader, "target", expected, context, problems);
    let bound = match (limit, target) {
        (Some(limit), None) => Some(Bound::Limit(limit)),
        (None, Some(target)) => Some(Bound::Target(target)),
        _ => {
            Reader::wrong(
                problems,
                source.place(0..0),
                text!(
                    "总量规则写 limit（上限）或 target（目标）之一",
                    "a portfolio rule has either a `limit` or a `target`"
                ),
            );
            None
        }
    };
    let remedy = reader.need_bilingual("remedy", problems);
    let why = reader.need_text("why", problems).unwrap_or_default().trim();
    let valid = read_valid(reader, problems);
    let bound = bound?;
    check_bound(&bound, &by, context, problems);
    Some(PortfolioRule {
        id: id.to_owned(),
        pack: context.pack,
        title,
        basis,
        filter,
        measured,
        measure,
        by,
        bound,
        remedy,
        why: why.to_owned(),
        valid,
        place: source.place(0..source.text.lines().next().map_or(0, str::len)),
        source: source.id,
    })
}

fn program(
    reader: &mut Reader<'_>,
    key: &'static str,
    expected: Expected,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Program> {
    let snippet = reader.snippet(key, problems)?;
    let (program, mut found) = compile(snippet, context.library, expected);
    problems.append(&mut found);
    program
}

/// A program whose value is a number, and how that number is shown.
fn number(
    reader: &mut Reader<'_>,
    key: &'static str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Program, Measure)> {
    let place = reader.place_of(key);
    let program = program(reader, key, Expected::Any, context, problems)?;
    let measure = match (&program.root, program.kind) {
        (Root::Number(root), Type::Number(..)) => program
            .nodes
            .get(root.id as usize)
            .map(|node| node.measure.clone()),
        _ => None,
    };
    if measure.is_none() {
        Reader::wrong(
            problems,
            place,
            text!("`{key}` 应当是数", "`{key}` should be a number"),
        );
    }
    Some((program, measure?))
}

fn measured(
    reader: &mut Reader<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<(Measured, Measure)> {
    let given = ["sum", "count", "share"].map(|key| reader.node(key).is_some());
    let in_unit = |name: &str, dimension: Dimension| Measure {
        unit: unit::parse(name)
            .filter(|unit| unit.dimension == dimension)
            .unwrap_or_else(|| Measure::NONE.unit.clone()),
        per: None,
    };
    match given {
        [true, false, false] => {
            let (program, measure) = number(reader, "sum", context, problems)?;
            Some((Measured::Sum(Box::new(program)), measure))
        }
        [false, true, false] => {
            if !reader.flag("count", problems) {
                Reader::wrong(
                    problems,
                    reader.place_of("count"),
                    text!(
                        "计数写 count = true",
                        "to count projects write `count = true`"
                    ),
                );
            }
            Some((Measured::Count, in_unit("个", Dimension::COUNT)))
        }
        [false, false, true] => {
            let part = Box::new(program(reader, "share", Expected::Bool, context, problems)?);
            let of = match reader.node("of") {
                Some(_) => Some(Box::new(number(reader, "of", context, problems)?.0)),
                None => None,
            };
            Some((Measured::Share { part, of }, in_unit("%", Dimension::NONE)))
        }
        _ => {
            Reader::wrong(
                problems,
                reader.place(),
                text!(
                    "总量规则写 sum、count、share 之一",
                    "a portfolio rule has one of `sum`, `count` and `share`"
                ),
            );
            None
        }
    }
}

fn axes(reader: &mut Reader<'_>, context: &Context<'_>, problems: &mut Vec<Problem>) -> Vec<Axis> {
    let vocabulary = &context.library.vocabulary;
    let fits = |kind: FieldType| {
        matches!(
            kind,
            FieldType::Bool | FieldType::Enum(_) | FieldType::Text | FieldType::Code(_)
        )
    };
    let mut axes = Vec::new();
    for word in reader.texts("by", problems) {
        let field = vocabulary
            .by_path(&word)
            .filter(|f| matches!(f.slot, Slot::Project(_)) && fits(f.kind));
        match (word.as_str(), field) {
            ("year", _) => axes.push(Axis::Year),
            ("goal", _) => axes.push(Axis::Goal),
            (_, Some(field)) => axes.push(Axis::Field(field.id)),
            _ => {
                let fields = vocabulary.fields().iter().filter(|f| fits(f.kind));
                let known: Vec<&str> = fields
                    .map(|f| f.path.as_str())
                    .chain(["year", "goal"])
                    .collect();
                problems.push(unknown_word(reader.place_of("by"), &word, &known));
            }
        }
    }
    axes
}

/// The bound of a group may not hang on which of its projects is looked at.
fn check_bound(bound: &Bound, by: &[Axis], context: &Context<'_>, problems: &mut Vec<Problem>) {
    let library = context.library;
    let program = bound.program();
    let keys = program
        .tables
        .iter()
        .filter_map(|t| library.tables.get(usize::from(*t)))
        .flat_map(|table| table.keys.iter().map(|key| key.field));
    let fields: Vec<FieldId> = program.fields.iter().copied().chain(keys).collect();
    for field in fields {
        if !by.contains(&Axis::Field(field)) {
            let path = library.vocabulary.path(field);
            problems.push(
                Problem::error(
                    "hegui::pack::portfolio",
                    program.place,
                    text!(
                        "界限读取了 `{path}`，而分组 by 里没有它",
                        "the bound reads `{path}`, which is not one of `by`"
                    ),
                )
                .help(text!(
                    "同一组的项目只能有一个界限，请把它加入 by",
                    "projects of one group share one bound: add it to `by`"
                )),
            );
        }
    }
}
