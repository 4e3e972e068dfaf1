//! SQL on the region this node belongs to.

use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// The region this node belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Name of the region.
    pub region: String,
    /// Where the hub listens, `host:port`.
    pub address: String,
    /// Our id: the line that admitted us.
    pub participant: ParticipantId,
    /// The genesis line.
    pub genesis: Vec<u8>,
    /// When we were admitted here.
    pub joined_at: Timestamp,
}

impl Membership {
    /// SHA-256 of the genesis line.
    #[must_use]
    pub fn exchange(&self) -> Hash {
        Hash::of(&self.genesis)
    }
}

/// Records the admission. A node belongs to one region for ever.
///
/// # Errors
/// [`DatabaseError::Conflict`] when it belongs to one already.
pub async fn set(tx: &mut Transaction, membership: &Membership) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO membership (id, region, address, participant, genesis, joined_at) VALUES (1, $1, $2, $3, $4, $5)",
        values![
            &membership.region,
            &membership.address,
            membership.participant.0,
            &membership.genesis,
            membership.joined_at.0
        ],
    )
    .await
}

/// The region this node belongs to, if it has joined one.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction) -> Result<Option<Membership>, DatabaseError> {
    let row = tx
        .optional_row("SELECT region, address, participant, genesis, joined_at FROM membership WHERE id = 1", values![])
        .await?;
    row.map(|row| {
        Ok(Membership {
            region: row.read("region")?,
            address: row.read("address")?,
            participant: ParticipantId(row.read("participant")?),
            genesis: row.read("genesis")?,
            joined_at: Timestamp(row.read("joined_at")?),
        })
    })
    .transpose()
}
