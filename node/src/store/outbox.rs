//! SQL on the outbox: what waits to be sent to the hub, in order.

use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Load {
    /// The releases of a bundle, which lie at the desk.
    Bundle(i64),
    /// A signed statement without a body.
    Statement(LineKind, Vec<u8>),
}

/// Something that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its number, which is the order in which it is sent.
    pub id: i64,
    /// What it is about, in words.
    pub subject: String,
    /// What is sent.
    pub load: Load,
    /// Since when it waits.
    pub waiting_since: Timestamp,
    /// How often it was sent.
    pub tries: u32,
    /// Why the last try did not get through.
    pub trouble: Option<String>,
}

/// A line of the outbox's list, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ParcelNote {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub subject: String,
    /// `waiting`, `sent`, `logged`, `refused`, `cancelled`, or `aside`: it cannot be sent and waits for a person.
    pub state: String,
    /// Since when it waits, or waited.
    pub waiting_since: Timestamp,
    /// How often it was sent.
    pub tries: u32,
    /// Why the last try did not get through.
    pub trouble: Option<String>,
    /// The first line it became.
    pub line: Option<LineIndex>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
    /// Number of the hub's refusal.
    pub refusal: Option<i64>,
    /// Under embargo: until when it is held.
    pub not_before: Option<Timestamp>,
}

/// Columns of a [`ParcelNote`].
macro_rules! note {
    ($rest:literal) => {
        concat!(
            "SELECT id, subject, state, waiting_since, tries, trouble, line, settled_at, refusal,
             (SELECT not_before FROM bundle_terms WHERE bundle_terms.bundle = outbox.bundle) AS not_before FROM outbox ",
            $rest
        )
    };
}

impl ParcelNote {
    /// Whether it cannot be sent and waits for a person.
    #[must_use]
    pub fn is_aside(&self) -> bool {
        self.state == "aside"
    }
}

/// Puts something into the outbox.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(tx: &mut Transaction, subject: &str, load: &Load, now: u64) -> Result<i64, DatabaseError> {
    let (kind, bundle, statement) = match load {
        Load::Bundle(bundle) => (LineKind::Release, Some(*bundle), None),
        Load::Statement(kind, statement) => (*kind, None, Some(statement.as_slice())),
    };
    let row = tx
        .row(
            "INSERT INTO outbox (kind, subject, bundle, statement, state, waiting_since, tries)
             VALUES ($1, $2, $3, $4, 'waiting', $5, 0) RETURNING id",
            values![kind as u8, subject, bundle, statement, now],
        )
        .await?;
    row.read("id")
}

/// Whether something about this subject is on its way or has arrived.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn has(tx: &mut Transaction, subject: &str) -> Result<bool, DatabaseError> {
    let sql = "SELECT id FROM outbox WHERE subject = $1 AND state IN ('waiting', 'sent', 'logged')";
    Ok(!tx.rows(sql, values![subject]).await?.is_empty())
}

/// Everything that waits, in the order in which it is sent.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn waiting(tx: &mut Transaction) -> Result<Vec<Parcel>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT id, kind, subject, bundle, statement, waiting_since, tries, trouble FROM outbox
             WHERE state IN ('waiting', 'sent') ORDER BY id",
            values![],
        )
        .await?;
    rows.iter().map(parcel).collect()
}

/// How many wait, and since when the oldest does; what is under embargo does not wait yet.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn count_waiting(tx: &mut Transaction, now: u64) -> Result<(u64, Option<Timestamp>), DatabaseError> {
    let row = tx
        .row(
            "SELECT COUNT(*) AS waiting, MIN(waiting_since) AS since FROM outbox WHERE state IN ('waiting', 'sent')
             AND (bundle IS NULL OR bundle NOT IN (SELECT bundle FROM bundle_terms WHERE not_before > $1))",
            values![now],
        )
        .await?;
    Ok((row.read("waiting")?, row.read::<Option<u64>>("since")?.map(Timestamp)))
}

/// How many cannot be sent and wait for a person.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn count_aside(tx: &mut Transaction) -> Result<u64, DatabaseError> {
    tx.row("SELECT COUNT(*) AS aside FROM outbox WHERE state = 'aside'", values![]).await?.read("aside")
}

/// The newest entries, for people.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction, most: u32) -> Result<Vec<ParcelNote>, DatabaseError> {
    tx.rows(note!("ORDER BY id DESC LIMIT $1"), values![most]).await?.iter().map(note).collect()
}

/// Everything that is not settled, for people, also what cannot be sent; newest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn unsettled(tx: &mut Transaction) -> Result<Vec<ParcelNote>, DatabaseError> {
    let sql = note!("WHERE state IN ('waiting', 'sent', 'aside') ORDER BY id DESC");
    tx.rows(sql, values![]).await?.iter().map(note).collect()
}

fn note(row: &Row) -> Result<ParcelNote, DatabaseError> {
    Ok(ParcelNote {
        id: row.read("id")?,
        subject: row.read("subject")?,
        state: row.read("state")?,
        waiting_since: Timestamp(row.read("waiting_since")?),
        tries: row.read("tries")?,
        trouble: row.read("trouble")?,
        line: row.read("line")?,
        settled_at: row.read::<Option<u64>>("settled_at")?.map(Timestamp),
        refusal: row.read("refusal")?,
        not_before: row.read::<Option<u64>>("not_before")?.map(Timestamp),
    })
}

/// It leaves now; from here on the hub may have it. Answers whether it was still to be sent.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_sent(tx: &mut Transaction, id: i64) -> Result<bool, DatabaseError> {
    let rows = tx
        .execute(
            "UPDATE outbox SET state = 'sent', tries = tries + 1 WHERE id = $1 AND state IN ('waiting', 'sent')",
            values![id],
        )
        .await?;
    Ok(rows == 1)
}

/// It did not get through.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_trouble(tx: &mut Transaction, id: i64, why: &str) -> Result<(), DatabaseError> {
    tx.execute("UPDATE outbox SET trouble = $1 WHERE id = $2 AND state IN ('waiting', 'sent')", values![why, id])
        .await
        .map(drop)
}

/// It cannot be sent as it is: it waits for a person, and what comes after it goes on.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_aside(tx: &mut Transaction, id: i64, why: &str) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE outbox SET state = 'aside', trouble = $1 WHERE id = $2 AND state IN ('waiting', 'sent')",
        values![why, id],
    )
    .await
    .map(drop)
}

/// It stands in the ledger.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_logged(tx: &mut Transaction, id: i64, line: LineIndex, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE outbox SET state = 'logged', line = $1, settled_at = $2, trouble = NULL
         WHERE id = $3 AND state IN ('waiting', 'sent')",
        values![line, now, id],
    )
    .await
    .map(drop)
}

/// The hub has refused it.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_refused(tx: &mut Transaction, id: i64, refusal: i64, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE outbox SET state = 'refused', refusal = $1, settled_at = $2, trouble = NULL
         WHERE id = $3 AND state IN ('waiting', 'sent')",
        values![refusal, now, id],
    )
    .await
    .map(drop)
}

/// The parcel with this statement, whatever became of it.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn by_statement(tx: &mut Transaction, statement: &[u8]) -> Result<Option<i64>, DatabaseError> {
    let row =
        tx.optional_row("SELECT id FROM outbox WHERE statement = $1 ORDER BY id LIMIT 1", values![statement]).await?;
    row.map(|row| row.read("id")).transpose()
}

/// Statements of a kind that are on their way, or logged at a line that a mirror of `size` lines does not have yet.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn open_statements(tx: &mut Transaction, kind: LineKind, size: u64) -> Result<Vec<Vec<u8>>, DatabaseError> {
    let sql = "SELECT statement FROM outbox WHERE kind = $1 AND statement IS NOT NULL
               AND (state IN ('waiting', 'sent') OR (state = 'logged' AND line >= $2))";
    tx.rows(sql, values![kind as u8, size]).await?.iter().map(|row| row.read("statement")).collect()
}

/// Takes a bundle out that has never left, be it only because it could not be packed. Answers whether it was still here.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn cancel_bundle(tx: &mut Transaction, bundle: i64, now: u64) -> Result<bool, DatabaseError> {
    let rows = tx
        .execute(
            "UPDATE outbox SET state = 'cancelled', settled_at = $1 WHERE bundle = $2 AND state IN ('waiting', 'aside') AND tries = 0",
            values![now, bundle],
        )
        .await?;
    Ok(rows == 1)
}

fn parcel(row: &Row) -> Result<Parcel, DatabaseError> {
    let kind = row.parse("kind", |number: u8| LineKind::of(number).ok_or("the number of a line kind was expected"))?;
    let load = match row.read("bundle")? {
        Some(bundle) => Load::Bundle(bundle),
        None => Load::Statement(kind, row.read("statement")?),
    };
    Ok(Parcel {
        id: row.read("id")?,
        subject: row.read("subject")?,
        load,
        waiting_since: Timestamp(row.read("waiting_since")?),
        tries: row.read("tries")?,
        trouble: row.read("trouble")?,
    })
}
