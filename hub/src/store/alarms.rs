//! SQL on alarms.

use vrs_protocol::{hash::Hash, id::ParticipantId, time::Timestamp};
use vrs_runtime::{
    database::{DatabaseError, Transaction},
    values,
};

/// A node showed a checkpoint that this hub has signed and that its ledger does not hold: lines were lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// When it was noticed.
    pub raised_at: Timestamp,
    /// Whose node.
    pub participant: ParticipantId,
    /// Size of the checkpoint it showed.
    pub size_seen: u64,
    /// Root of the checkpoint it showed.
    pub root_seen: Hash,
    /// How many lines the hub had then.
    pub size_here: u64,
    /// When an operator decided that the hub goes on.
    pub settled_at: Option<Timestamp>,
}

/// Raises an alarm, unless one about the same checkpoint was raised before; says whether it did. So a decision of the operator
/// stands against everybody who shows the same, and against nobody who shows another. The table cannot be filled: there is
/// at most one row for each checkpoint that the hub has signed.
pub(crate) async fn raise(tx: &mut Transaction, alarm: &Alarm) -> Result<bool, DatabaseError> {
    let known = tx
        .row(
            "SELECT COUNT(*) AS known FROM alarm WHERE size_seen = $1 AND root_seen = $2",
            values![alarm.size_seen, alarm.root_seen.0],
        )
        .await?;
    if known.read::<u64>("known")? > 0 {
        return Ok(false);
    }
    tx.execute_exactly(
        1,
        "INSERT INTO alarm (raised_at, participant, size_seen, root_seen, size_here) VALUES ($1, $2, $3, $4, $5)",
        values![alarm.raised_at.0, alarm.participant.0, alarm.size_seen, alarm.root_seen.0, alarm.size_here],
    )
    .await?;
    Ok(true)
}

/// How many are not settled. While there is one, the hub writes nothing.
pub(crate) async fn open_count(tx: &mut Transaction) -> Result<u64, DatabaseError> {
    tx.row("SELECT COUNT(*) AS open FROM alarm WHERE settled_at IS NULL", values![]).await?.read("open")
}

/// Settles all of them: the operator has decided that the hub goes on.
pub(crate) async fn settle(tx: &mut Transaction, now: Timestamp) -> Result<u64, DatabaseError> {
    tx.execute("UPDATE alarm SET settled_at = $1 WHERE settled_at IS NULL", values![now.0]).await
}

/// All of them, the latest first.
pub(crate) async fn all(tx: &mut Transaction) -> Result<Vec<Alarm>, DatabaseError> {
    tx.rows(
        "SELECT id, raised_at, participant, size_seen, root_seen, size_here, settled_at FROM alarm ORDER BY id DESC",
        values![],
    )
    .await?
    .iter()
    .map(|row| {
        let settled_at: Option<u64> = row.read("settled_at")?;
        Ok(Alarm {
            raised_at: Timestamp(row.read("raised_at")?),
            participant: ParticipantId(row.read("participant")?),
            size_seen: row.read("size_seen")?,
            root_seen: Hash(row.read("root_seen")?),
            size_here: row.read("size_here")?,
            settled_at: settled_at.map(Timestamp),
        })
    })
    .collect()
}
