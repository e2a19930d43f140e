//! What became of an archive of records: its list, and what a verification found. Text, Markdown and JSON.
//!
//! It verifies nothing: it is told.

use std::io::{self, Write};

use serde::Serialize;

use super::page::{Page, Tone};
use super::record::Record;
use crate::base::text::{Lang, Text};
use crate::judge::decision::Decision;
use crate::text;

/// How much a remark weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something is not as it was recorded.
    Differs,
    /// Something could not be verified.
    Open,
    /// Good to know.
    Note,
}

impl Weight {
    fn id(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::Open => "open",
            Self::Note => "note",
        }
    }
}

/// Something that a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The number of the record; none for what belongs to no single one.
    pub record: Option<u64>,
    /// What kind of thing it is: a stable word for programs.
    pub kind: &'static str,
    /// How much it weighs.
    pub weight: Weight,
    /// In words.
    pub text: Text,
}

/// How a record stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It was run again and came out the same.
    Agrees,
    /// It differs, or came out differently.
    Differs,
    /// It was not run again.
    NotRun,
}

/// A record that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Its number.
    pub number: u64,
    /// The hash of its file.
    pub hash: String,
    /// Its file.
    pub file: String,
    /// How it stands.
    pub standing: Standing,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// What was verified, as shown to people.
    pub path: String,
    /// The records.
    pub records: Vec<Verified>,
    /// What was found, in the order of the records.
    pub remarks: Vec<Remark>,
}

impl Verification {
    /// The exit code: 1 if anything differs, 3 if something could not be verified, else 0.
    pub fn exit_code(&self) -> u8 {
        let has = |weight| self.remarks.iter().any(|remark| remark.weight == weight);
        if has(Weight::Differs) {
            1
        } else if has(Weight::Open) {
            3
        } else {
            0
        }
    }
}

impl Standing {
    fn id(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NotRun => "not_run_again",
        }
    }

    fn label(self) -> Text {
        match self {
            Self::Agrees => text!(
                "相符：重新核查结果相同",
                "agrees: run again, the same came out"
            ),
            Self::Differs => text!("不符", "differs"),
            Self::NotRun => text!("未重新核查", "not run again"),
        }
    }
}

/// Writes a verification as a page.
pub fn verification(page: &mut Page, found: &Verification) {
    let path = &found.path;
    page.heading(1, page.pick("运行记录核验", "Verification of records"));
    page.item(0, page.pick("记录", "records").to_owned().as_str(), path);
    for verified in &found.records {
        let short: String = verified.hash.chars().take(12).collect();
        let (tone, mark) = match verified.standing {
            Standing::Agrees => (Tone::Good, "✓"),
            Standing::Differs => (Tone::Bad, "✗"),
            Standing::NotRun => (Tone::Open, "?"),
        };
        let label = verified.standing.label();
        let lead = format!("{mark} {}  {short}  ", verified.number);
        let label = page.of(&label);
        page.lead(0, tone, &lead, label);
    }
    let blocks = [
        (
            Weight::Differs,
            Tone::Bad,
            text!("不符之处", "What differs"),
        ),
        (
            Weight::Open,
            Tone::Open,
            text!("未能核验", "What could not be verified"),
        ),
        (Weight::Note, Tone::Plain, text!("说明", "Notes")),
    ];
    for (weight, tone, title) in blocks {
        let remarks = found.remarks.iter().filter(|r| r.weight == weight);
        let remarks: Vec<&Remark> = remarks.collect();
        if remarks.is_empty() {
            continue;
        }
        page.blank();
        let title = page.of(&title);
        page.lead(0, Tone::Strong, title, "");
        for remark in remarks {
            let lead = match remark.record {
                Some(number) => match page.look.lang {
                    Lang::Zh => format!("记录 {number}："),
                    Lang::En => format!("record {number}: "),
                },
                None => format!("{} ", page.pick("总体：", "all:")),
            };
            let text = page.of(&remark.text);
            page.lead(2, tone, &lead, text);
        }
    }
    page.blank();
    let newest = found.records.last();
    if let Some(newest) = newest {
        let label = page.pick("末条", "newest");
        page.item(0, label, &newest.hash);
    }
    let last = match found.exit_code() {
        0 => text!("全部相符", "everything agrees"),
        1 => text!("有不符之处", "something differs"),
        _ => text!(
            "已核验的相符，有的未能核验",
            "what was verified agrees, some could not be verified"
        ),
    };
    let code = found.exit_code();
    let label = page.pick("结果", "result");
    let last = match page.look.lang {
        Lang::Zh => format!("{}（退出码 {code}）", last.zh),
        Lang::En => format!("{} (exit code {code})", last.en),
    };
    page.item(0, label, &last);
}

#[derive(Serialize)]
struct Both<'a> {
    zh: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct VerificationForm<'a> {
    format: &'static str,
    path: &'a str,
    records: Vec<VerifiedForm<'a>>,
    remarks: Vec<RemarkForm<'a>>,
    exit_code: u8,
}

#[derive(Serialize)]
struct VerifiedForm<'a> {
    number: u64,
    hash: &'a str,
    file: &'a str,
    standing: &'static str,
}

#[derive(Serialize)]
struct RemarkForm<'a> {
    record: Option<u64>,
    kind: &'static str,
    weight: &'static str,
    text: Both<'a>,
}

/// Writes a verification as JSON.
pub fn verification_json(found: &Verification, out: &mut dyn Write) -> io::Result<()> {
    let form = VerificationForm {
        format: "hegui.audit.v1",
        path: &found.path,
        records: found
            .records
            .iter()
            .map(|one| VerifiedForm {
                number: one.number,
                hash: &one.hash,
                file: &one.file,
                standing: one.standing.id(),
            })
            .collect(),
        remarks: found
            .remarks
            .iter()
            .map(|one| RemarkForm {
                record: one.record,
                kind: one.kind,
                weight: one.weight.id(),
                text: Both {
                    zh: &one.text.zh,
                    en: &one.text.en,
                },
            })
            .collect(),
        exit_code: found.exit_code(),
    };
    serde_json::to_writer_pretty(&mut *out, &form)?;
    out.write_all(b"\n")
}

/// A record in a list.
#[derive(Debug)]
pub struct Listed {
    /// The hash of its file.
    pub hash: String,
    /// The record.
    pub record: Record,
}

/// Writes a list of records as a page.
pub fn log(page: &mut Page, records: &[Listed]) {
    for listed in records {
        let record = &listed.record;
        let short: String = listed.hash.chars().take(12).collect();
        let lead = format!("{}  {short}  ", record.number);
        page.lead(0, Tone::Strong, &lead, &record.engine.words());
        let mut item = |zh: &str, en: &str, text: &str| {
            let label = page.pick(zh, en);
            page.item(4, label, text);
        };
        item("命令", "command", &record.command.join(" "));
        if let Some(on) = &record.dates.on {
            item("核查", "on", on);
        }
        if let Some(as_of) = &record.dates.as_of {
            item("时点", "as of", as_of);
        }
        if let Some(mask) = &record.mask {
            item("遮盖", "masked", &mask.fields.join("、"));
        }
        let mut decided = Vec::new();
        for decision in Decision::ALL {
            let same = record.outcome.projects.iter();
            let count = same.filter(|p| p.decision == decision.id()).count();
            if count > 0 {
                let label = decision.label();
                let label = page
                    .of(&label)
                    .split(['（', '('])
                    .next()
                    .unwrap_or("")
                    .trim();
                decided.push(format!("{label} {count}"));
            }
        }
        let exit = record.outcome.exit_code;
        let exit = match page.look.lang {
            Lang::Zh => format!("；退出码 {exit}"),
            Lang::En => format!("; exit code {exit}"),
        };
        let decided = page.joined(&decided) + &exit;
        let label = page.pick("结论", "decided");
        page.item(4, label, &decided);
    }
}

#[derive(Serialize)]
struct LogForm<'a> {
    format: &'static str,
    records: Vec<ListedForm<'a>>,
}

#[derive(Serialize)]
struct ListedForm<'a> {
    hash: &'a str,
    #[serde(flatten)]
    record: &'a Record,
}

/// Writes a list of records as JSON: each record whole, with its hash.
pub fn log_json(records: &[Listed], out: &mut dyn Write) -> io::Result<()> {
    let form = LogForm {
        format: "hegui.log.v1",
        records: records
            .iter()
            .map(|listed| ListedForm {
                hash: &listed.hash,
                record: &listed.record,
            })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &form)?;
    out.write_all(b"\n")
}
