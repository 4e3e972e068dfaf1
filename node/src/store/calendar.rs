//! SQL on periods that are closed, and on agencies that may deliver for them all the same.

use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::calendar::{Exception, Lock, Locks};
use crate::national::AgencyCode;

/// Exceptions that are looked at; a node gives some in a year.
const EXCEPTIONS_MAX: i64 = 1_000;

/// Records that a period is closed, or open again; the latest word on a period counts.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_lock(tx: &mut Transaction, lock: &Lock, is_closed: bool) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO period_lock (period, closed, decided_by, reason, decided_at) VALUES ($1, $2, $3, $4, $5)",
        values![lock.period.to_string(), is_closed, &lock.by, &lock.reason, lock.at.0],
    )
    .await
}

/// Records an exception.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn except(tx: &mut Transaction, exception: &Exception) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO period_exception (period, agency, until_at, given_by, reason, given_at) VALUES ($1, $2, $3, $4, $5, $6)",
        values![
            exception.period.to_string(),
            exception.agency.as_str(),
            exception.until.0,
            &exception.by,
            &exception.reason,
            exception.at.0
        ],
    )
    .await
}

/// What is closed, and to whom not.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn locks(tx: &mut Transaction) -> Result<Locks, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT period, decided_by, reason, decided_at FROM period_lock
             WHERE id IN (SELECT MAX(id) FROM period_lock GROUP BY period) AND closed = 1 ORDER BY id DESC",
            values![],
        )
        .await?;
    let period = |row: &vrs_runtime::database::Row| row.parse("period", |text: String| Period::parse(&text));
    let lock = |row| {
        Ok(Lock {
            period: period(row)?,
            by: row.read("decided_by")?,
            reason: row.read("reason")?,
            at: Timestamp(row.read("decided_at")?),
        })
    };
    let locks = rows.iter().map(lock).collect::<Result<_, DatabaseError>>()?;
    let rows = tx
        .rows(
            "SELECT period, agency, until_at, given_by, reason, given_at FROM period_exception ORDER BY id DESC LIMIT $1",
            values![EXCEPTIONS_MAX],
        )
        .await?;
    let exception = |row| {
        Ok(Exception {
            period: period(row)?,
            agency: row.parse("agency", |code: String| AgencyCode::parse(&code))?,
            until: Timestamp(row.read("until_at")?),
            by: row.read("given_by")?,
            reason: row.read("reason")?,
            at: Timestamp(row.read("given_at")?),
        })
    };
    let exceptions = rows.iter().map(exception).collect::<Result<_, DatabaseError>>()?;
    Ok(Locks { locks, exceptions })
}
