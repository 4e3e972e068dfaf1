//! Rule 4: who was served what, and what must be erased because the right to it has ended. The hub is a holder too.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, Region, State};
use crate::id::{LineIndex, ParticipantId, TopicCode};

/// One body in a participant's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Line of the release.
    pub release: LineIndex,
    /// Line of the serving.
    pub served_at: LineIndex,
    /// The reader's own line that justified it.
    pub justified_by: LineIndex,
    /// Line of the erasure, once it is acknowledged.
    pub erased: Option<LineIndex>,
}

/// A body that must be erased and whose erasure is not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErasureDue {
    /// Who holds it; `None`: the hub.
    pub holder: Option<ParticipantId>,
    /// Line of the release.
    pub release: LineIndex,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Holdings {
    by_reader: BTreeMap<ParticipantId, BTreeMap<LineIndex, Holding>>,
    erased_by_hub: BTreeMap<LineIndex, LineIndex>,
    /// Who was served a table of a block: (edition line, block, table) → readers and the line of the serving.
    block_tables: BTreeMap<(LineIndex, u16, u16), BTreeMap<ParticipantId, LineIndex>>,
    served: u64,
}

impl Holdings {
    pub(super) fn serve_release(&mut self, reader: ParticipantId, holding: Holding) {
        self.by_reader.entry(reader).or_default().insert(holding.release, holding);
        self.served += 1;
    }
    pub(super) fn serve_block_table(&mut self, reader: ParticipantId, at: (LineIndex, u16, u16), line: LineIndex) {
        self.block_tables.entry(at).or_default().insert(reader, line);
        self.served += 1;
    }
    pub(super) fn undelivered(&mut self, reader: ParticipantId, release: LineIndex) {
        if let Some(holdings) = self.by_reader.get_mut(&reader) {
            holdings.remove(&release);
        }
    }
    pub(super) fn erase(&mut self, holder: Option<ParticipantId>, release: LineIndex, line: LineIndex) {
        match holder {
            None => {
                self.erased_by_hub.insert(release, line);
            }
            Some(reader) => {
                if let Some(holding) = self.by_reader.get_mut(&reader).and_then(|held| held.get_mut(&release)) {
                    holding.erased = Some(line);
                }
            }
        }
    }
    /// The line at which a table of a block was served to a reader.
    pub(super) fn block_table_served(&self, reader: ParticipantId, at: (LineIndex, u16, u16)) -> Option<LineIndex> {
        self.block_tables.get(&at)?.get(&reader).copied()
    }
    /// Everybody to whom any table of a block was served, in any edition.
    pub(super) fn block_readers<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = ParticipantId> + 'a {
        self.block_tables
            .iter()
            .filter(|((edition, number, _), _)| usize::from(*number) == block.number && block.editions.contains(edition))
            .flat_map(|(_, readers)| readers.keys().copied())
    }
}

impl Region {
    /// What a reader holds or held, by line of the release.
    pub fn holdings(&self, reader: ParticipantId) -> impl Iterator<Item = &Holding> {
        self.holdings.by_reader.get(&reader).into_iter().flat_map(BTreeMap::values)
    }
    /// Whether a reader holds a release now.
    pub fn holding(&self, reader: ParticipantId, release: LineIndex) -> Option<&Holding> {
        self.holdings.by_reader.get(&reader)?.get(&release).filter(|holding| holding.erased.is_none())
    }
    /// Who was served a release, and what became of the copy.
    pub fn readers_of(&self, release: LineIndex) -> impl Iterator<Item = (ParticipantId, &Holding)> {
        self.holdings.by_reader.iter().filter_map(move |(reader, held)| Some((*reader, held.get(&release)?)))
    }
    /// The line at which a table of a block was served to a reader.
    pub fn block_table_served(&self, reader: ParticipantId, edition: LineIndex, block: u16, table: u16) -> Option<LineIndex> {
        self.holdings.block_table_served(reader, (edition, block, table))
    }
    /// How many rights were served up to now.
    pub const fn servings_count(&self) -> u64 {
        self.holdings.served
    }
    /// Everything that must be erased and is not acknowledged, sorted: by the hub first, then by participant.
    pub fn erasures_due(&self) -> BTreeSet<ErasureDue> {
        let hub = self.releases().filter(|release| !release.is_current() && !self.holdings.erased_by_hub.contains_key(&release.index));
        let mut due: BTreeSet<_> = hub.map(|release| ErasureDue { holder: None, release: release.index }).collect();
        for reader in self.holdings.by_reader.keys() {
            due.extend(self.erasures_due_by(*reader).map(|release| ErasureDue { holder: Some(*reader), release }));
        }
        due
    }
    /// What one reader must erase.
    pub fn erasures_due_by(&self, reader: ParticipantId) -> impl Iterator<Item = LineIndex> {
        self.holdings(reader).filter(|holding| holding.erased.is_none()).map(|holding| holding.release).filter(move |release| self.may_hold(reader, *release).is_err())
    }
    /// How many releases of a topic a reader must erase before it gets new ones.
    pub fn erasures_owed(&self, reader: ParticipantId, topic: &TopicCode) -> usize {
        self.erasures_due_by(reader).filter(|index| self.release(*index).and_then(|r| self.catalogue.form(&r.manifest.form)).is_some_and(|form| form.topic == *topic)).count()
    }
    /// Whether the hub must no longer hold a body.
    pub fn hub_must_erase(&self, release: LineIndex) -> bool {
        self.release(release).is_none_or(|release| !matches!(release.state, State::Current))
    }
}
