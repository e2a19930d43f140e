//! Coordinates that stand in a submission itself, as lists of numbers.
//!
//! `[[x, y], …]` is one ring, a list of these a polygon with its holes, a list of those several polygons.

use std::sync::Arc;

use super::Part;
use super::sink::{Draft, RawRing, Sink};
use crate::base::source::{Place, Span};
use crate::base::text::Text;
use crate::base::tree::{Datum, Node};
use crate::model::shape::Point;
use crate::text;

/// What is wrong, and where.
type Mistake = (Place, Text);

/// Reads coordinates as the one feature of a part.
pub(super) fn read(name: &str, node: &Node, sink: &mut Sink<'_>) {
    let part = Arc::new(Part {
        name: name.to_owned(),
        claim: None,
    });
    let source = match node.place {
        Place::Span(source, _) | Place::Cell(source, _) => Some(source),
        Place::Nowhere => None,
    };
    let mut draft = Draft::new(1, node.place, source);
    let read = match depth(node) {
        1 => ring(node).map(|ring| draft.polygon(vec![ring])),
        2 => polygon(node).map(|rings| draft.polygon(rings)),
        3 => node
            .items()
            .iter()
            .try_for_each(|node| polygon(node).map(|rings| draft.polygon(rings))),
        _ => Err((
            node.place,
            text!(
                "坐标应写为 `[[x, y], …]`，东坐标或经度在前",
                "coordinates are written `[[x, y], …]`, easting or longitude first"
            ),
        )),
    };
    match read {
        Ok(()) => sink.feature(&part, draft),
        Err((place, why)) => sink.broken(&part, 1, place, &why),
    }
}

/// How many lists lie around the first position.
fn depth(node: &Node) -> usize {
    let mut node = node;
    for depth in 0..5 {
        match node.items().first() {
            Some(first) if matches!(first.datum, Datum::List(_)) => node = first,
            Some(_) => return depth,
            None => break,
        }
    }
    0
}

fn polygon(node: &Node) -> Result<Vec<RawRing>, Mistake> {
    node.items().iter().map(ring).collect()
}

fn ring(node: &Node) -> Result<RawRing, Mistake> {
    let mut ring = RawRing::default();
    for position in node.items() {
        let [x, y, ..] = position.items() else {
            let why = text!("此处应为 `[x, y]`", "this should be `[x, y]`");
            return Err((position.place, why));
        };
        ring.points.push(Point {
            x: number(x)?,
            y: number(y)?,
        });
        ring.spans.push(match position.place {
            Place::Span(_, span) => span,
            Place::Cell(..) | Place::Nowhere => Span::default(),
        });
    }
    Ok(ring)
}

fn number(node: &Node) -> Result<f64, Mistake> {
    let number = match &node.datum {
        Datum::Number(number) => number.replace('_', "").parse().ok(),
        _ => None,
    };
    number.ok_or_else(|| {
        (
            node.place,
            text!("坐标应为数字", "a coordinate is a number"),
        )
    })
}
