//! KML: the polygons of placemarks, with their names and extended data.
//!
//! Coordinates are longitude and latitude of WGS 84 by the rules of the format; heights are dropped.
//! Elements are followed by name alone, so that any nesting of folders is read and none is too deep.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use super::sink::{Draft, Other, RawRing, Sink, unreadable};
use super::{Input, Part};
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Span};
use crate::base::text::Text;
use crate::model::shape::Point;
use crate::overlay::claim::Claim;
use crate::text;

/// Reads a KML file.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let text = super::whole_text(input)?;
    let mut reader = Reader::from_str(&text);
    let mut walk = Walk {
        text: &text,
        source: input.source,
        part: Arc::new(Part {
            name: name.to_owned(),
            claim: Some(Claim::by_format("KML")),
        }),
        number: 0,
        mark: None,
        words: String::new(),
        sink,
    };
    let mut is_map = false;
    loop {
        if walk.sink.is_stopped() {
            return Ok(());
        }
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                is_map |= matches!(start.local_name().as_ref(), "kml" | "Placemark");
                walk.start(&start);
            }
            Ok(Event::Empty(start)) => {
                walk.start(&start);
                walk.end(start.local_name().as_ref());
            }
            Ok(Event::End(end)) => walk.end(end.local_name().as_ref()),
            Ok(Event::Text(text)) => walk.text(&text),
            Ok(Event::CData(text)) => walk.text(&text),
            Ok(Event::GeneralRef(entity)) => {
                let resolved = entity.resolve_char_ref().ok().flatten();
                match resolved {
                    Some(c) => walk.words.push(c),
                    None => walk
                        .words
                        .push_str(resolve_predefined_entity(&entity).unwrap_or_default()),
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(0);
                let line = line_of(&text, at);
                let why = text!(
                    "第 {line} 行不符合 XML 写法（{error}）",
                    "line {line} is not XML ({error})"
                );
                return Err(unreadable(name, &why));
            }
        }
    }
    if walk.mark.is_some() {
        let why = text!("XML 没有写完整", "the XML ends too early");
        return Err(unreadable(name, &why));
    }
    if !is_map {
        let why = text!("不是 KML 文件", "it is not a KML file");
        return Err(unreadable(name, &why));
    }
    Ok(())
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// A placemark while it is read.
struct Mark {
    draft: Draft,
    /// The rings of the open polygon; none outside one.
    polygon: Option<Vec<RawRing>>,
    /// The name of the open piece of extended data.
    key: Option<String>,
    /// What is wrong with it.
    mistake: Option<(Place, Text)>,
}

struct Walk<'a, 's> {
    text: &'a str,
    source: Option<SourceId>,
    part: Arc<Part>,
    number: usize,
    mark: Option<Mark>,
    /// The text of the open element.
    words: String,
    sink: &'a mut Sink<'s>,
}

impl Walk<'_, '_> {
    fn start(&mut self, start: &BytesStart<'_>) {
        self.words.clear();
        let name = start.local_name();
        if name.as_ref() == "Placemark" {
            self.number += 1;
            let place = self.place(start);
            self.mark = Some(Mark {
                draft: Draft::new(self.number, place, self.source),
                polygon: None,
                key: None,
                mistake: None,
            });
            return;
        }
        let Some(mark) = &mut self.mark else {
            return;
        };
        match name.as_ref() {
            "Polygon" => mark.polygon = Some(Vec::new()),
            "Data" | "SimpleData" => {
                let key = start.try_get_attribute("name").ok().flatten();
                mark.key = key.map(|key| {
                    let raw = key.value.as_ref();
                    quick_xml::escape::unescape(raw)
                        .map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned)
                });
            }
            "Point" | "LineString" | "Track" | "Model" => {
                mark.draft
                    .other(Other::by_name(&name.as_ref().to_lowercase()));
            }
            "LinearRing" if mark.polygon.is_none() => mark.draft.other(Other::Lines),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let in_ring = self
            .mark
            .as_ref()
            .is_some_and(|mark| mark.polygon.is_some());
        // Coordinates are taken at once, while their place is known; other text waits for its end.
        let offset = (text.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if in_ring && offset < self.text.len() && self.words.is_empty() {
            self.ring(text, offset);
        } else {
            self.words.push_str(text);
        }
    }

    /// Reads the coordinates of a ring: `longitude,latitude[,height]`, with spaces between points.
    fn ring(&mut self, text: &str, offset: usize) {
        let keeps_spans = self.source.is_some();
        let mut ring = RawRing::default();
        for word in text.split_ascii_whitespace() {
            let start = offset + (word.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            let mut numbers = word.split(',').map(str::parse::<f64>);
            let (Some(Ok(x)), Some(Ok(y))) = (numbers.next(), numbers.next()) else {
                let place = self.at(start..start + word.len());
                if let Some(mark) = &mut self.mark {
                    let why = text!(
                        "`{word}` 不是“经度,纬度”",
                        "`{word}` is not `longitude,latitude`"
                    );
                    mark.mistake.get_or_insert((place, why));
                }
                return;
            };
            ring.points.push(Point { x, y });
            if keeps_spans {
                ring.spans.push(Span::new(start..start + word.len()));
            }
        }
        if ring.points.is_empty() {
            return;
        }
        if let Some(polygon) = self.mark.as_mut().and_then(|mark| mark.polygon.as_mut()) {
            polygon.push(ring);
        }
    }

    fn end(&mut self, name: &str) {
        let words = std::mem::take(&mut self.words);
        let Some(mark) = &mut self.mark else {
            return;
        };
        let mut attribute = |name: String| {
            let value = words.trim();
            if !value.is_empty() {
                mark.draft.attributes.push((name, value.to_owned()));
            }
        };
        match name {
            "name" => attribute("name".to_owned()),
            "description" => attribute("description".to_owned()),
            "value" | "SimpleData" => {
                if let Some(key) = mark.key.clone() {
                    attribute(key);
                }
            }
            "Polygon" => {
                if let Some(rings) = mark.polygon.take() {
                    mark.draft.polygon(rings);
                }
            }
            "Placemark" => {
                let number = self.number;
                if let Some(mark) = self.mark.take() {
                    match mark.mistake {
                        Some((place, why)) => self.sink.broken(&self.part, number, place, &why),
                        None => self.sink.feature(&self.part, mark.draft),
                    }
                }
            }
            _ => {}
        }
    }

    fn at(&self, range: std::ops::Range<usize>) -> Place {
        self.source
            .map_or(Place::Nowhere, |id| Place::span(id, range))
    }

    /// The place of an opening tag.
    fn place(&self, start: &BytesStart<'_>) -> Place {
        let tag: &str = start;
        let offset = (tag.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if offset < self.text.len() {
            self.at(offset..offset + tag.len())
        } else {
            Place::Nowhere
        }
    }
}
