//! Which files of a repository differ from a revision, as the `git` program says.
//!
//! It does not know what the files mean, and it changes nothing in the repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::files;
use super::problem::Problem;
use super::source::Place;
use super::text::Text;
use crate::text;

/// The files of the repository around a folder that differ from a revision: committed, staged, edited, deleted or
/// not yet known to git. Every path is absolute, with links resolved up to the repository.
pub fn changed(folder: &Path, revision: &str) -> Result<BTreeSet<PathBuf>, Problem> {
    let git = |args: &[&str], failed: &dyn Fn(&str) -> Problem| run(folder, args, failed);
    let no_repository = |said: &str| {
        let name = files::shown(folder);
        problem(
            "hegui::git::no_repository",
            text!(
                "`{name}` 不在 git 仓库中，无法使用 --since",
                "`{name}` is not in a git repository, which --since needs"
            ),
            said,
        )
    };
    let root = git(&["rev-parse", "--show-toplevel"], &no_repository)?;
    let root = String::from_utf8_lossy(&root);
    let root = PathBuf::from(root.trim_end_matches(['\n', '\r']));
    let root = files::resolved(&root).unwrap_or(root);
    let unknown = |said: &str| {
        problem(
            "hegui::git::revision",
            text!(
                "git 仓库中没有版本 `{revision}`",
                "the repository has no revision `{revision}`"
            ),
            said,
        )
    };
    // A word that begins with a hyphen would be an option of git.
    if revision.starts_with('-') {
        return Err(unknown(""));
    }
    let commit = format!("{revision}^{{commit}}");
    let commit = git(&["rev-parse", "--verify", "--quiet", &commit], &unknown)?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    let failed = |said: &str| {
        problem(
            "hegui::git::failed",
            text!(
                "git 未能列出自 `{revision}` 以来的变化",
                "git could not list what changed since `{revision}`"
            ),
            said,
        )
    };
    let names = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z"];
    let differing = run(&root, &[&names[..], &[&commit, "--"][..]].concat(), &failed)?;
    let others = ["ls-files", "--others", "--exclude-standard", "-z"];
    let unknown_to_git = run(&root, &others, &failed)?;
    let names = differing.split(|byte| *byte == 0);
    let names = names.chain(unknown_to_git.split(|byte| *byte == 0));
    let names = names.filter(|name| !name.is_empty());
    Ok(names
        .map(|name| root.join(String::from_utf8_lossy(name).as_ref()))
        .collect())
}

/// What a command of git prints.
fn run(folder: &Path, args: &[&str], failed: &dyn Fn(&str) -> Problem) -> Result<Vec<u8>, Problem> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(failed(said.lines().next().unwrap_or("").trim()))
        }
        Err(error) => Err(problem(
            "hegui::git::absent",
            text!(
                "无法运行 git，--since 需要它",
                "git cannot be run, and --since needs it"
            ),
            &error.to_string(),
        )
        .help(text!(
            "请安装 git 并放入 PATH，或者不用 --since 全部核查",
            "install git on the PATH, or judge everything without --since"
        ))),
    }
}

fn problem(code: &'static str, message: Text, said: &str) -> Problem {
    let said = said.trim_start_matches("fatal: ");
    let help = (!said.is_empty()).then(|| text!("git 的说明：{said}", "git said: {said}"));
    Problem::error(code, Place::Nowhere, message).maybe_help(help)
}
