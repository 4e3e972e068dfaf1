//! An open connection and what travels on it: requests with replies, and notifications.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quinn::VarInt;
use tokio::time::timeout;

use super::LinkError;
use super::frame::{read_length, within, write_frame};
use super::places::Place;
use super::request::{IncomingRequest, Shares, ask};
use super::settings::{Limits, NOTICE_BYTES_MAX, NOTICES_MAX, STREAMS_MAX, WINDOW_BYTES};

/// A connection whose handshake is done. Cheap to clone; the connection ends when it is closed or its last clone is
/// dropped.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) quic: quinn::Connection,
    alpn: Arc<[u8]>,
    peer_chain: Arc<[Vec<u8>]>,
    shares: Shares,
    /// Its place among those of which it is not known who calls.
    unknown: Arc<Mutex<Option<Place<[u8; 32]>>>>,
}

/// Bytes that went over the network so far, with all that QUIC adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Bytes we sent.
    pub bytes_sent: u64,
    /// Bytes we received.
    pub bytes_received: u64,
}

impl Connection {
    pub(super) fn new(quic: quinn::Connection) -> Self {
        let alpn = quic
            .handshake_data()
            .and_then(|data| data.downcast::<quinn::crypto::rustls::HandshakeData>().ok())
            .and_then(|data| data.protocol)
            .unwrap_or_default();
        let peer_chain: Vec<Vec<u8>> = quic
            .peer_identity()
            .and_then(|identity| identity.downcast::<Vec<rustls::pki_types::CertificateDer<'static>>>().ok())
            .map(|chain| chain.iter().map(|der| der.to_vec()).collect())
            .unwrap_or_default();
        Self {
            quic,
            alpn: alpn.into(),
            peer_chain: peer_chain.into(),
            shares: Shares::whole(),
            unknown: Arc::default(),
        }
    }

    /// Takes its place among those of which it is not known who calls. It is given back when that is known, or with the
    /// last clone.
    pub(super) fn is_unknown_at(&self, place: Place<[u8; 32]>) {
        *self.place() = Some(place);
    }

    /// It is known who calls: from here on it has a known caller's share of streams and memory.
    pub(super) fn widen(&self) {
        drop(self.place().take());
        self.quic.set_max_concurrent_bi_streams(STREAMS_MAX.into());
        self.quic.set_max_concurrent_uni_streams(NOTICES_MAX.into());
        self.quic.set_receive_window(WINDOW_BYTES.into());
    }

    fn place(&self) -> MutexGuard<'_, Option<Place<[u8; 32]>>> {
        // A place is there or not; a panic in between could not leave half of one.
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The protocol name both sides agreed on.
    #[must_use]
    pub fn alpn(&self) -> &[u8] {
        &self.alpn
    }

    /// The certificate of the other side in DER, verified in the handshake, if it has shown one.
    #[must_use]
    pub fn peer_certificate(&self) -> Option<&[u8]> {
        self.peer_chain.first().map(Vec::as_slice)
    }

    /// All certificates the other side has shown, its own first. Only the first is certain to have been verified.
    #[must_use]
    pub fn peer_chain(&self) -> &[Vec<u8>] {
        &self.peer_chain
    }

    /// Where the other side is now. It may move, so this is for the log, never an identity.
    #[must_use]
    pub fn remote_address(&self) -> SocketAddr {
        self.quic.remote_address()
    }

    /// 32 bytes that only the two ends of this connection can know (RFC 8446, section 7.5). Equal on both sides.
    ///
    /// # Errors
    /// Only when the library cannot derive them.
    pub fn exporter(&self, label: &[u8], context: &[u8]) -> Result<[u8; 32], LinkError> {
        let mut bytes = [0; 32];
        self.quic
            .export_keying_material(&mut bytes, label, context)
            .map_err(|_| LinkError::Setup("no keying material can be exported".to_owned()))?;
        Ok(bytes)
    }

    /// Sends a request and waits for its reply. When the future is dropped, the other side is told that nobody waits.
    ///
    /// # Errors
    /// See [`LinkError`]. Except for [`LinkError::TooLarge`] it stays open whether the request was carried out.
    pub async fn request(&self, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, LinkError> {
        ask(&self.quic, bytes, limits).await
    }

    /// Waits for the next request. `None` when the connection has ended. Read each in a task of its own, so that a
    /// slow one does not hold up the others.
    pub async fn accept_request(&self) -> Option<IncomingRequest> {
        let (send, recv) = self.quic.accept_bi().await.ok()?;
        Some(IncomingRequest::new(send, recv, self.shares.clone()))
    }

    /// Sends a notification, to which there is no reply.
    ///
    /// # Errors
    /// See [`LinkError`]. Success means that it was handed to the network, not that it arrived.
    pub async fn notify(&self, bytes: &[u8]) -> Result<(), LinkError> {
        within(bytes, NOTICE_BYTES_MAX)?;
        let limits = Limits::STRANGER;
        let mut send = timeout(limits.frame, self.quic.open_uni()).await.map_err(|_| LinkError::TooSlow)??;
        write_frame(&mut send, bytes, limits.frame).await
    }

    /// Waits for the next notification. `None` when the connection has ended. A malformed one is logged and skipped.
    pub async fn accept_notify(&self) -> Option<Vec<u8>> {
        let Limits { silence, frame, .. } = Limits::STRANGER;
        loop {
            let mut recv = self.quic.accept_uni().await.ok()?;
            let notice = async {
                read_length(&mut recv, NOTICE_BYTES_MAX, silence, silence, frame).await?.read(&mut recv).await
            }
            .await;
            match notice {
                Ok(bytes) => return Some(bytes),
                Err(error) => {
                    let _ = recv.stop(VarInt::from_u32(error.stream_code()));
                    tracing::warn!(caller.address = %self.remote_address(), %error, "skipped a notification");
                }
            }
        }
    }

    /// Closes the connection at once; what is still under way is lost. The reason is shown to the other side.
    pub fn close(&self, code: u32, reason: &str) {
        self.quic.close(VarInt::from_u32(code), reason.as_bytes());
    }

    /// Waits for the end of the connection and says why it ended.
    pub async fn closed(&self) -> LinkError {
        self.quic.closed().await.into()
    }

    /// Whether the connection has ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.quic.close_reason().is_some()
    }

    /// Bytes that went over the network so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        let stats = self.quic.stats();
        Traffic { bytes_sent: stats.udp_tx.bytes, bytes_received: stats.udp_rx.bytes }
    }

    /// A number that tells this connection from all others of this process that are open at the same time.
    #[must_use]
    pub fn number(&self) -> usize {
        self.quic.stable_id()
    }
}
