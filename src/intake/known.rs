//! The keys that are known, and what to say of one that is not.
//!
//! It does not read values.

use crate::base::problem::Problem;
use crate::base::suggest::nearest;
use crate::base::text::{Text, folded};
use crate::base::tree::Entry;
use crate::model::field::{Field, FieldId, FieldType, Scope, Target, Vocabulary};
use crate::text;

/// Characters of the user's text that a message repeats at most.
const SHOWN: usize = 40;
/// Fields of a group listed in advice at most.
const LISTED: usize = 12;
/// The signs between two names in one key.
const JOINTS: [char; 5] = ['/', '|', '、', ',', ';'];

/// A key that every submission may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    Id,
    Submitted,
    Stage,
    Sample,
    Supports,
    DependsOn,
    Complete,
    Boundary,
}

/// The spellings of the built-in keys, the one used in files first.
pub(super) const BUILTINS: [(Builtin, &[&str]); 8] = [
    (Builtin::Id, &["id"]),
    (
        Builtin::Submitted,
        &["submitted", "申报日期", "提交日期", "收件日期"],
    ),
    (Builtin::Stage, &["stage", "办理环节"]),
    (Builtin::Sample, &["sample", "演示数据"]),
    (Builtin::Supports, &["supports", "支持目标", "支撑目标"]),
    (Builtin::DependsOn, &["depends_on", "依赖项目", "前置项目"]),
    (Builtin::Complete, &["complete", "填报完整"]),
    (Builtin::Boundary, &["boundary", "用地边界"]),
];

impl Builtin {
    /// The built-in key of a spelling.
    pub(super) fn named(key: &str) -> Option<Self> {
        let exact = |key: &str| {
            BUILTINS
                .iter()
                .find(|(_, names)| names.contains(&key))
                .map(|(builtin, _)| *builtin)
        };
        exact(key).or_else(|| {
            if key.is_ascii() {
                None
            } else {
                exact(&folded(key))
            }
        })
    }

    /// The spelling used in files and the Chinese one.
    pub(super) fn name(self) -> (&'static str, &'static str) {
        let names = BUILTINS
            .iter()
            .find(|(builtin, _)| *builtin == self)
            .map_or(&[][..], |(_, names)| names);
        let first = names.first().copied().unwrap_or("");
        (first, names.get(1).copied().unwrap_or(first))
    }
}

/// User text as a message repeats it: cut, and without characters that cannot be seen.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .trim()
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect();
    if text.trim().chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Words as a list of the language.
pub(super) fn comma_list(words: &[&str], zh: bool) -> String {
    words.join(if zh { "、" } else { ", " })
}

/// A field by path and label.
pub(super) fn field_name(field: &Field) -> Text {
    let (path, zh, en) = (&field.path, &field.label.zh, &field.label.en);
    text!("`{path}`（{zh}）", "`{path}` ({en})")
}

/// What a key in a scope stands for: directly, or as a dotted path written in one key.
pub(super) fn find_field(vocabulary: &Vocabulary, scope: Scope, key: &str) -> Option<FieldId> {
    if let Some(Target::Field(id)) = vocabulary.resolve(scope, key) {
        return Some(id);
    }
    let (head, tail) = key.split_once(['.', '．'])?;
    let field = match scope {
        Scope::Root => match vocabulary.resolve(Scope::Root, head)? {
            Target::Group(group) => vocabulary.resolve(Scope::Group(group), tail)?,
            Target::Field(_) => return None,
        },
        Scope::Group(group) => match vocabulary.resolve(Scope::Root, head)? {
            Target::Group(other) if other == group => vocabulary.resolve(scope, tail)?,
            _ => return None,
        },
        Scope::Record(_) => return None,
    };
    match field {
        Target::Field(id) => Some(id),
        Target::Group(_) => None,
    }
}

/// The problem of an unknown key, and the fields of which it was probably meant to be one.
pub(super) fn unknown(
    vocabulary: &Vocabulary,
    scope: Scope,
    entry: &Entry,
    advise: bool,
) -> (Problem, Vec<FieldId>) {
    let name = shown(&entry.key);
    let (zh, en) = scope_name(vocabulary, scope);
    let problem = Problem::error(
        "hegui::intake::unknown_field",
        entry.place,
        text!("{zh}没有字段 `{name}`", "{en} has no field `{name}`"),
    );
    if !advise {
        return (problem, Vec::new());
    }
    if let Some(field) = elsewhere(vocabulary, scope, &entry.key) {
        let (named, (home_zh, home_en)) = (
            field_name(field),
            scope_name(vocabulary, vocabulary.scope_of(field.id)),
        );
        let (zh, en) = (named.zh, named.en);
        let help = text!(
            "{zh}属于{home_zh}，请填写到那里",
            "{en} belongs to {home_en}"
        );
        return (problem.help(help), vec![field.id]);
    }
    let meant = meant(vocabulary, scope, &entry.key);
    let fields = meant.iter().filter_map(Near::field).collect();
    let help = match meant.as_slice() {
        [] => members(vocabulary, scope),
        [one] => {
            let Text { zh, en } = one.name();
            Some(text!("是否为 {zh}？", "did you mean {en}?"))
        }
        several => {
            let names: Vec<Text> = several.iter().map(Near::name).collect();
            let Text { zh, en } = Text::joined(&names, "、", " or ");
            Some(text!(
                "请分开填写，每处只写其中一项：{zh}",
                "write them apart, each under one name: {en}"
            ))
        }
    };
    (problem.maybe_help(help), fields)
}

/// What a key was probably meant to be: the names that it joins, else the nearest.
fn meant<'a>(vocabulary: &'a Vocabulary, scope: Scope, key: &str) -> Vec<Near<'a>> {
    let key = folded(key);
    let joined = joined(vocabulary, scope, &key);
    if joined.is_empty() {
        near(vocabulary, scope, &key).into_iter().collect()
    } else {
        joined
    }
}

/// True if a key was probably meant to be a built-in one.
pub(super) fn may_mean(vocabulary: &Vocabulary, key: &str, builtin: Builtin) -> bool {
    let meant = meant(vocabulary, Scope::Root, key);
    let is = |near: &Near<'_>| matches!(near, Near::Other(word) if Builtin::named(word) == Some(builtin));
    matches!(meant.as_slice(), [one] if is(one))
}

/// A scope's name in both languages.
fn scope_name(vocabulary: &Vocabulary, scope: Scope) -> (String, String) {
    match scope {
        Scope::Root => ("申报".to_owned(), "a submission".to_owned()),
        Scope::Group(index) => {
            let group = vocabulary.group(index);
            let zh = group.map_or("", |g| &g.label.zh);
            let (path, en) = group.map_or(("", ""), |g| (g.path.as_str(), g.label.en.as_str()));
            (format!("“{zh}”（{path}）"), format!("`{path}` ({en})"))
        }
        Scope::Record(list) => {
            let field = vocabulary.field(list);
            let zh = field.map_or("", |f| &f.label.zh);
            let (path, en) = field.map_or(("", ""), |f| (f.path.as_str(), f.label.en.as_str()));
            (
                format!("“{zh}”（{path}）的各项"),
                format!("a record of `{path}` ({en})"),
            )
        }
    }
}

/// All scopes but one.
fn other_scopes(vocabulary: &Vocabulary, scope: Scope) -> impl Iterator<Item = Scope> {
    let groups = (0..vocabulary.groups().len())
        .filter_map(|i| u16::try_from(i).ok())
        .map(Scope::Group);
    let lists = vocabulary
        .fields()
        .iter()
        .filter(|f| f.kind == FieldType::Records)
        .map(|f| Scope::Record(f.id));
    [Scope::Root]
        .into_iter()
        .chain(groups)
        .chain(lists)
        .filter(move |s| *s != scope)
}

/// The one field of another scope that a key names.
fn elsewhere<'a>(vocabulary: &'a Vocabulary, scope: Scope, key: &str) -> Option<&'a Field> {
    let mut found: Vec<FieldId> = other_scopes(vocabulary, scope)
        .filter_map(|other| match vocabulary.resolve(other, key) {
            Some(Target::Field(id)) => Some(id),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => vocabulary.field(*one),
        _ => None,
    }
}

enum Near<'a> {
    Field(&'a Field),
    Other(String),
}

impl Near<'_> {
    fn field(&self) -> Option<FieldId> {
        match self {
            Near::Field(field) => Some(field.id),
            Near::Other(_) => None,
        }
    }

    fn name(&self) -> Text {
        match self {
            Near::Field(field) => field_name(field),
            Near::Other(word) => text!("`{word}`", "`{word}`"),
        }
    }

    /// True if both are the same thing, however it is spelt.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Near::Field(one), Near::Field(two)) => one.id == two.id,
            (Near::Other(one), Near::Other(two)) => Builtin::named(one) == Builtin::named(two),
            _ => false,
        }
    }
}

/// What the parts of a key name that people joined of several, as in `阶段/办理环节`: each thing once.
fn joined<'a>(vocabulary: &'a Vocabulary, scope: Scope, key: &str) -> Vec<Near<'a>> {
    let mut found: Vec<Near<'a>> = Vec::new();
    if !key.contains(JOINTS) {
        return found;
    }
    for part in key.split(JOINTS).map(str::trim) {
        let builtin = Builtin::named(part)
            .filter(|builtin| (*builtin == Builtin::Complete) != (scope == Scope::Root));
        let field = || {
            let own = find_field(vocabulary, scope, part).and_then(|id| vocabulary.field(id));
            own.or_else(|| elsewhere(vocabulary, scope, part))
        };
        let near = match builtin {
            Some(_) => Some(Near::Other(part.to_owned())),
            None => field().map(Near::Field),
        };
        if let Some(near) = near
            && !found.iter().any(|other| other.is(&near))
        {
            found.push(near);
        }
    }
    found
}

fn near<'a>(vocabulary: &'a Vocabulary, scope: Scope, key: &str) -> Option<Near<'a>> {
    let builtin = |(builtin, names): &(Builtin, &'static [&'static str])| {
        let fits = (*builtin == Builtin::Complete) != (scope == Scope::Root);
        if fits { *names } else { &[] }
    };
    let own = vocabulary
        .keys(scope)
        .chain(BUILTINS.iter().flat_map(builtin).copied());
    if let Some(word) = nearest(key, own) {
        return Some(match vocabulary.resolve(scope, word) {
            Some(Target::Field(id)) => Near::Field(vocabulary.field(id)?),
            Some(Target::Group(_)) | None => Near::Other(word.to_owned()),
        });
    }
    let (other, word) = other_scopes(vocabulary, scope)
        .find_map(|other| nearest(key, vocabulary.keys(other)).map(|word| (other, word)))?;
    match vocabulary.resolve(other, word)? {
        Target::Field(id) => vocabulary.field(id).map(Near::Field),
        Target::Group(_) => Some(Near::Other(word.to_owned())),
    }
}

/// The fields of a group or list, as advice.
fn members(vocabulary: &Vocabulary, scope: Scope) -> Option<Text> {
    let fields: Vec<&Field> = vocabulary
        .fields()
        .iter()
        .filter(|f| scope != Scope::Root && vocabulary.scope_of(f.id) == scope && !f.derived)
        .take(LISTED)
        .collect();
    if fields.is_empty() {
        return None;
    }
    let zh = comma_list(
        &fields
            .iter()
            .map(|f| f.label.zh.as_str())
            .collect::<Vec<_>>(),
        true,
    );
    let last = |f: &&Field| f.path.rsplit('.').next().unwrap_or("").to_owned();
    let en = fields.iter().map(last).collect::<Vec<_>>().join(", ");
    Some(text!("可填写：{zh}", "fields: {en}"))
}
