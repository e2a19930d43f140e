//! How far indicators have come: baseline, target, findings, what projects contribute, and the pace as of a day.
//!
//! The method, which every report states. The value is the latest finding up to the day (`actual`); without one it
//! is the baseline with the effective contributions of projects. `reached` is the part of the way from the baseline
//! to the target that lies behind. What should be reached by the end of a year lies on straight lines between
//! baseline, milestones and target. Then, from the lower end of what is reached:
//!
//! | pace | meaning |
//! | --- | --- |
//! | 提前实现 ahead | all of the way, before the target's year is over |
//! | 快于预期 faster | more than should be reached by the end of this year |
//! | 基本符合 on track | at least what should have been reached by the end of the last year, or all in time |
//! | 滞后 behind | surely less than that |
//! | 无数据 no data | a figure is missing, or the amounts are too vague to tell |
//!
//! Pending and at-risk contributions are shown and never counted as reached. It judges no project.

use std::collections::BTreeMap;

use crate::base::date::Date;
use crate::base::text::Text;
use crate::model::number::Number;
use crate::model::plan::{Figure, Indicator};
use crate::model::project::Project;
use crate::model::value::Interval;
use crate::text;
use crate::trace::Trace;
use crate::trace::standing::LinkState;

/// How far an indicator has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// 提前实现.
    Ahead,
    /// 快于预期.
    Faster,
    /// 基本符合.
    OnTrack,
    /// 滞后.
    Behind,
    /// 无数据.
    NoData,
}

impl Pace {
    /// All, from the best.
    pub const ALL: [Self; 5] = [
        Self::Ahead,
        Self::Faster,
        Self::OnTrack,
        Self::Behind,
        Self::NoData,
    ];

    /// The id used in reports.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ahead => "ahead",
            Self::Faster => "faster",
            Self::OnTrack => "on_track",
            Self::Behind => "behind",
            Self::NoData => "no_data",
        }
    }

    /// The words shown to people.
    pub fn label(self) -> Text {
        let (zh, en) = match self {
            Self::Ahead => ("提前实现", "ahead of time"),
            Self::Faster => ("快于预期", "faster than expected"),
            Self::OnTrack => ("基本符合", "on track"),
            Self::Behind => ("滞后", "behind"),
            Self::NoData => ("无数据", "no data"),
        };
        Text::new(zh, en)
    }
}

/// What a project adds to an indicator.
#[derive(Clone, Debug)]
pub struct Contribution {
    /// The project, by number.
    pub project: usize,
    /// The state of its support.
    pub state: LinkState,
    /// How much; none if the project does not say.
    pub amount: Option<Interval>,
}

/// How far an indicator has come as of a day.
#[derive(Clone, Debug)]
pub struct Progress<'a> {
    /// The indicator.
    pub indicator: &'a Indicator,
    /// The latest finding up to the day.
    pub actual: Option<&'a Figure>,
    /// What projects add, in reading order.
    pub contributions: Vec<Contribution>,
    /// Where it stands.
    pub value: Option<Interval>,
    /// What is left to the target.
    pub gap: Option<Interval>,
    /// The part of the way that lies behind.
    pub reached: Option<Interval>,
    /// What should be reached by the ends of the last and of this year.
    pub expected: Option<(Number, Number)>,
    /// The pace.
    pub pace: Pace,
    /// Why there is no pace; empty if there is one.
    pub why: Text,
}

impl Progress<'_> {
    /// The sum of the contributions in a state.
    pub fn sum(&self, state: LinkState) -> Interval {
        let amounts = self.contributions.iter().filter(|c| c.state == state);
        amounts
            .filter_map(|c| c.amount.as_ref())
            .fold(Interval::ZERO, |total, amount| total.add(amount))
    }
}

/// The progress of every indicator with a target, in the order of the plan.
pub fn progress<'a>(
    trace: &Trace<'_>,
    indicators: &'a [Indicator],
    projects: &[Project],
    day: Date,
) -> Vec<Progress<'a>> {
    let mut by_indicator: BTreeMap<&str, Vec<Contribution>> = BTreeMap::new();
    for (number, project) in projects.iter().enumerate() {
        for support in &project.supports {
            if let Some(indicator) = &support.indicator {
                let contribution = Contribution {
                    project: number,
                    state: trace.standing.link(number),
                    amount: support.contribution.clone(),
                };
                by_indicator
                    .entry(indicator)
                    .or_default()
                    .push(contribution);
            }
        }
    }
    let with_target = indicators.iter().filter(|i| !i.target.is_empty());
    with_target
        .map(|indicator| {
            let own = by_indicator.remove(indicator.id.as_str());
            of(indicator, own.unwrap_or_default(), day)
        })
        .collect()
}

/// The progress of one indicator.
pub fn of(indicator: &Indicator, contributions: Vec<Contribution>, day: Date) -> Progress<'_> {
    let dated = |figures: &'_ [Figure]| -> Vec<(i16, Interval)> {
        let all = figures
            .iter()
            .filter_map(|f| Some((f.year?, f.value.clone()?)));
        all.collect()
    };
    let actual = indicator
        .actual
        .iter()
        .filter(|f| f.value.is_some() && f.year.is_some_and(|year| year <= day.year()))
        .max_by_key(|f| f.year);
    let mut progress = Progress {
        indicator,
        actual,
        contributions,
        value: None,
        gap: None,
        reached: None,
        expected: None,
        pace: Pace::NoData,
        why: Text::default(),
    };
    let base = dated(&indicator.baseline).into_iter().last();
    let target = dated(&indicator.target).into_iter().last();
    let effective = progress.sum(LinkState::Effective);
    let found = actual.and_then(|f| f.value.clone());
    progress.value = found.or_else(|| base.as_ref().map(|(_, value)| value.add(&effective)));
    let (Some((first, base)), Some((last, target))) = (base, target) else {
        progress.why = text!(
            "规划或本单位未给出有年份的基期值和目标值",
            "no baseline and target with their years are given"
        );
        return progress;
    };
    let Some(value) = progress.value.clone() else {
        return progress;
    };
    progress.gap = Some(target.sub(&value));
    let silent = progress
        .contributions
        .iter()
        .any(|c| c.state == LinkState::Effective && c.amount.is_none());
    if actual.is_none() && silent {
        progress.why = text!(
            "有生效项目未填贡献量，也没有统计值",
            "an effective project does not say how much it adds, and there is no finding"
        );
        return progress;
    }
    if actual.is_none() && progress.contributions.is_empty() {
        progress.why = text!(
            "没有统计值，也没有项目填报贡献",
            "there is no finding and no project contributes"
        );
        return progress;
    }
    let part = |value: &Interval| value.sub(&base).div(&target.sub(&base));
    let mut points: Vec<(i16, Number)> = vec![(first, Number::ZERO)];
    for (year, milestone) in dated(&indicator.milestone) {
        let share = part(&milestone).and_then(|share| share.point().cloned());
        points.extend(share.map(|share| (year, share)));
    }
    points.push((last, Number::ONE));
    points.sort_by_key(|(year, _)| *year);
    progress.reached = part(&value);
    progress.expected = expected(&points, day.year() - 1).zip(expected(&points, day.year()));
    let (Some(reached), Some((before, now))) = (&progress.reached, &progress.expected) else {
        progress.why = text!(
            "基期值与目标值相同，无法计算进度",
            "baseline and target are the same, so there is no way between them"
        );
        return progress;
    };
    let surely = |share: &Number| reached.low().is_some_and(|low| low >= share);
    progress.pace = if surely(&Number::ONE) {
        if day.year() < last {
            Pace::Ahead
        } else {
            Pace::OnTrack
        }
    } else if reached.low().is_some_and(|low| low > now) {
        Pace::Faster
    } else if surely(before) {
        Pace::OnTrack
    } else if reached.high().is_some_and(|high| high < before) {
        Pace::Behind
    } else {
        Pace::NoData
    };
    if progress.pace == Pace::NoData {
        progress.why = text!(
            "数量不确定，区间跨过应达水平",
            "the amounts are too vague: they may lie on either side of what is expected"
        );
    }
    progress
}

/// The part of the way that should be reached by the end of a year.
fn expected(points: &[(i16, Number)], year: i16) -> Option<Number> {
    let before = points.iter().rev().find(|(at, _)| *at <= year);
    let after = points.iter().find(|(at, _)| *at > year);
    match (before, after) {
        (None, Some(_)) => Some(Number::ZERO),
        (Some((_, share)), None) => Some(share.clone()),
        (Some((from, low)), Some((to, high))) => {
            let years = Number::from(i64::from(to - from));
            let passed = Number::from(i64::from(year - from));
            let slope = (high - low).checked_div(&years)?;
            Some(low + &(&slope * &passed))
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Place;
    use crate::model::plan::{Nature, Sense};
    use crate::model::quantity::Measure;

    fn figure(year: i16, value: i64) -> Figure {
        Figure {
            year: Some(year),
            value: Some(Interval::Point(Number::from(value))),
            sense: Sense::AtLeast,
            note: Text::default(),
        }
    }

    /// From 40 in 2020 to 90 in 2025: ten a year.
    fn indicator() -> Indicator {
        Indicator {
            pack: 0,
            id: "I1".into(),
            section: "1".into(),
            goal: None,
            title: Text::same("i"),
            measure: Measure::NONE,
            nature: Nature::Unstated,
            baseline: vec![figure(2020, 40)],
            target: vec![figure(2025, 90)],
            milestone: Vec::new(),
            actual: Vec::new(),
            note: Text::default(),
            place: Place::Nowhere,
        }
    }

    fn adds(state: LinkState, amount: Interval) -> Contribution {
        Contribution {
            project: 0,
            state,
            amount: Some(amount),
        }
    }

    fn point(n: i64) -> Interval {
        Interval::Point(Number::from(n))
    }

    fn at(indicator: &Indicator, contributions: Vec<Contribution>, year: i16) -> Pace {
        of(indicator, contributions, Date::new(year, 6, 30).unwrap()).pace
    }

    #[test]
    fn the_pace_lies_between_the_ends_of_two_years() {
        // In 2023 what should be reached lies between 30 (end of 2022: +20) and 30 + 10.
        for (added, pace) in [
            (19, Pace::Behind),
            (20, Pace::OnTrack),
            (30, Pace::OnTrack),
            (31, Pace::Faster),
            (49, Pace::Faster),
            (50, Pace::Ahead),
        ] {
            let found = at(
                &indicator(),
                vec![adds(LinkState::Effective, point(added))],
                2023,
            );
            assert_eq!(found, pace, "{added}");
        }
        let all = || vec![adds(LinkState::Effective, point(50))];
        assert_eq!(at(&indicator(), all(), 2025), Pace::OnTrack, "in time");
    }

    #[test]
    fn a_finding_outweighs_contributions_and_a_later_one_is_not_yet_known() {
        let mut found = indicator();
        found.actual = vec![figure(2022, 60), figure(2024, 90)];
        let adding = || vec![adds(LinkState::Effective, point(50))];
        assert_eq!(at(&found, adding(), 2023), Pace::OnTrack);
        assert_eq!(at(&found, adding(), 2024), Pace::Ahead);
        assert_eq!(at(&found, Vec::new(), 2022), Pace::OnTrack);
    }

    #[test]
    fn what_is_pending_or_at_risk_is_not_reached() {
        let open = vec![
            adds(LinkState::Pending, point(50)),
            adds(LinkState::AtRisk, point(50)),
        ];
        assert_eq!(at(&indicator(), open, 2023), Pace::Behind);
    }

    #[test]
    fn what_is_not_known_has_no_pace_and_says_why() {
        let vague = vec![adds(
            LinkState::Effective,
            Interval::new(Some(Number::from(10)), Some(Number::from(30))),
        )];
        let mut silent = adds(LinkState::Effective, point(0));
        silent.amount = None;
        let mut without = indicator();
        without.baseline.clear();
        let mut level = indicator();
        level.target = vec![figure(2025, 40)];
        for (indicator, contributions) in [
            (indicator(), vague),
            (indicator(), vec![silent]),
            (indicator(), Vec::new()),
            (without, vec![adds(LinkState::Effective, point(50))]),
            (level, vec![adds(LinkState::Effective, point(50))]),
        ] {
            let day = Date::new(2023, 6, 30).unwrap();
            let progress = of(&indicator, contributions, day);
            assert_eq!(progress.pace, Pace::NoData);
            assert!(!progress.why.is_empty());
        }
    }

    #[test]
    fn milestones_bend_the_way_and_a_fall_is_a_way_too() {
        let mut late = indicator();
        late.milestone = vec![figure(2024, 45)];
        let little = || vec![adds(LinkState::Effective, point(4))];
        assert_eq!(at(&late, little(), 2023), Pace::Faster);
        assert_eq!(at(&indicator(), little(), 2023), Pace::Behind);
        let mut falling = indicator();
        (falling.baseline, falling.target) = (vec![figure(2020, 90)], vec![figure(2025, 40)]);
        falling.actual = vec![figure(2023, 55)];
        assert_eq!(at(&falling, Vec::new(), 2023), Pace::Faster);
    }
}
