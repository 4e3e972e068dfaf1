//! Charts, drawn on the server as SVG.
//!
//! The rule it keeps: a chart never shows more than the figures say. What is not known has a pattern and a word, never a
//! length; bounds show their known part solid and the open part as an outline. Text stays text, every drawing has a title
//! and a description, and its figures stand in a table right below it. Each chart is laid out by a pure function, tested by
//! its numbers, and printed by a template, tested against a golden file.
//!
//! In reading order: [`geometry`] and [`palette`] (lengths, ticks, colours), [`classes`] (five steps of one hue), then the
//! charts: [`Bars`], [`Stacked`], [`Lines`], [`Heat`].
//!
//! What is not here: maps ([`crate::map`]), and any decision on what to compare.

pub mod bars;
pub mod classes;
pub mod drawing;
pub mod geometry;
pub mod heat;
pub mod lines;
pub mod palette;
pub mod stacked;

pub use bars::{Bar, Bars};
pub use classes::Classes;
pub use drawing::Drawing;
pub use heat::Heat;
pub use lines::{Lines, Panel};
pub use stacked::{Stack, Stacked};
