//! The rules of the packs as SARIF describes rules: what each asks, its basis and what to do, in both languages.
//!
//! It knows no findings.

use std::collections::BTreeMap;

use serde_json::json;

use super::issue::one_line;
use super::page::{Look, Page};
use super::sarif::{level, message, plain};
use super::sarif_form as form;
use super::sarif_form::Properties;
use super::{Assessment, DISCLAIMER, phrases};
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::wording;
use crate::rules::portfolio::PortfolioRule;
use crate::rules::rule::Rule;

/// The id under which applications that may be one project are listed.
pub(super) const SPLIT: &str = "hegui/split";

/// The number of each rule, by its id.
pub(super) fn numbers<'a>(run: &'a Assessment<'_>) -> BTreeMap<&'a str, usize> {
    let packs = run.engine.packs;
    let ids = packs.rules.iter().map(|rule| rule.id.as_str());
    let ids = ids.chain(packs.portfolio.iter().map(|rule| rule.id.as_str()));
    ids.chain([SPLIT])
        .enumerate()
        .map(|(number, id)| (id, number))
        .collect()
}

/// hegui with the rules of the packs in use and the codes of problems.
pub(super) fn driver<'a>(
    run: &'a Assessment<'_>,
    lang: Lang,
    codes: &[&'static str],
) -> form::Component<'a> {
    let packs = run.engine.packs;
    let rules = packs.rules.iter().map(|r| rule(run, r, lang));
    let totals = packs.portfolio.iter().map(|r| total(run, r, lang));
    let problem = |code: &&'static str| form::Descriptor {
        id: code,
        name: None,
        deprecated_ids: &[],
        short_description: message(lang.pick(
            "读取申报、规则包或设置时发现的问题",
            "A problem in a submission, a pack or the settings.",
        )),
        full_description: Some(message(code)),
        help: None,
        default_configuration: form::Configuration { level: "error" },
        properties: Properties::new(),
    };
    form::Component {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        short_description: message(lang.pick(
            "项目合规性辅助核查",
            "Assisted compliance assessment of projects.",
        )),
        full_description: message(lang.pick(DISCLAIMER.0, DISCLAIMER.1)),
        rules: rules.chain(totals).chain([split(lang)]).collect(),
        notifications: codes.iter().map(problem).collect(),
    }
}

fn rule<'a>(run: &'a Assessment<'_>, rule: &'a Rule, lang: Lang) -> form::Descriptor<'a> {
    let packs = run.engine.packs;
    let kind = rule.kind.label();
    let bases: Vec<Text> = rule.basis.iter().map(|b| phrases::cited(run, b)).collect();
    let basis = Text::joined(&bases, "；", "; ");
    let full = Text::new(
        format!("{}。依据：{}", kind.zh, basis.zh),
        format!("A {}. Basis: {}", kind.en, basis.en),
    );
    let help = |page: &mut Page| {
        let lang = page.look.lang;
        page.heading(3, &format!("{}  {}", rule.title.get(lang), rule.id));
        page.item(0, lang.pick("类别", "kind"), kind.get(lang));
        page.item(0, lang.pick("依据", "basis"), basis.get(lang));
        page.item(0, lang.pick("办法", "to do"), rule.remedy.get(lang));
    };
    form::Descriptor {
        id: &rule.id,
        name: Some(pascal(&rule.id)),
        deprecated_ids: &rule.formerly,
        short_description: message(rule.title.get(lang)),
        full_description: Some(message(full.get(lang))),
        help: Some(both(help, &rule.why)),
        default_configuration: form::Configuration {
            level: level(Decision::of_fail(rule.kind)),
        },
        properties: tags(
            &[
                rule.kind.id(),
                packs.head(rule).map_or("", |head| &head.id),
                rule.id.split('/').next().unwrap_or(""),
            ],
            rule.kind.id(),
        ),
    }
}

fn total<'a>(run: &'a Assessment<'_>, rule: &'a PortfolioRule, lang: Lang) -> form::Descriptor<'a> {
    let packs = run.engine.packs;
    let bases = rule.basis.iter().map(|b| wording::basis(packs, b));
    let basis = Text::joined(&bases.collect::<Vec<_>>(), "；", "; ");
    form::Descriptor {
        id: &rule.id,
        name: Some(pascal(&rule.id)),
        deprecated_ids: &[],
        short_description: message(rule.title.get(lang)),
        full_description: Some(message(&format!(
            "{}{}",
            lang.pick(
                "多个项目合计，不改变单个项目的结论。依据：",
                "Of many projects together; changes no project's decision. Basis: "
            ),
            basis.get(lang)
        ))),
        help: Some(both(
            |page| {
                let lang = page.look.lang;
                page.heading(3, &format!("{}  {}", rule.title.get(lang), rule.id));
                page.item(0, lang.pick("依据", "basis"), basis.get(lang));
                page.item(0, lang.pick("办法", "to do"), rule.remedy.get(lang));
            },
            "",
        )),
        default_configuration: form::Configuration { level: "note" },
        properties: tags(&["portfolio"], "portfolio"),
    }
}

fn split(lang: Lang) -> form::Descriptor<'static> {
    form::Descriptor {
        id: SPLIT,
        name: Some("SplitApplications".to_owned()),
        deprecated_ids: &[],
        short_description: message(
            lang.pick("疑似拆分申报", "Applications that may be one project."),
        ),
        full_description: None,
        help: None,
        default_configuration: form::Configuration { level: "note" },
        properties: Properties::new(),
    }
}

fn tags(tags: &[&str], kind: &str) -> Properties {
    let mut tags: Vec<&str> = tags.iter().copied().filter(|tag| !tag.is_empty()).collect();
    tags.dedup();
    let mut properties = Properties::new();
    properties.insert("tags".to_owned(), json!(tags));
    properties.insert("kind".to_owned(), json!(kind));
    properties
}

/// A help text in Chinese, then in English, then the manual page, plain and as Markdown.
fn both(write: impl Fn(&mut Page), manual: &str) -> form::Message {
    let pages = |page: &dyn Fn(Lang) -> Page| {
        let mut text = String::new();
        for lang in [Lang::Zh, Lang::En] {
            let mut page = page(lang);
            write(&mut page);
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&page.out);
        }
        text
    };
    let mut text = pages(&|lang| {
        Page::new(Look {
            width: 1 << 16,
            ..Look::plain(lang)
        })
    });
    let mut markdown = pages(&Page::markdown);
    if !manual.is_empty() {
        text.push('\n');
        text.push_str(manual.trim());
        let mut page = Page::markdown(Lang::Zh);
        for line in manual.trim().lines().filter(|line| !line.is_empty()) {
            page.line(0, super::page::Tone::Plain, line);
        }
        markdown.push('\n');
        markdown.push_str(&page.out);
    }
    form::Message {
        text: plain(text.trim_end()),
        // Markdown has marked its brackets already.
        markdown: Some(markdown.trim_end().replace('{', "{{").replace('}', "}}")),
    }
}

/// `LandPermanentFarmland` of `land/permanent-farmland`.
fn pascal(id: &str) -> String {
    let words = one_line(id);
    let words = words.split(|c: char| !c.is_alphanumeric());
    let word = |word: &str| {
        let mut characters = word.chars();
        let first = characters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + characters.as_str()
    };
    words.map(word).collect()
}
