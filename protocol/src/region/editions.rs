//! Rule 3, blocks: groups of participants whose figures are seen as sums. A block is frozen by the first edition that uses
//! it: nobody joins, nobody leaves, and no figure of it ever changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{LoggedRelease, Region, State, YearOfTopic};
use crate::audience::Sharing;
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantId};
use crate::ledger::{BlockLine, Edition, Hidden};
use crate::period::Period;
use crate::refusal::Reason;

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
                let known = BlockTable { edition: index, place: place as u16, since, hash: table.hash, marked: table.marked };
                block.tables.insert((table.form.clone(), table.period), known);
            }
        }
        self.editions.count = edition.number;
        self.editions.latest.insert(year, index);
        self.editions.lines.insert(index, edition);
    }

    /// Whether an edition keeps Rule 3 as far as everybody can see: frozen blocks stay, new ones are disjoint, large
    /// enough and stand for what they list, and nobody is left out of "reported, not included".
    pub(super) fn check_edition(&self, edition: &Edition) -> Result<(), Reason> {
        let year = (edition.topic.clone(), edition.year);
        let wrong = |block: usize, cause: String| Reason::Block { block: block + 1, topic: year.0.to_string(), year: year.1, cause };
        if edition.number != self.editions.count + 1 {
            return Err(wrong(0, format!("edition {} is not the next, which is {}", edition.number, self.editions.count + 1)));
        }
        if self.catalogue.topic(&edition.topic).is_none() {
            return Err(wrong(0, "no such topic".into()));
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
                None => self.check_new(&year, line).map_err(|cause| wrong(number, cause))?,
            }
            let sorted = line.tables.is_sorted_by(|a, b| self.table_order(&a.form, a.period) < self.table_order(&b.form, b.period));
            if !sorted {
                return Err(wrong(number, "its tables are not in order".into()));
            }
            for table in &line.tables {
                let since = known.get(number).and_then(|block| block.tables.get(&(table.form.clone(), table.period))).map(|known| known.since);
                let marked = since.is_some_and(|since| self.changed_since(&line.members, &table.form, table.period, since, true));
                if table.marked != marked {
                    return Err(wrong(number, format!("{} {} is marked wrongly", table.form, table.period)));
                }
            }
        }
        if edition.not_included != self.not_included(&year, &edition.blocks) {
            return Err(wrong(0, "'reported, not included' does not list who it should".into()));
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
        for table in line.tables.iter().filter(|table| !block.tables.contains_key(&(table.form.clone(), table.period))) {
            if !self.may_add(year, block, &table.form, table.period) {
                return Err(format!("{} {} cannot be added: a member does not stand for it or has changed an overlapping table", table.form, table.period));
            }
        }
        Ok(())
    }

    fn check_new(&self, year: &YearOfTopic, line: &BlockLine) -> Result<(), String> {
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
        match line.tables.iter().find(|table| !self.all_stand(year, &line.members, &table.form, table.period)) {
            Some(table) => Err(format!("not every member stands for {} {}", table.form, table.period)),
            None => Ok(()),
        }
    }

    /// Whether each participant stands for a table of the topic and year with a release that is in its kind's regional figures.
    pub fn all_stand(&self, year: &YearOfTopic, members: &[ParticipantId], form: &FormCode, period: Period) -> bool {
        self.year_of_topic(form, period).as_ref() == Some(year)
            && members.iter().all(|member| {
                let current = self.current(*member, form, period);
                current.is_some_and(|r| r.manifest.core_answered && r.manifest.audience.sharing().is_some_and(|s| s != Sharing::Named))
            })
    }

    /// Whether figures of a further table may be added to a frozen block.
    pub fn may_add(&self, year: &YearOfTopic, block: &Block, form: &FormCode, period: Period) -> bool {
        let first = block.tables.iter().filter(|((_, other), _)| other.overlaps(period)).map(|(_, table)| table.since).min();
        self.all_stand(year, &block.members, form, period) && first.is_none_or(|first| !self.changed_since(&block.members, form, period, first, false))
    }

    /// Whether a member has revised, withdrawn or re-addressed a table since a line: exactly this one (`exact`), or any of
    /// the topic whose period overlaps.
    pub fn changed_since(&self, members: &[ParticipantId], form: &FormCode, period: Period, since: LineIndex, exact: bool) -> bool {
        let Some((topic, _)) = self.year_of_topic(form, period) else { return false };
        let concerns = |release: &LoggedRelease| {
            let manifest = &release.manifest;
            if exact {
                manifest.form == *form && manifest.period == period
            } else {
                manifest.period.overlaps(period) && self.catalogue.form(&manifest.form).is_some_and(|form| form.topic == topic)
            }
        };
        let changed = |release: &LoggedRelease| match release.state {
            State::Current => false,
            State::Replaced(line) | State::Withdrawn(line) | State::Fallen(line) => line > since,
        };
        self.releases().any(|release| members.contains(&release.manifest.participant) && concerns(release) && changed(release))
    }

    /// Who stands with `totals` for a table of the topic and year and is in no closed block that lists it, sorted.
    pub fn not_included(&self, year: &YearOfTopic, blocks: &[BlockLine]) -> Vec<Hidden> {
        let mut hidden: Vec<_> = self
            .releases()
            .filter(|release| release.is_current() && release.manifest.core_answered && release.manifest.audience.sharing() == Some(Sharing::Totals))
            .filter(|release| self.participants.get(&release.manifest.participant).is_some_and(|p| p.suspended.is_none()))
            .filter(|release| self.year_of_topic(&release.manifest.form, release.manifest.period).as_ref() == Some(year))
            .filter(|release| {
                !blocks.iter().any(|block| {
                    block.sharing == Sharing::Totals
                        && block.members.contains(&release.manifest.participant)
                        && block.tables.iter().any(|table| table.form == release.manifest.form && table.period == release.manifest.period)
                })
            })
            .map(|release| Hidden { form: release.manifest.form.clone(), period: release.manifest.period, participant: release.manifest.participant })
            .collect();
        hidden.sort();
        hidden
    }
}
