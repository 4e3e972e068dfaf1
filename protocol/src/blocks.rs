//! Rule 3: forming blocks, and the sums they give. Pure functions on profiles and tables; what is frozen is remembered by
//! [`crate::region`], and who may see what is said in [`crate::reciprocity`].

use std::collections::{BTreeMap, BTreeSet};

use crate::audience::Sharing;
use crate::catalogue::Form;
use crate::cell::{Cell, SUM_MAX};
use crate::derived::remainder;
use crate::id::{FormCode, ParticipantId};
use crate::period::Period;
use crate::region::{Region, YearOfTopic};
use crate::table::{Core, Key, Table};

/// Between the units of a sum whose members count different things. Such a sum says so wherever it is shown.
pub const UNITS_JOINED: &str = " + ";

/// A table by its form and period.
pub type TableId = (FormCode, Period);

/// A participant that could become a member: unsuspended, of the kind, and in no block of it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub participant: ParticipantId,
    /// Those with a common parent count once.
    pub family: ParticipantId,
    /// The tables in which it answers each core cell with a value; `Fewer` gives standing, not membership.
    pub profile: BTreeSet<TableId>,
}

/// A block that would be formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formed {
    /// Its members, sorted.
    pub members: Vec<ParticipantId>,
    /// The tables that each of them answers, sorted by the given order.
    pub tables: Vec<TableId>,
}

/// Forms blocks. Trial sets are each candidate's profile and each single table in one; the group of a set is everybody
/// whose profile contains it; of the sets whose group is large enough the one with most tables wins (then most
/// participants, then the smallest in catalogue and period order), its whole group is one block; and again, until none is
/// left. `least` says how large a group must be, counted in families.
pub fn form(
    mut candidates: Vec<Candidate>,
    least: impl Fn(&[ParticipantId]) -> usize,
    order: impl Fn(&TableId) -> (usize, Period),
) -> Vec<Formed> {
    let mut formed = Vec::new();
    loop {
        let mut trials: BTreeSet<BTreeSet<TableId>> = BTreeSet::new();
        for candidate in candidates.iter().filter(|candidate| !candidate.profile.is_empty()) {
            trials.insert(candidate.profile.clone());
            trials.extend(candidate.profile.iter().map(|table| BTreeSet::from([table.clone()])));
        }
        let best = trials
            .into_iter()
            .filter_map(|set| {
                let group: Vec<&Candidate> =
                    candidates.iter().filter(|candidate| candidate.profile.is_superset(&set)).collect();
                let members: Vec<ParticipantId> = group.iter().map(|candidate| candidate.participant).collect();
                let families = group.iter().map(|candidate| candidate.family).collect::<BTreeSet<_>>().len();
                (families >= least(&members)).then_some((set, members))
            })
            .min_by_key(|(set, members)| {
                let mut places: Vec<_> = set.iter().map(&order).collect();
                places.sort();
                (std::cmp::Reverse(set.len()), std::cmp::Reverse(members.len()), places)
            });
        let Some((_, mut members)) = best else { return formed };
        members.sort();
        let (inside, outside): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|candidate| members.contains(&candidate.participant));
        candidates = outside;
        // Every table that each member answers, which may be more than the set that brought them together.
        let shared = inside
            .iter()
            .map(|candidate| candidate.profile.clone())
            .reduce(|one, other| &one & &other)
            .unwrap_or_default();
        let mut tables: Vec<TableId> = shared.into_iter().collect();
        tables.sort_by_key(&order);
        formed.push(Formed { members, tables });
    }
}

/// The sum of a block's tables of one form and period: every cell that each member answers with a value. In a list that a
/// member declares complete, what it does not write is zero; in any other it is no answer.
///
/// The remainder of a list is what the rows *of this sum* leave: rows that not every member writes are folded into `_O`.
/// Were the members' own remainders added, the total less rows and remainder would be the rows of those few that write
/// more than the others, and of a single one in the end.
pub fn sum(form: &Form, period: Period, tables: &[&Table]) -> Table {
    let mut total = Table::new(form.code.clone(), period);
    let count = |table: &Table, key: &Key| table.answer(form, key).as_ref().and_then(Cell::as_count);
    let units: BTreeSet<&str> = tables.iter().map(|table| table.unit(form)).collect();
    total.metadata.unit = Some(units.into_iter().collect::<Vec<_>>().join(UNITS_JOINED));
    let keys: BTreeSet<&Key> = tables.iter().flat_map(|table| table.cells.keys()).collect();
    let (answered, folded): (Vec<&Key>, Vec<&Key>) =
        keys.into_iter().partition(|key| tables.iter().all(|table| count(table, key).is_some()));
    let mut rows_of: BTreeMap<Key, Vec<&Key>> = BTreeMap::new();
    for (row, other) in folded.into_iter().filter_map(|row| Some((row, remainder(form, row)?))) {
        rows_of.entry(other).or_default().push(row);
    }
    for key in answered {
        let mut sum: Option<u64> = tables.iter().map(|table| count(table, key)).sum();
        for row in rows_of.get(key).into_iter().flatten() {
            // What one member writes and another does not is part of the other's remainder already.
            let written: Option<u64> = tables.iter().filter_map(|table| table.cell(row)).map(Cell::as_count).sum();
            sum = sum.zip(written).and_then(|(sum, written)| sum.checked_add(written));
        }
        if let Some(sum) = sum.filter(|sum| *sum <= SUM_MAX) {
            total.cells.insert(key.clone(), Cell::count(sum));
        }
    }
    total
}

impl Region {
    /// The candidates of one kind in a topic and year. `body` gives the table of a release; what is not at hand cannot be in
    /// a profile. Only forms that hold counts use blocks, and only periods whose closing date has come.
    pub fn candidates<'a>(
        &self,
        year: &YearOfTopic,
        sharing: Sharing,
        now: crate::time::Timestamp,
        body: impl Fn(u64) -> Option<&'a Table>,
    ) -> Vec<Candidate> {
        let taken: BTreeSet<ParticipantId> = self
            .blocks(year)
            .iter()
            .filter(|block| block.sharing == sharing)
            .flat_map(|block| block.members.iter().copied())
            .collect();
        let mut profiles: BTreeMap<ParticipantId, BTreeSet<TableId>> = BTreeMap::new();
        let free = self
            .participants()
            .filter(|participant| participant.suspended.is_none() && !taken.contains(&participant.id));
        for release in free.flat_map(|participant| self.releases_in(participant.id, year)) {
            let manifest = &release.manifest;
            let concerns = release.is_current()
                && manifest.core_answered
                && manifest.audience.sharing() == Some(sharing)
                && self.sharing(manifest.participant, year) == Some(sharing);
            let closed = self
                .charter()
                .and_then(|(_, charter)| charter.closing(manifest.period))
                .is_some_and(|closing| closing <= now);
            let Some(form) = self.form_in_use(&manifest.form, manifest.period).filter(|form| form.kind.counts()) else {
                continue;
            };
            if concerns && closed && body(release.index).is_some_and(|table| table.core(form) == Core::Values) {
                profiles.entry(manifest.participant).or_default().insert((manifest.form.clone(), manifest.period));
            }
        }
        profiles
            .into_iter()
            .map(|(participant, profile)| Candidate { participant, family: self.family(participant), profile })
            .collect()
    }

    /// Blocks that an edition of the topic and year would add to the frozen ones.
    pub fn new_blocks(&self, year: &YearOfTopic, sharing: Sharing, candidates: Vec<Candidate>) -> Vec<Formed> {
        debug_assert!(sharing != Sharing::Named, "named releases enter no block");
        form(candidates, |members| self.block_min(year, members), |(form, period)| self.table_order(form, *period))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::id::Code;

    fn id(form: &str, period: &str) -> TableId {
        (FormCode::parse(form).unwrap(), Period::parse(period).unwrap())
    }
    fn candidate(n: u64, family: u64, tables: &[TableId]) -> Candidate {
        Candidate {
            participant: ParticipantId(n),
            family: ParticipantId(family),
            profile: tables.iter().cloned().collect(),
        }
    }
    fn blocks(candidates: Vec<Candidate>) -> Vec<(Vec<u64>, usize)> {
        let formed = form(candidates, |_| 3, |(form, period)| (form.as_str().len(), *period));
        formed.into_iter().map(|block| (block.members.iter().map(|m| m.0).collect(), block.tables.len())).collect()
    }

    #[test]
    fn two_are_no_block() {
        let table = id("IR_CIT", "2018");
        assert_eq!(blocks(vec![candidate(1, 1, std::slice::from_ref(&table)), candidate(2, 2, &[table])]), []);
    }

    #[test]
    fn the_largest_shared_profile_wins_and_its_whole_group_is_one_block() {
        let (cit, tot) = (id("IE_CIT", "2021"), id("IE_TOT", "2021"));
        let both = [cit.clone(), tot.clone()];
        let all = vec![
            candidate(1, 1, &both),
            candidate(2, 2, &both),
            candidate(3, 3, &both),
            candidate(4, 4, std::slice::from_ref(&tot)),
        ];
        // Three share two tables; the fourth fits into no block then, and is listed as not included.
        assert_eq!(blocks(all), [(vec![1, 2, 3], 2)]);
        let seven: Vec<_> = (1..=7)
            .map(|n| if n <= 3 { candidate(n, n, &both) } else { candidate(n, n, std::slice::from_ref(&tot)) })
            .collect();
        assert_eq!(blocks(seven), [(vec![1, 2, 3], 2), (vec![4, 5, 6, 7], 1)]);
    }

    #[test]
    fn a_family_counts_once() {
        let table = [id("IE_TOT", "2021")];
        assert_eq!(blocks(vec![candidate(1, 1, &table), candidate(2, 1, &table), candidate(3, 3, &table)]), []);
        assert_eq!(
            blocks(vec![
                candidate(1, 1, &table),
                candidate(2, 1, &table),
                candidate(3, 3, &table),
                candidate(4, 4, &table)
            ]),
            [(vec![1, 2, 3, 4], 1)]
        );
    }

    fn shape(code: &str) -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap()
    }

    #[test]
    fn a_sum_has_only_the_cells_that_every_member_answers() {
        let key = |code: &str| Key(vec![Code::parse(code).unwrap()]);
        let table = |cells: &[(&str, Cell)], complete: bool| {
            let mut table = Table::new(FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
            table.metadata.list_complete = complete;
            table.cells = cells.iter().map(|(code, cell)| (key(code), cell.clone())).collect();
            table
        };
        let one = table(&[("_T", Cell::count(10)), ("AFG", Cell::count(6)), ("SYR", Cell::count(4))], true);
        let two = table(&[("_T", Cell::count(20)), ("AFG", Cell::Suppressed), ("SYR", Cell::count(1))], false);
        let three = table(&[("_T", Cell::count(7)), ("AFG", Cell::count(7))], true);
        let sum = sum(shape("IE_CIT"), one.period, &[&one, &two, &three]);
        assert_eq!(sum.cell(&key("_T")), Some(&Cell::count(37)));
        assert_eq!(sum.cell(&key("SYR")), Some(&Cell::count(5)));
        assert_eq!(sum.cell(&key("AFG")), None);
        // A total that a complete list does not write is not zero.
        let four = table(&[("SYR", Cell::count(2))], true);
        assert_eq!(super::sum(shape("IE_CIT"), one.period, &[&one, &three, &four]).cell(&key("_T")), None);
    }

    #[test]
    fn the_remainder_of_a_sum_is_what_its_own_rows_leave() {
        let key = |code: &str| Key(vec![Code::parse(code).unwrap()]);
        let table = |cells: &[(&str, Cell)]| {
            let mut table = Table::new(FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
            table.cells = cells.iter().map(|(code, cell)| (key(code), cell.clone())).collect();
            table
        };
        let one = table(&[
            ("_T", Cell::count(60)),
            ("AFG", Cell::count(50)),
            ("SYR", Cell::count(4)),
            ("_O", Cell::count(6)),
        ]);
        let two = table(&[("_T", Cell::count(20)), ("SYR", Cell::count(5)), ("_O", Cell::count(15))]);
        let three = table(&[("_T", Cell::count(30)), ("SYR", Cell::count(1)), ("_O", Cell::count(29))]);
        let added = sum(shape("IE_CIT"), one.period, &[&one, &two, &three]);
        // Not 110 - 10 - 50, which would be the Afghans of the first.
        let at = |code: &str| added.cell(&key(code)).and_then(Cell::as_count);
        assert_eq!((at("_T"), at("SYR"), at("AFG"), at("_O")), (Some(110), Some(10), None, Some(100)));
        // Where a row that is folded is hidden, so is the remainder.
        let mut hidden = one.clone();
        hidden.cells.insert(key("AFG"), Cell::Suppressed);
        let added = sum(shape("IE_CIT"), one.period, &[&hidden, &two, &three]);
        assert_eq!((added.cell(&key("_O")), added.cell(&key("_T"))), (None, Some(&Cell::count(110))));
    }
}
