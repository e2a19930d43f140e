//! The manual of the packs in use: every rule with its reading, and every figure, table, instrument and goal.
//!
//! It is made of the same pages as a single explanation, so that neither can drift.

use super::{data, rule};
use crate::base::date::Date;
use crate::base::source::{Place, Sources};
use crate::report::page::Page;
use crate::rules::pack::Packs;

/// Writes the manual, pack by pack.
pub(super) fn write(page: &mut Page, packs: &Packs, sources: &Sources, as_of: Option<Date>) {
    let lang = page.look.lang;
    for (number, head) in packs.heads.iter().enumerate() {
        if number > 0 {
            page.rule('═');
        }
        page.heading(1, head.title.get(lang));
        let version = format!("{} {}", head.id, head.version);
        data::item(page, "规则包", "pack", &version);
        data::item(page, "责任方", "authority", head.authority.get(lang));
        data::item(page, "摘要", "hash", &head.hash);
        if let Some(period) = head.period {
            data::item(page, "规划期", "period", period.words().get(lang));
        }
        data::item(page, "期满", "after it", head.period_notice.get(lang));
        rules(page, packs, sources, number, as_of);
        let source = |place: Place| match place {
            Place::Span(id, _) | Place::Cell(id, _) => {
                sources.get(id).map(|source| source.name.as_str())
            }
            Place::Nowhere => None,
        };
        let folder = source(head.place).and_then(|name| name.strip_suffix("pack.toml"));
        let own = |place| {
            let name = source(place).zip(folder);
            name.is_some_and(|(name, folder)| name.starts_with(folder))
        };
        figures(page, packs, sources, &own);
    }
}

fn rules(page: &mut Page, packs: &Packs, sources: &Sources, pack: usize, as_of: Option<Date>) {
    let mut topic = "";
    for one in packs.rules.iter().filter(|rule| rule.pack == pack) {
        let its = one.id.split_once('/').map_or("", |(topic, _)| topic);
        if its != topic {
            topic = its;
            page.blank();
            let words = page.pick("规则", "Rules").to_owned();
            page.heading(2, &format!("{words} {topic}/"));
        }
        page.blank();
        rule::write(page, packs, sources, one, as_of);
    }
    let mut totals = packs
        .portfolio
        .iter()
        .filter(|rule| rule.pack == pack)
        .peekable();
    if totals.peek().is_some() {
        page.blank();
        let words = page.pick("总量规则", "Rules over many projects").to_owned();
        page.heading(2, &words);
    }
    for one in totals {
        page.blank();
        rule::portfolio(page, packs, sources, one, as_of);
    }
}

fn figures(page: &mut Page, packs: &Packs, sources: &Sources, own: &dyn Fn(Place) -> bool) {
    let library = &packs.library;
    let chapter = |page: &mut Page, zh: &str, en: &str| {
        page.blank();
        let words = page.pick(zh, en).to_owned();
        page.heading(2, &words);
    };
    chapter(page, "参数", "Parameters");
    for (number, one) in (0_u16..).zip(&library.parameters) {
        if own(one.place) {
            page.blank();
            data::parameter(page, packs, sources, number, one);
        }
    }
    chapter(page, "名录和决策表", "Tables");
    for (number, one) in (0_u16..).zip(&library.tables) {
        if own(one.place) {
            page.blank();
            data::table(page, packs, sources, number, one);
        }
    }
    chapter(page, "法规文件", "Instruments");
    for (number, one) in (0_u16..).zip(&library.instruments) {
        if own(one.place) {
            page.blank();
            data::instrument(page, packs, sources, number, one);
        }
    }
    if packs.goals.iter().any(|goal| own(goal.place)) {
        chapter(page, "目标", "Goals");
        for goal in packs.goals.iter().filter(|goal| own(goal.place)) {
            page.blank();
            data::goal(page, packs, goal);
        }
    }
}
