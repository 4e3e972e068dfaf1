//! A form: the agreed shape of one table.

use crate::id::{FormCode, TopicCode};
use crate::table::Key;

/// What a form's cells hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One number.
    Number,
    /// Rows the respondent grows, limited to the major ones; the remainder in `_O`.
    List,
    /// A small fixed cross table.
    Cross,
    /// Amounts of money.
    Fees,
    /// Ordered, typed countries.
    Routes,
    /// Coded choices and text.
    Narrative,
}

impl Kind {
    /// Whether its cells are counts: only sums of counts use blocks.
    pub const fn counts(self) -> bool {
        matches!(self, Self::Number | Self::List | Self::Cross)
    }
}

/// One dimension of a form.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// Its name, the heading of its column in files.
    pub code: String,
    /// The list its codes come from.
    pub list: String,
}

/// The agreed shape of one table. A form that changes its shape gets a new code.
#[derive(Debug, Clone)]
pub struct Form {
    /// Stable key.
    pub code: FormCode,
    /// The section it stands in.
    pub section: u8,
    /// Its topic, the unit of Rule 3.
    pub topic: TopicCode,
    /// Displayed number, unique inside the section.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Question text with `{participant}` and `{period}`.
    pub question: String,
    /// What its cells hold.
    pub kind: Kind,
    /// Units a respondent may declare; the first is the default.
    pub units: Vec<String>,
    /// Dimensions in the order of the key.
    pub dimensions: Vec<Dimension>,
    /// Keys of the core cells, whose answers give standing. Empty: any value answers the form.
    pub core: Vec<Key>,
    /// Whether its figures of two periods add up to those of both together (Rule 6).
    pub adds_over_time: bool,
    /// Off unless the region's Charter switches it on.
    pub extension: bool,
    /// The form whose total this one's `_T` repeats.
    pub total_of: Option<FormCode>,
    /// Its parts, with "not known", make up the total.
    pub exhaustive: bool,
    /// The list its choices come from (narrative forms).
    pub choices: Option<String>,
    /// Several choices may be made.
    pub several: bool,
    /// Free text may be written.
    pub text: bool,
    /// Glossary terms its question uses.
    pub terms: Vec<String>,
    /// Help for the respondent.
    pub note: Option<String>,
}
