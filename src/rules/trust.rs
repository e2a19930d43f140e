//! How sure a rule is: the figures and instruments it rests on, and which of them nobody has confirmed.
//!
//! It does not judge: what a finding rests on for one project is the judge's to say.

use crate::language::ir::Program;
use crate::model::instrument::Instrument;
use crate::model::parameter::{Confidence, Parameter, Version};
use crate::model::table::Table;
use crate::rules::pack::Packs;
use crate::rules::rule::{Cited, Rule};

/// Something a rule rests on that nobody has confirmed in the official text.
#[derive(Clone, Copy, Debug)]
pub enum Doubt<'a> {
    /// The instrument as a whole: its number, dates or wording.
    Instrument(&'a Instrument),
    /// That a higher norm makes the instrument binding.
    Binding(&'a Instrument),
    /// A dated value of a parameter.
    Version(&'a Parameter, &'a Version),
    /// So many rows of a table, or all of it.
    Rows(&'a Table, usize),
}

/// The parameters and tables that a rule reads, formulas included, in the order of their numbers.
pub fn figures<'a>(packs: &'a Packs, rule: &'a Rule) -> (Vec<&'a Parameter>, Vec<&'a Table>) {
    let library = &packs.library;
    let formulas = rule.reads.iter().filter_map(|f| library.formula(*f));
    let programs: Vec<&Program> = rule.programs().chain(formulas).collect();
    let numbers = |of: fn(&Program) -> &[u16]| {
        let mut all: Vec<u16> = programs
            .iter()
            .flat_map(|p| of(p).iter().copied())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let parameters = numbers(|p| &p.parameters);
    let tables = numbers(|p| &p.tables);
    (
        parameters
            .iter()
            .filter_map(|p| library.parameters.get(usize::from(*p)))
            .collect(),
        tables
            .iter()
            .filter_map(|t| library.tables.get(usize::from(*t)))
            .collect(),
    )
}

/// The instruments that a rule cites, exceptions included, each once.
pub fn instruments<'a>(packs: &'a Packs, rule: &'a Rule) -> Vec<&'a Instrument> {
    let exceptions = rule.exceptions.iter().flat_map(|e| &e.basis);
    let mut numbers: Vec<u16> = rule
        .basis
        .iter()
        .chain(exceptions)
        .filter_map(|b| match b.cited {
            Cited::Instrument(number) => Some(number),
            Cited::Section(_) => None,
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    let all = &packs.library.instruments;
    numbers
        .iter()
        .filter_map(|n| all.get(usize::from(*n)))
        .collect()
}

/// Everything that a rule rests on and nobody has confirmed.
pub fn doubts<'a>(packs: &'a Packs, rule: &'a Rule) -> Vec<Doubt<'a>> {
    let mut all = Vec::new();
    for instrument in instruments(packs, rule) {
        if instrument.confidence == Confidence::Unverified {
            all.push(Doubt::Instrument(instrument));
        }
        let binding = instrument.binding_by.as_ref();
        if binding.is_some_and(|b| b.confidence == Confidence::Unverified) {
            all.push(Doubt::Binding(instrument));
        }
    }
    let (parameters, tables) = figures(packs, rule);
    for parameter in parameters {
        for version in &parameter.versions {
            if version.confidence == Confidence::Unverified {
                all.push(Doubt::Version(parameter, version));
            }
        }
    }
    for table in tables {
        let rows = table
            .rows
            .iter()
            .filter(|row| row.confidence == Confidence::Unverified)
            .count();
        if rows > 0 || table.confidence == Confidence::Unverified {
            all.push(Doubt::Rows(table, rows));
        }
    }
    all
}

/// How sure the least sure thing is that a rule rests on: what carries it, its figures, its tables.
pub fn confidence(packs: &Packs, rule: &Rule) -> Confidence {
    let carrying = rule.basis.iter().filter(|b| b.carries);
    let instruments = carrying.filter_map(|b| match b.cited {
        Cited::Instrument(number) => packs.library.instruments.get(usize::from(number)),
        Cited::Section(_) => None,
    });
    let (parameters, tables) = figures(packs, rule);
    let versions = parameters.iter().flat_map(|p| &p.versions);
    let rows = tables.iter().flat_map(|t| t.rows.iter());
    let all = instruments
        .map(|i| i.confidence)
        .chain(versions.map(|v| v.confidence))
        .chain(tables.iter().map(|t| t.confidence))
        .chain(rows.map(|r| r.confidence));
    // What an office sets for itself is as sure as it is meant to be.
    all.filter(|c| *c != Confidence::Local)
        .max()
        .unwrap_or(Confidence::Official)
}
