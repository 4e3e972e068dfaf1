//! SQL on sheets: what people type until it is complete.

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use crate::national::AgencyCode;
use crate::sheet::{Sheet, Subject};

/// Who saved a sheet, and when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Saved {
    /// How often it was saved.
    pub version: u64,
    /// The account.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The sheet of a subject, if one was begun.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, of: &Subject) -> Result<Option<(Sheet, Saved)>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT version, content, saved_by, saved_at FROM sheet WHERE agency = $1 AND form = $2 AND period = $3",
            values![of.agency.as_str(), of.form.as_str(), of.period.to_string()],
        )
        .await?;
    row.map(|row| Ok((row.parse("content", |text: String| serde_json::from_str(&text))?, saved(&row)?))).transpose()
}

/// Keeps a sheet in place of the version it began from; 0: of none. Answers whether that was the one that stood there.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn save(
    tx: &mut Transaction,
    of: &Subject,
    sheet: &Sheet,
    began_from: u64,
    by: &str,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    // Texts and truth values only, which JSON can always carry.
    let content = serde_json::to_string(sheet).unwrap_or_default();
    let (agency, form, period) = (of.agency.as_str(), of.form.as_str(), of.period.to_string());
    let rows = if began_from == 0 {
        let sql = "INSERT INTO sheet (agency, form, period, version, content, saved_by, saved_at)
             VALUES ($1, $2, $3, 1, $4, $5, $6) ON CONFLICT (agency, form, period) DO NOTHING";
        tx.execute(sql, values![agency, form, period, content, by, now.0]).await?
    } else {
        let sql = "UPDATE sheet SET version = version + 1, content = $1, saved_by = $2, saved_at = $3
             WHERE agency = $4 AND form = $5 AND period = $6 AND version = $7";
        tx.execute(sql, values![content, by, now.0, agency, form, period, began_from]).await?
    };
    Ok(rows == 1)
}

/// Lets a sheet go; says whether there was one.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn delete(tx: &mut Transaction, of: &Subject) -> Result<bool, DatabaseError> {
    let sql = "DELETE FROM sheet WHERE agency = $1 AND form = $2 AND period = $3";
    Ok(tx.execute(sql, values![of.agency.as_str(), of.form.as_str(), of.period.to_string()]).await? > 0)
}

/// The sheets that are being typed, the latest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction) -> Result<Vec<(Subject, Saved)>, DatabaseError> {
    let sql = "SELECT agency, form, period, version, saved_by, saved_at FROM sheet ORDER BY saved_at DESC, agency, form, period";
    let rows = tx.rows(sql, values![]).await?;
    rows.iter()
        .map(|row| {
            let of = Subject {
                agency: row.parse("agency", |code: String| AgencyCode::parse(&code))?,
                form: row.parse("form", |code: String| FormCode::parse(&code))?,
                period: row.parse("period", |text: String| Period::parse(&text))?,
            };
            Ok((of, saved(row)?))
        })
        .collect()
}

fn saved(row: &Row) -> Result<Saved, DatabaseError> {
    Ok(Saved { version: row.read("version")?, by: row.read("saved_by")?, at: Timestamp(row.read("saved_at")?) })
}
