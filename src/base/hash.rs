//! Content hashes, as pack heads and cached forms are named by them.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The hash of a text.
pub fn sha256(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// The digits of a hash.
pub fn hex(hash: &[u8]) -> String {
    let mut digits = String::with_capacity(hash.len() * 2);
    for byte in hash {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
