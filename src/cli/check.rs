//! `hegui check`: judges submissions and writes the report.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::config::Config;
use super::console::Console;
use super::layers::Surveyed;
use super::progress::Progress;
use super::record::{self, Recording};
use super::run::{self, Asked, Read};
use super::since::Changes;
use super::{BROKEN, OK, layers};
use crate::base::cache::Cache;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::base::{draft, files};
use crate::judge::Engine;
use crate::judge::decision::Decision;
use crate::judge::finding::Judged;
use crate::judge::{portfolio, split};
use crate::report::baseline::{Baseline, Comparison};
use crate::report::documents::{self, Part};
use crate::report::format::{Format, Style, is_own};
use crate::report::map::Ground;
use crate::report::page::Look;
use crate::report::{Assessment, Entry};
use crate::text;
use crate::trace::Trace;

/// The largest baseline that is read: a JSON report of some ten thousand projects.
const LIMIT: u64 = 4 << 30;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// What is judged, by which rules and as of when.
    pub asked: Asked,
    /// The format on standard output.
    pub format: Format,
    /// The files that are written as well.
    pub outputs: Vec<(Format, PathBuf)>,
    /// The gate.
    pub fail_on: Option<Decision>,
    /// An earlier JSON report: the run fails only for what it does not have.
    pub baseline: Option<PathBuf>,
    /// A revision of git: only what changed since is reported.
    pub since: Option<String>,
    /// True to list passes and rules that do not apply.
    pub verbose: bool,
    /// What is to be kept of the run, and where.
    pub recording: Option<Recording>,
}

/// Runs the command.
pub(super) fn run(
    check: &Check,
    config: &Config,
    mut sources: Sources,
    console: &mut Console,
) -> u8 {
    let baseline = check.baseline.as_deref().map(earlier).transpose();
    let paths = &check.asked.paths;
    let since = check.since.as_ref();
    let since = since.map(|revision| Changes::since(revision, paths).map_err(Box::new));
    let (baseline, since) = match (baseline, since.transpose()) {
        (Ok(baseline), Ok(since)) => (baseline, since),
        (Err(problem), _) | (_, Err(problem)) => {
            console.problems(&[*problem], &sources);
            return BROKEN;
        }
    };
    let mut asked = check.asked.clone();
    // A record rests on nothing that is not in it.
    asked.no_cache |= check.recording.is_some();
    let Some(read) = run::read(&asked, config, &mut sources, console) else {
        return BROKEN;
    };
    // The process ends with this run: giving the packs' memory back piece by piece would only delay that.
    let read: &Read = Box::leak(Box::new(read));
    let cache = if asked.no_cache {
        Cache::none()
    } else {
        config.cache()
    };
    let files = check.draws(read).then(|| {
        // What is wrong with them was said when the projects were measured.
        layers::sources(&read.packs, &asked.layers, config, &mut Vec::new())
    });
    let ground = files
        .as_ref()
        .map(|files| Surveyed::new(&read.packs, files, &cache));
    let against = Against {
        ground: ground.as_ref().map(|ground| ground as &dyn Ground),
        baseline: baseline.as_ref(),
        since: since.as_ref().map(|since| (since, config)),
        progress: console.progress,
    };
    assess(read, check.gate(config), &sources, &against, |assessment| {
        // Problems first: the summary is what should stand last on a terminal.
        console.problems(assessment.problems, &sources);
        let code = check.write(assessment, console);
        let kept = check.recording.as_ref();
        match kept.map(|recording| record::keep(recording, &asked.layers, config, assessment)) {
            None => code,
            Some(Ok(remark)) => {
                console.remark(&remark);
                code
            }
            // Who asked for a record and has none must not go on as if there were one.
            Some(Err(problem)) => {
                console.problems(&[problem], &sources);
                BROKEN
            }
        }
    })
}

/// What a run is held against, what it is drawn on, and who is shown how far it has come.
#[derive(Debug)]
pub(super) struct Against<'a> {
    /// What lies around sites, where maps are to be drawn.
    pub ground: Option<&'a dyn Ground>,
    /// An earlier report.
    pub baseline: Option<&'a Baseline>,
    /// What changed since a revision, with the settings of the run.
    pub since: Option<(&'a Changes, &'a Config)>,
    /// How far judging has come.
    pub progress: Progress,
}

impl Against<'_> {
    /// A run that stands by itself.
    pub(super) fn nothing() -> Self {
        Self {
            ground: None,
            baseline: None,
            since: None,
            progress: Progress::none(),
        }
    }
}

/// Judges what was read; `then` does something with the assessment.
pub(super) fn assess<T>(
    read: &Read,
    gate: Decision,
    sources: &Sources,
    against: &Against<'_>,
    then: impl FnOnce(&Assessment<'_>) -> T,
) -> T {
    let Read {
        packs,
        settings,
        found,
        problems,
    } = read;
    let mut problems = problems.clone();
    let engine = Engine::new(packs, settings);
    let judged = run::judge(&engine, found, &mut problems, against.progress);
    let trace = Trace::new(packs, &found.projects, &judged);
    let portfolio = portfolio::judge(&engine, &found.projects, &judged);
    let splits = split::find(&engine, &found.projects, &judged);
    let (mut entries, mut skipped) = (found.entries.clone(), found.skipped.clone());
    if let Some((since, config)) = against.since {
        let ground = (config, packs);
        let problems = (&mut problems, sources);
        let unchanged = since.keep(&mut entries, &found.projects, ground, problems);
        skipped.extend(unchanged);
    }
    let baseline = against.baseline;
    let baseline = baseline.map(|b| b.compare(&engine, &found.projects, &judged));
    let problems = sorted(problems);
    then(&Assessment {
        engine: &engine,
        sources,
        entries: &entries,
        projects: &found.projects,
        judged: &judged,
        portfolio: &portfolio,
        splits: &splits,
        trace: &trace,
        waivers: &found.waivers,
        problems: &problems,
        skipped: &skipped,
        gate,
        ground: against.ground,
        baseline: baseline.as_ref(),
        exit: exit_code(&problems, &entries, &judged, baseline.as_ref(), gate),
    })
}

impl Check {
    /// True if a report is asked for that has maps, and there is something to draw.
    fn draws(&self, read: &Read) -> bool {
        let mut formats = self.outputs.iter().map(|(format, _)| *format);
        let is_asked = self.format.has_maps() || formats.any(Format::has_maps);
        let mut sites = read.found.projects.iter().filter_map(|p| p.site.as_ref());
        is_asked && sites.any(|site| !site.broken)
    }

    /// The decision from which the exit code is not 0.
    pub(super) fn gate(&self, config: &Config) -> Decision {
        self.fail_on.or(config.fail_on).unwrap_or(Decision::Refer)
    }

    /// Writes the report to standard output and to every file that was asked for; returns the exit code.
    fn write(&self, assessment: &Assessment<'_>, console: &mut Console) -> u8 {
        let look = console.look;
        let style = |look| Style {
            look,
            verbose: self.verbose,
        };
        let mut code = assessment.exit;
        let inputs = if self.outputs.is_empty() {
            BTreeSet::new()
        } else {
            inputs(assessment.sources)
        };
        for (format, file) in &self.outputs {
            let name = files::shown(file);
            let what = text!("写出 {name}", "writing {name}");
            let _work = console.progress.begin(&what, None);
            let style = style(Look::plain(look.lang));
            for (file, part) in files_of(*format, file, assessment) {
                let write = |out: &mut dyn Write| format.write_part(assessment, part, style, out);
                let written = if files::absolute(&file).is_some_and(|own| inputs.contains(&own)) {
                    Err(is_input(&file))
                } else {
                    draft::write(&file, write)
                };
                if let Err(problem) = written {
                    console.problems(&[problem], assessment.sources);
                    code = BROKEN;
                }
            }
        }
        // On a terminal there is nothing to show of nothing; a program expects its document.
        let is_empty = assessment.entries.is_empty() && self.since.is_none();
        if self.format != Format::Text || !is_empty {
            console.report(|out| self.format.write(assessment, style(look), out));
        }
        code
    }
}

/// Reads an earlier report.
fn earlier(path: &Path) -> Result<Baseline, Box<Problem>> {
    let text = files::read(path, LIMIT).map_err(Box::new)?;
    Baseline::read(&text).map_err(|message| {
        let name = files::shown(path);
        let problem = Problem::error("hegui::cli::baseline", Place::Nowhere, message);
        Box::new(problem.help(text!(
            "文件 {name}；基准用 hegui check --output json={name} 生成",
            "file {name}; write a baseline with hegui check --output json={name}"
        )))
    })
}

/// The files that the run has read; a report of an earlier run is none of them and may be replaced.
fn inputs(sources: &Sources) -> BTreeSet<PathBuf> {
    let read = sources.all().iter().filter(|source| !is_own(source));
    read.filter_map(|source| files::absolute(Path::new(&source.name)))
        .collect()
}

fn is_input(file: &Path) -> Problem {
    let name = files::shown(file);
    let message = text!(
        "`{name}` 是本次读取的文件，报告未写入",
        "`{name}` is a file that this run has read; the report was not written"
    );
    let problem = Problem::error("hegui::cli::output_is_input", Place::Nowhere, message);
    problem.help(text!("请换一个文件名", "give another file"))
}

/// The files of an output: one, or one for each project where the format has a document for each and a
/// folder is named.
fn files_of(format: Format, path: &Path, run: &Assessment<'_>) -> Vec<(PathBuf, Part)> {
    let named = path.as_os_str().to_string_lossy();
    let is_folder = named.ends_with(['/', '\\']) || files::is_folder(path);
    let Some(end) = format.per_project().filter(|_| is_folder) else {
        return vec![(path.to_path_buf(), Part::Whole)];
    };
    let names = documents::file_names(run).into_iter().enumerate();
    names
        .map(|(entry, name)| (path.join(format!("{name}.{end}")), Part::Entry(entry)))
        .collect()
}

/// The exit code of a run: errors outrank decisions, and of those the gravest at or above the gate counts.
/// With a baseline, only what grew counts.
fn exit_code(
    problems: &[Problem],
    entries: &[Entry],
    judged: &[Judged],
    baseline: Option<&Comparison>,
    gate: Decision,
) -> u8 {
    if any_error(problems) {
        return BROKEN;
    }
    let decisions = entries.iter().map(|entry| match entry {
        Entry::Unread(_) => Decision::Unassessed,
        Entry::Project(index) => match (judged.get(*index), baseline) {
            (None, _) => Decision::Unassessed,
            (Some(judged), None) => judged.decision,
            (Some(judged), Some(baseline)) => baseline.growth(*index, judged),
        },
    });
    let gravest = decisions
        .filter(|d| d.rank() >= gate.rank())
        .max_by_key(|d| d.rank());
    gravest.map_or(OK, Decision::exit_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_decision_at_the_gate_gives_the_exit_code() {
        let judged = |decision| Judged {
            findings: Vec::new(),
            decision,
        };
        let code = |decisions: &[Decision], gate| {
            let judged: Vec<Judged> = decisions.iter().map(|d| judged(*d)).collect();
            let entries: Vec<Entry> = (0..judged.len()).map(Entry::Project).collect();
            exit_code(&[], &entries, &judged, None, gate)
        };
        assert_eq!(
            code(&[Decision::Clear, Decision::Explain], Decision::Refer),
            0
        );
        assert_eq!(code(&[Decision::Explain], Decision::Explain), 4);
        assert_eq!(
            code(&[Decision::Refer, Decision::Verify], Decision::Refer),
            3
        );
        assert_eq!(
            code(&[Decision::Supplement, Decision::Rectify], Decision::Refer),
            1
        );
        assert_eq!(code(&[Decision::Unassessed], Decision::Supplement), 3);
        assert_eq!(
            exit_code(
                &[],
                &[Entry::Unread("x".into())],
                &[],
                None,
                Decision::Refer
            ),
            3
        );
    }
}
