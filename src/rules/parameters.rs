//! `parameters.toml` into parameters with dated versions.

use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::tree::Node;
use crate::model::number::Number;
use crate::model::parameter::{Confidence, Parameter, Version};
use crate::model::quantity::Measure;
use crate::rules::fields::{read_measure, read_number, redefined};
use crate::rules::reader::{Reader, unknown_word};
use crate::text;

const CONFIDENCES: [&str; 4] = ["official", "secondary", "unverified", "local"];

/// Adds a `parameters.toml`: new parameters, and local versions of those of earlier packs.
pub(super) fn read(
    source: &Source,
    root: &Node,
    parameters: &mut Vec<Parameter>,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, root, problems);
    for node in reader.tables("parameter", problems) {
        let mut reader = Reader::new(source, node, problems);
        let id = reader
            .need_text("id", problems)
            .unwrap_or_default()
            .to_owned();
        let place = reader.place_of("id");
        let label = reader.need_bilingual("label", problems);
        let measure = read_measure(&mut reader, problems);
        if reader.node("step").is_none() {
            Reader::wrong(
                problems,
                place,
                text!(
                    "参数 `{id}` 缺少 step（表述精度）",
                    "parameter `{id}` needs a `step`, the resolution at which it is stated"
                ),
            );
        }
        let step = read_number(&mut reader, "step", &measure, problems)
            .and_then(|i| i.point().cloned())
            .unwrap_or(Number::ONE);
        let mut versions = Vec::new();
        for node in reader.tables("version", problems) {
            if let Some(version) = read_version(source, node, &measure, problems) {
                add_version(&mut versions, version, problems);
            }
        }
        let fillable = reader.flag("fillable", problems);
        reader.finish(problems);
        if versions.is_empty() && !fillable {
            Reader::wrong(
                problems,
                place,
                text!(
                    "参数 `{id}` 没有任何取值；由使用单位设定的写 fillable = true",
                    "parameter `{id}` has no version; if the office sets it, write `fillable = true`"
                ),
            );
        }
        if parameters.iter().any(|p| p.id == id) {
            problems.push(redefined(place, &id));
        } else {
            parameters.push(Parameter {
                id,
                label,
                measure,
                step,
                versions,
                fillable,
                place,
            });
        }
    }
    for node in reader.tables("version", problems) {
        let id = node
            .get("parameter")
            .and_then(Node::text)
            .unwrap_or_default();
        let known: Vec<String> = parameters.iter().map(|p| p.id.clone()).collect();
        let Some(parameter) = parameters.iter_mut().find(|p| p.id == id) else {
            problems.push(unknown_word(
                node.place,
                id,
                &known.iter().map(String::as_str).collect::<Vec<_>>(),
            ));
            continue;
        };
        if let Some(version) = read_version(source, node, &parameter.measure, problems) {
            if version.confidence != Confidence::Local {
                Reader::wrong(
                    problems,
                    version.place,
                    text!(
                        "后续规则包增加的取值应标明 confidence = \"local\"",
                        "a version that a later pack adds has confidence = \"local\""
                    ),
                );
            }
            add_version(&mut parameter.versions, version, problems);
        }
    }
    reader.finish(problems);
}

fn read_version(
    source: &Source,
    node: &Node,
    measure: &Measure,
    problems: &mut Vec<Problem>,
) -> Option<Version> {
    let mut reader = Reader::new(source, node, problems);
    // Set only where a later pack names the parameter it adds to.
    reader.text("parameter", problems);
    let period = reader.period(problems);
    let place = if reader.node("value").is_some() {
        reader.place_of("value")
    } else {
        reader.place()
    };
    let value = read_number(&mut reader, "value", measure, problems);
    let from = reader
        .need_text("source", problems)
        .unwrap_or_default()
        .to_owned();
    let confidence = reader.choice("confidence", Confidence::named, &CONFIDENCES, problems);
    if confidence.is_none() && reader.node("confidence").is_none() {
        Reader::wrong(
            problems,
            place,
            text!("缺少 confidence（可信程度）", "`confidence` is missing"),
        );
    }
    reader.finish(problems);
    Some(Version {
        period,
        value: value?,
        source: from,
        confidence: confidence.unwrap_or(Confidence::Unverified),
        place,
    })
}

fn add_version(versions: &mut Vec<Version>, version: Version, problems: &mut Vec<Problem>) {
    if let Some(other) = versions
        .iter()
        .find(|other| other.period.overlaps(version.period))
    {
        problems.push(
            Problem::error(
                "hegui::pack::overlap",
                version.place,
                text!("同一时间有两个取值", "two versions hold at the same time"),
            )
            .also(other.place, text!("与这一个重叠", "this one")),
        );
    }
    versions.push(version);
    versions.sort_by_key(|v| v.period.from);
}
