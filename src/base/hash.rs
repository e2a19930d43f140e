//! Content hashes, as pack heads and cached forms are named by them.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The hash of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The digits of a hash.
pub fn hex(hash: &[u8]) -> String {
    let mut digits = String::with_capacity(hash.len() * 2);
    for byte in hash {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
