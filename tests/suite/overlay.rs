//! Boundaries measured against layers: what stands, what is missing, what is kept, and what is drawn.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::program::{Ran, copy_sample, folder, run_in, write};
use crate::reports::spread;

/// A GeoJSON text of rectangles: name, west, south, width, height.
fn rectangles(key: &str, all: &[(&str, f64, f64, f64, f64)]) -> String {
    let features: Vec<Value> = all
        .iter()
        .map(|(name, x, y, w, h)| {
            let ring = [(0.0, 0.0), (*w, 0.0), (*w, *h), (0.0, *h), (0.0, 0.0)];
            let ring: Vec<[f64; 2]> = ring.iter().map(|(a, b)| [x + a, y + b]).collect();
            json!({
                "type": "Feature",
                "properties": { key: name },
                "geometry": { "type": "Polygon", "coordinates": [ring] },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

/// A folder with a submission that gives a boundary of 100 m × 80 m, and an empty cache.
fn site(name: &str, settings: &str, more: &str) -> PathBuf {
    let folder = folder(&format!("overlay-{name}"));
    write(
        &folder,
        "hegui.toml",
        format!("cache = \"cache\"\n{settings}"),
    );
    write(
        &folder,
        "project.toml",
        format!(
            "name = \"甲\"\nsubmitted = 2025-03-05\nstage = \"filing\"\n\
             boundary = {{ file = \"boundary.geojson\", crs = \"EPSG:4538\" }}\n{more}"
        ),
    );
    let boundary = rectangles("name", &[("地块甲", 541_000.0, 4_867_000.0, 100.0, 80.0)]);
    write(&folder, "boundary.geojson", boundary);
    folder
}

fn check(folder: &Path, more: &[&str]) -> (Value, Ran) {
    let words = ["check", "project.toml", "--format", "json"];
    let ran = run_in(folder, words.iter().chain(more), b"");
    let report: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {}", ran.err));
    let mut project = report["projects"][0].clone();
    spread(&report, &mut project);
    (project, ran)
}

fn finding<'a>(project: &'a Value, rule: &str) -> &'a Value {
    let findings = project["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["rule"] == rule);
    found.unwrap_or_else(|| panic!("no finding on {rule}"))
}

fn layer<'a>(project: &'a Value, id: &str) -> &'a Value {
    let layers = project["site"]["layers"].as_array().unwrap();
    layers.iter().find(|layer| layer["id"] == id).unwrap()
}

const FARMLAND: &str = "land/permanent-farmland-construction";
const LAYERS: &str = "[layers]\npermanent-farmland = { file = \"farmland.geojson\", crs = \"EPSG:4538\", edition = \"2024\", date = 2024-12-31 }\n";
const LAND: &str = "[land]\narea = \"12 亩\"\nuse_mode = \"construction\"\ncomplete = true\n";

#[test]
fn the_measured_value_stands_against_a_claim_and_a_reply_and_the_difference_is_a_finding() {
    let folder = site(
        "stands",
        LAYERS,
        &format!("documents = []\n{LAND}permanent_farmland = 0\n"),
    );
    let farmland = rectangles("TBBH", &[("基农1", 541_050.0, 4_867_000.0, 500.0, 40.0)]);
    write(&folder, "farmland.geojson", farmland);
    for office in [
        None,
        Some(
            "[[fact]]\npath = \"land.permanent_farmland\"\nvalue = 0\ndepartment = \"局\"\nreply = \"1号\"\ndate = 2025-03-01\n",
        ),
    ] {
        if let Some(office) = office {
            write(&folder, "office.toml", office);
        }
        let (project, _) = check(&folder, &[]);
        assert_eq!(finding(&project, FARMLAND)["verdict"]["id"], "fail");
        let own = layer(&project, "permanent-farmland");
        assert_eq!(own["area_m2"], 2_000.0);
        assert_eq!(own["share"], 0.25);
        assert_eq!(own["features"][0]["attributes"]["TBBH"], "基农1");
        assert_eq!(own["file"]["edition"]["zh"], "2024");
        let differs = finding(&project, "consistency/overlay-areas");
        assert_eq!(
            (&differs["verdict"]["id"], &differs["kind"]["id"]),
            (&json!("fail"), &json!("referral"))
        );
        let facts = finding(&project, FARMLAND)["evidence"]["facts"]
            .as_array()
            .unwrap()
            .clone();
        let fact = facts
            .iter()
            .find(|f| f["path"] == "land.permanent_farmland")
            .unwrap();
        assert_eq!(
            (&fact["origin"], &fact["measured"]["layer"]),
            (&json!("measured"), &json!("permanent-farmland"))
        );
    }
}

#[test]
fn a_missing_layer_is_undetermined_and_never_zero_and_a_reply_stands_in_its_place() {
    let folder = site("missing", "", &format!("documents = []\n{LAND}"));
    let (project, _) = check(&folder, &[]);
    let farmland = finding(&project, FARMLAND);
    assert_eq!(farmland["verdict"]["id"], "undetermined");
    let missing = farmland["missing"].as_array().unwrap();
    assert!(
        missing.iter().any(|lack| lack["cause"] == "layer"),
        "{missing:?}"
    );
    // The demonstration data count for nothing here.
    let why = layer(&project, "permanent-farmland")["unmeasured"]["en"]
        .as_str()
        .unwrap();
    assert!(why.contains("demonstration"), "{why}");
    write(
        &folder,
        "office.toml",
        "[[fact]]\npath = \"land.permanent_farmland\"\nvalue = 0\ndepartment = \"局\"\nreply = \"1号\"\ndate = 2025-03-01\n",
    );
    let (project, _) = check(&folder, &[]);
    assert_eq!(
        finding(&project, FARMLAND)["verdict"]["id"],
        "not_applicable"
    );
    // A demonstration is measured against them, and says so.
    let text = fs::read_to_string(folder.join("project.toml")).unwrap();
    write(&folder, "project.toml", format!("sample = true\n{text}"));
    let (project, _) = check(&folder, &[]);
    assert_eq!(
        layer(&project, "permanent-farmland")["file"]["synthetic"],
        true
    );
    assert_eq!(
        layer(&project, "zones")["features"][0]["attributes"]["PQ"],
        "临空产业园A区"
    );
}

#[test]
fn a_boundary_that_cannot_be_measured_leaves_everything_unmeasured() {
    let folder = site("broken", LAYERS, &format!("documents = []\n{LAND}"));
    let farmland = rectangles("TBBH", &[("基农1", 0.0, 0.0, 500.0, 40.0)]);
    write(&folder, "farmland.geojson", farmland);
    let bow_tie = json!({
        "type": "Polygon",
        "coordinates": [[[541_000, 4_867_000], [541_100, 4_867_080], [541_100, 4_867_000], [541_000, 4_867_080], [541_000, 4_867_000]]],
    });
    write(&folder, "boundary.geojson", bow_tie.to_string());
    let (project, ran) = check(&folder, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("hegui::shape::crossing"), "{}", ran.err);
    assert_eq!(project["site"]["measured"], false);
    assert_eq!(finding(&project, FARMLAND)["verdict"]["id"], "undetermined");
    assert_eq!(
        finding(&project, "consistency/site-area")["verdict"]["id"],
        "undetermined"
    );
    for (file, code) in [
        ("nothing.geojson", "hegui::files::unreadable"),
        ("../b.geojson", "hegui::intake::boundary_path"),
    ] {
        let text = fs::read_to_string(folder.join("project.toml")).unwrap();
        write(
            &folder,
            "project.toml",
            text.replace("boundary.geojson", file),
        );
        let (project, ran) = check(&folder, &[]);
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(code), "{}", ran.err);
        assert_eq!(finding(&project, FARMLAND)["verdict"]["id"], "undetermined");
        write(&folder, "project.toml", text);
    }
}

#[test]
fn a_faulty_feature_at_the_boundary_makes_the_layer_unknown_there_and_nowhere_else() {
    let folder = site("faulty", LAYERS, &format!("documents = []\n{LAND}"));
    let at = |x: i64| {
        json!({
            "type": "Feature", "properties": {},
            "geometry": { "type": "Polygon", "coordinates": [[[x, 4_867_000], [x + 50, 4_867_080], [x + 50, 4_867_000], [x, 4_867_080], [x, 4_867_000]]] },
        })
    };
    for (x, verdict) in [(541_050, "undetermined"), (545_000, "not_applicable")] {
        let layer = json!({ "type": "FeatureCollection", "features": [at(x)] });
        write(&folder, "farmland.geojson", layer.to_string());
        let (project, ran) = check(&folder, &[]);
        assert_eq!(finding(&project, FARMLAND)["verdict"]["id"], verdict);
        assert!(
            ran.err.contains("hegui::overlay::faulty_shapes"),
            "{}",
            ran.err
        );
        // What is kept says the same as what was read.
        let (again, repeated) = check(&folder, &[]);
        assert_eq!((again, repeated.err), (project, ran.err));
    }
}

#[test]
fn a_sliver_keeps_its_verdict_and_drives_a_referral_at_most() {
    let folder = site("sliver", LAYERS, &format!("documents = []\n{LAND}"));
    for (width, drives, sliver) in [(0.01, "refer", true), (0.0125, "reject", false)] {
        let farmland = rectangles(
            "TBBH",
            &[("基农1", 541_100.0 - width, 4_867_000.0, 50.0, 80.0)],
        );
        write(&folder, "farmland.geojson", farmland);
        let (project, _) = check(&folder, &[]);
        let found = finding(&project, FARMLAND);
        assert_eq!(
            (&found["verdict"]["id"], &found["drives"]),
            (&json!("fail"), &json!(drives))
        );
        let remarks = &found["remarks"];
        let is_sliver = remarks
            .as_array()
            .is_some_and(|all| all.contains(&json!("sliver")));
        assert_eq!(is_sliver, sliver, "{remarks:?}");
    }
}

#[test]
fn the_site_area_is_compared_with_the_declared_one() {
    for (area, verdict) in [
        ("12 亩", "pass"),
        ("12.15 亩", "pass"),
        ("12.16 亩", "fail"),
    ] {
        let folder = site("area", "", &format!("[land]\narea = \"{area}\"\n"));
        let (project, _) = check(&folder, &[]);
        assert_eq!(
            finding(&project, "consistency/site-area")["verdict"]["id"],
            verdict,
            "{area}"
        );
    }
}

#[test]
fn a_boundary_elsewhere_is_said() {
    let folder = site("elsewhere", "", "");
    let (_, ran) = check(&folder, &[]);
    assert!(!ran.err.contains("outside_district"), "{}", ran.err);
    let far = rectangles("name", &[("地块甲", 441_000.0, 4_867_000.0, 100.0, 80.0)]);
    write(&folder, "boundary.geojson", far);
    let (project, ran) = check(&folder, &[]);
    assert!(
        ran.err.contains("hegui::overlay::outside_district"),
        "{}",
        ran.err
    );
    // The report says it too, beside the boundary, for who reads no standard error.
    let notes = project["site"]["notes"].to_string();
    assert!(notes.contains("is not within"), "{notes}");
    for (lang, words) in [("zh", "不在乌鲁木齐"), ("en", "is not within")] {
        let text = run_in(&folder, ["check", ".", "--lang", lang], b"").out;
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn beyond_the_district_no_overlap_is_unknown_and_never_zero() {
    let folder = site("beyond", LAYERS, &format!("documents = []\n{LAND}"));
    write(
        &folder,
        "farmland.geojson",
        rectangles("TBBH", &[("一", 541_000.0, 4_867_000.0, 50.0, 50.0)]),
    );
    let (project, _) = check(&folder, &[]);
    assert_eq!(finding(&project, FARMLAND)["verdict"]["id"], "fail");
    // The zone beside the right one: the same figures, three degrees to the east.
    let text = fs::read_to_string(folder.join("project.toml")).unwrap();
    write(&folder, "project.toml", text.replace("4538", "4539"));
    let (project, ran) = check(&folder, &[]);
    assert!(
        ran.err.contains("hegui::overlay::outside_district"),
        "{}",
        ran.err
    );
    assert_eq!(finding(&project, FARMLAND)["verdict"]["id"], "undetermined");
    assert!(layer(&project, "permanent-farmland")["unmeasured"].is_object());
}

#[test]
fn a_site_in_two_zones_has_no_one_zone_and_every_control_unit_is_listed() {
    let folder = site("zones", "", "sample = true\n");
    // Half in zone A, half in zone B.
    let boundary = rectangles("name", &[("地块甲", 544_450.0, 4_867_000.0, 100.0, 80.0)]);
    write(&folder, "boundary.geojson", boundary);
    let (project, _) = check(&folder, &[]);
    let zones = layer(&project, "zones")["features"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(zones, 2);
    let open = project["findings"].as_array().unwrap().iter();
    let zone = open
        .filter_map(|f| f["missing"].as_array())
        .flatten()
        .find(|lack| lack["path"] == "plan.zone")
        .unwrap();
    assert_eq!(zone["cause"], "imprecise");
}

#[test]
fn what_is_kept_of_a_layer_changes_nothing_and_damage_is_mended() {
    let folder = site("cache", LAYERS, &format!("documents = []\n{LAND}"));
    let many: Vec<(String, f64, f64)> = (0..3_000)
        .map(|i| {
            let (row, column) = (i / 60, i % 60);
            (
                format!("基农{i}"),
                540_000.0 + 40.0 * f64::from(column),
                4_866_000.0 + 40.0 * f64::from(row),
            )
        })
        .collect();
    let many: Vec<(&str, f64, f64, f64, f64)> = many
        .iter()
        .map(|(n, x, y)| (n.as_str(), *x, *y, 30.0, 30.0))
        .collect();
    write(&folder, "farmland.geojson", rectangles("TBBH", &many));
    let (plain, _) = check(&folder, &["--no-cache"]);
    assert!(!folder.join("cache").exists());
    let both: Vec<Value> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| check(&folder, &[]).0))
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert_eq!(both, [plain.clone(), plain.clone()]);
    let kept = || {
        let mut all: Vec<PathBuf> = fs::read_dir(folder.join("cache"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "hegui-large"))
            .collect();
        all.sort();
        all
    };
    let [path] = kept().try_into().unwrap();
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len())
        .step_by(whole.len() / 40)
        .chain([whole.len() - 1])
    {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        assert_eq!(check(&folder, &[]).0, plain, "byte {at}");
    }
    for length in [0, 10, whole.len() / 2] {
        fs::write(&path, &whole[..length]).unwrap();
        assert_eq!(check(&folder, &[]).0, plain, "length {length}");
    }
    // A layer that was changed is read again.
    write(&folder, "farmland.geojson", rectangles("TBBH", &many[..10]));
    let (changed, _) = check(&folder, &[]);
    assert_eq!(layer(&changed, "permanent-farmland")["area_m2"], 0.0);
    assert_eq!(kept().len(), 2);
}

#[test]
fn the_same_ground_in_degrees_and_in_planes_measures_alike() {
    let folder = site("systems", "", "");
    write(
        &folder,
        "layer.geojson",
        rectangles("TBBH", &[("一", 541_050.0, 4_867_000.0, 500.0, 40.0)]),
    );
    write(
        &folder,
        "zoned.geojson",
        rectangles("TBBH", &[("一", 29_541_050.0, 4_867_000.0, 500.0, 40.0)]),
    );
    let area = |file: &str, crs: &str| {
        let flag = format!("redline={file}");
        let words = [
            "overlay",
            "boundary.geojson",
            "--crs",
            "EPSG:4538",
            "--layer",
            &flag,
            "--layer-crs",
            crs,
            "--format",
            "csv",
            "--lang",
            "en",
        ];
        let ran = run_in(&folder, words, b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let line = ran.out.lines().nth(1).unwrap().to_owned();
        line.split(',').nth(6).unwrap().parse::<f64>().unwrap()
    };
    assert!((area("layer.geojson", "EPSG:4538") - 2_000.0).abs() < 1e-3);
    assert!((area("zoned.geojson", "EPSG:4517") - 2_000.0).abs() < 1e-3);
}

#[test]
fn the_overlay_command_lists_every_overlap_and_what_cannot_be_measured() {
    let folder = site("list", "", "");
    let (x, y) = (541_000.0, 4_867_000.0);
    let bow_tie = |name: &str, x: f64| {
        json!({
            "type": "Feature", "properties": { "name": name },
            "geometry": { "type": "Polygon", "coordinates": [[[x, y], [x + 9.0, y + 9.0], [x + 9.0, y], [x, y + 9.0], [x, y]]] },
        })
    };
    let with = |all: String, more: Value| {
        let mut all: Value = serde_json::from_str(&all).unwrap();
        all["features"].as_array_mut().unwrap().push(more);
        all.to_string()
    };
    let parcels = rectangles(
        "name",
        &[("=甲", x, y, 10.0, 10.0), ("乙", x + 50.0, y, 2.0, 2.0)],
    );
    write(
        &folder,
        "parcels.geojson",
        with(parcels, bow_tie("丙", x + 900.0)),
    );
    let layer = rectangles(
        "TBBH",
        &[
            ("一", x + 5.0, y, 100.0, 5.0),
            ("二", x + 50.0, y, 1.0, 1.0),
        ],
    );
    write(
        &folder,
        "layer.geojson",
        with(layer, bow_tie("三", x + 51.5)),
    );
    let words = [
        "overlay",
        "parcels.geojson",
        "--crs",
        "EPSG:4538",
        "--layer",
        "任意=layer.geojson",
        "--layer-crs",
        "EPSG:4538",
        "--format",
        "csv",
        "--lang",
        "en",
    ];
    let ran = run_in(&folder, words, b"");
    // The parcel that cannot be measured is an error, and the rest is listed all the same.
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("hegui::shape::crossing"), "{}", ran.err);
    let lines: Vec<&str> = ran.out.trim_start_matches('\u{FEFF}').lines().collect();
    assert_eq!(
        lines,
        [
            "parcel,name,parcel_m2,layer,feature,status,overlap_m2,hectares,mu,share_percent,attributes",
            "3,丙,,,,parcel cannot be measured,,,,,",
            "1,'=甲,100.0000,任意,1,overlap,25.0000,0.00250000,0.0375000,25.000000,",
            "2,乙,4.0000,任意,1,overlap,4.0000,0.00040000,0.0060000,100.000000,",
            "2,乙,4.0000,任意,2,overlap,1.0000,0.00010000,0.0015000,25.000000,",
            "2,乙,4.0000,任意,3,feature is invalid,,,,,",
        ]
    );
}

#[test]
fn an_area_that_a_parcel_states_is_held_against_its_points() {
    let folder = site("stated", "", "");
    let text = |area: &str| {
        format!(
            "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=29\n[地块坐标]\n\
             4,{area},1,甲,面,,工业用地,,@\nJ1,1,4867000,29541000\nJ2,1,4867000,29541200\n\
             J3,1,4867100,29541200\nJ4,1,4867100,29541000\n"
        )
    };
    // 2 ha; 0.01 ha and 0.5 % of it are rounding.
    for (area, wrong) in [
        ("2.0000", false),
        ("1.991", false),
        ("1.98", true),
        ("20000", true),
    ] {
        write(&folder, "parcels.txt", text(area));
        let ran = run_in(&folder, ["overlay", "parcels.txt", "--lang", "en"], b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(
            ran.err.contains("hegui::boundary::area"),
            wrong,
            "{area}: {}",
            ran.err
        );
    }
}

#[test]
fn a_map_of_another_program_is_told_what_to_save_it_as() {
    let folder = site("foreign", "", "");
    write(&folder, "parcels.gml", "<gml:FeatureCollection/>");
    let ran = run_in(&folder, ["overlay", "parcels.gml", "--lang", "en"], b"");
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("hegui::map::unknown_format"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("save any other"), "{}", ran.err);
}

#[test]
fn a_parcel_beyond_the_district_is_named_and_never_a_silent_zero() {
    let folder = site("beyond", "", "");
    let (x, y) = (541_000.0, 4_867_000.0);
    let parcels = rectangles(
        "name",
        &[
            ("近", x, y, 10.0, 10.0),
            ("远", x, y - 900_000.0, 10.0, 10.0),
        ],
    );
    write(&folder, "parcels.geojson", parcels);
    let overlay = |more: &[&str]| {
        let own = [
            "overlay",
            "parcels.geojson",
            "--crs",
            "EPSG:4538",
            "--lang",
            "en",
        ];
        run_in(&folder, own.iter().chain(more).copied(), b"")
    };
    let ran = overlay(&["--format", "csv"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("hegui::overlay::outside_district") && ran.err.contains("1 (2)"),
        "{}",
        ran.err
    );
    let beyond = |line: &&str| line.contains("beyond the layers");
    let lines: Vec<&str> = ran.out.lines().filter(beyond).collect();
    assert_eq!(lines, ["2,远,100.0000,,,beyond the layers,,,,,"]);
    let ran = overlay(&[]);
    assert!(
        ran.out.contains("1 of them reach beyond the layers"),
        "{}",
        ran.out
    );
    // A layer that packs do not know may be of any place.
    let layer = rectangles("name", &[("一", x, y - 900_000.0, 5.0, 5.0)]);
    write(&folder, "far.geojson", layer);
    let ran = overlay(&["--layer", "任意=far.geojson", "--layer-crs", "EPSG:4538"]);
    assert!(!ran.err.contains("outside_district"), "{}", ran.err);
}

#[test]
fn a_map_holds_what_was_measured_in_every_format_and_is_the_same_each_time() {
    let folder = folder("overlay-map");
    copy_sample("two-parcels-with-a-hole", &folder);
    write(&folder, "hegui.toml", "cache = false\n");
    for (file, lang) in [
        ("a.svg", "zh"),
        ("b.svg", "en"),
        ("c.html", "zh"),
        ("d.geojson", "en"),
    ] {
        let words = ["map", "project.toml", "-o", file, "--lang", lang];
        let ran = run_in(&folder, words, b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let first = fs::read_to_string(folder.join(file)).unwrap();
        run_in(&folder, words, b"");
        assert_eq!(fs::read_to_string(folder.join(file)).unwrap(), first);
        match file.split_once('.').unwrap().1 {
            "svg" => {
                roxmltree::Document::parse(&first).unwrap();
                let wanted = if lang == "zh" {
                    ["图例", "演示数据", "15,600.00 m²", "中央经线 87°", "地块一"]
                } else {
                    [
                        "Legend",
                        "SAMPLE DATA",
                        "15,600.00 m²",
                        "central meridian 87°E",
                        "地块一",
                    ]
                };
                for words in wanted {
                    assert!(first.contains(words), "{file}: {words}");
                }
            }
            "html" => assert!(first.contains("<svg") && first.contains("临空产业园A区")),
            _ => {
                let data: Value = serde_json::from_str(&first).unwrap();
                let features = data["features"].as_array().unwrap();
                let parcels: Vec<&Value> = features
                    .iter()
                    .filter(|f| f["properties"]["kind"] == "parcel")
                    .collect();
                assert_eq!(parcels.len(), 2);
                // The hole is a hole.
                assert_eq!(
                    parcels[0]["geometry"]["coordinates"][0]
                        .as_array()
                        .unwrap()
                        .len(),
                    2
                );
                let spot = &parcels[1]["geometry"]["coordinates"][0][0][0];
                assert!((spot[0].as_f64().unwrap() - 87.53).abs() < 0.01, "{spot}");
            }
        }
    }
    let ran = run_in(&folder, ["map", "project.toml", "-o", "map.pdf"], b"");
    assert_eq!(ran.code, 2);
    let ran = run_in(&folder, ["map", "project.toml", "--project", "other"], b"");
    assert!(ran.code == 2 && ran.out.is_empty());
}

#[test]
fn a_map_is_no_larger_than_its_picture_needs() {
    let settings =
        LAYERS.to_owned() + "cultivated = { file = \"many.geojson\", crs = \"EPSG:4538\" }\n";
    let folder = site("detail", &settings, LAND);
    // A jagged circle of 60,000 corners around the site's corner, and 2,500 fields of which each is a dot.
    let ring: Vec<[f64; 2]> = (0..=60_000)
        .map(|at| {
            let turn = f64::from(at % 60_000) / 60_000.0 * std::f64::consts::TAU;
            let radius = 70.0 + 0.02 * f64::from(at % 2);
            [
                541_000.0 + radius * turn.cos(),
                4_867_000.0 + radius * turn.sin(),
            ]
        })
        .collect();
    let jagged = json!({ "type": "FeatureCollection", "features": [{
        "type": "Feature", "properties": { "TBBH": "基农1" },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    }] });
    write(&folder, "farmland.geojson", jagged.to_string());
    let many: Vec<(&str, f64, f64, f64, f64)> = (0..2_500_u32)
        .map(|at| {
            let (x, y) = (f64::from(at % 50) * 4.0, f64::from(at / 50) * 3.0);
            ("田", 540_950.0 + x, 4_866_960.0 + y, 0.05, 0.05)
        })
        .collect();
    write(&folder, "many.geojson", rectangles("TBBH", &many));
    let ran = run_in(&folder, ["map", "project.toml"], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    roxmltree::Document::parse(&ran.out).unwrap();
    assert!(ran.out.contains("url(#hatch0)"));
    // The circle alone would take 1.5 MB.
    assert!(ran.out.len() < 60_000, "{}", ran.out.len());
}

#[test]
fn mistakes_about_layers_are_said_at_their_place() {
    let folder = site(
        "mistakes",
        "[layers]\nredlin = \"a.shp\"\nwetland = { path = \"a.shp\" }\ncultivated = \"nothing.shp\"\n",
        "",
    );
    let (_, ran) = check(&folder, &["--lang", "en"]);
    assert_eq!(ran.code, 2);
    for words in [
        "redlin",
        "did you mean `redline`?",
        "`path` is not a key",
        "nothing.shp",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    let ran = run_in(
        &folder,
        ["check", "project.toml", "--layer", "redline"],
        b"",
    );
    assert_eq!(ran.code, 2);
}

#[test]
fn a_recorded_run_holds_the_boundary_and_the_layers_it_was_measured_against() {
    let folder = site("record", LAYERS, &format!("documents = []\n{LAND}"));
    let farmland = rectangles("TBBH", &[("基农1", 541_050.0, 4_867_000.0, 500.0, 40.0)]);
    write(&folder, "farmland.geojson", farmland);
    // What is kept of the layer must not stand in for it.
    check(&folder, &[]);
    let ran = run_in(
        &folder,
        ["check", "project.toml", "--record", "records"],
        b"",
    );
    assert_ne!(ran.code, 2, "{}", ran.err);
    fs::remove_file(folder.join("farmland.geojson")).unwrap();
    fs::remove_file(folder.join("boundary.geojson")).unwrap();
    let ran = run_in(&folder, ["audit", "verify", "records"], b"");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // A byte of the layer that is not what it was is named by the layer's file.
    let records = folder.join("records/records");
    let record = fs::read_dir(records)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let record: Value = serde_json::from_slice(&fs::read(record).unwrap()).unwrap();
    let inputs = record["inputs"].as_array().unwrap();
    let layer = inputs
        .iter()
        .find(|input| input["path"] == "farmland.geojson")
        .unwrap();
    assert_eq!(layer["role"], "layer");
    let hash = layer["hash"].as_str().unwrap();
    let object = folder
        .join("records/objects")
        .join(hash.get(..2).unwrap())
        .join(hash.get(2..).unwrap());
    let mut bytes = fs::read(&object).unwrap();
    bytes[40] ^= 1;
    fs::write(&object, bytes).unwrap();
    let ran = run_in(&folder, ["audit", "verify", "records"], b"");
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("图层文件 farmland.geojson"), "{}", ran.out);
}
