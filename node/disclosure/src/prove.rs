//! Proof: for each protected cell two witnesses that differ by enough. Random objectives on all cells that are not proven yet
//! settle most of them with few witnesses; the rest is asked cell by cell. The true figures are never a witness, and programs
//! are global: neighbourhoods prove little.

use std::collections::BTreeMap;

use crate::integers::make_whole;
use crate::model::Model;
use crate::pool::{Deviation, Pool};
use crate::request::Budget;
use crate::solver::Solver;

/// Rounds of random objectives. More of them prove few more cells, and every witness is added up again by the verifier.
const ROUNDS: u32 = 14;
/// Steps for one cell.
const STEPS_PER_CELL: u64 = 20_000;
/// Steps for one random objective.
const STEPS_PER_ROUND: u64 = 100_000;

/// The witnesses of one component, and which two prove each cell.
#[derive(Debug, Default, Clone)]
pub struct Proven {
    /// Deviations from the true figures, none empty.
    pub witnesses: Vec<Deviation>,
    /// For each proven cell the witness in which it is lowest and the one in which it is highest.
    pub pairs: BTreeMap<usize, (usize, usize)>,
    /// Cells without proof.
    pub unproven: Vec<usize>,
}

/// Numbers that look random and are the same for the same seed (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    /// Between −1 and 1.
    pub fn sway(&mut self) -> f64 {
        (self.throw() >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}

/// Proves the cells of one component that demand it. `known` are deviations found before.
pub fn prove(
    model: &Model,
    sums_of: &BTreeMap<usize, Vec<usize>>,
    component: &[usize],
    known: &Pool,
    seed: u64,
    budget: &mut Budget,
) -> Proven {
    let mut proof = Proof {
        model,
        sums_of,
        solver: model.solver(component, seed),
        witnesses: Vec::new(),
        ends: component.iter().filter(|cell| model.demand[**cell] > 0).map(|cell| (*cell, Ends::default())).collect(),
    };
    for &cell in component {
        let (least, most) = proof.range(cell);
        proof.solver.bounds(cell, least, most);
    }
    proof.by_chance(&mut Dice(seed), budget);
    proof.by_what_is_known(known, component);
    proof.cell_by_cell(budget);
    proof.near_the_truth();
    proof.finish()
}

/// A deviation divided by what divides all of it; `None` where nothing does.
fn smallest_part(deviation: &Deviation) -> Option<Deviation> {
    let divisor = deviation.iter().fold(0, |divisor, (_, far)| greatest_divisor(divisor, far.unsigned_abs()));
    let divisor = i64::try_from(divisor).ok().filter(|divisor| *divisor > 1)?;
    Some(deviation.iter().map(|(cell, far)| (*cell, far / divisor)).collect())
}

const fn greatest_divisor(mut one: u64, mut other: u64) -> u64 {
    while other > 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// How far witnesses take a cell, with the number of the witness.
#[derive(Debug, Clone, Copy, Default)]
struct Ends {
    low: Option<(i64, usize)>,
    high: Option<(i64, usize)>,
}

impl Ends {
    fn width(self) -> i64 {
        self.low.zip(self.high).map_or(0, |(low, high)| high.0 - low.0)
    }
}

struct Proof<'a, S> {
    model: &'a Model,
    sums_of: &'a BTreeMap<usize, Vec<usize>>,
    solver: S,
    witnesses: Vec<Deviation>,
    ends: BTreeMap<usize, Ends>,
}

impl<S: Solver> Proof<'_, S> {
    /// The range of a cell with an end that no proof needs to pass, so that random objectives have somewhere to stop.
    fn range(&self, cell: usize) -> (f64, f64) {
        let (least, most) = self.model.range(cell);
        let enough = (100 + 20 * self.model.demand[cell] + self.model.truth[cell]) as f64;
        (least, most.min(enough))
    }
    fn is_proven(&self, cell: usize) -> bool {
        self.ends.get(&cell).is_some_and(|ends| ends.width() >= self.model.demand[cell])
    }
    fn open(&self) -> Vec<usize> {
        self.ends.keys().copied().filter(|cell| !self.is_proven(*cell)).collect()
    }

    fn add(&mut self, deviation: Deviation) {
        if deviation.is_empty() {
            return;
        }
        let number = self.witnesses.len();
        for (cell, ends) in &mut self.ends {
            let far = deviation.binary_search_by_key(cell, |entry| entry.0).map_or(0, |at| deviation[at].1);
            if ends.low.is_none_or(|low| far < low.0) {
                ends.low = Some((far, number));
            }
            if ends.high.is_none_or(|high| far > high.0) {
                ends.high = Some((far, number));
            }
        }
        self.witnesses.push(deviation);
    }

    fn by_chance(&mut self, dice: &mut Dice, budget: &mut Budget) {
        for round in 0..ROUNDS {
            let open = self.open();
            if open.is_empty() {
                return;
            }
            // Each pair of rounds asks the opposite of each other.
            let mut costs: Vec<f64> = open.iter().map(|_| dice.sway()).collect();
            for _ in 0..2 {
                for (cell, cost) in open.iter().zip(&costs) {
                    self.solver.cost(*cell, *cost);
                }
                let mut part = budget.part(STEPS_PER_ROUND);
                let done = self.solver.minimise(&mut part);
                budget.give_back(part);
                for cell in &open {
                    self.solver.cost(*cell, 0.0);
                }
                if done {
                    self.keep(&[], budget);
                }
                for cost in &mut costs {
                    *cost = -*cost;
                }
            }
            let fewer = self.open().len();
            if round > 2 && fewer * 20 > open.len() * 19 {
                return;
            }
        }
    }

    /// Takes the solver's solution for a witness, in whole numbers.
    fn keep(&mut self, held: &[usize], budget: &mut Budget) {
        let ranges: BTreeMap<usize, (f64, f64)> =
            self.solver.cells().iter().map(|cell| (*cell, self.range(*cell))).collect();
        let range = |cell: usize| ranges.get(&cell).copied().unwrap_or_default();
        let mut part = budget.part(STEPS_PER_ROUND);
        let found = make_whole(self.model, &mut self.solver, self.sums_of, held, range, &mut part);
        budget.give_back(part);
        if let Some(deviation) = found {
            self.add(deviation);
        }
    }

    fn by_what_is_known(&mut self, known: &Pool, component: &[usize]) {
        let inside = |deviation: &&Deviation| {
            deviation.iter().all(|(cell, _)| component.binary_search(cell).is_ok() && self.model.hidden[*cell])
        };
        let usable: Vec<Deviation> = known.all().iter().filter(inside).cloned().collect();
        for cell in self.open() {
            let far = |deviation: &Deviation| {
                deviation.binary_search_by_key(&cell, |entry| entry.0).map_or(0, |at| deviation[at].1)
            };
            let low = usable.iter().min_by_key(|deviation| far(deviation));
            let high = usable.iter().max_by_key(|deviation| far(deviation));
            let known = self.ends.get(&cell).copied().unwrap_or_default();
            for (deviation, is_wider) in [
                (low, low.is_some_and(|low| known.low.is_none_or(|known| far(low) < known.0))),
                (high, high.is_some_and(|high| known.high.is_none_or(|known| far(high) > known.0))),
            ] {
                if let (Some(deviation), true, false) = (deviation, is_wider, self.is_proven(cell)) {
                    self.add(deviation.clone());
                }
            }
        }
    }

    fn cell_by_cell(&mut self, budget: &mut Budget) {
        for cell in self.open() {
            for direction in [-1.0, 1.0] {
                if self.is_proven(cell) {
                    break;
                }
                let mut part = budget.part(STEPS_PER_CELL);
                self.solver.cost(cell, direction);
                let done = self.solver.minimise(&mut part);
                self.solver.cost(cell, 0.0);
                if done {
                    self.keep(&[cell], &mut part);
                }
                budget.give_back(part);
            }
        }
    }

    /// Where the true figure lies at the end of what is possible, the solver answers with it, and it is no witness: a count of 1
    /// has only one other end. Any whole part of a witness is a witness too, so the smallest part is taken for that end.
    fn near_the_truth(&mut self) {
        for cell in self.open() {
            let moves = |deviation: &&Deviation| deviation.iter().any(|(other, _)| *other == cell);
            let parts = self.witnesses.iter().filter(moves).filter_map(smallest_part);
            // The one that moves the cell least leaves most between it and the other end.
            let far = |deviation: &Deviation| {
                deviation.iter().find(|(other, _)| *other == cell).map_or(0, |(_, far)| far.abs())
            };
            if let Some(part) = parts.min_by_key(far) {
                self.add(part);
            }
        }
    }

    fn finish(self) -> Proven {
        let (mut pairs, mut unproven) = (BTreeMap::new(), Vec::new());
        for (cell, ends) in &self.ends {
            match ends.low.zip(ends.high) {
                Some((low, high)) if high.0 - low.0 >= self.model.demand[*cell] => {
                    pairs.insert(*cell, (low.1, high.1));
                }
                _ => unproven.push(*cell),
            }
        }
        Proven { witnesses: self.witnesses, pairs, unproven }
    }
}
