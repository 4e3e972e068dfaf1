//! Every bound of the link, named once.
//!
//! quinn's own defaults are made for servers of the open web: 100 streams of 1.25 MB each, an unlimited window for
//! the connection, 65,536 waiting strangers. We know our callers by name, so ours are far smaller.

use std::sync::Arc;
use std::time::Duration;

use quinn::{IdleTimeout, TransportConfig, VarInt};

/// Requests of one connection that may be open at once. Memory for a connection is bounded by its windows.
pub(super) const STREAMS_MAX: u32 = 16;
/// Notifications of one connection that may be open at once.
pub(super) const NOTICES_MAX: u32 = 4;
/// The same before the program knows who calls, and for a stranger.
pub(super) const STRANGER_STREAMS_MAX: u32 = 4;
/// Bytes that may wait unread in one stream.
pub(super) const STREAM_WINDOW_BYTES: u32 = 1024 * 1024;
/// Bytes that may wait unread in all streams of one connection.
pub(super) const WINDOW_BYTES: u32 = 8 * 1024 * 1024;
/// The same before the program knows who calls, and for a stranger: two requests of their largest size.
pub(super) const STRANGER_WINDOW_BYTES: u32 = 128 * 1024;
/// Bytes that may be on their way to the other side unconfirmed.
pub(super) const SEND_WINDOW_BYTES: u64 = 8 * 1024 * 1024;
/// A connection on which nothing is heard for so long is dead.
pub(super) const IDLE_SECS: u64 = 60;
/// The client sends a sign of life this often: three of them may be lost before [`IDLE_SECS`] is over.
pub(super) const KEEP_ALIVE_SECS: u64 = 20;
/// A handshake that takes longer is given up.
pub(super) const HANDSHAKE_SECS: u64 = 10;
/// First packets that may wait for the server's attention. There are some sixty callers.
pub(super) const WAITING_MAX: usize = 256;
/// Bytes kept for one of them: enough for a first message of two packets, as the hybrid key exchange makes it.
pub(super) const WAITING_BYTES: u64 = 64 * 1024;
/// Bytes kept for all of them.
pub(super) const WAITING_BYTES_TOTAL: u64 = 8 * 1024 * 1024;
/// Handshakes a server works on at the same time.
pub(super) const HANDSHAKES_MAX: usize = 64;
/// Connections a server holds at the same time, of any kind.
pub(super) const CONNECTIONS_MAX: usize = 512;
/// Connections of a protocol for anybody a server holds at the same time, whether or not they show a certificate.
pub const STRANGERS_MAX: usize = 32;
/// Such connections, and handshakes, of one address: a house of several nodes that join at once has enough, and one that
/// wants to keep others out needs many addresses.
pub const PER_ADDRESS_MAX: usize = 4;
/// A stranger's connection is closed after so long.
pub const STRANGER_SECS: u64 = 120;
/// Connections of one certificate of which the program does not know yet who calls.
pub(super) const UNKNOWN_PER_CERTIFICATE_MAX: usize = 2;
/// Bytes of large requests that one connection may have us hold at the same time.
pub(super) const HELD_BYTES_MAX: u32 = 32 * 1024 * 1024;
/// The same of replies, from the moment they are made until they have arrived.
pub(super) const REPLIES_BYTES_MAX: u32 = 32 * 1024 * 1024;
/// The largest notification: it only says that there is something to fetch.
pub(super) const NOTICE_BYTES_MAX: usize = 64 * 1024;

/// What an operator may have to change for a peculiar network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkSettings {
    /// Lets the kernel cut large sends into packets. Some cloud hosts claim to be able and are not.
    pub segmentation_offload: bool,
    /// Makes all packets equally long, so that lengths do not show on the path.
    pub pad_packets: bool,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self { segmentation_offload: true, pad_packets: false }
    }
}

/// Bounds of one exchange of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest request.
    pub request_bytes_max: usize,
    /// The largest reply.
    pub reply_bytes_max: usize,
    /// A frame that has begun may pause this long.
    pub silence: Duration,
    /// A whole frame may take this long.
    pub frame: Duration,
    /// The first byte of the reply may take this long after the request was sent.
    pub answer: Duration,
}

impl Limits {
    /// For somebody who is not known: little, and quickly.
    pub const STRANGER: Self = Self {
        request_bytes_max: 64 * 1024,
        reply_bytes_max: 64 * 1024,
        silence: Duration::from_secs(5),
        frame: Duration::from_secs(20),
        answer: Duration::from_secs(30),
    };

    /// For a known caller. A request of 8 MiB within five minutes needs 220 kbit/s, which a poor line still gives.
    pub const CALLER: Self = Self {
        request_bytes_max: 8 * 1024 * 1024,
        reply_bytes_max: 16 * 1024 * 1024,
        silence: Duration::from_secs(15),
        frame: Duration::from_secs(300),
        answer: Duration::from_secs(60),
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::CALLER
    }
}

/// The transport of a server. It begins with a stranger's share; [`super::registry`] widens it when the program knows who
/// calls.
pub(super) fn server_transport(settings: LinkSettings) -> Arc<TransportConfig> {
    let mut transport = common(settings);
    transport
        .max_concurrent_bidi_streams(STRANGER_STREAMS_MAX.into())
        .max_concurrent_uni_streams(0u32.into())
        .receive_window(STRANGER_WINDOW_BYTES.into());
    Arc::new(transport)
}

/// The transport of a client. It keeps the connection alive; one side is enough.
pub(super) fn client_transport(settings: LinkSettings) -> Arc<TransportConfig> {
    let mut transport = common(settings);
    transport.keep_alive_interval(Some(Duration::from_secs(KEEP_ALIVE_SECS)));
    Arc::new(transport)
}

fn common(settings: LinkSettings) -> TransportConfig {
    let mut transport = TransportConfig::default();
    transport
        .max_concurrent_bidi_streams(STREAMS_MAX.into())
        .max_concurrent_uni_streams(NOTICES_MAX.into())
        .stream_receive_window(STREAM_WINDOW_BYTES.into())
        .receive_window(WINDOW_BYTES.into())
        .send_window(SEND_WINDOW_BYTES)
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32((IDLE_SECS * 1000) as u32))))
        .datagram_receive_buffer_size(None)
        .allow_spin(false)
        .enable_segmentation_offload(settings.segmentation_offload)
        .pad_to_mtu(settings.pad_packets);
    transport
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transport_says_what_the_table_says() {
        let (server, client) = (server_transport(LinkSettings::default()), client_transport(LinkSettings::default()));
        let (server, client) = (format!("{server:?}"), format!("{client:?}"));
        for setting in [
            "stream_receive_window: 1048576",
            "send_window: 8388608",
            "max_idle_timeout: Some(60000)",
            "datagram_receive_buffer_size: None",
            "allow_spin: false",
            "enable_segmentation_offload: true",
            "pad_to_mtu: false",
            "initial_mtu: 1200",
        ] {
            assert!(server.contains(setting) && client.contains(setting), "{setting}: {server}");
        }
        for setting in ["max_concurrent_bidi_streams: 4,", "max_concurrent_uni_streams: 0,", "receive_window: 131072,"]
        {
            assert!(server.contains(setting), "{setting}: {server}");
        }
        for setting in
            ["max_concurrent_bidi_streams: 16,", "receive_window: 8388608,", "keep_alive_interval: Some(20s)"]
        {
            assert!(client.contains(setting), "{setting}: {client}");
        }
        assert!(server.contains("keep_alive_interval: None"), "one side is enough: {server}");
    }
}
