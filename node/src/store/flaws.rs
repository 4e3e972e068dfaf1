//! SQL on what this node found wrong.

use std::collections::BTreeSet;

use vrs_protocol::id::LineIndex;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use crate::mirror::{About, Flaw};

/// Records a flaw. Answers whether it is new: each is said and objected to once. Of one that was known, it is kept when it
/// was found last.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(tx: &mut Transaction, flaw: &Flaw) -> Result<bool, DatabaseError> {
    let about = flaw.about.to_string();
    let rows = tx
        .execute(
            "INSERT INTO flaw (line, subject, number, sentence, found_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (line, subject) DO NOTHING",
            values![flaw.line, &about, flaw.number, &flaw.sentence, flaw.found_at.0],
        )
        .await?;
    if rows == 0 {
        let sql = "UPDATE flaw SET seen_at = $1 WHERE line = $2 AND subject = $3";
        tx.execute_exactly(1, sql, values![flaw.found_at.0, flaw.line, &about]).await?;
    }
    Ok(rows == 1)
}

/// What was found flawed since an instant, for the first time or again.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn since(tx: &mut Transaction, instant: u64) -> Result<BTreeSet<(LineIndex, About)>, DatabaseError> {
    let sql = "SELECT id, line, subject FROM flaw WHERE COALESCE(seen_at, found_at) > $1";
    let rows = tx.rows(sql, values![instant]).await?;
    rows.iter().map(|row| Ok((row.read("line")?, about(row)?))).collect()
}

/// All flaws, oldest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction) -> Result<Vec<Flaw>, DatabaseError> {
    let rows = tx.rows("SELECT id, line, subject, number, sentence, found_at FROM flaw ORDER BY id", values![]).await?;
    rows.iter()
        .map(|row| {
            Ok(Flaw {
                line: row.read("line")?,
                about: about(row)?,
                number: row.read("number")?,
                sentence: row.read("sentence")?,
                found_at: Timestamp(row.read("found_at")?),
            })
        })
        .collect()
}

fn about(row: &Row) -> Result<About, DatabaseError> {
    row.parse("subject", |text: String| text.parse::<About>())
}
