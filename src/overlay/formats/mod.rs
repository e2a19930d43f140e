//! Map files: from bytes to features and what the file says of its coordinate system.
//!
//! It does not know whether the coordinates fit that system or the polygons can be measured,
//! and it never changes a coordinate.
//!
//! | file | read by | memory |
//! | --- | --- | --- |
//! | GeoJSON, GeoJSON text sequences and lines | `geojson` | one feature |
//! | Shapefile with `.dbf`, `.prj`, `.cpg` | `shapefile` | one feature |
//! | FlatGeobuf | `flatgeobuf` | one feature |
//! | zip with shapefiles, KMZ | `zipped` | the members, within a bound |
//! | KML | `kml` | the file |
//! | WKT, EWKT | `wkt` | the file |
//! | 拐点坐标 TXT | [`boundary`] | the file |
//! | GeoPackage | `geopackage` | the file; only with the feature `gpkg` |

pub mod boundary;
mod decoding;
mod flatgeobuf;
mod geojson;
#[cfg(feature = "gpkg")]
mod geopackage;
mod inline;
mod kml;
mod nesting;
mod shapefile;
mod sink;
#[cfg(feature = "gpkg")]
mod wkb;
mod wkt;
mod zipped;

use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use self::sink::Sink;
use crate::base::blob::Blob;
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Sources, Span};
use crate::base::tree::Node;
use crate::model::shape::Shape;
use crate::overlay::claim::Claim;
use crate::text;

/// The extensions of map files that are read.
pub const EXTENSIONS: &[&str] = &[
    "geojson", "json", "geojsonl", "geojsons", "ndjson", "shp", "zip", "kml", "kmz", "fgb", "gpkg",
    "wkt", "txt",
];

/// The extensions of map files that other programs read, and whose first bytes look like those of a format above.
const FOREIGN: [&str; 5] = ["gml", "gpx", "svg", "dxf", "dwg"];

/// A map file as it is given to the readers.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its bytes.
    pub main: Blob,
    /// The files beside it that belong to it: `.dbf`, `.prj`, `.cpg`.
    pub sides: Vec<Blob>,
    /// The source its text was added under, so that problems are underlined in it; none for large or binary files.
    pub source: Option<SourceId>,
}

impl Input {
    /// A map file of at most `limit` bytes, and what belongs to it.
    pub fn file(path: &Path, limit: u64) -> Result<Self, Problem> {
        let main = Blob::file(path, limit)?;
        let mut sides = Vec::new();
        if main.extension() == "shp" {
            for extension in ["dbf", "prj", "cpg"] {
                sides.extend(Blob::beside(path, extension, limit)?);
            }
        }
        Ok(Self {
            main,
            sides,
            source: None,
        })
    }

    /// Bytes that are already at hand.
    pub fn memory(name: impl Into<String>, bytes: impl Into<Arc<[u8]>>) -> Self {
        Self {
            main: Blob::memory(name, bytes),
            sides: Vec::new(),
            source: None,
        }
    }

    /// The same file, its text added to the sources if it is of a format that is text and at most `limit` bytes long,
    /// so that problems are underlined in it.
    #[must_use]
    pub fn with_source(mut self, sources: &mut Sources, limit: u64) -> Self {
        let is_text = self.format().is_ok_and(Format::is_text);
        if is_text
            && let Ok(bytes) = self.main.bytes(limit)
            && let Some(text) = decoding::text(&bytes)
        {
            self.source = Some(sources.add(self.main.name(), text));
        }
        self
    }

    /// The format, by the first bytes and the extension.
    fn format(&self) -> Result<Format, Problem> {
        let mut first = Vec::new();
        let read = self.main.open()?.take(1 << 10).read_to_end(&mut first);
        let name = self.main.name();
        if read.is_err() || first.is_empty() {
            return Err(Problem::error(
                "hegui::map::empty",
                Place::Nowhere,
                text!("文件 `{name}` 是空的", "file `{name}` is empty"),
            ));
        }
        let extension = self.main.extension();
        let is_foreign = FOREIGN.contains(&extension.as_str());
        let format = Format::of(&extension, &first).filter(|_| !is_foreign);
        format.ok_or_else(|| {
            Problem::error(
                "hegui::map::unknown_format",
                Place::Nowhere,
                text!(
                    "`{name}` 不是可读取的地图文件",
                    "`{name}` is not a map file that can be read"
                ),
            )
            .help(text!(
                "可读取：GeoJSON、Shapefile（可打包为 zip）、KML/KMZ、FlatGeobuf、GeoPackage、WKT、拐点坐标 TXT；其他格式请先在地图软件中另存为其中一种",
                "these can be: GeoJSON, Shapefile (zipped too), KML/KMZ, FlatGeobuf, GeoPackage, WKT, the boundary text; save any other as one of them in your map program"
            ))
        })
    }

    /// What tells the file and those that belong to it from an earlier state of them.
    pub fn stamp(&self) -> Option<String> {
        let all = std::iter::once(&self.main).chain(&self.sides);
        let stamps: Option<Vec<String>> = all.map(Blob::stamp).collect();
        stamps.map(|stamps| stamps.join("\n"))
    }

    /// The file beside it with an extension.
    pub fn side(&self, extension: &str) -> Option<&Blob> {
        self.sides.iter().find(|side| side.extension() == extension)
    }
}

/// One layer of a map file: all of it, or a table or member of it.
#[derive(Debug)]
pub struct Part {
    /// Its name as shown to people: the file's, and the member's or table's.
    pub name: String,
    /// What it says of its coordinate system.
    pub claim: Option<Claim>,
}

/// A feature of a map file.
#[derive(Clone, Debug)]
pub struct Feature {
    /// The layer it belongs to.
    pub part: Arc<Part>,
    /// Its polygons and attributes, in the coordinates of the file.
    pub shape: Shape,
    /// Where its points are written, if the file is a text with a source.
    pub spots: Spots,
}

/// Where the points of a feature are written.
#[derive(Clone, Debug, Default)]
pub struct Spots {
    /// The source; none if nothing is known.
    source: Option<SourceId>,
    /// One list per ring, through all polygons of the feature.
    rings: Vec<Vec<Span>>,
}

impl Spots {
    /// The place of a point (ring and point counted from 0, rings through all polygons), if it is known.
    pub fn place(&self, ring: usize, point: usize) -> Option<Place> {
        let span = self.rings.get(ring)?.get(point)?;
        Some(Place::Span(self.source?, *span))
    }
}

/// A format of map files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    GeoJson,
    Shapefile,
    FlatGeobuf,
    GeoPackage,
    Zip,
    Kml,
    Wkt,
    Boundary,
}

impl Format {
    /// The format of a file: what its first bytes prove, and else what its extension says.
    fn of(extension: &str, first: &[u8]) -> Option<Self> {
        let by_bytes = if first.starts_with(b"fgb") {
            Some(Self::FlatGeobuf)
        } else if first.starts_with(b"SQLite format 3\0") {
            Some(Self::GeoPackage)
        } else if first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06") {
            Some(Self::Zip)
        } else if first.starts_with(&[0, 0, 0x27, 0x0A]) {
            Some(Self::Shapefile)
        } else {
            None
        };
        if by_bytes.is_some() {
            return by_bytes;
        }
        let text = decoding::text(first).unwrap_or_default();
        let start = text.trim_start_matches(['\u{1E}', '\u{FEFF}']).trim_start();
        let upper: String = start.chars().take(24).collect::<String>().to_uppercase();
        if wkt::STARTS.iter().any(|start| upper.starts_with(start)) {
            return Some(Self::Wkt);
        }
        match (start.chars().next(), extension) {
            (Some('{'), _) | (_, "geojson" | "json" | "geojsonl" | "geojsons" | "ndjson") => {
                Some(Self::GeoJson)
            }
            (Some('<'), _) | (_, "kml") => Some(Self::Kml),
            (_, "shp") => Some(Self::Shapefile),
            (_, "zip" | "kmz") => Some(Self::Zip),
            (_, "fgb") => Some(Self::FlatGeobuf),
            (_, "gpkg") => Some(Self::GeoPackage),
            (_, "wkt") => Some(Self::Wkt),
            (Some('[' | '【' | '［'), _) | (_, "txt") => Some(Self::Boundary),
            _ => None,
        }
    }

    fn is_text(self) -> bool {
        matches!(self, Self::GeoJson | Self::Kml | Self::Wkt | Self::Boundary)
    }
}

/// Reads a map file feature by feature, in the order of the file, until `visit` breaks off.
///
/// A feature that cannot be read is a problem and the others are read.
pub fn each(input: &Input, visit: &mut dyn FnMut(Feature) -> ControlFlow<()>) -> Vec<Problem> {
    let mut sink = Sink::new(visit);
    read_into(input, &mut sink, false);
    if !sink.saw_anything() {
        let name = input.main.name();
        sink.problem(Problem::error(
            "hegui::map::empty",
            Place::Nowhere,
            text!("`{name}` 中没有图形", "there is no shape in `{name}`"),
        ));
    }
    sink.finish()
}

/// Reads the coordinates that stand in a submission itself: `[[x, y], …]` (one ring), a list of rings, or a list of
/// polygons, easting or longitude first. `name` is how problems call them.
pub fn inline(
    name: &str,
    node: &Node,
    visit: &mut dyn FnMut(Feature) -> ControlFlow<()>,
) -> Vec<Problem> {
    let mut sink = Sink::new(visit);
    inline::read(name, node, &mut sink);
    sink.finish()
}

/// Reads a file, or a member of an archive, into a sink.
fn read_into(input: &Input, sink: &mut Sink<'_>, is_member: bool) {
    let read = match input.format() {
        Err(problem) => Err(problem),
        Ok(Format::GeoJson) => geojson::read(input, sink),
        Ok(Format::Shapefile) => shapefile::read(input, sink),
        Ok(Format::FlatGeobuf) => flatgeobuf::read(input, sink),
        Ok(Format::GeoPackage) => geopackage(input, sink),
        Ok(Format::Zip) if is_member => Err(zipped::nested(input)),
        Ok(Format::Zip) => zipped::read(input, sink),
        Ok(Format::Kml) => kml::read(input, sink),
        Ok(Format::Wkt) => wkt::read(input, sink),
        Ok(Format::Boundary) => boundary::read(input, sink),
    };
    if let Err(problem) = read {
        sink.problem(problem);
    }
}

/// The whole text of a file.
fn whole_text(input: &Input) -> Result<String, Problem> {
    let bytes = input.main.bytes(input.main.length())?;
    decoding::text(&bytes).ok_or_else(|| {
        sink::unreadable(
            input.main.name(),
            &text!(
                "不是 UTF-8、UTF-16 或 GBK 文本",
                "it is not a text in UTF-8, UTF-16 or GBK"
            ),
        )
    })
}

#[cfg(feature = "gpkg")]
fn geopackage(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    geopackage::read(input, sink)
}

#[cfg(not(feature = "gpkg"))]
fn geopackage(input: &Input, _: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    Err(Problem::error(
        "hegui::map::no_geopackage",
        Place::Nowhere,
        text!(
            "`{name}` 是 GeoPackage，本程序编译时未包含读取它的部分",
            "`{name}` is a GeoPackage, and this program was built without the part that reads it"
        ),
    )
    .help(text!(
        "请另存为 FlatGeobuf、GeoJSON 或 Shapefile，或使用带 gpkg 功能编译的程序",
        "save it as FlatGeobuf, GeoJSON or Shapefile, or use a program built with the feature gpkg"
    )))
}

/// Reads all of a map file.
pub fn read(input: &Input) -> (Vec<Feature>, Vec<Problem>) {
    let mut features = Vec::new();
    let problems = each(input, &mut |feature| {
        features.push(feature);
        ControlFlow::Continue(())
    });
    (features, problems)
}
