//! The things that can be in a file.

use serde::Serialize;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::statement::{Kid, PublicKey};
use vrs_protocol::time::Timestamp;

use crate::certificate::CertificateFacts;
use crate::names::{Holder, Serial};

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// What all programs of a region trust.
    Root,
    /// Signs for nodes and hub.
    Issuing,
    /// A participant's node.
    Node,
    /// The region's hub.
    Hub,
    /// None of a VRS region.
    Other,
}

/// Where the present lies in a certificate's or list's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It has not begun.
    NotYet,
    /// It is good.
    Current,
    /// It is over.
    Ended,
}

impl Phase {
    pub(super) fn at(now: Timestamp, first: Timestamp, last: Timestamp) -> Self {
        if now < first {
            Self::NotYet
        } else if now > last {
            Self::Ended
        } else {
            Self::Current
        }
    }
}

/// One revoked certificate of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedSerial {
    /// Its number.
    pub serial: Serial,
    /// When it was revoked.
    pub at: Timestamp,
    /// Whose it is, where the register knows.
    pub holder: Option<Holder>,
}

/// One thing in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Part {
    /// A certificate.
    Certificate {
        /// What it is for.
        role: Role,
        /// Whose node, where it is a node's.
        participant: Option<ParticipantCode>,
        /// Where the present lies in its life.
        phase: Phase,
        /// When to renew it.
        renew_at: Timestamp,
        /// When it was revoked, where the register knows.
        revoked_at: Option<Timestamp>,
        /// What it says.
        #[serde(flatten)]
        facts: Box<CertificateFacts>,
    },
    /// A revocation list.
    RevocationList {
        /// Who made it.
        issuer: String,
        /// Its number.
        number: Option<String>,
        /// When it was made.
        made_at: Timestamp,
        /// Until when it is good.
        next_update: Option<Timestamp>,
        /// Where the present lies in its life.
        phase: Phase,
        /// What it revokes.
        revoked: Vec<ListedSerial>,
    },
    /// A certificate request.
    Request {
        /// The name it carries: a claim.
        name: Option<String>,
        /// Kind of its key.
        key: String,
    },
    /// A bundle.
    Bundle {
        /// Who sends it.
        participant: ParticipantCode,
        /// What two persons compare by telephone.
        fingerprint: String,
        /// Its identity key.
        identity: PublicKey,
        /// Name of the identity key in statements.
        kid: Kid,
    },
    /// A private link key.
    LinkKey {
        /// SHA-256 of its public half (SubjectPublicKeyInfo).
        public_sha256: Hash,
    },
    /// A private identity key.
    IdentityKey {
        /// Its public half.
        public: PublicKey,
        /// Its name in statements.
        kid: Kid,
    },
    /// A public key.
    PublicKey {
        /// Its kind.
        key: String,
        /// SHA-256 of it (SubjectPublicKeyInfo).
        sha256: Hash,
        /// The identity it is, where it is Ed25519.
        identity: Option<PublicKey>,
    },
}

impl Part {
    /// Whether it is a private key, which nobody but its owner should be able to read.
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::LinkKey { .. } | Self::IdentityKey { .. })
    }
}
