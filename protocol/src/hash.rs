//! SHA-256 values, the names of everything that must not change.
//!
//! A [`struct@Hash`] is written in one way in each place: 32 bytes in CBOR, 64 lower-case hexadecimal digits in text and
//! JSON. Reading accepts nothing else, so two spellings of one hash cannot exist. The tree hashes of the ledger,
//! which put a byte in front of what they hash, are in [`crate::merkle`].

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use minicbor::{Decoder, Encoder};
use sha2::{Digest, Sha256};

/// A SHA-256 value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// How many bytes a hash has.
    pub const LENGTH: usize = 32;

    /// Thirty-two zero bytes: stands where no hash exists yet, as in the statement that begins an exchange.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of several pieces, one after the other, without joining them in memory first.
    /// Nothing marks where a piece ends: callers give every piece but the last a fixed length.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Why a text or a byte string is not a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// A byte string of another length.
    #[error("a hash has 32 bytes, this has {0}")]
    Length(usize),
    /// A text that is not 64 lower-case hexadecimal digits.
    #[error("a hash is written as 64 lower-case hexadecimal digits")]
    NotHex,
}

impl TryFrom<&[u8]> for Hash {
    type Error = HashError;

    fn try_from(bytes: &[u8]) -> Result<Self, HashError> {
        bytes.try_into().map(Self).map_err(|_| HashError::Length(bytes.len()))
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        // The length is checked first: decoding allocates in proportion to its input.
        if text.len() != 2 * Self::LENGTH {
            return Err(HashError::NotHex);
        }
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| HashError::NotHex)?;
        Self::try_from(bytes.as_slice())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl<C> minicbor::Encode<C> for Hash {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Hash {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Self::try_from(d.bytes()?).map_err(|error| minicbor::decode::Error::message(error).at(at))
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn the_standard_example_hashes_as_the_standard_says() {
        assert_eq!(Hash::of(b"abc").to_string(), ABC);
        assert_eq!(Hash::of_parts(&[b"a", b"", b"bc"]).to_string(), ABC);
    }

    #[test]
    fn text_and_cbor_and_json_are_read_back() {
        let hash = Hash::of(b"abc");
        assert_eq!(ABC.parse::<Hash>().unwrap(), hash);
        let cbor = crate::codec::to_bytes(&hash);
        assert_eq!(&cbor[..2], &[0x58, 32]);
        assert_eq!(crate::codec::decode_strict::<Hash>(&cbor).unwrap(), hash);
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(json, format!("\"{ABC}\""));
        assert_eq!(serde_json::from_str::<Hash>(&json).unwrap(), hash);
    }

    #[test]
    fn only_one_spelling_is_a_hash() {
        assert_eq!(ABC.to_uppercase().parse::<Hash>(), Err(HashError::NotHex));
        assert_eq!(ABC[1..].parse::<Hash>(), Err(HashError::NotHex));
        assert_eq!(format!("{ABC}00").parse::<Hash>(), Err(HashError::NotHex));
        assert_eq!(Hash::try_from(&[0u8; 31][..]), Err(HashError::Length(31)));
        assert!(crate::codec::decode_strict::<Hash>(&[0x41, 0]).is_err());
    }
}
