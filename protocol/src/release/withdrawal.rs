//! A withdrawal: the author takes a release back. Both directions of reading end, and whoever holds a copy is asked to
//! erase it. What was read may be remembered.

use minicbor::{Decode, Encode};

use crate::hash::Hash;
use crate::id::ParticipantId;

/// Why a release is taken back, as far as the others are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[cbor(index_only)]
pub enum WithdrawalReason {
    /// No reason given.
    #[n(0)]
    Unstated,
    /// The figures were wrong.
    #[n(1)]
    Wrong,
    /// It was released by mistake.
    #[n(2)]
    Mistake,
    /// The state no longer shares this form.
    #[n(3)]
    NoLongerShared,
}

/// The signed payload of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Withdrawal {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// The author of the release and of the withdrawal.
    #[n(1)]
    pub participant: ParticipantId,
    /// Id of the release that is taken back: the author's current one of its form and period.
    #[n(2)]
    pub release: Hash,
    /// The reason.
    #[n(3)]
    pub reason: WithdrawalReason,
}
