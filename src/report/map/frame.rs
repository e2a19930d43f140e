//! The window of a map, its scale, and the marks of its edge.
//!
//! It knows metres and pixels, and not what is drawn.

use crate::model::shape::Point;
use crate::model::site::Site;
use crate::overlay::rings::Extent;

/// The width of the drawn window in pixels.
pub(super) const WIDTH: f64 = 760.0;
/// Its height.
pub(super) const HEIGHT: f64 = 600.0;
/// The narrowest window in metres.
const LEAST: f64 = 60.0;

/// The part of the plane that a map of a site shows, in metres.
pub(super) fn window(site: &Site) -> Extent {
    let own = Extent::of_rings(&site.outline);
    let middle = own.middle();
    let width = (own.width() * 2.0).max(own.height() * 2.0 * WIDTH / HEIGHT);
    let width = width.max(LEAST);
    let height = width * HEIGHT / WIDTH;
    Extent {
        west: middle.x - width / 2.0,
        south: middle.y - height / 2.0,
        east: middle.x + width / 2.0,
        north: middle.y + height / 2.0,
    }
}

/// The part of the plane of which the layers are asked: a little more than the window, so that what is cut off
/// is cut beyond its edge and draws no line along it.
pub fn surroundings(site: &Site) -> Extent {
    let window = window(site);
    let more = window.width() * 0.02;
    Extent {
        west: window.west - more,
        south: window.south - more,
        east: window.east + more,
        north: window.north + more,
    }
}

/// From metres of the plane to pixels of the drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) window: Extent,
    pub(super) left: f64,
    pub(super) top: f64,
}

impl Frame {
    /// Pixels of a metre.
    pub(super) fn scale(&self) -> f64 {
        WIDTH / self.window.width()
    }

    pub(super) fn at(&self, point: Point) -> (f64, f64) {
        (
            self.left + (point.x - self.window.west) * self.scale(),
            self.top + (self.window.north - point.y) * self.scale(),
        )
    }

    /// A round length in metres that takes about a fifth of the window.
    pub(super) fn bar(&self) -> f64 {
        round_below(self.window.width() / 4.0)
    }

    /// The distance between the lines of the grid.
    pub(super) fn step(&self) -> f64 {
        round_below(self.window.width() / 3.0)
    }
}

/// The greatest of 1, 2, 5, 10, 20 … that is not above a length.
fn round_below(length: f64) -> f64 {
    let power = 10_f64.powf(length.max(1e-3).log10().floor());
    let found = [5.0, 2.0, 1.0].into_iter().find(|n| n * power <= length);
    found.unwrap_or(1.0) * power
}

/// The round coordinates of an interval.
pub(super) fn ticks(low: f64, high: f64, step: f64) -> Vec<f64> {
    let mut ticks = Vec::new();
    let mut at = (low / step).ceil() * step;
    while at <= high && ticks.len() < 50 {
        ticks.push(at);
        at += step;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_ticks_are_round() {
        for (length, round) in [(137.0, 100.0), (49.9, 20.0), (5.0, 5.0), (0.7, 0.5)] {
            assert!((round_below(length) - round).abs() < 1e-9, "{length}");
        }
        assert_eq!(ticks(541_010.0, 541_240.0, 100.0), [541_100.0, 541_200.0]);
    }
}
