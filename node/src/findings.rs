//! What a person found right although it looks wrong: findings that were accepted with a reason, and stay silent until the figure
//! changes. Plain functions; nothing here is stored.
//!
//! Which severity asks for what: an *error* cannot be right, and nobody accepts it; a *warning* looks wrong, and is released only
//! with a reason; a *note* is good to know.

use serde::Serialize;
use vrs_protocol::check::{Finding, Severity, What};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;

/// A person's word that a finding is right as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// A finding with what a person said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
    /// What it is about: the same as long as the finding and the figure are.
    pub about: Hash,
    /// Who accepted it, and why.
    pub accepted: Option<Accepted>,
}

impl Checked {
    /// Whether it must be accepted with a reason before the table is released.
    #[must_use]
    pub fn needs_reason(&self) -> bool {
        self.finding.severity == Severity::Warning && self.accepted.is_none()
    }

    /// Whether somebody must still do something about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.finding.severity == Severity::Error || self.needs_reason()
    }
}

/// What a finding is about: its sentence, which names the figures it compares, and the answer it stands at. Once one of them is
/// another, so is this, and what was accepted is open again.
#[must_use]
pub fn about(finding: &Finding, table: &Table) -> Hash {
    let at = |place: &String| {
        if *place == Key::default().to_string() {
            return table.cell(&Key::default());
        }
        let codes = place.split(" / ").map(Code::parse).collect::<Result<Vec<Code>, _>>().ok();
        codes.and_then(|codes| table.cell(&Key(codes)))
    };
    let cell = finding.cell.as_ref().map_or_else(|| table.total(), at);
    let place = finding.cell.as_deref().unwrap_or_default();
    let answer = cell.map_or_else(String::new, |cell| format!("{} {:?}", cell.in_words(), cell.codes()));
    Hash::of(format!("{place}\n{}\n{answer}", finding.sentence).as_bytes())
}

/// Which kind of look a finding asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Figures that do not add up.
    Arithmetic,
    /// Figures that are possible and odd.
    Plausibility,
    /// Figures that are not there.
    Missing,
}

/// The group of a finding.
#[must_use]
pub const fn group(what: &What) -> Group {
    match what {
        What::Misfit(_)
        | What::PartsShort { .. }
        | What::RowsShort { .. }
        | What::Infeasible(_)
        | What::TimeShort { .. } => Group::Arithmetic,
        What::CoreFewer | What::CoreMissing => Group::Missing,
        What::Changed { .. }
        | What::Outlier { .. }
        | What::OwnCountry
        | What::SmuggledAbove { .. }
        | What::DocumentsApart { .. }
        | What::OneStep { .. }
        | What::OriginFirst { .. }
        | What::DestinationLast
        | What::Twice(_)
        | What::BeginsElsewhere { .. } => Group::Plausibility,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vrs_protocol::cell::Cell;
    use vrs_protocol::id::{Code, FormCode};
    use vrs_protocol::period::Period;
    use vrs_protocol::table::Key;

    #[test]
    fn a_finding_is_the_same_until_its_figure_or_what_it_is_compared_with_changes() {
        let table = |count| {
            let mut table = Table::new(FormCode::parse("IE_LEX").unwrap(), Period::parse("2021").unwrap());
            table.cells.insert(Key(vec![Code::parse("GBR").unwrap()]), Cell::count(count));
            table.cells.insert(Key(vec![Code::total()]), Cell::count(90));
            table
        };
        let own = Finding {
            severity: Severity::Warning,
            cell: Some("GBR".into()),
            sentence: What::OwnCountry.to_string(),
            what: What::OwnCountry,
        };
        assert_eq!(about(&own, &table(7)), about(&own, &table(7)));
        assert_ne!(about(&own, &table(7)), about(&own, &table(8)), "the sentence names no figure");
        let whole = Finding { cell: None, ..own.clone() };
        assert_eq!(about(&whole, &table(7)), about(&whole, &table(8)), "it stands at the total");
        assert_ne!(about(&whole, &table(7)), about(&own, &table(7)));
        let checked = |severity, accepted| Checked {
            finding: Finding { severity, ..own.clone() },
            about: Hash::of(b""),
            accepted,
        };
        let accepted = Accepted { by: "ana".into(), reason: "a ferry".into(), at: Timestamp(0) };
        assert!(checked(Severity::Warning, None).needs_reason());
        assert!(!checked(Severity::Warning, Some(accepted.clone())).is_open());
        assert!(checked(Severity::Error, Some(accepted)).is_open(), "nobody accepts the impossible");
        assert!(!checked(Severity::Note, None).is_open());
    }
}
