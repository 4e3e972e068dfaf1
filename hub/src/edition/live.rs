//! The live overview, for the hub only: every open figure it holds, and the closed blocks of the latest edition.

use std::collections::BTreeMap;

use vrs_protocol::audience::Sharing;
use vrs_protocol::catalogue::Form;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::overview::{self, BlockAtHand, Overview};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;

use super::{Editions, figures};
use crate::problem::unavailable;
use crate::store;

/// What the hub knows of a form and period now.
#[derive(Debug, Clone)]
pub struct HubOverview {
    /// The overview over gaps.
    pub overview: Overview,
    /// The open tables it was compiled from: for minima, maxima, routes, choices and text.
    pub singly: BTreeMap<ParticipantId, Table>,
}

impl Editions {
    /// Compiles the overview of a form and period from what the hub holds now.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] when the database does not answer.
    pub(crate) async fn live(&self, form: &'static Form, period: Period) -> Result<HubOverview, Reason> {
        let concerns = |_: &_, release: &vrs_protocol::region::LoggedRelease| {
            release.manifest.form == form.code
                && release.manifest.period == period
                && release.manifest.audience.sharing() == Some(Sharing::Open)
        };
        let figures = figures::of(&self.ledger, &self.database, concerns).await?;
        let sums = self.closed_sums(form, period).await?;
        let view = self.ledger.view();
        let region = view.region();
        let by_author = |(line, table)| Some((region.release(line)?.manifest.participant, table));
        let singly: BTreeMap<ParticipantId, Table> = figures.into_iter().filter_map(by_author).collect();
        let blocks: Vec<BlockAtHand<'_>> = sums
            .iter()
            .map(|(members, marked, table)| BlockAtHand { sharing: Sharing::Totals, members, table, marked: *marked })
            .collect();
        let overview = overview::compile(region, None, form, period, &singly, &blocks);
        Ok(HubOverview { overview, singly })
    }

    /// Members, mark and sums of each closed block that gives the form and period. Open blocks are left out: the hub has
    /// their members singly, and would count them twice.
    async fn closed_sums(&self, form: &Form, period: Period) -> Result<Vec<(Vec<ParticipantId>, bool, Table)>, Reason> {
        let listed: Vec<_> = {
            let view = self.ledger.view();
            let region = view.region();
            let year = (form.topic.clone(), period.year());
            let blocks = region.blocks(&year).iter().filter(|block| block.sharing == Sharing::Totals);
            blocks
                .filter_map(|block| Some((block.members.clone(), *block.tables.get(&(form.code.clone(), period))?)))
                .collect()
        };
        let mut sums = Vec::with_capacity(listed.len());
        let mut tx = self.database.read("read sums of blocks").await.map_err(unavailable)?;
        for (members, known) in listed {
            let stored = store::block_tables::find(&mut tx, &known.hash).await.map_err(unavailable)?;
            match stored.map(|stored| decode_body(&stored.body)) {
                Some(Ok(table)) => {
                    let marked =
                        self.ledger.view().region().changed_since(&members, &form.code, period, known.since, true);
                    sums.push((members, marked, table));
                }
                _ => tracing::error!(edition = known.edition, "sums of a block cannot be read; run 'vrs-hub audit'"),
            }
        }
        Ok(sums)
    }
}
