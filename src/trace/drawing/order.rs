//! The order within layers: medians of neighbours from both sides, then swaps of neighbours, as long as lines cross less.
//!
//! It begins with the order in which a walk from the left meets the boxes, in which trees do not cross.

use super::Net;

/// Sweeps from the left and back at most.
const SWEEPS: usize = 12;

/// Orders the layers; returns how often lines cross.
pub(super) fn order(net: &mut Net) -> usize {
    begin(net);
    let mut positions = vec![0_usize; net.spots.len()];
    number(net, &mut positions);
    let mut best = (crossings(net, &positions), net.layers.clone());
    let mut unchanged = 0;
    for sweep in 0..SWEEPS * 2 {
        if best.0 == 0 || unchanged >= 6 {
            break;
        }
        let forwards = sweep % 2 == 0;
        medians(net, &mut positions, forwards);
        swaps(net, &mut positions);
        let count = crossings(net, &positions);
        if count < best.0 {
            best = (count, net.layers.clone());
            unchanged = 0;
        } else {
            unchanged += 1;
        }
    }
    net.layers = best.1;
    best.0
}

fn number(net: &Net, positions: &mut [usize]) {
    for layer in &net.layers {
        for (at, spot) in layer.iter().enumerate() {
            if let Some(position) = positions.get_mut(*spot) {
                *position = at;
            }
        }
    }
}

/// Orders every layer as a depth-first walk from the left meets its spots.
fn begin(net: &mut Net) {
    let mut seen = vec![false; net.spots.len()];
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); net.layers.len()];
    let starts: Vec<usize> = net
        .layers
        .iter()
        .flatten()
        .copied()
        .filter(|spot| net.before.get(*spot).is_none_or(Vec::is_empty))
        .collect();
    for start in starts {
        let mut stack = vec![start];
        while let Some(spot) = stack.pop() {
            let Some(seen) = seen.get_mut(spot).filter(|seen| !**seen) else {
                continue;
            };
            *seen = true;
            if let Some(layer) = net
                .spots
                .get(spot)
                .and_then(|spot| layers.get_mut(spot.layer))
            {
                layer.push(spot);
            }
            let mut next = net.behind.get(spot).cloned().unwrap_or_default();
            next.sort_unstable();
            stack.extend(next.into_iter().rev());
        }
    }
    net.layers = layers;
}

fn medians(net: &mut Net, positions: &mut [usize], forwards: bool) {
    let count = net.layers.len();
    for step in 1..count {
        let at = if forwards { step } else { count - 1 - step };
        let beside = if forwards { &net.before } else { &net.behind };
        let Some(layer) = net.layers.get_mut(at) else {
            continue;
        };
        let median = |spot: usize| -> Option<usize> {
            let mut all: Vec<usize> = beside
                .get(spot)?
                .iter()
                .filter_map(|other| positions.get(*other).copied())
                .collect();
            all.sort_unstable();
            let middle = all.len() / 2;
            let upper = *all.get(middle)?;
            // Twice the median, so that a pair can lie between two places.
            Some(if all.len().is_multiple_of(2) {
                all.get(middle - 1)? + upper
            } else {
                upper * 2
            })
        };
        // A spot without neighbours on that side keeps its place.
        let mut moved: Vec<(usize, usize, usize)> = Vec::new();
        let mut kept: Vec<Option<usize>> = vec![None; layer.len()];
        for (place, spot) in layer.iter().enumerate() {
            match median(*spot) {
                Some(median) => moved.push((median, place, *spot)),
                None => {
                    if let Some(kept) = kept.get_mut(place) {
                        *kept = Some(*spot);
                    }
                }
            }
        }
        moved.sort_unstable();
        let mut moved = moved.into_iter().map(|(_, _, spot)| spot);
        *layer = kept
            .into_iter()
            .filter_map(|spot| spot.or_else(|| moved.next()))
            .collect();
        for (place, spot) in layer.iter().enumerate() {
            if let Some(position) = positions.get_mut(*spot) {
                *position = place;
            }
        }
    }
}

/// Swaps neighbours while that saves crossings.
fn swaps(net: &mut Net, positions: &mut [usize]) {
    for _ in 0..8 {
        let mut better = false;
        for layer in &mut net.layers {
            for at in 1..layer.len() {
                let (Some(a), Some(b)) = (layer.get(at - 1).copied(), layer.get(at).copied())
                else {
                    continue;
                };
                let count = |a: usize, b: usize| {
                    between(&net.before, positions, a, b) + between(&net.behind, positions, a, b)
                };
                if count(b, a) < count(a, b) {
                    layer.swap(at - 1, at);
                    if let Some(position) = positions.get_mut(a) {
                        *position = at;
                    }
                    if let Some(position) = positions.get_mut(b) {
                        *position = at - 1;
                    }
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

/// How often the lines of two spots cross if the first stands above the second.
fn between(beside: &[Vec<usize>], positions: &[usize], above: usize, below: usize) -> usize {
    let of = |spot: usize| {
        let mut all: Vec<usize> = beside
            .get(spot)
            .into_iter()
            .flatten()
            .filter_map(|other| positions.get(*other).copied())
            .collect();
        all.sort_unstable();
        all
    };
    let (above, below) = (of(above), of(below));
    above.iter().map(|a| below.partition_point(|b| b < a)).sum()
}

/// How often lines cross: pairs out of order, counted with a tree of sums.
fn crossings(net: &Net, positions: &[usize]) -> usize {
    let mut count = 0;
    for layer in &net.layers {
        let mut ends: Vec<usize> = Vec::new();
        for spot in layer {
            let mut own: Vec<usize> = net
                .behind
                .get(*spot)
                .into_iter()
                .flatten()
                .filter_map(|other| positions.get(*other).copied())
                .collect();
            own.sort_unstable();
            ends.extend(own);
        }
        let size = ends.iter().max().map_or(0, |last| last + 2);
        let mut sums = vec![0_usize; size];
        for (number, end) in ends.iter().enumerate() {
            // Earlier lines that end no further down do not cross this one.
            let mut before = 0;
            let mut at = end + 1;
            while at > 0 {
                before += sums.get(at).copied().unwrap_or(0);
                at &= at - 1;
            }
            count += number - before;
            let mut at = end + 1;
            while at < size {
                if let Some(sum) = sums.get_mut(at) {
                    *sum += 1;
                }
                at += at & at.wrapping_neg();
            }
        }
    }
    count
}
