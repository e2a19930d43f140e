//! The layers of two runs held against each other: which are not the same files, and which facts come of them.
//!
//! It knows what reports say of sites, and no geometry. A measured fact that moved while the boundary did not is the
//! layer's doing, whatever the exchange of facts says.

use std::collections::BTreeMap;

use super::super::told::{Layer, LayerFile, Project, Report, Site};
use super::{Reason, Shift};
use crate::base::text::Text;
use crate::judge::change::Change;
use crate::text;

/// Digits of a hash that are shown.
const DIGITS: usize = 8;

/// The layers that are not the same in two runs.
pub(super) fn shifts(old: &Report, new: &Report) -> Vec<Shift> {
    let (a, b) = (all(old), all(new));
    let ids = a.keys().chain(b.keys().filter(|id| !a.contains_key(*id)));
    let shift = |id: &&str| {
        let (then, now) = (a.get(id).copied(), b.get(id).copied());
        Some(Shift {
            id: (*id).to_owned(),
            label: labelled(now.or(then)?),
            old: then.and_then(|layer| layer.file.as_ref()).map(file),
            new: now.and_then(|layer| layer.file.as_ref()).map(file),
        })
        .filter(|_| !same(then, now))
    };
    let mut shifts: Vec<Shift> = ids.filter_map(shift).collect();
    shifts.sort_by(|a, b| a.id.cmp(&b.id));
    shifts
}

/// The layers of a run, each as the first site that was measured against it tells.
fn all(report: &Report) -> BTreeMap<&str, &Layer> {
    let mut all: BTreeMap<&str, &Layer> = BTreeMap::new();
    let sites = report.projects.iter().filter_map(|p| p.site.as_ref());
    for layer in sites.flat_map(|site| &site.layers) {
        let held = all.entry(&layer.id).or_insert(layer);
        if held.file.is_none() {
            *held = layer;
        }
    }
    all
}

/// True if two runs measured by the same file, of which the same was said.
fn same(old: Option<&Layer>, new: Option<&Layer>) -> bool {
    let of = |layer: Option<&Layer>| layer.and_then(|layer| layer.file.clone());
    let said = |file: LayerFile| (file.hash, file.edition, file.date, file.synthetic);
    of(old).map(said) == of(new).map(said)
}

/// A layer with its id.
fn labelled(layer: &Layer) -> Text {
    let (id, label) = (&layer.id, &layer.label);
    Text::new(
        format!("{}（{id}）", label.zh),
        format!("{} ({id})", label.en),
    )
}

/// A layer's file: edition, date, hash.
fn file(file: &LayerFile) -> Text {
    let hash: String = file.hash.chars().take(DIGITS).collect();
    let date = file.date.as_deref();
    let words = |edition: &str, none: &str, comma: &str, hash_word: &str, sample: &str| {
        let edition = if edition.is_empty() { none } else { edition };
        let mut all = vec![edition.to_owned()];
        all.extend(date.map(str::to_owned));
        all.push(format!("{hash_word} {hash}"));
        if file.synthetic {
            all.push(sample.to_owned());
        }
        all.join(comma)
    };
    Text::new(
        words(&file.edition.zh, "版本未注明", "，", "摘要", "演示数据"),
        words(
            &file.edition.en,
            "edition not stated",
            ", ",
            "hash",
            "demonstration data",
        ),
    )
}

/// What a fact of a pair of projects was measured by, if that is not the same on both sides.
pub(super) struct Moved<'a> {
    /// The layer.
    pub id: &'a str,
    /// Its label, and from which file to which.
    pub text: Text,
    /// What the site has in common with it, old and new.
    pub overlap: Text,
    /// Whether the boundary is the same: then nothing but the layer can have moved the fact. None where the
    /// reports do not tell.
    pub same_boundary: Option<bool>,
}

impl Moved<'_> {
    /// A change of a measured fact, with a remark.
    pub(super) fn marked(&self, change: &Change) -> Change {
        let mut marked = change.clone();
        let (zh, en) = match self.same_boundary {
            Some(true) => ("（量算，图层不同）", " (measured; the layer is another)"),
            Some(false) => (
                "（量算，图层和边界都不同）",
                " (measured; the layer and the boundary are others)",
            ),
            None => (
                "（量算，图层不同，边界是否相同不明）",
                " (measured; the layer is another, and the boundary may be)",
            ),
        };
        marked.label.zh.push_str(zh);
        marked.label.en.push_str(en);
        marked
    }

    /// The reason that the layer is not what it was; `facts` are what was measured by it.
    pub(super) fn reason(&self, facts: &Text, strength: &'static str) -> Reason {
        let (zh, en) = match self.same_boundary {
            Some(true) => ("图层", "the layer"),
            Some(false) => ("图层（边界也不同）", "the layer (and the boundary)"),
            None => (
                "图层（边界是否相同不明）",
                "the layer (and the boundary, perhaps)",
            ),
        };
        Reason {
            kind: "layer",
            name: Some(self.id.to_owned()),
            // Where the boundary moved too, the two cannot be told apart.
            strength: match (self.same_boundary, strength) {
                (Some(true), _) | (_, "evidence") => strength,
                _ => "contributes",
            },
            text: Text::new(
                format!("{zh}：{}；{}", self.text.zh, facts.zh),
                format!("{en}: {}; {}", self.text.en, facts.en),
            ),
        }
    }
}

/// The layer that fills a field, if it is not the same file for both projects. `same_site` tells whether their
/// parcels are the same, where it is known.
pub(super) fn moved<'a>(
    (old, new): (&'a Project, &'a Project),
    same_site: Option<bool>,
    path: &str,
) -> Option<Moved<'a>> {
    let (then, now) = (old.site.as_ref()?, new.site.as_ref()?);
    let layer = now
        .layers
        .iter()
        .chain(&then.layers)
        .find(|layer| layer.fields.iter().any(|field| field == path))?;
    let of = |layers: &'a [Layer]| layers.iter().find(|own| own.id == layer.id);
    let (a, b) = (of(&then.layers), of(&now.layers));
    if same(a, b) {
        return None;
    }
    let none = text!("（无）", "(none)");
    let shown = |layer: Option<&Layer>| {
        let own = layer.and_then(|layer| layer.file.as_ref()).map(file);
        own.unwrap_or_else(|| none.clone())
    };
    let area = |layer: Option<&Layer>| layer.map_or(0.0, |layer| layer.area_m2);
    let overlap = text!(
        "与用地重叠 {:.4} m² → {:.4} m²",
        "overlap with the site {:.4} m² → {:.4} m²",
        area(a),
        area(b)
    );
    let (label, from, to) = (labelled(layer), shown(a), shown(b));
    let parcels = |site: &Site| {
        let areas = site.parcels.iter().map(|parcel| parcel.area_m2.to_bits());
        areas.collect::<Vec<_>>()
    };
    let hashes = |site: &Site| {
        let hashes = site.files.iter().map(|file| file.hash.clone());
        hashes.collect::<Vec<_>>()
    };
    Some(Moved {
        id: &layer.id,
        overlap,
        text: Text::new(
            format!("{}：{} → {}", label.zh, from.zh, to.zh),
            format!("{}: {} → {}", label.en, from.en, to.en),
        ),
        same_boundary: same_site.or({
            let (a, b) = (hashes(then), hashes(now));
            // A boundary that stands in the submission itself has no hash to compare.
            match (a.is_empty() && b.is_empty(), parcels(then) == parcels(now)) {
                (_, false) => Some(false),
                (true, true) => None,
                (false, true) => Some(a == b),
            }
        }),
    })
}
