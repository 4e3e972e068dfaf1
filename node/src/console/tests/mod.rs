//! Pages, asked for as a browser does: at a node that has nothing yet, and at one in a region with figures, releases in
//! every state and peers that share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod acts;
mod assistant;
mod browser;
mod catalogues;
mod desk;
mod help;
mod languages;
mod nothing;
mod operators;
mod pages;
mod reconcile;
mod roles;
mod sample;
mod sheets;

pub(super) use browser::Browser;
pub(super) use sample::Sample;
