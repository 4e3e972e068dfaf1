//! SQL on releases: the desk, and what became of what left it.
//!
//! Every change of state names the states it may come from, so that two processes of one node can work on the same
//! release: the second one changes no row.

use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex};
use vrs_protocol::period::Period;
use vrs_protocol::release::{Manifest, Nonce, Operator};
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use super::figures::subject;
use crate::release::{Ended, Origin, Release, State};

/// Terms that a person has chosen; nothing is packed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDraft {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Who may get the figures.
    pub audience: AudienceChoice,
    /// How it came to be on the desk.
    pub origin: Origin,
    /// Who prepares it.
    pub prepared_by: Operator,
}

/// The bytes of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// What is signed.
    pub manifest: Manifest,
    /// The nonce before the body.
    pub nonce: Nonce,
    /// The padded body.
    pub body: Vec<u8>,
    /// COSE_Sign1 around the manifest, once it is signed.
    pub statement: Option<Vec<u8>>,
}

/// Columns of a [`Release`], without its bytes.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, bundle, form, period, audience, state, origin, revision, statement_id, line, prepared_by, prepared_at,
             approved_by, approved_at, signed_at, sent_at, logged_at, final_at, ended_at, ended_by, refusal, note FROM release ",
            $rest
        )
    };
}

/// Puts terms on the desk and returns the number of the release. `bundle` is the number of the first of those that are
/// decided together; `None` for the first itself.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add_draft(
    tx: &mut Transaction,
    new: &NewDraft,
    bundle: Option<i64>,
    now: u64,
) -> Result<i64, DatabaseError> {
    let row = tx
        .row(
            "INSERT INTO release (bundle, form, period, audience, state, origin, prepared_by, prepared_at)
             VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7) RETURNING id",
            values![
                bundle,
                new.form.as_str(),
                new.period.to_string(),
                new.audience.to_string(),
                new.origin.word(),
                &new.prepared_by.0,
                now
            ],
        )
        .await?;
    let id: i64 = row.read("id")?;
    if bundle.is_none() {
        tx.execute_exactly(1, "UPDATE release SET bundle = $1 WHERE id = $2", values![id, id]).await?;
    }
    Ok(id)
}

/// Fixes the bytes of a draft.
///
/// # Errors
/// [`DatabaseError::Conflict`] when it is no draft any more.
pub async fn set_prepared(
    tx: &mut Transaction,
    id: i64,
    manifest: &Manifest,
    nonce: &Nonce,
    body: &[u8],
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE release SET state = 'prepared', revision = $1, manifest = $2, nonce = $3, body = $4
         WHERE id = $5 AND state = 'draft'",
        values![manifest.revision, codec::to_bytes(manifest), nonce.0, body, id],
    )
    .await
}

/// Damages a release as a bad disk would.
#[cfg(test)]
pub(crate) async fn lose_bytes(tx: &mut Transaction, id: i64) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "UPDATE release SET body = NULL WHERE id = $1", values![id]).await
}

/// A second person has approved.
///
/// # Errors
/// [`DatabaseError::Conflict`] when it does not wait for approval, or the same person prepared it.
pub async fn set_approved(tx: &mut Transaction, id: i64, by: &Operator, now: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE release SET state = 'approved', approved_by = $1, approved_at = $2
         WHERE id = $3 AND state = 'prepared' AND prepared_by <> $1",
        values![&by.0, now, id],
    )
    .await
}

/// The node has signed.
///
/// # Errors
/// [`DatabaseError::Conflict`] when it is not approved.
pub async fn set_signed(
    tx: &mut Transaction,
    id: i64,
    statement: &[u8],
    statement_id: Hash,
    now: u64,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE release SET state = 'signed', statement = $1, statement_id = $2, signed_at = $3
         WHERE id = $4 AND state = 'approved'",
        values![statement, statement_id.0, now, id],
    )
    .await
}

/// A bundle leaves; from now on the hub may have it.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_sent(tx: &mut Transaction, bundle: i64, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE release SET state = 'sent', sent_at = $1 WHERE bundle = $2 AND state = 'signed'",
        values![now, bundle],
    )
    .await
    .map(drop)
}

/// The hub says that it stands at a line.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_logged(tx: &mut Transaction, id: i64, line: LineIndex, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE release SET state = 'logged', line = $1, logged_at = $2 WHERE id = $3 AND state IN ('signed', 'sent')",
        values![line, now, id],
    )
    .await
    .map(drop)
}

/// This node has verified that it stands at a line.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_final(tx: &mut Transaction, id: i64, line: LineIndex, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE release SET state = 'final', line = $1, logged_at = COALESCE(logged_at, $2), final_at = $3
         WHERE id = $4 AND state IN ('signed', 'sent', 'logged')",
        values![line, now, now, id],
    )
    .await
    .map(drop)
}

/// A line has ended it.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_ended(tx: &mut Transaction, id: i64, ended: &Ended, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE release SET state = $1, ended_by = $2, note = $3, ended_at = $4
         WHERE id = $5 AND state NOT IN ('replaced', 'withdrawn', 'refused')",
        values![ended.state.word(), ended.by, ended.note.as_deref(), now, id],
    )
    .await
    .map(drop)
}

/// The hub has refused a bundle.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_refused(tx: &mut Transaction, bundle: i64, refusal: i64, now: u64) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE release SET state = 'refused', refusal = $1, ended_at = $2 WHERE bundle = $3 AND state IN ('signed', 'sent')",
        values![refusal, now, bundle],
    )
    .await
    .map(drop)
}

/// A release by its number.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, id: i64) -> Result<Option<Release>, DatabaseError> {
    let row = tx.optional_row(select!("WHERE id = $1"), values![id]).await?;
    row.as_ref().map(release).transpose()
}

/// The releases that are decided together, in the order in which they are sent.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn of_bundle(tx: &mut Transaction, bundle: i64) -> Result<Vec<Release>, DatabaseError> {
    tx.rows(select!("WHERE bundle = $1 ORDER BY id"), values![bundle]).await?.iter().map(release).collect()
}

/// All releases, newest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction) -> Result<Vec<Release>, DatabaseError> {
    tx.rows(select!("ORDER BY id DESC"), values![]).await?.iter().map(release).collect()
}

/// Releases in a state, oldest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn in_state(tx: &mut Transaction, state: State) -> Result<Vec<Release>, DatabaseError> {
    tx.rows(select!("WHERE state = $1 ORDER BY id"), values![state.word()]).await?.iter().map(release).collect()
}

/// A release by the hash of its statement.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn by_statement(tx: &mut Transaction, id: Hash) -> Result<Option<Release>, DatabaseError> {
    let row = tx.optional_row(select!("WHERE statement_id = $1"), values![id.0]).await?;
    row.as_ref().map(release).transpose()
}

/// The bytes of a release, from prepared on.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn packed(tx: &mut Transaction, id: i64) -> Result<Option<Packed>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT id, manifest, nonce, body, statement FROM release WHERE id = $1 AND body IS NOT NULL",
            values![id],
        )
        .await?;
    row.map(|row| {
        Ok(Packed {
            manifest: row.parse("manifest", |bytes: Vec<u8>| codec::decode_strict(&bytes))?,
            nonce: Nonce(row.read("nonce")?),
            body: row.read("body")?,
            statement: row.read("statement")?,
        })
    })
    .transpose()
}

/// Records that a table stays at home.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add_keep(
    tx: &mut Transaction,
    form: &FormCode,
    period: Period,
    by: &Operator,
    now: u64,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO keep_decision (form, period, decided_by, decided_at) VALUES ($1, $2, $3, $4)",
        values![form.as_str(), period.to_string(), &by.0, now],
    )
    .await
}

/// A decision to keep a table at home.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Kept {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// A release of the same table that has not ended: the decision does not take it back.
    pub released: Option<i64>,
}

/// The latest release of a table that has not ended.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn open_of(tx: &mut Transaction, form: &FormCode, period: Period) -> Result<Option<i64>, DatabaseError> {
    let row = tx
        .row(
            "SELECT MAX(id) AS id FROM release
             WHERE form = $1 AND period = $2 AND state NOT IN ('replaced', 'withdrawn', 'refused')",
            values![form.as_str(), period.to_string()],
        )
        .await?;
    row.read("id")
}

/// Tables that stay at home, newest decision first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn kept(tx: &mut Transaction) -> Result<Vec<Kept>, DatabaseError> {
    let rows = tx
        .rows("SELECT id, form, period, decided_by, decided_at FROM keep_decision ORDER BY id DESC", values![])
        .await?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in &rows {
        let (form, period) = subject(row)?;
        let released = open_of(tx, &form, period).await?;
        let (by, at) = (row.read("decided_by")?, Timestamp(row.read("decided_at")?));
        kept.push(Kept { form, period, by, at, released });
    }
    Ok(kept)
}

fn release(row: &Row) -> Result<Release, DatabaseError> {
    let (form, period) = subject(row)?;
    let instant = |column| Ok::<_, DatabaseError>(row.read::<Option<u64>>(column)?.map(Timestamp));
    Ok(Release {
        id: row.read("id")?,
        bundle: row.read("bundle")?,
        form,
        period,
        audience: row.parse("audience", |text: String| AudienceChoice::parse(&text))?,
        state: row.parse("state", |word: String| State::parse(&word))?,
        origin: row.parse("origin", |word: String| Origin::parse(&word))?,
        revision: row.read("revision")?,
        statement_id: row.read::<Option<[u8; 32]>>("statement_id")?.map(Hash),
        line: row.read("line")?,
        prepared_by: Operator(row.read("prepared_by")?),
        prepared_at: Timestamp(row.read("prepared_at")?),
        approved_by: row.read::<Option<String>>("approved_by")?.map(Operator),
        approved_at: instant("approved_at")?,
        signed_at: instant("signed_at")?,
        sent_at: instant("sent_at")?,
        logged_at: instant("logged_at")?,
        final_at: instant("final_at")?,
        ended_at: instant("ended_at")?,
        ended_by: row.read("ended_by")?,
        refusal: row.read("refusal")?,
        note: row.read("note")?,
    })
}
