//! The columns of text: widths, wrapping, padding and cutting, with Chinese text two columns wide.
//!
//! It knows no colours and no meaning.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text that cannot steer a terminal and that XML can hold: control and direction marks and what is no
/// character are replaced, tabs become a space.
pub fn clean(text: &str) -> String {
    text.chars().map(safe).collect()
}

/// A character, or what is shown for one that would steer a terminal.
pub(super) fn safe(c: char) -> char {
    match c {
        '\n' => '\n',
        '\t' => ' ',
        c if c.is_control() => '\u{FFFD}',
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{FFFE}'
        | '\u{FFFF}' => '\u{FFFD}',
        c => c,
    }
}

/// Text in XML, as content or in a quoted attribute. What XML cannot hold is replaced.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A text with spaces behind it up to a width.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Columns of a project's name where it says which project is meant. It stands whole where it is told of.
pub const NAME: usize = 160;

/// A text of at most so many columns; a cut one ends in `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

/// The end of a text in at most so many columns; a cut one starts with `…`.
pub fn cut_start(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let mut from = text.len();
    for (at, c) in text.char_indices().rev() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        from = at;
    }
    format!("…{}", text.get(from..).unwrap_or(""))
}

/// Marks with which a line may not start.
const CLOSING: [char; 28] = [
    '、', '，', '。', '；', '：', '！', '？', '）', '》', '〉', '」', '』', '】', '〕', '”', '’',
    '…', '％', '%', ',', '.', ';', ':', '!', '?', ')', ']', '}',
];
/// Marks with which a line may not end. A unit is not torn from its period: `t/年`.
const OPENING: [char; 13] = [
    '（', '《', '〈', '「', '『', '【', '〔', '“', '‘', '(', '[', '{', '/',
];
/// Marks of Chinese text that are narrow by themselves.
const NARROW: [char; 8] = ['、', '，', '。', '；', '：', '”', '’', '…'];

/// True if a line may not start with this character.
fn closes(c: char) -> bool {
    CLOSING.contains(&c)
}

/// True if a line may not end with this character.
fn opens(c: char) -> bool {
    OPENING.contains(&c)
}

/// True if a line may break on either side of this character.
fn is_wide(c: char) -> bool {
    c.width() == Some(2) || (opens(c) && c != '/') || NARROW.contains(&c)
}

/// Pieces that may not be broken: words, ideographs with the punctuation that clings to them, spaces.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut last: Option<char> = None;
        let end = rest.char_indices().find(|(_, c)| {
            let c = *c;
            let joins = last.is_none_or(|l| {
                if c == ' ' || l == ' ' {
                    c == l
                } else {
                    opens(l) || closes(c) || !(is_wide(l) || is_wide(c))
                }
            });
            last = Some(c);
            !joins
        });
        let end = end.map_or(rest.len(), |(at, _)| at);
        let (piece, behind) = rest.split_at_checked(end)?;
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

/// The lines of a text, none wider than `first` (the first line) and `rest` (the others) if that can be.
/// Line breaks of the text are kept.
pub fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in clean(text).split('\n') {
        wrap_line(paragraph, first, rest, &mut lines);
    }
    lines
}

fn wrap_line(text: &str, first: usize, rest: usize, lines: &mut Vec<String>) {
    let limit = |lines: &Vec<String>| if lines.is_empty() { first } else { rest }.max(2);
    let (mut line, mut used) = (String::new(), 0);
    for piece in pieces(text) {
        let blank = piece.starts_with(' ');
        let more = width(piece);
        if used + more <= limit(lines) {
            line.push_str(piece);
            used += more;
            continue;
        }
        if !line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
            (line, used) = (String::new(), 0);
        }
        if blank {
            continue;
        }
        // A word longer than a line is broken where the line ends.
        for c in piece.chars() {
            let more = c.width().unwrap_or(0);
            if used + more > limit(lines) && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += more;
        }
    }
    lines.push(line.trim_end().to_owned());
}

/// How a column of a table takes its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// As wide as its widest cell.
    Fixed,
    /// Wrapped into what the fixed columns leave.
    Flexible,
}

/// The lines of a table with its head: columns aligned, two spaces between them.
/// A row whose flexible cells need more than one line takes several.
pub fn table(columns: &[Column], rows: &[Vec<String>], total: usize) -> Vec<String> {
    let widest = |index: usize| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let natural: Vec<usize> = (0..columns.len()).map(widest).collect();
    let gaps = columns.len().saturating_sub(1) * 2;
    let flexible: usize = of(columns, &natural, Column::Flexible).sum();
    let fixed: usize = of(columns, &natural, Column::Fixed).sum();
    let left = total.saturating_sub(fixed + gaps);
    let widths: Vec<usize> = columns
        .iter()
        .zip(&natural)
        .map(|(column, own)| match column {
            Column::Flexible if flexible > left => (own * left / flexible.max(1)).max(8),
            _ => *own,
        })
        .collect();
    let mut lines = Vec::new();
    for row in rows {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(&widths)
            .map(|(cell, w)| wrap(cell, *w, *w))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(1);
        for index in 0..height {
            let part = |cell: &Vec<String>| cell.get(index).cloned().unwrap_or_default();
            let parts: Vec<String> = cells
                .iter()
                .zip(&widths)
                .map(|(cell, w)| pad(&part(cell), *w))
                .collect();
            lines.push(parts.join("  ").trim_end().to_owned());
        }
    }
    lines
}

fn of<'a>(
    columns: &'a [Column],
    widths: &'a [usize],
    kind: Column,
) -> impl Iterator<Item = usize> + 'a {
    columns
        .iter()
        .zip(widths)
        .filter(move |(column, _)| **column == kind)
        .map(|(_, width)| *width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_ideographs_and_never_before_a_stop() {
        assert_eq!(
            wrap("项目占用永久基本农田，须调整。", 10, 10),
            ["项目占用永", "久基本农", "田，须调", "整。"]
        );
        assert_eq!(
            wrap("area 12.5 ha is too much", 10, 10),
            ["area 12.5", "ha is too", "much"]
        );
        assert_eq!(
            wrap("《土地管理法》第三十五条", 8, 8),
            ["《土地管", "理法》第", "三十五条"]
        );
        assert_eq!(wrap("", 10, 10), [""]);
        assert_eq!(wrap("aaaaaaaaaa", 4, 4), ["aaaa", "aaaa", "aa"]);
    }

    #[test]
    fn columns_of_chinese_text_are_aligned() {
        let rows = vec![
            vec!["项目".to_owned(), "结论".to_owned()],
            vec!["ab".to_owned(), "清".to_owned()],
        ];
        assert_eq!(
            table(&[Column::Fixed, Column::Fixed], &rows, 40),
            ["项目  结论", "ab    清"]
        );
        assert_eq!(cut("占地面积", 5), "占地…");
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}"), "a\u{FFFD}[31mb\u{FFFD}");
    }
}
