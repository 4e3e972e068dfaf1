//! The protocol's words as parts of a page: the only module of this crate that knows them. Both consoles show a table and a
//! regional overview in the same way, so they are turned into figures, charts and places here once.
//!
//! In reading order: [`names`] (what the catalogue calls things), [`refusals`] (why not), [`findings`] (what looks wrong), [`cells`] (one cell), [`tables`] (one table), [`overviews`] (a regional compilation).

pub mod catalogues;
pub mod cells;
pub mod findings;
pub mod names;
pub mod overviews;
pub mod refusals;
pub mod tables;

pub use cells::{audience_words, shown};
pub use overviews::OverviewParts;
pub use tables::{metadata_facts, table_figures};
