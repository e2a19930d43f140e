//! Goals that a project's facts suggest, by the pack's table `goal-suggestions`; where claim and suggestion part.
//!
//! All rows that match count, not only the one by which the table decides. It does not change a claim.

use crate::judge::engine::Settings;
use crate::language::eval::{Evaluator, Silent};
use crate::model::project::{Project, Value};
use crate::model::value::Tri;
use crate::rules::pack::Packs;

/// The table's id.
pub const TABLE: &str = "goal-suggestions";
/// The output that names the goal.
const OUTPUT: &str = "goal";

/// A suggested goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The goal's number.
    pub goal: usize,
    /// False if a missing fact would decide it.
    pub sure: bool,
    /// The rows of the table that suggest it.
    pub rows: Vec<usize>,
    /// True if the project claims it.
    pub claimed: bool,
}

/// What is suggested for a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// The table's number; none if the packs have no such table, and then nothing is suggested.
    pub table: Option<u16>,
    /// The suggested goals, in the order of the plan.
    pub goals: Vec<Suggestion>,
    /// Goals that are claimed and that the table knows, but suggests in no case for this project.
    pub unmatched: Vec<usize>,
}

impl Suggestions {
    /// Goals that are surely suggested and not claimed.
    pub fn unclaimed(&self) -> impl Iterator<Item = &Suggestion> {
        self.goals.iter().filter(|s| s.sure && !s.claimed)
    }

    /// True if claim and suggestion part.
    pub fn differ(&self) -> bool {
        !self.unmatched.is_empty() || self.unclaimed().next().is_some()
    }
}

/// What the packs suggest for a project.
pub fn suggest(packs: &Packs, settings: &Settings, project: &Project) -> Suggestions {
    let mut suggestions = Suggestions::default();
    let found = packs.library.table(TABLE).and_then(|number| {
        let table = packs.library.tables.get(usize::from(number))?;
        Some((number, table, table.output(OUTPUT)?))
    });
    let (Some((number, table, output)), Some(submitted)) = (found, project.submitted) else {
        return suggestions;
    };
    suggestions.table = Some(number);
    let day = settings.as_of.unwrap_or(submitted.date);
    let mut eval = Evaluator::new(&packs.library, project, day, Silent);
    eval.trust_claims = settings.trust_claims;
    let matches = eval.rows_that_match(number);
    let goal_of = |row: usize| {
        let value = table.rows.output(row, output)?;
        let Value::Text(words) = value else {
            return None;
        };
        let same = |id: &str| id == &*words.folded;
        packs.goals.iter().position(|goal| same(&goal.id))
    };
    let claimed = |goal: usize| {
        let id = packs.goals.get(goal).map(|goal| &goal.id);
        project.supports.iter().any(|s| Some(&s.goal) == id)
    };
    let mut known: Vec<usize> = (0..table.rows.len()).filter_map(goal_of).collect();
    known.sort_unstable();
    known.dedup();
    for goal in known {
        let rows: Vec<(usize, Tri)> = matches
            .iter()
            .copied()
            .filter(|(row, _)| goal_of(*row) == Some(goal))
            .collect();
        if !rows.is_empty() {
            suggestions.goals.push(Suggestion {
                goal,
                sure: rows.iter().any(|(_, is)| *is == Tri::True),
                rows: rows.into_iter().map(|(row, _)| row).collect(),
                claimed: claimed(goal),
            });
        } else if claimed(goal) {
            suggestions.unmatched.push(goal);
        }
    }
    suggestions
}
