//! `plan.toml` into sections and goals.

use crate::base::problem::Problem;
use crate::base::source::Source;
use crate::base::tree::Node;
use crate::model::plan::{Goal, Section};
use crate::rules::fields::redefined;
use crate::rules::reader::{Reader, unknown_word};

/// Adds a `plan.toml` of the pack of a number.
pub(super) fn read(
    source: &Source,
    root: &Node,
    pack: usize,
    sections: &mut Vec<(usize, Section)>,
    goals: &mut Vec<Goal>,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, root, problems);
    for node in reader.tables("section", problems) {
        let mut reader = Reader::new(source, node, problems);
        let section = Section {
            number: reader
                .need_text("number", problems)
                .unwrap_or_default()
                .to_owned(),
            title: reader.need_bilingual("title", problems),
            hard: reader
                .choice(
                    "force",
                    |f| (f == "hard").then_some(true),
                    &["hard"],
                    problems,
                )
                .unwrap_or(false),
            place: reader.place_of("number"),
        };
        reader.finish(problems);
        if sections
            .iter()
            .any(|(p, s)| *p == pack && s.number == section.number)
        {
            problems.push(redefined(section.place, &section.number));
        } else {
            sections.push((pack, section));
        }
    }
    for node in reader.tables("goal", problems) {
        let mut reader = Reader::new(source, node, problems);
        let goal = Goal {
            id: reader
                .need_text("id", problems)
                .unwrap_or_default()
                .to_owned(),
            section: reader
                .need_text("section", problems)
                .unwrap_or_default()
                .to_owned(),
            title: reader.need_bilingual("title", problems),
            place: reader.place_of("id"),
        };
        if !sections
            .iter()
            .any(|(p, s)| *p == pack && s.number == goal.section)
        {
            let known: Vec<&str> = sections
                .iter()
                .filter(|(p, _)| *p == pack)
                .map(|(_, s)| s.number.as_str())
                .collect();
            problems.push(unknown_word(
                reader.place_of("section"),
                &goal.section,
                &known,
            ));
        }
        reader.finish(problems);
        if goals.iter().any(|g| g.id == goal.id) {
            problems.push(redefined(goal.place, &goal.id));
        } else {
            goals.push(goal);
        }
    }
    reader.finish(problems);
}
