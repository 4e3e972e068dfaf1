//! SQL on the mirror of the ledger: its lines, the last checkpoint, and whether the hub can be believed.

use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::id::LineIndex;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::mirror::{Broken, Contradiction};

/// How far the mirror has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many lines are stored.
    pub size: u64,
    /// The last checkpoint.
    pub checkpoint: Option<SignedCheckpoint>,
    /// When it was fetched.
    pub checked_at: Option<Timestamp>,
    /// Set while the hub is not believed.
    pub broken: Option<Broken>,
}

/// Makes the row of the mirror where there is none yet.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn prepare(tx: &mut Transaction) -> Result<(), DatabaseError> {
    tx.execute("INSERT INTO mirror (id, size) VALUES (1, 0) ON CONFLICT (id) DO NOTHING", values![]).await.map(drop)
}

/// How far the mirror has come.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn head(tx: &mut Transaction) -> Result<Head, DatabaseError> {
    let sql = "SELECT size, checkpoint, checked_at, broken, broken_kind, broken_at, evidence FROM mirror WHERE id = 1";
    let Some(row) = tx.optional_row(sql, values![]).await? else {
        return Ok(Head { size: 0, checkpoint: None, checked_at: None, broken: None });
    };
    let note: Option<String> = row.read("checkpoint")?;
    let checkpoint = note.map(|note| note.parse()).transpose();
    let broken = match row.read::<Option<String>>("broken")? {
        None => None,
        Some(sentence) => Some(Broken {
            kind: row.parse("broken_kind", |word: String| match word.as_str() {
                "rollback" => Ok(Contradiction::Rollback),
                "fork" => Ok(Contradiction::Fork),
                _ => Err("rollback or fork was expected"),
            })?,
            sentence,
            at: Timestamp(row.read("broken_at")?),
            evidence: row.read("evidence")?,
        }),
    };
    Ok(Head {
        size: row.read("size")?,
        checkpoint: checkpoint
            .map_err(|error: vrs_protocol::checkpoint::CheckpointError| row.corrupt("checkpoint", error.to_string()))?,
        checked_at: row.read::<Option<u64>>("checked_at")?.map(Timestamp),
        broken,
    })
}

/// Adds lines at the end, whose place must be `from`.
///
/// # Errors
/// [`DatabaseError::Conflict`] when another process has added lines meanwhile.
pub async fn append(tx: &mut Transaction, from: u64, lines: &[Vec<u8>]) -> Result<(), DatabaseError> {
    let to = from + lines.len() as u64;
    tx.execute_exactly(1, "UPDATE mirror SET size = $1 WHERE id = 1 AND size = $2", values![to, from]).await?;
    for (position, bytes) in (from..).zip(lines) {
        tx.execute_exactly(1, "INSERT INTO ledger_line (position, bytes) VALUES ($1, $2)", values![position, bytes])
            .await?;
    }
    Ok(())
}

/// Lines from a place on, at most `most`.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn lines(tx: &mut Transaction, from: LineIndex, most: u32) -> Result<Vec<Vec<u8>>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT position, bytes FROM ledger_line WHERE position >= $1 ORDER BY position LIMIT $2",
            values![from, most],
        )
        .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for (expected, row) in (from..).zip(&rows) {
        if row.read::<u64>("position")? != expected {
            return Err(row.corrupt("position", format!("line {expected} is missing")));
        }
        lines.push(row.read("bytes")?);
    }
    Ok(lines)
}

/// One line.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn line(tx: &mut Transaction, position: LineIndex) -> Result<Option<Vec<u8>>, DatabaseError> {
    let row = tx.optional_row("SELECT position, bytes FROM ledger_line WHERE position = $1", values![position]).await?;
    row.map(|row| row.read("bytes")).transpose()
}

/// Keeps a checkpoint that was verified against the stored lines, and believes the hub again after a rollback.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_checkpoint(
    tx: &mut Transaction,
    checkpoint: &SignedCheckpoint,
    now: u64,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE mirror SET checkpoint = $1, checked_at = $2, broken = NULL, broken_kind = NULL, broken_at = NULL, evidence = NULL
         WHERE id = 1 AND (broken_kind IS NULL OR broken_kind = 'rollback')",
        values![checkpoint.to_string(), now],
    )
    .await
}

/// Stops believing the hub. A fork is never covered up by a rollback found later.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_broken(tx: &mut Transaction, broken: &Broken) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE mirror SET broken = $1, broken_kind = $2, broken_at = $3, evidence = $4
         WHERE id = 1 AND (broken_kind IS NULL OR broken_kind = 'rollback')",
        values![&broken.sentence, broken.kind.word(), broken.at.0, &broken.evidence],
    )
    .await
    .map(drop)
}

/// Believes the hub again, because persons have cleared up what happened.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn settle(tx: &mut Transaction) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE mirror SET broken = NULL, broken_kind = NULL, broken_at = NULL, evidence = NULL WHERE id = 1",
        values![],
    )
    .await
    .map(drop)
}
