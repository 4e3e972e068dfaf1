//! SQL on checkpoints.

use futures::StreamExt;
use vrs_protocol::{checkpoint::SignedCheckpoint, hash::Hash, time::Timestamp};
use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

/// Keeps a checkpoint. A second one of the same size is a conflict: that would be two histories.
pub(crate) async fn insert(
    tx: &mut Transaction,
    signed: &SignedCheckpoint,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let checkpoint = signed.checkpoint();
    tx.execute_exactly(
        1,
        "INSERT INTO checkpoint (size, root, note, made_at) VALUES ($1, $2, $3, $4)",
        values![checkpoint.size(), checkpoint.root().0, signed.to_string(), at.0],
    )
    .await
}

/// The checkpoint of the largest size.
pub(crate) async fn latest(tx: &mut Transaction) -> Result<Option<SignedCheckpoint>, DatabaseError> {
    let row = tx.optional_row("SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1", values![]).await?;
    row.as_ref().map(read).transpose()
}

/// Gives each checkpoint in order of size to `look`, until it says stop by an error.
pub(crate) async fn each<E: From<DatabaseError>>(
    tx: &mut Transaction,
    mut look: impl FnMut(SignedCheckpoint) -> Result<(), E>,
) -> Result<u64, E> {
    let mut rows = tx.stream("SELECT size, root, note FROM checkpoint ORDER BY size", values![]);
    let mut count = 0;
    while let Some(row) = rows.next().await {
        look(read(&row?)?)?;
        count += 1;
    }
    Ok(count)
}

fn read(row: &Row) -> Result<SignedCheckpoint, DatabaseError> {
    let signed: SignedCheckpoint = row.parse("note", |note: String| note.parse())?;
    let (size, root): (u64, Hash) = (row.read("size")?, Hash(row.read("root")?));
    if (signed.checkpoint().size(), signed.checkpoint().root()) != (size, root) {
        return Err(row.corrupt("note", "a note on the size and root of its row was expected"));
    }
    Ok(signed)
}
