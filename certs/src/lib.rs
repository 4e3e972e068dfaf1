//! A small certificate authority for one region: the certificates with which nodes and hub find each other on the
//! link, and nothing else. What a state says is signed by its identity key and logged; a certificate only opens the
//! pipe, so whoever steals this authority can disturb the exchange but not speak for anybody.
//!
//! In reading order: what every certificate looks like ([`profile`]), what comes in ([`request`], [`bundle`]), the
//! keys of a node ([`keys`]), the authority itself ([`authority`], [`register`] with its [`names`]), and reading what
//! others made ([`certificate`], [`explain`], [`pem`]).
//!
//! The library takes the time as an argument; only the program `vrs-certs` looks at a clock. Everything on disk is
//! written by [`files`], whole or not at all.
//!
//! All TLS keys made here are ECDSA on P-256 with SHA-256: every TLS library, hardware token and PKCS#11 module in
//! the field signs and verifies it, while Ed25519 in X.509 is still missing from many of them. Statements are signed
//! with Ed25519, by other keys.

pub mod authority;
pub mod bundle;
pub mod certificate;
pub mod explain;
pub mod files;
pub mod keys;
pub mod names;
pub mod pem;
pub mod profile;
pub mod register;
pub mod request;

pub use authority::{Authority, AuthorityError, Issued, Standing};
pub use bundle::{Bundle, BundleError, same_fingerprint};
pub use certificate::{CertificateFacts, half_life, node_uri_of, participant_of, serial_of};
pub use files::FileError;
pub use keys::{NodeKeys, TlsKey};
pub use names::{Holder, Serial};
pub use request::RequestError;
