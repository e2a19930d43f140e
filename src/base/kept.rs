//! Large forms that are read by parts: from a file of the cache, or from memory where nothing is kept.
//!
//! It does not know what it holds. A form is written from its beginning to its end and is seen by others
//! only when it is whole; whoever reads it checks each part by the digest that stands beside its place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// A place in a form: where a part begins, how long it is, and its digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The first byte.
    pub offset: u64,
    /// How many bytes.
    pub length: u32,
    /// The digest of the bytes.
    pub digest: u64,
}

/// A form that was written whole.
#[derive(Debug)]
pub enum Kept {
    /// In a file.
    File(File, u64),
    /// In memory.
    Memory(Vec<u8>),
}

impl Kept {
    /// How long it is.
    pub fn length(&self) -> u64 {
        match self {
            Self::File(_, length) => *length,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Some bytes, if it is that long and can be read.
    pub fn bytes(&self, offset: u64, length: u32) -> Option<Vec<u8>> {
        let end = offset.checked_add(u64::from(length))?;
        if end > self.length() {
            return None;
        }
        match self {
            Self::File(file, _) => {
                let mut bytes = vec![0; length as usize];
                read_at(file, &mut bytes, offset).ok()?;
                Some(bytes)
            }
            Self::Memory(bytes) => {
                let (start, end) = (usize::try_from(offset).ok()?, usize::try_from(end).ok()?);
                bytes.get(start..end).map(<[u8]>::to_vec)
            }
        }
    }

    /// A part, if it is undamaged.
    pub fn part(&self, part: Part) -> Option<Vec<u8>> {
        let bytes = self.bytes(part.offset, part.length)?;
        (super::cache::digest(&bytes) == part.digest).then_some(bytes)
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    let mut done = 0;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match std::os::windows::fs::FileExt::seek_read(file, rest, offset + done as u64) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => done += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A form that is being written.
#[derive(Debug)]
pub struct Draft {
    to: Target,
    written: u64,
}

#[derive(Debug)]
enum Target {
    /// A draft file, and what it is called once it is whole; none for a file that nobody else sees.
    File(BufWriter<File>, Leftover, Option<PathBuf>),
    Memory(Vec<u8>),
}

/// A draft that is removed when it is given up.
#[derive(Debug)]
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        // One that became whole is no longer there, and of the others nothing is of use. On Unix an open file
        // that is gone from its folder lasts as long as it is open.
        let _ = fs::remove_file(&self.0);
    }
}

impl Draft {
    /// A form in memory.
    pub fn in_memory() -> Self {
        Self {
            to: Target::Memory(Vec::new()),
            written: 0,
        }
    }

    /// A form in a draft file that is renamed when it is whole.
    pub(super) fn in_file(draft: PathBuf, whole: Option<PathBuf>) -> io::Result<Self> {
        let file = fs::OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&draft)?;
        Ok(Self {
            to: Target::File(
                BufWriter::with_capacity(1 << 18, file),
                Leftover(draft),
                whole,
            ),
            written: 0,
        })
    }

    /// How much was written.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Adds bytes at the end; gives where they begin.
    pub fn add(&mut self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.written;
        match &mut self.to {
            Target::File(file, ..) => file.write_all(bytes)?,
            Target::Memory(all) => all.extend_from_slice(bytes),
        }
        self.written += bytes.len() as u64;
        Ok(at)
    }

    /// Adds a part at the end.
    pub fn add_part(&mut self, bytes: &[u8]) -> io::Result<Part> {
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        Ok(Part {
            offset: self.add(bytes)?,
            length,
            digest: super::cache::digest(bytes),
        })
    }

    /// The form as it now is, whole; others see it from now on.
    pub fn finish(self) -> io::Result<Kept> {
        match self.to {
            Target::Memory(bytes) => Ok(Kept::Memory(bytes)),
            Target::File(file, draft, whole) => {
                let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
                if let Some(whole) = &whole {
                    fs::rename(&draft.0, whole)?;
                }
                Ok(Kept::File(file, self.written))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_comes_back_as_it_was_written_or_not_at_all() {
        let mut draft = Draft::in_memory();
        let first = draft.add_part(b"first").unwrap();
        let second = draft.add_part(b"second").unwrap();
        let mut kept = draft.finish().unwrap();
        assert_eq!(kept.part(first).as_deref(), Some(&b"first"[..]));
        assert_eq!(kept.part(second).as_deref(), Some(&b"second"[..]));
        let beyond = Part {
            length: 60,
            ..second
        };
        assert_eq!(kept.part(beyond), None);
        if let Kept::Memory(bytes) = &mut kept {
            bytes[6] ^= 1;
        }
        assert_eq!(kept.part(second), None);
        assert_eq!(kept.part(first).as_deref(), Some(&b"first"[..]));
    }
}
