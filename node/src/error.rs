//! What can go wrong at a node, sorted by who must act. Every sentence is for the person at the keyboard; what to do next
//! is in it or in [`NodeError::next_step`].

use vrs_console::accounts::AccountError;
use vrs_protocol::refusal::{Reason, Unlock};
use vrs_runtime::database::DatabaseError;
use vrs_runtime::files::FileError;
use vrs_runtime::settings::SettingsError;

use crate::delivery::SignedRefusal;
use crate::intake::Problems;
use crate::say;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The person must do something else first; the sentence says what.
    #[error("{0}")]
    Refused(String),
    /// There is no such thing.
    #[error("there is no {0}")]
    Missing(String),
    /// The person lacks the role.
    #[error("{0}")]
    NotAllowed(String),
    /// The command was given something it cannot take.
    #[error("{0}")]
    Usage(String),
    /// The rules of the region say no.
    #[error("{0}")]
    Rule(Box<Reason>),
    /// The hub has said no, signed.
    #[error("the hub refuses: {}", .0.refusal.sentence)]
    Hub(Box<SignedRefusal>),
    /// A file was refused; nothing of it was taken.
    #[error("the file was refused, and nothing of it was taken:\n{0}")]
    File(Problems),
    /// The node has not joined a region.
    #[error("this node belongs to no region yet")]
    NotJoined,
    /// The hub cannot be reached, or ended the conversation.
    #[error("the hub cannot be reached: {0}")]
    Unreachable(String),
    /// The hub answers, and lets this node not in: a certificate or a key is not the expected one any more.
    #[error("the hub is there and there is no speaking with it: {0}")]
    TurnedAway(String),
    /// The hub was found to contradict itself and is not believed.
    #[error("{0}")]
    Broken(String),
    /// The hub sent something that cannot be right.
    #[error("the hub sent something that cannot be right: {0}")]
    Hostile(String),
    /// The database did not do its part.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A file of the node could not be read or written.
    #[error(transparent)]
    Disk(#[from] FileError),
    /// The settings are not usable.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Something about an account.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A key or certificate of the node is not usable.
    #[error("{0}")]
    Keys(String),
    /// Our own mistake.
    #[error("this is a defect of the program: {0}; please report it")]
    Defect(String),
}

impl From<Reason> for NodeError {
    fn from(reason: Reason) -> Self {
        Self::Rule(Box::new(reason))
    }
}

impl From<Problems> for NodeError {
    fn from(problems: Problems) -> Self {
        Self::File(problems)
    }
}

impl NodeError {
    /// Number of the reason, where a rule or the hub says no.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        match self {
            Self::Rule(reason) => Some(reason.number()),
            Self::Hub(signed) => Some(signed.refusal.number),
            _ => None,
        }
    }

    /// What would unlock it, where a release would.
    #[must_use]
    pub fn unlock(&self) -> Option<&Unlock> {
        match self {
            Self::Rule(reason) => reason.unlock(),
            Self::Hub(signed) => signed.refusal.unlock.as_ref(),
            _ => None,
        }
    }

    /// The same, with the name of the file beside each problem that does not name one.
    #[must_use]
    pub fn about_file(self, name: &str) -> Self {
        match self {
            Self::File(mut problems) => {
                for problem in &mut problems.listed {
                    problem.file.get_or_insert_with(|| name.into());
                }
                Self::File(problems)
            }
            other => other,
        }
    }

    /// What to do next, where the sentence itself does not say it.
    #[must_use]
    pub fn next_step(&self) -> Option<String> {
        let next = match self {
            Self::NotJoined => say("error-next-join"),
            Self::Unreachable(_) => say("error-next-outbox"),
            Self::TurnedAway(_) => say("error-next-turned-away"),
            Self::Broken(_) => say("error-next-broken"),
            Self::Hostile(_) => say("error-next-hostile"),
            Self::Database(DatabaseError::Unavailable { .. }) => say("error-next-try-again"),
            Self::Database(DatabaseError::Corrupt { .. }) => say("error-next-restore"),
            _ => return None,
        };
        Some(next.into())
    }

    /// Whether trying again later may help without anybody doing anything.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TurnedAway(_) | Self::Database(DatabaseError::Unavailable { .. }))
    }
}

/// What most functions of the node answer.
pub type Result<T, E = NodeError> = std::result::Result<T, E>;
