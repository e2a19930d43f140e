//! Map layers: what their polygons mean, who provides them, and which fields they fill.
//!
//! It does not open files and does not measure.

use std::borrow::Cow;

use crate::base::date::Date;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::model::field::FieldId;
use crate::model::number::Number;
use crate::model::unit;

/// A layer that packs declare (图层).
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its id.
    pub id: String,
    /// What its polygons mean.
    pub label: Text,
    /// Who provides it.
    pub provider: Text,
    /// What is shown of each polygon that is touched.
    pub attributes: Vec<Attribute>,
    /// The fields it fills.
    pub fills: Vec<Fill>,
    /// By how much a stated area may differ from the measured one, in canonical units.
    pub tolerance: Number,
    /// The area below which an overlap may be an error of the boundary, in canonical units.
    pub sliver: Number,
    /// The file it is measured from, unless the office names another.
    pub data: Option<LayerData>,
    /// Where it is declared.
    pub place: Place,
}

impl Layer {
    /// True if an overlap of so many square metres may be an error of the boundary.
    pub fn is_sliver(&self, square_metres: f64) -> bool {
        let measured = Number::parse(&format!("{square_metres:.4}"));
        let factor = unit::parse("m²").map(|unit| unit.factor);
        let measured = measured.ok().zip(factor);
        measured.is_some_and(|(number, factor)| &number * &factor < self.sliver)
    }

    /// The label of an attribute, or its name.
    pub fn attribute_label(&self, name: &str) -> Text {
        let found = self.attributes.iter().find(|own| own.name == name);
        found.map_or_else(|| Text::same(name), |own| own.label.clone())
    }
}

/// An attribute that is kept as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name in the file.
    pub name: String,
    /// What it is called.
    pub label: Text,
}

/// A file of a layer.
#[derive(Clone, Debug)]
pub struct LayerData {
    /// Its path: in the pack that gives it, or beside `hegui.toml`, or as written on the command line.
    pub file: String,
    /// The number of the pack that gives it; none for an office's own.
    pub pack: Option<usize>,
    /// Its text, where it is a small file of a pack and so part of the pack.
    pub text: Option<Cow<'static, str>>,
    /// The coordinate system, where the file does not state it.
    pub crs: Option<(String, Place)>,
    /// Who provides it, if not who the layer names.
    pub provider: Text,
    /// Its edition, as its provider calls it.
    pub edition: Text,
    /// The day it was issued or holds from.
    pub date: Option<Date>,
    /// True if it is made up for demonstration.
    pub synthetic: bool,
    /// What attributes are called in the file, if not by their names.
    pub columns: Vec<(String, String)>,
    /// Where it is given.
    pub place: Place,
}

impl LayerData {
    /// What an attribute is called in the file.
    pub fn column<'a>(&'a self, attribute: &'a str) -> &'a str {
        let found = self.columns.iter().find(|(own, _)| own == attribute);
        found.map_or(attribute, |(_, column)| column.as_str())
    }
}

/// A field that a layer fills.
#[derive(Clone, Debug)]
pub struct Fill {
    /// The field.
    pub field: FieldId,
    /// What of the layer it takes.
    pub takes: Takes,
    /// Only polygons with one of these values of an attribute count.
    pub only: Option<(String, Vec<String>)>,
    /// Where it is declared.
    pub place: Place,
}

impl Fill {
    /// True if a polygon with these attributes counts.
    pub fn counts(&self, value: impl Fn(&str) -> Option<String>) -> bool {
        match &self.only {
            None => true,
            Some((name, values)) => value(name).is_some_and(|value| values.contains(&value)),
        }
    }
}

/// What of a layer a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Takes {
    /// The area of the site within its polygons.
    Inside,
    /// The area of the site outside its polygons.
    Outside,
    /// The distance to the nearest polygon; 0 where the site touches one.
    Distance,
    /// Whether the site overlaps any polygon.
    Any,
    /// The answer that an attribute of the polygons gives.
    Answer {
        /// The attribute.
        attribute: String,
        /// The answer where no polygon lies.
        otherwise: Option<u16>,
        /// Answers of which the first that occurs counts, where the site has several.
        order: Vec<u16>,
    },
    /// A record for each different polygon, or value of the first attribute: members and attributes.
    Records(Vec<(FieldId, String)>),
}

/// The ground that packs are made for, so that a boundary elsewhere is noticed.
#[derive(Clone, Debug, PartialEq)]
pub struct District {
    /// What it is called.
    pub name: Text,
    /// West, south, east and north in degrees.
    pub bounds: [f64; 4],
}

/// What of the vocabulary takes what is measured of a site itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteFields {
    /// The area of the site.
    pub area: Option<FieldId>,
    /// The records of what differs from what was stated, with their members.
    pub differences: Option<Differences>,
}

/// The list of what was measured otherwise than stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differences {
    /// The list.
    pub list: FieldId,
    /// The layer's name.
    pub layer: FieldId,
    /// What was measured.
    pub measured: FieldId,
    /// What was stated.
    pub stated: FieldId,
    /// By how much they may differ.
    pub tolerance: FieldId,
}

/// The layers of packs, and what else of the ground they declare.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The layers, in the order of the packs.
    pub all: Vec<Layer>,
    /// The ground the packs are made for.
    pub districts: Vec<District>,
    /// The fields of a site.
    pub site: SiteFields,
}

impl Layers {
    /// The layer of an id.
    pub fn find(&self, id: &str) -> Option<usize> {
        self.all.iter().position(|layer| layer.id == id)
    }
}
