//! `hegui trace`: which goals a project serves and what holds a goal, paths, gaps, impact, the matrix.
//!
//! It finds what the words mean; the trace room answers, the report room writes.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::run::{self, Asked, Read};
use super::usage::wrong;
use super::{BROKEN, OK};
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::Sources;
use crate::base::{draft, files};
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::report::Assessment;
use crate::report::trace::{Answer, Format, write};
use crate::text;
use crate::trace::gaps::Gaps;
use crate::trace::graph::{Graph, Node};
use crate::trace::impact::{Impact, Subject, rules_on};
use crate::trace::suggest::suggest;
use crate::trace::{Trace as Graphs, paths};

/// The questions, each with the number of ids it takes.
pub(super) const QUESTIONS: [(&str, usize); 6] = [
    ("project", 1),
    ("goal", 1),
    ("path", 2),
    ("gaps", 0),
    ("impact", 1),
    ("matrix", 0),
];

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// One of [`QUESTIONS`].
    pub question: String,
    /// The ids it is about.
    pub ids: Vec<String>,
    /// What is judged, by which rules and as of when.
    pub asked: Asked,
    /// How the answer is written.
    pub format: Format,
    /// The file it is written to.
    pub output: Option<PathBuf>,
    /// True for several paths.
    pub all: bool,
}

/// Runs the command.
pub(super) fn run(
    trace: &Trace,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let Some(read) = run::read(&trace.asked, config, &mut sources, console) else {
        return BROKEN;
    };
    let Read {
        packs,
        settings,
        found,
        mut problems,
    } = read;
    let engine = Engine::new(&packs, &settings);
    let judged = run::judge(&engine, &found, &mut problems, console.progress);
    let graphs = Graphs::new(&packs, &found.projects, &judged);
    let answer = match answer(trace, &engine, &graphs) {
        Ok(answer) => Some(answer),
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let problems = sorted(problems);
    console.problems(&problems, &sources);
    let code = if any_error(&problems) { BROKEN } else { OK };
    let Some(answer) = answer else {
        return code;
    };
    let assessment = Assessment {
        engine: &engine,
        sources: &sources,
        entries: &found.entries,
        projects: &found.projects,
        judged: &judged,
        trace: &graphs,
        portfolio: &[],
        splits: &[],
        waivers: &found.waivers,
        problems: &problems,
        skipped: &found.skipped,
        gate: Decision::Refer,
        ground: None,
        baseline: None,
        exit: code,
    };
    let mut look = console.look;
    let Some(file) = &trace.output else {
        console.report(|out| write(&assessment, &answer, trace.format, look, out));
        return code;
    };
    look.colour = false;
    let written = draft::write(file, |out| {
        write(&assessment, &answer, trace.format, look, out)
    });
    if let Err(problem) = written {
        console.problems(&[problem], &sources);
        return BROKEN;
    }
    let done = format!(
        "{} {}\n",
        console.pick("已写入", "wrote"),
        files::shown(file)
    );
    console.print(&done);
    code
}

fn answer(asked: &Trace, engine: &Engine<'_>, trace: &Graphs<'_>) -> Result<Answer, Problem> {
    let graph = &trace.graph;
    let id = |number: usize| asked.ids.get(number).map_or("", String::as_str);
    let suggested = |project: usize| {
        let found = graph.projects.get(project);
        let found = found.map(|p| suggest(engine.packs, engine.settings, p));
        (project, found.unwrap_or_default())
    };
    Ok(match asked.question.as_str() {
        "project" => {
            let nodes = find(graph, id(0), Some("project"))?;
            let projects = nodes.into_iter().filter_map(|node| match node {
                Node::Project(number) => Some(suggested(number as usize)),
                _ => None,
            });
            Answer::Projects(projects.collect())
        }
        "goal" => match one(graph, id(0), Some("goal"))? {
            Node::Goal(number) => Answer::Goal(number as usize),
            _ => return Err(unknown(graph, id(0), Some("goal"))),
        },
        "path" => {
            let (from, to) = (one(graph, id(0), None)?, one(graph, id(1), None)?);
            Answer::Paths(from, to, paths::between(graph, from, to, asked.all))
        }
        "impact" => {
            let subject = match one(graph, id(0), None)? {
                Node::Project(number) => Subject::Refused(number as usize),
                Node::Goal(number) => Subject::Dropped(number as usize),
                node @ (Node::Rule(_)
                | Node::Clause(_)
                | Node::Section(_)
                | Node::Chapter(_)
                | Node::Instrument(_)) => Subject::Without(node, rules_on(graph, node)),
                Node::Plan(_) | Node::Indicator(_) => {
                    let name = id(0);
                    return Err(wrong(
                        text!(
                            "`{name}` 不能用于 impact",
                            "`{name}` does not go with `impact`"
                        ),
                        Some(text!(
                            "可用：项目、目标、规则、条款、章节、法规文件",
                            "known: projects, goals, rules, clauses, sections, instruments"
                        )),
                    ));
                }
            };
            Answer::Impact(Box::new(Impact::of(trace, subject)))
        }
        "gaps" => {
            let all = (0..graph.projects.len()).map(suggested);
            let differing = all.filter(|(_, s)| s.differ()).collect();
            Answer::Gaps(Box::new(Gaps::of(trace)), differing)
        }
        _ => Answer::Matrix,
    })
}

/// The nodes that a word names.
fn find(graph: &Graph<'_>, word: &str, kind: Option<&str>) -> Result<Vec<Node>, Problem> {
    let found = graph.find(word, kind);
    if found.is_empty() {
        Err(unknown(graph, word, kind))
    } else {
        Ok(found)
    }
}

/// The one node that a word names.
fn one(graph: &Graph<'_>, word: &str, kind: Option<&str>) -> Result<Node, Problem> {
    let found = find(graph, word, kind)?;
    match found.as_slice() {
        [only] => Ok(*only),
        several => {
            let keys: Vec<String> = several.iter().map(|node| graph.key(*node)).collect();
            let (zh, en) = (keys.join("、"), keys.join(", "));
            Err(wrong(
                text!("`{word}` 不止对应一项", "`{word}` names several things"),
                Some(text!("请写明：{zh}", "say which: {en}")),
            ))
        }
    }
}

fn unknown(graph: &Graph<'_>, word: &str, kind: Option<&str>) -> Problem {
    let message = match kind {
        Some("project") => text!("没有读入项目 `{word}`", "no project `{word}` was read"),
        Some("goal") => text!("规划中没有目标 `{word}`", "the plan has no goal `{word}`"),
        _ => text!(
            "没有编号为 `{word}` 的项目、目标、规则、章节或法规文件",
            "no project, goal, rule, section or instrument is called `{word}`"
        ),
    };
    let help = match (graph.near(word, kind), kind) {
        (Some(near), _) => Some(text!("是不是想写 `{near}`？", "did you mean `{near}`?")),
        (None, Some("project")) => Some(text!(
            "项目编号见 hegui check 的汇总；申报所在的文件夹写在编号之后",
            "ids stand in the summary of `hegui check`; folders of submissions come after the id"
        )),
        (None, Some("goal")) => Some(text!(
            "目标编号见 hegui list goals",
            "`hegui list goals` lists the goals"
        )),
        (None, _) => None,
    };
    wrong(message, help)
}
