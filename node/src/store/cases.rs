//! SQL on cases that can be told apart, and on the national tables counted of them.

use vrs_protocol::cell::Status;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use crate::cases::distinct::{Head, Union};
use crate::cases::{CaseHash, CaseSet};
use crate::national::AgencyCode;

/// A set that is stored, without its cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSet {
    /// Its number.
    pub id: i64,
    /// The base period.
    pub period: Period,
    /// SHA-256 of all of it.
    pub content: Hash,
    /// The secret its hashes were made with.
    pub secret: CaseHash,
}

/// The sets of an agency about a topic.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn of_agency(
    tx: &mut Transaction,
    agency: &AgencyCode,
    topic: &TopicCode,
) -> Result<Vec<StoredSet>, DatabaseError> {
    let sql = "SELECT id, period, content, secret FROM case_set WHERE agency = $1 AND topic = $2 ORDER BY id";
    let rows = tx.rows(sql, values![agency.as_str(), topic.as_str()]).await?;
    rows.iter()
        .map(|row| {
            Ok(StoredSet {
                id: row.read("id")?,
                period: row.parse("period", |text: String| Period::parse(&text))?,
                content: Hash(row.read("content")?),
                secret: row.read("secret")?,
            })
        })
        .collect()
}

/// Keeps a set; a part without a case is not written.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(
    tx: &mut Transaction,
    agency: &AgencyCode,
    file: i64,
    secret: &CaseHash,
    set: &CaseSet,
) -> Result<(), DatabaseError> {
    let row = tx
        .row(
            "INSERT INTO case_set (agency, topic, period, intake_file, secret, content, status, codes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
            values![
                agency.as_str(),
                set.topic.as_str(),
                set.period.to_string(),
                file,
                *secret,
                set.content().0,
                set.status.letter(),
                set.codes_text()
            ],
        )
        .await?;
    let id: i64 = row.read("id")?;
    for (part, cases) in set.parts.iter().enumerate().filter(|(_, cases)| !cases.is_empty()) {
        let sql = "INSERT INTO case_part (set_id, part, cases) VALUES ($1, $2, $3)";
        tx.execute_exactly(1, sql, values![id, part, cases.clone()]).await?;
    }
    Ok(())
}

/// A set that came with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSet {
    /// Number of the set.
    pub id: i64,
    /// What its cases are about.
    pub topic: TopicCode,
    /// When they were.
    pub period: Period,
}

/// The sets that came with an import.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn of_file(tx: &mut Transaction, file: i64) -> Result<Vec<FileSet>, DatabaseError> {
    let rows =
        tx.rows("SELECT id, topic, period FROM case_set WHERE intake_file = $1 ORDER BY id", values![file]).await?;
    rows.iter()
        .map(|row| {
            Ok(FileSet {
                id: row.read("id")?,
                topic: row.parse("topic", |code: String| TopicCode::parse(&code))?,
                period: row.parse("period", |text: String| Period::parse(&text))?,
            })
        })
        .collect()
}

/// Deletes a set with its cases.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn delete(tx: &mut Transaction, id: i64) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM case_part WHERE set_id = $1", values![id]).await?;
    tx.execute_exactly(1, "DELETE FROM case_set WHERE id = $1", values![id]).await
}

/// The secrets with which the cases of a topic were hashed, by agency.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn secrets(tx: &mut Transaction, topic: &TopicCode) -> Result<Vec<(AgencyCode, CaseHash)>, DatabaseError> {
    let sql = "SELECT DISTINCT agency, secret FROM case_set WHERE topic = $1 ORDER BY agency";
    let rows = tx.rows(sql, values![topic.as_str()]).await?;
    rows.iter().map(|row| Ok((agency(row)?, row.read("secret")?))).collect()
}

/// One part of every set of a topic, in the order in which they were delivered.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn part(tx: &mut Transaction, topic: &TopicCode, part: usize) -> Result<Vec<(Head, Vec<u8>)>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT s.id, s.agency, s.period, s.status, s.codes, p.cases FROM case_set s JOIN case_part p ON p.set_id = s.id
             WHERE s.topic = $1 AND p.part = $2 ORDER BY s.id",
            values![topic.as_str(), part],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let head = Head {
                id: row.read("id")?,
                agency: agency(row)?,
                period: row.parse("period", |text: String| Period::parse(&text))?,
                status: row.parse("status", |text: String| Status::of_letter(&text).ok_or("no status of a value"))?,
                dimensions: row.parse("codes", |text: String| serde_json::from_str(&text))?,
            };
            Ok((head, row.read("cases")?))
        })
        .collect()
}

fn agency(row: &Row) -> Result<AgencyCode, DatabaseError> {
    row.parse("agency", |code: String| AgencyCode::parse(&code))
}

/// The tables of distinct cases that are kept.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn counted_subjects(tx: &mut Transaction) -> Result<Vec<(FormCode, Period)>, DatabaseError> {
    let rows = tx.rows("SELECT form, period FROM distinct_table ORDER BY form, period", values![]).await?;
    rows.iter().map(super::figures::subject).collect()
}

/// The table of distinct cases as it was counted last.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn counted(tx: &mut Transaction, form: &FormCode, period: Period) -> Result<Option<Union>, DatabaseError> {
    let sql = "SELECT counted FROM distinct_table WHERE form = $1 AND period = $2";
    let row = tx.optional_row(sql, values![form.as_str(), period.to_string()]).await?;
    row.map(|row| row.parse("counted", |text: String| serde_json::from_str(&text))).transpose()
}

/// Keeps a table of distinct cases in place of the one counted before; `None`: it cannot be counted any more.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_counted(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
    union: Option<&Union>,
) -> Result<(), DatabaseError> {
    let subject = || values![form.as_str(), period.to_string()];
    tx.execute("DELETE FROM distinct_table WHERE form = $1 AND period = $2", subject()).await?;
    if let Some(union) = union {
        // Codes and numbers, which JSON can always carry.
        let counted = serde_json::to_string(union).unwrap_or_default();
        let sql = "INSERT INTO distinct_table (form, period, counted) VALUES ($1, $2, $3)";
        tx.execute_exactly(1, sql, values![form.as_str(), period.to_string(), counted]).await?;
    }
    Ok(())
}
