//! Reading keys and their values into facts: groups, fields, lists of records, completeness.
//!
//! One reader serves a whole file; what depends on the vocabulary alone is worked out once.
//! It does not know what a project must hold besides facts, nor how the file is written.

use crate::base::problem::Problem;
use crate::base::source::{Place, Source};
use crate::base::text::Text;
use crate::base::toml::DUPLICATE_KEY;
use crate::base::tree::{Datum, Entry, Node};
use crate::intake::Expected;
use crate::intake::completeness::closed;
use crate::intake::damage::Damage;
use crate::intake::known::{Builtin, field_name, find_field, shown};
use crate::intake::project_code::{self, CodeForm};
use crate::intake::unknown_keys::UnknownKeys;
use crate::intake::value;
use crate::model::facts::Facts;
use crate::model::field::{Field, FieldId, FieldType, Scope, Slot, Target, Vocabulary};
use crate::model::project::{Fact, Origin, Project, Record, State, Value};
use crate::text;

/// Reads the facts of projects, and collects the problems.
pub(super) struct Reader<'a> {
    pub(super) expected: Expected<'a>,
    pub(super) source: Option<&'a Source>,
    pub(super) damage: Damage,
    /// True if keys are headings, each of which stands for many rows.
    pub(super) in_cells: bool,
    pub(super) problems: Vec<Problem>,
    /// Per group: its fields that closing says something about.
    closable: Vec<Vec<FieldId>>,
    /// Text fields that hold a project code.
    project_codes: Vec<FieldId>,
    /// Per field: where its key stands in the current project.
    seen: Vec<Option<Place>>,
    /// Per group: the line that closes it in the current project.
    closing: Vec<Option<Place>>,
    /// Per group: where its key `complete` stands in the current project.
    complete: Vec<Option<Place>>,
    /// Per group: whether a key was not understood that may be one of its fields.
    doubted: Vec<bool>,
    unknown: UnknownKeys,
}

impl<'a> Reader<'a> {
    pub(super) fn new(expected: &Expected<'a>, source: Option<&'a Source>) -> Self {
        let vocabulary = expected.vocabulary;
        let mut closable = vec![Vec::new(); vocabulary.groups().len()];
        for field in vocabulary
            .fields()
            .iter()
            .filter(|f| f.when_closed.is_some())
        {
            if let Scope::Group(group) = vocabulary.scope_of(field.id)
                && let Some(fields) = closable.get_mut(usize::from(group))
            {
                fields.push(field.id);
            }
        }
        let holds_code = |f: &&Field| {
            f.kind == FieldType::Text && (f.path == "code" || f.path.ends_with("project_code"))
        };
        Self {
            expected: *expected,
            source,
            damage: Damage::default(),
            in_cells: false,
            problems: Vec::new(),
            closing: vec![None; closable.len()],
            complete: vec![None; closable.len()],
            doubted: vec![false; closable.len()],
            closable,
            project_codes: vocabulary
                .fields()
                .iter()
                .filter(holds_code)
                .map(|f| f.id)
                .collect(),
            seen: vec![None; vocabulary.fields().len()],
            unknown: UnknownKeys::default(),
        }
    }

    /// Forgets the keys of the project read before.
    pub(super) fn start(&mut self) {
        self.seen.fill(None);
        self.closing.fill(None);
        self.complete.fill(None);
        self.doubted.fill(false);
    }

    /// Reads a key at the top of a project that is not built in.
    pub(super) fn key(&mut self, entry: &Entry, project: &mut Project) {
        match self.expected.vocabulary.resolve(Scope::Root, &entry.key) {
            Some(Target::Group(group)) => self.group(group, entry, project),
            Some(Target::Field(field)) => self.fact(field, entry, project),
            None => self.dotted(entry, project),
        }
    }

    /// Reads a key that may be a path written in one key: `energy.raw_coal`, `energy.complete`.
    fn dotted(&mut self, entry: &Entry, project: &mut Project) {
        let vocabulary = self.expected.vocabulary;
        if let Some(field) = find_field(vocabulary, Scope::Root, &entry.key) {
            return self.fact(field, entry, project);
        }
        if let Some((head, tail)) = entry.key.rsplit_once('.')
            && Builtin::named(tail) == Some(Builtin::Complete)
            && let Some(Target::Group(group)) = vocabulary.resolve(Scope::Root, head)
        {
            return self.close(group, entry);
        }
        self.unknown(Scope::Root, entry, None);
    }

    fn group(&mut self, group: u16, entry: &Entry, project: &mut Project) {
        let vocabulary = self.expected.vocabulary;
        let entries = match &entry.node.datum {
            Datum::Table(entries) => entries,
            Datum::Null => return,
            _ => {
                let (path, zh, en) = vocabulary
                    .group(group)
                    .map_or(("", "", ""), |g| (&g.path, &g.label.zh, &g.label.en));
                let message = text!(
                    "“{zh}”是一组字段，此处不是",
                    "`{path}` ({en}) is a group of fields, and this is not"
                );
                let help = text!(
                    "请在 [{path}] 下逐项填写",
                    "write its fields under [{path}]"
                );
                self.problems.push(
                    Problem::error("hegui::intake::not_a_group", entry.node.place, message)
                        .help(help),
                );
                return self.doubt(group);
            }
        };
        for inner in entries {
            if Builtin::named(&inner.key) == Some(Builtin::Complete) {
                self.close(group, inner);
            } else if let Some(field) = find_field(vocabulary, Scope::Group(group), &inner.key) {
                self.fact(field, inner, project);
            } else {
                self.doubt(group);
                self.unknown(Scope::Group(group), inner, None);
            }
        }
    }

    fn doubt(&mut self, group: u16) {
        if let Some(doubted) = self.doubted.get_mut(usize::from(group)) {
            *doubted = true;
        }
    }

    /// Reads a group's line `complete = …`.
    fn close(&mut self, group: u16, entry: &Entry) {
        let Some(declared) = self.expected.vocabulary.group(group) else {
            return;
        };
        if let Some(first) = self
            .complete
            .get_mut(usize::from(group))
            .and_then(|seen| seen.replace(entry.place))
        {
            self.problems.push(key_twice(first, entry));
            return self.doubt(group);
        }
        let Some(place) =
            self.closing_line(entry, declared.closable, &declared.path, &declared.label)
        else {
            return;
        };
        if let Some(line) = self.closing.get_mut(usize::from(group)) {
            *line = Some(place);
        }
    }

    /// The place of a line that closes something, if it does.
    fn closing_line(
        &mut self,
        entry: &Entry,
        closable: bool,
        path: &str,
        label: &Text,
    ) -> Option<Place> {
        if matches!(entry.node.datum, Datum::Null) || self.is_damaged(&entry.node) {
            return None;
        }
        let Some(complete) = value::boolean(&entry.node) else {
            let message = Text::new("“填报完整”应填是或否", "`complete` is true or false");
            self.problems.push(Problem::error(
                "hegui::intake::wrong_type",
                entry.node.place,
                message,
            ));
            return None;
        };
        let place = self.line(entry);
        if complete && !closable {
            let (zh, en) = (&label.zh, &label.en);
            let message = text!(
                "“{zh}”不能整组填报完整",
                "`{path}` ({en}) cannot be declared complete"
            );
            let help = text!(
                "请删去这一行，逐项填写",
                "delete the line and fill in each field"
            );
            self.problems
                .push(Problem::error("hegui::intake::not_closable", place, message).help(help));
            return None;
        }
        complete.then_some(place)
    }

    /// Where a key is stated for one project. A heading stands for every row; the cell is the one that says it.
    pub(super) fn said_at(&self, entry: &Entry) -> Place {
        match entry.node.place {
            cell @ Place::Cell(..) => cell,
            cell if self.in_cells => cell,
            _ => entry.place,
        }
    }

    /// The place of a key with its value.
    fn line(&self, entry: &Entry) -> Place {
        match (self.said_at(entry), entry.node.place) {
            (Place::Span(source, key), Place::Span(_, value)) => Place::Span(source, key.to(value)),
            (place, _) => place,
        }
    }

    /// Reads one fact of the project.
    fn fact(&mut self, id: FieldId, entry: &Entry, project: &mut Project) {
        if matches!(entry.node.datum, Datum::Null) && !self.is_damaged(&entry.node) {
            return;
        }
        let Some(field) = self.expected.vocabulary.field(id) else {
            return;
        };
        let Slot::Project(slot) = field.slot else {
            return self.unknown(Scope::Root, entry, None);
        };
        if self.is_derived(field, entry) {
            return;
        }
        let first = self
            .seen
            .get_mut(usize::from(id.0))
            .and_then(|seen| seen.replace(entry.place));
        let fact = match first {
            Some(first) => self.twice(field, first, entry),
            None => self.read(field, &entry.node),
        };
        if let Some(place) = project.facts.get_mut(usize::from(slot)) {
            *place = fact;
        }
    }

    fn is_derived(&mut self, field: &Field, entry: &Entry) -> bool {
        if !field.derived {
            return false;
        }
        let named = field_name(field);
        let (zh, en) = (&named.zh, &named.en);
        let message = text!(
            "{zh}由程序计算，不能填报",
            "{en} is computed and cannot be given"
        );
        let declared = self
            .expected
            .vocabulary
            .by_path(&format!("{}_declared", field.path))
            .map(field_name);
        let help = match declared {
            Some(Text { zh, en }) => text!(
                "自行测算的数值请填写在 {zh}",
                "give your own figure as {en}"
            ),
            None => text!("请删去这一行", "delete the line"),
        };
        self.problems
            .push(Problem::error("hegui::intake::derived_field", entry.place, message).help(help));
        true
    }

    /// The fact of a field that is written twice.
    fn twice(&mut self, field: &Field, first: Place, again: &Entry) -> Fact {
        let named = field_name(field);
        let (zh, en) = (&named.zh, &named.en);
        let message = text!("{zh}填写了两次", "{en} is given twice");
        self.problems.push(
            Problem::error("hegui::intake::given_twice", first, message)
                .note(Text::new("第一处", "here"))
                .also(again.place, Text::new("又一处", "and here"))
                .help(Text::new("请只保留一处", "keep only one of them")),
        );
        self.unreadable(field, again.node.place)
    }

    fn unreadable(&self, field: &Field, place: Place) -> Fact {
        Fact {
            state: State::Unreadable,
            origin: Origin::Declared(place),
            claim: self.is_claim(field),
        }
    }

    fn is_claim(&self, field: &Field) -> bool {
        field.provider.is_official() && !self.expected.trust_claims
    }

    /// True if a syntax error lies in the value, or it was not read at all.
    fn is_damaged(&self, node: &Node) -> bool {
        // TOML has no null: it stands where a value is missing.
        let missing = matches!(node.datum, Datum::Null)
            && matches!(node.place, Place::Span(_, span) if span.start == span.end);
        missing
            || matches!(node.datum, Datum::Unread)
            || self
                .source
                .is_some_and(|source| self.damage.touches(source, node))
    }

    /// Reads a value as a fact of a field.
    pub(super) fn read(&mut self, field: &Field, node: &Node) -> Fact {
        let state = if field.kind == FieldType::Records {
            self.records(field, node)
        } else if self.is_damaged(node) {
            State::Unreadable
        } else {
            match value::read(self.expected.vocabulary, field, node) {
                Ok(value) => State::Known(value),
                Err(mut problems) => {
                    self.problems.append(&mut problems);
                    State::Unreadable
                }
            }
        };
        if let State::Known(Value::Text(words)) = &state
            && self.project_codes.contains(&field.id)
            && !words.folded.is_empty()
            && project_code::project_code(&words.folded) == CodeForm::Other
        {
            self.problems
                .push(project_code::warning(&words.shown, node.place));
        }
        Fact {
            state,
            origin: Origin::Declared(node.place),
            claim: self.is_claim(field),
        }
    }

    fn records(&mut self, list: &Field, node: &Node) -> State {
        let Datum::List(items) = &node.datum else {
            if !self.is_damaged(node) {
                self.problems
                    .push(value::unfit(list, node).note(list.label.clone()));
            }
            return State::Unreadable;
        };
        let mut records = Vec::with_capacity(items.len());
        let mut whole = !self.damage.records_lost;
        for item in items {
            if let Datum::Table(entries) = &item.datum {
                records.push(self.record(list, item, entries));
                continue;
            }
            whole = false;
            if !self.is_damaged(item) {
                let (zh, path) = (&list.label.zh, &list.path);
                let message = text!(
                    "“{zh}”的每一项应是一组字段",
                    "each item of `{path}` is a group of fields"
                );
                self.problems.push(Problem::error(
                    "hegui::intake::wrong_type",
                    item.place,
                    message,
                ));
            }
        }
        if whole {
            State::Known(Value::Records(records))
        } else {
            State::Unreadable
        }
    }

    fn record(&mut self, list: &Field, item: &Node, entries: &[Entry]) -> Record {
        let vocabulary: &'a Vocabulary = self.expected.vocabulary;
        let members = vocabulary.members(list.id);
        let mut facts = Facts::empty(members.len());
        let mut seen: Vec<Option<Place>> = vec![None; members.len()];
        let (mut closing, mut doubted) = (None, false);
        let mut complete: Option<Place> = None;
        for entry in entries {
            if Builtin::named(&entry.key) == Some(Builtin::Complete) {
                if let Some(first) = complete.replace(entry.place) {
                    self.problems.push(key_twice(first, entry));
                    doubted = true;
                }
                closing = self
                    .closing_line(entry, list.closable, &list.path, &list.label)
                    .or(closing);
                continue;
            }
            let target = match vocabulary.resolve(Scope::Record(list.id), &entry.key) {
                Some(Target::Field(id)) => vocabulary.field(id),
                _ => None,
            };
            let Some((field, Slot::Member(_, index))) = target.map(|f| (f, f.slot)) else {
                doubted = true;
                self.unknown(Scope::Record(list.id), entry, None);
                continue;
            };
            let absent = matches!(entry.node.datum, Datum::Null) && !self.is_damaged(&entry.node);
            if absent || self.is_derived(field, entry) {
                continue;
            }
            let first = seen
                .get_mut(usize::from(index))
                .and_then(|seen| seen.replace(entry.place));
            let fact = match first {
                Some(first) => self.twice(field, first, entry),
                None => self.read(field, &entry.node),
            };
            if let Some(slot) = facts.get_mut(usize::from(index)) {
                *slot = fact;
            }
        }
        if let Some(place) = self.sure(closing, doubted) {
            for (index, id) in members.iter().enumerate() {
                if facts
                    .get(index)
                    .is_some_and(|fact| fact.state == State::Missing)
                    && let Some(closed) = vocabulary
                        .field(*id)
                        .and_then(|f| closed(f, place, self.expected.trust_claims))
                    && let Some(fact) = facts.get_mut(index)
                {
                    *fact = closed;
                }
            }
        }
        Record {
            facts,
            place: Some(item.place),
        }
    }

    /// Gives the fields that closed groups leave unlisted their values.
    pub(super) fn finish(&mut self, project: &mut Project) {
        let vocabulary = self.expected.vocabulary;
        for group in 0..self.closable.len() {
            let closing = self.closing.get(group).copied().flatten();
            let doubted = self.doubted.get(group).copied().unwrap_or(false);
            let Some(place) = self.sure(closing, doubted) else {
                continue;
            };
            for field in self
                .closable
                .get(group)
                .into_iter()
                .flatten()
                .filter_map(|id| vocabulary.field(*id))
            {
                if let Slot::Project(slot) = field.slot
                    && let Some(fact) = project.facts.get_mut(usize::from(slot))
                    && fact.state == State::Missing
                    && let Some(closed) = closed(field, place, self.expected.trust_claims)
                {
                    *fact = closed;
                }
            }
        }
    }

    /// The closing line, unless something was not understood that may have been one of the fields.
    fn sure(&mut self, closing: Option<Place>, doubted: bool) -> Option<Place> {
        let place = closing?;
        if !doubted && !self.damage.fields_lost {
            return Some(place);
        }
        let message = Text::new(
            "有内容未能读取，此处未按填报完整处理",
            "something was not read, so this is not taken as complete",
        );
        let help = Text::new("请先改正其他填报问题", "correct the other problems first");
        self.problems
            .push(Problem::warning("hegui::intake::not_closed", place, message).help(help));
        None
    }

    /// Reports an unknown key. The group it may have been meant for is not closed.
    pub(super) fn unknown(&mut self, scope: Scope, entry: &Entry, help: Option<Text>) {
        let vocabulary = self.expected.vocabulary;
        let meant = self
            .unknown
            .meet(vocabulary, scope, entry, help, &mut self.problems);
        self.doubt_meant(&meant);
    }

    /// Doubts the groups of fields that a key may have been meant for.
    fn doubt_meant(&mut self, meant: &[FieldId]) {
        let vocabulary = self.expected.vocabulary;
        for field in meant {
            if let Scope::Group(group) = vocabulary.scope_of(*field) {
                self.doubt(group);
            }
        }
    }

    /// The problems found, without the parser's word on keys that were reported as given twice.
    pub(super) fn into_problems(mut self, parsing: Vec<Problem>) -> Vec<Problem> {
        if self.in_cells {
            self.unknown.count_rows(&mut self.problems);
        }
        merged(self.problems, parsing)
    }
}

/// The problems of reading and of parsing; what the parser says of a key given twice is left out where reading says more.
pub(super) fn merged(mut reading: Vec<Problem>, parsing: Vec<Problem>) -> Vec<Problem> {
    if !parsing.is_empty() {
        let twice = reading
            .iter()
            .filter(|p| p.code == "hegui::intake::given_twice");
        let mut told: Vec<Place> = twice
            .flat_map(|p| p.labels.iter().map(|label| label.place))
            .collect();
        told.sort_unstable();
        reading.extend(
            parsing
                .into_iter()
                .filter(|p| p.code != DUPLICATE_KEY || told.binary_search(&p.place()).is_err()),
        );
    }
    crate::base::problem::sorted(reading)
}

/// A built-in or fixed key that is written twice.
pub(super) fn key_twice(first: Place, again: &Entry) -> Problem {
    let key = shown(&again.key);
    Problem::error(
        "hegui::intake::given_twice",
        first,
        text!("`{key}` 填写了两次", "`{key}` is given twice"),
    )
    .note(Text::new("第一处", "here"))
    .also(again.place, Text::new("又一处", "and here"))
    .help(Text::new("请只保留一处", "keep only one of them"))
}

#[cfg(test)]
mod tests {
    use crate::intake::fixture::{check, json};

    #[test]
    fn keys_are_known_by_path_segment_label_and_dotted_path() {
        for text in [
            "[land]\narea = 5",
            "[\"用地\"]\n\"用地面积\" = 5",
            "\"用地面积\" = 5",
            "\"land.area\" = 5",
            "\"用地.用地面积\" = 5",
            "[\"land group\"]\n\"land area\" = 5",
        ] {
            assert_eq!(check(text, &[]).fact("land.area"), "5 亩", "{text}");
        }
    }

    #[test]
    fn an_unknown_key_names_the_field_that_was_meant() {
        for (text, key, help) in [
            (
                "[land]\naera = 3",
                "aera",
                "是否为 `land.area`（用地面积）？",
            ),
            (
                "[land]\n\"用地面枳\" = 3",
                "\"用地面枳\"",
                "是否为 `land.area`（用地面积）？",
            ),
            (
                "[land]\nraw_coal = 3",
                "raw_coal",
                "`energy.raw_coal`（原煤）属于“能源”（energy），请填写到那里",
            ),
            (
                "[[boilers]]\nraw_coal = 3",
                "raw_coal",
                "`energy.raw_coal`（原煤）属于“能源”（energy），请填写到那里",
            ),
            (
                "nox = 3",
                "nox",
                "`boilers.nox`（氮氧化物浓度）属于“锅炉”（boilers）的各项，请填写到那里",
            ),
            ("submited = 3", "submited", "是否为 `submitted`？"),
            ("[lnad]\nx = 3", "lnad", "是否为 `land`？"),
            (
                "[land]\nzzzzzzzzz = 3",
                "zzzzzzzzz",
                "可填写：用地面积、用地方式、占用永久基本农田面积、地块编号",
            ),
            ("zzzzzzzzz = 3", "zzzzzzzzz", ""),
        ] {
            assert_eq!(
                check(text, &[&format!("unknown_field｜{key}")]).help(),
                help,
                "{text}"
            );
        }
    }

    #[test]
    fn a_fact_given_twice_is_unreadable_and_both_places_are_shown() {
        for (text, labels) in [
            ("[land]\narea = 5\n\"用地面积\" = 5", "area｜\"用地面积\""),
            ("\"用地面积\" = 5\n[land]\narea = 6", "\"用地面积\"｜area"),
            ("[land]\narea = 5\narea = 6", "area｜area"),
        ] {
            let read = check(text, &[&format!("given_twice｜{labels}")]);
            assert_eq!(read.fact("land.area"), "unreadable", "{text}");
        }
        let read = json("\"land\": {\"area\": 5, \"area\": 5}");
        assert_eq!(
            (read.found(), read.fact("land.area")),
            (
                vec!["given_twice｜\"area\"｜\"area\"".to_owned()],
                "unreadable".to_owned()
            )
        );
        let read = check(
            "[[boilers]]\nnox = 5\n\"氮氧化物浓度\" = 5",
            &["given_twice｜nox｜\"氮氧化物浓度\""],
        );
        assert_eq!(read.fact("boilers[1].nox"), "unreadable");
        let read = check(
            "[[boilers]]\nnox = 5\n[boilers]\nnox = 5",
            &["given_twice｜boilers｜boilers"],
        );
        assert_eq!(read.fact("boilers"), "unreadable");
    }

    #[test]
    fn a_derived_field_may_not_be_given() {
        let read = check("[energy]\ntotal = 5", &["derived_field｜total"]);
        assert_eq!(
            (read.fact("energy.total").as_str(), read.help()),
            (
                "missing",
                "自行测算的数值请填写在 `energy.total_declared`（申报综合能耗）"
            )
        );
    }

    #[test]
    fn a_list_is_complete_if_given_and_unknown_if_absent() {
        assert_eq!(check("boilers = []", &[]).fact("boilers"), "0 项");
        assert_eq!(check("", &[]).fact("boilers"), "missing");
        assert_eq!(
            check("[boilers]\nnox = 5", &["wrong_type｜[boilers]"]).fact("boilers"),
            "unreadable"
        );
        assert_eq!(
            check("boilers = [{nox = 5}, 3]", &["wrong_type｜3"]).fact("boilers"),
            "unreadable"
        );
        assert_eq!(
            check("land = 5", &["not_a_group｜5"]).fact("land.area"),
            "missing"
        );
    }

    #[test]
    fn many_unknown_keys_are_all_named() {
        let lines: Vec<String> = (0..1000).map(|n| format!("key_{n} = 1")).collect();
        let text = lines.join("\n");
        assert_eq!(crate::intake::fixture::toml(&text).problems.len(), 1000);
    }
}
