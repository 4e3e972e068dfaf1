//! What may leave the hub as files: open figures singly, closed ones as sums of blocks.
//!
//! The rule it keeps: what was given for sums only leaves as sums only, and what was given to named participants not at
//! all. The operator could read the database; no command of ours does it for them.

use vrs_protocol::audience::Sharing;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::refusal::Reason;
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;

use super::{Editions, figures};
use crate::problem::unavailable;
use crate::store;

/// Figures that may leave the hub.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Tables of current open releases, with their authors.
    pub open: Vec<(ParticipantCode, Table)>,
    /// Sums of closed blocks, named by topic, year and place: `IE-2021-1`.
    pub blocks: Vec<(String, Table)>,
}

impl Editions {
    /// Everything that may be shown.
    ///
    /// # Errors
    /// [`Reason::Unavailable`] when the database does not answer.
    pub(crate) async fn shown(&self) -> Result<Shown, Reason> {
        let open = figures::of(&self.ledger, &self.database, |_, release| {
            release.manifest.audience.sharing() == Some(Sharing::Open)
        })
        .await?;
        let mut shown = Shown::default();
        let hashes: Vec<_> = {
            let view = self.ledger.view();
            let region = view.region();
            let author = |line| region.release(line).map(|release| region.code_of(release.manifest.participant));
            shown.open = open.into_iter().filter_map(|(line, table)| Some((author(line)?, table))).collect();
            let years = region.tables().filter_map(|(form, period)| region.year_of_topic(form, *period));
            let years: std::collections::BTreeSet<_> = years.collect();
            let closed = years.iter().flat_map(|year| region.blocks(year).iter().map(move |block| (year, block)));
            closed
                .filter(|(_, block)| block.sharing == Sharing::Totals)
                .flat_map(|(year, block)| {
                    block
                        .tables
                        .values()
                        .map(move |table| (format!("{}-{}-{}", year.0, year.1, block.number + 1), table.hash))
                })
                .collect()
        };
        let mut tx = self.database.read("read sums of blocks").await.map_err(unavailable)?;
        for (name, hash) in hashes {
            if let Some(sums) = store::block_tables::find(&mut tx, &hash).await.map_err(unavailable)?
                && let Ok(table) = decode_body(&sums.body)
            {
                shown.blocks.push((name, table));
            }
        }
        Ok(shown)
    }
}
