//! Evidence on demand: the facts, figures, rows and sub-expression values that decided a finding.
//!
//! It runs the same evaluator as judging, with a recorder.

use crate::base::date::Date;
use crate::base::text::{Lang, Text};
use crate::judge::engine::Engine;
use crate::judge::finding::{Finding, Verdict};
use crate::judge::wording;
use crate::language::eval::{Cause, Evaluator, Lack, Recorder, Seen, Subject, Within};
use crate::language::ir::Program;
use crate::model::field::FieldId;
use crate::model::project::{FactRef, Project};
use crate::rules::rule::Part;

/// Which expression of a rule a step belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clause {
    /// `applies`.
    Applies,
    /// `require`.
    Require,
    /// An exception, by number.
    Exception(usize),
    /// The formula of a derived field.
    Formula(FieldId),
}

/// The value of a sub-expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The expression.
    pub clause: Clause,
    /// The node.
    pub node: u32,
    /// The record it was evaluated for.
    pub record: Option<u32>,
    /// Its value.
    pub seen: Seen,
}

/// What decided a finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The known facts that decided it.
    pub facts: Vec<FactRef>,
    /// The facts that would decide it.
    pub lacks: Vec<Lack>,
    /// The parameter versions that were read: parameter and version.
    pub parameters: Vec<(u16, usize)>,
    /// The table rows that answered: table and row, none for `otherwise`.
    pub rows: Vec<(u16, Option<usize>)>,
    /// The values of sub-expressions, in the order of the expressions.
    pub steps: Vec<Step>,
    /// The finding's message with its values.
    pub message: Text,
}

/// Records every step.
#[derive(Debug, Default)]
struct Tracer {
    clause: Option<Clause>,
    steps: Vec<Step>,
    parameters: Vec<(u16, usize)>,
    rows: Vec<(u16, Option<usize>)>,
}

impl Recorder for Tracer {
    const ON: bool = true;

    fn node(
        &mut self,
        within: Within,
        node: u32,
        record: Option<u32>,
        seen: impl FnOnce() -> Seen,
    ) {
        let clause = match within {
            Within::Rule => self.clause,
            Within::Formula(field) => Some(Clause::Formula(field)),
        };
        if let Some(clause) = clause {
            self.steps.push(Step {
                clause,
                node,
                record,
                seen: seen(),
            });
        }
    }

    fn parameter(&mut self, parameter: u16, version: usize) {
        self.parameters.push((parameter, version));
    }

    fn row(&mut self, table: u16, row: Option<usize>) {
        self.rows.push((table, row));
    }
}

impl Engine<'_> {
    /// The evidence of a finding on a project it was judged on.
    pub fn evidence(&self, project: &Project, finding: &Finding) -> Evidence {
        let Some(rule) = self.packs.rules.get(usize::from(finding.rule)) else {
            return Evidence::default();
        };
        let mut evidence = Evidence {
            lacks: finding.lacks().to_vec(),
            ..Evidence::default()
        };
        if finding.remarks.not_in_force {
            evidence.message = self.message(project, finding.rule, finding.as_of);
            return evidence;
        }
        let mut eval = Evaluator::new(
            &self.packs.library,
            project,
            finding.as_of,
            Tracer::default(),
        );
        // A fail may rest on a claim; nothing else does.
        eval.trust_claims = self.settings.trust_claims || finding.verdict == Verdict::Fail;
        let clauses = [
            (Clause::Applies, &rule.applies),
            (Clause::Require, &rule.require),
        ];
        let exceptions = rule
            .exceptions
            .iter()
            .enumerate()
            .map(|(i, e)| (Clause::Exception(i), &e.when));
        for (clause, program) in clauses.into_iter().chain(exceptions) {
            eval.recorder.clause = Some(clause);
            eval.truth(program);
        }
        eval.recorder.clause = None;
        let ruling = self.evaluate(rule, &mut eval);
        for lack in eval.deps.list(ruling.dep) {
            if let (Subject::Fact(fact), Cause::Known) = (lack.subject, lack.cause) {
                evidence.facts.push(fact);
            }
        }
        let tracer = eval.recorder;
        evidence.steps = tracer.steps;
        evidence.steps.sort_by_key(|s| (s.clause, s.record, s.node));
        evidence.steps.dedup();
        evidence.parameters = tracer.parameters;
        evidence.parameters.sort_unstable();
        evidence.parameters.dedup();
        evidence.rows = tracer.rows;
        evidence.rows.sort_unstable();
        evidence.rows.dedup();
        evidence.message = self.message(project, finding.rule, finding.as_of);
        evidence
    }

    /// The message of a rule with the values it has on a project.
    fn message(&self, project: &Project, rule: u16, day: Date) -> Text {
        let Some(rule) = self.packs.rules.get(usize::from(rule)) else {
            return Text::default();
        };
        let mut eval = Evaluator::new(&self.packs.library, project, day, Tracer::default());
        let mut write = |lang: Lang| {
            let mut text = String::new();
            for part in rule.message.parts(lang) {
                match part {
                    Part::Text(literal) => text.push_str(literal),
                    Part::Value(program) => {
                        let seen = eval.seen(program);
                        text.push_str(&wording::program_value(
                            &self.packs.library,
                            project,
                            program,
                            &seen,
                            lang,
                        ));
                    }
                }
            }
            text
        };
        Text::new(write(Lang::Zh), write(Lang::En))
    }

    /// The verdict and lacks by the recording evaluator, for the test that holds it equal to the silent one.
    pub fn recorded(
        &self,
        project: &Project,
        finding: &Finding,
        trust_claims: bool,
    ) -> (Verdict, Vec<Lack>) {
        let Some(rule) = self.packs.rules.get(usize::from(finding.rule)) else {
            return (finding.verdict, Vec::new());
        };
        if !self.in_force(rule, finding.as_of) {
            return (Verdict::NotApplicable, Vec::new());
        }
        let mut eval = Evaluator::new(
            &self.packs.library,
            project,
            finding.as_of,
            Tracer::default(),
        );
        eval.trust_claims = trust_claims;
        let ruling = self.evaluate(rule, &mut eval);
        let lacks = eval
            .deps
            .list(ruling.dep)
            .into_iter()
            .filter(|l| l.cause != Cause::Known)
            .collect();
        (
            ruling.verdict,
            if ruling.verdict == Verdict::Undetermined {
                lacks
            } else {
                Vec::new()
            },
        )
    }
}

/// The text of a step's sub-expression.
pub fn step_text<'a>(
    engine: &Engine<'a>,
    rule: u16,
    step: &Step,
) -> Option<(&'a Program, &'a str)> {
    let rule = engine.packs.rules.get(usize::from(rule))?;
    let program = match step.clause {
        Clause::Applies => &rule.applies,
        Clause::Require => &rule.require,
        Clause::Exception(index) => &rule.exceptions.get(index)?.when,
        Clause::Formula(field) => engine.packs.library.formula(field)?,
    };
    Some((program, program.text_of(step.node)))
}
