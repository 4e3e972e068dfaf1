//! From the reference of a case to a hash that only this node can make.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What is kept of a reference: the first 16 bytes of its HMAC-SHA-256. Among ten million cases two share them by chance once in
/// more than 10^24 files.
pub type CaseHash = [u8; 16];

/// Bytes of the secret: as many as the hash has (RFC 2104, section 3).
pub const SECRET_BYTES: usize = 32;
/// Longest reference. Registers write 10 to 40 signs.
pub const CHARACTERS_MAX: usize = 200;
/// What is hashed to tell one secret from another without showing either. No reference begins with a control character.
const MARK: &[u8] = b"\0mark";

/// Makes hashes of references. Never printed.
#[derive(Clone)]
pub struct ReferenceKey(Hmac<Sha256>);

impl std::fmt::Debug for ReferenceKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ReferenceKey(…)")
    }
}

/// Why a text is no reference. What it was is not said: it may identify a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoReference {
    /// Nothing, or only spaces.
    Empty,
    /// More than [`CHARACTERS_MAX`] characters, or control characters.
    Shape,
}

impl ReferenceKey {
    /// From the node's secret.
    #[must_use]
    pub fn new(secret: &[u8; SECRET_BYTES]) -> Self {
        // A key shorter than a block is the key with zeros behind it (RFC 2104, section 2); given whole, it cannot be refused.
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block.iter_mut().zip(secret).for_each(|(to, from)| *to = *from);
        Self(Hmac::new(&block))
    }

    /// The hash of a reference, however it is written: capitals and small letters are the same, spaces are no part of it, and every
    /// kind of dash is one. Other signs count: `1-23` is not `12-3`.
    ///
    /// # Errors
    /// When it is empty, or no reference.
    pub fn hash(&self, reference: &str) -> Result<CaseHash, NoReference> {
        let mut mac = self.0.clone();
        let (mut count, mut bytes) = (0, [0; 4]);
        for letter in reference.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_uppercase) {
            count += 1;
            if letter.is_control() || count > CHARACTERS_MAX {
                return Err(NoReference::Shape);
            }
            let plain = match letter {
                '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => '-',
                other => other,
            };
            mac.update(plain.encode_utf8(&mut bytes).as_bytes());
        }
        if count == 0 { Err(NoReference::Empty) } else { Ok(first_half(mac)) }
    }

    /// What tells this secret from another. Hashes under two secrets have nothing to do with each other.
    #[must_use]
    pub fn mark(&self) -> CaseHash {
        let mut mac = self.0.clone();
        mac.update(MARK);
        first_half(mac)
    }
}

fn first_half(mac: Hmac<Sha256>) -> CaseHash {
    let whole = mac.finalize().into_bytes();
    let mut half = [0; 16];
    half.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    half
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_reference_is_the_same_however_it_is_written_and_no_other() {
        let key = ReferenceKey::new(&[7; SECRET_BYTES]);
        let hash = |text: &str| key.hash(text).unwrap();
        for text in ["bf-2021/0042", " BF-2021/0042 ", "BF\u{2013}2021/0042", "BF - 2021 / 0042", "BF\u{a0}-2021/0042"]
        {
            assert_eq!(hash(text), hash("BF-2021/0042"), "{text}");
        }
        for text in ["BF-2021/0043", "BF-2021/42", "BF2021/0042", "BF-20210042"] {
            assert_ne!(hash(text), hash("BF-2021/0042"), "{text}");
        }
        assert_eq!((key.hash(" \u{a0}"), key.hash("a\u{0}b")), (Err(NoReference::Empty), Err(NoReference::Shape)));
        assert_eq!(key.hash(&"x".repeat(CHARACTERS_MAX + 1)), Err(NoReference::Shape));
    }

    /// Made with Python: hmac.new(bytes([7]) * 32, b"BF-2021/0042", "sha256").
    #[test]
    fn the_hash_is_hmac_sha_256_under_the_secret() {
        let key = ReferenceKey::new(&[7; SECRET_BYTES]);
        assert_eq!(
            data_encoding::HEXLOWER.encode(&key.hash("bf-2021/0042").unwrap()),
            "da935cbffcb6d866d47de99c683a4c69"
        );
        assert_ne!(key.mark(), ReferenceKey::new(&[8; SECRET_BYTES]).mark());
        assert_eq!(format!("{key:?}"), "ReferenceKey(…)");
    }
}
