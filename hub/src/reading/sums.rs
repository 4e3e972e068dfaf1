//! Sums of blocks: for one form and period, every table of the latest edition that the reader may see.

use vrs_protocol::id::{FormCode, ParticipantId};
use vrs_protocol::ledger::ServedItem;
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::wire::ServedBlockTable;

use super::{Reading, may_be_served};

impl Reading {
    /// Serves the sums of blocks of a form and period. Without an edition, or without a block for this reader, there are
    /// none.
    ///
    /// # Errors
    /// Where the reader has no right to regional figures, with what would unlock it.
    pub(crate) async fn sums(
        &self,
        reader: ParticipantId,
        form: &FormCode,
        period: Period,
    ) -> Result<Vec<ServedBlockTable>, Reason> {
        let listed = {
            let view = self.ledger.view();
            view.region().regional(reader, form, period)?;
            listed(view.region(), reader, form, period)
        };
        let mut tables = Vec::new();
        for (item, served) in self.serve(reader, listed).await? {
            let (ServedItem::BlockTable(edition, block, table), (serving, sums)) = (item, served?) else { continue };
            tables.push(ServedBlockTable { edition, block, table, serving, nonce: sums.nonce, body: sums.body });
        }
        Ok(tables)
    }
}

/// The tables of the latest edition about a form and period that the reader may see.
fn listed(region: &Region, reader: ParticipantId, form: &FormCode, period: Period) -> Vec<ServedItem> {
    let latest = region.year_of_topic(form, period).and_then(|year| region.latest_edition(&year));
    let Some((edition, said)) = latest else { return Vec::new() };
    let mut listed = Vec::new();
    for (block, line) in (0_u16..).zip(&said.blocks) {
        for (place, table) in (0_u16..).zip(&line.tables) {
            let item = ServedItem::BlockTable(edition, block, place);
            if table.form == *form && table.period == period && may_be_served(region, reader, item).is_ok() {
                listed.push(item);
            }
        }
    }
    listed
}
