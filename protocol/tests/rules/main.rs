//! The rule of mutual sharing, sentence by sentence: each test is one sentence of the design, told with a region in memory
//! whose every line is judged as it is by a hub and by every mirror.
//!
//! In reading order: the example, Rule 1 (`figures`), Rule 2 and the readers of blocks (`regional`), Rule 3 (`kinds`,
//! `forming`, `block_figures`), Rule 4 (`erasures`), Rule 5 (`servings`), Rule 6 (`time`), what any line must keep
//! (`lines`), and what holds for every history (`always`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod always;
mod block_figures;
mod erasures;
mod example;
mod figures;
mod forming;
mod kinds;
mod lines;
mod regional;
mod servings;
mod time;
