//! From paths to projects: walks folders, reads submissions and what lies beside them.
//!
//! It does not know what is in the files: intake reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::config::{self, Config};
use super::progress::Progress;
use crate::base::book;
use crate::base::files::{self, Skipped};
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Sources};
use crate::intake::{self, Expected, Format};
use crate::model::project::Project;
use crate::model::waiver::Waiver;
use crate::report::Entry;
use crate::report::format::is_own;
use crate::text;

/// The largest TOML file that is read.
const TOML_LIMIT: u64 = 32 << 20;
/// The largest JSON file that is read.
const JSON_LIMIT: u64 = 256 << 20;

/// Files that lie beside a submission and are read with it.
const OFFICE: [&str; 4] = ["office.toml", "office.json", "office.xlsx", "部门答复.xlsx"];
const WAIVERS: &str = "waivers.toml";
/// Map files that could be taken for submissions.
const BOUNDARIES: [&str; 2] = ["boundary.json", "用地边界.json"];

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Projects and files without one, in order.
    pub entries: Vec<Entry>,
    /// The projects.
    pub projects: Vec<Project>,
    /// The folder in which each project's file stands.
    pub folders: Vec<PathBuf>,
    /// The waivers.
    pub waivers: Vec<Waiver>,
    /// What could not be read or understood.
    pub problems: Vec<Problem>,
    /// What walks left out.
    pub skipped: Vec<Skipped>,
    /// The files that were read, by where they stand: one file counts once, however it is reached.
    seen: BTreeSet<PathBuf>,
}

/// The projects of a folder, with the folder as it was written.
type Folders = BTreeMap<PathBuf, (PathBuf, Vec<usize>)>;

impl Gathered {
    /// True for the first time that a file is reached.
    fn is_first(&mut self, path: &Path) -> bool {
        let real = files::resolved(path).unwrap_or_else(|| path.to_path_buf());
        self.seen.insert(real)
    }
}

/// Reads submissions.
pub(super) struct Gatherer<'a> {
    /// What they may name.
    pub expected: Expected<'a>,
    /// The office's settings.
    pub config: &'a Config,
    /// The limit of `--max-size`.
    pub max_size: Option<u64>,
    /// How far reading has come.
    pub progress: Progress,
}

impl Gatherer<'_> {
    /// Reads everything at the paths.
    pub(super) fn gather(&self, paths: &[PathBuf], sources: &mut Sources) -> Gathered {
        let mut gathered = Gathered::default();
        let mut folders = Folders::new();
        for path in paths {
            if path.as_os_str() == "-" {
                self.stdin(sources, &mut gathered);
            } else if files::is_folder(path) {
                self.folder(path, sources, &mut gathered, &mut folders);
            } else {
                self.file(path, false, sources, &mut gathered, &mut folders);
            }
        }
        for (folder, projects) in folders.values() {
            self.companions(folder, projects, sources, &mut gathered);
        }
        let base = self.config.folder.clone().unwrap_or_default();
        for word in &self.config.waivers {
            let path = base.join(&word.text);
            if !gathered.is_first(&path) {
                continue;
            }
            match files::read(&path, TOML_LIMIT) {
                Ok(text) => self.waivers(&path, text, sources, &mut gathered),
                Err(mut problem) => {
                    // The file is named in hegui.toml: that is where the mistake is.
                    if let Some(label) = problem.labels.first_mut() {
                        label.place = word.place;
                    }
                    gathered.problems.push(problem);
                }
            }
        }
        gathered
    }

    fn limit(&self, format: Format) -> u64 {
        self.max_size.unwrap_or(match format {
            Format::Toml | Format::Xlsx | Format::Csv => TOML_LIMIT,
            Format::Json | Format::Ndjson => JSON_LIMIT,
        })
    }

    fn stdin(&self, sources: &mut Sources, gathered: &mut Gathered) {
        match files::read_stdin(self.max_size.unwrap_or(JSON_LIMIT)) {
            Ok(text) => {
                let format = Format::sniff(&text);
                let id = sources.add("<stdin>", text);
                self.submission("<stdin>", format, id, "stdin", sources, gathered);
                gathered
                    .folders
                    .resize(gathered.projects.len(), PathBuf::new());
            }
            Err(problem) => {
                gathered.problems.push(problem);
                gathered.entries.push(Entry::Unread("<stdin>".to_owned()));
            }
        }
    }

    fn folder(
        &self,
        path: &Path,
        sources: &mut Sources,
        gathered: &mut Gathered,
        folders: &mut Folders,
    ) {
        let base = self.config.folder.as_deref().unwrap_or(path);
        // Patterns are read from the folder of hegui.toml; above the path as written, only the full path shows where that is.
        let root = if path.starts_with(base) || base.is_relative() {
            path.to_path_buf()
        } else {
            files::absolute(path).unwrap_or_else(|| path.to_path_buf())
        };
        let root: PathBuf = root.components().collect();
        let walk = files::walk(&root, base, &self.config.exclude);
        gathered.skipped.extend(walk.skipped);
        gathered.problems.extend(walk.problems);
        let wanted = |f: &&PathBuf| !is_lock(f) && (is_submission(f) || is_other_sheet(f));
        let files: Vec<&PathBuf> = walk.files.iter().filter(wanted).collect();
        let work = self
            .progress
            .begin(&text!("读取申报", "reading"), Some(files.len()));
        for file in files {
            let file = file.strip_prefix(".").unwrap_or(file);
            if is_other_sheet(file) {
                gathered.skipped.push(Skipped {
                    path: files::shown(file),
                    why: text!(
                        "不能读取这种电子表格，请另存为 .xlsx",
                        "a spreadsheet of this format cannot be read; save it as .xlsx"
                    ),
                });
            } else {
                self.file(file, true, sources, gathered, folders);
            }
            work.step();
        }
    }

    /// Reads a file into the sources, and finds its format if its name does not say it.
    fn source(
        &self,
        path: &Path,
        format: Option<Format>,
        sources: &mut Sources,
    ) -> Result<(SourceId, Format), Problem> {
        let name = files::shown(path);
        let limit = self.limit(format.unwrap_or(Format::Toml));
        match format {
            Some(Format::Xlsx) => {
                let bytes = files::read_bytes(path, limit)?;
                let book = book::read_xlsx(&name, &bytes)?;
                Ok((sources.add_book(name, book), Format::Xlsx))
            }
            Some(Format::Csv) => {
                let text = book::decode_csv(&name, files::read_bytes(path, limit)?)?;
                Ok((sources.add(name, text), Format::Csv))
            }
            _ => {
                let text = files::read(path, limit)?;
                let format = format.unwrap_or_else(|| Format::sniff(&text));
                Ok((sources.add(name, text), format))
            }
        }
    }

    /// Reads a file; of those that a walk found, tables that look like something else are left out.
    fn file(
        &self,
        path: &Path,
        walked: bool,
        sources: &mut Sources,
        gathered: &mut Gathered,
        folders: &mut Folders,
    ) {
        let format = Format::of_path(path);
        let name = files::shown(path);
        if is_other_sheet(path) {
            let message = text!(
                "不能读取 `{name}` 这种电子表格",
                "`{name}` is a spreadsheet of a format that cannot be read"
            );
            let help = text!("请另存为 .xlsx", "save it as .xlsx");
            let problem =
                Problem::error("hegui::gather::sheet", Place::Nowhere, message).help(help);
            gathered.problems.push(problem);
            gathered.entries.push(Entry::Unread(name));
            return;
        }
        if format.is_some() && !is_submission(path) {
            gathered.skipped.push(Skipped {
                path: name,
                why: text!(
                    "随申报一并读取，不是申报",
                    "it is read with the submission beside it and is none itself"
                ),
            });
            return;
        }
        if !gathered.is_first(path) {
            gathered.skipped.push(Skipped {
                path: name,
                why: text!("同一文件已核查过", "the same file was assessed already"),
            });
            return;
        }
        match self.source(path, format, sources) {
            Ok((id, format)) => {
                let table = matches!(format, Format::Xlsx | Format::Csv);
                let source = sources.get(id);
                if source.is_some_and(is_own) {
                    return gathered.skipped.push(own(name));
                }
                if walked
                    && table
                    && !source.is_some_and(|s| intake::holds_projects(s, &self.expected))
                {
                    gathered.skipped.push(Skipped {
                        path: name,
                        why: text!(
                            "没有以字段名称为列标题的项目表",
                            "it holds no table of projects with names of fields as headings"
                        ),
                    });
                    return;
                }
                let before = gathered.projects.len();
                self.submission(&name, format, id, &default_id(path), sources, gathered);
                let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
                gathered
                    .folders
                    .resize(gathered.projects.len(), folder.clone());
                let here = if folder.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    &folder
                };
                let real = files::resolved(here).unwrap_or_else(|| folder.clone());
                folders
                    .entry(real)
                    .or_insert_with(|| (folder, Vec::new()))
                    .1
                    .extend(before..gathered.projects.len());
            }
            Err(problem) => {
                gathered.problems.push(problem);
                gathered.entries.push(Entry::Unread(name));
            }
        }
    }

    fn submission(
        &self,
        name: &str,
        format: Format,
        source: SourceId,
        id: &str,
        sources: &Sources,
        gathered: &mut Gathered,
    ) {
        let Some(source) = sources.get(source) else {
            return;
        };
        let (projects, problems) = intake::read_projects(source, format, id, &self.expected);
        if projects.is_empty() {
            if problems.is_empty() {
                let message = text!("这个文件里没有项目", "this file holds no project");
                let problem = Problem::error("hegui::gather::empty", source.place(0..0), message);
                gathered.problems.push(problem);
            }
            gathered.entries.push(Entry::Unread(name.to_owned()));
        }
        gathered.problems.extend(problems);
        for project in projects {
            gathered
                .entries
                .push(Entry::Project(gathered.projects.len()));
            gathered.projects.push(project);
        }
    }

    /// The office's replies and the waivers in a submission's folder.
    fn companions(
        &self,
        folder: &Path,
        projects: &[usize],
        sources: &mut Sources,
        gathered: &mut Gathered,
    ) {
        for name in OFFICE {
            let path = folder.join(name);
            if !files::is_file(&path) {
                continue;
            }
            match self.source(&path, Format::of_path(&path), sources) {
                Ok((id, _)) => self.office(id, projects, sources, gathered),
                Err(problem) => gathered.problems.push(problem),
            }
        }
        let path = folder.join(WAIVERS);
        match files::read_if_present(&path, TOML_LIMIT) {
            Ok(None) => {}
            Ok(Some(text)) => {
                gathered.is_first(&path);
                self.waivers(&path, text, sources, gathered);
            }
            Err(problem) => gathered.problems.push(problem),
        }
    }

    fn office(&self, id: SourceId, projects: &[usize], sources: &Sources, gathered: &mut Gathered) {
        let Some(source) = sources.get(id) else {
            return;
        };
        let vacant = || Project::empty(self.expected.vocabulary);
        let mut own: Vec<Project> = Vec::new();
        for index in projects {
            own.extend(
                gathered
                    .projects
                    .get_mut(*index)
                    .map(|p| std::mem::replace(p, vacant())),
            );
        }
        gathered
            .problems
            .extend(intake::read_office(source, &self.expected, &mut own));
        for (index, project) in projects.iter().zip(own) {
            if let Some(slot) = gathered.projects.get_mut(*index) {
                *slot = project;
            }
        }
    }

    fn waivers(&self, path: &Path, text: String, sources: &mut Sources, gathered: &mut Gathered) {
        let id = sources.add(files::shown(path), text);
        let Some(source) = sources.get(id) else {
            return;
        };
        let (waivers, problems) = intake::read_waivers(source, &self.expected);
        gathered.waivers.extend(waivers);
        gathered.problems.extend(problems);
    }
}

/// True for a file of a walk that can hold projects.
fn is_submission(path: &Path) -> bool {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    Format::of_path(path).is_some()
        && name != config::NAME
        && name != WAIVERS
        && !OFFICE.contains(&name.as_str())
        && !BOUNDARIES.contains(&name.as_str())
}

/// True for spreadsheets of formats that are not read: they are told apart from a broken submission.
fn is_other_sheet(path: &Path) -> bool {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    extension.is_some_and(|e| ["xls", "xlsb", "et", "ods", "numbers"].contains(&e.as_str()))
}

/// True for the file that a spreadsheet program leaves beside an open workbook.
fn is_lock(path: &Path) -> bool {
    path.file_name().is_some_and(|name| {
        let name = name.to_string_lossy();
        name.starts_with("~$") || name.starts_with(".~lock.")
    })
}

/// What a project without an id is called: its folder for `project.toml`, else its file.
fn default_id(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    if stem != "project" {
        return stem;
    }
    let absolute = files::absolute(path).unwrap_or_else(|| path.to_path_buf());
    let folder = absolute.parent().and_then(Path::file_name);
    folder.map_or(stem, |name| name.to_string_lossy().into_owned())
}

/// The problem of a run without any project.
pub(super) fn nothing_found(paths: &[PathBuf]) -> Problem {
    let all: Vec<String> = paths.iter().map(|p| files::shown(p)).collect();
    let all = all.join("、");
    let message = text!(
        "在 `{all}` 没有找到项目申报",
        "no submission was found at `{all}`"
    );
    Problem::error("hegui::cli::no_project", Place::Nowhere, message).help(text!(
        "申报是 .toml、.json、.ndjson、.xlsx 或 .csv 文件；可用 hegui new project 或 hegui new workbook 生成样表",
        "submissions are .toml, .json, .ndjson, .xlsx or .csv files; `hegui new project` and `hegui new workbook` write templates"
    ))
}

/// A report of hegui that lies among submissions.
fn own(path: String) -> Skipped {
    Skipped {
        path,
        why: text!(
            "是 hegui 写出的报告，不是申报",
            "it is a report that hegui wrote, and no submission"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_called_after_its_folder_or_file() {
        assert_eq!(default_id(Path::new("a/orchard/project.toml")), "orchard");
        assert_eq!(default_id(Path::new("a/batch.json")), "batch");
    }

    #[test]
    fn settings_and_companions_are_not_submissions() {
        for (name, is) in [
            ("a/project.toml", true),
            ("a/x.ndjson", true),
            ("a/hegui.toml", false),
            ("a/office.json", false),
            ("a/waivers.toml", false),
            ("a/申报.xlsx", true),
            ("a/b.csv", true),
            ("a/office.xlsx", false),
            ("a/部门答复.xlsx", false),
            ("README.md", false),
        ] {
            assert_eq!(is_submission(Path::new(name)), is, "{name}");
        }
    }
}
