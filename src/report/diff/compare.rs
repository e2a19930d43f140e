//! The comparison itself: projects are paired, findings set side by side, and causes put into words.

use std::collections::BTreeSet;

use super::super::mask::{self, is_masked};
use super::super::told::{Evidence, Finding, Project, Report};
use super::law::{facts, from_to, law, passed};
use super::{Compared, Comparison, End, Fate, Item, Reason, Shift, State};
use super::{layers, masked};
use crate::base::date::Date;
use crate::base::text::Text;
use crate::judge::cause::{Because, Cause, Explained, Outcome, Strength};
use crate::judge::change::{Change, Part};
use crate::judge::decision::Decision;
use crate::judge::finding::Verdict;
use crate::rules::pack::Packs;
use crate::text;

/// What judging again told of a project.
#[derive(Clone, Debug)]
pub struct Detail<'a> {
    /// The rules of the old run.
    pub old_packs: &'a Packs,
    /// The rules of the new run.
    pub new_packs: &'a Packs,
    /// What changed in the proposal, as the new rules read it.
    pub changes: Vec<Change>,
    /// What moved, and why.
    pub explained: Explained,
    /// Whether the parcels are the same; none if one of the two has none.
    pub same_site: Option<bool>,
}

/// Compares two runs. `detail` judges a pair of projects again, by their numbers in the reports, if that can be done.
pub fn compare<'a>(
    (old_end, old): (End, &Report),
    (new_end, new): (End, &Report),
    detail: impl Fn(usize, usize) -> Option<Detail<'a>>,
) -> Comparison {
    let pairs = paired(old, new);
    let mut untold = Vec::new();
    let settings = settings(old, new);
    if !(old_end.is_run && new_end.is_run) {
        untold.push(text!(
            "至少一方只有报告、没有输入，不能逐项换算：所列原因是两份报告证据中的差异，未列入证据的字段有无变化无从得知",
            "one side is a report without its inputs, so nothing could be exchanged and judged again: the reasons are differences in the evidence, and fields that are not evidence may have changed unseen"
        ));
        untold.push(text!(
            "“前次应告知未告知”须有前次的申报内容才能判断",
            "whether something could have been asked before cannot be told without the earlier submission"
        ));
    }
    untold.extend(masked::untold((&old_end, old), (&new_end, new)));
    let has = |side: &BTreeSet<usize>, all: &[Project]| -> Vec<String> {
        let left = all.iter().enumerate().filter(|(n, _)| !side.contains(n));
        left.map(|(_, project)| project.called().to_owned())
            .collect()
    };
    let (of_old, of_new): (BTreeSet<usize>, BTreeSet<usize>) = pairs.iter().copied().unzip();
    let projects = pairs.iter().filter_map(|(a, b)| {
        let (a, b, detail) = (old.projects.get(*a)?, new.projects.get(*b)?, detail(*a, *b));
        let pair = Pair {
            reports: (old, new),
            old: a,
            new: b,
            detail,
        };
        Some(pair.compared())
    });
    Comparison {
        projects: projects.collect(),
        gone: has(&of_old, &old.projects),
        added: has(&of_new, &new.projects),
        packs: packs(old, new),
        layers: layers::shifts(old, new),
        settings,
        old: old_end,
        new: new_end,
        untold,
    }
}

/// A test of whether two projects are one.
type Same = fn(&Project, &Project) -> bool;

/// The projects that are one in both: by id, else by name, else the only one left on each side.
fn paired(old: &Report, new: &Report) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut left: Vec<usize> = (0..old.projects.len()).collect();
    let mut open: Vec<usize> = (0..new.projects.len()).collect();
    let tests: [Same; 2] = [
        |a, b| a.id.is_some() && a.id == b.id,
        |a, b| a.name.is_some() && a.name == b.name && !a.is_nameless(),
    ];
    for same in tests {
        left.retain(|a| {
            let Some(one) = old.projects.get(*a) else {
                return false;
            };
            let twin = open
                .iter()
                .position(|b| new.projects.get(*b).is_some_and(|other| same(one, other)));
            if let Some(twin) = twin {
                pairs.push((*a, open.remove(twin)));
            }
            twin.is_none()
        });
    }
    if let ([a], [b]) = (left.as_slice(), open.as_slice()) {
        pairs.push((*a, *b));
    }
    pairs.sort_by_key(|(_, b)| *b);
    pairs
}

fn packs(old: &Report, new: &Report) -> Vec<Shift> {
    let ids: BTreeSet<&str> = old
        .packs
        .iter()
        .chain(&new.packs)
        .map(|pack| pack.id.as_str())
        .collect();
    let shown = |report: &Report, id: &str| {
        let pack = report.packs.iter().find(|pack| pack.id == id)?;
        let hash: String = pack.hash.chars().take(8).collect();
        Some(Text::same(format!("{} ({hash})", pack.version)))
    };
    ids.into_iter()
        .map(|id| Shift {
            id: id.to_owned(),
            label: Text::same(id),
            old: shown(old, id),
            new: shown(new, id),
        })
        .filter(|shift| shift.old != shift.new)
        .collect()
}

fn settings(old: &Report, new: &Report) -> Vec<Shift> {
    let (a, b) = (&old.settings, &new.settings);
    let day = |day: &Option<String>| day.as_deref().map(Text::same);
    let yes = |yes: bool| {
        Some(if yes {
            text!("采信", "they count")
        } else {
            text!("不采信", "they do not")
        })
    };
    let list = |all: &[String]| (!all.is_empty()).then(|| Text::same(all.join("、")));
    let all = [
        (Cause::AsOf, day(&a.as_of), day(&b.as_of)),
        (Cause::ReviewDate, day(&a.on), day(&b.on)),
        (Cause::TrustClaims, yes(a.trust_claims), yes(b.trust_claims)),
        (
            Cause::NotProvided,
            list(&a.not_provided),
            list(&b.not_provided),
        ),
    ];
    let engine = |report: &Report| Some(Text::same(format!("hegui {}", report.tool.version)));
    let mut shifts: Vec<Shift> = all
        .into_iter()
        .map(|(cause, old, new)| Shift {
            id: cause.id().to_owned(),
            label: cause.label(),
            old,
            new,
        })
        .collect();
    shifts.push(Shift {
        id: "engine".to_owned(),
        label: text!("引擎", "engine"),
        old: engine(old),
        new: engine(new),
    });
    let is_masked = |day: &Option<String>| day.as_deref().is_some_and(mask::is_masked);
    let hidden = |shift: &Shift| match shift.id.as_str() {
        id if id == Cause::AsOf.id() => is_masked(&a.as_of) || is_masked(&b.as_of),
        id if id == Cause::ReviewDate.id() => is_masked(&a.on) || is_masked(&b.on),
        _ => false,
    };
    shifts.retain(|shift| shift.old != shift.new && !hidden(shift));
    shifts
}

/// A project in both runs.
struct Pair<'a> {
    reports: (&'a Report, &'a Report),
    old: &'a Project,
    new: &'a Project,
    detail: Option<Detail<'a>>,
}

impl Pair<'_> {
    fn compared(&self) -> Compared {
        let mut items = Vec::new();
        let mut rules: Vec<&str> = Vec::new();
        for finding in self.old.findings.iter().chain(&self.new.findings) {
            if !rules.contains(&finding.rule.as_str()) {
                rules.push(&finding.rule);
            }
        }
        for rule in rules {
            items.extend(self.item(rule));
        }
        items.sort_by(|a, b| (a.fate, &a.rule).cmp(&(b.fate, &b.rule)));
        let changes = self.detail.as_ref().map(|detail| {
            let changes = detail.changes.iter();
            changes.map(|change| self.marked(change)).collect()
        });
        let is_silent = |change: &Change| {
            let layer = self.layer(&change.part_path).map(|moved| moved.id);
            let names = |reason: &Reason| {
                let name = reason.name.as_deref();
                name.is_some() && (name == Some(&change.part_path) || name == layer)
            };
            let moves = |item: &Item| item.moved && item.reasons.iter().any(names);
            change.is_watched && !items.iter().any(moves)
        };
        let changes: Option<Vec<Change>> = changes;
        let numbered = changes.iter().flatten().enumerate();
        let silent = numbered.filter(|(_, change)| is_silent(change));
        let id = self.new.called().to_owned();
        let old_id = self.old.called().to_owned();
        Compared {
            silent: silent.map(|(number, _)| number).collect(),
            old_id: (old_id != id).then_some(old_id),
            id,
            name: self.new.name.clone().unwrap_or_default(),
            decision: (self.old.decision.clone(), self.new.decision.clone()),
            changes,
            items,
        }
    }

    /// What a rule says in both runs, if it moved or is open.
    fn item(&self, rule: &str) -> Option<Item> {
        let (old, new) = (self.old.finding(rule), self.new.finding(rule));
        let was_open = old.is_some_and(Finding::is_open);
        let is_open = new.is_some_and(Finding::is_open);
        let moved = old.map(Finding::outcome) != new.map(Finding::outcome);
        // A rule that came or went without applying is no news.
        let silent = |finding: Option<&Finding>| {
            finding.is_none_or(|finding| finding.verdict.id == "not_applicable")
        };
        if !(moved || was_open && is_open) || silent(old) && silent(new) {
            return None;
        }
        let is_waived = |finding: Option<&Finding>| finding.is_some_and(|f| f.waiver.is_some());
        let fate = match (was_open, is_open) {
            (true, false) if is_waived(new) => Fate::Waived,
            (true, false) => Fate::Cleared,
            (true, true) => Fate::Remains,
            (false, true) if is_waived(old) => Fate::Lapsed,
            (false, true) => Fate::New,
            (false, false) => Fate::Moved,
        };
        let title = new.or(old).map(|finding| Text::from(&finding.title))?;
        let evidence = (
            old.and_then(|finding| finding.evidence.as_ref()),
            new.and_then(|finding| finding.evidence.as_ref()),
        );
        Some(Item {
            rule: rule.to_owned(),
            title,
            old: old.map(state),
            new: new.map(state),
            fate,
            moved,
            is_late: fate == Fate::New && self.is_late(rule, old),
            response: self.response(rule, evidence),
            reasons: if moved {
                self.reasons(rule, old, new)
            } else {
                Vec::new()
            },
            law: self.law(rule, old, new),
        })
    }

    /// True if the old version would have had this finding too under the rules of now, and it was not raised.
    fn is_late(&self, rule: &str, old: Option<&Finding>) -> bool {
        let open = |outcome: &Outcome| {
            matches!(outcome.0, Verdict::Fail | Verdict::Undetermined)
                && outcome.2 != Decision::Clear
        };
        let raised =
            |finding: &Finding| matches!(finding.verdict.id.as_str(), "fail" | "undetermined");
        let now = self.detail.as_ref().map(|detail| &detail.explained.old_now);
        // What a waiver answered was raised.
        !old.is_some_and(raised) && now.and_then(|now| now.get(rule)).is_some_and(open)
    }

    /// What of the proposal that a rule reads was changed.
    fn response(&self, rule: &str, evidence: (Option<&Evidence>, Option<&Evidence>)) -> Vec<Text> {
        let Some(detail) = &self.detail else {
            return facts(evidence).into_iter().map(|(_, text)| text).collect();
        };
        let rule = detail.new_packs.rule(rule);
        let mut reads = rule.map(|rule| rule.reads.clone()).unwrap_or_default();
        // The day that selects the law answers too.
        let anchor = rule.and_then(|rule| rule.anchor);
        reads.extend(anchor);
        let vocabulary = &detail.new_packs.library.vocabulary;
        let is_read = |change: &&Change| match change.part {
            Part::Submitted => anchor.is_none(),
            Part::Stage | Part::Field(_) => change.is_read(vocabulary, &reads),
        };
        let read = detail.changes.iter();
        read.filter(is_read)
            .map(|change| self.marked(change))
            .map(|change| from_to(&change.label, change.old.as_ref(), change.new.as_ref()))
            .collect()
    }

    /// The layer by which a fact was measured, if it is not the same on both sides.
    fn layer(&self, path: &str) -> Option<layers::Moved<'_>> {
        let same = self.detail.as_ref().and_then(|detail| detail.same_site);
        layers::moved((self.old, self.new), same, path)
    }

    /// A change, with a remark where it is the layer and not the proposal that is not what it was.
    fn marked(&self, change: &Change) -> Change {
        let moved = self.layer(&change.part_path);
        moved.map_or_else(|| change.clone(), |moved| moved.marked(change))
    }

    fn reasons(&self, rule: &str, old: Option<&Finding>, new: Option<&Finding>) -> Vec<Reason> {
        let Some(detail) = &self.detail else {
            return self.seen(old, new);
        };
        let mut reasons = Vec::new();
        let said = |outcome: Option<&Outcome>| {
            outcome.map(|(verdict, drives, effective)| (verdict.id(), drives.id(), effective.id()))
        };
        let explained = &detail.explained;
        // What was said then and is not said now of the same inputs is the engine's doing.
        if said(explained.old.get(rule)) != old.map(Finding::outcome)
            || said(explained.new.get(rule)) != new.map(Finding::outcome)
        {
            reasons.push(Reason {
                kind: "engine",
                name: None,
                strength: "suffices",
                text: text!(
                    "引擎不同：同样的输入，现在的引擎得出另一结果",
                    "the engine: of the same inputs, this one says something else"
                ),
            });
        }
        let causes = explained.causes.get(rule);
        reasons.extend(
            causes
                .into_iter()
                .flatten()
                .map(|because| self.reason(because, detail)),
        );
        reasons
    }

    fn reason(&self, because: &Because, detail: &Detail<'_>) -> Reason {
        let cause = &because.cause;
        let strength = match because.strength {
            Strength::Suffices => "suffices",
            Strength::Needed => "needed",
            Strength::Contributes => "contributes",
        };
        let is_date = |path: &str| {
            let own = detail.changes.iter().filter(|c| c.part_path == path);
            own.clone().count() > 0 && own.clone().all(|change| change.is_date)
        };
        if let Cause::Proposal(path) = cause
            && let Some(moved) = self.layer(path)
        {
            return moved.reason(&part(path, detail), strength);
        }
        let kind = match cause {
            Cause::Proposal(path) if is_date(path) => "date",
            cause => cause.id(),
        };
        Reason {
            kind,
            name: cause.name().map(str::to_owned),
            strength,
            text: self.cause(cause, detail),
        }
    }

    /// A cause in words.
    fn cause(&self, cause: &Cause, detail: &Detail<'_>) -> Text {
        let kind = cause.label();
        let (a, b) = (&self.reports.0.settings, &self.reports.1.settings);
        let libraries = [&detail.new_packs.library, &detail.old_packs.library];
        let of = |label: Option<Text>| {
            let label = label.unwrap_or_default();
            Text::new(
                format!("{}：{}", kind.zh, label.zh),
                format!("{}: {}", kind.en, label.en),
            )
        };
        let day = |old: &Option<String>, new: &Option<String>| {
            from_to(
                &kind,
                old.as_deref().map(Text::same).as_ref(),
                new.as_deref().map(Text::same).as_ref(),
            )
        };
        match cause {
            Cause::Proposal(path) => of(Some(part(path, detail))),
            Cause::AsOf => day(&a.as_of, &b.as_of),
            Cause::ReviewDate => day(&a.on, &b.on),
            Cause::Parameter(id) => of(libraries.iter().find_map(|library| {
                let found = library.parameters.iter().find(|p| p.id == *id);
                found.map(|p| p.label.clone())
            })),
            Cause::Table(id) => of(libraries.iter().find_map(|library| {
                let found = library.tables.iter().find(|t| t.id == *id);
                found.map(|t| t.title.clone())
            })),
            Cause::Instrument(id) => of(libraries.iter().find_map(|library| {
                let found = library.instrument_of(id);
                found.map(|i| i.title.clone())
            })),
            Cause::Rule(id) | Cause::RuleAdded(id) | Cause::RuleRemoved(id) => {
                of(Some(Text::same(id)))
            }
            _ => kind,
        }
    }

    /// What of the law is not the same for a finding.
    fn law(&self, rule: &str, old: Option<&Finding>, new: Option<&Finding>) -> Vec<Text> {
        let mut all = law(old, new);
        let (Some(detail), Some(old), Some(new)) = (&self.detail, old, new) else {
            return all;
        };
        if let (Some(from), Some(to)) = (Date::parse(&old.as_of), Date::parse(&new.as_of))
            && from != to
        {
            let packs = detail.new_packs;
            let passed = packs
                .rule(rule)
                .map(|rule| passed(&packs.library, rule, from, to));
            for text in passed.unwrap_or_default() {
                if !all.contains(&text) {
                    all.push(text);
                }
            }
        }
        all
    }

    /// What two reports show of why a finding moved, where nothing can be tried.
    fn seen(&self, old: Option<&Finding>, new: Option<&Finding>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let add = |reasons: &mut Vec<Reason>, kind: &'static str, name, text| {
            reasons.push(Reason {
                kind,
                name,
                strength: "evidence",
                text,
            });
        };
        let (Some(old), Some(new)) = (old, new) else {
            let kind = if new.is_some() {
                Cause::RuleAdded(String::new())
            } else {
                Cause::RuleRemoved(String::new())
            };
            add(&mut reasons, kind.id(), None, kind.label());
            return reasons;
        };
        for (path, text) in facts((old.evidence.as_ref(), new.evidence.as_ref())) {
            match self.layer(&path) {
                Some(moved) => reasons.push(moved.reason(&text, "evidence")),
                None => add(&mut reasons, "field", Some(path), text),
            }
        }
        // A rule that no longer applies shows no facts: what it would read was measured by another layer.
        let read = [old, new].map(|finding| {
            let facts = finding.evidence.iter().flat_map(|e| &e.facts);
            let missing = finding.missing.iter().map(|fact| &fact.path);
            facts.map(|fact| &fact.path).chain(missing)
        });
        for moved in read
            .into_iter()
            .flatten()
            .filter_map(|path| self.layer(path))
        {
            let named = Some(moved.id);
            if !reasons
                .iter()
                .any(|reason| reason.kind == "layer" && reason.name.as_deref() == named)
            {
                reasons.push(moved.reason(&moved.overlap, "evidence"));
            }
        }
        let label = text!("适用时点", "the day of the law");
        if old.as_of != new.as_of && !is_masked(&old.as_of) && !is_masked(&new.as_of) {
            let (a, b) = (Text::same(&old.as_of), Text::same(&new.as_of));
            add(
                &mut reasons,
                "date",
                None,
                from_to(&label, Some(&a), Some(&b)),
            );
        }
        if old.waiver.is_some() != new.waiver.is_some() {
            let (a, b) = (&self.reports.0.settings.on, &self.reports.1.settings.on);
            let kind = if a == b {
                Cause::Waivers
            } else {
                Cause::ReviewDate
            };
            add(&mut reasons, kind.id(), None, kind.label());
        }
        for text in law(Some(old), Some(new)) {
            add(&mut reasons, "law", None, text);
        }
        if reasons.is_empty() && masked::in_evidence(&[old, new]) {
            let text = text!(
                "证据中有已遮盖的值，无从得知是何变化所致",
                "the evidence holds masked values, so what moved it cannot be told"
            );
            add(&mut reasons, "unknown", None, text);
        } else if reasons.is_empty() {
            let same = self.reports.0.packs == self.reports.1.packs;
            let (kind, text) = if same {
                (
                    "unknown",
                    text!(
                        "规则包相同，证据中看不出原因：申报内容或引擎的变化",
                        "the packs are the same and the evidence shows no reason: the proposal or the engine"
                    ),
                )
            } else {
                (
                    "unknown",
                    text!(
                        "证据中看不出原因：规则包、申报内容或引擎的变化，无从区分",
                        "the evidence shows no reason: the packs, the proposal or the engine, which cannot be told apart"
                    ),
                )
            };
            add(&mut reasons, kind, None, text);
        }
        reasons
    }
}

/// What of a part of the proposal changed, in words.
fn part(path: &str, detail: &Detail<'_>) -> Text {
    let parts: Vec<Text> = detail
        .changes
        .iter()
        .filter(|change| change.part_path == path)
        .map(|change| from_to(&change.label, change.old.as_ref(), change.new.as_ref()))
        .collect();
    Text::joined(&parts, "；", "; ")
}

fn state(finding: &Finding) -> State {
    State {
        verdict: finding.verdict.clone(),
        drives: finding.drives.clone(),
        effective: finding.effective.clone(),
        is_waived: finding.waiver.is_some(),
        is_open: finding.is_open(),
        message: Text::from(&finding.message),
    }
}
