//! Checks of a table: does it fit its form ([`fits`]), can its shown figures all be true at once ([`feasible`]), and what
//! should a person look at before it is released ([`findings`]). Nothing is ever fixed silently.

mod feasible;
mod findings;
mod fits;

pub use feasible::{Infeasible, feasible, sums_in};
pub use findings::{Context, Finding, Severity, What, findings};
pub use fits::{Misfit, fits};
