//! Code lists: the values a dimension may take.

use crate::id::Code;

/// One value of a list.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// The stable key.
    pub id: Code,
    /// What people read.
    pub label: String,
    /// The wider value it is a part of, in hierarchical lists.
    #[serde(default)]
    pub parent: Option<Code>,
    /// What it covers.
    #[serde(default)]
    pub note: Option<String>,
}

/// The values a dimension may take.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// Its name.
    pub code: String,
    /// Heading.
    pub title: String,
    /// Where the codes come from.
    #[serde(default)]
    pub authority: Option<String>,
    /// The respondent writes only the rows that matter.
    #[serde(default)]
    pub growable: bool,
    /// Which of `_T`, `_O`, `_U`, `_Z` it allows.
    pub reserved: Vec<Code>,
    /// What free codes look like, where the list has no entries of its own.
    #[serde(default)]
    pub pattern: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub note: Option<String>,
    /// The values, in order.
    #[serde(default, rename = "entry")]
    pub entries: Vec<CodeEntry>,
}

impl CodeList {
    /// A value by its code.
    pub fn entry(&self, code: &Code) -> Option<&CodeEntry> {
        self.entries.iter().find(|entry| entry.id == *code)
    }
    /// The values directly inside `parent`; `None` asks for the outermost.
    pub fn children<'a>(&'a self, parent: Option<&'a Code>) -> impl Iterator<Item = &'a CodeEntry> {
        self.entries.iter().filter(move |entry| entry.parent.as_ref() == parent)
    }
}
