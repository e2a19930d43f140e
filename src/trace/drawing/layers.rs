//! Layers: which column each box stands in, and where long lines pass the columns between.
//!
//! Lines that close a cycle are turned for this; the longest way from the left gives the column,
//! and what has nothing before it is drawn up to what follows it.

use super::{Net, Spot};

/// Colours of a depth-first search.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// The layer of each box.
pub(super) fn ranks(count: usize, lines: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, to) in lines.filter(|(from, to)| from != to) {
        if let Some(next) = out.get_mut(from) {
            next.push(to);
        }
    }
    let order = without_cycles(&mut out);
    let mut ranks = vec![0_usize; count];
    for from in order.iter().rev() {
        let own = ranks.get(*from).copied().unwrap_or(0);
        for to in out.get(*from).into_iter().flatten() {
            if let Some(rank) = ranks.get_mut(*to) {
                *rank = (*rank).max(own + 1);
            }
        }
    }
    let mut has_before = vec![false; count];
    for to in out.iter().flatten() {
        if let Some(has) = has_before.get_mut(*to) {
            *has = true;
        }
    }
    let last = ranks.iter().copied().max().unwrap_or(0);
    for from in 0..count {
        if has_before.get(from).copied().unwrap_or(true) {
            continue;
        }
        let next = out.get(from).into_iter().flatten();
        let nearest = next.filter_map(|to| ranks.get(*to)).min().copied();
        if let Some(rank) = ranks.get_mut(from) {
            // A box without lines stands with the last ones.
            *rank = nearest.map_or(last, |nearest| nearest.saturating_sub(1));
        }
    }
    ranks
}

/// Turns the lines that close cycles; returns the boxes in an order in which what follows comes first.
fn without_cycles(out: &mut [Vec<usize>]) -> Vec<usize> {
    let count = out.len();
    let mut marks = vec![Mark::New; count];
    let mut order = Vec::with_capacity(count);
    let mut turned: Vec<(usize, usize)> = Vec::new();
    for start in 0..count {
        if marks.get(start) != Some(&Mark::New) {
            continue;
        }
        let mut stack = vec![(start, 0_usize)];
        if let Some(mark) = marks.get_mut(start) {
            *mark = Mark::Open;
        }
        while let Some((here, next)) = stack.last_mut() {
            let to = out.get(*here).and_then(|all| all.get(*next)).copied();
            *next += 1;
            let here = *here;
            match to {
                Some(to) => match marks.get_mut(to) {
                    Some(mark) if *mark == Mark::New => {
                        *mark = Mark::Open;
                        stack.push((to, 0));
                    }
                    Some(Mark::Open) => turned.push((here, to)),
                    _ => {}
                },
                None => {
                    if let Some(mark) = marks.get_mut(here) {
                        *mark = Mark::Done;
                    }
                    order.push(here);
                    stack.pop();
                }
            }
        }
    }
    for (from, to) in turned {
        if let Some(all) = out.get_mut(from) {
            all.retain(|other| *other != to);
        }
        if let Some(all) = out.get_mut(to) {
            all.push(from);
        }
    }
    order
}

/// The spots of boxes and passing lines, layer by layer.
pub(super) fn net(ranks: &[usize], lines: &[(usize, usize)]) -> Net {
    let depth = ranks.iter().max().map_or(0, |last| last + 1);
    let mut net = Net {
        layers: vec![Vec::new(); depth],
        ..Net::default()
    };
    for (shape, layer) in ranks.iter().enumerate() {
        net.add(*layer, Some(shape));
    }
    for (from, to) in lines {
        let mut chain = Vec::new();
        if let (Some(a), Some(b)) = (ranks.get(*from), ranks.get(*to))
            && a != b
        {
            let (left, right) = if a < b { (*from, *to) } else { (*to, *from) };
            chain.push(left);
            for layer in a.min(b) + 1..*a.max(b) {
                chain.push(net.add(layer, None));
            }
            chain.push(right);
            for pair in chain.windows(2) {
                if let [a, b] = pair {
                    net.link(*a, *b);
                }
            }
        }
        net.chains.push(chain);
    }
    net
}

impl Net {
    fn add(&mut self, layer: usize, shape: Option<usize>) -> usize {
        let number = self.spots.len();
        self.spots.push(Spot { layer, shape });
        self.before.push(Vec::new());
        self.behind.push(Vec::new());
        if let Some(spots) = self.layers.get_mut(layer) {
            spots.push(number);
        }
        number
    }

    fn link(&mut self, a: usize, b: usize) {
        if let Some(behind) = self.behind.get_mut(a) {
            behind.push(b);
        }
        if let Some(before) = self.before.get_mut(b) {
            before.push(a);
        }
    }
}
