//! What is to be done about a project now, and by whom: papers and facts to be supplied, values to be
//! changed, matters to be decided or explained.
//!
//! It asks for nothing that is not due, and never asks the applicant for what an office holds.

use crate::base::problem::Problem;
use crate::base::source::Place;
use crate::base::text::Text;
use crate::judge::decision::Decision;
use crate::judge::finding::{Finding, Judged, Verdict};
use crate::judge::wording;
use crate::language::eval::{Cause, Lack, Subject};
use crate::model::field::Provider;
use crate::model::project::Project;
use crate::report::{Assessment, finding, phrases, text::is_left_out};
use crate::text;

/// Who is to act.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Who {
    /// 申请人.
    Applicant,
    /// 本机关.
    Office,
    /// 部门.
    Department(Text),
    /// 有权机关: whoever may decide.
    Authority,
}

impl Who {
    /// The words shown to people.
    pub(in crate::report) fn label(&self) -> Text {
        match self {
            Self::Applicant => text!("申请人", "the applicant"),
            Self::Office => text!("本机关", "this office"),
            Self::Department(name) => name.clone(),
            Self::Authority => text!("有权机关", "the competent authority"),
        }
    }

    /// Who supplies what is lacking.
    pub(in crate::report) fn supplies(run: &Assessment<'_>, lack: &Lack) -> Self {
        let (Subject::Fact(fact), false) = (lack.subject, is_offices(lack.cause)) else {
            return Self::Office;
        };
        let field = run.engine.packs.library.vocabulary.field(fact.field);
        match field.map(|f| &f.provider) {
            Some(Provider::Applicant) => Self::Applicant,
            Some(Provider::Department(name)) => Self::Department(name.clone()),
            Some(Provider::Office | Provider::Computed) | None => Self::Office,
        }
    }
}

/// True for what only the office can mend, whoever states the fact.
fn is_offices(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::TableGap | Cause::NotConfigured | Cause::Parameter | Cause::Layer
    )
}

/// What kind of thing is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Kind {
    /// A paper.
    Paper,
    /// A fact.
    Fact,
    /// Another value or another proposal.
    Change,
    /// A decision.
    Ruling,
    /// An explanation.
    Explanation,
}

impl Kind {
    /// The words shown to people.
    pub(in crate::report) fn label(self) -> Text {
        match self {
            Self::Paper => text!("补交材料", "supply a paper"),
            Self::Fact => text!("补充、更正或确认事实", "supply, correct or confirm a fact"),
            Self::Change => text!("修改方案", "change the proposal"),
            Self::Ruling => text!("作出认定", "decide"),
            Self::Explanation => text!("补充说明", "explain"),
        }
    }
}

/// One thing to be done.
#[derive(Clone, Debug)]
pub(in crate::report) struct Demand {
    /// Who is to act.
    pub who: Who,
    /// What kind of thing it is.
    pub kind: Kind,
    /// The gravest decision that it stands behind.
    pub decision: Decision,
    /// The paper or the fact.
    pub what: Text,
    /// What is wrong with it.
    pub problem: Text,
    /// What to do.
    pub ask: Text,
    /// What it rests on, each once.
    pub basis: Vec<Text>,
    /// The rules that ask for it.
    pub rules: Vec<u16>,
    /// The mistake in the submission that it is about.
    pub mended: Option<Place>,
    /// What is lacking, for facts.
    lack: Option<Lack>,
}

/// What is to be done about a project, by who acts and how grave it is.
pub(in crate::report) fn of(
    run: &Assessment<'_>,
    project: &Project,
    judged: &Judged,
) -> Vec<Demand> {
    let mut all: Vec<Demand> = Vec::new();
    let open = judged.findings.iter().filter(|f| {
        matches!(f.verdict, Verdict::Fail | Verdict::Undetermined)
            && f.waiver().is_none()
            && !is_left_out(f)
    });
    for finding in open {
        match finding.verdict {
            Verdict::Fail => all.extend(mend(run, project, finding)),
            _ => facts(run, project, finding, &mut all),
        }
    }
    // Stable: what is equally grave keeps the order of the rules.
    all.sort_by(|a, b| (&a.who, b.decision.rank()).cmp(&(&b.who, a.decision.rank())));
    all
}

/// What a rule that is not met asks for.
fn mend(run: &Assessment<'_>, project: &Project, finding: &Finding) -> Option<Demand> {
    let rule = run.engine.packs.rules.get(usize::from(finding.rule))?;
    let (who, kind) = match finding.effective() {
        Decision::Supplement => (Who::Applicant, Kind::Paper),
        Decision::Reject | Decision::Rectify => (Who::Applicant, Kind::Change),
        Decision::Explain => (Who::Applicant, Kind::Explanation),
        Decision::Refer => (Who::Authority, Kind::Ruling),
        Decision::Verify | Decision::Unassessed => (Who::Office, Kind::Fact),
        Decision::Clear => return None,
    };
    let evidence = run.engine.evidence(project, finding);
    Some(Demand {
        who,
        kind,
        decision: finding.effective(),
        what: rule.title.clone(),
        problem: finding::message(&evidence, finding.verdict),
        ask: rule.remedy.clone(),
        basis: phrases::bases(run, rule, finding),
        rules: vec![finding.rule],
        mended: None,
        lack: None,
    })
}

/// The facts that would decide a finding; a fact that several rules need is asked for once.
fn facts(run: &Assessment<'_>, project: &Project, finding: &Finding, all: &mut Vec<Demand>) {
    let Some(rule) = run.engine.packs.rules.get(usize::from(finding.rule)) else {
        return;
    };
    let bases = phrases::bases(run, rule, finding);
    for lack in finding.lacks() {
        let same = |d: &&mut Demand| d.lack == Some(*lack);
        if let Some(demand) = all.iter_mut().find(same) {
            demand.decision = demand.decision.max(finding.effective());
            demand.rules.push(finding.rule);
            for basis in &bases {
                if !demand.basis.contains(basis) {
                    demand.basis.push(basis.clone());
                }
            }
            continue;
        }
        let who = Who::supplies(run, lack);
        let mistake = mistake(run, project, lack);
        let help = mistake.and_then(|m| m.help.clone());
        // Whoever owes a fact that only matters for an explanation is asked for no more than that.
        all.push(Demand {
            kind: Kind::Fact,
            decision: finding.effective(),
            what: wording::lack_label(&run.engine.packs.library, project, lack),
            problem: mistake.map_or_else(|| wording::cause(lack.cause), |m| m.message.clone()),
            ask: help.unwrap_or_else(|| ask(run, &who, lack)),
            mended: mistake.map(Problem::place),
            who,
            basis: bases.clone(),
            rules: vec![finding.rule],
            lack: Some(*lack),
        });
    }
}

/// What is wrong with a fact that stands there and could not be read.
fn mistake<'a>(run: &Assessment<'a>, project: &Project, lack: &Lack) -> Option<&'a Problem> {
    let (Subject::Fact(fact), Cause::Unreadable) = (lack.subject, lack.cause) else {
        return None;
    };
    let vocabulary = &run.engine.packs.library.vocabulary;
    let place = project.find(vocabulary, fact)?.origin.place();
    let own = |p: &&Problem| place != Place::Nowhere && p.place() == place;
    run.problems.iter().find(own)
}

/// What to do about a fact that is lacking.
fn ask(run: &Assessment<'_>, who: &Who, lack: &Lack) -> Text {
    let library = &run.engine.packs.library;
    if let (Who::Department(_), Subject::Fact(fact)) = (who, lack.subject)
        && let Some(advice) = wording::ask_department(library, fact.field)
    {
        return advice;
    }
    match lack.cause {
        Cause::Imprecise => text!("给出更精确的数值", "give a more precise value"),
        Cause::Unreadable => text!("更正填报内容", "correct what was written"),
        Cause::Unconfirmed => text!("查询确认", "look it up and confirm it"),
        Cause::Parameter => text!("在规则包中设定取值", "set its value in a pack"),
        Cause::TableGap => text!("由本机关查明并补充名录", "find out and add it to the table"),
        Cause::Layer => text!("补充图层", "provide the layer"),
        Cause::Known | Cause::Missing | Cause::NotConfigured => match who {
            Who::Applicant => text!("补充填报", "supply it"),
            _ => text!("查询确认", "look it up and confirm it"),
        },
    }
}
