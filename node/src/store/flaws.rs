//! SQL on what this node found wrong.

use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::mirror::{About, Flaw};

/// Records a flaw. Answers whether it is new: each is said and objected to once.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(tx: &mut Transaction, flaw: &Flaw) -> Result<bool, DatabaseError> {
    let rows = tx
        .execute(
            "INSERT INTO flaw (line, subject, number, sentence, found_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (line, subject) DO NOTHING",
            values![flaw.line, flaw.about.word(), flaw.number, &flaw.sentence, flaw.found_at.0],
        )
        .await?;
    Ok(rows == 1)
}

/// All flaws, oldest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction) -> Result<Vec<Flaw>, DatabaseError> {
    let rows = tx.rows("SELECT id, line, subject, number, sentence, found_at FROM flaw ORDER BY id", values![]).await?;
    rows.iter()
        .map(|row| {
            let about = |word: String| {
                About::ALL.into_iter().find(|about| about.word() == word).ok_or("line, body, block or own")
            };
            Ok(Flaw {
                line: row.read("line")?,
                about: row.parse("subject", about)?,
                number: row.read("number")?,
                sentence: row.read("sentence")?,
                found_at: Timestamp(row.read("found_at")?),
            })
        })
        .collect()
}
