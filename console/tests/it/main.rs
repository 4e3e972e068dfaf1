//! The console as a browser meets it: requests in, pages out, on a real database and a clock that is moved by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod browser;
mod edges;
mod engines;
mod golden;
mod listening;
mod sign_in;
mod templates;
