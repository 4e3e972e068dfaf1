//! Errors of the hub, sorted by who must act.
//!
//! What a caller can cause is a [`Reason`] and crosses the wire, numbered and signed. What the machine causes stays here:
//! callers learn that nothing was lost and that they should try again, the operator reads the cause in the log, or, from a
//! command, as [`HubError`], which says what to do next.

use std::path::PathBuf;

use vrs_certs::AuthorityError;
use vrs_console::accounts::AccountError;
use vrs_protocol::charter::CharterError;
use vrs_protocol::refusal::Reason;
use vrs_runtime::backup::BackupError;
use vrs_runtime::database::DatabaseError;
use vrs_runtime::files::FileError;
use vrs_runtime::link::LinkError;
use vrs_runtime::logging::LoggingError;
use vrs_runtime::settings::SettingsError;
use vrs_runtime::shutdown::ShutdownError;
use vrs_runtime::tls::TlsError;

use crate::admission::AdmissionError;
use crate::ledger::LedgerError;

/// Why the hub, or a command of its operator, did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // The sentences are the documentation.
pub enum HubError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Logging(#[from] LoggingError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{file} cannot be used: {cause}; restore it from your backup")]
    Key { file: &'static str, cause: String },
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error(transparent)]
    Admission(#[from] AdmissionError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Shutdown(#[from] ShutdownError),
    #[error("{}: {cause}", path.display())]
    Charter { path: PathBuf, cause: CharterError },
    #[error("{0}")]
    Refused(Reason),
    #[error("{}: {cause}", path.display())]
    System { path: PathBuf, cause: std::io::Error },
    #[error("{0}")]
    Sentence(String),
}

impl From<Reason> for HubError {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

/// The answer to a caller when the database does not do its part.
pub(crate) fn unavailable(error: DatabaseError) -> Reason {
    tracing::error!(%error, "The database did not do its part");
    Reason::Unavailable("its database does not answer at the moment".into())
}
