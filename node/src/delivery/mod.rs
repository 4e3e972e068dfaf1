//! The link to the hub: the only QUIC of the node.
//!
//! In reading order: `connection` (a bound connection and its requests), `joining` (how a node gets its first certificate).

pub mod connection;
pub mod joining;

pub use connection::Session;
pub use joining::Joining;
