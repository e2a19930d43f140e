//! Overlaps and gaps of decision tables, with row numbers.
//!
//! Rows of a `unique` table may not match one case together.
//! Gaps are looked for where every key column is finite: answers and truth values.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::problem::Problem;
use crate::model::code::{CodeId, Relation};
use crate::model::field::{FieldType, Vocabulary};
use crate::model::number::Number;
use crate::model::table::{Bounds, Cell, Hit, Key, Match, Otherwise, Table};
use crate::text;

/// How many combinations of finite columns are tried.
const COMBINATIONS: usize = 20_000;

/// How many overlaps of one table are listed.
const LISTED: usize = 500;

/// Reports overlapping rows of a `unique` table, and gaps of finite columns.
pub(super) fn check(table: &Table, vocabulary: &Vocabulary, problems: &mut Vec<Problem>) {
    if table.hit == Hit::Unique {
        let overlaps = overlaps(table, vocabulary);
        for (a, b) in overlaps.iter().take(LISTED) {
            problems.extend(told(table, *a, *b));
        }
        if overlaps.len() > LISTED {
            let id = &table.id;
            problems.push(Problem::error(
                "hegui::pack::overlap",
                table.place,
                text!(
                    "表 `{id}` 可能同时命中的行很多，只列出前 {LISTED} 对",
                    "table `{id}` has many lines that may match together; only the first {LISTED} pairs are listed"
                ),
            ));
        }
    }
    if table.otherwise == Otherwise::Gap
        && !table.fillable
        && let Some(gap) = first_gap(table, vocabulary)
    {
        let id = &table.id;
        problems.push(
            Problem::error(
                "hegui::pack::gap",
                table.place,
                text!(
                    "表 `{id}` 没有一行回答：{gap}",
                    "no line of table `{id}` answers: {gap}"
                ),
            )
            .help(text!(
                "请补一行，或写 otherwise",
                "add a line, or an `otherwise`"
            )),
        );
    }
}

fn told(table: &Table, a: usize, b: usize) -> Option<Problem> {
    let (row, other, id) = (table.rows.get(a)?, table.rows.get(b)?, &table.id);
    let (a, b) = (row.line, other.line);
    let problem = Problem::error(
        "hegui::pack::overlap",
        other.place,
        text!(
            "表 `{id}` 的第 {a} 行与第 {b} 行可能同时命中",
            "lines {a} and {b} of table `{id}` may match together"
        ),
    );
    let problem = problem.also(row.place, text!("另一行", "the other line"));
    Some(problem.help(text!(
        "请把两行的条件分开，或改用 hit = \"first\"",
        "tell the two apart, or use hit = \"first\""
    )))
}

/// The pairs of rows that may match together, in order, and one more than are listed at most.
///
/// Rows are sorted by the families of their cells ([`families`]): cells of different families do not
/// meet, so rows meet only where their families agree, or where one of them has an empty cell.
fn overlaps(table: &Table, vocabulary: &Vocabulary) -> Vec<(usize, usize)> {
    let rows = &table.rows;
    let families: Vec<Vec<Option<u32>>> = (0..)
        .zip(&table.keys)
        .map(|(key, of)| families(of, rows.distinct(key), vocabulary))
        .collect();
    let family = |row: usize, key: usize| {
        let cell = *rows.numbers(row).get(key)?;
        *families.get(key)?.get(cell as usize)?
    };
    // Rows by which of their cells are empty: few tables have many such kinds of row.
    let mut kinds: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for row in 0..rows.len() {
        let filled = (0..families.len()).map(|key| family(row, key).is_some());
        kinds.entry(filled.collect()).or_default().push(row);
    }
    let mut found = BTreeSet::new();
    let kinds: Vec<(Vec<bool>, Vec<usize>)> = kinds.into_iter().collect();
    for (at, (filled, own)) in kinds.iter().enumerate() {
        for (other_filled, others) in kinds.iter().skip(at) {
            let both = filled.iter().zip(other_filled).map(|(a, b)| *a && *b);
            let shared: Vec<bool> = both.collect();
            let families_of = |row: &usize| -> Vec<Option<u32>> {
                let keys = shared.iter().enumerate().filter(|(_, shared)| **shared);
                keys.map(|(key, _)| family(*row, key)).collect()
            };
            let mut buckets: BTreeMap<Vec<Option<u32>>, Vec<usize>> = BTreeMap::new();
            for row in others {
                buckets.entry(families_of(row)).or_default().push(*row);
            }
            for row in own {
                for other in buckets.get(&families_of(row)).into_iter().flatten() {
                    let pair = (*row.min(other), *row.max(other));
                    if row == other || found.contains(&pair) || !meet(table, pair, vocabulary) {
                        continue;
                    }
                    found.insert(pair);
                    if found.len() > LISTED {
                        return found.into_iter().collect();
                    }
                }
            }
        }
    }
    found.into_iter().collect()
}

fn meet(table: &Table, (a, b): (usize, usize), vocabulary: &Vocabulary) -> bool {
    (0..).zip(&table.keys).all(|(key, of)| {
        match (table.rows.cell(a, key), table.rows.cell(b, key)) {
            (Some(a), Some(b)) => cells_meet(of, a, b, vocabulary),
            _ => true,
        }
    })
}

/// For each distinct cell of a column the number of its family, none if it is empty.
/// Cells that meet are of one family; the reverse need not hold.
fn families(key: &Key, cells: &[Cell], vocabulary: &Vocabulary) -> Vec<Option<u32>> {
    let mut joined = Joined::new(cells.len());
    match key.matching {
        Match::Code(list) | Match::Names(list) => {
            let Some(list) = vocabulary.list(list) else {
                joined.all();
                return joined.families(cells);
            };
            let mut codes: Vec<(CodeId, usize)> = Vec::new();
            for (cell, of) in cells.iter().enumerate() {
                if let Cell::Codes(own) = of {
                    codes.extend(own.iter().map(|code| (*code, cell)));
                }
            }
            codes.sort_unstable();
            // Codes below another follow it, so the last that is still open stands above the next.
            let mut open: Vec<(CodeId, usize)> = Vec::new();
            for (code, cell) in codes {
                while open.last().is_some_and(|(end, _)| *end <= code) {
                    open.pop();
                }
                if let Some((_, above)) = open.last() {
                    joined.join(*above, cell);
                }
                open.push((list.end(code), cell));
            }
        }
        Match::Range => {
            let mut ranges: Vec<(&Bounds, usize)> = Vec::new();
            for (cell, of) in cells.iter().enumerate() {
                if let Cell::Ranges(own) = of {
                    ranges.extend(own.iter().map(|range| (range, cell)));
                }
            }
            let low = |range: &Bounds| range.low.as_ref().map(|(low, _)| low.clone());
            ranges.sort_by_key(|(range, _)| low(range));
            // The range that reaches furthest so far; none of those before it reaches the next if it does not.
            let mut furthest: Option<(Option<&Number>, usize)> = None;
            for (range, cell) in ranges {
                let high = range.high.as_ref().map(|(high, _)| high);
                let starts = range.low.as_ref().map(|(low, _)| low);
                let Some((reach, before)) = furthest else {
                    furthest = Some((high, cell));
                    continue;
                };
                let apart = matches!((reach, starts), (Some(reach), Some(low)) if reach < low);
                if !apart {
                    joined.join(before, cell);
                }
                let further = match (reach, high) {
                    (None, _) => false,
                    (Some(_), None) => true,
                    (Some(reach), Some(high)) => high > reach,
                };
                if further {
                    furthest = Some((high, cell));
                }
            }
        }
        Match::Exact | Match::Set => {
            let mut first: BTreeMap<&str, usize> = BTreeMap::new();
            let mut first_answer: BTreeMap<u16, usize> = BTreeMap::new();
            for (cell, of) in cells.iter().enumerate() {
                match of {
                    Cell::Texts(texts) => {
                        for text in texts {
                            joined.join(*first.entry(text).or_insert(cell), cell);
                        }
                    }
                    Cell::Answers(answers) => {
                        for answer in answers {
                            joined.join(*first_answer.entry(*answer).or_insert(cell), cell);
                        }
                    }
                    Cell::Bool(value) => {
                        let answer = u16::from(*value);
                        joined.join(*first_answer.entry(answer).or_insert(cell), cell);
                    }
                    Cell::Any | Cell::Codes(_) | Cell::Ranges(_) => {}
                }
            }
        }
    }
    joined.families(cells)
}

/// Which cells were joined with which, directly or over others.
struct Joined(Vec<usize>);

impl Joined {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut member: usize) -> usize {
        while let Some(up) = self.0.get(member).copied().filter(|up| *up != member) {
            // Each step is halved for the next search.
            let further = self.0.get(up).copied().unwrap_or(up);
            if let Some(place) = self.0.get_mut(member) {
                *place = further;
            }
            member = further;
        }
        member
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(place) = self.0.get_mut(a.max(b)) {
            *place = a.min(b);
        }
    }

    fn all(&mut self) {
        self.0.fill(0);
    }

    fn families(mut self, cells: &[Cell]) -> Vec<Option<u32>> {
        let family = |(cell, of): (usize, &Cell)| {
            let root = self.root(cell);
            (*of != Cell::Any).then(|| u32::try_from(root).unwrap_or(u32::MAX))
        };
        cells.iter().enumerate().map(family).collect()
    }
}

fn cells_meet(key: &Key, a: &Cell, b: &Cell, vocabulary: &Vocabulary) -> bool {
    match (a, b) {
        (Cell::Codes(a), Cell::Codes(b)) => {
            let (Match::Code(list) | Match::Names(list)) = key.matching else {
                return true;
            };
            let Some(list) = vocabulary.list(list) else {
                return true;
            };
            a.iter()
                .any(|a| b.iter().any(|b| list.relation(*a, *b) != Relation::Apart))
        }
        (Cell::Ranges(a), Cell::Ranges(b)) => a.iter().any(|a| b.iter().any(|b| bounds_meet(a, b))),
        (Cell::Texts(a), Cell::Texts(b)) => a.iter().any(|a| b.contains(a)),
        (Cell::Answers(a), Cell::Answers(b)) => a.iter().any(|a| b.contains(a)),
        (Cell::Bool(a), Cell::Bool(b)) => a == b,
        // An empty cell meets anything.
        _ => true,
    }
}

fn bounds_meet(a: &Bounds, b: &Bounds) -> bool {
    let before = |a: &Bounds, b: &Bounds| match (&a.high, &b.low) {
        (Some((high, high_in)), Some((low, low_in))) => {
            high < low || (high == low && !(*high_in && *low_in))
        }
        _ => false,
    };
    !before(a, b) && !before(b, a)
}

/// The first combination of finite columns that no row matches.
fn first_gap(table: &Table, vocabulary: &Vocabulary) -> Option<String> {
    let values: Option<Vec<Vec<(Cell, String)>>> = table
        .keys
        .iter()
        .map(|key| finite(key, vocabulary))
        .collect();
    let values = values?;
    let total = values
        .iter()
        .map(Vec::len)
        .try_fold(1_usize, usize::checked_mul)?;
    if total > COMBINATIONS {
        return None;
    }
    (0..total).find_map(|mut number| {
        let mut chosen = Vec::with_capacity(values.len());
        for options in &values {
            chosen.push(options.get(number % options.len())?);
            number /= options.len();
        }
        let matched = table.rows.iter().any(|row| {
            (table.keys.iter().zip(row.cells()).zip(&chosen))
                .all(|((key, cell), (value, _))| cells_meet(key, cell, value, vocabulary))
        });
        let named = || {
            table
                .keys
                .iter()
                .zip(&chosen)
                .map(|(key, (_, name))| format!("{} = {name}", key.column))
                .collect::<Vec<_>>()
                .join(", ")
        };
        (!matched).then(named)
    })
}

fn finite(key: &Key, vocabulary: &Vocabulary) -> Option<Vec<(Cell, String)>> {
    match vocabulary.field(key.field)?.kind {
        FieldType::Bool => Some(
            [true, false]
                .map(|b| (Cell::Bool(b), b.to_string()))
                .to_vec(),
        ),
        FieldType::Enum(id) => {
            let answers = &vocabulary.enumeration(id)?.answers;
            Some(
                (0_u16..)
                    .zip(answers)
                    .map(|(i, a)| (Cell::Answers(vec![i]), a.id.clone()))
                    .collect(),
            )
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::source::{Place, Sources, Span};
    use crate::base::text::Text;
    use crate::model::field::FieldId;
    use crate::model::parameter::Confidence;
    use crate::model::quantity::Measure;
    use crate::model::rows::{Part, Rows};
    use crate::model::texts::TextColumn;

    fn cell(kind: usize) -> BoxedStrategy<Cell> {
        let filled = match kind {
            0 => prop::collection::vec((0..60_u32).prop_map(CodeId), 1..3)
                .prop_map(Cell::Codes)
                .boxed(),
            1 => prop::collection::vec(0..6_u16, 1..3)
                .prop_map(Cell::Answers)
                .boxed(),
            2 => prop::collection::vec("[a-f]", 1..3)
                .prop_map(Cell::Texts)
                .boxed(),
            _ => {
                let end = || {
                    let end = prop::option::of((0..12_i64, any::<bool>()));
                    end.prop_map(|end| end.map(|(n, closed)| (Number::from(n), closed)))
                };
                let range = (end(), end()).prop_map(|(low, high)| Bounds { low, high });
                prop::collection::vec(range, 1..3)
                    .prop_map(Cell::Ranges)
                    .boxed()
            }
        };
        prop_oneof![1 => Just(Cell::Any), 6 => filled].boxed()
    }

    type Drawn = (Vec<usize>, Vec<Vec<Cell>>);

    fn drawn() -> impl Strategy<Value = Drawn> {
        prop::collection::vec(0..4_usize, 1..4).prop_flat_map(|kinds| {
            let cells: Vec<_> = kinds.iter().map(|kind| cell(*kind)).collect();
            (Just(kinds), prop::collection::vec(cells, 0..20))
        })
    }

    fn table(kinds: &[usize], rows: &[Vec<Cell>], vocabulary: &Vocabulary) -> Table {
        let list = vocabulary.list_by_id("gbt4754").unwrap();
        let key = |kind: &usize| Key {
            column: String::new(),
            field: FieldId(0),
            matching: match kind {
                0 => Match::Code(list),
                1 | 2 => Match::Set,
                _ => Match::Range,
            },
            measure: Measure::NONE,
        };
        let count = u32::try_from(rows.len()).unwrap();
        let mut kept = Rows::default();
        kept.append(Part {
            source: Sources::default().add("t.csv", ""),
            cells: (0..kinds.len())
                .map(|key| rows.iter().map(|row| row[key].clone()).collect())
                .collect(),
            cell_of: (0..count).flat_map(|row| vec![row; kinds.len()]).collect(),
            outputs: Vec::new(),
            output_of: Vec::new(),
            confidence: vec![Confidence::Official; rows.len()],
            sources: TextColumn::default(),
            notes: Default::default(),
            lines: (2..count + 2).collect(),
            spans: vec![Span::default(); rows.len()],
        });
        Table {
            id: "t".into(),
            title: Text::default(),
            keys: kinds.iter().map(key).collect(),
            outputs: Vec::new(),
            rows: kept,
            hit: Hit::Unique,
            otherwise: Otherwise::Gap,
            confidence: Confidence::Official,
            fillable: true,
            source: String::new(),
            place: Place::Nowhere,
        }
    }

    #[test]
    fn families_find_every_pair_that_comparing_all_rows_finds() {
        let packs = crate::rules::load(crate::rules::embedded::packs(), &mut Sources::default()).0;
        let vocabulary = &packs.library.vocabulary;
        proptest!(ProptestConfig::with_cases(1_000), |((kinds, rows) in drawn())| {
            let table = table(&kinds, &rows, vocabulary);
            let all = (0..rows.len()).flat_map(|a| (a + 1..rows.len()).map(move |b| (a, b)));
            let naive: Vec<(usize, usize)> = all.filter(|pair| meet(&table, *pair, vocabulary)).collect();
            prop_assert_eq!(overlaps(&table, vocabulary), naive);
        });
    }
}
