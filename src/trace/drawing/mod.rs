//! Drawing: boxes and lines in layers, from left to right, so that no line runs through a box.
//!
//! Four steps, each in its own file: layers, the order within them, where each box stands, and the routes of lines.
//! A line that passes a layer goes through a place of its own there. It does not know what is drawn nor in which format.

mod layers;
mod order;
mod place;
mod route;

pub use route::{Point, Route};

/// The space between two boxes of a layer.
const BETWEEN: f64 = 12.0;
/// The space around a line that passes a layer.
const BESIDE_LINE: f64 = 7.0;

/// The size of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// Where a box stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// Its width: that of its layer.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// The boxes, in the order in which they were given.
    pub boxes: Vec<Rect>,
    /// The lines, in the order in which they were given, each from its first box to its second.
    pub routes: Vec<Route>,
    /// The width of the whole.
    pub width: f64,
    /// The height of the whole.
    pub height: f64,
    /// How often lines cross between layers.
    pub crossings: usize,
}

/// A place in a layer: a box, or where a line passes.
#[derive(Clone, Copy, Debug)]
struct Spot {
    /// The layer.
    layer: usize,
    /// The box; none where a line passes.
    shape: Option<usize>,
}

/// The parts of a drawing that the steps hand on.
#[derive(Debug, Default)]
struct Net {
    spots: Vec<Spot>,
    /// The spots along each line, from left to right.
    chains: Vec<Vec<usize>>,
    /// The neighbours of each spot in the layer before, and behind.
    before: Vec<Vec<usize>>,
    behind: Vec<Vec<usize>>,
    /// The spots of each layer, from above.
    layers: Vec<Vec<usize>>,
}

/// Draws boxes and the lines between them; a line's first box is to stand left of its second.
/// Lines from a box to itself get a loop.
pub fn draw(sizes: &[Size], lines: &[(usize, usize)]) -> Drawing {
    let count = sizes.len();
    let known = |(a, b): (usize, usize)| a < count && b < count;
    let ranks = layers::ranks(count, lines.iter().copied().filter(|l| known(*l)));
    let mut net = layers::net(&ranks, lines);
    let crossings = order::order(&mut net);
    let middles = place::place(&net, sizes);
    route::finish(&net, sizes, &middles, lines, crossings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxes(count: usize) -> Vec<Size> {
        let size = |n: usize| Size {
            width: 100.0,
            height: 20.0 + 10.0 * f64::from(u8::try_from(n % 3).unwrap()),
        };
        (0..count).map(size).collect()
    }

    /// A small linear congruential generator.
    fn random(count: usize, lines: usize, seed: u64) -> Vec<(usize, usize)> {
        let mut state = seed;
        let mut below = |n: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % n
        };
        (0..lines).map(|_| (below(count), below(count))).collect()
    }

    /// The points of a route, its curves cut into pieces.
    fn points(route: &Route) -> Vec<(f64, f64)> {
        let mut all = vec![route.start];
        let mut from = route.start;
        for [a, b, to] in &route.curves {
            for step in 1..=16 {
                let t = f64::from(step) / 16.0;
                let u = 1.0 - t;
                let at = |p: f64, q: f64, r: f64, s: f64| {
                    u * u * u * p + 3.0 * u * u * t * q + 3.0 * u * t * t * r + t * t * t * s
                };
                all.push((at(from.0, a.0, b.0, to.0), at(from.1, a.1, b.1, to.1)));
            }
            from = *to;
        }
        all
    }

    #[test]
    fn boxes_do_not_overlap_and_no_line_runs_through_one() {
        for seed in 0..40 {
            let (count, lines) = (30, random(30, 45, seed));
            let drawing = draw(&boxes(count), &lines);
            for (n, a) in drawing.boxes.iter().enumerate() {
                for b in drawing.boxes.iter().skip(n + 1) {
                    let apart = a.x + a.width <= b.x + 0.01
                        || b.x + b.width <= a.x + 0.01
                        || a.y + a.height <= b.y + 0.01
                        || b.y + b.height <= a.y + 0.01;
                    assert!(apart, "seed {seed}: {a:?} {b:?}");
                }
            }
            for (line, route) in lines.iter().zip(&drawing.routes) {
                for (x, y) in points(route) {
                    for (n, b) in drawing.boxes.iter().enumerate() {
                        let inside = x > b.x + 0.5
                            && x < b.x + b.width - 0.5
                            && y > b.y + 0.5
                            && y < b.y + b.height - 0.5;
                        assert!(!inside, "seed {seed}: {line:?} runs through {n}");
                    }
                    assert!(
                        x >= -0.01
                            && x <= drawing.width + 0.01
                            && y >= -0.01
                            && y <= drawing.height + 0.01
                    );
                }
            }
        }
    }

    #[test]
    fn a_line_begins_and_ends_at_its_boxes() {
        for seed in 0..20 {
            let lines = random(20, 40, seed);
            let drawing = draw(&boxes(20), &lines);
            for ((from, to), route) in lines.iter().zip(&drawing.routes) {
                let on = |(x, y): (f64, f64), n: usize| {
                    let b = drawing.boxes[n];
                    (x - b.x).abs().min((x - b.x - b.width).abs()) < 0.01
                        && y >= b.y
                        && y <= b.y + b.height
                };
                let end = points(route).last().copied().unwrap();
                assert!(on(route.start, *from) && on(end, *to), "seed {seed}");
            }
        }
    }

    #[test]
    fn a_tree_has_no_crossing_and_a_parent_stands_amid_its_children() {
        let lines: Vec<(usize, usize)> = (1..40).rev().map(|n| ((n - 1) / 3, n)).collect();
        let drawing = draw(&boxes(40), &lines);
        assert_eq!(drawing.crossings, 0);
        let middle = |n: usize| drawing.boxes[n].y + drawing.boxes[n].height / 2.0;
        let (low, high) = (middle(1).min(middle(3)), middle(1).max(middle(3)));
        assert!(middle(0) > low && middle(0) < high);
    }

    #[test]
    fn a_box_reads_left_of_what_follows_it_even_beside_a_cycle() {
        let drawing = draw(&boxes(5), &[(0, 1), (1, 2), (2, 1), (1, 3), (0, 3), (4, 4)]);
        let x = |n: usize| drawing.boxes[n].x;
        assert!(x(0) < x(1) && x(1) < x(2) && x(1) < x(3));
        assert_eq!(draw(&[], &[]), Drawing::default());
        assert_eq!(draw(&boxes(1), &[(0, 7)]).boxes.len(), 1);
    }

    #[test]
    fn equal_input_gives_an_equal_drawing() {
        let lines = random(60, 120, 7);
        assert_eq!(draw(&boxes(60), &lines), draw(&boxes(60), &lines));
    }
}
