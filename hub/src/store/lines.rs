//! SQL on the lines of the ledger.

use futures::StreamExt;
use vrs_protocol::{hash::Hash, id::LineIndex};
use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

/// A line as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredLine {
    pub(crate) index: LineIndex,
    pub(crate) kind: u8,
    pub(crate) statement: Hash,
    pub(crate) leaf: Hash,
    pub(crate) bytes: Vec<u8>,
}

/// Adds lines at the end.
pub(crate) async fn insert(tx: &mut Transaction, lines: Vec<StoredLine>) -> Result<(), DatabaseError> {
    let row = |line: StoredLine| values![line.index, line.kind, line.statement.0, line.leaf.0, line.bytes];
    tx.insert(
        "INSERT INTO ledger_line (idx, kind, statement, leaf, bytes) VALUES",
        lines.into_iter().map(row).collect(),
    )
    .await
}

/// Lines from `from` on: at most `count`, and as many as fit into `bytes_max` but at least one.
pub(crate) async fn range(
    tx: &mut Transaction,
    from: LineIndex,
    count: u64,
    bytes_max: usize,
) -> Result<Vec<StoredLine>, DatabaseError> {
    let mut rows = tx.stream(
        "SELECT idx, kind, statement, leaf, bytes FROM ledger_line WHERE idx >= $1 ORDER BY idx LIMIT $2",
        values![from, count],
    );
    let (mut lines, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.next().await {
        let line = read(&row?)?;
        bytes += line.bytes.len();
        if bytes > bytes_max && !lines.is_empty() {
            break;
        }
        lines.push(line);
    }
    Ok(lines)
}

/// The line that holds a statement, by the statement's SHA-256.
pub(crate) async fn of_statement(tx: &mut Transaction, statement: &Hash) -> Result<Option<LineIndex>, DatabaseError> {
    let row = tx.optional_row("SELECT idx FROM ledger_line WHERE statement = $1", values![statement.0]).await?;
    row.map(|row| row.read("idx")).transpose()
}

fn read(row: &Row) -> Result<StoredLine, DatabaseError> {
    Ok(StoredLine {
        index: row.read("idx")?,
        kind: row.read("kind")?,
        statement: Hash(row.read("statement")?),
        leaf: Hash(row.read("leaf")?),
        bytes: row.read("bytes")?,
    })
}
