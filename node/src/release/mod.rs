//! The release desk: from a national table to signed bytes in the outbox, decided by two persons. Plain functions on what
//! the ledger says; what they decide is stored by [`crate::store`] and sent by [`crate::delivery`].
//!
//! - [`prepare`]: from what a person chose to exactly the bytes that would leave;
//! - [`preview`]: what a person is told before;
//! - [`approve`]: a second person, and the signature;
//! - [`states`]: the one list of states;
//! - here: a release as the desk knows it.

pub mod approve;
pub mod prepare;
pub mod preview;
pub mod states;

#[cfg(test)]
mod tests;

use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex};
use vrs_protocol::period::Period;
use vrs_protocol::release::Operator;
use vrs_protocol::time::Timestamp;

pub use states::{Origin, State};

/// A release as the desk knows it, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Release {
    /// The number people use.
    pub id: i64,
    /// Number of the first of those that are decided and sent together.
    pub bundle: i64,
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Who may get the figures.
    pub audience: AudienceChoice,
    /// Where it is on its way.
    pub state: State,
    /// How it came to be on the desk.
    pub origin: Origin,
    /// Revision, from prepared on.
    pub revision: Option<u32>,
    /// SHA-256 of the signed statement, from signed on.
    pub statement_id: Option<Hash>,
    /// Its line, from logged on.
    pub line: Option<LineIndex>,
    /// Who prepared it.
    pub prepared_by: Operator,
    /// When.
    pub prepared_at: Timestamp,
    /// Who approved it.
    pub approved_by: Option<Operator>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// When it first left.
    pub sent_at: Option<Timestamp>,
    /// When the hub said that it is logged.
    pub logged_at: Option<Timestamp>,
    /// When this node had verified that.
    pub final_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The line that ended it.
    pub ended_by: Option<LineIndex>,
    /// Number of the hub's refusal.
    pub refusal: Option<i64>,
    /// A sentence on its end, where no refusal says it.
    pub note: Option<String>,
}

/// What a person says of a bundle besides its audience. It stays in the node.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Terms {
    /// The embargo: signed and approved, it is held in the outbox until then.
    pub not_before: Option<Timestamp>,
    /// Why what was released before is revised; empty where nothing is.
    pub because: String,
}

impl Terms {
    /// Whether it is held at home now.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.not_before.is_some_and(|until| now < until)
    }
}

/// How a release ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Replaced, withdrawn or refused.
    pub state: State,
    /// The line that did it.
    pub by: Option<LineIndex>,
    /// A sentence for people.
    pub note: Option<String>,
}
