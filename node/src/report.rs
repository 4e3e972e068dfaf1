//! Tables and cells as commands and scripts see them: one shape for our own figures, for those of others, and for sums.

use serde::Serialize;
use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Metadata, Table};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableReport {
    /// The form.
    pub form: FormCode,
    /// Its heading.
    pub title: String,
    /// The period.
    pub period: Period,
    /// Whose figures.
    pub participant: ParticipantCode,
    /// Names of the dimensions, in the order of the keys.
    pub dimensions: Vec<String>,
    /// How they were counted.
    pub metadata: Metadata,
    /// The cells that are written, in key order with the total first.
    pub cells: Vec<CellReport>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellReport {
    /// One code per dimension.
    pub key: Vec<Code>,
    /// What the codes mean.
    pub labels: Vec<String>,
    /// The value, where it is a count.
    pub value: Option<u64>,
    /// The answer in words.
    pub words: String,
    /// SDMX status.
    pub status: &'static str,
    /// SDMX confidentiality.
    pub conf: &'static str,
}

/// A table as a report.
#[must_use]
pub fn table(table: &Table, form: &Form, catalogue: &Catalogue, participant: &ParticipantCode) -> TableReport {
    let mut cells: Vec<CellReport> =
        table.cells.iter().map(|(key, cell)| self::cell(key, cell, form, catalogue)).collect();
    cells.sort_by_key(|cell| !cell.key.iter().all(|code| code.as_str() == Code::TOTAL));
    TableReport {
        form: table.form.clone(),
        title: form.title.clone(),
        period: table.period,
        participant: participant.clone(),
        dimensions: form.dimensions.iter().map(|dimension| dimension.code.clone()).collect(),
        metadata: table.metadata.clone(),
        cells,
    }
}

/// A cell as a report.
#[must_use]
pub fn cell(key: &Key, cell: &Cell, form: &Form, catalogue: &Catalogue) -> CellReport {
    let (status, conf) = cell.codes();
    CellReport {
        key: key.0.clone(),
        labels: labels(key, form, catalogue),
        value: cell.as_count(),
        words: cell.in_words(),
        status,
        conf,
    }
}

/// What the codes of a key mean.
#[must_use]
pub fn labels(key: &Key, form: &Form, catalogue: &Catalogue) -> Vec<String> {
    form.dimensions.iter().zip(&key.0).map(|(dimension, code)| catalogue.label(dimension, code)).collect()
}
