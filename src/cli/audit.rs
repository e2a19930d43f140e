//! `hegui audit`: verifies or lists the records of an archive.
//!
//! Verifying reads every record and object, does every run again and compares. What is not as it was recorded is
//! named, with the reason as far as it can be told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::arguments::Form;
use super::console::Console;
use super::record;
use super::replay::Withheld;
use super::verifier::Verifier;
use super::{BROKEN, OK};
use crate::base::archive::{Archive, Chain};
use crate::base::files;
use crate::base::problem::Problem;
use crate::base::source::{Place, Sources};
use crate::report::audit::{self, Listed, Remark, Standing, Verification, Verified, Weight};
use crate::report::record::Record;
use crate::text;

/// What can be asked of an archive.
pub(super) const TOPICS: [&str; 2] = ["verify", "log"];

/// Digits of a hash that tell records apart.
const FEWEST: usize = 8;

/// What the command line says.
#[derive(Debug)]
pub(super) struct Audit {
    /// True to verify, false to list.
    pub verify: bool,
    /// The folder of records, or one of them.
    pub path: PathBuf,
    /// A record's hash that was kept elsewhere.
    pub newest: Option<String>,
    /// The folder below which the files are as they are now.
    pub inputs: Option<PathBuf>,
    /// The file of a mask's key.
    pub key: Option<PathBuf>,
    /// How the answer is written.
    pub form: Form,
}

/// Runs the command.
pub(super) fn run(audit: &Audit, console: &mut Console) -> u8 {
    let answer = if audit.verify {
        verify(audit, console)
    } else {
        log(audit, console)
    };
    answer.unwrap_or_else(|problem| {
        console.problems(&[*problem], &Sources::default());
        BROKEN
    })
}

/// The records at a path: a whole chain, or one record of it.
pub(super) fn records(path: &Path) -> Result<(Archive, Chain, bool), Box<Problem>> {
    if files::is_file(path) {
        let archive = Archive::of_record(path).ok_or_else(|| no_archive(path))?;
        let mut chain = archive.chain()?;
        let name = path.file_name();
        chain
            .links
            .retain(|link| Path::new(&link.file).file_name() == name);
        chain.strays.clear();
        if chain.links.is_empty() {
            return Err(no_archive(path));
        }
        return Ok((archive, chain, false));
    }
    let archive = Archive::at(path);
    if !archive.is_one() {
        return Err(no_archive(path));
    }
    let chain = archive.chain()?;
    Ok((archive, chain, true))
}

fn no_archive(path: &Path) -> Box<Problem> {
    let name = files::shown(path);
    let problem = Problem::error(
        "hegui::audit::no_archive",
        Place::Nowhere,
        text!(
            "`{name}` 不是留痕文件夹，也不是其中的记录",
            "`{name}` is no folder of records, and none of its records"
        ),
    );
    Box::new(problem.help(text!(
        "留痕文件夹由 hegui check --record DIR 写出，记录在其 records 文件夹中",
        "`hegui check --record DIR` writes one; its records stand in the folder `records`"
    )))
}

fn log(audit: &Audit, console: &mut Console) -> Result<u8, Box<Problem>> {
    let (_, chain, _) = records(&audit.path)?;
    let mut listed = Vec::new();
    for link in chain.links {
        let record = Record::read(&link.bytes).map_err(|why| {
            let file = &link.file;
            let problem = Problem::error(
                "hegui::audit::unreadable",
                Place::Nowhere,
                text!(
                    "记录 `{file}` 无法读取",
                    "the record `{file}` cannot be read"
                ),
            );
            Box::new(problem.help(why))
        })?;
        listed.push(Listed {
            hash: link.hash,
            record,
        });
    }
    match audit.form {
        Form::Json => console.report(|out| audit::log_json(&listed, out)),
        form => console.page(form, |page| audit::log(page, &listed)),
    }
    Ok(OK)
}

/// True for a hash as it is printed, or for enough of its beginning.
fn is_hash(text: &str) -> bool {
    (FEWEST..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn verify(audit: &Audit, console: &mut Console) -> Result<u8, Box<Problem>> {
    let (archive, chain, whole) = records(&audit.path)?;
    let key = audit.key.as_deref().map(record::key).transpose()?;
    if let Some(newest) = audit.newest.as_deref().filter(|hash| !is_hash(hash)) {
        let problem = Problem::error(
            "hegui::audit::no_hash",
            Place::Nowhere,
            text!(
                "`{newest}` 不是记录的摘要",
                "`{newest}` is not the hash of a record"
            ),
        );
        return Err(Box::new(problem.help(text!(
            "请填写留存的摘要，64 位，或者至少前 {FEWEST} 位",
            "give the hash that was kept: 64 digits, or at least the first {FEWEST}"
        ))));
    }
    let mut verifier = Verifier {
        archive: &archive,
        now: audit.inputs.as_ref().map(|folder| Withheld {
            folder: folder.clone(),
            key,
        }),
        objects: BTreeMap::new(),
        remarks: Vec::new(),
    };
    if whole {
        verifier.chain(&chain);
    }
    if let Some(newest) = &audit.newest {
        verifier.newest(&chain, newest);
    }
    let mut verified = Vec::new();
    let mut spoken_of = BTreeSet::new();
    for link in &chain.links {
        let before = verifier.differing();
        let ran = verifier.record(link, &mut spoken_of);
        let own = |remark: &&Remark| remark.record == Some(link.number);
        let differs = verifier.differing() > before
            || verifier
                .remarks
                .iter()
                .filter(own)
                .any(|remark| remark.weight == Weight::Differs);
        verified.push(Verified {
            number: link.number,
            hash: link.hash.clone(),
            file: link.file.clone(),
            standing: match (differs, ran) {
                (true, _) => Standing::Differs,
                (false, true) => Standing::Agrees,
                (false, false) => Standing::NotRun,
            },
        });
    }
    if whole {
        verifier.orphans(&spoken_of)?;
    }
    verifier
        .remarks
        .sort_by_key(|remark| remark.record.unwrap_or(u64::MAX));
    let found = Verification {
        path: files::shown(&audit.path),
        records: verified,
        remarks: verifier.remarks,
    };
    match audit.form {
        Form::Json => console.report(|out| audit::verification_json(&found, out)),
        form => console.page(form, |page| audit::verification(page, &found)),
    }
    Ok(found.exit_code())
}
