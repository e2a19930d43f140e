//! The phrases of a finding: figures, table rows, bases, what is lacking, notes and waivers.
//!
//! It knows no layout; the text and JSON reports share it.

use super::Assessment;
use super::baseline::Standing;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::finding::{DaySource, Finding, Reading, Verdict};
use crate::judge::wording;
use crate::language::eval::{Cause, Lack, Subject};
use crate::model::project::{FactRef, Project};
use crate::model::waiver::Waiver;
use crate::rules::rule::{Basis, Cited, Rule};
use crate::text;

/// A reading of the law in words.
pub(super) fn reading(reading: Reading) -> Text {
    let (day, verdict) = (reading.day, reading.verdict.label());
    Text::new(
        format!("按 {day} 的规定：{}", verdict.zh),
        format!("under the law of {day}: {}", verdict.en),
    )
}

/// How a finding stands against an earlier report, in words.
pub(super) fn standing(standing: Standing) -> Text {
    match standing {
        Standing::New => text!("新增", "new"),
        Standing::Graver => text!("比基准加重", "graver than in the baseline"),
        Standing::Known => text!("基准已有", "known from the baseline"),
        Standing::Lighter => text!("基准已有，已减轻", "known from the baseline, now lighter"),
    }
}

/// A parameter version in words: value, source, confidence, period.
pub(super) fn figure(run: &Assessment<'_>, parameter: u16, version: usize) -> Option<Text> {
    let parameter = run
        .engine
        .packs
        .library
        .parameters
        .get(usize::from(parameter))?;
    let version = parameter.versions.get(version)?;
    let source = wording::source(run.engine.packs, &version.source);
    let one = |lang: Lang| {
        let value = parameter.measure.show_interval(&version.value, lang);
        let confidence = version.confidence.label();
        let period = period(version.period, lang);
        match lang {
            Lang::Zh => format!(
                "{} {value}（{}，{}{period}）",
                parameter.label.zh, source.zh, confidence.zh
            ),
            Lang::En => format!(
                "{} {value} ({}, {}{period})",
                parameter.label.en, source.en, confidence.en
            ),
        }
    };
    Some(Text::new(one(Lang::Zh), one(Lang::En)))
}

/// A period in words, with a comma before it; empty if it is open on both sides.
pub(super) fn period(period: crate::base::date::Period, lang: Lang) -> String {
    match (period.from, period.to, lang) {
        (None, None, _) => String::new(),
        (Some(from), None, Lang::Zh) => format!("，{from} 起"),
        (Some(from), None, Lang::En) => format!(", from {from}"),
        (None, Some(to), Lang::Zh) => format!("，至 {to}"),
        (None, Some(to), Lang::En) => format!(", until {to}"),
        (Some(from), Some(to), Lang::Zh) => format!("，{from} 至 {to}"),
        (Some(from), Some(to), Lang::En) => format!(", {from} to {to}"),
    }
}

/// A table row that answered, in words.
pub(super) fn row_text(run: &Assessment<'_>, table: u16, row: Option<usize>) -> Option<Text> {
    let table = run.engine.packs.library.tables.get(usize::from(table))?;
    let Some(row) = row else {
        return Some(Text::new(
            format!("「{}」没有对应的行，按表的默认结果", table.title.zh),
            format!("“{}”: no row matches; its default holds", table.title.en),
        ));
    };
    let row = table.rows.get(row)?;
    let source = if row.source.is_empty() {
        table.source.as_str()
    } else {
        row.source
    };
    let source = wording::source(run.engine.packs, source);
    let confidence = row.confidence.label();
    let note = |note: &str, joint: &str| {
        if note.is_empty() {
            String::new()
        } else {
            format!("{joint}{note}")
        }
    };
    Some(Text::new(
        format!(
            "「{}」第 {} 行（{}，{}{}）",
            table.title.zh,
            row.line,
            source.zh,
            confidence.zh,
            note(row.note.zh, "；")
        ),
        format!(
            "“{}” row {} ({}, {}{})",
            table.title.en,
            row.line,
            source.en,
            confidence.en,
            note(row.note.en, "; ")
        ),
    ))
}

/// The instruments and sections behind a finding in one line.
pub(super) fn basis(run: &Assessment<'_>, rule: &Rule, finding: &Finding) -> Text {
    Text::joined(&bases(run, rule, finding), "；", "; ")
}

/// The instruments and sections behind a finding: what carries it first, then the others in force.
pub(super) fn bases(run: &Assessment<'_>, rule: &Rule, finding: &Finding) -> Vec<Text> {
    let mut all: Vec<Text> = Vec::new();
    for text in cited_by(run, rule, finding)
        .into_iter()
        .map(|b| cited(run, b))
    {
        // Several clauses of one section are cited as that section once.
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// What a finding cites: what carries it first, then the others in force.
pub(super) fn cited_by<'a>(
    run: &Assessment<'_>,
    rule: &'a Rule,
    finding: &Finding,
) -> Vec<&'a Basis> {
    let packs = run.engine.packs;
    let carrying = run.engine.carrying(rule, finding.as_of);
    let in_force = |basis: &&Basis| match basis.cited {
        Cited::Instrument(index) => {
            let instrument = packs.library.instruments.get(usize::from(index));
            instrument.is_some_and(|i| i.period.contains(finding.as_of))
        }
        Cited::Section(_) => true,
    };
    let mut listed: Vec<&Basis> = carrying.into_iter().collect();
    listed.extend(rule.basis.iter().filter(|b| !b.carries).filter(in_force));
    if finding.verdict == Verdict::Pass
        && let Some(exception) = finding.exception().and_then(|e| rule.exceptions.get(e))
    {
        listed.extend(&exception.basis);
    }
    if listed.is_empty() {
        listed = rule.basis.iter().collect();
    }
    listed
}

/// A basis with the rank of its instrument.
pub(super) fn cited(run: &Assessment<'_>, basis: &Basis) -> Text {
    let words = wording::basis(run.engine.packs, basis);
    let Cited::Instrument(index) = basis.cited else {
        return words;
    };
    let Some(instrument) = run.engine.packs.library.instruments.get(usize::from(index)) else {
        return words;
    };
    let level = instrument.level.label();
    let sure = instrument.confidence == crate::model::parameter::Confidence::Unverified;
    let (zh, en) = if sure {
        ("，未核实", ", unverified")
    } else {
        ("", "")
    };
    Text::new(
        format!("{}〔{}{zh}〕", words.zh, level.zh),
        format!("{} [{}{en}]", words.en, level.en),
    )
}

/// What is lacking, grouped by who supplies it and why: `申请人：甲、乙（未提供）`.
pub(super) fn lack_lines(
    run: &Assessment<'_>,
    project: &Project,
    lacks: &[Lack],
    lang: Lang,
) -> Vec<String> {
    let library = &run.engine.packs.library;
    let mut groups: Vec<((String, Cause), Vec<String>)> = Vec::new();
    for lack in lacks {
        let key = (
            wording::supplier(library, lack).get(lang).to_owned(),
            lack.cause,
        );
        let label = wording::lack_label(library, project, lack)
            .get(lang)
            .to_owned();
        match groups.iter_mut().find(|(k, _)| *k == key) {
            Some((_, labels)) => labels.push(label),
            None => groups.push((key, vec![label])),
        }
    }
    let line = |((supplier, cause), labels): ((String, Cause), Vec<String>)| {
        let cause = wording::cause(cause);
        match lang {
            Lang::Zh => format!("{}（{}，由{supplier}提供）", labels.join("、"), cause.zh),
            Lang::En => format!("{} ({}; from {supplier})", labels.join(", "), cause.en),
        }
    };
    groups.into_iter().map(line).collect()
}

/// Advice on facts that departments hold, each once.
pub(super) fn department_advice(run: &Assessment<'_>, lacks: &[Lack], lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for lack in lacks {
        let Subject::Fact(fact) = lack.subject else {
            continue;
        };
        let advice = wording::ask_department(&run.engine.packs.library, fact.field);
        if let Some(advice) = advice.map(|a| a.get(lang).to_owned())
            && !all.contains(&advice)
        {
            all.push(advice);
        }
    }
    all
}

/// Remarks of a finding in words: ceilings, unverified figures, the plan's period.
pub(super) fn notes(
    run: &Assessment<'_>,
    rule: &Rule,
    finding: &Finding,
    project: &Project,
) -> Vec<Text> {
    let mut notes = Vec::new();
    let remarks = finding.remarks;
    if remarks.not_in_force {
        notes.push(text!(
            "适用时点上本条或其依据不在有效期内",
            "the rule or its basis is not in force on that day"
        ));
    }
    if remarks.either_way {
        notes.push(text!(
            "无论是否适用均符合",
            "it is met whether or not the rule applies"
        ));
    }
    if remarks.unverified {
        notes.push(text!(
            "所依据的数值或约束力尚未核实，最多提请认定",
            "it rests on an unverified figure or binding, so an authority must decide at most"
        ));
    }
    if remarks.sliver {
        notes.push(text!(
            "疑似边界误差，需复核；最多提请认定",
            "the overlap may be an error of the boundary and is to be checked again; an authority must decide at most"
        ));
    }
    if remarks.after_period
        && let Some(head) = run.engine.packs.head(rule)
    {
        notes.push(head.period_notice.clone());
    }
    if remarks.not_configured {
        notes.push(text!(
            "本单位声明没有所需数据，列入未核查事项",
            "the office said that it does not have the data; listed as not assessed"
        ));
    }
    let open = matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined);
    if open
        && finding.verdict == Verdict::Fail
        && !remarks.after_period
        && !remarks.unverified
        && !remarks.sliver
    {
        let full = Decision::of_fail(rule.kind);
        if finding.drives < full {
            let (full, most) = (full.label(), finding.drives.label());
            notes.push(Text::new(
                format!(
                    "所依据文件的效力有限，本条不作为“{}”的依据，最多“{}”",
                    full.zh, most.zh
                ),
                format!(
                    "the rank of its basis carries at most “{}”, not “{}”",
                    most.en, full.en
                ),
            ));
        }
    }
    if open
        && let DaySource::Span(field, ..) = finding.day_source
        && finding
            .readings()
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.verdict != b.verdict))
    {
        let label = run
            .engine
            .packs
            .library
            .vocabulary
            .field(field)
            .map(|f| f.label.clone())
            .unwrap_or_default();
        notes.push(Text::new(
            format!("期间规定有变化，补充{}后可以判定", label.zh),
            format!("the law changed in that span; {} would settle it", label.en),
        ));
    }
    for fact in claims(run, project, rule, finding) {
        notes.push(Text::new(
            format!("{}为申请人自报，未经主管部门确认", fact.zh),
            format!("{} is stated by the applicant and not confirmed", fact.en),
        ));
    }
    notes
}

/// The claims of the applicant that a fail rests on.
fn claims(run: &Assessment<'_>, project: &Project, rule: &Rule, finding: &Finding) -> Vec<Text> {
    if finding.verdict != Verdict::Fail {
        return Vec::new();
    }
    if project
        .claims
        .iter()
        .all(|field| rule.reads.binary_search(field).is_err())
    {
        return Vec::new();
    }
    let library = &run.engine.packs.library;
    let evidence = run.engine.evidence(project, finding);
    let claimed = |fact: &&FactRef| {
        project
            .find(&library.vocabulary, **fact)
            .is_some_and(|f| f.claim)
    };
    evidence
        .facts
        .iter()
        .filter(claimed)
        .map(|fact| wording::fact_label(library, project, *fact))
        .collect()
}

/// A waiver in words: the verdict on the rule stands.
pub(super) fn waiver_text(waiver: &Waiver, verdict: Verdict) -> Text {
    let (office, document, reason) = (&waiver.office, &waiver.document, &waiver.reason);
    let (kind, issued, expires) = (&waiver.document_type, waiver.issued, waiver.expires);
    let level = waiver.level.label();
    let reason = reason.trim_end_matches(['。', '.']);
    let stands = match verdict {
        Verdict::Fail => text!("本条不符合", "the rule is not met"),
        _ => text!("本条暂无法判定", "the rule is not determined"),
    };
    let (zh, en) = (&stands.zh, &stands.en);
    Text::new(
        format!(
            "{zh}；{office}（{}）{issued} 以{kind}{document}认定（有效期至 {expires}）：{reason}。未计入结论",
            level.zh
        ),
        format!(
            "{en}; {office} ({} level) decided on {issued} by {document} (until {expires}): {reason}. Not counted in the decision",
            level.en
        ),
    )
}
