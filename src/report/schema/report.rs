//! The schema of the JSON report `v2`.
//!
//! It may gain optional members, so a reader must pass over those it does not know.

use serde_json::{Value, json};

use super::{DRAFT, about, finding, ids, object};
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::model::stage::Stage;

/// A member: its name, what it holds, and what it means.
pub(super) type Member<'a> = (&'a str, Value, (&'a str, &'a str));

/// The schema.
pub(super) fn schema(lang: Lang) -> Value {
    let parts = [
        ("both", both()),
        ("place", place(lang)),
        (
            "decision",
            ids(&Decision::ALL, Decision::id, Decision::label, lang),
        ),
        (
            "verdict",
            ids(&Verdict::ALL, Verdict::id, Verdict::label, lang),
        ),
        ("project", project(lang)),
        ("rule", finding::rule(lang)),
        ("day", finding::day(lang)),
        ("fact", finding::fact(lang)),
        ("parameter", finding::parameter(lang)),
        ("finding", finding::finding(lang)),
        ("evidence", finding::evidence(lang)),
        ("portfolio", portfolio(lang)),
        ("split", split(lang)),
        ("problem", problem(lang)),
        ("baseline", baseline(lang)),
    ];
    let parts = parts
        .into_iter()
        .map(|(name, part)| (name.to_owned(), part));
    let mut schema = report(lang);
    if let Value::Object(schema) = &mut schema {
        schema.insert("$schema".to_owned(), DRAFT.into());
        let title = lang.pick("hegui 核查结果 v2", "hegui report v2");
        schema.insert("title".to_owned(), title.into());
        schema.insert("definitions".to_owned(), Value::Object(parts.collect()));
    }
    schema
}

pub(super) fn part(name: &str) -> Value {
    super::reference(name)
}

pub(super) fn words() -> Value {
    json!({ "type": "string" })
}

pub(super) fn truth() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

pub(super) fn list(items: &Value) -> Value {
    json!({ "type": "array", "items": items })
}

/// Something, or nothing.
pub(super) fn maybe(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// An object whose first members are always there.
pub(super) fn members(lang: Lang, always: &[Member<'_>], sometimes: &[Member<'_>]) -> Value {
    let all = always
        .iter()
        .chain(sometimes)
        .map(|(name, schema, (zh, en))| {
            // Beside a reference a description would not be read.
            let schema = match schema.get("$ref") {
                Some(_) if !zh.is_empty() => json!({ "allOf": [schema] }),
                _ => schema.clone(),
            };
            ((*name).to_owned(), about(schema, lang.pick(zh, en)))
        });
    let required: Vec<&str> = always.iter().map(|member| member.0).collect();
    object(all.collect(), &required, false)
}

/// No description.
pub(super) const NONE: (&str, &str) = ("", "");

fn both() -> Value {
    let two = [("zh", words(), NONE), ("en", words(), NONE)];
    members(Lang::Zh, &two, &[])
}

/// An id with its words.
pub(super) fn named(id: &Value) -> Value {
    members(
        Lang::Zh,
        &[("id", id.clone(), NONE), ("label", part("both"), NONE)],
        &[],
    )
}

pub(super) fn named_one<T: Copy>(
    all: &[T],
    id: fn(T) -> &'static str,
    label: fn(T) -> Text,
    lang: Lang,
) -> Value {
    named(&ids(all, id, label, lang))
}

fn place(lang: Lang) -> Value {
    members(
        lang,
        &[
            ("file", words(), NONE),
            ("line", count(), ("从 1 起", "from 1")),
            (
                "column",
                count(),
                ("从 1 起，按字符计", "from 1, in characters"),
            ),
        ],
        &[],
    )
}

fn period(lang: Lang) -> Value {
    let end = maybe(&super::day());
    members(lang, &[("from", end.clone(), NONE), ("to", end, NONE)], &[])
}

fn report(lang: Lang) -> Value {
    let both = part("both");
    let tool = members(
        lang,
        &[("name", words(), NONE), ("version", words(), NONE)],
        &[],
    );
    let pack = members(
        lang,
        &[
            ("id", words(), NONE),
            ("version", words(), NONE),
            ("title", both.clone(), NONE),
            ("level", json!({ "enum": ["law", "plan", "office"] }), NONE),
            (
                "hash",
                words(),
                ("规则包文件的摘要", "the hash of its files"),
            ),
            (
                "origin",
                words(),
                ("embedded 或文件夹", "embedded, or a folder"),
            ),
        ],
        &[("period", period(lang), ("规划期", "the plan's period"))],
    );
    let replaced = members(
        lang,
        &[
            ("old", words(), NONE),
            ("new", words(), NONE),
            ("reason", both.clone(), NONE),
        ],
        &[],
    );
    let settings = members(
        lang,
        &[
            ("as_of", maybe(&super::day()), ("--as-of", "--as-of")),
            ("on", maybe(&super::day()), ("核查日期", "the review date")),
            ("trust_claims", truth(), NONE),
            ("not_provided", list(&words()), NONE),
        ],
        &[],
    );
    let left_out = members(
        lang,
        &[
            ("project", words(), NONE),
            ("rule", words(), NONE),
            ("lacks", list(&words()), NONE),
        ],
        &[],
    );
    let counts = members(
        lang,
        &[
            ("decision", part("decision"), NONE),
            ("count", count(), NONE),
        ],
        &[],
    );
    let skipped = members(
        lang,
        &[("path", words(), NONE), ("why", both.clone(), NONE)],
        &[],
    );
    members(
        lang,
        &[
            ("version", json!({ "enum": ["v2"] }), NONE),
            ("tool", tool, NONE),
            (
                "disclaimer",
                both.clone(),
                ("声明", "what the report is not"),
            ),
            ("packs", list(&pack), ("规则包", "the packs in use")),
            (
                "replaced",
                list(&replaced),
                ("被替换的规则", "rules that another pack replaced"),
            ),
            ("settings", settings, NONE),
            (
                "notices",
                list(&both),
                ("注意", "what the head of the report says"),
            ),
            (
                "not_assessed",
                list(&left_out),
                (
                    "未核查事项",
                    "what was left out because the office does not have the data",
                ),
            ),
            (
                "rules",
                list(&part("rule")),
                (
                    "各条规则；核查结果以编号引用",
                    "the rules; findings refer to them by id",
                ),
            ),
            (
                "verdicts",
                list(&named(&part("verdict"))),
                ("单项结论的名称", "the words for verdicts"),
            ),
            (
                "values",
                list(&both),
                (
                    "表达式的值；计算步骤以序号引用，从 0 起",
                    "values; steps refer to them by number, from 0",
                ),
            ),
            (
                "parameters",
                list(&part("parameter")),
                (
                    "各参数的版本；证据以序号引用，从 0 起",
                    "versions of parameters; evidence refers to them by number, from 0",
                ),
            ),
            (
                "expressions",
                list(&words()),
                (
                    "表达式；计算步骤以序号引用，从 0 起",
                    "expressions; steps refer to them by number, from 0",
                ),
            ),
            (
                "projects",
                list(&part("project")),
                ("按读取顺序", "in the order in which they were read"),
            ),
            (
                "counts",
                list(&counts),
                ("各结论的件数", "how many came to each decision"),
            ),
            (
                "problems",
                list(&part("problem")),
                ("填报问题", "what could not be read or understood"),
            ),
            (
                "skipped",
                list(&skipped),
                ("未读取或未列出的", "what was not read or is not listed"),
            ),
            (
                "exit_code",
                json!({ "type": "integer", "enum": [0, 1, 2, 3, 4] }),
                ("退出码", "the exit code"),
            ),
        ],
        &[
            (
                "portfolio",
                list(&part("portfolio")),
                ("总量核查", "what projects add up to"),
            ),
            (
                "splits",
                list(&part("split")),
                ("疑似拆分申报", "applications that may be one project"),
            ),
            (
                "baseline",
                part("baseline"),
                ("与基准的比较", "how the run differs from the baseline"),
            ),
        ],
    )
}

fn project(lang: Lang) -> Value {
    let number = |name| (name, count(), NONE);
    let counts = members(
        lang,
        &[
            number("fail"),
            number("undetermined"),
            number("upcoming"),
            number("pass"),
            number("not_applicable"),
            number("waived"),
            number("unverified_passes"),
        ],
        &[],
    );
    let support = members(
        lang,
        &[
            ("goal", words(), NONE),
            ("title", maybe(&part("both")), NONE),
        ],
        &[
            ("indicator", words(), NONE),
            ("contribution", part("both"), NONE),
            ("evidence", words(), NONE),
        ],
    );
    let stage = named_one(&Stage::ALL, Stage::id, Stage::label, lang);
    members(
        lang,
        &[
            (
                "id",
                maybe(&words()),
                (
                    "没有可读项目的文件为空",
                    "null for a file without a readable project",
                ),
            ),
            ("name", maybe(&words()), NONE),
            ("file", words(), NONE),
            ("submitted", maybe(&super::day()), NONE),
            ("stage", maybe(&stage), NONE),
            ("sample", truth(), ("演示数据", "demonstration data")),
            (
                "decision",
                named(&part("decision")),
                ("结论（建议）", "the decision, a recommendation"),
            ),
            (
                "counts",
                counts,
                ("各单项结论的条数", "how many findings have each verdict"),
            ),
            (
                "supports",
                list(&support),
                ("支撑的规划目标", "the goals it serves"),
            ),
            (
                "findings",
                list(&part("finding")),
                ("每条规则一项", "one for each rule"),
            ),
        ],
        &[
            ("depends_on", list(&words()), NONE),
            (
                "days",
                list(&part("day")),
                (
                    "各适用日期从何而来；核查结果以序号引用",
                    "where the days came from as of which findings were judged",
                ),
            ),
            (
                "facts",
                list(&part("fact")),
                (
                    "各项核查结果所据的事实",
                    "the facts that the evidence of its findings reads",
                ),
            ),
            (
                "site",
                site(lang),
                ("用地边界的量算", "what was measured of its boundary"),
            ),
        ],
    )
}

/// What was measured of a boundary; areas are in square metres.
fn site(lang: Lang) -> Value {
    let both = part("both");
    let number = || json!({ "type": "number" });
    let file = members(
        lang,
        &[("name", words(), NONE), ("hash", words(), NONE)],
        &[],
    );
    let parcel = members(
        lang,
        &[
            ("number", count(), NONE),
            ("area_m2", number(), NONE),
            ("ellipsoid_m2", number(), NONE),
        ],
        &[("name", words(), NONE)],
    );
    let layer_file = members(
        lang,
        &[
            ("name", words(), NONE),
            ("hash", words(), NONE),
            ("provider", both.clone(), NONE),
            ("edition", both.clone(), NONE),
            ("synthetic", truth(), ("虚构的图层", "made-up data")),
            ("system", both.clone(), NONE),
            ("features", count(), NONE),
        ],
        &[("date", super::day(), NONE)],
    );
    let feature = members(
        lang,
        &[
            ("number", count(), NONE),
            (
                "attributes",
                json!({ "type": "object", "patternProperties": { "": { "type": "string" } } }),
                NONE,
            ),
            ("area_m2", number(), NONE),
            ("ellipsoid_m2", number(), NONE),
            ("share", number(), ("占用地的比例", "the share of the site")),
        ],
        &[],
    );
    let layer = members(
        lang,
        &[
            ("id", words(), NONE),
            ("label", both.clone(), NONE),
            ("fields", list(&words()), NONE),
            ("area_m2", number(), NONE),
            ("share", number(), NONE),
            ("features", list(&feature), NONE),
        ],
        &[
            (
                "unmeasured",
                both.clone(),
                ("未量算的原因", "why it was not measured"),
            ),
            ("file", layer_file, NONE),
            ("distance_m", number(), NONE),
        ],
    );
    members(
        lang,
        &[
            ("measured", truth(), NONE),
            ("files", list(&file), NONE),
            ("central_meridian", count(), NONE),
            ("area_m2", number(), NONE),
            ("ellipsoid_m2", number(), NONE),
            ("parcels", list(&parcel), NONE),
            ("layers", list(&layer), NONE),
        ],
        &[("system", both.clone(), NONE), ("notes", list(&both), NONE)],
    )
}

fn portfolio(lang: Lang) -> Value {
    let both = part("both");
    let key = members(
        lang,
        &[("axis", words(), NONE), ("value", both.clone(), NONE)],
        &[],
    );
    let member = members(
        lang,
        &[("project", words(), NONE), ("amount", both.clone(), NONE)],
        &[],
    );
    let group = members(
        lang,
        &[
            ("key", list(&key), NONE),
            ("outcome", named(&part("verdict")), NONE),
            ("verdict", part("verdict"), NONE),
            ("total", maybe(&both), NONE),
            ("bound", maybe(&both), NONE),
            ("members", list(&member), NONE),
            ("missing", list(&words()), NONE),
        ],
        &[(
            "breaking",
            words(),
            (
                "按申报先后首个超出的项目",
                "the first project that exceeds it",
            ),
        )],
    );
    members(
        lang,
        &[
            ("rule", words(), NONE),
            ("title", both, NONE),
            (
                "measure",
                json!({ "enum": ["sum", "count", "share"] }),
                NONE,
            ),
            ("bound", json!({ "enum": ["limit", "target"] }), NONE),
            ("after_period", truth(), NONE),
            ("groups", list(&group), NONE),
        ],
        &[],
    )
}

fn split(lang: Lang) -> Value {
    let rule = members(
        lang,
        &[("rule", words(), NONE), ("verdict", part("verdict"), NONE)],
        &[],
    );
    members(
        lang,
        &[
            ("projects", list(&words()), NONE),
            ("rules", list(&rule), NONE),
            ("notice", part("both"), NONE),
        ],
        &[],
    )
}

fn problem(lang: Lang) -> Value {
    members(
        lang,
        &[
            ("file", maybe(&words()), NONE),
            ("line", maybe(&count()), NONE),
            ("column", maybe(&count()), NONE),
            ("code", words(), ("稳定的代码", "a stable code")),
            ("severity", json!({ "enum": ["error", "warning"] }), NONE),
            ("message", part("both"), NONE),
            ("help", maybe(&part("both")), NONE),
        ],
        &[],
    )
}

fn baseline(lang: Lang) -> Value {
    let gone = members(
        lang,
        &[
            ("project", words(), NONE),
            ("rule", words(), NONE),
            ("drove", part("decision"), NONE),
        ],
        &[],
    );
    members(
        lang,
        &[
            ("new", count(), ("新增", "not in the baseline")),
            ("graver", count(), ("加重", "drives more than it did")),
            (
                "known",
                count(),
                ("基准已有", "drives what it did, or less"),
            ),
            ("gone", list(&gone), ("已消除", "drives nothing any more")),
            (
                "not_read",
                count(),
                ("属于本次未读入的项目", "of projects that were not read"),
            ),
        ],
        &[],
    )
}
