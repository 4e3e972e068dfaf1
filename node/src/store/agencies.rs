//! SQL on agencies.

use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::national::{Agency, AgencyCode};

/// Adds an agency.
///
/// # Errors
/// [`DatabaseError::Conflict`] when the code is taken.
pub async fn add(tx: &mut Transaction, agency: &Agency, now: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO agency (code, name, added_at) VALUES ($1, $2, $3)",
        values![agency.code.as_str(), &agency.name, now],
    )
    .await
}

/// All agencies by code.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction) -> Result<Vec<Agency>, DatabaseError> {
    let rows = tx.rows("SELECT code, name FROM agency ORDER BY code", values![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Agency { code: row.parse("code", |code: String| AgencyCode::parse(&code))?, name: row.read("name")? })
        })
        .collect()
}

/// An agency by its code.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, code: &AgencyCode) -> Result<Option<Agency>, DatabaseError> {
    let row = tx.optional_row("SELECT name FROM agency WHERE code = $1", values![code.as_str()]).await?;
    row.map(|row| Ok(Agency { code: code.clone(), name: row.read("name")? })).transpose()
}
