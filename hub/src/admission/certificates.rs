//! Certificates for participants that are admitted.

use vrs_certs::{AuthorityError, Serial};
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::refusal::Reason;
use vrs_protocol::statement::{Statement, StatementError};
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::REENROL_CONTENT_TYPE;

use super::Admission;

/// A signed request for a certificate counts for a day around its own time, for clocks that differ; an old one that
/// somebody kept brings nothing.
const REENROL_SECS: u64 = 86_400;

impl Admission {
    /// The next certificate for a caller that shows a good one.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn renew(
        &self,
        participant: ParticipantId,
        shown: &Serial,
        request: &[u8],
        now: Timestamp,
    ) -> Result<Vec<Vec<u8>>, Reason> {
        let code = self.ledger.view().region().active(participant)?.code.clone();
        self.issue(&code, Some(shown), request, now)
    }

    /// A certificate for a participant whose last one has expired: its logged key asks. Not for one whose certificates
    /// were revoked; there the operator decides.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) fn again(
        &self,
        participant: ParticipantId,
        statement: &[u8],
        now: Timestamp,
    ) -> Result<Vec<Vec<u8>>, Reason> {
        let (code, key, exchange) = {
            let view = self.ledger.view();
            // Also for one that is suspended: a certificate opens the pipe, and it has to say that it has erased.
            let unknown = || Reason::UnknownParticipant(participant.to_string());
            let participant = view.region().participant(participant).ok_or_else(unknown)?;
            let key = participant.key().copied().ok_or_else(|| Reason::WrongKey(participant.code.to_string()))?;
            (participant.code.clone(), key, view.region().exchange())
        };
        let statement = Statement::parse(statement).map_err(|error| Reason::Malformed(error.to_string()))?;
        let header = statement.header();
        if header.content_type != REENROL_CONTENT_TYPE {
            return Err(Reason::ContentType(header.content_type.clone(), REENROL_CONTENT_TYPE.into()));
        }
        if header.exchange != exchange {
            return Err(Reason::WrongExchange);
        }
        statement.verify(&key).map_err(|error| match error {
            StatementError::WrongKey => Reason::WrongKey(code.to_string()),
            _ => Reason::BadSignature,
        })?;
        if let Some(made) = header.issued_at
            && made.secs_since(now).max(now.secs_since(made)) > REENROL_SECS
        {
            return Err(Reason::Malformed(format!(
                "the request for a certificate was made at {made}, more than a day from now"
            )));
        }
        self.issue(&code, None, statement.payload(), now)
    }

    /// Whether it may have one is judged by the authority, in the same moment in which it signs: a revocation by another
    /// process comes before or after, never between.
    fn issue(
        &self,
        code: &ParticipantCode,
        shown: Option<&Serial>,
        request: &[u8],
        now: Timestamp,
    ) -> Result<Vec<Vec<u8>>, Reason> {
        let issued = self.authority.renew_node(request, code, shown, now).map_err(|error| match error {
            AuthorityError::Request(error) => Reason::Malformed(error.to_string()),
            AuthorityError::Barred(_) => Reason::NotFound(format!(
                "certificate for {code}: its certificates were revoked, and the hub's operator has to issue the next one"
            )),
            AuthorityError::ShownRevoked(_) => Reason::WrongKey(format!("{code} (its certificate is revoked)")),
            AuthorityError::TooMany { from, .. } => {
                Reason::Busy(u32::try_from(from.secs_since(now)).unwrap_or(u32::MAX))
            }
            other => failed(&other),
        })?;
        tracing::info!(participant.code = %code, certificate.serial = %issued.serial, certificate.until = %issued.not_after, "A certificate was issued");
        Ok(self.with_root(issued.chain))
    }
}

fn failed(error: &AuthorityError) -> Reason {
    tracing::error!(%error, "the certificate authority did not do its part");
    Reason::Unavailable("its certificate authority does not answer at the moment".into())
}
