//! SQL on the refusals that the hub has signed.

use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// A refusal, word for word.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeptRefusal {
    /// Its number here.
    pub id: i64,
    /// Number of the reason.
    pub number: u16,
    /// The hub's words.
    pub sentence: String,
    /// What was refused, in our words.
    pub subject: String,
    /// The signed refusal.
    #[serde(skip)]
    pub statement: Vec<u8>,
    /// When it came.
    pub received_at: Timestamp,
}

/// A refusal to be kept.
#[derive(Debug, Clone)]
pub struct NewRefusal<'a> {
    /// Number of the reason.
    pub number: u16,
    /// The hub's words.
    pub sentence: &'a str,
    /// What was refused, in our words.
    pub subject: &'a str,
    /// The signed refusal.
    pub statement: &'a [u8],
}

/// Keeps a refusal and returns its number.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(tx: &mut Transaction, new: NewRefusal<'_>, now: u64) -> Result<i64, DatabaseError> {
    let row = tx
        .row(
            "INSERT INTO refusal (number, sentence, subject, statement, received_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
            values![new.number, new.sentence, new.subject, new.statement, now],
        )
        .await?;
    row.read("id")
}

/// All refusals, newest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction, most: u32) -> Result<Vec<KeptRefusal>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT id, number, sentence, subject, statement, received_at FROM refusal ORDER BY id DESC LIMIT $1",
            values![most],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(KeptRefusal {
                id: row.read("id")?,
                number: row.read("number")?,
                sentence: row.read("sentence")?,
                subject: row.read("subject")?,
                statement: row.read("statement")?,
                received_at: Timestamp(row.read("received_at")?),
            })
        })
        .collect()
}
