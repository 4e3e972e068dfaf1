//! Editions: blocks of a topic and year, frozen and signed; and the live overview, which is the hub's own. The hub alone adds
//! the figures of closed blocks, because it alone holds them; whether the blocks are as they must be, everybody checks.
//!
//! The rule it keeps: an edition is composed against exactly the region its line will stand on. What was read before (bodies)
//! is used only for releases that are still current then; and where the body of one that is current then was not read, the
//! edition is not written but begun again. A block is frozen for ever, so nobody may be left out of one for being late.
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
use figures::Figures;

/// How often an edition is begun anew because releases came while bodies were read.
const TRIES: usize = 5;

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

    /// Writes an edition for each topic and year about which there is something new to say. `topic` and `year` narrow it. One
    /// that cannot be written stops no other.
    ///
    /// # Errors
    /// The first reason why one could not be written, such as [`Reason::Unavailable`]; those that were written stay.
    pub(crate) async fn compile(&self, topic: Option<&TopicCode>, year: Option<u16>) -> Result<Vec<Compiled>, Reason> {
        self.follow().await?;
        let years: BTreeSet<YearOfTopic> = {
            let view = self.ledger.view();
            let region = view.region();
            region.tables().filter_map(|(form, period)| region.year_of_topic(form, *period)).collect()
        };
        let wanted = years
            .into_iter()
            .filter(|(t, y)| topic.is_none_or(|topic| topic == t) && year.is_none_or(|year| year == *y));
        let (mut compiled, mut failed) = (Vec::new(), None);
        for year in wanted {
            match self.compile_year(&year).await {
                Ok(Some(line)) => {
                    tracing::info!(topic = %year.0, year = year.1, line, "an edition was compiled");
                    compiled.push(Compiled { year, line });
                }
                Ok(None) => {}
                Err(reason) => {
                    tracing::error!(topic = %year.0, year = year.1, "an edition could not be compiled: {reason}");
                    failed.get_or_insert(reason);
                }
            }
        }
        failed.map_or(Ok(compiled), Err)
    }

    async fn compile_year(&self, year: &YearOfTopic) -> Result<Option<LineIndex>, Reason> {
        for _ in 0..TRIES {
            let figures = figures::of_year(&self.ledger, &self.database, year).await?;
            match self.ledger.append(edition(year.clone(), figures)).await {
                // What this process had not seen when it read the figures, it sees now.
                Err(Reason::Busy(_)) => self.follow().await?,
                written => return written.map(|lines| lines.first().copied()),
            }
        }
        tracing::error!(topic = %year.0, year = year.1, "figures that should be at hand are not; run 'vrs-hub audit'");
        let (topic, year) = year;
        Err(Reason::Unavailable(format!(
            "the figures of {topic} for {year} are not at hand, or releases come all the time"
        )))
    }

    /// Takes in what other processes have written.
    async fn follow(&self) -> Result<(), Reason> {
        self.ledger.follow().await.map_err(|error| {
            tracing::error!(%error, "the ledger could not be read on");
            Reason::Unavailable("its database does not answer at the moment".into())
        })
    }
}

/// The line of an edition, composed from figures that were read before it. [`Reason::Busy`] where they are not all there.
fn edition(year: YearOfTopic, figures: Figures) -> Append {
    Append::compose(move |region, now| {
        if !figures::are_complete(region, &year, &figures) {
            return Err(Reason::Busy(1));
        }
        let Some(plan) = plan::plan(region, &year, now, &figures) else { return Ok(None) };
        let (edition, sums) = plan.seal(random::bytes)?;
        let about = format!("edition {} of {} for {}", edition.number, year.0, year.1);
        Ok(Some(Composed::new(LineKind::Edition, about, &edition).with(Beside::BlockTables(sums))))
    })
}
