//! SQL on sessions and the messages waiting for their next page.

use vrs_runtime::{
    database::{DatabaseError, Transaction},
    values,
};

use super::{accounts, second_factor};
use crate::{
    accounts::Operator,
    layout::{Message, Tone},
    sessions::Stage,
};

/// A session as stored, with its owner.
pub(crate) struct Stored {
    pub(crate) id_hash: [u8; 32],
    pub(crate) operator: Operator,
    pub(crate) account_disabled: bool,
    pub(crate) created_at: u64,
    pub(crate) last_used_at: u64,
    pub(crate) stage: Stage,
}

/// One line of a person's own list.
pub(crate) struct Line {
    pub(crate) id_hash: [u8; 32],
    pub(crate) created_at: u64,
    pub(crate) last_used_at: u64,
    pub(crate) address: String,
}

pub(crate) async fn insert(
    tx: &mut Transaction,
    id_hash: &[u8; 32],
    account_id: i64,
    address: &str,
    stage: Stage,
    now: u64,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO session (id_hash, account_id, created_at, last_used_at, address, stage)
         VALUES ($1, $2, $3, $4, $5, $6)",
        values![id_hash, account_id, now, now, address, stage.code()],
    )
    .await
}

pub(crate) async fn find(tx: &mut Transaction, id_hash: &[u8; 32]) -> Result<Option<Stored>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT s.created_at, s.last_used_at, s.stage, a.id, a.name, a.display_name, a.agency, a.language, a.disabled
             FROM session s JOIN account a ON a.id = s.account_id WHERE s.id_hash = $1",
            values![id_hash],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let id = row.read("id")?;
    Ok(Some(Stored {
        id_hash: *id_hash,
        operator: Operator {
            id,
            name: row.read("name")?,
            display_name: row.read("display_name")?,
            roles: accounts::roles(tx, id).await?,
            agency: row.read("agency")?,
            language: row.read("language")?,
            second_factor: second_factor::is_confirmed(tx, id).await?,
        },
        account_disabled: row.read("disabled")?,
        created_at: row.read("created_at")?,
        last_used_at: row.read("last_used_at")?,
        stage: row.parse("stage", |code: Option<String>| {
            Stage::of(code.as_deref()).ok_or("code, enrol or nothing was expected")
        })?,
    }))
}

pub(crate) async fn of_account(tx: &mut Transaction, account_id: i64) -> Result<Vec<Line>, DatabaseError> {
    tx.rows(
        "SELECT id_hash, created_at, last_used_at, address FROM session
         WHERE account_id = $1 AND stage IS NULL ORDER BY last_used_at DESC, id_hash",
        values![account_id],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Line {
            id_hash: row.read("id_hash")?,
            created_at: row.read("created_at")?,
            last_used_at: row.read("last_used_at")?,
            address: row.read("address")?,
        })
    })
    .collect()
}

/// A session may have ended meanwhile, so changing no row is no conflict.
pub(crate) async fn touch(tx: &mut Transaction, id_hash: &[u8; 32], now: u64) -> Result<(), DatabaseError> {
    tx.execute("UPDATE session SET last_used_at = $1 WHERE id_hash = $2", values![now, id_hash]).await.map(drop)
}

/// Ending what has ended already is no conflict either.
pub(crate) async fn delete(tx: &mut Transaction, id_hash: &[u8; 32]) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM session WHERE id_hash = $1", values![id_hash]).await.map(drop)
}

/// Ends the sessions of an account, but for the one to keep, if one is named.
pub(crate) async fn delete_of_account(
    tx: &mut Transaction,
    account_id: i64,
    but: Option<&[u8; 32]>,
) -> Result<u64, DatabaseError> {
    // No hash is empty, so an absent one keeps nothing.
    let but = but.map_or(Vec::new(), |hash| hash.to_vec());
    tx.execute("DELETE FROM session WHERE account_id = $1 AND id_hash <> $2", values![account_id, but]).await
}

/// Forgets what can never be used again.
pub(crate) async fn delete_older(
    tx: &mut Transaction,
    created_before: u64,
    last_used_before: u64,
) -> Result<u64, DatabaseError> {
    tx.execute(
        "DELETE FROM session WHERE created_at < $1 OR last_used_at < $2",
        values![created_before, last_used_before],
    )
    .await
}

pub(crate) async fn insert_message(
    tx: &mut Transaction,
    id_hash: &[u8; 32],
    message: &Message,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO session_message (session_id_hash, tone, text) VALUES ($1, $2, $3)",
        values![id_hash, message.tone.class(), &message.text],
    )
    .await
}

pub(crate) async fn messages(tx: &mut Transaction, id_hash: &[u8; 32]) -> Result<Vec<Message>, DatabaseError> {
    tx.rows("SELECT id, tone, text FROM session_message WHERE session_id_hash = $1 ORDER BY id", values![id_hash])
        .await?
        .iter()
        .map(|row| {
            let known = |class: String| Tone::from_class(&class).ok_or("good, plain, caution or bad was expected");
            Ok(Message { tone: row.parse("tone", known)?, text: row.read("text")? })
        })
        .collect()
}

pub(crate) async fn delete_messages(tx: &mut Transaction, id_hash: &[u8; 32]) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM session_message WHERE session_id_hash = $1", values![id_hash]).await.map(drop)
}
