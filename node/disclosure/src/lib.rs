//! Disclosure control: which cells of a topic's tables are hidden before they leave the country, why, and the proof that what is
//! shown, together with everything ever shown before, gives no small number away. Plain functions on protocol types: no
//! file, clock or dice; a seed and a budget of steps are arguments.
//!
//! The rule it keeps: a release is safe when for each small or withheld cell there are two complete tables in whole numbers that
//! agree with every released value and differ in that cell by at least the policy's width. Anyone can check that by addition
//! ([`verify`]). What cannot be proven within the budget is not releasable, with the cells named.
//!
//! In reading order:
//!
//! - [`policy`] what is small; [`request`] what the engine is asked; [`decision`] what it answers;
//! - [`cells`] names of cells and the reader of tables; [`system`] every sum an outsider can write down;
//! - [`primary`] what must be protected; [`model`] the system as numbers; [`eliminate`] Gauss-Jordan elimination;
//! - [`start`] the first pattern; [`solver`] linear programs; [`integers`], [`pool`] witnesses in whole numbers;
//! - [`extend`] the pattern grows; [`insiders`] who knows a hidden cell; [`clean_up`] the pattern shrinks; [`prove`] the proof;
//! - [`engine`] the order of all that; [`explain`] how a cell could be derived;
//! - [`verify`] the audit by addition, which shares only [`cells`] with the rest; [`rounding`] the alternative without holes.
//!
//! Not here: what the ledger of a node is and how it is read, the manifest's policy number, pages, and who may override.

pub mod cells;
pub mod clean_up;
pub mod decision;
pub mod eliminate;
pub mod engine;
pub mod explain;
pub mod extend;
pub mod insiders;
pub mod integers;
pub mod model;
pub mod policy;
pub mod pool;
pub mod primary;
pub mod prove;
pub mod request;
pub mod rounding;
pub mod solver;
pub mod start;
pub mod system;
pub mod verify;
