//! What crosses the link: one request and one reply per stream, each one CBOR value in one frame. ALPN [`ALPN`] after
//! [`Request::Hello`]; ALPN [`ALPN_ENROL`] for a node that has no certificate yet.
//!
//! Requests and replies are maps with number keys: unknown keys are ignored, so that hub and node may differ by one
//! version. What is *signed* inside them is strict. Every list is bounded while it is read: a frame of small numbers must
//! not become a vector of many times its size.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Decoder, Encode};

use crate::codec::{self, CodecError};
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantCode, ParticipantId};
use crate::ledger::ParticipantKind;
use crate::merkle::PATH_HASHES_MAX;
use crate::period::Period;
use crate::release::{BUNDLE_MAX, Nonce};
use crate::statement::PublicKey;

/// ALPN of the exchange.
pub const ALPN: &str = "vrs/1";
/// ALPN of enrolment: the server is authenticated, the caller by a one-time secret or its logged key.
pub const ALPN_ENROL: &str = "vrs-enrol/1";
/// Label of the TLS exporter that binds a connection to a logged key.
pub const EXPORTER_LABEL: &str = "EXPORTER-vrs-1";
/// Content type of the statement that binds a connection; its payload is the 32 exporter bytes.
pub const BINDING_CONTENT_TYPE: &str = "application/vnd.vrs.binding+cbor";
/// Content type of a re-enrolment by the logged key; its payload is the certificate request (DER).
pub const REENROL_CONTENT_TYPE: &str = "application/vnd.vrs.reenrol+cbor";
/// The versions this program speaks.
pub const VERSIONS: std::ops::RangeInclusive<u16> = 1..=1;

/// Largest request before the connection is bound.
pub const UNBOUND_BYTES_MAX: usize = 64 << 10;
/// Largest request and reply of a bound connection: a bundle of bodies.
pub const MESSAGE_BYTES_MAX: usize = 16 << 20;
/// Most lines in one reply to [`Request::Lines`].
pub const LINES_MAX: u64 = 4_096;
/// Most bytes of lines in one reply.
pub const LINES_BYTES_MAX: usize = 4 << 20;
/// Most releases in one read.
pub const READ_MAX: usize = 64;
/// Most block tables in one reply to [`Request::Overview`]: a serving line, which names them, holds as many items.
pub const TABLES_MAX: usize = 1_000;
/// Most certificates of a chain, and most revocation lists: an authority issues a few in its ten years.
pub const CERTIFICATES_MAX: usize = 64;

/// A signed release with its body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Submission {
    /// COSE_Sign1 around the manifest.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub statement: Vec<u8>,
    /// The nonce before the body.
    #[n(1)]
    pub nonce: Nonce,
    /// The padded body.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// What a node asks the hub.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Request {
    /// First on every connection. `binding`: statement of type [`BINDING_CONTENT_TYPE`] by the participant's logged key
    /// over the TLS exporter of this connection.
    #[n(0)]
    #[cbor(map)]
    Hello {
        /// Who calls.
        #[n(0)]
        participant: ParticipantId,
        /// Lowest version it speaks.
        #[n(1)]
        version_min: u16,
        /// Highest version it speaks.
        #[n(2)]
        version_max: u16,
        /// The binding statement.
        #[cbor(n(3), with = "minicbor::bytes")]
        binding: Vec<u8>,
        /// Program and version, for the hub's list of nodes; at most 100 bytes.
        #[n(4)]
        software: String,
    },
    /// Releases, one or a whole bundle: all are written or none.
    #[n(1)]
    #[cbor(map)]
    Submit {
        /// The releases, in bundle order.
        #[cbor(n(0), decode_with = "codec::at_most::<BUNDLE_MAX, _, _>")]
        releases: Vec<Submission>,
    },
    /// A statement without a body: withdrawal, extension, erasure, objection or key event.
    #[n(2)]
    #[cbor(map)]
    Declare {
        /// Number of its [`crate::ledger::LineKind`].
        #[n(0)]
        kind: u8,
        /// The author's COSE_Sign1.
        #[cbor(n(1), with = "minicbor::bytes")]
        statement: Vec<u8>,
    },
    /// Bodies of releases, at most [`READ_MAX`].
    #[n(3)]
    #[cbor(map)]
    Read {
        /// Lines of the releases.
        #[cbor(n(0), decode_with = "codec::at_most::<READ_MAX, _, _>")]
        releases: Vec<LineIndex>,
    },
    /// Block tables of a form and period that the reader may see.
    #[n(4)]
    #[cbor(map)]
    Overview {
        /// The form.
        #[n(0)]
        form: FormCode,
        /// The period.
        #[n(1)]
        period: Period,
    },
    /// Lines of the ledger.
    #[n(5)]
    #[cbor(map)]
    Lines {
        /// First line.
        #[n(0)]
        from: LineIndex,
        /// How many; at most [`LINES_MAX`].
        #[n(1)]
        count: u64,
    },
    /// The latest checkpoint, and a proof that it continues the caller's.
    #[n(6)]
    #[cbor(map)]
    Checkpoint {
        /// Size of the caller's last checkpoint; 0 for none.
        #[n(0)]
        since: u64,
        /// That checkpoint (signed note). Only what the hub has signed itself proves that it has lost lines.
        #[n(1)]
        note: Option<String>,
    },
    /// An inclusion proof.
    #[n(7)]
    #[cbor(map)]
    Proof {
        /// Which line.
        #[n(0)]
        index: LineIndex,
        /// In the tree of this size.
        #[n(1)]
        size: u64,
    },
    /// A new certificate for the same participant.
    #[n(8)]
    #[cbor(map)]
    Renew {
        /// PKCS#10 certificate request (DER).
        #[cbor(n(0), with = "minicbor::bytes")]
        request: Vec<u8>,
    },
    /// The authority's current revocation lists.
    #[n(9)]
    #[cbor(map)]
    Revocations {},
    /// An RFC 9942 receipt for a line, for others to check; see [`crate::receipt`].
    #[n(10)]
    #[cbor(map)]
    Receipt {
        /// Which line.
        #[n(0)]
        index: LineIndex,
        /// In the tree of this size.
        #[n(1)]
        size: u64,
    },
}

/// A body as served.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ServedBody {
    /// Line of the release.
    #[n(0)]
    pub release: LineIndex,
    /// Line of the serving.
    #[n(1)]
    pub serving: LineIndex,
    /// The nonce before the body.
    #[n(2)]
    pub nonce: Nonce,
    /// The padded body.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// One table of one block as served.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ServedBlockTable {
    /// Line of the edition.
    #[n(0)]
    pub edition: LineIndex,
    /// Place of the block in it.
    #[n(1)]
    pub block: u16,
    /// Place of the table in the block.
    #[n(2)]
    pub table: u16,
    /// Line of the serving.
    #[n(3)]
    pub serving: LineIndex,
    /// The nonce before the body.
    #[n(4)]
    pub nonce: Nonce,
    /// The padded body: a table of sums.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub body: Vec<u8>,
}

/// What the hub answers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Reply {
    /// To [`Request::Hello`].
    #[n(0)]
    #[cbor(map)]
    Hello {
        /// The version both speak.
        #[n(0)]
        version: u16,
        /// The hub's binding statement over the same exporter, by its ledger key.
        #[cbor(n(1), with = "minicbor::bytes")]
        binding: Vec<u8>,
        /// Size of the ledger.
        #[n(2)]
        size: u64,
    },
    /// The statements stand in the ledger.
    #[n(1)]
    #[cbor(map)]
    Logged {
        /// Their lines, in the order of the request.
        #[cbor(n(0), decode_with = "codec::at_most::<BUNDLE_MAX, _, _>")]
        lines: Vec<LineIndex>,
        /// A checkpoint that covers them (signed note).
        #[n(1)]
        checkpoint: String,
        /// Inclusion proofs in the checkpoint's tree, in the order of the request.
        #[cbor(n(2), decode_with = "paths")]
        proofs: Vec<Vec<Hash>>,
    },
    /// To [`Request::Read`]; releases that may not be read are left out and stand in `refused`.
    #[n(2)]
    #[cbor(map)]
    Bodies {
        /// What may be read.
        #[cbor(n(0), decode_with = "codec::at_most::<READ_MAX, _, _>")]
        bodies: Vec<ServedBody>,
        /// What may not: line of the release and the signed refusal.
        #[cbor(n(1), decode_with = "codec::at_most::<READ_MAX, _, _>")]
        refused: Vec<RefusedRead>,
    },
    /// To [`Request::Overview`].
    #[n(3)]
    #[cbor(map)]
    BlockTables {
        /// The block tables the reader may see.
        #[cbor(n(0), decode_with = "codec::at_most::<TABLES_MAX, _, _>")]
        tables: Vec<ServedBlockTable>,
    },
    /// To [`Request::Lines`]: lines in order, as many as fit.
    #[n(4)]
    #[cbor(map)]
    Lines {
        /// The lines, byte for byte.
        #[cbor(n(0), decode_with = "codec::at_most::<{ LINES_MAX as usize }, _, _>")]
        lines: Vec<ByteVec>,
    },
    /// To [`Request::Checkpoint`].
    #[n(5)]
    #[cbor(map)]
    Checkpoint {
        /// The signed note.
        #[n(0)]
        note: String,
        /// Consistency proof from the caller's size.
        #[cbor(n(1), decode_with = "codec::at_most::<PATH_HASHES_MAX, _, _>")]
        proof: Vec<Hash>,
    },
    /// To [`Request::Proof`].
    #[n(6)]
    #[cbor(map)]
    Proof {
        /// The path (RFC 9162 2.1.3).
        #[cbor(n(0), decode_with = "codec::at_most::<PATH_HASHES_MAX, _, _>")]
        path: Vec<Hash>,
    },
    /// To [`Request::Renew`]: the new chain, leaf first (DER).
    #[n(7)]
    #[cbor(map)]
    Certificate {
        /// Leaf, then intermediates.
        #[cbor(n(0), decode_with = "codec::at_most::<CERTIFICATES_MAX, _, _>")]
        chain: Vec<ByteVec>,
    },
    /// To [`Request::Revocations`].
    #[n(8)]
    #[cbor(map)]
    Revocations {
        /// Every list (DER) that is needed to check whole chains: the issuing authorities' and the root's.
        #[cbor(n(0), decode_with = "codec::at_most::<CERTIFICATES_MAX, _, _>")]
        lists: Vec<ByteVec>,
    },
    /// No, with the reason: a statement of type [`crate::refusal::Refusal::CONTENT_TYPE`] by the hub's ledger key.
    #[n(9)]
    #[cbor(map)]
    Refused {
        /// The signed refusal.
        #[cbor(n(0), with = "minicbor::bytes")]
        statement: Vec<u8>,
    },
    /// To [`Request::Receipt`].
    #[n(10)]
    #[cbor(map)]
    Receipt {
        /// The COSE receipt, issued by the ledger's origin about `line INDEX`.
        #[cbor(n(0), with = "minicbor::bytes")]
        receipt: Vec<u8>,
    },
}

/// One release that may not be read.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RefusedRead {
    /// Line of the release.
    #[n(0)]
    pub release: LineIndex,
    /// The signed refusal.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub statement: Vec<u8>,
}

/// What the hub tells a connected node, unasked, on a unidirectional stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Notify {
    /// Size of the ledger now.
    #[n(0)]
    pub size: u64,
}

/// What a node without a certificate sends on [`ALPN_ENROL`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[allow(clippy::large_enum_variant)] // One at a time is held, while it is answered.
pub enum EnrolRequest {
    /// Asks to be admitted, and asks again until it is.
    #[n(0)]
    #[cbor(map)]
    Join {
        /// The code it was invited as.
        #[n(0)]
        code: ParticipantCode,
        /// The one-time secret of the invite.
        #[cbor(n(1), with = "minicbor::bytes")]
        secret: [u8; 32],
        /// PKCS#10 certificate request (DER).
        #[cbor(n(2), with = "minicbor::bytes")]
        request: Vec<u8>,
        /// Its identity key.
        #[n(3)]
        key: PublicKey,
        /// Signature of the identity key over `vrs-enrol/1` ‖ SHA-256 of the certificate request.
        #[cbor(n(4), with = "minicbor::bytes")]
        proof: [u8; 64],
        /// Display name it proposes.
        #[n(5)]
        name: String,
        /// What it is.
        #[n(6)]
        kind: ParticipantKind,
    },
    /// A participant whose certificate has expired asks for a new one with its logged key.
    #[n(1)]
    #[cbor(map)]
    Again {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// Statement of type [`REENROL_CONTENT_TYPE`] around the certificate request.
        #[cbor(n(1), with = "minicbor::bytes")]
        statement: Vec<u8>,
    },
}

/// What the hub answers on [`ALPN_ENROL`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum EnrolReply {
    /// Waiting for the hub's operator to compare the fingerprint by telephone.
    #[n(0)]
    #[cbor(map)]
    Waiting {
        /// Fingerprint of the bundle as the hub sees it.
        #[n(0)]
        fingerprint: String,
    },
    /// Admitted.
    #[n(1)]
    #[cbor(map)]
    Admitted {
        /// Its id.
        #[n(0)]
        participant: ParticipantId,
        /// The genesis line.
        #[cbor(n(1), with = "minicbor::bytes")]
        genesis: Vec<u8>,
        /// Certificate chain, leaf first (DER).
        #[cbor(n(2), decode_with = "codec::at_most::<CERTIFICATES_MAX, _, _>")]
        chain: Vec<ByteVec>,
    },
    /// No, in words, with the number of the reason.
    #[n(2)]
    #[cbor(map)]
    Refused {
        /// Number of the reason.
        #[n(0)]
        number: u16,
        /// The reason in words.
        #[n(1)]
        sentence: String,
    },
}

/// What the identity key signs in [`EnrolRequest::Join`], and what the fingerprint is made of.
pub fn enrol_proof_message(request: &[u8]) -> Vec<u8> {
    [b"vrs-enrol/1".as_slice(), &Hash::of(request).0].concat()
}

/// The fingerprint two persons compare by telephone: SHA-256 over certificate request and identity key, its first 16
/// bytes in groups of four hexadecimal digits.
pub fn enrol_fingerprint(request: &[u8], key: &PublicKey) -> String {
    let hash = Hash::of_parts(&[&Hash::of(request).0, key.as_bytes()]).to_string();
    hash.as_bytes()[..32]
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect::<Vec<_>>()
        .join("-")
}

/// Reads a message of the link. Unknown keys are ignored; what is left over is refused.
pub fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, CodecError> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode()?;
    match bytes.len() - decoder.position() {
        0 => Ok(value),
        left => Err(CodecError::TrailingBytes(left)),
    }
}

/// As many paths as there may be releases in a bundle, each of a proof's length.
fn paths<'b, C>(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Vec<Vec<Hash>>, minicbor::decode::Error> {
    struct Path(Vec<Hash>);
    impl<'b, C> Decode<'b, C> for Path {
        fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
            codec::at_most::<PATH_HASHES_MAX, _, _>(decoder, context).map(Self)
        }
    }
    let paths: Vec<Path> = codec::at_most::<BUNDLE_MAX, _, _>(decoder, context)?;
    Ok(paths.into_iter().map(|path| path.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::to_bytes;

    #[test]
    fn requests_survive_the_link() {
        let request = Request::Read { releases: vec![3, 70_000] };
        assert_eq!(decode::<Request>(&to_bytes(&request)).unwrap(), request);
        assert_eq!(decode::<Request>(&to_bytes(&Request::Revocations {})).unwrap(), Request::Revocations {});
        let request = Request::Receipt { index: 7, size: 9 };
        assert_eq!(decode::<Request>(&to_bytes(&request)).unwrap(), request);
        // A caller that shows no checkpoint leaves the note out.
        let request = Request::Checkpoint { since: 7, note: None };
        assert_eq!(to_bytes(&request), [0x82, 6, 0xa1, 0, 7]);
        assert_eq!(decode::<Request>(&to_bytes(&request)).unwrap(), request);
        let request = Request::Checkpoint { since: 7, note: Some("note".into()) };
        assert_eq!(decode::<Request>(&to_bytes(&request)).unwrap(), request);
    }

    #[test]
    fn lists_are_bounded_before_their_values_are_read() {
        // Each announces four million values and brings none: read first, it would be `Truncated`.
        let list = [0x9a, 0, 0x3d, 0x09, 0];
        let requests: [&[u8]; 2] = [&[0x82, 1, 0xa1, 0], &[0x82, 3, 0xa1, 0]];
        for head in requests {
            let refused = decode::<Request>(&[head, &list].concat()).unwrap_err();
            assert!(
                matches!(&refused, CodecError::Malformed(s) if s.contains("more than the")),
                "{head:x?}: {refused}"
            );
        }
        let replies: [&[u8]; 11] = [
            &[0x82, 1, 0xa3, 0],
            &[0x82, 1, 0xa3, 0, 0x80, 1, 0x60, 2],
            &[0x82, 1, 0xa3, 0, 0x80, 1, 0x60, 2, 0x81],
            &[0x82, 2, 0xa2, 0],
            &[0x82, 2, 0xa2, 0, 0x80, 1],
            &[0x82, 3, 0xa1, 0],
            &[0x82, 4, 0xa1, 0],
            &[0x82, 5, 0xa2, 0, 0x60, 1],
            &[0x82, 6, 0xa1, 0],
            &[0x82, 7, 0xa1, 0],
            &[0x82, 8, 0xa1, 0],
        ];
        for head in replies {
            let refused = decode::<Reply>(&[head, &list].concat()).unwrap_err();
            assert!(
                matches!(&refused, CodecError::Malformed(s) if s.contains("more than the")),
                "{head:x?}: {refused}"
            );
        }
    }

    #[test]
    fn unknown_keys_are_ignored_and_unknown_requests_are_not() {
        // [3, {0: [5], 99: "later"}]
        let bytes = [0x82, 3, 0xa2, 0, 0x81, 5, 0x18, 99, 0x65, b'l', b'a', b't', b'e', b'r'];
        assert_eq!(decode::<Request>(&bytes).unwrap(), Request::Read { releases: vec![5] });
        assert!(decode::<Request>(&[0x82, 0x18, 77, 0xa0]).is_err());
    }
}
