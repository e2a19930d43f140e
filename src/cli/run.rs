//! What `check` and `trace` begin with: packs and projects are read, and every project is judged.
//!
//! It does not know what is asked of the result.

use std::collections::HashSet;
use std::path::PathBuf;

use super::config::{Config, Word};
use super::console::Console;
use super::gather::{self, Gathered, Gatherer};
use super::layers::{self, LayerFlag};
use super::packs;
use super::progress::Progress;
use crate::base::cache::Cache;
use crate::base::date::Date;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::Sources;
use crate::base::suggest::nearest;
use crate::intake::Expected;
use crate::judge::engine::NotProvided;
use crate::judge::finding::Judged;
use crate::judge::{Engine, Scratch, Settings, waiving};
use crate::language::types::Library;
use crate::model::project::Project;
use crate::rules::pack::Packs;
use crate::text;

/// Unknown ids for which the nearest is looked for.
const ADVISED: usize = 100;

/// What is judged, by which rules and as of when.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Files, folders, `-`.
    pub paths: Vec<PathBuf>,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
    /// The day as of which everything is judged.
    pub as_of: Option<Date>,
    /// The review date.
    pub on: Option<Date>,
    /// The largest file that is read, in bytes.
    pub max_size: Option<u64>,
    /// True to keep no compiled tables and layers, and use none.
    pub no_cache: bool,
    /// Files of layers.
    pub layers: Vec<LayerFlag>,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Read {
    /// The packs in use.
    pub packs: Packs,
    /// The settings of the run.
    pub settings: Settings,
    /// The projects and what lies beside them.
    pub found: Gathered,
    /// What could not be read or understood.
    pub problems: Vec<Problem>,
}

/// Reads packs and projects; none if the packs cannot be used, which has then been said.
pub(super) fn read(
    asked: &Asked,
    config: &Config,
    sources: &mut Sources,
    console: &mut Console,
) -> Option<Read> {
    let mut chosen = packs::choose(&asked.rules, config);
    if asked.no_cache {
        chosen.cache = Cache::none();
    }
    let (packs, mut problems) = packs::load(&mut chosen, sources);
    let broken = any_error(&problems);
    problems.extend(config.problems.iter().cloned());
    // Nothing is judged by rules that could not be read.
    if broken {
        console.problems(&sorted(problems), sources);
        return None;
    }
    problems.extend(packs::overlooked(&asked.paths, &packs.heads));
    let settings = Settings {
        as_of: asked.as_of,
        on: asked.on.or(config.review_date),
        trust_claims: config.trust_claims,
        not_provided: not_provided(config, &packs.library, &mut problems),
    };
    let mut found = gather(&packs, asked, config, sources, console.progress);
    problems.append(&mut found.problems);
    let is_drawn = found.projects.iter().any(|p| p.boundary.is_some());
    if is_drawn || !asked.layers.is_empty() || !config.layers.is_empty() {
        let files = layers::sources(&packs, &asked.layers, config, &mut problems);
        problems.extend(layers::survey(
            &packs,
            &files,
            &chosen.cache,
            asked.max_size,
            sources,
            &mut found,
        ));
    }
    if found.entries.is_empty() {
        problems.push(gather::nothing_found(&asked.paths));
    }
    problems.extend(not_read(&found.projects));
    Some(Read {
        packs,
        settings,
        found,
        problems,
    })
}

/// Reads what is asked for by the vocabulary of some packs.
pub(super) fn gather(
    packs: &Packs,
    asked: &Asked,
    config: &Config,
    sources: &mut Sources,
    progress: Progress,
) -> Gathered {
    let goals: Vec<String> = packs.goals.iter().map(|goal| goal.id.clone()).collect();
    let gatherer = Gatherer {
        expected: Expected {
            vocabulary: &packs.library.vocabulary,
            goals: &goals,
            indicators: &packs.indicators,
            trust_claims: config.trust_claims,
        },
        config,
        max_size: asked.max_size,
        progress,
    };
    gatherer.gather(&asked.paths, sources)
}

/// Judges every project and applies the waivers.
pub(super) fn judge(
    engine: &Engine<'_>,
    found: &Gathered,
    problems: &mut Vec<Problem>,
    progress: Progress,
) -> Vec<Judged> {
    let work = progress.begin(&text!("核查", "judging"), Some(found.projects.len()));
    let mut scratch = Scratch::default();
    let judge = |project: &Project| {
        let mut judged = Judged::default();
        engine.judge_into(project, &mut judged, &mut scratch);
        work.step();
        judged
    };
    let mut judged: Vec<Judged> = found.projects.iter().map(judge).collect();
    problems.extend(waiving::apply(
        engine,
        &found.projects,
        &mut judged,
        &found.waivers,
    ));
    judged
}

/// Warnings about projects that others depend on and that were not read in this run.
fn not_read(projects: &[Project]) -> Vec<Problem> {
    let known: HashSet<&str> = projects.iter().map(|p| p.id.as_str()).collect();
    let unknown = projects
        .iter()
        .flat_map(|p| &p.depends_on)
        .filter(|d| !known.contains(d.project.as_str()));
    let problem = |(number, dependency): (usize, &crate::model::project::Dependency)| {
        let id = &dependency.project;
        let near = (number < ADVISED)
            .then(|| nearest(id, projects.iter().map(|p| p.id.as_str())))
            .flatten();
        let help = match near {
            Some(near) => text!("是否为 `{near}`？", "did you mean `{near}`?"),
            None => text!(
                "请将该项目的申报一并核查，或更正编号；在此之前，有关支撑按有风险计",
                "read its submission as well, or correct the id; until then supports that need it are at risk"
            ),
        };
        let message = text!(
            "依赖的项目 `{id}` 未在本次读入",
            "the project `{id}` on which this one depends was not read"
        );
        Problem::warning("hegui::gather::unknown_project", dependency.place, message).help(help)
    };
    unknown.enumerate().map(problem).collect()
}

/// The fields and tables that the office said it does not have.
fn not_provided(
    config: &Config,
    library: &Library,
    problems: &mut Vec<Problem>,
) -> Vec<NotProvided> {
    let unknown =
        |word: &Word, known: &mut dyn Iterator<Item = &str>, problems: &mut Vec<Problem>| {
            let name = &word.text;
            let problem = Problem::error(
                "hegui::config::not_provided",
                word.place,
                text!("没有 `{name}`", "there is no `{name}`"),
            );
            let help = nearest(name, known)
                .map(|near| text!("是不是想写 `{near}`？", "did you mean `{near}`?"));
            problems.push(problem.maybe_help(help));
        };
    let mut all = Vec::new();
    for word in &config.no_fields {
        let fields = library.vocabulary.fields();
        match fields
            .iter()
            .find(|f| f.path == word.text || f.label.zh == word.text)
        {
            Some(field) if field.provider.is_applicant() => {
                let path = &field.path;
                problems.push(
                    Problem::error(
                        "hegui::config::not_provided",
                        word.place,
                        text!(
                            "`{path}` 由申请人提供，不能列入 not_provided",
                            "`{path}` is the applicant's to give and cannot be listed here"
                        ),
                    )
                    .help(text!(
                        "这里只列本单位或部门没有的数据",
                        "list only what the office or a department does not have"
                    )),
                );
            }
            Some(field) => all.push(NotProvided::Field(field.id)),
            None => unknown(word, &mut fields.iter().map(|f| f.path.as_str()), problems),
        }
    }
    for word in &config.no_tables {
        match library.table(&word.text) {
            Some(table) => all.push(NotProvided::Table(table)),
            None => unknown(
                word,
                &mut library.tables.iter().map(|t| t.id.as_str()),
                problems,
            ),
        }
    }
    all
}
