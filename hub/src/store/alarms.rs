//! SQL on alarms.

use vrs_protocol::{hash::Hash, id::ParticipantId, time::Timestamp};
use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

/// What makes the hub stop writing until an operator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// When it was noticed.
    pub raised_at: Timestamp,
    /// What happened.
    pub cause: AlarmCause,
    /// How many lines the hub had then.
    pub size_here: u64,
    /// When an operator decided that the hub goes on.
    pub settled_at: Option<Timestamp>,
}

/// Why an alarm is raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlarmCause {
    /// A node showed a checkpoint that this hub has signed and that its ledger does not hold: lines were lost.
    Lost {
        /// Whose node.
        participant: ParticipantId,
        /// Size of the checkpoint.
        size: u64,
        /// Root of the checkpoint.
        root: Hash,
    },
    /// The database was restored from a backup, and nodes may have seen more.
    Restored {
        /// When the backup was made.
        made_at: Timestamp,
    },
}

/// Raises an alarm, unless one about the same checkpoint was raised before; says whether it did. So a decision of the operator
/// stands against everybody who shows the same, and against nobody who shows another. The table cannot be filled: there is
/// at most one row for each checkpoint that the hub has signed, and one for each restore.
pub(crate) async fn raise(tx: &mut Transaction, alarm: &Alarm) -> Result<bool, DatabaseError> {
    match alarm.cause {
        AlarmCause::Lost { participant, size, root } => {
            let known = tx
                .row(
                    "SELECT COUNT(*) AS known FROM alarm WHERE size_seen = $1 AND root_seen = $2",
                    values![size, root.0],
                )
                .await?;
            if known.read::<u64>("known")? > 0 {
                return Ok(false);
            }
            tx.execute_exactly(
                1,
                "INSERT INTO alarm (raised_at, participant, size_seen, root_seen, size_here) VALUES ($1, $2, $3, $4, $5)",
                values![alarm.raised_at.0, participant.0, size, root.0, alarm.size_here],
            )
            .await?;
        }
        AlarmCause::Restored { made_at } => {
            tx.execute_exactly(
                1,
                "INSERT INTO alarm (raised_at, restored_from, size_here) VALUES ($1, $2, $3)",
                values![alarm.raised_at.0, made_at.0, alarm.size_here],
            )
            .await?;
        }
    }
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
    let rows = tx
        .rows(
            "SELECT id, raised_at, participant, size_seen, root_seen, restored_from, size_here, settled_at FROM alarm ORDER BY id DESC",
            values![],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Alarm, DatabaseError> {
    let restored_from: Option<u64> = row.read("restored_from")?;
    let cause = match restored_from {
        Some(made_at) => AlarmCause::Restored { made_at: Timestamp(made_at) },
        None => AlarmCause::Lost {
            participant: ParticipantId(row.read("participant")?),
            size: row.read("size_seen")?,
            root: Hash(row.read("root_seen")?),
        },
    };
    let settled_at: Option<u64> = row.read("settled_at")?;
    Ok(Alarm {
        raised_at: Timestamp(row.read("raised_at")?),
        cause,
        size_here: row.read("size_here")?,
        settled_at: settled_at.map(Timestamp),
    })
}
