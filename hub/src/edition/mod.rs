//! Editions: blocks of a topic and year, frozen and signed; and the live overview, which is the hub's own. The hub alone adds
//! the figures of closed blocks, because it alone holds them; whether the blocks are as they must be, everybody checks.
//!
//! The rule it keeps: an edition is composed against exactly the region its line will stand on. What was read before (bodies)
//! is used only for releases that are still current then.
//!
//! In reading order: `figures` (bodies at hand), `plan` (what an edition would say), `live` (the overview), `shown`
//! (what may leave the hub as files).

mod figures;
mod live;
mod plan;
mod shown;

use std::collections::BTreeSet;

use vrs_protocol::id::{LineIndex, TopicCode};
use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::YearOfTopic;
use vrs_runtime::database::Database;
use vrs_runtime::random;

pub use live::HubOverview;
pub use shown::Shown;

use crate::ledger::{Append, Beside, Composed, Ledger};

/// Compiles editions and overviews.
#[derive(Clone)]
pub(crate) struct Editions {
    ledger: Ledger,
    database: Database,
}

/// An edition that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// Topic and year.
    pub year: YearOfTopic,
    /// Its line.
    pub line: LineIndex,
}

impl Editions {
    pub(crate) const fn new(ledger: Ledger, database: Database) -> Self {
        Self { ledger, database }
    }

    /// Writes an edition for each topic and year about which there is something new to say. `topic` and `year` narrow it.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] when the database does not answer; what was written before stays.
    pub(crate) async fn compile(&self, topic: Option<&TopicCode>, year: Option<u16>) -> Result<Vec<Compiled>, Reason> {
        let years: BTreeSet<YearOfTopic> = {
            let view = self.ledger.view();
            let region = view.region();
            region.tables().filter_map(|(form, period)| region.year_of_topic(form, *period)).collect()
        };
        let wanted = years
            .into_iter()
            .filter(|(t, y)| topic.is_none_or(|topic| topic == t) && year.is_none_or(|year| year == *y));
        let mut compiled = Vec::new();
        for year in wanted {
            let figures = figures::of_year(&self.ledger, &self.database, &year).await?;
            let of = year.clone();
            let append = Append::compose(move |region, now| {
                let Some(plan) = plan::plan(region, &of, now, &figures) else { return Ok(None) };
                let (edition, sums) = plan.seal(random::bytes)?;
                let about = format!("edition {} of {} for {}", edition.number, of.0, of.1);
                Ok(Some(Composed::new(LineKind::Edition, about, &edition).with(Beside::BlockTables(sums))))
            });
            if let Some(line) = self.ledger.append(append).await?.first() {
                tracing::info!(topic = %year.0, year = year.1, line, "an edition was compiled");
                compiled.push(Compiled { year, line: *line });
            }
        }
        Ok(compiled)
    }
}
