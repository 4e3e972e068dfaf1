//! The roles at the hub's console, by the codes they have in accounts and settings.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// A role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Compiles and writes.
    Analyst,
    /// Participation, calendar, contact.
    Secretariat,
    /// Approves what is published.
    Approver,
    /// Accounts, participants, settings.
    Administrator,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
    /// The code it has in accounts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Secretariat => "secretariat",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }
}
