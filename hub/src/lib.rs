//! The hub of a region: it takes signed releases over mutually authenticated QUIC, writes them to a ledger that everybody
//! can check, serves each participant exactly what its own contributions earn, and compiles regional overviews.
//!
//! The rule it keeps is the region's: a right to read is computed from the signed ledger, before anything is served; and
//! calls go downward only:
//!
//! ```text
//! listener · console · commands                         the edges: the only QUIC, the only HTTP, the command line
//! intake · reading · admission · edition                the decisions: plain functions on protocol types
//! ledger                                                the region in memory, and the one who writes lines
//! store                                                 the only SQL
//! ```
//!
//! In reading order: [`hub`] (the handle on everything), [`config`] and `keys` (what it needs), [`ledger`], then the
//! decisions, then the edges. The domain and its rules are not here but in `vrs-protocol`.

pub mod admission;
pub mod audit;
pub mod commands;
pub mod config;
pub mod console;
pub mod edition;
pub mod hub;
mod intake;
mod keys;
pub mod ledger;
mod listener;
pub mod problem;
mod reading;
pub mod report;
pub mod roles;
mod sentences;
mod store;
mod turns;

pub use hub::Hub;
pub use problem::HubError;
// Templates, those of the console among them, say their keys by this name.
pub(crate) use sentences::say;
pub use store::{
    MIGRATIONS,
    alarms::{Alarm, AlarmCause},
    callers::Caller,
};
