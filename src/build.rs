//! Lists the packs under `rules/`, so that they are embedded in the binary: each file's text and hash,
//! and the tree of its keys and values, so that a run need not parse what the build has parsed.
//! It also takes the hash of the source.
//!
//! It does not know what the keys mean: the rules floor reads the tree like that of any other file.
//! A file in which anything is unusual has no tree and is parsed when it is loaded.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    list(&root, &["toml", "csv", "geojson"], &mut files)?;
    files.sort();
    println!("cargo::rustc-env=HEGUI_SOURCE={}", source()?);
    let mut code = String::from("pub(super) const FILES: &[(&str, BuiltIn)] = &[\n");
    let mut trees = Vec::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file
            .strip_prefix(&root)
            .unwrap_or(&file)
            .display()
            .to_string()
            .replace('\\', "/");
        let text = fs::read_to_string(&file)?;
        let head = head(&text);
        let digest: [u8; 32] = Sha256::digest(&text).into();
        let start = trees.len();
        let is_toml = file.extension().is_some_and(|e| e == "toml");
        if is_toml && only_cases_follow(&text, head) {
            trees.extend(tree(text.get(..head).unwrap_or_default()).unwrap_or_default());
        }
        let _ = writeln!(
            code,
            "    ({name:?}, BuiltIn {{ text: include_str!({:?}), digest: {digest:?}, head: {head}, tree: {:?} }}),",
            file.display().to_string(),
            (start, trees.len()),
        );
    }
    code.push_str("];\n");
    fs::write(out.join("packs.rs"), code)?;
    fs::write(out.join("trees.bin"), trees)
}

/// The hash of all that the engine is made of but the packs, which have hashes of their own.
fn source() -> io::Result<String> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    println!("cargo::rerun-if-changed={}", root.join("src").display());
    list(&root.join("src"), &["rs"], &mut files)?;
    files.sort();
    let mut hash = Sha256::new();
    for file in files.iter().filter(|file| file.is_file()) {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(file);
        hash.update(name.display().to_string().replace('\\', "/"));
        // Whatever line ends a checkout has, the source is the same.
        let text = fs::read_to_string(file)?.replace("\r\n", "\n");
        hash.update(Sha256::digest(text));
    }
    let digits = hash.finalize().iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    });
    Ok(digits)
}

fn list(folder: &Path, kinds: &[&str], files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            list(&path, kinds, files)?;
        } else if path
            .extension()
            .is_some_and(|e| kinds.iter().any(|kind| e == *kind))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// Where the cases of a rule begin, or the text ends.
fn head(text: &str) -> usize {
    text.find("\n[[case]]").map_or(text.len(), |at| at + 1)
}

/// True if every section behind the head is one of a case.
fn only_cases_follow(text: &str, head: usize) -> bool {
    let sections = text.get(head..).unwrap_or_default().lines();
    let case = |line: &str| {
        ["[[case]]", "[case.", "[[case."]
            .iter()
            .any(|s| line.starts_with(s))
    };
    !text.starts_with("[[case]]") && sections.filter(|line| line.starts_with('[')).all(case)
}

/// The tree of a text in bytes, as `base::packed` reads it; none if anything in it is unusual.
fn tree(text: &str) -> Option<Vec<u8>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    let mut tree = Tree {
        text,
        bytes: Vec::new(),
    };
    tree.table(root.get_ref(), 0..0)?;
    errors.is_empty().then_some(tree.bytes)
}

struct Tree<'a> {
    text: &'a str,
    bytes: Vec<u8>,
}

impl Tree<'_> {
    fn table(&mut self, table: &DeTable<'_>, span: Range<usize>) -> Option<()> {
        self.begin(b'{', span)?;
        self.number(table.len())?;
        for (key, value) in table {
            self.span(key.span())?;
            self.text(key.get_ref(), key.span())?;
            self.value(value.get_ref(), value.span())?;
        }
        Some(())
    }

    fn value(&mut self, value: &DeValue<'_>, span: Range<usize>) -> Option<()> {
        if !matches!(value, DeValue::Table(_)) && span.is_empty() {
            return None;
        }
        let written = self.text.get(span.clone())?;
        let (kind, text) = match value {
            DeValue::Table(table) => return self.table(table, span),
            DeValue::Array(items) => {
                self.begin(b'[', span)?;
                self.number(items.len())?;
                for item in items {
                    self.value(item.get_ref(), item.span())?;
                }
                return Some(());
            }
            DeValue::Boolean(true) => return self.begin(b'+', span),
            DeValue::Boolean(false) => return self.begin(b'-', span),
            DeValue::String(text) => (b'"', text.as_ref()),
            DeValue::Integer(number) if number.radix() == 10 => (b'#', number.as_str()),
            DeValue::Integer(_) => return None,
            DeValue::Float(number) => (b'#', number.as_str()),
            DeValue::Datetime(_) => (b'@', written),
        };
        self.begin(kind, span.clone())?;
        self.text(text, span)
    }

    fn begin(&mut self, kind: u8, span: Range<usize>) -> Option<()> {
        self.bytes.push(kind);
        self.span(span)
    }

    fn span(&mut self, span: Range<usize>) -> Option<()> {
        self.number(span.start)?;
        self.number(span.len())
    }

    /// Seven bits at a time, the lowest first; all bytes but the last have the highest bit.
    fn number(&mut self, number: usize) -> Option<()> {
        let mut rest = u32::try_from(number).ok()?;
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                self.bytes.push(low & 0x7f);
                return Some(());
            }
            self.bytes.push(low | 0x80);
        }
    }

    /// A text that stands in the file as it is: what its quotes take on both sides. Any other: none, and itself.
    fn text(&mut self, text: &str, span: Range<usize>) -> Option<()> {
        let written = self.text.get(span)?;
        for before in [0, 1, 3, 4] {
            let inner = written.get(before..).unwrap_or_default();
            if inner.starts_with(text) && (before > 0 || written == text) {
                self.number(before + 1)?;
                return self.number(text.len());
            }
        }
        self.number(0)?;
        self.number(text.len())?;
        self.bytes.extend(text.as_bytes());
        Some(())
    }
}
