//! `hegui map`: a project's site with the layers around it, drawn.
//!
//! It does not know how a map is drawn.

use std::path::PathBuf;

use super::config::Config;
use super::console::Console;
use super::layers::Surveyed;
use super::run::{self, Asked, Read};
use super::{BROKEN, OK, layers};
use crate::base::cache::Cache;
use crate::base::problem::{Problem, any_error, sorted};
use crate::base::source::{Place, Sources};
use crate::base::{draft, files};
use crate::report::map::{self, Format, Ground, Map};
use crate::text;

/// What the command line says.
#[derive(Debug, Default)]
pub(super) struct Draw {
    /// The submission.
    pub asked: Asked,
    /// The project, where the submission holds several.
    pub project: Option<String>,
    /// The file it is written to.
    pub output: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(draw: &Draw, config: &Config, mut sources: Sources, console: &mut Console) -> u8 {
    let format = match &draw.output {
        None => Some(Format::Svg),
        Some(file) => file
            .extension()
            .and_then(|extension| Format::of_extension(&extension.to_string_lossy())),
    };
    let Some(format) = format else {
        let problem = Problem::error(
            "hegui::usage::format",
            Place::Nowhere,
            text!(
                "输出文件应以 .svg、.html 或 .geojson 结尾",
                "the output file should end in .svg, .html or .geojson"
            ),
        );
        console.problems(&[problem], &sources);
        return BROKEN;
    };
    let Some(read) = run::read(&draw.asked, config, &mut sources, console) else {
        return BROKEN;
    };
    let Read {
        packs,
        found,
        mut problems,
        ..
    } = read;
    let chosen = found
        .projects
        .iter()
        .filter(|project| project.boundary.is_some())
        .filter(|project| draw.project.as_ref().is_none_or(|id| project.id == *id));
    let chosen: Vec<_> = chosen.collect();
    let refused =
        |message, help| Problem::error("hegui::map::project", Place::Nowhere, message).help(help);
    let project = match chosen.as_slice() {
        [one] => Some(*one),
        [] => {
            problems.push(refused(
                text!(
                    "没有给出用地边界的项目",
                    "there is no project that gives a boundary"
                ),
                text!(
                    "请在申报文件中写明 boundary（用地边界）",
                    "say `boundary` in the submission"
                ),
            ));
            None
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|project| project.id.as_str()).collect();
            let (zh, en) = (ids.join("、"), ids.join(", "));
            problems.push(refused(
                text!(
                    "有几个项目给出了用地边界：{zh}",
                    "several projects give a boundary: {en}"
                ),
                text!("请用 --project 指明其中一个", "say which with --project"),
            ));
            None
        }
    };
    let site = project.and_then(|project| Some((project, project.site.as_deref()?)));
    let drawable = site.filter(|(_, site)| !site.broken);
    let mut written = Vec::new();
    if let Some((project, site)) = drawable {
        let cache = if draw.asked.no_cache {
            Cache::none()
        } else {
            config.cache()
        };
        // The layers were opened, and what is wrong with them was said, when the project was read.
        let files = layers::sources(&packs, &draw.asked.layers, config, &mut Vec::new());
        let around = Surveyed::new(&packs, &files, &cache).around(project, site);
        let map = Map {
            packs: &packs,
            project,
            site,
            around,
        };
        // Writing into memory does not fail.
        let _ = map::write(&map, format, console.look, &mut written);
    }
    let problems = sorted(problems);
    console.problems(&problems, &sources);
    let code = if any_error(&problems) || drawable.is_none() {
        BROKEN
    } else {
        OK
    };
    if drawable.is_none() {
        return code;
    }
    let Some(file) = &draw.output else {
        console.report(|out| out.write_all(&written));
        return code;
    };
    if let Err(problem) = draft::write(file, |out| out.write_all(&written)) {
        console.problems(&[problem], &sources);
        return BROKEN;
    }
    let done = format!(
        "{} {}\n",
        console.pick("已写入", "wrote"),
        files::shown(file)
    );
    console.print(&done);
    code
}
