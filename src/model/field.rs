//! The vocabulary: every field a pack may read, with its type, unit, labels, domain and provider.
//!
//! It does not hold values; a project does.

use std::collections::BTreeMap;

use crate::base::source::Place;
use crate::base::text::{Lang, Text, folded};
use crate::model::code::{CodeId, CodeList};
use crate::model::number::Number;
use crate::model::quantity::Measure;
use crate::model::stage::Stage;
use crate::model::value::Interval;

/// The number of a field in its vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(pub u16);

/// The number of an enumeration in its vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumId(pub u16);

/// The number of a code list in its vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(pub u16);

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// True or false.
    Bool,
    /// Free text.
    Text,
    /// One of a fixed set of answers.
    Enum(EnumId),
    /// A day.
    Date,
    /// A code of a list.
    Code(ListId),
    /// A number with the field's measure.
    Number,
    /// A list of records.
    Records,
    /// A list of texts.
    Texts,
    /// A list of codes.
    Codes(ListId),
}

/// Who must supply a fact (提供方).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provider {
    /// 申请人.
    Applicant,
    /// 本机关查询.
    Office,
    /// 部门协查, with the department's name.
    Department(Text),
    /// Derived by a formula.
    Computed,
}

impl Provider {
    /// True if the applicant may be asked for it.
    pub fn is_applicant(&self) -> bool {
        matches!(self, Self::Applicant)
    }

    /// True if only the office or a department may state it.
    pub fn is_official(&self) -> bool {
        matches!(self, Self::Office | Self::Department(_))
    }

    /// The provider's name.
    pub fn name(&self) -> Text {
        match self {
            Self::Applicant => Text::new("申请人", "the applicant"),
            Self::Office => Text::new("本机关", "this office"),
            Self::Department(name) => name.clone(),
            Self::Computed => Text::new("由程序计算", "computed"),
        }
    }
}

/// Where a field's fact is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A slot of the project.
    Project(u16),
    /// A slot of each record of a list.
    Member(FieldId, u16),
}

/// What a member of a closed group takes if it is not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhenClosed {
    /// The number zero.
    Zero,
    /// An empty text.
    EmptyText,
    /// False.
    False,
    /// An empty list.
    EmptyList,
    /// One answer of the enumeration.
    Answer(u16),
    /// The record states nothing about it.
    Silent,
}

/// What a field tells about who applies and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The firm or body that applies.
    Proponent,
    /// The parcel.
    Parcel,
    /// Whether the submission gives a boundary; reading it says so.
    Boundary,
}

impl Role {
    /// The ids used in files.
    pub const IDS: [&str; 3] = ["proponent", "parcel", "boundary"];

    /// The role of an id.
    pub fn named(id: &str) -> Option<Self> {
        match id {
            "proponent" => Some(Self::Proponent),
            "parcel" => Some(Self::Parcel),
            "boundary" => Some(Self::Boundary),
            _ => None,
        }
    }
}

/// A declared slot of the vocabulary.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent properties, each declared by itself"
)]
pub struct Field {
    /// Its number.
    pub id: FieldId,
    /// Its path, such as `land.area` or `boilers.nox`.
    pub path: String,
    /// Its label.
    pub label: Text,
    /// Other names under which it may be filled in.
    pub aliases: Vec<String>,
    /// Help for who fills it in.
    pub note: Text,
    /// What it holds.
    pub kind: FieldType,
    /// The unit and period of a number.
    pub measure: Measure,
    /// What a number may be, in canonical units.
    pub domain: Interval,
    /// The reporting resolution, in canonical units.
    pub step: Option<Number>,
    /// Who must supply it.
    pub provider: Provider,
    /// True if a proponent could change it.
    pub editable: bool,
    /// What projects are recognised by as one.
    pub role: Option<Role>,
    /// True if the figures of two projects make one figure when both are taken together.
    pub additive: bool,
    /// What it takes in a closed group.
    pub when_closed: Option<WhenClosed>,
    /// True if a formula derives it.
    pub derived: bool,
    /// For dates: the earliest stage at which the procedure can have happened.
    pub procedure: Option<Stage>,
    /// For dates: the procedures that come before this one, each after its own.
    pub after: Vec<FieldId>,
    /// For lists: the member whose value names a record.
    pub named_by: Option<FieldId>,
    /// For lists: true if a record may be closed.
    pub closable: bool,
    /// Where its fact is kept.
    pub slot: Slot,
    /// Where it is declared.
    pub place: Place,
}

/// A topic of the vocabulary.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its path.
    pub path: String,
    /// Its label.
    pub label: Text,
    /// Other names.
    pub aliases: Vec<String>,
    /// True if its own line `complete = true` closes it.
    pub closable: bool,
    /// Help for who fills it in.
    pub note: Text,
}

/// One answer of an enumeration.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// Other spellings.
    pub aliases: Vec<String>,
}

/// A fixed set of answers.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// Its id.
    pub id: String,
    /// True if the answers stand in rising order.
    pub ordered: bool,
    /// The answers.
    pub answers: Vec<Answer>,
}

impl Enumeration {
    /// The answer of an id.
    pub fn by_id(&self, id: &str) -> Option<u16> {
        self.answers
            .iter()
            .position(|a| a.id == id)
            .and_then(|i| u16::try_from(i).ok())
    }

    /// The answer of an id, label or alias.
    pub fn find(&self, text: &str) -> Option<u16> {
        let text = folded(text);
        let is = |a: &Answer| {
            a.id == text
                || folded(&a.label.zh) == text
                || a.label.en.eq_ignore_ascii_case(&text)
                || a.aliases.iter().any(|alias| folded(alias) == text)
        };
        self.answers
            .iter()
            .position(is)
            .and_then(|i| u16::try_from(i).ok())
    }

    /// The answer of a number.
    pub fn answer(&self, index: u16) -> Option<&Answer> {
        self.answers.get(usize::from(index))
    }

    /// The label of an answer.
    pub fn label(&self, index: u16, lang: Lang) -> &str {
        self.answer(index).map_or("", |a| a.label.get(lang))
    }
}

/// Where a key of a submission is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// At the top of a project.
    Root,
    /// In a group.
    Group(u16),
    /// In a record of a list.
    Record(FieldId),
}

/// What a key names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A field.
    Field(FieldId),
    /// A group.
    Group(u16),
}

/// All fields a pack may read.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    fields: Vec<Field>,
    groups: Vec<Group>,
    enums: Vec<Enumeration>,
    lists: Vec<CodeList>,
    by_path: BTreeMap<String, FieldId>,
    names: BTreeMap<Scope, BTreeMap<String, Option<Target>>>,
    members: BTreeMap<FieldId, Vec<FieldId>>,
    slots: Vec<FieldId>,
}

impl Vocabulary {
    /// All fields in the order of declaration.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// All groups.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The field of a number.
    pub fn field(&self, id: FieldId) -> Option<&Field> {
        self.fields.get(usize::from(id.0))
    }

    /// The field of a path.
    pub fn by_path(&self, path: &str) -> Option<&Field> {
        self.by_path.get(path).and_then(|id| self.field(*id))
    }

    /// The path of a field, empty for a number of another vocabulary.
    pub fn path(&self, id: FieldId) -> &str {
        self.field(id).map_or("", |field| &field.path)
    }

    /// The group of a number.
    pub fn group(&self, index: u16) -> Option<&Group> {
        self.groups.get(usize::from(index))
    }

    /// The number of a group by path.
    pub fn group_by_path(&self, path: &str) -> Option<u16> {
        self.groups
            .iter()
            .position(|g| g.path == path)
            .and_then(|i| u16::try_from(i).ok())
    }

    /// The fields directly in a group.
    pub fn group_fields(&self, index: u16) -> impl Iterator<Item = &Field> {
        let prefix = self
            .group(index)
            .map(|g| format!("{}.", g.path))
            .unwrap_or_default();
        self.fields.iter().filter(move |f| {
            matches!(f.slot, Slot::Project(_)) && !prefix.is_empty() && f.path.starts_with(&prefix)
        })
    }

    /// The enumeration of a number.
    pub fn enumeration(&self, id: EnumId) -> Option<&Enumeration> {
        self.enums.get(usize::from(id.0))
    }

    /// The enumeration of an id.
    pub fn enum_by_id(&self, id: &str) -> Option<EnumId> {
        self.enums
            .iter()
            .position(|e| e.id == id)
            .and_then(|i| u16::try_from(i).ok())
            .map(EnumId)
    }

    /// All enumerations.
    pub fn enums(&self) -> &[Enumeration] {
        &self.enums
    }

    /// The enumeration of an id, to add answers to it.
    pub fn enum_mut(&mut self, id: &str) -> Option<&mut Enumeration> {
        self.enums.iter_mut().find(|e| e.id == id)
    }

    /// The code list of a number.
    pub fn list(&self, id: ListId) -> Option<&CodeList> {
        self.lists.get(usize::from(id.0))
    }

    /// All code lists.
    pub fn lists(&self) -> &[CodeList] {
        &self.lists
    }

    /// The code list of an id.
    pub fn list_by_id(&self, id: &str) -> Option<ListId> {
        self.lists
            .iter()
            .position(|l| l.id == id)
            .and_then(|i| u16::try_from(i).ok())
            .map(ListId)
    }

    /// The code of an entry of a list.
    pub fn code(&self, list: ListId, code: CodeId) -> &str {
        self.list(list).map_or("", |l| l.code(code))
    }

    /// The members of a list field.
    pub fn members(&self, list: FieldId) -> &[FieldId] {
        self.members.get(&list).map_or(&[], Vec::as_slice)
    }

    /// The fields of the project's slots, in slot order.
    pub fn slots(&self) -> &[FieldId] {
        &self.slots
    }

    /// The procedures that come before a procedure, near and far, each once.
    pub fn earlier(&self, id: FieldId) -> Vec<FieldId> {
        let mut all: Vec<FieldId> = self.field(id).map(|f| f.after.clone()).unwrap_or_default();
        let mut next = 0;
        while let Some(field) = all.get(next).and_then(|id| self.field(*id)) {
            let further: Vec<FieldId> = field
                .after
                .iter()
                .copied()
                .filter(|id| !all.contains(id))
                .collect();
            all.extend(further);
            next += 1;
        }
        all
    }

    /// What a key names in a scope. At the root a label that several groups use names nothing.
    pub fn resolve(&self, scope: Scope, key: &str) -> Option<Target> {
        let names = self.names.get(&scope)?;
        // Names are kept folded, and most keys are written that way.
        let found = names.get(key).or_else(|| names.get(folded(key).as_ref()));
        found.copied().flatten()
    }

    /// All keys that name something in a scope, for did-you-mean.
    pub fn keys(&self, scope: Scope) -> impl Iterator<Item = &str> {
        let names = self.names.get(&scope).into_iter().flatten();
        names
            .filter(|(_, target)| target.is_some())
            .map(|(key, _)| key.as_str())
    }

    /// Adds an enumeration.
    pub fn add_enum(&mut self, enumeration: Enumeration) -> EnumId {
        self.enums.push(enumeration);
        EnumId(u16::try_from(self.enums.len() - 1).unwrap_or(u16::MAX))
    }

    /// Adds a code list.
    pub fn add_list(&mut self, list: CodeList) -> ListId {
        self.lists.push(list);
        ListId(u16::try_from(self.lists.len() - 1).unwrap_or(u16::MAX))
    }

    /// Adds a group.
    pub fn add_group(&mut self, group: Group) {
        let index = u16::try_from(self.groups.len()).unwrap_or(u16::MAX);
        let keys = [&group.path, &group.label.zh, &group.label.en]
            .into_iter()
            .chain(&group.aliases);
        for key in keys.cloned().collect::<Vec<_>>() {
            self.name(Scope::Root, &key, Target::Group(index));
        }
        self.groups.push(group);
    }

    /// The slot that the next field of a path will have: lists must be added before their members.
    pub fn next_slot(&self, path: &str) -> Slot {
        let list = path
            .rsplit_once('.')
            .and_then(|(parent, _)| self.by_path(parent))
            .filter(|f| f.kind == FieldType::Records);
        match list {
            Some(list) => Slot::Member(
                list.id,
                u16::try_from(self.members(list.id).len()).unwrap_or(u16::MAX),
            ),
            None => Slot::Project(u16::try_from(self.slots.len()).unwrap_or(u16::MAX)),
        }
    }

    /// The number that the next field will have.
    pub fn next_id(&self) -> FieldId {
        FieldId(u16::try_from(self.fields.len()).unwrap_or(u16::MAX))
    }

    /// Adds a field whose number and slot come from [`Self::next_id`] and [`Self::next_slot`].
    /// Returns a field of the same scope that already has one of its names, if there is one.
    pub fn add_field(&mut self, field: Field) -> Option<FieldId> {
        let id = field.id;
        let segment = field
            .path
            .rsplit('.')
            .next()
            .unwrap_or(&field.path)
            .to_owned();
        let scope = match field.slot {
            Slot::Member(list, _) => {
                self.members.entry(list).or_default().push(id);
                Scope::Record(list)
            }
            Slot::Project(_) => {
                self.slots.push(id);
                self.scope_of_path(&field.path)
            }
        };
        let names: Vec<String> = [&segment, &field.label.zh, &field.label.en]
            .into_iter()
            .chain(&field.aliases)
            .cloned()
            .collect();
        let mut clash = None;
        for name in &names {
            match self.resolve(scope, name) {
                // At the root a field of a group gives way: its label was only lent to the top.
                Some(Target::Field(other)) if other != id && self.scope_of(other) == scope => {
                    clash = Some(other);
                }
                _ => self.name(scope, name, Target::Field(id)),
            }
        }
        if scope != Scope::Root && matches!(field.slot, Slot::Project(_)) {
            // Forms are flat: a label that only one group uses may stand at the top.
            for name in names.iter().skip(1).chain([&field.path]) {
                let key = folded(name).into_owned();
                match self
                    .names
                    .get(&Scope::Root)
                    .and_then(|names| names.get(&key))
                {
                    None => self.name(Scope::Root, name, Target::Field(id)),
                    Some(Some(Target::Field(other)))
                        if *other != id && self.scope_of(*other) != Scope::Root =>
                    {
                        self.names.entry(Scope::Root).or_default().insert(key, None);
                    }
                    Some(_) => {}
                }
            }
        }
        self.by_path.insert(field.path.clone(), id);
        self.fields.push(field);
        clash
    }

    /// Where the keys of a field are looked up.
    pub fn scope_of(&self, id: FieldId) -> Scope {
        match self.field(id) {
            Some(Field {
                slot: Slot::Member(list, _),
                ..
            }) => Scope::Record(*list),
            Some(field) => self.scope_of_path(&field.path),
            None => Scope::Root,
        }
    }

    fn scope_of_path(&self, path: &str) -> Scope {
        let group = path
            .rsplit_once('.')
            .and_then(|(group, _)| self.group_by_path(group));
        group.map_or(Scope::Root, Scope::Group)
    }

    /// Sets which member names the records of a list.
    pub fn set_named_by(&mut self, list: FieldId, member: FieldId) {
        if let Some(field) = self.fields.get_mut(usize::from(list.0)) {
            field.named_by = Some(member);
        }
    }

    fn name(&mut self, scope: Scope, key: &str, target: Target) {
        let key = folded(key);
        if !key.is_empty() {
            self.names
                .entry(scope)
                .or_default()
                .insert(key.into_owned(), Some(target));
        }
    }
}
