//! What the operator does: admits, suspends, resumes, and looks at who takes part.

use vrs_certs::same_fingerprint;
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::ledger::{LineKind, ParticipantChange};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Participant, Region};
use vrs_protocol::time::Timestamp;

use super::{Admission, AdmissionError};
use crate::ledger::{Append, Beside, Composed};
use crate::store::{self, callers::Caller, enrolments::StoredEnrolment};

/// A participant that was just admitted.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Admitted {
    /// Its code.
    pub code: ParticipantCode,
    /// Its id: the line that admitted it.
    pub participant: ParticipantId,
    /// Display name.
    pub name: String,
}

/// Everybody: participants with what is known of their nodes, who waits, and who was invited.
#[derive(Debug, Clone, Default)]
pub struct Membership {
    /// Participants in the order of their admission, with the last visit of their node.
    pub participants: Vec<(Participant, Option<Caller>)>,
    /// Requests to be admitted: code, fingerprint, and when the node first asked.
    pub waiting: Vec<(ParticipantCode, String, Timestamp)>,
    /// Invites that no node has used: code, and until when they are good.
    pub invited: Vec<(ParticipantCode, Timestamp)>,
}

impl Admission {
    /// Admits the node whose fingerprint was compared by telephone: a line in the ledger and its first certificate.
    ///
    /// # Errors
    /// See [`AdmissionError`].
    pub(crate) async fn admit(
        &self,
        code: &ParticipantCode,
        fingerprint: &str,
        now: Timestamp,
    ) -> Result<Admitted, AdmissionError> {
        if self.ledger.view().region().participant_by_code(code).is_some() {
            return Err(AdmissionError::AdmittedAlready(code.clone()));
        }
        let mut tx = self.database.read("look for a request").await?;
        let asked: Vec<StoredEnrolment> =
            store::enrolments::all(&mut tx).await?.into_iter().filter(|one| one.invite.terms.code == *code).collect();
        drop(tx);
        if asked.is_empty() {
            return Err(AdmissionError::NobodyAsked(code.clone()));
        }
        // More than one may have asked, each with an invite of its own; the fingerprint says which one is meant.
        let enrolment = asked.into_iter().find(|one| same_fingerprint(&one.asked.fingerprint, fingerprint));
        let enrolment = enrolment.ok_or_else(|| AdmissionError::OtherFingerprint(code.clone()))?;
        let issued = self.authority.sign_node(&enrolment.asked.request, code, now)?;
        let name = enrolment.invite.terms.name.clone();
        let compose = move |region: &Region, _| admission_line(region, &enrolment, &issued.chain).map(Some);
        let line = self.ledger.append(Append::compose(compose)).await?;
        let participant = ParticipantId(line.first().copied().unwrap_or_default());
        tracing::info!(participant.code = %code, line = participant.0, "A participant was admitted");
        Ok(Admitted { code: code.clone(), participant, name })
    }

    /// Lets a participant's rights rest. Its connections are closed as soon as the running hub sees the line, and new ones
    /// are answered only what it needs to erase what it must.
    ///
    /// # Errors
    /// See [`AdmissionError`].
    pub(crate) async fn suspend(&self, code: &ParticipantCode) -> Result<(), AdmissionError> {
        let change = |participant| ParticipantChange::Suspend { participant, votes: Vec::new() };
        self.change(code, change).await?;
        tracing::info!(participant.code = %code, "A participant was suspended");
        Ok(())
    }

    /// Gives a participant its rights back.
    ///
    /// # Errors
    /// See [`AdmissionError`].
    pub(crate) async fn resume(&self, code: &ParticipantCode) -> Result<(), AdmissionError> {
        let change = |participant| ParticipantChange::Resume { participant, votes: Vec::new() };
        self.change(code, change).await?;
        tracing::info!(participant.code = %code, "A participant was resumed");
        Ok(())
    }

    async fn change(
        &self,
        code: &ParticipantCode,
        change: impl Fn(ParticipantId) -> ParticipantChange,
    ) -> Result<(), AdmissionError> {
        let participant = self.ledger.view().region().participant_by_code(code).map(|participant| participant.id);
        let change = change(participant.ok_or_else(|| AdmissionError::NotAdmitted(code.clone()))?);
        let about = code.to_string();
        let compose = move |_: &Region, _| Ok(Some(Composed::new(LineKind::Participant, about.clone(), &change)));
        self.ledger.append(Append::compose(compose)).await?;
        Ok(())
    }

    /// Everybody.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn membership(&self, now: Timestamp) -> Result<Membership, AdmissionError> {
        let mut tx = self.database.read("list participants").await?;
        let mut callers = store::callers::all(&mut tx).await?;
        let enrolments = store::enrolments::all(&mut tx).await?;
        let invites = store::invites::open(&mut tx, now).await?;
        drop(tx);
        let view = self.ledger.view();
        let mut participants = Vec::new();
        for participant in view.region().participants() {
            let at = callers.iter().position(|caller| caller.participant == participant.id);
            participants.push((participant.clone(), at.map(|at| callers.swap_remove(at))));
        }
        let open = |one: &StoredEnrolment| {
            one.admitted.is_none() && view.region().participant_by_code(&one.invite.terms.code).is_none()
        };
        let waiting =
            enrolments.into_iter().filter(open).map(|one| (one.invite.terms.code, one.asked.fingerprint, one.asked_at));
        let invited = invites.into_iter().map(|invite| (invite.terms.code, invite.terms.expires_at));
        Ok(Membership { participants, waiting: waiting.collect(), invited: invited.collect() })
    }
}

fn admission_line(region: &Region, enrolment: &StoredEnrolment, chain: &[Vec<u8>]) -> Result<Composed, Reason> {
    let terms = &enrolment.invite.terms;
    let unknown = |code: &ParticipantCode| Reason::UnknownParticipant(code.to_string());
    let parent = terms
        .parent
        .as_ref()
        .map(|code| region.participant_by_code(code).map(|parent| parent.id).ok_or_else(|| unknown(code)));
    let change = ParticipantChange::Admit {
        code: terms.code.clone(),
        kind: terms.kind,
        parent: parent.transpose()?,
        name: terms.name.clone(),
        key: enrolment.asked.identity,
        votes: Vec::new(),
    };
    let beside = Beside::Admitted { enrolment: enrolment.id, chain: chain.to_vec() };
    Ok(Composed::new(LineKind::Participant, terms.code.as_str(), &change).with(beside))
}
