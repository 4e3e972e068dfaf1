//! Sheets of agencies: what a person types for one form and period. What a sheet is and how it becomes a file stands in
//! [`vrs_intake::sheet`]; here is whose it is.

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

pub use vrs_intake::sheet::*;

use crate::national::AgencyCode;

/// Whose sheet it is and what it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The agency.
    pub agency: AgencyCode,
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
}
