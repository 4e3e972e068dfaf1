//! SQL on how the link to the hub is, so that every process of this node can say since when it is down.

use minicbor::bytes::ByteVec;
use vrs_protocol::codec;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// How the link is.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct LinkState {
    /// The last time the hub answered.
    pub reached_at: Option<Timestamp>,
    /// Since when it has not been reached; `None` while it is.
    pub trouble_since: Option<Timestamp>,
    /// Why.
    pub trouble: Option<String>,
}

/// How the link is.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn state(tx: &mut Transaction) -> Result<LinkState, DatabaseError> {
    let sql = "SELECT reached_at, trouble_since, trouble FROM link WHERE id = 1";
    let Some(row) = tx.optional_row(sql, values![]).await? else { return Ok(LinkState::default()) };
    Ok(LinkState {
        reached_at: row.read::<Option<u64>>("reached_at")?.map(Timestamp),
        trouble_since: row.read::<Option<u64>>("trouble_since")?.map(Timestamp),
        trouble: row.read("trouble")?,
    })
}

/// The hub has answered.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn reached(tx: &mut Transaction, now: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO link (id, reached_at) VALUES (1, $1)
         ON CONFLICT (id) DO UPDATE SET reached_at = excluded.reached_at, trouble_since = NULL, trouble = NULL",
        values![now],
    )
    .await
}

/// The hub could not be reached. The first such instant is kept.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn trouble(tx: &mut Transaction, why: &str, now: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO link (id, trouble_since, trouble) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET trouble_since = COALESCE(link.trouble_since, excluded.trouble_since), trouble = excluded.trouble",
        values![now, why],
    )
    .await
}

/// Keeps the authority's latest revocation lists (DER).
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_revocations(tx: &mut Transaction, lists: &[Vec<u8>], now: u64) -> Result<(), DatabaseError> {
    let lists: Vec<ByteVec> = lists.iter().map(|list| ByteVec::from(list.clone())).collect();
    tx.execute_exactly(
        1,
        "INSERT INTO link (id, revocations, revocations_at) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET revocations = excluded.revocations, revocations_at = excluded.revocations_at",
        values![codec::to_bytes(&lists), now],
    )
    .await
}

/// The authority's latest revocation lists (DER); none before they were first fetched.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn revocations(tx: &mut Transaction) -> Result<Vec<Vec<u8>>, DatabaseError> {
    let Some(row) = tx.optional_row("SELECT id, revocations FROM link WHERE id = 1", values![]).await? else {
        return Ok(Vec::new());
    };
    let Some(bytes) = row.read::<Option<Vec<u8>>>("revocations")? else { return Ok(Vec::new()) };
    let lists: Vec<ByteVec> =
        codec::decode_strict(&bytes).map_err(|error| row.corrupt("revocations", error.to_string()))?;
    Ok(lists.into_iter().map(Into::into).collect())
}
