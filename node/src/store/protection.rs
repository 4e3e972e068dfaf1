//! SQL on disclosure control: what was decided about a release, and the national figures behind it.

use vrs_protocol::hash::Hash;
use vrs_protocol::release::{Operator, decode_body};
use vrs_protocol::table::Table;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use crate::protection::Protection;

/// Keeps what was decided about a topic and year of a bundle.
///
/// # Errors
/// [`DatabaseError::Conflict`] when it was decided already.
pub async fn add(
    tx: &mut Transaction,
    bundle: i64,
    protection: &Protection,
    by: &Operator,
    now: u64,
) -> Result<(), DatabaseError> {
    // Strings, numbers and lists only: nothing that JSON cannot write.
    let decision = serde_json::json!(protection).to_string();
    tx.execute_exactly(
        1,
        "INSERT INTO protection (bundle, topic, year, policy, decision, decided_for, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![bundle, protection.topic.as_str(), protection.year, protection.applied.number, decision, &by.0, now],
    )
    .await
}

/// What was decided about a bundle, by topic and year.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn of_bundle(tx: &mut Transaction, bundle: i64) -> Result<Vec<Protection>, DatabaseError> {
    let rows = tx
        .rows("SELECT bundle, decision FROM protection WHERE bundle = $1 ORDER BY topic, year", values![bundle])
        .await?;
    rows.iter().map(|row| row.parse("decision", |text: String| serde_json::from_str(&text))).collect()
}

/// Keeps what a second person said of what was decided.
///
/// # Errors
/// [`DatabaseError::Conflict`] when nothing was decided.
pub async fn replace(tx: &mut Transaction, bundle: i64, protection: &Protection) -> Result<(), DatabaseError> {
    let decision = serde_json::json!(protection).to_string();
    tx.execute_exactly(
        1,
        "UPDATE protection SET decision = $1 WHERE bundle = $2 AND topic = $3 AND year = $4",
        values![decision, bundle, protection.topic.as_str(), protection.year],
    )
    .await
}

/// Keeps the national figures behind a release, packed.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add_national(tx: &mut Transaction, release: i64, packed: &[u8]) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "INSERT INTO national_behind (release, figures) VALUES ($1, $2)", values![release, packed])
        .await
}

/// Keeps the hash of the national figures that a release was prepared of.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add_prepared_from(tx: &mut Transaction, release: i64, figures: Hash) -> Result<(), DatabaseError> {
    let sql = "INSERT INTO prepared_from (release, figures) VALUES ($1, $2)";
    tx.execute_exactly(1, sql, values![release, figures.0]).await
}

/// The hash of the national figures that a release was prepared of; `None` where it was not kept.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn prepared_from(tx: &mut Transaction, release: i64) -> Result<Option<Hash>, DatabaseError> {
    let row = tx.optional_row("SELECT figures FROM prepared_from WHERE release = $1", values![release]).await?;
    row.map(|row| Ok(Hash(row.read("figures")?))).transpose()
}

/// Makes a release one that was prepared before there was disclosure control.
#[cfg(test)]
pub(crate) async fn forget_national(tx: &mut Transaction, release: i64) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "DELETE FROM national_behind WHERE release = $1", values![release]).await
}

/// The national figures behind a release; `None` for one that was prepared before they were kept.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn national(tx: &mut Transaction, release: i64) -> Result<Option<Table>, DatabaseError> {
    let row = tx
        .optional_row("SELECT release AS id, figures FROM national_behind WHERE release = $1", values![release])
        .await?;
    let read = |row: Row| row.parse("figures", |bytes: Vec<u8>| decode_body(&bytes));
    row.map(read).transpose()
}
