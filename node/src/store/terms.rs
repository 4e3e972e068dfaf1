//! SQL on what is said of a bundle besides its audience: its embargo, and why it revises.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::release::Terms;

/// Keeps the terms of a bundle.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(tx: &mut Transaction, bundle: i64, terms: &Terms) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO bundle_terms (bundle, not_before, because) VALUES ($1, $2, $3)",
        values![bundle, terms.not_before.map(|at| at.0), (!terms.because.is_empty()).then_some(terms.because.as_str())],
    )
    .await
}

/// The terms of every bundle that has some.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn all(tx: &mut Transaction) -> Result<BTreeMap<i64, Terms>, DatabaseError> {
    let rows = tx.rows("SELECT bundle, not_before, because FROM bundle_terms", values![]).await?;
    rows.iter()
        .map(|row| {
            let because: Option<String> = row.read("because")?;
            let not_before = row.read::<Option<u64>>("not_before")?.map(Timestamp);
            Ok((row.read("bundle")?, Terms { not_before, because: because.unwrap_or_default() }))
        })
        .collect()
}

/// The bundles that the outbox holds now.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn held(tx: &mut Transaction, now: u64) -> Result<BTreeSet<i64>, DatabaseError> {
    let rows = tx.rows("SELECT bundle FROM bundle_terms WHERE not_before > $1", values![now]).await?;
    rows.iter().map(|row| row.read("bundle")).collect()
}
