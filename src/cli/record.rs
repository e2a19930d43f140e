//! `--record`: keeps what a run read and what came out in an archive, so that it can be done again.
//!
//! It is told nothing of what was read: the disk was watched. Fields can be masked; then the files of the
//! submissions are withheld, and only keyed hashes of them and of the masked values are kept.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::config::{self, Config};
use super::layers::{self, LayerFlag};
use super::masking;
use crate::base::archive::Archive;
use crate::base::disk::{self, Held};
use crate::base::files;
use crate::base::hash::{hex, keyed};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::report::mask::masked;
use crate::report::record::{
    Dates, Decided, Engine, FORMAT, Outcome, Pack, PackFile, Record, Role, Stored,
};
use crate::report::{Assessment, Entry, json};
use crate::rules::pack::PackOrigin;
use crate::text;

/// The shortest key of a mask, in bytes.
const SHORTEST_KEY: usize = 16;
/// A key longer than this is a mistake.
const LONGEST_KEY: u64 = 1 << 20;

/// Options that only say how and where to write: another answer to them is the same run. Those that take a value.
const WRITING: [&str; 8] = [
    "record", "mask", "mask-key", "format", "output", "lang", "width", "o",
];
/// And those that take none.
const WRITING_FLAGS: [&str; 3] = ["verbose", "no-color", "v"];

/// What is to be kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording {
    /// The archive's folder.
    pub folder: PathBuf,
    /// The fields that are masked, as written.
    pub mask: Vec<String>,
    /// The file of the key.
    pub key: Option<PathBuf>,
    /// The command line, without what only says how and where to write.
    pub command: Vec<String>,
}

/// True if the words ask for a record: then everything that is read is watched from the start.
pub(super) fn is_asked(args: &[OsString]) -> bool {
    let mut words = args.iter().map(|arg| arg.to_string_lossy());
    words.nth(1).is_some_and(|command| command == "check")
        && words
            .take_while(|word| word != "--")
            .any(|word| word == "--record" || word.starts_with("--record="))
}

/// The words of a command line that decide what comes out.
pub(super) fn command(args: &[OsString]) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = args.iter().skip(1).map(|arg| arg.to_string_lossy());
    let mut plain = false;
    while let Some(word) = words.next() {
        plain |= word == "--";
        let option = word.strip_prefix("--").or(word.strip_prefix('-'));
        let name = option.and_then(|o| o.split('=').next()).unwrap_or("");
        if plain || option.is_none() {
            kept.push(word.into_owned());
        } else if WRITING.contains(&name) {
            if !word.contains('=') {
                words.next();
            }
        } else if !WRITING_FLAGS.contains(&name) {
            kept.push(word.into_owned());
        }
    }
    kept
}

/// The key of a mask.
pub(super) fn key(file: &std::path::Path) -> Result<Vec<u8>, Problem> {
    let key = files::read(file, LONGEST_KEY)?.trim().as_bytes().to_vec();
    if key.len() < SHORTEST_KEY {
        return Err(wrong(
            text!(
                "遮盖密钥太短，至少 {SHORTEST_KEY} 个字节",
                "the key of the mask is too short: at least {SHORTEST_KEY} bytes"
            ),
            Some(text!(
                "密钥越难猜，被遮盖的内容越难试出；请用随机生成的文字并妥善保管",
                "what is masked can be found by whoever guesses the key: use random text, and keep it"
            )),
        ));
    }
    Ok(key)
}

pub(super) fn wrong(message: Text, help: Option<Text>) -> Problem {
    Problem::error("hegui::audit::mask", Place::Nowhere, message).maybe_help(help)
}

/// The keyed hash of an input.
pub(super) fn input_mark(key: &[u8], path: &str, bytes: &[u8]) -> String {
    let mut all = format!("input\n{path}\n").into_bytes();
    all.extend(bytes);
    hex(&keyed(key, &all))
}

/// The mark by which a key is known again.
pub(super) fn key_mark(key: &[u8]) -> String {
    hex(&keyed(key, b"key"))
}

/// Keeps a record of what was judged; says where, and its hash.
pub(super) fn keep(
    recording: &Recording,
    flags: &[LayerFlag],
    config: &Config,
    run: &Assessment<'_>,
) -> Result<Text, Problem> {
    // What is read from here on is no input.
    let sight = disk::sight();
    let archive = Archive::at(&recording.folder);
    let mut report = Vec::new();
    let failed = |error: &dyn std::fmt::Display| {
        wrong(
            text!(
                "记录未能写出（{error}）",
                "the record could not be written ({error})"
            ),
            None,
        )
    };
    json::write(run, &mut report).map_err(|error| failed(&error))?;
    let mut record = Record {
        format: FORMAT.to_owned(),
        number: 0,
        previous: None,
        engine: Engine::this(),
        command: recording.command.clone(),
        dates: Dates {
            as_of: run.engine.settings.as_of.map(|d| d.to_string()),
            on: run.engine.settings.on.map(|d| d.to_string()),
        },
        here: String::new(),
        packs: packs(config, run, &archive)?,
        inputs: Vec::new(),
        folders: Vec::new(),
        found: Vec::new(),
        links: Vec::new(),
        mask: None,
        report: Stored {
            hash: String::new(),
            size: 0,
        },
        outcome: outcome(run),
    };
    let layers = layers(flags, config, run);
    record.see(&sight, |path| role(path, run, &layers));
    if !recording.mask.is_empty() {
        let key = recording.key.as_deref().map_or_else(
            || {
                Err(wrong(
                    text!("遮盖需要密钥文件", "masking needs the file of a key"),
                    Some(text!(
                        "请写 --mask-key FILE；密钥不写入记录，核验被遮盖的记录时需要它",
                        "add --mask-key FILE; the key is not kept in the record, and is needed to verify it"
                    )),
                ))
            },
            key,
        )?;
        let (mask, hidden) = masking::mask(&recording.mask, run, &key)?;
        report = String::from_utf8(report)
            .map(|text| masked(&text, &hidden).into_bytes())
            .map_err(|error| failed(&error))?;
        record.mask = Some(mask);
        for input in &mut record.inputs {
            if ["settings", "rules"].contains(&input.role.as_str()) {
                continue;
            }
            if let Some(Held::Bytes(bytes)) = sight.files.get(&input.path) {
                input.keyed = Some(input_mark(&key, &input.path, bytes));
                input.hash = None;
                input.size = None;
            }
        }
    }
    for input in record.inputs.iter().filter(|input| input.hash.is_some()) {
        if let Some(Held::Bytes(bytes)) = sight.files.get(&input.path) {
            archive.put(bytes)?;
        }
    }
    record.report = Stored {
        hash: archive.put(&report)?,
        size: report.len() as u64,
    };
    let (file, hash) = archive.append(|number, previous| {
        record.number = number;
        record.previous = previous.map(str::to_owned);
        record.write().map_err(|error| failed(&error))
    })?;
    Ok(text!(
        "已留痕：{file}\n记录摘要 {hash}（请另行保存，以便日后查明其后有无删改）",
        "recorded: {file}\nhash of the record {hash} (keep it elsewhere: it shows later whether anything was changed or removed)"
    ))
}

/// What a file that was read is to the run.
fn role(path: &str, run: &Assessment<'_>, layers: &[String]) -> Role {
    let of_pack = run.engine.packs.heads.iter().any(|head| {
        let PackOrigin::Folder(folder) = &head.origin else {
            return false;
        };
        let inner = path.strip_prefix(folder.as_str());
        inner.is_some_and(|inner| inner.starts_with('/') || folder.ends_with('/'))
    });
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        _ if of_pack => Role::Rules,
        config::NAME | files::IGNORE_FILE => Role::Settings,
        "office.toml" | "office.json" => Role::Office,
        "waivers.toml" => Role::Waivers,
        _ if of_layer(path, layers) => Role::Layer,
        _ => Role::Submission,
    }
}

/// The packs in force; the files of the built-in ones are kept as objects.
fn packs(config: &Config, run: &Assessment<'_>, archive: &Archive) -> Result<Vec<Pack>, Problem> {
    let mut built_in = config.built_in();
    let mut all = Vec::new();
    for head in &run.engine.packs.heads {
        let mut files = Vec::new();
        let origin = match &head.origin {
            PackOrigin::Folder(folder) => folder.clone(),
            PackOrigin::Embedded => {
                let own = built_in.iter_mut().find(|pack| pack.name == head.id);
                for (path, text) in own
                    .map(|pack| std::mem::take(&mut pack.files))
                    .into_iter()
                    .flatten()
                {
                    files.push(PackFile {
                        path,
                        hash: archive.put(text.text().as_bytes())?,
                    });
                }
                "embedded".to_owned()
            }
        };
        all.push(Pack {
            id: head.id.clone(),
            version: head.version.clone(),
            hash: head.hash.clone(),
            origin,
            files,
        });
    }
    Ok(all)
}

/// The files of layers: of the command line, of the settings, and those that sites were measured by.
fn layers(flags: &[LayerFlag], config: &Config, run: &Assessment<'_>) -> Vec<String> {
    let sites = run.projects.iter().filter_map(|p| p.site.as_ref());
    let measured = sites
        .flat_map(|site| &site.overlays)
        .filter_map(|overlay| overlay.file.as_ref())
        .map(|file| file.name.clone());
    let flags = flags.iter().map(|flag| files::shown(&flag.file));
    let words = config.layers.iter();
    let words = words.map(|word| files::shown(&layers::beside(config, &word.data.file)));
    let mut all: Vec<String> = measured.chain(flags).chain(words).collect();
    all.sort();
    all.dedup();
    all
}

/// True for a file of a layer, and for what lies beside a Shapefile and belongs to it.
fn of_layer(path: &str, layers: &[String]) -> bool {
    let stem = |path: &str| Path::new(path).with_extension("");
    layers.iter().any(|name| {
        let is_shape = name.to_lowercase().ends_with(".shp");
        name == path || is_shape && stem(name) == stem(path)
    })
}

pub(super) fn outcome(run: &Assessment<'_>) -> Outcome {
    let decided = |entry: &Entry| match entry {
        Entry::Unread(file) => Decided {
            id: file.clone(),
            decision: Decision::Unassessed.id().to_owned(),
        },
        Entry::Project(index) => Decided {
            id: run
                .projects
                .get(*index)
                .map_or_else(String::new, |p| p.id.clone()),
            decision: run
                .judged
                .get(*index)
                .map_or("", |j| j.decision.id())
                .to_owned(),
        },
    };
    Outcome {
        exit_code: run.exit,
        projects: run.entries.iter().map(decided).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_kept_without_what_says_how_to_write() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        let line = "hegui check a --on 2026-06-30 --record r --lang=en -v --format json --rules=x -- --record";
        assert_eq!(
            command(&words(line)).join(" "),
            "check a --on 2026-06-30 --rules=x -- --record"
        );
        assert!(is_asked(&words(line)));
        assert!(!is_asked(&words("hegui check a -- --record")));
        assert!(!is_asked(&words("hegui trace --record r")));
    }
}
