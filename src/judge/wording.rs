//! Values, missing facts and citations in words.
//!
//! It knows no layout: the report floor decides where words stand.

use crate::base::date::Date;
use crate::base::text::{Lang, Text, counted};
use crate::judge::finding::DaySource;
use crate::language::eval::{Cause, Lack, Seen, Subject};
use crate::language::ir::{AtomKind, BoolKind, NumKind, Program, Root};
use crate::language::types::{Library, Type};
use crate::model::article;
use crate::model::field::{FieldId, FieldType, Provider};
use crate::model::instrument::Instrument;
use crate::model::project::{Fact, FactRef, Project, State, Support, Value};
use crate::model::quantity::Measure;
use crate::model::value::Tri;
use crate::model::{code_text, field_text};
use crate::rules::pack::Packs;
use crate::rules::rule::{Basis, Cited};
use crate::text;

/// The words for a value that is not known.
pub fn not_known() -> Text {
    Text::new("（未知）", "(unknown)")
}

/// A value of a node of a type, in words.
pub fn seen(library: &Library, kind: Type, measure: &Measure, seen: &Seen, lang: Lang) -> String {
    match seen {
        Seen::Truth(Tri::True) => lang.pick("成立", "true").to_owned(),
        Seen::Truth(Tri::False) => lang.pick("不成立", "false").to_owned(),
        Seen::Truth(Tri::Unknown) | Seen::Value(None) | Seen::List(None) => {
            not_known().get(lang).to_owned()
        }
        Seen::Number(number) => measure.show_interval(number, lang),
        Seen::Value(Some(value)) => value_text(library, kind, value, lang),
        Seen::List(Some((sure, possible))) if sure == possible => lang
            .pick(&format!("{sure} 项"), &counted(*sure, "item"))
            .to_owned(),
        Seen::List(Some((sure, possible))) => lang
            .pick(
                &format!("{sure}–{possible} 项"),
                &format!("{sure}–{possible} items"),
            )
            .to_owned(),
    }
}

fn value_text(library: &Library, kind: Type, value: &Value, lang: Lang) -> String {
    let vocabulary = &library.vocabulary;
    match (value, kind) {
        (Value::Enum(answer), Type::Enum(id)) => vocabulary
            .enumeration(id)
            .map_or("", |e| e.label(*answer, lang))
            .to_owned(),
        (Value::Code(code), Type::Code(list)) => {
            code_text(vocabulary, list, *code).get(lang).to_owned()
        }
        (Value::Text(words), _) => words.shown.to_string(),
        (Value::Date(date), _) => date.to_string(),
        (Value::Bool(value), _) => lang
            .pick(
                if *value { "是" } else { "否" },
                if *value { "yes" } else { "no" },
            )
            .to_owned(),
        (Value::Codes(codes), Type::Codes(list)) => codes
            .iter()
            .map(|c| vocabulary.code(list, *c))
            .collect::<Vec<_>>()
            .join("、"),
        (Value::Texts(texts), _) => texts
            .iter()
            .map(|t| &*t.shown)
            .collect::<Vec<_>>()
            .join("、"),
        _ => String::new(),
    }
}

/// The value of a whole program; a single field that is missing says so.
pub fn program_value(
    library: &Library,
    project: &Project,
    program: &Program,
    value: &Seen,
    lang: Lang,
) -> String {
    let get = match &program.root {
        Root::Bool(e) => match e.kind {
            BoolKind::Field(get) => Some(get),
            _ => None,
        },
        Root::Number(e) => match e.kind {
            NumKind::Field(get) => Some(get),
            _ => None,
        },
        Root::Atom(e) => match e.kind {
            AtomKind::Field(get) => Some(get),
            _ => None,
        },
        Root::Plain(get) => Some(*get),
        Root::List(_) => None,
    };
    if let Some(get) = get
        && let Some(field) = library.vocabulary.field(get.field())
        && !field.derived
    {
        let fact = project.find(&library.vocabulary, FactRef::project(field.id));
        if let Some(Fact {
            state: State::Known(value),
            claim: true,
            ..
        }) = fact
        {
            let value = field_text(&library.vocabulary, field, value);
            let remark = lang.pick(
                "（申请人自报，未经确认）",
                " (stated by the applicant, not confirmed)",
            );
            return format!("{}{remark}", value.get(lang));
        }
        return match fact.map(|fact| &fact.state) {
            Some(State::Known(value)) => field_text(&library.vocabulary, field, value)
                .get(lang)
                .to_owned(),
            Some(State::Unreadable) => lang.pick("（填报有误）", "(could not be read)").to_owned(),
            _ => lang.pick("（未填报）", "(not given)").to_owned(),
        };
    }
    let root = program
        .nodes
        .last()
        .map_or(Measure::NONE, |info| info.measure.clone());
    seen(library, program.kind, &root, value, lang)
}

/// The path of what is lacking: `land.area`, `boilers[1].nox`, `param.id`, `table.id`.
pub fn lack_path(library: &Library, lack: &Lack) -> String {
    match lack.subject {
        Subject::Fact(fact) => fact.path(&library.vocabulary),
        Subject::Parameter(index) => {
            let id = library
                .parameters
                .get(usize::from(index))
                .map_or("", |p| p.id.as_str());
            format!("param.{id}")
        }
        Subject::Table(index) => {
            let id = library
                .tables
                .get(usize::from(index))
                .map_or("", |t| t.id.as_str());
            format!("table.{id}")
        }
    }
}

/// What is lacking, by its label: 用地面积, 锅炉第1项“…”的氮氧化物排放浓度.
pub fn lack_label(library: &Library, project: &Project, lack: &Lack) -> Text {
    match lack.subject {
        Subject::Fact(fact) => fact_label(library, project, fact),
        Subject::Parameter(index) => library
            .parameters
            .get(usize::from(index))
            .map(|p| p.label.clone())
            .unwrap_or_default(),
        Subject::Table(index) => library
            .tables
            .get(usize::from(index))
            .map(|t| t.title.clone())
            .unwrap_or_default(),
    }
}

/// The label of a fact, with its record's name.
pub fn fact_label(library: &Library, project: &Project, fact: FactRef) -> Text {
    let vocabulary = &library.vocabulary;
    let Some(field) = vocabulary.field(fact.field) else {
        return Text::default();
    };
    let list = match field.slot {
        crate::model::field::Slot::Member(list, _) => Some(list),
        crate::model::field::Slot::Project(_) => None,
    };
    match (fact.record, list) {
        (Some(record), Some(list)) => {
            let record = project.record_name(vocabulary, list, record);
            Text::new(
                format!("{}的{}", record.zh, field.label.zh),
                format!("{}: {}", record.en, field.label.en),
            )
        }
        _ => field.label.clone(),
    }
}

/// The value of a fact as shown, none if it is not known.
pub fn fact_value(library: &Library, project: &Project, fact: FactRef) -> Option<Text> {
    let field = library.vocabulary.field(fact.field)?;
    let value = project.find(&library.vocabulary, fact)?.value()?;
    Some(field_text(&library.vocabulary, field, value))
}

/// Why something is lacking.
pub fn cause(cause: Cause) -> Text {
    let (zh, en) = match cause {
        Cause::Known => ("已知", "known"),
        Cause::Missing => ("未提供", "not supplied"),
        Cause::Imprecise => ("不够精确", "not precise enough"),
        Cause::Unreadable => ("填报内容无法读取", "could not be read"),
        Cause::Unconfirmed => (
            "仅有申请人自报，未经主管部门确认",
            "stated by the applicant only, not confirmed",
        ),
        Cause::Parameter => (
            "适用时点没有参数取值",
            "the parameter has no value on that day",
        ),
        Cause::TableGap => ("名录或决策表未收录", "not covered by the table"),
        Cause::Layer => ("缺少图层", "the layer is not available"),
        Cause::NotConfigured => ("本单位未配置", "this office does not have it"),
    };
    Text::new(zh, en)
}

/// Who must supply what is lacking.
pub fn supplier(library: &Library, lack: &Lack) -> Text {
    let office = Text::new("本机关", "this office");
    match (lack.subject, lack.cause) {
        (_, Cause::TableGap | Cause::NotConfigured | Cause::Parameter | Cause::Layer) => office,
        (Subject::Fact(fact), _) => library
            .vocabulary
            .field(fact.field)
            .map_or(office, |field| field.provider.name()),
        _ => office,
    }
}

/// The advice for a fact that a department holds (practice: never ask the applicant for it).
pub fn ask_department(library: &Library, field: FieldId) -> Option<Text> {
    match &library.vocabulary.field(field)?.provider {
        Provider::Department(name) => Some(Text::new(
            format!(
                "所需数据由{}掌握，请以部门协查或“一张图”套合结果确认，不得要求申请人提供",
                name.zh
            ),
            format!(
                "{} holds this; confirm it by a department's reply or an overlay, and do not ask the applicant for it",
                name.en
            ),
        )),
        _ => None,
    }
}

/// The title of an instrument as texts cite it.
pub fn title(instrument: &Instrument) -> Text {
    let title = &instrument.title;
    let zh = title.zh.trim_matches(['《', '》']);
    Text::new(format!("《{zh}》"), title.en.as_str())
}

/// A basis in words: `《土地管理法》第三十五条`, `《纲要》第十章第二节`.
pub fn basis(packs: &Packs, basis: &Basis) -> Text {
    match basis.cited {
        Cited::Instrument(index) => {
            let Some(instrument) = packs.library.instruments.get(usize::from(index)) else {
                return Text::default();
            };
            let number = if instrument.number.is_empty() {
                String::new()
            } else {
                format!("（{}）", instrument.number)
            };
            let number_en = if instrument.number.is_empty() {
                String::new()
            } else {
                format!(" ({})", instrument.number)
            };
            let title = title(instrument);
            Text::new(
                format!("{}{number}{}", title.zh, basis.article),
                format!(
                    "{}{number_en} {}",
                    title.en,
                    article::english(&basis.article)
                )
                .trim_end()
                .to_owned(),
            )
        }
        Cited::Section(index) => packs
            .sections
            .get(index)
            .map(|(_, section)| section.citation())
            .unwrap_or_default(),
    }
}

/// The source of a figure in words. Packs write it as the id of an instrument, the place in it and what is to be said of
/// it; a standard is known by its number, a law by its title.
pub fn source(packs: &Packs, source: &str) -> Text {
    let id = source.split([' ', '，']).next().unwrap_or(source);
    let Some(instrument) = packs.library.instrument_of(id) else {
        return Text::new(source, source);
    };
    let rest = source.strip_prefix(id).unwrap_or_default().trim_start();
    let (place, remark) = rest.split_once('，').unwrap_or((rest, ""));
    let number = &instrument.number;
    let is_standard = number.starts_with(|c: char| c.is_ascii_alphabetic());
    let (called, gap) = if is_standard {
        (Text::new(number, number), " ")
    } else {
        (title(instrument), "")
    };
    let Text { mut zh, mut en } = called;
    if !place.is_empty() {
        zh = format!("{zh}{gap}{place}");
        en = format!("{en} {}", article::english(place));
    }
    if !remark.is_empty() {
        zh = format!("{zh}，{remark}");
        en = format!("{en}, {remark}");
    }
    Text::new(zh, en)
}

/// Where the day of judging came from.
pub fn day_source(library: &Library, source: DaySource, day: Date) -> Text {
    let label = |field| {
        library
            .vocabulary
            .field(field)
            .map(|f| f.label.clone())
            .unwrap_or_default()
    };
    match source {
        DaySource::Flag => text!("{day}（由 --as-of 指定）", "{day} (set by --as-of)"),
        DaySource::Submitted => text!("{day}（申报日期）", "{day} (day of submission)"),
        DaySource::Anchor(field) => {
            let label = label(field);
            Text::new(
                format!("{day}（{}）", label.zh),
                format!("{day} ({})", label.en),
            )
        }
        DaySource::Span(field, from, to) => {
            let label = label(field);
            let span = match (from, to) {
                (Some(from), Some(to)) => {
                    text!("在 {from} 至 {to} 之间", ", between {from} and {to}")
                }
                (Some(from), None) => text!("不早于 {from}", ", not before {from}"),
                (None, Some(to)) => text!("不晚于 {to}", ", not after {to}"),
                (None, None) => text!("没有其他日期可以限定", ", and no other date bounds it"),
            };
            Text::new(
                format!("{}未知，{}", label.zh, span.zh),
                format!("{} is not known{}", label.en, span.en),
            )
        }
    }
}

/// What a project says that it adds to an indicator, with its unit.
pub fn contribution(packs: &Packs, support: &Support) -> Option<Text> {
    let indicator = packs.indicator(support.indicator.as_deref()?)?;
    let value = support.contribution.as_ref()?;
    let show = |lang| indicator.measure.show_interval(value, lang);
    Some(Text::new(show(Lang::Zh), show(Lang::En)))
}

/// True if a field is a list of records.
pub fn is_list(library: &Library, field: FieldId) -> bool {
    library
        .vocabulary
        .field(field)
        .is_some_and(|f| f.kind == FieldType::Records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;
    use crate::rules::{embedded, load};

    #[test]
    fn a_source_is_told_by_number_or_title_and_what_is_no_instrument_stays() {
        let (packs, _) = load(embedded::packs(), &mut Sources::default());
        for (own, zh, en) in [
            (
                "gb-13271-2014 表3",
                "GB 13271—2014 表3",
                "GB 13271—2014 table 3",
            ),
            (
                "land-administration-law 第四十六条",
                "《中华人民共和国土地管理法》第四十六条",
                "Land Administration Law art. 46",
            ),
            (
                "mnr-2023-72，据回忆",
                "《工业项目建设用地控制指标（2023年）》，据回忆",
                "Control indicators for land of industrial projects (2023), 据回忆",
            ),
            ("某单位测算", "某单位测算", "某单位测算"),
        ] {
            let told = source(&packs, own);
            assert_eq!((told.zh.as_str(), told.en.as_str()), (zh, en));
        }
    }
}
