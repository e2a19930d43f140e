//! The pictures of a project, each with its caption: the goals it serves, and maps.
//!
//! A picture is SVG that needs nothing but the page it stands on.

use crate::report::opinion::Opinion;
use crate::report::trace::svg;

/// A picture.
pub(super) struct Figure {
    /// What it shows.
    pub caption: &'static str,
    /// The drawing.
    pub svg: String,
}

/// The pictures of a project, in the order in which they are shown.
pub(super) fn of(opinion: &Opinion<'_, '_>) -> Vec<Figure> {
    let goals = svg::of_project(opinion.run, opinion.number, opinion.lang);
    let goals = goals.map(|svg| Figure {
        caption: opinion.lang.pick("目标溯源图", "The way to its goals"),
        svg,
    });
    goals.into_iter().collect()
}
