//! The packs that ship in the binary, built from `rules/`.

use super::load::PackFiles;
use super::pack::PackOrigin;

mod files {
    //! The generated list of pack files.
    include!(concat!(env!("OUT_DIR"), "/packs.rs"));
}

/// The embedded packs, as files.
pub fn packs() -> Vec<PackFiles> {
    let mut packs: Vec<PackFiles> = Vec::new();
    for (name, text) in files::FILES {
        let Some((pack, path)) = name.split_once('/') else {
            continue;
        };
        match packs.last_mut() {
            Some(last) if last.name == pack => {
                last.files.push((path.to_owned(), (*text).into()));
            }
            _ => packs.push(PackFiles {
                name: pack.to_owned(),
                prefix: pack.to_owned(),
                origin: PackOrigin::Embedded,
                files: vec![(path.to_owned(), (*text).into())],
            }),
        }
    }
    packs
}

/// The map file of a layer of an embedded pack.
pub fn layer(pack: &str, path: &str) -> Option<&'static [u8]> {
    let found = files::LAYERS.iter().find(|(name, _)| {
        name.strip_prefix(pack).and_then(|rest| rest.strip_prefix('/')) == Some(path)
    });
    found.map(|(_, bytes)| *bytes)
}
