//! The status of a plan as of a day: decisions, goals, indicators, totals, gaps, and what changed since an earlier run.
//!
//! It is what a yearly or mid-term evaluation starts from. It computes nothing and does not know how files are read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::json_form::Both;
use super::layout::Column;
use super::page::{Page, Tone};
use super::{Assessment, coverage, portfolio, summary};
use crate::base::date::Date;
use crate::base::text::{Lang, Text};
use crate::model::value::Interval;
use crate::text;
use crate::trace::progress::{Pace, Progress};
use crate::trace::standing::{GoalState, LinkState};

/// The name of the JSON format.
const FORMAT: &str = "hegui.status.v1";

/// Everything the status shows.
#[derive(Debug)]
pub struct Status<'a> {
    /// The run.
    pub run: &'a Assessment<'a>,
    /// The day.
    pub day: Date,
    /// How far the indicators have come.
    pub progress: Vec<Progress<'a>>,
    /// An earlier status, to compare with.
    pub earlier: Option<Earlier>,
}

/// What of an earlier status is compared.
#[derive(Clone, Debug, Deserialize)]
pub struct Earlier {
    format: String,
    as_of: String,
    packs: Vec<PackForm>,
    projects: Vec<ProjectForm>,
    goals: Vec<GoalForm>,
    indicators: Vec<IndicatorForm>,
}

impl Earlier {
    /// Reads a status that an earlier run wrote as JSON.
    pub fn read(text: &str) -> Result<Self, Text> {
        let earlier: Self = serde_json::from_str(text).map_err(|error| {
            text!(
                "不是 hegui plan status --format json 的输出（原文：{error}）",
                "this is not the output of `hegui plan status --format json` ({error})"
            )
        })?;
        if earlier.format == FORMAT {
            Ok(earlier)
        } else {
            Err(text!(
                "格式 `{}` 不能比较，应为 {FORMAT}",
                "the format `{}` cannot be compared; {FORMAT} is expected",
                earlier.format
            ))
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Document {
    format: String,
    as_of: String,
    packs: Vec<PackForm>,
    projects: Vec<ProjectForm>,
    goals: Vec<GoalForm>,
    indicators: Vec<IndicatorForm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct PackForm {
    id: String,
    version: String,
    hash: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ProjectForm {
    id: String,
    decision: String,
    state: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct GoalForm {
    id: String,
    section: String,
    title: TextForm,
    state: String,
    effective: usize,
    pending: usize,
    at_risk: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<TextForm>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TextForm {
    zh: String,
    en: String,
}

impl From<&Text> for TextForm {
    fn from(text: &Text) -> Self {
        Self {
            zh: text.zh.clone(),
            en: text.en.clone(),
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct IndicatorForm {
    id: String,
    title: TextForm,
    pace: String,
    value: Option<String>,
    gap: Option<String>,
    reached: Option<String>,
    effective: String,
    pending: String,
    at_risk: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<TextForm>,
}

/// Writes the status as JSON.
pub fn json(status: &Status<'_>, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Whole<'a> {
        #[serde(flatten)]
        document: Document,
        totals: Vec<portfolio::Form<'a>>,
        method: Both,
        #[serde(skip_serializing_if = "Option::is_none")]
        changes: Option<Vec<ChangeForm>>,
    }
    let whole = Whole {
        document: document(status),
        totals: portfolio::forms(status.run),
        method: method().into(),
        changes: status.earlier.as_ref().map(|_| {
            let all = changes(status).into_iter();
            all.map(ChangeForm::from).collect()
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    out.write_all(b"\n")
}

fn document(status: &Status<'_>) -> Document {
    let run = status.run;
    let standing = &run.trace.standing;
    let packs = run.engine.packs;
    Document {
        format: FORMAT.to_owned(),
        as_of: status.day.to_string(),
        packs: packs
            .heads
            .iter()
            .map(|head| PackForm {
                id: head.id.clone(),
                version: head.version.clone(),
                hash: head.hash.clone(),
            })
            .collect(),
        projects: run
            .projects
            .iter()
            .zip(run.judged)
            .enumerate()
            .map(|(number, (project, judged))| ProjectForm {
                id: project.id.clone(),
                decision: judged.decision.id().to_owned(),
                state: standing.link(number).id().to_owned(),
            })
            .collect(),
        goals: packs
            .goals
            .iter()
            .enumerate()
            .map(|(number, goal)| {
                let tally = standing.tally(number);
                GoalForm {
                    id: goal.id.clone(),
                    section: goal.section.clone(),
                    title: (&goal.title).into(),
                    state: standing.goal(number).id().to_owned(),
                    effective: tally.effective,
                    pending: tally.pending,
                    at_risk: tally.at_risk,
                    lead: goal.lead.as_ref().map(Into::into),
                }
            })
            .collect(),
        indicators: status.progress.iter().map(indicator_form).collect(),
    }
}

fn indicator_form(progress: &Progress<'_>) -> IndicatorForm {
    let measure = &progress.indicator.measure;
    let show = |value: &Interval| measure.show_interval(value, Lang::En);
    IndicatorForm {
        id: progress.indicator.id.clone(),
        title: (&progress.indicator.title).into(),
        pace: progress.pace.id().to_owned(),
        value: progress.value.as_ref().map(show),
        gap: progress.gap.as_ref().map(show),
        reached: progress.reached.as_ref().map(percent),
        effective: show(&progress.sum(LinkState::Effective)),
        pending: show(&progress.sum(LinkState::Pending)),
        at_risk: show(&progress.sum(LinkState::AtRisk)),
        why: (!progress.why.is_empty()).then(|| (&progress.why).into()),
    }
}

/// A part of the way in percent.
fn percent(share: &Interval) -> String {
    let hundred = Interval::Point(crate::model::number::Number::from(100));
    let percent = share.mul(&hundred);
    let places = |n: &crate::model::number::Number| {
        let (text, cut) = n.written(1);
        if cut { format!("≈ {text}") } else { text }
    };
    match (percent.low(), percent.high()) {
        (Some(low), Some(high)) if low == high => format!("{} %", places(low)),
        (Some(low), Some(high)) => format!("{}–{} %", places(low), places(high)),
        (Some(low), None) => format!("≥ {} %", places(low)),
        _ => "?".to_owned(),
    }
}

/// How the pace is found, in words.
fn method() -> Text {
    text!(
        "现状取截至该日最近一次统计值，没有统计值的取基期值加已生效项目的贡献；进度为现状在基期值与目标值之间走完的比例；应达水平按基期、年度目标、规划目标之间逐年直线推算：超过本年末应达水平为快于预期，不低于上年末应达水平为基本符合，肯定低于的为滞后；待定和有风险的贡献只列出，不计入",
        "the value is the latest finding up to the day, else the baseline with effective contributions; what is reached is its part of the way from baseline to target; what should be reached lies on straight lines between baseline, milestones and target: more than by the end of this year is faster, at least as by the end of the last year is on track, surely less is behind; pending and at-risk contributions are shown and not counted"
    )
}

/// Something that is not as it was.
struct Change {
    kind: (&'static str, &'static str, &'static str),
    id: String,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Serialize)]
struct ChangeForm {
    kind: &'static str,
    id: String,
    from: Option<String>,
    to: Option<String>,
}

impl From<Change> for ChangeForm {
    fn from(change: Change) -> Self {
        Self {
            kind: change.kind.0,
            id: change.id,
            from: change.from,
            to: change.to,
        }
    }
}

/// What differs from the earlier status, kind by kind, in the order of ids.
fn changes(status: &Status<'_>) -> Vec<Change> {
    let Some(earlier) = &status.earlier else {
        return Vec::new();
    };
    let now = document(status);
    let mut all = Vec::new();
    let packs = |pack: &PackForm| {
        let hash: String = pack.hash.chars().take(8).collect();
        (pack.id.clone(), format!("{} {hash}", pack.version))
    };
    compare(
        ("pack", "规则包", "pack"),
        (&earlier.packs, &now.packs),
        packs,
        &mut all,
    );
    compare(
        ("project", "项目", "project"),
        (&earlier.projects, &now.projects),
        |project| (project.id.clone(), project.decision.clone()),
        &mut all,
    );
    compare(
        ("goal", "目标", "goal"),
        (&earlier.goals, &now.goals),
        |goal| (goal.id.clone(), goal.state.clone()),
        &mut all,
    );
    let indicator = |indicator: &IndicatorForm| {
        let value = indicator.value.as_deref().unwrap_or_default();
        let text = format!("{} {value}", indicator.pace);
        (indicator.id.clone(), text.trim().to_owned())
    };
    compare(
        ("indicator", "指标", "indicator"),
        (&earlier.indicators, &now.indicators),
        indicator,
        &mut all,
    );
    all
}

/// Adds what is not the same under an id before and after.
fn compare<T>(
    kind: (&'static str, &'static str, &'static str),
    (before, after): (&[T], &[T]),
    said: impl Fn(&T) -> (String, String),
    all: &mut Vec<Change>,
) {
    let mut sides: BTreeMap<String, [Option<String>; 2]> = BTreeMap::new();
    for (side, list) in [before, after].into_iter().enumerate() {
        for (id, what) in list.iter().map(&said) {
            if let Some(slot) = sides.entry(id).or_default().get_mut(side) {
                *slot = Some(what);
            }
        }
    }
    let differing = sides.into_iter().filter(|(_, [from, to])| from != to);
    all.extend(differing.map(|(id, [from, to])| Change { kind, id, from, to }));
}

/// The words for an id that the JSON holds: a decision, a state or a pace.
fn in_words(id: &str, lang: Lang) -> String {
    use crate::judge::decision::Decision;
    let (first, rest) = id.split_once(' ').unwrap_or((id, ""));
    let decision = Decision::named(first).map(summary::short);
    let goal = GoalState::ALL.into_iter().find(|s| s.id() == first);
    let pace = Pace::ALL.into_iter().find(|p| p.id() == first);
    let words = decision
        .or_else(|| goal.map(GoalState::label))
        .or_else(|| pace.map(Pace::label));
    let words = words.map_or_else(|| first.to_owned(), |w| w.get(lang).to_owned());
    format!("{words} {rest}").trim().to_owned()
}

/// Writes the status for people.
pub fn text(page: &mut Page, status: &Status<'_>) {
    let lang = page.look.lang;
    page.heading(
        1,
        lang.pick("规划实施情况", "How the plan is being carried out"),
    );
    let disclaimer = super::DISCLAIMER;
    page.item(
        0,
        lang.pick("声明", "notice"),
        lang.pick(disclaimer.0, disclaimer.1),
    );
    for head in &status.run.engine.packs.heads {
        let hash: String = head.hash.chars().take(8).collect();
        let text = format!(
            "{}（{} {}，{hash}）",
            head.title.get(lang),
            head.id,
            head.version
        );
        page.item(0, lang.pick("规则", "packs"), &text);
        let over = head
            .period
            .and_then(|p| p.to)
            .is_some_and(|end| status.day > end);
        if over {
            page.item(
                0,
                lang.pick("注意", "caution"),
                head.period_notice.get(lang),
            );
        }
    }
    page.item(0, lang.pick("截至", "as of"), &status.day.to_string());
    decisions(page, status);
    goals(page, status);
    indicators(page, status);
    portfolio::text(page, status.run);
    if status.earlier.is_some() {
        since(page, status);
    }
}

fn decisions(page: &mut Page, status: &Status<'_>) {
    let lang = page.look.lang;
    page.blank();
    page.heading(2, lang.pick("项目", "Projects"));
    let counts = status.run.counts().into_iter().filter(|(_, n)| *n > 0);
    let counts: Vec<String> = counts
        .map(|(d, n)| format!("{} {n}", summary::short(d).get(lang)))
        .collect();
    let total = status.run.entries.len();
    let text = text!(
        "共 {total} 件：{}",
        "{total} in all: {}",
        counts.join(lang.pick("，", ", "))
    );
    page.line(0, Tone::Plain, text.get(lang));
}

fn goals(page: &mut Page, status: &Status<'_>) {
    let lang = page.look.lang;
    let run = status.run;
    let standing = &run.trace.standing;
    page.blank();
    page.heading(2, lang.pick("目标", "Goals"));
    let head = [
        ("目标", "goal"),
        ("名称", "title"),
        ("状态", "state"),
        ("有效", "effective"),
        ("待定", "pending"),
        ("有风险", "at risk"),
        ("牵头", "lead"),
    ];
    let mut rows = vec![
        head.iter()
            .map(|(zh, en)| lang.pick(zh, en).to_owned())
            .collect::<Vec<_>>(),
    ];
    let (mut silent, mut without) = (0, 0);
    for (number, goal) in run.engine.packs.goals.iter().enumerate() {
        let state = standing.goal(number);
        match state {
            GoalState::NotAssessed => silent += 1,
            GoalState::Unsupported => without += 1,
            GoalState::Supported | GoalState::Pending | GoalState::AtRisk => {
                let tally = standing.tally(number);
                rows.push(vec![
                    goal.id.clone(),
                    goal.title.get(lang).to_owned(),
                    state.label().get(lang).to_owned(),
                    tally.effective.to_string(),
                    tally.pending.to_string(),
                    tally.at_risk.to_string(),
                    goal.lead
                        .as_ref()
                        .map_or("", |lead| lead.get(lang))
                        .to_owned(),
                ]);
            }
        }
    }
    if rows.len() > 1 {
        let mut columns = vec![Column::Fixed, Column::Flexible];
        columns.resize(head.len(), Column::Fixed);
        page.table(0, &columns, &rows);
    }
    let all = run.engine.packs.goals.len();
    let text = text!(
        "共 {all} 个目标：{} 个有项目支撑，{without} 个没有，{silent} 个所在章节不作核查",
        "{all} goals: {} with projects, {without} without, {silent} in sections that are not assessed",
        rows.len() - 1
    );
    page.line(0, Tone::Plain, text.get(lang));
}

fn indicators(page: &mut Page, status: &Status<'_>) {
    let lang = page.look.lang;
    page.blank();
    page.heading(2, lang.pick("指标", "Indicators"));
    for progress in &status.progress {
        let indicator = progress.indicator;
        let tone = match progress.pace {
            Pace::Ahead | Pace::Faster | Pace::OnTrack => Tone::Good,
            Pace::Behind => Tone::Bad,
            Pace::NoData => Tone::Faint,
        };
        let title = indicator.title.get(lang);
        let figures = coverage::figures(indicator, lang);
        page.lead(
            0,
            tone,
            progress.pace.label().get(lang),
            &format!("  {}  {title}{figures}", indicator.id),
        );
        let show = |value: &Interval| indicator.measure.show_interval(value, lang);
        if !progress.why.is_empty() {
            page.item(2, lang.pick("原因", "because"), progress.why.get(lang));
        }
        let reached = progress.reached.as_ref().zip(progress.expected.as_ref());
        if let Some((reached, (before, now))) = reached {
            let value = progress.value.as_ref().map(show).unwrap_or_default();
            let point = |n: &crate::model::number::Number| percent(&Interval::Point(n.clone()));
            let text = text!(
                "现状 {value}，完成 {}；应达：上年末 {}，本年末 {}",
                "value {value}, {} of the way; expected by the end of last year {}, of this year {}",
                percent(reached),
                point(before),
                point(now)
            );
            page.item(2, lang.pick("进度", "progress"), text.get(lang));
        }
        if !progress.contributions.is_empty() {
            let parts: Vec<String> = LinkState::ALL
                .into_iter()
                .map(|state| {
                    let sum = progress.sum(state);
                    format!("{} {}", state.label().get(lang), show(&sum))
                })
                .collect();
            page.item(
                2,
                lang.pick("贡献", "adds"),
                &parts.join(lang.pick("，", ", ")),
            );
        }
    }
    page.item(0, lang.pick("方法", "method"), method().get(lang));
}

fn since(page: &mut Page, status: &Status<'_>) {
    let lang = page.look.lang;
    let from = status.earlier.as_ref().map_or("", |e| e.as_of.as_str());
    page.blank();
    let title = text!("与 {from} 相比", "Since {from}");
    page.heading(2, title.get(lang));
    let all = changes(status);
    if all.is_empty() {
        page.line(0, Tone::Plain, lang.pick("没有变化", "nothing has changed"));
    }
    for change in all {
        let (_, zh, en) = change.kind;
        let side = |side: &Option<String>| {
            side.as_ref().map_or_else(
                || lang.pick("（无）", "(none)").to_owned(),
                |id| in_words(id, lang),
            )
        };
        let text = format!(
            "{}：{} → {}",
            change.id,
            side(&change.from),
            side(&change.to)
        );
        page.item(0, lang.pick(zh, en), &text);
    }
}
