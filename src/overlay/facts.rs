//! Measured facts: what a site's overlays say of the fields that layers fill.
//!
//! | layer | a reply of the department | the applicant's claim | the fact |
//! | --- | --- | --- | --- |
//! | measured | any | any | the measured value |
//! | not measured | given | – | the reply |
//! | not measured | – | given | the claim, which confirms nothing |
//! | not measured | – | – | unknown, for want of the layer |
//!
//! What was stated and differs from what was measured is kept beside it: areas as records for a rule to compare,
//! anything else as a warning. It does not measure and does not know rules.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::folded;
use crate::model::facts::Facts;
use crate::model::field::{Field, FieldId, FieldType, Slot, Vocabulary};
use crate::model::field_text;
use crate::model::layer::{Fill, Layer, Layers, Takes};
use crate::model::number::Number;
use crate::model::project::{Fact, FactRef, Origin, Project, Record, State, Value, Words};
use crate::model::site::{Measured, NotMeasured, Overlay, Site, Touched};
use crate::model::unit;
use crate::model::value::Interval;
use crate::overlay::measure::{FLOOR, covered};
use crate::overlay::meet::Meeting;
use crate::text;

/// States what was measured, in place of what stood there.
pub(super) fn state(
    layers: &Layers,
    vocabulary: &Vocabulary,
    site: &Site,
    project: &mut Project,
    meeting: &mut Meeting,
    problems: &mut Vec<Problem>,
) {
    let mut writer = Writer {
        vocabulary,
        site,
        project,
        meeting,
        problems,
        differences: Vec::new(),
    };
    writer.site_area(layers);
    for (layer, overlay) in layers.all.iter().zip(&site.overlays) {
        for fill in &layer.fills {
            writer.fill(layer, overlay, fill);
        }
    }
    writer.differences(layers);
    project.note_claims(vocabulary);
}

/// What a layer gives for a field.
struct Found {
    value: Value,
    /// True if an overlap that decides it is below the layer's sliver.
    sliver: bool,
}

/// An area that was stated otherwise than measured.
struct Difference {
    layer: String,
    measured: Interval,
    stated: Interval,
    tolerance: Number,
    place: Place,
}

struct Writer<'a> {
    vocabulary: &'a Vocabulary,
    site: &'a Site,
    project: &'a mut Project,
    meeting: &'a mut Meeting,
    problems: &'a mut Vec<Problem>,
    differences: Vec<Difference>,
}

impl Writer<'_> {
    /// The area of the site itself.
    fn site_area(&mut self, layers: &Layers) {
        let Some(field) = layers.site.area.and_then(|id| self.vocabulary.field(id)) else {
            return;
        };
        let origin = Measured {
            field: field.id,
            layer: None,
            instead_of: None,
            sliver: false,
        };
        let fact = if self.site.broken {
            Fact {
                state: State::Unmeasured(NotMeasured::Boundary),
                ..Fact::default()
            }
        } else {
            let area = Value::Number(Interval::Point(square_metres(self.site.area)));
            Fact::known(area, Origin::Measured(Box::new(origin)))
        };
        self.put(field, fact);
    }

    /// One field of one layer.
    fn fill(&mut self, layer: &Layer, overlay: &Overlay, fill: &Fill) {
        let Some(field) = self.vocabulary.field(fill.field) else {
            return;
        };
        let before = self
            .project
            .find(self.vocabulary, FactRef::project(field.id))
            .cloned()
            .unwrap_or_default();
        let found = match &overlay.unmeasured {
            None => self.found(layer, overlay, fill, field, &before),
            Some(_) if self.site.broken => Err(NotMeasured::Boundary),
            Some(_) => Err(NotMeasured::Layer),
        };
        match found {
            Ok(found) => {
                let shown = before
                    .value()
                    .map(|value| field_text(self.vocabulary, field, value));
                self.compare(layer, field, &before, &found.value);
                if found.sliver {
                    self.project.slivers.push(field.id);
                }
                let origin = Measured {
                    field: field.id,
                    layer: Some(overlay.layer),
                    instead_of: shown,
                    sliver: found.sliver,
                };
                self.put(
                    field,
                    Fact::known(found.value, Origin::Measured(Box::new(origin))),
                );
            }
            // A statement stands where nothing was measured: a reply as a fact, a claim as a claim.
            Err(_) if matches!(before.state, State::Known(_)) => {}
            Err(why) => self.put(
                field,
                Fact {
                    state: State::Unmeasured(why),
                    ..Fact::default()
                },
            ),
        }
    }

    fn found(
        &mut self,
        layer: &Layer,
        overlay: &Overlay,
        fill: &Fill,
        field: &Field,
        before: &Fact,
    ) -> Result<Found, NotMeasured> {
        let counted: Vec<&Touched> = overlay
            .touched
            .iter()
            .filter(|one| fill.counts(|name| one.attribute(name).map(str::to_owned)))
            .collect();
        let area = if counted.len() == overlay.touched.len() {
            overlay.area
        } else {
            covered(counted.iter().copied(), self.meeting)
        };
        let small = |area: f64| area >= FLOOR && layer.is_sliver(area);
        let of_area = |area: f64| Found {
            value: Value::Number(Interval::Point(square_metres(area))),
            sliver: small(area),
        };
        let outside = (self.site.area - area).max(0.0);
        // What is left of a site that is wholly covered is the rounding of its area.
        let outside = if outside < FLOOR.max(self.site.area * 1e-9) {
            0.0
        } else {
            outside
        };
        match &fill.takes {
            Takes::Inside => Ok(of_area(area)),
            Takes::Outside => Ok(of_area(outside)),
            Takes::Any => Ok(Found {
                value: Value::Bool(area >= FLOOR),
                sliver: small(area),
            }),
            Takes::Distance => match &overlay.nearest {
                Some((distance, _)) => Ok(Found {
                    value: Value::Number(Interval::Point(metres(*distance))),
                    sliver: false,
                }),
                // A layer without a polygon that counts tells no distance.
                None => Err(NotMeasured::Layer),
            },
            Takes::Answer {
                attribute,
                otherwise,
                order,
            } => {
                let mut answers: Vec<(u16, f64)> = Vec::new();
                for one in &counted {
                    let answer = self.answer(field, one.attribute(attribute));
                    let answer = answer.ok_or(NotMeasured::Layer)?;
                    add(&mut answers, answer, one.area);
                }
                if outside > 0.0 {
                    let otherwise = otherwise.ok_or(NotMeasured::Several)?;
                    add(&mut answers, otherwise, outside);
                }
                let first = order
                    .iter()
                    .find_map(|wanted| answers.iter().find(|(own, _)| own == wanted));
                let (answer, area) = match (first, answers.as_slice()) {
                    (Some(one), _) | (None, [one]) => *one,
                    (None, _) => return Err(NotMeasured::Several),
                };
                Ok(Found {
                    value: Value::Enum(answer),
                    sliver: small(area),
                })
            }
            Takes::Records(members) => {
                let sliver = counted.iter().any(|one| small(one.area));
                Ok(Found {
                    value: Value::Records(self.records(field, members, &counted, before)),
                    sliver,
                })
            }
        }
    }

    /// The answer that an attribute gives.
    fn answer(&self, field: &Field, value: Option<&str>) -> Option<u16> {
        let FieldType::Enum(id) = field.kind else {
            return None;
        };
        self.vocabulary.enumeration(id)?.find(value?)
    }

    /// A record for each different value of the first member; what a statement says of the same one stays.
    fn records(
        &self,
        list: &Field,
        members: &[(FieldId, String)],
        counted: &[&Touched],
        before: &Fact,
    ) -> Vec<Record> {
        let slots = self.vocabulary.members(list.id).len();
        let stated: &[Record] = match before.value() {
            Some(Value::Records(records)) => records,
            _ => &[],
        };
        let mut records: Vec<Record> = Vec::new();
        for one in counted {
            let measured: Vec<(u16, Fact)> = members
                .iter()
                .filter_map(|(member, attribute)| {
                    let field = self.vocabulary.field(*member)?;
                    let Slot::Member(_, slot) = field.slot else {
                        return None;
                    };
                    let text = one.attribute(attribute);
                    let value = match field.kind {
                        FieldType::Enum(_) => self.answer(field, text).map(Value::Enum),
                        _ => text.map(|text| Value::Text(Words::new(text))),
                    };
                    let origin = Origin::Measured(Box::new(Measured {
                        field: *member,
                        layer: None,
                        instead_of: None,
                        sliver: false,
                    }));
                    let fact = match value {
                        Some(value) => Fact::known(value, origin),
                        None => Fact {
                            state: State::Unmeasured(NotMeasured::Layer),
                            ..Fact::default()
                        },
                    };
                    Some((slot, fact))
                })
                .collect();
            let Some((key, first)) = measured.first() else {
                continue;
            };
            let same = |record: &&Record| {
                let own = record.facts.get(usize::from(*key)).and_then(Fact::value);
                own.is_some() && own == first.value()
            };
            if records.iter().any(|record| same(&record)) {
                continue;
            }
            let mut record = stated.iter().find(same).cloned().unwrap_or_else(|| Record {
                facts: Facts::empty(slots),
                place: None,
            });
            for (slot, fact) in measured {
                if let Some(place) = record.facts.get_mut(usize::from(slot)) {
                    *place = fact;
                }
            }
            records.push(record);
        }
        records
    }

    /// Keeps what was stated otherwise.
    fn compare(&mut self, layer: &Layer, field: &Field, before: &Fact, measured: &Value) {
        let Some(stated) = before.value() else {
            return;
        };
        if let (Value::Number(stated), Value::Number(measured)) = (stated, measured)
            && has_area(field)
        {
            self.differences.push(Difference {
                layer: field_name(layer, field),
                measured: measured.clone(),
                stated: stated.clone(),
                tolerance: layer.tolerance.clone(),
                place: before.origin.place(),
            });
            return;
        }
        let same = match (stated, measured) {
            (Value::Number(stated), Value::Number(measured)) => {
                // A distance that is stated in whole metres is not wrong.
                let apart = stated.sub(measured).abs();
                apart.less(&Interval::Point(Number::ONE)) != crate::model::value::Tri::False
            }
            (Value::Records(stated), Value::Records(measured)) => {
                let found = |one: &Record| measured.iter().any(|other| keys(one) == keys(other));
                stated.len() == measured.len() && stated.iter().all(found)
            }
            _ => stated == measured,
        };
        if !same {
            let said = field_text(self.vocabulary, field, stated);
            let is = field_text(self.vocabulary, field, measured);
            let (zh, en) = (&field.label.zh, &field.label.en);
            let (said_zh, said_en, is_zh, is_en) = (&said.zh, &said.en, &is.zh, &is.en);
            self.problems.push(
                Problem::warning(
                    "hegui::overlay::differs",
                    before.origin.place(),
                    text!(
                        "{zh}填写为“{said_zh}”，套合结果为“{is_zh}”，以套合结果为准",
                        "{en} is stated as “{said_en}” and measured as “{is_en}”; the measured value stands"
                    ),
                )
                .help(text!(
                    "请核对界址点和图层版本",
                    "check the boundary points and the layer's edition"
                )),
            );
        }
    }

    /// States the areas that were stated beside those that were measured.
    fn differences(&mut self, layers: &Layers) {
        let Some(fields) = layers.site.differences else {
            return;
        };
        let Some(list) = self.vocabulary.field(fields.list) else {
            return;
        };
        if self.site.broken {
            let fact = Fact {
                state: State::Unmeasured(NotMeasured::Boundary),
                ..Fact::default()
            };
            self.put(list, fact);
            return;
        }
        let slots = self.vocabulary.members(list.id).len();
        let mut records = Vec::new();
        for one in std::mem::take(&mut self.differences) {
            let mut facts = Facts::empty(slots);
            let values = [
                (fields.layer, Value::Text(Words::new(&one.layer))),
                (fields.measured, Value::Number(one.measured)),
                (fields.stated, Value::Number(one.stated)),
                (
                    fields.tolerance,
                    Value::Number(Interval::Point(one.tolerance)),
                ),
            ];
            for (member, value) in values {
                let Some(Slot::Member(_, slot)) = self.vocabulary.field(member).map(|f| f.slot)
                else {
                    continue;
                };
                if let Some(fact) = facts.get_mut(usize::from(slot)) {
                    *fact = Fact::known(value, Origin::Declared(one.place));
                }
            }
            records.push(Record {
                facts,
                place: Some(one.place).filter(|place| *place != Place::Nowhere),
            });
        }
        let origin = Origin::Measured(Box::new(Measured {
            field: list.id,
            layer: None,
            instead_of: None,
            sliver: false,
        }));
        self.put(list, Fact::known(Value::Records(records), origin));
    }

    fn put(&mut self, field: &Field, fact: Fact) {
        if let Slot::Project(slot) = field.slot
            && let Some(place) = self.project.facts.get_mut(usize::from(slot))
        {
            *place = fact;
        }
    }
}

/// The texts of a record, by which it is told from others.
fn keys(record: &Record) -> Vec<String> {
    let texts = record.facts.iter().filter_map(|fact| match fact.value() {
        Some(Value::Text(words)) => Some(folded(&words.shown).into_owned()),
        _ => None,
    });
    texts.take(1).collect()
}

fn add(answers: &mut Vec<(u16, f64)>, answer: u16, area: f64) {
    match answers.iter_mut().find(|(own, _)| *own == answer) {
        Some((_, sum)) => *sum += area,
        None => answers.push((answer, area)),
    }
}

/// What an area is called in a comparison: by its field, where the layer fills several.
fn field_name(layer: &Layer, field: &Field) -> String {
    if layer.fills.len() > 1 {
        field.label.zh.clone()
    } else {
        layer.label.zh.clone()
    }
}

fn has_area(field: &Field) -> bool {
    unit::parse("m²").is_some_and(|unit| unit.dimension == field.measure.unit.dimension)
}

/// A measured area in canonical units: to the square centimetre, which is finer than any survey.
fn square_metres(area: f64) -> Number {
    in_units(&format!("{area:.4}"), "m²")
}

/// A measured length in canonical units: to the millimetre.
fn metres(length: f64) -> Number {
    in_units(&format!("{length:.3}"), "m")
}

fn in_units(written: &str, name: &str) -> Number {
    let number = Number::parse(written).unwrap_or(Number::ZERO);
    match unit::parse(name) {
        Some(unit) => &number * &unit.factor,
        None => number,
    }
}
