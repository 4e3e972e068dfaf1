//! SQL on the forms of which agencies see each other's figures.

use vrs_protocol::id::FormCode;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

/// That agencies see each other's figures of a form.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Between {
    /// The form.
    pub form: FormCode,
    /// Who allowed it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The forms that are allowed, by code.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction) -> Result<Vec<Between>, DatabaseError> {
    let sql = "SELECT form, allowed_by, reason, allowed_at FROM form_between_agencies ORDER BY form";
    tx.rows(sql, values![]).await?.iter().map(between).collect()
}

/// Whether a form is allowed.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, form: &FormCode) -> Result<Option<Between>, DatabaseError> {
    let sql = "SELECT form, allowed_by, reason, allowed_at FROM form_between_agencies WHERE form = $1";
    tx.optional_row(sql, values![form.as_str()]).await?.as_ref().map(between).transpose()
}

/// Allows a form; says whether it was not allowed before.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn allow(tx: &mut Transaction, new: &Between) -> Result<bool, DatabaseError> {
    let sql = "INSERT INTO form_between_agencies (form, allowed_by, reason, allowed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (form) DO NOTHING";
    Ok(tx.execute(sql, values![new.form.as_str(), &new.by, &new.reason, new.at.0]).await? > 0)
}

/// Ends it; says whether it was allowed.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn end(tx: &mut Transaction, form: &FormCode) -> Result<bool, DatabaseError> {
    Ok(tx.execute("DELETE FROM form_between_agencies WHERE form = $1", values![form.as_str()]).await? > 0)
}

fn between(row: &Row) -> Result<Between, DatabaseError> {
    Ok(Between {
        form: row.parse("form", |code: String| FormCode::parse(&code))?,
        by: row.read("allowed_by")?,
        reason: row.read("reason")?,
        at: Timestamp(row.read("allowed_at")?),
    })
}
