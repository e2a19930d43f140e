//! The pages of fields, groups, parameters, instruments, tables and goals.
//!
//! They say where a thing is declared and which rules read it.

use crate::base::source::{Place, Sources};
use crate::base::text::Lang;
use crate::judge::wording;
use crate::model::article;
use crate::model::field::{Field, FieldType, Group, WhenClosed};
use crate::model::field_text;
use crate::model::instrument::Instrument;
use crate::model::parameter::Parameter;
use crate::model::plan::Goal;
use crate::model::table::{Cell, Hit, Match, Otherwise, Table};
use crate::report::layout::Column;
use crate::report::page::Page;
use crate::report::words::Words;
use crate::rules::pack::Packs;
use crate::rules::rule::{Cited, Rule};
use crate::text;

/// A labelled line; an empty text says nothing.
pub(super) fn item(page: &mut Page, zh: &str, en: &str, text: &str) {
    if !text.is_empty() {
        let label = page.pick(zh, en).to_owned();
        page.item(0, &label, text);
    }
}

/// Where something is declared.
pub(super) fn place(sources: &Sources, place: Place) -> String {
    sources.describe(place).unwrap_or_default()
}

/// The rules that satisfy a condition, as a labelled list.
fn readers(page: &mut Page, packs: &Packs, zh: &str, en: &str, reads: impl Fn(&Rule) -> bool) {
    let lang = page.look.lang;
    let mut first = true;
    for rule in packs.rules.iter().filter(|r| reads(r)) {
        let (zh, en) = if first { (zh, en) } else { (" ", " ") };
        item(
            page,
            zh,
            en,
            &format!("{}  {}", rule.id, rule.title.get(lang)),
        );
        first = false;
    }
}

/// The words for what a field holds.
pub(super) fn kind(packs: &Packs, field: &Field, lang: Lang) -> String {
    let vocabulary = &packs.library.vocabulary;
    let words = match field.kind {
        FieldType::Bool => text!("是或否", "yes or no"),
        FieldType::Text => text!("文字", "text"),
        FieldType::Enum(_) => text!("选项", "one of the answers"),
        FieldType::Date => text!("日期", "date"),
        FieldType::Code(list) | FieldType::Codes(list) => {
            let list = vocabulary
                .list(list)
                .map(|l| l.title.clone())
                .unwrap_or_default();
            let (zh, en) = if matches!(field.kind, FieldType::Codes(_)) {
                ("代码列表", "list of codes")
            } else {
                ("代码", "code")
            };
            crate::base::text::Text::new(
                format!("{zh}（{}）", list.zh),
                format!("{en} ({})", list.en),
            )
        }
        FieldType::Number => {
            let unit = field.measure.name(lang);
            if unit.is_empty() {
                text!("数", "number")
            } else {
                text!("数，单位 {unit}", "number in {unit}")
            }
        }
        FieldType::Records => text!("记录的列表", "list of records"),
        FieldType::Texts => text!("文字的列表", "list of texts"),
    };
    words.get(lang).to_owned()
}

/// The page of a field.
pub(super) fn field(page: &mut Page, packs: &Packs, sources: &Sources, field: &Field) {
    let lang = page.look.lang;
    let library = &packs.library;
    let vocabulary = &library.vocabulary;
    page.heading(3, field.label.get(lang));
    item(page, "字段", "field", &field.path);
    item(page, "别名", "aliases", &page.joined(&field.aliases));
    item(page, "类型", "type", &kind(packs, field, lang));
    if let FieldType::Enum(id) = field.kind
        && let Some(enumeration) = vocabulary.enumeration(id)
    {
        for answer in &enumeration.answers {
            item(
                page,
                " ",
                " ",
                &format!("{}  {}", answer.id, answer.label.get(lang)),
            );
        }
    }
    if field.kind == FieldType::Number
        && (field.domain.low().is_some() || field.domain.high().is_some())
    {
        item(
            page,
            "值域",
            "domain",
            &field.measure.show_interval(&field.domain, lang),
        );
    }
    if let Some(step) = &field.step {
        item(page, "精度", "step", &field.measure.show(step, None, lang));
    }
    item(page, "提供方", "provider", field.provider.name().get(lang));
    if field.editable {
        item(
            page,
            "可调整",
            "editable",
            lang.pick(
                "申请人可以调整方案改变此值",
                "the proponent could change it",
            ),
        );
    }
    let closed = match &field.when_closed {
        None => String::new(),
        Some(WhenClosed::Zero) => "0".to_owned(),
        Some(WhenClosed::EmptyText) => lang.pick("空", "empty").to_owned(),
        Some(WhenClosed::False) => lang.pick("否", "no").to_owned(),
        Some(WhenClosed::EmptyList) => lang.pick("空表", "an empty list").to_owned(),
        Some(WhenClosed::Silent) => lang
            .pick("未载明，略过", "states nothing and is passed over")
            .to_owned(),
        Some(WhenClosed::Answer(answer)) => match field.kind {
            FieldType::Enum(id) => vocabulary
                .enumeration(id)
                .map_or("", |e| e.label(*answer, lang))
                .to_owned(),
            _ => String::new(),
        },
    };
    item(page, "未列时", "if closed", &closed);
    if let Some(stage) = field.procedure {
        item(page, "环节", "stage", stage.label().get(lang));
    }
    let members: Vec<String> = vocabulary
        .members(field.id)
        .iter()
        .map(|m| vocabulary.path(*m).to_owned())
        .collect();
    item(page, "成员", "members", &page.joined(&members));
    if let Some(formula) = library.formula(field.id) {
        item(
            page,
            "算式",
            "formula",
            &Words::new(library, formula, lang).program(),
        );
        let text: Vec<&str> = formula.text.split_whitespace().collect();
        page.code(&text.join(" "));
    }
    item(page, "说明", "note", field.note.get(lang));
    readers(page, packs, "规则", "read by", |rule| {
        rule.reads.binary_search(&field.id).is_ok()
    });
    readers(page, packs, "时点", "anchor of", |rule| {
        rule.anchor == Some(field.id)
    });
    item(page, "出处", "file", &place(sources, field.place));
}

/// The page of a group.
pub(super) fn group(page: &mut Page, packs: &Packs, group: &Group) {
    let lang = page.look.lang;
    let vocabulary = &packs.library.vocabulary;
    page.heading(3, group.label.get(lang));
    item(page, "字段组", "group", &group.path);
    item(page, "别名", "aliases", &page.joined(&group.aliases));
    if group.closable {
        item(page, "填报完整", "closable", lang.pick("可写 complete = true，未列的按“未列时”取值", "may hold complete = true; what is not listed then takes its value for a closed group"));
    }
    item(page, "说明", "note", group.note.get(lang));
    if let Some(index) = vocabulary.group_by_path(&group.path) {
        let rows: Vec<Vec<String>> = vocabulary
            .group_fields(index)
            .map(|f| {
                vec![
                    f.path.clone(),
                    f.label.get(lang).to_owned(),
                    kind(packs, f, lang),
                ]
            })
            .collect();
        let head = [("字段", "field"), ("名称", "label"), ("类型", "type")]
            .map(|(zh, en)| lang.pick(zh, en).to_owned())
            .to_vec();
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        page.table(
            0,
            &[Column::Fixed, Column::Flexible, Column::Flexible],
            &rows,
        );
    }
}

/// The versions of a parameter, each on a line.
pub(super) fn versions(page: &mut Page, packs: &Packs, parameter: &Parameter) {
    let lang = page.look.lang;
    for version in &parameter.versions {
        let mut parts = vec![
            parameter.measure.show_interval(&version.value, lang),
            version.period.words().get(lang).to_owned(),
            wording::source(packs, &version.source).get(lang).to_owned(),
        ];
        parts.push(version.confidence.label().get(lang).to_owned());
        parts.retain(|part| !part.is_empty());
        item(page, " ", " ", &parts.join(lang.pick("｜", " | ")));
    }
}

/// The page of a parameter.
pub(super) fn parameter(
    page: &mut Page,
    packs: &Packs,
    sources: &Sources,
    number: u16,
    parameter: &Parameter,
) {
    let lang = page.look.lang;
    let library = &packs.library;
    page.heading(3, parameter.label.get(lang));
    item(
        page,
        "参数",
        "parameter",
        &format!("param.{}", parameter.id),
    );
    item(page, "单位", "unit", &parameter.measure.name(lang));
    item(
        page,
        "精度",
        "step",
        &parameter.measure.show(&parameter.step, None, lang),
    );
    item(page, "取值", "values", lang.pick("按时间", "by date"));
    versions(page, packs, parameter);
    if parameter.fillable {
        item(
            page,
            " ",
            " ",
            lang.pick(
                "由使用单位在后续规则包中设定",
                "the office sets it in a later pack",
            ),
        );
    }
    readers(page, packs, "规则", "read by", |rule| {
        let formulas = rule.reads.iter().filter_map(|f| library.formula(*f));
        rule.programs()
            .chain(formulas)
            .any(|p| p.parameters.contains(&number))
    });
    item(page, "出处", "file", &place(sources, parameter.place));
}

/// The page of an instrument.
pub(super) fn instrument(
    page: &mut Page,
    packs: &Packs,
    sources: &Sources,
    number: u16,
    instrument: &Instrument,
) {
    let lang = page.look.lang;
    page.heading(3, instrument.title.get(lang));
    item(page, "文件", "instrument", &instrument.id);
    item(page, "文号", "number", &instrument.number);
    item(page, "机关", "issuer", instrument.issuer.get(lang));
    item(page, "层级", "level", instrument.level.label().get(lang));
    item(
        page,
        "有效",
        "in force",
        instrument.period.words().get(lang),
    );
    item(
        page,
        "后继",
        "successor",
        instrument.successor.as_deref().unwrap_or(""),
    );
    item(
        page,
        "核实",
        "confidence",
        instrument.confidence.label().get(lang),
    );
    if let Some(binding) = &instrument.binding_by {
        let confidence = binding.confidence.label();
        let by = packs.library.instrument_of(&binding.instrument);
        let article = match lang {
            Lang::Zh => binding.article.clone(),
            Lang::En => article::english(&binding.article),
        };
        let called = by.map_or_else(
            || binding.instrument.clone(),
            |by| wording::title(by).get(lang).to_owned(),
        );
        item(
            page,
            "约束力",
            "bound by",
            &lang.with(&format!("{called} {article}"), confidence.get(lang)),
        );
    }
    readers(page, packs, "规则", "cited by", |rule| {
        let exceptions = rule.exceptions.iter().flat_map(|e| &e.basis);
        let cites = rule
            .basis
            .iter()
            .chain(exceptions)
            .any(|b| b.cited == Cited::Instrument(number));
        cites || rule.programs().any(|p| p.instruments.contains(&number))
    });
    item(page, "出处", "file", &place(sources, instrument.place));
}

/// The page of a table.
pub(super) fn table(page: &mut Page, packs: &Packs, sources: &Sources, number: u16, table: &Table) {
    let lang = page.look.lang;
    let library = &packs.library;
    page.heading(3, table.title.get(lang));
    item(page, "名录", "table", &table.id);
    let hit = match table.hit {
        Hit::Unique => text!("至多一行相符", "at most one row matches"),
        Hit::First => text!("取第一个相符的行", "the first row that matches"),
        Hit::Strictest(..) => text!("取最严的一行", "the strictest row that matches"),
    };
    item(page, "取行", "hit", hit.get(lang));
    for key in &table.keys {
        let matching = match key.matching {
            Match::Exact => text!("相同", "equal"),
            Match::Code(_) => text!("代码或其下级", "the code or below"),
            Match::Range => text!("范围", "in the range"),
            Match::Set => text!("其中之一", "one of"),
            Match::Names(_) => text!("产品名称或别名", "a product's name or alias"),
        };
        item(
            page,
            "列",
            "key",
            &lang.with(
                &format!("{} ← {}", key.column, library.vocabulary.path(key.field)),
                matching.get(lang),
            ),
        );
    }
    let outputs: Vec<String> = table.outputs.iter().map(|o| o.column.clone()).collect();
    item(page, "输出", "outputs", &page.joined(&outputs));
    let otherwise = match table.otherwise {
        Otherwise::Gap => text!("未知（未收录）", "unknown (a gap)"),
        Otherwise::Values(_) => text!("取默认值", "the default"),
    };
    item(page, "无行时", "no row", otherwise.get(lang));
    if table.fillable {
        item(
            page,
            "可补充",
            "fillable",
            lang.pick("后续规则包可以增加行", "a later pack may add rows"),
        );
    }
    let source = wording::source(packs, &table.source);
    item(page, "来源", "source", source.get(lang));
    readers(page, packs, "规则", "read by", |rule| {
        let formulas = rule.reads.iter().filter_map(|f| library.formula(*f));
        rule.programs()
            .chain(formulas)
            .any(|p| p.tables.contains(&number))
    });
    item(page, "出处", "file", &place(sources, table.place));
    page.blank();
    rows(page, packs, table);
}

fn rows(page: &mut Page, packs: &Packs, table: &Table) {
    let lang = page.look.lang;
    let vocabulary = &packs.library.vocabulary;
    let mut head = vec![lang.pick("行", "row").to_owned()];
    head.extend(table.keys.iter().map(|k| k.column.clone()));
    head.extend(table.outputs.iter().map(|o| o.column.clone()));
    head.push(lang.pick("核实", "confidence").to_owned());
    let mut all = vec![head];
    for row in table.rows.iter() {
        let mut cells = vec![row.line.to_string()];
        for (cell, key) in row.cells().zip(&table.keys) {
            cells.push(cell_text(packs, cell, key, lang));
        }
        for (value, output) in row.outputs().zip(&table.outputs) {
            cells.push(
                value
                    .map(|v| output_text(vocabulary, output, v, lang))
                    .unwrap_or_default(),
            );
        }
        cells.push(row.confidence.label().get(lang).to_owned());
        all.push(cells);
    }
    let columns = vec![Column::Flexible; all.first().map_or(0, Vec::len)];
    page.table(0, &columns, &all);
}

fn cell_text(packs: &Packs, cell: &Cell, key: &crate::model::table::Key, lang: Lang) -> String {
    let vocabulary = &packs.library.vocabulary;
    let field = vocabulary.field(key.field);
    let number = |n: &crate::model::number::Number| {
        field
            .map(|f| f.measure.show(n, None, lang))
            .unwrap_or_default()
    };
    match cell {
        Cell::Any => lang.pick("任意", "any").to_owned(),
        Cell::Bool(value) => lang
            .pick(
                if *value { "是" } else { "否" },
                if *value { "yes" } else { "no" },
            )
            .to_owned(),
        Cell::Texts(all) => all.join("|"),
        Cell::Answers(all) => {
            let label = |a: &u16| match field.map(|f| f.kind) {
                Some(FieldType::Enum(id)) => vocabulary
                    .enumeration(id)
                    .map_or("", |e| e.label(*a, lang))
                    .to_owned(),
                _ => String::new(),
            };
            all.iter().map(label).collect::<Vec<_>>().join("|")
        }
        Cell::Codes(all) => {
            let list = match key.matching {
                Match::Code(list) | Match::Names(list) => Some(list),
                _ => None,
            };
            let code = |c: &crate::model::code::CodeId| {
                list.map(|l| vocabulary.code(l, *c).to_owned())
                    .unwrap_or_default()
            };
            all.iter().map(code).collect::<Vec<_>>().join("|")
        }
        Cell::Ranges(all) => {
            let one = |b: &crate::model::table::Bounds| {
                let low = b.low.as_ref().map(|(n, closed)| {
                    format!("{} {}", if *closed { "≥" } else { ">" }, number(n))
                });
                let high = b.high.as_ref().map(|(n, closed)| {
                    format!("{} {}", if *closed { "≤" } else { "<" }, number(n))
                });
                [low, high]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            all.iter().map(one).collect::<Vec<_>>().join("|")
        }
    }
}

/// An output's value in words.
fn output_text(
    vocabulary: &crate::model::field::Vocabulary,
    output: &crate::model::table::Output,
    value: &crate::model::project::Value,
    lang: Lang,
) -> String {
    use crate::model::project::Value;
    use crate::model::table::OutputType;
    match (&output.kind, value) {
        (OutputType::Enum(id), Value::Enum(answer)) => vocabulary
            .enumeration(*id)
            .map_or("", |e| e.label(*answer, lang))
            .to_owned(),
        (OutputType::Number(measure), Value::Number(interval)) => {
            measure.show_interval(interval, lang)
        }
        (OutputType::Code(list), Value::Code(code)) => vocabulary.code(*list, *code).to_owned(),
        (_, Value::Text(words)) => words.shown.to_string(),
        (_, Value::Bool(value)) => lang
            .pick(
                if *value { "是" } else { "否" },
                if *value { "yes" } else { "no" },
            )
            .to_owned(),
        _ => vocabulary
            .fields()
            .first()
            .map(|f| field_text(vocabulary, f, value).get(lang).to_owned())
            .unwrap_or_default(),
    }
}

/// The page of a goal.
pub(super) fn goal(page: &mut Page, packs: &Packs, goal: &Goal) {
    let lang = page.look.lang;
    page.heading(3, goal.title.get(lang));
    item(page, "目标", "goal", &goal.id);
    if let Some((_, section)) = packs
        .sections
        .iter()
        .find(|(pack, s)| *pack == goal.pack && s.number == goal.section)
    {
        item(
            page,
            "章节",
            "section",
            &format!(
                "{} {}",
                section.citation().get(lang),
                section.title.get(lang)
            ),
        );
    }
}
