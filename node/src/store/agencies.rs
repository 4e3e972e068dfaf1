//! SQL on agencies and the forms they deliver.

use std::collections::BTreeSet;

use vrs_protocol::id::FormCode;
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

/// Names an agency anew, and notes whom to ask there.
///
/// # Errors
/// [`DatabaseError::Conflict`] when there is no such agency.
pub async fn change(tx: &mut Transaction, agency: &Agency, contact: &str) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE agency SET name = $1, contact = $2 WHERE code = $3",
        values![&agency.name, (!contact.is_empty()).then_some(contact), agency.code.as_str()],
    )
    .await
}

/// Whom to ask at an agency; empty: nothing is noted.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn contact(tx: &mut Transaction, code: &AgencyCode) -> Result<String, DatabaseError> {
    let row = tx.optional_row("SELECT contact FROM agency WHERE code = $1", values![code.as_str()]).await?;
    let contact: Option<String> = row.map(|row| row.read("contact")).transpose()?.flatten();
    Ok(contact.unwrap_or_default())
}

/// The forms an agency delivers.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn forms(tx: &mut Transaction, code: &AgencyCode) -> Result<BTreeSet<FormCode>, DatabaseError> {
    let rows = tx.rows("SELECT form FROM agency_form WHERE agency = $1", values![code.as_str()]).await?;
    rows.iter().map(|row| row.parse("form", |text: String| FormCode::parse(&text))).collect()
}

/// Replaces the forms an agency delivers.
///
/// # Errors
/// [`DatabaseError::Conflict`] when there is no such agency.
pub async fn assign(tx: &mut Transaction, code: &AgencyCode, forms: &BTreeSet<FormCode>) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM agency_form WHERE agency = $1", values![code.as_str()]).await?;
    let rows = forms.iter().map(|form| values![code.as_str(), form.as_str()]).collect();
    tx.insert("INSERT INTO agency_form (agency, form) VALUES", rows).await
}
