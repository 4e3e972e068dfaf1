//! The only SQL of this crate: accounts, sessions, failed sign-ins, second factors and the audit trail.
//!
//! The rule it keeps: functions here run inside a transaction that somebody above has named, take and give this crate's
//! own types, and decide nothing.

use vrs_runtime::database::Migration;

pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod second_factor;
pub(crate) mod sessions;
pub(crate) mod tries;

/// The tables of this crate. A program applies them together with its own:
/// `Database::open(url, dir, &[vrs_console::MIGRATIONS, MIGRATIONS].concat(), &clock)`.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "console_001_accounts", sql: include_str!("console_001_accounts.sql") },
    Migration { name: "console_002_language", sql: include_str!("console_002_language.sql") },
    Migration { name: "console_003_acts", sql: include_str!("console_003_acts.sql") },
    Migration { name: "console_004_second_factor", sql: include_str!("console_004_second_factor.sql") },
];
