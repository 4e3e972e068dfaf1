//! SQL on the end of the ledger.

use vrs_protocol::hash::Hash;
use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

/// Size and root of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

/// Writes the first head, of a ledger without a line.
pub(crate) async fn create(tx: &mut Transaction, head: Head) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO ledger_head (id, size, root) VALUES (1, $1, $2)",
        values![head.size, head.root.0],
    )
    .await
}

/// The head; `None` in a database in which no region was begun.
pub(crate) async fn find(tx: &mut Transaction) -> Result<Option<Head>, DatabaseError> {
    let row = tx.optional_row("SELECT size, root FROM ledger_head WHERE id = 1", values![]).await?;
    row.as_ref().map(read).transpose()
}

/// Takes the row until the transaction ends and reads it. Whoever appends does this first: between here and the commit no
/// other process can add a line.
pub(crate) async fn take(tx: &mut Transaction) -> Result<Head, DatabaseError> {
    read(&tx.row("UPDATE ledger_head SET size = size WHERE id = 1 RETURNING size, root", values![]).await?)
}

/// Moves the head on, from exactly the state that was judged to the new one.
pub(crate) async fn advance(tx: &mut Transaction, from: Head, to: Head) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE ledger_head SET size = $1, root = $2 WHERE id = 1 AND size = $3 AND root = $4",
        values![to.size, to.root.0, from.size, from.root.0],
    )
    .await
}

fn read(row: &Row) -> Result<Head, DatabaseError> {
    Ok(Head { size: row.read("size")?, root: Hash(row.read("root")?) })
}
