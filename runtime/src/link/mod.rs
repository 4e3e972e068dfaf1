//! The link: QUIC connections between machines that know each other's authority.
//!
//! ```text
//! let mut server = LinkServer::bind(address, protocols, &tls, LinkSettings::default())?;
//! while let Some(connection) = server.accept().await {
//!     while let Some(request) = connection.accept_request().await {
//!         let Incoming { bytes, responder } = request.receive(&Limits::CALLER).await?;
//!         responder.reply(&answer(bytes)).await?;
//!     }
//! }
//! let connection = LinkClient::new(tls, LinkSettings::default()).connect("host:4433", "host", b"name/1").await?;
//! let reply = connection.request(b"question", &Limits::CALLER).await?;
//! ```
//!
//! The rule it keeps: hostile bytes cost bounded memory, bounded time and one log line. One request and one reply
//! travel on each bidirectional stream, each in one frame of declared and bounded length. What the messages mean, and
//! which identity stands behind a certificate, is not here.

mod client;
pub mod codes;
mod connection;
mod error;
mod frame;
mod places;
mod registry;
mod request;
mod server;
mod settings;
mod throttle;

pub use client::LinkClient;
pub use connection::{Connection, Traffic};
pub use error::LinkError;
pub use registry::{AGE_MAX_SECS, ConnectionRegistry, PER_IDENTITY_MAX};
pub use request::{Incoming, IncomingRequest, Responder};
pub use server::{Callers, LinkServer, Protocol};
pub use settings::{Limits, LinkSettings, PER_ADDRESS_MAX, STRANGER_SECS, STRANGERS_MAX};
pub use throttle::{Exhausted, Rate, Throttle, TokenBucket};

#[cfg(test)]
mod tests;
