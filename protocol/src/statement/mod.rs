//! Signed statements: what a participant or the hub says, so that others can check it without our software.
//!
//! A [`Statement`] is a COSE_Sign1 (RFC 9052) by an Ed25519 key in deterministic CBOR, and a signed statement in
//! the sense of SCITT (RFC 9943). Its bytes are kept as they came: they are what is stored, sent, hashed and
//! logged, and never written anew. `external_aad` is empty, so that a foreign verifier needs the bytes and the
//! key and nothing else; the exchange a statement belongs to is a protected header instead.
//!
//! - `key`: keys and their names;
//! - `cose`: the layout of the bytes, shared with [`crate::receipt`].
//!
//! Not here: what payloads mean, and which key may sign what at which time. Both are the ledger's.

pub(crate) mod cose;
mod key;

use std::ops::Range;

pub use key::{KeyError, Kid, PublicKey, SigningKey};

use crate::hash::Hash;
use crate::time::Timestamp;

/// The longest statement, in bytes: 60 KiB, so that a ledger line of at most 65,535 bytes can carry it and still
/// has 4 KiB for the line's own fields.
pub const STATEMENT_BYTES_MAX: usize = 61_440;

/// The longest content type, issuer or subject, in bytes. They are printed in lists and logs.
pub const HEADER_TEXT_BYTES_MAX: usize = 256;

/// What a statement says about itself, all of it under the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What the payload is, such as `application/vnd.vrs.release+cbor`. Statements of one kind cannot be passed
    /// off as another.
    pub content_type: String,
    /// The exchange it was made for: the hash of the genesis line, or [`Hash::ZERO`] in that line itself.
    pub exchange: Hash,
    /// Who says it (CWT claim `iss`).
    pub issuer: String,
    /// What it is about (CWT claim `sub`).
    pub subject: String,
    /// When it was made, by the clock of the one who made it (CWT claim `iat`); a claim, not a proof.
    pub issued_at: Option<Timestamp>,
}

/// Why bytes are not a statement, or not one by a certain key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Longer than [`STATEMENT_BYTES_MAX`].
    #[error("{0} bytes are more than a statement may have")]
    TooLarge(usize),
    /// The bytes end inside the statement.
    #[error("the bytes end inside the statement")]
    Truncated,
    /// Not CBOR, or a part is not of the type it must have; the decoder's sentence.
    #[error("not a COSE_Sign1: {0}")]
    Malformed(String),
    /// The bytes are not tagged 18.
    #[error("not tagged as COSE_Sign1")]
    NotTagged,
    /// Not an array of four.
    #[error("a COSE_Sign1 has four parts")]
    PartCount,
    /// The statement is followed by this many further bytes.
    #[error("{0} bytes follow the statement")]
    TrailingBytes(usize),
    /// Everything is there, in another encoding than the deterministic one.
    #[error("not in deterministic encoding")]
    NotDeterministic,
    /// The algorithm is −19, which is reserved for the day when verifiers know it.
    #[error("algorithm -19 is reserved and not yet in use")]
    AlgorithmReserved,
    /// The algorithm is not −8 (EdDSA).
    #[error("algorithm {0} is not in use")]
    AlgorithmUnknown(i64),
    /// A header or claim that must be there is not.
    #[error("the header `{0}` is missing")]
    HeaderMissing(&'static str),
    /// A header or claim is there twice.
    #[error("the header `{0}` is there twice")]
    HeaderTwice(&'static str),
    /// A header or claim that has no place here, by its number.
    #[error("the header or claim {0} has no place here")]
    HeaderUnknown(i64),
    /// A header with a text label that has no place here.
    #[error("a header with an unknown name has no place here")]
    HeaderUnknownText,
    /// The statement demands that readers understand some header; we know none that we would have to be told.
    #[error("the statement demands understanding of headers unknown here")]
    CriticalHeader,
    /// A hash in the header does not have 32 bytes.
    #[error("the header `{0}` does not have 32 bytes")]
    HashLength(&'static str),
    /// A text in the header is empty, too long, or holds control characters.
    #[error("the text of `{0}` is empty, too long, or not printable")]
    TextNotAllowed(&'static str),
    /// The time in the header lies beyond the year 9999.
    #[error("the time lies beyond the year 9999")]
    TimeOutOfRange,
    /// Something stands in the unprotected header, where nobody has signed it.
    #[error("the unprotected header is not empty")]
    UnprotectedNotEmpty,
    /// The payload is not in the statement.
    #[error("the payload is detached")]
    PayloadDetached,
    /// The signature does not have 64 bytes.
    #[error("a signature has 64 bytes, this has {0}")]
    SignatureLength(usize),
    /// The statement names another key than the one it is checked with.
    #[error("the statement is by another key")]
    WrongKey,
    /// The signature is not by this key over these bytes.
    #[error("the signature does not verify")]
    BadSignature,
}

/// A signed statement whose form has been checked. Whether its signature holds is the question to
/// [`Statement::verify`], with a key from elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Statement {
    bytes: Vec<u8>,
    header: Header,
    kid: Kid,
    /// Where the protected header's bytes stand in `bytes`.
    protected: Range<usize>,
    /// Where the payload's bytes stand in `bytes`.
    payload: Range<usize>,
    signature: [u8; 64],
}

impl Statement {
    /// Makes and signs a statement.
    ///
    /// # Errors
    /// [`StatementError::TooLarge`], or a text of the header that is not allowed.
    pub fn sign(header: Header, payload: &[u8], key: &SigningKey) -> Result<Self, StatementError> {
        check_header(&header)?;
        let protected = cose::statement_header(&header, key.kid());
        // Two lengths and a few tags besides the three byte strings.
        let length = protected.len() + payload.len() + 64 + 16;
        if length > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLarge(length));
        }
        let signature = key.sign(&cose::signed_bytes(&protected, payload));
        let (bytes, protected, payload) = cose::sign1(&protected, payload, &signature);
        Ok(Self { bytes, header, kid: key.kid(), protected, payload, signature })
    }

    /// Reads a statement, strictly. The signature is not checked here.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, StatementError> {
        if bytes.len() > STATEMENT_BYTES_MAX {
            return Err(StatementError::TooLarge(bytes.len()));
        }
        let parts = cose::parse_statement(bytes)?;
        let (header, kid) = cose::parse_statement_header(parts.protected)?;
        check_header(&header)?;
        let protected = cose::statement_header(&header, kid);
        let (again, protected, payload) = cose::sign1(&protected, parts.payload, &parts.signature);
        if again != bytes {
            return Err(StatementError::NotDeterministic);
        }
        Ok(Self { bytes: again, header, kid, protected, payload, signature: parts.signature })
    }

    /// Checks that the statement is by this key.
    ///
    /// # Errors
    /// [`StatementError::WrongKey`] or [`StatementError::BadSignature`].
    pub fn verify(&self, key: &PublicKey) -> Result<Verified, StatementError> {
        if key.kid() != self.kid {
            return Err(StatementError::WrongKey);
        }
        let signed = cose::signed_bytes(self.protected(), self.payload());
        key.verify(&signed, &self.signature).map_err(|_| StatementError::BadSignature)?;
        Ok(Verified { id: self.id(), kid: self.kid })
    }

    /// The bytes as they were signed and came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes, without the rest.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The statement's name: SHA-256 of its bytes. Ed25519 is deterministic and checked strictly, so nobody but
    /// the signer can make a second name for the same content.
    #[must_use]
    pub fn id(&self) -> Hash {
        Hash::of(&self.bytes)
    }

    /// What the statement says about itself.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// The name of the key that signed, to be looked up in the ledger.
    #[must_use]
    pub const fn kid(&self) -> Kid {
        self.kid
    }

    /// What is said.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.bytes[self.payload.clone()]
    }

    /// The protected header's bytes.
    pub(crate) fn protected(&self) -> &[u8] {
        &self.bytes[self.protected.clone()]
    }

    /// The signature's bytes.
    pub(crate) const fn signature(&self) -> &[u8; 64] {
        &self.signature
    }
}

/// That a statement is by a key. Only [`Statement::verify`] makes one, so whoever holds it need not check again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    id: Hash,
    kid: Kid,
}

impl Verified {
    /// Name of the statement: SHA-256 of its bytes.
    #[must_use]
    pub const fn id(&self) -> Hash {
        self.id
    }

    /// Name of the key.
    #[must_use]
    pub const fn kid(&self) -> Kid {
        self.kid
    }
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The payload may be long and is not for logs.
        f.debug_struct("Statement").field("id", &self.id()).field("header", &self.header).finish_non_exhaustive()
    }
}

/// Texts end up in logs, pages and file names of evidence, so they are short and printable.
pub(crate) fn check_text(name: &'static str, text: &str) -> Result<(), StatementError> {
    if text.is_empty() || text.len() > HEADER_TEXT_BYTES_MAX || text.chars().any(char::is_control) {
        return Err(StatementError::TextNotAllowed(name));
    }
    Ok(())
}

fn check_header(header: &Header) -> Result<(), StatementError> {
    check_text("content type", &header.content_type)?;
    check_text("iss", &header.issuer)?;
    check_text("sub", &header.subject)?;
    if header.issued_at.is_some_and(|at| at > Timestamp::MAX) {
        return Err(StatementError::TimeOutOfRange);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
