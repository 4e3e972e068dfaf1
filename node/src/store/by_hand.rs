//! SQL on cells of national tables that a person set by hand.

use std::collections::BTreeMap;

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use super::cells;
use crate::national::ByHand;

/// Records a cell, which is in force from now on.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
    key: &Key,
    set: &ByHand,
) -> Result<(), DatabaseError> {
    let cells::Columns { status, conf, count, below, figure } = cells::write(&set.cell);
    tx.execute_exactly(
        1,
        "INSERT INTO national_cell (form, period, cell_key, status, conf, count, below, figure, agencies_said, set_by, reason,
         set_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values![
            form.as_str(),
            period.to_string(),
            cells::key_text(key),
            status,
            conf,
            count,
            below,
            figure,
            // Codes and short texts, which JSON can always carry.
            serde_json::to_string(&set.under).unwrap_or_default(),
            &set.by,
            &set.reason,
            set.at.0
        ],
    )
    .await
}

/// Records that a cell was taken back.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn take_back(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
    key: &Key,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO national_cell (form, period, cell_key, agencies_said, set_by, reason, set_at)
         VALUES ($1, $2, $3, '[]', $4, $5, $6)",
        values![form.as_str(), period.to_string(), cells::key_text(key), by, reason, now.0],
    )
    .await
}

/// The cells in force.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn in_force(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
) -> Result<BTreeMap<Key, ByHand>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT cell_key, status, conf, count, below, figure, agencies_said, set_by, reason, set_at FROM national_cell
             WHERE id IN (SELECT MAX(id) FROM national_cell WHERE form = $1 AND period = $2 GROUP BY cell_key)
             AND status IS NOT NULL",
            values![form.as_str(), period.to_string()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let set = ByHand {
                cell: cells::read(row)?,
                under: row.parse("agencies_said", |text: String| serde_json::from_str(&text))?,
                by: row.read("set_by")?,
                reason: row.read("reason")?,
                at: Timestamp(row.read("set_at")?),
            };
            Ok((row.parse("cell_key", |text: String| cells::read_key(&text))?, set))
        })
        .collect()
}
