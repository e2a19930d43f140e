//! Bytes into text: UTF-8 with or without its mark, UTF-16 with its mark, and GBK.
//!
//! GBK is tried only where the bytes are not UTF-8; bytes that are neither are no text.

use encoding_rs::{Encoding, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// The text of some bytes, its mark dropped; none if they are no text.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let encoding = match bytes {
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ if is_utf8(bytes) => UTF_8,
        _ => GBK,
    };
    let (text, _, broken) = encoding.decode(bytes);
    let cut = encoding == UTF_8;
    ((cut || !broken) && !text.contains('\0')).then(|| text.into_owned())
}

/// True if bytes are UTF-8, but for a character cut off at the end.
pub(super) fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// The encoding that a name means: a label of the web, or the number of a code page.
pub(super) fn named(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().trim_start_matches('\u{FEFF}').to_lowercase();
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "936" | "54936" => Some(GBK),
        "65001" => Some(UTF_8),
        "950" => Some(encoding_rs::BIG5),
        _ => Encoding::for_label(name.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_utf16_and_gbk_are_told_apart() {
        assert_eq!(text("坐标".as_bytes()).as_deref(), Some("坐标"));
        assert_eq!(text(b"\xEF\xBB\xBF\xE5\x9D\x90").as_deref(), Some("坐"));
        assert_eq!(text(b"\xD7\xF8\xB1\xEA").as_deref(), Some("坐标"));
        assert_eq!(text(b"\xFF\xFE\x50\x57").as_deref(), Some("坐"));
        assert_eq!(text(b"\xFF\xFF\xFF"), None);
        assert_eq!(text(b"a\0b"), None);
    }

    #[test]
    fn code_pages_are_named_in_many_ways() {
        for name in [
            "GBK",
            "gb2312",
            "936",
            "CP936",
            "ANSI 936",
            "GB18030",
            "\u{FEFF}gbk\n",
        ] {
            let encoding = named(name).unwrap();
            assert_eq!(encoding.decode(b"\xD7\xF8").0, "坐", "{name}");
        }
        assert_eq!(named("UTF-8"), Some(UTF_8));
        assert_eq!(named("65001"), Some(UTF_8));
        assert_eq!(named("what"), None);
    }
}
