//! What touches the world: clock, chance, files, configuration, logging, TLS, the QUIC link, the database.
//!
//! The rule it keeps: it knows no word of the domain, and it is the only crate that looks at a clock or at dice.
//! What the domain means is in `vrs-protocol`; what a program does with both is in the programs.
//!
//! In reading order:
//!
//! - [`clock`] and [`random`]: the time and chance that everything else takes as arguments;
//! - [`settings`] and [`logging`]: how a program is told what to do, and how it tells what it did;
//! - [`files`]: files that are whole or not there, and secrets;
//! - [`shutdown`], [`progress`], [`exit`]: how a program stops, waits and ends; [`os_user`]: who started it;
//! - [`tls`]: who is who, under our own authority;
//! - [`link`]: requests, replies and notifications over QUIC;
//! - [`database`]: one portable SQL text on an embedded file or on a server;
//! - [`backup`]: a database in one file, from one engine to the other.

pub mod backup;
pub mod clock;
pub mod database;
pub mod exit;
pub mod files;
pub mod link;
pub mod logging;
pub mod os_user;
pub mod output;
pub mod progress;
pub mod random;
pub mod settings;
pub mod shutdown;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tls;
