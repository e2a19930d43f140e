//! Numbers and texts as bytes, and back: little-endian, texts with their length before them.
//!
//! Reading ends with none where the bytes end; what was written is never asked for beyond its end.

/// Bytes that are read from the front.
#[derive(Debug)]
pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next bytes.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    pub(super) fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// A text; some texts are absent.
    #[expect(
        clippy::option_option,
        reason = "the outer one is for damaged bytes, the inner one for an absent text"
    )]
    pub(super) fn text(&mut self) -> Option<Option<String>> {
        match self.u32()? {
            u32::MAX => Some(None),
            length => {
                let bytes = self.take(length as usize)?;
                Some(Some(String::from_utf8(bytes.to_vec()).ok()?))
            }
        }
    }

    /// A count of things that take at least so many bytes each: more than there is room for is none.
    pub(super) fn count(&mut self, least: usize) -> Option<usize> {
        let count = self.u32()? as usize;
        (count.checked_mul(least)? <= self.0.len()).then_some(count)
    }
}

/// Writes a text, or that there is none.
pub(super) fn put_text(bytes: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => bytes.extend(u32::MAX.to_le_bytes()),
        Some(text) => {
            put_count(bytes, text.len());
            bytes.extend(text.as_bytes());
        }
    }
}

/// Writes a count.
pub(super) fn put_count(bytes: &mut Vec<u8>, count: usize) {
    bytes.extend(u32::try_from(count).unwrap_or(u32::MAX - 1).to_le_bytes());
}
