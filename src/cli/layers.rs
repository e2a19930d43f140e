//! Which file each layer is measured from: of `--layer`, else `hegui.toml`, else the pack; and the boundaries of
//! projects, which are then surveyed.
//!
//! It does not know what stands in the files.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::config::{Config, LayerWord};
use super::gather::Gathered;
use crate::base::cache::Cache;
use crate::base::problem::Problem;
use crate::base::source::{Place, Sources};
use crate::base::suggest::nearest;
use crate::base::text::Text;
use crate::model::layer::{Layer, LayerData};
use crate::model::number::Number;
use crate::model::project::Project;
use crate::model::site::{Drawn, Site, Touched};
use crate::overlay::formats::Input;
use crate::overlay::survey::{LayerSource, Survey};
use crate::report::map::{Ground, surroundings};
use crate::rules::pack::{PackOrigin, Packs};
use crate::text;

/// The largest boundary that is read.
const BOUNDARY_LIMIT: u64 = 256 << 20;
/// The largest boundary whose text is underlined.
const SHOWN_LIMIT: u64 = 4 << 20;

/// A layer's file on the command line: `--layer id=path`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerFlag {
    /// The layer's id.
    pub id: String,
    /// The file.
    pub file: PathBuf,
}

/// The file of every layer, in their order.
pub(super) fn sources(
    packs: &Packs,
    flags: &[LayerFlag],
    config: &Config,
    problems: &mut Vec<Problem>,
) -> Vec<Option<LayerSource>> {
    let known = || packs.layers.all.iter().map(|layer| layer.id.as_str());
    let unknown = |id: &str, place: Place| {
        let near = nearest(id, known());
        let all: Vec<&str> = known().collect();
        let help = match near {
            Some(near) => text!("是不是想写 `{near}`？", "did you mean `{near}`?"),
            None => Text::new(
                format!("可用：{}", all.join("、")),
                format!("known: {}", all.join(", ")),
            ),
        };
        Problem::error(
            "hegui::overlay::unknown_layer",
            place,
            text!("没有图层 `{id}`", "there is no layer `{id}`"),
        )
        .help(help)
    };
    for word in &config.layers {
        if packs.layers.find(&word.id).is_none() {
            problems.push(unknown(&word.id, word.place));
        }
    }
    for flag in flags {
        if packs.layers.find(&flag.id).is_none() {
            problems.push(unknown(&flag.id, Place::Nowhere));
        }
    }
    let of = |layer: &Layer| {
        let flag = flags.iter().rev().find(|flag| flag.id == layer.id);
        let word = config.layers.iter().find(|word| word.id == layer.id);
        (flag, word)
    };
    let mut one = |layer: &Layer| -> Option<LayerSource> {
        let (data, input) = match of(layer) {
            (Some(flag), word) => {
                // What the office says of its layer goes with its file, not with another.
                let said = word.filter(|word| same_file(config, word, &flag.file));
                let data = said.map_or_else(
                    || plain(&flag.file.to_string_lossy()),
                    |word| word.data.clone(),
                );
                (data, Input::file(&flag.file, u64::MAX))
            }
            (None, Some(word)) => {
                let path = beside(config, &word.data.file);
                (word.data.clone(), Input::file(&path, u64::MAX))
            }
            (None, None) => {
                let data = layer.data.clone()?;
                let input = of_pack(packs, &data);
                (data, input)
            }
        };
        let input = match input {
            Ok(input) => Some(input),
            Err(mut problem) => {
                if let Some(label) = problem.labels.first_mut() {
                    label.place = data.place;
                }
                problems.push(problem);
                None
            }
        };
        Some(LayerSource { data, input })
    };
    packs.layers.all.iter().map(&mut one).collect()
}

/// The path of a file that the settings name.
pub(super) fn beside(config: &Config, file: &str) -> PathBuf {
    config.folder.as_deref().unwrap_or(Path::new("")).join(file)
}

fn same_file(config: &Config, word: &LayerWord, file: &Path) -> bool {
    let real = |path: &Path| crate::base::files::resolved(path);
    let own = real(&beside(config, &word.data.file));
    own.is_some() && own == real(file)
}

/// A layer that no pack knows: its file alone.
pub(super) fn unknown(
    flag: &LayerFlag,
    crs: Option<&str>,
    problems: &mut Vec<Problem>,
) -> (Layer, LayerSource) {
    let layer = Layer {
        id: flag.id.clone(),
        label: Text::same(flag.id.clone()),
        provider: Text::new("提供方未注明", "provider not stated"),
        attributes: Vec::new(),
        fills: Vec::new(),
        tolerance: Number::ZERO,
        sliver: Number::ZERO,
        data: None,
        place: Place::Nowhere,
    };
    let mut data = plain(&flag.file.to_string_lossy());
    data.crs = crs.map(|words| (words.to_owned(), Place::Nowhere));
    let input = Input::file(&flag.file, u64::MAX)
        .map_err(|problem| problems.push(problem))
        .ok();
    (layer, LayerSource { data, input })
}

/// A file of which nothing is said.
fn plain(file: &str) -> LayerData {
    LayerData {
        file: file.to_owned(),
        pack: None,
        text: None,
        crs: None,
        provider: Text::default(),
        edition: Text::default(),
        date: None,
        synthetic: false,
        columns: Vec::new(),
        place: Place::Nowhere,
    }
}

/// The file that a pack gives.
fn of_pack(packs: &Packs, data: &LayerData) -> Result<Input, Problem> {
    let head = data.pack.and_then(|pack| packs.heads.get(pack));
    let missing = || {
        let file = &data.file;
        Problem::error(
            "hegui::pack::file",
            data.place,
            text!("规则包里没有文件 `{file}`", "the pack has no file `{file}`"),
        )
    };
    let head = head.ok_or_else(missing)?;
    if let Some(text) = &data.text {
        let name = format!("{}/{}", head.id, data.file);
        return Ok(Input::memory(name, text.as_bytes()));
    }
    match &head.origin {
        PackOrigin::Folder(folder) => Input::file(&Path::new(folder).join(&data.file), u64::MAX),
        PackOrigin::Embedded => Err(missing()),
    }
}

/// Measures every project that gives a boundary.
pub(super) fn survey(
    packs: &Packs,
    layers: &[Option<LayerSource>],
    cache: &Cache,
    max_size: Option<u64>,
    sources: &mut Sources,
    found: &mut Gathered,
) -> Vec<Problem> {
    let vocabulary = &packs.library.vocabulary;
    let mut survey = Survey::new(&packs.layers, vocabulary, layers, cache);
    let mut problems = Vec::new();
    for (number, project) in found.projects.iter_mut().enumerate() {
        let Some(boundary) = &project.boundary else {
            continue;
        };
        let folder = found.folders.get(number).cloned().unwrap_or_default();
        let mut inputs = Vec::new();
        for part in &boundary.parts {
            let Drawn::File(file) = &part.drawn else {
                inputs.push(None);
                continue;
            };
            let path = folder.join(file);
            let input = within(&folder, &path, part.place)
                .and_then(|()| Input::file(&path, max_size.unwrap_or(BOUNDARY_LIMIT)));
            match input {
                Ok(input) => inputs.push(Some(input.with_source(sources, SHOWN_LIMIT))),
                Err(mut problem) => {
                    if let Some(label) = problem.labels.first_mut() {
                        label.place = part.place;
                    }
                    problems.push(problem);
                    inputs.push(None);
                }
            }
        }
        problems.extend(survey.measure(project, &inputs));
    }
    problems
}

/// What lies around sites, told by the layers of a run: opened when the first map is drawn, and open from then on.
#[derive(Debug)]
pub(super) struct Surveyed<'a>(RefCell<Survey<'a>>);

impl<'a> Surveyed<'a> {
    pub(super) fn new(
        packs: &'a Packs,
        files: &'a [Option<LayerSource>],
        cache: &'a Cache,
    ) -> Self {
        let vocabulary = &packs.library.vocabulary;
        Self(RefCell::new(Survey::new(
            &packs.layers,
            vocabulary,
            files,
            cache,
        )))
    }
}

impl Ground for Surveyed<'_> {
    fn around(&self, project: &Project, site: &Site) -> Vec<Vec<Touched>> {
        // Nobody asks while an answer is being given.
        let Ok(mut survey) = self.0.try_borrow_mut() else {
            return Vec::new();
        };
        survey.around(site.meridian, surroundings(site), project.sample)
    }
}

/// A link may not lead out of the submission's folder either.
fn within(folder: &Path, path: &Path, place: Place) -> Result<(), Problem> {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let real = |path: &Path| crate::base::files::resolved(path);
    match (real(here), real(path)) {
        (Some(folder), Some(file)) if !file.starts_with(&folder) => {
            let name = crate::base::files::shown(path);
            Err(Problem::error(
                "hegui::intake::boundary_path",
                place,
                text!(
                    "边界文件 `{name}` 不在申报文件所在的文件夹内",
                    "the boundary file `{name}` is not within the submission's folder"
                ),
            ))
        }
        _ => Ok(()),
    }
}
