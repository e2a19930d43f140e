//! The page of a rule: what it asks, of whom, when, on what basis, with which figures, and its cases.
//!
//! It reads the checked rule, so that what is shown is what is judged.

use crate::base::source::Sources;
use crate::base::text::Lang;
use crate::judge::cases;
use crate::judge::wording;
use crate::language::ir::Program;
use crate::report::page::{Page, Tone};
use crate::report::words::Words;
use crate::rules::pack::Packs;
use crate::rules::rule::{Basis, Cited, Part, Rule};

use super::data::{item, period, place, versions};

/// Writes the page.
pub(super) fn write(page: &mut Page, packs: &Packs, sources: &Sources, number: u16, rule: &Rule) {
    let lang = page.look.lang;
    let library = &packs.library;
    page.line(0, Tone::Strong, rule.title.get(lang));
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
    expression(page, packs, "适用", "applies", &rule.applies);
    expression(page, packs, "要求", "require", &rule.require);
    for exception in &rule.exceptions {
        item(page, "例外", "exception", exception.label.get(lang));
        expression(page, packs, "", "", &exception.when);
        for basis in &exception.basis {
            item(page, "", "", &cited(packs, basis, lang));
        }
    }
    for line in &rule.due {
        let stage = line.stage.label();
        let when = line
            .when
            .as_ref()
            .map(|w| Words::new(library, w, lang).program());
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
        |f| format!("{}（{}）", f.label.get(lang), f.path),
    );
    item(page, "时点", "as of", &anchor);
    item(page, "有效", "valid", &period(rule.valid, lang));
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
    let fields: Vec<String> = rule
        .reads
        .iter()
        .filter_map(|f| library.vocabulary.field(*f))
        .map(|f| format!("{}（{}）", f.label.get(lang), f.path))
        .collect();
    item(page, "字段", "reads", &page.joined(&fields));
    if !rule.why.trim().is_empty() {
        page.blank();
        page.line(0, Tone::Strong, lang.pick("读法", "Manual page"));
        for paragraph in rule.why.trim().lines() {
            page.line(2, Tone::Plain, paragraph.trim());
        }
    }
    listed_cases(page, packs, sources, number, rule);
    item(page, "出处", "file", &place(sources, rule.place));
}

fn expression(page: &mut Page, packs: &Packs, zh: &str, en: &str, program: &Program) {
    let lang = page.look.lang;
    item(
        page,
        zh,
        en,
        &Words::new(&packs.library, program, lang).program(),
    );
    let text: Vec<&str> = program.text.split_whitespace().collect();
    item(page, " ", " ", &text.join(" "));
}

/// A basis with the rank, dates and confidence of its instrument.
fn cited(packs: &Packs, basis: &Basis, lang: Lang) -> String {
    let mut parts = vec![wording::basis(packs, basis).get(lang).to_owned()];
    if let Cited::Instrument(index) = basis.cited
        && let Some(instrument) = packs.library.instruments.get(usize::from(index))
    {
        parts.push(instrument.level.label().get(lang).to_owned());
        parts.push(instrument.confidence.label().get(lang).to_owned());
        parts.push(period(instrument.period, lang));
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
    let library = &packs.library;
    let own = [&rule.applies, &rule.require]
        .into_iter()
        .chain(rule.exceptions.iter().map(|e| &e.when));
    let formulas = rule.reads.iter().filter_map(|f| library.formula(*f));
    let programs: Vec<&Program> = own.chain(formulas).collect();
    let mut parameters: Vec<u16> = programs
        .iter()
        .flat_map(|p| p.parameters.iter().copied())
        .collect();
    parameters.sort_unstable();
    parameters.dedup();
    for parameter in parameters
        .iter()
        .filter_map(|p| library.parameters.get(usize::from(*p)))
    {
        item(
            page,
            "参数",
            "parameter",
            &format!("{}（param.{}）", parameter.label.get(lang), parameter.id),
        );
        versions(page, parameter);
    }
    let mut tables: Vec<u16> = programs
        .iter()
        .flat_map(|p| p.tables.iter().copied())
        .collect();
    tables.sort_unstable();
    tables.dedup();
    for table in tables
        .iter()
        .filter_map(|t| library.tables.get(usize::from(*t)))
    {
        item(
            page,
            "名录",
            "table",
            &format!("{}（{}）", table.title.get(lang), table.id),
        );
    }
}

fn listed_cases(page: &mut Page, packs: &Packs, sources: &Sources, _: u16, rule: &Rule) {
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
        &format!("{}（{}）", lang.pick("用例", "Cases"), cases.len()),
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
