//! `layers.toml` into layers: what they mean, which fields they fill, and the files that packs give for them.
//!
//! A later pack may give a file for a layer that has none; it may not redefine one.
//! It does not open the files of layers.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::tree::{Datum, Node};
use crate::model::field::{Field, FieldType, Slot, Vocabulary};
use crate::model::layer::{
    Attribute, Differences, District, Fill, Layer, LayerData, Layers, SiteFields, Takes,
};
use crate::model::number::Number;
use crate::model::quantity::Measure;
use crate::model::unit::{self, Dimension};
use crate::rules::fields::{read_number, redefined};
use crate::rules::reader::{Reader, unknown_word};
use crate::text;

/// Finds a file of the pack.
type Files<'f, 'a> = &'f dyn Fn(&str) -> Option<&'a Source>;

/// Adds a `layers.toml`; `file` finds a file of the pack.
pub(super) fn read(
    source: &Source,
    root: &Node,
    pack: usize,
    vocabulary: &Vocabulary,
    file: Files<'_, '_>,
    layers: &mut Layers,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, root, problems);
    if let Some(node) = reader.node("district") {
        layers.districts.extend(district(source, node, problems));
    }
    if let Some(node) = reader.node("site") {
        site(source, node, vocabulary, &mut layers.site, problems);
    }
    for node in reader.tables("layer", problems) {
        let Some(layer) = layer(source, node, pack, vocabulary, file, problems) else {
            continue;
        };
        if layers.find(&layer.id).is_some() {
            problems.push(redefined(layer.place, &layer.id));
            continue;
        }
        for fill in &layer.fills {
            let others = layers.all.iter().flat_map(|other| &other.fills);
            if others
                .chain(&layer.fills)
                .filter(|f| f.field == fill.field)
                .count()
                > 1
            {
                let path = vocabulary.path(fill.field);
                problems.push(Problem::error(
                    "hegui::pack::redefined",
                    fill.place,
                    text!(
                        "字段 `{path}` 已由另一图层填写",
                        "the field `{path}` is filled already"
                    ),
                ));
            }
        }
        layers.all.push(layer);
    }
    for node in reader.tables("data", problems) {
        let mut inner = Reader::new(source, node, problems);
        let id = inner.need_text("layer", problems).unwrap_or_default();
        let place = inner.place_of("layer");
        let data = data(&mut inner, pack, file, problems);
        inner.finish(problems);
        match layers.all.iter_mut().find(|layer| layer.id == id) {
            Some(layer) if layer.data.is_none() => layer.data = data,
            Some(_) => problems.push(redefined(place, id)),
            None => {
                let known: Vec<&str> = layers.all.iter().map(|l| l.id.as_str()).collect();
                problems.push(unknown_word(place, id, &known));
            }
        }
    }
    reader.finish(problems);
}

fn district(source: &Source, node: &Node, problems: &mut Vec<Problem>) -> Option<District> {
    let mut reader = Reader::new(source, node, problems);
    let name = reader.need_bilingual("name", problems);
    let mut bound = |key| -> Option<f64> {
        let written = reader.written(key, problems);
        let number = written
            .and_then(|text| text.parse().ok())
            .filter(|n: &f64| n.is_finite());
        if number.is_none() {
            Reader::wrong(
                problems,
                reader.place_of(key),
                text!("`{key}` 应当是经纬度的度数", "`{key}` should be degrees"),
            );
        }
        number
    };
    let bounds = [bound("west"), bound("south"), bound("east"), bound("north")];
    reader.finish(problems);
    let [Some(west), Some(south), Some(east), Some(north)] = bounds else {
        return None;
    };
    Some(District {
        name,
        bounds: [west, south, east, north],
    })
}

fn site(
    source: &Source,
    node: &Node,
    vocabulary: &Vocabulary,
    site: &mut SiteFields,
    problems: &mut Vec<Problem>,
) {
    let mut reader = Reader::new(source, node, problems);
    if let Some(field) = field(&mut reader, "area", vocabulary, problems) {
        if is_area(field) {
            site.area = Some(field.id);
        } else {
            wrong_field(&reader, "area", field, problems);
        }
    }
    if let Some(list) = field(&mut reader, "differences", vocabulary, problems) {
        let member = |name: &str| {
            let path = format!("{}.{name}", list.path);
            vocabulary.by_path(&path).map(|field| field.id)
        };
        let members = (
            member("layer"),
            member("measured"),
            member("stated"),
            member("tolerance"),
        );
        if let (Some(layer), Some(measured), Some(stated), Some(tolerance)) = members {
            site.differences = Some(Differences {
                list: list.id,
                layer,
                measured,
                stated,
                tolerance,
            });
        } else {
            wrong_field(&reader, "differences", list, problems);
        }
    }
    reader.finish(problems);
}

fn layer(
    source: &Source,
    node: &Node,
    pack: usize,
    vocabulary: &Vocabulary,
    file: Files<'_, '_>,
    problems: &mut Vec<Problem>,
) -> Option<Layer> {
    let mut reader = Reader::new(source, node, problems);
    let id = reader.need_text("id", problems)?.to_owned();
    let place = reader.place_of("id");
    let label = reader.need_bilingual("label", problems);
    let provider = reader.need_bilingual("provider", problems);
    let tolerance = area(&mut reader, "tolerance", problems);
    let sliver = area(&mut reader, "sliver", problems);
    let mut attributes = Vec::new();
    for node in reader.tables("attributes", problems) {
        let mut inner = Reader::new(source, node, problems);
        let name = inner.need_text("name", problems).unwrap_or_default();
        let label = inner.need_bilingual("label", problems);
        inner.finish(problems);
        attributes.push(Attribute {
            name: name.to_owned(),
            label,
        });
    }
    let mut fills = Vec::new();
    for node in reader.tables("fill", problems) {
        fills.extend(fill(source, node, vocabulary, &attributes, problems));
    }
    let has_data = node.get("file").is_some();
    let data = if has_data {
        data(&mut reader, pack, file, problems)
    } else {
        None
    };
    reader.finish(problems);
    Some(Layer {
        id,
        label,
        provider,
        attributes,
        fills,
        tolerance,
        sliver,
        data,
        place,
    })
}

/// The file that a pack gives for a layer.
fn data(
    reader: &mut Reader<'_>,
    pack: usize,
    text_of: Files<'_, '_>,
    problems: &mut Vec<Problem>,
) -> Option<LayerData> {
    let place = reader.place_of("file");
    let file = reader.need_text("file", problems).map(str::to_owned);
    let crs = reader.text("crs", problems).map(str::to_owned);
    let crs = crs.map(|words| (words, reader.place_of("crs")));
    let synthetic = reader.flag("synthetic", problems);
    let edition = reader.need_bilingual("edition", problems);
    let date = reader.date("date", problems);
    let inside = |file: &str| {
        let escapes = file.split(['/', '\\']).any(|part| part == "..");
        file.starts_with("layers/") && !escapes
    };
    let file = file?;
    if !inside(&file) {
        Reader::wrong(
            problems,
            place,
            text!(
                "规则包的图层文件放在其 layers/ 文件夹内",
                "the files of a pack's layers stand in its folder `layers/`"
            ),
        );
        return None;
    }
    Some(LayerData {
        pack: Some(pack),
        text: text_of(&file).map(|source| source.text.clone()),
        file,
        crs,
        provider: Text::default(),
        edition,
        date,
        synthetic,
        columns: Vec::new(),
        place,
    })
}

fn fill(
    source: &Source,
    node: &Node,
    vocabulary: &Vocabulary,
    attributes: &[Attribute],
    problems: &mut Vec<Problem>,
) -> Option<Fill> {
    let mut reader = Reader::new(source, node, problems);
    let target = field(&mut reader, "field", vocabulary, problems);
    let place = reader.place_of("field");
    let outside = reader.flag("outside", problems);
    let attribute = attribute(&mut reader, "attribute", attributes, problems);
    let otherwise = reader.text("otherwise", problems);
    let order = reader.texts("order", problems);
    let only = reader.node("only").and_then(|node| {
        let mut inner = Reader::new(source, node, problems);
        let name = self::attribute(&mut inner, "attribute", attributes, problems);
        let values = inner.texts("is", problems);
        inner.finish(problems);
        Some((name?, values))
    });
    let members = reader.node("members");
    let (otherwise_place, order_place) = (reader.place_of("otherwise"), reader.place_of("order"));
    reader.finish(problems);
    let target = target?;
    let mut answer = |word: &str, place: Place| match target.kind {
        FieldType::Enum(id) => {
            let known = vocabulary.enumeration(id)?;
            let found = known.by_id(word);
            if found.is_none() {
                let ids: Vec<&str> = known.answers.iter().map(|a| a.id.as_str()).collect();
                problems.push(unknown_word(place, word, &ids));
            }
            found
        }
        _ => None,
    };
    let otherwise = otherwise.and_then(|word| answer(word, otherwise_place));
    let order: Vec<u16> = order
        .iter()
        .filter_map(|word| answer(word, order_place))
        .collect();
    let takes = match target.kind {
        FieldType::Number if is_area(target) && outside => Some(Takes::Outside),
        FieldType::Number if is_area(target) => Some(Takes::Inside),
        FieldType::Number if is_length(target) => Some(Takes::Distance),
        FieldType::Bool => Some(Takes::Any),
        FieldType::Enum(_) => attribute.map(|attribute| Takes::Answer {
            attribute,
            otherwise,
            order,
        }),
        FieldType::Records => records(target, members, vocabulary, attributes, problems),
        _ => None,
    };
    let is_project = matches!(target.slot, Slot::Project(_));
    match takes.filter(|_| is_project && !target.derived) {
        Some(takes) => Some(Fill {
            field: target.id,
            takes,
            only,
            place,
        }),
        None => {
            wrong_target(target, place, problems);
            None
        }
    }
}

/// The members of a list that attributes fill.
fn records(
    list: &Field,
    members: Option<&Node>,
    vocabulary: &Vocabulary,
    attributes: &[Attribute],
    problems: &mut Vec<Problem>,
) -> Option<Takes> {
    let mut filled = Vec::new();
    for entry in members.map(Node::entries).unwrap_or_default() {
        let path = format!("{}.{}", list.path, entry.key);
        let member = vocabulary.by_path(&path);
        let member =
            member.filter(|field| matches!(field.kind, FieldType::Text | FieldType::Enum(_)));
        let named = match &entry.node.datum {
            Datum::Text(name) => attributes.iter().find(|own| own.name == *name),
            _ => None,
        };
        match (member, named) {
            (Some(member), Some(named)) => filled.push((member.id, named.name.clone())),
            _ => problems.push(Problem::error(
                "hegui::pack::layer",
                entry.place,
                text!(
                    "`{path}` 应当是该列表的文字或选项成员，其值应当是图层的一个属性",
                    "`{path}` should be a member of the list that is a text or an answer, and its value an attribute of the layer"
                ),
            )),
        }
    }
    (!filled.is_empty()).then_some(Takes::Records(filled))
}

fn attribute(
    reader: &mut Reader<'_>,
    key: &'static str,
    attributes: &[Attribute],
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let name = reader.text(key, problems)?;
    if !attributes.iter().any(|own| own.name == name) {
        let known: Vec<&str> = attributes.iter().map(|own| own.name.as_str()).collect();
        problems.push(unknown_word(reader.place_of(key), name, &known));
        return None;
    }
    Some(name.to_owned())
}

fn field<'v>(
    reader: &mut Reader<'_>,
    key: &'static str,
    vocabulary: &'v Vocabulary,
    problems: &mut Vec<Problem>,
) -> Option<&'v Field> {
    let path = reader.need_text(key, problems)?;
    let found = vocabulary.by_path(path);
    if found.is_none() {
        let known: Vec<&str> = vocabulary
            .fields()
            .iter()
            .map(|f| f.path.as_str())
            .collect();
        let mut problem = unknown_word(reader.place_of(key), path, &known);
        problem.code = "hegui::pack::unknown_field";
        problems.push(problem);
    }
    found
}

fn wrong_field(reader: &Reader<'_>, key: &str, field: &Field, problems: &mut Vec<Problem>) {
    wrong_target(field, reader.place_of(key), problems);
}

fn wrong_target(field: &Field, place: Place, problems: &mut Vec<Problem>) {
    let path = &field.path;
    problems.push(
        Problem::error(
            "hegui::pack::layer",
            place,
            text!(
                "图层不能填写字段 `{path}`",
                "a layer cannot fill the field `{path}`"
            ),
        )
        .help(text!(
            "可填写面积、长度（距离）、是否、选项（写明 attribute）和列表（写明 members）",
            "it fills areas, lengths (distances), truth values, answers (with `attribute`) and lists (with `members`)"
        )),
    );
}

fn is_area(field: &Field) -> bool {
    has_dimension(field, "m²")
}

fn is_length(field: &Field) -> bool {
    has_dimension(field, "m")
}

fn has_dimension(field: &Field, unit: &str) -> bool {
    let of = |unit: Option<unit::Unit>| unit.map(|unit| unit.dimension);
    let wanted: Option<Dimension> = of(unit::parse(unit));
    field.kind == FieldType::Number && wanted == Some(field.measure.unit.dimension)
}

/// An area, such as `"1 m²"`.
fn area(reader: &mut Reader<'_>, key: &'static str, problems: &mut Vec<Problem>) -> Number {
    let Some(unit) = unit::parse("m²") else {
        return Number::ZERO;
    };
    if reader.node(key).is_none() {
        Reader::wrong(
            problems,
            reader.place(),
            text!(
                "缺少 `{key}`，例如 {key} = \"1 m²\"",
                "`{key}` is missing, such as {key} = \"1 m²\""
            ),
        );
        return Number::ZERO;
    }
    let measure = Measure { unit, per: None };
    let read = read_number(reader, key, &measure, problems);
    let point = read.as_ref().and_then(|interval| interval.point());
    point.cloned().unwrap_or(Number::ZERO)
}
