//! `hegui list`: what the packs in use hold, as aligned columns or JSON.
//!
//! It shows one line for each; `hegui explain` shows the rest.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::explain::kind_of_field;
use super::{BROKEN, OK, packs};
use crate::base::problem::any_error;
use crate::base::source::Sources;
use crate::base::text::Text;
use crate::judge::wording;
use crate::model::instrument::Level;
use crate::model::stage::Stage;
use crate::report::listing::{self, Line};
use crate::report::page::Page;
use crate::rules::pack::Packs;
use crate::rules::portfolio::PortfolioRule;
use crate::rules::rule::{Basis, Cited, Rule};
use crate::rules::trust;
use crate::text;

/// What can be listed.
pub(super) const TOPICS: [&str; 6] = [
    "rules",
    "fields",
    "parameters",
    "tables",
    "instruments",
    "goals",
];

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct List {
    /// One of [`TOPICS`].
    pub topic: String,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
    /// True for JSON.
    pub json: bool,
}

/// Runs the command.
pub(super) fn run(list: &List, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let mut chosen = packs::choose(&list.rules, config);
    let (packs, problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let lines = lines(&packs, &list.topic);
    if list.json {
        console.report(|out| listing::json(lines, out));
        return OK;
    }
    let mut page = Page::new(console.look);
    // A rule has more to say than fits beside its title.
    if list.topic == "rules" {
        listing::entries(&mut page, lines);
    } else {
        listing::text(&mut page, lines);
    }
    console.print(&page.out);
    OK
}

/// What a reviewer asks of a rule before reading it: its kind, what carries it, when, how sure.
fn rule_columns(packs: &Packs, rule: &Rule) -> Vec<(Text, &'static str)> {
    let mut carrying: Vec<&Basis> = rule.basis.iter().filter(|b| b.carries).collect();
    // The latest comes first: it is the one that is asked about.
    carrying.reverse();
    let level = carrying.first().map(|basis| match basis.cited {
        Cited::Instrument(number) => packs
            .library
            .instruments
            .get(usize::from(number))
            .map_or_else(Text::default, |i| i.level.label()),
        Cited::Section(_) => Level::Plan.label(),
    });
    let joined = |texts: Vec<Text>, zh: &str, en: &str| {
        let (mut chinese, mut english) = (Vec::new(), Vec::new());
        for text in texts {
            chinese.push(text.zh);
            english.push(text.en);
        }
        Text::new(chinese.join(zh), english.join(en))
    };
    let bases = carrying.iter().map(|b| wording::basis(packs, b)).collect();
    let mut stages: Vec<Stage> = rule.due.iter().map(|line| line.stage).collect();
    stages.dedup();
    let due = if stages.is_empty() {
        text!("不限环节", "any stage")
    } else {
        joined(stages.into_iter().map(Stage::label).collect(), "、", ", ")
    };
    let in_force = carrying
        .iter()
        .filter_map(|b| match b.cited {
            Cited::Instrument(number) => packs.library.instruments.get(usize::from(number)),
            Cited::Section(_) => None,
        })
        .map(|i| i.period)
        .chain([rule.valid]);
    let mut days: Vec<Text> = in_force
        .filter_map(|period| match (period.from, period.to) {
            (None, None) => None,
            (Some(from), None) => Some(text!("{from} 起", "from {from}")),
            (None, Some(to)) => Some(text!("至 {to}", "until {to}")),
            (Some(from), Some(to)) => Some(text!("{from} 至 {to}", "{from} to {to}")),
        })
        .collect();
    days.dedup();
    vec![
        (rule.kind.label(), "kind"),
        (level.unwrap_or_default(), "level"),
        (joined(bases, "；", "; "), "basis"),
        (due, "due"),
        (joined(days, "；", "; "), "in_force"),
        (trust::confidence(packs, rule).label(), "confidence"),
        (Text::same(packs.head(rule).map_or("", |h| &h.id)), "pack"),
    ]
}

fn portfolio_columns(packs: &Packs, rule: &PortfolioRule) -> Vec<(Text, &'static str)> {
    let bases: Vec<Text> = rule
        .basis
        .iter()
        .map(|b| wording::basis(packs, b))
        .collect();
    let join = |of: fn(&Text) -> &str, mark: &str| {
        let all: Vec<&str> = bases.iter().map(of).collect();
        all.join(mark)
    };
    let pack = packs.heads.get(rule.pack).map_or("", |head| &head.id);
    vec![
        (text!("总量规则", "over many projects"), "kind"),
        (
            Text::new(join(|t| &t.zh, "；"), join(|t| &t.en, "; ")),
            "basis",
        ),
        (Text::same(pack), "pack"),
    ]
}

fn lines(packs: &Packs, topic: &str) -> Vec<Line> {
    let library = &packs.library;
    match topic {
        "rules" => {
            let rules = packs.rules.iter().map(|rule| Line {
                id: rule.id.clone(),
                title: rule.title.clone(),
                more: rule_columns(packs, rule),
            });
            rules
                .chain(packs.portfolio.iter().map(|rule| Line {
                    id: rule.id.clone(),
                    title: rule.title.clone(),
                    more: portfolio_columns(packs, rule),
                }))
                .collect()
        }
        "fields" => library
            .vocabulary
            .fields()
            .iter()
            .map(|field| Line {
                id: field.path.clone(),
                title: field.label.clone(),
                more: vec![
                    (kind_of_field(packs, field), "type"),
                    (field.provider.name(), "provider"),
                ],
            })
            .collect(),
        "parameters" => library
            .parameters
            .iter()
            .map(|parameter| Line {
                id: parameter.id.clone(),
                title: parameter.label.clone(),
                more: vec![
                    (
                        Text::new(
                            parameter.measure.name(crate::base::text::Lang::Zh),
                            parameter.measure.name(crate::base::text::Lang::En),
                        ),
                        "unit",
                    ),
                    (Text::same(parameter.versions.len().to_string()), "versions"),
                ],
            })
            .collect(),
        "tables" => library
            .tables
            .iter()
            .map(|table| Line {
                id: table.id.clone(),
                title: table.title.clone(),
                more: vec![(Text::same(table.rows.len().to_string()), "rows")],
            })
            .collect(),
        "instruments" => library
            .instruments
            .iter()
            .map(|instrument| Line {
                id: instrument.id.clone(),
                title: instrument.title.clone(),
                more: vec![
                    (instrument.level.label(), "level"),
                    (instrument.confidence.label(), "confidence"),
                ],
            })
            .collect(),
        _ => packs
            .goals
            .iter()
            .map(|goal| Line {
                id: goal.id.clone(),
                title: goal.title.clone(),
                more: vec![(Text::same(goal.section.clone()), "section")],
            })
            .collect(),
    }
}
