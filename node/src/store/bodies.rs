//! SQL on bodies of other participants' releases.
//!
//! Erasing removes the bytes; the row stays and says when and why. On SQLite the freed pages are overwritten with zeros
//! (`secure_delete`); on PostgreSQL the old row version disappears with the next vacuum.

use std::collections::BTreeSet;

use vrs_protocol::id::LineIndex;
use vrs_protocol::release::Nonce;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// A body at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBody {
    /// Line of the release.
    pub release: LineIndex,
    /// Line of the serving.
    pub serving: LineIndex,
    /// The nonce before the body.
    pub nonce: Nonce,
    /// The padded body.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

/// That a body was erased here.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ErasedBody {
    /// Line of the release.
    pub release: LineIndex,
    /// When.
    pub erased_at: Timestamp,
    /// Why the right ended.
    pub why: String,
}

/// Keeps a body that was checked, in the place of an earlier one of the same release.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn put(tx: &mut Transaction, held: &HeldBody) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO held_body (release_line, serving_line, nonce, body, received_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (release_line) DO UPDATE SET serving_line = excluded.serving_line, nonce = excluded.nonce,
             body = excluded.body, received_at = excluded.received_at, erased_at = NULL, erased_why = NULL",
        values![held.release, held.serving, held.nonce.0, &held.body, held.received_at.0],
    )
    .await
}

/// A body, if it is at hand.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, release: LineIndex) -> Result<Option<HeldBody>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT release_line, serving_line, nonce, body, received_at FROM held_body
             WHERE release_line = $1 AND body IS NOT NULL",
            values![release],
        )
        .await?;
    row.map(|row| {
        Ok(HeldBody {
            release,
            serving: row.read("serving_line")?,
            nonce: Nonce(row.read("nonce")?),
            body: row.read("body")?,
            received_at: Timestamp(row.read("received_at")?),
        })
    })
    .transpose()
}

/// Lines of the releases whose bodies are at hand.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn held(tx: &mut Transaction) -> Result<BTreeSet<LineIndex>, DatabaseError> {
    let rows = tx.rows("SELECT release_line FROM held_body WHERE body IS NOT NULL", values![]).await?;
    rows.iter().map(|row| row.read("release_line")).collect()
}

/// Erases a body. Answers whether there was one.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn erase(tx: &mut Transaction, release: LineIndex, why: &str, now: u64) -> Result<bool, DatabaseError> {
    let rows = tx
        .execute(
            "UPDATE held_body SET nonce = NULL, body = NULL, erased_at = $1, erased_why = $2
             WHERE release_line = $3 AND body IS NOT NULL",
            values![now, why, release],
        )
        .await?;
    Ok(rows == 1)
}

/// What was erased, newest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn erased(tx: &mut Transaction) -> Result<Vec<ErasedBody>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT release_line, erased_at, erased_why FROM held_body WHERE erased_at IS NOT NULL
             ORDER BY erased_at DESC, release_line DESC",
            values![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ErasedBody {
                release: row.read("release_line")?,
                erased_at: Timestamp(row.read("erased_at")?),
                why: row.read("erased_why")?,
            })
        })
        .collect()
}
