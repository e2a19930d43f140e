//! Well-known binary, as GeoPackage stores it: polygons, with heights and measures passed over.

use super::sink::{Draft, Other, RawRing};
use crate::model::shape::Point;

/// How deep collections may be nested.
const DEPTH: usize = 16;

/// Reads a geometry into a feature; none if the bytes end too early.
pub(super) fn read(bytes: &[u8], draft: &mut Draft) -> Option<()> {
    let mut rest = Rest(bytes);
    geometry(&mut rest, draft, DEPTH)
}

/// The bytes that are still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn whole(&mut self, is_little: bool) -> Option<u32> {
        let bytes = self.take()?;
        Some(if is_little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn float(&mut self, is_little: bool) -> Option<f64> {
        let bytes = self.take()?;
        Some(if is_little {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }
}

fn geometry(rest: &mut Rest<'_>, draft: &mut Draft, depth: usize) -> Option<()> {
    let deeper = depth.checked_sub(1)?;
    let is_little = rest.take::<1>()? == [1];
    let kind = rest.whole(is_little)?;
    // Heights and measures are told by the thousands, or by the highest bits.
    let thousands = (kind & 0x0FFF_FFFF) / 1000;
    let extra = usize::from(matches!(thousands, 1 | 3) || kind & 0x8000_0000 != 0)
        + usize::from(matches!(thousands, 2 | 3) || kind & 0x4000_0000 != 0);
    match (kind & 0x0FFF_FFFF) % 1000 {
        3 => {
            let rings = rings(rest, is_little, extra)?;
            draft.polygon(rings);
        }
        6 | 7 => {
            for _ in 0..rest.whole(is_little)? {
                geometry(rest, draft, deeper)?;
            }
        }
        other => {
            draft.other(Other::by_number(other));
            // What follows of a collection cannot be found without reading it.
            rest.0 = &[];
        }
    }
    Some(())
}

fn rings(rest: &mut Rest<'_>, is_little: bool, extra: usize) -> Option<Vec<RawRing>> {
    let mut rings = Vec::new();
    for _ in 0..rest.whole(is_little)? {
        let mut ring = RawRing::default();
        for _ in 0..rest.whole(is_little)? {
            let (x, y) = (rest.float(is_little)?, rest.float(is_little)?);
            for _ in 0..extra {
                rest.float(is_little)?;
            }
            ring.points.push(Point { x, y });
        }
        rings.push(ring);
    }
    Some(rings)
}
