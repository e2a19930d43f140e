//! The law of verdicts, ceilings and waivers, on small packs of their own.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use hegui::base::date::Date;
use hegui::base::problem::{Problem, any_error};
use hegui::base::source::Sources;
use hegui::intake::{self, Expected, Format};
use hegui::judge::decision::Decision;
use hegui::judge::engine::NotProvided;
use hegui::judge::finding::{DaySource, Finding, Judged, Verdict};
use hegui::judge::{Engine, Settings, waiving};
use hegui::language::eval::{Cause, Subject};
use hegui::model::field::FieldId;
use hegui::model::project::Project;
use hegui::model::stage::Stage;
use hegui::rules::pack::Packs;
use hegui::rules::{PackFiles, load};

use crate::world::{pack, told};

// ---- what the small packs are made of

/// Fields of an applicant (`a`), of a department (`d`), a list, and the dates of procedures.
const FIELDS: &str = r#"
[enums.class]
ordered = true
values = [{ id = "none", zh = "无", en = "none" }, { id = "report", zh = "报告书", en = "report" }]
[[group]]
path = "a"
label = { zh = "甲", en = "a" }
[[group]]
path = "d"
label = { zh = "丁", en = "d" }
[[group]]
path = "dates"
label = { zh = "日期", en = "dates" }
[[field]]
path = "a.area"
type = "number"
unit = "亩"
label = { zh = "面积", en = "area" }
min = "0"
[[field]]
path = "a.built"
type = "number"
unit = "亩"
label = { zh = "建筑面积", en = "built area" }
min = "0"
[[field]]
path = "a.balance"
type = "number"
unit = "亩"
label = { zh = "增减", en = "balance" }
[[field]]
path = "a.free"
type = "number"
unit = "亩"
label = { zh = "空地面积", en = "free area" }
provider = "computed"
formula = "a.area - a.built"
[[field]]
path = "a.left"
type = "bool"
label = { zh = "左", en = "left" }
[[field]]
path = "a.right"
type = "bool"
label = { zh = "右", en = "right" }
[[field]]
path = "d.overlap"
type = "number"
unit = "亩"
label = { zh = "重叠面积", en = "overlap" }
min = "0"
provider = "department"
department = { zh = "某局", en = "a bureau" }
[[field]]
path = "parts"
type = "list"
label = { zh = "部件", en = "parts" }
[[field]]
path = "parts.amount"
type = "number"
unit = "亩"
label = { zh = "数量", en = "amount" }
min = "0"
[[field]]
path = "dates.filing"
type = "date"
label = { zh = "立项日期", en = "date of filing" }
procedure = "filing"
[[field]]
path = "dates.approved"
type = "date"
label = { zh = "批准日期", en = "date of approval" }
procedure = "siting"
after = ["dates.filing"]
[[field]]
path = "dates.building"
type = "date"
label = { zh = "开工日期", en = "date of building" }
procedure = "construction"
after = ["dates.approved"]
[[field]]
path = "dates.granted"
type = "date"
label = { zh = "供地日期", en = "date of the grant" }
procedure = "siting"
after = ["dates.filing"]
provider = "department"
department = { zh = "某局", en = "a bureau" }
"#;

/// `limit` is 10 亩; `rising` is 10 亩 and from 2024 on 100 亩; the others are named for what is unverified.
const PARAMETERS: &str = r#"
[[parameter]]
id = "limit"
label = { zh = "限值", en = "limit" }
unit = "亩"
step = "1"
[[parameter.version]]
value = "10"
source = "law 1"
confidence = "official"
[[parameter]]
id = "rising"
label = { zh = "放宽的限值", en = "rising limit" }
unit = "亩"
step = "1"
[[parameter.version]]
to = 2023-12-31
value = "10"
source = "law 1"
confidence = "official"
[[parameter.version]]
from = 2024-01-01
value = "100"
source = "law 1"
confidence = "official"
[[parameter]]
id = "unverified_first"
label = { zh = "先存疑", en = "doubtful at first" }
unit = "亩"
step = "1"
[[parameter.version]]
to = 2023-12-31
value = "10"
source = "hearsay"
confidence = "unverified"
[[parameter.version]]
from = 2024-01-01
value = "20"
source = "law 1"
confidence = "official"
[[parameter]]
id = "unverified_last"
label = { zh = "后存疑", en = "doubtful at last" }
unit = "亩"
step = "1"
[[parameter.version]]
to = 2023-12-31
value = "10"
source = "law 1"
confidence = "official"
[[parameter.version]]
from = 2024-01-01
value = "20"
source = "hearsay"
confidence = "unverified"
"#;

/// One instrument of each level, named for it, and standards that a higher norm makes binding.
fn instruments() -> String {
    let one = |id: &str, level: &str, more: &str| {
        format!(
            "[[instrument]]\nid = \"{id}\"\ntitle = {{ zh = \"法\", en = \"law\" }}\nlevel = \"{level}\"\nconfidence = \"official\"\n{more}\n"
        )
    };
    let bound = |by: &str, confidence: &str| {
        format!(
            "binding_by = {{ instrument = \"{by}\", article = \"1\", confidence = \"{confidence}\" }}"
        )
    };
    let mut text = String::new();
    for level in [
        "law",
        "regulation",
        "rule",
        "mandatory_standard",
        "recommended_standard",
        "normative_document",
        "plan",
        "notice",
    ] {
        text += &one(level, level, "");
    }
    text += &one("repealed", "law", "to = 2010-12-31");
    text += &one("doubtful-law", "law", "confidence = \"unverified\"").replacen(
        "confidence = \"official\"\n",
        "",
        1,
    );
    for (id, by, confidence) in [
        ("bound", "law", "official"),
        ("bound-unverified", "law", "unverified"),
        ("bound-by-repealed", "repealed", "official"),
        ("bound-by-notice", "notice", "official"),
    ] {
        text += &one(id, "recommended_standard", &bound(by, confidence));
    }
    text
}

fn head(id: &str, level: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\nversion = \"1\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nauthority = {{ zh = \"甲\", en = \"a\" }}\nlevel = \"{level}\"\n{more}\n"
    )
}

/// A rule of a kind on a basis; `body` holds the rest. Any but a prohibition is due by filing unless it says otherwise.
fn rule(kind: &str, basis: &str, body: &str) -> String {
    let due = if kind == "prohibition" || body.contains("due = ") {
        ""
    } else {
        "due = \"filing\"\n"
    };
    format!(
        "title = {{ zh = \"题\", en = \"title\" }}\nkind = \"{kind}\"\nbasis = [{{ {basis} }}]\nmessage = {{ zh = \"文\", en = \"text\" }}\nremedy = {{ zh = \"改\", en = \"mend\" }}\nwhy = \"why\"\n{due}{body}\n"
    )
}

const LAW: &str = "instrument = \"law\", article = \"1\"";

/// The pack of law with more files.
fn law(more: &[(&str, &str)]) -> PackFiles {
    let (head, instruments) = (head("t", "law", ""), instruments());
    let mut files = vec![
        ("pack.toml", head.as_str()),
        ("fields.toml", FIELDS),
        ("parameters.toml", PARAMETERS),
        ("instruments.toml", instruments.as_str()),
    ];
    files.extend(more);
    pack("t", &files)
}

/// Small packs, and a run's settings.
struct Small {
    packs: Packs,
    settings: Settings,
}

impl Small {
    #[track_caller]
    fn of(packs: Vec<PackFiles>) -> Self {
        let mut sources = Sources::default();
        let (packs, problems) = load(packs, &mut sources);
        assert_eq!(told(&sources, &problems), "");
        Self {
            packs,
            settings: Settings::default(),
        }
    }

    /// The pack of law with a single rule, `a/x`.
    #[track_caller]
    fn one(kind: &str, body: &str) -> Self {
        Self::of(vec![law(&[("a/x.toml", &rule(kind, LAW, body))])])
    }

    fn field(&self, path: &str) -> FieldId {
        self.packs.library.vocabulary.by_path(path).unwrap().id
    }

    fn expected(&self) -> Expected<'_> {
        Expected {
            vocabulary: &self.packs.library.vocabulary,
            goals: &[],
            indicators: &[],
            trust_claims: self.settings.trust_claims,
        }
    }

    #[track_caller]
    fn project(&self, text: &str) -> Project {
        let mut sources = Sources::default();
        let id = sources.add("p.toml", text);
        let (mut projects, problems) = intake::read_projects(
            sources.get(id).unwrap(),
            Format::Toml,
            "p",
            &self.expected(),
        );
        assert!(!any_error(&problems), "{}", told(&sources, &problems));
        assert_eq!(projects.len(), 1);
        projects.remove(0)
    }

    #[track_caller]
    fn judge(&self, text: &str) -> Judged {
        Engine::new(&self.packs, &self.settings).judge(&self.project(text))
    }

    /// The finding of the rule `a/x`.
    #[track_caller]
    fn finding(&self, text: &str) -> Finding {
        self.finding_of("a/x", text)
    }

    #[track_caller]
    fn finding_of(&self, rule: &str, text: &str) -> Finding {
        let number = self.packs.rules.iter().position(|r| r.id == rule).unwrap();
        self.judge(text)
            .findings
            .into_iter()
            .find(|f| usize::from(f.rule) == number)
            .unwrap()
    }

    /// The paths and ids of what a finding lacks, with the causes.
    fn lacks(&self, finding: &Finding) -> Vec<(String, Cause)> {
        let library = &self.packs.library;
        let subject = |subject| match subject {
            Subject::Fact(fact) => fact.path(&library.vocabulary),
            Subject::Parameter(index) => library.parameters[usize::from(index)].id.clone(),
            Subject::Table(index) => library.tables[usize::from(index)].id.clone(),
        };
        finding
            .lacks()
            .iter()
            .map(|lack| (subject(lack.subject), lack.cause))
            .collect()
    }
}

/// A submission in construction.
fn submitted(day: &str, facts: &str) -> String {
    format!("submitted = {day}\nstage = \"construction\"\n{facts}")
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn lack(path: &str, cause: Cause) -> (String, Cause) {
    (path.to_owned(), cause)
}

const AREA_20: &str = "[a]\narea = 20";

// ---- what the office does not have

#[test]
fn a_project_whose_findings_are_all_left_out_is_unassessed() {
    let body = "require = \"d.overlap <= param.limit\"";
    let passing = rule("limit", LAW, "require = \"a.area <= param.limit\"");
    let text = submitted("2024-06-01", "[a]\narea = 5");
    for (kind, asked) in [
        ("guidance", Decision::Explain),
        ("referral", Decision::Refer),
    ] {
        let open = rule(kind, LAW, body);
        let mut alone = Small::of(vec![law(&[("a/x.toml", &open)])]);
        let mut with = Small::of(vec![law(&[("a/x.toml", &open), ("a/y.toml", &passing)])]);
        assert_eq!(alone.judge(&text).decision, asked, "{kind}");
        assert_eq!(with.judge(&text).decision, asked, "{kind}");
        for small in [&mut alone, &mut with] {
            let field = small.field("d.overlap");
            small.settings.not_provided = vec![NotProvided::Field(field)];
            let finding = small.finding(&text);
            assert_eq!(
                (finding.verdict, finding.drives),
                (Verdict::Undetermined, Decision::Clear),
                "{kind}"
            );
            assert!(finding.remarks.not_configured, "{kind}");
            assert_eq!(
                small.lacks(&finding),
                [lack("d.overlap", Cause::NotConfigured)]
            );
        }
        assert_eq!(alone.judge(&text).decision, Decision::Unassessed, "{kind}");
        assert_eq!(with.judge(&text).decision, Decision::Clear, "{kind}");
    }
}

#[test]
fn what_the_office_does_not_have_leaves_a_limit_to_verify_and_a_known_value_deciding() {
    let mut small = Small::one("limit", "require = \"d.overlap <= param.limit\"");
    small.settings.not_provided = vec![NotProvided::Field(small.field("d.overlap"))];
    let open = small.judge(&submitted("2024-06-01", ""));
    assert_eq!(open.decision, Decision::Verify);
    let known = small.finding(&submitted("2024-06-01", "[d]\noverlap = 20"));
    assert_eq!(
        (known.verdict, known.drives, known.remarks.not_configured),
        (Verdict::Fail, Decision::Rectify, false)
    );
}

// ---- the plan's period

/// A plan for 2021–2025 with a hard and a soft section, an office that cites the hard one, and a ban in each.
fn planned(body: &str) -> Small {
    let ban = |section: &str| {
        rule(
            "prohibition",
            &format!("section = \"{section}\""),
            &format!("require = \"a.area <= param.limit\"\n{body}"),
        )
    };
    let plan = pack(
        "plan",
        &[
            (
                "pack.toml",
                &head(
                    "plan",
                    "plan",
                    "extends = [\"t\"]\nperiod = { from = 2021-01-01, to = 2025-12-31 }\nperiod_notice = { zh = \"届满\", en = \"over\" }",
                ),
            ),
            (
                "plan.toml",
                "[[section]]\nnumber = \"1\"\ntitle = { zh = \"一\", en = \"one\" }\nforce = \"hard\"\n[[section]]\nnumber = \"2\"\ntitle = { zh = \"二\", en = \"two\" }\n",
            ),
            ("p/hard.toml", &ban("1")),
            ("p/soft.toml", &ban("2")),
        ],
    );
    let office = pack(
        "office",
        &[
            (
                "pack.toml",
                &head("office", "office", "extends = [\"plan\"]"),
            ),
            ("o/hard.toml", &ban("1")),
        ],
    );
    Small::of(vec![law(&[]), plan, office])
}

#[test]
fn a_hard_section_rejects_in_its_plans_period_only() {
    let small = planned("");
    for (submission, drives, after) in [
        ("2020-12-31", Decision::Refer, false),
        ("2021-01-01", Decision::Reject, false),
        ("2025-12-31", Decision::Reject, false),
        ("2026-01-01", Decision::Explain, true),
    ] {
        for rule in ["p/hard", "o/hard"] {
            let finding = small.finding_of(rule, &submitted(submission, AREA_20));
            assert_eq!(
                (
                    finding.verdict,
                    finding.drives,
                    finding.remarks.after_period
                ),
                (Verdict::Fail, drives, after),
                "{rule} {submission}"
            );
        }
        let soft = small.finding_of("p/soft", &submitted(submission, AREA_20));
        assert_eq!(
            (soft.verdict, soft.drives, soft.remarks.after_period),
            (Verdict::Fail, drives.min(Decision::Refer), after),
            "{submission}"
        );
    }
}

#[test]
fn an_unknown_date_that_may_lie_outside_the_period_takes_the_weakest_ceiling() {
    let small = planned("anchor = \"dates.approved\"");
    for (from, to, drives) in [
        ("2022-01-01", "2025-12-31", Decision::Reject),
        ("2020-12-31", "2025-12-31", Decision::Refer),
        ("2025-12-31", "2026-01-01", Decision::Explain),
        ("2020-12-31", "2026-01-01", Decision::Explain),
        ("2026-01-01", "2026-06-01", Decision::Explain),
    ] {
        let facts = format!("{AREA_20}\n[dates]\nfiling = {from}\nbuilding = {to}");
        for rule in ["p/hard", "o/hard"] {
            let finding = small.finding_of(rule, &submitted("2026-06-01", &facts));
            assert!(matches!(finding.day_source, DaySource::Span(..)));
            assert_eq!(
                (finding.verdict, finding.drives),
                (Verdict::Fail, drives),
                "{rule} {from} to {to}"
            );
            assert_eq!(
                finding.remarks.after_period,
                drives == Decision::Explain,
                "{rule} {from} to {to}"
            );
        }
    }
}

// ---- the stage by which a rule can be asked

#[test]
fn a_due_stage_that_changes_with_the_law_is_the_latest_of_its_span() {
    let small = Small::one(
        "requirement",
        "anchor = \"dates.approved\"\ndue = [{ when = \"a.area > param.rising\", stage = \"filing\" }, { stage = \"operation\" }]\nrequire = \"a.left\"",
    );
    for (dates, due, verdict) in [
        ("", Stage::Operation, Verdict::Upcoming),
        ("filing = 2023-06-01", Stage::Operation, Verdict::Upcoming),
        (
            "filing = 2023-06-01\nbuilding = 2024-06-01",
            Stage::Operation,
            Verdict::Upcoming,
        ),
        (
            "filing = 2023-06-01\nbuilding = 2023-12-31",
            Stage::Filing,
            Verdict::Fail,
        ),
        ("building = 2024-06-01", Stage::Operation, Verdict::Upcoming),
        ("building = 2023-06-01", Stage::Filing, Verdict::Fail),
        ("approved = 2023-12-31", Stage::Filing, Verdict::Fail),
        ("approved = 2024-01-01", Stage::Operation, Verdict::Upcoming),
    ] {
        for (left, verdict) in [
            ("left = false", verdict),
            (
                "",
                if verdict == Verdict::Fail {
                    Verdict::Undetermined
                } else {
                    verdict
                },
            ),
        ] {
            let facts = format!("[a]\narea = 50\n{left}\n[dates]\n{dates}");
            let finding = small.finding(&submitted("2024-08-01", &facts));
            assert_eq!(
                (finding.due, finding.verdict),
                (Some(due), verdict),
                "{dates} {left}"
            );
            assert_eq!(
                finding.drives == Decision::Clear,
                verdict == Verdict::Upcoming,
                "{dates} {left}"
            );
        }
    }
}

// ---- waivers

/// A waiver of `a/x` on the project `p`, issued 2025-01-01 until 2025-12-31.
fn waiver(level: &str, pins: &str) -> String {
    format!(
        "[[waiver]]\nrule = \"a/x\"\nproject = \"p\"\noffice = \"甲局\"\nlevel = \"{level}\"\ndocument_type = \"复函\"\ndocument = \"甲函〔2025〕1号\"\nissued = 2025-01-01\nexpires = 2025-12-31\nreason = \"理由\"\n[waiver.pins]\n{pins}\n"
    )
}

/// How many findings waivers answer, the decision with them, and how many waivers do not apply.
#[track_caller]
fn waived(small: &Small, on: &str, text: &str, waivers: &str) -> (usize, Decision, usize) {
    let settings = Settings {
        on: Some(day(on)),
        ..small.settings.clone()
    };
    let mut sources = Sources::default();
    let id = sources.add("waivers.toml", waivers);
    let (waivers, problems) = intake::read_waivers(sources.get(id).unwrap(), &small.expected());
    assert_eq!(told(&sources, &problems), "");
    let engine = Engine::new(&small.packs, &settings);
    let projects = [small.project(text)];
    let mut judged = [engine.judge(&projects[0])];
    let refused: Vec<Problem> = waiving::apply(&engine, &projects, &mut judged, &waivers);
    assert!(refused.iter().all(|p| p.code == "hegui::judge::waiver"));
    (judged[0].waived(), judged[0].decision, refused.len())
}

fn waivable() -> Small {
    Small::one(
        "limit",
        "applies = \"a.left\"\nrequire = \"a.area <= param.limit\"\nwaivable_by = [\"city\"]",
    )
}

const BOTH: &str = "\"a.left\" = true\n\"a.area\" = \"20 亩\"";
const HELD: (usize, Decision, usize) = (1, Decision::Clear, 0);
const NOT_HELD: (usize, Decision, usize) = (0, Decision::Rectify, 1);

#[test]
fn a_waiver_holds_only_if_every_deciding_fact_is_pinned_and_unchanged() {
    let small = waivable();
    let text = submitted("2024-06-01", "[a]\nleft = true\narea = 20");
    for (pins, outcome) in [
        (BOTH, HELD),
        ("\"a.left\" = true", NOT_HELD),
        ("\"a.area\" = \"20 亩\"", NOT_HELD),
        ("", NOT_HELD),
        ("\"a.left\" = true\n\"a.area\" = \"19 亩\"", NOT_HELD),
        ("\"a.left\" = false\n\"a.area\" = \"20 亩\"", NOT_HELD),
        (
            "\"a.left\" = true\n\"a.area\" = \"20 亩\"\n\"a.right\" = true",
            NOT_HELD,
        ),
    ] {
        let waiver = waiver("city", pins);
        assert_eq!(
            waived(&small, "2025-06-01", &text, &waiver),
            outcome,
            "{pins}"
        );
    }
}

#[test]
fn a_range_must_be_pinned_and_unchanged() {
    let small = waivable();
    let text = submitted("2024-06-01", "[a]\nleft = true\narea = \"8–12 亩\"");
    assert_eq!(small.finding(&text).verdict, Verdict::Undetermined);
    let not_held = (0, Decision::Supplement, 1);
    for (area, outcome) in [
        ("\"a.area\" = \"8–12 亩\"", HELD),
        ("\"a.area\" = \"8–13 亩\"", not_held),
        ("\"a.area\" = \"8 亩\"", not_held),
        ("", not_held),
    ] {
        let waiver = waiver("city", &format!("\"a.left\" = true\n{area}"));
        assert_eq!(
            waived(&small, "2025-06-01", &text, &waiver),
            outcome,
            "{area}"
        );
    }
}

#[test]
fn a_claim_that_left_a_finding_open_must_be_pinned() {
    let small = Small::one(
        "limit",
        "require = \"d.overlap <= param.limit\"\nwaivable_by = [\"city\"]",
    );
    let text = submitted("2024-06-01", "[d]\noverlap = 5");
    let not_held = (0, Decision::Verify, 1);
    for (pins, outcome) in [
        ("\"d.overlap\" = \"5 亩\"", HELD),
        ("\"d.overlap\" = \"6 亩\"", not_held),
        ("", not_held),
    ] {
        let waiver = waiver("city", pins);
        assert_eq!(
            waived(&small, "2025-06-01", &text, &waiver),
            outcome,
            "{pins}"
        );
    }
}

#[test]
fn a_waiver_holds_from_its_first_to_its_last_day() {
    let (small, waiver) = (waivable(), waiver("city", BOTH));
    let text = submitted("2024-06-01", "[a]\nleft = true\narea = 20");
    for (on, outcome) in [
        ("2024-12-31", NOT_HELD),
        ("2025-01-01", HELD),
        ("2025-12-31", HELD),
        ("2026-01-01", NOT_HELD),
    ] {
        assert_eq!(waived(&small, on, &text, &waiver), outcome, "{on}");
    }
}

#[test]
fn a_waiver_takes_the_level_of_the_rule_or_a_higher_one() {
    let text = submitted("2024-06-01", "[a]\nleft = true\narea = 20");
    for (level, outcome) in [
        ("county", NOT_HELD),
        ("city", HELD),
        ("region", HELD),
        ("state", HELD),
    ] {
        let waiver = waiver(level, BOTH);
        assert_eq!(
            waived(&waivable(), "2025-06-01", &text, &waiver),
            outcome,
            "{level}"
        );
    }
    let by_none = Small::one(
        "limit",
        "applies = \"a.left\"\nrequire = \"a.area <= param.limit\"\nwaivable_by = []",
    );
    let waiver = waiver("state", BOTH);
    assert_eq!(waived(&by_none, "2025-06-01", &text, &waiver), NOT_HELD);
}

#[test]
fn of_two_waivers_for_one_finding_neither_holds() {
    let small = waivable();
    let text = submitted("2024-06-01", "[a]\nleft = true\narea = 20");
    let one = waiver("city", BOTH);
    let (again, other) = (one.replace("1号", "2号"), one.replace("1号", "3号"));
    let two = format!("{one}{again}");
    assert_eq!(waived(&small, "2025-06-01", &text, &two), NOT_HELD);
    let three = format!("{two}{other}");
    let (answered, decision, _) = waived(&small, "2025-06-01", &text, &three);
    assert_eq!((answered, decision), (0, Decision::Rectify));
    // One that does not hold by itself does not spoil the other.
    let expired = again.replace("expires = 2025-12-31", "expires = 2025-02-01");
    let outcome = waived(&small, "2025-06-01", &text, &format!("{one}{expired}"));
    assert_eq!(outcome, (1, Decision::Clear, 1));
}

// ---- tables

const STRICTEST: &str = r#"
[[table]]
id = "classes"
title = { zh = "表", en = "table" }
hit = "strictest"
order = { output = "class", ranks = ["none", "report"] }
keys = [
  { column = "left", field = "a.left", match = "exact" },
  { column = "right", field = "a.right", match = "exact" },
]
outputs = [
  { column = "class", type = "enum", enum = "class" },
  { column = "limit", type = "number", unit = "亩" },
]
otherwise = { class = "none", limit = "100" }
source = "law 1"
confidence = "official"
"#;

#[test]
fn of_equally_strict_rows_an_unsure_earlier_one_leaves_the_other_outputs_unknown() {
    let small = Small::of(vec![law(&[
        ("tables.toml", STRICTEST),
        (
            "tables/classes.csv",
            "left,right,class,limit\ntrue,,report,10\n,true,report,20\n",
        ),
        (
            "a/class.toml",
            &rule(
                "limit",
                LAW,
                "require = \"lookup('classes', 'class') == 'report'\"",
            ),
        ),
        (
            "a/x.toml",
            &rule(
                "limit",
                LAW,
                "require = \"a.area <= lookup('classes', 'limit')\"",
            ),
        ),
    ])]);
    let verdicts = |facts: &str| {
        let text = submitted("2024-06-01", &format!("[a]\narea = 15\n{facts}"));
        (
            small.finding_of("a/class", &text).verdict,
            small.finding(&text),
        )
    };
    let (class, limit) = verdicts("right = true");
    assert_eq!(class, Verdict::Pass, "both rows say report");
    assert_eq!(limit.verdict, Verdict::Undetermined);
    assert_eq!(small.lacks(&limit), [lack("a.left", Cause::Missing)]);
    for (facts, class, limit) in [
        // The earlier row decides, whatever the later one says.
        ("left = true", Verdict::Pass, Verdict::Fail),
        ("left = true\nright = true", Verdict::Pass, Verdict::Fail),
        ("left = false\nright = true", Verdict::Pass, Verdict::Pass),
        ("left = false\nright = false", Verdict::Fail, Verdict::Pass),
        ("", Verdict::Undetermined, Verdict::Undetermined),
    ] {
        let (is_class, is_limit) = verdicts(facts);
        assert_eq!((is_class, is_limit.verdict), (class, limit), "{facts}");
    }
}

#[test]
fn a_verdict_that_rests_on_an_unverified_otherwise_says_so() {
    let tables = r#"
[[table]]
id = "limits"
title = { zh = "表", en = "table" }
hit = "first"
keys = [{ column = "left", field = "a.left", match = "exact" }]
outputs = [{ column = "limit", type = "number", unit = "亩" }]
otherwise = { limit = "10" }
source = "hearsay"
confidence = "unverified"
"#;
    let small = Small::of(vec![law(&[
        ("tables.toml", tables),
        (
            "tables/limits.csv",
            "left,limit,confidence\ntrue,10,official\n",
        ),
        (
            "a/x.toml",
            &rule(
                "limit",
                LAW,
                "require = \"a.area <= lookup('limits', 'limit')\"",
            ),
        ),
    ])]);
    for (facts, verdict, drives, unverified) in [
        (
            "left = false\narea = 5",
            Verdict::Pass,
            Decision::Clear,
            true,
        ),
        (
            "left = false\narea = 20",
            Verdict::Fail,
            Decision::Refer,
            true,
        ),
        (
            "left = true\narea = 5",
            Verdict::Pass,
            Decision::Clear,
            false,
        ),
        (
            "left = true\narea = 20",
            Verdict::Fail,
            Decision::Rectify,
            false,
        ),
    ] {
        let finding = small.finding(&submitted("2024-06-01", &format!("[a]\n{facts}")));
        assert_eq!(
            (finding.verdict, finding.drives, finding.remarks.unverified),
            (verdict, drives, unverified),
            "{facts}"
        );
    }
}

// ---- unverified versions

#[test]
fn what_holds_under_every_version_of_a_span_rests_on_the_unverified_one_too() {
    for parameter in ["unverified_first", "unverified_last"] {
        let small = Small::one(
            "limit",
            &format!("anchor = \"dates.approved\"\nrequire = \"a.area <= param.{parameter}\""),
        );
        let finding = |area: u32, dates: &str| {
            let facts = format!("[a]\narea = {area}\n[dates]\n{dates}");
            let finding = small.finding(&submitted("2024-06-01", &facts));
            (finding.verdict, finding.drives, finding.remarks.unverified)
        };
        let doubtful_first = parameter == "unverified_first";
        for (dates, unverified) in [
            ("", true),
            ("filing = 2023-01-01\nbuilding = 2024-02-01", true),
            ("filing = 2024-01-01", !doubtful_first),
            ("building = 2023-12-31", doubtful_first),
            ("approved = 2023-12-31", doubtful_first),
            ("approved = 2024-01-01", !doubtful_first),
        ] {
            let pass = (Verdict::Pass, Decision::Clear, unverified);
            assert_eq!(finding(5, dates), pass, "{parameter} {dates}");
            let most = if unverified {
                Decision::Refer
            } else {
                Decision::Rectify
            };
            let fail = (Verdict::Fail, most, unverified);
            assert_eq!(finding(50, dates), fail, "{parameter} {dates}");
        }
    }
}

// ---- what has no value although everything is known

#[test]
fn what_has_no_value_names_what_leaves_it_open() {
    for (require, facts, path) in [
        (
            "parts.max(p, p.amount) <= param.limit",
            "parts = []",
            "parts",
        ),
        (
            "parts.min(p, p.amount) <= param.limit",
            "parts = []",
            "parts",
        ),
        (
            "parts.filter(p, p.amount > param.limit).max(p, p.amount) <= param.rising",
            "parts = [{ amount = 5 }]",
            "parts",
        ),
        (
            "a.area / a.built <= 2",
            "[a]\narea = 5\nbuilt = 0",
            "a.built",
        ),
        (
            "a.area / (a.built - param.limit) <= 2",
            "[a]\narea = 5\nbuilt = 10",
            "a.built",
        ),
        (
            "a.area / a.free <= 2",
            "[a]\narea = 5\nbuilt = 5",
            "a.built",
        ),
        (
            "a.area / parts.sum(p, p.amount) <= 2",
            "parts = []\n[a]\narea = 5",
            "parts",
        ),
    ] {
        let small = Small::one("limit", &format!("require = \"{require}\""));
        let finding = small.finding(&submitted("2024-06-01", facts));
        assert_eq!(
            (finding.verdict, finding.drives),
            (Verdict::Undetermined, Decision::Supplement),
            "{require}"
        );
        assert!(
            small
                .lacks(&finding)
                .contains(&lack(path, Cause::Imprecise)),
            "{require}: {:?}",
            small.lacks(&finding)
        );
    }
}

#[test]
fn a_known_divisor_is_not_what_leaves_a_quotient_open() {
    let small = Small::one("limit", "require = \"a.balance / a.built <= 2\"");
    let finding = small.finding(&submitted("2024-06-01", "[a]\nbuilt = 5"));
    assert_eq!(small.lacks(&finding), [lack("a.balance", Cause::Missing)]);
}

// ---- ceilings

#[test]
fn a_fail_drives_what_its_basis_can_carry() {
    for (instrument, drives) in [
        ("law", Decision::Rectify),
        ("regulation", Decision::Rectify),
        ("rule", Decision::Rectify),
        ("mandatory_standard", Decision::Rectify),
        ("recommended_standard", Decision::Refer),
        ("normative_document", Decision::Refer),
        ("plan", Decision::Refer),
        ("notice", Decision::Refer),
        ("doubtful-law", Decision::Refer),
        ("bound", Decision::Rectify),
        ("bound-unverified", Decision::Refer),
        ("bound-by-repealed", Decision::Refer),
        ("bound-by-notice", Decision::Refer),
    ] {
        let text = rule(
            "limit",
            &format!("instrument = \"{instrument}\", article = \"1\""),
            "require = \"a.area <= param.limit\"",
        );
        let small = Small::of(vec![law(&[("a/x.toml", &text)])]);
        let fail = small.finding(&submitted("2024-06-01", AREA_20));
        assert_eq!(
            (fail.verdict, fail.drives),
            (Verdict::Fail, drives),
            "{instrument}"
        );
        // What is open is bounded by the same basis.
        let open = small.finding(&submitted("2024-06-01", ""));
        assert_eq!(
            (open.verdict, open.drives),
            (Verdict::Undetermined, drives.min(Decision::Supplement)),
            "{instrument}"
        );
    }
}

// ---- claims

#[test]
fn a_claim_can_fail_a_rule_but_no_pass_rests_on_it() {
    let mut small = Small::one("limit", "require = \"d.overlap <= param.limit\"");
    let verdict = |small: &Small, overlap: u32| {
        let finding = small.finding(&submitted(
            "2024-06-01",
            &format!("[d]\noverlap = {overlap}"),
        ));
        (finding.verdict, finding.drives, small.lacks(&finding))
    };
    let fail = (Verdict::Fail, Decision::Rectify, Vec::new());
    assert_eq!(verdict(&small, 20), fail);
    assert_eq!(
        verdict(&small, 5),
        (
            Verdict::Undetermined,
            Decision::Verify,
            vec![lack("d.overlap", Cause::Unconfirmed)]
        )
    );
    small.settings.trust_claims = true;
    assert_eq!(verdict(&small, 20), fail);
    assert_eq!(
        verdict(&small, 5),
        (Verdict::Pass, Decision::Clear, Vec::new())
    );
}

#[test]
fn that_a_rule_does_not_apply_rests_on_no_claim_either() {
    let mut small = Small::one(
        "limit",
        "applies = \"d.overlap > 0\"\nrequire = \"a.area <= param.limit\"",
    );
    let text = submitted("2024-06-01", &format!("{AREA_20}\n[d]\noverlap = 0"));
    let finding = small.finding(&text);
    assert_eq!(finding.verdict, Verdict::Undetermined);
    assert_eq!(
        small.lacks(&finding),
        [lack("d.overlap", Cause::Unconfirmed)]
    );
    small.settings.trust_claims = true;
    assert_eq!(small.finding(&text).verdict, Verdict::NotApplicable);
}

#[test]
fn a_claimed_date_selects_no_law() {
    let mut small = Small::one(
        "limit",
        "anchor = \"dates.granted\"\nrequire = \"a.area <= param.rising\"",
    );
    let granted = small.field("dates.granted");
    let text = submitted(
        "2024-06-01",
        "[a]\narea = 50\n[dates]\ngranted = 2024-03-01",
    );
    let claimed = small.finding(&text);
    assert_eq!(claimed.day_source, DaySource::Span(granted, None, None));
    assert_eq!(claimed.verdict, Verdict::Undetermined);
    assert_eq!(
        claimed
            .readings()
            .iter()
            .map(|r| r.verdict)
            .collect::<Vec<_>>(),
        [Verdict::Fail, Verdict::Pass]
    );
    small.settings.trust_claims = true;
    let trusted = small.finding(&text);
    assert_eq!(
        (trusted.day_source, trusted.as_of, trusted.verdict),
        (DaySource::Anchor(granted), day("2024-03-01"), Verdict::Pass)
    );
}

// ---- what an open finding drives

#[test]
fn an_open_finding_asks_whoever_holds_the_fact_as_far_as_its_kind_goes() {
    let cases = [
        ("a.area <= param.limit", Decision::Supplement),
        ("d.overlap <= param.limit", Decision::Verify),
        ("d.overlap + a.area <= param.limit", Decision::Supplement),
    ];
    for (require, drives) in cases {
        for (kind, most) in [
            ("prohibition", Decision::Reject),
            ("limit", Decision::Reject),
            ("requirement", Decision::Reject),
            ("referral", Decision::Refer),
            ("guidance", Decision::Explain),
        ] {
            let small = Small::one(kind, &format!("require = \"{require}\""));
            let judged = small.judge(&submitted("2024-06-01", ""));
            let finding = &judged.findings[0];
            assert_eq!(
                (finding.verdict, finding.drives, judged.decision),
                (Verdict::Undetermined, drives.min(most), drives.min(most)),
                "{kind}: {require}"
            );
        }
    }
}
