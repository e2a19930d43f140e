//! The ground of a project as its boundary draws it: parcels, what was measured of them, and against which layers.
//!
//! It does not measure and does not know rules.

use crate::base::date::Date;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::base::tree::Node;
use crate::model::field::FieldId;
use crate::model::shape::{Ring, System};

/// A boundary as a submission gives it: files, or coordinates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Boundary {
    /// Its parts, in the order in which they are given.
    pub parts: Vec<BoundaryPart>,
    /// Where it is given.
    pub place: Option<Place>,
}

/// A part of a boundary.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundaryPart {
    /// Where its shapes stand.
    pub drawn: Drawn,
    /// The coordinate system that is stated beside it.
    pub crs: Option<(String, Place)>,
    /// Where it is given.
    pub place: Place,
}

/// Where the shapes of a boundary stand.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawn {
    /// In a file, by its path from the submission's folder.
    File(String),
    /// In the submission itself.
    Inline(Node),
}

/// The parcels of a project, in one plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Site {
    /// The files of the boundary with the hashes of their bytes; none where it stands in the submission itself.
    pub files: Vec<(String, String)>,
    /// Where the submission gives it.
    pub place: Option<Place>,
    /// The system it is written in.
    pub written: Option<System>,
    /// The central meridian of the Gauss–Krüger plane it was measured in.
    pub meridian: u16,
    /// The parcels.
    pub parcels: Vec<Parcel>,
    /// The outline of all parcels together: rings counter-clockwise, holes clockwise.
    pub outline: Vec<Ring>,
    /// The area of all parcels together in the plane, in m².
    pub area: f64,
    /// The same on the ellipsoid of CGCS2000.
    pub ellipsoid: f64,
    /// What was assumed while reading it, and that it lies beyond the district.
    pub notes: Vec<Text>,
    /// True if the boundary or a part of it cannot be measured; then nothing is.
    pub broken: bool,
    /// What was measured against each layer, in the order of the packs.
    pub overlays: Vec<Overlay>,
}

/// One parcel of a boundary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parcel {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its name, if the file gives one.
    pub name: Option<String>,
    /// Its outline in the plane: rings counter-clockwise, holes clockwise.
    pub outline: Vec<Ring>,
    /// Its area in the plane, in m².
    pub area: f64,
    /// Its area on the ellipsoid, in m².
    pub ellipsoid: f64,
}

/// Why a layer was not measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmeasured {
    /// There is no file for it.
    NoLayer,
    /// It is synthetic, and the submission is no demonstration.
    Synthetic,
    /// It could not be read.
    Unreadable,
    /// The boundary cannot be measured.
    Boundary,
    /// Features with invalid rings lie where the boundary lies.
    Faulty(Vec<u64>),
    /// Nothing of it lies at the boundary, which reaches beyond the district that layers are made for.
    Outside,
}

/// What was measured against one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Overlay {
    /// The layer, by its number in the packs.
    pub layer: u16,
    /// The file that was measured against, as it was used.
    pub file: Option<LayerFile>,
    /// Why it was not measured, if it was not.
    pub unmeasured: Option<Unmeasured>,
    /// The features that the site overlaps, the largest overlap first.
    pub touched: Vec<Touched>,
    /// The area of the site within any of them, in m².
    pub area: f64,
    /// The nearest feature and its distance in metres, where a field asks for it.
    pub nearest: Option<(f64, Touched)>,
}

/// The file of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerFile {
    /// Its name as shown to people.
    pub name: String,
    /// The hash of its bytes, in digits.
    pub hash: String,
    /// Who provides it.
    pub provider: Text,
    /// Its edition, as its provider calls it.
    pub edition: Text,
    /// The day it was issued or holds from.
    pub date: Option<Date>,
    /// True if it is made up for demonstration.
    pub synthetic: bool,
    /// The system it is written in.
    pub written: System,
    /// How many features it has.
    pub features: u64,
}

/// A feature of a layer that the site overlaps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Touched {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The attributes that are kept as evidence, with their values.
    pub attributes: Vec<(String, String)>,
    /// The area in common in the plane, in m².
    pub area: f64,
    /// The same on the ellipsoid.
    pub ellipsoid: f64,
    /// Its share of the site.
    pub share: f64,
    /// The outline of what is in common.
    pub outline: Vec<Ring>,
}

impl Touched {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A fact that was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The field.
    pub field: FieldId,
    /// The layer, by its number in the packs; none for the site itself.
    pub layer: Option<u16>,
    /// What the submission or a reply stated in its place.
    pub instead_of: Option<Text>,
    /// True if an overlap is so small that it may be an error of the boundary.
    pub sliver: bool,
}

/// Why a fact could not be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMeasured {
    /// The layer is not available, or what there is of it cannot be relied upon.
    Layer,
    /// The boundary cannot be measured.
    Boundary,
    /// The site has several answers.
    Several,
}
