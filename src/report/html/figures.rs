//! The pictures of a project, each with its caption: the goals it serves, and maps.
//!
//! A picture is SVG that needs nothing but the page it stands on.

use crate::report::map::{self, Map, Setting};
use crate::report::opinion::Opinion;
use crate::report::trace::svg;

/// A picture.
pub(super) struct Figure {
    /// What it shows.
    pub caption: &'static str,
    /// The drawing.
    pub svg: String,
}

/// The map of a project's site, where it has one that can be measured. Its ids begin with `mark`.
pub(super) fn site(opinion: &Opinion<'_, '_>, mark: &str) -> Option<Figure> {
    let site = opinion
        .project
        .site
        .as_deref()
        .filter(|site| !site.broken)?;
    let map = Map {
        packs: opinion.run.engine.packs,
        project: opinion.project,
        site,
        around: opinion.run.ground?.around(opinion.project, site),
    };
    Some(Figure {
        caption: map::title(opinion.lang),
        svg: map::draw(&map, Setting::Page { mark }, opinion.lang),
    })
}

/// The picture of the goals that a project serves.
pub(super) fn goals(opinion: &Opinion<'_, '_>) -> Option<Figure> {
    let goals = svg::of_project(opinion.run, opinion.number, opinion.lang);
    goals.map(|svg| Figure {
        caption: opinion.lang.pick("目标溯源图", "The way to its goals"),
        svg,
    })
}
