//! `hegui test`: runs every case of every rule, and shows those that come out otherwise.
//!
//! It does not know what a verdict is: judging runs the cases.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::{BROKEN, FAILED, OK, packs};
use crate::base::cache::Cache;
use crate::base::date::Date;
use crate::base::files;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::base::text::Text;
use crate::judge::Settings;
use crate::judge::finding::Verdict;
use crate::judge::{cases, portfolio_cases};
use crate::report::page::{Page, Tone};
use crate::report::problems;
use crate::rules::pack::{PackOrigin, Packs};
use crate::text;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Test {
    /// Folders of packs; only their rules are tested.
    pub folders: Vec<PathBuf>,
}

/// Counts of a run.
#[derive(Default)]
struct Tally {
    rules: usize,
    cases: usize,
    failed: usize,
    incomplete: Vec<(String, Vec<Verdict>)>,
}

/// Runs the command.
pub(super) fn run(test: &Test, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let mut chosen = packs::choose(&test.folders, config);
    // A test looks for overlaps and gaps whether or not it did before.
    chosen.cache = Cache::none();
    let (packs, mut problems) = packs::load(&mut chosen, &mut sources);
    if any_error(&problems) {
        console.problems(&problems, &sources);
        return BROKEN;
    }
    let settings = Settings::default();
    let goals: Vec<String> = packs.goals.iter().map(|g| g.id.clone()).collect();
    let mut tally = Tally::default();
    let mut failures = Vec::new();
    for (number, rule) in (0_u16..).zip(&packs.rules) {
        // Packs that are only extended have their own test run.
        let given = test.folders.is_empty()
            || packs
                .head(rule)
                .is_some_and(|h| is_given(&h.origin, &test.folders));
        let Some(source) = sources.get(rule.source).filter(|_| given) else {
            continue;
        };
        let (read, mut found) = cases::read(&packs, rule, source, &goals);
        problems.append(&mut found);
        tally.rules += 1;
        let mut outcomes = Vec::new();
        for case in &read {
            tally.cases += 1;
            let Some(outcome) = cases::run(&packs, &settings, number, case) else {
                continue;
            };
            outcomes.push(outcome.verdict);
            if !outcome.meets(case) {
                tally.failed += 1;
                let lines = cases::difference(case, &outcome);
                let as_of = Some(outcome.finding.as_of);
                failures.push(differs(&rule.id, &case.name, case.place, &lines, as_of));
            }
        }
        let shown: Vec<Verdict> = read.iter().map(|case| case.verdict).collect();
        let lacking = lacking(&shown);
        if !lacking.is_empty() {
            tally.incomplete.push((rule.id.clone(), lacking));
        }
    }
    for (number, rule) in packs.portfolio.iter().enumerate() {
        let head = packs.heads.get(rule.pack);
        let given = test.folders.is_empty()
            || head.is_some_and(|head| is_given(&head.origin, &test.folders));
        let Some(source) = sources.get(rule.source).filter(|_| given) else {
            continue;
        };
        let (read, mut found) = portfolio_cases::read(&packs, rule, source, &goals);
        problems.append(&mut found);
        tally.rules += 1;
        for case in &read {
            tally.cases += 1;
            let lines = portfolio_cases::run(&packs, &settings, number, case);
            if !lines.is_empty() {
                tally.failed += 1;
                failures.push(differs(&rule.id, &case.name, case.place, &lines, None));
            }
        }
        let shown: Vec<Verdict> = read
            .iter()
            .flat_map(portfolio_cases::Case::verdicts)
            .collect();
        let lacking = lacking(&shown);
        if !lacking.is_empty() {
            tally.incomplete.push((rule.id.clone(), lacking));
        }
    }
    let broken = any_error(&problems);
    console.problems(&sorted(problems), &sources);
    let mut page = Page::new(console.look);
    page.raw(&problems::write(&failures, &sources, console.look));
    summary(&mut page, &packs, &tally);
    console.print(&page.out);
    match (broken, tally.failed) {
        (true, _) => BROKEN,
        (false, 0) => OK,
        _ => FAILED,
    }
}

fn is_given(origin: &PackOrigin, folders: &[PathBuf]) -> bool {
    match origin {
        PackOrigin::Embedded => false,
        PackOrigin::Folder(name) => folders
            .iter()
            .any(|folder| name.starts_with(&files::shown(folder))),
    }
}

/// A case that came out otherwise, on its place, with what was expected and what came out.
fn differs(
    id: &str,
    name: &str,
    place: Place,
    lines: &[(Text, Text)],
    as_of: Option<Date>,
) -> Problem {
    let list = |pick: fn(&(Text, Text)) -> &Text, zh: bool| {
        let text = |line| {
            let text: &Text = pick(line);
            if zh { text.zh.clone() } else { text.en.clone() }
        };
        lines
            .iter()
            .map(text)
            .collect::<Vec<_>>()
            .join(if zh { "；" } else { "; " })
    };
    let day = as_of.map_or_else(Text::default, |day| {
        text!("\n  时点：{day}", "\n  as of: {day}")
    });
    Problem::error(
        "hegui::case::differs",
        place,
        text!(
            "{id}：用例“{name}”与预期不符",
            "{id}: the case “{name}” comes out otherwise"
        ),
    )
    .help(Text::new(
        format!(
            "− 预期：{}\n+ 实际：{}{}",
            list(|l| &l.0, true),
            list(|l| &l.1, true),
            day.zh
        ),
        format!(
            "- expected: {}\n+ actual: {}{}",
            list(|l| &l.0, false),
            list(|l| &l.1, false),
            day.en
        ),
    ))
}

/// The verdicts that a rule's cases should show and do not.
fn lacking(shown: &[Verdict]) -> Vec<Verdict> {
    let wanted = [Verdict::Pass, Verdict::Fail, Verdict::Undetermined];
    // Before its due stage a fail of a requirement is upcoming; a case at a later stage shows the fail.
    wanted
        .into_iter()
        .filter(|verdict| !shown.contains(verdict))
        .collect()
}

fn summary(page: &mut Page, packs: &Packs, tally: &Tally) {
    let lang = page.look.lang;
    for (rule, lacking) in &tally.incomplete {
        let labels: Vec<String> = lacking
            .iter()
            .map(|v| v.label().get(lang).to_owned())
            .collect();
        let labels = page.joined(&labels);
        let text = text!(
            "{rule} 没有“{labels}”的用例",
            "{rule} has no case for: {labels}"
        );
        page.lead(0, Tone::Open, lang.pick("提示 ", "note "), text.get(lang));
    }
    let ids: Vec<String> = packs
        .heads
        .iter()
        .map(|h| format!("{} {}", h.id, h.version))
        .collect();
    page.line(0, Tone::Faint, &ids.join(lang.pick("，", ", ")));
    let (rules, cases, failed) = (tally.rules, tally.cases, tally.failed);
    let passed = cases - failed;
    let tone = if failed == 0 { Tone::Good } else { Tone::Bad };
    let text = text!(
        "{rules} 条规则，{cases} 个用例：{passed} 个与预期相符，{failed} 个不符",
        "{rules} rules, {cases} cases: {passed} as expected, {failed} otherwise"
    );
    page.line(0, tone, text.get(lang));
}
