//! Measuring: what the parcels of a site have in common with the features of a layer.
//!
//! What is in common is found in the coordinates of the layer's file, where borders that are drawn through the
//! same points coincide; its area is then taken in one Gauss–Krüger plane, that of the site. A line between two
//! points is straight in the coordinates in which it is written: before it is moved to other coordinates it is
//! divided finely enough to stay so.
//! It does not know files, facts or rules.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::shape::{Polygon, Ring, System};
use crate::model::site::Touched;
use crate::overlay::index::{Feature, Index, Stop, distance};
use crate::overlay::meet::{Meeting, oriented_area};
use crate::overlay::planes::{divided, moved, normal, on_ellipsoid, plain, plane, point};
use crate::overlay::projection::signed_area;
use crate::overlay::rings::{Extent, pieces};

/// Rings and the box around them.
type Part<'a> = (&'a [Ring], &'a Extent);

/// An overlap smaller than this, in m², is the rounding of coordinates and none: a square centimetre.
pub(super) const FLOOR: f64 = 1e-4;

/// A site that can be measured again and again: cut into small parts.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    /// The central meridian of its plane.
    meridian: u16,
    /// As it is written.
    own: Form,
    /// Its rings in the plane, counter-clockwise around what they hold.
    rings: Vec<Ring>,
    extent: Extent,
    area: f64,
}

/// The site in the coordinates of one system.
#[derive(Clone, Debug)]
struct Form {
    system: System,
    /// The rings, counter-clockwise around what they hold.
    rings: Vec<Ring>,
    extent: Extent,
    /// Parts of few vertices, each with its box.
    parts: Vec<(Vec<Ring>, Extent)>,
}

impl Form {
    fn new(system: System, rings: Vec<Ring>) -> Self {
        let mut parts = Vec::new();
        pieces(&rings, &mut |part| {
            parts.push((part.to_vec(), Extent::of_rings(part)));
        });
        Self {
            system,
            extent: Extent::of_rings(&rings),
            rings,
            parts,
        }
    }
}

impl Ground {
    /// A site of polygons written in a system, to be measured in the plane of a meridian; each polygon is under the
    /// even-odd rule, and what several cover counts once.
    pub(super) fn new(
        meridian: u16,
        system: System,
        polygons: &[Polygon],
        meeting: &mut Meeting,
    ) -> Self {
        let kept = normal(system);
        let plain = |polygon: &Polygon| -> Vec<Ring> {
            let ring = |ring: &Ring| ring.iter().map(|p| plain(system, *p)).collect();
            polygon.rings.iter().map(ring).collect()
        };
        let mut rings = Vec::new();
        let mut boxes: Vec<Extent> = Vec::new();
        let mut apart = true;
        for polygon in polygons {
            let own = oriented(plain(polygon));
            let extent = Extent::of_rings(&own);
            apart &= !boxes.iter().any(|other| other.touches(&extent));
            boxes.push(extent);
            rings.extend(own);
        }
        if !apart {
            rings = meeting.union(&rings);
        }
        let own = Form::new(kept, rings);
        let rings = moved(&own.rings, kept, plane(meridian));
        Self {
            meridian,
            own,
            extent: Extent::of_rings(&rings),
            area: oriented_area(&rings),
            rings,
        }
    }

    /// The area in the plane, in m².
    pub(super) fn area(&self) -> f64 {
        self.area
    }

    /// The central meridian of its plane.
    pub(super) fn meridian(&self) -> u16 {
        self.meridian
    }

    /// The outline in the plane: rings counter-clockwise, holes clockwise.
    pub(super) fn outline(&self) -> &[Ring] {
        &self.rings
    }

    /// The area on the ellipsoid, in m².
    pub(super) fn ellipsoid(&self) -> f64 {
        on_ellipsoid(&self.rings, self.meridian)
    }

    /// The area in common with each feature of a layer, by the feature's number; gives the faulty features that
    /// may touch the site.
    pub(super) fn areas(
        &self,
        index: &mut Index,
        meeting: &mut Meeting,
        areas: &mut Vec<(u64, f64)>,
        known: &mut dyn FnMut(&Feature),
    ) -> Result<Vec<u64>, Stop> {
        areas.clear();
        let system = index.head().system;
        let own = plane(self.meridian);
        let faulty = self.meet(index, &mut |feature, part, piece| {
            let area = if system == own {
                meeting.area(part, piece)
            } else {
                oriented_area(&moved(&meeting.outline(part, piece), system, own))
            };
            if area > 0.0 {
                areas.push((feature.number, area));
                known(feature);
            }
        })?;
        areas.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        areas.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        areas.retain(|(_, area)| *area >= FLOOR);
        Ok(faulty)
    }

    /// The features that the site overlaps, with outlines in the plane, the largest overlap first; and the faulty
    /// ones that may touch it.
    pub(super) fn touched(
        &self,
        index: &mut Index,
        meeting: &mut Meeting,
    ) -> Result<(Vec<Touched>, Vec<u64>), Stop> {
        let mut found: BTreeMap<u64, (Feature, Vec<Ring>, usize)> = BTreeMap::new();
        let faulty = self.meet(index, &mut |feature, part, piece| {
            let outline = meeting.outline(part, piece);
            if !outline.is_empty() {
                let entry = found
                    .entry(feature.number)
                    .or_insert_with(|| (feature.clone(), Vec::new(), 0));
                entry.1.extend(outline);
                entry.2 += 1;
            }
        })?;
        let system = index.head().system;
        let names = index.head().attributes.clone();
        let mut touched: Vec<Touched> = found
            .into_values()
            .filter_map(|(feature, rings, parts)| {
                let rings = if parts > 1 {
                    meeting.union(&rings)
                } else {
                    rings
                };
                let outline = moved(&rings, system, plane(self.meridian));
                let area = oriented_area(&outline);
                if area < FLOOR {
                    return None;
                }
                let named = names.iter().cloned().zip(feature.attributes);
                Some(Touched {
                    number: feature.number,
                    attributes: named
                        .filter_map(|(name, value)| Some((name, value?)))
                        .collect(),
                    area,
                    ellipsoid: on_ellipsoid(&outline, self.meridian),
                    share: if self.area > 0.0 {
                        area / self.area
                    } else {
                        0.0
                    },
                    outline,
                })
            })
            .collect();
        touched.sort_by(|a, b| b.area.total_cmp(&a.area).then(a.number.cmp(&b.number)));
        Ok((touched, faulty))
    }

    /// The distance in metres to the nearest feature that is wanted, with its number; 0 where the site touches it.
    /// A faulty feature counts by its box.
    pub(super) fn nearest(
        &self,
        index: &mut Index,
        wanted: &dyn Fn(&Feature) -> bool,
    ) -> Result<Option<(f64, Feature)>, Stop> {
        if index.head().system == plane(self.meridian) {
            return index.nearest(&self.rings, wanted);
        }
        // In degrees "near" is not the same in both directions: boxes of growing size are searched instead.
        let mut reach = 1_000.0;
        loop {
            let mut best: Option<(f64, Feature)> = None;
            let extent = self.extent.grown(reach);
            self.visit(index, &extent, &mut |feature, rings| {
                if !wanted(feature) {
                    return;
                }
                let distance = distance(&self.rings, rings);
                if best.as_ref().is_none_or(|(known, _)| distance < *known) {
                    best = Some((distance, feature.clone()));
                }
            })?;
            match best {
                Some((distance, _)) if distance <= reach => return Ok(best),
                _ if reach > 4_000_000.0 => return Ok(best),
                _ => reach *= 4.0,
            }
        }
    }

    /// The site in the coordinates of a system.
    fn form(&self, system: System) -> Cow<'_, Form> {
        if self.own.system == system {
            Cow::Borrowed(&self.own)
        } else {
            Cow::Owned(Form::new(
                system,
                moved(&self.own.rings, self.own.system, system),
            ))
        }
    }

    /// Visits every pair of a part of the site and a piece of the layer whose boxes touch; gives the faulty
    /// features among them.
    fn meet(
        &self,
        index: &mut Index,
        visit: &mut dyn FnMut(&Feature, Part<'_>, Part<'_>),
    ) -> Result<Vec<u64>, Stop> {
        let form = self.form(index.head().system);
        let mut faulty = Vec::new();
        for tile in index.tiles(&form.extent)? {
            let near = tile.pieces.iter();
            for piece in near.filter(|piece| piece.extent.touches(&form.extent)) {
                let Some(feature) = tile.feature(piece) else {
                    continue;
                };
                let parts = form.parts.iter();
                for (part, around) in parts.filter(|(_, own)| own.touches(&piece.extent)) {
                    if feature.faulty {
                        faulty.push(feature.number);
                    } else {
                        visit(feature, (part, around), (&piece.rings, &piece.extent));
                    }
                }
            }
        }
        faulty.sort_unstable();
        faulty.dedup();
        Ok(faulty)
    }

    /// Visits the pieces of a layer of another system that may meet a box of the plane, moved into the plane.
    fn visit(
        &self,
        index: &mut Index,
        extent: &Extent,
        visit: &mut dyn FnMut(&Feature, &[Ring]),
    ) -> Result<(), Stop> {
        let system = index.head().system;
        // The sides of a box of one system bend in another.
        let side = (extent.width().max(extent.height()) / 64.0).max(1.0);
        let sides = divided(&extent.ring(), side);
        let away = sides
            .iter()
            .map(|p| point(*p, plane(self.meridian), system));
        let margin = match system {
            System::GaussKruger { .. } => side / 8.0,
            System::Cgcs2000 | System::Wgs84 => side / 8.0 * 1e-5,
        };
        let there = Extent::of(&away.collect::<Ring>()).grown(margin);
        for tile in index.tiles(&there)? {
            for piece in tile.pieces.iter().filter(|p| p.extent.touches(&there)) {
                if let Some(feature) = tile.feature(piece) {
                    visit(feature, &moved(&piece.rings, system, plane(self.meridian)));
                }
            }
        }
        Ok(())
    }
}

/// The rings of a valid polygon, the outer one counter-clockwise and its holes clockwise.
fn oriented(mut rings: Vec<Ring>) -> Vec<Ring> {
    for (number, ring) in rings.iter_mut().enumerate() {
        if (signed_area(ring) > 0.0) != (number == 0) {
            ring.reverse();
        }
    }
    rings
}

/// The area that any of some overlaps covers: where features of a layer overlap, it counts once.
pub(super) fn covered<'t>(
    touched: impl Iterator<Item = &'t Touched> + Clone,
    meeting: &mut Meeting,
) -> f64 {
    // An empty sum of floats is a negative zero.
    let sum = touched.clone().map(|one| one.area).sum::<f64>() + 0.0;
    let boxes: Vec<Extent> = touched
        .clone()
        .map(|one| Extent::of_rings(&one.outline))
        .collect();
    let apart =
        |at: usize, one: &Extent| boxes.iter().skip(at + 1).all(|other| !one.touches(other));
    if boxes.iter().enumerate().all(|(at, one)| apart(at, one)) {
        return sum;
    }
    let rings: Vec<Ring> = touched
        .flat_map(|one| one.outline.iter().cloned())
        .collect();
    let union = oriented_area(&meeting.union(&rings));
    // Features that only share borders keep the sum of what is listed.
    if (sum - union).abs() <= FLOOR.max(sum * 1e-9) {
        sum
    } else {
        union
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::cast_precision_loss, reason = "counts of a test are small")]

    use super::*;
    use crate::base::kept::Draft;
    use crate::model::shape::Point;
    use crate::overlay::index::Builder;
    use crate::overlay::projection::to_geographic;

    fn feature(number: u64) -> Feature {
        Feature {
            number,
            faulty: false,
            attributes: vec![Some(format!("图斑{number}"))],
        }
    }

    fn index(system: System, polygons: &[Polygon]) -> Index {
        let names = vec!["TBBH".to_owned()];
        let mut builder = Builder::new(Draft::in_memory(), system, system, names);
        for (number, polygon) in (1..).zip(polygons) {
            builder
                .feature(&feature(number), std::slice::from_ref(polygon))
                .unwrap();
        }
        let kept = builder.finish([7; 32], Draft::in_memory()).unwrap();
        Index::open(kept).unwrap()
    }

    /// Numbers that look random and are the same each time.
    fn numbers(mut seed: u64) -> impl FnMut() -> f64 {
        move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed >> 11) as f64 / (1_u64 << 53) as f64
        }
    }

    /// A star-shaped ring around a spot of the district.
    fn star(next: &mut impl FnMut() -> f64, around: Point, radius: f64, vertices: usize) -> Ring {
        (0..vertices)
            .map(|i| {
                let angle = i as f64 / vertices as f64 * std::f64::consts::TAU;
                let r = radius * (0.5 + 0.5 * next());
                Point {
                    x: around.x + r * angle.cos(),
                    y: around.y + r * angle.sin(),
                }
            })
            .collect()
    }

    fn polygon(rings: Vec<Ring>) -> Polygon {
        Polygon { rings }
    }

    fn square(x: f64, y: f64, side: f64) -> Ring {
        Extent {
            west: x,
            south: y,
            east: x + side,
            north: y + side,
        }
        .ring()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 1e-6_f64.max(b.abs() * 1e-9), "{a} {b}");
    }

    #[test]
    fn pieces_of_a_large_polygon_measure_as_the_whole() {
        let mut next = numbers(42);
        let middle = Point {
            x: 541_000.0,
            y: 4_867_000.0,
        };
        let large = polygon(vec![
            star(&mut next, middle, 6_000.0, 20_000),
            star(&mut next, middle, 1_500.0, 900),
        ]);
        let mut index = index(plane(87), std::slice::from_ref(&large));
        assert!(index.head().pieces > 80);
        let mut meeting = Meeting::default();
        for _ in 0..60 {
            let around = Point {
                x: middle.x + (next() - 0.5) * 12_000.0,
                y: middle.y + (next() - 0.5) * 12_000.0,
            };
            let outer = star(&mut next, around, 400.0, 12);
            let hole = star(&mut next, around, 90.0, 7);
            let parcel = polygon(vec![outer, hole]);
            let ground = Ground::new(87, plane(87), std::slice::from_ref(&parcel), &mut meeting);
            let mut areas = Vec::new();
            let faulty = ground
                .areas(&mut index, &mut meeting, &mut areas, &mut |_| {})
                .unwrap();
            assert!(faulty.is_empty());
            let own = Extent::of_rings(&parcel.rings);
            let whole = Extent::of_rings(&large.rings);
            let direct = meeting.area((&parcel.rings, &own), (&large.rings, &whole));
            let measured = areas.first().map_or(0.0, |(_, area)| *area);
            assert!((measured - direct).abs() < 2e-4, "{measured} {direct}");
            let (touched, _) = ground.touched(&mut index, &mut meeting).unwrap();
            let outlined = touched.first().map_or(0.0, |one| one.area);
            assert!((measured - outlined).abs() < 1e-4, "{measured} {outlined}");
            assert!(outlined <= ground.area() + 1e-4);
        }
    }

    #[test]
    fn holes_count_as_outside_on_both_sides() {
        let layer = polygon(vec![square(0.0, 0.0, 100.0), square(40.0, 40.0, 20.0)]);
        let mut index = index(plane(87), &[layer]);
        let mut meeting = Meeting::default();
        // 60 × 60 around the layer's hole, with a hole of its own of 10 × 10 at (25, 25).
        let parcel = polygon(vec![square(20.0, 20.0, 60.0), square(25.0, 25.0, 10.0)]);
        let ground = Ground::new(87, plane(87), &[parcel], &mut meeting);
        close(ground.area(), 3_500.0);
        let (touched, _) = ground.touched(&mut index, &mut meeting).unwrap();
        let [one] = touched.as_slice() else {
            panic!("{touched:?}")
        };
        close(one.area, 3_600.0 - 400.0 - 100.0);
        close(one.share, 3_100.0 / 3_500.0);
        assert_eq!(one.attribute("TBBH"), Some("图斑1"));
        assert_eq!(one.outline.len(), 3);
    }

    #[test]
    fn overlapping_features_and_overlapping_parcels_count_once() {
        let layer = [
            square(0.0, 0.0, 10.0),
            square(5.0, 0.0, 10.0),
            square(50.0, 0.0, 1.0),
        ];
        let layer = layer.map(|ring| polygon(vec![ring]));
        let mut index = index(plane(87), &layer);
        let mut meeting = Meeting::default();
        let parcels = [square(-5.0, -5.0, 30.0), square(0.0, 0.0, 60.0)];
        let parcels = parcels.map(|ring| polygon(vec![ring]));
        let ground = Ground::new(87, plane(87), &parcels, &mut meeting);
        close(ground.area(), 900.0 + 3_600.0 - 625.0);
        let (touched, _) = ground.touched(&mut index, &mut meeting).unwrap();
        let areas: Vec<(u64, f64)> = touched.iter().map(|t| (t.number, t.area.round())).collect();
        assert_eq!(areas, [(1, 100.0), (2, 100.0), (3, 1.0)]);
        close(covered(touched.iter(), &mut meeting), 151.0);
        close(covered(touched.iter().take(1), &mut meeting), 100.0);
    }

    #[test]
    fn a_shared_border_is_no_overlap_and_a_square_centimetre_is() {
        let mut index = index(plane(87), &[polygon(vec![square(0.0, 0.0, 100.0)])]);
        let mut meeting = Meeting::default();
        let mut overlap = |west: f64| {
            let parcel = polygon(vec![square(west, 0.0, 100.0)]);
            let ground = Ground::new(87, plane(87), &[parcel], &mut meeting);
            let (touched, _) = ground.touched(&mut index, &mut meeting).unwrap();
            touched.first().map_or(0.0, |one| one.area)
        };
        close(overlap(100.0), 0.0);
        assert!((overlap(99.999) - 0.1).abs() < 1e-6);
        close(overlap(100.001), 0.0);
    }

    #[test]
    fn a_faulty_feature_is_named_where_its_box_meets_the_site_and_never_measured() {
        let mut builder = Builder::new(Draft::in_memory(), plane(87), plane(87), Vec::new());
        let faulty = Feature {
            number: 9,
            faulty: true,
            attributes: Vec::new(),
        };
        let bow_tie = polygon(vec![vec![
            Point { x: 0.0, y: 0.0 },
            Point { x: 9.0, y: 9.0 },
            Point { x: 9.0, y: 0.0 },
            Point { x: 0.0, y: 9.0 },
        ]]);
        builder.feature(&faulty, &[bow_tie]).unwrap();
        let mut index = Index::open(builder.finish([0; 32], Draft::in_memory()).unwrap()).unwrap();
        let mut meeting = Meeting::default();
        let mut met = |west| {
            let ground = Ground::new(
                87,
                plane(87),
                &[polygon(vec![square(west, 0.0, 5.0)])],
                &mut meeting,
            );
            ground.touched(&mut index, &mut meeting).unwrap()
        };
        assert_eq!(met(3.0), (Vec::new(), vec![9]));
        assert_eq!(met(20.0), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_layer_in_degrees_measures_as_one_in_the_plane() {
        let mut next = numbers(7);
        let middle = Point {
            x: 541_000.0,
            y: 4_867_000.0,
        };
        let flat: Vec<Polygon> = (0..40)
            .map(|_| {
                let around = Point {
                    x: middle.x + (next() - 0.5) * 4_000.0,
                    y: middle.y + (next() - 0.5) * 4_000.0,
                };
                polygon(vec![star(&mut next, around, 500.0, 40)])
            })
            .collect();
        let round: Vec<Polygon> = flat
            .iter()
            .map(|p| {
                let ring = p.rings.iter().map(|ring| {
                    let fine = divided(ring, 20.0);
                    fine.iter().map(|q| to_geographic(plane(87), *q)).collect()
                });
                polygon(ring.collect())
            })
            .collect();
        let mut meeting = Meeting::default();
        let (mut flat, mut round) = (index(plane(87), &flat), index(System::Cgcs2000, &round));
        for _ in 0..20 {
            let around = Point {
                x: middle.x + (next() - 0.5) * 4_000.0,
                y: middle.y + (next() - 0.5) * 4_000.0,
            };
            let parcel = polygon(vec![star(&mut next, around, 300.0, 9)]);
            let ground = Ground::new(87, plane(87), &[parcel], &mut meeting);
            let (mut a, mut b) = (Vec::new(), Vec::new());
            ground
                .areas(&mut flat, &mut meeting, &mut a, &mut |_| {})
                .unwrap();
            ground
                .areas(&mut round, &mut meeting, &mut b, &mut |_| {})
                .unwrap();
            assert_eq!(a.len(), b.len());
            for (a, b) in a.iter().zip(&b) {
                assert!(a.0 == b.0 && (a.1 - b.1).abs() < 0.05, "{a:?} {b:?}");
            }
            let wanted = |_: &Feature| true;
            let a = ground.nearest(&mut flat, &wanted).unwrap().unwrap();
            let b = ground.nearest(&mut round, &wanted).unwrap().unwrap();
            assert!((a.0 - b.0).abs() < 0.01, "{a:?} {b:?}");
        }
    }

    #[test]
    fn the_nearest_feature_is_the_one_that_comparing_all_finds() {
        let mut next = numbers(3);
        let layer: Vec<Polygon> = (0..3_000)
            .map(|_| {
                let around = Point {
                    x: 500_000.0 + next() * 40_000.0,
                    y: 4_850_000.0 + next() * 40_000.0,
                };
                polygon(vec![star(&mut next, around, 60.0, 20)])
            })
            .collect();
        let mut index = index(plane(87), &layer);
        let mut meeting = Meeting::default();
        for _ in 0..15 {
            let around = Point {
                x: 490_000.0 + next() * 60_000.0,
                y: 4_840_000.0 + next() * 60_000.0,
            };
            let parcel = polygon(vec![star(&mut next, around, 100.0, 8)]);
            let ground = Ground::new(87, plane(87), std::slice::from_ref(&parcel), &mut meeting);
            let (nearest, _) = ground.nearest(&mut index, &|_| true).unwrap().unwrap();
            let all = layer
                .iter()
                .map(|p| distance(&parcel.rings, &p.rings))
                .fold(f64::INFINITY, f64::min);
            close(nearest, all);
        }
        let ground = Ground::new(
            87,
            plane(87),
            &[polygon(vec![square(0.0, 0.0, 1.0)])],
            &mut meeting,
        );
        assert_eq!(ground.nearest(&mut index, &|_| false).unwrap(), None);
    }
}
