//! The text report (核查意见) for a terminal: head, each project with its findings, summary.
//!
//! It does not know the terminal: its width, language and colour come with the look.

use std::io::{self, Write};

use super::baseline::Standing;
use super::excerpt::Excerpts;
use super::finding;
use super::page::{Look, Page, Tone};
use super::phrases;
use super::trace::serves;
use super::{Assessment, DISCLAIMER, Entry, portfolio, site, splits, summary};
use crate::base::date::Date;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::finding::{Finding, Judged, Verdict};
use crate::judge::wording;
use crate::language::eval::Cause;
use crate::model::project::Project;
use crate::rules::pack::{PackLevel, PackOrigin};
use crate::text;

/// Writes the report; `verbose` adds passes and rules that do not apply.
pub fn write(
    run: &Assessment<'_>,
    look: Look,
    verbose: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let excerpts = Excerpts::new(run.sources);
    let mut page = Page::new(look);
    head(&mut page, run);
    for entry in run.entries {
        page.rule('─');
        match entry {
            Entry::Unread(file) => unread(&mut page, file),
            Entry::Project(index) => {
                if let (Some(project), Some(judged)) =
                    (run.projects.get(*index), run.judged.get(*index))
                {
                    title(&mut page, run, *index, (project, judged));
                    whole(
                        &mut page,
                        run,
                        &excerpts,
                        (*index, project, judged),
                        verbose,
                    );
                }
            }
        }
        // A run may have many projects: what is done is handed on.
        out.write_all(page.out.as_bytes())?;
        page.out.clear();
    }
    portfolio::text(&mut page, run);
    splits::text(&mut page, run);
    summary::write(&mut page, run);
    out.write_all(page.out.as_bytes())
}

/// The title and what a reader must know before any project.
pub(super) fn head(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    page.line(
        0,
        Tone::Strong,
        lang.pick(
            "项目合规性辅助核查意见",
            "Assisted compliance assessment of projects",
        ),
    );
    page.item(
        0,
        lang.pick("声明", "notice"),
        lang.pick(DISCLAIMER.0, DISCLAIMER.1),
    );
    about(page, run);
}

/// Packs, days, cautions, and what was not assessed.
pub(super) fn about(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    let packs = run.engine.packs;
    let settings = run.engine.settings;
    heads(page, run);
    let days = match (settings.as_of, settings.on) {
        (Some(as_of), on) => {
            let on = on
                .map(|on| text!("；核查日期 {on}", "; review date {on}"))
                .unwrap_or_default();
            Text::new(
                format!("全部按 {as_of} 的规定核查（--as-of）{}", on.zh),
                format!("everything as of {as_of} (--as-of){}", on.en),
            )
        }
        (None, Some(on)) => text!(
            "各条按项目自身的申报或办理日期适用当时的规定；核查日期 {on}",
            "each rule as of the project's own dates; review date {on}"
        ),
        (None, None) => text!(
            "各条按项目自身的申报或办理日期适用当时的规定；未给出核查日期，人工认定一律不采用",
            "each rule as of the project's own dates; no review date, so no waiver applies"
        ),
    };
    page.item(0, lang.pick("时点", "as of"), days.get(lang));
    for notice in notices(run) {
        page.item(0, lang.pick("注意", "caution"), notice.get(lang));
    }
    for replaced in &packs.replaced {
        let reason = replaced.reason.get(lang);
        let text = text!(
            "规则 {} 由 {} 替换：{reason}",
            "rule {} is replaced by {}: {reason}",
            replaced.old,
            replaced.new
        );
        page.item(0, lang.pick("替换", "replaced"), text.get(lang));
    }
    not_assessed(page, run);
}

/// The packs in use, each with its version, hash and origin.
pub(super) fn heads(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    let packs = run.engine.packs;
    for (number, pack) in packs.heads.iter().enumerate() {
        let hash: String = pack.hash.chars().take(8).collect();
        let origin = origin(&pack.origin);
        let (title, id, version) = (pack.title.get(lang), &pack.id, &pack.version);
        let origin = origin.get(lang);
        let line = match lang {
            Lang::Zh => format!("{title}（{id} {version}，摘要 {hash}，{origin}）"),
            Lang::En => format!("{title} ({id} {version}, hash {hash}, {origin})"),
        };
        page.item(
            0,
            if number == 0 {
                lang.pick("规则", "packs")
            } else {
                ""
            },
            &line,
        );
    }
}

/// What a reader must know before any finding: claims are trusted, a plan had not begun, a plan's period is over.
pub(super) fn notices(run: &Assessment<'_>) -> Vec<Text> {
    let settings = run.engine.settings;
    let mut notices = Vec::new();
    if settings.trust_claims {
        notices.push(text!(
            "已设定采信申请人自报（trust_claims）：应由部门确认的数据未经确认，仅供申请人自查",
            "claims are trusted (trust_claims): facts that departments should confirm are taken as stated; for a proponent's own use only"
        ));
    }
    for pack in run
        .engine
        .packs
        .heads
        .iter()
        .filter(|p| p.level == PackLevel::Plan)
    {
        let from = pack.period.and_then(|p| p.from);
        if let (Some(from), Some(day)) = (from, settings.as_of)
            && day < from
        {
            notices.push(before(run, &pack.title, from, day));
        }
        let to = pack.period.and_then(|p| p.to);
        if let (Some(to), Some(on)) = (to, settings.on)
            && on > to
        {
            let (title, notice) = (&pack.title, &pack.period_notice);
            notices.push(Text::new(
                format!(
                    "核查日期 {on} 晚于“{}”的规划期（至 {to}）。{}",
                    title.zh, notice.zh
                ),
                format!(
                    "the review date {on} is after the period of “{}” (until {to}). {}",
                    title.en, notice.en
                ),
            ));
        }
    }
    notices
}

/// That a plan had not begun on the day as of which everything is judged: little can be found then, and that little
/// was found is no assurance.
fn before(run: &Assessment<'_>, title: &Text, from: Date, day: Date) -> Text {
    let rules = &run.engine.packs.rules;
    let in_force = rules.iter().filter(|rule| run.engine.in_force(rule, day));
    let (count, all) = (in_force.count(), rules.len());
    let (zh, en) = (&title.zh, &title.en);
    text!(
        "{day}（--as-of）早于“{zh}”的规划期（自 {from} 起），当日 {all} 条规则中只有 {count} 条有效，其余均不核查",
        "{day} (--as-of) is before the period of “{en}” (from {from}): only {count} of {all} rules were in force on that day, and the others are not assessed"
    )
}

/// True for a finding that moved to 未核查事项, because the office does not have what it needs.
pub(super) fn is_left_out(finding: &Finding) -> bool {
    finding.verdict == Verdict::Undetermined && finding.remarks.not_configured
}

/// 未核查事项: what the office said it does not have, and the findings that this leaves open.
fn not_assessed(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    let library = &run.engine.packs.library;
    let mut subjects: Vec<(String, Vec<String>)> = Vec::new();
    for (project, judged) in run.projects.iter().zip(run.judged) {
        for finding in judged.findings.iter().filter(|f| is_left_out(f)) {
            let Some(rule) = run.engine.packs.rules.get(usize::from(finding.rule)) else {
                continue;
            };
            let line = format!("{}：{}  {}", project.id, rule.title.get(lang), rule.id);
            for lack in finding
                .lacks()
                .iter()
                .filter(|l| l.cause == Cause::NotConfigured)
            {
                let label = wording::lack_label(library, project, lack)
                    .get(lang)
                    .to_owned();
                match subjects.iter_mut().find(|(l, _)| *l == label) {
                    Some((_, lines)) => lines.push(line.clone()),
                    None => subjects.push((label, vec![line.clone()])),
                }
            }
        }
    }
    for (label, lines) in subjects {
        let count = lines.len();
        let findings = match count {
            1 => "1 finding depends on it".to_owned(),
            count => format!("{count} findings depend on it"),
        };
        let text = text!(
            "{label}：本单位未配置，涉及 {count} 条核查结果",
            "{label}: not available to this office; {findings}"
        );
        page.item(0, lang.pick("未核查", "left out"), text.get(lang));
        for line in lines {
            page.line(6, Tone::Plain, &line);
        }
    }
}

/// Where a pack came from.
pub(super) fn origin(origin: &PackOrigin) -> Text {
    match origin {
        PackOrigin::Embedded => text!("内置", "built in"),
        PackOrigin::Folder(folder) => text!("来自 {folder}", "from {folder}"),
    }
}

fn unread(page: &mut Page, file: &str) {
    let lang = page.look.lang;
    let label = Decision::Unassessed.label();
    page.lead(0, Tone::Open, &decided(label.get(lang), lang), file);
    let text = text!(
        "没有从这个文件读出项目，原因见填报问题",
        "no project could be read from this file; see the problems"
    );
    page.line(2, Tone::Plain, text.get(lang));
}

/// A decision as the head of a project.
pub(super) fn decided(label: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("【{label}】"),
        Lang::En => format!("[{label}]"),
    }
}

/// How a finding of a project stands against the baseline, if there is one.
pub(super) fn standing(
    run: &Assessment<'_>,
    project: usize,
    judged: &Judged,
    finding: &Finding,
) -> Option<Standing> {
    let mut all = judged.findings.iter();
    let number = all.position(|f| std::ptr::eq(f, finding))?;
    run.baseline?.standing(project, number)
}

/// The findings of a project.
fn whole(
    page: &mut Page,
    run: &Assessment<'_>,
    excerpts: &Excerpts<'_>,
    of: (usize, &Project, &Judged),
    verbose: bool,
) {
    let (index, project, judged) = of;
    if judged.findings.is_empty() {
        let text = text!(
            "缺少申报日期或办理环节，无法核查",
            "without the day of submission and the stage it cannot be assessed"
        );
        page.line(2, Tone::Plain, text.get(page.look.lang));
        return;
    }
    let open = |f: &&Finding| {
        matches!(f.verdict, Verdict::Fail | Verdict::Undetermined) && !is_left_out(f)
    };
    let mut findings: Vec<&Finding> = judged.findings.iter().filter(open).collect();
    findings.sort_by_key(|f| (f.verdict, std::cmp::Reverse(f.effective()), f.rule));
    for finding in findings {
        page.blank();
        let standing = standing(run, index, judged, finding);
        let origins = finding::Origins::Excerpts(excerpts);
        finding::write(page, run, origins, (project, finding), standing);
    }
    upcoming(page, run, project, judged);
    passes(page, run, judged, verbose);
    if verbose {
        list(
            page,
            run,
            judged,
            Verdict::NotApplicable,
            "不涉及",
            "Not applicable",
        );
    }
    page.blank();
}

fn title(page: &mut Page, run: &Assessment<'_>, number: usize, of: (&Project, &Judged)) {
    let (project, judged) = of;
    let lang = page.look.lang;
    let name = if project.name.is_empty() {
        &project.id
    } else {
        &project.name
    };
    let waived = judged.waived();
    let waived = if waived > 0 {
        text!("（含人工认定 {waived} 项）", " (with waivers: {waived})")
    } else {
        Text::default()
    };
    let lead = decided(judged.decision.label().get(lang), lang) + waived.get(lang);
    page.lead(
        0,
        summary::tone(judged.decision),
        &lead,
        &format!(" {name}"),
    );
    let mut about = vec![project.id.clone()];
    if let Some(stage) = project.stage {
        about.push(format!(
            "{}{}",
            lang.pick("办理环节 ", "stage: "),
            stage.label().get(lang)
        ));
    }
    if let Some(submitted) = project.submitted {
        about.push(format!(
            "{} {}",
            lang.pick("申报日期", "submitted"),
            submitted.date
        ));
    }
    page.line(2, Tone::Faint, &about.join(lang.pick("｜", " | ")));
    page.line(2, Tone::Faint, &project.file);
    if project.sample {
        page.line(
            2,
            Tone::Faint,
            lang.pick(
                "演示数据，不代表真实项目",
                "sample data, not a real project",
            ),
        );
    }
    if let Some(site) = &project.site {
        let lines = site::about(site).into_iter();
        let mut label = lang.pick("边界", "boundary");
        for line in lines.chain(site::missing(run.engine.packs, site)) {
            page.item(2, label, line.get(lang));
            label = "";
        }
    }
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|v| judged.count(*v) > 0)
        .map(|v| format!("{} {}", v.label().get(lang), judged.count(v)))
        .collect();
    page.line(2, Tone::Plain, &counts.join(lang.pick("，", ", ")));
    serves::goals(page, run, number);
}

/// 后续手续清单: what is to be done by which stage; it drives nothing now.
fn upcoming(page: &mut Page, run: &Assessment<'_>, project: &Project, judged: &Judged) {
    let lang = page.look.lang;
    let mut later: Vec<&Finding> = judged
        .findings
        .iter()
        .filter(|f| f.verdict == Verdict::Upcoming)
        .collect();
    if later.is_empty() {
        return;
    }
    later.sort_by_key(|f| (f.due, f.rule));
    page.blank();
    page.line(
        2,
        Tone::Strong,
        lang.pick(
            "后续手续清单（不影响本环节）",
            "Later procedures (nothing is asked now)",
        ),
    );
    for finding in later {
        let Some(rule) = run.engine.packs.rules.get(usize::from(finding.rule)) else {
            continue;
        };
        let stage = finding
            .due
            .map(|s| s.label().get(lang).to_owned())
            .unwrap_or_default();
        let line = match lang {
            Lang::Zh => format!("{stage}：{}  {}", rule.title.zh, rule.id),
            Lang::En => format!("{stage}: {}  {}", rule.title.en, rule.id),
        };
        page.lead(4, Tone::Plain, "→ ", &line);
        let lacks = phrases::lack_lines(run, project, finding.lacks(), lang);
        if !lacks.is_empty() {
            page.item(
                6,
                lang.pick("届时", "then"),
                &lacks.join(lang.pick("；", "; ")),
            );
        }
    }
}

/// Passes that need a word: by an exception, on an unverified figure, on either reading; all of them if asked.
fn passes(page: &mut Page, run: &Assessment<'_>, judged: &Judged, verbose: bool) {
    let lang = page.look.lang;
    if verbose {
        list(page, run, judged, Verdict::Pass, "符合", "Met");
        return;
    }
    let special = |f: &&Finding| {
        let remarks = f.remarks;
        f.verdict == Verdict::Pass
            && (f.exception().is_some()
                || remarks.unverified
                || remarks.after_period
                || remarks.sliver)
    };
    let special: Vec<&Finding> = judged.findings.iter().filter(special).collect();
    if special.is_empty() {
        return;
    }
    page.blank();
    page.line(
        2,
        Tone::Strong,
        lang.pick("符合，但须留意", "Met, with a remark"),
    );
    for finding in special {
        pass(page, run, finding);
    }
}

fn list(
    page: &mut Page,
    run: &Assessment<'_>,
    judged: &Judged,
    verdict: Verdict,
    zh: &str,
    en: &str,
) {
    let findings: Vec<&Finding> = judged
        .findings
        .iter()
        .filter(|f| f.verdict == verdict)
        .collect();
    if findings.is_empty() {
        return;
    }
    page.blank();
    page.line(2, Tone::Strong, page.look.lang.pick(zh, en));
    for finding in findings {
        pass(page, run, finding);
    }
}

fn pass(page: &mut Page, run: &Assessment<'_>, finding: &Finding) {
    let lang = page.look.lang;
    let Some(rule) = run.engine.packs.rules.get(usize::from(finding.rule)) else {
        return;
    };
    let (sign, tone) = finding::mark(finding.verdict);
    page.lead(
        4,
        tone,
        sign,
        &format!(" {}  {}", rule.title.get(lang), rule.id),
    );
    let mut notes = Vec::new();
    if let Some(exception) = finding.exception().and_then(|e| rule.exceptions.get(e)) {
        notes.push(match lang {
            Lang::Zh => format!("按例外符合：{}", exception.label.zh),
            Lang::En => format!("by the exception: {}", exception.label.en),
        });
    }
    if finding.verdict == Verdict::Pass && finding.remarks.unverified {
        notes.push(
            lang.pick("符合本条（依据未核实数值）", "met on an unverified figure")
                .to_owned(),
        );
    }
    if finding.remarks.after_period
        && let Some(head) = run.engine.packs.head(rule)
    {
        notes.push(head.period_notice.get(lang).to_owned());
    }
    if finding.remarks.sliver {
        notes.push(
            lang.pick(
                "疑似边界误差，需复核",
                "the overlap may be an error of the boundary, to be checked again",
            )
            .to_owned(),
        );
    }
    if finding.remarks.either_way {
        notes.push(
            lang.pick("无论是否适用均符合", "met whether or not it applies")
                .to_owned(),
        );
    }
    if finding.remarks.not_in_force {
        notes.push(
            lang.pick("适用时点上不在有效期内", "not in force on that day")
                .to_owned(),
        );
    }
    if !notes.is_empty() {
        page.line(6, Tone::Faint, &notes.join(lang.pick("；", "; ")));
    }
}
