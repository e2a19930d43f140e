//! The page of one goal: where it stands in the plan, its indicators, the projects that hold it, the rules around it.
//!
//! It does not say whether an indicator is reached: projects state contributions, not results.

use super::tree::{self, row};
use super::words;
use crate::base::text::Lang;
use crate::judge::wording;
use crate::report::Assessment;
use crate::report::page::{Page, Tone};
use crate::report::text::decided;
use crate::text;
use crate::trace::graph::Node;
use crate::trace::{Edge, GoalState};

/// Projects listed at most.
const ROWS: usize = 60;

/// The tone of a goal's state.
pub(super) fn tone(state: GoalState) -> Tone {
    match state {
        GoalState::Supported => Tone::Good,
        GoalState::Pending => Tone::Open,
        GoalState::AtRisk | GoalState::Unsupported => Tone::Bad,
        GoalState::NotAssessed => Tone::Faint,
    }
}

/// Writes the page.
pub(super) fn write(page: &mut Page, run: &Assessment<'_>, number: usize) {
    let lang = page.look.lang;
    let trace = run.trace;
    let graph = &trace.graph;
    let node = Node::goal(number);
    let Some(goal) = run.engine.packs.goals.get(number) else {
        return;
    };
    let state = trace.standing.goal(number);
    let lead = decided(state.label().get(lang), lang);
    page.lead(
        0,
        tone(state),
        &lead,
        &format!(" {}", graph.name(node).get(lang)),
    );
    let mut above = graph.above(node);
    above.reverse();
    let mut rows: Vec<_> = above
        .iter()
        .enumerate()
        .map(|(depth, up)| row(depth, graph.name(*up).get(lang)))
        .collect();
    rows.push(row(above.len(), graph.name(node).get(lang)));
    tree::write(page, 2, &rows);
    if let Some(why) = graph.not_assessed(goal) {
        page.item(2, lang.pick("不核查", "not assessed"), why.get(lang));
    }
    let tally = trace.standing.tally(number);
    let counts = words::tally(tally, lang);
    let all = tally.all();
    let counts = text!(
        "{counts}；共 {all} 个项目",
        "{counts}; {all} projects in all"
    );
    page.item(2, lang.pick("支撑", "supports"), counts.get(lang));
    indicators(page, run, number);
    projects(page, run, number);
    guards(page, run, number);
}

fn indicators(page: &mut Page, run: &Assessment<'_>, number: usize) {
    let lang = page.look.lang;
    let out = run.trace.graph.out(Node::goal(number));
    let measured: Vec<usize> = out
        .into_iter()
        .filter_map(|(node, edge, _)| match (node, edge) {
            (Node::Indicator(indicator), Edge::Measured) => Some(indicator as usize),
            _ => None,
        })
        .collect();
    page.blank();
    let count = measured.len();
    let title = text!(
        "衡量它的指标（{count}）",
        "indicators that measure it ({count})"
    );
    page.line(0, Tone::Strong, title.get(lang));
    if measured.is_empty() {
        page.line(2, Tone::Plain, lang.pick("不适用", "not applicable"));
    }
    for index in measured {
        let Some(indicator) = run.engine.packs.indicators.get(index) else {
            continue;
        };
        let title = format!("{} {}", indicator.id, indicator.title.get(lang));
        let nature = indicator.nature.label();
        page.line(
            2,
            Tone::Plain,
            &match lang {
                Lang::Zh => format!("{title}〔{}〕", nature.zh),
                Lang::En => format!("{title} [{}]", nature.en),
            },
        );
        for (label, figures) in [
            (("基期", "baseline"), &indicator.baseline),
            (("目标值", "target"), &indicator.target),
        ] {
            let figures: Vec<String> = figures
                .iter()
                .map(|f| words::figure(indicator, f, lang))
                .filter(|f| !f.is_empty())
                .collect();
            if !figures.is_empty() {
                page.item(
                    4,
                    lang.pick(label.0, label.1),
                    &figures.join(lang.pick("；", "; ")),
                );
            }
        }
        let added = words::added(run.trace, number, indicator);
        if let Some(added) = words::added_text(indicator, &added, lang) {
            page.item(4, lang.pick("项目", "projects"), &added);
        }
    }
}

fn projects(page: &mut Page, run: &Assessment<'_>, number: usize) {
    let lang = page.look.lang;
    let trace = run.trace;
    let supporters = trace.graph.supporters(number);
    page.blank();
    let count = supporters.len();
    let title = text!(
        "支撑它的项目（{count}）",
        "projects that support it ({count})"
    );
    page.line(0, Tone::Strong, title.get(lang));
    if supporters.is_empty() {
        page.line(2, Tone::Plain, lang.pick("没有", "none"));
    }
    for project in supporters.iter().take(ROWS) {
        let line = format!(
            "{}  {}",
            words::project(trace, *project),
            words::state(trace, *project, lang)
        );
        page.line(2, Tone::Plain, &line);
        let claims = trace.graph.claims(*project).into_iter();
        for (_, support) in claims.filter(|(goal, _)| *goal == number) {
            if let Some(indicator) = &support.indicator {
                let adds = wording::contribution(run.engine.packs, support);
                let adds = adds
                    .map(|a| format!(" {}", a.get(lang)))
                    .unwrap_or_default();
                page.item(4, lang.pick("贡献", "adds"), &format!("{indicator}{adds}"));
            }
            if let Some(evidence) = &support.evidence {
                page.item(4, lang.pick("佐证", "evidence"), evidence);
            }
        }
    }
    if count > ROWS {
        let more = text!("另有 {} 项", "{} more", count - ROWS);
        page.line(2, Tone::Faint, more.get(lang));
    }
    if let [only] = supporters.as_slice() {
        let name = words::id(trace, *only);
        let words = text!(
            "唯一支撑：{name} 一旦不成立，本目标即无支撑",
            "sole support: without {name} the goal has none"
        );
        page.line(2, Tone::Open, words.get(lang));
    }
}

fn guards(page: &mut Page, run: &Assessment<'_>, number: usize) {
    let lang = page.look.lang;
    let graph = &run.trace.graph;
    let Some(section) = graph.above(Node::goal(number)).first().copied() else {
        return;
    };
    let mut rules = graph.guards(section);
    for (node, edge, _) in graph.out(section) {
        if matches!((node, edge), (Node::Clause(_), Edge::Contains)) {
            rules.extend(graph.guards(node));
        }
    }
    rules.sort_unstable();
    rules.dedup();
    page.blank();
    let count = rules.len();
    let name = graph.name(section);
    let title = text!(
        "管控 {} 的规则（{count}）",
        "rules that guard {} ({count})",
        name.get(lang)
    );
    page.line(0, Tone::Strong, title.get(lang));
    if rules.is_empty() {
        page.line(2, Tone::Plain, lang.pick("没有", "none"));
    }
    for rule in rules.iter().filter_map(|r| run.engine.packs.rules.get(*r)) {
        page.line(
            2,
            Tone::Plain,
            &format!("{}  {}", rule.id, rule.title.get(lang)),
        );
    }
}
