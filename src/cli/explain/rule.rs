//! The page of a rule: what it asks, of whom, when, on what basis, with which figures, and its cases.
//!
//! It reads the checked rule, so that what is shown is what is judged.

use crate::base::date::Date;
use crate::base::source::Sources;
use crate::base::text::Lang;
use crate::judge::cases;
use crate::judge::wording;
use crate::language::ir::Program;
use crate::report::page::{Page, Tone};
use crate::report::words::Words;
use crate::rules::pack::Packs;
use crate::rules::portfolio::{Axis, Bound, Measured, PortfolioRule};
use crate::rules::rule::{Basis, Cited, Part, Rule};
use crate::rules::trust::{self, Doubt};
use crate::text;

use super::data::{item, place, versions};

/// Writes the page, with figures as of a day: the given one, else that of the latest change of the law it reads.
pub(super) fn write(
    page: &mut Page,
    packs: &Packs,
    sources: &Sources,
    rule: &Rule,
    as_of: Option<Date>,
) {
    let lang = page.look.lang;
    let library = &packs.library;
    let day = as_of.or(rule.changes.last().copied());
    // Where nothing changes, every day has the same figures.
    let figures_of = day.unwrap_or(Date::ANY);
    page.heading(3, rule.title.get(lang));
    item(page, "规则", "rule", &rule.id);
    if let Some(head) = packs.head(rule) {
        item(
            page,
            "规则包",
            "pack",
            &format!("{} {}", head.id, head.version),
        );
    }
    item(page, "类别", "kind", rule.kind.label().get(lang));
    let decision = crate::judge::decision::Decision::of_fail(rule.kind);
    item(page, "不符则", "a fail", decision.label().get(lang));
    for (index, basis) in rule.basis.iter().enumerate() {
        let label = if index == 0 {
            ("依据", "basis")
        } else {
            ("", "")
        };
        item(page, label.0, label.1, &cited(packs, basis, lang));
    }
    for replaced in packs.replaced.iter().filter(|r| r.new == rule.id) {
        item(
            page,
            "替换",
            "replaces",
            &format!(
                "{}{}{}",
                replaced.old,
                lang.pick("：", ": "),
                replaced.reason.get(lang)
            ),
        );
    }
    page.blank();
    expression(page, packs, "适用", "applies", &rule.applies, figures_of);
    expression(page, packs, "要求", "require", &rule.require, figures_of);
    for exception in &rule.exceptions {
        item(page, "例外", "exception", exception.label.get(lang));
        expression(page, packs, "", "", &exception.when, figures_of);
        for basis in &exception.basis {
            item(page, "", "", &cited(packs, basis, lang));
        }
    }
    for line in &rule.due {
        let stage = line.stage.label();
        let when = line
            .when
            .as_ref()
            .map(|w| Words::new(library, w, lang).as_of(figures_of).program());
        let text = match (when, lang) {
            (Some(when), Lang::Zh) => format!("{}，如果{when}", stage.zh),
            (Some(when), Lang::En) => format!("{}, if {when}", stage.en),
            (None, _) => stage.get(lang).to_owned(),
        };
        item(page, "最迟", "due", &text);
    }
    let anchor = rule
        .anchor
        .and_then(|field| library.vocabulary.field(field));
    let anchor = anchor.map_or_else(
        || lang.pick("申报日期", "day of submission").to_owned(),
        |f| lang.with(f.label.get(lang), &f.path),
    );
    item(page, "时点", "as of", &anchor);
    item(page, "有效", "valid", rule.valid.words().get(lang));
    page.blank();
    item(page, "说明", "message", &message(rule, lang));
    item(page, "办法", "to do", rule.remedy.get(lang));
    let levels: Vec<String> = rule
        .waivable_by
        .iter()
        .map(|l| l.label().get(lang).to_owned())
        .collect();
    let waivable = if levels.is_empty() {
        lang.pick("不能由人工认定", "cannot be waived").to_owned()
    } else {
        page.joined(&levels)
    };
    item(page, "认定", "waivable", &waivable);
    figures(page, packs, rule);
    if let Some(day) = day.filter(|_| !trust::figures(packs, rule).0.is_empty()) {
        let text = text!(
            "适用、要求中的数值为 {day} 的取值",
            "figures in the conditions are those of {day}"
        );
        item(page, " ", " ", text.get(lang));
    }
    doubts(page, packs, rule);
    let fields: Vec<String> = rule
        .reads
        .iter()
        .filter_map(|f| library.vocabulary.field(*f))
        .map(|f| lang.with(f.label.get(lang), &f.path))
        .collect();
    item(page, "字段", "reads", &page.joined(&fields));
    reading(page, &rule.why);
    listed_cases(page, packs, sources, rule);
    item(page, "出处", "file", &place(sources, rule.place));
}

/// Writes the page of a rule over many projects.
pub(super) fn portfolio(
    page: &mut Page,
    packs: &Packs,
    sources: &Sources,
    rule: &PortfolioRule,
    as_of: Option<Date>,
) {
    let lang = page.look.lang;
    let day = as_of.unwrap_or(Date::ANY);
    page.heading(3, rule.title.get(lang));
    item(page, "规则", "rule", &rule.id);
    item(
        page,
        "类别",
        "kind",
        lang.pick(
            "总量规则，不改变单个项目的结论",
            "over many projects; changes no project's decision",
        ),
    );
    for (index, basis) in rule.basis.iter().enumerate() {
        let (zh, en) = if index == 0 {
            ("依据", "basis")
        } else {
            (" ", " ")
        };
        item(page, zh, en, &cited(packs, basis, lang));
    }
    page.blank();
    if let Some(filter) = &rule.filter {
        expression(page, packs, "计入", "where", filter, day);
    }
    match &rule.measured {
        Measured::Sum(program) => expression(page, packs, "合计", "sum", program, day),
        Measured::Count => item(page, "合计", "sum", lang.pick("项目件数", "projects")),
        Measured::Share { part, of } => {
            expression(page, packs, "占比", "share", part, day);
            if let Some(of) = of {
                expression(page, packs, "占", "of", of, day);
            }
        }
    }
    let axes: Vec<String> = rule
        .by
        .iter()
        .map(|axis| match axis {
            Axis::Field(field) => packs
                .library
                .vocabulary
                .field(*field)
                .map_or_else(String::new, |f| f.label.get(lang).to_owned()),
            Axis::Year => lang.pick("申报年度", "year of submission").to_owned(),
            Axis::Goal => lang.pick("支持的目标", "goal").to_owned(),
        })
        .collect();
    item(page, "分组", "by", &page.joined(&axes));
    let (zh, en) = match rule.bound {
        Bound::Limit(_) => ("上限", "limit"),
        Bound::Target(_) => ("目标", "target"),
    };
    expression(page, packs, zh, en, rule.bound.program(), day);
    item(page, "有效", "valid", rule.valid.words().get(lang));
    item(page, "办法", "to do", rule.remedy.get(lang));
    reading(page, &rule.why);
    item(page, "出处", "file", &place(sources, rule.place));
}

/// The manual page of a rule.
fn reading(page: &mut Page, why: &str) {
    if !why.trim().is_empty() {
        page.blank();
        let title = page.pick("读法", "Manual page").to_owned();
        page.line(0, Tone::Strong, &title);
        for paragraph in why.trim().lines() {
            page.line(2, Tone::Plain, paragraph.trim());
        }
    }
}

fn expression(page: &mut Page, packs: &Packs, zh: &str, en: &str, program: &Program, day: Date) {
    let lang = page.look.lang;
    item(
        page,
        zh,
        en,
        &Words::new(&packs.library, program, lang)
            .as_of(day)
            .program(),
    );
    let text: Vec<&str> = program.text.split_whitespace().collect();
    page.code(&text.join(" "));
}

/// A basis with the rank, dates and confidence of its instrument.
fn cited(packs: &Packs, basis: &Basis, lang: Lang) -> String {
    let mut parts = vec![wording::basis(packs, basis).get(lang).to_owned()];
    if let Cited::Instrument(index) = basis.cited
        && let Some(instrument) = packs.library.instruments.get(usize::from(index))
    {
        parts.push(instrument.level.label().get(lang).to_owned());
        parts.push(instrument.confidence.label().get(lang).to_owned());
        parts.push(instrument.period.words().get(lang).to_owned());
    }
    if basis.carries {
        parts.push(lang.pick("本条的效力依据", "carries the rule").to_owned());
    }
    parts.retain(|part| !part.is_empty());
    parts.join(lang.pick("｜", " | "))
}

fn message(rule: &Rule, lang: Lang) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Value(program) => format!("{{{}}}", program.text),
    };
    rule.message.parts(lang).iter().map(part).collect()
}

/// The parameters and tables a rule reads, formulas included.
fn figures(page: &mut Page, packs: &Packs, rule: &Rule) {
    let lang = page.look.lang;
    let (parameters, tables) = trust::figures(packs, rule);
    for parameter in parameters {
        item(
            page,
            "参数",
            "parameter",
            &lang.with(
                parameter.label.get(lang),
                &format!("param.{}", parameter.id),
            ),
        );
        versions(page, packs, parameter);
    }
    for table in tables {
        item(
            page,
            "名录",
            "table",
            &lang.with(table.title.get(lang), &table.id),
        );
    }
}

/// What the rule rests on and nobody has confirmed.
fn doubts(page: &mut Page, packs: &Packs, rule: &Rule) {
    let lang = page.look.lang;
    for (number, doubt) in trust::doubts(packs, rule).into_iter().enumerate() {
        let text = match doubt {
            Doubt::Instrument(instrument) => text!(
                "{}：文件本身未核实",
                "{}: the instrument itself is unverified",
                instrument.title.get(lang)
            ),
            Doubt::Binding(instrument) => text!(
                "{}：约束力依据未核实",
                "{}: what makes it binding is unverified",
                instrument.title.get(lang)
            ),
            Doubt::Version(parameter, version) => text!(
                "{} {}：数值未核实",
                "{} {}: the figure is unverified",
                parameter.label.get(lang),
                parameter.measure.show_interval(&version.value, lang)
            ),
            Doubt::Rows(table, 0) => text!(
                "{}：整表未核实",
                "{}: the table as a whole is unverified",
                table.title.get(lang)
            ),
            Doubt::Rows(table, 1) => text!(
                "{}：1 行未核实",
                "{}: 1 row is unverified",
                table.title.get(lang)
            ),
            Doubt::Rows(table, rows) => text!(
                "{}：{rows} 行未核实",
                "{}: {rows} rows are unverified",
                table.title.get(lang)
            ),
        };
        let (zh, en) = if number == 0 {
            ("存疑", "doubts")
        } else {
            (" ", " ")
        };
        item(page, zh, en, text.get(lang));
    }
}

fn listed_cases(page: &mut Page, packs: &Packs, sources: &Sources, rule: &Rule) {
    let Some(source) = sources.get(rule.source) else {
        return;
    };
    let goals: Vec<String> = packs.goals.iter().map(|g| g.id.clone()).collect();
    let (cases, _) = cases::read(packs, rule, source, &goals);
    page.blank();
    let lang = page.look.lang;
    page.line(
        0,
        Tone::Strong,
        &lang.with(lang.pick("用例", "Cases"), &cases.len().to_string()),
    );
    for case in cases {
        page.lead(
            2,
            Tone::Faint,
            &format!("{} ", case.verdict.label().get(lang)),
            &case.name,
        );
    }
}
