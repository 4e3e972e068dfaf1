//! Invites: made by an operator, sent to the participant as one word.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::invite::{Invite, InviteSecret};
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::region::Region;
use vrs_protocol::time::Timestamp;

use super::{Admission, AdmissionError};
use crate::store::{self, invites::InviteTerms};

/// How long an invite is good: long enough for a ministry's post room.
pub const INVITE_DAYS: u64 = 14;
/// Longest display name; the ledger takes no longer one.
pub(super) const NAME_BYTES_MAX: usize = 200;

/// Who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The code it will have.
    pub code: ParticipantCode,
    /// Display name; where it is not given, the country's, or else the code.
    pub name: Option<String>,
    /// What it is.
    pub kind: ParticipantKind,
    /// The participant it belongs to.
    pub parent: Option<ParticipantCode>,
}

impl Admission {
    /// Makes an invite. Earlier ones for the same code that nobody has used are good no more: of two letters under way only
    /// the last one opens.
    ///
    /// # Errors
    /// See [`AdmissionError`].
    pub(crate) async fn invite(
        &self,
        invitation: Invitation,
        address: &str,
        secret: InviteSecret,
        now: Timestamp,
    ) -> Result<Invite, AdmissionError> {
        let Invitation { code, name, kind, parent } = invitation;
        let (region, name) = {
            let view = self.ledger.view();
            check(view.region(), &code, parent.as_ref())?;
            let region = view.region().genesis().map(|genesis| genesis.region.clone()).unwrap_or_default();
            (region, name.unwrap_or_else(|| Catalogue::everything().participant_name(&code)))
        };
        if name.trim().is_empty() || name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
            return Err(AdmissionError::Name);
        }
        let expires = now.plus_secs(INVITE_DAYS * 86_400);
        let invite = Invite {
            address: address.to_owned(),
            region,
            code: code.clone(),
            root: self.authority.root_fingerprint(),
            secret,
            expires,
        };
        invite.check()?;
        let terms = InviteTerms { code, secret_hash: secret.hash(), name, kind, parent, expires_at: expires };
        let mut tx = self.database.begin("invite a participant").await?;
        let cancelled = store::invites::cancel_unused(&mut tx, &terms.code).await?;
        store::invites::insert(&mut tx, &terms, now).await?;
        tx.commit().await?;
        tracing::info!(participant.code = %terms.code, cancelled, "A participant was invited");
        Ok(invite)
    }
}

fn check(region: &Region, code: &ParticipantCode, parent: Option<&ParticipantCode>) -> Result<(), AdmissionError> {
    if region.participant_by_code(code).is_some() {
        return Err(AdmissionError::AdmittedAlready(code.clone()));
    }
    match parent {
        Some(parent) if region.participant_by_code(parent).is_none_or(|parent| parent.parent.is_some()) => {
            Err(AdmissionError::Parent(parent.clone()))
        }
        _ => Ok(()),
    }
}
