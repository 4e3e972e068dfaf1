//! SQL on failed sign-ins.

use vrs_runtime::{
    database::{DatabaseError, Transaction},
    values,
};

/// What is stored of one account name or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tries {
    pub(crate) failures: u64,
    pub(crate) last_at: u64,
    pub(crate) next_at: u64,
}

pub(crate) async fn find(tx: &mut Transaction, subject: &str) -> Result<Option<Tries>, DatabaseError> {
    let row = tx
        .optional_row("SELECT failures, last_at, next_at FROM sign_in_try WHERE subject = $1", values![subject])
        .await?;
    row.map(|row| {
        Ok(Tries { failures: row.read("failures")?, last_at: row.read("last_at")?, next_at: row.read("next_at")? })
    })
    .transpose()
}

pub(crate) async fn put(tx: &mut Transaction, subject: &str, tries: Tries) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO sign_in_try (subject, failures, last_at, next_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (subject) DO UPDATE SET
             failures = excluded.failures, last_at = excluded.last_at, next_at = excluded.next_at",
        values![subject, tries.failures, tries.last_at, tries.next_at],
    )
    .await
}

pub(crate) async fn delete(tx: &mut Transaction, subject: &str) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM sign_in_try WHERE subject = $1", values![subject]).await.map(drop)
}

pub(crate) async fn delete_older(tx: &mut Transaction, last_before: u64) -> Result<u64, DatabaseError> {
    tx.execute("DELETE FROM sign_in_try WHERE last_at < $1", values![last_before]).await
}
