//! A whole database in one file, from one engine to the other.
//!
//! The rule it keeps: a file that is damaged or cut short is recognised before anything is restored, a restore happens
//! whole or not at all and only into an empty database, and every value comes back as it was. Memory is bounded by the
//! largest value. Encrypting the file, or keeping it somewhere else, is the operator's business and not here.

mod dump;
mod format;
mod restore;
mod shape;

#[cfg(test)]
mod tests;

pub use dump::dump;
pub use restore::restore;

use std::path::PathBuf;

use crate::database::DatabaseError;
use crate::files::FileError;

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// When it was made, in seconds since 1970.
    pub made_at: u64,
    /// Its tables.
    pub tables: u64,
    /// Rows in all of them.
    pub rows: u64,
}

/// Why a backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database said no. Nothing was changed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Something else has the name that the backup was to have.
    #[error("{}: this file exists already and is no backup, so it is not replaced; give the backup another name", .0.display())]
    NotReplaced(PathBuf),
    /// The file is something else.
    #[error("this file is not a backup")]
    NotABackup,
    /// The checksum at its end is not that of its bytes.
    #[error("the backup is damaged or was cut short; nothing was restored")]
    Damaged,
    /// The checksum is right and the content makes no sense: it was not written by this program.
    #[error("the backup cannot be understood ({0}); nothing was restored")]
    Malformed(&'static str),
    /// It needs another version of the program.
    #[error("{0}; nothing was restored")]
    OtherVersion(String),
    /// The database has tables already.
    #[error("the database is not empty; restore into a new one, so that nothing is overwritten")]
    NotEmpty,
    /// A column holds values of a kind we do not store.
    #[error("the column {table}.{column} is of a kind that backups do not hold: {kind}")]
    UnknownKind {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The engine's name for the kind.
        kind: String,
    },
}
