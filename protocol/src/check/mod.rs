//! Checks of a table: does it fit its form ([`fits`]), can its shown figures all be true at once ([`feasible`]), and what
//! should a person look at before it is released ([`findings`], [`outliers`] of its own series). Nothing is ever fixed silently.

mod feasible;
mod findings;
mod fits;
mod outliers;

pub use feasible::{Infeasible, feasible, sums_in};
pub use findings::{Context, Finding, Severity, What, findings};
pub use fits::{Misfit, codes_fit, fits};
pub use outliers::{SERIES_MAX, SERIES_MIN, Usual, outliers, usual};
