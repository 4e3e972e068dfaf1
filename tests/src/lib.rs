//! Stories across programs, and what they are told with.
//!
//! - [`World`]: a region in one process, with a real link, real databases and a clock that only the story moves;
//! - [`Network`]: the wires between the nodes and the hub, which can be cut;
//! - [`programs`]: the built programs, for stories across real processes.
//!
//! The rule it keeps: a story never sleeps to wait for an effect; it asks the node to synchronise, or moves the clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on should stop loudly

pub mod network;
pub mod programs;
pub mod world;

pub use network::Network;
pub use world::{HubSeat, Seat, World};
