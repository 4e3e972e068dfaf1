//! The binding of a connection: the caller signs, with its logged key, 32 bytes that only the two ends of this connection
//! can know; the hub answers with its own. Whoever steals a certificate, or the whole authority, cannot do that.

use std::ops::RangeInclusive;

use vrs_certs::{CertificateFacts, participant_of};
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::refusal::Reason;
use vrs_protocol::statement::{Header, Statement, StatementError};
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::{BINDING_CONTENT_TYPE, EXPORTER_LABEL, Reply, VERSIONS};
use vrs_runtime::link::{Connection, codes};

use super::Listener;
use super::session::Bound;
use crate::intake::Author;
use crate::store::{self, callers::Caller};

/// Longest name of a program.
const SOFTWARE_CHARS_MAX: usize = 100;

/// What the caller said.
pub(super) struct Said {
    pub(super) participant: ParticipantId,
    pub(super) versions: RangeInclusive<u16>,
    pub(super) binding: Vec<u8>,
    pub(super) software: String,
}

/// Checks the binding and answers with the hub's own.
pub(super) fn greet(listener: &Listener, connection: &Connection, said: Said) -> Result<(Reply, Bound), Reason> {
    let hub = &listener.hub;
    let version = *VERSIONS.end().min(said.versions.end());
    if version < *VERSIONS.start().max(said.versions.start()) {
        return Err(Reason::UnknownVersion(u32::from(*said.versions.start())));
    }
    let (author, code, came_suspended) = {
        let view = hub.ledger().view();
        // Also one that is suspended: it has to learn of that, and to say that it has erased what it must.
        let unknown = || Reason::UnknownParticipant(said.participant.to_string());
        let participant = view.region().participant(said.participant).ok_or_else(unknown)?;
        let key = participant.key().copied().ok_or_else(|| Reason::WrongKey(participant.code.to_string()))?;
        (Author { participant: said.participant, key }, participant.code.clone(), participant.suspended.is_some())
    };
    let facts = check_certificate(listener, connection, &code)?;
    let bound = Bound { author, code, certificate: facts.serial, came_suspended };
    let exporter =
        connection.exporter(EXPORTER_LABEL.as_bytes(), &[]).map_err(|error| Reason::Unavailable(error.to_string()))?;
    check_binding(listener, &bound, &said.binding, &exporter)?;
    let header = Header {
        content_type: BINDING_CONTENT_TYPE.into(),
        exchange: hub.exchange(),
        issuer: hub.region().into(),
        subject: "binding".into(),
        issued_at: None,
    };
    let binding =
        Statement::sign(header, &exporter, hub.key()).map_err(|error| Reason::Unavailable(error.to_string()))?;
    let reply = Reply::Hello { version, binding: binding.into_bytes(), size: hub.ledger().view().size() };
    note(listener, &bound, &said.software, facts.not_after);
    Ok((reply, bound))
}

/// The certificate of the connection is the participant's, and was not revoked a moment ago. Says what is in it.
fn check_certificate(
    listener: &Listener,
    connection: &Connection,
    code: &ParticipantCode,
) -> Result<CertificateFacts, Reason> {
    let certificate = connection.peer_certificate().unwrap_or_default();
    let named = participant_of(certificate, listener.hub.region()).ok().flatten();
    if named.as_ref() != Some(code) {
        let shown = named.map_or_else(|| "no participant of this region".to_owned(), |code| code.to_string());
        return Err(Reason::WrongAuthor { said: code.to_string(), bound: format!("certificate of {shown}") });
    }
    let facts = CertificateFacts::read(certificate).map_err(|error| Reason::Malformed(error.to_string()))?;
    // The handshake knows the lists of a moment ago; the register knows this one.
    match listener.hub.authority().is_revoked(&facts.serial) {
        Ok(false) => Ok(facts),
        Ok(true) => {
            connection.close(codes::UNWELCOME, "the certificate is revoked");
            Err(Reason::WrongKey(format!("{code} (its certificate is revoked)")))
        }
        Err(error) => {
            tracing::error!(%error, "The register of certificates cannot be read");
            Err(Reason::Unavailable("it cannot look up certificates at the moment".into()))
        }
    }
}

fn check_binding(listener: &Listener, bound: &Bound, binding: &[u8], exporter: &[u8; 32]) -> Result<(), Reason> {
    let statement = Statement::parse(binding).map_err(|error| Reason::Malformed(format!("binding: {error}")))?;
    let header = statement.header();
    if header.content_type != BINDING_CONTENT_TYPE {
        return Err(Reason::ContentType(header.content_type.clone(), BINDING_CONTENT_TYPE.into()));
    }
    if header.exchange != listener.hub.exchange() {
        return Err(Reason::WrongExchange);
    }
    if header.issuer != bound.code.as_str() {
        return Err(Reason::WrongAuthor { said: header.issuer.clone(), bound: bound.code.to_string() });
    }
    statement.verify(&bound.author.key).map_err(|error| match error {
        StatementError::WrongKey => Reason::WrongKey(bound.code.to_string()),
        _ => Reason::BadSignature,
    })?;
    // Bytes of another connection: somebody passes on what was signed elsewhere.
    if statement.payload() == exporter { Ok(()) } else { Err(Reason::BadSignature) }
}

/// Notes the visit for the operator's list. Nothing waits for it, and nothing fails over it.
fn note(listener: &Listener, bound: &Bound, software: &str, certificate_until: Timestamp) {
    let now = listener.hub.now();
    let caller = Caller {
        participant: bound.author.participant,
        software: software.chars().filter(|c| !c.is_control()).take(SOFTWARE_CHARS_MAX).collect(),
        certificate_until,
        first_at: now,
        last_at: now,
    };
    let database = listener.hub.database().clone();
    tokio::spawn(async move {
        let noted = async {
            let mut tx = database.begin("note a visit").await?;
            store::callers::put(&mut tx, &caller).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(%error, "A visit could not be noted");
        }
    });
}
