//! The page of gaps: how far the plan is held, chapter by chapter, and each kind of gap with its rows.
//!
//! A level without anything to count prints 不适用: nothing of nothing is neither all nor none.

use super::{project, words};
use crate::base::text::{Lang, Text};
use crate::model::project::{Dependency, Support};
use crate::report::Assessment;
use crate::report::layout::Column;
use crate::report::page::{Page, Tone};
use crate::text;
use crate::trace::gaps::{Gaps, Redundant, way};
use crate::trace::graph::Node;
use crate::trace::standing::Counts;
use crate::trace::suggest::Suggestions;
use crate::trace::{Dangling, GoalState};

/// Rows of one kind shown at most.
const ROWS: usize = 40;
/// Projects of a way or cycle shown at most.
const WAY: usize = 12;

/// What a level without anything prints.
pub(super) fn not_applicable() -> Text {
    text!("不适用", "not applicable")
}

/// `3/4`, or 不适用 where there is nothing to count.
pub(super) fn share(part: usize, whole: usize, lang: Lang) -> String {
    if whole == 0 {
        not_applicable().get(lang).to_owned()
    } else {
        format!("{part}/{whole}")
    }
}

/// How the goals of one chapter stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// The chapter.
    pub node: Node,
    /// Its goals by state.
    pub counts: Counts,
}

/// The chapters of all plans, in their order.
pub(super) fn levels(run: &Assessment<'_>) -> Vec<Level> {
    let graph = &run.trace.graph;
    let mut goals: Vec<Vec<usize>> = vec![Vec::new(); graph.chapters.len()];
    for goal in 0..run.engine.packs.goals.len() {
        if let Some(all) = graph
            .chapter_of(goal)
            .and_then(|chapter| goals.get_mut(chapter as usize))
        {
            all.push(goal);
        }
    }
    (0_u32..)
        .zip(goals)
        .map(|(chapter, goals)| Level {
            node: Node::Chapter(chapter),
            counts: run.trace.standing.counts(goals.into_iter()),
        })
        .collect()
}

/// How many indicators some support names, of all.
pub(super) fn indicators(run: &Assessment<'_>) -> (usize, usize) {
    let mut named: Vec<&str> = run
        .projects
        .iter()
        .flat_map(|p| &p.supports)
        .filter_map(|s| s.indicator.as_deref())
        .collect();
    named.sort_unstable();
    let all = &run.engine.packs.indicators;
    let is_named = |id: &str| named.binary_search(&id).is_ok();
    (all.iter().filter(|i| is_named(&i.id)).count(), all.len())
}

/// How many projects claim a goal that the plan has, of all.
pub(super) fn serving(run: &Assessment<'_>) -> (usize, usize) {
    let known: std::collections::HashSet<&str> = run
        .engine
        .packs
        .goals
        .iter()
        .map(|g| g.id.as_str())
        .collect();
    let serves = |p: &&crate::model::project::Project| {
        p.supports.iter().any(|s| known.contains(s.goal.as_str()))
    };
    (
        run.projects.iter().filter(serves).count(),
        run.projects.len(),
    )
}

/// Writes the page.
pub(super) fn write(
    page: &mut Page,
    run: &Assessment<'_>,
    gaps: &Gaps,
    suggestions: &[(usize, Suggestions)],
) {
    page.rule('─');
    write_levels(page, run);
    let lang = page.look.lang;
    for group in groups(run, gaps, suggestions) {
        page.blank();
        let count = group.rows.len();
        let title = match lang {
            Lang::Zh => format!("{}（{count}）", group.title.zh),
            Lang::En => format!("{} ({count})", group.title.en),
        };
        page.line(0, Tone::Strong, &title);
        if group.rows.is_empty() {
            page.line(2, Tone::Plain, lang.pick("没有", "none"));
        }
        for row in group.rows.iter().take(ROWS) {
            let about = row.about.get(lang);
            let about = if about.is_empty() {
                String::new()
            } else {
                format!("  {about}")
            };
            page.lead(2, Tone::Plain, row.subject.get(lang), &about);
        }
        if count > ROWS {
            let more = text!(
                "另有 {} 项，见 --format csv 或 json",
                "{} more: see --format csv or json",
                count - ROWS
            );
            page.line(2, Tone::Faint, more.get(lang));
        }
    }
    if !gaps.redundant_complete {
        page.line(
            2,
            Tone::Faint,
            lang.pick(
                "依赖关系过多，多余依赖未全部查完",
                "there are too many dependencies to look for all implied ones",
            ),
        );
    }
}

/// How the goals of each chapter stand; the sum comes last.
pub(super) fn write_levels(page: &mut Page, run: &Assessment<'_>) {
    let lang = page.look.lang;
    let head = [
        ("章", "chapter"),
        ("已有支撑", "supported"),
        ("待定", "pending"),
        ("有风险", "at risk"),
        ("无支撑", "none"),
        ("不核查", "left out"),
    ];
    let mut rows = vec![
        head.iter()
            .map(|(zh, en)| lang.pick(zh, en).to_owned())
            .collect::<Vec<_>>(),
    ];
    let cells = |name: String, counts: Counts| {
        let assessed = counts.assessed();
        let plain = |state| {
            if assessed == 0 {
                "–".to_owned()
            } else {
                counts.of(state).to_string()
            }
        };
        vec![
            name,
            share(counts.of(GoalState::Supported), assessed, lang),
            plain(GoalState::Pending),
            plain(GoalState::AtRisk),
            plain(GoalState::Unsupported),
            counts.of(GoalState::NotAssessed).to_string(),
        ]
    };
    for level in levels(run) {
        let name = run.trace.graph.name(level.node).get(lang).to_owned();
        rows.push(cells(name, level.counts));
    }
    let all = run.trace.standing.counts(0..run.engine.packs.goals.len());
    rows.push(cells(lang.pick("合计", "all").to_owned(), all));
    let mut columns = vec![Column::Flexible];
    columns.resize(head.len(), Column::Fixed);
    page.table(0, &columns, &rows);
    let (named, indicators) = indicators(run);
    let (serving, projects) = serving(run);
    let (named, serving) = (
        share(named, indicators, lang),
        share(serving, projects, lang),
    );
    let text = text!(
        "有项目对应的指标 {named}；支撑规划目标的项目 {serving}",
        "indicators that a project names: {named}; projects that serve a goal: {serving}"
    );
    page.line(0, Tone::Plain, text.get(lang));
}

/// One kind of gap.
pub(super) struct Group {
    /// The word for it in files.
    pub id: &'static str,
    /// What it is.
    pub title: Text,
    /// Its rows.
    pub rows: Vec<GapRow>,
}

/// A gap.
pub(super) struct GapRow {
    /// What it is about, in words.
    pub subject: Text,
    /// The rest of it, in words.
    pub about: Text,
    /// The nodes concerned, the first being what it is about.
    pub nodes: Vec<Node>,
    /// An id that names nothing.
    pub written: Option<String>,
}

fn claim<'a>(run: &Assessment<'a>, project: u32, claim: u32) -> Option<&'a Support> {
    let project = run.projects.get(project as usize)?;
    project.supports.get(claim as usize)
}

fn dependency<'a>(run: &Assessment<'a>, project: u32, place: u32) -> Option<&'a Dependency> {
    let project = run.projects.get(project as usize)?;
    project.depends_on.get(place as usize)
}

/// All gaps by kind.
pub(super) fn groups(
    run: &Assessment<'_>,
    gaps: &Gaps,
    suggestions: &[(usize, Suggestions)],
) -> Vec<Group> {
    let trace = run.trace;
    let graph = &trace.graph;
    let project = |number: usize| Text::same(words::project(trace, number));
    let id = |number: usize| words::id(trace, number);
    let goal = |number: usize| graph.name(Node::goal(number));
    let counted = |goals: &[usize]| {
        let row = |number: &usize| {
            let tally = trace.standing.tally(*number);
            let about = if tally.all() == 0 {
                Text::default()
            } else {
                Text::new(words::tally(tally, Lang::Zh), words::tally(tally, Lang::En))
            };
            GapRow {
                subject: goal(*number),
                about,
                nodes: vec![Node::goal(*number)],
                written: None,
            }
        };
        let mut nodes: Vec<Node> = goals.iter().map(|g| Node::goal(*g)).collect();
        graph.in_outline_order(&mut nodes);
        let sorted = nodes.into_iter().filter_map(|node| match node {
            Node::Goal(number) => Some(number as usize),
            _ => None,
        });
        sorted.map(|number| row(&number)).collect::<Vec<_>>()
    };
    let chain = |way: &[usize]| {
        let mut names: Vec<String> = way.iter().take(WAY).map(|p| id(*p)).collect();
        if way.len() > WAY {
            names.push("…".to_owned());
            names.extend(way.last().map(|p| id(*p)));
        }
        names.join(" → ")
    };
    let sole = gaps.sole.iter().map(|sole| GapRow {
        subject: goal(sole.goal),
        about: {
            let name = words::project(trace, sole.project);
            if sole.claims > 1 {
                let others = sole.claims - 1;
                text!(
                    "只有 {name} 有效（另 {others} 个项目待定或有风险）",
                    "only {name} is effective ({others} others are pending or at risk)"
                )
            } else {
                let state = trace.standing.link(sole.project).label();
                Text::new(
                    format!("只有 {name}（{}）", state.zh),
                    format!("only {name} ({})", state.en),
                )
            }
        },
        nodes: vec![Node::goal(sole.goal), Node::project(sole.project)],
        written: None,
    });
    let orphans = gaps.orphans.iter().map(|number| GapRow {
        subject: project(*number),
        about: Text::default(),
        nodes: vec![Node::project(*number)],
        written: None,
    });
    let cycles = gaps.cycles.iter().map(|cycle| GapRow {
        subject: Text::same(chain(cycle)),
        about: {
            let count = cycle.len().saturating_sub(1);
            let en = crate::base::text::counted(count, "project");
            text!("共 {count} 个项目", "{en}")
        },
        nodes: cycle.iter().map(|p| Node::project(*p)).collect(),
        written: None,
    });
    let blocked = gaps.blocked.iter().map(|b| {
        let way = way(&gaps.blocked, b.project, WAY + 1);
        let mut shown = chain(&way);
        if b.steps + 1 > way.len() {
            shown = format!("{shown} → … → {}", id(b.cause));
        }
        let reason = words::reason(trace, b.project).unwrap_or_default();
        let state = trace.standing.link(b.project).label();
        GapRow {
            subject: Text::same(shown),
            about: Text::new(
                format!("{}：{}", state.zh, reason.zh),
                format!("{}: {}", state.en, reason.en),
            ),
            nodes: way.into_iter().map(Node::project).collect(),
            written: None,
        }
    });
    let group = |id, title, rows| Group { id, title, rows };
    let mut groups = vec![
        group(
            "unsupported",
            text!("无项目支撑的目标", "goals without a project"),
            counted(&gaps.unsupported),
        ),
        group(
            "at_risk",
            text!("支撑有风险的目标", "goals whose support is at risk"),
            counted(&gaps.at_risk),
        ),
        group(
            "pending",
            text!("支撑待定的目标", "goals whose support is pending"),
            counted(&gaps.pending),
        ),
        group(
            "sole",
            text!("只靠一个项目的目标", "goals that one project holds"),
            sole.collect(),
        ),
        group(
            "blocked",
            text!("受阻的项目", "projects that another holds back"),
            blocked.collect(),
        ),
        group(
            "cycles",
            text!("依赖循环", "dependency cycles"),
            cycles.collect(),
        ),
        group(
            "dangling",
            text!("对不上的编号", "ids that name nothing or several things"),
            gaps.dangling.iter().map(|d| dangling(run, *d)).collect(),
        ),
        group(
            "redundant",
            text!("多余的关联", "links that say nothing new"),
            gaps.redundant.iter().map(|r| redundant(run, *r)).collect(),
        ),
        group(
            "orphans",
            text!("不支撑任何目标的项目", "projects that serve no goal"),
            orphans.collect(),
        ),
    ];
    if suggestions.iter().any(|(_, s)| s.table.is_some()) {
        groups.push(group(
            "unmatched",
            text!("声称、未见对应", "claims that nothing suggests"),
            suggested(run, suggestions, true),
        ));
        groups.push(group(
            "unclaimed",
            text!("建议、未声称", "goals suggested and not claimed"),
            suggested(run, suggestions, false),
        ));
    }
    groups
}

fn suggested(
    run: &Assessment<'_>,
    suggestions: &[(usize, Suggestions)],
    unmatched: bool,
) -> Vec<GapRow> {
    let mut rows = Vec::new();
    for (number, of) in suggestions {
        let Some(table) = of.table else { continue };
        let mut add = |goal: usize, about: Text| {
            rows.push(GapRow {
                subject: Text::same(words::project(run.trace, *number)),
                about,
                nodes: vec![Node::project(*number), Node::goal(goal)],
                written: None,
            });
        };
        if unmatched {
            for goal in &of.unmatched {
                add(*goal, run.trace.graph.name(Node::goal(*goal)));
            }
        } else {
            for suggestion in of.unclaimed() {
                let words = |lang| project::suggestion(run, suggestion, table, lang);
                add(suggestion.goal, Text::new(words(Lang::Zh), words(Lang::En)));
            }
        }
    }
    rows
}

fn dangling(run: &Assessment<'_>, dangling: Dangling) -> GapRow {
    let (written, about) = match dangling {
        Dangling::Goal(project, number) => (
            claim(run, project, number).map(|s| s.goal.clone()),
            text!("规划中没有这一目标", "the plan has no such goal"),
        ),
        Dangling::Indicator(project, number) => (
            claim(run, project, number).and_then(|s| s.indicator.clone()),
            text!("规划中没有这一指标", "the plan has no such indicator"),
        ),
        Dangling::Project(project, place) => (
            dependency(run, project, place).map(|d| d.project.clone()),
            text!("依赖的项目未读入", "the project was not read"),
        ),
        Dangling::Several(project, place) => (
            dependency(run, project, place).map(|d| d.project.clone()),
            text!(
                "有多个项目用这一编号，均按依赖计",
                "several projects have this id; each counts"
            ),
        ),
    };
    let project = dangling.project();
    let name = words::project(run.trace, project);
    let id = written.clone().unwrap_or_default();
    GapRow {
        subject: Text::same(name),
        about: Text::new(format!("{id}：{}", about.zh), format!("{id}: {}", about.en)),
        nodes: vec![Node::project(project)],
        written,
    }
}

fn redundant(run: &Assessment<'_>, redundant: Redundant) -> GapRow {
    let project = redundant.project();
    let number = u32::try_from(project).unwrap_or(u32::MAX);
    let mut nodes = vec![Node::project(project)];
    let (written, about) = match redundant {
        Redundant::Claim(_, place) => (
            claim(run, number, place).map(|s| s.goal.clone()),
            text!("同一目标重复填写", "the same goal is claimed again"),
        ),
        Redundant::Again(_, place) => (
            dependency(run, number, place).map(|d| d.project.clone()),
            text!("同一依赖重复填写", "the same dependency is named again"),
        ),
        Redundant::Implied(_, place, through) => {
            nodes.push(Node::project(through));
            let name = words::id(run.trace, through);
            (
                dependency(run, number, place).map(|d| d.project.clone()),
                text!("已由 {name} 间接依赖", "{name} already depends on it"),
            )
        }
    };
    let id = written.clone().unwrap_or_default();
    GapRow {
        subject: Text::same(words::project(run.trace, project)),
        about: Text::new(format!("{id}：{}", about.zh), format!("{id}: {}", about.en)),
        nodes,
        written,
    }
}
