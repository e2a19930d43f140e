//! What changed between two versions of a proposal: which facts, from what to what.
//!
//! Both versions are read by the same vocabulary. Where a fact stands in its file is no part of it.
//! It judges nothing.

use crate::base::date::Date;
use crate::base::text::Text;
use crate::judge::wording;
use crate::language::types::Library;
use crate::model::facts::Facts;
use crate::model::field::{Field, FieldId, FieldType, Slot, Vocabulary};
use crate::model::project::{Fact, FactRef, Project, Record, State, Value};
use crate::model::stage::Stage;
use crate::model::unit::Dimension;

/// The list of industry codes, by the convention of the vocabulary.
const INDUSTRY: &str = "industry.";
/// What the paths of capacities end with, likewise.
const CAPACITY: &str = "capacity";

/// Something of a proposal that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The path; `submitted` and `stage` for what is no field.
    pub path: String,
    /// The label.
    pub label: Text,
    /// What it was; none if it was not given.
    pub old: Option<Text>,
    /// What it is; none if it is not given.
    pub new: Option<Text>,
    /// The part of the proposal that changed.
    pub part: Part,
    /// The field: of a list, the member.
    pub field: Option<FieldId>,
    /// The path of that part: of a list for its members.
    pub part_path: String,
    /// True if it is the day of something.
    pub is_date: bool,
    /// True if only the office or a department may state it.
    pub is_official: bool,
    /// True if a change of it is to be pointed out even if no finding moves: an area, a capacity, the industry.
    pub is_watched: bool,
}

/// A part of a proposal that can be exchanged by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The day of submission.
    Submitted,
    /// The stage.
    Stage,
    /// A fact of the project, a whole list included.
    Field(FieldId),
}

impl Part {
    /// Its path.
    pub fn path(self, vocabulary: &Vocabulary) -> String {
        match self {
            Self::Submitted => "submitted".to_owned(),
            Self::Stage => "stage".to_owned(),
            Self::Field(field) => vocabulary.path(field).to_owned(),
        }
    }

    /// The project with this part of another version.
    pub fn exchanged(self, vocabulary: &Vocabulary, project: &Project, other: &Project) -> Project {
        let mut mixed = project.clone();
        match self {
            Self::Submitted => mixed.submitted = other.submitted,
            Self::Stage => mixed.stage = other.stage,
            Self::Field(field) => {
                if let Some(Slot::Project(slot)) = vocabulary.field(field).map(|f| f.slot) {
                    let taken = other.fact(slot).cloned().unwrap_or_default();
                    if let Some(place) = mixed.facts.get_mut(usize::from(slot)) {
                        *place = taken;
                    }
                    mixed.note_claims(vocabulary);
                }
            }
        }
        mixed
    }
}

impl Change {
    /// True if a rule that reads these fields reads what changed.
    pub fn is_read(&self, vocabulary: &Vocabulary, reads: &[FieldId]) -> bool {
        self.field.is_some_and(|field| {
            // A list that comes or goes brings its members with it.
            let members = vocabulary.members(field);
            reads
                .iter()
                .any(|read| *read == field || members.contains(read))
        })
    }
}

/// True if a field of a proposal is watched: see [`Change::is_watched`].
pub fn is_watched(field: &Field) -> bool {
    let is_area =
        field.kind == FieldType::Number && field.measure.unit.dimension == Dimension::AREA;
    let is_code = matches!(field.kind, FieldType::Code(_) | FieldType::Codes(_));
    is_area || is_code && field.path.starts_with(INDUSTRY) || field.path.ends_with(CAPACITY)
}

/// What changed from one version to another.
pub fn changes(library: &Library, old: &Project, new: &Project) -> Vec<Change> {
    let vocabulary = &library.vocabulary;
    let mut all = Vec::new();
    let day = |project: &Project| project.submitted.map(|s| s.date);
    if day(old) != day(new) {
        let text = |day: Option<Date>| day.map(|d| Text::same(d.to_string()));
        all.push(Change {
            path: "submitted".to_owned(),
            label: Text::new("申报日期", "day of submission"),
            old: text(day(old)),
            new: text(day(new)),
            part: Part::Submitted,
            field: None,
            part_path: "submitted".to_owned(),
            is_date: true,
            is_official: false,
            is_watched: false,
        });
    }
    if old.stage != new.stage {
        let text = |stage: Option<Stage>| stage.map(Stage::label);
        all.push(Change {
            path: "stage".to_owned(),
            label: Text::new("办理环节", "stage"),
            old: text(old.stage),
            new: text(new.stage),
            part: Part::Stage,
            field: None,
            part_path: "stage".to_owned(),
            is_date: false,
            is_official: false,
            is_watched: false,
        });
    }
    let pair = Pair { library, old, new };
    for field in vocabulary.slots() {
        let Some(Slot::Project(slot)) = vocabulary.field(*field).map(|f| f.slot) else {
            continue;
        };
        let (Some(a), Some(b)) = (old.fact(slot), new.fact(slot)) else {
            continue;
        };
        if !same(a, b) {
            pair.field(*field, a, b, &mut all);
        }
    }
    all
}

struct Pair<'a> {
    library: &'a Library,
    old: &'a Project,
    new: &'a Project,
}

impl Pair<'_> {
    /// The changes of a project's field: of a list, those of its records.
    fn field(&self, id: FieldId, old: &Fact, new: &Fact, all: &mut Vec<Change>) {
        let part = Part::Field(id);
        let (Some(Value::Records(a)), Some(Value::Records(b))) = (old.value(), new.value()) else {
            let mut change = self.change(FactRef::project(id), part);
            // A list that comes or goes brings its members with it.
            let members = self.library.vocabulary.members(id);
            let watched = |id: &FieldId| self.library.vocabulary.field(*id).is_some_and(is_watched);
            change.is_watched |= members.iter().any(watched);
            all.push(change);
            return;
        };
        if a.len() != b.len() {
            all.push(self.change(FactRef::project(id), part));
        }
        let nothing = Record::default();
        for number in 0..a.len().max(b.len()) {
            let one = a.get(number).unwrap_or(&nothing);
            let two = b.get(number).unwrap_or(&nothing);
            for (member, field) in self.library.vocabulary.members(id).iter().enumerate() {
                let missing = Fact::default();
                let before = one.facts.get(member).unwrap_or(&missing);
                let after = two.facts.get(member).unwrap_or(&missing);
                if !same(before, after) {
                    let record = u32::try_from(number).ok();
                    let fact = FactRef {
                        field: *field,
                        record,
                    };
                    all.push(self.change(fact, part));
                }
            }
        }
    }

    fn change(&self, fact: FactRef, part: Part) -> Change {
        let field = self.library.vocabulary.field(fact.field);
        let holder = if self.new.find(&self.library.vocabulary, fact).is_some() {
            self.new
        } else {
            self.old
        };
        Change {
            path: fact.path(&self.library.vocabulary),
            label: wording::fact_label(self.library, holder, fact),
            old: shown(self.library, self.old, fact),
            new: shown(self.library, self.new, fact),
            part,
            field: Some(fact.field),
            part_path: part.path(&self.library.vocabulary),
            is_date: field.is_some_and(|f| f.kind == FieldType::Date),
            is_official: field.is_some_and(|f| f.provider.is_official()),
            is_watched: field.is_some_and(is_watched),
        }
    }
}

/// A fact as shown; none if it is not given.
fn shown(library: &Library, project: &Project, fact: FactRef) -> Option<Text> {
    match project.find(&library.vocabulary, fact).map(|f| &f.state) {
        Some(State::Unreadable) => Some(Text::new("（无法读取）", "(unreadable)")),
        _ => wording::fact_value(library, project, fact),
    }
}

/// True if two facts say the same, wherever they stand.
fn same(a: &Fact, b: &Fact) -> bool {
    a.claim == b.claim
        && match (&a.state, &b.state) {
            (State::Known(Value::Records(a)), State::Known(Value::Records(b))) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_facts(&a.facts, &b.facts))
            }
            (a, b) => a == b,
        }
}

fn same_facts(a: &Facts, b: &Facts) -> bool {
    a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
}
