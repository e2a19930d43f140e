//! An archive of records: a chain of files, each naming the hash of the one before, and the objects they speak of.
//!
//! ```text
//! DIR/records/000001.<hash>.json    a record, under its number and the SHA-256 of its bytes
//! DIR/objects/ab/cdef…              anything else, under the SHA-256 of its bytes
//! DIR/lock                          held while a record is added; empty
//! DIR/.heguiignore                  keeps walks out of all this
//! ```
//!
//! It does not know what stands in a record. A record is written to a draft and renamed, under the lock: a run
//! that is cut short leaves no record, and runs at the same time add theirs one after another.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process;

use super::hash::{hex, sha256};
use super::problem::Problem;
use super::source::Place;
use super::text::Text;
use crate::base::files::{reason, shown};
use crate::text;

const RECORDS: &str = "records";
const OBJECTS: &str = "objects";
const LOCK: &str = "lock";
/// What a draft's name ends with.
const DRAFT: &str = "part";
/// No record or object is nearly as large.
const LIMIT: u64 = 1 << 30;

/// A folder of records.
#[derive(Clone, Debug)]
pub struct Archive {
    folder: PathBuf,
}

/// A record of a chain as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its number by its name.
    pub number: u64,
    /// Its hash by its name.
    pub named: String,
    /// The hash of its bytes.
    pub hash: String,
    /// The name of its file, as shown to people.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file among the objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The hash that its name tells.
    pub hash: Option<String>,
    /// True if a run that was cut short left it.
    pub is_draft: bool,
    /// Its name, as shown to people.
    pub file: String,
}

/// What stands under the name of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// The bytes that belong there.
    Whole(Vec<u8>),
    /// Other bytes, with this hash.
    Damaged(String),
    /// Nothing that can be read.
    Missing,
}

/// A chain as it is found.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// Its records, by number, then name.
    pub links: Vec<Link>,
    /// Files among the records that are none.
    pub strays: Vec<String>,
}

impl Archive {
    /// The archive of a folder.
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
        }
    }

    /// The archive that a record's file belongs to.
    pub fn of_record(file: &Path) -> Option<Self> {
        let records = file.parent()?;
        let is_one = records.file_name().is_some_and(|name| name == RECORDS);
        let folder = records.parent()?;
        let here = folder.as_os_str().is_empty();
        is_one.then(|| Self::at(if here { Path::new(".") } else { folder }))
    }

    /// True if the folder holds records.
    pub fn is_one(&self) -> bool {
        self.folder.join(RECORDS).is_dir()
    }

    /// The file of an object, as shown to people.
    pub fn object_file(&self, hash: &str) -> String {
        shown(&self.object_path(hash))
    }

    fn object_path(&self, hash: &str) -> PathBuf {
        let (head, rest) = hash.split_at_checked(2).unwrap_or(("", hash));
        self.folder.join(OBJECTS).join(head).join(rest)
    }

    /// Keeps an object, and gives its hash.
    pub fn put(&self, bytes: &[u8]) -> Result<String, Problem> {
        let hash = hex(&sha256(bytes));
        let path = self.object_path(&hash);
        match self.object(&hash) {
            Object::Whole(_) => return Ok(hash),
            Object::Damaged(_) => return Err(damaged(&shown(&path))),
            Object::Missing => {}
        }
        let draft = path.with_extension(format!("{}.{DRAFT}", process::id()));
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&draft, bytes))
            .and_then(|()| fs::rename(&draft, &path))
            .map_err(|error| {
                // What is left of it is of no use.
                let _ = fs::remove_file(&draft);
                unwritable(&path, &error)
            })?;
        Ok(hash)
    }

    /// What stands under the name of an object.
    pub fn object(&self, hash: &str) -> Object {
        match bytes(&self.object_path(hash)) {
            Err(_) => Object::Missing,
            Ok(bytes) => {
                let found = hex(&sha256(&bytes));
                if found == hash {
                    Object::Whole(bytes)
                } else {
                    Object::Damaged(found)
                }
            }
        }
    }

    /// Every file among the objects, with the hash that its name tells; none for what is not named as an object is.
    pub fn objects(&self) -> Result<Vec<Named>, Problem> {
        let mut all = Vec::new();
        let mut left = vec![(self.folder.join(OBJECTS), 0)];
        while let Some((folder, depth)) = left.pop() {
            for path in names(&folder).map_err(|error| unreadable(&folder, &error))? {
                // A link is a file here: what it leads to is no object.
                let is_folder = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
                if is_folder {
                    left.push((path, depth + 1));
                } else {
                    let name = path.strip_prefix(self.folder.join(OBJECTS)).ok();
                    let name = name.and_then(Path::to_str).filter(|_| depth == 1);
                    let hash = name.map(|name| name.replace(['/', '\\'], ""));
                    all.push(Named {
                        hash: hash.filter(|hash| is_hash(hash)),
                        is_draft: is_draft(&path),
                        file: shown(&path),
                    });
                }
            }
        }
        all.sort_by(|a, b| a.file.cmp(&b.file));
        Ok(all)
    }

    /// The records as they are found.
    pub fn chain(&self) -> Result<Chain, Problem> {
        let folder = self.folder.join(RECORDS);
        let mut chain = Chain::default();
        for path in names(&folder).map_err(|error| unreadable(&folder, &error))? {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
            let file = shown(&path);
            match name.as_deref().and_then(parts) {
                Some((number, named)) => {
                    let bytes = bytes(&path).map_err(|error| unreadable(&path, &error))?;
                    chain.links.push(Link {
                        number,
                        named,
                        hash: hex(&sha256(&bytes)),
                        file,
                        bytes,
                    });
                }
                None if is_draft(&path) => {}
                None => chain.strays.push(file),
            }
        }
        chain
            .links
            .sort_by(|a, b| (a.number, &a.named).cmp(&(b.number, &b.named)));
        Ok(chain)
    }

    /// Adds the record that `make` writes for its number and the hash of the record before; gives the name of its
    /// file and its hash.
    pub fn append(
        &self,
        make: impl FnOnce(u64, Option<&str>) -> Result<Vec<u8>, Problem>,
    ) -> Result<(String, String), Problem> {
        let records = self.folder.join(RECORDS);
        let ignored = self.folder.join(super::files::IGNORE_FILE);
        let locked = fs::create_dir_all(&records)
            // No record is a submission, wherever the folder stands.
            .and_then(|()| fs::write(&ignored, "*\n"))
            .and_then(|()| {
                let mut open = fs::OpenOptions::new();
                open.create(true).write(true).truncate(false);
                open.open(self.folder.join(LOCK))
            })
            .and_then(|lock| lock.lock().map(|()| lock))
            .map_err(|error| unwritable(&self.folder, &error))?;
        // Whoever left a draft is gone: the lock was theirs.
        for old in names(&records).unwrap_or_default() {
            if is_draft(&old) {
                let _ = fs::remove_file(old);
            }
        }
        let chain = self.chain()?;
        if let Some(broken) = chain.links.iter().find(|link| link.named != link.hash) {
            return Err(damaged(&broken.file));
        }
        let last = chain.links.last();
        let number = last.map_or(1, |last| last.number.saturating_add(1));
        let bytes = make(number, last.map(|last| last.hash.as_str()))?;
        let hash = hex(&sha256(&bytes));
        let path = records.join(format!("{number:06}.{hash}.json"));
        let draft = records.join(format!("{number:06}.{DRAFT}"));
        let written = fs::File::create(&draft)
            .and_then(|mut file| {
                file.write_all(&bytes)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&draft, &path));
        drop(locked);
        match written {
            Ok(()) => Ok((shown(&path), hash)),
            Err(error) => {
                let _ = fs::remove_file(&draft);
                Err(unwritable(&path, &error))
            }
        }
    }
}

/// The number and hash in the name of a record's file.
fn parts(name: &str) -> Option<(u64, String)> {
    let (number, hash) = name.strip_suffix(".json")?.split_once('.')?;
    (is_hash(hash) && number.len() >= 6).then_some((number.parse().ok()?, hash.to_owned()))
}

/// True for a hash as it stands in names.
fn is_hash(text: &str) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 64 && text.bytes().all(digit)
}

fn is_draft(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == DRAFT)
}

/// The paths in a folder, by name; none if there is no such folder.
fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut paths = entries
        .map(|entry| entry.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LIMIT).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn damaged(file: &str) -> Problem {
    Problem::error(
        "hegui::audit::damaged",
        Place::Nowhere,
        text!(
            "留痕文件 `{file}` 的内容与其名称中的摘要不符，未在其后追加记录",
            "`{file}` does not hold what the hash in its name says, and nothing was added after it"
        ),
    )
    .help(text!(
        "请运行 hegui audit verify 查明，或另用一个文件夹",
        "run `hegui audit verify` to see what happened, or use another folder"
    ))
}

fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let name = shown(path);
    let Text { zh, en } = reason(error);
    Problem::error(
        "hegui::audit::unreadable",
        Place::Nowhere,
        text!(
            "`{name}` 无法读取（{zh}）",
            "`{name}` cannot be read ({en})"
        ),
    )
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    let name = shown(path);
    let Text { zh, en } = reason(error);
    Problem::error(
        "hegui::audit::unwritable",
        Place::Nowhere,
        text!(
            "运行记录未能写入 `{name}`（{zh}）",
            "the record could not be written to `{name}` ({en})"
        ),
    )
}
