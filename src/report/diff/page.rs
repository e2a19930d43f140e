//! A comparison as a page: text for a terminal, Markdown for a document.

use super::super::layout::Column::{Fixed, Flexible};
use super::super::mask::in_both;
use super::super::page::{Page, Tone};
use super::{Compared, Comparison, Fate, Item, Shift, State};
use crate::base::text::Text;
use crate::judge::change::Change;
use crate::text;

/// Writes a comparison.
pub fn page(page: &mut Page, found: &Comparison) {
    page.heading(1, page.pick("核查比较", "Comparison of runs"));
    for (zh, en, end) in [("旧", "old", &found.old), ("新", "new", &found.new)] {
        let label = page.pick(zh, en);
        let what = page.of(&end.what);
        let line = match page.pick("zh", "en") {
            "zh" => format!("{}（{what}）", end.path),
            _ => format!("{} ({what})", end.path),
        };
        page.item(0, label, &line);
    }
    shifts(page, &text!("规则", "rules"), &found.packs);
    shifts(page, &text!("图层", "layers"), &found.layers);
    shifts(page, &text!("设置", "settings"), &found.settings);
    for text in &found.untold {
        let label = page.pick("注意", "note");
        let text = page.of(text);
        page.item(0, label, text);
    }
    for (zh, en, ids) in [
        ("不再有", "gone", &found.gone),
        ("新增", "added", &found.added),
    ] {
        if !ids.is_empty() {
            let label = page.pick(zh, en);
            let ids = page.joined(ids);
            page.item(0, label, &ids);
        }
    }
    let moved: Vec<&Compared> = found
        .projects
        .iter()
        .filter(|p| says_something(p))
        .collect();
    for one in &moved {
        page.rule('─');
        project(page, one);
    }
    page.rule('═');
    let same = found.projects.len() - moved.len();
    let count = moved.len();
    let last = if found.is_changed() {
        text!(
            "有变化 {count} 件，无变化 {same} 件",
            "changed: {count}, unchanged: {same}"
        )
    } else {
        text!(
            "结论、核查结果和申报内容均无变化（{same} 件）",
            "decisions, findings and proposals are unchanged ({same})"
        )
    };
    let label = page.pick("汇总", "in all");
    let last = page.of(&last);
    page.item(0, label, last);
}

fn says_something(one: &Compared) -> bool {
    one.decision.0.id != one.decision.1.id
        || one.changes.as_ref().is_some_and(|all| !all.is_empty())
        || one.items.iter().any(|item| item.moved)
}

fn shifts(page: &mut Page, label: &Text, all: &[Shift]) {
    for (number, shift) in all.iter().enumerate() {
        let none = text!("（无）", "(none)");
        let (old, new) = (
            shift.old.as_ref().unwrap_or(&none),
            shift.new.as_ref().unwrap_or(&none),
        );
        let line = format!(
            "{} {} → {}",
            page.of(&shift.label),
            page.of(old),
            page.of(new)
        );
        let label = if number == 0 { page.of(label) } else { "" };
        page.item(0, label, &line);
    }
}

fn project(page: &mut Page, one: &Compared) {
    let (a, b) = (
        Text::from(&one.decision.0.label),
        Text::from(&one.decision.1.label),
    );
    let (a, b) = (page.of(&a), page.of(&b));
    let name = page.of(&in_both(&one.name)).to_owned();
    let title = if a == b {
        format!("【{a}】 {name}")
    } else {
        format!("【{a} → {b}】 {name}")
    };
    page.heading(2, &title);
    let id = match &one.old_id {
        Some(old) => format!("{old} → {}", one.id),
        None => one.id.clone(),
    };
    page.line(2, Tone::Faint, &id);
    if let Some(changes) = &one.changes {
        fields(page, changes, &one.silent);
    }
    table(page, &one.items);
    why(page, &one.items);
}

/// What of the proposal changed.
fn fields(page: &mut Page, changes: &[Change], silent: &[usize]) {
    if changes.is_empty() {
        return;
    }
    page.blank();
    let count = changes.len();
    let title = text!(
        "申报内容的变化（{count}）",
        "changes of the proposal ({count})"
    );
    let title = page.of(&title);
    page.line(2, Tone::Strong, title);
    let none = text!("（未填）", "(not given)");
    let mut rows = vec![head(
        page,
        &[
            ("字段", "field"),
            ("原", "old"),
            ("现", "new"),
            ("备注", "remark"),
        ],
    )];
    for (number, change) in changes.iter().enumerate() {
        let remark = if silent.contains(&number) {
            text!(
                "⚠ 面积、产能或行业有变，没有改变任何结果",
                "⚠ an area, capacity or industry changed, and moved no finding"
            )
        } else if change.is_official {
            text!("部门数据", "of a department")
        } else {
            Text::default()
        };
        rows.push(vec![
            page.of(&change.label).to_owned(),
            page.of(change.old.as_ref().unwrap_or(&none)).to_owned(),
            page.of(change.new.as_ref().unwrap_or(&none)).to_owned(),
            page.of(&remark).to_owned(),
        ]);
    }
    let flexible = [Flexible; 4];
    page.table(4, &flexible, &rows);
}

fn head(page: &Page, words: &[(&str, &str)]) -> Vec<String> {
    let word = |(zh, en): &(&str, &str)| page.pick(zh, en).to_owned();
    words.iter().map(word).collect()
}

/// The table of a resubmission: what was asked, what was answered, what became of it, and what is new.
fn table(page: &mut Page, items: &[Item]) {
    let listed: Vec<&Item> = items.iter().filter(|i| i.fate != Fate::Moved).collect();
    if listed.is_empty() {
        return;
    }
    page.blank();
    let title = page
        .pick("补正对照表", "what was asked, and what became of it")
        .to_owned();
    page.line(2, Tone::Strong, &title);
    let mut rows = vec![head(
        page,
        &[
            ("序号", "no."),
            ("事项", "finding"),
            ("上次", "before"),
            ("答复（字段 原 → 现）", "response (field old → new)"),
            ("本次", "now"),
            ("结果", "result"),
        ],
    )];
    for (number, item) in listed.iter().enumerate() {
        let response = if matches!(item.fate, Fate::New | Fate::Lapsed) && item.response.is_empty()
        {
            Text::same("–")
        } else if item.response.is_empty() {
            unanswered(item)
        } else {
            Text::joined(&item.response, "；", "; ")
        };
        let mut fate = item.fate.label();
        if item.is_late {
            fate.zh.push_str("（前次应告知未告知）");
            fate.en.push_str(" (could have been asked before)");
        }
        rows.push(vec![
            (number + 1).to_string(),
            format!("{}  {}", page.of(&item.title), item.rule),
            verdict(page, item.old.as_ref()),
            page.of(&response).to_owned(),
            verdict(page, item.new.as_ref()),
            page.of(&fate).to_owned(),
        ]);
    }
    page.table(
        4,
        &[Fixed, Flexible, Fixed, Flexible, Fixed, Flexible],
        &rows,
    );
}

/// What stands where nothing was changed: an applicant is not asked for what others have to do.
fn unanswered(item: &Item) -> Text {
    match item.old.as_ref().map(|state| state.drives.as_str()) {
        Some("verify") => text!(
            "由部门核查，不要求答复",
            "for a department, no response is asked"
        ),
        Some("refer") => text!(
            "由有权机关认定，不要求答复",
            "for an authority, no response is asked"
        ),
        _ => text!("未作修改", "nothing was changed"),
    }
}

/// A verdict in words; that a waiver answers it stands beside it.
fn verdict(page: &Page, state: Option<&State>) -> String {
    let Some(state) = state else {
        return page.pick("（无）", "(none)").to_owned();
    };
    let label = Text::from(&state.verdict.label);
    let mut label = page.of(&label).to_owned();
    if state.is_waived {
        label.push_str(page.pick("（已认定）", " (waived)"));
    }
    label
}

/// Why each finding moved.
fn why(page: &mut Page, items: &[Item]) {
    let moved: Vec<&Item> = items.iter().filter(|item| item.moved).collect();
    if moved.is_empty() {
        return;
    }
    page.blank();
    let title = page.pick("变化的原因", "why findings moved");
    page.line(2, Tone::Strong, title);
    for item in moved {
        let (tone, mark) = match item.fate {
            Fate::Cleared | Fate::Waived => (Tone::Good, "✓"),
            Fate::Remains => (Tone::Open, "…"),
            Fate::New | Fate::Lapsed => (Tone::Bad, "✗"),
            Fate::Moved => (Tone::Plain, "·"),
        };
        let states = format!(
            "{} → {}",
            verdict(page, item.old.as_ref()),
            verdict(page, item.new.as_ref())
        );
        let lead = format!("{mark} {states}  ");
        let rest = format!("{}  {}", page.of(&item.title), item.rule);
        page.lead(4, tone, &lead, &rest);
        let mut label = page.pick("原因", "because");
        for reason in &item.reasons {
            let strength = match reason.strength {
                "needed" => text!("（与其他变化共同所致）", " (with others)"),
                "contributes" => text!("（有影响）", " (has a part in it)"),
                "evidence" => text!("（证据中的差异）", " (a difference in the evidence)"),
                _ => Text::default(),
            };
            let text = format!("{}{}", page.of(&reason.text), page.of(&strength));
            page.item(6, label, &text);
            label = " ";
        }
        let mut label = page.pick("规定", "the law");
        for text in &item.law {
            let text = page.of(text);
            page.item(6, label, text);
            label = " ";
        }
    }
}
