//! Refusals: signed, so that a wronged participant can show them to anyone; and one log line each.

use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::refusal::{Reason, Refusal};
use vrs_protocol::statement::{Header, Statement};
use vrs_protocol::wire::Reply;

use super::Listener;

impl Listener {
    /// The signed refusal of a request.
    pub(super) fn refuse(&self, request: Hash, reason: &Reason) -> Vec<u8> {
        let refusal = Refusal::new(reason, request, self.hub.now());
        let header = Header {
            content_type: Refusal::CONTENT_TYPE.into(),
            exchange: self.hub.exchange(),
            issuer: self.hub.region().into(),
            subject: "refusal".into(),
            issued_at: Some(self.hub.now()),
        };
        match Statement::sign(header, &codec::to_bytes(&refusal), self.hub.key()) {
            Ok(statement) => statement.into_bytes(),
            // A refusal has at most 2,000 characters and some codes, and the names are those of our own ledger.
            Err(error) => {
                tracing::error!(%error, "A refusal could not be signed");
                Vec::new()
            }
        }
    }

    /// The reply that refuses a request, with its log line.
    pub(super) fn refused(&self, caller: &str, request: &[u8], reason: &Reason) -> Reply {
        log(caller, reason);
        Reply::Refused { statement: self.refuse(Hash::of(request), reason) }
    }
}

/// One line for each refusal.
pub(super) fn log(caller: &str, reason: &Reason) {
    // What is wrong with figures cannot be said without figures, and those are not for logs.
    let sentence =
        if matches!(reason, Reason::Figures { .. }) { "its figures do not fit".to_owned() } else { reason.to_string() };
    tracing::info!(caller, refusal.number = reason.number(), sentence, "Refused a request");
}
