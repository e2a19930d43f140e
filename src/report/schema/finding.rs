//! The schema of a finding of the JSON report, with its evidence.
//!
//! It knows nothing of projects.

use serde_json::{Value, json};

use super::report::{NONE, count, list, maybe, members, named, named_one, part, truth, words};
use crate::base::text::Lang;
use crate::model::stage::Stage;
use crate::rules::rule::RuleKind;

pub(super) fn finding(lang: Lang) -> Value {
    let both = part("both");
    let basis = members(
        lang,
        &[
            ("instrument", maybe(&words()), NONE),
            ("section", maybe(&words()), NONE),
            ("article", words(), NONE),
            ("level", words(), NONE),
            (
                "carries",
                truth(),
                (
                    "决定本条效力的依据",
                    "the basis that bounds what it may drive",
                ),
            ),
            ("text", both.clone(), NONE),
        ],
        &[("clause", words(), NONE)],
    );
    let missing = members(
        lang,
        &[
            ("path", words(), NONE),
            ("label", both.clone(), NONE),
            (
                "cause",
                json!({ "enum": [
                    "known", "missing", "imprecise", "unreadable", "unconfirmed",
                    "parameter", "table_gap", "layer", "not_configured",
                ] }),
                NONE,
            ),
            ("provider", both.clone(), ("提供方", "who supplies it")),
        ],
        &[],
    );
    let day_source = members(
        lang,
        &[
            (
                "kind",
                json!({ "enum": ["flag", "submitted", "anchor", "span"] }),
                NONE,
            ),
            ("field", maybe(&words()), NONE),
            ("from", maybe(&super::day()), NONE),
            ("to", maybe(&super::day()), NONE),
            ("text", both.clone(), NONE),
        ],
        &[],
    );
    let reading = members(
        lang,
        &[
            ("day", super::day(), NONE),
            ("verdict", part("verdict"), NONE),
        ],
        &[],
    );
    let exception = members(
        lang,
        &[
            ("number", count(), ("从 1 起", "from 1")),
            ("label", both.clone(), NONE),
        ],
        &[],
    );
    let waiver = members(
        lang,
        &[
            ("office", words(), NONE),
            ("level", words(), NONE),
            ("document_type", words(), NONE),
            ("document", words(), NONE),
            ("issued", super::day(), NONE),
            ("expires", super::day(), NONE),
            ("reason", words(), NONE),
            ("place", maybe(&part("place")), NONE),
        ],
        &[],
    );
    let kind = named_one(&RuleKind::ALL, RuleKind::id, RuleKind::label, lang);
    let stage = named_one(&Stage::ALL, Stage::id, Stage::label, lang);
    members(
        lang,
        &[
            (
                "rule",
                words(),
                ("规则编号，永久不变", "the rule's id, which is permanent"),
            ),
            ("pack", words(), NONE),
            ("title", both.clone(), NONE),
            ("kind", kind, NONE),
            (
                "verdict",
                named(&part("verdict")),
                ("单项结论", "the verdict"),
            ),
            (
                "drives",
                part("decision"),
                ("导致的结论，不计人工认定", "what it drives, waivers aside"),
            ),
            (
                "effective",
                part("decision"),
                ("计入人工认定后", "what it drives, waivers considered"),
            ),
            (
                "due",
                maybe(&stage),
                ("最迟办结环节", "the stage by which it can be asked"),
            ),
            (
                "as_of",
                super::day(),
                ("按哪一天的规定", "the day whose law was used"),
            ),
            (
                "day_source",
                day_source,
                ("该日期从何而来", "where that day came from"),
            ),
            (
                "remarks",
                list(&json!({ "enum": [
                    "not_in_force", "either_way", "unverified", "after_period", "not_configured", "sliver",
                ] })),
                NONE,
            ),
            ("notes", list(&both), ("备注", "notes")),
            ("basis", list(&basis), ("依据条款", "what the rule cites")),
            ("message", both.clone(), ("说明", "what it says")),
            ("remedy", both, ("办法", "what to do")),
            (
                "missing",
                list(&missing),
                ("缺少的事实", "the facts that would decide it"),
            ),
            (
                "readings",
                list(&reading),
                (
                    "期间规定有变化时的各种读法",
                    "the readings if the law changed in the span",
                ),
            ),
            (
                "exception",
                maybe(&exception),
                ("据以符合的例外", "the exception by which it passes"),
            ),
            (
                "waiver",
                maybe(&waiver),
                ("人工认定", "the waiver that answers it"),
            ),
        ],
        &[
            (
                "evidence",
                part("evidence"),
                ("不涉及的没有", "not of what does not apply"),
            ),
            (
                "standing",
                json!({ "enum": ["new", "graver", "known", "lighter"] }),
                ("与基准比较", "against the baseline"),
            ),
        ],
    )
}

pub(super) fn evidence(lang: Lang) -> Value {
    let both = part("both");
    let reply = members(
        lang,
        &[
            ("department", words(), NONE),
            ("number", words(), NONE),
            ("date", maybe(&super::day()), NONE),
        ],
        &[],
    );
    let origin = json!({ "enum": ["given", "declared", "closed", "replied", "measured"] });
    let measured = members(
        lang,
        &[(
            "sliver",
            truth(),
            ("疑似边界误差", "so small that the boundary may be in error"),
        )],
        &[("layer", words(), NONE), ("instead_of", both.clone(), NONE)],
    );
    let fact = members(
        lang,
        &[
            ("path", words(), NONE),
            ("label", both.clone(), NONE),
            ("value", maybe(&both), NONE),
            ("origin", origin, NONE),
            (
                "claim",
                truth(),
                (
                    "申请人自报，未经确认",
                    "stated by the applicant and not confirmed",
                ),
            ),
            ("place", maybe(&part("place")), NONE),
        ],
        &[("reply", reply, NONE), ("measured", measured, NONE)],
    );
    let parameter = members(
        lang,
        &[
            ("id", words(), NONE),
            ("label", both.clone(), NONE),
            ("from", maybe(&super::day()), NONE),
            ("to", maybe(&super::day()), NONE),
            ("value", both.clone(), NONE),
            ("source", words(), NONE),
            ("confidence", words(), NONE),
        ],
        &[],
    );
    let row = members(
        lang,
        &[
            ("table", words(), NONE),
            ("line", maybe(&count()), NONE),
            ("source", words(), NONE),
            ("confidence", maybe(&words()), NONE),
        ],
        &[],
    );
    let step = members(
        lang,
        &[
            (
                "clause",
                words(),
                (
                    "applies、require、例外或算式",
                    "applies, require, an exception or a formula",
                ),
            ),
            ("expression", words(), NONE),
            ("value", both, NONE),
        ],
        &[(
            "record",
            count(),
            ("第几项，从 1 起", "of which record, from 1"),
        )],
    );
    members(
        lang,
        &[
            ("facts", list(&fact), NONE),
            ("parameters", list(&parameter), NONE),
            ("rows", list(&row), NONE),
            (
                "steps",
                list(&step),
                ("不符合和待定的才有", "only of fails and open findings"),
            ),
        ],
        &[],
    )
}
