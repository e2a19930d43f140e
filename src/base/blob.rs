//! The bytes of a file that need not be text: kept in memory or on disk, and read in pieces.
//!
//! It does not know what the bytes mean.

use std::fs;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, Kind, Opened};
use super::files::{self, shown, too_large, unreadable};
use super::hash::Hasher;
use super::problem::Problem;
use super::source::Place;
use super::text::Text;
use crate::text;

/// A named run of bytes.
#[derive(Clone, Debug)]
pub struct Blob {
    name: String,
    length: u64,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Memory(Arc<[u8]>),
    File(PathBuf),
}

impl Blob {
    /// Bytes that are already at hand.
    pub fn memory(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            name: name.into(),
            length: bytes.len() as u64,
            body: Body::Memory(bytes),
        }
    }

    /// A file of at most `limit` bytes; one on the disk is opened each time it is read.
    pub fn file(path: &Path, limit: u64) -> Result<Self, Problem> {
        let (opened, length) = disk::opened(path, limit).map_err(|e| unreadable(path, &e))?;
        if length > limit {
            return Err(too_large(&shown(path), limit));
        }
        Ok(Self {
            name: shown(path),
            length,
            body: match opened {
                Opened::Disk(_) => Body::File(path.to_path_buf()),
                Opened::Held(bytes) => Body::Memory(bytes),
            },
        })
    }

    /// The file that stands beside `path` under another extension, in small or capital letters.
    pub fn beside(path: &Path, extension: &str, limit: u64) -> Result<Option<Self>, Problem> {
        for extension in [extension.to_owned(), extension.to_uppercase()] {
            let side = path.with_extension(extension);
            if disk::kind(&side) == Some(Kind::File) {
                return Self::file(&side, limit).map(Some);
            }
        }
        Ok(None)
    }

    /// Its name as shown to people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What tells a file from an earlier state of it without reading it: where it stands, its size and when it was
    /// changed; none for what is no file.
    pub fn stamp(&self) -> Option<String> {
        let Body::File(path) = &self.body else {
            return None;
        };
        disk::stamp(path)
    }

    /// What follows the last full stop of its name, in small letters.
    pub fn extension(&self) -> String {
        let file = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        file.rsplit_once('.')
            .map_or_else(String::new, |(_, extension)| extension.to_lowercase())
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Its bytes from the start, to be read in pieces.
    pub fn open(&self) -> Result<Stream, Problem> {
        let held = |bytes: &Arc<[u8]>| Inner::Memory(Cursor::new(Arc::clone(bytes)));
        Ok(Stream(match &self.body {
            Body::Memory(bytes) => held(bytes),
            Body::File(path) => {
                let opened = disk::opened(path, self.length);
                match opened.map_err(|e| unreadable(path, &e))?.0 {
                    Opened::Disk(file) => Inner::File(BufReader::with_capacity(1 << 16, file)),
                    Opened::Held(bytes) => held(&bytes),
                }
            }
        }))
    }

    /// All its bytes, if they are at most `limit`.
    pub fn bytes(&self, limit: u64) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.length.min(limit)).unwrap_or(0));
        self.open()?
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| self.broken(&error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(&self.name, limit));
        }
        Ok(bytes)
    }

    /// The hash of its bytes.
    pub fn hash(&self) -> Result<[u8; 32], Problem> {
        let mut hash = Hasher::default();
        let mut stream = self.open()?;
        loop {
            let piece = stream.fill_buf().map_err(|error| self.broken(&error))?;
            let length = piece.len();
            if length == 0 {
                return Ok(hash.finish());
            }
            hash.update(piece);
            stream.consume(length);
        }
    }

    fn broken(&self, error: &io::Error) -> Problem {
        let name = &self.name;
        let Text { zh, en } = files::reason(error);
        Problem::error(
            "hegui::files::unreadable",
            Place::Nowhere,
            text!(
                "文件 `{name}` 无法读取：{zh}",
                "file `{name}` cannot be read: {en}"
            ),
        )
    }
}

/// The bytes of a [`Blob`] while they are read.
#[derive(Debug)]
pub struct Stream(Inner);

#[derive(Debug)]
enum Inner {
    Memory(Cursor<Arc<[u8]>>),
    File(BufReader<fs::File>),
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Inner::Memory(bytes) => bytes.read(buffer),
            Inner::File(file) => file.read(buffer),
        }
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.0 {
            Inner::Memory(bytes) => bytes.fill_buf(),
            Inner::File(file) => file.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.0 {
            Inner::Memory(bytes) => bytes.consume(amount),
            Inner::File(file) => file.consume(amount),
        }
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Inner::Memory(bytes) => bytes.seek(to),
            Inner::File(file) => file.seek(to),
        }
    }
}
