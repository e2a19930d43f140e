//! References to single facts by written path: `land.area`, `用地面积`, `boilers[1].nox`; and pinned values.
//!
//! Records are counted from 1, as people do. It does not know which records a project has.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::Node;
use crate::intake::known::{field_name, find_field, shown};
use crate::intake::value;
use crate::model::field::{Field, FieldType, Scope, Slot, Target, Vocabulary};
use crate::model::project::{FactRef, Value};
use crate::text;

/// Finds the fact that a path names.
pub(super) fn find<'a>(
    vocabulary: &'a Vocabulary,
    path: &str,
    place: Place,
) -> Result<(&'a Field, FactRef), Box<Problem>> {
    let folded = folded(path);
    let found = match folded.split_once('[') {
        Some((list, rest)) => member(vocabulary, list, rest),
        None => vocabulary
            .by_path(&folded)
            .or_else(|| {
                find_field(vocabulary, Scope::Root, &folded).and_then(|id| vocabulary.field(id))
            })
            .map(|field| (field, FactRef::project(field.id))),
    };
    let Some((field, fact)) = found else {
        return Err(unknown(vocabulary, path, &folded, place));
    };
    if let (Slot::Member(list, _), None) = (field.slot, fact.record) {
        let list = vocabulary.path(list);
        let member = field.path.rsplit('.').next().unwrap_or("");
        let name = shown(path);
        let message = text!(
            "`{name}` 未注明是第几项",
            "`{name}` does not say which record is meant"
        );
        let help = text!(
            "请注明项次，例如 {list}[1].{member}",
            "count from 1, such as {list}[1].{member}"
        );
        return Err(Box::new(
            Problem::error("hegui::intake::no_record", place, message).help(help),
        ));
    }
    Ok((field, fact))
}

/// The member of a record, from a list's name and `1].nox`.
fn member<'a>(vocabulary: &'a Vocabulary, list: &str, rest: &str) -> Option<(&'a Field, FactRef)> {
    let (number, member) = rest.split_once(']')?;
    let member = member.strip_prefix('.')?;
    let record: u32 = number.parse().ok()?;
    let record = record.checked_sub(1)?;
    let list = vocabulary
        .by_path(list)
        .map(|f| f.id)
        .or_else(|| find_field(vocabulary, Scope::Root, list))?;
    match vocabulary.resolve(Scope::Record(list), member)? {
        Target::Field(id) => vocabulary.field(id).map(|field| {
            (
                field,
                FactRef {
                    field: id,
                    record: Some(record),
                },
            )
        }),
        Target::Group(_) => None,
    }
}

fn unknown(vocabulary: &Vocabulary, path: &str, folded: &str, place: Place) -> Box<Problem> {
    let name = shown(path);
    // A path is compared without its record number.
    let plain = match (folded.split_once('['), folded.split_once(']')) {
        (Some((list, _)), Some((_, member))) => format!("{list}{member}"),
        _ => folded.to_owned(),
    };
    let paths = vocabulary.fields().iter().map(|f| f.path.as_str());
    let near = nearest(&plain, paths.chain(vocabulary.keys(Scope::Root)));
    let near = near.and_then(|near| {
        let by_key =
            || find_field(vocabulary, Scope::Root, near).and_then(|id| vocabulary.field(id));
        vocabulary.by_path(near).or_else(by_key)
    });
    let help = near.map(|field| {
        let Text { zh, en } = field_name(field);
        text!("是否为 {zh}？", "did you mean {en}?")
    });
    let message = text!("没有字段 `{name}`", "there is no field `{name}`");
    Box::new(Problem::error("hegui::intake::unknown_field", place, message).maybe_help(help))
}

/// Reads a pinned value of a waiver: which fact it is about, and the value it was granted for.
pub fn read_pin(
    vocabulary: &Vocabulary,
    path: &str,
    node: &Node,
) -> Result<(FactRef, Value), Problem> {
    let (field, fact) = find(vocabulary, path, node.place).map_err(|problem| *problem)?;
    if field.kind == FieldType::Records {
        let name = field_name(field);
        let (zh, en) = (name.zh, name.en);
        let message = text!(
            "{zh}是列表，不能整体锁定",
            "{en} is a list of records and cannot be pinned as a whole"
        );
        let path = &field.path;
        let help = text!(
            "请锁定单项事实，例如 {path}[1] 下的字段",
            "pin single facts, such as a field of {path}[1]"
        );
        return Err(Problem::error("hegui::intake::pinned_list", node.place, message).help(help));
    }
    match value::read(vocabulary, field, node) {
        Ok(value) => Ok((fact, value)),
        Err(problems) => Err(problems
            .into_iter()
            .next()
            .unwrap_or_else(|| *value::unfit(field, node))),
    }
}
