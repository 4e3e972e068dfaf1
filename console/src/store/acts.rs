//! SQL on the audit trail.

use std::collections::BTreeMap;

use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

use crate::acts::{ActHash, ActsFilter, Chain, Facts, RecordedAct};

/// The end of the trail as the acts have it.
pub(crate) async fn head(tx: &mut Transaction) -> Result<Chain, DatabaseError> {
    let row = tx.optional_row("SELECT number, hash FROM act ORDER BY number DESC LIMIT 1", values![]).await?;
    row.map_or_else(|| Ok(Chain::default()), |row| chain(&row))
}

/// The end of the trail as it was noted beside the acts.
pub(crate) async fn noted(tx: &mut Transaction) -> Result<Chain, DatabaseError> {
    let row = tx.optional_row("SELECT number, hash FROM act_end WHERE id = 1", values![]).await?;
    row.map_or_else(|| Ok(Chain::default()), |row| chain(&row))
}

fn chain(row: &Row) -> Result<Chain, DatabaseError> {
    Ok(Chain { number: row.read("number")?, hash: ActHash(row.read("hash")?) })
}

/// Adds an act at the end.
pub(crate) async fn insert(tx: &mut Transaction, act: &RecordedAct, hash: &ActHash) -> Result<(), DatabaseError> {
    // Maps of texts always become JSON.
    let json = |facts: &Facts| serde_json::to_string(facts).unwrap_or_default();
    tx.execute_exactly(
        1,
        "INSERT INTO act (number, at, account, place, what, subject, facts_before, facts_after, previous, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        values![
            act.number,
            act.at,
            act.account.as_deref(),
            &act.from,
            &act.what,
            &act.subject,
            json(&act.before),
            json(&act.after),
            &act.previous.0,
            &hash.0
        ],
    )
    .await?;
    tx.execute_exactly(
        1,
        "INSERT INTO act_end (id, number, hash) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash",
        values![act.number, &hash.0],
    )
    .await
}

/// Acts after a number in their order, with their hashes.
pub(crate) async fn after(
    tx: &mut Transaction,
    number: u64,
    most: u64,
) -> Result<Vec<(RecordedAct, ActHash)>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT number, at, account, place, what, subject, facts_before, facts_after, previous, hash
             FROM act WHERE number > $1 ORDER BY number LIMIT $2",
            values![number, most],
        )
        .await?;
    rows.iter().map(|row| Ok((act(row)?, ActHash(row.read("hash")?)))).collect()
}

/// When each account did this last.
pub(crate) async fn latest(tx: &mut Transaction, what: &str) -> Result<BTreeMap<String, u64>, DatabaseError> {
    tx.rows(
        "SELECT account, MAX(at) AS latest FROM act WHERE what = $1 AND account IS NOT NULL GROUP BY account",
        values![what],
    )
    .await?
    .iter()
    .map(|row| Ok((row.read("account")?, row.read("latest")?)))
    .collect()
}

/// The codes there are.
pub(crate) async fn codes(tx: &mut Transaction) -> Result<Vec<String>, DatabaseError> {
    tx.rows("SELECT DISTINCT what FROM act ORDER BY what", values![])
        .await?
        .iter()
        .map(|row| row.read("what"))
        .collect()
}

/// How many acts a filter lets through.
pub(crate) async fn count(tx: &mut Transaction, filter: &ActsFilter) -> Result<u64, DatabaseError> {
    let (since, until) = span(filter);
    let row = tx
        .row(
            "SELECT COUNT(*) AS acts FROM act
             WHERE at >= $1 AND at < $2 AND ($3 = '' OR account = $3) AND ($4 = '' OR what = $4)",
            values![since, until, text(&filter.account), text(&filter.what)],
        )
        .await?;
    row.read("acts")
}

/// Acts that a filter lets through, the latest first.
pub(crate) async fn page(
    tx: &mut Transaction,
    filter: &ActsFilter,
    skip: u64,
    most: u64,
) -> Result<Vec<RecordedAct>, DatabaseError> {
    let (since, until) = span(filter);
    let rows = tx
        .rows(
            "SELECT number, at, account, place, what, subject, facts_before, facts_after, previous
             FROM act WHERE at >= $1 AND at < $2 AND ($3 = '' OR account = $3) AND ($4 = '' OR what = $4)
             ORDER BY number DESC LIMIT $5 OFFSET $6",
            values![since, until, text(&filter.account), text(&filter.what), most, skip],
        )
        .await?;
    rows.iter().map(act).collect()
}

/// All instants where none is asked for; the largest number that is stored is one of 63 bits.
fn span(filter: &ActsFilter) -> (u64, i64) {
    let until = filter.until.and_then(|until| i64::try_from(until).ok()).unwrap_or(i64::MAX);
    (filter.since.unwrap_or(0), until)
}

/// No account and no code is empty, so that an empty text asks for all.
fn text(asked: &Option<String>) -> &str {
    asked.as_deref().unwrap_or_default()
}

fn act(row: &Row) -> Result<RecordedAct, DatabaseError> {
    let facts = |text: String| serde_json::from_str::<Facts>(&text).map_err(|cause| cause.to_string());
    Ok(RecordedAct {
        account: row.read("account")?,
        after: row.parse("facts_after", facts)?,
        at: row.read("at")?,
        before: row.parse("facts_before", facts)?,
        from: row.read("place")?,
        number: row.read("number")?,
        previous: ActHash(row.read("previous")?),
        subject: row.read("subject")?,
        what: row.read("what")?,
    })
}
