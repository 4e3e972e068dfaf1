//! The audit trail: who did what, when and from where, with what stood before and after.
//!
//! The rule it keeps: an act is written in the transaction that does it, so there is no deed without its act and no act
//! without its deed. Acts are never changed or deleted; each carries the hash of the one before ([`chain`]). No act holds a
//! password, a key, a cookie or a figure: of figures it names versions, hashes and counts.
//!
//! In reading order: here an [`Act`] and how it is [`record`]ed; [`whence`], the person and the place behind a request or a
//! command; [`chain`], the form that is hashed and how a chain is verified; [`trail`], reading what is stored; [`pages`], what auditors
//! see of it.
//!
//! What is not here: which acts there are. Their codes stand where they are done, and their names in the Fluent files under
//! `act-CODE`.

pub mod chain;
pub mod pages;
pub mod trail;
pub mod whence;

use std::collections::BTreeMap;

use vrs_runtime::database::{DatabaseError, Transaction};

use crate::store;
pub use chain::{ActHash, Chain, ChainFault, RecordedAct};
pub use trail::{Acts, ActsFilter, Intact};
pub use whence::Whence;

/// What stood before or after an act: short texts by their names, in the order of the names.
pub type Facts = BTreeMap<String, String>;

/// The longest text of an act in characters: a list of a few tables fits, and a million acts stay below a gigabyte.
pub const TEXT_CHARACTERS_MAX: usize = 300;

/// Something a person did, or the program by itself, on its way into the trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    what: &'static str,
    subject: String,
    account: Option<String>,
    before: Facts,
    after: Facts,
}

impl Act {
    /// An act by its stable code, such as `account-added`, and what it is about: `account ana`, `release 12`.
    #[must_use]
    pub fn new(what: &'static str, subject: impl Into<String>) -> Self {
        Self { what, subject: short(&subject.into()), account: None, before: Facts::new(), after: Facts::new() }
    }

    /// By the person of this account, where it is not the one that [`Whence`] knows.
    #[must_use]
    pub fn by(mut self, account: &str) -> Self {
        self.account = Some(short(account));
        self
    }

    /// What stood before.
    #[must_use]
    pub fn before(mut self, name: &'static str, value: impl ToString) -> Self {
        self.before.insert(name.to_owned(), short(&value.to_string()));
        self
    }

    /// What stands now.
    #[must_use]
    pub fn after(mut self, name: &'static str, value: impl ToString) -> Self {
        self.after.insert(name.to_owned(), short(&value.to_string()));
        self
    }
}

/// A text without control characters, cut where it is too long.
fn short(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
    let mut kept: String = letters.by_ref().take(TEXT_CHARACTERS_MAX).collect();
    if letters.next().is_some() {
        kept.push('…');
    }
    kept
}

/// Writes an act at the end of the trail, as a part of this transaction. Writing transactions run one after another, so
/// nobody else can take the same place in the chain.
///
/// # Errors
/// [`DatabaseError`]; then nothing of the transaction happens.
pub async fn record(tx: &mut Transaction, act: Act, now: u64) -> Result<(), DatabaseError> {
    let whence = whence::here();
    let Chain { number, hash } = store::acts::head(tx).await?;
    let recorded = RecordedAct {
        account: act.account.or(whence.account),
        after: act.after,
        at: now,
        before: act.before,
        from: short(&whence.from),
        number: number + 1,
        previous: hash,
        subject: act.subject,
        what: act.what.to_owned(),
    };
    store::acts::insert(tx, &recorded, &recorded.hash()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_and_cannot_hold_a_line_break() {
        let act = Act::new("import-taken", "a\nb").after("file", "x".repeat(500));
        assert_eq!(act.subject, "a\u{fffd}b");
        assert_eq!(act.after["file"].chars().count(), TEXT_CHARACTERS_MAX + 1);
    }
}
