//! One request and its reply, from either end.

use std::sync::Arc;

use quinn::{RecvStream, SendStream, VarInt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::code_of;
use super::frame::{read_length, within, write_frame};
use super::settings::{HELD_BYTES_MAX, Limits};
use super::{LinkError, codes};

/// Sends a request on a stream of its own and waits for the reply.
pub(super) async fn ask(quic: &quinn::Connection, bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, LinkError> {
    within(bytes, limits.request_bytes_max)?;
    let opened = timeout(limits.frame, quic.open_bi()).await.map_err(|_| LinkError::TooSlow)??;
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
    pub(super) const fn new(send: SendStream, recv: RecvStream, held: Arc<Semaphore>) -> Self {
        Self { stream: Stream { send, recv, settled: false, when_dropped: codes::UNANSWERED }, held }
    }

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
