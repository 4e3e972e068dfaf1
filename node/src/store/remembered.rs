//! SQL on what people said of files in layouts of their own.

use std::collections::BTreeMap;

use vrs_intake::assistant::Answers;
use vrs_protocol::hash::Hash;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

use crate::national::AgencyCode;

/// Longest label that is remembered, in bytes: an index holds no longer ones.
const LABEL_BYTES_MAX: usize = 500;
/// Layouts that are read at once.
const LAYOUTS_MAX: i64 = 2_000;
/// Labels of one agency that are read at once.
const LABELS_MAX: i64 = 20_000;

/// Who said something of a layout, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidOfLayout {
    /// What was said.
    pub answers: Answers,
    /// The account.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What was said of a file of the agency with these headings.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn layout(
    tx: &mut Transaction,
    agency: &AgencyCode,
    signature: Hash,
) -> Result<Option<SaidOfLayout>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT answers, said_by, said_at FROM remembered_layout WHERE agency = $1 AND signature = $2",
            values![agency.as_str(), signature.to_string()],
        )
        .await?;
    let read = |row: vrs_runtime::database::Row| {
        Ok(SaidOfLayout {
            answers: row.parse("answers", |text: String| serde_json::from_str(&text))?,
            by: row.read("said_by")?,
            at: Timestamp(row.read("said_at")?),
        })
    };
    row.map(read).transpose()
}

/// Everything that was said of layouts, with the agency.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn layouts(tx: &mut Transaction) -> Result<Vec<(AgencyCode, SaidOfLayout)>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT agency, answers, said_by, said_at FROM remembered_layout ORDER BY agency, said_at DESC LIMIT $1",
            values![LAYOUTS_MAX],
        )
        .await?;
    let read = |row: &vrs_runtime::database::Row| {
        let said = SaidOfLayout {
            answers: row.parse("answers", |text: String| serde_json::from_str(&text))?,
            by: row.read("said_by")?,
            at: Timestamp(row.read("said_at")?),
        };
        Ok((row.parse("agency", |text: String| AgencyCode::parse(&text))?, said))
    };
    rows.iter().map(read).collect()
}

/// What labels stand for in files of the agency, by dimension.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn labels(
    tx: &mut Transaction,
    agency: &AgencyCode,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT dimension, label, code FROM remembered_label WHERE agency = $1 ORDER BY dimension, label LIMIT $2",
            values![agency.as_str(), LABELS_MAX],
        )
        .await?;
    let mut labels: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in &rows {
        let (dimension, label, code): (String, String, String) =
            (row.read("dimension")?, row.read("label")?, row.read("code")?);
        labels.entry(dimension).or_default().insert(label, code);
    }
    Ok(labels)
}

/// Keeps what was said, in place of what was said before.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn keep(
    tx: &mut Transaction,
    agency: &AgencyCode,
    signature: Hash,
    said: &SaidOfLayout,
) -> Result<(), DatabaseError> {
    // Texts, numbers and truth values only, which JSON can always carry.
    let answers = serde_json::to_string(&said.answers).unwrap_or_default();
    tx.execute(
        "INSERT INTO remembered_layout (agency, signature, answers, said_by, said_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (agency, signature) DO UPDATE SET answers = excluded.answers, said_by = excluded.said_by,
         said_at = excluded.said_at",
        values![agency.as_str(), signature.to_string(), answers, said.by.as_str(), said.at.0],
    )
    .await?;
    for (dimension, labels) in &said.answers.labels {
        for (label, code) in labels.iter().filter(|(label, _)| label.len() <= LABEL_BYTES_MAX) {
            tx.execute(
                "INSERT INTO remembered_label (agency, dimension, label, code) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (agency, dimension, label) DO UPDATE SET code = excluded.code",
                values![agency.as_str(), dimension.as_str(), label.as_str(), code.as_str()],
            )
            .await?;
        }
    }
    Ok(())
}
