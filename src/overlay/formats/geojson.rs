//! GeoJSON: collections, single features and bare geometry, and sequences of these, one after the other.
//!
//! A collection is read one feature at a time: its text is cut into features by brackets alone, and each is parsed
//! by itself, so that a broken feature loses only itself and memory holds one. Longitude and latitude of WGS 84 are
//! what the format means (RFC 7946); the older member `crs` says otherwise where it stands.

use std::io::BufRead;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::sink::{Draft, Other, RawRing, Sink, unreadable};
use super::{Input, Part};
use crate::base::problem::Problem;
use crate::base::source::{Place, SourceId, Span};
use crate::base::text::Text;
use crate::model::shape::Point;
use crate::overlay::claim::{Claim, Says};
use crate::text;

/// How deep geometry collections may be nested.
const DEPTH: usize = 16;

/// Reads a GeoJSON file.
pub(super) fn read(input: &Input, sink: &mut Sink<'_>) -> Result<(), Problem> {
    let name = input.main.name();
    let cut = |cut: Cut| unreadable(name, &cut.words());
    let mut scan = Scan::new(input.main.open()?).map_err(cut)?;
    let head = scan.head().map_err(cut)?;
    let part = Arc::new(Part {
        name: name.to_owned(),
        claim: Some(head.claim(input.source)),
    });
    let mut reader = Reader {
        part,
        source: input.source,
        number: 0,
        sink,
    };
    let mut scan = Scan::new(input.main.open()?).map_err(cut)?;
    let read = if head.has_features {
        scan.features(&mut reader)
    } else {
        Ok(())
    };
    // A sequence goes on with documents of its own.
    let read = read.and_then(|()| scan.documents(&mut reader));
    read.map_err(cut)
}

/// Why the text could not be cut up.
enum Cut {
    /// It cannot be read.
    Io(String),
    /// It ends too early.
    Short,
    /// A byte that should not stand there, with its line.
    Wrong(usize),
}

impl Cut {
    fn words(&self) -> Text {
        match self {
            Self::Io(error) => Text::same(error),
            Self::Short => text!("JSON 没有写完整", "the JSON ends too early"),
            Self::Wrong(line) => text!("第 {line} 行不符合 JSON 写法", "line {line} is not JSON"),
        }
    }
}

/// What the top of a file says.
#[derive(Default)]
struct Head {
    has_features: bool,
    /// The text of `crs`, and where it stands.
    crs: Option<(Vec<u8>, usize)>,
}

impl Head {
    fn claim(&self, source: Option<SourceId>) -> Claim {
        #[derive(Deserialize)]
        struct Crs {
            properties: Option<Properties>,
        }
        #[derive(Deserialize)]
        struct Properties {
            name: Option<String>,
            href: Option<String>,
        }
        let Some((bytes, start)) = &self.crs else {
            return Claim::by_format("GeoJSON, RFC 7946");
        };
        if bytes == b"null" {
            return Claim::by_format("GeoJSON, RFC 7946");
        }
        let place = source.map_or(Place::Nowhere, |id| {
            Place::span(id, *start..*start + bytes.len())
        });
        let crs: Option<Crs> = serde_json::from_slice(bytes).ok();
        let properties = crs.and_then(|crs| crs.properties);
        match properties {
            Some(Properties {
                name: Some(name), ..
            }) => Claim::named(&name, place),
            Some(Properties {
                href: Some(href), ..
            }) => Claim::named(&href, place),
            _ => Claim {
                words: String::from_utf8_lossy(bytes).chars().take(80).collect(),
                place,
                says: Says::Other,
                by_format: false,
            },
        }
    }
}

/// Cuts JSON text into values by brackets and quotes, without parsing them.
struct Scan<R> {
    bytes: R,
    /// How many bytes were taken, the byte order mark not counted.
    at: usize,
    line: usize,
}

impl<R: BufRead> Scan<R> {
    fn new(mut bytes: R) -> Result<Self, Cut> {
        let start = bytes.fill_buf().map_err(|e| Cut::Io(e.to_string()))?;
        if start.starts_with(b"\xEF\xBB\xBF") {
            bytes.consume(3);
        }
        Ok(Self {
            bytes,
            at: 0,
            line: 1,
        })
    }

    /// The next byte, without taking it.
    fn peek(&mut self) -> Result<Option<u8>, Cut> {
        let rest = self.bytes.fill_buf().map_err(|e| Cut::Io(e.to_string()))?;
        Ok(rest.first().copied())
    }

    fn take(&mut self) {
        if let Ok(Some(byte)) = self.peek() {
            self.line += usize::from(byte == b'\n');
            self.bytes.consume(1);
            self.at += 1;
        }
    }

    /// The next byte that is no space and no mark between the records of a sequence, without taking it.
    fn next(&mut self) -> Result<Option<u8>, Cut> {
        while let Some(byte) = self.peek()? {
            if !byte.is_ascii_whitespace() && byte != 0x1E {
                return Ok(Some(byte));
            }
            self.take();
        }
        Ok(None)
    }

    fn take_mark(&mut self, mark: u8) -> Result<bool, Cut> {
        match self.next()? {
            Some(byte) if byte == mark => {
                self.take();
                Ok(true)
            }
            Some(_) => Ok(false),
            None => Err(Cut::Short),
        }
    }

    fn wrong<T>(&self) -> Result<T, Cut> {
        Err(Cut::Wrong(self.line))
    }

    /// Moves past a value; its bytes are added to `kept`, if that is given.
    fn value(&mut self, mut kept: Option<&mut Vec<u8>>) -> Result<(), Cut> {
        let Some(first) = self.next()? else {
            return Err(Cut::Short);
        };
        if matches!(first, b',' | b':' | b']' | b'}') {
            return self.wrong();
        }
        let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
        loop {
            let piece = self.bytes.fill_buf().map_err(|e| Cut::Io(e.to_string()))?;
            if piece.is_empty() {
                // A bare number or word may end with the text.
                return if depth == 0 && !quoted && !matches!(first, b'{' | b'[' | b'"') {
                    Ok(())
                } else {
                    Err(Cut::Short)
                };
            }
            let mut end = None;
            for (index, byte) in piece.iter().enumerate() {
                if quoted {
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => {
                            quoted = false;
                            if depth == 0 {
                                end = Some(index + 1);
                            }
                        }
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => quoted = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' if depth == 0 => end = Some(index),
                        b'}' | b']' => {
                            depth -= 1;
                            if depth == 0 {
                                end = Some(index + 1);
                            }
                        }
                        b',' | b' ' | b'\t' | b'\r' | b'\n' | 0x1E if depth == 0 => {
                            end = Some(index);
                        }
                        _ => {}
                    }
                }
                if end.is_some() {
                    break;
                }
            }
            let length = end.unwrap_or(piece.len());
            let taken = piece.get(..length).unwrap_or(piece);
            if let Some(kept) = kept.as_deref_mut() {
                kept.extend_from_slice(taken);
            }
            self.line += taken.split(|byte| *byte == b'\n').count().saturating_sub(1);
            self.bytes.consume(length);
            self.at += length;
            if end.is_some() {
                return Ok(());
            }
        }
    }

    /// Goes through the members of an object that starts here; `member` must take the value.
    fn members(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), Cut>,
    ) -> Result<(), Cut> {
        if !self.take_mark(b'{')? {
            return self.wrong();
        }
        if self.take_mark(b'}')? {
            return Ok(());
        }
        loop {
            if self.next()? != Some(b'"') {
                return self.wrong();
            }
            let mut key = Vec::new();
            self.value(Some(&mut key))?;
            let key: String = serde_json::from_slice(&key).unwrap_or_default();
            if !self.take_mark(b':')? {
                return self.wrong();
            }
            member(self, &key)?;
            if self.take_mark(b'}')? {
                return Ok(());
            }
            if !self.take_mark(b',')? {
                return self.wrong();
            }
        }
    }

    /// What the first document says at its top; the features are not parsed.
    fn head(&mut self) -> Result<Head, Cut> {
        let mut head = Head::default();
        if self.next()? != Some(b'{') {
            return match self.next()? {
                Some(_) => self.wrong(),
                None => Err(Cut::Short),
            };
        }
        let read = self.members(|scan, key| match key {
            "features" => {
                head.has_features = scan.next()? == Some(b'[');
                scan.value(None)
            }
            "crs" => {
                let mut text = Vec::new();
                scan.next()?;
                let start = scan.at;
                scan.value(Some(&mut text))?;
                head.crs = Some((text, start));
                Ok(())
            }
            _ => scan.value(None),
        });
        match read {
            // What stands before the break is read; the second pass says what is wrong.
            Err(_) if head.has_features => Ok(head),
            read => read.map(|()| head),
        }
    }

    /// Reads the features of a collection one by one.
    fn features(&mut self, reader: &mut Reader<'_, '_>) -> Result<(), Cut> {
        self.next()?;
        let mut text = Vec::new();
        self.members(|scan, key| {
            if key != "features" || !scan.take_mark(b'[')? {
                return scan.value(None);
            }
            if scan.take_mark(b']')? {
                return Ok(());
            }
            loop {
                scan.next()?;
                let start = scan.at;
                text.clear();
                scan.value(Some(&mut text))?;
                reader.document(&text, start);
                if scan.take_mark(b']')? || reader.sink.is_stopped() {
                    return Ok(());
                }
                if !scan.take_mark(b',')? {
                    return scan.wrong();
                }
            }
        })
    }

    /// Reads whole documents, one after the other, up to the end.
    fn documents(&mut self, reader: &mut Reader<'_, '_>) -> Result<(), Cut> {
        let mut text = Vec::new();
        while self.next()?.is_some() && !reader.sink.is_stopped() {
            let start = self.at;
            text.clear();
            self.value(Some(&mut text))?;
            reader.document(&text, start);
        }
        Ok(())
    }
}

/// Turns the text of a feature into a feature.
struct Reader<'a, 's> {
    part: Arc<Part>,
    source: Option<SourceId>,
    number: usize,
    sink: &'a mut Sink<'s>,
}

/// A feature, a geometry or a collection: whatever stands in the text.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(default)]
    r#type: Option<String>,
    #[serde(default, borrow)]
    geometry: Option<&'a RawValue>,
    #[serde(default, borrow)]
    coordinates: Option<&'a RawValue>,
    #[serde(default, borrow)]
    geometries: Option<Vec<&'a RawValue>>,
    #[serde(default, borrow)]
    features: Option<Vec<&'a RawValue>>,
    #[serde(default, borrow)]
    properties: Option<&'a RawValue>,
}

/// What is wrong, and the bytes it is about.
type Mistake = (Span, Text);

impl Reader<'_, '_> {
    fn place(&self, span: Span) -> Place {
        self.source
            .map_or(Place::Nowhere, |id| Place::Span(id, span))
    }

    /// Reads the text of a document that stands `start` bytes into the file.
    fn document(&mut self, bytes: &[u8], start: usize) {
        let whole = Span::new(start..start + bytes.len());
        let Ok(text) = std::str::from_utf8(bytes) else {
            self.number += 1;
            let why = text!("文字不是 UTF-8 编码", "its text is not UTF-8");
            return self
                .sink
                .broken(&self.part, self.number, self.place(whole), &why);
        };
        let base = Base { text, start };
        match parse(base, text) {
            // A collection within a sequence.
            Ok(Document {
                features: Some(features),
                ..
            }) => {
                for feature in features {
                    self.feature(base, feature.get());
                }
            }
            Ok(_) => self.feature(base, text),
            Err((span, why)) => {
                self.number += 1;
                let place = self.place(span);
                self.sink.broken(&self.part, self.number, place, &why);
            }
        }
    }

    fn feature(&mut self, base: Base<'_>, text: &str) {
        self.number += 1;
        let mut draft = Draft::new(self.number, self.place(base.span(text)), self.source);
        match self.fill(base, text, &mut draft) {
            Ok(()) => self.sink.feature(&self.part, draft),
            Err((span, why)) => {
                let place = self.place(span);
                self.sink.broken(&self.part, self.number, place, &why);
            }
        }
    }

    fn fill(&self, base: Base<'_>, text: &str, draft: &mut Draft) -> Result<(), Mistake> {
        let document = parse(base, text)?;
        if let Some(properties) = document.properties {
            draft.attributes = attributes(properties.get());
        }
        match document.geometry {
            Some(geometry) => self.geometry(base, geometry.get(), draft, DEPTH),
            None if document.r#type.as_deref() == Some("Feature") => Ok(()),
            None => self.geometry(base, text, draft, DEPTH),
        }
    }

    fn geometry(
        &self,
        base: Base<'_>,
        text: &str,
        draft: &mut Draft,
        depth: usize,
    ) -> Result<(), Mistake> {
        let document = parse(base, text)?;
        let kind = document.r#type.unwrap_or_default();
        let coordinates = document.coordinates.map_or("", |raw| raw.get());
        match kind.as_str() {
            "Polygon" => {
                let rings: Rings = nested(base, coordinates)?;
                let mut spans = self.spans(base, coordinates);
                draft.polygon(raw(rings, &mut spans));
            }
            "MultiPolygon" => {
                let polygons: Vec<Rings> = nested(base, coordinates)?;
                let mut spans = self.spans(base, coordinates);
                for rings in polygons {
                    draft.polygon(raw(rings, &mut spans));
                }
            }
            "GeometryCollection" => {
                let Some(deeper) = depth.checked_sub(1) else {
                    let why = text!("嵌套层数过多", "the nesting is too deep");
                    return Err((base.span(text), why));
                };
                for geometry in document.geometries.unwrap_or_default() {
                    self.geometry(base, geometry.get(), draft, deeper)?;
                }
            }
            other => match Other::by_name(&other.to_lowercase()) {
                Other::Unknown => {
                    let why = text!(
                        "`{other}` 不是 GeoJSON 的图形类型",
                        "`{other}` is not a type of GeoJSON geometry"
                    );
                    return Err((base.span(text), why));
                }
                known => draft.other(known),
            },
        }
        Ok(())
    }

    /// Where the positions of some coordinates are written, if that is to be kept.
    fn spans(&self, base: Base<'_>, coordinates: &str) -> std::vec::IntoIter<Span> {
        let mut spans = Vec::new();
        if self.source.is_some() {
            let start = base.span(coordinates).start as usize;
            let mut open = None;
            for (at, byte) in coordinates.bytes().enumerate() {
                match byte {
                    b'[' => open = Some(at),
                    b']' => {
                        spans.extend(
                            open.take()
                                .map(|open| Span::new(start + open..start + at + 1)),
                        );
                    }
                    _ => {}
                }
            }
        }
        spans.into_iter()
    }
}

/// A text within a file.
#[derive(Clone, Copy)]
struct Base<'a> {
    text: &'a str,
    start: usize,
}

impl Base<'_> {
    /// The span in the file of a slice of the text.
    fn span(self, part: &str) -> Span {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let start = self.start + offset;
        Span::new(start..start + part.len())
    }

    fn mistake(self, text: &str, error: &serde_json::Error) -> Mistake {
        let line = error.line().saturating_sub(1);
        let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let at = (before + error.column().saturating_sub(1)).min(text.len().saturating_sub(1));
        let start = self.span(text).start as usize;
        if error.is_data() {
            // The innermost brackets around it: a position, as a rule.
            let bytes = text.as_bytes();
            let is = |mark: u8| move |byte: &u8| *byte == mark;
            let open = bytes.iter().take(at + 1).rposition(is(b'['));
            let close = bytes.iter().skip(at).position(is(b']'));
            let why = text!(
                "坐标应为 [经度或东坐标, 纬度或北坐标] 的数组",
                "coordinates should be arrays of [longitude or easting, latitude or northing]"
            );
            let end = close.map_or(at, |close| at + close);
            return (Span::new(start + open.unwrap_or(at)..start + end + 1), why);
        }
        let why = text!("此处不符合 JSON 写法", "this is not JSON");
        (Span::new(start + at..start + at + 1), why)
    }
}

fn parse<'a>(base: Base<'_>, text: &'a str) -> Result<Document<'a>, Mistake> {
    serde_json::from_str(text).map_err(|error| base.mistake(text, &error))
}

fn nested<'a, T: Deserialize<'a>>(base: Base<'_>, text: &'a str) -> Result<T, Mistake> {
    if text.is_empty() {
        let why = text!("缺少坐标", "the coordinates are missing");
        return Err((base.span(base.text), why));
    }
    serde_json::from_str(text).map_err(|error| base.mistake(text, &error))
}

/// The rings of a polygon.
type Rings = Vec<Vec<Position>>;

fn raw(rings: Rings, spans: &mut std::vec::IntoIter<Span>) -> Vec<RawRing> {
    let ring = |ring: Vec<Position>| RawRing {
        spans: spans.by_ref().take(ring.len()).collect(),
        points: ring.into_iter().map(|position| position.0).collect(),
    };
    rings.into_iter().map(ring).collect()
}

/// A position; what follows its first two numbers is height.
struct Position(Point);

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Numbers;
        impl<'de> Visitor<'de> for Numbers {
            type Value = Position;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a position")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Position, A::Error> {
                let mut next = || seq.next_element::<f64>();
                let (Some(x), Some(y)) = (next()?, next()?) else {
                    return Err(serde::de::Error::invalid_length(0, &self));
                };
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Position(Point { x, y }))
            }
        }
        deserializer.deserialize_seq(Numbers)
    }
}

/// The members of `properties` as text, in the order of the file.
fn attributes(text: &str) -> Vec<(String, String)> {
    struct Members(Vec<(String, String)>);
    impl<'de> Deserialize<'de> for Members {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Pairs;
            impl<'de> Visitor<'de> for Pairs {
                type Value = Members;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                    let mut members = Vec::new();
                    while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
                        let raw = value.get();
                        let value = match serde_json::from_str::<String>(raw) {
                            Ok(text) => text,
                            Err(_) if raw == "null" => continue,
                            Err(_) => raw.to_owned(),
                        };
                        members.push((key, value));
                    }
                    Ok(Members(members))
                }
            }
            deserializer.deserialize_map(Pairs)
        }
    }
    serde_json::from_str(text).map_or_else(|_| Vec::new(), |members: Members| members.0)
}
