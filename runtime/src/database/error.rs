//! Database errors, sorted by who must act.
//!
//! The rule it keeps: no error carries a stored value. Messages of the engines name tables, columns and constraints
//! only; PostgreSQL's "detail" line, which quotes the row, is dropped here.

use sqlx::error::{DatabaseError as EngineError, ErrorKind};

use super::constraint::ConstraintNames;

/// The constraint a [`DatabaseError::Conflict`] names when a row would point to one that is not there, or leave
/// others pointing to nothing. SQLite does not say which constraint it was, so neither engine's name is passed on.
pub const FOREIGN_KEY: &str = "foreign_key";

/// The constraint a [`DatabaseError::Conflict`] names when a statement changed another number of rows than it
/// should have: somebody was faster, or the row was never there.
pub const ROWS_CHANGED: &str = "rows_changed";

/// What went wrong with the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DatabaseError {
    /// Try again: the database is locked, full, away or restarting. Nothing was changed.
    #[error("the database is not available now ({during}): {cause}")]
    Unavailable {
        /// The name of the transaction.
        during: &'static str,
        /// What the engine says.
        cause: String,
    },
    /// Tell the person: what they wanted contradicts what is stored. Nothing was changed.
    #[error("this contradicts what is stored already ({during}): {constraint}")]
    Conflict {
        /// The name of the transaction.
        during: &'static str,
        /// The name of the violated constraint, equal on both engines, or [`FOREIGN_KEY`] or [`ROWS_CHANGED`].
        constraint: String,
    },
    /// Call us: a stored value is not what we wrote.
    #[error("the stored {table}.{column} of row {row} cannot be read: {cause}")]
    Corrupt {
        /// The table, as far as the statement shows it.
        table: String,
        /// The column.
        column: String,
        /// The first column of the row, which is commonly its key.
        row: String,
        /// What was expected of the value, never the value.
        cause: String,
    },
    /// Call us: our own statement is wrong, or a row it writes breaks a rule of the schema.
    #[error("the program made a mistake with the database ({during}): {cause}")]
    Defect {
        /// The name of the transaction.
        during: &'static str,
        /// What the engine says.
        cause: String,
    },
    /// Tell the person: what they gave cannot be stored. Nothing was changed.
    #[error("this cannot be stored ({during}): {cause}")]
    Unstorable {
        /// The name of the transaction.
        during: &'static str,
        /// What is in the way, never the value.
        cause: String,
    },
    /// The database cannot be used as it is; the sentence says why and what to do.
    #[error("{0}")]
    Unsuitable(String),
}

impl DatabaseError {
    /// Sorts an error of the engine. `during` is the name of the transaction.
    pub(crate) fn sort(error: &sqlx::Error, during: &'static str, names: &ConstraintNames) -> Self {
        match error {
            sqlx::Error::Database(engine) => Self::sort_engine(engine.as_ref(), during, names),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable { during, cause: error.to_string() },
            sqlx::Error::Configuration(cause) => Self::Unsuitable(cause.to_string()),
            _ => Self::Defect { during, cause: error.to_string() },
        }
    }

    fn sort_engine(error: &dyn EngineError, during: &'static str, names: &ConstraintNames) -> Self {
        match error.kind() {
            ErrorKind::UniqueViolation => {
                return Self::Conflict { during, constraint: names.of(error) };
            }
            ErrorKind::ForeignKeyViolation => {
                return Self::Conflict { during, constraint: FOREIGN_KEY.to_owned() };
            }
            _ => {}
        }
        let code = error.code().unwrap_or_default();
        let cause = error.message().to_owned();
        match weather(&code) {
            Weather::Bad => Self::Unavailable { during, cause },
            Weather::Damaged => Self::Corrupt { table: "?".into(), column: "?".into(), row: "?".into(), cause },
            Weather::Fine => Self::Defect { during, cause },
        }
    }
}

enum Weather {
    /// Not our mistake and passing.
    Bad,
    /// The files of the engine are damaged.
    Damaged,
    /// Then it was our mistake.
    Fine,
}

/// SQLite gives its extended result code in decimal, PostgreSQL a SQLSTATE of five characters.
fn weather(code: &str) -> Weather {
    if let Ok(number) = code.parse::<u32>()
        && code.len() != 5
    {
        return match number & 0xff {
            // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL
            5..=10 | 13..=15 => Weather::Bad,
            // CORRUPT, NOTADB
            11 | 26 => Weather::Damaged,
            _ => Weather::Fine,
        };
    }
    match code {
        // data_corrupted, index_corrupted
        "XX001" | "XX002" => Weather::Damaged,
        // lock_not_available, read_only_sql_transaction (a standby after failover), idle_in_transaction_session_timeout
        "55P03" | "25006" | "25P03" => Weather::Bad,
        // connection exception, transaction rollback (deadlock), insufficient resources, operator intervention,
        // system error, invalid authorization, invalid catalog name
        _ if ["08", "40", "53", "57", "58", "28", "3D"].iter().any(|class| code.starts_with(class)) => Weather::Bad,
        _ => Weather::Fine,
    }
}

/// Checks how many rows a statement changed.
///
/// # Errors
/// [`DatabaseError::Conflict`] over [`ROWS_CHANGED`] when it is another number than `expected`.
pub fn changed(rows: u64, expected: u64, during: &'static str) -> Result<(), DatabaseError> {
    if rows == expected {
        return Ok(());
    }
    tracing::warn!(transaction = during, rows, expected, "another number of rows changed than expected");
    Err(DatabaseError::Conflict { during, constraint: ROWS_CHANGED.to_owned() })
}
