//! What a finding on a rule may drive: by what carries the rule, by its period, by who lacks the facts.
//!
//! It does not evaluate expressions.

use crate::base::date::{Date, Period};
use crate::judge::decision::Decision;
use crate::judge::engine::{Engine, NotProvided};
use crate::judge::finding::Remarks;
use crate::language::eval::{Cause, Lack, Subject};
use crate::model::instrument::Instrument;
use crate::model::parameter::Confidence;
use crate::model::plan::Force;
use crate::rules::pack::PackLevel;
use crate::rules::rule::{Basis, Cited, Rule, RuleKind};

impl<'a> Engine<'a> {
    /// True if the rule and one of its carrying bases are in force.
    pub fn in_force(&self, rule: &Rule, day: Date) -> bool {
        rule.valid.contains(day) && self.carrying(rule, day).is_some()
    }

    /// The basis that carries a rule on a day.
    pub fn carrying<'r>(&self, rule: &'r Rule, day: Date) -> Option<&'r Basis> {
        rule.basis.iter().find(|basis| {
            basis.carries
                && match basis.cited {
                    Cited::Instrument(index) => self
                        .instrument(index)
                        .is_some_and(|i| i.period.contains(day)),
                    Cited::Section(_) => true,
                }
        })
    }

    pub(super) fn instrument(&self, index: u16) -> Option<&'a Instrument> {
        self.packs.library.instruments.get(usize::from(index))
    }

    /// The period of a pack's plan.
    fn plan_period(&self, pack: usize) -> Option<Period> {
        let head = self.packs.heads.get(pack)?;
        head.period.filter(|_| head.level == PackLevel::Plan)
    }

    /// True if the period of the rule's plan, or of the plan whose section carries it, is over.
    pub(super) fn after_period(&self, rule: &Rule, day: Date) -> bool {
        let cited = match self.carrying(rule, day).map(|basis| basis.cited) {
            Some(Cited::Section(index)) => self.packs.sections.get(index).map(|(pack, _)| *pack),
            Some(Cited::Instrument(_)) | None => None,
        };
        let periods = [Some(rule.pack), cited].into_iter().flatten();
        let ends = periods.filter_map(|pack| self.plan_period(pack)?.to);
        ends.min().is_some_and(|end| day > end)
    }

    /// The most a finding of a rule may drive on a day.
    pub(super) fn ceiling(&self, rule: &Rule, day: Date, remarks: Remarks) -> Decision {
        if self.after_period(rule, day) {
            return Decision::Explain;
        }
        let carrying = self.carrying(rule, day);
        let carried = match carrying.map(|basis| basis.cited) {
            Some(Cited::Section(index)) => {
                let section = self.packs.sections.get(index);
                let clause = carrying
                    .and_then(|basis| basis.clause)
                    .and_then(|index| self.packs.clauses.get(index));
                section.is_some_and(|(pack, section)| {
                    let hard = clause.map_or(section.hard, |c| c.force == Force::Hard);
                    // Hard wording binds while its plan runs, not before.
                    let runs = self.plan_period(*pack).is_none_or(|p| p.contains(day));
                    hard && runs
                })
            }
            Some(Cited::Instrument(index)) => self
                .instrument(index)
                .is_some_and(|i| i.level.binds() || self.bound(i, day)),
            None => false,
        };
        Self::ceiling_of(carried, remarks)
    }

    /// The most that a finding may drive outside a plan's period, by whether what carries its rule binds.
    pub(super) fn ceiling_of(carried: bool, remarks: Remarks) -> Decision {
        if carried && !remarks.unverified && !remarks.sliver {
            Decision::Reject
        } else {
            Decision::Refer
        }
    }

    /// True if a higher norm in force makes an instrument binding.
    pub(super) fn bound(&self, instrument: &Instrument, day: Date) -> bool {
        let higher = instrument
            .binding_by
            .as_ref()
            .and_then(|b| self.packs.library.instrument_of(&b.instrument));
        higher.is_some_and(|i| i.level.binds() && i.period.contains(day))
    }

    /// True if what carries a rule, or what makes it binding, is unverified.
    pub(super) fn binding_unverified(&self, rule: &Rule, day: Date) -> bool {
        match self.carrying(rule, day).map(|basis| basis.cited) {
            Some(Cited::Instrument(index)) => self.instrument(index).is_some_and(|i| {
                let binding = i.binding_by.as_ref().filter(|_| !i.level.binds());
                i.confidence == Confidence::Unverified
                    || binding.is_some_and(|b| b.confidence == Confidence::Unverified)
            }),
            Some(Cited::Section(_)) | None => false,
        }
    }

    pub(super) fn mark_not_provided(&self, lack: &mut Lack) {
        let not_provided = match lack.subject {
            Subject::Fact(fact) => NotProvided::Field(fact.field),
            Subject::Table(table) => NotProvided::Table(table),
            Subject::Parameter(_) => return,
        };
        if matches!(
            lack.cause,
            Cause::Missing | Cause::Unconfirmed | Cause::TableGap | Cause::Layer
        ) && self.settings.not_provided.contains(&not_provided)
        {
            lack.cause = Cause::NotConfigured;
        }
    }

    /// What an undetermined finding drives, before its ceiling.
    pub(super) fn undetermined(&self, kind: RuleKind, lacks: &[Lack]) -> Decision {
        let most = match kind {
            RuleKind::Referral => Decision::Refer,
            RuleKind::Guidance => Decision::Explain,
            RuleKind::Prohibition | RuleKind::Limit | RuleKind::Requirement => Decision::Supplement,
        };
        if lacks.iter().any(|lack| self.is_applicants(lack)) {
            return Decision::Supplement.min(most);
        }
        if lacks.iter().any(|lack| lack.cause == Cause::NotConfigured)
            && matches!(kind, RuleKind::Referral | RuleKind::Guidance)
        {
            return Decision::Clear;
        }
        Decision::Verify.min(most)
    }

    /// True if the fact is the applicant's to give.
    pub fn is_applicants(&self, lack: &Lack) -> bool {
        let own_cause = matches!(
            lack.cause,
            Cause::Missing | Cause::Imprecise | Cause::Unreadable
        );
        match lack.subject {
            Subject::Fact(fact) if own_cause => self
                .packs
                .library
                .vocabulary
                .field(fact.field)
                .is_some_and(|f| f.provider.is_applicant()),
            _ => false,
        }
    }
}
