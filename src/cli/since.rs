//! `--since`: which submissions of a run changed since a revision.
//!
//! Everything is read and judged, since projects lean on each other; only what changed is reported. It does not know
//! git: base asks it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::config::Config;
use crate::base::files::{self, Skipped};
use crate::base::git;
use crate::base::problem::Problem;
use crate::base::source::Sources;
use crate::model::project::Project;
use crate::report::Entry;
use crate::rules::pack::{PackOrigin, Packs};
use crate::text;

/// What changed since a revision.
#[derive(Debug)]
pub(super) struct Changes {
    revision: String,
    files: BTreeSet<PathBuf>,
}

impl Changes {
    /// Asks git about every path that is to be checked.
    pub(super) fn since(revision: &str, paths: &[PathBuf]) -> Result<Self, Problem> {
        let mut changed = BTreeSet::new();
        let mut asked = BTreeSet::new();
        for path in paths.iter().filter(|path| path.as_os_str() != "-") {
            let folder = if files::is_folder(path) {
                path.clone()
            } else {
                folder_of(path)
            };
            if asked.insert(folder.clone()) {
                changed.append(&mut git::changed(&folder, revision)?);
            }
        }
        Ok(Self {
            revision: revision.to_owned(),
            files: changed,
        })
    }

    /// Leaves the entries that changed, and drops the problems of the others.
    pub(super) fn keep(
        &self,
        entries: &mut Vec<Entry>,
        projects: &[Project],
        (config, packs): (&Config, &Packs),
        (problems, sources): (&mut Vec<Problem>, &Sources),
    ) -> Option<Skipped> {
        if self.ground_moved(config, packs) {
            return None;
        }
        let file = |entry: &Entry| match entry {
            Entry::Project(index) => projects.get(*index).map(|p| p.file.clone()),
            Entry::Unread(file) => Some(file.clone()),
        };
        let submissions: BTreeSet<PathBuf> = entries
            .iter()
            .filter_map(file)
            .filter_map(|file| files::resolved(Path::new(&file)))
            .collect();
        let homes: BTreeSet<PathBuf> = submissions.iter().map(|path| folder_of(path)).collect();
        // What is no submission belongs to those of the nearest folder that has some.
        let mut moved = BTreeSet::new();
        for path in self.files.difference(&submissions) {
            let home = path
                .ancestors()
                .skip(1)
                .find(|above| homes.contains(*above));
            moved.extend(home);
        }
        let has_changed = |file: &str| {
            files::resolved(Path::new(file)).is_none_or(|path| {
                self.files.contains(&path)
                    || path.parent().is_some_and(|folder| moved.contains(folder))
            })
        };
        let before = entries.len();
        entries.retain(|entry| file(entry).is_none_or(|file| has_changed(&file)));
        let unchanged = before - entries.len();
        problems.retain(|problem| {
            let Some((source, _)) = sources.locate(problem.place()) else {
                return true;
            };
            let path = files::resolved(Path::new(&source.name));
            let is_beside = path.is_some_and(|path| homes.contains(&folder_of(&path)));
            !is_beside || has_changed(&source.name)
        });
        let revision = &self.revision;
        (unchanged > 0).then(|| Skipped {
            path: format!("--since {revision}"),
            why: text!(
                "{unchanged} 件申报没有变化，计入合计，不列出，不影响退出码",
                "{unchanged} submissions did not change; they count in totals, are not listed and do not affect the exit code"
            ),
        })
    }

    /// True if the settings or a pack changed: then every submission may come out otherwise.
    fn ground_moved(&self, config: &Config, packs: &Packs) -> bool {
        let folder = config.folder.clone().unwrap_or_default();
        let named = config.waivers.iter().map(|word| folder.join(&word.text));
        let settings = [folder.join("hegui.toml")].into_iter().chain(named);
        let mut settings = settings.filter_map(|path| files::resolved(&path));
        let packs = packs.heads.iter().filter_map(|head| match &head.origin {
            PackOrigin::Embedded => None,
            PackOrigin::Folder(folder) => files::resolved(Path::new(folder)),
        });
        let packs: Vec<PathBuf> = packs.collect();
        settings.any(|path| self.files.contains(&path))
            || self
                .files
                .iter()
                .any(|file| packs.iter().any(|pack| file.starts_with(pack)))
    }
}

/// The folder of a file.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}
