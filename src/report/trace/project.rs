//! The page of one project: what it serves, what it depends on, what it does not meet, what is suggested.
//!
//! It does not judge claims: it shows them beside the facts.

use super::tree::{self, row};
use super::{serves, words};
use crate::base::text::{Lang, Text};
use crate::judge::wording;
use crate::report::Assessment;
use crate::report::page::{Page, Tone};
use crate::report::summary;
use crate::report::text::decided;
use crate::text;
use crate::trace::Edge;
use crate::trace::graph::Node;
use crate::trace::suggest::{Suggestion, Suggestions};

/// Rows of a tree at most.
const ROWS: usize = 60;

/// Writes the page.
pub(super) fn write(
    page: &mut Page,
    run: &Assessment<'_>,
    number: usize,
    suggestions: &Suggestions,
) {
    let lang = page.look.lang;
    let trace = run.trace;
    let Some(project) = run.projects.get(number) else {
        return;
    };
    let decision = words::decision(trace, number);
    let lead = decided(decision.label().get(lang), lang);
    page.lead(
        0,
        summary::tone(decision),
        &lead,
        &format!(" {}", project.name),
    );
    let about = [words::id(trace, number), project.file.clone()];
    page.line(2, Tone::Faint, &about.join(lang.pick("｜", " | ")));
    page.blank();
    let rows = serves::rows(run, number, lang, true);
    let count = trace.graph.claims(number).len();
    let title = text!(
        "支撑的规划目标（{count}）",
        "goals of the plan that it supports ({count})"
    );
    heading(page, title.get(lang));
    if rows.is_empty() {
        none(page, ("没有填写支撑目标", "it claims none"));
    }
    tree::write(page, 2, &rows);
    depends(page, run, number);
    rules(page, run, number);
    suggested(page, run, number, suggestions);
}

fn heading(page: &mut Page, title: &str) {
    page.line(0, Tone::Strong, title);
}

fn none(page: &mut Page, words: (&str, &str)) {
    let words = page.pick(words.0, words.1).to_owned();
    page.line(2, Tone::Plain, &words);
}

/// Everything the project depends on, each project once with what it depends on.
fn depends(page: &mut Page, run: &Assessment<'_>, number: usize) {
    let lang = page.look.lang;
    let trace = run.trace;
    let own = run.projects.get(number).map_or(&[][..], |p| &p.depends_on);
    page.blank();
    let title = text!("依赖的项目（{}）", "projects it depends on ({})", own.len());
    heading(page, title.get(lang));
    if own.is_empty() {
        none(page, ("没有", "none"));
    }
    let mut rows = Vec::new();
    let mut seen = vec![number];
    let mut stack: Vec<(usize, usize)> = Vec::new();
    let push = |stack: &mut Vec<(usize, usize)>, of: usize, depth: usize| {
        let all = trace.graph.dependencies(of);
        stack.extend(all.into_iter().rev().map(|other| (other, depth)));
    };
    push(&mut stack, number, 0);
    let mut left_out = 0;
    while let Some((other, depth)) = stack.pop() {
        if rows.len() >= ROWS {
            left_out += 1;
            continue;
        }
        let state = words::state(trace, other, lang);
        let name = words::project(trace, other);
        if seen.contains(&other) {
            let again = if other == number {
                lang.pick("（回到本项目）", " (this project again)")
            } else {
                lang.pick("（见上）", " (see above)")
            };
            rows.push(row(depth, format!("{name}{again}")));
            continue;
        }
        seen.push(other);
        rows.push(row(depth, format!("{name}  {state}")));
        push(&mut stack, other, depth + 1);
    }
    tree::write(page, 2, &rows);
    if left_out > 0 {
        let more = text!("另有 {left_out} 项", "{left_out} more");
        page.line(2, Tone::Faint, more.get(lang));
    }
    for dependency in own {
        if trace.graph.projects_of(&dependency.project).is_empty() {
            let id = &dependency.project;
            let words = text!("{id}  ✗ 未读入", "{id}  ✗ not read");
            page.line(2, Tone::Plain, words.get(lang));
        }
    }
    let dependents = trace.graph.dependents(number);
    if !dependents.is_empty() {
        page.blank();
        let count = dependents.len();
        let title = text!(
            "依赖本项目的项目（{count}）",
            "projects that depend on it ({count})"
        );
        heading(page, title.get(lang));
        for other in dependents.iter().take(ROWS) {
            let line = format!(
                "{}  {}",
                words::project(trace, *other),
                words::state(trace, *other, lang)
            );
            page.line(2, Tone::Plain, &line);
        }
        if count > ROWS {
            let more = text!("另有 {} 项", "{} more", count - ROWS);
            page.line(2, Tone::Faint, more.get(lang));
        }
    }
}

fn rules(page: &mut Page, run: &Assessment<'_>, number: usize) {
    let lang = page.look.lang;
    let out = run.trace.graph.out(Node::project(number));
    let open: Vec<(usize, Edge)> = out
        .into_iter()
        .filter_map(|(node, edge, _)| match (node, edge) {
            (Node::Rule(rule), Edge::Fails | Edge::Waived) => Some((rule as usize, edge)),
            _ => None,
        })
        .collect();
    if open.is_empty() {
        return;
    }
    page.blank();
    heading(
        page,
        lang.pick(
            "不符合或经人工认定的规则",
            "rules that it does not meet or is waived from",
        ),
    );
    for (number, edge) in open {
        let Some(rule) = run.engine.packs.rules.get(number) else {
            continue;
        };
        let mark = if edge == Edge::Fails { "✗" } else { "◇" };
        page.line(
            2,
            Tone::Plain,
            &format!(
                "{mark} {}：{}  {}",
                words::edge_label(edge).get(lang),
                rule.title.get(lang),
                rule.id
            ),
        );
        let packs = run.engine.packs;
        let basis: Vec<Text> = rule
            .basis
            .iter()
            .map(|b| wording::basis(packs, b))
            .collect();
        let basis: Vec<&str> = basis.iter().map(|t| t.get(lang)).collect();
        page.item(
            4,
            lang.pick("依据", "basis"),
            &basis.join(lang.pick("；", "; ")),
        );
    }
}

/// `G4.1-2 …（「…」第 3 行）`.
pub(super) fn suggestion(run: &Assessment<'_>, of: &Suggestion, table: u16, lang: Lang) -> String {
    let name = run.trace.graph.name(Node::goal(of.goal));
    let table = run.engine.packs.library.tables.get(usize::from(table));
    let lines: Vec<String> = of
        .rows
        .iter()
        .filter_map(|row| table?.rows.get(*row).map(|r| r.line.to_string()))
        .collect();
    let title = table.map(|t| t.title.clone()).unwrap_or_default();
    match lang {
        Lang::Zh => format!("{}（「{}」第 {} 行）", name.zh, title.zh, lines.join("、")),
        Lang::En => format!("{} (“{}” row {})", name.en, title.en, lines.join(", ")),
    }
}

fn suggested(page: &mut Page, run: &Assessment<'_>, number: usize, suggestions: &Suggestions) {
    let lang = page.look.lang;
    let Some(table) = suggestions.table else {
        return;
    };
    if run.projects.get(number).is_none() {
        return;
    }
    page.blank();
    heading(
        page,
        lang.pick("声称与事实的对应", "claims beside what the facts suggest"),
    );
    let mut any = false;
    let mut line = |page: &mut Page, lead: (&str, &str), text: &str| {
        page.lead(
            2,
            Tone::Plain,
            page.pick(lead.0, lead.1).to_owned().as_str(),
            &format!("  {text}"),
        );
        any = true;
    };
    for of in &suggestions.goals {
        let words = suggestion(run, of, table, lang);
        let lead = match (of.sure, of.claimed) {
            (true, true) => ("✓ 声称、有对应", "✓ claimed and suggested"),
            (true, false) => ("→ 建议、未声称", "→ suggested, not claimed"),
            (false, true) => ("? 声称、待数据印证", "? claimed, facts missing"),
            (false, false) => continue,
        };
        line(page, lead, &words);
    }
    for goal in &suggestions.unmatched {
        let name = run.trace.graph.name(Node::goal(*goal));
        line(
            page,
            ("✗ 声称、未见对应", "✗ claimed, nothing suggests it"),
            name.get(lang),
        );
    }
    if !any {
        none(page, ("没有对应的建议", "nothing is suggested"));
    }
}
