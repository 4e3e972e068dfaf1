//! The stages of a release: prepared by one person, approved by another, signed by the node.

use crate::audience::Audience;
use crate::catalogue::Form;
use crate::codec;
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantId};
use crate::ledger::LineKind;
use crate::period::Period;
use crate::release::{BodyError, Manifest, ManifestError, Nonce, encode_body};
use crate::statement::{Header, SigningKey, Statement, StatementError};
use crate::table::{Core, Table};
use crate::time::Timestamp;

/// A person, by the name of the account. Never leaves the node.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Operator(pub String);

/// What the node knows about the ledger when a release is prepared, and what was decided about it.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The author.
    pub participant: ParticipantId,
    /// Who may get the figures.
    pub audience: Audience,
    /// Revision to be signed.
    pub revision: u32,
    /// The author's previous statement about this form and period.
    pub previous: Option<Hash>,
    /// Hash of the catalogue in force.
    pub catalogue: Hash,
    /// The Charter the operators accepted.
    pub charter: LineIndex,
    /// Disclosure-control policy; 0 says: none.
    pub policy: u16,
    /// Ids of the releases it was derived from.
    pub sources: Vec<Hash>,
    /// What is submitted together with it.
    pub bundle: Vec<(FormCode, Period)>,
}

/// Why a release cannot be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareError {
    /// A cell is under embargo: nothing is sent before its date.
    #[error("the table holds an embargoed cell; nothing of it leaves before the date")]
    Embargoed,
    /// Nothing is written in the table.
    #[error("the table has no cell; write a figure or a reason for each before it is released")]
    Empty,
    /// The table cannot be packed.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The terms do not fit together.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// Prepared: exactly the bytes that would leave, waiting for a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    manifest: Manifest,
    nonce: Nonce,
    body: Vec<u8>,
    prepared_by: Operator,
}

/// Why a draft is not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// The person who prepared it cannot approve it.
    #[error("{} prepared this release and cannot approve it; another person with the role approver must", .0.0)]
    OwnDraft(Operator),
}

/// Approved: may be signed, and nothing else can.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    draft: Draft,
    approved_by: Operator,
    approved_at: Timestamp,
}

/// Signed: the statement that goes into the ledger and the body that travels beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRelease {
    /// The COSE_Sign1 statement around the manifest.
    pub statement: Statement,
    /// The nonce before the body.
    pub nonce: Nonce,
    /// The padded body.
    pub body: Vec<u8>,
}

impl Draft {
    /// Packs the table under its terms. `nonce` comes from outside and is used for this release only.
    pub fn prepare(
        table: &Table,
        form: &Form,
        terms: Terms,
        nonce: Nonce,
        prepared_by: Operator,
    ) -> Result<Self, PrepareError> {
        if table.cells.is_empty() {
            return Err(PrepareError::Empty);
        }
        let table = table.for_peers().ok_or(PrepareError::Embargoed)?;
        let body = encode_body(&table)?;
        let manifest = Manifest {
            version: 1,
            participant: terms.participant,
            form: table.form.clone(),
            period: table.period,
            stream: 0,
            revision: terms.revision,
            previous: terms.previous,
            catalogue: terms.catalogue,
            charter: terms.charter,
            policy: terms.policy,
            audience: terms.audience,
            sources: terms.sources,
            core_answered: table.core(form) != Core::Missing,
            body_bytes: body.len() as u32,
            body_hash: Manifest::hash_of(&nonce, &body),
            bundle: terms.bundle,
        };
        manifest.check()?;
        Ok(Self { manifest, nonce, body, prepared_by })
    }

    /// Takes a stored draft up again; the manifest must still name the body.
    pub fn resume(manifest: Manifest, nonce: Nonce, body: Vec<u8>, prepared_by: Operator) -> Option<Self> {
        manifest.names(&nonce, &body).then_some(Self { manifest, nonce, body, prepared_by })
    }

    /// A second person approves exactly these bytes.
    pub fn approve(self, by: &Operator, now: Timestamp) -> Result<Approved, ApprovalError> {
        if *by == self.prepared_by {
            return Err(ApprovalError::OwnDraft(by.clone()));
        }
        Ok(Approved { draft: self, approved_by: by.clone(), approved_at: now })
    }

    /// What would be signed.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }
    /// The nonce of the body.
    pub const fn nonce(&self) -> &Nonce {
        &self.nonce
    }
    /// The body that would leave.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
    /// Who prepared it.
    pub const fn prepared_by(&self) -> &Operator {
        &self.prepared_by
    }
}

impl Approved {
    /// Signs the approved bytes with the participant's key.
    pub fn sign(self, exchange: Hash, author: &str, key: &SigningKey) -> Result<SignedRelease, StatementError> {
        let manifest = &self.draft.manifest;
        let subject = format!("{}/{}/r{}", manifest.form, manifest.period, manifest.revision);
        let header = Header {
            content_type: LineKind::Release.content_type(),
            exchange,
            issuer: author.into(),
            subject,
            issued_at: None,
        };
        let statement = Statement::sign(header, &codec::to_bytes(manifest), key)?;
        Ok(SignedRelease { statement, nonce: self.draft.nonce, body: self.draft.body })
    }
    /// Who approved it.
    pub const fn approved_by(&self) -> &Operator {
        &self.approved_by
    }
    /// When.
    pub const fn approved_at(&self) -> Timestamp {
        self.approved_at
    }
    /// What will be signed.
    pub const fn manifest(&self) -> &Manifest {
        &self.draft.manifest
    }
}

impl SignedRelease {
    /// The manifest, read from the signed payload.
    pub fn manifest(&self) -> Result<Manifest, codec::CodecError> {
        codec::decode_strict(self.statement.payload())
    }
}
