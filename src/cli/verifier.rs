//! The verification of records: their chain, their objects, the files as they are now, and their runs done again.
//!
//! It prints nothing: it gathers remarks, each with its record, its kind and its weight.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{self, Against};
use super::masking;
use super::record;
use super::replay::{self, Again, Withheld};
use crate::base::archive::{Archive, Chain, Link, Named, Object};
use crate::base::disk;
use crate::base::hash::{hex, sha256};
use crate::base::problem::Problem;
use crate::base::text::Text;
use crate::report::audit::{Remark, Weight};
use crate::report::json;
use crate::report::mask::masked;
use crate::report::record::{Engine, Input, Outcome, Record, Role};
use crate::report::told;
use crate::rules::embedded;
use crate::text;

/// How many differences of a run are named.
const NAMED: usize = 20;

/// Verifies records one after another; what is found gathers in `remarks`.
pub(super) struct Verifier<'a> {
    pub archive: &'a Archive,
    /// The files as they are now.
    pub now: Option<Withheld>,
    /// What became of the objects: none if they are whole, else what to say.
    pub objects: BTreeMap<String, Option<(&'static str, Text)>>,
    pub remarks: Vec<Remark>,
}

impl Verifier<'_> {
    fn remark(&mut self, record: Option<u64>, kind: &'static str, weight: Weight, text: Text) {
        self.remarks.push(Remark {
            record,
            kind,
            weight,
            text,
        });
    }

    fn differs(&mut self, record: u64, kind: &'static str, text: Text) {
        self.remark(Some(record), kind, Weight::Differs, text);
    }

    pub(super) fn differing(&self) -> usize {
        let differs = |remark: &&Remark| remark.weight == Weight::Differs;
        self.remarks.iter().filter(differs).count()
    }

    /// The order of the records, and whether each names the one before it.
    pub(super) fn chain(&mut self, chain: &Chain) {
        for stray in &chain.strays {
            let text = text!(
                "`{stray}` 不是记录，却在记录之中",
                "`{stray}` is no record, but stands among them"
            );
            self.remark(None, "stray", Weight::Differs, text);
        }
        let mut before: Option<&Link> = None;
        for link in &chain.links {
            let number = link.number;
            let last = before.map_or(0, |before| before.number);
            if number == last {
                let text = text!(
                    "有两条序号为 {number} 的记录",
                    "there are two records numbered {number}"
                );
                self.differs(number, "duplicate", text);
            }
            for missing in (last + 1)..number {
                let text = text!("记录已被删去", "the record was removed");
                self.differs(missing, "removed", text);
                // A number out of all proportion is no list of what is missing.
                if missing - last > 1_000 {
                    break;
                }
            }
            if link.named != link.hash {
                let file = &link.file;
                let text = text!(
                    "`{file}` 在写出后被改动：内容与名称中的摘要不符",
                    "`{file}` was changed after it was written: it does not hold what the hash in its name says"
                );
                self.differs(number, "altered", text);
            }
            if let Ok(record) = Record::read(&link.bytes) {
                self.place_in_chain(chain, link, before, &record);
            }
            before = Some(link);
        }
    }

    fn place_in_chain(
        &mut self,
        chain: &Chain,
        link: &Link,
        before: Option<&Link>,
        record: &Record,
    ) {
        let number = link.number;
        if record.number != number {
            let own = record.number;
            let text = text!(
                "记录自称第 {own} 条，却排在第 {number}：次序被改动",
                "the record says it is number {own} but stands as number {number}: the order was changed"
            );
            self.differs(number, "reordered", text);
        }
        let named = record.previous.as_deref();
        let gap = before.map_or(0, |before| before.number) + 1 < number;
        let follows = match before {
            _ if gap => return,
            None => named.is_none(),
            // A record before it that was altered is named as such.
            Some(before) => named == Some(&before.hash) || named == Some(&before.named),
        };
        if follows {
            return;
        }
        let other = chain
            .links
            .iter()
            .find(|other| named == Some(&other.hash) || named == Some(&other.named));
        match (other, before) {
            (Some(other), _) => {
                let other = other.number;
                let text = text!(
                    "记录写在第 {other} 条之后，却排在第 {number}：次序被改动",
                    "the record was written after number {other} but stands as number {number}: the order was changed"
                );
                self.differs(number, "reordered", text);
            }
            (None, Some(before)) => {
                let text = text!(
                    "不是后一条记录写出时的那条：已被替换",
                    "this is not the record after which the next one was written: it was replaced"
                );
                self.differs(before.number, "replaced", text);
            }
            (None, None) => {
                let text = text!(
                    "记录前面本来还有记录，已被删去",
                    "there was a record before this one, and it was removed"
                );
                self.differs(number, "removed", text);
            }
        }
    }

    pub(super) fn newest(&mut self, chain: &Chain, newest: &str) {
        let newest = newest.to_ascii_lowercase();
        let held = chain
            .links
            .iter()
            .find(|link| link.hash.starts_with(&newest));
        match held {
            None => {
                let text = text!(
                    "没有摘要为 {newest} 的记录：该记录已被删去或改动",
                    "there is no record with the hash {newest}: it was removed or changed"
                );
                self.remark(None, "newest", Weight::Differs, text);
            }
            Some(link) => {
                let number = link.number;
                let later = chain.links.iter().filter(|l| l.number > number).count();
                let text = text!(
                    "摘要 {newest} 是第 {number} 条记录，其后还有 {later} 条",
                    "the hash {newest} is that of record {number}; {later} come after it"
                );
                self.remark(None, "newest", Weight::Note, text);
            }
        }
    }

    /// Files among the objects that no record speaks of.
    ///
    /// What is not what its name says was put there or changed by somebody. A whole object can be what a run that
    /// was cut short left, or all that is left of a record that was removed, and nothing inside tells which.
    pub(super) fn orphans(&mut self, spoken_of: &BTreeSet<String>) -> Result<(), Problem> {
        let is_known = |named: &Named| {
            let hash = named.hash.as_ref();
            hash.is_some_and(|hash| spoken_of.contains(hash))
        };
        let mut all = self.archive.objects()?;
        all.retain(|named| !is_known(named));
        // The gravest of those that are counted and not named.
        let mut rest: Option<Weight> = None;
        for (count, named) in all.iter().enumerate() {
            let file = &named.file;
            let whole = named.hash.as_deref().map(|hash| self.archive.object(hash));
            let (kind, weight, text) = match whole {
                Some(Object::Whole(_)) => (
                    "orphan",
                    Weight::Open,
                    text!(
                        "`{file}` 不属于任何记录：记录被删去，或者核查中断。确知没有删去记录的，可以删除这个文件",
                        "`{file}` belongs to no record: a record was removed, or a run was cut short. If it is certain that no record was removed, delete the file"
                    ),
                ),
                _ if named.is_draft => (
                    "draft",
                    Weight::Note,
                    text!(
                        "`{file}` 是中断的核查留下的草稿，可以删除",
                        "`{file}` is a draft of a run that was cut short, and can be deleted"
                    ),
                ),
                Some(_) => (
                    "object_changed",
                    Weight::Differs,
                    text!(
                        "`{file}` 不属于任何记录，内容也与名称中的摘要不符",
                        "`{file}` belongs to no record, and does not hold what the hash in its name says"
                    ),
                ),
                None => (
                    "stray",
                    Weight::Differs,
                    text!(
                        "`{file}` 不是存档文件，却在存档之中",
                        "`{file}` is no object, but stands among them"
                    ),
                ),
            };
            if count < NAMED {
                self.remark(None, kind, weight, text);
            } else {
                rest = Some(rest.map_or(weight, |other| other.min(weight)));
            }
        }
        if let Some(weight) = rest {
            let more = all.len() - NAMED;
            let text = text!(
                "objects 中还有 {more} 个文件不属于任何记录",
                "{more} more files among the objects belong to no record"
            );
            self.remark(None, "orphan", weight, text);
        }
        Ok(())
    }

    /// One record: its objects, its files as they are now, and its run. True if it was run again.
    pub(super) fn record(&mut self, link: &Link, spoken_of: &mut BTreeSet<String>) -> bool {
        let number = link.number;
        let record = match Record::read(&link.bytes) {
            Ok(record) => record,
            Err(why) => {
                self.differs(number, "unreadable", why);
                return false;
            }
        };
        let mut whole = true;
        for (hash, what) in record.objects() {
            spoken_of.insert(hash.to_owned());
            if let Some((kind, text)) = self.object(hash) {
                whole = false;
                let text = Text::new(
                    format!("{}（{}）", text.zh, what.zh),
                    format!("{} ({})", text.en, what.en),
                );
                self.differs(number, kind, text);
            }
        }
        self.engine(number, &record);
        self.files(number, &record);
        if !whole {
            let text = text!(
                "存档不全，未重新核查",
                "not run again, because something of it is missing or changed"
            );
            self.remark(Some(number), "not_run", Weight::Note, text);
            return false;
        }
        if record.is_withheld() && !self.can_unmask(number, &record) {
            return false;
        }
        let sight = replay::sight(&record, self.archive, self.now.as_ref());
        let built_in = replay::built_in(&record, self.archive);
        match replay::again(&record, sight, built_in) {
            Err(why) => {
                self.differs(number, "not_run", why);
                false
            }
            Ok(again) => {
                self.compare(number, &record, again);
                true
            }
        }
    }

    fn object(&mut self, hash: &str) -> Option<(&'static str, Text)> {
        if let Some(known) = self.objects.get(hash) {
            return known.clone();
        }
        let file = self.archive.object_file(hash);
        let state = match self.archive.object(hash) {
            Object::Whole(_) => None,
            Object::Damaged(_) => Some((
                "object_changed",
                text!("`{file}` 被改动", "`{file}` was changed"),
            )),
            Object::Missing => Some((
                "object_missing",
                text!(
                    "`{file}` 缺失或无法读取",
                    "`{file}` is missing or cannot be read"
                ),
            )),
        };
        self.objects.insert(hash.to_owned(), state.clone());
        state
    }

    /// What is not the same about the program, which is no difference of itself.
    fn engine(&mut self, number: u64, record: &Record) {
        let this = Engine::this();
        if record.engine != this {
            let (then, now) = (record.engine.words(), this.words());
            let text = text!(
                "由另一版引擎核查：当时 {then}，现在 {now}",
                "judged by another engine: {then} then, {now} now"
            );
            self.remark(Some(number), "engine", Weight::Note, text);
        }
        let built_in = embedded::packs();
        for pack in record.packs.iter().filter(|pack| !pack.files.is_empty()) {
            let own = built_in.iter().find(|own| own.name == pack.id);
            if own.is_none_or(|own| own.hash() != pack.hash) {
                let (id, version) = (&pack.id, &pack.version);
                let text = text!(
                    "内置规则包 {id} 已不是当时的（{version}）；复核用的是记录中的",
                    "the built-in pack {id} is no longer that of the run ({version}); the one in the record was used"
                );
                self.remark(Some(number), "built_in", Weight::Note, text);
            }
        }
    }

    /// The files as they are now, if they are to be compared.
    fn files(&mut self, number: u64, record: &Record) {
        let Some(now) = self.now.clone() else {
            return;
        };
        let is_own = |key: &&Vec<u8>| {
            let mask = record.mask.as_ref();
            mask.is_some_and(|mask| mask.key == record::key_mark(key))
        };
        let key = now.key.as_ref().filter(is_own);
        // Standard input is nowhere to be read again.
        let files = record.inputs.iter();
        for input in files.filter(|input| input.path != disk::STDIN) {
            let path = &input.path;
            let role = Role::label(&input.role);
            let bytes = replay::now(&now.folder, input);
            let same = match (&bytes, &input.hash, &input.keyed, key) {
                (None, ..) => {
                    if input.failed.is_none() {
                        let text = Text::new(
                            format!("{}文件 `{path}` 现在不存在或无法读取", role.zh),
                            format!("{}: `{path}` is no longer there", role.en),
                        );
                        self.differs(number, "input_missing", text);
                    }
                    continue;
                }
                (Some(bytes), Some(hash), ..) => hex(&sha256(bytes)) == *hash,
                (Some(bytes), None, Some(keyed), Some(key)) => {
                    record::input_mark(key, path, bytes) == *keyed
                }
                // Without the key it cannot be told; that is said elsewhere.
                (Some(_), ..) => continue,
            };
            if !same {
                let kind = if input.role == Role::Rules.id() {
                    "rules_changed"
                } else {
                    "input_changed"
                };
                let text = Text::new(
                    format!("{}文件 `{path}` 已不是核查时的内容", role.zh),
                    format!("{}: `{path}` no longer holds what was judged", role.en),
                );
                self.differs(number, kind, text);
            }
        }
    }

    /// True if what was withheld is at hand.
    fn can_unmask(&mut self, number: u64, record: &Record) -> bool {
        let fields = record
            .mask
            .as_ref()
            .map_or_else(String::new, |mask| mask.fields.join("、"));
        let Some(key) = self.now.as_ref().and_then(|now| now.key.as_deref()) else {
            let text = text!(
                "遮盖了 {fields}，未存申报文件，未重新核查；有原文件和密钥时可用 --inputs DIR --mask-key FILE 复核",
                "{fields} are masked and the submissions were not kept, so it was not run again; with the files and the key, add --inputs DIR --mask-key FILE"
            );
            self.remark(Some(number), "withheld", Weight::Open, text);
            return false;
        };
        let same_key = record
            .mask
            .as_ref()
            .is_some_and(|mask| mask.key == record::key_mark(key));
        if !same_key {
            let text = text!(
                "所给密钥不是遮盖这条记录的密钥，未重新核查",
                "the key is not the one of this record's mask, and it was not run again"
            );
            self.remark(Some(number), "wrong_key", Weight::Open, text);
            return false;
        }
        let is_gone = |input: &Input| input.keyed.is_some() && input.path == disk::STDIN;
        if record.inputs.iter().any(is_gone) {
            let text = text!(
                "申报来自标准输入且被遮盖，无从再读，未重新核查",
                "the submission came from standard input and was masked: it cannot be read again, so it was not run again"
            );
            self.remark(Some(number), "withheld", Weight::Open, text);
            return false;
        }
        true
    }

    /// What came out again against what is recorded.
    fn compare(&mut self, number: u64, record: &Record, again: Again) {
        let Again {
            check,
            config,
            sources,
            read,
        } = again;
        let key = self.now.as_ref().and_then(|now| now.key.clone());
        let gate = check.gate(&config);
        let made = check::assess(&read, gate, &sources, &Against::nothing(), |run| {
            let mut report = Vec::new();
            json::write(run, &mut report).ok()?;
            let report = match (&record.mask, key) {
                (Some(mask), Some(key)) => {
                    let (again, hidden) = masking::mask(&mask.fields, run, &key).ok()?;
                    let text = masked(&String::from_utf8(report).ok()?, &hidden);
                    (text.into_bytes(), again == *mask)
                }
                _ => (report, true),
            };
            Some((report, record::outcome(run)))
        });
        let Some(((report, same_mask), outcome)) = made else {
            let text = text!(
                "重新核查未能完成",
                "running it again did not come to an end"
            );
            return self.differs(number, "not_run", text);
        };
        if !same_mask {
            let text = text!(
                "被遮盖的数值与记录中的摘要不符",
                "the masked values are not those whose hashes are recorded"
            );
            self.differs(number, "masked_value", text);
        }
        if outcome != record.outcome {
            let text = outcomes(&record.outcome, &outcome);
            self.differs(number, "outcome", text);
        }
        let Object::Whole(recorded) = self.archive.object(&record.report.hash) else {
            return;
        };
        if same_report(&recorded, &report) {
            return;
        }
        let why = if record.engine == Engine::this() {
            text!(
                "同一引擎、同一输入得出另一份报告：记录的报告不是这些输入得出的",
                "the same engine and inputs give another report: the recorded one does not come from them"
            )
        } else {
            text!(
                "输入未变，引擎不同，报告不同",
                "the inputs are the same, the engine is another, and so is the report"
            )
        };
        self.differs(number, "report", why);
        for text in changes(&recorded, &report) {
            self.differs(number, "finding", text);
        }
    }
}

/// True if two reports say the same; the version of the program is no part of what they say.
fn same_report(a: &[u8], b: &[u8]) -> bool {
    let said = |bytes: &[u8]| {
        let mut value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        value.as_object_mut()?.remove("tool");
        Some(value)
    };
    a == b || (said(a).is_some() && said(a) == said(b))
}

fn outcomes(then: &Outcome, now: &Outcome) -> Text {
    let (before, after) = (then.exit_code, now.exit_code);
    let moved = then
        .projects
        .iter()
        .zip(&now.projects)
        .find(|(a, b)| a != b);
    match moved {
        Some((a, b)) => {
            let (id, old, new) = (&a.id, &a.decision, &b.decision);
            text!(
                "记录的结论不是重新核查的结论：{id} 记为 {old}，应为 {new}",
                "the recorded decision is not what comes out: {id} is recorded as {old}, and it is {new}"
            )
        }
        None => text!(
            "记录的结果不是重新核查的结果：退出码记为 {before}，应为 {after}",
            "the recorded outcome is not what comes out: the exit code is recorded as {before}, and it is {after}"
        ),
    }
}

/// The decisions and verdicts in which two reports differ, the first of them.
fn changes(then: &[u8], now: &[u8]) -> Vec<Text> {
    let (Ok(then), Ok(now)) = (told::Report::read(then), told::Report::read(now)) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (number, old) in then.projects.iter().enumerate() {
        let Some(new) = now.projects.get(number) else {
            continue;
        };
        let id = old.called();
        if old.decision.id != new.decision.id {
            let (a, b) = (&old.decision.label, &new.decision.label);
            all.push(Text::new(
                format!("{id}：{} → {}", a.zh, b.zh),
                format!("{id}: {} → {}", a.en, b.en),
            ));
        }
        for finding in &old.findings {
            let other = new.finding(&finding.rule);
            if other.is_none_or(|other| other.outcome() != finding.outcome()) {
                let rule = &finding.rule;
                let gone = text!("（没有）", "(none)");
                let label = other.map_or(gone, |o| Text::from(&o.verdict.label));
                let a = &finding.verdict.label;
                all.push(Text::new(
                    format!("{id}，{rule}：{} → {}", a.zh, label.zh),
                    format!("{id}, {rule}: {} → {}", a.en, label.en),
                ));
            }
        }
    }
    if all.is_empty() {
        all.push(text!(
            "结论和各条结果相同，文字不同",
            "decisions and verdicts are the same; the texts differ"
        ));
    }
    let more = all.len().saturating_sub(NAMED);
    all.truncate(NAMED);
    if more > 0 {
        all.push(text!("另有 {more} 处", "and {more} more"));
    }
    all
}
