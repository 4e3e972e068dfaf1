//! Approving: a second person looks at exactly the prepared bytes and lets them go. Signing follows; nothing else can.

use vrs_protocol::hash::Hash;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::release::{ApprovalError, Draft, Operator, SignedRelease};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;

use super::prepare::try_out;

/// Why nothing is approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApproveRefusal {
    /// Who prepared cannot approve.
    #[error(transparent)]
    OwnDraft(#[from] ApprovalError),
    /// The ledger is not where it was when the bytes were fixed.
    #[error("this was prepared on an earlier state of the ledger, and cannot be logged now: {0}. Prepare it again")]
    Moved(Box<Reason>),
    /// Our own mistake.
    #[error("{0}")]
    Defect(String),
}

/// Whether prepared drafts, in the order in which they are sent, could be logged now.
///
/// # Errors
/// [`ApproveRefusal::Moved`] with the reason.
pub fn still_fits(region: &Region, drafts: &[Draft], key: &SigningKey, now: Timestamp) -> Result<(), ApproveRefusal> {
    let mut ahead = region.clone();
    for draft in drafts {
        try_out(&mut ahead, draft, key, now).map_err(|reason| ApproveRefusal::Moved(reason.into()))?;
    }
    Ok(())
}

/// Approves a draft in the name of a second person and signs it.
///
/// # Errors
/// [`ApproveRefusal::OwnDraft`].
pub fn sign(
    draft: Draft,
    by: &Operator,
    at: Timestamp,
    exchange: Hash,
    author: &str,
    key: &SigningKey,
) -> Result<SignedRelease, ApproveRefusal> {
    draft.approve(by, at)?.sign(exchange, author, key).map_err(|error| ApproveRefusal::Defect(error.to_string()))
}
