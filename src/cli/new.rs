//! `hegui new`: writes a template of a submission, as text or as a workbook, or of a rule, in the chosen language.
//!
//! The texts are complete: the submission is assessed as clear, and the rule's cases come out as expected.
//! The workbooks are empty: their headings are the vocabulary of the packs in use.

use std::path::{Path, PathBuf};

use super::config::Config;
use super::console::Console;
use super::usage::wrong;
use super::{BROKEN, OK};
use super::{packs, templates, workbook};
use crate::base::files;
use crate::base::problem::{Problem, any_error};
use crate::base::source::Sources;
use crate::rules::pack::Packs;
use crate::text;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct New {
    /// What to write.
    pub kind: Kind,
    /// Where to write.
    pub path: Option<PathBuf>,
    /// Folders of packs.
    pub rules: Vec<PathBuf>,
}

/// What can be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// A folder with a submission as text.
    #[default]
    Project,
    /// Workbooks for submissions and replies.
    Workbook,
    /// A rule file.
    Rule,
}

/// Runs the command.
pub(super) fn run(new: &New, config: &Config, console: &mut Console) -> u8 {
    let path = new.path.as_deref();
    let written = match new.kind {
        Kind::Rule => rule(path, console),
        Kind::Project => project(path, console),
        Kind::Workbook => {
            let mut sources = Sources::default();
            let mut chosen = packs::choose(&new.rules, config);
            let (packs, problems) = packs::load(&mut chosen, &mut sources);
            if any_error(&problems) {
                console.problems(&problems, &sources);
                return BROKEN;
            }
            workbooks(path, &packs, console)
        }
    };
    match written {
        Ok(()) => OK,
        Err(problem) => {
            console.problems(&[problem], &Sources::default());
            BROKEN
        }
    }
}

fn made(console: &mut Console, paths: &[PathBuf], next: &str) {
    let mut text = String::new();
    for path in paths {
        text.push_str(console.pick("已创建 ", "created "));
        text.push_str(&files::shown(path));
        text.push('\n');
    }
    text.push_str(console.pick("下一步：", "next: "));
    text.push_str(next);
    text.push('\n');
    console.print(&text);
}

/// A folder with `project.toml` and the office's replies beside it.
fn project(path: Option<&Path>, console: &mut Console) -> Result<(), Problem> {
    let folder = path.unwrap_or(Path::new("new-project"));
    if folder.extension().is_some() {
        let message = text!(
            "`{}` 应当是文件夹",
            "`{}` should be a folder",
            files::shown(folder)
        );
        let help = text!(
            "例如：hegui new project my-project",
            "for example: hegui new project my-project"
        );
        return Err(wrong(message, Some(help)));
    }
    let lang = console.look.lang;
    let (submission, office) = (folder.join("project.toml"), folder.join("office.toml"));
    files::create(&submission, templates::project(lang))?;
    files::create(&office, templates::office(lang))?;
    let next = format!("hegui check {}", files::shown(folder));
    made(console, &[submission, office], &next);
    Ok(())
}

/// A workbook for submissions, and beside it one for what the office and departments reply.
fn workbooks(path: Option<&Path>, packs: &Packs, console: &mut Console) -> Result<(), Problem> {
    let lang = console.look.lang;
    let path = path.unwrap_or(Path::new(lang.pick("申报.xlsx", "submission.xlsx")));
    let is_workbook = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("xlsx"));
    if !is_workbook {
        let message = text!(
            "`{}` 应当是 .xlsx 文件",
            "`{}` should be an .xlsx file",
            files::shown(path)
        );
        let help = text!(
            "例如：hegui new workbook 申报.xlsx",
            "for example: hegui new workbook submission.xlsx"
        );
        return Err(wrong(message, Some(help)));
    }
    let replies = path.with_file_name(workbook::REPLIES);
    files::create(path, workbook::submission(packs, lang)?)?;
    let mut made_paths = vec![path.to_path_buf()];
    if !files::is_file(&replies) {
        files::create(&replies, workbook::replies(packs, lang)?)?;
        made_paths.push(replies);
    }
    let next = format!("hegui check {}", files::shown(path));
    made(console, &made_paths, &next);
    Ok(())
}

/// A rule file, with the head of its pack if there is none yet: `<pack>/<topic>/<name>.toml`.
fn rule(path: Option<&Path>, console: &mut Console) -> Result<(), Problem> {
    let path = path.unwrap_or(Path::new("office-rules/land/contract-area.toml"));
    let topic = path.parent().filter(|p| !p.as_os_str().is_empty());
    let pack = topic
        .and_then(Path::parent)
        .filter(|p| !p.as_os_str().is_empty());
    let (Some(pack), true) = (pack, path.extension().is_some_and(|e| e == "toml")) else {
        let message = text!(
            "`{}` 不是规则文件的路径",
            "`{}` is not the path of a rule file",
            files::shown(path)
        );
        let help = text!(
            "规则文件写作 <规则包>/<主题>/<名称>.toml，例如 office-rules/land/contract-area.toml",
            "a rule file is <pack>/<topic>/<name>.toml, for example office-rules/land/contract-area.toml"
        );
        return Err(wrong(message, Some(help)));
    };
    let lang = console.look.lang;
    let head = pack.join("pack.toml");
    let mut paths = Vec::new();
    files::create(path, templates::rule(lang))?;
    if !files::is_file(&head) {
        let absolute = files::absolute(pack).unwrap_or_else(|| pack.to_path_buf());
        let id = absolute.file_name().map_or_else(
            || "office-rules".to_owned(),
            |n| n.to_string_lossy().into_owned(),
        );
        files::create(&head, templates::pack(lang, &id))?;
        paths.push(head);
    }
    paths.push(path.to_path_buf());
    let pack = files::shown(pack);
    let next = console.pick("", "").to_owned()
        + &format!(
            "hegui test {pack}{}hegui check . --rules {pack}",
            console.pick("；", "; ")
        );
    made(console, &paths, &next);
    Ok(())
}
