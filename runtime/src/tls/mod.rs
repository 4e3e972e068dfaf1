//! TLS 1.3 between machines that know one authority of their own.
//!
//! The rule it keeps: both sides show certificates of our own authority, the key exchange is post-quantum hybrid, and
//! every connection is checked afresh: no resumption and no early data, because a resumed session is not asked for its
//! certificate again. Keys, certificates, roots and revocation lists are exchanged under a running endpoint.
//!
//! - [`Identity`] and [`IdentitySlot`]: our certificate and key;
//! - [`Trust`] and [`TrustSlot`]: whom we believe, and whom no longer;
//! - [`ServerTls`], [`ClientTls`]: how to speak, for the link;
//! - [`CertificateFacts`]: what a certificate says.
//!
//! Issuing certificates is not here, and neither is the meaning of the names in them.

mod certificate;
mod config;
mod identity;
mod trust;
mod verify;

#[cfg(test)]
pub(crate) mod fixture;

pub use certificate::{CertificateError, CertificateFacts, fingerprint};
pub use config::{ClientTls, KeyExchange, ServerTls, ServerTrust};
pub use identity::{Identity, IdentitySlot};
pub use trust::{Revocation, Trust, TrustSlot};

/// Why a certificate, key or list was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// The private key is of no kind we know, or is not the key of the certificate.
    #[error("the private key and the certificate do not fit: {0}")]
    Identity(String),
    /// A root certificate cannot be read, or there is none.
    #[error("the certificate of the authority cannot be used: {0}")]
    Root(String),
    /// A revocation list cannot be read.
    #[error("the revocation list cannot be used: {0}")]
    Revocation(String),
    /// The certificate of the other side does not verify now.
    #[error("the certificate of the other side is not valid: {0}")]
    Peer(String),
    /// The settings contradict each other.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}
