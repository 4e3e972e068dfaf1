//! SQL on accounts and their roles.

use std::collections::BTreeSet;

use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

use super::second_factor;
use crate::accounts::{Account, NewAccount, Operator};

/// Adds an account with its roles and returns its number.
pub(crate) async fn insert(
    tx: &mut Transaction,
    new: &NewAccount,
    password_hash: &str,
    now: u64,
) -> Result<i64, DatabaseError> {
    let row = tx
        .row(
            "INSERT INTO account (name, display_name, agency, password_hash, disabled, created_at)
             VALUES ($1, $2, $3, $4, 0, $5) RETURNING id",
            values![new.name(), &new.display_name, new.agency.as_deref(), password_hash, now],
        )
        .await?;
    let id = row.read("id")?;
    insert_roles(tx, id, &new.roles).await?;
    Ok(id)
}

/// All accounts by name.
pub(crate) async fn list(tx: &mut Transaction) -> Result<Vec<Account>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT id, name, display_name, agency, language, disabled, created_at FROM account ORDER BY name",
            values![],
        )
        .await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in &rows {
        accounts.push(account(tx, row).await?);
    }
    Ok(accounts)
}

/// The account of this name, with its password hash.
pub(crate) async fn find(tx: &mut Transaction, name: &str) -> Result<Option<(Account, String)>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT id, name, display_name, agency, language, password_hash, disabled, created_at FROM account WHERE name = $1",
            values![name],
        )
        .await?;
    match row {
        Some(row) => Ok(Some((account(tx, &row).await?, row.read("password_hash")?))),
        None => Ok(None),
    }
}

/// The roles of an account.
pub(crate) async fn roles(tx: &mut Transaction, account_id: i64) -> Result<BTreeSet<String>, DatabaseError> {
    tx.rows("SELECT role FROM account_role WHERE account_id = $1 ORDER BY role", values![account_id])
        .await?
        .iter()
        .map(|row| row.read("role"))
        .collect()
}

/// Lets an account sign in, or no longer.
pub(crate) async fn set_disabled(tx: &mut Transaction, account_id: i64, disabled: bool) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "UPDATE account SET disabled = $1 WHERE id = $2", values![disabled, account_id]).await
}

/// Remembers the language.
pub(crate) async fn set_language(tx: &mut Transaction, account_id: i64, tag: &str) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "UPDATE account SET language = $1 WHERE id = $2", values![tag, account_id]).await
}

/// Replaces the password hash.
pub(crate) async fn set_password_hash(
    tx: &mut Transaction,
    account_id: i64,
    password_hash: &str,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "UPDATE account SET password_hash = $1 WHERE id = $2", values![password_hash, account_id])
        .await
}

/// Replaces the roles.
pub(crate) async fn set_roles(
    tx: &mut Transaction,
    account_id: i64,
    roles: &BTreeSet<String>,
) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM account_role WHERE account_id = $1", values![account_id]).await?;
    insert_roles(tx, account_id, roles).await
}

/// Sets the agency, or none.
pub(crate) async fn set_agency(
    tx: &mut Transaction,
    account_id: i64,
    agency: Option<&str>,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "UPDATE account SET agency = $1 WHERE id = $2", values![agency, account_id]).await
}

async fn insert_roles(tx: &mut Transaction, account_id: i64, roles: &BTreeSet<String>) -> Result<(), DatabaseError> {
    for role in roles {
        tx.execute_exactly(1, "INSERT INTO account_role (account_id, role) VALUES ($1, $2)", values![account_id, role])
            .await?;
    }
    Ok(())
}

async fn account(tx: &mut Transaction, row: &Row) -> Result<Account, DatabaseError> {
    let id = row.read("id")?;
    Ok(Account {
        operator: Operator {
            id,
            name: row.read("name")?,
            display_name: row.read("display_name")?,
            roles: roles(tx, id).await?,
            agency: row.read("agency")?,
            language: row.read("language")?,
            second_factor: second_factor::is_confirmed(tx, id).await?,
        },
        disabled: row.read("disabled")?,
        created_at: row.read("created_at")?,
    })
}
