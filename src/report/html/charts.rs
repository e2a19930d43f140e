//! The charts of a run: bars with their words and numbers, drawn without a script.
//!
//! They count what stands in the report; they judge nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

use super::parts::class;
use crate::base::text::Lang;
use crate::judge::finding::{Finding, Verdict};
use crate::report::layout::{cut, width, xml};
use crate::report::opinion::demands::Who;
use crate::report::page::Tone;
use crate::report::text::is_left_out;
use crate::report::{Assessment, finding, summary};
use crate::trace::GoalState;

/// A bar: its words, its number, its tone.
type Bar = (String, usize, Tone);

/// Bars of a chart whose length nothing bounds.
const MOST: usize = 10;

/// All charts.
pub(super) fn all(run: &Assessment<'_>, lang: Lang) -> Markup {
    html! {
        div.charts {
            (chart(lang.pick("项目结论（建议）", "Decisions"), &decisions(run, lang), lang))
            (chart(lang.pick("单项结论（不含不涉及）", "Findings (of rules that apply)"), &verdicts(run, lang), lang))
            (chart(lang.pick("不符合最多的规则", "Rules most often not met"), &rules(run, lang), lang))
            (chart(lang.pick("缺少的事实由谁提供", "Missing facts, by who supplies them"), &suppliers(run, lang), lang))
            (chart(lang.pick("规划目标", "Goals of the plan"), &goals(run, lang), lang))
        }
    }
}

fn decisions(run: &Assessment<'_>, lang: Lang) -> Vec<Bar> {
    let counts = run.counts().into_iter().filter(|(_, count)| *count > 0);
    counts
        .map(|(decision, count)| {
            let words = summary::short(decision).get(lang).to_owned();
            (words, count, summary::tone(decision))
        })
        .collect()
}

fn verdicts(run: &Assessment<'_>, lang: Lang) -> Vec<Bar> {
    let shown = Verdict::ALL
        .into_iter()
        .filter(|v| *v != Verdict::NotApplicable);
    shown
        .map(|verdict| {
            let count = run.judged.iter().map(|j| j.count(verdict)).sum();
            let (_, tone) = finding::mark(verdict);
            (verdict.label().get(lang).to_owned(), count, tone)
        })
        .collect()
}

fn rules(run: &Assessment<'_>, lang: Lang) -> Vec<Bar> {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    let findings = run.judged.iter().flat_map(|j| &j.findings);
    for finding in findings.filter(|f| f.verdict == Verdict::Fail) {
        *counts.entry(finding.rule).or_insert(0) += 1;
    }
    let title = |rule: u16| run.engine.packs.rules.get(usize::from(rule));
    let bars = counts.into_iter().filter_map(|(rule, count)| {
        Some((title(rule)?.title.get(lang).to_owned(), count, Tone::Bad))
    });
    most(bars.collect())
}

/// The facts that open findings lack, each once for a project.
fn suppliers(run: &Assessment<'_>, lang: Lang) -> Vec<Bar> {
    let mut counts: BTreeMap<Who, usize> = BTreeMap::new();
    for judged in run.judged {
        let open = judged.findings.iter().filter(|f| {
            f.verdict == Verdict::Undetermined && f.waiver().is_none() && !is_left_out(f)
        });
        let lacks: BTreeSet<_> = open.flat_map(Finding::lacks).collect();
        for lack in lacks {
            *counts.entry(Who::supplies(run, lack)).or_insert(0) += 1;
        }
    }
    let bars = counts
        .into_iter()
        .map(|(who, count)| (who.label().get(lang).to_owned(), count, Tone::Open));
    most(bars.collect())
}

fn goals(run: &Assessment<'_>, lang: Lang) -> Vec<Bar> {
    let counts = run.trace.standing.counts(0..run.engine.packs.goals.len());
    GoalState::ALL
        .into_iter()
        .map(|state| {
            let tone = match state {
                GoalState::Supported => Tone::Good,
                GoalState::Pending => Tone::Open,
                GoalState::AtRisk => Tone::Bad,
                GoalState::Unsupported | GoalState::NotAssessed => Tone::Faint,
            };
            (state.label().get(lang).to_owned(), counts.of(state), tone)
        })
        .collect()
}

/// The longest bars, the longest first; equal ones keep their order.
fn most(mut bars: Vec<Bar>) -> Vec<Bar> {
    bars.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    bars.truncate(MOST);
    bars
}

const ROW: usize = 26;
const BAR: usize = 160;
/// The width of one column of text in the widest type that a page falls back to.
const COLUMN: usize = 8;
/// Columns of a bar's words at most.
const WORDS: usize = 48;

/// A chart: words, bar, number in each row. What is shown can be read without it being seen.
fn chart(title: &str, bars: &[Bar], lang: Lang) -> Markup {
    let longest = bars.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
    if longest == 0 {
        return html! {
            figure { figcaption { (title) } p.faint { (lang.pick("无", "none")) } }
        };
    }
    let words: Vec<String> = bars.iter().map(|(words, ..)| cut(words, WORDS)).collect();
    let beside = words.iter().map(|w| width(w)).max().unwrap_or(0) * COLUMN + 10;
    let (all, high) = (beside + BAR + 60, bars.len() * ROW + 4);
    let mut svg = format!(
        "<svg class=\"chart\" width=\"{all}\" height=\"{high}\" viewBox=\"0 0 {all} {high}\" role=\"img\"><title>{}</title>",
        xml(title)
    );
    for (at, ((whole, count, tone), words)) in bars.iter().zip(&words).enumerate() {
        let y = at * ROW;
        let long = (count * BAR / longest).max(usize::from(*count > 0) * 2);
        let _ = write!(
            svg,
            "<g><title>{} {count}</title><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect class=\"{}\" x=\"{beside}\" y=\"{}\" width=\"{long}\" height=\"16\" rx=\"2\"/><text x=\"{}\" y=\"{}\">{count}</text></g>",
            xml(whole),
            beside - 8,
            y + 17,
            xml(words),
            class(*tone),
            y + 4,
            beside + long + 6,
            y + 17
        );
    }
    svg.push_str("</svg>");
    // Long words would be set too small on half a page.
    let class = (beside > BAR).then_some("wide");
    html! { figure class=[class] { figcaption { (title) } (PreEscaped(svg)) } }
}
