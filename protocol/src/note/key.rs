//! The keys that notes are checked with: a name, a type and a public key, printed as `name+hash+base64`.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};

use super::{NoteError, SignatureLine};
use crate::hash::Hash;
use crate::statement::PublicKey;

/// The longest name of a key, in bytes.
pub const KEY_NAME_BYTES_MAX: usize = 255;

/// What a key of a given name signs with, and so what its signatures look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureType {
    /// Ed25519 over the text.
    Ed25519,
    /// Timestamped Ed25519 over a checkpoint (C2SP tlog-cosignature, v1).
    CosignatureV1,
}

impl SignatureType {
    pub(super) const fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::CosignatureV1 => 0x04,
        }
    }

    const fn from_byte(byte: u8) -> Result<Self, NoteError> {
        match byte {
            0x01 => Ok(Self::Ed25519),
            0x04 => Ok(Self::CosignatureV1),
            other => Err(NoteError::SignatureTypeUnknown(other)),
        }
    }
}

/// A key that notes are checked with: a name, a type and a public key. Printed as `name+hash+base64(type ‖ key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    signature_type: SignatureType,
    key: PublicKey,
    hash: [u8; 4],
}

impl VerifierKey {
    /// Gives a public key a name.
    ///
    /// # Errors
    /// [`NoteError::MalformedName`].
    pub fn new(name: &str, signature_type: SignatureType, key: PublicKey) -> Result<Self, NoteError> {
        check_name(name)?;
        let hash = hash(name, signature_type, &key);
        Ok(Self { name: name.to_owned(), signature_type, key, hash })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its signatures look like.
    #[must_use]
    pub const fn signature_type(&self) -> SignatureType {
        self.signature_type
    }

    /// The public key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether a line claims to be by this key.
    #[must_use]
    pub fn is_named_by(&self, line: &SignatureLine) -> bool {
        line.name == self.name && line.key_hash == self.hash
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = [&[self.signature_type.byte()][..], self.key.as_bytes()].concat();
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.hash), BASE64.encode(&key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        // A name holds no plus sign; the base64 at the end may.
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::MalformedKey);
        };
        if hash.len() != 8 || key.len() != 44 {
            return Err(NoteError::MalformedKey);
        }
        let hash = HEXLOWER.decode(hash.as_bytes()).map_err(|_| NoteError::MalformedKey)?;
        let key = BASE64.decode(key.as_bytes()).map_err(|_| NoteError::MalformedKey)?;
        let (&signature_type, key) = key.split_first().ok_or(NoteError::MalformedKey)?;
        let read = Self::new(name, SignatureType::from_byte(signature_type)?, PublicKey::try_from(key)?)?;
        if read.hash[..] == hash[..] { Ok(read) } else { Err(NoteError::KeyHashMismatch) }
    }
}

/// The first four bytes of SHA-256 over the name, the end of a line, the type and the key.
pub(super) fn hash(name: &str, signature_type: SignatureType, key: &PublicKey) -> [u8; 4] {
    let [a, b, c, d, ..] = Hash::of_parts(&[name.as_bytes(), b"\n", &[signature_type.byte()], key.as_bytes()]).0;
    [a, b, c, d]
}

/// Names are single words without a plus sign, which separates the parts of a verifier key.
pub(crate) fn check_name(name: &str) -> Result<(), NoteError> {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && c != '+';
    if name.is_empty() || name.len() > KEY_NAME_BYTES_MAX || !name.chars().all(fits) {
        return Err(NoteError::MalformedName);
    }
    Ok(())
}
