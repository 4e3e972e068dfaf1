//! What is said of bodies in somebody's hands: served, not delivered, erased.

use super::ITEMS_MAX;
use crate::id::{LineIndex, ParticipantId};
use crate::ledger::{Erasure, Served, ServedItem, Serving, Undelivered};
use crate::refusal::Reason;
use crate::region::Region;

impl Region {
    pub(super) fn check_serving(&self, serving: &Serving) -> Result<(), Reason> {
        if serving.items.is_empty()
            || serving.items.len() > ITEMS_MAX
            || !serving.items.is_sorted_by(|a, b| a.item < b.item)
        {
            return Err(self.flaw("a serving of nothing, unsorted or too long"));
        }
        serving.items.iter().try_for_each(|served| self.check_served(serving.reader, served))
    }

    fn check_served(&self, reader: ParticipantId, served: &Served) -> Result<(), Reason> {
        let (due, before) = match served.item {
            ServedItem::Release(index) => {
                (self.may_be_served(reader, index)?, self.holding(reader, index).map(|holding| holding.served_at))
            }
            ServedItem::BlockTable(edition, block, table) => (
                self.may_see_block_table(reader, edition, block, table)?,
                self.block_table_served(reader, edition, block, table),
            ),
        };
        if let Some(line) = before {
            return Err(Reason::ServedBefore(line));
        }
        if due == served.justified_by {
            Ok(())
        } else {
            Err(Reason::WrongJustification { said: served.justified_by, due })
        }
    }

    /// Only what was served, and only where the right has ended since: else the hub could deliver, and have its ledger
    /// forget afterwards who holds what.
    pub(super) fn check_undelivered(&self, undelivered: &Undelivered) -> Result<(), Reason> {
        let Undelivered { reader, items } = undelivered;
        if items.is_empty() || items.len() > ITEMS_MAX || !items.iter().all(|item| self.was_served(*reader, *item)) {
            return Err(Reason::NotHeld("something of the line".into()));
        }
        if items.iter().all(|item| self.is_undeliverable(*reader, *item)) {
            Ok(())
        } else {
            Err(self.flaw("a right that holds is served, and not undelivered"))
        }
    }

    pub(super) fn check_erasure(&self, holder: Option<ParticipantId>, erasure: &Erasure) -> Result<(), Reason> {
        if erasure.releases.is_empty()
            || erasure.releases.len() > ITEMS_MAX
            || !erasure.releases.is_sorted_by(|a, b| a < b)
        {
            return Err(self.flaw("an erasure of nothing, unsorted or too long"));
        }
        let held = |index: &LineIndex| match holder {
            None => self.release(*index).is_some(),
            Some(reader) => self.holding(reader, *index).is_some(),
        };
        match erasure.releases.iter().find(|index| !held(index)) {
            Some(index) => Err(Reason::NotHeld(format!("the release of line {index}"))),
            None => Ok(()),
        }
    }
}
