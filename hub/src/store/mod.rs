//! The only SQL of the hub, one file for each noun.
//!
//! The rule it keeps: functions here run inside a transaction that somebody above has named, take and give types of the
//! protocol, and decide nothing. What belongs together (a line, its body, the head, the checkpoint) is written in one
//! transaction by [`crate::ledger`], so that a crash between any two steps leaves all of it or nothing.
//!
//! What erasing a body guarantees: its row is gone with the transaction that logs the erasure. On SQLite the freed pages
//! are overwritten with zeros (`secure_delete`), in the file from the next checkpoint of its write-ahead log on, and the
//! log's own copy is overwritten as it is used again. On PostgreSQL the row is removed by the next `VACUUM`. Copies
//! elsewhere (snapshots of the disk, backups) are the operator's; a restored backup is swept again before the hub serves.

pub(crate) mod alarms;
pub(crate) mod block_tables;
pub(crate) mod bodies;
pub(crate) mod callers;
pub(crate) mod checkpoints;
pub(crate) mod enrolments;
pub(crate) mod head;
pub(crate) mod invites;
pub(crate) mod lines;
pub(crate) mod trials;

use vrs_runtime::database::Migration;

/// The tables of the hub, without those of the console.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "hub_001_ledger", sql: include_str!("hub_001_ledger.sql") },
    Migration { name: "hub_002_bodies", sql: include_str!("hub_002_bodies.sql") },
    Migration { name: "hub_003_admission", sql: include_str!("hub_003_admission.sql") },
    Migration { name: "hub_004_callers", sql: include_str!("hub_004_callers.sql") },
    Migration { name: "hub_005_alarms", sql: include_str!("hub_005_alarms.sql") },
    Migration { name: "hub_006_trial", sql: include_str!("hub_006_trial.sql") },
];
