//! The schema of a finding of the JSON report, with its evidence.
//!
//! It knows nothing of projects.

use serde_json::{Value, json};

use super::report::{NONE, count, list, maybe, members, named_one, part, truth, words};
use crate::base::text::Lang;
use crate::model::stage::Stage;
use crate::rules::rule::RuleKind;

/// What every finding of a rule has.
pub(super) fn rule(lang: Lang) -> Value {
    let both = part("both");
    let basis = members(
        lang,
        &[
            ("instrument", maybe(&words()), NONE),
            ("section", maybe(&words()), NONE),
            ("article", words(), NONE),
            ("level", words(), NONE),
            ("text", both.clone(), NONE),
        ],
        &[("clause", words(), NONE)],
    );
    let kind = named_one(&RuleKind::ALL, RuleKind::id, RuleKind::label, lang);
    members(
        lang,
        &[
            (
                "id",
                words(),
                ("规则编号，永久不变", "the rule's id, which is permanent"),
            ),
            ("pack", words(), NONE),
            ("title", both.clone(), NONE),
            ("kind", kind, NONE),
            ("basis", list(&basis), ("依据条款", "what the rule cites")),
            ("remedy", both, ("办法", "what to do")),
        ],
        &[],
    )
}

/// Where a day came from as of which findings were judged.
pub(super) fn day(lang: Lang) -> Value {
    let kinds = json!({ "enum": ["flag", "submitted", "anchor", "span"] });
    members(
        lang,
        &[
            ("kind", kinds, NONE),
            ("field", maybe(&words()), NONE),
            ("from", maybe(&super::day()), NONE),
            ("to", maybe(&super::day()), NONE),
            ("text", part("both"), NONE),
        ],
        &[],
    )
}

pub(super) fn finding(lang: Lang) -> Value {
    let both = part("both");
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
    let stage = named_one(&Stage::ALL, Stage::id, Stage::label, lang);
    members(
        lang,
        &[
            (
                "rule",
                words(),
                ("rules 中的规则编号", "the id of one of `rules`"),
            ),
            (
                "verdict",
                members(lang, &[("id", part("verdict"), NONE)], &[]),
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
                "as_of",
                super::day(),
                ("按哪一天的规定", "the day whose law was used"),
            ),
            (
                "day",
                count(),
                (
                    "该日期从何而来：本项目 days 的第几项，从 0 起",
                    "where that day came from: which of the project's `days`, from 0",
                ),
            ),
        ],
        &[
            (
                "due",
                stage,
                (
                    "最迟办结环节；不涉及的没有",
                    "the stage by which it can be asked; not of what does not apply",
                ),
            ),
            (
                "remarks",
                list(&json!({ "enum": [
                    "not_in_force", "either_way", "unverified", "after_period", "not_configured", "sliver",
                ] })),
                NONE,
            ),
            ("notes", list(&both), ("备注", "notes")),
            (
                "carries",
                count(),
                (
                    "决定本条效力的依据：规则 basis 的第几项，从 0 起",
                    "the basis that bounds what it may drive: which of the rule's `basis`, from 0",
                ),
            ),
            ("message", both, ("说明", "what it says")),
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
                exception,
                ("据以符合的例外", "the exception by which it passes"),
            ),
            ("waiver", waiver, ("人工认定", "the waiver that answers it")),
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

/// A fact of a project.
pub(super) fn fact(lang: Lang) -> Value {
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
    members(
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
    )
}

/// A version of a parameter.
pub(super) fn parameter(lang: Lang) -> Value {
    let both = part("both");
    members(
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
    )
}

pub(super) fn evidence(lang: Lang) -> Value {
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
                "of",
                count(),
                (
                    "expressions 的第几项，从 0 起",
                    "which of `expressions`, from 0",
                ),
            ),
            (
                "is",
                json!({ "anyOf": [truth(), { "type": "null" }, count()] }),
                (
                    "成立、不成立，或 values 的第几项，从 0 起；未知为空",
                    "true, false or which of `values`, from 0; null if it is not known",
                ),
            ),
        ],
        &[],
    );
    let steps = members(
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
            ("values", list(&step), NONE),
        ],
        &[(
            "record",
            count(),
            ("第几项，从 1 起", "of which record, from 1"),
        )],
    );
    members(
        lang,
        &[(
            "read",
            list(&words()),
            (
                "据以判定的事实：本项目 facts 的 path",
                "the facts that decided it: the paths of the project's `facts`",
            ),
        )],
        &[
            (
                "figures",
                list(&count()),
                (
                    "取值：parameters 的第几项，从 0 起",
                    "its figures: which of `parameters`, from 0",
                ),
            ),
            ("rows", list(&row), NONE),
            (
                "steps",
                list(&steps),
                ("不符合和待定的才有", "only of fails and open findings"),
            ),
        ],
    )
}
