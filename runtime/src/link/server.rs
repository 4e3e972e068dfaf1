//! The side that waits for callers.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, ServerConfig};
use tokio::time::timeout;

use super::places::{Neighbourhood, Places, neighbourhood};
use super::settings::{
    CONNECTIONS_MAX, HANDSHAKE_SECS, HANDSHAKES_MAX, LinkSettings, PER_ADDRESS_MAX, STRANGER_SECS, STRANGERS_MAX,
    UNKNOWN_PER_CERTIFICATE_MAX, WAITING_BYTES, WAITING_BYTES_TOTAL, WAITING_MAX, server_transport,
};
use super::{Connection, LinkError, codes};
use crate::tls::{ServerTls, fingerprint};

/// A protocol name and whether its callers must show a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocol {
    /// The name, as it is negotiated (ALPN).
    pub name: Vec<u8>,
    /// Who may speak it.
    pub callers: Callers,
}

/// Who may speak a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callers {
    /// Those with a certificate of our authority. They get a stranger's share of streams and memory until the program
    /// knows who it is and says so to its [`super::ConnectionRegistry`].
    WithCertificate,
    /// Everybody, with a certificate or without. They get a stranger's share of streams, memory and time.
    Anybody,
}

/// An endpoint that waits for callers. Its certificates and trust may be exchanged while it runs.
pub struct LinkServer {
    endpoint: Endpoint,
    protocols: Vec<Protocol>,
    handshakes: FuturesUnordered<Pin<Box<dyn Future<Output = Option<quinn::Connection>> + Send>>>,
    strangers: Places<Neighbourhood>,
    handshaking: Places<Neighbourhood>,
    /// Connections of which the program does not know yet who calls, by the fingerprint of their certificate.
    unknown: Places<[u8; 32]>,
    told_apart: fn(SocketAddr) -> Neighbourhood,
}

impl LinkServer {
    /// Opens the endpoint.
    ///
    /// # Errors
    /// [`LinkError::Setup`] when the address is taken or the settings do not fit.
    pub fn bind(
        address: SocketAddr,
        protocols: Vec<Protocol>,
        tls: &ServerTls,
        settings: LinkSettings,
    ) -> Result<Self, LinkError> {
        let setup = |cause: String| LinkError::Setup(cause);
        let all_certified = protocols.iter().all(|protocol| protocol.callers == Callers::WithCertificate);
        let names = protocols.iter().map(|protocol| protocol.name.clone()).collect();
        let crypto = QuicServerConfig::try_from(tls.config(names, all_certified)?).map_err(|e| setup(e.to_string()))?;
        let mut config = ServerConfig::with_crypto(Arc::new(crypto));
        config
            .transport_config(server_transport(settings))
            // An address is no identity here, so a caller may move to another one.
            .migration(true)
            .max_incoming(WAITING_MAX)
            .incoming_buffer_size(WAITING_BYTES)
            .incoming_buffer_size_total(WAITING_BYTES_TOTAL);
        let endpoint = Endpoint::server(config, address).map_err(|e| setup(format!("{address}: {e}")))?;
        Ok(Self {
            endpoint,
            protocols,
            handshakes: FuturesUnordered::new(),
            strangers: Places::new(STRANGERS_MAX, PER_ADDRESS_MAX),
            handshaking: Places::new(HANDSHAKES_MAX, PER_ADDRESS_MAX),
            unknown: Places::new(CONNECTIONS_MAX, UNKNOWN_PER_CERTIFICATE_MAX),
            told_apart: neighbourhood,
        })
    }

    /// Where it waits; useful when the port was chosen by the machine.
    ///
    /// # Errors
    /// When the machine does not say.
    pub fn local_address(&self) -> Result<SocketAddr, LinkError> {
        self.endpoint.local_addr().map_err(|error| LinkError::Setup(error.to_string()))
    }

    /// Waits for the next caller who may speak its protocol. `None` when the endpoint was closed. Slow handshakes do
    /// not hold up others. Cancel safe.
    pub async fn accept(&mut self) -> Option<Connection> {
        loop {
            tokio::select! {
                Some(done) = self.handshakes.next(), if !self.handshakes.is_empty() => {
                    if let Some(connection) = done.and_then(|quic| self.admit(quic)) {
                        return Some(connection);
                    }
                }
                incoming = self.endpoint.accept(), if self.handshakes.len() < HANDSHAKES_MAX => {
                    self.answer(incoming?);
                }
            }
        }
    }

    /// Tells all callers that the program stops, and waits a moment for the farewell to leave.
    pub async fn close(self, reason: &str) {
        close(&self.endpoint, reason).await;
    }

    #[cfg(test)]
    pub(super) fn strangers_free(&self) -> usize {
        self.strangers.free()
    }

    /// As if everybody on this machine called from elsewhere.
    #[cfg(test)]
    pub(super) fn tell_ports_not_apart(&mut self) {
        self.told_apart = |address| (address.ip(), 0);
    }

    fn answer(&self, incoming: quinn::Incoming) {
        if !incoming.remote_address_validated() {
            // One more round trip proves that the sender's address is not invented. It cannot fail here: only an
            // address that is validated may not be asked again.
            let _ = incoming.retry();
            return;
        }
        if self.endpoint.open_connections() > CONNECTIONS_MAX {
            tracing::warn!(caller.address = %incoming.remote_address(), "refused a caller: too many connections");
            incoming.refuse();
            return;
        }
        match self.handshaking.take((self.told_apart)(incoming.remote_address())) {
            Ok(place) => self.handshakes.push(Box::pin(async move {
                let _place = place;
                handshake(incoming).await
            })),
            // Its first packet comes again in a second, and by then the others may be done.
            Err(_) => incoming.ignore(),
        }
    }

    /// Enforces after the handshake what TLS cannot: who may speak which protocol, and how many of them at once.
    fn admit(&self, quic: quinn::Connection) -> Option<Connection> {
        let connection = Connection::new(quic);
        let callers = self.protocols.iter().find(|protocol| protocol.name == connection.alpn()).map(|p| p.callers)?;
        let address = connection.remote_address();
        let crowded = match (callers, connection.peer_certificate()) {
            (Callers::WithCertificate, None) => {
                tracing::warn!(caller.address = %address, "closed a caller without a certificate");
                connection.close(codes::CERTIFICATE_NEEDED, "this protocol needs a client certificate");
                return None;
            }
            (Callers::WithCertificate, Some(certificate)) => match self.unknown.take(fingerprint(certificate)) {
                Ok(place) => {
                    connection.is_unknown_at(place);
                    return Some(connection);
                }
                Err(crowded) => crowded,
            },
            (Callers::Anybody, _) => match self.strangers.take((self.told_apart)(address)) {
                Ok(place) => {
                    let quic = connection.quic.clone();
                    tokio::spawn(async move {
                        if timeout(Duration::from_secs(STRANGER_SECS), quic.closed()).await.is_err() {
                            quic.close(codes::TOO_OLD.into(), b"connections of strangers are short");
                        }
                        drop(place);
                    });
                    return Some(connection);
                }
                Err(crowded) => crowded,
            },
        };
        tracing::warn!(caller.address = %address, "closed a caller that is not known yet: {crowded}");
        connection.close(codes::CROWDED, "too many callers; try again later");
        None
    }
}

async fn handshake(incoming: quinn::Incoming) -> Option<quinn::Connection> {
    let address = incoming.remote_address();
    let done = async {
        let connecting = incoming.accept()?;
        match timeout(Duration::from_secs(HANDSHAKE_SECS), connecting).await {
            Ok(done) => done.map_err(LinkError::from),
            Err(_) => Err(LinkError::Unreachable),
        }
    }
    .await;
    done.inspect_err(|error| tracing::warn!(caller.address = %address, %error, "a handshake failed")).ok()
}

pub(super) async fn close(endpoint: &Endpoint, reason: &str) {
    endpoint.close(codes::STOPPING.into(), reason.as_bytes());
    // Three seconds are three times the longest round trip there is on earth; nobody is worth more at a stop.
    let _ = timeout(Duration::from_secs(3), endpoint.wait_idle()).await;
}
