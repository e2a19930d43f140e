//! A layer cut into small pieces in a packed tree, of which a search reads a few pages.
//!
//! The form, from its beginning:
//!
//! ```text
//! tiles    about 32 KB each: pieces that lie near one another, with the features they are of
//! nodes    of up to 64 branches: the box, place, length and digest of a tile or of a node below
//! head     plane, hash of the file, counts, names of the attributes, and the branch of the root
//! end      where the head begins, its length, its digest, and the mark
//! ```
//!
//! Pieces stand in the order of their middles along Hilbert's curve, so that the boxes of tiles overlap little.
//! Every page is checked by the digest that stands in the page above it, so the end vouches for all of it,
//! and nothing but the pages of a search is read.
//! It does not know what the layer means, and does not read map files.

mod build;
mod bytes;
mod read;

use crate::base::kept::Part;
use crate::model::shape::{Ring, System, ZoneWidth};
use crate::overlay::rings::Extent;

use bytes::{Bytes, put_count, put_text};

pub(super) use build::Builder;
pub use read::holds;
pub(super) use read::{Index, Stop, distance, edges};

/// What every form ends with: that it is one, and the version of the form.
const MARK: &[u8; 8] = b"hegui\0L1";
/// The length of the end: offset, length, digest, mark.
const END: u32 = 8 + 4 + 8 + 8;
/// About how many bytes of pieces make a tile.
const TILE: usize = 32 << 10;
/// Branches of a node.
const BRANCHES: usize = 64;

/// A page below another.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Branch {
    extent: Extent,
    part: Part,
}

impl Branch {
    fn put(&self, bytes: &mut Vec<u8>) {
        put_extent(bytes, &self.extent);
        bytes.extend(self.part.offset.to_le_bytes());
        bytes.extend(self.part.length.to_le_bytes());
        bytes.extend(self.part.digest.to_le_bytes());
    }

    fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        Some(Self {
            extent: read_extent(bytes)?,
            part: Part {
                offset: bytes.u64()?,
                length: bytes.u32()?,
                digest: bytes.u64()?,
            },
        })
    }
}

fn put_extent(bytes: &mut Vec<u8>, extent: &Extent) {
    for number in [extent.west, extent.south, extent.east, extent.north] {
        bytes.extend(number.to_le_bytes());
    }
}

fn read_extent(bytes: &mut Bytes<'_>) -> Option<Extent> {
    Some(Extent {
        west: bytes.f64()?,
        south: bytes.f64()?,
        east: bytes.f64()?,
        north: bytes.f64()?,
    })
}

/// What is known of a whole layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Head {
    /// The system of the pieces; eastings of a plane are without the number of the zone.
    pub(super) system: System,
    /// The system of the file.
    pub(super) written: System,
    /// The hash of the file's bytes.
    pub(super) hash: [u8; 32],
    /// How many features there are.
    pub(super) features: u64,
    /// How many of them cannot be measured, because their rings are not valid.
    pub(super) faulty: u64,
    /// How many pieces they were cut into.
    pub(super) pieces: u64,
    /// How many vertices the file has.
    pub(super) vertices: u64,
    /// The box of all.
    pub(super) extent: Extent,
    /// The names of the attributes that are kept.
    pub(super) attributes: Vec<String>,
}

impl Head {
    fn put(&self, bytes: &mut Vec<u8>) {
        for system in [self.system, self.written] {
            put_system(bytes, system);
        }
        bytes.extend(self.hash);
        for count in [self.features, self.faulty, self.pieces, self.vertices] {
            bytes.extend(count.to_le_bytes());
        }
        put_extent(bytes, &self.extent);
        put_count(bytes, self.attributes.len());
        for name in &self.attributes {
            put_text(bytes, Some(name));
        }
    }

    fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        let system = read_system(bytes)?;
        let written = read_system(bytes)?;
        let hash = bytes.take(32)?.try_into().ok()?;
        let [features, faulty, pieces, vertices] =
            [bytes.u64()?, bytes.u64()?, bytes.u64()?, bytes.u64()?];
        let extent = read_extent(bytes)?;
        let count = bytes.count(4)?;
        let names: Option<Vec<String>> = (0..count).map(|_| bytes.text()?).collect();
        Some(Self {
            system,
            written,
            hash,
            features,
            faulty,
            pieces,
            vertices,
            extent,
            attributes: names?,
        })
    }
}

fn put_system(bytes: &mut Vec<u8>, system: System) {
    let (kind, meridian) = match system {
        System::Cgcs2000 => (0_u8, 0),
        System::Wgs84 => (1, 0),
        System::GaussKruger {
            width,
            meridian,
            prefixed,
        } => {
            let width = match width {
                ZoneWidth::Three => 2,
                ZoneWidth::Six => 4,
            };
            (width + u8::from(prefixed), meridian)
        }
    };
    bytes.push(kind);
    bytes.extend(meridian.to_le_bytes());
}

fn read_system(bytes: &mut Bytes<'_>) -> Option<System> {
    let kind = bytes.u8()?;
    let meridian = bytes.u16()?;
    let plane = |width, prefixed| System::GaussKruger {
        width,
        meridian,
        prefixed,
    };
    match kind {
        0 => Some(System::Cgcs2000),
        1 => Some(System::Wgs84),
        2 | 3 => Some(plane(ZoneWidth::Three, kind == 3)),
        4 | 5 => Some(plane(ZoneWidth::Six, kind == 5)),
        _ => None,
    }
}

/// A feature as it is kept: what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Feature {
    /// Its number in the file, from 1.
    pub(super) number: u64,
    /// True if its rings are not valid: its piece is then its box.
    pub(super) faulty: bool,
    /// The values of the attributes that are kept, in the order of their names.
    pub(super) attributes: Vec<Option<String>>,
}

impl Feature {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.number.to_le_bytes());
        bytes.push(u8::from(self.faulty));
        put_count(bytes, self.attributes.len());
        for value in &self.attributes {
            put_text(bytes, value.as_deref());
        }
    }

    fn read(bytes: &mut Bytes<'_>) -> Option<Self> {
        let number = bytes.u64()?;
        let faulty = bytes.u8()? != 0;
        let count = bytes.count(4)?;
        let attributes: Option<Vec<Option<String>>> = (0..count).map(|_| bytes.text()).collect();
        Some(Self {
            number,
            faulty,
            attributes: attributes?,
        })
    }
}

/// A piece of a feature.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// Its feature, by number in the tile.
    feature: u32,
    /// Its box.
    pub(super) extent: Extent,
    /// Its rings, under the even-odd rule.
    pub(super) rings: Vec<Ring>,
}

/// Pieces that lie near one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Tile {
    features: Vec<Feature>,
    /// The pieces.
    pub(super) pieces: Vec<Piece>,
}

impl Tile {
    /// The feature of a piece.
    pub(super) fn feature(&self, piece: &Piece) -> Option<&Feature> {
        self.features.get(piece.feature as usize)
    }
}
