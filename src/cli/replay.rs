//! Doing a recorded run again: from a record and its objects to what was read, on any machine.
//!
//! It does not look at the disk but for the objects, and says nothing on the console.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::arguments::{self, Command};
use super::check::Check;
use super::config::Config;
use super::console::Console;
use super::record;
use super::run::{self, Read};
use super::usage::Stop;
use crate::base::archive::{Archive, Object};
use crate::base::disk::{self, Sight};
use crate::base::files;
use crate::base::source::Sources;
use crate::base::text::{Lang, Text};
use crate::report::record::{Input, Record};
use crate::rules::pack::PackOrigin;
use crate::rules::{PackFiles, PackText};
use crate::text;

/// What was withheld from a record, in the hands of who verifies it.
#[derive(Clone, Debug)]
pub(super) struct Withheld {
    /// The folder from which the paths of the record are read.
    pub folder: PathBuf,
    /// The key of the mask.
    pub key: Option<Vec<u8>>,
}

/// A recorded run, read again.
#[derive(Debug)]
pub(super) struct Again {
    /// What the command line asked.
    pub check: Check,
    /// The settings.
    pub config: Config,
    /// The texts.
    pub sources: Sources,
    /// The packs and projects.
    pub read: Read,
}

/// The bytes of an input as they are now below a folder.
pub(super) fn now(folder: &Path, input: &Input) -> Option<Vec<u8>> {
    files::bytes(&folder.join(&input.path))
}

impl Withheld {
    /// The bytes of an input, if they are those that were withheld.
    fn bytes(&self, input: &Input) -> Option<Vec<u8>> {
        let bytes = now(&self.folder, input)?;
        let mark = record::input_mark(self.key.as_deref()?, &input.path, &bytes);
        (Some(&mark) == input.keyed.as_ref()).then_some(bytes)
    }
}

/// What a recorded run saw. An object that is not whole, and what is withheld, stays away.
pub(super) fn sight(record: &Record, archive: &Archive, withheld: Option<&Withheld>) -> Sight {
    record.sight(|input| match &input.hash {
        Some(hash) => whole(archive, hash),
        None => withheld?.bytes(input),
    })
}

fn whole(archive: &Archive, hash: &str) -> Option<Vec<u8>> {
    match archive.object(hash) {
        Object::Whole(bytes) => Some(bytes),
        Object::Damaged(_) | Object::Missing => None,
    }
}

/// The packs that were built into the program that made a record.
pub(super) fn built_in(record: &Record, archive: &Archive) -> Vec<PackFiles> {
    let embedded = record.packs.iter().filter(|pack| !pack.files.is_empty());
    let files = |pack: &crate::report::record::Pack| {
        let text = |file: &crate::report::record::PackFile| {
            let text = String::from_utf8(whole(archive, &file.hash)?).ok()?;
            Some((file.path.clone(), PackText::from(text)))
        };
        pack.files.iter().filter_map(text).collect()
    };
    embedded
        .map(|pack| PackFiles {
            name: pack.id.clone(),
            prefix: pack.id.clone(),
            origin: PackOrigin::Embedded,
            files: files(pack),
        })
        .collect()
}

/// Reads again what a record's run read.
pub(super) fn again(
    record: &Record,
    sight: Sight,
    built_in: Vec<PackFiles>,
) -> Result<Again, Text> {
    let mut args = vec![OsString::from("hegui")];
    args.extend(record.command.iter().map(OsString::from));
    disk::over(sight, || {
        let mut sources = Sources::default();
        let mut config = Config::find(&arguments::first_path(&args), &mut sources);
        config.built_in = Some(built_in);
        let check = match arguments::parse(args, Lang::Zh) {
            Ok(parsed) => match parsed.command {
                Command::Check(check) => check,
                _ => return Err(not_understood()),
            },
            Err(Stop::Wrong(problem)) => return Err(problem.message),
            Err(Stop::Help(_)) => return Err(not_understood()),
        };
        let mut asked = check.asked.clone();
        asked.no_cache = true;
        let read = run::read(&asked, &config, &mut sources, &mut Console::mute());
        let read = read.ok_or_else(|| {
            text!(
                "记录中的规则包无法载入",
                "the rules of the record cannot be loaded"
            )
        })?;
        Ok(Again {
            check,
            config,
            sources,
            read,
        })
    })
}

fn not_understood() -> Text {
    text!(
        "记录中的命令本版本不能理解",
        "the command of the record is not understood by this version"
    )
}
