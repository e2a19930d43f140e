//! What the benches share: varied projects, a long access list, many rules, and chance that repeats.
#![allow(dead_code, reason = "each bench uses a part of it")]

pub(crate) mod access_list;
pub(crate) mod many_rules;
pub(crate) mod samples;

use hegui::judge::finding::{Judged, Verdict};
use hegui::judge::{Engine, Scratch};
use samples::Set;

/// A small linear congruential generator: the same projects in every run.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below another.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

impl Chance {
    /// A member of a list.
    pub(crate) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let at = self.below(all.len() as u64);
        &all[usize::try_from(at).unwrap()]
    }
}

/// How many findings of each verdict a set comes to.
pub(crate) fn counts(set: &Set) -> String {
    let engine = Engine::new(&set.packs, &set.settings);
    let (mut judged, mut scratch) = (Judged::default(), Scratch::default());
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for project in &set.projects {
        engine.judge_into(project, &mut judged, &mut scratch);
        for finding in &judged.findings {
            *counts.entry(Verdict::id(finding.verdict)).or_default() += 1;
        }
    }
    format!(
        "{} projects × {} rules: {counts:?}",
        set.projects.len(),
        set.packs.rules.len()
    )
}
