//! `hegui explain`: everything a reader needs about a rule, field, parameter, instrument, table, goal or group.
//!
//! A name may be an id, a path or a Chinese label; it may name several things, and then all are shown.

mod data;
mod manual;
mod rule;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::usage::wrong;
use super::{BROKEN, OK, packs};
use crate::base::date::Date;
use crate::base::problem::{any_error, sorted};
use crate::base::source::Sources;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::report::page::Page;
use crate::rules::pack::Packs;
use crate::text;

/// What a field holds, in both languages.
pub(super) fn kind_of_field(packs: &Packs, field: &crate::model::field::Field) -> Text {
    use crate::base::text::Lang;
    Text::new(
        data::kind(packs, field, Lang::Zh),
        data::kind(packs, field, Lang::En),
    )
}

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Explain {
    /// What is asked about.
    pub names: Vec<String>,
    /// True for everything: the manual of the packs.
    pub all: bool,
    /// True for a Markdown document.
    pub markdown: bool,
    /// The day whose figures stand in conditions.
    pub as_of: Option<Date>,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
}

/// Names shown for a part of a name, at most.
const SUGGESTIONS: usize = 12;

/// Runs the command.
pub(super) fn run(
    explain: &Explain,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let mut chosen = packs::choose(&explain.rules, config);
    let (packs, problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let mut page = if explain.markdown {
        Page::markdown(console.look.lang)
    } else {
        Page::new(console.look)
    };
    if explain.all {
        manual::write(&mut page, &packs, &sources, explain.as_of);
    }
    let mut unknown = Vec::new();
    for name in &explain.names {
        if !page.out.is_empty() {
            page.rule('─');
        }
        if one(&mut page, &packs, &sources, name, explain.as_of) {
            continue;
        }
        let holding: BTreeSet<&str> = names(&packs)
            .filter(|known| name.chars().count() > 1 && known.contains(name.as_str()))
            .collect();
        if let (Some(only), 1) = (holding.first(), holding.len()) {
            one(&mut page, &packs, &sources, only, explain.as_of);
        } else if !holding.is_empty() {
            let all: Vec<&str> = holding.into_iter().take(SUGGESTIONS).collect();
            let (zh, en) = (all.join("、"), all.join(", "));
            unknown.push(wrong(
                text!("`{name}` 不止对应一项", "`{name}` is part of several names"),
                Some(text!("含有它的有：{zh}", "those that hold it: {en}")),
            ));
        } else {
            let near = nearest(name, names(&packs));
            let help = near.map_or_else(
                || {
                    text!(
                        "可查：hegui list rules、fields、parameters、tables、instruments、goals",
                        "see hegui list rules, fields, parameters, tables, instruments, goals"
                    )
                },
                |near| text!("是不是想查 `{near}`？", "did you mean `{near}`?"),
            );
            unknown.push(wrong(
                text!(
                    "没有规则、字段、参数、名录、法规文件或目标叫 `{name}`",
                    "no rule, field, parameter, table, instrument or goal is called `{name}`"
                ),
                Some(help),
            ));
        }
    }
    console.print(&page.out);
    console.problems(&sorted(unknown.clone()), &sources);
    if unknown.is_empty() { OK } else { BROKEN }
}

/// True if one of the words is the name asked for.
fn is(name: &str, words: &[&str]) -> bool {
    let name = folded(name);
    words.iter().any(|word| {
        !word.is_empty()
            && (*word == name || folded(word) == name || word.eq_ignore_ascii_case(&name))
    })
}

fn titled(text: &Text) -> [&str; 2] {
    [&text.zh, &text.en]
}

/// Explains everything of a name; false if there is nothing.
fn one(page: &mut Page, packs: &Packs, sources: &Sources, name: &str, as_of: Option<Date>) -> bool {
    let library = &packs.library;
    let before = page.out.len();
    let gap = |page: &mut Page| {
        if page.out.len() > before {
            page.blank();
        }
    };
    for rule in &packs.rules {
        let formerly = rule.formerly.iter().any(|f| f == name);
        if formerly || is(name, &[rule.id.as_str()]) || is(name, &titled(&rule.title)) {
            gap(page);
            rule::write(page, packs, sources, rule, as_of);
        }
    }
    for rule in &packs.portfolio {
        if is(name, &[rule.id.as_str()]) || is(name, &titled(&rule.title)) {
            gap(page);
            rule::portfolio(page, packs, sources, rule, as_of);
        }
    }
    for field in library.vocabulary.fields() {
        let alias = field.aliases.iter().any(|a| is(name, &[a.as_str()]));
        if alias || is(name, &[field.path.as_str()]) || is(name, &titled(&field.label)) {
            gap(page);
            data::field(page, packs, sources, field);
        }
    }
    for group in library.vocabulary.groups() {
        if is(name, &[group.path.as_str()]) || is(name, &titled(&group.label)) {
            gap(page);
            data::group(page, packs, group);
        }
    }
    let bare = name.strip_prefix("param.").unwrap_or(name);
    for (number, parameter) in (0_u16..).zip(&library.parameters) {
        if is(bare, &[parameter.id.as_str()]) || is(name, &titled(&parameter.label)) {
            gap(page);
            data::parameter(page, packs, sources, number, parameter);
        }
    }
    for (number, instrument) in (0_u16..).zip(&library.instruments) {
        let title = instrument.title.zh.trim_matches(['《', '》']);
        if is(
            name,
            &[instrument.id.as_str(), instrument.number.as_str(), title],
        ) || is(name, &titled(&instrument.title))
        {
            gap(page);
            data::instrument(page, packs, sources, number, instrument);
        }
    }
    for (number, table) in (0_u16..).zip(&library.tables) {
        if is(name, &[table.id.as_str()]) || is(name, &titled(&table.title)) {
            gap(page);
            data::table(page, packs, sources, number, table);
        }
    }
    for goal in &packs.goals {
        if is(name, &[goal.id.as_str()]) || is(name, &titled(&goal.title)) {
            gap(page);
            data::goal(page, packs, goal);
        }
    }
    page.out.len() > before
}

/// All names, for did-you-mean.
fn names(packs: &Packs) -> impl Iterator<Item = &str> {
    let library = &packs.library;
    let rules = packs
        .rules
        .iter()
        .flat_map(|r| [r.id.as_str(), r.title.zh.as_str()]);
    let portfolio = packs
        .portfolio
        .iter()
        .flat_map(|r| [r.id.as_str(), r.title.zh.as_str()]);
    let fields = library
        .vocabulary
        .fields()
        .iter()
        .flat_map(|f| [f.path.as_str(), f.label.zh.as_str()]);
    let parameters = library
        .parameters
        .iter()
        .flat_map(|p| [p.id.as_str(), p.label.zh.as_str()]);
    let tables = library
        .tables
        .iter()
        .flat_map(|t| [t.id.as_str(), t.title.zh.as_str()]);
    let instruments = library
        .instruments
        .iter()
        .flat_map(|i| [i.id.as_str(), i.title.zh.as_str()]);
    let goals = packs.goals.iter().map(|g| g.id.as_str());
    rules
        .chain(portfolio)
        .chain(fields)
        .chain(parameters)
        .chain(tables)
        .chain(instruments)
        .chain(goals)
}
