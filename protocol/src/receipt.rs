//! COSE receipts (RFC 9942): the proof that a ledger holds a line, in a form that other people's software checks.
//!
//! A receipt is a COSE_Sign1 by the log over the root of its tree. The root is not in it: whoever checks computes
//! it from the line and the path, so a signature over another root cannot be mistaken for the proof.
//!
//! ```text
//! d2                       tag 18
//!   84                     array of four
//!     58 xx {              protected header, as a byte string
//!       01: 27               algorithm −8, EdDSA
//!       04: 58 20 …          kid of the log's key
//!       0f: {                CWT claims, which RFC 9943 demands
//!         01: text             iss, the ledger's origin
//!         02: text             sub
//!       }
//!       19 018b: 01          vds, RFC9162_SHA256
//!     }
//!     a1                   unprotected header
//!       19 018c: {           vdp, the proofs
//!         20: [                inclusion proofs
//!           58 xx [size, index, [58 20 …, …]]
//!         ]
//!       }
//!     f6                   the payload is detached
//!     58 40 …              signature
//! ```
//!
//! Receipts are an export. They carry no cosignatures, so between hub and nodes the checkpoint is what counts.

use std::ops::Range;

use minicbor::data::{Tag, Type};
use minicbor::{Decoder, Encoder};

use crate::codec::{self, CodecError};
use crate::hash::Hash;
use crate::merkle::{InclusionProof, MerkleError, PATH_HASHES_MAX, leaf_hash};
use crate::statement::cose::{self, HEADER_ALG, HEADER_CRIT, HEADER_CWT, HEADER_KID, Label};
use crate::statement::{Kid, PublicKey, SigningKey, Statement, StatementError, check_text};

/// The longest receipt, in bytes: the longest path, and 1 KiB for the header and the signature.
pub const RECEIPT_BYTES_MAX: usize = 1024 + 34 * PATH_HASHES_MAX;

/// The header of a statement that carries receipts.
const HEADER_RECEIPTS: i64 = 394;
/// The header that names the kind of tree.
const HEADER_VDS: i64 = 395;
/// The header that carries the proofs.
const HEADER_VDP: i64 = 396;
/// The tree of RFC 9162 with SHA-256.
const VDS_RFC9162_SHA256: u64 = 1;
/// The label of inclusion proofs among the proofs.
const PROOF_INCLUSION: i64 = -1;

/// Why bytes are not a receipt, or not one for a certain line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// Longer than [`RECEIPT_BYTES_MAX`].
    #[error("{0} bytes are more than a receipt may have")]
    TooLarge(usize),
    /// Not a COSE_Sign1 as ours are, or not by the key in question.
    #[error(transparent)]
    Cose(#[from] StatementError),
    /// The receipt is about another kind of tree.
    #[error("verifiable data structure {0} is not in use")]
    StructureUnknown(u64),
    /// The unprotected header is not exactly one inclusion proof.
    #[error("a receipt carries exactly one inclusion proof")]
    NotOneProof,
    /// The inclusion proof is not the one encoding of one.
    #[error("the inclusion proof is malformed: {0}")]
    MalformedProof(CodecError),
    /// The root is in the receipt, where it could differ from the computed one.
    #[error("the payload of a receipt is detached")]
    PayloadAttached,
    /// The proof does not lead from the line to a root.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
}

impl From<minicbor::decode::Error> for ReceiptError {
    fn from(error: minicbor::decode::Error) -> Self {
        Self::Cose(error.into())
    }
}

/// A receipt whose form has been checked. Whether it proves something is the question to [`Receipt::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    bytes: Vec<u8>,
    issuer: String,
    subject: String,
    kid: Kid,
    proof: InclusionProof,
    /// Where the protected header's bytes stand in `bytes`.
    protected: Range<usize>,
    signature: [u8; 64],
}

impl Receipt {
    /// Issues a receipt as the log `issuer` about `subject`, from a proof under a root that the log stands for.
    ///
    /// # Errors
    /// If a text is empty, too long or not printable.
    pub fn issue(
        issuer: &str,
        subject: &str,
        proof: InclusionProof,
        root: &Hash,
        key: &SigningKey,
    ) -> Result<Self, ReceiptError> {
        check_text("iss", issuer)?;
        check_text("sub", subject)?;
        let protected = protected_header(issuer, subject, key.kid());
        let signature = key.sign(&cose::signed_bytes(&protected, &root.0));
        let (bytes, protected) = receipt_bytes(&protected, &proof, &signature);
        if bytes.len() > RECEIPT_BYTES_MAX {
            return Err(ReceiptError::TooLarge(bytes.len()));
        }
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        Ok(Self { bytes, issuer, subject, kid: key.kid(), proof, protected, signature })
    }

    /// Reads a receipt, strictly. Nothing is proven yet.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        if bytes.len() > RECEIPT_BYTES_MAX {
            return Err(ReceiptError::TooLarge(bytes.len()));
        }
        let mut d = Decoder::new(bytes);
        let (issuer, subject, kid) = parse_protected(cose::open_sign1(&mut d)?)?;
        let proof = parse_unprotected(&mut d)?;
        if d.datatype()? != Type::Null {
            return Err(ReceiptError::PayloadAttached);
        }
        d.null()?;
        let signature = cose::close_sign1(&mut d)?;
        let (again, protected) = receipt_bytes(&protected_header(&issuer, &subject, kid), &proof, &signature);
        if again != bytes {
            return Err(StatementError::NotDeterministic.into());
        }
        Ok(Self { bytes: again, issuer, subject, kid, proof, protected, signature })
    }

    /// Checks that the log with this key holds the line, and returns the root that the log signed.
    ///
    /// # Errors
    /// If the receipt is by another key, for another line, or its signature does not verify. A wrong line shows
    /// as a wrong signature, because it leads to a root that was never signed.
    pub fn verify(&self, line: &[u8], key: &PublicKey) -> Result<Hash, ReceiptError> {
        if key.kid() != self.kid {
            return Err(StatementError::WrongKey.into());
        }
        let root = self.proof.root(&leaf_hash(line))?;
        let signed = cose::signed_bytes(&self.bytes[self.protected.clone()], &root.0);
        key.verify(&signed, &self.signature).map_err(|_| StatementError::BadSignature)?;
        Ok(root)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The ledger that issued it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The name of the log's key.
    #[must_use]
    pub const fn kid(&self) -> Kid {
        self.kid
    }

    /// The proof.
    #[must_use]
    pub const fn proof(&self) -> &InclusionProof {
        &self.proof
    }
}

/// A statement with a receipt in its unprotected header: a *transparent statement* (RFC 9943, section 7).
///
/// The author's signature stays as it is, since it does not cover that header. The receipt is about the ledger
/// line, which holds the statement with what the hub added; whoever checks it needs the line beside it.
#[must_use]
pub fn embed_receipt(statement: &Statement, receipt: &Receipt) -> Vec<u8> {
    cose::written(statement.bytes().len() + receipt.bytes.len() + 16, |e| {
        e.tag(Tag::new(cose::SIGN1_TAG))?.array(4)?.bytes(statement.protected())?;
        e.map(1)?.i64(HEADER_RECEIPTS)?.array(1)?.bytes(&receipt.bytes)?;
        e.bytes(statement.payload())?.bytes(statement.signature())?.ok()
    })
}

fn protected_header(issuer: &str, subject: &str, kid: Kid) -> Vec<u8> {
    cose::written(64 + issuer.len() + subject.len(), |e| {
        e.map(4)?.i64(HEADER_ALG)?.i64(cose::ALG_EDDSA)?;
        e.i64(HEADER_KID)?.bytes(kid.0.as_bytes())?;
        e.i64(HEADER_CWT)?;
        cose::claims(e, issuer, subject, None)?;
        e.i64(HEADER_VDS)?.u64(VDS_RFC9162_SHA256)?.ok()
    })
}

/// The whole receipt, and where the protected header stands in it.
fn receipt_bytes(protected: &[u8], proof: &InclusionProof, signature: &[u8; 64]) -> (Vec<u8>, Range<usize>) {
    let proof = codec::to_bytes(proof);
    let mut range = 0..0;
    let bytes = cose::written(protected.len() + proof.len() + 96, |e: &mut Encoder<Vec<u8>>| {
        e.tag(Tag::new(cose::SIGN1_TAG))?.array(4)?.bytes(protected)?;
        range = e.writer().len() - protected.len()..e.writer().len();
        e.map(1)?.i64(HEADER_VDP)?.map(1)?.i64(PROOF_INCLUSION)?.array(1)?.bytes(&proof)?;
        e.null()?.bytes(signature)?.ok()
    });
    (bytes, range)
}

/// Issuer, subject and key.
fn parse_protected(protected: &[u8]) -> Result<(String, String, Kid), ReceiptError> {
    let mut d = Decoder::new(protected);
    let (mut alg, mut kid, mut cwt, mut vds) = (None, None, None, None);
    for _ in 0..cose::labels(&mut d)? {
        match cose::label(&mut d)? {
            Label::Number(HEADER_ALG) => cose::once(&mut alg, "alg", cose::algorithm(&mut d)?)?,
            Label::Number(HEADER_CRIT) => return Err(StatementError::CriticalHeader.into()),
            Label::Number(HEADER_KID) => cose::once(&mut kid, "kid", cose::hash(&mut d, "kid")?)?,
            Label::Number(HEADER_CWT) => cose::once(&mut cwt, "CWT claims", cose::parse_claims(&mut d)?)?,
            Label::Number(HEADER_VDS) => cose::once(&mut vds, "vds", d.u64()?)?,
            Label::Number(other) => return Err(StatementError::HeaderUnknown(other).into()),
            Label::Text(_) => return Err(StatementError::HeaderUnknownText.into()),
        }
    }
    alg.ok_or(StatementError::HeaderMissing("alg"))?;
    let vds = vds.ok_or(StatementError::HeaderMissing("vds"))?;
    if vds != VDS_RFC9162_SHA256 {
        return Err(ReceiptError::StructureUnknown(vds));
    }
    let (issuer, subject, issued_at) = cwt.ok_or(StatementError::HeaderMissing("CWT claims"))?;
    if issued_at.is_some() {
        return Err(StatementError::HeaderUnknown(cose::CLAIM_IAT).into());
    }
    check_text("iss", &issuer)?;
    check_text("sub", &subject)?;
    Ok((issuer, subject, Kid(kid.ok_or(StatementError::HeaderMissing("kid"))?)))
}

/// The one inclusion proof: `{396: {-1: [proof]}}`.
fn parse_unprotected(d: &mut Decoder<'_>) -> Result<InclusionProof, ReceiptError> {
    let one = |found: bool| if found { Ok(()) } else { Err(ReceiptError::NotOneProof) };
    one(d.map()? == Some(1) && d.i64()? == HEADER_VDP)?;
    one(d.map()? == Some(1) && d.i64()? == PROOF_INCLUSION)?;
    one(d.array()? == Some(1))?;
    codec::decode_strict(d.bytes()?).map_err(ReceiptError::MalformedProof)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::merkle::MemoryTree;
    use crate::statement::Header;
    use coset::TaggedCborSerializable as _;

    fn log() -> SigningKey {
        SigningKey::from_seed(&[5; 32])
    }

    fn line(index: u64) -> Vec<u8> {
        format!("line {index}").into_bytes()
    }

    fn tree(size: u64) -> MemoryTree {
        (0..size).map(|index| leaf_hash(&line(index))).collect()
    }

    fn receipt(index: u64, size: u64) -> Receipt {
        let tree = tree(size);
        let proof = tree.inclusion_proof(index, size).unwrap();
        Receipt::issue("hub.example/region", "line", proof, &tree.root(), &log()).unwrap()
    }

    fn statement() -> Statement {
        let header = Header {
            content_type: "application/vnd.vrs.release+cbor".into(),
            exchange: Hash::of(b"genesis"),
            issuer: "AUS".into(),
            subject: "SM_CIT/2013".into(),
            issued_at: None,
        };
        Statement::sign(header, b"manifest", &SigningKey::from_seed(&[1; 32])).unwrap()
    }

    #[test]
    fn a_receipt_proves_its_line_and_no_other() {
        for (index, size) in [(0, 1), (0, 2), (4, 5), (17, 20), (63, 64), (64, 65)] {
            let issued = receipt(index, size);
            let read = Receipt::parse(issued.bytes()).unwrap();
            assert_eq!(read, issued);
            assert_eq!(read.verify(&line(index), &log().public()), Ok(tree(size).root()));
            let wrong = read.verify(&line(index + 1), &log().public());
            assert_eq!(wrong, Err(StatementError::BadSignature.into()));
            let other = SigningKey::from_seed(&[6; 32]).public();
            assert_eq!(read.verify(&line(index), &other), Err(StatementError::WrongKey.into()));
        }
        let read = receipt(17, 20);
        assert_eq!((read.issuer(), read.subject(), read.kid()), ("hub.example/region", "line", log().kid()));
        assert_eq!((read.proof().index, read.proof().size), (17, 20));
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let issued = receipt(17, 20);
        for index in 0..issued.bytes().len() {
            let mut bytes = issued.bytes().to_vec();
            bytes[index] ^= 1;
            let refused = Receipt::parse(&bytes).and_then(|read| read.verify(&line(17), &log().public())).is_err();
            assert!(refused, "byte {index}");
            assert!(Receipt::parse(&issued.bytes()[..index]).is_err());
        }
    }

    #[test]
    fn the_longest_receipt_fits() {
        let root = Hash::of(b"root");
        let proof = InclusionProof { size: u64::MAX, index: u64::MAX - 1, path: vec![root; PATH_HASHES_MAX] };
        let text = "x".repeat(crate::statement::HEADER_TEXT_BYTES_MAX);
        let issued = Receipt::issue(&text, &text, proof, &root, &log()).unwrap();
        assert!(Receipt::parse(issued.bytes()).is_ok());
        let long = vec![0; RECEIPT_BYTES_MAX + 1];
        assert_eq!(Receipt::parse(&long), Err(ReceiptError::TooLarge(RECEIPT_BYTES_MAX + 1)));
        let empty = InclusionProof { size: 1, index: 0, path: vec![] };
        let refused = Receipt::issue("", "line", empty, &root, &log());
        assert_eq!(refused, Err(StatementError::TextNotAllowed("iss").into()));
    }

    #[test]
    fn a_general_cose_library_reads_and_verifies_it() {
        let issued = receipt(17, 20);
        let foreign = coset::CoseSign1::from_tagged_slice(issued.bytes()).unwrap();
        assert_eq!(foreign.payload, None);
        let labels: Vec<_> = foreign.protected.header.rest.iter().map(|(label, _)| label.clone()).collect();
        assert_eq!(labels, [coset::Label::Int(15), coset::Label::Int(395)]);
        assert_eq!(foreign.unprotected.rest[0].0, coset::Label::Int(396));
        let verify = |signature: &[u8], signed: &[u8]| log().public().verify(signed, signature.try_into().unwrap());
        foreign.verify_detached_signature(&tree(20).root().0, b"", verify).unwrap();
    }

    #[test]
    fn an_embedded_receipt_leaves_the_author_s_signature_valid() {
        let (statement, receipt) = (statement(), receipt(17, 20));
        let transparent = embed_receipt(&statement, &receipt);
        let mut foreign = coset::CoseSign1::from_tagged_slice(&transparent).unwrap();
        let author = SigningKey::from_seed(&[1; 32]).public();
        foreign
            .verify_signature(b"", |signature, signed| author.verify(signed, signature.try_into().unwrap()))
            .unwrap();
        let (label, value) = foreign.unprotected.rest.remove(0);
        assert_eq!(label, coset::Label::Int(394));
        let carried = value.as_array().unwrap()[0].as_bytes().unwrap();
        assert_eq!(Receipt::parse(carried).unwrap(), receipt);
        assert_eq!(foreign.to_tagged_vec().unwrap(), statement.bytes());
        assert_eq!(Statement::parse(&transparent), Err(StatementError::UnprotectedNotEmpty));
    }
}
