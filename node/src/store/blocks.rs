//! SQL on the block tables that were served to this node.

use std::collections::BTreeSet;

use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::release::Nonce;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// A block table at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBlockTable {
    /// SHA-256 of nonce ‖ body.
    pub hash: Hash,
    /// The edition by which it was served.
    pub edition: LineIndex,
    /// Place of the block in it.
    pub block: u16,
    /// Place of the table in the block.
    pub place: u16,
    /// Line of the serving.
    pub serving: LineIndex,
    /// The nonce before the body.
    pub nonce: Nonce,
    /// The padded body.
    pub body: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

/// Keeps a block table that was checked. One that is at hand already stays as it is.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn put(tx: &mut Transaction, held: &HeldBlockTable) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO held_block_table (hash, edition_line, block, place, serving_line, nonce, body, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (hash) DO NOTHING",
        values![
            held.hash.0,
            held.edition,
            held.block,
            held.place,
            held.serving,
            held.nonce.0,
            &held.body,
            held.received_at.0
        ],
    )
    .await
    .map(drop)
}

/// A block table by its hash.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, hash: Hash) -> Result<Option<HeldBlockTable>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT hash, edition_line, block, place, serving_line, nonce, body, received_at FROM held_block_table WHERE hash = $1",
            values![hash.0],
        )
        .await?;
    row.map(|row| {
        Ok(HeldBlockTable {
            hash,
            edition: row.read("edition_line")?,
            block: row.read("block")?,
            place: row.read("place")?,
            serving: row.read("serving_line")?,
            nonce: Nonce(row.read("nonce")?),
            body: row.read("body")?,
            received_at: Timestamp(row.read("received_at")?),
        })
    })
    .transpose()
}

/// Every block table at hand: its hash, the edition by which it was served, its block and its place in it.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn places(tx: &mut Transaction) -> Result<Vec<(Hash, LineIndex, u16, u16)>, DatabaseError> {
    let rows = tx.rows("SELECT hash, edition_line, block, place FROM held_block_table", values![]).await?;
    rows.iter()
        .map(|row| Ok((Hash(row.read("hash")?), row.read("edition_line")?, row.read("block")?, row.read("place")?)))
        .collect()
}

/// Erases a block table.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn erase(tx: &mut Transaction, hash: Hash) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "DELETE FROM held_block_table WHERE hash = $1", values![hash.0]).await
}

/// Hashes of all block tables at hand.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn held(tx: &mut Transaction) -> Result<BTreeSet<Hash>, DatabaseError> {
    let rows = tx.rows("SELECT hash FROM held_block_table", values![]).await?;
    rows.iter().map(|row| Ok(Hash(row.read("hash")?))).collect()
}
