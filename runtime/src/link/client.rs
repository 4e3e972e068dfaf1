//! The side that calls.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Endpoint, VarInt};
use tokio::time::timeout;

use super::settings::{HANDSHAKE_SECS, LinkSettings, client_transport};
use super::{Connection, LinkError};
use crate::tls::ClientTls;

/// Calls servers. Its certificate and trust may be exchanged while it runs; new connections use the new ones.
pub struct LinkClient {
    tls: ClientTls,
    settings: LinkSettings,
    /// One socket for each family of addresses, opened when it is first needed.
    endpoints: Mutex<[Option<Endpoint>; 2]>,
}

impl LinkClient {
    /// A client that has called nobody yet.
    #[must_use]
    pub fn new(tls: ClientTls, settings: LinkSettings) -> Self {
        Self { tls, settings, endpoints: Mutex::default() }
    }

    /// Calls `address` (`host:port`), which must show a certificate for the DNS name `server_name`.
    ///
    /// A server looks at our certificate after we have looked at its own, so its refusal may arrive only after this
    /// has succeeded: the first request then fails with [`LinkError::Handshake`].
    ///
    /// # Errors
    /// See [`LinkError`]. When a name has several addresses, the error of the last one.
    pub async fn connect(&self, address: &str, server_name: &str, alpn: &[u8]) -> Result<Connection, LinkError> {
        let crypto = QuicClientConfig::try_from(self.tls.config(alpn)?);
        let crypto = crypto.map_err(|error| LinkError::Setup(error.to_string()))?;
        let mut config = ClientConfig::new(Arc::new(crypto));
        config.transport_config(client_transport(self.settings));

        let unknown = || LinkError::UnknownAddress(address.to_owned());
        let resolved = timeout(Duration::from_secs(HANDSHAKE_SECS), tokio::net::lookup_host(address)).await;
        let mut last = unknown();
        for target in resolved.map_err(|_| unknown())?.map_err(|_| unknown())? {
            let endpoint = self.endpoint(target.ip())?;
            let connecting = endpoint.connect_with(config.clone(), target, server_name)?;
            match timeout(Duration::from_secs(HANDSHAKE_SECS), connecting).await {
                Ok(Ok(quic)) => return Ok(Connection::new(quic)),
                Ok(Err(error)) => last = error.into(),
                Err(_) => last = LinkError::Unreachable,
            }
        }
        Err(last)
    }

    /// Closes all connections and waits a moment for the farewell to leave.
    pub async fn close(&self, reason: &str) {
        let endpoints = self.locked().clone();
        for endpoint in endpoints.into_iter().flatten() {
            super::server::close(&endpoint, reason).await;
        }
    }

    fn endpoint(&self, target: IpAddr) -> Result<Endpoint, LinkError> {
        let (slot, any) = match target {
            IpAddr::V4(_) => (0, IpAddr::from(Ipv4Addr::UNSPECIFIED)),
            IpAddr::V6(_) => (1, IpAddr::from(Ipv6Addr::UNSPECIFIED)),
        };
        let mut endpoints = self.locked();
        if let Some(endpoint) = &endpoints[slot] {
            return Ok(endpoint.clone());
        }
        let endpoint = Endpoint::client(SocketAddr::new(any, 0)).map_err(|e| LinkError::Setup(e.to_string()))?;
        Ok(endpoints[slot].insert(endpoint).clone())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, [Option<Endpoint>; 2]> {
        // A slot is either filled or not; a panic in between could not leave half of one.
        self.endpoints.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for LinkClient {
    fn drop(&mut self) {
        for endpoint in self.locked().iter().flatten() {
            endpoint.close(VarInt::from_u32(super::codes::DONE), b"");
        }
    }
}
