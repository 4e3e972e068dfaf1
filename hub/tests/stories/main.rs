//! Stories of one hub and a few nodes, in one process, with real QUIC on loopback; on SQLite always, on PostgreSQL when
//! `VRS_TEST_POSTGRES` names a server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod admission;
mod commands;
mod crashes;
mod editions;
mod hostile;
mod reading;
mod releases;
