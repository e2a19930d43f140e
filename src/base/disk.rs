//! What a run asks of the disk: every read, listing and question goes through here.
//!
//! So a run can be watched, and what it saw be kept; and a run can be held over what an earlier one saw
//! instead of the disk, on any machine. It does not know what files mean, nor where a sight is kept.
//!
//! Three modes, one for the whole process: the disk as it is; the disk, with everything that was seen
//! noted; and a sight alone, in which whatever was not seen does not exist.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// The name of standard input among files.
pub const STDIN: &str = "<stdin>";

/// A file as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// Its bytes.
    Bytes(Arc<[u8]>),
    /// It was over the limit, and has this length.
    TooLarge(u64),
    /// It could not be read: the kind of the error and its words.
    Failed(Failure, String),
}

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failure {
    /// No permission.
    Denied,
    /// It is a folder.
    Folder,
    /// What its path leads through is no folder.
    NoFolder,
    /// Anything else.
    Other,
}

impl Failure {
    /// All of them, with the ids used in files.
    pub const IDS: [(Self, &'static str); 4] = [
        (Self::Denied, "denied"),
        (Self::Folder, "folder"),
        (Self::NoFolder, "no_folder"),
        (Self::Other, "other"),
    ];

    fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::IsADirectory => Self::Folder,
            io::ErrorKind::NotADirectory => Self::NoFolder,
            _ => Self::Other,
        }
    }

    fn error(self, words: &str) -> io::Error {
        let kind = match self {
            Self::Denied => io::ErrorKind::PermissionDenied,
            Self::Folder => io::ErrorKind::IsADirectory,
            Self::NoFolder => io::ErrorKind::NotADirectory,
            Self::Other => io::ErrorKind::Other,
        };
        io::Error::new(kind, words.to_owned())
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A pipe, a device.
    Other,
}

impl Kind {
    /// All of them, with the ids used in files.
    pub const IDS: [(Self, &'static str); 3] = [
        (Self::File, "file"),
        (Self::Folder, "folder"),
        (Self::Other, "other"),
    ];
}

/// Everything a run saw of the disk, by the paths it asked for.
///
/// Where a run looked and found nothing is not kept: what is not in a sight does not exist in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// The folder in which the run was held. Only its name, unless a path from the root was asked for:
    /// then all of it counts.
    pub here: String,
    /// The files that were read.
    pub files: BTreeMap<String, Held>,
    /// The folders that were listed, with the names in them.
    pub folders: BTreeMap<String, Vec<String>>,
    /// What was found to stand at paths.
    pub kinds: BTreeMap<String, Kind>,
    /// Where paths really stand, if not where they are written; from the folder of the run where they are in it.
    pub links: BTreeMap<String, String>,
}

impl Sight {
    /// The folder of the run, as an absolute path.
    fn place(&self) -> PathBuf {
        let here = Path::new(&self.here);
        if here.is_absolute() {
            here.to_path_buf()
        } else {
            Path::new("/").join(here)
        }
    }

    /// True if a path from the root was seen: then where the run was held is part of what it saw.
    fn is_rooted(&self) -> bool {
        let seen = self.kinds.keys().chain(self.files.keys());
        seen.chain(self.folders.keys())
            .any(|path| Path::new(path).is_absolute())
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        let path = key(path);
        let listed = self.folders.contains_key(&path).then_some(Kind::Folder);
        let read = self.files.contains_key(&path).then_some(Kind::File);
        self.kinds.get(&path).copied().or(listed).or(read)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let names = self.folders.get(&key(folder)).ok_or_else(absent)?;
        Ok(names.iter().map(|name| folder.join(name)).collect())
    }

    fn length(&self, path: &Path) -> u64 {
        match self.files.get(&key(path)) {
            Some(Held::Bytes(bytes)) => bytes.len() as u64,
            Some(Held::TooLarge(length)) => *length,
            _ => 0,
        }
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        plain(&self.place().join(path))
    }

    fn resolved(&self, path: &Path) -> io::Result<PathBuf> {
        if let Some(link) = self.links.get(&key(path)) {
            return Ok(self.place().join(link));
        }
        let real = self.absolute(path);
        // Also the folder of the run itself, which nobody need have asked about.
        if self.kind(path).is_some() || real == plain(&self.place()) {
            Ok(real)
        } else {
            Err(absent())
        }
    }
}

impl Held {
    fn open(held: Option<&Self>) -> io::Result<(Opened, u64)> {
        match held {
            None => Err(absent()),
            Some(Self::Bytes(bytes)) => Ok((Opened::Held(Arc::clone(bytes)), bytes.len() as u64)),
            Some(Self::TooLarge(length)) => Ok((Opened::Held(Arc::default()), *length)),
            Some(Self::Failed(failure, words)) => Err(failure.error(words)),
        }
    }
}

#[derive(Debug)]
enum Mode {
    Disk,
    Watching(Box<Sight>),
    Sight(Box<Sight>),
}

static MODE: RwLock<Mode> = RwLock::new(Mode::Disk);

fn mode() -> std::sync::RwLockReadGuard<'static, Mode> {
    MODE.read().unwrap_or_else(PoisonError::into_inner)
}

fn set(new: Mode) -> Mode {
    let mut mode = MODE.write().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *mode, new)
}

/// Notes something, if the run is watched.
fn note(add: impl FnOnce(&mut Sight)) {
    let mut mode = MODE.write().unwrap_or_else(PoisonError::into_inner);
    if let Mode::Watching(sight) = &mut *mode {
        add(sight);
    }
}

fn is_watched() -> bool {
    matches!(*mode(), Mode::Watching(_))
}

/// The answer of a sight, if the run is held over one.
fn seen<T>(answer: impl FnOnce(&Sight) -> T) -> Option<T> {
    match &*mode() {
        Mode::Sight(sight) => Some(answer(sight)),
        _ => None,
    }
}

/// From here on, everything that is seen is noted.
pub fn watch() {
    set(Mode::Watching(Box::default()));
}

/// What was seen since [`watch`]; nothing is noted any longer.
pub fn sight() -> Sight {
    let Mode::Watching(mut sight) = set(Mode::Disk) else {
        return Sight::default();
    };
    let here = std::env::current_dir().unwrap_or_default();
    let last = here
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    sight.here = if sight.is_rooted() { key(&here) } else { last };
    *sight
}

/// Does something that sees a sight instead of the disk.
pub fn over<T>(sight: Sight, act: impl FnOnce() -> T) -> T {
    let before = set(Mode::Sight(Box::new(sight)));
    let done = act();
    set(before);
    done
}

/// A path as sights have it: with forward slashes on every system.
pub fn key(path: &Path) -> String {
    let path = path.to_string_lossy();
    if cfg!(windows) {
        path.replace('\\', "/")
    } else {
        path.into_owned()
    }
}

fn absent() -> io::Error {
    io::ErrorKind::NotFound.into()
}

/// An opened file.
#[derive(Debug)]
pub(super) enum Opened {
    /// On the disk.
    Disk(fs::File),
    /// In memory, as it was seen.
    Held(Arc<[u8]>),
}

/// A file and its length, as far as that can be told; at most `limit` bytes of it are wanted.
pub(super) fn open(path: &Path, limit: u64) -> io::Result<(Box<dyn Read>, u64)> {
    let (opened, length) = opened(path, limit)?;
    let read: Box<dyn Read> = match opened {
        Opened::Disk(file) => Box::new(file),
        Opened::Held(bytes) => Box::new(Cursor::new(bytes)),
    };
    Ok((read, length))
}

/// The same, to be read in any order.
pub(super) fn opened(path: &Path, limit: u64) -> io::Result<(Opened, u64)> {
    if let Some(answer) = seen(|sight| Held::open(sight.files.get(&key(path)))) {
        return answer;
    }
    let opened = fs::File::open(path).and_then(|file| {
        let length = file.metadata()?.len();
        Ok((file, length))
    });
    if !is_watched() {
        return opened.map(|(file, length)| (Opened::Disk(file), length));
    }
    let read = opened.and_then(|(file, length)| {
        if length > limit {
            return Ok(Held::TooLarge(length));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Held::Bytes(bytes.into()))
    });
    let kept = match read {
        Ok(kept) => kept,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
        Err(error) => Held::Failed(Failure::of(&error), error.to_string()),
    };
    let answer = Held::open(Some(&kept));
    note(|sight| {
        sight.files.insert(key(path), kept);
    });
    answer
}

/// Standard input, of which at most `limit` bytes are wanted.
pub(super) fn stdin(limit: u64) -> io::Result<Vec<u8>> {
    let held = seen(|sight| match sight.files.get(STDIN) {
        Some(Held::Bytes(bytes)) => bytes.to_vec(),
        _ => Vec::new(),
    });
    if let Some(bytes) = held {
        return Ok(bytes);
    }
    let mut bytes = Vec::new();
    io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    note(|sight| {
        let held = Held::Bytes(bytes.as_slice().into());
        sight.files.insert(STDIN.to_owned(), held);
    });
    Ok(bytes)
}

/// What stands at a path, links followed.
pub fn kind(path: &Path) -> Option<Kind> {
    if let Some(known) = seen(|sight| sight.kind(path)) {
        return known;
    }
    let found = fs::metadata(path).ok().map(|about| {
        if about.is_dir() {
            Kind::Folder
        } else if about.is_file() {
            Kind::File
        } else {
            Kind::Other
        }
    });
    if let Some(kind) = found {
        note(|sight| {
            sight.kinds.insert(key(path), kind);
        });
    }
    found
}

/// How long a file is, as far as that can be told.
pub(super) fn length(path: &Path) -> u64 {
    seen(|sight| sight.length(path))
        .unwrap_or_else(|| fs::metadata(path).map_or(0, |about| about.len()))
}

/// What tells a file from an earlier state of it without reading it: where it stands, its size and when it was
/// changed. None where the run is watched or held over a sight: then what is kept of a file stands for nothing.
pub(super) fn stamp(path: &Path) -> Option<String> {
    if !matches!(*mode(), Mode::Disk) {
        return None;
    }
    let about = fs::metadata(path).ok()?;
    let changed = about.modified().ok()?;
    let age = changed.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!(
        "{} {} {}.{:09}",
        fs::canonicalize(path).ok()?.display(),
        about.len(),
        age.as_secs(),
        age.subsec_nanos()
    ))
}

/// The names in a folder, sorted.
pub(super) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if let Some(known) = seen(|sight| sight.list(folder)) {
        return known;
    }
    let entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    let mut names: Vec<_> = entries.iter().map(fs::DirEntry::file_name).collect();
    names.sort();
    note(|sight| {
        let names = names.iter().map(|n| n.to_string_lossy().into_owned());
        sight.folders.insert(key(folder), names.collect());
    });
    Ok(names.into_iter().map(|name| folder.join(name)).collect())
}

/// Where a path really stands, links and `..` resolved.
pub(super) fn resolved(path: &Path) -> io::Result<PathBuf> {
    if let Some(known) = seen(|sight| sight.resolved(path)) {
        return known;
    }
    let real = fs::canonicalize(path)?;
    if is_watched() {
        let here = std::env::current_dir().unwrap_or_default();
        let home = fs::canonicalize(&here).unwrap_or_else(|_| here.clone());
        if plain(&home.join(path)) != real {
            let link = real.strip_prefix(&home).unwrap_or(&real);
            let link = key(link);
            note(|sight| {
                sight.links.insert(key(path), link);
            });
        }
        kind(path);
    }
    Ok(real)
}

/// A path from the root, without looking at what stands there.
pub fn absolute(path: &Path) -> Option<PathBuf> {
    seen(|sight| sight.absolute(path)).or_else(|| std::path::absolute(path).ok())
}

/// A path without `.`; `..` stays, since only the disk knows where it leads.
fn plain(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| !matches!(part, Component::CurDir))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sight_answers_for_what_was_seen_and_nothing_else() {
        let mut sight = Sight {
            here: "office".to_owned(),
            ..Sight::default()
        };
        let bytes: Arc<[u8]> = b"name"[..].into();
        sight
            .files
            .insert("a/project.toml".to_owned(), Held::Bytes(bytes));
        sight
            .folders
            .insert("a".to_owned(), vec!["project.toml".to_owned()]);
        sight.links.insert("b".to_owned(), "a".to_owned());
        let (file, folder) = (Path::new("a/project.toml"), Path::new("a"));
        let (opened, length) = Held::open(sight.files.get(&key(file))).unwrap();
        assert!(matches!(opened, Opened::Held(bytes) if &bytes[..] == b"name"));
        assert_eq!(length, 4);
        assert_eq!(sight.kind(file), Some(Kind::File));
        assert_eq!(sight.kind(folder), Some(Kind::Folder));
        assert_eq!(sight.list(folder).unwrap(), [file]);
        assert_eq!(sight.absolute(file), Path::new("/office/a/project.toml"));
        assert_eq!(
            sight.resolved(Path::new("b")).unwrap(),
            Path::new("/office/a")
        );
        // What stands on the disk, and was not seen, does not exist.
        assert_eq!(sight.kind(Path::new("src")), None);
        assert!(sight.resolved(Path::new("src")).is_err());
        assert!(sight.list(Path::new("src")).is_err());
        assert!(Held::open(sight.files.get("Cargo.toml")).is_err());
    }
}
