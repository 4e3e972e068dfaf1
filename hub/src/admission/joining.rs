//! What a node without a certificate asks: to be admitted, and to be given its certificate once it is.

use subtle::ConstantTimeEq;
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::invite::InviteSecret;
use vrs_protocol::refusal::Reason;
use vrs_protocol::statement::PublicKey;
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::{enrol_fingerprint, enrol_proof_message};
use vrs_runtime::database::Transaction;

use super::Admission;
use crate::problem::unavailable;
use crate::store::{
    self,
    enrolments::{EnrolmentAsked, StoredEnrolment},
    invites::StoredInvite,
};

/// A node asks to be admitted.
pub(crate) struct Joining {
    pub(crate) code: ParticipantCode,
    pub(crate) secret: InviteSecret,
    /// Certificate request (PKCS#10, DER).
    pub(crate) request: Vec<u8>,
    pub(crate) identity: PublicKey,
    /// By the identity key, that it was there when the request was made.
    pub(crate) proof: [u8; 64],
}

/// How it stands with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Joined {
    /// An operator has to compare the fingerprint.
    Waiting { fingerprint: String },
    /// Admitted.
    Admitted { participant: ParticipantId, genesis: Vec<u8>, chain: Vec<Vec<u8>> },
}

impl Admission {
    /// Answers a node that asks to be admitted, and that asks again until it is.
    ///
    /// # Errors
    /// Why it is refused. A wrong secret, an unknown code and an expired invite get the same answer.
    pub(crate) async fn join(&self, joining: Joining, now: Timestamp) -> Result<Joined, Reason> {
        // The signatures first: nobody gets at the database who does not hold the keys he shows.
        let malformed = |error: vrs_certs::RequestError| Reason::Malformed(error.to_string());
        vrs_certs::request::check(&joining.request).map_err(malformed)?;
        joining
            .identity
            .verify(&enrol_proof_message(&joining.request), &joining.proof)
            .map_err(|_| Reason::BadSignature)?;
        let mut tx = self.database.begin("ask to be admitted").await.map_err(unavailable)?;
        let invite = find_invite(&mut tx, &joining).await?;
        let Some(enrolment) = store::enrolments::of_invite(&mut tx, invite.id).await.map_err(unavailable)? else {
            let enrolment = self.first_ask(&mut tx, &invite, &joining, now).await?;
            tx.commit().await.map_err(unavailable)?;
            tracing::info!(participant.code = %joining.code, enrolment.fingerprint = %enrolment.asked.fingerprint, "A node asks to be admitted");
            return Ok(Joined::Waiting { fingerprint: enrolment.asked.fingerprint });
        };
        if enrolment.asked.request != joining.request || enrolment.asked.identity != joining.identity {
            tracing::warn!(participant.code = %joining.code, "A second node shows the secret of an invite: the invite was copied, or the node lost its keys");
            return Err(Reason::NotFound(
                "open invite: another node has used this one; ask the hub's operator for a new invite".into(),
            ));
        }
        match enrolment.admitted {
            None => Ok(Joined::Waiting { fingerprint: enrolment.asked.fingerprint }),
            Some((participant, chain)) => {
                let genesis = store::lines::range(&mut tx, 0, 1, 1).await.map_err(unavailable)?.pop();
                let genesis = genesis.ok_or_else(|| Reason::Unavailable("the ledger has no first line".into()))?.bytes;
                Ok(Joined::Admitted { participant, genesis, chain: self.with_root(chain) })
            }
        }
    }

    async fn first_ask(
        &self,
        tx: &mut Transaction,
        invite: &StoredInvite,
        joining: &Joining,
        now: Timestamp,
    ) -> Result<StoredEnrolment, Reason> {
        if invite.cancelled || invite.terms.expires_at <= now {
            return Err(no_invite(&joining.code));
        }
        let taken = |key: &PublicKey| {
            let view = self.ledger.view();
            view.region().participants().any(|participant| participant.keys.iter().any(|at| at.key == *key))
        };
        if taken(&joining.identity) {
            return Err(Reason::Malformed(
                "the identity key belongs to a participant already; a new node makes new keys".into(),
            ));
        }
        let fingerprint = enrol_fingerprint(&joining.request, &joining.identity);
        let asked = EnrolmentAsked { request: joining.request.clone(), identity: joining.identity, fingerprint };
        store::enrolments::insert(tx, invite.id, &asked, now).await.map_err(unavailable)?;
        let kept = store::enrolments::of_invite(tx, invite.id).await.map_err(unavailable)?;
        kept.ok_or_else(|| Reason::Unavailable("the request was not kept".into()))
    }
}

/// The invite whose secret is shown. All are compared, in constant time, so that the time taken tells nothing.
async fn find_invite(tx: &mut Transaction, joining: &Joining) -> Result<StoredInvite, Reason> {
    let shown = joining.secret.hash();
    let mut found = None;
    for invite in store::invites::of_code(tx, &joining.code).await.map_err(unavailable)? {
        if bool::from(invite.terms.secret_hash.0.ct_eq(&shown.0)) {
            found = Some(invite);
        }
    }
    found.ok_or_else(|| no_invite(&joining.code))
}

fn no_invite(code: &ParticipantCode) -> Reason {
    Reason::NotFound(format!("open invite for {code} with this secret; ask the hub's operator for a new one"))
}
