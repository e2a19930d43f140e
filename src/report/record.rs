//! The record of a run, `hegui.record.v1`: what was read, by which engine and rules, as of which dates, and what came out.
//!
//! It is written once and read for years: its structs only grow by optional members. It knows no archive and opens
//! nothing. It holds no time of its own: the dates in it are those of the run's flags and settings.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::disk::{Failure, Held, Kind, Sight};
use crate::base::hash::{hex, sha256};
use crate::base::text::Text;
use crate::text;

/// The name of the format.
pub const FORMAT: &str = "hegui.record.v1";

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: String,
    /// Its number in the chain, from 1.
    pub number: u64,
    /// The hash of the record before it; none for the first.
    pub previous: Option<String>,
    /// What judged.
    pub engine: Engine,
    /// The command line, without what only says how and where to write.
    pub command: Vec<String>,
    /// The dates that the run was given.
    pub dates: Dates,
    /// The folder in which it ran: its name, or all of its path where a path from the root was read.
    pub here: String,
    /// The packs in force.
    pub packs: Vec<Pack>,
    /// The files that were read.
    pub inputs: Vec<Input>,
    /// The folders that were listed.
    pub folders: Vec<Folder>,
    /// What else was found to stand at paths.
    pub found: Vec<Found>,
    /// Paths that lead elsewhere.
    pub links: Vec<Elsewhere>,
    /// What was masked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mask: Option<Mask>,
    /// The JSON report, an object.
    pub report: Stored,
    /// What came out, so that a list need not read reports.
    pub outcome: Outcome,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The hash of the source it was built from: versions of the same number may differ.
    pub source: String,
}

impl Engine {
    /// This program.
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            source: env!("HEGUI_SOURCE").to_owned(),
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        let source: String = self.source.chars().take(8).collect();
        format!("{} {} ({source})", self.name, self.version)
    }
}

/// The dates of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// The day as of which everything was judged.
    pub as_of: Option<String>,
    /// The review date.
    pub on: Option<String>,
}

/// A pack in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// The hash of its files.
    pub hash: String,
    /// `embedded`, or its folder.
    pub origin: String,
    /// The files of a built-in pack; those of others are among the inputs.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub files: Vec<PackFile>,
}

/// A file of a built-in pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackFile {
    /// Its path within the pack.
    pub path: String,
    /// Its object.
    pub hash: String,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its path, as the run asked for it.
    pub path: String,
    /// What it is to the run: one of [`Role::id`].
    pub role: String,
    /// Its object; none where it is withheld or could not be read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hash: Option<String>,
    /// Its length.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub size: Option<u64>,
    /// For a file withheld because of the mask: its keyed hash.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub keyed: Option<String>,
    /// Why it was not read.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failed: Option<Failed>,
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// `too_large`, `denied`, `folder`, `no_folder` or `other`.
    pub kind: String,
    /// In words.
    pub words: String,
}

/// A folder that was listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its path.
    pub path: String,
    /// The names in it.
    pub names: Vec<String>,
}

/// What was found at a path that was neither read nor listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The path.
    pub path: String,
    /// `file`, `folder` or `other`.
    pub kind: String,
}

/// A path that leads elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The path.
    pub path: String,
    /// Where it stands.
    pub stands: String,
}

/// What was masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mask {
    /// The fields, by path.
    pub fields: Vec<String>,
    /// A mark by which the key is known again.
    pub key: String,
    /// The keyed hashes of what was masked.
    pub values: Vec<Masked>,
}

/// A value that was masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// The number of its project in the report, from 1.
    pub project: usize,
    /// The path of the fact.
    pub path: String,
    /// The keyed hash of its value.
    pub keyed: String,
}

/// An object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The hash of its bytes.
    pub hash: String,
    /// Its length.
    pub size: u64,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The exit code of the run.
    pub exit_code: u8,
    /// The decisions.
    pub projects: Vec<Decided>,
}

/// A project with its decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// Its id; the file's name where there was no project to read.
    pub id: String,
    /// The decision.
    pub decision: String,
}

/// What a file is to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `hegui.toml` and what walks leave out.
    Settings,
    /// A file of a pack.
    Rules,
    /// Replies of the office and departments.
    Office,
    /// Waivers.
    Waivers,
    /// A file of a map layer.
    Layer,
    /// A submission, or what belongs to one.
    Submission,
}

impl Role {
    /// The id used in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Rules => "rules",
            Self::Office => "office",
            Self::Waivers => "waivers",
            Self::Layer => "layer",
            Self::Submission => "submission",
        }
    }

    /// The words for a file of this role.
    pub fn label(id: &str) -> Text {
        match id {
            "settings" => text!("设置", "settings"),
            "rules" => text!("规则包", "rules"),
            "office" => text!("部门回复", "replies of departments"),
            "waivers" => text!("人工认定", "waivers"),
            "layer" => text!("图层", "map layer"),
            _ => text!("申报", "submission"),
        }
    }
}

impl Record {
    /// Reads a record.
    pub fn read(bytes: &[u8]) -> Result<Self, Text> {
        let record: Self = serde_json::from_slice(bytes).map_err(|error| {
            text!(
                "不是 hegui check --record 写出的记录（原文：{error}）",
                "this is no record written by `hegui check --record` ({error})"
            )
        })?;
        if record.format == FORMAT {
            Ok(record)
        } else {
            Err(text!(
                "记录格式 `{}` 本版本不能读取，应为 {FORMAT}",
                "the record format `{}` cannot be read by this version; {FORMAT} is expected",
                record.format
            ))
        }
    }

    /// Its bytes.
    pub fn write(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The hashes of the objects that it speaks of, each with what it is, in words.
    pub fn objects(&self) -> BTreeMap<&str, Text> {
        let mut all = BTreeMap::new();
        for input in &self.inputs {
            if let Some(hash) = &input.hash {
                let path = &input.path;
                let role = Role::label(&input.role);
                let words = Text::new(
                    format!("{}文件 {path}", role.zh),
                    format!("{}: {path}", role.en),
                );
                all.entry(hash.as_str()).or_insert(words);
            }
        }
        for pack in &self.packs {
            for file in &pack.files {
                let (pack, path) = (&pack.id, &file.path);
                all.entry(file.hash.as_str()).or_insert(text!(
                    "内置规则包文件 {pack}/{path}",
                    "built-in rules: {pack}/{path}"
                ));
            }
        }
        all.entry(self.report.hash.as_str())
            .or_insert(text!("核查报告", "the report"));
        all
    }

    /// True if some input was withheld, so that the run cannot be done again from the record alone.
    pub fn is_withheld(&self) -> bool {
        self.inputs.iter().any(|input| input.keyed.is_some())
    }

    /// The paths of the fields of which the mask hides a value, without the numbers of records.
    pub fn masked(&self) -> BTreeSet<String> {
        let values = self.mask.iter().flat_map(|mask| &mask.values);
        let plain = |path: &str| {
            let parts = path.split(']').filter_map(|part| part.split('[').next());
            parts.collect::<String>()
        };
        values.map(|value| plain(&value.path)).collect()
    }

    /// Notes what a run saw, but for the bytes: `role` says what a path is to it.
    pub fn see(&mut self, sight: &Sight, role: impl Fn(&str) -> Role) {
        self.here.clone_from(&sight.here);
        for (path, held) in &sight.files {
            let (hash, size, failed) = match held {
                Held::Bytes(bytes) => (Some(hex(&sha256(bytes))), Some(bytes.len() as u64), None),
                Held::TooLarge(length) => {
                    let kind = "too_large".to_owned();
                    let words = String::new();
                    (None, Some(*length), Some(Failed { kind, words }))
                }
                Held::Failed(failure, words) => {
                    let kind = id_of(&Failure::IDS, *failure);
                    let words = words.clone();
                    (None, None, Some(Failed { kind, words }))
                }
            };
            self.inputs.push(Input {
                path: path.clone(),
                role: role(path).id().to_owned(),
                hash,
                size,
                keyed: None,
                failed,
            });
        }
        for (path, names) in &sight.folders {
            self.folders.push(Folder {
                path: path.clone(),
                names: names.clone(),
            });
        }
        for (path, kind) in &sight.kinds {
            let implied = match kind {
                Kind::File => sight.files.contains_key(path),
                Kind::Folder => sight.folders.contains_key(path),
                Kind::Other => false,
            };
            if !implied {
                self.found.push(Found {
                    path: path.clone(),
                    kind: id_of(&Kind::IDS, *kind),
                });
            }
        }
        for (path, stands) in &sight.links {
            self.links.push(Elsewhere {
                path: path.clone(),
                stands: stands.clone(),
            });
        }
    }

    /// What the run saw, with the bytes that `bytes` gives for an input; what it gives none for stays away.
    pub fn sight(&self, mut bytes: impl FnMut(&Input) -> Option<Vec<u8>>) -> Sight {
        let mut sight = Sight {
            here: self.here.clone(),
            ..Sight::default()
        };
        for input in &self.inputs {
            let held = match &input.failed {
                Some(failed) if failed.kind == "too_large" => {
                    Some(Held::TooLarge(input.size.unwrap_or(u64::MAX)))
                }
                Some(failed) => {
                    let failure = of_id(&Failure::IDS, &failed.kind).unwrap_or(Failure::Other);
                    Some(Held::Failed(failure, failed.words.clone()))
                }
                None => bytes(input).map(|bytes| Held::Bytes(bytes.into())),
            };
            if let Some(held) = held {
                sight.files.insert(input.path.clone(), held);
            }
        }
        for folder in &self.folders {
            sight
                .folders
                .insert(folder.path.clone(), folder.names.clone());
        }
        for found in &self.found {
            if let Some(kind) = of_id(&Kind::IDS, &found.kind) {
                sight.kinds.insert(found.path.clone(), kind);
            }
        }
        for link in &self.links {
            sight.links.insert(link.path.clone(), link.stands.clone());
        }
        sight
    }
}

fn id_of<T: Copy + PartialEq>(ids: &[(T, &str)], one: T) -> String {
    let found = ids.iter().find(|(other, _)| *other == one);
    found.map_or("", |(_, id)| id).to_owned()
}

fn of_id<T: Copy>(ids: &[(T, &str)], id: &str) -> Option<T> {
    ids.iter().find(|(_, other)| *other == id).map(|(t, _)| *t)
}
