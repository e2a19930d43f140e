//! The JSON report `v2`, for programs: everything the text report says, in both languages.
//!
//! Equal runs give equal bytes. Evidence stands with every finding but those that do not apply. Rules, expressions and
//! a project's facts stand once, and findings refer to them: a report of very many projects would else be mostly the
//! same words.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::baseline::Standing;
use super::excerpt::Excerpts;
use super::json_form as form;
use super::json_form::{Both, Named};
use super::json_head::{baseline, day, ends, pack};
use super::json_shared::{Said, Shared};
use super::{Assessment, DISCLAIMER, Entry, lines, phrases, portfolio, site, splits};
use crate::base::problem::{Problem, Severity};
use crate::base::source::Place;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::engine::NotProvided;
use crate::judge::evidence::{Clause, Evidence, Step, step_text};
use crate::judge::finding::{DaySource, Finding, Judged, Remarks, Verdict};
use crate::judge::wording;
use crate::language::eval::{Cause, Lack, Seen};
use crate::model::instrument::Level;
use crate::model::project::{FactRef, Origin, Project, Support};
use crate::model::stage::Stage;
use crate::model::value::Tri;
use crate::rules::rule::{Basis, Cited, Rule, RuleKind};

/// The version of the report's shape.
pub(super) const VERSION: &str = "v2";
/// What every report begins with, those of the version before included.
pub(super) const BEGINNINGS: [&str; 2] = [
    "{\n  \"version\": \"v2\",\n  \"tool\": {\n    \"name\": \"hegui\"",
    "{\n  \"version\": \"v1\",\n  \"tool\": {\n    \"name\": \"hegui\"",
];

/// Writes the report.
pub fn write(run: &Assessment<'_>, out: &mut dyn Write) -> io::Result<()> {
    let writer = Writer {
        run,
        excerpts: Excerpts::new(run.sources),
        said: RefCell::default(),
    };
    lines::write(&writer.report(), out)
}

struct Writer<'a, 'r> {
    run: &'a Assessment<'r>,
    excerpts: Excerpts<'a>,
    /// The expressions that the projects written so far refer to.
    said: RefCell<Said<'a>>,
}

/// What projects refer to: it is known once they are written.
enum List<'a, 'r> {
    Expressions(&'a Writer<'a, 'r>),
    Values(&'a Writer<'a, 'r>),
    Parameters(&'a Writer<'a, 'r>),
}

impl Serialize for List<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Expressions(writer) => {
                serializer.collect_seq(writer.said.borrow().expressions.all())
            }
            Self::Values(writer) => {
                let said = writer.said.borrow();
                serializer.collect_seq(said.values.all().iter().map(Both::from))
            }
            Self::Parameters(writer) => {
                let said = writer.said.borrow();
                let all = said.parameters.all().iter();
                serializer.collect_seq(
                    all.filter_map(|(index, version)| writer.parameter(*index, *version)),
                )
            }
        }
    }
}

/// The projects, made one by one while they are written: a run may have very many.
struct Projects<'a, 'r>(&'a Writer<'a, 'r>);

impl Serialize for Projects<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            self.0
                .run
                .entries
                .iter()
                .filter_map(|entry| self.0.entry(entry)),
        )
    }
}

/// The findings that moved to 未核查事项.
fn left_out<'a>(run: &'a Assessment<'_>) -> Vec<form::LeftOut<'a>> {
    let library = &run.engine.packs.library;
    let of = |(project, judged): (&'a Project, &'a Judged)| {
        let findings = judged
            .findings
            .iter()
            .filter(|f| super::text::is_left_out(f));
        findings.filter_map(|finding| {
            let rule = run.engine.packs.rules.get(usize::from(finding.rule))?;
            Some(form::LeftOut {
                project: &project.id,
                rule: &rule.id,
                lacks: finding
                    .lacks()
                    .iter()
                    .map(|l| wording::lack_path(library, l))
                    .collect(),
            })
        })
    };
    run.projects.iter().zip(run.judged).flat_map(of).collect()
}

fn decision(decision: Decision) -> Named {
    Named {
        id: decision.id(),
        label: decision.label().into(),
    }
}

fn verdict(verdict: Verdict) -> Named {
    Named {
        id: verdict.id(),
        label: verdict.label().into(),
    }
}

fn stage(stage: Stage) -> Named {
    Named {
        id: stage.id(),
        label: stage.label().into(),
    }
}

fn kind(kind: RuleKind) -> Named {
    Named {
        id: kind.id(),
        label: kind.label().into(),
    }
}

/// The id of a cause.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Known => "known",
        Cause::Missing => "missing",
        Cause::Imprecise => "imprecise",
        Cause::Unreadable => "unreadable",
        Cause::Unconfirmed => "unconfirmed",
        Cause::Parameter => "parameter",
        Cause::TableGap => "table_gap",
        Cause::Layer => "layer",
        Cause::NotConfigured => "not_configured",
    }
}

fn remarks(remarks: Remarks) -> Vec<&'static str> {
    let all = [
        (remarks.not_in_force, "not_in_force"),
        (remarks.either_way, "either_way"),
        (remarks.unverified, "unverified"),
        (remarks.after_period, "after_period"),
        (remarks.not_configured, "not_configured"),
        (remarks.sliver, "sliver"),
    ];
    all.into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, id)| id)
        .collect()
}

impl<'a, 'r> Writer<'a, 'r> {
    fn report(&'a self) -> form::Report<'a, Projects<'a, 'r>, List<'a, 'r>> {
        let run = self.run;
        let packs = run.engine.packs;
        let settings = run.engine.settings;
        let library = &packs.library;
        let not_provided = settings
            .not_provided
            .iter()
            .filter_map(|subject| match subject {
                NotProvided::Field(field) => Some(library.vocabulary.path(*field)),
                NotProvided::Table(table) => library
                    .tables
                    .get(usize::from(*table))
                    .map(|t| t.id.as_str()),
            });
        form::Report {
            version: VERSION,
            tool: form::Tool {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
            },
            disclaimer: Both {
                zh: DISCLAIMER.0.to_owned(),
                en: DISCLAIMER.1.to_owned(),
            },
            packs: packs.heads.iter().map(pack).collect(),
            replaced: packs
                .replaced
                .iter()
                .map(|r| form::Replaced {
                    old: &r.old,
                    new: &r.new,
                    reason: (&r.reason).into(),
                })
                .collect(),
            settings: form::Settings {
                as_of: settings.as_of.map(day),
                on: settings.on.map(day),
                trust_claims: settings.trust_claims,
                not_provided: not_provided.collect(),
            },
            notices: super::text::notices(run).iter().map(Both::from).collect(),
            not_assessed: left_out(run),
            verdicts: Verdict::ALL.into_iter().map(verdict).collect(),
            rules: packs.rules.iter().map(|rule| self.rule(rule)).collect(),
            projects: Projects(self),
            expressions: List::Expressions(self),
            values: List::Values(self),
            parameters: List::Parameters(self),
            counts: run
                .counts()
                .into_iter()
                .map(|(d, count)| form::Count {
                    decision: d.id(),
                    count,
                })
                .collect(),
            portfolio: portfolio::forms(run),
            splits: splits::forms(run),
            baseline: run.baseline.map(baseline),
            problems: run.problems.iter().map(|p| self.problem(p)).collect(),
            skipped: run
                .skipped
                .iter()
                .map(|s| form::Skipped {
                    path: &s.path,
                    why: (&s.why).into(),
                })
                .collect(),
            exit_code: run.exit,
        }
    }

    fn entry(&'a self, entry: &'a Entry) -> Option<form::Project<'a>> {
        match entry {
            Entry::Project(index) => {
                let (project, judged) =
                    (self.run.projects.get(*index)?, self.run.judged.get(*index)?);
                Some(self.project(*index, project, judged))
            }
            Entry::Unread(file) => Some(form::Project {
                id: None,
                name: None,
                file,
                submitted: None,
                stage: None,
                sample: false,
                decision: decision(Decision::Unassessed),
                counts: form::Verdicts::default(),
                supports: Vec::new(),
                depends_on: Vec::new(),
                site: None,
                days: Vec::new(),
                facts: Vec::new(),
                findings: Vec::new(),
            }),
        }
    }

    fn project(
        &'a self,
        index: usize,
        project: &'a Project,
        judged: &'a Judged,
    ) -> form::Project<'a> {
        let mut shared = Shared::default();
        let findings = judged
            .findings
            .iter()
            .enumerate()
            .filter_map(|(number, finding)| {
                let standing = self.run.baseline.and_then(|b| b.standing(index, number));
                self.finding(project, finding, standing, &mut shared)
            })
            .collect();
        form::Project {
            id: Some(&project.id),
            name: Some(&project.name),
            file: &project.file,
            submitted: project.submitted.map(|s| day(s.date)),
            stage: project.stage.map(stage),
            sample: project.sample,
            decision: decision(judged.decision),
            counts: form::Verdicts {
                fail: judged.count(Verdict::Fail),
                undetermined: judged.count(Verdict::Undetermined),
                upcoming: judged.count(Verdict::Upcoming),
                pass: judged.count(Verdict::Pass),
                not_applicable: judged.count(Verdict::NotApplicable),
                waived: judged.waived(),
                unverified_passes: judged.unverified_passes(),
            },
            supports: project.supports.iter().map(|s| self.support(s)).collect(),
            site: project
                .site
                .as_deref()
                .map(|site| site::form(self.run.engine.packs, site)),
            depends_on: project
                .depends_on
                .iter()
                .map(|d| d.project.as_str())
                .collect(),
            days: shared.days,
            facts: shared.facts.into_values().collect(),
            findings,
        }
    }

    fn support(&'a self, support: &'a Support) -> form::Support<'a> {
        let packs = self.run.engine.packs;
        form::Support {
            goal: &support.goal,
            title: packs.goal(&support.goal).map(|g| Both::from(&g.title)),
            indicator: support.indicator.as_deref(),
            contribution: wording::contribution(packs, support).map(Both::from),
            evidence: support.evidence.as_deref(),
        }
    }

    fn rule(&'a self, rule: &'a Rule) -> form::Rule<'a> {
        form::Rule {
            id: &rule.id,
            pack: self.run.engine.packs.head(rule).map_or("", |head| &head.id),
            title: (&rule.title).into(),
            kind: kind(rule.kind),
            basis: rule.basis.iter().map(|b| self.basis(b)).collect(),
            remedy: (&rule.remedy).into(),
        }
    }

    fn finding(
        &'a self,
        project: &'a Project,
        finding: &'a Finding,
        standing: Option<Standing>,
        shared: &mut Shared<'a>,
    ) -> Option<form::Finding<'a>> {
        let packs = self.run.engine.packs;
        let rule = packs.rules.get(usize::from(finding.rule))?;
        let applies = finding.verdict != Verdict::NotApplicable;
        let evidence = applies.then(|| self.run.engine.evidence(project, finding));
        let exception = finding
            .exception()
            .and_then(|e| Some((e, rule.exceptions.get(e)?)));
        let waiver = finding.waiver().and_then(|w| self.run.waivers.get(w));
        let message = evidence.as_ref().map(|e| &e.message);
        let source = self.day_source(finding);
        let number = shared.day(source);
        let carrying = self.run.engine.carrying(rule, finding.as_of);
        Some(form::Finding {
            rule: &rule.id,
            verdict: form::Id {
                id: finding.verdict.id(),
            },
            standing: standing.map(Standing::id),
            drives: finding.drives.id(),
            effective: finding.effective().id(),
            due: finding.due.filter(|_| applies).map(stage),
            as_of: day(finding.as_of),
            day: number,
            remarks: remarks(finding.remarks),
            notes: phrases::notes(self.run, rule, finding, project)
                .into_iter()
                .map(Both::from)
                .collect(),
            carries: rule
                .basis
                .iter()
                .position(|basis| carrying.is_some_and(|c| std::ptr::eq(c, basis))),
            message: message.filter(|m| !m.is_empty()).map(Both::from),
            missing: finding
                .lacks()
                .iter()
                .map(|lack| self.missing(project, lack))
                .collect(),
            evidence: evidence.map(|e| self.evidence(project, finding, &e, shared)),
            readings: finding
                .readings()
                .iter()
                .map(|r| form::Reading {
                    day: day(r.day),
                    verdict: r.verdict.id(),
                })
                .collect(),
            exception: exception.map(|(e, x)| form::Exception {
                number: e + 1,
                label: (&x.label).into(),
            }),
            waiver: waiver.map(|w| form::Waiver {
                office: &w.office,
                level: w.level.id(),
                document_type: &w.document_type,
                document: &w.document,
                issued: day(w.issued),
                expires: day(w.expires),
                reason: &w.reason,
                place: self.place(w.place),
            }),
        })
    }

    fn day_source(&'a self, finding: &Finding) -> form::DaySource<'a> {
        let library = &self.run.engine.packs.library;
        let path = |field| Some(library.vocabulary.path(field));
        let (kind, field, from, to) = match finding.day_source {
            DaySource::Flag => ("flag", None, None, None),
            DaySource::Submitted => ("submitted", None, None, None),
            DaySource::Anchor(field) => ("anchor", path(field), None, None),
            DaySource::Span(field, from, to) => ("span", path(field), from.map(day), to.map(day)),
        };
        let text = wording::day_source(library, finding.day_source, finding.as_of).into();
        form::DaySource {
            kind,
            field,
            from,
            to,
            text,
        }
    }

    fn basis(&'a self, basis: &'a Basis) -> form::Basis<'a> {
        let packs = self.run.engine.packs;
        let (instrument, section, level) = match basis.cited {
            Cited::Instrument(index) => {
                let instrument = packs.library.instruments.get(usize::from(index));
                (
                    instrument.map(|i| i.id.as_str()),
                    None,
                    instrument.map_or(Level::Notice, |i| i.level),
                )
            }
            Cited::Section(index) => (
                None,
                packs.sections.get(index).map(|(_, s)| s.number.as_str()),
                Level::Plan,
            ),
        };
        form::Basis {
            instrument,
            section,
            clause: basis
                .clause
                .and_then(|clause| packs.clauses.get(clause))
                .map(|clause| clause.id.as_str()),
            article: &basis.article,
            level: level.id(),
            text: wording::basis(packs, basis).into(),
        }
    }

    fn missing(&self, project: &Project, lack: &Lack) -> form::Missing {
        let library = &self.run.engine.packs.library;
        form::Missing {
            path: wording::lack_path(library, lack),
            label: wording::lack_label(library, project, lack).into(),
            cause: cause(lack.cause),
            provider: wording::supplier(library, lack).into(),
        }
    }

    fn evidence(
        &'a self,
        project: &'a Project,
        finding: &Finding,
        evidence: &Evidence,
        shared: &mut Shared<'a>,
    ) -> form::Evidence<'a> {
        let library = &self.run.engine.packs.library;
        // One that has no such version has nothing to be shown.
        let parameter = |(index, version): &(u16, usize)| {
            self.parameter(*index, *version)?;
            let mut said = self.said.borrow_mut();
            Some(said.parameters.number((*index, *version)))
        };
        let row = |(index, row): &(u16, Option<usize>)| {
            let table = library.tables.get(usize::from(*index))?;
            let row = row.and_then(|row| table.rows.get(row));
            let source = row.map(|r| r.source).filter(|s| !s.is_empty());
            Some(form::Row {
                table: &table.id,
                line: row.map(|r| r.line),
                source: source.unwrap_or(&table.source),
                confidence: row.map(|r| r.confidence.id()),
            })
        };
        // The arithmetic of what is in order follows from its facts and figures.
        let open = matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined);
        let steps = if open { evidence.steps.as_slice() } else { &[] };
        let read = |fact: &FactRef| {
            shared.fact(fact.path(&library.vocabulary), || self.fact(project, *fact))
        };
        form::Evidence {
            read: evidence.facts.iter().map(read).collect(),
            figures: evidence.parameters.iter().filter_map(parameter).collect(),
            rows: evidence.rows.iter().filter_map(row).collect(),
            steps: self.steps(finding, steps),
        }
    }

    fn parameter(&self, index: u16, version: usize) -> Option<form::Parameter<'a>> {
        let library = &self.run.engine.packs.library;
        let parameter = library.parameters.get(usize::from(index))?;
        let version = parameter.versions.get(version)?;
        let (from, to) = ends(version.period);
        let value = |lang| parameter.measure.show_interval(&version.value, lang);
        Some(form::Parameter {
            id: &parameter.id,
            label: (&parameter.label).into(),
            from,
            to,
            value: Both {
                zh: value(Lang::Zh),
                en: value(Lang::En),
            },
            source: &version.source,
            confidence: version.confidence.id(),
        })
    }

    /// Steps by clause and record, as they follow each other.
    fn steps(&'a self, finding: &Finding, steps: &[Step]) -> Vec<form::Steps> {
        let mut all: Vec<form::Steps> = Vec::new();
        let runs =
            steps.chunk_by(|one, next| (one.clause, one.record) == (next.clause, next.record));
        for run in runs {
            let values: Vec<form::Step> = run
                .iter()
                .filter_map(|step| self.step(finding, step))
                .collect();
            if let Some(first) = run.first().filter(|_| !values.is_empty()) {
                all.push(form::Steps {
                    clause: self.clause(first.clause),
                    record: first.record.map(|r| r + 1),
                    values,
                });
            }
        }
        all
    }

    fn clause(&self, clause: Clause) -> String {
        let vocabulary = &self.run.engine.packs.library.vocabulary;
        match clause {
            Clause::Applies => "applies".to_owned(),
            Clause::Require => "require".to_owned(),
            Clause::Exception(index) => format!("exception[{}]", index + 1),
            Clause::Formula(field) => format!("formula {}", vocabulary.path(field)),
        }
    }

    fn fact(&'a self, project: &'a Project, fact: FactRef) -> form::Fact<'a> {
        let library = &self.run.engine.packs.library;
        let found = project.find(&library.vocabulary, fact);
        let (origin, reply) = match found.map(|f| &f.origin) {
            None | Some(Origin::None) => ("given", None),
            Some(Origin::Declared(_)) => ("declared", None),
            Some(Origin::Closed(_)) => ("closed", None),
            Some(Origin::Measured(_)) => ("measured", None),
            Some(Origin::Replied(reply)) => (
                "replied",
                Some(form::Reply {
                    department: &reply.department,
                    number: &reply.number,
                    date: reply.date.map(day),
                }),
            ),
        };
        form::Fact {
            path: fact.path(&library.vocabulary),
            label: wording::fact_label(library, project, fact).into(),
            value: wording::fact_value(library, project, fact).map(Both::from),
            origin,
            reply,
            measured: site::measured(self.run.engine.packs, project, fact),
            claim: found.is_some_and(|f| f.claim),
            place: found.and_then(|f| self.place(f.origin.place())),
        }
    }

    fn step(&'a self, finding: &Finding, step: &Step) -> Option<form::Step> {
        let library = &self.run.engine.packs.library;
        let (program, expression) = step_text(self.run.engine, finding.rule, step)?;
        let info = program.nodes.get(step.node as usize)?;
        let value = |lang| wording::seen(library, info.kind, &info.measure, &step.seen, lang);
        let is = match &step.seen {
            Seen::Truth(Tri::True) => form::Is::Truth(true),
            Seen::Truth(Tri::False) => form::Is::Truth(false),
            Seen::Truth(Tri::Unknown) | Seen::Value(None) | Seen::List(None) => form::Is::Unknown,
            Seen::Number(number) if number.low().is_none() && number.high().is_none() => {
                form::Is::Unknown
            }
            Seen::Number(_) | Seen::Value(Some(_)) | Seen::List(Some(_)) => {
                let words = Text::new(value(Lang::Zh), value(Lang::En));
                form::Is::Words(self.said.borrow_mut().values.number(words))
            }
        };
        let of = self.said.borrow_mut().expressions.number(expression);
        Some(form::Step { of, is })
    }

    fn place(&self, place: Place) -> Option<form::Place> {
        self.excerpts
            .describe(place)
            .map(|(file, line, column)| form::Place {
                file,
                line,
                column,
                cell: self.run.sources.cell_name(place),
            })
    }

    fn problem(&self, problem: &'a Problem) -> form::Problem<'a> {
        let place = self.place(problem.place());
        let (line, column) = (
            place.as_ref().map(|p| p.line),
            place.as_ref().map(|p| p.column),
        );
        let cell = place.as_ref().and_then(|p| p.cell.clone());
        form::Problem {
            file: place.map(|p| p.file),
            line,
            column,
            cell,
            code: problem.code,
            severity: match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: (&problem.message).into(),
            help: problem.help.as_ref().map(Both::from),
        }
    }
}
