//! What a mask hides: its words are fields of submissions, and what cannot be hidden is refused with the reason.
//!
//! It does not know how a report is written: it gives the forms in which the values are shown.

use super::record::{key_mark, wrong};
use crate::base::hash::{hex, keyed};
use crate::base::problem::Problem;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::intake::built_in;
use crate::judge::wording;
use crate::model::field::{Field, FieldType, Slot, Vocabulary};
use crate::model::project::FactRef;
use crate::report::Assessment;
use crate::report::mask::Hidden;
use crate::report::record::{Mask, Masked};
use crate::text;

/// What an applicant says to show that a project serves a goal: the one free text beside the fields.
const EVIDENCE: &str = "supports.evidence";

/// What a word of a mask names.
enum Maskable<'a> {
    Field(&'a Field),
    Evidence,
}

/// What the words of a mask hide, with the forms in which it is written.
pub(super) fn mask(
    words: &[String],
    run: &Assessment<'_>,
    key: &[u8],
) -> Result<(Mask, Vec<Hidden>), Problem> {
    let library = &run.engine.packs.library;
    let vocabulary = &library.vocabulary;
    let mut fields = Vec::new();
    let mut evidence = false;
    for word in words {
        match maskable(word, vocabulary)? {
            Maskable::Field(field) => fields.push(field),
            Maskable::Evidence => evidence = true,
        }
    }
    fields.sort_by(|a, b| a.path.cmp(&b.path));
    fields.dedup_by(|a, b| a.path == b.path);
    let mut values = Vec::new();
    let mut hidden = Vec::new();
    for field in &fields {
        for (number, project) in run.projects.iter().enumerate() {
            let records = match field.slot {
                Slot::Project(_) => vec![None],
                Slot::Member(list, _) => {
                    let count = project.records(vocabulary, list).map_or(0, <[_]>::len);
                    (0..u32::try_from(count).unwrap_or(0)).map(Some).collect()
                }
            };
            for record in records {
                let fact = FactRef {
                    field: field.id,
                    record,
                };
                let Some(found) = project.find(vocabulary, fact) else {
                    continue;
                };
                let shown = wording::fact_value(library, project, fact);
                let written = run.sources.text_at(found.origin.place()).unwrap_or("");
                let written = written.trim_matches(['"', '\'']);
                let mut forms = vec![written.to_owned()];
                forms.extend(shown.into_iter().flat_map(|text| [text.zh, text.en]));
                if field.path == "name" {
                    forms.push(project.name.clone());
                }
                forms.retain(|form| !form.trim().is_empty());
                forms.sort();
                forms.dedup();
                if forms.is_empty() {
                    continue;
                }
                let path = fact.path(vocabulary);
                values.push(value(key, number + 1, path, written));
                hidden.push(Hidden {
                    field: field.path.clone(),
                    forms,
                });
            }
        }
    }
    let mut paths: Vec<String> = fields.iter().map(|field| field.path.clone()).collect();
    if evidence {
        paths.push(EVIDENCE.to_owned());
        for (number, project) in run.projects.iter().enumerate() {
            for (link, support) in project.supports.iter().enumerate() {
                let Some(written) = support.evidence.as_deref() else {
                    continue;
                };
                let path = format!("supports[{}].evidence", link + 1);
                values.push(value(key, number + 1, path, written));
                hidden.push(Hidden {
                    field: EVIDENCE.to_owned(),
                    forms: vec![written.to_owned()],
                });
            }
        }
    }
    let mask = Mask {
        fields: paths,
        key: key_mark(key),
        values,
    };
    Ok((mask, hidden))
}

/// A hidden value, as a record knows it.
fn value(key: &[u8], project: usize, path: String, written: &str) -> Masked {
    let marked = format!("value\n{project}\n{path}\n{written}");
    Masked {
        project,
        path,
        keyed: hex(&keyed(key, marked.as_bytes())),
    }
}

/// The field of a word, if it can be masked.
fn maskable<'a>(word: &str, vocabulary: &'a Vocabulary) -> Result<Maskable<'a>, Problem> {
    let folded = folded(word);
    let word = folded.as_ref();
    if word == EVIDENCE {
        return Ok(Maskable::Evidence);
    }
    let refused = |why: Text| {
        let message = text!("`{word}` 不能遮盖", "`{word}` cannot be masked");
        Err(wrong(message, Some(why)))
    };
    let field = match named(word, vocabulary) {
        Named::One(field) => field,
        Named::Many(paths) => {
            return refused(text!(
                "有多个字段叫这个名称，请写路径：{}",
                "several fields are called so: name one by its path: {}",
                paths.join("、")
            ));
        }
        Named::None => {
            if let Some(why) = built_in(word).and_then(kept) {
                return refused(why);
            }
            if let Some(inner) = members(word, vocabulary) {
                return refused(inner);
            }
            let fields = vocabulary.fields();
            let near = nearest(word, fields.iter().map(|f| f.path.as_str()));
            let help = near.map(|near| text!("是不是想写 `{near}`？", "did you mean `{near}`?"));
            let message = text!(
                "没有字段 `{word}`，不能遮盖",
                "there is no field `{word}` to mask"
            );
            return Err(wrong(message, help));
        }
    };
    match field.kind {
        _ if field.derived => refused(text!(
            "它由程序从其他字段算出，不是申报内容；请遮盖那些字段",
            "it is worked out from other fields and not submitted: mask those"
        )),
        FieldType::Bool | FieldType::Enum(_) => refused(text!(
            "是否、选项由核查结果即可推知，遮盖不住",
            "the verdicts tell a yes or no or a choice, so a mask would not hide it"
        )),
        FieldType::Records => match members(&field.path, vocabulary) {
            Some(inner) => refused(inner),
            None => refused(text!("它是列表", "it is a list")),
        },
        _ => Ok(Maskable::Field(field)),
    }
}

/// The fields that a word may mean.
enum Named<'a> {
    None,
    One(&'a Field),
    Many(Vec<&'a str>),
}

/// The fields of a path, label or other name; a field of the project itself before members of groups and lists.
fn named<'a>(word: &str, vocabulary: &'a Vocabulary) -> Named<'a> {
    let fields = vocabulary.fields();
    if let Some(field) = fields.iter().find(|field| field.path == word) {
        return Named::One(field);
    }
    let is = |name: &str| folded(name) == word;
    let called = |field: &&Field| is(&field.label.zh) || field.aliases.iter().any(|name| is(name));
    let found: Vec<&Field> = fields.iter().filter(called).collect();
    let mut own = found.iter().filter(|field| !field.path.contains('.'));
    match (found.as_slice(), own.next(), own.next()) {
        ([], ..) => Named::None,
        ([one], ..) | (_, Some(one), None) => Named::One(one),
        _ => Named::Many(found.iter().map(|field| field.path.as_str()).collect()),
    }
}

/// Why what every submission holds beside the fields cannot be masked.
fn kept(key: &str) -> Option<Text> {
    match key {
        "id" => Some(text!(
            "记录、核验和比较都以项目编号辨认项目，没有它就无法重新核查",
            "records, verification and comparisons know a project by its id: without it nothing could be judged again"
        )),
        "submitted" | "stage" => Some(text!(
            "它决定适用哪一版规定、哪些要求已到期，重新核查要用，核查结果也会显出它",
            "it selects the law in force and what is due: judging again needs it, and the verdicts tell it"
        )),
        "sample" | "complete" => Some(text!(
            "是否、选项由核查结果即可推知，遮盖不住",
            "the verdicts tell a yes or no or a choice, so a mask would not hide it"
        )),
        "supports" => Some(text!(
            "目标编号是《纲要》的，汇总按它计算；其中的说明可以遮盖：{EVIDENCE}",
            "goals are those of the plan, and totals are made by them; what is said to show it can be masked: {EVIDENCE}"
        )),
        "depends_on" => Some(text!(
            "项目之间的依赖以编号辨认，汇总要用",
            "it names other projects by their ids, by which blocked chains are found"
        )),
        "boundary" => Some(text!(
            "边界文件本来就不存入被遮盖的记录；与图层重叠的面积是核查的依据，不能遮盖",
            "a masked record does not keep the files of a boundary anyway; the areas it shares with layers are what verdicts rest on"
        )),
        _ => None,
    }
}

/// What of a group or list can be named instead of it.
fn members(word: &str, vocabulary: &Vocabulary) -> Option<Text> {
    let group = vocabulary.groups().iter().find(|group| {
        group.path == word
            || folded(&group.label.zh) == word
            || group.aliases.iter().any(|name| folded(name) == word)
    });
    let path = group.map_or(word, |group| group.path.as_str());
    let inner = format!("{path}.");
    let fields = vocabulary.fields().iter();
    let of: Vec<&str> = fields
        .filter(|field| field.path.starts_with(&inner) && !field.derived)
        .filter(|field| {
            !matches!(
                field.kind,
                FieldType::Bool | FieldType::Enum(_) | FieldType::Records
            )
        })
        .map(|field| field.path.as_str())
        .collect();
    let (zh, en) = (of.join("、"), of.join(", "));
    (!of.is_empty()).then(|| {
        text!(
            "它含有多个字段，请写其中要遮盖的：{zh}",
            "it holds several fields: name those to mask: {en}"
        )
    })
}
