//! Outlines no finer than a drawing can show: what is nearer than a fraction of a pixel is one point.
//!
//! It knows pixels only. A drawing of a layer with a million corners is as long as one of a thousand.

/// A position on the drawing, in pixels.
pub(super) type Pixel = (f64, f64);

/// The finest detail that is drawn, in pixels.
pub(super) const FINEST: f64 = 0.3;

/// A closed line without what is finer than `detail` pixels; none of a line that is altogether finer.
///
/// Corners nearer than the detail to the last one kept are left out, then those that stray less than the detail
/// from the line between their neighbours (Douglas and Peucker, from two corners far apart, with its own stack).
pub(super) fn simple(ring: &[Pixel], detail: f64) -> Option<Vec<Pixel>> {
    let mut kept: Vec<Pixel> = Vec::new();
    for at in ring {
        if kept.last().is_none_or(|last| apart(*last, *at) >= detail) {
            kept.push(*at);
        }
    }
    let first = *kept.first()?;
    while kept.len() > 1 && kept.last().is_some_and(|last| apart(*last, first) < detail) {
        kept.pop();
    }
    let far = (0..kept.len()).max_by(|a, b| {
        let of = |at: &usize| kept.get(*at).map_or(0.0, |at| apart(*at, first));
        of(a).total_cmp(&of(b))
    })?;
    if far == 0 {
        return None;
    }
    // The first corner stands at the end too, so that both halves are lines between corners.
    kept.push(first);
    let mut needed = vec![false; kept.len()];
    let mut open = vec![(0, far), (far, kept.len() - 1)];
    while let Some((from, to)) = open.pop() {
        let (Some(a), Some(b)) = (kept.get(from), kept.get(to)) else {
            continue;
        };
        if let Some(mark) = needed.get_mut(from) {
            *mark = true;
        }
        let between = kept.iter().enumerate().take(to).skip(from + 1);
        let strays = between.map(|(at, corner)| (at, strays(*a, *b, *corner)));
        if let Some((at, most)) = strays.max_by(|a, b| a.1.total_cmp(&b.1))
            && most > detail
        {
            open.push((from, at));
            open.push((at, to));
        }
    }
    let corners = kept.iter().zip(&needed);
    Some(corners.filter(|(_, n)| **n).map(|(at, _)| *at).collect())
}

fn apart(a: Pixel, b: Pixel) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// How far a corner lies from the stretch between two others.
fn strays(a: Pixel, b: Pixel, corner: Pixel) -> f64 {
    let (x, y) = (b.0 - a.0, b.1 - a.1);
    let long = x * x + y * y;
    if long == 0.0 {
        return apart(a, corner);
    }
    let along = ((corner.0 - a.0) * x + (corner.1 - a.1) * y) / long;
    let along = along.clamp(0.0, 1.0);
    apart((a.0 + along * x, a.1 + along * y), corner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_with_many_points_on_its_sides_is_four_corners() {
        let mut ring = Vec::new();
        for at in 0..1_000 {
            ring.push((f64::from(at) * 0.1, 0.0));
        }
        ring.extend([(100.0, 0.0), (100.0, 50.0), (100.0, 100.0), (0.0, 100.0)]);
        let simple = simple(&ring, FINEST).unwrap();
        let corners = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)];
        assert_eq!(simple.len(), corners.len());
        // A corner may give way to one that is nearer to it than the detail.
        let is_near = |(a, b): (&Pixel, &Pixel)| apart(*a, *b) <= FINEST + 1e-9;
        assert!(simple.iter().zip(&corners).all(is_near), "{simple:?}");
    }

    #[test]
    fn what_is_finer_than_the_detail_is_not_drawn_and_what_is_not_stays() {
        assert_eq!(simple(&[(1.0, 1.0), (1.1, 1.0), (1.1, 1.1)], FINEST), None);
        let notch = [
            (0.0, 0.0),
            (10.0, 0.0),
            (11.0, 2.0),
            (12.0, 0.0),
            (20.0, 0.0),
            (20.0, 9.0),
        ];
        assert_eq!(simple(&notch, FINEST).unwrap(), notch);
    }

    #[test]
    fn a_jagged_circle_of_a_million_corners_stays_within_the_detail() {
        let ring: Vec<Pixel> = (0..1_000_000)
            .map(|at| {
                let turn = f64::from(at) / 1e6 * std::f64::consts::TAU;
                let radius = 300.0 + 0.1 * f64::from(at % 2);
                (radius * turn.cos(), radius * turn.sin())
            })
            .collect();
        let simple = simple(&ring, FINEST).unwrap();
        assert!(simple.len() < 400, "{}", simple.len());
        assert!(
            simple
                .iter()
                .all(|at| (at.0.hypot(at.1) - 300.05).abs() < 0.1)
        );
    }
}
