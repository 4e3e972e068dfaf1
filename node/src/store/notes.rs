//! SQL on what agencies note beside their figures.

use std::collections::BTreeMap;

use vrs_protocol::table::Key;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use super::cells;
use crate::sheet::{Note, Notes, Subject};

/// The cell column of a note on the whole table: no code is written like this.
const WHOLE: &str = "*";

/// What an agency noted about a form and period.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, of: &Subject) -> Result<Notes, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT cell, content, written_by, written_at FROM own_note WHERE agency = $1 AND form = $2 AND period = $3",
            values![of.agency.as_str(), of.form.as_str(), of.period.to_string()],
        )
        .await?;
    let mut notes = Notes::default();
    for row in rows {
        let note =
            Note { text: row.read("content")?, by: row.read("written_by")?, at: Timestamp(row.read("written_at")?) };
        match row.read::<String>("cell")?.as_str() {
            WHOLE => notes.whole = Some(note),
            _ => drop(notes.cells.insert(row.parse("cell", |text: String| cells::read_key(&text))?, note)),
        }
    }
    Ok(notes)
}

/// Puts these notes in place of those that stand, and says whether that changed anything. One with the same text keeps who wrote it,
/// and when.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn replace(
    tx: &mut Transaction,
    of: &Subject,
    whole: &str,
    cells: &BTreeMap<Key, String>,
    by: &str,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let before = find(tx, of).await?;
    if before.whole.as_ref().map_or("", |note| note.text.as_str()) == whole && before.texts() == *cells {
        return Ok(false);
    }
    let subject = (of.agency.as_str(), of.form.as_str(), of.period.to_string());
    tx.execute(
        "DELETE FROM own_note WHERE agency = $1 AND form = $2 AND period = $3",
        values![subject.0, subject.1, &subject.2],
    )
    .await?;
    let whole = std::iter::once((WHOLE.to_owned(), whole, before.whole.as_ref()));
    let of_cells = cells.iter().map(|(key, text)| (cells::key_text(key), text.as_str(), before.cells.get(key)));
    for (cell, text, known) in whole.chain(of_cells).filter(|(_, text, _)| !text.is_empty()) {
        let known = known.filter(|known| known.text == text);
        let (by, at) = known.map_or((by, now), |known| (known.by.as_str(), known.at));
        tx.execute_exactly(
            1,
            "INSERT INTO own_note (agency, form, period, cell, content, written_by, written_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![subject.0, subject.1, &subject.2, cell, text, by, at.0],
        )
        .await?;
    }
    Ok(true)
}
