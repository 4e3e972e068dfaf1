//! SQL on decisions: how a national table is made of the agencies' figures.

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::national::{Decision, Rule};

/// Records a decision, which is in force from now on.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
    decision: &Decision,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO national_decision (form, period, rule, keep_rows, decided_by, reason, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            form.as_str(),
            period.to_string(),
            decision.rule.to_string(),
            decision.keep,
            &decision.by,
            &decision.reason,
            decision.at.0
        ],
    )
    .await
}

/// The rule in force of every table that was decided about.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn rules(tx: &mut Transaction) -> Result<Vec<(FormCode, Period, Rule)>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT form, period, rule FROM national_decision
             WHERE id IN (SELECT MAX(id) FROM national_decision GROUP BY form, period) ORDER BY form, period",
            values![],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let (form, period) = super::figures::subject(row)?;
            Ok((form, period, row.parse("rule", |text: String| Rule::parse(&text))?))
        })
        .collect()
}

/// The decision in force.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn latest(tx: &mut Transaction, form: &FormCode, period: Period) -> Result<Option<Decision>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT rule, keep_rows, decided_by, reason, decided_at FROM national_decision
             WHERE form = $1 AND period = $2 ORDER BY id DESC LIMIT 1",
            values![form.as_str(), period.to_string()],
        )
        .await?;
    row.map(|row| {
        Ok(Decision {
            rule: row.parse("rule", |text: String| Rule::parse(&text))?,
            keep: row.read("keep_rows")?,
            by: row.read("decided_by")?,
            reason: row.read("reason")?,
            at: Timestamp(row.read("decided_at")?),
        })
    })
    .transpose()
}
