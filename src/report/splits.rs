//! Applications that may be one project: who, where, and which rules the whole would meet.
//!
//! It does not look for them.

use serde::Serialize;

use super::Assessment;
use super::json_form::Both;
use super::page::{Page, Tone};
use crate::base::text::Text;
use crate::judge::split::Split;
use crate::text;

/// What is said of every split.
fn notice() -> Text {
    text!(
        "同一单位在同一地块的分次申报，合并计算后适用下列规则，单独计算均不涉及；是否属于拆分由人工核实，不改变结论",
        "applications of one proponent on one parcel: taken together these rules apply, apart none does; whether a project was split is for people to find, and no decision changes"
    )
}

/// Writes what may be split; nothing if nothing is.
pub(super) fn text(page: &mut Page, run: &Assessment<'_>) {
    if run.splits.is_empty() {
        return;
    }
    page.rule('─');
    let lang = page.look.lang;
    let title = lang.pick("疑似拆分申报", "Applications that may be one project");
    page.line(0, Tone::Strong, title);
    page.line(2, Tone::Plain, notice().get(lang));
    for split in run.splits {
        let ids: Vec<String> = projects(run, split).map(str::to_owned).collect();
        page.blank();
        page.lead(2, Tone::Open, &page.joined(&ids), "");
        for (rule, _) in &split.rules {
            if let Some(rule) = run.engine.packs.rules.get(usize::from(*rule)) {
                let line = format!("{}  {}", rule.id, rule.title.get(lang));
                page.item(4, lang.pick("规则", "rule"), &line);
            }
        }
    }
}

/// What is said of a split, in words: the projects, the rules, the notice.
pub(super) fn said(run: &Assessment<'_>, split: &Split) -> Text {
    let ids: Vec<&str> = projects(run, split).collect();
    let rules = split.rules.iter().filter_map(|(rule, _)| {
        let rule = run.engine.packs.rules.get(usize::from(*rule))?;
        Some(rule.id.as_str())
    });
    let rules: Vec<&str> = rules.collect();
    let notice = notice();
    Text::new(
        format!("{}：{}。{}", ids.join("、"), notice.zh, rules.join("、")),
        format!("{}: {}. {}", ids.join(", "), notice.en, rules.join(", ")),
    )
}

fn projects<'a>(run: &'a Assessment<'_>, split: &'a Split) -> impl Iterator<Item = &'a str> {
    let numbers = split.projects.iter();
    numbers.filter_map(|number| run.projects.get(*number).map(|p| p.id.as_str()))
}

/// A split as JSON.
#[derive(Serialize)]
pub(super) struct Form<'a> {
    projects: Vec<&'a str>,
    rules: Vec<RuleForm<'a>>,
    notice: Both,
}

#[derive(Serialize)]
struct RuleForm<'a> {
    rule: &'a str,
    verdict: &'static str,
}

/// The splits as JSON.
pub(super) fn forms<'a>(run: &'a Assessment<'_>) -> Vec<Form<'a>> {
    let form = |split: &'a Split| Form {
        projects: projects(run, split).collect(),
        rules: split
            .rules
            .iter()
            .filter_map(|(rule, verdict)| {
                let rule = run.engine.packs.rules.get(usize::from(*rule))?;
                Some(RuleForm {
                    rule: &rule.id,
                    verdict: verdict.id(),
                })
            })
            .collect(),
        notice: notice().into(),
    };
    run.splits.iter().map(form).collect()
}
