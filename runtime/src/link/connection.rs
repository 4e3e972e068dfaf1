//! An open connection and what travels on it: requests with replies, and notifications.

use std::net::SocketAddr;
use std::sync::Arc;

use quinn::{RecvStream, SendStream, VarInt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::code_of;
use super::frame::{read_length, write_frame};
use super::settings::{HELD_BYTES_MAX, Limits, NOTICE_BYTES_MAX};
use super::{LinkError, codes};

/// A connection whose handshake is done. Cheap to clone; the connection ends when it is closed or its last clone is
/// dropped.
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) quic: quinn::Connection,
    alpn: Arc<[u8]>,
    peer_chain: Arc<[Vec<u8>]>,
    /// Bytes of large requests that may still be held, in KiB.
    held: Arc<Semaphore>,
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
        let held = Arc::new(Semaphore::new(HELD_BYTES_MAX as usize / 1024));
        Self { quic, alpn: alpn.into(), peer_chain: peer_chain.into(), held }
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
        within(bytes, limits.request_bytes_max)?;
        let opened = timeout(limits.frame, self.quic.open_bi()).await.map_err(|_| LinkError::TooSlow)??;
        let mut stream = Stream { send: opened.0, recv: opened.1, settled: false, when_dropped: codes::CANCELLED };
        let answer = async {
            match write_frame(&mut stream.send, bytes, limits.frame).await {
                // A request stopped half way: what the other side says about it on the way back is the better reason.
                Ok(()) | Err(LinkError::GivenUp(_)) => {}
                Err(error) => return Err(error),
            }
            let max = limits.reply_bytes_max;
            let reply = read_length(&mut stream.recv, max, limits.answer, limits.silence, limits.frame).await?;
            reply.read(&mut stream.recv).await
        }
        .await;
        match &answer {
            Ok(_) => stream.settled = true,
            Err(error) => stream.give_up(error.stream_code()),
        }
        answer
    }

    /// Waits for the next request. `None` when the connection has ended. Read each in a task of its own, so that a
    /// slow one does not hold up the others.
    pub async fn accept_request(&self) -> Option<IncomingRequest> {
        let (send, recv) = self.quic.accept_bi().await.ok()?;
        let stream = Stream { send, recv, settled: false, when_dropped: codes::UNANSWERED };
        Some(IncomingRequest { stream, held: self.held.clone() })
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

/// A request that has begun to arrive.
pub struct IncomingRequest {
    stream: Stream,
    held: Arc<Semaphore>,
}

/// A request that has arrived.
pub struct Incoming {
    /// The request.
    pub bytes: Vec<u8>,
    /// The way back.
    pub responder: Responder,
}

/// The way back for one request. Dropped without a reply, it tells the other side so.
pub struct Responder {
    stream: Stream,
    limits: Limits,
    /// Gives the bytes of the request back to the connection's share when the request is answered.
    _held: OwnedSemaphorePermit,
}

impl IncomingRequest {
    /// Reads the request within its bounds.
    ///
    /// # Errors
    /// See [`LinkError`]; the stream has then been given up with the matching code.
    pub async fn receive(mut self, limits: &Limits) -> Result<Incoming, LinkError> {
        let received = self.read(limits).await;
        match received {
            Ok((bytes, held)) => {
                Ok(Incoming { bytes, responder: Responder { stream: self.stream, limits: *limits, _held: held } })
            }
            Err(error) => {
                self.stream.give_up(error.stream_code());
                Err(error)
            }
        }
    }

    async fn read(&mut self, limits: &Limits) -> Result<(Vec<u8>, OwnedSemaphorePermit), LinkError> {
        let (recv, max) = (&mut self.stream.recv, limits.request_bytes_max.min(HELD_BYTES_MAX as usize));
        let announced = read_length(recv, max, limits.silence, limits.silence, limits.frame).await?;
        // Many large requests at once wait for each other here, before any of them takes memory.
        let share = (announced.length() / 1024) as u32;
        let held = timeout(limits.frame, self.held.clone().acquire_many_owned(share));
        let held = held.await.map_err(|_| LinkError::TooSlow)?.map_err(|_| LinkError::ClosedHere)?;
        Ok((announced.read(recv).await?, held))
    }
}

impl Responder {
    /// Sends the reply and waits until the other side has confirmed it, so that a connection closed right afterwards
    /// does not swallow it.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn reply(mut self, bytes: &[u8]) -> Result<(), LinkError> {
        let sent = async {
            within(bytes, self.limits.reply_bytes_max)?;
            write_frame(&mut self.stream.send, bytes, self.limits.frame).await?;
            match timeout(self.limits.frame, self.stream.send.stopped()).await {
                Err(_) => Err(LinkError::TooSlow),
                Ok(Ok(None)) => Ok(()),
                Ok(Ok(Some(code))) => Err(LinkError::GivenUp(code_of(code))),
                Ok(Err(quinn::StoppedError::ConnectionLost(error))) => Err(error.into()),
                Ok(Err(error)) => Err(LinkError::Lost(error.to_string())),
            }
        }
        .await;
        match &sent {
            Ok(()) => self.stream.settled = true,
            Err(error) => self.stream.give_up(error.stream_code()),
        }
        sent
    }

    /// Gives the request up with a number of the program's own, see [`codes::FIRST_OF_PROGRAMS`].
    pub fn give_up(mut self, code: u32) {
        self.stream.give_up(code);
    }
}

/// Both directions of a stream. Dropped unsettled, it is given up: quinn would otherwise end it as if it were whole.
struct Stream {
    send: SendStream,
    recv: RecvStream,
    settled: bool,
    when_dropped: u32,
}

impl Stream {
    fn give_up(&mut self, code: u32) {
        self.settled = true;
        // Both fail only when that direction has ended already, which is what is wanted.
        let _ = self.send.reset(VarInt::from_u32(code));
        let _ = self.recv.stop(VarInt::from_u32(code));
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if !self.settled {
            self.give_up(self.when_dropped);
        }
    }
}

fn within(bytes: &[u8], bytes_max: usize) -> Result<(), LinkError> {
    if bytes.len() <= bytes_max {
        return Ok(());
    }
    Err(LinkError::TooLarge { bytes: bytes.len() as u64, bytes_max: bytes_max as u64 })
}
