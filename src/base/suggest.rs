//! Did-you-mean: the nearest of the known words.

/// The candidate nearest to `word`, if it is near enough to be meant.
///
/// Distances count characters, so a wrong ideograph is one step.
/// A word of two ideographs must share one of them: the distance must be below the length.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 200 {
        return None;
    }
    let limit = (length / 3).clamp(1, 4);
    candidates
        .filter(|c| c.chars().count().abs_diff(length) <= limit)
        .map(|c| (strsim::osa_distance(word, c), c))
        .filter(|(distance, c)| *distance <= limit && *distance < length.min(c.chars().count()))
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_character_is_found_and_a_stranger_is_not() {
        let words = ["占地面积", "能耗", "land.area"];
        assert_eq!(nearest("占地面枳", words.into_iter()), Some("占地面积"));
        assert_eq!(nearest("land.aera", words.into_iter()), Some("land.area"));
        assert_eq!(nearest("面积", words.into_iter()), None);
    }
}
