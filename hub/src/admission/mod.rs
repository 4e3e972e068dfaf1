//! Who takes part: invites, requests to be admitted, admission, suspension and certificates.
//!
//! The rules it keeps:
//! - A secret is used once, by the first node that shows it; a second node with the same secret is refused and named in
//!   the log, because then the secret was not one.
//! - Nobody is admitted by a machine: two persons compare a fingerprint by telephone.
//! - A certificate opens the pipe only; who may speak is the ledger's matter. A revoked certificate does not come back by
//!   itself: only the operator's hand issues the next one.
//!
//! In reading order: `invites`, `joining` (what a node without a certificate asks), `membership` (what the operator does),
//! `certificates`.

mod certificates;
mod invites;
mod joining;
mod membership;

use std::sync::Arc;

use vrs_certs::{Authority, AuthorityError};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::invite::InviteError;
use vrs_protocol::refusal::Reason;
use vrs_runtime::database::{Database, DatabaseError};

use crate::ledger::Ledger;

pub use invites::{INVITE_DAYS, Invitation};
pub(crate) use joining::{Joined, Joining};
pub use membership::{Admitted, Membership};

/// Admits participants and issues their certificates.
pub(crate) struct Admission {
    ledger: Ledger,
    database: Database,
    authority: Arc<Authority>,
}

/// Why somebody was not invited, admitted, suspended or given a certificate.
#[derive(Debug, thiserror::Error)]
pub enum AdmissionError {
    /// It is a participant already.
    #[error("{0} is a participant already; see 'vrs-hub participant list'")]
    AdmittedAlready(ParticipantCode),
    /// There is no such participant.
    #[error("{0} is not a participant of this region; see 'vrs-hub participant list'")]
    NotAdmitted(ParticipantCode),
    /// The parent cannot be one.
    #[error("{0} cannot be the parent: it is no participant, or belongs to another itself")]
    Parent(ParticipantCode),
    /// The display name is too long or empty.
    #[error("a display name has 1 to {max} bytes", max = invites::NAME_BYTES_MAX)]
    Name,
    /// The invite cannot be written.
    #[error("the invite cannot be made ({0}); set 'address' in vrs.toml to the host name and port that nodes call")]
    Invite(#[from] InviteError),
    /// Nobody has asked.
    #[error("no node has asked to be admitted as {0} yet; the participant runs 'vrs-node join INVITE' first")]
    NobodyAsked(ParticipantCode),
    /// The fingerprint is another.
    #[error(
        "this is not the fingerprint of the request for {0}. Do not admit it: telephone the participant again and let them read the \
         fingerprint from their own screen"
    )]
    OtherFingerprint(ParticipantCode),
    /// The authority did not issue.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The database did not do its part.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The ledger does not allow it.
    #[error("{0}")]
    Refused(Reason),
}

impl From<Reason> for AdmissionError {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl Admission {
    pub(crate) const fn new(ledger: Ledger, database: Database, authority: Arc<Authority>) -> Self {
        Self { ledger, database, authority }
    }

    /// A chain as it is handed out: the certificate, the issuing one, and the root, which a node that joins knows by its
    /// fingerprint only.
    fn with_root(&self, mut chain: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        chain.push(self.authority.root_der().to_vec());
        chain
    }
}
