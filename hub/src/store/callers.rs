//! SQL on the nodes that call.

use vrs_protocol::{id::ParticipantId, time::Timestamp};
use vrs_runtime::{
    database::{DatabaseError, Transaction},
    values,
};

/// What is known of a participant's node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whose node.
    pub participant: ParticipantId,
    /// Program and version it named.
    pub software: String,
    /// End of the certificate it last showed.
    pub certificate_until: Timestamp,
    /// First visit.
    pub first_at: Timestamp,
    /// Last visit.
    pub last_at: Timestamp,
}

/// Notes a visit. `caller.first_at` counts only for the first one.
pub(crate) async fn put(tx: &mut Transaction, caller: &Caller) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO caller (participant, software, certificate_until, first_at, last_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (participant) DO UPDATE SET
             software = excluded.software, certificate_until = excluded.certificate_until, last_at = excluded.last_at",
        values![
            caller.participant.0,
            &caller.software,
            caller.certificate_until.0,
            caller.first_at.0,
            caller.last_at.0
        ],
    )
    .await
}

/// Notes that a node is still there.
pub(crate) async fn touch(
    tx: &mut Transaction,
    participant: ParticipantId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    tx.execute("UPDATE caller SET last_at = $1 WHERE participant = $2", values![now.0, participant.0]).await.map(drop)
}

/// All of them.
pub(crate) async fn all(tx: &mut Transaction) -> Result<Vec<Caller>, DatabaseError> {
    tx.rows(
        "SELECT participant, software, certificate_until, first_at, last_at FROM caller ORDER BY participant",
        values![],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Caller {
            participant: ParticipantId(row.read("participant")?),
            software: row.read("software")?,
            certificate_until: Timestamp(row.read("certificate_until")?),
            first_at: Timestamp(row.read("first_at")?),
            last_at: Timestamp(row.read("last_at")?),
        })
    })
    .collect()
}
