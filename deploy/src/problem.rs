//! What can go wrong in the demo. Each sentence is for the person who started it.

use std::path::PathBuf;

use vrs_console::accounts::AccountError;
use vrs_hub::HubError;
use vrs_node::NodeError;
use vrs_protocol::audience::AudienceError;
use vrs_protocol::id::IdError;
use vrs_protocol::period::PeriodError;
use vrs_runtime::files::FileError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// Something of the operating system.
    #[error("{0}: {1}")]
    System(String, std::io::Error),
    /// The folder that was named holds something.
    #[error("{0} is not empty; name an empty folder or a new one with --dir")]
    FolderInUse(PathBuf),
    /// A process of the region ended before its time.
    #[error("{name} ended before its time; the end of its log ({log}):\n{tail}")]
    Ended {
        /// Which one.
        name: String,
        /// Where its log is.
        log: PathBuf,
        /// The last lines of it.
        tail: String,
    },
    /// A process of the region does not answer.
    #[error("{name} does not answer; see {log}")]
    Silent {
        /// Which one.
        name: String,
        /// Where its log is.
        log: PathBuf,
    },
    /// The hub said no where the story needs a yes.
    #[error("the hub: {0}")]
    Hub(#[from] HubError),
    /// A node said no where the story needs a yes.
    #[error("{0}: {1}")]
    Node(&'static str, NodeError),
    /// The story did not go as it must.
    #[error("the story did not go as it must: {0}")]
    Story(String),
    /// An account could not be made.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A code of the demo is none.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A period of the demo is none.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// An audience of the demo is none.
    #[error(transparent)]
    Audience(#[from] AudienceError),
    /// A file could not be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Somebody stopped it.
    #[error("stopped before the story was told")]
    Stopped,
}

/// What most functions of the demo answer.
pub(crate) type Result<T, E = DemoError> = std::result::Result<T, E>;
