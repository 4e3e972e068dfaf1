//! SQL on the bodies of releases.

use vrs_protocol::{id::LineIndex, release::Nonce};
use vrs_runtime::{
    database::{DatabaseError, Engine, Row, Transaction},
    values,
};

/// A body with the nonce that is hashed before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredBody {
    pub(crate) nonce: Nonce,
    pub(crate) body: Vec<u8>,
}

/// Keeps the bodies of the releases at these lines.
pub(crate) async fn insert(tx: &mut Transaction, bodies: Vec<(LineIndex, StoredBody)>) -> Result<(), DatabaseError> {
    let row = |(line, body): (LineIndex, StoredBody)| values![line, body.nonce.0, body.body];
    tx.insert("INSERT INTO body (line, nonce, body) VALUES", bodies.into_iter().map(row).collect()).await
}

/// The body of the release at a line, while the hub holds it.
pub(crate) async fn find(tx: &mut Transaction, line: LineIndex) -> Result<Option<StoredBody>, DatabaseError> {
    let row = tx.optional_row("SELECT line, nonce, body FROM body WHERE line = $1", values![line]).await?;
    row.as_ref().map(read).transpose()
}

/// Lines of the releases whose bodies are held, in order.
pub(crate) async fn held(tx: &mut Transaction) -> Result<Vec<LineIndex>, DatabaseError> {
    tx.rows("SELECT line FROM body ORDER BY line", values![]).await?.iter().map(|row| row.read("line")).collect()
}

/// Deletes the body of a release; says whether there was one.
pub(crate) async fn delete(tx: &mut Transaction, line: LineIndex) -> Result<bool, DatabaseError> {
    Ok(tx.execute("DELETE FROM body WHERE line = $1", values![line]).await? > 0)
}

/// Makes the engine overwrite what is deleted from here on. PostgreSQL has no such setting: there a deleted row is
/// removed by its next `VACUUM`.
pub(crate) async fn overwrite_deleted(tx: &mut Transaction, engine: Engine) -> Result<(), DatabaseError> {
    if engine == Engine::Sqlite {
        // The setting belongs to the connection, and asking anew costs less than knowing whether it is still the same.
        tx.rows("PRAGMA secure_delete = ON", values![]).await?;
    }
    Ok(())
}

fn read(row: &Row) -> Result<StoredBody, DatabaseError> {
    Ok(StoredBody { nonce: Nonce(row.read("nonce")?), body: row.read("body")? })
}
