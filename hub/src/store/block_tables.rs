//! SQL on the sums of blocks.

use vrs_protocol::{hash::Hash, id::LineIndex, release::Nonce};
use vrs_runtime::{
    database::{DatabaseError, Transaction},
    values,
};

use super::bodies::StoredBody;

/// A table of sums, by the hash under which an edition names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredBlockTable {
    pub(crate) hash: Hash,
    pub(crate) block: u16,
    pub(crate) place: u16,
    pub(crate) sums: StoredBody,
}

/// Keeps a table that the edition at a line gives for the first time.
pub(crate) async fn insert(
    tx: &mut Transaction,
    edition: LineIndex,
    table: StoredBlockTable,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO block_table (hash, edition, block, place, nonce, body) VALUES ($1, $2, $3, $4, $5, $6)",
        values![table.hash.0, edition, table.block, table.place, table.sums.nonce.0, table.sums.body],
    )
    .await
}

/// The table with a hash.
pub(crate) async fn find(tx: &mut Transaction, hash: &Hash) -> Result<Option<StoredBody>, DatabaseError> {
    let row = tx.optional_row("SELECT hash, nonce, body FROM block_table WHERE hash = $1", values![hash.0]).await?;
    row.map(|row| Ok(StoredBody { nonce: Nonce(row.read("nonce")?), body: row.read("body")? })).transpose()
}
