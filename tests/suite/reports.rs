//! What JSON reports say once, put back where it is meant: for tests that look at single findings.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use serde_json::{Value, json};

/// The item of a list that has an id or path.
fn item<'a>(list: &'a Value, key: &str, is: &Value) -> &'a Value {
    let items = list.as_array().unwrap().iter();
    items.clone().find(|item| &item[key] == is).unwrap()
}

/// The item of a list that a number refers to.
fn numbered<'a>(list: &'a Value, number: &Value) -> &'a Value {
    let at = usize::try_from(number.as_u64().unwrap()).unwrap();
    list.get(at).unwrap()
}

/// Gives each finding of a project what its rule, its project and its report say for it, as version `v1` wrote it.
pub(crate) fn spread(report: &Value, project: &mut Value) {
    let (facts, days) = (project["facts"].clone(), project["days"].clone());
    for finding in project["findings"].as_array_mut().unwrap() {
        let rule = item(&report["rules"], "id", &finding["rule"]);
        for key in ["pack", "title", "kind", "basis", "remedy"] {
            finding[key] = rule[key].clone();
        }
        let carries = finding["carries"].as_u64();
        for (at, basis) in (0..).zip(finding["basis"].as_array_mut().unwrap()) {
            basis["carries"] = (carries == Some(at)).into();
        }
        finding["day_source"] = numbered(&days, &finding["day"]).clone();
        finding["verdict"] = item(&report["verdicts"], "id", &finding["verdict"]["id"]).clone();
        for key in ["remarks", "notes", "missing", "readings"] {
            if finding[key].is_null() {
                finding[key] = json!([]);
            }
        }
        for key in ["due", "exception", "waiver"] {
            finding[key] = finding[key].take();
        }
        if finding["message"].is_null() {
            finding["message"] = json!({ "zh": "", "en": "" });
        }
        let Some(evidence) = finding.get_mut("evidence") else {
            continue;
        };
        let read = evidence["read"].as_array().unwrap().iter();
        let read: Vec<Value> = read
            .map(|path| item(&facts, "path", path).clone())
            .collect();
        evidence["facts"] = read.into();
        let figures = evidence["figures"].as_array().into_iter().flatten();
        let figures: Vec<Value> = figures
            .map(|number| numbered(&report["parameters"], number).clone())
            .collect();
        evidence["parameters"] = figures.into();
        if evidence["rows"].is_null() {
            evidence["rows"] = json!([]);
        }
        let runs = evidence["steps"].as_array().into_iter().flatten();
        let steps = runs.flat_map(|run| {
            run["values"].as_array().unwrap().iter().map(|value| {
                let expression = numbered(&report["expressions"], &value["of"]);
                let is = match &value["is"] {
                    Value::Bool(true) => json!({ "zh": "成立", "en": "true" }),
                    Value::Bool(false) => json!({ "zh": "不成立", "en": "false" }),
                    Value::Null => json!({ "zh": "（未知）", "en": "(unknown)" }),
                    number => numbered(&report["values"], number).clone(),
                };
                let mut step =
                    json!({ "clause": run["clause"], "expression": expression, "value": is });
                if let Some(record) = run.get("record") {
                    step["record"] = record.clone();
                }
                step
            })
        });
        evidence["steps"] = steps.collect::<Vec<_>>().into();
    }
}

/// A report as version `v1` wrote it.
pub(crate) fn as_v1(report: &Value) -> Value {
    let mut old = report.clone();
    for project in old["projects"].as_array_mut().unwrap() {
        spread(report, project);
        let project = project.as_object_mut().unwrap();
        project.remove("facts");
        project.remove("days");
        for finding in project["findings"].as_array_mut().unwrap() {
            let finding = finding.as_object_mut().unwrap();
            finding.remove("carries");
            finding.remove("day");
            if let Some(evidence) = finding.get_mut("evidence") {
                evidence.as_object_mut().unwrap().remove("read");
                evidence.as_object_mut().unwrap().remove("figures");
            }
        }
    }
    let whole = old.as_object_mut().unwrap();
    for key in ["rules", "verdicts", "expressions", "values", "parameters"] {
        whole.remove(key).unwrap();
    }
    whole.insert("version".to_owned(), "v1".into());
    old
}

/// A report of version `v1` with its members at the beginning in the order in which it wrote them.
pub(crate) fn text_of_v1(mut report: Value) -> String {
    let whole = report.as_object_mut().unwrap();
    whole.remove("version").unwrap();
    let version = whole.remove("tool").unwrap()["version"].clone();
    let head = format!(
        "{{\n  \"version\": \"v1\",\n  \"tool\": {{\n    \"name\": \"hegui\",\n    \"version\": {version}\n  }},"
    );
    format!("{head}{}", report.to_string().trim_start_matches('{'))
}
