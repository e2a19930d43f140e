//! The engine: every rule on a project, by the law of verdicts.
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
//! It does not apply waivers and does not produce evidence.

use std::sync::OnceLock;

use crate::base::date::Date;
use crate::judge::anchor::{Days, Procedures};
use crate::judge::decision::Decision;
use crate::judge::finding::{DaySource, Finding, Judged, Reading, Remarks, Spare, Verdict};
use crate::judge::gates::{Gates, RuleSet};
use crate::judge::prepared::{Course, Over, Shared, Standing, truth};
use crate::language::eval::{
    Blank, Cause, Dep, Deps, Evaluator, Lack, Memo, Recorder, Silent, Subject,
};
use crate::model::field::{FieldId, Slot};
use crate::model::project::{FactRef, Project, State, Value};
use crate::model::stage::Stage;
use crate::model::value::{Interval, Tri};
use crate::rules::pack::Packs;
use crate::rules::rule::{Rule, RuleKind};

/// What a run decides before it judges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The day as of which everything is judged, whatever the projects say.
    pub as_of: Option<Date>,
    /// The review date: it decides waivers and the notice of the plan's period.
    pub on: Option<Date>,
    /// True if claims of the applicant count as facts.
    pub trust_claims: bool,
    /// Fields and tables that the office said it does not have.
    pub not_provided: Vec<NotProvided>,
}

/// Something the office said it does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotProvided {
    /// A field.
    Field(FieldId),
    /// A table.
    Table(u16),
}

/// Judges projects against packs.
#[derive(Debug)]
pub struct Engine<'a> {
    /// The packs.
    pub packs: &'a Packs,
    /// The settings of the run.
    pub settings: &'a Settings,
    procedures: Procedures,
    /// What of each rule does not depend on the project.
    standing: Vec<Standing>,
    /// The courses of rules, each once.
    courses: Vec<Course<'a>>,
    /// Made when a second project is judged by all rules: for one alone it does not pay.
    gates: OnceLock<Gates>,
    shared: OnceLock<Shared>,
}

/// Memory that judging uses again from project to project.
#[derive(Debug, Default)]
pub struct Scratch {
    deps: Deps,
    memo: Memo,
    /// True once a project was judged with it.
    used: bool,
    out: RuleSet,
    kept: RuleSet,
    courses: Vec<AsOf>,
    spare: Spare,
}

/// The days as of which the rules of a course are judged on a project: one, or one for each version of
/// the law in a span.
#[derive(Debug)]
struct AsOf {
    days: Days,
    versions: Vec<Date>,
}

/// One rule on one project.
#[derive(Clone, Copy, Debug)]
struct One<'a, 'e> {
    number: u16,
    rule: &'a Rule,
    standing: &'e Standing,
    as_of: &'e AsOf,
    stage: Stage,
    /// True if it reads what the applicant states in the place of the office or a department.
    claimed: bool,
    /// True if it surely does not apply.
    out: bool,
}

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
    fn of(verdict: Verdict, dep: Dep) -> Self {
        Self {
            verdict,
            dep,
            exception: None,
            remarks: Remarks::default(),
        }
    }
}

/// The verdict of `applies`, `require` and the disjunction of the exceptions.
pub fn law_of_verdicts(applies: Tri, require: Tri, exceptions: Tri) -> Verdict {
    let ok = applies.not().or(require).or(exceptions);
    match (applies, ok) {
        (Tri::False, _) => Verdict::NotApplicable,
        (_, Tri::True) => Verdict::Pass,
        (_, Tri::False) => Verdict::Fail,
        (_, Tri::Unknown) => Verdict::Undetermined,
    }
}

impl<'a> Engine<'a> {
    /// An engine for packs.
    pub fn new(packs: &'a Packs, settings: &'a Settings) -> Self {
        let (standing, courses) = Standing::of_all(packs);
        Self {
            packs,
            settings,
            procedures: Procedures::of(&packs.library.vocabulary),
            standing,
            courses,
            gates: OnceLock::new(),
            shared: OnceLock::new(),
        }
    }

    /// Judges a project by every rule; waivers are applied afterwards.
    pub fn judge(&self, project: &Project) -> Judged {
        let mut judged = Judged::default();
        self.judge_into(project, &mut judged, &mut Scratch::default());
        judged
    }

    /// Judges a project into a place that is used again and again.
    pub fn judge_into(&self, project: &Project, judged: &mut Judged, scratch: &mut Scratch) {
        for finding in judged.findings.drain(..) {
            // Allocating the details of findings anew costs more than finding them.
            if let Some(mut details) = finding.details {
                details.clear();
                scratch.spare.push(details);
            }
        }
        judged.decision = Decision::Unassessed;
        let (Some(submitted), Some(stage)) = (project.submitted, project.stage) else {
            return;
        };
        let mut eval = Evaluator::new(&self.packs.library, project, submitted.date, Silent);
        eval.deps = std::mem::take(&mut scratch.deps);
        eval.deps.clear();
        eval.memo = std::mem::take(&mut scratch.memo);
        eval.memo.next_project();
        let mut shared = None;
        if scratch.used {
            let gates = self.gates.get_or_init(|| Gates::of(&self.packs.rules));
            let Scratch { out, kept, .. } = scratch;
            let vocabulary = &self.packs.library.vocabulary;
            gates.ruled_out(vocabulary, project, self.settings.trust_claims, out, kept);
            shared = Some(self.shared.get_or_init(|| Shared::of(&self.packs.rules)));
        }
        scratch.used = true;
        judged.findings.reserve(self.packs.rules.len());
        // Few courses serve many rules.
        let as_of = |course: &Course<'_>| self.as_of(*course, project, submitted.date, stage);
        let mut courses = std::mem::take(&mut scratch.courses);
        courses.clear();
        courses.extend(self.courses.iter().map(as_of));
        let rules = self.packs.rules.iter().zip(&self.standing);
        for (number, (rule, standing)) in (0_u16..).zip(rules) {
            let out = shared.is_some() && scratch.out.contains(usize::from(number));
            let Some(as_of) = courses.get(standing.course) else {
                // Every rule has a course; one that had none would be judged by itself.
                judged.findings.extend(self.judge_one(number, project));
                continue;
            };
            let one = One {
                number,
                rule,
                standing,
                as_of,
                stage,
                claimed: !out && self.reads_claims(rule, project),
                out,
            };
            let spare = &mut scratch.spare;
            judged
                .findings
                .push(self.finding(one, shared, &mut eval, spare));
        }
        scratch.courses = courses;
        scratch.deps = eval.deps;
        scratch.memo = eval.memo;
        judged.decision = decide(&judged.findings);
    }

    /// Judges a project by one rule.
    pub fn judge_one(&self, number: u16, project: &Project) -> Option<Finding> {
        let rule = self.packs.rules.get(usize::from(number))?;
        let standing = self.standing.get(usize::from(number))?;
        let (submitted, stage) = (project.submitted?, project.stage?);
        let mut eval = Evaluator::new(&self.packs.library, project, submitted.date, Silent);
        let as_of = self.as_of(Course::of(rule), project, submitted.date, stage);
        let one = One {
            number,
            rule,
            standing,
            as_of: &as_of,
            stage,
            claimed: self.reads_claims(rule, project),
            out: false,
        };
        Some(self.finding(one, None, &mut eval, &mut Vec::new()))
    }

    /// True if a rule reads what the applicant states in the place of the office or a department.
    fn reads_claims(&self, rule: &Rule, project: &Project) -> bool {
        let read = |field| rule.reads.binary_search(field).is_ok();
        !self.settings.trust_claims && project.claims.iter().any(read)
    }

    /// The days as of which rules of a course are judged on a project.
    fn as_of(&self, course: Course<'_>, project: &Project, submitted: Date, stage: Stage) -> AsOf {
        let days = self.days(course.anchor, project, submitted, stage);
        let versions = days.versions(course.changes);
        AsOf { days, versions }
    }

    fn days(
        &self,
        anchor: Option<FieldId>,
        project: &Project,
        submitted: Date,
        stage: Stage,
    ) -> Days {
        match self.settings.as_of {
            Some(day) => Days {
                first: day,
                source: DaySource::Flag,
            },
            None if anchor.is_none() => Days {
                first: submitted,
                source: DaySource::Submitted,
            },
            None => self.procedures.days(
                &self.packs.library.vocabulary,
                project,
                anchor,
                submitted,
                stage,
                self.settings.trust_claims,
            ),
        }
    }

    /// The finding of a rule that surely does not apply, under one version of the law.
    fn ruled_out<'p>(&self, one: One<'a, '_>, eval: &mut Evaluator<'p, Silent>) -> Finding
    where
        'a: 'p,
    {
        let as_of = one.as_of.days.first;
        let remarks = Remarks {
            not_in_force: !one.standing.in_force(as_of),
            after_period: one.standing.planned && self.after_period(one.rule, as_of),
            ..Remarks::default()
        };
        Finding {
            rule: one.number,
            verdict: Verdict::NotApplicable,
            drives: Decision::Clear,
            due: self.due(one, eval, as_of),
            as_of,
            day_source: one.as_of.days.source,
            remarks,
            details: None,
        }
    }

    fn finding<'p>(
        &self,
        one: One<'a, '_>,
        shared: Option<&Shared>,
        eval: &mut Evaluator<'p, Silent>,
        spare: &mut Spare,
    ) -> Finding
    where
        'a: 'p,
    {
        let One {
            number,
            rule,
            stage,
            ..
        } = one;
        let AsOf { days, versions } = one.as_of;
        if one.out && versions.len() <= 1 {
            return self.ruled_out(one, eval);
        }
        // Whichever version holds, nothing is asked before its stage.
        let due = match versions.as_slice() {
            [] | [_] => self.due(one, eval, days.first),
            all => all.iter().filter_map(|day| self.due(one, eval, *day)).max(),
        };
        let before_due = due.is_some_and(|due| stage < due);
        let kind = one.standing.kind;
        let mut details = spare.pop().unwrap_or_default();
        let staged = |verdict: Verdict| match verdict {
            Verdict::Undetermined if before_due => Verdict::Upcoming,
            Verdict::Fail if before_due && kind == RuleKind::Requirement => Verdict::Upcoming,
            other => other,
        };
        let mut as_of = days.first;
        let mut ceiling = None;
        let lacks = &mut details.lacks;
        let readings = &mut details.readings;
        let mut ruling = self.ruling(
            one,
            shared,
            eval,
            versions.first().copied().unwrap_or(as_of),
        );
        if ruling.verdict == Verdict::Undetermined {
            eval.deps.lacks_into(ruling.dep, lacks);
        }
        if let (DaySource::Span(anchor, ..), [first, later @ ..]) =
            (days.source, versions.as_slice())
            && !later.is_empty()
        {
            as_of = *first;
            readings.push(Reading {
                day: *first,
                verdict: ruling.verdict,
            });
            ceiling = Some(self.ceiling(rule, *first, ruling.remarks));
            let mut differ = false;
            for day in later {
                let other = self.ruling(one, shared, eval, *day);
                differ |= other.verdict != ruling.verdict;
                readings.push(Reading {
                    day: *day,
                    verdict: other.verdict,
                });
                // What holds under every version may drive what the weakest of them allows.
                ceiling = ceiling.min(Some(self.ceiling(rule, *day, other.remarks)));
                if other.verdict == Verdict::Undetermined {
                    lacks.extend(eval.deps.lacks(other.dep));
                }
                let unverified = ruling.remarks.unverified || other.remarks.unverified;
                (ruling, as_of) = (other, *day);
                ruling.remarks.unverified = unverified;
            }
            if differ {
                ruling = Ruling {
                    remarks: ruling.remarks,
                    ..Ruling::of(Verdict::Undetermined, Dep::NONE)
                };
                ruling.remarks.not_in_force = false;
                ruling.remarks.either_way = false;
                let anchor = FactRef::project(anchor);
                let unreadable = eval
                    .project
                    .find(&self.packs.library.vocabulary, anchor)
                    .is_some_and(|fact| fact.state == State::Unreadable);
                let cause = if unreadable {
                    Cause::Unreadable
                } else {
                    Cause::Missing
                };
                lacks.push(Lack {
                    subject: Subject::Fact(anchor),
                    cause,
                });
            }
            lacks.sort_unstable();
            lacks.dedup();
        }
        for lack in lacks.iter_mut() {
            self.mark_not_provided(lack);
        }
        let mut remarks = ruling.remarks;
        remarks.after_period = one.standing.planned && self.after_period(rule, as_of);
        remarks.sliver = self.rests_on_sliver(rule, eval, as_of, ruling.verdict);
        remarks.not_configured = lacks.iter().any(|lack| lack.cause == Cause::NotConfigured);
        let verdict = staged(ruling.verdict);
        let one_ceiling = || match one.standing.binds {
            Some(binds) if !one.standing.planned => Self::ceiling_of(binds, remarks),
            _ => self.ceiling(rule, as_of, remarks),
        };
        let ceiling = || match ceiling {
            Some(ceiling) if remarks.sliver => ceiling.min(Decision::Refer),
            Some(ceiling) => ceiling,
            None => one_ceiling(),
        };
        let drives = match verdict {
            Verdict::Fail => Decision::of_fail(kind).min(ceiling()),
            Verdict::Undetermined => self.undetermined(kind, lacks).min(ceiling()),
            Verdict::Pass | Verdict::NotApplicable | Verdict::Upcoming => Decision::Clear,
        };
        details.exception = ruling.exception;
        let details = details.kept(spare);
        Finding {
            rule: number,
            verdict,
            drives,
            due,
            as_of,
            day_source: days.source,
            remarks,
            details,
        }
    }

    /// The verdict on one day, claims and unverified figures considered.
    fn ruling<'p>(
        &self,
        one: One<'a, '_>,
        shared: Option<&Shared>,
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
        over: Option<Over<'_>>,
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
    fn rests_on_sliver<'p>(
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
    fn due<'p>(
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

/// The decision that the findings drive together.
pub fn decide(findings: &[Finding]) -> Decision {
    // What the office does not have was not assessed, so it clears nothing.
    let left_out = |f: &Finding| {
        f.remarks.not_configured
            && f.drives == Decision::Clear
            && f.verdict == Verdict::Undetermined
    };
    let applicable = |f: &&Finding| f.verdict != Verdict::NotApplicable && !left_out(f);
    match findings
        .iter()
        .filter(applicable)
        .map(Finding::effective)
        .max()
    {
        Some(decision) => decision,
        None => Decision::Unassessed,
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
