//! A comparison as JSON, `hegui.diff.v1`: everything the page says, in both languages.

use std::io::{self, Write};

use serde::Serialize;

use super::super::json_form::Both;
use super::super::told::Named;
use super::{Compared, Comparison, End, Item, Reason, Shift, State};
use crate::base::text::Text;
use crate::judge::change::Change;

#[derive(Serialize)]
struct Form<'a> {
    format: &'static str,
    old: EndForm<'a>,
    new: EndForm<'a>,
    packs: Vec<ShiftForm<'a>>,
    layers: Vec<ShiftForm<'a>>,
    settings: Vec<ShiftForm<'a>>,
    projects: Vec<ProjectForm<'a>>,
    gone: &'a [String],
    added: &'a [String],
    untold: Vec<Both>,
    changed: bool,
}

#[derive(Serialize)]
struct EndForm<'a> {
    path: &'a str,
    what: Both,
    judged_again: bool,
}

#[derive(Serialize)]
struct ShiftForm<'a> {
    id: &'a str,
    label: Both,
    old: Option<Both>,
    new: Option<Both>,
}

#[derive(Serialize)]
struct ProjectForm<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_id: Option<&'a str>,
    name: &'a str,
    old_decision: NamedForm<'a>,
    new_decision: NamedForm<'a>,
    /// None where it cannot be told what changed.
    changes: Option<Vec<ChangeForm<'a>>>,
    findings: Vec<FindingForm<'a>>,
}

#[derive(Serialize)]
struct NamedForm<'a> {
    id: &'a str,
    label: Both,
}

#[derive(Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties, each a member of its own"
)]
struct ChangeForm<'a> {
    path: &'a str,
    label: Both,
    old: Option<Both>,
    new: Option<Both>,
    date: bool,
    official: bool,
    /// An area, a capacity or the industry.
    watched: bool,
    /// It is watched, and moved no finding.
    silent: bool,
}

#[derive(Serialize)]
struct FindingForm<'a> {
    rule: &'a str,
    title: Both,
    result: &'static str,
    moved: bool,
    could_have_been_asked_before: bool,
    old: Option<StateForm<'a>>,
    new: Option<StateForm<'a>>,
    response: Vec<Both>,
    reasons: Vec<ReasonForm<'a>>,
    law: Vec<Both>,
}

#[derive(Serialize)]
struct StateForm<'a> {
    verdict: NamedForm<'a>,
    drives: &'a str,
    effective: &'a str,
    waived: bool,
    open: bool,
    message: Both,
}

#[derive(Serialize)]
struct ReasonForm<'a> {
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    strength: &'a str,
    text: Both,
}

fn both(all: &[Text]) -> Vec<Both> {
    all.iter().map(Both::from).collect()
}

fn end(end: &End) -> EndForm<'_> {
    EndForm {
        path: &end.path,
        what: (&end.what).into(),
        judged_again: end.is_run,
    }
}

fn shift(shift: &Shift) -> ShiftForm<'_> {
    ShiftForm {
        id: &shift.id,
        label: (&shift.label).into(),
        old: shift.old.as_ref().map(Both::from),
        new: shift.new.as_ref().map(Both::from),
    }
}

fn named(named: &Named) -> NamedForm<'_> {
    NamedForm {
        id: &named.id,
        label: Text::from(&named.label).into(),
    }
}

fn change<'a>(number: usize, change: &'a Change, silent: &[usize]) -> ChangeForm<'a> {
    ChangeForm {
        path: &change.path,
        label: (&change.label).into(),
        old: change.old.as_ref().map(Both::from),
        new: change.new.as_ref().map(Both::from),
        date: change.is_date,
        official: change.is_official,
        watched: change.is_watched,
        silent: silent.contains(&number),
    }
}

fn state(state: &State) -> StateForm<'_> {
    StateForm {
        verdict: named(&state.verdict),
        drives: &state.drives,
        effective: &state.effective,
        waived: state.is_waived,
        open: state.is_open,
        message: (&state.message).into(),
    }
}

fn reason(reason: &Reason) -> ReasonForm<'_> {
    ReasonForm {
        kind: reason.kind,
        name: reason.name.as_deref(),
        strength: reason.strength,
        text: (&reason.text).into(),
    }
}

fn finding(item: &Item) -> FindingForm<'_> {
    FindingForm {
        rule: &item.rule,
        title: (&item.title).into(),
        result: item.fate.id(),
        moved: item.moved,
        could_have_been_asked_before: item.is_late,
        old: item.old.as_ref().map(state),
        new: item.new.as_ref().map(state),
        response: both(&item.response),
        reasons: item.reasons.iter().map(reason).collect(),
        law: both(&item.law),
    }
}

fn project(one: &Compared) -> ProjectForm<'_> {
    let changes = one.changes.as_ref().map(|all| {
        let numbered = all.iter().enumerate();
        numbered
            .map(|(number, one_change)| change(number, one_change, &one.silent))
            .collect()
    });
    ProjectForm {
        id: &one.id,
        old_id: one.old_id.as_deref(),
        name: &one.name,
        old_decision: named(&one.decision.0),
        new_decision: named(&one.decision.1),
        changes,
        findings: one.items.iter().map(finding).collect(),
    }
}

/// Writes a comparison.
pub fn json(found: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let form = Form {
        format: "hegui.diff.v1",
        old: end(&found.old),
        new: end(&found.new),
        packs: found.packs.iter().map(shift).collect(),
        layers: found.layers.iter().map(shift).collect(),
        settings: found.settings.iter().map(shift).collect(),
        projects: found.projects.iter().map(project).collect(),
        gone: &found.gone,
        added: &found.added,
        untold: both(&found.untold),
        changed: found.is_changed(),
    };
    serde_json::to_writer_pretty(&mut *out, &form)?;
    out.write_all(b"\n")
}
