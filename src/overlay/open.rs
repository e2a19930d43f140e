//! Opening a layer: its cut form out of the cache, or made from its file and kept there.
//!
//! The cache knows a file by its path, its size and the time it was changed, together with what is taken of it; the
//! hash of its bytes is taken when the form is made. A form that is damaged is made anew.
//! It does not know projects.

use std::ops::ControlFlow;

use crate::base::cache::Cache;
use crate::base::hash::{Hasher, hex, sha256};
use crate::base::problem::{Problem, any_error};
use crate::base::source::Place;
use crate::model::layer::{Layer, LayerData};
use crate::model::shape::{Point, Polygon};
use crate::model::site::LayerFile;
use crate::overlay::claim::Claim;
use crate::overlay::formats::Input;
use crate::overlay::index::{Builder, Feature, Index};
use crate::overlay::planes::{normal, plain};
use crate::overlay::projection;
use crate::overlay::reading;
use crate::text;

/// The engine that read and checked the file: another one may find other things in it.
const VERSION: &str = concat!("hegui layer ", env!("HEGUI_SOURCE"));

/// What the codes of problems about single shapes begin with.
const FAULTS: &str = "hegui::shape::";

/// A layer that can be measured against.
#[derive(Debug)]
pub(super) struct Open {
    /// Its pieces.
    pub(super) index: Index,
    /// Its file as shown in reports.
    pub(super) file: LayerFile,
    /// The name under which its form is kept, if it is.
    name: Option<String>,
}

/// Opens the file of a layer.
pub(super) fn open(
    layer: &Layer,
    data: &LayerData,
    input: &Input,
    cache: &Cache,
    problems: &mut Vec<Problem>,
) -> Option<Open> {
    let stamp = input.stamp();
    let name = stamp.as_ref().map(|stamp| key(layer, data, stamp));
    let kept = name.as_ref().and_then(|name| cache.large(name));
    let index = match kept.and_then(Index::open) {
        Some(index) => index,
        None => {
            // A form in memory needs no name; one that is kept is written under it.
            let none = Cache::none();
            let (cache, named) = match &name {
                Some(name) => (cache, name.as_str()),
                None => (&none, ""),
            };
            let index = build(layer, data, input, cache, named, problems)?;
            if input.stamp() != stamp {
                cache.forget(named);
                problems.push(changed(input, data.place));
                return None;
            }
            index
        }
    };
    let head = index.head();
    if head.faulty > 0 {
        let (file, faulty) = (input.main.name(), head.faulty);
        let (zh, en) = (&layer.label.zh, &layer.label.en);
        problems.push(
            Problem::warning(
                "hegui::overlay::faulty_shapes",
                data.place,
                text!(
                    "图层“{zh}”（`{file}`）有 {faulty} 个图斑图形有误，边界触及它们的项目不作该图层的套合",
                    "{faulty} shapes of the layer “{en}” (`{file}`) are invalid; sites that touch them are not measured against it"
                ),
            )
            .help(text!(
                "用 hegui overlay 可列出有误的图斑",
                "`hegui overlay` lists them"
            )),
        );
    }
    let provider = if data.provider.is_empty() {
        layer.provider.clone()
    } else {
        data.provider.clone()
    };
    Some(Open {
        file: LayerFile {
            name: input.main.name().to_owned(),
            hash: hex(&head.hash),
            provider,
            edition: data.edition.clone(),
            date: data.date,
            synthetic: data.synthetic,
            written: head.written,
            features: head.features,
        },
        index,
        name,
    })
}

impl Open {
    /// Forgets the kept form, which proved to be damaged.
    pub(super) fn forget(self, cache: &Cache) {
        if let Some(name) = &self.name {
            cache.forget(name);
        }
    }
}

/// The name of a form: a hash of everything that it depends on.
fn key(layer: &Layer, data: &LayerData, stamp: &str) -> String {
    let mut hash = Hasher::default();
    hash.update(VERSION);
    let crs = data.crs.as_ref().map_or("", |(words, _)| words);
    for part in [stamp, crs] {
        hash.update(format!("\n{}\n", part.len()));
        hash.update(part);
    }
    for attribute in &layer.attributes {
        let column = data.column(&attribute.name);
        hash.update(format!("\n{}\n{column}", attribute.name));
    }
    format!("layer-{}", hex(&hash.finish()))
}

fn changed(input: &Input, place: Place) -> Problem {
    let name = input.main.name();
    Problem::error(
        "hegui::overlay::changed",
        place,
        text!(
            "图层文件 `{name}` 在读取期间被改动，请重新运行",
            "the layer file `{name}` was changed while it was read; run again"
        ),
    )
}

/// The hash of a file and of what belongs to it.
pub(super) fn hash(input: &Input) -> Result<[u8; 32], Problem> {
    let main = input.main.hash()?;
    if input.sides.is_empty() {
        return Ok(main);
    }
    let mut all = main.to_vec();
    for side in &input.sides {
        all.extend(side.hash()?);
    }
    Ok(sha256(&all))
}

/// Reads the file, cuts its features and writes the form.
fn build(
    layer: &Layer,
    data: &LayerData,
    input: &Input,
    cache: &Cache,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<Index> {
    let unreadable = |error: &std::io::Error| {
        let file = input.main.name();
        Problem::error(
            "hegui::overlay::cache",
            data.place,
            text!(
                "图层文件 `{file}` 的切分结果无法写入：{error}",
                "the cut form of the layer file `{file}` cannot be written: {error}"
            ),
        )
    };
    let hash = hash(input).map_err(|problem| problems.push(problem)).ok()?;
    let claim = data
        .crs
        .as_ref()
        .map(|(words, place)| Claim::named(words, *place));
    let names: Vec<String> = layer.attributes.iter().map(|a| a.name.clone()).collect();
    let mut builder: Option<Builder> = None;
    let mut failed = None;
    let outcome = reading::each(input, claim.as_ref(), data.place, &mut |usable| {
        let written = usable.system;
        let builder = builder.get_or_insert_with(|| {
            Builder::new(cache.spool(name), normal(written), written, names.clone())
        });
        let value = |name: &String| {
            let column = data.column(name);
            let found = usable
                .shape
                .attributes
                .iter()
                .find(|(own, _)| own == column);
            found
                .map(|(_, value)| value.clone())
                .filter(|value| !value.is_empty())
        };
        let feature = Feature {
            number: usable.shape.number as u64,
            faulty: usable.faulty,
            attributes: names.iter().map(value).collect(),
        };
        let to = builder.system();
        let point = |point: Point| match to {
            _ if normal(written) == to => plain(written, point),
            crate::model::shape::System::GaussKruger { meridian, .. } => {
                projection::to_plane(written, meridian, point)
            }
            _ => projection::to_geographic(written, point),
        };
        let polygons: Vec<Polygon> = usable
            .shape
            .polygons
            .iter()
            .map(|polygon| projection::moved(polygon, point))
            .collect();
        match builder.feature(&feature, &polygons) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    if let Some(error) = failed {
        problems.push(unreadable(&error));
        return None;
    }
    // Shapes with faults are kept as such, and the head tells how many there are.
    let of_shape = |problem: &Problem| problem.code.starts_with(FAULTS);
    let (_, others): (Vec<_>, Vec<_>) = outcome.problems.into_iter().partition(of_shape);
    let broken = any_error(&others);
    // What is kept is not read again, and what was said of it would not be said again.
    let none = Cache::none();
    let cache = if others.is_empty() { cache } else { &none };
    problems.extend(others);
    if broken {
        return None;
    }
    let Some(builder) = builder else {
        let file = input.main.name();
        problems.push(Problem::error(
            "hegui::overlay::empty",
            data.place,
            text!(
                "图层文件 `{file}` 中没有可用的图斑",
                "the layer file `{file}` has no polygon that can be used"
            ),
        ));
        return None;
    };
    match builder.finish(hash, cache.draft(name)) {
        Ok(kept) => Index::open(kept),
        Err(error) => {
            problems.push(unreadable(&error));
            None
        }
    }
}
