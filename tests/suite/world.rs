//! What the tests share: the embedded packs, and the sample projects read as the command line reads them.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hegui::base::cache::Cache;
use hegui::base::date::Date;
use hegui::base::problem::Problem;
use hegui::base::source::{Source, Sources};
use hegui::base::toml;
use hegui::base::tree::{Datum, Node};
use hegui::intake::{self, Expected, Format};
use hegui::judge::finding::Judged;
use hegui::judge::{Engine, Settings, waiving};
use hegui::model::layer::Layer;
use hegui::model::project::Project;
use hegui::model::site::{BoundaryPart, Drawn};
use hegui::model::waiver::Waiver;
use hegui::overlay::formats::Input;
use hegui::overlay::survey::{LayerSource, Survey};
use hegui::rules::pack::{PackOrigin, Packs};
use hegui::rules::{PackFiles, embedded, load};

/// The embedded packs and their sources.
pub(crate) struct World {
    pub(crate) packs: Packs,
    pub(crate) sources: Sources,
    pub(crate) problems: Vec<Problem>,
    pub(crate) goals: Vec<String>,
}

/// The embedded packs, loaded once.
pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| world_of(embedded::packs()))
}

/// The packs that the samples are judged with: the embedded ones and the sample office's, loaded once.
pub(crate) fn samples_world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut packs = embedded::packs();
        packs.push(folder_pack(&root().join("sample-projects/office-rules")));
        world_of(packs)
    })
}

fn world_of(packs: Vec<PackFiles>) -> World {
    let mut sources = Sources::default();
    let (packs, problems) = load(packs, &mut sources);
    let goals = packs.goals.iter().map(|g| g.id.clone()).collect();
    World {
        packs,
        sources,
        problems,
        goals,
    }
}

/// A pack of a folder and its `tables`.
fn folder_pack(folder: &Path) -> PackFiles {
    let mut texts = Vec::new();
    for (under, dir) in [("", folder.to_owned()), ("tables/", folder.join("tables"))] {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = path.file_name().unwrap().to_str().unwrap();
                texts.push((format!("{under}{name}"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    pack("office-rules", &files)
}

impl World {
    /// What a submission may name; claims are claims.
    pub(crate) fn expected(&self) -> Expected<'_> {
        Expected {
            vocabulary: &self.packs.library.vocabulary,
            goals: &self.goals,
            indicators: &self.packs.indicators,
            trust_claims: false,
        }
    }

    /// The projects and problems of a text.
    pub(crate) fn read(&self, name: &str, text: &str) -> (Vec<Project>, Vec<Problem>, Sources) {
        let mut sources = Sources::default();
        let id = sources.add(name, text);
        let format = Format::of_path(Path::new(name)).unwrap();
        let (projects, problems) =
            intake::read_projects(sources.get(id).unwrap(), format, "p", &self.expected());
        (projects, problems, sources)
    }
}

/// A pack from texts by path, as if it were read from a folder.
pub(crate) fn pack(name: &str, files: &[(&str, &str)]) -> PackFiles {
    let mut files: Vec<_> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned().into()))
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    PackFiles {
        name: name.to_owned(),
        prefix: name.to_owned(),
        origin: PackOrigin::Folder(name.to_owned()),
        files,
    }
}

/// The repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A sample project's folder, read.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) projects: Vec<Project>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) sources: Sources,
}

impl Sample {
    /// Its project, for the folders that hold one.
    pub(crate) fn project(&self) -> &Project {
        self.projects
            .first()
            .unwrap_or_else(|| panic!("{} holds no project", self.name))
    }

    /// Its findings and decisions, waivers applied, and the warnings about waivers.
    pub(crate) fn judged(&self) -> (Vec<Judged>, Vec<Problem>) {
        let settings = settings();
        let engine = Engine::new(&samples_world().packs, &settings);
        let mut judged: Vec<Judged> = self.projects.iter().map(|p| engine.judge(p)).collect();
        let problems = waiving::apply(&engine, &self.projects, &mut judged, &self.waivers);
        (judged, problems)
    }
}

/// The samples' folders, in the order of their names; `broken` is not one of them.
pub(crate) fn samples() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let mut folders: Vec<PathBuf> = fs::read_dir(root().join("sample-projects"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        folders.retain(|path| path.join("README.md").is_file());
        folders.sort();
        folders.iter().map(|folder| read_sample(folder)).collect()
    })
}

/// Reads `project.*`, `office.toml` and `waivers.toml` of a folder.
fn read_sample(folder: &Path) -> Sample {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let expected = samples_world().expected();
    let mut sources = Sources::default();
    let mut add = |file: &str| {
        let path = folder.join(file);
        path.is_file()
            .then(|| sources.add(format!("{name}/{file}"), fs::read_to_string(path).unwrap()))
    };
    let (submission, office, waivers) = (
        add("project.toml").unwrap(),
        add("office.toml"),
        add("waivers.toml"),
    );
    let source = |id| -> &Source { sources.get(id).unwrap() };
    let (mut projects, mut problems) =
        intake::read_projects(source(submission), Format::Toml, &name, &expected);
    if let Some(office) = office {
        problems.extend(intake::read_office(
            source(office),
            &expected,
            &mut projects,
        ));
    }
    let (waivers, found) = waivers
        .map(|id| intake::read_waivers(source(id), &expected))
        .unwrap_or_default();
    problems.extend(found);
    problems.extend(survey(folder, &mut projects));
    Sample {
        name,
        folder: folder.to_owned(),
        projects,
        waivers,
        problems,
        sources,
    }
}

/// Measures the projects of a folder against the layers that ship.
fn survey(folder: &Path, projects: &mut [Project]) -> Vec<Problem> {
    let packs = &samples_world().packs;
    let source = |layer: &Layer| {
        let data = layer.data.clone()?;
        let pack = &packs.heads.get(data.pack?)?.id;
        let bytes = data.text.clone().unwrap().into_owned().into_bytes();
        let input = Input::memory(format!("{pack}/{}", data.file), bytes);
        Some(LayerSource {
            data,
            input: Some(input),
        })
    };
    let sources: Vec<Option<LayerSource>> = packs.layers.all.iter().map(source).collect();
    let cache = Cache::none();
    let vocabulary = &packs.library.vocabulary;
    let mut survey = Survey::new(&packs.layers, vocabulary, &sources, &cache);
    let mut problems = Vec::new();
    for project in projects {
        let boundary = project.boundary.clone().unwrap_or_default();
        let input = |part: &BoundaryPart| match &part.drawn {
            Drawn::File(file) => Some(Input::file(&folder.join(file), u64::MAX).unwrap()),
            Drawn::Inline(_) => None,
        };
        let inputs: Vec<Option<Input>> = boundary.parts.iter().map(input).collect();
        problems.extend(survey.measure(project, &inputs));
    }
    problems
}

/// The settings of the samples: the review date of their `hegui.toml`.
pub(crate) fn settings() -> Settings {
    let (root, _) = parse_file(&root().join("sample-projects/hegui.toml"));
    let written = match root.get("review_date").map(|n| &n.datum) {
        Some(Datum::Date(written) | Datum::Text(written)) => written.clone(),
        other => panic!("hegui.toml has no review_date: {other:?}"),
    };
    Settings {
        on: Date::parse(&written),
        ..Settings::default()
    }
}

/// A TOML file as a tree.
pub(crate) fn parse_file(path: &Path) -> (Node, Sources) {
    parse_text(
        &path.display().to_string(),
        &fs::read_to_string(path).unwrap(),
    )
}

/// A TOML text as a tree; a mistake in it fails the test.
pub(crate) fn parse_text(name: &str, text: &str) -> (Node, Sources) {
    let mut sources = Sources::default();
    let id = sources.add(name, text);
    let (node, problems) = toml::parse(sources.get(id).unwrap());
    assert!(problems.is_empty(), "{name}: {}", told(&sources, &problems));
    (node, sources)
}

/// Problems, one a line: place, code, message, help.
pub(crate) fn told(sources: &Sources, problems: &[Problem]) -> String {
    let line = |p: &Problem| {
        let place = sources.describe(p.place()).unwrap_or_default();
        let help = p
            .help
            .as_ref()
            .map(|h| format!(" ({})", h.en))
            .unwrap_or_default();
        format!("{place} {} {}{help}", p.code, p.message.en)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}
