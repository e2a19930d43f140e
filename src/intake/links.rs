//! What a project is linked to: the goals it claims to serve and the projects it depends on.
//!
//! An id that is not known is a problem and is kept, so that nothing written is lost.
//! It does not know which other projects were read.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::{Datum, Node};
use crate::intake::known::shown;
use crate::intake::reader::Reader;
use crate::intake::record_keys::Fixed;
use crate::intake::spelling;
use crate::intake::value;
use crate::model::plan::Indicator;
use crate::model::project::{Dependency, Project, Support};
use crate::model::value::Interval;
use crate::text;

/// Reads the goals: ids, or tables with an indicator, a contribution and evidence.
pub(super) fn supports(reader: &mut Reader<'_>, node: &Node, project: &mut Project) {
    let Datum::List(items) = &node.datum else {
        return reader.problems.push(not_goals(node.place));
    };
    for item in items {
        let support = match &item.datum {
            Datum::Text(text) => Some(Support {
                goal: goal(reader, text, item.place),
                indicator: None,
                contribution: None,
                evidence: None,
                place: item.place,
            }),
            Datum::Table(_) => detailed(reader, item),
            _ => {
                reader.problems.push(not_goals(item.place));
                None
            }
        };
        project.supports.extend(support);
    }
}

/// Reads the ids of projects.
pub(super) fn depends_on(reader: &mut Reader<'_>, node: &Node, project: &mut Project) {
    let Datum::List(items) = &node.datum else {
        return reader.problems.push(not_projects(node.place));
    };
    for item in items {
        match &item.datum {
            Datum::Text(text) | Datum::Number(text) if !text.trim().is_empty() => {
                match value::control_character(text, item.place) {
                    None => project.depends_on.push(Dependency {
                        project: folded(text).into_owned(),
                        place: item.place,
                    }),
                    Some(problem) => reader.problems.push(*problem),
                }
            }
            _ => reader.problems.push(not_projects(item.place)),
        }
    }
}

fn wrong_type(place: Place, message: Text, help: Text) -> Problem {
    Problem::error("hegui::intake::wrong_type", place, message).help(help)
}

fn not_goals(place: Place) -> Problem {
    wrong_type(
        place,
        text!(
            "支撑目标应填目标编号的列表",
            "`supports` is a list of goal ids"
        ),
        text!(
            "请写成目标编号的列表，例如 [\"G4.1-1\"]；需要时每项写 {{ goal, indicator, contribution, evidence }}",
            "write a list of goal ids such as [\"G4.1-1\"], or {{ goal, indicator, contribution, evidence }} for each"
        ),
    )
}

fn not_projects(place: Place) -> Problem {
    wrong_type(
        place,
        text!(
            "依赖项目应填项目编号的列表",
            "`depends_on` is a list of project ids"
        ),
        text!(
            "请写成项目编号的列表，例如 [\"heat-source\"]",
            "write a list of project ids such as [\"heat-source\"]"
        ),
    )
}

/// A goal's id; the plan may not have it.
fn goal(reader: &mut Reader<'_>, written: &str, place: Place) -> String {
    let id = folded(written);
    let goals = reader.expected.goals;
    if !goals.iter().any(|goal| *goal == id) {
        let written = shown(written);
        let near = nearest(&id, goals.iter().map(String::as_str));
        let help = near.map(|near| text!("是否为 `{near}`？", "did you mean `{near}`?"));
        let message = text!(
            "规划中没有目标 `{written}`",
            "the plan has no goal `{written}`"
        );
        reader
            .problems
            .push(Problem::error("hegui::intake::unknown_goal", place, message).maybe_help(help));
    }
    id.into_owned()
}

/// A link with its indicator, contribution and evidence. What cannot be read of it is reported and left open.
fn detailed(reader: &mut Reader<'_>, table: &Node) -> Option<Support> {
    let mut problems = Vec::new();
    let fixed = Fixed::read(table, spelling::LINK, &mut problems);
    let written = fixed.text("goal", &mut problems);
    let word = |key: &'static str, problems: &mut Vec<Problem>| {
        fixed.get(key)?;
        fixed.text(key, problems)
    };
    let indicator = word("indicator", &mut problems);
    let evidence = word("evidence", &mut problems);
    reader.problems.append(&mut problems);
    let place_of = |key| fixed.get(key).map_or(table.place, |node| node.place);
    let goal = goal(reader, &written?, place_of("goal"));
    let measured = indicator
        .as_deref()
        .and_then(|id| known_indicator(reader, id, &goal, place_of("indicator")));
    let contribution = fixed
        .get("contribution")
        .and_then(|node| contribution(reader, node, measured, indicator.is_some()));
    Some(Support {
        goal,
        indicator: indicator.map(|id| folded(&id).into_owned()),
        contribution,
        evidence,
        place: place_of("goal"),
    })
}

/// The indicator of an id, if the plan has it.
fn known_indicator<'a>(
    reader: &mut Reader<'a>,
    written: &str,
    goal: &str,
    place: Place,
) -> Option<&'a Indicator> {
    let id = folded(written);
    let indicators = reader.expected.indicators;
    let Some(found) = indicators.iter().find(|indicator| indicator.id == id) else {
        let written = shown(written);
        let own = indicators
            .iter()
            .filter(|i| i.goal.as_deref() == Some(goal));
        let own: Vec<&str> = own.map(|i| i.id.as_str()).collect();
        let help = match nearest(&id, indicators.iter().map(|i| i.id.as_str())) {
            Some(near) => Some(text!("是否为 `{near}`？", "did you mean `{near}`?")),
            None if own.is_empty() => None,
            None => Some(Text::new(
                format!("该目标的指标：{}", own.join("、")),
                format!("indicators of this goal: {}", own.join(", ")),
            )),
        };
        let message = text!(
            "规划中没有指标 `{written}`",
            "the plan has no indicator `{written}`"
        );
        reader.problems.push(
            Problem::error("hegui::intake::unknown_indicator", place, message).maybe_help(help),
        );
        return None;
    };
    if let Some(other) = found.goal.as_deref().filter(|other| *other != goal) {
        let id = &found.id;
        let message = text!(
            "指标 `{id}` 衡量的是目标 `{other}`，与所填目标不符",
            "the indicator `{id}` measures the goal `{other}`, not the one named here"
        );
        let help = text!(
            "请更正目标或指标；该项贡献不计入汇总",
            "correct the goal or the indicator; the contribution is left out of sums"
        );
        reader.problems.push(
            Problem::warning("hegui::intake::indicator_of_another_goal", place, message).help(help),
        );
    }
    Some(found)
}

fn contribution(
    reader: &mut Reader<'_>,
    node: &Node,
    indicator: Option<&Indicator>,
    named: bool,
) -> Option<Interval> {
    if matches!(node.datum, Datum::Unread) {
        return None;
    }
    let Some(indicator) = indicator else {
        // An indicator that is not known has its own problem.
        if !named {
            let message = text!(
                "贡献未注明对应的指标，无法确定单位",
                "the contribution names no indicator, so its unit is not known"
            );
            let help = text!(
                "请补填 indicator = \"…\"",
                "add indicator = \"…\" beside it"
            );
            reader.problems.push(
                Problem::error("hegui::intake::no_indicator", node.place, message).help(help),
            );
        }
        return None;
    };
    let read = value::measured(&indicator.measure, node).unwrap_or_else(|| {
        let message = text!("贡献应填数字，可带单位", "`contribution` is a quantity");
        let help = text!(
            "例如 contribution = \"12 公顷\" 或 \"10–12 公顷\"",
            "such as contribution = \"12 公顷\" or \"10–12 公顷\""
        );
        Err(Box::new(wrong_type(node.place, message, help)))
    });
    match read {
        Ok(value) => Some(value),
        Err(problem) => {
            reader.problems.push(problem.note(indicator.title.clone()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::base::text::Lang;
    use crate::intake::Format;
    use crate::intake::fixture::{Read, check, json, read};
    use crate::model::quantity::Measure;
    use crate::model::unit;

    /// Each link in short: goal, indicator, contribution in MW, evidence.
    fn links(read: &Read) -> Vec<String> {
        let measure = Measure {
            unit: unit::parse("MW").unwrap(),
            per: None,
        };
        let project = &read.projects[0];
        let one = |s: &crate::model::project::Support| {
            let amount = s.contribution.as_ref();
            let amount = amount.map(|c| measure.show_interval(c, Lang::Zh));
            let parts = [s.indicator.clone(), amount, s.evidence.clone()];
            let rest = parts.map(|part| part.unwrap_or_else(|| "-".to_owned()));
            format!("{} {}", s.goal, rest.join(" "))
        };
        let depends = project.depends_on.iter().map(|d| format!("→{}", d.project));
        project.supports.iter().map(one).chain(depends).collect()
    }

    #[test]
    fn an_unknown_goal_gets_the_nearest_and_is_kept() {
        let read = check(
            "supports = [\"G4.1-2\", \"G4.1-1\", 3]",
            &["unknown_goal｜\"G4.1-2\"", "wrong_type｜3"],
        );
        assert_eq!(
            read.problems[0].help.as_ref().unwrap().zh,
            "是否为 `G4.1-1`？"
        );
        assert_eq!(links(&read), ["G4.1-2 - - -", "G4.1-1 - - -"]);
    }

    #[test]
    fn a_link_holds_indicator_contribution_and_evidence_in_every_format() {
        let wanted = [
            "G10.2-3 - - -",
            "G4.1-1 B1-7 12–15 MW 可研第3章",
            "→b",
            "→丙",
        ];
        let toml = check(
            "supports = [\"G10.2-3\", { goal = \"G4.1-1\", indicator = \"B1-7\", contribution = \"12–15 MW\", evidence = \"可研第3章\" }]\ndepends_on = [\"b\", \" 丙 \"]",
            &[],
        );
        let chinese = json(
            "\"支撑目标\": [\"G10.2-3\", {\"目标\": \"Ｇ4.1-1\", \"指标\": \"B1-7\", \"贡献\": \"12000–15000 kW\", \"佐证\": \"可研第3章\"}], \"依赖项目\": [\"b\", \"丙\"]",
        );
        assert_eq!((chinese.found(), links(&chinese)), (vec![], links(&toml)));
        assert_eq!(links(&toml), wanted);
        let line = "{\"submitted\": \"2024-06-01\", \"stage\": \"filing\", \"supports\": [{\"goal\": \"G4.1-1\", \"indicator\": \"B1-7\", \"contribution\": 3}], \"depends_on\": []}";
        let lines = read(&format!("{line}\n{line}"), Format::Ndjson);
        assert_eq!(lines.found(), [""; 0]);
        assert_eq!(links(&lines), ["G4.1-1 B1-7 3 MW -"]);
    }

    #[test]
    fn mistakes_in_a_link_are_told_and_the_rest_of_it_stands() {
        for (link, problems, kept) in [
            (
                "{ goal = \"G4.1-1\", indicator = \"B1-9\", contribution = 3 }",
                &["unknown_indicator｜\"B1-9\""][..],
                "G4.1-1 B1-9 - -",
            ),
            (
                "{ goal = \"G4.1-1\", contribution = 3, evidence = \"图\" }",
                &["no_indicator｜3"],
                "G4.1-1 - - 图",
            ),
            (
                "{ goal = \"G4.1-1\", indicator = \"B1-7\", contribution = \"3 亩\" }",
                &["quantity｜\"3 亩\""],
                "G4.1-1 B1-7 - -",
            ),
            (
                "{ goal = \"G10.2-3\", indicator = \"B1-7\", contribution = \"3 MW\", weight = 1 }",
                &["indicator_of_another_goal｜\"B1-7\"", "unknown_key｜weight"],
                "G10.2-3 B1-7 3 MW -",
            ),
            (
                "{ goal = \"G4.1-1\", indicator = \"B1-7\", contribution = true }",
                &["wrong_type｜true"],
                "G4.1-1 B1-7 - -",
            ),
        ] {
            let read = check(&format!("supports = [{link}]"), problems);
            assert_eq!(links(&read), [kept], "{link}");
        }
        assert!(
            links(&check(
                "supports = [{ evidence = \"图\" }]",
                &["missing_key｜{ evidence = \"图\" }"]
            ))
            .is_empty()
        );
        check("supports = \"G4.1-1\"", &["wrong_type｜\"G4.1-1\""]);
        check("depends_on = \"a\"", &["wrong_type｜\"a\""]);
        check("depends_on = [[]]", &["wrong_type｜[]"]);
    }
}
