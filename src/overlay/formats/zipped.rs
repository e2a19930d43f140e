//! Map files packed in a zip: shapefiles with what belongs to them, KMZ, and any other map file.
//!
//! Members are unpacked one map at a time into memory, within a bound on what comes out, so that a small file cannot
//! unpack into a large one. An archive in an archive is not opened.

use std::collections::BTreeMap;
use std::io::Read;

use zip::ZipArchive;
use zip::result::ZipError;

use super::sink::{Sink, unreadable};
use super::{EXTENSIONS, Input, decoding};
use crate::base::blob::{Blob, Stream};
use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::text;

/// How many bytes may come out of an archive, all members together.
const UNPACKED: u64 = 1 << 30;
/// How many times its own length an archive may unpack to, beyond the first bytes: maps pack to a tenth or so.
const RATIO: u64 = 100;
/// How many bytes may come out of any archive.
const ALLOWED: u64 = 64 << 20;
/// How many members are looked at.
const MEMBERS: usize = 10_000;
/// What belongs to a shapefile.
const SIDES: [&str; 3] = ["dbf", "prj", "cpg"];

/// An archive within an archive.
pub(super) fn nested(input: &Input) -> Problem {
    let name = input.main.name();
    Problem::error(
        "hegui::map::nested_zip",
        Place::Nowhere,
        text!(
            "`{name}` 是压缩包中的压缩包，未打开",
            "`{name}` is an archive within an archive and was not opened"
        ),
    )
    .help(text!("请解压后再核查", "unpack it and run again"))
}

/// Reads the map files of an archive, in the order of their names.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let mut archive = ZipArchive::new(input.main.open()?).map_err(|error| broken(name, &error))?;
    if archive.len() > MEMBERS {
        let why = text!(
            "文件多于 {MEMBERS} 个",
            "it has more than {MEMBERS} members"
        );
        return Err(unreadable(name, &why));
    }
    // Names in small letters lead to members: what belongs together may be written in either case.
    let mut members: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for index in 0..archive.len() {
        let Ok(member) = archive.by_index_raw(index) else {
            continue;
        };
        let Some(member_name) = decoding::text(member.name_raw()) else {
            continue;
        };
        let is_noise = member_name.starts_with("__MACOSX/")
            || member_name
                .rsplit('/')
                .next()
                .is_none_or(|file| file.is_empty() || file.starts_with('.'));
        if !is_noise {
            members.insert(member_name.to_lowercase(), (index, member_name));
        }
    }
    let mut left = (input.main.length().saturating_mul(RATIO)).clamp(ALLOWED, UNPACKED);
    let mut found = false;
    for (key, (index, member)) in &members {
        let Some((stem, extension)) = key.rsplit_once('.') else {
            continue;
        };
        if !EXTENSIONS.contains(&extension) || sink.is_stopped() {
            continue;
        }
        found = true;
        let shown = format!("{name}/{member}");
        let main = unpack(&mut archive, *index, &shown, &mut left)?;
        let mut sides = Vec::new();
        if extension == "shp" {
            for side in SIDES {
                if let Some((index, member)) = members.get(&format!("{stem}.{side}")) {
                    let shown = format!("{name}/{member}");
                    sides.push(unpack(&mut archive, *index, &shown, &mut left)?);
                }
            }
        }
        let input = Input {
            main,
            sides,
            source: None,
        };
        super::read_into(&input, sink, true);
    }
    if found {
        return Ok(());
    }
    Err(Problem::error(
        "hegui::map::empty",
        Place::Nowhere,
        text!(
            "压缩包 `{name}` 中没有地图文件",
            "there is no map file in the archive `{name}`"
        ),
    ))
}

/// Unpacks a member; `left` is what may still come out of the archive.
fn unpack(
    archive: &mut ZipArchive<Stream>,
    index: usize,
    shown: &str,
    left: &mut u64,
) -> Result<Blob, Problem> {
    let member = archive
        .by_index(index)
        .map_err(|error| broken(shown, &error))?;
    let mut bytes = Vec::new();
    member
        .take(*left + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            let why = text!("解压失败（{error}）", "it cannot be unpacked ({error})");
            unreadable(shown, &why)
        })?;
    *left = left.checked_sub(bytes.len() as u64).ok_or_else(|| {
        Problem::error(
            "hegui::map::zip_size",
            Place::Nowhere,
            text!(
                "压缩包解压后过大，`{shown}` 未读取",
                "the archive unpacks to too much, and `{shown}` was not read"
            ),
        )
        .help(text!("请解压后再核查", "unpack it and run again"))
    })?;
    Ok(Blob::memory(shown, bytes))
}

fn broken(name: &str, error: &ZipError) -> Problem {
    let why = match error {
        ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => text!(
            "压缩包已加密或压缩方法不支持",
            "the archive is encrypted or packed in a way that is not known"
        ),
        _ => text!("压缩包损坏（{error}）", "the archive is damaged ({error})"),
    };
    unreadable(name, &why)
}
