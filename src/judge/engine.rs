//! The engine: every rule on a project, and what the findings drive together.
//!
//! It does not know the law of verdicts, which `ruling` applies, and does not apply waivers or produce evidence.

use std::sync::OnceLock;

use crate::base::date::Date;
use crate::judge::anchor::{Days, Procedures};
use crate::judge::decision::Decision;
use crate::judge::finding::{DaySource, Finding, Judged, Reading, Remarks, Spare, Verdict};
use crate::judge::gates::Gates;
use crate::judge::prepared::{Course, Shared, Standing, Standings};
use crate::judge::rule_set::{Readers, RuleSet};
use crate::judge::ruling::Ruling;
use crate::language::eval::{Cause, Dep, Deps, Evaluator, Lack, Memo, Silent, Subject};
use crate::model::field::FieldId;
use crate::model::project::{FactRef, Project, State};
use crate::model::stage::Stage;
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
    /// What of the rules does not depend on the project.
    standings: Standings<'a>,
    /// Made when a second project is judged by all rules: for one alone it does not pay.
    together: OnceLock<Together<'a>>,
}

/// What spares work where all rules are judged together.
#[derive(Debug)]
struct Together<'a> {
    gates: Gates,
    readers: Readers,
    shared: Shared<'a>,
}

/// Memory that judging uses again from project to project.
#[derive(Debug, Default)]
pub struct Scratch {
    deps: Deps,
    memo: Memo,
    /// True once a project was judged with it.
    used: bool,
    out: RuleSet,
    claimed: RuleSet,
    kept: RuleSet,
    courses: Vec<AsOf>,
    outside: Vec<Option<Outside>>,
    spare: Spare,
}

/// The finding of rules that surely do not apply, but for the rule.
#[derive(Clone, Copy, Debug)]
struct Outside {
    due: Option<Stage>,
    as_of: Date,
    day_source: DaySource,
    remarks: Remarks,
}

impl Outside {
    fn finding(self, rule: u16) -> Finding {
        Finding {
            rule,
            verdict: Verdict::NotApplicable,
            drives: Decision::Clear,
            due: self.due,
            as_of: self.as_of,
            day_source: self.day_source,
            remarks: self.remarks,
            details: None,
        }
    }
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
pub(super) struct One<'a, 'e> {
    pub(super) number: u16,
    pub(super) rule: &'a Rule,
    pub(super) standing: &'e Standing,
    as_of: &'e AsOf,
    stage: Stage,
    /// True if it reads what the applicant states in the place of the office or a department.
    pub(super) claimed: bool,
    /// True if it surely does not apply.
    pub(super) out: bool,
}

impl<'a> Engine<'a> {
    /// An engine for packs.
    pub fn new(packs: &'a Packs, settings: &'a Settings) -> Self {
        Self {
            packs,
            settings,
            procedures: Procedures::of(&packs.library.vocabulary),
            standings: Standings::of(packs),
            together: OnceLock::new(),
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
        let together = scratch.used.then(|| self.together());
        scratch.used = true;
        if let Some(together) = together {
            self.sort_out(together, project, scratch);
        }
        judged.findings.reserve(self.packs.rules.len());
        // Few courses serve many rules.
        let as_of = |course: &Course<'_>| self.as_of(*course, project, submitted.date, stage);
        let mut courses = std::mem::take(&mut scratch.courses);
        courses.clear();
        courses.extend(self.standings.courses.iter().map(as_of));
        scratch.outside.clear();
        if together.is_some() {
            let examples = self.standings.examples.iter();
            let outside = |rule: &u16| self.outside_of_likes(*rule, &courses);
            scratch.outside.extend(examples.map(outside));
        }
        let rules = self.packs.rules.iter().zip(&self.standings.of);
        for (number, (rule, standing)) in (0_u16..).zip(rules) {
            let out = together.is_some() && scratch.out.contains(usize::from(number));
            // Most rules of many do not apply, and of those most are alike.
            if out && let Some(Some(outside)) = scratch.outside.get(self.standings.like(number)) {
                judged.findings.push(outside.finding(number));
                continue;
            }
            let Some(as_of) = courses.get(standing.course) else {
                // Every rule has a course; one that had none would be judged by itself.
                judged.findings.extend(self.judge_one(number, project));
                continue;
            };
            let claimed = match together {
                Some(_) => scratch.claimed.contains(usize::from(number)),
                None => self.reads_claims(rule, project),
            };
            let one = One {
                number,
                rule,
                standing,
                as_of,
                stage,
                claimed,
                out,
            };
            let shared = together.map(|together| &together.shared);
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

    fn together(&self) -> &Together<'a> {
        let rules = &self.packs.rules;
        self.together.get_or_init(|| Together {
            gates: Gates::of(rules),
            readers: Readers::of(rules),
            shared: Shared::of(rules),
        })
    }

    /// Finds the rules that surely do not apply to a project, and those that read its claims.
    fn sort_out(&self, together: &Together<'a>, project: &Project, scratch: &mut Scratch) {
        let trust_claims = self.settings.trust_claims;
        let vocabulary = &self.packs.library.vocabulary;
        let (out, kept) = (&mut scratch.out, &mut scratch.kept);
        together
            .gates
            .ruled_out(vocabulary, project, trust_claims, out, kept);
        let claims = if trust_claims {
            &[]
        } else {
            project.claims.as_slice()
        };
        together.readers.of_any(claims, &mut scratch.claimed);
    }

    /// Judges a project by one rule.
    pub fn judge_one(&self, number: u16, project: &Project) -> Option<Finding> {
        let rule = self.packs.rules.get(usize::from(number))?;
        let standing = self.standings.of.get(usize::from(number))?;
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

    /// The finding of the rules that are like one, if they surely do not apply; none under several
    /// versions of the law.
    fn outside_of_likes(&self, rule: u16, courses: &[AsOf]) -> Option<Outside> {
        let standing = self.standings.of.get(usize::from(rule))?;
        let as_of = courses.get(standing.course)?;
        let rule = self.packs.rules.get(usize::from(rule))?;
        let due = standing.due?;
        (as_of.versions.len() <= 1).then(|| self.outside(rule, standing, &as_of.days, due))
    }

    /// The finding of a rule that surely does not apply, under one version of the law.
    fn outside(
        &self,
        rule: &Rule,
        standing: &Standing,
        days: &Days,
        due: Option<Stage>,
    ) -> Outside {
        let as_of = days.first;
        Outside {
            due,
            as_of,
            day_source: days.source,
            remarks: Remarks {
                not_in_force: !standing.in_force(as_of),
                after_period: standing.planned && self.after_period(rule, as_of),
                ..Remarks::default()
            },
        }
    }

    fn finding<'p>(
        &self,
        one: One<'a, '_>,
        shared: Option<&Shared<'a>>,
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
            let due = self.due(one, eval, days.first);
            return self.outside(rule, one.standing, days, due).finding(number);
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
