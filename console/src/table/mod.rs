//! Tables and their small companions, as values that print themselves: `{{ table }}` in a template.
//!
//! The rule it keeps: numbers stand right-aligned under their heading, every table has a caption and scoped headings, and
//! whatever stands in a number's place is explained below the table.
//!
//! - [`FigureTable`]: rows of figures, texts, links and dates
//! - [`Matrix`]: participants by forms, one mark a cell
//! - [`Definition`]: what a term means, opened in place
//! - [`Pages`]: which part of a long list this is
//!
//! What is not here: sorting and filtering, which happen in the store and stand in the address.

mod definition;
mod figures;
mod matrix;
mod pages;

pub use definition::Definition;
pub use figures::{Cell, Column, Figure, FigureTable, Mark, Row};
pub use matrix::{Head, Matrix, MatrixCell, MatrixRow};
pub use pages::{PAGE_ROWS, Pages};
