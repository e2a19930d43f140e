//! Waivers (人工认定): which of them hold, and which findings they answer.
//!
//! A waiver stands beside the verdict, never instead of it. It holds on the review date, for a rule
//! that its office may decide on, while every fact that decided the finding is pinned and unchanged.

use std::collections::BTreeMap;

use crate::base::problem::Problem;
use crate::base::text::Text;
use crate::intake;
use crate::judge::engine::{Engine, decide};
use crate::judge::finding::{Details, Finding, Judged, Verdict};
use crate::judge::wording;
use crate::language::eval::{Cause, Lack, Subject};
use crate::model::field::FieldType;
use crate::model::project::{FactRef, Project, Value};
use crate::model::waiver::Waiver;
use crate::text;

/// Applies the waivers of a run to its projects; those that do not hold are warnings.
pub fn apply(
    engine: &Engine<'_>,
    projects: &[Project],
    judged: &mut [Judged],
    waivers: &[Waiver],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut answered: BTreeMap<(usize, u16), usize> = BTreeMap::new();
    for (number, waiver) in waivers.iter().enumerate() {
        match holds(engine, projects, judged, waiver) {
            Ok(key) => match answered.get(&key).and_then(|first| waivers.get(*first)) {
                // Two decisions on one finding: neither can be relied on.
                Some(first) => {
                    problems.push(
                        refused(
                            waiver,
                            &text!(
                                "同一核查结果有两份人工认定",
                                "two waivers answer the same finding"
                            ),
                        )
                        .also(first.place, text!("另一份", "the other one")),
                    );
                    clear(judged, key);
                }
                None => {
                    set(judged, key, number);
                    answered.insert(key, number);
                }
            },
            Err(why) => problems.push(refused(waiver, &why)),
        }
    }
    for project in judged.iter_mut().filter(|j| !j.findings.is_empty()) {
        project.decision = decide(&project.findings);
    }
    problems
}

fn refused(waiver: &Waiver, why: &Text) -> Problem {
    let (rule, document) = (&waiver.rule, &waiver.document);
    let message = Text::new(
        format!("人工认定（{document}，规则 `{rule}`）未采用：{}", why.zh),
        format!(
            "the waiver {document} for `{rule}` does not apply: {}",
            why.en
        ),
    );
    Problem::warning("hegui::judge::waiver", waiver.place, message)
}

fn set(judged: &mut [Judged], (project, finding): (usize, u16), waiver: usize) {
    if let Some(finding) = judged
        .get_mut(project)
        .and_then(|j| j.findings.get_mut(usize::from(finding)))
    {
        finding
            .details
            .get_or_insert_with(|| Box::new(Details::default()))
            .waiver = Some(waiver);
    }
}

fn clear(judged: &mut [Judged], (project, finding): (usize, u16)) {
    if let Some(details) = judged
        .get_mut(project)
        .and_then(|j| j.findings.get_mut(usize::from(finding)))
        .and_then(|f| f.details.as_mut())
    {
        details.waiver = None;
    }
}

/// The finding that a waiver answers, or why it answers none.
fn holds(
    engine: &Engine<'_>,
    projects: &[Project],
    judged: &[Judged],
    waiver: &Waiver,
) -> Result<(usize, u16), Text> {
    let rule = engine
        .packs
        .rule(&waiver.rule)
        .ok_or_else(|| text!("没有这条规则", "there is no such rule"))?;
    let named = |p: &&Project| {
        p.id == waiver.project
            || p.name == waiver.project
            || code(engine, p).is_some_and(|c| c == waiver.project)
    };
    let mut matching = projects.iter().enumerate().filter(|(_, p)| named(p));
    let (index, project) = matching
        .next()
        .ok_or_else(|| text!("没有项目 `{}`", "there is no project `{}`", waiver.project))?;
    if matching.next().is_some() {
        return Err(text!(
            "`{}` 对应多个项目",
            "`{}` names several projects",
            waiver.project
        ));
    }
    let finding = judged.get(index).and_then(|j| {
        j.findings.iter().find(|f| {
            engine
                .packs
                .rules
                .get(usize::from(f.rule))
                .is_some_and(|r| r.id == rule.id)
        })
    });
    let finding = finding.filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Undetermined));
    let finding = finding.ok_or_else(|| {
        text!(
            "该项目在这条规则上没有需要认定的结果",
            "the project has no finding of this rule that needs one"
        )
    })?;
    let on = engine.settings.on.ok_or_else(|| {
        text!(
            "没有给出核查日期（--on 或 review_date）",
            "no review date is given (--on or review_date)"
        )
    })?;
    if on < waiver.issued || on > waiver.expires {
        let (issued, expires) = (waiver.issued, waiver.expires);
        return Err(text!(
            "核查日期 {on} 不在有效期 {issued} 至 {expires} 内",
            "the review date {on} is outside {issued} to {expires}"
        ));
    }
    match rule.waivable_by.iter().min() {
        None => {
            return Err(text!(
                "这条规则不能由人工认定",
                "this rule cannot be waived"
            ));
        }
        Some(least) if waiver.level < *least => {
            let (is, least) = (waiver.level.label(), least.label());
            return Err(Text::new(
                format!(
                    "认定机关层级为{}，这条规则须由{}以上机关认定",
                    is.zh, least.zh
                ),
                format!(
                    "it was issued at {} level, this rule takes {} level or above",
                    is.en, least.en
                ),
            ));
        }
        Some(_) => {}
    }
    check_pins(engine, project, finding, waiver)?;
    Ok((index, finding.rule))
}

fn code(engine: &Engine<'_>, project: &Project) -> Option<String> {
    let field = engine
        .packs
        .library
        .vocabulary
        .by_path("code")
        .filter(|f| f.kind == FieldType::Text)?;
    match project
        .find(&engine.packs.library.vocabulary, FactRef::project(field.id))?
        .value()?
    {
        Value::Text(words) => Some(words.shown.trim().to_owned()),
        _ => None,
    }
}

/// Every fact that decided the finding is pinned, and every pin has the value of today.
fn check_pins(
    engine: &Engine<'_>,
    project: &Project,
    finding: &Finding,
    waiver: &Waiver,
) -> Result<(), Text> {
    let library = &engine.packs.library;
    let mut pinned = Vec::new();
    for pin in &waiver.pins {
        let (fact, value) =
            intake::read_pin(&library.vocabulary, &pin.path, &pin.value).map_err(|problem| {
                let path = &pin.path;
                Text::new(
                    format!("锁定的事实 `{path}` 无法读取：{}", problem.message.zh),
                    format!("the pinned `{path}` cannot be read: {}", problem.message.en),
                )
            })?;
        let now = project
            .find(&library.vocabulary, fact)
            .and_then(|f| f.value());
        if !now.is_some_and(|now| same(now, &value)) {
            let label = wording::fact_label(library, project, fact);
            let now =
                wording::fact_value(library, project, fact).unwrap_or_else(wording::not_known);
            return Err(Text::new(
                format!("{}已改为{}，与认定时不同", label.zh, now.zh),
                format!(
                    "{} is now {}, which is not what it was granted for",
                    label.en, now.en
                ),
            ));
        }
        pinned.push(fact);
    }
    let evidence = engine.evidence(project, finding);
    // That a list is what it is follows from the pinned members.
    // A range or a claim has a value too, and the decision was made on it.
    let given = evidence.lacks.iter().filter_map(|lack| match lack {
        Lack {
            subject: Subject::Fact(fact),
            cause: Cause::Imprecise | Cause::Unconfirmed,
        } => Some(fact),
        _ => None,
    });
    let open = evidence
        .facts
        .iter()
        .chain(given)
        .find(|fact| !pinned.contains(fact) && !wording::is_list(library, fact.field));
    match open {
        Some(fact) => {
            let path = fact.path(&library.vocabulary);
            Err(text!(
                "没有锁定起决定作用的事实 `{path}`",
                "it does not pin `{path}`, which decided the finding"
            ))
        }
        None => Ok(()),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.folded == b.folded,
        (a, b) => a == b,
    }
}
