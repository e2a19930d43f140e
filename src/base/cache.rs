//! A folder for what can be made again: forms that were costly to make, under the hash of what they were made from.
//!
//! It does not know what it keeps. Nothing depends on it: what is absent, damaged or of another make is
//! none, and what cannot be written is not. An entry is written to a file of its own and renamed, so
//! that runs at the same time see all of it or nothing. Only the newest [`MOST`] entries stay.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::kept::{Draft, Kept};

/// How many entries stay; the least recently written go first.
const MOST: usize = 16;
/// What every entry begins with: that it is one, and the version of this frame.
const MARK: &[u8; 8] = b"hegui\0c1";
/// The mark, then the length of the body and its digest.
const HEAD: usize = 24;
/// What the names of entries end with.
const ENDING: &str = "hegui-cache";
/// How many large forms stay.
const MOST_LARGE: usize = 64;
/// What the names of large forms end with.
const LARGE: &str = "hegui-large";

/// Where forms are kept, if anywhere.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
}

impl Cache {
    /// Keeps nothing.
    pub const fn none() -> Self {
        Self { folder: None }
    }

    /// Keeps entries in a folder, which is made when something is written.
    pub fn at(folder: PathBuf) -> Self {
        Self {
            folder: Some(folder),
        }
    }

    /// Keeps entries where the system keeps such things for a user; nowhere if there is no such place.
    pub fn usual() -> Self {
        Self {
            folder: usual_folder(|name| env::var_os(name)),
        }
    }

    /// What is read from the entry of a name, if the entry is whole.
    pub fn get<T>(&self, name: &str, read: impl FnOnce(&[u8]) -> Option<T>) -> Option<T> {
        let bytes = fs::read(self.path(name)?).ok()?;
        let (head, body) = bytes.split_at_checked(HEAD)?;
        if head != frame(body) {
            return None;
        }
        read(body)
    }

    /// Keeps an entry, if it can be.
    pub fn put(&self, name: &str, body: &[u8]) {
        let (Some(folder), Some(path)) = (&self.folder, self.path(name)) else {
            return;
        };
        let draft = folder.join(draft_name(name));
        let written = fs::create_dir_all(folder)
            .and_then(|()| fs::File::create(&draft))
            .and_then(|mut file| {
                file.write_all(&frame(body))?;
                file.write_all(body)
            })
            .and_then(|()| fs::rename(&draft, &path));
        if written.is_err() {
            // What is left of it is of no use, and a folder that cannot be written keeps nothing.
            let _ = fs::remove_file(&draft);
            return;
        }
        tidy(folder, ENDING, MOST);
    }

    /// The large form of a name, to be read by parts.
    pub fn large(&self, name: &str) -> Option<Kept> {
        let file = fs::File::open(self.large_path(name)?).ok()?;
        let length = file.metadata().ok()?.len();
        Some(Kept::File(file, length))
    }

    /// A large form to be written under a name; in memory where nothing is kept.
    pub fn draft(&self, name: &str) -> Draft {
        let (Some(folder), Some(path)) = (&self.folder, self.large_path(name)) else {
            return Draft::in_memory();
        };
        tidy(folder, LARGE, MOST_LARGE);
        let draft = || -> io::Result<Draft> {
            fs::create_dir_all(folder)?;
            Draft::in_file(folder.join(draft_name(name)), Some(path))
        };
        draft().unwrap_or_else(|_| Draft::in_memory())
    }

    /// A file to work with that nobody else sees and that does not stay; memory where nothing is kept.
    pub fn spool(&self, name: &str) -> Draft {
        let Some(folder) = &self.folder else {
            return Draft::in_memory();
        };
        let draft = || -> io::Result<Draft> {
            fs::create_dir_all(folder)?;
            Draft::in_file(folder.join(draft_name(name)), None)
        };
        draft().unwrap_or_else(|_| Draft::in_memory())
    }

    /// Forgets a large form that proved to be damaged.
    pub fn forget(&self, name: &str) {
        if let Some(path) = self.large_path(name) {
            let _ = fs::remove_file(path);
        }
    }

    fn large_path(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{name}.{LARGE}")))
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{name}.{ENDING}")))
    }
}

/// A name for a draft that no other process or thread uses.
fn draft_name(name: &str) -> String {
    /// Drafts begun by this process.
    static BEGUN: AtomicU32 = AtomicU32::new(0);
    let own = (process::id(), BEGUN.fetch_add(1, Ordering::Relaxed));
    format!("{name}.{}-{}.part", own.0, own.1)
}

/// Removes the oldest files of an ending beyond those that stay; other files are left alone.
fn tidy(folder: &Path, ending: &str, most: usize) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut own: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == ending))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    own.sort();
    let surplus = own.len().saturating_sub(most);
    for (_, path) in own.iter().take(surplus) {
        let _ = fs::remove_file(path);
    }
}

/// The head of an entry.
fn frame(body: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let length = (body.len() as u64).to_le_bytes();
    let digest = digest(body).to_le_bytes();
    let bytes = MARK.iter().chain(&length).chain(&digest);
    for (place, byte) in head.iter_mut().zip(bytes) {
        *place = *byte;
    }
    head
}

/// A digest that shows damage. It keeps nobody out who can write to the folder.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |state: u64, word: u64| {
        let product = u128::from(state ^ word) * u128::from(PRIME);
        // Both halves count: a multiplication alone loses the high bits.
        let half = |half: u128| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0);
        (half(product) ^ half(product >> 64)).rotate_left(23) ^ word
    };
    // Four lanes at once, each of every fourth word.
    let mut lanes = [1_u64, 2, 3, 4];
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = mix(*lane, number(word));
        }
    }
    let mut state = bytes.len() as u64;
    for word in blocks.remainder().chunks(8) {
        state = mix(state, number(word));
    }
    lanes.into_iter().fold(state, mix)
}

fn number(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    for (place, byte) in word.iter_mut().zip(bytes) {
        *place = *byte;
    }
    u64::from_le_bytes(word)
}

/// The folder of hegui's entries by the custom of the system.
fn usual_folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    // A relative path would mean another folder wherever hegui is called.
    let folder = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let own = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else {
        let by_system = if cfg!(target_os = "macos") {
            "Library/Caches"
        } else {
            ".cache"
        };
        folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(by_system)))
    };
    Some(own?.join("hegui"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(cache: &Cache) -> Option<Vec<u8>> {
        cache.get("a", |body| Some(body.to_vec()))
    }

    fn folder(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("hegui-cache-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn an_entry_comes_back_whole_or_not_at_all() {
        let folder = folder("whole");
        let cache = Cache::at(folder.clone());
        assert_eq!(get(&cache), None);
        let body: Vec<u8> = (0..1_000_u32).flat_map(u32::to_le_bytes).collect();
        cache.put("a", &body);
        assert_eq!(get(&cache).as_ref(), Some(&body));
        let path = folder.join("a.hegui-cache");
        let whole = fs::read(&path).unwrap();
        for at in [0, 9, 17, 24, 1_500, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            fs::write(&path, damaged).unwrap();
            assert_eq!(get(&cache), None, "byte {at}");
        }
        for length in [0, 10, 24, whole.len() - 1] {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(get(&cache), None, "length {length}");
        }
        cache.put("a", &body);
        assert_eq!(get(&cache), Some(body));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_cannot_be_written_is_not_kept_and_is_no_error() {
        let folder = folder("file");
        fs::write(&folder, "a file stands where the folder should be").unwrap();
        let cache = Cache::at(folder.clone());
        cache.put("a", b"body");
        assert_eq!(get(&cache), None);
        assert_eq!(get(&Cache::none()), None);
        fs::remove_file(folder).unwrap();
    }

    #[test]
    fn the_folder_keeps_a_few_entries_and_leaves_other_files_alone() {
        let folder = folder("few");
        let cache = Cache::at(folder.clone());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("notes.txt"), "mine").unwrap();
        for number in 0..MOST + 5 {
            cache.put(&number.to_string(), b"body");
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), MOST + 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_usual_folder_is_absolute() {
        let given = |pairs: &'static [(&str, &str)]| {
            usual_folder(|name| {
                let pair = pairs.iter().find(|(n, _)| *n == name);
                pair.map(|(_, value)| OsString::from(value))
            })
        };
        let path = |text: &str| Some(PathBuf::from(text));
        assert_eq!(
            given(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/h")]),
            path("/c/hegui")
        );
        assert_eq!(
            given(&[("XDG_CACHE_HOME", "c"), ("HOME", "/h")]),
            path("/h/.cache/hegui")
        );
        assert_eq!(given(&[("HOME", "")]), None);
    }
}
