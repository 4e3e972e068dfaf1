//! Stories in a real browser.
//!
//! They run when `VRS_TEST_BROWSER` is set (`tests/run` sets it and installs Chromium); otherwise they say that they are skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

mod desk;
mod driver;
mod everybody;
