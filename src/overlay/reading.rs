//! From a map file to shapes that can be measured: read, settled and checked.
//!
//! It does not know what the shapes are for.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::base::tree::Node;
use crate::model::shape::{Point, Shape, System};
use crate::overlay::bounds::Bounds;
use crate::overlay::claim::Claim;
use crate::overlay::formats::{self, Feature, Input, Part};
use crate::overlay::settle::settle;
use crate::overlay::tally::Tally;
use crate::overlay::validity::{Fault, Flaw, check};
use crate::text;

/// A shape that can be measured, in the coordinates of its system.
#[derive(Clone, Debug)]
pub struct Usable {
    /// The system.
    pub system: System,
    /// The shape; its polygons are valid unless it is faulty.
    pub shape: Shape,
    /// True if it cannot be measured: what it meets is not known. Only [`each`] gives such.
    pub faulty: bool,
}

/// What became of a map file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many features with polygons were read, usable or not.
    pub features: usize,
    /// How many of them cannot be measured (each is a problem, or counted in one).
    pub unusable: usize,
    /// What was assumed, to be shown beside the result.
    pub notes: Vec<Text>,
    /// What is wrong; an error means that something of the file is missing from the shapes.
    pub problems: Vec<Problem>,
}

/// Reads a map file feature by feature: settles its coordinate system by `stated` (the `crs` beside the file) or
/// else its own words, checks each polygon and gives on the features, those that cannot be measured marked as faulty.
///
/// `place` is where the file is named, for problems that stand nowhere in it.
pub fn each(
    input: &Input,
    stated: Option<&Claim>,
    place: Place,
    visit: &mut dyn FnMut(Usable) -> ControlFlow<()>,
) -> Outcome {
    usable(stated, place, visit, |take| formats::each(input, take))
}

/// Reads all of a map file, as [`each`] does.
pub fn read(input: &Input, stated: Option<&Claim>, place: Place) -> (Vec<Usable>, Outcome) {
    let mut list = Vec::new();
    let outcome = each(input, stated, place, &mut |usable| {
        if !usable.faulty {
            list.push(usable);
        }
        ControlFlow::Continue(())
    });
    (list, outcome)
}

/// Reads the coordinates that stand in a submission itself: `[[x, y], …]` (one ring), a list of rings, or a list
/// of polygons; easting or longitude first. `name` is how problems call them.
pub fn inline(name: &str, node: &Node, stated: Option<&Claim>) -> (Option<Usable>, Outcome) {
    let mut found = None;
    let mut keep = |usable: Usable| {
        found = Some(usable).filter(|usable| !usable.faulty);
        ControlFlow::Continue(())
    };
    let outcome = usable(stated, node.place, &mut keep, |take| {
        formats::inline(name, node, take)
    });
    (found, outcome)
}

/// Settles and checks the features that `read` gives.
fn usable(
    stated: Option<&Claim>,
    place: Place,
    visit: &mut dyn FnMut(Usable) -> ControlFlow<()>,
    read: impl FnOnce(&mut dyn FnMut(Feature) -> ControlFlow<()>) -> Vec<Problem>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut tally = Tally::default();
    let mut notes = BTreeSet::new();
    let mut warned = BTreeSet::new();
    let problems = read(&mut |feature| {
        outcome.features += 1;
        let polygons = &feature.shape.polygons;
        let points = polygons.iter().flat_map(|polygon| &polygon.rings).flatten();
        // A coordinate that is no number is a fault, which the check names; the others tell where the shape lies.
        let numbers = points.filter(|point| point.x.is_finite() && point.y.is_finite());
        let system = match Bounds::of(numbers.copied()) {
            None => None,
            Some(bounds) => {
                let declared = feature.part.claim.as_ref();
                match settle(&feature.part.name, stated, declared, bounds, place) {
                    Ok(settled) => {
                        notes.extend(settled.notes);
                        for warning in settled.warnings {
                            if warned.insert(warning.clone()) {
                                tally.push(warning);
                            }
                        }
                        Some(settled.system)
                    }
                    Err(problem) => {
                        outcome.unusable += 1;
                        tally.push(problem);
                        return ControlFlow::Continue(());
                    }
                }
            }
        };
        let (mended, flaws) = check(polygons);
        for flaw in &flaws {
            tally.push(problem(flaw, &feature, system, place));
        }
        let faulty = mended.is_none();
        outcome.unusable += usize::from(faulty);
        let Some(system) = system else {
            return ControlFlow::Continue(());
        };
        visit(Usable {
            system,
            shape: Shape {
                polygons: mended.unwrap_or(feature.shape.polygons),
                ..feature.shape
            },
            faulty,
        })
    });
    for problem in problems {
        tally.push(placed(problem, place));
    }
    outcome.notes = notes.into_iter().collect();
    outcome.problems = tally.finish();
    outcome
}

/// A problem that stands nowhere, put where the file is named.
fn placed(mut problem: Problem, place: Place) -> Problem {
    if let Some(label) = problem.labels.first_mut()
        && label.place == Place::Nowhere
    {
        label.place = place;
    }
    problem
}

/// What is wrong with a polygon, in words.
fn problem(flaw: &Flaw, feature: &Feature, system: Option<System>, place: Place) -> Problem {
    let Part { name, .. } = &*feature.part;
    let number = feature.shape.number;
    let (ring, point) = (flaw.ring + 1, flaw.point + 1);
    let at = written(flaw.at, system);
    let spot = feature
        .spots
        .place(flaw.ring, flaw.point)
        .or((feature.shape.place != Place::Nowhere).then_some(feature.shape.place))
        .unwrap_or(place);
    let head = text!(
        "`{name}` 第 {number} 个图形第 {ring} 环第 {point} 点",
        "shape {number} of `{name}`, ring {ring}, point {point}"
    );
    let (code, what) = words(&flaw.fault, &at);
    let message = Text::new(
        format!("{}{}", head.zh, what.zh),
        format!("{}: {}", head.en, what.en),
    );
    if flaw.fault.is_mended() {
        return Problem::warning(code, spot, message);
    }
    let mut problem = Problem::error(code, spot, message).help(text!(
        "该图形无法量算，请修正后重新提交",
        "this shape cannot be measured; mend it and submit it again"
    ));
    if let Fault::Crossing(ring, point) | Fault::Overlap(ring, point) = flaw.fault
        && let Some(other) = feature.spots.place(ring, point)
    {
        problem = problem.also(
            other,
            text!("另一条边的起点", "where the other edge begins"),
        );
    }
    problem
}

/// The code of a fault, and its words after the place.
fn words(fault: &Fault, at: &Text) -> (&'static str, Text) {
    let with =
        |zh: &str, en: &str| Text::new(format!("{zh}（{}）", at.zh), format!("{en} ({})", at.en));
    match *fault {
        Fault::NotFinite => (
            "hegui::shape::not_finite",
            text!(
                "的坐标不是有限的数",
                "its coordinates are not finite numbers"
            ),
        ),
        Fault::TooFewPoints => (
            "hegui::shape::too_few_points",
            text!(
                "起的环不足三个不同的点",
                "the ring has fewer than three different points"
            ),
        ),
        Fault::NoArea => (
            "hegui::shape::no_area",
            text!(
                "起的环各点在一条直线上，没有面积",
                "all points of the ring lie on one line"
            ),
        ),
        Fault::Repeated => (
            "hegui::shape::repeated_point",
            with(
                "与相邻点重复，已略去",
                "it repeats its neighbour and was dropped",
            ),
        ),
        Fault::Spike => (
            "hegui::shape::spike",
            with(
                "处边线原路折回，已略去该点",
                "the line runs there and straight back; the point was dropped",
            ),
        ),
        Fault::Crossing(ring, point) => (
            "hegui::shape::crossing",
            crossed(ring, point, at, "相交于", "cross at"),
        ),
        Fault::Overlap(ring, point) => (
            "hegui::shape::overlap",
            crossed(
                ring,
                point,
                at,
                "重合，重合段中点为",
                "run along each other around",
            ),
        ),
        Fault::Doubled(ring) => {
            let ring = ring + 1;
            (
                "hegui::shape::doubled_ring",
                text!(
                    "起的环与第 {ring} 环完全重复",
                    "the ring is the same as ring {ring}"
                ),
            )
        }
        Fault::HoleOutside => (
            "hegui::shape::hole_outside",
            with(
                "起的内环不在外环之内",
                "the hole does not lie in its outer ring",
            ),
        ),
        Fault::HoleInHole(ring) => {
            let ring = ring + 1;
            (
                "hegui::shape::hole_in_hole",
                text!(
                    "起的内环位于第 {ring} 环（另一内环）之内",
                    "the hole lies in ring {ring}, another hole"
                ),
            )
        }
        Fault::Covered(ring) => {
            let ring = ring + 1;
            (
                "hegui::shape::covered",
                text!(
                    "起的环位于第 {ring} 环所围的面之内，面积会重复计算",
                    "the ring lies in the polygon of ring {ring}: its area would count twice"
                ),
            )
        }
        Fault::TooTangled => (
            "hegui::shape::too_tangled",
            text!(
                "起的图形边线过于密集，无法检查是否相交",
                "its edges are too tangled to be checked for crossings"
            ),
        ),
    }
}

fn crossed(ring: usize, point: usize, at: &Text, zh: &str, en: &str) -> Text {
    let (ring, point) = (ring + 1, point + 1);
    Text::new(
        format!("起的边与第 {ring} 环第 {point} 点起的边{zh}（{}）", at.zh),
        format!(
            "the edge from here and the one from ring {ring}, point {point} {en} ({})",
            at.en
        ),
    )
}

/// A position as a person reads it.
fn written(point: Point, system: Option<System>) -> Text {
    let Point { x, y } = point;
    match system {
        Some(System::Cgcs2000 | System::Wgs84) => text!(
            "经度 {x:.8}，纬度 {y:.8}",
            "longitude {x:.8}, latitude {y:.8}"
        ),
        Some(System::GaussKruger { .. }) => {
            text!("东 {x:.3}，北 {y:.3}", "east {x:.3}, north {y:.3}")
        }
        None => text!("{x}，{y}", "{x}, {y}"),
    }
}
