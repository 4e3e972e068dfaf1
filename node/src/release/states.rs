//! The one list of states a release goes through, in commands, pages and the database.

use std::fmt;

/// Where a release is on its way. Each step is one transaction; there is no state that bad weather leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its terms are chosen; nothing is packed yet.
    Draft,
    /// The bytes that would leave are fixed and wait for a second person.
    Prepared,
    /// A second person has approved exactly these bytes.
    Approved,
    /// Signed and in the outbox.
    Signed,
    /// On its way; the hub may or may not have it.
    Sent,
    /// The hub says that it stands in the ledger.
    Logged,
    /// It stands in the ledger under a checkpoint that this node has verified.
    Final,
    /// A later revision took its place.
    Replaced,
    /// Taken back, or let go before it left.
    Withdrawn,
    /// The hub said no; its words are kept.
    Refused,
}

impl State {
    const ALL: [Self; 10] = [
        Self::Draft,
        Self::Prepared,
        Self::Approved,
        Self::Signed,
        Self::Sent,
        Self::Logged,
        Self::Final,
        Self::Replaced,
        Self::Withdrawn,
        Self::Refused,
    ];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Prepared => "prepared",
            Self::Approved => "approved",
            Self::Signed => "signed",
            Self::Sent => "sent",
            Self::Logged => "logged",
            Self::Final => "final",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
        }
    }

    /// The state of a word.
    ///
    /// # Errors
    /// A sentence with the states there are.
    pub fn parse(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|state| state.word() == word);
        known.ok_or_else(|| format!("one of {} was expected", Self::ALL.map(Self::word).join(", ")))
    }

    /// Whether it can still become another state by itself or by a person.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Replaced | Self::Withdrawn | Self::Refused)
    }

    /// Whether it is signed and not yet known to stand in the ledger.
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::Signed | Self::Sent)
    }

    /// Whether it stands in the ledger and is its author's latest word.
    pub const fn stands(self) -> bool {
        matches!(self, Self::Logged | Self::Final)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// How a release came to be on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person chose its form and period.
    Chosen,
    /// It follows from parts of its period (Rule 6).
    Derived,
    /// It must be revised along with another, because their periods overlap or the kind changes for all.
    Along,
}

impl Origin {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Derived => "derived",
            Self::Along => "along",
        }
    }

    /// The origin of a word.
    ///
    /// # Errors
    /// A sentence with the origins there are.
    pub fn parse(word: &str) -> Result<Self, &'static str> {
        [Self::Chosen, Self::Derived, Self::Along]
            .into_iter()
            .find(|origin| origin.word() == word)
            .ok_or("chosen, derived or along was expected")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn states_and_origins_print_as_they_are_read() {
        for state in State::ALL {
            assert_eq!(State::parse(state.word()), Ok(state));
        }
        assert!(State::parse("lost").is_err());
        for origin in [Origin::Chosen, Origin::Derived, Origin::Along] {
            assert_eq!(Origin::parse(origin.word()), Ok(origin));
        }
    }
}
