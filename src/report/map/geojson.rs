//! A map as data: parcels, overlaps and the layers around, in longitude and latitude.
//!
//! GeoJSON has no other system; degrees of CGCS2000 differ from those of WGS 84 by less than a metre.

use std::io::{self, Write};

use serde_json::{Map as Object, Value, json};

use super::Map;
use crate::base::text::Lang;
use crate::model::shape::{Point, Ring, System, ZoneWidth};
use crate::overlay::projection::{signed_area, to_geographic};

pub(super) fn write(map: &Map<'_>, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let site = map.site;
    let plane = System::GaussKruger {
        width: ZoneWidth::Three,
        meridian: site.meridian,
        prefixed: false,
    };
    let mut features = Vec::new();
    let mut add = |kind: &str, rings: &[Ring], mut properties: Object<String, Value>| {
        properties.insert("kind".to_owned(), json!(kind));
        features.push(json!({
            "type": "Feature",
            "properties": properties,
            "geometry": geometry(rings, plane),
        }));
    };
    for one in map.drawn() {
        for (kind, all) in [
            ("layer", one.around),
            ("overlap", one.overlay.touched.as_slice()),
        ] {
            for touched in all {
                let mut properties = Object::new();
                properties.insert("layer".to_owned(), json!(one.layer.id));
                let label = one.layer.label.get(lang);
                properties.insert("label".to_owned(), json!(label));
                properties.insert("feature".to_owned(), json!(touched.number));
                for (name, value) in &touched.attributes {
                    properties.insert(name.clone(), json!(value));
                }
                if kind == "overlap" {
                    properties.insert("area_m2".to_owned(), json!(round(touched.area, 1e4)));
                    properties.insert("share".to_owned(), json!(round(touched.share, 1e6)));
                }
                let synthetic = one.overlay.file.as_ref().is_some_and(|f| f.synthetic);
                properties.insert("synthetic".to_owned(), json!(synthetic));
                add(kind, &touched.outline, properties);
            }
        }
    }
    for parcel in &site.parcels {
        let mut properties = Object::new();
        properties.insert("number".to_owned(), json!(parcel.number));
        properties.insert("name".to_owned(), json!(parcel.name));
        properties.insert("area_m2".to_owned(), json!(round(parcel.area, 1e4)));
        properties.insert(
            "ellipsoid_m2".to_owned(),
            json!(round(parcel.ellipsoid, 1e4)),
        );
        add("parcel", &parcel.outline, properties);
    }
    let all = json!({
        "type": "FeatureCollection",
        "name": map.project.id,
        "features": features,
    });
    serde_json::to_writer(&mut *out, &all)?;
    out.write_all(b"\n")
}

fn round(number: f64, to: f64) -> f64 {
    (number * to).round() / to + 0.0
}

/// Rings as polygons: each that runs counter-clockwise, with the holes that lie in it.
fn geometry(rings: &[Ring], plane: System) -> Value {
    let coordinates = |ring: &Ring| -> Value {
        let point = |p: &Point| {
            let degrees = to_geographic(plane, *p);
            json!([round(degrees.x, 1e9), round(degrees.y, 1e9)])
        };
        let closed = ring.iter().chain(ring.first());
        Value::Array(closed.map(point).collect())
    };
    let (outer, holes): (Vec<&Ring>, Vec<&Ring>) =
        rings.iter().partition(|ring| signed_area(ring) > 0.0);
    let mut polygons: Vec<(Vec<Value>, &Ring)> = outer
        .iter()
        .map(|ring| (vec![coordinates(ring)], *ring))
        .collect();
    for hole in holes {
        let first = hole.first().copied().unwrap_or_default();
        // The smallest ring that holds it: rings may lie in holes of others.
        let owner = polygons
            .iter_mut()
            .filter(|(_, ring)| crate::overlay::holds(std::slice::from_ref(ring), first))
            .min_by(|a, b| signed_area(a.1).total_cmp(&signed_area(b.1)));
        if let Some((parts, _)) = owner {
            parts.push(coordinates(hole));
        }
    }
    let all: Vec<Value> = polygons
        .into_iter()
        .map(|(parts, _)| Value::Array(parts))
        .collect();
    json!({ "type": "MultiPolygon", "coordinates": all })
}
