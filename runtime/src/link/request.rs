//! One request and its reply, from either end.

use std::sync::Arc;

use quinn::{RecvStream, SendStream, VarInt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::code_of;
use super::frame::{read_length, within, write_frame};
use super::settings::{HELD_BYTES_MAX, Limits, REPLIES_BYTES_MAX};
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

/// What one connection may have us hold, in KiB. Requests and replies have shares of their own: who holds a request and
/// waits to answer it must not wait for somebody who does the same.
#[derive(Debug, Clone)]
pub(super) struct Shares {
    requests: Arc<Semaphore>,
    replies: Arc<Semaphore>,
}

impl Shares {
    pub(super) fn whole() -> Self {
        let share = |bytes| Arc::new(Semaphore::new(kib(bytes as usize) as usize));
        Self { requests: share(HELD_BYTES_MAX), replies: share(REPLIES_BYTES_MAX) }
    }
}

/// Small messages are not worth counting.
const fn kib(bytes: usize) -> u32 {
    (bytes / 1024) as u32
}

/// Many large messages at once wait for each other here, before any of them takes memory.
async fn take(share: &Arc<Semaphore>, bytes: usize, limits: &Limits) -> Result<OwnedSemaphorePermit, LinkError> {
    let taken = timeout(limits.frame, share.clone().acquire_many_owned(kib(bytes)));
    taken.await.map_err(|_| LinkError::TooSlow)?.map_err(|_| LinkError::ClosedHere)
}

/// A request that has begun to arrive.
pub struct IncomingRequest {
    stream: Stream,
    shares: Shares,
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
    replies: Arc<Semaphore>,
    reserved: Option<OwnedSemaphorePermit>,
    /// Gives the bytes of the request back to the connection's share when the request is answered.
    _held: OwnedSemaphorePermit,
}

impl IncomingRequest {
    pub(super) const fn new(send: SendStream, recv: RecvStream, shares: Shares) -> Self {
        Self { stream: Stream { send, recv, settled: false, when_dropped: codes::UNANSWERED }, shares }
    }

    /// Reads the request within its bounds.
    ///
    /// # Errors
    /// See [`LinkError`]; the stream has then been given up with the matching code.
    pub async fn receive(mut self, limits: &Limits) -> Result<Incoming, LinkError> {
        let received = self.read(limits).await;
        match received {
            Ok((bytes, held)) => {
                let (replies, limits) = (self.shares.replies, *limits);
                let responder = Responder { stream: self.stream, limits, replies, reserved: None, _held: held };
                Ok(Incoming { bytes, responder })
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
        let held = take(&self.shares.requests, announced.length(), limits).await?;
        Ok((announced.read(recv).await?, held))
    }
}

impl Responder {
    /// Waits until the connection's share has room for a reply of so many bytes. Call it before a large reply is made: a
    /// caller that asks and does not read then has us make no more of them.
    ///
    /// # Errors
    /// [`LinkError::TooSlow`]; the stream has then been given up with the matching code.
    pub async fn reserve(mut self, bytes_max: usize) -> Result<Self, LinkError> {
        match take(&self.replies, bytes_max.min(REPLIES_BYTES_MAX as usize), &self.limits).await {
            Ok(reserved) => {
                self.reserved = Some(reserved);
                Ok(self)
            }
            Err(error) => {
                self.stream.give_up(error.stream_code());
                Err(error)
            }
        }
    }

    /// Sends the reply and waits until the other side has confirmed it, so that a connection closed right afterwards
    /// does not swallow it. Meanwhile its bytes count in the connection's share.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn reply(mut self, bytes: &[u8]) -> Result<(), LinkError> {
        let sent = async {
            within(bytes, self.limits.reply_bytes_max)?;
            self.keep_room_for(bytes.len()).await?;
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

    /// Gives back what was reserved and is not needed.
    async fn keep_room_for(&mut self, bytes: usize) -> Result<(), LinkError> {
        let reserved = self.reserved.as_ref().map_or(0, |reserved| reserved.num_permits());
        match (reserved.checked_sub(kib(bytes) as usize), &mut self.reserved) {
            (Some(surplus), Some(reserved)) => drop(reserved.split(surplus)),
            (Some(_), None) => {}
            (None, _) => {
                // Given back first: two that wait for more of the same share would wait for each other.
                self.reserved = None;
                self.reserved = Some(take(&self.replies, bytes.min(REPLIES_BYTES_MAX as usize), &self.limits).await?);
            }
        }
        Ok(())
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
