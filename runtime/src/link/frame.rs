//! One message on one stream.

use std::future::Future;
use std::time::Duration;

use quinn::{ReadError, RecvStream, SendStream, WriteError};
use tokio::time::{Instant, timeout, timeout_at};

use super::LinkError;
use super::error::code_of;

/// Memory taken for a frame before its bytes arrive, however long it says it is.
const FIRST_BYTES: usize = 16 * 1024;

/// Refuses bytes that are larger than their bound.
pub(super) fn within(bytes: &[u8], bytes_max: usize) -> Result<(), LinkError> {
    if bytes.len() <= bytes_max {
        return Ok(());
    }
    Err(LinkError::TooLarge { bytes: bytes.len() as u64, bytes_max: bytes_max as u64 })
}

/// Writes one frame and ends the stream.
///
/// ```text
/// length   4 bytes, unsigned, most significant first
/// bytes    exactly that many
/// then the end of the stream; nothing may follow
/// ```
pub(super) async fn write_frame(send: &mut SendStream, bytes: &[u8], whole: Duration) -> Result<(), LinkError> {
    let length = u32::try_from(bytes.len())
        .map_err(|_| LinkError::TooLarge { bytes: bytes.len() as u64, bytes_max: u32::MAX.into() })?;
    in_time(timeout(whole, async {
        send.write_all(&length.to_be_bytes()).await?;
        send.write_all(bytes).await
    }))
    .await?
    .map_err(write_error)?;
    send.finish().map_err(|_| LinkError::ClosedHere)
}

/// A frame whose length is known and whose bytes are still to come.
pub(super) struct Announced {
    length: usize,
    silence: Duration,
    until: Instant,
}

/// Reads the length of a frame and holds it against its bound, before anything is kept for it. `first` is how long
/// its first byte may take, `silence` how long each later one.
pub(super) async fn read_length(
    recv: &mut RecvStream,
    bytes_max: usize,
    first: Duration,
    silence: Duration,
    whole: Duration,
) -> Result<Announced, LinkError> {
    let mut head = [0; 4];
    let mut filled = read_some(recv, &mut head, Instant::now() + first).await?;
    // The time of the whole frame begins with its first byte.
    let until = Instant::now() + whole;
    while filled < head.len() {
        filled += read_some(recv, &mut head[filled..], until.min(Instant::now() + silence)).await?;
    }
    let length = u32::from_be_bytes(head) as usize;
    if length > bytes_max {
        return Err(LinkError::TooLarge { bytes: length as u64, bytes_max: bytes_max as u64 });
    }
    Ok(Announced { length, silence, until })
}

impl Announced {
    /// How long it will be.
    pub(super) const fn length(&self) -> usize {
        self.length
    }

    /// Reads the bytes and the end of the stream. Memory grows with what has arrived, not with what was announced.
    pub(super) async fn read(self, recv: &mut RecvStream) -> Result<Vec<u8>, LinkError> {
        let mut bytes = Vec::with_capacity(self.length.min(FIRST_BYTES));
        while bytes.len() < self.length {
            let left = self.length - bytes.len();
            let chunk = in_time(timeout_at(self.pause(), recv.read_chunk(left, true)))
                .await?
                .map_err(read_error)?
                .ok_or(LinkError::Malformed("it ended early"))?;
            if bytes.capacity() - bytes.len() < chunk.bytes.len() {
                // Doubling, but never beyond what was announced.
                bytes.reserve_exact(left.min(bytes.len().max(chunk.bytes.len())));
            }
            bytes.extend_from_slice(&chunk.bytes);
        }
        match in_time(timeout_at(self.pause(), recv.read_chunk(1, true))).await?.map_err(read_error)? {
            None => Ok(bytes),
            Some(_) => Err(LinkError::Malformed("something follows it")),
        }
    }

    fn pause(&self) -> Instant {
        self.until.min(Instant::now() + self.silence)
    }
}

async fn read_some(recv: &mut RecvStream, into: &mut [u8], until: Instant) -> Result<usize, LinkError> {
    let read = in_time(timeout_at(until, recv.read(into))).await?.map_err(read_error)?;
    read.ok_or(LinkError::Malformed("it ended early"))
}

async fn in_time<T>(timed: impl Future<Output = Result<T, tokio::time::error::Elapsed>>) -> Result<T, LinkError> {
    timed.await.map_err(|_| LinkError::TooSlow)
}

fn read_error(error: ReadError) -> LinkError {
    match error {
        ReadError::Reset(code) => LinkError::GivenUp(code_of(code)),
        ReadError::ConnectionLost(error) => error.into(),
        other => LinkError::Lost(other.to_string()),
    }
}

fn write_error(error: WriteError) -> LinkError {
    match error {
        WriteError::Stopped(code) => LinkError::GivenUp(code_of(code)),
        WriteError::ConnectionLost(error) => error.into(),
        other => LinkError::Lost(other.to_string()),
    }
}
