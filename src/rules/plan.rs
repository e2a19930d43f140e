//! The plan files of a pack into its outline, clauses, goals and indicators.
//!
//! It does not know rules: that the rules a clause names exist is checked once all rules are read.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::tree::Node;
use crate::model::plan::{Figure, Force, Goal, Indicator, Nature, PlanClause, Section, Sense};
use crate::model::quantity::Measure;
use crate::rules::fields::{read_measure, read_number, redefined};
use crate::rules::pack::Packs;
use crate::rules::reader::{Reader, unknown_word};
use crate::text;

/// Adds the plan files of the pack of a number. The order of files and of entries does not matter.
pub(super) fn read(
    files: &[(&Source, Node)],
    pack: usize,
    loaded: &mut Packs,
    problems: &mut Vec<Problem>,
) {
    let (mut clauses, mut goals, mut indicators) = (Vec::new(), Vec::new(), Vec::new());
    let (mut figures, mut departments) = (Vec::new(), Vec::new());
    for (source, root) in files {
        let mut reader = Reader::new(source, root, problems);
        for node in reader.tables("section", problems) {
            let section = read_section(source, node, problems);
            let known = &loaded.sections;
            if known
                .iter()
                .any(|(p, s)| *p == pack && s.number == section.number)
            {
                problems.push(redefined(section.place, &section.number));
            } else {
                loaded.sections.push((pack, section));
            }
        }
        let mut entries = |key, into: &mut Vec<_>| {
            let found = reader.tables(key, problems);
            into.extend(found.iter().map(|node| (*source, node)));
        };
        entries("clause", &mut clauses);
        entries("goal", &mut goals);
        entries("indicator", &mut indicators);
        entries("figures", &mut figures);
        entries("departments", &mut departments);
        reader.finish(problems);
    }
    for (source, node) in goals {
        let goal = read_goal(source, node, pack, loaded, problems);
        if loaded.goal(&goal.id).is_some() {
            problems.push(redefined(goal.place, &goal.id));
        } else {
            loaded.goals.push(goal);
        }
    }
    for (source, node) in clauses {
        let clause = read_clause(source, node, pack, loaded, problems);
        if loaded.clause(&clause.id).is_some() {
            problems.push(redefined(clause.place, &clause.id));
        } else {
            loaded.clauses.push(clause);
        }
    }
    for (source, node) in indicators {
        let indicator = read_indicator(source, node, pack, loaded, problems);
        if loaded.indicators.iter().any(|i| i.id == indicator.id) {
            problems.push(redefined(indicator.place, &indicator.id));
        } else {
            loaded.indicators.push(indicator);
        }
    }
    for (source, node) in figures {
        add_figures(source, node, loaded, problems);
    }
    for (source, node) in departments {
        name_departments(source, node, loaded, problems);
    }
}

/// `[[figures]]`: milestones, findings and whatever else an office knows of an indicator.
fn add_figures(source: &Source, node: &Node, loaded: &mut Packs, problems: &mut Vec<Problem>) {
    let mut reader = Reader::new(source, node, problems);
    let id = reader.need_text("indicator", problems).unwrap_or_default();
    let place = reader.place_of("indicator");
    let known: Vec<String> = loaded.indicators.iter().map(|i| i.id.clone()).collect();
    let Some(indicator) = loaded.indicators.iter_mut().find(|i| i.id == id) else {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        problems.push(unknown_word(place, id, &known));
        return;
    };
    let measure = indicator.measure.clone();
    for (key, figures) in [
        ("baseline", &mut indicator.baseline),
        ("milestone", &mut indicator.milestone),
        ("target", &mut indicator.target),
        ("actual", &mut indicator.actual),
    ] {
        for node in reader.tables(key, problems) {
            let figure = read_figure(source, node, &measure, problems);
            // What the plan says of a year stands.
            let taken = |other: &Figure| other.year == figure.year && other.value.is_some();
            if figures.iter().any(taken) {
                let year = figure.year.map(|year| year.to_string());
                problems.push(redefined(node.place, &year.unwrap_or_default()));
            } else {
                figures.push(figure);
            }
        }
        figures.sort_by_key(|figure| figure.year);
    }
    reader.finish(problems);
}

/// `[[departments]]`: who leads and who takes part, for a goal that has no one yet.
fn name_departments(source: &Source, node: &Node, loaded: &mut Packs, problems: &mut Vec<Problem>) {
    let mut reader = Reader::new(source, node, problems);
    let id = reader.need_text("goal", problems).unwrap_or_default();
    let place = reader.place_of("goal");
    let (lead, partners) = read_departments(&mut reader, problems);
    reader.finish(problems);
    let known: Vec<String> = loaded.goals.iter().map(|g| g.id.clone()).collect();
    match loaded.goals.iter_mut().find(|goal| goal.id == id) {
        None => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            problems.push(unknown_word(place, id, &known));
        }
        Some(goal) if goal.lead.is_some() || !goal.partners.is_empty() => {
            problems.push(redefined(place, id));
        }
        Some(goal) => (goal.lead, goal.partners) = (lead, partners),
    }
}

fn read_departments(
    reader: &mut Reader<'_>,
    problems: &mut Vec<Problem>,
) -> (Option<Text>, Vec<Text>) {
    let lead = reader.bilingual("lead", problems);
    let partners = reader.tables("partners", problems).iter().map(|node| {
        let part = |lang| node.get(lang).and_then(Node::text).unwrap_or_default();
        Text::new(part("zh"), part("en"))
    });
    ((!lead.is_empty()).then_some(lead), partners.collect())
}

/// Reports rules that a clause names and no pack has.
pub(super) fn check_rules(packs: &Packs, problems: &mut Vec<Problem>) {
    let known: Vec<&str> = packs.rules.iter().map(|r| r.id.as_str()).collect();
    for clause in &packs.clauses {
        for id in &clause.held_by {
            if packs.rule(id).is_none() {
                problems.push(unknown_word(clause.place, id, &known));
            }
        }
    }
}

fn read_section(source: &Source, node: &Node, problems: &mut Vec<Problem>) -> Section {
    let mut reader = Reader::new(source, node, problems);
    let hard = reader.choice(
        "force",
        |f| (f == "hard").then_some(true),
        &["hard"],
        problems,
    );
    let not_assessed = reader.bilingual("not_assessed", problems);
    let section = Section {
        number: reader
            .need_text("number", problems)
            .unwrap_or_default()
            .to_owned(),
        title: reader.need_bilingual("title", problems),
        hard: hard.unwrap_or(false),
        not_assessed: (!not_assessed.is_empty()).then_some(not_assessed),
        place: reader.place_of("number"),
    };
    reader.finish(problems);
    section
}

/// The section that an entry of the plan names, checked against the outline.
fn section_of(
    reader: &mut Reader<'_>,
    pack: usize,
    loaded: &Packs,
    problems: &mut Vec<Problem>,
) -> String {
    let number = reader.need_text("section", problems).unwrap_or_default();
    let known: Vec<&str> = loaded
        .sections
        .iter()
        .filter(|(p, _)| *p == pack)
        .map(|(_, s)| s.number.as_str())
        .collect();
    if !known.contains(&number) {
        problems.push(unknown_word(reader.place_of("section"), number, &known));
    }
    number.to_owned()
}

fn id_of(reader: &mut Reader<'_>, problems: &mut Vec<Problem>) -> (String, Place) {
    let id = reader.need_text("id", problems).unwrap_or_default();
    (id.to_owned(), reader.place_of("id"))
}

fn read_goal(
    source: &Source,
    node: &Node,
    pack: usize,
    loaded: &Packs,
    problems: &mut Vec<Problem>,
) -> Goal {
    let mut reader = Reader::new(source, node, problems);
    let (id, place) = id_of(&mut reader, problems);
    let (lead, partners) = read_departments(&mut reader, problems);
    let goal = Goal {
        pack,
        id,
        lead,
        partners,
        section: section_of(&mut reader, pack, loaded, problems),
        title: reader.need_bilingual("title", problems),
        place,
    };
    reader.finish(problems);
    goal
}

fn read_clause(
    source: &Source,
    node: &Node,
    pack: usize,
    loaded: &Packs,
    problems: &mut Vec<Problem>,
) -> PlanClause {
    let mut reader = Reader::new(source, node, problems);
    let (id, place) = id_of(&mut reader, problems);
    reader.need_text("force", problems);
    let force = reader.choice(
        "force",
        |f| Force::ALL.into_iter().find(|force| force.id() == f),
        &Force::ALL.map(Force::id),
        problems,
    );
    let not_checkable = reader.bilingual("not_checkable", problems);
    let clause = PlanClause {
        pack,
        id,
        section: section_of(&mut reader, pack, loaded, problems),
        title: reader.need_bilingual("title", problems),
        force: force.unwrap_or(Force::Soft),
        held_by: reader.texts("held_by", problems),
        not_checkable: (!not_checkable.is_empty()).then_some(not_checkable),
        place,
    };
    reader.finish(problems);
    clause
}

fn read_indicator(
    source: &Source,
    node: &Node,
    pack: usize,
    loaded: &Packs,
    problems: &mut Vec<Problem>,
) -> Indicator {
    let mut reader = Reader::new(source, node, problems);
    let (id, place) = id_of(&mut reader, problems);
    let goal = reader.text("goal", problems).map(str::to_owned);
    if let Some(goal) = goal.as_ref().filter(|goal| loaded.goal(goal).is_none()) {
        let known: Vec<&str> = loaded.goals.iter().map(|g| g.id.as_str()).collect();
        problems.push(unknown_word(reader.place_of("goal"), goal, &known));
    }
    let measure = read_measure(&mut reader, problems);
    let nature = reader.choice(
        "nature",
        |n| Nature::ALL.into_iter().find(|nature| nature.id() == n),
        &Nature::ALL.map(Nature::id),
        problems,
    );
    let mut figures = |key, reader: &mut Reader<'_>| {
        let nodes = reader.tables(key, problems);
        nodes
            .iter()
            .map(|node| read_figure(source, node, &measure, problems))
            .collect()
    };
    let [baseline, target, milestone, actual] =
        ["baseline", "target", "milestone", "actual"].map(|key| figures(key, &mut reader));
    let indicator = Indicator {
        pack,
        id,
        section: section_of(&mut reader, pack, loaded, problems),
        goal,
        title: reader.need_bilingual("title", problems),
        nature: nature.unwrap_or(Nature::Unstated),
        baseline,
        target,
        milestone,
        actual,
        note: reader.bilingual("note", problems),
        measure,
        place,
    };
    reader.finish(problems);
    indicator
}

fn read_figure(
    source: &Source,
    node: &Node,
    measure: &Measure,
    problems: &mut Vec<Problem>,
) -> Figure {
    let mut reader = Reader::new(source, node, problems);
    let written = reader.written("year", problems);
    let year = written.and_then(|year| year.parse().ok());
    if written.is_some() && year.is_none() {
        Reader::wrong(
            problems,
            reader.place_of("year"),
            text!(
                "`year` 应当是年份，例如 2025",
                "`year` should be a year such as 2025"
            ),
        );
    }
    let sense = reader.choice(
        "sense",
        |s| Sense::ALL.into_iter().find(|sense| sense.id() == s),
        &Sense::ALL.map(Sense::id),
        problems,
    );
    let figure = Figure {
        year,
        value: read_number(&mut reader, "value", measure, problems),
        sense: sense.unwrap_or(Sense::AtLeast),
        note: reader.bilingual("note", problems),
    };
    reader.finish(problems);
    figure
}
