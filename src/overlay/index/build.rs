//! Building the tree: features are cut and spooled as they come, then written in the order of the curve.
//!
//! In memory stand one feature at a time and sixteen bytes for each piece.

use std::collections::BTreeMap;
use std::io;

use crate::base::kept::{Draft, Kept};
use crate::model::shape::{Polygon, Ring, System};
use crate::overlay::index::bytes::{Bytes, put_count};
use crate::overlay::index::{BRANCHES, Branch, Feature, Head, MARK, TILE, put_extent};
use crate::overlay::rings::{Extent, pieces};

/// Takes the features of a layer one by one.
#[derive(Debug)]
pub(in crate::overlay) struct Builder {
    head: Head,
    spool: Draft,
    /// For each piece its place on the curve and in the spool.
    order: Vec<(u64, u64)>,
    record: Vec<u8>,
}

impl Builder {
    /// A builder that spools to a draft.
    pub(in crate::overlay) fn new(
        spool: Draft,
        system: System,
        written: System,
        attributes: Vec<String>,
    ) -> Self {
        Self {
            head: Head {
                system,
                written,
                hash: [0; 32],
                features: 0,
                faulty: 0,
                pieces: 0,
                vertices: 0,
                extent: Extent::NONE,
                attributes,
            },
            spool,
            order: Vec::new(),
            record: Vec::new(),
        }
    }

    /// The system of the pieces.
    pub(in crate::overlay) fn system(&self) -> System {
        self.head.system
    }

    /// Adds a feature with its polygons in the system of the pieces.
    ///
    /// Of a faulty one only the box is kept: whatever meets it cannot be measured.
    pub(in crate::overlay) fn feature(
        &mut self,
        feature: &Feature,
        polygons: &[Polygon],
    ) -> io::Result<()> {
        self.head.features += 1;
        self.head.faulty += u64::from(feature.faulty);
        let rings = || polygons.iter().flat_map(|polygon| &polygon.rings);
        self.head.vertices += rings().map(|ring| ring.len() as u64).sum::<u64>();
        let mut failed = Ok(());
        let mut piece = |rings: &[Ring]| {
            if failed.is_ok() {
                failed = self.piece(feature, rings);
            }
        };
        if feature.faulty {
            let extent = Extent::of(
                rings()
                    .flatten()
                    .filter(|p| p.x.is_finite() && p.y.is_finite()),
            );
            if extent.is_finite() {
                piece(&[extent.ring()]);
            }
        } else {
            for polygon in polygons {
                pieces(&polygon.rings, &mut piece);
            }
        }
        failed
    }

    fn piece(&mut self, feature: &Feature, rings: &[Ring]) -> io::Result<()> {
        let extent = Extent::of_rings(rings);
        self.head.extent = self.head.extent.with(extent);
        self.head.pieces += 1;
        let record = &mut self.record;
        record.clear();
        feature.put(record);
        let of_feature = record.len();
        put_rings(record, &extent, rings);
        let mut lengths = Vec::with_capacity(8);
        put_count(&mut lengths, of_feature);
        put_count(&mut lengths, record.len());
        let at = self.spool.add(&lengths)?;
        self.spool.add(record)?;
        self.order.push((on_curve(&extent, self.head.system), at));
        Ok(())
    }

    /// Writes the form to a draft.
    pub(in crate::overlay) fn finish(
        mut self,
        hash: [u8; 32],
        mut draft: Draft,
    ) -> io::Result<Kept> {
        self.head.hash = hash;
        let spool = self.spool.finish()?;
        // Equal places on the curve stay in the order of the file.
        self.order.sort_unstable();
        let mut branches = Vec::new();
        let mut tile = Filling::default();
        for (_, at) in &self.order {
            let damaged = || io::Error::other("the spool cannot be read back");
            let lengths = spool.bytes(*at, 8).ok_or_else(damaged)?;
            let mut lengths = Bytes(&lengths);
            let (of_feature, all) = lengths.u32().zip(lengths.u32()).ok_or_else(damaged)?;
            let record = spool.bytes(at + 8, all).ok_or_else(damaged)?;
            let parts = record.split_at_checked(of_feature as usize);
            let (feature, rings) = parts.ok_or_else(damaged)?;
            if tile.size() + rings.len() > TILE && tile.count > 0 {
                branches.push(std::mem::take(&mut tile).write(&mut draft)?);
            }
            tile.add(feature, rings);
        }
        if tile.count > 0 {
            branches.push(tile.write(&mut draft)?);
        }
        let mut depth = 0_u8;
        while branches.len() > 1 {
            let mut above = Vec::with_capacity(branches.len().div_ceil(BRANCHES));
            for below in branches.chunks(BRANCHES) {
                let mut node = Vec::new();
                let mut extent = Extent::NONE;
                put_count(&mut node, below.len());
                for branch in below {
                    branch.put(&mut node);
                    extent = extent.with(branch.extent);
                }
                let part = draft.add_part(&node)?;
                above.push(Branch { extent, part });
            }
            branches = above;
            depth += 1;
        }
        let mut head = Vec::new();
        self.head.put(&mut head);
        head.push(depth);
        put_count(&mut head, branches.len());
        for root in &branches {
            root.put(&mut head);
        }
        let part = draft.add_part(&head)?;
        let mut end = Vec::new();
        end.extend(part.offset.to_le_bytes());
        end.extend(part.length.to_le_bytes());
        end.extend(part.digest.to_le_bytes());
        end.extend(MARK);
        draft.add(&end)?;
        draft.finish()
    }
}

/// A tile that is being filled.
#[derive(Debug, Default)]
struct Filling {
    extent: Option<Extent>,
    /// The features by their bytes, with their numbers in the tile.
    known: BTreeMap<Vec<u8>, usize>,
    features: Vec<u8>,
    pieces: Vec<u8>,
    count: usize,
}

impl Filling {
    fn size(&self) -> usize {
        self.features.len() + self.pieces.len()
    }

    fn add(&mut self, feature: &[u8], rings: &[u8]) {
        let next = self.known.len();
        let number = match self.known.get(feature) {
            Some(number) => *number,
            None => {
                self.known.insert(feature.to_vec(), next);
                self.features.extend(feature);
                next
            }
        };
        put_count(&mut self.pieces, number);
        self.pieces.extend(rings);
        self.count += 1;
        if let Some(extent) = super::read_extent(&mut Bytes(rings)) {
            self.extent = Some(self.extent.map_or(extent, |own| own.with(extent)));
        }
    }

    fn write(self, draft: &mut Draft) -> io::Result<Branch> {
        let mut bytes = Vec::with_capacity(self.size() + 8);
        put_count(&mut bytes, self.known.len());
        bytes.extend(self.features);
        put_count(&mut bytes, self.count);
        bytes.extend(self.pieces);
        Ok(Branch {
            extent: self.extent.unwrap_or(Extent::NONE),
            part: draft.add_part(&bytes)?,
        })
    }
}

fn put_rings(bytes: &mut Vec<u8>, extent: &Extent, rings: &[Ring]) {
    put_extent(bytes, extent);
    put_count(bytes, rings.len());
    for ring in rings {
        put_count(bytes, ring.len());
        for point in ring {
            bytes.extend(point.x.to_le_bytes());
            bytes.extend(point.y.to_le_bytes());
        }
    }
}

/// Where the middle of a box comes along Hilbert's curve through the country.
fn on_curve(extent: &Extent, system: System) -> u64 {
    // A frame that holds whatever may be measured: what lies beyond it is put at its edge.
    let (west, south, side) = match system {
        System::Cgcs2000 | System::Wgs84 => (70.0, 0.0, 70.0),
        System::GaussKruger { .. } => (-1_000_000.0, 0.0, 6_500_000.0),
    };
    let middle = extent.middle();
    let cell = |value: f64| {
        let share = (value / side).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of 0 to 1 is taken of the largest cell"
        )]
        let cell = (share * f64::from(u32::MAX)) as u32;
        cell
    };
    hilbert(cell(middle.x - west), cell(middle.y - south))
}

/// The place of a cell along Hilbert's curve through 2³² × 2³² cells.
fn hilbert(mut x: u32, mut y: u32) -> u64 {
    let mut place = 0_u64;
    for bit in (0..32).rev() {
        let right = x >> bit & 1;
        let upper = y >> bit & 1;
        place = place << 2 | u64::from((3 * right) ^ upper);
        // The quarter is turned so that the curve goes on where the last one ended.
        if upper == 0 {
            if right == 1 {
                x = !x;
                y = !y;
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_on_the_curve_are_neighbours_on_the_ground() {
        // The 16 × 16 coarsest cells, in the order of the curve.
        let mut cells: Vec<(u64, i64, i64)> = (0..16_i64)
            .flat_map(|x| (0..16_i64).map(move |y| (x, y)))
            .map(|(x, y)| {
                let at = |c: i64| u32::try_from(c << 28).unwrap();
                (hilbert(at(x), at(y)), x, y)
            })
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let step = (pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs();
            assert_eq!(step, 1, "{pair:?}");
        }
    }
}
