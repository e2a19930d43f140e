//! Where in an instrument a clause stands, in English: `第十条第二款、表3` is `art. 10 para. 2, table 3`.
//!
//! Only what numbers tell is put into English. A place that is named by its subject keeps its Chinese name: a
//! translation of a heading could not be found in the instrument.

/// What says that a number is not verified.
const DOUBTS: [&str; 2] = ["（条号待核）", "（待核）"];

/// The parts of an instrument that are numbered.
const PARTS: [(&str, &str); 6] = [
    ("部分", "part"),
    ("条", "art."),
    ("款", "para."),
    ("项", "item"),
    ("章", "chapter"),
    ("节", "section"),
];

/// A place in an instrument, in English as far as it is numbers.
pub fn english(article: &str) -> String {
    let doubted = DOUBTS.iter().find_map(|doubt| article.strip_suffix(doubt));
    let bare = doubted.unwrap_or(article);
    let places: Option<Vec<String>> = bare.split('、').map(place).collect();
    let place = places.map_or_else(|| bare.to_owned(), |places| places.join(", "));
    if doubted.is_some() {
        format!("{place} (number to be verified)")
    } else {
        place
    }
}

/// One place: `第二十条第一款第五项`, `表2`, `附录A`, `二（一）`.
fn place(text: &str) -> Option<String> {
    match text {
        "附件" => return Some("annex".to_owned()),
        _ if text.is_ascii() => return Some(text.to_owned()),
        _ => {}
    }
    for (zh, en) in [("表", "table"), ("附录", "annex")] {
        if let Some(number) = text.strip_prefix(zh).filter(|n| !n.is_empty()) {
            return number.is_ascii().then(|| format!("{en} {number}"));
        }
    }
    if let Some((outer, inner)) = text.split_once('（') {
        let (outer, inner) = (number(outer)?, number(inner.strip_suffix('）')?)?);
        return Some(format!("{outer}({inner})"));
    }
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let after = rest.strip_prefix('第')?;
        let (at, zh, en) = PARTS
            .iter()
            .filter_map(|(zh, en)| Some((after.find(zh)?, *zh, *en)))
            .min()?;
        let (digits, tail) = after.split_at_checked(at)?;
        words.push(format!("{en} {}", number(digits)?));
        rest = tail.strip_prefix(zh)?;
    }
    Some(words.join(" "))
}

/// A number below 1,000, in digits or in Chinese.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (mut all, mut digit) = (0, None);
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '零' | '〇' => continue,
            _ => {
                let place = "一二三四五六七八九".chars().position(|d| d == c)?;
                if digit.replace(u32::try_from(place).ok()? + 1).is_some() {
                    return None;
                }
                continue;
            }
        };
        all += digit.take().unwrap_or(1) * unit;
    }
    Some(all + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_places_are_english_and_named_ones_keep_their_name() {
        for (zh, en) in [
            ("第三十一条", "art. 31"),
            ("第十条", "art. 10"),
            ("第一百零五条", "art. 105"),
            ("第二十条第一款第五项", "art. 20 para. 1 item 5"),
            ("第八十条第三款、第三十七条", "art. 80 para. 3, art. 37"),
            (
                "第三条、第六条（条号待核）",
                "art. 3, art. 6 (number to be verified)",
            ),
            ("表2、表3", "table 2, table 3"),
            ("附录A", "annex A"),
            ("第一部分、第三部分", "part 1, part 3"),
            ("第91项", "item 91"),
            ("二（一）", "2(1)"),
            ("4.2", "4.2"),
            ("", ""),
            ("限制类说明", "限制类说明"),
            ("容积率（条号待核）", "容积率 (number to be verified)"),
            ("第条", "第条"),
            ("第一一条", "第一一条"),
        ] {
            assert_eq!(english(zh), en, "{zh}");
        }
    }
}
