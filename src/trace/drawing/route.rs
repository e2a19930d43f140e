//! Routes: curves between the columns, straight across them, each line from a place of its own on its boxes.
//!
//! A curve stays in the gap between two columns and a straight part at the place kept for it,
//! so that no line runs through a box.

use super::place::height;
use super::{Drawing, Net, Rect, Size};

/// A point.
pub type Point = (f64, f64);

/// The course of a line: cubic curves, each with two handles and its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// Where it begins.
    pub start: Point,
    /// Its curves; a straight part has its handles on itself.
    pub curves: Vec<[Point; 3]>,
}

/// The space between columns: at least, and for each line that crosses it, at most.
const GAP: (f64, f64, f64) = (56.0, 1.2, 150.0);
/// The distance of lines on a box.
const PORT: f64 = 7.0;

/// Columns: where each begins and how wide it is.
struct Columns(Vec<(f64, f64)>);

impl Columns {
    fn of(net: &Net, sizes: &[Size]) -> (Self, f64) {
        let mut columns = Vec::with_capacity(net.layers.len());
        let mut x = 0.0;
        let mut right: f64 = 0.0;
        for layer in &net.layers {
            let shapes = layer.iter().filter_map(|spot| net.spots.get(*spot)?.shape);
            let width = shapes
                .filter_map(|shape| sizes.get(shape))
                .map(|size| size.width)
                .fold(0.0, f64::max);
            columns.push((x, width));
            right = x + width;
            let crossing: usize = layer
                .iter()
                .filter_map(|spot| net.behind.get(*spot))
                .map(Vec::len)
                .sum();
            let crossing = f64::from(u32::try_from(crossing).unwrap_or(u32::MAX));
            x = right + (GAP.0 + GAP.1 * crossing).min(GAP.2);
        }
        (Self(columns), right)
    }

    fn get(&self, layer: usize) -> (f64, f64) {
        self.0.get(layer).copied().unwrap_or((0.0, 0.0))
    }
}

/// Puts boxes and lines where they stand.
pub(super) fn finish(
    net: &Net,
    sizes: &[Size],
    middles: &[f64],
    lines: &[(usize, usize)],
    crossings: usize,
) -> Drawing {
    let (columns, mut width) = Columns::of(net, sizes);
    let middle = |spot: usize| middles.get(spot).copied().unwrap_or(0.0);
    let mut bottom: f64 = 0.0;
    let mut boxes = Vec::with_capacity(sizes.len());
    for (shape, size) in sizes.iter().enumerate() {
        let layer = net.spots.get(shape).map_or(0, |spot| spot.layer);
        let (x, column) = columns.get(layer);
        let y = middle(shape) - size.height / 2.0;
        bottom = bottom.max(y + size.height);
        boxes.push(Rect {
            x,
            y,
            width: column,
            height: size.height,
        });
    }
    for spot in 0..net.spots.len() {
        bottom = bottom.max(middle(spot));
    }
    let ports = ports(net, sizes, middles);
    let mut routes = Vec::with_capacity(lines.len());
    for (number, (from, to)) in lines.iter().enumerate() {
        let chain = net.chains.get(number).map_or(&[][..], Vec::as_slice);
        let (leaves, enters) = ports.get(number).copied().unwrap_or((0.0, 0.0));
        let route = match (chain.first(), boxes.get(*from)) {
            (Some(left), _) => {
                let route = along(net, &columns, middles, chain, leaves, enters);
                if left == from { route } else { reversed(route) }
            }
            (None, Some(own)) if from == to => {
                width = width.max(own.x + own.width + 26.0);
                on_itself(own)
            }
            (None, _) => Route::default(),
        };
        routes.push(route);
    }
    Drawing {
        boxes,
        routes,
        width,
        height: bottom,
        crossings,
    }
}

/// How far from the middle of its boxes each line leaves the left one and enters the right one.
/// Lines stand in the order in which their other ends stand.
fn ports(net: &Net, sizes: &[Size], middles: &[f64]) -> Vec<(f64, f64)> {
    let mut ports = vec![(0.0, 0.0); net.chains.len()];
    let middle = |spot: usize| middles.get(spot).copied().unwrap_or(0.0);
    for leaving in [true, false] {
        let mut of_box: Vec<Vec<(f64, usize)>> = vec![Vec::new(); sizes.len()];
        for (number, chain) in net.chains.iter().enumerate() {
            let pair = if leaving {
                (chain.first(), chain.get(1))
            } else {
                (chain.last(), chain.iter().nth_back(1))
            };
            if let (Some(own), Some(next)) = pair
                && let Some(all) = of_box.get_mut(*own)
            {
                all.push((middle(*next), number));
            }
        }
        for (own, mut all) in of_box.into_iter().enumerate() {
            all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let last = f64::from(u32::try_from(all.len()).unwrap_or(u32::MAX)) - 1.0;
            let room = (height(net, sizes, own) - 10.0).max(0.0);
            let step = if last > 0.0 {
                PORT.min(room / last)
            } else {
                0.0
            };
            let mut offset = -step * last / 2.0;
            for (_, number) in all {
                if let Some(port) = ports.get_mut(number) {
                    if leaving {
                        port.0 = offset;
                    } else {
                        port.1 = offset;
                    }
                }
                offset += step;
            }
        }
    }
    ports
}

/// A line from its left box to its right one, through the places kept for it.
fn along(
    net: &Net,
    columns: &Columns,
    middles: &[f64],
    chain: &[usize],
    leaves: f64,
    enters: f64,
) -> Route {
    let mut route = Route::default();
    let mut here: Point = (0.0, 0.0);
    let last = chain.len().saturating_sub(1);
    for (number, spot) in chain.iter().enumerate() {
        let layer = net.spots.get(*spot).map_or(0, |s| s.layer);
        let (x, width) = columns.get(layer);
        let y = middles.get(*spot).copied().unwrap_or(0.0);
        if number == 0 {
            here = (x + width, y + leaves);
            route.start = here;
            continue;
        }
        let end = (x, if number == last { y + enters } else { y });
        let half = f64::midpoint(here.0, end.0);
        route.curves.push([(half, here.1), (half, end.1), end]);
        here = end;
        if number != last {
            let across = (x + width, y);
            route.curves.push([here, across, across]);
            here = across;
        }
    }
    route
}

fn reversed(route: Route) -> Route {
    let mut points = vec![route.start];
    points.extend(route.curves.into_iter().flatten());
    points.reverse();
    let mut points = points.into_iter();
    let mut turned = Route {
        start: points.next().unwrap_or_default(),
        curves: Vec::new(),
    };
    while let (Some(a), Some(b), Some(end)) = (points.next(), points.next(), points.next()) {
        turned.curves.push([a, b, end]);
    }
    turned
}

/// A loop at the right side of a box.
fn on_itself(own: &Rect) -> Route {
    let right = own.x + own.width;
    let (a, b) = (own.y + own.height * 0.3, own.y + own.height * 0.7);
    Route {
        start: (right, a),
        curves: vec![[(right + 30.0, a), (right + 30.0, b), (right, b)]],
    }
}
