//! The cases of several agencies, each counted once.
//!
//! Two cases are the same where their hashes are. Of a case that several agencies have, the one that stands first in the order says
//! everything: period, codes and persons. So a case is counted in one base period and one cell, and a year is the sum of its
//! quarters. Where one agency has a case in several periods, the one it delivered last counts.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::Status;
use vrs_protocol::id::Code;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

use super::{Case, CaseHash, unpack};
use crate::intake::cases::tables::Maker;
use crate::intake::cases::tally::{Counted, Counts, DIMENSIONS_MAX};
use crate::national::AgencyCode;

/// A set of which a part is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Number of the set; of one agency the highest was delivered last.
    pub id: i64,
    /// Whose it is.
    pub agency: AgencyCode,
    /// The base period.
    pub period: Period,
    /// The status of its figures.
    pub status: Status,
    /// The dimensions with the codes that a case names by place.
    pub dimensions: Vec<(String, Vec<Code>)>,
}

/// Why cases cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DistinctError {
    /// A set does not know a dimension of the form.
    #[error("the cases of {0} in {1} do not say {2}, which {3} asks for")]
    Lacks(AgencyCode, Period, String, String),
    /// The stored bytes are no cases.
    #[error("the stored cases of {0} in {1} are damaged")]
    Damaged(AgencyCode, Period),
    /// The counts fit no table.
    #[error("{0}")]
    Table(String),
    /// More different codes than a case can name.
    #[error("the agencies' cases have more than 65,536 different codes of {0}")]
    Codes(String),
}

/// A national table of distinct cases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Union {
    /// The agencies, the one that is right about a case first.
    pub order: Vec<AgencyCode>,
    /// The SDMX letter of the figures.
    pub status: String,
    /// The cells: codes joined by bars, persons, and of each agency the number of rows and the first line.
    pub cells: Vec<UnionCell>,
    /// What two agencies both have.
    pub overlap: Overlap,
    /// The persons of each agency's own cases in the period, in the order of the agencies: what its own table must say, if these are
    /// the cases it was made of.
    #[serde(default)]
    pub own: Vec<u64>,
}

/// One cell of a [`Union`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnionCell {
    /// One code for each dimension.
    pub key: Vec<Code>,
    /// Persons.
    pub persons: u64,
    /// Whose cases they are: rows, and the first line of its file.
    pub rows: Vec<(AgencyCode, u64, u64)>,
}

/// What two agencies both have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlap {
    /// Cases that were counted.
    pub cases: u64,
    /// Of them, those that more than one agency has.
    pub shared: u64,
    /// Of those, about which the agencies differ in something the table shows.
    pub differing: u64,
    /// In which dimension, period or number of persons they differ. A case may differ in several.
    pub by_dimension: BTreeMap<String, u64>,
    /// Of each two agencies: cases of this table that both have.
    pub pairs: Vec<(AgencyCode, AgencyCode, u64)>,
    /// Cases that an agency has in this period and that are counted in another, where a preferred agency or a later file has them.
    pub elsewhere: u64,
}

/// The word for a difference of periods in [`Overlap::by_dimension`].
pub const PERIOD: &str = "period";
/// The word for a difference of persons.
pub const PERSONS: &str = "persons";

/// Counts the parts one after the other.
pub struct Counting<'c> {
    order: Vec<AgencyCode>,
    wanted: Vec<Wanted>,
    /// Every dimension with its codes, in places of 16 bits that hold for all sets.
    codes: BTreeMap<String, Places>,
    catalogue: &'c vrs_protocol::catalogue::Catalogue,
}

/// Codes in the order of their places.
#[derive(Default)]
struct Places {
    all: Vec<Code>,
    at: FxHashMap<Code, u16>,
}

impl Places {
    fn of(&mut self, code: &Code) -> Option<u16> {
        if let Some(at) = self.at.get(code) {
            return Some(*at);
        }
        let next = u16::try_from(self.all.len()).ok()?;
        self.all.push(code.clone());
        self.at.insert(code.clone(), next);
        Some(next)
    }
}

/// A table that is counted.
struct Wanted {
    form: &'static Form,
    period: Period,
    /// By agency and places.
    cells: FxHashMap<(u16, [u16; DIMENSIONS_MAX]), Counted>,
    status: Status,
    overlap: Overlap,
    pairs: BTreeMap<(u16, u16), u64>,
    /// The persons of each agency's own cases, by its place in the order.
    own: Vec<u64>,
    /// Why it cannot be counted.
    failed: Option<DistinctError>,
}

/// A set with its places in the codes of all.
struct Bound<'s> {
    head: &'s Head,
    /// Place of the agency in the order.
    agency: u16,
    /// For each dimension of a case, the place of each of its codes in the codes of all.
    places: Vec<Vec<u16>>,
    /// For each table that is counted, where its dimensions stand in a case; `None`: the set does not know it.
    columns: Vec<[Option<usize>; DIMENSIONS_MAX]>,
}

/// A case of a set, with what decides between several of one hash.
struct Found<'s> {
    hash: CaseHash,
    agency: u16,
    /// The later set first.
    set: std::cmp::Reverse<i64>,
    bound: usize,
    case: Case<'s>,
}

impl<'c> Counting<'c> {
    /// Begins to count these tables of one topic. `order`: whose word counts first.
    #[must_use]
    pub fn new(
        order: &[AgencyCode],
        wanted: &[(&'static Form, Period)],
        catalogue: &'c vrs_protocol::catalogue::Catalogue,
    ) -> Self {
        let one = |(form, period): &(&'static Form, Period)| Wanted {
            form,
            period: *period,
            cells: FxHashMap::default(),
            status: Status::Normal,
            overlap: Overlap::default(),
            pairs: BTreeMap::new(),
            own: vec![0; order.len()],
            failed: None,
        };
        Self { order: order.to_vec(), wanted: wanted.iter().map(one).collect(), codes: BTreeMap::new(), catalogue }
    }

    /// Counts one part of every set of the topic.
    ///
    /// # Errors
    /// When bytes are damaged, or there are too many codes.
    pub fn part(&mut self, sets: &[(Head, Vec<u8>)]) -> Result<(), DistinctError> {
        let mut bound = Vec::new();
        let mut found = Vec::new();
        for (head, bytes) in sets {
            let Some(agency) = self.order.iter().position(|code| *code == head.agency) else { continue };
            let cases = unpack(bytes, head.dimensions.len())
                .ok_or_else(|| DistinctError::Damaged(head.agency.clone(), head.period))?;
            let own = self.bind(head, agency as u16)?;
            let place = bound.len();
            let set = std::cmp::Reverse(head.id);
            found.extend(cases.map(|case| Found { hash: case.hash, agency: own.agency, set, bound: place, case }));
            bound.push(own);
        }
        found.sort_unstable_by_key(|found| (found.hash, found.agency, found.set, found.case.line));
        // The tables that a base period is part of; of many tables a case is in a few.
        let mut inside: FxHashMap<Period, Vec<usize>> = FxHashMap::default();
        for own in &bound {
            let period = own.head.period;
            inside.entry(period).or_insert_with(|| {
                let contains = |(_, wanted): &(usize, &Wanted)| wanted.period.contains(period);
                self.wanted.iter().enumerate().filter(contains).map(|(at, _)| at).collect()
            });
        }
        let mut concerned: Vec<usize> = Vec::new();
        for same in found.chunk_by(|one, other| one.hash == other.hash) {
            concerned.clear();
            for found in same {
                let tables = inside.get(&bound[found.bound].head.period).into_iter().flatten();
                concerned.extend(tables);
            }
            if same.len() > 1 {
                concerned.sort_unstable();
                concerned.dedup();
            }
            for at in &concerned {
                let wanted = &mut self.wanted[*at];
                if let Err(error) = wanted.count(*at, same, &bound) {
                    // The other tables can be counted all the same.
                    wanted.failed.get_or_insert(error);
                }
            }
        }
        Ok(())
    }

    /// The places of a set's codes in those of all.
    fn bind<'s>(&mut self, head: &'s Head, agency: u16) -> Result<Bound<'s>, DistinctError> {
        let mut places = Vec::with_capacity(head.dimensions.len());
        for (name, codes) in &head.dimensions {
            let known = self.codes.entry(name.clone()).or_default();
            let place = |code: &Code| known.of(code).ok_or_else(|| DistinctError::Codes(name.clone()));
            places.push(codes.iter().map(place).collect::<Result<Vec<u16>, _>>()?);
        }
        let columns = |wanted: &Wanted| {
            let mut columns = [None; DIMENSIONS_MAX];
            for (column, dimension) in columns.iter_mut().zip(&wanted.form.dimensions) {
                *column = head.dimensions.iter().position(|(name, _)| *name == dimension.code);
            }
            columns
        };
        let columns = self.wanted.iter().map(columns).collect();
        Ok(Bound { head, agency, places, columns })
    }

    /// The tables in the order in which they were wanted, with what overlapped; or why one cannot be counted: a case lies in it whose
    /// agency does not say what the form asks for, or a count is larger than a cell may hold.
    pub fn tables(self) -> Vec<Result<(Table, Union), DistinctError>> {
        let Self { order, wanted, codes, catalogue } = self;
        let codes = codes.into_iter().map(|(name, places)| (name, places.all)).collect();
        let table = |mut wanted: Wanted| match wanted.failed.take() {
            Some(error) => Err(error),
            None => wanted.table(&order, &codes, catalogue),
        };
        wanted.into_iter().map(table).collect()
    }
}

impl Bound<'_> {
    /// The place of a case's code in the codes of all, by table and dimension of its form; `None` where the set does not know it.
    fn place(&self, table: usize, dimension: usize, case: &Case<'_>) -> Option<u16> {
        let at = (*self.columns.get(table)?.get(dimension)?)?;
        self.places.get(at)?.get(usize::from(case.place(at)?)).copied()
    }
}

impl Wanted {
    /// Counts a case that one or several agencies have; the first of them is right. `table`: the place of this table among those counted.
    fn count(&mut self, table: usize, same: &[Found<'_>], bound: &[Bound<'_>]) -> Result<(), DistinctError> {
        let Some((first, others)) = same.split_first() else { return Ok(()) };
        let period = self.period;
        let inside = |found: &Found<'_>| period.contains(bound[found.bound].head.period);
        let mut last = None;
        // Of each agency its own cases, whoever else has them: they stand one after the other.
        for found in same.iter().filter(|found| inside(found)) {
            if last.replace(found.agency) != Some(found.agency)
                && let Some(own) = self.own.get_mut(usize::from(found.agency))
            {
                *own = own.saturating_add(found.case.persons);
            }
        }
        if !inside(first) {
            self.overlap.elsewhere += u64::from(others.iter().any(inside));
            return Ok(());
        }
        let own = &bound[first.bound];
        let mut places = [0; DIMENSIONS_MAX];
        for (number, (place, dimension)) in places.iter_mut().zip(&self.form.dimensions).enumerate() {
            *place = own.place(table, number, &first.case).ok_or_else(|| {
                let form = self.form.code.to_string();
                DistinctError::Lacks(own.head.agency.clone(), own.head.period, dimension.code.clone(), form)
            })?;
        }
        let counted = self.cells.entry((first.agency, places)).or_default();
        counted.add(Counted { persons: first.case.persons, line: first.case.line, rows: 1 });
        self.status = self.status.graver(own.head.status);
        self.overlap.cases += 1;
        if others.is_empty() {
            return Ok(());
        }
        let mut agencies: BTreeSet<u16> = BTreeSet::from([first.agency]);
        let mut differs: BTreeSet<&str> = BTreeSet::new();
        for other in others.iter().filter(|other| other.agency != first.agency) {
            // Of each agency the one it delivered last.
            if !agencies.insert(other.agency) {
                continue;
            }
            let theirs = &bound[other.bound];
            if !inside(other) {
                differs.insert(PERIOD);
            }
            if other.case.persons != first.case.persons {
                differs.insert(PERSONS);
            }
            for (number, (place, dimension)) in places.iter().zip(&self.form.dimensions).enumerate() {
                if theirs.place(table, number, &other.case).is_some_and(|their| their != *place) {
                    differs.insert(&dimension.code);
                }
            }
        }
        if agencies.len() > 1 {
            self.overlap.shared += 1;
            let all: Vec<u16> = agencies.into_iter().collect();
            for (at, one) in all.iter().enumerate() {
                for other in &all[at + 1..] {
                    *self.pairs.entry((*one, *other)).or_default() += 1;
                }
            }
        }
        self.overlap.differing += u64::from(!differs.is_empty());
        for name in differs {
            *self.overlap.by_dimension.entry(name.to_owned()).or_default() += 1;
        }
        Ok(())
    }

    fn table(
        self,
        order: &[AgencyCode],
        codes: &BTreeMap<String, Vec<Code>>,
        catalogue: &vrs_protocol::catalogue::Catalogue,
    ) -> Result<(Table, Union), DistinctError> {
        let dimensions = &self.form.dimensions;
        let none = Vec::new();
        let maker = Maker {
            form: self.form,
            codes: dimensions.iter().map(|own| codes.get(&own.code).unwrap_or(&none).as_slice()).collect(),
            status: self.status,
            keep: None,
            metadata: &vrs_protocol::table::Metadata::default(),
            catalogue,
        };
        let key = |places: &[u16; DIMENSIONS_MAX]| {
            let code = |(place, codes): (&u16, &&[Code])| codes.get(usize::from(*place)).cloned();
            Key(places.iter().zip(&maker.codes).filter_map(code).collect())
        };
        let refused = |problem: crate::intake::Problem| DistinctError::Table(problem.to_string());
        let mut all = Counts::new();
        let mut rows: BTreeMap<Key, Vec<(AgencyCode, u64, u64)>> = BTreeMap::new();
        for (place, agency) in order.iter().enumerate() {
            let mut own = Counts::new();
            for ((_, places), counted) in self.cells.iter().filter(|((of, _), _)| usize::from(*of) == place) {
                own.entry(key(places)).or_default().add(*counted);
                all.entry(key(places)).or_default().add(*counted);
            }
            if own.is_empty() {
                continue;
            }
            let taken = maker.table(self.period, own).map_err(refused)?;
            for (key, count) in &taken.rows {
                let line = taken.lines.get(key).copied().unwrap_or(0);
                rows.entry(key.clone()).or_default().push((agency.clone(), *count, line));
            }
        }
        let taken = maker.table(self.period, all).map_err(refused)?;
        let cells = taken.table.cells.iter().map(|(key, cell)| UnionCell {
            key: key.0.clone(),
            persons: cell.as_count().unwrap_or(0),
            rows: rows.get(key).cloned().unwrap_or_default(),
        });
        let pair = |((one, other), count): (&(u16, u16), &u64)| {
            Some((order.get(usize::from(*one))?.clone(), order.get(usize::from(*other))?.clone(), *count))
        };
        let union = Union {
            order: order.to_vec(),
            status: self.status.letter().to_owned(),
            cells: cells.collect(),
            own: self.own.clone(),
            overlap: Overlap { pairs: self.pairs.iter().filter_map(pair).collect(), ..self.overlap },
        };
        Ok((taken.table, union))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::{CaseSet, PARTS, part_of};
    use super::*;
    use vrs_protocol::catalogue::Catalogue;
    use vrs_protocol::id::{FormCode, TopicCode};

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }
    fn agency(text: &str) -> AgencyCode {
        AgencyCode::parse(text).unwrap()
    }
    fn form(text: &str) -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse(text).unwrap()).unwrap()
    }
    fn period(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    /// A set of cases: number, line, persons, citizenship of `AFG` or `SYR`.
    fn set(id: i64, of: &str, when: &str, cases: &[(u8, u32, u64, &str)]) -> (Head, CaseSet) {
        let mut set = CaseSet::new(TopicCode::parse("IE").unwrap(), period(when), Status::Normal);
        // Not in the same order at every agency.
        let codes = if of == "BF" { ["AFG", "SYR"] } else { ["SYR", "AFG"] };
        set.dimensions = vec![("citizenship".into(), codes.map(code).to_vec())];
        for (number, line, persons, citizenship) in cases {
            let place = codes.iter().position(|code| code == citizenship).unwrap();
            set.add(&[*number; 16], *line, *persons, &[place as u16]);
        }
        let (period, status, dimensions) = (set.period, set.status, set.dimensions.clone());
        (Head { id, agency: agency(of), period, status, dimensions }, set)
    }

    fn count(
        order: &[&str],
        wanted: &[(&str, &str)],
        sets: &[(Head, CaseSet)],
    ) -> Result<Vec<(Table, Union)>, DistinctError> {
        let order: Vec<AgencyCode> = order.iter().map(|code| agency(code)).collect();
        let wanted: Vec<(&'static Form, Period)> =
            wanted.iter().map(|(code, when)| (form(code), period(when))).collect();
        let mut counting = Counting::new(&order, &wanted, Catalogue::bundled());
        for part in 0..PARTS {
            let sets: Vec<(Head, Vec<u8>)> =
                sets.iter().map(|(head, set)| (head.clone(), set.parts[part].clone())).collect();
            counting.part(&sets)?;
        }
        counting.tables().into_iter().collect()
    }

    fn cells(table: &Table) -> Vec<String> {
        table.cells.iter().map(|(key, cell)| format!("{key} {}", cell.in_words())).collect()
    }

    #[test]
    fn the_same_case_of_two_agencies_counts_once_and_the_first_is_right_about_it() {
        assert_ne!(part_of(&[1; 16]), part_of(&[200; 16]), "cases of several parts");
        let sets = [
            set(1, "BF", "2021-Q1", &[(1, 2, 1, "AFG"), (100, 3, 1, "AFG"), (200, 4, 1, "SYR")]),
            set(2, "POLICE", "2021-Q1", &[(1, 2, 1, "AFG"), (200, 3, 3, "AFG"), (250, 4, 1, "AFG")]),
        ];
        let wanted = [("IE_CIT", "2021-Q1"), ("IE_TOT", "2021-Q1")];
        let found = count(&["BF", "POLICE"], &wanted, &sets).unwrap();
        assert_eq!(cells(&found[0].0), ["AFG 3", "SYR 1", "_T 4"]);
        assert_eq!(cells(&found[1].0), ["total 4"]);
        let overlap = &found[0].1.overlap;
        assert_eq!((overlap.cases, overlap.shared, overlap.differing, overlap.elsewhere), (4, 2, 1, 0));
        let by: Vec<_> = overlap.by_dimension.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        assert_eq!(by, [("citizenship", 1), (PERSONS, 1)]);
        assert_eq!(found[1].1.overlap.by_dimension.len(), 1, "a total does not show citizenship");
        assert_eq!(found[0].1.own, [3, 5], "what each agency's own table says, whoever is right about a case");
        let total = found[0].1.cells.iter().find(|cell| cell.key == [Code::total()]).unwrap();
        assert_eq!(total.rows, [(agency("BF"), 3, 2), (agency("POLICE"), 1, 4)]);
        let police_first = count(&["POLICE", "BF"], &wanted, &sets).unwrap();
        assert_eq!(cells(&police_first[0].0), ["AFG 6", "_T 6"]);
    }

    #[test]
    fn a_case_in_two_periods_counts_in_the_one_that_the_first_agency_says() {
        let sets = [
            set(1, "BF", "2021-Q1", &[(1, 2, 1, "AFG")]),
            set(2, "POLICE", "2021-Q2", &[(1, 2, 1, "AFG"), (9, 3, 1, "SYR")]),
        ];
        let wanted = [("IE_TOT", "2021-Q1"), ("IE_TOT", "2021-Q2"), ("IE_TOT", "2021-S1")];
        let found = count(&["BF", "POLICE"], &wanted, &sets).unwrap();
        assert_eq!(
            found.iter().flat_map(|(table, _)| cells(table)).collect::<Vec<_>>(),
            ["total 1", "total 1", "total 2"]
        );
        assert_eq!(found[0].1.overlap.by_dimension[PERIOD], 1);
        assert_eq!(found[1].1.overlap.elsewhere, 1);
        assert_eq!(
            (found[2].1.overlap.shared, found[2].1.overlap.differing),
            (1, 0),
            "inside the half-year it is one period"
        );
    }

    #[test]
    fn of_one_agency_the_file_delivered_last_counts() {
        let sets = [
            set(1, "BF", "2021-Q1", &[(1, 2, 1, "AFG")]),
            set(7, "BF", "2021-Q2", &[(1, 9, 1, "SYR")]),
            set(2, "POLICE", "2021-Q2", &[(5, 3, 1, "SYR")]),
        ];
        let found = count(&["BF", "POLICE"], &[("IE_CIT", "2021-Q1"), ("IE_CIT", "2021-Q2")], &sets).unwrap();
        assert_eq!(cells(&found[0].0), ["_T 0"]);
        assert_eq!((found[0].1.own.as_slice(), found[1].1.own.as_slice()), (&[1, 0][..], &[1, 1][..]));
        assert_eq!(cells(&found[1].0), ["SYR 2", "_T 2"]);
    }

    #[test]
    fn what_an_agency_does_not_say_is_not_counted_silently() {
        let sets = [set(1, "BF", "2021-Q1", &[(1, 2, 1, "AFG")])];
        let refused = count(&["BF", "POLICE"], &[("IE_SXA", "2021-Q1")], &sets).unwrap_err().to_string();
        assert!(refused.contains("the cases of BF in 2021-Q1 do not say sex"), "{refused}");
        let mut broken = sets.clone();
        broken[0].1.parts[0].push(0);
        assert!(matches!(count(&["BF"], &[("IE_TOT", "2021-Q1")], &broken), Err(DistinctError::Damaged(..))));
    }
}
