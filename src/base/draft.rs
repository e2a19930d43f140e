//! Files that a run was asked to write: each stands there whole, or not at all.
//!
//! A draft beside the file grows while it is written and takes the file's place when it is done.
//! It does not know what is written, and what it sees of the disk is no part of what a run reads.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::files;
use super::problem::Problem;

/// Drafts that are being written; a cancelled run removes them.
static OPEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Writes a file, with the folders it needs, in the place of one that stands there.
pub fn write(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Problem> {
    // What a link points to is replaced, not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let standing = fs::metadata(&target).ok();
    let written = match &standing {
        // A pipe or a device has no draft: what is written has gone.
        Some(standing) if !standing.is_file() && !standing.is_dir() => fs::OpenOptions::new()
            .write(true)
            .open(&target)
            .and_then(|file| {
                let mut out = BufWriter::new(file);
                write(&mut out).and_then(|()| out.flush())
            }),
        _ => replace(&target, standing.as_ref(), write),
    };
    written.map_err(|error| files::unwritable(path, &error))
}

/// Removes what a cancelled run leaves unfinished. The process is to end at once: no draft is begun or
/// finished after this.
pub fn discard() {
    let mut open = drafts();
    while let Some(draft) = open.pop_first() {
        let _ = fs::remove_file(draft);
    }
    // Who waits for the drafts waits until the process ends.
    std::mem::forget(open);
}

fn drafts() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn replace(
    target: &Path,
    standing: Option<&fs::Metadata>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if standing.is_some_and(fs::Metadata::is_dir) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let folder = target.parent().filter(|f| !f.as_os_str().is_empty());
    folder.map_or(Ok(()), fs::create_dir_all)?;
    // Another run may be writing the same file.
    let draft = target.with_file_name(format!(
        ".{}.{}.part",
        name.to_string_lossy(),
        process::id()
    ));
    drafts().insert(draft.clone());
    let written = fs::File::create(&draft)
        .and_then(|file| {
            let mut out = BufWriter::new(file);
            write(&mut out)?;
            let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            standing.map_or(Ok(()), |s| file.set_permissions(s.permissions()))
        })
        .and_then(|()| fs::rename(&draft, target));
    if written.is_err() {
        let _ = fs::remove_file(&draft);
    }
    drafts().remove(&draft);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("hegui-draft-{name}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn what_fails_half_way_leaves_the_old_file_and_nothing_else() {
        let folder = folder("half");
        let path = folder.join("报告.json");
        write(&path, |out| out.write_all(b"old")).unwrap();
        let problem = write(&path, |out| {
            out.write_all(&vec![b'x'; 100_000])?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert_eq!(problem.unwrap_err().code, "hegui::files::unwritable");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn folders_are_made_and_a_folder_is_not_replaced() {
        let folder = folder("deep");
        let path = folder.join("a/b/report.json");
        write(&path, |out| out.write_all(b"{}")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{}");
        assert!(write(&folder.join("a"), |out| out.write_all(b"{}")).is_err());
        assert!(path.is_file());
        fs::remove_dir_all(folder).unwrap();
    }
}
