//! The only place that opens, lists and creates files.
//!
//! It does not know what the files mean: it returns text, or a problem.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::disk::{self, Kind};
use super::hash::Hasher;
use super::problem::Problem;
use super::source::Place;
use super::text::Text;
use crate::text;

/// The folder-level list of what a walk leaves out, in gitignore syntax.
pub const IGNORE_FILE: &str = ".heguiignore";

/// Reads a text file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<String, Problem> {
    decode(&shown(path), limited(path, limit)?, limit)
}

/// Reads a file of at most `limit` bytes that need not be a text.
pub fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Problem> {
    let bytes = limited(path, limit)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(&shown(path), limit));
    }
    Ok(bytes)
}

/// The bytes of a file: one more than `limit` at most.
fn limited(path: &Path, limit: u64) -> Result<Vec<u8>, Problem> {
    let (file, length) = open(path, limit)?;
    // The length may change while it is read, and some files do not state it.
    let mut bytes = Vec::with_capacity(usize::try_from(length).map_or(0, |length| length + 1));
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| unreadable(path, &e))?;
    Ok(bytes)
}

/// The bytes of a file, if it can be read.
pub fn bytes(path: &Path) -> Option<Vec<u8>> {
    let (mut file, _) = disk::open(path, u64::MAX).ok()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Opens a file of at most `limit` bytes; gives its length too.
fn open(path: &Path, limit: u64) -> Result<(Box<dyn Read>, u64), Problem> {
    let (file, length) = disk::open(path, limit).map_err(|e| unreadable(path, &e))?;
    if length > limit {
        return Err(too_large(&shown(path), limit));
    }
    Ok((file, length))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Problem {
    let name = shown(path);
    let Text { zh, en } = reason(error);
    problem(
        "hegui::files::unreadable",
        text!(
            "文件 `{name}` 无法读取：{zh}",
            "file `{name}` cannot be read: {en}"
        ),
    )
}

/// How long a file is, as far as that can be told.
pub fn length(path: &Path) -> u64 {
    disk::length(path)
}

/// A file of which the hash may be all that is needed.
#[derive(Clone, Debug)]
pub struct Unread {
    path: PathBuf,
    limit: u64,
    hash: Arc<OnceLock<Result<[u8; 32], Problem>>>,
}

impl Unread {
    /// A file of at most `limit` bytes that can be opened.
    pub fn of(path: &Path, limit: u64) -> Result<Self, Problem> {
        open(path, limit)?;
        Ok(Self {
            path: path.to_path_buf(),
            limit,
            hash: Arc::default(),
        })
    }

    /// The hash of its bytes, taken when it is first asked for.
    pub fn hash(&self) -> Result<[u8; 32], Problem> {
        self.hash.get_or_init(|| self.taken()).clone()
    }

    fn taken(&self) -> Result<[u8; 32], Problem> {
        let (path, limit) = (&self.path, self.limit);
        let (mut file, _) = open(path, limit)?;
        let mut hash = Hasher::default();
        let mut read = 0;
        // A piece at a time: filling new memory takes longer than the hash.
        let mut piece = vec![0; 128 << 10];
        loop {
            match file.read(&mut piece) {
                Ok(0) => return Ok(hash.finish()),
                Ok(length) => {
                    hash.update(piece.get(..length).unwrap_or(&[]));
                    read += length as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(unreadable(path, &error)),
            }
            if read > limit {
                return Err(too_large(&shown(path), limit));
            }
        }
    }

    /// Its text, if it still has the hash that was taken.
    pub fn read(&self) -> Result<String, Problem> {
        let taken = self.hash()?;
        let text = read(&self.path, self.limit)?;
        // What was hashed may have begun with a mark that is no part of the text.
        let same = [&[][..], "\u{FEFF}".as_bytes()].into_iter().any(|mark| {
            let mut hash = Hasher::default();
            hash.update(mark);
            hash.update(text.as_bytes());
            hash.finish() == taken
        });
        if same {
            return Ok(text);
        }
        let name = shown(&self.path);
        Err(problem(
            "hegui::files::changed",
            text!(
                "文件 `{name}` 在读取期间被改动，请重新运行",
                "file `{name}` was changed while it was read; run again"
            ),
        ))
    }
}

/// Reads standard input as a text of at most `limit` bytes.
pub fn read_stdin(limit: u64) -> Result<String, Problem> {
    match disk::stdin(limit + 1) {
        Ok(bytes) => decode(disk::STDIN, bytes, limit),
        Err(error) => {
            let Text { zh, en } = reason(&error);
            Err(problem(
                "hegui::files::unreadable",
                text!(
                    "标准输入无法读取：{zh}",
                    "standard input cannot be read: {en}"
                ),
            ))
        }
    }
}

/// Reads a file that may be absent.
pub fn read_if_present(path: &Path, limit: u64) -> Result<Option<String>, Problem> {
    if is_file(path) {
        read(path, limit).map(Some)
    } else {
        Ok(None)
    }
}

/// Writes a new file; an existing one is left alone and is a problem.
pub fn create(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    let name = shown(path);
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    made.and_then(|()| {
        fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
    })
    .and_then(|mut file| file.write_all(content.as_ref()))
    .map_err(|error| {
        let Text { zh, en } = reason(&error);
        problem(
            "hegui::files::unwritable",
            text!(
                "文件 `{name}` 无法创建：{zh}",
                "file `{name}` cannot be created: {en}"
            ),
        )
    })
}

/// A problem about a file that was asked for and could not be written.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Problem {
    let name = shown(path);
    let Text { zh, en } = reason(error);
    problem(
        "hegui::files::unwritable",
        text!(
            "文件 `{name}` 无法写入：{zh}",
            "file `{name}` cannot be written: {en}"
        ),
    )
}

/// Where a path really stands, links and `..` resolved; none if nothing stands there.
pub fn resolved(path: &Path) -> Option<PathBuf> {
    disk::resolved(path).ok()
}

/// A path from the root, without looking at what stands there.
pub fn absolute(path: &Path) -> Option<PathBuf> {
    disk::absolute(path)
}

/// True if a file stands at a path.
pub fn is_file(path: &Path) -> bool {
    disk::kind(path) == Some(Kind::File)
}

/// True if a folder stands at a path.
pub fn is_folder(path: &Path) -> bool {
    disk::kind(path) == Some(Kind::Folder)
}

/// True if anything stands at a path.
pub fn exists(path: &Path) -> bool {
    disk::kind(path).is_some()
}

/// A path as shown to people: with forward slashes on every system, and without control characters,
/// since a name may come from anyone.
pub fn shown(path: &Path) -> String {
    let name = path.display().to_string().replace('\\', "/");
    name.chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

fn problem(code: &'static str, message: Text) -> Problem {
    Problem::error(code, Place::Nowhere, message)
}

pub(super) fn too_large(name: &str, limit: u64) -> Problem {
    problem(
        "hegui::files::too_large",
        text!(
            "`{name}` 超过大小上限（{limit} 字节），未读取",
            "`{name}` is over the size limit ({limit} bytes) and was not read"
        ),
    )
    .help(text!(
        "如确需读取，请用 --max-size 提高上限",
        "raise the limit with --max-size if it is meant"
    ))
}

/// What the system says of a file, in words of both languages; what it says beyond these kinds is given as it says it.
///
/// Of what can befall a read, only kinds that a record keeps ([`disk::Failure`]) have words: a run done again from its
/// record says the same.
pub(super) fn reason(error: &io::Error) -> Text {
    let (zh, en) = match error.kind() {
        io::ErrorKind::NotFound => ("文件不存在", "no such file"),
        io::ErrorKind::PermissionDenied => ("没有权限", "permission denied"),
        io::ErrorKind::AlreadyExists => ("文件已存在", "the file exists"),
        io::ErrorKind::IsADirectory => ("这是文件夹", "it is a folder"),
        io::ErrorKind::NotADirectory => {
            ("路径中有一段不是文件夹", "a part of the path is no folder")
        }
        io::ErrorKind::DirectoryNotEmpty => ("文件夹不是空的", "the folder is not empty"),
        io::ErrorKind::StorageFull => ("磁盘空间不足", "no space is left on the disk"),
        io::ErrorKind::QuotaExceeded => ("超出磁盘配额", "the disk quota is exceeded"),
        io::ErrorKind::ReadOnlyFilesystem => ("磁盘是只读的", "the disk is read-only"),
        _ => return text!("系统原文：{error}", "{error}"),
    };
    Text::new(zh, en)
}

fn decode(name: &str, bytes: Vec<u8>, limit: u64) -> Result<String, Problem> {
    if bytes.len() as u64 > limit {
        return Err(too_large(name, limit));
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(encoding(name, "UTF-16", 1));
    }
    // Most files hold none, and that is soon seen.
    if bytes.contains(&0) {
        let at = bytes.iter().position(|b| *b == 0).unwrap_or(0);
        let line = line_of(&bytes, at);
        return Err(problem(
            "hegui::files::binary",
            text!(
                "`{name}` 第 {line} 行含有空字符（NUL），不是文本文件",
                "`{name}` holds a NUL byte in line {line} and is not a text file"
            ),
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text
            .strip_prefix('\u{FEFF}')
            .map(str::to_owned)
            .unwrap_or(text)),
        Err(error) => {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            Err(encoding(
                name,
                if looks_gbk(error.as_bytes()) {
                    "GBK"
                } else {
                    "?"
                },
                line,
            ))
        }
    }
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes.iter().take(at).filter(|b| **b == b'\n').count() + 1
}

fn encoding(name: &str, guess: &str, line: usize) -> Problem {
    let message = match guess {
        "?" => text!(
            "`{name}` 第 {line} 行不是 UTF-8 文本",
            "`{name}` is not UTF-8 text in line {line}"
        ),
        _ => text!(
            "`{name}` 不是 UTF-8 文本，像是 {guess} 编码（第 {line} 行）",
            "`{name}` is not UTF-8 text and looks like {guess} (line {line})"
        ),
    };
    problem("hegui::files::encoding", message).help(text!(
        "请另存为 UTF-8 编码后再核查",
        "save the file as UTF-8 and run again"
    ))
}

/// True if every byte above ASCII belongs to a pair that GBK allows.
fn looks_gbk(bytes: &[u8]) -> bool {
    let mut rest = bytes.iter();
    while let Some(lead) = rest.next() {
        if *lead < 0x80 {
            continue;
        }
        let pair = (0x81..=0xFE).contains(lead)
            && rest
                .next()
                .is_some_and(|t| (0x40..=0xFE).contains(t) && *t != 0x7F);
        if !pair {
            return false;
        }
    }
    true
}

/// Something a walk left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: String,
    /// Why it was left out.
    pub why: Text,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files, in the order of their names.
    pub files: Vec<PathBuf>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
    /// Folders that could not be listed, and loops.
    pub problems: Vec<Problem>,
}

/// Lists the files below a folder, in the order of their names.
///
/// Only `exclude` (gitignore patterns relative to `base`) and `.heguiignore` files leave anything out.
/// Links are followed; a link back into an open folder is a problem.
pub fn walk(root: &Path, base: &Path, exclude: &[String]) -> Walk {
    let mut walk = Walk::default();
    let mut builder = GitignoreBuilder::new(base);
    for pattern in exclude {
        if builder.add_line(None, pattern).is_err() {
            walk.problems.push(problem(
                "hegui::files::pattern",
                text!(
                    "exclude 中的 `{pattern}` 不是有效的路径模式",
                    "`{pattern}` in exclude is not a path pattern"
                ),
            ));
        }
    }
    let excluded = builder.build().unwrap_or_else(|_| Gitignore::empty());
    let mut open = BTreeSet::new();
    list(root, &excluded, &mut Vec::new(), &mut open, &mut walk);
    walk
}

fn list(
    folder: &Path,
    excluded: &Gitignore,
    rules: &mut Vec<Gitignore>,
    open: &mut BTreeSet<PathBuf>,
    walk: &mut Walk,
) {
    let name = shown(folder);
    let unreadable = |error: &io::Error| {
        let Text { zh, en } = reason(error);
        problem(
            "hegui::files::unreadable",
            text!(
                "文件夹 `{name}` 无法列出：{zh}",
                "folder `{name}` cannot be listed: {en}"
            ),
        )
    };
    let real = match disk::resolved(folder) {
        Ok(real) => real,
        Err(error) => return walk.problems.push(unreadable(&error)),
    };
    if !open.insert(real.clone()) {
        let message = text!(
            "文件夹 `{name}` 链接回自身，未再进入",
            "folder `{name}` links back into itself and was not entered again"
        );
        return walk.problems.push(problem("hegui::files::loop", message));
    }
    match disk::list(folder) {
        Err(error) => walk.problems.push(unreadable(&error)),
        Ok(entries) => {
            let ignore_file = folder.join(IGNORE_FILE);
            let depth = rules.len();
            if is_file(&ignore_file) {
                rules.push(patterns(folder, &ignore_file, walk));
            }
            for path in entries {
                let kind = disk::kind(&path);
                let is_folder = kind == Some(Kind::Folder);
                let why = if excluded.matched(&path, is_folder).is_ignore() {
                    Some(text!(
                        "hegui.toml 的 exclude 排除",
                        "excluded by hegui.toml"
                    ))
                } else if rules
                    .iter()
                    .any(|rule| rule.matched(&path, is_folder).is_ignore())
                {
                    Some(text!("{IGNORE_FILE} 排除", "excluded by {IGNORE_FILE}"))
                } else {
                    None
                };
                match why {
                    Some(why) => walk.skipped.push(Skipped {
                        path: shown(&path),
                        why,
                    }),
                    None if is_folder => list(&path, excluded, rules, open, walk),
                    None if kind != Some(Kind::Other) => walk.files.push(path),
                    // A pipe or device may never end.
                    None => walk.skipped.push(Skipped {
                        path: shown(&path),
                        why: text!("不是普通文件", "not a regular file"),
                    }),
                }
            }
            rules.truncate(depth);
        }
    }
    open.remove(&real);
}

/// What an ignore file of a folder leaves out.
fn patterns(folder: &Path, file: &Path, walk: &mut Walk) -> Gitignore {
    /// More than anyone writes by hand.
    const LIMIT: u64 = 1 << 20;
    let text = read(file, LIMIT).unwrap_or_else(|problem| {
        walk.problems.push(problem);
        String::new()
    });
    let mut builder = GitignoreBuilder::new(folder);
    let wrong = |error: &ignore::Error| {
        let file = shown(file);
        problem(
            "hegui::files::pattern",
            text!(
                "`{file}` 中有无效的路径模式：{error}",
                "`{file}` holds a pattern that cannot be read: {error}"
            ),
        )
    };
    for line in text.lines() {
        if let Err(error) = builder.add_line(Some(file.to_path_buf()), line) {
            walk.problems.push(wrong(&error));
        }
    }
    builder.build().unwrap_or_else(|error| {
        walk.problems.push(wrong(&error));
        Gitignore::empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_of_a_file_is_said_in_the_language_of_the_reader() {
        for (kind, words) in [
            (io::ErrorKind::NotFound, "文件不存在"),
            (io::ErrorKind::PermissionDenied, "没有权限"),
            (io::ErrorKind::IsADirectory, "这是文件夹"),
            (io::ErrorKind::NotADirectory, "路径中有一段不是文件夹"),
            (io::ErrorKind::StorageFull, "磁盘空间不足"),
            (io::ErrorKind::ReadOnlyFilesystem, "磁盘是只读的"),
        ] {
            let said = reason(&io::Error::from(kind));
            assert_eq!(said.zh, words);
            assert!(said.en.is_ascii(), "{}", said.en);
        }
        let other = reason(&io::Error::other("what only the system knows"));
        assert_eq!(other.zh, "系统原文：what only the system knows");
    }

    #[test]
    fn gbk_and_nul_and_utf16_are_named_and_a_bom_is_dropped() {
        let code = |bytes: &[u8]| decode("f", bytes.to_vec(), 100).map_err(|p| p.message.en);
        assert_eq!(code(b"\xEF\xBB\xBFname"), Ok("name".to_owned()));
        assert!(code(b"\xCF\xEE\xC4\xBF").unwrap_err().contains("GBK"));
        assert!(code(b"a\nb\0").unwrap_err().contains("line 2"));
        assert!(code(b"\xFF\xFEa\0").unwrap_err().contains("UTF-16"));
        assert!(code(b"a \xFF\xFF").unwrap_err().contains("not UTF-8"));
    }
}
