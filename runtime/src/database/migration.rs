//! Bringing the tables of a database to the shape the program expects.
//!
//! The rule it keeps: a migration runs once, whole or not at all, and is never edited afterwards. What ran is
//! recorded with its checksum; a database that a newer program has changed is refused rather than guessed at. Several
//! crates bring their lists, in the order given; a list may grow at its end at any time.

use sha2::{Digest, Sha256};

use super::dialect::translate;
use super::error::DatabaseError;
use super::{Database, Transaction};
use crate::clock::Clock;
use crate::values;

/// One step. Names begin with the crate's word and a number: `console_001_sessions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Its unique name, by which it is recorded.
    pub name: &'static str,
    /// Its statements, with the words of [`crate::database`]. It changes the shape of tables or the rows in them, but
    /// puts no rows into a new database: a backup brings its own.
    pub sql: &'static str,
}

/// The table that records what ran. In a backup it is the header, not a table.
pub(crate) const RECORD_TABLE: &str = "schema_migration";

const CREATE_RECORD: &str = "CREATE TABLE IF NOT EXISTS schema_migration (
  position BIGINT NOT NULL CONSTRAINT schema_migration_position PRIMARY KEY,
  name TEXT NOT NULL CONSTRAINT schema_migration_name UNIQUE,
  checksum TEXT NOT NULL,
  applied_at BIGINT NOT NULL)";

/// A migration that has run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Applied {
    pub(crate) name: String,
    pub(crate) checksum: String,
}

impl Migration {
    /// The checksum of its text before translation, so that both engines record the same one.
    pub(crate) fn checksum(&self) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(self.sql.as_bytes()))
    }
}

/// Runs what has not run yet.
pub(super) async fn migrate(database: &Database, all: &[Migration], clock: &Clock) -> Result<(), DatabaseError> {
    let mut start = database.begin("prepare migrations").await?;
    create_record(&mut start, database).await?;
    check_history(&applied(&mut start).await?, all)?;
    start.commit().await?;
    for migration in all {
        let mut step = database.begin("migrate").await?;
        // Read again inside the transaction: another process may have been at the same step.
        let done = applied(&mut step).await?;
        check_history(&done, all)?;
        if done.iter().any(|applied| applied.name == migration.name) {
            continue;
        }
        apply(&mut step, database, migration, done.len(), clock).await?;
        step.commit().await?;
        tracing::info!(migration = migration.name, "migrated the database");
    }
    Ok(())
}

/// Creates the table of record where there is none.
pub(crate) async fn create_record(step: &mut Transaction, database: &Database) -> Result<(), DatabaseError> {
    let sql = translate(CREATE_RECORD, database.engine()).map_err(DatabaseError::Unsuitable)?;
    step.execute_script(sql).await
}

/// Runs one migration inside a transaction and records it.
pub(crate) async fn apply(
    step: &mut Transaction,
    database: &Database,
    migration: &Migration,
    position: usize,
    clock: &Clock,
) -> Result<(), DatabaseError> {
    let failed = |cause: String| DatabaseError::Unsuitable(format!("the migration {} failed: {cause}", migration.name));
    let sql = translate(migration.sql, database.engine()).map_err(failed)?;
    step.execute_script(sql).await.map_err(|error| match error {
        DatabaseError::Unavailable { .. } => error,
        other => failed(other.to_string()),
    })?;
    step.execute_exactly(
        1,
        "INSERT INTO schema_migration (position, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        values![position, migration.name, migration.checksum(), clock.now()],
    )
    .await
}

/// What has run, in its order.
pub(crate) async fn applied(step: &mut Transaction) -> Result<Vec<Applied>, DatabaseError> {
    let rows = step.rows("SELECT name, checksum FROM schema_migration ORDER BY position", vec![]).await?;
    rows.iter().map(|row| Ok(Applied { name: row.read("name")?, checksum: row.read("checksum")? })).collect()
}

/// Refuses a history that this program did not make.
pub(crate) fn check_history(history: &[Applied], all: &[Migration]) -> Result<(), DatabaseError> {
    for (at, migration) in all.iter().enumerate() {
        if all[..at].iter().any(|earlier| earlier.name == migration.name) {
            let sentence = format!("two migrations are called {}; give one of them another name", migration.name);
            return Err(DatabaseError::Unsuitable(sentence));
        }
    }
    for applied in history {
        let Some(known) = all.iter().find(|migration| migration.name == applied.name) else {
            return Err(DatabaseError::Unsuitable(format!(
                "the database was changed by a newer version of this program (migration {}); install that version",
                applied.name
            )));
        };
        if known.checksum() != applied.checksum {
            return Err(DatabaseError::Unsuitable(format!(
                "the migration {} was edited after it had been applied; restore its text and write a new migration",
                applied.name
            )));
        }
    }
    Ok(())
}
