//! SQL on findings that a person accepted.

use std::collections::BTreeMap;

use vrs_protocol::hash::Hash;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::findings::Accepted;

/// Records that a finding was accepted; one that was accepted before keeps what was said then.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn accept(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
    about: &Hash,
    accepted: &Accepted,
) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO finding_accepted (form, period, about, accepted_by, reason, accepted_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (form, period, about) DO NOTHING",
        values![form.as_str(), period.to_string(), about.0, &accepted.by, &accepted.reason, accepted.at.0],
    )
    .await
    .map(drop)
}

/// What was accepted of a table, by what it is about.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn accepted(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
) -> Result<BTreeMap<Hash, Accepted>, DatabaseError> {
    let sql = "SELECT about, accepted_by, reason, accepted_at FROM finding_accepted WHERE form = $1 AND period = $2";
    let rows = tx.rows(sql, values![form.as_str(), period.to_string()]).await?;
    rows.iter()
        .map(|row| {
            let accepted = Accepted {
                by: row.read("accepted_by")?,
                reason: row.read("reason")?,
                at: Timestamp(row.read("accepted_at")?),
            };
            Ok((Hash(row.read("about")?), accepted))
        })
        .collect()
}
