//! One rule file into a checked rule.
//!
//! Everything before the first `[[case]]` is the rule; the cases are read only when they are run.

use std::borrow::Cow;

use crate::base::date::Period;
use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::text::Text;
use crate::base::toml;
use crate::base::tree::Node;
use crate::language::Snippet;
use crate::language::checker::{Expected, compile};
use crate::language::ir::Program;
use crate::language::types::Library;
use crate::model::field::{FieldId, FieldType};
use crate::model::plan::{PlanClause, Section};
use crate::model::stage::Stage;
use crate::model::waiver::AuthorityLevel;
use crate::rules::pack::PackLevel;
use crate::rules::portfolio::{self, PortfolioRule};
use crate::rules::reach;
use crate::rules::reader::{Reader, snippet_in, unknown_word};
use crate::rules::rule::{Basis, Cited, DueLine, Exception, Message, Part, Rule, RuleKind};
use crate::text;

/// What a rule file can cite and read.
pub(super) struct Context<'a> {
    pub(super) library: &'a Library,
    pub(super) sections: &'a [(usize, Section)],
    pub(super) clauses: &'a [PlanClause],
    pub(super) pack: usize,
    /// The rank of the pack.
    pub(super) level: PackLevel,
    /// The periods of the packs' plans, by pack.
    pub(super) periods: &'a [Option<Period>],
}

impl Context<'_> {
    /// The section of a number: of the pack's own plan, else of the latest plan before it.
    fn section(&self, number: &str) -> Option<usize> {
        let found = |own: bool| {
            self.sections
                .iter()
                .rposition(|(pack, s)| s.number == number && (!own || *pack == self.pack))
        };
        found(true).or_else(|| found(false))
    }
}

/// What a rule file holds.
pub(super) enum Loaded {
    /// A rule, and the rule it replaces with the reason.
    Rule(Box<Rule>, Option<(String, Text)>),
    /// A rule over many projects.
    Portfolio(Box<PortfolioRule>),
}

/// The byte at which the cases of a rule file start.
pub(super) fn cases_at(text: &str) -> Option<usize> {
    if text.starts_with("[[case]]") {
        Some(0)
    } else {
        text.find("\n[[case]]").map(|at| at + 1)
    }
}

/// A rule's file.
pub(super) struct RuleFile<'a> {
    /// The rule's id.
    pub(super) id: String,
    /// Its text.
    pub(super) source: &'a Source,
    /// The tree of what stands before the cases.
    pub(super) root: Node,
    /// What is wrong with its syntax.
    pub(super) syntax: Vec<Problem>,
}

/// Parses what stands before the cases of a rule's text.
pub(super) fn parse(source: &Source) -> (Node, Vec<Problem>) {
    let cases = cases_at(&source.text);
    let end = cases.unwrap_or(source.text.len());
    let text = match &source.text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..end).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(..end).unwrap_or_default().to_owned()),
    };
    let head = Source {
        id: source.id,
        name: source.name.clone(),
        text,
        book: None,
    };
    let (root, mut problems) = toml::parse(&head);
    if let Some(at) = cases {
        check_cases_last(source, at, &mut problems);
    }
    (root, problems)
}

/// Reads a rule file.
pub(super) fn read(
    file: &RuleFile<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Loaded> {
    let RuleFile {
        id, source, root, ..
    } = file;
    let mut reader = Reader::new(source, root, problems);
    if portfolio::is_portfolio(&mut reader, problems) {
        let rule = portfolio::read(&mut reader, source, id, context, problems);
        reader.finish(problems);
        return rule.map(|rule| Loaded::Portfolio(Box::new(rule)));
    }
    let rule = read_rule(&mut reader, source, id, context, problems);
    let replaces = reader.text("replaces", problems).map(str::to_owned);
    let reason = reader.bilingual("reason", problems);
    if replaces.is_some() && reason.is_empty() {
        Reader::wrong(
            problems,
            reader.place_of("replaces"),
            text!(
                "替换规则要写明理由 reason",
                "a rule that replaces another states its `reason`"
            ),
        );
    }
    reader.finish(problems);
    let rule = rule?;
    reach::check_basis(&rule, context, problems);
    let replaces = replaces.map(|id| (id, reason));
    Some(Loaded::Rule(Box::new(rule), replaces))
}

/// Reports a section that stands after the cases, since it would not be read.
fn check_cases_last(source: &Source, at: usize, problems: &mut Vec<Problem>) {
    let mut offset = at;
    for line in source
        .text
        .get(at..)
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        if line.starts_with('[')
            && !line.starts_with("[[case]]")
            && !line.starts_with("[case.")
            && !line.starts_with("[[case.")
        {
            let place = source.place(offset..offset + line.trim_end().len());
            problems.push(
                Problem::error(
                    "hegui::pack::case_order",
                    place,
                    text!("用例之后不能再有其他内容", "nothing may follow the cases"),
                )
                .help(text!(
                    "请把这一段移到第一个 [[case]] 之前",
                    "move it before the first [[case]]"
                )),
            );
        }
        offset += line.len();
    }
}

fn read_rule(
    reader: &mut Reader<'_>,
    source: &Source,
    id: &str,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Rule> {
    let kinds = RuleKind::ALL.map(RuleKind::id);
    let title = reader.need_bilingual("title", problems);
    let kind = if reader.need_text("kind", problems).is_some() {
        reader.choice(
            "kind",
            |k| RuleKind::ALL.into_iter().find(|kind| kind.id() == k),
            &kinds,
            problems,
        )
    } else {
        None
    };
    let due = read_due(reader, kind, context, problems);
    let anchor = read_anchor(reader, context, problems);
    let basis = read_bases(reader, context, problems);
    let applies = match reader.snippet("applies", problems) {
        Some(snippet) => condition(snippet, context, problems),
        None => compile(Snippet::bare("true"), context.library, Expected::Bool).0,
    };
    let require = match reader.snippet("require", problems) {
        Some(snippet) => condition(snippet, context, problems),
        None => {
            Reader::wrong(
                problems,
                source.place(0..0),
                text!("规则缺少 require", "the rule has no `require`"),
            );
            None
        }
    };
    let exceptions = read_exceptions(reader, context, problems);
    let message = read_message(reader, context, problems);
    let remedy = reader.need_bilingual("remedy", problems);
    let why = reader
        .need_text("why", problems)
        .unwrap_or_default()
        .trim()
        .to_owned();
    let waivable = reader.texts("waivable_by", problems);
    let waivable_by = waivable.iter().filter_map(|level| {
        let found = AuthorityLevel::named(level);
        if found.is_none() {
            problems.push(unknown_word(
                reader.place_of("waivable_by"),
                level,
                &["county", "city", "region", "state"],
            ));
        }
        found
    });
    let waivable_by: Vec<AuthorityLevel> = waivable_by.collect();
    if context.level == PackLevel::Law
        && kind == Some(RuleKind::Prohibition)
        && !waivable_by.is_empty()
    {
        Reader::wrong(
            problems,
            reader.place_of("waivable_by"),
            text!(
                "法律层级的禁止性规定不能由人工认定",
                "a prohibition of law cannot be waived"
            ),
        );
    }
    let valid = read_valid(reader, problems);
    let formerly = reader.texts("formerly", problems);
    let mut rule = Rule {
        id: id.to_owned(),
        pack: context.pack,
        title,
        kind: kind?,
        due,
        anchor,
        basis,
        applies: applies?,
        require: require?,
        exceptions: exceptions?,
        message,
        remedy,
        why,
        waivable_by,
        valid,
        formerly,
        place: source.place(0..source.text.lines().next().map_or(0, str::len)),
        source: source.id,
        changes: Vec::new(),
        reads: Vec::new(),
    };
    rule.reads = reach::reads(&rule, context.library);
    rule.changes = reach::changes(&rule, context);
    Some(rule)
}

fn condition(
    snippet: Snippet<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Program> {
    let (program, mut found) = compile(snippet, context.library, Expected::Bool);
    problems.append(&mut found);
    program
}

fn read_due(
    reader: &mut Reader<'_>,
    kind: Option<RuleKind>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<DueLine> {
    let ids = Stage::ALL.map(Stage::id);
    let Some(node) = reader.node("due") else {
        if kind.is_some_and(|kind| kind != RuleKind::Prohibition) {
            Reader::wrong(
                problems,
                reader.place(),
                text!(
                    "除禁止性规定外，规则要写明 due（最迟办结环节）",
                    "every rule but a prohibition states `due`, the stage by which it can be asked"
                ),
            );
        }
        return Vec::new();
    };
    if kind == Some(RuleKind::Prohibition) {
        Reader::wrong(
            problems,
            node.place,
            text!("禁止性规定没有 due", "a prohibition has no `due`"),
        );
    }
    if let Some(text) = node.text() {
        return match Stage::named(text) {
            Some(stage) => vec![DueLine { when: None, stage }],
            None => {
                problems.push(unknown_word(node.place, text, &ids));
                Vec::new()
            }
        };
    }
    let source = reader.source();
    let mut lines = Vec::new();
    for item in node.items() {
        let mut reader = Reader::new(source, item, problems);
        let when = reader
            .snippet("when", problems)
            .map(|snippet| condition(snippet, context, problems));
        let stage = reader.choice("stage", Stage::named, &ids, problems);
        reader.finish(problems);
        match (when, stage) {
            (Some(None), _) | (_, None) => {}
            (Some(when), Some(stage)) => lines.push(DueLine { when, stage }),
            (None, Some(stage)) => lines.push(DueLine { when: None, stage }),
        }
    }
    if lines.last().is_none_or(|line| line.when.is_some())
        || lines.iter().rev().skip(1).any(|line| line.when.is_none())
    {
        Reader::wrong(
            problems,
            node.place,
            text!(
                "due 列表的最后一行，且只有最后一行，不带 when",
                "the last line of `due`, and only the last, has no `when`"
            ),
        );
    }
    lines
}

fn read_anchor(
    reader: &mut Reader<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<FieldId> {
    let path = reader.text("anchor", problems)?;
    if path == "submitted" {
        return None;
    }
    let dates = || {
        context
            .library
            .vocabulary
            .fields()
            .iter()
            .filter(|f| f.kind == FieldType::Date && f.procedure.is_some())
    };
    let field = dates().find(|f| f.path == path).map(|f| f.id);
    if field.is_none() {
        let known: Vec<&str> = dates()
            .map(|f| f.path.as_str())
            .chain(["submitted"])
            .collect();
        problems.push(unknown_word(reader.place_of("anchor"), path, &known));
    }
    field
}

/// The bases of a rule, which has at least one.
pub(super) fn read_bases(
    reader: &mut Reader<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Basis> {
    if reader.node("basis").is_none() {
        Reader::wrong(
            problems,
            reader.source().place(0..0),
            text!("规则缺少依据条款 basis", "the rule cites no `basis`"),
        );
        return Vec::new();
    }
    read_basis(
        reader.source(),
        reader.tables("basis", problems),
        context,
        problems,
    )
}

/// The days on which a rule itself holds.
pub(super) fn read_valid(reader: &mut Reader<'_>, problems: &mut Vec<Problem>) -> Period {
    let Some(node) = reader.node("valid") else {
        return Period::ALWAYS;
    };
    let mut reader = Reader::new(reader.source(), node, problems);
    let period = reader.period(problems);
    reader.finish(problems);
    period
}

fn read_basis(
    source: &Source,
    nodes: &[Node],
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Basis> {
    let mut all = Vec::new();
    for node in nodes {
        let mut reader = Reader::new(source, node, problems);
        let instrument = reader.text("instrument", problems);
        let article = reader
            .text("article", problems)
            .unwrap_or_default()
            .to_owned();
        let section = reader.text("section", problems);
        let clause = read_clause(&mut reader, section, context, problems);
        let carries = reader.flag("carries", problems);
        let cited = match (instrument, section) {
            (Some(id), None) => {
                let found = context.library.instrument(id).map(Cited::Instrument);
                if found.is_none() {
                    let known: Vec<&str> = context
                        .library
                        .instruments
                        .iter()
                        .map(|i| i.id.as_str())
                        .collect();
                    problems.push(unknown_word(reader.place_of("instrument"), id, &known));
                }
                found
            }
            (None, Some(number)) => {
                let found = context.section(number).map(Cited::Section);
                if found.is_none() {
                    let known: Vec<&str> = context
                        .sections
                        .iter()
                        .map(|(_, s)| s.number.as_str())
                        .collect();
                    problems.push(unknown_word(reader.place_of("section"), number, &known));
                }
                found
            }
            _ => {
                Reader::wrong(
                    problems,
                    node.place,
                    text!(
                        "依据条款写 instrument 或 section 之一",
                        "a basis cites either an `instrument` or a `section`"
                    ),
                );
                None
            }
        };
        reader.finish(problems);
        if let Some(cited) = cited {
            all.push(Basis {
                cited,
                article,
                clause,
                carries: carries || nodes.len() == 1,
                place: node.place,
            });
        }
    }
    all
}

/// The clause that a basis names; it stands in the section that the basis cites.
fn read_clause(
    reader: &mut Reader<'_>,
    section: Option<&str>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<usize> {
    let id = reader.text("clause", problems)?;
    let section = section.and_then(|number| context.section(number));
    let section = section.and_then(|index| context.sections.get(index));
    let here = |clause: &PlanClause| {
        section.is_some_and(|(pack, s)| clause.pack == *pack && clause.section == s.number)
    };
    let found = context
        .clauses
        .iter()
        .position(|clause| clause.id == id && here(clause));
    if found.is_none() {
        let known: Vec<&str> = context
            .clauses
            .iter()
            .filter(|clause| here(clause))
            .map(|clause| clause.id.as_str())
            .collect();
        problems.push(unknown_word(reader.place_of("clause"), id, &known));
    }
    found
}

fn read_exceptions(
    reader: &mut Reader<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Exception>> {
    let source = reader.source();
    let mut exceptions = Some(Vec::new());
    for node in reader.tables("exception", problems) {
        let mut reader = Reader::new(source, node, problems);
        let label = reader.need_bilingual("label", problems);
        let when = reader
            .snippet("when", problems)
            .and_then(|snippet| condition(snippet, context, problems));
        let basis = read_basis(source, reader.tables("basis", problems), context, problems);
        reader.finish(problems);
        // One broken exception would make the rule stricter than it is written.
        exceptions = exceptions.zip(when).map(|(mut all, when)| {
            all.push(Exception { label, when, basis });
            all
        });
    }
    exceptions
}

fn read_message(
    reader: &mut Reader<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Message {
    let text = reader.need_bilingual("message", problems);
    let node = reader.node("message");
    let mut parts = |lang: &str, text: &str| {
        let place = node.and_then(|n| n.get(lang)).map(|n| n.place);
        let snippet = match place {
            Some(place) => snippet_in(reader.source(), place, text),
            None => Snippet::bare(text),
        };
        message_parts(snippet, context, problems)
    };
    Message {
        zh: parts("zh", &text.zh),
        en: parts("en", &text.en),
    }
}

fn message_parts(
    snippet: Snippet<'_>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    let text = snippet.text;
    while let Some(open) = text
        .get(at..)
        .and_then(|rest| rest.find('{'))
        .map(|o| at + o)
    {
        parts.push(Part::Text(
            text.get(at..open).unwrap_or_default().to_owned(),
        ));
        let Some(close) = text
            .get(open..)
            .and_then(|rest| rest.find('}'))
            .map(|c| open + c)
        else {
            let place = snippet.at(crate::base::source::Span::new(open..text.len()));
            problems.push(Problem::error(
                "hegui::pack::message",
                place,
                text!("花括号没有闭合", "the brace is not closed"),
            ));
            return parts;
        };
        let inner = text.get(open + 1..close).unwrap_or_default();
        let place = snippet.at(crate::base::source::Span::new(open + 1..close));
        let (program, mut found) = compile(
            Snippet {
                text: inner,
                place,
                exact: snippet.exact,
            },
            context.library,
            Expected::Any,
        );
        problems.append(&mut found);
        parts.extend(program.map(Box::new).map(Part::Value));
        at = close + 1;
    }
    parts.push(Part::Text(text.get(at..).unwrap_or_default().to_owned()));
    parts
}
