//! Rule 3, blocks: groups of participants whose figures are seen as sums. A block is frozen by the first edition that uses
//! it: nobody joins, nobody leaves, and no figure of it ever changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{LoggedRelease, Region, Standing, State, YearOfTopic};
use crate::audience::Sharing;
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantId};
use crate::ledger::{BlockLine, Edition, Hidden};
use crate::period::Period;
use crate::refusal::Reason;
use crate::time::Timestamp;

/// The figures of one table of a block, behind their hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockTable {
    /// The latest edition that lists it.
    pub edition: LineIndex,
    /// Its place in that edition's block.
    pub place: u16,
    /// The edition that first gave its figures.
    pub since: LineIndex,
    /// SHA-256 of nonce ‖ body.
    pub hash: Hash,
    /// A member has revised or withdrawn since.
    pub marked: bool,
}

/// A block: frozen members and the tables they give sums of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Its place among the blocks of the topic and year.
    pub number: usize,
    /// Kind of its members when it was formed.
    pub sharing: Sharing,
    /// Its members, sorted.
    pub members: Vec<ParticipantId>,
    /// The edition that froze it.
    pub since: LineIndex,
    /// Every edition that lists it.
    pub editions: BTreeSet<LineIndex>,
    /// Its tables.
    pub tables: BTreeMap<(FormCode, Period), BlockTable>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Editions {
    count: u32,
    blocks: BTreeMap<YearOfTopic, Vec<Block>>,
    lines: BTreeMap<LineIndex, Edition>,
    latest: BTreeMap<YearOfTopic, LineIndex>,
}

impl Region {
    /// Blocks of a topic and year, in the order in which they were formed.
    pub fn blocks(&self, year: &YearOfTopic) -> &[Block] {
        self.editions.blocks.get(year).map_or(&[], Vec::as_slice)
    }
    /// How many editions there are.
    pub const fn editions_count(&self) -> u32 {
        self.editions.count
    }
    /// All editions, by line.
    pub fn editions(&self) -> impl Iterator<Item = (LineIndex, &Edition)> {
        self.editions.lines.iter().map(|(index, edition)| (*index, edition))
    }
    /// The edition at a line.
    pub fn edition(&self, index: LineIndex) -> Option<&Edition> {
        self.editions.lines.get(&index)
    }
    /// The latest edition of a topic and year.
    pub fn latest_edition(&self, year: &YearOfTopic) -> Option<(LineIndex, &Edition)> {
        let index = *self.editions.latest.get(year)?;
        Some((index, self.editions.lines.get(&index)?))
    }

    pub(super) fn apply_edition(&mut self, index: LineIndex, edition: Edition) {
        let year = (edition.topic.clone(), edition.year);
        let blocks = self.editions.blocks.entry(year.clone()).or_default();
        for (number, line) in edition.blocks.iter().enumerate() {
            if blocks.len() == number {
                blocks.push(Block {
                    number,
                    sharing: line.sharing,
                    members: line.members.clone(),
                    since: index,
                    editions: BTreeSet::new(),
                    tables: BTreeMap::new(),
                });
            }
            let block = &mut blocks[number];
            block.editions.insert(index);
            for (place, table) in line.tables.iter().enumerate() {
                let since = block.tables.get(&(table.form.clone(), table.period)).map_or(index, |known| known.since);
                let known =
                    BlockTable { edition: index, place: place as u16, since, hash: table.hash, marked: table.marked };
                block.tables.insert((table.form.clone(), table.period), known);
            }
        }
        self.editions.count = edition.number;
        self.editions.latest.insert(year, index);
        self.editions.lines.insert(index, edition);
    }

    /// Whether an edition keeps Rule 3 as far as everybody can see: frozen blocks stay, new ones are disjoint, large
    /// enough and stand for what they list, and nobody is left out of "reported, not included".
    pub(super) fn check_edition(&self, edition: &Edition, now: Timestamp) -> Result<(), Reason> {
        let year = (edition.topic.clone(), edition.year);
        let wrong = |block: usize, cause: String| Reason::Block {
            block: block + 1,
            topic: year.0.to_string(),
            year: year.1,
            cause,
        };
        if edition.number != self.editions.count + 1 {
            return Err(self.flaw(format!(
                "edition {} is not the next, which is {}",
                edition.number,
                self.editions.count + 1
            )));
        }
        if self.catalogues.of_year(edition.year).topic(&edition.topic).is_none() {
            return Err(self.flaw(format!("an edition of {}, which is no topic", edition.topic)));
        }
        let known = self.blocks(&year);
        if edition.blocks.len() < known.len() {
            return Err(wrong(edition.blocks.len(), "a frozen block is missing".into()));
        }
        let mut taken: BTreeSet<(Sharing, ParticipantId)> = BTreeSet::new();
        for (number, line) in edition.blocks.iter().enumerate() {
            if line.members.iter().any(|member| !taken.insert((line.sharing, *member))) {
                return Err(wrong(number, "a member is in two blocks, or stands twice".into()));
            }
            match known.get(number) {
                Some(block) => self.check_frozen(&year, block, line).map_err(|cause| wrong(number, cause))?,
                None => self.check_new(&year, line, now).map_err(|cause| wrong(number, cause))?,
            }
            let sorted = line
                .tables
                .is_sorted_by(|a, b| self.table_order(&a.form, a.period) < self.table_order(&b.form, b.period));
            if !sorted {
                return Err(wrong(number, "its tables are not in order".into()));
            }
            for table in &line.tables {
                let since = known
                    .get(number)
                    .and_then(|block| block.tables.get(&(table.form.clone(), table.period)))
                    .map(|known| known.since);
                let marked = since
                    .is_some_and(|since| self.changed_since(&line.members, &table.form, table.period, since, true));
                if table.marked != marked {
                    return Err(wrong(number, format!("{} {} is marked wrongly", table.form, table.period)));
                }
            }
        }
        if edition.not_included != self.not_included(&year, &edition.blocks) {
            return Err(self.flaw("'reported, not included' of the edition does not list who it should"));
        }
        Ok(())
    }

    fn check_frozen(&self, year: &YearOfTopic, block: &Block, line: &BlockLine) -> Result<(), String> {
        if line.sharing != block.sharing || line.members != block.members {
            return Err("its members are frozen and differ".into());
        }
        for ((form, period), known) in &block.tables {
            let listed = line.tables.iter().find(|table| table.form == *form && table.period == *period);
            if listed.is_none_or(|table| table.hash != known.hash) {
                return Err(format!("the figures of {form} {period} never change, and differ or are missing"));
            }
        }
        for table in line.tables.iter().filter(|table| !block.tables.contains_key(&(table.form.clone(), table.period)))
        {
            if !self.may_add(year, block, &table.form, table.period) {
                return Err(format!(
                    "{} {} cannot be added: a member does not stand for it or has changed an overlapping table",
                    table.form, table.period
                ));
            }
        }
        Ok(())
    }

    fn check_new(&self, year: &YearOfTopic, line: &BlockLine, now: Timestamp) -> Result<(), String> {
        if line.sharing == Sharing::Named {
            return Err("named releases enter no block".into());
        }
        if !line.members.is_sorted_by(|a, b| a < b) || line.tables.is_empty() {
            return Err("members unsorted, or no table".into());
        }
        let least = self.block_min(year, &line.members);
        if self.families(line.members.iter().copied()) < least {
            return Err(format!("{} members are fewer than {least}", line.members.len()));
        }
        for member in &line.members {
            if self.active(*member).is_err() || self.sharing(*member, year) != Some(line.sharing) {
                return Err(format!("{} does not share this way", self.code_of(*member)));
            }
            if self.blocks(year).iter().any(|block| block.sharing == line.sharing && block.members.contains(member)) {
                return Err(format!("{} is in a block already", self.code_of(*member)));
            }
        }
        if let Some(table) =
            line.tables.iter().find(|table| !self.all_stand(year, &line.members, &table.form, table.period))
        {
            return Err(format!("not every member stands for {} {}", table.form, table.period));
        }
        let closed = |period: Period| {
            self.charter().and_then(|(_, charter)| charter.closing(period)).is_some_and(|closing| closing <= now)
        };
        match line.tables.iter().find(|table| !closed(table.period)) {
            Some(table) => {
                Err(format!("{} is not yet closed by the calendar, and others may still report", table.period))
            }
            None => Ok(()),
        }
    }

    /// Whether each participant stands for a table of the topic and year, one that holds counts, with a release that is in
    /// its kind's regional figures.
    pub fn all_stand(&self, year: &YearOfTopic, members: &[ParticipantId], form: &FormCode, period: Period) -> bool {
        self.year_of_topic(form, period).as_ref() == Some(year)
            && self.form_in_use(form, period).is_some_and(|form| form.kind.counts())
            && members.iter().all(|member| match self.standing(*member, form, period) {
                Standing::Stands(release) => {
                    matches!(release.manifest.audience.sharing(), Some(Sharing::Open | Sharing::Totals))
                }
                _ => false,
            })
    }

    /// Whether a block is as large as it must be under the Charter in force too, which may ask for more than the one under
    /// which it was formed: no further figure of a smaller one is made or served.
    pub fn large_enough(&self, year: &YearOfTopic, members: &[ParticipantId]) -> bool {
        self.families(members.iter().copied()) >= self.block_min(year, members)
    }

    /// Whether figures of a further table may be added to a frozen block.
    pub fn may_add(&self, year: &YearOfTopic, block: &Block, form: &FormCode, period: Period) -> bool {
        let first =
            block.tables.iter().filter(|((_, other), _)| other.overlaps(period)).map(|(_, table)| table.since).min();
        self.all_stand(year, &block.members, form, period)
            && self.large_enough(year, &block.members)
            && first.is_none_or(|first| !self.changed_since(&block.members, form, period, first, false))
    }

    /// The releases whose figures a table of a block adds: each member's that was current when an edition first gave them.
    pub fn summed<'a>(
        &'a self,
        block: &'a Block,
        form: &'a FormCode,
        period: Period,
    ) -> impl Iterator<Item = &'a LoggedRelease> {
        let since = block.tables.get(&(form.clone(), period)).map_or(0, |table| table.since);
        let lines = block.members.iter().filter_map(move |member| {
            let releases = &self.subject(*member, form, period)?.releases;
            releases.iter().rev().find(|index| **index < since).copied()
        });
        lines.filter_map(|index| self.release(index))
    }

    /// Whether a member has revised, withdrawn or re-addressed a table since a line: exactly this one (`exact`), or any of
    /// the topic whose period overlaps.
    pub fn changed_since(
        &self,
        members: &[ParticipantId],
        form: &FormCode,
        period: Period,
        since: LineIndex,
        exact: bool,
    ) -> bool {
        // Every period of version 1 lies in one calendar year, so whatever overlaps is of the same year.
        let Some(year) = self.year_of_topic(form, period) else { return false };
        let concerns = |release: &LoggedRelease| {
            let manifest = &release.manifest;
            if exact { manifest.form == *form && manifest.period == period } else { manifest.period.overlaps(period) }
        };
        let changed = |release: &LoggedRelease| match release.state {
            State::Current => false,
            State::Replaced(line) | State::Withdrawn(line) | State::Fallen(line) => line > since,
        };
        members
            .iter()
            .flat_map(|member| self.releases_in(*member, &year))
            .any(|release| concerns(release) && changed(release))
    }

    /// Who stands with `totals` for a table of the topic and year and is in no closed block that lists it, sorted.
    pub fn not_included(&self, year: &YearOfTopic, blocks: &[BlockLine]) -> Vec<Hidden> {
        let active = self.participants().filter(|participant| participant.suspended.is_none());
        let mut hidden: Vec<_> = active
            .flat_map(|participant| self.releases_in(participant.id, year))
            .filter(|release| {
                release.is_current()
                    && release.manifest.core_answered
                    && release.manifest.audience.sharing() == Some(Sharing::Totals)
            })
            .filter(|release| {
                !blocks.iter().any(|block| {
                    block.sharing == Sharing::Totals
                        && block.members.contains(&release.manifest.participant)
                        && block
                            .tables
                            .iter()
                            .any(|table| table.form == release.manifest.form && table.period == release.manifest.period)
                })
            })
            .map(|release| Hidden {
                form: release.manifest.form.clone(),
                period: release.manifest.period,
                participant: release.manifest.participant,
            })
            .collect();
        hidden.sort();
        hidden
    }
}
