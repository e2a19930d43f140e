//! Why a finding moved between two runs: one thing at a time is exchanged, and the project is judged again.
//!
//! For each thing `t` that is not the same in both runs, `old[t := new]` and `new[t := old]` are judged. Of a finding
//! that is `a` in the old run and `b` in the new one, `t` *suffices* if `old[t := new]` gives `b`, and is *needed* if
//! `new[t := old]` gives `a`. What suffices is the cause; else what is needed; else what has any effect. Where nothing
//! has by itself, all of a kind are exchanged together: the proposal, the rules, the settings.
//!
//! It reads no files: it is given the proposal of each side as the rules of the other read it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::text::Text;
use crate::judge::change::{Change, Part, changes};
use crate::judge::decision::Decision;
use crate::judge::engine::{Engine, Settings};
use crate::judge::finding::{Finding, Verdict};
use crate::judge::waiving;
use crate::language::types::Library;
use crate::model::field::{Enumeration, Vocabulary};
use crate::model::instrument::Instrument;
use crate::model::parameter::Parameter;
use crate::model::project::Project;
use crate::model::table::Table;
use crate::model::waiver::Waiver;
use crate::rules::pack::Packs;
use crate::rules::rule::Rule;

/// One run of a project.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Its packs.
    pub packs: &'a Packs,
    /// Its settings.
    pub settings: &'a Settings,
    /// Its proposal.
    pub project: &'a Project,
    /// The proposal of the other side, as these packs read it.
    pub other: &'a Project,
    /// Its waivers.
    pub waivers: &'a [Waiver],
}

/// A verdict, what it drives, and what it drives with waivers considered.
pub type Outcome = (Verdict, Decision, Decision);

/// The outcome of every rule.
pub type Outcomes = BTreeMap<String, Outcome>;

/// Something that moved a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A part of the proposal, by the path of the field, `submitted` or `stage`.
    Proposal(String),
    /// The day `--as-of`.
    AsOf,
    /// The review date, which decides waivers.
    ReviewDate,
    /// Waivers were added, changed or withdrawn.
    Waivers,
    /// Claims count as facts, or no longer do.
    TrustClaims,
    /// What the office said it does not have.
    NotProvided,
    /// A parameter's versions.
    Parameter(String),
    /// A table's rows.
    Table(String),
    /// An instrument: its dates, its rank, or what makes it binding.
    Instrument(String),
    /// The rule itself: its conditions, basis or stage.
    Rule(String),
    /// The rule is new among those in use.
    RuleAdded(String),
    /// The rule is no longer among those in use.
    RuleRemoved(String),
    /// Several changes of the proposal together.
    WholeProposal,
    /// The packs as a whole: their fields, or several changes together.
    WholeLaw,
    /// Several of the above together.
    Together,
}

/// How sure a cause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// By itself it makes the whole change.
    Suffices,
    /// Without it the finding would be what it was.
    Needed,
    /// It has an effect, but others have too.
    Contributes,
}

/// A cause with its strength.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The cause.
    pub cause: Cause,
    /// How sure it is.
    pub strength: Strength,
}

/// What moved, and why.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// The outcomes of the old run.
    pub old: Outcomes,
    /// The outcomes of the new run.
    pub new: Outcomes,
    /// The outcomes of the old proposal under the rules, settings and waivers of the new run.
    pub old_now: Outcomes,
    /// The causes of each rule whose outcome moved.
    pub causes: BTreeMap<String, Vec<Because>>,
}

/// The outcomes of a project.
fn judged(packs: &Packs, settings: &Settings, project: &Project, waivers: &[Waiver]) -> Outcomes {
    judged_by(&Engine::new(packs, settings), project, waivers)
}

fn judged_by(engine: &Engine<'_>, project: &Project, waivers: &[Waiver]) -> Outcomes {
    let mut judged = vec![engine.judge(project)];
    waiving::apply(engine, std::slice::from_ref(project), &mut judged, waivers);
    let findings = judged.into_iter().flat_map(|j| j.findings);
    let outcome = |finding: Finding| {
        let rule = engine.packs.rules.get(usize::from(finding.rule))?;
        let outcome = (finding.verdict, finding.drives, finding.effective());
        Some((rule.id.clone(), outcome))
    };
    findings.filter_map(outcome).collect()
}

impl Side<'_> {
    fn outcomes(&self) -> Outcomes {
        judged(self.packs, self.settings, self.project, self.waivers)
    }

    /// The outcomes with another project.
    fn with(&self, project: &Project) -> Outcomes {
        judged(self.packs, self.settings, project, self.waivers)
    }
}

/// One thing exchanged, both ways.
struct Move {
    cause: Cause,
    forward: Outcomes,
    backward: Outcomes,
}

/// What moved between two runs of a project, and why.
pub fn explain(old: Side<'_>, new: Side<'_>) -> Explained {
    let (before, after) = (old.outcomes(), new.outcomes());
    let rules: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let moved: Vec<&String> = rules
        .into_iter()
        .filter(|rule| before.get(*rule) != after.get(*rule))
        .collect();
    let mut causes = BTreeMap::new();
    if !moved.is_empty() {
        let same_law = same_packs(old.packs, new.packs);
        let mut moves = proposal(old, new);
        moves.extend(settings(old, new, same_law));
        if !same_law {
            moves.extend(law(old, new));
        }
        let mut whole = Vec::new();
        for rule in moved {
            let mut found = because(rule, &before, &after, &moves);
            if found.is_empty() {
                if whole.is_empty() {
                    whole = wholes(old, new, same_law);
                }
                found = because(rule, &before, &after, &whole);
            }
            let own = match (before.contains_key(rule), after.contains_key(rule)) {
                (false, true) => Some(Cause::RuleAdded(rule.clone())),
                (true, false) => Some(Cause::RuleRemoved(rule.clone())),
                _ => None,
            };
            if let Some(cause) = own {
                let strength = Strength::Suffices;
                found = vec![Because { cause, strength }];
            }
            if found.is_empty() {
                let cause = Cause::Together;
                let strength = Strength::Contributes;
                found.push(Because { cause, strength });
            }
            causes.insert(rule.clone(), found);
        }
    }
    let old_now = new.with(new.other);
    Explained {
        old: before,
        new: after,
        old_now,
        causes,
    }
}

/// The causes of a rule's move among the things exchanged: the strongest of them.
fn because(rule: &str, before: &Outcomes, after: &Outcomes, moves: &[Move]) -> Vec<Because> {
    let (a, b) = (before.get(rule), after.get(rule));
    let strength = |one: &Move| {
        let (forward, backward) = (one.forward.get(rule), one.backward.get(rule));
        if forward == b {
            Some(Strength::Suffices)
        } else if backward == a {
            Some(Strength::Needed)
        } else if forward != a || backward != b {
            Some(Strength::Contributes)
        } else {
            None
        }
    };
    let mut all: Vec<Because> = moves
        .iter()
        .filter_map(|one| {
            let cause = one.cause.clone();
            strength(one).map(|strength| Because { cause, strength })
        })
        .collect();
    let best = all.iter().map(|one| one.strength).min();
    // What is needed is not alone: what else has an effect belongs beside it.
    all.retain(|one| Some(one.strength) == best || best != Some(Strength::Suffices));
    all.sort_by(|a, b| (a.strength, &a.cause).cmp(&(b.strength, &b.cause)));
    all
}

/// The parts of the proposal, one by one.
fn proposal(old: Side<'_>, new: Side<'_>) -> Vec<Move> {
    let forward = changes(&old.packs.library, old.project, old.other);
    let backward = changes(&new.packs.library, new.other, new.project);
    // A part has one path, whichever packs read it; of a list, it is that of the list.
    let parts = |all: &[Change]| -> BTreeMap<String, Part> {
        let part = |change: &Change| (change.part_path.clone(), change.part);
        all.iter().map(part).collect()
    };
    let (forward, backward) = (parts(&forward), parts(&backward));
    let paths: BTreeSet<&String> = forward.keys().chain(backward.keys()).collect();
    // One engine for all parts: making it costs more than judging by it.
    let engines = [old, new].map(|side| Engine::new(side.packs, side.settings));
    let exchange = |side: &Side<'_>, engine: &Engine<'_>, part: Option<&Part>| {
        let vocabulary = &side.packs.library.vocabulary;
        let mixed = part.map(|part| part.exchanged(vocabulary, side.project, side.other));
        judged_by(engine, mixed.as_ref().unwrap_or(side.project), side.waivers)
    };
    let [by_old, by_new] = &engines;
    paths
        .into_iter()
        .map(|path| Move {
            cause: Cause::Proposal(path.clone()),
            forward: exchange(&old, by_old, forward.get(path)),
            backward: exchange(&new, by_new, backward.get(path)),
        })
        .collect()
}

/// The settings and waivers, one by one.
fn settings(old: Side<'_>, new: Side<'_>, same_law: bool) -> Vec<Move> {
    let mut moves = Vec::new();
    let (a, b) = (old.settings, new.settings);
    let mut exchange = |cause: Cause, take: fn(&mut Settings, &Settings)| {
        let mix = |side: &Side<'_>, other: &Settings| {
            let mut mixed = side.settings.clone();
            take(&mut mixed, other);
            judged(side.packs, &mixed, side.project, side.waivers)
        };
        moves.push(Move {
            cause,
            forward: mix(&old, b),
            backward: mix(&new, a),
        });
    };
    if a.as_of != b.as_of {
        exchange(Cause::AsOf, |mixed, other| mixed.as_of = other.as_of);
    }
    if a.on != b.on {
        exchange(Cause::ReviewDate, |mixed, other| mixed.on = other.on);
    }
    if a.trust_claims != b.trust_claims {
        exchange(Cause::TrustClaims, |mixed, other| {
            mixed.trust_claims = other.trust_claims;
        });
    }
    // Fields and tables have numbers of their own in each set of packs.
    if same_law && a.not_provided != b.not_provided {
        exchange(Cause::NotProvided, |mixed, other| {
            mixed.not_provided.clone_from(&other.not_provided);
        });
    }
    let says = |waivers: &[Waiver]| -> Vec<String> { waivers.iter().map(saying).collect() };
    if says(old.waivers) != says(new.waivers) {
        let mix = |side: &Side<'_>, waivers: &[Waiver]| {
            judged(side.packs, side.settings, side.project, waivers)
        };
        moves.push(Move {
            cause: Cause::Waivers,
            forward: mix(&old, new.waivers),
            backward: mix(&new, old.waivers),
        });
    }
    moves
}

/// All that a waiver says, wherever it stands.
fn saying(waiver: &Waiver) -> String {
    let pins = waiver.pins.iter().map(|pin| {
        let value = format!("{:?}", pin.value.datum);
        format!("{}={value}", pin.path)
    });
    format!(
        "{}\n{}\n{}\n{:?}\n{}\n{}\n{}\n{}\n{}",
        waiver.rule,
        waiver.project,
        waiver.office,
        waiver.level,
        waiver.document_type,
        waiver.document,
        waiver.issued,
        waiver.expires,
        pins.collect::<Vec<_>>().join("\n")
    )
}

/// True if two sets of packs are the same files.
pub fn same_packs(a: &Packs, b: &Packs) -> bool {
    let hashes = |packs: &Packs| -> Vec<String> {
        packs.heads.iter().map(|head| head.hash.clone()).collect()
    };
    hashes(a) == hashes(b)
}

/// True if fields, answers and codes have the same numbers in both, so that tables and rules can change places.
fn same_numbers(a: &Library, b: &Library) -> bool {
    let (va, vb) = (&a.vocabulary, &b.vocabulary);
    let fields = va.fields().iter().map(|f| (&f.path, f.kind, f.slot));
    let lists = va.lists().iter().map(|l| &l.id);
    let answers = |v: &Vocabulary| -> Vec<Vec<String>> {
        let ids = |e: &Enumeration| e.answers.iter().map(|a| a.id.clone()).collect();
        v.enums().iter().map(ids).collect()
    };
    fields.eq(vb.fields().iter().map(|f| (&f.path, f.kind, f.slot)))
        && lists.eq(vb.lists().iter().map(|l| &l.id))
        && answers(va) == answers(vb)
}

/// The packs of a side with something of the other's.
fn mixed(side: Side<'_>, other: &Packs, take: impl FnOnce(&mut Packs, &Packs)) -> Outcomes {
    let mut packs = side.packs.clone();
    take(&mut packs, other);
    // The days on which the law changes are those of both.
    for rule in &mut packs.rules {
        let twin = other.rules.iter().find(|twin| twin.id == rule.id);
        rule.changes.extend(
            twin.into_iter()
                .flat_map(|twin| twin.changes.iter().copied()),
        );
        rule.changes.sort_unstable();
        rule.changes.dedup();
    }
    judged(&packs, side.settings, side.project, side.waivers)
}

/// The parts of the law, one by one.
fn law(old: Side<'_>, new: Side<'_>) -> Vec<Move> {
    let (a, b) = (&old.packs.library, &new.packs.library);
    let mut moves = Vec::new();
    for parameter in &a.parameters {
        let Some(twin) = b.parameters.iter().find(|p| p.id == parameter.id) else {
            continue;
        };
        let says = |p: &Parameter| {
            let versions = p.versions.iter();
            let said = versions.map(|v| (v.period, v.value.clone(), v.confidence));
            said.collect::<Vec<_>>()
        };
        if says(parameter) == says(twin) {
            continue;
        }
        let id = parameter.id.as_str();
        let take = |packs: &mut Packs, other: &Packs| {
            let theirs = other.library.parameters.iter().find(|p| p.id == id);
            let mine = packs.library.parameters.iter_mut().find(|p| p.id == id);
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.versions.clone_from(&theirs.versions);
            }
        };
        moves.push(Move {
            cause: Cause::Parameter(parameter.id.clone()),
            forward: mixed(old, new.packs, take),
            backward: mixed(new, old.packs, take),
        });
    }
    for instrument in &a.instruments {
        let Some(twin) = b.instruments.iter().find(|i| i.id == instrument.id) else {
            continue;
        };
        let says = |i: &Instrument| {
            let binding = i.binding_by.as_ref();
            let binding = binding.map(|b| (b.instrument.clone(), b.confidence));
            (i.period, i.level, i.confidence, binding)
        };
        if says(instrument) == says(twin) {
            continue;
        }
        let id = instrument.id.as_str();
        let take = |packs: &mut Packs, other: &Packs| {
            let theirs = other.library.instruments.iter().find(|i| i.id == id);
            let mine = packs.library.instruments.iter_mut().find(|i| i.id == id);
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.clone_from(theirs);
            }
        };
        moves.push(Move {
            cause: Cause::Instrument(instrument.id.clone()),
            forward: mixed(old, new.packs, take),
            backward: mixed(new, old.packs, take),
        });
    }
    if !same_numbers(a, b) {
        return moves;
    }
    for table in &a.tables {
        let Some(twin) = b.tables.iter().find(|t| t.id == table.id) else {
            continue;
        };
        if same_rows(table, twin) {
            continue;
        }
        let id = table.id.as_str();
        let take = |packs: &mut Packs, other: &Packs| {
            let theirs = other.library.tables.iter().find(|t| t.id == id);
            let mine = packs.library.tables.iter_mut().find(|t| t.id == id);
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                mine.clone_from(theirs);
            }
        };
        moves.push(Move {
            cause: Cause::Table(table.id.clone()),
            forward: mixed(old, new.packs, take),
            backward: mixed(new, old.packs, take),
        });
    }
    // A rule names parameters, tables and instruments by number.
    let same_ids = a
        .parameters
        .iter()
        .map(|p| &p.id)
        .eq(b.parameters.iter().map(|p| &p.id))
        && a.tables
            .iter()
            .map(|t| &t.id)
            .eq(b.tables.iter().map(|t| &t.id))
        && a.instruments
            .iter()
            .map(|i| &i.id)
            .eq(b.instruments.iter().map(|i| &i.id));
    if same_ids {
        moves.extend(rules(old, new));
    }
    moves
}

/// The rules that both sides have and that do not say the same.
fn rules(old: Side<'_>, new: Side<'_>) -> Vec<Move> {
    let mut moves = Vec::new();
    for rule in &old.packs.rules {
        let Some(twin) = new.packs.rules.iter().find(|twin| twin.id == rule.id) else {
            continue;
        };
        if same_rule(rule, twin) {
            continue;
        }
        let id = rule.id.as_str();
        let take = |packs: &mut Packs, other: &Packs| {
            let theirs = other.rules.iter().find(|r| r.id == id);
            let mine = packs.rules.iter_mut().find(|r| r.id == id);
            if let (Some(mine), Some(theirs)) = (mine, theirs) {
                let pack = mine.pack;
                mine.clone_from(theirs);
                mine.pack = pack;
            }
        };
        moves.push(Move {
            cause: Cause::Rule(rule.id.clone()),
            forward: mixed(old, new.packs, take),
            backward: mixed(new, old.packs, take),
        });
    }
    moves
}

/// True if two rules judge alike by what stands in them.
fn same_rule(a: &Rule, b: &Rule) -> bool {
    let programs =
        |rule: &Rule| -> Vec<String> { rule.programs().map(|p| p.text.clone()).collect() };
    let due = |rule: &Rule| -> Vec<_> { rule.due.iter().map(|line| line.stage).collect() };
    let basis = |rule: &Rule| -> Vec<_> {
        let all = rule.basis.iter();
        all.map(|b| (b.cited, b.article.clone(), b.carries))
            .collect()
    };
    programs(a) == programs(b)
        && due(a) == due(b)
        && basis(a) == basis(b)
        && (a.kind, a.valid, a.anchor, &a.waivable_by)
            == (b.kind, b.valid, b.anchor, &b.waivable_by)
}

/// True if two tables answer alike.
fn same_rows(a: &Table, b: &Table) -> bool {
    let rows = |t: &Table| t.rows.len();
    (&a.hit, &a.otherwise, a.confidence) == (&b.hit, &b.otherwise, b.confidence)
        && rows(a) == rows(b)
        && a.rows.iter().zip(b.rows.iter()).all(|(a, b)| {
            a.confidence == b.confidence && a.cells().eq(b.cells()) && a.outputs().eq(b.outputs())
        })
}

/// Everything of a kind exchanged together.
fn wholes(old: Side<'_>, new: Side<'_>, same_law: bool) -> Vec<Move> {
    let mut moves = vec![Move {
        cause: Cause::WholeProposal,
        forward: old.with(old.other),
        backward: new.with(new.other),
    }];
    if !same_law {
        moves.push(Move {
            cause: Cause::WholeLaw,
            forward: judged(new.packs, &across(old.settings), new.other, old.waivers),
            backward: judged(old.packs, &across(new.settings), old.other, new.waivers),
        });
    }
    moves
}

/// Settings without what has numbers of its own in each set of packs.
fn across(settings: &Settings) -> Settings {
    Settings {
        not_provided: Vec::new(),
        ..settings.clone()
    }
}

impl Cause {
    /// A stable word for programs.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Proposal(_) => "field",
            Self::AsOf => "as_of",
            Self::ReviewDate => "review_date",
            Self::Waivers => "waivers",
            Self::TrustClaims => "trust_claims",
            Self::NotProvided => "not_provided",
            Self::Parameter(_) => "parameter",
            Self::Table(_) => "table",
            Self::Instrument(_) => "instrument",
            Self::Rule(_) => "rule",
            Self::RuleAdded(_) => "rule_added",
            Self::RuleRemoved(_) => "rule_removed",
            Self::WholeProposal => "proposal",
            Self::WholeLaw => "packs",
            Self::Together => "together",
        }
    }

    /// What it is the change of: a path or an id.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Proposal(name)
            | Self::Parameter(name)
            | Self::Table(name)
            | Self::Instrument(name)
            | Self::Rule(name)
            | Self::RuleAdded(name)
            | Self::RuleRemoved(name) => Some(name),
            _ => None,
        }
    }

    /// The words for its kind.
    pub fn label(&self) -> Text {
        let (zh, en) = match self {
            Self::Proposal(_) => ("申报内容", "the proposal"),
            Self::AsOf => ("适用时点（--as-of）", "the day --as-of"),
            Self::ReviewDate => ("核查日期", "the review date"),
            Self::Waivers => ("人工认定", "waivers"),
            Self::TrustClaims => ("自报数据是否采信", "whether claims count"),
            Self::NotProvided => ("本单位没有的数据", "what the office does not have"),
            Self::Parameter(_) => ("参数", "a parameter"),
            Self::Table(_) => ("名录", "a table"),
            Self::Instrument(_) => ("法规文件", "an instrument"),
            Self::Rule(_) => ("规则内容", "the rule itself"),
            Self::RuleAdded(_) => ("新增规则", "a new rule"),
            Self::RuleRemoved(_) => ("规则不再使用", "the rule is no longer used"),
            Self::WholeProposal => ("申报内容的多处变化", "several changes of the proposal"),
            Self::WholeLaw => ("规则包的变化", "changes of the packs"),
            Self::Together => (
                "申报内容、规则和设置的变化共同所致",
                "changes of the proposal, rules and settings together",
            ),
        };
        Text::new(zh, en)
    }
}
