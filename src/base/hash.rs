//! Content hashes, by which pack heads and cached forms are named.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// A hash of what is given bit by bit.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds some bytes.
    pub fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes);
    }

    /// The hash of what was added.
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// The hash of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A hash that only who holds the key can make (HMAC-SHA-256): what was hashed cannot be found by trying.
pub fn keyed(key: &[u8], bytes: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0_u8; BLOCK];
    let short = sha256(key);
    let key = if key.len() > BLOCK { &short } else { key };
    for (place, byte) in block.iter_mut().zip(key) {
        *place = *byte;
    }
    let round = |pad: u8, bytes: &[u8]| {
        let mut hash = Hasher::default();
        hash.update(block.map(|byte| byte ^ pad));
        hash.update(bytes);
        hash.finish()
    };
    round(0x5c, &round(0x36, bytes))
}

/// The digits of a hash.
pub fn hex(hash: &[u8]) -> String {
    let mut digits = String::with_capacity(hash.len() * 2);
    for byte in hash {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyed_hash_is_that_of_the_standard() {
        // The second and sixth cases of RFC 4231.
        let short = keyed(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            hex(&short),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = keyed(
            &[0xaa; 131],
            b"Test Using Larger Than Block-Size Key - Hash Key First",
        );
        assert_eq!(
            hex(&long),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
