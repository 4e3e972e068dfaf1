//! The store on SQLite always, and on PostgreSQL when there is a server for tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod national;
mod protection;
mod reconcile;
mod region;
mod release;

use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;
use vrs_runtime::database::{Database, Transaction};
use vrs_runtime::testing::Place;

use super::migrations;

/// Runs a test on a fresh database of each engine.
async fn on_each(test: impl AsyncFn(&Database)) {
    for place in Place::each().await {
        let database = place.open(&migrations()).await;
        test(&database).await;
        database.close().await;
    }
}

async fn write(database: &Database) -> Transaction {
    database.begin("test").await.unwrap()
}

fn form(text: &str) -> FormCode {
    FormCode::parse(text).unwrap()
}

fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

fn key(text: &str) -> Key {
    Key(text.split('/').filter(|code| !code.is_empty()).map(|code| Code::parse(code).unwrap()).collect())
}
