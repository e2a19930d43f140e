//! Runs the program as a person or a CI job does, in folders of its own.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::world::root;

/// The path of the program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_hegui");

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) took: Duration,
}

/// Runs the program in a folder, with a text on its standard input.
pub(crate) fn run_in<I: AsRef<OsStr>>(
    folder: &Path,
    args: impl IntoIterator<Item = I>,
    input: &[u8],
) -> Ran {
    let start = Instant::now();
    let mut command = Command::new(PROGRAM);
    command
        .args(args)
        .current_dir(folder)
        .env_remove("NO_COLOR");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that does not read its input closes it early.
        let _ = stdin.write_all(&input);
    });
    let done = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text =
        |bytes| String::from_utf8(bytes).unwrap_or_else(|e| panic!("output is not UTF-8: {e}"));
    Ran {
        code: done.status.code().unwrap_or(-1),
        out: text(done.stdout),
        err: text(done.stderr),
        took: start.elapsed(),
    }
}

/// Runs the program at the root of the repository.
pub(crate) fn run(line: &str) -> Ran {
    run_in(&root(), line.split_whitespace(), b"")
}

/// An empty folder for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("suite")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Writes a file, with the folders it needs.
pub(crate) fn write(folder: &Path, path: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// Copies a sample's files into a folder.
pub(crate) fn copy_sample(sample: &str, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(root().join("sample-projects").join(sample)).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}
