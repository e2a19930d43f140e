//! Many short texts in one string: a list, and a column of rows that name its members.
//!
//! It does not know what the texts mean. A text of its own costs three words and an allocation;
//! here it costs four bytes, which is what lets a table of a hundred thousand rows stay small.

/// Texts one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    joined: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Texts {
    /// Texts whose ends were kept; none if an end does not fall between characters or they are not in order.
    pub fn from_parts(joined: String, ends: Vec<u32>) -> Option<Self> {
        let mut before = 0;
        for end in &ends {
            let at = *end as usize;
            if at < before || !joined.is_char_boundary(at) {
                return None;
            }
            before = at;
        }
        (before == joined.len()).then_some(Self { joined, ends })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Adds a text and returns its number.
    pub fn push(&mut self, text: &str) -> u32 {
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.joined.push_str(text);
        self.ends
            .push(u32::try_from(self.joined.len()).unwrap_or(u32::MAX));
        number
    }

    /// Adds all texts of another list behind these.
    pub fn append(&mut self, other: &Self) {
        let shift = u32::try_from(self.joined.len()).unwrap_or(u32::MAX);
        self.joined.push_str(&other.joined);
        self.ends
            .extend(other.ends.iter().map(|end| end.saturating_add(shift)));
    }

    /// The text of a number, empty beyond the last.
    pub fn get(&self, number: u32) -> &str {
        let number = number as usize;
        let Some(end) = self.ends.get(number) else {
            return "";
        };
        let start = number
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        self.joined.get(start as usize..*end as usize).unwrap_or("")
    }

    /// The texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).map(|number| self.get(number))
    }

    /// All texts in one, and where each ends.
    pub fn parts(&self) -> (&str, &[u32]) {
        (&self.joined, &self.ends)
    }
}

/// A text for each row, equal ones kept once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumn {
    /// The texts.
    pub texts: Texts,
    /// For each row the number of its text; a row beyond the last has none.
    pub of: Vec<u32>,
}

impl TextColumn {
    /// The text of a row.
    pub fn get(&self, row: usize) -> &str {
        self.of
            .get(row)
            .map_or("", |number| self.texts.get(*number))
    }

    /// Adds another column's rows after `rows` rows of this one.
    pub(super) fn append(&mut self, rows: usize, other: &Self) {
        if other.of.is_empty() {
            return;
        }
        if self.of.len() < rows {
            let none = self.texts.push("");
            self.of.resize(rows, none);
        }
        let shift = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.append(&other.texts);
        self.of
            .extend(other.of.iter().map(|n| n.saturating_add(shift)));
    }

    pub(super) fn remove(&mut self, row: usize) {
        if row < self.of.len() {
            self.of.remove(row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were_pushed() {
        let mut texts = Texts::default();
        for text in ["", "铝", "b", ""] {
            texts.push(text);
        }
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "铝", "b", ""]);
        assert_eq!(texts.get(9), "");
        let (joined, ends) = texts.parts();
        let again = Texts::from_parts(joined.to_owned(), ends.to_vec());
        assert_eq!(again.as_ref(), Some(&texts));
        assert_eq!(Texts::from_parts("铝".into(), vec![1, 3]), None);
        assert_eq!(Texts::from_parts("ab".into(), vec![2, 1]), None);
        assert_eq!(Texts::from_parts("ab".into(), vec![1]), None);
    }

    #[test]
    fn a_column_without_texts_may_be_followed_by_one_with_texts() {
        let mut column = TextColumn::default();
        let mut other = TextColumn::default();
        other.texts.push("x");
        other.of.push(0);
        column.append(2, &other);
        assert_eq!([0, 1, 2, 3].map(|row| column.get(row)), ["", "", "x", ""]);
    }
}
