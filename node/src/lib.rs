//! The node of one participant: it gathers the figures of the agencies, makes national tables of them, lets two persons
//! release what shall leave, and reads what the participant's own releases earn.
//!
//! The rule it keeps: calls go down only.
//!
//! - edges: `commands` (the command line), [`delivery`] (the only QUIC), `console` (the only HTTP);
//! - [`node`]: what the node can do, one method for each command;
//! - decisions, plain functions on protocol types: [`intake`], [`sheet`], [`national`], [`protection`], [`release`],
//!   [`mirror`];
//! - [`store`]: the only SQL.
//!
//! What may be read, and by whom, is not decided here but in `vrs_protocol`, by the same functions as at the hub.

pub mod calendar;
pub mod cases;
pub mod commands;
pub mod console;
pub mod delivery;

pub mod node;

pub mod evidence;
pub mod findings;
pub use vrs_intake as intake;
pub mod mirror;
pub mod national;
pub mod overview;
pub mod protection;
pub mod reading;
pub mod release;
pub mod sheet;

pub mod store;

pub mod error;
pub mod keys;
pub mod report;
pub mod roles;
mod sentences;
pub mod settings;

#[cfg(test)]
mod testing;

pub use error::NodeError;
pub use node::Node;
// Templates, those of the console among them, say their keys by this name.
pub(crate) use sentences::say;
