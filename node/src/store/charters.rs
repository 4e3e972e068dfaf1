//! SQL on the Charters that operators have accepted.

use vrs_protocol::id::LineIndex;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// That somebody accepted a Charter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Acceptance {
    /// The Charter's line.
    pub line: LineIndex,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Records an acceptance. Accepting again changes nothing.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn accept(tx: &mut Transaction, acceptance: &Acceptance) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO charter_acceptance (line, accepted_by, accepted_at) VALUES ($1, $2, $3) ON CONFLICT (line) DO NOTHING",
        values![acceptance.line, &acceptance.by, acceptance.at.0],
    )
    .await
    .map(drop)
}

/// Whether and by whom the Charter of a line was accepted.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, line: LineIndex) -> Result<Option<Acceptance>, DatabaseError> {
    let sql = "SELECT line, accepted_by, accepted_at FROM charter_acceptance WHERE line = $1";
    let row = tx.optional_row(sql, values![line]).await?;
    row.map(|row| Ok(Acceptance { line, by: row.read("accepted_by")?, at: Timestamp(row.read("accepted_at")?) }))
        .transpose()
}
