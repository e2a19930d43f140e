//! What a rule reaches: the fields it reads, the days on which its law changes, and what carries it.

use crate::base::date::{Date, Period};
use crate::base::problem::Problem;
use crate::language::ir::Program;
use crate::language::types::Library;
use crate::model::field::FieldId;
use crate::rules::rule::{Basis, Cited, Rule};
use crate::rules::rule_file::Context;
use crate::text;

/// The fields a rule reads, those of formulas included.
pub(super) fn reads(rule: &Rule, library: &Library) -> Vec<FieldId> {
    with_formulas(
        rule.programs()
            .flat_map(|p| p.fields.iter().copied())
            .collect(),
        library,
    )
}

/// Fields and all that their formulas read, sorted.
pub(super) fn with_formulas(mut open: Vec<FieldId>, library: &Library) -> Vec<FieldId> {
    let mut all = Vec::new();
    while let Some(field) = open.pop() {
        if !all.contains(&field) {
            all.push(field);
            open.extend(
                library
                    .formula(field)
                    .into_iter()
                    .flat_map(|p| p.fields.iter().copied()),
            );
        }
    }
    all.sort_unstable();
    all
}

/// The days on which the parameters and instruments that programs read change, sorted.
pub(super) fn program_changes(programs: &[&Program], library: &Library) -> Vec<Date> {
    let parameters = programs
        .iter()
        .flat_map(|p| &p.parameters)
        .filter_map(|i| library.parameters.get(usize::from(*i)));
    let versions = parameters.flat_map(|p| p.versions.iter().map(|v| v.period));
    let asked = programs
        .iter()
        .flat_map(|p| &p.instruments)
        .filter_map(|i| library.instruments.get(usize::from(*i)));
    sorted_changes(versions.chain(asked.map(|i| i.period)))
}

fn sorted_changes(periods: impl Iterator<Item = Period>) -> Vec<Date> {
    let mut days: Vec<Date> = periods.flat_map(Period::changes).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The days on which what the rule reads or rests on changes.
pub(super) fn changes(rule: &Rule, context: &Context<'_>) -> Vec<Date> {
    let library = context.library;
    let formulas = rule
        .reads
        .iter()
        .filter_map(|field| library.formula(*field));
    let all: Vec<&Program> = rule.programs().chain(formulas).collect();
    let cited = rule.basis.iter().filter_map(|b| match b.cited {
        Cited::Instrument(index) => library.instruments.get(usize::from(index)),
        Cited::Section(_) => None,
    });
    let bindings = cited
        .clone()
        .filter_map(|i| i.binding_by.as_ref())
        .filter_map(|b| library.instrument_of(&b.instrument));
    let mut days = program_changes(&all, library);
    // A plan's hard wording binds in its period only.
    let sections = rule.basis.iter().filter_map(|b| match b.cited {
        Cited::Section(index) => context.sections.get(index).map(|(pack, _)| *pack),
        Cited::Instrument(_) => None,
    });
    let plans = sections.chain([rule.pack]);
    let periods = plans.filter_map(|pack| context.periods.get(pack).copied().flatten());
    days.extend(sorted_changes(
        cited
            .chain(bindings)
            .map(|i| i.period)
            .chain([rule.valid])
            .chain(periods),
    ));
    days.sort_unstable();
    days.dedup();
    days
}

/// Exactly one basis carries at any date, and the rule does not outlive what carries it.
pub(super) fn check_basis(rule: &Rule, context: &Context<'_>, problems: &mut Vec<Problem>) {
    let period = |basis: &Basis| match basis.cited {
        Cited::Instrument(index) => context
            .library
            .instruments
            .get(usize::from(index))
            .map_or(Period::ALWAYS, |i| i.period),
        Cited::Section(_) => Period::ALWAYS,
    };
    let carrying: Vec<&Basis> = rule.basis.iter().filter(|b| b.carries).collect();
    if carrying.is_empty() {
        problems.push(Problem::error(
            "hegui::pack::carries",
            rule.place,
            text!(
                "没有一项依据标明 carries = true",
                "no basis says `carries = true`"
            ),
        ));
        return;
    }
    for (index, basis) in carrying.iter().enumerate() {
        if let Some(other) = carrying
            .iter()
            .skip(index + 1)
            .find(|other| period(other).overlaps(period(basis)))
        {
            problems.push(
                Problem::error(
                    "hegui::pack::carries",
                    other.place,
                    text!(
                        "同一时间只能有一项依据 carries = true",
                        "only one basis may carry at a time"
                    ),
                )
                .also(basis.place, text!("另一项", "the other")),
            );
        }
    }
    // The last day of the chain that starts with the last carrying basis.
    let open = carrying.iter().any(|b| period(b).to.is_none());
    let last = carrying
        .iter()
        .filter_map(|b| period(b).to.map(|to| (to, b)))
        .max_by_key(|(to, _)| *to);
    if let (false, Some((to, basis))) = (open, last)
        && rule.valid.to.is_none_or(|end| end > to)
    {
        problems.push(
            Problem::error(
                "hegui::pack::expired",
                basis.place,
                text!(
                    "依据自 {to} 之后失效，规则没有接续的依据",
                    "this basis ends on {to} and the rule has none after it"
                ),
            )
            .help(text!(
                "请补上接续的法规文件，或写 valid = {{ to = {to} }}",
                "cite its successor, or write valid = {{ to = {to} }}"
            )),
        );
    }
    if matches!(&rule.applies.root, crate::language::ir::Root::Bool(root) if matches!(root.kind, crate::language::ir::BoolKind::Literal(false)))
    {
        problems.push(Problem::error(
            "hegui::pack::constant",
            rule.place,
            text!("规则永远不适用", "the rule can never apply"),
        ));
    }
}
