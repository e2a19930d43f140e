//! What many projects add up to: the totals of portfolio rules, group by group.
//!
//! It does not add anything up, and it does not know the findings of single projects.

use serde::Serialize;

use super::Assessment;
use super::json_form::{Both, Named};
use super::page::{Page, Tone};
use crate::base::text::{Lang, Text, counted};
use crate::judge::finding::Verdict;
use crate::judge::portfolio::{Contribution, Group, PortfolioFinding, key_text};
use crate::judge::wording;
use crate::model::value::Interval;
use crate::rules::portfolio::{Axis, Bound, Measured, PortfolioRule};
use crate::text;

/// Members of a group that are named, at most.
const NAMED: usize = 12;

/// Writes the totals; nothing if no project counts towards any.
pub(super) fn text(page: &mut Page, run: &Assessment<'_>) {
    let mut with_groups = run
        .portfolio
        .iter()
        .filter(|f| !f.groups.is_empty())
        .peekable();
    if with_groups.peek().is_none() {
        return;
    }
    page.rule('─');
    let title = page.pick(
        "总量核查（多个项目合计；不改变单个项目的结论）",
        "Totals (many projects together; they change no project's decision)",
    );
    let title = title.to_owned();
    page.line(0, Tone::Strong, &title);
    for finding in with_groups {
        if let Some(rule) = run.engine.packs.portfolio.get(finding.rule) {
            write_finding(page, run, rule, finding);
        }
    }
}

/// The words for a group's verdict: what a limit or a target says about a total.
fn outcome(rule: &PortfolioRule, verdict: Verdict) -> (Text, Tone, &'static str) {
    match (verdict, &rule.bound) {
        (Verdict::Fail, Bound::Limit(_)) => (text!("超出上限", "over the limit"), Tone::Bad, "✗"),
        (Verdict::Fail, Bound::Target(_)) => {
            (text!("未达目标", "short of the target"), Tone::Bad, "✗")
        }
        (Verdict::Pass, Bound::Limit(_)) => {
            (text!("未超上限", "within the limit"), Tone::Good, "✓")
        }
        (Verdict::Pass, Bound::Target(_)) => (text!("达到目标", "target reached"), Tone::Good, "✓"),
        (Verdict::NotApplicable, _) => (text!("不适用", "not applicable"), Tone::Faint, "–"),
        _ => (text!("暂无法判定", "undetermined"), Tone::Open, "?"),
    }
}

fn write_finding(
    page: &mut Page,
    run: &Assessment<'_>,
    rule: &PortfolioRule,
    finding: &PortfolioFinding,
) {
    let lang = page.look.lang;
    page.blank();
    page.lead(
        2,
        Tone::Strong,
        rule.title.get(lang),
        &format!("  {}", rule.id),
    );
    if !finding.groups.iter().any(Group::is_bounded) {
        return unset(page, run, rule, finding);
    }
    for group in &finding.groups {
        let (words, tone, mark) = outcome(rule, group.verdict);
        let key = group_name(run, rule, group);
        let key = key.get(lang);
        let lead = format!("{mark} {}", words.get(lang));
        let colon = lang.pick("：", ": ");
        let separator = if key.is_empty() { "" } else { colon };
        let sums = sums(run, rule, group);
        page.lead(
            4,
            tone,
            &lead,
            &format!("  {key}{separator}{}", sums.get(lang)),
        );
        if group.verdict != Verdict::Pass {
            members(page, run, rule, group);
        }
    }
    let bases: Vec<String> = rule
        .basis
        .iter()
        .map(|basis| wording::basis(run.engine.packs, basis).get(lang).to_owned())
        .collect();
    page.item(
        4,
        lang.pick("依据", "basis"),
        &bases.join(lang.pick("；", "; ")),
    );
    if finding
        .groups
        .iter()
        .any(|group| group.verdict == Verdict::Fail)
    {
        page.item(4, lang.pick("办法", "to do"), rule.remedy.get(lang));
    }
    if finding.after_period
        && let Some(head) = run.engine.packs.heads.get(rule.pack)
    {
        page.item(4, lang.pick("时点", "as of"), head.period_notice.get(lang));
    }
}

/// The totals of a rule whose bound the office has not set: one line, since nothing can be said of them.
fn unset(page: &mut Page, run: &Assessment<'_>, rule: &PortfolioRule, finding: &PortfolioFinding) {
    let lang = page.look.lang;
    let one = |group: &Group| {
        let name = group_name(run, rule, group);
        let total = group.total.as_ref().map(|total| shown(rule, total));
        let total = total.unwrap_or_else(|| text!("不适用", "not applicable"));
        format!("{} {}", name.get(lang), total.get(lang))
            .trim()
            .to_owned()
    };
    let all: Vec<String> = finding.groups.iter().map(one).collect();
    let words = match rule.bound {
        Bound::Limit(_) => lang.pick("上限未设定，只列合计", "no limit is set; totals only"),
        Bound::Target(_) => lang.pick("目标未设定，只列合计", "no target is set; totals only"),
    };
    let colon = lang.pick("：", ": ");
    page.lead(
        4,
        Tone::Open,
        &format!("? {words}"),
        &format!("{colon}{}", all.join(lang.pick("；", "; "))),
    );
}

/// `本区｜2025年`.
fn group_name(run: &Assessment<'_>, rule: &PortfolioRule, group: &Group) -> Text {
    let texts: Vec<Text> = rule
        .by
        .iter()
        .zip(&group.key)
        .map(|(axis, key)| key_text(run.engine, *axis, key))
        .collect();
    Text::joined(&texts, "｜", " | ")
}

fn shown(rule: &PortfolioRule, value: &Interval) -> Text {
    Text::new(
        rule.measure.show_interval(value, Lang::Zh),
        rule.measure.show_interval(value, Lang::En),
    )
}

/// `合计 1,200 tce/年，上限 1,000 tce/年；按申报先后，自 p2 起超出`.
fn sums(run: &Assessment<'_>, rule: &PortfolioRule, group: &Group) -> Text {
    let count = group.members.len();
    let projects = counted(count, "project");
    let total = group.total.as_ref().map(|total| shown(rule, total));
    let Some(total) = total else {
        return text!(
            "{count} 件，没有可比的总量",
            "{projects}, nothing to divide by"
        );
    };
    let Text { zh, en } = shown(rule, &group.bound);
    let bound = match (&rule.bound, group.is_bounded()) {
        (Bound::Limit(_), true) => Text::new(format!("上限 {zh}"), format!("limit {en}")),
        (Bound::Target(_), true) => Text::new(format!("目标 {zh}"), format!("target {en}")),
        (Bound::Limit(_), false) => text!("上限未设定", "no limit is set"),
        (Bound::Target(_), false) => text!("目标未设定", "no target is set"),
    };
    let breaking = group
        .breaking
        .and_then(|number| run.projects.get(number))
        .map_or_else(Text::default, |project| {
            text!(
                "；按申报先后，自 {} 起超出",
                "; in the order of submission, {} is the first to exceed it",
                project.id
            )
        });
    let what = match rule.measured {
        Measured::Share { .. } => text!("占比", "share"),
        Measured::Sum(_) | Measured::Count => text!("合计", "total"),
    };
    Text::new(
        format!(
            "{count} 件，{} {}，{}{}",
            what.zh, total.zh, bound.zh, breaking.zh
        ),
        format!(
            "{projects}, {} {}, {}{}",
            what.en, total.en, bound.en, breaking.en
        ),
    )
}

fn members(page: &mut Page, run: &Assessment<'_>, rule: &PortfolioRule, group: &Group) {
    let lang = page.look.lang;
    let amount = |c: &Contribution| match rule.measured {
        Measured::Share { .. } => None,
        Measured::Count if c.amount.point().is_some() => None,
        Measured::Count | Measured::Sum(_) => Some(shown(rule, &c.amount)),
    };
    let one = |c: &Contribution| {
        let project = run.projects.get(c.project)?;
        let amount = amount(c).map(|a| format!(" {}", a.get(lang)));
        let lacks: Vec<String> = c
            .lacks
            .iter()
            .map(|lack| wording::lack_path(&run.engine.packs.library, lack))
            .collect();
        let lacks = if lacks.is_empty() {
            String::new()
        } else {
            let all = lacks.join(lang.pick("、", ", "));
            let text = text!("（缺 {all}）", " (lacks {all})");
            text.get(lang).to_owned()
        };
        Some(format!(
            "{}{}{lacks}",
            project.id,
            amount.unwrap_or_default()
        ))
    };
    let mut all: Vec<String> = group.members.iter().take(NAMED).filter_map(one).collect();
    if group.members.len() > NAMED {
        let more = group.members.len() - NAMED;
        let text = text!("另 {more} 件", "{more} more");
        all.push(text.get(lang).to_owned());
    }
    page.item(
        6,
        lang.pick("项目", "projects"),
        &all.join(lang.pick("；", "; ")),
    );
}

/// The totals of a rule in words, for formats that list one thing after another.
pub(super) struct Said<'a> {
    /// The rule.
    pub rule: &'a PortfolioRule,
    /// What came of it: the worst of its groups.
    pub verdict: Verdict,
    /// A line for each group.
    pub lines: Vec<Text>,
    /// The project that breaks it, or the first that counts.
    pub project: Option<usize>,
}

/// The totals in words; a rule towards which no project counts is left out, as in the text report.
pub(super) fn said<'a>(run: &'a Assessment<'_>) -> Vec<Said<'a>> {
    let all = run.portfolio.iter().filter(|f| !f.groups.is_empty());
    let one = |finding: &'a PortfolioFinding| {
        let rule = run.engine.packs.portfolio.get(finding.rule)?;
        let line = |group: &Group| {
            let (words, ..) = outcome(rule, group.verdict);
            let (key, sums) = (group_name(run, rule, group), sums(run, rule, group));
            Text::new(
                format!("{} {}：{}", words.zh, key.zh, sums.zh),
                format!("{} {}: {}", words.en, key.en, sums.en),
            )
        };
        let groups = || finding.groups.iter();
        let breaking = groups().find_map(|group| group.breaking);
        let first = || groups().flat_map(|g| &g.members).map(|m| m.project).next();
        Some(Said {
            rule,
            verdict: groups().map(|g| g.verdict).min().unwrap_or(Verdict::Pass),
            lines: groups().map(line).collect(),
            project: breaking.or_else(first),
        })
    };
    all.filter_map(one).collect()
}

/// A portfolio rule's totals as JSON.
#[derive(Serialize)]
pub(super) struct Form<'a> {
    rule: &'a str,
    title: Both,
    measure: &'static str,
    bound: &'static str,
    after_period: bool,
    groups: Vec<GroupForm<'a>>,
}

#[derive(Serialize)]
struct GroupForm<'a> {
    key: Vec<KeyForm<'a>>,
    outcome: Named,
    verdict: &'static str,
    total: Option<Both>,
    bound: Option<Both>,
    #[serde(skip_serializing_if = "Option::is_none")]
    breaking: Option<&'a str>,
    members: Vec<MemberForm<'a>>,
    missing: Vec<String>,
}

#[derive(Serialize)]
struct KeyForm<'a> {
    axis: &'a str,
    value: Both,
}

#[derive(Serialize)]
struct MemberForm<'a> {
    project: &'a str,
    amount: Both,
}

/// The totals as JSON.
pub(super) fn forms<'a>(run: &'a Assessment<'_>) -> Vec<Form<'a>> {
    let all = run.portfolio.iter();
    all.filter_map(|finding| form(run, finding)).collect()
}

fn form<'a>(run: &'a Assessment<'_>, finding: &'a PortfolioFinding) -> Option<Form<'a>> {
    let rule = run.engine.packs.portfolio.get(finding.rule)?;
    Some(Form {
        rule: &rule.id,
        title: (&rule.title).into(),
        measure: match rule.measured {
            Measured::Sum(_) => "sum",
            Measured::Count => "count",
            Measured::Share { .. } => "share",
        },
        bound: match rule.bound {
            Bound::Limit(_) => "limit",
            Bound::Target(_) => "target",
        },
        after_period: finding.after_period,
        groups: finding
            .groups
            .iter()
            .map(|group| group_form(run, rule, group))
            .collect(),
    })
}

fn group_form<'a>(
    run: &'a Assessment<'_>,
    rule: &'a PortfolioRule,
    group: &'a Group,
) -> GroupForm<'a> {
    let vocabulary = &run.engine.packs.library.vocabulary;
    let id = |number: usize| run.projects.get(number).map(|p| p.id.as_str());
    let (words, ..) = outcome(rule, group.verdict);
    let mut missing: Vec<String> = group
        .lacks
        .iter()
        .map(|(project, lack)| {
            let path = wording::lack_path(&run.engine.packs.library, lack);
            match project.and_then(id) {
                Some(project) => format!("{project}: {path}"),
                None => path,
            }
        })
        .collect();
    missing.dedup();
    GroupForm {
        key: rule
            .by
            .iter()
            .zip(&group.key)
            .map(|(axis, key)| KeyForm {
                axis: match axis {
                    Axis::Field(field) => vocabulary.path(*field),
                    Axis::Year => "year",
                    Axis::Goal => "goal",
                },
                value: key_text(run.engine, *axis, key).into(),
            })
            .collect(),
        outcome: Named {
            id: group.verdict.id(),
            label: words.into(),
        },
        verdict: group.verdict.id(),
        total: group.total.as_ref().map(|total| shown(rule, total).into()),
        bound: group.is_bounded().then(|| shown(rule, &group.bound).into()),
        breaking: group.breaking.and_then(id),
        members: group
            .members
            .iter()
            .filter_map(|c| {
                Some(MemberForm {
                    project: id(c.project)?,
                    amount: shown(rule, &c.amount).into(),
                })
            })
            .collect(),
        missing,
    }
}
