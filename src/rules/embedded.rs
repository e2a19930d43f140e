//! The packs that ship in the binary, built from `rules/`.
//!
//! The build has hashed their files and parsed their TOML; what the keys mean is read like that of any pack.

use super::load::PackFiles;
use super::pack::PackOrigin;
use crate::base::packed;
use crate::base::source::Source;
use crate::base::tree::Node;

#[expect(clippy::unreadable_literal, reason = "generated")]
mod files {
    //! The generated list of pack files.
    use super::BuiltIn;
    include!(concat!(env!("OUT_DIR"), "/packs.rs"));
    pub(super) const TREES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/trees.bin"));
}

/// A file that was built into the binary.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BuiltIn {
    pub(super) text: &'static str,
    pub(super) digest: [u8; 32],
    /// Where its cases begin, if it is a rule with cases; else where it ends.
    head: usize,
    /// Where the tree of what stands before the cases begins and ends among the trees of all files; nothing
    /// lies between if the build made none.
    tree: (usize, usize),
}

impl BuiltIn {
    /// The tree of the file's text.
    pub(super) fn whole(&self, source: &Source) -> Option<Node> {
        self.before_cases(source)
            .filter(|_| self.head == self.text.len())
    }

    /// The tree of what stands before the file's cases.
    pub(super) fn before_cases(&self, source: &Source) -> Option<Node> {
        let (start, end) = self.tree;
        packed::read(files::TREES.get(start..end)?, source)
    }
}

/// The embedded packs, as files.
pub fn packs() -> Vec<PackFiles> {
    let mut packs: Vec<PackFiles> = Vec::new();
    for (name, file) in files::FILES {
        let Some((pack, path)) = name.split_once('/') else {
            continue;
        };
        match packs.last_mut() {
            Some(last) if last.name == pack => {
                last.files.push((path.to_owned(), file.into()));
            }
            _ => packs.push(PackFiles {
                name: pack.to_owned(),
                prefix: pack.to_owned(),
                origin: PackOrigin::Embedded,
                files: vec![(path.to_owned(), file.into())],
            }),
        }
    }
    packs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::hash::sha256;
    use crate::base::source::Sources;
    use crate::base::toml;

    #[test]
    fn what_the_build_made_is_what_a_run_would_make() {
        for (name, file) in files::FILES {
            assert_eq!(file.digest, sha256(file.text.as_bytes()), "{name}");
            if name.strip_suffix(".toml").is_none() {
                continue;
            }
            let mut sources = Sources::default();
            let id = sources.add(*name, file.text.get(..file.head).unwrap());
            let head = sources.get(id).unwrap();
            let (parsed, problems) = toml::parse(head);
            assert!(problems.is_empty(), "{name}");
            let built = file.before_cases(head).expect(name);
            assert_eq!(format!("{built:?}"), format!("{parsed:?}"), "{name}");
        }
    }
}
