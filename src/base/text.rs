//! Text in both languages, and the normal form in which text is compared.
//!
//! It does not know which language a reader wants until it is asked.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The language of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language named by `zh` or `en`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "zh" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// A word with what belongs to it in brackets, as the language writes them.
    pub fn with(self, word: &str, inner: &str) -> String {
        match self {
            Self::Zh => format!("{word}（{inner}）"),
            Self::En => format!("{word} ({inner})"),
        }
    }

    /// The shorter way to pick one of two words.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// One text in Chinese and English.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its two languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }

    /// A text that is the same in both languages, such as a name or a number.
    pub fn same(text: impl Into<String>) -> Self {
        let zh = text.into();
        Self { en: zh.clone(), zh }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Texts in a row, with a mark between them for each language.
    pub fn joined(texts: &[Self], zh: &str, en: &str) -> Self {
        let side = |of: fn(&Self) -> &str, mark: &str| {
            let all: Vec<&str> = texts.iter().map(of).collect();
            all.join(mark)
        };
        Self::new(side(|text| &text.zh, zh), side(|text| &text.en, en))
    }

    /// True if neither language says anything.
    pub fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }
}

/// Builds a [`Text`] from two format strings: `text!("中文 {x}", "English {x}")`.
#[macro_export]
macro_rules! text {
    ($zh:literal, $en:literal $(, $($arg:tt)*)?) => {
        $crate::base::text::Text::new(format!($zh $(, $($arg)*)?), format!($en $(, $($arg)*)?))
    };
}

/// A count with its English noun: `1 parcel`, `2 parcels`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// True for the characters that nearly all text is made of; none of them folds to anything else.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3001}'..='\u{3011}')
}

/// The form in which text is compared: NFKC, trimmed.
pub fn folded(text: &str) -> std::borrow::Cow<'_, str> {
    let trimmed = text.trim();
    // Asking the tables of NFKC about every character takes many times longer.
    let plain = trimmed.is_ascii() || trimmed.chars().all(is_plain);
    if plain || is_nfkc_quick(trimmed.chars()) == IsNormalized::Yes {
        return std::borrow::Cow::Borrowed(trimmed);
    }
    std::borrow::Cow::Owned(trimmed.nfkc().collect::<String>().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_text_folds_to_half_width() {
        assert_eq!(folded("　Ｃ３２１６ "), "C3216");
        assert_eq!(folded("公顷"), "公顷");
    }

    #[test]
    fn plain_characters_fold_to_themselves_beside_any_other() {
        for c in (char::MIN..=char::MAX).filter(|c| is_plain(*c)) {
            assert_eq!(is_nfkc_quick([c].into_iter()), IsNormalized::Yes, "{c:?}");
        }
    }
}
