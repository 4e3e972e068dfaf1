//! Who is connected, and when that ends.
//!
//! The rule it keeps: an identity has at most [`PER_IDENTITY_MAX`] connections, none is older than [`AGE_MAX_SECS`] or
//! than the certificate that opened it, and a withdrawn certificate ends its connections at once, even one whose
//! handshake was under way in that moment. What an identity is, the program decides.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Connection, LinkError, codes};
use crate::clock::Clock;
use crate::tls::{CertificateFacts, TrustSlot};

/// Connections of one identity: one in use and one that is about to take its place.
pub const PER_IDENTITY_MAX: usize = 2;
/// Certificates are looked at in the handshake only, so a connection must not live for ever.
pub const AGE_MAX_SECS: u64 = 24 * 3600;

/// The open connections of a server by the identity of the caller. Cheap to clone; clones hold the same ones.
#[derive(Clone, Debug)]
pub struct ConnectionRegistry {
    clock: Clock,
    trust: TrustSlot,
    /// By identity; the oldest first.
    open: Arc<Mutex<BTreeMap<String, Vec<Connection>>>>,
}

impl ConnectionRegistry {
    /// An empty registry. `trust` is the one the server's handshakes are checked against.
    #[must_use]
    pub fn new(clock: Clock, trust: TrustSlot) -> Self {
        Self { clock, trust, open: Arc::default() }
    }

    /// Takes a connection in and gives it a known caller's share. The oldest ones of the identity are closed when there are
    /// too many.
    ///
    /// # Errors
    /// [`LinkError::Setup`] when its certificate does not verify any more; the connection is closed then.
    pub fn register(&self, identity: &str, connection: &Connection) -> Result<(), LinkError> {
        let replaced = {
            let mut open = self.locked();
            let own = open.entry(identity.to_owned()).or_default();
            own.push(connection.clone());
            let surplus = own.len().saturating_sub(PER_IDENTITY_MAX);
            own.drain(..surplus).collect::<Vec<_>>()
        };
        for old in replaced {
            old.close(codes::REPLACED, "a newer connection took its place");
        }
        let end = self.end_of(connection);
        tokio::spawn(self.clone().watch(identity.to_owned(), connection.clone(), end));
        // Looked at after it is in the list: whoever exchanges the trust and then goes through the list finds it there,
        // and whoever did so before has exchanged the trust that is asked here.
        self.check(connection).map_err(|error| {
            connection.close(codes::UNWELCOME, "the certificate is not valid any more");
            LinkError::Setup(error)
        })?;
        connection.widen();
        Ok(())
    }

    /// The open connections of an identity, the newest first.
    #[must_use]
    pub fn of(&self, identity: &str) -> Vec<Connection> {
        self.locked().get(identity).into_iter().flatten().rev().cloned().collect()
    }

    /// Who is connected, in order.
    #[must_use]
    pub fn identities(&self) -> Vec<String> {
        self.locked().keys().cloned().collect()
    }

    /// Closes every connection whose certificate does not verify any more. Call it after the trust was exchanged.
    pub fn recheck(&self) {
        let all: Vec<_> = self.locked().values().flatten().cloned().collect();
        for connection in all {
            if let Err(error) = self.check(&connection) {
                tracing::info!(caller.address = %connection.remote_address(), %error, "closed a connection");
                connection.close(codes::UNWELCOME, "the certificate is not valid any more");
            }
        }
    }

    fn check(&self, connection: &Connection) -> Result<(), String> {
        if connection.peer_certificate().is_none() {
            // Whoever came without one was let in by its protocol and has no certificate to lose.
            return Ok(());
        }
        self.trust.check_client(connection.peer_chain(), self.clock.now()).map_err(|error| error.to_string())
    }

    fn end_of(&self, connection: &Connection) -> u64 {
        let oldest = self.clock.now().saturating_add(AGE_MAX_SECS);
        let certificate = connection.peer_certificate().map(CertificateFacts::read);
        match certificate {
            Some(Ok(facts)) => oldest.min(facts.not_after),
            // The handshake verified it, so it can be read; if not, it ends now.
            Some(Err(_)) => 0,
            None => oldest,
        }
    }

    async fn watch(self, identity: String, connection: Connection, end: u64) {
        tokio::select! {
            _ = connection.closed() => {}
            () = self.clock.wait_until(end) => {
                connection.close(codes::TOO_OLD, "the connection is old; come back with a valid certificate");
            }
        }
        let mut open = self.locked();
        if let Some(own) = open.get_mut(&identity) {
            own.retain(|other| other.number() != connection.number());
            if own.is_empty() {
                open.remove(&identity);
            }
        }
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Vec<Connection>>> {
        // Nothing under the lock can panic half way through a change.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
