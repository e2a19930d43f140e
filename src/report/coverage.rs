//! The coverage of a plan: pages for people, and JSON for programs.
//!
//! It does not decide what covers what.

use std::io::{self, Write};

use serde::Serialize;

use super::json_form::Both;
use super::page::{Page, Tone};
use crate::base::text::Lang;
use crate::model::plan::{Figure, Indicator};
use crate::rules::coverage::{
    ClauseCover, ClauseState, Coverage, Holder, SectionCover, SectionState,
};
use crate::text;

const SECTION_STATES: [SectionState; 4] = [
    SectionState::Rules,
    SectionState::Goals,
    SectionState::NotAssessed,
    SectionState::Gap,
];

const CLAUSE_STATES: [ClauseState; 5] = [
    ClauseState::Rule,
    ClauseState::Law,
    ClauseState::Target,
    ClauseState::NotCheckable,
    ClauseState::Gap,
];

fn section_state(state: SectionState) -> (&'static str, &'static str, &'static str) {
    match state {
        SectionState::Rules => ("rules", "有规则核查", "held by rules"),
        SectionState::Goals => ("goals", "只列目标和指标", "goals and indicators only"),
        SectionState::NotAssessed => ("not_assessed", "不作核查", "not assessed"),
        SectionState::Gap => ("gap", "空缺", "gap"),
    }
}

fn clause_state(state: ClauseState) -> (&'static str, &'static str, &'static str) {
    match state {
        ClauseState::Rule => ("rule", "由规划规则核查", "a rule of the plan"),
        ClauseState::Law => ("law", "由法律规则核查", "rules of law"),
        ClauseState::Target => ("target", "区域指标，不判断单个项目", "a target of the area"),
        ClauseState::NotCheckable => ("not_checkable", "不能核查单个项目", "not checkable"),
        ClauseState::Gap => ("gap", "空缺", "gap"),
    }
}

/// Writes plans section by section, each with its totals at the end.
pub fn text(page: &mut Page, plans: &[Coverage<'_>]) {
    if plans.is_empty() {
        let none = page.pick("使用中的规则包里没有规划", "no pack in use is a plan's");
        let none = none.to_owned();
        page.line(0, Tone::Plain, &none);
    }
    for plan in plans {
        let title = page.of(&plan.head.title).to_owned();
        page.heading(1, &title);
        for section in &plan.sections {
            write_section(page, section);
        }
        totals(page, plan);
    }
}

fn write_section(page: &mut Page, cover: &SectionCover<'_>) {
    let lang = page.look.lang;
    let section = cover.section;
    let title = section.title.get(lang);
    if cover.chapter {
        page.blank();
        let citation = section.citation();
        let chapter = citation.get(lang).trim_start_matches("《纲要》");
        page.heading(2, &format!("{chapter}　{title}"));
    } else {
        let state = cover.state.map(section_state);
        let state = state.map_or("", |(_, zh, en)| lang.pick(zh, en));
        page.heading(
            3,
            &lang.with(&format!("{}  {title}", section.number), state),
        );
    }
    let rules = cover.rules.iter();
    let rules = rules.map(|rule| format!("{}  {}", rule.id, rule.title.get(lang)));
    listed(page, ("规则", "rules"), rules);
    let clauses = cover.clauses.iter();
    listed(
        page,
        ("条款", "clauses"),
        clauses.map(|c| clause_text(c, lang)),
    );
    let goals = cover.goals.iter();
    let goals = goals.map(|goal| format!("{}  {}", goal.id, goal.title.get(lang)));
    listed(page, ("目标", "goals"), goals);
    let indicators = cover.indicators.iter().map(|indicator| {
        let (id, title) = (&indicator.id, indicator.title.get(lang));
        format!("{id}  {title}{}", figures(indicator, lang))
    });
    listed(page, ("指标", "figures"), indicators);
    let reason = section.not_assessed.iter();
    let reason = reason.map(|reason| reason.get(lang).to_owned());
    listed(page, ("不核查", "why not"), reason);
}

/// Items below one label.
fn listed(page: &mut Page, (zh, en): (&str, &str), items: impl Iterator<Item = String>) {
    for (number, item) in items.enumerate() {
        let label = if number == 0 { page.pick(zh, en) } else { " " };
        let label = label.to_owned();
        page.item(2, &label, &item);
    }
}

fn clause_text(cover: &ClauseCover<'_>, lang: Lang) -> String {
    let clause = cover.clause;
    let rules: Vec<&str> = cover.rules.iter().map(|rule| rule.id).collect();
    let rules = rules.join(lang.pick("、", ", "));
    let (_, zh, en) = clause_state(cover.state);
    let how = match (cover.state, &clause.not_checkable) {
        (ClauseState::Rule | ClauseState::Law, _) => rules,
        (ClauseState::NotCheckable, Some(reason)) => reason.get(lang).to_owned(),
        _ => lang.pick(zh, en).to_owned(),
    };
    let called = lang.with(clause.title.get(lang), clause.force.label().get(lang));
    let gap = lang.pick("", " ");
    format!("{}  {called}{gap}→ {how}", clause.id)
}

/// The figures of an indicator: `：2020年 ≥ 90 % → 2025年 ≥ 100 %（规划未注明属性）`.
pub fn figures(indicator: &Indicator, lang: Lang) -> String {
    let one = |figure: &Figure| {
        let value = figure.value.as_ref().map_or_else(String::new, |value| {
            let shown = indicator.measure.show_interval(value, lang);
            format!("{} {shown}", figure.sense.sign())
        });
        let year = match (figure.year, lang) {
            (Some(year), Lang::Zh) => format!("{year}年 "),
            (Some(year), Lang::En) => format!("{year} "),
            (None, _) => String::new(),
        };
        let note = figure.note.get(lang);
        let text = format!("{year}{value}");
        match (text.trim().is_empty(), note.is_empty()) {
            (true, _) => note.to_owned(),
            (false, true) => text.trim().to_owned(),
            (false, false) => lang.with(text.trim(), note),
        }
    };
    let side = |all: &[Figure]| {
        let all: Vec<String> = all
            .iter()
            .map(one)
            .filter(|text| !text.is_empty())
            .collect();
        all.join(lang.pick("，", ", "))
    };
    let (from, to) = (side(&indicator.baseline), side(&indicator.target));
    let words = match (from.is_empty(), to.is_empty()) {
        (true, true) => text!("未给出数值", "no figure"),
        (false, true) => text!("基期 {from}", "baseline {from}"),
        (true, false) => text!("目标 {to}", "target {to}"),
        (false, false) => text!("基期 {from}；目标 {to}", "baseline {from}; target {to}"),
    };
    let nature = indicator.nature.label();
    let words = lang.with(words.get(lang), nature.get(lang));
    format!("{}{words}", lang.pick("：", ": "))
}

fn totals(page: &mut Page, plan: &Coverage<'_>) {
    let lang = page.look.lang;
    page.blank();
    page.heading(2, lang.pick("汇总", "Summary"));
    let chapters = plan.sections.iter().filter(|s| s.chapter).count();
    let sections = plan.sections.len() - chapters;
    let states = |names: Vec<(usize, &str)>| {
        let all: Vec<String> = names
            .into_iter()
            .map(|(count, name)| format!("{name} {count}"))
            .collect();
        all.join(lang.pick("，", ", "))
    };
    let by_section = SECTION_STATES.map(|state| {
        let (_, zh, en) = section_state(state);
        let has = |s: &&SectionCover<'_>| s.state == Some(state) && !s.chapter;
        (plan.sections.iter().filter(has).count(), lang.pick(zh, en))
    });
    let by_clause = CLAUSE_STATES.map(|state| {
        let (_, zh, en) = clause_state(state);
        (plan.clauses(state), lang.pick(zh, en))
    });
    let clauses: usize = by_clause.iter().map(|(count, _)| count).sum();
    let goals: usize = plan.sections.iter().map(|s| s.goals.len()).sum();
    let indicators: usize = plan.sections.iter().map(|s| s.indicators.len()).sum();
    page.item(
        0,
        lang.pick("章节", "outline"),
        text!(
            "{chapters} 章 {sections} 节：{}",
            "{chapters} chapters, {sections} sections: {}",
            states(by_section.to_vec())
        )
        .get(lang),
    );
    page.item(
        0,
        lang.pick("条款", "clauses"),
        text!(
            "{clauses} 条：{}",
            "{clauses}: {}",
            states(by_clause.to_vec())
        )
        .get(lang),
    );
    page.item(
        0,
        lang.pick("目标", "goals"),
        text!(
            "{goals} 个，指标 {indicators} 个",
            "{goals}, indicators {indicators}"
        )
        .get(lang),
    );
    if !plan.missing.is_empty() {
        page.item(0, lang.pick("缺号", "missing"), &page.joined(&plan.missing));
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    plans: Vec<PlanForm<'a>>,
}

#[derive(Serialize)]
struct PlanForm<'a> {
    pack: &'a str,
    version: &'a str,
    title: Both,
    complete: bool,
    missing: &'a [String],
    sections: Vec<SectionForm<'a>>,
}

#[derive(Serialize)]
struct SectionForm<'a> {
    number: &'a str,
    title: Both,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_assessed: Option<Both>,
    rules: Vec<&'a str>,
    clauses: Vec<ClauseForm<'a>>,
    goals: Vec<GoalForm<'a>>,
    indicators: Vec<IndicatorForm<'a>>,
}

#[derive(Serialize)]
struct ClauseForm<'a> {
    id: &'a str,
    title: Both,
    force: &'static str,
    state: &'static str,
    rules: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_checkable: Option<Both>,
}

#[derive(Serialize)]
struct GoalForm<'a> {
    id: &'a str,
    title: Both,
}

#[derive(Serialize)]
struct IndicatorForm<'a> {
    id: &'a str,
    title: Both,
    #[serde(skip_serializing_if = "Option::is_none")]
    goal: Option<&'a str>,
    nature: &'static str,
    unit: String,
    baseline: Vec<FigureForm>,
    target: Vec<FigureForm>,
}

#[derive(Serialize)]
struct FigureForm {
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    sense: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Both>,
}

/// Writes plans as JSON, format `hegui.coverage.v1`.
pub fn json(plans: &[Coverage<'_>], out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        format: "hegui.coverage.v1",
        plans: plans.iter().map(plan_form).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

fn plan_form<'a>(plan: &'a Coverage<'a>) -> PlanForm<'a> {
    PlanForm {
        pack: &plan.head.id,
        version: &plan.head.version,
        title: (&plan.head.title).into(),
        complete: plan.is_complete(),
        missing: &plan.missing,
        sections: plan.sections.iter().map(section_form).collect(),
    }
}

fn ids<'a>(rules: &[Holder<'a>]) -> Vec<&'a str> {
    rules.iter().map(|rule| rule.id).collect()
}

fn section_form<'a>(cover: &'a SectionCover<'a>) -> SectionForm<'a> {
    let clause = |c: &'a ClauseCover<'a>| ClauseForm {
        id: &c.clause.id,
        title: (&c.clause.title).into(),
        force: c.clause.force.id(),
        state: clause_state(c.state).0,
        rules: ids(&c.rules),
        not_checkable: c.clause.not_checkable.as_ref().map(Into::into),
    };
    SectionForm {
        number: &cover.section.number,
        title: (&cover.section.title).into(),
        state: cover.state.map(|state| section_state(state).0),
        not_assessed: cover.section.not_assessed.as_ref().map(Into::into),
        rules: ids(&cover.rules),
        clauses: cover.clauses.iter().map(clause).collect(),
        goals: cover
            .goals
            .iter()
            .map(|goal| GoalForm {
                id: &goal.id,
                title: (&goal.title).into(),
            })
            .collect(),
        indicators: cover.indicators.iter().map(|i| indicator_form(i)).collect(),
    }
}

fn indicator_form(indicator: &Indicator) -> IndicatorForm<'_> {
    let measure = &indicator.measure;
    IndicatorForm {
        id: &indicator.id,
        title: (&indicator.title).into(),
        goal: indicator.goal.as_deref(),
        nature: indicator.nature.id(),
        unit: measure.name(Lang::En),
        baseline: figure_forms(indicator, &indicator.baseline),
        target: figure_forms(indicator, &indicator.target),
    }
}

fn figure_forms(indicator: &Indicator, figures: &[Figure]) -> Vec<FigureForm> {
    figures
        .iter()
        .map(|figure| FigureForm {
            year: figure.year,
            value: figure
                .value
                .as_ref()
                .map(|value| indicator.measure.show_interval(value, Lang::En)),
            sense: figure.sense.id(),
            note: (!figure.note.is_empty()).then(|| (&figure.note).into()),
        })
        .collect()
}
