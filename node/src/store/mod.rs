//! The only SQL of the node, one file per noun: national figures, the mirror of the ledger, releases and what is held of
//! others.
//!
//! The rule it keeps: functions here run inside a transaction that somebody above has named, take and give types of the
//! domain, and decide nothing. One text serves both engines.

pub mod agencies;
pub mod between;
pub mod blocks;
pub mod bodies;
pub mod by_hand;
pub mod calendar;
pub mod cases;
pub mod catalogues;
mod cells;
pub mod charters;
pub mod decisions;
pub mod figures;
pub mod findings;
pub mod flaws;
pub mod ledger;
pub mod link;
pub mod membership;
pub mod notes;
pub mod outbox;
pub mod protection;
pub mod refusals;
pub mod releases;
pub mod remembered;
pub mod sheets;
pub mod terms;
pub mod tokens;

#[cfg(test)]
mod tests;

use vrs_runtime::database::Migration;

/// The tables of the node itself. They are applied together with those of the console, see [`migrations`].
const OWN: &[Migration] = &[
    Migration { name: "node_001_national", sql: include_str!("node_001_national.sql") },
    Migration { name: "node_002_region", sql: include_str!("node_002_region.sql") },
    Migration { name: "node_003_release", sql: include_str!("node_003_release.sql") },
    Migration { name: "node_004_reading", sql: include_str!("node_004_reading.sql") },
    Migration { name: "node_005_flaw", sql: include_str!("node_005_flaw.sql") },
    Migration { name: "node_006_sheet", sql: include_str!("node_006_sheet.sql") },
    Migration { name: "node_007_protection", sql: include_str!("node_007_protection.sql") },
    Migration { name: "node_008_agency", sql: include_str!("node_008_agency.sql") },
    Migration { name: "node_009_reconcile", sql: include_str!("node_009_reconcile.sql") },
    Migration { name: "node_010_findings", sql: include_str!("node_010_findings.sql") },
    Migration { name: "node_011_calendar", sql: include_str!("node_011_calendar.sql") },
    Migration { name: "node_012_token", sql: include_str!("node_012_token.sql") },
    Migration { name: "node_013_terms", sql: include_str!("node_013_terms.sql") },
    Migration { name: "node_014_remembered", sql: include_str!("node_014_remembered.sql") },
    Migration { name: "node_015_note", sql: include_str!("node_015_note.sql") },
    Migration { name: "node_016_taken_back", sql: include_str!("node_016_taken_back.sql") },
    Migration { name: "node_017_between", sql: include_str!("node_017_between.sql") },
    Migration { name: "node_018_catalogues", sql: include_str!("node_018_catalogues.sql") },
    Migration { name: "node_019_prepared_from", sql: include_str!("node_019_prepared_from.sql") },
];

/// Every table of a node's database.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    [vrs_console::MIGRATIONS, OWN].concat()
}
