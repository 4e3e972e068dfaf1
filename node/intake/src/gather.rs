//! Rows of a foreign file, put together to cells: breakdowns that the form does not ask for are added up, shorter periods
//! become longer ones, and a row that stands twice is seen before it is counted twice.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use vrs_protocol::cell::{COUNT_MAX, Cell, Figure, Status};
use vrs_protocol::period::Period;
use vrs_protocol::table::{CELLS_MAX, Key};

use super::mapping::Gaps;
use super::problems::{Flaw, Problem, Problems};
use super::rows::Row;

/// Cells with the line each came from.
pub(super) type Cells = BTreeMap<Key, (Cell, u64)>;

/// The rows of one table so far.
#[derive(Default)]
pub(super) struct Gathered {
    cells: BTreeMap<Period, BTreeMap<Key, Sum>>,
    seen: HashMap<(Period, Key, Vec<String>), u64>,
    /// Periods of the rows that the file has, of this reporter, also of rows that are not part of the table.
    in_file: BTreeSet<Period>,
    /// The first part that each period is made of, with its line; all others are as long.
    made_of: BTreeMap<Period, (Period, u64)>,
}

impl Gathered {
    /// Notes that the file speaks of a period at all.
    pub(super) fn note(&mut self, part: Period) {
        self.in_file.insert(part);
    }

    /// Takes a row in.
    pub(super) fn add(&mut self, row: Row) -> Result<(), Problem> {
        if let Some(along) = &row.along {
            let same = (row.part, row.key.clone(), along.clone());
            if let Some(line) = self.seen.get(&same) {
                let described = format!("{} {} {}", row.part, row.key, along.join(" "));
                let accepted =
                    "each row once; or the column in which the two differ under add_over, or repeated = \"add\"";
                return Err(Problem::at(row.line, "", described.trim(), Flaw::Duplicate(*line), accepted));
            }
            self.seen.insert(same, row.line);
        }
        let (first, line) = *self.made_of.entry(row.period).or_insert((row.part, row.line));
        if first.length() != row.part.length() {
            let flaw = Flaw::Sum(format!(
                "{} would be counted twice: {first} of line {line} is a period of another length",
                row.period
            ));
            return Err(Problem::at(
                row.line,
                "",
                &row.part.to_string(),
                flaw,
                "periods of one length; or a where in the mapping that leaves the others out",
            ));
        }
        let cells = self.cells.entry(row.period).or_default();
        if cells.len() >= CELLS_MAX && !cells.contains_key(&row.key) {
            return Err(Problem::at(
                row.line,
                "",
                "",
                Flaw::TooLarge(format!("more than {CELLS_MAX} cells")),
                "fewer cells in one table",
            ));
        }
        cells.entry(row.key).or_default().add(&row.cell, row.line);
        Ok(())
    }

    /// The cells of each period; problems where a sum cannot be made.
    pub(super) fn finish(self, gaps: Gaps, problems: &mut Problems) -> BTreeMap<Period, Cells> {
        for (whole, (part, _)) in self.made_of.iter().filter(|(whole, (part, _))| part != *whole) {
            let missing: Vec<String> = whole
                .split(part.length())
                .into_iter()
                .filter(|part| !self.in_file.contains(part))
                .map(|part| part.to_string())
                .collect();
            if !missing.is_empty() {
                let flaw = Flaw::Missing(format!(
                    "{whole} cannot be gathered, the file says nothing of {}",
                    missing.join(", ")
                ));
                problems.push(Problem::of_file(
                    flaw,
                    "a file with every part of the period, or only = [...] in the mapping",
                ));
            }
        }
        let mut periods = BTreeMap::new();
        for (period, sums) in self.cells {
            let mut cells = Cells::new();
            for (key, sum) in sums {
                let line = sum.line;
                match sum.finish(gaps) {
                    Ok(cell) => drop(cells.insert(key, (cell, line))),
                    Err(problem) => problems.push(problem),
                }
            }
            periods.insert(period, cells);
        }
        periods
    }
}

/// Counts that are added up, and reasons that cannot be.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    count: Option<u64>,
    status: Status,
    answer: Option<(Cell, u64)>,
    /// The first line of it.
    pub(super) line: u64,
}

impl Sum {
    /// Adds a cell of a line.
    pub(super) fn add(&mut self, cell: &Cell, line: u64) {
        if self.line == 0 {
            self.line = line;
        }
        match cell {
            Cell::Value { figure: Figure::Count(count), status } => {
                // Two hundred thousand rows of the largest count stay far below 64 bits.
                self.count = Some(self.count.unwrap_or(0).saturating_add(*count));
                self.status = self.status.graver(*status);
            }
            other => {
                // Two of 1 to 4 are 2 to 8, so of several small ones it is only known that they are not none.
                let adds = matches!(other, Cell::Fewer { .. });
                let same = self.answer.as_ref().is_none_or(|(known, _)| known == other && !adds);
                self.answer = Some((
                    if same { other.clone() } else { Cell::NotKnown },
                    self.answer.as_ref().map_or(line, |(_, first)| *first),
                ));
            }
        }
    }

    /// The sum; or, where nothing was counted, the reason.
    pub(super) fn finish(self, gaps: Gaps) -> Result<Cell, Problem> {
        match (self.count, self.answer) {
            (Some(count), _) if count > COUNT_MAX => Err(Problem::at(
                self.line,
                "",
                &count.to_string(),
                Flaw::Sum("it is larger than a cell may be".into()),
                format!("at most {COUNT_MAX}"),
            )),
            (Some(_), Some((answer, line))) if gaps == Gaps::Refuse => {
                let flaw =
                    Flaw::Sum(format!("this row has no count ({}), and others of the same sum do", answer.in_words()));
                Err(Problem::at(
                    line,
                    "",
                    "",
                    flaw,
                    "a count in each row; or gaps = \"leave-out\" in the mapping, and a word about it in the metadata",
                ))
            }
            (Some(count), _) => Ok(Cell::Value { figure: Figure::Count(count), status: self.status }),
            (None, Some((answer, _))) => Ok(answer),
            (None, None) => Ok(Cell::count(0)),
        }
    }
}

/// Adds several cells of a table up into each key that `target` names.
pub(super) fn add_up<'t>(
    cells: impl Iterator<Item = (&'t Key, &'t (Cell, u64))>,
    mut target: impl FnMut(&Key) -> Key,
    gaps: Gaps,
) -> Result<BTreeMap<Key, Cell>, Problem> {
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    for (key, (cell, line)) in cells {
        match sums.entry(target(key)) {
            Entry::Occupied(mut sum) => sum.get_mut().add(cell, *line),
            Entry::Vacant(place) => place.insert(Sum::default()).add(cell, *line),
        }
    }
    sums.into_iter().map(|(key, sum)| Ok((key, sum.finish(gaps)?))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn row(part: &str, period: &str, along: &str, cell: Cell, line: u64) -> Row {
        Row {
            part: Period::parse(part).unwrap(),
            period: Period::parse(period).unwrap(),
            key: Key::default(),
            cell,
            along: Some(vec![along.into()]),
            line,
        }
    }
    fn finish(gathered: Gathered, gaps: Gaps) -> Result<Cell, Problems> {
        let mut problems = Problems::default();
        let cells = gathered.finish(gaps, &mut problems);
        problems.or(())?;
        Ok(cells.into_values().next().unwrap().into_values().next().unwrap().0)
    }

    #[test]
    fn rows_that_differ_in_a_breakdown_are_added_up_and_the_same_row_is_refused() {
        let mut gathered = Gathered::default();
        gathered.add(row("2021", "2021", "men", Cell::count(3), 2)).unwrap();
        gathered.add(row("2021", "2021", "women", Cell::count(4), 3)).unwrap();
        let problem = gathered.add(row("2021", "2021", "men", Cell::count(3), 9)).unwrap_err();
        assert_eq!((problem.line, problem.flaw), (9, Flaw::Duplicate(2)));
        assert_eq!(finish(gathered, Gaps::Refuse).unwrap(), Cell::count(7));
    }

    #[test]
    fn a_year_is_made_only_when_the_file_speaks_of_each_of_its_months() {
        let year = |months: std::ops::RangeInclusive<u8>| {
            let mut gathered = Gathered::default();
            for month in months {
                let part = format!("2021-{month:02}");
                gathered.note(Period::parse(&part).unwrap());
                gathered.add(row(&part, "2021", "", Cell::count(1), month.into())).unwrap();
            }
            finish(gathered, Gaps::Refuse)
        };
        assert_eq!(year(1..=12).unwrap(), Cell::count(12));
        assert!(year(3..=12).unwrap_err().to_string().contains("nothing of 2021-01, 2021-02"));
    }

    #[test]
    fn a_year_that_stands_beside_its_quarters_is_not_counted_twice() {
        let mut gathered = Gathered::default();
        gathered.add(row("2021", "2021", "", Cell::count(100), 2)).unwrap();
        let problem = gathered.add(row("2021-Q1", "2021", "", Cell::count(20), 3)).unwrap_err();
        assert_eq!(problem.line, 3);
        assert!(problem.to_string().contains("counted twice"), "{problem}");
    }

    #[test]
    fn a_sum_over_a_gap_is_refused_unless_the_mapping_says_otherwise() {
        let gathered = || {
            let mut gathered = Gathered::default();
            gathered.add(row("2021", "2021", "a", Cell::count(3), 2)).unwrap();
            gathered.add(row("2021", "2021", "b", Cell::NotKnown, 3)).unwrap();
            gathered
        };
        let problems = finish(gathered(), Gaps::Refuse).unwrap_err();
        assert_eq!(problems.listed[0].line, 3);
        assert_eq!(finish(gathered(), Gaps::LeaveOut).unwrap(), Cell::count(3));
    }

    #[test]
    fn reasons_alone_stay_reasons_and_never_become_zero() {
        let sum = |cells: &[Cell]| {
            let mut sum = Sum::default();
            cells.iter().for_each(|cell| sum.add(cell, 1));
            sum.finish(Gaps::LeaveOut).unwrap()
        };
        assert_eq!(sum(&[Cell::NotCollected, Cell::NotCollected]), Cell::NotCollected);
        assert_eq!(sum(&[Cell::NotCollected, Cell::Suppressed]), Cell::NotKnown);
        assert_eq!(sum(&[Cell::count(0), Cell::Suppressed]), Cell::count(0));
        assert_eq!(sum(&[Cell::Fewer { below: 5 }]), Cell::Fewer { below: 5 });
        assert_eq!(sum(&[Cell::Fewer { below: 5 }, Cell::Fewer { below: 5 }]), Cell::NotKnown);
    }
}
