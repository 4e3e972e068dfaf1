//! Witnesses: deviations in whole numbers that satisfy every sum and every bound. Two of them that differ by enough in a cell
//! prove that cell. They are kept because one deviation settles many cells.

use std::collections::BTreeMap;

use crate::model::Model;
use crate::solver::Solver;

/// A deviation: cells that move, ascending, with how far.
pub type Deviation = Vec<(usize, i64)>;

/// Deviations found so far, with those that use each cell.
#[derive(Debug, Default, Clone)]
pub struct Pool {
    deviations: Vec<Deviation>,
    using: BTreeMap<usize, Vec<usize>>,
}

/// The two ends of what is shown possible for a cell. `None` stands for the true figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ends {
    /// The deviation that goes lowest, and how low.
    pub low: (Option<usize>, i64),
    /// The deviation that goes highest, and how high.
    pub high: (Option<usize>, i64),
}

impl Ends {
    /// How far the ends are apart.
    pub const fn width(&self) -> i64 {
        self.high.1 - self.low.1
    }
    /// Whether one of the ends is this deviation.
    pub fn uses(&self, deviation: usize) -> bool {
        self.low.0 == Some(deviation) || self.high.0 == Some(deviation)
    }
}

impl Pool {
    /// Adds a deviation; its number. Nothing is added for one that moves nothing.
    pub fn add(&mut self, deviation: Deviation) -> Option<usize> {
        if deviation.is_empty() {
            return None;
        }
        let number = self.deviations.len();
        for (cell, _) in &deviation {
            self.using.entry(*cell).or_default().push(number);
        }
        self.deviations.push(deviation);
        Some(number)
    }
    /// All deviations.
    pub fn all(&self) -> &[Deviation] {
        &self.deviations
    }
    /// The numbers of the deviations that move a cell.
    pub fn moving(&self, cell: usize) -> &[usize] {
        self.using.get(&cell).map_or(&[], Vec::as_slice)
    }
    /// How far a deviation moves a cell.
    pub fn far(&self, number: usize, cell: usize) -> i64 {
        self.deviations
            .get(number)
            .and_then(|deviation| deviation.binary_search_by_key(&cell, |entry| entry.0).ok().map(|at| deviation[at].1))
            .unwrap_or(0)
    }
    /// The ends of a cell among the deviations that `may` be used.
    pub fn ends(&self, cell: usize, may: impl Fn(usize) -> bool) -> Ends {
        let mut ends = Ends::default();
        for &number in self.moving(cell).iter().filter(|number| may(**number)) {
            let far = self.far(number, cell);
            if far < ends.low.1 {
                ends.low = (Some(number), far);
            }
            if far > ends.high.1 {
                ends.high = (Some(number), far);
            }
        }
        ends
    }
}

/// Where a solver stands, as a deviation in whole numbers; `None` where it is not whole, or does not satisfy what it must. The
/// sums are added up here, in integers.
pub fn whole(model: &Model, solver: &impl Solver, sums_of: &BTreeMap<usize, Vec<usize>>) -> Option<Deviation> {
    let mut deviation = Deviation::new();
    for &cell in solver.cells() {
        let value = solver.value(cell);
        let rounded = value.round();
        if (value - rounded).abs() > 1e-5 {
            return None;
        }
        if rounded != 0.0 {
            deviation.push((cell, rounded as i64));
        }
    }
    is_possible(model, &deviation, sums_of).then_some(deviation)
}

/// Whether a deviation satisfies every sum and every bound of the cells it moves.
pub fn is_possible(model: &Model, deviation: &Deviation, sums_of: &BTreeMap<usize, Vec<usize>>) -> bool {
    let far = |cell: usize| deviation.binary_search_by_key(&cell, |entry| entry.0).map_or(0, |at| deviation[at].1);
    let in_bounds = |(cell, far): &(usize, i64)| {
        let figure = model.truth[*cell] + far;
        !model.known[*cell] && figure >= model.least[*cell] && model.most[*cell].is_none_or(|most| figure <= most)
    };
    let adds_up =
        |sum: &usize| model.sums[*sum].iter().map(|(cell, sign)| i64::from(*sign) * far(*cell)).sum::<i64>() == 0;
    deviation.iter().all(in_bounds) && deviation.iter().filter_map(|(cell, _)| sums_of.get(cell)).flatten().all(adds_up)
}

/// The sums that each cell is in.
pub fn sums_of(model: &Model) -> BTreeMap<usize, Vec<usize>> {
    let mut sums: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, sum) in model.sums.iter().enumerate() {
        for (cell, _) in sum {
            sums.entry(*cell).or_default().push(number);
        }
    }
    sums
}
