//! Sheets: what a person types for one form and period of one agency, kept as it was typed until it is complete. Plain
//! functions; nothing here is stored.
//!
//! The rule it keeps: a sheet is only another way to write a file. When it is complete it becomes canonical CSV ([`csv`])
//! and is taken in by the same intake, so that no figure has two ways into the node and no check has two versions.
//!
//! - [`rows`]: which rows a sheet begins with, and which of them are fixed;
//! - [`routes`]: rows that are the steps of routes;
//! - [`fields`]: what each field of a row may hold;
//! - [`nil`]: an answer for a form that has no figure;
//! - [`csv`]: from a sheet to canonical CSV, and from its lines back to the rows;
//! - [`template`]: sheets as a workbook, and the workbook back as sheets.

pub mod csv;
pub mod fields;
pub mod nil;
pub mod routes;
pub mod rows;
pub mod template;

use serde::{Deserialize, Serialize};
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::table::Metadata;

/// Rows of one sheet. More than a person types; a longer table comes as a file.
pub const ROWS_MAX: usize = 500;

/// What was typed. Texts are as a person wrote them; nothing in it has been judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// Its rows, in the order in which they stand on the page.
    pub rows: Vec<Row>,
    /// How the figures were counted.
    pub metadata: Metadata,
    /// A note about the whole sheet that stays in this node.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// One row of a sheet: one cell of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// One code or name for each dimension of the form.
    pub codes: Vec<String>,
    /// What was typed into the value columns, see [`fields::of`].
    pub values: Vec<String>,
    /// The reason why there is no value, as [`fields::letter`] writes it. Forms of counts have it in their value, see
    /// [`fields::Typed`].
    pub status: String,
    /// A note about this row that stays in this node.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Row {
    /// Whether nothing was answered in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.status.trim().is_empty() && self.values.iter().all(|value| value.trim().is_empty())
    }
}

impl Sheet {
    /// Whether it keeps its bounds: [`ROWS_MAX`] rows, texts of at most [`TEXT_BYTES_MAX`] bytes and without the character NUL,
    /// which no database keeps.
    #[must_use]
    pub fn keeps_bounds(&self) -> bool {
        let texts =
            self.rows.iter().flat_map(|row| row.codes.iter().chain(&row.values).chain([&row.status, &row.note]));
        let texts = texts.chain([&self.note]);
        self.rows.len() <= ROWS_MAX
            && texts
                .map(String::as_str)
                .chain(self.metadata.texts())
                .all(|text| text.len() <= TEXT_BYTES_MAX && !text.contains('\0'))
    }
}
