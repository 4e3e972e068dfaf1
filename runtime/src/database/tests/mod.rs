//! What both engines promise, told with one text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod migrations;
mod promises;
mod weather;

use super::*;
use crate::testing::Place;
use crate::values;

const VISITS: Migration = Migration {
    name: "harbour_001_visit",
    sql: "-- A ship in the harbour; TEXT and BYTES in comments stay.
CREATE TABLE ship (
  id ID_COLUMN, -- its number; never comes back
  name TEXT NOT NULL CONSTRAINT ship_name UNIQUE,
  flag TEXT NOT NULL CHECK (length(flag) = 2)
);
-- One stay of a ship.
CREATE TABLE visit (
  ship BIGINT NOT NULL CONSTRAINT visit_ship REFERENCES ship (id),
  arrived BIGINT NOT NULL,
  left_at BIGINT,
  papers BYTES,
  remark TEXT,
  CONSTRAINT visit_key PRIMARY KEY (ship, arrived)
);
CREATE UNIQUE INDEX visit_open ON visit (ship) WHERE left_at IS NULL;",
};

const REMARKS: Migration =
    Migration { name: "harbour_002_pilot", sql: "ALTER TABLE visit ADD COLUMN pilot TEXT NOT NULL DEFAULT '';" };

async fn add_ship(database: &Database, name: &str) -> i64 {
    let mut tx = database.begin("add a ship").await.unwrap();
    let row = tx.row("INSERT INTO ship (name, flag) VALUES ($1, $2) RETURNING id", values![name, "NO"]).await.unwrap();
    let id = row.read("id").unwrap();
    tx.commit().await.unwrap();
    id
}

async fn count(database: &Database) -> u64 {
    let mut tx = database.read("count").await.unwrap();
    tx.row("SELECT COUNT(*) AS ships FROM ship", vec![]).await.unwrap().read("ships").unwrap()
}
