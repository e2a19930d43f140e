//! The law of verdicts: one rule on one project on one day.
//!
//! `ok = !applies || require || exception₁ || … || exceptionₙ` (Kleene). Then:
//!
//! | applies | ok | verdict |
//! | --- | --- | --- |
//! | false | – | not applicable |
//! | true, unknown | true | pass (unknown: whether or not the rule applies) |
//! | true | false | fail |
//! | true, unknown | unknown | undetermined, with the facts that would decide `ok` |
//!
//! Written out for applies × require × exception, F false, U unknown, T true:
//!
//! ```text
//! applies F: every one of the nine is not applicable
//! applies U:      exception F   U     T        applies T:      exception F   U     T
//!   require F             und   und   pass       require F             fail  und   pass
//!   require U             und   und   pass       require U             und   und   pass
//!   require T             pass  pass  pass       require T             pass  pass  pass
//! ```
//!
//! It does not know of spans of days, nor what a verdict drives.

use crate::base::date::Date;
use crate::judge::engine::{Engine, One};
use crate::judge::finding::{Remarks, Verdict};
use crate::judge::prepared::{Over, Shared, truth};
use crate::language::eval::{Blank, Dep, Evaluator, Recorder, Silent};
use crate::model::field::{FieldId, Slot};
use crate::model::project::{State, Value};
use crate::model::stage::Stage;
use crate::model::value::{Interval, Tri};
use crate::rules::rule::Rule;

/// What the law of verdicts says on one day.
#[derive(Clone, Copy, Debug)]
pub struct Ruling {
    /// The verdict, before stages are considered.
    pub verdict: Verdict,
    /// The facts that decide it, or would.
    pub dep: Dep,
    /// The exception by which it passes.
    pub exception: Option<usize>,
    /// Remarks that belong to the verdict.
    pub remarks: Remarks,
}

impl Ruling {
    pub(super) fn of(verdict: Verdict, dep: Dep) -> Self {
        Self {
            verdict,
            dep,
            exception: None,
            remarks: Remarks::default(),
        }
    }
}

/// The verdict of `applies`, `require` and the disjunction of the exceptions.
fn law_of_verdicts(applies: Tri, require: Tri, exceptions: Tri) -> Verdict {
    let ok = applies.not().or(require).or(exceptions);
    match (applies, ok) {
        (Tri::False, _) => Verdict::NotApplicable,
        (_, Tri::True) => Verdict::Pass,
        (_, Tri::False) => Verdict::Fail,
        (_, Tri::Unknown) => Verdict::Undetermined,
    }
}

impl<'a> Engine<'a> {
    /// The verdict on one day, claims and unverified figures considered.
    pub(super) fn ruling<'p>(
        &self,
        one: One<'a, '_>,
        shared: Option<&Shared<'a>>,
        eval: &mut Evaluator<'p, Silent>,
        day: Date,
    ) -> Ruling
    where
        'a: 'p,
    {
        let One { rule, claimed, .. } = one;
        let over = shared.and_then(|shared| shared.over(one.number));
        eval.as_of = day;
        if !one.standing.in_force(day) {
            let remarks = Remarks {
                not_in_force: true,
                ..Remarks::default()
            };
            return Ruling {
                remarks,
                ..Ruling::of(Verdict::NotApplicable, Dep::NONE)
            };
        }
        if one.out {
            return Ruling::of(Verdict::NotApplicable, Dep::NONE);
        }
        eval.trust_claims = true;
        eval.unverified.clear();
        let mut ruling = Self::evaluate_by(rule, over, eval);
        // A claim can make a rule fail, but no pass rests on it.
        if claimed && ruling.verdict != Verdict::Fail {
            eval.trust_claims = false;
            eval.unverified.clear();
            ruling = Self::evaluate_by(rule, over, eval);
        }
        let binding = || {
            let standing = one.standing.unverified;
            standing.unwrap_or_else(|| self.binding_unverified(rule, day))
        };
        ruling.remarks.unverified = match ruling.verdict {
            Verdict::Pass | Verdict::Fail => {
                binding() || self.rests_on_unverified(rule, eval, ruling.verdict)
            }
            Verdict::Undetermined => binding(),
            Verdict::NotApplicable | Verdict::Upcoming => false,
        };
        eval.trust_claims = true;
        ruling
    }

    /// The law of verdicts on one day, with whatever recorder watches.
    pub fn evaluate<'p, R: Recorder>(&self, rule: &'a Rule, eval: &mut Evaluator<'p, R>) -> Ruling
    where
        'a: 'p,
    {
        Self::evaluate_by(rule, None, eval)
    }

    /// The same, by conditions over shared terms where there are such.
    fn evaluate_by<'p, R: Recorder>(
        rule: &'a Rule,
        over: Option<Over<'_, 'p>>,
        eval: &mut Evaluator<'p, R>,
    ) -> Ruling
    where
        'a: 'p,
    {
        let applies = truth(eval, &rule.applies, over, |f| f.applies);
        if applies.is == Tri::False && !R::ON {
            return Ruling::of(Verdict::NotApplicable, applies.dep);
        }
        let require = truth(eval, &rule.require, over, |f| f.require);
        let mut exceptions = Tri::False;
        let mut by = None;
        // What would decide `ok`: the unknown among its disjuncts.
        let open = |is: Tri, dep: Dep| if is == Tri::Unknown { dep } else { Dep::NONE };
        let (applies_open, require_open) =
            (open(applies.is, applies.dep), open(require.is, require.dep));
        let mut dep = eval.deps.union(applies_open, require_open);
        let mut decided = eval.deps.union(applies.dep, require.dep);
        if require.is != Tri::True || R::ON {
            for (index, exception) in rule.exceptions.iter().enumerate() {
                let truth = truth(eval, &exception.when, over, |f| *f.exceptions.get(index)?);
                exceptions = exceptions.or(truth.is);
                if truth.is == Tri::True && by.is_none() {
                    by = Some((index, truth.dep));
                }
                let exception_open = open(truth.is, truth.dep);
                dep = eval.deps.union(dep, exception_open);
                decided = eval.deps.union(decided, truth.dep);
            }
        }
        let verdict = law_of_verdicts(applies.is, require.is, exceptions);
        let mut ruling = Ruling::of(verdict, dep);
        match verdict {
            Verdict::Pass if require.is == Tri::True => {
                ruling.dep = eval.deps.union(applies.dep, require.dep);
                ruling.remarks.either_way = applies.is == Tri::Unknown;
            }
            Verdict::Pass => {
                ruling.exception = by.map(|(index, _)| index);
                ruling.dep = by.map_or(dep, |(_, dep)| dep);
                ruling.dep = eval.deps.union(applies.dep, ruling.dep);
            }
            Verdict::NotApplicable => ruling.dep = applies.dep,
            Verdict::Fail => ruling.dep = decided,
            // For evidence the known operands belong to it too.
            Verdict::Undetermined | Verdict::Upcoming => {
                if R::ON {
                    ruling.dep = decided;
                }
            }
        }
        ruling
    }

    /// True if taking one unverified figure as unknown changes the verdict.
    fn rests_on_unverified<'p>(
        &self,
        rule: &'a Rule,
        eval: &mut Evaluator<'p, Silent>,
        verdict: Verdict,
    ) -> bool
    where
        'a: 'p,
    {
        if eval.unverified.is_empty() {
            return false;
        }
        let mut figures: Vec<Blank> = std::mem::take(&mut eval.unverified);
        figures.sort_unstable();
        figures.dedup();
        let rests = figures.iter().any(|figure| {
            eval.blank = Some(*figure);
            let other = self.evaluate(rule, eval).verdict;
            other != verdict
        });
        eval.blank = None;
        eval.unverified.clear();
        rests
    }

    /// True if the verdict rests on an overlap that may be an error of the boundary: it is another one where that
    /// overlap is unknown or, for what is undetermined, where there is none.
    pub(super) fn rests_on_sliver<'p>(
        &self,
        rule: &'a Rule,
        eval: &Evaluator<'p, Silent>,
        day: Date,
        verdict: Verdict,
    ) -> bool
    where
        'a: 'p,
    {
        let project = eval.project;
        let read = |field: &&FieldId| rule.reads.binary_search(field).is_ok();
        let slivers: Vec<FieldId> = project.slivers.iter().filter(read).copied().collect();
        if slivers.is_empty() {
            return false;
        }
        let vocabulary = &self.packs.library.vocabulary;
        let mut other = project.clone();
        for field in &slivers {
            let slot = vocabulary.field(*field).map(|field| field.slot);
            let Some(Slot::Project(slot)) = slot else {
                continue;
            };
            let Some(fact) = other.facts.get_mut(usize::from(slot)) else {
                continue;
            };
            fact.state = match fact.value() {
                Some(Value::Number(_)) if verdict == Verdict::Undetermined => {
                    State::Known(Value::Number(Interval::ZERO))
                }
                Some(Value::Bool(_)) if verdict == Verdict::Undetermined => {
                    State::Known(Value::Bool(false))
                }
                _ => State::Missing,
            };
        }
        let mut without = Evaluator::new(&self.packs.library, &other, day, Silent);
        without.trust_claims = eval.trust_claims;
        self.evaluate(rule, &mut without).verdict != verdict
    }

    /// The stage by which a rule can be asked: the latest that its unknown lines leave possible.
    pub(super) fn due<'p>(
        &self,
        one: One<'a, '_>,
        eval: &mut Evaluator<'p, Silent>,
        day: Date,
    ) -> Option<Stage>
    where
        'a: 'p,
    {
        if let Some(due) = one.standing.due {
            return due;
        }
        eval.as_of = day;
        eval.trust_claims = self.settings.trust_claims;
        let mut latest = None;
        for line in &one.rule.due {
            let is = line
                .when
                .as_ref()
                .map_or(Tri::True, |when| eval.truth(when).is);
            if is != Tri::False {
                latest = latest.max(Some(line.stage));
            }
            if is == Tri::True {
                break;
            }
        }
        latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_of_verdicts_holds_cell_by_cell() {
        use Tri::{False as F, True as T, Unknown as U};
        use Verdict::{Fail, NotApplicable as Na, Pass, Undetermined as Und};
        // applies, then require F U T by exception F U T.
        let table = [
            (F, [[Na, Na, Na], [Na, Na, Na], [Na, Na, Na]]),
            (U, [[Und, Und, Pass], [Und, Und, Pass], [Pass, Pass, Pass]]),
            (T, [[Fail, Und, Pass], [Und, Und, Pass], [Pass, Pass, Pass]]),
        ];
        for (applies, rows) in table {
            for (require, row) in [F, U, T].into_iter().zip(rows) {
                for (exception, verdict) in [F, U, T].into_iter().zip(row) {
                    assert_eq!(
                        law_of_verdicts(applies, require, exception),
                        verdict,
                        "{applies:?} {require:?} {exception:?}"
                    );
                }
            }
        }
    }
}
