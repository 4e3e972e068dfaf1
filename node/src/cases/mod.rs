//! The cases of several agencies, each counted once. How a case is kept stands in [`vrs_intake::case_sets`].

pub mod distinct;

pub use vrs_intake::case_sets::*;
