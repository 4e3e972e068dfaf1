//! Rule 4: who was served what, and what must be erased because the right to it has ended. The hub is a holder too.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, Region, State};
use crate::id::{FormCode, LineIndex, ParticipantId, TopicCode};
use crate::ledger::ServedItem;
use crate::period::Period;

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
    /// Who was ever served a release; the same as `by_reader`, the other way round.
    readers: BTreeMap<LineIndex, BTreeSet<ParticipantId>>,
    /// Copies not erased whose right has ended. Kept up to date by `Region::review`, because it is asked before each
    /// serving and a reader may hold thousands of copies.
    due: BTreeMap<ParticipantId, BTreeSet<LineIndex>>,
    /// Releases that have ended and which the hub has not erased.
    due_by_hub: BTreeSet<LineIndex>,
    /// Who was served a table of a block: (edition line, block, table) → readers and the line of the serving.
    block_tables: BTreeMap<(LineIndex, u16, u16), BTreeMap<ParticipantId, LineIndex>>,
    served: u64,
}

impl Holdings {
    pub(super) fn serve_release(&mut self, reader: ParticipantId, holding: Holding) {
        self.readers.entry(holding.release).or_default().insert(reader);
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
        if let Some(readers) = self.readers.get_mut(&release) {
            readers.remove(&reader);
        }
        self.set_due(reader, release, false);
    }
    pub(super) fn block_table_undelivered(&mut self, reader: ParticipantId, at: (LineIndex, u16, u16)) {
        if let Some(readers) = self.block_tables.get_mut(&at) {
            readers.remove(&reader);
        }
    }
    pub(super) fn erase(&mut self, holder: Option<ParticipantId>, release: LineIndex, line: LineIndex) {
        match holder {
            None => {
                self.due_by_hub.remove(&release);
            }
            Some(reader) => {
                if let Some(holding) = self.by_reader.get_mut(&reader).and_then(|held| held.get_mut(&release)) {
                    holding.erased = Some(line);
                }
                self.set_due(reader, release, false);
            }
        }
    }
    /// A release has ended: the hub must erase its body. Also where it said so before the end, for then it had no reason to.
    pub(super) fn ended(&mut self, release: LineIndex) {
        self.due_by_hub.insert(release);
    }
    fn set_due(&mut self, reader: ParticipantId, release: LineIndex, due: bool) {
        let of_reader = self.due.entry(reader).or_default();
        if due {
            of_reader.insert(release);
        } else {
            of_reader.remove(&release);
        }
    }
    fn readers_of(&self, release: LineIndex) -> impl Iterator<Item = ParticipantId> {
        self.readers.get(&release).into_iter().flatten().copied()
    }
    /// The line at which a table of a block was served to a reader.
    pub(super) fn block_table_served(&self, reader: ParticipantId, at: (LineIndex, u16, u16)) -> Option<LineIndex> {
        self.block_tables.get(&at)?.get(&reader).copied()
    }
    /// Everybody to whom any table of a block was served, in any edition.
    pub(super) fn block_readers<'a>(&'a self, block: &'a Block) -> impl Iterator<Item = ParticipantId> + 'a {
        // A line of an edition has room for far fewer blocks than 16 bits count.
        let number = u16::try_from(block.number).unwrap_or(u16::MAX);
        let tables = block
            .editions
            .iter()
            .flat_map(move |edition| self.block_tables.range((*edition, number, 0)..=(*edition, number, u16::MAX)));
        tables.flat_map(|(_, readers)| readers.keys().copied())
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
    /// Whether the ledger has a reader hold an item.
    pub(super) fn was_served(&self, reader: ParticipantId, item: ServedItem) -> bool {
        match item {
            ServedItem::Release(release) => self.holding(reader, release).is_some(),
            ServedItem::BlockTable(edition, block, table) => {
                self.block_table_served(reader, edition, block, table).is_some()
            }
        }
    }
    /// Whether what a reader was served may be said to be undelivered: the right to it has ended.
    pub fn is_undeliverable(&self, reader: ParticipantId, item: ServedItem) -> bool {
        let right = match item {
            ServedItem::Release(release) => self.may_hold(reader, release),
            ServedItem::BlockTable(edition, block, table) => self.may_see_block_table(reader, edition, block, table),
        };
        self.was_served(reader, item) && right.is_err()
    }
    /// Who was served a release, and what became of the copy.
    pub fn readers_of(&self, release: LineIndex) -> impl Iterator<Item = (ParticipantId, &Holding)> {
        self.holdings
            .readers_of(release)
            .filter_map(move |reader| Some((reader, self.holdings.by_reader.get(&reader)?.get(&release)?)))
    }
    /// The line at which a table of a block was served to a reader.
    pub fn block_table_served(
        &self,
        reader: ParticipantId,
        edition: LineIndex,
        block: u16,
        table: u16,
    ) -> Option<LineIndex> {
        self.holdings.block_table_served(reader, (edition, block, table))
    }
    /// How many rights were served up to now.
    pub const fn servings_count(&self) -> u64 {
        self.holdings.served
    }
    /// Everything that must be erased and is not acknowledged, sorted: by the hub first, then by participant.
    pub fn erasures_due(&self) -> BTreeSet<ErasureDue> {
        let hub = self.holdings.due_by_hub.iter().map(|release| ErasureDue { holder: None, release: *release });
        let due = self.holdings.due.iter().flat_map(|(reader, due)| {
            due.iter().map(|release| ErasureDue { holder: Some(*reader), release: *release })
        });
        hub.chain(due).collect()
    }
    /// What one reader must erase.
    pub fn erasures_due_by(&self, reader: ParticipantId) -> impl Iterator<Item = LineIndex> {
        self.holdings.due.get(&reader).into_iter().flatten().copied()
    }
    /// How many releases of a topic a reader must erase before it gets new ones.
    pub fn erasures_owed(&self, reader: ParticipantId, topic: &TopicCode) -> usize {
        self.erasures_due_by(reader).filter(|index| self.topic_of(*index).as_ref() == Some(topic)).count()
    }
    /// Whether the hub must no longer hold a body.
    pub fn hub_must_erase(&self, release: LineIndex) -> bool {
        self.release(release).is_none_or(|release| !matches!(release.state, State::Current))
    }

    /// A line may have begun or ended rights at one table of a participant: those of the others to its releases, and its own
    /// to theirs.
    pub(super) fn review_table(&mut self, participant: ParticipantId, form: &FormCode, period: Period) {
        let Some(subjects) = self.subjects.get(&(form.clone(), period)) else { return };
        let mut copies = Vec::new();
        for (author, subject) in subjects {
            for release in &subject.releases {
                if *author == participant {
                    copies.extend(self.holdings.readers_of(*release).map(|reader| (reader, *release)));
                } else if self.holding(participant, *release).is_some() {
                    copies.push((participant, *release));
                }
            }
        }
        self.review(copies);
    }
    /// A participant was suspended or resumed: its copies and the copies of its releases.
    pub(super) fn review_participant(&mut self, participant: ParticipantId) {
        let held = self.holdings(participant).map(|holding| (participant, holding.release));
        let years = self.by_author.get(&participant).into_iter().flat_map(BTreeMap::values);
        let given =
            years.flatten().flat_map(|release| self.holdings.readers_of(*release).map(|reader| (reader, *release)));
        let copies = held.chain(given).collect();
        self.review(copies);
    }
    /// A Charter changes which forms are in use.
    pub(super) fn review_all(&mut self) {
        let copies = self
            .holdings
            .readers
            .iter()
            .flat_map(|(release, readers)| readers.iter().map(|reader| (*reader, *release)))
            .collect();
        self.review(copies);
    }
    fn review(&mut self, copies: Vec<(ParticipantId, LineIndex)>) {
        for (reader, release) in copies {
            let due = self.holding(reader, release).is_some() && self.may_hold(reader, release).is_err();
            self.holdings.set_due(reader, release, due);
        }
    }
}
