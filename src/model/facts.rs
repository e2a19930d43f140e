//! Facts by slot. Most slots of a vocabulary are empty in any one project, so only given facts are kept.

use std::ops::Index;

use crate::model::project::{Fact, Origin, State};

/// What every empty slot reads as.
static MISSING: Fact = Fact {
    state: State::Missing,
    origin: Origin::None,
    claim: false,
};

/// A fact per slot.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// For every slot the place of its fact in `given`, counted from 1; 0 for an empty slot.
    places: Box<[u16]>,
    given: Vec<Fact>,
}

impl Facts {
    /// So many empty slots.
    pub fn empty(slots: usize) -> Self {
        Self {
            places: vec![0; slots].into_boxed_slice(),
            given: Vec::new(),
        }
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True if there are no slots.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The fact of a slot, none beyond the last.
    pub fn get(&self, slot: usize) -> Option<&Fact> {
        let place = *self.places.get(slot)?;
        Some(
            self.given
                .get(usize::from(place).wrapping_sub(1))
                .unwrap_or(&MISSING),
        )
    }

    /// The fact of a slot, to be changed.
    pub fn get_mut(&mut self, slot: usize) -> Option<&mut Fact> {
        let place = self.places.get_mut(slot)?;
        if *place == 0 {
            self.given.push(Fact::default());
            *place = u16::try_from(self.given.len()).ok()?;
        }
        self.given.get_mut(usize::from(*place).wrapping_sub(1))
    }

    /// The facts of all slots in order.
    pub fn iter(&self) -> impl Iterator<Item = &Fact> {
        (0..self.len()).filter_map(|slot| self.get(slot))
    }
}

impl FromIterator<Fact> for Facts {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        let facts: Vec<Fact> = facts.into_iter().collect();
        let mut kept = Self::empty(facts.len());
        for (slot, fact) in facts
            .into_iter()
            .enumerate()
            .filter(|(_, fact)| *fact != MISSING)
        {
            if let Some(place) = kept.get_mut(slot) {
                *place = fact;
            }
        }
        kept
    }
}

impl PartialEq for Facts {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Index<usize> for Facts {
    type Output = Fact;

    /// The fact of a slot; a slot beyond the last reads as missing.
    fn index(&self, slot: usize) -> &Fact {
        self.get(slot).unwrap_or(&MISSING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_slot_reads_as_missing_and_a_given_one_as_given() {
        let mut facts = Facts::empty(3);
        facts.get_mut(1).unwrap().state = State::Silent;
        assert_eq!(facts[1].state, State::Silent);
        assert_eq!((&facts[0].state, facts.get(3)), (&State::Missing, None));
        assert_eq!(facts.iter().count(), 3);
        let mut same = Facts::empty(3);
        same.get_mut(2).unwrap().claim = false;
        same.get_mut(1).unwrap().state = State::Silent;
        assert_eq!(facts, same);
    }
}
