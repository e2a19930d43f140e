//! Twenty thousand parcels against a layer of 200,000 polygons, twenty of them of 50,000 vertices: measuring alone,
//! and one process for one parcel with the layer in the cache.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "bench code")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use hegui::base::cache::Cache;
use hegui::base::source::Place;
use hegui::base::text::Text;
use hegui::model::layer::{Layer, LayerData};
use hegui::model::number::Number;
use hegui::overlay::bulk::{Plot, measure};
use hegui::overlay::claim::Claim;
use hegui::overlay::formats::Input;
use hegui::overlay::reading;
use hegui::overlay::survey::LayerSource;

const PARCELS: usize = 20_000;
const POLYGONS: usize = 200_000;
const LARGE: usize = 20;
const CRS: &str = "EPSG:4517";

fn main() {
    let set = set();
    let mut hits = 0;
    let mut total = 0.0;
    run(set, &mut |area| {
        hits += 1;
        total += area;
    });
    println!(
        "{} parcels, {POLYGONS} polygons: {hits} overlaps, {total:.1} m²",
        set.plots.len()
    );
    divan::main();
}

struct Set {
    layer: Layer,
    source: LayerSource,
    cache: Cache,
    plots: Vec<Plot>,
    folder: PathBuf,
}

fn set() -> &'static Set {
    static SET: OnceLock<Set> = OnceLock::new();
    SET.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("overlay-bench");
        fs::create_dir_all(&folder).unwrap();
        let mut next = numbers(20_261_124);
        let parcels: Vec<Vec<[f64; 2]>> = (0..PARCELS)
            .map(|i| star(&mut next, 20.0, 180.0, 5 + i % 16))
            .collect();
        let polygons: Vec<Vec<[f64; 2]>> = (0..POLYGONS)
            .map(|i| {
                if i < LARGE {
                    star(&mut next, 2_000.0, 3_000.0, 50_000)
                } else {
                    star(&mut next, 30.0, 300.0, 6 + i % 45)
                }
            })
            .collect();
        // Written once: an unchanged file keeps its place in the cache.
        for (name, shapes) in [("parcels", &parcels), ("layer", &polygons)] {
            let path = folder.join(format!("{name}.geojsonl"));
            let text = lines(shapes);
            if fs::read_to_string(&path).ok().as_deref() != Some(&text) {
                fs::write(path, text).unwrap();
            }
        }
        let claim = Claim::named(CRS, Place::Nowhere);
        let input = Input::file(&folder.join("parcels.geojsonl"), u64::MAX).unwrap();
        let (usable, outcome) = reading::read(&input, Some(&claim), Place::Nowhere);
        assert_eq!((usable.len(), outcome.unusable), (PARCELS, 0));
        let data = LayerData {
            file: "layer.geojsonl".to_owned(),
            pack: None,
            text: None,
            crs: Some((CRS.to_owned(), Place::Nowhere)),
            provider: Text::default(),
            edition: Text::default(),
            date: None,
            synthetic: true,
            columns: Vec::new(),
            place: Place::Nowhere,
        };
        Set {
            layer: Layer {
                id: "bench".to_owned(),
                label: Text::same("bench"),
                provider: Text::default(),
                attributes: Vec::new(),
                fills: Vec::new(),
                tolerance: Number::ZERO,
                sliver: Number::ZERO,
                data: None,
                place: Place::Nowhere,
            },
            source: LayerSource {
                data,
                input: Some(Input::file(&folder.join("layer.geojsonl"), u64::MAX).unwrap()),
            },
            cache: Cache::at(folder.join("cache")),
            plots: usable.iter().map(Plot::new).collect(),
            folder,
        }
    })
}

/// Numbers that look random and are the same each time.
fn numbers(mut seed: u64) -> impl FnMut() -> f64 {
    move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        f64::from(u32::try_from(seed >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

/// A ring whose angles rise, so that it never crosses itself.
fn star(next: &mut impl FnMut() -> f64, least: f64, more: f64, vertices: usize) -> Vec<[f64; 2]> {
    let (x, y) = (
        29_520_000.0 + next() * 40_000.0,
        4_840_000.0 + next() * 40_000.0,
    );
    let radius = least + more * next();
    let step = std::f64::consts::TAU / f64::from(u32::try_from(vertices).unwrap());
    let mut angle = 0.0;
    (0..vertices)
        .map(|_| {
            angle += step;
            // A long border winds like a river and is rough only in the small, as surveyed ones are.
            let r = if vertices > 1_000 {
                let wave = 0.12 * (9.0 * angle).sin() + 0.05 * (83.0 * angle).sin();
                radius * (1.0 + wave) - 2.0 * next()
            } else {
                radius * (0.8 + 0.2 * next())
            };
            let at = |value: f64| (value * 1_000.0).round() / 1_000.0;
            [at(x + r * angle.cos()), at(y + r * angle.sin())]
        })
        .collect()
}

fn lines(shapes: &[Vec<[f64; 2]>]) -> String {
    let mut text = String::new();
    for ring in shapes {
        text.push_str("{\"type\":\"Feature\",\"properties\":{},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
        for (number, [x, y]) in ring.iter().chain(ring.first()).enumerate() {
            let comma = if number == 0 { "" } else { "," };
            let _ = write!(text, "{comma}[{x},{y}]");
        }
        text.push_str("]]}}\n");
    }
    text
}

fn run(set: &Set, visit: &mut dyn FnMut(f64)) {
    let mut problems = Vec::new();
    let mut each = |hit: hegui::overlay::bulk::Hit| visit(hit.area.unwrap());
    measure(
        &set.layer,
        &set.source,
        &set.cache,
        &set.plots,
        &mut problems,
        &mut each,
    )
    .unwrap();
    assert!(problems.is_empty());
}

/// All parcels against the cached layer: its pages are read, too.
#[divan::bench(sample_count = 5)]
fn all_parcels(bencher: Bencher) {
    let set = set();
    bencher.counter(ItemsCount::new(PARCELS)).bench(|| {
        let mut total = 0.0;
        run(set, &mut |area| total += area);
        total
    });
}

/// One parcel, in a process of its own, against the cached layer.
#[divan::bench(sample_count = 20)]
fn one_parcel_in_a_process(bencher: Bencher) {
    let set = set();
    let first = fs::read_to_string(set.folder.join("parcels.geojsonl")).unwrap();
    let one = set.folder.join("one.geojsonl");
    fs::write(&one, first.lines().next().unwrap()).unwrap();
    let layer = format!("bench={}", set.folder.join("layer.geojsonl").display());
    let ask = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hegui"));
        command.args([
            "overlay",
            "--crs",
            CRS,
            "--layer-crs",
            CRS,
            "--format",
            "csv",
        ]);
        command.arg(&one).args(["--layer", &layer]);
        command.env("XDG_CACHE_HOME", set.folder.join("home"));
        let done = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(done.success());
    };
    ask();
    bencher.bench(ask);
}
