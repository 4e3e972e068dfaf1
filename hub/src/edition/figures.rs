//! The figures at hand: bodies of current releases, unpacked.

use std::collections::BTreeMap;

use vrs_protocol::id::LineIndex;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{LoggedRelease, Region, YearOfTopic};
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;
use vrs_runtime::database::Database;

use crate::ledger::Ledger;
use crate::problem::unavailable;
use crate::store;

/// Tables by the line of their release.
pub(super) type Figures = BTreeMap<LineIndex, Table>;

/// The tables of a topic and year.
pub(super) async fn of_year(ledger: &Ledger, database: &Database, year: &YearOfTopic) -> Result<Figures, Reason> {
    of(ledger, database, |region, release| is_of_year(region, release, year)).await
}

/// Whether there is a table for every release of a topic and year that is current in `region`.
pub(super) fn are_complete(region: &Region, year: &YearOfTopic, figures: &Figures) -> bool {
    let mut current = region.releases().filter(|release| release.is_current() && is_of_year(region, release, year));
    current.all(|release| figures.contains_key(&release.index))
}

fn is_of_year(region: &Region, release: &LoggedRelease, year: &YearOfTopic) -> bool {
    region.year_of_topic(&release.manifest.form, release.manifest.period).as_ref() == Some(year)
}

/// The tables of the current releases that are asked for. What cannot be read is not at hand, and the log says so.
pub(super) async fn of(
    ledger: &Ledger,
    database: &Database,
    concerns: impl Fn(&Region, &LoggedRelease) -> bool,
) -> Result<Figures, Reason> {
    let lines: Vec<LineIndex> = {
        let view = ledger.view();
        let region = view.region();
        region
            .releases()
            .filter(|release| release.is_current() && concerns(region, release))
            .map(|release| release.index)
            .collect()
    };
    let mut figures = BTreeMap::new();
    let mut tx = database.read("read figures").await.map_err(unavailable)?;
    for line in lines {
        // A revision may have come since the lines were listed, and its body left.
        let Some(body) = store::bodies::find(&mut tx, line).await.map_err(unavailable)? else { continue };
        match decode_body(&body.body) {
            Ok(table) => drop(figures.insert(line, table)),
            Err(error) => tracing::error!(line, %error, "a stored body cannot be read; run 'vrs-hub audit'"),
        }
    }
    Ok(figures)
}
