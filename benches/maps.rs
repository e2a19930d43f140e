//! Map files: reading and checking a large layer in each format, a ring of a million points, and projecting.

use std::fmt::Write;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use hegui::base::source::Place;
use hegui::model::shape::{Point, Polygon, System};
use hegui::overlay::formats::Input;
use hegui::overlay::projection::{ellipsoid_area, to_plane};
use hegui::overlay::reading;
use hegui::overlay::validity::check;

fn main() {
    divan::main();
}

/// A ring of points around a place, its radius in waves so that it is no circle.
fn ring(x: f64, y: f64, radius: f64, points: u32) -> Vec<Point> {
    let turn = |n: u32| std::f64::consts::TAU * f64::from(n) / f64::from(points);
    (0..points)
        .map(|n| {
            let radius = radius * (1.0 + 0.2 * (turn(n) * 7.0).sin());
            Point {
                x: x + radius * turn(n).cos(),
                y: y + radius * turn(n).sin(),
            }
        })
        .collect()
}

/// A collection of polygons of 29 points each.
fn geojson(features: u32) -> Vec<u8> {
    let mut text = String::from(r#"{"type":"FeatureCollection","features":["#);
    for n in 0..features {
        let (x, y) = (
            85.0 + f64::from(n % 200) * 0.01,
            42.0 + f64::from(n / 200) * 0.01,
        );
        let comma = if n == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"type":"Feature","properties":{{"BSM":"{n}","DLMC":"旱地"}},"geometry":{{"type":"Polygon","coordinates":[["#
        );
        let ring = ring(x, y, 0.004, 29);
        for point in ring.iter().chain(ring.first()) {
            let _ = write!(text, "[{:.9},{:.9}],", point.x, point.y);
        }
        text.pop();
        text.push_str("]]}}");
    }
    text.push_str("]}");
    text.into_bytes()
}

/// The polygons of a shapefile of 29 points each, in degrees.
fn shapefile(features: u32) -> Vec<u8> {
    let mut records = Vec::new();
    for n in 0..features {
        let (x, y) = (
            85.0 + f64::from(n % 200) * 0.01,
            42.0 + f64::from(n / 200) * 0.01,
        );
        let ring = ring(x, y, 0.004, 29);
        let mut content = 5_i32.to_le_bytes().to_vec();
        content.extend([0; 32]);
        for count in [1_i32, 30, 0] {
            content.extend(count.to_le_bytes());
        }
        for point in ring.iter().chain(ring.first()) {
            content.extend(point.x.to_le_bytes());
            content.extend(point.y.to_le_bytes());
        }
        records.extend((n + 1).to_be_bytes());
        records.extend((u32::try_from(content.len()).unwrap_or(0) / 2).to_be_bytes());
        records.extend(content);
    }
    let mut bytes = 9994_i32.to_be_bytes().to_vec();
    bytes.extend([0; 20]);
    bytes.extend((u32::try_from(records.len() + 100).unwrap_or(0) / 2).to_be_bytes());
    bytes.extend([0; 72]);
    bytes.extend(records);
    bytes
}

/// Reads, settles and checks a layer.
fn layer(bencher: Bencher<'_, '_>, input: &Input, features: u32) {
    let crs = hegui::overlay::claim::Claim::named("EPSG:4490", Place::Nowhere);
    bencher.counter(ItemsCount::new(features)).bench_local(|| {
        let mut points = 0;
        let outcome = reading::each(input, Some(&crs), Place::Nowhere, &mut |usable| {
            points += usable.shape.polygons.len();
            std::ops::ControlFlow::Continue(())
        });
        assert_eq!((outcome.unusable, points), (0, features as usize));
    });
}

const FEATURES: u32 = 50_000;

#[divan::bench(sample_count = 10)]
fn geojson_layer(bencher: Bencher<'_, '_>) {
    layer(
        bencher,
        &Input::memory("a.geojson", geojson(FEATURES)),
        FEATURES,
    );
}

#[divan::bench(sample_count = 10)]
fn shapefile_layer(bencher: Bencher<'_, '_>) {
    layer(
        bencher,
        &Input::memory("a.shp", shapefile(FEATURES)),
        FEATURES,
    );
}

#[divan::bench(sample_count = 5)]
fn check_a_ring_of_a_million_points(bencher: Bencher<'_, '_>) {
    let polygon = Polygon {
        rings: vec![ring(29_548_000.0, 4_862_000.0, 200_000.0, 1_000_000)],
    };
    bencher.bench_local(|| {
        let (usable, flaws) = check(std::slice::from_ref(&polygon));
        assert!(usable.is_some() && flaws.is_empty());
    });
}

#[divan::bench]
fn project_a_point(bencher: Bencher<'_, '_>) {
    let point = Point { x: 87.6, y: 43.9 };
    bencher.bench_local(|| to_plane(System::Cgcs2000, 87, black_box(point)));
}

#[divan::bench]
fn ellipsoid_area_of_a_hundred_points(bencher: Bencher<'_, '_>) {
    let polygon = Polygon {
        rings: vec![ring(87.6, 43.9, 0.01, 100)],
    };
    bencher.bench_local(|| ellipsoid_area(black_box(&polygon)));
}
