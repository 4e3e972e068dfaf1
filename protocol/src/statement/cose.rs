//! The bytes of a COSE_Sign1, written and read by hand.
//!
//! The layout is fixed, so it is shorter and stricter to write it down than to bend a general COSE library: that
//! one decodes liberally, keeps maps in the order they came, and would need a second CBOR decoder. The tests read
//! our bytes with such a library, to see that others can.
//!
//! ```text
//! d2                       tag 18
//!   84                     array of four
//!     58 xx {              protected header, as a byte string
//!       01: 27               algorithm −8, EdDSA
//!       03: text             content type
//!       04: 58 20 …          kid, SHA-256 of the public key
//!       0f: {                CWT claims (RFC 9597)
//!         01: text             iss
//!         02: text             sub
//!         06: uint             iat, if known
//!       }
//!       "vrs-exchange": 58 20 …
//!     }
//!     a0                   unprotected header, empty
//!     58 xx …              payload
//!     58 40 …              signature
//! ```
//!
//! Keys stand in bytewise order of their encodings, which puts small numbers before texts.

use std::ops::Range;

use minicbor::data::{Tag, Type};
use minicbor::encode::Write;
use minicbor::{Decoder, Encoder};

use super::{Header, Kid, StatementError};
use crate::hash::Hash;
use crate::time::Timestamp;

/// The tag of COSE_Sign1.
pub(crate) const SIGN1_TAG: u64 = 18;
/// EdDSA, with an Ed25519 key: the code the verifiers in the field know.
pub(crate) const ALG_EDDSA: i64 = -8;
/// Ed25519 in the newer registry, reserved.
const ALG_ED25519: i64 = -19;

pub(crate) const HEADER_ALG: i64 = 1;
pub(crate) const HEADER_CRIT: i64 = 2;
const HEADER_CONTENT_TYPE: i64 = 3;
pub(crate) const HEADER_KID: i64 = 4;
pub(crate) const HEADER_CWT: i64 = 15;
const HEADER_EXCHANGE: &str = "vrs-exchange";

const CLAIM_ISS: i64 = 1;
const CLAIM_SUB: i64 = 2;
pub(crate) const CLAIM_IAT: i64 = 6;

/// The most labels one header map may announce; more than any of ours has, so that a surplus is named by its label.
const LABELS_MAX: u64 = 16;

impl From<minicbor::decode::Error> for StatementError {
    fn from(error: minicbor::decode::Error) -> Self {
        if error.is_end_of_input() { Self::Truncated } else { Self::Malformed(error.to_string()) }
    }
}

/// Runs an encoder on memory. Writing there cannot fail, and none of the encoders here refuses a value.
pub(crate) fn written(
    capacity: usize,
    write: impl FnOnce(&mut Encoder<Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>>,
) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::with_capacity(capacity));
    let result = write(&mut encoder);
    debug_assert!(result.is_ok(), "an encoder refused a value");
    encoder.into_writer()
}

/// The protected header of a statement, without the byte string around it.
pub(crate) fn statement_header(header: &Header, kid: Kid) -> Vec<u8> {
    let texts = header.content_type.len() + header.issuer.len() + header.subject.len();
    written(128 + texts, |e| {
        e.map(5)?.i64(HEADER_ALG)?.i64(ALG_EDDSA)?;
        e.i64(HEADER_CONTENT_TYPE)?.str(&header.content_type)?;
        e.i64(HEADER_KID)?.bytes(kid.0.as_bytes())?;
        e.i64(HEADER_CWT)?;
        claims(e, &header.issuer, &header.subject, header.issued_at)?;
        e.str(HEADER_EXCHANGE)?.bytes(header.exchange.as_bytes())?.ok()
    })
}

/// The CWT claims.
pub(crate) fn claims<W: Write>(
    e: &mut Encoder<W>,
    issuer: &str,
    subject: &str,
    issued_at: Option<Timestamp>,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    e.map(2 + u64::from(issued_at.is_some()))?;
    e.i64(CLAIM_ISS)?.str(issuer)?.i64(CLAIM_SUB)?.str(subject)?;
    if let Some(at) = issued_at {
        e.i64(CLAIM_IAT)?.u64(at.0)?;
    }
    Ok(())
}

/// What the signature is over: the `Sig_structure` of RFC 9052, section 4.4, with empty `external_aad`.
pub(crate) fn signed_bytes(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    written(protected.len() + payload.len() + 32, |e| {
        e.array(4)?.str("Signature1")?.bytes(protected)?.bytes(&[])?.bytes(payload)?.ok()
    })
}

/// The whole COSE_Sign1 with an empty unprotected header, and where the protected header and the payload stand.
pub(crate) fn sign1(protected: &[u8], payload: &[u8], signature: &[u8; 64]) -> (Vec<u8>, Range<usize>, Range<usize>) {
    let mut ranges = (0..0, 0..0);
    let bytes = written(protected.len() + payload.len() + 96, |e| {
        e.tag(Tag::new(SIGN1_TAG))?.array(4)?.bytes(protected)?;
        ranges.0 = e.writer().len() - protected.len()..e.writer().len();
        e.map(0)?.bytes(payload)?;
        ranges.1 = e.writer().len() - payload.len()..e.writer().len();
        e.bytes(signature)?.ok()
    });
    (bytes, ranges.0, ranges.1)
}

/// The parts of a statement as they stand in its bytes.
pub(crate) struct Parts<'b> {
    pub(crate) protected: &'b [u8],
    pub(crate) payload: &'b [u8],
    pub(crate) signature: [u8; 64],
}

/// Takes the four parts apart. Whether they are written deterministically is the caller's comparison.
pub(crate) fn parse_statement(bytes: &[u8]) -> Result<Parts<'_>, StatementError> {
    let mut d = Decoder::new(bytes);
    let protected = open_sign1(&mut d)?;
    if d.map()? != Some(0) {
        return Err(StatementError::UnprotectedNotEmpty);
    }
    if d.datatype()? == Type::Null {
        return Err(StatementError::PayloadDetached);
    }
    let payload = d.bytes()?;
    let signature = close_sign1(&mut d)?;
    Ok(Parts { protected, payload, signature })
}

/// Reads the tag, the array and the protected header.
pub(crate) fn open_sign1<'b>(d: &mut Decoder<'b>) -> Result<&'b [u8], StatementError> {
    if d.datatype()? != Type::Tag || d.tag()? != Tag::new(SIGN1_TAG) {
        return Err(StatementError::NotTagged);
    }
    if d.array()? != Some(4) {
        return Err(StatementError::PartCount);
    }
    Ok(d.bytes()?)
}

/// Reads the signature, after which nothing may follow.
pub(crate) fn close_sign1(d: &mut Decoder<'_>) -> Result<[u8; 64], StatementError> {
    let signature = d.bytes()?;
    let signature = signature.try_into().map_err(|_| StatementError::SignatureLength(signature.len()))?;
    let rest = d.input().len() - d.position();
    if rest > 0 {
        return Err(StatementError::TrailingBytes(rest));
    }
    Ok(signature)
}

/// Reads the protected header of a statement: exactly the labels it must have, each once, in any order.
pub(crate) fn parse_statement_header(protected: &[u8]) -> Result<(Header, Kid), StatementError> {
    let mut d = Decoder::new(protected);
    let (mut alg, mut content_type, mut kid, mut cwt, mut exchange) = (None, None, None, None, None);
    for _ in 0..labels(&mut d)? {
        match label(&mut d)? {
            Label::Number(HEADER_ALG) => once(&mut alg, "alg", algorithm(&mut d)?)?,
            Label::Number(HEADER_CRIT) => return Err(StatementError::CriticalHeader),
            Label::Number(HEADER_CONTENT_TYPE) => once(&mut content_type, "content type", d.str()?.to_owned())?,
            Label::Number(HEADER_KID) => once(&mut kid, "kid", hash(&mut d, "kid")?)?,
            Label::Number(HEADER_CWT) => once(&mut cwt, "CWT claims", parse_claims(&mut d)?)?,
            Label::Text(HEADER_EXCHANGE) => once(&mut exchange, HEADER_EXCHANGE, hash(&mut d, HEADER_EXCHANGE)?)?,
            Label::Number(other) => return Err(StatementError::HeaderUnknown(other)),
            Label::Text(_) => return Err(StatementError::HeaderUnknownText),
        }
    }
    alg.ok_or(StatementError::HeaderMissing("alg"))?;
    let (issuer, subject, issued_at) = cwt.ok_or(StatementError::HeaderMissing("CWT claims"))?;
    let header = Header {
        content_type: content_type.ok_or(StatementError::HeaderMissing("content type"))?,
        exchange: exchange.ok_or(StatementError::HeaderMissing(HEADER_EXCHANGE))?,
        issuer,
        subject,
        issued_at,
    };
    Ok((header, Kid(kid.ok_or(StatementError::HeaderMissing("kid"))?)))
}

/// Issuer, subject, and when it was issued.
pub(crate) type Claims = (String, String, Option<Timestamp>);

pub(crate) fn parse_claims(d: &mut Decoder<'_>) -> Result<Claims, StatementError> {
    let (mut issuer, mut subject, mut issued_at) = (None, None, None);
    for _ in 0..labels(d)? {
        match label(d)? {
            Label::Number(CLAIM_ISS) => once(&mut issuer, "iss", d.str()?.to_owned())?,
            Label::Number(CLAIM_SUB) => once(&mut subject, "sub", d.str()?.to_owned())?,
            Label::Number(CLAIM_IAT) => once(&mut issued_at, "iat", Timestamp(d.u64()?))?,
            Label::Number(other) => return Err(StatementError::HeaderUnknown(other)),
            Label::Text(_) => return Err(StatementError::HeaderUnknownText),
        }
    }
    let issuer = issuer.ok_or(StatementError::HeaderMissing("iss"))?;
    Ok((issuer, subject.ok_or(StatementError::HeaderMissing("sub"))?, issued_at))
}

/// A label of a COSE header map.
pub(crate) enum Label<'b> {
    Number(i64),
    Text(&'b str),
}

pub(crate) fn label<'b>(d: &mut Decoder<'b>) -> Result<Label<'b>, StatementError> {
    Ok(if d.datatype()? == Type::String { Label::Text(d.str()?) } else { Label::Number(d.i64()?) })
}

/// How many labels a map of definite length has.
pub(crate) fn labels(d: &mut Decoder<'_>) -> Result<u64, StatementError> {
    match d.map()? {
        Some(count) if count <= LABELS_MAX => Ok(count),
        Some(_) => Err(StatementError::Malformed("too many labels in a map".into())),
        None => Err(StatementError::NotDeterministic),
    }
}

pub(crate) fn algorithm(d: &mut Decoder<'_>) -> Result<(), StatementError> {
    match d.i64()? {
        ALG_EDDSA => Ok(()),
        ALG_ED25519 => Err(StatementError::AlgorithmReserved),
        other => Err(StatementError::AlgorithmUnknown(other)),
    }
}

pub(crate) fn hash(d: &mut Decoder<'_>, name: &'static str) -> Result<Hash, StatementError> {
    Hash::try_from(d.bytes()?).map_err(|_| StatementError::HashLength(name))
}

/// Fills a place that must still be empty.
pub(crate) fn once<T>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), StatementError> {
    if place.replace(value).is_some() {
        return Err(StatementError::HeaderTwice(name));
    }
    Ok(())
}
