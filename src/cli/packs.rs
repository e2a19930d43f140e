//! Which packs are in use: from `--rules`, else `hegui.toml`, else the embedded two.
//!
//! A `rules/` folder is never picked up by itself; one beside a checked path that differs is warned about.
//! It does not read what stands in the packs, except whom they extend.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::config::{Config, Word};
use crate::base::cache::Cache;
use crate::base::files;
use crate::base::problem::Problem;
use crate::base::source::{Place, Source, Sources};
use crate::base::toml;
use crate::base::tree::Node;
use crate::rules::pack::{Head, PackOrigin, Packs};
use crate::rules::{self, PackFiles, PackText};
use crate::text;

/// No pack file is nearly as large.
const LIMIT: u64 = 32 << 20;
/// The largest map file that is part of its pack.
const MAP_LIMIT: u64 = 1 << 20;

/// The packs in use.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Their files.
    pub files: Vec<PackFiles>,
    /// Where compiled tables are kept.
    pub cache: Cache,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// The packs of a run: the folders of `--rules`, else those of `hegui.toml`, else the embedded ones.
pub(super) fn choose(folders: &[PathBuf], config: &Config) -> Chosen {
    let mut chosen = Chosen {
        cache: config.cache(),
        ..Chosen::default()
    };
    if !folders.is_empty() {
        for folder in folders {
            chosen.folder(folder, Place::Nowhere);
        }
    } else if config.packs.is_empty() {
        chosen.files = config.built_in();
        return chosen;
    } else {
        for word in &config.packs {
            chosen.word(word, config);
        }
    }
    chosen.complete(config);
    chosen
}

/// Loads the chosen packs, whose files are then no longer kept apart.
pub(super) fn load(chosen: &mut Chosen, sources: &mut Sources) -> (Packs, Vec<Problem>) {
    let files = std::mem::take(&mut chosen.files);
    let loaded = rules::load_with(files, sources, &chosen.cache);
    chosen.with_problems(loaded)
}

/// Loads the layers of the chosen packs and no more.
pub(super) fn load_layers(chosen: &mut Chosen, sources: &mut Sources) -> (Packs, Vec<Problem>) {
    let files = std::mem::take(&mut chosen.files);
    chosen.with_problems(rules::load_layers(files, sources))
}

impl Chosen {
    /// What was loaded, what could not be read before it first among the problems.
    fn with_problems(&mut self, (packs, found): (Packs, Vec<Problem>)) -> (Packs, Vec<Problem>) {
        let mut problems = std::mem::take(&mut self.problems);
        problems.extend(found);
        (packs, problems)
    }

    /// A pack of `hegui.toml`: a folder beside that file, or the id of an embedded pack.
    fn word(&mut self, word: &Word, config: &Config) {
        let base = config.folder.as_deref().unwrap_or(Path::new(""));
        let folder = base.join(&word.text);
        let built_in = config
            .built_in()
            .into_iter()
            .find(|pack| pack.name == word.text);
        match built_in {
            Some(pack) if !files::is_folder(&folder) => self.files.push(pack),
            _ => self.folder(&folder, word.place),
        }
    }

    /// A pack's folder, or a folder of packs.
    fn folder(&mut self, folder: &Path, place: Place) {
        let found = packs_in(folder, &mut self.problems);
        if found.is_empty() {
            let name = files::shown(folder);
            let message = if files::is_folder(folder) {
                text!(
                    "`{name}` 里没有 pack.toml，不是规则包",
                    "`{name}` has no pack.toml and is not a pack"
                )
            } else {
                text!("没有文件夹 `{name}`", "there is no folder `{name}`")
            };
            self.problems
                .push(Problem::error("hegui::pack::folder", place, message));
        }
        self.files.extend(found);
    }

    /// Adds the embedded packs that the given ones extend and that are not given.
    fn complete(&mut self, config: &Config) {
        let mut index = 0;
        while let Some(pack) = self.files.get(index) {
            let wanted: Vec<String> = extends(pack)
                .into_iter()
                .filter(|id| !self.files.iter().any(|p| id_of(p) == *id))
                .collect();
            self.files.extend(
                config
                    .built_in()
                    .into_iter()
                    .filter(|p| wanted.contains(&p.name)),
            );
            index += 1;
        }
    }
}

/// The packs at a folder: itself, or those directly in it.
fn packs_in(folder: &Path, problems: &mut Vec<Problem>) -> Vec<PackFiles> {
    if !files::is_folder(folder) {
        return Vec::new();
    }
    if files::is_file(&folder.join("pack.toml")) {
        return read(folder, problems).into_iter().collect();
    }
    let walk = files::walk(folder, folder, &[]);
    let heads = walk
        .files
        .iter()
        .filter(|f| f.file_name().is_some_and(|n| n == "pack.toml"));
    let inner: BTreeSet<&Path> = heads
        .filter_map(|f| f.parent())
        .filter(|f| f.parent() == Some(folder))
        .collect();
    inner
        .into_iter()
        .filter_map(|pack| read(pack, problems))
        .collect()
}

/// The files of a pack's folder.
fn read(folder: &Path, problems: &mut Vec<Problem>) -> Option<PackFiles> {
    let absolute = files::absolute(folder)?;
    let name = absolute
        .components()
        .next_back()?
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    let walk = files::walk(folder, folder, &[]);
    problems.extend(walk.problems);
    let mut paths: Vec<PathBuf> = walk
        .files
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == "toml" || e == "csv") || is_small_map(f))
        .collect();
    // The order in which the embedded packs are listed, so that equal files have equal hashes.
    paths.sort();
    let mut texts = Vec::new();
    for path in paths {
        let inner = files::shown(path.strip_prefix(folder).unwrap_or(&path));
        match PackText::of_file(&inner, &path, LIMIT) {
            Ok(text) => texts.push((inner, text)),
            Err(problem) => problems.push(problem),
        }
    }
    let shown = files::shown(folder);
    Some(PackFiles {
        name,
        prefix: shown.clone(),
        origin: PackOrigin::Folder(shown),
        files: texts,
    })
}

/// True for a layer's map file that is part of its pack; a larger one, or one that is no text, has a hash of its own.
fn is_small_map(file: &Path) -> bool {
    file.extension().is_some_and(|e| e == "geojson") && files::length(file) <= MAP_LIMIT
}

/// The head of a pack, read for its id and whom it extends.
fn head(pack: &PackFiles) -> Option<Node> {
    let (_, text) = pack.files.iter().find(|(path, _)| path == "pack.toml")?;
    let mut sources = Sources::default();
    let id = sources.add("pack.toml", text.text());
    let source: &Source = sources.get(id)?;
    Some(toml::parse(source).0)
}

fn id_of(pack: &PackFiles) -> String {
    let id = head(pack).and_then(|head| head.get("id").and_then(Node::text).map(str::to_owned));
    id.unwrap_or_else(|| pack.name.clone())
}

fn extends(pack: &PackFiles) -> Vec<String> {
    let items = |head: Node| {
        head.get("extends").map(|n| {
            n.items()
                .iter()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect()
        })
    };
    head(pack).and_then(items).unwrap_or_default()
}

/// Warnings about `rules/` folders at or beside the checked paths whose packs are not those in use.
pub(super) fn overlooked(paths: &[PathBuf], in_use: &[Head]) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut warnings = Vec::new();
    for path in paths.iter().filter(|p| p.as_os_str() != "-") {
        // As written, so that the advice can be copied; above the current folder only the full path says where.
        let written = path.parent().filter(|_| path.file_name().is_some());
        let absolute = files::absolute(path);
        let parent = written.or(absolute.as_deref().and_then(Path::parent));
        let beside = parent.map(|parent| parent.join("rules"));
        for folder in [Some(path.join("rules")), beside].into_iter().flatten() {
            let real = files::absolute(&folder).unwrap_or_else(|| folder.clone());
            if !files::is_folder(&folder) || !seen.insert(real) {
                continue;
            }
            let mut unread = Vec::new();
            for pack in packs_in(&folder, &mut unread) {
                let hash = pack.hash();
                if in_use.iter().all(|used| used.hash != hash) {
                    let name = pack.prefix;
                    let problem = Problem::warning(
                        "hegui::pack::overlooked",
                        Place::Nowhere,
                        text!(
                            "规则包 `{name}` 与本次使用的规则包不同，未被采用",
                            "the pack `{name}` differs from the packs in use and was not used"
                        ),
                    );
                    warnings.push(problem.help(text!(
                        "如需采用，请写 --rules {name}",
                        "to use it, write --rules {name}"
                    )));
                }
            }
        }
    }
    warnings
}
