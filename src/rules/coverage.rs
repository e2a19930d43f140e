//! Plan coverage: for every section of a plan what holds projects to it, what they may support there,
//! and what is not assessed and why.
//!
//! A section is covered if a rule, a clause that is accounted for, a goal or an indicator stands in it,
//! or if a reason says why no project is judged by it. Anything else is a gap.

use std::collections::BTreeSet;

use crate::base::text::Text;
use crate::model::plan::{Goal, Indicator, PlanClause, Section};
use crate::rules::pack::{Head, PackLevel, Packs};
use crate::rules::rule::{Basis, Cited};

/// How a section is accounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionState {
    /// A rule holds projects to it.
    Rules,
    /// No rule; goals, indicators or clauses that no single project can be held to.
    Goals,
    /// It is not assessed, with the reason.
    NotAssessed,
    /// Nothing accounts for it.
    Gap,
}

/// How a clause is accounted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClauseState {
    /// A rule cites it.
    Rule,
    /// Rules of law hold projects to the same thing.
    Law,
    /// It is a target of the whole area.
    Target,
    /// No project can be held to it, with the reason.
    NotCheckable,
    /// Nothing accounts for it.
    Gap,
}

/// A rule of any scope.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its title.
    pub title: &'a Text,
    basis: &'a [Basis],
}

impl Holder<'_> {
    fn cites(&self, section: usize, clause: Option<usize>) -> bool {
        self.basis
            .iter()
            .any(|b| b.cited == Cited::Section(section) && b.clause == clause)
    }
}

/// The rules about single projects, then those about many.
fn holders(packs: &Packs) -> impl Iterator<Item = Holder<'_>> {
    let rules = packs.rules.iter().map(|rule| Holder {
        id: &rule.id,
        title: &rule.title,
        basis: &rule.basis,
    });
    rules.chain(packs.portfolio.iter().map(|rule| Holder {
        id: &rule.id,
        title: &rule.title,
        basis: &rule.basis,
    }))
}

/// A clause with the rules that hold projects to it.
#[derive(Clone, Debug)]
pub struct ClauseCover<'a> {
    /// The clause.
    pub clause: &'a PlanClause,
    /// The rules that cite it, then the rules of law it names.
    pub rules: Vec<Holder<'a>>,
    /// How it is accounted for.
    pub state: ClauseState,
}

/// A section, or the introduction of a chapter.
#[derive(Clone, Debug)]
pub struct SectionCover<'a> {
    /// The section.
    pub section: &'a Section,
    /// True for a chapter, which heads its sections and need not hold anything itself.
    pub chapter: bool,
    /// Rules that cite the section and none of its clauses.
    pub rules: Vec<Holder<'a>>,
    /// Its clauses.
    pub clauses: Vec<ClauseCover<'a>>,
    /// Its goals.
    pub goals: Vec<&'a Goal>,
    /// Its indicators.
    pub indicators: Vec<&'a Indicator>,
    /// How it is accounted for; none for a chapter that only heads its sections.
    pub state: Option<SectionState>,
}

/// A plan, section by section.
#[derive(Clone, Debug)]
pub struct Coverage<'a> {
    /// The pack of the plan.
    pub head: &'a Head,
    /// Chapters and sections in the order of the outline.
    pub sections: Vec<SectionCover<'a>>,
    /// Numbers that the outline leaves out.
    pub missing: Vec<String>,
}

impl Coverage<'_> {
    /// True if no section, clause or number of the outline is left open.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
            && self.sections(SectionState::Gap) == 0
            && self.clauses(ClauseState::Gap) == 0
    }

    /// How many sections have a state.
    pub fn sections(&self, state: SectionState) -> usize {
        let has = |s: &&SectionCover<'_>| s.state == Some(state);
        self.sections.iter().filter(has).count()
    }

    /// How many clauses have a state.
    pub fn clauses(&self, state: ClauseState) -> usize {
        let clauses = self.sections.iter().flat_map(|s| &s.clauses);
        clauses.filter(|c| c.state == state).count()
    }
}

/// The plans among the packs.
pub fn coverage(packs: &Packs) -> Vec<Coverage<'_>> {
    let plans = packs.heads.iter().enumerate();
    plans
        .filter(|(_, head)| head.level == PackLevel::Plan)
        .map(|(number, head)| plan(packs, number, head))
        .collect()
}

fn plan<'a>(packs: &'a Packs, number: usize, head: &'a Head) -> Coverage<'a> {
    let mut outline: Vec<(usize, &Section)> = packs
        .sections
        .iter()
        .enumerate()
        .filter(|(_, (pack, _))| *pack == number)
        .map(|(index, (_, section))| (index, section))
        .collect();
    outline.sort_by_key(|(_, section)| numbers(&section.number));
    Coverage {
        head,
        missing: missing(outline.iter().map(|(_, section)| *section)),
        sections: outline
            .into_iter()
            .map(|(index, section)| section_cover(packs, number, index, section))
            .collect(),
    }
}

fn section_cover<'a>(
    packs: &'a Packs,
    pack: usize,
    index: usize,
    section: &'a Section,
) -> SectionCover<'a> {
    let here = |its_pack: usize, number: &str| its_pack == pack && number == section.number;
    let rules: Vec<Holder<'_>> = holders(packs)
        .filter(|rule| rule.cites(index, None))
        .collect();
    let clauses: Vec<ClauseCover<'_>> = packs
        .clauses
        .iter()
        .enumerate()
        .filter(|(_, clause)| here(clause.pack, &clause.section))
        .map(|(number, clause)| {
            let own = holders(packs).filter(|rule| rule.cites(index, Some(number)));
            clause_cover(packs, clause, own.collect())
        })
        .collect();
    let goals: Vec<&Goal> = packs
        .goals
        .iter()
        .filter(|goal| here(goal.pack, &goal.section))
        .collect();
    let indicators: Vec<&Indicator> = packs
        .indicators
        .iter()
        .filter(|indicator| here(indicator.pack, &indicator.section))
        .collect();
    let chapter = !section.number.contains('.');
    let held = |c: &ClauseCover<'_>| matches!(c.state, ClauseState::Rule | ClauseState::Law);
    let state = if !rules.is_empty() || clauses.iter().any(held) {
        Some(SectionState::Rules)
    } else if !goals.is_empty() || !indicators.is_empty() || !clauses.is_empty() {
        Some(SectionState::Goals)
    } else if section.not_assessed.is_some() {
        Some(SectionState::NotAssessed)
    } else if chapter {
        None
    } else {
        Some(SectionState::Gap)
    };
    SectionCover {
        section,
        chapter,
        rules,
        clauses,
        goals,
        indicators,
        state,
    }
}

fn clause_cover<'a>(
    packs: &'a Packs,
    clause: &'a PlanClause,
    own: Vec<Holder<'a>>,
) -> ClauseCover<'a> {
    let law: Vec<Holder<'_>> = clause
        .held_by
        .iter()
        .filter_map(|id| packs.rule(id))
        .filter_map(|rule| holders(packs).find(|holder| holder.id == rule.id))
        .collect();
    let state = if !own.is_empty() {
        ClauseState::Rule
    } else if !law.is_empty() {
        ClauseState::Law
    } else if packs.indicators.iter().any(|i| i.id == clause.id) {
        ClauseState::Target
    } else if clause.not_checkable.is_some() {
        ClauseState::NotCheckable
    } else {
        ClauseState::Gap
    };
    let mut rules = own;
    for rule in law {
        if !rules.iter().any(|known| known.id == rule.id) {
            rules.push(rule);
        }
    }
    ClauseCover {
        clause,
        rules,
        state,
    }
}

/// `10.2` as numbers, so that it stands after `9.6`.
fn numbers(number: &str) -> Vec<u32> {
    number
        .split('.')
        .map(|part| part.parse().unwrap_or(u32::MAX))
        .collect()
}

/// The numbers below the highest of each level that no section has.
fn missing<'a>(outline: impl Iterator<Item = &'a Section>) -> Vec<String> {
    let given: BTreeSet<Vec<u32>> = outline.map(|s| numbers(&s.number)).collect();
    let mut wanted = BTreeSet::new();
    for number in &given {
        let Some((last, parents)) = number.split_last() else {
            continue;
        };
        let before = (1..*last).take_while(|_| *last < 1_000);
        wanted.extend(before.map(|n| [parents, &[n]].concat()));
        if !parents.is_empty() {
            wanted.insert(parents.to_vec());
        }
    }
    wanted
        .difference(&given)
        .map(|number| {
            let parts: Vec<String> = number.iter().map(u32::to_string).collect();
            parts.join(".")
        })
        .collect()
}
