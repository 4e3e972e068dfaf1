//! Delivery: the only QUIC of the node. It carries what the desk has signed to the hub, brings the lines of the ledger and
//! the bodies that may be read, and gives nothing up because of bad weather.
//!
//! In reading order: [`connection`] (a bound connection and its requests), [`joining`] (how a node gets its certificate),
//! [`mirroring`] (lines), `settling` (what follows from them), [`outbox`] (what waits to be sent), [`fetching`] (bodies and block
//! tables), [`certificates`] (renewal and revocation), [`running`] (the loop that keeps the link), [`backoff`].

pub mod backoff;
pub mod certificates;
pub mod connection;
pub mod fetching;
pub mod joining;
pub mod mirroring;
pub mod outbox;
pub mod running;
pub(crate) mod settling;

#[cfg(test)]
mod tests;

pub use connection::{Session, Session as Hub, SignedRefusal};
pub use joining::Joining;
pub use running::SyncReport;
