//! Words for states and links: marks, reasons, counts, contributions, figures of indicators.
//!
//! It does not know the layout.

use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::model::plan::{Figure, Indicator};
use crate::model::project::Support;
use crate::model::value::Interval;
use crate::report::Assessment;
use crate::report::summary::short;
use crate::text;
use crate::trace::graph::Node;
use crate::trace::{Edge, GoalState, LinkState, Tally, Trace};

/// The mark of a support's state.
pub(super) fn mark(state: LinkState) -> &'static str {
    match state {
        LinkState::Effective => "✓",
        LinkState::Pending => "?",
        LinkState::AtRisk => "✗",
    }
}

/// The mark of a goal's state.
pub(super) fn goal_mark(state: GoalState) -> &'static str {
    match state {
        GoalState::Supported => "✓",
        GoalState::Pending => "?",
        GoalState::AtRisk => "✗",
        GoalState::Unsupported => "○",
        GoalState::NotAssessed => "–",
    }
}

/// The decision of a project.
pub(super) fn decision(trace: &Trace<'_>, project: usize) -> Decision {
    let judged = trace.graph.judged.get(project);
    judged.map_or(Decision::Unassessed, |j| j.decision)
}

/// The id of a project, numbered where others bear it too.
pub(super) fn id(trace: &Trace<'_>, project: usize) -> String {
    let id = trace.graph.projects.get(project).map_or("", |p| &p.id);
    match trace.graph.twin(project) {
        Some(number) => format!("{id}#{number}"),
        None => id.to_owned(),
    }
}

/// The id and name of a project.
pub(super) fn project(trace: &Trace<'_>, number: usize) -> String {
    let id = id(trace, number);
    match trace.graph.projects.get(number).map(|p| &p.name) {
        Some(name) if *name != id => format!("{id} {name}"),
        _ => id,
    }
}

/// What a project is by itself: why it holds others back.
fn itself(trace: &Trace<'_>, project: usize) -> Text {
    if trace.order.in_cycle(project) {
        return text!("处于依赖循环", "is in a dependency cycle");
    }
    let missing = trace.graph.projects.get(project).and_then(|p| {
        let unknown =
            |d: &&crate::model::project::Dependency| trace.graph.projects_of(&d.project).is_empty();
        p.depends_on.iter().find(unknown)
    });
    if let Some(dependency) = missing {
        let id = &dependency.project;
        return text!(
            "所依赖的 {id} 未读入",
            "depends on {id}, which was not read"
        );
    }
    let label = short(decision(trace, project));
    Text::new(
        format!("结论为“{}”", label.zh),
        format!("has the decision “{}”", label.en),
    )
}

/// Why a support is not effective, where another project, a cycle or a broken id makes it so.
fn reason_elsewhere(trace: &Trace<'_>, project: usize) -> Option<Text> {
    let blocked = trace.blocked();
    let at = blocked.binary_search_by_key(&project, |b| b.project);
    if let Some(blocked) = at.ok().and_then(|at| blocked.get(at)) {
        let cause = itself(trace, blocked.cause);
        let (name, steps) = (id(trace, blocked.cause), blocked.steps);
        let (zh, en) = if steps > 1 {
            (
                format!("（隔 {steps} 层）"),
                format!(", {steps} steps away,"),
            )
        } else {
            (String::new(), String::new())
        };
        return Some(Text::new(
            format!("依赖的 {name}{zh} {}", cause.zh),
            format!("it depends on {name}{en} which {}", cause.en),
        ));
    }
    let own = itself(trace, project);
    let decided = LinkState::of(decision(trace, project)) == trace.standing.link(project)
        && !trace.order.in_cycle(project);
    (!decided).then(|| Text::new(format!("自身{}", own.zh), format!("it {}", own.en)))
}

/// Why a support is not effective; none if it is.
pub(super) fn reason(trace: &Trace<'_>, project: usize) -> Option<Text> {
    if trace.standing.link(project) == LinkState::Effective {
        return None;
    }
    Some(reason_elsewhere(trace, project).unwrap_or_else(|| {
        let own = itself(trace, project);
        Text::new(format!("自身{}", own.zh), format!("it {}", own.en))
    }))
}

/// True if a project's support is what its own decision makes of it, which stands beside it anyway.
pub(super) fn by_own_decision(trace: &Trace<'_>, project: usize) -> bool {
    let state = LinkState::of(decision(trace, project));
    trace.standing.link(project) == state && reason_elsewhere(trace, project).is_none()
}

/// The mark and word of a support's state, and that it rests on a waiver.
pub(super) fn state_alone(trace: &Trace<'_>, project: usize, lang: Lang) -> String {
    let state = trace.standing.link(project);
    let waived = if trace.standing.rests_on_waiver(project) {
        lang.pick("（含人工认定）", " (with waivers)")
    } else {
        ""
    };
    format!("{} {}{waived}", mark(state), state.label().get(lang))
}

/// `✗ 有风险：自身结论为“建议不予支持”`, with the note that a support rests on a waiver.
pub(super) fn state(trace: &Trace<'_>, project: usize, lang: Lang) -> String {
    let state = trace.standing.link(project);
    let mut words = format!("{} {}", mark(state), state.label().get(lang));
    if let Some(reason) = reason(trace, project) {
        words.push_str(lang.pick("：", ": "));
        words.push_str(reason.get(lang));
    }
    if trace.standing.rests_on_waiver(project) {
        words.push_str(lang.pick("（含人工认定）", " (with waivers)"));
    }
    words
}

/// `有效 1，待定 0，有风险 1`.
pub(super) fn tally(tally: Tally, lang: Lang) -> String {
    let parts = LinkState::ALL.map(|s| format!("{} {}", s.label().get(lang), tally.of(s)));
    let mut words = parts.join(lang.pick("，", ", "));
    if tally.waived > 0 {
        let waived = text!("；其中含人工认定 {}", "; with waivers {}", tally.waived);
        words.push_str(waived.get(lang));
    }
    words
}

/// The kind of an edge as people read it from its first node.
pub(super) fn edge_label(edge: Edge) -> Text {
    let (zh, en) = match edge {
        Edge::Contains => ("包含", "contains"),
        Edge::Measured => ("由指标衡量", "is measured by"),
        Edge::Cites(_) => ("依据", "rests on"),
        Edge::Holds => ("落实", "holds"),
        Edge::Supports(_) => ("支撑", "supports"),
        Edge::Depends(_) => ("依赖", "depends on"),
        Edge::Fails => ("不符合", "does not meet"),
        Edge::Waived => ("经人工认定", "is waived from"),
    };
    Text::new(zh, en)
}

/// The kind of an edge read from its second node.
pub(super) fn edge_label_back(edge: Edge) -> Text {
    match edge {
        Edge::Contains => text!("属于", "belongs to"),
        Edge::Measured => text!("衡量", "measures"),
        other => edge_label(other),
    }
}

/// The id of an edge's kind in files.
pub(super) fn edge_id(edge: Edge) -> &'static str {
    match edge {
        Edge::Contains => "contains",
        Edge::Measured => "measured_by",
        Edge::Cites(_) => "cites",
        Edge::Holds => "holds",
        Edge::Supports(_) => "supports",
        Edge::Depends(_) => "depends_on",
        Edge::Fails => "fails",
        Edge::Waived => "waived_from",
    }
}

/// The claim behind a support's edge.
pub(super) fn claim<'a>(trace: &Trace<'a>, from: Node, edge: Edge) -> Option<&'a Support> {
    let (Node::Project(project), Edge::Supports(claim)) = (from, edge) else {
        return None;
    };
    let project = trace.graph.projects.get(project as usize)?;
    project.supports.get(claim as usize)
}

/// A figure of an indicator: `2025 年 ≥ 15 万亩`.
pub(super) fn figure(indicator: &Indicator, figure: &Figure, lang: Lang) -> String {
    let mut words = match figure.year {
        Some(year) => format!("{year}{}", lang.pick(" 年 ", " ")),
        None => String::new(),
    };
    if let Some(value) = &figure.value {
        words.push_str(figure.sense.sign());
        words.push(' ');
        words.push_str(&indicator.measure.show_interval(value, lang));
    }
    let note = figure.note.get(lang);
    if !note.is_empty() {
        let note = match lang {
            Lang::Zh => format!("（{note}）"),
            Lang::En => format!(" ({note})"),
        };
        words.push_str(&note);
    }
    words.trim().to_owned()
}

/// What projects say that they add to an indicator.
#[derive(Clone, Debug, Default)]
pub(super) struct Added {
    /// The sum over effective, pending and risky supports; none where no figure is stated.
    pub sums: [Option<Interval>; 3],
    /// How many supports name the indicator.
    pub links: usize,
    /// How many of them state a figure.
    pub stated: usize,
}

/// The contributions to an indicator of a goal, each claim once; claims on another goal are left out.
pub(super) fn added(trace: &Trace<'_>, goal: usize, indicator: &Indicator) -> Added {
    let mut added = Added::default();
    for project in trace.graph.supporters(goal) {
        let state = trace.standing.link(project);
        for (of, support) in trace.graph.claims(project) {
            let own = indicator.goal.is_none() || of == goal;
            if of != goal || !own || support.indicator.as_ref() != Some(&indicator.id) {
                continue;
            }
            added.links += 1;
            let Some(value) = &support.contribution else {
                continue;
            };
            added.stated += 1;
            if let Some(sum) = added.sums.get_mut(state as usize) {
                *sum = Some(match sum.take() {
                    Some(sum) => sum.add(value),
                    None => value.clone(),
                });
            }
        }
    }
    added
}

/// `已登记贡献：有效 12 MW，待定 3 MW（2 项支撑中 2 项有数值）`; none if no support names the indicator.
pub(super) fn added_text(indicator: &Indicator, added: &Added, lang: Lang) -> Option<String> {
    if added.links == 0 {
        return None;
    }
    let parts: Vec<String> = LinkState::ALL
        .into_iter()
        .zip(&added.sums)
        .filter_map(|(state, sum)| {
            let sum = indicator.measure.show_interval(sum.as_ref()?, lang);
            Some(format!("{} {sum}", state.label().get(lang)))
        })
        .collect();
    let (links, stated) = (added.links, added.stated);
    let sums = parts.join(lang.pick("，", ", "));
    let words = if stated == 0 {
        text!(
            "{links} 项支撑对应本指标，均未填贡献数值",
            "{links} supports name it, none with a figure"
        )
    } else {
        text!(
            "已登记贡献：{sums}（{links} 项支撑中 {stated} 项有数值）",
            "contributions stated: {sums} ({stated} of {links} supports state one)"
        )
    };
    Some(words.get(lang).to_owned())
}

/// Where a claim stands: `project.toml:5`.
pub(super) fn place(run: &Assessment<'_>, place: crate::base::source::Place) -> Option<String> {
    let (source, span) = run.sources.locate(place)?;
    let (line, _) = source.line_column(span.start as usize);
    Some(format!("{}:{line}", source.name))
}
