//! The console as a browser meets it: requests in, pages out, on a real database and a clock that is moved by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// Templates say their keys by the name the crate has at its root.
pub(crate) use vrs_console::say;

mod accounts;
mod acts;
mod browser;
mod edges;
mod engines;
mod golden;
mod listening;
mod second_factor;
mod sign_in;
mod templates;
mod words;
