//! Map files: the same parcels in every format, as GDAL and hand write them, and files that are wrong or hostile.
//!
//! `maps/` holds three parcels at 87.6°E, 43.9°N, written by GDAL 3.6 (Shapefile, GeoJSON, KML, FlatGeobuf,
//! GeoPackage) and GEOS 3.14 (WKT); `maps/projected.csv` holds figures of PROJ 9.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "test code"
)]

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use hegui::base::blob::Blob;
use hegui::base::problem::Problem;
use hegui::base::source::{Place, Sources};
use hegui::model::shape::{Point, Polygon, System};
use hegui::overlay::claim::{Claim, Says, by_code, code_of};
use hegui::overlay::formats::{self, Input};
use hegui::overlay::projection::{
    ellipsoid_area, meridian_near, moved, plane_area, to_geographic, to_plane,
};
use hegui::overlay::reading::{self, Outcome, Usable};

use crate::world::root;

/// The areas of the parcels in the plane, as GEOS has them.
const AREAS: [f64; 3] = [18_400.0, 9_350.0, 13_968.874_999_973_923];
/// The same on the ellipsoid, as GeographicLib has them.
const ON_ELLIPSOID: [f64; 3] = [
    18_398.953_187_516_425,
    9_349.460_987_675_47,
    13_968.081_474_320_032,
];

fn folder() -> PathBuf {
    root().join("tests/suite/maps")
}

fn file(name: &str) -> Input {
    Input::file(&folder().join(name), 1 << 20).unwrap()
}

fn text(name: &str, text: &str) -> (Input, Sources) {
    let mut sources = Sources::default();
    let input = Input::memory(name, text.as_bytes()).with_source(&mut sources, 1 << 20);
    (input, sources)
}

fn read(input: &Input, crs: &str) -> (Vec<Usable>, Outcome) {
    let stated = (!crs.is_empty()).then(|| Claim::named(crs, Place::Nowhere));
    reading::read(input, stated.as_ref(), Place::Nowhere)
}

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code).collect()
}

/// The polygons of a shape in the plane of 87°E, and on the ellipsoid.
fn areas(usable: &Usable) -> (f64, f64) {
    let sum = |to: &dyn Fn(Point) -> Point, area: fn(&Polygon) -> f64| {
        let polygons = usable.shape.polygons.iter();
        polygons.map(|polygon| area(&moved(polygon, to))).sum()
    };
    let plane = |point| to_plane(usable.system, 87, point);
    let degrees = |point| to_geographic(usable.system, point);
    (sum(&plane, plane_area), sum(&degrees, ellipsoid_area))
}

fn attribute<'a>(usable: &'a Usable, names: &[&str]) -> &'a str {
    let found = usable.shape.attributes.iter();
    let mut found = found.filter(|(name, _)| names.contains(&name.as_str()));
    found.next().map_or("", |(_, value)| value)
}

/// Reads the three parcels and holds them against their areas and names.
#[track_caller]
fn parcels(input: &Input, crs: &str, code: u32, has_names: bool) {
    let (mut shapes, outcome) = read(input, crs);
    assert_eq!(outcome.problems, vec![]);
    assert_eq!((outcome.features, outcome.unusable), (3, 0));
    // FlatGeobuf orders features along a curve.
    shapes.sort_by(|a, b| areas(b).0.total_cmp(&areas(a).0));
    let shapes = [&shapes[0], &shapes[2], &shapes[1]];
    for (index, usable) in shapes.into_iter().enumerate() {
        let (plane, ellipsoid) = areas(usable);
        // Degrees with twelve decimals are good to a tenth of a micrometre, and edges of 200 m turn that to 1e-4 m².
        assert!((plane - AREAS[index]).abs() < 1e-4, "{plane}");
        assert!(
            (ellipsoid - ON_ELLIPSOID[index]).abs() < 1e-4,
            "{ellipsoid}"
        );
        assert_eq!(code_of(usable.system), Some(code));
        if has_names {
            let name = attribute(usable, &["地块名称", "地块名", "name"]);
            assert_eq!(name, ["一号地块", "厂区（二期）", "联通"][index]);
            let number = attribute(usable, &["地块编号", "地块编"]);
            assert_eq!(number, ["650104-001", "650104-002", "650104-003"][index]);
        }
    }
}

#[test]
fn the_same_parcels_come_out_of_every_format() {
    parcels(&file("gbk/parcels.shp"), "", 4517, true);
    parcels(&file("undeclared/parcels.shp"), "", 4517, true);
    parcels(&file("utf8/parcels.shp"), "", 4538, true);
    parcels(&file("degrees/PARCELS.shp"), "", 4490, true);
    parcels(&file("rfc7946.geojson"), "", 4326, true);
    parcels(&file("crs.geojson"), "", 4517, true);
    parcels(&file("lines.geojsonl"), "", 4326, true);
    parcels(&file("records.geojsons"), "", 4326, true);
    parcels(&file("parcels.kml"), "", 4326, true);
    parcels(&file("parcels.kmz"), "", 4326, true);
    parcels(&file("parcels.fgb"), "", 4517, true);
    parcels(&file("degrees.fgb"), "", 4490, true);
    parcels(&file("windows.zip"), "", 4517, true);
    parcels(&file("parcels.wkt"), "EPSG:4517", 4517, false);
    parcels(&file("parcels.ewkt.wkt"), "", 4517, false);
}

#[cfg(feature = "gpkg")]
#[test]
fn the_same_parcels_come_out_of_a_geopackage() {
    parcels(&file("parcels.gpkg"), "", 4517, true);
    let bytes = fs::read(folder().join("parcels.gpkg")).unwrap();
    for cut in [20, 100, 513, 5_000, bytes.len() / 2, bytes.len() - 1] {
        survives("cut.gpkg", bytes[..cut].to_vec());
    }
    for at in (0..bytes.len()).step_by(97) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xFF;
        survives("flipped.gpkg", bytes);
    }
}

#[cfg(not(feature = "gpkg"))]
#[test]
fn a_geopackage_says_what_to_save_it_as() {
    let (_, outcome) = read(&file("parcels.gpkg"), "");
    assert_eq!(codes(&outcome.problems), ["hegui::map::no_geopackage"]);
    assert!(
        outcome.problems[0]
            .help
            .as_ref()
            .unwrap()
            .en
            .contains("FlatGeobuf")
    );
}

#[test]
fn a_zip_gives_every_map_in_its_folders() {
    let (features, problems) = formats::read(&file("parcels.zip"));
    assert_eq!(problems, vec![]);
    let named: Vec<&str> = features.iter().map(|f| f.part.name.as_str()).collect();
    assert_eq!(features.len(), 6);
    assert!(
        named[0].ends_with("parcels.zip/数据/cm/b.shp"),
        "{}",
        named[0]
    );
    assert!(
        named[3].ends_with("parcels.zip/数据/地块.SHP"),
        "{}",
        named[3]
    );
    let (_, outcome) = read(&file("parcels.zip"), "");
    assert_eq!(outcome.problems, vec![]);
}

#[test]
fn old_datums_are_refused_with_the_reason() {
    let (shapes, outcome) = read(&file("xian80/parcels.shp"), "");
    assert!(shapes.is_empty());
    assert_eq!(outcome.unusable, 3);
    let problem = &outcome.problems[0];
    assert_eq!(problem.code, "hegui::crs::old_datum");
    assert!(
        problem.message.zh.contains("七参数"),
        "{}",
        problem.message.zh
    );
    assert!(problem.message.zh.contains("Xian_1980_3_Degree_GK_Zone_29"));
}

#[test]
fn a_shapefile_without_prj_proposes_its_system() {
    let input = Input {
        sides: vec![],
        ..file("gbk/parcels.shp")
    };
    let (_, outcome) = read(&input, "");
    assert_eq!(outcome.problems[0].code, "hegui::crs::missing");
    assert!(
        outcome.problems[0]
            .help
            .as_ref()
            .unwrap()
            .zh
            .contains("EPSG:4517")
    );
    parcels(&input, "2000国家大地坐标系 3度带 29", 4517, false);
}

#[test]
fn the_encoding_of_a_table_is_what_its_files_say() {
    let bytes = |name: &str| fs::read(folder().join(name)).unwrap();
    let with = |dbf: Vec<u8>, cpg: Option<&str>| {
        let mut input = file("gbk/parcels.shp");
        input.sides = vec![Blob::memory("a.dbf", dbf)];
        input
            .sides
            .extend(cpg.map(|cpg| Blob::memory("a.cpg", cpg.as_bytes().to_vec())));
        let (features, problems) = formats::read(&input);
        let value = features[2].shape.attributes[1].1.clone();
        (value, codes(&problems))
    };
    let gbk = bytes("gbk/parcels.dbf");
    let mut marked = gbk.clone();
    marked[29] = 0x4D;
    assert_eq!(with(marked, None).0, "联通");
    assert_eq!(with(gbk.clone(), None).0, "联通");
    assert_eq!(with(gbk.clone(), Some("GBK")).0, "联通");
    assert_eq!(
        with(gbk, Some("UTF-8")),
        ("联通".to_owned(), vec!["hegui::map::encoding"])
    );
    assert_eq!(with(bytes("utf8/parcels.dbf"), None).0, "联通");
}

#[test]
fn points_and_lines_have_no_area_and_are_said() {
    let collection = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[87.6,43.9]}},
        {"type":"Feature","properties":null,"geometry":null},
        {"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[
            {"type":"LineString","coordinates":[[87.6,43.9],[87.7,43.9]]},
            {"type":"Polygon","coordinates":[[[87.6,43.9,1],[87.7,43.9,2],[87.7,44,3],[87.6,43.9,1]]]}]}}]}"#;
    let (input, sources) = text("a.geojson", collection);
    let (shapes, outcome) = read(&input, "");
    assert_eq!(shapes.len(), 1);
    assert_eq!(shapes[0].shape.number, 3);
    assert_eq!(
        codes(&outcome.problems),
        [
            "hegui::map::no_area",
            "hegui::map::no_shape",
            "hegui::map::no_area"
        ]
    );
    let at = sources.text_at(outcome.problems[0].place()).unwrap();
    assert!(at.contains("Point") && at.ends_with("}}"), "{at}");
    let (_, outcome) = read(
        &text("a.wkt", "LINESTRING (1 2, 3 4)\nPOINT Z (1 2 3)").0,
        "",
    );
    assert_eq!(codes(&outcome.problems), ["hegui::map::no_area"; 2]);
    let kml = "<kml><Placemark><Point><coordinates>87,43</coordinates></Point></Placemark></kml>";
    let (_, outcome) = read(&text("a.kml", kml).0, "");
    assert_eq!(codes(&outcome.problems), ["hegui::map::no_area"]);
}

/// What a problem underlines.
#[track_caller]
fn underlined(name: &str, content: &str, crs: &str, code: &str, at: &str) {
    let (input, sources) = text(name, content);
    let (_, outcome) = read(&input, crs);
    let problem = outcome.problems.iter().find(|problem| problem.code == code);
    let problem = problem.unwrap_or_else(|| panic!("{code} not in {:?}", codes(&outcome.problems)));
    assert_eq!(sources.text_at(problem.place()), Some(at));
}

#[test]
fn mistakes_in_text_are_underlined() {
    let bow = "POLYGON ((87.6 43.9, 87.7 44.0, 87.7 43.9, 87.6 44.0, 87.6 43.9))";
    underlined(
        "a.wkt",
        bow,
        "EPSG:4490",
        "hegui::shape::crossing",
        "87.6 43.9",
    );
    underlined(
        "a.wkt",
        "POLYGON ((87.6 43.9, x 44))",
        "",
        "hegui::map::broken",
        "x",
    );
    underlined(
        "a.wkt",
        "POLYGON ((87.6 43.9; 87 44))",
        "",
        "hegui::map::broken",
        "43.9;",
    );
    underlined(
        "a.wkt",
        "SRID=2353;POLYGON ((87.6 43.9, 87.7 44.0, 87.7 43.9, 87.6 43.9))",
        "",
        "hegui::crs::old_datum",
        "SRID=2353",
    );
    let geojson = |coordinates: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"名称":"厂区"}},"geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#
        )
    };
    let bow = geojson("[[[87.6,43.9],[87.7,44.0],[87.7,43.9],[87.6,44.0],[87.6,43.9]]]");
    underlined(
        "a.geojson",
        &bow,
        "",
        "hegui::shape::crossing",
        "[87.6,43.9]",
    );
    underlined(
        "a.json",
        &format!("\u{FEFF}{}", geojson("[[[87.6,43.9],[87.7,null]]]")),
        "",
        "hegui::map::broken",
        "[87.7,null]",
    );
    let kml = "<kml><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>\n 87.6,43.9,0 87.7,44.0,0\n 87.7,43.9,0 87.6,44.0,0 87.6,43.9,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></kml>";
    underlined("a.kml", kml, "", "hegui::shape::crossing", "87.6,43.9,0");
    underlined(
        "a.kml",
        &kml.replace("87.7,44.0,0", "87.7;44"),
        "",
        "hegui::map::broken",
        "87.7;44",
    );
}

#[test]
fn a_coordinate_system_in_doubt_is_a_proposal() {
    let plane =
        "POLYGON ((29548000 4862000, 29548200 4862000, 29548200 4862100, 29548000 4862000))";
    let help = |content: &str, crs: &str| {
        let (_, outcome) = read(&text("a.wkt", content).0, crs);
        let problem = &outcome.problems[0];
        (problem.code, problem.help.as_ref().unwrap().zh.clone())
    };
    let (code, advice) = help(plane, "");
    assert_eq!(code, "hegui::crs::missing");
    assert!(advice.contains("crs = \"EPSG:4517\""), "{advice}");
    let (code, advice) = help(plane, "EPSG:4490");
    assert_eq!(code, "hegui::crs::mismatch");
    assert!(advice.contains("EPSG:4517"), "{advice}");
    // GeoJSON in a plane without a word about it.
    let geojson = r#"{"type":"Polygon","coordinates":[[[29548000,4862000],[29548200,4862000],[29548200,4862100],[29548000,4862000]]]}"#;
    let (_, outcome) = read(&text("a.geojson", geojson).0, "");
    assert_eq!(codes(&outcome.problems), ["hegui::crs::mismatch"]);
    let (shapes, outcome) = read(&text("a.geojson", geojson).0, "EPSG:4517");
    assert_eq!((shapes.len(), outcome.problems), (1, vec![]));
    // Web maps.
    let crs = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"GCJ-02"}},"features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[87.6,43.9],[87.7,43.9],[87.7,44],[87.6,43.9]]]}}]}"#;
    let (input, sources) = text("a.geojson", crs);
    let (_, outcome) = read(&input, "");
    assert_eq!(codes(&outcome.problems), ["hegui::crs::shifted"]);
    assert!(
        sources
            .text_at(outcome.problems[0].place())
            .unwrap()
            .contains("GCJ-02")
    );
}

#[test]
fn a_crs_member_after_the_features_counts() {
    let text_of = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"]}\"[{","b":[1,{"c":2}],"d":null},"geometry":{"type":"Polygon","coordinates":[[[29548000,4862000],[29548200,4862000],[29548200,4862100],[29548000,4862000]]]}}],"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4517"}}}"#;
    let (shapes, outcome) = read(&text("a.geojson", text_of).0, "");
    assert_eq!(outcome.problems, vec![]);
    assert_eq!(code_of(shapes[0].system), Some(4517));
    let attributes = &shapes[0].shape.attributes;
    assert_eq!(attributes[0].1, "]}\"[{");
    assert_eq!(attributes[1].1, r#"[1,{"c":2}]"#);
    assert_eq!(attributes.len(), 2);
}

#[test]
fn a_broken_feature_loses_only_itself() {
    let good = r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[87.6,43.9],[87.7,43.9],[87.7,44],[87.6,43.9]]]}}"#;
    let bad = r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[87.6],[87.7,43.9]]]}}"#;
    let nan = good.replace("87.7,44", "NaN,44");
    let list = format!(r#"{{"type":"FeatureCollection","features":[{good},{bad},{nan},{good}]}}"#);
    let (shapes, outcome) = read(&text("a.geojson", &list).0, "");
    assert_eq!(shapes.len(), 2);
    assert_eq!(shapes[1].shape.number, 4);
    assert_eq!(codes(&outcome.problems), ["hegui::map::broken"; 2]);
    let lines = format!("{good}\n{bad}\n{good}\n");
    assert_eq!(read(&text("a.ndjson", &lines).0, "").0.len(), 2);
}

#[test]
fn coordinates_in_a_submission_are_read_as_rings_polygons_or_several() {
    let parse = |json: &str| {
        let mut sources = Sources::default();
        let id = sources.add("p.json", json);
        let (node, _) = hegui::base::json::parse(sources.get(id).unwrap());
        (node.unwrap(), sources)
    };
    let crs = Claim::named("EPSG:4517", Place::Nowhere);
    let ring = "[[29548000,4862000],[29548200,4862000.5],[29548200,4862100]]";
    for (json, rings) in [
        (ring.to_owned(), 1),
        (
            format!("[{ring},[[29548190,4862030],[29548195,4862030],[29548195,4862035]]]"),
            2,
        ),
        (
            format!("[[{ring}],[[[29548300,4862030],[29548395,4862030],[29548395,4862035]]]]"),
            2,
        ),
    ] {
        let (node, _) = parse(&json);
        let (usable, outcome) = reading::inline("p", &node, Some(&crs));
        let count: usize = usable
            .unwrap()
            .shape
            .polygons
            .iter()
            .map(|p| p.rings.len())
            .sum();
        assert_eq!(count, rings);
        assert!(
            outcome
                .problems
                .iter()
                .all(|p| p.code == "hegui::map::unclosed")
        );
    }
    let (node, sources) = parse(r#"[[29548000,4862000],[29548200,"x"]]"#);
    let (usable, outcome) = reading::inline("p", &node, Some(&crs));
    assert!(usable.is_none());
    assert_eq!(sources.text_at(outcome.problems[0].place()), Some("\"x\""));
    for json in ["[]", "3", "[1,2]", "[[[[[1,2]]]]]", "{}"] {
        assert!(
            reading::inline("p", &parse(json).0, Some(&crs)).0.is_none(),
            "{json}"
        );
    }
    let (node, _) = parse(ring);
    let (_, outcome) = reading::inline("p", &node, None);
    assert!(codes(&outcome.problems).contains(&"hegui::crs::missing"));
}

/// Reads bytes as a file and lets them go: whatever they are, that ends, and says something or reads something.
#[track_caller]
fn survives(name: &str, bytes: Vec<u8>) {
    let input = Input::memory(name, bytes);
    let mut seen = 0;
    let outcome = reading::each(&input, None, Place::Nowhere, &mut |_| {
        seen += 1;
        ControlFlow::Continue(())
    });
    assert!(
        seen > 0 || !outcome.problems.is_empty(),
        "{name} gave nothing"
    );
}

#[test]
fn damaged_files_give_problems_and_never_a_crash() {
    for name in [
        "gbk/parcels.shp",
        "crs.geojson",
        "records.geojsons",
        "parcels.kml",
        "parcels.kmz",
        "parcels.fgb",
        "degrees.fgb",
        "parcels.zip",
        "parcels.ewkt.wkt",
    ] {
        let bytes = fs::read(folder().join(name)).unwrap();
        for cut in (0..bytes.len()).step_by(13) {
            survives(name, bytes[..cut].to_vec());
        }
        // Each byte in one of four ways: together they are every way many times over.
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] = [0x00, 0xFF, bytes[at] ^ 0x01, bytes[at] ^ 0x80][at % 4];
            survives(name, bytes);
        }
    }
}

#[test]
fn damaged_tables_lose_attributes_and_not_shapes() {
    let bytes = fs::read(folder().join("gbk/parcels.dbf")).unwrap();
    let with = |dbf: Vec<u8>| {
        let mut input = file("gbk/parcels.shp");
        input.sides = vec![Blob::memory("a.dbf", dbf)];
        assert_eq!(formats::read(&input).0.len(), 3);
    };
    for cut in (0..bytes.len()).step_by(7) {
        with(bytes[..cut].to_vec());
    }
    for at in 0..bytes.len() {
        for value in [0x00, 0xFF] {
            let mut bytes = bytes.clone();
            bytes[at] = value;
            with(bytes);
        }
    }
}

#[test]
fn what_is_claimed_is_not_allocated() {
    // A shapefile and a FlatGeobuf that claim gigabytes.
    let mut shp = fs::read(folder().join("gbk/parcels.shp")).unwrap();
    shp[104..108].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF]);
    survives("a.shp", shp.clone());
    shp[24..28].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF]);
    survives("a.shp", shp);
    let mut fgb = fs::read(folder().join("degrees.fgb")).unwrap();
    fgb[8..12].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    survives("a.fgb", fgb);
    // Text that opens more than it closes.
    survives("a.geojson", "[".repeat(1 << 20).into_bytes());
    survives(
        "a.geojson",
        format!("{{\"features\":[{}", "{\"a\":[".repeat(1 << 18)).into_bytes(),
    );
    let deep = format!(
        "{{\"features\":[{}1{}]}}",
        "[".repeat(1 << 18),
        "]".repeat(1 << 18)
    );
    survives("a.geojson", deep.into_bytes());
    survives("a.wkt", "GEOMETRYCOLLECTION(".repeat(1 << 16).into_bytes());
    survives("a.kml", "<kml>".repeat(1 << 16).into_bytes());
    let nested = r#"{"type":"GeometryCollection","geometries":["#.repeat(100);
    survives("a.geojson", nested.into_bytes());
    for empty in [
        "a.shp",
        "a.geojson",
        "a.txt",
        "a.zip",
        "a.fgb",
        "a.kml",
        "a.wkt",
        "a.dwg",
    ] {
        survives(empty, Vec::new());
        survives(empty, vec![0]);
        survives(empty, b"\xFF\xFE\x00".to_vec());
    }
}

#[test]
fn a_zip_bomb_is_refused_and_memory_kept() {
    // 65 MiB of spaces in less than a megabyte.
    let mut bytes = Vec::new();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(&mut bytes));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(1))
        .large_file(true);
    writer.start_file("a.geojson", options).unwrap();
    let piece = vec![b' '; 1 << 20];
    for _ in 0..65 {
        std::io::Write::write_all(&mut writer, &piece).unwrap();
    }
    writer.finish().unwrap();
    assert!(bytes.len() < 1 << 20);
    let (_, problems) = formats::read(&Input::memory("a.zip", bytes));
    assert_eq!(codes(&problems), ["hegui::map::zip_size"]);
}

#[test]
fn planes_agree_with_proj_to_a_hundredth_of_a_millimetre() {
    let figures = fs::read_to_string(folder().join("projected.csv")).unwrap();
    let mut rows = 0;
    for line in figures.lines().skip(1) {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let code = format!("{}", cells[0]).parse().unwrap();
        let Says::Plane {
            width: Some(width),
            meridian: Some(meridian),
            prefixed: Some(prefixed),
        } = by_code(code)
        else {
            panic!("{code} is no plane");
        };
        let system = System::GaussKruger {
            width,
            meridian,
            prefixed,
        };
        let (degrees, plane) = (
            Point {
                x: cells[1],
                y: cells[2],
            },
            Point {
                x: cells[3],
                y: cells[4],
            },
        );
        let back = to_geographic(system, plane);
        assert!(
            (back.x - degrees.x).abs() < 2e-10 && (back.y - degrees.y).abs() < 2e-10,
            "{line}"
        );
        // The easting without the zone number, whatever the system writes.
        let shift = if prefixed {
            (plane.x / 1e6).floor() * 1e6
        } else {
            0.0
        };
        let there = to_plane(System::Cgcs2000, meridian, degrees);
        assert!(
            (there.x - (plane.x - shift)).abs() < 1e-5 && (there.y - plane.y).abs() < 1e-5,
            "{line}"
        );
        assert_eq!(to_plane(system, meridian, plane).x, plane.x - shift);
        rows += 1;
    }
    assert_eq!(rows, 64 * 6);
}

#[test]
fn planes_have_the_figures_of_urumqi() {
    for (longitude, latitude, easting, northing) in [
        (87.0, 43.9, 500_000.000, 4_862_711.243),
        (87.6, 43.9, 548_204.505, 4_862_886.260),
        (87.41, 43.80, 532_994.815, 4_851_682.022),
        (87.62, 44.08, 549_661.006, 4_882_898.334),
        (87.514_623, 43.943_077, 541_315.415, 4_867_626.318),
        (88.49, 44.0, 619_507.721, 4_874_901.940),
    ] {
        assert_eq!(meridian_near(longitude), 87);
        let degrees = Point {
            x: longitude,
            y: latitude,
        };
        let plane = to_plane(System::Cgcs2000, 87, degrees);
        assert!((plane.x - easting).abs() < 6e-4 && (plane.y - northing).abs() < 6e-4);
    }
}

#[test]
fn areas_on_the_ellipsoid_agree_with_geographiclib() {
    let cell = |x: f64, y: f64, size: f64| Polygon {
        rings: vec![
            [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
                .map(|(x, y)| Point { x, y })
                .to_vec(),
        ],
    };
    let area = ellipsoid_area(&cell(87.0, 43.0, 1.0));
    assert!((area - 8_985_387_394.820_496).abs() < 1e-3, "{area}");
    let area = ellipsoid_area(&cell(87.6, 43.9, 0.001));
    assert!((area - 8_926.613_806_247_711).abs() < 1e-5, "{area}");
    // A square of the plane, 48 km from the meridian, is smaller on the ellipsoid.
    let square = cell(548_000.0, 4_862_000.0, 100.0);
    let system = System::GaussKruger {
        width: hegui::model::shape::ZoneWidth::Three,
        meridian: 87,
        prefixed: false,
    };
    let on_ellipsoid = ellipsoid_area(&moved(&square, |point| to_geographic(system, point)));
    assert!((on_ellipsoid - 9_999.432).abs() < 2e-3, "{on_ellipsoid}");
    assert_eq!(plane_area(&square), 10_000.0);
}
