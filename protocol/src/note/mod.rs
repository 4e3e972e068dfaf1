//! Signed notes: a short text for people and programs, with one line for each signature (C2SP signed-note).
//!
//! ```text
//! text, one or more lines
//!
//! — name base64(key hash ‖ signature)
//! ```
//!
//! Reading and printing are exact inverses: what is not printed the same way is refused. A signature line names
//! its key by a name and four bytes of a hash, which only help to find it; the key itself comes from elsewhere.
//! Lines by unknown keys are kept and prove nothing.
//!
//! - `key`: the keys that notes are checked with, and their names;
//! - here: notes and their signature lines.
//!
//! Not here: what the text says (see [`crate::checkpoint`]).

mod key;

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;

pub(crate) use key::check_name;
pub use key::{KEY_NAME_BYTES_MAX, SignatureType, VerifierKey};

use crate::statement::{KeyError, PublicKey, SigningKey};

/// The longest note, in bytes: room for a checkpoint and hundreds of cosignatures.
pub const NOTE_BYTES_MAX: usize = 65_536;

/// The most signature lines. The specification asks for at least 16; a region has at most some 60 witnesses.
pub const NOTE_SIGNATURES_MAX: usize = 128;

/// What stands before each signature: an em dash and a space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";

/// Why a text is not a signed note, or not signed by a certain key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`NOTE_BYTES_MAX`].
    #[error("{0} bytes are more than a note may have")]
    TooLarge(usize),
    /// A control character other than the end of a line.
    #[error("a note holds no control characters")]
    ControlCharacter,
    /// No empty line between the text and the signatures, or no text.
    #[error("a note is a text, an empty line and signatures")]
    NoSignatures,
    /// The text does not end with the end of a line.
    #[error("the text of a note ends with the end of a line")]
    TextNotEnded,
    /// More than [`NOTE_SIGNATURES_MAX`] signature lines.
    #[error("more signatures than a note may have")]
    TooManySignatures,
    /// A line after the empty line that is not a signature line.
    #[error("not a signature line: an em dash, a name and a signature in base64")]
    MalformedSignature,
    /// A name that is empty, too long, or holds a space, a plus sign or a control character.
    #[error("not a name of a key")]
    MalformedName,
    /// A text that is not a verifier key.
    #[error("not a verifier key: name+hash+key")]
    MalformedKey,
    /// A verifier key whose hash is not that of its name and key.
    #[error("the hash in the verifier key does not belong to its name and key")]
    KeyHashMismatch,
    /// A verifier key for signatures of a type not in use here.
    #[error("signature type {0} is not in use")]
    SignatureTypeUnknown(u8),
    /// A verifier key that is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No signature line names this key.
    #[error("not signed by this key")]
    NotSigned,
    /// A line names this key, and its signature does not verify.
    #[error("the signature does not verify")]
    BadSignature,
}

/// One signature under a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureLine {
    name: String,
    key_hash: [u8; 4],
    signature: Vec<u8>,
}

impl SignatureLine {
    /// A line by a key, from the bytes that its type of signature consists of.
    ///
    /// # Errors
    /// [`NoteError::MalformedName`].
    pub(crate) fn new(
        name: &str,
        signature_type: SignatureType,
        key: &PublicKey,
        signature: Vec<u8>,
    ) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key_hash: key::hash(name, signature_type, key), signature })
    }

    /// The name of the key that claims to have signed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signature's bytes, without the key hash.
    #[must_use]
    pub fn signature(&self) -> &[u8] {
        &self.signature
    }
}

impl fmt::Display for SignatureLine {
    /// Without the end of the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [&self.key_hash[..], &self.signature].concat();
        write!(f, "{SIGNATURE_PREFIX}{} {}", self.name, BASE64.encode(&signature))
    }
}

impl FromStr for SignatureLine {
    type Err = NoteError;

    fn from_str(line: &str) -> Result<Self, NoteError> {
        if line.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge(line.len()));
        }
        let parts = line.strip_prefix(SIGNATURE_PREFIX).and_then(|rest| rest.split_once(' '));
        let (name, signature) = parts.ok_or(NoteError::MalformedSignature)?;
        check_name(name)?;
        let bytes = BASE64.decode(signature.as_bytes()).map_err(|_| NoteError::MalformedSignature)?;
        match bytes.split_first_chunk::<4>() {
            Some((key_hash, signature)) if !signature.is_empty() => {
                Ok(Self { name: name.to_owned(), key_hash: *key_hash, signature: signature.to_vec() })
            }
            _ => Err(NoteError::MalformedSignature),
        }
    }
}

/// A text with at least one signature under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    lines: Vec<SignatureLine>,
}

impl SignedNote {
    /// Signs a text, which ends with the end of a line.
    ///
    /// # Errors
    /// If the text or the name cannot stand in a note.
    pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<Self, NoteError> {
        check_text(text)?;
        let signature = key.sign(text.as_bytes()).to_vec();
        let line = SignatureLine::new(name, SignatureType::Ed25519, &key.public(), signature)?;
        let note = Self { text: text.to_owned(), lines: vec![line] };
        let length = note.to_string().len();
        if length > NOTE_BYTES_MAX { Err(NoteError::TooLarge(length)) } else { Ok(note) }
    }

    /// The text, with the end of its last line.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, in order.
    #[must_use]
    pub fn lines(&self) -> &[SignatureLine] {
        &self.lines
    }

    /// Adds a signature line. Whether it verifies is for those to ask who know its key.
    ///
    /// # Errors
    /// If the note would become too long.
    pub fn push(&mut self, line: SignatureLine) -> Result<(), NoteError> {
        if self.lines.len() >= NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let length = self.to_string().len() + line.to_string().len() + 1;
        if length > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge(length));
        }
        self.lines.push(line);
        Ok(())
    }

    /// Adds a line in the place of those that name the same key.
    pub(crate) fn replace(&mut self, line: SignatureLine, key: &VerifierKey) -> Result<(), NoteError> {
        self.lines.retain(|other| !key.is_named_by(other));
        self.push(line)
    }

    /// Checks that the note is signed by this key. Where several lines name it, all must verify.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`] or [`NoteError::BadSignature`].
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        if key.signature_type() != SignatureType::Ed25519 {
            return Err(NoteError::SignatureTypeUnknown(key.signature_type().byte()));
        }
        let mut signed = false;
        for line in self.lines.iter().filter(|line| key.is_named_by(line)) {
            let signature = line.signature.as_slice().try_into().map_err(|_| NoteError::BadSignature)?;
            key.key().verify(self.text.as_bytes(), signature).map_err(|_| NoteError::BadSignature)?;
            signed = true;
        }
        if signed { Ok(()) } else { Err(NoteError::NotSigned) }
    }
}

impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for SignedNote {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLarge(note.len()));
        }
        // The text may hold empty lines; the last one ends it.
        let split = note.rfind("\n\n").ok_or(NoteError::NoSignatures)? + 1;
        let (text, lines) = (&note[..split], &note[split + 1..]);
        check_text(text)?;
        let lines = lines.strip_suffix('\n').ok_or(NoteError::NoSignatures)?;
        let count = lines.bytes().filter(|byte| *byte == b'\n').count() + 1;
        if count > NOTE_SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let lines = lines.split('\n').map(SignatureLine::from_str).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), lines })
    }
}

fn check_text(text: &str) -> Result<(), NoteError> {
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::ControlCharacter);
    }
    if text.ends_with('\n') { Ok(()) } else { Err(NoteError::TextNotEnded) }
}

#[cfg(test)]
mod tests;
