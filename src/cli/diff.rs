//! `hegui diff`: two runs compared, be they submissions, records or reports.
//!
//! Submissions and records are judged again, so that one thing at a time can be exchanged; of reports only what
//! they say is known.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::arguments::Form;
use super::audit;
use super::check::{self, Against};
use super::config::Config;
use super::console::Console;
use super::gather::Gathered;
use super::progress::Progress;
use super::replay;
use super::run::{self, Asked, Read};
use super::{BROKEN, FAILED, OK};
use crate::base::archive::{Archive, Link, Object};
use crate::base::disk::{self, Sight};
use crate::base::files;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::base::text::Text;
use crate::judge::cause::{self, Side, explain};
use crate::judge::change::changes;
use crate::judge::decision::Decision;
use crate::model::project::Project;
use crate::report::diff::{self, Detail, End, compare};
use crate::report::json;
use crate::report::record::Record;
use crate::report::told::Report;
use crate::rules::pack::Packs;
use crate::text;

/// What the command line says.
#[derive(Debug)]
pub(super) struct Diff {
    /// By which rules and as of when submissions are judged.
    pub asked: Asked,
    /// The old run.
    pub old: PathBuf,
    /// The new run.
    pub new: PathBuf,
    /// How the answer is written.
    pub form: Form,
}

/// One of the runs.
struct One {
    end: End,
    /// What it said.
    told: Report,
    /// What it was judged from, if it can be judged again.
    ran: Option<Ran>,
    /// True if something of it could not be read.
    broken: bool,
}

/// A run that can be judged again.
struct Ran {
    read: Read,
    config: Config,
    asked: Asked,
    /// What a recorded run saw of the disk; none for files as they are now.
    sight: Option<Sight>,
}

/// Runs the command.
pub(super) fn run(diff: &Diff, console: &mut Console) -> u8 {
    let sides =
        one(&diff.old, diff, console).and_then(|old| Ok((old, one(&diff.new, diff, console)?)));
    let (old, new) = match sides {
        Ok(sides) => sides,
        Err(problem) => {
            if let Some(problem) = problem {
                console.problems(&[*problem], &Sources::default());
            }
            return BROKEN;
        }
    };
    let broken = old.broken || new.broken;
    let runs = old.ran.as_ref().zip(new.ran.as_ref());
    let mixed = runs.map(|(a, b)| Mixed::of(a, b));
    let detail = |a: usize, b: usize| {
        let ((old_run, new_run), mixed) = runs.zip(mixed.as_ref())?;
        mixed.detail(
            (old_run, old.told.projects.get(a)?.id.as_deref()?),
            (new_run, new.told.projects.get(b)?.id.as_deref()?),
        )
    };
    let found = compare(
        (old.end.clone(), &old.told),
        (new.end.clone(), &new.told),
        detail,
    );
    match diff.form {
        Form::Json => console.report(|out| diff::json(&found, out)),
        form => console.page(form, |page| diff::page(page, &found)),
    }
    match (broken, found.is_changed()) {
        (true, _) => BROKEN,
        (false, true) => FAILED,
        (false, false) => OK,
    }
}

/// Why a side cannot be compared; none if it was said already.
type Why = Option<Box<Problem>>;

/// A side from its path.
fn one(path: &Path, diff: &Diff, console: &mut Console) -> Result<One, Why> {
    let is_record = Archive::of_record(path).is_some() && files::is_file(path);
    if is_record || Archive::at(path).is_one() {
        return recorded(path);
    }
    if !files::exists(path) {
        let name = files::shown(path);
        let message = text!("没有 `{name}`", "there is no `{name}`");
        return Err(Some(Box::new(wrong(message))));
    }
    let bytes = files::is_file(path).then(|| files::bytes(path)).flatten();
    if bytes.as_deref().is_some_and(is_report) {
        let told = Report::read(bytes.as_deref().unwrap_or_default());
        return Ok(One {
            end: End {
                path: files::shown(path),
                what: text!("JSON 报告", "a JSON report"),
                is_run: false,
                masked: BTreeSet::new(),
            },
            told: told.map_err(|why| Some(unreadable(path, why)))?,
            ran: None,
            broken: false,
        });
    }
    submitted(path, diff, console)
}

fn wrong(message: Text) -> Problem {
    Problem::error("hegui::diff::side", Place::Nowhere, message)
}

fn unreadable(path: &Path, why: Text) -> Box<Problem> {
    let name = files::shown(path);
    let problem = wrong(text!("`{name}` 不能比较", "`{name}` cannot be compared"));
    Box::new(problem.help(why))
}

/// True for the bytes of a report: of JSON, those with what only reports have.
fn is_report(bytes: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    value.is_some_and(|value| {
        ["version", "tool", "packs", "projects"]
            .into_iter()
            .all(|key| value.get(key).is_some())
    })
}

/// What a run says, as it would be written.
fn said(read: &Read, gate: Decision, sources: &Sources) -> Result<Report, Text> {
    check::assess(read, gate, sources, &Against::nothing(), |run| {
        let mut bytes = Vec::new();
        json::write(run, &mut bytes).map_err(|error| Text::same(error.to_string()))?;
        Report::read(&bytes)
    })
}

/// A submission, judged as `check` would.
fn submitted(path: &Path, diff: &Diff, console: &mut Console) -> Result<One, Why> {
    let mut sources = Sources::default();
    let config = Config::find(path, &mut sources);
    let asked = Asked {
        paths: vec![path.to_path_buf()],
        ..diff.asked.clone()
    };
    let read = run::read(&asked, &config, &mut sources, console).ok_or(None)?;
    let problems = sorted(read.problems.clone());
    console.problems(&problems, &sources);
    Ok(One {
        end: End {
            path: files::shown(path),
            what: text!("申报", "a submission"),
            is_run: true,
            masked: BTreeSet::new(),
        },
        told: said(&read, Decision::Refer, &sources).map_err(|why| Some(unreadable(path, why)))?,
        broken: any_error(&problems),
        ran: Some(Ran {
            read,
            config,
            asked,
            sight: None,
        }),
    })
}

/// A record: what it says was said then; it is judged again from what it holds.
fn recorded(path: &Path) -> Result<One, Why> {
    let (archive, mut chain, _) = audit::records(path).map_err(Some)?;
    let link: Link = chain.links.pop().ok_or_else(|| {
        let why = text!("其中没有记录", "it holds no record");
        Some(unreadable(path, why))
    })?;
    let record = Record::read(&link.bytes).map_err(|why| Some(unreadable(path, why)))?;
    let damaged = || {
        let why = text!(
            "记录不完整或被改动，请先运行 hegui audit verify",
            "the record is incomplete or was changed: run `hegui audit verify` first"
        );
        Some(unreadable(path, why))
    };
    let whole = |hash: &str| matches!(archive.object(hash), Object::Whole(_));
    if link.hash != link.named || !record.objects().keys().copied().all(whole) {
        return Err(damaged());
    }
    let Object::Whole(report) = archive.object(&record.report.hash) else {
        return Err(damaged());
    };
    let number = record.number;
    let told = Report::read(&report).map_err(|why| Some(unreadable(path, why)))?;
    let ran = if record.is_withheld() {
        None
    } else {
        let sight = replay::sight(&record, &archive, None);
        let built_in = replay::built_in(&record, &archive);
        let again = replay::again(&record, sight.clone(), built_in)
            .map_err(|why| Some(unreadable(path, why)))?;
        Some(Ran {
            read: again.read,
            config: again.config,
            asked: again.check.asked,
            sight: Some(sight),
        })
    };
    let what = if ran.is_some() {
        text!("第 {number} 条运行记录", "record {number}")
    } else {
        text!("第 {number} 条运行记录，已遮盖", "record {number}, masked")
    };
    Ok(One {
        end: End {
            path: files::shown(path),
            what,
            is_run: ran.is_some(),
            masked: record.masked(),
        },
        told,
        ran,
        broken: false,
    })
}

impl Ran {
    /// The projects as other packs read them.
    fn read_by(&self, packs: &Packs) -> Gathered {
        let gather = || {
            run::gather(
                packs,
                &self.asked,
                &self.config,
                &mut Sources::default(),
                Progress::none(),
            )
        };
        match &self.sight {
            Some(sight) => disk::over(sight.clone(), gather),
            None => gather(),
        }
    }
}

/// Each side's projects as the other side's packs read them.
struct Mixed {
    /// The new projects by the old packs; none where the packs are the same.
    new_by_old: Option<Gathered>,
    /// The old projects by the new packs.
    old_by_new: Option<Gathered>,
}

/// The project of an id.
fn named<'a>(found: &'a Gathered, id: &str) -> Option<&'a Project> {
    found.projects.iter().find(|project| project.id == id)
}

impl Mixed {
    fn of(old: &Ran, new: &Ran) -> Self {
        let same = cause::same_packs(&old.read.packs, &new.read.packs);
        Self {
            new_by_old: (!same).then(|| new.read_by(&old.read.packs)),
            old_by_new: (!same).then(|| old.read_by(&new.read.packs)),
        }
    }

    /// What judging a pair of projects again tells.
    fn detail<'a>(
        &self,
        (old, old_id): (&'a Ran, &str),
        (new, new_id): (&'a Ran, &str),
    ) -> Option<Detail<'a>> {
        let (before, after) = (
            named(&old.read.found, old_id)?,
            named(&new.read.found, new_id)?,
        );
        let new_by_old = match &self.new_by_old {
            Some(found) => named(found, new_id)?,
            None => after,
        };
        let old_by_new = match &self.old_by_new {
            Some(found) => named(found, old_id)?,
            None => before,
        };
        let explained = explain(
            Side {
                packs: &old.read.packs,
                settings: &old.read.settings,
                project: before,
                other: new_by_old,
                waivers: &old.read.found.waivers,
            },
            Side {
                packs: &new.read.packs,
                settings: &new.read.settings,
                project: after,
                other: old_by_new,
                waivers: &new.read.found.waivers,
            },
        );
        Some(Detail {
            old_packs: &old.read.packs,
            new_packs: &new.read.packs,
            changes: changes(&new.read.packs.library, old_by_new, after),
            explained,
            same_site: before
                .site
                .as_ref()
                .zip(after.site.as_ref())
                .map(|(a, b)| (a.meridian, &a.outline) == (b.meridian, &b.outline)),
        })
    }
}
