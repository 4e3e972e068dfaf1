//! SQL on second factors and recovery codes.

use vrs_runtime::{
    database::{DatabaseError, Transaction},
    values,
};

/// A second factor as stored.
pub(crate) struct Stored {
    pub(crate) secret: [u8; 20],
    pub(crate) confirmed: bool,
    pub(crate) last_step: u64,
    pub(crate) created_at: u64,
}

pub(crate) async fn find(tx: &mut Transaction, account_id: i64) -> Result<Option<Stored>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT secret, confirmed, last_step, created_at FROM second_factor WHERE account_id = $1",
            values![account_id],
        )
        .await?;
    row.map(|row| {
        Ok(Stored {
            secret: row.read("secret")?,
            confirmed: row.read("confirmed")?,
            last_step: row.read("last_step")?,
            created_at: row.read("created_at")?,
        })
    })
    .transpose()
}

/// Whether the person has one that counts.
pub(crate) async fn is_confirmed(tx: &mut Transaction, account_id: i64) -> Result<bool, DatabaseError> {
    Ok(find(tx, account_id).await?.is_some_and(|stored| stored.confirmed))
}

/// Keeps a secret that the person has still to confirm. One that counts already is not touched.
pub(crate) async fn put_pending(
    tx: &mut Transaction,
    account_id: i64,
    secret: &[u8; 20],
    now: u64,
) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM second_factor WHERE account_id = $1 AND confirmed = 0", values![account_id]).await?;
    tx.execute_exactly(
        1,
        "INSERT INTO second_factor (account_id, secret, confirmed, last_step, created_at) VALUES ($1, $2, 0, 0, $3)",
        values![account_id, secret, now],
    )
    .await
}

/// From now on it counts.
pub(crate) async fn confirm(tx: &mut Transaction, account_id: i64, step: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE second_factor SET confirmed = 1, last_step = $1 WHERE account_id = $2 AND confirmed = 0",
        values![step, account_id],
    )
    .await
}

/// The code of this step was accepted; says no when it, or a later one, was before.
pub(crate) async fn use_step(tx: &mut Transaction, account_id: i64, step: u64) -> Result<bool, DatabaseError> {
    let rows = tx
        .execute(
            "UPDATE second_factor SET last_step = $1 WHERE account_id = $2 AND confirmed = 1 AND last_step < $1",
            values![step, account_id],
        )
        .await?;
    Ok(rows == 1)
}

pub(crate) async fn delete(tx: &mut Transaction, account_id: i64) -> Result<bool, DatabaseError> {
    tx.execute("DELETE FROM recovery_code WHERE account_id = $1", values![account_id]).await?;
    Ok(tx.execute("DELETE FROM second_factor WHERE account_id = $1", values![account_id]).await? > 0)
}

pub(crate) async fn put_codes(
    tx: &mut Transaction,
    account_id: i64,
    hashes: Vec<[u8; 32]>,
) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM recovery_code WHERE account_id = $1", values![account_id]).await?;
    let rows = hashes.iter().map(|hash| values![account_id, hash]).collect();
    tx.insert("INSERT INTO recovery_code (account_id, hash) VALUES", rows).await
}

/// Takes a recovery code out; says no when there is none of this hash.
pub(crate) async fn use_code(tx: &mut Transaction, account_id: i64, hash: &[u8; 32]) -> Result<bool, DatabaseError> {
    let sql = "DELETE FROM recovery_code WHERE account_id = $1 AND hash = $2";
    Ok(tx.execute(sql, values![account_id, hash]).await? == 1)
}

pub(crate) async fn count_codes(tx: &mut Transaction, account_id: i64) -> Result<u64, DatabaseError> {
    let sql = "SELECT COUNT(*) AS codes FROM recovery_code WHERE account_id = $1";
    tx.row(sql, values![account_id]).await?.read("codes")
}
