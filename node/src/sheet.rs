//! Sheets of agencies: what a person types for one form and period. What a sheet is and how it becomes a file stands in
//! [`vrs_intake::sheet`]; here is whose it is.

use std::collections::BTreeMap;

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;
use vrs_protocol::time::Timestamp;

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

/// What an agency noted beside its figures, for those who work in this node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// On the whole table.
    pub whole: Option<Note>,
    /// On its cells, answered or not.
    pub cells: BTreeMap<Key, Note>,
}

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What was written.
    pub text: String,
    /// The account.
    pub by: String,
    /// When it was first written so.
    pub at: Timestamp,
}

impl Notes {
    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_none() && self.cells.is_empty()
    }

    /// The texts on cells.
    #[must_use]
    pub fn texts(&self) -> BTreeMap<Key, String> {
        self.cells.iter().map(|(key, note)| (key.clone(), note.text.clone())).collect()
    }
}
