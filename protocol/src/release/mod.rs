//! What leaves a state: a signed statement about one form and one period, and the body that travels beside it.
//!
//! A stage is a type that owns what it needs and a step consumes it: [`Draft`] → [`Approved`] → [`SignedRelease`]. What
//! was not approved cannot be sent, because there is nothing to send; what was approved is what is signed, byte for byte.

mod body;
mod desk;
mod manifest;
mod withdrawal;

pub use body::{BODY_STEPS, BodyError, decode_body, encode_body, padded_len, plain_len};
pub use desk::{ApprovalError, Approved, Draft, Operator, PrepareError, SignedRelease, Terms};
pub use manifest::{BUNDLE_MAX, Manifest, ManifestError, Nonce, SOURCES_MAX};
pub use withdrawal::{Withdrawal, WithdrawalReason};
