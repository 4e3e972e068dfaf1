//! Opening a server, with the settings that safety rests on checked on every connection.
//!
//! Writers wait for one advisory lock at the beginning of their transaction, in all processes that use the database.
//! So writing is as strictly ordered as on the embedded engine, and a store needs no second way of thinking. At the
//! pace of this system, a few writes a second at the most, that costs nothing.

use std::str::FromStr;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Executor, Row};

use super::constraint::ConstraintNames;
use super::error::DatabaseError;
use super::{ACQUIRE_WAIT, READERS, may_serve_again};

/// Begins a writing transaction; the lock is taken by the next statement.
pub(super) const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

/// Begins a reading transaction that sees one state throughout, as on the embedded engine.
pub(super) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Takes the writers' lock until the transaction ends. READ COMMITTED then sees all that earlier holders wrote. The
/// number only has to be the same in every program that shares the database.
pub(super) const LOCK_WRITERS: &str = "SELECT pg_advisory_xact_lock(6220271957)";

/// Set on each connection. A writer waits 5 seconds for its lock, as on the embedded engine; a program that hangs
/// inside a transaction loses the lock after five minutes instead of stopping all others.
const SETTINGS: [&str; 3] =
    ["SET lock_timeout = '5s'", "SET idle_in_transaction_session_timeout = '5min'", "SET bytea_output = 'hex'"];

/// Opens the pools.
pub(super) async fn open(url: &str) -> Result<(AnyPool, AnyPool), DatabaseError> {
    // Neither the address nor the error of parsing it is passed on: both may hold the password.
    let options = AnyConnectOptions::from_str(url)
        .map_err(|_| DatabaseError::Unsuitable("the address of the PostgreSQL database cannot be read".into()))?
        .disable_statement_logging();
    let refused = |error: sqlx::Error| DatabaseError::sort(&error, "open the database", &ConstraintNames::default());
    // Tried alone first, because a pool answers every refusal of `set_up` with a time-out.
    let mut first = AnyConnection::connect_with(&options).await.map_err(refused)?;
    set_up(&mut first).await.map_err(refused)?;
    first.close().await.map_err(refused)?;
    let writer = pool(1).connect_with(options.clone()).await.map_err(refused)?;
    let readers = pool(READERS).connect_with(options).await.map_err(refused)?;
    Ok((writer, readers))
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_WAIT)
        .after_connect(|connection, _| Box::pin(set_up(connection)))
        .after_release(|connection, _| Box::pin(may_serve_again(connection)))
}

async fn set_up(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    for setting in SETTINGS {
        connection.execute(setting).await?;
    }
    let encoding = ask(connection, "SHOW server_encoding").await?;
    if encoding != "UTF8" {
        let sentence = format!("the PostgreSQL database has the encoding {encoding}; create it with ENCODING 'UTF8'");
        return Err(sqlx::Error::Configuration(sentence.into()));
    }
    let durable = ask(connection, "SHOW synchronous_commit").await?;
    if durable == "off" {
        let sentence = "PostgreSQL runs with synchronous_commit = off and may forget what it confirmed; set it to on";
        return Err(sqlx::Error::Configuration(sentence.into()));
    }
    Ok(())
}

async fn ask(connection: &mut AnyConnection, sql: &'static str) -> Result<String, sqlx::Error> {
    connection.fetch_one(sql).await?.try_get(0)
}
