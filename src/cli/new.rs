//! `hegui new`: writes a commented template of a submission or a rule, in the chosen language.
//!
//! Both are complete: the submission is assessed as clear, and the rule's cases come out as expected.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::templates;
use super::usage::wrong;
use super::{BROKEN, OK};
use crate::base::files;
use crate::base::problem::Problem;
use crate::base::source::Sources;
use crate::text;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct New {
    /// True for a rule, false for a project.
    pub rule: bool,
    /// Where to write.
    pub path: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(new: &New, console: &mut Console) -> u8 {
    match if new.rule {
        rule(new.path.as_deref(), console)
    } else {
        project(new.path.as_deref(), console)
    } {
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
        files::create(&head, &templates::pack(lang, &id))?;
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
