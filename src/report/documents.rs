//! The documents of a run, one for each project: what each holds and what stands on its margins.
//!
//! It does not know the formats in which they are filed.

use std::collections::BTreeMap;
use std::io;

use super::blocks::Block;
use super::excerpt::Excerpts;
use super::layout::clean;
use super::opinion::{self, Opinion, notice};
use super::page::{Page, Tone};
use super::{Assessment, Entry};
use crate::base::text::Lang;
use crate::judge::decision::Decision;
use crate::text;

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 项目合规性辅助核查意见.
    Opinion,
    /// 补正通知书.
    Notice,
}

impl Kind {
    /// Its title.
    pub(super) fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Opinion => opinion::TITLE,
            Self::Notice => notice::TITLE,
        }
    }
}

/// Which entries of a run go into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All of them.
    Whole,
    /// One, by its number.
    Entry(usize),
}

/// A document.
pub(super) struct Document {
    /// Its parts.
    pub blocks: Vec<Block>,
    /// The foot of its pages.
    pub foot: &'static str,
    /// What stands across its pages.
    pub mark: Option<&'static str>,
}

/// Hands on the documents of a part of a run, in order.
pub(super) fn each(
    run: &Assessment<'_>,
    kind: Kind,
    part: Part,
    lang: Lang,
    mut take: impl FnMut(Document) -> io::Result<()>,
) -> io::Result<()> {
    let excerpts = Excerpts::new(run.sources);
    for (number, entry) in run.entries.iter().enumerate() {
        if part != Part::Whole && part != Part::Entry(number) {
            continue;
        }
        let foot = match kind {
            Kind::Opinion => opinion::FOOT,
            Kind::Notice => notice::FOOT,
        };
        let foot = lang.pick(foot.0, foot.1);
        let opinion = match entry {
            Entry::Project(index) => Opinion::of(run, &excerpts, *index, lang),
            Entry::Unread(_) => None,
        };
        let blocks = match (&opinion, entry, kind) {
            (Some(opinion), _, Kind::Opinion) => opinion.document(),
            (Some(opinion), _, Kind::Notice) => opinion.notice(),
            (None, Entry::Unread(file), _) => unread(file, kind.title(), lang),
            (None, Entry::Project(_), _) => continue,
        };
        let sample = opinion.is_some_and(|o| o.project.sample);
        take(Document {
            blocks,
            foot,
            mark: sample.then(|| lang.pick(opinion::SAMPLE.0, opinion::SAMPLE.1)),
        })?;
    }
    Ok(())
}

/// What is said of a file from which no project could be read.
fn unread(file: &str, title: (&str, &str), lang: Lang) -> Vec<Block> {
    let mut page = Page::document(lang);
    page.block(Block::Title(lang.pick(title.0, title.1).to_owned()));
    let file = clean(file);
    let label = Decision::Unassessed.label();
    let text = text!(
        "{file}：{}。没有从这个文件读出项目，原因见填报问题。",
        "{file}: {}. No project could be read from this file; see the problems.",
        label.get(lang)
    );
    page.line(0, Tone::Open, text.get(lang));
    page.into_blocks()
}

/// What Windows takes for a device, whatever stands behind the first dot: such a file could not be written there.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// True for the name of a device: those above, and `com1` to `lpt9`, with superscript digits too.
fn is_device(name: &str) -> bool {
    let lower = name.to_lowercase();
    let stem = lower.split('.').next().unwrap_or("").trim_end();
    let port = stem.strip_prefix("com").or(stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|number| {
        let mut digits = number.chars();
        let is_digit = |c: char| c.is_ascii_digit() || "¹²³".contains(c);
        digits.next().is_some_and(is_digit) && digits.next().is_none()
    });
    is_port || DEVICES.contains(&stem)
}

/// A name for an entry's own file: its id without what file systems refuse, told apart from those before it. The name
/// of a Windows device gets a line behind its first part: `con` is `con_`, `nul.a` is `nul_.a`.
pub fn file_names(run: &Assessment<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(run.entries.len());
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for entry in run.entries {
        let id = match entry {
            Entry::Project(index) => run.projects.get(*index).map_or("", |p| p.id.as_str()),
            Entry::Unread(file) => file.as_str(),
        };
        let safe = |c: char| {
            let refused = "/\\:*?\"<>|".contains(c) || clean(&c.to_string()).contains('\u{FFFD}');
            if refused || c.is_whitespace() { '_' } else { c }
        };
        let safe: String = id.chars().take(60).map(safe).collect();
        let mut name = match safe.trim_matches(['.', '_']) {
            "" => "project".to_owned(),
            name => name.to_owned(),
        };
        if is_device(&name) {
            name = match name.split_once('.') {
                Some((stem, rest)) => format!("{}_.{rest}", stem.trim_end()),
                None => format!("{name}_"),
            };
        }
        // Some file systems hold A and a for the same name.
        let count = seen.entry(name.to_lowercase()).or_insert(0);
        *count += 1;
        if *count > 1 {
            name = format!("{name}~{count}");
        }
        names.push(name);
    }
    names
}
