//! Searching the tree: what may meet a box, and what is nearest to it.
//!
//! Pages are read and checked when a search comes to them, and kept for the next search within a bound.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use crate::base::kept::{Kept, Part};
use crate::model::shape::{Point, Ring};
use crate::overlay::index::bytes::Bytes;
use crate::overlay::index::{Branch, END, Feature, Head, MARK, Piece, Tile, read_extent};
use crate::overlay::rings::Extent;

/// How many vertices stay in memory between searches.
const KEPT: usize = 16 << 20;

/// A page is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::overlay) struct Stop;

/// A layer that can be searched.
#[derive(Debug)]
pub(in crate::overlay) struct Index {
    kept: Arc<Kept>,
    head: Head,
    root: Option<Branch>,
    /// How many levels of nodes stand above the tiles.
    depth: u8,
    nodes: HashMap<u64, Arc<Vec<Branch>>>,
    tiles: HashMap<u64, Arc<Tile>>,
    /// The vertices of the tiles in memory.
    vertices: usize,
}

impl Index {
    /// Opens a form; none if it is not one, or its head is damaged.
    pub(in crate::overlay) fn open(kept: Kept) -> Option<Self> {
        let end = kept.bytes(kept.length().checked_sub(u64::from(END))?, END)?;
        let mut end = Bytes(&end);
        let part = Part {
            offset: end.u64()?,
            length: end.u32()?,
            digest: end.u64()?,
        };
        if end.0 != MARK {
            return None;
        }
        let bytes = kept.part(part)?;
        let mut bytes = Bytes(&bytes);
        let head = Head::read(&mut bytes)?;
        let depth = bytes.u8()?;
        let root = match bytes.u32()? {
            0 => None,
            1 => Some(Branch::read(&mut bytes)?),
            _ => return None,
        };
        Some(Self {
            kept: Arc::new(kept),
            head,
            root,
            depth,
            nodes: HashMap::new(),
            tiles: HashMap::new(),
            vertices: 0,
        })
    }

    /// The same layer for another thread, with pages of its own.
    pub(in crate::overlay) fn another(&self) -> Self {
        Self {
            kept: Arc::clone(&self.kept),
            head: self.head.clone(),
            root: self.root,
            depth: self.depth,
            nodes: HashMap::new(),
            tiles: HashMap::new(),
            vertices: 0,
        }
    }

    /// What is known of the whole layer.
    pub(in crate::overlay) fn head(&self) -> &Head {
        &self.head
    }

    /// The tiles that may hold something that meets a box.
    pub(in crate::overlay) fn tiles(&mut self, extent: &Extent) -> Result<Vec<Arc<Tile>>, Stop> {
        let mut found = Vec::new();
        let mut open: Vec<(Branch, u8)> = self.root.iter().map(|r| (*r, self.depth)).collect();
        while let Some((branch, level)) = open.pop() {
            if !branch.extent.touches(extent) {
                continue;
            }
            match level.checked_sub(1) {
                Some(below) => {
                    let node = self.node(branch.part)?;
                    open.extend(node.iter().rev().map(|branch| (*branch, below)));
                }
                None => found.push(self.tile(branch.part)?),
            }
        }
        Ok(found)
    }

    /// The distance from some rings to the nearest piece that is wanted, with its feature.
    ///
    /// A search from the nearest box outwards: it ends when no box left is nearer than what was found.
    pub(in crate::overlay) fn nearest(
        &mut self,
        rings: &[Ring],
        wanted: &dyn Fn(&Feature) -> bool,
    ) -> Result<Option<(f64, Feature)>, Stop> {
        let extent = Extent::of_rings(rings);
        let mut best: Option<(f64, Feature)> = None;
        let mut open = BinaryHeap::new();
        open.extend(self.root.map(|root| Ahead {
            distance: root.extent.distance(&extent),
            branch: root,
            level: self.depth,
        }));
        while let Some(ahead) = open.pop() {
            if best.as_ref().is_some_and(|(d, _)| ahead.distance >= *d) {
                break;
            }
            if let Some(below) = ahead.level.checked_sub(1) {
                let node = self.node(ahead.branch.part)?;
                open.extend(node.iter().map(|branch| Ahead {
                    distance: branch.extent.distance(&extent),
                    branch: *branch,
                    level: below,
                }));
                continue;
            }
            let tile = self.tile(ahead.branch.part)?;
            for piece in &tile.pieces {
                let nearer = |d: f64| best.as_ref().is_none_or(|(known, _)| d < *known);
                if !nearer(piece.extent.distance(&extent)) {
                    continue;
                }
                let Some(feature) = tile.feature(piece).filter(|feature| wanted(feature)) else {
                    continue;
                };
                let distance = distance(rings, &piece.rings);
                if nearer(distance) {
                    best = Some((distance, feature.clone()));
                }
            }
        }
        Ok(best)
    }

    fn node(&mut self, part: Part) -> Result<Arc<Vec<Branch>>, Stop> {
        if let Some(node) = self.nodes.get(&part.offset) {
            return Ok(Arc::clone(node));
        }
        let bytes = self.kept.part(part).ok_or(Stop)?;
        let mut bytes = Bytes(&bytes);
        let count = bytes.count(52).ok_or(Stop)?;
        let node: Option<Vec<Branch>> = (0..count).map(|_| Branch::read(&mut bytes)).collect();
        let node = Arc::new(node.ok_or(Stop)?);
        self.nodes.insert(part.offset, Arc::clone(&node));
        Ok(node)
    }

    fn tile(&mut self, part: Part) -> Result<Arc<Tile>, Stop> {
        if let Some(tile) = self.tiles.get(&part.offset) {
            return Ok(Arc::clone(tile));
        }
        let bytes = self.kept.part(part).ok_or(Stop)?;
        let tile = Arc::new(read_tile(&mut Bytes(&bytes)).ok_or(Stop)?);
        if self.vertices > KEPT {
            self.tiles.clear();
            self.vertices = 0;
        }
        self.vertices += part.length as usize / 16;
        self.tiles.insert(part.offset, Arc::clone(&tile));
        Ok(tile)
    }
}

fn read_tile(bytes: &mut Bytes<'_>) -> Option<Tile> {
    let features = bytes.count(13)?;
    let features: Option<Vec<Feature>> = (0..features).map(|_| Feature::read(bytes)).collect();
    let pieces = bytes.count(8)?;
    let pieces: Option<Vec<Piece>> = (0..pieces).map(|_| read_piece(bytes)).collect();
    Some(Tile {
        features: features?,
        pieces: pieces?,
    })
}

fn read_piece(bytes: &mut Bytes<'_>) -> Option<Piece> {
    let feature = bytes.u32()?;
    let extent = read_extent(bytes)?;
    let rings = bytes.count(4)?;
    let ring = |bytes: &mut Bytes<'_>| -> Option<Ring> {
        let points = bytes.count(16)?;
        let point = |_| {
            Some(Point {
                x: bytes.f64()?,
                y: bytes.f64()?,
            })
        };
        (0..points).map(point).collect()
    };
    let rings: Option<Vec<Ring>> = (0..rings).map(|_| ring(bytes)).collect();
    Some(Piece {
        feature,
        extent,
        rings: rings?,
    })
}

/// A page that a search from near to far has yet to open.
#[derive(Debug)]
struct Ahead {
    distance: f64,
    branch: Branch,
    level: u8,
}

impl Ord for Ahead {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the greatest first: that is to be the nearest.
        let nearer = other.distance.total_cmp(&self.distance);
        nearer.then_with(|| other.branch.part.offset.cmp(&self.branch.part.offset))
    }
}

impl PartialOrd for Ahead {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ahead {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ahead {}

/// How far apart two polygons are, each under the even-odd rule; 0 if they have a point in common.
pub(in crate::overlay) fn distance(a: &[Ring], b: &[Ring]) -> f64 {
    let first = |rings: &[Ring]| rings.iter().flatten().next().copied();
    let within = |point: Option<Point>, rings: &[Ring]| point.is_some_and(|p| holds(rings, p));
    if within(first(a), b) || within(first(b), a) {
        return 0.0;
    }
    let mut least = f64::INFINITY;
    for one in a.iter().flat_map(|ring| edges(ring)) {
        let extent = Extent::of([&one.0, &one.1]);
        for other in b.iter().flat_map(|ring| edges(ring)) {
            if Extent::of([&other.0, &other.1]).distance(&extent) < least {
                least = least.min(between(one, other));
            }
        }
    }
    least
}

type Edge = (Point, Point);

/// The edges of a ring.
pub(in crate::overlay) fn edges(ring: &[Point]) -> impl Iterator<Item = Edge> {
    let ends = ring.iter().skip(1).chain(ring.first());
    ring.iter().copied().zip(ends.copied())
}

/// True if a point lies within rings under the even-odd rule.
pub fn holds(rings: &[Ring], point: Point) -> bool {
    let mut inside = false;
    for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
        if (a.y > point.y) != (b.y > point.y) {
            let x = a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x);
            inside ^= point.x < x;
        }
    }
    inside
}

/// How far apart two edges are.
fn between(one: Edge, other: Edge) -> f64 {
    let side = |(a, b): Edge, p: Point| (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
    let parts = |edge: Edge, by: Edge| side(by, edge.0) * side(by, edge.1) < 0.0;
    if parts(one, other) && parts(other, one) {
        return 0.0;
    }
    let to = |p: Point, (a, b): Edge| {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let length = dx * dx + dy * dy;
        let share = if length > 0.0 {
            (((p.x - a.x) * dx + (p.y - a.y) * dy) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (a.x + share * dx - p.x).hypot(a.y + share * dy - p.y)
    };
    to(one.0, other)
        .min(to(one.1, other))
        .min(to(other.0, one))
        .min(to(other.1, one))
}
