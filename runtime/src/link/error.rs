//! Why the link did not do what was asked.

use quinn::{ConnectError, ConnectionError, VarInt};

use super::codes;
use crate::tls::TlsError;

/// Why the link did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Our own settings are wrong; trying again does not help.
    #[error("the link cannot be set up: {0}")]
    Setup(String),
    /// The name of the other side has no address.
    #[error("{0}: no address is known for this name")]
    UnknownAddress(String),
    /// Nobody answered in time.
    #[error("nobody answered in time")]
    Unreachable,
    /// One side refused the other in the handshake, commonly over a certificate.
    #[error("the handshake was refused by {}: {}", if *.by_peer { "the other side" } else { "us" }, alert_words(*.alert))]
    Handshake {
        /// The TLS alert.
        alert: u8,
        /// Whether the other side refused us.
        by_peer: bool,
    },
    /// The other side closed the connection.
    #[error("the other side closed the connection (code {code}): {reason}")]
    ClosedByPeer {
        /// See [`codes`].
        code: u32,
        /// What it said.
        reason: String,
    },
    /// We closed the connection.
    #[error("the connection was closed here")]
    ClosedHere,
    /// The connection broke.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// A frame is larger than its bound. Nothing of it was kept.
    #[error("a message of {bytes} bytes is larger than the {bytes_max} that are taken")]
    TooLarge {
        /// The announced length.
        bytes: u64,
        /// The bound.
        bytes_max: u64,
    },
    /// A frame ended early, or something followed it.
    #[error("the message is malformed: {0}")]
    Malformed(&'static str),
    /// A frame or an answer took too long.
    #[error("the other side took too long")]
    TooSlow,
    /// The other side gave up the stream.
    #[error("the other side gave up this message (code {0})")]
    GivenUp(u32),
}

impl LinkError {
    /// The number with which a stream is given up over this error.
    pub(super) const fn stream_code(&self) -> u32 {
        match self {
            Self::TooLarge { .. } => codes::FRAME_TOO_LARGE,
            Self::Malformed(_) => codes::FRAME_MALFORMED,
            Self::TooSlow => codes::TOO_SLOW,
            Self::GivenUp(code) => *code,
            _ => codes::CANCELLED,
        }
    }
}

impl From<ConnectionError> for LinkError {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::ApplicationClosed(close) => Self::ClosedByPeer {
                code: u32::try_from(close.error_code.into_inner()).unwrap_or(u32::MAX),
                // The other side chooses these bytes, so they are shortened and made harmless for a terminal.
                reason: harmless(&close.reason),
            },
            ConnectionError::ConnectionClosed(close) => match alert(u64::from(close.error_code)) {
                Some(alert) => Self::Handshake { alert, by_peer: true },
                None => Self::Lost(harmless(close.to_string().as_bytes())),
            },
            ConnectionError::TransportError(error) => match alert(u64::from(error.code)) {
                Some(alert) => Self::Handshake { alert, by_peer: false },
                None => Self::Lost(error.to_string()),
            },
            ConnectionError::LocallyClosed => Self::ClosedHere,
            ConnectionError::TimedOut => Self::Lost("nothing was heard for too long".to_owned()),
            other => Self::Lost(other.to_string()),
        }
    }
}

impl From<ConnectError> for LinkError {
    fn from(error: ConnectError) -> Self {
        Self::Setup(error.to_string())
    }
}

impl From<TlsError> for LinkError {
    fn from(error: TlsError) -> Self {
        Self::Setup(error.to_string())
    }
}

pub(super) fn code_of(code: VarInt) -> u32 {
    u32::try_from(code.into_inner()).unwrap_or(u32::MAX)
}

/// QUIC carries the TLS alert `n` as transport error `0x100 + n`.
fn alert(code: u64) -> Option<u8> {
    code.checked_sub(0x100).and_then(|alert| u8::try_from(alert).ok())
}

fn harmless(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().take(200).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn alert_words(alert: u8) -> String {
    let words = match alert {
        40 => "no common way to agree on keys (is the other side without post-quantum key exchange?)",
        42 => "the certificate is not acceptable",
        43 => "the certificate is of an unsupported kind",
        44 => "the certificate was revoked",
        45 => "the certificate has expired or is not valid yet",
        46 => "the certificate could not be checked",
        47 => "the first message is not acceptable",
        48 => "the certificate is of an unknown authority",
        51 => "a signature in the handshake is wrong",
        80 => "an internal error",
        112 => "the server name is not known there",
        116 => "a certificate is needed",
        120 => "this protocol is not spoken there",
        _ => return format!("TLS alert {alert}"),
    };
    words.to_owned()
}
