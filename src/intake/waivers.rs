//! Waivers (人工认定) as written: every key but the reason's pins is required, and the document must be one that can decide.
//!
//! It does not know rules: whether a waiver names one, and holds, is judged elsewhere.

use std::path::Path;

use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::document::parse;
use crate::intake::known::shown;
use crate::intake::reader::merged;
use crate::intake::record_keys::{Fixed, Key, tables};
use crate::intake::{Expected, Format, read_pin};
use crate::model::field::{Scope, Target};
use crate::model::waiver::{AuthorityLevel, Pin, Waiver};
use crate::text;

/// What waivers are listed under.
pub(super) const LIST: Key = ("waiver", "人工认定");

/// The keys of a waiver.
pub(super) const KEYS: &[Key] = &[
    ("rule", "规则"),
    ("project", "项目"),
    ("office", "认定机关"),
    ("level", "机关层级"),
    ("document_type", "文种"),
    ("document", "文号"),
    ("issued", "印发日期"),
    ("expires", "有效期至"),
    ("reason", "理由"),
    ("pins", "认定事实"),
];

/// Kinds of document that can carry a decision.
pub(super) const DECIDING: [&str; 3] = ["批复", "认定意见", "复函"];
/// Kinds of paper that people bring instead, which decide nothing towards others.
const INTERNAL: [&str; 4] = ["会议纪要", "内部签报", "签报", "纪要"];

/// Reads the waivers of a file. One with a mistake in it is reported and left out: half a waiver would waive too much.
pub fn read_waivers(source: &Source, expected: &Expected<'_>) -> (Vec<Waiver>, Vec<Problem>) {
    let format = Format::of_path(Path::new(&source.name)).unwrap_or(Format::Toml);
    let (node, parsing) = parse(source, format);
    let Some(node) = node else {
        return (Vec::new(), parsing);
    };
    let mut problems = Vec::new();
    let mut waivers = Vec::new();
    for table in tables(&node, LIST, &mut problems) {
        let mut found = Vec::new();
        let waiver = waiver(table, expected, &mut found);
        // After a syntax error a line may be missing, and a missing pin would widen the waiver.
        if parsing.is_empty() && found.is_empty() {
            waivers.extend(waiver);
        }
        problems.append(&mut found);
    }
    (waivers, merged(problems, parsing))
}

fn waiver(table: &Node, expected: &Expected<'_>, problems: &mut Vec<Problem>) -> Option<Waiver> {
    let fixed = Fixed::read(table, KEYS, problems);
    let rule = fixed
        .text("rule", problems)
        .map(|t| folded(&t).into_owned());
    let project = fixed
        .text("project", problems)
        .map(|t| folded(&t).into_owned());
    let office = fixed.text("office", problems);
    let level = fixed
        .need("level", problems)
        .and_then(|node| level(node, problems));
    let document_type = fixed
        .need("document_type", problems)
        .and_then(|node| document_type(node, problems));
    let document = fixed.text("document", problems);
    let issued = fixed.date("issued", problems);
    let expires = fixed.date("expires", problems);
    let reason = fixed.text("reason", problems);
    if let (Some((first, from)), Some((last, to))) = (issued, expires)
        && last < first
    {
        let message = text!(
            "有效期至 {last} 早于印发日期 {first}",
            "it expires on {last}, before it was issued on {first}"
        );
        problems.push(
            Problem::error("hegui::intake::dates_out_of_order", to, message)
                .also(from, Text::new("印发日期", "issued")),
        );
    }
    let mut pins = Vec::new();
    match fixed.get("pins") {
        None => {}
        Some(Node {
            datum: Datum::Table(entries),
            ..
        }) => flatten(expected, "", entries, &mut pins),
        Some(other) => {
            let message = Text::new(
                "“认定事实”应填字段和值",
                "`pins` holds fields and their values",
            );
            problems.push(Problem::error(
                "hegui::intake::wrong_type",
                other.place,
                message,
            ));
        }
    }
    for pin in &pins {
        let place = pin.place;
        if let Err(mut problem) = read_pin(expected.vocabulary, &pin.path, &pin.value) {
            if matches!(
                problem.code,
                "hegui::intake::unknown_field" | "hegui::intake::no_record"
            ) && let Some(label) = problem.labels.first_mut()
            {
                label.place = place;
            }
            problems.push(problem);
        }
    }
    Some(Waiver {
        rule: rule?,
        project: project?,
        office: office?,
        level: level?,
        document_type: document_type?,
        document: document?,
        issued: issued?.0,
        expires: expires?.0,
        reason: reason?,
        pins,
        place: table.place,
    })
}

/// The pins of a table, whose paths may be written as nested tables.
fn flatten(expected: &Expected<'_>, prefix: &str, entries: &[Entry], pins: &mut Vec<Pin>) {
    for entry in entries {
        let path = if prefix.is_empty() {
            entry.key.clone()
        } else {
            format!("{prefix}.{}", entry.key)
        };
        match &entry.node.datum {
            Datum::Table(inner)
                if matches!(
                    expected.vocabulary.resolve(Scope::Root, &path),
                    Some(Target::Group(_))
                ) =>
            {
                flatten(expected, &path, inner, pins);
            }
            Datum::Null => {}
            _ => pins.push(Pin {
                path,
                value: entry.node.clone(),
                place: entry.place,
            }),
        }
    }
}

fn level(node: &Node, problems: &mut Vec<Problem>) -> Option<AuthorityLevel> {
    let written = node.text().map(folded).unwrap_or_default();
    let found = AuthorityLevel::named(&written);
    if found.is_none() {
        let name = shown(&written);
        let near = nearest(&written, ["county", "city", "region", "state"].into_iter());
        let help = match near {
            Some(near) => text!("是否为 `{near}`？", "did you mean `{near}`?"),
            None => Text::new(
                "可填：county（县级）、city（市级）、region（自治区级）、state（国家级）",
                "levels: county, city, region, state",
            ),
        };
        let message = text!(
            "`{name}` 不是机关层级",
            "`{name}` is not the level of an office"
        );
        problems
            .push(Problem::error("hegui::intake::unknown_level", node.place, message).help(help));
    }
    found
}

fn document_type(node: &Node, problems: &mut Vec<Problem>) -> Option<String> {
    let written = node
        .text()
        .map(|text| folded(text).into_owned())
        .unwrap_or_default();
    if DECIDING.contains(&written.as_str()) {
        return Some(written);
    }
    let name = shown(&written);
    let internal = INTERNAL.iter().any(|kind| written.contains(kind));
    let message = if internal {
        text!(
            "`{name}`不能作为人工认定的依据",
            "`{name}` cannot carry a waiver"
        )
    } else {
        text!(
            "`{name}` 不是可以作出认定的文种",
            "`{name}` is not a kind of document that decides"
        )
    };
    let help = if internal {
        Text::new(
            "会议纪要、内部签报属于内部文件，不对外作出决定；请提供有权机关的批复、认定意见或复函",
            "minutes and internal memos decide nothing towards others; name the 批复, 认定意见 or 复函 of the competent authority",
        )
    } else {
        Text::new("可填：批复、认定意见、复函", "kinds: 批复, 认定意见, 复函")
    };
    problems.push(Problem::error("hegui::intake::document_type", node.place, message).help(help));
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;
    use crate::intake::fixture::{found, with_expected};

    const GOOD: &str = "[[waiver]]\nrule = \"land/x\"\nproject = \"p\"\noffice = \"自治区自然资源厅\"\nlevel = \"region\"\ndocument_type = \"批复\"\ndocument = \"新政〔2024〕1号\"\nissued = 2024-01-01\nexpires = 2025-01-01\nreason = \"r\"\n[waiver.pins]\n\"land.area\" = \"5 亩\"\n";

    #[track_caller]
    fn check(text: &str, waivers: usize, problems: &[&str]) -> (Vec<Waiver>, Vec<Problem>) {
        let mut sources = Sources::default();
        let id = sources.add("waivers.toml", text);
        let ((read, mistakes), _) = with_expected(false, |expected| {
            read_waivers(sources.get(id).unwrap(), expected)
        });
        assert_eq!(found(&sources, &mistakes), problems, "{text}");
        assert_eq!(read.len(), waivers);
        (read, mistakes)
    }

    #[test]
    fn a_whole_waiver_is_read_with_its_pins() {
        let (waivers, _) = check(GOOD, 1, &[]);
        assert_eq!(
            (waivers[0].level, waivers[0].pins[0].path.as_str()),
            (AuthorityLevel::Region, "land.area")
        );
        let dotted = GOOD.replace("\"land.area\"", "land.area") + "\"boilers[1].nox\" = 30\n";
        let paths: Vec<String> = check(&dotted, 1, &[]).0[0]
            .pins
            .iter()
            .map(|p| p.path.clone())
            .collect();
        assert_eq!(paths, ["land.area", "boilers[1].nox"]);
    }

    #[test]
    fn a_waiver_with_a_mistake_is_left_out() {
        for (from, to, problem) in [
            ("rule = \"land/x\"\n", "", "missing_key｜[[waiver]]"),
            ("reason = \"r\"\n", "", "missing_key｜[[waiver]]"),
            (
                "level = \"region\"",
                "level = \"regoin\"",
                "unknown_level｜\"regoin\"",
            ),
            ("批复", "函件", "document_type｜\"函件\""),
            (
                "2025-01-01",
                "2023-01-01",
                "dates_out_of_order｜2023-01-01｜2024-01-01",
            ),
            (
                "\"land.area\"",
                "\"land.aera\"",
                "unknown_field｜\"land.aera\"",
            ),
            (
                "\"land.area\"",
                "\"boilers.nox\"",
                "no_record｜\"boilers.nox\"",
            ),
            ("5 亩", "5 吨", "quantity｜\"5 吨\""),
            ("\"land.area\" =", "boilers =", "pinned_list｜\"5 亩\""),
            (
                "reason = \"r\"",
                "resaon = \"r\"",
                "missing_key｜[[waiver]]",
            ),
        ] {
            let text = GOOD.replace(from, to);
            let extra = if to.contains("resaon") {
                vec![problem, "unknown_key｜resaon"]
            } else {
                vec![problem]
            };
            check(&text, 0, &extra);
        }
    }

    #[test]
    fn minutes_and_memos_cannot_carry_a_waiver() {
        for kind in ["会议纪要", "内部签报"] {
            let (_, problems) = check(
                &GOOD.replace("批复", kind),
                0,
                &[&format!("document_type｜\"{kind}\"")],
            );
            assert!(
                problems[0]
                    .help
                    .as_ref()
                    .unwrap()
                    .zh
                    .contains("不对外作出决定")
            );
        }
    }

    #[test]
    fn a_waiver_whose_file_lost_a_line_is_left_out() {
        check(
            &format!("{GOOD}\"land.farmland\"\n"),
            0,
            &["no_value｜\"land.farmland\""],
        );
    }
}
