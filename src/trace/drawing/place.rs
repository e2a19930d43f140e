//! Places: how far down each spot stands, near its neighbours, in the given order and without touching.
//!
//! For one layer this is a least-squares problem with minimal distances. Taking the distances off leaves
//! values that must not fall, which pooling adjacent violators solves exactly in one pass.

use super::{BESIDE_LINE, BETWEEN, Net, Size};

/// Sweeps from the left and back.
const SWEEPS: usize = 40;

/// The middle of each spot.
pub(super) fn place(net: &Net, sizes: &[Size]) -> Vec<f64> {
    let mut middles = vec![0.0; net.spots.len()];
    for layer in &net.layers {
        let mut at = 0.0;
        let mut above: Option<usize> = None;
        for spot in layer {
            at += above.map_or(0.0, |above| distance(net, sizes, above, *spot));
            set(&mut middles, *spot, at);
            above = Some(*spot);
        }
        // Layers begin around one axis.
        for spot in layer {
            let middle = middles.get(*spot).copied().unwrap_or(0.0) - at / 2.0;
            set(&mut middles, *spot, middle);
        }
    }
    let count = net.layers.len();
    for sweep in 0..SWEEPS {
        for step in 0..count {
            let at = if sweep % 2 == 0 {
                step
            } else {
                count - 1 - step
            };
            let Some(layer) = net.layers.get(at) else {
                continue;
            };
            // The last sweeps look to both sides; the first spread what one side asks for.
            let (left, right) = match (sweep + 16 >= SWEEPS, sweep % 2 == 0) {
                (true, _) => (true, true),
                (false, even) => (even, !even),
            };
            settle(net, sizes, layer, &mut middles, left, right);
        }
    }
    let top = (0..net.spots.len())
        .map(|spot| middles.get(spot).copied().unwrap_or(0.0) - height(net, sizes, spot) / 2.0)
        .fold(f64::INFINITY, f64::min);
    if top.is_finite() {
        for middle in &mut middles {
            *middle -= top;
        }
    }
    middles
}

fn set(middles: &mut [f64], spot: usize, to: f64) {
    if let Some(middle) = middles.get_mut(spot) {
        *middle = to;
    }
}

/// The height of a spot.
pub(super) fn height(net: &Net, sizes: &[Size], spot: usize) -> f64 {
    let shape = net.spots.get(spot).and_then(|s| s.shape);
    shape
        .and_then(|shape| sizes.get(shape))
        .map_or(0.0, |size| size.height)
}

/// How far the middles of two neighbours must be apart.
fn distance(net: &Net, sizes: &[Size], above: usize, below: usize) -> f64 {
    let line = |spot: usize| net.spots.get(spot).is_none_or(|s| s.shape.is_none());
    let gap = if line(above) || line(below) {
        BESIDE_LINE
    } else {
        BETWEEN
    };
    f64::midpoint(height(net, sizes, above), height(net, sizes, below)) + gap
}

/// A run of spots that stand as close as they may.
struct Pool {
    sum: f64,
    weight: f64,
    count: usize,
}

fn settle(
    net: &Net,
    sizes: &[Size],
    layer: &[usize],
    middles: &mut [f64],
    left: bool,
    right: bool,
) {
    let line = |spot: usize| net.spots.get(spot).is_none_or(|s| s.shape.is_none());
    let mut pools: Vec<Pool> = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(layer.len());
    let mut above: Option<usize> = None;
    for spot in layer {
        offset += above.map_or(0.0, |above| distance(net, sizes, above, *spot));
        above = Some(*spot);
        offsets.push(offset);
        let (mut sum, mut weight) = (0.0, 0.0);
        // What holds many stands amid them rather than half-way to what holds it.
        for (wanted, beside, side) in [(left, &net.before, 1.0), (right, &net.behind, 5.0)] {
            for other in beside.get(*spot).into_iter().flatten().filter(|_| wanted) {
                // Long lines are to be straight first of all.
                let pull = match (line(*spot), line(*other)) {
                    (true, true) => 16.0,
                    (true, false) => 4.0,
                    (false, true) => 2.0 * side,
                    (false, false) => side,
                };
                sum += pull * middles.get(*other).copied().unwrap_or(0.0);
                weight += pull;
            }
        }
        if weight == 0.0 {
            // Who has no neighbour there follows the others rather than holding them back.
            weight = 0.001;
            sum = weight * middles.get(*spot).copied().unwrap_or(0.0);
        }
        let mut pool = Pool {
            sum: sum - weight * offset,
            weight,
            count: 1,
        };
        while let Some(last) = pools.pop() {
            if last.sum / last.weight <= pool.sum / pool.weight {
                pools.push(last);
                break;
            }
            pool = Pool {
                sum: last.sum + pool.sum,
                weight: last.weight + pool.weight,
                count: last.count + pool.count,
            };
        }
        pools.push(pool);
    }
    let mut spots = layer.iter().zip(&offsets);
    for pool in pools {
        let value = pool.sum / pool.weight;
        for (spot, offset) in spots.by_ref().take(pool.count) {
            set(middles, *spot, value + offset);
        }
    }
}
