//! Packs before they are read: their files as sources with their hashes, their heads, and their order.
//!
//! It does not know what stands in the files, except the heads.

use std::collections::BTreeSet;

use crate::base::files::Unread;
use crate::base::hash::{Hasher, hex, sha256};
use crate::base::problem::Problem;
use crate::base::source::{Place, Source, SourceId, Sources};
use crate::base::text::Text;
use crate::base::toml;
use crate::base::tree::Node;
use crate::rules::compiled::{Compiled, Entry, Finder, LateText};
use crate::rules::embedded::BuiltIn;
use crate::rules::load::PackFiles;
use crate::rules::pack::{Head, PackLevel};
use crate::rules::pack_text::{PackText, is_large_table};
use crate::rules::reader::Reader;
use crate::rules::rule_file;
use crate::text;

/// What a pack holds besides rules: each is one file at the top, a folder of files by topic, or both.
const PARTS: [&str; 8] = [
    "pack",
    "fields",
    "codes",
    "parameters",
    "instruments",
    "tables",
    "plan",
    "layers",
];

/// The part that a file of a pack belongs to; none for a rule.
pub(super) fn part_of(path: &str) -> Option<&'static str> {
    let stem = match path.split_once('/') {
        Some((folder, _)) => folder,
        None => path.strip_suffix(".toml")?,
    };
    PARTS.into_iter().find(|part| *part == stem)
}

/// A pack whose head is read.
pub(super) struct Opened {
    pub(super) head: Head,
    pub(super) files: Vec<OpenFile>,
}

/// A file of a pack.
pub(super) struct OpenFile {
    /// Its path within the pack.
    pub(super) path: String,
    pub(super) source: SourceId,
    /// The hash of its bytes; that of a large table takes time, and is not taken when the pack is opened.
    digest: Option<[u8; 32]>,
    /// The file of a large table that was not read.
    unread: Option<Unread>,
    built_in: Option<&'static BuiltIn>,
    /// What its TOML came to, of a rule what stands before the cases; none for any other file.
    pub(super) tree: Option<Tree>,
}

/// What a text came to: the tree, and what is wrong with its syntax.
pub(super) type Tree = (Node, Vec<Problem>);

impl OpenFile {
    /// The tree of its text, which the build has made or which is parsed now.
    pub(super) fn parse(&self, sources: &Sources) -> Option<Tree> {
        let toml = self.path.strip_suffix(".toml");
        let source = toml.and_then(|_| sources.get(self.source))?;
        let is_rule = part_of(&self.path).is_none();
        let built = match self.built_in {
            Some(file) if is_rule => file.before_cases(source),
            Some(file) => file.whole(source),
            None => None,
        };
        Some(match built {
            Some(root) => (root, Vec::new()),
            None if is_rule => rule_file::parse(source),
            None => toml::parse(source),
        })
    }
}

impl PackFiles {
    /// The hash of the pack: of the paths and hashes of its files.
    pub fn hash(&self) -> String {
        let files = self.files.iter();
        // A file that cannot be read is not of the pack.
        let read = files.filter_map(|(path, text)| Some((path.as_str(), text.digest().ok()?)));
        hash_of(read)
    }
}

impl Opened {
    /// True if it has a table of which the hash is not taken yet.
    pub(super) fn has_large_table(&self) -> bool {
        self.files.iter().any(|file| file.digest.is_none())
    }

    /// Takes the hash of the pack from those of its files.
    fn take_hash(&mut self) {
        let files = self.files.iter();
        self.head.hash = hash_of(files.filter_map(|file| Some((file.path.as_str(), file.digest?))));
    }

    /// The files that the reading of tables depends on.
    pub(super) fn ground(&self) -> impl Iterator<Item = (String, [u8; 32])> {
        let files = self.files.iter().filter(|file| file.is_ground());
        files.filter_map(|file| Some((file.path.clone(), file.digest?)))
    }

    /// Takes what was found of its large tables; one that could not be read is not of the pack.
    pub(super) fn settle(
        &mut self,
        found: Vec<LargeTable>,
        sources: &mut Sources,
        compiled: &mut Compiled<'_>,
        problems: &mut Vec<Problem>,
    ) {
        for table in found {
            let file = self.files.iter_mut().find(|f| f.source == table.source);
            match (file, table.found) {
                (Some(file), Ok((digest, entry, text))) => {
                    file.digest = Some(digest);
                    compiled.add(table.source, entry);
                    match text {
                        Some(Ok(text)) => sources.set_text(table.source, text),
                        Some(Err(problem)) => problems.push(problem),
                        None => {}
                    }
                }
                (_, Err(problem)) => problems.push(problem),
                (None, Ok(_)) => {}
            }
        }
        self.files.retain(|file| file.digest.is_some());
        self.take_hash();
    }
}

impl OpenFile {
    /// True if the reading of tables depends on it.
    fn is_ground(&self) -> bool {
        matches!(part_of(&self.path), Some("codes" | "fields" | "tables"))
    }

    /// The hash of its bytes, taken now if it was not.
    fn digest(&self, sources: &Sources) -> Result<[u8; 32], Problem> {
        match (self.digest, &self.unread) {
            (Some(digest), _) => Ok(digest),
            (None, Some(file)) => file.hash(),
            (None, None) => {
                let text = sources
                    .get(self.source)
                    .map(|source| source.text.as_bytes());
                Ok(sha256(text.unwrap_or_default()))
            }
        }
    }
}

/// What is found of a large table.
pub(super) struct LargeTable {
    source: SourceId,
    /// Its hash, and what is kept of it; its text too, where that had to be read after all.
    found: Result<([u8; 32], Entry, Option<LateText>), Problem>,
}

/// Takes the hashes of the large tables of packs, and looks for their forms; `ground` are the files of earlier
/// packs on which reading them depends. The result has a list for each pack.
pub(super) fn large_tables(
    mut finder: Finder<'_>,
    ground: Vec<(String, [u8; 32])>,
    packs: &[Opened],
    sources: &Sources,
) -> Vec<Vec<LargeTable>> {
    for (path, digest) in ground {
        finder.depends_on(&path, &digest);
    }
    let mut of_pack = |pack: &Opened| {
        let files = pack.files.iter().filter(|file| file.is_ground());
        let digests: Vec<_> = files.map(|file| (file, file.digest(sources))).collect();
        for (file, digest) in &digests {
            if let Ok(digest) = digest {
                finder.depends_on(&file.path, digest);
            }
        }
        let large = digests
            .into_iter()
            .filter(|(file, _)| file.digest.is_none());
        let table = |(file, digest): (&OpenFile, Result<[u8; 32], Problem>)| {
            let found = digest.map(|digest| {
                let (entry, text) = finder.find(&file.path, file.unread.as_ref());
                (digest, entry, text)
            });
            LargeTable {
                source: file.source,
                found,
            }
        };
        large.map(table).collect()
    };
    packs.iter().map(&mut of_pack).collect()
}

/// The hash of a pack by the paths and hashes of its files.
fn hash_of<'a>(files: impl Iterator<Item = (&'a str, [u8; 32])>) -> String {
    let mut hash = Hasher::default();
    for (path, digest) in files {
        hash.update(format!("{path}\n"));
        hash.update(digest);
    }
    hex(&hash.finish())
}

/// Opens a pack: names its files as sources, and reads its head.
pub(super) fn open(pack: PackFiles, sources: &mut Sources, problems: &mut Vec<Problem>) -> Opened {
    let mut files: Vec<OpenFile> = Vec::new();
    for (path, text) in pack.files {
        let name = format!("{}/{path}", pack.prefix);
        let digest = match &text {
            PackText::Unread(_) => None,
            PackText::Text(text) if is_large_table(&path, text.len() as u64) => None,
            text => text.digest().ok(),
        };
        let (mut built_in, mut unread) = (None, None);
        let source = match text {
            PackText::Text(text) => sources.add_text(name, text),
            PackText::BuiltIn(file) => {
                built_in = Some(file);
                sources.add_text(name, file.text.into())
            }
            PackText::Unread(file) => {
                unread = Some(file);
                sources.add(name, "")
            }
        };
        files.push(OpenFile {
            path,
            source,
            digest,
            unread,
            built_in,
            tree: None,
        });
    }
    let mut head = Head {
        id: pack.name.clone(),
        version: String::new(),
        title: Text::default(),
        authority: Text::default(),
        level: PackLevel::Office,
        extends: Vec::new(),
        period: None,
        period_notice: Text::default(),
        hash: String::new(),
        origin: pack.origin,
        place: Place::Nowhere,
    };
    let file = files.iter().find(|file| file.path == "pack.toml");
    let tree = file.and_then(|file| Some((sources.get(file.source)?, file.parse(sources)?)));
    match tree {
        Some((source, (root, mut syntax))) => {
            problems.append(&mut syntax);
            read_head(source, &root, &mut head, problems);
        }
        None => {
            let name = &pack.name;
            problems.push(Problem::error(
                "hegui::pack::file",
                Place::Nowhere,
                text!(
                    "`{name}` 里没有 pack.toml，不是规则包",
                    "`{name}` has no pack.toml and is not a pack"
                ),
            ));
        }
    }
    let mut opened = Opened { head, files };
    opened.take_hash();
    opened
}

fn read_head(source: &Source, root: &Node, head: &mut Head, problems: &mut Vec<Problem>) {
    let mut reader = Reader::new(source, root, problems);
    head.place = source.place(0..source.text.lines().next().map_or(0, str::len));
    if let Some(id) = reader.need_text("id", problems) {
        head.place = reader.place_of("id");
        id.clone_into(&mut head.id);
    }
    reader
        .need_text("version", problems)
        .unwrap_or_default()
        .clone_into(&mut head.version);
    head.title = reader.need_bilingual("title", problems);
    head.authority = reader.need_bilingual("authority", problems);
    head.level = reader
        .choice(
            "level",
            PackLevel::named,
            &["law", "plan", "office"],
            problems,
        )
        .unwrap_or(PackLevel::Office);
    head.extends = reader.texts("extends", problems);
    head.period = reader.node("period").map(|node| {
        let mut reader = Reader::new(source, node, problems);
        let period = reader.period(problems);
        reader.finish(problems);
        period
    });
    head.period_notice = reader.bilingual("period_notice", problems);
    // A remark for the reader of the file.
    reader.node("note");
    reader.finish(problems);
}

/// Packs after those they extend; a missing or cyclic one is a problem and is left out.
pub(super) fn in_order(mut open: Vec<Opened>, problems: &mut Vec<Problem>) -> Vec<Opened> {
    let mut done: Vec<Opened> = Vec::new();
    let known: Vec<String> = open.iter().map(|p| p.head.id.clone()).collect();
    let mut seen = BTreeSet::new();
    open.retain(|pack| {
        let first = seen.insert(pack.head.id.clone());
        if !first {
            let id = &pack.head.id;
            problems.push(Problem::error(
                "hegui::pack::redefined",
                pack.head.place,
                text!("规则包 `{id}` 出现了两次", "the pack `{id}` is given twice"),
            ));
        }
        first
    });
    for pack in &open {
        for id in pack.head.extends.iter().filter(|id| !known.contains(id)) {
            problems.push(
                Problem::error(
                    "hegui::pack::extends",
                    pack.head.place,
                    text!(
                        "找不到所扩展的规则包 `{id}`",
                        "the pack `{id}` that this one extends is not given"
                    ),
                )
                .help(text!(
                    "请用 --rules 一并给出该规则包的文件夹",
                    "give its folder with --rules too"
                )),
            );
        }
    }
    loop {
        let ready = |pack: &Opened| {
            pack.head
                .extends
                .iter()
                .all(|id| done.iter().any(|d| d.head.id == *id) || !known.contains(id))
        };
        match open.iter().position(ready) {
            Some(index) => done.push(open.remove(index)),
            None => break,
        }
    }
    for pack in &open {
        let names: Vec<&str> = open.iter().map(|p| p.head.id.as_str()).collect();
        let names = names.join(" → ");
        problems.push(Problem::error(
            "hegui::pack::cycle",
            pack.head.place,
            text!(
                "规则包互相扩展，成了循环：{names}",
                "packs extend one another in a circle: {names}"
            ),
        ));
    }
    done
}
