//! The manifest: the signed payload of a release. It names the body without giving it away: the hash covers a random
//! nonce before the body, because the hash of a few counts could be guessed.
//!
//! No count of hidden cells, no reason and no person's name stands in it.

use minicbor::{Decode, Encode};

use crate::audience::Audience;
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantId};
use crate::period::Period;

/// Most releases one derived release may name as sources: twelve months of a year and some.
pub const SOURCES_MAX: usize = 16;
/// Most releases submitted together. All tables of a topic in all rhythms of a year stay below it.
pub const BUNDLE_MAX: usize = 256;

/// 32 random bytes that travel with the body.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nonce(pub [u8; 32]);

impl std::fmt::Debug for Nonce {
    /// Not shown: whoever has the nonce and the ledger can guess small bodies.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonce(…)")
    }
}

impl<C> Encode<C> for Nonce {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}
impl<'b, C> Decode<'b, C> for Nonce {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.bytes()?.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("a nonce has 32 bytes"))
    }
}

/// What a release says. Deterministic CBOR map with the keys below.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// The author.
    #[n(1)]
    pub participant: ParticipantId,
    /// The form.
    #[n(2)]
    pub form: FormCode,
    /// The period.
    #[n(3)]
    pub period: Period,
    /// 0; other streams belong to later versions.
    #[n(4)]
    pub stream: u8,
    /// 1 for the first release of this form and period, then counted up without gaps.
    #[n(5)]
    pub revision: u32,
    /// SHA-256 of the author's previous signed statement about this form and period (release or withdrawal).
    #[n(6)]
    pub previous: Option<Hash>,
    /// Hash of the catalogue that gives the form its shape.
    #[n(7)]
    pub catalogue: Hash,
    /// Ledger index of the Charter the author's operators accepted.
    #[n(8)]
    pub charter: LineIndex,
    /// Disclosure-control policy the table went through; 0 says: none.
    #[n(9)]
    pub policy: u16,
    /// Who may get the figures.
    #[n(10)]
    pub audience: Audience,
    /// Ids of the releases it was derived from, sorted; empty for one that is not derived.
    #[n(11)]
    pub sources: Vec<Hash>,
    /// Whether each core cell is answered with a value or `Fewer`: whether it gives standing.
    #[n(12)]
    pub core_answered: bool,
    /// Length of the padded body in bytes.
    #[n(13)]
    pub body_bytes: u32,
    /// SHA-256 of nonce ‖ body.
    #[n(14)]
    pub body_hash: Hash,
    /// Everything the author submits together with this, itself included, sorted; empty when it comes alone.
    #[n(15)]
    pub bundle: Vec<(FormCode, Period)>,
}

/// What is wrong with a manifest taken by itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not version 1.
    #[error("manifest version {0} is not known; this is version 1")]
    Version(u8),
    /// A stream other than 0.
    #[error("stream {0} is not used in version 1")]
    Stream(u8),
    /// Revisions count from 1.
    #[error("revision 0; revisions count from 1")]
    RevisionZero,
    /// The first revision has no previous statement; every later one has.
    #[error("revision {0} with a wrong 'previous'")]
    Previous(u32),
    /// The author names itself.
    #[error("the audience names the author")]
    NamesItself,
    /// Sources or bundle unsorted, repeated, or too many.
    #[error("{0} are not sorted, repeat, or are too many")]
    List(&'static str),
    /// The bundle does not hold the release itself.
    #[error("the bundle does not hold the release itself")]
    BundleWithoutItself,
    /// Not one of the padded lengths.
    #[error("a body of {0} bytes is not padded to a power of four from 4 KiB")]
    BodyLength(u32),
}

impl Manifest {
    /// Checks what can be checked without the ledger.
    pub fn check(&self) -> Result<(), ManifestError> {
        if self.version != 1 {
            return Err(ManifestError::Version(self.version));
        }
        if self.stream != 0 {
            return Err(ManifestError::Stream(self.stream));
        }
        if self.revision == 0 {
            return Err(ManifestError::RevisionZero);
        }
        if (self.revision == 1) != self.previous.is_none() {
            return Err(ManifestError::Previous(self.revision));
        }
        if matches!(&self.audience, Audience::Named(named) if named.contains(&self.participant)) {
            return Err(ManifestError::NamesItself);
        }
        if self.sources.len() > SOURCES_MAX || !self.sources.is_sorted_by(|a, b| a < b) {
            return Err(ManifestError::List("sources"));
        }
        if self.bundle.len() > BUNDLE_MAX || !self.bundle.is_sorted_by(|a, b| a < b) {
            return Err(ManifestError::List("releases of the bundle"));
        }
        if !self.bundle.is_empty() && !self.bundle.contains(&(self.form.clone(), self.period)) {
            return Err(ManifestError::BundleWithoutItself);
        }
        if !super::BODY_STEPS.contains(&(self.body_bytes as usize)) {
            return Err(ManifestError::BodyLength(self.body_bytes));
        }
        Ok(())
    }

    /// Whether nonce and body are the ones this manifest names.
    pub fn names(&self, nonce: &Nonce, body: &[u8]) -> bool {
        self.body_bytes as usize == body.len() && self.body_hash == Self::hash_of(nonce, body)
    }

    /// SHA-256 of nonce ‖ body.
    pub fn hash_of(nonce: &Nonce, body: &[u8]) -> Hash {
        Hash::of_parts(&[&nonce.0, body])
    }
}
