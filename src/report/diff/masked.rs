//! What masks hide from a comparison: of a masked value nobody can tell whether it changed, so it is no change and
//! no cause, and each such field is named once.

use std::collections::{BTreeMap, BTreeSet};

use super::super::mask::marks;
use super::super::told::{Both, Finding, Report};
use super::End;
use crate::base::text::Text;
use crate::text;

/// The texts in which a finding shows values.
fn texts(finding: &Finding) -> impl Iterator<Item = &Both> {
    let facts = finding.evidence.iter().flat_map(|all| &all.facts);
    let values = facts.filter_map(|fact| fact.value.as_ref());
    values.chain([&finding.message])
}

/// True if a mask hides what decided one of the findings.
pub(super) fn in_evidence(findings: &[&Finding]) -> bool {
    let mut texts = findings.iter().flat_map(|finding| texts(finding));
    texts.any(Both::is_masked)
}

/// The fields of which a report shows only that they were masked.
fn fields(end: &End, told: &Report) -> BTreeSet<String> {
    let mut all = end.masked.clone();
    for project in &told.projects {
        let names = project.name.iter().map(String::as_str);
        let said = project.findings.iter().flat_map(texts);
        for text in names.chain(said.flat_map(|both| [both.zh.as_str(), &both.en])) {
            all.extend(marks(text).map(str::to_owned));
        }
    }
    all
}

/// The labels of the facts of the project itself that reports show, by path.
fn labels<'a>(reports: &[&'a Report]) -> BTreeMap<&'a str, &'a Both> {
    let projects = reports.iter().flat_map(|report| &report.projects);
    let findings = projects.flat_map(|project| &project.findings);
    let evidence = findings.filter_map(|finding| finding.evidence.as_ref());
    let facts = evidence.flat_map(|all| &all.facts);
    facts
        .filter(|fact| !fact.label.is_masked())
        .map(|fact| (fact.path.as_str(), &fact.label))
        .collect()
}

/// That a field cannot be compared, once for each that is masked on a side.
pub(super) fn untold((old, then): (&End, &Report), (new, now): (&End, &Report)) -> Vec<Text> {
    let (a, b) = (fields(old, then), fields(new, now));
    let labels = labels(&[then, now]);
    let told = |field: &String| {
        let label = labels.get(field.as_str()).map(|label| Text::from(*label));
        let called = label.map_or_else(
            || text!("字段 `{field}` ", "`{field}` "),
            |label| {
                Text::new(
                    format!("“{}”（`{field}`）", label.zh),
                    format!("{} (`{field}`) ", label.en),
                )
            },
        );
        let (zh, en) = (called.zh, called.en);
        match (a.contains(field), b.contains(field)) {
            (true, true) => text!(
                "{zh}在新旧两方中均已遮盖，无法比较",
                "{en}is masked in the old run and in the new; it cannot be compared"
            ),
            (true, false) => text!(
                "{zh}在旧方中已遮盖，无法比较",
                "{en}is masked in the old run; it cannot be compared"
            ),
            _ => text!(
                "{zh}在新方中已遮盖，无法比较",
                "{en}is masked in the new run; it cannot be compared"
            ),
        }
    };
    a.union(&b).map(told).collect()
}
